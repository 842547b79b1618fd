//! What is sent from `/tra-cuu/du-lieu`: taking one's data away, correcting them, asking for their deletion.

use super::own_pages::{Filled, Own, page, remove_name};
use super::requests::{self, Corrected};
use super::rules::{Asked, Field, proves};
use super::{OWN, export};
use crate::accounts::actions::Limit;
use crate::accounts::session;
use crate::error::{AppError, Result};
use crate::filing::rules::{ADDRESS_CHARS_MAX, NAME_CHARS_MAX, email, id_number, phone};
use crate::following::{OF, keep_form_and_ask};
use crate::form::FormState;
use crate::petitions::actions::Act;
use crate::petitions::rules::Kind;
use crate::petitions::store::people::CasePerson;
use crate::ui::{PageContext, see_other};
use axum::Form;
use axum::http::StatusCode;
use axum::response::Response;
use tower_sessions::Session;

/// Wrong proofs about one person, from one address, before a pause.
const PROOF_FAILURES_MAX: i64 = 10;
/// Longest number or e-mail typed.
const NUMBER_CHARS_MAX: usize = 254;

type Pairs = Form<Vec<(String, String)>>;

/// `POST /tra-cuu/du-lieu/tai`: everything as a ZIP.
///
/// # Errors
/// [`AppError::CodeNeeded`] if no visit is open; [`AppError::TooMany`] after too many wrong proofs.
pub async fn take(context: PageContext, Form(pairs): Pairs) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let Some(own) = load(&context, &form).await? else { return Ok(keep_form_and_ask(&context, &form)) };
    if !own.person.is_locked && !is_proven(&context, &own, &mut form).await? {
        return Ok(page(&context, &own, Filled::Take(&form), None, StatusCode::UNPROCESSABLE_ENTITY));
    }
    export::answer(&context, &own).await
}

/// `POST /tra-cuu/du-lieu/sua`
///
/// # Errors
/// As [`take`].
pub async fn correct(context: PageContext, session: Session, Form(pairs): Pairs) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let Some(own) = load(&context, &form).await? else { return Ok(keep_form_and_ask(&context, &form)) };
    if own.person.is_locked {
        form.wrong("name", "retention.locked");
        return Ok(page(&context, &own, Filled::Correct(&form), None, StatusCode::SERVICE_UNAVAILABLE));
    }
    let after = typed(&mut form, &own);
    let is_proven = is_proven(&context, &own, &mut form).await?;
    if !is_proven || !form.is_valid() {
        return Ok(page(&context, &own, Filled::Correct(&form), None, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let mut tx = context.portal.db().write().await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    let flash = match requests::correct(&mut act, &own.subject, &after).await {
        Ok(Corrected::AtOnce) => "retention.flash.corrected",
        Ok(Corrected::Waits) => "retention.flash.waits",
        Ok(Corrected::Same) => "retention.flash.same",
        Ok(Corrected::Before) => {
            drop(tx);
            form.wrong("name", "retention.correct.before");
            return Ok(page(&context, &own, Filled::Correct(&form), None, StatusCode::CONFLICT));
        }
        Err(AppError::Locked) => {
            drop(tx);
            form.wrong("name", "retention.locked");
            return Ok(page(&context, &own, Filled::Correct(&form), None, StatusCode::SERVICE_UNAVAILABLE));
        }
        Err(error) => return Err(error),
    };
    tx.commit().await?;
    session::leave_flash(&session, flash).await?;
    Ok(see_other(&context.href(OWN)))
}

/// `POST /tra-cuu/du-lieu/xoa`
///
/// # Errors
/// As [`take`].
pub async fn erase(context: PageContext, session: Session, Form(pairs): Pairs) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let Some(own) = load(&context, &form).await? else { return Ok(keep_form_and_ask(&context, &form)) };
    let kind = match form.value("what") {
        "person" => Some(Asked::ErasePerson),
        "all" if own.subject.is_sender() => Some(Asked::EraseAll),
        _ => None,
    };
    if kind.is_none() {
        form.wrong("what", "retention.erase.what_missing");
    }
    if !form.is_ticked("sure") {
        form.wrong("sure", "retention.erase.sure_missing");
    }
    let is_proven = own.person.is_locked || is_proven(&context, &own, &mut form).await?;
    let Some(kind) = kind.filter(|_| is_proven && form.is_valid()) else {
        return Ok(page(&context, &own, Filled::Erase(&form), None, StatusCode::UNPROCESSABLE_ENTITY));
    };
    let mut tx = context.portal.db().write().await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    // Pressed twice it is one request.
    requests::ask_erasure(&mut act, &own.subject, kind).await?;
    let is_held = super::holds::is_held(&mut tx, &own.subject.case.id, context.today).await?;
    tx.commit().await?;
    session::leave_flash(&session, if is_held { "retention.flash.on_hold" } else { "retention.flash.asked" }).await?;
    Ok(see_other(&context.href(OWN)))
}

/// The data of whoever is visiting, if the form was shown for them. None: the visit is over, or another is open in this browser now.
async fn load(context: &PageContext, form: &FormState) -> Result<Option<Own>> {
    match Own::load(&mut context.portal.db().read().await?, context).await {
        Ok(own) => Ok(Some(own).filter(|own| form.value(OF) == own.mark())),
        Err(AppError::CodeNeeded) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether something only the person knows was typed. Wrong ones are counted: nobody tries names or numbers with a code they found.
async fn is_proven(context: &PageContext, own: &Own, form: &mut FormState) -> Result<bool> {
    if !own.asks_for_proof() {
        return Ok(true);
    }
    let limit = Limit::new("own_data", &[&own.subject.owner_id], PROOF_FAILURES_MAX);
    limit.check(&context.portal).await?;
    if proves(&own.person, form.value("proof")) {
        return Ok(true);
    }
    limit.failed(&context.portal).await?;
    form.wrong("proof", "retention.own.proof_wrong");
    Ok(false)
}

/// The person as they want to be written; what was left empty stays.
fn typed(form: &mut FormState, own: &Own) -> CasePerson {
    let mut after = own.person.clone();
    let legal = matches!(own.subject.case.kind, Kind::Complaint | Kind::Denunciation);
    for field in Field::ALL {
        let chars_max = match field {
            Field::Name => NAME_CHARS_MAX,
            Field::Address => ADDRESS_CHARS_MAX,
            _ => NUMBER_CHARS_MAX,
        };
        let typed = form.optional(field.code(), chars_max);
        if form.is_ticked(remove_name(field)) && field != Field::Name && !(legal && field == Field::Address) {
            field.set(&mut after, "");
        } else if !typed.is_empty() {
            let (known, wrong) = match field {
                Field::Phone => (phone(&typed), "retention.correct.phone_wrong"),
                Field::Email => (email(&typed), "following.email.wrong"),
                Field::IdNumber => (id_number(&typed), "retention.correct.id_wrong"),
                Field::Name | Field::Address => (Some(typed), ""),
            };
            match known {
                Some(value) => field.set(&mut after, &value),
                None => form.wrong(field.code(), wrong),
            }
        }
    }
    if own.person.language.is_empty() {
        after.language = "vi".to_owned();
    }
    after
}
