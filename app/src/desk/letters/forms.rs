//! The POSTs: a letter kept, put before whoever signs, signed, sent back, thrown away. Read → permission → check → action → 303, or the
//! same page again with every typed word: 422 for what is wrong with it, 409 where a colleague was faster.

use super::pages::{FIELDS, ONCE, RETURN_REASON, SEEN, Shown, Told, beside, draft_page, fitting, known, load, new_page, seen_mark};
use crate::accounts::keep_form_and_sign_in;
use crate::accounts::session::FLASH;
use crate::desk::forms::{REASON_CHARS_MAX, Sent};
use crate::desk::law::view::usual_authority;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::letters::actions::{self, NAME_CHARS_MAX, NewLetter, Signing, TextFault};
use crate::letters::office::{Authority, date_words};
use crate::letters::own;
use crate::letters::places::Place;
use crate::letters::store::Letter;
use crate::permissions::{Action, check};
use crate::petitions::actions::Act;
use crate::petitions::escalating::{Seat, seat};
use crate::ui::{PageContext, see_other};
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::Response;
use tower_sessions::Session;

/// `POST /can-bo/don/{id}/soan/{code}`: a new draft is kept, and put before the signer if that was asked.
pub async fn create(context: PageContext, session: Session, Path((case_id, code)): Path<(String, String)>, sent: Sent) -> Result<Response> {
    let Form(pairs) = sent.map_err(|_| AppError::BadRequest("not a form"))?;
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let wants_sending = form.value("action") == "send";
    let mut tx = context.portal.db().write().await?;
    let seat = seat(&mut tx, &context.actor, &case_id).await?;
    let template = fitting(&mut tx, &context, &seat, &code).await?;
    let id = form.value(ONCE).to_owned();
    if !crate::id::is_sent_id(&id) {
        return Err(AppError::BadRequest("no id"));
    }
    let known = known(&mut tx, &seat).await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    own::may_draft(&context.actor, &seat, &code)?;
    let new = NewLetter { template_code: code.clone(), to: form.value(FIELDS.to_field).trim().to_owned(), body: form.value(FIELDS.field).to_owned(), known };
    if let Some(fault) = actions::fault(&mut act, &seat.desk, &new, wants_sending).await? {
        note(&mut form, &fault);
        let beside = beside(&mut tx, &seat, &code).await?;
        return Ok(new_page(&context, &seat, &template, &form, beside, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let letter = own::begin(&mut act, &seat, &id, &new).await?;
    if wants_sending && letter.course == crate::letters::store::Course::Writing {
        own::put_before_signer(&mut act, &seat, &letter).await?;
    }
    tx.commit().await?;
    done(&context, &session, &seat, &letter, if wants_sending { SENT } else { KEPT }).await
}

fn note(form: &mut FormState, fault: &TextFault) {
    fault.note(form, if *fault == TextFault::NoAddressee { FIELDS.to_field } else { FIELDS.field });
}

/// `POST /can-bo/don/{id}/du-thao/{letter}`: what is done with a draft, by the button that was pressed.
pub async fn change(context: PageContext, session: Session, Path((case_id, letter_id)): Path<(String, String)>, sent: Sent) -> Result<Response> {
    let Form(pairs) = sent.map_err(|_| AppError::BadRequest("not a form"))?;
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let mut tx = context.portal.db().write().await?;
    let seat = seat(&mut tx, &context.actor, &case_id).await?;
    let known = actions::of_this_case(&mut tx, &seat.case, &letter_id).await?;
    if known.is_issued() && known.body_id == seat.desk.body_id {
        // Signed a moment ago, perhaps by this very form sent twice.
        return Ok(see_other(&context.href(&format!("/can-bo/don/{case_id}/van-ban/{letter_id}"))));
    }
    let shown = load(&mut tx, &context, &seat, &letter_id).await?;
    let letter = shown.letter.clone();
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    let button = form.value("action").to_owned();
    may(&act, &seat, &letter, &button)?;
    if form.value(SEEN) != seen_mark(&letter) {
        let typed = FormState::from_pairs(form.values().clone());
        return Ok(draft_page(&context, &seat, shown, &typed, MOVED, StatusCode::CONFLICT));
    }
    let result = match button.as_str() {
        "save" | "send" => rewrite(&mut act, &seat, &letter, &mut form, button == "send").await,
        "sign" => sign(&mut act, &context, &seat, &letter, &mut form).await,
        "return" => send_back(&mut act, &seat, &letter, &mut form).await,
        _ => own::discard(&mut act, &seat, &letter).await.map(|()| Some(DISCARDED)),
    };
    match result {
        Ok(Some(flash)) => {
            tx.commit().await?;
            done(&context, &session, &seat, &letter, flash).await
        }
        Ok(None) => Ok(draft_page(&context, &seat, shown, &form, Told::default(), StatusCode::UNPROCESSABLE_ENTITY)),
        Err(AppError::Conflict) => {
            drop(tx);
            again(&context, &seat, shown, &form).await
        }
        Err(error) => Err(error),
    }
}

/// Whether the button is this person's to press.
fn may(act: &Act<'_>, seat: &Seat, letter: &Letter, button: &str) -> Result<()> {
    match button {
        "save" | "send" | "discard" => own::may_draft(act.actor, seat, &letter.template_code),
        "sign" | "return" => check(act.actor, Action::SignLetter(&seat.desk, &letter.drafted_by)),
        _ => Err(AppError::BadRequest("no such button")),
    }
}

/// The draft stands elsewhere than the button needs: the page as it is now.
async fn again(context: &PageContext, seat: &Seat, shown: Shown, form: &FormState) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let now = load(&mut tx, context, seat, &shown.letter.id).await.unwrap_or(shown);
    drop(tx);
    Ok(draft_page(context, seat, now, form, MOVED, StatusCode::CONFLICT))
}

/// Keeps the words, and puts them before the signer if that was asked. None if something is wrong with them; the form says what.
async fn rewrite(act: &mut Act<'_>, seat: &Seat, letter: &Letter, form: &mut FormState, wants_sending: bool) -> Result<Option<&'static str>> {
    let (to, body) = (form.value(FIELDS.to_field).trim().to_owned(), form.value(FIELDS.field).to_owned());
    let text = crate::letters::store::text(act.tx, &letter.id).await?.ok_or(AppError::NotFound)?;
    let new = NewLetter { template_code: letter.template_code.clone(), to: to.clone(), body: body.clone(), known: actions::known(&text)? };
    if let Some(fault) = actions::fault(act, &seat.desk, &new, wants_sending).await? {
        note(form, &fault);
        return Ok(None);
    }
    let letter = own::rewrite(act, seat, letter, &to, &body).await?;
    if wants_sending {
        own::put_before_signer(act, seat, &letter).await?;
    }
    Ok(Some(if wants_sending { SENT } else { KEPT }))
}

async fn sign(act: &mut Act<'_>, context: &PageContext, seat: &Seat, letter: &Letter, form: &mut FormState) -> Result<Option<&'static str>> {
    let Some(official) = context.actor.official() else { return Err(AppError::SignInNeeded) };
    let authority = Authority::from_code(form.value("authority")).unwrap_or_else(|| usual_authority(official));
    let post = form.optional("post", NAME_CHARS_MAX);
    if authority == Authority::ByOrder && post.is_empty() {
        form.wrong("post", "procedure.draft.post_missing");
        return Ok(None);
    }
    if let Some(fault) = actions::fault_of_draft(act, &seat.desk, letter).await? {
        note(form, &fault);
        return Ok(None);
    }
    let circumstances = context.directory.circumstances(&seat.case.area_code, context.today);
    let known = actions::Known::from([(Place::Due, seat.case.last_day().map_or_else(String::new, date_words))]);
    let told = |label: &str| crate::words::Lang::Vi.f("own_letters.reminded", &[("number", label)]);
    own::issue(act, seat, letter, &Signing { authority, post, circumstances, known }, told).await?;
    Ok(Some(SIGNED))
}

async fn send_back(act: &mut Act<'_>, seat: &Seat, letter: &Letter, form: &mut FormState) -> Result<Option<&'static str>> {
    let reason = form.required(RETURN_REASON, "procedure.draft.return_missing", REASON_CHARS_MAX);
    if !form.is_valid() {
        return Ok(None);
    }
    own::send_back(act, seat, letter, &reason).await?;
    Ok(Some(RETURNED))
}

const MOVED: Told = Told { flash: None, refused: Some("own_letters.moved") };

const KEPT: &str = "van-ban:da-luu";
const SENT: &str = "van-ban:trinh-ky";
const SIGNED: &str = "van-ban:da-ky";
const RETURNED: &str = "van-ban:tra-lai";
const DISCARDED: &str = "van-ban:da-bo";

/// Key of the sentence of a flash that this file left.
pub fn told(flash: &str) -> Option<&'static str> {
    Some(match flash {
        KEPT => "own_letters.done.kept",
        SENT => "own_letters.done.sent",
        SIGNED => "own_letters.done.signed",
        RETURNED => "own_letters.done.returned",
        DISCARDED => "own_letters.done.discarded",
        _ => return None,
    })
}

/// Back to the case; a draft that was only kept stays open.
async fn done(context: &PageContext, session: &Session, seat: &Seat, letter: &Letter, flash: &'static str) -> Result<Response> {
    session.insert(FLASH, flash).await.map_err(AppError::internal)?;
    if flash == KEPT {
        return Ok(see_other(&context.href(&format!("/can-bo/don/{}/du-thao/{}", seat.case.id, letter.id))));
    }
    Ok(see_other(&super::pages::back_href(context, seat)))
}
