//! Cases of an account: put in by their codes, opened, taken out.

use super::actions::holder;
use super::rules::{self, CASES_MAX};
use super::{PATH, cases_view, pages, store, welcome};
use crate::accounts::actions::Limit;
use crate::accounts::rules::CODE_FAILURES_MAX;
use crate::accounts::session as sessions;
use crate::error::{AppError, Result};
use crate::following;
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::ui::{PageContext, see_other};
use axum::Form;
use axum::http::StatusCode;
use axum::response::Response;
use tower_sessions::Session;

type Pairs = Form<Vec<(String, String)>>;

/// `POST /toi/don`: opens a case as its code would. The visit is the same, with the same rights.
///
/// # Errors
/// [`AppError::NotFound`] for a case this account does not have; [`AppError::CodeNeeded`] for a denunciation.
pub async fn open(context: PageContext, session: Session, Form(pairs): Pairs) -> Result<Response> {
    let form = FormState::from_pairs(pairs);
    let Some(citizen_id) = holder(&context) else { return Ok(welcome::keep_form_and_ask(&context, &form)) };
    check(&context.actor, Action::KeepOwnPage(&citizen_id))?;
    let case = store::case_of(&mut context.portal.db().look().await?, &citizen_id, form.value("case")).await?.ok_or(AppError::NotFound)?;
    // What became a denunciation since is opened by its code alone.
    if check(&context.actor, Action::OpenFromOwnPage(&case)).is_err() {
        return Ok(see_other(&context.href("/tra-cuu")));
    }
    sessions::begin_visit(&session, &case.id, context.now).await?;
    Ok(see_other(&context.href("/tra-cuu/don")))
}

/// `POST /toi/nhan`: puts a case into the account by its code.
///
/// # Errors
/// [`AppError::TooMany`] after too many wrong codes from this address, counted together with those of the page that follows a case.
pub async fn adopt(context: PageContext, session: Session, Form(pairs): Pairs) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let Some(citizen_id) = holder(&context) else { return Ok(welcome::keep_form_and_ask(&context, &form)) };
    check(&context.actor, Action::KeepOwnPage(&citizen_id))?;
    let limit = Limit::new("case_code", &[&context.address.0], CODE_FAILURES_MAX);
    limit.check(&context.portal).await?;
    let Some(case) = following::look_up(&context, form.value("code")).await? else {
        limit.failed(&context.portal).await?;
        form.wrong("code", "following.code.wrong");
        return pages::again(&context, &citizen_id, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let is_sealed = check(&context.actor, Action::OpenFromOwnPage(&case)).is_err();
    if is_sealed && !form.is_ticked("sealed_ok") {
        let status = if form.is_ticked("asked") { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        if form.is_ticked("asked") {
            form.wrong("sealed_ok", "citizens.warn.missing");
        }
        return Ok(cases_view::warn(&context, &form, status));
    }
    let mut tx = context.portal.db().write().await?;
    if store::count(&mut tx, &citizen_id).await? >= CASES_MAX {
        drop(tx);
        form.wrong_with("code", "citizens.adopt.full", vec![("n", context.lang.number(CASES_MAX))]);
        return pages::again(&context, &citizen_id, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    if is_sealed {
        let mark = rules::mark(context.portal.marks_key(), "denunciations of citizens' accounts", &[&citizen_id, &case.id]);
        store::add_sealed(&mut tx, &citizen_id, &mark, context.now).await?;
    } else {
        store::add_case(&mut tx, &citizen_id, &case.id, context.now).await?;
    }
    tx.commit().await?;
    sessions::leave_flash(&session, if is_sealed { "citizens.flash.sealed" } else { "citizens.flash.adopted" }).await?;
    Ok(see_other(&context.href(PATH)))
}

/// `POST /toi/bo`: takes a case out, or forgets that there is a denunciation. The case stays what it is.
pub async fn take_out(context: PageContext, session: Session, Form(pairs): Pairs) -> Result<Response> {
    let form = FormState::from_pairs(pairs);
    let Some(citizen_id) = holder(&context) else { return Ok(welcome::keep_form_and_ask(&context, &form)) };
    check(&context.actor, Action::KeepOwnPage(&citizen_id))?;
    let mut tx = context.portal.db().write().await?;
    store::remove_case(&mut tx, &citizen_id, form.value("case")).await?;
    store::remove_sealed(&mut tx, &citizen_id, form.value("mark")).await?;
    tx.commit().await?;
    sessions::leave_flash(&session, "citizens.flash.taken_out").await?;
    Ok(see_other(&context.href(PATH)))
}
