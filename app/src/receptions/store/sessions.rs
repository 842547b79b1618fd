//! SQL of the sessions.

use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::receptions::counting::Session;
use crate::receptions::rules::{Kind, Mode, Receiver, State};
use chrono::{DateTime, NaiveDate, Utc};

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Reception {
    /// Its id.
    pub id: String,
    /// Its public number.
    pub number: i64,
    /// The authority.
    pub body_id: String,
    /// The day.
    pub day: NaiveDate,
    /// Begin, in minutes after midnight.
    pub starts: i64,
    /// End, likewise.
    pub ends: i64,
    /// The kind.
    pub kind: Kind,
    /// Where people sit.
    pub mode: Mode,
    /// Who is to receive.
    pub receiver: Receiver,
    /// The same by post.
    pub post: String,
    /// The place in words.
    pub place: String,
    /// What it is expected to be about.
    pub topics: String,
    /// How many may book.
    pub slots: i64,
    /// How many have.
    pub taken: i64,
    /// Where it stands.
    pub state: State,
    /// When it was published.
    pub published_on: Option<NaiveDate>,
    /// Why later than the law asks; empty if in time.
    pub late_reason: String,
    /// When the connection was tested.
    pub tested_on: Option<NaiveDate>,
    /// Who received in fact.
    pub held_by: Option<Receiver>,
    /// Why it did not take place.
    pub missed_reason: String,
    /// The session it moved to.
    pub moved_to: Option<String>,
    /// Raised with every change.
    pub version: i64,
}

impl Reception {
    /// What the counting needs of it.
    pub fn session(&self) -> Session {
        Session { day: self.day, kind: self.kind, state: self.state, held_by: self.held_by }
    }

    /// Slots nobody has.
    pub fn free(&self) -> i64 {
        self.slots - self.taken
    }
}

/// The next public number.
pub async fn next_number(tx: &mut Tx) -> Result<i64> {
    let (number,): (i64,) = tx.one("UPDATE counters SET value = value + 1 WHERE name = 'reception_number' RETURNING value", ()).await?;
    Ok(number)
}

/// Adds a session.
pub async fn insert(tx: &mut Tx, row: Reception) -> Result<()> {
    tx.exec(
        "INSERT INTO receptions (id, number, body_id, day, starts, ends, kind, mode, receiver, post, place, topics, slots, state, published_on, late_reason,
           held_by, version, taken, tested_on, missed_reason, moved_to)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 1, 0, NULL, '', NULL)",
        (
            row.id,
            row.number,
            row.body_id,
            row.day,
            row.starts,
            row.ends,
            row.kind,
            row.mode,
            row.receiver,
            row.post,
            row.place,
            row.topics,
            row.slots,
            row.state,
            row.published_on,
            row.late_reason,
            row.held_by,
        ),
    )
    .await?;
    Ok(())
}

/// Writes all that may change; the version rises by one. `row.version` is the one that was seen.
///
/// # Errors
/// [`AppError::Conflict`] if somebody was faster.
pub async fn update(tx: &mut Tx, row: &Reception) -> Result<()> {
    let row = row.clone();
    let rows = tx
        .exec(
            "UPDATE receptions
             SET day = $3, starts = $4, ends = $5, kind = $6, mode = $7, receiver = $8, post = $9, place = $10, topics = $11, slots = $12, state = $13,
                 published_on = $14, late_reason = $15, tested_on = $16, held_by = $17, missed_reason = $18, moved_to = $19, version = version + 1
             WHERE id = $1 AND version = $2",
            (
                row.id,
                row.version,
                row.day,
                row.starts,
                row.ends,
                row.kind,
                row.mode,
                row.receiver,
                row.post,
                row.place,
                row.topics,
                row.slots,
                row.state,
                row.published_on,
                row.late_reason,
                row.tested_on,
                row.held_by,
                row.missed_reason,
                row.moved_to,
            ),
        )
        .await?;
    if rows == 1 { Ok(()) } else { Err(AppError::Conflict) }
}

/// Deletes a draft; false if it is none any more.
pub async fn delete_draft(tx: &mut Tx, id: &str) -> Result<bool> {
    tx.exec("DELETE FROM reception_acts WHERE reception_id = $1 AND EXISTS (SELECT 1 FROM receptions WHERE id = $1 AND state = 'draft')", (id.to_owned(),))
        .await?;
    Ok(tx.exec("DELETE FROM receptions WHERE id = $1 AND state = 'draft'", (id.to_owned(),)).await? == 1)
}

/// Notes what was done.
pub async fn add_act(tx: &mut Tx, id: &str, version: i64, at: DateTime<Utc>, account_id: Option<String>, act: &'static str) -> Result<()> {
    tx.exec(
        "INSERT INTO reception_acts (reception_id, version, at, account_id, act) VALUES ($1, $2, $3, $4, $5)",
        (id.to_owned(), version, at, account_id, act.to_owned()),
    )
    .await?;
    Ok(())
}

/// One thing that was done.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Done {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub name: Option<String>,
    /// What.
    pub act: String,
}

/// What was done to a session, the latest first.
pub async fn acts(tx: &mut Tx, id: &str, limit: i64) -> Result<Vec<Done>> {
    tx.all(
        "SELECT a.at, o.display_name AS name, a.act
         FROM reception_acts a
         LEFT JOIN accounts o ON o.id = a.account_id
         WHERE a.reception_id = $1
         ORDER BY a.version DESC
         LIMIT $2",
        (id.to_owned(), limit),
    )
    .await
}

/// A session.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Reception>> {
    tx.find("SELECT * FROM receptions WHERE id = $1", (id.to_owned(),)).await
}

/// A session by its public number; no draft.
pub async fn by_number(tx: &mut Tx, number: i64) -> Result<Option<Reception>> {
    tx.find("SELECT * FROM receptions WHERE number = $1 AND state <> 'draft'", (number,)).await
}

/// The session that another moved to this one.
pub async fn moved_from(tx: &mut Tx, id: &str) -> Result<Option<Reception>> {
    tx.find("SELECT * FROM receptions WHERE moved_to = $1", (id.to_owned(),)).await
}

/// Sessions of an authority, drafts among them, in order.
pub async fn of_body(tx: &mut Tx, body_id: &str, first: NaiveDate, last: NaiveDate, limit: i64) -> Result<Vec<Reception>> {
    tx.all(
        "SELECT * FROM receptions WHERE body_id = $1 AND day BETWEEN $2 AND $3 ORDER BY day, starts, number LIMIT $4",
        (body_id.to_owned(), first, last, limit),
    )
    .await
}

/// Published sessions of all authorities from `first` to `last`, in order.
pub async fn public_between(tx: &mut Tx, first: NaiveDate, last: NaiveDate, limit: i64) -> Result<Vec<Reception>> {
    tx.all("SELECT * FROM receptions WHERE day BETWEEN $1 AND $2 AND state <> 'draft' ORDER BY day, body_id, starts, number LIMIT $3", (first, last, limit))
        .await
}

/// The next sessions from a day on that are still to come, of all authorities.
pub async fn coming(tx: &mut Tx, from: NaiveDate, limit: i64) -> Result<Vec<Reception>> {
    tx.all(
        "SELECT * FROM receptions WHERE day >= $1 AND state <> 'draft' AND state = 'published' ORDER BY day, body_id, starts, number LIMIT $2",
        (from, limit),
    )
    .await
}

/// The next sessions of one authority from a day on that are still to come.
pub async fn coming_of(tx: &mut Tx, body_id: &str, from: NaiveDate, limit: i64) -> Result<Vec<Reception>> {
    tx.all(
        "SELECT * FROM receptions WHERE body_id = $1 AND day >= $2 AND state = 'published' ORDER BY day, starts, number LIMIT $3",
        (body_id.to_owned(), from, limit),
    )
    .await
}

/// How many published sessions there are on each day, of all authorities.
pub async fn counts(tx: &mut Tx, first: NaiveDate, last: NaiveDate) -> Result<Vec<(NaiveDate, i64)>> {
    tx.all("SELECT day, count(*) FROM receptions WHERE day BETWEEN $1 AND $2 AND state <> 'draft' GROUP BY day ORDER BY day", (first, last)).await
}

/// The first public day of all; none while there is none.
pub async fn first_day(tx: &mut Tx) -> Result<Option<NaiveDate>> {
    let row: Option<(NaiveDate,)> = tx.find("SELECT day FROM receptions WHERE state <> 'draft' ORDER BY day, body_id LIMIT 1", ()).await?;
    Ok(row.map(|(day,)| day))
}

/// What came of the public sessions of all authorities, by authority.
pub async fn outcomes(tx: &mut Tx, first: NaiveDate, last: NaiveDate, limit: i64) -> Result<Vec<(String, Session)>> {
    let rows: Vec<(String, NaiveDate, Kind, State, Option<Receiver>)> = tx
        .all(
            "SELECT body_id, day, kind, state, held_by FROM receptions WHERE day BETWEEN $1 AND $2 AND state <> 'draft' ORDER BY day, body_id LIMIT $3",
            (first, last, limit),
        )
        .await?;
    Ok(rows.into_iter().map(|(body_id, day, kind, state, held_by)| (body_id, Session { day, kind, state, held_by })).collect())
}

/// The first and the last public day of an authority; none while it has none.
pub async fn span(tx: &mut Tx, body_id: &str) -> Result<Option<(NaiveDate, NaiveDate)>> {
    let first: Option<(NaiveDate,)> =
        tx.find("SELECT day FROM receptions WHERE body_id = $1 AND state <> 'draft' ORDER BY day LIMIT 1", (body_id.to_owned(),)).await?;
    let last: Option<(NaiveDate,)> =
        tx.find("SELECT day FROM receptions WHERE body_id = $1 AND state <> 'draft' ORDER BY day DESC LIMIT 1", (body_id.to_owned(),)).await?;
    Ok(first.zip(last).map(|((first,), (last,))| (first, last)))
}

/// Takes or gives back slots; false where that many are not there.
pub async fn take(tx: &mut Tx, id: &str, by: i64) -> Result<bool> {
    let rows = tx
        .exec("UPDATE receptions SET taken = taken + $2 WHERE id = $1 AND state = 'published' AND taken + $2 BETWEEN 0 AND slots", (id.to_owned(), by))
        .await?;
    Ok(rows == 1)
}

/// Takes the booked slots from a session to the one it moved to.
pub async fn move_bookings(tx: &mut Tx, from: &str, to: &str) -> Result<()> {
    tx.exec("UPDATE reception_bookings SET reception_id = $2 WHERE reception_id = $1 AND cancelled_at IS NULL", (from.to_owned(), to.to_owned())).await?;
    tx.exec("UPDATE receptions SET taken = (SELECT r.taken FROM receptions r WHERE r.id = $1) WHERE id = $2", (from.to_owned(), to.to_owned())).await?;
    tx.exec("UPDATE receptions SET taken = 0 WHERE id = $1", (from.to_owned(),)).await?;
    Ok(())
}
