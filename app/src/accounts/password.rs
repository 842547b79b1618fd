//! Passwords: argon2id, computed off the async threads.

use crate::error::{AppError, Result};
use crate::id::Random;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};

/// OWASP's second choice: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// A real hash of nothing anybody knows: a name that does not exist takes as long as one that does.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGhlcmU$Tn0UkDRWqxbH1qYj0yGxRRoWm9sRcyU0U3Q0m1Tj3mE";

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(AppError::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash to store for a password.
pub async fn hash(random: &Random, password: String) -> Result<String> {
    let salt = SaltString::encode_b64(&random.bytes::<16>()).map_err(AppError::internal)?;
    tokio::task::spawn_blocking(move || Ok(argon2()?.hash_password(password.as_bytes(), &salt).map_err(AppError::internal)?.to_string()))
        .await
        .map_err(AppError::internal)?
}

/// Whether a password fits a stored hash; `None` for a name that does not exist takes the same time and says no.
pub async fn fits(password: String, stored: Option<String>) -> Result<bool> {
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

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let stored = hash(&Random::seeded(1), "mưa nắng hai mùa".into()).await.expect("a hash");
        assert!(stored.starts_with("$argon2id$"));
        assert!(fits("mưa nắng hai mùa".into(), Some(stored.clone())).await.expect("checked"));
        assert!(!fits("mua nang hai mua".into(), Some(stored)).await.expect("checked"));
        assert!(!fits("anything".into(), None).await.expect("a name nobody has is no error"));
    }
}
