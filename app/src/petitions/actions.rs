//! Everything that changes a case: permission, rule, rows, history, notice, register — in the caller's transaction.
//!
//! Whoever calls commits; whoever does not, changes nothing. A caller says which version of the case it saw
//! ([`expect_version`]), so that two officials on one case cannot overwrite each other.

use super::barred;
use super::barring::may_be_given;
use super::code::CaseCode;
use super::procedure::first_last_day;
use super::rules::{self, Case, Event, Filing, Kind, State};
use super::store::parts::{self, Answer, CasePerson, CaseText, Message, PublicText, Rating};
use super::{markdown, ratings, recognition};
use super::{register, store};
use crate::actor::Actor;
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::outbox::{self, Job};
use crate::permissions::{Action, check};
use crate::portal::Portal;
use crate::procedures::Refusal;
use crate::procedures::limitation::Limitation;
use crate::record::words::{AnswerMarks, mark_of_text};
use crate::redaction::{actions as redaction, store as redacted};
use crate::search::store::Index;
use crate::search::{Document, facet};
use chrono::NaiveDate;

/// A transaction and what acting in it needs.
pub struct Act<'a> {
    /// The transaction; the caller commits.
    pub tx: &'a mut Tx,
    /// The portal.
    pub portal: &'a Portal,
    /// Who acts.
    pub actor: &'a Actor,
}

/// A petition ready to be filed.
#[derive(Clone, Debug)]
pub struct NewPetition {
    /// What it is, by the citizen's choice.
    pub kind: Kind,
    /// Where it happened.
    pub area_code: String,
    /// The authority it goes to.
    pub body_id: String,
    /// The sender does not refuse publication.
    pub may_publish: bool,
    /// The sender's words.
    pub text: CaseText,
    /// The sender.
    pub person: CasePerson,
    /// How many papers come with it.
    pub papers: i64,
    /// What a complainant states about when they knew of the decision.
    pub limitation: Option<Limitation>,
}

/// Files a petition under `code`. The clock starts today.
pub async fn file(act: &mut Act<'_>, petition: &NewPetition, code: &CaseCode) -> Result<Case> {
    let id = act.portal.new_id();
    file_as(act, id, petition, code).await
}

/// The same with an id that the caller has already written somewhere: the draft that is sent must point to its case first.
pub async fn file_as(act: &mut Act<'_>, id: String, petition: &NewPetition, code: &CaseCode) -> Result<Case> {
    file_under(act, id, petition, &code.hash()).await
}

/// The same under the hash of a code that only the sender has: a question at a dialogue that becomes a case keeps its code.
pub async fn file_under(act: &mut Act<'_>, id: String, petition: &NewPetition, code_hash: &str) -> Result<Case> {
    check(act.actor, Action::UsePortal)?;
    let now = act.portal.now();
    let received_on = crate::clock::day(now);
    let due_on = first_last_day(&act.portal.directory(), petition.kind, received_on, &petition.area_code, &petition.body_id)?;
    let filing = Filing {
        kind: petition.kind,
        body_id: petition.body_id.clone(),
        area_code: petition.area_code.clone(),
        may_publish: petition.may_publish && petition.kind.can_be_public(),
        received_on,
        due_on,
        papers: petition.papers,
    };
    let case = rules::file(id, act.portal.random().search_key(now), &filing, now);
    store::insert(act.tx, &case, &filing, code_hash)?;
    parts::insert_text(act.tx, case.kind, &case.id, &petition.text)?;
    parts::insert_person(act.tx, &case.id, &petition.person)?;
    if let Some(limitation) = &petition.limitation {
        store::limitation::insert(act.tx, &case.id, limitation)?;
    }
    if case.kind != Kind::Denunciation {
        crate::search::store::insert(act.tx, Index::Desk, case.search_key, &desk_document(&case.body_id, &petition.text))?;
    }
    if !petition.person.email.is_empty() {
        notify(act, &case, &Event::Filed(filing))?;
    }
    Ok(case)
}

/// What officials' search knows of a case.
pub fn desk_document(body_id: &str, text: &CaseText) -> Document {
    Document::new(&[&text.title, &text.body, &text.place], vec![facet('b', body_id)], Vec::new())
}

/// The case, if this actor may see it.
///
/// # Errors
/// [`AppError::NotFound`] both where there is none and where it may not be seen.
pub async fn seen(tx: &mut Tx, actor: &Actor, case_id: &str) -> Result<Case> {
    check(actor, Action::UseDesk)?;
    let case = store::by_id(tx, case_id).await?.ok_or(AppError::NotFound)?;
    check(actor, Action::See(&case))?;
    Ok(case)
}

/// Refuses to act on a case that has moved on since the page was shown.
pub fn expect_version(case: &Case, version: i64) -> Result<()> {
    if case.version == version { Ok(()) } else { Err(AppError::Conflict) }
}

/// Records an event: the new state, the history entry, the register, the notice.
///
/// # Errors
/// [`AppError::Conflict`] where the event does not fit the state or somebody was faster.
pub async fn record(act: &mut Act<'_>, case: &Case, event: &Event) -> Result<Case> {
    let now = act.portal.now();
    let after = rules::apply(case, event, now).map_err(|_| AppError::Conflict)?;
    store::update(act.tx, case, &after).await?;
    store::add_history(act.tx, &after.id, after.version, now, act.actor, event).await?;
    register::follow(act.tx, &after, act.portal.directory().calendar()).await?;
    ratings::follow(act.tx, (case, &after), event, crate::clock::day(now)).await?;
    crate::commitments::cases::follow(act, &after, event).await?;
    if event.is_notified() {
        notify(act, &after, event)?;
    }
    Ok(after)
}

/// Tells the sender by mail, later.
pub fn notify(act: &mut Act<'_>, case: &Case, event: &Event) -> Result<()> {
    let job = Job::Notice { case_id: case.id.clone(), event: event.code().to_owned() };
    outbox::add(act.tx, act.portal.new_id(), &job, act.portal.now())
}

/// Writes the reason of a step as a note of the case; gives its id.
pub async fn note_row(act: &mut Act<'_>, case: &Case, body: &str) -> Result<String> {
    let author = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let id = act.portal.new_id();
    parts::insert_note(act.tx, &id, case, &author, body, act.portal.now()).await?;
    Ok(id)
}

// ---- officials ----

/// Acknowledges a case.
pub async fn receive(act: &mut Act<'_>, case: &Case) -> Result<Case> {
    check(act.actor, Action::Triage(case))?;
    record(act, case, &Event::Received).await
}

/// Corrects the kind. A denunciation leaves the officials' search and the public register at once.
pub async fn reclassify(act: &mut Act<'_>, case: &Case, to: Kind, reason: &str) -> Result<Case> {
    check(act.actor, Action::Triage(case))?;
    let note_id = note_row(act, case, reason).await?;
    // The new kind's period counts from the original receipt (its rule is that of the day of receipt).
    let due_on = first_last_day(&act.portal.directory(), to, case.received_on, &case.area_code, &case.body_id)?;
    let after = record(act, case, &Event::Reclassified { from: case.kind, to, note_id, due_on: Some(due_on) }).await?;
    store::sealing::follow(act.tx, case.kind, &after).await?;
    if after.kind == Kind::Denunciation {
        outbox::add(act.tx, act.portal.new_id(), &Job::SealPapers { case_id: after.id.clone() }, act.portal.now())?;
    }
    reindex(act, &after).await?;
    Ok(after)
}

/// Gives a case to a unit and perhaps a person of the authority.
pub async fn assign(act: &mut Act<'_>, case: &Case, unit_id: Option<String>, handler_id: Option<String>) -> Result<Case> {
    check(act.actor, Action::Triage(case))?;
    may_be_given(act, case, unit_id.as_deref(), handler_id.as_deref()).await?;
    record(act, case, &Event::Assigned { unit_id, handler_id }).await
}

/// Hands a case to another authority. The clock runs on.
pub async fn forward(act: &mut Act<'_>, case: &Case, to_body_id: &str, reason: &str) -> Result<Case> {
    check(act.actor, Action::Triage(case))?;
    let is_body = act.portal.directory().agency(to_body_id).is_some_and(|agency| agency.is_body() && agency.exists_on(crate::clock::day(act.portal.now())));
    if !is_body {
        return Err(AppError::BadRequest("no such authority"));
    }
    if barred::has_body(&case.barred, to_body_id) {
        return Err(AppError::Forbidden("barred"));
    }
    let note_id = note_row(act, case, reason).await?;
    let event = Event::Forwarded { from_body_id: case.body_id.clone(), to_body_id: to_body_id.to_owned(), note_id };
    let after = record(act, case, &event).await?;
    reindex(act, &after).await?;
    Ok(after)
}

/// After a case changed kind, authority or words: the officials' search and the marks follow.
pub async fn reindex(act: &mut Act<'_>, case: &Case) -> Result<()> {
    recognition::follow(act.tx, act.portal, case).await?;
    if case.kind == Kind::Denunciation {
        return crate::search::store::remove(act.tx, Index::Desk, case.search_key).await;
    }
    let text = parts::text(act.tx, &case.id).await?;
    crate::search::store::put(act.tx, Index::Desk, case.search_key, &desk_document(&case.body_id, &text)).await
}

/// Asks the citizen something.
pub async fn ask(act: &mut Act<'_>, case: &Case, question: &str) -> Result<Case> {
    check(act.actor, Action::Handle(case))?;
    let message_id = message_row(act, case, question).await?;
    record(act, case, &Event::Asked { message_id }).await
}

async fn message_row(act: &mut Act<'_>, case: &Case, body: &str) -> Result<String> {
    let message = Message {
        id: act.portal.new_id(),
        side: "official".to_owned(),
        author_id: act.actor.account_id(),
        body: body.to_owned(),
        at: act.portal.now(),
        is_locked: false,
    };
    parts::insert_message(act.tx, case, &message).await?;
    Ok(message.id)
}

/// Opens the sender's identity for a reason. The opening is in the history, where the citizen sees it too.
pub async fn open_identity(act: &mut Act<'_>, case: &Case, reason: &str) -> Result<(Case, CasePerson)> {
    check(act.actor, Action::SeeIdentity(case))?;
    let note_id = note_row(act, case, reason).await?;
    let after = record(act, case, &Event::IdentityOpened { note_id }).await?;
    Ok((after, parts::person(act.tx, &case.id).await?))
}

/// Puts a draft answer before the second person.
///
/// # Errors
/// [`AppError::Refused`] for a promise that is not later than today or that this kind does not have, and where a step comes before
/// the answer.
pub async fn propose_answer(act: &mut Act<'_>, case: &Case, body: &str, promised_on: Option<NaiveDate>) -> Result<Case> {
    check(act.actor, Action::Handle(case))?;
    if promised_on.is_some_and(|day| day <= crate::clock::day(act.portal.now())) {
        return Err(Refusal::PromiseInPast.into());
    }
    if promised_on.is_some() && !case.kind.is_opinion() {
        return Err(Refusal::NotOfThisKind.into());
    }
    if case.kind.is_answered() {
        case.procedure().stage.can_be_answered()?;
    }
    let author = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let answer_id = act.portal.new_id();
    parts::insert_answer(act.tx, &answer_id, &case.id, &author, (body, promised_on), act.portal.now()).await?;
    record(act, case, &Event::AnswerProposed { answer_id }).await
}

/// The draft that waits for the second person.
pub async fn waiting_answer(tx: &mut Tx, case: &Case) -> Result<Option<Answer>> {
    Ok(parts::answers(tx, &case.id).await?.into_iter().rev().find(|answer| answer.state == "proposed"))
}

/// The second person lets the answer out; the citizen has it from this moment.
pub async fn approve_answer(act: &mut Act<'_>, case: &Case) -> Result<Case> {
    let answer = waiting_answer(act.tx, case).await?.ok_or(AppError::Conflict)?;
    check(act.actor, Action::ApproveAnswer(case, &answer.drafted_by))?;
    let by = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let now = act.portal.now();
    parts::decide_answer(act.tx, &answer.id, "approved", &by, now, "").await?;
    let public_body = redacted::public_answer(act.tx, &answer.id).await?;
    let words = AnswerMarks::of(act.portal.record_key(), &answer.id, &answer.body, public_body.as_deref());
    record(act, case, &Event::Answered { answer_id: answer.id, on: crate::clock::day(now), promised: answer.promised_on, words: Some(words) }).await
}

/// The second person sends the draft back with a reason.
pub async fn return_answer(act: &mut Act<'_>, case: &Case, reason: &str) -> Result<Case> {
    let answer = waiting_answer(act.tx, case).await?.ok_or(AppError::Conflict)?;
    check(act.actor, Action::ApproveAnswer(case, &answer.drafted_by))?;
    let by = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    parts::decide_answer(act.tx, &answer.id, "returned", &by, act.portal.now(), reason).await?;
    record(act, case, &Event::AnswerReturned { answer_id: answer.id }).await
}

/// Proposes a public text for a second person, and says of each paper (its id) whether it goes with it.
pub async fn propose_public_text(act: &mut Act<'_>, case: &Case, title: &str, body: &str, photos: &[(String, bool)]) -> Result<Case> {
    check(act.actor, Action::Handle(case))?;
    let by = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    parts::propose_public_text(act.tx, &case.id, title, body, &by, act.portal.now()).await?;
    redaction::propose_papers(act, case, photos).await?;
    record(act, case, &Event::PublicTextProposed).await
}

/// A second person lets the public text out, and with it the papers chosen for it.
pub async fn approve_public_text(act: &mut Act<'_>, case: &Case) -> Result<Case> {
    let text = parts::public_text(act.tx, &case.id).await?.filter(|text| text.state == "proposed").ok_or(AppError::Conflict)?;
    check(act.actor, Action::ApprovePublicText(case, &text.proposed_by))?;
    let by = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let now = act.portal.now();
    parts::approve_public_text(act.tx, &case.id, &by, now).await?;
    redaction::release_papers(act, case).await?;
    let number = release(act, case, &text).await?;
    let words = mark_of_text(act.portal.record_key(), &case.id, &text.title, &text.body);
    record(act, case, &Event::Released { number, words: Some(words) }).await
}

async fn release(act: &mut Act<'_>, case: &Case, text: &PublicText) -> Result<i64> {
    let releasable = rules::apply(case, &Event::Released { number: 0, words: None }, act.portal.now()).is_ok();
    if !releasable {
        return Err(AppError::Conflict);
    }
    register::release(act.tx, case, text, act.portal.directory().calendar(), crate::clock::day(act.portal.now())).await
}

/// Closes an answered case.
pub async fn close(act: &mut Act<'_>, case: &Case) -> Result<Case> {
    check(act.actor, Action::Close(case))?;
    record(act, case, &Event::Closed).await
}

/// Takes an answered or closed case up again, with a new clock from today.
pub async fn reopen(act: &mut Act<'_>, case: &Case, reason: &str) -> Result<Case> {
    check(act.actor, Action::Close(case))?;
    let note_id = note_row(act, case, reason).await?;
    let today = crate::clock::day(act.portal.now());
    let due_on = first_last_day(&act.portal.directory(), case.kind, today, &case.area_code, &case.body_id)?;
    record(act, case, &Event::Reopened { due_on, note_id }).await
}

// ---- the portal itself ----

/// Moves a last day because a day off or a legal period has changed.
///
/// # Errors
/// [`AppError::Conflict`] for a day that is not later: what was promised stays.
pub async fn reschedule(act: &mut Act<'_>, case: &Case, event: &Event) -> Result<Case> {
    check(act.actor, Action::MoveDeadlines)?;
    record(act, case, event).await
}

// ---- the citizen, by code ----

/// The citizen writes to the office; `once` is the message's id, made when the page with the form was shown. The same words under the
/// same id are the same message: a double click files it once. Other words under it (back button, written anew) get an id of their own.
pub async fn reply(act: &mut Act<'_>, case: &Case, once: &str, body: &str) -> Result<Case> {
    check(act.actor, Action::Follow(case))?;
    let mut message =
        Message { id: once.to_owned(), side: "citizen".to_owned(), author_id: None, body: body.to_owned(), at: act.portal.now(), is_locked: false };
    if !parts::insert_message_once(act.tx, case, &message).await? {
        let is_known = parts::messages(act.tx, &case.id).await?.iter().any(|known| known.id == once && known.body == body);
        if is_known {
            return Ok(case.clone());
        }
        message.id = act.portal.new_id();
        parts::insert_message(act.tx, case, &message).await?;
    }
    record(act, case, &Event::Replied { message_id: message.id }).await
}

/// The citizen changes or takes away the address for notices. Not an event: the address is no part of the case.
pub async fn change_email(act: &mut Act<'_>, case: &Case, email: &str) -> Result<()> {
    check(act.actor, Action::Follow(case))?;
    parts::set_email(act.tx, &case.id, email).await
}

/// The citizen has added papers; their rows are written by the caller in the same transaction.
pub async fn papers_added(act: &mut Act<'_>, case: &Case, count: i64) -> Result<Case> {
    check(act.actor, Action::Follow(case))?;
    record(act, case, &Event::PapersAdded { count }).await
}

/// The citizen takes the petition back. Nothing is deleted: it is an event.
pub async fn withdraw(act: &mut Act<'_>, case: &Case) -> Result<Case> {
    check(act.actor, Action::Follow(case))?;
    record(act, case, &Event::Withdrawn).await
}

/// The citizen rates the answer, once.
pub async fn rate(act: &mut Act<'_>, case: &Case, rating: &Rating) -> Result<Case> {
    check(act.actor, Action::Follow(case))?;
    // Nobody is asked before what was promised is done.
    if !ratings::is_asked(case, crate::clock::day(act.portal.now())) {
        return Err(AppError::Conflict);
    }
    if !parts::insert_rating(act.tx, case, rating, act.portal.now()).await? {
        return Err(AppError::Conflict);
    }
    ratings::rated(act, case, rating).await?;
    record(act, case, &Event::Rated).await
}

// ---- what a text must not give away ----

/// Whether a text meant for others names the sender: their name, phone, e-mail or ID number, however spaced or marked.
pub fn betrays(text: &str, person: &CasePerson) -> bool {
    let folded = crate::text::fold(text);
    let words = crate::text::words_of(&folded).collect::<Vec<_>>().join(" ");
    let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
    let name = crate::text::words_of(&crate::text::fold(&person.name)).collect::<Vec<_>>().join(" ");
    // A one-word name is too common a word to look for.
    let names_them = name.contains(' ') && format!(" {words} ").contains(&format!(" {name} "));
    let numbers = [&person.phone, &person.id_number].into_iter().any(|number| {
        let number: String = number.chars().filter(char::is_ascii_digit).collect();
        number.len() >= 9 && digits.contains(number.trim_start_matches('0'))
    });
    let mail = !person.email.is_empty() && folded.contains(&crate::text::fold(&person.email));
    names_them || numbers || mail
}

/// The answer the citizen reads: the newest one let out, as clean HTML.
pub async fn released_answer(tx: &mut Tx, case: &Case) -> Result<Option<String>> {
    if !matches!(case.state, State::Answered | State::Closed) {
        return Ok(None);
    }
    Ok(answer_text(tx, case).await?.map(|text| markdown::to_html(&text)))
}

/// The answer the public reads: what the citizen does, but for words hidden from others; as clean HTML.
pub async fn public_answer(tx: &mut Tx, case: &Case) -> Result<Option<String>> {
    if !matches!(case.state, State::Answered | State::Closed) {
        return Ok(None);
    }
    let Some(answer) = parts::answers(tx, &case.id).await?.into_iter().rev().find(|answer| answer.state == "approved") else { return Ok(None) };
    let public = redacted::public_answer(tx, &answer.id).await?;
    Ok(Some(markdown::to_html(&public.unwrap_or(answer.body))))
}

/// The newest answer that was let out, as it was written; none if there never was one.
pub async fn answer_text(tx: &mut Tx, case: &Case) -> Result<Option<String>> {
    let answer = parts::answers(tx, &case.id).await?.into_iter().rev().find(|answer| answer.state == "approved");
    Ok(answer.map(|answer| answer.body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_betrays_its_sender_however_it_is_written() {
        let person = CasePerson { name: "Hoàng Văn Tú".into(), phone: "0912345678".into(), email: "tu@vi-du.vn".into(), ..CasePerson::default() };
        for text in ["Theo ông HOANG VAN TU thì", "gọi 0912 345 678", "gọi +84 912.345.678", "thư tới Tu@vi-du.vn"] {
            assert!(betrays(text, &person), "{text}");
        }
        for text in ["Đường đã sửa ngày 18/11", "Ông Hoàng Văn Túc", "hạn 12345"] {
            assert!(!betrays(text, &person), "{text}");
        }
    }
}
