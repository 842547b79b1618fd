//! An official's own password.

use super::actions::Limit;
use super::rules::SIGN_IN_FAILURES_MAX;
use super::{password, session, store};
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::record::{self, deeds::Deed};
use crate::ui::fields::FieldLook;
use crate::ui::{Page, PageContext, Section, error_summary, see_other, text_field};
use axum::Form;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use tower_sessions::Session;

/// The page.
const PATH: &str = "/can-bo/mat-khau";
/// The sentence after a change.
const CHANGED: &str = "accounts.flash.password";

/// `GET /can-bo/mat-khau`.
pub async fn show(context: PageContext, session: Session) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let is_changed = session::take_flash(&session).await?.as_deref() == Some(CHANGED);
    Ok(page(&context, &FormState::default(), is_changed, StatusCode::OK))
}

/// `POST /can-bo/mat-khau`. All other sessions of the account end.
///
/// # Errors
/// [`AppError::TooMany`] after too many wrong old passwords.
pub async fn change(context: PageContext, session: Session, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let account_id = context.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let typed = |field: &str| pairs.iter().find(|(name, _)| name == field).map(|(_, value)| password::normal(value)).unwrap_or_default();
    let (old, new, again) = (typed("old_password"), typed("new_password"), typed("again_password"));
    let mut form = FormState::default();

    let mut tx = context.portal.db().read().await?;
    let account = store::account(&mut tx, &account_id).await?.ok_or(AppError::SignInNeeded)?;
    let stored = store::password_hash(&mut tx, &account_id).await?;
    drop(tx);
    let limit = Limit::new("old_password", &[&account_id], SIGN_IN_FAILURES_MAX);
    limit.check(&context.portal).await?;
    if !password::fits(old.clone(), stored).await? {
        limit.failed(&context.portal).await?;
        form.wrong("old_password", "accounts.password.old_wrong");
    }
    if let Some(objection) = password::objection(&new, &account.login) {
        form.wrong("new_password", objection);
    } else if new == old {
        form.wrong("new_password", "accounts.password.same");
    } else if new != again {
        form.wrong("again_password", "accounts.password.differ");
    }
    if !form.is_valid() {
        return Ok(page(&context, &form, false, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let hash = password::hash(context.portal.random(), new).await?;
    let mut tx = context.portal.db().write().await?;
    store::set_password(&mut tx, &account_id, &hash, None).await?;
    store::delete_sessions_of(&mut tx, &account_id).await?;
    let body_id = context.actor.official().and_then(|official| official.body_id()).unwrap_or_default();
    record::actions::write(&mut tx, &context.portal, &context.actor, body_id, &Deed::PasswordChanged).await?;
    tx.commit().await?;
    limit.succeeded(&context.portal).await?;
    // This session was among them: it goes on under a new id.
    session.cycle_id().await.map_err(AppError::internal)?;
    session::note_first_password(&session, &account_id, false).await?;
    if !session::is_by_second(&session).await? {
        session::prove(&session, context.now).await?;
    }
    session::leave_flash(&session, CHANGED).await?;
    Ok(see_other(&context.href(PATH)))
}

fn page(context: &PageContext, form: &FormState, is_changed: bool, status: StatusCode) -> Response {
    let lang = context.lang;
    Page::new(context, Section::Desk, lang.t("accounts.password.title")).main_class("wrap page stack-l").status(status).render(|| {
        let field = |name: &'static str, label: &'static str, hint: Option<&'static str>, autocomplete: &'static str| {
            text_field(lang, form, name, FieldLook { label, hint, kind: "password", autocomplete, ..FieldLook::default() })
        };
        let changed = is_changed.then(|| crate::ui::flash_line(lang.t("accounts.flash.password").to_owned()));
        view! {
            {changed}
            {error_summary(lang, form)}
            <form method="post" action=lang.href(PATH) class="card stack">
                <h1 class="title-s">{lang.t("accounts.password.title")}</h1>
                {context.proof.is_first_password.then(|| view! { <p><b>{lang.t("accounts.password.first")}</b></p> })}
                <p class="small muted">{lang.t("accounts.password.lead")}</p>
                {field("old_password", "accounts.password.old", None, "current-password")}
                {field("new_password", "accounts.password.new", Some("accounts.password.hint"), "new-password")}
                {field("again_password", "accounts.password.again", None, "new-password")}
                <button class="btn btn-main">{lang.t("accounts.password.save")}</button>
            </form>
        }
        .into_any()
    })
}
