//! Late steps before those above: when one is put before the head of its authority, when before the authority above, and what
//! follows. Pure.
//!
//! The days are dated data with a source (`data/escalation_rules.csv`): so many working days after the last day of a legal period,
//! by the period's code; `*` stands for all periods without a row of their own. Which row holds is decided by the missed last day.
//! A last day is missed once: an extension or a moved day off makes another last day, and that one can be missed again.

use crate::agencies::Directory;
use crate::deadlines::Calendar;
use crate::procedures::clocks::Clock;
use crate::routing::rules::{About, Instance, Question, competent};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::rules::{Case, Kind};

/// Before whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The head of the authority that has the case.
    Head,
    /// The authority above it.
    Superior,
}

impl Level {
    /// Both, the nearer one first.
    pub const ALL: [Self; 2] = [Self::Head, Self::Superior];

    /// As it stands in the data.
    pub fn code(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Superior => "superior",
        }
    }

    /// That of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.code() == code)
    }
}

/// The code of a row for all periods that have none of their own.
pub const ANY_CLOCK: &str = "*";

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EscalationRule {
    /// Code of the legal period, or [`ANY_CLOCK`].
    pub clock: String,
    /// Before whom.
    pub level: Level,
    /// Working days after the missed last day.
    pub days: u32,
    /// First last day it is for.
    pub valid_from: NaiveDate,
    /// Last such day, if it has ended.
    pub valid_to: Option<NaiveDate>,
    /// Law and article, or whose setting it is.
    pub source: String,
}

/// The row for a missed last day; the period's own one goes before [`ANY_CLOCK`], the newer before the older.
pub fn pick<'a>(rules: &'a [EscalationRule], clock: &str, level: Level, last_day: NaiveDate) -> Option<&'a EscalationRule> {
    rules
        .iter()
        .filter(|rule| rule.level == level && (rule.clock == clock || rule.clock == ANY_CLOCK))
        .filter(|rule| rule.valid_from <= last_day && rule.valid_to.is_none_or(|last| last_day <= last))
        .max_by_key(|rule| (rule.clock == clock, rule.valid_from))
}

/// The day on which a late step is put before somebody: none if no row says so.
pub fn day_of(rules: &[EscalationRule], calendar: &Calendar, clock: &Clock, level: Level) -> Option<NaiveDate> {
    pick(rules, &clock.code, level, clock.last_day).map(|rule| calendar.add_working_days(clock.last_day, rule.days).day)
}

/// Clocks of a case that are late on `today` and before whom each must have been put by then.
pub fn due_on(rules: &[EscalationRule], calendar: &Calendar, case: &Case, today: NaiveDate) -> Vec<(Clock, Level)> {
    let procedure = case.procedure();
    let late = procedure.owed().filter(|clock| clock.is_late(today));
    late.flat_map(|clock| Level::ALL.into_iter().map(move |level| (clock, level)))
        .filter(|(clock, level)| day_of(rules, calendar, clock, *level).is_some_and(|day| day <= today))
        .map(|(clock, level)| (clock.clone(), level))
        .collect()
}

/// The authority above on a day, which a late step of this case is put before; none if that is no authority of this portal.
///
/// For a denunciation it is the one competent for conduct of the head (Law on Denunciations, Articles 12, 13 and 38), for a complaint
/// the one of the second instance (Law on Complaints, Articles 17 to 23), else the next authority in the tree of that day.
pub fn superior(directory: &Directory, case: &Case, day: NaiveDate) -> Option<String> {
    let (rules, contested_id) = (&directory.routing().competence, case.body_id.as_str());
    let by_rule = |kind, instance| {
        let question = Question { kind, instance, contested_id, about: About::Head, day };
        competent(rules, &question, directory).ok().map(|found| found.agency_id)
    };
    let found = match case.kind {
        Kind::Denunciation => by_rule(Kind::Denunciation, Instance::First),
        Kind::Complaint => by_rule(Kind::Complaint, Instance::Second),
        _ => above_in_tree(directory, contested_id, day),
    };
    found.filter(|id| id != contested_id)
}

/// Steps up recorded parents; more means the rows go in a circle.
const HOPS_MAX: usize = 8;

fn above_in_tree(directory: &Directory, body_id: &str, day: NaiveDate) -> Option<String> {
    let mut above = directory.agency(body_id)?.parent_id.as_deref().and_then(|id| directory.agency(id));
    for _ in 0..HOPS_MAX {
        let found = above?;
        if found.is_body() && found.exists_on(day) {
            return Some(found.id.clone());
        }
        above = found.parent_id.as_deref().and_then(|id| directory.agency(id));
    }
    None
}

/// The legal period in which a superior demands a report on an overdue denunciation, and in which the report is made.
pub const REPORT_RULE: &str = "T11";

/// Something that happened between a late authority and those above, as an event of the case's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "above", rename_all = "snake_case")]
pub enum Escalation {
    /// A late step was put before somebody: by the portal, by rule.
    Put {
        level: Level,
        /// Code of the missed period.
        clock: String,
        /// Its last day.
        last_day: NaiveDate,
        /// Who was late: the unit, else the authority.
        agency_id: String,
        /// Before whose head.
        to_body_id: String,
    },
    /// The superior has demanded an end and a report, by a letter.
    Demanded {
        by_body_id: String,
        letter_id: String,
        /// Last day of the report, where the law gives one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        report_by: Option<NaiveDate>,
        note_id: String,
    },
    /// The authority has reported; the words are a note.
    Reported { note_id: String },
}

impl Escalation {
    /// The name of the event in the record.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Put { .. } => "put_above",
            Self::Demanded { .. } => "demanded_above",
            Self::Reported { .. } => "reported_above",
        }
    }

    /// The note with the words, if there is one.
    pub fn note_id(&self) -> Option<&str> {
        match self {
            Self::Put { .. } => None,
            Self::Demanded { note_id, .. } | Self::Reported { note_id } => Some(note_id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::petitions::rules::tests::case;
    use crate::routing::rules::tests::{day, directory};
    use proptest::prelude::*;

    fn rule(clock: &str, level: Level, days: u32, from: &str) -> EscalationRule {
        EscalationRule { clock: clock.into(), level, days, valid_from: day(from), valid_to: None, source: "thử".into() }
    }

    fn shipped() -> Vec<EscalationRule> {
        crate::agencies::import::escalation_rules(include_str!("../../../data/escalation_rules.csv")).expect("the table")
    }

    #[test]
    fn a_period_of_its_own_goes_before_the_common_one_and_the_newer_before_the_older() {
        let rules = [rule("*", Level::Superior, 5, "2026-07-01"), rule("T5", Level::Superior, 1, "2026-07-01"), rule("T5", Level::Superior, 2, "2027-01-01")];
        let days = |clock: &str, on: &str| pick(&rules, clock, Level::Superior, day(on)).map(|rule| rule.days);
        assert_eq!((days("K3", "2026-11-20"), days("T5", "2026-11-20"), days("T5", "2027-03-01")), (Some(5), Some(1), Some(2)));
        assert_eq!((days("T5", "2026-06-30"), pick(&rules, "T5", Level::Head, day("2026-11-20"))), (None, None), "no row, no escalation");
    }

    #[test]
    fn the_head_hears_of_it_first_then_the_superior_each_on_its_working_day() {
        let (rules, calendar) = (shipped(), Calendar::default());
        let mut late = case(Kind::Report, "a", None, None);
        late.due_on = day("2026-11-20"); // a Friday
        let levels = |on: &str| due_on(&rules, &calendar, &late, day(on)).into_iter().map(|(_, level)| level).collect::<Vec<_>>();
        assert_eq!(levels("2026-11-20"), [], "the last day itself is in time");
        assert_eq!(levels("2026-11-22"), [], "a weekend is no working day");
        assert_eq!(levels("2026-11-23"), [Level::Head]);
        assert_eq!(levels("2026-12-03"), [Level::Head]);
        assert_eq!(levels("2026-12-04"), [Level::Head, Level::Superior], "ten working days after");
    }

    #[test]
    fn the_superior_is_named_by_the_law_of_the_kind_and_never_the_late_one_itself() {
        let directory = directory();
        for kind in Kind::ALL {
            for body in directory.bodies() {
                let above = superior(&directory, &case(kind, &body.id, None, None), directory.today());
                assert_ne!(above.as_deref(), Some(body.id.as_str()), "{kind:?} at {}", body.name);
            }
        }
    }

    proptest! {
        #[test]
        fn never_before_the_last_day_is_over(from in 0_u64..400, days in 1_u32..30) {
            let rules = [rule("*", Level::Head, days, "2020-01-01")];
            let mut late = case(Kind::Report, "a", None, None);
            late.due_on = day("2026-01-01") + chrono::Days::new(from);
            let put = day_of(&rules, &Calendar::default(), late.procedure().due().expect("a clock"), Level::Head).expect("a day");
            prop_assert!(put > late.due_on);
            prop_assert_eq!(Calendar::default().working_days_between(late.due_on, put), i64::from(days));
        }
    }
}
