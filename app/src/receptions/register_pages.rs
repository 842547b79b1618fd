//! The register (Sổ tiếp công dân, form 03/TCD) of an authority's year: as a page, for the printer, and as XLSX. A denunciation's row
//! names nobody: a book lies open, and a file travels.

use super::DESK;
use super::look::body_of;
use super::register_sheet::{COLUMNS, Head, xlsx as file};
use super::store::visits::{self, Visit, VisitPerson, kind_key};
use crate::error::Result;
use crate::letters::attachment;
use crate::record::{self, deeds::Deed};
use crate::ui::address;
use crate::ui::{Icon, Page, PageContext, Section, icon};
use axum::extract::Query;
use axum::response::Response;
use chrono::{Datelike, NaiveDate};
use leptos::prelude::*;
use std::collections::HashMap;

/// Rows of a page.
const ROWS_MAX: i64 = 100;
/// Rows of a file: more visits no authority has in a year.
const FILE_ROWS_MAX: i64 = 50_000;
/// Years one can look back.
const YEARS_BACK_MAX: i32 = 10;
/// Keys of the columns' names, in the form's order.
const HEADS: [&str; COLUMNS] = [
    "reception.register.no",
    "reception.register.day",
    "reception.register.person",
    "reception.register.id",
    "reception.register.content",
    "reception.register.kind",
    "reception.register.people",
    "reception.register.resolved_by",
    "reception.register.competent",
    "reception.register.guided_to",
    "reception.register.handled_by",
    "reception.register.result",
    "reception.register.note",
];

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

fn year_of(context: &PageContext, pairs: &[(String, String)]) -> i32 {
    let this = context.today.year();
    value(pairs, "nam").and_then(|year| year.parse().ok()).filter(|year| (this - YEARS_BACK_MAX..=this).contains(year)).unwrap_or(this)
}

/// The thirteen columns of a visit.
fn columns(context: &PageContext, visit: &Visit, person: Option<&VisitPerson>) -> [String; COLUMNS] {
    let lang = context.lang;
    let (who, id_number, content) = match person.filter(|_| !visit.is_sealed()) {
        Some(person) if person.is_locked => (lang.t("sealed.locked").to_owned(), String::new(), String::new()),
        Some(person) => {
            let who = [person.name.as_str(), person.address.as_str()].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ");
            (who, person.id_number.clone(), person.content.clone())
        }
        None if visit.is_sealed() => (lang.t("reception.sealed.name").to_owned(), String::new(), lang.t("reception.sealed.content").to_owned()),
        None => (String::new(), String::new(), String::new()),
    };
    let refused = visit.refusal.map(|ground| lang.f("reception.refused", &[("ground", lang.t(ground.key()))]));
    let note = [Some(visit.note.clone()).filter(|note| !note.is_empty()), refused].into_iter().flatten().collect::<Vec<_>>().join("; ");
    [
        visit.no.to_string(),
        visit.day.format("%d/%m/%Y").to_string(),
        who,
        id_number,
        content,
        lang.t(kind_key(visit.kind)).to_owned(),
        if visit.same_people > 0 { visit.same_people.to_string() } else { String::new() },
        visit.resolved_by.clone(),
        if visit.is_competent { "x".to_owned() } else { String::new() },
        visit.guided_to.clone(),
        visit.handled_by.clone(),
        visit.result.clone(),
        note,
    ]
}

async fn rows(context: &PageContext, body_id: &str, year: i32, after: i64, limit: i64) -> Result<Vec<(Visit, [String; COLUMNS])>> {
    let mut tx = context.portal.db().read().await?;
    let visits = visits::of_year(&mut tx, body_id, i64::from(year), after, limit).await?;
    let people: HashMap<String, VisitPerson> = visits::people_of_year(&mut tx, body_id, i64::from(year), after, limit).await?.into_iter().collect();
    drop(tx);
    Ok(visits
        .into_iter()
        .map(|visit| {
            let told = columns(context, &visit, people.get(&visit.id));
            (visit, told)
        })
        .collect())
}

/// `GET /can-bo/tiep-dan/so`
pub async fn show(context: PageContext, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    let body_id = body_of(&context)?;
    let year = year_of(&context, &pairs);
    let after: i64 = value(&pairs, "sau").and_then(|no| no.parse().ok()).unwrap_or(0);
    let mut rows = rows(&context, &body_id, year, after, ROWS_MAX + 1).await?;
    let more = i64::try_from(rows.len()).is_ok_and(|n| n > ROWS_MAX);
    if more {
        rows.pop();
    }
    let ends = (NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default(), NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or_default());
    let group_from = context.directory.reception_rules().groups.iter().map(|rule| rule.people_from).min().unwrap_or(i64::MAX);
    let units = visits::units(&mut context.portal.db().look().await?, &body_id, ends.0, ends.1, group_from).await?;
    let lang = context.lang;
    let counted = lang.f(
        "reception.units",
        &[
            ("visits", &lang.number(units.visits)),
            ("people", &lang.number(units.people)),
            ("matters", &lang.number(units.matters)),
            ("groups", &lang.number(units.delegations)),
        ],
    );
    let next = rows.last().filter(|_| more).map(|(visit, _)| {
        let href = context.href(&address("/can-bo/tiep-dan/so", &[("nam", year.to_string()), ("sau", visit.no.to_string())]));
        view! { <p class="no-print"><a class="btn" href=href>{lang.t("reception.register.more")}</a></p> }
    });
    let page = Page::new(&context, Section::Receptions, lang.t("reception.register.link")).main_class("wrap full page stack");
    Ok(page.render(|| {
        view! {
            <a class="back no-print" href=context.href(DESK)>{icon(Icon::Back)}{lang.t("reception.desk.title")}</a>
            <div class="stack-s">
                <p class="print-only"><b>{context.directory.agency_name(&body_id).to_owned()}</b></p>
                <h1 class="title-s register-title">{lang.f("reception.register.title", &[("year", &year.to_string())])}</h1>
                <p class="small muted">{lang.t("reception.register.form")}</p>
                <p class="num">{counted}</p>
                <p class="row no-print">
                    <a class="btn btn-s" href=context.href(&address("/can-bo/tiep-dan/so", &[("nam", (year - 1).to_string())]))>{(year - 1).to_string()}</a>
                    {(year < context.today.year()).then(|| view! { <a class="btn btn-s" href=context.href(&address("/can-bo/tiep-dan/so", &[("nam", (year + 1).to_string())]))>{(year + 1).to_string()}</a> })}
                    <a class="btn btn-s" href=context.href(&address("/can-bo/tiep-dan/so.xlsx", &[("nam", year.to_string())]))>{icon(Icon::Download)}{lang.t("reception.register.xlsx")}</a>
                </p>
            </div>
            {table(&context, &rows)}
            {next}
        }
        .into_any()
    }))
}

fn table(context: &PageContext, rows: &[(Visit, [String; COLUMNS])]) -> AnyView {
    let lang = context.lang;
    if rows.is_empty() {
        return view! { <p class="muted">{lang.t("reception.register.empty")}</p> }.into_any();
    }
    let heads: Vec<_> = HEADS.iter().map(|key| view! { <th scope="col">{lang.t(key)}</th> }).collect();
    let numbers: Vec<_> = (1..=COLUMNS).map(|n| view! { <td class="center small">{format!("({n})")}</td> }).collect();
    let lines: Vec<_> = rows
        .iter()
        .map(|(visit, cells)| {
            let cells: Vec<_> = cells
                .iter()
                .zip(HEADS)
                .enumerate()
                .map(|(column, (text, key))| {
                    if column == 0 {
                        view! { <th scope="row" class="num"><a href=context.href(&format!("{DESK}/luot/{}", visit.id))>{text.clone()}</a></th> }.into_any()
                    } else {
                        // An empty cell is really empty, so that on a phone its name goes too.
                        let text = (!text.is_empty()).then(|| text.clone());
                        view! { <td data-label=lang.t(key)>{text}</td> }.into_any()
                    }
                })
                .collect();
            view! { <tr>{cells}</tr> }
        })
        .collect();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=lang.t("reception.register.link")>
            <table class="table register">
                <thead><tr>{heads}</tr><tr aria-hidden="true">{numbers}</tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// `GET /can-bo/tiep-dan/so.xlsx`
pub async fn xlsx(context: PageContext, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    let body_id = body_of(&context)?;
    let year = year_of(&context, &pairs);
    let rows: Vec<[String; COLUMNS]> = rows(&context, &body_id, year, 0, FILE_ROWS_MAX).await?.into_iter().map(|(_, cells)| cells).collect();
    let deed = Deed::RegisterTaken { rows: i64::try_from(rows.len()).unwrap_or(i64::MAX) };
    record::actions::write_alone(&context.portal, &context.actor, &body_id, &deed).await?;
    let lang = context.lang;
    let head = Head {
        agency: context.directory.agency_name(&body_id).to_uppercase(),
        title: lang.t("reception.register.link").to_uppercase(),
        year: lang.f("reception.register.year", &[("year", &year.to_string())]),
        sheet: year.to_string(),
    };
    // A long list is put together off the threads that serve.
    let names = HEADS.map(|key| lang.t(key).to_owned());
    let bytes = tokio::task::spawn_blocking(move || file(&head, &names, &rows)).await.map_err(crate::error::AppError::internal)??;
    attachment(bytes, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &format!("so-tiep-cong-dan-{year}.xlsx"))
}
