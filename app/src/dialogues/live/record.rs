//! Afterwards: every question with what was answered to it, on the dialogue's public page.

use super::board::{Board, Item};
use super::parts::{about, answers, count, outcome};
use crate::db::Tx;
use crate::dialogues::rules::{Dialogue, State};
use crate::error::Result;
use crate::ui::context::PageContext;
use crate::ui::icons::{Icon, icon};
use leptos::prelude::*;

/// Everything that was said stands there in full.
const WHOLE: usize = usize::MAX;

/// What was asked and answered, if the dialogue has begun.
pub async fn load(tx: &mut Tx, dialogue: &Dialogue) -> Result<Option<Board>> {
    if matches!(dialogue.state, State::Draft | State::Cancelled) {
        return Ok(None);
    }
    let board = Board::load(tx, dialogue.clone()).await?;
    Ok(Some(board).filter(Board::has_begun))
}

/// The way to the live page, shortly before the dialogue and while it runs.
pub fn live_link(context: &PageContext, dialogue: &Dialogue) -> AnyView {
    let is_near = dialogue.state == State::Announced && super::rules::has_stage(dialogue, context.now);
    let lang = context.lang;
    is_near
        .then(|| {
            view! {
                <p class="row no-print"><a class="btn btn-main" href=lang.href(&super::path(dialogue.number))>{icon(Icon::Dialogue)}{lang.t("live.link")}</a></p>
            }
        })
        .into_any()
}

/// Questions and answers as a part of the dialogue's page.
pub fn section(context: &PageContext, board: Option<&Board>) -> AnyView {
    let Some(board) = board else { return ().into_any() };
    let lang = context.lang;
    let mut spoken: Vec<&Item> = board.on.iter().chain(&board.done).chain(&board.out).collect();
    spoken.sort_by_key(|item| item.question.number);
    let items: Vec<_> = spoken
        .into_iter()
        .map(|item| {
            view! {
                <li class="stack-s" id=format!("cau-{}", item.question.number)>
                    <p class="question">{item.question.public_text.clone()}</p>
                    <p class="small muted">{about(lang, item)}</p>
                    <p class="row small">{outcome(lang, item)}</p>
                    {answers(lang, item, WHOLE)}
                </li>
            }
        })
        .collect();
    let left = count(board.queue.len());
    view! {
        <section class="stack">
            <h2>{lang.t("live.record")}</h2>
            <ol class="live-list">{items}</ol>
            {(left > 0).then(|| view! { <p class="muted">{lang.n("live.record.left_one", "live.record.left_many", left)}</p> })}
        </section>
    }
    .into_any()
}
