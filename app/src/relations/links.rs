//! Linking a case as a repeat of another, and taking the link back. Nothing is merged: both keep code, record and clock.

use super::rules::{Link, are_one_matter};
use super::store::links as store;
use super::store::links::LinkRow;
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::permissions::{Action, check};
use crate::petitions::actions::{Act, note_row, record};
use crate::petitions::relation::{Relation, Tie};
use crate::petitions::rules::{Case, Event, Kind};
use crate::petitions::store::by_id;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Cases that are looked through for one matter.
pub const CASES_MAX: usize = 200;
/// Links of one case that are read.
pub const LINKS_OF_ONE: i64 = 60;

/// Why two cases cannot be linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlinkable {
    /// There is no such case for this official.
    Unknown,
    /// It is the same case.
    Itself,
    /// It lies with another authority.
    Elsewhere,
    /// One of them is a denunciation.
    Sealed,
    /// They are in one matter already.
    Already,
}

/// The other case of a link, if this official may link it with `case`.
pub async fn partner(act: &mut Act<'_>, case: &Case, other_id: &str) -> Result<std::result::Result<Case, Unlinkable>> {
    let Some(other) = by_id(act.tx, other_id).await? else { return Ok(Err(Unlinkable::Unknown)) };
    if check(act.actor, Action::See(&other)).is_err() {
        return Ok(Err(Unlinkable::Unknown));
    }
    Ok(if other.id == case.id {
        Err(Unlinkable::Itself)
    } else if case.kind == Kind::Denunciation || other.kind == Kind::Denunciation {
        Err(Unlinkable::Sealed)
    } else if other.body_id != case.body_id {
        Err(Unlinkable::Elsewhere)
    } else if are_one_matter(&around(act.tx, &case.id, |_| true).await?.1, &case.id, &other.id) {
        Err(Unlinkable::Already)
    } else {
        Ok(other)
    })
}

/// Links `case` with `other`, for a reason that enters both records.
///
/// # Errors
/// [`AppError::Conflict`] where the two cannot be linked (see [`partner`], which the page asks first) or somebody was faster.
pub async fn link(act: &mut Act<'_>, case: &Case, other_id: &str, tie: Tie, reason: &str) -> Result<Case> {
    check(act.actor, Action::Relate(case))?;
    let other = partner(act, case, other_id).await?.map_err(|_| AppError::Conflict)?;
    let by = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let (later, first) = if (case.filed_at, &case.id) < (other.filed_at, &other.id) { (&other, case) } else { (case, &other) };
    let row = LinkRow { id: act.portal.new_id(), case_id: later.id.clone(), other_id: first.id.clone(), kind: tie };
    store::insert(act.tx, &row, &case.body_id, &by, act.portal.now()).await?;
    let note_id = note_row(act, &other, reason).await?;
    record(act, &other, &Event::Related(Relation::Linked { other_id: case.id.clone(), tie, note_id })).await?;
    let note_id = note_row(act, case, reason).await?;
    record(act, case, &Event::Related(Relation::Linked { other_id: other.id.clone(), tie, note_id })).await
}

/// Takes a link back, for a reason that enters both records.
///
/// # Errors
/// [`AppError::Conflict`] where there is no such link any more.
pub async fn unlink(act: &mut Act<'_>, case: &Case, link_id: &str, reason: &str) -> Result<Case> {
    check(act.actor, Action::Relate(case))?;
    let links = store::of_case(act.tx, &case.id, LINKS_OF_ONE).await?;
    let row = links.into_iter().find(|row| row.id == link_id && row.kind != Tie::Part).ok_or(AppError::Conflict)?;
    let by = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    store::end(act.tx, &row.id, &by, act.portal.now()).await?;
    let other_id = if row.case_id == case.id { &row.other_id } else { &row.case_id };
    if let Some(other) = by_id(act.tx, other_id).await? {
        let note_id = note_row(act, &other, reason).await?;
        record(act, &other, &Event::Related(Relation::Unlinked { other_id: case.id.clone(), tie: row.kind, note_id })).await?;
    }
    let note_id = note_row(act, case, reason).await?;
    record(act, case, &Event::Related(Relation::Unlinked { other_id: other_id.clone(), tie: row.kind, note_id })).await
}

/// The cases that belong together with one, and the links between them. Walks on only over cases `is_seen` lets through: what
/// somebody may not see adds nothing, not even to a count.
pub async fn around(tx: &mut Tx, case_id: &str, is_seen: impl Fn(&Case) -> bool) -> Result<(Vec<Case>, Vec<Link>)> {
    let mut cases: BTreeMap<String, Case> = BTreeMap::new();
    let mut refused: BTreeSet<String> = BTreeSet::new();
    let mut links: BTreeMap<String, Link> = BTreeMap::new();
    let mut waiting = VecDeque::from([case_id.to_owned()]);
    while let Some(id) = waiting.pop_front() {
        if cases.contains_key(&id) || refused.contains(&id) || cases.len() >= CASES_MAX {
            continue;
        }
        match by_id(tx, &id).await? {
            Some(case) if id == case_id || is_seen(&case) => cases.insert(id.clone(), case),
            _ => {
                refused.insert(id);
                continue;
            }
        };
        for row in store::of_case(tx, &id, LINKS_OF_ONE).await? {
            waiting.extend([row.case_id.clone(), row.other_id.clone()]);
            links.insert(row.id, Link { case_id: row.case_id, other_id: row.other_id, tie: row.kind });
        }
    }
    let links = links.into_values().filter(|link| cases.contains_key(&link.case_id) && cases.contains_key(&link.other_id)).collect();
    Ok((cases.into_values().collect(), links))
}
