//! SQL of candidates for similar cases.

use crate::db::Tx;
use crate::error::Result;
use crate::petitions::rules::{Case, Kind};
use crate::petitions::store::parts::CaseText;
use chrono::NaiveDate;

/// A case with its sender's words.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Candidate {
    /// The case.
    #[sqlx(flatten)]
    pub case: Case,
    /// The words.
    #[sqlx(flatten)]
    pub text: CaseText,
}

/// Search keys looked up in one statement.
pub const KEYS_MAX: usize = 16;
/// No case has this key.
const NO_KEY: i64 = i64::MIN;

/// The cases of at most [`KEYS_MAX`] search keys, in no order. Denunciations have none to find them by and are left out all the same.
pub async fn by_search_keys(tx: &mut Tx, search_keys: &[i64]) -> Result<Vec<Candidate>> {
    let k = |at: usize| search_keys.get(at).copied().unwrap_or(NO_KEY);
    tx.all(
        "SELECT c.*, t.title, t.body, t.place, t.about, t.latitude_e6, t.longitude_e6
         FROM cases c
         JOIN case_texts t ON t.case_id = c.id
         WHERE c.search_key IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) AND c.kind <> 'denunciation'",
        (k(0), k(1), k(2), k(3), k(4), k(5), k(6), k(7), k(8), k(9), k(10), k(11), k(12), k(13), k(14), k(15)),
    )
    .await
}

/// The newest cases of an authority with a mark, without denunciations.
pub async fn with_mark(tx: &mut Tx, mark: &str, body_id: &str, limit: i64) -> Result<Vec<Candidate>> {
    // CROSS JOIN keeps the order: the mark is walked and each case looked up.
    tx.all(
        "SELECT c.*, t.title, t.body, t.place, t.about, t.latitude_e6, t.longitude_e6
         FROM (SELECT case_id FROM case_marks WHERE mark = $1 ORDER BY search_key DESC LIMIT $2) AS m
         CROSS JOIN cases c
         JOIN case_texts t ON t.case_id = c.id
         WHERE c.id = m.case_id AND COALESCE(c.body_id, '') = $3 AND c.kind <> 'denunciation'",
        (mark.to_owned(), limit, body_id.to_owned()),
    )
    .await
}

/// Search keys of the newest cases with a mark.
pub async fn keys_with_mark(tx: &mut Tx, mark: &str, limit: i64) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = tx.all("SELECT search_key FROM case_marks WHERE mark = $1 ORDER BY search_key DESC LIMIT $2", (mark.to_owned(), limit)).await?;
    Ok(rows.into_iter().map(|(key,)| key).collect())
}

/// A released case that can be joined, as its card shows it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Released {
    /// Its public number.
    pub number: i64,
    /// The case behind it; never shown.
    pub case_id: String,
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
}

/// Of at most [`KEYS_MAX`] public numbers the released cases that have no answer yet and can be joined, in no order.
pub async fn released(tx: &mut Tx, numbers: &[i64]) -> Result<Vec<Released>> {
    let n = |at: usize| numbers.get(at).copied().unwrap_or(NO_KEY);
    tx.all(
        "SELECT p.number, p.case_id, p.kind, p.body_id, p.area_code, p.title, p.excerpt, p.filed_on, p.due_on
         FROM public_cases p
         WHERE p.number IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
           AND p.kind IN ('report', 'recommendation') AND p.state = 'handling'",
        (n(0), n(1), n(2), n(3), n(4), n(5), n(6), n(7), n(8), n(9), n(10), n(11), n(12), n(13), n(14), n(15)),
    )
    .await
}
