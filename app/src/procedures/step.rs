//! The steps of the procedures: what somebody does, with the facts only that step has. Words (reasons, places, letters) are kept
//! beside the record, where they can be sealed.

mod name;

pub use name::{StepName, Whose};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a decision or conclusion finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// Đúng.
    Right,
    /// Đúng một phần.
    PartlyRight,
    /// Sai.
    Wrong,
}

impl Finding {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Right, Self::PartlyRight, Self::Wrong];

    /// As it stands in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::PartlyRight => "partly_right",
            Self::Wrong => "wrong",
        }
    }

    /// Key of its name for a complaint's first decision and for a denunciation.
    pub fn key(self) -> &'static str {
        match self {
            Self::Right => "procedure.finding.right",
            Self::PartlyRight => "procedure.finding.partly_right",
            Self::Wrong => "procedure.finding.wrong",
        }
    }
}

/// Why a complaint or denunciation is not accepted (Law on Complaints, Article 11; Law on Denunciations, Article 29).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// An internal, normative or secret decision.
    InternalDecision,
    /// It does not touch the complainant's own rights.
    NotOwnRights,
    /// No legal capacity and no representative.
    NoCapacity,
    /// The representative is not a lawful one.
    BadRepresentative,
    /// No signature or fingerprint.
    NoSignature,
    /// Out of time without a good reason.
    OutOfTime,
    /// A second decision was already made.
    DecidedTwice,
    /// Ended before, and not continued within 30 days.
    EndedBefore,
    /// A court has accepted or decided it.
    AtCourt,
    /// No basis to identify the violator or the conduct.
    NoBasis,
    /// Nothing new since it was resolved.
    NothingNew,
}

impl Ground {
    /// The nine of Article 11 of the Law on Complaints.
    pub const OF_COMPLAINTS: [Self; 9] = [
        Self::InternalDecision,
        Self::NotOwnRights,
        Self::NoCapacity,
        Self::BadRepresentative,
        Self::NoSignature,
        Self::OutOfTime,
        Self::DecidedTwice,
        Self::EndedBefore,
        Self::AtCourt,
    ];
    /// Those for denunciations.
    pub const OF_DENUNCIATIONS: [Self; 4] = [Self::NoBasis, Self::NoCapacity, Self::NoSignature, Self::NothingNew];

    /// As it stands in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::InternalDecision => "internal_decision",
            Self::NotOwnRights => "not_own_rights",
            Self::NoCapacity => "no_capacity",
            Self::BadRepresentative => "bad_representative",
            Self::NoSignature => "no_signature",
            Self::OutOfTime => "out_of_time",
            Self::DecidedTwice => "decided_twice",
            Self::EndedBefore => "ended_before",
            Self::AtCourt => "at_court",
            Self::NoBasis => "no_basis",
            Self::NothingNew => "nothing_new",
        }
    }

    /// Key of its sentence.
    pub fn key(self) -> &'static str {
        match self {
            Self::InternalDecision => "procedure.ground.internal_decision",
            Self::NotOwnRights => "procedure.ground.not_own_rights",
            Self::NoCapacity => "procedure.ground.no_capacity",
            Self::BadRepresentative => "procedure.ground.bad_representative",
            Self::NoSignature => "procedure.ground.no_signature",
            Self::OutOfTime => "procedure.ground.out_of_time",
            Self::DecidedTwice => "procedure.ground.decided_twice",
            Self::EndedBefore => "procedure.ground.ended_before",
            Self::AtCourt => "procedure.ground.at_court",
            Self::NoBasis => "procedure.ground.no_basis",
            Self::NothingNew => "procedure.ground.nothing_new",
        }
    }
}

/// Who came to the dialogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attendance {
    /// Everybody invited.
    All,
    /// Somebody stayed away and gave no reason: it goes on without them.
    SomebodyAbsent,
    /// Somebody could not come for a good reason: they are invited again.
    Excused,
}

impl Attendance {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::All, Self::SomebodyAbsent, Self::Excused];

    /// As it stands in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::SomebodyAbsent => "somebody_absent",
            Self::Excused => "excused",
        }
    }

    /// Key of its sentence.
    pub fn key(self) -> &'static str {
        match self {
            Self::All => "procedure.attendance.all",
            Self::SomebodyAbsent => "procedure.attendance.somebody_absent",
            Self::Excused => "procedure.attendance.excused",
        }
    }
}

/// A step of a procedure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// Somebody (press, a deputy, the Front) passed the petition on; who, is a note.
    RecordReferral,
    /// The denouncer's identity was checked.
    CheckIdentity { is_verified: bool },
    /// Thụ lý.
    Accept,
    /// Không thụ lý.
    Refuse { ground: Ground },
    /// Hướng dẫn, once: the letter says where to.
    Guide,
    /// Trả lại to whoever passed it on.
    GiveBack,
    /// Chuyển đơn: a denunciation goes to the competent authority.
    PassOn { to_body_id: String },
    /// An anonymous denunciation with clear content is kept as information.
    KeepAsInformation,
    /// Somebody is charged with verifying.
    Charge { unit_id: Option<String>, account_id: Option<String> },
    /// The verification has a result; for a complaint, whether it differs from the demand.
    ReportVerification { differs: bool },
    /// The parties are invited to a dialogue.
    Invite { day: NaiveDate },
    /// The dialogue took place, or could not.
    HoldDialogue { on: NaiveDate, attendance: Attendance },
    /// Phức tạp, for a written reason: the period is longer. A denunciation's is extended once, then once more.
    Extend,
    /// Tạm đình chỉ.
    Suspend,
    /// Giải quyết tiếp.
    Resume,
    /// Đình chỉ.
    Terminate,
    /// A denunciation goes on although it was taken back.
    ContinueDespite,
    /// Quyết định giải quyết.
    Decide { finding: Finding },
    /// Kết luận nội dung tố cáo.
    Conclude { finding: Finding },
    /// What was issued went out on this day.
    Send { on: NaiveDate },
    /// The citizen got it on this day.
    Serve { on: NaiveDate },
    /// Published: the second decision, the conclusion.
    Publish { on: NaiveDate },
    /// Action on the conclusion was taken.
    ActOn { on: NaiveDate },
    /// What the action led to was reported.
    ReportAction { on: NaiveDate },
    /// The decision was found to be in force.
    TakeEffect,
    /// The decision was carried out.
    Execute { on: NaiveDate },
    /// A court has taken the matter.
    GoToCourt,
    /// The citizen goes on: second complaint, further denunciation.
    Appeal { to_body_id: String },
    /// The citizen takes it back.
    TakeBack,
    /// A promised day is moved, for a reason.
    MovePromise { to: NaiveDate },
    /// What was promised is done.
    Fulfil { on: NaiveDate },
    /// The citizen confirms that it is solved.
    Confirm,
    /// The citizen says that it is not.
    SendBack,
    /// A petition about administrative rules is entered in the register and handled here: this authority is competent.
    TakeUp,
    /// Lưu đơn: a complaint whose sender was guided about the same content before is kept and not handled again.
    Store,
    /// Praise is passed on to the person or unit that is praised; to whom, is a note.
    Convey,
}

impl Step {
    /// Which step it is.
    pub fn name(&self) -> StepName {
        match self {
            Self::RecordReferral => StepName::RecordReferral,
            Self::CheckIdentity { .. } => StepName::CheckIdentity,
            Self::Accept => StepName::Accept,
            Self::Refuse { .. } => StepName::Refuse,
            Self::Guide => StepName::Guide,
            Self::GiveBack => StepName::GiveBack,
            Self::PassOn { .. } => StepName::PassOn,
            Self::KeepAsInformation => StepName::KeepAsInformation,
            Self::Charge { .. } => StepName::Charge,
            Self::ReportVerification { .. } => StepName::ReportVerification,
            Self::Invite { .. } => StepName::Invite,
            Self::HoldDialogue { .. } => StepName::HoldDialogue,
            Self::Extend => StepName::Extend,
            Self::Suspend => StepName::Suspend,
            Self::Resume => StepName::Resume,
            Self::Terminate => StepName::Terminate,
            Self::ContinueDespite => StepName::ContinueDespite,
            Self::Decide { .. } => StepName::Decide,
            Self::Conclude { .. } => StepName::Conclude,
            Self::Send { .. } => StepName::Send,
            Self::Serve { .. } => StepName::Serve,
            Self::Publish { .. } => StepName::Publish,
            Self::ActOn { .. } => StepName::ActOn,
            Self::ReportAction { .. } => StepName::ReportAction,
            Self::TakeEffect => StepName::TakeEffect,
            Self::Execute { .. } => StepName::Execute,
            Self::GoToCourt => StepName::GoToCourt,
            Self::Appeal { .. } => StepName::Appeal,
            Self::TakeBack => StepName::TakeBack,
            Self::MovePromise { .. } => StepName::MovePromise,
            Self::Fulfil { .. } => StepName::Fulfil,
            Self::Confirm => StepName::Confirm,
            Self::SendBack => StepName::SendBack,
            Self::TakeUp => StepName::TakeUp,
            Self::Store => StepName::Store,
            Self::Convey => StepName::Convey,
        }
    }
}
