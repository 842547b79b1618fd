//! What officials type about dialogues, and what comes of it.

use super::actions::{self, Act};
use super::desk_pages;
use super::rules::{Chair, Dialogue, Event, Facts, Holding, Kind, Mode, Refusal};
use super::store::{self, Planned};
use super::{DESK, desk_path};
use crate::accounts::keep_form_and_sign_in;
use crate::accounts::session::leave_flash;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::ui::{PageContext, see_other};
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Datelike, NaiveTime, Utc};
use tower_sessions::Session;

/// Longest topic, in characters.
pub(super) const TITLE_CHARS_MAX: usize = 120;
/// Longest description, way to take part, and list of posts, in characters.
pub(super) const TEXT_CHARS_MAX: usize = 2_000;
/// Longest place, post, address, in characters.
const LINE_CHARS_MAX: usize = 200;
/// Longest reason, in characters.
pub(super) const REASON_CHARS_MAX: usize = 500;
/// Longest result, in characters: about ten printed pages.
pub(super) const OUTCOME_CHARS_MAX: usize = 20_000;
/// Most people or questions of one dialogue: catches a mistyped number.
const COUNT_MAX: i64 = 100_000;
/// How far ahead a dialogue may be, in days: catches a mistyped year.
const DAYS_AHEAD_MAX: i64 = 800;
/// Millionths of a degree in a degree.
const MICRO: f64 = 1_000_000.0;

/// A day and an hour in Viet Nam; what is wrong stands in the form.
fn moment(form: &mut FormState, day_field: &'static str, time_field: &'static str) -> Option<DateTime<Utc>> {
    let day = crate::deadlines::pages::day(form.value(day_field));
    if day.is_none() {
        form.wrong(day_field, "dialogues.day.wrong");
    }
    let time = NaiveTime::parse_from_str(form.value(time_field), "%H:%M").ok();
    if time.is_none() {
        form.wrong(time_field, "dialogues.time.wrong");
    }
    Some(crate::clock::instant(day?, time?))
}

/// Begin and end on one day.
fn span(form: &mut FormState, context: &PageContext) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let begins_at = moment(form, "day", "from");
    let ends_at = NaiveTime::parse_from_str(form.value("to"), "%H:%M").ok();
    if ends_at.is_none() {
        form.wrong("to", "dialogues.time.wrong");
    }
    let begins_at = begins_at?;
    if (crate::clock::day(begins_at) - context.today).num_days().abs() > DAYS_AHEAD_MAX {
        form.wrong("day", "days_off.day.far");
    }
    let ends_at = crate::clock::instant(crate::clock::day(begins_at), ends_at?);
    if ends_at <= begins_at {
        form.wrong("to", "dialogues.refused.reversed");
    }
    Some((begins_at, ends_at))
}

/// "22.270800, 105.905100" as millionths of degrees.
fn spot(form: &mut FormState) -> Option<(i64, i64)> {
    let typed = form.value("spot").to_owned();
    if typed.is_empty() {
        return None;
    }
    let degree = |text: &str, most: f64| text.trim().parse::<f64>().ok().filter(|n| n.abs() <= most);
    let parsed = typed.split_once(',').and_then(|(latitude, longitude)| Some((degree(latitude, 90.0)?, degree(longitude, 180.0)?)));
    if parsed.is_none() {
        form.wrong("spot", "dialogues.spot.wrong");
    }
    // At most 180 million: exact in an integer.
    #[expect(clippy::cast_possible_truncation, reason = "at most 180 million")]
    parsed.map(|(latitude, longitude)| ((latitude * MICRO).round() as i64, (longitude * MICRO).round() as i64))
}

/// The facts a form describes.
fn facts(context: &PageContext, form: &mut FormState, known: Option<&Dialogue>) -> Option<Facts> {
    let kind = Kind::from_code(form.value("kind"));
    if kind.is_none() {
        form.wrong("kind", "dialogues.kind.missing");
    }
    let mode = Mode::from_code(form.value("mode"));
    if mode.is_none() {
        form.wrong("mode", "dialogues.mode.missing");
    }
    let title = form.required("title", "dialogues.topic.missing", TITLE_CHARS_MAX);
    let about = form.required("about", "dialogues.about.missing", TEXT_CHARS_MAX);
    let area_code = form.value("area").to_owned();
    if context.directory.area(&area_code).is_none() {
        form.wrong("area", "dialogues.area.missing");
    }
    let mut place = form.optional("place", LINE_CHARS_MAX);
    let mut online_address = form.optional("online", LINE_CHARS_MAX);
    if mode.is_some_and(Mode::has_place) && place.is_empty() {
        form.wrong("place", "dialogues.place.missing");
    }
    let is_address = |text: &str| text.starts_with("https://") && text.len() > "https://".len() && !text.contains(char::is_whitespace);
    if mode.is_some_and(Mode::has_address) && !is_address(&online_address) {
        form.wrong("online", "dialogues.online.wrong");
    }
    if !mode.is_some_and(Mode::has_place) {
        place.clear();
    }
    if !mode.is_some_and(Mode::has_address) {
        online_address.clear();
    }
    let villages = form.optional("villages", LINE_CHARS_MAX);
    let spot = spot(form);
    let joining = form.required("joining", "dialogues.joining.missing", TEXT_CHARS_MAX);
    let head_post = form.required("head_post", "dialogues.head_post.missing", LINE_CHARS_MAX);
    let others = form.optional("others", TEXT_CHARS_MAX);
    // Once the notice is out, day and hours move only by putting off.
    let (begins_at, ends_at) = match known.filter(|dialogue| dialogue.is_public()) {
        Some(dialogue) => (dialogue.facts.begins_at, dialogue.facts.ends_at),
        None => span(form, context)?,
    };
    form.is_valid().then_some(Facts {
        kind: kind?,
        mode: mode?,
        title,
        about,
        area_code,
        place,
        villages,
        spot,
        online_address,
        joining,
        head_post,
        others,
        begins_at,
        ends_at,
    })
}

/// Fills a form with the facts of a dialogue, as far as it says nothing of its own about them.
pub(super) fn fill(form: &mut FormState, facts: &Facts) {
    let local = |at: DateTime<Utc>| crate::clock::local(at);
    let spot = facts.spot.map(|(latitude, longitude)| super::degrees(latitude, longitude)).unwrap_or_default();
    let values = [
        ("kind", facts.kind.code().to_owned()),
        ("mode", facts.mode.code().to_owned()),
        ("title", facts.title.clone()),
        ("about", facts.about.clone()),
        ("area", facts.area_code.clone()),
        ("place", facts.place.clone()),
        ("villages", facts.villages.clone()),
        ("spot", spot),
        ("online", facts.online_address.clone()),
        ("joining", facts.joining.clone()),
        ("head_post", facts.head_post.clone()),
        ("others", facts.others.clone()),
        ("day", local(facts.begins_at).date_naive().to_string()),
        ("from", local(facts.begins_at).format("%H:%M").to_string()),
        ("to", local(facts.ends_at).format("%H:%M").to_string()),
    ];
    values.into_iter().chain([("post", facts.head_post.clone())]).for_each(|(name, value)| {
        if !form.values().contains_key(name) {
            form.set(name, value);
        }
    });
}

/// Says in the form why something cannot happen.
fn tell(context: &PageContext, form: &mut FormState, refusal: Refusal) {
    let (field, key) = match refusal {
        Refusal::NotNow => ("deed", "dialogues.refused.not_now"),
        Refusal::Reversed => ("to", "dialogues.refused.reversed"),
        Refusal::Past => ("day", "dialogues.refused.past"),
        Refusal::NotBegun => ("deed", "dialogues.refused.not_begun"),
        Refusal::Late { latest } => {
            return form.wrong_with("late_reason", "dialogues.refused.late", vec![("day", context.lang.day_long(latest))]);
        }
        Refusal::ReasonNeeded => ("reason", "dialogues.refused.reason"),
        Refusal::DayTold => ("day", "dialogues.refused.day_told"),
        Refusal::Counts => ("answered", "dialogues.refused.counts"),
        Refusal::OutcomeNeeded => ("outcome", "dialogues.refused.outcome"),
        Refusal::TimedWrong => ("timed_day", "dialogues.refused.timed"),
    };
    form.wrong(field, key);
}

fn count(form: &mut FormState, field: &'static str) -> i64 {
    let n = form.value(field).parse().ok().filter(|n| (0..=COUNT_MAX).contains(n));
    if n.is_none() {
        form.wrong(field, "dialogues.count.wrong");
    }
    n.unwrap_or_default()
}

/// The event a form asks for; nothing where something is wrong.
async fn event(context: &PageContext, tx: &mut crate::db::Tx, form: &mut FormState, dialogue: &Dialogue) -> Result<Option<Event>> {
    let reason = |form: &mut FormState| form.optional("reason", REASON_CHARS_MAX);
    let event = match form.value("deed") {
        "change" => facts(context, form, Some(dialogue)).map(|facts| Event::Changed { facts }),
        "announce" => Some(Event::Announced { on: context.today, late_reason: form.optional("late_reason", REASON_CHARS_MAX) }),
        "time" => moment(form, "timed_day", "timed_hour").map(|at| Event::Timed { at: Some(at) }),
        "untime" => Some(Event::Timed { at: None }),
        "postpone" => {
            let reason = reason(form);
            span(form, context).map(|(begins_at, ends_at)| Event::Postponed { begins_at, ends_at, reason })
        }
        "cancel" => Some(Event::Cancelled { reason: reason(form) }),
        "hold" => {
            let chair = match form.value("chair") {
                "head" => Some(Chair::Head),
                "deputy" => Some(Chair::Deputy),
                _ => None,
            };
            if chair.is_none() {
                form.wrong("chair", "dialogues.chair.missing");
            }
            let post = form.required("post", "dialogues.post.missing", LINE_CHARS_MAX);
            let (people, questions, answered) = (count(form, "people"), count(form, "questions"), count(form, "answered"));
            let head_id = store::heads_on(tx, &dialogue.body_id, dialogue.facts.day()).await?.pop().map(|(id, ..)| id);
            chair.map(|chair| Event::Held { holding: Holding { chair, post, head_id, people, questions, answered } })
        }
        "publish" => Some(Event::Published { on: context.today, outcome: form.optional("outcome", OUTCOME_CHARS_MAX) }),
        _ => return Err(AppError::NotFound),
    };
    Ok(event.filter(|_| form.is_valid()))
}

/// `POST /can-bo/doi-thoai/{dialogue}`
pub(super) async fn act(context: PageContext, session: Session, Path(id): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let mut tx = context.portal.db().write().await?;
    let dialogue = desk_pages::seen(&mut tx, &context, &id).await?;
    if form.value("version") != dialogue.version.to_string() {
        drop(tx);
        form.wrong("deed", "dialogues.refused.meanwhile");
        return desk_pages::one(&context, &dialogue, &form, None, StatusCode::CONFLICT).await;
    }
    let event = event(&context, &mut tx, &mut form, &dialogue).await?;
    let Some(event) = event else {
        drop(tx);
        return desk_pages::one(&context, &dialogue, &form, None, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let outcome = actions::let_happen(&mut Act { tx: &mut tx, portal: &context.portal, actor: &context.actor }, &dialogue, &event).await?;
    if let Err(refusal) = outcome {
        drop(tx);
        tell(&context, &mut form, refusal);
        return desk_pages::one(&context, &dialogue, &form, None, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    tx.commit().await?;
    leave_flash(&session, flash(&event)).await?;
    Ok(see_other(&context.href(&desk_path(&id))))
}

fn flash(event: &Event) -> &'static str {
    match event {
        Event::Drafted { .. } => "dialogue_drafted",
        Event::Changed { .. } => "dialogue_changed",
        Event::Timed { .. } => "dialogue_timed",
        Event::Announced { .. } => "dialogue_announced",
        Event::Postponed { .. } => "dialogue_postponed",
        Event::Cancelled { .. } => "dialogue_cancelled",
        Event::Held { .. } => "dialogue_held",
        Event::Published { .. } => "dialogue_published",
    }
}

/// `POST /can-bo/doi-thoai/moi`
pub(super) async fn create(context: PageContext, session: Session, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let body_id = desk_pages::body_id(&context)?;
    check(&context.actor, Action::PrepareDialogue(&body_id))?;
    let Some(facts) = facts(&context, &mut form, None) else {
        return Ok(desk_pages::editor_page(&context, &body_id, &form, StatusCode::UNPROCESSABLE_ENTITY));
    };
    let (once, planned_id) = (form.value("once").to_owned(), form.value("planned").to_owned());
    let mut tx = context.portal.db().write().await?;
    // The same form sent twice is one dialogue.
    if let Some(known) = store::by_id(&mut tx, &once).await?.filter(|known| known.body_id == body_id) {
        return Ok(see_other(&context.href(&desk_path(&known.id))));
    }
    let id = if crate::id::is_sent_id(&once) { once } else { context.portal.new_id() };
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    actions::draft(&mut act, &id, &body_id, facts, Some(planned_id.as_str()).filter(|id| !id.is_empty())).await?;
    tx.commit().await?;
    leave_flash(&session, "dialogue_drafted").await?;
    Ok(see_other(&context.href(&desk_path(&id))))
}

/// `POST /can-bo/doi-thoai/ke-hoach`: a line more, or one less.
pub(super) async fn plan(context: PageContext, session: Session, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let body_id = desk_pages::body_id(&context)?;
    check(&context.actor, Action::PrepareDialogue(&body_id))?;
    let account_id = context.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let year = form.value("year").parse().ok().filter(|year| desk_pages::years(context.today).contains(year)).unwrap_or(context.today.year());
    let mut tx = context.portal.db().write().await?;
    if form.value("deed") == "drop" {
        let reason = form.required("drop_reason", "dialogues.refused.reason", REASON_CHARS_MAX);
        let line = form.value("line").to_owned();
        store::planned(&mut tx, &body_id, &line).await?.ok_or(AppError::NotFound)?;
        if form.is_valid() && !store::drop_planned(&mut tx, &line, &reason).await? {
            return Err(AppError::Conflict);
        }
    } else {
        let quarter = form.value("quarter").parse().ok().filter(|quarter| (1..=4).contains(quarter));
        if quarter.is_none() {
            form.wrong("quarter", "dialogues.quarter.missing");
        }
        let topic = form.required("topic", "dialogues.topic.missing", TITLE_CHARS_MAX);
        let place = form.optional("plan_place", LINE_CHARS_MAX);
        let known = store::plan(&mut tx, &body_id, i64::from(year)).await?;
        let is_there = known.iter().any(|line| Some(line.quarter) == quarter && line.topic == topic && line.dropped_reason.is_empty());
        if known.len() >= desk_pages::PLAN_LINES_MAX {
            form.wrong("topic", "dialogues.plan.full");
        }
        if let Some(quarter) = quarter.filter(|_| form.is_valid() && !is_there) {
            let line = Planned {
                id: context.portal.new_id(),
                body_id: body_id.clone(),
                year: i64::from(year),
                quarter,
                topic,
                place,
                dialogue_id: None,
                dropped_reason: String::new(),
            };
            store::insert_planned(&mut tx, &line, &account_id, context.now).await?;
        }
    }
    if !form.is_valid() {
        drop(tx);
        return desk_pages::all(&context, &body_id, year, &form, None, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    tx.commit().await?;
    leave_flash(&session, "dialogue_plan").await?;
    Ok(see_other(&format!("{}?nam={year}#ke-hoach", context.href(DESK))))
}
