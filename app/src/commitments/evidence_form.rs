//! The form with which officials add evidence: words, photos, papers. It is public at once with its commitment.

use super::actions::{add_evidence, seen};
use super::desk_forms::{SAVED, gone_on};
use super::desk_pages::{PATH, load_desk, page};
use super::rules::Commitment;
use super::store::evidence::held;
use crate::accounts::keep_form_and_sign_in;
use crate::accounts::session::leave_flash;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::papers::fields::file_field;
use crate::papers::forget;
use crate::papers::store::Held;
use crate::papers::upload::{NewPaper, Upload, note_refused, receive_open};
use crate::permissions::{Action, check};
use crate::petitions::actions::Act;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, PageContext, icon, see_other, text_area, text_field};
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use tower_sessions::Session;

/// Longest account, in characters.
const WORDS_CHARS_MAX: usize = 1_000;
/// Longest description of what photos show, in characters.
const ALT_CHARS_MAX: usize = 200;
/// The field with the id of what is added: sent twice, it is added once.
const ONCE: &str = "_once";
/// Length of an id.
const ID_CHARS: usize = 36;
/// So often it is tried again when somebody changes the commitment in the same instant: evidence contradicts no other change.
const TRIES_MAX: u32 = 5;

/// `POST /can-bo/loi-hua/{id}/bang-chung`
///
/// # Errors
/// [`AppError::BadRequest`] for a broken form, [`AppError::Unavailable`] if the store of papers does not answer.
pub async fn add(
    context: PageContext,
    session: Session,
    Path(id): Path<String>,
    multipart: std::result::Result<Multipart, MultipartRejection>,
) -> Result<Response> {
    let may = may_add(&context, &id).await;
    let room = may.as_ref().map_or(Held::FULL, |held| *held);
    let Upload { mut form, papers, refused } = match multipart {
        Ok(multipart) => receive_open(&context, multipart, room).await?,
        Err(_) => Upload::default(),
    };
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    may?;
    let words = form.optional("evidence_words", WORDS_CHARS_MAX);
    let alt = form.optional("evidence_alt", ALT_CHARS_MAX);
    note_refused(&mut form, "papers", &refused);
    if words.is_empty() && papers.is_empty() && refused.is_empty() {
        form.wrong("evidence_words", "commitments.desk.evidence_missing");
    }
    if alt.is_empty() && !papers.is_empty() {
        form.wrong("evidence_alt", "commitments.desk.alt_missing");
    }
    if !form.is_valid() {
        forget(&context.portal, &papers).await?;
        let desk = load_desk(&context, &id).await?;
        return Ok(page(&context, &desk, &form, None, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let once = Some(form.value(ONCE).to_owned()).filter(|once| once.len() == ID_CHARS).unwrap_or_else(|| context.portal.new_id());
    if !keep(&context, &id, &once, (&words, &alt), &papers).await? {
        forget(&context.portal, &papers).await?;
        return gone_on(&context, &id, &form).await;
    }
    leave_flash(&session, SAVED).await?;
    Ok(see_other(&context.href(&format!("{PATH}/{id}"))))
}

async fn may_add(context: &PageContext, id: &str) -> Result<Held> {
    let mut tx = context.portal.db().read().await?;
    let commitment = seen(&mut Act { tx: &mut tx, portal: &context.portal, actor: &context.actor }, id).await?;
    check(&context.actor, Action::ShowEvidence(&commitment))?;
    held(&mut tx, id).await
}

/// Adds it, again if somebody changed the commitment meanwhile. False if they did every time.
async fn keep(context: &PageContext, id: &str, once: &str, (words, alt): (&str, &str), papers: &[NewPaper]) -> Result<bool> {
    for _ in 0..TRIES_MAX {
        let mut tx = context.portal.db().write().await?;
        let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
        let before = seen(&mut act, id).await?;
        match add_evidence(&mut act, &before, (once, words, alt), papers).await {
            Ok(after) if after.version == before.version => {
                drop(tx);
                // In already, with other bytes: these are nobody's.
                forget(&context.portal, papers).await?;
                return Ok(true);
            }
            Ok(_) => {
                tx.commit().await?;
                return Ok(true);
            }
            Err(AppError::Conflict) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(false)
}

/// The form.
pub(super) fn form(context: &PageContext, commitment: &Commitment, form: &FormState) -> AnyView {
    let lang = context.lang;
    let is_open =
        form.errors().iter().any(|error| matches!(error.field, "papers" | "evidence_words" | "evidence_alt")) || !form.value("evidence_words").is_empty();
    let words = FieldLook {
        label: "commitments.desk.evidence_words",
        hint: Some("commitments.desk.evidence_hint"),
        chars_max: Some(WORDS_CHARS_MAX),
        ..FieldLook::default()
    };
    let alt = FieldLook { label: "commitments.desk.alt", hint: Some("commitments.desk.alt_hint"), ..FieldLook::default() };
    view! {
        <details class="more card" open=is_open>
            <summary>{lang.t("commitments.desk.evidence")}</summary>
            <form method="post" action=lang.href(&format!("{PATH}/{}/bang-chung", commitment.id)) enctype="multipart/form-data" class="stack" novalidate>
                <input type="hidden" name=ONCE value=context.portal.new_id() />
                {text_area(lang, form, "evidence_words", 3, words)}
                {file_field(lang, form, "papers", true, "commitments.desk.photos")}
                {text_field(lang, form, "evidence_alt", alt)}
                <p><button class="btn btn-s btn-main">{icon(Icon::Camera)}{lang.t("commitments.desk.evidence_button")}</button></p>
            </form>
        </details>
    }
    .into_any()
}
