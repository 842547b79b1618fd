//! SQL of who was asked to rate an answer, and of the figures of what they said.

use crate::db::Tx;
use crate::error::Result;
use chrono::NaiveDate;

/// Somebody was asked, or will be.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Ask {
    /// The authority that had answered.
    pub body_id: String,
    /// Its unit; empty if none had the case.
    pub unit_id: String,
    /// The first day on which they are asked.
    pub asked_on: NaiveDate,
}

/// One figure: how often something was said in a month about an authority or a unit.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Cell {
    /// The authority or unit.
    pub agency_id: String,
    /// `2026-11`.
    pub month: String,
    /// What ([`crate::petitions::ratings`]).
    pub what: String,
    /// How often.
    pub n: i64,
}

/// The asking of a case.
pub async fn ask(tx: &mut Tx, case_id: &str) -> Result<Option<Ask>> {
    tx.find("SELECT body_id, unit_id, asked_on FROM rating_asks WHERE case_id = $1", (case_id.to_owned(),)).await
}

/// Writes the asking of a case, in place of an earlier one.
pub async fn put_ask(tx: &mut Tx, case_id: &str, ask: &Ask) -> Result<()> {
    tx.exec(
        "INSERT INTO rating_asks (case_id, body_id, unit_id, asked_on) VALUES ($1, $2, $3, $4)
         ON CONFLICT (case_id) DO UPDATE SET body_id = excluded.body_id, unit_id = excluded.unit_id, asked_on = excluded.asked_on",
        (case_id.to_owned(), ask.body_id.clone(), ask.unit_id.clone(), ask.asked_on),
    )
    .await?;
    Ok(())
}

/// Takes the asking of a case away.
pub async fn delete_ask(tx: &mut Tx, case_id: &str) -> Result<()> {
    tx.exec("DELETE FROM rating_asks WHERE case_id = $1", (case_id.to_owned(),)).await?;
    Ok(())
}

/// Raises or lowers a figure of an authority or a unit.
pub async fn count(tx: &mut Tx, (agency_id, is_body): (&str, bool), month: &str, what: &str, by: i64) -> Result<()> {
    tx.exec(
        "INSERT INTO rating_counts (agency_id, month, what, n, is_body) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (agency_id, month, what) DO UPDATE SET n = rating_counts.n + excluded.n",
        (agency_id.to_owned(), month.to_owned(), what.to_owned(), by, is_body),
    )
    .await?;
    Ok(())
}

/// The figures of an authority or a unit for these months, both among them.
pub async fn of_agency(tx: &mut Tx, agency_id: &str, first: &str, last: &str) -> Result<Vec<Cell>> {
    tx.all(
        "SELECT agency_id, month, what, n FROM rating_counts WHERE agency_id = $1 AND month BETWEEN $2 AND $3 ORDER BY month, what",
        (agency_id.to_owned(), first.to_owned(), last.to_owned()),
    )
    .await
}

/// The figures of all authorities for these months, added up.
pub async fn of_bodies(tx: &mut Tx, first: &str, last: &str) -> Result<Vec<Cell>> {
    tx.all(
        "SELECT agency_id, '' AS month, what, CAST(SUM(n) AS BIGINT) AS n
         FROM rating_counts
         WHERE is_body = TRUE AND month BETWEEN $1 AND $2
         GROUP BY agency_id, what",
        (first.to_owned(), last.to_owned()),
    )
    .await
}
