//! SQL of the search over what officials handle: the word index first, newest first, then the rows. Written twice because the
//! two databases have different word indexes; everything else of the statements is the same.

use super::queue::{Row, rows};
use crate::db::{Kind, Tx};
use crate::error::Result;
use crate::search::store::POSTGRES_HITS_SORTED_MAX;
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
    // An authority's lists are short enough to leave out what the first pass has shown.
    let Some(hits) = wanted.query.fts5(wanted.pass, None) else { return Ok(Vec::new()) };
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
        (hits, before, body_id, kind, unit_id, account_id, limit),
    )
    .await
}

macro_rules! postgres_hits {
    () => {
        "s.words @@ CAST($1 AS tsquery) AND ($8 = '' OR (s.marked @@ CAST($8 AS tsquery)) = $9) AND s.row_key < $2"
    };
}

macro_rules! postgres_filter {
    () => {
        "c.body_id = $3 AND ($4 = '' OR c.kind = $4) AND ($5 = '' OR c.handler_id = $6 OR (c.unit_id = $5 AND c.kind <> 'denunciation'))"
    };
}

/// Hits are counted before they are read, see [`POSTGRES_HITS_SORTED_MAX`].
async fn found_postgres(tx: &mut Tx, wanted: &Wanted<'_>, (before, body_id, kind, unit_id, account_id, limit): Tail) -> Result<Vec<Row>> {
    tx.exec("SET LOCAL plan_cache_mode = force_custom_plan", ()).await?;
    // A marked hit is a folded hit too: the folded words are there in both passes, the marked ones must or must not be.
    let (words, marked) = wanted.query.tsquery(Pass::Folded);
    let wants_marked = wanted.pass == Pass::Marked;
    let (hits,): (i64,) = tx
        .one(
            "SELECT count(*) FROM (
               SELECT 1
               FROM desk_search s
               WHERE s.words @@ CAST($1 AS tsquery) AND ($4 = '' OR (s.marked @@ CAST($4 AS tsquery)) = $5) AND s.row_key < $2
               LIMIT $3
             ) AS probe",
            (words.clone(), before, POSTGRES_HITS_SORTED_MAX, marked.clone(), wants_marked),
        )
        .await?;
    let sql = if hits < POSTGRES_HITS_SORTED_MAX {
        concat!(
            "WITH hits AS MATERIALIZED (SELECT s.row_key FROM desk_search s WHERE ",
            postgres_hits!(),
            ") ",
            rows!("JOIN hits h ON h.row_key = c.search_key WHERE "),
            postgres_filter!(),
            " ORDER BY h.row_key DESC LIMIT $7"
        )
    } else {
        concat!(
            rows!("JOIN desk_search s ON s.row_key = c.search_key WHERE "),
            postgres_hits!(),
            " AND ",
            postgres_filter!(),
            " ORDER BY s.row_key DESC LIMIT $7"
        )
    };
    tx.all(sql, (words, before, body_id, kind, unit_id, account_id, limit, marked, wants_marked)).await
}
