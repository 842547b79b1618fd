//! Phản ánh, kiến nghị về quy định hành chính: an administrative rule or procedure that is hard to keep, or how officials apply it
//! (Decree 20/2008 as amended by 92/2017). Complaints and denunciations are none. Pure.
//!
//! Received, it is entered in the register and within P1 either taken up here or passed on, once, to the competent authority; the
//! answer is owed within R1 from the first receipt, whoever has it. It is answered ([`answer`]), and the result must be published:
//! by letting it into the public register ([`release`]), or elsewhere, which is recorded as a step. The citizen may confirm or send
//! it back as with any answer.
//!
//! What can follow what; a test compares this with what [`take`] allows:
//!
//! ```transitions
//! received: take_up -> handled
//! received: pass_on -> handled
//! handled: pass_on -> handled
//! answered: publish -> published
//! answered: confirm -> answered
//! answered: send_back -> handled
//! published: confirm -> published
//! published: send_back -> handled
//! ```

use super::clocks::Move;
use super::opinion::SENT_BACK_MAX;
use super::refusal::Refusal;
use super::step::Step;
use super::{Facts, day_of_deed};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// An answer that was let out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The day.
    pub on: NaiveDate,
    /// It was passed on before.
    pub was_passed_on: bool,
    /// The day the citizen said that it is solved.
    pub confirmed_on: Option<NaiveDate>,
    /// How often it had come back.
    pub sent_back: u8,
}

/// Where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum State {
    /// Nobody has said who is competent.
    Received,
    /// With the competent authority.
    Handled {
        /// It was passed on to it.
        was_passed_on: bool,
        /// How often it came back.
        sent_back: u8,
    },
    /// Answered; the result is not public yet.
    Answered(Answered),
    /// Answered and published.
    Published {
        /// The answer.
        answer: Answered,
        /// The day it was published.
        on: NaiveDate,
    },
}

impl State {
    /// Its name in diagrams and catalogues.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Handled { .. } => "handled",
            Self::Answered(_) => "answered",
            Self::Published { .. } => "published",
        }
    }

    /// How often its answer came back.
    pub fn sent_back(&self) -> u8 {
        match self {
            Self::Received => 0,
            Self::Handled { sent_back, .. } => *sent_back,
            Self::Answered(answer) | Self::Published { answer, .. } => answer.sent_back,
        }
    }

    /// The answer, if it was let out.
    pub fn answer(&self) -> Option<&Answered> {
        match self {
            Self::Answered(answer) | Self::Published { answer, .. } => Some(answer),
            Self::Received | Self::Handled { .. } => None,
        }
    }
}

/// Whether an answer may be drafted.
///
/// # Errors
/// [`Refusal::NotTakenUp`] while nobody has said who is competent.
pub fn can_be_answered(state: &State) -> Result<(), Refusal> {
    if *state == State::Received { Err(Refusal::NotTakenUp) } else { Ok(()) }
}

/// The answer was let out on `on`.
pub fn answer(state: &State, on: NaiveDate) -> State {
    let (was_passed_on, sent_back) = match state {
        State::Handled { was_passed_on, sent_back } => (*was_passed_on, *sent_back),
        _ => (false, 0),
    };
    State::Answered(Answered { on, was_passed_on, confirmed_on: None, sent_back })
}

/// Its text was let into the public register on `on`: with an answer, that is the publication.
pub fn release(state: &State, on: NaiveDate) -> State {
    match state {
        State::Answered(answer) => State::Published { answer: answer.clone(), on },
        other => other.clone(),
    }
}

/// An official takes it up again.
pub fn reopen(state: &State) -> State {
    match state.answer() {
        Some(answer) => State::Handled { was_passed_on: answer.was_passed_on, sent_back: answer.sent_back },
        None => state.clone(),
    }
}

/// What a step makes of it, and what it does to the clocks.
///
/// # Errors
/// The [`Refusal`] that names the rule.
pub fn take(state: &State, step: &Step, facts: &Facts<'_>) -> Result<(State, Vec<Move>), Refusal> {
    match (step, state) {
        (Step::TakeUp, State::Received) => Ok((State::Handled { was_passed_on: false, sent_back: 0 }, competent(facts))),
        (Step::PassOn { .. }, State::Received) => Ok((State::Handled { was_passed_on: true, sent_back: 0 }, competent(facts))),
        (Step::TakeUp, _) => Err(Refusal::Already),
        (Step::PassOn { .. }, State::Handled { was_passed_on: true, .. }) => Err(Refusal::PassedOnOnce),
        // Taken up too soon: it turned out that another authority is competent. The answer's clock runs on.
        (Step::PassOn { .. }, State::Handled { sent_back, .. }) => Ok((State::Handled { was_passed_on: true, sent_back: *sent_back }, Vec::new())),
        (Step::PassOn { .. }, _) => Err(Refusal::NotNow),
        (Step::Publish { on }, State::Answered(answer)) => {
            let on = day_of_deed(*on, answer.on, facts)?;
            Ok((State::Published { answer: answer.clone(), on }, Vec::new()))
        }
        (Step::Publish { .. }, State::Published { .. }) => Err(Refusal::Already),
        (Step::Publish { .. } | Step::Confirm | Step::SendBack, State::Received | State::Handled { .. }) => Err(Refusal::NotAnswered),
        (Step::Confirm | Step::SendBack, State::Answered(answer) | State::Published { answer, .. }) if answer.confirmed_on.is_some() => Err(Refusal::Already),
        (Step::Confirm, State::Answered(answer)) => Ok((State::Answered(confirmed(answer, facts)), Vec::new())),
        (Step::Confirm, State::Published { answer, on }) => Ok((State::Published { answer: confirmed(answer, facts), on: *on }, Vec::new())),
        (Step::SendBack, State::Answered(answer) | State::Published { answer, .. }) => {
            if answer.sent_back >= SENT_BACK_MAX {
                return Err(Refusal::SentBackFully);
            }
            let next = State::Handled { was_passed_on: answer.was_passed_on, sent_back: answer.sent_back + 1 };
            Ok((next, vec![Move::Start { code: "R1", from: facts.today() }]))
        }
        (Step::Guide | Step::GiveBack, _) => Err(Refusal::OtherWayForKind),
        _ => Err(Refusal::NotOfThisKind),
    }
}

/// Who is competent is known: the answer is owed within R1 from the day the forwarding period counts from, the first receipt.
fn competent(facts: &Facts<'_>) -> Vec<Move> {
    let from = facts.running("P1").map_or(facts.today(), |clock| clock.from);
    vec![Move::End("P1"), Move::Start { code: "R1", from }]
}

fn confirmed(answer: &Answered, facts: &Facts<'_>) -> Answered {
    Answered { confirmed_on: Some(facts.today()), ..answer.clone() }
}
