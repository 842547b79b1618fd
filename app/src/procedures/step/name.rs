//! The steps by name: what forms, addresses and tables call them, whose they are, and who reads of them.

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
