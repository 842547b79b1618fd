//! The POSTs of a case's sealed part: open, close, prepare what handlers work on.

use super::actions::{self, Prepared};
use super::pages::{Sealed, page};
use super::rules::{Duty, Handling, REASON_CHARS_MAX, REASON_CHARS_MIN, What};
use super::working_pages::paper_field;
use crate::accounts::keep_form_and_sign_in;
use crate::accounts::second::proof;
use crate::accounts::session::leave_flash;
use crate::error::{AppError, Result};
use crate::filing::rules::{BODY_CHARS_MAX, TITLE_CHARS_MAX};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::actions::{Act, betrays, expect_version, seen};
use crate::petitions::rules::Case;
use crate::ui::{PageContext, see_other};
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::Response;
use tower_sessions::Session;

type Sent = std::result::Result<Form<Vec<(String, String)>>, FormRejection>;

/// Reads a form about a case's sealed part; whoever may not open it learns nothing.
async fn arrive(context: &PageContext, case_id: &str) -> Result<Case> {
    let mut tx = context.portal.db().read().await?;
    let case = seen(&mut tx, &context.actor, case_id).await?;
    check(&context.actor, Action::OpenSealed(&case))?;
    Ok(case)
}

/// `POST /can-bo/don/{id}/niem-phong`: opens for a duty.
///
/// # Errors
/// [`AppError::TooMany`] after too many wrong proofs.
pub async fn open(context: PageContext, session: Session, Path(case_id): Path<String>, sent: Sent) -> Result<Response> {
    let Form(pairs) = sent.map_err(|_| AppError::BadRequest("not a form"))?;
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    check(&context.actor, Action::UseDesk)?;
    arrive(&context, &case_id).await?;
    let what = What::from_code(form.value("what"));
    if what.is_none() {
        form.wrong("what", "sealed.open.what_missing");
    }
    let duty = Duty::from_code(form.value("duty"));
    match (what, duty) {
        (_, None) => form.wrong("duty", "sealed.open.duty_missing"),
        (Some(what), Some(duty)) if !duty.allows(what) => form.wrong("duty", "sealed.open.duty_unfit"),
        _ => {}
    }
    let reason = form.required("reason", "sealed.open.reason_missing", REASON_CHARS_MAX);
    if !reason.is_empty() && reason.chars().count() < REASON_CHARS_MIN {
        form.wrong("reason", "sealed.open.reason_short");
    }
    // Last: a form with something else wrong costs no try.
    if form.is_valid() {
        proof::demand_now(&context, &mut form).await?;
    }
    form.forget(proof::FIELD);
    let (Some(what), Some(duty), true) = (what, duty, form.is_valid()) else {
        let sealed = Sealed::load(&context, &session, &case_id).await?;
        return Ok(page(&context, &sealed, &form, &FormState::default(), StatusCode::UNPROCESSABLE_ENTITY));
    };
    let hash = actions::session_hash_or_new(&session, context.portal.random()).await?;
    let mut tx = context.portal.db().write().await?;
    let case = seen(&mut tx, &context.actor, &case_id).await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    actions::open(&mut act, &case, (what, duty), &reason, &hash).await?;
    tx.commit().await?;
    leave_flash(&session, "sealed.flash.opened").await?;
    Ok(see_other(&context.href(&super::path(&case_id))))
}

/// `POST /can-bo/don/{id}/niem-phong/dong`: closes what is open.
///
/// # Errors
/// Those of [`check`].
pub async fn close(context: PageContext, session: Session, Path(case_id): Path<String>) -> Result<Response> {
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &FormState::default()));
    }
    check(&context.actor, Action::UseDesk)?;
    arrive(&context, &case_id).await?;
    let hash = actions::session_hash(&session).await?;
    let mut tx = context.portal.db().write().await?;
    let case = seen(&mut tx, &context.actor, &case_id).await?;
    actions::close(&mut Act { tx: &mut tx, portal: &context.portal, actor: &context.actor }, &case, &hash).await?;
    tx.commit().await?;
    leave_flash(&session, "sealed.flash.closed").await?;
    Ok(see_other(&context.href(&super::path(&case_id))))
}

/// `POST /can-bo/don/{id}/ban-lam-viec`: what handlers work on.
///
/// # Errors
/// [`AppError::BadRequest`] for a form without the version it was shown with.
pub async fn prepare(context: PageContext, session: Session, Path(case_id): Path<String>, sent: Sent) -> Result<Response> {
    let Form(pairs) = sent.map_err(|_| AppError::BadRequest("not a form"))?;
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    check(&context.actor, Action::UseDesk)?;
    arrive(&context, &case_id).await?;
    let version: i64 = form.value("version").parse().map_err(|_| AppError::BadRequest("no version"))?;
    let sealed = Sealed::load(&context, &session, &case_id).await?;
    let title = form.required("working_title", "sealed.working.title_missing", TITLE_CHARS_MAX);
    let body = form.required("working_body", "sealed.working.body_missing", BODY_CHARS_MAX);
    for (field, text) in [("working_title", &title), ("working_body", &body)] {
        if betrays(text, &sealed.person) {
            form.wrong(field, "sealed.working.betrays");
        }
    }
    if sealed.open.original.is_none() {
        form.wrong("working_body", "sealed.working.closed");
    }
    let papers = sealed.papers.iter().map(|paper| {
        let handling = match Handling::of(&paper.handling) {
            Handling::Redacted(id) if !form.is_ticked(&paper_field(&paper.id)) => Handling::Redacted(id),
            _ if form.is_ticked(&paper_field(&paper.id)) => Handling::Whole,
            _ => Handling::Kept,
        };
        (paper.id.clone(), handling)
    });
    let prepared = Prepared { title, body, papers: papers.collect() };
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if form.is_valid() {
        match store(&context, &session, &case_id, version, &prepared).await {
            Ok(()) => {
                leave_flash(&session, "sealed.flash.prepared").await?;
                return Ok(see_other(&context.href(&super::path(&case_id))));
            }
            Err(AppError::Conflict) => {
                form.wrong("working_body", "sealed.working.moved");
                status = StatusCode::CONFLICT;
            }
            Err(error) => return Err(error),
        }
    }
    let sealed = Sealed::load(&context, &session, &case_id).await?;
    Ok(page(&context, &sealed, &FormState::default(), &form, status))
}

async fn store(context: &PageContext, session: &Session, case_id: &str, version: i64, prepared: &Prepared) -> Result<()> {
    let hash = actions::session_hash(session).await?;
    let mut tx = context.portal.db().write().await?;
    let case = seen(&mut tx, &context.actor, case_id).await?;
    expect_version(&case, version)?;
    actions::prepare(&mut Act { tx: &mut tx, portal: &context.portal, actor: &context.actor }, &case, prepared, &hash).await?;
    tx.commit().await
}
