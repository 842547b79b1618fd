//! Letting a request in, asking for the step, or turning it away.

use super::network::Origin;
use super::store;
use super::table::Class;
use super::work::{Challenge, Pass};
use crate::db::Tx;
use crate::error::Result;
use crate::portal::Portal;
use chrono::{DateTime, Utc};

/// A request at the gate.
#[derive(Clone, Debug)]
pub struct Visit {
    /// What kind it is.
    pub class: Class,
    /// Where it comes from.
    pub origin: Origin,
    /// The value of the cookie of this class, if there is one.
    pub cookie: Option<String>,
    /// A step that came along in the form.
    pub sent: Option<Sent>,
    /// Whether a page can carry what was sent. Files cannot be carried: such a form is not asked for the step.
    pub can_step: bool,
    /// Now.
    pub now: DateTime<Utc>,
}

/// A step as a form brings it back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// What was signed.
    pub token: String,
    /// The work; empty for whoever waited.
    pub answer: String,
}

/// What becomes of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// It goes on.
    Open {
        /// Its device has done the step, now or lately; or just this request by waiting.
        has_pass: bool,
        /// The cookie that lets the device go on.
        cookie: Option<String>,
    },
    /// The step first.
    Step(Box<Asked>),
    /// Far too many: wait so many seconds.
    Refused(u64),
}

/// A step to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What is signed, for the form.
    pub token: String,
    /// The seed of the work.
    pub seed: String,
    /// Zero bits of each piece.
    pub bits: u8,
    /// Seconds after which it goes on without work.
    pub wait_seconds: u64,
}

/// What becomes of a request.
///
/// # Errors
/// A database that fails, when a step is noted as used.
pub async fn enter(portal: &Portal, visit: &Visit) -> Result<Entry> {
    let now = visit.now.timestamp_micros();
    let (limits, origin, class) = (portal.limits(), &visit.origin, visit.class);
    let Some(network) = origin.network else { return Ok(Entry::Open { has_pass: false, cookie: None }) };
    if !origin.is_unlimited
        && let Err(seconds) = limits.take_hard(class, origin, now)
    {
        return Ok(Entry::Refused(seconds));
    }
    let mut asked_before = None;
    if let Some(sent) = &visit.sent {
        match redeem(portal, visit, sent).await? {
            Redeemed::Worked(pass) => {
                return Ok(Entry::Open { has_pass: true, cookie: Some(pass.token(portal.step_key(), network)) });
            }
            Redeemed::Waited => return Ok(Entry::Open { has_pass: true, cookie: None }),
            Redeemed::TooEarly(challenge, seconds) => asked_before = Some((challenge, seconds)),
            Redeemed::No => {}
        }
    }
    let pass = visit.cookie.as_deref().and_then(|cookie| Pass::read(portal.step_key(), cookie, class, network, visit.now));
    if let Some(pass) = pass
        && (origin.is_unlimited || limits.take_pass(class, pass.id, now).is_ok())
    {
        return Ok(Entry::Open { has_pass: true, cookie: None });
    }
    if asked_before.is_none() && (origin.is_unlimited || limits.take_free(class, origin, now).is_ok() || !visit.can_step) {
        return Ok(Entry::Open { has_pass: false, cookie: None });
    }
    Ok(Entry::Step(Box::new(match asked_before {
        // The same one again: whoever pressed too early does not wait from the beginning.
        Some((challenge, seconds)) => asked(portal, visit, &challenge, seconds),
        None => ask(portal, visit),
    })))
}

/// A new step for a request, also where not the gate but what it asks for is too much.
pub fn ask(portal: &Portal, visit: &Visit) -> Asked {
    let done = visit.origin.network.map_or(0, |network| portal.limits().done_lately(visit.class, network, visit.now.timestamp_micros()));
    let challenge = Challenge::new(portal.random().bytes(), visit.class, done, visit.now);
    asked(portal, visit, &challenge, challenge.seconds_left(visit.now))
}

fn asked(portal: &Portal, visit: &Visit, challenge: &Challenge, wait_seconds: u64) -> Asked {
    let token = visit.origin.network.map(|network| challenge.token(portal.step_key(), network)).unwrap_or_default();
    Asked { token, seed: challenge.seed(), bits: challenge.bits(), wait_seconds }
}

/// What a step that came back is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Redeemed {
    /// The work is done: the device goes on for a while.
    Worked(Pass),
    /// The time is over: this request goes on.
    Waited,
    /// Neither yet; the step goes on.
    TooEarly(Challenge, u64),
    /// Not ours, another class's or network's, too old, or used.
    No,
}

/// Takes a step that came back, once.
///
/// # Errors
/// A database that fails.
pub(super) async fn redeem(portal: &Portal, visit: &Visit, sent: &Sent) -> Result<Redeemed> {
    let Some(network) = visit.origin.network else { return Ok(Redeemed::No) };
    let Some(challenge) = Challenge::read(portal.step_key(), &sent.token, network, visit.now).filter(|challenge| challenge.class == visit.class) else {
        return Ok(Redeemed::No);
    };
    let (limits, micros) = (portal.limits(), visit.now.timestamp_micros());
    let is_worked = challenge.is_solved_by(&sent.answer);
    if !is_worked {
        let left = challenge.seconds_left(visit.now);
        if left > 0 {
            return Ok(Redeemed::TooEarly(challenge, left));
        }
        if let Err(seconds) = limits.take_waited(visit.class, network, micros) {
            return Ok(Redeemed::TooEarly(challenge, seconds));
        }
    }
    let Some(ends_at) = challenge.ends_at() else { return Ok(Redeemed::No) };
    let mut tx = portal.db().write().await?;
    if !store::spend(&mut tx, &challenge.seed(), ends_at).await? {
        return Ok(Redeemed::No);
    }
    tx.commit().await?;
    limits.note_done(visit.class, network, micros);
    if !is_worked {
        return Ok(Redeemed::Waited);
    }
    let pass = Pass::new(portal.random().bytes(), visit.class, visit.now);
    // The request that brings the work is the pass's first.
    limits.take_pass(visit.class, pass.id, micros).ok();
    Ok(Redeemed::Worked(pass))
}

/// Forgets used steps that can no longer be done. Called by the worker.
///
/// # Errors
/// A database that fails.
pub async fn forget_ended(tx: &mut Tx, now: DateTime<Utc>) -> Result<()> {
    store::forget_ended(tx, now).await
}
