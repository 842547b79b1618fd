//! Kinds of petitions.

use crate::procedures::{Stage, administrative_rule, complaint, denunciation, opinion, praise};
use serde::{Deserialize, Serialize};

/// What a petition is in law. Never abbreviated: "KN" means two of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Phản ánh: tells of a fact that needs attention.
    Report,
    /// Kiến nghị: a wish or a proposal.
    Recommendation,
    /// Khiếu nại: asks for review of a decision about oneself.
    Complaint,
    /// Tố cáo: reports a breach of law; the sender's identity is sealed.
    Denunciation,
    /// Phản ánh, kiến nghị về quy định hành chính: an administrative rule or procedure that is hard to keep, or how it is applied
    /// (Decree 20/2008 as amended by 92/2017). Never a complaint nor a denunciation.
    AdministrativeRule,
    /// Khen ngợi: somebody did well. Read, passed on, thanked for; no legal period runs on it.
    Praise,
}

impl Kind {
    /// All kinds, the everyday ones first.
    pub const ALL: [Self; 6] = [Self::Report, Self::Recommendation, Self::AdministrativeRule, Self::Complaint, Self::Denunciation, Self::Praise];
    /// The kinds that can be made public.
    pub const PUBLIC: [Self; 5] = [Self::Report, Self::Recommendation, Self::AdministrativeRule, Self::Complaint, Self::Praise];

    /// As it stands in the database, in forms and in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Recommendation => "recommendation",
            Self::Complaint => "complaint",
            Self::Denunciation => "denunciation",
            Self::AdministrativeRule => "administrative_rule",
            Self::Praise => "praise",
        }
    }

    /// The kind of that code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Key of its name in the catalogues.
    pub fn key(self) -> &'static str {
        match self {
            Self::Report => "kind.report",
            Self::Recommendation => "kind.recommendation",
            Self::Complaint => "kind.complaint",
            Self::Denunciation => "kind.denunciation",
            Self::AdministrativeRule => "kind.administrative_rule",
            Self::Praise => "kind.praise",
        }
    }

    /// Whether the law wants the sender's name and address (Law on Complaints, Article 8; Law on Denunciations, Article 23).
    pub fn needs_identity(self) -> bool {
        matches!(self, Self::Complaint | Self::Denunciation)
    }

    /// Whether a name and an address are asked for: where [`Kind::needs_identity`], and for a petition about administrative rules
    /// (Decree 20/2008 asks for name, address and telephone).
    pub fn asks_name(self) -> bool {
        self.needs_identity() || self == Self::AdministrativeRule
    }

    /// Whether whom it is about is asked for, in words.
    pub fn names_somebody(self) -> bool {
        self.needs_identity() || self == Self::Praise
    }

    /// Whether the law has its result published, so that the sender is not asked whether it may be (Decree 20/2008).
    pub fn must_be_published(self) -> bool {
        self == Self::AdministrativeRule
    }

    /// Whether a period runs on it. What has none is in no figure of lateness.
    pub fn has_period(self) -> bool {
        self != Self::Praise
    }

    /// Whether a case of this kind may ever be shown to the public.
    pub fn can_be_public(self) -> bool {
        self != Self::Denunciation
    }

    /// Kiến nghị, phản ánh: handed to whoever is competent, answered, perhaps with a promise.
    pub fn is_opinion(self) -> bool {
        matches!(self, Self::Report | Self::Recommendation)
    }

    /// Whether it is answered with a letter; a complaint is decided, a denunciation concluded.
    pub fn is_answered(self) -> bool {
        !matches!(self, Self::Complaint | Self::Denunciation)
    }

    /// Where its procedure begins.
    pub fn first_stage(self) -> Stage {
        match self {
            Self::Report | Self::Recommendation => Stage::Opinion(opinion::State::begin()),
            Self::Complaint => Stage::Complaint(complaint::State::begin()),
            Self::Denunciation => Stage::Denunciation(denunciation::State::begin()),
            Self::AdministrativeRule => Stage::AdministrativeRule(administrative_rule::State::Received),
            Self::Praise => Stage::Praise(praise::State::Received),
        }
    }
}
