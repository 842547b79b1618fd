//! The promise box: the next step, its last day, who has it, and why it is that day.

use super::load::CaseView;
use crate::deadlines::ClockTone;
use crate::petitions::rules::{Case, Event, State};
use crate::ui::clock::{clock_words, purpose, reckoning, tone_class};
use crate::ui::{PageContext, clock_badge};
use crate::words::Lang;
use leptos::prelude::*;

/// The box; for a case that is over, only what came of it.
pub(super) fn promise(context: &PageContext, view: &CaseView) -> AnyView {
    let (lang, case) = (context.lang, &view.case);
    let calendar = context.directory.calendar();
    let (tone, _) = clock_words(lang, calendar, context.today, case);
    let class = if tone == ClockTone::Late && case.is_open { "next late" } else { "next" };
    view! {
        <section class=class aria-label=lang.t("following.next.label")>
            <p class="small muted">{lang.t("following.next.step")} " " <b>{next_step(context, case)}</b></p>
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
        _ if case.is_suspended() => view! { <p class="muted">{lang.t("procedure.citizen.wait_resume")}</p> }.into_any(),
        (_, Some(day)) if !case.is_open => {
            view! { <p class="day num">{lang.t("following.next.answered")} " " <span class="nowrap">{lang.day_long(day)}</span></p> }.into_any()
        }
        _ => case
            .last_day()
            .map(|day| view! { <p class="day num">{lang.t("following.next.by")} " " <span class="nowrap">{lang.day_long(day)}</span></p> })
            .into_any(),
    }
}

/// In a procedure of the law the next step is what the running period is for.
pub(crate) fn next_step(context: &PageContext, case: &Case) -> String {
    let lang = context.lang;
    let procedure = case.procedure();
    if !case.kind.is_opinion() && case.state != State::Waiting && case.state != State::Withdrawn {
        return procedure.due().map_or_else(|| lang.t(procedure.stage.key()).to_owned(), |clock| purpose(context, clock));
    }
    of_state(lang, case.state).to_owned()
}

fn of_state(lang: Lang, state: State) -> &'static str {
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

fn meter(context: &PageContext, view: &CaseView, tone: ClockTone) -> AnyView {
    let (lang, calendar) = (context.lang, context.directory.calendar());
    let procedure = view.case.procedure();
    let Some(clock) = procedure.due() else { return ().into_any() };
    let whole = calendar.working_days_between(clock.from, clock.last_day).max(1);
    let passed = calendar.working_days_between(clock.from, context.today).clamp(0, whole);
    let words = lang.f("following.next.passed", &[("n", &lang.number(passed)), ("all", &lang.number(whole))]);
    view! {
        <div class=format!("days-meter {}", tone_class(tone))>
            <progress class="bar" max=whole.to_string() value=passed.to_string() aria-label=words.clone()></progress>
            <small class="num">{words}</small>
        </div>
    }
    .into_any()
}

/// "Why this day?": the rule, its law, every day off within, and every other period of the case.
fn why(context: &PageContext, view: &CaseView) -> AnyView {
    let lang = context.lang;
    let procedure = view.case.procedure();
    let Some(clock) = procedure.due() else { return ().into_any() };
    let is_again = view.history.iter().any(|entry| matches!(entry.event, Event::Reopened { .. }));
    view! {
        <details>
            <summary>{lang.t("following.why.title")}</summary>
            {reckoning(context, clock)}
            {is_again.then(|| view! { <p>{lang.t("following.why.reopened")}</p> })}
            <p>{lang.t("following.why.late")}</p>
        </details>
    }
    .into_any()
}
