//! "My place": what the code of a registration shows, changes and gives back; after registering the same as a receipt.

use super::actions;
use super::forms::needs;
use super::islands::OpenByFragment;
use super::pages::need_fields;
use super::rules::{Need, State, is_coming};
use super::store::halls;
use super::store::registrations::{self as store, Listed};
use super::{MINE, SCAN, rules};
use crate::accounts::actions::Limit;
use crate::accounts::rules::CODE_FAILURES_MAX;
use crate::db::Tx;
use crate::dialogues::desk_views::when;
use crate::dialogues::rules::{Dialogue, State as DialogueState};
use crate::dialogues::{public_path, store as dialogues};
use crate::error::{AppError, Result};
use crate::filing::qr;
use crate::form::FormState;
use crate::petitions::actions::Act;
use crate::petitions::code::CaseCode;
use crate::relations::Device;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, check_box, error_summary, flash_line, icon, see_other, text_field};
use crate::words::Lang;
use axum::Form;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

/// The query that says a registration was just given back.
const CANCELLED: &str = "da-huy";
/// The query that says what is needed was just changed.
const CHANGED: &str = "da-luu";
/// Longest typed code.
const CODE_CHARS_MAX: usize = 100;

/// A registration with everything its page shows.
pub(super) struct Place {
    pub dialogue: Dialogue,
    pub listed: Listed,
    pub code: CaseCode,
    /// How many registrations wait before it.
    pub before: i64,
    pub is_online: bool,
    pub is_receipt: bool,
}

impl Place {
    /// Reads it.
    pub async fn load(tx: &mut Tx, dialogue: Dialogue, id: &str, code: CaseCode, is_receipt: bool) -> Result<Self> {
        let listed = store::by_id(tx, id).await?.ok_or(AppError::NotFound)?;
        let before = store::waiting_before(tx, &dialogue.id, listed.registration.number).await?;
        let is_online = halls::of(tx, &dialogue.id).await?.is_some_and(|hall| hall.seats == rules::Seats::Online);
        Ok(Self { dialogue, listed, code, before, is_online, is_receipt })
    }
}

/// The registration of a typed code, as a page; none if it is no code of one.
///
/// # Errors
/// A database that fails.
pub async fn enter_by_code(context: &PageContext, typed: &str) -> Result<Option<Response>> {
    let Some(place) = of_code(context, typed).await? else { return Ok(None) };
    Ok(Some(page(context, &place, None, StatusCode::OK)))
}

async fn of_code(context: &PageContext, typed: &str) -> Result<Option<Place>> {
    let mut tx = context.portal.db().read().await?;
    let registration = store::by_code_hash(&mut tx, &CaseCode::hash_of_typed(typed)).await?;
    let Some((registration, code)) = registration.zip(CaseCode::parse(typed)) else { return Ok(None) };
    let dialogue = dialogues::by_id(&mut tx, &registration.dialogue_id).await?.ok_or(AppError::NotFound)?;
    Place::load(&mut tx, dialogue, &registration.id, code, false).await.map(Some)
}

/// `GET /doi-thoai/dang-ky`
pub async fn ask(context: PageContext) -> Result<Response> {
    Ok(ask_page(&context, &FormState::default(), StatusCode::OK))
}

fn ask_page(context: &PageContext, form: &FormState, status: StatusCode) -> Response {
    let lang = context.lang;
    let done = match context.query.as_str() {
        CANCELLED => Some("attendance.cancel.done"),
        CHANGED => Some("attendance.change.done"),
        _ => None,
    };
    Page::new(context, Section::Dialogues, lang.t("attendance.mine")).status(status).islands().render(|| {
        let code = FieldLook { label: "attendance.code", hint: Some("attendance.code.hint"), class: "field-code", ..FieldLook::default() };
        view! {
            {done.map(|key| flash_line(lang.t(key).to_owned()))}
            {error_summary(lang, form)}
            <div class="stack-s"><h1>{lang.t("attendance.mine")}</h1><p class="lead-text">{lang.t("attendance.mine.lead")}</p></div>
            <form method="post" action=lang.href(MINE) class="stack" id="ma" novalidate>
                {text_field(lang, form, "code", code)}
                <button class="btn btn-main btn-block">{icon(Icon::Search)}{lang.t("attendance.mine.show")}</button>
            </form>
            <OpenByFragment field="code".to_owned() form="ma".to_owned() />
        }
        .into_any()
    })
}

/// `POST /doi-thoai/dang-ky`: shows the registration of a code, changes what is needed, or gives it back.
///
/// # Errors
/// [`AppError::TooMany`] after too many wrong codes from this address.
pub async fn look_or_change(context: PageContext, device: Device, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let limit = Limit::shared("case_code", &context, CODE_FAILURES_MAX);
    limit.check(&context.portal).await?;
    let typed: String = form.value("code").chars().take(CODE_CHARS_MAX).collect();
    let Some(place) = of_code(&context, &typed).await? else {
        limit.failed(&context.portal).await?;
        form.wrong("code", "attendance.code.wrong");
        return Ok(ask_page(&context, &form, StatusCode::UNPROCESSABLE_ENTITY));
    };
    let (wants_cancel, wants_change) = (form.value("action") == "cancel" && form.is_ticked("sure"), form.value("action") == "needs");
    if !wants_cancel && !wants_change {
        return Ok(page(&context, &place, None, StatusCode::OK));
    }
    let (needs, other) = needs(&mut form);
    if !form.is_valid() {
        return Ok(page(&context, &place, Some(&form), StatusCode::UNPROCESSABLE_ENTITY));
    }
    let mut tx = context.portal.db().write().await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    let is_done =
        if wants_cancel { actions::cancel(&mut act, &place.code).await? } else { actions::change_needs(&mut act, &place.code, &needs, &other).await? };
    if !is_done {
        drop(tx);
        // Given back before, or over: the page says so.
        let place = of_code(&context, &typed).await?.ok_or(AppError::NotFound)?;
        return Ok(page(&context, &place, None, StatusCode::OK));
    }
    let is_own_device = match device.token() {
        Some(token) => actions::of_device(&mut tx, token, place.dialogue.number).await?.is_some_and(|(code, _)| code == place.code),
        None => false,
    };
    tx.commit().await?;
    let (path, done) = if wants_cancel { (MINE.to_owned(), CANCELLED) } else { (own_path(&place.dialogue, is_own_device), CHANGED) };
    Ok(see_other(&format!("{}?{done}", context.href(&path))))
}

fn own_path(dialogue: &Dialogue, is_own_device: bool) -> String {
    if is_own_device { format!("{}/dang-ky", public_path(dialogue.number)) } else { MINE.to_owned() }
}

/// The page of a registration, for whoever has its code. `form` holds what was typed if it was refused.
pub(super) fn page(context: &PageContext, place: &Place, form: Option<&FormState>, status: StatusCode) -> Response {
    let lang = context.lang;
    let title = lang.t(if place.is_receipt { "attendance.receipt.title" } else { "attendance.mine" });
    let facts = &place.dialogue.facts;
    let changed = (place.is_receipt && context.query == CHANGED).then(|| flash_line(lang.t("attendance.change.done").to_owned()));
    Page::new(context, Section::Dialogues, title).status(status).render(|| {
        view! {
            {changed}
            {form.map(|form| error_summary(lang, form))}
            <h1>{title}</h1>
            <section class="receipt stack">
                {standing(lang, place)}
                <p><b>{facts.title.clone()}</b></p>
                <p class="num">{when(lang, facts.begins_at, facts.ends_at)}</p>
                {(!facts.place.is_empty()).then(|| view! { <p>{facts.place.clone()}</p> })}
                {online(lang, place)}
                <p class="small muted">{who(lang, &place.listed)}</p>
                {code_and_picture(context, &place.code)}
            </section>
            {what_now(context, place)}
            {needs_form(context, place, form)}
            {cancel_form(context, place)}
            {crate::retention::code_section(lang, &place.code)}
            <p class="no-print"><a href=lang.href(&public_path(place.dialogue.number))>{lang.t("attendance.back")}</a></p>
        }
        .into_any()
    })
}

fn online(lang: Lang, place: &Place) -> AnyView {
    let facts = &place.dialogue.facts;
    let shows = place.is_online && !facts.online_address.is_empty();
    shows.then(|| view! { <p><a href=facts.online_address.clone() rel="noopener noreferrer nofollow">{lang.t("dialogues.online.open")}</a></p> }).into_any()
}

/// "Nông Văn Sài, thôn Nà Món · 3 people".
pub(super) fn who(lang: Lang, listed: &Listed) -> String {
    let people = lang.n("attendance.people.one", "attendance.people.n", listed.registration.people);
    if listed.person.is_locked {
        return format!("{} · {people}", lang.t("sealed.locked"));
    }
    if listed.person.name.is_empty() { people } else { format!("{}, {} · {people}", listed.person.name, listed.person.place) }
}

/// How the registration stands, in one line.
pub(super) fn standing(lang: Lang, place: &Place) -> AnyView {
    let registration = &place.listed.registration;
    let number = registration.number.to_string();
    let (class, words) = match (registration.state, place.dialogue.state) {
        (State::Cancelled, _) => ("plain", lang.t("attendance.state.cancelled").to_owned()),
        (_, DialogueState::Cancelled) => ("late", lang.t("attendance.state.called_off").to_owned()),
        (State::Seated, _) if place.is_online => ("ok", lang.t("attendance.state.online").to_owned()),
        (State::Seated, _) => ("ok", lang.t("attendance.state.seated").to_owned()),
        (State::Waiting, _) => ("soon", lang.f("attendance.state.waiting", &[("n", &lang.number(place.before + 1))])),
    };
    view! { <p class="row"><span class=format!("clock {class}")>{words}</span><span class="tag num">{lang.f("attendance.number", &[("n", &number)])}</span></p> }
        .into_any()
}

/// The code large, and the same as a QR code. It stands behind `#`, which browsers do not send: no server ever logs it.
pub(super) fn code_and_picture(context: &PageContext, code: &CaseCode) -> AnyView {
    let lang = context.lang;
    let groups: Vec<_> = code.groups().chunks(2).map(|pair| view! { <span class="nowrap">{pair.join(" ")}</span>" " }).collect();
    let address = format!("{}{}#{}", context.portal.settings().public_url, lang.href(SCAN), code.groups().concat());
    view! {
        <div><p class="strong">{lang.t("attendance.code")}</p><p class="code-big num" id="code">{groups}</p></div>
        <div class="row start">
            {qr(&address, lang.t("attendance.qr"))}
            <p class="small muted grow">{lang.t("attendance.qr.text")}</p>
        </div>
    }
    .into_any()
}

fn what_now(context: &PageContext, place: &Place) -> AnyView {
    let lang = context.lang;
    let registration = &place.listed.registration;
    if place.dialogue.state == DialogueState::Cancelled {
        return view! { <p class="notice warn">{icon(Icon::Warning)}<span>{lang.f("dialogues.cancelled", &[("reason", &place.dialogue.cancel_reason)])}</span></p> }
            .into_any();
    }
    if registration.state == State::Cancelled || !is_coming(&place.dialogue, context.now) {
        return ().into_any();
    }
    let moved = place.dialogue.moves.last().map(|old| {
        let words = lang.f("attendance.moved", &[("from", &lang.time(old.from)), ("reason", &old.reason)]);
        view! { <p class="notice warn">{icon(Icon::Calendar)}<span>{words}</span></p> }
    });
    let has_mail = place.listed.has_email;
    view! {
        {moved}
        <ul>
            <li>{lang.t(if registration.state == State::Waiting { "attendance.how.waiting" } else { "attendance.how.early" })}</li>
            <li>{lang.t(if has_mail { "attendance.how.mail" } else { "attendance.how.call" })}</li>
            <li>{lang.t("attendance.how.code")}</li>
        </ul>
    }
    .into_any()
}

fn needs_form(context: &PageContext, place: &Place, typed: Option<&FormState>) -> AnyView {
    let lang = context.lang;
    let registration = &place.listed.registration;
    if registration.state == State::Cancelled || !is_coming(&place.dialogue, context.now) {
        return ().into_any();
    }
    let mut known = FormState::default();
    Need::of(&place.listed.person.needs).into_iter().for_each(|need| known.set(need.field(), "1"));
    known.set("other_need", place.listed.person.other_need.clone());
    let form = typed.unwrap_or(&known);
    view! {
        <details class="more no-print" open=typed.is_some()>
            <summary>{lang.t("attendance.change")}</summary>
            <form method="post" action=lang.href(MINE) class="stack" novalidate>
                <input type="hidden" name="code" value=place.code.groups().join(" ") />
                <input type="hidden" name="action" value="needs" />
                {need_fields(lang, form)}
                <p><button class="btn">{lang.t("attendance.change.button")}</button></p>
            </form>
        </details>
    }
    .into_any()
}

fn cancel_form(context: &PageContext, place: &Place) -> AnyView {
    let lang = context.lang;
    let registration = &place.listed.registration;
    if registration.state == State::Cancelled || registration.arrived > 0 || !is_coming(&place.dialogue, context.now) {
        return ().into_any();
    }
    view! {
        <details class="more no-print">
            <summary>{lang.t("attendance.cancel")}</summary>
            <form method="post" action=lang.href(MINE) class="stack" novalidate>
                <input type="hidden" name="code" value=place.code.groups().join(" ") />
                <input type="hidden" name="action" value="cancel" />
                <p>{lang.t("attendance.cancel.text")}</p>
                {check_box(&FormState::default(), "sure", lang.t("attendance.cancel.sure"), "")}
                <p><button class="btn btn-danger">{lang.t("attendance.cancel.button")}</button></p>
            </form>
        </details>
    }
    .into_any()
}
