//! The part of the officials' page of a dialogue: seats, registration, and the ways to the list and to the door.

use super::actions::{self, Set};
use super::door::Came;
use super::public::figures;
use super::rules::{SEATS_MAX, Seats, is_coming, is_door_open, is_open};
use super::store::halls::{self, Hall};
use crate::accounts::keep_form_and_sign_in;
use crate::accounts::session::leave_flash;
use crate::db::Tx;
use crate::dialogues::rules::{Dialogue, Mode};
use crate::dialogues::{desk_pages, desk_path, forms};
use crate::error::Result;
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::actions::Act;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, PageContext, check_box, choice, icon, see_other, text_field};
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, NaiveTime, Utc};
use leptos::prelude::*;
use tower_sessions::Session;

/// The field by which the page knows that this form came back.
const VERSION: &str = "seats_version";

/// What that part shows.
#[derive(Clone, Debug)]
pub struct Part {
    hall: Hall,
    came: Came,
}

impl Part {
    /// Reads it.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn load(tx: &mut Tx, dialogue: &Dialogue) -> Result<Self> {
        let hall = halls::of(tx, &dialogue.id).await?.unwrap_or_else(|| Hall::of(&dialogue.id));
        Ok(Self { hall, came: Came::of(tx, &dialogue.id).await? })
    }

    /// Shows it to whoever may.
    pub fn view(&self, context: &PageContext, dialogue: &Dialogue, form: &FormState) -> AnyView {
        let (lang, hall) = (context.lang, &self.hall);
        if check(&context.actor, Action::KeepAttendance(&dialogue.body_id)).is_err() {
            return ().into_any();
        }
        let path = |rest: &str| lang.href(&format!("{}/{rest}", desk_path(&dialogue.id)));
        let is_now_open = is_open(dialogue, hall.is_open, hall.closes_at, context.now);
        let state = if is_now_open { "attendance.desk.open" } else { "attendance.desk.closed" };
        let people = self.came.people();
        let came = (people > 0).then(|| view! { <p class="num">{lang.f("attendance.desk.came", &[("n", &lang.number(people))])}</p> });
        let known =
            (hall.last_number > 0).then(|| view! { <a class="btn btn-s" href=path("dang-ky")>{icon(Icon::Register)}{lang.t("attendance.desk.list")}</a> });
        let help = is_coming(dialogue, context.now)
            .then(|| view! { <a class="btn btn-s" href=path("dang-ky-ho")>{icon(Icon::Plus)}{lang.t("attendance.desk.for")}</a> });
        let door = is_door_open(dialogue, context.today)
            .then(|| view! { <a class="btn btn-s" href=path("vao-cua")>{icon(Icon::Check)}{lang.t("attendance.door")}</a> });
        view! {
            <section class="card stack" id="cho-ngoi">
                <h2 class="title-s">{lang.t("attendance.title")}</h2>
                <p><span class="tag">{lang.t(state)}</span></p>
                {(hall.settings_version > 0 || hall.last_number > 0).then(|| figures(context, hall))}
                {came}
                <p class="row">{known}{help}{door}</p>
                {is_coming(dialogue, context.now).then(|| settings_form(context, dialogue, hall, form))}
                {(dialogue.state == crate::dialogues::rules::State::Draft).then(|| settings_form(context, dialogue, hall, form))}
            </section>
        }
        .into_any()
    }
}

fn settings_form(context: &PageContext, dialogue: &Dialogue, hall: &Hall, typed: &FormState) -> AnyView {
    let lang = context.lang;
    let is_back = !typed.value(VERSION).is_empty();
    let mut known = FormState::default();
    fill(&mut known, dialogue, hall);
    let form = if is_back { typed } else { &known };
    let error = form.error("seats_kind", lang);
    let class = if error.is_some() { "field bad" } else { "field" };
    let look = |label: &'static str, hint: Option<&'static str>| FieldLook { label, hint, class: "field-s", ..FieldLook::default() };
    view! {
        <details class="more" open=is_back>
            <summary>{lang.t("attendance.set")}</summary>
            <form method="post" action=lang.href(&format!("{}/cho-ngoi", desk_path(&dialogue.id))) class="stack" novalidate>
                <input type="hidden" name=VERSION value=form.value(VERSION).to_owned() />
                <fieldset class=class id="seats_kind">
                    <legend>{lang.t("attendance.set.kind")}</legend>
                    {error.map(|error| view! { <span class="err" id="seats_kind-e">{error}</span> })}
                    <div class="choices">
                        {choice(form, "seats_kind", "limited", lang.t("attendance.set.limited"), lang.t("attendance.set.limited.text"))}
                        {choice(form, "seats_kind", "unlimited", lang.t("attendance.set.unlimited"), lang.t("attendance.set.unlimited.text"))}
                        {choice(form, "seats_kind", "online", lang.t("attendance.set.online"), lang.t("attendance.set.online.text"))}
                    </div>
                </fieldset>
                {text_field(lang, form, "seats", FieldLook { kind: "number", ..look("attendance.set.seats", Some("attendance.set.seats.hint")) })}
                {check_box(form, "seats_open", lang.t("attendance.set.open"), lang.t("attendance.set.open.text"))}
                <div class="row">
                    {text_field(lang, form, "closes_day", FieldLook { kind: "date", is_optional: true, ..look("attendance.set.closes_day", None) })}
                    {text_field(lang, form, "closes_hour", FieldLook { kind: "time", is_optional: true, ..look("attendance.set.closes_hour", None) })}
                </div>
                <p class="small muted">{lang.t("attendance.set.closes.text")}</p>
                <p><button class="btn">{lang.t("attendance.set.button")}</button></p>
            </form>
        </details>
    }
    .into_any()
}

/// The form as the hall stands; before anything was set, as the dialogue suggests.
fn fill(form: &mut FormState, dialogue: &Dialogue, hall: &Hall) {
    form.set(VERSION, hall.settings_version.to_string());
    let suggested = if dialogue.facts.mode == Mode::Online { "online" } else { "limited" };
    form.set("seats_kind", if hall.settings_version == 0 { suggested } else { hall.seats.code() });
    if let Seats::Limited(seats) = hall.seats {
        form.set("seats", seats.to_string());
    }
    if hall.is_open {
        form.set("seats_open", "1");
    }
    if let Some(at) = hall.closes_at.map(crate::clock::local) {
        form.set("closes_day", at.date_naive().to_string());
        form.set("closes_hour", at.format("%H:%M").to_string());
    }
}

/// The hour registration closes; none if no day was typed.
fn closes_at(form: &mut FormState) -> Option<DateTime<Utc>> {
    if form.value("closes_day").is_empty() && form.value("closes_hour").is_empty() {
        return None;
    }
    let day = crate::deadlines::pages::day(form.value("closes_day"));
    if day.is_none() {
        form.wrong("closes_day", "dialogues.day.wrong");
    }
    let time = NaiveTime::parse_from_str(form.value("closes_hour"), "%H:%M").ok();
    if time.is_none() {
        form.wrong("closes_hour", "dialogues.time.wrong");
    }
    Some(crate::clock::instant(day?, time?))
}

fn seats(form: &mut FormState) -> Option<Seats> {
    let kind = form.value("seats_kind").to_owned();
    let number = form.value("seats").parse().ok().filter(|n| (1..=SEATS_MAX).contains(n));
    if kind == "limited" && number.is_none() {
        form.wrong_with("seats", "attendance.set.seats.wrong", vec![("max", SEATS_MAX.to_string())]);
    }
    let seats = Seats::from_code(&kind, number.unwrap_or_default());
    if seats.is_none() {
        form.wrong("seats_kind", "attendance.set.kind.missing");
    }
    seats
}

/// `POST /can-bo/doi-thoai/{dialogue}/cho-ngoi`
///
/// # Errors
/// [`crate::error::AppError::NotFound`] for whoever may not.
pub async fn set(context: PageContext, session: Session, Path(id): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let mut tx = context.portal.db().write().await?;
    let dialogue = desk_pages::seen(&mut tx, &context, &id).await?;
    let (seats, closes_at) = (seats(&mut form), closes_at(&mut form));
    let version = form.value(VERSION).parse().unwrap_or(-1);
    let settings = seats.map(|seats| actions::Settings { seats, is_open: form.is_ticked("seats_open"), closes_at, version });
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(settings) = settings.filter(|_| form.is_valid()) {
        let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
        match actions::set(&mut act, &dialogue, settings).await? {
            Set::Yes => {
                tx.commit().await?;
                leave_flash(&session, "dialogue_seats").await?;
                return Ok(see_other(&format!("{}#cho-ngoi", context.href(&desk_path(&id)))));
            }
            Set::Fewer(seated) => form.wrong_with("seats", "attendance.set.fewer", vec![("n", context.lang.number(seated))]),
            Set::Meanwhile => {
                status = StatusCode::CONFLICT;
                form.wrong("seats_kind", "dialogues.refused.meanwhile");
                if let Some(hall) = halls::of(&mut tx, &dialogue.id).await? {
                    // Whoever sends what they now see means it.
                    form.set(VERSION, hall.settings_version.to_string());
                }
            }
        }
    }
    drop(tx);
    // The other forms of the page stay as the dialogue is.
    forms::fill(&mut form, &dialogue.facts);
    form.set("post", dialogue.facts.head_post.clone());
    if form.value(VERSION).is_empty() {
        form.set(VERSION, version.to_string());
    }
    desk_pages::one(&context, &dialogue, &form, None, status).await
}
