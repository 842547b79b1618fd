//! Who is signed in as a citizen: in the browser's session, beside an official's sign-in and a visit by code, which are other things.

use super::rules::SESSION_MINUTES;
use super::store;
use crate::accounts::browsers;
use crate::accounts::rules::VISIT_HOURS_MAX;
use crate::accounts::second::rules;
use crate::accounts::session as sessions;
use crate::actor::Actor;
use crate::error::{AppError, Result};
use crate::portal::Portal;
use axum::http::HeaderMap;
use chrono::{DateTime, Duration, Utc};
use std::collections::HashMap;
use tower_sessions::Session;

/// Key of the account.
pub const CITIZEN: &str = "citizen_id";
/// Key of the round of sign-ins it belongs to: a later round ends it.
const ROUND: &str = "citizen_round";
/// Key of the second (Unix time) until which it lasts if nothing more is asked for.
const UNTIL: &str = "citizen_until";
/// Key of the second (Unix time) at which it began.
const SINCE: &str = "citizen_since";
/// Key of the browser, as [`browsers::short`] calls it.
const BROWSER: &str = "citizen_browser";
/// Key of the token of the code that was sent.
const CODE: &str = "citizen_code";

/// Whether somebody came in, by a code or a national identity, so lately that they may change what opens their page, or end it elsewhere: as
/// lately as an official must have proven who they are before a dangerous step.
///
/// # Errors
/// [`AppError::Internal`] if the session cannot be read.
pub(super) async fn is_fresh(session: &Session, now: DateTime<Utc>) -> Result<bool> {
    let since: Option<i64> = session.get(SINCE).await.map_err(AppError::internal)?;
    Ok(rules::is_fresh(since, now))
}

/// Remembers in which browser a page is open, for the list of its holder.
pub(super) async fn remember_browser(session: &Session, headers: &HeaderMap) -> Result<()> {
    session.insert(BROWSER, browsers::of(headers)).await.map_err(AppError::internal)
}

/// A place where a page is open.
pub(super) struct Elsewhere {
    /// The session's id as it is stored: opens nothing.
    pub id_hash: String,
    /// The browser; empty where it is not known.
    pub browser: String,
    /// When it was opened, if that is known.
    pub since: Option<DateTime<Utc>>,
}

/// A stored session as the holder of the page sees it; none if the page is not open there any more.
pub(super) fn read(id_hash: String, data: &str, round: i64, now: DateTime<Utc>) -> Result<Option<Elsewhere>> {
    let data: HashMap<String, serde_json::Value> = serde_json::from_str(data)?;
    let number = |key: &str| data.get(key).and_then(serde_json::Value::as_i64);
    if number(ROUND) != Some(round) || number(UNTIL).is_none_or(|until| until <= now.timestamp()) {
        return Ok(None);
    }
    let browser = data.get(BROWSER).and_then(|browser| browser.as_str()).unwrap_or_default().to_owned();
    Ok(Some(Elsewhere { id_hash, browser, since: number(SINCE).and_then(|since| DateTime::from_timestamp(since, 0)) }))
}

/// Signs in, under a new session id.
///
/// # Errors
/// [`AppError::Internal`] if the session cannot be stored.
pub async fn begin(session: &Session, citizen_id: &str, round: i64, now: DateTime<Utc>) -> Result<()> {
    session.cycle_id().await.map_err(AppError::internal)?;
    session.insert(CITIZEN, citizen_id).await.map_err(AppError::internal)?;
    session.insert(ROUND, round).await.map_err(AppError::internal)?;
    session.insert(SINCE, now.timestamp()).await.map_err(AppError::internal)?;
    session.insert(UNTIL, (now + Duration::minutes(SESSION_MINUTES)).timestamp()).await.map_err(AppError::internal)
}

/// Who asks on the pages of an account: its holder, if the sign-in lasts and was not ended elsewhere.
///
/// # Errors
/// A database that fails.
pub async fn actor(portal: &Portal, session: &Session) -> Result<Actor> {
    let citizen_id: Option<String> = session.get(CITIZEN).await.map_err(AppError::internal)?;
    let Some(citizen_id) = citizen_id else { return Ok(Actor::Visitor) };
    if sessions::is_over(session, SINCE, Duration::hours(VISIT_HOURS_MAX), portal.now()).await? {
        return Ok(Actor::Visitor);
    }
    let length = Duration::minutes(SESSION_MINUTES);
    if !sessions::lasts(session, UNTIL, length, length / sessions::PROLONGED_AFTER, portal.now()).await? {
        return Ok(Actor::Visitor);
    }
    let round: Option<i64> = session.get(ROUND).await.map_err(AppError::internal)?;
    let citizen = store::by_id(&mut portal.db().look().await?, &citizen_id).await?;
    let holds = citizen.is_some_and(|citizen| Some(citizen.round) == round);
    Ok(if holds { Actor::AccountHolder { citizen_id } } else { Actor::Visitor })
}

/// Signs out; a visit by code in the same browser ends with it, an official's sign-in stays.
///
/// # Errors
/// [`AppError::Internal`] if the session cannot be stored.
pub async fn end(session: &Session) -> Result<()> {
    for key in [CITIZEN, ROUND, UNTIL, SINCE, BROWSER, CODE] {
        session.remove_value(key).await.map_err(AppError::internal)?;
    }
    sessions::end_visit(session).await
}

/// Remembers the token of a code that was sent.
pub(super) async fn keep_code(session: &Session, token: &str) -> Result<()> {
    session.insert(CODE, token).await.map_err(AppError::internal)
}

/// The token of the code that was sent last.
pub(super) async fn code(session: &Session) -> Result<Option<String>> {
    session.get(CODE).await.map_err(AppError::internal)
}

/// It was used.
pub(super) async fn forget_code(session: &Session) -> Result<()> {
    session.remove_value(CODE).await.map(drop).map_err(AppError::internal)
}
