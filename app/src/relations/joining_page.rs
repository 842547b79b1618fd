//! Joining a released case: the form, and on the device that joined the receipt with its own code.

use super::groups::people;
use super::joining::{self, JOINS_MAX};
use super::store::signers as store;
use super::store::similar::{Released, released};
use crate::accounts::actions::Limit;
use crate::device::{self, known_sent_or_new};
use crate::error::{AppError, Result};
use crate::filing::rules::{NAME_CHARS_MAX, email_field, phone_field};
use crate::form::FormState;
use crate::petitions::actions::Act;
use crate::petitions::store::parts::CasePerson;
use crate::portal::Settings;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, error_summary, icon, see_other, text_field};
use axum::Form;
use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use leptos::prelude::*;
use std::convert::Infallible;

/// Name of the cookie by which a device finds its own joinings again.
const COOKIE_NAME: &str = "nghedan_cung";
/// Days a device is remembered after it last joined.
pub(crate) const DEVICE_DAYS: i64 = 30;
/// Longest e-mail address.
const EMAIL_CHARS_MAX: usize = 254;
/// Longest typed phone number.
const PHONE_CHARS_MAX: usize = 40;
/// The field with the token of a device that has none yet: pressing twice joins once.
pub(crate) const DEVICE: &str = "_device";

/// The device's token, if it has one.
#[derive(Clone, Default)]
pub struct Device(Option<String>);

impl Device {
    /// The token.
    pub(crate) fn token(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl<S: Sync> FromRequestParts<S> for Device {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Infallible> {
        Ok(Self(device::token(&parts.headers, COOKIE_NAME)))
    }
}

/// The answer with the cookie that keeps a device's token for so long.
pub(crate) fn set_cookie(response: Response, settings: &Settings, token: &str, age_seconds: i64) -> Response {
    device::keep(response, settings, COOKIE_NAME, token, age_seconds)
}

/// `GET /cong-khai/{number}/cung`.
///
/// # Errors
/// [`AppError::NotFound`] for a case that is not released or takes nobody any more.
pub async fn show(context: PageContext, device: Device, Path(number): Path<i64>) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    if let Some(token) = &device.0
        && let Some(signer) = store::by_code_hash(&mut tx, &joining::code(token, number).hash()).await?
        && signer.left_at.is_none()
    {
        let people = people(&store::group(&mut tx, &signer.case_id).await?);
        drop(tx);
        return Ok(receipt(&context, number, token, people));
    }
    let case = released(&mut tx, &[number]).await?.pop().ok_or(AppError::NotFound)?;
    let people = people(&store::group(&mut tx, &case.case_id).await?);
    drop(tx);
    let mut form = FormState::default();
    form.set(DEVICE, context.portal.random().token());
    Ok(page(&context, &case, people, &form, StatusCode::OK))
}

/// `POST /cong-khai/{number}/cung`.
///
/// # Errors
/// [`AppError::TooMany`] after too many joinings from this address.
pub async fn join(context: PageContext, device: Device, Path(number): Path<i64>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let mut tx = context.portal.db().read().await?;
    let case = released(&mut tx, &[number]).await?.pop().ok_or(AppError::NotFound)?;
    let people = people(&store::group(&mut tx, &case.case_id).await?);
    drop(tx);
    let person = person(&context, &mut form);
    if !form.is_valid() {
        return Ok(page(&context, &case, people, &form, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let limit = Limit::shared("join", &context, JOINS_MAX);
    limit.check(&context.portal).await?;
    let token = known_sent_or_new(device.0, form.value(DEVICE), &context.portal);
    let mut tx = context.portal.db().write().await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    match joining::join(&mut act, number, &token, &person).await {
        Ok(true) => {
            limit.count(&mut tx, context.now).await?;
            tx.commit().await?;
        }
        // Pressed twice: the first one counts.
        Ok(false) | Err(AppError::Conflict) => drop(tx),
        Err(error) => return Err(error),
    }
    let response = see_other(&context.href(&format!("/cong-khai/{number}/cung")));
    Ok(set_cookie(response, context.portal.settings(), &token, DEVICE_DAYS * 24 * 3_600))
}

fn person(context: &PageContext, form: &mut FormState) -> CasePerson {
    let name = form.optional("name", NAME_CHARS_MAX);
    let (phone, email) = (phone_field(form, PHONE_CHARS_MAX), email_field(form, EMAIL_CHARS_MAX));
    CasePerson { name, phone, email, language: context.lang.code().to_owned(), ..CasePerson::default() }
}

/// `POST /cong-khai/{number}/cung/quen`: this device forgets what it joined; the code goes on working.
pub async fn forget(context: PageContext, Path(number): Path<i64>) -> Result<Response> {
    Ok(set_cookie(see_other(&context.href(&format!("/cong-khai/{number}"))), context.portal.settings(), "", 0))
}

/// What somebody is about to join, as a card.
pub(super) fn card(context: &PageContext, case: &Released) -> AnyView {
    let lang = context.lang;
    view! {
        <div class="card stack">
            <p><b><a href=context.href(&format!("/cong-khai/{}", case.number))>{case.title.clone()}</a></b></p>
            <p>{case.excerpt.clone()}</p>
            <p class="row small">
                <span class="tag">{context.directory.area_name(&case.area_code).to_owned()}</span>
                <span class="num">{lang.f("relations.join.due", &[("day", &lang.day_short(case.due_on))])}</span>
            </p>
        </div>
    }
    .into_any()
}

fn page(context: &PageContext, case: &Released, people: i64, form: &FormState, status: StatusCode) -> Response {
    let lang = context.lang;
    let name = FieldLook { label: "relations.join.name", is_optional: true, autocomplete: "name", ..FieldLook::default() };
    let phone = FieldLook { label: "filing.phone.label", is_optional: true, kind: "tel", autocomplete: "tel", class: "field-s", ..FieldLook::default() };
    let email = FieldLook {
        label: "filing.email.label",
        hint: Some("relations.join.email_hint"),
        is_optional: true,
        kind: "email",
        autocomplete: "email",
        ..FieldLook::default()
    };
    Page::new(context, Section::Register, lang.t("relations.join.title")).status(status).render(|| {
        view! {
            <div class="stack">
                <a class="back" href=context.href(&format!("/cong-khai/{}", case.number))>{icon(Icon::Back)}{lang.t("relations.join.back")}</a>
                {error_summary(lang, form)}
                <h1>{lang.t("relations.join.title")}</h1>
                <p class="lead-text">{lang.t("relations.join.lead")}</p>
            </div>
            {card(context, case)}
            <p class="num">{lang.n("relations.join.count_one", "relations.join.count_many", people)}</p>
            <form method="post" action=context.href(&format!("/cong-khai/{}/cung", case.number)) class="stack" novalidate>
                <input type="hidden" name=DEVICE value=form.value(DEVICE).to_owned() />
                <div class="notice sealed">{icon(Icon::Lock)}<div><p>{lang.t("relations.join.private")}</p></div></div>
                {text_field(lang, form, "name", name)}
                {text_field(lang, form, "phone", phone)}
                {text_field(lang, form, "email", email)}
                <div class="sticky-action"><button class="btn btn-main btn-block">{lang.t("relations.join.button")}</button></div>
            </form>
            <p><a href=context.href("/gui")>{lang.t("relations.join.other")}</a></p>
        }
        .into_any()
    })
}

fn receipt(context: &PageContext, number: i64, token: &str, people: i64) -> Response {
    let lang = context.lang;
    let code = joining::code(token, number);
    let groups: Vec<_> = code.groups().chunks(2).map(|pair| view! { <span class="nowrap">{pair.join(" ")}</span>" " }).collect();
    Page::new(context, Section::Register, lang.t("relations.joined.title")).render(|| {
        view! {
            <section class="receipt">
                <h1>{lang.t("relations.joined.title")}</h1>
                <p class="num">{lang.n("relations.join.count_one", "relations.join.count_many", people)}</p>
                <div>
                    <p class="strong">{lang.t("relations.joined.code")}</p>
                    <p class="code-big num" id="code">{groups}</p>
                    <p>{lang.t("relations.joined.keep")}</p>
                </div>
            </section>
            <div class="stack no-print">
                <form method="post" action=context.href("/tra-cuu")>
                    <input type="hidden" name="code" value=code.groups().join(" ") />
                    <button class="btn btn-main btn-block">{icon(Icon::Search)}{lang.t("relations.joined.follow")}</button>
                </form>
                <a class="btn btn-block" href=context.href(&format!("/cong-khai/{number}"))>{lang.t("relations.joined.case")}</a>
                <form method="post" action=context.href(&format!("/cong-khai/{number}/cung/quen"))>
                    <button class="btn btn-quiet btn-block">{icon(Icon::Trash)}{lang.t("relations.joined.forget")}</button>
                </form>
                <p class="small muted">{lang.t("relations.joined.forget_text")}</p>
            </div>
        }
        .into_any()
    })
}
