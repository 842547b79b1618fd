//! The schedule: sessions drafted, published, held, moved to another day.
//!
//! A published session never goes. Its day stays readable, struck through where it was missed, with the reason and the new day
//! (Law on Citizen Reception, Article 24.4); those who booked move along and keep slot and code.

use crate::error::{AppError, Result};
use crate::outbox::{self, Job};
use crate::permissions::{Action, check};
use crate::petitions::actions::Act;
use crate::petitions::store::register::raise_version;
use crate::receptions::rules::{Kind, Limit, Mode, Receiver, State, publish_by};
use crate::receptions::store::bookings;
use crate::receptions::store::conclusions::{self, Conclusion};
use crate::receptions::store::offices::{self, Office};
use crate::receptions::store::sessions::{self as store, Reception};
use chrono::NaiveDate;

/// What an official says of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The day.
    pub day: NaiveDate,
    /// Begin, in minutes after midnight.
    pub starts: i64,
    /// End, likewise.
    pub ends: i64,
    /// The kind.
    pub kind: Kind,
    /// Where people sit.
    pub mode: Mode,
    /// Who is to receive.
    pub receiver: Receiver,
    /// The same by post.
    pub post: String,
    /// The place in words.
    pub place: String,
    /// What it is expected to be about.
    pub topics: String,
    /// How many may book.
    pub slots: i64,
}

impl Plan {
    /// What is said of a session that is there.
    pub fn of(row: &Reception) -> Self {
        Self {
            day: row.day,
            starts: row.starts,
            ends: row.ends,
            kind: row.kind,
            mode: row.mode,
            receiver: row.receiver,
            post: row.post.clone(),
            place: row.place.clone(),
            topics: row.topics.clone(),
            slots: row.slots,
        }
    }
}

/// Why a session is not published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unpublished {
    /// Its day is over.
    Past,
    /// It is later than the law allows; with a reason, which everybody reads, it may be.
    Late(Box<Limit>),
}

fn today(act: &Act<'_>) -> NaiveDate {
    crate::clock::day(act.portal.now())
}

async fn done(act: &mut Act<'_>, row: &Reception, what: &'static str) -> Result<()> {
    let (at, who) = (act.portal.now(), act.actor.account_id());
    store::add_act(act.tx, &row.id, row.version + 1, at, who, what).await
}

/// A session of an authority, drafts among them, for those who may see it.
///
/// # Errors
/// [`AppError::NotFound`] both where there is none and where it may not be seen.
pub async fn seen(act: &mut Act<'_>, id: &str) -> Result<Reception> {
    check(act.actor, Action::UseDesk)?;
    let row = store::by_id(act.tx, id).await?.ok_or(AppError::NotFound)?;
    check(act.actor, Action::SeeReceptions(&row.body_id))?;
    Ok(row)
}

/// Says where an authority receives.
pub async fn put_office(act: &mut Act<'_>, body_id: &str, office: &Office) -> Result<()> {
    check(act.actor, Action::KeepReceptions(body_id))?;
    offices::put(act.tx, body_id, office).await?;
    raise_version(act.tx).await
}

async fn insert(act: &mut Act<'_>, body_id: &str, plan: Plan, published_on: Option<NaiveDate>, late_reason: &str) -> Result<String> {
    let row = Reception {
        id: act.portal.new_id(),
        number: store::next_number(act.tx).await?,
        body_id: body_id.to_owned(),
        day: plan.day,
        starts: plan.starts,
        ends: plan.ends,
        kind: plan.kind,
        mode: plan.mode,
        receiver: plan.receiver,
        post: plan.post,
        place: plan.place,
        topics: plan.topics,
        slots: plan.slots,
        taken: 0,
        state: if published_on.is_some() { State::Published } else { State::Draft },
        published_on,
        late_reason: late_reason.to_owned(),
        tested_on: None,
        held_by: None,
        missed_reason: String::new(),
        moved_to: None,
        version: 0,
    };
    store::insert(act.tx, row.clone()).await?;
    done(act, &row, if published_on.is_some() { "published" } else { "drafted" }).await?;
    Ok(row.id)
}

/// Drafts a session; gives its id. The same session drafted twice (same day, begin and kind) is one.
pub async fn draft(act: &mut Act<'_>, body_id: &str, plan: Plan) -> Result<String> {
    check(act.actor, Action::KeepReceptions(body_id))?;
    let of_day = store::of_body(act.tx, body_id, plan.day, plan.day, i64::MAX).await?;
    let same = of_day.into_iter().find(|row| (row.starts, row.kind, row.moved_to.is_none()) == (plan.starts, plan.kind, true));
    match same {
        Some(row) => Ok(row.id),
        None => insert(act, body_id, plan, None, "").await,
    }
}

/// Drafts a session on each of these days on which the authority has no periodic one. Gives how many.
pub async fn draft_days(act: &mut Act<'_>, body_id: &str, days: &[NaiveDate], plan: &Plan) -> Result<i64> {
    check(act.actor, Action::KeepReceptions(body_id))?;
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(0) };
    let known = store::of_body(act.tx, body_id, *first, *last, i64::MAX).await?;
    let mut added = 0;
    for day in days {
        if !known.iter().any(|row| row.day == *day && row.kind == Kind::Periodic) {
            insert(act, body_id, Plan { day: *day, ..plan.clone() }, None, "").await?;
            added += 1;
        }
    }
    Ok(added)
}

/// Changes a draft; of a published session only what it is about and how many may book: its day moves by [`miss`] alone.
///
/// # Errors
/// [`AppError::Conflict`] for a session that is over, or fewer slots than are booked.
pub async fn change(act: &mut Act<'_>, row: &Reception, plan: Plan) -> Result<()> {
    check(act.actor, Action::KeepReceptions(&row.body_id))?;
    let mut after = row.clone();
    match row.state {
        State::Draft => {
            let Plan { day, starts, ends, kind, mode, receiver, post, place, .. } = plan;
            after = Reception { day, starts, ends, kind, mode, receiver, post, place, ..after };
        }
        State::Published => {}
        State::Held | State::Missed => return Err(AppError::Conflict),
    }
    (after.topics, after.slots) = (plan.topics, plan.slots);
    if after.slots < row.taken {
        return Err(AppError::Conflict);
    }
    store::update(act.tx, &after).await?;
    done(act, row, "changed").await?;
    if row.state == State::Published { raise_version(act.tx).await } else { Ok(()) }
}

/// Throws a draft away.
pub async fn drop_draft(act: &mut Act<'_>, row: &Reception) -> Result<()> {
    check(act.actor, Action::KeepReceptions(&row.body_id))?;
    if store::delete_draft(act.tx, &row.id).await? { Ok(()) } else { Err(AppError::Conflict) }
}

/// Publishes a draft. Later than the law allows only with a reason, which stands beside it for everybody.
///
/// # Errors
/// [`AppError::Conflict`] for a session that is no draft any more.
pub async fn publish(act: &mut Act<'_>, row: &Reception, reason: &str) -> Result<std::result::Result<(), Unpublished>> {
    check(act.actor, Action::KeepReceptions(&row.body_id))?;
    if row.state != State::Draft {
        return Err(AppError::Conflict);
    }
    let (today, directory) = (today(act), act.portal.directory());
    if row.day < today {
        return Ok(Err(Unpublished::Past));
    }
    let limit = publish_by(directory.deadline_rules(), directory.calendar(), row.kind, row.mode, row.day).filter(|limit| limit.day < today);
    if let Some(limit) = limit.clone()
        && reason.is_empty()
    {
        return Ok(Err(Unpublished::Late(Box::new(limit))));
    }
    let late_reason = limit.map(|_| reason.to_owned()).unwrap_or_default();
    let after = Reception { state: State::Published, published_on: Some(today), late_reason, ..row.clone() };
    store::update(act.tx, &after).await?;
    done(act, row, "published").await?;
    raise_version(act.tx).await?;
    Ok(Ok(()))
}

/// Notes that the connection of an online session was tested.
pub async fn test(act: &mut Act<'_>, row: &Reception) -> Result<()> {
    check(act.actor, Action::KeepReceptions(&row.body_id))?;
    if row.state != State::Published || row.mode == Mode::Direct {
        return Err(AppError::Conflict);
    }
    store::update(act.tx, &Reception { tested_on: Some(today(act)), ..row.clone() }).await?;
    done(act, row, "tested").await
}

/// Notes that a session took place, and who received in fact.
///
/// # Errors
/// [`AppError::Conflict`] for one that is not published, or whose day has not come.
pub async fn hold(act: &mut Act<'_>, row: &Reception, by: Receiver) -> Result<()> {
    check(act.actor, Action::KeepReceptions(&row.body_id))?;
    if !matches!(row.state, State::Published | State::Held) || row.day > today(act) {
        return Err(AppError::Conflict);
    }
    store::update(act.tx, &Reception { state: State::Held, held_by: Some(by), ..row.clone() }).await?;
    done(act, row, if row.state == State::Held { "corrected" } else { "held" }).await?;
    raise_version(act.tx).await
}

/// Moves a session that cannot take place, or did not, to another day. Gives the new session's id.
///
/// # Errors
/// [`AppError::Conflict`] for one that is not published, [`AppError::BadRequest`] for a new day that is over.
pub async fn miss(act: &mut Act<'_>, row: &Reception, reason: &str, new_day: NaiveDate) -> Result<String> {
    check(act.actor, Action::KeepReceptions(&row.body_id))?;
    if row.state != State::Published {
        return Err(AppError::Conflict);
    }
    let (today, directory) = (today(act), act.portal.directory());
    if new_day < today || new_day == row.day {
        return Err(AppError::BadRequest("the new day must be another one, and not over"));
    }
    let limit = publish_by(directory.deadline_rules(), directory.calendar(), row.kind, row.mode, new_day);
    let late_reason = if limit.is_some_and(|limit| limit.day < today) { reason } else { "" };
    let plan = Plan { day: new_day, ..Plan::of(row) };
    let id = insert(act, &row.body_id, plan, Some(today), late_reason).await?;
    let after = Reception { state: State::Missed, missed_reason: reason.to_owned(), moved_to: Some(id.clone()), ..row.clone() };
    store::update(act.tx, &after).await?;
    store::move_bookings(act.tx, &row.id, &id).await?;
    for (booking_id,) in bookings::with_email(act.tx, &id).await? {
        outbox::add(act.tx, act.portal.new_id(), &Job::ReceptionMoved { booking_id }, act.portal.now())?;
    }
    done(act, row, "missed").await?;
    raise_version(act.tx).await?;
    Ok(id)
}

/// Issues the conclusion notice of a session that took place (Decree 154/2026). There is one for each.
///
/// # Errors
/// [`AppError::Conflict`] where there is one, or the session was not held.
pub async fn conclude(act: &mut Act<'_>, row: &Reception, conclusion: &Conclusion) -> Result<()> {
    check(act.actor, Action::KeepReceptions(&row.body_id))?;
    if row.state != State::Held || !conclusions::insert(act.tx, conclusion).await? {
        return Err(AppError::Conflict);
    }
    store::update(act.tx, row).await?;
    done(act, row, "concluded").await
}
