//! The GETs of the desk: the queue, and a case beside it.

use super::bulk_view::TICK_ALL;
use super::case::CaseFile;
use super::case_view::case_panes;
use super::islands::DeskKeys;
use super::look::{Beside, Look};
use super::place::Place;
use super::presence;
use super::queue::{counts, home_scope, list};
use super::queue_view::{page_title, queue_pane, today_pane};
use super::steps::Step;
use super::surroundings::Surroundings;
use crate::accounts::keep_form_and_sign_in;
use crate::accounts::session::FLASH;
use crate::actor::Official;
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, QueueScope, Role, check, queue_scope};
use crate::petitions::rules::Kind;
use crate::record::{self, deeds::Deed};
use crate::ui::{Icon, Page, PageContext, Section, icon, see_other};
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use std::collections::HashMap;
use tower_sessions::Session;

/// `/can-bo`: the queue.
pub async fn queue(context: PageContext, session: Session, Query(query): Query<HashMap<String, String>>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let official = context.actor.official().ok_or(AppError::SignInNeeded)?;
    if queue_scope(official) == QueueScope::Nothing {
        return Ok(no_queue(&context, official));
    }
    let place = Place::of(&query, home_scope(official), &context.portal);
    let mut tx = context.portal.db().read().await?;
    let mut beside = beside(&mut tx, &context, &place).await?;
    drop(tx);
    beside.is_all_ticked = query.contains_key(TICK_ALL);
    let flash = flash(&context, &session).await?;
    Ok(show_queue(&context, &beside, flash, StatusCode::OK))
}

/// `POST /can-bo/tim`: what was typed is sealed before it stands in an address.
pub async fn search(context: PageContext, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let form = FormState::from_pairs(pairs);
    let Some(official) = context.actor.official() else { return Ok(keep_form_and_sign_in(&context, &form)) };
    check(&context.actor, Action::UseDesk)?;
    let typed: HashMap<String, String> = form.values().clone().into_iter().collect();
    let place = Place::of(&typed, home_scope(official), &context.portal);
    Ok(see_other(&context.href(&format!("/can-bo{}", place.query()))))
}

/// The queue with today's figures beside it.
pub fn show_queue(context: &PageContext, beside: &Beside, flash: Option<String>, status: StatusCode) -> Response {
    Page::new(context, Section::Desk, context.lang.t("desk.title")).main_class("").status(status).islands().render(|| {
        view! {
            <div class="split no-side">
                {queue_pane(context, beside, None)}
                {today_pane(context, beside, flash)}
            </div>
            <DeskKeys />
        }
        .into_any()
    })
}

/// `/can-bo/don/{id}`: a case.
pub async fn case(context: PageContext, session: Session, Path(case_id): Path<String>, Query(query): Query<HashMap<String, String>>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let official = context.actor.official().ok_or(AppError::SignInNeeded)?;
    let place = Place::of(&query, home_scope(official), &context.portal);
    let mut tx = context.portal.db().read().await?;
    let file = CaseFile::load(&mut tx, &context, &case_id).await?;
    let beside = beside(&mut tx, &context, &place).await?;
    drop(tx);
    presence::mark(&context, &file.case).await?;
    if file.case.kind == Kind::Denunciation {
        let deed = Deed::CaseSeen { case_id: file.case.id.clone() };
        record::actions::write_alone(&context.portal, &context.actor, &file.case.body_id, &deed).await?;
    }
    let unfolded = query.get("buoc").and_then(|code| Step::from_code(code));
    let look = Look { unfolded, flash: flash(&context, &session).await?, ..Look::default() };
    Ok(show_case(&context, file, look, beside, StatusCode::OK))
}

/// The queue beside a case, or alone.
pub async fn beside(tx: &mut Tx, context: &PageContext, place: &Place) -> Result<Beside> {
    let official = context.actor.official().ok_or(AppError::SignInNeeded)?;
    let list = list(tx, official, place, context.today).await?;
    let counts = counts(tx, official, context.today).await?;
    let around = Surroundings::load(tx, context, official, place, &list).await?;
    Ok(Beside { place: place.clone(), list, counts, around, bulk: None, is_all_ticked: false })
}

/// The page of a case.
pub fn show_case(context: &PageContext, file: CaseFile, look: Look, beside: Beside, status: StatusCode) -> Response {
    let title = page_title(context.lang, &file.case, &file.text.title);
    Page::new(context, Section::Desk, title).main_class("").status(status).islands().render(|| {
        view! {
            {case_panes(context, &file, &look, &beside)}
            <DeskKeys />
        }
        .into_any()
    })
}

/// The sentence of the step that was done just before, once.
async fn flash(context: &PageContext, session: &Session) -> Result<Option<String>> {
    let code: Option<String> = session.get(FLASH).await.map_err(AppError::internal)?;
    let Some(code) = code else { return Ok(None) };
    let lang = context.lang;
    let told = Step::from_code(&code).map(|step| lang.t(step.done_key()).to_owned()).or_else(|| super::law::forms::told(lang, &code));
    let told = told.or_else(|| super::letters::forms::told(&code).or_else(|| super::above::told(&code)).map(|key| lang.t(key).to_owned()));
    if told.is_some() {
        session.remove::<String>(FLASH).await.map_err(AppError::internal)?;
    }
    Ok(told)
}

/// What an official without cases reads: an administrator, or somebody whose role has ended.
fn no_queue(context: &PageContext, official: &Official) -> Response {
    let lang = context.lang;
    let manages = official.holdings.iter().any(|holding| holding.role == Role::Administrator);
    let (head, text) = if manages { ("desk.admin.title", "desk.admin.text") } else { ("desk.no_role.title", "desk.no_role.text") };
    Page::new(context, Section::Desk, lang.t("desk.title")).render(|| {
        view! {
            <div class="empty">
                {icon(if manages { Icon::User } else { Icon::Lock })}
                <h1 class="title-s">{lang.t(head)}</h1>
                <p class="muted">{lang.t(text)}</p>
                {manages.then(|| view! { <a class="btn btn-main" href=context.href("/can-bo/tai-khoan")>{lang.t("desk.admin.link")}</a> })}
            </div>
        }
        .into_any()
    })
}
