//! What the forms of the schedule send.

use super::DESK;
use super::actions::sessions::{self as actions, Plan, Unpublished};
use super::desk_pages::{PROPOSED, PUBLISH, office_values, plan_page, proposed_days, schedule_page};
use super::look::{body_of, day_field, month, number_field};
use super::rules::{Kind, Mode, Receiver, minutes};
use super::store::offices::{self, Office};
use crate::accounts::keep_form_and_sign_in;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::actions::Act;
use crate::ui::{PageContext, see_other};
use axum::Form;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{Days, NaiveDate};

/// Longest place, post and reason, in characters.
pub(super) const TEXT_CHARS_MAX: usize = 300;
/// Longest topics.
const TOPICS_CHARS_MAX: usize = 1_000;
/// Most slots of a session.
const SLOTS_MAX: i64 = 100;
/// How far ahead a session may lie, in days: catches a mistyped year.
const AHEAD_DAYS_MAX: u64 = 500;

/// `POST /can-bo/tiep-dan`: publishes what was ticked, or says where the authority receives.
pub async fn act(context: PageContext, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let body_id = body_of(&context)?;
    check(&context.actor, Action::KeepReceptions(&body_id))?;
    let shown = month(form.value("month")).unwrap_or(context.today);
    if form.value("action") == "office" {
        return put_office(&context, &body_id, form).await;
    }
    let reason = form.optional("late_reason", TEXT_CHARS_MAX);
    let ids: Vec<String> = form.values().keys().filter_map(|name| name.strip_prefix(PUBLISH)).map(str::to_owned).collect();
    if ids.is_empty() {
        form.wrong("late_reason", "reception.publish.none");
    }
    let mut tx = context.portal.db().write().await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    for id in ids {
        if !form.is_valid() {
            break;
        }
        let row = actions::seen(&mut act, &id).await?;
        if row.body_id != body_id {
            return Err(AppError::NotFound);
        }
        unpublished(&context, &mut form, row.day, actions::publish(&mut act, &row, &reason).await?);
    }
    if form.is_valid() {
        tx.commit().await?;
        return Ok(see_other(&format!("{}?thang={}#thang", context.href(DESK), shown.format("%Y-%m"))));
    }
    drop(tx);
    office_values(&mut form, &offices::of_body(&mut context.portal.db().look().await?, &body_id).await?);
    schedule_page(&context, &body_id, shown, &form, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// Says in the form why a session was not published.
pub(super) fn unpublished(context: &PageContext, form: &mut FormState, day: NaiveDate, how: std::result::Result<(), Unpublished>) {
    let lang = context.lang;
    match how {
        Ok(()) => {}
        Err(Unpublished::Past) => form.wrong_with("late_reason", "reception.publish.past", vec![("day", lang.day_short(day))]),
        Err(Unpublished::Late(limit)) => {
            let args = vec![("day", lang.day_short(day)), ("by", lang.day_short(limit.day)), ("rule", limit.sentence(lang))];
            form.wrong_with("late_reason", "reception.publish.late", args);
        }
    }
}

async fn put_office(context: &PageContext, body_id: &str, mut form: FormState) -> Result<Response> {
    let office = Office {
        place: form.required("office_place", "reception.place.missing", TEXT_CHARS_MAX),
        hours: form.optional("office_hours", TEXT_CHARS_MAX),
        phone: form.optional("office_phone", TEXT_CHARS_MAX),
        head_post: form.required("head_post", "reception.post.missing", TEXT_CHARS_MAX),
        deputy_post: form.optional("deputy_post", TEXT_CHARS_MAX),
    };
    if !form.is_valid() {
        return schedule_page(context, body_id, context.today, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let mut tx = context.portal.db().write().await?;
    actions::put_office(&mut Act { tx: &mut tx, portal: &context.portal, actor: &context.actor }, body_id, &office).await?;
    tx.commit().await?;
    Ok(see_other(&context.href(DESK)))
}

/// `POST /can-bo/tiep-dan/lap-lich`
pub async fn plan(context: PageContext, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let body_id = body_of(&context)?;
    check(&context.actor, Action::KeepReceptions(&body_id))?;
    let mut days: Vec<NaiveDate> = proposed_days(&context, &body_id, &form).into_iter().filter(|day| form.is_ticked(&format!("{PROPOSED}{day}"))).collect();
    days.extend(more_days(&mut form, context.today));
    days.sort_unstable();
    days.dedup();
    if days.is_empty() {
        form.wrong("days", "reception.plan.no_day");
    }
    form.set("kind", Kind::Periodic.code());
    let plan = session(&mut form, days.first().copied().unwrap_or(context.today));
    let Some(plan) = plan.filter(|_| form.is_valid()) else {
        return plan_page(&context, &body_id, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let mut tx = context.portal.db().write().await?;
    actions::draft_days(&mut Act { tx: &mut tx, portal: &context.portal, actor: &context.actor }, &body_id, &days, &plan).await?;
    tx.commit().await?;
    let first = days.first().copied().unwrap_or(context.today);
    Ok(see_other(&format!("{}?thang={}#thang", context.href(DESK), first.format("%Y-%m"))))
}

/// Days typed beside the proposed ones, apart by commas or blanks.
fn more_days(form: &mut FormState, today: NaiveDate) -> Vec<NaiveDate> {
    let typed = form.optional("more", TEXT_CHARS_MAX);
    let mut days = Vec::new();
    for word in typed.split([',', ';', ' ']).filter(|word| !word.is_empty()) {
        match crate::deadlines::pages::day(word) {
            Some(day) if is_near(day, today) => days.push(day),
            Some(_) => form.wrong("more", "reception.day.far"),
            None => form.wrong("more", "deadlines.day.wrong"),
        }
    }
    days
}

fn is_near(day: NaiveDate, today: NaiveDate) -> bool {
    (today..=today + Days::new(AHEAD_DAYS_MAX)).contains(&day)
}

/// The day of a session's own form.
pub(super) fn session_day(form: &mut FormState, today: NaiveDate) -> NaiveDate {
    let day = day_field(form, "day");
    if day.is_some_and(|day| !is_near(day, today)) {
        form.wrong("day", "reception.day.far");
    }
    day.unwrap_or(today)
}

/// Reads the fields of a session; what is wrong stands in the form afterwards.
pub(super) fn session(form: &mut FormState, day: NaiveDate) -> Option<Plan> {
    let kind = Kind::from_code(form.value("kind"));
    let receiver = Receiver::from_code(form.value("receiver"));
    let mode = Mode::from_code(form.value("mode"));
    for (field, is_there) in [("kind", kind.is_some()), ("receiver", receiver.is_some()), ("mode", mode.is_some())] {
        if !is_there {
            form.wrong(field, "reception.choose.missing");
        }
    }
    if kind == Some(Kind::Periodic) && receiver == Some(Receiver::Staff) {
        form.wrong("receiver", "reception.receiver.not_staff");
    }
    let (starts, ends) = (minutes(form.value("starts")), minutes(form.value("ends")));
    if starts.is_none() {
        form.wrong("starts", "reception.time.wrong");
    }
    if ends.is_none() {
        form.wrong("ends", "reception.time.wrong");
    }
    if starts.zip(ends).is_some_and(|(starts, ends)| ends <= starts) {
        form.wrong("ends", "reception.time.reversed");
    }
    let post = form.required("post", "reception.post.missing", TEXT_CHARS_MAX);
    let place = form.required("place", "reception.place.missing", TEXT_CHARS_MAX);
    let topics = form.optional("topics", TOPICS_CHARS_MAX);
    if kind == Some(Kind::Extraordinary) && topics.is_empty() {
        form.wrong("topics", "reception.topics.missing");
    }
    let slots = number_field(form, "slots", 0..=SLOTS_MAX);
    let (kind, receiver, mode) = (kind?, receiver?, mode?);
    Some(Plan { day, starts: starts?, ends: ends?, kind, mode, receiver, post, place, topics, slots })
}
