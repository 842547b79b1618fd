//! SQL of sealed rows, for wrapping them anew and for sealing what is from before.

use super::envelope::Sealed;
use super::kept::about;
use crate::db::Tx;
use crate::error::Result;
use crate::petitions::store::people::about_person;

/// Where sealed rows stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    /// Senders and signers.
    People,
    /// Everything else.
    Values,
}

/// Both.
pub(super) const TABLES: [Table; 2] = [Table::People, Table::Values];

/// A sealed row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    /// What it is; empty for a person.
    pub purpose: String,
    /// Whose it is.
    pub owner_id: String,
    /// What is stored.
    #[sqlx(flatten)]
    pub sealed: Sealed,
}

impl Row {
    /// What its envelope is about.
    pub fn about(&self) -> String {
        if self.purpose.is_empty() { about_person(&self.owner_id) } else { about(&self.purpose, &self.owner_id) }
    }
}

/// Rows that are not sealed with a key, by purpose and owner, behind one.
pub(super) async fn sealed_otherwise(tx: &mut Tx, table: Table, key_name: &str, after: &(String, String), limit: i64) -> Result<Vec<Row>> {
    match table {
        Table::People => {
            tx.all(
                "SELECT '' AS purpose, owner_id, key_name, wrapped, sealed
                 FROM sealed_people
                 WHERE key_name <> $1 AND owner_id > $2
                 ORDER BY owner_id
                 LIMIT $3",
                (key_name.to_owned(), after.1.clone(), limit),
            )
            .await
        }
        Table::Values => {
            tx.all(
                "SELECT purpose, owner_id, key_name, wrapped, sealed
                 FROM sealed_values
                 WHERE key_name <> $1 AND (purpose > $2 OR (purpose = $2 AND owner_id > $3))
                 ORDER BY purpose, owner_id
                 LIMIT $4",
                (key_name.to_owned(), after.0.clone(), after.1.clone(), limit),
            )
            .await
        }
    }
}

/// Puts another envelope in a row's place, unless somebody wrote it meanwhile.
pub(super) async fn replace(tx: &mut Tx, table: Table, row: &Row, anew: &Sealed) -> Result<bool> {
    let rows = match table {
        Table::People => {
            tx.exec(
                "UPDATE sealed_people SET key_name = $2, wrapped = $3 WHERE owner_id = $1 AND wrapped = $4",
                (row.owner_id.clone(), anew.key_name.clone(), anew.wrapped.clone(), row.sealed.wrapped.clone()),
            )
            .await?
        }
        Table::Values => {
            tx.exec(
                "UPDATE sealed_values SET key_name = $3, wrapped = $4 WHERE purpose = $1 AND owner_id = $2 AND wrapped = $5",
                (row.purpose.clone(), row.owner_id.clone(), anew.key_name.clone(), anew.wrapped.clone(), row.sealed.wrapped.clone()),
            )
            .await?
        }
    };
    Ok(rows == 1)
}

/// How many rows are sealed with each key: people, and the secrets of officials' second factors.
pub(super) async fn by_key(tx: &mut Tx) -> Result<Vec<(String, i64)>> {
    tx.all(
        "SELECT key_name, CAST(SUM(n) AS BIGINT)
         FROM (SELECT key_name, COUNT(*) AS n FROM sealed_people GROUP BY key_name
               UNION ALL
               SELECT key_name, COUNT(*) AS n FROM sealed_values GROUP BY key_name
               UNION ALL
               SELECT key_name, COUNT(*) AS n FROM totp_secrets GROUP BY key_name) k
         GROUP BY key_name
         ORDER BY key_name",
        (),
    )
    .await
}

/// Whether values from before they were sealed may still stand in the open.
pub(super) async fn has_open_values(tx: &mut Tx) -> Result<bool> {
    let (sealed,): (i64,) = tx.one("SELECT value FROM counters WHERE name = 'open_values_sealed'", ()).await?;
    Ok(sealed == 0)
}

/// All of them are sealed.
pub(super) async fn set_values_sealed(tx: &mut Tx) -> Result<()> {
    tx.exec("UPDATE counters SET value = 1 WHERE name = 'open_values_sealed'", ()).await?;
    Ok(())
}
