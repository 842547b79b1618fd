//! SQL of the table of legal periods, of days off, and of what administrators changed about them.

use super::periods::Change;
use super::rules::{Direction, Rule, Unit, Variant};
use super::{Certainty, DayOff, SpecialDay};
use crate::db::Tx;
use crate::error::{AppError, Result};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

#[derive(sqlx::FromRow)]
struct Row {
    code: String,
    variant: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    direction: String,
    length: i64,
    unit: String,
    rolls_over: bool,
    name: String,
    name_en: String,
    start: String,
    start_en: String,
    source: String,
}

/// All rules, in the order of lists.
///
/// # Errors
/// A row with a word the portal does not know.
pub async fn all(tx: &mut Tx) -> Result<Vec<Rule>> {
    let rows: Vec<Row> = tx
        .all(
            "SELECT code, variant, valid_from, valid_to, direction, length, unit, rolls_over, name, name_en, start, start_en, source
             FROM deadline_rules
             ORDER BY place, code, valid_from, variant",
            (),
        )
        .await?;
    rows.into_iter().map(rule).collect()
}

fn rule(row: Row) -> Result<Rule> {
    let unknown = || AppError::internal(format!("deadline rule {}: a word is not known", row.code));
    Ok(Rule {
        variant: Variant::from_code(&row.variant).ok_or_else(unknown)?,
        direction: Direction::from_code(&row.direction).ok_or_else(unknown)?,
        unit: Unit::from_code(&row.unit).ok_or_else(unknown)?,
        length: u32::try_from(row.length).map_err(|_| unknown())?,
        code: row.code,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        rolls_over: row.rolls_over,
        name: row.name,
        name_en: row.name_en,
        start: row.start,
        start_en: row.start_en,
        source: row.source,
    })
}

/// Writes a rule, in place of the one with the same code, variant and first day.
pub async fn put(tx: &mut Tx, rule: Rule, place: i64) -> Result<()> {
    let (variant, direction, unit) = (rule.variant.code().to_owned(), rule.direction.code().to_owned(), rule.unit.code().to_owned());
    tx.exec(
        "INSERT INTO deadline_rules (code, variant, valid_from, valid_to, direction, length, unit, rolls_over, name, name_en, start, start_en, source, place)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         ON CONFLICT (code, variant, valid_from) DO UPDATE SET
             valid_to = excluded.valid_to, direction = excluded.direction, length = excluded.length, unit = excluded.unit,
             rolls_over = excluded.rolls_over, name = excluded.name, name_en = excluded.name_en, start = excluded.start,
             start_en = excluded.start_en, source = excluded.source, place = excluded.place",
        (
            rule.code,
            variant,
            rule.valid_from,
            rule.valid_to,
            direction,
            i64::from(rule.length),
            unit,
            rule.rolls_over,
            rule.name,
            rule.name_en,
            rule.start,
            rule.start_en,
            rule.source,
            place,
        ),
    )
    .await?;
    Ok(())
}

/// A day off, or a Saturday that is worked, as it stands in the table.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow, Serialize, Deserialize)]
pub struct DayOffRow {
    /// The day.
    pub day: NaiveDate,
    /// `statutory`, `compensation`, `swap_off` or `make_up_work`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// `confirmed`, `expected` or `proposal`.
    pub status: String,
    /// The document behind it.
    pub source: String,
}

/// What the words of a row mean. The table's CHECKs let no other words in.
pub fn special_day(kind: &str, name: String, status: &str) -> SpecialDay {
    let off = if kind == "make_up_work" { DayOff::Work } else { DayOff::Off };
    let certainty = match status {
        "confirmed" => Certainty::Confirmed,
        "expected" => Certainty::Expected,
        _ => Certainty::Proposed,
    };
    SpecialDay { off, name, certainty }
}

/// All rows as a calendar takes them.
pub async fn calendar_rows(tx: &mut Tx) -> Result<Vec<(NaiveDate, SpecialDay)>> {
    let rows: Vec<(NaiveDate, String, String, String)> = tx.all("SELECT day, kind, name, status FROM holidays", ()).await?;
    Ok(rows.into_iter().map(|(day, kind, name, status)| (day, special_day(&kind, name, &status))).collect())
}

/// The rows of these days, in order.
pub async fn days_off(tx: &mut Tx, first: NaiveDate, last: NaiveDate) -> Result<Vec<DayOffRow>> {
    tx.all("SELECT day, kind, name, status, source FROM holidays WHERE day BETWEEN $1 AND $2 ORDER BY day", (first, last)).await
}

/// The row of a day.
pub async fn day_off(tx: &mut Tx, day: NaiveDate) -> Result<Option<DayOffRow>> {
    tx.find("SELECT day, kind, name, status, source FROM holidays WHERE day = $1", (day,)).await
}

/// Writes a row, in place of the day's earlier one.
pub async fn put_day_off(tx: &mut Tx, row: DayOffRow) -> Result<()> {
    tx.exec(
        "INSERT INTO holidays (day, kind, name, status, source) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (day) DO UPDATE SET kind = excluded.kind, name = excluded.name, status = excluded.status, source = excluded.source",
        (row.day, row.kind, row.name, row.status, row.source),
    )
    .await?;
    Ok(())
}

/// Takes a row away.
pub async fn delete_day_off(tx: &mut Tx, day: NaiveDate) -> Result<()> {
    tx.exec("DELETE FROM holidays WHERE day = $1", (day,)).await?;
    Ok(())
}

/// Somebody changed a day: what it was, what it is now (JSON of a [`DayOffRow`], none for a plain day), and how many open
/// clocks it moved, once that is known.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CalendarChange {
    /// Its id.
    pub id: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; empty where it was an import.
    pub account_id: String,
    /// Their name.
    pub account_name: Option<String>,
    /// The day.
    pub day: NaiveDate,
    /// Before.
    pub was: Option<String>,
    /// After.
    pub is_now: Option<String>,
    /// Cases whose last day it moved.
    pub moved: Option<i64>,
}

impl CalendarChange {
    /// The row before and the row after.
    ///
    /// # Errors
    /// A row that cannot be read.
    pub fn rows(&self) -> Result<(Option<DayOffRow>, Option<DayOffRow>)> {
        let read = |text: &Option<String>| text.as_deref().map(serde_json::from_str).transpose();
        Ok((read(&self.was)?, read(&self.is_now)?))
    }
}

/// Records a change.
pub fn add_change(
    tx: &mut Tx,
    id: &str,
    at: DateTime<Utc>,
    account_id: &str,
    day: NaiveDate,
    was: Option<&DayOffRow>,
    is_now: Option<&DayOffRow>,
) -> Result<()> {
    let text = |row: Option<&DayOffRow>| row.map(serde_json::to_string).transpose();
    tx.later(
        "INSERT INTO calendar_changes (id, at, account_id, day, was, is_now) VALUES ($1, $2, $3, $4, $5, $6)",
        (id.to_owned(), at, account_id.to_owned(), day, text(was)?, text(is_now)?),
    )
}

/// The latest changes.
pub async fn changes(tx: &mut Tx, limit: i64) -> Result<Vec<CalendarChange>> {
    tx.all(
        "SELECT c.id, c.at, c.account_id, a.display_name AS account_name, c.day, c.was, c.is_now, c.moved
         FROM calendar_changes c
         LEFT JOIN accounts a ON a.id = c.account_id
         ORDER BY c.at DESC, c.id DESC
         LIMIT $1",
        (limit,),
    )
    .await
}

/// A change.
pub async fn change(tx: &mut Tx, id: &str) -> Result<Option<CalendarChange>> {
    tx.find(
        "SELECT c.id, c.at, c.account_id, a.display_name AS account_name, c.day, c.was, c.is_now, c.moved
         FROM calendar_changes c
         LEFT JOIN accounts a ON a.id = c.account_id
         WHERE c.id = $1",
        (id.to_owned(),),
    )
    .await
}

/// Adds to the number of cases a change has moved.
pub async fn add_moved(tx: &mut Tx, id: &str, moved: i64) -> Result<()> {
    tx.exec("UPDATE calendar_changes SET moved = COALESCE(moved, 0) + $2 WHERE id = $1", (id.to_owned(), moved)).await?;
    Ok(())
}

/// Takes a version of a rule out of the table.
pub async fn delete_rule(tx: &mut Tx, rule: &Rule) -> Result<()> {
    tx.exec(
        "DELETE FROM deadline_rules WHERE code = $1 AND variant = $2 AND valid_from = $3",
        (rule.code.clone(), rule.variant.code().to_owned(), rule.valid_from),
    )
    .await?;
    Ok(())
}

/// Where a rule stands in lists.
pub async fn place_of(tx: &mut Tx, code: &str) -> Result<i64> {
    let (place,): (Option<i64>,) = tx.one("SELECT min(place) FROM deadline_rules WHERE code = $1", (code.to_owned(),)).await?;
    Ok(place.unwrap_or(0))
}

/// Somebody changed the versions of a rule, or an import did; and how many running clocks that moved, once that is known.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PeriodChange {
    /// Its id.
    pub id: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; nobody where it was an import.
    pub account_id: Option<String>,
    /// Their name.
    pub account_name: Option<String>,
    /// The rule.
    pub code: String,
    /// JSON of its versions before.
    pub was: String,
    /// JSON of its versions after.
    pub is_now: String,
    /// Cases of which it moved a last day.
    pub moved: Option<i64>,
}

impl PeriodChange {
    /// The versions before and after.
    ///
    /// # Errors
    /// Versions that cannot be read.
    pub fn change(&self) -> Result<Change> {
        Ok(Change { code: self.code.clone(), was: serde_json::from_str(&self.was)?, is_now: serde_json::from_str(&self.is_now)? })
    }
}

macro_rules! period_changes_sql {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.at, c.account_id, a.display_name AS account_name, c.code, c.was, c.is_now, c.moved
             FROM period_changes c
             LEFT JOIN accounts a ON a.id = c.account_id ",
            $rest
        )
    };
}

/// Writes a change into the table and into the record of changes.
pub async fn put_change(tx: &mut Tx, id: &str, at: DateTime<Utc>, account_id: Option<String>, change: &Change) -> Result<()> {
    let place = place_of(tx, &change.code).await?;
    for rule in change.removed() {
        delete_rule(tx, rule).await?;
    }
    for rule in change.written() {
        put(tx, rule.clone(), place).await?;
    }
    add_period_change(tx, id, at, account_id, change)
}

/// Records a change.
pub fn add_period_change(tx: &mut Tx, id: &str, at: DateTime<Utc>, account_id: Option<String>, change: &Change) -> Result<()> {
    let (was, is_now) = (serde_json::to_string(&change.was)?, serde_json::to_string(&change.is_now)?);
    tx.later(
        "INSERT INTO period_changes (id, at, account_id, code, was, is_now) VALUES ($1, $2, $3, $4, $5, $6)",
        (id.to_owned(), at, account_id, change.code.clone(), was, is_now),
    )
}

/// The latest changes.
pub async fn period_changes(tx: &mut Tx, limit: i64) -> Result<Vec<PeriodChange>> {
    tx.all(period_changes_sql!("ORDER BY c.at DESC, c.id DESC LIMIT $1"), (limit,)).await
}

/// A change.
pub async fn period_change(tx: &mut Tx, id: &str) -> Result<Option<PeriodChange>> {
    tx.find(period_changes_sql!("WHERE c.id = $1"), (id.to_owned(),)).await
}

/// Adds to the number of cases a change has moved.
pub async fn add_period_moved(tx: &mut Tx, id: &str, moved: i64) -> Result<()> {
    tx.exec("UPDATE period_changes SET moved = COALESCE(moved, 0) + $2 WHERE id = $1", (id.to_owned(), moved)).await?;
    Ok(())
}
