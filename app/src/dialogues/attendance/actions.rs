//! Registering without an account, giving back, moving up; the settings of the hall.
//!
//! The code follows from the device's token and the dialogue, so that pressing twice registers once and the receipt can be shown again;
//! the database keeps a hash. Whatever changes the hall locks its row first ([`halls::lock`]): simultaneous registrations come one after
//! another, and the sums on the row are exact.

use super::notices::{self, Told};
use super::rules::{self, REGISTRATIONS_MAX, Seats, State};
use super::store::halls::{self, Hall};
use super::store::registrations::{self as store, Person, Registration};
use crate::db::Tx;
use crate::dialogues::rules::Dialogue;
use crate::dialogues::store as dialogues;
use crate::error::{AppError, Result};
use crate::permissions::{Action, check};
use crate::petitions::actions::Act;
use crate::petitions::code::CaseCode;
use crate::petitions::recognition;
use crate::petitions::store::parts::CasePerson;
use chrono::{DateTime, Utc};

/// Registrations for one dialogue that one device may have given back and made anew.
const TRIES_MAX: u8 = 5;
/// Groups of the wait list looked at in one statement.
const PORTION: i64 = 500;

/// How registering went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registered {
    /// It stands.
    Yes(Registration),
    /// The same form or device has one already.
    Before(Registration),
    /// The contact or the device has one already, of this number.
    Known(i64),
    /// The dialogue takes no more.
    Full,
}

fn code(device_token: &str, number: i64, nth: u8) -> CaseCode {
    CaseCode::of_token(&format!("attendance {number} {nth} {device_token}"))
}

/// The code of what an official writes down for somebody from a form of this token.
pub fn slip_code(token: &str) -> CaseCode {
    CaseCode::of_token(&format!("attendance slip {token}"))
}

/// What a device has of a dialogue: its registration that stands and the code of it; else the code of the next one. None where it has
/// given back too many.
pub async fn of_device(tx: &mut Tx, device_token: &str, number: i64) -> Result<Option<(CaseCode, Option<Registration>)>> {
    for nth in 0..TRIES_MAX {
        let code = code(device_token, number, nth);
        match store::by_code_hash(tx, &code.hash()).await? {
            Some(registration) if registration.state == State::Cancelled => {}
            found => return Ok(Some((code, found))),
        }
    }
    Ok(None)
}

/// Registers whoever holds the device.
///
/// # Errors
/// [`AppError::NotFound`] for a dialogue that is not public or takes no registrations now.
pub async fn register(act: &mut Act<'_>, number: i64, device_token: &str, people: i64, person: &Person) -> Result<Registered> {
    check(act.actor, Action::UsePortal)?;
    let dialogue = dialogues::public_by_number(act.tx, number).await?.ok_or(AppError::NotFound)?;
    let mut hall = halls::lock(act.tx, &dialogue.id).await?;
    if !rules::is_open(&dialogue, hall.is_open, hall.closes_at, act.portal.now()) {
        return Err(AppError::NotFound);
    }
    let code = match of_device(act.tx, device_token, number).await? {
        Some((_, Some(registration))) => return Ok(Registered::Before(registration)),
        Some((code, None)) => code,
        None => return Ok(Registered::Full),
    };
    enter(act, &mut hall, &code, people, person).await
}

/// Writes somebody down who has no telephone or asked for help. `token` is the form's: sent twice, it is one registration.
///
/// # Errors
/// [`AppError::NotFound`] for whoever may not; [`AppError::Conflict`] where the dialogue takes nobody any more.
pub async fn register_for(act: &mut Act<'_>, dialogue: &Dialogue, token: &str, people: i64, person: &Person) -> Result<Registered> {
    check(act.actor, Action::KeepAttendance(&dialogue.body_id))?;
    let mut hall = halls::lock(act.tx, &dialogue.id).await?;
    let code = slip_code(token);
    if let Some(registration) = store::by_code_hash(act.tx, &code.hash()).await? {
        return if registration.dialogue_id == dialogue.id { Ok(Registered::Before(registration)) } else { Err(AppError::NotFound) };
    }
    if !rules::is_coming(dialogue, act.portal.now()) {
        return Err(AppError::Conflict);
    }
    enter(act, &mut hall, &code, people, person).await
}

/// Gives the next number, and a seat or a place on the wait list.
async fn enter(act: &mut Act<'_>, hall: &mut Hall, code: &CaseCode, people: i64, person: &Person) -> Result<Registered> {
    let contact = CasePerson { phone: person.phone.clone(), email: person.email.clone(), ..CasePerson::default() };
    let marks = recognition::of_person(act.portal.marks_key(), &contact);
    if let Some(number) = store::known(act.tx, &hall.dialogue_id, &marks).await? {
        return Ok(Registered::Known(number));
    }
    if hall.last_number >= REGISTRATIONS_MAX {
        return Ok(Registered::Full);
    }
    hall.last_number += 1;
    // Nobody who waits would fit: they would have moved up. So whoever fits overtakes nobody.
    let state = if hall.seats.fits(hall.seated, people) { State::Seated } else { State::Waiting };
    let registration = Registration {
        id: act.portal.new_id(),
        dialogue_id: hall.dialogue_id.clone(),
        number: hall.last_number,
        people,
        state,
        at: act.portal.now(),
        moved_up_at: None,
        account_id: act.actor.account_id(),
        arrived: 0,
        call_for: String::new(),
        called_at: None,
    };
    store::insert(act.tx, &registration, &code.hash(), person, &marks).await?;
    if state == State::Seated {
        hall.seated += people
    } else {
        hall.waiting += people
    }
    keep(act, hall).await?;
    Ok(Registered::Yes(registration))
}

/// Whoever has the code gives the registration back. False if it was, somebody of it has come, or the dialogue is over.
pub async fn cancel(act: &mut Act<'_>, code: &CaseCode) -> Result<bool> {
    check(act.actor, Action::UsePortal)?;
    let registration = store::by_code_hash(act.tx, &code.hash()).await?.ok_or(AppError::NotFound)?;
    give_back(act, &registration.id).await
}

/// The same by an official, for somebody who called.
pub async fn cancel_for(act: &mut Act<'_>, dialogue: &Dialogue, id: &str) -> Result<bool> {
    check(act.actor, Action::KeepAttendance(&dialogue.body_id))?;
    let listed = store::by_id(act.tx, id).await?.filter(|listed| listed.registration.dialogue_id == dialogue.id).ok_or(AppError::NotFound)?;
    give_back(act, &listed.registration.id).await
}

async fn give_back(act: &mut Act<'_>, id: &str) -> Result<bool> {
    let known = store::by_id(act.tx, id).await?.ok_or(AppError::NotFound)?.registration;
    let dialogue = dialogues::by_id(act.tx, &known.dialogue_id).await?.ok_or(AppError::NotFound)?;
    let mut hall = halls::lock(act.tx, &known.dialogue_id).await?;
    // Read again behind the lock: it may have moved up meanwhile.
    let registration = store::by_id(act.tx, id).await?.ok_or(AppError::NotFound)?.registration;
    if !rules::is_coming(&dialogue, act.portal.now()) || !store::cancel(act.tx, id, act.portal.now()).await? {
        return Ok(false);
    }
    if registration.state == State::Seated {
        hall.seated -= registration.people
    } else {
        hall.waiting -= registration.people
    }
    move_up(act, &mut hall).await?;
    keep(act, &mut hall).await?;
    Ok(true)
}

/// Gives free seats to the first who fit, and sees to it that they are told.
async fn move_up(act: &mut Act<'_>, hall: &mut Hall) -> Result<()> {
    let mut after = 0;
    loop {
        let waiting = store::waiting_after(act.tx, &hall.dialogue_id, after, PORTION).await?;
        let Some(last) = waiting.last() else { return Ok(()) };
        after = last.number;
        for group in rules::moving_up(hall.seats, hall.seated, &waiting) {
            let (id, has_email) = store::move_up(act.tx, &hall.dialogue_id, group.number, act.portal.now()).await?;
            hall.seated += group.people;
            hall.waiting -= group.people;
            if has_email {
                notices::tell(act.tx, act.portal, &id, Told::MovedUp)?;
            } else {
                store::call(act.tx, &id, Told::MovedUp.code()).await?;
            }
        }
    }
}

/// Writes a hall back whose sums have changed; the public page follows in a moment.
async fn keep(act: &mut Act<'_>, hall: &mut Hall) -> Result<()> {
    if !hall.is_telling {
        hall.is_telling = true;
        notices::renew_soon(act.tx, act.portal, &hall.dialogue_id)?;
    }
    halls::put(act.tx, hall).await
}

/// Changes what somebody needs; whoever has the code may.
///
/// # Errors
/// [`AppError::NotFound`] for no code of a registration.
pub async fn change_needs(act: &mut Act<'_>, code: &CaseCode, needs: &str, other: &str) -> Result<bool> {
    check(act.actor, Action::UsePortal)?;
    let registration = store::by_code_hash(act.tx, &code.hash()).await?.ok_or(AppError::NotFound)?;
    let dialogue = dialogues::by_id(act.tx, &registration.dialogue_id).await?.ok_or(AppError::NotFound)?;
    if registration.state == State::Cancelled || !rules::is_coming(&dialogue, act.portal.now()) {
        return Ok(false);
    }
    store::set_needs(act.tx, &registration.id, needs, other).await?;
    Ok(true)
}

/// Notes that somebody without e-mail was called.
pub async fn called(act: &mut Act<'_>, dialogue: &Dialogue, id: &str) -> Result<()> {
    check(act.actor, Action::KeepAttendance(&dialogue.body_id))?;
    let listed = store::by_id(act.tx, id).await?.filter(|listed| listed.registration.dialogue_id == dialogue.id).ok_or(AppError::NotFound)?;
    store::called(act.tx, &listed.registration.id, act.portal.now()).await
}

/// What an official sets for a hall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How many can sit.
    pub seats: Seats,
    /// Whether people may register.
    pub is_open: bool,
    /// Until when; until it begins, if none is set.
    pub closes_at: Option<DateTime<Utc>>,
    /// The version of the settings the official saw.
    pub version: i64,
}

/// How setting went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// So it is.
    Yes,
    /// Somebody else has changed it meanwhile.
    Meanwhile,
    /// More people sit already.
    Fewer(i64),
}

/// Sets seats and registration of a hall; whoever waits and fits now moves up.
pub async fn set(act: &mut Act<'_>, dialogue: &Dialogue, new: Settings) -> Result<Set> {
    check(act.actor, Action::PrepareDialogue(&dialogue.body_id))?;
    let mut hall = halls::lock(act.tx, &dialogue.id).await?;
    if hall.settings_version != new.version {
        return Ok(Set::Meanwhile);
    }
    if let Seats::Limited(seats) = new.seats
        && seats < hall.seated
    {
        return Ok(Set::Fewer(hall.seated));
    }
    hall.settings_version += 1;
    (hall.seats, hall.is_open, hall.closes_at) = (new.seats, new.is_open, new.closes_at);
    move_up(act, &mut hall).await?;
    keep(act, &mut hall).await?;
    // Everybody sees at once that registration has opened or closed.
    crate::petitions::store::register::raise_version(act.tx).await?;
    if let Some(at) = new.closes_at.filter(|at| new.is_open && *at > act.portal.now()) {
        notices::renew_at(act.tx, act.portal, &dialogue.id, at)?;
    }
    if new.is_open {
        notices::remind_before(act.tx, act.portal, dialogue)?;
    }
    Ok(Set::Yes)
}
