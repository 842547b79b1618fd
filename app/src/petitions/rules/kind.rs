//! Kinds of petitions.

use crate::procedures::{Stage, complaint, denunciation, opinion};
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
}

impl Kind {
    /// All kinds, the everyday ones first.
    pub const ALL: [Self; 4] = [Self::Report, Self::Recommendation, Self::Complaint, Self::Denunciation];
    /// The kinds that can be made public.
    pub const PUBLIC: [Self; 3] = [Self::Report, Self::Recommendation, Self::Complaint];

    /// As it stands in the database, in forms and in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Recommendation => "recommendation",
            Self::Complaint => "complaint",
            Self::Denunciation => "denunciation",
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
        }
    }

    /// Whether the law wants the sender's name and address (Law on Complaints, Article 8; Law on Denunciations, Article 23).
    pub fn needs_identity(self) -> bool {
        matches!(self, Self::Complaint | Self::Denunciation)
    }

    /// Whether a case of this kind may ever be shown to the public.
    pub fn can_be_public(self) -> bool {
        self != Self::Denunciation
    }

    /// Whether it is answered with a letter; a complaint is decided, a denunciation concluded.
    pub fn is_opinion(self) -> bool {
        matches!(self, Self::Report | Self::Recommendation)
    }

    /// Where its procedure begins.
    pub fn first_stage(self) -> Stage {
        match self {
            Self::Report | Self::Recommendation => Stage::Opinion(opinion::State::begin()),
            Self::Complaint => Stage::Complaint(complaint::State::begin()),
            Self::Denunciation => Stage::Denunciation(denunciation::State::begin()),
        }
    }
}
