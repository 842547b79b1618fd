//! `/can-bo/doi-thoai/{dialogue}/chuong-trinh`: the topics of a dialogue, which question stands under which and in which place, and
//! whether everybody reads it.

use super::desk_pages::{flash, moderated};
use super::look::supports_words;
use super::moderation;
use super::rules::{Question, State, Supports, TOPIC_CHARS_MAX, TOPICS_MAX, topics};
use super::store::{self, Board, supports::supports};
use super::{desk_agenda_path, desk_list_path, desk_question_path};
use crate::accounts::keep_form_and_sign_in;
use crate::accounts::session::leave_flash;
use crate::dialogues::desk_path;
use crate::dialogues::rules::Dialogue;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::petitions::actions::Act;
use crate::ui::fields::FieldLook;
use crate::ui::{Page, PageContext, Section, check_box, error_summary, see_other, text_area};
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use tower_sessions::Session;

/// Open questions that are put in order on one page.
const QUESTIONS_MAX: i64 = 300;
/// Longest list of topics, in characters.
const TOPICS_CHARS_MAX: usize = 2_500;

/// What the page shows beside the form.
struct View {
    dialogue: Dialogue,
    board: Board,
    questions: Vec<(Question, Supports)>,
}

async fn load(context: &PageContext, id: &str) -> Result<View> {
    let mut tx = context.portal.db().read().await?;
    let dialogue = moderated(&mut tx, context, id).await?;
    let board = store::board(&mut tx, &dialogue.id).await?;
    let mut questions = Vec::new();
    for question in store::of_state(&mut tx, &dialogue.id, State::Open, 0, QUESTIONS_MAX).await? {
        let supports = supports(&mut tx, &question.id).await?;
        questions.push((question, supports));
    }
    // Those without a place behind the others, the most supported first.
    let order = board.topics();
    questions.sort_by_key(|(question, supports)| {
        let topic = order.iter().position(|topic| *topic == question.topic_group).unwrap_or(order.len());
        let place = if question.agenda_position == 0 { i64::MAX } else { question.agenda_position };
        (topic, place, std::cmp::Reverse(supports.people), question.number)
    });
    Ok(View { dialogue, board, questions })
}

fn topic_field(number: i64) -> String {
    format!("topic-{number}")
}

fn place_field(number: i64) -> String {
    format!("place-{number}")
}

/// `GET /can-bo/doi-thoai/{dialogue}/chuong-trinh`
pub(super) async fn show(context: PageContext, session: Session, Path(id): Path<String>) -> Result<Response> {
    let view = load(&context, &id).await?;
    let mut form = FormState::default();
    form.set("topics", view.board.topics.clone());
    form.set("version", view.board.version.to_string());
    if view.board.agenda_published_on.is_some() {
        form.set("is_published", "1");
    }
    for (question, _) in &view.questions {
        form.set(&topic_field(question.number), question.topic_group.clone());
        form.set(&place_field(question.number), if question.agenda_position == 0 { String::new() } else { question.agenda_position.to_string() });
    }
    let flash = flash(&context, &session).await?;
    Ok(page(&context, &view, &form, flash, StatusCode::OK))
}

/// `POST /can-bo/doi-thoai/{dialogue}/chuong-trinh`
///
/// # Errors
/// [`AppError::NotFound`] for whoever may not moderate there.
pub(super) async fn save(context: PageContext, session: Session, Path(id): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let view = load(&context, &id).await?;
    if form.value("version") != view.board.version.to_string() {
        form.wrong("topics", "questions.refused.meanwhile");
        return Ok(page(&context, &view, &form, None, StatusCode::CONFLICT));
    }
    let wanted = topics(&form.optional("topics", TOPICS_CHARS_MAX));
    if wanted.len() > TOPICS_MAX || wanted.iter().any(|topic| topic.chars().count() > TOPIC_CHARS_MAX) {
        form.wrong_with("topics", "questions.agenda.too_many", vec![("n", TOPICS_MAX.to_string()), ("chars", TOPIC_CHARS_MAX.to_string())]);
    }
    if form.is_ticked("is_published") && wanted.is_empty() {
        form.wrong("topics", "questions.agenda.empty");
    }
    let moves: Vec<(&Question, String, i64)> = view.questions.iter().filter_map(|(question, _)| moved(&form, &wanted, question)).collect();
    if !form.is_valid() {
        return Ok(page(&context, &view, &form, None, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let mut tx = context.portal.db().write().await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    let mut outcome = moderation::set_agenda(&mut act, &view.dialogue, &view.board, &wanted, form.is_ticked("is_published")).await;
    for (question, topic, place) in moves {
        if outcome.is_ok() {
            // A question that has changed meanwhile in a way that forbids it stays where it is.
            outcome = moderation::group(&mut act, &view.dialogue, question, &topic, place).await.map(|_| ());
        }
    }
    match outcome {
        Ok(()) => tx.commit().await?,
        Err(AppError::Conflict) => {
            drop(tx);
            form.wrong("topics", "questions.refused.meanwhile");
            return Ok(page(&context, &view, &form, None, StatusCode::CONFLICT));
        }
        Err(error) => return Err(error),
    }
    leave_flash(&session, "question_agenda").await?;
    Ok(see_other(&context.href(&desk_agenda_path(&view.dialogue.id))))
}

/// Where a question is to stand, if that is another place than now. A topic that is no longer there is none.
fn moved<'a>(form: &FormState, topics: &[String], question: &'a Question) -> Option<(&'a Question, String, i64)> {
    let field = topic_field(question.number);
    if !form.values().contains_key(&field) {
        return None;
    }
    let topic = Some(form.value(&field).to_owned()).filter(|topic| topics.contains(topic)).unwrap_or_default();
    let place = form.value(&place_field(question.number)).parse().unwrap_or(0).clamp(0, QUESTIONS_MAX * 10);
    ((topic.as_str(), place) != (question.topic_group.as_str(), question.agenda_position)).then_some((question, topic, place))
}

fn page(context: &PageContext, view: &View, form: &FormState, flash: Option<&'static str>, status: StatusCode) -> Response {
    let lang = context.lang;
    let title = lang.t("questions.agenda.title");
    Page::new(context, Section::DeskDialogues, title).main_class("wrap wide page stack-l").status(status).render(|| {
        let known = topics(form.value("topics"));
        let rows: Vec<_> = view.questions.iter().map(|row| question_row(context, view, form, &known, row)).collect();
        let rows = (!rows.is_empty()).then(|| view! { <ul class="list-cases">{rows}</ul> });
        let look = FieldLook { label: "questions.agenda.topics", hint: Some("questions.agenda.topics.hint"), ..FieldLook::default() };
        view! {
            <div class="stack-s">
                {flash.map(|words| crate::ui::flash_line(words.to_owned()))}
                <p><a href=lang.href(&desk_path(&view.dialogue.id))>{view.dialogue.facts.title.clone()}</a></p>
                <h1 class="title-s">{title}</h1>
                <p><a class="btn btn-s" href=lang.href(&desk_list_path(&view.dialogue.id))>{lang.t("questions.desk.link")}</a></p>
            </div>
            {error_summary(lang, form)}
            <form method="post" action=lang.href(&desk_agenda_path(&view.dialogue.id)) class="stack" novalidate>
                <input type="hidden" name="version" value=form.value("version").to_owned() />
                {text_area(lang, form, "topics", 6, look)}
                {rows}
                {check_box(form, "is_published", lang.t("questions.agenda.publish"), lang.t("questions.agenda.publish.hint"))}
                <p><button class="btn btn-main">{lang.t("questions.agenda.save")}</button></p>
            </form>
        }
        .into_any()
    })
}

fn question_row(context: &PageContext, view: &View, form: &FormState, topics: &[String], (question, supports): &(Question, Supports)) -> AnyView {
    let lang = context.lang;
    let (topic, place) = (topic_field(question.number), place_field(question.number));
    let number = lang.f("questions.number", &[("number", &question.number.to_string())]);
    let chosen = form.value(&topic).to_owned();
    let options: Vec<_> = topics
        .iter()
        .map(|topic| {
            let selected = *topic == chosen;
            view! { <option value=topic.clone() selected=selected>{topic.clone()}</option> }
        })
        .collect();
    let words = if question.is_private { &question.body } else { &question.public_text };
    let private = question.is_private.then(|| view! { <span class="tag">{lang.t("questions.tag.private")}</span> });
    view! {
        <li class="stack-s">
            <p><a href=lang.href(&desk_question_path(&view.dialogue.id, question.number))><b class="num">{number.clone()}</b></a>" "{private}</p>
            <p>{crate::text::excerpt(words, 200)}</p>
            <p class="small muted num">{supports_words(lang, *supports)}</p>
            <div class="row">
                <div class="field">
                    <label for=topic.clone()>{lang.t("questions.topic")}</label>
                    <select id=topic.clone() name=topic><option value="">{lang.t("questions.topic.none")}</option>{options}</select>
                </div>
                <div class="field field-s">
                    <label for=place.clone()>{lang.t("questions.deed.position")}</label>
                    <input id=place.clone() name=place.clone() type="number" min="0" value=form.value(&place).to_owned() />
                </div>
            </div>
        </li>
    }
    .into_any()
}
