//! `/toi`: the page of an account.

use super::actions::holder;
use super::rules::CASES_MAX;
use super::store::{self, Citizen, Kept};
use super::welcome::{identity_words, number_words};
use super::{cases_view, sessions_pages};
use crate::accounts::session as sessions;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::store::people::{self, CasePerson};
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, check_box, error_summary, icon, see_other, text_field};
use crate::words::Lang;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use tower_sessions::Session;

/// All that the page shows.
pub(super) struct Own {
    pub citizen: Citizen,
    pub person: CasePerson,
    pub cases: Vec<Kept>,
    /// Denunciations it is reminded of: marks, and since when.
    pub sealed: Vec<(String, DateTime<Utc>)>,
}

/// Loads the page of an account.
pub(super) async fn load(context: &PageContext, citizen_id: &str) -> Result<Own> {
    check(&context.actor, Action::KeepOwnPage(citizen_id))?;
    let mut tx = context.portal.db().read().await?;
    let citizen = store::by_id(&mut tx, citizen_id).await?.ok_or(AppError::CodeNeeded)?;
    let mut cases = store::cases(&mut tx, citizen_id, CASES_MAX).await?;
    // What has become a denunciation since is not shown any more.
    cases.retain(|kept| check(&context.actor, Action::OpenFromOwnPage(&kept.case)).is_ok());
    let (person, sealed) = (people::person(&mut tx, citizen_id).await?, store::sealed(&mut tx, citizen_id, CASES_MAX).await?);
    Ok(Own { citizen, person, cases, sealed })
}

/// `GET /toi`.
pub async fn show(context: PageContext, session: Session) -> Result<Response> {
    let Some(citizen_id) = holder(&context) else { return Ok(see_other(&context.href("/toi/vao"))) };
    let own = load(&context, &citizen_id).await?;
    let flash = sessions::take_flash(&session).await?;
    Ok(page(&context, &own, &FormState::default(), flash, StatusCode::OK))
}

/// The page again, with what is wrong with a form.
pub(super) async fn again(context: &PageContext, citizen_id: &str, form: &FormState, status: StatusCode) -> Result<Response> {
    Ok(page(context, &load(context, citizen_id).await?, form, None, status))
}

fn page(context: &PageContext, own: &Own, form: &FormState, flash: Option<String>, status: StatusCode) -> Response {
    let lang = context.lang;
    Page::new(context, Section::Follow, lang.t("citizens.title")).status(status).render(|| {
        view! {
            {flash_line(lang, flash.as_deref())}
            {error_summary(lang, form)}
            <div class="stack-s">
                <p class="small muted">{lang.t("citizens.only_you")}</p>
                <h1 class="break">{greeting(lang, &own.person)}</h1>
            </div>
            {own.person.is_locked.then(|| view! { <div class="notice warn">{icon(Icon::Lock)}<p>{lang.t("citizens.locked")}</p></div> })}
            {cases_view::list(context, &own.cases)}
            {cases_view::sealed(context, &own.sealed)}
            {cases_view::adopt_form(context, form)}
            {file(context)}
            {about(context, own, form)}
            {contact(context, own, form)}
            {foot(context, form)}
        }
        .into_any()
    })
}

fn greeting(lang: Lang, person: &CasePerson) -> String {
    if person.name.is_empty() { lang.t("citizens.title").to_owned() } else { lang.f("citizens.greeting", &[("name", &person.name)]) }
}

fn flash_line(lang: Lang, key: Option<&str>) -> AnyView {
    let words = match key {
        Some("citizens.flash.adopted") => lang.t("citizens.flash.adopted"),
        Some("citizens.flash.sealed") => lang.t("citizens.flash.sealed"),
        Some("citizens.flash.taken_out") => lang.t("citizens.flash.taken_out"),
        Some("citizens.flash.about") => lang.t("citizens.flash.about"),
        Some("citizens.flash.contact") => lang.t("citizens.flash.contact"),
        Some("citizens.flash.identity") => lang.t("citizens.flash.identity"),
        _ => return ().into_any(),
    };
    crate::ui::flash_line(words.to_owned())
}

fn file(context: &PageContext) -> AnyView {
    let lang = context.lang;
    view! {
        <section class="stack-s">
            <form method="post" action=lang.href("/gui/tu-trang-cua-toi")>
                <button class="btn btn-block">{icon(Icon::Plus)}{lang.t("citizens.file")}</button>
            </form>
            <p class="small muted">{lang.t("citizens.file_text")}</p>
        </section>
    }
    .into_any()
}

/// What is filled in for the holder, and who proved it.
fn about(context: &PageContext, own: &Own, form: &FormState) -> AnyView {
    let lang = context.lang;
    let wrong = ["name", "phone", "address"].into_iter().any(|field| form.error(field, lang).is_some());
    let mut shown = form.clone();
    if !wrong {
        for (field, value) in [("name", &own.person.name), ("phone", &own.person.phone), ("address", &own.person.address)] {
            shown.set(field, value.clone());
        }
    }
    let is_proven = own.citizen.has_identity && !own.person.name.is_empty();
    let look = |label: &'static str, kind: &'static str, autocomplete: &'static str| FieldLook {
        label,
        kind,
        autocomplete,
        is_optional: true,
        ..FieldLook::default()
    };
    let name = if is_proven {
        view! { <p>{lang.t("filing.name.label")}": "<b>{own.person.name.clone()}</b></p> }.into_any()
    } else {
        text_field(lang, &shown, "name", look("filing.name.label", "text", "name"))
    };
    let is_offered = context.portal.settings().identity.citizens.is_some();
    let day = own.citizen.identified_at.map(crate::clock::day);
    view! {
        <details class="more" open=wrong>
            <summary>{lang.t("citizens.about.title")}</summary>
            <p>{lang.t("citizens.about.text")}</p>
            {own.citizen.has_identity.then(|| view! { <p class="small">{icon(Icon::Check)}" "{identity_words(context, &own.citizen.identity_level, day)}</p> })}
            {number_words(context, &own.person.id_number).map(|words| view! { <p class="small num">{words}</p> })}
            <form method="post" action=lang.href("/toi/thong-tin") class="stack" novalidate>
                {name}
                {text_field(lang, &shown, "phone", FieldLook { class: "field-s", ..look("filing.phone.label", "tel", "tel") })}
                {text_field(lang, &shown, "address", look("filing.address.label", "text", "street-address"))}
                <button class="btn">{lang.t("citizens.about.save")}</button>
            </form>
            {is_offered.then(|| {
                let words = if own.citizen.has_identity { lang.t("citizens.identity.again") } else { lang.t("citizens.identity.add") };
                view! { <form method="post" action=lang.href("/toi/dinh-danh") id="identity"><button class="btn">{words}</button></form> }
            })}
        </details>
    }
    .into_any()
}

fn contact(context: &PageContext, own: &Own, form: &FormState) -> AnyView {
    let lang = context.lang;
    let now = if own.person.email.is_empty() {
        lang.t("citizens.contact.none").to_owned()
    } else {
        lang.f("citizens.contact.now", &[("contact", &own.person.email)])
    };
    let look =
        FieldLook { label: "citizens.contact.new", hint: Some("citizens.contact.new_hint"), kind: "email", autocomplete: "email", ..FieldLook::default() };
    view! {
        <details class="more" open=form.error("email", lang).is_some()>
            <summary>{lang.t("citizens.contact.title")}</summary>
            <p class="break">{now}</p>
            <form method="post" action=lang.href("/toi/lien-he") class="stack" novalidate>
                {text_field(lang, form, "email", look)}
                <button class="btn">{lang.t("citizens.contact.send")}</button>
            </form>
        </details>
    }
    .into_any()
}

/// Signing out, here or everywhere; closing the account.
fn foot(context: &PageContext, form: &FormState) -> AnyView {
    let lang = context.lang;
    let error = form.error("sure", lang);
    let is_bad = error.is_some();
    view! {
        <details class="more" open=is_bad>
            <summary>{lang.t("citizens.close.title")}</summary>
            <p>{lang.t("citizens.close.text")}</p>
            <form method="post" action=lang.href("/toi/dong") class="stack">
                <div class=if is_bad { "field bad" } else { "field" }>
                    {error.map(|error| view! { <span class="err" id="sure-e">{error}</span> })}
                    {check_box(form, "sure", lang.t("citizens.close.sure"), "")}
                </div>
                <button class="btn btn-danger">{lang.t("citizens.close.send")}</button>
            </form>
        </details>
        <form method="post" action=lang.href("/toi/thoat") class="row">
            <button class="btn">{lang.t("citizens.leave")}</button>
            <button class="btn btn-quiet" name="all" value="1" id="all">{lang.t("citizens.leave_everywhere")}</button>
        </form>
        <p class="small muted">{lang.t("citizens.leave_text")}</p>
        <p class="small"><a href=lang.href(sessions_pages::PATH)>{lang.t("citizens.sessions.title")}</a></p>
    }
    .into_any()
}
