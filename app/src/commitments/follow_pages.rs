//! `/theo-doi-loi-hua`: asking to be told by mail, the page behind the link, leaving.

use super::filters::AGENCY;
use super::following::{self, ASKED_MAX, ASKED_OF_EMAIL_MAX, PATH, by_token, of_body, of_commitment};
use super::store;
use crate::accounts::actions::Limit;
use crate::agencies::Directory;
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::filing::rules::email;
use crate::form::FormState;
use crate::petitions::actions::Act;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, error_summary, icon, see_other, text_field};
use crate::words::Lang;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

/// The number of the commitment, in addresses and in the form.
pub(super) const NUMBER: &str = "so";
/// What the button of the page behind the link does.
const DOES: &str = "lam";
const CONFIRM: &str = "theo-doi";
const LEAVE: &str = "thoi";
/// Longest e-mail address.
const EMAIL_CHARS_MAX: usize = 254;

/// What somebody wants to follow.
struct Subject {
    key: String,
    /// In words.
    name: String,
    /// Its page.
    path: String,
    /// How the form names it.
    pair: (&'static str, String),
}

async fn subject(tx: &mut Tx, directory: &Directory, form: &FormState) -> Result<Subject> {
    if let Ok(number) = form.value(NUMBER).parse::<i64>() {
        let commitment = store::by_number(tx, number).await?.ok_or(AppError::NotFound)?;
        let path = format!("{}/{number}", super::PATH);
        return Ok(Subject { key: of_commitment(&commitment.id), name: commitment.text, path, pair: (NUMBER, number.to_string()) });
    }
    let agency = directory.agency_by_code(form.value(AGENCY)).filter(|agency| agency.is_body()).ok_or(AppError::NotFound)?;
    let pair = (AGENCY, agency.code.clone());
    Ok(Subject { key: of_body(&agency.id), name: agency.name.clone(), path: crate::ui::address(super::PATH, std::slice::from_ref(&pair)), pair })
}

/// `GET /theo-doi-loi-hua?so=12` or `?co-quan=19.UB`
///
/// # Errors
/// [`AppError::NotFound`] for what is not there to be followed.
pub async fn show(context: PageContext, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    let form = FormState::from_pairs(pairs);
    let subject = subject(&mut context.portal.db().look().await?, &context.directory, &form).await?;
    Ok(page(&context, &subject, &FormState::default(), StatusCode::OK))
}

/// `POST /theo-doi-loi-hua`
///
/// # Errors
/// [`AppError::TooMany`] after too many questions from this address, or for this mail address.
pub async fn ask(context: PageContext, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let subject = subject(&mut context.portal.db().look().await?, &context.directory, &form).await?;
    let typed = form.required("email", "commitments.follow.email_missing", EMAIL_CHARS_MAX);
    let known = email(&typed);
    if !typed.is_empty() && known.is_none() {
        form.wrong("email", "filing.email.wrong");
    }
    let Some(address) = known.filter(|_| form.is_valid()) else { return Ok(page(&context, &subject, &form, StatusCode::UNPROCESSABLE_ENTITY)) };
    let limits = [Limit::shared("follow", &context, ASKED_MAX), Limit::new("follow_mail", &[&address.to_lowercase()], ASKED_OF_EMAIL_MAX)];
    for limit in &limits {
        limit.check(&context.portal).await?;
    }
    let mut tx = context.portal.db().write().await?;
    following::ask(&mut Act { tx: &mut tx, portal: &context.portal, actor: &context.actor }, &subject.key, &address, context.lang).await?;
    tx.commit().await?;
    for limit in &limits {
        limit.failed(&context.portal).await?;
    }
    Ok(see_other(&format!("{}/da-gui", context.href(PATH))))
}

/// `GET /theo-doi-loi-hua/da-gui`: look into your letter box.
pub async fn sent(context: PageContext) -> Response {
    let lang = context.lang;
    let title = lang.t("commitments.follow.sent");
    told(&context, title, lang.t("commitments.follow.sent_text"), super::PATH)
}

/// `GET /theo-doi-loi-hua/{code}`: the page behind the link of a mail.
///
/// # Errors
/// [`AppError::NotFound`] for a link that is no longer known.
pub async fn link(context: PageContext, Path(token): Path<String>) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let follower = by_token(&mut tx, &token).await?;
    let (name, path) = named(&mut tx, &context, &follower.subject).await?;
    drop(tx);
    let lang = context.lang;
    let is_confirmed = follower.confirmed_at.is_some();
    let title = lang.t(if is_confirmed { "commitments.follow.running" } else { "commitments.follow.confirm_title" });
    Ok(Page::new(&context, Section::Other, title).render(|| {
        view! {
            <div class="stack">
                <h1>{title}</h1>
                <p class="lead-text"><a href=lang.href(&path)>{name}</a></p>
            </div>
            {(!is_confirmed).then(|| button(lang, &token, CONFIRM, "commitments.follow.confirm", "btn btn-main btn-block"))}
            {button(lang, &token, LEAVE, "commitments.follow.leave", "btn btn-block")}
            <p class="small muted">{lang.t("commitments.follow.leave_hint")}</p>
        }
        .into_any()
    }))
}

/// `POST /theo-doi-loi-hua/{code}`
///
/// # Errors
/// [`AppError::NotFound`] for a link that is no longer known, but for leaving.
pub async fn press(context: PageContext, Path(token): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let form = FormState::from_pairs(pairs);
    let lang = context.lang;
    let mut tx = context.portal.db().write().await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    if form.value(DOES) == LEAVE {
        following::leave(&mut act, &token).await?;
        tx.commit().await?;
        return Ok(told(&context, lang.t("commitments.follow.left"), lang.t("commitments.follow.left_text"), super::PATH));
    }
    following::confirm(&mut act, &token).await?;
    tx.commit().await?;
    Ok(see_other(&context.href(&format!("{PATH}/{token}"))))
}

async fn named(tx: &mut Tx, context: &PageContext, subject: &str) -> Result<(String, String)> {
    if let Some(id) = subject.strip_prefix("c:") {
        let commitment = store::by_id(tx, id).await?.filter(|commitment| commitment.is_public).ok_or(AppError::NotFound)?;
        let path = commitment.path().unwrap_or_else(|| super::PATH.to_owned());
        return Ok((commitment.text, path));
    }
    let id = subject.strip_prefix("b:").unwrap_or_default();
    let agency = context.directory.agency(id).ok_or(AppError::NotFound)?;
    let path = crate::ui::address(super::PATH, &[(AGENCY, agency.code.clone())]);
    Ok((context.lang.f("commitments.follow.all_of", &[("agency", &agency.name)]), path))
}

fn button(lang: Lang, token: &str, does: &'static str, words: &'static str, class: &'static str) -> AnyView {
    view! {
        <form method="post" action=lang.href(&format!("{PATH}/{token}"))>
            <input type="hidden" name=DOES value=does />
            <button class=class>{lang.t(words)}</button>
        </form>
    }
    .into_any()
}

fn told(context: &PageContext, title: &'static str, text: &'static str, path: &str) -> Response {
    let lang = context.lang;
    Page::new(context, Section::Other, title).render(|| {
        view! {
            <div class="stack"><h1>{title}</h1><p class="lead-text">{text}</p></div>
            <p><a class="btn" href=lang.href(path)>{lang.t("commitments.title")}</a></p>
        }
        .into_any()
    })
}

fn page(context: &PageContext, subject: &Subject, form: &FormState, status: StatusCode) -> Response {
    let lang = context.lang;
    let email =
        FieldLook { label: "filing.email.label", hint: Some("commitments.follow.email_hint"), kind: "email", autocomplete: "email", ..FieldLook::default() };
    let title = lang.t(if subject.pair.0 == NUMBER { "commitments.follow.one" } else { "commitments.follow.all" });
    Page::new(context, Section::Other, title).status(status).render(|| {
        view! {
            <div class="stack">
                <a class="back" href=lang.href(&subject.path)>{icon(Icon::Back)}{lang.t("commitments.back")}</a>
                {error_summary(lang, form)}
                <h1>{title}</h1>
                <p class="lead-text">{subject.name.clone()}</p>
            </div>
            <form method="post" action=lang.href(PATH) class="stack" novalidate>
                <input type="hidden" name=subject.pair.0 value=subject.pair.1.clone() />
                {text_field(lang, form, "email", email)}
                <div class="sticky-action"><button class="btn btn-main btn-block">{icon(Icon::Mail)}{lang.t("commitments.follow.send")}</button></div>
            </form>
            <p class="small muted">{lang.t("commitments.follow.private")}</p>
        }
        .into_any()
    })
}
