//! The public proof: on how many days heads received in person, against the least the law asks. `/tiep-dan/da-tiep` of all authorities,
//! `/tiep-dan/co-quan/{code}` of one, with the days behind every number.

use super::PATH;
use super::counting::{Period, Proof, Session, Tally, periods};
use super::look::{outcome, path};
use super::public_pages::AGENCY;
use super::rules::{Per, State};
use super::store::offices;
use super::store::sessions::{self, Reception};
use crate::agencies::Agency;
use crate::error::{AppError, Result};
use crate::ui::{Icon, Page, PageContext, Section, address, breadcrumbs, encoded, icon, table};
use crate::words::Lang;
use axum::extract::{Path, Query};
use axum::response::Response;
use chrono::{Datelike, NaiveDate};
use leptos::prelude::*;
use std::collections::HashMap;

/// The year in the address.
const YEAR: &str = "nam";
/// Sessions counted at once: some five thousand a year in a province of a hundred authorities.
const SESSIONS_MAX: i64 = 50_000;
/// Sessions of one authority in a year.
const OWN_SESSIONS_MAX: i64 = 1_000;

fn ends(year: i32) -> (NaiveDate, NaiveDate) {
    (NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default(), NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or_default())
}

/// The year asked for, if there are days in it; else this one.
fn year_of(pairs: &[(String, String)], today: NaiveDate, first: Option<NaiveDate>) -> i32 {
    let asked = pairs.iter().find(|(name, _)| name == YEAR).and_then(|(_, value)| value.parse().ok());
    let earliest = first.map_or(today.year(), |day| day.year().min(today.year()));
    asked.filter(|year| (earliest..=today.year()).contains(year)).unwrap_or(today.year())
}

fn years(context: &PageContext, path: &str, year: i32, first: Option<NaiveDate>) -> AnyView {
    let link = |year: i32| view! { <a class="btn btn-s" href=context.href(&address(path, &[(YEAR, year.to_string())]))>{year.to_string()}</a> };
    let before = first.is_some_and(|day| day.year() < year).then(|| link(year - 1));
    let after = (year < context.today.year()).then(|| link(year + 1));
    view! { <p class="row no-print">{before}{after}</p> }.into_any()
}

/// The periods of a year in which an authority's head had to receive, as far as they have begun.
fn of_year<'a>(context: &'a PageContext, agency: &Agency, sessions: &[Session], year: i32) -> Vec<Period<'a>> {
    let rows = context.directory.reception_rules().of_agency(agency, &context.directory);
    let (first, last) = ends(year);
    let until = last.min(context.today).min(agency.valid_to.unwrap_or(last));
    periods(&rows, sessions, context.directory.calendar(), (first.max(agency.valid_from), until), context.today)
}

/// `GET /tiep-dan/da-tiep`
pub async fn all(context: PageContext, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let first = sessions::first_day(&mut tx).await?;
    let year = year_of(&pairs, context.today, first);
    let (from, to) = ends(year);
    let rows = sessions::outcomes(&mut tx, from, to, SESSIONS_MAX).await?;
    drop(tx);
    let mut of_body: HashMap<String, Vec<Session>> = HashMap::new();
    for (body_id, session) in rows {
        of_body.entry(body_id).or_default().push(session);
    }
    let lang = context.lang;
    let title = lang.f("reception.proof.title", &[("year", &year.to_string())]);
    let rows: Vec<AnyView> = context
        .directory
        .bodies()
        .filter_map(|agency| {
            let sessions = of_body.get(&agency.id)?;
            Some(row(&context, agency, sessions, year))
        })
        .collect();
    let heads = [
        "reception.agency.label",
        "reception.proof.given",
        "reception.proof.met",
        "reception.proof.deputy",
        "reception.proof.missed",
        "reception.proof.unknown",
    ];
    let page = Page::new(&context, Section::Other, title.clone()).public(lang.t("reception.proof.description")).main_class("wrap wide page stack-l");
    Ok(page.render(|| {
        let rows = if rows.is_empty() {
            view! { <p class="muted">{lang.t("reception.proof.none")}</p> }.into_any()
        } else {
            table(lang, "reception.proof.link", &heads, rows)
        };
        view! {
            <div class="stack">
                {breadcrumbs(lang, PATH, lang.t("reception.title"), lang.t("reception.proof.link"))}
                <h1>{title.clone()}</h1>
                <p class="lead-text">{lang.t("reception.proof.lead")}</p>
                {years(&context, "/tiep-dan/da-tiep", year, first)}
            </div>
            {rows}
            {notes(lang)}
        }
        .into_any()
    }))
}

fn of(lang: Lang, part: i64, whole: i64) -> String {
    lang.f("ratings.of", &[("n", &lang.number(part)), ("all", &lang.number(whole))])
}

fn row(context: &PageContext, agency: &Agency, sessions: &[Session], year: i32) -> AnyView {
    let lang = context.lang;
    let proof = Proof::of(&of_year(context, agency, sessions, year));
    let tally = Tally::of(sessions.iter().copied(), context.today);
    let href = context.href(&address(&format!("/tiep-dan/co-quan/{}", encoded(&agency.code)), &[(YEAR, year.to_string())]));
    let class = |is_bad: bool| if is_bad { "num late-text strong" } else { "num" };
    view! {
        <tr>
            <th scope="row"><a href=href>{agency.short_name.clone()}</a></th>
            <td class=class(proof.given < proof.asked) data-label=lang.t("reception.proof.given")>{of(lang, proof.given, proof.asked)}</td>
            <td class="num" data-label=lang.t("reception.proof.met")>{of(lang, proof.met, proof.over)}</td>
            <td class="num" data-label=lang.t("reception.proof.deputy")>{lang.number(tally.by_deputy)}</td>
            <td class="num" data-label=lang.t("reception.proof.missed")>{lang.number(tally.missed)}</td>
            <td class="num" data-label=lang.t("reception.proof.unknown")>{lang.number(tally.unknown)}</td>
        </tr>
    }
    .into_any()
}

fn notes(lang: Lang) -> AnyView {
    view! {
        <section class="stack-s">
            <h2 class="title-s">{lang.t("reception.proof.how")}</h2>
            <ul class="small muted">
                <li>{lang.t("reception.proof.how.person")}</li>
                <li>{lang.t("reception.proof.how.periods")}</li>
                <li>{lang.t("reception.proof.how.extra")}</li>
                <li>{lang.t("reception.proof.how.unknown")}</li>
            </ul>
        </section>
    }
    .into_any()
}

/// `GET /tiep-dan/co-quan/{code}`
///
/// # Errors
/// [`AppError::NotFound`] for a code that is no present authority.
pub async fn of_agency(context: PageContext, Path(code): Path<String>, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    let agency = context.directory.body_by_code(&code).cloned().ok_or(AppError::NotFound)?;
    let mut tx = context.portal.db().read().await?;
    let first = sessions::span(&mut tx, &agency.id).await?.map(|(first, _)| first);
    let year = year_of(&pairs, context.today, first);
    let (from, to) = ends(year);
    let rows: Vec<Reception> =
        sessions::of_body(&mut tx, &agency.id, from, to, OWN_SESSIONS_MAX).await?.into_iter().filter(|row| row.state != State::Draft).collect();
    let office = offices::of_body(&mut tx, &agency.id).await?;
    drop(tx);
    let sessions: Vec<Session> = rows.iter().map(Reception::session).collect();
    let periods = of_year(&context, &agency, &sessions, year);
    let lang = context.lang;
    let title = lang.f("reception.proof.agency_title", &[("agency", &agency.short_name), ("year", &year.to_string())]);
    let page = Page::new(&context, Section::Other, title.clone()).public(lang.t("reception.proof.description")).main_class("wrap wide page stack-l");
    Ok(page.render(|| {
        view! {
            <div class="stack">
                {breadcrumbs(lang, PATH, lang.t("reception.title"), &agency.short_name)}
                <h1>{title.clone()}</h1>
                {years(&context, &format!("/tiep-dan/co-quan/{}", encoded(&agency.code)), year, first)}
            </div>
            {figures(lang, &periods, &sessions, context.today)}
            {office_view(lang, &office)}
            <p class="no-print"><a class="btn" href=context.href(&address(PATH, &[(AGENCY, agency.code.clone())]))>{icon(Icon::Calendar)}{lang.t("reception.proof.calendar")}</a></p>
            {period_table(&context, &periods, &rows)}
            {beyond(&context, &periods, &rows)}
            {laws(&context, &agency)}
            {notes(lang)}
        }
        .into_any()
    }))
}

fn figures(lang: Lang, periods: &[Period<'_>], sessions: &[Session], today: NaiveDate) -> AnyView {
    let (proof, tally) = (Proof::of(periods), Tally::of(sessions.iter().copied(), today));
    let given = of(lang, proof.given, proof.asked);
    view! {
        <div class="figures four num">
            <a href="#ky"><b>{given}</b><span>{lang.t("reception.proof.given")}</span></a>
            <a href="#ky"><b>{of(lang, proof.met, proof.over)}</b><span>{lang.t("reception.proof.met")}</span></a>
            <a href="#ky"><b>{lang.number(tally.by_deputy)}</b><span>{lang.t("reception.proof.deputy")}</span></a>
            <a href="#ky"><b>{lang.number(tally.missed)}</b><span>{lang.t("reception.proof.missed")}</span></a>
        </div>
    }
    .into_any()
}

fn office_view(lang: Lang, office: &offices::Office) -> AnyView {
    if office.place.is_empty() && office.hours.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="card stack-s">
            <h2 class="title-s">{lang.t("reception.office.regular")}</h2>
            <p>{office.place.clone()}</p>
            <p>{office.hours.clone()}</p>
            {(!office.phone.is_empty()).then(|| view! { <p class="num">{lang.t("reception.office.phone")}": "{office.phone.clone()}</p> })}
        </section>
    }
    .into_any()
}

fn period_name(lang: Lang, period: &Period<'_>) -> String {
    match period.rule.per {
        Per::Month => lang.f("periods.month.title", &[("month", &period.first.month().to_string()), ("year", &period.first.year().to_string())]),
        Per::Week => lang.f("reception.proof.week", &[("from", &lang.day_short(period.first)), ("to", &lang.day_short(period.last))]),
    }
}

/// A day as a link with what came of it.
fn day_link(context: &PageContext, row: &Reception) -> AnyView {
    let lang = context.lang;
    let (tone, words) = outcome(lang, row, context.today);
    let day = lang.day_short(row.day);
    let day = if row.state == State::Missed { view! { <s>{day}</s> }.into_any() } else { day.into_any() };
    view! { <li><a class="num" href=context.href(&path(row))>{day}</a>" "<span class=format!("small {tone}-text")>{words}</span></li> }.into_any()
}

fn period_table(context: &PageContext, periods: &[Period<'_>], rows: &[Reception]) -> AnyView {
    let lang = context.lang;
    let lines: Vec<AnyView> = periods
        .iter()
        .rev()
        .map(|period| {
            let days: Vec<_> = rows.iter().filter(|row| (period.first..=period.last).contains(&row.day)).map(|row| day_link(context, row)).collect();
            let class = if period.is_over && !period.is_met() { "num late-text strong" } else { "num" };
            let given = of(lang, period.tally.by_head, period.asked);
            let running = (!period.is_over).then(|| view! { " " <span class="tag">{lang.t("reception.proof.running")}</span> });
            view! {
                <tr>
                    <th scope="row" class="num">{period_name(lang, period)}{running}</th>
                    <td class=class data-label=lang.t("reception.proof.given")>{given}</td>
                    <td class="num" data-label=lang.t("reception.proof.deputy")>{lang.number(period.tally.by_deputy)}</td>
                    <td class="num" data-label=lang.t("reception.proof.missed")>{lang.number(period.tally.missed)}</td>
                    <td data-label=lang.t("reception.proof.days")><ul class="plain-list">{days}</ul></td>
                </tr>
            }
            .into_any()
        })
        .collect();
    let heads = ["reception.proof.period", "reception.proof.given", "reception.proof.deputy", "reception.proof.missed", "reception.proof.days"];
    let lines = if lines.is_empty() {
        view! { <p class="muted">{lang.t("reception.proof.nothing_asked")}</p> }.into_any()
    } else {
        table(lang, "reception.proof.period", &heads, lines)
    };
    view! { <section class="stack" id="ky"><h2>{lang.t("reception.proof.by_period")}</h2>{lines}</section> }.into_any()
}

/// Days that lie in no period: before the rule, or in the time to come.
fn beyond(context: &PageContext, periods: &[Period<'_>], rows: &[Reception]) -> AnyView {
    let lang = context.lang;
    let days: Vec<_> =
        rows.iter().filter(|row| !periods.iter().any(|period| (period.first..=period.last).contains(&row.day))).map(|row| day_link(context, row)).collect();
    if days.is_empty() {
        return ().into_any();
    }
    view! { <section class="stack-s"><h2 class="title-s">{lang.t("reception.proof.beyond")}</h2><ul class="plain-list">{days}</ul></section> }.into_any()
}

fn laws(context: &PageContext, agency: &Agency) -> AnyView {
    let lang = context.lang;
    let rows: Vec<_> = context
        .directory
        .reception_rules()
        .of_agency(agency, &context.directory)
        .into_iter()
        .map(|rule| {
            let key = match rule.per {
                Per::Week => "reception.rule.week",
                Per::Month => "reception.rule.month",
            };
            let force = match rule.valid_to {
                Some(last) => lang.f("deadlines.table.ended", &[("from", &lang.day_short(rule.valid_from)), ("to", &lang.day_short(last))]),
                None => lang.f("deadlines.table.since", &[("from", &lang.day_short(rule.valid_from))]),
            };
            view! { <li><p>{lang.f(key, &[("n", &lang.number(rule.n))])}</p><p class="small muted">{rule.source.clone()}". "{force}</p></li> }
        })
        .collect();
    if rows.is_empty() {
        return ().into_any();
    }
    view! { <section class="stack-s"><h2 class="title-s">{lang.t("reception.rule.title")}</h2><ul class="rule-list">{rows}</ul></section> }.into_any()
}
