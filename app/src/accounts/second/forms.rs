//! What officials send from `/can-bo/bao-mat`. Everything here changes what opens their account, so everything asks for a fresh proof.

use super::actions::Own;
use super::pages::{self, APPLICATION, PATH};
use super::proof::demand_fresh;
use super::rules::{PASSKEY_NAME_CHARS_MAX, PASSKEYS_MAX};
use super::{passkeys, store};
use crate::accounts::{browsers, session, store as accounts};
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::ui::{PageContext, see_other};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use tower_sessions::Session;

type Pairs = Form<Vec<(String, String)>>;

/// Whose factors are changed.
fn own(context: &PageContext) -> Result<Own<'_>> {
    check(&context.actor, Action::UseDesk)?;
    Ok(Own { context, account_id: context.actor.account_id().ok_or(AppError::SignInNeeded)? })
}

async fn again(context: &PageContext, form: &FormState) -> Result<Response> {
    pages::page(context, form, None, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn done(context: &PageContext, session: &Session, flash: &'static str) -> Result<Response> {
    session::leave_flash(session, flash).await?;
    Ok(see_other(&context.href(PATH)))
}

/// The answer to a new factor: recovery codes if there are new ones, else the page.
async fn added(context: &PageContext, session: &Session, codes: &[String]) -> Result<Response> {
    if codes.is_empty() { done(context, session, "signin.flash.added").await } else { Ok(pages::codes_page(context, codes)) }
}

/// `POST /can-bo/bao-mat`: a proof, for the rest of the page.
pub async fn prove(context: PageContext, session: Session, Form(pairs): Pairs) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let mut form = FormState::from_pairs(pairs);
    if !demand_fresh(&context, &mut form).await? {
        return again(&context, &form).await;
    }
    done(&context, &session, "signin.flash.proven").await
}

/// `POST /can-bo/bao-mat/da-biet`: somebody has read what was done to their sign-in.
pub async fn know(context: PageContext) -> Result<Response> {
    let own = own(&context)?;
    let mut tx = context.portal.db().write().await?;
    store::notices_seen(&mut tx, &own.account_id, context.now).await?;
    tx.commit().await?;
    Ok(see_other(&context.href(PATH)))
}

/// `POST /can-bo/bao-mat/thach-thuc`: what the browser is to ask the device for a fresh proof.
///
/// # Errors
/// [`AppError::NotFound`] where there are no passkeys.
pub async fn challenge(context: PageContext, session: Session) -> Result<Response> {
    let own = own(&context)?;
    let web = passkeys::party(context.portal.settings()).ok_or(AppError::NotFound)?;
    let mut tx = context.portal.db().read().await?;
    let known = store::passkeys(&mut tx, &own.account_id).await?;
    drop(tx);
    let asked = passkeys::begin_answer(&web, &session, &known, context.now).await?.ok_or(AppError::NotFound)?;
    Ok(Json(asked).into_response())
}

/// `POST /can-bo/bao-mat/ung-dung`: a new secret for an application.
pub async fn begin_application(context: PageContext, Form(pairs): Pairs) -> Result<Response> {
    let own = own(&context)?;
    let mut form = FormState::from_pairs(pairs);
    if !demand_fresh(&context, &mut form).await? {
        return again(&context, &form).await;
    }
    own.begin_application().await?;
    Ok(see_other(&context.href(APPLICATION)))
}

/// `POST /can-bo/bao-mat/ung-dung/xong`: its first code.
pub async fn end_application(context: PageContext, session: Session, Form(pairs): Pairs) -> Result<Response> {
    let own = own(&context)?;
    let mut form = FormState::from_pairs(pairs);
    if !demand_fresh(&context, &mut form).await? {
        return again(&context, &form).await;
    }
    let Some(codes) = own.end_application(&session, form.value("code")).await? else {
        form.forget("code");
        form.wrong("code", "signin.app.code_wrong");
        return pages::application_page(&context, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    added(&context, &session, &codes).await
}

/// `POST /can-bo/bao-mat/ung-dung/bo`.
pub async fn remove_application(context: PageContext, session: Session, Form(pairs): Pairs) -> Result<Response> {
    remove(&context, &session, pairs, false).await
}

/// `POST /can-bo/bao-mat/khoa/bo`.
pub async fn remove_passkey(context: PageContext, session: Session, Form(pairs): Pairs) -> Result<Response> {
    remove(&context, &session, pairs, true).await
}

async fn remove(context: &PageContext, session: &Session, pairs: Vec<(String, String)>, is_passkey: bool) -> Result<Response> {
    let own = own(context)?;
    let mut form = FormState::from_pairs(pairs);
    if !demand_fresh(context, &mut form).await? {
        return again(context, &form).await;
    }
    let id = form.value("id").to_owned();
    if !own.remove(session, is_passkey.then_some(id.as_str())).await? {
        form.wrong("passkey", "signin.last_one");
        return again(context, &form).await;
    }
    done(context, session, "signin.flash.removed").await
}

/// `POST /can-bo/bao-mat/khoa/thach-thuc`: what the browser is to ask the device for a new passkey.
///
/// # Errors
/// [`AppError::Forbidden`] without a fresh proof: the page asks for one before it shows the button.
pub async fn new_passkey_challenge(context: PageContext, session: Session) -> Result<Response> {
    let own = own(&context)?;
    if !super::fresh_proof(&context) {
        return Err(AppError::Forbidden("proof"));
    }
    let web = passkeys::party(context.portal.settings()).ok_or(AppError::NotFound)?;
    let mut tx = context.portal.db().read().await?;
    let owner = accounts::account(&mut tx, &own.account_id).await?.ok_or(AppError::SignInNeeded)?;
    let known = store::passkeys(&mut tx, &own.account_id).await?;
    drop(tx);
    if known.len() >= PASSKEYS_MAX {
        return Err(AppError::Conflict);
    }
    Ok(Json(passkeys::begin_add(&web, &session, &owner, &known, context.now).await?).into_response())
}

/// `POST /can-bo/bao-mat/khoa`: a new passkey.
pub async fn add_passkey(context: PageContext, session: Session, headers: HeaderMap, Form(pairs): Pairs) -> Result<Response> {
    let own = own(&context)?;
    let mut form = FormState::from_pairs(pairs);
    let answer = form.value("passkey").to_owned();
    form.forget("passkey");
    if !demand_fresh(&context, &mut form).await? {
        return again(&context, &form).await;
    }
    let mut name = form.optional("name", PASSKEY_NAME_CHARS_MAX);
    if !form.is_valid() {
        return again(&context, &form).await;
    }
    if name.is_empty() {
        name = Some(browsers::of(&headers)).filter(|browser| !browser.is_empty()).unwrap_or_else(|| context.lang.t("signin.passkey.unnamed").to_owned());
    }
    let row = match passkeys::party(context.portal.settings()) {
        Some(web) => passkeys::end_add(&web, &session, &own.account_id, name, &answer, context.now).await?,
        None => None,
    };
    let codes = match row {
        Some(row) => own.add_passkey(&session, row).await?,
        None => None,
    };
    let Some(codes) = codes else {
        form.wrong("passkey", "signin.passkey.not_added");
        return again(&context, &form).await;
    };
    added(&context, &session, &codes).await
}

/// `POST /can-bo/bao-mat/ma-du-phong`: new recovery codes, shown once.
pub async fn new_codes(context: PageContext, Form(pairs): Pairs) -> Result<Response> {
    let own = own(&context)?;
    let mut form = FormState::from_pairs(pairs);
    if !demand_fresh(&context, &mut form).await? {
        return again(&context, &form).await;
    }
    match own.new_codes().await? {
        Some(codes) => Ok(pages::codes_page(&context, &codes)),
        None => {
            form.wrong("passkey", "signin.recovery.nothing");
            again(&context, &form).await
        }
    }
}
