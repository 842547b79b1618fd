//! The versions of a legal period: how one follows another, and what cannot stand in the table. Pure.
//!
//! The law changes by the day: a version holds for events from its first day to its last. A new version ends the one before it on the
//! day before; the page of legal periods and the import go through the same checks.

use super::rules::{Rule, Unit, Variant};
use chrono::{Days, NaiveDate};

/// Rules that the portal's own procedures start: without a version in force nobody could file or decide any more.
pub const NEEDED: [&str; 21] =
    ["R1", "P1", "K1", "K2", "K3", "K5", "K6", "K7", "K8", "K9", "K10", "K13", "T1", "T4", "T5", "T6", "T7", "T8", "T9", "T10", "T12"];

/// All versions of one rule before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The rule: `K3`.
    pub code: String,
    /// Its versions before.
    pub was: Vec<Rule>,
    /// Its versions after.
    pub is_now: Vec<Rule>,
}

impl Change {
    /// Versions that are new or differ, in the order of [`Change::is_now`].
    pub fn written(&self) -> impl Iterator<Item = &Rule> {
        self.is_now.iter().filter(|rule| !self.was.contains(rule))
    }

    /// Versions that are gone.
    pub fn removed(&self) -> impl Iterator<Item = &Rule> {
        self.was.iter().filter(|was| !self.is_now.iter().any(|now| is_same_version(now, was)))
    }
}

fn is_same_version(a: &Rule, b: &Rule) -> bool {
    (a.variant, a.valid_from) == (b.variant, b.valid_from)
}

/// What is done to the versions of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// A version that was not there begins.
    Add(Rule),
    /// The version with the same circumstances and first day is put right; giving it a last day ends it.
    Correct(Rule),
    /// A version that has not begun is taken back; the one before it goes on.
    Remove(Variant, NaiveDate),
}

/// Why the versions cannot stand like that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A version with this first day is there.
    SameDay(NaiveDate),
    /// No such version.
    Unknown,
    /// The last day lies before the first.
    Reversed,
    /// Two versions hold on these days.
    Overlap(NaiveDate, NaiveDate),
    /// No version holds on these days.
    Gap(NaiveDate, NaiveDate),
    /// A rule that the procedures need would have no version after this day.
    Ends(NaiveDate),
    /// The period for a special case is shorter than the one it makes longer: `(circumstances, length, the other's length)`.
    Shorter(Variant, u32, u32),
    /// A rule counts one way in all its versions.
    Direction,
    /// A year is counted in years from one to this many.
    Years(u32),
    /// The version has begun: what holds is ended, not taken back.
    Begun,
}

/// Longest period counted in years.
const YEARS_MAX: u32 = 10;

/// The versions after an edit, checked, in the order of the table.
///
/// # Errors
/// [`Wrong`].
pub fn edit(versions: &[Rule], edit: &Edit, today: NaiveDate) -> Result<Vec<Rule>, Wrong> {
    let mut next = versions.to_vec();
    match edit {
        Edit::Add(rule) => add(&mut next, rule.clone())?,
        Edit::Correct(rule) => *next.iter_mut().find(|known| is_same_version(known, rule)).ok_or(Wrong::Unknown)? = rule.clone(),
        Edit::Remove(variant, first) => remove(&mut next, *variant, *first, today)?,
    }
    next.sort_by_key(|rule| (rule.valid_from, rule.variant.code()));
    check(&next)?;
    Ok(next)
}

fn add(versions: &mut Vec<Rule>, mut rule: Rule) -> Result<(), Wrong> {
    if versions.iter().any(|known| is_same_version(known, &rule)) {
        return Err(Wrong::SameDay(rule.valid_from));
    }
    let later = versions.iter().filter(|known| known.variant == rule.variant && known.valid_from > rule.valid_from).map(|known| known.valid_from).min();
    let before = versions.iter_mut().filter(|known| known.variant == rule.variant && known.valid_from < rule.valid_from).max_by_key(|known| known.valid_from);
    let ended = before.filter(|known| known.holds_on(rule.valid_from)).map(|known| known.valid_to.replace(rule.valid_from - Days::new(1)));
    if rule.valid_to.is_none() {
        // It takes over from the one it ends; without one it lasts until the next begins.
        rule.valid_to = ended.unwrap_or_else(|| later.map(|day| day - Days::new(1)));
    }
    versions.push(rule);
    Ok(())
}

fn remove(versions: &mut Vec<Rule>, variant: Variant, first: NaiveDate, today: NaiveDate) -> Result<(), Wrong> {
    let at = versions.iter().position(|known| (known.variant, known.valid_from) == (variant, first)).ok_or(Wrong::Unknown)?;
    if first <= today {
        return Err(Wrong::Begun);
    }
    let gone = versions.remove(at);
    let before = versions.iter_mut().find(|known| known.variant == variant && known.valid_to.is_some_and(|last| last + Days::new(1) == first));
    if let Some(before) = before {
        before.valid_to = gone.valid_to;
    }
    Ok(())
}

/// Whether the versions of one rule can stand beside each other.
///
/// # Errors
/// [`Wrong`].
pub fn check(versions: &[Rule]) -> Result<(), Wrong> {
    if versions.windows(2).any(|pair| pair[0].direction != pair[1].direction) {
        return Err(Wrong::Direction);
    }
    if versions.iter().any(|rule| rule.unit == Unit::Year && rule.length > YEARS_MAX) {
        return Err(Wrong::Years(YEARS_MAX));
    }
    Variant::ALL.into_iter().try_for_each(|variant| check_line(versions, variant))?;
    versions.iter().try_for_each(|rule| check_lengths(rule, versions))
}

/// One version after the other, without two on a day and, for the usual case, without a day that has none. A special case may have days
/// without a version of its own: the usual one holds then.
fn check_line(versions: &[Rule], variant: Variant) -> Result<(), Wrong> {
    let mut line: Vec<&Rule> = versions.iter().filter(|rule| rule.variant == variant).collect();
    line.sort_by_key(|rule| rule.valid_from);
    if line.iter().any(|rule| rule.valid_to.is_some_and(|last| last < rule.valid_from)) {
        return Err(Wrong::Reversed);
    }
    for pair in line.windows(2) {
        let next = pair[1].valid_from;
        match pair[0].valid_to {
            None => return Err(Wrong::Overlap(next, pair[1].valid_to.unwrap_or(next))),
            Some(last) if last >= next => return Err(Wrong::Overlap(next, pair[1].valid_to.map_or(last, |end| end.min(last)))),
            Some(last) if variant == Variant::Usual && last + Days::new(1) < next => return Err(Wrong::Gap(last + Days::new(1), next - Days::new(1))),
            Some(_) => {}
        }
    }
    match line.last() {
        Some(Rule { valid_to: Some(last), code, .. }) if variant == Variant::Usual && NEEDED.contains(&code.as_str()) => Err(Wrong::Ends(*last)),
        _ => Ok(()),
    }
}

/// A special case makes a period longer, never shorter.
fn check_lengths(rule: &Rule, versions: &[Rule]) -> Result<(), Wrong> {
    let below: &[Variant] = match rule.variant {
        Variant::Usual => &[],
        Variant::Complex | Variant::Remote => &[Variant::Usual],
        Variant::MostComplex => &[Variant::Usual, Variant::Complex],
        Variant::RemoteComplex => &[Variant::Usual, Variant::Complex, Variant::Remote],
    };
    let meets = |other: &&Rule| rule.valid_to.is_none_or(|last| other.valid_from <= last) && other.valid_to.is_none_or(|last| rule.valid_from <= last);
    let longer = versions.iter().filter(|other| below.contains(&other.variant) && other.unit == rule.unit && other.length > rule.length).find(meets);
    longer.map_or(Ok(()), |other| Err(Wrong::Shorter(rule.variant, rule.length, other.length)))
}

#[cfg(test)]
mod tests {
    use super::super::rules::Direction;
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn version(variant: Variant, from: &str, to: Option<&str>, length: u32) -> Rule {
        Rule {
            code: "K3".into(),
            variant,
            valid_from: day(from),
            valid_to: to.map(day),
            direction: Direction::After,
            length,
            unit: Unit::Calendar,
            rolls_over: true,
            name: "Giải quyết".into(),
            name_en: "Resolution".into(),
            start: "ngày thụ lý".into(),
            start_en: "acceptance".into(),
            source: "Luật".into(),
        }
    }

    fn usual(from: &str, to: Option<&str>, length: u32) -> Rule {
        version(Variant::Usual, from, to, length)
    }

    fn spans(versions: &[Rule]) -> Vec<(String, Option<String>, u32)> {
        versions.iter().map(|rule| (rule.valid_from.to_string(), rule.valid_to.map(|last| last.to_string()), rule.length)).collect()
    }

    #[test]
    fn a_new_version_ends_the_one_before_it_on_the_day_before() {
        let now = edit(&[usual("2012-07-01", None, 30)], &Edit::Add(usual("2027-01-01", None, 20)), day("2026-11-26")).expect("fits");
        assert_eq!(spans(&now), [("2012-07-01".into(), Some("2026-12-31".into()), 30), ("2027-01-01".into(), None, 20)]);
    }

    #[test]
    fn a_version_put_between_takes_over_what_is_left() {
        let two = [usual("2012-07-01", Some("2026-06-30"), 30), usual("2026-07-01", None, 25)];
        let now = edit(&two, &Edit::Add(usual("2020-01-01", None, 28)), day("2026-11-26")).expect("fits");
        assert_eq!(
            spans(&now),
            [("2012-07-01".into(), Some("2019-12-31".into()), 30), ("2020-01-01".into(), Some("2026-06-30".into()), 28), ("2026-07-01".into(), None, 25)]
        );
        let before = edit(&two, &Edit::Add(usual("2010-01-01", None, 40)), day("2026-11-26")).expect("fits");
        assert_eq!(spans(&before)[0], ("2010-01-01".into(), Some("2012-06-30".into()), 40));
    }

    #[test]
    fn gaps_overlaps_and_nonsense_are_named() {
        let today = day("2026-11-26");
        let one = [usual("2012-07-01", None, 30)];
        let two = [usual("2012-07-01", Some("2026-06-30"), 30), usual("2026-07-01", None, 25)];
        let of = |versions: &[Rule], change: Edit| edit(versions, &change, today).expect_err("does not fit");
        assert_eq!(of(&one, Edit::Add(usual("2012-07-01", None, 20))), Wrong::SameDay(day("2012-07-01")));
        assert_eq!(of(&one, Edit::Correct(usual("2013-07-01", None, 20))), Wrong::Unknown);
        assert_eq!(of(&one, Edit::Add(usual("2027-01-01", Some("2026-12-01"), 20))), Wrong::Reversed);
        assert_eq!(of(&one, Edit::Correct(usual("2012-07-01", Some("2027-01-31"), 30))), Wrong::Ends(day("2027-01-31")), "nobody could decide then");
        assert_eq!(
            of(&two, Edit::Correct(usual("2012-07-01", Some("2026-07-05"), 30))),
            Wrong::Overlap(day("2026-07-01"), day("2026-07-05")),
            "to the later one's first day"
        );
        assert_eq!(of(&two, Edit::Correct(usual("2012-07-01", None, 30))), Wrong::Overlap(day("2026-07-01"), day("2026-07-01")));
        assert_eq!(of(&two, Edit::Correct(usual("2012-07-01", Some("2026-06-28"), 30))), Wrong::Gap(day("2026-06-29"), day("2026-06-30")));
        assert_eq!(of(&one, Edit::Add(version(Variant::Remote, "2027-01-01", None, 29))), Wrong::Shorter(Variant::Remote, 29, 30));
        let mut backwards = usual("2027-01-01", None, 20);
        backwards.direction = Direction::Before;
        assert_eq!(of(&one, Edit::Add(backwards)), Wrong::Direction);
        let mut years = usual("2027-01-01", None, 11);
        years.unit = Unit::Year;
        assert_eq!(of(&one, Edit::Add(years)), Wrong::Years(10));
    }

    #[test]
    fn a_special_case_may_end_and_the_usual_period_holds_again() {
        let versions = [usual("2012-07-01", None, 30), version(Variant::Remote, "2012-07-01", None, 45)];
        let ended = edit(&versions, &Edit::Correct(version(Variant::Remote, "2012-07-01", Some("2026-12-31"), 45)), day("2026-11-26")).expect("fits");
        edit(&ended, &Edit::Add(version(Variant::Remote, "2028-01-01", None, 40)), day("2026-11-26")).expect("a gap between special versions is no gap");
    }

    #[test]
    fn only_what_has_not_begun_is_taken_back() {
        let versions = [usual("2012-07-01", Some("2026-12-31"), 30), usual("2027-01-01", None, 20)];
        let back = edit(&versions, &Edit::Remove(Variant::Usual, day("2027-01-01")), day("2026-11-26")).expect("fits");
        assert_eq!(spans(&back), [("2012-07-01".into(), None, 30)], "the one before goes on");
        assert_eq!(edit(&versions, &Edit::Remove(Variant::Usual, day("2027-01-01")), day("2027-01-01")), Err(Wrong::Begun));
        assert_eq!(edit(&versions, &Edit::Remove(Variant::Remote, day("2027-01-01")), day("2026-11-26")), Err(Wrong::Unknown));
    }

    #[test]
    fn a_change_says_what_to_write_and_what_is_gone() {
        let was = vec![usual("2012-07-01", Some("2026-12-31"), 30), usual("2027-01-01", None, 20)];
        let change = Change { code: "K3".into(), is_now: vec![usual("2012-07-01", None, 30)], was };
        assert_eq!(change.written().count(), 1);
        assert_eq!(change.removed().map(|rule| rule.valid_from).collect::<Vec<_>>(), [day("2027-01-01")]);
    }

    #[test]
    fn the_table_the_portal_ships_with_passes() {
        let rules = crate::agencies::import::deadline_rules(include_str!("../../../data/deadline_rules.csv")).expect("readable");
        for code in super::super::telling::codes(&rules) {
            let versions: Vec<Rule> = rules.iter().filter(|rule| rule.code == code).cloned().collect();
            assert_eq!(check(&versions), Ok(()), "{code}");
        }
        for code in NEEDED {
            assert!(rules.iter().any(|rule| rule.code == code), "{code} is in the table");
        }
    }

    proptest! {
        /// Whatever is added, on every day there is at most one version, and there is one from the first day on for ever.
        #[test]
        fn every_day_has_exactly_one_usual_version(firsts in proptest::collection::vec(0_u64..4_000, 1..8)) {
            let start = day("2020-01-01");
            let mut versions = vec![usual("2020-01-01", None, 30)];
            for (n, first) in firsts.iter().enumerate() {
                let first = start + Days::new(*first);
                let mut rule = usual("2020-01-01", None, 20 + u32::try_from(n).unwrap_or(0));
                rule.valid_from = first;
                if let Ok(next) = edit(&versions, &Edit::Add(rule), start) {
                    versions = next;
                }
            }
            for n in 0..4_100 {
                let on = start + Days::new(n);
                prop_assert_eq!(versions.iter().filter(|rule| rule.holds_on(on)).count(), 1, "{}", on);
            }
        }
    }
}
