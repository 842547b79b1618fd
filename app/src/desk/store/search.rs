//! SQL of the search over what officials handle: the word index first, newest first, then the rows. Written twice because the
//! two databases have different word indexes; everything else of the statements is the same.

use super::queue::{Row, rows};
use crate::db::{Kind, Tx};
use crate::error::Result;
use crate::search::{Pass, Query};

/// What is looked for, by whom.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// Words and the authority's facet.
    pub query: &'a Query,
    /// With the very marks, or the rest.
    pub pass: Pass,
    /// Below this search key.
    pub before: i64,
    /// Of this kind only; any if empty.
    pub kind: &'static str,
    /// The authority.
    pub body_id: &'a str,
    /// Only this unit's cases and the person's; all of the authority's if none.
    pub unit: Option<(&'a str, &'a str)>,
    /// At most so many.
    pub limit: i64,
}

/// The cases found, newest first.
pub async fn found(tx: &mut Tx, wanted: &Wanted<'_>) -> Result<Vec<Row>> {
    let (unit_id, account_id) = wanted.unit.unwrap_or_default();
    let tail = (wanted.before, wanted.body_id.to_owned(), wanted.kind.to_owned(), unit_id.to_owned(), account_id.to_owned(), wanted.limit);
    match tx.kind() {
        Kind::Sqlite => found_sqlite(tx, wanted, tail).await,
        Kind::Postgres => found_postgres(tx, wanted, tail).await,
    }
}

type Tail = (i64, String, String, String, String, i64);

async fn found_sqlite(tx: &mut Tx, wanted: &Wanted<'_>, (before, body_id, kind, unit_id, account_id, limit): Tail) -> Result<Vec<Row>> {
    // CROSS JOIN keeps the index's order: the word index is walked backwards and each hit looked up.
    tx.all(
        "SELECT c.*, COALESCE(t.title, '') AS title, a.display_name AS handler_name
         FROM desk_search s
         CROSS JOIN cases c
         LEFT JOIN case_texts t ON t.case_id = c.id
         LEFT JOIN accounts a ON a.id = c.handler_id
         WHERE s.desk_search MATCH $1 AND s.rowid < $2 AND c.search_key = s.rowid
           AND c.body_id = $3 AND ($4 = '' OR c.kind = $4)
           AND ($5 = '' OR c.handler_id = $6 OR (c.unit_id = $5 AND c.kind <> 'denunciation'))
         ORDER BY s.rowid DESC
         LIMIT $7",
        (wanted.query.fts5(wanted.pass), before, body_id, kind, unit_id, account_id, limit),
    )
    .await
}

async fn found_postgres(tx: &mut Tx, wanted: &Wanted<'_>, (before, body_id, kind, unit_id, account_id, limit): Tail) -> Result<Vec<Row>> {
    let (words, marked) = wanted.query.tsquery(wanted.pass);
    if marked.is_empty() {
        return tx
            .all(
                rows!(
                    "JOIN desk_search s ON s.row_key = c.search_key
                     WHERE s.words @@ CAST($1 AS tsquery) AND s.row_key < $2
                       AND c.body_id = $3 AND ($4 = '' OR c.kind = $4)
                       AND ($5 = '' OR c.handler_id = $6 OR (c.unit_id = $5 AND c.kind <> 'denunciation'))
                     ORDER BY s.row_key DESC
                     LIMIT $7"
                ),
                (words, before, body_id, kind, unit_id, account_id, limit),
            )
            .await;
    }
    let sql = match wanted.pass {
        Pass::Marked => rows!(
            "JOIN desk_search s ON s.row_key = c.search_key
             WHERE s.words @@ CAST($1 AS tsquery) AND s.marked @@ CAST($8 AS tsquery) AND s.row_key < $2
               AND c.body_id = $3 AND ($4 = '' OR c.kind = $4)
               AND ($5 = '' OR c.handler_id = $6 OR (c.unit_id = $5 AND c.kind <> 'denunciation'))
             ORDER BY s.row_key DESC
             LIMIT $7"
        ),
        Pass::Folded => rows!(
            "JOIN desk_search s ON s.row_key = c.search_key
             WHERE s.words @@ CAST($1 AS tsquery) AND NOT s.marked @@ CAST($8 AS tsquery) AND s.row_key < $2
               AND c.body_id = $3 AND ($4 = '' OR c.kind = $4)
               AND ($5 = '' OR c.handler_id = $6 OR (c.unit_id = $5 AND c.kind <> 'denunciation'))
             ORDER BY s.row_key DESC
             LIMIT $7"
        ),
    };
    tx.all(sql, (words, before, body_id, kind, unit_id, account_id, limit, marked)).await
}
