//! What officials do with dialogues: permission → rules → event and row in one transaction.

use super::rules::{self, Dialogue, Event, Facts, Law, Refusal, State};
use super::store;
use crate::actor::Actor;
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::outbox::{self, Job};
use crate::permissions::{Action, check};
pub use crate::petitions::actions::Act;
use crate::petitions::store::register::raise_version;
use crate::portal::Portal;
use crate::words::Lang;
use chrono::{DateTime, NaiveDate, Utc};

/// Drafts a dialogue of an authority under a new id, perhaps out of a line of its plan.
///
/// # Errors
/// [`AppError::NotFound`] for whoever may not, and for a line of the plan that is not the authority's.
pub async fn draft(act: &mut Act<'_>, id: &str, body_id: &str, facts: Facts, planned_id: Option<&str>) -> Result<Dialogue> {
    check(act.actor, Action::PrepareDialogue(body_id))?;
    let event = Event::Drafted { number: store::next_number(act.tx).await?, body_id: body_id.to_owned(), facts };
    let dialogue = rules::apply(id, None, &event).ok_or(AppError::Conflict)?;
    store::record(act.tx, &dialogue, &event, act.actor.account_id(), act.portal.now()).await?;
    if let Some(planned_id) = planned_id {
        let line = store::planned(act.tx, body_id, planned_id).await?.ok_or(AppError::NotFound)?;
        if line.dialogue_id.is_some() || !line.dropped_reason.is_empty() {
            return Err(AppError::Conflict);
        }
        store::tie_planned(act.tx, planned_id, id).await?;
    }
    Ok(dialogue)
}

/// Lets an event happen to a dialogue, if the law lets it.
///
/// # Errors
/// The inner one is the rules'. [`AppError::NotFound`] or [`AppError::Forbidden`] for whoever may not; [`AppError::Conflict`] where the
/// dialogue is no longer the one the actor saw.
pub async fn let_happen(act: &mut Act<'_>, seen: &Dialogue, event: &Event) -> Result<std::result::Result<Dialogue, Refusal>> {
    let action = match event {
        Event::Drafted { .. } | Event::Changed { .. } | Event::Held { .. } => Action::PrepareDialogue(&seen.body_id),
        Event::Cancelled { .. } if seen.state == State::Draft => Action::PrepareDialogue(&seen.body_id),
        _ => Action::AnnounceDialogue(&seen.body_id),
    };
    check(act.actor, action)?;
    let directory = act.portal.directory();
    let law = Law { rules: directory.deadline_rules(), calendar: directory.calendar() };
    if let Err(refusal) = rules::allow(seen, event, act.portal.now(), law) {
        return Ok(Err(refusal));
    }
    let next = rules::apply(&seen.id, Some(seen.clone()), event).ok_or(AppError::Conflict)?;
    store::record(act.tx, &next, event, act.actor.account_id(), act.portal.now()).await?;
    if matches!(event, Event::Published { .. }) {
        super::promises::publish(act, &next).await?;
        let job = Job::DialogueAnswers { dialogue_id: next.id.clone(), after_question: Some(0), after_contact: String::new() };
        outbox::add(act.tx, act.portal.new_id(), &job, act.portal.now())?;
    }
    if let Event::Timed { at: Some(at) } = event {
        outbox::add(act.tx, act.portal.new_id(), &Job::AnnounceDialogue { dialogue_id: seen.id.clone() }, *at)?;
    }
    super::attendance::notices::after(act.tx, act.portal, &next, event).await?;
    if next.is_public() {
        raise_version(act.tx).await?;
    }
    Ok(Ok(next))
}

/// Writes a dialogue down as it happened, in a demo. Asks no permission and no rule; `events` takes its public number.
///
/// # Errors
/// [`AppError::Conflict`] for events that cannot follow one another.
pub async fn tell<F>(tx: &mut Tx, id: &str, account_id: Option<&str>, events: F) -> Result<()>
where
    F: FnOnce(i64) -> Result<Vec<(DateTime<Utc>, Event)>>,
{
    let mut dialogue = None;
    for (at, event) in events(store::next_number(tx).await?)? {
        let next = rules::apply(id, dialogue, &event).ok_or(AppError::Conflict)?;
        store::record(tx, &next, &event, account_id.map(str::to_owned), at).await?;
        dialogue = Some(next);
    }
    Ok(())
}

/// Sends a notice out at the hour set for it. Done by the worker; may be repeated, and does nothing where the hour was taken back.
///
/// # Errors
/// A notice that cannot go out any more, for whoever looks after the jobs to see; a database that fails.
pub async fn announce_timed(portal: &Portal, dialogue_id: &str) -> Result<()> {
    let mut tx = portal.db().write().await?;
    let Some(dialogue) = store::by_id(&mut tx, dialogue_id).await? else { return Ok(()) };
    if dialogue.state != State::Draft || dialogue.publish_at.is_none_or(|at| at > portal.now()) {
        return Ok(());
    }
    let on = crate::clock::day(portal.now());
    let directory = portal.directory();
    let law = Law { rules: directory.deadline_rules(), calendar: directory.calendar() };
    let is_late = law.latest_notice(dialogue.facts.day()).is_some_and(|latest: NaiveDate| on > latest);
    // The hour was in time; the portal was not there then.
    let late_reason = if is_late { Lang::Vi.t("dialogues.late.portal").to_owned() } else { String::new() };
    let mut act = Act { tx: &mut tx, portal, actor: &Actor::System };
    if let Err(refusal) = let_happen(&mut act, &dialogue, &Event::Announced { on, late_reason }).await? {
        return Err(AppError::internal(format!("the notice of dialogue {} cannot go out: {refusal:?}", dialogue.number)));
    }
    tx.commit().await?;
    portal.cache().clear();
    Ok(())
}
