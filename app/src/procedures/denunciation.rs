//! Tố cáo: somebody reports a breach of law by anybody (Law on Denunciations 25/2018/QH14; Decree 31/2019 as amended by 156/2026).
//! Pure.
//!
//! What arrives here is information until the denouncer was verified (Articles 24, 25 and 29): only then can it be accepted. An
//! anonymous one with clear content is kept as information, without a denouncer and without these clocks. A denunciation never goes
//! to the person denounced or below; it is passed on once. The period (T5) is extended once for a complex matter and once more for
//! an especially complex one, each time by a decision; no place makes it longer. Taking it back does not end it by itself: it goes
//! on where there are signs of a breach, of pressure or of slander (Article 33).
//!
//! What can follow what; a test compares this with what [`take`] allows:
//!
//! ```transitions
//! intake: check_identity -> intake
//! intake: accept -> handling
//! intake: refuse -> over
//! intake: pass_on -> intake
//! intake: keep_as_information -> over
//! intake: take_back -> over
//! handling: send -> handling
//! handling: charge -> handling
//! handling: report_verification -> handling
//! handling: extend -> handling
//! handling: suspend -> suspended
//! handling: terminate -> over
//! handling: take_back -> handling
//! handling: continue_despite -> handling
//! handling: conclude -> concluded
//! handling: appeal -> intake
//! suspended: send -> suspended
//! suspended: resume -> handling
//! suspended: terminate -> over
//! suspended: take_back -> suspended
//! concluded: send -> concluded
//! concluded: act_on -> concluded
//! concluded: report_action -> concluded
//! concluded: publish -> concluded
//! concluded: appeal -> intake
//! over: send -> over
//! ```

use super::clocks::Move;
use super::refusal::Refusal;
use super::step::{Finding, Ground, Step};
use super::{Facts, day_of_deed};
use crate::deadlines::rules::Complexity;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What is known of the denouncer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    /// Nobody has checked.
    Unchecked,
    /// It is who it says.
    Verified,
    /// No name, or a false one.
    Anonymous,
}

/// Received, not yet accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intake {
    /// The denouncer.
    pub identity: Identity,
    /// Another authority passed it on.
    pub was_passed_on: bool,
    /// It follows a conclusion or a delay (tố cáo tiếp).
    pub is_further: bool,
}

/// Accepted and worked on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handling {
    /// The day of the decision to accept: day 0 of T5.
    pub accepted_on: NaiveDate,
    /// How often the period was extended.
    pub extensions: u8,
    /// Somebody is charged with verifying.
    pub is_charged: bool,
    /// There is a result.
    pub is_reported: bool,
    /// The day the denouncer took it back.
    pub taken_back_on: Option<NaiveDate>,
    /// It follows a conclusion or a delay.
    pub is_further: bool,
}

/// A conclusion was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concluded {
    /// What it found.
    pub finding: Finding,
    /// The day of its issue.
    pub on: NaiveDate,
    /// The day it went out.
    pub sent_on: Option<NaiveDate>,
    /// The day of the action on it.
    pub acted_on: Option<NaiveDate>,
    /// The day the action's result was reported.
    pub reported_on: Option<NaiveDate>,
    /// The day it was published.
    pub published_on: Option<NaiveDate>,
    /// It was itself the answer to a further denunciation.
    pub is_further: bool,
}

/// How it ended without a conclusion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Over {
    /// Not accepted.
    Refused(Ground),
    /// Kept as information; no denouncer, no clock.
    Information,
    /// Taken back before it was accepted.
    TakenBack,
    /// Ended (đình chỉ).
    Terminated,
}

/// Where a denunciation stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum State {
    /// Received.
    Intake(Intake),
    /// Accepted.
    Handling(Handling),
    /// Standing still.
    Suspended {
        /// What goes on when it is resumed.
        handling: Handling,
    },
    /// Concluded.
    Concluded(Concluded),
    /// Over.
    Over {
        /// How.
        how: Over,
    },
}

impl State {
    /// As it begins.
    pub fn begin() -> Self {
        Self::Intake(Intake { identity: Identity::Unchecked, was_passed_on: false, is_further: false })
    }

    /// Its name in diagrams and catalogues.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Intake(_) => "intake",
            Self::Handling(_) => "handling",
            Self::Suspended { .. } => "suspended",
            Self::Concluded(_) => "concluded",
            Self::Over { .. } => "over",
        }
    }
}

type Taken = Result<(State, Vec<Move>), Refusal>;

/// What a step makes of a denunciation, and what it does to the clocks.
///
/// # Errors
/// The [`Refusal`] that names the rule.
pub fn take(state: &State, step: &Step, facts: &Facts<'_>) -> Taken {
    match state {
        State::Intake(intake) => of_intake(intake, step, facts),
        State::Handling(handling) => of_handling(handling, step, facts),
        State::Suspended { handling } => of_suspended(handling, step, facts),
        State::Concluded(concluded) => of_concluded(concluded, step, facts),
        State::Over { how: how @ Over::Terminated } if matches!(step, Step::Send { .. }) => {
            facts.running("T6").ok_or(Refusal::Already)?;
            Ok((State::Over { how: *how }, vec![Move::End("T6")]))
        }
        State::Over { .. } if is_known(step) => Err(Refusal::Over),
        State::Over { .. } => Err(unfit(step)),
    }
}

/// Whether denunciations have such a step at all.
fn is_known(step: &Step) -> bool {
    matches!(
        step,
        Step::CheckIdentity { .. }
            | Step::Accept
            | Step::Refuse { .. }
            | Step::PassOn { .. }
            | Step::KeepAsInformation
            | Step::TakeBack
            | Step::Send { .. }
            | Step::Charge { .. }
            | Step::ReportVerification { .. }
            | Step::Extend
            | Step::Suspend
            | Step::Resume
            | Step::Terminate
            | Step::ContinueDespite
            | Step::Conclude { .. }
            | Step::ActOn { .. }
            | Step::ReportAction { .. }
            | Step::Publish { .. }
            | Step::Appeal { .. }
    )
}

fn unfit(step: &Step) -> Refusal {
    match step {
        // A denunciation is passed on, never guided back to its sender or returned.
        Step::Guide | Step::GiveBack => Refusal::OtherWayForKind,
        step if is_known(step) => Refusal::NotNow,
        _ => Refusal::NotOfThisKind,
    }
}

fn over(how: Over) -> Taken {
    Ok((State::Over { how }, vec![Move::EndAll]))
}

fn of_intake(intake: &Intake, step: &Step, facts: &Facts<'_>) -> Taken {
    match step {
        Step::CheckIdentity { is_verified: true } if !facts.has_identity => Err(Refusal::NoIdentity),
        Step::CheckIdentity { is_verified } => {
            let identity = if *is_verified { Identity::Verified } else { Identity::Anonymous };
            Ok((State::Intake(Intake { identity, ..intake.clone() }), Vec::new()))
        }
        Step::Accept => {
            match intake.identity {
                Identity::Unchecked => return Err(Refusal::NotVerified),
                Identity::Anonymous => return Err(Refusal::Anonymous),
                Identity::Verified => {}
            }
            let today = facts.today();
            let handling =
                Handling { accepted_on: today, extensions: 0, is_charged: false, is_reported: false, taken_back_on: None, is_further: intake.is_further };
            let begins = [Move::Start { code: "T5", from: today }, Move::Start { code: "T4", from: today }];
            let moves = [Move::End("T1"), Move::End("T10")].into_iter().chain(begins).collect();
            Ok((State::Handling(handling), moves))
        }
        Step::Refuse { ground } if Ground::OF_DENUNCIATIONS.contains(ground) => over(Over::Refused(*ground)),
        Step::Refuse { .. } => Err(Refusal::NotOfThisKind),
        Step::PassOn { .. } if intake.was_passed_on => Err(Refusal::PassedOnOnce),
        Step::PassOn { .. } => {
            let next = Intake { was_passed_on: true, ..intake.clone() };
            Ok((State::Intake(next), vec![Move::EndAll, Move::Start { code: "T1", from: facts.today() }]))
        }
        Step::KeepAsInformation if intake.identity != Identity::Anonymous => Err(Refusal::NotAnonymous),
        Step::KeepAsInformation => over(Over::Information),
        Step::TakeBack => over(Over::TakenBack),
        _ => Err(unfit(step)),
    }
}

fn of_handling(handling: &Handling, step: &Step, facts: &Facts<'_>) -> Taken {
    let next = |change: &dyn Fn(&mut Handling)| {
        let mut next = handling.clone();
        change(&mut next);
        State::Handling(next)
    };
    match step {
        Step::Send { on } => {
            let clock = facts.running("T4").ok_or(Refusal::Already)?;
            day_of_deed(*on, clock.from, facts)?;
            Ok((State::Handling(handling.clone()), vec![Move::End("T4")]))
        }
        Step::Charge { .. } if handling.is_reported => Err(Refusal::Already),
        Step::Charge { .. } => Ok((next(&|next| next.is_charged = true), Vec::new())),
        Step::ReportVerification { .. } if !handling.is_charged => Err(Refusal::NotBegun),
        Step::ReportVerification { .. } => Ok((next(&|next| next.is_reported = true), Vec::new())),
        Step::Extend => {
            let complexity = match handling.extensions {
                0 => Complexity::Complex,
                1 => Complexity::Most,
                _ => return Err(Refusal::ExtendedFully),
            };
            facts.not_ended("T5")?;
            Ok((next(&|next| next.extensions += 1), vec![Move::Lengthen("T5", complexity)]))
        }
        Step::Suspend => Ok((State::Suspended { handling: handling.clone() }, vec![Move::Pause, Move::Start { code: "T6", from: facts.today() }])),
        Step::Terminate => terminate(facts),
        Step::TakeBack if handling.taken_back_on.is_some() => Err(Refusal::Already),
        Step::TakeBack => Ok((next(&|next| next.taken_back_on = Some(facts.today())), Vec::new())),
        Step::ContinueDespite if handling.taken_back_on.is_none() => Err(Refusal::NotWithdrawn),
        Step::ContinueDespite => Ok((next(&|next| next.taken_back_on = None), Vec::new())),
        Step::Conclude { .. } if handling.taken_back_on.is_some() => Err(Refusal::WithdrawnFirst),
        Step::Conclude { .. } if !handling.is_reported => Err(Refusal::NotReported),
        Step::Conclude { finding } => {
            let on = facts.today();
            let concluded =
                Concluded { finding: *finding, on, sent_on: None, acted_on: None, reported_on: None, published_on: None, is_further: handling.is_further };
            let begins = ["T7", "T8", "T12"].map(|code| Move::Start { code, from: on });
            Ok((State::Concluded(concluded), [Move::End("T5"), Move::End("T4")].into_iter().chain(begins).collect()))
        }
        // Overdue: the denouncer may turn to the superior (Articles 37 and 38).
        Step::Appeal { .. } => {
            let ended = facts.running("T5").ok_or(Refusal::NotNow)?.last_day;
            if facts.today() <= ended {
                return Err(Refusal::AppealTooEarly(ended));
            }
            further(facts)
        }
        Step::Accept | Step::Resume => Err(Refusal::Already),
        _ => Err(unfit(step)),
    }
}

fn further(facts: &Facts<'_>) -> Taken {
    let intake = Intake { identity: Identity::Verified, was_passed_on: false, is_further: true };
    Ok((State::Intake(intake), vec![Move::EndAll, Move::Start { code: "T10", from: facts.today() }]))
}

fn terminate(facts: &Facts<'_>) -> Taken {
    Ok((State::Over { how: Over::Terminated }, vec![Move::EndAll, Move::Start { code: "T6", from: facts.today() }]))
}

fn of_suspended(handling: &Handling, step: &Step, facts: &Facts<'_>) -> Taken {
    match step {
        Step::Send { on } => {
            let clock = facts.running("T6").ok_or(Refusal::Already)?;
            day_of_deed(*on, clock.from, facts)?;
            Ok((State::Suspended { handling: handling.clone() }, vec![Move::End("T6"), Move::End("T4")]))
        }
        Step::Resume => Ok((State::Handling(handling.clone()), vec![Move::End("T6"), Move::Resume])),
        Step::Terminate => terminate(facts),
        Step::TakeBack if handling.taken_back_on.is_some() => Err(Refusal::Already),
        Step::TakeBack => Ok((State::Suspended { handling: Handling { taken_back_on: Some(facts.today()), ..handling.clone() } }, Vec::new())),
        step if is_known(step) => Err(Refusal::Suspended),
        _ => Err(unfit(step)),
    }
}

fn of_concluded(concluded: &Concluded, step: &Step, facts: &Facts<'_>) -> Taken {
    let mut next = concluded.clone();
    let moves = match step {
        Step::Send { .. } if concluded.sent_on.is_some() => return Err(Refusal::Already),
        Step::Send { on } => {
            next.sent_on = Some(day_of_deed(*on, concluded.on, facts)?);
            vec![Move::End("T7")]
        }
        Step::ActOn { .. } if concluded.acted_on.is_some() => return Err(Refusal::Already),
        Step::ActOn { on } => {
            next.acted_on = Some(day_of_deed(*on, concluded.on, facts)?);
            vec![Move::End("T8"), Move::Start { code: "T9", from: *on }]
        }
        Step::ReportAction { .. } if concluded.reported_on.is_some() => return Err(Refusal::Already),
        Step::ReportAction { on } => {
            let acted_on = concluded.acted_on.ok_or(Refusal::NotNow)?;
            next.reported_on = Some(day_of_deed(*on, acted_on, facts)?);
            vec![Move::End("T9")]
        }
        Step::Publish { .. } if concluded.published_on.is_some() => return Err(Refusal::Already),
        Step::Publish { on } => {
            next.published_on = Some(day_of_deed(*on, concluded.on, facts)?);
            vec![Move::End("T12")]
        }
        Step::Appeal { .. } if concluded.is_further => return Err(Refusal::NoThirdInstance),
        Step::Appeal { .. } => return further(facts),
        Step::TakeBack => return Err(Refusal::DecidedAlready),
        Step::Conclude { .. } => return Err(Refusal::Already),
        _ => return Err(unfit(step)),
    };
    Ok((State::Concluded(next), moves))
}
