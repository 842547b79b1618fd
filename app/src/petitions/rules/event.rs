//! Events: what can happen to a case, and who sees it.

use super::Kind;
use crate::petitions::coordination::Coordinated;
use crate::petitions::escalation::Escalation;
use crate::petitions::flags::Flag;
use crate::petitions::letter_event::LetterEvent;
use crate::petitions::relation::Relation;
use crate::procedures::Procedure;
use crate::procedures::clocks;
use crate::procedures::step::{Step, Whose};
use crate::record::words::AnswerMarks;
use crate::sealed::rules::{Duty, What};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Something that happened to a case. Carries ids and codes; words lie in tables that can be sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The citizen sent it.
    Filed(Filing),
    /// The authority acknowledged it.
    Received,
    /// Intake corrected the kind; the reason is a note.
    Reclassified {
        /// What it was.
        from: Kind,
        /// What it is.
        to: Kind,
        /// The reason.
        note_id: String,
        /// Last day of the new kind's first period, counted from the original receipt.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due_on: Option<NaiveDate>,
    },
    /// Given to a unit and perhaps a person.
    Assigned { unit_id: Option<String>, handler_id: Option<String> },
    /// The citizen was asked something.
    Asked { message_id: String },
    /// The citizen wrote.
    Replied { message_id: String },
    /// The citizen added papers.
    PapersAdded { count: i64 },
    /// An official noted something.
    Noted { note_id: String },
    /// Somebody opened the sender's identity; the reason is a note.
    IdentityOpened { note_id: String },
    /// Somebody opened what is sealed of a denunciation, for a duty and some minutes; the reason is a note. The denouncer reads it.
    SealOpened {
        /// What.
        what: What,
        /// For which duty.
        duty: Duty,
        /// For how many minutes.
        minutes: i64,
        /// The reason.
        note_id: String,
    },
    /// The text that handlers of a denunciation work on was prepared.
    WorkingPrepared,
    /// An answer was drafted and waits for a second person.
    AnswerProposed { answer_id: String },
    /// The second person sent the draft back.
    AnswerReturned { answer_id: String },
    /// The second person let the answer out.
    Answered {
        /// The answer.
        answer_id: String,
        /// The day.
        on: NaiveDate,
        /// The day by which something is promised, if something is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        promised: Option<NaiveDate>,
        /// Marks of its words; none in records of before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        words: Option<AnswerMarks>,
    },
    /// Handed to another authority; the clock runs on from the first receipt. The reason is a note.
    Forwarded { from_body_id: String, to_body_id: String, note_id: String },
    /// A public text was proposed.
    PublicTextProposed,
    /// A second person let the public text out.
    Released {
        /// Its number in the public register.
        number: i64,
        /// The mark of the text; none in records of before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        words: Option<String>,
    },
    /// A version of a paper was made for the public, with what is nobody's business covered ([`crate::redaction`]).
    PaperCovered { public_id: String },
    /// A version of a paper was taken back; the reason is a note.
    PaperTakenBack { public_id: String, note_id: String },
    /// The citizen took it back.
    Withdrawn,
    /// Nothing more will happen.
    Closed,
    /// Taken up again, with a new last day; the reason is a note.
    Reopened { due_on: NaiveDate, note_id: String },
    /// The citizen rated the answer.
    Rated,
    /// A change of the days off moved a last day. Never to an earlier one: what was promised stays.
    Rescheduled {
        from: NaiveDate,
        to: NaiveDate,
        day: NaiveDate,
        name: String,
        /// The rule whose last day it is; none in records of before, where it is whatever ended on `from`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
    },
    /// A change of a legal period moved the last day of the rule `code`. Never to an earlier one.
    PeriodChanged {
        code: String,
        from: NaiveDate,
        to: NaiveDate,
        /// First day of the version of the rule that holds now.
        since: NaiveDate,
        /// The law behind that version.
        source: String,
    },
    /// A step of the procedure was drafted with its letter and waits for a second person.
    StepDrafted { draft_id: String },
    /// The second person sent the draft back.
    StepReturned { draft_id: String },
    /// A step of the procedure was taken.
    Stepped(Stepped),
    /// Somebody is complained of and stays away from now on ([`crate::petitions::barred`]); the reason is a note.
    Barred { parties: Vec<String>, note_id: String },
    /// Somebody is not complained of after all; the reason is a note.
    Unbarred { parties: Vec<String>, note_id: String },
    /// An official marked it; the reason is a note.
    Flagged { flag: Flag, note_id: String },
    /// An official took a mark away; the reason is a note.
    Unflagged { flag: Flag, note_id: String },
    /// Put among the cases of a tag.
    Tagged { tag_id: String },
    /// Taken out of them.
    Untagged { tag_id: String },
    /// Đôn đốc: whoever had it then was reminded; the words are a note.
    Reminded { unit_id: Option<String>, handler_id: Option<String>, note_id: String },
    /// Something between this case and others, or the people who stand behind it together.
    Related(Relation),
    /// Something that happened to a letter written outside a step.
    Letter(LetterEvent),
    /// A late step was put before somebody above, or what followed.
    Escalation(Escalation),
    /// Another agency was asked for its part, or what followed.
    Coordination(Coordinated),
}

/// A step with what it made of the procedure, so that a later change of the rules changes nothing that was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stepped {
    /// What was done. Under a name of its own: the event has one, too.
    #[serde(rename = "taken")]
    pub step: Step,
    /// The draft that was signed, if it needed a signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft_id: Option<String>,
    /// The reason, if one was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note_id: Option<String>,
    /// Where the case stands now.
    pub after: Procedure,
}

/// What the first event of a case says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filing {
    /// The kind the citizen chose.
    pub kind: Kind,
    /// The authority it went to.
    pub body_id: String,
    /// Where it happened.
    pub area_code: String,
    /// The sender did not refuse publication.
    pub may_publish: bool,
    /// Day 0 of the clock.
    pub received_on: NaiveDate,
    /// Last day for the answer.
    pub due_on: NaiveDate,
    /// How many papers came with it.
    pub papers: i64,
}

impl Event {
    /// The name of the event, as it stands in `history.event` and in the catalogues under `event.`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Filed(_) => "filed",
            Self::Received => "received",
            Self::Reclassified { .. } => "reclassified",
            Self::Assigned { .. } => "assigned",
            Self::Asked { .. } => "asked",
            Self::Replied { .. } => "replied",
            Self::PapersAdded { .. } => "papers_added",
            Self::Noted { .. } => "noted",
            Self::IdentityOpened { .. } => "identity_opened",
            Self::SealOpened { .. } => "seal_opened",
            Self::WorkingPrepared => "working_prepared",
            Self::AnswerProposed { .. } => "answer_proposed",
            Self::AnswerReturned { .. } => "answer_returned",
            Self::Answered { .. } => "answered",
            Self::Forwarded { .. } => "forwarded",
            Self::PublicTextProposed => "public_text_proposed",
            Self::Released { .. } => "released",
            Self::PaperCovered { .. } => "paper_covered",
            Self::PaperTakenBack { .. } => "paper_taken_back",
            Self::Withdrawn => "withdrawn",
            Self::Closed => "closed",
            Self::Reopened { .. } => "reopened",
            Self::Rated => "rated",
            Self::Rescheduled { code: Some(code), .. } | Self::PeriodChanged { code, .. } if !clocks::is_of_office(code) => "right_moved",
            Self::Rescheduled { .. } => "rescheduled",
            Self::PeriodChanged { .. } => "period_changed",
            Self::StepDrafted { .. } => "step_drafted",
            Self::StepReturned { .. } => "step_returned",
            Self::Stepped(_) => "stepped",
            Self::Barred { .. } => "barred",
            Self::Unbarred { .. } => "unbarred",
            Self::Flagged { .. } => "flagged",
            Self::Unflagged { .. } => "unflagged",
            Self::Tagged { .. } => "tagged",
            Self::Untagged { .. } => "untagged",
            Self::Reminded { .. } => "reminded",
            Self::Related(relation) => relation.code(),
            Self::Letter(letter) => letter.code(),
            Self::Escalation(escalation) => escalation.code(),
            Self::Coordination(coordinated) => coordinated.code(),
        }
    }

    /// Whether the citizen sees it in the timeline.
    pub fn is_for_citizen(&self) -> bool {
        if let Self::Related(relation) = self {
            return relation.is_for_citizen();
        }
        match self {
            Self::Noted { .. }
            | Self::WorkingPrepared
            | Self::AnswerProposed { .. }
            | Self::AnswerReturned { .. }
            | Self::PublicTextProposed
            | Self::PaperCovered { .. }
            | Self::PaperTakenBack { .. }
            | Self::StepDrafted { .. }
            | Self::StepReturned { .. }
            | Self::Barred { .. }
            | Self::Unbarred { .. }
            | Self::Escalation(_) => false,
            Self::Letter(letter) => letter.is_for_citizen(),
            event if event.is_mark() => false,
            Self::Stepped(stepped) => stepped.step.name().is_for_citizen(),
            _ => true,
        }
    }

    /// Whether it only sorts or hurries the officials' work: marks, tags, reminders.
    pub fn is_mark(&self) -> bool {
        matches!(self, Self::Flagged { .. } | Self::Unflagged { .. } | Self::Tagged { .. } | Self::Untagged { .. } | Self::Reminded { .. })
    }

    /// Whether the public sees it in the timeline of a released case.
    pub fn is_for_public(&self) -> bool {
        if let Self::Stepped(stepped) = self {
            return stepped.step.name().is_for_public();
        }
        // Until when somebody may complain again is between them and the office.
        if let Self::Rescheduled { code: Some(code), .. } | Self::PeriodChanged { code, .. } = self
            && clocks::is_of_citizen(code)
        {
            return false;
        }
        matches!(
            self,
            Self::Filed(_)
                | Self::Received
                | Self::Assigned { .. }
                | Self::Asked { .. }
                | Self::Replied { .. }
                | Self::Answered { .. }
                | Self::Forwarded { .. }
                | Self::Closed
                | Self::Reopened { .. }
                | Self::Rescheduled { .. }
                | Self::PeriodChanged { .. }
        )
    }

    /// Whether the citizen is told by mail.
    pub fn is_notified(&self) -> bool {
        if let Self::Related(relation) = self {
            return relation.is_notified();
        }
        if let Self::Stepped(stepped) = self {
            return stepped.step.name().is_for_citizen() && stepped.step.name().whose() != Whose::Citizen;
        }
        if let Self::Letter(letter) = self {
            return letter.is_for_citizen();
        }
        matches!(
            self,
            Self::Filed(_)
                | Self::Received
                | Self::Assigned { .. }
                | Self::Asked { .. }
                | Self::Answered { .. }
                | Self::Forwarded { .. }
                | Self::Released { .. }
                | Self::Closed
                | Self::Reopened { .. }
                | Self::Reclassified { .. }
                | Self::Withdrawn
                | Self::Rescheduled { .. }
                | Self::PeriodChanged { .. }
        )
    }
}
