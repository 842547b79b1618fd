//! Puts late steps before those above, once a day, by rule; the superior's demand and the authority's report. In the caller's
//! transaction but for the walk itself.
//!
//! The walk goes over the late cases of one authority after the other, along the queue's index, a portion at a time, and writes down
//! how far it has come: it costs what is late, not what there is, and goes on after a restart.
//!
//! Whoever a case is about is passed over: where no head may see it, it is put before the superior on the same day, and where the
//! superior itself is the one, before the one above that.

use super::actions::{Act, note_row, record};
use super::barred;
use super::escalation::{Escalation, Level, REPORT_RULE, due_on, superior};
use super::marks::{in_hand, sees};
use super::rules::{Case, Event, Kind};
use super::store;
use super::store::escalations::{self, Escalated, Walk};
use super::store::marks::{NudgeKind, insert_nudge};
use crate::accounts::store::staff_of;
use crate::actor::Actor;
use crate::agencies::Directory;
use crate::deadlines::rules::{Circumstances, compute, pick};
use crate::error::{AppError, Result};
use crate::permissions::{Action, Role, check, from_above};
use crate::portal::Portal;
use crate::procedures::clocks::Clock;
use chrono::NaiveDate;

/// Cases looked at in one transaction.
const PORTION: i64 = 100;
/// Authorities without a late case that are passed over in one transaction.
const BODIES_MAX: usize = 200;
/// The walk's name in the table of walks.
const WALK: &str = "escalation";

/// Walks a portion of today's late cases. False once all have been walked today.
pub async fn walk(portal: &Portal) -> Result<bool> {
    let (directory, today) = (portal.directory(), crate::clock::day(portal.now()));
    let known = escalations::walk(&mut portal.db().look().await?, WALK).await?;
    if known.as_ref().is_some_and(|walk| walk.day == today && walk.is_done) {
        return Ok(false);
    }
    let mut bodies: Vec<&str> = directory.bodies().map(|body| body.id.as_str()).collect();
    bodies.sort_unstable();
    let mut walk = known.filter(|walk| walk.day == today).unwrap_or_else(|| begin(today, bodies.first().copied().unwrap_or_default()));
    let mut tx = portal.db().write().await?;
    for _ in 0..BODIES_MAX {
        let cases = escalations::late_of_body(&mut tx, &walk.body_id, today, &(walk.due_on, walk.case_id.clone()), PORTION).await?;
        for case in &cases {
            put_late(&mut Act { tx: &mut tx, portal, actor: &Actor::System }, &directory, case, today).await?;
        }
        if let Some(last) = cases.last() {
            (walk.due_on, walk.case_id) = (last.due_on, last.id.clone());
            break;
        }
        match bodies.iter().find(|id| **id > walk.body_id.as_str()) {
            Some(next) => walk = begin(today, next),
            None => {
                walk.is_done = true;
                break;
            }
        }
    }
    escalations::keep_walk(&mut tx, WALK, &walk).await?;
    tx.commit().await?;
    Ok(true)
}

fn begin(day: NaiveDate, body_id: &str) -> Walk {
    Walk { day, body_id: body_id.to_owned(), due_on: NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default(), case_id: String::new(), is_done: false }
}

/// Puts the late steps of a case before those who must know of them by today and do not yet.
async fn put_late(act: &mut Act<'_>, directory: &Directory, case: &Case, today: NaiveDate) -> Result<()> {
    let due = due_on(directory.escalation_rules(), directory.calendar(), case, today);
    if due.is_empty() {
        return Ok(());
    }
    check(act.actor, Action::PutAbove)?;
    let known = escalations::of_case(act.tx, &case.id).await?;
    let mut case = case.clone();
    let mut todo = due;
    while !todo.is_empty() {
        let (clock, level) = todo.remove(0);
        let is_known = |level: Level| known.iter().any(|row| row.clock == clock.code && row.last_day == clock.last_day && row.level == level);
        if is_known(level) {
            continue;
        }
        match put(act, directory, &case, (&clock, level), today).await? {
            Some(after) => case = after,
            // Nobody at the authority may know of it: it goes on at once.
            None if level == Level::Head && !is_known(Level::Superior) && !todo.iter().any(|(other, level)| *other == clock && *level == Level::Superior) => {
                todo.push((clock, Level::Superior));
            }
            None => {}
        }
    }
    Ok(())
}

/// Puts one late step before one authority's heads. None if there is nobody who may know of it.
async fn put(act: &mut Act<'_>, directory: &Directory, case: &Case, (clock, level): (&Clock, Level), today: NaiveDate) -> Result<Option<Case>> {
    let to_body_id = match level {
        Level::Head => Some(case.body_id.clone()),
        Level::Superior => superior_who_may(directory, case, today),
    };
    let Some(to_body_id) = to_body_id else { return Ok(None) };
    if level == Level::Head {
        let staff = staff_of(act.tx, &to_body_id, today).await?;
        let heads = staff.iter().filter(|person| person.holds(Role::Head, &to_body_id));
        let (all, seeing) = heads.fold((0, 0), |(all, seeing), head| (all + 1, seeing + usize::from(sees(head, case))));
        if all > 0 && seeing == 0 {
            return Ok(None);
        }
    }
    let is_demanded_by_law = level == Level::Superior && case.kind == Kind::Denunciation;
    let row = Escalated {
        case_id: case.id.clone(),
        clock: clock.code.clone(),
        last_day: clock.last_day,
        level,
        body_id: case.body_id.clone(),
        agency_id: case.agency_id().to_owned(),
        to_body_id: to_body_id.clone(),
        put_on: today,
        demand_by: if is_demanded_by_law { report_day(directory, today)? } else { None },
        demanded_on: None,
        report_by: None,
        reported_on: None,
        settled_on: None,
    };
    if !escalations::insert(act.tx, &row).await? {
        return Ok(None);
    }
    let event = Escalation::Put { level, clock: row.clock, last_day: row.last_day, agency_id: row.agency_id, to_body_id };
    record(act, case, &Event::Escalation(event)).await.map(Some)
}

/// The authority above that the case is not about.
fn superior_who_may(directory: &Directory, case: &Case, today: NaiveDate) -> Option<String> {
    let mut at = case.clone();
    // Two steps up there is nobody left in any tree.
    for _ in 0..3 {
        let found = superior(directory, &at, today)?;
        if !barred::has_body(&case.barred, &found) {
            return Some(found);
        }
        at.body_id = found;
    }
    None
}

/// Last day of the demand or the report that begins on a day (Law on Denunciations, Article 38). None where the table has no such row.
fn report_day(directory: &Directory, from: NaiveDate) -> Result<Option<NaiveDate>> {
    let circumstances = Circumstances::default();
    let Ok(rule) = pick(directory.deadline_rules(), REPORT_RULE, from, &circumstances) else { return Ok(None) };
    let computed = compute(rule, from, &circumstances, directory.calendar()).map_err(|refusal| AppError::internal(format!("{REPORT_RULE}: {refusal:?}")))?;
    Ok(Some(computed.last_day))
}

/// A case as somebody has it on their desk.
#[derive(Clone, Debug)]
pub struct Seat {
    /// The case, to be changed.
    pub case: Case,
    /// The case as the office that writes has it: the same, or from above.
    pub desk: Case,
}

impl Seat {
    /// The seat of whoever sees the case itself.
    pub fn of(case: Case) -> Self {
        Self { desk: case.clone(), case }
    }

    /// Whether it is the superior's, who sees what is late and writes reminders, and nothing else.
    pub fn is_above(&self) -> bool {
        self.case.body_id != self.desk.body_id
    }
}

/// The case on somebody's desk: because they see it, or because a late step of it was put before their authority.
///
/// # Errors
/// [`AppError::NotFound`] for everybody else.
pub async fn seat(tx: &mut crate::db::Tx, actor: &Actor, case_id: &str) -> Result<Seat> {
    check(actor, Action::UseDesk)?;
    let case = store::by_id(tx, case_id).await?;
    if let Some(case) = case.as_ref().filter(|case| check(actor, Action::See(case)).is_ok()) {
        return Ok(Seat::of(case.clone()));
    }
    let body_id = actor.official().and_then(|official| official.body_id()).ok_or(AppError::NotFound)?.to_owned();
    // Asked whether or not there is such a case: that there is one must not show in the time either.
    let is_before = escalations::is_before(tx, case_id, &body_id).await?;
    let case = case.ok_or(AppError::NotFound)?;
    check(actor, Action::Supervise(&case, &body_id))?;
    if case.body_id == body_id || !is_before {
        return Err(AppError::NotFound);
    }
    Ok(Seat { desk: from_above(&case, &body_id), case })
}

/// The superior has demanded an end and a report by a letter that was just issued: whoever has the case in hand finds it put before
/// them, and the clock of the report begins where the law has one.
pub async fn demand(act: &mut Act<'_>, seat: &Seat, letter_id: &str, words: &str) -> Result<Case> {
    check(act.actor, Action::Supervise(&seat.case, &seat.desk.body_id))?;
    let by = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let today = crate::clock::day(act.portal.now());
    let report_by = if seat.case.kind == Kind::Denunciation { report_day(&act.portal.directory(), today)? } else { None };
    escalations::demanded(act.tx, &seat.case.id, &seat.desk.body_id, today, report_by).await?;
    let note_id = note_row(act, &seat.case, words).await?;
    let event = Escalation::Demanded { by_body_id: seat.desk.body_id.clone(), letter_id: letter_id.to_owned(), report_by, note_id: note_id.clone() };
    let after = record(act, &seat.case, &Event::Escalation(event)).await?;
    let staff = staff_of(act.tx, &after.body_id, today).await?;
    let heads = staff.iter().filter(|person| person.holds(Role::Head, &after.body_id) && sees(person, &after));
    for person in in_hand(&after, &staff).into_iter().chain(heads) {
        insert_nudge(act.tx, &note_id, &person.account_id, &after.id, NudgeKind::Reminder, &by, act.portal.now()).await?;
    }
    Ok(after)
}

/// The late authority reports to the superior that demanded it.
///
/// # Errors
/// [`AppError::Conflict`] if nothing was demanded, or it has reported.
pub async fn report(act: &mut Act<'_>, case: &Case, words: &str) -> Result<Case> {
    check(act.actor, Action::ReportAbove(case))?;
    if !escalations::reported(act.tx, &case.id, crate::clock::day(act.portal.now())).await? {
        return Err(AppError::Conflict);
    }
    let note_id = note_row(act, case, words).await?;
    record(act, case, &Event::Escalation(Escalation::Reported { note_id })).await
}
