//! What ties a case to others and to people beside its sender, as events of its record. Pure.
//!
//! The record carries counts, never a name. Where the case on the other side is a denunciation and this one is not, the event
//! says so ([`Relation::is_sealed`]) and only those who may see denunciations read it.

use serde::{Deserialize, Serialize};

/// Why two cases belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Tie {
    /// Trùng đơn: the same sender, the same content.
    SamePetition,
    /// The same matter (vụ việc), another sender.
    SameMatter,
    /// Taken out of a petition with several contents.
    Part,
}

impl Tie {
    /// Those an official may choose between when linking.
    pub const REPEATS: [Self; 2] = [Self::SamePetition, Self::SameMatter];

    /// As it stands in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::SamePetition => "same_petition",
            Self::SameMatter => "same_matter",
            Self::Part => "part",
        }
    }

    /// A repeat of that code.
    pub fn repeat_from_code(code: &str) -> Option<Self> {
        Self::REPEATS.into_iter().find(|tie| tie.code() == code)
    }

    /// Key of its name in the catalogues.
    pub fn key(self) -> &'static str {
        match self {
            Self::SamePetition => "relations.tie.same_petition",
            Self::SameMatter => "relations.tie.same_matter",
            Self::Part => "relations.tie.part",
        }
    }
}

/// Something that happened between a case and others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "relation", rename_all = "snake_case")]
pub enum Relation {
    /// Linked with another case; the reason is a note of this case.
    Linked { other_id: String, tie: Tie, note_id: String },
    /// The link was taken back.
    Unlinked { other_id: String, tie: Tie, note_id: String },
    /// A part of the petition became a case of its own.
    SplitOff { is_sealed: bool, note_id: Option<String> },
    /// This case was taken out of another petition.
    SplitFrom { is_sealed: bool, note_id: Option<String> },
    /// The part was taken back: it belongs to this case again.
    PartReturned { is_sealed: bool, note_id: Option<String> },
    /// This case, a part of another, was a wrong split: it ends here.
    PartEnded { is_sealed: bool, note_id: Option<String> },
    /// People joined or left since the last such entry; so many stand behind the case now.
    Joined { joined: i64, left: i64, people: i64 },
    /// A list of signers was taken over from paper.
    SignersAdded { count: i64, people: i64 },
    /// Signatures were seen that had been missing; so many are missing still.
    SignaturesSeen { count: i64, missing: i64 },
    /// Signers withdrew; the case goes on for the others. The reason is a note.
    SignersLeft { count: i64, people: i64, note_id: Option<String> },
    /// The sender withdrew; the case goes on for those who signed with them.
    SenderLeft { people: i64 },
    /// Who speaks for the group was recorded.
    Represented { count: i64 },
    /// Somebody opened the names of the signers; the reason is a note.
    SignersOpened { note_id: String },
}

impl Relation {
    /// The name of the event, as it stands in `history.event`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Linked { .. } => "linked",
            Self::Unlinked { .. } => "unlinked",
            Self::SplitOff { .. } => "split_off",
            Self::SplitFrom { .. } => "split_from",
            Self::PartReturned { .. } => "part_returned",
            Self::PartEnded { .. } => "part_ended",
            Self::Joined { .. } => "joined",
            Self::SignersAdded { .. } => "signers_added",
            Self::SignaturesSeen { .. } => "signatures_seen",
            Self::SignersLeft { .. } => "signers_left",
            Self::SenderLeft { .. } => "sender_left",
            Self::Represented { .. } => "represented",
            Self::SignersOpened { .. } => "signers_opened",
        }
    }

    /// The note with the reason.
    pub fn note_id(&self) -> Option<&str> {
        match self {
            Self::Linked { note_id, .. } | Self::Unlinked { note_id, .. } | Self::SignersOpened { note_id } => Some(note_id),
            Self::SplitOff { note_id, .. }
            | Self::SplitFrom { note_id, .. }
            | Self::PartReturned { note_id, .. }
            | Self::PartEnded { note_id, .. }
            | Self::SignersLeft { note_id, .. } => note_id.as_deref(),
            Self::Joined { .. } | Self::SignersAdded { .. } | Self::SignaturesSeen { .. } | Self::SenderLeft { .. } | Self::Represented { .. } => None,
        }
    }

    /// Whether the case on the other side is a denunciation and this one is not: only who sees denunciations may read it.
    pub fn is_sealed(&self) -> bool {
        match self {
            Self::SplitOff { is_sealed, .. } | Self::SplitFrom { is_sealed, .. } | Self::PartReturned { is_sealed, .. } | Self::PartEnded { is_sealed, .. } => {
                *is_sealed
            }
            _ => false,
        }
    }

    /// Whether the sender sees it in the timeline.
    pub fn is_for_citizen(&self) -> bool {
        !matches!(self, Self::Linked { .. } | Self::Unlinked { .. } | Self::Represented { .. })
    }

    /// Whether the sender is told by mail.
    pub fn is_notified(&self) -> bool {
        matches!(self, Self::SplitOff { .. } | Self::PartReturned { .. } | Self::SignersLeft { .. } | Self::SenderLeft { .. })
    }

    /// Whether it can happen to a case whose answer is owed or not (`is_open`), withdrawn or not.
    pub fn fits(&self, is_open: bool, is_withdrawn: bool) -> bool {
        match self {
            // Links and what is known about people concern finished cases too: a repeat often comes after the answer.
            Self::Linked { .. } | Self::Unlinked { .. } | Self::SignersOpened { .. } | Self::SplitFrom { .. } | Self::PartReturned { .. } => true,
            Self::SplitOff { .. } | Self::PartEnded { .. } => is_open,
            Self::Joined { .. }
            | Self::SignersAdded { .. }
            | Self::SignaturesSeen { .. }
            | Self::SignersLeft { .. }
            | Self::SenderLeft { .. }
            | Self::Represented { .. } => !is_withdrawn,
        }
    }

    /// Whether it ends the case.
    pub fn ends_case(&self) -> bool {
        matches!(self, Self::PartEnded { .. })
    }
}
