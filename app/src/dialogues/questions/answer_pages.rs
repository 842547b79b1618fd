//! `/can-bo/cau-hoi`: the questions given to the units somebody works at, and the draft of an answer to one. The page shows what was asked,
//! nothing of who asked.

use super::desk_forms::tell;
use super::desk_pages::flash;
use super::look::supports_words;
use super::moderation;
use super::rules::{ANSWER_CHARS_MAX, Question, Supports};
use super::store::{self, supports::supports};
use super::{ANSWERS, look};
use crate::accounts::keep_form_and_sign_in;
use crate::accounts::session::leave_flash;
use crate::db::Tx;
use crate::dialogues::rules::Dialogue;
use crate::dialogues::store as dialogues;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::actions::Act;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, empty, error_summary, see_other, text_area};
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use std::collections::BTreeSet;
use tower_sessions::Session;

/// Questions of one unit on the page.
const SHOWN_MAX: i64 = 100;

/// A question somebody may draft the answer to, and its dialogue.
///
/// # Errors
/// [`AppError::NotFound`] both where there is none and where it was not given to them.
async fn given(tx: &mut Tx, context: &PageContext, id: &str) -> Result<(Dialogue, Question)> {
    check(&context.actor, Action::UseDesk)?;
    let question = store::by_id(tx, id).await?.ok_or(AppError::NotFound)?;
    let dialogue = dialogues::by_id(tx, &question.dialogue_id).await?.ok_or(AppError::NotFound)?;
    check(&context.actor, Action::DraftQuestionAnswer(&dialogue.body_id, question.answer_unit.as_deref().unwrap_or_default()))?;
    Ok((dialogue, question))
}

/// `GET /can-bo/cau-hoi`
pub(super) async fn list(context: PageContext) -> Result<Response> {
    let official = context.actor.official().ok_or(AppError::SignInNeeded)?;
    if !look::answers(official) {
        return Err(AppError::NotFound);
    }
    let units: BTreeSet<&str> = official.holdings.iter().map(|held| held.agency_id.as_str()).collect();
    let mut tx = context.portal.db().read().await?;
    let mut rows = Vec::new();
    for unit in units {
        for question in store::of_unit(&mut tx, unit, SHOWN_MAX).await? {
            if let Ok((dialogue, question)) = given(&mut tx, &context, &question.id).await {
                rows.push((dialogue, question));
            }
        }
    }
    drop(tx);
    let lang = context.lang;
    let title = lang.t("questions.answers.title");
    Ok(Page::new(&context, Section::DeskDialogues, title).main_class("wrap wide page stack-l").render(|| {
        let items: Vec<_> = rows
            .iter()
            .map(|(dialogue, question)| {
                let href = lang.href(&format!("{ANSWERS}/{}", question.id));
                let state = if question.answer_draft.is_empty() { ("soon", "questions.answers.open") } else { ("ok", "questions.answers.done") };
                view! {
                    <li class="stack-s">
                        <h2 class="title-s"><a href=href>{crate::text::excerpt(shown(question), 200)}</a></h2>
                        <p class="small muted num">{dialogue.facts.title.clone()}" · "{lang.day_long(dialogue.facts.day())}</p>
                        <p class="row"><span class=format!("clock {}", state.0)>{lang.t(state.1)}</span></p>
                    </li>
                }
            })
            .collect();
        let content = if items.is_empty() {
            empty(Icon::Dialogue, lang.t("questions.answers.none").to_owned(), lang.t("questions.answers.none.text"), ().into_any())
        } else {
            view! { <ul class="list-cases">{items}</ul> }.into_any()
        };
        view! { <h1 class="title-s">{title}</h1>{content} }.into_any()
    }))
}

/// What was asked, as far as a unit needs it: the published wording where there is one.
fn shown(question: &Question) -> &str {
    if question.public_text.is_empty() { &question.body } else { &question.public_text }
}

/// `GET /can-bo/cau-hoi/{id}`
pub(super) async fn show(context: PageContext, session: Session, Path(id): Path<String>) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let (dialogue, question) = given(&mut tx, &context, &id).await?;
    let supports = supports(&mut tx, &question.id).await?;
    drop(tx);
    let mut form = FormState::default();
    form.set("answer", question.answer_draft.clone());
    let flash = flash(&context, &session).await?;
    Ok(page(&context, &dialogue, &question, Some(supports), &form, flash, StatusCode::OK))
}

/// `POST /can-bo/cau-hoi/{id}`
///
/// # Errors
/// [`AppError::NotFound`] for a question that was not given to whoever writes.
pub(super) async fn save(context: PageContext, session: Session, Path(id): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let mut tx = context.portal.db().write().await?;
    let (dialogue, question) = given(&mut tx, &context, &id).await?;
    if form.value("version") != question.version.to_string() {
        drop(tx);
        form.wrong("answer", "questions.refused.meanwhile");
        return Ok(page(&context, &dialogue, &question, None, &form, None, StatusCode::CONFLICT));
    }
    let text = form.required("answer", "questions.answer.missing", ANSWER_CHARS_MAX);
    if form.is_valid() {
        let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
        match moderation::draft(&mut act, &dialogue, &question, &text).await? {
            Ok(()) => {
                tx.commit().await?;
                leave_flash(&session, "question_drafted").await?;
                return Ok(see_other(&context.href(&format!("{ANSWERS}/{id}"))));
            }
            Err(refusal) => tell(&mut form, refusal),
        }
    }
    drop(tx);
    Ok(page(&context, &dialogue, &question, None, &form, None, StatusCode::UNPROCESSABLE_ENTITY))
}

fn page(
    context: &PageContext,
    dialogue: &Dialogue,
    question: &Question,
    supports: Option<Supports>,
    form: &FormState,
    flash: Option<&'static str>,
    status: StatusCode,
) -> Response {
    let lang = context.lang;
    let number = lang.f("questions.number", &[("number", &question.number.to_string())]);
    let text = FieldLook { label: "questions.answer", hint: Some("questions.answer.hint"), chars_max: Some(ANSWER_CHARS_MAX), ..FieldLook::default() };
    Page::new(context, Section::DeskDialogues, number.clone()).main_class("wrap page stack-l").status(status).render(|| {
        view! {
            <div class="stack-s">
                {flash.map(|words| crate::ui::flash_line(words.to_owned()))}
                <p><a href=lang.href(ANSWERS)>{lang.t("questions.answers.title")}</a></p>
                <h1 class="title-s">{number}</h1>
                <p class="small muted num">{dialogue.facts.title.clone()}" · "{lang.day_long(dialogue.facts.day())}</p>
            </div>
            {error_summary(lang, form)}
            <section class="card stack-s">
                <p class="text">{shown(question).to_owned()}</p>
                {supports.map(|supports| view! { <p class="small num">{supports_words(lang, supports)}</p> })}
            </section>
            <form method="post" action=lang.href(&format!("{ANSWERS}/{}", question.id)) class="card stack" novalidate>
                <input type="hidden" name="version" value=question.version.to_string() />
                {text_area(lang, form, "answer", 10, text)}
                <p><button class="btn btn-main">{lang.t("questions.answer.save")}</button></p>
            </form>
        }
        .into_any()
    })
}
