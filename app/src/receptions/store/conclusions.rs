//! SQL of the head's conclusions.

use crate::db::Tx;
use crate::error::Result;
use chrono::NaiveDate;

/// A conclusion notice.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Conclusion {
    /// The session.
    pub reception_id: String,
    /// Number and sign.
    pub number: String,
    /// Its words.
    pub body: String,
    /// When it was issued.
    pub issued_on: NaiveDate,
    /// By whom.
    pub issued_by: String,
}

/// That of a session.
pub async fn of_session(tx: &mut Tx, reception_id: &str) -> Result<Option<Conclusion>> {
    tx.find("SELECT reception_id, number, body, issued_on, issued_by FROM reception_conclusions WHERE reception_id = $1", (reception_id.to_owned(),)).await
}

/// Adds one; false if the session has one.
pub async fn insert(tx: &mut Tx, conclusion: &Conclusion) -> Result<bool> {
    let Conclusion { reception_id, number, body, issued_on, issued_by } = conclusion.clone();
    let rows = tx
        .exec(
            "INSERT INTO reception_conclusions (reception_id, number, body, issued_on, issued_by) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            (reception_id, number, body, issued_on, issued_by),
        )
        .await?;
    Ok(rows == 1)
}
