//! What was promised at a dialogue: each promise is a commitment of its own, public with the result.

use super::actions::Act;
use super::desk_pages::{self, OneView};
use super::desk_views::look;
use super::rules::{Chair, Dialogue, State};
use super::{desk_path, public_path};
use crate::accounts::keep_form_and_sign_in;
use crate::accounts::session::leave_flash;
use crate::agencies::Directory;
use crate::commitments::actions::{self as commitments, NewCommitment};
use crate::commitments::rules::{Head, OriginKind};
use crate::commitments::view::{Listed, article};
use crate::db::Tx;
use crate::error::Result;
use crate::form::FormState;
use crate::ui::fields::FieldLook;
use crate::ui::{PageContext, see_other, select_field, text_area, text_field};
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use tower_sessions::Session;

/// Longest promise, in characters.
const TEXT_CHARS_MAX: usize = 500;

/// What was promised at a dialogue, public or not.
pub(super) async fn of(tx: &mut Tx, dialogue: &Dialogue) -> Result<Vec<Listed>> {
    let made = crate::commitments::of_origin(tx, OriginKind::Dialogue, &dialogue.id).await?;
    crate::commitments::view::load(tx, made).await
}

/// Lets everybody read them: with the result.
pub(super) async fn publish(act: &mut Act<'_>, dialogue: &Dialogue) -> Result<()> {
    commitments::publish_all(act, OriginKind::Dialogue, &dialogue.id, &dialogue.facts.title, &public_path(dialogue.number)).await
}

/// Whether a promise can be written down: it has begun, and it took place.
fn is_open(dialogue: &Dialogue, now: DateTime<Utc>) -> bool {
    match dialogue.state {
        State::Held | State::Published => true,
        State::Announced => dialogue.facts.begins_at <= now,
        State::Draft | State::Cancelled => false,
    }
}

/// In whose name something was promised.
fn head(dialogue: &Dialogue) -> Head {
    let holding = dialogue.holding.as_ref();
    let by_head = holding.is_none_or(|holding| holding.chair == Chair::Head);
    Head {
        body_id: dialogue.body_id.clone(),
        post: holding.map_or_else(|| dialogue.facts.head_post.clone(), |holding| holding.post.clone()),
        name: String::new(),
        account_id: holding.filter(|_| by_head).and_then(|holding| holding.head_id.clone()).unwrap_or_default(),
    }
}

/// Who can be given a promise: the authority and its units.
fn owners(directory: &Directory, body_id: &str) -> Vec<(String, String)> {
    let body = directory.agency(body_id).into_iter();
    body.chain(directory.units_of(body_id)).map(|agency| (agency.id.clone(), agency.name.clone())).collect()
}

/// `POST /can-bo/doi-thoai/{dialogue}/loi-hua`
pub(super) async fn make(context: PageContext, session: Session, Path(id): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let mut tx = context.portal.db().write().await?;
    let dialogue = desk_pages::seen(&mut tx, &context, &id).await?;
    let text = form.required("promise", "dialogues.promise.missing", TEXT_CHARS_MAX);
    let owner_id = form.value("owner").to_owned();
    if !owners(&context.directory, &dialogue.body_id).iter().any(|(known, _)| *known == owner_id) {
        form.wrong("owner", "dialogues.promise.owner_missing");
    }
    let made_on = dialogue.facts.day();
    let day = crate::deadlines::pages::day(form.value("promise_day"));
    match day {
        None => form.wrong("promise_day", "dialogues.day.wrong"),
        Some(day) if day < made_on => form.wrong("promise_day", "dialogues.promise.before"),
        Some(_) => {}
    }
    if !is_open(&dialogue, context.now) {
        form.wrong("promise", "dialogues.refused.not_begun");
    }
    let Some(day) = day.filter(|_| form.is_valid()) else {
        drop(tx);
        return desk_pages::one(&context, &dialogue, &form, None, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let once = form.value("promise_once").to_owned();
    let new = NewCommitment {
        id: if crate::id::is_sent_id(&once) { once } else { context.portal.new_id() },
        origin: OriginKind::Dialogue,
        origin_id: dialogue.id.clone(),
        text,
        owner_id,
        co_owner_ids: Vec::new(),
        head: head(&dialogue),
        made_on,
        day,
    };
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    let made = commitments::make(&mut act, &new).await?;
    // The result is out: so is what was promised, as soon as it is written down.
    if dialogue.state == State::Published {
        commitments::publish(&mut act, &made, &dialogue.facts.title, &public_path(dialogue.number)).await?;
    }
    tx.commit().await?;
    leave_flash(&session, "dialogue_promise").await?;
    Ok(see_other(&format!("{}#loi-hua", context.href(&desk_path(&id)))))
}

/// What was promised, on the public page.
pub(super) fn told(context: &PageContext, promises: &[Listed]) -> AnyView {
    let shown: Vec<_> = promises.iter().filter(|listed| listed.commitment.is_public).map(|listed| article(context, listed)).collect();
    if shown.is_empty() {
        return ().into_any();
    }
    view! { <section class="stack" id="loi-hua"><h2>{context.lang.t("dialogues.promises")}</h2>{shown}</section> }.into_any()
}

/// What was promised, on the officials' page, and a form for one more.
pub(super) fn desk(view: &OneView<'_>) -> AnyView {
    let (context, lang, form) = (view.context, view.context.lang, view.form);
    if !is_open(view.dialogue, context.now) {
        return ().into_any();
    }
    let items: Vec<_> = view
        .promises
        .iter()
        .map(|listed| {
            let commitment = &listed.commitment;
            let href = lang.href(&format!("/can-bo/loi-hua/{}", commitment.id));
            let day = lang.f("dialogues.promise.by", &[("day", &lang.day_short(commitment.day))]);
            view! { <li><p><a href=href>{commitment.text.clone()}</a></p><p class="small muted">{context.directory.agency_name(&commitment.owner_id).to_owned()}" · "{day}</p></li> }
        })
        .collect();
    let list = if items.is_empty() {
        view! { <p class="muted">{lang.t("dialogues.promise.none")}</p> }.into_any()
    } else {
        view! { <ul class="rule-list">{items}</ul> }.into_any()
    };
    let add = view.may_prepare.then(|| {
        view! {
            <form method="post" action=lang.href(&format!("{}/loi-hua", desk_path(&view.dialogue.id))) class="stack" novalidate>
                <input type="hidden" name="promise_once" value=view.once.clone() />
                {text_area(lang, form, "promise", 2, FieldLook { chars_max: Some(TEXT_CHARS_MAX), ..look("dialogues.promise.text", Some("dialogues.promise.hint")) })}
                {select_field(lang, form, "owner", owners(&context.directory, &view.dialogue.body_id), "dialogues.choose", look("dialogues.promise.owner", None))}
                {text_field(lang, form, "promise_day", FieldLook { kind: "date", class: "field-s", ..look("dialogues.promise.day", None) })}
                <p><button class="btn">{lang.t("dialogues.promise.add")}</button></p>
            </form>
        }
    });
    view! { <section class="card stack" id="loi-hua"><h2 class="title-s">{lang.t("dialogues.promises")}</h2>{list}{add}</section> }.into_any()
}
