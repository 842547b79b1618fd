//! The pages of filing as they are asked for (GET). None of them changes anything.

use super::actions::{self, Draft};
use super::cookie::DraftToken;
use super::rules::{self, Step};
use super::screen::Screen;
use super::{check as check_screen, receipt as receipt_page, what as what_screen, whom as whom_screen};
use crate::agencies::directory::OldArea;
use crate::agencies::find_old_areas;
use crate::error::{AppError, Result};
use crate::papers::serve::{self, Size};
use crate::permissions::{Action, check as check_permission};
use crate::petitions;
use crate::petitions::code::CaseCode;
use crate::petitions::store::parts;
use crate::ui::{PageContext, see_other};
use axum::extract::Path;
use axum::response::Response;

/// `GET /gui`.
pub async fn what(context: PageContext, token: DraftToken) -> Result<Response> {
    check_permission(&context.actor, Action::UsePortal)?;
    let draft = actions::load(&context.portal, token.0.as_deref()).await?;
    if draft.case_id.is_some() {
        return Ok(what_screen::already_sent(&context));
    }
    Ok(what_screen::page(&screen(&context, &draft)))
}

/// `GET /gui/o-dau`.
pub async fn whom(context: PageContext, token: DraftToken) -> Result<Response> {
    let draft = match draft_for(&context, &token, Step::Whom).await? {
        Ok(draft) => draft,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let old_areas = old_areas(&context, &draft.form).await?;
    Ok(whom_screen::page(&screen(&context, &draft), &old_areas))
}

/// What an old commune name that was typed has become.
pub(super) async fn old_areas(context: &PageContext, form: &crate::form::FormState) -> Result<Vec<OldArea>> {
    let typed = form.value("old_area");
    if typed.is_empty() {
        return Ok(Vec::new());
    }
    let mut tx = context.portal.db().read().await?;
    find_old_areas(&mut tx, &context.portal.settings().province_code, typed, whom_screen::OLD_AREAS_MAX).await
}

/// `GET /gui/kiem-tra`.
pub async fn check(context: PageContext, token: DraftToken) -> Result<Response> {
    look_over(&context, &token, false).await
}

/// The third screen, asked for or shown again because the draft changed elsewhere.
pub(super) async fn look_over(context: &PageContext, token: &DraftToken, has_changed: bool) -> Result<Response> {
    let draft = match draft_for(context, token, Step::Check).await? {
        Ok(draft) => draft,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let Some(kind) = rules::kind(&draft.form) else { return Ok(see_other(&context.href(Step::What.path()))) };
    let alike = crate::relations::typing::look(context, &draft.form).await?;
    Ok(check_screen::page(&screen(context, &draft), kind, &alike, has_changed))
}

fn screen<'a>(context: &'a PageContext, draft: &'a Draft) -> Screen<'a> {
    Screen { context, form: &draft.form, papers: &draft.papers, saved_at: draft.saved_at }
}

/// The draft, if the screens before `step` are complete; else where to go instead.
async fn draft_for(context: &PageContext, token: &DraftToken, step: Step) -> Result<std::result::Result<Draft, Response>> {
    check_permission(&context.actor, Action::UsePortal)?;
    let draft = actions::load(&context.portal, token.0.as_deref()).await?;
    if draft.case_id.is_some() {
        return Ok(Err(see_other(&context.href("/gui/da-gui"))));
    }
    let first = first_incomplete(context, &draft.form);
    let is_allowed = first == step || first == Step::Check;
    Ok(if is_allowed { Ok(draft) } else { Err(see_other(&context.href(first.path()))) })
}

/// The first screen that is not complete.
pub(super) fn first_incomplete(context: &PageContext, form: &crate::form::FormState) -> Step {
    rules::first_incomplete(form, |code| rules::is_area(&context.directory, &context.portal.settings().province_code, code))
}

/// `GET /gui/da-gui`.
pub async fn receipt(context: PageContext, token: DraftToken) -> Result<Response> {
    check_permission(&context.actor, Action::UsePortal)?;
    let draft = actions::load(&context.portal, token.0.as_deref()).await?;
    let (Some(token), Some(case_id)) = (token.0, draft.case_id) else { return Ok(see_other(&context.href(Step::What.path()))) };
    let mut tx = context.portal.db().read().await?;
    let case = petitions::store::by_id(&mut tx, &case_id).await?.ok_or(AppError::NotFound)?;
    let text = parts::text(&mut tx, &case_id).await?;
    let person = parts::person(&mut tx, &case_id).await?;
    drop(tx);
    Ok(receipt_page::page(&context, &case, &text, &CaseCode::of_token(&token), &person.email))
}

/// `GET /gui/giay-to/{id}`.
pub async fn paper(context: PageContext, token: DraftToken, Path(id): Path<String>) -> Result<Response> {
    own_paper(&context, token, &id, Size::Whole).await
}

/// `GET /gui/giay-to/{id}/nho`.
pub async fn thumb(context: PageContext, token: DraftToken, Path(id): Path<String>) -> Result<Response> {
    own_paper(&context, token, &id, Size::Thumb).await
}

/// A paper of this device's own draft; any other does not exist.
async fn own_paper(context: &PageContext, token: DraftToken, id: &str, size: Size) -> Result<Response> {
    check_permission(&context.actor, Action::UsePortal)?;
    let draft = actions::load(&context.portal, token.0.as_deref()).await?;
    let paper = draft.papers.iter().find(|paper| paper.id == id).ok_or(AppError::NotFound)?;
    serve::respond(&context.portal, paper, size).await
}
