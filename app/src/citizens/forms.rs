//! What the holder of an account does to it: tells of themselves, changes the contact, signs out, closes it.

use super::actions::{self, holder};
use super::{PATH, codes, pages, session, welcome};
use crate::accounts::session as sessions;
use crate::error::Result;
use crate::filing::rules::{ADDRESS_CHARS_MAX, NAME_CHARS_MAX, PHONE_CHARS_MAX, phone_field};
use crate::form::FormState;
use crate::petitions::store::people::CasePerson;
use crate::ui::{PageContext, left, see_other};
use axum::Form;
use axum::http::StatusCode;
use axum::response::Response;
use tower_sessions::Session;

type Pairs = Form<Vec<(String, String)>>;

/// `POST /toi/thong-tin`.
pub async fn about(context: PageContext, session: Session, Form(pairs): Pairs) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let Some(citizen_id) = holder(&context) else { return Ok(welcome::keep_form_and_ask(&context, &form)) };
    let name = form.optional("name", NAME_CHARS_MAX);
    let phone = phone_field(&mut form, PHONE_CHARS_MAX);
    let address = form.optional("address", ADDRESS_CHARS_MAX);
    if !form.is_valid() {
        return pages::again(&context, &citizen_id, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    actions::tell(&context, &citizen_id, CasePerson { name, phone, address, ..CasePerson::default() }).await?;
    sessions::leave_flash(&session, "citizens.flash.about").await?;
    Ok(see_other(&context.href(PATH)))
}

/// `POST /toi/lien-he`: sends a code to the new contact; it takes the old one's place when the code is entered.
///
/// # Errors
/// [`crate::error::AppError::TooMany`] where too many codes were asked for.
pub async fn contact(context: PageContext, session: Session, Form(pairs): Pairs) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let Some(citizen_id) = holder(&context) else { return Ok(welcome::keep_form_and_ask(&context, &form)) };
    // Whoever finds an open page must not turn it into theirs: the contact it has is proven anew first.
    if !session::is_fresh(&session, context.now).await? {
        form.wrong("email", "citizens.prove_first");
    }
    let Some(contact) = welcome::contact_of(&mut form).filter(|_| form.is_valid()) else {
        return pages::again(&context, &citizen_id, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    codes::send(&context, &session, &contact, Some(&citizen_id)).await?;
    Ok(see_other(&context.href("/toi/ma")))
}

/// `POST /toi/thoat`: signs out, here or everywhere.
pub async fn leave(context: PageContext, session: Session, Form(pairs): Pairs) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if let Some(citizen_id) = holder(&context).filter(|_| form.is_ticked("all")) {
        if !session::is_fresh(&session, context.now).await? {
            form.wrong("all", "citizens.prove_first");
            return pages::again(&context, &citizen_id, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        actions::leave_everywhere(&context, &citizen_id).await?;
    }
    session::end(&session).await?;
    Ok(left(&context.href("/toi/vao")))
}

/// `POST /toi/dong`: closes the account.
pub async fn close(context: PageContext, session: Session, Form(pairs): Pairs) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let Some(citizen_id) = holder(&context) else { return Ok(welcome::keep_form_and_ask(&context, &form)) };
    if !form.is_ticked("sure") {
        form.wrong("sure", "citizens.close.missing");
        return pages::again(&context, &citizen_id, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    actions::close(&context, &citizen_id).await?;
    session::end(&session).await?;
    Ok(left(&context.href("/")))
}
