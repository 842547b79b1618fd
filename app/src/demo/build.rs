//! From a plan to rows. Every change of a case goes through the real rules, so that its history replays to its state.

use super::dice::Dice;
use super::index::Folded;
use super::law::Law;
use super::marks::Marks;
use super::plan::{self, Plan, Step};
use super::store::{AnswerRow, Batch, DraftRow, HistoryRow, MessageRow, PublicTextRow};
use super::texts::{Filling, Matter, names_sender};
use super::world::{Body, World};
use crate::agencies::Directory;
use crate::error::{AppError, Result};
use crate::petitions::barred::Party;
use crate::petitions::code::CaseCode;
use crate::petitions::procedure::{self, Known};
use crate::petitions::ratings::{self, Ask};
use crate::petitions::register::{self, Outcome};
use crate::petitions::rules::Stepped;
use crate::petitions::rules::{self, Case, Event, Filing, Kind, State};
use crate::petitions::store::parts::{CasePerson, CaseText};
use crate::procedures::step::{StepName, Whose};
use crate::search::facet;
use chrono::{DateTime, Days, NaiveDate, Utc};
use std::collections::HashMap;
use std::sync::Arc;

/// Who did it, as the history keeps it.
enum By {
    Citizen,
    Official(String),
}

/// A case on its way through its plan.
struct Telling<'a> {
    directory: &'a Directory,
    has_identity: bool,
    world: &'a World,
    plan: &'a Plan,
    matter: &'a Matter,
    filling: Filling<'a>,
    dice: Dice,
    case: Case,
    batch: &'a mut Batch,
    /// The draft that waits, as a place in `batch.answers`.
    waiting: Option<usize>,
    public_text: Option<PublicTextRow>,
    number: i64,
    marks: Marks,
    tags: Vec<String>,
    /// What the citizen said about the answer.
    said: Vec<&'static str>,
}

/// Makes portions of cases; remembers folded words between them.
pub(super) struct Builder {
    world: Arc<World>,
    /// Public number of each case, 0 if it is not released.
    numbers: Arc<Vec<u32>>,
    directory: Arc<Directory>,
    folded: Folded,
    /// The case that has the code which is printed for trying.
    shown_case: Option<u64>,
}

impl Builder {
    /// Plans all cases once, to number the released ones in the order of their release.
    pub fn new(world: Arc<World>, directory: Arc<Directory>) -> Self {
        let mut released = Vec::new();
        let mut shown: Option<(bool, u64)> = None;
        for index in 0..world.options.cases {
            let Some(plan) = plan::plan(&world, index) else { continue };
            if let Some(at) = plan.released_at() {
                released.push((at, index));
            }
            if plan.waits_for_rating() && world.texts.matters[plan.matter].kind.can_be_public() {
                // The newest, and rather one of an authority with sign-ins.
                let is_near = world.places[plan.place].body < super::SIGN_INS.len();
                shown = shown.max(Some((is_near, index)));
            }
        }
        released.sort_unstable();
        let mut numbers = vec![0_u32; usize::try_from(world.options.cases).unwrap_or(0)];
        for ((_, index), number) in released.into_iter().zip(1..) {
            if let Some(slot) = usize::try_from(index).ok().and_then(|index| numbers.get_mut(index)) {
                *slot = number;
            }
        }
        Self { world, numbers: Arc::new(numbers), directory, folded: Folded::default(), shown_case: shown.map(|(_, index)| index) }
    }

    /// The rows of cases `from` up to and without `to`.
    ///
    /// # Errors
    /// A plan that the rules do not allow: a fault of this folder.
    pub fn portion(&mut self, from: u64, to: u64) -> Result<Batch> {
        let mut batch = Batch::default();
        let world = Arc::clone(&self.world);
        for index in from..to {
            if let Some(plan) = plan::plan(&world, index) {
                self.tell(&world, index, &plan, &mut batch)?;
            }
        }
        // The index takes rows quickest in the order of their numbers.
        batch.public_cases.sort_by_key(|row| row.number);
        batch.public_search.sort_by_key(|(number, _)| *number);
        batch.desk_search.sort_by_key(|(key, _)| *key);
        Ok(batch)
    }

    fn tell(&mut self, world: &World, index: u64, plan: &Plan, batch: &mut Batch) -> Result<()> {
        let mut dice = Dice::new(world.options.seed, index * 2 + 1);
        let (matter, area) = (&world.texts.matters[plan.matter], &world.places[plan.place]);
        let place = world.texts.place(matter, area.is_ward, area.is_north, &mut dice);
        let person = person(world, plan, &area.name, &mut dice);
        let filling = Filling { area: &area.name, place: &place, n: dice.between(2, 9), name: &person.name, phone: &person.phone };
        let received_on = crate::clock::day(plan.filed_at);
        let filing = Filing {
            kind: plan.filed_kind,
            body_id: world.bodies[plan.first_body].id.clone(),
            area_code: area.area_code.clone(),
            may_publish: plan.may_publish,
            received_on,
            due_on: self.first_last_day(plan.filed_kind, received_on, &area.area_code)?,
            papers: 0,
        };
        // As the portal's own keys: 43 bits of milliseconds, 20 of chance.
        let search_key = ((plan.filed_at.timestamp_millis() & 0x7ff_ffff_ffff) << 20) | dice.between(0, (1 << 20) - 1);
        let case = rules::file(dice.id(plan.filed_at), search_key, &filing, plan.filed_at);
        let fitting: Vec<&String> = matter.body.iter().filter(|body| plan.is_named || !names_sender(body)).collect();
        let body = if fitting.is_empty() { &matter.body[0] } else { *dice.pick(&fitting) };
        let day = received_on - Days::new(u64::try_from(dice.between(1, 6)).unwrap_or(1));
        let text = CaseText { title: filling.put(&matter.title, day), body: filling.put(body, day), place: place.clone(), ..CaseText::default() };
        let token = if self.shown_case == Some(index) { super::CODE_TOKEN.to_owned() } else { format!("demo {} {index}", world.options.seed) };
        batch.codes.push((CaseCode::of_token(&token).hash(), case.id.clone()));
        batch.history.push(history(&case, &By::Citizen, &Event::Filed(filing))?);
        let number = usize::try_from(index).ok().and_then(|index| self.numbers.get(index)).copied().map_or(0, i64::from);
        let marks = Marks::of(world, index);
        let directory = Arc::clone(&self.directory);
        let mut telling = Telling {
            directory: &directory,
            has_identity: !person.name.is_empty() && !person.address.is_empty(),
            world,
            plan,
            matter,
            filling,
            dice,
            case,
            batch,
            waiting: None,
            public_text: None,
            number,
            marks,
            tags: Vec::new(),
            said: Vec::new(),
        };
        for (at, step) in &plan.steps {
            telling.step(*at, *step)?;
        }
        let Telling { case, public_text, tags, said, .. } = telling;
        let row = |tag_id| (case.id.clone(), tag_id, case.is_open, case.due_on, case.changed_at);
        batch.case_tags.extend(tags.into_iter().map(row));
        count_ratings(&case, &said, batch);
        self.finish(case, text, person, public_text, number, batch)
    }

    /// The last day that the receipt shows.
    fn first_last_day(&self, kind: Kind, received_on: NaiveDate, area_code: &str) -> Result<NaiveDate> {
        crate::petitions::procedure::first_last_day(&self.directory, kind, received_on, area_code, "")
    }

    /// The rows that are made of the final state.
    fn finish(&mut self, case: Case, text: CaseText, person: CasePerson, public_text: Option<PublicTextRow>, number: i64, batch: &mut Batch) -> Result<()> {
        *batch.case_counts.entry((case.body_id.clone(), case.state)).or_default() += 1;
        if case.kind != Kind::Denunciation {
            let scopes = vec![facet('b', &case.body_id)];
            batch.desk_search.push((case.search_key, self.folded.document(&[&text.title, &text.body, &text.place], scopes, Vec::new())));
        }
        if let Some(text) = public_text {
            if let (Some(at), true) = (text.approved_at, number > 0) {
                let row = register::released(&case, &text.title, &text.body, number, crate::clock::day(at), self.directory.calendar());
                let cell = batch.public_counts.entry((row.body_id.clone(), row.year, row.kind, Outcome::of(&row).code())).or_default();
                *cell = (cell.0 + 1, cell.1 + row.days_taken.unwrap_or(0));
                batch.public_search.push((number, self.folded.document(&[&row.title, &row.body], register::scopes(&row), register::facets(&row))));
                batch.public_cases.push(row);
            }
            batch.public_texts.push(text);
        }
        batch.texts.push((case.id.clone(), text));
        batch.people.push((case.id.clone(), person));
        batch.cases.push(case);
        Ok(())
    }
}

/// The figures of what a citizen says about an answer, as the portal's own actions keep them.
fn count_ratings(case: &Case, said: &[&'static str], batch: &mut Batch) {
    let rating = batch.ratings.last().filter(|row| row.0 == case.id).cloned();
    let rated =
        rating.as_ref().map(|row| Ask { body_id: case.body_id.clone(), unit_id: case.unit_id.clone().unwrap_or_default(), asked_on: crate::clock::day(row.5) });
    let Some(ask) = ratings::ask_of(case).or(rated).filter(|_| case.kind != Kind::Denunciation) else { return };
    let marks = rating.iter().flat_map(|row| ratings::QUESTIONS.into_iter().zip([row.1, row.2, row.3])).map(|(question, mark)| format!("{question}_{mark}"));
    let what = ["asked"].into_iter().chain(rating.iter().map(|_| "rated")).chain(said.iter().copied()).map(str::to_owned).chain(marks);
    let month = ratings::month(ask.asked_on);
    for what in what {
        for (agency_id, is_body) in [(&ask.body_id, true), (&ask.unit_id, false)].into_iter().filter(|(id, _)| !id.is_empty()) {
            batch.rating_counts.entry((agency_id.clone(), month.clone(), what.clone())).or_insert((is_body, 0)).1 += 1;
        }
    }
    batch.rating_asks.push((case.id.clone(), ask.body_id, ask.unit_id, ask.asked_on));
}

/// The sender: nobody, a name with some way to reach them, or for a complaint everything the law asks for.
fn person(world: &World, plan: &Plan, area: &str, dice: &mut Dice) -> CasePerson {
    let mut person = CasePerson { language: "vi".to_owned(), ..CasePerson::default() };
    if !plan.is_named {
        return person;
    }
    person.name = world.texts.name(dice);
    person.phone = world.texts.phone(dice);
    if dice.chance(0.15) {
        person.email = format!("{}.{}@nguoi-dan.example", crate::text::fold(&person.name).replace(' ', "."), dice.below(1_000));
    }
    if plan.filed_kind.asks_name() {
        let matter = &world.texts.matters[plan.matter];
        let place = &world.places[plan.place];
        person.address = format!("{}, {area}", world.texts.place(matter, place.is_ward, place.is_north, dice));
        // No province has the number 000.
        let id_number = format!("000{:09}", dice.below(1_000_000_000));
        person.id_number = if plan.filed_kind.needs_identity() { id_number } else { String::new() };
    }
    person
}

fn history(case: &Case, by: &By, event: &Event) -> Result<HistoryRow> {
    let (actor_kind, actor_id) = match by {
        By::Citizen => ("citizen", None),
        By::Official(id) => ("official", Some(id.clone())),
    };
    let data = serde_json::to_string(event)?;
    Ok(HistoryRow { case_id: case.id.clone(), seq: case.version, at: case.changed_at, actor_kind, actor_id, event: event.code(), data })
}

impl Telling<'_> {
    fn body(&self) -> &Body {
        self.world.bodies.iter().find(|body| body.id == self.case.body_id).unwrap_or(&self.world.bodies[self.plan.first_body])
    }

    fn desk_handler(&self) -> String {
        self.case.handler_id.clone().unwrap_or_else(|| self.body().desk(&self.matter.unit).handler.clone())
    }

    /// The second person: usually the approver, sometimes the head.
    fn second(&mut self) -> String {
        let is_head = self.dice.chance(0.25);
        if is_head { self.body().head.clone() } else { self.body().approver.clone() }
    }

    fn step(&mut self, at: DateTime<Utc>, step: Step) -> Result<()> {
        match step {
            Step::Receive | Step::Reclassify(_) | Step::Forward(_) | Step::Assign { .. } | Step::Close | Step::Reopen => self.intake_step(at, step),
            Step::Bar => self.bar(at),
            Step::Reply | Step::Write | Step::Withdraw | Step::Rate => self.citizen_step(at, step),
            Step::Ask | Step::Note | Step::Propose | Step::ProposePublic => self.handler_step(at, step),
            Step::Law(law) => self.law(at, law),
            Step::Return | Step::Answer => self.decide(at, step == Step::Answer),
            Step::Release => {
                let by = self.second();
                if let Some(text) = &mut self.public_text {
                    text.approved_by = Some(by.clone());
                    text.approved_at = Some(at);
                }
                self.happen(at, By::Official(by), &Event::Released { number: self.number })
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
    fn happen(&mut self, at: DateTime<Utc>, by: By, event: &Event) -> Result<()> {
        let refused = |_| AppError::internal(format!("the demo's plan does not fit the rules: {} in state {}", event.code(), self.case.state.code()));
        self.said.extend(ratings::said(&self.case, event));
        self.case = rules::apply(&self.case, event, at).map_err(refused)?;
        self.batch.history.push(history(&self.case, &by, event)?);
        Ok(())
    }

    fn note(&mut self, at: DateTime<Utc>, author: &str, body: &str) -> String {
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
        let event = if lets_out { Event::Answered { answer_id, on: crate::clock::day(at), promised: None } } else { Event::AnswerReturned { answer_id } };
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

/// How many cases stand where.
pub(super) type CaseCounts = HashMap<(String, State), i64>;
