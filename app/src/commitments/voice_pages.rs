//! `/loi-hua/{number}/y-kien`: somebody concerned says whether a commitment was kept; the same page tells what they said.

use super::device::{self, Device};
use super::one_page::proof;
use super::rules::Commitment;
use super::standing::Standing;
use super::store::voices::{Sums, Voice, by_key, sums};
use super::view::{badge, said_words};
use super::voices::{CONFIRMED, CONTRADICTED, Said, VOICES_MAX, WORDS_CHARS_MAX, key_hash, say};
use super::{PATH, store};
use crate::accounts::actions::Limit;
use crate::error::{AppError, Result};
use crate::filing::rules::{email_field, phone_field};
use crate::form::FormState;
use crate::petitions::actions::Act;
use crate::petitions::store::parts::CasePerson;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, choice, error_summary, icon, see_other, text_area, text_field};
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

/// The end of the page's path.
pub(super) const END: &str = "y-kien";
/// The field, and the name in the address, of what is said.
pub(super) const SAYS: &str = "y";
/// It is done.
pub(super) const IS_DONE: &str = "xong";
/// It is not.
pub(super) const IS_NOT: &str = "chua";
/// The field with the token of a device that has none yet: pressing twice says it once.
const DEVICE: &str = "_device";
/// Longest e-mail address, longest typed phone number.
const EMAIL_CHARS_MAX: usize = 254;
const PHONE_CHARS_MAX: usize = 40;

fn path(number: i64) -> String {
    format!("{PATH}/{number}/{END}")
}

/// What the page needs beside the form.
struct Asked {
    commitment: Commitment,
    sums: Sums,
    said: Option<Voice>,
}

async fn load(context: &PageContext, device: &Device, number: i64) -> Result<Asked> {
    let mut tx = context.portal.db().read().await?;
    let commitment = store::by_number(&mut tx, number).await?.ok_or(AppError::NotFound)?;
    if !Standing::of(&commitment, context.today).takes_voices() {
        return Err(AppError::NotFound);
    }
    let said = match &device.0 {
        Some(token) => by_key(&mut tx, &commitment.id, &key_hash(&commitment.id, token)).await?,
        None => None,
    };
    Ok(Asked { sums: sums(&mut tx, &commitment.id).await?, said, commitment })
}

/// `GET /loi-hua/{number}/y-kien`
///
/// # Errors
/// [`AppError::NotFound`] for a commitment that is not public, or of which nothing can be said yet or any more.
pub async fn show(context: PageContext, device: Device, Path(number): Path<i64>, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    let asked = load(&context, &device, number).await?;
    let mut form = FormState::default();
    form.set(DEVICE, context.portal.random().token());
    if let Some(said) = &asked.said {
        form.set(SAYS, if said.says == CONFIRMED { IS_DONE } else { IS_NOT });
        form.set("words", said.words.clone());
    }
    if let Some((_, value)) = pairs.iter().find(|(name, value)| name == SAYS && matches!(value.as_str(), IS_DONE | IS_NOT)) {
        form.set(SAYS, value.clone());
    }
    Ok(page(&context, &asked, &form, StatusCode::OK))
}

/// `POST /loi-hua/{number}/y-kien`
///
/// # Errors
/// [`AppError::TooMany`] after too many voices from this address.
pub async fn send(context: PageContext, device: Device, Path(number): Path<i64>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let asked = load(&context, &device, number).await?;
    let said = read(&context, &mut form);
    if !form.is_valid() {
        return Ok(page(&context, &asked, &form, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let limit = Limit::shared("voice", &context, VOICES_MAX);
    limit.check(&context.portal).await?;
    let token = crate::device::known_sent_or_new(device.0, form.value(DEVICE), &context.portal);
    let mut tx = context.portal.db().write().await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    match say(&mut act, number, &token, &said).await {
        Ok(()) => {
            limit.count(&mut tx, context.now).await?;
            tx.commit().await?;
        }
        // Pressed twice at the same instant: the first one counts.
        Err(AppError::Conflict) => drop(tx),
        Err(error) => return Err(error),
    }
    Ok(device::keep(see_other(&context.href(&path(number))), context.portal.settings(), &token))
}

fn read(context: &PageContext, form: &mut FormState) -> Said {
    let says = form.value(SAYS).to_owned();
    if !matches!(says.as_str(), IS_DONE | IS_NOT) {
        form.wrong(SAYS, "commitments.say.missing");
    }
    let words = form.optional("words", WORDS_CHARS_MAX);
    let (phone, email) = (phone_field(form, PHONE_CHARS_MAX), email_field(form, EMAIL_CHARS_MAX));
    let person = CasePerson { phone, email, language: context.lang.code().to_owned(), ..CasePerson::default() };
    Said { is_done: says == IS_DONE, words, person }
}

fn page(context: &PageContext, asked: &Asked, form: &FormState, status: StatusCode) -> Response {
    let (lang, commitment) = (context.lang, &asked.commitment);
    let number = commitment.number.unwrap_or_default();
    let back = context.href(&format!("{PATH}/{number}"));
    let title = lang.t("commitments.say.title");
    Page::new(context, Section::Other, title).status(status).render(|| {
        view! {
            <div class="stack">
                <a class="back" href=back.clone()>{icon(Icon::Back)}{lang.t("commitments.back")}</a>
                {error_summary(lang, form)}
                {asked.said.as_ref().map(|said| thanks(context, said))}
                <h1>{title}</h1>
            </div>
            <article class="promise">
                <div class="row between"><h2 class="title-s">{commitment.text.clone()}</h2>{badge(lang, commitment, context.today)}</div>
                {said_words(lang, &asked.sums).map(|words| view! { <p class="num">{words}</p>{proof(lang, &asked.sums)} })}
            </article>
            {voice_form(context, asked, form, number)}
        }
        .into_any()
    })
}

fn thanks(context: &PageContext, said: &Voice) -> AnyView {
    let lang = context.lang;
    let key = if said.says == CONTRADICTED { "commitments.say.thanks_not" } else { "commitments.say.thanks_done" };
    let words = match said.words_state.as_str() {
        "waiting" => Some("commitments.say.words_waiting"),
        "released" => Some("commitments.say.words_released"),
        "withheld" => Some("commitments.say.words_withheld"),
        _ => None,
    };
    view! { <div class="flash" role="status">{icon(Icon::Check)}<p>{lang.t(key)}{words.map(|key| view! { " "{lang.t(key)} })}</p></div> }.into_any()
}

fn voice_form(context: &PageContext, asked: &Asked, form: &FormState, number: i64) -> AnyView {
    let lang = context.lang;
    let words = FieldLook {
        label: "commitments.say.words",
        hint: Some("commitments.say.words_hint"),
        is_optional: true,
        chars_max: Some(WORDS_CHARS_MAX),
        ..FieldLook::default()
    };
    let phone = FieldLook { label: "filing.phone.label", is_optional: true, kind: "tel", autocomplete: "tel", class: "field-s", ..FieldLook::default() };
    let email = FieldLook { label: "filing.email.label", is_optional: true, kind: "email", autocomplete: "email", ..FieldLook::default() };
    let error = form.error(SAYS, lang).map(|error| view! { <span class="err">{error}</span> });
    let class = if error.is_some() { "group bad" } else { "group" };
    let button = if asked.said.is_some() { "commitments.say.change" } else { "commitments.say.send" };
    view! {
        <form method="post" action=context.href(&path(number)) class="stack" novalidate>
            <input type="hidden" name=DEVICE value=form.value(DEVICE).to_owned() />
            <fieldset class=class id=SAYS tabindex="-1">
                <legend>{lang.t("commitments.say.question")}</legend>
                {error}
                {choice(form, SAYS, IS_DONE, lang.t("commitments.say.done"), lang.t("commitments.say.done_hint"))}
                {choice(form, SAYS, IS_NOT, lang.t("commitments.say.not"), lang.t("commitments.say.not_hint"))}
            </fieldset>
            {text_area(lang, form, "words", 3, words)}
            <details class="more" open=!(form.value("phone").is_empty() && form.value("email").is_empty())>
                <summary>{lang.t("commitments.say.contact")}</summary>
                <div class="stack">
                    <p class="small muted">{lang.t("commitments.say.contact_hint")}</p>
                    {text_field(lang, form, "phone", phone)}
                    {text_field(lang, form, "email", email)}
                </div>
            </details>
            <div class="sticky-action"><button class="btn btn-main btn-block">{lang.t(button)}</button></div>
        </form>
    }
    .into_any()
}
