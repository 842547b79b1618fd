//! `/can-bo/lanh-dao`: what is late and with whom, what is due this week, what is marked. Every number leads to its cases.

use super::filter::{Due, Filter, NOBODY};
use super::leader::{FEW, Picture, Tally, share_words, told, whose};
use super::place::{Place, Scope};
use super::queue_view::queue_href;
use super::store::leader;
use crate::actor::Official;
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::permissions::{Action, QueueScope, check, queue_scope};
use crate::petitions::responsible::Responsible;
use crate::petitions::rules::{Case, Kind, State};
use crate::petitions::store::by_id;
use crate::petitions::store::escalations;
use crate::ui::{Icon, Page, PageContext, Section, icon, table};
use axum::response::Response;
use chrono::{Days, Duration};
use leptos::prelude::*;

/// The most open cases that are summed; an authority with more is told so.
const SUMMED_MAX: i64 = 20_000;
/// The most answers of the last days that are looked at, in each state.
const ANSWERS_MAX: i64 = 10_000;
/// The newest late steps that are listed for the head.
const PUT_MAX: i64 = 10;
/// So many days back are "lately".
const LATELY_DAYS: u64 = 30;

/// What the page shows.
struct Shown {
    picture: Picture,
    answered: i64,
    on_time: i64,
    may_see_denunciations: bool,
}

/// The authority somebody leads at their desk.
fn led(context: &PageContext) -> Result<(&Official, &str)> {
    check(&context.actor, Action::UseDesk)?;
    let official = context.actor.official().ok_or(AppError::SignInNeeded)?;
    let body_id = official.body_id().ok_or(AppError::NotFound)?;
    check(&context.actor, Action::Lead(body_id))?;
    Ok((official, body_id))
}

/// `GET /can-bo/lanh-dao`
pub async fn show(context: PageContext) -> Result<Response> {
    let (official, body_id) = led(&context)?;
    let (_, next_week) = Due::Week.days(context.today);
    let since = context.today - Days::new(LATELY_DAYS);
    let since_at = context.now - Duration::days(i64::try_from(LATELY_DAYS).unwrap_or(i64::MAX) + 1);
    let mut tx = context.portal.db().read().await?;
    let cells = leader::open_cells(&mut tx, body_id, context.today, next_week.unwrap_or(context.today), SUMMED_MAX).await?;
    let flagged = leader::flagged(&mut tx, body_id, context.today, SUMMED_MAX).await?;
    let (answered, on_time) = leader::answered_since(&mut tx, body_id, since, since_at, ANSWERS_MAX).await?;
    let has_late_below = !escalations::before_body(&mut tx, body_id, &(super::queue::first_day(), String::new()), 1).await?.is_empty();
    let put = newly_late(&mut tx, &context, body_id).await?;
    let own_data = crate::retention::waiting(&mut tx, &context, body_id).await?;
    let promises = crate::commitments::late_and_soon(&mut tx, body_id, context.today).await?;
    drop(tx);
    let shown =
        Shown { picture: Picture::of(&cells, &flagged), answered, on_time, may_see_denunciations: matches!(queue_scope(official), QueueScope::Body(_)) };
    let lang = context.lang;
    let title = lang.t("day.lead.title");
    Ok(Page::new(&context, Section::Lead, title).main_class("wrap wide page stack-l left-numbers").render(|| {
        view! {
            <div class="stack-s">
                <h1>{title}</h1>
                <p class="muted">{lang.f("day.lead.lead", &[("body", context.directory.agency_name(body_id)), ("day", &lang.day_long(context.today))])}</p>
            </div>
            {(shown.picture.all.open >= SUMMED_MAX).then(|| view! { <p class="notice warn">{lang.f("day.lead.cut", &[("n", &lang.number(SUMMED_MAX))])}</p> })}
            {has_late_below.then(|| late_below(&context))}
            {figures(&context, &shown)}
            {crate::commitments::desk_pages::lead_line(&context, promises)}
            {crate::retention::lead_line(&context, own_data)}
            {put_before_head(&context, &put)}
            {steps(&context, &shown.picture)}
            {units(&context, &shown.picture)}
            {marked(&context, &shown)}
            <p><a href=lang.href(super::ratings_pages::PATH)>{lang.t("ratings.desk.link")}</a></p>
        }
        .into_any()
    }))
}

/// Late steps that were put before the head of this authority, with their cases; not those that are about whoever looks.
async fn newly_late(tx: &mut Tx, context: &PageContext, body_id: &str) -> Result<Vec<(escalations::Escalated, Case)>> {
    let mut put = Vec::new();
    for row in escalations::before_head(tx, body_id, PUT_MAX).await? {
        let Some(case) = by_id(tx, &row.case_id).await? else { continue };
        if check(&context.actor, Action::See(&case)).is_ok() {
            put.push((row, case));
        }
    }
    Ok(put)
}

fn put_before_head(context: &PageContext, put: &[(escalations::Escalated, Case)]) -> AnyView {
    if put.is_empty() {
        return ().into_any();
    }
    let rows = put.iter().map(|(row, case)| {
        let href = super::queue_view::case_href(context, &case.id, &Place::at(Scope::Late));
        super::above_pages::late_row(context, (row, case), href, ().into_any())
    });
    let heads = ["escalation.below.case", "escalation.below.agency", "escalation.below.step", "escalation.below.late"];
    section(context, "escalation.lead.put", "escalation.lead.put_hint", &heads, rows.collect())
}

/// What authorities below were so late with that it was put before this one.
fn late_below(context: &PageContext) -> AnyView {
    let lang = context.lang;
    view! {
        <div class="notice warn">
            {icon(Icon::Warning)}
            <p>{lang.t("escalation.lead.some")}" "<a href=context.href("/can-bo/cap-duoi")>{lang.t("escalation.lead.link")}</a></p>
        </div>
    }
    .into_any()
}

fn all_with(filter: Filter) -> Place {
    Place::at(Scope::All).narrowed(filter)
}

fn figures(context: &PageContext, shown: &Shown) -> AnyView {
    let lang = context.lang;
    let all = shown.picture.all;
    let figure = |n: i64, key: &'static str, filter: Filter, class: Option<&'static str>| {
        view! { <a href=queue_href(context, &all_with(filter))><b class=class>{lang.number(n)}</b><span>{lang.t(key)}</span></a> }
    };
    let due = |due: Due| Filter { due: Some(due), ..Filter::default() };
    let on_time = share_words(lang, shown.on_time, shown.answered).unwrap_or_else(|| lang.t("day.lead.no_answers").to_owned());
    let late_share =
        share_words(lang, all.late, all.open).map(|share| view! { <p class="small num">{lang.f("day.lead.late_share", &[("share", &share)])}</p> });
    view! {
        <section class="stack-s" aria-label=lang.t("day.lead.now")>
            <div class="figures num">
                {figure(all.late, "day.lead.late", due(Due::Late), (all.late > 0).then_some("late"))}
                {figure(all.week, "day.lead.week", due(Due::Week), None)}
                {figure(all.open, "day.lead.open", Filter::default(), None)}
            </div>
            {late_share}
            <p class="small num">{lang.f("day.lead.on_time", &[("days", &LATELY_DAYS.to_string()), ("share", &on_time)])}</p>
        </section>
    }
    .into_any()
}

/// Cells of a row: late, its share, due this week, open; numbers that are not zero lead to their cases.
fn cells(context: &PageContext, tally: Tally, filter: &Filter) -> AnyView {
    let lang = context.lang;
    let number = |n: i64, due: Option<Due>| {
        if n == 0 {
            return lang.number(0).into_any();
        }
        let class = (due == Some(Due::Late)).then_some("clock late");
        let href = queue_href(context, &all_with(Filter { due, ..filter.clone() }));
        view! { <a href=href class=class>{lang.number(n)}</a> }.into_any()
    };
    view! {
        <td class="num" data-label=lang.t("day.lead.late")>{number(tally.late, Some(Due::Late))}</td>
        <td class="num" data-label=lang.t("day.lead.share")>{share_words(lang, tally.late, tally.open).unwrap_or_default()}</td>
        <td class="num" data-label=lang.t("day.lead.week")>{number(tally.week, Some(Due::Week))}</td>
        <td class="num" data-label=lang.t("day.lead.open")>{number(tally.open, None)}</td>
    }
    .into_any()
}

fn steps(context: &PageContext, picture: &Picture) -> AnyView {
    let lang = context.lang;
    let rows: Vec<_> = picture
        .by_step
        .iter()
        .map(|group| {
            let filter = Filter { state: Some(group.of), ..Filter::default() };
            view! {
                <tr>
                    <th scope="row">{lang.t(group.of.key())}</th>
                    <td data-label=lang.t("day.lead.whose")>{lang.t(whose_key(group.of))}</td>
                    {cells(context, group.tally, &filter)}
                </tr>
            }
            .into_any()
        })
        .collect();
    section(
        context,
        "day.lead.by_step",
        "day.lead.by_step_hint",
        &["day.filter.state", "day.lead.whose", "day.lead.late", "day.lead.share", "day.lead.week", "day.lead.open"],
        rows,
    )
}

fn whose_key(state: State) -> &'static str {
    match whose(state) {
        Responsible::Intake => "day.whose.intake",
        Responsible::Approver => "day.whose.approver",
        Responsible::Unit(_) | Responsible::Person(_) => "day.whose.unit",
        Responsible::Nobody => "day.whose.nobody",
    }
}

fn units(context: &PageContext, picture: &Picture) -> AnyView {
    let lang = context.lang;
    let rows: Vec<_> = picture
        .by_unit
        .iter()
        .map(|group| {
            let name = group.of.as_deref().map_or_else(|| lang.t("day.filter.no_unit").to_owned(), |id| context.directory.agency_name(id).to_owned());
            let filter = Filter { unit: Some(group.of.clone().unwrap_or_else(|| NOBODY.to_owned())), ..Filter::default() };
            view! { <tr><th scope="row">{name}</th>{cells(context, group.tally, &filter)}</tr> }.into_any()
        })
        .collect();
    section(
        context,
        "day.lead.by_unit",
        "day.lead.by_unit_hint",
        &["day.filter.unit", "day.lead.late", "day.lead.share", "day.lead.week", "day.lead.open"],
        rows,
    )
}

fn section(context: &PageContext, title: &'static str, hint: &'static str, heads: &[&'static str], rows: Vec<AnyView>) -> AnyView {
    let lang = context.lang;
    let body =
        if rows.is_empty() { view! { <p class="notice info">{lang.t("day.lead.nothing_open")}</p> }.into_any() } else { table(lang, title, heads, rows) };
    view! { <section class="stack-s"><h2 class="title-s">{lang.t(title)}</h2><p class="small muted">{lang.t(hint)}</p>{body}</section> }.into_any()
}

fn marked(context: &PageContext, shown: &Shown) -> AnyView {
    let lang = context.lang;
    let link = |n: i64, filter: Filter, class: Option<&'static str>| {
        if n == 0 {
            return lang.number(0).into_any();
        }
        view! { <a class=class href=queue_href(context, &all_with(filter))>{lang.number(n)}</a> }.into_any()
    };
    let mut rows: Vec<_> = shown
        .picture
        .flags
        .iter()
        .map(|(flag, open, late)| {
            let filter = Filter { flags: flag.bit(), ..Filter::default() };
            view! {
                <tr>
                    <th scope="row">{lang.t(flag.key())}</th>
                    <td class="num" data-label=lang.t("day.lead.late")>{link(*late, Filter { due: Some(Due::Late), ..filter.clone() }, Some("clock late"))}</td>
                    <td class="num" data-label=lang.t("day.lead.open")>{link(*open, filter, None)}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    let sealed = Filter { kind: Some(Kind::Denunciation), ..Filter::default() };
    let few = lang.f("day.lead.few", &[("n", &FEW.to_string())]);
    let number = |n: i64, due: Option<Due>| match (told(n, shown.may_see_denunciations), shown.may_see_denunciations) {
        (Some(n), true) => link(n, Filter { due, ..sealed.clone() }, (due.is_some()).then_some("clock late")),
        (Some(n), false) => lang.number(n).into_any(),
        (None, _) => few.clone().into_any(),
    };
    let tally = shown.picture.denunciations;
    rows.push(
        view! {
            <tr>
                <th scope="row">{lang.t(Kind::Denunciation.key())}</th>
                <td class="num" data-label=lang.t("day.lead.late")>{number(tally.late, Some(Due::Late))}</td>
                <td class="num" data-label=lang.t("day.lead.open")>{number(tally.open, None)}</td>
            </tr>
        }
        .into_any(),
    );
    section(context, "day.lead.marked", "day.lead.marked_hint", &["day.lead.mark", "day.lead.late", "day.lead.open"], rows)
}
