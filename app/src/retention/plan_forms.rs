//! What is sent from `/can-bo/luu-giu`: make a plan, let it out, take it back.

use super::{PLANS, plans};
use crate::accounts::keep_form_and_sign_in;
use crate::accounts::second::demand_fresh;
use crate::accounts::session;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::ui::{PageContext, see_other};
use axum::Form;
use axum::http::StatusCode;
use axum::response::Response;
use tower_sessions::Session;

/// `POST /can-bo/luu-giu`: `deed` is `plan`, `release` or `withdraw`; `plan` the plan's id.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever may only look, and for whoever made a plan and wants to let it out.
pub async fn act(context: PageContext, session: Session, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    check(&context.actor, Action::SeeRetention(&plans::keeper(&context.portal).ok_or(AppError::NotFound)?))?;
    if form.value("deed") == "release" {
        let body_id = plans::keeper(&context.portal).ok_or(AppError::NotFound)?;
        check(&context.actor, Action::WithdrawRetention(&body_id))?;
        if !demand_fresh(&context, &mut form).await? {
            return super::plan_pages::page(&context, &body_id, &form, None, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    }
    let (portal, actor, id) = (&context.portal, &context.actor, form.value("plan"));
    let done = match form.value("deed") {
        "plan" => plans::make(portal, actor).await.map(|made| if made.is_some() { "retention.flash.planned" } else { "retention.flash.nothing" }),
        "release" => plans::release(portal, actor, id).await.map(|()| "retention.flash.released"),
        "withdraw" => plans::withdraw(portal, actor, id).await.map(|()| "retention.flash.withdrawn"),
        _ => Err(AppError::BadRequest("no such deed")),
    };
    let flash = match done {
        Ok(flash) => flash,
        // Somebody was faster: the page shows how it stands.
        Err(AppError::Conflict) => "retention.flash.moved",
        Err(error) => return Err(error),
    };
    session::leave_flash(&session, flash).await?;
    Ok(see_other(&context.href(PLANS)))
}
