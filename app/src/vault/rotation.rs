//! Changing keys while the portal runs, and sealing what was written before there were keys.

use super::store;
use crate::accounts::second::store as factors;
use crate::db::{Db, Kind, Tx};
use crate::dialogues::attendance::store::registrations;
use crate::dialogues::questions::store::{self as questions, supports};
use crate::error::{AppError, Result};
use crate::petitions::recognition;
use crate::petitions::store::{people, sealing};
use crate::receptions::store::{bookings, visits};
use crate::relations::store::links;
use std::time::{Duration, Instant};

/// Rows in one transaction: few, so that whoever files meanwhile hardly waits.
const PORTION_ROWS: i64 = 200;
/// The shortest pause between two portions.
const PAUSE_MIN: Duration = Duration::from_millis(10);

/// What became of the rows that are not sealed with the newest key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rotated {
    /// Wrapped anew.
    pub done: u64,
    /// Left: their key is not on the ring, or they were changed.
    pub unreadable: u64,
}

/// Wraps every row anew that is not sealed with the key that seals now. Cut off in the middle, it goes on the next time.
///
/// # Errors
/// [`AppError::Config`] without a key; a database that fails.
pub async fn rotate(db: &Db) -> Result<Rotated> {
    let sealing = db.vault().ring().sealing().map(|key| key.name.clone()).ok_or_else(|| AppError::config("there is no key"))?;
    let mut rotated = Rotated::default();
    for table in store::TABLES {
        let mut after = (String::new(), String::new());
        while let Some((last, portion)) = rotate_portion(db, table, &sealing, &after).await? {
            after = last;
            rotated.done += portion.done;
            rotated.unreadable += portion.unreadable;
        }
    }
    rotate_secrets(db, &sealing, &mut rotated).await?;
    Ok(rotated)
}

/// One portion of a table, behind a row; gives the last row it looked at. None: there is no more.
async fn rotate_portion(db: &Db, table: store::Table, sealing: &str, after: &(String, String)) -> Result<Option<((String, String), Rotated)>> {
    let (started, mut rotated) = (Instant::now(), Rotated::default());
    let mut tx = db.write().await?;
    let rows = store::sealed_otherwise(&mut tx, table, sealing, after, PORTION_ROWS).await?;
    let Some(last) = rows.last() else { return Ok(None) };
    let last = (last.purpose.clone(), last.owner_id.clone());
    for row in &rows {
        match db.vault().rewrap(&row.about(), &row.sealed) {
            Some(anew) => rotated.done += u64::from(store::replace(&mut tx, table, row, &anew).await?),
            None => rotated.unreadable += 1,
        }
    }
    tx.commit().await?;
    // Another process may serve the same file: half of the time is theirs, or people are told that the portal is busy.
    tokio::time::sleep(started.elapsed().max(PAUSE_MIN)).await;
    Ok(Some((last, rotated)))
}

/// The same for the secrets of officials' second factors: few, each in a transaction of its own.
async fn rotate_secrets(db: &Db, sealing: &str, rotated: &mut Rotated) -> Result<()> {
    let mut after = String::new();
    loop {
        let mut tx = db.write().await?;
        let rows = factors::sealed_otherwise(&mut tx, sealing, &after, 1).await?;
        let Some(row) = rows.first() else { return Ok(()) };
        after.clone_from(&row.id);
        match db.vault().rewrap(&factors::about_secret(&row.id), &row.sealed) {
            Some(anew) => rotated.done += u64::from(factors::replace_envelope(&mut tx, row, &anew).await?),
            None => rotated.unreadable += 1,
        }
        tx.commit().await?;
    }
}

/// How many rows are sealed with each key, by its name.
///
/// # Errors
/// A database that fails.
pub async fn by_key(db: &Db) -> Result<Vec<(String, i64)>> {
    store::by_key(&mut db.read().await?).await
}

/// Seals what was written before it was sealed, and overwrites where it stood. Gives how many rows. Cut off in the middle, it goes on at the
/// next start.
///
/// # Errors
/// [`AppError::Unavailable`] without a key; a database that fails.
pub async fn seal_what_is_open(db: &Db, marks_key: &recognition::Key) -> Result<u64> {
    let mut tx = db.read().await?;
    let (has_people, has_values) = (!people::open_people(&mut tx, 1).await?.is_empty(), store::has_open_values(&mut tx).await?);
    drop(tx);
    if !has_people && !has_values {
        return Ok(0);
    }
    let mut sealed = 0;
    loop {
        let mut tx = db.write().await?;
        if tx.kind() == Kind::Sqlite {
            // What is deleted is overwritten with zeros, not only forgotten.
            tx.exec("PRAGMA secure_delete = ON", ()).await?;
        }
        let rows = seal_portion(&mut tx, marks_key).await?;
        if rows == 0 {
            store::set_values_sealed(&mut tx).await?;
            if tx.kind() == Kind::Sqlite {
                tx.exec("PRAGMA secure_delete = FAST", ()).await?;
            }
        }
        tx.commit().await?;
        if rows == 0 {
            return Ok(sealed);
        }
        sealed += u64::try_from(rows).unwrap_or(0);
    }
}

/// Seals the next rows of the first kind that has any in the open; gives how many.
async fn seal_portion(tx: &mut Tx, marks_key: &recognition::Key) -> Result<usize> {
    let people = people::open_people(tx, PORTION_ROWS).await?;
    for (owner_id, person) in &people {
        people::insert_person(tx, owner_id, person)?;
        people::delete_open_person(tx, owner_id)?;
    }
    if !people.is_empty() {
        return Ok(people.len());
    }
    let mut rows = bookings::seal_open(tx, PORTION_ROWS).await?;
    if rows == 0 {
        rows = visits::seal_open(tx, PORTION_ROWS).await?;
    }
    if rows == 0 {
        rows = registrations::seal_open(tx, PORTION_ROWS).await?;
    }
    if rows == 0 {
        rows = questions::seal_open(tx, PORTION_ROWS).await?;
    }
    if rows == 0 {
        rows = supports::seal_open(tx, PORTION_ROWS).await?;
    }
    if rows == 0 {
        rows = crate::commitments::following::seal_open(tx, marks_key, PORTION_ROWS).await?;
    }
    if rows == 0 {
        rows = sealing::seal_open(tx, PORTION_ROWS).await?;
    }
    if rows == 0 {
        rows = links::seal_open(tx, PORTION_ROWS).await?;
    }
    if rows == 0 {
        rows = crate::letters::store::seal_open(tx, PORTION_ROWS).await?;
    }
    if rows == 0 {
        rows = visits::seal_open_papers(tx, PORTION_ROWS).await?;
    }
    Ok(rows)
}
