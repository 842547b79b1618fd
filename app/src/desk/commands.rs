//! What a form of a step asks for, read and checked; carrying it out; and telling whether it was carried out already.

use super::bar_forms;
use super::case::CaseFile;
use super::forms::{ANSWER_CHARS_MAX, NOTE_CHARS_MAX, PUBLIC_BODY_CHARS_MAX, PUBLIC_TITLE_CHARS_MAX, QUESTION_CHARS_MAX, REASON_CHARS_MAX};
use super::marks_view::{MARK, MENTION, mark_of};
use super::placeholders::left_over;
use super::step_forms::photo_field;
use super::steps::Step;
use crate::accounts::store::Colleague;
use crate::agencies::Directory;
use crate::error::Result;
use crate::form::FormState;
use crate::petitions::actions::{self, Act};
use crate::petitions::barred::{self, Party};
use crate::petitions::barring;
use crate::petitions::flags::Flag;
use crate::petitions::marks::{self, TAG_CHARS_MAX, fold_tag};
use crate::petitions::rules::{Case, Event, Kind};
use crate::redaction::actions::{self as redaction, newest};
use crate::redaction::choices;
use crate::redaction::rules::{self, Hidden};
use crate::redaction::store::Draft;
use chrono::NaiveDate;

/// A step with what it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Acknowledge.
    Receive,
    /// Give to a unit and perhaps a person.
    Assign { unit_id: Option<String>, handler_id: Option<String> },
    /// Draft an answer, perhaps with a promise, and hide words of it from the public.
    Answer { text: String, promised_on: Option<NaiveDate>, hidden: Vec<Hidden> },
    /// Let the answer out.
    Approve,
    /// Send the draft back, with the reason.
    Return(String),
    /// Ask the citizen.
    Ask(String),
    /// Propose a public text and the papers that go with it; `draft` is the text before words were hidden.
    Publish { title: String, body: String, draft: Draft, papers: Vec<(String, bool)> },
    /// Let the public text out.
    Release,
    /// Note something, and put it before a colleague.
    Note { text: String, mention: Option<String> },
    /// Correct the kind, with the reason.
    Reclassify { to: Kind, reason: String },
    /// Hand to another authority, with the reason.
    Forward { to_body_id: String, reason: String },
    /// Nothing more will happen.
    Close,
    /// Take up again, with the reason.
    Reopen(String),
    /// Open the sender's identity, with the reason.
    Identity(String),
    /// Record whom the case is about, with the reason.
    Bar { parties: Vec<Party>, reason: String },
    /// Take it back, with the reason.
    Unbar { parties: Vec<Party>, reason: String },
    /// Put a mark or take it away, with the reason.
    Mark { flag: Flag, is_put: bool, reason: String },
    /// Put a tag.
    Tag(String),
    /// Take a tag away.
    Untag(String),
    /// Remind whoever has it in hand.
    Remind(String),
}

/// Reads a step's form. `None` if something is wrong with it; the form says what.
pub fn parse(step: Step, form: &mut FormState, file: &CaseFile, directory: &Directory) -> Option<Command> {
    let command = match step {
        Step::Receive => Command::Receive,
        Step::Approve => Command::Approve,
        Step::Release => Command::Release,
        Step::Close => Command::Close,
        Step::Assign => assign(form, file, directory),
        Step::Answer => {
            let text = form.required("answer", "desk.answer.missing", ANSWER_CHARS_MAX);
            keeps_secret(form, "answer", &text, file);
            is_filled_in(form, "answer", &text);
            let hidden = choices::read(form, choices::ANSWER, &[&text]);
            Command::Answer { text, promised_on: promise(form, directory), hidden }
        }
        Step::Return => Command::Return(form.required("return_reason", "desk.return.missing", REASON_CHARS_MAX)),
        Step::Ask => {
            let text = form.required("question", "desk.ask.missing", QUESTION_CHARS_MAX);
            is_filled_in(form, "question", &text);
            Command::Ask(text)
        }
        Step::Note => note(form, file),
        Step::Publish => publish(form, file),
        Step::Reclassify => reclassify(form, file),
        Step::Forward => forward(form, file, directory),
        Step::Reopen => Command::Reopen(form.required("reopen_reason", "desk.reason.missing", REASON_CHARS_MAX)),
        Step::Bar => bar_forms::parse_bar(form, file, directory),
        Step::Unbar => bar_forms::parse_unbar(form, file),
        Step::Identity => Command::Identity(form.required("identity_reason", "desk.person.reason_missing", REASON_CHARS_MAX)),
        Step::Mark => mark(form),
        Step::Tag if !form.value("untag").is_empty() => Command::Untag(form.value("untag").to_owned()),
        Step::Tag => tag(form, file),
        Step::Remind => Command::Remind(form.required("reminder", "day.remind.missing", REASON_CHARS_MAX)),
    };
    form.is_valid().then_some(command)
}

/// A text meant for others must not name the sender.
fn keeps_secret(form: &mut FormState, field: &'static str, text: &str, file: &CaseFile) {
    if actions::betrays(text, &file.person) {
        form.wrong(field, "desk.betrays");
    }
}

/// The day by which an answer promises something; it lies ahead.
fn promise(form: &mut FormState, directory: &Directory) -> Option<NaiveDate> {
    let typed = form.value("promised_on").trim().to_owned();
    if typed.is_empty() {
        return None;
    }
    let day = crate::deadlines::pages::day(&typed).filter(|day| *day > directory.today());
    if day.is_none() {
        form.wrong("promised_on", "procedure.promise.wrong");
    }
    day
}

/// A place of a ready-made answer that has no value in this case must not go out as it is.
fn is_filled_in(form: &mut FormState, field: &'static str, text: &str) {
    if let Some(place) = left_over(text) {
        form.wrong_with(field, "day.canned.left_over", vec![("place", format!("{{{place}}}"))]);
    }
}

fn assign(form: &mut FormState, file: &CaseFile, directory: &Directory) -> Command {
    let chosen = |field: &str| Some(form.value(field).to_owned()).filter(|value| !value.is_empty());
    let (mut unit_id, handler_id) = (chosen("unit"), chosen("handler"));
    let handler = handler_id.as_deref().and_then(|id| file.handlers.iter().find(|person| person.account_id == id));
    if unit_id.as_deref().is_some_and(|id| !directory.units_of(&file.case.body_id).any(|unit| unit.id == id)) {
        form.wrong("unit", "desk.assign.unit_unknown");
    }
    let barred = file.case.barred.as_str();
    if unit_id.as_deref().is_some_and(|id| barred::has_unit(barred, id)) {
        form.wrong("unit", "routing.assign.barred");
    }
    let is_away = |person: &&Colleague| barred::has_account(barred, &person.account_id) || barred::has_unit(barred, &person.agency_id);
    if file.handlers.iter().filter(|person| Some(&person.account_id) == handler_id.as_ref()).any(|person| is_away(&person)) {
        form.wrong("handler", "routing.assign.barred");
    }
    match handler {
        None if handler_id.is_some() => form.wrong("handler", "desk.assign.handler_unknown"),
        Some(person) => {
            let of_unit = Some(person.agency_id.clone()).filter(|id| *id != file.case.body_id);
            let works_there = |unit: &str| file.handlers.iter().any(|other| other.account_id == person.account_id && other.agency_id == unit);
            match (&unit_id, of_unit) {
                (None, of_unit) => unit_id = of_unit,
                (Some(unit), Some(_)) if !works_there(unit) => form.wrong("handler", "desk.assign.handler_elsewhere"),
                _ => {}
            }
        }
        None if unit_id.is_none() => form.wrong("unit", "desk.assign.missing"),
        None if file.case.kind == Kind::Denunciation => form.wrong("handler", "desk.assign.person_needed"),
        None => {}
    }
    Command::Assign { unit_id, handler_id }
}

fn publish(form: &mut FormState, file: &CaseFile) -> Command {
    let draft_title = form.required("public_title", "desk.publish.title_missing", PUBLIC_TITLE_CHARS_MAX);
    let draft_body = form.required("public_body", "desk.publish.body_missing", PUBLIC_BODY_CHARS_MAX);
    let hidden = choices::read(form, choices::PUBLIC, &[&draft_title, &draft_body]);
    let (title, body) = (rules::hide(&draft_title, &hidden), rules::hide(&draft_body, &hidden));
    keeps_secret(form, "public_title", &title, file);
    keeps_secret(form, "public_body", &body, file);
    let papers = file.papers.iter().filter(|paper| paper.is_picture() || newest(&file.versions, &paper.id).is_some());
    let papers = papers.map(|paper| (paper.id.clone(), form.is_ticked(&photo_field(&paper.id)))).collect();
    Command::Publish { title, body, draft: Draft { title: draft_title, body: draft_body, hidden }, papers }
}

fn reclassify(form: &mut FormState, file: &CaseFile) -> Command {
    let to = Kind::from_code(form.value("kind")).filter(|kind| *kind != file.case.kind);
    if to.is_none() {
        form.wrong("kind", "desk.reclassify.missing");
    }
    let reason = form.required("kind_reason", "desk.reason.missing", REASON_CHARS_MAX);
    Command::Reclassify { to: to.unwrap_or(file.case.kind), reason }
}

fn forward(form: &mut FormState, file: &CaseFile, directory: &Directory) -> Command {
    let to_body_id = form.value("forward_to").to_owned();
    if !directory.bodies().any(|body| body.id == to_body_id && body.id != file.case.body_id) {
        form.wrong("forward_to", "desk.forward.missing");
    } else if barred::has_body(&file.case.barred, &to_body_id) {
        form.wrong("forward_to", "routing.forward.barred");
    }
    let reason = form.required("forward_reason", "desk.reason.missing", REASON_CHARS_MAX);
    Command::Forward { to_body_id, reason }
}

fn note(form: &mut FormState, file: &CaseFile) -> Command {
    let text = form.required("note", "desk.note.missing", NOTE_CHARS_MAX);
    let mention = Some(form.value(MENTION).to_owned()).filter(|id| !id.is_empty());
    if mention.as_ref().is_some_and(|id| !file.mentionable.iter().any(|person| person.account_id == *id)) {
        form.wrong(MENTION, "day.mention.unknown");
    }
    Command::Note { text, mention }
}

fn mark(form: &mut FormState) -> Command {
    let mark = mark_of(form.value(MARK));
    if mark.is_none() {
        form.wrong(MARK, "day.mark.missing");
    }
    let (flag, is_put) = mark.unwrap_or((Flag::Complex, true));
    Command::Mark { flag, is_put, reason: form.required("mark_reason", "desk.reason.missing", REASON_CHARS_MAX) }
}

fn tag(form: &mut FormState, file: &CaseFile) -> Command {
    let name = form.required("tag", "day.tag.missing", TAG_CHARS_MAX);
    if file.tags.iter().any(|tag| fold_tag(&tag.name) == fold_tag(&name)) {
        form.wrong("tag", "day.tag.there");
    }
    Command::Tag(name)
}

/// Carries a command out in the caller's transaction.
///
/// # Errors
/// Those of the action.
pub async fn carry_out(act: &mut Act<'_>, case: &Case, command: &Command) -> Result<Case> {
    match command {
        Command::Receive => actions::receive(act, case).await,
        Command::Assign { unit_id, handler_id } => actions::assign(act, case, unit_id.clone(), handler_id.clone()).await,
        Command::Answer { text, promised_on, hidden } => {
            let after = actions::propose_answer(act, case, text, *promised_on).await?;
            redaction::hide_in_answer(act, &after, hidden.clone()).await?;
            Ok(after)
        }
        Command::Approve => actions::approve_answer(act, case).await,
        Command::Return(reason) => actions::return_answer(act, case, reason).await,
        Command::Ask(question) => actions::ask(act, case, question).await,
        Command::Publish { title, body, draft, papers } => {
            redaction::keep_draft(act, case, draft).await?;
            actions::propose_public_text(act, case, title, body, papers).await
        }
        Command::Release => actions::approve_public_text(act, case).await,
        Command::Note { text, mention } => marks::note(act, case, text, mention.as_deref()).await,
        Command::Reclassify { to, reason } => actions::reclassify(act, case, *to, reason).await,
        Command::Forward { to_body_id, reason } => actions::forward(act, case, to_body_id, reason).await,
        Command::Close => actions::close(act, case).await,
        Command::Reopen(reason) => actions::reopen(act, case, reason).await,
        Command::Identity(reason) => actions::open_identity(act, case, reason).await.map(|(after, _)| after),
        Command::Bar { parties, reason } => barring::bar(act, case, parties, reason).await,
        Command::Unbar { parties, reason } => barring::unbar(act, case, parties, reason).await,
        Command::Mark { flag, is_put: true, reason } => marks::flag(act, case, *flag, reason).await,
        Command::Mark { flag, is_put: false, reason } => marks::unflag(act, case, *flag, reason).await,
        Command::Tag(name) => marks::tag(act, case, name).await,
        Command::Untag(tag_id) => marks::untag(act, case, tag_id).await,
        Command::Remind(words) => marks::remind(act, case, words).await,
    }
}

/// Whether `account_id` has done this very thing as the first change after `seen_version`: a form sent twice.
pub fn was_done(file: &CaseFile, command: &Command, account_id: &str, seen_version: i64) -> bool {
    let Some(entry) = file.history.iter().find(|entry| entry.seq == seen_version + 1) else { return false };
    if entry.actor_id.as_deref() != Some(account_id) {
        return false;
    }
    let note_says = |id: &str, text: &str| file.note(id).is_some_and(|note| note.body == text);
    let answer = |id: &str| file.answers.iter().find(|answer| answer.id == id);
    match (command, &entry.event) {
        (Command::Receive, Event::Received) | (Command::Approve, Event::Answered { .. }) => true,
        (Command::Release, Event::Released { .. }) | (Command::Close, Event::Closed) => true,
        (Command::Assign { unit_id, handler_id }, Event::Assigned { unit_id: unit, handler_id: handler }) => (unit_id, handler_id) == (unit, handler),
        (Command::Answer { text, promised_on, .. }, Event::AnswerProposed { answer_id }) => {
            answer(answer_id).is_some_and(|answer| answer.body == *text && answer.promised_on == *promised_on)
        }
        (Command::Return(reason), Event::AnswerReturned { answer_id }) => answer(answer_id).is_some_and(|answer| answer.return_reason == *reason),
        (Command::Ask(question), Event::Asked { message_id }) => file.messages.iter().any(|message| message.id == *message_id && message.body == *question),
        (Command::Publish { title, body, .. }, Event::PublicTextProposed) => {
            file.public_text.as_ref().is_some_and(|text| text.title == *title && text.body == *body)
        }
        (Command::Note { text, .. }, Event::Noted { note_id }) => note_says(note_id, text),
        (Command::Mark { flag, is_put: true, reason }, Event::Flagged { flag: done, note_id }) => flag == done && note_says(note_id, reason),
        (Command::Mark { flag, is_put: false, reason }, Event::Unflagged { flag: done, note_id }) => flag == done && note_says(note_id, reason),
        (Command::Tag(name), Event::Tagged { tag_id }) => file.tag_names.get(tag_id).is_some_and(|tag| fold_tag(tag) == fold_tag(name)),
        (Command::Untag(tag_id), Event::Untagged { tag_id: done }) => tag_id == done,
        (Command::Remind(words), Event::Reminded { note_id, .. }) => note_says(note_id, words),
        (Command::Reclassify { reason, .. }, Event::Reclassified { note_id, .. }) => note_says(note_id, reason),
        (Command::Reopen(reason), Event::Reopened { note_id, .. }) => note_says(note_id, reason),
        (Command::Identity(reason), Event::IdentityOpened { note_id }) => note_says(note_id, reason),
        (Command::Bar { reason, .. }, Event::Barred { note_id, .. }) => note_says(note_id, reason),
        (Command::Unbar { reason, .. }, Event::Unbarred { note_id, .. }) => note_says(note_id, reason),
        _ => false,
    }
}
