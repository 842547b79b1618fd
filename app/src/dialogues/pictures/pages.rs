//! The pictures on the public page of a dialogue, and the pictures themselves.

use super::store;
use crate::db::Tx;
use crate::dialogues::desk_pages::seen;
use crate::dialogues::rules::Dialogue;
use crate::dialogues::{public_path, store as dialogues};
use crate::error::{AppError, Result};
use crate::papers::described::{Described, gallery};
use crate::papers::kinds::PAPERS_PER_CASE_MAX;
use crate::papers::serve::{Size, respond_scanned};
use crate::permissions::{Action, check};
use crate::ui::{CachePolicy, PageContext};
use crate::words::Lang;
use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;

/// As many as a dialogue may have.
pub(super) fn shown_max() -> i64 {
    i64::try_from(PAPERS_PER_CASE_MAX).unwrap_or(i64::MAX)
}

/// The pictures everybody sees: none before the result is out.
///
/// # Errors
/// A database that fails.
pub(in crate::dialogues) async fn load_public(tx: &mut Tx, dialogue: &Dialogue) -> Result<Vec<Described>> {
    if dialogue.published_on.is_none() { Ok(Vec::new()) } else { store::of(tx, &dialogue.id, shown_max()).await }
}

/// Pictures and papers as a part of the dialogue's public page; nothing where there are none.
pub(in crate::dialogues) fn section(lang: Lang, dialogue: &Dialogue, pictures: &[Described]) -> AnyView {
    if pictures.is_empty() {
        return ().into_any();
    }
    let shown: Vec<_> = pictures.iter().collect();
    let address = |picture: &Described| format!("{}/anh/{}", public_path(dialogue.number), picture.id);
    view! { <section class="stack-s"><h2>{lang.t("dialogues.pictures.title")}</h2>{gallery(lang, &shown, &address)}</section> }.into_any()
}

/// `GET /doi-thoai/{number}/anh/{paper}`; `?nho` asks for the small picture.
///
/// # Errors
/// [`AppError::NotFound`] for what does not belong to a dialogue whose result is out.
pub(super) async fn public(context: PageContext, Path((number, id)): Path<(i64, String)>) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let dialogue = dialogues::public_by_number(&mut tx, number).await?.filter(|dialogue| dialogue.published_on.is_some()).ok_or(AppError::NotFound)?;
    let picture = store::by_id(&mut tx, &dialogue.id, &id).await?.ok_or(AppError::NotFound)?;
    drop(tx);
    let mut response = respond_scanned(&context, &picture, Size::asked(&context.query)).await?;
    response.extensions_mut().insert(CachePolicy::Public);
    Ok(response)
}

/// `GET /can-bo/doi-thoai/{dialogue}/anh/{paper}`: before the result is out too.
///
/// # Errors
/// [`AppError::NotFound`] for a dialogue of another authority.
pub(super) async fn desk(context: PageContext, Path((dialogue_id, id)): Path<(String, String)>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let mut tx = context.portal.db().read().await?;
    let dialogue = seen(&mut tx, &context, &dialogue_id).await?;
    let picture = store::by_id(&mut tx, &dialogue.id, &id).await?.ok_or(AppError::NotFound)?;
    drop(tx);
    respond_scanned(&context, &picture, Size::asked(&context.query)).await
}
