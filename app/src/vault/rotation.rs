//! Changing keys while the portal runs, and sealing what was written before there were keys.

use super::store;
use crate::accounts::second::store as factors;
use crate::db::{Db, Kind};
use crate::error::{AppError, Result};
use crate::petitions::store::people;
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
    let vault = db.vault();
    let sealing = vault.ring().sealing().map(|key| key.name.clone()).ok_or_else(|| AppError::config("there is no key"))?;
    let (mut after, mut rotated) = (String::new(), Rotated::default());
    loop {
        let started = Instant::now();
        let mut tx = db.write().await?;
        let rows = store::sealed_otherwise(&mut tx, &sealing, &after, PORTION_ROWS).await?;
        let Some(last) = rows.last() else { break };
        after.clone_from(&last.owner_id);
        for row in &rows {
            match vault.rewrap(&people::about_person(&row.owner_id), &row.sealed) {
                Some(anew) => rotated.done += u64::from(store::replace(&mut tx, row, &anew).await?),
                None => rotated.unreadable += 1,
            }
        }
        tx.commit().await?;
        // Another process may serve the same file: half of the time is theirs, or people are told that the portal is busy.
        tokio::time::sleep(started.elapsed().max(PAUSE_MIN)).await;
    }
    rotate_secrets(db, &sealing, &mut rotated).await?;
    Ok(rotated)
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

/// Seals the people that were written before there were keys, and overwrites where they stood. Gives how many.
///
/// # Errors
/// [`AppError::Unavailable`] without a key; a database that fails.
pub async fn seal_what_is_open(db: &Db) -> Result<u64> {
    if people::open_people(&mut db.read().await?, 1).await?.is_empty() {
        return Ok(0);
    }
    let mut sealed = 0;
    loop {
        let mut tx = db.write().await?;
        if tx.kind() == Kind::Sqlite {
            // What is deleted is overwritten with zeros, not only forgotten.
            tx.exec("PRAGMA secure_delete = ON", ()).await?;
        }
        let people = people::open_people(&mut tx, PORTION_ROWS).await?;
        for (owner_id, person) in &people {
            people::insert_person(&mut tx, owner_id, person)?;
            people::delete_open_person(&mut tx, owner_id)?;
        }
        if tx.kind() == Kind::Sqlite && people.is_empty() {
            tx.exec("PRAGMA secure_delete = FAST", ()).await?;
        }
        tx.commit().await?;
        if people.is_empty() {
            return Ok(sealed);
        }
        sealed += u64::try_from(people.len()).unwrap_or(0);
    }
}
