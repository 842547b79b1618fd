//! From a plan to rows. Every change of a case goes through the real rules, so that its history replays to its state.

use super::dice::Dice;
use super::index::Folded;
use super::marks::Marks;
use super::plan::{self, Plan};
use super::store::{Batch, PublicTextRow};
use super::telling::{By, Telling, history};
use super::texts::{Filling, names_sender};
use super::world::World;
use crate::agencies::Directory;
use crate::error::Result;
use crate::petitions::code::CaseCode;
use crate::petitions::ratings::{self, Ask};
use crate::petitions::register::{self, Outcome};
use crate::petitions::rules::{self, Case, Event, Filing, Kind, State};
use crate::petitions::store::parts::{CasePerson, CaseText, Rating};
use crate::record::rules::RecordKey;
use crate::search::facet;
use chrono::{Days, NaiveDate};
use std::collections::HashMap;
use std::sync::Arc;

/// Makes portions of cases; remembers folded words between them.
pub(super) struct Builder {
    world: Arc<World>,
    /// Public number of each case, 0 if it is not released.
    numbers: Arc<Vec<u32>>,
    directory: Arc<Directory>,
    /// That of the record.
    key: RecordKey,
    folded: Folded,
    /// The case that has the code which is printed for trying.
    shown_case: Option<u64>,
}

impl Builder {
    /// Plans all cases once, to number the released ones in the order of their release.
    pub fn new(world: Arc<World>, directory: Arc<Directory>, key: RecordKey) -> Self {
        let mut released = Vec::new();
        let mut shown: Option<(bool, u64)> = None;
        for index in 0..world.options.cases {
            let Some(plan) = plan::plan(&world, index) else { continue };
            if let Some(at) = plan.released_at() {
                released.push((at, index));
            }
            let kind = world.texts.matters[plan.matter].kind;
            if plan.waits_for_rating() && kind.can_be_public() && kind.has_period() {
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
        Self { world, numbers: Arc::new(numbers), directory, key, folded: Folded::default(), shown_case: shown.map(|(_, index)| index) }
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
            key: &self.key,
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
        telling.coordinate()?;
        let Telling { case, public_text, tags, said, .. } = telling;
        batch.case_tags.extend(tags.into_iter().map(|tag_id| (tag_id, case.clone())));
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
    let marks = rating.iter().flat_map(|row| ratings::marks_of(&Rating { clarity: row.1, attitude: row.2, result: row.3, comment: String::new() }));
    let what = ["asked"].into_iter().chain(said.iter().copied()).map(str::to_owned).chain(marks);
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

/// How many cases stand where.
pub(super) type CaseCounts = HashMap<(String, State), i64>;
