//! SQL of the hall: one row for each dialogue, changed first by whatever changes who sits, who waits or who came.

use crate::db::Tx;
use crate::dialogues::attendance::rules::Seats;
use crate::error::{AppError, Result};
use chrono::{DateTime, Utc};

/// The hall of a dialogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hall {
    /// The dialogue.
    pub dialogue_id: String,
    /// How many can sit.
    pub seats: Seats,
    /// Whether people may register by themselves.
    pub is_open: bool,
    /// Until when; until it begins, if none is set.
    pub closes_at: Option<DateTime<Utc>>,
    /// People with a seat.
    pub seated: i64,
    /// People on the wait list.
    pub waiting: i64,
    /// The number of the last registration.
    pub last_number: i64,
    /// People who came without registering.
    pub walk_ins: i64,
    /// Whether the public page is about to be renewed.
    pub is_telling: bool,
    /// How often the settings were changed.
    pub settings_version: i64,
}

impl Hall {
    /// One of which nothing was said yet: nobody registers, whoever comes may sit.
    pub fn of(dialogue_id: &str) -> Self {
        Self {
            dialogue_id: dialogue_id.to_owned(),
            seats: Seats::Unlimited,
            is_open: false,
            closes_at: None,
            seated: 0,
            waiting: 0,
            last_number: 0,
            walk_ins: 0,
            is_telling: false,
            settings_version: 0,
        }
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    dialogue_id: String,
    kind: String,
    seats: i64,
    is_open: bool,
    closes_at: Option<DateTime<Utc>>,
    seated: i64,
    waiting: i64,
    last_number: i64,
    walk_ins: i64,
    is_telling: bool,
    settings_version: i64,
}

impl Row {
    fn hall(self) -> Result<Hall> {
        let seats = Seats::from_code(&self.kind, self.seats).ok_or_else(|| AppError::internal("a hall of an unknown kind"))?;
        Ok(Hall {
            dialogue_id: self.dialogue_id,
            seats,
            is_open: self.is_open,
            closes_at: self.closes_at,
            seated: self.seated,
            waiting: self.waiting,
            last_number: self.last_number,
            walk_ins: self.walk_ins,
            is_telling: self.is_telling,
            settings_version: self.settings_version,
        })
    }
}

/// The hall of a dialogue, if something was said of it.
pub async fn of(tx: &mut Tx, dialogue_id: &str) -> Result<Option<Hall>> {
    let row: Option<Row> = tx
        .find(
            "SELECT dialogue_id, kind, seats, is_open, closes_at, seated, waiting, last_number, walk_ins, is_telling, settings_version
             FROM dialogue_halls
             WHERE dialogue_id = $1",
            (dialogue_id.to_owned(),),
        )
        .await?;
    row.map(Row::hall).transpose()
}

/// The same for a change: whoever comes second waits here until the first is done. Makes the row if there is none.
pub async fn lock(tx: &mut Tx, dialogue_id: &str) -> Result<Hall> {
    tx.exec(
        "INSERT INTO dialogue_halls (dialogue_id, kind, seats, is_open, seated, waiting, last_number, walk_ins, is_telling, settings_version, version)
         VALUES ($1, 'unlimited', 0, FALSE, 0, 0, 0, 0, FALSE, 0, 0)
         ON CONFLICT (dialogue_id) DO NOTHING",
        (dialogue_id.to_owned(),),
    )
    .await?;
    let row: Row = tx
        .one(
            "UPDATE dialogue_halls
             SET version = version + 1
             WHERE dialogue_id = $1
             RETURNING dialogue_id, kind, seats, is_open, closes_at, seated, waiting, last_number, walk_ins, is_telling, settings_version",
            (dialogue_id.to_owned(),),
        )
        .await?;
    row.hall()
}

/// Writes a locked hall back.
pub async fn put(tx: &mut Tx, hall: &Hall) -> Result<()> {
    tx.exec(
        "UPDATE dialogue_halls
         SET kind = $2, seats = $3, is_open = $4, closes_at = $5, seated = $6, waiting = $7, last_number = $8, walk_ins = $9, is_telling = $10,
             settings_version = $11
         WHERE dialogue_id = $1",
        (
            hall.dialogue_id.clone(),
            hall.seats.code().to_owned(),
            hall.seats.number(),
            hall.is_open,
            hall.closes_at,
            hall.seated,
            hall.waiting,
            hall.last_number,
            hall.walk_ins,
            hall.is_telling,
            hall.settings_version,
        ),
    )
    .await?;
    Ok(())
}

/// The public page is being renewed: the next change asks for it anew.
pub async fn end_telling(tx: &mut Tx, dialogue_id: &str) -> Result<()> {
    tx.exec("UPDATE dialogue_halls SET is_telling = FALSE WHERE dialogue_id = $1", (dialogue_id.to_owned(),)).await?;
    Ok(())
}

/// Notes that a beginning is being reminded of; false if it was.
pub async fn remind(tx: &mut Tx, dialogue_id: &str, begins_at: DateTime<Utc>) -> Result<bool> {
    let rows = tx
        .exec(
            "UPDATE dialogue_halls SET reminded_for = $2 WHERE dialogue_id = $1 AND (reminded_for IS NULL OR reminded_for <> $2)",
            (dialogue_id.to_owned(), begins_at),
        )
        .await?;
    Ok(rows == 1)
}
