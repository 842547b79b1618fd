//! Kiến nghị, phản ánh (Law on Citizen Reception 42/2013/QH13 as amended). Pure.
//!
//! Until the answer the case itself says where it stands (received, assigned, waiting, proposed); the clock is R1. An answer that
//! promises something is not the end: promised, done and confirmed by the citizen are states of their own, and the citizen may send
//! the matter back.
//!
//! What can follow what; a test compares this with what [`take`] and [`answer`] allow:
//!
//! ```transitions
//! answered: confirm -> confirmed
//! answered: send_back -> open
//! promised: move_promise -> promised
//! promised: fulfil -> done
//! promised: send_back -> open
//! done: confirm -> confirmed
//! done: send_back -> open
//! ```

use super::clocks::Move;
use super::refusal::Refusal;
use super::step::Step;
use super::{Facts, day_of_deed};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// How often a citizen may send one matter back: after that a person should talk to them, not a form.
pub const SENT_BACK_MAX: u8 = 2;

/// Where it stands after the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum State {
    /// No answer yet.
    Open {
        /// How often it came back.
        #[serde(default)]
        sent_back: u8,
    },
    /// Answered, nothing promised.
    Answered {
        /// The day.
        on: NaiveDate,
        /// How often it had come back.
        #[serde(default)]
        sent_back: u8,
    },
    /// Answered with a promise.
    Promised {
        /// The day of the answer.
        on: NaiveDate,
        /// The day first promised; it stays visible.
        first_day: NaiveDate,
        /// The day promised now.
        day: NaiveDate,
        /// How often it had come back.
        #[serde(default)]
        sent_back: u8,
    },
    /// What was promised is done.
    Done {
        /// The day it was done.
        on: NaiveDate,
        /// The day that was promised last.
        promised: NaiveDate,
        /// How often it had come back.
        #[serde(default)]
        sent_back: u8,
    },
    /// The citizen says it is solved.
    Confirmed {
        /// The day.
        on: NaiveDate,
    },
}

impl State {
    /// As it begins.
    pub fn begin() -> Self {
        Self::Open { sent_back: 0 }
    }

    /// Its name in diagrams and catalogues.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Open { .. } => "open",
            Self::Answered { .. } => "answered",
            Self::Promised { .. } => "promised",
            Self::Done { .. } => "done",
            Self::Confirmed { .. } => "confirmed",
        }
    }

    /// How often it came back to the office.
    pub fn sent_back(&self) -> u8 {
        match self {
            Self::Open { sent_back } | Self::Answered { sent_back, .. } | Self::Promised { sent_back, .. } | Self::Done { sent_back, .. } => *sent_back,
            Self::Confirmed { .. } => 0,
        }
    }
}

/// The answer was let out on `on`, perhaps with a promise.
pub fn answer(state: &State, on: NaiveDate, promised: Option<NaiveDate>) -> State {
    let sent_back = state.sent_back();
    match promised {
        Some(day) => State::Promised { on, first_day: day, day, sent_back },
        None => State::Answered { on, sent_back },
    }
}

/// An official takes it up again.
pub fn reopen(state: &State) -> State {
    State::Open { sent_back: state.sent_back() }
}

/// What a step makes of it, and what it does to the clocks.
///
/// # Errors
/// The [`Refusal`] that names the rule.
pub fn take(state: &State, step: &Step, facts: &Facts<'_>) -> Result<(State, Vec<Move>), Refusal> {
    let today = facts.today();
    match (step, state) {
        (Step::MovePromise { to }, State::Promised { on, first_day, day, sent_back }) => {
            if *to <= today {
                return Err(Refusal::PromiseInPast);
            }
            if to == day {
                return Err(Refusal::Already);
            }
            Ok((State::Promised { on: *on, first_day: *first_day, day: *to, sent_back: *sent_back }, Vec::new()))
        }
        (Step::Fulfil { on: done }, State::Promised { on, day, sent_back, .. }) => {
            let on = day_of_deed(*done, *on, facts)?;
            Ok((State::Done { on, promised: *day, sent_back: *sent_back }, Vec::new()))
        }
        (Step::MovePromise { .. } | Step::Fulfil { .. }, State::Done { .. } | State::Confirmed { .. }) => Err(Refusal::Already),
        (Step::MovePromise { .. } | Step::Fulfil { .. }, _) => Err(Refusal::NothingPromised),
        (Step::Confirm, State::Answered { .. } | State::Done { .. }) => Ok((State::Confirmed { on: today }, Vec::new())),
        (Step::Confirm, State::Confirmed { .. }) => Err(Refusal::Already),
        (Step::Confirm | Step::SendBack, State::Promised { day, .. }) if today <= *day => Err(Refusal::PromiseOpen(*day)),
        (Step::Confirm, State::Promised { day, .. }) => Err(Refusal::PromiseOpen(*day)),
        (Step::SendBack, State::Answered { sent_back, .. } | State::Promised { sent_back, .. } | State::Done { sent_back, .. }) => {
            if *sent_back >= SENT_BACK_MAX {
                return Err(Refusal::SentBackFully);
            }
            Ok((State::Open { sent_back: sent_back + 1 }, vec![Move::Start { code: "R1", from: today }]))
        }
        (Step::SendBack, State::Confirmed { .. }) => Err(Refusal::Already),
        (Step::Confirm | Step::SendBack, State::Open { .. }) => Err(Refusal::NotAnswered),
        (Step::PassOn { .. } | Step::Guide | Step::GiveBack, _) => Err(Refusal::OtherWayForKind),
        _ => Err(Refusal::NotOfThisKind),
    }
}
