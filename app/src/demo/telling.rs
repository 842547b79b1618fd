//! One case on its way through its plan: every step as the events and rows it leaves.

use super::dice::Dice;
use super::law::Law;
use super::marks::Marks;
use super::plan::{Plan, Step};
use super::store::{AnswerRow, Batch, DraftRow, HistoryRow, MessageRow, PublicTextRow};
use super::texts::{Filling, Matter};
use super::world::{Body, World};
use crate::agencies::Directory;
use crate::error::{AppError, Result};
use crate::petitions::barred::Party;
use crate::petitions::procedure::{self, Known};
use crate::petitions::ratings;
use crate::petitions::rules::{self, Case, Event, Kind, State, Stepped};
use crate::procedures::step::{StepName, Whose};
use crate::record::rules::RecordKey;
use crate::record::words::{AnswerMarks, mark_of_text};
use chrono::{DateTime, Days, Utc};

/// Who did it, as the history keeps it.
pub(super) enum By {
    Citizen,
    Official(String),
}

/// A case on its way through its plan.
pub(super) struct Telling<'a> {
    pub(super) directory: &'a Directory,
    /// That of the record.
    pub(super) key: &'a RecordKey,
    pub(super) has_identity: bool,
    pub(super) world: &'a World,
    pub(super) plan: &'a Plan,
    pub(super) matter: &'a Matter,
    pub(super) filling: Filling<'a>,
    pub(super) dice: Dice,
    pub(super) case: Case,
    pub(super) batch: &'a mut Batch,
    /// The draft that waits, as a place in `batch.answers`.
    pub(super) waiting: Option<usize>,
    pub(super) public_text: Option<PublicTextRow>,
    pub(super) number: i64,
    pub(super) marks: Marks,
    pub(super) tags: Vec<String>,
    /// What the citizen said about the answer.
    pub(super) said: Vec<&'static str>,
}

pub(super) fn history(case: &Case, by: &By, event: &Event) -> Result<HistoryRow> {
    let (actor_kind, actor_id) = match by {
        By::Citizen => ("citizen", None),
        By::Official(id) => ("official", Some(id.clone())),
    };
    let data = serde_json::to_string(event)?;
    Ok(HistoryRow { case_id: case.id.clone(), seq: case.version, at: case.changed_at, actor_kind, actor_id, event: event.code(), data })
}

impl Telling<'_> {
    pub(super) fn body(&self) -> &Body {
        self.world.bodies.iter().find(|body| body.id == self.case.body_id).unwrap_or(&self.world.bodies[self.plan.first_body])
    }

    pub(super) fn desk_handler(&self) -> String {
        self.case.handler_id.clone().unwrap_or_else(|| self.body().desk(&self.matter.unit).handler.clone())
    }

    /// The second person: usually the approver, sometimes the head.
    fn second(&mut self) -> String {
        let is_head = self.dice.chance(0.25);
        if is_head { self.body().head.clone() } else { self.body().approver.clone() }
    }

    pub(super) fn step(&mut self, at: DateTime<Utc>, step: Step) -> Result<()> {
        match step {
            Step::Receive | Step::Reclassify(_) | Step::Forward(_) | Step::Assign { .. } | Step::Close | Step::Reopen => self.intake_step(at, step),
            Step::Bar => self.bar(at),
            Step::Reply | Step::Write | Step::Withdraw | Step::Rate => self.citizen_step(at, step),
            Step::Ask | Step::Note | Step::Propose | Step::ProposePublic => self.handler_step(at, step),
            Step::Law(law) => self.law(at, law),
            Step::Return | Step::Answer => self.decide(at, step == Step::Answer),
            Step::Release => {
                let by = self.second();
                let mut words = None;
                if let Some(text) = &mut self.public_text {
                    text.approved_by = Some(by.clone());
                    text.approved_at = Some(at);
                    words = Some(mark_of_text(self.key, &text.case_id, &text.title, &text.body));
                }
                self.happen(at, By::Official(by), &Event::Released { number: self.number, words })
            }
        }
    }

    fn intake_step(&mut self, at: DateTime<Utc>, step: Step) -> Result<()> {
        let phrases = &self.world.texts.phrases;
        let intake = self.body().intake.clone();
        let event = match step {
            Step::Reclassify(to) => {
                // The reasons stand in the order: to report, to recommendation, to report again, to denunciation.
                let reason = match to {
                    Kind::Denunciation => phrases.reclassify_reason.last(),
                    Kind::Recommendation => phrases.reclassify_reason.get(1),
                    _ => phrases.reclassify_reason.first(),
                };
                let note_id = self.note(at, &intake, reason.map_or("", String::as_str));
                let due_on = procedure::first_last_day(self.directory, to, self.case.received_on, &self.case.area_code, &self.case.body_id)?;
                Event::Reclassified { from: self.case.kind, to, note_id, due_on: Some(due_on) }
            }
            Step::Forward(to) => {
                let reason = self.dice.pick(&phrases.forward_reason);
                let note_id = self.note(at, &intake, reason);
                Event::Forwarded { from_body_id: self.case.body_id.clone(), to_body_id: self.world.bodies[to].id.clone(), note_id }
            }
            Step::Assign { by_name } => {
                let desk = self.body().desk(&self.matter.unit);
                Event::Assigned { unit_id: desk.unit_id.clone(), handler_id: (by_name || desk.unit_id.is_none()).then(|| desk.handler.clone()) }
            }
            Step::Reopen => {
                let reason = self.dice.pick(&phrases.reopen_reason);
                let note_id = self.note(at, &intake, reason);
                Event::Reopened { due_on: self.world.table.due(crate::clock::day(at)), note_id }
            }
            Step::Close => Event::Closed,
            _ => Event::Received,
        };
        self.happen(at, By::Official(intake), &event)?;
        if matches!(event, Event::Assigned { .. }) { self.mark(at) } else { Ok(()) }
    }

    /// Some cases are marked or tagged when they are given to somebody.
    fn mark(&mut self, at: DateTime<Utc>) -> Result<()> {
        let intake = self.body().intake.clone();
        if let Some((flag, reason)) = self.marks.flag.take() {
            let note_id = self.note(at, &intake, reason);
            self.happen(at, By::Official(intake.clone()), &Event::Flagged { flag, note_id })?;
        }
        let tag = self.marks.tag_at(&self.case.body_id).filter(|tag| !self.tags.contains(tag));
        let Some(tag_id) = tag else { return Ok(()) };
        self.tags.push(tag_id.clone());
        self.happen(at, By::Official(intake), &Event::Tagged { tag_id })
    }

    /// Records that somebody of the public service unit is denounced, unless that is who will handle it.
    fn bar(&mut self, at: DateTime<Utc>) -> Result<()> {
        let handling = self.body().desk(&self.matter.unit).unit_id.clone();
        let Some(unit_id) = self.body().desk("commune_HCC").unit_id.clone().filter(|unit| Some(unit) != handling.as_ref()) else { return Ok(()) };
        let intake = self.body().intake.clone();
        let note_id = self.note(at, &intake, &self.world.texts.phrases.bar_reason);
        let event = Event::Barred { parties: vec![Party::Unit(unit_id).token()], note_id };
        self.happen(at, By::Official(intake), &event)
    }

    fn citizen_step(&mut self, at: DateTime<Utc>, step: Step) -> Result<()> {
        let event = match step {
            Step::Rate => {
                self.rate(at);
                Event::Rated
            }
            Step::Withdraw => Event::Withdrawn,
            // A message planned for a time when the case has been closed is not written.
            Step::Write if self.case.state == State::Closed => return Ok(()),
            Step::Write => {
                let phrases = &self.world.texts.phrases;
                let text = self.dice.pick(if self.case.state.is_open() { &phrases.message } else { &phrases.thanks }).clone();
                Event::Replied { message_id: self.message(at, None, text) }
            }
            _ => {
                let text = self.filling.put(&self.matter.reply, self.case.received_on - Days::new(1));
                Event::Replied { message_id: self.message(at, None, text) }
            }
        };
        self.happen(at, By::Citizen, &event)
    }

    fn handler_step(&mut self, at: DateTime<Utc>, step: Step) -> Result<()> {
        let handler = self.desk_handler();
        let event = match step {
            Step::Ask => {
                let text = self.filling.put(&self.matter.question, crate::clock::day(at));
                Event::Asked { message_id: self.message(at, Some(&handler), text) }
            }
            Step::Note => {
                let text = self.dice.pick(&self.world.texts.phrases.note);
                Event::Noted { note_id: self.note(at, &handler, text) }
            }
            Step::Propose => Event::AnswerProposed { answer_id: self.draft(at, &handler) },
            _ => {
                let day = self.case.received_on;
                let (title, body) = (self.filling.put(&self.matter.title, day), self.filling.put(&self.matter.public_body, day));
                let (case_id, proposed_by) = (self.case.id.clone(), handler.clone());
                self.public_text = Some(PublicTextRow { case_id, title, body, proposed_by, proposed_at: at, approved_by: None, approved_at: None });
                Event::PublicTextProposed
            }
        };
        self.happen(at, By::Official(handler), &event)
    }

    /// Applies an event by the rules and records it.
    pub(super) fn happen(&mut self, at: DateTime<Utc>, by: By, event: &Event) -> Result<()> {
        let refused = |_| AppError::internal(format!("the demo's plan does not fit the rules: {} in state {}", event.code(), self.case.state.code()));
        self.said.extend(ratings::said(&self.case, event));
        self.case = rules::apply(&self.case, event, at).map_err(refused)?;
        self.batch.history.push(history(&self.case, &by, event)?);
        Ok(())
    }

    pub(super) fn note(&mut self, at: DateTime<Utc>, author: &str, body: &str) -> String {
        let id = self.dice.id(at);
        self.batch.notes.push((id.clone(), self.case.id.clone(), author.to_owned(), body.to_owned(), at));
        id
    }

    fn message(&mut self, at: DateTime<Utc>, author: Option<&str>, body: String) -> String {
        let id = self.dice.id(at);
        let side = if author.is_some() { "official" } else { "citizen" };
        self.batch.messages.push(MessageRow { id: id.clone(), case_id: self.case.id.clone(), side, author_id: author.map(str::to_owned), body, at });
        id
    }

    /// Writes an answer that waits for the second person; gives its id.
    fn draft(&mut self, at: DateTime<Utc>, handler: &str) -> String {
        let id = self.dice.id(at);
        let promised = crate::clock::day(at) + Days::new(u64::try_from(self.dice.between(5, 24)).unwrap_or(5));
        let template: &String = self.dice.pick(&self.matter.answers);
        let body = self.filling.put(template, promised);
        self.waiting = Some(self.batch.answers.len());
        self.batch.answers.push(AnswerRow {
            id: id.clone(),
            case_id: self.case.id.clone(),
            body,
            state: "proposed",
            drafted_by: handler.to_owned(),
            drafted_at: at,
            decided_by: None,
            decided_at: None,
            return_reason: String::new(),
        });
        id
    }

    fn decide(&mut self, at: DateTime<Utc>, lets_out: bool) -> Result<()> {
        let by = self.second();
        let reason = if lets_out { String::new() } else { self.dice.pick(&self.world.texts.phrases.return_reason).clone() };
        let Some(draft) = self.waiting.take().and_then(|place| self.batch.answers.get_mut(place)) else { return Ok(()) };
        draft.state = if lets_out { "approved" } else { "returned" };
        draft.decided_by = Some(by.clone());
        draft.decided_at = Some(at);
        draft.return_reason = reason;
        let answer_id = draft.id.clone();
        let event = if lets_out {
            let words = AnswerMarks::of(self.key, &answer_id, &draft.body, None);
            Event::Answered { answer_id, on: crate::clock::day(at), promised: None, words: Some(words) }
        } else {
            Event::AnswerReturned { answer_id }
        };
        self.happen(at, By::Official(by), &event)
    }

    /// A step of the law: drafted and signed, or taken at once.
    fn law(&mut self, at: DateTime<Utc>, law: Law) -> Result<()> {
        let handler = self.desk_handler();
        let on = crate::clock::day(at);
        let step = law.lawful(on, self.case.unit_id.clone(), Some(handler.clone()));
        let step = match step {
            // Nobody with a name: whoever wrote as a report is not verified.
            crate::procedures::step::Step::CheckIdentity { .. } if !self.has_identity => crate::procedures::step::Step::CheckIdentity { is_verified: false },
            step => step,
        };
        let name = step.name();
        let known = Known { has_identity: self.has_identity, are_signatures_complete: true, was_guided: false };
        let after = match procedure::outcome(self.directory, on, &self.case, known, &step) {
            Ok(after) => after,
            // The office looks again another day.
            Err(crate::procedures::Refusal::NotYetInForce(_) | crate::procedures::Refusal::NotInForce) => return Ok(()),
            // Let into the register on the same day: that is the publication.
            Err(crate::procedures::Refusal::Already) if name == StepName::Publish => return Ok(()),
            Err(refusal) => return Err(AppError::internal(format!("the demo's plan does not fit the law: {step:?} {refusal:?}"))),
        };
        let reason = if name.needs_reason() { self.dice.pick(&self.world.texts.phrases.note).clone() } else { String::new() };
        match name.whose() {
            Whose::Signed => {
                let (draft_id, second) = (self.dice.id(at), self.second());
                self.happen(at, By::Official(handler.clone()), &Event::StepDrafted { draft_id: draft_id.clone() })?;
                let note_id = (!reason.is_empty()).then(|| self.note(at, &second, &reason));
                self.batch.drafts.push(DraftRow {
                    id: draft_id.clone(),
                    case_id: self.case.id.clone(),
                    step: serde_json::to_string(&step)?,
                    reason,
                    drafted_by: handler,
                    at,
                    signed_by: second.clone(),
                });
                self.happen(at, By::Official(second), &Event::Stepped(Stepped { step, draft_id: Some(draft_id), note_id, after }))
            }
            Whose::Citizen => self.happen(at, By::Citizen, &Event::Stepped(Stepped { step, draft_id: None, note_id: None, after })),
            Whose::Intake | Whose::Handler => {
                let by = if name.whose() == Whose::Intake { self.body().intake.clone() } else { handler };
                let note_id = (!reason.is_empty()).then(|| self.note(at, &by, &reason));
                self.happen(at, By::Official(by), &Event::Stepped(Stepped { step, draft_id: None, note_id, after }))
            }
        }
    }

    /// Better marks for an answer in time.
    fn rate(&mut self, at: DateTime<Utc>) {
        let is_on_time = self.case.answered_on.is_some_and(|day| day <= self.case.answer_due_on());
        let is_content = self.dice.chance(if is_on_time { 0.82 } else { 0.4 });
        let (low, high) = if is_content { (4, 5) } else { (1, 3) };
        let phrases = &self.world.texts.phrases;
        let comment =
            if self.dice.chance(0.35) { self.dice.pick(if is_content { &phrases.rating_good } else { &phrases.rating_bad }).clone() } else { String::new() };
        let marks = [(); 3].map(|()| self.dice.between(low, high));
        self.batch.ratings.push((self.case.id.clone(), marks[0], marks[1], marks[2], comment, at));
    }
}
