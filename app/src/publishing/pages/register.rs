//! The public register: search, filters, pages.

use super::{case_list, short_name};
use crate::dialogues;
use crate::error::Result;
use crate::form::FormState;
use crate::petitions::rules::Kind;
use crate::publishing::cache;
use crate::publishing::figures::{Count, Tally};
use crate::publishing::filters::{
    AFTER, AGENCY, AREA, Filters, KIND, OUTCOME, OUTCOMES, REGISTER, STATE, Standing, WORDS, YEAR, kind_slug, outcome_key, outcome_slug,
};
use crate::publishing::listing::{self, Found};
use crate::ui::context::PageContext;
use crate::ui::fields::{FieldLook, select_field};
use crate::ui::icons::{Icon, icon};
use crate::ui::page::{Page, Section};
use crate::ui::{address, empty};
use crate::words::Lang;
use axum::extract::Query;
use axum::response::Response;
use leptos::prelude::*;

/// `/cong-khai`
pub async fn register(context: PageContext, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    let filters = Filters::read(&pairs, &context.directory);
    let counts = cache::figures(&context.portal).await?;
    let mut tx = context.portal.db().read().await?;
    let found = listing::find(&mut tx, &filters).await?;
    let dialogues = dialogues::about(&mut tx, &context, &filters.words).await?;
    drop(tx);
    let lang = context.lang;
    let title = if filters.words.is_empty() { lang.t("register.title").to_owned() } else { format!("{} · {}", filters.words, lang.t("register.title")) };
    let page = Page::new(&context, Section::Register, title).public(lang.t("register.description")).main_class("wrap wide page stack-l");
    Ok(page.render(|| {
        view! {
            <div class="stack">
                <h1>{lang.t("register.title")}</h1>
                <p class="lead-text">{lang.t("register.lead")}</p>
            </div>
            <div class="with-filters">
                {filter_form(&context, &filters, &counts)}
                <div class="stack">
                    {search_form(lang, &filters)}
                    {filters.has_unknown.then(|| view! { <div class="notice warn" role="status">{icon(Icon::Warning)}<p>{lang.t("register.unknown")}</p></div> })}
                    {chips(&context, &filters)}
                    {number(lang, &filters, &counts)}
                    {results(&context, &filters, &found)}
                    {pager(lang, &filters, &found)}
                    {dialogues::found_section(&context, &dialogues)}
                </div>
            </div>
            <p class="small muted">{lang.t("register.note")}" "<a href=lang.href("/cong-khai.atom") rel="alternate" type="application/atom+xml">{lang.t("register.feed")}</a></p>
        }
        .into_any()
    }))
}

/// The other choices travel along as hidden fields.
fn kept(filters: &Filters, is_kept: impl Fn(&str) -> bool) -> AnyView {
    filters
        .pairs()
        .into_iter()
        .filter(|(name, _)| is_kept(name))
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect::<Vec<_>>()
        .into_any()
}

fn search_form(lang: Lang, filters: &Filters) -> AnyView {
    view! {
        <form class="search" role="search" method="get" action=lang.href(REGISTER)>
            <label class="visually-hidden" for="q">{lang.t("register.search.label")}</label>
            <input id="q" type="search" name=WORDS value=filters.words.clone() placeholder=lang.t("register.search.example") maxlength="100" autocomplete="off" />
            {kept(filters, |name| name != WORDS)}
            <button class="btn btn-main">{icon(Icon::Search)}<span>{lang.t("register.search.button")}</span></button>
        </form>
    }
    .into_any()
}

fn filter_form(context: &PageContext, filters: &Filters, counts: &[Count]) -> AnyView {
    let (lang, directory) = (context.lang, &context.directory);
    let province = context.portal.settings().province_code.as_str();
    let form = FormState::from_pairs(filters.pairs().into_iter().map(|(name, value)| (name.to_owned(), value)));
    let field = |name: &'static str, label: &'static str, none: &'static str, options: Vec<(String, String)>| {
        select_field(lang, &form, name, options, none, FieldLook { label, ..FieldLook::default() })
    };
    let kinds = Kind::PUBLIC.map(|kind| (kind_slug(kind).to_owned(), lang.t(kind.key()).to_owned())).to_vec();
    let areas = directory.area(province).into_iter().chain(directory.communes_of(province)).map(|area| (area.code.clone(), area.full_name.clone())).collect();
    let mut agencies: Vec<_> = directory.authorities_of(province).map(|agency| (agency.code.clone(), agency.short_name.clone())).collect();
    if let Some(past) = filters.agency.as_ref().filter(|chosen| agencies.iter().all(|(code, _)| *code != chosen.code)) {
        agencies.push((past.code.clone(), short_name(directory, &past.body_id).to_owned()));
    }
    let states = Standing::ALL.map(|standing| (standing.slug().to_owned(), lang.t(standing.key()).to_owned())).to_vec();
    let outcomes = OUTCOMES.map(|outcome| (outcome_slug(outcome).to_owned(), lang.t(outcome_key(outcome)).to_owned())).to_vec();
    let mut years: Vec<i64> = counts.iter().map(|count| count.year).chain(filters.year).collect();
    years.sort_unstable_by(|a, b| b.cmp(a));
    years.dedup();
    let years = years.into_iter().map(|year| (year.to_string(), year.to_string())).collect();
    let active = filters.pairs().iter().filter(|(name, _)| *name != WORDS).count();
    let badge = (active > 0).then(|| view! { " " <span class="count">{active.to_string()}</span> });
    view! {
        <div>
            <details class="filters-toggle"><summary class="btn btn-block">{icon(Icon::Filter)}{lang.t("register.filter")}{badge}</summary></details>
            <form class="filters-form stack" method="get" action=lang.href(REGISTER)>
                {kept(filters, |name| name == WORDS)}
                {field(KIND, "register.kind", "register.kind.all", kinds)}
                {field(AREA, "register.area", "register.area.all", areas)}
                {field(AGENCY, "register.agency", "register.agency.all", agencies)}
                {field(STATE, "register.state", "register.state.all", states)}
                {field(OUTCOME, "register.outcome", "register.outcome.all", outcomes)}
                {field(YEAR, "register.year", "register.year.all", years)}
                <button class="btn btn-block">{lang.t("register.filter")}</button>
            </form>
        </div>
    }
    .into_any()
}

/// What is chosen, each with a way to take it away.
fn chips(context: &PageContext, filters: &Filters) -> AnyView {
    let (lang, directory) = (context.lang, &context.directory);
    let pairs = filters.pairs();
    if pairs.is_empty() {
        return ().into_any();
    }
    let words = |name: &str, value: &str| match name {
        KIND => filters.kind.map_or_else(String::new, |kind| lang.t(kind.key()).to_owned()),
        AREA => directory.area_name(value).to_owned(),
        AGENCY => filters.agency.as_ref().map_or_else(String::new, |agency| short_name(directory, &agency.body_id).to_owned()),
        STATE => filters.standing.map_or_else(String::new, |standing| lang.t(standing.key()).to_owned()),
        OUTCOME => filters.outcome.map_or_else(String::new, |outcome| lang.t(outcome_key(outcome)).to_owned()),
        YEAR => lang.f("register.filed_in", &[("year", value)]),
        _ => format!("“{value}”"),
    };
    let chips: Vec<_> = pairs
        .iter()
        .map(|(name, value)| {
            let others: Vec<_> = pairs.iter().filter(|(other, _)| other != name).cloned().collect();
            let text = words(name, value);
            let label = lang.f("register.remove", &[("filter", &text)]);
            view! { <a class="chip on" href=lang.href(&address(REGISTER, &others)) aria-label=label>{text}" "{icon(Icon::Close)}</a> }
        })
        .collect();
    let all = (pairs.len() > 1).then(|| view! { <a class="chip" href=lang.href(REGISTER)>{lang.t("register.remove_all")}</a> });
    view! { <div class="chips">{chips}{all}</div> }.into_any()
}

/// How many cases are meant, where the figures know it without counting.
fn number(lang: Lang, filters: &Filters, counts: &[Count]) -> AnyView {
    let n = Tally::of(counts.iter().filter(|count| filters.takes(count))).released();
    if !filters.is_countable() || n == 0 {
        return ().into_any();
    }
    view! { <p class="num" role="status">{lang.n("register.number_one", "register.number_many", n)}</p> }.into_any()
}

fn results(context: &PageContext, filters: &Filters, found: &Found) -> AnyView {
    let lang = context.lang;
    if found.exact.is_empty() && found.near.is_empty() {
        return nothing(lang, filters);
    }
    let near = (!found.near.is_empty()).then(|| {
        let hint = (found.exact.is_empty() && filters.after.is_none())
            .then(|| view! { <p class="muted">{lang.f("register.no_exact", &[("words", &filters.words)])}</p> });
        view! { <section class="stack">{hint}<h2>{lang.t("register.near")}</h2>{case_list(context, &found.near)}</section> }
    });
    let heading = if found.has_passes { lang.t("register.exact") } else { lang.t("register.list") };
    let class = (!found.has_passes).then_some("visually-hidden");
    let exact = (!found.exact.is_empty()).then(|| view! { <section class="stack"><h2 class=class>{heading}</h2>{case_list(context, &found.exact)}</section> });
    view! { {exact}{near} }.into_any()
}

fn nothing(lang: Lang, filters: &Filters) -> AnyView {
    if filters.after.is_some() {
        let first = address(REGISTER, &filters.pairs());
        let action = view! { <a class="btn" href=lang.href(&first)>{lang.t("register.first")}</a> }.into_any();
        return empty(Icon::Register, lang.t("register.end.title").to_owned(), lang.t("register.end.text"), action);
    }
    if filters.pairs().is_empty() {
        let action = view! { <a class="btn" href=lang.href("/gui")>{lang.t("home.file")}</a> }.into_any();
        return empty(Icon::Register, lang.t("register.none.title").to_owned(), lang.t("register.none.text"), action);
    }
    let title =
        if filters.words.is_empty() { lang.t("register.no_hit.title").to_owned() } else { lang.f("register.no_hit.words", &[("words", &filters.words)]) };
    let action = view! { <a class="btn" href=lang.href(REGISTER)>{lang.t("register.remove_all")}</a> }.into_any();
    empty(Icon::Search, title, lang.t("register.no_hit.text"), action)
}

fn pager(lang: Lang, filters: &Filters, found: &Found) -> AnyView {
    let first = filters
        .after
        .map(|_| view! { <a class="btn btn-s" href=lang.href(&address(REGISTER, &filters.pairs()))>{icon(Icon::Back)}{lang.t("register.first")}</a> });
    let next = found.next.map(|cursor| {
        let mut pairs = filters.pairs();
        pairs.push((AFTER, cursor.text()));
        view! { <a class="btn btn-s push" rel="next" href=lang.href(&address(REGISTER, &pairs))>{lang.t("register.next")}{icon(Icon::Next)}</a> }
    });
    if first.is_none() && next.is_none() {
        return ().into_any();
    }
    view! { <nav class="pager" aria-label=lang.t("register.pages")>{first}{next}</nav> }.into_any()
}
