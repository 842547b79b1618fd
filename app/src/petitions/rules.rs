//! Kinds, states, events and what an event makes of a case. Pure.

use super::relation::Relation;
use chrono::{DateTime, NaiveDate, Utc};
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
}

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

/// A case without its words and its people: the sum of its events.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Case {
    /// Its id; never shown.
    pub id: String,
    /// Its row in the word index.
    pub search_key: i64,
    /// What it is in law; officials may correct it.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// Whether an answer is owed: follows from the state, kept for the queue's index.
    pub is_open: bool,
    /// The authority that has it.
    pub body_id: String,
    /// The unit within.
    pub unit_id: Option<String>,
    /// The person.
    pub handler_id: Option<String>,
    /// Where it happened.
    pub area_code: String,
    /// The sender did not refuse publication.
    pub may_publish: bool,
    /// Day 0 of the clock.
    pub received_on: NaiveDate,
    /// Last day for the answer.
    pub due_on: NaiveDate,
    /// Day of the answer.
    pub answered_on: Option<NaiveDate>,
    /// When the citizen sent it.
    pub filed_at: DateTime<Utc>,
    /// When something last happened.
    pub changed_at: DateTime<Utc>,
    /// Number of events: whoever changes the case says which version they saw.
    pub version: i64,
}

/// Something that happened to a case. Carries ids and codes; words lie in tables that can be sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The citizen sent it.
    Filed(Filing),
    /// The authority acknowledged it.
    Received,
    /// Intake corrected the kind; the reason is a note.
    Reclassified { from: Kind, to: Kind, note_id: String },
    /// Given to a unit and perhaps a person.
    Assigned { unit_id: Option<String>, handler_id: Option<String> },
    /// The citizen was asked something.
    Asked { message_id: String },
    /// The citizen wrote.
    Replied { message_id: String },
    /// The citizen added papers.
    PapersAdded { count: i64 },
    /// An official noted something.
    Noted { note_id: String },
    /// Somebody opened the sender's identity; the reason is a note.
    IdentityOpened { note_id: String },
    /// An answer was drafted and waits for a second person.
    AnswerProposed { answer_id: String },
    /// The second person sent the draft back.
    AnswerReturned { answer_id: String },
    /// The second person let the answer out.
    Answered { answer_id: String, on: NaiveDate },
    /// Handed to another authority; the clock runs on from the first receipt. The reason is a note.
    Forwarded { from_body_id: String, to_body_id: String, note_id: String },
    /// A public text was proposed.
    PublicTextProposed,
    /// A second person let the public text out.
    Released { number: i64 },
    /// The citizen took it back.
    Withdrawn,
    /// Nothing more will happen.
    Closed,
    /// Taken up again, with a new last day; the reason is a note.
    Reopened { due_on: NaiveDate, note_id: String },
    /// The citizen rated the answer.
    Rated,
    /// A change of the days off moved the last day. Never to an earlier one: what was promised stays.
    Rescheduled { from: NaiveDate, to: NaiveDate, day: NaiveDate, name: String },
    /// Something between this case and others, or the people who stand behind it together.
    Related(Relation),
}

/// What the first event of a case says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filing {
    /// The kind the citizen chose.
    pub kind: Kind,
    /// The authority it went to.
    pub body_id: String,
    /// Where it happened.
    pub area_code: String,
    /// The sender did not refuse publication.
    pub may_publish: bool,
    /// Day 0 of the clock.
    pub received_on: NaiveDate,
    /// Last day for the answer.
    pub due_on: NaiveDate,
    /// How many papers came with it.
    pub papers: i64,
}

/// Why an event cannot happen to a case as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;

impl Event {
    /// The name of the event, as it stands in `history.event` and in the catalogues under `event.`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Filed(_) => "filed",
            Self::Received => "received",
            Self::Reclassified { .. } => "reclassified",
            Self::Assigned { .. } => "assigned",
            Self::Asked { .. } => "asked",
            Self::Replied { .. } => "replied",
            Self::PapersAdded { .. } => "papers_added",
            Self::Noted { .. } => "noted",
            Self::IdentityOpened { .. } => "identity_opened",
            Self::AnswerProposed { .. } => "answer_proposed",
            Self::AnswerReturned { .. } => "answer_returned",
            Self::Answered { .. } => "answered",
            Self::Forwarded { .. } => "forwarded",
            Self::PublicTextProposed => "public_text_proposed",
            Self::Released { .. } => "released",
            Self::Withdrawn => "withdrawn",
            Self::Closed => "closed",
            Self::Reopened { .. } => "reopened",
            Self::Rated => "rated",
            Self::Rescheduled { .. } => "rescheduled",
            Self::Related(relation) => relation.code(),
        }
    }

    /// Whether the citizen sees it in the timeline.
    pub fn is_for_citizen(&self) -> bool {
        if let Self::Related(relation) = self {
            return relation.is_for_citizen();
        }
        !matches!(self, Self::Noted { .. } | Self::AnswerProposed { .. } | Self::AnswerReturned { .. } | Self::PublicTextProposed)
    }

    /// Whether the public sees it in the timeline of a released case.
    pub fn is_for_public(&self) -> bool {
        matches!(
            self,
            Self::Filed(_)
                | Self::Received
                | Self::Assigned { .. }
                | Self::Asked { .. }
                | Self::Replied { .. }
                | Self::Answered { .. }
                | Self::Forwarded { .. }
                | Self::Closed
                | Self::Reopened { .. }
                | Self::Rescheduled { .. }
        )
    }

    /// Whether the citizen is told by mail.
    pub fn is_notified(&self) -> bool {
        if let Self::Related(relation) = self {
            return relation.is_notified();
        }
        matches!(
            self,
            Self::Filed(_)
                | Self::Received
                | Self::Assigned { .. }
                | Self::Asked { .. }
                | Self::Answered { .. }
                | Self::Forwarded { .. }
                | Self::Released { .. }
                | Self::Closed
                | Self::Reopened { .. }
                | Self::Reclassified { .. }
                | Self::Withdrawn
                | Self::Rescheduled { .. }
        )
    }
}

/// The case that a filing makes.
pub fn file(id: String, search_key: i64, filing: &Filing, at: DateTime<Utc>) -> Case {
    Case {
        id,
        search_key,
        kind: filing.kind,
        state: State::Submitted,
        is_open: true,
        body_id: filing.body_id.clone(),
        unit_id: None,
        handler_id: None,
        area_code: filing.area_code.clone(),
        may_publish: filing.may_publish,
        received_on: filing.received_on,
        due_on: filing.due_on,
        answered_on: None,
        filed_at: at,
        changed_at: at,
        version: 1,
    }
}

/// What `event` makes of `case`.
///
/// # Errors
/// [`Refused`] where the event does not fit the state; a second filing never fits.
pub fn apply(case: &Case, event: &Event, at: DateTime<Utc>) -> Result<Case, Refused> {
    use State::{Answered, Assigned, Closed, Proposed, Received, Submitted, Waiting, Withdrawn};
    let mut next = case.clone();
    let open = case.state.is_open();
    let handled = matches!(case.state, Received | Assigned | Waiting);
    let fits = match event {
        Event::Filed(_) => false,
        Event::Received => case.state == Submitted,
        Event::Reclassified { to, from, .. } => open && case.kind == *from && to != from,
        Event::Assigned { .. } => open && case.state != Submitted,
        Event::Asked { .. } | Event::AnswerProposed { .. } => handled,
        Event::Replied { .. } | Event::PapersAdded { .. } => !matches!(case.state, Closed | Withdrawn),
        Event::Noted { .. } | Event::IdentityOpened { .. } => true,
        Event::AnswerReturned { .. } | Event::Answered { .. } => case.state == Proposed,
        Event::Forwarded { from_body_id, to_body_id, .. } => {
            matches!(case.state, Submitted | Received | Assigned | Waiting) && case.body_id == *from_body_id && to_body_id != from_body_id
        }
        Event::PublicTextProposed | Event::Released { .. } => case.kind.can_be_public() && case.may_publish && case.state != Withdrawn,
        Event::Withdrawn => open,
        Event::Closed => matches!(case.state, Answered),
        Event::Reopened { .. } => matches!(case.state, Answered | Closed),
        Event::Rated => matches!(case.state, Answered | Closed),
        Event::Rescheduled { from, to, .. } => open && case.due_on == *from && to > from,
        Event::Related(relation) => relation.fits(open, case.state == Withdrawn),
    };
    if !fits {
        return Err(Refused);
    }
    match event {
        Event::Received => next.state = Received,
        Event::Reclassified { to, .. } => next.kind = *to,
        Event::Assigned { unit_id, handler_id } => {
            next.unit_id.clone_from(unit_id);
            next.handler_id.clone_from(handler_id);
            if case.state == Received {
                next.state = Assigned;
            }
        }
        Event::Asked { .. } => next.state = Waiting,
        Event::Replied { .. } if case.state == Waiting => next.state = after_reply(case),
        Event::AnswerProposed { .. } => next.state = Proposed,
        Event::AnswerReturned { .. } => next.state = after_reply(case),
        Event::Answered { on, .. } => {
            next.state = Answered;
            next.answered_on = Some(*on);
        }
        Event::Forwarded { to_body_id, .. } => {
            next.state = Submitted;
            next.body_id.clone_from(to_body_id);
            next.unit_id = None;
            next.handler_id = None;
        }
        Event::Rescheduled { to, .. } => next.due_on = *to,
        Event::Withdrawn => next.state = Withdrawn,
        Event::Related(relation) if relation.ends_case() => next.state = Withdrawn,
        Event::Closed => next.state = Closed,
        Event::Reopened { due_on, .. } => {
            next.state = after_reply(case);
            next.due_on = *due_on;
            next.answered_on = None;
        }
        _ => {}
    }
    next.is_open = next.state.is_open();
    next.changed_at = at;
    next.version = case.version + 1;
    Ok(next)
}

/// Where a case goes when work on it starts again: to whoever had it.
fn after_reply(case: &Case) -> State {
    if case.unit_id.is_some() || case.handler_id.is_some() { State::Assigned } else { State::Received }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A received case for tests of other folders.
    pub fn case(kind: Kind, body: &str, unit: Option<&str>, handler: Option<&str>) -> Case {
        let day = NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day");
        let filing = Filing { kind, body_id: body.into(), area_code: "01969".into(), may_publish: true, received_on: day, due_on: day, papers: 0 };
        let mut case = file("case-1".into(), 7, &filing, DateTime::UNIX_EPOCH);
        case.state = if unit.is_some() || handler.is_some() { State::Assigned } else { State::Received };
        case.unit_id = unit.map(Into::into);
        case.handler_id = handler.map(Into::into);
        case
    }

    fn events() -> impl Strategy<Value = Event> {
        let id = || "x".to_owned();
        let day = NaiveDate::from_ymd_opt(2026, 12, 7).expect("a day");
        prop_oneof![
            Just(Event::Received),
            Just(Event::Assigned { unit_id: Some(id()), handler_id: None }),
            Just(Event::Asked { message_id: id() }),
            Just(Event::Replied { message_id: id() }),
            Just(Event::AnswerProposed { answer_id: id() }),
            Just(Event::AnswerReturned { answer_id: id() }),
            Just(Event::Answered { answer_id: id(), on: day }),
            Just(Event::Forwarded { from_body_id: "a".into(), to_body_id: "b".into(), note_id: id() }),
            Just(Event::Forwarded { from_body_id: "b".into(), to_body_id: "a".into(), note_id: id() }),
            Just(Event::Released { number: 1 }),
            Just(Event::Withdrawn),
            Just(Event::Closed),
            Just(Event::Reopened { due_on: day, note_id: id() }),
            Just(Event::Rated),
            (0_u64..30, 0_u64..30).prop_map(move |(from, to)| Event::Rescheduled {
                from: day + chrono::Days::new(from) - chrono::Days::new(17),
                to: day + chrono::Days::new(to) - chrono::Days::new(17),
                day,
                name: "x".to_owned(),
            }),
        ]
    }

    proptest! {
        #[test]
        fn whatever_happens_the_case_keeps_its_invariants(events in proptest::collection::vec(events(), 0..40)) {
            let mut now = case(Kind::Report, "a", None, None);
            now.state = State::Submitted;
            for event in events {
                if let Ok(next) = apply(&now, &event, DateTime::UNIX_EPOCH) {
                    prop_assert_eq!(next.version, now.version + 1);
                    prop_assert_eq!(next.is_open, next.state.is_open());
                    prop_assert_eq!(next.answered_on.is_some(), matches!(next.state, State::Answered | State::Closed), "an answer day exactly while answered");
                    prop_assert!(now.state != State::Withdrawn, "nothing but notes follows a withdrawal");
                    prop_assert_eq!(next.received_on, now.received_on, "the first receipt never moves");
                    let may_move = matches!(event, Event::Reopened { .. });
                    prop_assert!(may_move || next.due_on >= now.due_on, "no change of days off takes a promised day back");
                    now = next;
                }
            }
        }
    }

    #[test]
    fn an_answer_needs_a_proposal_and_a_proposal_needs_an_acknowledged_case() {
        let mut case = case(Kind::Report, "a", None, None);
        let answered = Event::Answered { answer_id: "x".into(), on: case.due_on };
        assert_eq!(apply(&case, &answered, DateTime::UNIX_EPOCH), Err(Refused));
        case.state = State::Submitted;
        assert_eq!(apply(&case, &Event::AnswerProposed { answer_id: "x".into() }, DateTime::UNIX_EPOCH), Err(Refused));
    }

    #[test]
    fn a_denunciation_is_never_released_nor_a_case_whose_sender_refused() {
        let denunciation = case(Kind::Denunciation, "a", None, None);
        assert_eq!(apply(&denunciation, &Event::Released { number: 1 }, DateTime::UNIX_EPOCH), Err(Refused));
        let mut refused = case(Kind::Report, "a", None, None);
        refused.may_publish = false;
        assert_eq!(apply(&refused, &Event::Released { number: 1 }, DateTime::UNIX_EPOCH), Err(Refused));
    }

    #[test]
    fn forwarding_keeps_the_clock_and_forgets_the_people() {
        let case = case(Kind::Report, "a", Some("u"), Some("h"));
        let event = Event::Forwarded { from_body_id: "a".into(), to_body_id: "b".into(), note_id: "n".into() };
        let next = apply(&case, &event, DateTime::UNIX_EPOCH).expect("fits");
        assert_eq!((next.due_on, next.unit_id, next.handler_id, next.state), (case.due_on, None, None, State::Submitted));
    }
}
