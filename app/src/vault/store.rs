//! SQL of sealed rows, for wrapping them anew and for sealing what is from before.

use super::envelope::Sealed;
use crate::db::Tx;
use crate::error::Result;

/// A sealed row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    /// Whose it is.
    pub owner_id: String,
    /// What is stored.
    #[sqlx(flatten)]
    pub sealed: Sealed,
}

/// Rows that are not sealed with a key, by case, behind one.
pub(super) async fn sealed_otherwise(tx: &mut Tx, key_name: &str, after: &str, limit: i64) -> Result<Vec<Row>> {
    tx.all(
        "SELECT owner_id, key_name, wrapped, sealed FROM sealed_people WHERE key_name <> $1 AND owner_id > $2 ORDER BY owner_id LIMIT $3",
        (key_name.to_owned(), after.to_owned(), limit),
    )
    .await
}

/// Puts another envelope in a row's place, unless somebody wrote it meanwhile.
pub(super) async fn replace(tx: &mut Tx, row: &Row, anew: &Sealed) -> Result<bool> {
    let rows = tx
        .exec(
            "UPDATE sealed_people SET key_name = $2, wrapped = $3 WHERE owner_id = $1 AND wrapped = $4",
            (row.owner_id.clone(), anew.key_name.clone(), anew.wrapped.clone(), row.sealed.wrapped.clone()),
        )
        .await?;
    Ok(rows == 1)
}

/// How many rows are sealed with each key: people, and the secrets of officials' second factors.
pub(super) async fn by_key(tx: &mut Tx) -> Result<Vec<(String, i64)>> {
    tx.all(
        "SELECT key_name, COUNT(*) FROM (SELECT key_name FROM sealed_people UNION ALL SELECT key_name FROM totp_secrets) AS sealed
         GROUP BY key_name ORDER BY key_name",
        (),
    )
    .await
}
