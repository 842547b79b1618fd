//! The steps of the law on the desk: what can be done now and why not the rest, the page of one step, the draft that waits for its
//! signature, and every clock with its computation.
//!
//! ```text
//! fields   what a step's form asks for, read and checked         view    the parts on the page of a case
//! letters  the letters that go out with a step, drafted and issued with it
//! pages    GET of one step, as a page of its own                 forms   POST: drafted or recorded, signed, sent back
//! ```

pub mod fields;
pub mod forms;
pub mod letters;
pub mod pages;
pub mod view;

use crate::petitions::procedure::{Known, outcome};
use crate::petitions::rules::{Case, can_step};
use crate::procedures::Refusal;
use crate::procedures::step::{Attendance, Finding, Ground, Step, StepName, Whose};
use crate::procedures::{Stage, complaint};
use crate::ui::PageContext;
use chrono::{Days, NaiveDate};

/// A day far enough ahead for any invitation.
const FAR_DAYS: u64 = 60;

/// A step as somebody might take it today: to find out whether it can be taken at all.
fn example(name: StepName, case: &Case, today: NaiveDate) -> Step {
    let invited = match &case.procedure().stage {
        Stage::Complaint(complaint::State::Handling(handling)) => match handling.dialogue {
            complaint::Dialogue::Invited(day) => Some(day),
            _ => None,
        },
        _ => None,
    };
    let ground = if matches!(case.procedure().stage, Stage::Complaint(_)) { Ground::OutOfTime } else { Ground::NoBasis };
    match name {
        StepName::RecordReferral => Step::RecordReferral,
        StepName::CheckIdentity => Step::CheckIdentity { is_verified: false },
        StepName::Accept => Step::Accept,
        StepName::Refuse => Step::Refuse { ground },
        StepName::Guide => Step::Guide,
        StepName::GiveBack => Step::GiveBack,
        StepName::PassOn => Step::PassOn { to_body_id: String::new() },
        StepName::KeepAsInformation => Step::KeepAsInformation,
        StepName::Charge => Step::Charge { unit_id: None, account_id: None },
        StepName::ReportVerification => Step::ReportVerification { differs: false },
        StepName::Invite => Step::Invite { day: today + Days::new(FAR_DAYS) },
        StepName::HoldDialogue => Step::HoldDialogue { on: invited.unwrap_or(today), attendance: Attendance::All },
        StepName::Extend => Step::Extend,
        StepName::Suspend => Step::Suspend,
        StepName::Resume => Step::Resume,
        StepName::Terminate => Step::Terminate,
        StepName::ContinueDespite => Step::ContinueDespite,
        StepName::Decide => Step::Decide { finding: Finding::Right },
        StepName::Conclude => Step::Conclude { finding: Finding::Right },
        StepName::Send => Step::Send { on: today },
        StepName::Serve => Step::Serve { on: today },
        StepName::Publish => Step::Publish { on: today },
        StepName::ActOn => Step::ActOn { on: today },
        StepName::ReportAction => Step::ReportAction { on: today },
        StepName::TakeEffect => Step::TakeEffect,
        StepName::Execute => Step::Execute { on: today },
        StepName::GoToCourt => Step::GoToCourt,
        StepName::Appeal => Step::Appeal { to_body_id: String::new() },
        StepName::TakeBack => Step::TakeBack,
        StepName::MovePromise => Step::MovePromise { to: today + Days::new(FAR_DAYS) },
        StepName::Fulfil => Step::Fulfil { on: today },
        StepName::Confirm => Step::Confirm,
        StepName::SendBack => Step::SendBack,
        StepName::TakeUp => Step::TakeUp,
        StepName::Store => Step::Store,
        StepName::Convey => Step::Convey,
    }
}

/// Whether a step can be taken on a case today, with some facts.
///
/// # Errors
/// The [`Refusal`] that names the rule.
pub fn is_possible(context: &PageContext, case: &Case, known: Known, name: StepName) -> Result<(), Refusal> {
    // What the kind does not have is said before what the moment does not allow.
    let by_law = outcome(&context.directory, context.today, case, known, &example(name, case, context.today)).map(|_| ());
    if matches!(by_law, Err(Refusal::NotOfThisKind | Refusal::OtherWayForKind)) {
        return by_law;
    }
    can_step(case, name)?;
    by_law
}

/// The officials' steps.
pub fn of_officials() -> impl Iterator<Item = StepName> {
    StepName::ALL.into_iter().filter(|name| name.whose() != Whose::Citizen)
}
