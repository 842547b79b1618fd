//! Marks, tags, reminders and mentions: what sorts and hurries the officials' work. Permission → rule → rows → history, in the
//! caller's transaction, like [`super::actions`]. Nothing here touches a clock or a citizen's page.

use super::actions::{Act, note_row, record};
use super::flags::Flag;
use super::mentions::named;
use super::responsible::Responsible;
use super::rules::{Case, Event};
use super::store::marks::{self as store, NudgeKind, Tag};
use crate::accounts::store::staff_of;
use crate::actor::{Actor, Official};
use crate::error::{AppError, Result};
use crate::permissions::{Action, Role, check};

/// Longest word of a tag, in characters.
pub const TAG_CHARS_MAX: usize = 40;

/// Marks a case, with the reason (domain.md trap 4: without a written reason on file a mark is void).
pub async fn flag(act: &mut Act<'_>, case: &Case, flag: Flag, reason: &str) -> Result<Case> {
    check(act.actor, Action::Mark(case))?;
    demand(reason)?;
    let note_id = note_row(act, case, reason).await?;
    record(act, case, &Event::Flagged { flag, note_id }).await
}

/// Takes a mark away, with the reason.
pub async fn unflag(act: &mut Act<'_>, case: &Case, flag: Flag, reason: &str) -> Result<Case> {
    check(act.actor, Action::Mark(case))?;
    demand(reason)?;
    let note_id = note_row(act, case, reason).await?;
    record(act, case, &Event::Unflagged { flag, note_id }).await
}

fn demand(reason: &str) -> Result<()> {
    if reason.trim().is_empty() { Err(AppError::BadRequest("a mark needs a reason")) } else { Ok(()) }
}

/// A tag's word as two people would both write it: blanks single, lower case, marks kept.
pub fn fold_tag(name: &str) -> String {
    tidy(name).to_lowercase()
}

fn tidy(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Puts a case among those of a tag; a word that is new becomes a tag of the authority.
///
/// # Errors
/// [`AppError::Conflict`] where the case has the tag already.
pub async fn tag(act: &mut Act<'_>, case: &Case, name: &str) -> Result<Case> {
    check(act.actor, Action::Tag(case))?;
    let by = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let (name, folded) = (tidy(name), fold_tag(name));
    if name.is_empty() || name.chars().count() > TAG_CHARS_MAX {
        return Err(AppError::BadRequest("not a tag"));
    }
    let tag = match store::tag_named(act.tx, &case.body_id, &folded).await? {
        Some(tag) => tag,
        None => {
            let tag = Tag { id: act.portal.new_id(), name };
            if store::insert_tag(act.tx, &tag, &case.body_id, &folded, &by, act.portal.now()).await? {
                tag
            } else {
                // Somebody made it a moment ago.
                store::tag_named(act.tx, &case.body_id, &folded).await?.ok_or(AppError::Conflict)?
            }
        }
    };
    let after = record(act, case, &Event::Tagged { tag_id: tag.id.clone() }).await?;
    if store::put_tag(act.tx, &after, &tag.id).await? { Ok(after) } else { Err(AppError::Conflict) }
}

/// Takes a case out of a tag.
///
/// # Errors
/// [`AppError::Conflict`] where it is not in it.
pub async fn untag(act: &mut Act<'_>, case: &Case, tag_id: &str) -> Result<Case> {
    check(act.actor, Action::Tag(case))?;
    if !store::take_tag(act.tx, case, tag_id).await? {
        return Err(AppError::Conflict);
    }
    record(act, case, &Event::Untagged { tag_id: tag_id.to_owned() }).await
}

/// Reminds whoever has the case in hand (đôn đốc, domain.md 3.28): an entry in the record, and the words in their queue.
///
/// # Errors
/// [`AppError::Conflict`] where no answer is owed.
pub async fn remind(act: &mut Act<'_>, case: &Case, words: &str) -> Result<Case> {
    check(act.actor, Action::Remind(case))?;
    let by = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let note_id = note_row(act, case, words).await?;
    let event = Event::Reminded { unit_id: case.unit_id.clone(), handler_id: case.handler_id.clone(), note_id: note_id.clone() };
    let after = record(act, case, &event).await?;
    let staff = staff_of(act.tx, &case.body_id, crate::clock::day(act.portal.now())).await?;
    for person in in_hand(case, &staff) {
        store::insert_nudge(act.tx, &note_id, &person.account_id, &case.id, NudgeKind::Reminder, &by, act.portal.now()).await?;
    }
    Ok(after)
}

/// Those who have the case in hand: the person it was given to, else everybody whose turn it is.
pub fn in_hand<'a>(case: &Case, staff: &'a [Official]) -> Vec<&'a Official> {
    let holds = |person: &Official, role: Role| person.holds(role, &case.body_id);
    let handles = |person: &Official| match (&case.handler_id, &case.unit_id) {
        (Some(handler), _) => person.account_id == *handler,
        (None, Some(unit)) => person.holdings.iter().any(|holding| holding.role == Role::Handler && holding.agency_id == *unit),
        (None, None) => false,
    };
    let whose = Responsible::of(case);
    staff
        .iter()
        .filter(|person| match &whose {
            Responsible::Intake => holds(person, Role::Intake),
            Responsible::Approver => holds(person, Role::Approver),
            Responsible::Unit(_) | Responsible::Person(_) => handles(person),
            Responsible::Nobody => false,
        })
        .filter(|person| sees(person, case))
        .collect()
}

pub(super) fn sees(person: &Official, case: &Case) -> bool {
    check(&Actor::Official(person.clone()), Action::See(case)).is_ok()
}

/// The colleagues who may be named in a note on a case: those who may see it, without whoever writes.
pub fn mentionable(case: &Case, staff: Vec<Official>, writer_id: &str) -> Vec<Official> {
    staff.into_iter().filter(|person| person.account_id != writer_id && sees(person, case)).collect()
}

/// Writes an internal note; those named in it (by `@name`, or chosen) find the case put before them. Whoever writes has read what was
/// put before them about it.
///
/// # Errors
/// [`AppError::BadRequest`] where somebody chosen may not see the case.
pub async fn note(act: &mut Act<'_>, case: &Case, body: &str, chosen: Option<&str>) -> Result<Case> {
    check(act.actor, Action::Note(case))?;
    let by = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let staff = staff_of(act.tx, &case.body_id, crate::clock::day(act.portal.now())).await?;
    let staff = mentionable(case, staff, &by);
    let people: Vec<(&str, &str)> = staff.iter().map(|person| (person.account_id.as_str(), person.name.as_str())).collect();
    let mut named = named(body, &people);
    if let Some(chosen) = chosen {
        let known = people.iter().find(|(id, _)| *id == chosen).ok_or(AppError::BadRequest("somebody who may not see the case"))?;
        if !named.contains(&known.0) {
            named.push(known.0);
        }
    }
    let note_id = note_row(act, case, body).await?;
    let after = record(act, case, &Event::Noted { note_id: note_id.clone() }).await?;
    store::mark_read(act.tx, &by, &case.id, act.portal.now()).await?;
    for account_id in named {
        store::insert_nudge(act.tx, &note_id, account_id, &case.id, NudgeKind::Mention, &by, act.portal.now()).await?;
    }
    Ok(after)
}

/// Whoever acts has read what was put before them about a case. Their own list, not the case: no event.
pub async fn read_nudges(act: &mut Act<'_>, case: &Case) -> Result<()> {
    check(act.actor, Action::See(case))?;
    let by = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    store::mark_read(act.tx, &by, &case.id, act.portal.now()).await?;
    Ok(())
}

/// Gives a tag another word. A word that another tag has is refused with false.
pub async fn rename_tag(act: &mut Act<'_>, body_id: &str, tag_id: &str, name: &str) -> Result<bool> {
    check(act.actor, Action::ManageDeskWords(body_id))?;
    let (name, folded) = (tidy(name), fold_tag(name));
    let taken = store::tag_named(act.tx, body_id, &folded).await?.is_some_and(|tag| tag.id != tag_id);
    if taken {
        return Ok(false);
    }
    if store::rename_tag(act.tx, tag_id, body_id, &name, &folded).await? { Ok(true) } else { Err(AppError::NotFound) }
}
