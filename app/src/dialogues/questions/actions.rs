//! What people do with questions: ask, change, take back; support, and prove it with an address. What officials do: [`super::moderation`].
//!
//! The code follows from the token of the form, so that pressing twice asks once and the receipt can be shown again; the database keeps a
//! hash. A device asks a few questions a day at one dialogue. An address that is left proves a support only after its link was opened.

use super::rules::{Channel, Event, Moment, Question, Refusal, Stage, next};
use super::store::supports::{self as rows, Contact, contact_digest, device_digest};
use super::store::{self};
use crate::db::Tx;
use crate::dialogues::rules::{Dialogue, State as DialogueState};
use crate::error::{AppError, Result};
use crate::outbox::{self, Job};
use crate::permissions::{Action, check};
use crate::petitions::actions::Act;
use crate::petitions::code::CaseCode;
use crate::petitions::recognition;
use crate::petitions::store::parts::CasePerson;
use crate::petitions::store::register::raise_version;
use crate::portal::Portal;
use crate::words::Lang;
use chrono::{DateTime, Duration, Utc};

/// Questions of one device to one dialogue within a day: somebody may ask for their neighbours.
pub const DEVICE_QUESTIONS_MAX: i64 = 5;
/// Within this time.
const DEVICE_WINDOW: Duration = Duration::hours(24);
/// How long the link to confirm works.
pub const UNCONFIRMED_KEPT: Duration = Duration::days(7);
/// Repeats of one question that are looked through when it leaves.
pub(super) const REPEATS_MAX: i64 = 1_000;

/// What somebody asks.
#[derive(Clone, PartialEq, Eq)]
pub struct NewQuestion {
    /// The token of the form.
    pub token: String,
    /// The token of the device; of a desk question that of the form.
    pub device: String,
    /// By which way.
    pub channel: Channel,
    /// One of the topics of the agenda, or nothing.
    pub topic: String,
    /// The question.
    pub body: String,
    /// How they want to be called.
    pub name: String,
    /// Where they live.
    pub village: String,
    /// Where they are told.
    pub email: String,
    /// In which language.
    pub lang: Lang,
    /// Only for the organiser.
    pub is_private: bool,
}

/// How asking went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It was asked.
    Yes,
    /// This form was sent before.
    Before,
    /// This device has asked as many as one may.
    TooMany,
}

/// The code of the question that is asked with a form of this token.
pub fn code(token: &str) -> CaseCode {
    CaseCode::of_token(&format!("dialogue question {token}"))
}

/// When a question is asked now: before the dialogue or during it. None before its notice, after its end, and where it does not take place.
pub fn moment(dialogue: &Dialogue, now: DateTime<Utc>) -> Option<Moment> {
    let facts = &dialogue.facts;
    if dialogue.state != DialogueState::Announced || now >= facts.ends_at {
        return None;
    }
    Some(if now < facts.begins_at { Moment::Before } else { Moment::During })
}

/// Asks a question.
///
/// # Errors
/// [`AppError::NotFound`] for a dialogue that takes none now; [`AppError::Conflict`] if the same form came twice at one instant.
pub async fn ask(act: &mut Act<'_>, dialogue: &Dialogue, new: &NewQuestion) -> Result<Asked> {
    match new.channel {
        Channel::Web => check(act.actor, Action::UsePortal)?,
        Channel::Desk => check(act.actor, Action::ModerateQuestions(&dialogue.body_id))?,
    }
    let now = act.portal.now();
    let moment = moment(dialogue, now).ok_or(AppError::NotFound)?;
    let code_digest = code(&new.token).hash();
    if store::by_code_digest(act.tx, &code_digest).await?.is_some() {
        return Ok(Asked::Before);
    }
    let asker_key = device_digest(&dialogue.id, &new.device);
    if store::asked_since(act.tx, &dialogue.id, &asker_key, now - DEVICE_WINDOW).await? >= DEVICE_QUESTIONS_MAX {
        return Ok(Asked::TooMany);
    }
    let number = store::next_number(act.tx, &dialogue.id).await?;
    let question = Question {
        moment,
        channel: new.channel,
        topic: new.topic.clone(),
        body: new.body.clone(),
        name: new.name.clone(),
        village: new.village.clone(),
        email: new.email.clone(),
        language: new.lang.code().to_owned(),
        code_digest,
        asker_key,
        is_private: new.is_private,
        topic_group: new.topic.clone(),
        ..Question::new(act.portal.new_id(), dialogue.id.clone(), number, now)
    };
    if !store::insert(act.tx, &question).await? {
        return Err(AppError::Conflict);
    }
    store::add_event(act.tx, &question, &Event::Asked { channel: new.channel }, act.actor.account_id(), now)?;
    Ok(Asked::Yes)
}

/// What an asker may change while nobody has read the question.
#[derive(Clone, PartialEq, Eq)]
pub struct Changed {
    /// The question.
    pub body: String,
    /// How they want to be called.
    pub name: String,
    /// Where they are told.
    pub email: String,
}

/// Changes a question that waits; whoever has its code may.
///
/// # Errors
/// The inner one is the rules'. [`AppError::NotFound`] for a code of no question; [`AppError::Conflict`] if it has changed since it was seen.
pub async fn change(act: &mut Act<'_>, code: &CaseCode, version: i64, new: &Changed) -> Result<std::result::Result<(), Refusal>> {
    let question = own(act, code, version).await?;
    if question.is_locked {
        return Err(AppError::Unavailable("the key of who asked is not there".into()));
    }
    let after = Question { body: new.body.clone(), name: new.name.clone(), email: new.email.clone(), ..question.clone() };
    settle(act, &question, after, &Event::Changed).await
}

/// Takes a question back; whoever has its code may. What repeated it stands for itself again.
///
/// # Errors
/// As [`change`].
pub async fn withdraw(act: &mut Act<'_>, code: &CaseCode, version: i64) -> Result<std::result::Result<(), Refusal>> {
    let question = own(act, code, version).await?;
    let after = Question { linked_to: None, ..question.clone() };
    let outcome = settle(act, &question, after, &Event::Withdrawn).await?;
    if outcome.is_ok() {
        release_repeats(act, &question, false).await?;
    }
    Ok(outcome)
}

async fn own(act: &mut Act<'_>, code: &CaseCode, version: i64) -> Result<Question> {
    check(act.actor, Action::UsePortal)?;
    let question = store::by_code_digest(act.tx, &code.hash()).await?.ok_or(AppError::NotFound)?;
    if question.version == version { Ok(question) } else { Err(AppError::Conflict) }
}

/// Lets an event happen: `after` is the question as it then is, but for its state and version.
pub(super) async fn settle(act: &mut Act<'_>, before: &Question, mut after: Question, event: &Event) -> Result<std::result::Result<(), Refusal>> {
    match next(before, event) {
        Ok(state) => after.state = state,
        Err(refusal) => return Ok(Err(refusal)),
    }
    after.version = before.version + 1;
    store::record(act.tx, &after, event, act.actor.account_id(), act.portal.now()).await?;
    if before.is_public() || after.is_public() || before.state != after.state {
        // Pages of questions are never kept, but whatever else shows one must be rendered anew, in every process.
        raise_version(act.tx).await?;
    }
    Ok(Ok(()))
}

/// What repeated a question that leaves stands for itself again. With a denunciation its repeats wait to be read once more, and nothing of
/// them is public meanwhile: they may say the same. Gives them as they are then.
pub(super) async fn release_repeats(act: &mut Act<'_>, question: &Question, is_sealed: bool) -> Result<Vec<Question>> {
    let mut released = Vec::new();
    for mut repeat in store::repeats_of(act.tx, &question.id, REPEATS_MAX).await? {
        if is_sealed {
            repeat.public_text.clear();
        }
        // A repeat must not keep a target that has gone, whatever the stage says.
        repeat.stage = Stage::Queued;
        let after = Question { linked_to: None, ..repeat.clone() };
        match settle(act, &repeat, after, &Event::Unlinked).await? {
            Ok(()) => released.push(store::by_id(act.tx, &repeat.id).await?.ok_or(AppError::Conflict)?),
            Err(_) => return Err(AppError::Conflict),
        }
    }
    Ok(released)
}

/// A device supports a public question; nothing happens where it does already, or asked it itself. See [`rows::support`] for how cheap it is.
///
/// # Errors
/// [`AppError::NotFound`] for whoever may not use the portal.
pub fn support(act: &mut Act<'_>, question_id: &str, dialogue_id: &str, device_token: &str) -> Result<()> {
    check(act.actor, Action::UsePortal)?;
    let at = act.portal.now();
    rows::support(act.tx, question_id, &device_digest(dialogue_id, device_token), at)
}

/// A device takes its support back.
pub async fn take_back(act: &mut Act<'_>, question_id: &str, dialogue_id: &str, device_token: &str) -> Result<()> {
    check(act.actor, Action::UsePortal)?;
    rows::take_back(act.tx, question_id, dialogue_id, &device_digest(dialogue_id, device_token)).await
}

/// A device leaves an address that is to prove what it supports. Gives false if it has confirmed one already.
pub async fn leave_contact(act: &mut Act<'_>, dialogue_id: &str, device_token: &str, email: &str, lang: Lang) -> Result<bool> {
    check(act.actor, Action::UsePortal)?;
    let email = email.trim().to_lowercase();
    let person = CasePerson { email: email.clone(), ..CasePerson::default() };
    let mark = recognition::of_person(act.portal.marks_key(), &person).pop().ok_or(AppError::BadRequest("no address"))?;
    let contact = Contact {
        dialogue_id: dialogue_id.to_owned(),
        device: device_digest(dialogue_id, device_token),
        contact: contact_digest(dialogue_id, &mark),
        email,
        language: lang.code().to_owned(),
        token: act.portal.random().token(),
        asked_at: act.portal.now(),
        confirmed_at: None,
    };
    if !rows::put_contact(act.tx, &contact).await? {
        return Ok(false);
    }
    let job = Job::QuestionConfirm { dialogue_id: contact.dialogue_id, device: contact.device };
    outbox::add(act.tx, act.portal.new_id(), &job, act.portal.now())?;
    Ok(true)
}

/// The contact of a link.
///
/// # Errors
/// [`AppError::NotFound`] if there is none: never asked, too long ago, or left.
pub async fn contact(tx: &mut Tx, token: &str) -> Result<Contact> {
    rows::contact_by_token(tx, token).await?.ok_or(AppError::NotFound)
}

/// The button behind the link was pressed.
pub async fn confirm(act: &mut Act<'_>, token: &str) -> Result<()> {
    check(act.actor, Action::UsePortal)?;
    let contact = contact(act.tx, token).await?;
    if contact.confirmed_at.is_some() {
        return Ok(());
    }
    rows::confirm(act.tx, &contact, act.portal.now()).await
}

/// The address is deleted, with what it supports. Leaving twice is leaving.
pub async fn leave(act: &mut Act<'_>, token: &str) -> Result<()> {
    check(act.actor, Action::UsePortal)?;
    match rows::contact_by_token(act.tx, token).await? {
        Some(contact) => rows::leave(act.tx, &contact).await,
        None => Ok(()),
    }
}

/// Forgets addresses whose link was never opened.
pub async fn forget_unconfirmed(tx: &mut Tx, portal: &Portal) -> Result<()> {
    rows::forget_unconfirmed(tx, portal.now() - UNCONFIRMED_KEPT).await.map(drop)
}
