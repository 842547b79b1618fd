//! Letters written outside a step of the law, in the caller's transaction: a draft, kept as often as wished, put before another person,
//! signed by them or sent back with a reason. Where it stands is its [`Course`]; what happened to it from the moment it waits is in the
//! case's record ([`LetterEvent`]).
//!
//! The office that writes is the one the case lies on the desk of ([`Seat`]): the authority that has it or, for reminders, the one above.

use super::actions::{self, NewLetter, Signing};
use super::store::{self, Course, Letter};
use crate::actor::Actor;
use crate::error::{AppError, Result};
use crate::permissions::{Action, Role, check};
use crate::petitions::actions::{Act, note_row, record};
use crate::petitions::escalating::{Seat, demand, seat};
use crate::petitions::letter_event::LetterEvent;
use crate::petitions::marks::remind;
use crate::petitions::rules::{Case, Event};

/// The letter that reminds whoever has a late case (đôn đốc).
pub const REMINDER: &str = "reminder";

/// A draft of this desk that is written outside a step.
///
/// # Errors
/// [`AppError::NotFound`] for a letter of another case, another office or a step of the law, and for one that is out.
pub async fn draft_of(tx: &mut crate::db::Tx, seat: &Seat, letter_id: &str) -> Result<Letter> {
    let letter = actions::of_this_case(tx, &seat.case, letter_id).await?;
    if letter.is_own_draft() && letter.body_id == seat.desk.body_id { Ok(letter) } else { Err(AppError::NotFound) }
}

/// The most waiting letters that are looked at for one person.
const WAITING_MAX: i64 = 20;

/// Letters that wait for this person to sign, the longest waiting first.
pub async fn to_sign(tx: &mut crate::db::Tx, actor: &Actor) -> Result<Vec<Letter>> {
    let Some(official) = actor.official() else { return Ok(Vec::new()) };
    let Some(body_id) = official.body_id().filter(|body_id| [Role::Approver, Role::Head].into_iter().any(|role| official.holds(role, body_id))) else {
        return Ok(Vec::new());
    };
    let mut mine = Vec::new();
    for letter in store::waiting_of_body(tx, body_id, WAITING_MAX).await? {
        match seat(tx, actor, &letter.case_id).await {
            Ok(seat) if check(actor, Action::SignLetter(&seat.desk, &letter.drafted_by)).is_ok() => mine.push(letter),
            // Their own draft, a case that moved on, or one about whoever looks.
            Ok(_) | Err(AppError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(mine)
}

/// Whether somebody may draft a letter of a template: reminders only who may remind.
///
/// # Errors
/// Those of [`check`].
pub fn may_draft(actor: &Actor, seat: &Seat, code: &str) -> Result<()> {
    check(actor, Action::DraftLetter(&seat.desk))?;
    if code == REMINDER { check(actor, Action::Remind(&seat.desk)) } else { Ok(()) }
}

/// Keeps a new draft under the id its form was shown with. Sent twice it is kept once.
///
/// # Errors
/// [`AppError::Conflict`] if the id is taken by another letter; else those of [`actions::draft`].
pub async fn begin(act: &mut Act<'_>, seat: &Seat, id: &str, new: &NewLetter) -> Result<Letter> {
    may_draft(act.actor, seat, &new.template_code)?;
    if let Some(known) = store::by_id(act.tx, id).await? {
        let is_same = known.case_id == seat.case.id && known.template_code == new.template_code && Some(&known.drafted_by) == act.actor.account_id().as_ref();
        return if is_same { Ok(known) } else { Err(AppError::Conflict) };
    }
    actions::draft_as(act, &seat.desk, new, (id.to_owned(), Course::Writing)).await
}

/// Changes the words of a draft that does not wait for a signature.
///
/// # Errors
/// [`AppError::Conflict`] if it waits or is out.
pub async fn rewrite(act: &mut Act<'_>, seat: &Seat, letter: &Letter, to: &str, body: &str) -> Result<Letter> {
    may_draft(act.actor, seat, &letter.template_code)?;
    if letter.course == Course::Waiting {
        return Err(AppError::Conflict);
    }
    actions::redraft(act, &seat.desk, &letter.id, to, body).await
}

/// Puts a draft before whoever signs.
///
/// # Errors
/// [`AppError::Conflict`] if it waits already; [`AppError::BadRequest`] for a text that cannot go out ([`actions::fault_of_draft`]).
pub async fn put_before_signer(act: &mut Act<'_>, seat: &Seat, letter: &Letter) -> Result<Case> {
    may_draft(act.actor, seat, &letter.template_code)?;
    if actions::fault_of_draft(act, &seat.desk, letter).await?.is_some() {
        return Err(AppError::BadRequest("the letter's text is wrong"));
    }
    store::move_on(act.tx, &letter.id, (letter.course, Course::Waiting), "").await?;
    record(act, &seat.case, &Event::Letter(LetterEvent::Waiting { letter_id: letter.id.clone() })).await
}

/// The second person sends the draft back with a reason.
///
/// # Errors
/// [`AppError::Forbidden`] for its author; [`AppError::Conflict`] if it does not wait.
pub async fn send_back(act: &mut Act<'_>, seat: &Seat, letter: &Letter, reason: &str) -> Result<Case> {
    check(act.actor, Action::SignLetter(&seat.desk, &letter.drafted_by))?;
    store::move_on(act.tx, &letter.id, (Course::Waiting, Course::Returned), reason).await?;
    let note_id = note_row(act, &seat.case, reason).await?;
    record(act, &seat.case, &Event::Letter(LetterEvent::Returned { letter_id: letter.id.clone(), note_id })).await
}

/// The second person signs: number, hash, and out. A reminder is put before whoever has the case in hand, too; `told` says so in
/// their queue.
///
/// # Errors
/// Those of [`actions::issue`]; [`AppError::Conflict`] if it does not wait.
pub async fn issue(act: &mut Act<'_>, seat: &Seat, letter: &Letter, signing: &Signing, told: impl FnOnce(&str) -> String) -> Result<Letter> {
    if letter.course != Course::Waiting {
        return Err(AppError::Conflict);
    }
    let issued = actions::issue(act, &seat.desk, &letter.id, signing).await?;
    let after = actions::record_issued(act, &seat.case, &issued, issued.is_for_sender()).await?;
    if issued.template_code != REMINDER {
        return Ok(issued);
    }
    let words = told(issued.label.as_deref().unwrap_or_default());
    if seat.is_above() {
        let now = Seat { case: after, desk: seat.desk.clone() };
        demand(act, &now, &issued.id, &words).await?;
    } else if after.is_open {
        remind(act, &after, &words).await?;
    }
    Ok(issued)
}

/// Throws a draft away that does not wait for a signature.
///
/// # Errors
/// [`AppError::Conflict`] if it waits or is out.
pub async fn discard(act: &mut Act<'_>, seat: &Seat, letter: &Letter) -> Result<()> {
    if letter.course == Course::Waiting {
        return Err(AppError::Conflict);
    }
    actions::drop_draft(act, &seat.desk, &letter.id).await
}
