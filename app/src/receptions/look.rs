//! How sessions look, in public and at the desk.

use super::PATH;
use super::rules::{Kind, Mode, Receiver, State, clock_time};
use super::store::sessions::Reception;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::ui::PageContext;
use crate::words::Lang;
use chrono::NaiveDate;
use leptos::prelude::*;

/// The authority whose receptions whoever looks may see: the one they work at.
///
/// # Errors
/// [`AppError::SignInNeeded`] for nobody, [`AppError::NotFound`] for an official who has nothing to do with receptions.
pub fn body_of(context: &PageContext) -> Result<String> {
    let official = context.actor.official().ok_or(AppError::SignInNeeded)?;
    let body_id = official.body_id().ok_or(AppError::NotFound)?.to_owned();
    check(&context.actor, Action::SeeReceptions(&body_id))?;
    Ok(body_id)
}

/// Whether whoever looks has a schedule to look at.
pub fn sees(context: &PageContext) -> bool {
    body_of(context).is_ok()
}

/// Whether they may change it.
pub fn keeps(context: &PageContext, body_id: &str) -> bool {
    check(&context.actor, Action::KeepReceptions(body_id)).is_ok()
}

/// "Thứ Hai, 7/12/2026", as a heading begins.
pub fn heading_day(lang: Lang, day: NaiveDate) -> String {
    let words = lang.day_long(day);
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// "08:00–11:30".
pub fn hours(row: &Reception) -> String {
    format!("{}–{}", clock_time(row.starts), clock_time(row.ends))
}

/// The month of `YYYY-MM`, by its first day.
pub fn month(typed: &str) -> Option<NaiveDate> {
    format!("{typed}-01").parse().ok()
}

/// What came, or will come, of a session: tone and words.
pub fn outcome(lang: Lang, row: &Reception, today: NaiveDate) -> (&'static str, String) {
    let words = |tone: &'static str, key: &'static str| (tone, lang.t(key).to_owned());
    match (row.state, row.held_by) {
        (State::Draft, _) => words("plain", State::Draft.key()),
        (State::Missed, _) => words("late", "reception.out.missed"),
        (State::Held, Some(Receiver::Head)) => words("ok", "reception.out.head"),
        (State::Held, Some(Receiver::Deputy)) if row.receiver == Receiver::Head => words("soon", "reception.out.deputy_instead"),
        (State::Held, Some(Receiver::Deputy)) => words("plain", "reception.out.deputy"),
        (State::Held, _) => words("ok", "reception.out.staff"),
        (State::Published, _) if row.day < today => words("soon", "reception.out.unknown"),
        (State::Published, _) if row.day == today => words("info", "reception.out.today"),
        (State::Published, _) => words("plain", "reception.out.coming"),
    }
}

/// The same as a badge.
pub fn outcome_badge(lang: Lang, row: &Reception, today: NaiveDate) -> AnyView {
    let (tone, words) = outcome(lang, row, today);
    view! { <span class=format!("clock {tone}")>{words}</span> }.into_any()
}

/// Tags of what is not usual, and whether a slot is free.
pub fn tags(lang: Lang, row: &Reception, today: NaiveDate) -> AnyView {
    let kind = (row.kind != Kind::Periodic).then(|| view! { <span class="tag">{lang.t(row.kind.key())}</span> });
    let mode = (row.mode != Mode::Direct).then(|| view! { <span class="tag">{lang.t(row.mode.key())}</span> });
    let late = (!row.late_reason.is_empty()).then(|| view! { <span class="tag warn">{lang.t("reception.published_late")}</span> });
    let is_coming = row.state == State::Published && row.day >= today && row.slots > 0;
    let free = is_coming.then(|| {
        let (class, key) = if row.free() > 0 { ("tag good", "reception.has_slots") } else { ("tag", "reception.is_full") };
        view! { <span class=class>{lang.t(key)}</span> }
    });
    view! { {kind}{mode}{late}{free} }.into_any()
}

/// The address of a session's public page, without a language.
pub fn path(row: &Reception) -> String {
    format!("{PATH}/{}", row.number)
}

/// One session in a public list.
pub fn item(context: &PageContext, row: &Reception) -> AnyView {
    let lang = context.lang;
    let agency = context.directory.agency(&row.body_id).map_or_else(String::new, |agency| agency.short_name.clone());
    let full = context.directory.agency_name(&row.body_id);
    let title = if row.post.contains(full) { row.post.clone() } else { format!("{} – {agency}", row.post) };
    let title = if row.state == State::Missed { view! { <s>{title}</s> }.into_any() } else { title.into_any() };
    view! {
        <li>
            <h3><a href=context.href(&path(row))>{title}</a></h3>
            <p class="small num"><b>{hours(row)}</b>" · "{row.place.clone()}</p>
            <p class="row small">{outcome_badge(lang, row, context.today)}{tags(lang, row, context.today)}</p>
        </li>
    }
    .into_any()
}

/// Sessions in order, under their days.
pub fn list(context: &PageContext, rows: &[Reception]) -> AnyView {
    let lang = context.lang;
    let days: Vec<_> = rows
        .chunk_by(|a, b| a.day == b.day)
        .map(|of_day| {
            let items: Vec<_> = of_day.iter().map(|row| item(context, row)).collect();
            view! {
                <section class="stack-s">
                    <h2 class="title-s num">{heading_day(lang, of_day[0].day)}</h2>
                    <ul class="list-cases">{items}</ul>
                </section>
            }
        })
        .collect();
    days.into_any()
}

/// Options of a list: code and name of each.
macro_rules! options {
    ($lang:expr, $of:ty) => {
        <$of>::ALL.iter().map(|one| (one.code().to_owned(), $lang.t(one.key()).to_owned())).collect::<Vec<(String, String)>>()
    };
}
pub(super) use options;

/// A day as a form carries it; what is wrong stands in the form afterwards.
pub fn day_field(form: &mut FormState, field: &'static str) -> Option<NaiveDate> {
    let typed = form.value(field).to_owned();
    let day = crate::deadlines::pages::day(&typed);
    if typed.is_empty() {
        form.wrong(field, "reception.day.missing");
    } else if day.is_none() {
        form.wrong(field, "deadlines.day.wrong");
    }
    day
}

/// A whole number between two; what is wrong stands in the form afterwards.
pub fn number_field(form: &mut FormState, field: &'static str, between: std::ops::RangeInclusive<i64>) -> i64 {
    let read = form.value(field).parse().ok().filter(|n| between.contains(n));
    if read.is_none() {
        form.wrong_with(field, "reception.number.wrong", vec![("min", between.start().to_string()), ("max", between.end().to_string())]);
    }
    read.unwrap_or(*between.start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_read_from_an_address_and_nothing_else() {
        assert_eq!(month("2026-12").map(|day| day.to_string()).as_deref(), Some("2026-12-01"));
        assert_eq!(month("2026-13"), None);
        assert_eq!(month("2026-12-01"), None);
    }
}
