//! SQL of the outbox.

use crate::db::Tx;
use crate::error::Result;
use chrono::{DateTime, Utc};

pub(super) fn insert(tx: &mut Tx, id: String, kind: &str, data: &str, run_at: DateTime<Utc>) -> Result<()> {
    tx.later("INSERT INTO outbox (id, kind, data, run_at, attempts, last_error) VALUES ($1, $2, $3, $4, 0, '')", (id, kind.to_owned(), data.to_owned(), run_at))
}

/// Neither database needs SKIP LOCKED for this: the second condition makes a lost race change no row.
pub(super) async fn claim(tx: &mut Tx, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<Option<(String, String, i64)>> {
    tx.find(
        "UPDATE outbox
         SET claimed_until = $2
         WHERE id = (
             SELECT id
             FROM outbox
             WHERE done_at IS NULL AND failed_at IS NULL AND run_at <= $1 AND (claimed_until IS NULL OR claimed_until < $1)
             ORDER BY run_at, id
             LIMIT 1
         )
           AND (claimed_until IS NULL OR claimed_until < $1)
         RETURNING id, data, attempts",
        (now, until),
    )
    .await
}

pub(super) async fn done(tx: &mut Tx, id: &str, now: DateTime<Utc>) -> Result<()> {
    tx.exec("UPDATE outbox SET done_at = $2, claimed_until = NULL WHERE id = $1", (id.to_owned(), now)).await?;
    Ok(())
}

pub(super) async fn failed(tx: &mut Tx, id: &str, attempts: i64, run_at: DateTime<Utc>, failed_at: Option<DateTime<Utc>>, error: &str) -> Result<()> {
    tx.exec(
        "UPDATE outbox SET attempts = $2, run_at = $3, failed_at = $4, last_error = $5, claimed_until = NULL WHERE id = $1",
        (id.to_owned(), attempts, run_at, failed_at, error.to_owned()),
    )
    .await?;
    Ok(())
}

pub(super) async fn put_off(tx: &mut Tx, id: &str, until: DateTime<Utc>) -> Result<()> {
    tx.exec("UPDATE outbox SET run_at = $2, claimed_until = NULL WHERE id = $1", (id.to_owned(), until)).await?;
    Ok(())
}

/// Rows that are done and older than `before` go.
pub(super) async fn delete_done(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64> {
    tx.exec("DELETE FROM outbox WHERE done_at < $1", (before,)).await
}
