//! After the answer: whether it is solved, what was promised, and the way further — a second complaint, a further denunciation.

use super::forms::{MESSAGE_CHARS_MAX, ONCE};
use super::load::CaseView;
use super::pages::of;
use crate::form::FormState;
use crate::petitions::procedure::{Known, last_day_after_delay, outcome, second_instance};
use crate::petitions::reschedule::moved_words;
use crate::petitions::rules::{Case, Event, Kind};
use crate::procedures::clocks::Clock;
use crate::procedures::step::Step;
use crate::procedures::{Refusal, Stage, administrative_rule, complaint, denunciation, opinion, telling};
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, PageContext, icon, text_area};
use leptos::prelude::*;

/// Whether the citizen may take a step today.
///
/// # Errors
/// The [`Refusal`] that names the rule.
pub(super) fn may(context: &PageContext, case: &Case, step: &Step) -> Result<(), Refusal> {
    outcome(&context.directory, context.today, case, Known::default(), step).map(|_| ())
}

/// The sections; nothing where there is nothing to do.
pub(super) fn onward(context: &PageContext, view: &CaseView, form: &FormState) -> AnyView {
    match view.case.kind {
        Kind::Report | Kind::Recommendation => solved(context, view, form),
        Kind::AdministrativeRule => result(context, view, form),
        Kind::Praise => ().into_any(),
        Kind::Complaint | Kind::Denunciation => view! { {taken_back(context, &view.case)}{further(context, view, form)} }.into_any(),
    }
}

fn solved(context: &PageContext, view: &CaseView, form: &FormState) -> AnyView {
    let (lang, case) = (context.lang, &view.case);
    let Stage::Opinion(stage) = case.procedure().stage else { return ().into_any() };
    let said = match &stage {
        opinion::State::Open { .. } => return ().into_any(),
        opinion::State::Answered { .. } => None,
        opinion::State::Promised { day, first_day, .. } if day == first_day => {
            Some(lang.f("procedure.citizen.done.promised", &[("day", &lang.day_long(*day))]))
        }
        opinion::State::Promised { day, first_day, .. } => {
            Some(lang.f("procedure.citizen.done.moved", &[("day", &lang.day_long(*day)), ("first", &lang.day_short(*first_day))]))
        }
        opinion::State::Done { on, .. } => Some(lang.f("procedure.citizen.done.fulfilled", &[("day", &lang.day_long(*on))])),
        opinion::State::Confirmed { .. } => Some(lang.t("procedure.citizen.done.thanks").to_owned()),
    };
    view! {
        <section class="card stack no-print" id="done">
            <h2 class="title-s">{lang.t("procedure.citizen.done.title")}</h2>
            {said.map(|words| view! { <p><b>{words}</b></p> })}
            {solved_buttons(context, view, form)}
        </section>
    }
    .into_any()
}

/// The result of a petition about administrative rules: whether it is public, whether it is solved.
fn result(context: &PageContext, view: &CaseView, form: &FormState) -> AnyView {
    let (lang, case) = (context.lang, &view.case);
    let Stage::AdministrativeRule(stage) = case.procedure().stage else { return ().into_any() };
    let Some(answer) = stage.answer() else { return ().into_any() };
    let published = match &stage {
        administrative_rule::State::Published { on, .. } => lang.f("kinds.rule.published", &[("day", &lang.day_long(*on))]),
        _ => lang.t("kinds.rule.to_be_published").to_owned(),
    };
    let thanks = answer.confirmed_on.map(|_| view! { <p><b>{lang.t("procedure.citizen.done.thanks")}</b></p> });
    view! {
        <section class="card stack no-print" id="done">
            <h2 class="title-s">{lang.t("procedure.citizen.done.title")}</h2>
            <p>{published}</p>
            {thanks}
            {solved_buttons(context, view, form)}
        </section>
    }
    .into_any()
}

/// "It is solved" and "it is not", where they can be said.
fn solved_buttons(context: &PageContext, view: &CaseView, form: &FormState) -> AnyView {
    let (lang, case) = (context.lang, &view.case);
    let confirm = may(context, case, &Step::Confirm).is_ok().then(|| {
        view! {
            <p class="small muted">{lang.t("procedure.citizen.done.text")}</p>
            <form method="post" action=lang.href("/tra-cuu/don/da-xong")>{of(view)}<button class="btn btn-main">{lang.t("procedure.citizen.done.confirm")}</button></form>
        }
    });
    let back = match may(context, case, &Step::SendBack) {
        Ok(()) => send_back(context, view, form),
        Err(refusal @ Refusal::SentBackFully) => view! { <p class="small muted">{telling::refusal(lang, refusal)}</p> }.into_any(),
        Err(_) => ().into_any(),
    };
    view! { {confirm}{back} }.into_any()
}

fn send_back(context: &PageContext, view: &CaseView, form: &FormState) -> AnyView {
    let lang = context.lang;
    let look = FieldLook { label: "procedure.citizen.done.why", chars_max: Some(MESSAGE_CHARS_MAX), ..FieldLook::default() };
    view! {
        <details class="more" open=form.error("not_done", lang).is_some()>
            <summary>{lang.t("procedure.citizen.done.not")}</summary>
            <p>{lang.t("procedure.citizen.done.not_text")}</p>
            <form method="post" action=lang.href("/tra-cuu/don/chua-xong") class="stack">
                {of(view)}
                <input type="hidden" name=ONCE value=context.portal.new_id() />
                {text_area(lang, form, "not_done", 4, look)}
                <p><button class="btn">{lang.t("procedure.citizen.done.send_back")}</button></p>
            </form>
        </details>
    }
    .into_any()
}

fn taken_back(context: &PageContext, case: &Case) -> AnyView {
    let lang = context.lang;
    let day = match case.procedure().stage {
        Stage::Complaint(complaint::State::Handling(handling) | complaint::State::Suspended { handling }) => handling.taken_back_on,
        Stage::Denunciation(denunciation::State::Handling(handling) | denunciation::State::Suspended { handling }) => handling.taken_back_on,
        _ => None,
    };
    day.map(|day| {
        let words = lang.f("procedure.citizen.taken_back", &[("day", &lang.day_short(day))]);
        view! { <div class="notice info">{icon(Icon::Help)}<p>{words}</p></div> }
    })
    .into_any()
}

/// The way further, with its last day, or why there is none.
fn further(context: &PageContext, view: &CaseView, form: &FormState) -> AnyView {
    let (lang, case) = (context.lang, &view.case);
    let is_complaint = case.kind == Kind::Complaint;
    let step = Step::Appeal { to_body_id: String::new() };
    let refusal = match may(context, case, &step) {
        Ok(()) => None,
        Err(refusal @ (Refusal::AppealTooLate(_) | Refusal::NoThirdInstance)) => Some(refusal),
        Err(_) => return ().into_any(),
    };
    let body = match (refusal, second_instance(&context.directory, &case.body_id, context.today)) {
        (Some(refusal), _) | (None, Err(refusal)) => view! { <p>{telling::refusal(lang, refusal)}</p> }.into_any(),
        (None, Ok(to)) => appeal_form(context, view, form, context.directory.agency_name(&to)),
    };
    let court = is_complaint.then(|| view! { <p class="small muted">{lang.t("procedure.citizen.appeal.court")}</p> });
    view! { <section class="card stack no-print" id="further"><h2 class="title-s">{lang.t("procedure.citizen.appeal.title")}</h2>{body}{court}</section> }
        .into_any()
}

/// The letter keeps the day it was issued with; here stands the day that holds now, and why it moved.
fn moved_right(context: &PageContext, view: &CaseView, clock: &Clock) -> AnyView {
    let lang = context.lang;
    let is_of = |event: &Event| matches!(event, Event::Rescheduled { code: Some(code), .. } | Event::PeriodChanged { code, .. } if *code == clock.code);
    let moves: Vec<&Event> = view.history.iter().map(|entry| &entry.event).filter(|event| is_of(event)).collect();
    let Some(Event::Rescheduled { from, .. } | Event::PeriodChanged { from, .. }) = moves.first() else { return ().into_any() };
    let rules = context.directory.deadline_rules();
    let reasons: Vec<_> = moves.iter().filter_map(|event| moved_words(lang, event, rules)).map(|words| view! { <p class="small">{words}</p> }).collect();
    let said = lang.f("periods.right.moved", &[("from", &lang.day_short(*from)), ("to", &lang.day_short(clock.last_day))]);
    view! { <div class="notice info" id="right-moved">{icon(Icon::Clock)}<div><p><b>{said}</b></p>{reasons}</div></div> }.into_any()
}

fn appeal_form(context: &PageContext, view: &CaseView, form: &FormState, to: &str) -> AnyView {
    let (lang, case) = (context.lang, &view.case);
    let procedure = case.procedure();
    let own_period = procedure.clocks.iter().find(|clock| clock.code == "K6" && clock.is_running());
    let is_decided = matches!(procedure.stage, Stage::Complaint(complaint::State::Decided(_)));
    let words = match (case.kind, own_period) {
        (Kind::Complaint, Some(clock)) => lang.f("procedure.citizen.appeal.complaint", &[("agency", to), ("day", &lang.day_long(clock.last_day))]),
        (Kind::Complaint, None) if is_decided => lang.f("procedure.citizen.appeal.complaint_open", &[("agency", to)]),
        (Kind::Complaint, None) => {
            let day = last_day_after_delay(&context.directory, context.today, case).map(|day| lang.day_long(day)).unwrap_or_default();
            lang.f("procedure.citizen.appeal.overdue", &[("agency", to), ("day", &day)])
        }
        _ => lang.f("procedure.citizen.appeal.denunciation", &[("agency", to)]),
    };
    let button = if case.kind == Kind::Complaint { "procedure.citizen.appeal.send_complaint" } else { "procedure.citizen.appeal.send_denunciation" };
    let look = FieldLook { label: "procedure.citizen.appeal.why", chars_max: Some(MESSAGE_CHARS_MAX), ..FieldLook::default() };
    view! {
        <p>{words}</p>
        {own_period.map(|clock| moved_right(context, view, clock))}
        <details class="more" open=form.error("appeal", lang).is_some()>
            <summary>{lang.t(button)}</summary>
            <form method="post" action=lang.href("/tra-cuu/don/khieu-nai-tiep") class="stack">
                {of(view)}
                <input type="hidden" name=ONCE value=context.portal.new_id() />
                {text_area(lang, form, "appeal", 5, look)}
                <p><button class="btn btn-main">{lang.t(button)}</button></p>
            </form>
        </details>
    }
    .into_any()
}
