//! The form by which people register, and on the device that did so the receipt.

use super::actions::of_device;
use super::place::{self, Place};
use super::public::figures;
use super::rules::{GROUP_MAX, Need, Seats, is_open};
use super::store::halls::{self, Hall};
use crate::dialogues::desk_views::when;
use crate::dialogues::rules::Dialogue;
use crate::dialogues::{public_path, store as dialogues};
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::relations::{DEVICE, Device};
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, check_box, error_summary, icon, text_field};
use crate::words::Lang;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

/// Longest need in words, in characters.
pub(super) const NEED_CHARS_MAX: usize = 200;

/// `GET /doi-thoai/{number}/dang-ky`
///
/// # Errors
/// [`AppError::NotFound`] for a dialogue that is not public.
pub async fn show(context: PageContext, device: Device, Path(number): Path<i64>) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let dialogue = dialogues::public_by_number(&mut tx, number).await?.ok_or(AppError::NotFound)?;
    if let Some(token) = device.token()
        && let Some((code, Some(registration))) = of_device(&mut tx, token, number).await?
    {
        let place = Place::load(&mut tx, dialogue, &registration.id, code, true).await?;
        drop(tx);
        return Ok(place::page(&context, &place, None, StatusCode::OK));
    }
    let hall = halls::of(&mut tx, &dialogue.id).await?.unwrap_or_else(|| Hall::of(&dialogue.id));
    drop(tx);
    let mut form = FormState::default();
    form.set(DEVICE, context.portal.random().token());
    form.set("people", "1");
    Ok(form_page(&context, &dialogue, &hall, &form, StatusCode::OK))
}

/// The form; says so where nobody can register now.
pub(super) fn form_page(context: &PageContext, dialogue: &Dialogue, hall: &Hall, form: &FormState, status: StatusCode) -> Response {
    let (lang, facts) = (context.lang, &dialogue.facts);
    let page = Page::new(context, Section::Dialogues, lang.t("attendance.register")).status(status);
    page.render(|| {
        let content = if is_open(dialogue, hall.is_open, hall.closes_at, context.now) {
            fields(context, dialogue, hall, form)
        } else {
            view! { <p class="notice warn">{icon(Icon::Warning)}<span>{lang.t("attendance.closed")}</span></p> }.into_any()
        };
        view! {
            <a class="back" href=lang.href(&public_path(dialogue.number))>{icon(Icon::Back)}{lang.t("attendance.back")}</a>
            {error_summary(lang, form)}
            <div class="stack-s">
                <h1>{lang.t("attendance.register")}</h1>
                <p class="lead-text">{facts.title.clone()}</p>
                <p class="num">{when(lang, facts.begins_at, facts.ends_at)}</p>
                {(!facts.place.is_empty()).then(|| view! { <p>{facts.place.clone()}</p> })}
            </div>
            {content}
        }
        .into_any()
    })
}

fn fields(context: &PageContext, dialogue: &Dialogue, hall: &Hall, form: &FormState) -> AnyView {
    let lang = context.lang;
    let look = |label: &'static str, hint: Option<&'static str>| FieldLook { label, hint, ..FieldLook::default() };
    let is_full = matches!(hall.seats, Seats::Limited(_)) && !hall.seats.fits(hall.seated, 1);
    let full = is_full.then(|| view! { <p class="notice warn">{icon(Icon::Clock)}<span>{lang.t("attendance.full")}</span></p> });
    let email = FieldLook { kind: "email", autocomplete: "email", is_optional: true, ..look("attendance.email", Some("attendance.email.hint")) };
    view! {
        <form method="post" action=lang.href(&format!("{}/dang-ky", public_path(dialogue.number))) class="stack-l" novalidate>
            <input type="hidden" name=DEVICE value=form.value(DEVICE).to_owned() />
            {figures(context, hall)}
            {full}
            <section class="stack">
                {text_field(lang, form, "name", FieldLook { autocomplete: "name", ..look("attendance.name", None) })}
                {text_field(lang, form, "place", look("attendance.place", Some("attendance.place.hint")))}
                {text_field(lang, form, "phone", FieldLook { kind: "tel", autocomplete: "tel", ..look("attendance.phone", Some("attendance.contact.hint")) })}
                {text_field(lang, form, "email", email)}
                {people_field(lang, form)}
            </section>
            {need_fields(lang, form)}
            {consent(lang, form)}
            <button class="btn btn-main btn-block">{icon(Icon::Check)}{lang.t("attendance.register.button")}</button>
        </form>
    }
    .into_any()
}

/// How many come together.
pub(super) fn people_field(lang: Lang, form: &FormState) -> AnyView {
    let error = form.error("people", lang);
    let class = if error.is_some() { "field field-s bad" } else { "field field-s" };
    let chosen: i64 = form.value("people").parse().unwrap_or(1);
    let options: Vec<_> = (1..=GROUP_MAX).map(|n| view! { <option value=n.to_string() selected={n == chosen}>{n.to_string()}</option> }).collect();
    view! {
        <div class=class>
            <label for="people">{lang.t("attendance.people")}</label>
            <span class="hint" id="people-h">{lang.t("attendance.people.hint")}</span>
            {error.map(|error| view! { <span class="err" id="people-e">{error}</span> })}
            <select id="people" name="people" aria-describedby="people-h">{options}</select>
        </div>
    }
    .into_any()
}

/// What somebody needs to take part.
pub(super) fn need_fields(lang: Lang, form: &FormState) -> AnyView {
    let needs: Vec<_> = Need::ALL.iter().map(|need| check_box(form, need.field(), lang.t(need.key()), "")).collect();
    let other = FieldLook { label: "attendance.need.other", hint: Some("attendance.need.other.hint"), is_optional: true, ..FieldLook::default() };
    view! {
        <fieldset class="stack-s">
            <legend>{lang.t("attendance.needs")}</legend>
            <div class="need-list">{needs}</div>
            {text_field(lang, form, "other_need", other)}
        </fieldset>
    }
    .into_any()
}

fn consent(lang: Lang, form: &FormState) -> AnyView {
    let error = form.error("consent", lang);
    let class = if error.is_some() { "field bad" } else { "field" };
    view! {
        <div class=class>
            {error.map(|error| view! { <span class="err" id="consent-e">{error}</span> })}
            {check_box(form, "consent", lang.t("attendance.consent"), lang.t("attendance.consent.text"))}
        </div>
    }
    .into_any()
}
