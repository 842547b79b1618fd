//! The pieces of the live page and of the hall's screen: rendered for the page, and again for all who look at it when anything changes.

use super::board::{Board, Item};
use super::rules::Phase;
use super::stage_views::Desk;
use super::store::{Answer, Sign, sign};
use crate::broadcast::Scene;
use crate::db::Tx;
use crate::dialogues::desk_views::when;
use crate::dialogues::questions::rules::Stage;
use crate::dialogues::questions::{BACK_TO_LIVE, DEVICE, list_path, question_path, stage_badge, supports_words};
use crate::dialogues::store as dialogues;
use crate::error::{AppError, Result};
use crate::portal::Portal;
use crate::text::excerpt;
use crate::ui::page::render_part;
use crate::ui::{Icon, icon};
use crate::words::Lang;
use leptos::prelude::*;
use std::time::Duration;

/// Questions that wait, as far as a phone shows them.
const QUEUE_SHOWN: usize = 10;
/// Questions just dealt with.
const DONE_SHOWN: usize = 3;
/// Numbers of the next questions on the wall.
const NEXT_ON_WALL: usize = 5;
/// Length of a waiting question and of an answer in the list, in characters: a change goes to everybody.
const EXCERPT_CHARS: usize = 280;
/// Length of the answer that is being given, in characters.
const ANSWER_CHARS: usize = 1_500;
/// However little the versions tell, so often everything is looked at.
const WHOLE_LOOK_EVERY: Duration = Duration::from_secs(5);

/// Where the pieces are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Surface {
    /// On phones.
    Phone,
    /// On the wall of the hall.
    Wall,
    /// At the desk.
    Desk,
}

/// A dialogue as one surface shows it in one language.
pub(super) struct LiveScene {
    portal: Portal,
    dialogue_id: String,
    surface: Surface,
    lang: Lang,
    seen: Option<(Sign, tokio::time::Instant)>,
}

impl LiveScene {
    pub(super) fn new(portal: Portal, dialogue_id: String, surface: Surface, lang: Lang) -> Self {
        Self { portal, dialogue_id, surface, lang, seen: None }
    }

    /// The name of its room.
    pub(super) fn room(dialogue_id: &str, surface: Surface, lang: Lang) -> String {
        format!("dialogue {dialogue_id} {surface:?} {}", lang.code())
    }
}

#[async_trait::async_trait]
impl Scene for LiveScene {
    async fn look(&mut self) -> Result<Option<String>> {
        let mut tx = self.portal.db().read().await?;
        let now = tokio::time::Instant::now();
        let Some(fresh) = sign(&mut tx, &self.dialogue_id).await? else { return Ok(None) };
        if self.seen.is_some_and(|(seen, at)| seen == fresh && now - at < WHOLE_LOOK_EVERY) {
            return Ok(None);
        }
        let board = board(&mut tx, &self.dialogue_id).await?;
        let desk = if self.surface == Surface::Desk { super::stage_pages::desk(&mut tx, &board).await? } else { Desk::default() };
        drop(tx);
        self.seen = Some((fresh, now));
        let lang = self.lang;
        Ok(Some(render_part(|| match self.surface {
            Surface::Phone => phone(lang, &board, None),
            Surface::Wall => wall(lang, &board),
            Surface::Desk => super::stage_views::parts(lang, &board, &desk, true),
        })))
    }
}

/// The stage of a dialogue.
pub(super) async fn board(tx: &mut Tx, dialogue_id: &str) -> Result<Board> {
    let dialogue = dialogues::by_id(tx, dialogue_id).await?.ok_or(AppError::NotFound)?;
    Board::load(tx, dialogue).await
}

/// How far it has come, in words, and what the moderator tells everybody.
pub(super) fn phase(lang: Lang, board: &Board) -> AnyView {
    let facts = &board.dialogue.facts;
    let (class, words) = match board.live.phase {
        Phase::Waiting => ("clock plain", lang.f("live.phase.waiting", &[("when", &when(lang, facts.begins_at, facts.ends_at))])),
        Phase::Running => ("clock ok", lang.t("live.phase.running").to_owned()),
        Phase::Paused => ("clock soon", lang.t("live.phase.paused").to_owned()),
        Phase::Ended => ("clock plain", lang.t("live.phase.ended").to_owned()),
    };
    let message = (!board.live.message.is_empty()).then(|| view! { <p class="notice info">{icon(Icon::Help)}<span>{board.live.message.clone()}</span></p> });
    view! { <p class="row"><span class=class>{words}</span></p>{message} }.into_any()
}

/// "Câu 12 · Bà Lan hỏi · 31 người ủng hộ"
pub(super) fn about(lang: Lang, item: &Item) -> String {
    let question = &item.question;
    let asked = if question.name.is_empty() { lang.t("live.asked_by_somebody").to_owned() } else { lang.f("live.asked_by", &[("name", &question.name)]) };
    let mut words = format!("{} · {asked}", lang.f("live.number", &[("n", &question.number.to_string())]));
    if question.people > 0 {
        words.push_str(" · ");
        words.push_str(&supports_words(lang, question.supports()));
    }
    words
}

/// What became of a question.
pub(super) fn outcome(lang: Lang, item: &Item) -> AnyView {
    let question = &item.question;
    match (question.stage, question.promised_on) {
        (Stage::Answered, _) | (Stage::Later, Some(_)) => stage_badge(lang, question.stage, question.promised_on),
        (Stage::Out, _) => view! { <span class="clock plain">{lang.f("live.out", &[("reason", &question.stage_reason)])}</span> }.into_any(),
        _ => ().into_any(),
    }
}

/// What was answered, each piece with who said it. With the most characters of a piece.
pub(super) fn answers(lang: Lang, answers: &[Answer], chars: usize) -> AnyView {
    let pieces: Vec<_> = answers
        .iter()
        .map(|answer| {
            view! {
                <div class="said">
                    <p class="small"><b>{answer.post.clone()}</b></p>
                    <p class="pre">{excerpt(&answer.body, chars)}</p>
                </div>
            }
        })
        .collect();
    if pieces.is_empty() {
        return ().into_any();
    }
    view! { <div class="stack-s answers" aria-label=lang.t("live.answers") role="group">{pieces}</div> }.into_any()
}

/// The live page's parts. `device` is the token that a device without one gets with its first support, so that pressing twice is one device;
/// not where all are given the same.
pub(super) fn phone(lang: Lang, board: &Board, device: Option<&str>) -> AnyView {
    let number = board.dialogue.number;
    view! {
        <div class="stack-s" data-part="phase">{phase(lang, board)}</div>
        <section class="card stack on-stage" data-part="on" aria-live="polite">
            <h2 class="title-s">{lang.t("live.on")}</h2>
            {match &board.on {
                None => view! { <p class="muted">{lang.t(if board.live.phase == Phase::Ended { "live.on.ended" } else { "live.on.none" })}</p> }.into_any(),
                Some(item) => view! {
                    <p class="question">{item.question.public_text.clone()}</p>
                    <p class="small muted">{about(lang, item)}</p>
                    {answers(lang, &item.answers, ANSWER_CHARS)}
                }
                .into_any(),
            }}
        </section>
        <section class="stack-s" data-part="queue">
            <h2 class="title-s">{lang.f("live.queue", &[("n", &lang.number(count(board.queue.len())))])}</h2>
            {waiting(lang, board, device)}
        </section>
        <section class="stack-s" data-part="done">
            {(!board.done.is_empty()).then(|| view! { <h2 class="title-s">{lang.f("live.done", &[("n", &lang.number(count(board.done.len())))])}</h2> })}
            <ul class="live-list">{board.done.iter().take(DONE_SHOWN).map(|item| done(lang, item)).collect::<Vec<_>>()}</ul>
            {(board.done.len() > DONE_SHOWN).then(|| view! { <p><a href=lang.href(&list_path(number))>{lang.t("live.all")}</a></p> })}
        </section>
    }
    .into_any()
}

fn waiting(lang: Lang, board: &Board, device: Option<&str>) -> AnyView {
    if board.queue.is_empty() {
        return view! { <p class="muted">{lang.t("live.queue.none")}</p> }.into_any();
    }
    let number = board.dialogue.number;
    let items: Vec<_> = board
        .queue
        .iter()
        .take(QUEUE_SHOWN)
        .map(|item| {
            view! {
                <li class="stack-s">
                    <p>{excerpt(&item.question.public_text, EXCERPT_CHARS)}</p>
                    <p class="small muted">{about(lang, item)}</p>
                    {support(lang, number, item, device)}
                </li>
            }
        })
        .collect();
    let more = board.queue.len().saturating_sub(QUEUE_SHOWN);
    let more = (more > 0).then(|| {
        let words = lang.f("live.queue.more", &[("n", &lang.number(count(more)))]);
        view! { <p><a href=lang.href(&list_path(number))>{words}</a></p> }
    });
    view! { <ol class="live-list">{items}</ol>{more} }.into_any()
}

/// One press supports a question, without leaving the page where scripts run.
fn support(lang: Lang, number: i64, item: &Item, device: Option<&str>) -> AnyView {
    view! {
        <form method="post" action=lang.href(&question_path(number, item.question.number)) data-quiet=lang.t("live.support.given")>
            <input type="hidden" name="deed" value="support" />
            <input type="hidden" name="back" value=BACK_TO_LIVE />
            {device.map(|token| view! { <input type="hidden" name=DEVICE value=token.to_owned() /> })}
            <button class="btn btn-s">{icon(Icon::Plus)}<span>{lang.t("live.support")}</span></button>
        </form>
    }
    .into_any()
}

fn done(lang: Lang, item: &Item) -> AnyView {
    view! {
        <li class="stack-s">
            <p>{excerpt(&item.question.public_text, EXCERPT_CHARS)}</p>
            <p class="small muted">{about(lang, item)}</p>
            <p class="row small">{outcome(lang, item)}</p>
            {answers(lang, &item.answers, EXCERPT_CHARS)}
        </li>
    }
    .into_any()
}

/// The parts of the screen on the wall.
pub(super) fn wall(lang: Lang, board: &Board) -> AnyView {
    let next: Vec<String> = board.queue.iter().take(NEXT_ON_WALL).map(|item| item.question.number.to_string()).collect();
    let message = (!board.live.message.is_empty()).then(|| view! { <p class="wall-message">{board.live.message.clone()}</p> });
    let stage = match (&board.on, board.live.phase) {
        (Some(item), Phase::Running | Phase::Waiting) => {
            let is_long = item.question.public_text.chars().count() > EXCERPT_CHARS;
            let class = if is_long { "wall-question long" } else { "wall-question" };
            view! { <p class="wall-about">{about(lang, item)}</p><p class=class>{item.question.public_text.clone()}</p> }.into_any()
        }
        (_, phase) => {
            let words = match phase {
                Phase::Waiting => "live.wall.waiting",
                Phase::Running => "live.wall.between",
                Phase::Paused => "live.phase.paused",
                Phase::Ended => "live.wall.ended",
            };
            view! { <p class="wall-question">{lang.t(words)}</p> }.into_any()
        }
    };
    view! {
        <div class="wall-stage" data-part="stage" aria-live="polite">{message}{stage}</div>
        <div class="wall-foot" data-part="foot">
            <p>{(!next.is_empty()).then(|| lang.f("live.wall.next", &[("numbers", &next.join(", "))]))}</p>
            <p>{lang.f("live.wall.counts", &[("queue", &lang.number(count(board.queue.len()))), ("done", &lang.number(count(board.done.len())))])}</p>
        </div>
    }
    .into_any()
}

/// A length as the catalogues count.
pub(super) fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
