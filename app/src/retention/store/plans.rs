//! SQL of plans and what they counted.

use super::due::Count;
use crate::db::Tx;
use crate::error::{AppError, Result};
use chrono::{DateTime, NaiveDate, Utc};

/// A plan of deletion.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Plan {
    /// Its id.
    pub id: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Who made it; none: the command on the machine.
    pub made_by: Option<String>,
    /// Their name.
    pub made_by_name: Option<String>,
    /// The day it is for.
    pub day: NaiveDate,
    /// Up to which day each rule reaches, as JSON.
    pub rules: String,
    /// `waiting`, `released`, `done` or `withdrawn`.
    pub state: String,
    /// Who let it out, by name.
    pub released_by_name: Option<String>,
    /// When.
    pub released_at: Option<DateTime<Utc>>,
    /// When the first portion was deleted.
    pub begun_at: Option<DateTime<Utc>>,
    /// When it was over.
    pub ended_at: Option<DateTime<Utc>>,
    /// Code of the rule it has come to.
    pub at_code: String,
    /// The last thing of that rule.
    pub after_id: String,
}

macro_rules! plans {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.made_at, p.made_by, m.display_name AS made_by_name, p.day, p.rules, p.state, r.display_name AS released_by_name, p.released_at,
                    p.begun_at, p.ended_at, p.at_code, p.after_id
             FROM retention_plans p
             LEFT JOIN accounts m ON m.id = p.made_by
             LEFT JOIN accounts r ON r.id = p.released_by ",
            $rest
        )
    };
}

/// The plan in a state of which there is one at most: `waiting` or `released`.
pub async fn in_state(tx: &mut Tx, state: &str) -> Result<Option<Plan>> {
    tx.find(plans!("WHERE p.state = $1"), (state.to_owned(),)).await
}

/// The newest plans.
pub async fn newest(tx: &mut Tx, limit: i64) -> Result<Vec<Plan>> {
    tx.all(plans!("ORDER BY p.made_at DESC, p.id DESC LIMIT $1"), (limit,)).await
}

/// Adds a plan that waits.
///
/// # Errors
/// [`AppError::Conflict`] where another waits.
pub async fn insert(tx: &mut Tx, id: &str, (made_at, made_by): (DateTime<Utc>, Option<String>), day: NaiveDate, rules: &str) -> Result<()> {
    let rows = tx
        .exec(
            "INSERT INTO retention_plans (id, made_at, made_by, day, rules, state) VALUES ($1, $2, $3, $4, $5, 'waiting') ON CONFLICT DO NOTHING",
            (id.to_owned(), made_at, made_by, day, rules.to_owned()),
        )
        .await?;
    if rows == 1 { Ok(()) } else { Err(AppError::Conflict) }
}

/// What a plan counted of one rule at one authority.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Counted {
    /// Code of the rule.
    pub code: String,
    /// The authority.
    pub body_id: String,
    /// Due, and not held back.
    pub planned: i64,
    /// Due, and held back.
    pub held: i64,
    /// The day the oldest counts from.
    pub oldest_on: Option<NaiveDate>,
    /// Deleted so far.
    pub done: i64,
}

/// Writes down what was counted.
pub fn insert_count(tx: &mut Tx, plan_id: &str, code: &str, count: &Count, held: i64) -> Result<()> {
    tx.later(
        "INSERT INTO retention_counts (plan_id, code, body_id, planned, held, oldest_on) VALUES ($1, $2, $3, $4, $5, $6)",
        (plan_id.to_owned(), code.to_owned(), count.body_id.clone(), count.n, held, count.oldest_on),
    )
}

/// What a plan counted, by rule and authority.
pub async fn counted(tx: &mut Tx, plan_id: &str) -> Result<Vec<Counted>> {
    tx.all("SELECT code, body_id, planned, held, oldest_on, done FROM retention_counts WHERE plan_id = $1 ORDER BY code, body_id", (plan_id.to_owned(),)).await
}

/// Adds to what was deleted.
pub async fn add_done(tx: &mut Tx, plan_id: &str, code: &str, body_id: &str, n: i64) -> Result<()> {
    tx.exec(
        "INSERT INTO retention_counts (plan_id, code, body_id, planned, held, done) VALUES ($1, $2, $3, 0, 0, $4)
         ON CONFLICT (plan_id, code, body_id) DO UPDATE SET done = retention_counts.done + excluded.done",
        (plan_id.to_owned(), code.to_owned(), body_id.to_owned(), n),
    )
    .await?;
    Ok(())
}

/// Moves a plan from one state to another.
///
/// # Errors
/// [`AppError::Conflict`] where it is in another by now.
pub async fn set_state(tx: &mut Tx, id: &str, (from, to): (&str, &str), at: DateTime<Utc>) -> Result<()> {
    let rows = tx
        .exec("UPDATE retention_plans SET state = $3, ended_at = $4 WHERE id = $1 AND state = $2", (id.to_owned(), from.to_owned(), to.to_owned(), at))
        .await?;
    if rows == 1 { Ok(()) } else { Err(AppError::Conflict) }
}

/// Lets a plan out.
///
/// # Errors
/// [`AppError::Conflict`] where it does not wait.
pub async fn release(tx: &mut Tx, id: &str, by: &str, at: DateTime<Utc>) -> Result<()> {
    let rows = tx
        .exec(
            "UPDATE retention_plans SET state = 'released', released_by = $2, released_at = $3 WHERE id = $1 AND state = 'waiting'",
            (id.to_owned(), by.to_owned(), at),
        )
        .await?;
    if rows == 1 { Ok(()) } else { Err(AppError::Conflict) }
}

/// Writes down how far a run has come.
pub async fn keep_place(tx: &mut Tx, plan: &Plan, at: DateTime<Utc>) -> Result<()> {
    tx.exec(
        "UPDATE retention_plans SET at_code = $2, after_id = $3, begun_at = COALESCE(begun_at, $4) WHERE id = $1",
        (plan.id.clone(), plan.at_code.clone(), plan.after_id.clone(), at),
    )
    .await?;
    Ok(())
}
