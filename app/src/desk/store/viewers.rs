//! SQL of who has a case open. A row ends by itself; nothing here is part of a case or its record.

use crate::db::Tx;
use crate::error::Result;
use chrono::{DateTime, Utc};

/// Somebody who has a case open.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Viewer {
    /// The case.
    pub case_id: String,
    /// The account.
    pub account_id: String,
    /// Their name.
    pub name: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Until when, if nothing more is heard.
    pub until: DateTime<Utc>,
}

/// The most that are looked at for one authority.
const VIEWERS_MAX: i64 = 300;

/// Who has cases of an authority open.
pub async fn of_body(tx: &mut Tx, body_id: &str, now: DateTime<Utc>) -> Result<Vec<Viewer>> {
    tx.all(
        "SELECT v.case_id, v.account_id, a.display_name AS name, v.since, v.until
         FROM case_viewers v
         JOIN accounts a ON a.id = v.account_id
         WHERE v.body_id = $1 AND v.until > $2
         ORDER BY v.since, v.account_id
         LIMIT $3",
        (body_id.to_owned(), now, VIEWERS_MAX),
    )
    .await
}

/// Somebody has a case open from now on, or still.
pub async fn put(tx: &mut Tx, case_id: &str, body_id: &str, account_id: &str, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<()> {
    tx.exec(
        "INSERT INTO case_viewers (case_id, account_id, body_id, since, until) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (case_id, account_id) DO UPDATE
         SET body_id = excluded.body_id, until = excluded.until,
             since = CASE WHEN case_viewers.until > excluded.since THEN case_viewers.since ELSE excluded.since END",
        (case_id.to_owned(), account_id.to_owned(), body_id.to_owned(), now, until),
    )
    .await?;
    Ok(())
}

/// Somebody has closed a case.
pub async fn remove(tx: &mut Tx, case_id: &str, account_id: &str) -> Result<()> {
    tx.exec("DELETE FROM case_viewers WHERE case_id = $1 AND account_id = $2", (case_id.to_owned(), account_id.to_owned())).await?;
    Ok(())
}

/// Rows that have ended go.
pub async fn forget_ended(tx: &mut Tx, now: DateTime<Utc>) -> Result<()> {
    tx.exec("DELETE FROM case_viewers WHERE until <= $1", (now,)).await?;
    Ok(())
}
