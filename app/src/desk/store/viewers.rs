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
    /// When the newest page that was heard of was made.
    pub page_at: Option<DateTime<Utc>>,
}

/// The most that are looked at for one authority.
const VIEWERS_MAX: i64 = 300;

/// Who has cases of an authority open.
pub async fn of_body(tx: &mut Tx, body_id: &str, now: DateTime<Utc>) -> Result<Vec<Viewer>> {
    tx.all(
        "SELECT v.case_id, v.account_id, a.display_name AS name, v.since, v.until, v.page_at
         FROM case_viewers v
         JOIN accounts a ON a.id = v.account_id
         WHERE v.body_id = $1 AND v.until > $2
         ORDER BY v.since, v.account_id
         LIMIT $3",
        (body_id.to_owned(), now, VIEWERS_MAX),
    )
    .await
}

/// Somebody has a case open from now on, or still, on a page that was made at `page_at`.
pub async fn put(
    tx: &mut Tx,
    (case_id, body_id): (&str, &str),
    account_id: &str,
    page_at: DateTime<Utc>,
    (now, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<()> {
    tx.exec(
        "INSERT INTO case_viewers (case_id, account_id, body_id, since, until, page_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (case_id, account_id) DO UPDATE
         SET body_id = excluded.body_id, until = excluded.until,
             page_at = CASE WHEN case_viewers.page_at > excluded.page_at THEN case_viewers.page_at ELSE excluded.page_at END,
             since = CASE WHEN case_viewers.until > excluded.since THEN case_viewers.since ELSE excluded.since END",
        (case_id.to_owned(), account_id.to_owned(), body_id.to_owned(), now, until, page_at),
    )
    .await?;
    Ok(())
}

/// Somebody has left the page that was made at `page_at`; a newer one keeps the case open.
pub async fn remove(tx: &mut Tx, case_id: &str, account_id: &str, page_at: DateTime<Utc>) -> Result<()> {
    tx.exec(
        "DELETE FROM case_viewers WHERE case_id = $1 AND account_id = $2 AND (page_at IS NULL OR page_at <= $3)",
        (case_id.to_owned(), account_id.to_owned(), page_at),
    )
    .await?;
    Ok(())
}

/// Rows that have ended go.
pub async fn forget_ended(tx: &mut Tx, now: DateTime<Utc>) -> Result<()> {
    tx.exec("DELETE FROM case_viewers WHERE until <= $1", (now,)).await?;
    Ok(())
}
