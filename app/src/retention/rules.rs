//! How long something is kept, what a plan reaches, what of one's own data is changed at once, and why a deletion is refused. Pure.

use super::what::{By, Unit, What};
use crate::petitions::rules::Kind;
use crate::petitions::store::people::CasePerson;
use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What it is about.
    pub what: What,
    /// First day on which it holds, whenever the thing itself came to be: what is kept today is kept by today's rule.
    pub valid_from: NaiveDate,
    /// Last such day; none while it is in force.
    pub valid_to: Option<NaiveDate>,
    /// How many of [`Rule::unit`]; none for good.
    pub n: Option<u32>,
    /// Of what.
    pub unit: Unit,
    /// What it is, in plain Vietnamese.
    pub words: String,
    /// The same in English.
    pub words_en: String,
    /// The law, or whose setting it is.
    pub source: String,
}

impl Rule {
    /// Whether it holds on a day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }

    /// What counts from a day before this one may be deleted on `today`; none for what is kept for good, or for less than days.
    pub fn reaches(&self, today: NaiveDate) -> Option<NaiveDate> {
        let n = self.n?;
        match self.unit {
            Unit::Day => today.checked_sub_days(Days::new(u64::from(n))),
            Unit::Month => today.checked_sub_months(Months::new(n)),
            Unit::Year => today.checked_sub_months(Months::new(n.saturating_mul(12))),
            Unit::Minute | Unit::Hour | Unit::Ever => None,
        }
    }

    /// What is wrong with it, for whoever brings it in.
    pub fn fault(&self) -> Option<&'static str> {
        match (self.what.by(), self.n) {
            _ if self.n.is_none() != (self.unit == Unit::Ever) => Some("has a number without a unit, or a unit without a number"),
            (By::Owner, Some(_)) => Some("is kept until whoever it belongs to closes it"),
            (By::Nobody, Some(_)) => Some("is kept for good: nothing in the program deletes it"),
            (By::Plan, Some(n)) if !matches!(self.unit, Unit::Day | Unit::Month | Unit::Year) || n == 0 => Some("must be kept for days, months or years"),
            (By::Itself(number, unit), _) if self.n != Some(number) || self.unit != unit => Some("is cleared away by the program after another time"),
            _ => None,
        }
    }
}

/// The rule of something on a day.
pub fn of(rules: &[Rule], what: What, day: NaiveDate) -> Option<&Rule> {
    rules.iter().filter(|rule| rule.what == what && rule.holds_on(day)).max_by_key(|rule| rule.valid_from)
}

/// Up to which day a plan reaches for one thing: what counts from before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// What.
    pub what: What,
    /// From which day on it stays.
    pub before: NaiveDate,
}

/// What a plan made on a day reaches, in the order it is deleted.
pub fn reaches(rules: &[Rule], day: NaiveDate) -> Vec<Reach> {
    What::planned().filter_map(|what| of(rules, what, day)?.reaches(day).map(|before| Reach { what, before })).collect()
}

/// Why a deletion is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// It is held back; nobody says more.
    Hold,
    /// The case is still being handled.
    Open,
    /// The time the law keeps files for has not passed.
    Kept,
    /// An authority needs it for a duty the law gives it.
    Duty,
    /// Whoever asks has not shown that the data are theirs.
    NotTheirs,
    /// Of a correction: what was there is right.
    Right,
}

impl Ground {
    /// Those an official chooses from, for a deletion.
    pub const FOR_ERASURE: [Self; 4] = [Self::Open, Self::Kept, Self::Duty, Self::NotTheirs];
    /// Those for a correction.
    pub const FOR_CORRECTION: [Self; 3] = [Self::Right, Self::Duty, Self::NotTheirs];
    const ALL: [Self; 6] = [Self::Hold, Self::Open, Self::Kept, Self::Duty, Self::NotTheirs, Self::Right];

    /// As it stands in the database and in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Open => "open",
            Self::Kept => "kept",
            Self::Duty => "duty",
            Self::NotTheirs => "not_theirs",
            Self::Right => "right",
        }
    }

    /// The one of that code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ground| ground.code() == code)
    }

    /// Key of the words for whoever asked.
    pub fn key(self) -> &'static str {
        match self {
            Self::Hold => "retention.ground.hold",
            Self::Open => "retention.ground.open",
            Self::Kept => "retention.ground.kept",
            Self::Duty => "retention.ground.duty",
            Self::NotTheirs => "retention.ground.not_theirs",
            Self::Right => "retention.ground.right",
        }
    }
}

/// What somebody asks about their own data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
pub enum Asked {
    /// To put it right.
    Correct,
    /// To delete who they are.
    ErasePerson,
    /// To delete what they wrote and sent, too.
    EraseAll,
}

impl Asked {
    /// Code of the legal period of its answer.
    pub fn period(self) -> &'static str {
        match self {
            Self::Correct => "X2",
            Self::ErasePerson | Self::EraseAll => "X3",
        }
    }

    /// Key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Correct => "retention.asked.correct",
            Self::ErasePerson => "retention.asked.erase_person",
            Self::EraseAll => "retention.asked.erase_all",
        }
    }

    /// Whether it asks for a deletion.
    pub fn is_erasure(self) -> bool {
        self != Self::Correct
    }
}

/// A field of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Name.
    Name,
    /// Phone.
    Phone,
    /// E-mail.
    Email,
    /// Address.
    Address,
    /// ID number.
    IdNumber,
}

impl Field {
    /// All, in the order they are shown.
    pub const ALL: [Self; 5] = [Self::Name, Self::Phone, Self::Email, Self::Address, Self::IdNumber];

    /// As it stands in the database and in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Address => "address",
            Self::IdNumber => "id_number",
        }
    }

    /// Key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Name => "desk.person.name",
            Self::Phone => "desk.person.phone",
            Self::Email => "desk.person.email",
            Self::Address => "desk.person.address",
            Self::IdNumber => "desk.person.id_number",
        }
    }

    /// The value of it.
    pub fn of(self, person: &CasePerson) -> &str {
        match self {
            Self::Name => &person.name,
            Self::Phone => &person.phone,
            Self::Email => &person.email,
            Self::Address => &person.address,
            Self::IdNumber => &person.id_number,
        }
    }

    /// Puts a value into it.
    pub fn set(self, person: &mut CasePerson, value: &str) {
        let field = match self {
            Self::Name => &mut person.name,
            Self::Phone => &mut person.phone,
            Self::Email => &mut person.email,
            Self::Address => &mut person.address,
            Self::IdNumber => &mut person.id_number,
        };
        value.clone_into(field);
    }

    /// Those of a list as it stands in the database.
    pub fn list(codes: &str) -> Vec<Self> {
        codes.split_whitespace().filter_map(|code| Self::ALL.into_iter().find(|field| field.code() == code)).collect()
    }

    /// Whether it only says where somebody can be reached.
    pub fn is_contact(self) -> bool {
        matches!(self, Self::Phone | Self::Email)
    }

    /// Whether its change depends on nobody: contacts always, everything where the law does not ask who the sender is.
    /// A complaint and a denunciation name who makes them and where they live (Law on Complaints, Article 8; Law on Denunciations, Article 23).
    pub fn is_free(self, kind: Kind) -> bool {
        self.is_contact() || !matches!(kind, Kind::Complaint | Kind::Denunciation)
    }
}

/// A list of fields as it stands in the database.
pub fn codes(fields: &[Field]) -> String {
    fields.iter().map(|field| field.code()).collect::<Vec<_>>().join(" ")
}

/// What changes between two persons.
pub fn changed(before: &CasePerson, after: &CasePerson) -> Vec<Field> {
    Field::ALL.into_iter().filter(|field| field.of(before) != field.of(after)).collect()
}

/// `onto` with these fields of `from`.
pub fn with_fields(onto: &CasePerson, from: &CasePerson, fields: &[Field]) -> CasePerson {
    fields.iter().fold(onto.clone(), |mut person, field| {
        field.set(&mut person, field.of(from));
        person
    })
}

/// Only these fields of a person.
pub fn only(person: &CasePerson, fields: &[Field]) -> CasePerson {
    with_fields(&CasePerson { language: person.language.clone(), ..CasePerson::default() }, person, fields)
}

/// Whether what was typed is something only the person knows: a code that was lost opens neither who they are nor lets it be changed.
/// An e-mail proves only where nothing else was left: it can be changed with the code alone. Nothing was left: nothing has to be shown.
pub fn proves(person: &CasePerson, typed: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let national = |text: &str| digits(text).trim_start_matches("84").trim_start_matches('0').to_owned();
    let folded = |text: &str| crate::text::words_of(&crate::text::fold(text)).collect::<Vec<_>>().join(" ");
    let strong = [&person.name, &person.phone, &person.id_number].into_iter().any(|value| !value.is_empty());
    if !strong {
        return person.email.is_empty() || crate::text::fold(&person.email) == crate::text::fold(typed.trim());
    }
    let by_number = |known: &str| !known.is_empty() && !national(typed).is_empty() && national(known) == national(typed);
    by_number(&person.phone) || by_number(&person.id_number) || (!person.name.is_empty() && folded(&person.name) == folded(typed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn rule(what: What, n: u32, unit: Unit) -> Rule {
        Rule { what, valid_from: day("2026-01-01"), valid_to: None, n: Some(n), unit, words: String::new(), words_en: String::new(), source: String::new() }
    }

    #[test]
    fn the_rule_of_today_holds_and_the_newest_of_two() {
        let mut old = rule(What::Askers, 12, Unit::Month);
        old.valid_to = Some(day("2026-06-30"));
        let new = Rule { valid_from: day("2026-07-01"), ..rule(What::Askers, 6, Unit::Month) };
        let rules = [old, new];
        assert_eq!(of(&rules, What::Askers, day("2026-06-30")).and_then(|rule| rule.n), Some(12));
        assert_eq!(of(&rules, What::Askers, day("2026-07-01")).and_then(|rule| rule.n), Some(6));
        assert_eq!(of(&rules, What::Askers, day("2025-12-31")), None);
        assert_eq!(of(&rules, What::Followers, day("2026-07-01")), None);
        assert_eq!(reaches(&rules, day("2026-11-20")), [Reach { what: What::Askers, before: day("2026-05-20") }]);
    }

    #[test]
    fn a_row_that_the_program_would_not_follow_is_refused() {
        assert_eq!(rule(What::Askers, 12, Unit::Month).fault(), None);
        assert!(rule(What::Askers, 0, Unit::Month).fault().is_some());
        assert!(rule(What::Askers, 12, Unit::Hour).fault().is_some());
        assert!(rule(What::Cases, 12, Unit::Year).fault().is_some(), "nothing deletes it");
        assert!(rule(What::Drafts, 31, Unit::Day).fault().is_some(), "the program clears it after thirty");
        assert_eq!(rule(What::Drafts, 30, Unit::Day).fault(), None);
    }

    #[test]
    fn only_what_the_person_knows_proves() {
        let person = CasePerson { name: "Hoàng Thị Mẫu".into(), phone: "+84912345678".into(), email: "mau@vi-du.example".into(), ..CasePerson::default() };
        for right in ["hoang thi mau", " Hoàng  Thị Mẫu ", "0912 345 678", "+84 912.345.678"] {
            assert!(proves(&person, right), "{right}");
        }
        for wrong in ["", "Mẫu", "0912345679", "mau@vi-du.example", "84"] {
            assert!(!proves(&person, wrong), "{wrong}");
        }
        let mail_only = CasePerson { email: "mau@vi-du.example".into(), ..CasePerson::default() };
        assert!(proves(&mail_only, "Mau@vi-du.example") && !proves(&mail_only, "x@vi-du.example"));
        assert!(proves(&CasePerson::default(), ""), "nothing was left, nothing is shown");
    }

    #[test]
    fn contacts_are_free_and_the_name_of_a_complainant_is_not() {
        assert!(Field::ALL.into_iter().all(|field| field.is_free(Kind::Report)));
        let bound = |kind| Field::ALL.into_iter().filter(|field| !field.is_free(kind)).collect::<Vec<_>>();
        assert_eq!(bound(Kind::Complaint), [Field::Name, Field::Address, Field::IdNumber]);
        assert_eq!(bound(Kind::Denunciation), bound(Kind::Complaint));
        assert_eq!(Field::list(&codes(&bound(Kind::Complaint))), bound(Kind::Complaint));
    }

    proptest! {
        /// Never a day too early: what a rule reaches has been kept for at least as long as it says.
        #[test]
        fn nothing_is_reached_before_its_time(start in 0_i64..40_000, later in 0_i64..40_000, n in 1_u32..400, unit in 0_usize..3) {
            let first = day("1970-01-01");
            let (start, today) = (first + chrono::Duration::days(start), first + chrono::Duration::days(later));
            let unit = [Unit::Day, Unit::Month, Unit::Year][unit];
            let kept_until = match unit {
                Unit::Day => start.checked_add_days(Days::new(u64::from(n))),
                Unit::Month => start.checked_add_months(Months::new(n)),
                _ => start.checked_add_months(Months::new(n * 12)),
            };
            let before = rule(What::Askers, n, unit).reaches(today);
            if before.is_some_and(|before| start < before) {
                prop_assert!(kept_until.is_some_and(|last| last < today), "{start} {today} {n} {unit:?}");
            }
        }

        /// What was changed, put onto what was there, is what was meant; nothing else moves.
        #[test]
        fn only_what_was_asked_for_changes(name in "[a-z]{0,3}", phone in "[0-9]{0,3}", address in "[a-z]{0,3}") {
            let before = CasePerson { name: "An".into(), phone: "1".into(), email: "e".into(), ..CasePerson::default() };
            let after = CasePerson { name, phone, address, email: "e".into(), ..CasePerson::default() };
            let fields = changed(&before, &after);
            prop_assert_eq!(with_fields(&before, &only(&after, &fields), &fields), after.clone());
            prop_assert!(!fields.contains(&Field::Email));
        }
    }
}
