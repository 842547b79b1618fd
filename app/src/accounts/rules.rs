//! Limits of signing in and of guessing codes, what a password must be, and for how long a role may be held. Pure.

use chrono::{Duration, NaiveDate};
use serde::{Deserialize, Serialize};

/// Failed sign-ins of one name from one address before a pause.
pub const SIGN_IN_FAILURES_MAX: i64 = 8;
/// Failed sign-ins from one address, whatever the names, before a pause.
pub const SIGN_IN_ADDRESS_FAILURES_MAX: i64 = 40;
/// Failed sign-ins with one name from all addresses together before each further try needs the step: whoever has many addresses guesses
/// slowly, and nobody can shut an official out by guessing.
pub const SIGN_IN_ACCOUNT_FAILURES_MAX: i64 = 30;
/// Wrong case codes from one address before a pause.
pub const CODE_FAILURES_MAX: i64 = 20;
/// How long failures are counted together, and so the longest pause.
pub const FAILURE_WINDOW: Duration = Duration::minutes(15);
/// The shortest password, in characters. Length is what counts; no rule asks for signs or capitals.
pub const PASSWORD_CHARS_MIN: usize = 12;
/// The longest, so that hashing one stays cheap.
pub const PASSWORD_CHARS_MAX: usize = 200;
/// Days a first password opens anything, and leads to choosing one's own before anything else: it was in somebody else's hands.
pub const FIRST_PASSWORD_DAYS: i64 = 3;
/// Hours without a request after which an official's session ends.
pub const DESK_SESSION_HOURS: i64 = 9;
/// Hours after which an official signs in anew, however busy the session: a working day with its evening.
pub const DESK_SESSION_HOURS_MAX: i64 = 12;
/// Minutes without a request after which a citizen's visit by code ends: phones are lent and shared.
pub const CODE_SESSION_MINUTES: i64 = 60;
/// Hours after which a citizen's visit by code, or their own page, is opened anew, however busy it is.
pub const VISIT_HOURS_MAX: i64 = 12;
/// The longest time somebody acts in another's place or by delegation, in days: what lasts longer is a post of one's own.
pub const LENT_DAYS_MAX: i64 = 366;

/// In what capacity a role is held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Capacity {
    /// One's own post.
    #[default]
    Own,
    /// Giao quyền, phụ trách: the post is empty or its holder away.
    Acting,
    /// Ủy quyền: its holder lets somebody do it.
    Delegated,
}

impl Capacity {
    /// All, in the order they are shown.
    pub const ALL: [Self; 3] = [Self::Own, Self::Acting, Self::Delegated];

    /// As it stands in the database and in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Acting => "acting",
            Self::Delegated => "delegated",
        }
    }

    /// Key of its name in the catalogues.
    pub fn key(self) -> &'static str {
        match self {
            Self::Own => "accounts.capacity.own",
            Self::Acting => "accounts.capacity.acting",
            Self::Delegated => "accounts.capacity.delegated",
        }
    }

    /// The capacity of that code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|capacity| capacity.code() == code)
    }
}

/// In what capacity and for how long a role is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// In what capacity.
    pub capacity: Capacity,
    /// First day.
    pub from: NaiveDate,
    /// Last day; none while it lasts.
    pub to: Option<NaiveDate>,
}

impl Term {
    /// One's own post from a day on.
    pub fn own(from: NaiveDate) -> Self {
        Self { capacity: Capacity::Own, from, to: None }
    }

    /// What is wrong with it, as a key of the catalogues: what is lent ends by itself, and soon enough.
    pub fn objection(&self) -> Option<&'static str> {
        match (self.capacity, self.to) {
            (_, Some(to)) if to < self.from => Some("accounts.role.before_start"),
            (Capacity::Own, _) => None,
            (_, None) => Some("accounts.role.lent_without_end"),
            (_, Some(to)) => ((to - self.from).num_days() >= LENT_DAYS_MAX).then_some("accounts.role.lent_too_long"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lent_ends_by_itself() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let from = day("2026-11-20");
        let term = |capacity, to: Option<&str>| Term { capacity, from, to: to.map(day) }.objection();
        assert_eq!(term(Capacity::Own, None), None);
        assert_eq!(term(Capacity::Own, Some("2036-11-20")), None);
        assert_eq!(term(Capacity::Own, Some("2026-11-19")), Some("accounts.role.before_start"));
        for lent in [Capacity::Acting, Capacity::Delegated] {
            assert_eq!(term(lent, None), Some("accounts.role.lent_without_end"));
            assert_eq!(term(lent, Some("2026-11-20")), None, "one day");
            assert_eq!(term(lent, Some("2027-11-20")), None, "a year");
            assert_eq!(term(lent, Some("2027-11-21")), Some("accounts.role.lent_too_long"));
        }
        for capacity in Capacity::ALL {
            assert_eq!(Capacity::from_code(capacity.code()), Some(capacity));
        }
    }
}
