//! What officials send: one picture or paper at a time with its words, and the reason for taking one out.

use super::actions::{self, takes_pictures};
use super::pages::shown_max;
use super::store::{self, TakenOut};
use crate::accounts::keep_form_and_sign_in;
use crate::accounts::session::leave_flash;
use crate::db::Tx;
use crate::dialogues::actions::Act;
use crate::dialogues::desk_pages::{one, seen};
use crate::dialogues::desk_path;
use crate::dialogues::forms::REASON_CHARS_MAX;
use crate::dialogues::rules::Dialogue;
use crate::error::Result;
use crate::form::FormState;
use crate::papers::described::{Described, gallery};
use crate::papers::fields::file_field;
use crate::papers::forget;
use crate::papers::store::Held;
use crate::papers::upload::{Upload, note_refused, receive_open};
use crate::permissions::{Action, check};
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, PageContext, icon, see_other, text_field};
use axum::Form;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use tower_sessions::Session;

/// Longest words for a picture, in characters.
const ALT_CHARS_MAX: usize = 200;
/// The field of the file.
const FILE: &str = "picture";
/// The field of its words.
const ALT: &str = "picture_alt";
/// The field of the form's id.
const ONCE: &str = "picture_once";
/// The field of the reason for taking one out; the picture's id follows it.
const REASON: &str = "picture_reason";

/// `POST /can-bo/doi-thoai/{dialogue}/anh`
///
/// # Errors
/// [`crate::error::AppError::BadRequest`] for a broken form, [`AppError::Unavailable`] if the store of papers does not answer.
pub(super) async fn add(
    context: PageContext,
    session: Session,
    Path(id): Path<String>,
    multipart: std::result::Result<Multipart, MultipartRejection>,
) -> Result<Response> {
    let may = may_add(&context, &id).await;
    let room = may.as_ref().map_or(Held::FULL, |(_, held)| *held);
    let Upload { mut form, papers, refused } = match multipart {
        Ok(multipart) => receive_open(&context, multipart, room).await?,
        Err(_) => Upload::default(),
    };
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let (dialogue, _) = may?;
    let alt = form.required(ALT, "dialogues.pictures.alt_missing", ALT_CHARS_MAX);
    note_refused(&mut form, FILE, &refused);
    if papers.is_empty() && refused.is_empty() {
        form.wrong(FILE, "dialogues.pictures.missing");
    }
    if papers.len() > 1 {
        form.wrong(FILE, "dialogues.pictures.one_only");
    }
    if !takes_pictures(&dialogue, context.now) {
        form.wrong(FILE, "dialogues.pictures.too_early");
    }
    let paper = papers.first().filter(|_| form.is_valid());
    let Some(paper) = paper else {
        forget(&context.portal, &papers).await?;
        return one(&context, &dialogue, &form, None, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let once = Some(form.value(ONCE).to_owned()).filter(|once| crate::id::is_sent_id(once)).unwrap_or_else(|| context.portal.new_id());
    let mut tx = context.portal.db().write().await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    let is_new = actions::add(&mut act, &dialogue, &once, paper, &alt).await?;
    tx.commit().await?;
    if !is_new {
        forget(&context.portal, &papers).await?;
    }
    leave_flash(&session, "dialogue_picture").await?;
    Ok(see_other(&format!("{}#anh", context.href(&desk_path(&id)))))
}

async fn may_add(context: &PageContext, id: &str) -> Result<(Dialogue, Held)> {
    let mut tx = context.portal.db().read().await?;
    let dialogue = seen(&mut tx, context, id).await?;
    check(&context.actor, Action::PrepareDialogue(&dialogue.body_id))?;
    let held = store::held(&mut tx, id).await?;
    Ok((dialogue, held))
}

/// `POST /can-bo/doi-thoai/{dialogue}/anh/{paper}`: takes one out.
///
/// # Errors
/// [`crate::error::AppError::NotFound`] for a dialogue of another authority.
pub(super) async fn remove(
    context: PageContext,
    session: Session,
    Path((id, picture_id)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let mut tx = context.portal.db().write().await?;
    let dialogue = seen(&mut tx, &context, &id).await?;
    let reason = form.required(REASON, "dialogues.refused.reason", REASON_CHARS_MAX);
    if !form.is_valid() {
        drop(tx);
        form.set("picture_wrong", picture_id);
        return one(&context, &dialogue, &form, None, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    actions::remove(&mut Act { tx: &mut tx, portal: &context.portal, actor: &context.actor }, &dialogue, &picture_id, &reason).await?;
    tx.commit().await?;
    leave_flash(&session, "dialogue_picture_out").await?;
    Ok(see_other(&format!("{}#anh", context.href(&desk_path(&id)))))
}

/// The pictures at the desk.
pub(in crate::dialogues) struct Part {
    is_open: bool,
    pictures: Vec<Described>,
    removed: Vec<TakenOut>,
}

impl Part {
    /// Reads it.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn load(tx: &mut Tx, dialogue: &Dialogue, now: DateTime<Utc>) -> Result<Self> {
        let is_open = takes_pictures(dialogue, now);
        let (pictures, removed) =
            if is_open { (store::of(tx, &dialogue.id, shown_max()).await?, store::removed(tx, &dialogue.id, shown_max()).await?) } else { Default::default() };
        Ok(Self { is_open, pictures, removed })
    }

    /// What there is, what was taken out, and the form for one more; nothing before the dialogue has begun.
    pub fn view(&self, context: &PageContext, dialogue: &Dialogue, form: &FormState) -> AnyView {
        if !self.is_open {
            return ().into_any();
        }
        let lang = context.lang;
        let may_add = check(&context.actor, Action::PrepareDialogue(&dialogue.body_id)).is_ok();
        let shown: Vec<_> = self.pictures.iter().zip(1..).map(|(picture, nth)| one_picture(context, dialogue, form, picture, may_add.then_some(nth))).collect();
        let removed: Vec<_> = self.removed.iter().map(|row| taken_out(context, row)).collect();
        let key = if dialogue.published_on.is_some() { "dialogues.pictures.public" } else { "dialogues.pictures.until" };
        view! {
            <section class="card stack" id="anh">
                <h2 class="title-s">{lang.t("dialogues.pictures.title")}</h2>
                <p class="small muted">{lang.t(key)}</p>
                {(!shown.is_empty()).then(|| view! { <ul class="bare stack">{shown}</ul> })}
                {(!removed.is_empty()).then(|| view! { <ul class="bare stack-s small muted">{removed}</ul> })}
                {may_add.then(|| form_for_one_more(context, dialogue, form))}
            </section>
        }
        .into_any()
    }
}

/// A picture, and the form to take it out for whoever may: it is the `nth` on the page.
fn one_picture(context: &PageContext, dialogue: &Dialogue, form: &FormState, picture: &Described, nth: Option<usize>) -> AnyView {
    let lang = context.lang;
    let address = |picture: &Described| format!("{}/anh/{}", desk_path(&dialogue.id), picture.id);
    let is_wrong = form.value("picture_wrong") == picture.id;
    let nothing = FormState::default();
    let remove = nth.map(|nth| {
        let twin = if is_wrong { 0 } else { nth };
        let reason = FieldLook { label: "dialogues.pictures.reason", hint: Some("dialogues.pictures.reason_hint"), twin, ..FieldLook::default() };
        view! {
            <details class="more small" open=is_wrong>
                <summary>{lang.t("dialogues.pictures.remove")}</summary>
                <form method="post" action=lang.href(&address(picture)) class="stack" novalidate>
                    {text_field(lang, if is_wrong { form } else { &nothing }, REASON, reason)}
                    <p><button class="btn btn-s">{lang.t("dialogues.pictures.remove_button")}</button></p>
                </form>
            </details>
        }
    });
    view! {
        <li class="stack-s">
            {gallery(lang, &[picture], &address)}
            {picture.is_picture().then(|| view! { <p class="small">{picture.alt.clone()}</p> })}
            {remove}
        </li>
    }
    .into_any()
}

fn taken_out(context: &PageContext, gone: &TakenOut) -> AnyView {
    let lang = context.lang;
    let (who, when) = (gone.by_name.clone().unwrap_or_default(), lang.time(gone.at));
    let words = lang.f("dialogues.pictures.taken_out", &[("what", &gone.alt), ("who", &who), ("when", &when), ("reason", &gone.reason)]);
    view! { <li>{words}</li> }.into_any()
}

fn form_for_one_more(context: &PageContext, dialogue: &Dialogue, form: &FormState) -> AnyView {
    let lang = context.lang;
    let alt = FieldLook { label: "dialogues.pictures.alt", hint: Some("dialogues.pictures.alt_hint"), ..FieldLook::default() };
    view! {
        <form method="post" action=lang.href(&format!("{}/anh", desk_path(&dialogue.id))) enctype="multipart/form-data" class="stack" novalidate>
            <input type="hidden" name=ONCE value=context.portal.new_id() />
            {file_field(lang, form, FILE, false, "dialogues.pictures.file")}
            {text_field(lang, form, ALT, alt)}
            <p><button class="btn btn-s btn-main">{icon(Icon::Camera)}{lang.t("dialogues.pictures.add")}</button></p>
        </form>
    }
    .into_any()
}
