//! SQL of retention: the table of rules, holds, what was deleted of a case. What is due, plans and requests have files of their own.

pub(super) mod due;
pub(super) mod erasing;
pub(super) mod plans;
pub(super) mod requests;

use super::rules::Rule;
use super::what::{Unit, What};
use crate::db::Tx;
use crate::error::{AppError, Result};
use chrono::{DateTime, NaiveDate, Utc};

/// Brings a rule in, in place of an earlier one of that first day.
pub(super) async fn put_rule(tx: &mut Tx, rule: Rule, place: i64) -> Result<()> {
    let Rule { what, valid_from, valid_to, n, unit, words, words_en, source } = rule;
    tx.exec(
        "INSERT INTO retention_rules (code, valid_from, valid_to, n, unit, counted_from, what, what_en, source, place)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (code, valid_from) DO UPDATE
         SET valid_to = excluded.valid_to, n = excluded.n, unit = excluded.unit, counted_from = excluded.counted_from, what = excluded.what,
             what_en = excluded.what_en, source = excluded.source, place = excluded.place",
        (
            what.code().to_owned(),
            valid_from,
            valid_to,
            n.map(i64::from),
            unit.code().to_owned(),
            what.counted_from().code().to_owned(),
            words,
            words_en,
            source,
            place,
        ),
    )
    .await?;
    Ok(())
}

/// All rules, in the order of lists.
pub(super) async fn rules(tx: &mut Tx) -> Result<Vec<Rule>> {
    type Row = (String, NaiveDate, Option<NaiveDate>, Option<i64>, String, String, String, String);
    let rows: Vec<Row> =
        tx.all("SELECT code, valid_from, valid_to, n, unit, what, what_en, source FROM retention_rules ORDER BY place, valid_from", ()).await?;
    let rule = |(code, valid_from, valid_to, n, unit, words, words_en, source): Row| {
        Ok(Rule {
            what: What::from_code(&code).ok_or_else(|| AppError::internal(format!("retention rule {code}")))?,
            valid_from,
            valid_to,
            n: n.map(u32::try_from).transpose().map_err(AppError::internal)?,
            unit: Unit::from_code(&unit).ok_or_else(|| AppError::internal(format!("unit {unit}")))?,
            words,
            words_en,
            source,
        })
    };
    rows.into_iter().map(rule).collect()
}

/// A hold.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Hold {
    /// Its id.
    pub id: String,
    /// Why.
    pub reason: String,
    /// The last day; none until it is lifted.
    pub until_on: Option<NaiveDate>,
    /// Who set it, by name.
    pub set_by_name: String,
    /// When.
    pub set_at: DateTime<Utc>,
    /// When it ended, if it did by hand or was found past its day.
    pub lifted_at: Option<DateTime<Utc>>,
    /// Why it was lifted.
    pub lift_reason: String,
}

impl Hold {
    /// Whether it stands on a day.
    pub fn stands_on(&self, day: NaiveDate) -> bool {
        self.lifted_at.is_none() && self.until_on.is_none_or(|last| day <= last)
    }
}

/// Holds of a case, the latest first.
pub(super) async fn holds(tx: &mut Tx, case_id: &str) -> Result<Vec<Hold>> {
    tx.all(
        "SELECT h.id, h.reason, h.until_on, a.display_name AS set_by_name, h.set_at, h.lifted_at, h.lift_reason
         FROM legal_holds h
         JOIN accounts a ON a.id = h.set_by
         WHERE h.case_id = $1
         ORDER BY h.set_at DESC, h.id DESC",
        (case_id.to_owned(),),
    )
    .await
}

/// Sets a hold; those whose last day has passed end with it.
///
/// # Errors
/// [`AppError::Conflict`] while one stands.
pub(super) async fn insert_hold(
    tx: &mut Tx,
    (id, case_id): (&str, &str),
    reason: &str,
    until_on: Option<NaiveDate>,
    by: &str,
    at: DateTime<Utc>,
) -> Result<()> {
    let today = crate::clock::day(at);
    tx.exec("UPDATE legal_holds SET lifted_at = $3 WHERE case_id = $1 AND lifted_at IS NULL AND until_on < $2", (case_id.to_owned(), today, at)).await?;
    let rows = tx
        .exec(
            "INSERT INTO legal_holds (id, case_id, reason, until_on, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
            (id.to_owned(), case_id.to_owned(), reason.to_owned(), until_on, by.to_owned(), at),
        )
        .await?;
    if rows == 1 { Ok(()) } else { Err(AppError::Conflict) }
}

/// Lifts the hold that stands; gives its id.
///
/// # Errors
/// [`AppError::Conflict`] where none does.
pub(super) async fn lift_hold(tx: &mut Tx, case_id: &str, reason: &str, by: &str, at: DateTime<Utc>) -> Result<String> {
    let lifted: Option<(String,)> = tx
        .find(
            "UPDATE legal_holds SET lifted_by = $2, lifted_at = $3, lift_reason = $4 WHERE case_id = $1 AND lifted_at IS NULL RETURNING id",
            (case_id.to_owned(), by.to_owned(), at, reason.to_owned()),
        )
        .await?;
    lifted.map(|(id,)| id).ok_or(AppError::Conflict)
}

/// What was deleted of something: `people` or `words`, when, and whether it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Erasure {
    /// What.
    pub what: String,
    /// When.
    pub at: DateTime<Utc>,
    /// `time` or `asked`.
    pub cause: String,
}

/// What was deleted of a case or a signer.
pub(super) async fn erasures(tx: &mut Tx, owner_id: &str) -> Result<Vec<Erasure>> {
    tx.all("SELECT what, at, cause FROM erasures WHERE owner_id = $1 ORDER BY what", (owner_id.to_owned(),)).await
}
