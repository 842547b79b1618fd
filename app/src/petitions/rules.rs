//! Kinds, states, events and what an event makes of a case. Pure.

mod event;
mod kind;
mod state;

pub use event::{Event, Filing, Stepped};
pub use kind::Kind;
pub use state::State;

use super::barred;
use super::escalation::{Escalation, Level};
use super::flags::Flag;
use crate::procedures::clocks::Clock;
use crate::procedures::step::{Step, StepName, Whose};
use crate::procedures::{NO_DAY, NO_PERIOD, Phase, Procedure, Refusal, Stage, administrative_rule, complaint, opinion};
use chrono::{DateTime, NaiveDate, Utc};

/// The procedure of a case as it is stored: nothing while only the receipt has happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress(Option<Box<Procedure>>);

impl Progress {
    /// As it stands in the database.
    ///
    /// # Errors
    /// Never in practice: all of it is made of words and days.
    pub fn stored(&self) -> Result<String, serde_json::Error> {
        self.0.as_ref().map_or(Ok(String::new()), serde_json::to_string)
    }
}

impl From<Procedure> for Progress {
    fn from(procedure: Procedure) -> Self {
        Self(Some(Box::new(procedure)))
    }
}

impl TryFrom<String> for Progress {
    type Error = serde_json::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.is_empty() { Ok(Self(None)) } else { Ok(Self(Some(serde_json::from_str(&text)?))) }
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
    /// Where it stands in the procedure of its kind.
    #[sqlx(try_from = "String")]
    pub progress: Progress,
    /// Who must stay away from it, see [`super::barred`].
    pub barred: String,
    /// Its marks, see [`super::flags::Flag`].
    pub flags: i64,
}

impl Case {
    /// Where it stands in the procedure of its kind, with its clocks.
    pub fn procedure(&self) -> Procedure {
        match &self.progress.0 {
            Some(procedure) => (**procedure).clone(),
            None => Procedure::begin(self.kind.first_stage(), self.received_on, self.due_on, self.agency_id()),
        }
    }

    /// Whether nothing but the receipt has happened in its procedure.
    pub fn is_only_received(&self) -> bool {
        self.progress == Progress::default()
    }

    /// Until when a period of the citizen or of the law runs though the case is over; none for nearly all cases.
    pub fn rights_until(&self) -> Option<NaiveDate> {
        self.progress.0.as_ref().filter(|_| !self.is_open).and_then(|procedure| procedure.rights_until())
    }

    /// The unit that has it, else the authority.
    pub fn agency_id(&self) -> &str {
        self.unit_id.as_deref().unwrap_or(&self.body_id)
    }

    /// Whether the matter stands still, so that no last day can be told.
    pub fn is_suspended(&self) -> bool {
        self.is_open && self.due_on == NO_DAY
    }

    /// The last day as it can be told: none while the matter stands still, none where no period runs.
    pub fn last_day(&self) -> Option<NaiveDate> {
        Some(self.due_on).filter(|day| *day != NO_DAY && *day != NO_PERIOD)
    }

    /// The last day by which the answer was or is owed, and whether it came later: of the clock that the answer ended.
    pub fn answer_due_on(&self) -> NaiveDate {
        match &self.progress.0 {
            Some(procedure) if self.answered_on.is_some() => procedure.answer_clock().map_or(self.due_on, |clock| clock.last_day),
            _ => self.due_on,
        }
    }
}

/// Why an event cannot happen to a case as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;

/// Whether a step may be taken as the case lies in the lists, whatever its procedure says: nothing is drafted over a draft that
/// waits, nothing signed that was not drafted, and what nobody has received is received first.
///
/// # Errors
/// The [`Refusal`] that names the rule.
pub fn can_step(case: &Case, step: StepName) -> Result<(), Refusal> {
    let whose = step.whose();
    match case.state {
        State::Withdrawn => Err(Refusal::Over),
        State::Closed if whose == Whose::Citizen => Ok(()),
        State::Closed => Err(Refusal::Over),
        State::Proposed if whose != Whose::Citizen => Err(Refusal::DraftWaits),
        State::Submitted if matches!(whose, Whose::Handler | Whose::Signed) => Err(Refusal::NotNow),
        _ => Ok(()),
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
        progress: Progress::default(),
        barred: String::new(),
        flags: 0,
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
        Event::Asked { .. } | Event::StepDrafted { .. } => handled,
        Event::AnswerProposed { .. } => handled && case.procedure().stage.can_be_answered().is_ok(),
        Event::Replied { .. } | Event::PapersAdded { .. } => !matches!(case.state, Closed | Withdrawn),
        Event::Noted { .. } | Event::IdentityOpened { .. } => true,
        Event::SealOpened { .. } | Event::WorkingPrepared => case.kind == Kind::Denunciation,
        Event::AnswerReturned { .. } | Event::Answered { .. } => case.state == Proposed && case.kind.is_answered(),
        Event::StepReturned { .. } => case.state == Proposed,
        Event::Stepped(stepped) => match stepped.draft_id {
            Some(_) => case.state == Proposed && stepped.step.name().whose() == Whose::Signed,
            None => can_step(case, stepped.step.name()).is_ok() && stepped.step.name().whose() != Whose::Signed,
        },
        Event::Forwarded { from_body_id, to_body_id, .. } => {
            // A complaint is guided, a denunciation and a petition about administrative rules passed on, unless the whole authority
            // must stay away from it.
            (case.kind.is_opinion() || case.kind == Kind::Praise || barred::has_body(&case.barred, from_body_id))
                && matches!(case.state, Submitted | Received | Assigned | Waiting)
                && case.body_id == *from_body_id
                && to_body_id != from_body_id
        }
        Event::PublicTextProposed | Event::Released { .. } | Event::PaperCovered { .. } => {
            case.kind.can_be_public() && case.may_publish && case.state != Withdrawn
        }
        Event::Withdrawn => open && case.kind.is_answered(),
        Event::Closed => case.state == Answered && can_close(&case.procedure()).is_ok(),
        Event::Reopened { .. } => matches!(case.state, Answered | Closed) && case.kind.is_answered() && case.kind.has_period(),
        Event::Rated => matches!(case.state, Answered | Closed),
        Event::Rescheduled { from, to, code: None, .. } => open && to > from && case.procedure().owed().any(|clock| clock.last_day == *from),
        Event::Rescheduled { from, to, code: Some(code), .. } | Event::PeriodChanged { code, from, to, .. } => can_move(case, code, *from, *to),
        Event::Barred { parties, .. } => case.state != Withdrawn && barred::with(&case.barred, parties) != case.barred,
        Event::Unbarred { parties, .. } => case.state != Withdrawn && barred::without(&case.barred, parties) != case.barred,
        Event::Flagged { flag, .. } => !flag.is_in(case.flags),
        Event::Unflagged { flag, .. } => flag.is_in(case.flags),
        Event::Tagged { .. } | Event::Untagged { .. } => true,
        Event::Reminded { .. } => open,
        Event::Related(relation) => relation.fits(open, case.state == Withdrawn),
        Event::Letter(_) | Event::PaperTakenBack { .. } => true,
        Event::Escalation(_) | Event::Coordination(_) => open,
    };
    if !fits {
        return Err(Refused);
    }
    match event {
        Event::Received => next.state = Received,
        Event::Reclassified { to, due_on, .. } => {
            next.kind = *to;
            next.due_on = due_on.unwrap_or(case.due_on);
            next.progress = Progress::default();
        }
        Event::Assigned { unit_id, handler_id } => {
            next.unit_id.clone_from(unit_id);
            next.handler_id.clone_from(handler_id);
            if case.state == Received {
                next.state = Assigned;
            }
        }
        Event::Asked { .. } => next.state = Waiting,
        Event::Replied { .. } if case.state == Waiting => next.state = after_reply(case),
        Event::AnswerProposed { .. } | Event::StepDrafted { .. } => next.state = Proposed,
        Event::AnswerReturned { .. } | Event::StepReturned { .. } => next.state = after_reply(case),
        Event::Answered { on, promised, .. } => {
            next.state = Answered;
            next.answered_on = Some(*on);
            next.progress = case.procedure().answered(*on, *promised).into();
        }
        Event::Stepped(stepped) => stepped_to(case, &mut next, stepped, at),
        Event::Forwarded { to_body_id, .. } => {
            next.state = Submitted;
            next.body_id.clone_from(to_body_id);
            next.unit_id = None;
            next.handler_id = None;
        }
        Event::Rescheduled { from, to, code: None, .. } => moved_to(case, &mut next, case.procedure().rescheduled(*from, *to)),
        Event::Rescheduled { from, to, code: Some(code), .. } | Event::PeriodChanged { code, from, to, .. } => {
            moved_to(case, &mut next, case.procedure().moved(code, *from, *to));
        }
        Event::Barred { parties, .. } => {
            next.barred = barred::with(&case.barred, parties);
            take_away(&mut next);
        }
        Event::Unbarred { parties, .. } => next.barred = barred::without(&case.barred, parties),
        Event::Flagged { flag, .. } => next.flags |= flag.bit(),
        Event::Unflagged { flag, .. } => next.flags &= !flag.bit(),
        // A result that must be published is, by this.
        Event::Released { .. } if case.kind.must_be_published() && case.answered_on.is_some() => {
            next.progress = case.procedure().released(crate::clock::day(at)).into();
        }
        Event::Withdrawn => next.state = Withdrawn,
        Event::Related(relation) if relation.ends_case() => next.state = Withdrawn,
        Event::Escalation(Escalation::Put { level: Level::Superior, .. }) => next.flags |= Flag::Escalated.bit(),
        Event::Closed => next.state = Closed,
        Event::Reopened { due_on, .. } => {
            next.state = after_reply(case);
            next.due_on = *due_on;
            next.answered_on = None;
            next.progress = case.procedure().reopened(crate::clock::day(at), *due_on, case.agency_id()).into();
        }
        _ => {}
    }
    next.is_open = next.state.is_open();
    if !next.is_open || next.due_on >= crate::clock::day(at) {
        // Nothing of it is late any more.
        next.flags &= !Flag::Escalated.bit();
    }
    next.changed_at = at;
    next.version = case.version + 1;
    Ok(next)
}

/// Whether the last day of the running period of a rule can move: only to a later day, an office's only while the case is open; the
/// citizen's own and the law's run on after it.
fn can_move(case: &Case, code: &str, from: NaiveDate, to: NaiveDate) -> bool {
    let runs = |clock: &Clock| clock.is_running() && clock.code == code && clock.last_day == from && (case.is_open || !clock.is_of_office());
    to > from && case.state != State::Withdrawn && case.procedure().clocks.iter().any(runs)
}

fn moved_to(case: &Case, next: &mut Case, procedure: Procedure) {
    next.due_on = procedure.due().map_or(case.due_on, |clock| clock.last_day);
    // While only the receipt has happened, the first clock is that of `due_on`.
    if case.progress != Progress::default() {
        next.progress = procedure.into();
    }
}

/// Whether an answered case can be closed: nothing promised, and what was decided has come into force or the matter is over.
///
/// # Errors
/// The [`Refusal`] that names the rule.
pub fn can_close(procedure: &Procedure) -> Result<(), Refusal> {
    if procedure.owed().next().is_some() {
        return Err(Refusal::StillOwed);
    }
    match &procedure.stage {
        Stage::Opinion(opinion::State::Promised { day, .. }) => Err(Refusal::PromiseOpen(*day)),
        // A decision is not the end of it: it takes effect, and is carried out.
        Stage::Complaint(complaint::State::Decided(decided)) if !decided.is_in_force => Err(Refusal::NotInForce),
        Stage::AdministrativeRule(administrative_rule::State::Answered(_)) => Err(Refusal::NotPublished),
        _ => Ok(()),
    }
}

/// What a step makes of the row: who has the case, where it lies in the lists, the day that is owed next.
fn stepped_to(case: &Case, next: &mut Case, stepped: &Stepped, at: DateTime<Utc>) {
    let after = &stepped.after;
    let moved_to = match &stepped.step {
        Step::PassOn { to_body_id } | Step::Appeal { to_body_id } => Some(to_body_id),
        _ => None,
    };
    if let Some(to_body_id) = moved_to {
        next.body_id.clone_from(to_body_id);
        next.unit_id = None;
        next.handler_id = None;
    }
    if let Step::Charge { unit_id, account_id } = &stepped.step {
        next.unit_id.clone_from(unit_id);
        next.handler_id.clone_from(account_id);
    }
    let is_owed = after.owed().next().is_some();
    let keeps_draft = case.state == State::Proposed && stepped.draft_id.is_none();
    next.state = match after.stage.phase() {
        Phase::TakenBack => State::Withdrawn,
        Phase::Over if !is_owed => State::Closed,
        Phase::Decided if after.stage.ends_with_answer() => case.state,
        Phase::Decided if !is_owed => State::Answered,
        Phase::Intake | Phase::Handling if moved_to.is_some() => State::Submitted,
        Phase::Intake if matches!(case.state, State::Submitted | State::Received | State::Waiting) => case.state,
        _ if keeps_draft => State::Proposed,
        _ => after_reply(next),
    };
    next.answered_on = match after.stage.phase() {
        Phase::Intake | Phase::Handling | Phase::TakenBack => None,
        Phase::Decided | Phase::Over => case.answered_on.or(Some(crate::clock::day(at))),
    };
    if let Some(clock) = after.due() {
        next.due_on = clock.last_day;
    } else if after.stage.is_suspended() {
        next.due_on = NO_DAY;
    }
    next.progress = after.clone().into();
}

/// Whoever is complained of no longer has the case; if that was everybody who had it, it waits to be given to somebody else.
fn take_away(case: &mut Case) {
    if case.unit_id.as_deref().is_some_and(|unit| barred::has_unit(&case.barred, unit)) {
        case.unit_id = None;
        case.handler_id = None;
    }
    if case.handler_id.as_deref().is_some_and(|handler| barred::has_account(&case.barred, handler)) {
        case.handler_id = None;
    }
    if case.state == State::Assigned && case.unit_id.is_none() && case.handler_id.is_none() {
        case.state = State::Received;
    }
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
            Just(Event::Answered { answer_id: id(), on: day, promised: None, words: None }),
            Just(Event::Answered { answer_id: id(), on: day, promised: Some(day), words: None }),
            Just(Event::Forwarded { from_body_id: "a".into(), to_body_id: "b".into(), note_id: id() }),
            Just(Event::Forwarded { from_body_id: "b".into(), to_body_id: "a".into(), note_id: id() }),
            Just(Event::Released { number: 1, words: None }),
            Just(Event::Withdrawn),
            Just(Event::Closed),
            Just(Event::Reopened { due_on: day, note_id: id() }),
            Just(Event::Rated),
            Just(Event::Barred { parties: vec!["u:x".into(), "a:ha".into()], note_id: id() }),
            Just(Event::Unbarred { parties: vec!["u:x".into()], note_id: id() }),
            (0_u64..30, 0_u64..30).prop_map(move |(from, to)| Event::Rescheduled {
                from: day + chrono::Days::new(from) - chrono::Days::new(17),
                to: day + chrono::Days::new(to) - chrono::Days::new(17),
                day,
                name: "x".to_owned(),
                code: None,
            }),
            (0_u64..30, 0_u64..30).prop_map(move |(from, to)| Event::PeriodChanged {
                code: "R1".to_owned(),
                from: day + chrono::Days::new(from) - chrono::Days::new(17),
                to: day + chrono::Days::new(to) - chrono::Days::new(17),
                since: day,
                source: "x".to_owned(),
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
                    if matches!(event, Event::Barred { .. }) {
                        prop_assert!(next.unit_id.as_deref() != Some("x"), "a barred unit has nothing");
                    }
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
        let answered = Event::Answered { answer_id: "x".into(), on: case.due_on, promised: None, words: None };
        assert_eq!(apply(&case, &answered, DateTime::UNIX_EPOCH), Err(Refused));
        case.state = State::Submitted;
        assert_eq!(apply(&case, &Event::AnswerProposed { answer_id: "x".into() }, DateTime::UNIX_EPOCH), Err(Refused));
    }

    #[test]
    fn a_denunciation_is_never_released_nor_a_case_whose_sender_refused() {
        let denunciation = case(Kind::Denunciation, "a", None, None);
        assert_eq!(apply(&denunciation, &Event::Released { number: 1, words: None }, DateTime::UNIX_EPOCH), Err(Refused));
        let mut refused = case(Kind::Report, "a", None, None);
        refused.may_publish = false;
        assert_eq!(apply(&refused, &Event::Released { number: 1, words: None }, DateTime::UNIX_EPOCH), Err(Refused));
    }

    #[test]
    fn whoever_is_complained_of_loses_the_case_at_once() {
        let case = case(Kind::Report, "a", Some("u"), Some("h"));
        let bar = |token: &str| apply(&case, &Event::Barred { parties: vec![token.into()], note_id: "n".into() }, DateTime::UNIX_EPOCH).expect("fits");
        let person = bar("a:h");
        assert_eq!((person.unit_id.as_deref(), person.handler_id, person.state), (Some("u"), None, State::Assigned), "the unit goes on");
        let unit = bar("u:u");
        assert_eq!((unit.unit_id, unit.handler_id, unit.state), (None, None, State::Received), "to be given to somebody else");
        assert_eq!(apply(&bar("a:h"), &Event::Barred { parties: vec!["a:h".into()], note_id: "n".into() }, DateTime::UNIX_EPOCH), Err(Refused), "once");
    }

    #[test]
    fn forwarding_keeps_the_clock_and_forgets_the_people() {
        let case = case(Kind::Report, "a", Some("u"), Some("h"));
        let event = Event::Forwarded { from_body_id: "a".into(), to_body_id: "b".into(), note_id: "n".into() };
        let next = apply(&case, &event, DateTime::UNIX_EPOCH).expect("fits");
        assert_eq!((next.due_on, next.unit_id, next.handler_id, next.state), (case.due_on, None, None, State::Submitted));
    }
}
