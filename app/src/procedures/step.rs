//! The steps of the procedures: what somebody does, with the facts only that step has. Words (reasons, places, letters) are kept
//! beside the record, where they can be sealed.

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

/// A step without its facts: what forms, addresses and tables name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // each is the step of the same name
pub enum StepName {
    RecordReferral,
    CheckIdentity,
    Accept,
    Refuse,
    Guide,
    GiveBack,
    PassOn,
    KeepAsInformation,
    Charge,
    ReportVerification,
    Invite,
    HoldDialogue,
    Extend,
    Suspend,
    Resume,
    Terminate,
    ContinueDespite,
    Decide,
    Conclude,
    Send,
    Serve,
    Publish,
    ActOn,
    ReportAction,
    TakeEffect,
    Execute,
    GoToCourt,
    Appeal,
    TakeBack,
    MovePromise,
    Fulfil,
    Confirm,
    SendBack,
    TakeUp,
    Store,
    Convey,
}

/// Whose step it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Of whoever sorts what comes in.
    Intake,
    /// Of whoever handles the case.
    Handler,
    /// Drafted by whoever handles it with its letter, signed by a second person.
    Signed,
    /// Of the citizen.
    Citizen,
}

impl StepName {
    /// All of them, in the order they come up.
    pub const ALL: [Self; 36] = [
        Self::RecordReferral,
        Self::CheckIdentity,
        Self::Accept,
        Self::Refuse,
        Self::Guide,
        Self::GiveBack,
        Self::PassOn,
        Self::KeepAsInformation,
        Self::Charge,
        Self::ReportVerification,
        Self::Invite,
        Self::HoldDialogue,
        Self::Extend,
        Self::Suspend,
        Self::Resume,
        Self::Terminate,
        Self::ContinueDespite,
        Self::Decide,
        Self::Conclude,
        Self::Send,
        Self::Serve,
        Self::Publish,
        Self::ActOn,
        Self::ReportAction,
        Self::TakeEffect,
        Self::Execute,
        Self::GoToCourt,
        Self::Appeal,
        Self::TakeBack,
        Self::MovePromise,
        Self::Fulfil,
        Self::Confirm,
        Self::SendBack,
        Self::TakeUp,
        Self::Store,
        Self::Convey,
    ];

    /// The last part of its address.
    pub fn code(self) -> &'static str {
        match self {
            Self::RecordReferral => "noi-chuyen-den",
            Self::CheckIdentity => "xac-minh-nguoi-gui",
            Self::Accept => "thu-ly",
            Self::Refuse => "khong-thu-ly",
            Self::Guide => "huong-dan",
            Self::GiveBack => "tra-noi-chuyen",
            Self::PassOn => "chuyen-don",
            Self::KeepAsInformation => "luu-thong-tin",
            Self::Charge => "giao-xac-minh",
            Self::ReportVerification => "ket-qua-xac-minh",
            Self::Invite => "moi-doi-thoai",
            Self::HoldDialogue => "doi-thoai",
            Self::Extend => "gia-han",
            Self::Suspend => "tam-dinh-chi",
            Self::Resume => "giai-quyet-tiep",
            Self::Terminate => "dinh-chi",
            Self::ContinueDespite => "tiep-tuc-du-rut",
            Self::Decide => "quyet-dinh",
            Self::Conclude => "ket-luan",
            Self::Send => "da-gui",
            Self::Serve => "da-nhan",
            Self::Publish => "cong-bo",
            Self::ActOn => "xu-ly-ket-luan",
            Self::ReportAction => "bao-ket-qua",
            Self::TakeEffect => "co-hieu-luc",
            Self::Execute => "thi-hanh",
            Self::GoToCourt => "toa-an",
            Self::Appeal => "khieu-nai-tiep",
            Self::TakeBack => "rut",
            Self::MovePromise => "doi-ngay-hua",
            Self::Fulfil => "da-lam-xong",
            Self::Confirm => "xac-nhan",
            Self::SendBack => "chua-xong",
            Self::TakeUp => "vao-so",
            Self::Store => "luu-don",
            Self::Convey => "chuyen-loi-khen",
        }
    }

    /// The step of that code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.code() == code)
    }

    /// Its English name, as diagrams and catalogue keys have it.
    pub fn word(self) -> &'static str {
        match self {
            Self::RecordReferral => "record_referral",
            Self::CheckIdentity => "check_identity",
            Self::Accept => "accept",
            Self::Refuse => "refuse",
            Self::Guide => "guide",
            Self::GiveBack => "give_back",
            Self::PassOn => "pass_on",
            Self::KeepAsInformation => "keep_as_information",
            Self::Charge => "charge",
            Self::ReportVerification => "report_verification",
            Self::Invite => "invite",
            Self::HoldDialogue => "hold_dialogue",
            Self::Extend => "extend",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Terminate => "terminate",
            Self::ContinueDespite => "continue_despite",
            Self::Decide => "decide",
            Self::Conclude => "conclude",
            Self::Send => "send",
            Self::Serve => "serve",
            Self::Publish => "publish",
            Self::ActOn => "act_on",
            Self::ReportAction => "report_action",
            Self::TakeEffect => "take_effect",
            Self::Execute => "execute",
            Self::GoToCourt => "go_to_court",
            Self::Appeal => "appeal",
            Self::TakeBack => "take_back",
            Self::MovePromise => "move_promise",
            Self::Fulfil => "fulfil",
            Self::Confirm => "confirm",
            Self::SendBack => "send_back",
            Self::TakeUp => "take_up",
            Self::Store => "store",
            Self::Convey => "convey",
        }
    }

    /// Key of its name, as a button says it.
    pub fn key(self) -> &'static str {
        match self {
            Self::RecordReferral => "procedure.step.record_referral",
            Self::CheckIdentity => "procedure.step.check_identity",
            Self::Accept => "procedure.step.accept",
            Self::Refuse => "procedure.step.refuse",
            Self::Guide => "procedure.step.guide",
            Self::GiveBack => "procedure.step.give_back",
            Self::PassOn => "procedure.step.pass_on",
            Self::KeepAsInformation => "procedure.step.keep_as_information",
            Self::Charge => "procedure.step.charge",
            Self::ReportVerification => "procedure.step.report_verification",
            Self::Invite => "procedure.step.invite",
            Self::HoldDialogue => "procedure.step.hold_dialogue",
            Self::Extend => "procedure.step.extend",
            Self::Suspend => "procedure.step.suspend",
            Self::Resume => "procedure.step.resume",
            Self::Terminate => "procedure.step.terminate",
            Self::ContinueDespite => "procedure.step.continue_despite",
            Self::Decide => "procedure.step.decide",
            Self::Conclude => "procedure.step.conclude",
            Self::Send => "procedure.step.send",
            Self::Serve => "procedure.step.serve",
            Self::Publish => "procedure.step.publish",
            Self::ActOn => "procedure.step.act_on",
            Self::ReportAction => "procedure.step.report_action",
            Self::TakeEffect => "procedure.step.take_effect",
            Self::Execute => "procedure.step.execute",
            Self::GoToCourt => "procedure.step.go_to_court",
            Self::Appeal => "procedure.step.appeal",
            Self::TakeBack => "procedure.step.take_back",
            Self::MovePromise => "procedure.step.move_promise",
            Self::Fulfil => "procedure.step.fulfil",
            Self::Confirm => "procedure.step.confirm",
            Self::SendBack => "procedure.step.send_back",
            Self::TakeUp => "procedure.step.take_up",
            Self::Store => "procedure.step.store",
            Self::Convey => "procedure.step.convey",
        }
    }

    /// Whose step it is.
    pub fn whose(self) -> Whose {
        match self {
            Self::RecordReferral | Self::CheckIdentity | Self::KeepAsInformation | Self::TakeUp | Self::Store => Whose::Intake,
            Self::Charge
            | Self::ReportVerification
            | Self::Send
            | Self::Serve
            | Self::Publish
            | Self::ActOn
            | Self::ReportAction
            | Self::TakeEffect
            | Self::Execute
            | Self::GoToCourt
            | Self::MovePromise
            | Self::Fulfil
            | Self::ContinueDespite
            | Self::Convey => Whose::Handler,
            Self::Accept
            | Self::Refuse
            | Self::Guide
            | Self::GiveBack
            | Self::PassOn
            | Self::Invite
            | Self::HoldDialogue
            | Self::Extend
            | Self::Suspend
            | Self::Resume
            | Self::Terminate
            | Self::Decide
            | Self::Conclude => Whose::Signed,
            Self::Appeal | Self::TakeBack | Self::Confirm | Self::SendBack => Whose::Citizen,
        }
    }

    /// Whether the step says why, in a note that stays in the file.
    pub fn needs_reason(self) -> bool {
        matches!(
            self,
            Self::RecordReferral
                | Self::CheckIdentity
                | Self::KeepAsInformation
                | Self::ReportVerification
                | Self::Extend
                | Self::Suspend
                | Self::Resume
                | Self::Terminate
                | Self::ContinueDespite
                | Self::ActOn
                | Self::ReportAction
                | Self::Execute
                | Self::GoToCourt
                | Self::MovePromise
                | Self::Fulfil
                | Self::SendBack
                | Self::Store
                | Self::Convey
        )
    }
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

impl StepName {
    /// Whether the citizen sees it in the timeline and is told.
    pub fn is_for_citizen(self) -> bool {
        !matches!(self, Self::RecordReferral | Self::Charge | Self::ReportVerification | Self::Send | Self::Serve)
    }

    /// Whether the public sees it in the timeline of a released case.
    pub fn is_for_public(self) -> bool {
        matches!(
            self,
            Self::Accept
                | Self::Refuse
                | Self::Guide
                | Self::HoldDialogue
                | Self::Extend
                | Self::Suspend
                | Self::Resume
                | Self::Terminate
                | Self::Decide
                | Self::Publish
                | Self::TakeEffect
                | Self::Execute
                | Self::Appeal
                | Self::MovePromise
                | Self::Fulfil
                | Self::Confirm
                | Self::SendBack
                | Self::TakeUp
                | Self::Convey
        )
    }
}
