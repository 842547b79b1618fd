//! Computes open clocks anew after a day off was changed. Done by the worker, a portion at a time, so that nobody waits.

use super::actions::{Act, reschedule};
use super::rules::Case;
use super::store;
use crate::actor::Actor;
use crate::agencies::Directory;
use crate::error::Result;
use crate::portal::Portal;
use chrono::NaiveDate;
use std::collections::BTreeMap;

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
            let later = later_days(running, &directory);
            moved += i64::from(!later.is_empty());
            let mut case = running.clone();
            for (from, to) in later {
                let mut act = Act { tx: &mut tx, portal, actor: &Actor::System };
                case = reschedule(&mut act, &case, (from, to), (change.day, &name)).await?;
            }
        }
        crate::deadlines::store::add_moved(&mut tx, &change.id, moved).await?;
        tx.commit().await?;
        let Some(last) = running.last() else { break };
        after.clone_from(&last.id);
    }
    crate::publishing::cache::follow_changes(portal).await
}

/// The last days that come later now, each with the one that was promised; several clocks of one case may run.
fn later_days(case: &Case, directory: &Directory) -> Vec<(NaiveDate, NaiveDate)> {
    let mut later = BTreeMap::new();
    for clock in case.procedure().owed().filter(|clock| clock.paused_since.is_none()) {
        // A rule that is gone from the table moves nothing: what was promised stays.
        if let Ok((_, computed)) = clock.computed(directory.deadline_rules(), directory.calendar())
            && computed.last_day > clock.last_day
        {
            later.insert(clock.last_day, computed.last_day);
        }
    }
    // The latest first, so that no day that has just moved is taken for another clock's.
    later.into_iter().rev().collect()
}
