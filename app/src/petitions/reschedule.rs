//! Computes running clocks anew after a day off or a legal period was changed. Done by the worker, a portion at a time, so that nobody
//! waits. Repeated, it moves nothing twice.

use super::actions::{Act, reschedule};
use super::moving::{self, Outcome};
use super::rules::{Case, Event};
use super::store;
use super::store::marks::{self, NudgeKind};
use super::store::parts;
use crate::actor::Actor;
use crate::db::Tx;
use crate::deadlines::rules::Rule;
use crate::deadlines::store as deadlines;
use crate::deadlines::telling::purpose_of;
use crate::error::Result;
use crate::portal::Portal;
use crate::words::Lang;
use chrono::NaiveDate;
use std::collections::HashMap;

/// Cases looked at in one transaction.
const PORTION: i64 = 200;
/// So many moved cases are put before one official by one change; what is more they find in the records.
const NUDGES_PER_CHANGE_MAX: u32 = 20;

/// Which cases are walked over.
#[derive(Clone, Copy)]
enum Walk {
    /// Open ones whose clock runs over a day.
    RunningOver(NaiveDate),
    /// All open ones.
    Open,
    /// Finished ones in which the citizen or the law still has a period on this day.
    WithRights(NaiveDate),
}

impl Walk {
    /// The next portion, behind a case.
    async fn portion(self, tx: &mut Tx, after: &str) -> Result<Vec<Case>> {
        match self {
            Self::RunningOver(day) => store::running_over(tx, day, after, PORTION).await,
            Self::Open => store::open_after(tx, after, PORTION).await,
            Self::WithRights(today) => store::with_rights(tx, today, after, PORTION).await,
        }
    }
}

/// The change that moves clocks, where the number of moved cases is kept.
#[derive(Clone, Copy)]
enum Cause<'a> {
    /// A day off, by its change.
    DayOff(&'a str),
    /// A legal period, by its change.
    Period(&'a str),
}

impl Cause<'_> {
    async fn add_moved(self, tx: &mut Tx, moved: i64) -> Result<()> {
        match self {
            Self::DayOff(change_id) => deadlines::add_moved(tx, change_id, moved).await,
            Self::Period(change_id) => deadlines::add_period_moved(tx, change_id, moved).await,
        }
    }
}

/// What a change makes of a case: the events to record.
type Events<'a> = dyn Fn(&Case) -> Vec<Event> + Send + Sync + 'a;

/// Moves the last day of every case whose clock ran over the changed day and now ends later; tells the citizens and the officials.
/// What would end earlier stays: a date shown to a citizen never moves earlier.
pub async fn run(portal: &Portal, change_id: &str) -> Result<()> {
    // Another process may have made the change.
    portal.reload_directory().await?;
    let Some(change) = deadlines::change(&mut portal.db().look().await?, change_id).await? else { return Ok(()) };
    let (was, is_now) = change.rows()?;
    let name = is_now.or(was).map(|row| row.name).unwrap_or_default();
    let (directory, today) = (portal.directory(), crate::clock::day(portal.now()));
    let events = |case: &Case| {
        let moves = moving::by_days_off(case, &directory, today).into_iter();
        moves.map(|moved| Event::Rescheduled { from: moved.from, to: moved.to, day: change.day, name: name.clone(), code: Some(moved.code) }).collect()
    };
    walk(portal, [Walk::RunningOver(change.day), Walk::WithRights(today)], Cause::DayOff(&change.id), Some(&change.account_id), &events).await
}

/// Moves the last day of every clock whose day falls into the versions of a rule that were changed and that now ends later; tells the
/// citizens and the officials. What would end earlier stays.
pub async fn run_period(portal: &Portal, change_id: &str) -> Result<()> {
    portal.reload_directory().await?;
    let Some(row) = deadlines::period_change(&mut portal.db().look().await?, change_id).await? else { return Ok(()) };
    let change = row.change()?;
    let (directory, today) = (portal.directory(), crate::clock::day(portal.now()));
    let events = |case: &Case| {
        let outcomes = moving::by_period(case, &change, &directory, today).into_iter();
        let event = |outcome| match outcome {
            Outcome::Later(moved, rule) => {
                Some(Event::PeriodChanged { code: moved.code, from: moved.from, to: moved.to, since: rule.valid_from, source: rule.source.clone() })
            }
            Outcome::Stays(_) | Outcome::Same => None,
        };
        outcomes.filter_map(event).collect()
    };
    walk(portal, [Walk::Open, Walk::WithRights(today)], Cause::Period(&row.id), row.account_id.as_deref(), &events).await
}

/// Goes over all cases that a change may move, a portion in a transaction, and keeps how many it moved. `by` changed it.
async fn walk(portal: &Portal, walks: [Walk; 2], cause: Cause<'_>, by: Option<&str>, events: &Events<'_>) -> Result<()> {
    let mut told = HashMap::new();
    for walk in walks {
        let mut after = String::new();
        loop {
            let mut tx = portal.db().write().await?;
            let cases = walk.portion(&mut tx, &after).await?;
            let moved = record_all(&mut tx, portal, &cases, events, (by, &mut told)).await?;
            cause.add_moved(&mut tx, moved).await?;
            tx.commit().await?;
            let Some(last) = cases.last() else { break };
            after.clone_from(&last.id);
        }
    }
    crate::publishing::cache::follow_changes(portal).await
}

/// Records what a change makes of some cases. Gives how many it moved.
async fn record_all(tx: &mut Tx, portal: &Portal, cases: &[Case], events: &Events<'_>, (by, told): (Option<&str>, &mut HashMap<String, u32>)) -> Result<i64> {
    let mut moved = 0;
    for case in cases {
        let events = events(case);
        moved += i64::from(!events.is_empty());
        let mut now = case.clone();
        for event in &events {
            let mut act = Act { tx: &mut *tx, portal, actor: &Actor::System };
            now = reschedule(&mut act, &now, event).await?;
        }
        if let (Some(by), Some(handler), false) = (by.filter(|id| !id.is_empty()), &case.handler_id, events.is_empty()) {
            let so_far = told.entry(handler.clone()).or_default();
            if *so_far < NUDGES_PER_CHANGE_MAX {
                *so_far += 1;
                nudge(tx, portal, case, (by, handler), &events).await?;
            }
        }
    }
    Ok(moved)
}

/// Puts a moved case before the official who has it, in the words of the record.
async fn nudge(tx: &mut Tx, portal: &Portal, case: &Case, (by, handler): (&str, &str), events: &[Event]) -> Result<()> {
    let (id, directory) = (portal.new_id(), portal.directory());
    let words: Vec<String> = events.iter().filter_map(|event| moved_words(Lang::Vi, event, directory.deadline_rules())).collect();
    parts::insert_note(tx, &id, case, by, &words.join("\n"), portal.now()).await?;
    marks::insert_nudge(tx, &id, handler, &case.id, NudgeKind::Mention, by, portal.now()).await
}

/// What moved a last day, in one sentence: the record of officials, of the citizen and of the public say the same. None for other events.
/// `rules` is the table whose names of periods are told.
pub fn moved_words(lang: Lang, event: &Event, rules: &[Rule]) -> Option<String> {
    let day = |day: &NaiveDate| lang.day_short(*day);
    let purpose = |code: &str| purpose_of(lang, rules, code);
    match event {
        Event::Rescheduled { from, to, day: off, name, code } => {
            let what = code.as_deref().filter(|code| !crate::procedures::clocks::is_of_office(code));
            let args = [("from", day(from)), ("to", day(to)), ("day", day(off)), ("name", name.clone()), ("what", what.map(purpose).unwrap_or_default())];
            let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
            Some(lang.f(if what.is_some() { "periods.event.days_off_of" } else { "periods.event.days_off" }, &args))
        }
        Event::PeriodChanged { code, from, to, since, source } => Some(
            lang.f("periods.event.period", &[("what", &purpose(code)), ("from", &day(from)), ("to", &day(to)), ("since", &day(since)), ("source", source)]),
        ),
        _ => None,
    }
}
