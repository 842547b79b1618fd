//! `/danh-gia`: what citizens say about the answers they got, by authority. A share never stands without its counts, and nothing is said
//! about a few.

use super::agency_path;
use crate::agencies::Agency;
use crate::db::Tx;
use crate::error::Result;
use crate::petitions::ratings::{Cell, QUESTIONS, Sums, of_agency, of_bodies};
use crate::ui::breadcrumbs;
use crate::ui::context::PageContext;
use crate::ui::page::{Page, Section};
use crate::words::Lang;
use axum::extract::Query;
use axum::response::Response;
use chrono::Datelike;
use leptos::prelude::*;
use std::collections::HashMap;

/// The page's address.
pub const PATH: &str = "/danh-gia";
/// What fewer people said is not told: a few are soon known by name.
pub const TOLD_MIN: i64 = 5;
/// Years before this one that can be asked for.
const YEARS_BACK_MAX: i32 = 10;

/// "4 trong 7".
fn of(lang: Lang, part: i64, whole: i64) -> String {
    lang.f("ratings.of", &[("n", &lang.number(part)), ("all", &lang.number(whole))])
}

/// First and last month of a year.
fn months(year: i32) -> (String, String) {
    (format!("{year:04}-01"), format!("{year:04}-12"))
}

/// The figures of an authority for a year.
pub(super) async fn of_year(tx: &mut Tx, body_id: &str, year: i32) -> Result<Sums> {
    let (first, last) = months(year);
    Ok(Sums::of(&of_agency(tx, body_id, &first, &last).await?))
}

/// `/danh-gia`
pub async fn ratings(context: PageContext, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    let this_year = context.today.year();
    let asked = pairs.iter().find(|(name, _)| name == "nam").and_then(|(_, value)| value.parse().ok());
    let year: i32 = asked.filter(|year| (this_year - YEARS_BACK_MAX..=this_year).contains(year)).unwrap_or(this_year);
    let (first, last) = months(year);
    let cells = of_bodies(&mut context.portal.db().look().await?, &first, &last).await?;
    let lang = context.lang;
    let title = lang.f("ratings.title", &[("year", &year.to_string())]);
    let page = Page::new(&context, Section::Agencies, title.clone()).public(lang.t("ratings.description")).main_class("wrap wide page stack-l");
    Ok(page.render(|| {
        view! {
            <div class="stack">
                {breadcrumbs(lang, "/co-quan", lang.t("nav.agencies"), lang.t("ratings.link"))}
                <h1>{title.clone()}</h1>
                <p class="lead-text">{lang.t("ratings.lead")}</p>
                <p class="row">
                    <a class="btn btn-s" href=format!("{}?nam={}", lang.href(PATH), year - 1)>{(year - 1).to_string()}</a>
                    {(year < this_year).then(|| view! { <a class="btn btn-s" href=format!("{}?nam={}", lang.href(PATH), year + 1)>{(year + 1).to_string()}</a> })}
                </p>
            </div>
            {section(lang, &Sums::of(&cells), year)}
            {by_authority(&context, &cells)}
            {notes(lang)}
        }
        .into_any()
    }))
}

fn notes(lang: Lang) -> AnyView {
    view! {
        <section class="stack-s">
            <h2 class="title-s">{lang.t("ratings.how")}</h2>
            <ul class="small muted">
                <li>{lang.t("ratings.how.everybody")}</li>
                <li>{lang.t("ratings.how.promised")}</li>
                <li>{lang.f("ratings.how.few", &[("n", &lang.number(TOLD_MIN))])}</li>
                <li>{lang.t("ratings.how.sealed")}</li>
                <li>{lang.t("ratings.how.own")}</li>
            </ul>
        </section>
    }
    .into_any()
}

/// The figures of one authority, or of all.
pub(super) fn section(lang: Lang, sums: &Sums, year: i32) -> AnyView {
    let rows: Vec<_> = (0..QUESTIONS.len())
        .map(|question| view! { <div><b>{format!("{}/{}", lang.number(sums.good(question)), lang.number(sums.rated))}</b><span>{lang.t(good_key(question))}</span></div> })
        .collect();
    let told = sums.rated >= TOLD_MIN;
    let asked = if sums.asked >= TOLD_MIN {
        lang.f("ratings.answered", &[("rated", &lang.number(sums.rated)), ("asked", &lang.number(sums.asked))])
    } else {
        lang.f("ratings.few", &[("n", &lang.number(TOLD_MIN))])
    };
    let heading = lang.f("ratings.heading", &[("year", &year.to_string())]);
    view! {
        <section class="stack-s" id="danh-gia">
            <h2>{heading}</h2>
            <p>{asked}</p>
            {told.then(|| view! { <div class="figures num">{rows}</div> })}
            {(sums.asked >= TOLD_MIN && !told).then(|| view! { <p class="muted">{lang.f("ratings.few_rated", &[("n", &lang.number(TOLD_MIN))])}</p> })}
            {(sums.asked >= TOLD_MIN).then(|| afterwards(lang, sums))}
        </section>
    }
    .into_any()
}

fn good_key(question: usize) -> &'static str {
    match question {
        0 => "ratings.good.clarity",
        1 => "ratings.good.attitude",
        _ => "ratings.good.result",
    }
}

/// "Not solved", and what came of it.
pub(crate) fn afterwards(lang: Lang, sums: &Sums) -> AnyView {
    let line = |key: &'static str, part: i64, whole: i64| view! { <li>{lang.f(key, &[("of", &of(lang, part, whole))])}</li> };
    view! {
        <ul class="small">
            {line("ratings.solved", sums.solved, sums.asked)}
            {line("ratings.not_solved", sums.not_solved, sums.asked)}
            {(sums.not_solved > 0).then(|| line("ratings.answered_again", sums.answered_again, sums.not_solved))}
            {line("ratings.second_instance", sums.second_instance, sums.asked)}
        </ul>
    }
    .into_any()
}

fn by_authority(context: &PageContext, cells: &[Cell]) -> AnyView {
    let lang = context.lang;
    let mut of_body: HashMap<&str, Vec<&Cell>> = HashMap::new();
    for cell in cells {
        of_body.entry(&cell.agency_id).or_default().push(cell);
    }
    let rows: Vec<_> = context
        .directory
        .authorities_of(&context.portal.settings().province_code)
        .filter_map(|agency| {
            let sums = Sums::of(of_body.get(agency.id.as_str())?.iter().copied());
            (sums.asked >= TOLD_MIN).then(|| row(lang, agency, &sums))
        })
        .collect();
    if rows.is_empty() {
        return view! { <p class="muted">{lang.f("ratings.none", &[("n", &lang.number(TOLD_MIN))])}</p> }.into_any();
    }
    let heads = ["agencies.agency", "ratings.head.rated", "ratings.head.clarity", "ratings.head.attitude", "ratings.head.result", "ratings.head.not_solved"];
    view! { <section class="stack"><h2>{lang.t("ratings.by_authority")}</h2>{crate::ui::table(lang, "ratings.by_authority", &heads, rows)}</section> }
        .into_any()
}

fn row(lang: Lang, agency: &Agency, sums: &Sums) -> AnyView {
    let mark = |question: usize| if sums.rated >= TOLD_MIN { of(lang, sums.good(question), sums.rated) } else { lang.t("ratings.too_few").to_owned() };
    view! {
        <tr>
            <th scope="row"><a href=lang.href(&agency_path(agency))>{agency.short_name.clone()}</a></th>
            <td class="num" data-label=lang.t("ratings.head.rated")>{of(lang, sums.rated, sums.asked)}</td>
            <td class="num" data-label=lang.t("ratings.head.clarity")>{mark(0)}</td>
            <td class="num" data-label=lang.t("ratings.head.attitude")>{mark(1)}</td>
            <td class="num" data-label=lang.t("ratings.head.result")>{mark(2)}</td>
            <td class="num" data-label=lang.t("ratings.head.not_solved")>{of(lang, sums.not_solved, sums.asked)}</td>
        </tr>
    }
    .into_any()
}
