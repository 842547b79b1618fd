//! What somebody who registers sends.

use super::actions::{self, Registered};
use super::pages::{NEED_CHARS_MAX, form_page};
use super::rules::{GROUP_MAX, Need};
use super::store::halls::{self, Hall};
use super::store::registrations::Person;
use crate::accounts::actions::Limit;
use crate::device::known_sent_or_new;
use crate::dialogues::store as dialogues;
use crate::error::{AppError, Result};
use crate::filing::rules::{NAME_CHARS_MAX, email_field, phone_field};
use crate::form::FormState;
use crate::petitions::actions::Act;
use crate::relations::{DEVICE, DEVICE_DAYS, Device, set_cookie};
use crate::ui::{PageContext, see_other};
use crate::words::Lang;
use axum::Form;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

/// Registrations tried from one address within the window of failures, before a pause: a whole village may share an address.
pub const TRIED_MAX: i64 = 30;
/// Longest typed contact.
const CONTACT_CHARS_MAX: usize = 254;
/// Longest village, in characters.
const PLACE_CHARS_MAX: usize = 120;

/// `POST /doi-thoai/{number}/dang-ky`
///
/// # Errors
/// [`AppError::NotFound`] for a dialogue that is not public.
pub async fn register(context: PageContext, device: Device, Path(number): Path<i64>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let (person, people) = (person(&mut form, context.lang, true), people(&mut form));
    if !form.is_ticked("consent") {
        form.wrong("consent", "attendance.consent.missing");
    }
    if !form.is_valid() {
        return again(&context, number, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let limit = Limit::shared("attendance", &context, TRIED_MAX);
    if let Err(error) = limit.check(&context.portal).await {
        return too_many(&context, number, &mut form, error).await;
    }
    let token = known_sent_or_new(device.token().map(str::to_owned), form.value(DEVICE), &context.portal);
    let mut tx = context.portal.db().write().await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    let outcome = match actions::register(&mut act, number, &token, people, &person).await {
        Err(AppError::NotFound) => {
            drop(tx);
            return again(&context, number, &form, StatusCode::CONFLICT).await;
        }
        outcome => outcome?,
    };
    match outcome {
        Registered::Yes(_) => {
            limit.count(&mut tx, context.now).await?;
            tx.commit().await?;
        }
        // Pressed twice: the first one counts.
        Registered::Before(_) => drop(tx),
        Registered::Known(_) | Registered::Full => {
            drop(tx);
            // Counted too: nobody finds out by trying numbers who has registered.
            limit.failed(&context.portal).await?;
            form.wrong("phone", "attendance.refused");
            return again(&context, number, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    }
    let response = see_other(&context.href(&format!("/doi-thoai/{number}/dang-ky")));
    Ok(set_cookie(response, context.portal.settings(), &token, DEVICE_DAYS * 24 * 3_600))
}

/// The form once more, with what was typed.
async fn again(context: &PageContext, number: i64, form: &FormState, status: StatusCode) -> Result<Response> {
    let mut tx = context.portal.db().look().await?;
    let dialogue = dialogues::public_by_number(&mut tx, number).await?.ok_or(AppError::NotFound)?;
    let hall = halls::of(&mut tx, &dialogue.id).await?.unwrap_or_else(|| Hall::of(&dialogue.id));
    drop(tx);
    Ok(form_page(context, &dialogue, &hall, form, status))
}

/// Too many from this address: the form stays filled in, to be sent again after the pause.
async fn too_many(context: &PageContext, number: i64, form: &mut FormState, error: AppError) -> Result<Response> {
    let AppError::TooMany { retry_after_seconds } = error else { return Err(error) };
    form.wrong_with("phone", "attendance.too_many", vec![("minutes", retry_after_seconds.div_ceil(60).to_string())]);
    let mut response = again(context, number, form, StatusCode::TOO_MANY_REQUESTS).await?;
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after_seconds));
    Ok(response)
}

/// Who registers, as the form says. Whoever does so by themselves leaves a way to be reached.
pub(super) fn person(form: &mut FormState, lang: Lang, needs_contact: bool) -> Person {
    let name = form.required("name", "attendance.name.missing", NAME_CHARS_MAX);
    let place = form.required("place", "attendance.place.missing", PLACE_CHARS_MAX);
    if needs_contact && form.value("phone").is_empty() && form.value("email").is_empty() {
        form.wrong("phone", "attendance.contact.missing");
    }
    let (phone, email) = (phone_field(form, CONTACT_CHARS_MAX), email_field(form, CONTACT_CHARS_MAX));
    let (needs, other_need) = needs(form);
    Person { name, place, phone, email, needs, other_need, language: lang.code().to_owned(), is_locked: false }
}

/// What somebody needs, as the form says: codes, and words.
pub(super) fn needs(form: &mut FormState) -> (String, String) {
    let codes: Vec<&str> = Need::ALL.iter().filter(|need| form.is_ticked(need.field())).map(|need| need.code()).collect();
    (codes.join(" "), form.optional("other_need", NEED_CHARS_MAX))
}

/// How many come together.
pub(super) fn people(form: &mut FormState) -> i64 {
    let people = form.value("people").parse().ok().filter(|people| (1..=GROUP_MAX).contains(people));
    if people.is_none() {
        form.wrong_with("people", "attendance.people.wrong", vec![("max", GROUP_MAX.to_string())]);
    }
    people.unwrap_or(1)
}
