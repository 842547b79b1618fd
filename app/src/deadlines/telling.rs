//! A computation in words: what the page unfolds and the command prints.

use super::rules::{Computed, Direction, Reason, Refusal, Rule, Unit, Variant};
use crate::words::Lang;
use chrono::NaiveDate;

/// What must be done, in the reader's language.
pub fn name(lang: Lang, rule: &Rule) -> &str {
    match lang {
        Lang::Vi => &rule.name,
        Lang::En => &rule.name_en,
    }
}

/// What must be done by the rule of a code, in the words of its latest version; the code where there is none.
pub fn purpose_of(lang: Lang, rules: &[Rule], code: &str) -> String {
    rules.iter().rfind(|rule| rule.code == code).map_or_else(|| code.to_owned(), |rule| name(lang, rule).to_owned())
}

/// The event a rule counts from, in the reader's language.
pub fn start(lang: Lang, rule: &Rule) -> &str {
    match lang {
        Lang::Vi => &rule.start,
        Lang::En => &rule.start_en,
    }
}

/// "7 ngày làm việc kể từ ngày nhận đơn".
pub fn length(lang: Lang, rule: &Rule) -> String {
    let n = i64::from(rule.length);
    let days = match rule.unit {
        Unit::Working => lang.n("deadlines.working_one", "deadlines.working_many", n),
        Unit::Calendar => lang.n("deadlines.days_one", "deadlines.days_many", n),
        Unit::Year => return lang.t("deadlines.by_year_end").to_owned(),
    };
    let key = match rule.direction {
        Direction::After => "deadlines.length_after",
        Direction::Before => "deadlines.length_before",
    };
    lang.f(key, &[("days", &days), ("start", start(lang, rule))])
}

/// The circumstances a row is for; none for the usual ones.
pub fn variant(lang: Lang, variant: Variant) -> Option<&'static str> {
    match variant {
        Variant::Usual => None,
        Variant::Complex => Some(lang.t("deadlines.variant.complex")),
        Variant::MostComplex => Some(lang.t("deadlines.variant.most_complex")),
        Variant::Remote => Some(lang.t("deadlines.variant.remote")),
        Variant::RemoteComplex => Some(lang.t("deadlines.variant.remote_complex")),
    }
}

/// The rule in one sentence, with its law.
pub fn sentence(lang: Lang, rule: &Rule) -> String {
    let special = variant(lang, rule.variant).map(|words| format!(" ({words})")).unwrap_or_default();
    format!("{}: {} – {}{special}. {}: {}.", rule.code, name(lang, rule), length(lang, rule), lang.t("deadlines.source"), rule.source)
}

/// The computation, a sentence to a line.
pub fn lines(lang: Lang, rule: &Rule, computed: &Computed) -> Vec<String> {
    let mut lines = vec![sentence(lang, rule)];
    lines.extend(computed.reasons.iter().map(|reason| reason_line(lang, reason)));
    let key = match rule.direction {
        Direction::After => "deadlines.last_day",
        Direction::Before => "deadlines.latest_day",
    };
    lines.push(lang.f(key, &[("day", &lang.day_long(computed.last_day))]));
    if computed.is_provisional {
        lines.push(lang.t("deadlines.provisional").to_owned());
    }
    lines
}

/// One reason as a sentence.
pub fn reason_line(lang: Lang, reason: &Reason) -> String {
    let dated = |key: &'static str, day: NaiveDate, name: &str| lang.f(key, &[("day", &lang.day_long(day)), ("name", name)]);
    match reason {
        Reason::Starts(day) => dated("deadlines.reason.starts", *day, ""),
        Reason::RemoteMakesNoDifference => lang.t("deadlines.reason.remote").to_owned(),
        Reason::ComplexMakesNoDifference => lang.t("deadlines.reason.complex").to_owned(),
        Reason::Paused { pause: (from, to), days } => {
            lang.f("deadlines.reason.paused", &[("from", &lang.day_short(*from)), ("to", &lang.day_short(*to)), ("n", &lang.number(i64::from(*days)))])
        }
        Reason::PausesDoNotApply => lang.t("deadlines.reason.pauses_before").to_owned(),
        Reason::Weekends { days } => lang.n("deadlines.reason.weekend_one", "deadlines.reason.weekend_many", i64::from(*days)),
        Reason::Skipped { day, name } => dated("deadlines.reason.skipped", *day, name),
        Reason::Worked { day, name } => dated("deadlines.reason.worked", *day, name),
        Reason::RollsOver { from } => dated("deadlines.reason.rolls_over", *from, ""),
        Reason::LatestIsDayOff { working_day_before } => dated("deadlines.reason.latest_off", *working_day_before, ""),
        Reason::Expected { day, name } => dated("deadlines.reason.expected", *day, name),
        Reason::Proposed { day, name } => dated("deadlines.reason.proposed", *day, name),
        Reason::YearNotAnnounced(year) => lang.f("deadlines.reason.year", &[("year", &year.to_string())]),
    }
}

/// Why there is no last day, and what to do. `codes` are those that can be asked for.
pub fn refusal(lang: Lang, refusal: &Refusal, code: &str, codes: &str) -> String {
    match refusal {
        Refusal::Unknown => lang.f("deadlines.refused.unknown", &[("code", code), ("codes", codes)]),
        Refusal::NotInForce { first } => lang.f("deadlines.refused.not_in_force", &[("code", code), ("first", &lang.day_short(*first))]),
        Refusal::PauseReversed((from, to)) => lang.f("deadlines.refused.pause", &[("from", &lang.day_short(*from)), ("to", &lang.day_short(*to))]),
        Refusal::Endless => lang.t("deadlines.refused.endless").to_owned(),
    }
}

/// The codes of a table, each once, in its order.
pub fn codes(rules: &[Rule]) -> Vec<&str> {
    let mut codes: Vec<&str> = Vec::new();
    for rule in rules {
        if !codes.contains(&rule.code.as_str()) {
            codes.push(&rule.code);
        }
    }
    codes
}
