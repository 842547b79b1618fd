//! Booking a slot without an account, giving it back, coming.
//!
//! The code follows from the device's token and the session, so that pressing twice books once and the receipt can be shown again;
//! the database keeps a hash. One contact and one device hold a few slots at most, at all authorities together.

use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::id::secret_hash;
use crate::permissions::{Action, check};
use crate::petitions::actions::Act;
use crate::petitions::code::CaseCode;
use crate::petitions::recognition;
use crate::petitions::store::parts::CasePerson;
use crate::petitions::store::register::raise_version;
use crate::receptions::rules::State;
use crate::receptions::store::bookings::{self as store, Booking, BookingPerson};
use crate::receptions::store::sessions::{self, Reception};
use chrono::{DateTime, Timelike, Utc};

/// Slots to come that one phone or e-mail may hold.
pub const CONTACT_BOOKINGS_MAX: i64 = 2;
/// Slots to come that were booked on one device: somebody may help their neighbours.
pub const DEVICE_BOOKINGS_MAX: i64 = 4;
/// Letters of a device's hash that are kept.
const HASH_LETTERS: usize = 32;

/// How booking went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Booked {
    /// The slot is theirs.
    Yes,
    /// This device has one of this session.
    Before,
    /// No slot is free.
    Full,
    /// This contact or device holds as many as one may.
    TooMany,
}

/// Bookings of one session that one device may have given back and made anew.
const TRIES_MAX: u8 = 5;

fn code(device_token: &str, number: i64, nth: u8) -> CaseCode {
    CaseCode::of_token(&format!("reception {number} {nth} {device_token}"))
}

/// What a device has of a session: its booking that stands and the code of it; else the code of the next one. None where it has given
/// back too many.
pub async fn of_device(tx: &mut Tx, device_token: &str, number: i64) -> Result<Option<(CaseCode, Option<Booking>)>> {
    for nth in 0..TRIES_MAX {
        let code = code(device_token, number, nth);
        match store::by_code_hash(tx, &code.hash()).await? {
            Some(booking) if booking.cancelled_at.is_some() => {}
            found => return Ok(Some((code, found))),
        }
    }
    Ok(None)
}

/// Whether a slot of a session may be booked at an instant: published, and not begun.
pub fn is_open(row: &Reception, now: DateTime<Utc>) -> bool {
    let local = crate::clock::local(now);
    let minutes = i64::from(local.hour()) * 60 + i64::from(local.minute());
    row.state == State::Published && row.slots > 0 && (row.day, row.starts) > (local.date_naive(), minutes)
}

/// Books a slot for whoever holds the token.
///
/// # Errors
/// [`AppError::NotFound`] for a session that cannot be booked, [`AppError::Conflict`] if the same form came twice at one instant.
pub async fn book(act: &mut Act<'_>, number: i64, device_token: &str, person: &BookingPerson, case_id: Option<String>) -> Result<Booked> {
    check(act.actor, Action::UsePortal)?;
    let now = act.portal.now();
    let row = sessions::by_number(act.tx, number).await?.filter(|row| is_open(row, now)).ok_or(AppError::NotFound)?;
    let code_hash = match of_device(act.tx, device_token, number).await? {
        Some((_, Some(_))) => return Ok(Booked::Before),
        Some((code, None)) => code.hash(),
        None => return Ok(Booked::TooMany),
    };
    let contact = CasePerson { phone: person.phone.clone(), email: person.email.clone(), ..CasePerson::default() };
    let mut marks = recognition::of_person(act.portal.marks_key(), &contact);
    let device = vec![format!("d{}", &secret_hash("reception device", device_token)[..HASH_LETTERS])];
    let today = crate::clock::day(now);
    let holds = store::standing(act.tx, &marks, today).await?;
    if holds >= CONTACT_BOOKINGS_MAX || store::standing(act.tx, &device, today).await? >= DEVICE_BOOKINGS_MAX {
        return Ok(Booked::TooMany);
    }
    if !sessions::take(act.tx, &row.id, 1).await? {
        return Ok(Booked::Full);
    }
    let slot = store::free_slot(act.tx, &row.id, row.slots).await?.ok_or(AppError::Conflict)?;
    let booking = Booking { id: act.portal.new_id(), reception_id: row.id.clone(), slot, case_id, at: now, cancelled_at: None, arrived_at: None };
    marks.extend(device);
    if !store::insert(act.tx, &booking, &code_hash, person, &marks).await? {
        return Err(AppError::Conflict);
    }
    if row.free() == 1 {
        // Public pages say which days are full.
        raise_version(act.tx).await?;
    }
    Ok(Booked::Yes)
}

/// Gives a slot back; whoever has its code may. False if it was, or the person has come.
pub async fn cancel(act: &mut Act<'_>, code: &CaseCode) -> Result<bool> {
    check(act.actor, Action::UsePortal)?;
    let now = act.portal.now();
    let Some(booking) = store::by_code_hash(act.tx, &code.hash()).await? else { return Err(AppError::NotFound) };
    let row = sessions::by_id(act.tx, &booking.reception_id).await?.ok_or(AppError::NotFound)?;
    if row.state != State::Published || !store::cancel(act.tx, &booking.id, now).await? {
        return Ok(false);
    }
    sessions::take(act.tx, &row.id, -1).await?;
    if row.free() == 0 {
        raise_version(act.tx).await?;
    }
    Ok(true)
}

/// Notes that whoever booked has come.
pub async fn arrive(act: &mut Act<'_>, row: &Reception, booking_id: &str) -> Result<()> {
    check(act.actor, Action::KeepReceptions(&row.body_id))?;
    let booking = store::by_id(act.tx, booking_id).await?.filter(|booking| booking.reception_id == row.id).ok_or(AppError::NotFound)?;
    store::arrive(act.tx, &booking.id, act.portal.now()).await
}
