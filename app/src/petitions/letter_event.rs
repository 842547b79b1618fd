//! What happens to a letter that is written outside a step of the law, as events of the case's record. Pure.
//!
//! Writing and rewriting a draft is no event: nothing has happened to the case yet. The record begins when the draft is put before
//! whoever signs.

use serde::{Deserialize, Serialize};

/// Something that happened to such a letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "letter", rename_all = "snake_case")]
pub enum LetterEvent {
    /// It waits for its signature.
    Waiting { letter_id: String },
    /// It was sent back; the reason is a note.
    Returned { letter_id: String, note_id: String },
    /// It was signed, numbered and is out.
    Issued {
        letter_id: String,
        /// It is written to the sender of the petition, who can open it from now on. Of the letters of a step the step itself tells.
        is_for_sender: bool,
        /// The mark of its frozen words; none in records of before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        words: Option<String>,
    },
}

impl LetterEvent {
    /// The name of the event in the record.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Waiting { .. } => "letter_waiting",
            Self::Returned { .. } => "letter_returned",
            Self::Issued { .. } => "letter_issued",
        }
    }

    /// Whether the citizen reads of it and is told: only of a letter that is theirs to open.
    pub fn is_for_citizen(&self) -> bool {
        matches!(self, Self::Issued { is_for_sender: true, .. })
    }

    /// The letter.
    pub fn letter_id(&self) -> &str {
        match self {
            Self::Waiting { letter_id } | Self::Returned { letter_id, .. } | Self::Issued { letter_id, .. } => letter_id,
        }
    }
}
