//! One released case: the edited text, the promise, what happened, the answer.

use super::{agency_path, clock, days_taken, short_name};
use crate::error::{AppError, Result};
use crate::papers::serve::{Size, respond_scanned};
use crate::petitions::actions::public_answer;
use crate::petitions::register::PublicCase;
use crate::petitions::reschedule::moved_words;
use crate::petitions::rules::{Case, Event, Kind, Stepped};
use crate::petitions::store::{self as cases, Entry};
use crate::procedures::step::Step;
use crate::publishing::filters::{AREA, REGISTER};
use crate::publishing::store;
use crate::redaction::choices::marked;
use crate::redaction::store::{self as redacted, PublicPaper};
use crate::relations::groups::people;
use crate::relations::store::signers::group;
use crate::ui::clock::{purpose, reckoning};
use crate::ui::context::PageContext;
use crate::ui::page::{Page, Section};
use crate::ui::response::CachePolicy;
use crate::ui::{Icon, address, breadcrumbs, icon};
use crate::words::Lang;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use leptos::prelude::*;

/// What the page needs beside the row itself.
struct Shown {
    row: PublicCase,
    case: Case,
    entries: Vec<Entry>,
    /// Clean HTML.
    answer: Option<String>,
    /// Papers let out.
    papers: Vec<PublicPaper>,
    /// People who stand behind it.
    people: i64,
}

/// `/cong-khai/{number}`
pub async fn case(context: PageContext, Path(number): Path<String>) -> Result<Response> {
    let Some(shown) = load(&context, &number).await? else { return Ok(missing(&context)) };
    let lang = context.lang;
    let row = &shown.row;
    let page = Page::new(&context, Section::Register, row.title.clone()).public(row.excerpt.clone()).main_class("wrap wide page stack-l");
    Ok(page.render(|| {
        view! {
            <div class="stack">
                {breadcrumbs(lang, REGISTER, lang.t("nav.register"), &lang.f("released.number", &[("n", &row.number.to_string())]))}
                <h1>{marked(&row.title)}</h1>
                <p class="row">{clock(&context, row.due_on, row.answered_on)}<span class="tag">{lang.t(row.kind.key())}</span></p>
                {facts(&context, row)}
            </div>
            <div class="with-side">
                <div class="stack-l">
                    <section class="stack"><h2>{lang.t("released.text")}</h2><div class="text">{marked(&row.body)}</div>{papers(lang, &shown)}</section>
                    {answer(lang, &shown)}
                </div>
                <aside class="stack-l">
                    {promise(&context, &shown)}
                    {joining(lang, &shown)}
                    <section class="stack"><h2>{lang.t("released.timeline")}</h2>{timeline(&context, &shown)}</section>
                </aside>
            </div>
            <p class="small muted">{lang.t("released.footnote")}</p>
        }
        .into_any()
    }))
}

async fn load(context: &PageContext, number: &str) -> Result<Option<Shown>> {
    let Ok(number) = number.parse::<i64>() else { return Ok(None) };
    let mut tx = context.portal.db().read().await?;
    let Some(row) = store::by_number(&mut tx, number).await? else { return Ok(None) };
    let entries = cases::history(&mut tx, &row.case_id, 0).await?.into_iter().filter(|entry| entry.event.is_for_public()).collect();
    let Some(case) = cases::by_id(&mut tx, &row.case_id).await? else { return Ok(None) };
    let answer = public_answer(&mut tx, &case).await?;
    let papers = redacted::public_versions(&mut tx, &row.case_id).await?;
    let people = people(&group(&mut tx, &row.case_id).await?);
    Ok(Some(Shown { row, case, entries, answer, papers, people }))
}

/// `/cong-khai/{number}/anh/{paper}`: a photo or paper let out; `?nho` asks for the small picture.
///
/// # Errors
/// [`AppError::NotFound`] both for papers that do not exist and for those that were not released with this case.
pub async fn photo(context: PageContext, Path((number, id)): Path<(i64, String)>) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let row = store::by_number(&mut tx, number).await?.ok_or(AppError::NotFound)?;
    let paper = redacted::version(&mut tx, &row.case_id, &id).await?.filter(|paper| paper.is_public).ok_or(AppError::NotFound)?;
    drop(tx);
    let size = Size::asked(&context.query);
    let mut response = respond_scanned(&context, &paper, size).await?;
    response.extensions_mut().insert(CachePolicy::Public);
    Ok(response)
}

/// There is no such case, or it is no longer public: ways on.
fn missing(context: &PageContext) -> Response {
    let lang = context.lang;
    let page = Page::new(context, Section::Register, lang.t("released.missing.title")).status(StatusCode::NOT_FOUND).main_class("wrap page error-page stack");
    page.render(|| {
        view! {
            <p class="error-code num">"404"</p>
            <h1>{lang.t("released.missing.title")}</h1>
            <p class="lead-text">{lang.t("released.missing.text")}</p>
            <div class="row">
                <a class="btn btn-main" href=lang.href(REGISTER)>{lang.t("released.missing.register")}</a>
                <a class="btn" href=lang.href("/tra-cuu")>{lang.t("home.follow")}</a>
            </div>
        }
        .into_any()
    })
}

fn facts(context: &PageContext, row: &PublicCase) -> AnyView {
    let (lang, directory) = (context.lang, &context.directory);
    let agency = match directory.agency(&row.body_id) {
        Some(agency) => view! { <a href=lang.href(&agency_path(agency))>{agency.name.clone()}</a> }.into_any(),
        None => row.body_id.clone().into_any(),
    };
    let area = lang.href(&address(REGISTER, &[(AREA, row.area_code.clone())]));
    let answered = row.answered_on.map(|day| {
        let days = row.days_taken.map(|days| format!(" ({})", days_taken(lang, days)));
        view! { <div><dt>{lang.t("released.answered")}</dt><dd>{lang.day_short(day)}{days}</dd></div> }
    });
    view! {
        <dl class="case-facts num">
            <div><dt>{lang.t("released.agency")}</dt><dd>{agency}</dd></div>
            <div><dt>{lang.t("released.area")}</dt><dd><a href=area>{directory.area_name(&row.area_code).to_owned()}</a></dd></div>
            <div><dt>{lang.t("released.received")}</dt><dd>{lang.day_short(row.filed_on)}</dd></div>
            {answered}
        </dl>
    }
    .into_any()
}

fn papers(lang: Lang, shown: &Shown) -> AnyView {
    let count = shown.papers.iter().filter(|paper| paper.is_picture()).count();
    let href = |paper: &PublicPaper| format!("{REGISTER}/{}/anh/{}", shown.row.number, paper.id);
    let pictures: Vec<_> = shown
        .papers
        .iter()
        .filter(|paper| paper.is_picture())
        .enumerate()
        .map(|(i, paper)| {
            let href = href(paper);
            let words = lang.f("released.photo", &[("n", &(i + 1).to_string()), ("all", &count.to_string())]);
            let words = if paper.title.is_empty() { words } else { format!("{}: {words}", paper.title) };
            let (width, height) = (paper.width.map(|n| n.to_string()), paper.height.map(|n| n.to_string()));
            view! { <li><a href=href.clone()><img src=format!("{href}?nho") alt=words width=width height=height loading="lazy" /></a></li> }
        })
        .collect();
    let others: Vec<_> = shown
        .papers
        .iter()
        .filter(|paper| !paper.is_picture())
        .map(|paper| view! { <li><a href=href(paper)>{icon(Icon::Paper)}{paper.title.clone()}</a></li> })
        .collect();
    view! {
        {(!pictures.is_empty()).then(|| view! { <ul class="photo-grid">{pictures}</ul> })}
        {(!others.is_empty()).then(|| view! { <ul class="bare">{others}</ul> })}
    }
    .into_any()
}

fn answer(lang: Lang, shown: &Shown) -> AnyView {
    let Some(html) = shown.answer.clone() else { return ().into_any() };
    view! { <section class="stack"><h2>{lang.t("released.answer")}</h2><div class="card md" inner_html=html></div></section> }.into_any()
}

/// How many stand behind the case, and the way to join them while an answer is owed.
fn joining(lang: Lang, shown: &Shown) -> AnyView {
    let row = &shown.row;
    let takes = row.answered_on.is_none() && matches!(row.kind, Kind::Report | Kind::Recommendation);
    let count =
        (takes || shown.people > 1).then(|| view! { <p class="num">{lang.n("relations.join.count_one", "relations.join.count_many", shown.people)}</p> });
    let join = takes.then(|| {
        let href = lang.href(&format!("{REGISTER}/{}/cung", row.number));
        view! { <p><a class="btn btn-block" rel="nofollow" href=href>{lang.t("relations.join.button")}</a></p> }
    });
    if count.is_none() { ().into_any() } else { view! { <section class="stack">{count}{join}</section> }.into_any() }
}

/// The promise of an open case: what comes next, by which day, and why that day.
fn promise(context: &PageContext, shown: &Shown) -> AnyView {
    let (lang, row) = (context.lang, &shown.row);
    if let (Some(_), Some(days)) = (row.answered_on, row.days_taken) {
        let verdict = if row.is_on_time == Some(true) { lang.t("released.kept") } else { lang.t("released.broken") };
        let promised = shown.case.procedure().stage.promised_day();
        let promised = promised.map(|day| view! { <p><b>{lang.f("procedure.promised", &[("day", &lang.day_long(day))])}</b></p> });
        return view! { <section class="next"><p class="small muted">{lang.t("released.promise")}</p><p class="day num">{verdict}</p>{promised}<p class="small">{days_taken(lang, days)}". "{lang.f("released.due_was", &[("day", &lang.day_short(row.due_on))])}</p></section> }
            .into_any();
    }
    if !row.kind.has_period() {
        let stage = lang.t(shown.case.procedure().stage.key());
        return view! { <section class="next"><p class="day">{stage}</p><p class="small muted">{lang.t("kinds.praise.no_period")}</p></section> }.into_any();
    }
    let procedure = shown.case.procedure();
    let due = procedure.due();
    let is_late = context.today > row.due_on;
    let next = due.map_or_else(|| lang.t("released.next.answer").to_owned(), |clock| purpose(context, clock));
    let day = if shown.case.is_suspended() {
        view! { <p class="muted">{lang.t("procedure.citizen.wait_resume")}</p> }.into_any()
    } else {
        view! {
            <p class="day num">{lang.t("released.by")}" "<span class="nowrap">{lang.day_long(row.due_on)}</span></p>
            <p class="row">{clock(context, row.due_on, None)}<span class="small">{lang.f("released.with", &[("agency", short_name(&context.directory, &row.body_id))])}</span></p>
        }
        .into_any()
    };
    view! {
        <section class=if is_late { "next late" } else { "next" }>
            <p class="small muted">{lang.t("released.next")}" "<b>{next}</b></p>
            {day}
            {due.map(|clock| view! { <details><summary>{lang.t("released.why")}</summary>{reckoning(context, clock)}</details> })}
        </section>
    }
    .into_any()
}

/// What happened, in days and names of agencies; people and hours stay out of it.
fn timeline(context: &PageContext, shown: &Shown) -> AnyView {
    let lang = context.lang;
    let mut steps: Vec<(NaiveDate, String)> = Vec::new();
    let mut body_id = String::new();
    for entry in &shown.entries {
        if let Event::Filed(filing) = &entry.event {
            body_id.clone_from(&filing.body_id);
        }
        if let Some(words) = step(context, &entry.event, &body_id) {
            let step = (crate::clock::day(entry.at), words);
            // Questions and answers back and forth on one day are one line.
            if steps.last() != Some(&step) {
                steps.push(step);
            }
        }
        if let Event::Forwarded { to_body_id, .. } | Event::Stepped(Stepped { step: Step::PassOn { to_body_id } | Step::Appeal { to_body_id }, .. }) =
            &entry.event
        {
            body_id.clone_from(to_body_id);
        }
    }
    let is_open = shown.row.answered_on.is_none() && shown.case.last_day().is_some();
    let last = steps.len().saturating_sub(1);
    let items: Vec<_> = steps
        .into_iter()
        .enumerate()
        .map(|(i, (day, words))| view! { <li class=(is_open && i == last).then_some("now")><time class="num" datetime=day.to_string()>{lang.day_short(day)}</time>{words}</li> })
        .collect();
    let todo = is_open.then(|| {
        let class = if context.today > shown.row.due_on { "todo late" } else { "todo" };
        view! { <li class=class><time class="num">{lang.f("released.at_latest", &[("day", &lang.day_short(shown.row.due_on))])}</time>{lang.t("released.event.todo")}</li> }
    });
    view! { <ol class="line">{items}{todo}</ol> }.into_any()
}

/// One step in words; none for steps that say nothing to the public.
fn step(context: &PageContext, event: &Event, body_id: &str) -> Option<String> {
    let (lang, directory) = (context.lang, &context.directory);
    let agency = short_name(directory, body_id);
    Some(match event {
        Event::Filed(_) => lang.f("released.event.filed", &[("agency", agency)]),
        Event::Received => lang.f("released.event.received", &[("agency", agency)]),
        Event::Assigned { unit_id: Some(unit_id), .. } => lang.f("released.event.assigned", &[("unit", directory.agency_name(unit_id))]),
        Event::Asked { .. } => lang.t("released.event.asked").to_owned(),
        Event::Replied { .. } => lang.t("released.event.replied").to_owned(),
        Event::Forwarded { to_body_id, .. } => lang.f("released.event.forwarded", &[("from", agency), ("to", short_name(directory, to_body_id))]),
        Event::Answered { .. } => lang.f("released.event.answered", &[("agency", agency)]),
        Event::Closed => lang.t("released.event.closed").to_owned(),
        Event::Reopened { due_on, .. } => lang.f("released.event.reopened", &[("day", &lang.day_short(*due_on))]),
        Event::Rescheduled { .. } | Event::PeriodChanged { .. } => moved_words(lang, event, directory.deadline_rules()).unwrap_or_default(),
        Event::Stepped(stepped) if stepped.step.name().is_for_public() => {
            crate::procedures::telling::told(lang, agency, &stepped.step, |id| short_name(directory, id).to_owned())
        }
        _ => return None,
    })
}
