//! The invented texts (`data/demo/*.toml`) and how one becomes a petition: place, day, name and number put in.

use super::dice::Dice;
use crate::error::{AppError, Result};
use crate::petitions::rules::Kind;
use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

/// One invented matter. `data/README.md` says what the fields mean.
#[derive(Debug, Deserialize)]
pub(super) struct Matter {
    pub kind: Kind,
    pub subject: String,
    pub season: Vec<u32>,
    pub unit: String,
    #[serde(rename = "where")]
    pub fits: Fits,
    pub title: String,
    pub body: Vec<String>,
    pub public_body: String,
    pub question: String,
    pub reply: String,
    pub answers: Vec<String>,
}

/// Where the wording of a matter fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fits {
    Any,
    Commune,
    Ward,
}

/// Pieces of hamlet names.
#[derive(Debug, Deserialize)]
pub(super) struct Places {
    pub commune_south: Vec<String>,
    pub commune_north: Vec<String>,
    pub ward: Vec<String>,
    pub landmark: Vec<String>,
    pub landmark_ward: Vec<String>,
}

/// Pieces of invented names.
#[derive(Debug, Deserialize)]
pub(super) struct People {
    pub family: Vec<String>,
    pub middle_m: Vec<String>,
    pub middle_f: Vec<String>,
    pub given_m: Vec<String>,
    pub given_f: Vec<String>,
    pub phone_prefix: Vec<String>,
}

/// Short sentences.
#[derive(Debug, Deserialize)]
pub(super) struct Phrases {
    pub note: Vec<String>,
    pub forward_reason: Vec<String>,
    pub reclassify_reason: Vec<String>,
    pub bar_reason: String,
    pub reopen_reason: Vec<String>,
    pub return_reason: Vec<String>,
    pub rating_good: Vec<String>,
    pub rating_bad: Vec<String>,
    pub message: Vec<String>,
    pub thanks: Vec<String>,
}

#[derive(Deserialize)]
struct Lists {
    places: Places,
    people: People,
}

#[derive(Deserialize)]
struct Matters {
    matter: Vec<Matter>,
}

/// All texts.
#[derive(Debug)]
pub(super) struct Texts {
    pub matters: Vec<Matter>,
    pub places: Places,
    pub people: People,
    pub phrases: Phrases,
}

/// Matters about a spot outdoors, where a landmark helps to find it.
const OUTDOORS: [&str; 7] = ["roads", "water", "waste", "electricity", "environment", "noise", "safety"];

impl Texts {
    /// Reads the texts the portal ships with.
    ///
    /// # Errors
    /// A file that cannot be read or a list that is empty.
    pub fn load() -> Result<Self> {
        fn read<T: for<'de> Deserialize<'de>>(name: &str, text: &str) -> Result<T> {
            toml::from_str(text).map_err(|error| AppError::config(format!("{name}: {error}")))
        }
        let Matters { matter: matters } = read("matters.toml", include_str!("../../../data/demo/matters.toml"))?;
        let Lists { places, people } = read("lists.toml", include_str!("../../../data/demo/lists.toml"))?;
        let phrases: Phrases = read("phrases.toml", include_str!("../../../data/demo/phrases.toml"))?;
        let texts = Self { matters, places, people, phrases };
        if texts.lists().any(Vec::is_empty) || texts.matters.is_empty() {
            return Err(AppError::config("data/demo: a list of texts is empty"));
        }
        Ok(texts)
    }

    fn lists(&self) -> impl Iterator<Item = &Vec<String>> {
        let (a, b, c) = (&self.places, &self.people, &self.phrases);
        let fixed = [
            &a.commune_south,
            &a.commune_north,
            &a.ward,
            &a.landmark,
            &a.landmark_ward,
            &b.family,
            &b.middle_m,
            &b.middle_f,
            &b.given_m,
            &b.given_f,
            &b.phone_prefix,
            &c.note,
            &c.forward_reason,
            &c.reclassify_reason,
            &c.reopen_reason,
            &c.return_reason,
            &c.rating_good,
            &c.rating_bad,
            &c.message,
            &c.thanks,
        ];
        fixed.into_iter().chain(self.matters.iter().flat_map(|matter| [&matter.body, &matter.answers]))
    }

    /// A hamlet of an area, for a matter outdoors often with a landmark.
    pub fn place(&self, matter: &Matter, is_ward: bool, is_north: bool, dice: &mut Dice) -> String {
        let lists = &self.places;
        let (hamlets, landmarks) = match (is_ward, is_north) {
            (true, _) => (&lists.ward, &lists.landmark_ward),
            (false, true) => (&lists.commune_north, &lists.landmark),
            (false, false) => (&lists.commune_south, &lists.landmark),
        };
        let hamlet = dice.pick(hamlets);
        if !OUTDOORS.contains(&matter.subject.as_str()) || dice.chance(0.45) {
            return hamlet.clone();
        }
        let landmark = dice.pick(landmarks);
        if is_north { format!("{hamlet}, {}", landmark.replace("xóm", "thôn")) } else { format!("{hamlet}, {landmark}") }
    }

    /// An invented name.
    pub fn name(&self, dice: &mut Dice) -> String {
        let people = &self.people;
        let (middles, givens) = if dice.chance(0.5) { (&people.middle_m, &people.given_m) } else { (&people.middle_f, &people.given_f) };
        format!("{} {} {}", dice.pick(&people.family), dice.pick(middles), dice.pick(givens))
    }

    /// An invented phone number.
    pub fn phone(&self, dice: &mut Dice) -> String {
        format!("{}000{:04}", dice.pick(&self.people.phone_prefix), dice.below(10_000))
    }
}

/// What stands for the placeholders of a case.
pub(super) struct Filling<'a> {
    pub area: &'a str,
    pub place: &'a str,
    pub n: i64,
    pub name: &'a str,
    pub phone: &'a str,
}

impl Filling<'_> {
    /// The text with `day` as its day.
    pub fn put(&self, template: &str, day: NaiveDate) -> String {
        let mut text = String::with_capacity(template.len() + 64);
        let mut rest = template;
        while let Some(at) = rest.find('{') {
            text.push_str(&rest[..at]);
            let Some(end) = rest[at..].find('}') else { break };
            match &rest[at + 1..at + end] {
                "area" => text.push_str(self.area),
                "place" => text.push_str(self.place),
                "n" => text.push_str(&self.n.to_string()),
                "name" => text.push_str(self.name),
                "phone" => text.push_str(self.phone),
                "day" => text.push_str(&format!("{}/{}", day.day(), day.month())),
                _ => text.push_str(&rest[at..=at + end]),
            }
            rest = &rest[at + end + 1..];
        }
        text.push_str(rest);
        text
    }
}

/// Whether a text wants the sender's name or phone.
pub(super) fn names_sender(template: &str) -> bool {
    template.contains("{name}") || template.contains("{phone}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_placeholder_of_every_text_is_known_and_a_denunciation_has_no_public_text() {
        let texts = Texts::load().expect("the shipped texts");
        let filling = Filling { area: "xã Thử", place: "thôn Thử", n: 3, name: "Bế Thử", phone: "0900001234" };
        let day = NaiveDate::from_ymd_opt(2026, 3, 9).expect("a day");
        for matter in &texts.matters {
            assert_eq!(matter.public_body.is_empty(), matter.kind == Kind::Denunciation, "{}", matter.title);
            let outside = [&matter.title, &matter.public_body, &matter.question, &matter.reply].into_iter().chain(&matter.answers);
            assert!(outside.clone().all(|text| !names_sender(text)), "{}", matter.title);
            for text in outside.chain(&matter.body) {
                assert!(!filling.put(text, day).contains(['{', '}']), "{text}");
            }
        }
        assert_eq!(filling.put("{n} việc ngày {day} tại {place}.", day), "3 việc ngày 9/3 tại thôn Thử.");
    }
}
