//! Why a step cannot be taken: each reason has a name, and its sentence in the catalogues names the rule.

use chrono::NaiveDate;

/// A step that the law, or the case as it stands, does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The kind has no such step.
    NotOfThisKind,
    /// The case is not where the step begins.
    NotNow,
    /// The matter is over.
    Over,
    /// It stands still until it is resumed.
    Suspended,
    /// The sender's name or address is missing (Law on Complaints, Article 8; Law on Denunciations, Article 23).
    NoIdentity,
    /// A denunciation counts as one only when the denouncer was verified (Law on Denunciations, Articles 24 and 29).
    NotVerified,
    /// An anonymous denunciation is not accepted; it may be kept as information (Article 25.2).
    Anonymous,
    /// Only an anonymous one is kept as information.
    NotAnonymous,
    /// A signature is missing (Decree 124/2020 as amended by 155/2026, Article 10).
    SignaturesMissing,
    /// Guidance is given once.
    GuidedOnce,
    /// A denunciation is passed on once per content (Law on Denunciations, Article 24).
    PassedOnOnce,
    /// What somebody else passed on goes back to them, with reasons.
    WasReferred,
    /// Nobody passed it on.
    NotReferred,
    /// Nobody was charged with verifying.
    NotBegun,
    /// The result of the verification is not there.
    NotReported,
    /// Already done.
    Already,
    /// The demand and the verification differ: a dialogue comes before the decision (Law on Complaints, Article 30).
    DialogueFirst,
    /// In the second instance a dialogue always comes before the decision (Article 39).
    DialogueAlways,
    /// The invitation must be sent at least five days before (Decree 155/2026); the earliest day is this one.
    InvitedTooLate(NaiveDate),
    /// Nobody was invited.
    NotInvited,
    /// The dialogue is on this day; it cannot have been held before.
    DialogueNotYet(NaiveDate),
    /// A day that has not come yet.
    InFuture,
    /// A day before the thing it follows, which was on this day.
    BeforeItsCause(NaiveDate),
    /// The citizen took it back: it is ended, not decided (Law on Complaints, Article 10).
    WithdrawnFirst,
    /// Nobody took it back.
    NotWithdrawn,
    /// A decision was made; there is nothing left to take back.
    DecidedAlready,
    /// It was extended as often as the law allows (Law on Denunciations, Article 30).
    ExtendedFully,
    /// The period ended on this day: what has ended cannot be extended.
    ExtendedAfterEnd(NaiveDate),
    /// The decision was not sent.
    NotSent,
    /// Only the second decision is published.
    FirstIsNotPublished,
    /// The decision takes effect after this day (Law on Complaints, Article 44).
    NotYetInForce(NaiveDate),
    /// It has not taken effect.
    NotInForce,
    /// There is no third instance: what remains is the court.
    NoThirdInstance,
    /// Who decides next is no authority of this portal: a minister, a court.
    SuperiorElsewhere,
    /// The right to a second complaint ended on this day (Article 33).
    AppealTooLate(NaiveDate),
    /// The first instance still has time, until this day.
    AppealTooEarly(NaiveDate),
    /// Nothing was promised.
    NothingPromised,
    /// A promise is open: it is kept or moved first.
    PromiseOpen(NaiveDate),
    /// A promised day lies ahead.
    PromiseInPast,
    /// Nothing was answered.
    NotAnswered,
    /// The citizen has sent the matter back as often as can be done here.
    SentBackFully,
    /// A complaint or denunciation is decided, not answered.
    NotAnsweredButDecided,
    /// A draft waits for its signature.
    DraftWaits,
    /// A complaint is guided or returned, a denunciation passed on, a recommendation handed over (trap 14).
    OtherWayForKind,
    /// No rule of the table holds on that day.
    NoRule,
    /// Something is still owed: the clock of a step runs.
    StillOwed,
    /// A petition about administrative rules is taken up or passed on before it is answered (Decree 20/2008; P1).
    NotTakenUp,
    /// Its result must be published (Decree 20/2008).
    NotPublished,
    /// Praise reaches whom it praises before its sender is thanked.
    NotConveyed,
    /// Only what repeats a content its sender was guided about before is kept without being handled.
    NotGuidedBefore,
}

impl Refusal {
    /// Every reason, for the catalogues' test. Days are any day.
    pub const ALL: [Self; 50] = {
        let day = NaiveDate::MIN;
        [
            Self::NotOfThisKind,
            Self::NotNow,
            Self::Over,
            Self::Suspended,
            Self::NoIdentity,
            Self::NotVerified,
            Self::Anonymous,
            Self::NotAnonymous,
            Self::SignaturesMissing,
            Self::GuidedOnce,
            Self::PassedOnOnce,
            Self::WasReferred,
            Self::NotReferred,
            Self::NotBegun,
            Self::NotReported,
            Self::Already,
            Self::DialogueFirst,
            Self::DialogueAlways,
            Self::InvitedTooLate(day),
            Self::NotInvited,
            Self::DialogueNotYet(day),
            Self::InFuture,
            Self::BeforeItsCause(day),
            Self::WithdrawnFirst,
            Self::NotWithdrawn,
            Self::DecidedAlready,
            Self::ExtendedFully,
            Self::ExtendedAfterEnd(day),
            Self::NotSent,
            Self::FirstIsNotPublished,
            Self::NotYetInForce(day),
            Self::NotInForce,
            Self::NoThirdInstance,
            Self::SuperiorElsewhere,
            Self::AppealTooLate(day),
            Self::AppealTooEarly(day),
            Self::NothingPromised,
            Self::PromiseOpen(day),
            Self::PromiseInPast,
            Self::NotAnswered,
            Self::SentBackFully,
            Self::NotAnsweredButDecided,
            Self::DraftWaits,
            Self::OtherWayForKind,
            Self::NoRule,
            Self::StillOwed,
            Self::NotTakenUp,
            Self::NotPublished,
            Self::NotConveyed,
            Self::NotGuidedBefore,
        ]
    };

    /// Key of its sentence; the sentence names the rule.
    pub fn key(self) -> &'static str {
        match self {
            Self::NotOfThisKind => "procedure.refused.not_of_this_kind",
            Self::NotNow => "procedure.refused.not_now",
            Self::Over => "procedure.refused.over",
            Self::Suspended => "procedure.refused.suspended",
            Self::NoIdentity => "procedure.refused.no_identity",
            Self::NotVerified => "procedure.refused.not_verified",
            Self::Anonymous => "procedure.refused.anonymous",
            Self::NotAnonymous => "procedure.refused.not_anonymous",
            Self::SignaturesMissing => "procedure.refused.signatures_missing",
            Self::GuidedOnce => "procedure.refused.guided_once",
            Self::PassedOnOnce => "procedure.refused.passed_on_once",
            Self::WasReferred => "procedure.refused.was_referred",
            Self::NotReferred => "procedure.refused.not_referred",
            Self::NotBegun => "procedure.refused.not_begun",
            Self::NotReported => "procedure.refused.not_reported",
            Self::Already => "procedure.refused.already",
            Self::DialogueFirst => "procedure.refused.dialogue_first",
            Self::DialogueAlways => "procedure.refused.dialogue_always",
            Self::InvitedTooLate(_) => "procedure.refused.invited_too_late",
            Self::NotInvited => "procedure.refused.not_invited",
            Self::DialogueNotYet(_) => "procedure.refused.dialogue_not_yet",
            Self::InFuture => "procedure.refused.in_future",
            Self::BeforeItsCause(_) => "procedure.refused.before_its_cause",
            Self::WithdrawnFirst => "procedure.refused.withdrawn_first",
            Self::NotWithdrawn => "procedure.refused.not_withdrawn",
            Self::DecidedAlready => "procedure.refused.decided_already",
            Self::ExtendedFully => "procedure.refused.extended_fully",
            Self::ExtendedAfterEnd(_) => "procedure.refused.extended_after_end",
            Self::NotSent => "procedure.refused.not_sent",
            Self::FirstIsNotPublished => "procedure.refused.first_is_not_published",
            Self::NotYetInForce(_) => "procedure.refused.not_yet_in_force",
            Self::NotInForce => "procedure.refused.not_in_force",
            Self::NoThirdInstance => "procedure.refused.no_third_instance",
            Self::SuperiorElsewhere => "procedure.refused.superior_elsewhere",
            Self::AppealTooLate(_) => "procedure.refused.appeal_too_late",
            Self::AppealTooEarly(_) => "procedure.refused.appeal_too_early",
            Self::NothingPromised => "procedure.refused.nothing_promised",
            Self::PromiseOpen(_) => "procedure.refused.promise_open",
            Self::PromiseInPast => "procedure.refused.promise_in_past",
            Self::NotAnswered => "procedure.refused.not_answered",
            Self::SentBackFully => "procedure.refused.sent_back_fully",
            Self::NotAnsweredButDecided => "procedure.refused.not_answered_but_decided",
            Self::DraftWaits => "procedure.refused.draft_waits",
            Self::OtherWayForKind => "procedure.refused.other_way_for_kind",
            Self::NoRule => "procedure.refused.no_rule",
            Self::StillOwed => "procedure.refused.still_owed",
            Self::NotTakenUp => "procedure.refused.not_taken_up",
            Self::NotPublished => "procedure.refused.not_published",
            Self::NotConveyed => "procedure.refused.not_conveyed",
            Self::NotGuidedBefore => "procedure.refused.not_guided_before",
        }
    }

    /// The day its sentence names.
    pub fn day(self) -> Option<NaiveDate> {
        match self {
            Self::InvitedTooLate(day)
            | Self::DialogueNotYet(day)
            | Self::BeforeItsCause(day)
            | Self::ExtendedAfterEnd(day)
            | Self::NotYetInForce(day)
            | Self::AppealTooLate(day)
            | Self::AppealTooEarly(day)
            | Self::PromiseOpen(day) => Some(day),
            _ => None,
        }
    }
}

impl From<crate::deadlines::rules::Refusal> for Refusal {
    /// The law of that day knows no such period.
    fn from(_: crate::deadlines::rules::Refusal) -> Self {
        Self::NoRule
    }
}
