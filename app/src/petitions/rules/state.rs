//! States of the lists.

use serde::{Deserialize, Serialize};

/// Where a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The citizen has sent it; nobody has taken it up.
    Submitted,
    /// An authority has acknowledged it.
    Received,
    /// A unit or a person works on it.
    Assigned,
    /// The citizen was asked something. The clock runs on.
    Waiting,
    /// An answer waits for the second person.
    Proposed,
    /// The citizen has the answer.
    Answered,
    /// Nothing more will happen.
    Closed,
    /// The citizen took it back.
    Withdrawn,
}

impl State {
    /// All states, in the order of a case's life.
    pub const ALL: [Self; 8] = [Self::Submitted, Self::Received, Self::Assigned, Self::Waiting, Self::Proposed, Self::Answered, Self::Closed, Self::Withdrawn];

    /// As it stands in the database and in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Received => "received",
            Self::Assigned => "assigned",
            Self::Waiting => "waiting",
            Self::Proposed => "proposed",
            Self::Answered => "answered",
            Self::Closed => "closed",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state of that code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Key of its name in the catalogues.
    pub fn key(self) -> &'static str {
        match self {
            Self::Submitted => "state.submitted",
            Self::Received => "state.received",
            Self::Assigned => "state.assigned",
            Self::Waiting => "state.waiting",
            Self::Proposed => "state.proposed",
            Self::Answered => "state.answered",
            Self::Closed => "state.closed",
            Self::Withdrawn => "state.withdrawn",
        }
    }

    /// Whether an answer is still owed, so that the clock runs.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Submitted | Self::Received | Self::Assigned | Self::Waiting | Self::Proposed)
    }
}
