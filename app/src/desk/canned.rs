//! Ready-made answers within a case: what fills their places, and putting one into a form without losing a typed word.

use super::case::CaseFile;
use super::commands::Command;
use super::placeholders;
use super::store::canned::{self, Canned, Use};
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::actions::Act;
use crate::petitions::rules::Case;
use crate::petitions::store::parts;
use crate::ui::PageContext;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};

/// The field that chooses one to put in.
pub const CHOOSE: &str = "canned";
/// The field that remembers which one was put in.
pub const USED: &str = "canned_used";
/// The value of the button that puts one in.
pub const INSERT: &str = "insert";

/// The text of a ready-made answer for a case.
pub fn text_for(context: &PageContext, file: &CaseFile, canned: &Canned) -> String {
    let (lang, directory, case) = (context.lang, &context.directory, &file.case);
    placeholders::filled(&canned.body, |name| {
        Some(match name {
            "tieu_de" => file.text.title.clone(),
            "loai_don" => lang.t(case.kind.key()).to_lowercase(),
            "co_quan" => directory.agency_name(&case.body_id).to_owned(),
            "phong" => directory.agency_name(case.unit_id.as_deref()?).to_owned(),
            "can_bo" => context.actor.official()?.name.clone(),
            "ngay_nhan" => lang.day_short(case.received_on),
            "han" => lang.day_short(case.last_day()?),
            "hom_nay" => lang.day_short(context.today),
            "dia_ban" => directory.area_name(&case.area_code).to_owned(),
            _ => return None,
        })
    })
}

/// Puts the chosen one behind what stands in a field. Gives false where none was chosen.
pub fn insert(context: &PageContext, file: &CaseFile, form: &mut FormState, field: &'static str) -> bool {
    let Some(canned) = file.canned.iter().find(|canned| canned.id == form.value(CHOOSE)).cloned() else {
        form.wrong(CHOOSE, "day.canned.choose_missing");
        return false;
    };
    let typed = form.value(field).to_owned();
    let text = text_for(context, file, &canned);
    form.set(field, if typed.is_empty() { text } else { format!("{typed}\n\n{text}") });
    form.set(USED, canned.id);
    true
}

/// Remembers that the text just sent on was made with a ready-made one, if the form says so and there is such a one.
pub async fn remember(act: &mut Act<'_>, case: &Case, command: &Command, form: &FormState) -> Result<()> {
    let id = form.value(USED);
    let (used_for, text_id) = match command {
        Command::Answer { .. } if !id.is_empty() => ("answer", parts::answers(act.tx, &case.id).await?.pop().map(|answer| answer.id)),
        Command::Ask(_) if !id.is_empty() => ("question", parts::messages(act.tx, &case.id).await?.pop().map(|message| message.id)),
        _ => return Ok(()),
    };
    let Some(text_id) = text_id else { return Ok(()) };
    let Some(known) = canned::by_id(act.tx, &case.body_id, id).await? else { return Ok(()) };
    let account_id = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let used = Use { canned_id: &known.id, case_id: &case.id, used_for, text_id: &text_id, account_id: &account_id };
    canned::insert_use(act.tx, &used, act.portal.now()).await
}

/// `GET /can-bo/don/{id}/cau-mau/{mau}`: the filled text, for the island that puts it where the cursor is.
pub async fn text(context: PageContext, Path((case_id, canned_id)): Path<(String, String)>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let mut tx = context.portal.db().read().await?;
    let file = CaseFile::load(&mut tx, &context, &case_id).await?;
    drop(tx);
    let canned = file.canned.iter().find(|canned| canned.id == canned_id).ok_or(AppError::NotFound)?;
    let text = text_for(&context, &file, canned);
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}
