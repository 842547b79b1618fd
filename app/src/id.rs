//! Ids and randomness, passed in like the time.
//!
//! Ids are UUIDs of version 7: they sort by the time they were made, which keeps indexes compact, and nobody can guess the next one.

use chrono::{DateTime, Utc};
use rand::rngs::{OsRng, StdRng};
use rand::{RngCore, SeedableRng, TryRngCore};
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Where random bytes come from.
#[derive(Clone)]
pub struct Random(Source);

#[derive(Clone)]
enum Source {
    /// The operating system, each time.
    System,
    /// A seed.
    Seeded(Arc<Mutex<StdRng>>),
}

impl Random {
    /// Those of the operating system.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// The same bytes for the same seed: tests and demo data only.
    pub fn seeded(seed: u64) -> Self {
        Self(Source::Seeded(Arc::new(Mutex::new(StdRng::seed_from_u64(seed)))))
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match &self.0 {
            Source::System => {
                if OsRng.try_fill_bytes(&mut bytes).is_err() {
                    // A code or key without chance would be worse than no portal.
                    tracing::error!("the operating system has no random bytes: stopping");
                    std::process::abort();
                }
            }
            Source::Seeded(seeded) => seeded.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes),
        }
        bytes
    }

    /// A new id made at `now`.
    pub fn id(&self, now: DateTime<Utc>) -> String {
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes::<10>()).into_uuid().to_string()
    }

    /// A positive number that grows with time and is random in its last bits: 43 bits of milliseconds, 20 of chance.
    pub fn search_key(&self, now: DateTime<Utc>) -> i64 {
        let chance = i64::from(u32::from_le_bytes(self.bytes::<4>())) & ((1 << 20) - 1);
        ((now.timestamp_millis() & 0x7ff_ffff_ffff) << 20) | chance
    }

    /// Every search key made since an instant is above this one.
    pub fn search_key_floor(since: DateTime<Utc>) -> i64 {
        ((since.timestamp_millis() & 0x7ff_ffff_ffff) << 20) - 1
    }

    /// A secret for a cookie: 256 bits, in letters a cookie may carry.
    pub fn token(&self) -> String {
        data_encoding::BASE64URL_NOPAD.encode(&self.bytes::<32>())
    }
}

impl fmt::Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Random")
    }
}

/// Longest id that a form may bring along.
const SENT_ID_CHARS_MAX: usize = 40;

/// Whether a text may be an id of [`Random::id`] that a form carried there and back.
pub fn is_sent_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= SENT_ID_CHARS_MAX && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// What the database keeps of a secret. `purpose` keeps hashes of different things apart.
pub fn secret_hash(purpose: &str, secret: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(purpose.as_bytes());
    hash.update([0]);
    hash.update(secret.as_bytes());
    data_encoding::HEXLOWER.encode(&hash.finalize())
}
