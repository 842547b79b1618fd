//! The second step of signing in, and signing in with a passkey alone.

use super::actions::{self, Verdict};
use super::proof::passkey_button;
use super::rules::PASSKEY_CHALLENGES_MAX;
use super::{passkeys, store};
use crate::accounts::actions::Limit;
use crate::accounts::{browsers, session, sign_in, store as accounts};
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::ui::fields::FieldLook;
use crate::ui::{Page, PageContext, Section, error_summary, kept, pieces, see_other, text_field};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use leptos::prelude::*;
use tower_sessions::Session;

/// The page of the second step.
const PATH: &str = "/dang-nhap/buoc-hai";
/// Where a passkey signs in alone.
const PASSKEY_PATH: &str = "/dang-nhap/khoa";
/// Where the challenge of a passkey comes from.
const CHALLENGE: &str = "/dang-nhap/thach-thuc";
/// The field a passkey's answer is put into.
const ANSWER: &str = "passkey";

/// The password was right: on to the second factor, or in where there is none.
pub async fn after_password(context: &PageContext, session: &Session, account_id: &str, form: &FormState, browser: String) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let has_factor = store::factors(&mut tx, account_id).await?.is_any();
    drop(tx);
    if !has_factor {
        return finish(context, session, account_id, form, &browser, false).await;
    }
    session::begin_half(session, account_id, context.now).await?;
    if kept::waiting(form).is_some() {
        return page(context, account_id, form, StatusCode::OK).await;
    }
    Ok(see_other(&pieces::address(&context.href(PATH), &next_of(form))))
}

fn next_of(form: &FormState) -> Vec<(&'static str, String)> {
    let next = form.value("next");
    if next.is_empty() { Vec::new() } else { vec![("next", next.to_owned())] }
}

/// Everything was proven: a new session, a deed, and on. Somebody to whom something was done is told first.
async fn finish(context: &PageContext, session: &Session, account_id: &str, form: &FormState, browser: &str, is_by_second: bool) -> Result<Response> {
    session::begin_work(session, account_id, context.now).await?;
    if is_by_second {
        session::prove_second(session, context.now).await?;
    }
    session::remember_browser(session, browser).await?;
    sign_in::note(context, account_id).await?;
    let mut tx = context.portal.db().read().await?;
    if is_by_second && store::factors(&mut tx, account_id).await?.passkeys > 0 {
        session::note_passkey(session).await?;
    }
    let is_told = !store::notices(&mut tx, account_id).await?.is_empty();
    drop(tx);
    if is_told && kept::waiting(form).is_none() {
        return Ok(see_other(&context.href(super::pages::PATH)));
    }
    Ok(sign_in::go_on(context, form))
}

/// `GET /dang-nhap/buoc-hai`; without a password before it, the sign-in page.
pub async fn show(context: PageContext, session: Session) -> Result<Response> {
    let Some(account_id) = session::half_account(&session, context.now).await? else { return Ok(see_other(&context.href("/dang-nhap"))) };
    let mut form = FormState::default();
    form.set("next", sign_in::next_of_query(&context.query));
    page(&context, &account_id, &form, StatusCode::OK).await
}

/// `POST /dang-nhap/buoc-hai`: a code, a recovery code or a passkey's answer.
///
/// # Errors
/// [`AppError::TooMany`] after too many wrong codes of this account.
pub async fn enter(context: PageContext, session: Session, headers: HeaderMap, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let (code, answer) = (form.value("code").to_owned(), form.value(ANSWER).to_owned());
    form.forget("code");
    form.forget(ANSWER);
    let Some(account_id) = session::half_account(&session, context.now).await? else {
        // Too late: what was on its way to be sent still goes along.
        return Ok(sign_in::again(&context, &form));
    };
    let typed = if answer.is_empty() { code } else { answer };
    if typed.is_empty() {
        form.wrong("code", "signin.code.missing");
        return page(&context, &account_id, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    match actions::verify(&context.portal, &session, &account_id, &typed).await? {
        Verdict::Wrong => {
            form.wrong("code", "signin.code.wrong");
            page(&context, &account_id, &form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Verdict::Good | Verdict::Recovered(_) => finish(&context, &session, &account_id, &form, &browsers::of(&headers), true).await,
    }
}

async fn page(context: &PageContext, account_id: &str, form: &FormState, status: StatusCode) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let factors = store::factors(&mut tx, account_id).await?;
    drop(tx);
    let lang = context.lang;
    let may_use_passkey = factors.passkeys > 0 && passkeys::party(context.portal.settings()).is_some();
    Ok(Page::new(context, Section::Other, lang.t("signin.step.title")).passkeys().status(status).render(|| {
        let hint = if factors.applications > 0 { "signin.step.hint" } else { "signin.step.hint_recovery" };
        let look = FieldLook { label: "signin.step.code", hint: Some(hint), autocomplete: "one-time-code", ..FieldLook::default() };
        let waiting = kept::waiting(form);
        let passkey = may_use_passkey.then(|| {
            view! {
                <input type="hidden" name=ANSWER value="" />
                {passkey_button(context, CHALLENGE, "get", ANSWER)}
            }
        });
        view! {
            {error_summary(lang, form)}
            <form method="post" action=lang.href(PATH) class="card sign-in stack">
                <h1 class="title-s">{lang.t("signin.step.title")}</h1>
                <p class="small muted">{lang.t("signin.step.lead")}</p>
                <input type="hidden" name="next" value=form.value("next").to_owned() />
                {waiting.map(|(target, kept)| kept::hidden_fields(&target, &kept))}
                {passkey}
                {text_field(lang, form, "code", look)}
                <button class="btn btn-main btn-block">{lang.t("signin.step.send")}</button>
                <p class="small muted">{lang.t("signin.step.lost")}</p>
                <p class="small"><a href=lang.href("/dang-nhap")>{lang.t("signin.step.back")}</a></p>
            </form>
        }
        .into_any()
    }))
}

/// The way in with a passkey alone, below the form with the password. Shown by the script where the browser can.
pub fn passkey_form(context: &PageContext, form: &FormState) -> AnyView {
    if passkeys::party(context.portal.settings()).is_none() {
        return ().into_any();
    }
    view! {
        <form method="post" action=context.href(PASSKEY_PATH) class="sign-in">
            <input type="hidden" name="next" value=form.value("next").to_owned() />
            <input type="hidden" name=ANSWER value="" />
            {passkey_button(context, CHALLENGE, "get", ANSWER)}
        </form>
    }
    .into_any()
}

/// `POST /dang-nhap/thach-thuc`: what the browser is to ask the device. Between the two steps for one of that person's passkeys, else for any.
///
/// # Errors
/// [`AppError::NotFound`] where there can be no passkeys; [`AppError::TooMany`] for an address that asks too often.
pub async fn challenge(context: PageContext, session: Session) -> Result<Response> {
    let web = passkeys::party(context.portal.settings()).ok_or(AppError::NotFound)?;
    let asked = match session::half_account(&session, context.now).await? {
        Some(account_id) => {
            let mut tx = context.portal.db().read().await?;
            let known = store::passkeys(&mut tx, &account_id).await?;
            drop(tx);
            passkeys::begin_answer(&web, &session, &known, context.now).await?.ok_or(AppError::NotFound)?
        }
        None => {
            // Anybody can ask, and each who does is a row in the sessions.
            let limit = Limit::new("passkey_challenge", &[&context.address.0], PASSKEY_CHALLENGES_MAX);
            limit.check(&context.portal).await?;
            limit.failed(&context.portal).await?;
            passkeys::begin_enter(&web, &session, context.now).await?
        }
    };
    Ok(Json(asked).into_response())
}

/// `POST /dang-nhap/khoa`: signs in whoever's passkey answered.
pub async fn enter_by_passkey(context: PageContext, session: Session, headers: HeaderMap, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let answer = form.value(ANSWER).to_owned();
    form.forget(ANSWER);
    let owner = match passkeys::party(context.portal.settings()) {
        Some(web) => {
            let mut tx = context.portal.db().write().await?;
            let owner = passkeys::end_answer(&web, &session, &mut tx, &answer, context.now).await?;
            // A closed account signs in as little with a passkey as with a password.
            let official = match &owner {
                Some(account_id) => accounts::official(&mut tx, account_id, context.today).await?,
                None => None,
            };
            tx.commit().await?;
            owner.filter(|_| official.is_some())
        }
        None => None,
    };
    match owner {
        Some(account_id) => finish(&context, &session, &account_id, &form, &browsers::of(&headers), true).await,
        None => {
            form.wrong("login", "signin.passkey.unknown");
            Ok(sign_in::refused(&context, &form))
        }
    }
}
