//! Closing pages, publishing the link of each day, and hashing what is from before there were hashes.

use super::rules::{Page, PageSum, SealKey};
use super::store::{self, Anchor};
use crate::clock;
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::portal::Portal;
use chrono::{DateTime, Duration, NaiveTime, Utc};

/// Entries of cases, and as many deeds, on one page.
pub const PAGE_ENTRIES: i64 = 1_000;
/// A page that is not full is closed so long after the one before: the longest time in which an entry hangs on its own case alone.
pub const PAGE_WAIT: Duration = Duration::seconds(10);

/// The hash an entry of a case hangs on: that of the one before, empty for the first.
///
/// # Errors
/// A database that fails.
pub async fn hash_before(tx: &mut Tx, case_id: &str, seq: i64) -> Result<String> {
    match store::hash_of(tx, case_id, seq - 1).await? {
        // A process from before there were hashes wrote it, beside this one.
        Some(hash) if hash.is_empty() => hash_case(tx, case_id, seq - 1).await,
        Some(hash) => Ok(hash),
        None => Ok(String::new()),
    }
}

/// Hashes what of one case's entries up to `last` has no hash yet; gives the last one's hash.
async fn hash_case(tx: &mut Tx, case_id: &str, last: i64) -> Result<String> {
    let mut before = String::new();
    for mut row in store::entries_after(tx, &(case_id.to_owned(), 0), last).await? {
        if row.case_id != case_id || row.seq > last {
            break;
        }
        if row.hash.is_empty() {
            row.hash = row.expected_hash(&before);
            store::set_hash(tx, &row)?;
        }
        before = row.hash;
    }
    Ok(before)
}

/// Hashes all entries from before there were hashes, and puts them on pages. Gives how many there were. Cut off in the middle it goes on the
/// next time.
///
/// # Errors
/// A database that fails.
pub async fn catch_up(db: &Db, key: &SealKey, now: DateTime<Utc>) -> Result<u64> {
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
            (row.hash, row.page) = (row.expected_hash(&before), number);
            store::set_hash(&mut tx, row)?;
            sum.add(&row.hash);
            before.clone_from(&row.hash);
        }
        store::set_page(&mut tx, &Page::after(last.as_ref(), now, sum, key)).await?;
        tx.commit().await?;
        hashed += u64::try_from(rows.len()).unwrap_or(0);
    }
}

/// Keeps yesterday's anchor if it is missing, then closes a page if enough is loose or the last one is long enough ago. True if a full page was
/// closed: there may be more.
///
/// # Errors
/// A database that fails.
pub async fn turn(portal: &Portal) -> Result<bool> {
    let now = portal.now();
    let mut tx = portal.db().read().await?;
    let last = store::last_page(&mut tx).await?;
    let loose = store::loose(&mut tx, PAGE_ENTRIES).await?;
    drop(tx);
    keep_anchor(portal, last.as_ref(), now).await?;
    let is_time = last.is_none_or(|page| page.at + PAGE_WAIT <= now);
    let is_due = loose >= PAGE_ENTRIES || (loose > 0 && is_time);
    if is_due { Ok(close_page(portal.db(), portal.seal_key(), now).await? >= PAGE_ENTRIES) } else { Ok(false) }
}

/// Closes a page with what is loose; gives how many entries it has. None if another process was faster or nothing is loose.
///
/// # Errors
/// A database that fails.
pub async fn close_page(db: &Db, key: &SealKey, now: DateTime<Utc>) -> Result<i64> {
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
    let seal = portal.seal_key().seal(&anchored(&yesterday.to_string(), &page.link));
    let mut tx = portal.db().write().await?;
    store::insert_anchor(&mut tx, &Anchor { day: yesterday, page: page.page, link: page.link, seal }).await?;
    crate::petitions::store::register::raise_version(&mut tx).await?;
    tx.commit().await
}

/// What the seal of an anchor is over.
pub(super) fn anchored(day: &str, link: &str) -> String {
    format!("{day} {link}")
}
