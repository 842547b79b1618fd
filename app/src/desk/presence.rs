//! Who has a case open on the screen. It warns colleagues and never locks: two officials on one case are told apart by the version
//! their forms carry.
//!
//! Opening the page marks it; an island renews the mark while the page stays and takes it away on leaving. Without scripts the mark
//! ends by itself.
//!
//! Tellings overtake one another: the page before this one may say that it was left after this one has said that it is open. So each
//! says when its page was made, and leaving an older page closes nothing.

use super::store::viewers::{self, Viewer};
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::permissions::{Action, check};
use crate::petitions::actions;
use crate::petitions::rules::Case;
use crate::ui::PageContext;
use crate::words::Lang;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use chrono::{DateTime, Duration, Timelike, Utc};
use std::collections::HashMap;

/// A mark ends so long after it was last heard of.
pub const VIEW_LASTS_SECONDS: i64 = 300;
/// A mark younger than this is not written again.
pub const VIEW_WRITTEN_AFTER_SECONDS: i64 = 60;

/// "Cán bộ Hà đang mở việc này từ 09:12."
pub fn sentence(lang: Lang, viewer: &Viewer) -> String {
    let since = crate::clock::local(viewer.since);
    let time = format!("{:02}:{:02}", since.hour(), since.minute());
    lang.f("day.viewing", &[("who", &viewer.name), ("time", &time)])
}

/// Everybody but whoever looks.
pub fn others<'a>(viewers: &'a [Viewer], case_id: &str, account_id: &str) -> Vec<&'a Viewer> {
    viewers.iter().filter(|viewer| viewer.case_id == case_id && viewer.account_id != account_id).collect()
}

/// Marks the case as open for whoever looks, on a page made now. A database that takes no writes just now marks nothing: the page is
/// more important than the mark.
pub async fn mark(context: &PageContext, case: &Case) -> Result<()> {
    match context.actor.account_id() {
        Some(account_id) => write(context, case, &account_id, context.now).await,
        None => Ok(()),
    }
}

async fn write(context: &PageContext, case: &Case, account_id: &str, page_at: DateTime<Utc>) -> Result<()> {
    let until = context.now + Duration::seconds(VIEW_LASTS_SECONDS);
    let write = async {
        let mut tx = context.portal.db().write().await?;
        viewers::put(&mut tx, (&case.id, &case.body_id), account_id, page_at, (context.now, until)).await?;
        tx.commit().await
    };
    match write.await {
        Err(AppError::Unavailable(_)) => Ok(()),
        other => other,
    }
}

/// Name of the moment a page was made, in the addresses of its tellings: microseconds since 1970.
const PAGE: &str = "trang";

/// The query string that says which page it is.
pub fn page_query(context: &PageContext) -> String {
    format!("?{PAGE}={}", context.now.timestamp_micros())
}

/// When the page that tells something was made; none said is now.
fn page_at(context: &PageContext, query: &HashMap<String, String>) -> DateTime<Utc> {
    let told = query.get(PAGE).and_then(|micros| DateTime::from_timestamp_micros(micros.parse().ok()?));
    told.unwrap_or(context.now).min(context.now)
}

/// `POST …/dang-mo`: the page is still open. Written down if it is about to grow old, or if the page was not heard of before.
pub async fn renew(context: PageContext, Path(case_id): Path<String>, Query(query): Query<HashMap<String, String>>) -> Result<StatusCode> {
    let (case, account_id, mine) = seen(&context, &case_id).await?;
    let page_at = page_at(&context, &query);
    let old_enough = context.now + Duration::seconds(VIEW_LASTS_SECONDS - VIEW_WRITTEN_AFTER_SECONDS);
    if mine.is_none_or(|viewer| viewer.until <= old_enough || Some(page_at) > viewer.page_at) {
        write(&context, &case, &account_id, page_at).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// `POST …/roi-trang`: the page was left.
pub async fn leave(context: PageContext, Path(case_id): Path<String>, Query(query): Query<HashMap<String, String>>) -> Result<StatusCode> {
    let (case, account_id, mine) = seen(&context, &case_id).await?;
    if mine.is_some() {
        let mut tx = context.portal.db().write().await?;
        viewers::remove(&mut tx, &case.id, &account_id, page_at(&context, &query)).await?;
        tx.commit().await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// The case, who looks, and their mark.
async fn seen(context: &PageContext, case_id: &str) -> Result<(Case, String, Option<Viewer>)> {
    check(&context.actor, Action::UseDesk)?;
    let account_id = context.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let mut tx: Tx = context.portal.db().read().await?;
    let case = actions::seen(&mut tx, &context.actor, case_id).await?;
    let known = viewers::of_body(&mut tx, &case.body_id, context.now).await?;
    let mine = known.into_iter().find(|viewer| viewer.case_id == case.id && viewer.account_id == account_id);
    Ok((case, account_id, mine))
}

/// Marks that have ended go.
pub async fn forget_ended(tx: &mut Tx, now: DateTime<Utc>) -> Result<()> {
    viewers::forget_ended(tx, now).await
}
