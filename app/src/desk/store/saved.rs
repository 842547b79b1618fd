//! SQL of the places in the queue that officials keep under a name.

use crate::db::Tx;
use crate::error::Result;
use chrono::{DateTime, Utc};

/// A place under a name.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SavedFilter {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub account_id: String,
    /// The agency or unit whose people see it too.
    pub shared_with: Option<String>,
    /// Its name.
    pub name: String,
    /// The place, as it stands in addresses.
    pub query: String,
}

/// The most saved filters that are shown to one person.
pub const SAVED_SHOWN_MAX: i64 = 40;

/// Somebody's own saved filters and those shared with one of their agencies or units, by name.
pub async fn of_person(tx: &mut Tx, account_id: &str, agency_id: &str) -> Result<Vec<SavedFilter>> {
    tx.all(
        "SELECT id, account_id, shared_with, name, query FROM (
           SELECT id, account_id, shared_with, name, query FROM saved_filters WHERE account_id = $1
           UNION
           SELECT id, account_id, shared_with, name, query FROM saved_filters WHERE shared_with = $2
         ) AS seen
         ORDER BY name, id
         LIMIT $3",
        (account_id.to_owned(), agency_id.to_owned(), SAVED_SHOWN_MAX),
    )
    .await
}

/// How many somebody has.
pub async fn count_of(tx: &mut Tx, account_id: &str) -> Result<i64> {
    let (n,): (i64,) = tx.one("SELECT COUNT(*) FROM saved_filters WHERE account_id = $1", (account_id.to_owned(),)).await?;
    Ok(n)
}

/// Keeps one.
pub async fn insert(tx: &mut Tx, saved: &SavedFilter, at: DateTime<Utc>) -> Result<()> {
    tx.exec(
        "INSERT INTO saved_filters (id, account_id, shared_with, name, query, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        (saved.id.clone(), saved.account_id.clone(), saved.shared_with.clone(), saved.name.clone(), saved.query.clone(), at),
    )
    .await?;
    Ok(())
}

/// Gives one of somebody's own another name, and shares it or not. False where they have no such one.
pub async fn change(tx: &mut Tx, id: &str, account_id: &str, name: &str, shared_with: Option<String>) -> Result<bool> {
    let rows = tx
        .exec(
            "UPDATE saved_filters SET name = $3, shared_with = $4 WHERE id = $1 AND account_id = $2",
            (id.to_owned(), account_id.to_owned(), name.to_owned(), shared_with),
        )
        .await?;
    Ok(rows == 1)
}

/// Forgets one of somebody's own. False where they have no such one.
pub async fn delete(tx: &mut Tx, id: &str, account_id: &str) -> Result<bool> {
    Ok(tx.exec("DELETE FROM saved_filters WHERE id = $1 AND account_id = $2", (id.to_owned(), account_id.to_owned())).await? == 1)
}
