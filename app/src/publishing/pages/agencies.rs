//! The authorities of the province with their figures.

use super::{agency_path, figure_cells, figure_head, of_agency};
use crate::agencies::Agency;
use crate::error::Result;
use crate::publishing::cache;
use crate::publishing::figures::{Count, Tally};
use crate::text::fold;
use crate::ui::context::PageContext;
use crate::ui::empty;
use crate::ui::icons::{Icon, icon};
use crate::ui::page::{Page, Section};
use crate::words::Lang;
use axum::extract::Query;
use axum::response::Response;
use leptos::prelude::*;

/// A longer name nobody looks for.
const NAME_CHARS_MAX: usize = 100;

/// A group of authorities: the key of its name, and which kinds are in it.
type Group = (&'static str, fn(&str) -> bool);

/// The groups, in the order they are shown. Every kind is in one.
const GROUPS: [Group; 3] = [
    ("agencies.province", |kind| !matches!(kind, "commune_committee" | "party" | "front")),
    ("agencies.communes", |kind| kind == "commune_committee"),
    ("agencies.party", |kind| matches!(kind, "party" | "front")),
];

/// `/co-quan`
pub async fn agencies(context: PageContext, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    let typed = pairs.iter().find(|(name, _)| name == "q").map(|(_, value)| crate::text::clean(value)).unwrap_or_default();
    let typed: String = typed.trim().chars().take(NAME_CHARS_MAX).collect();
    let counts = cache::figures(&context.portal).await?;
    let lang = context.lang;
    let page = Page::new(&context, Section::Agencies, lang.t("agencies.title")).public(lang.t("agencies.description")).main_class("wrap wide page stack-l");
    Ok(page.render(|| {
        view! {
            <div class="stack"><h1>{lang.t("agencies.title")}</h1><p class="lead-text">{lang.t("agencies.lead")}</p></div>
            {search_form(lang, &typed)}
            {tables(&context, &typed, &counts)}
            <p><a href=lang.href(super::ratings::PATH)>{lang.t("ratings.link")}</a></p>
            <p class="small muted">{lang.t("figures.note")}</p>
        }
        .into_any()
    }))
}

fn search_form(lang: Lang, typed: &str) -> AnyView {
    view! {
        <form class="search" role="search" method="get" action=lang.href("/co-quan")>
            <label class="visually-hidden" for="q">{lang.t("agencies.search.label")}</label>
            <input id="q" type="search" name="q" value=typed.to_owned() placeholder=lang.t("agencies.search.example") maxlength="100" autocomplete="off" />
            <button class="btn btn-main">{icon(Icon::Search)}<span>{lang.t("agencies.search.button")}</span></button>
        </form>
    }
    .into_any()
}

fn tables(context: &PageContext, typed: &str, counts: &[Count]) -> AnyView {
    let (lang, wanted) = (context.lang, fold(typed));
    let province = context.portal.settings().province_code.as_str();
    let found: Vec<&Agency> = context
        .directory
        .authorities_of(province)
        .filter(|agency| fold(&agency.name).contains(&wanted) || fold(&agency.short_name).contains(&wanted))
        .collect();
    if found.is_empty() {
        let action = view! { <a class="btn" href=lang.href("/co-quan")>{lang.t("agencies.all")}</a> }.into_any();
        return empty(Icon::Agency, lang.f("agencies.no_hit.title", &[("words", typed)]), lang.t("agencies.no_hit.text"), action);
    }
    let groups: Vec<_> = GROUPS
        .iter()
        .map(|(name, is_in)| (*name, found.iter().copied().filter(|agency| is_in(&agency.kind)).collect::<Vec<_>>()))
        .filter(|(_, agencies)| !agencies.is_empty())
        .map(|(name, agencies)| group(lang, name, &agencies, counts))
        .collect();
    groups.into_any()
}

fn group(lang: Lang, name: &'static str, agencies: &[&Agency], counts: &[Count]) -> AnyView {
    let tally = |agency: &Agency| Tally::of(counts.iter().filter(|count| count.body_id == agency.id));
    let cells = |agency: &Agency| {
        let tally = tally(agency);
        if tally.released() == 0 {
            // One cell: a hundred authorities with six noughts each would bury the others on a phone.
            return view! { <td colspan="6" class="muted">{lang.t("agencies.nothing")}</td> }.into_any();
        }
        figure_cells(lang, tally, &of_agency(agency))
    };
    let rows: Vec<_> = agencies
        .iter()
        .map(|agency| {
            view! {
                <tr>
                    <th scope="row"><a href=lang.href(&agency_path(agency))>{agency.short_name.clone()}</a></th>
                    {cells(agency)}
                </tr>
            }
        })
        .collect();
    view! {
        <section class="stack">
            <h2>{lang.t(name)}" "<span class="muted normal num">{lang.number(i64::try_from(agencies.len()).unwrap_or(0))}</span></h2>
            <div class="table-wrap" tabindex="0" role="region" aria-label=lang.t(name)>
                <table class="table">{figure_head(lang, "agencies.agency")}<tbody>{rows}</tbody></table>
            </div>
        </section>
    }
    .into_any()
}
