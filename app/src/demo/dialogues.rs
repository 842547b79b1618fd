//! Dialogues of a demo: past ones with their results, one today, some to come, and those of other communes, so that the page that
//! counts them has something to count. They are told as they would have happened, event by event.

use super::sign_ins;
use super::together::official_of;
use crate::agencies::Directory;
use crate::dialogues::actions::tell;
use crate::dialogues::rules::{Chair, Event, Facts, Holding, Kind, Mode};
use crate::error::{AppError, Result};
use crate::permissions::Role;
use crate::portal::Portal;
use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, Timelike, Utc};
use serde::Deserialize;

/// One of so many communes met its people.
const ELSEWHERE_EVERY: usize = 3;
/// Days before today on which the latest of the other communes met, and how many lie between two of them.
const ELSEWHERE_DAYS: (u64, u64) = (24, 7);
/// The dialogue of today began so long ago, and lasts so long: whenever a demo is filled, one is going on.
const RUNNING_SINCE: Duration = Duration::hours(1);
const RUNNING_FOR: Duration = Duration::hours(4);
/// The hour at which notices and results go out.
const OFFICE_HOUR: &str = "09:00";

#[derive(Deserialize)]
struct Texts {
    dialogue: Vec<Told>,
    elsewhere: Vec<Elsewhere>,
}

#[derive(Deserialize)]
struct Elsewhere {
    title: String,
    about: String,
    outcome: String,
}

#[derive(Deserialize)]
struct Told {
    body: String,
    area: String,
    day: i64,
    from: String,
    to: String,
    kind: Kind,
    mode: Mode,
    title: String,
    about: String,
    place: String,
    #[serde(default)]
    villages: String,
    spot: Option<(i64, i64)>,
    #[serde(default)]
    online: String,
    joining: String,
    head_post: String,
    others: String,
    told_before: u64,
    #[serde(default)]
    late_reason: String,
    moved_from: Option<i64>,
    #[serde(default)]
    moved_reason: String,
    chair: Option<Chair>,
    #[serde(default)]
    post: String,
    #[serde(default)]
    people: i64,
    #[serde(default)]
    questions: i64,
    #[serde(default)]
    answered: i64,
    published_after: Option<u64>,
    #[serde(default)]
    outcome: String,
}

fn time(text: &str) -> Result<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").map_err(AppError::internal)
}

fn after(day: NaiveDate, days: i64) -> NaiveDate {
    if days < 0 { day - Days::new(days.unsigned_abs()) } else { day + Days::new(days.unsigned_abs()) }
}

/// Begin and end of the dialogue that goes on now: from a full or half hour, within the day.
fn running(now: DateTime<Utc>) -> (NaiveTime, NaiveTime) {
    const HALF_HOUR_MINUTES: u32 = 30;
    let today = crate::clock::day(now);
    let midnight = crate::clock::instant(today, NaiveTime::MIN);
    let from = crate::clock::local((now - RUNNING_SINCE).max(midnight)).time();
    let from = NaiveTime::from_hms_opt(from.hour(), from.minute() / HALF_HOUR_MINUTES * HALF_HOUR_MINUTES, 0).unwrap_or(from);
    let last = NaiveTime::from_hms_opt(23, 59, 0).unwrap_or(from);
    let (to, days) = from.overflowing_add_signed(RUNNING_FOR);
    (from, if days == 0 { to.min(last) } else { last })
}

impl Told {
    /// What happened, and when. `head_id` is who heads the authority.
    fn events(&self, number: i64, body_id: &str, head_id: Option<String>, now: DateTime<Utc>) -> Result<Vec<(DateTime<Utc>, Event)>> {
        let (office, today) = (time(OFFICE_HOUR)?, crate::clock::day(now));
        let (from, to) = if self.day == 0 { running(now) } else { (time(&self.from)?, time(&self.to)?) };
        let held_on = after(today, self.day);
        let first = self.moved_from.map_or(held_on, |days| after(today, days));
        let at = |day: NaiveDate, time: NaiveTime| crate::clock::instant(day, time);
        let facts = Facts {
            kind: self.kind,
            mode: self.mode,
            title: self.title.clone(),
            about: self.about.clone(),
            area_code: self.area.clone(),
            place: self.place.clone(),
            villages: self.villages.clone(),
            spot: self.spot,
            online_address: self.online.clone(),
            joining: self.joining.clone(),
            head_post: self.head_post.clone(),
            others: self.others.clone(),
            begins_at: at(first, from),
            ends_at: at(first, to),
        };
        let told_on = first - Days::new(self.told_before);
        let mut events = vec![
            (at(told_on - Days::new(2), office), Event::Drafted { number, body_id: body_id.to_owned(), facts }),
            (at(told_on, office), Event::Announced { on: told_on, late_reason: self.late_reason.clone() }),
        ];
        if self.moved_from.is_some() {
            let moved = Event::Postponed { begins_at: at(held_on, from), ends_at: at(held_on, to), reason: self.moved_reason.clone() };
            events.push((at(today - Days::new(1), office), moved));
        }
        if let Some(chair) = self.chair {
            let post = if self.post.is_empty() { self.head_post.clone() } else { self.post.clone() };
            let holding = Holding { chair, post, head_id, people: self.people, questions: self.questions, answered: self.answered };
            events.push((at(held_on, to), Event::Held { holding }));
        }
        if let Some(days) = self.published_after {
            let on = held_on + Days::new(days);
            events.push((at(on, office), Event::Published { on, outcome: self.outcome.trim().to_owned() }));
        }
        Ok(events)
    }
}

/// Those of communes without a sign-in.
fn elsewhere(directory: &Directory, texts: &[Elsewhere], today: NaiveDate) -> Vec<Told> {
    let known: Vec<&str> = super::SIGN_INS.iter().map(|(code, ..)| *code).collect();
    let communes = directory.bodies().filter(|body| body.kind == "commune_committee" && !known.contains(&body.code.as_str()));
    let mut communes: Vec<_> = communes.collect();
    communes.sort_by(|a, b| a.code.cmp(&b.code));
    let told = (0_i64..).zip(communes.into_iter().step_by(ELSEWHERE_EVERY)).zip(texts.iter().cycle()).map(|((n, body), text)| {
        let post = format!("Chủ tịch {}", body.short_name);
        let day = -i64::try_from(ELSEWHERE_DAYS.0).unwrap_or(0) - n * i64::try_from(ELSEWHERE_DAYS.1).unwrap_or(1);
        // Nobody meets on a Sunday.
        let day = if chrono::Datelike::weekday(&after(today, day)) == chrono::Weekday::Sun { day - 1 } else { day };
        Told {
            body: body.code.clone(),
            area: body.area_code.clone(),
            day,
            from: "08:00".to_owned(),
            to: "11:00".to_owned(),
            kind: Kind::Periodic,
            mode: Mode::InPerson,
            title: text.title.clone(),
            about: text.about.clone(),
            place: format!("Hội trường {}", body.short_name),
            villages: String::new(),
            spot: None,
            online: String::new(),
            joining: "Ai cũng được đến dự.".to_owned(),
            head_post: post,
            others: String::new(),
            told_before: 9,
            late_reason: String::new(),
            moved_from: None,
            moved_reason: String::new(),
            chair: Some(if n % 6 == 5 { Chair::Deputy } else { Chair::Head }),
            post: if n % 6 == 5 { format!("Phó Chủ tịch {}", body.short_name) } else { String::new() },
            people: 30 + 7 * (n % 9),
            questions: 8 + n % 7,
            answered: 6 + n % 3,
            published_after: Some(4 + u64::try_from(n % 9).unwrap_or(0)),
            outcome: text.outcome.clone(),
        }
    });
    told.collect()
}

/// Fills them in.
///
/// # Errors
/// A database that fails, or a file of texts that cannot be read.
pub async fn fill(portal: &Portal) -> Result<()> {
    let texts: Texts = toml::from_str(include_str!("../../../data/demo/dialogues.toml")).map_err(AppError::internal)?;
    let directory = portal.directory();
    let now = portal.now();
    let mut all = elsewhere(&directory, &texts.elsewhere, crate::clock::day(now));
    all.extend(texts.dialogue);
    let heads: Vec<_> = sign_ins().into_iter().filter(|sign_in| sign_in.role == Role::Head).collect();
    let mut tx = portal.db().write().await?;
    for told in &all {
        let Some(body) = directory.body_by_code(&told.body) else { continue };
        let place = super::SIGN_INS.iter().position(|(code, ..)| *code == told.body);
        let head = match place.and_then(|place| heads.get(place)) {
            Some(sign_in) => official_of(&mut tx, portal, &sign_in.login).await?,
            None => None,
        };
        let head_id = head.as_ref().and_then(crate::actor::Actor::account_id);
        tell(&mut tx, &portal.new_id(), head_id.as_deref(), |number| told.events(number, &body.id, head_id.clone(), now)).await?;
    }
    tx.commit().await?;
    super::attendance::fill(portal).await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A demo filled at night had no dialogue that was going on: hours stood in a file.
    #[test]
    fn one_dialogue_is_going_on_at_any_hour() {
        let midnight: DateTime<Utc> = "2026-11-25T17:00:00Z".parse().expect("midnight in Viet Nam");
        for minute in 0..24 * 60 - 1 {
            let now = midnight + Duration::minutes(minute);
            let (from, to) = running(now);
            let local = crate::clock::local(now).time();
            assert!(from <= local && local < to, "{from} to {to} at {local}");
        }
    }
}
