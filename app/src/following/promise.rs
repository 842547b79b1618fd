//! The promise box: the next step, its last day, who has it, and why it is that day.

use super::load::CaseView;
use crate::deadlines::{ANSWER_WORKING_DAYS, Calendar, ClockTone};
use crate::petitions::rules::{Case, Event, State};
use crate::petitions::store::Entry;
use crate::ui::clock::{clock_words, tone_class};
use crate::ui::{PageContext, clock_badge};
use crate::words::Lang;
use chrono::NaiveDate;
use leptos::prelude::*;

/// The box; for a case that is over, only what came of it.
pub(super) fn promise(context: &PageContext, view: &CaseView) -> AnyView {
    let (lang, case) = (context.lang, &view.case);
    let calendar = context.directory.calendar();
    let (tone, _) = clock_words(lang, calendar, context.today, case);
    let class = if tone == ClockTone::Late && case.is_open { "next late" } else { "next" };
    view! {
        <section class=class aria-label=lang.t("following.next.label")>
            <p class="small muted">{lang.t("following.next.step")} " " <b>{next_step(lang, case.state)}</b></p>
            {day_line(lang, case)}
            <p class="row">
                {clock_badge(lang, calendar, context.today, case)}
                <span class="small">{who(context, case)}</span>
            </p>
            {case.is_open.then(|| meter(context, view, tone))}
            {case.is_open.then(|| why(context, view))}
        </section>
    }
    .into_any()
}

fn day_line(lang: Lang, case: &Case) -> AnyView {
    match (case.state, case.answered_on) {
        (State::Withdrawn, _) => ().into_any(),
        (_, Some(day)) => view! { <p class="day num">{lang.t("following.next.answered")} " " <span class="nowrap">{lang.day_long(day)}</span></p> }.into_any(),
        _ => view! { <p class="day num">{lang.t("following.next.by")} " " <span class="nowrap">{lang.day_long(case.due_on)}</span></p> }.into_any(),
    }
}

fn next_step(lang: Lang, state: State) -> &'static str {
    match state {
        State::Submitted => lang.t("following.next.submitted"),
        State::Received => lang.t("following.next.received"),
        State::Assigned => lang.t("following.next.assigned"),
        State::Waiting => lang.t("following.next.waiting"),
        State::Proposed => lang.t("following.next.proposed"),
        State::Answered => lang.t("following.next.rate"),
        State::Closed => lang.t("following.next.closed"),
        State::Withdrawn => lang.t("following.next.withdrawn"),
    }
}

fn who(context: &PageContext, case: &Case) -> String {
    let lang = context.lang;
    let agency = context.directory.agency_name(case.unit_id.as_deref().unwrap_or(&case.body_id));
    match case.state {
        State::Submitted => lang.f("following.next.who_submitted", &[("agency", agency)]),
        State::Waiting => lang.f("following.next.who_waiting", &[("agency", agency)]),
        State::Answered | State::Closed => lang.f("following.next.who_answered", &[("agency", agency)]),
        State::Withdrawn => lang.f("following.next.who_withdrawn", &[("agency", agency)]),
        _ => lang.f("following.next.who_handling", &[("agency", agency)]),
    }
}

/// Day 0 of the running clock: the receipt, or the day the case was taken up again.
fn clock_start(case: &Case, history: &[Entry]) -> NaiveDate {
    let reopened = history.iter().rev().find(|entry| matches!(entry.event, Event::Reopened { .. }));
    reopened.map_or(case.received_on, |entry| crate::clock::day(entry.at))
}

fn meter(context: &PageContext, view: &CaseView, tone: ClockTone) -> AnyView {
    let (lang, calendar) = (context.lang, context.directory.calendar());
    let start = clock_start(&view.case, &view.history);
    let whole = calendar.working_days_between(start, view.case.due_on).max(1);
    let passed = calendar.working_days_between(start, context.today).clamp(0, whole);
    let words = lang.f("following.next.passed", &[("n", &lang.number(passed)), ("all", &lang.number(whole))]);
    view! {
        <div class=format!("days-meter {}", tone_class(tone))>
            <progress class="bar" max=whole.to_string() value=passed.to_string() aria-label=words.clone()></progress>
            <small class="num">{words}</small>
        </div>
    }
    .into_any()
}

/// "Why this day?": the rule, its law, and every day off within.
fn why(context: &PageContext, view: &CaseView) -> AnyView {
    let lang = context.lang;
    let start = clock_start(&view.case, &view.history);
    let sentence = explanation(lang, context.directory.calendar(), start, view.case.due_on);
    let is_again = start != view.case.received_on;
    view! {
        <details>
            <summary>{lang.t("following.why.title")}</summary>
            <p>{sentence}</p>
            {is_again.then(|| view! { <p>{lang.t("following.why.reopened")}</p> })}
            <p>{lang.t("following.why.late")}</p>
        </details>
    }
    .into_any()
}

fn explanation(lang: Lang, calendar: &Calendar, start: NaiveDate, due_on: NaiveDate) -> String {
    let due = calendar.add_working_days(start, ANSWER_WORKING_DAYS);
    let mut sentence = lang.f("following.why.rule", &[("days", &ANSWER_WORKING_DAYS.to_string()), ("day", &lang.day_short(start))]);
    if due.day == due_on && !due.skipped.is_empty() {
        let days: Vec<String> = due.skipped.iter().map(|(day, name)| format!("{} ({name})", lang.day_short(*day))).collect();
        sentence.push(' ');
        sentence.push_str(&lang.f("following.why.skipped", &[("days", &days.join(", "))]));
    }
    if due.day != due_on {
        // The calendar was changed after the promise was given: the promised day stays.
        sentence.push(' ');
        sentence.push_str(lang.t("following.why.changed"));
    }
    sentence
}
