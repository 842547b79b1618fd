//! SQL of booked slots.

use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::vault::kept::{self, Kept, Purpose};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A booked slot.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Booking {
    /// Its id.
    pub id: String,
    /// The session.
    pub reception_id: String,
    /// Which slot, from 1.
    pub slot: i64,
    /// The case it is about.
    pub case_id: Option<String>,
    /// When it was booked.
    pub at: DateTime<Utc>,
    /// When it was given back.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// When the person came.
    pub arrived_at: Option<DateTime<Utc>>,
}

/// Who booked.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookingPerson {
    /// Name.
    pub name: String,
    /// Phone, as it is kept.
    pub phone: String,
    /// E-mail.
    pub email: String,
    /// The matter in a few words.
    pub matter: String,
    /// Codes of needs, apart by blanks.
    pub needs: String,
    /// Language of notices.
    pub language: String,
    /// Agrees to be received online and recorded.
    pub agrees_online: bool,
    /// They are stored, and the key is not there: nothing is known until it is.
    #[serde(skip)]
    pub is_locked: bool,
}

impl std::fmt::Debug for BookingPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BookingPerson([redacted])")
    }
}

macro_rules! booking_sql {
    ($rest:literal) => {
        concat!("SELECT id, reception_id, slot, case_id, at, cancelled_at, arrived_at FROM reception_bookings ", $rest)
    };
}

/// The booking of a code.
pub async fn by_code_hash(tx: &mut Tx, code_hash: &str) -> Result<Option<Booking>> {
    let stored = tx.stored_code(code_hash);
    tx.find(booking_sql!("WHERE code_hash = $1"), (stored,)).await
}

/// A booking.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Booking>> {
    tx.find(booking_sql!("WHERE id = $1"), (id.to_owned(),)).await
}

/// The bookings of a session that stand, by slot.
pub async fn of_session(tx: &mut Tx, reception_id: &str, limit: i64) -> Result<Vec<Booking>> {
    tx.all(booking_sql!("WHERE reception_id = $1 AND cancelled_at IS NULL ORDER BY slot LIMIT $2"), (reception_id.to_owned(), limit)).await
}

/// Who booked; empty once it was deleted.
pub async fn person(tx: &mut Tx, booking_id: &str) -> Result<BookingPerson> {
    Ok(match kept::get(tx, Purpose::Booking, booking_id).await? {
        Kept::Open(person) => person,
        Kept::Nothing => BookingPerson::default(),
        Kept::Locked => BookingPerson { is_locked: true, ..BookingPerson::default() },
    })
}

/// The bookings of a session that stand and whose person left an address for notices.
pub async fn with_email(tx: &mut Tx, reception_id: &str) -> Result<Vec<(String,)>> {
    tx.all("SELECT id FROM reception_bookings WHERE reception_id = $1 AND cancelled_at IS NULL AND has_email = TRUE ORDER BY slot", (reception_id.to_owned(),))
        .await
}

/// How many bookings from a day on stand behind one of these marks, at all authorities together.
pub async fn standing(tx: &mut Tx, marks: &[String], from: NaiveDate) -> Result<i64> {
    let mut most = 0;
    for mark in marks {
        let (n,): (i64,) = tx
            .one(
                "SELECT count(*)
                 FROM reception_booking_marks m
                 JOIN reception_bookings b ON b.id = m.booking_id
                 JOIN receptions r ON r.id = b.reception_id
                 WHERE m.mark = $1 AND b.cancelled_at IS NULL AND r.day >= $2",
                (mark.clone(), from),
            )
            .await?;
        most = most.max(n);
    }
    Ok(most)
}

/// The lowest slot nobody has.
pub async fn free_slot(tx: &mut Tx, reception_id: &str, slots: i64) -> Result<Option<i64>> {
    let taken: Vec<(i64,)> =
        tx.all("SELECT slot FROM reception_bookings WHERE reception_id = $1 AND cancelled_at IS NULL ORDER BY slot", (reception_id.to_owned(),)).await?;
    Ok((1..=slots).find(|slot| !taken.contains(&(*slot,))))
}

/// Adds a booking with its person and marks. False if the code or the slot is taken already.
pub async fn insert(tx: &mut Tx, booking: &Booking, code_hash: &str, person: &BookingPerson, marks: &[String]) -> Result<bool> {
    let stored = tx.stored_code(code_hash);
    let rows = tx
        .exec(
            "INSERT INTO reception_bookings (id, reception_id, slot, code_hash, case_id, at, has_email) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT DO NOTHING",
            (booking.id.clone(), booking.reception_id.clone(), booking.slot, stored, booking.case_id.clone(), booking.at, !person.email.is_empty()),
        )
        .await?;
    if rows == 0 {
        return Ok(false);
    }
    kept::put(tx, Purpose::Booking, &booking.id, person)?;
    for mark in marks {
        tx.exec("INSERT INTO reception_booking_marks (mark, booking_id) VALUES ($1, $2)", (mark.clone(), booking.id.clone())).await?;
    }
    Ok(true)
}

/// Gives a slot back; false if it was.
pub async fn cancel(tx: &mut Tx, id: &str, at: DateTime<Utc>) -> Result<bool> {
    let rows =
        tx.exec("UPDATE reception_bookings SET cancelled_at = $2 WHERE id = $1 AND cancelled_at IS NULL AND arrived_at IS NULL", (id.to_owned(), at)).await?;
    Ok(rows == 1)
}

/// Notes that the person came.
///
/// # Errors
/// [`AppError::Conflict`] if the slot was given back.
pub async fn arrive(tx: &mut Tx, id: &str, at: DateTime<Utc>) -> Result<()> {
    let rows =
        tx.exec("UPDATE reception_bookings SET arrived_at = COALESCE(arrived_at, $2) WHERE id = $1 AND cancelled_at IS NULL", (id.to_owned(), at)).await?;
    if rows == 1 { Ok(()) } else { Err(AppError::Conflict) }
}

/// Seals who booked before they were sealed, and deletes where they stood; gives how many.
pub async fn seal_open(tx: &mut Tx, limit: i64) -> Result<usize> {
    type Row = (String, String, String, String, String, String, String, bool);
    let rows: Vec<Row> = tx
        .all(
            "SELECT booking_id, name, phone, email, matter, needs, language, agrees_online FROM reception_booking_people ORDER BY booking_id LIMIT $1",
            (limit,),
        )
        .await?;
    let n = rows.len();
    for (id, name, phone, email, matter, needs, language, agrees_online) in rows {
        kept::put(tx, Purpose::Booking, &id, &BookingPerson { name, phone, email, matter, needs, language, agrees_online, is_locked: false })?;
        tx.later("DELETE FROM reception_booking_people WHERE booking_id = $1", (id,))?;
    }
    Ok(n)
}
