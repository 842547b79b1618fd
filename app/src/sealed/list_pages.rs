//! `/can-bo/mo-niem-phong`: every opening at an authority, for its head.

use super::store::{self, Listed};
use crate::error::{AppError, Result};
use crate::permissions::{Action, check};
use crate::petitions::store as petitions;
use crate::ui::{Icon, Page, PageContext, Section, empty, table};
use crate::vault::kept::{self, Purpose};
use axum::extract::Query;
use axum::response::Response;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use std::collections::HashMap;

/// Openings on a page.
const PAGE_ROWS: usize = 50;

/// An opening as it is shown.
struct Line {
    listed: Listed,
    reason: String,
}

/// `GET /can-bo/mo-niem-phong`; `?truoc=` goes on before a place.
pub async fn show(context: PageContext, Query(query): Query<HashMap<String, String>>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let official = context.actor.official().ok_or(AppError::SignInNeeded)?;
    let body_id = official.body_id().ok_or(AppError::NotFound)?;
    check(&context.actor, Action::SeeOpenings(body_id))?;
    let before = query.get("truoc").and_then(|text| place(text)).unwrap_or((far(), String::new()));
    let mut tx = context.portal.db().read().await?;
    let limit = i64::try_from(PAGE_ROWS).unwrap_or(i64::MAX);
    let rows = store::of_body(&mut tx, body_id, &before, limit + 1).await?;
    let next = rows.get(PAGE_ROWS - 1).filter(|_| rows.len() > PAGE_ROWS).map(|last| format!("{}-{}", last.opening.at.timestamp_micros(), last.opening.id));
    let mut lines = Vec::new();
    for listed in rows.into_iter().take(PAGE_ROWS) {
        // What is about the head is none of the head's.
        let case = petitions::by_id(&mut tx, &listed.opening.case_id).await?;
        if case.is_none_or(|case| check(&context.actor, Action::See(&case)).is_err()) {
            continue;
        }
        let kept = kept::get::<String>(&mut tx, Purpose::Note, &listed.opening.note_id).await?;
        let reason = if kept.is_locked() { context.lang.t("sealed.locked").to_owned() } else { kept.open().unwrap_or_default() };
        lines.push(Line { listed, reason });
    }
    drop(tx);
    let (lang, title) = (context.lang, context.lang.t("sealed.list.title"));
    Ok(Page::new(&context, Section::Other, title).desk().main_class("wrap wide page stack-l").render(|| {
        let list = if lines.is_empty() {
            empty(Icon::Lock, lang.t("sealed.list.none").to_owned(), lang.t("sealed.list.none_text"), ().into_any())
        } else {
            let heads = ["record.deeds.at", "record.deeds.who", "sealed.list.what", "sealed.list.duty", "sealed.list.reason"];
            table(lang, "sealed.list.title", &heads, lines.iter().map(|line| row(&context, line)).collect())
        };
        view! {
            <div class="stack-s">
                <h1 class="title-s">{title}</h1>
                <p class="muted">{context.directory.agency_name(body_id).to_owned()}". "{lang.t("sealed.list.lead")}</p>
            </div>
            {list}
            {next.map(|next| view! { <p><a href=format!("{}?truoc={next}", lang.href(super::LIST))>{lang.t("record.deeds.older")}</a></p> })}
        }
        .into_any()
    }))
}

/// Later than anything that was opened.
fn far() -> DateTime<Utc> {
    DateTime::from_timestamp(253_402_300_000, 0).unwrap_or_default()
}

/// A place in the list as its address has it: microseconds, a hyphen, the opening's id.
fn place(text: &str) -> Option<(DateTime<Utc>, String)> {
    let (micros, id) = text.split_once('-')?;
    Some((DateTime::from_timestamp_micros(micros.parse().ok()?)?, id.to_owned()))
}

fn row(context: &PageContext, line: &Line) -> AnyView {
    let (lang, opening) = (context.lang, &line.listed.opening);
    let href = context.href(&format!("/can-bo/don/{}", opening.case_id));
    view! {
        <tr>
            <td data-label=lang.t("record.deeds.at") class="num nowrap">{lang.time(opening.at)}</td>
            <th scope="row" data-label=lang.t("record.deeds.who")>{line.listed.account_name.clone().unwrap_or_default()}</th>
            <td data-label=lang.t("sealed.list.what")><a href=href>{lang.t(opening.what.key())}</a></td>
            <td data-label=lang.t("sealed.list.duty")>{lang.t(opening.duty.key())}</td>
            <td data-label=lang.t("sealed.list.reason") class="break">{line.reason.clone()}</td>
        </tr>
    }
    .into_any()
}
