//! The procedures of the law: what each kind of petition goes through, who may take a step, what it does to the clocks. Pure.
//!
//! ```text
//! step      what somebody does, with the facts only that step has     complaint     khiếu nại, two instances
//! refusal   why not: each reason has a name and a rule                denunciation  tố cáo
//! clocks    which legal period runs, since when, until when           opinion       kiến nghị, phản ánh: after the answer
//!                                                                     administrative_rule  phản ánh, kiến nghị về quy định hành chính
//!                                                                     praise        khen ngợi
//! ```
//!
//! Each kind has its own states, which carry what only that state has; `take` gives the next one or the [`Refusal`]. The outcome,
//! with its days, goes into the record ([`crate::petitions::rules::Event::Stepped`]): a later change of the rules changes nothing
//! that was done. The rule version is chosen per step by the day of the event a period counts from, as the transition article of
//! Decree 155/2026 (Article 22) wants it.
//!
//! Example: a complaint received on 1/7/2026 must be accepted or refused by 10/7 (K2, seven working days). Accepted on 6/7, it has
//! until 5/8 (K3, thirty days). Found complex, until 20/8. Suspended from 10/7 to 20/7, eleven days do not count.

pub mod administrative_rule;
pub mod clocks;
pub mod complaint;
pub mod denunciation;
pub mod limitation;
pub mod opinion;
pub mod praise;
pub mod refusal;
pub mod step;
pub mod telling;
#[cfg(test)]
pub mod tests;

use crate::deadlines::rules::{Circumstances, compute, pick};
use chrono::NaiveDate;
use clocks::{Clock, Times};
pub use refusal::Refusal;
use serde::{Deserialize, Serialize};
use step::Step;

/// Rules whose end is the answer the citizen waits for: whether an answer was on time is read from the last of them.
const ANSWERING: [&str; 7] = ["R1", "K2", "K3", "K7", "T1", "T5", "T10"];

/// A day that is none: a clock that stands still has no last day yet. Later than every real one.
pub const NO_DAY: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// Where a case stands in the procedure of its kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Stage {
    /// Khiếu nại.
    Complaint(complaint::State),
    /// Tố cáo.
    Denunciation(denunciation::State),
    /// Kiến nghị, phản ánh.
    Opinion(opinion::State),
    /// Phản ánh, kiến nghị về quy định hành chính.
    AdministrativeRule(administrative_rule::State),
    /// Khen ngợi.
    Praise(praise::State),
}

/// The last day of what has none: praise, on which no legal period runs. Later than every real one, and not [`NO_DAY`].
pub const NO_PERIOD: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 30) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// What a stage means for lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Not accepted, nor refused.
    Intake,
    /// Worked on.
    Handling,
    /// Decided; something may still be owed.
    Decided,
    /// Over without a decision.
    Over,
    /// Taken back by the citizen.
    TakenBack,
}

impl Stage {
    /// Its name in catalogues, with the kind's before it.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Complaint(state) => match state {
                complaint::State::Intake(complaint::Intake { instance: complaint::Instance::First, .. }) => "procedure.stage.complaint.intake",
                complaint::State::Intake(_) => "procedure.stage.complaint.intake_second",
                complaint::State::Handling(handling) if handling.instance == complaint::Instance::First => "procedure.stage.complaint.handling",
                complaint::State::Handling(_) => "procedure.stage.complaint.handling_second",
                complaint::State::Suspended { .. } => "procedure.stage.complaint.suspended",
                complaint::State::Decided(decided) if decided.executed_on.is_some() => "procedure.stage.complaint.executed",
                complaint::State::Decided(decided) if decided.is_in_force => "procedure.stage.complaint.in_force",
                complaint::State::Decided(decided) if decided.instance == complaint::Instance::First => "procedure.stage.complaint.decided",
                complaint::State::Decided(_) => "procedure.stage.complaint.decided_second",
                complaint::State::Over { how } => match how {
                    complaint::Over::Refused(_) => "procedure.stage.complaint.refused",
                    complaint::Over::Guided => "procedure.stage.complaint.guided",
                    complaint::Over::Stored => "procedure.stage.complaint.stored",
                    complaint::Over::GivenBack => "procedure.stage.complaint.given_back",
                    complaint::Over::TakenBack => "procedure.stage.complaint.taken_back",
                    complaint::Over::Terminated => "procedure.stage.complaint.terminated",
                    complaint::Over::AtCourt => "procedure.stage.complaint.at_court",
                },
            },
            Self::Denunciation(state) => match state {
                denunciation::State::Intake(_) => "procedure.stage.denunciation.intake",
                denunciation::State::Handling(_) => "procedure.stage.denunciation.handling",
                denunciation::State::Suspended { .. } => "procedure.stage.denunciation.suspended",
                denunciation::State::Concluded(_) => "procedure.stage.denunciation.concluded",
                denunciation::State::Over { how } => match how {
                    denunciation::Over::Refused(_) => "procedure.stage.denunciation.refused",
                    denunciation::Over::Information => "procedure.stage.denunciation.information",
                    denunciation::Over::TakenBack => "procedure.stage.denunciation.taken_back",
                    denunciation::Over::Terminated => "procedure.stage.denunciation.terminated",
                },
            },
            Self::Opinion(state) => match state {
                opinion::State::Open { .. } => "procedure.stage.opinion.open",
                opinion::State::Answered { .. } => "procedure.stage.opinion.answered",
                opinion::State::Promised { .. } => "procedure.stage.opinion.promised",
                opinion::State::Done { .. } => "procedure.stage.opinion.done",
                opinion::State::Confirmed { .. } => "procedure.stage.opinion.confirmed",
            },
            Self::AdministrativeRule(state) => match state {
                administrative_rule::State::Received => "procedure.stage.administrative_rule.received",
                administrative_rule::State::Handled { .. } => "procedure.stage.administrative_rule.handled",
                administrative_rule::State::Answered(_) => "procedure.stage.administrative_rule.answered",
                administrative_rule::State::Published { .. } => "procedure.stage.administrative_rule.published",
            },
            Self::Praise(state) => match state {
                praise::State::Received => "procedure.stage.praise.received",
                praise::State::Conveyed { .. } => "procedure.stage.praise.conveyed",
                praise::State::Thanked { .. } => "procedure.stage.praise.thanked",
            },
        }
    }

    /// Its name in the diagrams.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Complaint(state) => state.word(),
            Self::Denunciation(state) => state.word(),
            Self::Opinion(state) => state.word(),
            Self::AdministrativeRule(state) => state.word(),
            Self::Praise(state) => state.word(),
        }
    }

    /// What it means for lists.
    pub fn phase(&self) -> Phase {
        match self {
            Self::Complaint(complaint::State::Intake(_))
            | Self::Denunciation(denunciation::State::Intake(_))
            | Self::AdministrativeRule(administrative_rule::State::Received) => Phase::Intake,
            Self::Complaint(complaint::State::Handling(_) | complaint::State::Suspended { .. })
            | Self::Denunciation(denunciation::State::Handling(_) | denunciation::State::Suspended { .. })
            | Self::Opinion(opinion::State::Open { .. })
            | Self::AdministrativeRule(administrative_rule::State::Handled { .. })
            | Self::Praise(praise::State::Received | praise::State::Conveyed { .. }) => Phase::Handling,
            Self::Complaint(complaint::State::Over { how: complaint::Over::TakenBack })
            | Self::Denunciation(denunciation::State::Over { how: denunciation::Over::TakenBack }) => Phase::TakenBack,
            Self::Complaint(complaint::State::Over { .. }) | Self::Denunciation(denunciation::State::Over { .. }) => Phase::Over,
            Self::Complaint(complaint::State::Decided(_))
            | Self::Denunciation(denunciation::State::Concluded(_))
            | Self::Opinion(_)
            | Self::AdministrativeRule(_)
            | Self::Praise(_) => Phase::Decided,
        }
    }

    /// Whether it ends with an answer, so that the lists say "answered" when the answer is let out and not before.
    pub fn ends_with_answer(&self) -> bool {
        matches!(self, Self::Opinion(_) | Self::AdministrativeRule(_) | Self::Praise(_))
    }

    /// Whether an answer may be drafted as it stands.
    ///
    /// # Errors
    /// The [`Refusal`] that names the rule.
    pub fn can_be_answered(&self) -> Result<(), Refusal> {
        match self {
            Self::Opinion(_) => Ok(()),
            Self::AdministrativeRule(state) => administrative_rule::can_be_answered(state),
            Self::Praise(state) => praise::can_be_thanked(state),
            Self::Complaint(_) | Self::Denunciation(_) => Err(Refusal::NotAnsweredButDecided),
        }
    }

    /// Whether the matter stands still.
    pub fn is_suspended(&self) -> bool {
        matches!(self, Self::Complaint(complaint::State::Suspended { .. }) | Self::Denunciation(denunciation::State::Suspended { .. }))
    }

    /// What was promised and is not done yet.
    pub fn promised_day(&self) -> Option<NaiveDate> {
        match self {
            Self::Opinion(opinion::State::Promised { day, .. }) => Some(*day),
            _ => None,
        }
    }
}

/// A stage with its clocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Procedure {
    /// Where the case stands.
    pub stage: Stage,
    /// Every period that ran or runs, in the order they began.
    pub clocks: Vec<Clock>,
}

/// What a step is decided by, beside the stage.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The day, the table, the calendar, the place.
    pub times: Times<'a>,
    /// What runs.
    pub clocks: &'a [Clock],
    /// The sender left a name and an address.
    pub has_identity: bool,
    /// Everybody who signs a group's petition has signed.
    pub are_signatures_complete: bool,
    /// The sender was guided about this very matter before.
    pub was_guided: bool,
}

impl Facts<'_> {
    /// The day of the step.
    pub fn today(&self) -> NaiveDate {
        self.times.today
    }

    /// The running clock of a rule.
    pub fn running(&self, code: &str) -> Option<&Clock> {
        self.clocks.iter().find(|clock| clock.code == code && clock.is_running())
    }

    /// # Errors
    /// [`Refusal::ExtendedAfterEnd`] if the period has run out: what has ended cannot be extended.
    fn not_ended(&self, code: &str) -> Result<(), Refusal> {
        match self.running(code) {
            Some(clock) if self.today() > clock.last_day => Err(Refusal::ExtendedAfterEnd(clock.last_day)),
            _ => Ok(()),
        }
    }

    /// The last day of a rule for an event on `from`.
    fn last_day_of(&self, code: &str, from: NaiveDate, circumstances: &Circumstances) -> Result<NaiveDate, Refusal> {
        let rule = pick(self.times.table, code, from, circumstances)?;
        Ok(compute(rule, from, circumstances, self.times.calendar)?.last_day)
    }
}

/// A day on which something was done: not in the future, and not before what it follows.
fn day_of_deed(on: NaiveDate, cause: NaiveDate, facts: &Facts<'_>) -> Result<NaiveDate, Refusal> {
    if on > facts.today() {
        Err(Refusal::InFuture)
    } else if on < cause {
        Err(Refusal::BeforeItsCause(cause))
    } else {
        Ok(on)
    }
}

impl Procedure {
    /// The procedure of a case of such a stage whose first period was shown to the citizen with `due_on`.
    pub fn begin(stage: Stage, received_on: NaiveDate, due_on: NaiveDate, agency_id: &str) -> Self {
        let clock = stage.first_rule().map(|code| Clock {
            code: code.to_owned(),
            from: received_on,
            complexity: crate::deadlines::rules::Complexity::Usual,
            is_remote: false,
            pauses: Vec::new(),
            paused_since: None,
            last_day: due_on,
            ended_on: None,
            agency_id: agency_id.to_owned(),
        });
        Self { stage, clocks: clock.into_iter().collect() }
    }

    /// What a step makes of it.
    ///
    /// # Errors
    /// The [`Refusal`] that names the rule.
    pub fn take(&self, step: &Step, facts: &Facts<'_>) -> Result<Self, Refusal> {
        let facts = Facts { clocks: &self.clocks, ..*facts };
        let (stage, moves) = match &self.stage {
            Stage::Complaint(state) => complaint::take(state, step, &facts).map(|(state, moves)| (Stage::Complaint(state), moves))?,
            Stage::Denunciation(state) => denunciation::take(state, step, &facts).map(|(state, moves)| (Stage::Denunciation(state), moves))?,
            Stage::Opinion(state) => opinion::take(state, step, &facts).map(|(state, moves)| (Stage::Opinion(state), moves))?,
            Stage::AdministrativeRule(state) => {
                administrative_rule::take(state, step, &facts).map(|(state, moves)| (Stage::AdministrativeRule(state), moves))?
            }
            Stage::Praise(state) => praise::take(state, step, &facts).map(|(state, moves)| (Stage::Praise(state), moves))?,
        };
        Ok(Self { stage, clocks: clocks::run(&self.clocks, &moves, &facts.times)? })
    }

    /// The procedure after an answer was let out.
    pub fn answered(&self, on: NaiveDate, promised: Option<NaiveDate>) -> Self {
        let stage = match &self.stage {
            Stage::Opinion(state) => Stage::Opinion(opinion::answer(state, on, promised)),
            Stage::AdministrativeRule(state) => Stage::AdministrativeRule(administrative_rule::answer(state, on)),
            Stage::Praise(state) => Stage::Praise(praise::thank(state, on)),
            other => other.clone(),
        };
        self.ended(stage, on)
    }

    /// The procedure after its text was let into the public register: a result that must be published is now.
    pub fn released(&self, on: NaiveDate) -> Self {
        match &self.stage {
            Stage::AdministrativeRule(state) => Self { stage: Stage::AdministrativeRule(administrative_rule::release(state, on)), clocks: self.clocks.clone() },
            _ => self.clone(),
        }
    }

    /// The procedure after nothing is owed any more from `on`.
    pub fn ended(&self, stage: Stage, on: NaiveDate) -> Self {
        let mut clocks = self.clocks.clone();
        clocks.iter_mut().filter(|clock| clock.is_running()).for_each(|clock| clock.ended_on = Some(on));
        Self { stage, clocks }
    }

    /// The procedure after an official took an answered matter up again, with a new last day.
    pub fn reopened(&self, on: NaiveDate, due_on: NaiveDate, agency_id: &str) -> Self {
        let stage = match &self.stage {
            Stage::Opinion(state) => Stage::Opinion(opinion::reopen(state)),
            Stage::AdministrativeRule(state) => Stage::AdministrativeRule(administrative_rule::reopen(state)),
            other => other.clone(),
        };
        let mut clocks = self.clocks.clone();
        clocks.extend(Self::begin(Stage::Opinion(opinion::State::begin()), on, due_on, agency_id).clocks);
        Self { stage, clocks }
    }

    /// The procedure after the last day `from` moved to `to`.
    pub fn rescheduled(&self, from: NaiveDate, to: NaiveDate) -> Self {
        let mut next = self.clone();
        next.clocks.iter_mut().filter(|clock| clock.is_running() && clock.last_day == from).for_each(|clock| clock.last_day = to);
        next
    }

    /// The procedure after the last day of the running period of a rule moved from `from` to `to`.
    pub fn moved(&self, code: &str, from: NaiveDate, to: NaiveDate) -> Self {
        let mut next = self.clone();
        next.clocks.iter_mut().filter(|clock| clock.is_running() && clock.code == code && clock.last_day == from).for_each(|clock| clock.last_day = to);
        next
    }

    /// The last day of the periods that run for nobody's office: the citizen's own, and the law's.
    pub fn rights_until(&self) -> Option<NaiveDate> {
        self.clocks.iter().filter(|clock| clock.is_running() && !clock.is_of_office()).map(|clock| clock.last_day).max()
    }

    /// Clocks that run for an office.
    pub fn owed(&self) -> impl Iterator<Item = &Clock> {
        self.clocks.iter().filter(|clock| clock.is_running() && clock.is_of_office())
    }

    /// The clock that ends first among those that run for an office and do not stand still.
    pub fn due(&self) -> Option<&Clock> {
        self.owed().filter(|clock| clock.paused_since.is_none()).min_by_key(|clock| clock.last_day)
    }

    /// The last period whose end was the answer the citizen waited for.
    pub fn answer_clock(&self) -> Option<&Clock> {
        self.clocks.iter().rev().find(|clock| ANSWERING.contains(&clock.code.as_str()) && !clock.is_running())
    }
}

impl Stage {
    /// The rule that runs from receipt; none where none does.
    pub fn first_rule(&self) -> Option<&'static str> {
        match self {
            Self::Complaint(_) => Some("K2"),
            Self::Denunciation(_) => Some("T1"),
            Self::Opinion(_) => Some("R1"),
            Self::AdministrativeRule(_) => Some("P1"),
            Self::Praise(_) => None,
        }
    }
}
