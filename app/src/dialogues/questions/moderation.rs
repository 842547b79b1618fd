//! What officials do with questions: permission → rules → row, event, mail in one transaction.
//!
//! The asker's words stay for officials beside what is published. A repeat is linked, never merged: it keeps its number and its
//! supporters, and the link can be taken back. A denunciation becomes a sealed case at once: nothing of its words stays in the row, the
//! record has none, its repeats are read anew, and pages that showed it are never kept (`no-store`), so no memory has it either.

use super::actions::{release_repeats, settle};
use super::rules::{Event, Question, Reason, Refusal, State};
use super::store::{self, Board};
use crate::dialogues::rules::Dialogue;
use crate::error::{AppError, Result};
use crate::id::secret_hash;
use crate::outbox::{self, Job};
use crate::permissions::{Action, check};
use crate::petitions::actions::{Act, NewPetition, file_under, seen};
use crate::petitions::rules::Kind;
use crate::petitions::store::by_code_hash;
use crate::petitions::store::parts::{CasePerson, CaseText};
use crate::petitions::store::register::{by_number as released, raise_version};
use crate::routing::rules::{About, Instance, Question as Asked, competent};

/// How a deed ended: the rules may stand against it.
pub type Outcome = std::result::Result<(), Refusal>;

/// Kinds of cases that a question can become in the open.
pub const CASE_KINDS: [Kind; 2] = [Kind::Report, Kind::Recommendation];

/// Lets a question be read in this wording, or edits it; a private one is taken on, and has no public wording.
pub async fn open(act: &mut Act<'_>, dialogue: &Dialogue, question: &Question, public_text: &str, topic_group: &str) -> Result<Outcome> {
    check(act.actor, Action::ModerateQuestions(&dialogue.body_id))?;
    let text = if question.is_private { "" } else { public_text.trim() };
    if text.is_empty() && !question.is_private {
        return Ok(Err(Refusal::TextNeeded));
    }
    let was_open = question.state == State::Open;
    let after =
        Question { public_text: text.to_owned(), topic_group: topic_group.to_owned(), reason: String::new(), reason_words: String::new(), ..question.clone() };
    let outcome = settle(act, question, after, &Event::Opened { is_edited: text != question.body }).await?;
    if outcome.is_ok() && !was_open {
        tell(act, question)?;
    }
    Ok(outcome)
}

/// Does not publish a question, for a reason everybody reads.
pub async fn refuse(act: &mut Act<'_>, dialogue: &Dialogue, question: &Question, reason: Reason, words: &str) -> Result<Outcome> {
    check(act.actor, Action::ModerateQuestions(&dialogue.body_id))?;
    if reason == Reason::Other && words.trim().is_empty() {
        return Ok(Err(Refusal::ReasonNeeded));
    }
    let after = Question { public_text: String::new(), reason: reason.code().to_owned(), reason_words: words.trim().to_owned(), ..question.clone() };
    let outcome = settle(act, question, after, &Event::Refused { reason }).await?;
    if outcome.is_ok() {
        release_repeats(act, question, false).await?;
        tell(act, question)?;
    }
    Ok(outcome)
}

/// Links a repeat to another question of the same dialogue, which must be public and repeat none itself.
///
/// # Errors
/// [`AppError::NotFound`] for a target that is not such a question.
pub async fn link(act: &mut Act<'_>, dialogue: &Dialogue, question: &Question, number: i64) -> Result<Outcome> {
    check(act.actor, Action::ModerateQuestions(&dialogue.body_id))?;
    let target = store::by_number(act.tx, &dialogue.id, number).await?;
    let target = target.filter(|target| target.id != question.id && target.is_public()).ok_or(AppError::NotFound)?;
    let after = Question { linked_to: Some(target.id.clone()), ..question.clone() };
    let outcome = settle(act, question, after, &Event::Linked { number }).await?;
    if outcome.is_ok() {
        // What repeated this one repeats the other: links are one deep.
        for repeat in release_repeats(act, question, false).await? {
            let after = Question { linked_to: Some(target.id.clone()), ..repeat.clone() };
            if settle(act, &repeat, after, &Event::Linked { number }).await?.is_err() {
                return Err(AppError::Conflict);
            }
        }
        tell(act, question)?;
    }
    Ok(outcome)
}

/// Takes a link back.
pub async fn unlink(act: &mut Act<'_>, dialogue: &Dialogue, question: &Question) -> Result<Outcome> {
    check(act.actor, Action::ModerateQuestions(&dialogue.body_id))?;
    settle(act, question, Question { linked_to: None, ..question.clone() }, &Event::Unlinked).await
}

/// Puts a question under a topic of the agenda, at a place.
pub async fn group(act: &mut Act<'_>, dialogue: &Dialogue, question: &Question, topic_group: &str, position: i64) -> Result<Outcome> {
    check(act.actor, Action::ModerateQuestions(&dialogue.body_id))?;
    let after = Question { topic_group: topic_group.to_owned(), agenda_position: position, ..question.clone() };
    settle(act, question, after, &Event::Grouped).await
}

/// Gives a question to a unit of the authority for a draft of the answer, or to none.
///
/// # Errors
/// [`AppError::NotFound`] for a unit that is not the authority's.
pub async fn give(act: &mut Act<'_>, dialogue: &Dialogue, question: &Question, unit_id: Option<&str>) -> Result<Outcome> {
    check(act.actor, Action::ModerateQuestions(&dialogue.body_id))?;
    let directory = act.portal.directory();
    let is_known = |id: &str| id == dialogue.body_id || directory.units_of(&dialogue.body_id).any(|unit| unit.id == id);
    if unit_id.is_some_and(|id| !is_known(id)) {
        return Err(AppError::NotFound);
    }
    let unit_id = unit_id.map(str::to_owned);
    settle(act, question, Question { answer_unit: unit_id.clone(), ..question.clone() }, &Event::Given { unit_id }).await
}

/// Writes the draft of an answer: moderators, and the handlers of the unit it was given to.
pub async fn draft(act: &mut Act<'_>, dialogue: &Dialogue, question: &Question, text: &str) -> Result<Outcome> {
    check(act.actor, Action::DraftQuestionAnswer(&dialogue.body_id, question.answer_unit.as_deref().unwrap_or_default()))?;
    settle(act, question, Question { answer_draft: text.trim().to_owned(), ..question.clone() }, &Event::Drafted).await
}

/// Makes a case of a question, for its asker, who follows it with the same code. The question stays what it is.
///
/// # Errors
/// [`AppError::Conflict`] where it has a case.
pub async fn make_case(act: &mut Act<'_>, dialogue: &Dialogue, question: &Question, kind: Kind, title: &str) -> Result<Outcome> {
    check(act.actor, Action::ModerateQuestions(&dialogue.body_id))?;
    if question.case_id.is_some() || !CASE_KINDS.contains(&kind) {
        return Err(AppError::Conflict);
    }
    let case_id = file(act, dialogue, question, kind, title, &dialogue.body_id).await?;
    settle(act, question, Question { case_id: Some(case_id), ..question.clone() }, &Event::Tied { is_new: true }).await
}

/// Notes the case a question came from: one that whoever notes it sees, by its public number or its id; no denunciation.
///
/// # Errors
/// [`AppError::NotFound`] for a case that is not there or not to be seen.
pub async fn tie(act: &mut Act<'_>, dialogue: &Dialogue, question: &Question, named: &str) -> Result<Outcome> {
    check(act.actor, Action::ModerateQuestions(&dialogue.body_id))?;
    let id = match named.parse::<i64>() {
        Ok(number) => released(act.tx, number).await?.map(|row| row.case_id).ok_or(AppError::NotFound)?,
        Err(_) => named.rsplit('/').next().unwrap_or_default().to_owned(),
    };
    let case = seen(act.tx, act.actor, &id).await?;
    if case.kind == Kind::Denunciation {
        return Err(AppError::NotFound);
    }
    settle(act, question, Question { case_id: Some(case.id), ..question.clone() }, &Event::Tied { is_new: false }).await
}

/// A question that contains a denunciation: it leaves public view with this transaction, and its words go into a sealed case of the
/// authority that decides about whom it is about. The asker follows that case with the code of the question.
pub async fn seal(act: &mut Act<'_>, dialogue: &Dialogue, question: &Question, about: About) -> Result<Outcome> {
    check(act.actor, Action::ModerateQuestions(&dialogue.body_id))?;
    if let Err(refusal) = super::rules::next(question, &Event::Sealed) {
        return Ok(Err(refusal));
    }
    let directory = act.portal.directory();
    let asked = Asked { kind: Kind::Denunciation, instance: Instance::First, contested_id: &dialogue.body_id, about, day: directory.today() };
    // Where the rules know nobody, the authority receives it and hands it on, as with any other denunciation.
    let body_id = competent(&directory.routing().competence, &asked, &directory).map_or_else(|_| dialogue.body_id.clone(), |found| found.agency_id);
    let title = crate::words::Lang::Vi.f("questions.sealed.title", &[("number", &question.number.to_string())]);
    let case_id = file(act, dialogue, question, Kind::Denunciation, &title, &body_id).await?;
    let after = Question {
        topic: String::new(),
        body: String::new(),
        public_text: String::new(),
        name: String::new(),
        village: String::new(),
        email: String::new(),
        reason: String::new(),
        reason_words: String::new(),
        linked_to: None,
        case_id: Some(case_id),
        topic_group: String::new(),
        agenda_position: 0,
        answer_unit: None,
        answer_draft: String::new(),
        ..question.clone()
    };
    let outcome = settle(act, question, after, &Event::Sealed).await?;
    release_repeats(act, question, true).await?;
    Ok(outcome)
}

/// Files what was asked as a petition of the asker, under the code of the question; under none that anybody has where that is taken.
async fn file(act: &mut Act<'_>, dialogue: &Dialogue, question: &Question, kind: Kind, title: &str, body_id: &str) -> Result<String> {
    if question.is_locked {
        return Err(AppError::Unavailable("the key of who asked is not there".into()));
    }
    let petition = NewPetition {
        kind,
        area_code: dialogue.facts.area_code.clone(),
        body_id: body_id.to_owned(),
        may_publish: kind.must_be_published(),
        text: CaseText { title: title.to_owned(), body: question.body.clone(), ..CaseText::default() },
        person: CasePerson {
            name: question.name.clone(),
            email: question.email.clone(),
            address: question.village.clone(),
            language: question.language.clone(),
            ..CasePerson::default()
        },
        papers: 0,
        limitation: None,
    };
    let is_taken = by_code_hash(act.tx, &question.code_digest).await?.is_some();
    let code_hash = if is_taken { secret_hash("question case", &act.portal.random().token()) } else { question.code_digest.clone() };
    let id = act.portal.new_id();
    Ok(file_under(act, id, &petition, &code_hash).await?.id)
}

/// Writes the topics of the agenda, and publishes it or takes it back.
///
/// # Errors
/// [`AppError::Conflict`] if somebody else wrote it since `seen` was read.
pub async fn set_agenda(act: &mut Act<'_>, dialogue: &Dialogue, seen: &Board, topics: &[String], is_published: bool) -> Result<()> {
    check(act.actor, Action::ModerateQuestions(&dialogue.body_id))?;
    let today = crate::clock::day(act.portal.now());
    let board =
        Board { topics: topics.join("\n"), agenda_published_on: is_published.then(|| seen.agenda_published_on.unwrap_or(today)), version: seen.version };
    store::put_board(act.tx, &dialogue.id, seen, &board).await?;
    raise_version(act.tx).await
}

/// Tells the asker by mail how the question stands, if they left an address.
fn tell(act: &mut Act<'_>, question: &Question) -> Result<()> {
    if question.email.is_empty() && !question.is_locked {
        return Ok(());
    }
    outbox::add(act.tx, act.portal.new_id(), &Job::QuestionNews { question_id: question.id.clone() }, act.portal.now())
}
