//! The page of one step: what the law says of it, its form, and why it cannot be taken if it cannot.

use super::{fields, is_possible, letters};
use crate::desk::case::CaseFile;
use crate::desk::islands::DeskKeys;
use crate::desk::place::Place;
use crate::desk::queue::home_scope;
use crate::desk::queue_view::{case_title, page_title};
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::letters::templates::Addressee;
use crate::permissions::{Action, check};
use crate::petitions::actions::Act;
use crate::petitions::procedure::action;
use crate::procedures::step::{StepName, Whose};
use crate::procedures::{Refusal, telling};
use crate::routing::{elsewhere, elsewhere_view};
use crate::ui::limitation::{Reader, limitation};
use crate::ui::{Icon, Page, PageContext, Section, error_summary, icon};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use std::collections::HashMap;

/// `/can-bo/don/{id}/thu-tuc/{step}`.
pub async fn show(context: PageContext, Path((case_id, code)): Path<(String, String)>, Query(query): Query<HashMap<String, String>>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let official = context.actor.official().ok_or(AppError::SignInNeeded)?;
    let place = Place::of(&query, home_scope(official), &context.portal);
    let mut tx = context.portal.db().read().await?;
    let file = CaseFile::load(&mut tx, &context, &case_id).await?;
    let name = StepName::from_code(&code).filter(|name| name.whose() != Whose::Citizen).ok_or(AppError::NotFound)?;
    check(&context.actor, action(&file.case, name))?;
    let refusal = is_possible(&context, &file.case, file.known, name).err();
    let mut form = fields::fresh(&context, &file, name);
    letters::prefill(&mut Act { tx: &mut tx, portal: &context.portal, actor: &context.actor }, &file.case, name, &mut form).await?;
    let templates = letters::templates(&mut tx, &file.case, name, &context).await?;
    drop(tx);
    Ok(page(&context, &file, name, Shown { form: &form, templates: &templates, refusal }, &place, StatusCode::OK))
}

/// What a page of a step shows this time.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    /// The form: fresh, or as it came back.
    pub form: &'a FormState,
    /// Its letters.
    pub templates: &'a [(letters::LetterOf, String, Addressee)],
    /// Why the step cannot be taken.
    pub refusal: Option<Refusal>,
}

/// The page with a form: fresh, or as it came back.
pub fn page(
    context: &PageContext,
    file: &CaseFile,
    name: StepName,
    Shown { form, templates, refusal }: Shown<'_>,
    place: &Place,
    status: StatusCode,
) -> Response {
    let lang = context.lang;
    let path = format!("/can-bo/don/{}", file.case.id);
    let back = context.href(&format!("{path}{}", place.query()));
    let action = context.href(&format!("{path}/thu-tuc/{}{}", name.code(), place.query()));
    let is_signed = name.whose() == Whose::Signed;
    let (text, button) = if is_signed { ("procedure.signed_step", "procedure.send_draft") } else { ("procedure.plain_step", "procedure.record") };
    let head = format!("{} – {}", lang.t(name.key()), page_title(lang, &file.case, &file.text.title));
    Page::new(context, Section::Desk, head).status(status).islands().render(|| {
        view! {
            <div class="stack">
                <a class="back" href=back.clone()>{icon(Icon::Back)}{lang.t("procedure.cancel")}</a>
                {error_summary(lang, form)}
                <h1>{lang.t(name.key())}</h1>
                <p class="muted">{case_title(lang, &file.case, &file.text.title)}</p>
                <p class="row"><span class="tag">{lang.t(file.case.kind.key())}</span><span class="tag">{lang.t(file.case.procedure().stage.key())}</span></p>
            </div>
            {refusal.map(|refusal| {
                let words = telling::refusal(lang, refusal);
                view! {
                    <div class="notice warn" role="alert" id="refused">
                        {icon(Icon::Warning)}<div><b>{lang.t("procedure.refused.head")}</b><p>{words}</p></div>
                    </div>
                }
            })}
            {stated(context, file, name)}
            {addresses(context, file, name)}
            <form method="post" action=action class="stack">
                <input type="hidden" name="version" value=file.case.version.to_string() />
                <p class="small muted">{lang.t(text)}</p>
                {fields::view(context, file, name, form)}
                {letters::view(context, &file.case, name, templates, form)}
                <p class="row">
                    <button class="btn btn-main">{lang.t(button)}</button>
                    <a class="btn btn-quiet" href=back>{lang.t("procedure.cancel")}</a>
                </p>
            </form>
            <DeskKeys />
        }
        .into_any()
    })
}

/// Beside the grounds of a refusal: whether the complaint came in time, as far as the complainant stated when they knew.
fn stated(context: &PageContext, file: &CaseFile, name: StepName) -> AnyView {
    let stated = file.limitation.as_ref().filter(|_| name == StepName::Refuse);
    stated.map(|stated| limitation(context, stated, file.case.received_on, Reader::Official)).into_any()
}

/// Beside a guidance: where matters of other kinds belong.
fn addresses(context: &PageContext, file: &CaseFile, name: StepName) -> AnyView {
    if name != StepName::Guide {
        return ().into_any();
    }
    elsewhere_view::right_addresses(context.lang, &elsewhere::recognised(elsewhere::signs(), &file.text.title, &file.text.body))
}
