//! `/can-bo/danh-gia`: what citizens say about an authority's answers, by unit and month by month. Every share shows its counts.

use super::leader::share_words;
use crate::error::{AppError, Result};
use crate::permissions::{Action, check};
use crate::petitions::ratings::{Cell, QUESTIONS, Sums, of_agency};
use crate::publishing::pages::ratings::afterwards;
use crate::ui::{Page, PageContext, Section, table};
use crate::words::Lang;
use axum::extract::Query;
use axum::response::Response;
use chrono::{Datelike, Months, NaiveDate};
use leptos::prelude::*;

/// The page's address.
pub const PATH: &str = "/can-bo/danh-gia";
/// Months of the trend, this one among them.
const TREND_MONTHS: u32 = 12;

/// The span of months that was asked for: `?nam=2026` is a year, nothing is the last twelve months.
fn span(pairs: &[(String, String)], today: NaiveDate) -> (String, String, Option<i32>) {
    let year =
        pairs.iter().find(|(name, _)| name == "nam").and_then(|(_, value)| value.parse::<i32>().ok()).filter(|year| (2000..=today.year()).contains(year));
    match year {
        Some(year) => (format!("{year:04}-01"), format!("{year:04}-12"), Some(year)),
        None => {
            let first = today.checked_sub_months(Months::new(TREND_MONTHS - 1)).unwrap_or(today);
            (first.format("%Y-%m").to_string(), today.format("%Y-%m").to_string(), None)
        }
    }
}

/// `GET /can-bo/danh-gia`
pub async fn show(context: PageContext, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let official = context.actor.official().ok_or(AppError::SignInNeeded)?;
    let body_id = official.body_id().ok_or(AppError::NotFound)?;
    check(&context.actor, Action::Lead(body_id))?;
    let (first, last, year) = span(&pairs, context.today);
    let mut tx = context.portal.db().read().await?;
    let cells = of_agency(&mut tx, body_id, &first, &last).await?;
    let mut units = Vec::new();
    for unit in context.directory.units_of(body_id) {
        units.push((unit.name.clone(), Sums::of(&of_agency(&mut tx, &unit.id, &first, &last).await?)));
    }
    drop(tx);
    let (lang, whole) = (context.lang, Sums::of(&cells));
    let title = lang.t("ratings.desk.title");
    Ok(Page::new(&context, Section::Lead, title).main_class("wrap wide page stack-l left-numbers").render(|| {
        view! {
            <div class="stack-s">
                <p class="small"><a href=lang.href("/can-bo/lanh-dao")>{lang.t("ratings.desk.back")}</a></p>
                <h1 class="title-s">{title}</h1>
                <p class="muted">{period_words(lang, context.directory.agency_name(body_id), &first, &last)}</p>
                {years(lang, year, context.today.year())}
            </div>
            {head(lang, &whole)}
            {by(lang, "ratings.desk.by_unit", "ratings.desk.unit", unit_rows(lang, &units, &whole))}
            {by(lang, "ratings.desk.trend", "ratings.desk.month", month_rows(lang, &cells))}
            <p class="small muted">{lang.t("ratings.how.everybody")}" "{lang.t("ratings.how.sealed")}" "{lang.t("ratings.how.own")}</p>
        }
        .into_any()
    }))
}

fn period_words(lang: Lang, body: &str, first: &str, last: &str) -> String {
    let month = |text: &str| text.split_once('-').map(|(year, month)| format!("{month}/{year}")).unwrap_or_default();
    lang.f("ratings.desk.lead", &[("body", body), ("first", &month(first)), ("last", &month(last))])
}

fn years(lang: Lang, shown: Option<i32>, this_year: i32) -> AnyView {
    let links: Vec<_> = [this_year, this_year - 1, this_year - 2]
        .into_iter()
        .filter(|year| shown != Some(*year))
        .map(|year| view! { <a class="btn btn-s" href=format!("{}?nam={year}", lang.href(PATH))>{year.to_string()}</a> })
        .collect();
    let latest = shown.is_some().then(|| view! { <a class="btn btn-s" href=lang.href(PATH)>{lang.t("ratings.desk.latest")}</a> });
    view! { <p class="row">{latest}{links}</p> }.into_any()
}

/// "57,1% (4/7)", or that nobody said anything.
fn share(lang: Lang, part: i64, whole: i64) -> String {
    share_words(lang, part, whole).unwrap_or_else(|| lang.t("ratings.desk.nobody").to_owned())
}

fn head(lang: Lang, sums: &Sums) -> AnyView {
    let names = ["ratings.head.clarity", "ratings.head.attitude", "ratings.head.result"];
    let marks = |question: usize| {
        let cells: Vec<_> = sums.marks[question]
            .iter()
            .enumerate()
            .map(|(n, count)| {
                let label = lang.f("ratings.desk.mark", &[("n", &(n + 1).to_string())]);
                view! { <td class="num" data-label=label>{lang.number(*count)}</td> }
            })
            .collect();
        view! { <tr><th scope="row">{lang.t(names[question])}</th>{cells}<td class="num" data-label=lang.t("ratings.desk.good")>{share(lang, sums.good(question), sums.rated)}</td></tr> }.into_any()
    };
    let heads = [
        "ratings.desk.question",
        "ratings.desk.mark.1",
        "ratings.desk.mark.2",
        "ratings.desk.mark.3",
        "ratings.desk.mark.4",
        "ratings.desk.mark.5",
        "ratings.desk.good",
    ];
    let rows = (0..QUESTIONS.len()).map(marks).collect();
    view! {
        <section class="stack-s">
            <h2 class="title-s">{lang.t("ratings.desk.whole")}</h2>
            <p><b>{lang.f("ratings.desk.answered", &[("share", &share(lang, sums.rated, sums.asked))])}</b></p>
            {table(lang, "ratings.desk.whole", &heads, rows)}
            {afterwards(lang, sums)}
        </section>
    }
    .into_any()
}

fn row(lang: Lang, name: String, sums: &Sums) -> AnyView {
    let good = |question: usize| share(lang, sums.good(question), sums.rated);
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td class="num" data-label=lang.t("ratings.head.rated")>{share(lang, sums.rated, sums.asked)}</td>
            <td class="num" data-label=lang.t("ratings.head.clarity")>{good(0)}</td>
            <td class="num" data-label=lang.t("ratings.head.attitude")>{good(1)}</td>
            <td class="num" data-label=lang.t("ratings.head.result")>{good(2)}</td>
            <td class="num" data-label=lang.t("ratings.head.not_solved")>{share(lang, sums.not_solved, sums.asked)}</td>
        </tr>
    }
    .into_any()
}

/// Each unit, and what no unit had.
fn unit_rows(lang: Lang, units: &[(String, Sums)], whole: &Sums) -> Vec<AnyView> {
    let mut rows: Vec<_> = units.iter().filter(|(_, sums)| sums.asked > 0).map(|(name, sums)| row(lang, name.clone(), sums)).collect();
    let given: i64 = units.iter().map(|(_, sums)| sums.asked).sum();
    if whole.asked > given && given > 0 {
        let rest = lang.f("ratings.desk.rest", &[("n", &lang.number(whole.asked - given))]);
        rows.push(view! { <tr><th scope="row" colspan="6">{rest}</th></tr> }.into_any());
    }
    rows
}

/// Each month that somebody was asked in, the latest first.
fn month_rows(lang: Lang, cells: &[Cell]) -> Vec<AnyView> {
    let mut months: Vec<&str> = cells.iter().map(|cell| cell.month.as_str()).collect();
    months.dedup();
    months
        .iter()
        .rev()
        .map(|month| {
            let name = month.split_once('-').map(|(year, month)| format!("{month}/{year}")).unwrap_or_default();
            row(lang, name, &Sums::of(cells.iter().filter(|cell| cell.month == *month)))
        })
        .collect()
}

fn by(lang: Lang, title: &'static str, first: &'static str, rows: Vec<AnyView>) -> AnyView {
    let heads = [first, "ratings.head.rated", "ratings.head.clarity", "ratings.head.attitude", "ratings.head.result", "ratings.head.not_solved"];
    let body = if rows.is_empty() { view! { <p class="notice info">{lang.t("ratings.desk.none")}</p> }.into_any() } else { table(lang, title, &heads, rows) };
    view! { <section class="stack-s"><h2 class="title-s">{lang.t(title)}</h2>{body}</section> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_or_the_last_twelve_months() {
        let today = "2026-11-26".parse().expect("a day");
        assert_eq!(span(&[], today), ("2025-12".into(), "2026-11".into(), None));
        assert_eq!(span(&[("nam".into(), "2025".into())], today), ("2025-01".into(), "2025-12".into(), Some(2025)));
        assert_eq!(span(&[("nam".into(), "2027".into())], today).2, None, "not a year to come");
    }
}
