//! `/toi/phien`: where somebody's page is open, and ending it there.

use super::actions::holder;
use super::session::{self, Elsewhere};
use super::{store, welcome};
use crate::accounts::session as sessions;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::ui::{Icon, Page, PageContext, Section, error_summary, icon, see_other};
use axum::Form;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use tower_sessions::Session;

/// The page.
pub(super) const PATH: &str = "/toi/phien";
/// The sentence after one was ended.
const ENDED: &str = "citizens.sessions.ended";

/// `GET /toi/phien`.
pub async fn show(context: PageContext, session: Session) -> Result<Response> {
    let Some(citizen_id) = holder(&context) else { return Ok(see_other(&context.href("/toi/vao"))) };
    let is_ended = sessions::take_flash(&session).await?.as_deref() == Some(ENDED);
    page(&context, &session, &citizen_id, &FormState::default(), is_ended, StatusCode::OK).await
}

async fn page(context: &PageContext, session: &Session, citizen_id: &str, form: &FormState, is_ended: bool, status: StatusCode) -> Result<Response> {
    check(&context.actor, Action::KeepOwnPage(citizen_id))?;
    let here = sessions::id_hash(session);
    let mut tx = context.portal.db().read().await?;
    let round = store::by_id(&mut tx, citizen_id).await?.ok_or(AppError::NotFound)?.round;
    let mut open = Vec::new();
    for (id_hash, data) in store::sessions_of(&mut tx, citizen_id, context.now).await? {
        open.extend(session::read(id_hash, &data, round, context.now)?);
    }
    drop(tx);
    let lang = context.lang;
    Ok(Page::new(context, Section::Follow, lang.t("citizens.sessions.title")).status(status).render(|| {
        let items: Vec<_> = open.iter().map(|one| item(context, one, one.id_hash == here)).collect();
        view! {
            {is_ended.then(|| crate::ui::flash_line(lang.t(ENDED).to_owned()))}
            {error_summary(lang, form)}
            <div class="stack-s">
                <a class="back" href=lang.href(super::PATH)>{icon(Icon::Back)}{lang.t("citizens.title")}</a>
                <h1>{lang.t("citizens.sessions.title")}</h1>
                <p class="small muted">{lang.t("citizens.sessions.lead")}</p>
            </div>
            <ul class="rule-list" id="session">{items}</ul>
        }
        .into_any()
    }))
}

fn item(context: &PageContext, one: &Elsewhere, is_here: bool) -> AnyView {
    let lang = context.lang;
    let browser = if one.browser.is_empty() { lang.t("signin.sessions.unknown").to_owned() } else { one.browser.clone() };
    let since = one.since.map(|at| lang.f("signin.sessions.since", &[("at", &lang.time(at))]));
    let end = if is_here {
        view! { <span class="tag">{lang.t("signin.sessions.here")}</span> }.into_any()
    } else {
        view! {
            <form method="post" action=lang.href(PATH)>
                <input type="hidden" name="session" value=one.id_hash.clone() />
                <button class="btn btn-s">{lang.t("signin.sessions.end")}</button>
            </form>
        }
        .into_any()
    };
    view! { <li class="row between"><div><p><b>{browser}</b></p><p class="small muted num">{since}</p></div>{end}</li> }.into_any()
}

/// `POST /toi/phien`: ends the page somewhere else, for whoever has come in lately.
pub async fn end(context: PageContext, session: Session, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let Some(citizen_id) = holder(&context) else { return Ok(welcome::keep_form_and_ask(&context, &form)) };
    check(&context.actor, Action::KeepOwnPage(&citizen_id))?;
    if !session::is_fresh(&session, context.now).await? {
        form.wrong("session", "citizens.prove_first");
        return page(&context, &session, &citizen_id, &form, false, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let mut tx = context.portal.db().write().await?;
    let is_ended = store::delete_session_of(&mut tx, &citizen_id, form.value("session")).await?;
    tx.commit().await?;
    if is_ended {
        sessions::leave_flash(&session, ENDED).await?;
    }
    Ok(see_other(&context.href(PATH)))
}
