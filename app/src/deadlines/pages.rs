//! `/thoi-han`: anybody computes a legal deadline and sees how it comes about.

use super::month_view;
use super::rules::{Circumstances, Complexity, Computed, Direction, Refusal, Rule, compute, pick};
use super::telling::{codes, length, name, reason_line, refusal, sentence, variant};
use crate::error::Result;
use crate::form::FormState;
use crate::ui::context::PageContext;
use crate::ui::fields::{FieldLook, check_box, error_summary, select_field, text_field};
use crate::ui::icons::{Icon, icon};
use crate::ui::page::{Page, Section};
use crate::words::Lang;
use axum::extract::Query;
use axum::response::Response;
use chrono::{Datelike, NaiveDate};
use leptos::prelude::*;

/// The page's address.
pub const PATH: &str = "/thoi-han";
/// The rule in the address.
pub const RULE: &str = "quy-tac";
/// The day of the event in the address.
pub const FROM: &str = "tu-ngay";
const REMOTE: &str = "vung-xa";
const COMPLEXITY: &str = "phuc-tap";
const PAUSED_FROM: &str = "dung-tu";
const PAUSED_TO: &str = "dung-den";
/// Years in which something may be filed, decided or due.
pub(super) const YEARS: std::ops::Range<i32> = 1900..3000;

/// Which rule for which day gave what.
struct Answer<'a> {
    rule: &'a Rule,
    computed: Computed,
}

/// `GET /thoi-han`
pub async fn deadlines(context: PageContext, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    let lang = context.lang;
    let mut form = FormState::from_pairs(pairs);
    let is_asked = form.is_ticked(RULE);
    let answer = if is_asked { answer(lang, &mut form, context.directory.deadline_rules(), context.directory.calendar()) } else { None };
    let page = Page::new(&context, Section::Other, lang.t("deadlines.title")).public(lang.t("deadlines.description"));
    Ok(page.render(|| {
        view! {
            <div class="stack"><h1>{lang.t("deadlines.title")}</h1><p class="lead-text">{lang.t("deadlines.lead")}</p></div>
            {error_summary(lang, &form)}
            {answer.as_ref().map(|answer| answer_box(lang, answer))}
            {question(&context, &form)}
            {month_view::before_day(lang, &form, context.directory.calendar())}
            {month_view::month(lang, &form, context.directory.calendar(), context.today)}
            {table(lang, context.directory.deadline_rules(), context.today)}
        }
        .into_any()
    }))
}

/// A day as people type it: 2026-11-23 (what a date field sends) or 23/11/2026. None of a year nobody lives in: the type reaches a quarter of a
/// million years either way, where adding a day has no answer and counting working days from here takes seconds.
pub fn day(text: &str) -> Option<NaiveDate> {
    let day = text.parse().ok().or_else(|| NaiveDate::parse_from_str(text, "%d/%m/%Y").ok());
    day.filter(|day: &NaiveDate| YEARS.contains(&day.year()))
}

fn day_of(form: &mut FormState, field: &'static str) -> Option<NaiveDate> {
    let typed = form.value(field).to_owned();
    let day = day(&typed);
    if !typed.is_empty() && day.is_none() {
        form.wrong(field, "deadlines.day.wrong");
    }
    day
}

fn answer<'a>(lang: Lang, form: &mut FormState, rules: &'a [Rule], calendar: &super::Calendar) -> Option<Answer<'a>> {
    let complexity = match form.value(COMPLEXITY) {
        "1" => Complexity::Complex,
        "2" => Complexity::Most,
        _ => Complexity::Usual,
    };
    if form.value(RULE).is_empty() {
        form.wrong(RULE, "deadlines.rule.missing");
    }
    let start = day_of(form, FROM);
    if form.value(FROM).is_empty() {
        form.wrong(FROM, "deadlines.day.missing");
    }
    let pause = match (day_of(form, PAUSED_FROM), day_of(form, PAUSED_TO)) {
        (Some(from), Some(to)) => Some((from, to)),
        (Some(_), None) if form.value(PAUSED_TO).is_empty() => {
            form.wrong(PAUSED_TO, "deadlines.pause.open");
            None
        }
        (None, Some(_)) if form.value(PAUSED_FROM).is_empty() => {
            form.wrong(PAUSED_FROM, "deadlines.pause.open");
            None
        }
        _ => None,
    };
    let start = start.filter(|_| form.is_valid())?;
    let circumstances = Circumstances { is_remote: form.is_ticked(REMOTE), complexity, pauses: pause.into_iter().collect() };
    let code = form.value(RULE).to_owned();
    let found =
        pick(rules, &code, start, &circumstances).and_then(|rule| compute(rule, start, &circumstances, calendar).map(|computed| Answer { rule, computed }));
    match found {
        Ok(answer) => Some(answer),
        Err(why) => {
            let field = match why {
                Refusal::Unknown => RULE,
                Refusal::NotInForce { .. } => FROM,
                Refusal::PauseReversed(_) | Refusal::Endless => PAUSED_TO,
            };
            form.wrong_with(field, "deadlines.refused", vec![("why", refusal(lang, &why, &code, &codes(rules).join(", ")))]);
            None
        }
    }
}

fn answer_box(lang: Lang, Answer { rule, computed }: &Answer<'_>) -> AnyView {
    let label = match rule.direction {
        Direction::After => lang.t("deadlines.last_day.label"),
        Direction::Before => lang.t("deadlines.latest_day.label"),
    };
    let reasons: Vec<_> = computed.reasons.iter().map(|reason| view! { <li>{reason_line(lang, reason)}</li> }).collect();
    let provisional = computed.is_provisional.then(|| view! { <div class="notice warn">{icon(Icon::Warning)}<p>{lang.t("deadlines.provisional")}</p></div> });
    view! {
        <section class="next" role="status">
            <p class="small muted">{label}</p>
            <p class="day num"><span class="nowrap">{lang.day_long(computed.last_day)}</span></p>
            <p>{sentence(lang, rule)}</p>
            {provisional}
            <details open><summary>{lang.t("deadlines.how")}</summary><ol class="stack-s">{reasons}</ol></details>
        </section>
    }
    .into_any()
}

fn question(context: &PageContext, form: &FormState) -> AnyView {
    let lang = context.lang;
    let rules = context.directory.deadline_rules();
    let choices = codes(rules).into_iter().filter_map(|code| {
        // The latest row tells what the rule is about today.
        let rule = rules.iter().rfind(|rule| rule.code == code)?;
        Some((code.to_owned(), format!("{code} – {}", name(lang, rule))))
    });
    let complexities = vec![("1".to_owned(), lang.t("deadlines.complex.one").to_owned()), ("2".to_owned(), lang.t("deadlines.complex.most").to_owned())];
    let day = |name: &'static str, label: &'static str, hint: Option<&'static str>| {
        text_field(lang, form, name, FieldLook { label, hint, kind: "date", class: "field-s", ..FieldLook::default() })
    };
    view! {
        <form method="get" action=lang.href(PATH) class="card stack">
            {select_field(lang, form, RULE, choices.collect(), "deadlines.rule.none", FieldLook { label: "deadlines.rule.label", ..FieldLook::default() })}
            {day(FROM, "deadlines.from.label", Some("deadlines.from.hint"))}
            {check_box(form, REMOTE, lang.t("deadlines.remote.label"), lang.t("deadlines.remote.text"))}
            {select_field(lang, form, COMPLEXITY, complexities, "deadlines.complex.none", FieldLook { label: "deadlines.complex.label", ..FieldLook::default() })}
            <details class="more" open=!form.value(PAUSED_FROM).is_empty() || !form.value(PAUSED_TO).is_empty()>
                <summary>{lang.t("deadlines.pause.title")}</summary>
                <p class="small muted">{lang.t("deadlines.pause.text")}</p>
                {day(PAUSED_FROM, "deadlines.pause.from", None)}
                {day(PAUSED_TO, "deadlines.pause.to", None)}
            </details>
            <button class="btn btn-main">{icon(Icon::Clock)}{lang.t("deadlines.compute")}</button>
        </form>
    }
    .into_any()
}

fn table(lang: Lang, rules: &[Rule], today: NaiveDate) -> AnyView {
    let rows: Vec<_> = rules.iter().map(|rule| table_row(lang, rule, today)).collect();
    view! {
        <details class="more">
            <summary>{lang.t("deadlines.table.title")}</summary>
            <p class="muted">{lang.t("deadlines.table.text")}</p>
            <ul class="rule-list">{rows}</ul>
        </details>
    }
    .into_any()
}

fn table_row(lang: Lang, rule: &Rule, today: NaiveDate) -> AnyView {
    let address = format!("{}?{RULE}={}&{FROM}={today}", lang.href(PATH), rule.code);
    let special = variant(lang, rule.variant).map(|words| format!(" ({words})"));
    let force = match rule.valid_to {
        Some(last) => lang.f("deadlines.table.ended", &[("from", &lang.day_short(rule.valid_from)), ("to", &lang.day_short(last))]),
        None => lang.f("deadlines.table.since", &[("from", &lang.day_short(rule.valid_from))]),
    };
    view! {
        <li>
            <p><a href=address><b>{rule.code.clone()}</b>" – "{name(lang, rule).to_owned()}</a></p>
            <p>{length(lang, rule)}{special}</p>
            <p class="small muted">{rule.source.clone()}". "{force}</p>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_however_it_is_written_and_only_one_somebody_lives_in() {
        let wanted = NaiveDate::from_ymd_opt(2026, 11, 23);
        assert_eq!((day("2026-11-23"), day("23/11/2026")), (wanted, wanted));
        // All of them are days to the library: the first had no day before it, the second no day after it.
        for far in ["-262143-01-01", "+262142-12-31", "1899-12-31", "31/12/1899", "3000-01-01", "01/01/9999", "0000-01-01"] {
            assert_eq!(day(far), None, "{far}");
        }
    }
}
