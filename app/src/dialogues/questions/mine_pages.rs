//! `/doi-thoai/cau-hoi`: a code shows its question to whoever asked it: how it stands, changing it while it waits, taking it back. A wrong
//! code gets the same answer whatever is wrong with it, and counts as a guess.

use super::actions::{self, Changed};
use super::ask_pages::words;
use super::look::{reason_words, stage_badge, state_key, supports_words};
use super::rules::{BODY_CHARS_MAX, Question, Refusal, State};
use super::store;
use super::{MINE, question_path};
use crate::accounts::actions::Limit;
use crate::accounts::rules::CODE_FAILURES_MAX;
use crate::dialogues::live::record::said;
use crate::dialogues::live::store::answers_to;
use crate::dialogues::rules::Dialogue;
use crate::dialogues::{public_path, store as dialogues};
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::petitions::actions::Act;
use crate::petitions::code::CaseCode;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, error_summary, icon, text_area, text_field};
use axum::Form;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

/// Longest typed code.
const CODE_CHARS_MAX: usize = 100;

/// `GET /doi-thoai/cau-hoi`
pub(super) async fn ask(context: PageContext) -> Result<Response> {
    Ok(ask_page(&context, &FormState::default(), StatusCode::OK))
}

fn ask_page(context: &PageContext, form: &FormState, status: StatusCode) -> Response {
    let lang = context.lang;
    let title = lang.t("questions.mine.title");
    Page::new(context, Section::Dialogues, title).status(status).render(|| {
        view! {
            {error_summary(lang, form)}
            <div class="stack"><h1>{title}</h1><p class="lead-text">{lang.t("questions.mine.lead")}</p></div>
            <form method="post" action=context.href(MINE) class="stack">
                {text_field(lang, form, "code", FieldLook { label: "questions.mine.code", hint: Some("questions.mine.code_hint"), ..FieldLook::default() })}
                <button class="btn btn-main btn-block">{icon(Icon::Search)}{lang.t("questions.mine.show")}</button>
            </form>
        }
        .into_any()
    })
}

/// `POST /doi-thoai/cau-hoi`: shows the question of a code, changes it, or takes it back.
///
/// # Errors
/// [`AppError::TooMany`] after too many wrong codes from this address.
pub(super) async fn act(context: PageContext, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let limit = Limit::shared("case_code", &context, CODE_FAILURES_MAX);
    limit.check(&context.portal).await?;
    let typed: String = form.value("code").chars().take(CODE_CHARS_MAX).collect();
    let Some((question, dialogue, code)) = find(&context, &typed).await? else {
        limit.failed(&context.portal).await?;
        form.wrong("code", "questions.mine.wrong");
        return Ok(ask_page(&context, &form, StatusCode::UNPROCESSABLE_ENTITY));
    };
    let deed = form.value("deed").to_owned();
    if !matches!(deed.as_str(), "change" | "withdraw") {
        return question_page(&context, &question, &dialogue, &code, &filled(&question), None, StatusCode::OK).await;
    }
    let mut tx = context.portal.db().write().await?;
    let (body, name, email) = if deed == "change" { words(&context, &mut tx, &dialogue, &mut form).await? } else { Default::default() };
    if deed == "withdraw" && !form.is_ticked("sure") {
        form.wrong("sure", "questions.withdraw.sure_missing");
    }
    if !form.is_valid() {
        drop(tx);
        return question_page(&context, &question, &dialogue, &code, &form, None, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let version = form.value("version").parse().unwrap_or_default();
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    let outcome = match deed.as_str() {
        "change" => actions::change(&mut act, &code, version, &Changed { body, name, email }).await,
        _ => actions::withdraw(&mut act, &code, version).await,
    };
    let (flash, status) = match outcome {
        Ok(Ok(())) => {
            tx.commit().await?;
            // The answer is a page, not a way on, so the pages in memory are renewed here.
            crate::publishing::cache::follow_changes(&context.portal).await?;
            (if deed == "change" { "questions.changed" } else { "questions.withdrawn" }, StatusCode::OK)
        }
        Ok(Err(refusal)) => {
            drop(tx);
            (if refusal == Refusal::OnStage { "questions.refused.on_stage" } else { "questions.refused.read_meanwhile" }, StatusCode::CONFLICT)
        }
        // Sent twice, or read by an official meanwhile.
        Err(AppError::Conflict) => {
            drop(tx);
            ("questions.refused.read_meanwhile", StatusCode::CONFLICT)
        }
        Err(error) => return Err(error),
    };
    let Some((question, dialogue, code)) = find(&context, &typed).await? else { return Err(AppError::NotFound) };
    let shown = if status == StatusCode::OK { filled(&question) } else { form };
    question_page(&context, &question, &dialogue, &code, &shown, Some(flash), status).await
}

async fn find(context: &PageContext, typed: &str) -> Result<Option<(Question, Dialogue, CaseCode)>> {
    let mut tx = context.portal.db().read().await?;
    let question = store::by_code_digest(&mut tx, &CaseCode::hash_of_typed(typed)).await?;
    let Some((question, code)) = question.zip(CaseCode::parse(typed)) else { return Ok(None) };
    let dialogue = dialogues::by_id(&mut tx, &question.dialogue_id).await?.ok_or(AppError::NotFound)?;
    Ok(Some((question, dialogue, code)))
}

fn filled(question: &Question) -> FormState {
    let mut form = FormState::default();
    form.set("body", question.body.clone());
    form.set("name", question.name.clone());
    form.set("email", question.email.clone());
    form
}

/// The question of a typed code, as a page; none if it is no code of a question.
///
/// # Errors
/// A database that fails.
pub async fn enter_by_code(context: &PageContext, typed: &str) -> Result<Option<Response>> {
    match find(context, typed).await? {
        Some((question, dialogue, code)) => question_page(context, &question, &dialogue, &code, &filled(&question), None, StatusCode::OK).await.map(Some),
        None => Ok(None),
    }
}

async fn question_page(
    context: &PageContext,
    question: &Question,
    dialogue: &Dialogue,
    code: &CaseCode,
    form: &FormState,
    flash: Option<&'static str>,
    status: StatusCode,
) -> Result<Response> {
    let lang = context.lang;
    let mut tx = context.portal.db().look().await?;
    let target = match &question.linked_to {
        Some(id) => store::by_id(&mut tx, id).await?.filter(Question::is_public),
        None => None,
    };
    let people = match question.is_public() {
        true => Some(store::supports::supports(&mut tx, &question.id).await?),
        false => None,
    };
    let answers = match &target {
        Some(target) => answers_to(&mut tx, &target.id).await?,
        None if question.is_public() => answers_to(&mut tx, &question.id).await?,
        None => Vec::new(),
    };
    drop(tx);
    let title = lang.f("questions.number", &[("number", &question.number.to_string())]);
    Ok(Page::new(context, Section::Dialogues, title.clone()).status(status).render(|| {
        let flash = flash.map(|key| {
            let class = if status == StatusCode::OK { "notice info" } else { "notice warn" };
            view! { <p class=class role="status">{icon(Icon::Check)}<span>{lang.t(key)}</span></p> }
        });
        let linked = target.map(|target| {
            let href = lang.href(&question_path(dialogue.number, target.number));
            view! { <p><a href=href>{lang.f("questions.mine.linked", &[("number", &target.number.to_string())])}</a></p> }
        });
        let public = question.is_public().then(|| {
            let href = lang.href(&question_path(dialogue.number, question.number));
            view! { <p><a href=href>{lang.t("questions.mine.public")}</a></p> }
        });
        view! {
            {flash}
            {error_summary(lang, form)}
            <div class="stack-s">
                <h1>{title}</h1>
                <p><a href=lang.href(&public_path(dialogue.number))>{dialogue.facts.title.clone()}</a></p>
                <p class="row"><span class="tag">{lang.t(state_key(question))}</span>{stage_badge(lang, question.stage, question.promised_on)}</p>
            </div>
            {standing(context, question)}
            {said(lang, &answers)}
            {linked}{public}
            {people.map(|people| view! { <p class="num">{supports_words(lang, people)}</p> })}
            {own_words(context, question, code, form)}
            {withdraw_form(context, question, code)}
            {crate::retention::code_section(lang, code)}
        }
        .into_any()
    }))
}

/// How it stands, in words.
fn standing(context: &PageContext, question: &Question) -> AnyView {
    let lang = context.lang;
    let words = match question.state {
        State::Waiting => lang.t("questions.mine.waiting").to_owned(),
        State::Open if question.is_private => lang.t("questions.mine.taken").to_owned(),
        State::Open => lang.t("questions.mine.open").to_owned(),
        State::Refused => lang.f("questions.mine.refused", &[("reason", &reason_words(lang, &question.reason, &question.reason_words))]),
        State::Sealed => lang.t("questions.mine.sealed").to_owned(),
        State::Withdrawn => lang.t("questions.mine.withdrawn").to_owned(),
        State::Linked => lang.t("questions.mine.is_linked").to_owned(),
    };
    let case = (question.case_id.is_some() && question.state != State::Sealed)
        .then(|| view! { <p class="notice info">{icon(Icon::Paper)}<span>{lang.t("questions.mine.case")}</span></p> });
    let follow = question.case_id.is_some().then(|| view! { <p><a class="btn" href=lang.href("/tra-cuu")>{lang.t("questions.mine.follow")}</a></p> });
    let out = (!question.stage_reason.is_empty()).then(|| view! { <p>{question.stage_reason.clone()}</p> });
    view! { <p>{words}</p>{out}{case}{follow} }.into_any()
}

/// What was asked: as a form while it waits, as text afterwards.
fn own_words(context: &PageContext, question: &Question, code: &CaseCode, form: &FormState) -> AnyView {
    let lang = context.lang;
    if question.body.is_empty() {
        return ().into_any();
    }
    if question.state != State::Waiting {
        let edited = (question.is_public() && question.public_text != question.body)
            .then(|| view! { <div class="card stack-s"><h2 class="title-s">{lang.t("questions.mine.as_published")}</h2><p class="text">{question.public_text.clone()}</p></div> });
        return view! { <div class="card stack-s"><h2 class="title-s">{lang.t("questions.mine.words")}</h2><p class="text">{question.body.clone()}</p></div>{edited} }
            .into_any();
    }
    let look = |label: &'static str| FieldLook { label, ..FieldLook::default() };
    view! {
        <form method="post" action=context.href(MINE) class="card stack" novalidate>
            <h2 class="title-s">{lang.t("questions.change")}</h2>
            {hidden(question, code, "change")}
            {text_area(lang, form, "body", 5, FieldLook { chars_max: Some(BODY_CHARS_MAX), ..look("questions.body") })}
            {text_field(lang, form, "name", FieldLook { is_optional: true, autocomplete: "name", ..look("questions.name") })}
            {text_field(lang, form, "email", FieldLook { is_optional: true, kind: "email", autocomplete: "email", ..look("filing.email.label") })}
            <p><button class="btn btn-main">{lang.t("questions.change.button")}</button></p>
        </form>
    }
    .into_any()
}

fn hidden(question: &Question, code: &CaseCode, deed: &'static str) -> AnyView {
    view! {
        <input type="hidden" name="code" value=code.groups().join(" ") />
        <input type="hidden" name="version" value=question.version.to_string() />
        <input type="hidden" name="deed" value=deed />
    }
    .into_any()
}

fn withdraw_form(context: &PageContext, question: &Question, code: &CaseCode) -> AnyView {
    let lang = context.lang;
    if !matches!(question.state, State::Waiting | State::Open | State::Linked) || !question.is_off_stage() {
        return ().into_any();
    }
    view! {
        <details class="more no-print">
            <summary>{lang.t("questions.withdraw")}</summary>
            <form method="post" action=context.href(MINE) class="stack">
                <p>{lang.t("questions.withdraw.text")}</p>
                {hidden(question, code, "withdraw")}
                <label class="check" id="sure"><input type="checkbox" name="sure" value="1" required /><span>{lang.t("questions.withdraw.sure")}</span></label>
                <button class="btn btn-danger">{icon(Icon::Close)}{lang.t("questions.withdraw.button")}</button>
            </form>
        </details>
    }
    .into_any()
}
