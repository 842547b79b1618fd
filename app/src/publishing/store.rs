//! SQL of the public pages. All of it reads.

use super::figures::Count;
use crate::db::{Kind as Database, Tx};
use crate::error::Result;
use crate::petitions::register::PublicCase;
use crate::petitions::rules::Kind;
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
    tx.all(listed!("FROM public_cases p WHERE p.number < $1 ORDER BY p.number DESC LIMIT $2"), (below, limit)).await
}

/// The latest answers.
pub async fn latest_answers(tx: &mut Tx, limit: i64) -> Result<Vec<Listed>> {
    tx.all(listed!("FROM public_cases p WHERE p.answered_on IS NOT NULL ORDER BY p.answered_on DESC, p.number DESC LIMIT $1"), (limit,)).await
}

const SQLITE_MATCHING: &str = listed!(
    "FROM public_search s
     JOIN public_cases p ON p.number = s.rowid
     WHERE public_search MATCH $1 AND s.rowid < $2
     ORDER BY s.rowid DESC
     LIMIT $3"
);

/// Released cases of one pass of a search below a number, newest first. The index gives them in this order, so a page costs
/// the same at ten thousand cases and at a million. `query` must not be empty.
pub async fn matching(tx: &mut Tx, query: &Query, pass: Pass, below: i64, limit: i64) -> Result<Vec<Listed>> {
    match tx.kind() {
        Database::Sqlite => tx.all(SQLITE_MATCHING, (query.fts5(pass), below, limit)).await,
        Database::Postgres => postgres_matching(tx, query, pass, below, limit).await,
    }
}

/// PostgreSQL has two columns of words, and an empty question matches nothing there: each of the four forms is a text of its own.
async fn postgres_matching(tx: &mut Tx, query: &Query, pass: Pass, below: i64, limit: i64) -> Result<Vec<Listed>> {
    let (words, marked) = query.tsquery(pass);
    match (pass, words.is_empty(), marked.is_empty()) {
        (Pass::Marked, true, _) => {
            tx.all(
                listed!(
                    "FROM public_search s
                     JOIN public_cases p ON p.number = s.row_key
                     WHERE s.marked @@ CAST($1 AS tsquery) AND s.row_key < $2
                     ORDER BY s.row_key DESC
                     LIMIT $3"
                ),
                (marked, below, limit),
            )
            .await
        }
        (Pass::Marked, false, _) => {
            tx.all(
                listed!(
                    "FROM public_search s
                     JOIN public_cases p ON p.number = s.row_key
                     WHERE s.words @@ CAST($4 AS tsquery) AND s.marked @@ CAST($1 AS tsquery) AND s.row_key < $2
                     ORDER BY s.row_key DESC
                     LIMIT $3"
                ),
                (marked, below, limit, words),
            )
            .await
        }
        (Pass::Folded, _, true) => {
            tx.all(
                listed!(
                    "FROM public_search s
                     JOIN public_cases p ON p.number = s.row_key
                     WHERE s.words @@ CAST($1 AS tsquery) AND s.row_key < $2
                     ORDER BY s.row_key DESC
                     LIMIT $3"
                ),
                (words, below, limit),
            )
            .await
        }
        (Pass::Folded, _, false) => {
            tx.all(
                listed!(
                    "FROM public_search s
                     JOIN public_cases p ON p.number = s.row_key
                     WHERE s.words @@ CAST($1 AS tsquery) AND NOT s.marked @@ CAST($4 AS tsquery) AND s.row_key < $2
                     ORDER BY s.row_key DESC
                     LIMIT $3"
                ),
                (words, below, limit, marked),
            )
            .await
        }
    }
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
