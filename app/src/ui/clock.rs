//! A case's clock as colour *and* words.

use super::PageContext;
use crate::deadlines::{Calendar, ClockTone, telling, tone};
use crate::petitions::rules::{Case, State};
use crate::procedures::clocks::Clock;
use crate::procedures::{NO_DAY, NO_PERIOD};
use crate::words::Lang;
use chrono::NaiveDate;
use leptos::prelude::*;

/// The class of a tone.
pub fn tone_class(tone: ClockTone) -> &'static str {
    match tone {
        ClockTone::Ok => "ok",
        ClockTone::Soon => "soon",
        ClockTone::Late => "late",
        ClockTone::Still => "plain",
    }
}

/// The clock of a case in words, with its tone.
pub fn clock_words(lang: Lang, calendar: &Calendar, today: NaiveDate, case: &Case) -> (ClockTone, String) {
    match (case.state, case.answered_on) {
        (State::Withdrawn, _) => (ClockTone::Still, lang.t("clock.withdrawn").to_owned()),
        (_, Some(day)) if !case.is_open => answered_words(lang, calendar, day, case.answer_due_on()),
        _ => open_words(lang, calendar, today, case.due_on),
    }
}

/// An open clock in words.
pub fn open_words(lang: Lang, calendar: &Calendar, today: NaiveDate, due_on: NaiveDate) -> (ClockTone, String) {
    if due_on == NO_DAY {
        return (ClockTone::Still, lang.t("clock.suspended").to_owned());
    }
    if due_on == NO_PERIOD {
        return (ClockTone::Still, lang.t("kinds.clock.none").to_owned());
    }
    let left = calendar.working_days_between(today, due_on);
    let words = match tone(calendar, today, due_on) {
        ClockTone::Late => lang.n("clock.late_one", "clock.late_many", calendar.working_days_between(due_on, today).max(1)),
        _ if left == 0 => lang.t("clock.today").to_owned(),
        _ => lang.n("clock.left_one", "clock.left_many", left),
    };
    (tone(calendar, today, due_on), words)
}

/// An answered clock in words.
pub fn answered_words(lang: Lang, calendar: &Calendar, day: NaiveDate, due_on: NaiveDate) -> (ClockTone, String) {
    if due_on == NO_PERIOD {
        (ClockTone::Still, lang.t("kinds.clock.thanked").to_owned())
    } else if day <= due_on {
        (ClockTone::Ok, lang.t("clock.on_time").to_owned())
    } else {
        (ClockTone::Late, lang.n("clock.answered_late_one", "clock.answered_late_many", calendar.working_days_between(due_on, day).max(1)))
    }
}

/// The badge of a case's clock.
pub fn clock_badge(lang: Lang, calendar: &Calendar, today: NaiveDate, case: &Case) -> AnyView {
    let (tone, words) = clock_words(lang, calendar, today, case);
    view! { <span class=format!("clock {}", tone_class(tone))>{words}</span> }.into_any()
}

/// How a last day came about: the rule with its law, the days that did not count, and that a promised day stays where the count
/// would come out differently now. Nothing where the table does not have the rule.
pub fn reckoning(context: &PageContext, clock: &Clock) -> AnyView {
    let lang = context.lang;
    let Ok((rule, computed)) = clock.computed(context.directory.deadline_rules(), context.directory.calendar()) else { return ().into_any() };
    let lines: Vec<_> = telling::lines(lang, rule, &computed).into_iter().map(|line| view! { <li>{line}</li> }).collect();
    let differs = clock.paused_since.is_none() && computed.last_day != clock.last_day;
    view! {
        <ul>{lines}</ul>
        {differs.then(|| view! { <p>{lang.t("clock.changed")}</p> })}
    }
    .into_any()
}

/// What the period of a clock is for, in the reader's language.
pub fn purpose(context: &PageContext, clock: &Clock) -> String {
    let computed = clock.computed(context.directory.deadline_rules(), context.directory.calendar());
    computed.map_or_else(|_| clock.code.clone(), |(rule, _)| telling::name(context.lang, rule).to_owned())
}
