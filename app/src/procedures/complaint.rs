//! Khiếu nại: somebody asks for a review of a decision or an act that touches their own rights; two instances (Law on Complaints
//! 02/2011/QH13 as amended by Law 136/2025/QH15; Decree 124/2020 as amended by 155/2026). Pure.
//!
//! Who decides: first the head whose decision or act it is, then the competent superior. Each instance: accept within the period
//! of K2, verify, hold a dialogue where demand and verification differ (in the second instance always), decide within K3 or K7,
//! send within K5 or K8. The second complaint is open to the citizen for K6 from the day the first decision was *received*, or from
//! the day on which the first instance should have decided; the first decision takes effect K10 after its *issue*: the two are
//! different days and are never made one.
//!
//! What can follow what; a test compares this with what [`take`] allows:
//!
//! ```transitions
//! intake: record_referral -> intake
//! intake: accept -> handling
//! intake: refuse -> over
//! intake: guide -> over
//! intake: store -> over
//! intake: give_back -> over
//! intake: take_back -> over
//! intake: go_to_court -> over
//! handling: charge -> handling
//! handling: report_verification -> handling
//! handling: invite -> handling
//! handling: hold_dialogue -> handling
//! handling: extend -> handling
//! handling: suspend -> suspended
//! handling: terminate -> over
//! handling: decide -> decided
//! handling: take_back -> handling
//! handling: go_to_court -> over
//! handling: appeal -> intake
//! suspended: send -> suspended
//! suspended: resume -> handling
//! suspended: terminate -> over
//! suspended: take_back -> suspended
//! suspended: go_to_court -> over
//! decided: send -> decided
//! decided: serve -> decided
//! decided: publish -> decided
//! decided: take_effect -> decided
//! decided: execute -> decided
//! decided: appeal -> intake
//! decided: go_to_court -> over
//! over: send -> over
//! ```

use super::clocks::{Move, Times};
use super::refusal::Refusal;
use super::step::{Attendance, Finding, Ground, Step};
use super::{Facts, day_of_deed};
use crate::deadlines::rules::{self, Circumstances, Complexity};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// First or second time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Instance {
    /// Lần đầu.
    First,
    /// Lần hai.
    Second,
}

impl Instance {
    /// Rule for the decision.
    pub fn resolution(self) -> &'static str {
        match self {
            Self::First => "K3",
            Self::Second => "K7",
        }
    }

    /// Rule for sending the decision.
    fn sending(self) -> &'static str {
        match self {
            Self::First => "K5",
            Self::Second => "K8",
        }
    }
}

/// Received, not yet accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intake {
    /// Which time.
    pub instance: Instance,
    /// Somebody passed it on.
    pub is_referred: bool,
}

/// How far the verification is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verification {
    /// Nobody is charged with it.
    Open,
    /// Somebody is.
    Begun,
    /// There is a result.
    Reported {
        /// It differs from what the complainant asks for.
        differs: bool,
    },
}

/// How far the dialogue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialogue {
    /// Nobody was invited.
    None,
    /// The parties were invited for this day.
    Invited(NaiveDate),
    /// It was held on this day.
    Held(NaiveDate),
}

/// Accepted and worked on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handling {
    /// Which time.
    pub instance: Instance,
    /// The day of acceptance: day 0 of K3 and K7.
    pub accepted_on: NaiveDate,
    /// Found complex.
    pub is_complex: bool,
    /// The verification.
    pub verification: Verification,
    /// The dialogue.
    pub dialogue: Dialogue,
    /// The day the citizen took it back.
    pub taken_back_on: Option<NaiveDate>,
}

/// A decision was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// Which time.
    pub instance: Instance,
    /// What it found.
    pub finding: Finding,
    /// The day of its issue.
    pub on: NaiveDate,
    /// The day it went out.
    pub sent_on: Option<NaiveDate>,
    /// The day the citizen got it.
    pub served_on: Option<NaiveDate>,
    /// The day it was published.
    pub published_on: Option<NaiveDate>,
    /// It was found to be in force.
    pub is_in_force: bool,
    /// The day it had been carried out.
    pub executed_on: Option<NaiveDate>,
}

/// How it ended without a decision, or beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Over {
    /// Not accepted.
    Refused(Ground),
    /// The citizen was told where to go.
    Guided,
    /// Its sender was guided about the same content before: kept, not handled again.
    Stored,
    /// It went back to whoever had passed it on.
    GivenBack,
    /// Taken back before it was accepted.
    TakenBack,
    /// Ended (đình chỉ).
    Terminated,
    /// A court has it.
    AtCourt,
}

/// Where a complaint stands.
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
    /// Decided.
    Decided(Decided),
    /// Over.
    Over {
        /// How.
        how: Over,
    },
}

impl State {
    /// As it begins.
    pub fn begin() -> Self {
        Self::Intake(Intake { instance: Instance::First, is_referred: false })
    }

    /// Its name in diagrams and catalogues.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Intake(_) => "intake",
            Self::Handling(_) => "handling",
            Self::Suspended { .. } => "suspended",
            Self::Decided(_) => "decided",
            Self::Over { .. } => "over",
        }
    }
}

type Taken = Result<(State, Vec<Move>), Refusal>;

/// What a step makes of a complaint, and what it does to the clocks.
///
/// # Errors
/// The [`Refusal`] that names the rule.
pub fn take(state: &State, step: &Step, facts: &Facts<'_>) -> Taken {
    match state {
        State::Intake(intake) => of_intake(intake, step, facts),
        State::Handling(handling) => of_handling(handling, step, facts),
        State::Suspended { handling } => of_suspended(handling, step, facts),
        State::Decided(decided) => of_decided(decided, step, facts),
        State::Over { how: how @ Over::Terminated } if matches!(step, Step::Send { .. }) => {
            facts.running("K13").ok_or(Refusal::Already)?;
            Ok((State::Over { how: *how }, vec![Move::End("K13")]))
        }
        State::Over { .. } if is_known(step) => Err(Refusal::Over),
        State::Over { .. } => Err(Refusal::NotOfThisKind),
    }
}

/// Whether complaints have such a step at all.
fn is_known(step: &Step) -> bool {
    !matches!(
        step,
        Step::CheckIdentity { .. }
            | Step::PassOn { .. }
            | Step::KeepAsInformation
            | Step::ContinueDespite
            | Step::Conclude { .. }
            | Step::ActOn { .. }
            | Step::ReportAction { .. }
            | Step::MovePromise { .. }
            | Step::Fulfil { .. }
            | Step::Confirm
            | Step::SendBack
            | Step::TakeUp
            | Step::Convey
    )
}

fn unfit(step: &Step) -> Refusal {
    match step {
        // A complaint is not passed on: its sender is guided, whoever passed it on gets it back.
        Step::PassOn { .. } => Refusal::OtherWayForKind,
        step if is_known(step) => Refusal::NotNow,
        _ => Refusal::NotOfThisKind,
    }
}

fn over(how: Over) -> Taken {
    Ok((State::Over { how }, vec![Move::EndAll]))
}

fn of_intake(intake: &Intake, step: &Step, facts: &Facts<'_>) -> Taken {
    match step {
        Step::RecordReferral if intake.is_referred => Err(Refusal::Already),
        Step::RecordReferral => Ok((State::Intake(Intake { is_referred: true, ..intake.clone() }), Vec::new())),
        Step::Accept => {
            if !facts.has_identity {
                return Err(Refusal::NoIdentity);
            }
            if !facts.are_signatures_complete {
                return Err(Refusal::SignaturesMissing);
            }
            let handling = Handling {
                instance: intake.instance,
                accepted_on: facts.today(),
                is_complex: false,
                verification: Verification::Open,
                dialogue: Dialogue::None,
                taken_back_on: None,
            };
            let moves = vec![Move::End("K2"), Move::Start { code: intake.instance.resolution(), from: facts.today() }];
            Ok((State::Handling(handling), moves))
        }
        Step::Refuse { ground } if Ground::OF_COMPLAINTS.contains(ground) => over(Over::Refused(*ground)),
        Step::Refuse { .. } => Err(Refusal::NotOfThisKind),
        Step::Guide if intake.is_referred => Err(Refusal::WasReferred),
        Step::Guide if facts.was_guided => Err(Refusal::GuidedOnce),
        Step::Guide => over(Over::Guided),
        // Guided once: a later one of the same content is kept, not handled (Circular 05/2021; trap 20 keeps its count).
        Step::Store if facts.was_guided => over(Over::Stored),
        Step::Store => Err(Refusal::NotGuidedBefore),
        Step::GiveBack if !intake.is_referred => Err(Refusal::NotReferred),
        Step::GiveBack => over(Over::GivenBack),
        Step::TakeBack => over(Over::TakenBack),
        Step::GoToCourt => over(Over::AtCourt),
        Step::Appeal { .. } => Err(if intake.instance == Instance::Second { Refusal::NoThirdInstance } else { Refusal::NotNow }),
        _ => Err(unfit(step)),
    }
}

fn of_handling(handling: &Handling, step: &Step, facts: &Facts<'_>) -> Taken {
    let resolution = handling.instance.resolution();
    let next = |change: &dyn Fn(&mut Handling)| {
        let mut next = handling.clone();
        change(&mut next);
        State::Handling(next)
    };
    match step {
        Step::Charge { .. } => match handling.verification {
            Verification::Reported { .. } => Err(Refusal::Already),
            _ => Ok((next(&|next| next.verification = Verification::Begun), Vec::new())),
        },
        Step::ReportVerification { differs } => match handling.verification {
            Verification::Open => Err(Refusal::NotBegun),
            _ => Ok((next(&|next| next.verification = Verification::Reported { differs: *differs }), Vec::new())),
        },
        Step::Invite { day } => invite(handling, *day, facts),
        Step::HoldDialogue { on, attendance } => hold(handling, *on, *attendance, facts),
        Step::Extend if handling.is_complex => Err(Refusal::ExtendedFully),
        Step::Extend => {
            facts.not_ended(resolution)?;
            Ok((next(&|next| next.is_complex = true), vec![Move::Lengthen(resolution, Complexity::Complex)]))
        }
        Step::Suspend => Ok((State::Suspended { handling: handling.clone() }, vec![Move::Pause, Move::Start { code: "K13", from: facts.today() }])),
        Step::Terminate => terminate(facts),
        Step::TakeBack if handling.taken_back_on.is_some() => Err(Refusal::Already),
        Step::TakeBack => Ok((next(&|next| next.taken_back_on = Some(facts.today())), Vec::new())),
        Step::Decide { finding } => decide(handling, *finding, facts),
        Step::GoToCourt => over(Over::AtCourt),
        Step::Appeal { .. } => appeal_for_delay(handling, facts),
        Step::Resume | Step::Accept => Err(Refusal::Already),
        _ => Err(unfit(step)),
    }
}

/// The decision to end it is sent within K13, the other clocks have nothing left to run for.
fn terminate(facts: &Facts<'_>) -> Taken {
    Ok((State::Over { how: Over::Terminated }, vec![Move::EndAll, Move::Start { code: "K13", from: facts.today() }]))
}

fn invite(handling: &Handling, day: NaiveDate, facts: &Facts<'_>) -> Taken {
    let Verification::Reported { .. } = handling.verification else { return Err(Refusal::NotReported) };
    if matches!(handling.dialogue, Dialogue::Held(_)) {
        return Err(Refusal::Already);
    }
    // The rule counts back from the dialogue; before it was the law, no day was too soon.
    let allows = |day| facts.last_day_of("K4", day, &Circumstances::default()).map_or(day >= facts.today(), |latest| latest >= facts.today());
    if !allows(day) {
        let mut earliest = facts.today();
        while !allows(earliest) {
            earliest = earliest.succ_opt().ok_or(Refusal::NoRule)?;
        }
        return Err(Refusal::InvitedTooLate(earliest));
    }
    Ok((State::Handling(Handling { dialogue: Dialogue::Invited(day), ..handling.clone() }), Vec::new()))
}

fn hold(handling: &Handling, on: NaiveDate, attendance: Attendance, facts: &Facts<'_>) -> Taken {
    let day = match handling.dialogue {
        Dialogue::None => return Err(Refusal::NotInvited),
        Dialogue::Held(_) => return Err(Refusal::Already),
        Dialogue::Invited(day) => day,
    };
    if on < day || facts.today() < day {
        return Err(Refusal::DialogueNotYet(day));
    }
    day_of_deed(on, day, facts)?;
    // Whoever could not come for a good reason is invited again; whoever just stays away does not stop it (Decree 155/2026).
    let dialogue = if attendance == Attendance::Excused { Dialogue::None } else { Dialogue::Held(on) };
    Ok((State::Handling(Handling { dialogue, ..handling.clone() }), Vec::new()))
}

fn decide(handling: &Handling, finding: Finding, facts: &Facts<'_>) -> Taken {
    if handling.taken_back_on.is_some() {
        return Err(Refusal::WithdrawnFirst);
    }
    let Verification::Reported { differs } = handling.verification else { return Err(Refusal::NotReported) };
    let was_held = matches!(handling.dialogue, Dialogue::Held(_));
    match handling.instance {
        Instance::First if differs && !was_held => return Err(Refusal::DialogueFirst),
        Instance::Second if !was_held => return Err(Refusal::DialogueAlways),
        _ => {}
    }
    let today = facts.today();
    let decided =
        Decided { instance: handling.instance, finding, on: today, sent_on: None, served_on: None, published_on: None, is_in_force: false, executed_on: None };
    let mut moves = vec![
        Move::End(handling.instance.resolution()),
        Move::Start { code: handling.instance.sending(), from: today },
        Move::Start { code: "K10", from: today },
    ];
    if handling.instance == Instance::Second {
        moves.push(Move::Start { code: "K9", from: today });
    }
    Ok((State::Decided(decided), moves))
}

/// The first instance let its time pass: the citizen may go on for K6 from that day (Article 33).
fn appeal_for_delay(handling: &Handling, facts: &Facts<'_>) -> Taken {
    if handling.instance == Instance::Second {
        return Err(Refusal::NoThirdInstance);
    }
    let ended = facts.running("K3").ok_or(Refusal::NotNow)?.last_day;
    if facts.today() <= ended {
        return Err(Refusal::AppealTooEarly(ended));
    }
    second(last_day_after_delay(ended, &facts.times)?, facts)
}

/// The citizen's last day to go on where the first instance's time `ended` without a decision.
///
/// # Errors
/// A table without K6 on that day.
pub fn last_day_after_delay(ended: NaiveDate, times: &Times<'_>) -> Result<NaiveDate, rules::Refusal> {
    Ok(times.start("K6", ended)?.last_day)
}

fn second(last: NaiveDate, facts: &Facts<'_>) -> Taken {
    if facts.today() > last {
        return Err(Refusal::AppealTooLate(last));
    }
    let intake = Intake { instance: Instance::Second, is_referred: false };
    Ok((State::Intake(intake), vec![Move::EndAll, Move::Start { code: "K2", from: facts.today() }]))
}

fn of_suspended(handling: &Handling, step: &Step, facts: &Facts<'_>) -> Taken {
    match step {
        Step::Send { on } => {
            let clock = facts.running("K13").ok_or(Refusal::Already)?;
            day_of_deed(*on, clock.from, facts)?;
            Ok((State::Suspended { handling: handling.clone() }, vec![Move::End("K13")]))
        }
        // A resumption has its own decision to send; the portal tells at once, so its clock does not outlive the step.
        Step::Resume => Ok((State::Handling(handling.clone()), vec![Move::End("K13"), Move::Resume])),
        Step::Terminate => terminate(facts),
        Step::TakeBack if handling.taken_back_on.is_some() => Err(Refusal::Already),
        Step::TakeBack => Ok((State::Suspended { handling: Handling { taken_back_on: Some(facts.today()), ..handling.clone() } }, Vec::new())),
        Step::GoToCourt => over(Over::AtCourt),
        step if is_known(step) => Err(Refusal::Suspended),
        _ => Err(unfit(step)),
    }
}

fn of_decided(decided: &Decided, step: &Step, facts: &Facts<'_>) -> Taken {
    let is_second = decided.instance == Instance::Second;
    let mut next = decided.clone();
    let moves = match step {
        Step::Send { .. } if decided.sent_on.is_some() => return Err(Refusal::Already),
        Step::Send { on } => {
            next.sent_on = Some(day_of_deed(*on, decided.on, facts)?);
            vec![Move::End(decided.instance.sending())]
        }
        Step::Serve { .. } if decided.served_on.is_some() => return Err(Refusal::Already),
        Step::Serve { on } => {
            let sent_on = decided.sent_on.ok_or(Refusal::NotSent)?;
            next.served_on = Some(day_of_deed(*on, sent_on, facts)?);
            if is_second { Vec::new() } else { vec![Move::Start { code: "K6", from: *on }] }
        }
        Step::Publish { .. } if !is_second => return Err(Refusal::FirstIsNotPublished),
        Step::Publish { .. } if decided.published_on.is_some() => return Err(Refusal::Already),
        Step::Publish { on } => {
            next.published_on = Some(day_of_deed(*on, decided.on, facts)?);
            vec![Move::End("K9")]
        }
        Step::TakeEffect if decided.is_in_force => return Err(Refusal::Already),
        Step::TakeEffect => {
            let last = facts.running("K10").ok_or(Refusal::NoRule)?.last_day;
            if facts.today() <= last {
                return Err(Refusal::NotYetInForce(last));
            }
            next.is_in_force = true;
            vec![Move::End("K10")]
        }
        Step::Execute { .. } if !decided.is_in_force => return Err(Refusal::NotInForce),
        Step::Execute { .. } if decided.executed_on.is_some() => return Err(Refusal::Already),
        Step::Execute { on } => {
            next.executed_on = Some(day_of_deed(*on, decided.on, facts)?);
            vec![Move::End("K6")]
        }
        Step::Appeal { .. } if is_second => return Err(Refusal::NoThirdInstance),
        // Until it is known that the citizen has the decision, their period has not begun, and cannot have ended.
        Step::Appeal { .. } => return second(facts.running("K6").map_or(facts.today(), |clock| clock.last_day), facts),
        Step::TakeBack => return Err(Refusal::DecidedAlready),
        Step::GoToCourt => return over(Over::AtCourt),
        Step::Decide { .. } => return Err(Refusal::Already),
        _ => return Err(unfit(step)),
    };
    Ok((State::Decided(next), moves))
}
