//! SQL of the public register's rows and figures.

use crate::db::Tx;
use crate::error::Result;
use crate::petitions::register::Outcome;
use crate::petitions::rules::Kind;
use chrono::NaiveDate;

/// A released case as the public sees it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PublicCase {
    /// The number in its address.
    pub number: i64,
    /// The case behind it; never shown.
    pub case_id: String,
    /// What it is in law.
    pub kind: Kind,
    /// `handling` or `answered`.
    pub state: String,
    /// The authority.
    pub body_id: String,
    /// Where it happened.
    pub area_code: String,
    /// Year of filing.
    pub year: i64,
    /// The edited sentence.
    pub title: String,
    /// The edited text.
    pub body: String,
    /// Its beginning, for lists.
    pub excerpt: String,
    /// Day 0 of the clock.
    pub filed_on: NaiveDate,
    /// Last day for the answer.
    pub due_on: NaiveDate,
    /// Day of the answer.
    pub answered_on: Option<NaiveDate>,
    /// Working days from receipt to answer.
    pub days_taken: Option<i64>,
    /// Whether the answer came in time.
    pub is_on_time: Option<bool>,
    /// Day of release.
    pub released_on: NaiveDate,
}

/// The row of a case.
pub async fn by_case(tx: &mut Tx, case_id: &str) -> Result<Option<PublicCase>> {
    tx.find("SELECT * FROM public_cases WHERE case_id = $1", (case_id.to_owned(),)).await
}

/// The row of a number.
pub async fn by_number(tx: &mut Tx, number: i64) -> Result<Option<PublicCase>> {
    tx.find("SELECT * FROM public_cases WHERE number = $1", (number,)).await
}

/// Released cases after a number, in order.
pub async fn after(tx: &mut Tx, number: i64, limit: i64) -> Result<Vec<PublicCase>> {
    tx.all("SELECT * FROM public_cases WHERE number > $1 ORDER BY number LIMIT $2", (number, limit)).await
}

/// The next public number. The counter's row is locked until the transaction ends, so numbers have no gaps.
pub async fn next_number(tx: &mut Tx) -> Result<i64> {
    let (number,): (i64,) = tx.one("UPDATE counters SET value = value + 1 WHERE name = 'public_number' RETURNING value", ()).await?;
    Ok(number)
}

/// Tells every process that public pages have changed.
pub async fn raise_version(tx: &mut Tx) -> Result<()> {
    tx.exec("UPDATE counters SET value = value + 1 WHERE name = 'public_version'", ()).await?;
    Ok(())
}

/// How often public pages have changed.
pub async fn version(tx: &mut Tx) -> Result<i64> {
    let (version,): (i64,) = tx.one("SELECT value FROM counters WHERE name = 'public_version'", ()).await?;
    Ok(version)
}

/// Writes a row, in place of an earlier one of the same number.
pub async fn put(tx: &mut Tx, row: &PublicCase) -> Result<()> {
    tx.exec(
        "INSERT INTO public_cases (number, case_id, kind, state, body_id, area_code, year, title, body, excerpt, filed_on, due_on, answered_on, days_taken, is_on_time, released_on)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         ON CONFLICT (number) DO UPDATE
         SET kind = excluded.kind, state = excluded.state, body_id = excluded.body_id, title = excluded.title, body = excluded.body, excerpt = excluded.excerpt,
             due_on = excluded.due_on, answered_on = excluded.answered_on, days_taken = excluded.days_taken, is_on_time = excluded.is_on_time",
        (
            row.number,
            row.case_id.clone(),
            row.kind,
            row.state.clone(),
            row.body_id.clone(),
            row.area_code.clone(),
            row.year,
            row.title.clone(),
            row.body.clone(),
            row.excerpt.clone(),
            row.filed_on,
            row.due_on,
            row.answered_on,
            row.days_taken,
            row.is_on_time,
            row.released_on,
        ),
    )
    .await?;
    Ok(())
}

/// Takes a case out of the register.
pub async fn delete(tx: &mut Tx, number: i64) -> Result<()> {
    tx.exec("DELETE FROM public_cases WHERE number = $1", (number,)).await?;
    Ok(())
}

/// Raises or lowers the figures by one row.
pub async fn count(tx: &mut Tx, row: &PublicCase, by: i64) -> Result<()> {
    tx.exec(
        "INSERT INTO public_counts (body_id, year, kind, outcome, n, days_sum) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (body_id, year, kind, outcome) DO UPDATE
         SET n = public_counts.n + excluded.n, days_sum = public_counts.days_sum + excluded.days_sum",
        (row.body_id.clone(), row.year, row.kind, Outcome::of(row).code().to_owned(), by, by * row.days_taken.unwrap_or(0)),
    )
    .await?;
    Ok(())
}
