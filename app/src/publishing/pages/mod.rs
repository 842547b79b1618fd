//! The public pages and the pieces they share.

pub mod agencies;
pub mod agency;
pub mod case;
pub mod guide;
pub mod home;
pub mod privacy;
pub mod ratings;
pub mod register;

use super::figures::Tally;
use super::filters::{AGENCY, OUTCOME, REGISTER, STATE, Standing, address, outcome_slug};
use super::store::Listed;
use crate::agencies::{Agency, Directory};
use crate::petitions::register::Outcome;
use crate::ui::clock::{answered_words, open_words, tone_class};
use crate::ui::context::PageContext;
use crate::ui::icons::{Icon, icon};
use crate::words::Lang;
use leptos::prelude::*;

/// The address of an agency's page, without a language.
pub(crate) fn agency_path(agency: &Agency) -> String {
    format!("/co-quan/{}", super::filters::encoded(&agency.code))
}

/// The present authorities of the portal's province: its own and those of its communes, in Vietnamese order.
pub(crate) fn authorities<'a>(directory: &'a Directory, province: &'a str) -> impl Iterator<Item = &'a Agency> {
    let lies_in = move |code: &str| code == province || directory.area(code).and_then(|area| area.parent_code.as_deref()) == Some(province);
    directory.bodies().filter(move |agency| lies_in(&agency.area_code))
}

/// The short name of an agency, present or past; the id if it is unknown.
pub(crate) fn short_name<'a>(directory: &'a Directory, id: &'a str) -> &'a str {
    directory.agency(id).map_or(id, |agency| agency.short_name.as_str())
}

/// "trả lời sau 7 ngày làm việc".
pub(super) fn days_taken(lang: Lang, days: i64) -> String {
    if days == 0 { lang.t("released.after_none").to_owned() } else { lang.n("released.after_one", "released.after_many", days) }
}

/// The clock of a released case as a badge.
pub(super) fn clock(context: &PageContext, due_on: chrono::NaiveDate, answered_on: Option<chrono::NaiveDate>) -> AnyView {
    let (lang, calendar) = (context.lang, context.directory.calendar());
    let (tone, words) = match answered_on {
        Some(day) => answered_words(lang, calendar, day, due_on),
        None => open_words(lang, calendar, context.today, due_on),
    };
    view! { <span class=format!("clock {}", tone_class(tone))>{words}</span> }.into_any()
}

/// A list of released cases.
pub(super) fn case_list(context: &PageContext, cases: &[Listed]) -> AnyView {
    let items: Vec<_> = cases.iter().map(|case| case_item(context, case)).collect();
    view! { <ul class="list-cases">{items}</ul> }.into_any()
}

fn case_item(context: &PageContext, case: &Listed) -> AnyView {
    let lang = context.lang;
    let agency = short_name(&context.directory, &case.body_id);
    let when = match (case.answered_on, case.days_taken) {
        (Some(day), Some(days)) => format!("{}, {}", lang.day_short(day), days_taken(lang, days)),
        _ => lang.f("released.filed_on", &[("day", &lang.day_short(case.filed_on))]),
    };
    view! {
        <li>
            <h3><a href=context.href(&format!("{REGISTER}/{}", case.number))>{case.title.clone()}</a></h3>
            <p class="small muted num">{format!("{agency} · {when}")}</p>
            <p>{case.excerpt.clone()}</p>
            <p class="row small">
                {clock(context, case.due_on, case.answered_on)}
                <span class="tag">{lang.t(case.kind.key())}</span>
                <span class="muted">{context.directory.area_name(&case.area_code).to_owned()}</span>
            </p>
        </li>
    }
    .into_any()
}

/// What a page shows where there is nothing.
pub(crate) fn empty(picture: Icon, title: String, text: &str, action: AnyView) -> AnyView {
    view! { <div class="empty">{icon(picture)}<p><b>{title}</b></p><p class="muted">{text.to_owned()}</p>{action}</div> }.into_any()
}

/// The way back along the pages above.
pub(crate) fn breadcrumbs(lang: Lang, above: &str, words: &str, here: &str) -> AnyView {
    view! {
        <nav class="breadcrumbs" aria-label=lang.t("released.path")>
            <ol><li><a href=lang.href(above)>{words.to_owned()}</a></li><li aria-current="page">{here.to_owned()}</li></ol>
        </nav>
    }
    .into_any()
}

/// The cells of one row of figures, each a link to the cases behind it. `chosen` are the filters of the row.
pub(super) fn figure_cells(lang: Lang, tally: Tally, chosen: &[(&'static str, String)]) -> AnyView {
    let cell = |label: &'static str, n: i64, more: Option<(&'static str, &'static str)>, class: &'static str| {
        let pairs: Vec<_> = chosen.iter().cloned().chain(more.map(|(name, value)| (name, value.to_owned()))).collect();
        let number = lang.number(n);
        let shown = if n > 0 { view! { <a class=class href=lang.href(&address(REGISTER, &pairs))>{number}</a> }.into_any() } else { number.into_any() };
        view! { <td class="num" data-label=lang.t(label)>{shown}</td> }
    };
    let none = || lang.t("figures.none").to_owned();
    let late_class = if tally.late > 0 { "late-text strong" } else { "" };
    view! {
        {cell("figures.released", tally.released(), None, "")}
        {cell("figures.handling", tally.handling, Some((STATE, Standing::Handling.slug())), "")}
        {cell("figures.on_time", tally.on_time, Some((OUTCOME, outcome_slug(Outcome::OnTime))), "")}
        {cell("figures.late", tally.late, Some((OUTCOME, outcome_slug(Outcome::Late))), late_class)}
        <td class="num" data-label=lang.t("figures.share")>{tally.share_on_time(lang).unwrap_or_else(none)}</td>
        <td class="num" data-label=lang.t("figures.mean")>{tally.mean_days(lang).unwrap_or_else(none)}</td>
    }
    .into_any()
}

/// The head of a table of figures; the first column's name is a catalogue key.
pub(super) fn figure_head(lang: Lang, first: &'static str) -> AnyView {
    view! {
        <thead>
            <tr>
                <th scope="col">{lang.t(first)}</th>
                <th scope="col" class="num">{lang.t("figures.released")}</th>
                <th scope="col" class="num">{lang.t("figures.handling")}</th>
                <th scope="col" class="num">{lang.t("figures.on_time")}</th>
                <th scope="col" class="num">{lang.t("figures.late")}</th>
                <th scope="col" class="num">{lang.t("figures.share")}</th>
                <th scope="col" class="num">{lang.t("figures.mean")}</th>
            </tr>
        </thead>
    }
    .into_any()
}

/// The filter of an authority.
pub(super) fn of_agency(agency: &Agency) -> Vec<(&'static str, String)> {
    vec![(AGENCY, agency.code.clone())]
}
