//! What is sent from `/can-bo/du-lieu/{id}`: opening the values of a correction, deciding.

use super::REQUESTS;
use super::desk_pages::{File, OPENED, page};
use super::requests::{self, Decision, WORDS_CHARS_MAX};
use super::rules::{Asked, Ground};
use crate::accounts::keep_form_and_sign_in;
use crate::accounts::second::demand_fresh;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::petitions::actions::Act;
use crate::ui::{PageContext, see_other};
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

/// `POST /can-bo/du-lieu/{id}`: `deed` is `open` or `decide`.
///
/// # Errors
/// [`AppError::NotFound`] for whoever may not see the case.
pub async fn decide(context: PageContext, Path(id): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let file = File::load(&mut context.portal.db().read().await?, &context, &id).await?;
    if file.request.kind.is_erasure() {
        // Whatever `deed` says: nothing else than deciding is done to such a request. Before the transaction: a wrong proof is counted in one
        // of its own.
        demand_fresh(&context, &mut form).await?;
    }
    let mut tx = context.portal.db().write().await?;
    let file = File::load(&mut tx, &context, &id).await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    if form.value("deed") == "open" && file.request.is_waiting() && file.request.kind == Asked::Correct {
        let values = requests::open_values(&mut act, &file.case, &file.request, context.lang.t(OPENED)).await?;
        tx.commit().await?;
        return Ok(page(&context, &file, &FormState::default(), Some(&values), StatusCode::OK));
    }
    let decision = decision(&mut form, &file);
    let words = form.optional("words", WORDS_CHARS_MAX);
    let status = match decision.filter(|_| form.is_valid()) {
        None => StatusCode::UNPROCESSABLE_ENTITY,
        Some(decision) => match requests::decide(&mut act, &file.case, &file.request, &decision, &words).await {
            Ok(()) => {
                tx.commit().await?;
                return Ok(see_other(&context.href(&format!("{REQUESTS}/{id}"))));
            }
            Err(AppError::Conflict) => {
                form.wrong("decision", "retention.desk.moved");
                StatusCode::CONFLICT
            }
            Err(AppError::Locked) => {
                form.wrong("decision", "retention.locked");
                StatusCode::SERVICE_UNAVAILABLE
            }
            Err(error) => return Err(error),
        },
    };
    drop(tx);
    let file = File::load(&mut context.portal.db().read().await?, &context, &id).await?;
    Ok(page(&context, &file, &form, None, status))
}

/// Reads what was chosen; what is wrong is told at its field.
fn decision(form: &mut FormState, file: &File) -> Option<Decision> {
    match form.value("decision") {
        "grant" => Some(Decision::Grant),
        "grant_person" if file.request.kind == Asked::EraseAll => Some(Decision::GrantPerson),
        "refuse" if file.is_held && file.request.kind.is_erasure() => Some(Decision::Refuse(Ground::Hold)),
        "refuse" => {
            let allowed: &[Ground] = if file.request.kind == Asked::Correct { &Ground::FOR_CORRECTION } else { &Ground::FOR_ERASURE };
            let ground = Ground::from_code(form.value("ground")).filter(|ground| allowed.contains(ground));
            if ground.is_none() {
                form.wrong("ground", "retention.desk.ground_missing");
            }
            ground.map(Decision::Refuse)
        }
        _ => {
            form.wrong("decision", "retention.desk.decision_missing");
            None
        }
    }
}
