//! The pieces of the stage at the desk: the moderator's buttons, what the secretaries write, the questions that wait.

use super::board::{Board, Item};
use super::parts::{about, answers, count, outcome, phase};
use super::rules::{ANSWER_CHARS_MAX, MESSAGE_CHARS_MAX, POST_CHARS_MAX, Phase, REASON_CHARS_MAX};
use super::stage_path;
use super::store::Answer;
use crate::dialogues::questions::desk_list_path;
use crate::dialogues::questions::rules::Stage;
use crate::form::FormState;
use crate::text::excerpt;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, icon, text_area, text_field};
use crate::words::Lang;
use leptos::prelude::*;

/// Length of a question in a list, in characters.
const EXCERPT_CHARS: usize = 240;
/// Length of a piece of an answer in a list, in characters.
const ANSWER_CHARS: usize = 5_000;
/// Name of the hidden field with what a button does.
pub(super) const DEED: &str = "deed";

/// What only officials know beside the board.
#[derive(Clone, Debug, Default)]
pub(super) struct Desk {
    /// Questions that nobody has read yet.
    pub unread: i64,
    /// What an agency prepared as an answer to the question on the stage.
    pub draft: String,
}

/// All parts that change. With `writes`, the form for what is answered to the question on the stage among them.
pub(super) fn parts(lang: Lang, board: &Board, desk: &Desk, writes: bool) -> AnyView {
    let write = writes.then(|| {
        view! { <section class="card stack" data-part="write" id="write">{write_form(lang, board, desk, &FormState::default(), None)}</section> }
    });
    view! {
        <section class="card stack" data-part="phase">{turns(lang, board)}</section>
        <section class="card stack on-stage" data-part="on" aria-live="polite">{on(lang, board, desk)}</section>
        {write}
        <section class="stack-s" data-part="queue">
            <h2 class="title-s">{lang.f("live.queue", &[("n", &lang.number(count(board.queue.len())))])}</h2>
            {(desk.unread > 0).then(|| view! {
                <p><a href=lang.href(&desk_list_path(&board.dialogue.id))>{lang.n("live.unread_one", "live.unread_many", desk.unread)}</a></p>
            })}
            <ol class="live-list">{board.queue.iter().map(|item| waiting(lang, board, item)).collect::<Vec<_>>()}</ol>
        </section>
        <section class="stack-s" data-part="done">
            <h2 class="title-s">{lang.f("live.done", &[("n", &lang.number(count(board.done.len())))])}</h2>
            <ul class="live-list">{board.done.iter().chain(&board.out).map(|item| done(lang, board, item)).collect::<Vec<_>>()}</ul>
        </section>
    }
    .into_any()
}

/// A button that does one thing to a question.
fn question_button(lang: Lang, board: &Board, item: &Item, deed: &'static str, words: &'static str, class: &'static str) -> AnyView {
    view! {
        <form method="post" action=lang.href(&stage_path(&board.dialogue.id))>
            {hidden(board, Some(item), deed)}
            <button class=class>{lang.t(words)}</button>
        </form>
    }
    .into_any()
}

/// The hidden fields of every form of the stage.
fn hidden(board: &Board, item: Option<&Item>, deed: &'static str) -> AnyView {
    let question = item.map(|item| {
        view! {
            <input type="hidden" name="question" value=item.question.number.to_string() />
            <input type="hidden" name="version" value=item.question.version.to_string() />
        }
    });
    view! {
        <input type="hidden" name=DEED value=deed />
        <input type="hidden" name="live_version" value=board.live.version.to_string() />
        {question}
    }
    .into_any()
}

/// A form that needs a word more, folded.
fn folded(lang: Lang, board: &Board, item: Option<&Item>, (deed, words): (&'static str, &'static str), fields: AnyView) -> AnyView {
    let id = format!("{deed}-{}", item.map_or(0, |item| item.question.number));
    view! {
        <details class="more" id=id>
            <summary>{lang.t(words)}</summary>
            <form method="post" action=lang.href(&stage_path(&board.dialogue.id)) class="stack-s" novalidate>
                {hidden(board, item, deed)}
                {fields}
                <p><button class="btn btn-s">{lang.t(words)}</button></p>
            </form>
        </details>
    }
    .into_any()
}

/// A line to type, with a label of its own: the same form stands on the page several times, so ids carry the number.
fn line(lang: Lang, id: String, name: &'static str, label: &'static str, (kind, chars_max): (&'static str, usize)) -> AnyView {
    view! {
        <div class="field">
            <label for=id.clone()>{lang.t(label)}</label>
            <input id=id name=name type=kind autocomplete="off" maxlength=chars_max.to_string() />
        </div>
    }
    .into_any()
}

fn turns(lang: Lang, board: &Board) -> AnyView {
    let button = |deed: &'static str, words: &'static str, class: &'static str| {
        view! {
            <form method="post" action=lang.href(&stage_path(&board.dialogue.id))>{hidden(board, None, deed)}<button class=class>{lang.t(words)}</button></form>
        }
        .into_any()
    };
    let message = |id: &str| line(lang, id.to_owned(), "message", "live.message", ("text", MESSAGE_CHARS_MAX));
    let buttons = match board.live.phase {
        Phase::Waiting => button("start", "live.turn.start", "btn btn-main"),
        Phase::Ended => button("start", "live.turn.again", "btn btn-quiet"),
        Phase::Paused => view! { {button("start", "live.turn.go_on", "btn btn-main")}{button("end", "live.turn.end", "btn")} }.into_any(),
        Phase::Running => {
            view! { {folded(lang, board, None, ("pause", "live.turn.pause"), message("pause-message"))}{button("end", "live.turn.end", "btn")} }.into_any()
        }
    };
    let tell = (board.live.phase != Phase::Waiting).then(|| folded(lang, board, None, ("tell", "live.turn.tell"), message("tell-message")));
    let answered = lang.number(count(board.answered()));
    view! {
        <div class="row">{phase(lang, board)}<span class="small muted">{lang.f("live.answered_so_far", &[("n", &answered)])}</span></div>
        <div class="row">{buttons}{tell}</div>
    }
    .into_any()
}

fn on(lang: Lang, board: &Board, desk: &Desk) -> AnyView {
    let Some(item) = &board.on else {
        let next = board.queue.first().map(|item| question_button(lang, board, item, "take", "live.take_first", "btn btn-main"));
        return view! { <h2 class="title-s">{lang.t("live.on")}</h2><p class="muted">{lang.t("live.on.choose")}</p>{next} }.into_any();
    };
    let next = board.queue.first().map(|_| question_button(lang, board, item, "next", "live.answered_next", "btn btn-main"));
    let n = item.question.number;
    let day = line(lang, format!("later-day-{n}"), "day", "live.later.day", ("date", 10));
    let draft = (!desk.draft.is_empty()).then(|| {
        view! {
            <details class="more" id=format!("draft-{n}")><summary>{lang.t("live.draft")}</summary><p class="pre-line">{desk.draft.clone()}</p></details>
        }
    });
    view! {
        <h2 class="title-s">{lang.t("live.on")}</h2>
        <p class="question">{item.question.public_text.clone()}</p>
        <p class="small muted">{about(lang, item)}</p>
        {draft}
        {pieces(lang, board, item)}
        <div class="row">
            {next}
            {question_button(lang, board, item, "answered", "live.answered_button", "btn")}
            {question_button(lang, board, item, "back", "live.back", "btn btn-quiet")}
        </div>
        <div class="row">
            {folded(lang, board, Some(item), ("later", "live.later.button"), day)}
            {folded(lang, board, Some(item), ("out", "live.out.button"), line(lang, format!("out-reason-{n}"), "reason", "live.out.reason", ("text", REASON_CHARS_MAX)))}
        </div>
    }
    .into_any()
}

/// What was written down, each piece with a way to correct it.
fn pieces(lang: Lang, board: &Board, item: &Item) -> AnyView {
    let pieces: Vec<_> = item
        .answers
        .iter()
        .map(|answer| {
            view! {
                <div class="said">
                    <p class="small"><b>{answer.post.clone()}</b> " " <a href=format!("{}?sua={}#write", lang.href(&stage_path(&board.dialogue.id)), answer.id)>{lang.t("live.correct")}</a></p>
                    <p>{excerpt(&answer.body, ANSWER_CHARS)}</p>
                </div>
            }
        })
        .collect();
    view! { <div class="stack-s answers">{pieces}</div> }.into_any()
}

fn waiting(lang: Lang, board: &Board, item: &Item) -> AnyView {
    let n = item.question.number;
    view! {
        <li class="stack-s">
            <p>{excerpt(&item.question.public_text, EXCERPT_CHARS)}</p>
            <p class="small muted">{about(lang, item)}</p>
            <div class="row">
                {board.on.is_none().then(|| question_button(lang, board, item, "take", "live.take", "btn btn-s"))}
                {question_button(lang, board, item, "first", "live.first", "btn btn-s btn-quiet")}
                {question_button(lang, board, item, "last", "live.last", "btn btn-s btn-quiet")}
                {folded(lang, board, Some(item), ("out", "live.out.button"), line(lang, format!("out-reason-{n}"), "reason", "live.out.reason", ("text", REASON_CHARS_MAX)))}
            </div>
        </li>
    }
    .into_any()
}

fn done(lang: Lang, board: &Board, item: &Item) -> AnyView {
    let write = format!("{}?cau={}#write", lang.href(&stage_path(&board.dialogue.id)), item.question.number);
    let promise = (item.question.stage == Stage::Later).then(|| {
        let href = format!("{}?loi-hua={}#promise", lang.href(&crate::dialogues::desk_path(&board.dialogue.id)), item.question.number);
        view! { <a class="btn btn-s btn-quiet" href=href>{lang.t("live.promise")}</a> }
    });
    let answered = (item.question.stage == Stage::Later).then(|| question_button(lang, board, item, "answered", "live.answered_button", "btn btn-s"));
    view! {
        <li class="stack-s">
            <p>{excerpt(&item.question.public_text, EXCERPT_CHARS)}</p>
            <p class="small muted">{about(lang, item)}</p>
            <p class="row small">{outcome(lang, item)}</p>
            {pieces(lang, board, item)}
            <div class="row">
                {(item.question.stage != Stage::Out).then(|| view! { <a class="btn btn-s" href=write>{lang.t("live.write_more")}</a> })}
                {answered}
                {promise}
                {question_button(lang, board, item, "back", "live.back", "btn btn-s btn-quiet")}
            </div>
        </li>
    }
    .into_any()
}

/// The form in which a secretary writes down what is answered, or corrects a piece.
pub(super) fn write_form(lang: Lang, board: &Board, desk: &Desk, form: &FormState, corrected: Option<(&Answer, &Item)>) -> AnyView {
    let target = corrected.map(|(_, item)| item).or_else(|| form.value("question").parse().ok().and_then(|n| board.by_number(n))).or(board.on.as_ref());
    let title = if corrected.is_some() { "live.write.correct" } else { "live.write" };
    let Some(item) = target else {
        return view! { <h2 class="title-s">{lang.t(title)}</h2><p class="muted">{lang.t("live.write.nobody")}</p> }.into_any();
    };
    let facts = &board.dialogue.facts;
    let posts = std::iter::once(facts.head_post.clone()).chain(facts.others.lines().map(str::to_owned));
    let mut form = form.clone();
    if form.value("post").is_empty() {
        let last = item.answers.last().map_or_else(|| facts.head_post.clone(), |answer| answer.post.clone());
        form.set("post", corrected.map_or(last, |(answer, _)| answer.post.clone()));
    }
    if form.value("body").is_empty() && form.error("body", lang).is_none() {
        let prepared =
            if item.answers.is_empty() && board.on.as_ref().is_some_and(|on| on.question.id == item.question.id) { desk.draft.clone() } else { String::new() };
        form.set("body", corrected.map_or(prepared, |(answer, _)| answer.body.clone()));
    }
    let piece = corrected.map(|(answer, _)| {
        view! {
            <input type="hidden" name="answer" value=answer.id.clone() />
            <input type="hidden" name="answer_version" value=answer.version.to_string() />
        }
    });
    view! {
        <h2 class="title-s">{lang.t(title)}</h2>
        <p class="small">{lang.f("live.write.to", &[("n", &item.question.number.to_string()), ("text", &excerpt(&item.question.public_text, 120))])}</p>
        <form method="post" action=format!("{}/ghi", lang.href(&stage_path(&board.dialogue.id))) class="stack" novalidate>
            <input type="hidden" name="question" value=item.question.number.to_string() />
            {piece}
            {text_field(lang, &form, "post", FieldLook { label: "live.write.post", chars_max: Some(POST_CHARS_MAX), list: "posts", ..FieldLook::default() })}
            <datalist id="posts">{posts.map(|post| view! { <option value=post></option> }).collect::<Vec<_>>()}</datalist>
            {text_area(lang, &form, "body", 5, FieldLook { label: "live.write.body", hint: Some("live.write.hint"), chars_max: Some(ANSWER_CHARS_MAX), ..FieldLook::default() })}
            <p class="row">
                <button class="btn btn-main">{icon(Icon::Check)}{lang.t("live.write.button")}</button>
                {corrected.map(|_| view! { <a class="btn btn-quiet" href=lang.href(&stage_path(&board.dialogue.id))>{lang.t("live.write.leave")}</a> })}
            </p>
        </form>
    }
    .into_any()
}

/// What was written down by somebody else meanwhile, beside what one has typed oneself.
pub(super) fn theirs(lang: Lang, answer: &Answer) -> AnyView {
    view! { <div class="notice warn">{icon(Icon::Warning)}<div class="stack-s"><p>{lang.t("live.write.changed")}</p>{answers(lang, std::slice::from_ref(answer), ANSWER_CHARS)}</div></div> }.into_any()
}
