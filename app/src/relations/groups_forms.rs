//! The POST of the signers' page: a list, signatures, who speaks, who withdraws, an opening of names.

use super::desk_forms::{Arrived, REASON_CHARS_MAX, Sent, arrive};
use super::groups::{self, Chosen};
use super::groups_page::{self, AFTER, chosen, load};
use super::signing::{Fault, LINES_MAX, LIST_CHARS_MAX, Line, Unrepresented, may_represent, read_list};
use super::store::signers as store;
use crate::accounts::session::leave_flash;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::actions::{Act, expect_version, seen};
use crate::petitions::rules::Case;
use crate::ui::{PageContext, see_other};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use std::collections::HashMap;
use tower_sessions::Session;

/// Faults of a list that are told at once.
const FAULTS_TOLD: usize = 12;

/// What an official does to a group.
enum Deed {
    Add(Vec<Line>, bool),
    Sign(Chosen),
    Speak(Chosen),
    Leave(Chosen, String),
    Open(String),
}

/// `POST /can-bo/don/{id}/nguoi-ky`.
pub async fn take(
    context: PageContext,
    session: Session,
    Path(case_id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    sent: Sent,
) -> Result<Response> {
    let (mut form, case, version) = match arrive(&context, &case_id, sent, |case| check(&context.actor, Action::Relate(case))).await? {
        Arrived::SignedOut(response) => return Ok(response),
        Arrived::Here(form, case, version) => (form, case, version),
    };
    let after = query.get(AFTER).and_then(|place| place.parse().ok()).unwrap_or(0);
    let deed = parse(&context, &mut form, &case).await?;
    let status = match &deed {
        None => StatusCode::UNPROCESSABLE_ENTITY,
        Some(deed) => match perform(&context, &case_id, version, deed).await {
            Ok(()) if matches!(deed, Deed::Open(_)) => {
                let shown = load(&context, &case_id, after, true).await?;
                return Ok(groups_page::page(&context, &shown, &FormState::default(), None, StatusCode::OK));
            }
            Ok(()) => {
                leave_flash(&session, flash(deed)).await?;
                return Ok(see_other(&context.href(&format!("/can-bo/don/{case_id}/nguoi-ky"))));
            }
            Err(AppError::Conflict) => {
                form.wrong("version", "relations.moved");
                StatusCode::CONFLICT
            }
            Err(error) => return Err(error),
        },
    };
    let shown = load(&context, &case_id, after, false).await?;
    Ok(groups_page::page(&context, &shown, &form, None, status))
}

fn flash(deed: &Deed) -> &'static str {
    match deed {
        Deed::Sign(_) => "relations.flash.signed",
        Deed::Speak(_) => "relations.flash.represented",
        Deed::Leave(..) => "relations.flash.left",
        Deed::Add(..) | Deed::Open(_) => "relations.flash.added",
    }
}

async fn perform(context: &PageContext, case_id: &str, version: i64, deed: &Deed) -> Result<()> {
    let mut tx = context.portal.db().write().await?;
    let case = seen(&mut tx, &context.actor, case_id).await?;
    expect_version(&case, version)?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    match deed {
        Deed::Add(lines, all_signed) => groups::add_list(&mut act, &case, lines, *all_signed).await,
        Deed::Sign(chosen) => groups::see_signatures(&mut act, &case, chosen).await,
        Deed::Speak(chosen) => groups::represent(&mut act, &case, chosen).await,
        Deed::Leave(chosen, reason) => groups::withdraw(&mut act, &case, chosen, reason).await,
        Deed::Open(reason) => groups::open_names(&mut act, &case, reason).await,
    }?;
    tx.commit().await
}

async fn parse(context: &PageContext, form: &mut FormState, case: &Case) -> Result<Option<Deed>> {
    let chosen = chosen(form);
    let needs_somebody = matches!(form.value("action"), "sign" | "leave");
    if needs_somebody && chosen.is_empty() {
        form.wrong("signers", "relations.signers.nobody");
    }
    let deed = match form.value("action") {
        "sign" => Deed::Sign(chosen),
        "speak" => {
            let mut tx = context.portal.db().read().await?;
            let people = groups::people(&store::group(&mut tx, &case.id).await?);
            drop(tx);
            match may_represent(i64::try_from(chosen.len()).unwrap_or(i64::MAX), people) {
                Ok(()) => {}
                Err(Unrepresented::Nobody) => form.wrong("signers", "relations.signers.nobody"),
                Err(Unrepresented::TooMany) => form.wrong("signers", "relations.speak.too_many"),
            }
            Deed::Speak(chosen)
        }
        "leave" => Deed::Leave(chosen, form.required("leave_reason", "relations.reason.missing", REASON_CHARS_MAX)),
        "open" => {
            check(&context.actor, Action::SeeIdentity(case))?;
            Deed::Open(form.required("open_reason", "relations.reason.missing", REASON_CHARS_MAX))
        }
        _ => list(form),
    };
    Ok(form.is_valid().then_some(deed))
}

fn list(form: &mut FormState) -> Deed {
    let text = form.required("list", "relations.list.missing", LIST_CHARS_MAX);
    let (lines, faults) = read_list(&text);
    for (line, fault) in faults.iter().take(FAULTS_TOLD) {
        form.wrong_with("list", fault_key(*fault), vec![("line", line.to_string())]);
    }
    if lines.len() > LINES_MAX {
        form.wrong_with("list", "relations.list.too_many", vec![("n", LINES_MAX.to_string())]);
    }
    Deed::Add(lines, form.is_ticked("all_signed"))
}

fn fault_key(fault: Fault) -> &'static str {
    match fault {
        Fault::Name => "relations.fault.name",
        Fault::Number => "relations.fault.number",
        Fault::Twice => "relations.fault.twice",
        Fault::Long => "relations.fault.long",
    }
}
