//! The people who sign with the sender: taking a list over from paper, signatures, who speaks for them, partial withdrawal.
//!
//! Every change is one event with counts. Who they are is read only by an opening with a reason, like the sender's identity.

use super::signing::{Line, Signatures, all_have_left};
use super::store::signers as store;
use super::store::signers::{Group, Signer};
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::permissions::{Action, check};
use crate::petitions::actions::{self, Act, note_row, record};
use crate::petitions::recognition as marks;
use crate::petitions::relation::Relation;
use crate::petitions::rules::{Case, Event};
use crate::petitions::store::parts;

/// How many people stand behind a case.
pub fn people(group: &Group) -> i64 {
    group.signers + i64::from(!group.has_sender_left)
}

/// What acceptance asks of the signatures of a case. The step that accepts a complaint asks here.
///
/// # Errors
/// Those of the database.
pub async fn signatures(tx: &mut Tx, case_id: &str) -> Result<Signatures> {
    let group = store::group(tx, case_id).await?;
    Ok(Signatures { missing: group.unsigned, has_sender: group.has_sender_signed || group.has_sender_left, is_group: group.signers > 0 })
}

/// Whether everybody has withdrawn, so that handling may be ended by a decision (Decree 155/2026, Article 10).
///
/// # Errors
/// Those of the database.
pub async fn have_all_left(tx: &mut Tx, case_id: &str) -> Result<bool> {
    let group = store::group(tx, case_id).await?;
    Ok(all_have_left(group.has_sender_left, group.signers))
}

/// Takes a list over from paper. `has_signed` is what counts for lines that do not say.
pub async fn add_list(act: &mut Act<'_>, case: &Case, lines: &[Line], has_signed: bool) -> Result<Case> {
    check(act.actor, Action::Relate(case))?;
    let by = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let now = act.portal.now();
    let count = whole(lines.len());
    let last = store::take_places(act.tx, &case.id, count).await?;
    let sender_marks = marks::of_person(act.portal.marks_key(), &parts::person(act.tx, &case.id).await?);
    let (mut counted, mut unsigned) = (0, 0);
    for (line, place) in lines.iter().zip(last - count + 1..) {
        let marks = marks::of_person(act.portal.marks_key(), &line.person);
        let is_sender = marks.iter().any(|mark| sender_marks.contains(mark));
        let is_counted = !is_sender && !store::is_known(act.tx, &case.id, &marks).await?;
        let has_signed = line.has_signed.unwrap_or(has_signed);
        counted += i64::from(is_counted);
        unsigned += i64::from(!has_signed);
        let signer = Signer {
            id: act.portal.new_id(),
            case_id: case.id.clone(),
            place,
            origin: "paper".to_owned(),
            proof: if has_signed { "seen" } else { "said" }.to_owned(),
            has_signed,
            is_representative: false,
            is_counted,
            added_at: now,
            left_at: None,
        };
        store::insert(act.tx, &signer, &line.person, Some(&by), &marks)?;
    }
    store::add_counts(act.tx, &case.id, counted, unsigned, (0, 0)).await?;
    let people = people(&store::group(act.tx, &case.id).await?);
    record(act, case, &Event::Related(Relation::SignersAdded { count, people })).await
}

/// Some of those who stand behind a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// The sender is one of them.
    pub has_sender: bool,
    /// The signers' ids.
    pub signers: Vec<String>,
}

impl Chosen {
    /// How many.
    pub fn len(&self) -> usize {
        self.signers.len() + usize::from(self.has_sender)
    }

    /// Whether nobody.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Signatures that had been missing were seen.
pub async fn see_signatures(act: &mut Act<'_>, case: &Case, chosen: &Chosen) -> Result<Case> {
    check(act.actor, Action::Relate(case))?;
    let mut count = 0;
    for id in &chosen.signers {
        let is_paper = store::by_id(act.tx, id).await?.is_some_and(|signer| signer.origin == "paper");
        if store::see_signature(act.tx, &case.id, id).await? {
            store::add_counts(act.tx, &case.id, 0, -i64::from(is_paper), (0, 0)).await?;
            count += 1;
        }
    }
    let mut group = store::group(act.tx, &case.id).await?;
    if chosen.has_sender && !group.has_sender_signed {
        group.has_sender_signed = true;
        store::set_sender(act.tx, &case.id, &group).await?;
        count += 1;
    }
    record(act, case, &Event::Related(Relation::SignaturesSeen { count, missing: group.unsigned + i64::from(!group.has_sender_signed) })).await
}

/// Records who speaks for the group, in place of whoever did before. They must be of the group.
///
/// # Errors
/// [`AppError::Conflict`] if one of them has left meanwhile.
pub async fn represent(act: &mut Act<'_>, case: &Case, chosen: &Chosen) -> Result<Case> {
    check(act.actor, Action::Relate(case))?;
    store::clear_representatives(act.tx, &case.id).await?;
    for id in &chosen.signers {
        if !store::make_representative(act.tx, &case.id, id).await? {
            return Err(AppError::Conflict);
        }
    }
    let mut group = store::group(act.tx, &case.id).await?;
    if chosen.has_sender && group.has_sender_left {
        return Err(AppError::Conflict);
    }
    group.is_sender_representative = chosen.has_sender;
    store::set_sender(act.tx, &case.id, &group).await?;
    record(act, case, &Event::Related(Relation::Represented { count: whole(chosen.len()) })).await
}

/// Some withdraw, in writing or before the official; the case goes on for the others.
///
/// # Errors
/// [`AppError::Conflict`] if one of them has left already.
pub async fn withdraw(act: &mut Act<'_>, case: &Case, chosen: &Chosen, reason: &str) -> Result<Case> {
    check(act.actor, Action::Relate(case))?;
    for id in &chosen.signers {
        if !leave(act, case, id).await? {
            return Err(AppError::Conflict);
        }
    }
    if chosen.has_sender {
        sender_leaves(act, case).await?;
    }
    let note_id = Some(note_row(act, case, reason).await?);
    let people = people(&store::group(act.tx, &case.id).await?);
    record(act, case, &Event::Related(Relation::SignersLeft { count: whole(chosen.len()), people, note_id })).await
}

/// A signer leaves: their row stays, the counts go down.
pub(super) async fn leave(act: &mut Act<'_>, case: &Case, signer_id: &str) -> Result<bool> {
    let Some(signer) = store::by_id(act.tx, signer_id).await? else { return Ok(false) };
    if !store::leave(act.tx, &case.id, signer_id, act.portal.now()).await? {
        return Ok(false);
    }
    let unsigned = i64::from(signer.origin == "paper" && !signer.has_signed);
    store::add_counts(act.tx, &case.id, -i64::from(signer.is_counted), -unsigned, (0, 0)).await?;
    Ok(true)
}

async fn sender_leaves(act: &mut Act<'_>, case: &Case) -> Result<()> {
    let mut group = store::group(act.tx, &case.id).await?;
    if group.has_sender_left {
        return Err(AppError::Conflict);
    }
    group.has_sender_left = true;
    group.is_sender_representative = false;
    store::set_sender(act.tx, &case.id, &group).await
}

/// Whether others signed with the sender, so that it goes on for them.
pub async fn has_others(act: &mut Act<'_>, case: &Case) -> Result<bool> {
    Ok(store::group(act.tx, &case.id).await?.signers > 0)
}

/// The sender withdraws by code. If others signed with them, the case goes on for those; else the whole petition is withdrawn.
pub async fn withdraw_sender(act: &mut Act<'_>, case: &Case) -> Result<Case> {
    check(act.actor, Action::Follow(case))?;
    let group = store::group(act.tx, &case.id).await?;
    if group.has_sender_left {
        // Sent twice is withdrawn once.
        return Ok(case.clone());
    }
    if group.signers == 0 {
        return actions::withdraw(act, case).await;
    }
    sender_leaves(act, case).await?;
    record(act, case, &Event::Related(Relation::SenderLeft { people: group.signers })).await
}

/// Opens the names of the signers for a reason, which enters the record.
pub async fn open_names(act: &mut Act<'_>, case: &Case, reason: &str) -> Result<Case> {
    check(act.actor, Action::SeeIdentity(case))?;
    let note_id = note_row(act, case, reason).await?;
    record(act, case, &Event::Related(Relation::SignersOpened { note_id })).await
}

fn whole(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
