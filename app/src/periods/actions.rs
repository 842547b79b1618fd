//! Saving a change of a legal period.

use crate::deadlines::days_off::keeper;
use crate::deadlines::periods::Change;
use crate::deadlines::store;
use crate::error::{AppError, Result};
use crate::outbox::{self, Job};
use crate::permissions::{Action, check};
use crate::record::{self, deeds::Deed};
use crate::ui::PageContext;

/// Whether the versions may be changed by whoever asks.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever may only look.
pub fn may_change(context: &PageContext) -> Result<()> {
    check(&context.actor, Action::ManageCalendar(&keeper(context).ok_or(AppError::NotFound)?))
}

/// Writes the versions, the record of the change and the job that moves the clocks.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever may only look; [`AppError::Conflict`] where the versions are no longer those the change began with.
pub async fn change(context: &PageContext, change: &Change) -> Result<()> {
    may_change(context)?;
    let account_id = context.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let portal = &context.portal;
    let mut tx = portal.db().write().await?;
    let mut stands = store::all(&mut tx).await?;
    stands.retain(|rule| rule.code == change.code);
    if stands.len() != change.was.len() || change.was.iter().any(|rule| !stands.contains(rule)) {
        return Err(AppError::Conflict);
    }
    let deed = Deed::PeriodChanged { rule: change.code.clone() };
    record::actions::write(&mut tx, portal, &context.actor, &keeper(context).unwrap_or_default(), &deed).await?;
    let change_id = portal.new_id();
    store::put_change(&mut tx, &change_id, context.now, Some(account_id), change).await?;
    outbox::add(&mut tx, portal.new_id(), &Job::MovePeriods { change_id }, context.now)?;
    tx.commit().await?;
    portal.reload_directory().await
}
