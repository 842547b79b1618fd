//! SQL of requests about own data.

use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::retention::rules::Asked;
use chrono::{DateTime, NaiveDate, Utc};

/// A request.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Request {
    /// Its id.
    pub id: String,
    /// The case.
    pub case_id: String,
    /// Whose data: the case's, for its sender, or a signer's.
    pub owner_id: String,
    /// What is asked.
    pub kind: Asked,
    /// Fields of a correction.
    pub fields: String,
    /// `waiting`, `granted` or `refused`.
    pub state: String,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    /// Last day of the answer.
    pub answer_by: NaiveDate,
    /// Who decided; none: the portal, at once.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why it was refused.
    pub ground: String,
    /// What the official adds.
    pub words: String,
}

impl Request {
    /// Whether it waits for an answer.
    pub fn is_waiting(&self) -> bool {
        self.state == "waiting"
    }

    /// Whether the sender asked, and not a signer.
    pub fn is_of_sender(&self) -> bool {
        self.owner_id == self.case_id
    }

    /// The owner of sealed values that wait with it.
    pub fn sealed_owner(id: &str, role: &str) -> String {
        format!("{id}.{role}")
    }
}

macro_rules! requests {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, r.case_id, r.owner_id, r.kind, r.fields, r.state, r.asked_at, r.answer_by, r.decided_by, r.decided_at, r.ground, r.words
             FROM data_requests r ",
            $rest
        )
    };
}

/// A request.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Request>> {
    tx.find(requests!("WHERE r.id = $1"), (id.to_owned(),)).await
}

/// Requests of one owner, the latest first.
pub async fn of_owner(tx: &mut Tx, case_id: &str, owner_id: &str, limit: i64) -> Result<Vec<Request>> {
    tx.all(requests!("WHERE r.case_id = $1 AND r.owner_id = $2 ORDER BY r.asked_at DESC, r.id DESC LIMIT $3"), (case_id.to_owned(), owner_id.to_owned(), limit))
        .await
}

/// Requests about a case, its signers' among them, the latest first.
pub async fn of_case(tx: &mut Tx, case_id: &str, limit: i64) -> Result<Vec<Request>> {
    tx.all(requests!("WHERE r.case_id = $1 ORDER BY r.asked_at DESC, r.id DESC LIMIT $2"), (case_id.to_owned(), limit)).await
}

/// Requests that wait at an authority, the one due first in front. With the case that moves, the request moves.
pub async fn waiting_of_body(tx: &mut Tx, body_id: &str, limit: i64) -> Result<Vec<Request>> {
    // CROSS JOIN keeps the order: the few that wait are walked and each case looked up, not all cases of the authority.
    tx.all(
        requests!("CROSS JOIN cases c WHERE c.id = r.case_id AND r.state = 'waiting' AND c.body_id = $1 ORDER BY r.answer_by, r.id LIMIT $2"),
        (body_id.to_owned(), limit),
    )
    .await
}

/// Adds a request. False where the same waits already.
pub async fn insert(tx: &mut Tx, request: &Request) -> Result<bool> {
    let Request { id, case_id, owner_id, kind, fields, state, asked_at, answer_by, decided_by, decided_at, ground, words } = request.clone();
    let rows = tx
        .exec(
            "INSERT INTO data_requests (id, case_id, owner_id, kind, fields, state, asked_at, answer_by, decided_by, decided_at, ground, words)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
             ON CONFLICT DO NOTHING",
            (id, case_id, owner_id, kind, fields, state, asked_at, answer_by, decided_by, decided_at, ground, words),
        )
        .await?;
    Ok(rows == 1)
}

/// Decides a request.
///
/// # Errors
/// [`AppError::Conflict`] where it was decided by somebody else.
pub async fn decide(tx: &mut Tx, id: &str, state: &str, (by, at): (&str, DateTime<Utc>), (ground, words): (&str, &str)) -> Result<()> {
    let rows = tx
        .exec(
            "UPDATE data_requests SET state = $2, decided_by = $3, decided_at = $4, ground = $5, words = $6 WHERE id = $1 AND state = 'waiting'",
            (id.to_owned(), state.to_owned(), by.to_owned(), at, ground.to_owned(), words.to_owned()),
        )
        .await?;
    if rows == 1 { Ok(()) } else { Err(AppError::Conflict) }
}

/// Deletes sealed values that wait with a request.
pub async fn forget_sealed(tx: &mut Tx, id: &str, role: &str) -> Result<()> {
    tx.exec("DELETE FROM sealed_people WHERE owner_id = $1", (Request::sealed_owner(id, role),)).await?;
    Ok(())
}

/// Deletes addresses of answers that were decided before an instant, and what held cases had before, where no hold stands any more.
pub async fn forget_leftovers(tx: &mut Tx, decided_before: DateTime<Utc>, today: NaiveDate) -> Result<()> {
    tx.exec("DELETE FROM sealed_people WHERE owner_id IN (SELECT id || '.notice' FROM data_requests WHERE decided_at < $1)", (decided_before,)).await?;
    tx.exec(
        "DELETE FROM sealed_people
         WHERE owner_id IN (
             SELECT r.id || '.old'
             FROM data_requests r
             WHERE NOT EXISTS (SELECT 1 FROM legal_holds h WHERE h.case_id = r.case_id AND h.lifted_at IS NULL AND (h.until_on IS NULL OR h.until_on >= $1))
         )",
        (today,),
    )
    .await?;
    Ok(())
}

/// Writes a signer's marks anew.
pub async fn set_signer_marks(tx: &mut Tx, case_id: &str, signer_id: &str, marks: &[String], has_email: bool) -> Result<()> {
    tx.exec("DELETE FROM signer_marks WHERE signer_id = $1", (signer_id.to_owned(),)).await?;
    for mark in marks {
        tx.exec(
            "INSERT INTO signer_marks (case_id, mark, signer_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            (case_id.to_owned(), mark.clone(), signer_id.to_owned()),
        )
        .await?;
    }
    tx.exec("UPDATE case_signers SET has_email = $2 WHERE id = $1", (signer_id.to_owned(), has_email)).await?;
    Ok(())
}
