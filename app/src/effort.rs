//! What a request costs, counted and not timed: statements sent to the database, passwords hashed.
//!
//! An answer that says the same for "unknown" and "wrong" can still tell them apart by its time. Time cannot be tested without sleeping and
//! guessing; these counts can (`server/tests/http/oracles.rs`). Outside of [`measured`] nothing is counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    /// Statements sent to the database, also those that waited for another.
    pub statements: u64,
    /// Passwords hashed or compared with a hash.
    pub password_hashes: u64,
}

#[derive(Debug, Default)]
struct Counts {
    statements: AtomicU64,
    password_hashes: AtomicU64,
}

tokio::task_local! {
    static COUNTS: Arc<Counts>;
}

/// Notes a statement.
pub(crate) fn statement() {
    note(|counts| &counts.statements);
}

/// Notes a hash of a password.
pub(crate) fn password_hash() {
    note(|counts| &counts.password_hashes);
}

fn note(which: impl FnOnce(&Counts) -> &AtomicU64) {
    // An error says that nobody measures.
    COUNTS.try_with(|counts| which(counts).fetch_add(1, Ordering::Relaxed)).ok();
}

/// Does something and says what it cost. What is spawned as a task of its own is not counted.
pub async fn measured<T>(work: impl Future<Output = T>) -> (T, Effort) {
    let counts = Arc::new(Counts::default());
    let done = COUNTS.scope(counts.clone(), work).await;
    let effort = Effort { statements: counts.statements.load(Ordering::Relaxed), password_hashes: counts.password_hashes.load(Ordering::Relaxed) };
    (done, effort)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_what_is_measured_is_counted() {
        statement();
        let ((), effort) = measured(async {
            statement();
            statement();
            password_hash();
        })
        .await;
        assert_eq!(effort, Effort { statements: 2, password_hashes: 1 });
        let ((), effort) = measured(async {}).await;
        assert_eq!(effort, Effort::default());
    }
}
