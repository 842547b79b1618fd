//! Khen ngợi: somebody did well, and a citizen says so. Pure.
//!
//! No legal period runs on it, and it is in no figure of lateness. It is read, passed on to the person or unit it praises, and its
//! sender is thanked ([`thank`]); whoever agreed to it, sees it published.
//!
//! What can follow what; a test compares this with what [`take`] allows:
//!
//! ```transitions
//! received: convey -> conveyed
//! ```

use super::Facts;
use super::clocks::Move;
use super::refusal::Refusal;
use super::step::Step;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum State {
    /// Not passed on yet.
    Received,
    /// Whom it praises has it.
    Conveyed {
        /// Since this day.
        on: NaiveDate,
    },
    /// The sender was thanked.
    Thanked {
        /// The day.
        on: NaiveDate,
    },
}

impl State {
    /// Its name in diagrams and catalogues.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Conveyed { .. } => "conveyed",
            Self::Thanked { .. } => "thanked",
        }
    }
}

/// Whether the thanks may be drafted.
///
/// # Errors
/// [`Refusal::NotConveyed`] before it was passed on.
pub fn can_be_thanked(state: &State) -> Result<(), Refusal> {
    if *state == State::Received { Err(Refusal::NotConveyed) } else { Ok(()) }
}

/// The thanks were let out on `on`.
pub fn thank(_: &State, on: NaiveDate) -> State {
    State::Thanked { on }
}

/// What a step makes of it; nothing of it has a clock.
///
/// # Errors
/// The [`Refusal`] that names the rule.
pub fn take(state: &State, step: &Step, facts: &Facts<'_>) -> Result<(State, Vec<Move>), Refusal> {
    match (step, state) {
        (Step::Convey, State::Received) => Ok((State::Conveyed { on: facts.today() }, Vec::new())),
        (Step::Convey, _) => Err(Refusal::Already),
        (Step::PassOn { .. } | Step::Guide | Step::GiveBack, _) => Err(Refusal::OtherWayForKind),
        _ => Err(Refusal::NotOfThisKind),
    }
}
