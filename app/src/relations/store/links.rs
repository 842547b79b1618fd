//! SQL of links between cases.

use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::petitions::relation::Tie;
use crate::vault::kept::{self, Purpose};
use chrono::{DateTime, Utc};

/// A link between two cases.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct LinkRow {
    /// Its id.
    pub id: String,
    /// The later case, or the part.
    pub case_id: String,
    /// The first case, or the whole.
    pub other_id: String,
    /// Why.
    pub kind: Tie,
}

/// The live links of a case, in both directions.
pub async fn of_case(tx: &mut Tx, case_id: &str, limit: i64) -> Result<Vec<LinkRow>> {
    tx.all(
        "SELECT id, case_id, other_id, kind FROM (
           SELECT id, case_id, other_id, kind, at FROM case_links WHERE case_id = $1 AND ended_at IS NULL
           UNION ALL
           SELECT id, case_id, other_id, kind, at FROM case_links WHERE other_id = $1 AND ended_at IS NULL
         ) AS both_ways
         ORDER BY at, id
         LIMIT $2",
        (case_id.to_owned(), limit),
    )
    .await
}

/// Stores a link.
pub async fn insert(tx: &mut Tx, link: &LinkRow, body_id: &str, by_id: &str, at: DateTime<Utc>) -> Result<()> {
    tx.exec(
        "INSERT INTO case_links (id, case_id, other_id, kind, body_id, by_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        (link.id.clone(), link.case_id.clone(), link.other_id.clone(), link.kind, body_id.to_owned(), by_id.to_owned(), at),
    )
    .await?;
    Ok(())
}

/// Ends a link; the row stays.
///
/// # Errors
/// [`AppError::Conflict`] if somebody was faster.
pub async fn end(tx: &mut Tx, id: &str, by_id: &str, at: DateTime<Utc>) -> Result<()> {
    let changed =
        tx.exec("UPDATE case_links SET ended_by = $2, ended_at = $3 WHERE id = $1 AND ended_at IS NULL", (id.to_owned(), by_id.to_owned(), at)).await?;
    if changed == 1 { Ok(()) } else { Err(AppError::Conflict) }
}

/// Keeps a petition's own words before a denunciation was taken out of it, sealed like that.
///
/// # Errors
/// [`AppError::Unavailable`] without a key.
pub fn keep_original(tx: &mut Tx, part_id: &str, title: &str, body: &str) -> Result<()> {
    kept::put(tx, Purpose::Part, part_id, &(title, body))
}

/// The words of a petition before this part was taken out of it: title and text.
///
/// # Errors
/// [`AppError::Unavailable`] where the key is not there.
pub async fn original(tx: &mut Tx, part_id: &str) -> Result<Option<(String, String)>> {
    kept::get(tx, Purpose::Part, part_id).await?.readable()
}

/// Seals such words from before they were sealed; gives how many.
pub async fn seal_open(tx: &mut Tx, limit: i64) -> Result<usize> {
    let rows: Vec<(String, String, String)> = tx.all("SELECT part_id, title, body FROM split_originals ORDER BY part_id LIMIT $1", (limit,)).await?;
    let n = rows.len();
    for (part_id, title, body) in rows {
        keep_original(tx, &part_id, &title, &body)?;
        tx.later("DELETE FROM split_originals WHERE part_id = $1", (part_id,))?;
    }
    Ok(n)
}

/// Papers of a petition go with a part taken out of it, or come back.
pub async fn move_paper(tx: &mut Tx, paper_id: &str, from_case_id: &str, to_case_id: &str) -> Result<()> {
    tx.exec("UPDATE papers SET case_id = $3 WHERE id = $1 AND case_id = $2", (paper_id.to_owned(), from_case_id.to_owned(), to_case_id.to_owned())).await?;
    Ok(())
}
