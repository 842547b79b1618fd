//! SQL of the public pages. All of it reads.

use super::figures::Count;
use crate::db::{Kind as Database, Tx};
use crate::error::Result;
use crate::petitions::register::PublicCase;
use crate::petitions::rules::Kind;
use crate::search::store::POSTGRES_HITS_SORTED_MAX;
use crate::search::{Pass, Query};
use chrono::NaiveDate;

/// A released case as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Listed {
    /// The number in its address.
    pub number: i64,
    /// What it is in law.
    pub kind: Kind,
    /// The authority.
    pub body_id: String,
    /// Where it happened.
    pub area_code: String,
    /// The edited sentence.
    pub title: String,
    /// The beginning of the edited text.
    pub excerpt: String,
    /// Day 0 of the clock.
    pub filed_on: NaiveDate,
    /// Last day for the answer.
    pub due_on: NaiveDate,
    /// Day of the answer.
    pub answered_on: Option<NaiveDate>,
    /// Working days from receipt to answer.
    pub days_taken: Option<i64>,
}

macro_rules! listed {
    ($rest:literal) => {
        concat!("SELECT p.number, p.kind, p.body_id, p.area_code, p.title, p.excerpt, p.filed_on, p.due_on, p.answered_on, p.days_taken ", $rest)
    };
}

macro_rules! search_sql {
    () => {
        listed!(
            "FROM public_search s
             JOIN public_cases p ON p.number = s.rowid
             WHERE public_search MATCH $1 AND s.rowid < $2
             ORDER BY s.rowid DESC
             LIMIT $3"
        )
    };
}

macro_rules! newest_sql {
    () => {
        listed!("FROM public_cases p WHERE p.number < $1 ORDER BY p.number DESC LIMIT $2")
    };
}

macro_rules! latest_sql {
    () => {
        listed!("FROM public_cases p WHERE p.answered_on IS NOT NULL ORDER BY p.answered_on DESC, p.number DESC LIMIT $1")
    };
}

/// The cells of the figures. There are a few for each authority and year, however many cases.
pub async fn counts(tx: &mut Tx) -> Result<Vec<Count>> {
    tx.all("SELECT body_id, year, kind, outcome, n, days_sum FROM public_counts WHERE n > 0", ()).await
}

/// The released case of a number.
pub async fn by_number(tx: &mut Tx, number: i64) -> Result<Option<PublicCase>> {
    tx.find("SELECT * FROM public_cases WHERE number = $1", (number,)).await
}

/// Released cases below a number, newest first.
pub async fn newest(tx: &mut Tx, below: i64, limit: i64) -> Result<Vec<Listed>> {
    tx.all(newest_sql!(), (below, limit)).await
}

/// The latest answers.
pub async fn latest_answers(tx: &mut Tx, limit: i64) -> Result<Vec<Listed>> {
    tx.all(latest_sql!(), (limit,)).await
}

/// Released cases of one pass of a search below a number, newest first. The index gives them in this order, so a page costs
/// the same at ten thousand cases and at a million. `query` must not be empty.
pub async fn matching(tx: &mut Tx, query: &Query, pass: Pass, below: i64, limit: i64) -> Result<Vec<Listed>> {
    match tx.kind() {
        Database::Sqlite => {
            let words = if pass == Pass::Folded { query.words_with_marks() } else { &[] };
            let forms = if words.is_empty() { None } else { Some(crate::search::store::forms(tx, words).await?) };
            let Some(hits) = query.fts5(pass, forms.as_ref()) else { return Ok(Vec::new()) };
            tx.all(search_sql!(), (hits, below, limit)).await
        }
        Database::Postgres => postgres_matching(tx, query, pass, below, limit).await,
    }
}

macro_rules! postgres_hits {
    () => {
        "s.words @@ CAST($1 AS tsquery) AND ($4 = '' OR (s.marked @@ CAST($4 AS tsquery)) = $5) AND s.row_key < $2"
    };
}

/// Hits are counted before they are read, see [`POSTGRES_HITS_SORTED_MAX`].
async fn postgres_matching(tx: &mut Tx, query: &Query, pass: Pass, below: i64, limit: i64) -> Result<Vec<Listed>> {
    tx.exec("SET LOCAL plan_cache_mode = force_custom_plan", ()).await?;
    // A marked hit is a folded hit too: the folded words are there in both passes, the marked ones must or must not be.
    let (words, marked) = query.tsquery(Pass::Folded);
    let wants_marked = pass == Pass::Marked;
    let (hits,): (i64,) = tx
        .one(
            concat!("SELECT count(*) FROM (SELECT 1 FROM public_search s WHERE ", postgres_hits!(), " LIMIT $3) AS probe"),
            (words.clone(), below, POSTGRES_HITS_SORTED_MAX, marked.clone(), wants_marked),
        )
        .await?;
    let sql = if hits < POSTGRES_HITS_SORTED_MAX {
        concat!(
            "WITH hits AS MATERIALIZED (SELECT s.row_key FROM public_search s WHERE ",
            postgres_hits!(),
            ") ",
            listed!("FROM hits h JOIN public_cases p ON p.number = h.row_key ORDER BY h.row_key DESC LIMIT $3")
        )
    } else {
        concat!(listed!("FROM public_search s JOIN public_cases p ON p.number = s.row_key WHERE "), postgres_hits!(), " ORDER BY s.row_key DESC LIMIT $3")
    };
    tx.all(sql, (words, below, limit, marked, wants_marked)).await
}

/// The highest number given; 0 if none is.
pub async fn highest_number(tx: &mut Tx) -> Result<i64> {
    let (number,): (Option<i64>,) = tx.one("SELECT max(number) FROM public_cases", ()).await?;
    Ok(number.unwrap_or(0))
}

/// Numbers from `first` to `last` with the days they were released and answered on, for search engines.
pub async fn numbers_between(tx: &mut Tx, first: i64, last: i64) -> Result<Vec<(i64, NaiveDate, Option<NaiveDate>)>> {
    tx.all("SELECT number, released_on, answered_on FROM public_cases WHERE number BETWEEN $1 AND $2 ORDER BY number DESC", (first, last)).await
}

#[cfg(test)]
mod tests {
    use crate::db::Db;

    /// A plan that sorts, or walks all rows, is slow at a million cases and quick in every other test.
    #[tokio::test]
    async fn lists_read_their_order_from_an_index() {
        let file = std::env::temp_dir().join(format!("nghedan-plans-{}.db", std::process::id()));
        let db = Db::open(&format!("sqlite:{}", file.display()), crate::db::Keys::locked()).await.expect("a database");
        let mut tx = db.read().await.expect("a transaction");
        type Plan = Vec<(i64, i64, i64, String)>;
        let plans: [Plan; 3] = [
            tx.all(concat!("EXPLAIN QUERY PLAN ", search_sql!()), ("words:\"a\"".to_owned(), 9_i64, 21_i64)).await.expect("a plan"),
            tx.all(concat!("EXPLAIN QUERY PLAN ", newest_sql!()), (9_i64, 21_i64)).await.expect("a plan"),
            tx.all(concat!("EXPLAIN QUERY PLAN ", latest_sql!()), (5_i64,)).await.expect("a plan"),
        ];
        drop(tx);
        db.close().await;
        for ending in ["db", "db-wal", "db-shm"] {
            std::fs::remove_file(file.with_extension(ending)).unwrap_or_default();
        }
        for plan in plans {
            let text = plan.into_iter().map(|(_, _, _, step)| step).collect::<Vec<_>>().join("; ");
            assert!(!text.contains("TEMP B-TREE") && !text.contains("SCAN p"), "{text}");
        }
    }
}
