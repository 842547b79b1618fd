//! The door: the list on an official's phone, one registration, and the page a scanned code opens.

use super::desk_pages::{kept, needs_in_words};
use super::door::{self, Came, WALK};
use super::islands::{DoorKeeper, OpenByFragment};
use super::place::who;
use super::rules::{State, is_door_open};
use super::store::presses::Press;
use super::store::registrations::{self as store, Listed};
use super::{MINE, SCAN};
use crate::accounts::actions::Limit;
use crate::accounts::keep_form_and_sign_in;
use crate::accounts::rules::CODE_FAILURES_MAX;
use crate::dialogues::desk_path;
use crate::dialogues::desk_views::when;
use crate::dialogues::rules::Dialogue;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::actions::Act;
use crate::petitions::code::CaseCode;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, error_summary, icon, or_locked, see_other, text_field};
use crate::words::Lang;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use std::collections::HashMap;

/// Rows of the list at once; whoever is not among them is found by name or number.
const ROWS_MAX: i64 = 500;
/// Longest name that is looked for, and longest code, in characters.
const TYPED_CHARS_MAX: usize = 100;
/// The field with the id of a page's presses: pressed twice, it counts once.
const ONCE: &str = "once";
/// The field with the presses a phone has kept, one a line.
const LINES: &str = "lines";
/// The query that asks for the state alone, as the script reads it.
const STATE: &str = "so";
/// The field with what is looked for.
const FIND: &str = "tim";
/// The field of a form that only looks.
const LOOK: &str = "xem";

fn door_path(dialogue_id: &str) -> String {
    format!("{}/vao-cua", desk_path(dialogue_id))
}

/// `GET /can-bo/doi-thoai/{dialogue}/vao-cua`
pub async fn list(context: PageContext, Path(id): Path<String>, Query(query): Query<HashMap<String, String>>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let mut tx = context.portal.db().read().await?;
    if query.contains_key(STATE) {
        kept(&mut tx, &context, &id).await?;
        return Ok(Came::of(&mut tx, &id).await?.lines().into_response());
    }
    drop(tx);
    door_page(&context, &id, "").await
}

/// The list, of all or of those whose name or number was typed. What was typed comes in a form and stands in no address: it is somebody's name.
async fn door_page(context: &PageContext, id: &str, typed: &str) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let dialogue = kept(&mut tx, context, id).await?;
    let came = Came::of(&mut tx, id).await?;
    let typed: String = typed.chars().take(TYPED_CHARS_MAX).collect();
    let number: i64 = typed.trim().parse().unwrap_or(0);
    // Signs with a meaning in a pattern find nothing and are left out.
    let name = if number > 0 { String::new() } else { crate::text::fold(typed.trim()).replace(['%', '_'], "") };
    let rows = store::at_door(&mut tx, id, &name, number, ROWS_MAX).await?;
    drop(tx);
    let lang = context.lang;
    let can_count = is_door_open(&dialogue, context.today);
    let title = lang.t("attendance.door");
    let page = Page::new(context, Section::DeskDialogues, title).main_class("wrap page stack door-page").islands();
    Ok(page.render(|| {
        let post = lang.href(&door_path(id));
        view! {
            <div class="stack-s">
                <a class="back" href=lang.href(&desk_path(id))>{icon(Icon::Back)}{lang.t("attendance.desk.back")}</a>
                <h1 class="title-s">{title}</h1>
                <p class="small muted">{dialogue.facts.title.clone()}<br /><span class="num">{when(lang, dialogue.facts.begins_at, dialogue.facts.ends_at)}</span></p>
            </div>
            {totals(lang, &came)}
            {can_count.then(|| view! {
                <DoorKeeper
                    address=post.clone()
                    dialogue=dialogue.id.clone()
                    came=came.lines()
                    unsent=lang.t("attendance.door.unsent").to_owned()
                    refused=lang.t("attendance.door.refused").to_owned()
                />
            })}
            {(!can_count).then(|| view! { <p class="notice info">{icon(Icon::Calendar)}<span>{lang.t("attendance.door.not_now")}</span></p> })}
            {find_form(lang, &post, &typed)}
            {(!can_count).then(|| rows_view(context, &rows, false))}
            {can_count.then(|| count_form(context, &post, &typed, &rows))}
            <p><a class="btn" href=lang.href(SCAN)>{icon(Icon::Search)}{lang.t("attendance.scan")}</a></p>
        }
        .into_any()
    }))
}

fn totals(lang: Lang, came: &Came) -> AnyView {
    let cell = |id: &'static str, n: i64, key: &'static str| view! { <div><b id=id>{n.to_string()}</b><span>{lang.t(key)}</span></div> };
    view! {
        <div class="figures num">
            {cell("da-den", came.people(), "attendance.door.all")}
            {cell("co-dang-ky", came.registered(), "attendance.door.registered")}
            {cell("khach", came.walk_ins, "attendance.door.walk_ins")}
        </div>
    }
    .into_any()
}

fn find_form(lang: Lang, post: &str, typed: &str) -> AnyView {
    view! {
        <form method="post" action=post.to_owned() class="search" role="search">
            <input type="hidden" name=LOOK value="1" />
            <input type="search" id=FIND name=FIND value=typed.to_owned() autocomplete="off" aria-label=lang.t("attendance.door.find") placeholder=lang.t("attendance.door.find") />
            <button class="btn">{icon(Icon::Search)}<span>{lang.t("attendance.door.look")}</span></button>
        </form>
    }
    .into_any()
}

fn count_form(context: &PageContext, post: &str, typed: &str, rows: &[Listed]) -> AnyView {
    let lang = context.lang;
    let once = context.portal.new_id().replace('-', "");
    view! {
        <form method="post" action=post.to_owned() id="cua" class="stack">
            <input type="hidden" name=ONCE value=once />
            <input type="hidden" name=FIND value=typed.to_owned() />
            {rows_view(context, rows, true)}
            <div class="row walk-ins">
                <span class="grow">{lang.t("attendance.door.walk_in")}</span>
                <button class="btn" name=WALK value="-1">{lang.t("attendance.door.one_less")}</button>
                <button class="btn" name=WALK value="1">{lang.t("attendance.door.one_more")}</button>
            </div>
        </form>
    }
    .into_any()
}

fn rows_view(context: &PageContext, rows: &[Listed], can_count: bool) -> AnyView {
    let lang = context.lang;
    if rows.is_empty() {
        return view! { <p class="muted">{lang.t("attendance.door.nobody")}</p> }.into_any();
    }
    let items: Vec<_> = rows.iter().map(|listed| row(context, listed, can_count)).collect();
    view! { <ul class="door" id="ds">{items}</ul> }.into_any()
}

fn row(context: &PageContext, listed: &Listed, can_count: bool) -> AnyView {
    let (lang, registration, person) = (context.lang, &listed.registration, &listed.person);
    let number = registration.number.to_string();
    let is_here = registration.arrived > 0;
    let people = lang.n("attendance.people.one", "attendance.people.n", registration.people);
    let words = [lang.f("attendance.number", &[("n", &number)]), people, person.place.clone()].into_iter().filter(|text| !text.is_empty());
    let needs = needs_in_words(lang, &person.needs, &person.other_need);
    let buttons = can_count.then(|| {
        view! {
            <button class="btn come" name="come" value=number.clone() hidden=is_here>{lang.t("attendance.door.come")}</button>
            <button class="btn btn-quiet undo" name="undo" value=number.clone() hidden=!is_here>{lang.t("attendance.door.undo")}</button>
        }
    });
    view! {
        <li
            id=format!("so-{number}")
            class:came=is_here
            data-number=number.clone()
            data-people=registration.people.to_string()
            data-find=format!("{} {number}", crate::text::fold(&person.name))
        >
            <div class="grow">
                <b>{or_locked(lang, person.is_locked, &person.name)}</b>
                <span class="small muted">{words.collect::<Vec<_>>().join(" · ")}</span>
                {(registration.state == State::Waiting).then(|| view! { <span class="small soon-text">{lang.t("attendance.desk.waits")}</span> })}
                {(!needs.is_empty()).then(|| view! { <span class="small strong">{needs.clone()}</span> })}
            </div>
            <span class="here" aria-hidden="true">{icon(Icon::Check)}</span>
            {buttons}
        </li>
    }
    .into_any()
}

/// `POST /can-bo/doi-thoai/{dialogue}/vao-cua`: one press of the page, or all that a phone has kept.
///
/// # Errors
/// [`AppError::NotFound`] for whoever may not; [`AppError::Conflict`] on another day than the dialogue's.
pub async fn count(context: PageContext, Path(id): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let form = FormState::from_pairs(pairs);
    let is_script = form.is_ticked(LINES);
    if context.actor.official().is_none() {
        // A script needs no page to sign in with: it keeps what was pressed and says so.
        return Ok(if is_script { StatusCode::UNAUTHORIZED.into_response() } else { keep_form_and_sign_in(&context, &form) });
    }
    if form.is_ticked(LOOK) {
        check(&context.actor, Action::UseDesk)?;
        return door_page(&context, &id, form.value(FIND)).await;
    }
    let mut tx = context.portal.db().write().await?;
    let dialogue = kept(&mut tx, &context, &id).await?;
    let sent = if is_script {
        form.value(LINES).lines().filter_map(door::read).collect()
    } else {
        pressed(&mut tx, &dialogue, &form).await?.into_iter().collect::<Vec<_>>()
    };
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    door::count(&mut act, &dialogue, &sent).await?;
    let came = Came::of(&mut tx, &id).await?;
    tx.commit().await?;
    if is_script {
        return Ok(came.lines().into_response());
    }
    let place = sent.first().and_then(|press| press.number).map(|number| format!("#so-{number}")).unwrap_or_default();
    // Whoever was found by name is shown again where they stand; pressed again by going back, the same press counts once.
    if !form.value(FIND).is_empty() {
        return door_page(&context, &id, form.value(FIND)).await;
    }
    Ok(see_other(&format!("{}{place}", context.href(&door_path(&id)))))
}

/// The press of a plain form.
async fn pressed(tx: &mut crate::db::Tx, dialogue: &Dialogue, form: &FormState) -> Result<Option<Press>> {
    let once = form.value(ONCE);
    let (what, number) = match (form.value("come"), form.value("undo")) {
        ("", "") => {
            let people = form.value(WALK);
            return Ok(door::read(&format!("{once}-{people} {WALK} {people}")));
        }
        ("", number) => ("u", number),
        (number, _) => ("c", number),
    };
    let listed = store::by_number(tx, &dialogue.id, number.parse().unwrap_or(0)).await?.ok_or(AppError::NotFound)?;
    let typed = form.value("arrived").parse().ok();
    let people = if what == "u" { 0 } else { typed.unwrap_or(listed.registration.people) };
    Ok(door::read(&format!("{once}-{number}{what} {number} {people}")))
}

/// `GET /can-bo/doi-thoai/{dialogue}/vao-cua/{number}`: one registration at the door.
pub async fn one(context: PageContext, Path((id, number)): Path<(String, i64)>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let mut tx = context.portal.db().read().await?;
    let dialogue = kept(&mut tx, &context, &id).await?;
    let listed = store::by_number(&mut tx, &id, number).await?.ok_or(AppError::NotFound)?;
    drop(tx);
    let (lang, registration) = (context.lang, &listed.registration);
    let title = if listed.person.name.is_empty() { lang.t("attendance.door").to_owned() } else { listed.person.name.clone() };
    Ok(Page::new(&context, Section::DeskDialogues, title.clone()).main_class("wrap page stack").render(|| {
        let needs = needs_in_words(lang, &listed.person.needs, &listed.person.other_need);
        let (class, state) = match registration.state {
            _ if registration.arrived > 0 => ("ok", lang.f("attendance.desk.arrived", &[("n", &registration.arrived.to_string())])),
            State::Cancelled => ("late", lang.t("attendance.state.cancelled").to_owned()),
            State::Waiting => ("soon", lang.t("attendance.desk.waits").to_owned()),
            State::Seated => ("plain", lang.t("attendance.desk.sits").to_owned()),
        };
        view! {
            <a class="back" href=lang.href(&door_path(&id))>{icon(Icon::Back)}{lang.t("attendance.door")}</a>
            <h1>{title.clone()}</h1>
            <p class="small muted">{dialogue.facts.title.clone()}</p>
            <p class="row"><span class=format!("clock {class}")>{state}</span><span class="tag num">{lang.f("attendance.number", &[("n", &number.to_string())])}</span></p>
            <p>{who(lang, &listed)}</p>
            {(!needs.is_empty()).then(|| view! { <p class="notice info">{icon(Icon::Flag)}<span>{needs.clone()}</span></p> })}
            {one_form(&context, &dialogue, &listed)}
        }
        .into_any()
    }))
}

fn one_form(context: &PageContext, dialogue: &Dialogue, listed: &Listed) -> AnyView {
    let (lang, registration) = (context.lang, &listed.registration);
    if !is_door_open(dialogue, context.today) {
        return view! { <p class="notice info">{icon(Icon::Calendar)}<span>{lang.t("attendance.door.not_now")}</span></p> }.into_any();
    }
    let number = registration.number.to_string();
    let once = context.portal.new_id().replace('-', "");
    let options: Vec<_> =
        (1..=registration.people).map(|n| view! { <option value=n.to_string() selected={n == registration.people}>{n.to_string()}</option> }).collect();
    let undo =
        (registration.arrived > 0).then(|| view! { <button class="btn btn-block" name="undo" value=number.clone()>{lang.t("attendance.door.undo")}</button> });
    let come = (registration.arrived == 0).then(|| {
        view! {
            <div class="field field-s">
                <label for="arrived">{lang.t("attendance.door.how_many")}</label>
                <select id="arrived" name="arrived">{options}</select>
            </div>
            <button class="btn btn-main btn-block" name="come" value=number.clone()>{icon(Icon::Check)}{lang.t("attendance.door.come")}</button>
        }
    });
    view! { <form method="post" action=lang.href(&door_path(&dialogue.id)) class="stack"><input type="hidden" name=ONCE value=once />{come}{undo}</form> }
        .into_any()
}

/// `GET /can-bo/doi-thoai/quet`: where a scanned code leads. Whoever is not signed in goes on to their own page; browsers take the code,
/// which stands behind `#`, along.
pub async fn scan(context: PageContext) -> Result<Response> {
    if context.actor.official().is_none() {
        return Ok(see_other(&context.href(MINE)));
    }
    Ok(scan_page(&context, &FormState::default(), StatusCode::OK))
}

fn scan_page(context: &PageContext, form: &FormState, status: StatusCode) -> Response {
    let lang = context.lang;
    Page::new(context, Section::DeskDialogues, lang.t("attendance.scan")).status(status).islands().main_class("wrap page stack-l").render(|| {
        let code = FieldLook { label: "attendance.code", hint: Some("attendance.scan.hint"), class: "field-code", ..FieldLook::default() };
        view! {
            {error_summary(lang, form)}
            <h1 class="title-s">{lang.t("attendance.scan")}</h1>
            <form method="post" action=lang.href(SCAN) class="card stack" id="ma" novalidate>
                {text_field(lang, form, "code", code)}
                <p><button class="btn btn-main">{icon(Icon::Search)}{lang.t("attendance.scan.button")}</button></p>
            </form>
            <OpenByFragment field="code".to_owned() form="ma".to_owned() />
        }
        .into_any()
    })
}

/// `POST /can-bo/doi-thoai/quet`
///
/// # Errors
/// [`AppError::TooMany`] after too many wrong codes from this address.
pub async fn scanned(context: PageContext, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let limit = Limit::shared("case_code", &context, CODE_FAILURES_MAX);
    limit.check(&context.portal).await?;
    let typed: String = form.value("code").chars().take(TYPED_CHARS_MAX).collect();
    let mut tx = context.portal.db().read().await?;
    let registration = store::by_code_hash(&mut tx, &CaseCode::hash_of_typed(&typed)).await?;
    // A code of another authority's dialogue is as wrong as none.
    if let Some(registration) = registration
        && let Ok(dialogue) = kept(&mut tx, &context, &registration.dialogue_id).await
    {
        return Ok(see_other(&context.href(&format!("{}/{}", door_path(&dialogue.id), registration.number))));
    }
    drop(tx);
    limit.failed(&context.portal).await?;
    form.wrong("code", "attendance.code.wrong");
    Ok(scan_page(&context, &form, StatusCode::UNPROCESSABLE_ENTITY))
}
