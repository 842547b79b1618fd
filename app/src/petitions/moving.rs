//! Which last days of a case a changed day off or a changed legal period moves. Pure.
//!
//! A clock moves while it runs: an office's while the case is open, the citizen's own (the second complaint) and the law's (a decision
//! taking effect) until their last day has passed. It never moves to an earlier day: what was promised stays.

use super::rules::Case;
use crate::agencies::Directory;
use crate::deadlines::periods::Change;
use crate::deadlines::rules::{Rule, compute, pick};
use crate::procedures::clocks::Clock;
use chrono::NaiveDate;

/// A last day with the one it becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The rule.
    pub code: String,
    /// The day that was told.
    pub from: NaiveDate,
    /// The day it would be now.
    pub to: NaiveDate,
}

/// What a change would do to a clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// It ends later, by this version of the rule.
    Later(Moved, &'a Rule),
    /// By the new count it would end earlier: the day that was told stays.
    Stays(Moved),
    /// The same day.
    Same,
}

/// The clocks of a case that run on `today` and do not stand still.
fn running(case: &Case, directory: &Directory, today: NaiveDate) -> Vec<Clock> {
    let mut clocks = case.procedure().clocks;
    clocks.retain(|clock| clock.is_running() && clock.paused_since.is_none() && if clock.is_of_office() { case.is_open } else { clock.last_day >= today });
    if case.is_only_received() {
        // Nothing but the receipt is stored: whether the place is remote is asked for again.
        clocks.iter_mut().for_each(|clock| clock.is_remote = directory.is_remote(&case.area_code, case.received_on));
    }
    clocks
}

/// The last days that the days off of now make later.
pub fn by_days_off(case: &Case, directory: &Directory, today: NaiveDate) -> Vec<Moved> {
    let moved = |clock: &Clock| {
        // A rule that is gone from the table moves nothing: what was promised stays.
        let (_, computed) = clock.computed(directory.deadline_rules(), directory.calendar()).ok()?;
        (computed.last_day > clock.last_day).then(|| Moved { code: clock.code.clone(), from: clock.last_day, to: computed.last_day })
    };
    running(case, directory, today).iter().filter_map(moved).collect()
}

/// What a changed legal period does to the clocks whose day falls into the changed versions; to no others.
pub fn by_period<'a>(case: &Case, change: &'a Change, directory: &Directory, today: NaiveDate) -> Vec<Outcome<'a>> {
    let outcome = |clock: &Clock| {
        let circumstances = clock.circumstances();
        let now = pick(&change.is_now, &clock.code, clock.from, &circumstances).ok()?;
        if pick(&change.was, &clock.code, clock.from, &circumstances).is_ok_and(|was| was.counts_like(now)) {
            return None;
        }
        let to = compute(now, clock.from, &circumstances, directory.calendar()).ok()?.last_day;
        let moved = Moved { code: clock.code.clone(), from: clock.last_day, to };
        Some(match to.cmp(&clock.last_day) {
            std::cmp::Ordering::Greater => Outcome::Later(moved, now),
            std::cmp::Ordering::Less => Outcome::Stays(moved),
            std::cmp::Ordering::Equal => Outcome::Same,
        })
    };
    running(case, directory, today).iter().filter(|clock| clock.code == change.code).filter_map(outcome).collect()
}
