//! SQL of the steps that wait for a signature.

use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::petitions::rules::{Case, Kind};
use crate::procedures::step::Step;
use crate::vault::Vault;
use crate::vault::kept::{self, Joined, Kept, Purpose};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

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

/// What was written about a drafted step of a denunciation; sealed.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Words {
    pub(crate) reason: String,
    pub(crate) return_reason: String,
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
    #[sqlx(flatten)]
    kept: Joined,
}

impl Row {
    /// Its words without their key are empty: the page says elsewhere that the case is locked.
    fn opened(self, vault: &Vault) -> Result<Draft> {
        let row = match self.kept.clone().open(vault, Purpose::Draft, &self.id) {
            Kept::Open(Words { reason, return_reason }) => Self { reason, return_reason, ..self },
            Kept::Nothing | Kept::Locked => self,
        };
        Ok(Draft {
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
///
/// # Errors
/// [`AppError::Unavailable`] for a denunciation without a key.
pub async fn insert(tx: &mut Tx, id: &str, case: &Case, (step, reason): (&Step, &str), author_id: &str, at: DateTime<Utc>) -> Result<()> {
    let is_sealed = case.kind == Kind::Denunciation;
    tx.exec(
        "INSERT INTO step_drafts (id, case_id, step, reason, state, drafted_by, drafted_at, return_reason)
         VALUES ($1, $2, $3, $4, 'proposed', $5, $6, '')",
        (id.to_owned(), case.id.clone(), serde_json::to_string(step)?, if is_sealed { String::new() } else { reason.to_owned() }, author_id.to_owned(), at),
    )
    .await?;
    if is_sealed { kept::put(tx, Purpose::Draft, id, &Words { reason: reason.to_owned(), return_reason: String::new() }) } else { Ok(()) }
}

/// Says which letters go out with a draft.
pub fn set_letters(tx: &mut Tx, id: &str, letters: &[String]) -> Result<()> {
    tx.later("UPDATE step_drafts SET letters = $2 WHERE id = $1", (id.to_owned(), serde_json::to_string(letters)?))
}

/// The second person decides on a draft. `state` is `signed` or `returned`.
///
/// # Errors
/// [`AppError::Conflict`] if it no longer waits; [`AppError::Unavailable`] for a denunciation without a key.
pub async fn decide(tx: &mut Tx, (id, kind): (&str, Kind), state: &str, by: &str, at: DateTime<Utc>, reason: &str) -> Result<()> {
    let is_sealed = kind == Kind::Denunciation;
    let open_reason = if is_sealed { String::new() } else { reason.to_owned() };
    let changed = tx
        .exec(
            "UPDATE step_drafts SET state = $2, decided_by = $3, decided_at = $4, return_reason = $5 WHERE id = $1 AND state = 'proposed'",
            (id.to_owned(), state.to_owned(), by.to_owned(), at, open_reason),
        )
        .await?;
    if changed != 1 {
        return Err(AppError::Conflict);
    }
    if !is_sealed || reason.is_empty() {
        return Ok(());
    }
    let words: Words = kept::get(tx, Purpose::Draft, id).await?.readable()?.unwrap_or_default();
    kept::put(tx, Purpose::Draft, id, &Words { return_reason: reason.to_owned(), ..words })
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
            "SELECT d.id, d.step, d.letters, d.reason, d.state, d.drafted_by, a.display_name AS drafted_by_name, d.drafted_at, d.return_reason,
                    s.key_name, s.wrapped, s.sealed
             FROM step_drafts d
             LEFT JOIN accounts a ON a.id = d.drafted_by
             LEFT JOIN sealed_values s ON s.purpose = 'draft' AND s.owner_id = d.id
             WHERE d.case_id = $1
             ORDER BY d.drafted_at, d.id",
            (case_id.to_owned(),),
        )
        .await?;
    let vault = tx.vault();
    rows.into_iter().map(|row| row.opened(vault)).collect()
}
