//! What is kept, by the codes of the table: where it lies, from when its time counts, and who deletes it. Pure.

use serde::{Deserialize, Serialize};

/// Something that is kept for a time. The numbers are rows of `retention_rules`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Who sent or signed a report, a recommendation, a remark on rules, praise.
    PeopleOpinion,
    /// Who complained or signed with them.
    PeopleComplaint,
    /// Who denounced.
    PeopleDenunciation,
    /// Words, messages, papers, notes, letters of the first group.
    WordsOpinion,
    /// The same of complaints.
    WordsComplaint,
    /// The same of denunciations.
    WordsDenunciation,
    /// Who booked a slot of a reception.
    BookingPeople,
    /// Who came to a reception, and what they said.
    VisitPeople,
    /// Who registered for a dialogue.
    RegistrationPeople,
    /// Who asked a question to a dialogue.
    Askers,
    /// Addresses of those who support questions.
    Supporters,
    /// Addresses of those who follow one promise.
    Followers,
    /// Addresses that were never confirmed.
    Unconfirmed,
    /// Where the answer to a request about own data goes.
    NoticeAddresses,
    /// Drafts.
    Drafts,
    /// Visits by code.
    VisitsByCode,
    /// Officials' sessions.
    Sessions,
    /// Failed tries.
    Attempts,
    /// Who has a case open.
    Viewers,
    /// Notices that were sent.
    Outbox,
    /// Citizens' own pages.
    OwnPages,
    /// Codes that prove a contact.
    CitizenCodes,
    /// Steps that were used.
    Steps,
    /// Officials of the staff directory who wait to be bound.
    DirectoryRequests,
    /// Cases without people and words.
    Cases,
    /// The record.
    Record,
    /// What is public.
    PublicTexts,
    /// Letters without their words.
    Letters,
    /// Promises.
    Promises,
    /// Dialogues.
    Dialogues,
    /// Receptions.
    Receptions,
    /// Sums.
    Figures,
    /// Agencies, areas, periods, rules.
    Rules,
    /// Officials.
    Staff,
    /// Requests about own data, holds, plans.
    Requests,
}

/// Who deletes it when its time has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A plan that somebody has let out.
    Plan,
    /// The worker, every hour or at once: nobody needs to be asked. The number is the program's own, and the table must say the same.
    Itself(u32, Unit),
    /// Whoever it belongs to, when they want.
    Owner,
    /// Nobody.
    Nobody,
}

/// What a number in the table counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Days.
    Day,
    /// Months.
    Month,
    /// Years.
    Year,
    /// For good.
    Ever,
}

impl Unit {
    const ALL: [Self; 6] = [Self::Minute, Self::Hour, Self::Day, Self::Month, Self::Year, Self::Ever];

    /// As it stands in the table.
    pub fn code(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
            Self::Ever => "ever",
        }
    }

    /// The unit of that code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.code() == code)
    }
}

/// From when a time counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// The last entry of a case that has ended, and not before the last right of the citizen and the last promise in it have.
    Ended,
    /// The day of the reception or dialogue.
    Held,
    /// The day a promise was kept or dropped.
    Kept,
    /// When it was asked for.
    Asked,
    /// When it was decided.
    Decided,
    /// The last change.
    LastChange,
    /// The last request of the browser.
    LastRequest,
    /// The first failure.
    FirstFailure,
    /// When it was sent.
    Sent,
    /// When whoever it belongs to closes it.
    Closed,
    /// It never ends.
    None,
}

impl Start {
    /// As it stands in the table.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::Held => "held",
            Self::Kept => "kept",
            Self::Asked => "asked",
            Self::Decided => "decided",
            Self::LastChange => "last_change",
            Self::LastRequest => "last_request",
            Self::FirstFailure => "first_failure",
            Self::Sent => "sent",
            Self::Closed => "closed",
            Self::None => "none",
        }
    }
}

/// Code, from when, who deletes it, and the tables it lies in.
type Row = (&'static str, Start, By, &'static [&'static str]);

const PEOPLE: &[&str] = &["sealed_people", "case_people", "signer_people", "case_marks", "signer_marks"];
const WORDS: &[&str] = &[
    "case_texts",
    "messages",
    "notes",
    "nudges",
    "answers",
    "step_drafts",
    "split_originals",
    "letter_texts",
    "papers",
    "unscanned_papers",
    "sealed_values",
    "redactions",
    "public_papers",
    "ratings",
    "complaint_limitations",
    "desk_search",
];

impl What {
    /// All of it, in the order of the table.
    pub const ALL: [Self; 35] = [
        Self::PeopleOpinion,
        Self::PeopleComplaint,
        Self::PeopleDenunciation,
        Self::WordsOpinion,
        Self::WordsComplaint,
        Self::WordsDenunciation,
        Self::BookingPeople,
        Self::VisitPeople,
        Self::RegistrationPeople,
        Self::Askers,
        Self::Supporters,
        Self::Followers,
        Self::Unconfirmed,
        Self::NoticeAddresses,
        Self::Drafts,
        Self::VisitsByCode,
        Self::Sessions,
        Self::Attempts,
        Self::Viewers,
        Self::Outbox,
        Self::OwnPages,
        Self::CitizenCodes,
        Self::Steps,
        Self::DirectoryRequests,
        Self::Cases,
        Self::Record,
        Self::PublicTexts,
        Self::Letters,
        Self::Promises,
        Self::Dialogues,
        Self::Receptions,
        Self::Figures,
        Self::Rules,
        Self::Staff,
        Self::Requests,
    ];

    fn row(self) -> Row {
        match self {
            Self::PeopleOpinion => ("people_opinion", Start::Ended, By::Plan, PEOPLE),
            Self::PeopleComplaint => ("people_complaint", Start::Ended, By::Plan, PEOPLE),
            Self::PeopleDenunciation => ("people_denunciation", Start::Ended, By::Plan, PEOPLE),
            Self::WordsOpinion => ("words_opinion", Start::Ended, By::Plan, WORDS),
            Self::WordsComplaint => ("words_complaint", Start::Ended, By::Plan, WORDS),
            Self::WordsDenunciation => ("words_denunciation", Start::Ended, By::Plan, WORDS),
            Self::BookingPeople => ("booking_people", Start::Held, By::Plan, &["sealed_values", "reception_booking_people", "reception_booking_marks"]),
            Self::VisitPeople => ("visit_people", Start::Held, By::Plan, &["sealed_values", "reception_visit_people", "reception_papers"]),
            Self::RegistrationPeople => (
                "registration_people",
                Start::Held,
                By::Itself(90, Unit::Day),
                &["sealed_values", "dialogue_registration_people", "dialogue_registration_marks"],
            ),
            Self::Askers => ("askers", Start::Held, By::Plan, &["sealed_values", "questions"]),
            Self::Supporters => ("supporters", Start::Held, By::Plan, &["sealed_values", "question_contacts"]),
            Self::Followers => ("followers", Start::Kept, By::Plan, &["sealed_values", "commitment_followers"]),
            Self::Unconfirmed => ("unconfirmed", Start::Asked, By::Itself(7, Unit::Day), &["sealed_values", "commitment_followers", "question_contacts"]),
            Self::NoticeAddresses => ("notice_addresses", Start::Decided, By::Itself(7, Unit::Day), &["sealed_people"]),
            Self::Drafts => ("drafts", Start::LastChange, By::Itself(30, Unit::Day), &["drafts", "papers"]),
            Self::VisitsByCode => ("visits_by_code", Start::LastRequest, By::Itself(60, Unit::Minute), &["sessions"]),
            Self::Sessions => ("sessions", Start::LastRequest, By::Itself(9, Unit::Hour), &["sessions"]),
            Self::Attempts => ("attempts", Start::FirstFailure, By::Itself(15, Unit::Minute), &["attempts"]),
            Self::Viewers => ("viewers", Start::LastRequest, By::Itself(5, Unit::Minute), &["case_viewers"]),
            Self::Outbox => ("outbox", Start::Sent, By::Itself(30, Unit::Day), &["outbox"]),
            Self::OwnPages => ("own_pages", Start::Closed, By::Owner, &["citizens", "citizen_cases", "citizen_sealed_cases", "sealed_people"]),
            Self::CitizenCodes => ("citizen_codes", Start::Asked, By::Itself(10, Unit::Minute), &["citizen_codes"]),
            Self::Steps => ("steps", Start::Asked, By::Itself(30, Unit::Minute), &["spent_steps"]),
            Self::DirectoryRequests => ("directory_requests", Start::Asked, By::Itself(7, Unit::Day), &["directory_requests"]),
            _ => self.for_good(),
        }
    }

    /// What is never deleted.
    fn for_good(self) -> Row {
        let (code, tables): (&'static str, &'static [&'static str]) = match self {
            Self::Record => {
                ("record", &["history", "deeds", "record_pages", "record_anchors", "record_keys", "sealed_openings", "escalations", "coordinations", "walks"])
            }
            Self::PublicTexts => ("public_texts", &["public_cases", "public_texts", "public_papers", "public_search", "word_forms", "search_state"]),
            Self::Letters => ("letters", &["letters", "letter_counters"]),
            Self::Promises => (
                "promises",
                &[
                    "commitments",
                    "commitment_heads",
                    "commitment_events",
                    "commitment_lists",
                    "commitment_counts",
                    "commitment_evidence",
                    "commitment_papers",
                    "commitment_voices",
                    "commitment_voice_marks",
                    "commitment_sums",
                ],
            ),
            Self::Dialogues => (
                "dialogues",
                &[
                    "dialogues",
                    "dialogue_events",
                    "dialogue_plans",
                    "dialogue_halls",
                    "dialogue_registrations",
                    "dialogue_presses",
                    "dialogue_live",
                    "dialogue_pictures",
                    "questions",
                    "question_boards",
                    "question_events",
                    "question_answers",
                    "question_supports",
                ],
            ),
            Self::Receptions => {
                ("receptions", &["receptions", "reception_acts", "reception_conclusions", "reception_offices", "reception_bookings", "reception_visits"])
            }
            Self::Figures => ("figures", &["case_counts", "public_counts", "rating_counts", "rating_asks", "counters"]),
            Self::Rules => (
                "rules",
                &[
                    "agencies",
                    "agency_succession",
                    "areas",
                    "area_succession",
                    "remote_areas",
                    "holidays",
                    "calendar_changes",
                    "deadline_rules",
                    "period_changes",
                    "competence_rules",
                    "subjects",
                    "routing_rules",
                    "escalation_rules",
                    "dialogue_minimums",
                    "reception_rules",
                    "retention_rules",
                    "letter_templates",
                ],
            ),
            Self::Staff => (
                "staff",
                &[
                    "accounts",
                    "account_notices",
                    "directory_bindings",
                    "totp_secrets",
                    "passkeys",
                    "recovery_codes",
                    "role_holdings",
                    "tags",
                    "case_tags",
                    "saved_filters",
                    "canned_answers",
                    "canned_uses",
                ],
            ),
            Self::Requests => ("requests", &["data_requests", "legal_holds", "retention_plans", "retention_counts", "erasures"]),
            _ => ("cases", &["cases", "case_codes", "case_groups", "case_links", "case_signers", "signer_codes"]),
        };
        (code, Start::None, By::Nobody, tables)
    }

    /// As it stands in the table.
    pub fn code(self) -> &'static str {
        self.row().0
    }

    /// From when its time counts.
    pub fn counted_from(self) -> Start {
        self.row().1
    }

    /// Who deletes it.
    pub fn by(self) -> By {
        self.row().2
    }

    /// The tables it lies in.
    pub fn tables(self) -> &'static [&'static str] {
        self.row().3
    }

    /// The one of that code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.code() == code)
    }

    /// What plans delete, in the order they do.
    pub fn planned() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|what| what.by() == By::Plan)
    }

    /// Whether it tells of denunciations: such counts are shown for the whole province only, and small ones not at all.
    pub fn is_sealed(self) -> bool {
        matches!(self, Self::PeopleDenunciation | Self::WordsDenunciation)
    }

    /// The kinds of cases it is about, as the statements group them; empty for what is no case.
    pub fn group(self) -> &'static str {
        match self {
            Self::PeopleOpinion | Self::WordsOpinion => "opinion",
            Self::PeopleComplaint | Self::WordsComplaint => "complaint",
            Self::PeopleDenunciation | Self::WordsDenunciation => "denunciation",
            _ => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::rules::{CODE_SESSION_MINUTES, DESK_SESSION_HOURS, FAILURE_WINDOW};
    use std::collections::BTreeSet;

    #[test]
    fn every_code_is_its_own_and_is_found_again() {
        let codes: BTreeSet<_> = What::ALL.into_iter().map(What::code).collect();
        assert_eq!(codes.len(), What::ALL.len());
        for what in What::ALL {
            assert_eq!(What::from_code(what.code()), Some(what));
            assert_eq!(serde_json::to_value(what).expect("storable"), what.code());
            assert_eq!(what.by() == By::Nobody, what.counted_from() == Start::None);
        }
    }

    /// What the worker clears away by itself stands in the code; the table shown to everybody is held to it.
    #[test]
    fn what_ends_by_itself_ends_when_the_program_says() {
        let by = |n: i64, unit| By::Itself(u32::try_from(n).expect("a small number"), unit);
        assert_eq!(What::VisitsByCode.by(), by(CODE_SESSION_MINUTES, Unit::Minute));
        assert_eq!(What::Sessions.by(), by(DESK_SESSION_HOURS, Unit::Hour));
        assert_eq!(What::Attempts.by(), by(FAILURE_WINDOW.num_minutes(), Unit::Minute));
        assert_eq!(What::Drafts.by(), by(crate::filing::cookie::DRAFT_DAYS, Unit::Day));
        assert_eq!(What::Viewers.by(), by(crate::desk::presence::VIEW_LASTS_SECONDS / 60, Unit::Minute));
        assert_eq!(What::Outbox.by(), by(crate::outbox::DONE_KEPT.num_days(), Unit::Day));
        assert_eq!(What::Unconfirmed.by(), by(crate::commitments::following::UNCONFIRMED_KEPT.num_days(), Unit::Day));
        assert_eq!(What::Unconfirmed.by(), by(crate::dialogues::questions::actions::UNCONFIRMED_KEPT.num_days(), Unit::Day));
        assert_eq!(What::RegistrationPeople.by(), By::Itself(u32::try_from(crate::dialogues::attendance::KEPT_DAYS).expect("a small number"), Unit::Day));
        assert_eq!(What::CitizenCodes.by(), by(crate::citizens::rules::CODE_LASTS.num_minutes(), Unit::Minute));
        assert_eq!(What::NoticeAddresses.by(), by(crate::retention::requests::NOTICE_KEPT.num_days(), Unit::Day));
    }
}
