//! SQL of what was pressed at the door.

use crate::db::Tx;
use crate::error::Result;
use chrono::{DateTime, Utc};

/// A press, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Press {
    /// The id the phone gave it.
    pub id: String,
    /// The registration's number; none: people without one.
    pub number: Option<i64>,
    /// Of a registration how many have come now; without one how many more.
    pub people: i64,
}

/// Notes a press; false if it was noted before.
pub async fn note(tx: &mut Tx, dialogue_id: &str, press: &Press, account_id: &str, at: DateTime<Utc>) -> Result<bool> {
    let rows = tx
        .exec(
            "INSERT INTO dialogue_presses (dialogue_id, press, number, people, account_id, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
            (dialogue_id.to_owned(), press.id.clone(), press.number, press.people, account_id.to_owned(), at),
        )
        .await?;
    Ok(rows == 1)
}

/// So many of a registration have come now; false if there is no such number.
pub async fn arrive(tx: &mut Tx, dialogue_id: &str, number: i64, people: i64, at: DateTime<Utc>) -> Result<bool> {
    let rows = tx
        .exec(
            "UPDATE dialogue_registrations
             SET arrived = $3, arrived_at = CASE WHEN $3 = 0 THEN NULL ELSE COALESCE(arrived_at, $4) END
             WHERE dialogue_id = $1 AND number = $2",
            (dialogue_id.to_owned(), number, people, at),
        )
        .await?;
    Ok(rows == 1)
}

/// Who has come: numbers and people.
pub async fn arrived(tx: &mut Tx, dialogue_id: &str, limit: i64) -> Result<Vec<(i64, i64)>> {
    tx.all(
        "SELECT number, arrived FROM dialogue_registrations WHERE dialogue_id = $1 AND arrived > 0 ORDER BY number LIMIT $2",
        (dialogue_id.to_owned(), limit),
    )
    .await
}
