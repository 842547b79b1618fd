//! Late steps before those above, on the page of a case: before whom, since when, what was demanded, and the report.

use super::forms::{REASON_CHARS_MAX, Sent};
use super::step_forms::Around;
use crate::accounts::keep_form_and_sign_in;
use crate::accounts::session::FLASH;
use crate::agencies::Directory;
use crate::deadlines::telling::purpose_of;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::actions::{Act, seen};
use crate::petitions::escalating::report;
use crate::petitions::escalation::{Escalation, Level};
use crate::petitions::store::escalations::Escalated;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, PageContext, icon, see_other, text_area};
use crate::words::Lang;
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use tower_sessions::Session;

/// Field of the report.
const REPORT: &str = "report_above";

/// What stands above the facts of a case with a late step that others know of.
pub fn notice(around: Around<'_>) -> AnyView {
    let (context, file) = (around.context, around.file);
    let lang = context.lang;
    let open: Vec<&Escalated> = file.escalations.iter().filter(|row| row.settled_on.is_none() && file.case.is_open).collect();
    // A report that came back keeps its words, whatever happened to the case in the meantime.
    let came_back = around.look.report_form.is_some();
    if open.is_empty() && !came_back {
        return ().into_any();
    }
    let lines: Vec<_> = open.iter().map(|row| view! { <li>{line(context, row)}</li> }).collect();
    let owes = open.iter().any(|row| row.demanded_on.is_some() && row.reported_on.is_none());
    let form = ((owes || came_back) && check(&context.actor, Action::ReportAbove(&file.case)).is_ok()).then(|| report_form(around));
    view! {
        <div class="notice warn" id="bao-cap-tren">
            {icon(Icon::Warning)}
            <div class="stack-s"><b>{lang.t("escalation.notice")}</b><ul class="small">{lines}</ul>{form}</div>
        </div>
    }
    .into_any()
}

/// "Thời hạn K3 hết ngày …: đã báo UBND tỉnh ngày …, yêu cầu báo cáo chậm nhất …".
fn line(context: &PageContext, row: &Escalated) -> String {
    let lang = context.lang;
    let (step, day, on) = (period(context, row), lang.day_short(row.last_day), lang.day_short(row.put_on));
    let put = [("step", step.as_str()), ("day", &day), ("to", context.directory.agency_name(&row.to_body_id)), ("on", &on)];
    let first = lang.f(if row.level == Level::Head { "escalation.line.head" } else { "escalation.line.superior" }, &put);
    match (row.demanded_on, row.report_by, row.reported_on) {
        (_, _, Some(day)) => format!("{first} {}", lang.f("escalation.line.reported", &[("day", &lang.day_short(day))])),
        (Some(on), Some(by), None) => {
            format!("{first} {}", lang.f("escalation.line.demanded_by", &[("on", &lang.day_short(on)), ("by", &lang.day_long(by))]))
        }
        (Some(on), None, None) => format!("{first} {}", lang.f("escalation.line.demanded", &[("on", &lang.day_short(on))])),
        _ => first,
    }
}

/// The missed legal period by its name.
pub fn period(context: &PageContext, row: &Escalated) -> String {
    purpose_of(context.lang, context.directory.deadline_rules(), &row.clock)
}

fn report_form(around: Around<'_>) -> AnyView {
    let (context, file) = (around.context, around.file);
    let lang = context.lang;
    let form = around.look.report_form.clone().unwrap_or_default();
    let look = FieldLook { label: "escalation.report.label", hint: Some("escalation.report.hint"), chars_max: Some(REASON_CHARS_MAX), ..FieldLook::default() };
    view! {
        <form method="post" action=context.href(&format!("/can-bo/don/{}/bao-cao", file.case.id)) class="stack-s">
            {text_area(lang, &form, REPORT, 3, look)}
            <p class="row"><button class="btn btn-s btn-main">{lang.t("escalation.report.button")}</button></p>
        </form>
    }
    .into_any()
}

/// `POST /can-bo/don/{id}/bao-cao`: the late authority reports to the superior that demanded it.
pub async fn send_report(context: PageContext, session: Session, Path(case_id): Path<String>, sent: Sent) -> Result<Response> {
    let Form(pairs) = sent.map_err(|_| AppError::BadRequest("not a form"))?;
    let mut form = FormState::from_pairs(pairs);
    let Some(official) = context.actor.official() else { return Ok(keep_form_and_sign_in(&context, &form)) };
    let place = super::place::Place::at(super::queue::home_scope(official));
    let mut tx = context.portal.db().write().await?;
    let case = seen(&mut tx, &context.actor, &case_id).await?;
    check(&context.actor, Action::ReportAbove(&case))?;
    let words = form.required(REPORT, "escalation.report.missing", REASON_CHARS_MAX);
    let status = if form.is_valid() {
        match report(&mut Act { tx: &mut tx, portal: &context.portal, actor: &context.actor }, &case, &words).await {
            Ok(_) => {
                tx.commit().await?;
                session.insert(FLASH, REPORTED).await.map_err(AppError::internal)?;
                return Ok(see_other(&context.href(&format!("/can-bo/don/{case_id}"))));
            }
            // Reported a moment ago, or nothing was demanded.
            Err(AppError::Conflict) => {
                form.wrong(REPORT, "escalation.report.gone");
                StatusCode::CONFLICT
            }
            Err(error) => return Err(error),
        }
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    drop(tx);
    let mut tx = context.portal.db().read().await?;
    let file = super::case::CaseFile::load(&mut tx, &context, &case_id).await?;
    drop(tx);
    let look = super::look::Look { report_form: Some(form), ..super::look::Look::default() };
    super::forms::again(&context, file, look, &place, status).await
}

const REPORTED: &str = "bao-cao-cap-tren";

/// Key of the sentence of a flash that this file left.
pub fn told(flash: &str) -> Option<&'static str> {
    (flash == REPORTED).then_some("escalation.report.done")
}

/// What the record says of it, for officials; `who` did it.
pub fn sentence(lang: Lang, directory: &Directory, who: &str, escalation: &Escalation) -> String {
    match escalation {
        Escalation::Put { level, clock, last_day, agency_id, to_body_id } => {
            let key = if *level == Level::Head { "escalation.event.head" } else { "escalation.event.superior" };
            let step = purpose_of(lang, directory.deadline_rules(), clock);
            let day = lang.day_short(*last_day);
            lang.f(key, &[("step", &step), ("day", &day), ("agency", directory.agency_name(agency_id)), ("to", directory.agency_name(to_body_id))])
        }
        Escalation::Demanded { by_body_id, report_by: Some(by), .. } => {
            lang.f("escalation.event.demanded_by", &[("to", directory.agency_name(by_body_id)), ("by", &lang.day_short(*by))])
        }
        Escalation::Demanded { by_body_id, .. } => lang.f("escalation.event.demanded", &[("to", directory.agency_name(by_body_id))]),
        Escalation::Reported { .. } => lang.f("escalation.event.reported", &[("who", who)]),
    }
}
