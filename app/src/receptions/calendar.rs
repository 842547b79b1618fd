//! A month of receptions, Monday first.

use crate::deadlines::month::{Mark, weeks};
use crate::ui::PageContext;
use crate::words::Lang;
use chrono::{Datelike, NaiveDate};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// What a day of the month leads to: how many sessions, where they stand, whether all were missed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// How many sessions.
    pub sessions: i64,
    /// The address, with its language.
    pub href: String,
    /// None of them took place or will.
    pub is_struck: bool,
}

fn heads(lang: Lang) -> AnyView {
    let days = [
        ("periods.weekday.1", "periods.weekday.long.1"),
        ("periods.weekday.2", "periods.weekday.long.2"),
        ("periods.weekday.3", "periods.weekday.long.3"),
        ("periods.weekday.4", "periods.weekday.long.4"),
        ("periods.weekday.5", "periods.weekday.long.5"),
        ("periods.weekday.6", "periods.weekday.long.6"),
        ("periods.weekday.7", "periods.weekday.long.7"),
    ];
    days.map(|(short, long)| view! { <th scope="col"><abbr title=lang.t(long)>{lang.t(short)}</abbr></th> }).into_iter().collect::<Vec<_>>().into_any()
}

/// The month of `shown`; `marked` days lead somewhere, `links` stand above it: the months before and after.
pub fn month(context: &PageContext, shown: NaiveDate, marked: &BTreeMap<NaiveDate, Marked>, links: [Option<String>; 2]) -> AnyView {
    let lang = context.lang;
    let title = lang.f("periods.month.title", &[("month", &shown.month().to_string()), ("year", &shown.year().to_string())]);
    let rows: Vec<_> = weeks(context.directory.calendar(), shown)
        .into_iter()
        .map(|week| {
            let cells: Vec<_> = week
                .into_iter()
                .map(|cell| match cell {
                    Some(day) => day_cell(context, day.day, &day.mark, marked.get(&day.day)),
                    None => view! { <td></td> }.into_any(),
                })
                .collect();
            view! { <tr>{cells}</tr> }
        })
        .collect();
    let [before, after] = links;
    let link = |href: Option<String>, key: &'static str| href.map(|href| view! { <a class="btn btn-s" href=format!("{href}#lich")>{lang.t(key)}</a> });
    view! {
        <section class="stack-s" id="lich">
            <p class="row no-print">{link(before, "periods.month.before")}{link(after, "periods.month.after")}</p>
            <table class="cal receptions">
                <caption>{title}</caption>
                <thead><tr>{heads(lang)}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn day_cell(context: &PageContext, day: NaiveDate, mark: &Mark, marked: Option<&Marked>) -> AnyView {
    let lang = context.lang;
    let (class, off) = match mark {
        Mark::Off(name) => ("off", Some(name.clone())),
        Mark::Weekend => ("weekend", None),
        Mark::Plain | Mark::Work(_) | Mark::Proposed(_) => ("", None),
    };
    let number = day.day().to_string();
    let content = match marked {
        Some(Marked { sessions, href, is_struck }) => {
            let said =
                if *is_struck { lang.t("reception.out.missed").to_owned() } else { lang.n("reception.sessions_one", "reception.sessions_many", *sessions) };
            let number = if *is_struck { view! { <s>{number}</s> }.into_any() } else { number.into_any() };
            view! {
                <a href=href.clone()>
                    <time datetime=day.to_string()>{number}</time>
                    <small aria-hidden="true">{sessions.to_string()}</small>
                    <span class="visually-hidden">" – "{said}</span>
                </a>
            }
            .into_any()
        }
        None => view! {
            <time datetime=day.to_string()>{number}</time>
            {off.map(|name| view! { <span class="visually-hidden">" – "{name}</span> })}
        }
        .into_any(),
    };
    view! { <td class=class aria-current=(day == context.today).then_some("date")>{content}</td> }.into_any()
}
