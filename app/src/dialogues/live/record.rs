//! Afterwards: every question with what was answered to it, on the dialogue's public page.

use super::board::{Board, Item};
use super::parts::{about, answers, count, outcome};
use super::store::{Answer, live};
use crate::db::Tx;
use crate::dialogues::rules::{Dialogue, State};
use crate::error::Result;
use crate::form::FormState;
use crate::text::excerpt;
use crate::ui::context::PageContext;
use crate::ui::icons::{Icon, icon};
use crate::words::Lang;
use leptos::prelude::*;

/// Length of a question within a promise, in characters.
const PROMISE_CHARS: usize = 300;
/// Everything that was said stands there in full.
const WHOLE: usize = usize::MAX;

/// What was asked and answered, if the dialogue has begun.
pub async fn load(tx: &mut Tx, dialogue: &Dialogue) -> Result<Option<Board>> {
    if matches!(dialogue.state, State::Draft | State::Cancelled) {
        return Ok(None);
    }
    // Most dialogues that are announced have not begun: one look at a key says so.
    if !live(tx, &dialogue.id).await?.has_begun() {
        return Ok(None);
    }
    Board::load(tx, dialogue.clone()).await.map(Some)
}

/// What the stage knows, as proposals for the forms of the desk: how many questions were raised and answered, and, of a question that is to be
/// answered later, the promise that would make of it.
pub async fn propose(tx: &mut Tx, form: &mut FormState, dialogue: &Dialogue, promised: Option<i64>) -> Result<()> {
    let Some(board) = load(tx, dialogue).await? else { return Ok(()) };
    if dialogue.state == State::Announced {
        let raised = board.done.len() + board.out.len() + usize::from(board.on.is_some());
        form.set("questions", raised.to_string());
        form.set("answered", board.answered().to_string());
    }
    if let Some(item) = promised.and_then(|number| board.by_number(number)) {
        let number = item.question.number.to_string();
        let text = excerpt(&item.question.public_text, PROMISE_CHARS);
        form.set("promise", Lang::Vi.f("live.promise.text", &[("n", &number), ("text", &text)]));
        form.set("promise_day", item.question.promised_on.map(|day| day.to_string()).unwrap_or_default());
    }
    Ok(())
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

/// What was answered to one question, in full, for its own pages.
pub fn said(lang: Lang, said: &[Answer]) -> AnyView {
    answers(lang, said, WHOLE)
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
                    {answers(lang, &item.answers, WHOLE)}
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
