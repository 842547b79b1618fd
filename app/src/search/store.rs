//! SQL of the word indexes. The one place where the two databases need different statements: neither knows the other's index.

use super::{Document, Forms, tsvector};
use crate::db::{Kind, Rows, Tx};
use crate::error::Result;
use std::collections::BTreeSet;

/// Where the way of reading hits changes on PostgreSQL. Its index has no order, and its planner guesses badly how rare a word
/// is: at a million cases a rare word took a second. So a search first counts its hits up to this bound. With fewer, taking all
/// and sorting them is cheap; with more, a walk down the keys meets a page of them soon. A plan made for other words would be as
/// bad as a wrong guess, hence `force_custom_plan` in both searches; the setting ends with the transaction.
pub const POSTGRES_HITS_SORTED_MAX: i64 = 2_000;

/// Which index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Index {
    /// Released cases, by public number.
    Public,
    /// What officials handle, by `cases.search_key`.
    Desk,
}

/// Puts a row into an index, in place of an earlier one.
pub async fn put(tx: &mut Tx, index: Index, key: i64, document: &Document) -> Result<()> {
    remove(tx, index, key).await?;
    insert(tx, index, key, document)
}

impl Index {
    fn fts5(self, document: &Document) -> String {
        match self {
            // An authority's official never looks into another's cases; the register is asked without any filter, too.
            Self::Public => document.fts5(true),
            Self::Desk => document.fts5(false),
        }
    }
}

/// Puts a row into an index where none was before.
pub fn insert(tx: &mut Tx, index: Index, key: i64, document: &Document) -> Result<()> {
    match tx.kind() {
        Kind::Sqlite => {
            let sql = match index {
                Index::Public => "INSERT INTO public_search (rowid, tokens) VALUES ($1, $2)",
                Index::Desk => "INSERT INTO desk_search (rowid, tokens) VALUES ($1, $2)",
            };
            tx.later(sql, (key, index.fts5(document)))?;
            if index == Index::Public {
                note_forms(tx, document.forms())?;
            }
        }
        Kind::Postgres => {
            let sql = match index {
                Index::Public => "INSERT INTO public_search (row_key, words, marked) VALUES ($1, CAST($2 AS tsvector), CAST($3 AS tsvector))",
                Index::Desk => "INSERT INTO desk_search (row_key, words, marked) VALUES ($1, CAST($2 AS tsvector), CAST($3 AS tsvector))",
            };
            let (words, marked) = tsvectors(document);
            tx.later(sql, (key, words, marked))?;
        }
    }
    Ok(())
}

fn tsvectors(document: &Document) -> (String, String) {
    (tsvector(&document.words, document.facets.iter().chain(&document.scopes)), tsvector(&document.marked, []))
}

/// Puts many rows into an index where none of them was before.
pub async fn insert_many(tx: &mut Tx, index: Index, rows: Vec<(i64, Document)>) -> Result<()> {
    match tx.kind() {
        Kind::Sqlite => {
            let into = match index {
                Index::Public => "INSERT INTO public_search (rowid, tokens)",
                Index::Desk => "INSERT INTO desk_search (rowid, tokens)",
            };
            if index == Index::Public {
                note_forms(tx, rows.iter().flat_map(|(_, document)| document.forms()).collect())?;
            }
            let rows = rows.into_iter().map(|(key, document)| (key, index.fts5(&document)));
            tx.exec_many(&Rows { into, row: "(?, ?)", tail: "" }, rows.collect()).await
        }
        Kind::Postgres => {
            let into = match index {
                Index::Public => "INSERT INTO public_search (row_key, words, marked)",
                Index::Desk => "INSERT INTO desk_search (row_key, words, marked)",
            };
            let rows = rows.into_iter().map(|(key, document)| {
                let (words, marked) = tsvectors(&document);
                (key, words, marked)
            });
            tx.exec_many(&Rows { into, row: "(?, CAST(? AS tsvector), CAST(? AS tsvector))", tail: "" }, rows.collect()).await
        }
    }
}

/// Remembers how words are written. Forms are never forgotten: one without a row costs a look at an empty list.
fn note_forms(tx: &mut Tx, forms: BTreeSet<(String, String)>) -> Result<()> {
    let forms = serde_json::to_string(&forms)?;
    tx.later(
        "INSERT INTO word_forms (folded, marked)
         SELECT value ->> 0, value ->> 1
         FROM json_each($1)
         WHERE TRUE
         ON CONFLICT DO NOTHING",
        (forms,),
    )
}

/// How the words of the register that fold to these are written. SQLite only.
pub async fn forms(tx: &mut Tx, folded: &[String]) -> Result<Forms> {
    let rows: Vec<(String, String)> =
        tx.all("SELECT folded, marked FROM word_forms WHERE folded IN (SELECT value FROM json_each($1))", (serde_json::to_string(folded)?,)).await?;
    let mut forms = Forms::new();
    for (folded, marked) in rows {
        forms.entry(folded).or_default().insert(marked);
    }
    Ok(forms)
}

/// Takes a row out of an index.
pub async fn remove(tx: &mut Tx, index: Index, key: i64) -> Result<()> {
    let sql = match (tx.kind(), index) {
        (Kind::Sqlite, Index::Public) => "DELETE FROM public_search WHERE rowid = $1",
        (Kind::Sqlite, Index::Desk) => "DELETE FROM desk_search WHERE rowid = $1",
        (Kind::Postgres, Index::Public) => "DELETE FROM public_search WHERE row_key = $1",
        (Kind::Postgres, Index::Desk) => "DELETE FROM desk_search WHERE row_key = $1",
    };
    tx.exec(sql, (key,)).await?;
    Ok(())
}

/// Whether an index was filled since its shape last changed.
pub async fn is_built(tx: &mut Tx, index: Index) -> Result<bool> {
    let row: Option<(bool,)> = tx.find("SELECT is_built FROM search_state WHERE name = $1", (name(index).to_owned(),)).await?;
    Ok(row.is_none_or(|(is_built,)| is_built))
}

/// Empties an index that is going to be filled anew.
pub async fn empty(tx: &mut Tx, index: Index) -> Result<()> {
    let sql = match (tx.kind(), index) {
        (Kind::Sqlite, Index::Public) => "INSERT INTO public_search (public_search) VALUES ('delete-all')",
        (Kind::Sqlite, Index::Desk) => "INSERT INTO desk_search (desk_search) VALUES ('delete-all')",
        (Kind::Postgres, Index::Public) => "DELETE FROM public_search",
        (Kind::Postgres, Index::Desk) => "DELETE FROM desk_search",
    };
    tx.exec(sql, ()).await?;
    Ok(())
}

/// Notes that an index is whole.
pub async fn set_built(tx: &mut Tx, index: Index) -> Result<()> {
    tx.exec("UPDATE search_state SET is_built = TRUE WHERE name = $1", (name(index).to_owned(),)).await?;
    Ok(())
}

fn name(index: Index) -> &'static str {
    match index {
        Index::Public => "public",
        Index::Desk => "desk",
    }
}

/// Keys of the newest rows with a folded word, at most `limit`: within a scope of the index, and with a facet. A walk along one list
/// that ends at the limit; on PostgreSQL a word of more rows than [`POSTGRES_HITS_SORTED_MAX`] tells too little and gives none.
pub async fn newest_with_word(tx: &mut Tx, index: Index, word: &str, scope: Option<&str>, with: Option<&str>, limit: i64) -> Result<Vec<i64>> {
    let (fts5, tsquery) = super::one_word(word, scope, with);
    let found: (String,) = match (tx.kind(), index) {
        (Kind::Sqlite, Index::Public) => {
            let sql = "SELECT COALESCE(group_concat(k, ' '), '') FROM (SELECT rowid AS k FROM public_search WHERE public_search MATCH $1 ORDER BY rowid DESC LIMIT $2)";
            tx.one(sql, (fts5, limit)).await?
        }
        (Kind::Sqlite, Index::Desk) => {
            let sql =
                "SELECT COALESCE(group_concat(k, ' '), '') FROM (SELECT rowid AS k FROM desk_search WHERE desk_search MATCH $1 ORDER BY rowid DESC LIMIT $2)";
            tx.one(sql, (fts5, limit)).await?
        }
        (Kind::Postgres, index) => {
            tx.exec("SET LOCAL plan_cache_mode = force_custom_plan", ()).await?;
            let sql = match index {
                Index::Public => POSTGRES_PUBLIC,
                Index::Desk => POSTGRES_DESK,
            };
            tx.one(sql, (tsquery, POSTGRES_HITS_SORTED_MAX, limit)).await?
        }
    };
    Ok(found.0.split(' ').filter_map(|key| key.parse().ok()).collect())
}

macro_rules! postgres_newest {
    ($table:literal) => {
        concat!(
            "WITH hits AS MATERIALIZED (SELECT s.row_key FROM ",
            $table,
            " s WHERE s.words @@ CAST($1 AS tsquery) LIMIT $2)
             SELECT COALESCE(string_agg(CAST(newest.row_key AS TEXT), ' '), '')
             FROM (SELECT h.row_key FROM hits h WHERE (SELECT count(*) FROM hits) < $2 ORDER BY h.row_key DESC LIMIT $3) AS newest"
        )
    };
}
const POSTGRES_PUBLIC: &str = postgres_newest!("public_search");
const POSTGRES_DESK: &str = postgres_newest!("desk_search");
