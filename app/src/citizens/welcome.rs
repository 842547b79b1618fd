//! The way in: a contact is given, a code comes to it, the code is entered. The same for whoever has an account and whoever has none.

use super::actions::{self, Changed};
use super::codes::{self, Pending};
use super::rules::{self, CODE_LASTS};
use super::{PATH, session};
use crate::accounts::session as sessions;
use crate::error::Result;
use crate::filing::rules::{EMAIL_CHARS_MAX, email};
use crate::form::FormState;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, error_summary, icon, kept, see_other, text_field};
use axum::Form;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use leptos::prelude::*;
use tower_sessions::Session;

type Pairs = Form<Vec<(String, String)>>;

const WELCOME: &str = "/toi/vao";
const CODE: &str = "/toi/ma";

/// `GET /toi/vao`.
pub async fn show(context: PageContext) -> Result<Response> {
    if actions::holder(&context).is_some() {
        return Ok(see_other(&context.href(PATH)));
    }
    Ok(page(&context, &FormState::default(), StatusCode::OK))
}

/// The contact a form gives; none if it cannot be one, which the form then says.
pub(super) fn contact_of(form: &mut FormState) -> Option<String> {
    let typed = form.required("email", "citizens.contact.missing", EMAIL_CHARS_MAX);
    let read = email(&typed);
    if !typed.is_empty() && read.is_none() {
        form.wrong("email", "citizens.contact.wrong");
    }
    read.filter(|_| form.is_valid())
}

/// `POST /toi/vao`: sends a code, whoever it is.
///
/// # Errors
/// [`crate::error::AppError::TooMany`] where too many codes were asked for.
pub async fn send(context: PageContext, session: Session, Form(pairs): Pairs) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let Some(contact) = contact_of(&mut form) else { return Ok(page(&context, &form, StatusCode::UNPROCESSABLE_ENTITY)) };
    codes::send(&context, &session, &contact, None).await?;
    // Words that wait go along in the page; without any there is an address to come back to.
    if kept::waiting(&form).is_some() {
        return Ok(code_page(&context, &contact, false, &form, StatusCode::OK));
    }
    Ok(see_other(&context.href(CODE)))
}

/// `GET /toi/ma`.
pub async fn ask_code(context: PageContext, session: Session) -> Result<Response> {
    let Some(pending) = codes::pending(&context, &session).await? else { return Ok(see_other(&context.href(WELCOME))) };
    Ok(code_page(&context, &pending.contact, pending.citizen_id.is_some(), &FormState::default(), StatusCode::OK))
}

/// `POST /toi/ma`.
///
/// # Errors
/// [`crate::error::AppError::TooMany`] where too many wrong codes were entered.
pub async fn enter(context: PageContext, session: Session, headers: HeaderMap, Form(pairs): Pairs) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let Some(pending) = codes::pending(&context, &session).await? else { return Ok(over(&context, form)) };
    if !codes::fits(&context, &pending, form.value("code")).await? {
        form.wrong("code", "citizens.code.wrong");
        return Ok(code_page(&context, &pending.contact, pending.citizen_id.is_some(), &form, StatusCode::UNPROCESSABLE_ENTITY));
    }
    match (&pending.citizen_id, actions::holder(&context)) {
        (None, _) => {
            let answer = came_in(&context, &session, &pending, form).await?;
            session::remember_browser(&session, &headers).await?;
            Ok(answer)
        }
        (Some(id), Some(own)) if *id == own => changed(&context, &session, &pending, &own, form).await,
        // The sign-in ended while the new contact was being proven.
        (Some(_), _) => Ok(over(&context, form)),
    }
}

/// The code is too old, or was used: another is asked for, with the words that wait.
fn over(context: &PageContext, mut form: FormState) -> Response {
    form.wrong("email", "citizens.code.over");
    page(context, &form, StatusCode::UNPROCESSABLE_ENTITY)
}

async fn came_in(context: &PageContext, session: &Session, pending: &Pending, form: FormState) -> Result<Response> {
    let Some((citizen_id, round)) = actions::sign_in(context, pending).await? else { return Ok(over(context, form)) };
    session::forget_code(session).await?;
    session::begin(session, &citizen_id, round, context.now).await?;
    Ok(go_on(context, &form))
}

async fn changed(context: &PageContext, session: &Session, pending: &Pending, own: &str, mut form: FormState) -> Result<Response> {
    match actions::change_contact(context, own, pending).await? {
        Changed::Done(round) => {
            session::forget_code(session).await?;
            session::begin(session, own, round, context.now).await?;
            sessions::leave_flash(session, "citizens.flash.contact").await?;
            Ok(see_other(&context.href(PATH)))
        }
        Changed::Taken => {
            form.wrong("code", "citizens.contact.taken");
            Ok(code_page(context, &pending.contact, true, &form, StatusCode::CONFLICT))
        }
        Changed::Used => Ok(over(context, form)),
    }
}

/// Where somebody who has come in goes on: to the words that wait, else to the account.
pub(super) fn go_on(context: &PageContext, form: &FormState) -> Response {
    let is_own = |target: &str| target.starts_with(&format!("{}/", context.href(PATH)));
    match kept::waiting(form).filter(|(target, _)| is_own(target)) {
        Some((target, kept)) => resume(context, &target, &kept),
        None => see_other(&context.href(PATH)),
    }
}

fn resume(context: &PageContext, target: &str, kept: &FormState) -> Response {
    let lang = context.lang;
    Page::new(context, Section::Other, lang.t("citizens.resume.title")).render(|| {
        view! {
            <div class="stack"><h1>{lang.t("citizens.resume.title")}</h1><p class="lead-text">{lang.t("citizens.resume.text")}</p></div>
            {kept::resume_form(lang, target, kept)}
            <p><a href=lang.href(PATH)>{lang.t("citizens.title")}</a></p>
        }
        .into_any()
    })
}

/// 401 for a form that arrived after the sign-in had ended: its words go along, hidden, through both pages and come back.
pub(super) fn keep_form_and_ask(context: &PageContext, form: &FormState) -> Response {
    let mut outer = FormState::default();
    for (name, value) in form.values() {
        outer.set(&format!("{}{name}", kept::PREFIX), value.clone());
    }
    outer.set(kept::TARGET, context.href(&context.path));
    page(context, &outer, StatusCode::UNAUTHORIZED)
}

fn page(context: &PageContext, form: &FormState, status: StatusCode) -> Response {
    let lang = context.lang;
    let waiting = kept::waiting(form);
    Page::new(context, Section::Follow, lang.t("citizens.welcome.title")).status(status).render(|| {
        let over = waiting.is_some().then(|| {
            view! { <div class="notice warn" role="alert">{icon(Icon::Clock)}<div><b>{lang.t("citizens.welcome.over")}</b><p>{lang.t("citizens.welcome.over_text")}</p></div></div> }
        });
        let look = FieldLook { label: "citizens.contact.label", hint: Some("citizens.contact.hint"), kind: "email", autocomplete: "email", ..FieldLook::default() };
        view! {
            {over}
            {error_summary(lang, form)}
            <div class="stack">
                <h1>{lang.t("citizens.welcome.title")}</h1>
                <p class="lead-text">{lang.t("citizens.welcome.lead")}</p>
            </div>
            <div class="notice">{icon(Icon::Send)}<div><p>{lang.t("citizens.welcome.no_need")}" "<a href=lang.href("/gui")>{lang.t("citizens.welcome.file")}</a>" · "<a href=lang.href("/tra-cuu")>{lang.t("citizens.welcome.follow")}</a></p></div></div>
            <form method="post" action=lang.href(WELCOME) class="stack" novalidate>
                {waiting.map(|(target, kept)| kept::hidden_fields(&target, &kept))}
                {text_field(lang, form, "email", look)}
                <button class="btn btn-main btn-block">{lang.t("citizens.welcome.send")}</button>
            </form>
            {national(context)}
            {good_to_know(context)}
        }
        .into_any()
    })
}

/// The other way in, or that there is none yet.
fn national(context: &PageContext) -> AnyView {
    let lang = context.lang;
    if context.portal.settings().identity.citizens.is_none() {
        return view! { <p class="small muted">{lang.t("citizens.identity.none")}</p> }.into_any();
    }
    view! {
        <section class="stack">
            <h2>{lang.t("citizens.identity.or")}</h2>
            <form method="post" action=lang.href("/toi/dinh-danh")>
                <button class="btn btn-block">{icon(Icon::Lock)}{lang.t("citizens.identity.enter")}</button>
            </form>
        </section>
    }
    .into_any()
}

fn good_to_know(context: &PageContext) -> AnyView {
    let lang = context.lang;
    view! {
        <div class="stack">
            <details class="more"><summary>{lang.t("citizens.know.what")}</summary><p>{lang.t("citizens.know.what_text")}</p></details>
            <details class="more"><summary>{lang.t("citizens.know.denunciation")}</summary><p>{lang.t("citizens.know.denunciation_text")}</p></details>
            <details class="more"><summary>{lang.t("citizens.know.sms")}</summary><p>{lang.t("citizens.know.sms_text")}</p></details>
        </div>
    }
    .into_any()
}

fn code_page(context: &PageContext, contact: &str, is_change: bool, form: &FormState, status: StatusCode) -> Response {
    let lang = context.lang;
    let minutes = CODE_LASTS.num_minutes().to_string();
    Page::new(context, Section::Follow, lang.t("citizens.code.title")).status(status).render(|| {
        let look = FieldLook {
            label: "citizens.code.label",
            hint: Some("citizens.code.hint"),
            autocomplete: "one-time-code",
            class: "field-code",
            ..FieldLook::default()
        };
        let back = if is_change { PATH } else { WELCOME };
        view! {
            {error_summary(lang, form)}
            <div class="stack">
                <h1>{lang.t("citizens.code.title")}</h1>
                <p class="lead-text">{lang.f("citizens.code.sent", &[("contact", contact), ("n", &minutes)])}</p>
            </div>
            <form method="post" action=lang.href(CODE) class="stack" autocomplete="off">
                {kept::waiting(form).map(|(target, kept)| kept::hidden_fields(&target, &kept))}
                {text_field(lang, form, "code", look)}
                <button class="btn btn-main btn-block">{lang.t("citizens.code.enter")}</button>
            </form>
            <p>{lang.t("citizens.code.none")}" "<a href=lang.href(back)>{lang.t("citizens.code.again")}</a></p>
        }
        .into_any()
    })
}

/// The sentence about a proven national identity: since when, how sure.
pub(super) fn identity_words(context: &PageContext, level: &str, day: Option<chrono::NaiveDate>) -> String {
    let lang = context.lang;
    let day = day.map(|day| lang.day_short(day)).unwrap_or_default();
    if level.is_empty() {
        lang.f("citizens.identity.known", &[("day", &day)])
    } else {
        lang.f("citizens.identity.known_level", &[("day", &day), ("level", level)])
    }
}

/// An ID number in words: proven, little of it shown.
pub(super) fn number_words(context: &PageContext, number: &str) -> Option<String> {
    (!number.is_empty()).then(|| context.lang.f("citizens.identity.number", &[("number", &rules::masked_number(number))]))
}
