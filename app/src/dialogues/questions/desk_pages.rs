//! `/can-bo/doi-thoai/{dialogue}/cau-hoi`: the questions of a dialogue by how far they have come, those that wait first; one question with
//! everything that can be done with it; taking one down for somebody.

use super::ask_pages::{ONCE, question_fields, similar};
use super::desk_deeds::deeds;
use super::look::{reason_words, stage_badge, state_key, supports_words};
use super::rules::{Channel, Event, Moment, Question, State, Supports};
use super::store::{self, Board, PublicQuestion};
use super::{actions, desk_agenda_path, desk_list_path, desk_question_path, list_path};
use crate::accounts::session::take_flash;
use crate::db::Tx;
use crate::dialogues::rules::Dialogue;
use crate::dialogues::{desk_path, store as dialogues};
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::store as cases;
use crate::ui::{Icon, Page, PageContext, Section, address, empty, error_summary, icon, or_locked};
use crate::words::Lang;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use tower_sessions::Session;

/// Questions on one page.
const SHOWN_MAX: usize = 50;
/// Events shown of one question.
const EVENTS_MAX: i64 = 200;
/// Characters of a question in the list.
const EXCERPT_CHARS: usize = 400;
/// The name of the state, and of the place, in addresses.
const STATE: &str = "xem";
const AFTER: &str = "sau";

/// The states as the list shows them: code in addresses, name.
const STATES: [(State, &str, &str); 6] = [
    (State::Waiting, "", "questions.desk.waiting"),
    (State::Open, "da-dang", "questions.desk.open"),
    (State::Linked, "trung", "questions.desk.linked"),
    (State::Refused, "khong-dang", "questions.desk.refused"),
    (State::Sealed, "to-cao", "questions.desk.sealed"),
    (State::Withdrawn, "da-rut", "questions.desk.withdrawn"),
];

/// A dialogue whose questions whoever asks may moderate.
///
/// # Errors
/// [`AppError::NotFound`] both where there is none and where it may not be seen.
pub(super) async fn moderated(tx: &mut Tx, context: &PageContext, id: &str) -> Result<Dialogue> {
    check(&context.actor, Action::UseDesk)?;
    let dialogue = dialogues::by_id(tx, id).await?.filter(Dialogue::is_public).ok_or(AppError::NotFound)?;
    check(&context.actor, Action::ModerateQuestions(&dialogue.body_id))?;
    Ok(dialogue)
}

/// The sentence an earlier request left.
pub(super) fn flash_words(lang: Lang, flash: &str) -> Option<&'static str> {
    Some(lang.t(match flash {
        "question_opened" => "questions.flash.opened",
        "question_refused" => "questions.flash.refused",
        "question_linked" => "questions.flash.linked",
        "question_unlinked" => "questions.flash.unlinked",
        "question_sealed" => "questions.flash.sealed",
        "question_grouped" => "questions.flash.grouped",
        "question_given" => "questions.flash.given",
        "question_drafted" => "questions.flash.drafted",
        "question_tied" => "questions.flash.tied",
        "question_agenda" => "questions.flash.agenda",
        _ => return None,
    }))
}

pub(super) async fn flash(context: &PageContext, session: &Session) -> Result<Option<&'static str>> {
    Ok(take_flash(session).await?.and_then(|flash| flash_words(context.lang, &flash)))
}

/// `GET /can-bo/doi-thoai/{dialogue}/cau-hoi`
pub(super) async fn list(context: PageContext, session: Session, Path(id): Path<String>, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    let asked = FormState::from_pairs(pairs);
    let (state, code, _) = STATES.into_iter().find(|(_, code, _)| *code == asked.value(STATE)).unwrap_or(STATES[0]);
    let after = asked.value(AFTER).parse().unwrap_or_default();
    let mut tx = context.portal.db().read().await?;
    let dialogue = moderated(&mut tx, &context, &id).await?;
    let limit = i64::try_from(SHOWN_MAX + 1).unwrap_or(i64::MAX);
    let mut questions = store::of_state(&mut tx, &dialogue.id, state, after, limit).await?;
    let counts = store::counts(&mut tx, &dialogue.id).await?;
    drop(tx);
    let flash = flash(&context, &session).await?;
    let next = (questions.len() > SHOWN_MAX).then(|| questions[SHOWN_MAX - 1].number);
    questions.truncate(SHOWN_MAX);
    let lang = context.lang;
    let path = desk_list_path(&dialogue.id);
    let tabs = STATES.map(|(of, code, key)| {
        let n: i64 = counts.iter().filter(|(known, ..)| *known == of).map(|(.., n)| n).sum();
        let href = lang.href(&if code.is_empty() { path.clone() } else { address(&path, &[(STATE, code.to_owned())]) });
        view! { <a href=href aria-current=(of == state).then_some("page")>{lang.t(key)}" "<span class="num">{lang.number(n)}</span></a> }
    });
    let page = Page::new(&context, Section::DeskDialogues, lang.t("questions.desk.title")).main_class("wrap wide page stack-l");
    Ok(page.render(|| {
        let items: Vec<_> = questions.iter().map(|question| row(&context, &dialogue, question)).collect();
        let content = if items.is_empty() {
            empty(Icon::Dialogue, lang.t("questions.desk.none").to_owned(), lang.t("questions.desk.none.text"), ().into_any())
        } else {
            view! { <ul class="list-cases">{items}</ul> }.into_any()
        };
        let next = next.map(|number| {
            let href = lang.href(&address(&path, &[(STATE, code.to_owned()), (AFTER, number.to_string())]));
            view! { <nav class="pager"><a rel="next" class="btn btn-s" href=href>{lang.t("questions.further")}{icon(Icon::Next)}</a></nav> }
        });
        view! {
            <div class="stack-s">
                {flash.map(|words| crate::ui::flash_line(words.to_owned()))}
                <p><a href=lang.href(&desk_path(&dialogue.id))>{dialogue.facts.title.clone()}</a></p>
                <h1 class="title-s">{lang.t("questions.desk.title")}</h1>
                <p class="row">
                    <a class="btn btn-s" href=lang.href(&format!("{path}/moi"))>{icon(Icon::Plus)}{lang.t("questions.desk.take_down")}</a>
                    <a class="btn btn-s" href=lang.href(&desk_agenda_path(&dialogue.id))>{lang.t("questions.agenda.link")}</a>
                    <a class="btn btn-s" href=lang.href(&list_path(dialogue.number))>{icon(Icon::Eye)}{lang.t("questions.desk.public")}</a>
                </p>
            </div>
            <nav class="tabs-inline" aria-label=lang.t("questions.desk.states")>{tabs.into_iter().collect::<Vec<_>>()}</nav>
            {content}
            {next}
        }
        .into_any()
    }))
}

fn row(context: &PageContext, dialogue: &Dialogue, question: &Question) -> AnyView {
    let lang = context.lang;
    let href = lang.href(&desk_question_path(&dialogue.id, question.number));
    let number = lang.f("questions.number", &[("number", &question.number.to_string())]);
    let words = if question.body.is_empty() { lang.t("questions.desk.no_words").to_owned() } else { crate::text::excerpt(&question.body, EXCERPT_CHARS) };
    let refused = (question.state == State::Refused).then(|| view! { <p class="small">{reason_words(lang, &question.reason, &question.reason_words)}</p> });
    view! {
        <li class="stack-s">
            <p><a href=href><b class="num">{number}</b></a>" "<span class="small muted num">{lang.time(question.asked_at)}</span></p>
            <p class="text">{words}</p>
            {refused}
            <p class="row">{tags(lang, question)}</p>
        </li>
    }
    .into_any()
}

/// What stands beside a question at the desk.
pub(super) fn tags(lang: Lang, question: &Question) -> AnyView {
    let tag = |is_so: bool, key: &'static str| is_so.then(|| view! { <span class="tag">{lang.t(key)}</span> });
    let group = (!question.topic_group.is_empty()).then(|| view! { <span class="tag">{question.topic_group.clone()}</span> });
    view! {
        {tag(question.is_private, "questions.tag.private")}
        {tag(question.channel == Channel::Desk, "questions.tag.desk")}
        {tag(question.moment == Moment::During, "questions.moment.during")}
        {tag(question.case_id.is_some(), "questions.tag.case")}
        {tag(!question.answer_draft.is_empty(), "questions.tag.draft")}
        {group}
        {stage_badge(lang, question.stage, question.promised_on)}
    }
    .into_any()
}

/// Everything the page of one question shows.
pub(super) struct View<'a> {
    pub context: &'a PageContext,
    pub dialogue: &'a Dialogue,
    pub question: Question,
    pub board: Board,
    pub supports: Supports,
    pub target: Option<Question>,
    pub repeats: Vec<Question>,
    pub like: Vec<PublicQuestion>,
    /// The address of the case, for whoever may see it.
    pub case: Option<String>,
    pub events: Vec<(DateTime<Utc>, Option<String>, String)>,
}

/// `GET /can-bo/doi-thoai/{dialogue}/cau-hoi/{number}`
pub(super) async fn show(context: PageContext, session: Session, Path((id, number)): Path<(String, i64)>) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let dialogue = moderated(&mut tx, &context, &id).await?;
    let question = store::by_number(&mut tx, &dialogue.id, number).await?.ok_or(AppError::NotFound)?;
    drop(tx);
    let flash = flash(&context, &session).await?;
    page(&context, &dialogue, question.clone(), &filled(&question), flash, StatusCode::OK).await
}

/// The fields as they begin: what is published, or the asker's words to be edited.
fn filled(question: &Question) -> FormState {
    let mut form = FormState::default();
    form.set("public_text", if question.public_text.is_empty() { question.body.clone() } else { question.public_text.clone() });
    form.set("group", question.topic_group.clone());
    form.set("position", if question.agenda_position > 0 { question.agenda_position.to_string() } else { String::new() });
    form.set("answer", question.answer_draft.clone());
    form.set("unit", question.answer_unit.clone().unwrap_or_default());
    form
}

/// The page of one question.
pub(super) async fn page(
    context: &PageContext,
    dialogue: &Dialogue,
    question: Question,
    form: &FormState,
    flash: Option<&'static str>,
    status: StatusCode,
) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let target = match &question.linked_to {
        Some(id) => store::by_id(&mut tx, id).await?,
        None => None,
    };
    let case = match &question.case_id {
        Some(case_id) => cases::by_id(&mut tx, case_id).await?.filter(|case| check(&context.actor, Action::See(case)).is_ok()),
        None => None,
    };
    let mut like = if question.state == State::Waiting { similar(&mut tx, dialogue, &question.body).await? } else { Vec::new() };
    like.retain(|other| other.number != question.number);
    let view = View {
        context,
        dialogue,
        board: store::board(&mut tx, &dialogue.id).await?,
        supports: store::supports::supports(&mut tx, &question.id).await?,
        target,
        repeats: store::repeats_of(&mut tx, &question.id, actions::REPEATS_MAX).await?,
        like,
        case: case.map(|case| format!("/can-bo/don/{}", case.id)),
        events: store::events(&mut tx, &question.id, EVENTS_MAX).await?,
        question,
    };
    drop(tx);
    let lang = context.lang;
    let number = lang.f("questions.number", &[("number", &view.question.number.to_string())]);
    let page = Page::new(context, Section::DeskDialogues, number.clone()).main_class("wrap wide page stack-l").status(status);
    Ok(page.render(|| {
        view! {
            <div class="stack-s">
                {flash.map(|words| crate::ui::flash_line(words.to_owned()))}
                <p><a href=lang.href(&desk_list_path(&dialogue.id))>{lang.t("questions.desk.back")}</a></p>
                <h1 class="title-s">{number}</h1>
                <p class="row"><span class="tag">{lang.t(state_key(&view.question))}</span>{tags(lang, &view.question)}</p>
            </div>
            {error_summary(lang, form)}
            <div class="two">
                <div class="stack">{words(&view)}{ties(&view)}{history(&view)}</div>
                <div class="stack">{deeds(&view, form)}</div>
            </div>
        }
        .into_any()
    }))
}

fn words(view: &View<'_>) -> AnyView {
    let (lang, question) = (view.context.lang, &view.question);
    let row =
        |label: &'static str, value: &str| (!value.is_empty()).then(|| view! { <div><dt>{lang.t(label)}</dt><dd class="text">{value.to_owned()}</dd></div> });
    let published = (!question.public_text.is_empty() && question.public_text != question.body)
        .then(|| view! { <h2 class="title-s">{lang.t("questions.desk.published_text")}</h2><p class="text">{question.public_text.clone()}</p> });
    let body = if question.body.is_empty() {
        view! { <p class="muted">{lang.t("questions.desk.no_words")}</p> }.into_any()
    } else {
        view! { <p class="text">{question.body.clone()}</p> }.into_any()
    };
    view! {
        <section class="card stack-s">
            <h2 class="title-s">{lang.t("questions.desk.words")}</h2>
            {body}
            {published}
            <dl class="case-facts">
                {row("questions.desk.asked_at", &lang.time(question.asked_at))}
                {row("questions.topic", &question.topic)}
                {row("questions.desk.name", &or_locked(lang, question.is_locked, &question.name))}
                {row("questions.desk.village", &question.village)}
                {row("questions.desk.email", &question.email)}
            </dl>
            <p class="small muted">{lang.t("questions.desk.private_facts")}</p>
        </section>
    }
    .into_any()
}

/// Its supporters, its repeats, what it repeats, its case.
fn ties(view: &View<'_>) -> AnyView {
    let (lang, question) = (view.context.lang, &view.question);
    let link = |other: &Question| {
        let href = lang.href(&desk_question_path(&view.dialogue.id, other.number));
        let words = format!("{}: {}", lang.f("questions.number", &[("number", &other.number.to_string())]), crate::text::excerpt(&other.body, 120));
        view! { <li><a href=href>{words}</a></li> }
    };
    let repeats: Vec<_> = view.repeats.iter().map(link).collect();
    let repeats = (!repeats.is_empty()).then(|| view! { <h3>{lang.t("questions.desk.repeats")}</h3><ul>{repeats}</ul> });
    let target = view.target.as_ref().map(|target| view! { <h3>{lang.t("questions.desk.target")}</h3><ul>{link(target)}</ul> });
    let case = match (&view.case, &question.case_id) {
        (Some(path), _) => Some(view! { <p><a class="btn btn-s" href=lang.href(path)>{icon(Icon::Paper)}{lang.t("questions.desk.case")}</a></p> }.into_any()),
        (None, Some(_)) => Some(view! { <p class="muted">{lang.t("questions.desk.case_hidden")}</p> }.into_any()),
        (None, None) => None,
    };
    view! {
        <section class="card stack-s">
            <h2 class="title-s">{lang.t("questions.desk.ties")}</h2>
            <p class="num">{supports_words(lang, view.supports)}</p>
            {target}{repeats}{case}
        </section>
    }
    .into_any()
}

fn history(view: &View<'_>) -> AnyView {
    let lang = view.context.lang;
    let items: Vec<_> = view
        .events
        .iter()
        .filter_map(|(at, _, text)| serde_json::from_str::<Event>(text).ok().map(|event| (at, event)))
        .map(|(at, event)| view! { <li><span class="small muted num">{lang.time(*at)}</span>" "{event_words(view, &event)}</li> })
        .collect();
    view! { <section class="card stack-s"><h2 class="title-s">{lang.t("questions.desk.history")}</h2><ul class="rule-list">{items}</ul></section> }.into_any()
}

fn event_words(view: &View<'_>, event: &Event) -> String {
    let lang = view.context.lang;
    let key = match event {
        Event::Asked { channel: Channel::Web } => "questions.event.asked",
        Event::Asked { channel: Channel::Desk } => "questions.event.asked_desk",
        Event::Changed => "questions.event.changed",
        Event::Withdrawn => "questions.event.withdrawn",
        Event::Opened { is_edited: false } => "questions.event.opened",
        Event::Opened { is_edited: true } => "questions.event.opened_edited",
        Event::Refused { reason } => {
            return lang.f("questions.event.refused", &[("reason", lang.t(super::look::reason_key(reason.code())))]);
        }
        Event::Linked { number } => return lang.f("questions.event.linked", &[("number", &number.to_string())]),
        Event::Unlinked => "questions.event.unlinked",
        Event::Sealed => "questions.event.sealed",
        Event::Grouped => "questions.event.grouped",
        Event::Given { unit_id: Some(unit_id) } => {
            return lang.f("questions.event.given", &[("unit", view.context.directory.agency_name(unit_id))]);
        }
        Event::Given { unit_id: None } => "questions.event.given_back",
        Event::Drafted => "questions.event.drafted",
        Event::Tied { is_new: true } => "questions.event.case_made",
        Event::Tied { is_new: false } => "questions.event.case_noted",
    };
    lang.t(key).to_owned()
}

/// `GET /can-bo/doi-thoai/{dialogue}/cau-hoi/moi`
pub(super) async fn new(context: PageContext, Path(id): Path<String>) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let dialogue = moderated(&mut tx, &context, &id).await?;
    let topics = store::board(&mut tx, &dialogue.id).await?.topics();
    drop(tx);
    let mut form = FormState::default();
    form.set(ONCE, context.portal.random().token());
    form.set(super::ask_pages::WHO, super::ask_pages::ALL);
    Ok(new_page(&context, &dialogue, &topics, &form, StatusCode::OK))
}

/// The page on which a question is taken down for somebody.
pub(super) fn new_page(context: &PageContext, dialogue: &Dialogue, topics: &[String], form: &FormState, status: StatusCode) -> Response {
    let lang = context.lang;
    let path = desk_list_path(&dialogue.id);
    Page::new(context, Section::DeskDialogues, lang.t("questions.desk.take_down")).main_class("wrap page stack-l").status(status).render(|| {
        view! {
            <div class="stack-s">
                <p><a href=lang.href(&path)>{lang.t("questions.desk.back")}</a></p>
                <h1 class="title-s">{lang.t("questions.desk.take_down")}</h1>
                <p class="small muted">{lang.t("questions.desk.take_down.text")}</p>
            </div>
            {error_summary(lang, form)}
            <form method="post" action=lang.href(&format!("{path}/moi")) class="card stack" novalidate>
                <input type="hidden" name=ONCE value=form.value(ONCE).to_owned() />
                {question_fields(context, topics, form)}
                <p><button class="btn btn-main">{lang.t("questions.desk.take_down.button")}</button></p>
            </form>
        }
        .into_any()
    })
}

/// The receipt for whoever a question was taken down for: printed or read out.
pub(super) fn taken_page(context: &PageContext, dialogue: &Dialogue, question: &Question, code: &crate::petitions::code::CaseCode) -> Response {
    let lang = context.lang;
    let groups = code.groups().join(" ");
    Page::new(context, Section::DeskDialogues, lang.t("questions.receipt.title")).main_class("wrap page stack-l").render(|| {
        view! {
            <h1 class="title-s">{lang.t("questions.desk.taken")}</h1>
            <section class="receipt stack">
                <p class="num"><b>{lang.f("questions.number", &[("number", &question.number.to_string())])}</b></p>
                <div><p class="strong">{lang.t("questions.receipt.code")}</p><p class="code-big num" id="code">{groups}</p><p>{lang.t("questions.desk.taken.text")}</p></div>
            </section>
            <p class="row">
                <a class="btn" href=lang.href(&desk_question_path(&dialogue.id, question.number))>{lang.t("questions.desk.open_it")}</a>
                <a class="btn" href=lang.href(&format!("{}/moi", desk_list_path(&dialogue.id)))>{lang.t("questions.desk.take_another")}</a>
            </p>
        }
        .into_any()
    })
}
