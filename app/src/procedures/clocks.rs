//! The clocks of a case: which legal period runs, since when, until when, and what became of it. Pure.
//!
//! A step says which rule starts or stops ([`Move`]); [`run`] turns that into days with the rules and days off of the moment. The
//! result goes into the record, so that a later change of the rules leaves what was promised as it was.

use crate::deadlines::Calendar;
use crate::deadlines::rules::{self, Circumstances, Complexity, Computed, Pause, Rule};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Rules whose last day is the citizen's, not an office's: the second complaint, going on after an end.
const OF_CITIZENS: [&str; 2] = ["K6", "K14"];
/// Rules that only mark a day on which something begins to hold: nobody can be late with them.
const OF_THE_LAW: [&str; 1] = ["K10"];

/// Whether an office must act by the last day of a rule.
pub fn is_of_office(code: &str) -> bool {
    !is_of_citizen(code) && !OF_THE_LAW.contains(&code)
}

/// Whether the last day of a rule is the citizen's.
pub fn is_of_citizen(code: &str) -> bool {
    OF_CITIZENS.contains(&code)
}

/// A legal period that runs or ran on a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// The rule: `K3`.
    pub code: String,
    /// Day 0: the event it counts from.
    pub from: NaiveDate,
    /// How hard the matter was found to be.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub complexity: Complexity,
    /// The place is far and hard to reach, by the table and the day.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_remote: bool,
    /// Suspensions that are over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// Since when it stands still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused_since: Option<NaiveDate>,
    /// The last day.
    pub last_day: NaiveDate,
    /// The day the thing was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_on: Option<NaiveDate>,
    /// Who had to do it: the unit, else the authority, that had the case when it ended or has it now.
    pub agency_id: String,
}

fn is_usual(complexity: &Complexity) -> bool {
    *complexity == Complexity::Usual
}

impl Clock {
    /// Whether it still runs; one that stands still does.
    pub fn is_running(&self) -> bool {
        self.ended_on.is_none()
    }

    /// Whether an office must act by its last day.
    pub fn is_of_office(&self) -> bool {
        is_of_office(&self.code)
    }

    /// Whether it was or is missed on `today`. One that stands still is not.
    pub fn is_late(&self, today: NaiveDate) -> bool {
        self.paused_since.is_none() && self.ended_on.unwrap_or(today) > self.last_day
    }

    /// What is special about it.
    pub fn circumstances(&self) -> Circumstances {
        Circumstances { is_remote: self.is_remote, complexity: self.complexity, pauses: self.pauses.clone() }
    }

    /// The computation behind its last day, with the table and the days off of now.
    ///
    /// # Errors
    /// Those of [`rules::pick`] and [`rules::compute`].
    pub fn computed<'a>(&self, table: &'a [Rule], calendar: &Calendar) -> Result<(&'a Rule, Computed), rules::Refusal> {
        let circumstances = self.circumstances();
        let rule = rules::pick(table, &self.code, self.from, &circumstances)?;
        Ok((rule, rules::compute(rule, self.from, &circumstances, calendar)?))
    }
}

/// What a step does to the clocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// A period begins.
    Start {
        /// The rule.
        code: &'static str,
        /// Day 0.
        from: NaiveDate,
    },
    /// What it was for is done.
    End(&'static str),
    /// The matter was found harder; the period is counted anew from its own day 0.
    Lengthen(&'static str, Complexity),
    /// The matter is suspended: what runs stands still.
    Pause,
    /// It goes on from today.
    Resume,
    /// The matter is over: nothing runs any more.
    EndAll,
}

/// What turns moves into days.
#[derive(Clone, Copy, Debug)]
pub struct Times<'a> {
    /// The day of the step.
    pub today: NaiveDate,
    /// Legal periods.
    pub table: &'a [Rule],
    /// Days off.
    pub calendar: &'a Calendar,
    /// The place of the matter is far and hard to reach today.
    pub is_remote: bool,
    /// The unit, else the authority, that has the case.
    pub agency_id: &'a str,
}

impl Times<'_> {
    /// A new clock from `from` on.
    ///
    /// # Errors
    /// Those of [`Clock::computed`].
    pub fn start(&self, code: &str, from: NaiveDate) -> Result<Clock, rules::Refusal> {
        let mut clock = Clock {
            code: code.to_owned(),
            from,
            complexity: Complexity::Usual,
            is_remote: self.is_remote,
            pauses: Vec::new(),
            paused_since: None,
            last_day: from,
            ended_on: None,
            agency_id: self.agency_id.to_owned(),
        };
        self.recount(&mut clock)?;
        Ok(clock)
    }

    /// Counts anew. A last day that was told never moves earlier by it, whatever became of the days off since.
    fn recount(&self, clock: &mut Clock) -> Result<(), rules::Refusal> {
        clock.last_day = clock.last_day.max(clock.computed(self.table, self.calendar)?.1.last_day);
        Ok(())
    }

    /// A clock that stands still goes on.
    fn resume(&self, clock: &mut Clock) -> Result<(), rules::Refusal> {
        let Some(since) = clock.paused_since.take() else { return Ok(()) };
        clock.pauses.push((since, self.today));
        self.recount(clock)
    }

    /// What it was for is done. While it stood still the days did not count, and a later resumption of the case no longer touches it.
    fn end(&self, clock: &mut Clock) {
        // A rule that is gone from the table keeps nobody from being done: what was promised stays.
        self.resume(clock).unwrap_or_default();
        clock.ended_on = Some(self.today);
        self.agency_id.clone_into(&mut clock.agency_id);
    }
}

/// The clocks after some moves.
///
/// # Errors
/// A rule that the table does not have on that day.
pub fn run(clocks: &[Clock], moves: &[Move], times: &Times<'_>) -> Result<Vec<Clock>, rules::Refusal> {
    let mut clocks = clocks.to_vec();
    for one in moves {
        match one {
            Move::Start { code, from } => clocks.push(times.start(code, *from)?),
            Move::End(code) => {
                for clock in clocks.iter_mut().filter(|clock| clock.code == *code && clock.is_running()) {
                    times.end(clock);
                }
            }
            Move::EndAll => clocks.iter_mut().filter(|clock| clock.is_running()).for_each(|clock| times.end(clock)),
            Move::Lengthen(code, complexity) => {
                for clock in clocks.iter_mut().filter(|clock| clock.code == *code && clock.is_running()) {
                    clock.complexity = *complexity;
                    times.recount(clock)?;
                }
            }
            Move::Pause => {
                for clock in clocks.iter_mut().filter(|clock| clock.is_running() && clock.paused_since.is_none()) {
                    clock.paused_since = Some(times.today);
                }
            }
            Move::Resume => {
                for clock in clocks.iter_mut().filter(|clock| clock.is_running()) {
                    times.resume(clock)?;
                }
            }
        }
    }
    Ok(clocks)
}
