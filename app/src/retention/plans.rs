//! Plans of deletion: counted and shown first, let out by a second person, then worked through in portions by the worker.
//!
//! **Four eyes.** Whoever makes a plan has looked at what it counts; somebody else lets it out: another administrator of the province, or the
//! head of the province's authority, who answers for what is destroyed there. The command on the machine (`nghedan retention plan --keep`)
//! makes plans of nobody; with those the operator of the machine is the first pair of eyes.
//!
//! **A night between.** The worker begins on the day after a plan was let out, so that whoever did may take it back. Nothing is deleted
//! that was not due on the plan's day and counted: what has been reopened or held since stays, and a hold that is lifted holds back until
//! the next plan.
//!
//! **Portions.** A few dozen things in one transaction, then a pause as long as it took: whoever files meanwhile hardly waits. How far it
//! has come stands in the plan, in the same transaction; a run that is cut off goes on from there.

use super::rules::{Reach, reaches};
use super::store::due::{self, Count, Cut};
use super::store::erasing;
use super::store::plans::{self as store, Counted, Plan};
use super::what::What;
use crate::actor::Actor;
use crate::db::{Db, Tx};
use crate::error::{AppError, Result};
use crate::permissions::{Action, check};
use crate::portal::Portal;
use crate::record::actions::write;
use crate::record::deeds::Deed;
use chrono::NaiveDate;
use std::time::{Duration, Instant};

/// Things deleted in one transaction.
const PORTION: i64 = 50;
/// The shortest pause between two portions.
const PAUSE_MIN: Duration = Duration::from_millis(10);
/// What stands in a plan's place once every rule was walked and only the word index is left to tidy.
const TIDYING: &str = "~";

/// What would be deleted on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forecast {
    /// Up to which day each rule reaches.
    pub reaches: Vec<Reach>,
    /// By rule and authority.
    pub counts: Vec<Counted>,
}

impl Forecast {
    /// How many things would be deleted.
    pub fn planned(&self) -> i64 {
        self.counts.iter().map(|count| count.planned).sum()
    }
}

/// Counts what is due on a day. Reads only.
///
/// # Errors
/// A database that fails.
pub async fn forecast(portal: &Portal, day: NaiveDate) -> Result<Forecast> {
    let reaches = reaches(portal.directory().retention_rules(), day);
    let cut = Cut { day, made_at: portal.now() };
    let mut counts = Vec::new();
    for reach in &reaches {
        let mut tx = portal.db().read().await?;
        let (free, held) = due::counts(&mut tx, *reach, cut).await?;
        counts.extend(joined(reach.what, free, held));
    }
    Ok(Forecast { reaches, counts })
}

/// Both counts of one rule, by authority.
fn joined(what: What, free: Vec<Count>, held: Vec<Count>) -> Vec<Counted> {
    let one =
        |count: Count, planned, held| Counted { code: what.code().to_owned(), body_id: count.body_id, planned, held, oldest_on: count.oldest_on, done: 0 };
    let mut all: Vec<Counted> = free.into_iter().map(|count| one(count.clone(), count.n, 0)).collect();
    for count in held {
        match all.iter_mut().find(|known| known.body_id == count.body_id) {
            Some(known) => {
                known.held = count.n;
                known.oldest_on = known.oldest_on.min(count.oldest_on);
            }
            None => all.push(one(count.clone(), 0, count.n)),
        }
    }
    all.sort_by(|a, b| a.body_id.cmp(&b.body_id));
    all
}

/// The authority of the province, whose administrators keep what is the same for all.
pub fn keeper(portal: &Portal) -> Option<String> {
    let directory = portal.directory();
    directory.body_for_area(&portal.settings().province_code).map(|body| body.id.clone())
}

fn province(portal: &Portal) -> Result<String> {
    keeper(portal).ok_or(AppError::NotFound)
}

/// Makes a plan of what is due today, in place of one that waits. None where nothing is due.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever may only look; [`AppError::Conflict`] while one that was let out is not done.
pub async fn make(portal: &Portal, actor: &Actor) -> Result<Option<String>> {
    let body_id = province(portal)?;
    check(actor, Action::ManageRetention(&body_id))?;
    let (now, day) = (portal.now(), crate::clock::day(portal.now()));
    let forecast = forecast(portal, day).await?;
    let mut tx = portal.db().write().await?;
    if store::in_state(&mut tx, "released").await?.is_some() {
        return Err(AppError::Conflict);
    }
    if let Some(waiting) = store::in_state(&mut tx, "waiting").await? {
        store::set_state(&mut tx, &waiting.id, ("waiting", "withdrawn"), now).await?;
    }
    if forecast.planned() == 0 {
        tx.commit().await?;
        return Ok(None);
    }
    let id = portal.new_id();
    store::insert(&mut tx, &id, (now, actor.account_id()), day, &serde_json::to_string(&forecast.reaches)?).await?;
    for counted in &forecast.counts {
        let count = Count { body_id: counted.body_id.clone(), n: counted.planned, oldest_on: counted.oldest_on };
        store::insert_count(&mut tx, &id, &counted.code, &count, counted.held)?;
    }
    write(&mut tx, portal, actor, &body_id, &Deed::RetentionPlanned { plan_id: id.clone(), things: forecast.planned() }).await?;
    tx.commit().await?;
    Ok(Some(id))
}

/// Lets a plan out. The worker begins on the next day.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever made it or may only look; [`AppError::Conflict`] where it does not wait.
pub async fn release(portal: &Portal, actor: &Actor, plan_id: &str) -> Result<()> {
    let body_id = province(portal)?;
    check(actor, Action::SeeRetention(&body_id))?;
    let by = actor.account_id().ok_or(AppError::SignInNeeded)?;
    let mut tx = portal.db().write().await?;
    let plan = store::in_state(&mut tx, "waiting").await?.filter(|plan| plan.id == plan_id).ok_or(AppError::Conflict)?;
    check(actor, Action::ReleaseRetention(&body_id, plan.made_by.as_deref()))?;
    store::release(&mut tx, &plan.id, &by, portal.now()).await?;
    write(&mut tx, portal, actor, &body_id, &Deed::RetentionReleased { plan_id: plan.id }).await?;
    tx.commit().await
}

/// Takes a plan back that waits, or was let out and has not begun.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever may only look; [`AppError::Conflict`] once it has begun.
pub async fn withdraw(portal: &Portal, actor: &Actor, plan_id: &str) -> Result<()> {
    let body_id = province(portal)?;
    check(actor, Action::SeeRetention(&body_id))?;
    check(actor, Action::WithdrawRetention(&body_id))?;
    let mut tx = portal.db().write().await?;
    let waiting = store::in_state(&mut tx, "waiting").await?;
    let released = store::in_state(&mut tx, "released").await?.filter(|plan| plan.begun_at.is_none());
    let plan = waiting.into_iter().chain(released).find(|plan| plan.id == plan_id).ok_or(AppError::Conflict)?;
    store::set_state(&mut tx, &plan.id, (&plan.state, "withdrawn"), portal.now()).await?;
    write(&mut tx, portal, actor, &body_id, &Deed::RetentionWithdrawn { plan_id: plan.id }).await?;
    tx.commit().await
}

/// The plan that was let out, the one that waits, and the newest, with what they counted.
///
/// # Errors
/// A database that fails.
pub async fn newest(db: &Db, limit: i64) -> Result<Vec<(Plan, Vec<Counted>)>> {
    let mut tx = db.read().await?;
    let mut all = Vec::new();
    for plan in store::newest(&mut tx, limit).await? {
        let counted = store::counted(&mut tx, &plan.id).await?;
        all.push((plan, counted));
    }
    Ok(all)
}

/// The worker's turn: one portion of a plan that was let out on an earlier day. False where there is nothing to do.
///
/// # Errors
/// A database that fails.
pub async fn turn(portal: &Portal) -> Result<bool> {
    let plan = store::in_state(&mut portal.db().look().await?, "released").await?;
    let today = crate::clock::day(portal.now());
    let is_due = plan.is_some_and(|plan| plan.released_at.is_some_and(|at| crate::clock::day(at) < today));
    if !is_due {
        return Ok(false);
    }
    portion(portal).await.map(|step| step.is_some())
}

/// Deletes a portion of the plan that was let out, and pauses. None where no plan is out; else how many things, and whether it is over.
///
/// # Errors
/// A database that fails: nothing of the portion was deleted then.
pub async fn portion(portal: &Portal) -> Result<Option<(i64, bool)>> {
    check(&Actor::System, Action::RunRetention)?;
    let started = Instant::now();
    let mut tx = portal.db().write().await?;
    let Some(mut plan) = store::in_state(&mut tx, "released").await? else { return Ok(None) };
    erasing::begin(&mut tx).await?;
    let mut deleted = 0;
    if plan.at_code.starts_with(TIDYING) {
        let is_first = plan.at_code == TIDYING;
        plan.at_code = format!("{TIDYING}{TIDYING}");
        if !erasing::tidy_index(&mut tx, is_first).await? {
            finish(&mut tx, portal, &plan).await?;
            plan.state = "done".to_owned();
        }
    } else {
        deleted = walk(&mut tx, portal, &mut plan).await?;
    }
    store::keep_place(&mut tx, &plan, portal.now()).await?;
    erasing::end(&mut tx).await?;
    tx.commit().await?;
    // Half of the time is everybody else's.
    tokio::time::sleep(started.elapsed().max(PAUSE_MIN)).await;
    Ok(Some((deleted, plan.state == "done")))
}

/// Deletes the next things of the rule the plan has come to, and goes on to the next rule where there are none.
async fn walk(tx: &mut Tx, portal: &Portal, plan: &mut Plan) -> Result<i64> {
    let reaches: Vec<Reach> = serde_json::from_str(&plan.rules)?;
    let place = reaches.iter().position(|reach| reach.what.code() == plan.at_code).unwrap_or(0);
    let cut = Cut { day: plan.day, made_at: plan.made_at };
    for reach in &reaches[place..] {
        if reach.what.code() != plan.at_code {
            reach.what.code().clone_into(&mut plan.at_code);
            plan.after_id.clear();
        }
        let things = due::next(tx, *reach, cut, &plan.after_id, PORTION).await?;
        for (id, body_id) in &things {
            erasing::erase(tx, portal, reach.what, id).await?;
            store::add_done(tx, &plan.id, reach.what.code(), body_id, 1).await?;
        }
        if let Some((last, _)) = things.last() {
            plan.after_id.clone_from(last);
            return Ok(i64::try_from(things.len()).unwrap_or(i64::MAX));
        }
    }
    TIDYING.clone_into(&mut plan.at_code);
    Ok(0)
}

async fn finish(tx: &mut Tx, portal: &Portal, plan: &Plan) -> Result<()> {
    let counted = store::counted(tx, &plan.id).await?;
    let things = counted.iter().map(|count| count.done).sum();
    store::set_state(tx, &plan.id, ("released", "done"), portal.now()).await?;
    write(tx, portal, &Actor::System, &province(portal)?, &Deed::RetentionDone { plan_id: plan.id.clone(), things }).await
}
