//! A key service: a server or a device that seals a few bytes with a key it never gives away.
//!
//! With one, the files of keys in the data folder hold nothing but what the service made of the keys: a copy of the whole folder, or of the
//! machine's disk, opens nothing while the service says no. The portal asks it when it starts and when another process has changed the keys,
//! keeps the keys in memory, and goes on while the service is away. Without a service the files hold the keys themselves.

use std::pin::Pin;

/// What a service answers with, some time.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, ServiceError>> + Send + 'a>>;

/// Why a service did not do it, in words for the operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ServiceError {
    /// It does not answer, or with something that cannot be understood.
    #[error("the key service does not answer: {0}")]
    Away(String),
    /// It answers no.
    #[error("the key service refuses: {0}")]
    Refused(String),
    /// What is needed to ask it cannot be read.
    #[error("{0}")]
    Token(String),
}

/// Seals keys and opens them again.
pub trait KeyService: Send + Sync {
    /// Seals a key. What comes back has no white space in it.
    fn seal<'a>(&'a self, key: &'a [u8]) -> Answer<'a, String>;

    /// Opens what [`KeyService::seal`] made.
    fn open<'a>(&'a self, sealed: &'a str) -> Answer<'a, Vec<u8>>;
}
