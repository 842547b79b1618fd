//! SQL of the table of legal periods.

use super::rules::{Direction, Rule, Unit, Variant};
use crate::db::Tx;
use crate::error::{AppError, Result};
use chrono::NaiveDate;

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
