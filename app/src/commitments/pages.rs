//! The public list `/loi-hua`, who keeps promises (`/loi-hua/giu-loi`), and the lines other public pages show.

use super::filters::{AFTER, AGENCY, Filters, HEAD, STATE, Wanted, YEAR};
use super::listing::{self, Found};
use super::standing::{Standing, Tally};
use super::store::lists::{Cell, cells, late_cells};
use super::store::{NumberedHead, heads};
use super::view::{self, list_href};
use super::{PATH, following};
use crate::agencies::Agency;
use crate::db::Tx;
use crate::error::Result;
use crate::form::FormState;
use crate::publishing::pages::{agency_path, short_name};
use crate::ui::encoded;
use crate::ui::fields::{FieldLook, select_field};
use crate::ui::{Icon, Page, PageContext, Section, icon};
use crate::ui::{breadcrumbs, empty};
use crate::words::Lang;
use axum::extract::Query;
use axum::response::Response;
use chrono::NaiveDate;
use leptos::prelude::*;

/// Heads in the choice; a province with more shows those of one authority once that is chosen.
const HEADS_MAX: i64 = 500;
/// Cells of the figures that are read: a few for each authority, head and year.
const CELLS_MAX: i64 = 50_000;
/// Late commitments that are looked at for the figures.
const LATE_MAX: i64 = 20_000;
/// Who keeps promises.
pub(super) const KEEPING: &str = "/loi-hua/giu-loi";

/// The figures, with what is late today taken out of what is open.
#[derive(Clone, Debug, Default)]
pub struct Figures(Vec<Cell>);

impl Figures {
    /// Reads them.
    pub async fn load(tx: &mut Tx, today: NaiveDate) -> Result<Self> {
        let mut all = cells(tx, CELLS_MAX).await?;
        all.extend(late_cells(tx, today, LATE_MAX).await?);
        Ok(Self(all))
    }

    /// The sum of some cells.
    pub fn tally(&self, is_meant: impl Fn(&Cell) -> bool) -> Tally {
        let mut tally = Tally::default();
        for cell in self.0.iter().filter(|cell| is_meant(cell)) {
            match cell.lane.as_str() {
                // Counted among the open ones too.
                "late" => {
                    tally.add(Standing::Late, cell.n);
                    tally.add(Standing::Open, -cell.n);
                }
                lane => {
                    let standing = Standing::ALL.into_iter().find(|standing| *standing != Standing::Late && standing.lane() == lane);
                    tally.add(standing.unwrap_or(Standing::Open), cell.n);
                }
            }
        }
        tally
    }

    fn years(&self) -> Vec<i64> {
        let mut years: Vec<i64> = self.0.iter().map(|cell| cell.year).collect();
        years.sort_unstable_by(|a, b| b.cmp(a));
        years.dedup();
        years
    }
}

/// `GET /loi-hua`
pub async fn list(context: PageContext, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let filters = Filters::read(&mut tx, &pairs, &context.directory).await?;
    let figures = Figures::load(&mut tx, context.today).await?;
    let known_heads = heads(&mut tx, filters.agency.as_ref().map(|(_, id)| id.as_str()), HEADS_MAX).await?;
    let Found { rows, next } = listing::find(&mut tx, &filters, context.today).await?;
    let rows = view::load(&mut tx, rows).await?;
    drop(tx);
    let lang = context.lang;
    let articles: Vec<_> = rows.iter().map(|row| view::article(&context, row)).collect();
    let tally = figures.tally(|cell| is_meant(&filters, cell));
    let page = Page::new(&context, Section::Other, lang.t("commitments.title")).public(lang.t("commitments.description")).main_class("wrap wide page stack-l");
    Ok(page.render(|| {
        view! {
            <div class="stack">
                <h1>{lang.t("commitments.title")}</h1>
                <p class="lead-text">{lang.t("commitments.lead")}</p>
            </div>
            <div class="with-filters">
                {filter_form(&context, &filters, &known_heads, &figures.years())}
                <div class="stack">
                    {filters.has_unknown.then(|| view! { <div class="notice warn" role="status">{icon(Icon::Warning)}<p>{lang.t("register.unknown")}</p></div> })}
                    {chips(&context, &filters)}
                    {(tally.made() > 0).then(|| tiles(lang, &filters, tally))}
                    {if articles.is_empty() { nothing(lang, &filters) } else { view! { <h2 class="visually-hidden">{lang.t("commitments.list")}</h2>{articles}<p></p> }.into_any() }}
                    {pager(lang, &filters, next.map(super::filters::Cursor::text))}
                </div>
            </div>
            <p class="row">
                <a href=lang.href(KEEPING)>{lang.t("commitments.keeping.link")}</a>
                {filters.agency.as_ref().map(|(code, _)| follow_all(lang, code))}
                <a href=feed_href(lang, &filters) rel="alternate" type="application/atom+xml">{lang.t("commitments.feed")}</a>
            </p>
            <p class="small muted">{lang.t("commitments.note")}</p>
        }
        .into_any()
    }))
}

fn follow_all(lang: Lang, code: &str) -> AnyView {
    view! { <a rel="nofollow" href=lang.href(&format!("{}?{AGENCY}={}", following::PATH, encoded(code)))>{lang.t("commitments.follow.all")}</a> }.into_any()
}

fn feed_href(lang: Lang, filters: &Filters) -> String {
    let agency = filters.agency.as_ref().map_or_else(String::new, |(code, _)| format!("?{AGENCY}={}", encoded(code)));
    format!("{}.atom{agency}", lang.href(PATH))
}

/// Whether a cell of the figures is within the filters, but for what became of it.
fn is_meant(filters: &Filters, cell: &Cell) -> bool {
    filters.is_of_agency(&cell.body_id) && filters.head.as_ref().is_none_or(|head| head.id == cell.head_id) && filters.year.is_none_or(|year| year == cell.year)
}

/// Pairs of the filters with another choice of what became of them.
fn pairs_of(filters: &Filters, wanted: Option<&'static str>) -> Vec<(&'static str, String)> {
    filters.pairs().into_iter().filter(|(name, _)| *name != STATE).chain(wanted.map(|slug| (STATE, slug.to_owned()))).collect()
}

/// How many of each; every number that is not zero leads to them.
fn tiles(lang: Lang, filters: &Filters, tally: Tally) -> AnyView {
    let cell = |standing: Standing, class: &'static str| {
        let n = tally.n(standing);
        let content = view! { <b class=class>{lang.number(n)}</b><span>{lang.t(standing.key())}</span> };
        let href = list_href(lang, &pairs_of(filters, Some(standing.slug())));
        if n > 0 { view! { <a href=href>{content}</a> }.into_any() } else { view! { <div>{content}</div> }.into_any() }
    };
    let late = if tally.late > 0 { "late" } else { "" };
    view! {
        <div class="figures num">
            {cell(Standing::Late, late)}{cell(Standing::Open, "")}{cell(Standing::Kept, "")}
            {cell(Standing::KeptMoved, "")}{cell(Standing::DoneLate, "")}{cell(Standing::Dropped, "")}
        </div>
        {share(lang, tally)}
    }
    .into_any()
}

fn share(lang: Lang, tally: Tally) -> AnyView {
    tally.share_kept(lang).map(|share| view! { <p class="small num">{lang.f("commitments.share", &[("share", &share)])}</p> }).into_any()
}

fn filter_form(context: &PageContext, filters: &Filters, known_heads: &[NumberedHead], years: &[i64]) -> AnyView {
    let (lang, directory) = (context.lang, &context.directory);
    let form = FormState::from_pairs(filters.pairs().into_iter().map(|(name, value)| (name.to_owned(), value)));
    let field = |name: &'static str, label: &'static str, none: &'static str, options: Vec<(String, String)>| {
        select_field(lang, &form, name, options, none, FieldLook { label, ..FieldLook::default() })
    };
    let province = context.portal.settings().province_code.as_str();
    let mut agencies: Vec<_> = directory.authorities_of(province).map(|agency| (agency.code.clone(), agency.short_name.clone())).collect();
    if let Some((code, id)) = filters.agency.as_ref().filter(|(code, _)| agencies.iter().all(|(known, _)| known != code)) {
        agencies.push((code.clone(), short_name(directory, id).to_owned()));
    }
    let states = Wanted::ALL.map(|wanted| (wanted.slug().to_owned(), lang.t(wanted.key()).to_owned())).to_vec();
    let mut heads: Vec<_> = known_heads.iter().map(|head| (head.number.to_string(), head.words())).collect();
    if let Some(head) = filters.head.as_ref().filter(|head| known_heads.iter().all(|known| known.id != head.id)) {
        heads.push((head.number.to_string(), head.words()));
    }
    let mut years = years.to_vec();
    years.extend(filters.year.filter(|year| !years.contains(year)));
    let years = years.into_iter().map(|year| (year.to_string(), year.to_string())).collect();
    let active = filters.pairs().len();
    let badge = (active > 0).then(|| view! { " " <span class="count">{active.to_string()}</span> });
    view! {
        <div>
            <details class="filters-toggle"><summary class="btn btn-block">{icon(Icon::Filter)}{lang.t("register.filter")}{badge}</summary></details>
            <form class="filters-form stack" method="get" action=lang.href(PATH)>
                {field(STATE, "register.state", "register.state.all", states)}
                {field(AGENCY, "register.agency", "register.agency.all", agencies)}
                {field(HEAD, "commitments.head", "commitments.head.all", heads)}
                {field(YEAR, "commitments.year", "register.year.all", years)}
                <button class="btn btn-block">{lang.t("register.filter")}</button>
            </form>
        </div>
    }
    .into_any()
}

/// What is chosen, each with a way to take it away.
fn chips(context: &PageContext, filters: &Filters) -> AnyView {
    let lang = context.lang;
    let pairs = filters.pairs();
    let words = |name: &str, value: &str| match name {
        AGENCY => filters.agency.as_ref().map_or_else(String::new, |(_, id)| short_name(&context.directory, id).to_owned()),
        STATE => filters.wanted.map_or_else(String::new, |wanted| lang.t(wanted.key()).to_owned()),
        HEAD => filters.head.as_ref().map_or_else(String::new, NumberedHead::words),
        _ => lang.f("commitments.made_in", &[("year", value)]),
    };
    let chips: Vec<_> = pairs
        .iter()
        .map(|(name, value)| {
            let others: Vec<_> = pairs.iter().filter(|(other, _)| other != name).cloned().collect();
            let text = words(name, value);
            let label = lang.f("register.remove", &[("filter", &text)]);
            view! { <a class="chip on" href=list_href(lang, &others) aria-label=label>{text}" "{icon(Icon::Close)}</a> }
        })
        .collect();
    if chips.is_empty() { ().into_any() } else { view! { <div class="chips">{chips}</div> }.into_any() }
}

fn nothing(lang: Lang, filters: &Filters) -> AnyView {
    if filters.pairs().is_empty() && filters.after.is_none() {
        return empty(Icon::Register, lang.t("commitments.none.title").to_owned(), lang.t("commitments.none.text"), ().into_any());
    }
    let action = view! { <a class="btn" href=lang.href(PATH)>{lang.t("register.remove_all")}</a> }.into_any();
    empty(Icon::Search, lang.t("commitments.no_hit.title").to_owned(), lang.t("register.no_hit.text"), action)
}

fn pager(lang: Lang, filters: &Filters, next: Option<String>) -> AnyView {
    let first = filters.after.map(|_| view! { <a class="btn btn-s" href=list_href(lang, &filters.pairs())>{icon(Icon::Back)}{lang.t("register.first")}</a> });
    let next = next.map(|cursor| {
        let mut pairs = filters.pairs();
        pairs.push((AFTER, cursor));
        view! { <a class="btn btn-s push" rel="next" href=list_href(lang, &pairs)>{lang.t("register.next")}{icon(Icon::Next)}</a> }
    });
    if first.is_none() && next.is_none() {
        return ().into_any();
    }
    view! { <nav class="pager" aria-label=lang.t("register.pages")>{first}{next}</nav> }.into_any()
}

// ---- who keeps promises ----

/// `GET /loi-hua/giu-loi`
pub async fn keeping(context: PageContext, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let figures = Figures::load(&mut tx, context.today).await?;
    let known_heads = heads(&mut tx, None, HEADS_MAX).await?;
    drop(tx);
    let lang = context.lang;
    let years = figures.years();
    let asked: Option<i64> = pairs.iter().find(|(name, _)| name == YEAR).and_then(|(_, value)| value.parse().ok()).filter(|year| years.contains(year));
    let is_of_year = |cell: &Cell| asked.is_none_or(|year| year == cell.year);
    let of_year: Vec<(&'static str, String)> = asked.map(|year| (YEAR, year.to_string())).into_iter().collect();
    let row = |words: AnyView, tally: Tally, pair: (&'static str, String)| {
        let chosen: Vec<_> = of_year.iter().cloned().chain([pair]).collect();
        view! { <tr><th scope="row">{words}</th>{figure_cells(lang, tally, &chosen)}</tr> }.into_any()
    };
    let agencies: Vec<_> = context
        .directory
        .authorities_of(&context.portal.settings().province_code)
        .filter_map(|agency| {
            let tally = figures.tally(|cell| cell.body_id == agency.id && is_of_year(cell));
            let name = view! { <a href=lang.href(&agency_path(agency))>{agency.short_name.clone()}</a> }.into_any();
            (tally.made() > 0).then(|| row(name, tally, (AGENCY, agency.code.clone())))
        })
        .collect();
    let heads: Vec<_> = known_heads
        .iter()
        .filter_map(|head| {
            let tally = figures.tally(|cell| cell.head_id == head.id && is_of_year(cell));
            (tally.made() > 0).then(|| row(head.words().into_any(), tally, (HEAD, head.number.to_string())))
        })
        .collect();
    let choices: Vec<_> = [None]
        .into_iter()
        .chain(years.iter().copied().map(Some))
        .map(|year| {
            let words = year.map_or_else(|| lang.t("register.year.all").to_owned(), |year| year.to_string());
            let href = year.map_or_else(|| lang.href(KEEPING), |year| format!("{}?{YEAR}={year}", lang.href(KEEPING)));
            view! { <a class="chip" class:on=year == asked href=href aria-current=(year == asked).then_some("true")>{words}</a> }
        })
        .collect();
    let title = lang.t("commitments.keeping.title");
    let page = Page::new(&context, Section::Agencies, title).public(lang.t("commitments.keeping.description")).main_class("wrap wide page stack-l");
    Ok(page.render(|| {
        view! {
            <div class="stack">
                {breadcrumbs(lang, PATH, lang.t("commitments.title"), lang.t("commitments.keeping.link"))}
                <h1>{title}</h1>
                <p class="lead-text">{lang.t("commitments.keeping.lead")}</p>
                <div class="chips">{choices}</div>
                {share(lang, figures.tally(is_of_year))}
            </div>
            {section(lang, "commitments.keeping.by_agency", "agencies.agency", agencies)}
            {section(lang, "commitments.keeping.by_head", "commitments.head", heads)}
            <p class="small muted">{lang.t("commitments.keeping.how")}</p>
        }
        .into_any()
    }))
}

fn section(lang: Lang, title: &'static str, first: &'static str, rows: Vec<AnyView>) -> AnyView {
    if rows.is_empty() {
        return view! { <section class="stack"><h2>{lang.t(title)}</h2><p class="muted">{lang.t("commitments.none.title")}</p></section> }.into_any();
    }
    let standings = Standing::ALL.map(Standing::key);
    let heads: Vec<&'static str> = [first, "commitments.made"].into_iter().chain(standings).chain(["commitments.share.head"]).collect();
    view! { <section class="stack"><h2>{lang.t(title)}</h2>{crate::ui::table(lang, title, &heads, rows)}</section> }.into_any()
}

/// The numbers of a row, each that is not zero a link to the commitments behind it.
fn figure_cells(lang: Lang, tally: Tally, chosen: &[(&'static str, String)]) -> AnyView {
    let cell = |label: &'static str, n: i64, slug: Option<&'static str>, class: &'static str| {
        let pairs: Vec<_> = chosen.iter().cloned().chain(slug.map(|slug| (STATE, slug.to_owned()))).collect();
        let number = lang.number(n);
        let shown = if n > 0 { view! { <a class=class href=list_href(lang, &pairs)>{number}</a> }.into_any() } else { number.into_any() };
        view! { <td class="num" data-label=lang.t(label)>{shown}</td> }
    };
    let standings: Vec<_> = Standing::ALL
        .into_iter()
        .map(|standing| {
            let class = if standing == Standing::Late { "late-text strong" } else { "" };
            cell(standing.key(), tally.n(standing), Some(standing.slug()), class)
        })
        .collect();
    view! {
        {cell("commitments.made", tally.made(), None, "")}
        {standings}
        <td class="num" data-label=lang.t("commitments.share.head")>{tally.share_kept(lang).unwrap_or_else(|| lang.t("figures.none").to_owned())}</td>
    }
    .into_any()
}

// ---- lines on other pages ----

/// What an authority promised, on its page; nothing if it promised nothing.
pub fn of_agency(lang: Lang, agency: &Agency, figures: &Figures) -> AnyView {
    let tally = figures.tally(|cell| cell.body_id == agency.id);
    if tally.made() == 0 {
        return ().into_any();
    }
    let filters = Filters { agency: Some((agency.code.clone(), agency.id.clone())), ..Filters::default() };
    view! {
        <section class="stack">
            <h2>{lang.t("commitments.title")}</h2>
            {tiles(lang, &filters, tally)}
            <p class="row"><a href=list_href(lang, &filters.pairs())>{lang.t("commitments.of_agency")}</a>{follow_all(lang, &agency.code)}</p>
        </section>
    }
    .into_any()
}

/// What all authorities promised, in one line of the home page; nothing if nothing was.
pub fn home_line(lang: Lang, figures: &Figures) -> AnyView {
    let tally = figures.tally(|_| true);
    if tally.made() == 0 {
        return ().into_any();
    }
    let numbers = [("made", tally.made()), ("kept", tally.kept + tally.kept_moved), ("late", tally.late)].map(|(name, n)| (name, lang.number(n)));
    let numbers = numbers.each_ref().map(|(name, n)| (*name, n.as_str()));
    view! { <p><a href=lang.href(PATH)>{lang.f("commitments.home", &numbers)}</a></p> }.into_any()
}
