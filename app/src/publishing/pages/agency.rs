//! One agency: who it is, what it answered, what it came from.

use super::{agency_path, breadcrumbs, case_list, empty, figure_cells, figure_head, of_agency};
use crate::agencies::Agency;
use crate::error::{AppError, Result};
use crate::petitions::register::Outcome;
use crate::petitions::rules::Kind;
use crate::publishing::cache;
use crate::publishing::figures::{Count, Tally};
use crate::publishing::filters::{ChosenAgency, Filters, KIND, OUTCOME, REGISTER, STATE, Standing, YEAR, address, kind_slug, outcome_slug};
use crate::publishing::listing;
use crate::publishing::store::Listed;
use crate::ui::context::PageContext;
use crate::ui::icons::Icon;
use crate::ui::page::{Page, Section};
use crate::words::Lang;
use axum::extract::Path;
use axum::response::Response;
use chrono::Datelike;
use leptos::prelude::*;

/// Answers shown.
const LATEST_MAX: usize = 5;

/// `/co-quan/{code}`
pub async fn agency(context: PageContext, Path(code): Path<String>) -> Result<Response> {
    let directory = context.directory.clone();
    let agency = directory.agency_by_code(&code).filter(|agency| agency.is_body()).ok_or(AppError::NotFound)?;
    let chosen = ChosenAgency { code: agency.code.clone(), body_id: agency.id.clone() };
    let answered = Filters { agency: Some(chosen), standing: Some(Standing::Answered), ..Filters::default() };
    let counts: Vec<Count> = cache::figures(&context.portal).await?.iter().filter(|count| count.body_id == agency.id).cloned().collect();
    let mut tx = context.portal.db().read().await?;
    let mut latest = listing::find(&mut tx, &answered).await?.exact;
    let said = super::ratings::of_year(&mut tx, &agency.id, context.today.year()).await?;
    let promises = crate::commitments::pages::Figures::load(&mut tx, context.today).await?;
    drop(tx);
    latest.truncate(LATEST_MAX);
    let lang = context.lang;
    let description = lang.f("agency.description", &[("agency", &agency.name)]);
    let page = Page::new(&context, Section::Agencies, agency.name.clone()).public(description).main_class("wrap wide page stack-l");
    Ok(page.render(|| {
        view! {
            <div class="stack">
                {breadcrumbs(lang, "/co-quan", lang.t("nav.agencies"), &agency.short_name)}
                <h1>{agency.name.clone()}</h1>
                {ended(lang, agency)}
                {totals(lang, agency, Tally::of(&counts))}
            </div>
            {years(lang, agency, &counts)}
            {crate::commitments::pages::of_agency(lang, agency, &promises)}
            {super::ratings::section(lang, &said, context.today.year())}
            {answers(&context, agency, &latest)}
            <div class="two">{units(&context, agency)}{succession(&context, agency)}</div>
            <p class="small muted">{lang.t("figures.note")}</p>
        }
        .into_any()
    }))
}

fn ended(lang: Lang, agency: &Agency) -> AnyView {
    agency.valid_to.map(|day| view! { <p class="lead-text">{lang.f("agency.ended", &[("day", &lang.day_short(day))])}</p> }).into_any()
}

fn totals(lang: Lang, agency: &Agency, tally: Tally) -> AnyView {
    let link = |name: &'static str, value: &str| {
        let mut pairs = of_agency(agency);
        pairs.push((name, value.to_owned()));
        lang.href(&address(REGISTER, &pairs))
    };
    let cell = |n: i64, key: &'static str, href: String, class: &'static str| {
        let content = view! { <b class=class>{lang.number(n)}</b><span>{lang.t(key)}</span> };
        if n > 0 { view! { <a href=href>{content}</a> }.into_any() } else { view! { <div>{content}</div> }.into_any() }
    };
    let share = tally
        .share_on_time(lang)
        .map(|share| view! { <p class="num">{lang.f("agency.share", &[("share", &share), ("mean", &tally.mean_days(lang).unwrap_or_default())])}</p> });
    view! {
        <div class="figures four num">
            {cell(tally.released(), "figures.released", lang.href(&address(REGISTER, &of_agency(agency))), "")}
            {cell(tally.handling, "figures.handling", link(STATE, Standing::Handling.slug()), "")}
            {cell(tally.on_time, "figures.on_time", link(OUTCOME, outcome_slug(Outcome::OnTime)), "")}
            {cell(tally.late, "figures.late", link(OUTCOME, outcome_slug(Outcome::Late)), if tally.late > 0 { "late" } else { "" })}
        </div>
        {share}
    }
    .into_any()
}

fn years(lang: Lang, agency: &Agency, counts: &[Count]) -> AnyView {
    let mut years: Vec<i64> = counts.iter().map(|count| count.year).collect();
    years.sort_unstable_by(|a, b| b.cmp(a));
    years.dedup();
    if years.is_empty() {
        return ().into_any();
    }
    let row = |year: i64, kind: Kind| {
        let tally = Tally::of(counts.iter().filter(|count| count.year == year && count.kind == kind));
        (tally.released() > 0).then(|| {
            let mut chosen = of_agency(agency);
            chosen.extend([(YEAR, year.to_string()), (KIND, kind_slug(kind).to_owned())]);
            view! { <tr><th scope="row">{format!("{year} · {}", lang.t(kind.key()))}</th>{figure_cells(lang, tally, &chosen)}</tr> }
        })
    };
    let rows: Vec<_> = years.iter().flat_map(|year| Kind::PUBLIC.map(|kind| row(*year, kind))).flatten().collect();
    view! {
        <section class="stack">
            <h2>{lang.t("agency.years")}</h2>
            <div class="table-wrap" tabindex="0" role="region" aria-label=lang.t("agency.years")>
                <table class="table">{figure_head(lang, "agency.year_and_kind")}<tbody>{rows}</tbody></table>
            </div>
        </section>
    }
    .into_any()
}

fn answers(context: &PageContext, agency: &Agency, latest: &[Listed]) -> AnyView {
    let lang = context.lang;
    let content = if latest.is_empty() {
        empty(Icon::Register, lang.t("agency.none.title").to_owned(), lang.t("agency.none.text"), ().into_any())
    } else {
        let mut pairs = of_agency(agency);
        pairs.push((STATE, Standing::Answered.slug().to_owned()));
        view! { {case_list(context, latest)}<p><a href=lang.href(&address(REGISTER, &pairs))>{lang.t("home.all_answers")}</a></p> }.into_any()
    };
    view! { <section class="stack"><h2>{lang.t("home.latest")}</h2>{content}</section> }.into_any()
}

fn units(context: &PageContext, agency: &Agency) -> AnyView {
    let units: Vec<_> = context.directory.units_of(&agency.id).map(|unit| view! { <li>{unit.name.clone()}</li> }).collect();
    if units.is_empty() {
        return ().into_any();
    }
    view! { <section class="stack"><h2>{context.lang.t("agency.units")}</h2><ul>{units}</ul></section> }.into_any()
}

fn succession(context: &PageContext, agency: &Agency) -> AnyView {
    let (lang, directory) = (context.lang, &context.directory);
    let list = |key: &'static str, mut agencies: Vec<&Agency>| {
        agencies.sort_by(|a, b| a.sort_key.cmp(&b.sort_key));
        agencies.dedup_by(|a, b| a.id == b.id);
        let items: Vec<_> = agencies.into_iter().map(|other| view! { <li><a href=lang.href(&agency_path(other))>{other.name.clone()}</a></li> }).collect();
        (!items.is_empty()).then(|| view! { <section class="stack"><h2>{lang.t(key)}</h2><ul>{items}</ul></section> })
    };
    view! { <div class="stack">{list("agency.before", directory.predecessors_of(&agency.id).collect())}{list("agency.after", directory.successors_of(&agency.id).collect())}</div> }
        .into_any()
}
