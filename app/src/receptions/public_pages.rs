//! `/tiep-dan`: the calendar of receptions, Monday first, and the coming days; `/tiep-dan/{number}`: one day.

use super::actions::bookings::is_open;
use super::calendar::{Marked, month as month_view};
use super::look::{heading_day, hours, list, month, outcome_badge, path, tags};
use super::rules::{Mode, State, publish_by};
use super::store::offices;
use super::store::sessions::{self, Reception};
use super::{PATH, counting, tasks};
use crate::commitments::rules::Commitment;
use crate::deadlines::month::neighbours;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, icon, select_field};
use crate::ui::{address, encoded};
use axum::extract::{Path, Query};
use axum::response::Response;
use chrono::{Datelike, Days, NaiveDate};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The month in the address: `2026-12`.
const MONTH: &str = "thang";
/// One day in the address.
const DAY: &str = "ngay";
/// An authority in the address: its code.
pub(super) const AGENCY: &str = "co-quan";
/// A commune in the address: its official code.
const AREA: &str = "dia-ban";
/// Coming sessions shown.
const COMING_MAX: i64 = 20;
/// Sessions of one day, or of one authority in a month, shown.
const SHOWN_MAX: i64 = 200;

/// What was asked for.
struct Asked {
    month: NaiveDate,
    has_month: bool,
    day: Option<NaiveDate>,
    /// Codes as they stand in the address.
    pairs: Vec<(&'static str, String)>,
    /// The authorities that are left; none: all.
    bodies: Option<Vec<String>>,
}

impl Asked {
    fn read(context: &PageContext, pairs: &[(String, String)]) -> Self {
        let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim()).filter(|value| !value.is_empty());
        let near = |day: &NaiveDate| (day.year() - context.today.year()).abs() <= 1;
        let day = value(DAY).and_then(|typed| typed.parse().ok()).filter(near);
        let asked_month = day.or_else(|| value(MONTH).and_then(month)).filter(near);
        let agency = value(AGENCY).and_then(|code| context.directory.body_by_code(code));
        let area = value(AREA).filter(|code| context.directory.area(code).is_some());
        let bodies = match (agency, area) {
            (Some(agency), _) => Some(vec![agency.id.clone()]),
            (None, Some(code)) => Some(context.directory.bodies().filter(|body| body.area_code == code).map(|body| body.id.clone()).collect()),
            (None, None) => None,
        };
        let kept = match (agency, area) {
            (Some(agency), _) => vec![(AGENCY, agency.code.clone())],
            (None, Some(code)) => vec![(AREA, code.to_owned())],
            (None, None) => Vec::new(),
        };
        Self { month: asked_month.unwrap_or(context.today), has_month: asked_month.is_some(), day, pairs: kept, bodies }
    }

    /// The address of this page with one thing more.
    fn href(&self, context: &PageContext, name: &'static str, value: String) -> String {
        let pairs: Vec<_> = self.pairs.iter().cloned().chain([(name, value)]).collect();
        context.href(&address(PATH, &pairs))
    }
}

/// What is shown.
struct Shown {
    marked: BTreeMap<NaiveDate, Marked>,
    /// Under the calendar.
    rows: Vec<Reception>,
    links: [Option<String>; 2],
}

/// `GET /tiep-dan`
pub async fn calendar(context: PageContext, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    let asked = Asked::read(&context, &pairs);
    let shown = match &asked.bodies {
        Some(bodies) => of_bodies(&context, &asked, bodies).await?,
        None => of_all(&context, &asked).await?,
    };
    let lang = context.lang;
    let page = Page::new(&context, Section::Other, lang.t("reception.title")).public(lang.t("reception.description")).main_class("wrap wide page stack-l");
    let heading = match asked.day {
        Some(day) => heading_day(lang, day),
        None if asked.has_month => lang.f("reception.of_month", &[("month", &format!("{}/{}", asked.month.month(), asked.month.year()))]),
        None => lang.t("reception.coming").to_owned(),
    };
    Ok(page.render(|| {
        let rows = if shown.rows.is_empty() { empty(&context, &asked) } else { list(&context, &shown.rows) };
        view! {
            <div class="stack">
                <h1>{lang.t("reception.title")}</h1>
                <p class="lead-text">{lang.t("reception.lead")}</p>
                <p class="row no-print">
                    <a class="btn" href=lang.href("/tiep-dan/da-tiep")>{icon(Icon::Check)}{lang.t("reception.proof.link")}</a>
                    <a class="btn btn-quiet" href=lang.href("/tiep-dan/lich-hen")>{icon(Icon::Search)}{lang.t("reception.booking.find")}</a>
                </p>
            </div>
            <div class="with-filters">
                <div class="stack-l">
                    {month_view(&context, asked.month, &shown.marked, shown.links.clone())}
                    <details class="more no-print" open=!asked.pairs.is_empty()><summary>{lang.t("reception.filter.title")}</summary>{filters(&context, &pairs)}</details>
                </div>
                <div class="stack-l">
                    <p class="title-s" role="status"><b>{heading}</b></p>
                    {rows}
                    {asked.day.map(|_| view! { <p class="no-print"><a href=lang.href(PATH)>{lang.t("reception.all_coming")}</a></p> })}
                    <p class="small muted">{lang.t("reception.walk_in")}</p>
                </div>
            </div>
        }
        .into_any()
    }))
}

async fn of_all(context: &PageContext, asked: &Asked) -> Result<Shown> {
    let (first, last) = counting::bounds(super::rules::Per::Month, asked.month);
    let mut tx = context.portal.db().read().await?;
    let counts = sessions::counts(&mut tx, first, last).await?;
    let rows = match (asked.day, asked.has_month) {
        (Some(day), _) => sessions::public_between(&mut tx, day, day, SHOWN_MAX).await?,
        (None, true) => sessions::public_between(&mut tx, first.max(context.today.min(last)), last, COMING_MAX * 2).await?,
        (None, false) => sessions::coming(&mut tx, context.today, COMING_MAX).await?,
    };
    drop(tx);
    let of = |(day, n)| (day, Marked { sessions: n, href: asked.href(context, DAY, NaiveDate::to_string(&day)), is_struck: false });
    let (before, after) = neighbours(asked.month, context.today);
    let link = |month: Option<NaiveDate>| month.map(|day| asked.href(context, MONTH, day.format("%Y-%m").to_string()));
    Ok(Shown { marked: counts.into_iter().map(of).collect(), rows, links: [link(before), link(after)] })
}

/// The months of few authorities have an end: where their days have one.
async fn of_bodies(context: &PageContext, asked: &Asked, bodies: &[String]) -> Result<Shown> {
    let (first, last) = counting::bounds(super::rules::Per::Month, asked.month);
    let mut tx = context.portal.db().read().await?;
    let (mut of_month, mut rows, mut span) = (Vec::new(), Vec::new(), None::<(NaiveDate, NaiveDate)>);
    for body_id in bodies {
        of_month.extend(sessions::of_body(&mut tx, body_id, first, last, SHOWN_MAX).await?.into_iter().filter(|row| row.state != State::Draft));
        rows.extend(sessions::coming_of(&mut tx, body_id, context.today, COMING_MAX).await?);
        if let Some((from, to)) = sessions::span(&mut tx, body_id).await? {
            span = Some(span.map_or((from, to), |(a, b)| (a.min(from), b.max(to))));
        }
    }
    drop(tx);
    let mut marked: BTreeMap<NaiveDate, Marked> = BTreeMap::new();
    for row in &of_month {
        let is_struck = row.state == State::Missed;
        let one = marked.entry(row.day).or_insert_with(|| Marked { sessions: 0, href: context.href(&path(row)), is_struck: true });
        one.is_struck &= is_struck;
        one.sessions += 1;
        if one.sessions > 1 {
            one.href = asked.href(context, DAY, row.day.to_string());
        }
    }
    if let Some(day) = asked.day {
        rows = of_month.into_iter().filter(|row| row.day == day).collect();
    } else if asked.has_month {
        rows = of_month;
    }
    rows.sort_by_key(|row| (row.day, row.starts, row.number));
    let (before, after) = neighbours(asked.month, context.today);
    let link = |month: Option<NaiveDate>, has_more: bool| month.filter(|_| has_more).map(|day| asked.href(context, MONTH, day.format("%Y-%m").to_string()));
    let links = [link(before, span.is_some_and(|(from, _)| from < first)), link(after, span.is_some_and(|(_, to)| to > last))];
    Ok(Shown { marked, rows, links })
}

fn empty(context: &PageContext, asked: &Asked) -> AnyView {
    let lang = context.lang;
    let text = if asked.day.is_some() || asked.has_month { "reception.none_then" } else { "reception.none_coming" };
    let all = (!asked.pairs.is_empty()).then(|| view! { <a class="btn" href=lang.href(PATH)>{lang.t("reception.all_coming")}</a> });
    view! { <div class="empty">{icon(Icon::Calendar)}<p><b>{lang.t("reception.none")}</b></p><p class="muted">{lang.t(text)}</p>{all}</div> }.into_any()
}

fn filters(context: &PageContext, pairs: &[(String, String)]) -> AnyView {
    let lang = context.lang;
    let form = FormState::from_pairs(pairs.iter().cloned());
    let province = context.portal.settings().province_code.as_str();
    let rules = context.directory.reception_rules();
    let bodies = context.directory.bodies().filter(|body| !rules.of_agency(body, &context.directory).is_empty());
    let in_province = |code: &str| code == province || context.directory.area(code).and_then(|area| area.parent_code.as_deref()) == Some(province);
    let bodies = bodies.filter(|body| in_province(&body.area_code)).map(|body| (body.code.clone(), body.short_name.clone())).collect();
    let areas = context.directory.communes_of(province).map(|area| (area.code.clone(), area.full_name.clone())).collect();
    let look = |label: &'static str| FieldLook { label, ..FieldLook::default() };
    view! {
        <form method="get" action=lang.href(PATH) class="stack no-print" id="loc">
            {select_field(lang, &form, AGENCY, bodies, "reception.filter.all", look("reception.filter.agency"))}
            {select_field(lang, &form, AREA, areas, "reception.filter.all", look("reception.filter.area"))}
            <button class="btn">{icon(Icon::Filter)}{lang.t("reception.filter.button")}</button>
        </form>
    }
    .into_any()
}

/// Around one session.
struct Around {
    moved_to: Option<Reception>,
    moved_from: Option<Reception>,
    next: Option<Reception>,
    office: offices::Office,
    tasks: Vec<Commitment>,
}

/// `GET /tiep-dan/{number}`
///
/// # Errors
/// [`AppError::NotFound`] for a draft, and where there is none.
pub async fn day(context: PageContext, Path(number): Path<i64>) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let row = sessions::by_number(&mut tx, number).await?.ok_or(AppError::NotFound)?;
    let moved_to = match &row.moved_to {
        Some(id) => sessions::by_id(&mut tx, id).await?,
        None => None,
    };
    let moved_from = sessions::moved_from(&mut tx, &row.id).await?;
    let next =
        sessions::coming_of(&mut tx, &row.body_id, row.day.max(context.today) + Days::new(1), COMING_MAX).await?.into_iter().find(|next| next.free() > 0);
    let office = offices::of_body(&mut tx, &row.body_id).await?;
    let given = tasks::of_session(&mut tx, &row).await?;
    drop(tx);
    let around = Around { moved_to, moved_from, next, office, tasks: given };
    let lang = context.lang;
    let title = format!("{}: {}", row.post, lang.day_short(row.day));
    let agency = context.directory.agency_name(&row.body_id).to_owned();
    let description = lang.f("reception.day.description", &[("who", &row.post), ("agency", &agency), ("day", &lang.day_long(row.day)), ("place", &row.place)]);
    let page = Page::new(&context, Section::Other, title).public(description).fresh();
    Ok(page.render(|| {
        let day = heading_day(lang, row.day);
        let day = if row.state == State::Missed { view! { <s>{day}</s> }.into_any() } else { day.into_any() };
        view! {
            <nav class="breadcrumbs" aria-label=lang.t("released.path")>
                <ol><li><a href=lang.href(PATH)>{lang.t("reception.title")}</a></li><li aria-current="page">{row.post.clone()}</li></ol>
            </nav>
            <div class="stack-s">
                <p class="row small">{outcome_badge(lang, &row, context.today)}{tags(lang, &row, context.today)}</p>
                <h1>{lang.f("reception.day.title", &[("who", &row.post)])}</h1>
                <p class="lead-text num"><b>{day}</b>" · "{hours(&row)}</p>
            </div>
            {moved(&context, &row, &around)}
            {slots(&context, &row, &around)}
            {facts(&context, &row, &around)}
            {publication(&context, &row)}
            {tasks::public_view(&context, &around.tasks)}
            {how_to_come(&context, &row)}
        }
        .into_any()
    }))
}

/// The missed day names its reason and the new day; the new day says where it comes from.
fn moved(context: &PageContext, row: &Reception, around: &Around) -> AnyView {
    let lang = context.lang;
    let link = |to: &Reception| view! { <a class="num" href=context.href(&path(to))>{heading_day(lang, to.day)}", "{hours(to)}</a> }.into_any();
    let missed = around.moved_to.as_ref().map(|to| {
        view! {
            <div class="notice warn">
                {icon(Icon::Warning)}
                <div><p><b>{lang.f("reception.day.missed", &[("reason", &row.missed_reason)])}</b></p><p>{lang.t("reception.day.moved_to")}" "{link(to)}</p></div>
            </div>
        }
    });
    let comes_from = around.moved_from.as_ref().map(|from| {
        view! { <p class="notice info">{icon(Icon::Calendar)}<span>{lang.f("reception.day.moved_from", &[("reason", &from.missed_reason)])}" "<s>{link(from)}</s></span></p> }
    });
    view! { {missed}{comes_from} }.into_any()
}

fn slots(context: &PageContext, row: &Reception, around: &Around) -> AnyView {
    let lang = context.lang;
    if !is_open(row, context.now) {
        return ().into_any();
    }
    let count = lang.f("reception.free", &[("free", &lang.number(row.free())), ("all", &lang.number(row.slots))]);
    if row.free() > 0 {
        let href = context.href(&format!("{}/hen", path(row)));
        return view! {
            <section class="next stack-s">
                <p class="num"><b>{count}</b></p>
                <a class="btn btn-main btn-block no-print" href=href>{icon(Icon::Calendar)}{lang.t("reception.book")}</a>
                <p class="small muted">{lang.t("reception.book.text")}</p>
            </section>
        }
        .into_any();
    }
    full(context, around.next.as_ref())
}

/// "Full", and the next day with a free slot.
pub(super) fn full(context: &PageContext, next: Option<&Reception>) -> AnyView {
    let lang = context.lang;
    let next = match next {
        Some(next) => {
            view! { <p>{lang.t("reception.next_free")}" "<a class="num" href=context.href(&path(next))>{heading_day(lang, next.day)}", "{hours(next)}</a></p> }
                .into_any()
        }
        None => view! { <p>{lang.t("reception.no_next")}</p> }.into_any(),
    };
    view! { <div class="notice warn">{icon(Icon::Calendar)}<div><p><b>{lang.t("reception.full")}</b></p>{next}</div></div> }.into_any()
}

fn facts(context: &PageContext, row: &Reception, around: &Around) -> AnyView {
    let lang = context.lang;
    let agency = context.directory.agency(&row.body_id);
    let agency = agency.map(|agency| view! { <a href=context.href(&format!("/tiep-dan/co-quan/{}", encoded(&agency.code)))>{agency.name.clone()}</a> });
    let topics = (!row.topics.is_empty()).then(|| view! { <dt>{lang.t("reception.topics.label")}</dt><dd>{row.topics.clone()}</dd> });
    let phone = (!around.office.phone.is_empty()).then(|| view! { <dt>{lang.t("reception.phone")}</dt><dd class="num">{around.office.phone.clone()}</dd> });
    let map = (row.mode != Mode::Online).then(|| {
        let href = format!("https://www.openstreetmap.org/search?query={}", encoded(&row.place));
        view! { <br /><a class="small no-print" href=href rel="noopener noreferrer">{icon(Icon::Pin)}{lang.t("reception.map")}</a> }
    });
    view! {
        <dl class="dl">
            <dt>{lang.t("reception.agency.label")}</dt><dd>{agency}</dd>
            <dt>{lang.t("reception.receiver.label")}</dt><dd>{row.post.clone()}" ("{lang.t(row.receiver.key())}")"</dd>
            <dt>{lang.t("reception.place.label")}</dt><dd>{row.place.clone()}{map}</dd>
            <dt>{lang.t("reception.kind.label")}</dt><dd>{lang.t(row.kind.key())}", "{lang.t(row.mode.key())}</dd>
            {topics}
            {phone}
        </dl>
    }
    .into_any()
}

/// When it was published, against the last day the law allows.
fn publication(context: &PageContext, row: &Reception) -> AnyView {
    let lang = context.lang;
    let Some(on) = row.published_on else { return ().into_any() };
    let limit = publish_by(context.directory.deadline_rules(), context.directory.calendar(), row.kind, row.mode, row.day);
    let by = limit.as_ref().map(|limit| lang.f("reception.day.publish_by", &[("day", &lang.day_short(limit.day))]));
    let rule = limit.map(
        |limit| view! { <details class="more"><summary>{lang.t("deadlines.source")}</summary><p class="small muted">{limit.sentence(lang)}</p></details> },
    );
    let late = (!row.late_reason.is_empty()).then(|| view! { <p class="late-text"><b>{lang.f("reception.day.late", &[("reason", &row.late_reason)])}</b></p> });
    view! {
        <section class="stack-s">
            <p class="num">{lang.f("reception.day.published", &[("day", &lang.day_short(on))])}" "{by}</p>
            {late}
            {rule}
        </section>
    }
    .into_any()
}

fn how_to_come(context: &PageContext, row: &Reception) -> AnyView {
    let lang = context.lang;
    if !matches!(row.state, State::Published) || row.day < context.today {
        return ().into_any();
    }
    let online = (row.mode != Mode::Direct).then(|| view! { <li>{lang.t("reception.how.online")}</li> });
    view! {
        <section class="stack-s">
            <h2 class="title-s">{lang.t("reception.how")}</h2>
            <ul>
                <li>{lang.t("reception.how.walk_in")}</li>
                <li>{lang.t("reception.how.identity")}</li>
                <li>{lang.t("reception.how.words")}</li>
                <li>{lang.t("reception.how.group")}</li>
                {online}
            </ul>
            <p class="no-print"><a href=lang.href("/gui")>{lang.t("reception.how.write")}</a></p>
        </section>
    }
    .into_any()
}
