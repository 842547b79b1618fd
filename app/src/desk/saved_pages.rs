//! `/can-bo/bo-loc`: the places in the queue an official keeps under a name, and the authority's tags.

use super::filter_view::save_form;
use super::place::Place;
use super::queue::home_scope;
use super::store::saved::{self, SavedFilter};
use crate::accounts::keep_form_and_sign_in;
use crate::actor::Official;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, QueueScope, check, queue_scope};
use crate::petitions::actions::Act;
use crate::petitions::marks::{TAG_CHARS_MAX, rename_tag};
use crate::petitions::store::marks::{Tag, tags_of};
use crate::ui::{Page, PageContext, Section, error_summary, see_other};
use crate::words::Lang;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use std::collections::HashMap;

/// The page's address.
const PATH: &str = "/can-bo/bo-loc";
/// Longest name, in characters.
const NAME_CHARS_MAX: usize = 60;
/// The most one person keeps.
const SAVED_MAX: i64 = 30;

/// What the page shows.
struct Shown {
    saved: Vec<SavedFilter>,
    tags: Vec<Tag>,
    me: String,
    may_rename: bool,
}

/// Whoever works at a desk: its official, and the agency or unit a filter is shared with.
fn at_desk(context: &PageContext) -> Result<(&Official, &str, &str)> {
    check(&context.actor, Action::UseDesk)?;
    let official = context.actor.official().ok_or(AppError::SignInNeeded)?;
    if queue_scope(official) == QueueScope::Nothing {
        return Err(AppError::NotFound);
    }
    let holding = official.holdings.first().ok_or(AppError::NotFound)?;
    Ok((official, &holding.agency_id, &holding.body_id))
}

/// `GET /can-bo/bo-loc`
pub async fn show(context: PageContext) -> Result<Response> {
    at_desk(&context)?;
    page(&context, None, &FormState::default(), StatusCode::OK).await
}

/// `POST /can-bo/bo-loc`: keeps a place under a name.
pub async fn save(context: PageContext, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let (official, agency_id, _) = at_desk(&context)?;
    let place = place_of(form.value("place"), official);
    let name = form.required("filter_name", "day.saved.name_missing", NAME_CHARS_MAX);
    let mut tx = context.portal.db().write().await?;
    let own = saved::of_person(&mut tx, &official.account_id, agency_id).await?;
    let mine = |row: &&SavedFilter| row.account_id == official.account_id;
    if form.is_valid() && saved::count_of(&mut tx, &official.account_id).await? >= SAVED_MAX {
        form.wrong("filter_name", "day.saved.too_many");
    }
    if !form.is_valid() {
        drop(tx);
        return page(&context, Some(&place), &form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let query = place.query();
    // Pressed twice, it is kept once.
    if !own.iter().filter(mine).any(|row| row.name == name && row.query == query) {
        let shared_with = form.is_ticked("shared").then(|| agency_id.to_owned());
        let row = SavedFilter { id: context.portal.new_id(), account_id: official.account_id.clone(), shared_with, name, query: query.clone() };
        saved::insert(&mut tx, &row, context.now).await?;
        tx.commit().await?;
    }
    Ok(see_other(&context.href(&format!("/can-bo{query}"))))
}

/// The first page of the place that a query string names.
fn place_of(query: &str, official: &Official) -> Place {
    let pairs: HashMap<String, String> =
        format!("/{query}").parse().ok().and_then(|uri| Query::try_from_uri(&uri).ok()).map(|Query(pairs)| pairs).unwrap_or_default();
    Place::as_written(&pairs, home_scope(official)).first()
}

/// `POST /can-bo/bo-loc/{id}`: another name, shared or not, or gone.
pub async fn change(context: PageContext, Path(id): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let (official, agency_id, _) = at_desk(&context)?;
    let mut tx = context.portal.db().write().await?;
    let is_mine = if form.value("action") == "delete" {
        saved::delete(&mut tx, &id, &official.account_id).await?
    } else {
        let name = form.required("new_name", "day.saved.name_missing", NAME_CHARS_MAX);
        if !form.is_valid() {
            drop(tx);
            return page(&context, None, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        saved::change(&mut tx, &id, &official.account_id, &name, form.is_ticked("shared").then(|| agency_id.to_owned())).await?
    };
    if !is_mine {
        return Err(AppError::NotFound);
    }
    tx.commit().await?;
    Ok(see_other(&context.href(PATH)))
}

/// `POST /can-bo/nhan/{id}`: a tag gets another word.
pub async fn change_tag(context: PageContext, Path(id): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let (_, _, body_id) = at_desk(&context)?;
    check(&context.actor, Action::ManageDeskWords(body_id))?;
    let name = form.required("tag_name", "day.tag.missing", TAG_CHARS_MAX);
    if form.is_valid() {
        let mut tx = context.portal.db().write().await?;
        let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
        if rename_tag(&mut act, body_id, &id, &name).await? {
            tx.commit().await?;
            return Ok(see_other(&format!("{}#nhan", context.href(PATH))));
        }
        form.wrong("tag_name", "day.tag.taken");
    }
    page(&context, None, &form, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn page(context: &PageContext, place: Option<&Place>, form: &FormState, status: StatusCode) -> Result<Response> {
    let (official, agency_id, body_id) = at_desk(context)?;
    let mut tx = context.portal.db().read().await?;
    let shown = Shown {
        saved: saved::of_person(&mut tx, &official.account_id, agency_id).await?,
        tags: tags_of(&mut tx, body_id).await?,
        me: official.account_id.clone(),
        may_rename: check(&context.actor, Action::ManageDeskWords(body_id)).is_ok(),
    };
    drop(tx);
    let lang = context.lang;
    Ok(Page::new(context, Section::Desk, lang.t("day.saved.title")).main_class("wrap page stack-l").status(status).render(|| {
        view! {
            <div class="stack-s">
                <a class="back" href=context.href("/can-bo")>{crate::ui::icon(crate::ui::Icon::Back)}{lang.t("desk.queue")}</a>
                <h1 class="title-s">{lang.t("day.saved.title")}</h1>
                <p class="small muted">{lang.t("day.saved.lead")}</p>
            </div>
            {error_summary(lang, form)}
            {place.map(|place| save_form(context, place, form))}
            {saved_list(lang, &shown)}
            {tag_list(lang, &shown)}
        }
        .into_any()
    }))
}

fn saved_list(lang: Lang, shown: &Shown) -> AnyView {
    if shown.saved.is_empty() {
        return view! { <p class="notice info">{lang.t("day.saved.none")}</p> }.into_any();
    }
    let rows: Vec<_> = shown
        .saved
        .iter()
        .map(|row| {
            let open = view! { <a href=lang.href(&format!("/can-bo{}", row.query))>{row.name.clone()}</a> };
            if row.account_id != shown.me {
                return view! { <li class="stack-s"><b>{open}</b><p class="small muted">{lang.t("day.saved.of_colleague")}</p></li> }.into_any();
            }
            let action = lang.href(&format!("{PATH}/{}", row.id));
            let label = lang.f("day.saved.rename_label", &[("name", &row.name)]);
            let delete_label = lang.f("day.saved.delete_label", &[("name", &row.name)]);
            view! {
                <li class="stack-s">
                    <b>{open}</b>
                    <form method="post" action=action class="inline-form">
                        <input name="new_name" value=row.name.clone() aria-label=label autocomplete="off" />
                        <label class="check"><input type="checkbox" name="shared" value="1" checked=row.shared_with.is_some() /><span>{lang.t("day.saved.share")}</span></label>
                        <button class="btn btn-s">{lang.t("day.saved.rename")}</button>
                        <button class="btn btn-s btn-quiet" name="action" value="delete" aria-label=delete_label>{lang.t("day.saved.delete")}</button>
                    </form>
                </li>
            }
            .into_any()
        })
        .collect();
    view! { <ul class="rule-list">{rows}</ul> }.into_any()
}

fn tag_list(lang: Lang, shown: &Shown) -> AnyView {
    let rows: Vec<_> = shown
        .tags
        .iter()
        .map(|tag| {
            let open = view! { <a href=lang.href(&format!("/can-bo?phan=tat-ca&nhan={}", tag.id))>{format!("#{}", tag.name)}</a> };
            let label = lang.f("day.tag.rename_label", &[("name", &tag.name)]);
            let rename = shown.may_rename.then(|| {
                view! {
                    <form method="post" action=lang.href(&format!("/can-bo/nhan/{}", tag.id)) class="inline-form">
                        <input name="tag_name" value=tag.name.clone() aria-label=label autocomplete="off" />
                        <button class="btn btn-s">{lang.t("day.saved.rename")}</button>
                    </form>
                }
            });
            view! { <li class="stack-s"><b>{open}</b>{rename}</li> }
        })
        .collect();
    let body = if rows.is_empty() {
        view! { <p class="muted">{lang.t("day.tag.none")}</p> }.into_any()
    } else {
        view! { <ul class="rule-list">{rows}</ul> }.into_any()
    };
    view! { <section class="stack-s" id="nhan"><h2 class="title-s">{lang.t("day.tags")}</h2><p class="small muted">{lang.t("day.tag.lead")}</p>{body}</section> }.into_any()
}
