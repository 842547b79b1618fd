//! SQL of the pictures and papers of dialogues.

use crate::db::Tx;
use crate::error::Result;
use crate::papers::described::Described;
use crate::papers::store::Held;
use crate::papers::upload::NewPaper;
use chrono::{DateTime, Utc};

/// Stores one whose bytes are in the store. Gives false if this form was sent before.
pub async fn insert(tx: &mut Tx, dialogue_id: &str, once: &str, paper: &NewPaper, alt: &str, by_id: Option<String>) -> Result<bool> {
    let rows = tx
        .exec(
            "INSERT INTO dialogue_pictures (id, dialogue_id, once, kind, bytes, width, height, has_thumb, alt, by_id, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             ON CONFLICT (once) DO NOTHING",
            (
                paper.id.clone(),
                dialogue_id.to_owned(),
                once.to_owned(),
                paper.kind.as_str().to_owned(),
                paper.bytes,
                paper.width,
                paper.height,
                paper.has_thumb,
                alt.to_owned(),
                by_id,
                paper.at,
            ),
        )
        .await?;
    Ok(rows == 1)
}

/// What is there to see, oldest first.
pub async fn of(tx: &mut Tx, dialogue_id: &str, limit: i64) -> Result<Vec<Described>> {
    tx.all(
        "SELECT id, kind, bytes, width, height, has_thumb, alt, at
         FROM dialogue_pictures
         WHERE dialogue_id = $1 AND removed_at IS NULL
         ORDER BY at, id
         LIMIT $2",
        (dialogue_id.to_owned(), limit),
    )
    .await
}

/// A picture that was taken out.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct TakenOut {
    /// What it showed.
    pub alt: String,
    /// When it was taken out.
    pub at: DateTime<Utc>,
    /// By whom, as colleagues see the name.
    pub by_name: Option<String>,
    /// Why.
    pub reason: String,
}

/// What was taken out, the latest first.
pub async fn removed(tx: &mut Tx, dialogue_id: &str, limit: i64) -> Result<Vec<TakenOut>> {
    tx.all(
        "SELECT p.alt, p.removed_at AS at, a.display_name AS by_name, p.removed_reason AS reason
         FROM dialogue_pictures p LEFT JOIN accounts a ON a.id = p.removed_by
         WHERE p.dialogue_id = $1 AND p.removed_at IS NOT NULL
         ORDER BY p.removed_at DESC, p.id
         LIMIT $2",
        (dialogue_id.to_owned(), limit),
    )
    .await
}

/// One that is there to see.
pub async fn by_id(tx: &mut Tx, dialogue_id: &str, id: &str) -> Result<Option<Described>> {
    tx.find(
        "SELECT id, kind, bytes, width, height, has_thumb, alt, at FROM dialogue_pictures WHERE id = $1 AND dialogue_id = $2 AND removed_at IS NULL",
        (id.to_owned(), dialogue_id.to_owned()),
    )
    .await
}

/// Takes one out. Gives false if it is out already.
pub async fn remove(tx: &mut Tx, dialogue_id: &str, id: &str, by_id: Option<String>, reason: &str, at: DateTime<Utc>) -> Result<bool> {
    let rows = tx
        .exec(
            "UPDATE dialogue_pictures SET removed_by = $3, removed_at = $4, removed_reason = $5
             WHERE id = $1 AND dialogue_id = $2 AND removed_at IS NULL",
            (id.to_owned(), dialogue_id.to_owned(), by_id, at, reason.to_owned()),
        )
        .await?;
    Ok(rows == 1)
}

/// What a dialogue has, for the limits of the next upload.
pub async fn held(tx: &mut Tx, dialogue_id: &str) -> Result<Held> {
    let (papers, bytes): (i64, i64) = tx
        .one(
            "SELECT COUNT(*), CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM dialogue_pictures WHERE dialogue_id = $1 AND removed_at IS NULL",
            (dialogue_id.to_owned(),),
        )
        .await?;
    Ok(Held { papers: usize::try_from(papers).unwrap_or(usize::MAX), bytes: u64::try_from(bytes).unwrap_or(u64::MAX) })
}
