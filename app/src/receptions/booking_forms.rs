//! What the forms of a booking send.

use super::actions::bookings::{self as actions, Booked};
use super::booking_pages::{AGREES_ONLINE, BOOKER_CHARS_MAX, CANCELLED, FIND, MATTER_CHARS_MAX, ask_page, enter_by_code, form_page, need_field};
use super::rules::{Mode, Need};
use super::store::bookings::BookingPerson;
use super::store::sessions;
use crate::accounts::actions::Limit;
use crate::accounts::rules::CODE_FAILURES_MAX;
use crate::device::known_sent_or_new;
use crate::error::{AppError, Result};
use crate::filing::rules::{email_field, phone_field};
use crate::form::FormState;
use crate::petitions::actions::Act;
use crate::petitions::code::CaseCode;
use crate::petitions::store::by_code_hash;
use crate::relations::{DEVICE, DEVICE_DAYS, Device, set_cookie};
use crate::ui::{PageContext, see_other};
use crate::words::Lang;
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

/// Bookings from one address within the window of failures, before a pause: a whole village may share an address.
const BOOKINGS_MAX: i64 = 30;
/// Longest typed contact.
const CONTACT_CHARS_MAX: usize = 254;
/// Longest typed code.
const CODE_CHARS_MAX: usize = 100;

/// `POST /tiep-dan/{number}/hen`
///
/// # Errors
/// [`AppError::NotFound`] for a session that is not public, [`AppError::TooMany`] after too many bookings from this address.
pub async fn book(context: PageContext, device: Device, Path(number): Path<i64>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let row = sessions::by_number(&mut context.portal.db().look().await?, number).await?.ok_or(AppError::NotFound)?;
    let person = person(&mut form, row.mode, context.lang);
    let case_id = case_id(&context, &mut form).await?;
    if !form.is_valid() {
        return form_page(&context, &row, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let limit = Limit::shared("reception", &context, BOOKINGS_MAX);
    limit.check(&context.portal).await?;
    let token = known_sent_or_new(device.token().map(str::to_owned), form.value(DEVICE), &context.portal);
    let mut tx = context.portal.db().write().await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    match actions::book(&mut act, number, &token, &person, case_id).await {
        Ok(Booked::Yes) => {
            limit.count(&mut tx, context.now).await?;
            tx.commit().await?;
        }
        // Pressed twice: the first one counts.
        Ok(Booked::Before) | Err(AppError::Conflict) => drop(tx),
        Ok(Booked::TooMany) => {
            drop(tx);
            form.wrong("phone", "reception.book.too_many");
            return form_page(&context, &row, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        Ok(Booked::Full) | Err(AppError::NotFound) => {
            drop(tx);
            let row = sessions::by_number(&mut context.portal.db().look().await?, number).await?.ok_or(AppError::NotFound)?;
            return form_page(&context, &row, &form, StatusCode::CONFLICT).await;
        }
        Err(error) => return Err(error),
    }
    let response = see_other(&context.href(&format!("/tiep-dan/{number}/hen")));
    Ok(set_cookie(response, context.portal.settings(), &token, DEVICE_DAYS * 24 * 3_600))
}

fn person(form: &mut FormState, mode: Mode, lang: Lang) -> BookingPerson {
    let name = form.required("name", "reception.book.name_missing", BOOKER_CHARS_MAX);
    if form.value("phone").is_empty() && form.value("email").is_empty() {
        form.wrong("phone", "reception.book.contact_missing");
    }
    let (phone, email) = (phone_field(form, CONTACT_CHARS_MAX), email_field(form, CONTACT_CHARS_MAX));
    let matter = form.required("matter", "reception.book.matter_missing", MATTER_CHARS_MAX);
    let needs: Vec<&str> = Need::ALL.iter().filter(|need| form.is_ticked(need_field(**need))).map(|need| need.code()).collect();
    let agrees_online = mode != Mode::Direct && form.is_ticked(AGREES_ONLINE);
    if mode == Mode::Online && !agrees_online {
        form.wrong(AGREES_ONLINE, "reception.book.online_missing");
    }
    BookingPerson { name, phone, email, matter, needs: needs.join(" "), language: lang.code().to_owned(), agrees_online, is_locked: false }
}

/// The case of a typed code. A wrong code counts as a guess, as on the page that asks for codes.
async fn case_id(context: &PageContext, form: &mut FormState) -> Result<Option<String>> {
    let typed: String = form.value("case_code").chars().take(CODE_CHARS_MAX).collect();
    if typed.is_empty() {
        return Ok(None);
    }
    let limit = Limit::shared("case_code", context, CODE_FAILURES_MAX);
    limit.check(&context.portal).await?;
    let case = by_code_hash(&mut context.portal.db().look().await?, &CaseCode::hash_of_typed(&typed)).await?;
    if case.is_none() {
        limit.failed(&context.portal).await?;
        form.wrong("case_code", "reception.book.case_code_wrong");
    }
    Ok(case.map(|case| case.id))
}

/// `POST /tiep-dan/lich-hen`: shows the slot of a code, or gives it back.
///
/// # Errors
/// [`AppError::TooMany`] after too many wrong codes from this address.
pub async fn look_or_cancel(context: PageContext, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let limit = Limit::shared("case_code", &context, CODE_FAILURES_MAX);
    limit.check(&context.portal).await?;
    let typed: String = form.value("code").chars().take(CODE_CHARS_MAX).collect();
    if form.value("action") == "cancel"
        && form.is_ticked("sure")
        && let Some(code) = CaseCode::parse(&typed)
    {
        let mut tx = context.portal.db().write().await?;
        let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
        match actions::cancel(&mut act, &code).await {
            Ok(true) => {
                tx.commit().await?;
                return Ok(see_other(&format!("{}?{CANCELLED}", context.href(FIND))));
            }
            // Given back before, or over: the page says so.
            Ok(false) | Err(AppError::NotFound) => drop(tx),
            Err(error) => return Err(error),
        }
    }
    if let Some(response) = enter_by_code(&context, &typed).await? {
        return Ok(response);
    }
    limit.failed(&context.portal).await?;
    form.wrong("code", "reception.booking.wrong");
    Ok(ask_page(&context, &form, StatusCode::UNPROCESSABLE_ENTITY))
}
