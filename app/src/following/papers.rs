//! The citizen's photos and papers: looking at them, and adding more.

use super::code::{CASE_PATH, ask_again};
use super::forms::{ONCE, case_of_form, once};
use super::load::{CaseView, load, visited};
use super::pages::{of, page};
use crate::accounts::session;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::papers::fields::file_field;
use crate::papers::kinds::PAPERS_PER_CASE_MAX;
use crate::papers::serve::{Size, respond};
use crate::papers::store::{Held, Owner, Paper};
use crate::papers::upload::{NewPaper, Upload, note_refused, receive};
use crate::papers::{forget, store};
use crate::permissions::{Action, check};
use crate::petitions::actions::{self, Act};
use crate::petitions::rules::State;
use crate::petitions::store::by_id;
use crate::ui::{Icon, PageContext, icon, see_other};
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use tower_sessions::Session;

/// So often a change is tried again when officials change the case in the same instant.
const TRIES_MAX: u32 = 5;

/// `GET /tra-cuu/don/anh/{id}`.
pub async fn whole(context: PageContext, Path(id): Path<String>) -> Result<Response> {
    serve(&context, &id, Size::Whole).await
}

/// `GET /tra-cuu/don/anh/{id}/nho`.
pub async fn thumb(context: PageContext, Path(id): Path<String>) -> Result<Response> {
    serve(&context, &id, Size::Thumb).await
}

async fn serve(context: &PageContext, id: &str, size: Size) -> Result<Response> {
    let case_id = visited(context)?;
    let mut tx = context.portal.db().read().await?;
    let case = by_id(&mut tx, &case_id).await?.ok_or(AppError::CodeNeeded)?;
    check(&context.actor, Action::Follow(&case))?;
    let paper = store::by_id(&mut tx, id).await?.filter(|paper| paper.case_id.as_deref() == Some(case_id.as_str())).ok_or(AppError::NotFound)?;
    drop(tx);
    respond(&context.portal, &paper, size).await
}

/// `POST /tra-cuu/don/giay-to`. What can be taken is; what cannot is named, and the rest stays.
///
/// # Errors
/// [`AppError::BadRequest`] for a broken form, [`AppError::Unavailable`] if the store of papers does not answer.
pub async fn add(context: PageContext, session: Session, multipart: std::result::Result<Multipart, MultipartRejection>) -> Result<Response> {
    let case_id = match visited(&context) {
        Ok(case_id) => case_id,
        Err(AppError::CodeNeeded) => {
            if let Ok(multipart) = multipart {
                receive(&context, multipart, Held::FULL).await?;
            }
            return Ok(ask_again(&context));
        }
        Err(error) => return Err(error),
    };
    let multipart = multipart.map_err(|_| AppError::BadRequest("not a form with files"))?;
    let mut tx = context.portal.db().read().await?;
    let held = Held::of(&store::of_case(&mut tx, &case_id).await?);
    drop(tx);
    let Upload { mut form, papers, refused } = receive(&context, multipart, held).await?;
    if case_of_form(&context, &form)?.is_none() {
        forget(&context.portal, &papers).await?;
        return Ok(ask_again(&context));
    }
    note_refused(&mut form, "papers", &refused);
    if papers.is_empty() && refused.is_empty() {
        form.wrong("papers", "following.papers.missing");
    }
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if !papers.is_empty() && !keep(&context, &case_id, &once(&context, &form), &papers).await? {
        form.wrong("papers", "following.error.moved");
        status = StatusCode::CONFLICT;
    }
    if form.is_valid() {
        session::leave_flash(&session, "following.flash.papers").await?;
        return Ok(see_other(&context.href(CASE_PATH)));
    }
    // What was taken is in: another try from this page is another delivery.
    form.forget(ONCE);
    let view = load(&context, &case_id).await?;
    Ok(page(&context, &view, &form, None, status))
}

/// Writes the rows and the event. Gives false, with the bytes deleted, where the case takes no more papers.
async fn keep(context: &PageContext, case_id: &str, once: &str, papers: &[NewPaper]) -> Result<bool> {
    for _ in 0..TRIES_MAX {
        match try_to_keep(context, case_id, once, papers).await {
            Err(AppError::Conflict) => {}
            Ok(true) => return Ok(true),
            // The same delivery a second time: the first one counts.
            Ok(false) => {
                forget(&context.portal, papers).await?;
                return Ok(true);
            }
            Err(error) => return Err(error),
        }
    }
    forget(&context.portal, papers).await?;
    Ok(false)
}

/// Gives false if this delivery is in already.
async fn try_to_keep(context: &PageContext, case_id: &str, once: &str, papers: &[NewPaper]) -> Result<bool> {
    let mut tx = context.portal.db().write().await?;
    let case = by_id(&mut tx, case_id).await?.ok_or(AppError::CodeNeeded)?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    let count = i64::try_from(papers.len()).unwrap_or(i64::MAX);
    // First: the case's row is changed here, which makes a second delivery wait for this one.
    actions::papers_added(&mut act, &case, count).await?;
    let known = store::of_case(&mut tx, case_id).await?;
    if known.iter().any(|paper| paper.message_id.as_deref() == Some(once)) {
        return Ok(false);
    }
    if known.len() + papers.len() > PAPERS_PER_CASE_MAX {
        return Err(AppError::Conflict);
    }
    for paper in papers {
        store::insert(&mut tx, Owner::Case { case_id, message_id: Some(once) }, paper).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// The section of the page: what the citizen sent, and the form for more.
pub(super) fn section(context: &PageContext, view: &CaseView, form: &FormState) -> AnyView {
    let lang = context.lang;
    let may_add = !matches!(view.case.state, State::Closed | State::Withdrawn);
    if view.papers.is_empty() && !may_add {
        return ().into_any();
    }
    let items: Vec<_> = view.papers.iter().map(|paper| item(context, paper)).collect();
    let list = (!items.is_empty()).then(|| view! { <ul class="files">{items}</ul> });
    view! {
        <section class="stack">
            <h2>{lang.t("following.papers.title")}</h2>
            {list}
            {may_add.then(|| add_form(context, view, form))}
        </section>
    }
    .into_any()
}

fn item(context: &PageContext, paper: &Paper) -> AnyView {
    let lang = context.lang;
    let address = context.href(&format!("{CASE_PATH}/anh/{}", paper.id));
    let name = if paper.original_name.is_empty() { lang.t("papers.unnamed").to_owned() } else { paper.original_name.clone() };
    let picture = if paper.has_thumb {
        view! { <img src=format!("{address}/nho") alt="" width="56" height="56" loading="lazy" /> }.into_any()
    } else {
        view! { <span class="thumb">{icon(Icon::Paper)}</span> }.into_any()
    };
    view! {
        <li>
            {picture}
            <span class="grow"><a class="break" href=address>{name}</a><small class="num">{lang.time(paper.at)}</small></span>
        </li>
    }
    .into_any()
}

fn add_form(context: &PageContext, view: &CaseView, form: &FormState) -> AnyView {
    let lang = context.lang;
    view! {
        <form method="post" action=lang.href("/tra-cuu/don/giay-to") enctype="multipart/form-data" class="stack no-print">
            {of(view)}
            <input type="hidden" name=ONCE value=context.portal.new_id() />
            {file_field(lang, form, "papers", true, "following.papers.add")}
            <div class="row"><button class="btn">{icon(Icon::Camera)}{lang.t("following.papers.send")}</button></div>
        </form>
    }
    .into_any()
}
