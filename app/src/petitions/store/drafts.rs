//! SQL of the steps that wait for a signature.

use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::procedures::step::Step;
use chrono::{DateTime, Utc};

/// A drafted step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its id.
    pub id: String,
    /// What is to be done.
    pub step: Step,
    /// Ids of the letters that go out with it.
    pub letters: Vec<String>,
    /// Why; empty where no reason is asked for.
    pub reason: String,
    /// `proposed`, `returned` or `signed`.
    pub state: String,
    /// Who drafted it.
    pub drafted_by: String,
    /// Their name.
    pub drafted_by_name: String,
    /// When.
    pub drafted_at: DateTime<Utc>,
    /// Why it was sent back; empty if it was not.
    pub return_reason: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    step: String,
    letters: String,
    reason: String,
    state: String,
    drafted_by: String,
    drafted_by_name: Option<String>,
    drafted_at: DateTime<Utc>,
    return_reason: String,
}

impl TryFrom<Row> for Draft {
    type Error = AppError;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            step: serde_json::from_str(&row.step)?,
            letters: serde_json::from_str(&row.letters)?,
            reason: row.reason,
            state: row.state,
            drafted_by: row.drafted_by,
            drafted_by_name: row.drafted_by_name.unwrap_or_default(),
            drafted_at: row.drafted_at,
            return_reason: row.return_reason,
        })
    }
}

/// Stores a draft that waits for the second person.
pub async fn insert(tx: &mut Tx, id: &str, case_id: &str, step: &Step, reason: &str, author_id: &str, at: DateTime<Utc>) -> Result<()> {
    tx.exec(
        "INSERT INTO step_drafts (id, case_id, step, reason, state, drafted_by, drafted_at, return_reason)
         VALUES ($1, $2, $3, $4, 'proposed', $5, $6, '')",
        (id.to_owned(), case_id.to_owned(), serde_json::to_string(step)?, reason.to_owned(), author_id.to_owned(), at),
    )
    .await?;
    Ok(())
}

/// Says which letters go out with a draft.
pub fn set_letters(tx: &mut Tx, id: &str, letters: &[String]) -> Result<()> {
    tx.later("UPDATE step_drafts SET letters = $2 WHERE id = $1", (id.to_owned(), serde_json::to_string(letters)?))
}

/// The second person decides on a draft. `state` is `signed` or `returned`.
///
/// # Errors
/// [`AppError::Conflict`] if it no longer waits.
pub async fn decide(tx: &mut Tx, id: &str, state: &str, by: &str, at: DateTime<Utc>, reason: &str) -> Result<()> {
    let changed = tx
        .exec(
            "UPDATE step_drafts SET state = $2, decided_by = $3, decided_at = $4, return_reason = $5 WHERE id = $1 AND state = 'proposed'",
            (id.to_owned(), state.to_owned(), by.to_owned(), at, reason.to_owned()),
        )
        .await?;
    if changed == 1 { Ok(()) } else { Err(AppError::Conflict) }
}

/// Nobody will sign what waits any more: the case has gone to another authority.
pub async fn drop_waiting(tx: &mut Tx, case_id: &str, at: DateTime<Utc>) -> Result<()> {
    tx.exec("UPDATE step_drafts SET state = 'returned', decided_at = $2 WHERE case_id = $1 AND state = 'proposed'", (case_id.to_owned(), at)).await?;
    Ok(())
}

/// The draft that waits, if one does.
pub async fn waiting(tx: &mut Tx, case_id: &str) -> Result<Option<Draft>> {
    Ok(of_case(tx, case_id).await?.into_iter().rev().find(|draft| draft.state == "proposed"))
}

/// All drafts of a case, oldest first.
pub async fn of_case(tx: &mut Tx, case_id: &str) -> Result<Vec<Draft>> {
    let rows: Vec<Row> = tx
        .all(
            "SELECT d.id, d.step, d.letters, d.reason, d.state, d.drafted_by, a.display_name AS drafted_by_name, d.drafted_at, d.return_reason
             FROM step_drafts d
             LEFT JOIN accounts a ON a.id = d.drafted_by
             WHERE d.case_id = $1
             ORDER BY d.drafted_at, d.id",
            (case_id.to_owned(),),
        )
        .await?;
    rows.into_iter().map(Draft::try_from).collect()
}
