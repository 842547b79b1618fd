//! Who needs a second factor, how long they may do without, what a recovery code looks like. Pure.

use crate::actor::Official;
use crate::id::{Random, secret_hash};
use chrono::{DateTime, Duration, NaiveDate, Utc};

/// Days after the first time somebody was asked for a second factor in which they may still work without.
pub const GRACE_DAYS: i64 = 14;
/// Minutes a proof (password, code, passkey) is fresh: afterwards dangerous steps ask for one anew.
pub const FRESH_PROOF_MINUTES: i64 = 15;
/// Minutes between the password and the second factor.
pub const HALF_MINUTES: i64 = 10;
/// Minutes a passkey may take to answer.
pub const CEREMONY_MINUTES: i64 = 5;
/// Wrong codes of one account before a pause, from wherever they come: a million codes, one of which fits, are not tried through.
pub const FACTOR_FAILURES_MAX: i64 = 8;
/// Times one address may begin to sign in with a passkey alone in a window of [`crate::accounts::rules::FAILURE_WINDOW`]: each is a row. A
/// whole agency may come from one address, all in the same quarter of an hour of the morning.
pub const PASSKEY_CHALLENGES_MAX: i64 = 300;
/// Recovery codes made at once.
pub const RECOVERY_CODES: usize = 10;
/// Signs of a recovery code, without its hyphens.
const RECOVERY_CHARS: usize = 16;
/// Passkeys of one account.
pub const PASSKEYS_MAX: usize = 10;
/// The longest name of a passkey, in characters.
pub const PASSKEY_NAME_CHARS_MAX: usize = 60;

/// What the portal as a whole asks of officials; set when it is started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// Whoever wants a second factor has one; nobody must.
    #[default]
    Offered,
    /// Whoever holds a role must have one ([`role_needs`]).
    Required,
}

/// Whether somebody's roles need a second factor: every one does. Each opens what people wrote in confidence, or lets something out, or gives roles to others.
/// Somebody without a role opens nothing and needs none.
pub fn role_needs(official: &Official) -> bool {
    !official.holdings.is_empty()
}

/// How it stands with somebody who needs a second factor and has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grace {
    /// Until that day, it among them, everything opens.
    Until(NaiveDate),
    /// Only the pages that add one open.
    Over,
}

/// The days of grace, counted from the day somebody was first asked.
pub fn grace(asked_on: NaiveDate, today: NaiveDate) -> Grace {
    let last = asked_on + Duration::days(GRACE_DAYS);
    if today <= last { Grace::Until(last) } else { Grace::Over }
}

/// Whether a proof of that second (Unix time) is fresh.
pub fn is_fresh(proven_at: Option<i64>, now: DateTime<Utc>) -> bool {
    proven_at.is_some_and(|at| at <= now.timestamp() && now.timestamp() - at < FRESH_PROOF_MINUTES * 60)
}

/// What somebody typed into a field for codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// Six digits of an application.
    Code(String),
    /// A recovery code, without its hyphens.
    Recovery(String),
    /// What a passkey answered.
    Passkey(String),
    /// None of them.
    Nonsense,
}

/// Reads it. Blanks and hyphens do not count, nor capitals.
pub fn typed(text: &str) -> Typed {
    if text.trim_start().starts_with('{') {
        return Typed::Passkey(text.to_owned());
    }
    let bare: String = text.chars().filter(char::is_ascii_alphanumeric).map(|sign| sign.to_ascii_lowercase()).collect();
    match bare.len() {
        6 if bare.bytes().all(|sign| sign.is_ascii_digit()) => Typed::Code(bare),
        RECOVERY_CHARS => Typed::Recovery(bare),
        _ => Typed::Nonsense,
    }
}

/// New recovery codes, as they are shown. Each has 79 bits of chance, so that a hash in a stolen database is not tried through.
pub fn recovery_codes(random: &Random) -> Vec<String> {
    (0..RECOVERY_CODES).map(|_| crate::accounts::password::first(random)).collect()
}

/// The hash of a recovery code. The database keeps it under a key of its own ([`crate::codes`]).
pub fn recovery_hash(account_id: &str, code: &str) -> String {
    let bare: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    secret_hash("recovery code", &[account_id, &bare].join("\u{0}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::Holding;
    use crate::permissions::Role;

    fn with(role: Role) -> Official {
        let held = Holding { role, agency_id: "u".into(), agency_name: String::new(), body_id: "b".into() };
        Official { account_id: "a".into(), name: "A".into(), holdings: vec![held] }
    }

    #[test]
    fn every_role_needs_a_second_factor() {
        assert!(Role::ALL.into_iter().all(|role| role_needs(&with(role))));
        assert!(!role_needs(&Official { holdings: Vec::new(), ..with(Role::Head) }));
    }

    #[test]
    fn grace_lasts_to_the_end_of_its_last_day() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        assert_eq!(grace(day("2026-11-20"), day("2026-11-20")), Grace::Until(day("2026-12-04")));
        assert_eq!(grace(day("2026-11-20"), day("2026-12-04")), Grace::Until(day("2026-12-04")));
        assert_eq!(grace(day("2026-11-20"), day("2026-12-05")), Grace::Over);
        assert_eq!(grace(NaiveDate::default(), day("2026-11-20")), Grace::Over, "after a reset there is none");
    }

    #[test]
    fn a_proof_grows_old() {
        let now: DateTime<Utc> = "2026-11-20T03:00:00Z".parse().expect("a time");
        assert!(is_fresh(Some(now.timestamp()), now));
        assert!(is_fresh(Some(now.timestamp() - 15 * 60 + 1), now));
        assert!(!is_fresh(Some(now.timestamp() - 15 * 60), now));
        assert!(!is_fresh(Some(now.timestamp() + 1), now), "from a clock that was set back");
        assert!(!is_fresh(None, now));
    }

    #[test]
    fn codes_are_read_however_they_are_typed() {
        assert_eq!(typed(" 123 456 "), Typed::Code("123456".into()));
        assert_eq!(typed("abcd-efgh-2345-6789"), Typed::Recovery("abcdefgh23456789".into()));
        assert_eq!(typed("ABCD EFGH 2345 6789"), Typed::Recovery("abcdefgh23456789".into()));
        assert_eq!(typed("{\"id\":1}"), Typed::Passkey("{\"id\":1}".into()));
        for nonsense in ["", "12345", "1234567", "abcdef", "một hai"] {
            assert_eq!(typed(nonsense), Typed::Nonsense, "{nonsense}");
        }
    }

    #[test]
    fn recovery_codes_differ_and_each_is_read_back() {
        let codes = recovery_codes(&Random::seeded(3));
        let mut hashes: Vec<_> = codes.iter().map(|code| recovery_hash("a", code)).collect();
        for code in &codes {
            let Typed::Recovery(bare) = typed(&code.to_uppercase()) else { panic!("{code} is no recovery code") };
            assert_eq!(recovery_hash("a", &bare), recovery_hash("a", code));
            assert_ne!(recovery_hash("b", &bare), recovery_hash("a", code), "a code is one account's");
        }
        hashes.sort();
        hashes.dedup();
        assert_eq!(hashes.len(), RECOVERY_CODES);
    }
}
