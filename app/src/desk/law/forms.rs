//! The POSTs of the law: a step drafted or recorded, a draft signed or sent back. Read → permission → version → check → action → 303,
//! or the same page again with the reason: 422 for what was typed, 409 where the law or a colleague was faster.

use super::fields::parse;
use super::pages::{Shown, page};
use super::{is_possible, letters, view};
use crate::accounts::keep_form_and_sign_in;
use crate::desk::case::CaseFile;
use crate::desk::forms::{REASON_CHARS_MAX, Sent, again, done};
use crate::desk::look::{Conflict, Look};
use crate::desk::place::Place;
use crate::desk::queue::home_scope;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::letters::actions::NAME_CHARS_MAX;
use crate::letters::office::Authority;
use crate::permissions::{Action, check};
use crate::petitions::actions::{Act, expect_version, seen};
use crate::petitions::procedure::{self, action};
use crate::petitions::rules::Event;
use crate::petitions::store::drafts;
use crate::procedures::Refusal;
use crate::procedures::step::{Step, StepName, Whose};
use crate::ui::PageContext;
use crate::words::Lang;
use axum::extract::{Form, Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use std::collections::HashMap;
use tower_sessions::Session;

type Place2 = Query<HashMap<String, String>>;

/// `POST /can-bo/don/{id}/thu-tuc/{step}`.
pub async fn take(context: PageContext, session: Session, Path((case_id, code)): Path<(String, String)>, Query(query): Place2, sent: Sent) -> Result<Response> {
    let Form(pairs) = sent.map_err(|_| AppError::BadRequest("not a form"))?;
    let mut form = FormState::from_pairs(pairs);
    let Some(official) = context.actor.official() else { return Ok(keep_form_and_sign_in(&context, &form)) };
    check(&context.actor, Action::UseDesk)?;
    let place = Place::of(&query, home_scope(official), &context.portal);
    let file = load(&context, &case_id).await?;
    let name = StepName::from_code(&code).filter(|name| name.whose() != Whose::Citizen).ok_or(AppError::NotFound)?;
    check(&context.actor, action(&file.case, name))?;
    let version: i64 = form.value("version").parse().map_err(|_| AppError::BadRequest("no version"))?;
    // What the kind does not have needs no form to be refused.
    if let Err(refusal @ (Refusal::NotOfThisKind | Refusal::OtherWayForKind)) = is_possible(&context, &file.case, file.known, name)
        && file.case.version == version
    {
        return step_page(&context, &file, name, &form, Some(refusal), &place).await;
    }
    let parsed = parse(name, &mut form, &file, &context.directory);
    if file.case.version != version {
        let is_mine = parsed.as_ref().is_some_and(|(step, _)| was_done(&file, step, &official.account_id, version));
        if is_mine {
            return done(&context, &session, &case_id, &place, &drafted_or_done(name)).await;
        }
        return conflict(&context, file, &place, version, FormState::from_pairs(form.values().clone())).await;
    }
    if is_possible(&context, &file.case, file.known, name).is_ok() {
        let mut tx = context.portal.db().read().await?;
        letters::check(&mut Act { tx: &mut tx, portal: &context.portal, actor: &context.actor }, &file.case, name, &mut form).await?;
    }
    let Some((step, reason)) = parsed.filter(|_| form.is_valid()) else {
        return step_page(&context, &file, name, &form, None, &place).await;
    };
    match perform(&context, &case_id, version, (&step, &reason), &form).await {
        Ok(()) => done(&context, &session, &case_id, &place, &drafted_or_done(name)).await,
        Err(AppError::Refused(refusal)) => {
            let file = load(&context, &case_id).await?;
            step_page(&context, &file, name, &form, Some(refusal), &place).await
        }
        Err(AppError::Conflict) => {
            let file = load(&context, &case_id).await?;
            conflict(&context, file, &place, version, form).await
        }
        Err(error) => Err(error),
    }
}

async fn load(context: &PageContext, case_id: &str) -> Result<CaseFile> {
    let mut tx = context.portal.db().read().await?;
    CaseFile::load(&mut tx, context, case_id).await
}

/// The page of the step again: 409 with why it cannot be taken, 422 with what is wrong in the form.
async fn step_page(context: &PageContext, file: &CaseFile, name: StepName, form: &FormState, refusal: Option<Refusal>, place: &Place) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let templates = letters::templates(&mut tx, &file.case, name, context).await?;
    drop(tx);
    let status = if refusal.is_some() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page(context, file, name, Shown { form, templates: &templates, refusal }, place, status))
}

async fn perform(context: &PageContext, case_id: &str, version: i64, (step, reason): (&Step, &str), form: &FormState) -> Result<()> {
    let mut tx = context.portal.db().write().await?;
    let case = seen(&mut tx, &context.actor, case_id).await?;
    expect_version(&case, version)?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    if step.name().whose() == Whose::Signed {
        let (_, draft_id) = procedure::draft(&mut act, &case, step, reason).await?;
        let ids = letters::draft(&mut act, &case, step.name(), form).await?;
        drafts::set_letters(act.tx, &draft_id, &ids)?;
    } else {
        procedure::take(&mut act, &case, step.clone(), reason).await?;
    }
    tx.commit().await
}

/// Whether `account_id` has done this very thing as the first change after `seen_version`: a form sent twice.
fn was_done(file: &CaseFile, step: &Step, account_id: &str, seen_version: i64) -> bool {
    let Some(entry) = file.history.iter().find(|entry| entry.seq == seen_version + 1) else { return false };
    if entry.actor_id.as_deref() != Some(account_id) {
        return false;
    }
    match &entry.event {
        Event::Stepped(stepped) => stepped.step == *step,
        Event::StepDrafted { draft_id } => file.drafts.iter().any(|draft| draft.id == *draft_id && draft.step == *step),
        _ => false,
    }
}

/// What the next page says of a step that was just drafted or recorded, see [`told`].
fn drafted_or_done(name: StepName) -> String {
    if name.whose() == Whose::Signed { format!("{DRAFTED}{}", name.code()) } else { name.code().to_owned() }
}

/// Before the code of a step that waits for its signature.
const DRAFTED: &str = "du-thao:";

/// The sentence of a flash that this file left.
pub fn told(lang: Lang, flash: &str) -> Option<String> {
    let (key, code) = match flash.strip_prefix(DRAFTED) {
        Some(code) => ("procedure.sent_for_signature", code),
        None => ("procedure.done", flash),
    };
    StepName::from_code(code).map(|name| lang.f(key, &[("step", lang.t(name.key()))]))
}

/// `POST /can-bo/don/{id}/ky`: the second person signs.
pub async fn sign(context: PageContext, session: Session, Path(case_id): Path<String>, Query(query): Place2, sent: Sent) -> Result<Response> {
    decide(context, session, case_id, &query, sent, None).await
}

/// `POST /can-bo/don/{id}/tra-du-thao`: the second person sends the draft back.
pub async fn send_back(context: PageContext, session: Session, Path(case_id): Path<String>, Query(query): Place2, sent: Sent) -> Result<Response> {
    decide(context, session, case_id, &query, sent, Some("draft_return_reason")).await
}

async fn decide(
    context: PageContext,
    session: Session,
    case_id: String,
    query: &HashMap<String, String>,
    sent: Sent,
    reason_field: Option<&'static str>,
) -> Result<Response> {
    let Form(pairs) = sent.map_err(|_| AppError::BadRequest("not a form"))?;
    let mut form = FormState::from_pairs(pairs);
    let Some(official) = context.actor.official() else { return Ok(keep_form_and_sign_in(&context, &form)) };
    check(&context.actor, Action::UseDesk)?;
    let place = Place::of(query, home_scope(official), &context.portal);
    let file = load(&context, &case_id).await?;
    let version: i64 = form.value("version").parse().map_err(|_| AppError::BadRequest("no version"))?;
    let author = file.waiting_draft().map(|draft| draft.drafted_by.clone()).unwrap_or_default();
    // Where the draft was decided on in the meantime it is no longer a question of who may.
    if file.case.version == version {
        check(&context.actor, Action::SignLetter(&file.case, &author))?;
    }
    let reason = reason_field.map(|field| form.required(field, "procedure.draft.return_missing", REASON_CHARS_MAX));
    if file.case.version != version {
        let is_mine = file.history.iter().any(|entry| entry.seq == version + 1 && entry.actor_id.as_deref() == Some(&official.account_id));
        if is_mine {
            return done(&context, &session, &case_id, &place, "").await;
        }
        return conflict(&context, file, &place, version, FormState::from_pairs(form.values().clone())).await;
    }
    if !form.is_valid() {
        return again(&context, file, view::look_with(form), &place, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let decision = match reason {
        Some(reason) => Decision::SendBack(reason),
        None => {
            let authority = Authority::from_code(form.value("authority")).unwrap_or_else(|| view::usual_authority(official));
            let post = form.optional("post", NAME_CHARS_MAX);
            if authority == Authority::ByOrder && post.is_empty() {
                form.wrong("post", "procedure.draft.post_missing");
                return again(&context, file, view::look_with(form), &place, StatusCode::UNPROCESSABLE_ENTITY).await;
            }
            Decision::Sign(authority, post)
        }
    };
    let result = perform_decision(&context, &case_id, version, decision).await;
    match result {
        Ok(flash) => done(&context, &session, &case_id, &place, &flash).await,
        Err(AppError::Conflict) => {
            let file = load(&context, &case_id).await?;
            conflict(&context, file, &place, version, form).await
        }
        Err(AppError::Refused(refusal)) => {
            let file = load(&context, &case_id).await?;
            let look = Look { refusal: Some(refusal), ..view::look_with(form) };
            again(&context, file, look, &place, StatusCode::CONFLICT).await
        }
        Err(error) => Err(error),
    }
}

/// What the second person decided.
enum Decision {
    Sign(Authority, String),
    SendBack(String),
}

async fn perform_decision(context: &PageContext, case_id: &str, version: i64, decision: Decision) -> Result<String> {
    let mut tx = context.portal.db().write().await?;
    let case = seen(&mut tx, &context.actor, case_id).await?;
    expect_version(&case, version)?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    let flash = match decision {
        Decision::Sign(authority, post) => {
            let (after, draft) = procedure::sign(&mut act, &case).await?;
            letters::issue(&mut act, (&case, &after), &draft.letters, authority, &post).await?;
            draft.step.name().code().to_owned()
        }
        Decision::SendBack(reason) => {
            procedure::send_back(&mut act, &case, &reason).await?;
            String::new()
        }
    };
    tx.commit().await?;
    Ok(flash)
}

async fn conflict(context: &PageContext, file: CaseFile, place: &Place, seen_version: i64, form: FormState) -> Result<Response> {
    let look = Look { conflict: Some(Conflict { seen_version }), law_form: Some(form), ..Look::default() };
    again(context, file, look, place, StatusCode::CONFLICT).await
}
