//! `/doi-thoai/theo-co-quan`: how often each head has met the people in a year, against what must be.

use super::desk_views::standing_words;
use super::plan::{Minimum, Standing, Year, minimum};
use super::rules::Dialogue;
use super::{PATH, store};
use crate::agencies::Agency;
use crate::error::Result;
use crate::ui::context::PageContext;
use crate::ui::page::{Page, Section};
use crate::ui::{address, breadcrumbs, table};
use crate::words::Lang;
use axum::extract::Query;
use axum::response::Response;
use chrono::Datelike;
use leptos::prelude::*;
use std::collections::HashMap;

/// The page's address.
const PROOF: &str = "/doi-thoai/theo-co-quan";
/// Dialogues of a year: a province of a hundred authorities has a few hundred.
const DIALOGUES_MAX: i64 = 5_000;
/// Years before this one that can be asked for.
const YEARS_BACK_MAX: i32 = 10;

struct Row<'a> {
    agency: &'a Agency,
    figures: Year,
    minimum: Minimum,
    standing: Standing,
}

/// `/doi-thoai/theo-co-quan`
pub(super) async fn proof(context: PageContext, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    let this_year = context.today.year();
    let asked = pairs.iter().find(|(name, _)| name == "nam").and_then(|(_, value)| value.parse().ok());
    let year: i32 = asked.filter(|year| (this_year - YEARS_BACK_MAX..=this_year).contains(year)).unwrap_or(this_year);
    let mut tx = context.portal.db().look().await?;
    let dialogues = store::of_year(&mut tx, i64::from(year), DIALOGUES_MAX).await?;
    let minimums = store::minimums(&mut tx).await?;
    drop(tx);
    let mut of_body: HashMap<&str, Vec<&Dialogue>> = HashMap::new();
    for dialogue in &dialogues {
        of_body.entry(&dialogue.body_id).or_default().push(dialogue);
    }
    let province = &context.portal.settings().province_code;
    let row = |agency| row(agency, of_body.get(agency.id.as_str()).map(Vec::as_slice).unwrap_or_default(), &minimums, year, &context);
    let rows: Vec<Row<'_>> = context.directory.authorities_of(province).filter_map(row).collect();
    let lang = context.lang;
    let title = lang.f("dialogues.proof.title", &[("year", &year.to_string())]);
    let page = Page::new(&context, Section::Dialogues, title.clone()).public(lang.t("dialogues.proof.description")).main_class("wrap wide page stack-l");
    Ok(page.render(|| {
        let link = |year: i32| view! { <a class="btn btn-s" href=format!("{}?nam={year}", lang.href(PROOF))>{year.to_string()}</a> };
        view! {
            <div class="stack">
                {breadcrumbs(lang, PATH, lang.t("dialogues.title"), lang.t("dialogues.proof.link"))}
                <h1>{title.clone()}</h1>
                <p class="lead-text">{lang.t("dialogues.proof.lead")}</p>
                <p class="row no-print">
                    {(year > this_year - YEARS_BACK_MAX).then(|| link(year - 1))}
                    {(year < this_year).then(|| link(year + 1))}
                </p>
            </div>
            {totals(lang, &rows)}
            {by_agency(lang, year, &rows)}
            {notes(lang, &rows)}
        }
        .into_any()
    }))
}

fn row<'a>(agency: &'a Agency, dialogues: &[&Dialogue], minimums: &[Minimum], year: i32, context: &PageContext) -> Option<Row<'a>> {
    let minimum = minimum(minimums, &agency.kind, year)?.clone();
    let figures = Year::of(dialogues.iter().copied());
    let standing = figures.standing(minimum.per_year, year, context.today);
    Some(Row { agency, figures, minimum, standing })
}

fn totals(lang: Lang, rows: &[Row<'_>]) -> AnyView {
    let count = |standing: &[Standing]| rows.iter().filter(|row| standing.contains(&row.standing)).count();
    let cell = |n: usize, key: &'static str| {
        let of = format!("{} / {}", lang.number(i64::try_from(n).unwrap_or(i64::MAX)), lang.number(i64::try_from(rows.len()).unwrap_or(i64::MAX)));
        view! { <div><b>{of}</b><span>{lang.t(key)}</span></div> }
    };
    view! {
        <div class="figures num">
            {cell(count(&[Standing::Met]), "dialogues.proof.met")}
            {cell(count(&[Standing::Arranged]), "dialogues.proof.arranged")}
            {cell(count(&[Standing::Open, Standing::Warned, Standing::Missed]), "dialogues.proof.missing")}
        </div>
    }
    .into_any()
}

fn by_agency(lang: Lang, year: i32, rows: &[Row<'_>]) -> AnyView {
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            let (key, class) = standing_words(row.standing);
            let n = row.figures.by_head + row.figures.by_deputy + row.figures.coming + row.figures.cancelled;
            let href = lang.href(&address(PATH, &[("co-quan", row.agency.code.clone()), ("nam", year.to_string())]));
            let name = row.agency.short_name.clone();
            let name = if n > 0 { view! { <a href=href>{name}</a> }.into_any() } else { name.into_any() };
            let of = format!("{} / {}", lang.number(row.figures.by_head), lang.number(row.minimum.per_year));
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td class="num" data-label=lang.t("dialogues.proof.by_head")>{of}</td>
                    <td class="num" data-label=lang.t("dialogues.proof.by_deputy")>{lang.number(row.figures.by_deputy)}</td>
                    <td class="num" data-label=lang.t("dialogues.proof.coming")>{lang.number(row.figures.coming)}</td>
                    <td data-label=lang.t("dialogues.proof.standing")><span class=format!("clock {class}")>{lang.t(key)}</span></td>
                </tr>
            }
            .into_any()
        })
        .collect();
    let heads = ["dialogues.filter.agency", "dialogues.proof.by_head", "dialogues.proof.by_deputy", "dialogues.proof.coming", "dialogues.proof.standing"];
    table(lang, "dialogues.proof.link", &heads, rows)
}

/// What must be, and where that is written.
fn notes(lang: Lang, rows: &[Row<'_>]) -> AnyView {
    let mut sources: Vec<(i64, &str)> = rows.iter().map(|row| (row.minimum.per_year, row.minimum.source.as_str())).collect();
    sources.sort_unstable();
    sources.dedup();
    let items: Vec<_> =
        sources.iter().map(|(n, source)| view! { <li>{lang.f("dialogues.minimum", &[("n", &lang.number(*n)), ("source", source)])}</li> }).collect();
    view! { <section class="stack-s"><h2 class="title-s">{lang.t("dialogues.proof.how")}</h2><ul class="small muted"><li>{lang.t("dialogues.proof.how.head")}</li>{items}</ul></section> }
        .into_any()
}
