//! What identifies a person, encrypted before it reaches the database, with keys that are not in it; and of denunciations all that could betray
//! who wrote them.
//!
//! Senders and signers have a table of their own; everything else is a value of a purpose with an owner ([`kept`]); papers lie sealed in their
//! store, and their keys are such values (`papers::sealed`).
//!
//! Envelopes: each row has a data key of its own; that key is wrapped with a key of the ring ([`keys`]), which lies in a file of the
//! data folder. A copy of the database, a backup or a dump of it names nobody. Keys are changed by wrapping the data keys anew ([`rotation`]);
//! the rows themselves stay as they are. A row whose key is lost stays unread and says so; all else goes on.
//!
//! The database handle carries the vault, so that no statement of a person's row can be written without it.

pub mod envelope;
pub mod kept;
pub mod keys;
pub mod rotation;
mod store;
pub mod token;

use crate::error::{AppError, Result};
use crate::id::Random;
use envelope::{Opened, Sealed};
use keys::Ring;
use std::sync::{Arc, PoisonError, RwLock};

/// Where the ring comes from, to look whether it has changed.
pub type Source = Box<dyn Fn() -> Option<Ring> + Send + Sync>;

/// The ring in memory.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    ring: RwLock<Arc<Ring>>,
    random: Random,
    source: Option<Source>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault([redacted])")
    }
}

impl Vault {
    /// Without a key: opens nothing, seals nothing.
    pub fn locked() -> Self {
        Self::new(Ring::default(), Random::system(), None)
    }

    /// With these keys. `source` is asked again when a row names a key that is not among them.
    pub fn new(ring: Ring, random: Random, source: Option<Source>) -> Self {
        Self(Arc::new(Inner { ring: RwLock::new(Arc::new(ring)), random, source }))
    }

    /// The keys as they are known now.
    pub fn ring(&self) -> Arc<Ring> {
        self.0.ring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks the source for the keys. Another process may have changed them.
    pub fn reload(&self) {
        if let Some(ring) = self.0.source.as_ref().and_then(|source| source()) {
            *self.0.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
        }
    }

    /// Seals `plain`; `about` says what it is and whose, and must be the same to open it.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] without a key: nothing is written in the open.
    pub fn seal(&self, about: &str, plain: &[u8]) -> Result<Sealed> {
        let no_key = || AppError::Unavailable("there is no key to seal with".into());
        envelope::seal(&self.ring(), &self.0.random, about, plain).ok_or_else(no_key)
    }

    /// Opens what was sealed about the same.
    pub fn open(&self, about: &str, sealed: &Sealed) -> Opened {
        match envelope::open(&self.ring(), about, sealed) {
            Opened::NoKey => {
                self.reload();
                envelope::open(&self.ring(), about, sealed)
            }
            opened => opened,
        }
    }

    /// The same sealed with the key that seals now; none if it is, or cannot be opened.
    pub fn rewrap(&self, about: &str, sealed: &Sealed) -> Option<Sealed> {
        envelope::rewrap(&self.ring(), &self.0.random, about, sealed)
    }
}
