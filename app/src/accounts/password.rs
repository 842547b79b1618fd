//! Passwords: argon2id, computed off the async threads.

use super::rules::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN};
use crate::error::{AppError, Result};
use crate::id::Random;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use std::collections::{BTreeSet, HashSet};
use std::sync::OnceLock;
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

/// OWASP's second choice: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// Passwords hashed at once. Each takes [`MEMORY_KIB`]: whoever sends many sign-ins at once waits, and takes neither the memory nor the threads
/// that everybody else needs.
const HASHED_AT_ONCE: usize = 4;
static HASHERS: Semaphore = Semaphore::const_new(HASHED_AT_ONCE);

/// A real hash of nothing anybody knows: a name that does not exist takes as long as one that does.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGhlcmU$Tn0UkDRWqxbH1qYj0yGxRRoWm9sRcyU0U3Q0m1Tj3mE";

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(AppError::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// A password as it is hashed: NFC, so that "ạ" typed on a Mac and on a phone are one sign. Nothing else is changed.
pub fn normal(typed: &str) -> String {
    typed.nfc().collect()
}

/// Passwords that many people choose, folded, letters and digits only; whoever guesses begins with these. Where they come from stands in
/// `data/README.md`.
const COMMON: [&str; 2] = [include_str!("../../../data/common_passwords.txt"), include_str!("../../../data/common_passwords_vi.txt")];
/// The longest piece that, over and over, makes a password nobody should have, in characters.
const PIECE_CHARS_MAX: usize = 8;

fn common() -> &'static HashSet<&'static str> {
    static KNOWN: OnceLock<HashSet<&'static str>> = OnceLock::new();
    KNOWN.get_or_init(|| COMMON.iter().flat_map(|file| file.lines()).filter(|line| !line.is_empty() && !line.starts_with('#')).collect())
}

/// Whether many people choose a password like this one: one of the list, one with digits around it, two of them together, or a short piece
/// over and over. What has three words or more is none of them.
fn is_common(bare: &str) -> bool {
    let known = common();
    let core = bare.trim_matches(|sign: char| sign.is_ascii_digit());
    let is_two = || bare.char_indices().any(|(at, _)| known.contains(&bare[..at]) && known.contains(&bare[at..]));
    let is_over_and_over = || {
        let signs: Vec<char> = bare.chars().collect();
        (1..=PIECE_CHARS_MAX.min(signs.len() / 2)).any(|piece| signs.iter().zip(&signs[piece..]).all(|(one, next)| one == next))
    };
    known.contains(bare) || core.is_empty() || known.contains(core) || is_two() || is_over_and_over()
}

/// Why a new password is not taken, as a key of the catalogues. `None`: it is.
pub fn objection(password: &str, login: &str) -> Option<&'static str> {
    let chars = password.chars().count();
    let bare = bare_of(password);
    let signs: BTreeSet<char> = bare.chars().collect();
    if chars < PASSWORD_CHARS_MIN {
        Some("accounts.password.too_short")
    } else if chars > PASSWORD_CHARS_MAX {
        Some("accounts.password.too_long")
    } else if is_common(&bare) || signs.len() < 4 {
        Some("accounts.password.common")
    } else if !login.is_empty() && bare.replace(&bare_of(login), "").chars().count() < PASSWORD_CHARS_MIN / 2 {
        Some("accounts.password.like_login")
    } else {
        None
    }
}

fn bare_of(text: &str) -> String {
    crate::text::fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A first password: sixteen signs that cannot be mistaken for others, in groups. 79 bits of chance.
pub fn first(random: &Random) -> String {
    const SIGNS: &[u8; 31] = b"23456789abcdefghjkmnpqrstuvwxyz";
    let mut signs = String::with_capacity(19);
    while signs.len() < 19 {
        for byte in random.bytes::<16>() {
            // Bytes of 248 and above are left out, so that every sign is equally likely.
            if byte < 248 && signs.len() < 19 {
                if signs.len() % 5 == 4 {
                    signs.push('-');
                }
                signs.push(char::from(SIGNS[usize::from(byte) % SIGNS.len()]));
            }
        }
    }
    signs
}

/// The hash to store for a password.
pub async fn hash(random: &Random, password: String) -> Result<String> {
    crate::effort::password_hash();
    let salt = SaltString::encode_b64(&random.bytes::<16>()).map_err(AppError::internal)?;
    let _place = HASHERS.acquire().await.map_err(AppError::internal)?;
    tokio::task::spawn_blocking(move || Ok(argon2()?.hash_password(password.as_bytes(), &salt).map_err(AppError::internal)?.to_string()))
        .await
        .map_err(AppError::internal)?
}

/// Whether a hash was made another way, or at a lower cost, than hashes are made today.
pub fn is_outdated(stored: &str) -> bool {
    let Ok(hash) = PasswordHash::new(stored) else { return false };
    let is_cheaper = Params::try_from(&hash).is_ok_and(|params| params.m_cost() < MEMORY_KIB || params.t_cost() < PASSES);
    hash.algorithm != Algorithm::Argon2id.ident() || is_cheaper
}

/// Whether a password fits a stored hash; `None` for a name that does not exist takes the same time and says no.
pub async fn fits(password: String, stored: Option<String>) -> Result<bool> {
    crate::effort::password_hash();
    let _place = HASHERS.acquire().await.map_err(AppError::internal)?;
    tokio::task::spawn_blocking(move || {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| NOBODY.to_owned());
        let parsed = PasswordHash::new(&stored).map_err(AppError::internal)?;
        Ok(argon2()?.verify_password(password.as_bytes(), &parsed).is_ok() && known)
    })
    .await
    .map_err(AppError::internal)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_common_and_own_name_are_refused() {
        assert_eq!(objection("mười một chữ", "ha"), None, "twelve characters, however many bytes");
        assert_eq!(objection("mười một ch", "ha"), Some("accounts.password.too_short"));
        assert_eq!(objection("Mật khẩu 123456", "ha"), Some("accounts.password.common"));
        assert_eq!(objection("abababababababab", "ha"), Some("accounts.password.common"));
        assert_eq!(objection("nong.thi.binh 1", "nong.thi.binh"), Some("accounts.password.like_login"));
        assert_eq!(objection(&"dài".repeat(70), "ha"), Some("accounts.password.too_long"));
    }

    #[test]
    fn what_many_choose_is_refused_and_what_few_choose_is_taken() {
        for common in [
            "anhyeuem1234",
            "Anh yêu em 2026",
            "matkhau matkhau",
            "1987 nguyenthanh",
            "dragon!monkey",
            "password-1234567",
            "abc def abc def",
            "123456789012345",
            "qwertyuiop asdfgh",
            "việt nam vô địch",
        ] {
            assert_eq!(objection(common, "ha"), Some("accounts.password.common"), "{common}");
        }
        for own in ["ba con trâu đen gặm cỏ", "mot mat khau dai", "mưa nắng hai mùa", "nắng sớm 7 ghế gỗ", "correct horse battery staple"] {
            assert_eq!(objection(own, "ha"), None, "{own}");
        }
        assert!(common().len() > 15_000);
    }

    #[test]
    fn a_first_password_is_a_good_one() {
        let first = first(&Random::seeded(1));
        assert_eq!(first.len(), 19);
        assert_eq!(first.matches('-').count(), 3, "{first}");
        assert_eq!(objection(&first, "ha"), None);
    }

    #[tokio::test]
    async fn a_hash_of_a_lower_cost_is_outdated() {
        let stored = hash(&Random::seeded(1), "mưa nắng hai mùa".into()).await.expect("a hash");
        assert!(!is_outdated(&stored));
        for cheap in [stored.replace("m=19456", "m=9728"), stored.replace("t=2", "t=1"), stored.replace("argon2id", "argon2i")] {
            assert!(is_outdated(&cheap), "{cheap}");
        }
        assert!(!is_outdated(&stored.replace("t=2", "t=3")), "a dearer one stays");
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let stored = hash(&Random::seeded(1), "mưa nắng hai mùa".into()).await.expect("a hash");
        assert!(stored.starts_with("$argon2id$"));
        assert!(fits("mưa nắng hai mùa".into(), Some(stored.clone())).await.expect("checked"));
        assert!(!fits("mua nang hai mua".into(), Some(stored)).await.expect("checked"));
        assert!(!fits("anything".into(), None).await.expect("a name nobody has is no error"));
    }
}
