//! `/can-bo/phien`: where somebody is signed in, and ending it there.

use super::second::{demand_fresh, proof_field};
use super::{session, store};
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::record::{self, deeds::Deed};
use crate::ui::{Page, PageContext, Section, error_summary, see_other};
use axum::Form;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use session::OwnSession;
use tower_sessions::Session;

/// The page.
pub(super) const PATH: &str = "/can-bo/phien";
/// The sentence after one was ended.
const ENDED: &str = "signin.sessions.ended";

/// `GET /can-bo/phien`.
pub async fn show(context: PageContext, session: Session) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let is_ended = session::take_flash(&session).await?.as_deref() == Some(ENDED);
    page(&context, &session, &FormState::default(), is_ended, StatusCode::OK).await
}

async fn page(context: &PageContext, session: &Session, form: &FormState, is_ended: bool, status: StatusCode) -> Result<Response> {
    let account_id = context.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let here = session::id_hash(session);
    let mut tx = context.portal.db().read().await?;
    let mut sessions = Vec::new();
    for (id_hash, data) in store::sessions_of(&mut tx, &account_id, context.now).await? {
        sessions.extend(session::own(id_hash, &data, context.now)?);
    }
    drop(tx);
    let lang = context.lang;
    Ok(Page::new(context, Section::Desk, lang.t("signin.sessions.title")).passkeys().main_class("wrap page stack-l").status(status).render(|| {
        let others = sessions.iter().filter(|own| own.id_hash != here).count();
        let items: Vec<_> = sessions.iter().map(|own| item(context, own, own.id_hash == here)).collect();
        let all = (others > 0).then(|| {
            view! {
                <form method="post" action=lang.href(PATH) id="others">
                    {proof_field(context, form, 0)}
                    <button class="btn btn-danger" name="others" value="1">{lang.t("signin.sessions.end_others")}</button>
                </form>
            }
        });
        view! {
            {is_ended.then(|| crate::ui::flash_line(lang.t(ENDED).to_owned()))}
            {error_summary(lang, form)}
            <div class="stack-s">
                <h1 class="title-s">{lang.t("signin.sessions.title")}</h1>
                <p class="small muted">{lang.t("signin.sessions.lead")}</p>
            </div>
            <ul class="rule-list">{items}</ul>
            {all}
        }
        .into_any()
    }))
}

fn item(context: &PageContext, own: &OwnSession, is_here: bool) -> AnyView {
    let lang = context.lang;
    let browser = if own.browser.is_empty() { lang.t("signin.sessions.unknown").to_owned() } else { own.browser.clone() };
    let since = own.since.map(|at| lang.f("signin.sessions.since", &[("at", &lang.time(at))]));
    let seen = own.seen_at.map(|at| lang.f("signin.sessions.seen", &[("at", &lang.time(at))]));
    let times = [since, seen].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let end = if is_here {
        view! { <span class="tag">{lang.t("signin.sessions.here")}</span> }.into_any()
    } else {
        view! {
            // In the form below, which asks for the proof once for all of them.
            <button class="btn btn-s" form="others" name="session" value=own.id_hash.clone()>{lang.t("signin.sessions.end")}</button>
        }
        .into_any()
    };
    view! { <li class="row between"><div><p><b>{browser}</b></p><p class="small muted num">{times}</p></div>{end}</li> }.into_any()
}

/// `POST /can-bo/phien`: ends one other session, or all others, after a fresh proof: whoever sits down at an open desk must not shut its owner out
/// elsewhere.
pub async fn end(context: PageContext, session: Session, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let account_id = context.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let mut form = FormState::from_pairs(pairs);
    if !demand_fresh(&context, &mut form).await? {
        return page(&context, &session, &form, false, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let here = session::id_hash(&session);
    let mut tx = context.portal.db().write().await?;
    let sessions = if form.is_ticked("others") {
        store::delete_other_sessions(&mut tx, &account_id, &here).await?
    } else {
        let wanted = form.value("session");
        u64::from(wanted != here && store::delete_session_of(&mut tx, &account_id, wanted).await?)
    };
    if sessions > 0 {
        let body_id = context.actor.official().and_then(|official| official.body_id()).unwrap_or_default();
        let deed = Deed::SessionsEnded { sessions: i64::try_from(sessions).unwrap_or(i64::MAX) };
        record::actions::write(&mut tx, &context.portal, &context.actor, body_id, &deed).await?;
    }
    tx.commit().await?;
    if sessions > 0 {
        session::leave_flash(&session, ENDED).await?;
    }
    Ok(see_other(&context.href(PATH)))
}
