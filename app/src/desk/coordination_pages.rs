//! `/can-bo/phoi-hop`: what other authorities ask of this one, or of its unit. Of a case it shows the question and the words of the petition – not who
//! sent it, nor papers, nor what the authority that has it wrote.

use super::above_pages::{called, called_by, row_after};
use super::coordination::words;
use super::forms::{REASON_CHARS_MAX, Sent};
use crate::accounts::keep_form_and_sign_in;
use crate::accounts::session::FLASH;
use crate::actor::Official;
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, QueueScope, check, is_about_party, queue_scope};
use crate::petitions::actions::Act;
use crate::petitions::coordinating::{self, part_of};
use crate::petitions::coordination::Coordination;
use crate::petitions::rules::Case;
use crate::petitions::store::coordinations::{Waiting, waiting_for};
use crate::petitions::store::parts::{self, CaseText, Note};
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, error_summary, icon, see_other, table, text_area};
use axum::extract::{Form, Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use leptos::prelude::*;
use std::collections::HashMap;
use tower_sessions::Session;

/// The page's address.
const PATH: &str = "/can-bo/phoi-hop";
/// Rows on one page.
const PAGE_ROWS: i64 = 50;
/// Rows counted for the line at the desk; more are said to be so many.
const COUNTED_MAX: i64 = 50;
/// Field of the opinion.
const OPINION: &str = "opinion";
/// What tells the list that an opinion was just sent.
const SENT: &str = "y-kien-da-gui";

/// The authority somebody works for and, of a handler, their unit: where questions for them are looked for.
fn asked_at(official: &Official) -> Option<(String, Option<String>)> {
    match queue_scope(official) {
        QueueScope::Body(body_id) => Some((body_id, None)),
        QueueScope::Unit { body_id, unit_id, .. } => Some((body_id, Some(unit_id))),
        QueueScope::Nothing => None,
    }
}

/// What waits for an official, the most urgent first, and where the next page begins. A case about themselves is not among them.
async fn waiting(tx: &mut Tx, official: &Official, after: &(NaiveDate, String), limit: i64) -> Result<(Vec<Waiting>, Option<String>)> {
    let Some((body_id, unit_id)) = asked_at(official) else { return Ok((Vec::new(), None)) };
    let mut rows = waiting_for(tx, (&body_id, unit_id.as_deref()), after, limit).await?;
    let next = (i64::try_from(rows.len()).unwrap_or(0) == limit).then(|| rows.last().map(|row| format!("{}~{}", row.answer_by, row.id))).flatten();
    rows.retain(|row| !is_about_party(official, &row.barred));
    Ok((rows, next))
}

/// How much waits for whoever looks, and how much of it is late.
pub async fn counts(tx: &mut Tx, context: &PageContext) -> Result<(i64, i64)> {
    let Some(official) = context.actor.official() else { return Ok((0, 0)) };
    let (rows, _) = waiting(tx, official, &(super::queue::first_day(), String::new()), COUNTED_MAX).await?;
    let late = rows.iter().filter(|row| row.answer_by < context.today).count();
    Ok((i64::try_from(rows.len()).unwrap_or(i64::MAX), i64::try_from(late).unwrap_or(i64::MAX)))
}

/// The line above the queue that leads to them; nothing if nothing waits.
pub fn lead_line(context: &PageContext, (all, late): (i64, i64)) -> AnyView {
    if all == 0 {
        return ().into_any();
    }
    let lang = context.lang;
    let late =
        (late > 0).then(|| view! { " "<span class="clock late">{lang.n("coordination.lead_line.late_one", "coordination.lead_line.late_many", late)}</span> });
    view! { <p class="notice info" id="cho-y-kien">{icon(Icon::Agency)}<span><a href=context.href(PATH)>{lang.n("coordination.lead_line.one", "coordination.lead_line.many", all)}</a>{late}</span></p> }
        .into_any()
}

/// `GET /can-bo/phoi-hop`.
pub async fn show(context: PageContext, session: Session, Query(query): Query<HashMap<String, String>>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let official = context.actor.official().ok_or(AppError::SignInNeeded)?;
    check(&context.actor, Action::SeeAsked(official.body_id().ok_or(AppError::NotFound)?))?;
    let after = row_after(&query);
    let mut tx = context.portal.db().read().await?;
    let (rows, next) = waiting(&mut tx, official, &after, PAGE_ROWS).await?;
    drop(tx);
    let flash: Option<String> = session.remove(FLASH).await.map_err(AppError::internal)?;
    let lang = context.lang;
    Ok(Page::new(&context, Section::Desk, lang.t("coordination.asked.title")).main_class("wrap wide page stack-l").render(|| {
        let body = if rows.is_empty() {
            view! { <div class="empty">{icon(Icon::Check)}<p><b>{lang.t("coordination.asked.none")}</b></p><p class="muted">{lang.t("coordination.asked.none_text")}</p></div> }
                .into_any()
        } else {
            let heads = ["coordination.asked.case", "coordination.asked.by", "coordination.asked.of", "coordination.asked.until"];
            table(lang, "coordination.asked.title", &heads, rows.iter().map(|row| table_row(&context, row)).collect())
        };
        let more = next.map(|code| {
            view! { <nav class="pager"><a rel="next" class="btn btn-s" href=context.href(&format!("{PATH}?sau={code}"))>{lang.t("desk.pager.next")}{icon(Icon::Next)}</a></nav> }
        });
        view! {
            <div class="stack-s">
                <a class="back" href=context.href("/can-bo")>{icon(Icon::Back)}{lang.t("desk.queue")}</a>
                {(flash.as_deref() == Some(SENT)).then(|| crate::ui::flash_line(lang.t("coordination.asked.sent").to_owned()))}
                <h1>{lang.t("coordination.asked.title")}</h1>
                <p class="muted">{lang.t("coordination.asked.lead")}</p>
            </div>
            {body}
            {more}
        }
        .into_any()
    }))
}

/// "chậm nhất 27/11/2026", late or not.
fn until(context: &PageContext, day: NaiveDate, is_late: bool) -> AnyView {
    let lang = context.lang;
    let (class, key) = if is_late { ("clock late", "coordination.state.late") } else { ("clock plain", "coordination.asked.by_day") };
    view! { <span class=class>{lang.f(key, &[("day", &lang.day_short(day))])}</span> }.into_any()
}

fn table_row(context: &PageContext, row: &Waiting) -> AnyView {
    let lang = context.lang;
    view! {
        <tr>
            <th scope="row"><a href=context.href(&format!("{PATH}/{}", row.id))>{called_by(context, row.kind, row.received_on, &row.area_code)}</a></th>
            <td data-label=lang.t("coordination.asked.by")>{context.directory.agency_name(&row.of_body_id).to_owned()}</td>
            <td data-label=lang.t("coordination.asked.of")>{context.directory.agency_name(&row.agency_id).to_owned()}</td>
            <td class="num" data-label=lang.t("coordination.asked.until")>{until(context, row.answer_by, row.answer_by < context.today)}</td>
        </tr>
    }
    .into_any()
}

/// `GET /can-bo/phoi-hop/{id}`.
pub async fn one(context: PageContext, Path(id): Path<String>) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let (case, coordination) = part_of(&mut tx, &context.actor, &id).await?;
    page(&mut tx, &context, (&case, &coordination), &FormState::default(), StatusCode::OK).await
}

/// `POST /can-bo/phoi-hop/{id}`: the agency's opinion.
pub async fn answer(context: PageContext, session: Session, Path(id): Path<String>, sent: Sent) -> Result<Response> {
    let Form(pairs) = sent.map_err(|_| AppError::BadRequest("not a form"))?;
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let mut tx = context.portal.db().write().await?;
    let (case, coordination) = part_of(&mut tx, &context.actor, &id).await?;
    let opinion = form.required(OPINION, "coordination.answer.missing", REASON_CHARS_MAX);
    let status = if form.is_valid() {
        match coordinating::answer(&mut Act { tx: &mut tx, portal: &context.portal, actor: &context.actor }, (&case, &coordination), &opinion).await {
            Ok(_) => {
                tx.commit().await?;
                session.insert(FLASH, SENT).await.map_err(AppError::internal)?;
                return Ok(see_other(&context.href(PATH)));
            }
            // Pressed twice, or a colleague was faster: the page shows what was said.
            Err(AppError::Conflict) => {
                form.wrong(OPINION, "coordination.answer.gone");
                StatusCode::CONFLICT
            }
            Err(error) => return Err(error),
        }
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    drop(tx);
    let mut tx = context.portal.db().read().await?;
    let (case, coordination) = part_of(&mut tx, &context.actor, &id).await?;
    page(&mut tx, &context, (&case, &coordination), &form, status).await
}

async fn page(tx: &mut Tx, context: &PageContext, (case, coordination): (&Case, &Coordination), form: &FormState, status: StatusCode) -> Result<Response> {
    let text = parts::for_officials(tx, case).await?;
    let notes = parts::notes(tx, &case.id).await?;
    let lang = context.lang;
    let title = called(context, case);
    Ok(Page::new(context, Section::Desk, title.clone()).status(status).render(|| {
        let given = coordination.opinion_id.as_deref().map(|id| {
            view! { <section class="stack-s"><h2 class="title-s">{lang.t("coordination.opinion")}</h2><div class="quote text break">{words(lang, &notes, id)}</div></section> }
        });
        view! {
            <div class="stack-s">
                <a class="back" href=context.href(PATH)>{icon(Icon::Back)}{lang.t("coordination.asked.title")}</a>
                {error_summary(lang, form)}
                <h1>{title}</h1>
                <p class="muted">{lang.t("coordination.asked.only")}</p>
            </div>
            {question(context, coordination, &notes)}
            {petition(context, &text)}
            {given}
            {(coordination.is_waiting() || !form.is_valid()).then(|| opinion_form(context, coordination, form))}
        }
        .into_any()
    }))
}

fn question(context: &PageContext, coordination: &Coordination, notes: &[Note]) -> AnyView {
    let lang = context.lang;
    let by = lang.f(
        "coordination.asked.question",
        &[("agency", context.directory.agency_name(&coordination.of_body_id)), ("day", &lang.day_short(coordination.asked_on))],
    );
    let until = coordination.is_waiting().then(|| view! { <p class="row">{until(context, coordination.answer_by, coordination.is_late(context.today))}</p> });
    view! { <section class="card stack-s"><h2 class="title-s">{by}</h2><div class="text break">{words(lang, notes, &coordination.note_id)}</div>{until}</section> }.into_any()
}

fn petition(context: &PageContext, text: &CaseText) -> AnyView {
    let lang = context.lang;
    let place = (!text.place.is_empty()).then(|| view! { <p class="small">{icon(Icon::Pin)}" "{text.place.clone()}</p> });
    view! {
        <section class="stack-s">
            <h2 class="title-s">{lang.t("coordination.asked.petition")}</h2>
            <p><b>{super::queue_view::title(lang, &text.title)}</b></p>
            <div class="quote text break">{text.body.clone()}</div>
            {place}
        </section>
    }
    .into_any()
}

fn opinion_form(context: &PageContext, coordination: &Coordination, form: &FormState) -> AnyView {
    let lang = context.lang;
    let look =
        FieldLook { label: "coordination.answer.label", hint: Some("coordination.answer.hint"), chars_max: Some(REASON_CHARS_MAX), ..FieldLook::default() };
    view! {
        <form method="post" action=context.href(&format!("{PATH}/{}", coordination.id)) class="card stack">
            {text_area(lang, form, OPINION, 6, look)}
            <p class="row"><button class="btn btn-main">{lang.t("coordination.answer.button")}</button></p>
        </form>
    }
    .into_any()
}
