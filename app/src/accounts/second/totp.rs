//! Codes of an application (RFC 6238): six digits, SHA-1, thirty seconds, as every application on every phone does them. Pure.
//!
//! They go by the portal's clock. A demo that runs days ahead of the machine is ahead by whole days: applications do not fit it.

use crate::error::{AppError, Result};
use chrono::{DateTime, Utc};
use data_encoding::BASE32_NOPAD;
use totp_rs::{Algorithm, Builder, Secret, Totp};

/// Bytes of the shared secret: as many as RFC 4226 recommends.
pub const SECRET_BYTES: usize = 20;
/// Steps before and after the present one whose code is taken too: none. A code is good for its thirty seconds and no longer, as ASVS 6.5.5 asks.
/// Phones keep their clocks by the network to within a second; whoever types a code as it changes types the next one.
const SKEW_STEPS: u16 = 0;
/// Seconds of a step.
const STEP_SECONDS: u64 = 30;
/// Digits of a code.
const DIGITS: u8 = 6;
/// Who the code is for, as applications show it.
const ISSUER: &str = "Nghe%20D%C3%A2n";

fn totp(secret: &[u8]) -> Result<Totp> {
    let secret = Secret::new(secret.into());
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(DIGITS)
        .with_skew(SKEW_STEPS)
        .with_step_duration(STEP_SECONDS)
        .with_secret(secret)
        .build()
        .map_err(|error| AppError::internal(format!("a secret of the wrong length: {error:?}")))
}

/// The step a code belongs to, if it is one of now. A step is spent by its first code: the caller remembers it.
///
/// # Errors
/// [`AppError::Internal`] for a secret that is none.
pub fn step_of(secret: &[u8], code: &str, now: DateTime<Utc>) -> Result<Option<i64>> {
    let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
    Ok(totp(secret)?.check(code, seconds).and_then(|step| i64::try_from(step).ok()))
}

/// The secret as people type it, in groups of four.
pub fn shown(secret: &[u8]) -> String {
    let text = BASE32_NOPAD.encode(secret);
    let groups: Vec<&str> = text.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(" ")
}

/// What the QR code says. Sign-in names are plain letters, digits, dots and hyphens.
pub fn address(secret: &[u8], login: &str) -> String {
    format!("otpauth://totp/{ISSUER}:{login}?secret={}&issuer={ISSUER}", BASE32_NOPAD.encode(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).expect("a time")
    }

    /// The table of RFC 6238, appendix B, cut down to six digits.
    #[test]
    fn the_vectors_of_the_rfc_hold() {
        let secret = b"12345678901234567890";
        let vectors = [(59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"), (2_000_000_000, "279037")];
        for (seconds, code) in vectors {
            assert_eq!(step_of(secret, code, at(seconds)).expect("checked"), Some(seconds / 30), "{code}");
        }
        assert_eq!(step_of(secret, "287083", at(59)).expect("checked"), None);
    }

    #[test]
    fn a_code_is_good_for_its_thirty_seconds_and_no_longer() {
        let secret = b"12345678901234567890";
        let step = |seconds| step_of(secret, "050471", at(seconds)).expect("checked");
        let begin = 1_111_111_111 / 30 * 30;
        for seconds in [begin, begin + 29] {
            assert_eq!(step(seconds), Some(1_111_111_111 / 30), "{seconds}");
        }
        assert_eq!(step(begin - 1), None);
        assert_eq!(step(begin + 30), None);
    }

    #[test]
    fn a_secret_is_shown_for_typing_and_for_cameras() {
        let secret = b"12345678901234567890";
        assert_eq!(shown(secret), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(address(secret, "nong.binh"), "otpauth://totp/Nghe%20D%C3%A2n:nong.binh?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Nghe%20D%C3%A2n");
        assert!(step_of(b"short", "050471", at(0)).is_err());
    }
}
