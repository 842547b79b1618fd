//! SQL of late steps put before those above, of the rules for it, and of how far the daily walk has come.

use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::petitions::escalation::{EscalationRule, Level};
use crate::petitions::rules::Case;
use chrono::NaiveDate;

type RuleRow = (String, Level, i64, NaiveDate, Option<NaiveDate>, String);

/// All rules.
pub async fn rules(tx: &mut Tx) -> Result<Vec<EscalationRule>> {
    let rows: Vec<RuleRow> =
        tx.all("SELECT clock, level, days, valid_from, valid_to, source FROM escalation_rules ORDER BY clock, level, valid_from", ()).await?;
    rows.into_iter()
        .map(|(clock, level, days, valid_from, valid_to, source)| {
            let days = u32::try_from(days).map_err(AppError::internal)?;
            Ok(EscalationRule { clock, level, days, valid_from, valid_to, source })
        })
        .collect()
}

/// Writes a rule, in place of the one with the same period, level and first day.
pub async fn put_rule(tx: &mut Tx, rule: EscalationRule) -> Result<()> {
    tx.exec(
        "INSERT INTO escalation_rules (clock, level, days, valid_from, valid_to, source) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (clock, level, valid_from) DO UPDATE SET days = excluded.days, valid_to = excluded.valid_to, source = excluded.source",
        (rule.clock, rule.level, i64::from(rule.days), rule.valid_from, rule.valid_to, rule.source),
    )
    .await?;
    Ok(())
}

/// A late step before somebody above.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Escalated {
    /// The case.
    pub case_id: String,
    /// Code of the missed legal period.
    pub clock: String,
    /// Its last day.
    pub last_day: NaiveDate,
    /// Before whom.
    pub level: Level,
    /// The authority that had the case then.
    pub body_id: String,
    /// Who was late: the unit, else the authority.
    pub agency_id: String,
    /// Whose head it was put before.
    pub to_body_id: String,
    /// When.
    pub put_on: NaiveDate,
    /// By when a report must be demanded, where the law says so.
    pub demand_by: Option<NaiveDate>,
    /// When it was.
    pub demanded_on: Option<NaiveDate>,
    /// By when the report must be there.
    pub report_by: Option<NaiveDate>,
    /// When it was.
    pub reported_on: Option<NaiveDate>,
    /// Since when nothing of the case is late any more.
    pub settled_on: Option<NaiveDate>,
}

/// Notes that a late step was put before somebody. False if it had been.
pub async fn insert(tx: &mut Tx, row: &Escalated) -> Result<bool> {
    let rows = tx
        .exec(
            "INSERT INTO escalations (case_id, clock, last_day, level, body_id, agency_id, to_body_id, put_on, demand_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
            (
                row.case_id.clone(),
                row.clock.clone(),
                row.last_day,
                row.level,
                row.body_id.clone(),
                row.agency_id.clone(),
                row.to_body_id.clone(),
                row.put_on,
                row.demand_by,
            ),
        )
        .await?;
    Ok(rows == 1)
}

/// The most rows of one case that are looked at.
const OF_CASE_MAX: i64 = 50;

/// What was put before somebody of a case, in the order it was.
pub async fn of_case(tx: &mut Tx, case_id: &str) -> Result<Vec<Escalated>> {
    tx.all("SELECT * FROM escalations WHERE case_id = $1 ORDER BY put_on, level, clock LIMIT $2", (case_id.to_owned(), OF_CASE_MAX)).await
}

/// Open late steps before an authority, the longest waiting first, behind a row.
pub async fn before_body(tx: &mut Tx, to_body_id: &str, after: &(NaiveDate, String), limit: i64) -> Result<Vec<Escalated>> {
    tx.all(
        "SELECT *
         FROM escalations
         WHERE to_body_id = $1 AND level = 'superior' AND settled_on IS NULL AND (put_on, case_id) > ($2, $3)
         ORDER BY put_on, case_id
         LIMIT $4",
        (to_body_id.to_owned(), after.0, after.1.clone(), limit),
    )
    .await
}

/// Late steps that were put before the head of an authority and still stand, the newest first.
pub async fn before_head(tx: &mut Tx, body_id: &str, limit: i64) -> Result<Vec<Escalated>> {
    tx.all(
        "SELECT *
         FROM escalations
         WHERE to_body_id = $1 AND level = 'head' AND settled_on IS NULL
         ORDER BY put_on DESC, case_id DESC
         LIMIT $2",
        (body_id.to_owned(), limit),
    )
    .await
}

/// Whether a late step of a case lies before an authority that is above the one that has it.
pub async fn is_before(tx: &mut Tx, case_id: &str, to_body_id: &str) -> Result<bool> {
    let found: Option<(String,)> = tx
        .find(
            "SELECT case_id FROM escalations WHERE case_id = $1 AND to_body_id = $2 AND level = 'superior' AND settled_on IS NULL LIMIT 1",
            (case_id.to_owned(), to_body_id.to_owned()),
        )
        .await?;
    Ok(found.is_some())
}

/// A superior has demanded a report.
pub async fn demanded(tx: &mut Tx, case_id: &str, by_body_id: &str, on: NaiveDate, report_by: Option<NaiveDate>) -> Result<()> {
    tx.exec(
        "UPDATE escalations SET demanded_on = COALESCE(demanded_on, $3), report_by = COALESCE(report_by, $4)
         WHERE case_id = $1 AND to_body_id = $2 AND level = 'superior' AND settled_on IS NULL",
        (case_id.to_owned(), by_body_id.to_owned(), on, report_by),
    )
    .await?;
    Ok(())
}

/// The authority has reported. False if nothing was demanded, or it had.
pub async fn reported(tx: &mut Tx, case_id: &str, on: NaiveDate) -> Result<bool> {
    let rows = tx
        .exec(
            "UPDATE escalations SET reported_on = $2 WHERE case_id = $1 AND demanded_on IS NOT NULL AND reported_on IS NULL AND settled_on IS NULL",
            (case_id.to_owned(), on),
        )
        .await?;
    Ok(rows > 0)
}

/// Nothing of a case is late any more.
pub(super) fn settle(tx: &mut Tx, case_id: &str, on: NaiveDate) -> Result<()> {
    tx.later("UPDATE escalations SET settled_on = $2 WHERE case_id = $1 AND settled_on IS NULL", (case_id.to_owned(), on))
}

/// Late cases of an authority by their clock, behind a row: the queue's own index.
pub async fn late_of_body(tx: &mut Tx, body_id: &str, today: NaiveDate, after: &(NaiveDate, String), limit: i64) -> Result<Vec<Case>> {
    tx.all(
        "SELECT *
         FROM cases
         WHERE body_id = $1 AND is_open = TRUE AND due_on < $2 AND (due_on, id) > ($3, $4)
         ORDER BY due_on, id
         LIMIT $5",
        (body_id.to_owned(), today, after.0, after.1.clone(), limit),
    )
    .await
}

/// How far a daily walk has come.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Walk {
    /// The day it is for.
    pub day: NaiveDate,
    /// The authority whose cases are walked.
    pub body_id: String,
    /// Behind this last day …
    pub due_on: NaiveDate,
    /// … and this case.
    pub case_id: String,
    /// All have been walked.
    pub is_done: bool,
}

/// The walk of a name; none if it never began.
pub async fn walk(tx: &mut Tx, name: &str) -> Result<Option<Walk>> {
    tx.find("SELECT day, body_id, due_on, case_id, is_done FROM walks WHERE name = $1", (name.to_owned(),)).await
}

/// Keeps how far a walk has come.
pub async fn keep_walk(tx: &mut Tx, name: &str, walk: &Walk) -> Result<()> {
    tx.exec(
        "INSERT INTO walks (name, day, body_id, due_on, case_id, is_done) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (name) DO UPDATE SET day = excluded.day, body_id = excluded.body_id, due_on = excluded.due_on, case_id = excluded.case_id,
             is_done = excluded.is_done",
        (name.to_owned(), walk.day, walk.body_id.clone(), walk.due_on, walk.case_id.clone(), walk.is_done),
    )
    .await?;
    Ok(())
}
