//! Legal holds: set and lifted by the head of the authority that has the case. While one stands, no plan and no request deletes anything of it.

use super::store;
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::permissions::{Action, check};
use crate::petitions::actions::Act;
use crate::petitions::rules::Case;
use crate::record::actions::write;
use crate::record::deeds::Deed;
use chrono::NaiveDate;

pub use super::store::Hold;

/// Longest reason, in characters.
pub const REASON_CHARS_MAX: usize = 1_000;

/// Holds a case back.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever is not the head; [`AppError::Conflict`] while a hold stands.
pub async fn set(act: &mut Act<'_>, case: &Case, reason: &str, until_on: Option<NaiveDate>) -> Result<()> {
    check(act.actor, Action::HoldCase(case))?;
    let by = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let id = act.portal.new_id();
    store::insert_hold(act.tx, (&id, &case.id), reason, until_on, &by, act.portal.now()).await?;
    let deed = Deed::HoldSet { case_id: case.id.clone(), hold_id: id, until: until_on };
    write(act.tx, act.portal, act.actor, &case.body_id, &deed).await
}

/// Lifts the hold of a case.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever is not the head; [`AppError::Conflict`] where none stands.
pub async fn lift(act: &mut Act<'_>, case: &Case, reason: &str) -> Result<()> {
    check(act.actor, Action::HoldCase(case))?;
    let by = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let hold_id = store::lift_hold(act.tx, &case.id, reason, &by, act.portal.now()).await?;
    let deed = Deed::HoldLifted { case_id: case.id.clone(), hold_id };
    write(act.tx, act.portal, act.actor, &case.body_id, &deed).await
}

/// Holds of a case, the latest first.
///
/// # Errors
/// A database that fails.
pub async fn of_case(tx: &mut Tx, case_id: &str) -> Result<Vec<Hold>> {
    store::holds(tx, case_id).await
}

/// Whether a case is held back on a day.
///
/// # Errors
/// A database that fails.
pub async fn is_held(tx: &mut Tx, case_id: &str, day: NaiveDate) -> Result<bool> {
    Ok(store::holds(tx, case_id).await?.iter().any(|hold| hold.stands_on(day)))
}
