//! Dialogues for calendar programs: one, an authority's, all (iCalendar, RFC 5545).
//!
//! A program that has taken an entry in follows it: the entry keeps its UID, its SEQUENCE rises with every event of the dialogue, and a
//! dialogue that does not take place stays in the feed as cancelled until its day has passed.

use super::rules::{Dialogue, State};
use super::store::{self, Narrowed};
use super::{degrees, public_path};
use crate::error::{AppError, Result};
use crate::ui::context::PageContext;
use crate::ui::response::CachePolicy;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::Duration;
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};

/// Dialogues in a feed.
const FEED_MAX: i64 = 200;
/// How long a past one stays in a feed: a calendar program that asks rarely still learns that it was put off.
const FEED_BACK: Duration = Duration::days(60);

/// `/doi-thoai/lich.ics`
pub(super) async fn all(context: PageContext) -> Result<Response> {
    feed(&context, &Narrowed::default(), context.lang.t("dialogues.calendar.name").to_owned()).await
}

/// `/co-quan/{code}/doi-thoai.ics`
pub(super) async fn of_agency(context: PageContext, Path(code): Path<String>) -> Result<Response> {
    let directory = context.directory.clone();
    let agency = directory.agency_by_code(&code).filter(|agency| agency.is_body()).ok_or(AppError::NotFound)?;
    let name = context.lang.f("dialogues.calendar.of", &[("agency", &agency.short_name)]);
    feed(&context, &Narrowed { body_id: agency.id.clone(), ..Narrowed::default() }, name).await
}

/// `/doi-thoai/{number}/lich.ics`
pub(super) async fn one(context: PageContext, Path(number): Path<i64>) -> Result<Response> {
    let dialogue = store::public_by_number(&mut context.portal.db().look().await?, number).await?.ok_or(AppError::NotFound)?;
    Ok(answer(&context, &[dialogue], context.lang.t("dialogues.calendar.name")))
}

async fn feed(context: &PageContext, narrowed: &Narrowed, name: String) -> Result<Response> {
    let mut tx = context.portal.db().look().await?;
    let dialogues = store::from(&mut tx, context.now - FEED_BACK, narrowed, FEED_MAX).await?;
    drop(tx);
    Ok(answer(context, &dialogues, &name))
}

fn answer(context: &PageContext, dialogues: &[Dialogue], name: &str) -> Response {
    let mut calendar = Calendar::new();
    calendar.name(name);
    calendar.append_property(Property::new("METHOD", "PUBLISH"));
    for dialogue in dialogues {
        calendar.push(entry(context, dialogue));
    }
    let mut response = ([(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], calendar.to_string()).into_response();
    response.extensions_mut().insert(CachePolicy::Public);
    response
}

fn entry(context: &PageContext, dialogue: &Dialogue) -> Event {
    let (lang, facts) = (context.lang, &dialogue.facts);
    let address = &context.portal.settings().public_url;
    let link = format!("{address}{}", context.href(&public_path(dialogue.number)));
    let host = address.split_once("://").map_or(address.as_str(), |(_, host)| host);
    let is_cancelled = dialogue.state == State::Cancelled;
    let summary = lang.f(if is_cancelled { "dialogues.calendar.cancelled" } else { "dialogues.calendar.summary" }, &[("title", &facts.title)]);
    let place =
        [facts.place.as_str(), context.directory.area_name(&facts.area_code)].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    let reason = dialogue.moves.last().map(|old| lang.f("dialogues.calendar.moved", &[("day", &lang.time(old.from)), ("reason", &old.reason)]));
    let about = [Some(lang.f("dialogues.will_chair", &[("post", &facts.head_post)])), reason, Some(facts.about.clone()), Some(link.clone())];
    let mut event = Event::new();
    event
        .uid(&format!("doi-thoai-{}@{host}", dialogue.number))
        .sequence(u32::try_from(dialogue.version).unwrap_or(u32::MAX))
        .timestamp(context.now)
        .starts(facts.begins_at)
        .ends(facts.ends_at)
        .summary(&summary)
        .description(&about.into_iter().flatten().collect::<Vec<_>>().join("\n"))
        .location(if place.is_empty() { &facts.online_address } else { &place })
        .url(&link)
        .status(if is_cancelled { EventStatus::Cancelled } else { EventStatus::Confirmed });
    if let Some((latitude, longitude)) = facts.spot {
        event.append_property(Property::new("GEO", degrees(latitude, longitude).replace(", ", ";")));
    }
    event.done()
}
