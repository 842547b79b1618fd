//! `/can-bo/cap-duoi`: what those below are late with, for the authority above them. Of a case it shows which step is late, since when
//! and with whom, and what was done about it – not what the citizen wrote, nor who they are.

use super::above::period;
use super::islands::DeskKeys;
use crate::accounts::session::FLASH;
use crate::actor::Official;
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::letters::store as letters;
use crate::letters::views::{For, list as letter_list};
use crate::permissions::{Action, check};
use crate::petitions::escalating::seat;
use crate::petitions::rules::{Case, Kind};
use crate::petitions::store;
use crate::petitions::store::escalations::{self, Escalated};
use crate::ui::{Icon, Page, PageContext, Section, icon, table};
use crate::words::Lang;
use axum::extract::{Path, Query};
use axum::response::Response;
use chrono::NaiveDate;
use leptos::prelude::*;
use std::collections::HashMap;
use tower_sessions::Session;

/// Rows on one page.
const PAGE_ROWS: i64 = 50;

/// A late step below with its case.
struct Below {
    row: Escalated,
    case: Case,
}

/// The authority somebody supervises others from.
fn above(context: &PageContext) -> Result<(&Official, String)> {
    check(&context.actor, Action::UseDesk)?;
    let official = context.actor.official().ok_or(AppError::SignInNeeded)?;
    let body_id = official.body_id().ok_or(AppError::NotFound)?.to_owned();
    check(&context.actor, Action::SeeMatters(&body_id))?;
    Ok((official, body_id))
}

/// The rows of a page and where the next one begins. Whoever a case is about does not find it here either.
async fn rows(tx: &mut Tx, context: &PageContext, body_id: &str, after: &(NaiveDate, String)) -> Result<(Vec<Below>, Option<String>)> {
    let rows = escalations::before_body(tx, body_id, after, PAGE_ROWS).await?;
    let next = (i64::try_from(rows.len()).unwrap_or(0) == PAGE_ROWS).then(|| rows.last().map(|row| format!("{}~{}", row.put_on, row.case_id))).flatten();
    let mut below = Vec::new();
    for row in rows {
        let Some(case) = store::by_id(tx, &row.case_id).await? else { continue };
        let is_late = case.procedure().owed().any(|clock| clock.code == row.clock && clock.last_day == row.last_day && clock.is_late(context.today));
        if is_late && case.body_id != body_id && check(&context.actor, Action::Supervise(&case, body_id)).is_ok() {
            below.push(Below { row, case });
        }
    }
    Ok((below, next))
}

/// The row a page of such a list begins behind, as its address says it: `sau=2026-11-20~ID`. Without one, the first.
pub fn row_after(query: &HashMap<String, String>) -> (NaiveDate, String) {
    let after = query.get("sau").and_then(|code| code.split_once('~')).and_then(|(day, id)| Some((day.parse().ok()?, id.to_owned())));
    after.unwrap_or_else(|| (super::queue::first_day(), String::new()))
}

/// `GET /can-bo/cap-duoi`.
pub async fn show(context: PageContext, Query(query): Query<HashMap<String, String>>) -> Result<Response> {
    let (_, body_id) = above(&context)?;
    let after = row_after(&query);
    let mut tx = context.portal.db().read().await?;
    let (below, next) = rows(&mut tx, &context, &body_id, &after).await?;
    drop(tx);
    let lang = context.lang;
    Ok(Page::new(&context, Section::Desk, lang.t("escalation.below.title")).main_class("wrap wide page stack-l").islands().render(|| {
        let body = if below.is_empty() {
            view! {
                <div class="empty">{icon(Icon::Check)}<p><b>{lang.t("escalation.below.none")}</b></p><p class="muted">{lang.t("escalation.below.none_text")}</p></div>
            }
            .into_any()
        } else {
            let heads = ["escalation.below.case", "escalation.below.agency", "escalation.below.step", "escalation.below.late", "escalation.below.report"];
            table(lang, "escalation.below.title", &heads, below.iter().map(|below| line(&context, below)).collect())
        };
        let more = next.map(|code| {
            let href = context.href(&format!("/can-bo/cap-duoi?sau={code}"));
            view! { <nav class="pager"><a rel="next" class="btn btn-s" href=href>{lang.t("desk.pager.next")}{icon(Icon::Next)}</a></nav> }
        });
        view! {
            <div class="stack-s">
                <h1>{lang.t("escalation.below.title")}</h1>
                <p class="muted">{lang.t("escalation.below.lead")}</p>
            </div>
            {body}
            {more}
            <DeskKeys />
        }
        .into_any()
    }))
}

fn line(context: &PageContext, below: &Below) -> AnyView {
    let href = context.href(&format!("/can-bo/cap-duoi/{}", below.case.id));
    let report = view! { <td data-label=context.lang.t("escalation.below.report")>{report_state(context, &below.row)}</td> };
    late_row(context, (&below.row, &below.case), href, report.into_any())
}

/// A late step in a table: which case, who is late with what, how long; `more` holds the cells that follow.
pub fn late_row(context: &PageContext, (row, case): (&Escalated, &Case), href: String, more: AnyView) -> AnyView {
    let lang = context.lang;
    view! {
        <tr>
            <th scope="row"><a href=href>{called(context, case)}</a></th>
            <td data-label=lang.t("escalation.below.agency")>{context.directory.agency_name(&row.agency_id).to_owned()}</td>
            <td data-label=lang.t("escalation.below.step")>{period(context, row)}</td>
            <td class="num" data-label=lang.t("escalation.below.late")><span class="clock late">{late_words(context, row)}</span></td>
            {more}
        </tr>
    }
    .into_any()
}

/// "Khiếu nại nhận ngày 20/11/2026, xã Phủ Thông": all that the superior needs to name it, and nothing of a sender.
pub fn called(context: &PageContext, case: &Case) -> String {
    called_by(context, case.kind, case.received_on, &case.area_code)
}

/// The same where there is no more of a case than that.
pub fn called_by(context: &PageContext, kind: Kind, received_on: NaiveDate, area_code: &str) -> String {
    let lang = context.lang;
    let area = context.directory.area_name(area_code);
    lang.f("escalation.below.called", &[("kind", lang.t(kind.key())), ("day", &lang.day_short(received_on)), ("area", area)])
}

/// "quá 12 ngày".
pub fn late_words(context: &PageContext, row: &Escalated) -> String {
    let days = (context.today - row.last_day).num_days();
    context.lang.n("escalation.below.days_one", "escalation.below.days_many", days)
}

/// Where demand and report stand, in words and colour.
fn report_state(context: &PageContext, row: &Escalated) -> AnyView {
    let lang = context.lang;
    let by = |day: Option<NaiveDate>, key: &'static str, plain: &'static str| match day {
        Some(day) => (if context.today > day { "clock late" } else { "clock soon" }, lang.f(key, &[("day", &lang.day_short(day))])),
        None => ("clock plain", lang.t(plain).to_owned()),
    };
    let (class, words) = match (row.demanded_on, row.reported_on) {
        (_, Some(day)) => ("clock ok", lang.f("escalation.state.reported", &[("day", &lang.day_short(day))])),
        (Some(_), None) => by(row.report_by, "escalation.state.report_by", "escalation.state.demanded"),
        (None, None) => by(row.demand_by, "escalation.state.demand_by", "escalation.state.open"),
    };
    view! { <span class=class>{words}</span> }.into_any()
}

/// `GET /can-bo/cap-duoi/{id}`: one of them.
pub async fn one(context: PageContext, session: Session, Path(case_id): Path<String>) -> Result<Response> {
    above(&context)?;
    let mut tx = context.portal.db().read().await?;
    let seat = seat(&mut tx, &context.actor, &case_id).await?;
    if !seat.is_above() {
        return Err(AppError::NotFound);
    }
    let body_id = seat.desk.body_id.clone();
    let mut rows = escalations::of_case(&mut tx, &case_id).await?;
    rows.retain(|row| row.to_body_id == body_id);
    let mut written = letters::of_case(&mut tx, &case_id).await?;
    written.retain(|letter| letter.body_id == body_id);
    let reports = reports(&mut tx, &case_id).await?;
    drop(tx);
    let flash: Option<String> = session.remove(FLASH).await.map_err(AppError::internal)?;
    let lang = context.lang;
    let told = flash.as_deref().and_then(super::letters::forms::told);
    let may_draft = check(&context.actor, Action::DraftLetter(&seat.desk)).is_ok();
    Ok(Page::new(&context, Section::Desk, called(&context, &seat.case)).islands().render(|| {
        let lines: Vec<_> = rows.iter().map(|row| put_line(&context, row)).collect();
        let remind = context.href(&format!("/can-bo/don/{case_id}/soan/reminder"));
        view! {
            <div class="stack">
                <a class="back" href=context.href("/can-bo/cap-duoi")>{icon(Icon::Back)}{lang.t("escalation.below.back")}</a>
                {told.map(|key| crate::ui::flash_line(lang.t(key).to_owned()))}
                <h1>{called(&context, &seat.case)}</h1>
                <p class="row"><span class="tag">{lang.t(seat.case.kind.key())}</span><span class="tag">{context.directory.agency_name(&seat.case.body_id).to_owned()}</span></p>
                <p class="muted">{lang.t("escalation.below.only")}</p>
            </div>
            <div class="stack">{lines}</div>
            {may_draft.then(|| view! { <p><a class="btn btn-main" href=remind>{lang.t("own_letters.do.reminder")}</a></p> })}
            {letter_list(&context, &written, For::Officials)}
            {said(lang, &reports)}
            <DeskKeys />
        }
        .into_any()
    }))
}

fn put_line(context: &PageContext, row: &Escalated) -> AnyView {
    let lang = context.lang;
    view! {
        <section class="card stack-s">
            <p><b>{period(context, row)}</b></p>
            <p class="row"><span class="clock late">{late_words(context, row)}</span>{report_state(context, row)}</p>
            <p class="small muted num">
                {lang.f("escalation.below.put", &[("day", &lang.day_short(row.last_day)), ("agency", context.directory.agency_name(&row.agency_id)), ("on", &lang.day_short(row.put_on))])}
            </p>
        </section>
    }
    .into_any()
}

/// What the authority reported, in the order it did.
async fn reports(tx: &mut Tx, case_id: &str) -> Result<Vec<String>> {
    let notes = store::parts::notes(tx, case_id).await?;
    let history = store::history(tx, case_id, 0).await?;
    let ids: Vec<String> = history
        .into_iter()
        .filter_map(|entry| match entry.event {
            crate::petitions::rules::Event::Escalation(crate::petitions::escalation::Escalation::Reported { note_id }) => Some(note_id),
            _ => None,
        })
        .collect();
    Ok(notes.into_iter().filter(|note| ids.contains(&note.id)).map(|note| note.body).collect())
}

fn said(lang: Lang, reports: &[String]) -> AnyView {
    let items: Vec<_> = reports.iter().map(|body| view! { <div class="quote text">{body.clone()}</div> }).collect();
    (!items.is_empty()).then(|| view! { <section class="stack"><h2 class="title-s">{lang.t("escalation.below.reports")}</h2>{items}</section> }).into_any()
}
