//! Signing in and out.

use super::{actions, browsers, second, session, store};
use crate::actor::Actor;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::record::{self, deeds::Deed};
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, error_summary, icon, kept, left, see_other, text_field};
use crate::words::Lang;
use axum::Form;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use leptos::prelude::*;
use tower_sessions::Session;

/// Where officials work: the only pages a sign-in leads to.
const DESK: &str = "/can-bo";

/// `GET /dang-nhap`.
pub async fn show(context: PageContext) -> Result<Response> {
    let mut form = FormState::default();
    form.set("next", next_of_query(&context.query));
    Ok(page(&context, &form, StatusCode::OK))
}

/// `POST /dang-nhap`. One message for a wrong name and a wrong password.
///
/// # Errors
/// [`AppError::TooMany`] after too many failures from this address.
pub async fn enter(context: PageContext, session: Session, headers: HeaderMap, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    // Taken before cleaning: a password is compared sign by sign.
    let password = pairs.iter().find(|(name, _)| name == "password").map(|(_, value)| value.clone()).unwrap_or_default();
    let mut form = FormState::from_pairs(pairs);
    form.forget("password");
    let password = crate::accounts::password::normal(&password);
    let (account_id, is_first) = match actions::sign_in(&context, form.value("login"), password).await? {
        actions::Entry::In { account_id, is_first } => (account_id, is_first),
        other => {
            let why = if other == actions::Entry::FirstIsOver { "accounts.sign_in.first_over" } else { "accounts.sign_in.wrong" };
            form.wrong("login", why);
            return Ok(page(&context, &form, StatusCode::UNPROCESSABLE_ENTITY));
        }
    };
    session::note_first_password(&session, &account_id, is_first).await?;
    second::entry::after_password(&context, &session, &account_id, &form, browsers::of(&headers)).await
}

/// Somebody is signed in: they go where they were going, with what they had typed.
pub(super) fn go_on(context: &PageContext, form: &FormState) -> Response {
    match kept::waiting(form).filter(|(target, _)| is_desk_page(target)) {
        Some((target, kept)) => resume(context, &target, &kept),
        None => {
            let next = form.value("next");
            see_other(&if is_desk_page(next) { next.to_owned() } else { context.href(DESK) })
        }
    }
}

/// Somebody has proven elsewhere that the account is theirs. That stands for the password: whoever has a second factor here is asked for it.
/// Then they are in, where they were going, with the form that was waiting.
pub(super) async fn arrive(context: &PageContext, session: &Session, account_id: &str, going: Going, headers: &HeaderMap) -> Result<Response> {
    let waiting = going.waiting.filter(|(target, _)| is_desk_page(target));
    let mut form = waiting.map(|(target, kept)| carrying(&target, &kept)).unwrap_or_default();
    form.set("next", going.next);
    second::entry::after_password(context, session, account_id, &form, browsers::of(headers)).await
}

/// Where somebody was going who signs in elsewhere.
pub(super) struct Going {
    /// The page.
    pub next: String,
    /// The form that waits to be sent, and where to.
    pub waiting: Option<(String, FormState)>,
}

/// That somebody signed in, in the record of the authority they work at.
pub(super) async fn note(context: &PageContext, account_id: &str) -> Result<()> {
    let mut tx = context.portal.db().write().await?;
    let Some(official) = store::official(&mut tx, account_id, context.today).await? else { return Ok(()) };
    let body_id = official.body_id().unwrap_or_default().to_owned();
    record::actions::write(&mut tx, &context.portal, &Actor::Official(official), &body_id, &Deed::SignedIn).await?;
    tx.commit().await
}

/// `POST /dang-xuat`. The whole session ends, a citizen's visit in the same browser too.
pub async fn leave(context: PageContext, session: Session) -> Result<Response> {
    session.flush().await.map_err(AppError::internal)?;
    Ok(left(&context.href("/dang-nhap")))
}

/// 401 for a form that arrived at the desk after its session had ended: the sign-in page with every word in hidden fields; after the
/// sign-in they come back with a button to send them. Passwords and codes do not go along.
pub fn keep_form_and_sign_in(context: &PageContext, form: &FormState) -> Response {
    page(context, &carrying(&context.href(&context.path), form), StatusCode::UNAUTHORIZED)
}

/// The sign-in page with the words of a form that waits, and why another way in did not lead anywhere.
pub(super) fn ask_with_words(context: &PageContext, target: &str, form: &FormState, why: &'static str, status: StatusCode) -> Response {
    let mut outer = carrying(target, form);
    outer.wrong("login", why);
    page(context, &outer, status)
}

/// A sign-in form that carries another in hidden fields.
fn carrying(target: &str, form: &FormState) -> FormState {
    let mut outer = FormState::default();
    for (name, value) in form.values().iter().filter(|(name, _)| !name.contains("password") && *name != second::proof::FIELD) {
        outer.set(&format!("{}{name}", kept::PREFIX), value.clone());
    }
    outer.set(kept::TARGET, target);
    outer
}

/// Whether an address is one of the desk's pages on this site, in either language.
pub(super) fn is_desk_page(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let is_plain = address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') && !path.contains("..");
    is_plain && [Lang::Vi, Lang::En].iter().any(|lang| path == lang.href(DESK) || path.starts_with(&format!("{}/", lang.href(DESK))))
}

/// The page the visitor was on the way to; what cannot be read is none.
pub(super) fn next_of_query(query: &str) -> String {
    let pairs: Vec<(String, String)> = format!("/?{query}")
        .parse()
        .ok()
        .and_then(|uri| axum::extract::Query::try_from_uri(&uri).ok())
        .map(|axum::extract::Query(pairs)| pairs)
        .unwrap_or_default();
    pairs.into_iter().find(|(name, value)| name == "next" && is_desk_page(value)).map(|(_, value)| value).unwrap_or_default()
}

/// The sign-in page once more: the step after the password came too late.
pub(super) fn again(context: &PageContext, form: &FormState) -> Response {
    page(context, form, StatusCode::UNAUTHORIZED)
}

/// The sign-in page with what a form brought and what is wrong with it.
pub(super) fn refused(context: &PageContext, form: &FormState) -> Response {
    page(context, form, StatusCode::UNPROCESSABLE_ENTITY)
}

fn page(context: &PageContext, form: &FormState, status: StatusCode) -> Response {
    let lang = context.lang;
    let waiting = kept::waiting(form);
    let directory = super::directory::sign_in_button(context);
    // What waits to be sent goes through the form with the password, which carries it.
    let offers_passkey = waiting.is_none();
    Page::new(context, Section::Other, lang.t("accounts.sign_in.title")).passkeys().status(status).render(|| {
        let over = waiting.is_some().then(|| {
            view! {
                <div class="notice warn" role="alert">
                    {icon(Icon::Clock)}
                    <div><b>{lang.t("accounts.sign_in.over")}</b><p>{lang.t("accounts.sign_in.over_text")}</p></div>
                </div>
            }
        });
        let login = FieldLook { label: "accounts.field.login", autocomplete: "username", ..FieldLook::default() };
        let password = FieldLook { label: "accounts.field.password", kind: "password", autocomplete: "current-password", ..FieldLook::default() };
        view! {
            {over}
            {error_summary(lang, form)}
            <form method="post" action=lang.href("/dang-nhap") class="card sign-in stack">
                <h1 class="title-s">{lang.t("accounts.sign_in.title")}</h1>
                <p class="small muted">{lang.t("accounts.sign_in.lead")} " " <a href=lang.href("/tra-cuu")>{lang.t("accounts.sign_in.citizen")}</a></p>
                <input type="hidden" name="next" value=form.value("next").to_owned() />
                {waiting.map(|(target, kept)| kept::hidden_fields(&target, &kept))}
                {text_field(lang, form, "login", login)}
                {text_field(lang, &FormState::default(), "password", password)}
                <button class="btn btn-main btn-block">{lang.t("accounts.sign_in.send")}</button>
                {directory}
                <p class="small muted">{lang.t("accounts.sign_in.lost")}</p>
            </form>
            {offers_passkey.then(|| second::entry::passkey_form(context, form))}
        }
        .into_any()
    })
}

fn resume(context: &PageContext, target: &str, kept: &FormState) -> Response {
    let lang = context.lang;
    Page::new(context, Section::Other, lang.t("accounts.resume.title")).render(|| {
        view! {
            <div class="stack">
                <h1>{lang.t("accounts.resume.title")}</h1>
                <p class="lead-text">{lang.t("accounts.resume.text")}</p>
            </div>
            {kept::resume_form(lang, target, kept)}
            <p><a href=lang.href(DESK)>{lang.t("accounts.resume.desk")}</a></p>
        }
        .into_any()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_leads_to_the_desk_and_nowhere_else() {
        for own in ["/can-bo", "/can-bo/tai-khoan", "/en/can-bo/don/1?tab=2#text"] {
            assert!(is_desk_page(own), "{own}");
        }
        for foreign in
            ["", "//evil.example", "/\\evil.example", "https://evil.example/can-bo", "/can-bo-gia", "/dang-xuat", "/can-bo/../dang-xuat", "/can-bo/\r\nX: y"]
        {
            assert!(!is_desk_page(foreign), "{foreign}");
        }
        assert_eq!(next_of_query("next=%2Fcan-bo%2Fdon"), "/can-bo/don");
        assert_eq!(next_of_query("next=%2F%2Fevil.example"), "");
    }
}
