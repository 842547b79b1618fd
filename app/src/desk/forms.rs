//! The POSTs of the desk: one step on one case. Read → permission → version → check → action → 303, or the same page again.
//!
//! Two officials on one case: every form says which version of the case it was shown with. If the case has moved on, the answer
//! is the page as it is now (409), what changed and by whom, and the form with every typed word and the new version.

use super::canned;
use super::case::CaseFile;
use super::commands::{Command, carry_out, parse, was_done};
use super::letters::rules::SUPPLEMENT;
use super::look::{Conflict, Look, Preview};
use super::pages::{beside, show_case};
use super::place::Place;
use super::queue::home_scope;
use super::step_forms::WITH_LETTER;
use super::steps::{self, Step};
use crate::accounts::keep_form_and_sign_in;
use crate::accounts::second::demand_fresh;
use crate::accounts::session::FLASH;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::actions::{self, Act, expect_version};
use crate::petitions::markdown;
use crate::petitions::rules::Event;
use crate::petitions::store;
use crate::redaction::actions as redaction;
use crate::redaction::choices::{self, ticked};
use crate::redaction::rules::hide_in_markdown;
use crate::redaction::store::Draft;
use crate::ui::{PageContext, see_other};
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use std::collections::HashMap;
use tower_sessions::Session;

/// Longest answer, in characters: about ten printed pages.
pub const ANSWER_CHARS_MAX: usize = 20_000;
/// Longest question to the citizen, in characters.
pub const QUESTION_CHARS_MAX: usize = 4_000;
/// Longest note, in characters.
pub const NOTE_CHARS_MAX: usize = 4_000;
/// Longest reason, in characters.
pub const REASON_CHARS_MAX: usize = 1_000;
/// Longest public title, in characters.
pub const PUBLIC_TITLE_CHARS_MAX: usize = 200;
/// Longest public text, in characters: as long as what a citizen may write.
pub const PUBLIC_BODY_CHARS_MAX: usize = 10_000;

/// What the button that leads from the public text to covering a paper sends; the paper's id follows.
pub const COVER: &str = "cover:";

/// A form as it arrives.
pub type Sent = std::result::Result<Form<Vec<(String, String)>>, FormRejection>;

/// A step on a case.
pub async fn take(
    step: Step,
    context: PageContext,
    session: Session,
    Path(case_id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    sent: Sent,
) -> Result<Response> {
    let mut form = FormState::from_pairs(sent.map_err(|_| AppError::BadRequest("not a form"))?.0);
    let Some(official) = context.actor.official() else { return Ok(keep_form_and_sign_in(&context, &form)) };
    check(&context.actor, Action::UseDesk)?;
    let place = Place::of(&query, home_scope(official), &context.portal);
    let version: Option<i64> = form.value("version").parse().ok();

    let mut tx = context.portal.db().read().await?;
    let file = match CaseFile::load(&mut tx, &context, &case_id).await {
        Err(AppError::NotFound)
            if matches!(step, Step::Forward | Step::Bar) && was_handed_on(&mut tx, &case_id, &official.account_id, version.unwrap_or(i64::MAX)).await? =>
        {
            return Ok(see_other(&context.href(&format!("/can-bo{}", place.query()))));
        }
        other => other?,
    };
    drop(tx);
    steps::permit(step, &context.actor, &file.case, &file.facts).or_else(|error| match error {
        // The draft was decided on in the meantime: no longer a question of who may.
        AppError::Forbidden(_) if version.is_some_and(|version| version != file.case.version) => Ok(()),
        error => Err(error),
    })?;
    // Only now: whoever may not do this learns nothing, not even what its form looks like.
    let version = version.ok_or(AppError::BadRequest("no version"))?;
    if form.value("action") == canned::INSERT && file.is_open(step) {
        return with_canned(&context, step, form, file, &place).await;
    }
    if let Some(paper_id) = form.value("action").strip_prefix(COVER).filter(|_| step == Step::Publish) {
        return keep_and_cover(&context, &file, &form, paper_id).await;
    }
    let command = parse(step, &mut form, &file, &context.directory);
    // Who wrote is told to whoever has just proven who they are, as what is sealed is.
    let is_proven = step != Step::Identity || demand_fresh(&context, &mut form).await?;
    if file.case.version != version {
        if command.is_some_and(|command| was_done(&file, &command, &official.account_id, version)) {
            return done(&context, &session, &case_id, &place, step.code()).await;
        }
        return conflict(&context, step, form, file, &place, version).await;
    }
    if !file.is_open(step) {
        return conflict(&context, step, form, file, &place, version).await;
    }
    let Some(command) = command.filter(|_| is_proven) else {
        let look = Look { returned: Some((step, form)), ..Look::default() };
        return again(&context, file, look, &place, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    if let Some(preview) = preview(&command).filter(|_| form.value("action") == "preview") {
        let look = Look { preview: Some(preview), returned: Some((step, form)), ..Look::default() };
        return again(&context, file, look, &place, StatusCode::OK).await;
    }
    match perform(&context, &case_id, version, &command, &form).await {
        Ok(()) => {}
        Err(AppError::Conflict) => {
            let mut tx = context.portal.db().read().await?;
            let file = CaseFile::load(&mut tx, &context, &case_id).await?;
            drop(tx);
            return conflict(&context, step, form, file, &place, version).await;
        }
        Err(error) => return Err(error),
    }
    match command {
        Command::Identity(_) => show_identity(&context, &case_id, &place).await,
        Command::Ask(_) if form.is_ticked(WITH_LETTER) => Ok(see_other(&context.href(&format!("/can-bo/don/{case_id}/soan/{SUPPLEMENT}")))),
        _ => done(&context, &session, &case_id, &place, step.code()).await,
    }
}

/// On to the page that covers a paper; the text and what is hidden in it are kept until whoever covers comes back. Nothing is proposed.
async fn keep_and_cover(context: &PageContext, file: &CaseFile, form: &FormState, paper_id: &str) -> Result<Response> {
    let paper = file.papers.iter().find(|paper| paper.id == paper_id).ok_or(AppError::NotFound)?;
    let draft = Draft { title: form.value("public_title").to_owned(), body: form.value("public_body").to_owned(), hidden: ticked(form, choices::PUBLIC) };
    let mut tx = context.portal.db().write().await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    redaction::keep_draft(&mut act, &file.case, &draft).await?;
    tx.commit().await?;
    Ok(see_other(&context.href(&format!("/can-bo/don/{}/che/{}", file.case.id, paper.id))))
}

/// How what was typed will look to whom it is for.
fn preview(command: &Command) -> Option<Preview> {
    match command {
        Command::Answer { text, hidden, .. } => {
            let public = (!hidden.is_empty()).then(|| markdown::to_html(&hide_in_markdown(text, hidden)));
            Some(Preview::Answer { html: markdown::to_html(text), public })
        }
        Command::Publish { title, body, .. } => Some(Preview::PublicText { title: title.clone(), body: body.clone() }),
        _ => None,
    }
}

/// The same page with a ready-made answer put behind what was typed. Nothing is sent.
async fn with_canned(context: &PageContext, step: Step, mut form: FormState, file: CaseFile, place: &Place) -> Result<Response> {
    let field = match step {
        Step::Answer => "answer",
        Step::Ask => "question",
        _ => return Err(AppError::BadRequest("no ready-made answer goes here")),
    };
    let status = if canned::insert(context, &file, &mut form, field) { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    again(context, file, Look { returned: Some((step, form)), ..Look::default() }, place, status).await
}

async fn perform(context: &PageContext, case_id: &str, version: i64, command: &Command, form: &FormState) -> Result<()> {
    let mut tx = context.portal.db().write().await?;
    let case = actions::seen(&mut tx, &context.actor, case_id).await?;
    expect_version(&case, version)?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    carry_out(&mut act, &case, command).await?;
    canned::remember(&mut act, &case, command, form).await?;
    tx.commit().await
}

/// Whether this person has just handed the case to another authority, or recorded that it is about themselves, so that it is no
/// longer theirs to see.
async fn was_handed_on(tx: &mut crate::db::Tx, case_id: &str, account_id: &str, seen_version: i64) -> Result<bool> {
    let first = store::history(tx, case_id, seen_version).await?.into_iter().next();
    Ok(first.is_some_and(|entry| matches!(entry.event, Event::Forwarded { .. } | Event::Barred { .. }) && entry.actor_id.as_deref() == Some(account_id)))
}

/// On to the case, or to the queue where the case is no longer this person's to see.
pub(super) async fn done(context: &PageContext, session: &Session, case_id: &str, place: &Place, flash: &str) -> Result<Response> {
    if !flash.is_empty() {
        session.insert(FLASH, flash).await.map_err(AppError::internal)?;
    }
    let mut tx = context.portal.db().read().await?;
    let is_seen = match actions::seen(&mut tx, &context.actor, case_id).await {
        Ok(_) => true,
        Err(AppError::NotFound) => false,
        Err(error) => return Err(error),
    };
    let path = if is_seen { format!("/can-bo/don/{case_id}{}", place.query()) } else { format!("/can-bo{}", place.query()) };
    Ok(see_other(&context.href(&path)))
}

/// The same page with the form as it was sent.
pub(super) async fn again(context: &PageContext, file: CaseFile, look: Look, place: &Place, status: StatusCode) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let beside = beside(&mut tx, context, place).await?;
    drop(tx);
    Ok(show_case(context, file, look, beside, status))
}

/// The page as it is now, what changed, and the form with every typed word.
async fn conflict(context: &PageContext, step: Step, form: FormState, file: CaseFile, place: &Place, version: i64) -> Result<Response> {
    // What was wrong with the form is not what matters now.
    let typed = FormState::from_pairs(form.values().clone());
    let look = Look { returned: Some((step, typed)), conflict: Some(Conflict { seen_version: version }), ..Look::default() };
    again(context, file, look, place, StatusCode::CONFLICT).await
}

/// The page with the sender's identity, this once.
async fn show_identity(context: &PageContext, case_id: &str, place: &Place) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let file = CaseFile::load(&mut tx, context, case_id).await?;
    drop(tx);
    again(context, file, Look { is_identity_open: true, ..Look::default() }, place, StatusCode::OK).await
}
