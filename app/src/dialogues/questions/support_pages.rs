//! `/doi-thoai/{number}/cau-hoi/{question}`: one public question, supporting it and taking that back; the address that proves a support,
//! and the page behind the link that confirms it.

use super::actions::{self, moment};
use super::device::{DEVICE, Device, keep};
use super::look::{by_line, stage_badge, supports_words};
use super::store::supports::{Contact, Standing, contact_of, device_digest, standing};
use super::store::{self, PublicQuestion};
use super::{ask_path, contact_path, list_path, question_path};
use crate::accounts::actions::Limit;
use crate::dialogues::live::record::said;
use crate::dialogues::live::store::{Answer, answers_to};
use crate::dialogues::rules::Dialogue;
use crate::dialogues::store as dialogues;
use crate::dialogues::store::public_by_number;
use crate::error::{AppError, Result};
use crate::filing::rules::email;
use crate::form::FormState;
use crate::petitions::actions::Act;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, error_summary, icon, see_other, text_field};
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

/// Devices from one address that support something at a dialogue for the first time, within the window of failures, before a pause: a
/// whole hall may share an address, a program that makes up devices may not go on for ever.
pub const NEW_DEVICES_MAX: i64 = 150;
/// Addresses that are asked to be confirmed from one network address within the window.
const CONTACTS_MAX: i64 = 20;
/// Mails with a link that one address gets within the window.
const MAILS_MAX: i64 = 3;
/// Longest e-mail address.
const EMAIL_CHARS_MAX: usize = 254;
/// A support from the live page leads back there.
pub const BACK_TO_LIVE: &str = "live";
/// What the button of the page behind the link does.
const DOES: &str = "lam";
const LEAVE: &str = "thoi";
const CONFIRM: &str = "xac-nhan";

/// What the page shows beside the form.
struct View {
    dialogue: Dialogue,
    question: PublicQuestion,
    standing: Standing,
    contact: Option<Contact>,
    answers: Vec<Answer>,
}

async fn load(context: &PageContext, device: &Device, (number, question): (i64, i64)) -> Result<View> {
    let mut tx = context.portal.db().read().await?;
    let dialogue = public_by_number(&mut tx, number).await?.ok_or(AppError::NotFound)?;
    let question = store::public_by_number(&mut tx, &dialogue.id, question).await?.ok_or(AppError::NotFound)?;
    let (standing, contact) = match &device.token {
        Some(token) => {
            let digest = device_digest(&dialogue.id, token);
            (standing(&mut tx, &dialogue.id, &question.id, &digest).await?, contact_of(&mut tx, &dialogue.id, &digest).await?)
        }
        None => (Standing::default(), None),
    };
    let answers = answers_to(&mut tx, &question.id).await?;
    Ok(View { dialogue, question, standing, contact, answers })
}

/// `GET /doi-thoai/{number}/cau-hoi/{question}`
///
/// # Errors
/// [`AppError::NotFound`] for a question that is not public, whatever the reason.
pub(super) async fn one(context: PageContext, device: Device, Path(numbers): Path<(i64, i64)>) -> Result<Response> {
    let view = load(&context, &device, numbers).await?;
    let mut form = FormState::default();
    form.set(DEVICE, context.portal.random().token());
    Ok(page(&context, &view, &form, StatusCode::OK))
}

/// `POST /doi-thoai/{number}/cau-hoi/{question}`: support it, take that back, leave an address.
///
/// # Errors
/// [`AppError::NotFound`] for a question that is not public; [`AppError::Conflict`] once the dialogue is over; [`AppError::TooMany`] for an
/// address from which too many devices come.
pub(super) async fn press(context: PageContext, device: Device, Path(numbers): Path<(i64, i64)>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let mut tx = context.portal.db().read().await?;
    let dialogue = public_by_number(&mut tx, numbers.0).await?.ok_or(AppError::NotFound)?;
    let question = store::by_number(&mut tx, &dialogue.id, numbers.1).await?.filter(super::rules::Question::is_public).ok_or(AppError::NotFound)?;
    if moment(&dialogue, context.now).is_none() {
        return Err(AppError::Conflict);
    }
    let token = device.known_or(&form, &context.portal);
    let digest = device_digest(&dialogue.id, &token);
    let standing = standing(&mut tx, &dialogue.id, &question.id, &digest).await?;
    drop(tx);
    let back = match form.value("back") {
        "list" => format!("{}#cau-{}", list_path(numbers.0), numbers.1),
        BACK_TO_LIVE => crate::dialogues::live::path(numbers.0),
        _ => question_path(numbers.0, numbers.1),
    };
    match form.value("deed") {
        "support" => support(&context, &question.id, &dialogue.id, &token, standing).await?,
        "take_back" => {
            let mut tx = context.portal.db().write().await?;
            let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
            actions::take_back(&mut act, &question.id, &dialogue.id, &token).await?;
            tx.commit().await?;
        }
        "contact" => {
            if !leave_contact(&context, &dialogue.id, &token, &mut form).await? {
                let view = load(&context, &device, numbers).await?;
                return Ok(page(&context, &view, &form, StatusCode::UNPROCESSABLE_ENTITY));
            }
        }
        _ => return Err(AppError::NotFound),
    }
    Ok(keep(see_other(&context.href(&back)), context.portal.settings(), &token))
}

async fn support(context: &PageContext, question_id: &str, dialogue_id: &str, token: &str, standing: Standing) -> Result<()> {
    let limit = Limit::shared("question_device", context, NEW_DEVICES_MAX);
    let is_new = standing.known == 0;
    if is_new {
        limit.check(&context.portal).await?;
    }
    let mut tx = context.portal.db().write().await?;
    actions::support(&mut Act { tx: &mut tx, portal: &context.portal, actor: &context.actor }, question_id, dialogue_id, token)?;
    if is_new {
        limit.count(&mut tx, context.now).await?;
    }
    tx.commit().await
}

/// Leaves the address of the form; false where something is wrong with it.
async fn leave_contact(context: &PageContext, dialogue_id: &str, token: &str, form: &mut FormState) -> Result<bool> {
    let typed = form.required("email", "questions.contact.missing", EMAIL_CHARS_MAX);
    let known = email(&typed);
    if !typed.is_empty() && known.is_none() {
        form.wrong("email", "filing.email.wrong");
    }
    let Some(address) = known.filter(|_| form.is_valid()) else { return Ok(false) };
    let limits = [Limit::shared("question_contact", context, CONTACTS_MAX), Limit::new("question_contact_mail", &[&address.to_lowercase()], MAILS_MAX)];
    for limit in &limits {
        limit.check(&context.portal).await?;
    }
    let mut tx = context.portal.db().write().await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    if !actions::leave_contact(&mut act, dialogue_id, token, &address, context.lang).await? {
        form.wrong("email", "questions.contact.has_one");
        return Ok(false);
    }
    tx.commit().await?;
    for limit in &limits {
        limit.failed(&context.portal).await?;
    }
    Ok(true)
}

fn page(context: &PageContext, view: &View, form: &FormState, status: StatusCode) -> Response {
    let (lang, question, dialogue) = (context.lang, &view.question, &view.dialogue);
    let title = lang.f("questions.one.title", &[("number", &question.number.to_string()), ("title", &dialogue.facts.title)]);
    let description = crate::text::excerpt(&question.public_text, 160);
    let page = Page::new(context, Section::Dialogues, title).public(description).fresh().status(status);
    let topic = (!question.topic_group.is_empty()).then(|| question.topic_group.clone());
    page.render(|| {
        let topic = topic.map(|topic| view! { <span class="tag">{topic}</span> });
        let repeats =
            (question.repeats > 0).then(|| view! { <p class="small muted num">{lang.n("questions.repeats_one", "questions.repeats", question.repeats)}</p> });
        let out = (!question.stage_reason.is_empty()).then(|| view! { <p>{question.stage_reason.clone()}</p> });
        view! {
            <a class="back" href=lang.href(&list_path(dialogue.number))>{icon(Icon::Back)}{lang.t("questions.all")}</a>
            {error_summary(lang, form)}
            <div class="stack-s">
                <h1>{lang.f("questions.number", &[("number", &question.number.to_string())])}</h1>
                <p class="lead-text">{dialogue.facts.title.clone()}</p>
            </div>
            <article class="card stack-s">
                <p class="text">{question.public_text.clone()}</p>
                <p class="small muted num">{by_line(lang, question)}</p>
                <p class="row">{topic}{stage_badge(lang, question.stage, question.promised_on)}</p>
                {out}
                {said(lang, &view.answers)}
            </article>
            <section class="stack" id="ung-ho">
                <p class="num"><b>{supports_words(lang, question.supports())}</b></p>
                {repeats}
                {supporting(context, view, form)}
            </section>
            {(moment(dialogue, context.now).is_some()).then(|| view! {
                <p class="no-print"><a href=lang.href(&ask_path(dialogue.number))>{lang.t("questions.ask.another")}</a></p>
            })}
        }
        .into_any()
    })
}

fn supporting(context: &PageContext, view: &View, form: &FormState) -> AnyView {
    let lang = context.lang;
    let path = lang.href(&question_path(view.dialogue.number, view.question.number));
    if view.standing.asked > 0 {
        return view! { <p class="notice info">{icon(Icon::User)}<span>{lang.t("questions.support.own")}</span></p> }.into_any();
    }
    if moment(&view.dialogue, context.now).is_none() {
        return view! { <p class="muted">{lang.t("questions.support.over")}</p> }.into_any();
    }
    let button = |deed: &'static str, key: &'static str, class: &'static str| {
        view! {
            <form method="post" action=path.clone()>
                <input type="hidden" name=DEVICE value=form.value(DEVICE).to_owned() />
                <input type="hidden" name="deed" value=deed />
                <button class=class>{lang.t(key)}</button>
            </form>
        }
    };
    if view.standing.supports == 0 {
        return view! { {button("support", "questions.support.long", "btn btn-main btn-block")}<p class="small muted">{lang.t("questions.support.hint")}</p> }
            .into_any();
    }
    view! {
        <p class="flash" role="status">{icon(Icon::Check)}<span>{lang.t("questions.support.done")}</span></p>
        {contact_form(context, view, form, &path)}
        {button("take_back", "questions.support.take_back", "btn btn-quiet")}
    }
    .into_any()
}

fn contact_form(context: &PageContext, view: &View, form: &FormState, path: &str) -> AnyView {
    let lang = context.lang;
    match &view.contact {
        Some(contact) if contact.confirmed_at.is_some() => return view! { <p class="small">{lang.t("questions.contact.confirmed")}</p> }.into_any(),
        Some(_) => {}
        None => {}
    }
    let sent = view.contact.is_some().then(|| view! { <p class="notice info">{icon(Icon::Mail)}<span>{lang.t("questions.contact.sent")}</span></p> });
    let look = FieldLook { label: "filing.email.label", hint: Some("questions.contact.hint"), kind: "email", autocomplete: "email", ..FieldLook::default() };
    view! {
        {sent}
        <form method="post" action=path.to_owned() class="card stack" novalidate>
            <h2 class="title-s">{lang.t("questions.contact.title")}</h2>
            <input type="hidden" name=DEVICE value=form.value(DEVICE).to_owned() />
            <input type="hidden" name="deed" value="contact" />
            {text_field(lang, form, "email", look)}
            <p><button class="btn">{icon(Icon::Mail)}{lang.t("questions.contact.send")}</button></p>
        </form>
    }
    .into_any()
}

/// `GET /doi-thoai/cau-hoi/lien-he/{code}`: the page behind the link of a mail.
///
/// # Errors
/// [`AppError::NotFound`] for a link that is no longer known.
pub(super) async fn contact(context: PageContext, Path(token): Path<String>) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let contact = actions::contact(&mut tx, &token).await?;
    let dialogue = dialogues::by_id(&mut tx, &contact.dialogue_id).await?.filter(Dialogue::is_public).ok_or(AppError::NotFound)?;
    drop(tx);
    let lang = context.lang;
    let is_confirmed = contact.confirmed_at.is_some();
    let title = lang.t(if is_confirmed { "questions.contact.done" } else { "questions.contact.confirm_title" });
    Ok(Page::new(&context, Section::Dialogues, title).render(|| {
        view! {
            <div class="stack">
                <h1>{title}</h1>
                <p class="lead-text"><a href=lang.href(&list_path(dialogue.number))>{dialogue.facts.title.clone()}</a></p>
                <p>{lang.t(if is_confirmed { "questions.contact.done_text" } else { "questions.contact.confirm_text" })}</p>
            </div>
            {(!is_confirmed).then(|| contact_button(&context, &token, CONFIRM, "questions.contact.confirm", "btn btn-main btn-block"))}
            {contact_button(&context, &token, LEAVE, "questions.contact.leave", "btn btn-block")}
        }
        .into_any()
    }))
}

fn contact_button(context: &PageContext, token: &str, does: &'static str, words: &'static str, class: &'static str) -> AnyView {
    view! {
        <form method="post" action=context.href(&contact_path(token))>
            <input type="hidden" name=DOES value=does />
            <button class=class>{context.lang.t(words)}</button>
        </form>
    }
    .into_any()
}

/// `POST /doi-thoai/cau-hoi/lien-he/{code}`
///
/// # Errors
/// [`AppError::NotFound`] for a link that is no longer known, but for leaving.
pub(super) async fn press_contact(context: PageContext, Path(token): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let form = FormState::from_pairs(pairs);
    let mut tx = context.portal.db().write().await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    if form.value(DOES) == LEAVE {
        actions::leave(&mut act, &token).await?;
        tx.commit().await?;
        let lang = context.lang;
        return Ok(Page::new(&context, Section::Dialogues, lang.t("questions.contact.left")).render(|| {
            view! {
                <div class="stack"><h1>{lang.t("questions.contact.left")}</h1><p class="lead-text">{lang.t("questions.contact.left_text")}</p></div>
                <p><a class="btn" href=lang.href(crate::dialogues::PATH)>{lang.t("dialogues.title")}</a></p>
            }
            .into_any()
        }));
    }
    actions::confirm(&mut act, &token).await?;
    tx.commit().await?;
    Ok(see_other(&context.href(&contact_path(&token))))
}
