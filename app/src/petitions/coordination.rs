//! Phối hợp: another agency or unit is asked for its part in a case, reads the words of the petition and gives an opinion. Pure.
//!
//! Whoever has the case goes on having it: the clock runs with them, and they alone answer. What was asked and what came back are internal notes;
//! the sender reads in the timeline that somebody was asked, so that a wait explains itself. Of a denunciation nobody is asked in this way.

use super::rules::Case;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Working days an agency is given where nobody says otherwise.
pub const ANSWER_WORKING_DAYS: u32 = 5;
/// The furthest day an answer can be asked by, in days from today.
pub const ANSWER_DAYS_MAX: u64 = 60;
/// Agencies that can be asked about one case, those that have answered among them.
pub const ASKED_PER_CASE_MAX: usize = 20;

/// An agency that was asked for its part in a case.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Coordination {
    /// Its id.
    pub id: String,
    /// The case.
    pub case_id: String,
    /// Who was asked: an authority or a unit.
    pub agency_id: String,
    /// The authority that is or has it.
    pub body_id: String,
    /// The authority that asked.
    pub of_body_id: String,
    /// The account that asked.
    pub asked_by: String,
    /// When.
    pub asked_on: NaiveDate,
    /// The note with the question.
    pub note_id: String,
    /// By when an answer is asked for.
    pub answer_by: NaiveDate,
    /// The note with the opinion.
    pub opinion_id: Option<String>,
    /// When it was given.
    pub answered_on: Option<NaiveDate>,
    /// When whoever asked no longer needed it.
    pub ended_on: Option<NaiveDate>,
}

impl Coordination {
    /// Whether it still holds for the case: that is open, lies with whoever asked, and was not taken back.
    pub fn is_of(&self, case: &Case) -> bool {
        self.case_id == case.id && case.is_open && case.body_id == self.of_body_id && self.ended_on.is_none()
    }

    /// Whether the agency still owes its opinion.
    pub fn is_waiting(&self) -> bool {
        self.answered_on.is_none() && self.ended_on.is_none()
    }

    /// Whether the opinion should be there by now and is not.
    pub fn is_late(&self, today: NaiveDate) -> bool {
        self.is_waiting() && self.answer_by < today
    }
}

/// Something that happened between the authority that has a case and an agency it asked, as an event of the case's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "coordination", rename_all = "snake_case")]
pub enum Coordinated {
    /// An agency was asked; the question is a note.
    Asked { agency_id: String, note_id: String, answer_by: NaiveDate },
    /// It has given its opinion, which is a note.
    Answered { agency_id: String, note_id: String },
    /// Its opinion is no longer needed.
    Ended { agency_id: String },
}

impl Coordinated {
    /// The name of the event in the record.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Asked { .. } => "coordination_asked",
            Self::Answered { .. } => "coordination_answered",
            Self::Ended { .. } => "coordination_ended",
        }
    }

    /// The agency.
    pub fn agency_id(&self) -> &str {
        match self {
            Self::Asked { agency_id, .. } | Self::Answered { agency_id, .. } | Self::Ended { agency_id } => agency_id,
        }
    }

    /// The note with the words, if there is one.
    pub fn note_id(&self) -> Option<&str> {
        match self {
            Self::Asked { note_id, .. } | Self::Answered { note_id, .. } => Some(note_id),
            Self::Ended { .. } => None,
        }
    }

    /// Key of the sentence the sender reads.
    pub fn line_key(&self) -> &'static str {
        match self {
            Self::Asked { .. } => "coordination.line.asked",
            Self::Answered { .. } => "coordination.line.answered",
            Self::Ended { .. } => "coordination.line.ended",
        }
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::petitions::rules::Kind;
    use crate::petitions::rules::tests::case;

    /// The economy unit of Phủ Thông's report, about which an agency of an authority is asked.
    pub fn asked(case: &Case, agency_id: &str, body_id: &str) -> Coordination {
        let day = NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day");
        Coordination {
            id: "c1".into(),
            case_id: case.id.clone(),
            agency_id: agency_id.into(),
            body_id: body_id.into(),
            of_body_id: case.body_id.clone(),
            asked_by: "ha".into(),
            asked_on: day,
            note_id: "n1".into(),
            answer_by: day,
            opinion_id: None,
            answered_on: None,
            ended_on: None,
        }
    }

    #[test]
    fn it_holds_while_the_case_is_open_and_with_whoever_asked() {
        let open = case(Kind::Report, "phu-thong", Some("roads"), Some("ha"));
        let asked = asked(&open, "culture", "phu-thong");
        assert!(asked.is_of(&open));
        let closed = Case { is_open: false, ..open.clone() };
        let handed_on = Case { body_id: "cho-don".into(), ..open.clone() };
        let another = Case { id: "another".into(), ..open.clone() };
        assert!(![closed, handed_on, another].iter().any(|case| asked.is_of(case)));
        let taken_back = Coordination { ended_on: Some(asked.asked_on), ..asked };
        assert!(!taken_back.is_of(&open));
    }

    #[test]
    fn it_is_late_from_the_day_after_and_never_once_answered() {
        let asked = asked(&case(Kind::Report, "phu-thong", None, None), "culture", "phu-thong");
        let next = asked.answer_by.succ_opt().expect("a day");
        assert!(!asked.is_late(asked.answer_by) && asked.is_late(next));
        let answered = Coordination { answered_on: Some(next), ..asked };
        assert!(!answered.is_waiting() && !answered.is_late(next));
    }
}
