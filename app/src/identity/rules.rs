//! What a provider proves, what can go wrong on the way, and how long things last. Pure.

use chrono::{DateTime, Duration, Utc};

/// How long somebody may take at the provider's page.
pub const FLOW_LASTS: Duration = Duration::minutes(10);
/// How far the provider's clock may be from ours.
pub const CLOCK_SKEW: Duration = Duration::seconds(60);
/// How long what a provider says of itself (addresses, keys) is remembered.
pub const METADATA_LASTS: Duration = Duration::minutes(10);
/// How long a provider that did not answer is not asked again, so that its trouble does not become ours.
pub const TROUBLE_LASTS: Duration = Duration::seconds(15);
/// The longest subject, level or issuer that is taken, in characters (subjects have 255 by the standard).
pub const SUBJECT_CHARS_MAX: usize = 255;
/// The longest level of assurance that is kept.
pub const LEVEL_CHARS_MAX: usize = 100;

/// What a provider has proven of somebody.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Proven {
    /// The provider.
    pub issuer: String,
    /// Who it is there.
    pub subject: String,
    /// Full name; empty if it told none.
    pub name: String,
    /// E-mail, if the provider says it has verified it; else empty. Shown to people, never a reason to let somebody in.
    pub email: String,
    /// Citizen's ID number; empty if it told none that is one.
    pub id_number: String,
    /// Level of assurance (`acr`) in the provider's words; empty if it told none.
    pub level: String,
}

impl std::fmt::Debug for Proven {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Proven([redacted])")
    }
}

/// Why nobody was proven. The comment says whose fault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The provider did not answer, answered too late, too much or nonsense.
    NoAnswer,
    /// What it answered is not to be believed: signature, issuer, audience, expiry or nonce.
    NotBelieved,
    /// The person or the provider broke it off.
    BrokenOff,
    /// What came back belongs to no sign-in of this browser, or to one that has lasted too long or was used already.
    Stale,
    /// The provider is not sure enough of who it is.
    TooWeak,
}

impl Trouble {
    /// All.
    pub const ALL: [Self; 5] = [Self::NoAnswer, Self::NotBelieved, Self::BrokenOff, Self::Stale, Self::TooWeak];

    /// The status of the page that tells of it.
    pub fn status(self) -> axum::http::StatusCode {
        use axum::http::StatusCode;
        match self {
            Self::NoAnswer => StatusCode::SERVICE_UNAVAILABLE,
            Self::NotBelieved => StatusCode::BAD_GATEWAY,
            Self::BrokenOff | Self::Stale => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooWeak => StatusCode::FORBIDDEN,
        }
    }
}

/// A text of a provider as it may be kept and shown: clean, on one line, not too long.
pub fn tidy(text: &str, chars_max: usize) -> String {
    let text = crate::text::clean(text);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(chars_max).collect()
}

/// Whether the level told is among those asked for; none asked for: any will do.
pub fn is_sure_enough(level: &str, wanted: &[String]) -> bool {
    wanted.is_empty() || wanted.iter().any(|known| known == level)
}

/// Whether somebody proved who they are on this way: after they set out, as far as the two clocks tell. A provider that was asked and does not say
/// when it was is not believed.
pub fn is_recent(proven_at: Option<DateTime<Utc>>, set_out_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    proven_at.is_some_and(|at| at >= set_out_at - CLOCK_SKEW && at <= now + CLOCK_SKEW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_provider_says_is_one_short_line() {
        assert_eq!(tidy(" Hoàng\nThị\u{0}  Mẫu ", 80), "Hoàng Thị Mẫu");
        assert_eq!(tidy("ê".repeat(300).as_str(), 80).chars().count(), 80);
    }

    #[test]
    fn a_level_that_is_asked_for_must_be_told() {
        let wanted = ["muc-2".to_owned()];
        assert!(is_sure_enough("muc-2", &wanted) && !is_sure_enough("muc-1", &wanted) && !is_sure_enough("", &wanted));
        assert!(is_sure_enough("", &[]));
    }

    #[test]
    fn a_proof_is_of_this_way_and_not_of_one_before() {
        let now: DateTime<Utc> = "2026-11-20T03:05:00Z".parse().expect("a time");
        let set_out_at = now - Duration::minutes(5);
        for recent in [set_out_at - CLOCK_SKEW, set_out_at, now, now + CLOCK_SKEW] {
            assert!(is_recent(Some(recent), set_out_at, now), "{recent}");
        }
        for other in [None, Some(set_out_at - CLOCK_SKEW - Duration::seconds(1)), Some(now + CLOCK_SKEW + Duration::seconds(1))] {
            assert!(!is_recent(other, set_out_at, now), "{other:?}");
        }
    }

    #[test]
    fn nobody_is_named_in_a_log() {
        let proven = Proven { name: "Hoàng Thị Mẫu".into(), ..Proven::default() };
        assert_eq!(format!("{proven:?}"), "Proven([redacted])");
    }
}
