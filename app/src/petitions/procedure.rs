//! Steps of the law on a case: permission, rule, draft and signature, record — in the caller's transaction, like [`super::actions`].
//!
//! A step that goes out with a letter is *drafted* by one person and *signed* by another; it is taken on the day of the signature, by
//! the rules of that day. All others are taken at once. What cannot be taken is refused with the rule's name
//! ([`AppError::Refused`]).

use super::actions::{Act, note_row, record};
use super::rules::{Case, Event, Kind, Stepped, can_step};
use super::store::drafts::{self, Draft};
use super::store::parts::{self, CasePerson};
use crate::agencies::Directory;
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::permissions::{Action, check};
use crate::procedures::clocks::Times;
use crate::procedures::step::{Step, StepName, Whose};
use crate::procedures::{Facts, NO_PERIOD, Procedure, Refusal, complaint};
use crate::routing::rules as routing;
use chrono::NaiveDate;

/// What of a case, beside its row, decides whether a step may be taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The sender left a name and an address.
    pub has_identity: bool,
    /// Everybody who signs has signed.
    pub are_signatures_complete: bool,
    /// The sender was guided about this very matter before.
    pub was_guided: bool,
}

/// Looks up what decides.
pub async fn known(tx: &mut Tx, case: &Case) -> Result<Known> {
    let person = parts::person(tx, &case.id).await?;
    known_with(tx, case, &person).await
}

/// The same where the sender was read already.
pub async fn known_with(tx: &mut Tx, case: &Case, person: &CasePerson) -> Result<Known> {
    Ok(Known {
        has_identity: !person.name.is_empty() && !person.address.is_empty(),
        are_signatures_complete: super::store::are_signatures_complete(tx, &case.id).await?,
        was_guided: super::guidance::was_guided(tx, case).await?,
    })
}

/// The last day of the first period of such a petition: what is shown to its sender on the receipt. [`NO_PERIOD`] where none runs.
///
/// # Errors
/// A table without that rule: a fault of the data.
pub fn first_last_day(directory: &Directory, kind: Kind, received_on: NaiveDate, area_code: &str, body_id: &str) -> Result<NaiveDate> {
    let times = times(directory, received_on, area_code, body_id);
    let Some(code) = kind.first_stage().first_rule() else { return Ok(NO_PERIOD) };
    let clock = times.start(code, received_on).map_err(|refusal| AppError::internal(format!("no first period: {refusal:?}")))?;
    Ok(clock.last_day)
}

/// The citizen's last day to complain a second time where the first instance has let its own pass without a decision.
pub fn last_day_after_delay(directory: &Directory, today: NaiveDate, case: &Case) -> Option<NaiveDate> {
    let procedure = case.procedure();
    let ended = procedure.clocks.iter().find(|clock| clock.code == "K3" && clock.is_running())?.last_day;
    complaint::last_day_after_delay(ended, &times(directory, today, &case.area_code, case.agency_id())).ok()
}

fn times<'a>(directory: &'a Directory, today: NaiveDate, area_code: &str, agency_id: &'a str) -> Times<'a> {
    Times { today, table: directory.deadline_rules(), calendar: directory.calendar(), is_remote: directory.is_remote(area_code, today), agency_id }
}

/// Where a step would bring a case on `today`.
///
/// # Errors
/// The [`Refusal`] that names the rule.
pub fn outcome(directory: &Directory, today: NaiveDate, case: &Case, known: Known, step: &Step) -> std::result::Result<Procedure, Refusal> {
    let procedure = case.procedure();
    let facts = Facts {
        times: times(directory, today, &case.area_code, case.agency_id()),
        clocks: &procedure.clocks,
        has_identity: known.has_identity,
        are_signatures_complete: known.are_signatures_complete,
        was_guided: known.was_guided,
    };
    procedure.take(step, &facts)
}

async fn checked(act: &mut Act<'_>, case: &Case, step: &Step) -> Result<Procedure> {
    let known = known(act.tx, case).await?;
    let today = crate::clock::day(act.portal.now());
    Ok(outcome(&act.portal.directory(), today, case, known, step)?)
}

/// What an official must be allowed to take or draft a step.
pub fn action<'a>(case: &'a Case, name: StepName) -> Action<'a> {
    match name.whose() {
        Whose::Intake => Action::Triage(case),
        Whose::Handler => Action::Handle(case),
        Whose::Signed => Action::DraftLetter(case),
        Whose::Citizen => Action::Follow(case),
    }
}

/// Takes a step that needs no signature.
///
/// # Errors
/// [`AppError::Refused`], [`AppError::Forbidden`], [`AppError::Conflict`].
pub async fn take(act: &mut Act<'_>, case: &Case, step: Step, reason: &str) -> Result<Case> {
    check(act.actor, action(case, step.name()))?;
    can_step(case, step.name())?;
    if step.name().whose() == Whose::Signed {
        return Err(AppError::BadRequest("this step is drafted and signed"));
    }
    let after = checked(act, case, &step).await?;
    let note_id = match (reason.is_empty(), step.name().whose()) {
        (true, _) | (_, Whose::Citizen) => None,
        _ => Some(note_row(act, case, reason).await?),
    };
    stepped(act, case, Stepped { step, draft_id: None, note_id, after }).await
}

async fn stepped(act: &mut Act<'_>, case: &Case, stepped: Stepped) -> Result<Case> {
    let is_moved = matches!(stepped.step, Step::PassOn { .. } | Step::Appeal { .. });
    let next = record(act, case, &Event::Stepped(stepped)).await?;
    if is_moved {
        // What the authority before was about to sign is not the next one's.
        drafts::drop_waiting(act.tx, &case.id, act.portal.now()).await?;
        super::actions::reindex(act, &next).await?;
    }
    Ok(next)
}

/// Drafts a step for a second person. Gives the case and the draft's id, under which its letters are kept.
///
/// # Errors
/// Those of [`take`].
pub async fn draft(act: &mut Act<'_>, case: &Case, step: &Step, reason: &str) -> Result<(Case, String)> {
    check(act.actor, action(case, step.name()))?;
    can_step(case, step.name())?;
    if step.name().whose() != Whose::Signed {
        return Err(AppError::BadRequest("this step needs no signature"));
    }
    // Refused today, refused at the signature: better to hear it before the letter is written.
    checked(act, case, step).await?;
    let author = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let draft_id = act.portal.new_id();
    drafts::insert(act.tx, &draft_id, case, (step, reason), &author, act.portal.now()).await?;
    let after = record(act, case, &Event::StepDrafted { draft_id: draft_id.clone() }).await?;
    Ok((after, draft_id))
}

/// The draft that waits for its signature.
pub async fn waiting(tx: &mut Tx, case: &Case) -> Result<Option<Draft>> {
    drafts::waiting(tx, &case.id).await
}

/// The second person signs: the step is taken today. The caller issues the letters in the same transaction.
///
/// # Errors
/// Those of [`take`]; [`AppError::Conflict`] if no draft waits.
pub async fn sign(act: &mut Act<'_>, case: &Case) -> Result<(Case, Draft)> {
    let draft = waiting(act.tx, case).await?.ok_or(AppError::Conflict)?;
    check(act.actor, Action::SignLetter(case, &draft.drafted_by))?;
    let by = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let after = checked(act, case, &draft.step).await?;
    drafts::decide(act.tx, (&draft.id, case.kind), "signed", &by, act.portal.now(), "").await?;
    let note_id = if draft.reason.is_empty() { None } else { Some(note_row(act, case, &draft.reason).await?) };
    let event = Stepped { step: draft.step.clone(), draft_id: Some(draft.id.clone()), note_id, after };
    Ok((stepped(act, case, event).await?, draft))
}

/// The second person sends the draft back with a reason.
///
/// # Errors
/// [`AppError::Conflict`] if no draft waits.
pub async fn send_back(act: &mut Act<'_>, case: &Case, reason: &str) -> Result<Case> {
    let draft = waiting(act.tx, case).await?.ok_or(AppError::Conflict)?;
    check(act.actor, Action::SignLetter(case, &draft.drafted_by))?;
    let by = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    drafts::decide(act.tx, (&draft.id, case.kind), "returned", &by, act.portal.now(), reason).await?;
    record(act, case, &Event::StepReturned { draft_id: draft.id }).await
}

/// Who decides in the second instance: the competent superior by rule and date, not whoever stands above in today's tree.
///
/// # Errors
/// [`Refusal::SuperiorElsewhere`] where that is no authority of this portal.
pub fn second_instance(directory: &Directory, body_id: &str, today: NaiveDate) -> std::result::Result<String, Refusal> {
    routing::second_instance(&directory.routing().competence, body_id, today, directory).map(|found| found.agency_id).map_err(|_| Refusal::SuperiorElsewhere)
}
