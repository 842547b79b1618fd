//! `/doi-thoai/{number}/cau-hoi`: the public questions of a dialogue, how many support each and how well that is proven; what was not
//! published and why. `/doi-thoai/{number}/chuong-trinh`: the agenda by topic.

use super::actions::moment;
use super::device::{DEVICE, Device};
use super::look::{by_line, reason_words, stage_badge, supports_words, ways};
use super::rules::State;
use super::store::supports::{device_digest, of_device};
use super::store::{self, PublicQuestion, Unpublished};
use super::{ask_path, list_path, question_path};
use crate::db::Tx;
use crate::dialogues::public_path;
use crate::dialogues::rules::Dialogue;
use crate::dialogues::store::public_by_number;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::ui::{Icon, Page, PageContext, Section, address, breadcrumbs, empty, icon};
use axum::extract::{Path, Query};
use axum::response::Response;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// Questions on one page.
const SHOWN_MAX: usize = 30;
/// Questions of an agenda, and of the list by topic, which has no further pages.
const TOPICAL_MAX: i64 = 500;
/// What was not published, and repeats, on one page.
const UNPUBLISHED_MAX: i64 = 200;
/// Supports of one device at a dialogue that are looked up.
const OWN_MAX: i64 = 1_000;
/// The name of the order, and of the place in it, in addresses.
const ORDER: &str = "xem";
const AFTER: &str = "tu";

/// In which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Support,
    Newest,
    Topic,
}

impl Order {
    const ALL: [(Self, &'static str, &'static str); 3] =
        [(Self::Support, "", "questions.order.support"), (Self::Newest, "moi", "questions.order.newest"), (Self::Topic, "chu-de", "questions.order.topic")];

    fn of(value: &str) -> Self {
        Self::ALL.into_iter().find(|(_, code, _)| *code == value).map_or(Self::Support, |(order, ..)| order)
    }

    fn code(self) -> &'static str {
        Self::ALL.into_iter().find(|(order, ..)| *order == self).map_or("", |(_, code, _)| code)
    }
}

/// Everything the list shows.
struct View<'a> {
    context: &'a PageContext,
    dialogue: Dialogue,
    order: Order,
    questions: Vec<PublicQuestion>,
    /// Where the next page begins.
    next: Option<String>,
    /// Ids of those the visitor's device supports.
    own: BTreeSet<String>,
    unpublished: Vec<Unpublished>,
    /// Numbers of repeats and of what they repeat.
    repeats: Vec<(i64, i64)>,
    /// Questions only for the organiser.
    private: i64,
    /// Questions nobody has read yet.
    waiting: i64,
    has_agenda: bool,
    /// The token of a device that has none yet.
    token: String,
}

async fn questions(tx: &mut Tx, dialogue: &Dialogue, order: Order, after: &str) -> Result<(Vec<PublicQuestion>, Option<String>)> {
    let limit = i64::try_from(SHOWN_MAX + 1).unwrap_or(i64::MAX);
    let mut found = match order {
        Order::Support => {
            let place = after.split_once('.').and_then(|(people, number)| Some((people.parse().ok()?, number.parse().ok()?)));
            store::public_by_support(tx, &dialogue.id, place.unwrap_or((i64::MAX, 0)), limit).await?
        }
        Order::Newest => store::public_newest(tx, &dialogue.id, after.parse().unwrap_or(i64::MAX), limit).await?,
        Order::Topic => return Ok((store::public_by_topic(tx, &dialogue.id, TOPICAL_MAX).await?, None)),
    };
    let is_more = found.len() > SHOWN_MAX;
    found.truncate(SHOWN_MAX);
    let next = found.last().filter(|_| is_more).map(|last| match order {
        Order::Support => format!("{}.{}", last.people, last.number),
        _ => last.number.to_string(),
    });
    Ok((found, next))
}

/// `GET /doi-thoai/{number}/cau-hoi`
///
/// # Errors
/// [`AppError::NotFound`] for a dialogue whose notice is not out.
pub(super) async fn list(context: PageContext, device: Device, Path(number): Path<i64>, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    let asked = FormState::from_pairs(pairs);
    let order = Order::of(asked.value(ORDER));
    let mut tx = context.portal.db().read().await?;
    let dialogue = public_by_number(&mut tx, number).await?.ok_or(AppError::NotFound)?;
    let (questions, next) = questions(&mut tx, &dialogue, order, asked.value(AFTER)).await?;
    let own = match &device.token {
        Some(token) => of_device(&mut tx, &dialogue.id, &device_digest(&dialogue.id, token), OWN_MAX).await?.into_iter().collect(),
        None => BTreeSet::new(),
    };
    let counts = store::counts(&mut tx, &dialogue.id).await?;
    let count = |wanted: &dyn Fn(State, bool) -> bool| counts.iter().filter(|(state, is_private, _)| wanted(*state, *is_private)).map(|(.., n)| n).sum();
    let view = View {
        context: &context,
        order,
        questions,
        next,
        own,
        unpublished: store::unpublished(&mut tx, &dialogue.id, UNPUBLISHED_MAX).await?,
        repeats: store::public_repeats(&mut tx, &dialogue.id, UNPUBLISHED_MAX).await?,
        private: count(&|state, is_private| is_private && matches!(state, State::Waiting | State::Open)),
        waiting: count(&|state, is_private| !is_private && state == State::Waiting),
        has_agenda: store::board(&mut tx, &dialogue.id).await?.agenda_published_on.is_some(),
        token: context.portal.random().token(),
        dialogue,
    };
    drop(tx);
    Ok(render(&view))
}

fn render(view: &View<'_>) -> Response {
    let (context, lang) = (view.context, view.context.lang);
    let facts = &view.dialogue.facts;
    let title = lang.f("questions.list.title", &[("title", &facts.title)]);
    let page = Page::new(context, Section::Dialogues, title).public(lang.f("questions.list.description", &[("title", &facts.title)])).fresh();
    page.main_class("wrap wide page stack-l").render(|| {
        view! {
            <div class="stack">
                {breadcrumbs(lang, &public_path(view.dialogue.number), &facts.title, lang.t("questions.title"))}
                <h1>{lang.t("questions.title")}</h1>
                <p class="lead-text">{facts.title.clone()}</p>
                {ways(context, &view.dialogue, view.has_agenda)}
            </div>
            {orders(view)}
            {items(view)}
            {pager(view)}
            {others(view)}
        }
        .into_any()
    })
}

fn orders(view: &View<'_>) -> AnyView {
    if view.questions.is_empty() {
        return ().into_any();
    }
    let lang = view.context.lang;
    let links = Order::ALL.map(|(order, _, key)| {
        let href = lang.href(&order_path(view, order));
        view! { <a href=href aria-current=(order == view.order).then_some("page")>{lang.t(key)}</a> }
    });
    view! { <nav class="tabs-inline no-print" aria-label=lang.t("questions.order")>{links.into_iter().collect::<Vec<_>>()}</nav> }.into_any()
}

fn order_path(view: &View<'_>, order: Order) -> String {
    let path = list_path(view.dialogue.number);
    if order == Order::Support { path } else { address(&path, &[(ORDER, order.code().to_owned())]) }
}

fn items(view: &View<'_>) -> AnyView {
    let lang = view.context.lang;
    if view.questions.is_empty() {
        let can_ask = moment(&view.dialogue, view.context.now).is_some();
        let action = can_ask.then(|| view! { <a class="btn" href=lang.href(&ask_path(view.dialogue.number))>{lang.t("questions.ask")}</a> }).into_any();
        return empty(Icon::Dialogue, lang.t("questions.none").to_owned(), lang.t("questions.none.text"), action);
    }
    let mut parts: Vec<AnyView> = Vec::new();
    let mut rest = view.questions.as_slice();
    while let Some(first) = rest.first() {
        let n = if view.order == Order::Topic { rest.iter().take_while(|other| other.topic_group == first.topic_group).count() } else { rest.len() };
        let (part, after) = rest.split_at(n);
        rest = after;
        let heading = (view.order == Order::Topic).then(|| {
            let words = if first.topic_group.is_empty() { lang.t("questions.topic.other").to_owned() } else { first.topic_group.clone() };
            view! { <h2 class="title-s">{words}</h2> }
        });
        let items: Vec<_> = part.iter().map(|question| item(view, question)).collect();
        parts.push(view! { <section class="stack-s">{heading}<ul class="list-cases">{items}</ul></section> }.into_any());
    }
    parts.into_any()
}

fn item(view: &View<'_>, question: &PublicQuestion) -> AnyView {
    let lang = view.context.lang;
    let href = lang.href(&question_path(view.dialogue.number, question.number));
    let topic = (view.order != Order::Topic && !question.topic_group.is_empty()).then(|| view! { <span class="tag">{question.topic_group.clone()}</span> });
    let during = (question.moment == super::rules::Moment::During).then(|| view! { <span class="tag">{lang.t("questions.moment.during")}</span> });
    let repeats =
        (question.repeats > 0).then(|| view! { <span class="small muted num">{lang.n("questions.repeats_one", "questions.repeats", question.repeats)}</span> });
    view! {
        <li class="stack-s" id=format!("cau-{}", question.number)>
            <p class="small muted num"><a href=href>{by_line(lang, question)}</a></p>
            <p class="text">{question.public_text.clone()}</p>
            <p class="row">{topic}{during}{stage_badge(lang, question.stage, question.promised_on)}{repeats}</p>
            <div class="row between">
                <span class="small num">{supports_words(lang, question.supports())}</span>
                {support_button(view, question)}
            </div>
        </li>
    }
    .into_any()
}

fn support_button(view: &View<'_>, question: &PublicQuestion) -> AnyView {
    let lang = view.context.lang;
    if view.own.contains(&question.id) {
        return view! { <span class="tag good">{icon(Icon::Check)}{lang.t("questions.support.yours")}</span> }.into_any();
    }
    if moment(&view.dialogue, view.context.now).is_none() {
        return ().into_any();
    }
    let words = lang.f("questions.support.aria", &[("number", &question.number.to_string())]);
    view! {
        <form method="post" action=lang.href(&question_path(view.dialogue.number, question.number)) class="no-print">
            <input type="hidden" name=DEVICE value=view.token.clone() />
            <input type="hidden" name="deed" value="support" />
            <input type="hidden" name="back" value="list" />
            <button class="btn btn-s" aria-label=words>{icon(Icon::Plus)}{lang.t("questions.support")}</button>
        </form>
    }
    .into_any()
}

fn pager(view: &View<'_>) -> AnyView {
    let lang = view.context.lang;
    let Some(next) = &view.next else { return ().into_any() };
    let mut pairs = vec![(AFTER, next.clone())];
    if view.order != Order::Support {
        pairs.push((ORDER, view.order.code().to_owned()));
    }
    let href = lang.href(&address(&list_path(view.dialogue.number), &pairs));
    view! { <nav class="pager"><a rel="next" class="btn" href=href>{lang.t("questions.further")}{icon(Icon::Next)}</a></nav> }.into_any()
}

/// What is not among the public ones: how many, and why.
fn others(view: &View<'_>) -> AnyView {
    let lang = view.context.lang;
    let number = |number: i64| lang.f("questions.number", &[("number", &number.to_string())]);
    let line = |n: i64, one: &'static str, many: &'static str| (n > 0).then(|| view! { <li class="num">{lang.n(one, many, n)}</li> });
    let refused: Vec<_> = view
        .unpublished
        .iter()
        .map(|row| view! { <li><b class="num">{number(row.number)}</b>": "{reason_words(lang, &row.reason, &row.reason_words)}</li> })
        .collect();
    let refused = (!refused.is_empty()).then(|| {
        view! {
            <section class="stack-s" id="khong-dang">
                <h2 class="title-s">{lang.t("questions.unpublished")}</h2>
                <p class="small muted">{lang.t("questions.unpublished.text")}</p>
                <ul>{refused}</ul>
            </section>
        }
    });
    let repeats: Vec<_> = view
        .repeats
        .iter()
        .map(|(repeat, target)| {
            let href = lang.href(&question_path(view.dialogue.number, *target));
            view! { <li class="num">{number(*repeat)}" → "<a href=href>{number(*target)}</a></li> }
        })
        .collect();
    let repeats = (!repeats.is_empty()).then(|| {
        view! { <section class="stack-s" id="trung"><h2 class="title-s">{lang.t("questions.repeats.title")}</h2><ul>{repeats}</ul></section> }
    });
    let counts = (view.private + view.waiting > 0).then(|| {
        view! {
            <ul>
                {line(view.waiting, "questions.waiting_one", "questions.waiting_n")}
                {line(view.private, "questions.private_one", "questions.private_n")}
            </ul>
        }
    });
    view! { {counts}{repeats}{refused}<p class="small muted">{lang.t("questions.list.how")}</p> }.into_any()
}

/// `GET /doi-thoai/{number}/chuong-trinh`
///
/// # Errors
/// [`AppError::NotFound`] for a dialogue whose agenda is not published.
pub(super) async fn agenda(context: PageContext, Path(number): Path<i64>) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let dialogue = public_by_number(&mut tx, number).await?.ok_or(AppError::NotFound)?;
    let board = store::board(&mut tx, &dialogue.id).await?;
    let published_on = board.agenda_published_on.ok_or(AppError::NotFound)?;
    let questions = store::public_by_topic(&mut tx, &dialogue.id, TOPICAL_MAX).await?;
    drop(tx);
    let lang = context.lang;
    let facts = &dialogue.facts;
    let title = lang.f("questions.agenda.of", &[("title", &facts.title)]);
    let page = Page::new(&context, Section::Dialogues, title).public(lang.f("questions.list.description", &[("title", &facts.title)])).fresh();
    let topics = board.topics();
    Ok(page.render(|| {
        let part = |name: String, part: Vec<&PublicQuestion>| {
            let items: Vec<_> = part
                .into_iter()
                .map(|question| {
                    let href = lang.href(&question_path(number, question.number));
                    view! {
                        <li class="stack-s">
                            <p class="text">{question.public_text.clone()}</p>
                            <p class="small muted num"><a href=href>{by_line(lang, question)}</a>" · "{supports_words(lang, question.supports())}</p>
                        </li>
                    }
                })
                .collect();
            let list = if items.is_empty() {
                view! { <p class="muted">{lang.t("questions.agenda.none_here")}</p> }.into_any()
            } else {
                view! { <ol class="list-cases">{items}</ol> }.into_any()
            };
            view! { <section class="stack-s"><h2>{name}</h2>{list}</section> }
        };
        let of = |topic: &str| questions.iter().filter(|question| question.topic_group == topic).collect::<Vec<_>>();
        let rest: Vec<_> = questions.iter().filter(|question| !topics.contains(&question.topic_group)).collect();
        let parts: Vec<_> = topics.iter().enumerate().map(|(n, topic)| part(format!("{}. {topic}", n + 1), of(topic))).collect();
        let rest = (!rest.is_empty()).then(|| part(lang.t("questions.topic.other").to_owned(), rest));
        view! {
            <div class="stack">
                {breadcrumbs(lang, &public_path(number), &facts.title, lang.t("questions.agenda.title"))}
                <h1>{lang.t("questions.agenda.title")}</h1>
                <p class="lead-text">{facts.title.clone()}</p>
                <p class="num">{crate::dialogues::desk_views::when(lang, facts.begins_at, facts.ends_at)}</p>
                <p class="small muted num">{lang.f("questions.agenda.published", &[("day", &lang.day_short(published_on))])}</p>
            </div>
            {parts}
            {rest}
            <p class="no-print"><a class="btn" href=lang.href(&list_path(number))>{lang.t("questions.read")}</a></p>
        }
        .into_any()
    }))
}
