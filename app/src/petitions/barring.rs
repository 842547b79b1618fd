//! Recording whom a case is about. Whoever that is loses sight of it in the same transaction; where it is the whole authority, the
//! case goes to the one who decides by rule.

use super::actions::{Act, note_row, record, reindex};
use super::barred::{self, Party};
use super::rules::{Case, Event};
use crate::accounts::store::{holders_at, official};
use crate::error::{AppError, Result};
use crate::permissions::{Action, check, is_about};
use crate::routing::conflict;
use crate::words::Lang;

/// Somebody is complained of. A head takes the whole authority along, and then the case goes on to the competent one.
///
/// # Errors
/// [`AppError::Forbidden`] where a rule stands against it ([`conflict::check`]); the form has said so before.
pub async fn bar(act: &mut Act<'_>, case: &Case, chosen: &[Party], reason: &str) -> Result<Case> {
    check(act.actor, Action::Triage(case))?;
    let directory = act.portal.directory();
    let today = crate::clock::day(act.portal.now());
    let staff = holders_at(act.tx, &case.body_id, today).await?;
    let parties = conflict::completed(case, chosen, &staff);
    let onward = conflict::check(&directory, case, &parties, today, Lang::Vi).map_err(|_| AppError::Forbidden("barred"))?;
    let note_id = note_row(act, case, reason).await?;
    let event = Event::Barred { parties: parties.iter().map(Party::token).collect(), note_id: note_id.clone() };
    let after = record(act, case, &event).await?;
    let Some(found) = onward else { return Ok(after) };
    let event = Event::Forwarded { from_body_id: after.body_id.clone(), to_body_id: found.agency_id, note_id };
    let moved = record(act, &after, &event).await?;
    reindex(act, &moved).await?;
    Ok(moved)
}

/// Somebody is not complained of after all.
pub async fn unbar(act: &mut Act<'_>, case: &Case, parties: &[Party], reason: &str) -> Result<Case> {
    check(act.actor, Action::Triage(case))?;
    let note_id = note_row(act, case, reason).await?;
    record(act, case, &Event::Unbarred { parties: parties.iter().map(Party::token).collect(), note_id }).await
}

/// Whether a case may be given to a unit and a person: neither of them is complained of.
///
/// # Errors
/// [`AppError::Forbidden`] if one is.
pub(super) async fn may_be_given(act: &mut Act<'_>, case: &Case, unit_id: Option<&str>, handler_id: Option<&str>) -> Result<()> {
    if case.barred.is_empty() {
        return Ok(());
    }
    if unit_id.is_some_and(|unit| barred::has_unit(&case.barred, unit)) {
        return Err(AppError::Forbidden("barred"));
    }
    let Some(handler_id) = handler_id else { return Ok(()) };
    let today = crate::clock::day(act.portal.now());
    let is_barred = official(act.tx, handler_id, today).await?.is_none_or(|official| is_about(&official, case));
    if is_barred { Err(AppError::Forbidden("barred")) } else { Ok(()) }
}
