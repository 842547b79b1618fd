//! SQL of the word indexes. The one place where the two databases need different statements: neither knows the other's index.

use super::{Document, tsvector};
use crate::db::{Kind, Rows, Tx};
use crate::error::Result;

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
    insert(tx, index, key, document).await
}

/// Puts a row into an index where none was before.
pub async fn insert(tx: &mut Tx, index: Index, key: i64, document: &Document) -> Result<()> {
    match tx.kind() {
        Kind::Sqlite => {
            let sql = match index {
                Index::Public => "INSERT INTO public_search (rowid, words, marked, facets) VALUES ($1, $2, $3, $4)",
                Index::Desk => "INSERT INTO desk_search (rowid, words, marked, facets) VALUES ($1, $2, $3, $4)",
            };
            tx.exec(sql, (key, document.words.join(" "), document.marked.join(" "), document.facets.join(" "))).await?;
        }
        Kind::Postgres => {
            let sql = match index {
                Index::Public => "INSERT INTO public_search (row_key, words, marked) VALUES ($1, CAST($2 AS tsvector), CAST($3 AS tsvector))",
                Index::Desk => "INSERT INTO desk_search (row_key, words, marked) VALUES ($1, CAST($2 AS tsvector), CAST($3 AS tsvector))",
            };
            let (words, marked) = (tsvector(&document.words, &document.facets), tsvector(&document.marked, &[]));
            tx.exec(sql, (key, words, marked)).await?;
        }
    }
    Ok(())
}

/// Puts many rows into an index where none of them was before.
pub async fn insert_many(tx: &mut Tx, index: Index, rows: Vec<(i64, Document)>) -> Result<()> {
    match tx.kind() {
        Kind::Sqlite => {
            let into = match index {
                Index::Public => "INSERT INTO public_search (rowid, words, marked, facets)",
                Index::Desk => "INSERT INTO desk_search (rowid, words, marked, facets)",
            };
            let rows = rows.into_iter().map(|(key, document)| (key, document.words.join(" "), document.marked.join(" "), document.facets.join(" ")));
            tx.exec_many(&Rows { into, row: "(?, ?, ?, ?)", tail: "" }, rows.collect()).await
        }
        Kind::Postgres => {
            let into = match index {
                Index::Public => "INSERT INTO public_search (row_key, words, marked)",
                Index::Desk => "INSERT INTO desk_search (row_key, words, marked)",
            };
            let rows = rows.into_iter().map(|(key, document)| (key, tsvector(&document.words, &document.facets), tsvector(&document.marked, &[])));
            tx.exec_many(&Rows { into, row: "(?, CAST(? AS tsvector), CAST(? AS tsvector))", tail: "" }, rows.collect()).await
        }
    }
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
