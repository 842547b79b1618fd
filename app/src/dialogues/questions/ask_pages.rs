//! `/doi-thoai/{number}/hoi`: asking a question. Before it is sent, those like it are shown: one may support them instead. The receipt
//! has the code.

use super::actions::{self, Asked, NewQuestion, moment};
use super::device::{DEVICE, Device, keep, keep_receipt};
use super::look::{by_line, supports_words};
use super::rules::{BODY_CHARS_MAX, BODY_CHARS_MIN, Channel, NAME_CHARS_MAX, is_officials};
use super::store::{self, PublicQuestion};
use super::{ask_path, list_path, question_path};
use crate::accounts::actions::Limit;
use crate::db::Tx;
use crate::device::following;
use crate::dialogues::public_path;
use crate::dialogues::rules::Dialogue;
use crate::dialogues::store::public_by_number;
use crate::error::{AppError, Result};
use crate::filing::islands::{CharCounter, DraftKeeper, ForgetKept};
use crate::filing::rules::email_field;
use crate::form::FormState;
use crate::petitions::actions::Act;
use crate::relations::likeness::{Compared, Rarity, Words, compare};
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, choice, error_summary, icon, see_other, select_field, text_area, text_field};
use axum::Form;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// Questions from one address within the window of failures, before a pause: a whole village may share an address.
const ADDRESS_QUESTIONS_MAX: i64 = 30;
/// Questions for which one mail address is left within the window: nobody can fill somebody else's letter box.
const EMAIL_QUESTIONS_MAX: i64 = 5;
/// Longest e-mail address.
const EMAIL_CHARS_MAX: usize = 254;
/// Like questions that are shown.
const SIMILAR_MAX: usize = 3;
/// Public questions of a dialogue that are compared, the latest first.
const COMPARED_MAX: i64 = 300;
/// The field of who may read it.
pub(super) const WHO: &str = "who";
/// Everybody.
pub(super) const ALL: &str = "all";
/// Only the organiser.
pub(super) const ORGANISER: &str = "organiser";
/// The field that says that like questions were shown.
const SEEN: &str = "seen";
/// The field with the token of the form.
pub(super) const ONCE: &str = "once";
/// The id of the form, by which the device keeps what is typed.
const FORM: &str = "question";

/// `GET /doi-thoai/{number}/hoi`
///
/// # Errors
/// [`AppError::NotFound`] for a dialogue whose notice is not out.
pub(super) async fn show(context: PageContext, Path(number): Path<i64>) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let dialogue = public_by_number(&mut tx, number).await?.ok_or(AppError::NotFound)?;
    let topics = store::board(&mut tx, &dialogue.id).await?.topics();
    drop(tx);
    let mut form = FormState::default();
    form.set(DEVICE, context.portal.random().token());
    form.set(ONCE, context.portal.random().token());
    form.set(WHO, ALL);
    Ok(page(&context, &dialogue, &topics, &form, &[], StatusCode::OK))
}

/// `POST /doi-thoai/{number}/hoi`
///
/// # Errors
/// [`AppError::NotFound`] for a dialogue whose notice is not out.
pub(super) async fn send(context: PageContext, device: Device, Path(number): Path<i64>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let mut tx = context.portal.db().read().await?;
    let dialogue = public_by_number(&mut tx, number).await?.ok_or(AppError::NotFound)?;
    let topics = store::board(&mut tx, &dialogue.id).await?.topics();
    if moment(&dialogue, context.now).is_none() {
        return Ok(page(&context, &dialogue, &topics, &form, &[], StatusCode::CONFLICT));
    }
    let mut new = read(&context, &mut tx, &dialogue, &topics, &mut form).await?;
    if !form.is_valid() {
        return Ok(page(&context, &dialogue, &topics, &form, &[], StatusCode::UNPROCESSABLE_ENTITY));
    }
    let like = if new.is_private || form.is_ticked(SEEN) { Vec::new() } else { similar(&mut tx, &dialogue, &new.body).await? };
    drop(tx);
    if !like.is_empty() {
        form.set(SEEN, "1");
        return Ok(page(&context, &dialogue, &topics, &form, &like, StatusCode::OK));
    }
    let mut limits = vec![Limit::shared("question", &context, ADDRESS_QUESTIONS_MAX)];
    if !new.email.is_empty() {
        limits.push(Limit::new("question_mail", &[&new.email.to_lowercase()], EMAIL_QUESTIONS_MAX));
    }
    new.device = device.known_or(&form, &context.portal);
    let asked = match over(&context, &limits).await? {
        Some(seconds) => return Ok(flooded(&context, &dialogue, &topics, &mut form, seconds)),
        None => commit(&context, &dialogue, &new).await?,
    };
    match asked {
        Asked::Yes => {
            for limit in &limits {
                limit.failed(&context.portal).await?;
            }
        }
        Asked::Before => {}
        Asked::TooMany => {
            form.wrong_with("body", "questions.ask.too_many_device", vec![("n", actions::DEVICE_QUESTIONS_MAX.to_string())]);
            return Ok(page(&context, &dialogue, &topics, &form, &[], StatusCode::TOO_MANY_REQUESTS));
        }
    }
    let response = see_other(&context.href(&format!("{}/da-gui", ask_path(number))));
    let settings = context.portal.settings();
    Ok(keep_receipt(keep(response, settings, &new.device), settings, &new.token))
}

async fn commit(context: &PageContext, dialogue: &Dialogue, new: &NewQuestion) -> Result<Asked> {
    let mut tx = context.portal.db().write().await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    match actions::ask(&mut act, dialogue, new).await {
        Ok(Asked::Yes) => tx.commit().await.map(|()| Asked::Yes),
        // Pressed twice at the same instant: the first one counts.
        Err(AppError::Conflict) => Ok(Asked::Before),
        other => other,
    }
}

/// The seconds to wait, where one of these limits is reached: what was typed must come back, so it is no error here.
async fn over(context: &PageContext, limits: &[Limit]) -> Result<Option<u64>> {
    for limit in limits {
        match limit.check(&context.portal).await {
            Ok(()) => {}
            Err(AppError::TooMany { retry_after_seconds }) => return Ok(Some(retry_after_seconds)),
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

fn flooded(context: &PageContext, dialogue: &Dialogue, topics: &[String], form: &mut FormState, seconds: u64) -> Response {
    form.wrong_with("body", "questions.ask.too_many", vec![("minutes", seconds.div_ceil(60).to_string())]);
    let mut response = page(context, dialogue, topics, form, &[], StatusCode::TOO_MANY_REQUESTS);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// Reads the form; what is wrong stands in it afterwards. The same for somebody at the desk.
pub(super) async fn read(context: &PageContext, tx: &mut Tx, dialogue: &Dialogue, topics: &[String], form: &mut FormState) -> Result<NewQuestion> {
    let (body, name, email) = words(context, tx, dialogue, form).await?;
    let village = form.optional("village", NAME_CHARS_MAX);
    let topic = form.value("topic").to_owned();
    if !topic.is_empty() && !topics.contains(&topic) {
        form.wrong("topic", "questions.topic.unknown");
    }
    if !matches!(form.value(WHO), ALL | ORGANISER) {
        form.wrong(WHO, "questions.who.missing");
    }
    // Kept in a cookie, which says nothing that the page has said.
    let Some(token) = following(context.portal.marks_key(), form.value(ONCE)) else {
        return Err(AppError::BadRequest("the form has no token"));
    };
    Ok(NewQuestion {
        device: token.clone(),
        token,
        channel: Channel::Web,
        topic,
        body,
        name,
        village,
        email,
        lang: context.lang,
        is_private: form.value(WHO) == ORGANISER,
    })
}

/// The question, the name and the address of a form: also of one that changes a question.
pub(super) async fn words(context: &PageContext, tx: &mut Tx, dialogue: &Dialogue, form: &mut FormState) -> Result<(String, String, String)> {
    let body = form.required("body", "questions.body.missing", BODY_CHARS_MAX);
    if !body.is_empty() && body.chars().count() < BODY_CHARS_MIN {
        form.wrong("body", "questions.body.short");
    }
    let name = form.optional("name", NAME_CHARS_MAX);
    if !name.is_empty() {
        let directory = &context.directory;
        let units: Vec<String> = std::iter::once(dialogue.body_id.clone()).chain(directory.units_of(&dialogue.body_id).map(|unit| unit.id.clone())).collect();
        let officials: Vec<String> = store::names_of_officials(tx, &units, context.today).await?.into_iter().map(|(name,)| name).collect();
        let facts = &dialogue.facts;
        let posts: Vec<String> = std::iter::once(facts.head_post.clone()).chain(facts.others.lines().map(str::to_owned)).collect();
        if is_officials(&name, &posts, &officials) {
            form.wrong("name", "questions.name.officials");
        }
    }
    let email = email_field(form, EMAIL_CHARS_MAX);
    Ok((body, name, email))
}

/// Public questions of the dialogue that are like a text, the likest first.
pub(super) async fn similar(tx: &mut Tx, dialogue: &Dialogue, body: &str) -> Result<Vec<PublicQuestion>> {
    let compared = |text: &str| Compared { words: Words::of(&[text]), area_code: dialogue.facts.area_code.clone(), ..Compared::default() };
    let this = compared(body);
    let mut found: Vec<(i64, i64)> = store::public_compared(tx, &dialogue.id, COMPARED_MAX)
        .await?
        .into_iter()
        .filter_map(|(number, text)| compare(&this, &compared(&text), &BTreeSet::new(), &Rarity::new(), 1).map(|likeness| (likeness.score, number)))
        .collect();
    found.sort_by_key(|(score, number)| (std::cmp::Reverse(*score), *number));
    let mut like = Vec::new();
    for (_, number) in found.into_iter().take(SIMILAR_MAX) {
        like.extend(store::public_by_number(tx, &dialogue.id, number).await?);
    }
    Ok(like)
}

fn page(context: &PageContext, dialogue: &Dialogue, topics: &[String], form: &FormState, like: &[PublicQuestion], status: StatusCode) -> Response {
    let lang = context.lang;
    let facts = &dialogue.facts;
    let is_open = moment(dialogue, context.now).is_some();
    let title = lang.t("questions.ask.title");
    Page::new(context, Section::Dialogues, title).status(status).islands().render(|| {
        let content = if is_open { fields(context, dialogue, topics, form, !like.is_empty()) } else { closed(context, form) };
        view! {
            <a class="back" href=context.href(&public_path(dialogue.number))>{icon(Icon::Back)}{lang.t("questions.back")}</a>
            {error_summary(lang, form)}
            <div class="stack-s">
                <h1>{title}</h1>
                <p class="lead-text">{facts.title.clone()}</p>
                <p class="small muted num">{crate::dialogues::desk_views::when(lang, facts.begins_at, facts.ends_at)}</p>
            </div>
            {similar_box(context, dialogue, like)}
            {content}
        }
        .into_any()
    })
}

/// What others have asked already, each with a way to support it instead.
fn similar_box(context: &PageContext, dialogue: &Dialogue, like: &[PublicQuestion]) -> AnyView {
    if like.is_empty() {
        return ().into_any();
    }
    let lang = context.lang;
    let items: Vec<_> = like
        .iter()
        .map(|question| {
            let href = lang.href(&question_path(dialogue.number, question.number));
            view! {
                <li class="stack-s">
                    <p class="text">{question.public_text.clone()}</p>
                    <p class="small muted num">{by_line(lang, question)}</p>
                    <p class="small num">{supports_words(lang, question.supports())}</p>
                    <p><a class="btn btn-s" href=href>{lang.t("questions.similar.support")}</a></p>
                </li>
            }
        })
        .collect();
    view! {
        <section class="card stack" id="giong" role="status">
            <h2 class="title-s">{lang.t("questions.similar.title")}</h2>
            <p>{lang.t("questions.similar.text")}</p>
            <ul class="list-cases">{items}</ul>
        </section>
    }
    .into_any()
}

fn closed(context: &PageContext, form: &FormState) -> AnyView {
    let lang = context.lang;
    let typed = form.value("body").to_owned();
    let kept = (!typed.is_empty())
        .then(|| view! { <div class="card stack-s"><p class="small muted">{lang.t("questions.closed.kept")}</p><p class="text">{typed}</p></div> });
    view! {
        <p class="notice warn">{icon(Icon::Warning)}<span>{lang.t("questions.closed")}</span></p>
        {kept}
        <p><a class="btn" href=lang.href("/gui")>{lang.t("questions.closed.file")}</a></p>
    }
    .into_any()
}

/// The fields of a question, for the asker's page and the desk's.
pub(super) fn question_fields(context: &PageContext, topics: &[String], form: &FormState) -> AnyView {
    let lang = context.lang;
    let look = |label: &'static str, hint: Option<&'static str>| FieldLook { label, hint, ..FieldLook::default() };
    let topic = (!topics.is_empty()).then(|| {
        let options = topics.iter().map(|topic| (topic.clone(), topic.clone())).collect();
        select_field(lang, form, "topic", options, "questions.topic.none", FieldLook { is_optional: true, ..look("questions.topic", None) })
    });
    let error = form.error(WHO, lang).map(|error| view! { <span class="err">{error}</span> });
    let class = if error.is_some() { "group bad" } else { "group" };
    view! {
        {text_area(lang, form, "body", 5, FieldLook { chars_max: Some(BODY_CHARS_MAX), ..look("questions.body", Some("questions.body.hint")) })}
        {topic}
        <fieldset class=class id=WHO tabindex="-1">
            <legend>{lang.t("questions.who")}</legend>
            {error}
            {choice(form, WHO, ALL, lang.t("questions.who.all"), lang.t("questions.who.all_hint"))}
            {choice(form, WHO, ORGANISER, lang.t("questions.who.organiser"), lang.t("questions.who.organiser_hint"))}
        </fieldset>
        {text_field(lang, form, "name", FieldLook { is_optional: true, autocomplete: "name", ..look("questions.name", Some("questions.name.hint")) })}
        {text_field(lang, form, "village", FieldLook { is_optional: true, ..look("questions.village", Some("questions.village.hint")) })}
        {text_field(lang, form, "email", FieldLook { is_optional: true, kind: "email", autocomplete: "email", ..look("filing.email.label", Some("questions.email.hint")) })}
    }
    .into_any()
}

fn fields(context: &PageContext, dialogue: &Dialogue, topics: &[String], form: &FormState, has_similar: bool) -> AnyView {
    let lang = context.lang;
    let seen = form.is_ticked(SEEN).then(|| view! { <input type="hidden" name=SEEN value="1" /> });
    let button = if has_similar { "questions.similar.send" } else { "questions.ask.send" };
    view! {
        <form method="post" action=context.href(&ask_path(dialogue.number)) class="stack-l" id=FORM novalidate>
            <input type="hidden" name=DEVICE value=form.value(DEVICE).to_owned() />
            <input type="hidden" name=ONCE value=form.value(ONCE).to_owned() />
            {seen}
            <div class="stack">
                <DraftKeeper
                    form=FORM.to_owned()
                    except="name,email".to_owned()
                    saved=String::new()
                    kept=lang.t("filing.kept").to_owned()
                    restored=lang.t("filing.restored").to_owned()
                />
                {question_fields(context, topics, form)}
            </div>
            <p class="notice info">{icon(Icon::Lock)}<span>{lang.t("questions.ask.private")}</span></p>
            <div class="sticky-action"><button class="btn btn-main btn-block">{icon(Icon::Send)}{lang.t(button)}</button></div>
            <CharCounter words=lang.t("form.counter").to_owned() mark=(if lang == crate::words::Lang::Vi { "." } else { "," }).to_owned() />
        </form>
    }
    .into_any()
}

/// `GET /doi-thoai/{number}/hoi/da-gui`: the code, on the device that asked.
///
/// # Errors
/// A database that fails.
pub(super) async fn receipt(context: PageContext, device: Device, Path(number): Path<i64>) -> Result<Response> {
    let lang = context.lang;
    let Some(token) = device.receipt else { return Ok(see_other(&context.href(super::MINE))) };
    let code = actions::code(&token);
    let mut tx = context.portal.db().read().await?;
    let Some(question) = store::by_code_digest(&mut tx, &code.hash()).await? else { return Ok(see_other(&context.href(super::MINE))) };
    drop(tx);
    let title = lang.t("questions.receipt.title");
    let groups = code.groups().join(" ");
    let next = if question.is_private { "questions.receipt.next_private" } else { "questions.receipt.next" };
    Ok(Page::new(&context, Section::Dialogues, title).islands().render(|| {
        view! {
            <ForgetKept now=true form=FORM.to_owned() />
            <h1>{title}</h1>
            <section class="receipt stack">
                <p class="num"><b>{lang.f("questions.number", &[("number", &question.number.to_string())])}</b></p>
                <div><p class="strong">{lang.t("questions.receipt.code")}</p><p class="code-big num" id="code">{groups}</p><p>{lang.t("questions.receipt.keep")}</p></div>
            </section>
            <ul>
                <li>{lang.t(next)}</li>
                <li>{lang.t("questions.receipt.change")}</li>
                {(!question.email.is_empty()).then(|| view! { <li>{lang.t("questions.receipt.mail")}</li> })}
            </ul>
            <p class="row">
                <a class="btn" href=lang.href(super::MINE)>{lang.t("questions.mine.link")}</a>
                <a class="btn" href=lang.href(&list_path(number))>{lang.t("questions.read")}</a>
            </p>
        }
        .into_any()
    }))
}
