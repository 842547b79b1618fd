//! Templates as data with dates: what a letter says before the case is put in. Pure.
//!
//! A template is one readable file in `data/letter_templates/` and a row of the table; an administrator's change is a new row
//! from a day on. Letters that were issued keep their own words for good.

use super::markup::blanks;
use super::places::{self, Fault, Reader};
use crate::error::{AppError, Result};
use crate::petitions::rules::Kind;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::fmt;

/// To whom a letter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Addressee {
    /// Who filed the petition.
    Sender,
    /// Who is denounced or complained of.
    Accused,
    /// Another authority, or a unit.
    Agency,
    /// The authority above.
    Superior,
}

impl Addressee {
    /// Key of its words in the catalogues.
    pub fn key(self) -> &'static str {
        match self {
            Self::Sender => "letters.addressee.sender",
            Self::Accused => "letters.addressee.accused",
            Self::Agency => "letters.addressee.agency",
            Self::Superior => "letters.addressee.superior",
        }
    }
}

/// A template from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Stable name: `complaint_acceptance`.
    pub code: String,
    /// First day on which letters are made from it.
    pub valid_from: NaiveDate,
    /// Last such day; none while a newer one or nothing follows.
    #[serde(default)]
    pub valid_to: Option<NaiveDate>,
    /// What officials call the letter.
    pub name: String,
    /// For which kinds of petition; none means all.
    #[serde(default)]
    pub kinds: Vec<Kind>,
    /// To whom.
    pub addressee: Addressee,
    /// The person denounced gets it too, so it may say only what they may know.
    #[serde(default)]
    pub also_for_accused: bool,
    /// The committee acts ("TM. ỦY BAN NHÂN DÂN"), not its head alone.
    #[serde(default)]
    pub for_collective: bool,
    /// The mark of the kind in the number: `TB`, `QĐ`; `CV` for a plain letter.
    pub symbol: String,
    /// Name of the kind in capitals; empty for a plain letter.
    #[serde(default)]
    pub title: String,
    /// What it is about (trích yếu).
    pub about: String,
    /// "Kính gửi", a line each; none for decisions.
    #[serde(default)]
    pub opens: Vec<String>,
    /// Legal bases, a line each.
    #[serde(default)]
    pub bases: Vec<String>,
    /// The text, in the light markup of [`super::markup`].
    pub body: String,
    /// Nơi nhận, a line each.
    pub recipients: Vec<String>,
    /// The reader's next right; empty if there is none.
    #[serde(default)]
    pub next_right: String,
    /// Code of the legal period by which its last day is computed, from the day of issue; empty if it has none.
    #[serde(default)]
    pub next_right_rule: String,
    /// Where the form comes from.
    pub source: String,
}

/// What is wrong with a template, and in which of its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The field, as it is called in the file and in the form.
    pub field: &'static str,
    /// What is wrong.
    pub fault: WrongWith,
}

/// What can be wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrongWith {
    /// Its places.
    Places(Fault),
    /// It is empty and must not be.
    Empty,
    /// It is no mark a number can carry.
    Symbol,
    /// It has a blank, and whoever drafts cannot fill it there.
    Blank,
    /// `{ngày cuối}` and a rule belong together: one is there without the other.
    RuleWithoutDay,
    /// No legal period has this code.
    UnknownRule,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.field)?;
        match &self.fault {
            WrongWith::Places(fault) => write!(f, "{fault}"),
            WrongWith::Empty => write!(f, "is empty"),
            WrongWith::Symbol => write!(f, "is not one to five letters"),
            WrongWith::Blank => write!(f, "a blank […] can stand only in the text and its legal bases"),
            WrongWith::RuleWithoutDay => write!(f, "{{ngày cuối}} and next_right_rule belong together"),
            WrongWith::UnknownRule => write!(f, "no legal period has this code"),
        }
    }
}

/// Longest mark of a kind, in letters.
const SYMBOL_CHARS_MAX: usize = 5;

impl Template {
    /// A template as it stands in a file.
    ///
    /// # Errors
    /// [`AppError::Config`] with the file and what is wrong.
    pub fn read(file: &str, text: &str) -> Result<Self> {
        let template: Self = toml::from_str(text).map_err(|error| AppError::config(format!("{file}: {error}")))?;
        match template.check(None) {
            None => Ok(template),
            Some(wrong) => Err(AppError::config(format!("{file}: {wrong}"))),
        }
    }

    /// For whose eyes its letters are.
    pub fn reader(&self) -> Reader {
        let sealed = self.kinds.is_empty() || self.kinds.contains(&Kind::Denunciation);
        match self.addressee {
            Addressee::Sender if sealed && self.also_for_accused => Reader::Denounced,
            Addressee::Sender => Reader::Sender,
            Addressee::Accused if sealed => Reader::Denounced,
            Addressee::Agency | Addressee::Superior if sealed => Reader::SealedOffice,
            _ => Reader::Other,
        }
    }

    /// The text as it is edited: legal bases in italics, then the body.
    pub fn text(&self) -> String {
        let bases = self.bases.iter().map(|basis| format!("*{}*\n", basis.trim()));
        bases.chain([self.body.trim().to_owned()]).collect()
    }

    /// Whether it fits a kind of petition.
    pub fn fits(&self, kind: Kind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }

    /// Whether it is for the day. Of several, the one that began last is taken ([`pick`]).
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }

    /// The first thing that is wrong with it. `rules` are the codes of legal periods, where they are known.
    pub fn check(&self, rules: Option<&[&str]>) -> Option<Wrong> {
        let wrong = |field, fault| Some(Wrong { field, fault });
        for (field, text) in [("name", &self.name), ("about", &self.about), ("body", &self.body), ("source", &self.source)] {
            if text.trim().is_empty() {
                return wrong(field, WrongWith::Empty);
            }
        }
        let chars = self.symbol.chars().count();
        if !(1..=SYMBOL_CHARS_MAX).contains(&chars) || !self.symbol.chars().all(char::is_alphabetic) {
            return wrong("symbol", WrongWith::Symbol);
        }
        let reader = self.reader();
        let lines = |field: &'static str, lines: &[String]| lines.iter().find_map(|line| places::check(line, reader, false).err().map(|fault| (field, fault)));
        let texts = [("title", &self.title), ("about", &self.about), ("body", &self.body)];
        let found = texts.into_iter().find_map(|(field, text)| places::check(text, reader, false).err().map(|fault| (field, fault)));
        let found = found.or_else(|| lines("opens", &self.opens)).or_else(|| lines("bases", &self.bases)).or_else(|| lines("recipients", &self.recipients));
        let found = found.or_else(|| places::check(&self.next_right, reader, true).err().map(|fault| ("next_right", fault)));
        if let Some((field, fault)) = found {
            return wrong(field, WrongWith::Places(fault));
        }
        let fixed = [
            ("about", vec![&self.about]),
            ("opens", self.opens.iter().collect()),
            ("recipients", self.recipients.iter().collect()),
            ("next_right", vec![&self.next_right]),
        ];
        if let Some((field, _)) = fixed.into_iter().find(|(_, lines)| lines.iter().any(|line| !blanks(line).is_empty())) {
            return wrong(field, WrongWith::Blank);
        }
        let has_day =
            places::pieces(&self.next_right).is_ok_and(|pieces| pieces.iter().any(|piece| matches!(piece, places::Piece::Place(p) if p.is_of_next_right())));
        if has_day == self.next_right_rule.is_empty() {
            return wrong("next_right_rule", WrongWith::RuleWithoutDay);
        }
        if !self.next_right_rule.is_empty() && rules.is_some_and(|rules| !rules.contains(&self.next_right_rule.as_str())) {
            return wrong("next_right_rule", WrongWith::UnknownRule);
        }
        None
    }
}

/// The template of a code that holds on a day: of all that do, the one that began last.
pub fn pick<'a>(templates: &'a [Template], code: &str, day: NaiveDate) -> Option<&'a Template> {
    templates
        .iter()
        .filter(|template| template.code == code && template.valid_from <= day)
        .max_by_key(|template| template.valid_from)
        .filter(|t| t.holds_on(day))
}

macro_rules! files {
    ($($code:literal),* $(,)?) => {
        /// The templates the portal ships with: file name and text, in the order of lists.
        pub const FILES: &[(&str, &str)] = &[$((concat!($code, ".toml"), include_str!(concat!("../../../data/letter_templates/", $code, ".toml")))),*];
    };
}

files!(
    "receipt",
    "guidance",
    "supplement_request",
    "transfer",
    "transfer_denunciation",
    "transfer_notice",
    "transfer_notice_denunciation",
    "return",
    "withdrawal_confirmation",
    "interim",
    "reply",
    "reminder",
    "complaint_acceptance",
    "complaint_acceptance_second",
    "complaint_refusal",
    "dialogue_invitation",
    "dialogue_invitation_respondent",
    "dialogue_minutes",
    "complaint_suspension",
    "complaint_resumption",
    "complaint_termination",
    "complaint_decision_first",
    "complaint_decision_second",
    "denunciation_acceptance",
    "denunciation_acceptance_notice",
    "denunciation_content_notice",
    "denunciation_refusal",
    "denunciation_extension",
    "extension_notice",
    "denunciation_suspension",
    "denunciation_resumption",
    "denunciation_termination",
    "denunciation_conclusion",
    "denunciation_result",
);

/// All templates the portal ships with.
///
/// # Errors
/// [`AppError::Config`]: a file of ours is wrong.
pub fn built_in() -> Result<Vec<Template>> {
    FILES.iter().map(|(file, text)| Template::read(file, text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letters::places::Place;

    #[test]
    fn the_files_we_ship_are_right_and_name_rules_that_exist() {
        let rules = crate::agencies::import::deadline_rules(include_str!("../../../data/deadline_rules.csv")).expect("the rules");
        let codes: Vec<&str> = rules.iter().map(|rule| rule.code.as_str()).collect();
        for template in built_in().expect("every file is right") {
            assert_eq!(template.check(Some(&codes)), None, "{}", template.code);
            assert!(FILES.iter().any(|(file, _)| *file == format!("{}.toml", template.code)), "{} stands in a file of its name", template.code);
            assert!(template.addressee != Addressee::Sender || !template.next_right.is_empty(), "{}: the citizen's next right is missing", template.code);
        }
    }

    #[test]
    fn trap_34_the_notice_to_the_denounced_cannot_name_the_denouncer() {
        let mut notice = built_in().expect("templates").into_iter().find(|template| template.code == "denunciation_content_notice").expect("the notice");
        assert_eq!((notice.addressee, notice.reader()), (Addressee::Accused, Reader::Denounced));
        for place in [Place::Sender, Place::SenderAddress, Place::Title, Place::ReceivedOn] {
            notice.recipients.push(format!("- {place};"));
            assert_eq!(notice.check(None), Some(Wrong { field: "recipients", fault: WrongWith::Places(Fault::Betrays(place)) }), "{place}");
            notice.recipients.pop();
        }
        assert_eq!(notice.check(None), None);
    }

    #[test]
    fn trap_46_no_letter_says_a_word_of_the_machine() {
        for template in built_in().expect("templates") {
            let all = [template.title.as_str(), &template.about, &template.body, &template.next_right].join("\n");
            for word in ["portal", "email", "online", "website", "status", "case", "_"] {
                assert!(!all.to_lowercase().contains(word), "{}: {word}", template.code);
            }
        }
    }

    #[test]
    fn trap_05_suspension_says_that_the_clock_stands_and_resumption_by_which_day_it_ends() {
        let all = built_in().expect("templates");
        let text = |code: &str| {
            all.iter().find(|template| template.code == code).map(|template| format!("{}{}", template.body, template.next_right)).expect("the template")
        };
        for kind in ["complaint", "denunciation"] {
            assert!(text(&format!("{kind}_suspension")).contains("không tính vào thời hạn giải quyết"), "{kind}");
            assert!(text(&format!("{kind}_resumption")).contains(&Place::Due.to_string()), "{kind}");
        }
    }

    #[test]
    fn an_unknown_place_and_a_day_without_its_rule_are_refused() {
        let mut template = built_in().expect("templates").remove(0);
        template.body.push_str(" {ngày sinh}");
        assert!(matches!(template.check(None), Some(Wrong { field: "body", fault: WrongWith::Places(Fault::Unknown(_)) })));
        let mut template = built_in().expect("templates").into_iter().find(|t| !t.next_right_rule.is_empty()).expect("one with a rule");
        assert!(matches!(template.check(Some(&["R1"])).map(|w| w.fault), Some(WrongWith::UnknownRule)) || template.next_right_rule == "R1");
        template.next_right_rule.clear();
        assert_eq!(template.check(None).map(|wrong| wrong.fault), Some(WrongWith::RuleWithoutDay));
    }

    #[test]
    fn the_newest_version_that_has_begun_is_taken() {
        let old = built_in().expect("templates").remove(0);
        let mut new = old.clone();
        new.valid_from = old.valid_from + chrono::Days::new(10);
        let all = [new.clone(), old.clone()];
        assert_eq!(pick(&all, &old.code, new.valid_from - chrono::Days::new(1)), Some(&old));
        assert_eq!(pick(&all, &old.code, new.valid_from), Some(&new));
        assert_eq!(pick(&all, &old.code, old.valid_from - chrono::Days::new(1)), None);
        new.valid_to = Some(new.valid_from);
        assert_eq!(
            pick(&[old.clone(), new.clone()], &old.code, new.valid_from + chrono::Days::new(1)),
            None,
            "an ended version is not replaced by an older one"
        );
    }
}
