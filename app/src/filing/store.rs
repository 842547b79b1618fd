//! SQL of drafts.

use crate::db::Tx;
use crate::error::Result;
use chrono::{DateTime, Utc};

/// A draft as it stands in the database.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct DraftRow {
    /// Hash of the token in the cookie.
    pub id: String,
    /// JSON of the typed fields; empty once it was sent.
    pub data: String,
    /// The case it became.
    pub case_id: Option<String>,
    /// When it was last saved or sent.
    pub changed_at: DateTime<Utc>,
}

/// The draft, unless it has expired.
pub async fn by_id(tx: &mut Tx, id: &str, now: DateTime<Utc>) -> Result<Option<DraftRow>> {
    tx.find("SELECT id, data, case_id, changed_at FROM drafts WHERE id = $1 AND expires_at > $2", (id.to_owned(), now)).await
}

/// A draft with what sending must know of its papers.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DraftToSend {
    /// The draft.
    #[sqlx(flatten)]
    pub draft: DraftRow,
    /// How many papers it has.
    pub papers: i64,
}

/// The same with the number of its papers.
pub async fn to_send(tx: &mut Tx, id: &str, now: DateTime<Utc>) -> Result<Option<DraftToSend>> {
    tx.find(
        "SELECT d.id, d.data, d.case_id, d.changed_at, (SELECT count(*) FROM papers p WHERE p.draft_id = d.id) AS papers
         FROM drafts d
         WHERE d.id = $1 AND d.expires_at > $2",
        (id.to_owned(), now),
    )
    .await
}

/// Saves a draft, new or not. Gives false if it was sent already: then nothing is changed.
pub async fn put(tx: &mut Tx, id: &str, data: &str, now: DateTime<Utc>, expires_at: DateTime<Utc>) -> Result<bool> {
    let changed = tx
        .exec(
            "INSERT INTO drafts (id, data, created_at, changed_at, expires_at) VALUES ($1, $2, $3, $3, $4)
             ON CONFLICT (id) DO UPDATE
             SET data = excluded.data, changed_at = excluded.changed_at, expires_at = excluded.expires_at
             WHERE drafts.case_id IS NULL",
            (id.to_owned(), data.to_owned(), now, expires_at),
        )
        .await?;
    Ok(changed == 1)
}

/// Marks a draft as sent and empties it, if it is as the sender last saw it and not sent yet. The first statement of sending: it locks
/// the row, so that of two at once the second changes nothing.
pub async fn mark_sent(tx: &mut Tx, seen: &DraftRow, case_id: &str, now: DateTime<Utc>) -> Result<bool> {
    let changed: Option<(String,)> = tx
        .find(
            "UPDATE drafts SET case_id = $2, data = '', changed_at = $3 WHERE id = $1 AND case_id IS NULL AND changed_at = $4 RETURNING id",
            (seen.id.clone(), case_id.to_owned(), now, seen.changed_at),
        )
        .await?;
    Ok(changed.is_some())
}

/// Deletes a draft that was not sent. Gives false if there is none.
pub async fn delete(tx: &mut Tx, id: &str) -> Result<bool> {
    Ok(tx.exec("DELETE FROM drafts WHERE id = $1 AND case_id IS NULL", (id.to_owned(),)).await? == 1)
}

/// Deletes a draft, sent or not, that has expired. Gives false if it has not.
pub async fn delete_expired(tx: &mut Tx, id: &str, now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.exec("DELETE FROM drafts WHERE id = $1 AND expires_at <= $2", (id.to_owned(), now)).await? == 1)
}

/// Ids of drafts that have expired.
pub async fn expired(tx: &mut Tx, now: DateTime<Utc>, limit: i64) -> Result<Vec<(String,)>> {
    tx.all("SELECT id FROM drafts WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2", (now, limit)).await
}
