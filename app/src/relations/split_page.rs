//! The page on which a part is taken out of a petition: the petition on one side, the part and what remains on the other.

use super::desk_forms::{BODY_CHARS_MAX, REASON_CHARS_MAX};
use super::links_page::{head, version};
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::papers::store::Paper;
use crate::permissions::{Action, check};
use crate::petitions::actions::seen;
use crate::petitions::rules::{Case, Kind};
use crate::petitions::store::parts::{self, CaseText};
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, icon, select_field, text_area, text_field};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

/// The field that lets a paper go with the part.
pub(super) fn paper_field(paper_id: &str) -> String {
    format!("paper_{paper_id}")
}

/// `GET /can-bo/don/{id}/tach`.
pub async fn show(context: PageContext, Path(case_id): Path<String>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let (case, text, papers) = load(&context, &case_id).await?;
    check(&context.actor, Action::Split(&case))?;
    if !case.is_open {
        return Err(AppError::Conflict);
    }
    let mut form = FormState::default();
    form.set("part_body", case.body_id.clone());
    form.set("part_text", text.body.clone());
    form.set("rest_title", text.title.clone());
    form.set("rest_text", text.body.clone());
    Ok(page(&context, &case, &text, &papers, &form, StatusCode::OK))
}

/// The page with a form that was refused.
pub(super) async fn again(context: &PageContext, case_id: &str, form: FormState, status: StatusCode) -> Result<Response> {
    let (case, text, papers) = load(context, case_id).await?;
    Ok(page(context, &case, &text, &papers, &form, status))
}

async fn load(context: &PageContext, case_id: &str) -> Result<(Case, CaseText, Vec<Paper>)> {
    let mut tx = context.portal.db().read().await?;
    let case = seen(&mut tx, &context.actor, case_id).await?;
    let text = parts::for_officials(&mut tx, &case).await?;
    let mut papers = crate::papers::store::of_case(&mut tx, case_id).await?;
    if case.kind == Kind::Denunciation {
        // A name may name a person; which paper is which, whoever opens the original sees.
        papers.iter_mut().for_each(|paper| paper.original_name.clear());
    }
    Ok((case, text, papers))
}

fn page(context: &PageContext, case: &Case, text: &CaseText, papers: &[Paper], form: &FormState, status: StatusCode) -> Response {
    let lang = context.lang;
    Page::new(context, Section::Desk, lang.t("relations.split.title")).status(status).render(|| {
        view! {
            {head(context, case, None, form, "relations.split.title")}
            <p class="muted">{lang.t("relations.split.lead")}</p>
            <section class="stack">
                <h2 class="title-s">{lang.t("relations.split.original")}</h2>
                <div class="quote"><p><b>{text.title.clone()}</b></p><p class="text break">{text.body.clone()}</p></div>
            </section>
            <form method="post" action=context.href(&format!("/can-bo/don/{}/tach", case.id)) class="stack-l">
                {version(case)}
                {part(context, case, form)}
                {paper_boxes(context, papers, form)}
                {rest(context, case, form)}
                {text_area(
                    lang,
                    form,
                    "split_reason",
                    3,
                    FieldLook { label: "relations.reason.label", hint: Some("relations.split.reason_hint"), chars_max: Some(REASON_CHARS_MAX), ..FieldLook::default() },
                )}
                <button class="btn btn-main">{lang.t("relations.split.button")}</button>
            </form>
        }
        .into_any()
    })
}

fn part(context: &PageContext, case: &Case, form: &FormState) -> AnyView {
    let lang = context.lang;
    let kinds = Kind::ALL.into_iter().map(|kind| (kind.code().to_owned(), lang.t(kind.key()).to_owned())).collect();
    let bodies = context.directory.bodies().map(|body| (body.id.clone(), body.name.clone())).collect();
    let body = FieldLook { label: "relations.split.text", hint: Some("relations.split.text_hint"), chars_max: Some(BODY_CHARS_MAX), ..FieldLook::default() };
    let day = lang.day_short(case.received_on);
    view! {
        <section class="stack">
            <h2>{lang.t("relations.split.part")}</h2>
            {select_field(lang, form, "part_kind", kinds, "relations.split.choose", FieldLook { label: "relations.split.kind", ..FieldLook::default() })}
            {select_field(lang, form, "part_body", bodies, "relations.split.choose", FieldLook { label: "relations.split.body", ..FieldLook::default() })}
            {text_field(lang, form, "part_title", FieldLook { label: "relations.split.part_title", ..FieldLook::default() })}
            {text_area(lang, form, "part_text", 8, body)}
            <p class="small muted num">{lang.f("relations.split.clock", &[("day", &day)])}</p>
        </section>
    }
    .into_any()
}

fn paper_boxes(context: &PageContext, papers: &[Paper], form: &FormState) -> AnyView {
    let lang = context.lang;
    if papers.is_empty() {
        return ().into_any();
    }
    let boxes: Vec<_> = papers
        .iter()
        .enumerate()
        .map(|(place, paper)| {
            let name = paper_field(&paper.id);
            let called = if paper.original_name.is_empty() { lang.f("sealed.paper", &[("n", &(place + 1).to_string())]) } else { paper.original_name.clone() };
            view! {
                <label class="check">
                    <input type="checkbox" name=name.clone() value="1" checked=form.is_ticked(&name) />
                    <span class="break">{called}</span>
                </label>
            }
        })
        .collect();
    view! { <fieldset class="group"><legend>{lang.t("relations.split.papers")}</legend><span class="hint">{lang.t("relations.split.papers_hint")}</span>{boxes}</fieldset> }
        .into_any()
}

/// What remains, for a denunciation taken out of something else.
fn rest(context: &PageContext, case: &Case, form: &FormState) -> AnyView {
    let lang = context.lang;
    if case.kind == Kind::Denunciation {
        return view! { <div class="notice sealed">{icon(Icon::Lock)}<div><p>{lang.t("relations.split.from_sealed")}</p></div></div> }.into_any();
    }
    let look = FieldLook { label: "relations.split.rest_text", chars_max: Some(BODY_CHARS_MAX), ..FieldLook::default() };
    view! {
        <section class="stack">
            <h2>{lang.t("relations.split.rest")}</h2>
            <div class="notice sealed">{icon(Icon::Lock)}<div><b>{lang.t("relations.split.rest_when")}</b><p>{lang.t("relations.split.rest_why")}</p></div></div>
            {text_field(lang, form, "rest_title", FieldLook { label: "relations.split.rest_title", ..FieldLook::default() })}
            {text_area(lang, form, "rest_text", 8, look)}
        </section>
    }
    .into_any()
}
