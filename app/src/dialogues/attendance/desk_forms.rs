//! What officials send about those who registered.

use super::actions::{self, Registered};
use super::desk_pages::{TOKEN, kept, new_page, slip};
use super::forms::{people, person};
use super::place::Place;
use crate::accounts::keep_form_and_sign_in;
use crate::accounts::session::leave_flash;
use crate::device::is_token;
use crate::dialogues::desk_path;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::petitions::actions::Act;
use crate::ui::{PageContext, see_other};
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use tower_sessions::Session;

/// `POST /can-bo/doi-thoai/{dialogue}/dang-ky`: somebody was called, or gave their place back by telephone.
///
/// # Errors
/// [`AppError::NotFound`] for whoever may not, and for a registration of another dialogue.
pub async fn act(context: PageContext, session: Session, Path(id): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let mut tx = context.portal.db().write().await?;
    let dialogue = kept(&mut tx, &context, &id).await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    let (called, cancelled) = (form.value("called"), form.value("cancelled"));
    if !called.is_empty() {
        actions::called(&mut act, &dialogue, called).await?;
        leave_flash(&session, "attendance_called").await?;
    } else if !cancelled.is_empty() {
        if form.is_ticked("sure") && actions::cancel_for(&mut act, &dialogue, cancelled).await? {
            leave_flash(&session, "attendance_cancelled").await?;
        }
    } else {
        return Err(AppError::NotFound);
    }
    tx.commit().await?;
    Ok(see_other(&context.href(&format!("{}/dang-ky", desk_path(&id)))))
}

/// `POST /can-bo/doi-thoai/{dialogue}/dang-ky-ho`: writes somebody down and shows their slip. The answer itself is the slip, because its
/// code stands nowhere else; sent again it is the same slip.
///
/// # Errors
/// [`AppError::NotFound`] for whoever may not.
pub async fn register_for(context: PageContext, Path(id): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let mut tx = context.portal.db().write().await?;
    let dialogue = kept(&mut tx, &context, &id).await?;
    let (person, people) = (person(&mut form, context.lang, false), people(&mut form));
    if !form.is_valid() {
        drop(tx);
        return Ok(new_page(&context, &dialogue, &form, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let token = form.value(TOKEN).to_owned();
    if !is_token(&token) {
        return Err(AppError::BadRequest("the form has no token"));
    }
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    let registration = match actions::register_for(&mut act, &dialogue, &token, people, &person).await {
        Ok(Registered::Yes(registration) | Registered::Before(registration)) => registration,
        Ok(Registered::Known(number)) => {
            drop(tx);
            form.wrong_with("phone", "attendance.for.known", vec![("n", number.to_string())]);
            return Ok(new_page(&context, &dialogue, &form, StatusCode::UNPROCESSABLE_ENTITY));
        }
        Ok(Registered::Full) => {
            drop(tx);
            form.wrong("name", "attendance.for.full");
            return Ok(new_page(&context, &dialogue, &form, StatusCode::UNPROCESSABLE_ENTITY));
        }
        Err(AppError::Conflict) => {
            drop(tx);
            return Ok(new_page(&context, &dialogue, &form, StatusCode::CONFLICT));
        }
        Err(error) => return Err(error),
    };
    let place = Place::load(&mut tx, dialogue, &registration.id, actions::slip_code(&token), false).await?;
    tx.commit().await?;
    Ok(slip(&context, &place))
}
