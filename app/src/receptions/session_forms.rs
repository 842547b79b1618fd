//! What the forms of one session send.

use super::DESK;
use super::actions::{bookings, sessions as actions};
use super::desk_forms::{TEXT_CHARS_MAX, session, session_day, unpublished};
use super::look::{body_of, day_field};
use super::rules::{Receiver, State};
use super::session_pages::{new_page, session_page};
use super::store::conclusions::Conclusion;
use super::store::sessions::Reception;
use super::tasks;
use crate::accounts::keep_form_and_sign_in;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::actions::Act;
use crate::ui::{PageContext, see_other};
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

/// Longest conclusion, in characters.
const CONCLUSION_CHARS_MAX: usize = 10_000;

/// `POST /can-bo/tiep-dan/ngay-moi`
pub async fn add(context: PageContext, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let body_id = body_of(&context)?;
    check(&context.actor, Action::KeepReceptions(&body_id))?;
    let day = session_day(&mut form, context.today);
    let plan = session(&mut form, day);
    let Some(plan) = plan.filter(|_| form.is_valid()) else { return Ok(new_page(&context, &form, StatusCode::UNPROCESSABLE_ENTITY)) };
    let mut tx = context.portal.db().write().await?;
    let id = actions::draft(&mut Act { tx: &mut tx, portal: &context.portal, actor: &context.actor }, &body_id, plan).await?;
    tx.commit().await?;
    Ok(see_other(&context.href(&format!("{DESK}/ngay/{id}"))))
}

/// `POST /can-bo/tiep-dan/ngay/{id}`
///
/// # Errors
/// [`AppError::Conflict`] for a session that has moved on since the page was shown.
pub async fn act(context: PageContext, Path(id): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let mut tx = context.portal.db().write().await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    let row = actions::seen(&mut act, &id).await?;
    check(act.actor, Action::KeepReceptions(&row.body_id))?;
    let back = context.href(&format!("{DESK}/ngay/{id}"));
    if form.value("action") == "arrive" {
        bookings::arrive(&mut act, &row, form.value("booking")).await?;
        tx.commit().await?;
        return Ok(see_other(&format!("{back}#hen")));
    }
    if form.value("version").parse() != Ok(row.version) {
        return Err(AppError::Conflict);
    }
    let to = step(&context, &mut act, &row, &mut form).await?;
    match to.filter(|_| form.is_valid()) {
        Some(to) => {
            tx.commit().await?;
            Ok(see_other(&to.unwrap_or(back)))
        }
        None => {
            drop(tx);
            session_page(&context, &id, Some(form), StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// Takes the step of a form. None where something is wrong; else where to go if not back.
async fn step(context: &PageContext, act: &mut Act<'_>, row: &Reception, form: &mut FormState) -> Result<Option<Option<String>>> {
    match form.value("action") {
        "publish" => {
            let reason = form.optional("late_reason", TEXT_CHARS_MAX);
            let how = actions::publish(act, row, &reason).await?;
            unpublished(context, form, row.day, how);
            Ok(Some(None))
        }
        "change" => change(context, act, row, form).await,
        "drop" => {
            actions::drop_draft(act, row).await?;
            Ok(Some(Some(format!("{}?thang={}", context.href(DESK), row.day.format("%Y-%m")))))
        }
        "test" => {
            actions::test(act, row).await?;
            Ok(Some(None))
        }
        "hold" => match Receiver::from_code(form.value("held_by")) {
            Some(by) => {
                actions::hold(act, row, by).await?;
                Ok(Some(None))
            }
            None => {
                form.wrong("held_by", "reception.choose.missing");
                Ok(None)
            }
        },
        "miss" => {
            let reason = form.required("reason", "reception.miss.reason_missing", TEXT_CHARS_MAX);
            let new_day = day_field(form, "new_day");
            if new_day.is_some_and(|day| day < context.today || day == row.day) {
                form.wrong("new_day", "reception.miss.day_wrong");
            }
            let Some(new_day) = new_day.filter(|_| form.is_valid()) else { return Ok(None) };
            actions::miss(act, row, &reason, new_day).await?;
            Ok(Some(None))
        }
        "task" => Ok(tasks::add(context, act, row, form).await?.then_some(None)),
        "conclude" => conclude(context, act, row, form).await,
        _ => Err(AppError::BadRequest("no such step")),
    }
}

async fn change(context: &PageContext, act: &mut Act<'_>, row: &Reception, form: &mut FormState) -> Result<Option<Option<String>>> {
    let mut full = form.clone();
    let day = if row.state == State::Draft {
        session_day(&mut full, context.today)
    } else {
        // Of a published session the form has only what may change.
        let of = actions::Plan::of(row);
        let fixed = [
            ("kind", of.kind.code().to_owned()),
            ("mode", of.mode.code().to_owned()),
            ("receiver", of.receiver.code().to_owned()),
            ("post", of.post),
            ("place", of.place),
            ("starts", super::rules::clock_time(of.starts)),
            ("ends", super::rules::clock_time(of.ends)),
        ];
        for (field, value) in fixed {
            full.set(field, value);
        }
        of.day
    };
    let plan = session(&mut full, day);
    *form = full;
    let Some(plan) = plan.filter(|_| form.is_valid()) else { return Ok(None) };
    if plan.slots < row.taken {
        form.wrong_with("slots", "reception.slots.taken", vec![("n", row.taken.to_string())]);
        return Ok(None);
    }
    actions::change(act, row, plan).await?;
    Ok(Some(None))
}

async fn conclude(context: &PageContext, act: &mut Act<'_>, row: &Reception, form: &mut FormState) -> Result<Option<Option<String>>> {
    let number = form.required("conclusion_number", "reception.conclusion.number_missing", TEXT_CHARS_MAX);
    let body = form.required("conclusion", "reception.conclusion.body_missing", CONCLUSION_CHARS_MAX);
    if !form.is_valid() {
        return Ok(None);
    }
    let issued_by = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let conclusion = Conclusion { reception_id: row.id.clone(), number, body, issued_on: context.today, issued_by };
    actions::conclude(act, row, &conclusion).await?;
    tasks::let_out(act, row).await?;
    Ok(Some(None))
}
