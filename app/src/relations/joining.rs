//! A citizen joins a released report or recommendation ("Tôi cũng gặp việc này"), follows it under a code of their own, leaves again.
//!
//! Joining must not hold up those who work on the case: it does not raise the case's version. Who joined is counted at once; the
//! record is told in portions ([`tell`]). One device joins a case once: its code follows from the device's token. A contact that
//! stands behind the case already gets a code like any other and does not count again, so the answer tells nobody who has joined.

use super::groups;
use super::store::signers as store;
use super::store::signers::Signer;
use crate::actor::Actor;
use crate::error::{AppError, Result};
use crate::outbox::{self, Job};
use crate::permissions::{Action, check};
use crate::petitions::actions::{Act, record};
use crate::petitions::code::CaseCode;
use crate::petitions::recognition as marks;
use crate::petitions::relation::Relation;
use crate::petitions::rules::{Case, Event};
use crate::petitions::store::parts::{self, CasePerson};
use crate::petitions::store::{by_id, register};
use crate::portal::Portal;
use chrono::Duration;

/// Joinings from one address within the window of failures, before a pause: a whole village may share an address.
pub const JOINS_MAX: i64 = 40;
/// How long joinings are gathered before the record is told.
const GATHERED: Duration = Duration::minutes(10);
/// So often telling the record is tried again when officials change the case in the same instant.
const TRIES_MAX: u32 = 5;

/// The secret code of a device for a case.
pub fn code(device_token: &str, number: i64) -> CaseCode {
    CaseCode::of_token(&format!("join {number} {device_token}"))
}

/// Joins a released case. Gives false if this device had joined before.
///
/// # Errors
/// [`AppError::NotFound`] for a case that is not released or takes nobody any more.
pub async fn join(act: &mut Act<'_>, number: i64, device_token: &str, person: &CasePerson) -> Result<bool> {
    let case = released(act, number).await?;
    check(act.actor, Action::Join(&case))?;
    let code_hash = code(device_token, number).hash();
    if store::by_code_hash(act.tx, &code_hash).await?.is_some() {
        return Ok(false);
    }
    let marks = marks::of_person(act.portal.marks_key(), person);
    let sender_marks = marks::of_person(act.portal.marks_key(), &parts::person(act.tx, &case.id).await?);
    let is_sender = marks.iter().any(|mark| sender_marks.contains(mark));
    // Asked in any case: whose contact it is shows in no answer, not even in its time.
    let is_known = store::is_known(act.tx, &case.id, &marks).await?;
    let is_counted = !is_sender && !is_known;
    let signer = Signer {
        id: act.portal.new_id(),
        case_id: case.id.clone(),
        place: store::take_places(act.tx, &case.id, 1).await?,
        origin: "joined".to_owned(),
        proof: if marks.is_empty() { "said" } else { "contact" }.to_owned(),
        has_signed: false,
        is_representative: false,
        is_counted,
        added_at: act.portal.now(),
        left_at: None,
    };
    store::insert(act.tx, &signer, person, None, &marks)?;
    if !store::insert_code(act.tx, &code_hash, &signer.id).await? {
        // The same form twice at the same instant: the other one counts.
        return Err(AppError::Conflict);
    }
    store::add_counts(act.tx, &case.id, i64::from(is_counted), 0, (i64::from(is_counted), 0)).await?;
    gather(act, &case).await?;
    Ok(true)
}

async fn released(act: &mut Act<'_>, number: i64) -> Result<Case> {
    let row = register::by_number(act.tx, number).await?.ok_or(AppError::NotFound)?;
    by_id(act.tx, &row.case_id).await?.ok_or(AppError::NotFound)
}

/// Sees to it that the record is told, soon.
async fn gather(act: &mut Act<'_>, case: &Case) -> Result<()> {
    if store::begin_telling(act.tx, &case.id).await? {
        let job = Job::TellJoined { case_id: case.id.clone() };
        outbox::add(act.tx, act.portal.new_id(), &job, act.portal.now() + GATHERED)?;
    }
    Ok(())
}

/// The signer leaves again. The row stays; the count goes down.
pub async fn leave(act: &mut Act<'_>, signer: &Signer) -> Result<()> {
    check(act.actor, Action::FollowAsSigner(&signer.id))?;
    let case = by_id(act.tx, &signer.case_id).await?.ok_or(AppError::NotFound)?;
    if groups::leave(act, &case, &signer.id).await? {
        store::add_counts(act.tx, &case.id, 0, 0, (0, i64::from(signer.is_counted))).await?;
        gather(act, &case).await?;
    }
    Ok(())
}

/// The signer changes or takes away the address for notices.
pub async fn change_email(act: &mut Act<'_>, signer: &Signer, email: &str) -> Result<()> {
    check(act.actor, Action::FollowAsSigner(&signer.id))?;
    store::set_email(act.tx, &signer.id, email).await
}

/// Tells the record how many joined and left since the last time. Done by the worker; may be repeated.
pub async fn tell(portal: &Portal, case_id: &str) -> Result<()> {
    for _ in 0..TRIES_MAX {
        match try_to_tell(portal, case_id).await {
            Err(AppError::Conflict) => {}
            other => return other,
        }
    }
    Err(AppError::Conflict)
}

async fn try_to_tell(portal: &Portal, case_id: &str) -> Result<()> {
    let mut tx = portal.db().write().await?;
    let mut act = Act { tx: &mut tx, portal, actor: &Actor::System };
    check(act.actor, Action::TellJoined)?;
    let Some(case) = by_id(act.tx, case_id).await? else { return Ok(()) };
    let group = store::group(act.tx, case_id).await?;
    store::end_telling(act.tx, case_id).await?;
    let relation = Relation::Joined { joined: group.joined, left: group.gone, people: groups::people(&group) };
    let is_news = group.joined + group.gone > 0 && relation.fits(case.is_open, case.state == crate::petitions::rules::State::Withdrawn);
    if is_news {
        record(&mut act, &case, &Event::Related(relation)).await?;
    }
    tx.commit().await
}
