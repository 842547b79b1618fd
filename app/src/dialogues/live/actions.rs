//! What moderators and secretaries do while a dialogue runs: permission → rules → rows in one transaction.

use super::rules::{Move, Phase, Refusal, Turn, has_stage, moved, turned};
use super::store::{self, Answer, Live, Staged};
use crate::dialogues::questions::rules::{Question, Stage};
use crate::dialogues::rules::Dialogue;
use crate::error::{AppError, Result};
use crate::id::secret_hash;
use crate::permissions::{Action, check};
use crate::petitions::actions::Act;
use crate::petitions::store::register::raise_version;

/// The whole of it takes a turn.
///
/// # Errors
/// The inner one is the rules'. [`AppError::NotFound`] for whoever may not; [`AppError::Conflict`] where somebody else was quicker.
pub async fn turn(act: &mut Act<'_>, dialogue: &Dialogue, seen: &Live, turn: &Turn) -> Result<std::result::Result<(), Refusal>> {
    check(act.actor, Action::PrepareDialogue(&dialogue.body_id))?;
    if !has_stage(dialogue, act.portal.now()) {
        return Ok(Err(Refusal::Closed));
    }
    let phase = match turned(seen.phase, turn) {
        Ok(phase) => phase,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let message = match turn {
        Turn::Pause(message) | Turn::Tell(message) => message.clone(),
        Turn::Start | Turn::End => String::new(),
    };
    store::put_live(act.tx, &dialogue.id, seen, &Live { phase, message, version: seen.version }).await?;
    Ok(Ok(()))
}

/// A question is moved. Pressed twice, it is moved once. Calling one up begins the dialogue where nobody has.
///
/// # Errors
/// As [`turn`].
pub async fn put(act: &mut Act<'_>, dialogue: &Dialogue, seen: &Question, wanted: &Move) -> Result<std::result::Result<(), Refusal>> {
    check(act.actor, Action::PrepareDialogue(&dialogue.body_id))?;
    let now = act.portal.now();
    if !has_stage(dialogue, now) {
        return Ok(Err(Refusal::Closed));
    }
    if !seen.is_public() {
        return Ok(Err(Refusal::NotPublic));
    }
    // Whoever calls a question up writes this row too, so that two moderators cannot call two up at once.
    let live = store::live(act.tx, &dialogue.id).await?;
    let on = store::on(act.tx, &dialogue.id).await?.filter(|(id, _)| *id != seen.id).map(|(_, number)| number);
    let stage = match moved(seen.stage, wanted, on, crate::clock::day(now)) {
        Ok(stage) => stage,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let (promised_on, reason) = match wanted {
        Move::Later(day) => (Some(*day), ""),
        Move::Out(reason) => (None, reason.as_str()),
        // A promised answer that is given keeps its day: it was in time or it was not.
        Move::Answered => (seen.promised_on, ""),
        Move::Take | Move::Back => (None, ""),
    };
    store::note(act.tx, seen, stage, act.actor.account_id(), now)?;
    store::put_stage(act.tx, seen, &Staged { stage, promised_on, reason, at: now }).await?;
    raise_version(act.tx).await?;
    if *wanted == Move::Take {
        let message = if live.phase == Phase::Running { live.message.clone() } else { String::new() };
        store::put_live(act.tx, &dialogue.id, &live, &Live { phase: Phase::Running, message, version: live.version }).await?;
    }
    Ok(Ok(()))
}

/// Where among those that wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Before all others.
    First,
    /// Behind all others.
    Last,
}

/// A question that waits gets another place.
///
/// # Errors
/// As [`turn`].
pub async fn order(act: &mut Act<'_>, dialogue: &Dialogue, seen: &Question, place: Place) -> Result<std::result::Result<(), Refusal>> {
    check(act.actor, Action::PrepareDialogue(&dialogue.body_id))?;
    if !has_stage(dialogue, act.portal.now()) {
        return Ok(Err(Refusal::Closed));
    }
    if seen.stage != Stage::Queued {
        return Ok(Err(Refusal::NotNow));
    }
    let (first, last) = store::places(act.tx, &dialogue.id).await?;
    let order = match place {
        Place::First => first - 1,
        Place::Last => last + 1,
    };
    store::put_order(act.tx, seen, order).await?;
    Ok(Ok(()))
}

/// A piece of an answer as a secretary typed it.
#[derive(Clone, Debug)]
pub struct Said {
    /// Who said it.
    pub post: String,
    /// What.
    pub body: String,
}

/// Writes down what was answered.
///
/// # Errors
/// As [`turn`].
pub async fn write_down(act: &mut Act<'_>, dialogue: &Dialogue, question: &Question, said: Said) -> Result<std::result::Result<(), Refusal>> {
    check(act.actor, Action::WriteAtDialogue(&dialogue.body_id))?;
    if !has_stage(dialogue, act.portal.now()) {
        return Ok(Err(Refusal::Closed));
    }
    if !question.is_public() || question.dialogue_id != dialogue.id {
        return Ok(Err(Refusal::NotPublic));
    }
    let account_id = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    // All who look at the stage are given the same form, so no id can come with it. The same words of the same person to the same question
    // are the same piece: pressed twice, it is written once.
    let id = secret_hash("answer", &format!("{account_id}\n{}\n{}\n{}", question.id, said.post, said.body));
    let answer = Answer {
        id,
        dialogue_id: dialogue.id.clone(),
        question_id: question.id.clone(),
        position: 0,
        post: said.post,
        body: said.body,
        account_id,
        at: act.portal.now(),
        corrected_at: None,
        version: 1,
    };
    if store::add_answer(act.tx, &answer).await? {
        raise_version(act.tx).await?;
    }
    Ok(Ok(()))
}

/// Corrects a piece of an answer. The inner false: somebody else corrected it since; nothing is overwritten.
///
/// # Errors
/// As [`turn`].
pub async fn correct(act: &mut Act<'_>, dialogue: &Dialogue, seen: &Answer, post: &str, body: &str) -> Result<std::result::Result<bool, Refusal>> {
    check(act.actor, Action::WriteAtDialogue(&dialogue.body_id))?;
    if !has_stage(dialogue, act.portal.now()) {
        return Ok(Err(Refusal::Closed));
    }
    let corrected = store::correct(act.tx, seen, post, body, act.portal.now()).await?;
    if corrected {
        raise_version(act.tx).await?;
    }
    Ok(Ok(corrected))
}
