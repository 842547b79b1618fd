//! An import on the server changes legal periods and days off like a form does: the change is on record, and the worker of the running
//! portal moves the clocks.

use crate::agencies::import::{self, Counts, Files};
use crate::db::Tx;
use crate::deadlines::periods::{Change, check};
use crate::deadlines::rules::Rule;
use crate::deadlines::store::{self, DayOffRow};
use crate::deadlines::telling::codes;
use crate::error::{AppError, Result};
use crate::outbox::{self, Job};
use crate::portal::Portal;
use chrono::NaiveDate;

/// Brings the rows of all files into the database, and what that changes about periods and days off into the record of changes.
/// Importing the same files again changes nothing.
///
/// # Errors
/// [`AppError::Config`] with what is wrong; nothing is changed then.
pub async fn import(portal: &Portal, files: &Files) -> Result<Counts> {
    let mut tx = portal.db().write().await?;
    let rules_were = store::all(&mut tx).await?;
    let days_were = store::days_off(&mut tx, FIRST, LAST).await?;
    let counts = import::run(&mut tx, files).await?;
    follow_rules(&mut tx, portal, &rules_were).await?;
    follow_days(&mut tx, portal, &days_were).await?;
    tx.commit().await?;
    Ok(counts)
}

/// Days off lie between these days.
const FIRST: NaiveDate = match NaiveDate::from_ymd_opt(1900, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};
const LAST: NaiveDate = match NaiveDate::from_ymd_opt(2999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

async fn follow_rules(tx: &mut Tx, portal: &Portal, were: &[Rule]) -> Result<()> {
    let now = store::all(tx).await?;
    for code in codes(&now) {
        let of = |rules: &[Rule]| rules.iter().filter(|rule| rule.code == code).cloned().collect::<Vec<_>>();
        let (was, is_now) = (of(were), of(&now));
        if was == is_now {
            continue;
        }
        check(&is_now).map_err(|wrong| AppError::config(format!("deadline_rules.csv with what is in the table: {code}: {wrong:?}")))?;
        // A rule that was not there before has no clock to move.
        if !was.is_empty() {
            let change_id = portal.new_id();
            store::add_period_change(tx, &change_id, portal.now(), None, &Change { code: code.to_owned(), was, is_now })?;
            outbox::add(tx, portal.new_id(), &Job::MovePeriods { change_id }, portal.now())?;
        }
    }
    Ok(())
}

async fn follow_days(tx: &mut Tx, portal: &Portal, were: &[DayOffRow]) -> Result<()> {
    // An empty calendar is being filled for the first time.
    if were.is_empty() {
        return Ok(());
    }
    for is_now in store::days_off(tx, FIRST, LAST).await? {
        let was = were.iter().find(|row| row.day == is_now.day);
        if was != Some(&is_now) {
            let change_id = portal.new_id();
            store::add_change(tx, &change_id, portal.now(), "", is_now.day, was, Some(&is_now))?;
            outbox::add(tx, portal.new_id(), &Job::MoveDeadlines { change_id }, portal.now())?;
        }
    }
    Ok(())
}
