//! Forms of the desk: decisions about a commitment, and about what people wrote. 303, or the page again with every typed word: 422 for
//! what was typed, 409 where somebody was faster.

use super::actions::{Decision, decide, decide_words, expect_version, seen};
use super::desk_pages::{PATH, REASON_CHARS_MAX, VERSION, load_desk, page};
use super::rules::{Commitment, Refused};
use super::store;
use crate::accounts::keep_form_and_sign_in;
use crate::accounts::session::leave_flash;
use crate::deadlines::pages::day;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::actions::Act;
use crate::ui::{PageContext, see_other};
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use tower_sessions::Session;

/// The sentence after something was saved.
pub(super) const SAVED: &str = "commitment_saved";

/// What a form decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Another day.
    Move,
    /// Done.
    Done,
    /// Given up.
    Drop,
    /// Taken up again.
    Reopen,
}

/// Where each form goes.
pub const STEP_PATHS: [(&str, Step); 4] = [
    ("/can-bo/loi-hua/{id}/doi-ngay", Step::Move),
    ("/can-bo/loi-hua/{id}/da-lam", Step::Done),
    ("/can-bo/loi-hua/{id}/khong-lam-nua", Step::Drop),
    ("/can-bo/loi-hua/{id}/lam-tiep", Step::Reopen),
];

fn a_day(form: &mut FormState, field: &'static str) -> Option<NaiveDate> {
    let read = day(form.value(field));
    if read.is_none() {
        form.wrong(field, "commitments.desk.day_wrong");
    }
    read
}

/// Reads a form. None if something is wrong with it; the form says what.
fn parse(step: Step, form: &mut FormState) -> Option<Decision> {
    let missing = "commitments.desk.reason_missing";
    let decision = match step {
        Step::Move => {
            let to = a_day(form, "move_to");
            let reason = form.required("move_reason", missing, REASON_CHARS_MAX);
            to.map(|to| Decision::Move { to, reason })
        }
        Step::Done => {
            let on = a_day(form, "done_on");
            let explanation = form.optional("explanation", REASON_CHARS_MAX);
            on.map(|on| Decision::Done { on, explanation })
        }
        Step::Drop => Some(Decision::Drop { reason: form.required("drop_reason", missing, REASON_CHARS_MAX) }),
        Step::Reopen => Some(Decision::Reopen { reason: form.required("reopen_reason", missing, REASON_CHARS_MAX) }),
    };
    decision.filter(|_| form.is_valid())
}

/// What the rules have against what was typed, at its field. False where it is the commitment that does not take it.
fn note_refusal(form: &mut FormState, refused: Refused) -> bool {
    match refused {
        Refused::NotAhead => form.wrong("move_to", "commitments.desk.not_ahead"),
        Refused::NotADayOfDoing => form.wrong("done_on", "commitments.desk.not_a_day_of_doing"),
        Refused::NothingShown => form.wrong("explanation", "commitments.desk.nothing_shown"),
        Refused::NoReason | Refused::OutOfOrder | Refused::Ended | Refused::NotEnded | Refused::Already => return false,
    }
    true
}

/// `POST /can-bo/loi-hua/{id}/…`
///
/// # Errors
/// [`AppError::NotFound`] for a commitment of another authority, [`AppError::Forbidden`] for whoever may not decide.
pub async fn take(step: Step, context: PageContext, session: Session, Path(id): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let desk = load_desk(&context, &id).await?;
    check(&context.actor, Action::DecideCommitment(&desk.whole.commitment))?;
    let version: i64 = form.value(VERSION).parse().unwrap_or(0);
    let Some(decision) = parse(step, &mut form) else { return Ok(page(&context, &desk, &form, None, StatusCode::UNPROCESSABLE_ENTITY)) };
    if let Err(refused) = decision.fits(&desk.whole.commitment, context.now)
        && desk.whole.commitment.version == version
        && note_refusal(&mut form, refused)
    {
        return Ok(page(&context, &desk, &form, None, StatusCode::UNPROCESSABLE_ENTITY));
    }
    match carry_out(&context, &id, version, &decision).await {
        Ok(()) => {}
        Err(AppError::Conflict) if was_done(&context, &id, version, &decision).await? => {}
        Err(AppError::Conflict) => return gone_on(&context, &id, &form).await,
        Err(error) => return Err(error),
    }
    leave_flash(&session, SAVED).await?;
    Ok(see_other(&context.href(&format!("{PATH}/{id}"))))
}

async fn carry_out(context: &PageContext, id: &str, version: i64, decision: &Decision) -> Result<()> {
    let mut tx = context.portal.db().write().await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    let commitment = seen(&mut act, id).await?;
    expect_version(&commitment, version)?;
    decide(&mut act, &commitment, decision).await?;
    tx.commit().await
}

/// Whether this very thing was done by the same person as the first change after what the page showed: a form sent twice.
async fn was_done(context: &PageContext, id: &str, version: i64, decision: &Decision) -> Result<bool> {
    let mut tx = context.portal.db().read().await?;
    let record = store::record(&mut tx, id).await?;
    let before = |day: NaiveDate, commitment: &Commitment| decision.event(&Commitment { day, ..commitment.clone() }, context.today);
    let Some(commitment) = store::by_id(&mut tx, id).await? else { return Ok(false) };
    let Some(entry) = record.iter().find(|entry| entry.seq == version + 1 && entry.actor_id == context.actor.account_id()) else { return Ok(false) };
    let from = match &entry.event {
        super::rules::Event::Moved { from, .. } => *from,
        _ => commitment.day,
    };
    Ok(before(from, &commitment) == entry.event)
}

/// The page again, with what has changed and every typed word.
pub(super) async fn gone_on(context: &PageContext, id: &str, form: &FormState) -> Result<Response> {
    let desk = load_desk(context, id).await?;
    Ok(page(context, &desk, form, Some("commitments.desk.gone_on"), StatusCode::CONFLICT))
}

/// `POST /can-bo/loi-hua/{id}/loi-dan`: lets a sentence out or keeps it in.
///
/// # Errors
/// [`AppError::NotFound`] for a commitment of another authority or a sentence that is not there.
pub async fn words(context: PageContext, session: Session, Path(id): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let mut tx = context.portal.db().write().await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    let commitment = seen(&mut act, &id).await?;
    match decide_words(&mut act, &commitment, form.value("voice"), form.value("does") == "release").await {
        Ok(_) => tx.commit().await?,
        Err(AppError::Conflict) => {
            drop(tx);
            return gone_on(&context, &id, &FormState::default()).await;
        }
        Err(error) => return Err(error),
    }
    leave_flash(&session, SAVED).await?;
    Ok(see_other(&context.href(&format!("{PATH}/{id}"))))
}
