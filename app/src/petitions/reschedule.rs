//! Computes open clocks anew after a day off was changed. Done by the worker, a portion at a time, so that nobody waits.

use super::actions::{Act, reschedule};
use super::store::{self, Running};
use crate::actor::Actor;
use crate::deadlines::{ANSWER_WORKING_DAYS, Calendar};
use crate::error::Result;
use crate::portal::Portal;
use chrono::NaiveDate;

/// Cases looked at in one transaction.
const PORTION: i64 = 200;

/// Moves the last day of every open case whose clock ran over the changed day and now ends later; tells the citizens. What
/// would end earlier stays: a date shown to a citizen never moves earlier. Repeated, it moves nothing twice.
pub async fn run(portal: &Portal, change_id: &str) -> Result<()> {
    // Another process may have made the change.
    portal.reload_directory().await?;
    let Some(change) = crate::deadlines::store::change(&mut portal.db().look().await?, change_id).await? else { return Ok(()) };
    let (was, is_now) = change.rows()?;
    let name = is_now.or(was).map(|row| row.name).unwrap_or_default();
    let directory = portal.directory();
    let mut after = String::new();
    loop {
        let mut tx = portal.db().write().await?;
        let running = store::running_over(&mut tx, change.day, &after, PORTION).await?;
        let mut moved = 0;
        for running in &running {
            if let Some(to) = later_day(running, directory.calendar()) {
                let mut act = Act { tx: &mut tx, portal, actor: &Actor::System };
                reschedule(&mut act, &running.case, to, (change.day, &name)).await?;
                moved += 1;
            }
        }
        crate::deadlines::store::add_moved(&mut tx, &change.id, moved).await?;
        tx.commit().await?;
        let Some(last) = running.last() else { break };
        after.clone_from(&last.case.id);
    }
    crate::publishing::cache::follow_changes(portal).await
}

/// The new last day, if it is later than the one that was promised.
fn later_day(running: &Running, calendar: &Calendar) -> Option<NaiveDate> {
    let start = running.reopened_at.map_or(running.case.received_on, crate::clock::day);
    Some(calendar.add_working_days(start, ANSWER_WORKING_DAYS).day).filter(|day| *day > running.case.due_on)
}
