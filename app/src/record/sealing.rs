//! Closing pages, publishing the link of each day, and hashing what is from before there were hashes or keys.

use super::mark::Seen;
use super::rules::{Page, PageSum, RecordKey, Sealed};
use super::store::{self, Anchor, KeySince};
use crate::clock;
use crate::db::Db;
use crate::error::{AppError, Result};
use crate::portal::Portal;
use chrono::{DateTime, Duration, NaiveTime, Utc};

/// Entries of cases, and as many deeds, on one page.
pub const PAGE_ENTRIES: i64 = 1_000;
/// A page that is not full is closed so long after the one before: the longest time in which an entry hangs on its own case alone.
pub const PAGE_WAIT: Duration = Duration::seconds(10);

/// What opening the record found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It goes on as it was.
    GoesOn,
    /// This is the first time with this key: what was there without a hash has one now, so many entries.
    First(u64),
    /// The data folder has seen a record that is not in the database.
    Differs,
}

/// Opens the record at a start. The first time with a key everything that is there goes onto pages, and the key says since when it makes
/// hashes. Only then: what loses its hash later is found, not mended. Cut off in the middle it goes on the next time.
///
/// # Errors
/// A database or disk that fails.
pub async fn begin(portal: &Portal) -> Result<Begun> {
    let (db, key) = (portal.db(), portal.record_key());
    let known = store::key_since(&mut db.look().await?, &key.name()).await?;
    if !fits_mark(portal).await? || (known.is_none() && portal.record_mark().seen().is_some()) {
        return Ok(Begun::Differs);
    }
    let begun = match known {
        Some(_) => Begun::GoesOn,
        None => Begun::First(first(db, key, portal.now()).await?),
    };
    if portal.record_mark().seen().is_none() {
        keep_mark(portal).await?;
    }
    Ok(begun)
}

/// The first time with a key; gives how many entries had no hash.
async fn first(db: &Db, key: &RecordKey, now: DateTime<Utc>) -> Result<u64> {
    let hashed = hash_all(db, key, now).await?;
    while close_page(db, key, now).await? > 0 {}
    let mut tx = db.write().await?;
    let after_page = store::last_page(&mut tx).await?.map_or(0, |page| page.page);
    let seal = key.seal(&since(&key.name(), after_page));
    store::insert_key_since(&mut tx, &KeySince { key_name: key.name(), after_page, seal }).await?;
    tx.commit().await?;
    Ok(hashed)
}

/// What the seal of a key's beginning is over.
fn since(key_name: &str, after_page: i64) -> String {
    format!("key {key_name} after page {after_page}")
}

/// The last page from before the key: up to there hashes may have been made without one. None where that was changed.
pub(super) fn last_page_without(key: &RecordKey, since_key: Option<&KeySince>) -> Option<i64> {
    let row = since_key.filter(|row| row.key_name == key.name())?;
    (key.check(&since(&row.key_name, row.after_page), &row.seal) == Sealed::Well).then_some(row.after_page)
}

/// Whether the page the data folder has seen last is still in the database.
async fn fits_mark(portal: &Portal) -> Result<bool> {
    let Some(seen) = portal.record_mark().seen() else { return Ok(true) };
    Ok(store::link_of(&mut portal.db().look().await?, seen.page).await?.is_some_and(|link| link == seen.link))
}

/// Keeps the last page outside of the database.
async fn keep_mark(portal: &Portal) -> Result<()> {
    let Some(page) = store::last_page(&mut portal.db().look().await?).await? else { return Ok(()) };
    let mark = portal.record_mark().clone();
    tokio::task::spawn_blocking(move || mark.keep(Seen::from(&page)))
        .await
        .map_err(AppError::internal)?
        .map_err(|error| AppError::config(format!("the mark of the record cannot be kept: {error}")))
}

/// Takes what is in the database for the record from here on: it was put back from a copy on purpose. Gives the page that was seen last before,
/// and the last one there is.
///
/// # Errors
/// A database or disk that fails.
pub async fn accept(portal: &Portal) -> Result<(Option<i64>, Option<i64>)> {
    let seen = portal.record_mark().seen().map(|seen| seen.page);
    let (db, key) = (portal.db(), portal.record_key());
    if store::key_since(&mut db.look().await?, &key.name()).await?.is_none() {
        first(db, key, portal.now()).await?;
    }
    keep_mark(portal).await?;
    let found = store::last_page(&mut db.look().await?).await?.map(|page| page.page);
    Ok((seen, found))
}

/// Hashes all entries from before there were hashes, and puts them on pages. Gives how many there were.
async fn hash_all(db: &Db, key: &RecordKey, now: DateTime<Utc>) -> Result<u64> {
    let mut hashed = 0;
    loop {
        let mut tx = db.write().await?;
        let mut rows = store::unhashed(&mut tx, PAGE_ENTRIES).await?;
        let Some(first) = rows.first() else { return Ok(hashed) };
        let mut before = match first.seq {
            1 => String::new(),
            seq => store::hash_of(&mut tx, &first.case_id, seq - 1).await?.unwrap_or_default(),
        };
        let last = store::last_page(&mut tx).await?;
        let number = last.as_ref().map_or(1, |page| page.page + 1);
        if !store::claim_page(&mut tx, number, now).await? {
            // Another process does the same; what it leaves is seen at the next look.
            continue;
        }
        let mut sum = PageSum::new();
        for row in &mut rows {
            if row.seq == 1 {
                before.clear();
            }
            (row.hash, row.page) = (row.expected_hash(&before, key), number);
            store::set_hash(&mut tx, row)?;
            sum.add(&row.hash);
            before.clone_from(&row.hash);
        }
        store::set_page(&mut tx, &Page::after(last.as_ref(), now, sum, key)).await?;
        tx.commit().await?;
        hashed += u64::try_from(rows.len()).unwrap_or(0);
    }
}

/// What a look of the worker at the record made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Nothing more to do.
    Rests,
    /// A full page was closed: there may be more.
    GoesOn,
    /// The data folder has seen a record that is not in the database: no page is closed.
    Differs,
}

/// Keeps yesterday's anchor if it is missing, then closes a page if enough is loose or the last one is long enough ago.
///
/// # Errors
/// A database or disk that fails.
pub async fn turn(portal: &Portal) -> Result<Turn> {
    let now = portal.now();
    let mut tx = portal.db().read().await?;
    let last = store::last_page(&mut tx).await?;
    let loose = store::loose(&mut tx, PAGE_ENTRIES).await?;
    drop(tx);
    if !fits_mark(portal).await? {
        return Ok(Turn::Differs);
    }
    keep_anchor(portal, last.as_ref(), now).await?;
    let is_time = last.as_ref().is_none_or(|page| page.at + PAGE_WAIT <= now);
    let is_due = loose >= PAGE_ENTRIES || (loose > 0 && is_time);
    let closed = if is_due { close_page(portal.db(), portal.record_key(), now).await? } else { 0 };
    // Another process may have closed one.
    if closed > 0 || last.map(|page| page.page) > portal.record_mark().seen().map(|seen| seen.page) {
        keep_mark(portal).await?;
    }
    Ok(if closed >= PAGE_ENTRIES { Turn::GoesOn } else { Turn::Rests })
}

/// Closes pages until nothing is loose: before a process ends, so that nothing waits for the next.
///
/// # Errors
/// A database or disk that fails.
pub async fn rest(portal: &Portal) -> Result<()> {
    if !fits_mark(portal).await? {
        return Ok(());
    }
    while close_page(portal.db(), portal.record_key(), portal.now()).await? > 0 {}
    keep_mark(portal).await
}

/// Closes a page with what is loose; gives how many entries it has. None if another process was faster or nothing is loose.
///
/// # Errors
/// A database that fails.
pub async fn close_page(db: &Db, key: &RecordKey, now: DateTime<Utc>) -> Result<i64> {
    let mut tx = db.write().await?;
    let last = store::last_page(&mut tx).await?;
    let number = last.as_ref().map_or(1, |page| page.page + 1);
    if !store::claim_page(&mut tx, number, now).await? {
        return Ok(0);
    }
    let sum = store::fill_page(&mut tx, number, PAGE_ENTRIES).await?;
    let page = Page::after(last.as_ref(), now, sum, key);
    if page.entries == 0 {
        return Ok(0);
    }
    store::set_page(&mut tx, &page).await?;
    tx.commit().await?;
    Ok(page.entries)
}

/// The anchor of the day before today: the last page that was closed before today.
async fn keep_anchor(portal: &Portal, last: Option<&Page>, now: DateTime<Utc>) -> Result<()> {
    let today = clock::day(now);
    let Some(yesterday) = today.pred_opt().filter(|_| last.is_some()) else { return Ok(()) };
    let mut tx = portal.db().read().await?;
    if store::last_anchor(&mut tx).await?.is_some_and(|anchor| anchor.day >= yesterday) {
        return Ok(());
    }
    let Some(page) = store::last_page_before(&mut tx, clock::instant(today, NaiveTime::MIN)).await? else { return Ok(()) };
    drop(tx);
    let seal = portal.record_key().seal(&anchored(&yesterday.to_string(), &page.link));
    let mut tx = portal.db().write().await?;
    store::insert_anchor(&mut tx, &Anchor { day: yesterday, page: page.page, link: page.link, seal }).await?;
    crate::petitions::store::register::raise_version(&mut tx).await?;
    tx.commit().await
}

/// What the seal of an anchor is over.
pub(super) fn anchored(day: &str, link: &str) -> String {
    format!("{day} {link}")
}
