//! `/can-bo/doi-thoai/{dialogue}/dieu-hanh`: the stage for moderators and secretaries, several at once.

use super::board::Board;
use super::parts::{LiveScene, Surface};
use super::rules::has_stage;
use super::stage_path;
use super::stage_views::{Desk, parts, theirs, write_form};
use super::store;
use crate::broadcast;
use crate::db::Tx;
use crate::dialogues::questions::desk_list_path;
use crate::dialogues::questions::rules::State;
use crate::dialogues::questions::store::{by_id as question_by_id, counts};
use crate::dialogues::rules::Dialogue;
use crate::dialogues::{desk_path, public_path};
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::ui::context::PageContext;
use crate::ui::error_summary;
use crate::ui::icons::{Icon, icon};
use crate::ui::page::{Page, Section};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use std::collections::HashMap;

/// A dialogue at whose stage whoever asks may write.
pub(super) async fn staged(tx: &mut Tx, context: &PageContext, id: &str) -> Result<Dialogue> {
    let dialogue = crate::dialogues::store::by_id(tx, id).await?.ok_or(AppError::NotFound)?;
    check(&context.actor, Action::WriteAtDialogue(&dialogue.body_id))?;
    Ok(dialogue)
}

/// What only officials know beside the board.
pub(super) async fn desk(tx: &mut Tx, board: &Board) -> Result<Desk> {
    let unread = counts(tx, &board.dialogue.id).await?.into_iter().filter(|(state, ..)| *state == State::Waiting).map(|(.., n)| n).sum();
    let draft = match &board.on {
        Some(item) => question_by_id(tx, &item.question.id).await?.map(|question| question.answer_draft).unwrap_or_default(),
        None => String::new(),
    };
    Ok(Desk { unread, draft })
}

/// `GET /can-bo/doi-thoai/{dialogue}/dieu-hanh`
pub(super) async fn show(context: PageContext, Path(id): Path<String>, Query(query): Query<HashMap<String, String>>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let mut form = FormState::default();
    form.set("question", query.get("cau").cloned().unwrap_or_default());
    if let Some(answer) = query.get("sua") {
        form.set("answer", answer.clone());
    }
    page(&context, &id, &form, StatusCode::OK, false).await
}

/// The page, with what was typed. `is_overtaken`: somebody else corrected the piece meanwhile.
pub(super) async fn page(context: &PageContext, id: &str, form: &FormState, status: StatusCode, is_overtaken: bool) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let dialogue = staged(&mut tx, context, id).await?;
    let board = Board::load(&mut tx, dialogue).await?;
    let desk = desk(&mut tx, &board).await?;
    let corrected = match form.value("answer") {
        "" => None,
        answer_id => store::answer(&mut tx, answer_id).await?.filter(|answer| answer.dialogue_id == board.dialogue.id),
    };
    drop(tx);
    let (lang, dialogue) = (context.lang, &board.dialogue);
    let item = corrected.as_ref().and_then(|answer| board.on.iter().chain(&board.done).chain(&board.queue).find(|item| item.question.id == answer.question_id));
    let corrected = corrected.as_ref().zip(item);
    // A form that was asked for or sent back stands above; what changes goes on changing below it.
    let is_typed = corrected.is_some() || !form.value("question").is_empty();
    let typed = is_typed.then(|| {
        view! {
            <section class="card stack" id="write">
                {corrected.filter(|_| is_overtaken).map(|(answer, _)| theirs(lang, answer))}
                {write_form(lang, &board, &desk, form, corrected)}
            </section>
        }
    });
    let closed = (!has_stage(dialogue, context.now)).then(|| view! { <p class="notice info">{icon(Icon::Help)}<span>{lang.t("live.closed")}</span></p> });
    let title = lang.f("live.stage.title", &[("title", &dialogue.facts.title)]);
    let page = Page::new(context, Section::DeskDialogues, title).main_class("wrap wide page stack-l").status(status).live();
    Ok(page.render(|| {
        view! {
            <div class="stack-s">
                <p><a href=lang.href(&desk_path(&dialogue.id))>{lang.t("live.stage.leave")}</a></p>
                <h1 class="title-s">{dialogue.facts.title.clone()}</h1>
                <p class="row">
                    <a class="btn btn-s" href=lang.href(&format!("{}/man-hinh", public_path(dialogue.number)))>{lang.t("live.stage.wall")}</a>
                    <a class="btn btn-s" href=lang.href(&super::path(dialogue.number))>{lang.t("live.stage.public")}</a>
                    <a class="btn btn-s" href=lang.href(&desk_list_path(&dialogue.id))>{lang.t("live.stage.questions")}</a>
                    <a class="btn btn-s btn-quiet" href=lang.href(&stage_path(&dialogue.id))>{lang.t("live.stage.reload")}</a>
                </p>
            </div>
            {closed}
            {error_summary(lang, form)}
            {typed}
            <div class="stage" data-live=lang.href(&format!("{}/dong", stage_path(&dialogue.id)))>
                <p class="notice warn" role="status" data-lost="" hidden>{icon(Icon::Warning)}<span>{lang.t("live.lost")}</span></p>
                {parts(lang, &board, &desk, !is_typed)}
            </div>
        }
        .into_any()
    }))
}

/// `GET /can-bo/doi-thoai/{dialogue}/dieu-hanh/dong`
pub(super) async fn stream(context: PageContext, Path(id): Path<String>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let dialogue = staged(&mut context.portal.db().look().await?, &context, &id).await?;
    let lang = context.lang;
    let room = LiveScene::room(&dialogue.id, Surface::Desk, lang);
    let scene = || LiveScene::new(context.portal.clone(), dialogue.id.clone(), Surface::Desk, lang);
    Ok(broadcast::stream(context.portal.rooms().join(&room, scene)))
}
