//! A month on `/thoi-han`: which days are off, which Saturdays are worked; and what "before a day" means.

use super::Calendar;
use super::month::{Mark, MonthDay, before, neighbours, weeks};
use super::pages::{PATH, YEARS};
use crate::form::FormState;
use crate::ui::fields::{FieldLook, text_field};
use crate::words::Lang;
use chrono::{Datelike, NaiveDate};
use leptos::prelude::*;

/// The month in the address: `2026-11`.
const MONTH: &str = "thang";
/// The day of "before this day" in the address.
const BEFORE: &str = "truoc-ngay";

/// The month that was asked for, else the one of `today`.
fn asked(form: &FormState, today: NaiveDate) -> NaiveDate {
    let typed = format!("{}-01", form.value(MONTH));
    typed.parse().ok().filter(|day: &NaiveDate| YEARS.contains(&day.year())).unwrap_or(today)
}

/// The month as a table, with the ways to its neighbours.
pub(super) fn month(lang: Lang, form: &FormState, calendar: &Calendar, today: NaiveDate) -> AnyView {
    let shown = asked(form, today);
    let title = lang.f("periods.month.title", &[("month", &shown.month().to_string()), ("year", &shown.year().to_string())]);
    let days =
        ["periods.weekday.1", "periods.weekday.2", "periods.weekday.3", "periods.weekday.4", "periods.weekday.5", "periods.weekday.6", "periods.weekday.7"];
    let long = [
        "periods.weekday.long.1",
        "periods.weekday.long.2",
        "periods.weekday.long.3",
        "periods.weekday.long.4",
        "periods.weekday.long.5",
        "periods.weekday.long.6",
        "periods.weekday.long.7",
    ];
    let heads: Vec<_> =
        days.into_iter().zip(long).map(|(short, long)| view! { <th scope="col"><abbr title=lang.t(long)>{lang.t(short)}</abbr></th> }).collect();
    let weeks = weeks(calendar, shown);
    let named: Vec<_> = weeks.iter().flatten().flatten().filter_map(|day| named(lang, day)).collect();
    let rows: Vec<_> = weeks
        .iter()
        .map(|week| {
            let cells: Vec<_> =
                week.iter().map(|cell| cell.as_ref().map_or_else(|| view! { <td></td> }.into_any(), |day| day_cell(lang, day, today))).collect();
            view! { <tr>{cells}</tr> }
        })
        .collect();
    let (earlier, later) = neighbours(shown, today);
    let link = |month: Option<NaiveDate>, key: &'static str| {
        month.map(|day| view! { <a class="btn btn-s" href=format!("{}?{MONTH}={}#lich", lang.href(PATH), day.format("%Y-%m"))>{lang.t(key)}</a> })
    };
    view! {
        <section class="stack-s" id="lich">
            <h2 class="title-s">{lang.t("periods.month.heading")}</h2>
            <p class="small muted">{lang.t("periods.month.lead")}</p>
            <p class="row">
                {link(earlier, "periods.month.before")}
                {link(later, "periods.month.after")}
            </p>
            <table class="cal">
                <caption>{title}</caption>
                <thead><tr>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
            {(!named.is_empty()).then(|| view! { <ul class="small">{named}</ul> })}
        </section>
    }
    .into_any()
}

/// The words of a day that is not a plain one.
fn words(lang: Lang, mark: &Mark) -> Option<(&'static str, String)> {
    match mark {
        Mark::Plain => None,
        Mark::Weekend => Some(("weekend", lang.t("periods.month.weekend").to_owned())),
        Mark::Off(name) => Some(("off", lang.f("periods.month.off", &[("name", name)]))),
        Mark::Work(name) => Some(("work", lang.f("periods.month.work", &[("name", name)]))),
        Mark::Proposed(name) => Some(("proposed", lang.f("periods.month.proposed", &[("name", name)]))),
    }
}

fn day_cell(lang: Lang, MonthDay { day, mark }: &MonthDay, today: NaiveDate) -> AnyView {
    let (class, said) = words(lang, mark).map_or(("", None), |(class, words)| (class, Some(words)));
    // Colour is never the only sign: a letter stands under the number, and the whole is read out.
    let sign = match mark {
        Mark::Plain | Mark::Weekend => None,
        Mark::Off(_) => Some(lang.t("periods.month.sign.off")),
        Mark::Work(_) => Some(lang.t("periods.month.sign.work")),
        Mark::Proposed(_) => Some(lang.t("periods.month.sign.proposed")),
    };
    view! {
        <td class=class aria-current=(*day == today).then_some("date")>
            <time datetime=day.to_string()>{day.day().to_string()}</time>
            {sign.map(|sign| view! { <small aria-hidden="true">{sign}</small> })}
            {said.map(|words| view! { <span class="visually-hidden">" – "{words}</span> })}
        </td>
    }
    .into_any()
}

/// A day off of the month in words under the table.
fn named(lang: Lang, MonthDay { day, mark }: &MonthDay) -> Option<AnyView> {
    let (class, words) = words(lang, mark)?;
    (class != "weekend").then(|| view! { <li>{lang.day_long(*day)}": "{words}</li> }.into_any())
}

/// "Trước ngày 25/5" asked and answered.
pub(super) fn before_day(lang: Lang, form: &FormState, calendar: &Calendar) -> AnyView {
    let answer = super::pages::day(form.value(BEFORE)).map(|day| {
        let (latest, working) = before(calendar, day);
        let args = [("day", lang.day_short(day)), ("latest", lang.day_long(latest)), ("working", lang.day_long(working))];
        let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
        let key = if latest == working { "periods.before.answer" } else { "periods.before.answer_off" };
        view! { <p role="status" class="before-answer"><b>{lang.f(key, &args)}</b></p> }
    });
    let look = FieldLook { label: "periods.before.label", hint: Some("periods.before.hint"), kind: "date", class: "field-s", ..FieldLook::default() };
    view! {
        <section class="card stack-s" id="truoc">
            <h2 class="title-s">{lang.t("periods.before.title")}</h2>
            {answer}
            <form method="get" action=format!("{}#truoc", lang.href(PATH)) class="stack-s">
                {text_field(lang, form, BEFORE, look)}
                <p><button class="btn">{lang.t("periods.before.button")}</button></p>
            </form>
        </section>
    }
    .into_any()
}
