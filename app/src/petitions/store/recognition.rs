//! SQL of the marks by which cases are recognised.

use super::parts::CaseText;
use super::people::{CasePerson, opened_person};
use crate::db::{Rows, Tx};
use crate::error::Result;
use crate::petitions::rules::Kind;
use crate::vault::Vault;
use crate::vault::envelope::Sealed;

/// A case without marks, with what they are made of.
#[derive(sqlx::FromRow)]
pub struct Unmarked {
    /// Its id.
    pub id: String,
    /// Its search key.
    pub search_key: i64,
    /// What it is in law.
    pub kind: Kind,
    /// The sender's words.
    #[sqlx(flatten)]
    pub text: CaseText,
    key_name: Option<String>,
    wrapped: Option<String>,
    sealed: Option<String>,
}

impl Unmarked {
    /// The sender.
    pub fn person(&self, vault: &Vault) -> CasePerson {
        match (&self.key_name, &self.wrapped, &self.sealed) {
            (Some(key_name), Some(wrapped), Some(sealed)) => {
                let sealed = Sealed { key_name: key_name.clone(), wrapped: wrapped.clone(), sealed: sealed.clone() };
                opened_person(vault, &self.id, &sealed)
            }
            _ => CasePerson::default(),
        }
    }
}

/// Whether there is a case without marks below a search key.
pub async fn is_behind(tx: &mut Tx, below: i64) -> Result<bool> {
    let found: Option<(i64,)> = tx
        .find(
            "SELECT search_key FROM cases
             WHERE search_key > (SELECT value FROM counters WHERE name = 'marked_up_to') AND search_key < $1
             ORDER BY search_key
             LIMIT 1",
            (below,),
        )
        .await?;
    Ok(found.is_some())
}

/// The next cases without marks, by search key.
pub async fn unmarked(tx: &mut Tx, below: i64, limit: i64) -> Result<Vec<Unmarked>> {
    tx.all(
        "SELECT c.id, c.search_key, c.kind,
                COALESCE(t.title, '') AS title, COALESCE(t.body, '') AS body, COALESCE(t.place, '') AS place, COALESCE(t.about, '') AS about, t.latitude_e6, t.longitude_e6,
                p.key_name, p.wrapped, p.sealed
         FROM cases c
         LEFT JOIN case_texts t ON t.case_id = c.id
         LEFT JOIN sealed_people p ON p.owner_id = c.id
         WHERE c.search_key > (SELECT value FROM counters WHERE name = 'marked_up_to') AND c.search_key < $1
         ORDER BY c.search_key
         LIMIT $2",
        (below, limit),
    )
    .await
}

/// Notes that all cases up to a search key have their marks.
pub async fn set_marked(tx: &mut Tx, search_key: i64) -> Result<()> {
    tx.exec("UPDATE counters SET value = $1 WHERE name = 'marked_up_to'", (search_key,)).await?;
    Ok(())
}

/// Writes marks: mark, search key, case.
pub async fn insert_many(tx: &mut Tx, rows: Vec<(String, i64, String)>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let statement = Rows { into: "INSERT INTO case_marks (mark, search_key, case_id)", row: "(?, ?, ?)", tail: "ON CONFLICT DO NOTHING" };
    tx.exec_many(&statement, rows).await
}

/// Takes a case's marks away.
pub async fn delete(tx: &mut Tx, case_id: &str) -> Result<()> {
    tx.exec("DELETE FROM case_marks WHERE case_id = $1", (case_id.to_owned(),)).await?;
    Ok(())
}

/// The marks of a case.
pub async fn of_case(tx: &mut Tx, case_id: &str) -> Result<Vec<(String,)>> {
    tx.all("SELECT mark FROM case_marks WHERE case_id = $1 ORDER BY mark", (case_id.to_owned(),)).await
}
