//! SQL of agencies that were asked for their part in a case.

use crate::db::Tx;
use crate::error::Result;
use crate::petitions::coordination::Coordination;
use crate::petitions::rules::Kind;
use chrono::NaiveDate;

/// Writes down that an agency was asked.
pub async fn insert(tx: &mut Tx, row: &Coordination) -> Result<()> {
    tx.exec(
        "INSERT INTO coordinations (id, case_id, agency_id, body_id, of_body_id, asked_by, asked_on, note_id, answer_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        (
            row.id.clone(),
            row.case_id.clone(),
            row.agency_id.clone(),
            row.body_id.clone(),
            row.of_body_id.clone(),
            row.asked_by.clone(),
            row.asked_on,
            row.note_id.clone(),
            row.answer_by,
        ),
    )
    .await?;
    Ok(())
}

/// The one of an id.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Coordination>> {
    tx.find("SELECT * FROM coordinations WHERE id = $1", (id.to_owned(),)).await
}

/// The most rows of one case that are looked at: those taken back count, too.
const OF_CASE_MAX: i64 = 100;

/// Who was asked about a case, in the order they were.
pub async fn of_case(tx: &mut Tx, case_id: &str) -> Result<Vec<Coordination>> {
    tx.all("SELECT * FROM coordinations WHERE case_id = $1 ORDER BY asked_on, id LIMIT $2", (case_id.to_owned(), OF_CASE_MAX)).await
}

/// The agency has given its opinion. False if it had, or nobody needs it any more.
pub async fn answered(tx: &mut Tx, id: &str, opinion_id: &str, on: NaiveDate) -> Result<bool> {
    let sql = "UPDATE coordinations SET opinion_id = $2, answered_on = $3 WHERE id = $1 AND answered_on IS NULL AND ended_on IS NULL";
    Ok(tx.exec(sql, (id.to_owned(), opinion_id.to_owned(), on)).await? == 1)
}

/// Nobody needs it any more. False if it was given, or nobody needed it.
pub async fn ended(tx: &mut Tx, id: &str, on: NaiveDate) -> Result<bool> {
    let sql = "UPDATE coordinations SET ended_on = $2 WHERE id = $1 AND answered_on IS NULL AND ended_on IS NULL";
    Ok(tx.exec(sql, (id.to_owned(), on)).await? == 1)
}

/// A question that waits for an agency, with as much of the case as a list names.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Waiting {
    /// Its id.
    pub id: String,
    /// Who was asked.
    pub agency_id: String,
    /// The authority that asked.
    pub of_body_id: String,
    /// By when.
    pub answer_by: NaiveDate,
    /// What the case is.
    pub kind: Kind,
    /// When it was received.
    pub received_on: NaiveDate,
    /// Where it happened.
    pub area_code: String,
    /// Whom it is about.
    pub barred: String,
}

/// What waits for an authority, or for one of its units: the same as `permissions::takes_part` decides of each, but whom a case is about. The most
/// urgent first, behind a row.
pub async fn waiting_for(tx: &mut Tx, (body_id, unit_id): (&str, Option<&str>), after: &(NaiveDate, String), limit: i64) -> Result<Vec<Waiting>> {
    tx.all(
        "SELECT c.id, c.agency_id, c.of_body_id, c.answer_by, k.kind, k.received_on, k.area_code, k.barred
         FROM coordinations c
         JOIN cases k ON k.id = c.case_id
         WHERE c.body_id = $1 AND c.answered_on IS NULL AND c.ended_on IS NULL AND (c.answer_by, c.id) > ($3, $4)
           AND (c.agency_id = $2 OR ($2 = '' AND c.of_body_id <> c.body_id))
           AND k.is_open = TRUE AND k.kind <> 'denunciation' AND k.body_id = c.of_body_id
         ORDER BY c.answer_by, c.id
         LIMIT $5",
        (body_id.to_owned(), unit_id.unwrap_or_default().to_owned(), after.0, after.1.clone(), limit),
    )
    .await
}
