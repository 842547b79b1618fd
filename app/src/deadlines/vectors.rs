//! Last days computed by hand from the tables of rules and days off, each with its reasoning, and what must hold for all.

use super::rules::{Circumstances, Complexity, Direction, Reason, Refusal, Rule, Unit, Variant, compute, pick};
use super::{Calendar, Certainty, DayOff, SpecialDay};
use crate::agencies::import::{self, Files};
use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn shipped() -> (Vec<Rule>, Calendar) {
    let files = Files::built_in();
    (import::deadline_rules(&files.deadline_rules).expect("rules"), import::calendar(&files.holidays).expect("days off"))
}

/// `complex`, `most`, `remote`, and pauses as `FROM..TO`, apart by blanks.
fn circumstances(text: &str) -> Circumstances {
    let mut all = Circumstances::default();
    for word in text.split_whitespace() {
        match word {
            "remote" => all.is_remote = true,
            "complex" => all.complexity = Complexity::Complex,
            "most" => all.complexity = Complexity::Most,
            pause => {
                let (from, to) = pause.split_once("..").expect("a pause");
                all.pauses.push((day(from), day(to)));
            }
        }
    }
    all
}

/// Rule, day of the event (or of the session), circumstances, last day, and how a person counts it. The weekdays of the first
/// days of the months of 2026: 1/1 Thu, 1/2 and 1/3 Sun, 1/4 Wed, 1/5 Fri, 1/6 Mon, 1/7 Wed, 1/8 Sat, 1/9 Tue, 1/10 Thu,
/// 1/11 Sun, 1/12 Tue. Off: 1–2/1, 16–20/2, 27/4, 30/4–1/5, 31/8–2/9, 24/11; worked Saturdays: 10/1, 22/8. 23/11 is only
/// proposed. The first ten are the worked examples of the domain research. The page and the command are held to the same file.
fn vectors() -> Vec<(String, NaiveDate, String, NaiveDate)> {
    let mut reader = csv::Reader::from_reader(include_str!("vectors.csv").as_bytes());
    let vector = |row: csv::StringRecord| (row[0].to_owned(), day(&row[1]), row[2].to_owned(), day(&row[3]));
    reader.records().map(|row| vector(row.expect("a row"))).collect()
}

#[test]
fn every_vector_comes_out() {
    let (rules, calendar) = shipped();
    for (code, from, special, last) in vectors() {
        let special = circumstances(&special);
        let rule = pick(&rules, &code, from, &special).expect(&code);
        let computed = compute(rule, from, &special, &calendar).expect(&code);
        assert_eq!(computed.last_day, last, "{code} from {from}: {:?}", computed.reasons);
    }
}

#[test]
fn every_rule_of_the_table_has_a_vector() {
    let (rules, _) = shipped();
    let covered: BTreeSet<String> = vectors().into_iter().map(|(code, ..)| code).collect();
    for rule in &rules {
        assert!(covered.contains(&rule.code), "{} has none", rule.code);
    }
}

#[test]
fn a_rule_holds_from_its_day_on_and_the_old_one_until_the_day_before() {
    let (rules, _) = shipped();
    let of = |from: &str| pick(&rules, "K2", day(from), &Circumstances::default()).map(|rule| (rule.length, rule.unit));
    assert_eq!(of("2026-06-30"), Ok((10, Unit::Calendar)));
    assert_eq!(of("2026-07-01"), Ok((7, Unit::Working)));
    assert_eq!(of("2012-06-30"), Err(Refusal::NotInForce { first: day("2012-07-01") }));
    assert_eq!(pick(&rules, "KN", day("2026-07-01"), &Circumstances::default()), Err(Refusal::Unknown), "KN means two things, so it means nothing");
    assert_eq!(pick(&rules, " k2 ", day("2026-07-01"), &Circumstances::default()).map(|rule| rule.code.as_str()), Ok("K2"));
}

#[test]
fn what_is_not_certain_is_said() {
    let (rules, calendar) = shipped();
    let reasons = |code: &str, from: &str| {
        let rule = pick(&rules, code, day(from), &Circumstances::default()).expect(code);
        let computed = compute(rule, day(from), &Circumstances::default(), &calendar).expect(code);
        (computed.is_provisional, computed.reasons)
    };
    let (is_provisional, of_new_year) = reasons("K5", "2026-12-30");
    assert!(is_provisional && of_new_year.iter().any(|reason| matches!(reason, Reason::Expected { .. })));
    let (is_provisional, over_the_proposal) = reasons("R1", "2026-11-20");
    assert!(
        is_provisional
            && over_the_proposal
                .contains(&Reason::Proposed { day: day("2026-11-23"), name: "Nghỉ hoán đổi dịp Ngày Văn hóa Việt Nam (đề xuất)".to_owned() })
    );
    assert!(reasons("K3", "2028-02-01").1.contains(&Reason::YearNotAnnounced(2028)));
    assert!(!reasons("K2", "2026-07-01").0, "July has nothing uncertain");
    assert!(!reasons("K3", "2026-10-26").0, "a calendar period does not care for days off on its way");
}

#[test]
fn a_pause_that_ends_before_it_begins_is_refused() {
    let (rules, calendar) = shipped();
    let special = circumstances("2026-07-08..2026-07-03");
    let rule = pick(&rules, "K3", day("2026-07-01"), &special).expect("K3");
    assert_eq!(compute(rule, day("2026-07-01"), &special, &calendar), Err(Refusal::PauseReversed((day("2026-07-08"), day("2026-07-03")))));
}

#[test]
fn a_latest_day_that_is_a_day_off_names_the_working_day_before() {
    let (rules, calendar) = shipped();
    let rule = pick(&rules, "K4", day("2026-09-04"), &Circumstances::default()).expect("K4");
    let computed = compute(rule, day("2026-09-04"), &Circumstances::default(), &calendar).expect("a day");
    assert!(computed.reasons.contains(&Reason::LatestIsDayOff { working_day_before: day("2026-08-28") }));
}

fn rule(unit: Unit, direction: Direction, length: u32, rolls_over: bool) -> Rule {
    let text = String::new();
    Rule {
        code: "X".to_owned(),
        variant: Variant::Usual,
        valid_from: day("2000-01-01"),
        valid_to: None,
        direction,
        length,
        unit,
        rolls_over,
        name: text.clone(),
        name_en: text.clone(),
        start: text.clone(),
        start_en: text.clone(),
        source: text,
    }
}

fn last(rule: &Rule, start: NaiveDate, pauses: &[(NaiveDate, NaiveDate)], calendar: &Calendar) -> NaiveDate {
    let special = Circumstances { pauses: pauses.to_vec(), ..Circumstances::default() };
    compute(rule, start, &special, calendar).expect("a day").last_day
}

proptest! {
    #[test]
    fn one_more_holiday_never_makes_a_deadline_earlier(start in 0_u64..3_000, length in 1_u32..90, extra in 0_u64..200, calendar_days in any::<bool>()) {
        let start = day("2025-01-01") + Days::new(start);
        let rule = rule(if calendar_days { Unit::Calendar } else { Unit::Working }, Direction::After, length, true);
        let off = SpecialDay { off: DayOff::Off, name: String::new(), certainty: Certainty::Confirmed };
        let with = Calendar::of_rows([(start + Days::new(extra), off)]);
        prop_assert!(last(&rule, start, &[], &with) >= last(&rule, start, &[], &Calendar::default()));
    }

    #[test]
    fn after_a_pause_exactly_the_remaining_days_run(start in 0_u64..3_000, length in 1_u32..90, passed in 0_u32..89, pause in 1_u64..400) {
        prop_assume!(passed < length);
        let start = day("2025-01-01") + Days::new(start);
        let from = start + Days::new(u64::from(passed) + 1);
        let to = from + Days::new(pause - 1);
        let rule = rule(Unit::Calendar, Direction::After, length, false);
        prop_assert_eq!(last(&rule, start, &[(from, to)], &Calendar::default()), to + Days::new(u64::from(length - passed)));
    }

    #[test]
    fn working_days_after_a_pause_are_counted_from_its_last_day(start in 0_u64..3_000, length in 1_u32..40, passed in 0_u64..30, pause in 1_u64..100) {
        let start = day("2025-01-01") + Days::new(start);
        let (from, calendar) = (start + Days::new(passed + 1), shipped().1);
        let to = from + Days::new(pause - 1);
        let before = calendar.working_days_between(start, from - Days::new(1));
        let of_length = |length: u32| rule(Unit::Working, Direction::After, length, true);
        let left = i64::from(length) - before;
        prop_assume!(left > 0);
        let resumed = last(&of_length(u32::try_from(left).expect("few")), to, &[], &calendar);
        prop_assert_eq!(last(&of_length(length), start, &[(from, to)], &calendar), resumed);
    }

    #[test]
    fn calendar_days_are_days_over_leap_years_and_year_ends(start in 0_u64..20_000, length in 1_u32..400) {
        let start = day("2000-01-01") + Days::new(start);
        prop_assert_eq!(last(&rule(Unit::Calendar, Direction::After, length, false), start, &[], &Calendar::default()), start + Days::new(u64::from(length)));
        prop_assert_eq!(last(&rule(Unit::Calendar, Direction::Before, length, false), start, &[], &Calendar::default()), start - Days::new(u64::from(length)));
    }

    #[test]
    fn counting_back_leaves_the_days_the_law_asks_for(session in 0_u64..2_000, length in 1_u32..40) {
        let (session, calendar) = (day("2025-01-01") + Days::new(session), shipped().1);
        let latest = last(&rule(Unit::Working, Direction::Before, length, false), session, &[], &calendar);
        prop_assert!(calendar.is_working_day(latest));
        // The day itself is not counted, whether it is worked or not.
        prop_assert_eq!(calendar.working_days_between(latest - Days::new(1), session - Days::new(1)), i64::from(length));
    }

    #[test]
    fn a_last_day_that_may_roll_is_a_working_day(start in 0_u64..2_000, length in 1_u32..90) {
        let (start, calendar) = (day("2025-01-01") + Days::new(start), shipped().1);
        prop_assert!(calendar.is_working_day(last(&rule(Unit::Calendar, Direction::After, length, true), start, &[], &calendar)));
    }
}
