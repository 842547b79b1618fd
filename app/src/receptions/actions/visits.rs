//! The register: a visit entered, its outcome, the notice of a refusal.
//!
//! A denunciation leaves nothing in the register but its row: who came and what was said stand in the sealed case, which is filed at
//! once (or was before). What somebody who cannot write says is filed for them, after it was read back and confirmed
//! (Decree 154/2026). A form sent twice is one visit and one case, with the same code.

use crate::error::{AppError, Result};
use crate::id::secret_hash;
use crate::permissions::{Action, check};
use crate::petitions::actions::{Act, NewPetition, file};
use crate::petitions::code::CaseCode;
use crate::petitions::rules::Kind;
use crate::petitions::store::parts::{CasePerson, CaseText};
use crate::receptions::rules::{REFUSAL_NOTICE, Refusal, State, limit};
use crate::receptions::store::bookings;
use crate::receptions::store::sessions::Reception;
use crate::receptions::store::visits::{self as store, Paper, Visit, VisitPerson};
use chrono::{Datelike, NaiveDate};

/// What a petition written down at the reception says beside the visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// In one sentence.
    pub title: String,
    /// Where.
    pub area_code: String,
    /// Phone of the sender.
    pub phone: String,
    /// They do not refuse publication.
    pub may_publish: bool,
}

/// The case of a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseOf {
    /// None.
    None,
    /// One that was filed before, by its id.
    Known(String),
    /// One that is written down now.
    New(Box<Written>),
}

/// A visit as it is entered.
#[derive(Clone, Debug)]
pub struct NewVisit {
    /// The token of the form.
    pub token: String,
    /// The booked slot.
    pub booking_id: Option<String>,
    /// What it is about; none: something else.
    pub kind: Option<Kind>,
    /// Who came.
    pub people: i64,
    /// People with the same content.
    pub same_people: i64,
    /// Number of an earlier visit of this year in the same matter.
    pub earlier_no: Option<i64>,
    /// Whether the authority is competent.
    pub is_competent: bool,
    /// Read back and confirmed.
    pub is_read_back: bool,
    /// Who came and what they said.
    pub person: VisitPerson,
    /// Papers handed in.
    pub papers: Vec<Paper>,
    /// The case.
    pub case: CaseOf,
    /// Not received.
    pub refusal: Option<Refusal>,
}

/// The code of a case that is filed from a form of this token.
pub fn code(token: &str) -> CaseCode {
    CaseCode::of_token(&format!("reception visit {token}"))
}

/// The visit that came of a form's token, if it was sent before.
pub async fn entered(act: &mut Act<'_>, token: &str) -> Result<Option<Visit>> {
    store::by_token_hash(act.tx, &token_hash(token)).await
}

fn token_hash(token: &str) -> String {
    secret_hash("reception visit", token)
}

/// Enters a visit of a session. Whoever sends the same form again gets the same visit.
///
/// # Errors
/// [`AppError::Conflict`] for a session that has not come or was missed, or an entry in the same instant.
pub async fn enter(act: &mut Act<'_>, row: &Reception, new: &NewVisit) -> Result<Visit> {
    check(act.actor, Action::KeepReceptions(&row.body_id))?;
    if let Some(visit) = entered(act, &new.token).await? {
        return Ok(visit);
    }
    let today = crate::clock::day(act.portal.now());
    if !matches!(row.state, State::Published | State::Held) || row.day > today {
        return Err(AppError::Conflict);
    }
    let year = i64::from(row.day.year());
    let first_id = match new.earlier_no {
        Some(no) => store::by_no(act.tx, &row.body_id, year, no).await?.map(|earlier| earlier.first_id.unwrap_or(earlier.id)),
        None => None,
    };
    let is_sealed = new.kind == Some(Kind::Denunciation);
    let case_id = case_of(act, row, new).await?;
    if is_sealed && case_id.is_none() {
        return Err(AppError::BadRequest("a denunciation is written down as a case"));
    }
    let directory = act.portal.directory();
    let due = new.refusal.filter(|ground| ground.needs_notice()).and_then(|_| limit(directory.deadline_rules(), directory.calendar(), REFUSAL_NOTICE, row.day));
    let visit = Visit {
        id: act.portal.new_id(),
        reception_id: row.id.clone(),
        body_id: row.body_id.clone(),
        day: row.day,
        year,
        no: store::next_no(act.tx, &row.body_id, year).await?,
        booking_id: booking_of(act, row, new).await?,
        kind: new.kind,
        people: new.people,
        same_people: new.same_people,
        first_id,
        resolved_by: String::new(),
        is_competent: new.is_competent,
        guided_to: String::new(),
        handled_by: String::new(),
        result: String::new(),
        note: String::new(),
        is_read_back: new.is_read_back,
        case_id,
        refusal: new.refusal,
        refusal_due_on: due.map(|limit| limit.day),
        refusal_sent_on: None,
        refusal_number: String::new(),
        entered_by: act.actor.account_id().ok_or(AppError::SignInNeeded)?,
        at: act.portal.now(),
        version: 1,
    };
    if !store::insert(act.tx, &visit, &token_hash(&new.token)).await? {
        return Err(AppError::Conflict);
    }
    if !is_sealed {
        store::insert_person(act.tx, &visit.id, &new.person)?;
    }
    store::insert_papers(act.tx, &visit.id, &new.papers)?;
    Ok(visit)
}

async fn booking_of(act: &mut Act<'_>, row: &Reception, new: &NewVisit) -> Result<Option<String>> {
    let Some(id) = &new.booking_id else { return Ok(None) };
    let booking = bookings::by_id(act.tx, id).await?.filter(|booking| booking.reception_id == row.id).ok_or(AppError::NotFound)?;
    bookings::arrive(act.tx, &booking.id, act.portal.now()).await?;
    Ok(Some(booking.id))
}

async fn case_of(act: &mut Act<'_>, row: &Reception, new: &NewVisit) -> Result<Option<String>> {
    let written = match &new.case {
        CaseOf::None => return Ok(None),
        CaseOf::Known(id) => return Ok(Some(id.clone())),
        CaseOf::New(written) => written,
    };
    let kind = new.kind.ok_or(AppError::BadRequest("a case has a kind"))?;
    let person = &new.person;
    let petition = NewPetition {
        kind,
        area_code: written.area_code.clone(),
        body_id: row.body_id.clone(),
        may_publish: written.may_publish || kind.must_be_published(),
        text: CaseText { title: written.title.clone(), body: person.content.clone(), ..CaseText::default() },
        person: CasePerson {
            name: person.name.clone(),
            phone: written.phone.clone(),
            email: String::new(),
            address: person.address.clone(),
            id_number: person.id_number.clone(),
            language: "vi".to_owned(),
            is_locked: false,
        },
        papers: 0,
        limitation: None,
    };
    Ok(Some(file(act, &petition, &code(&new.token)).await?.id))
}

/// Fills in what is known later: who resolved it, where it went, what came of it.
pub async fn follow_up(act: &mut Act<'_>, visit: &Visit) -> Result<()> {
    check(act.actor, Action::KeepReceptions(&visit.body_id))?;
    store::update(act.tx, visit).await
}

/// Notes that the written notice of a refusal was sent.
///
/// # Errors
/// [`AppError::Conflict`] where none is owed.
pub async fn send_refusal(act: &mut Act<'_>, visit: &Visit, number: &str, on: NaiveDate) -> Result<()> {
    check(act.actor, Action::KeepReceptions(&visit.body_id))?;
    if visit.refusal_due_on.is_none() || visit.refusal_sent_on.is_some() {
        return Err(AppError::Conflict);
    }
    store::update(act.tx, &Visit { refusal_sent_on: Some(on), refusal_number: number.to_owned(), ..visit.clone() }).await
}
