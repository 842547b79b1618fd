//! SQL of openings.

use super::rules::{Duty, What};
use crate::db::Tx;
use crate::error::Result;
use chrono::{DateTime, Utc};

/// An opening.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Opening {
    /// Its id.
    pub id: String,
    /// Of which case.
    pub case_id: String,
    /// The authority that had it then.
    pub body_id: String,
    /// Who opened.
    pub account_id: String,
    /// What.
    pub what: What,
    /// For which duty.
    pub duty: Duty,
    /// The reason: a note of the case.
    pub note_id: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Until when.
    pub until_at: DateTime<Utc>,
}

macro_rules! openings {
    ($rest:literal) => {
        concat!("SELECT o.id, o.case_id, o.body_id, o.account_id, o.what, o.duty, o.note_id, o.at, o.until_at FROM sealed_openings o ", $rest)
    };
}

/// Stores an opening; `session` is the hash of what only the session that opened has.
pub(super) fn insert(tx: &mut Tx, opening: &Opening, session: &str) -> Result<()> {
    tx.later(
        "INSERT INTO sealed_openings (id, case_id, body_id, account_id, session, what, duty, note_id, at, until_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        (
            opening.id.clone(),
            opening.case_id.clone(),
            opening.body_id.clone(),
            opening.account_id.clone(),
            session.to_owned(),
            opening.what,
            opening.duty,
            opening.note_id.clone(),
            opening.at,
            opening.until_at,
        ),
    )
}

/// What somebody has open of a case in a session.
pub async fn open_now(tx: &mut Tx, case_id: &str, account_id: &str, session: &str, now: DateTime<Utc>) -> Result<Vec<Opening>> {
    tx.all(
        openings!("WHERE o.case_id = $1 AND o.account_id = $2 AND o.session = $3 AND o.until_at > $4 ORDER BY o.until_at, o.id LIMIT 100"),
        (case_id.to_owned(), account_id.to_owned(), session.to_owned(), now),
    )
    .await
}

/// Ends what somebody has open of a case in a session.
pub(super) async fn close(tx: &mut Tx, case_id: &str, account_id: &str, session: &str, now: DateTime<Utc>) -> Result<()> {
    tx.exec(
        "UPDATE sealed_openings SET until_at = $4 WHERE case_id = $1 AND account_id = $2 AND session = $3 AND until_at > $4",
        (case_id.to_owned(), account_id.to_owned(), session.to_owned(), now),
    )
    .await?;
    Ok(())
}

/// An opening with who opened.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Listed {
    /// The opening.
    #[sqlx(flatten)]
    pub opening: Opening,
    /// Their name.
    pub account_name: Option<String>,
}

/// The openings at an authority before a place, the last first.
pub async fn of_body(tx: &mut Tx, body_id: &str, before: &(DateTime<Utc>, String), limit: i64) -> Result<Vec<Listed>> {
    tx.all(
        "SELECT o.id, o.case_id, o.body_id, o.account_id, o.what, o.duty, o.note_id, o.at, o.until_at, a.display_name AS account_name
         FROM sealed_openings o
         LEFT JOIN accounts a ON a.id = o.account_id
         WHERE o.body_id = $1 AND (o.at < $2 OR (o.at = $2 AND o.id < $3))
         ORDER BY o.at DESC, o.id DESC
         LIMIT $4",
        (body_id.to_owned(), before.0, before.1.clone(), limit),
    )
    .await
}
