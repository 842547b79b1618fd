//! What the forms of a visit send.

use super::DESK;
use super::actions::sessions::seen;
use super::actions::visits::{self as actions, CaseOf, NewVisit, Written};
use super::desk_forms::TEXT_CHARS_MAX;
use super::look::{day_field, number_field};
use super::rules::{Refusal, Rules, Unrepresented, may_represent};
use super::store::bookings;
use super::store::sessions::Reception;
use super::store::visits::{Paper, Visit, VisitPerson};
use super::visit_pages::{BOOKING, KINDS, OTHER, Seen, TOKEN, filed_page, new_page, seen_visit, visit_page};
use crate::accounts::keep_form_and_sign_in;
use crate::db::Tx;
use crate::device::is_token;
use crate::error::{AppError, Result};
use crate::filing::rules::{ADDRESS_CHARS_MAX, BODY_CHARS_MAX, NAME_CHARS_MAX, TITLE_CHARS_MAX, is_area, phone_field};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::actions::Act;
use crate::petitions::code::CaseCode;
use crate::petitions::rules::Kind;
use crate::petitions::store::by_code_hash;
use crate::ui::{PageContext, see_other};
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

/// Longest number of an identity paper.
const ID_CHARS_MAX: usize = 30;
/// Most people of one visit.
const PEOPLE_MAX: i64 = 10_000;
/// Most papers of one visit.
const PAPERS_MAX: usize = 50;
/// Longest list of papers or representatives, in characters.
const LIST_CHARS_MAX: usize = 4_000;

/// `POST /can-bo/tiep-dan/ngay/{id}/luot`
///
/// # Errors
/// [`AppError::Conflict`] for a session that has not come or was missed.
pub async fn enter(context: PageContext, Path(id): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let mut tx = context.portal.db().write().await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    let row = seen(&mut act, &id).await?;
    check(act.actor, Action::KeepReceptions(&row.body_id))?;
    let token = form.value(TOKEN).to_owned();
    let visit = if is_token(&token) { actions::entered(&mut act, &token).await? } else { None };
    let (visit, is_new_case) = match visit {
        // Sent again: the page of the first time, whatever the form says now.
        Some(visit) => (visit, form.value("case_mode") == "new"),
        None => {
            let new = visit_of(&context, act.tx, &row, &mut form).await?;
            let Some(new) = new.filter(|_| form.is_valid()) else {
                drop(tx);
                return Ok(new_page(&context, &row, &form, StatusCode::UNPROCESSABLE_ENTITY));
            };
            let visit = actions::enter(&mut act, &row, &new).await?;
            (visit, matches!(new.case, CaseOf::New(_)))
        }
    };
    let code = actions::code(&token);
    let is_its_case = match by_code_hash(act.tx, &code.hash()).await? {
        Some(case) => is_new_case && visit.case_id.as_deref() == Some(case.id.as_str()),
        None => false,
    };
    tx.commit().await?;
    if is_its_case {
        return Ok(filed_page(&context, &row, &visit, &code));
    }
    Ok(see_other(&format!("{}#so", context.href(&format!("{DESK}/ngay/{id}")))))
}

/// Reads the form of a visit; what is wrong stands in the form afterwards.
async fn visit_of(context: &PageContext, tx: &mut Tx, row: &Reception, form: &mut FormState) -> Result<Option<NewVisit>> {
    let kind = match form.value("kind") {
        OTHER => Some(None),
        code => KINDS.into_iter().find(|kind| kind.code() == code).map(Some),
    };
    if kind.is_none() {
        form.wrong("kind", "reception.choose.missing");
    }
    let person = person(form);
    let people = number_field(form, "people", 1..=PEOPLE_MAX);
    let same_people = number_field(form, "same_people", 0..=PEOPLE_MAX);
    group(form, context.directory.reception_rules(), people, &person, row);
    let case = case_of(context, tx, form, kind.flatten()).await?;
    let refusal = Refusal::from_code(form.value("refusal"));
    let earlier_no = earlier(tx, form, row).await?;
    let papers = papers(form);
    let token = form.value(TOKEN).to_owned();
    if !is_token(&token) {
        return Err(AppError::BadRequest("the form has no token"));
    }
    let Some(kind) = kind else { return Ok(None) };
    Ok(Some(NewVisit {
        token,
        booking_id: Some(form.value(BOOKING).to_owned()).filter(|id| !id.is_empty()),
        kind,
        people,
        same_people,
        earlier_no,
        is_competent: form.is_ticked("is_competent"),
        is_read_back: form.is_ticked("is_read_back") && matches!(case, CaseOf::New(_)),
        person,
        papers,
        case,
        refusal,
    }))
}

fn person(form: &mut FormState) -> VisitPerson {
    VisitPerson {
        name: form.required("name", "reception.book.name_missing", NAME_CHARS_MAX),
        address: form.required("address", "filing.address.missing", ADDRESS_CHARS_MAX),
        id_number: form.optional("id_number", ID_CHARS_MAX),
        content: form.required("content", "reception.visit.content_missing", BODY_CHARS_MAX),
        representatives: form.optional("representatives", LIST_CHARS_MAX),
        is_locked: false,
    }
}

fn group(form: &mut FormState, rules: &Rules, people: i64, person: &VisitPerson, row: &Reception) {
    let chosen = person.representatives.lines().filter(|line| !line.trim().is_empty()).count();
    let chosen = i64::try_from(chosen).unwrap_or(i64::MAX);
    match may_represent(rules, people, chosen, row.day) {
        Ok(()) => {}
        Err(Unrepresented::Nobody) => form.wrong("representatives", "reception.visit.representatives_missing"),
        Err(Unrepresented::MoreThanCame) => form.wrong("representatives", "reception.visit.representatives_more"),
        Err(Unrepresented::TooMany(max)) => {
            form.wrong_with("representatives", "reception.visit.representatives_many", vec![("people", people.to_string()), ("max", max.to_string())]);
        }
    }
}

/// The number of an earlier visit of this year in the same matter: it must be there.
async fn earlier(tx: &mut Tx, form: &mut FormState, row: &Reception) -> Result<Option<i64>> {
    let typed = form.value("earlier_no").to_owned();
    if typed.is_empty() {
        return Ok(None);
    }
    let no: Option<i64> = typed.parse().ok();
    let known = match no {
        Some(no) => super::store::visits::by_no(tx, &row.body_id, i64::from(chrono::Datelike::year(&row.day)), no).await?,
        None => None,
    };
    if known.is_none() {
        form.wrong("earlier_no", "reception.visit.earlier_missing");
    }
    Ok(known.map(|visit| visit.no))
}

/// One paper a line: what it is; original or copy, condition.
fn papers(form: &mut FormState) -> Vec<Paper> {
    let typed = form.optional("papers", LIST_CHARS_MAX);
    let lines = typed.lines().map(str::trim).filter(|line| !line.is_empty());
    let of = |line: &str| {
        let (name, state) = line.split_once(';').unwrap_or((line, ""));
        Paper { name: name.trim().to_owned(), state: state.trim().to_owned() }
    };
    let papers: Vec<Paper> = lines.map(of).collect();
    if papers.len() > PAPERS_MAX {
        form.wrong_with("papers", "reception.visit.papers_many", vec![("max", PAPERS_MAX.to_string())]);
    }
    papers
}

async fn case_of(context: &PageContext, tx: &mut Tx, form: &mut FormState, kind: Option<Kind>) -> Result<CaseOf> {
    let case = match form.value("case_mode") {
        "known" => {
            let code = CaseCode::parse(form.value("case_code"));
            let case = match code {
                Some(code) => by_code_hash(tx, &code.hash()).await?,
                None => None,
            };
            match case {
                Some(case) => CaseOf::Known(case.id),
                None => {
                    form.wrong("case_code", "reception.book.case_code_wrong");
                    CaseOf::None
                }
            }
        }
        "booked" => {
            let booking = bookings::by_id(tx, form.value(BOOKING)).await?;
            booking.and_then(|booking| booking.case_id).map_or(CaseOf::None, CaseOf::Known)
        }
        "new" => written(context, form, kind),
        _ => CaseOf::None,
    };
    if kind == Some(Kind::Denunciation) && case == CaseOf::None && form.error("case_code", context.lang).is_none() {
        form.wrong("case_mode", "reception.visit.denunciation_case");
    }
    Ok(case)
}

/// What is asked for a petition that is written down for somebody.
fn written(context: &PageContext, form: &mut FormState, kind: Option<Kind>) -> CaseOf {
    if kind.is_none() {
        form.wrong("kind", "reception.visit.case_kind");
    }
    let title = form.required("title", "filing.title.missing", TITLE_CHARS_MAX);
    let area_code = form.value("area").to_owned();
    if !is_area(&context.directory, &context.portal.settings().province_code, &area_code) {
        form.wrong("area", "filing.area.missing");
    }
    let phone = phone_field(form, TEXT_CHARS_MAX);
    if !form.is_ticked("is_read_back") {
        form.wrong("is_read_back", "reception.visit.read_back_missing");
    }
    CaseOf::New(Box::new(Written { title, area_code, phone, may_publish: form.is_ticked("may_publish") }))
}

/// `POST /can-bo/tiep-dan/luot/{id}`
///
/// # Errors
/// [`AppError::Conflict`] for a visit that has changed since the page was shown.
pub async fn act(context: PageContext, Path(id): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let seen = seen_visit(&context, &id).await?;
    check(&context.actor, Action::KeepReceptions(&seen.visit.body_id))?;
    if form.value("version").parse() != Ok(seen.visit.version) {
        return Err(AppError::Conflict);
    }
    if step(&context, &seen, &mut form).await? {
        return Ok(see_other(&context.href(&format!("{DESK}/luot/{id}"))));
    }
    Ok(visit_page(&context, &seen, &form, StatusCode::UNPROCESSABLE_ENTITY))
}

/// Takes the step of a form; false where something is wrong.
async fn step(context: &PageContext, seen: &Seen, form: &mut FormState) -> Result<bool> {
    let is_notice = form.value("action") == "sent";
    let (number, sent_on) = if is_notice {
        let number = form.required("number", "reception.refusal.number_missing", TEXT_CHARS_MAX);
        let on = day_field(form, "sent_on");
        if on.is_some_and(|on| on > context.today || on < seen.visit.day) {
            form.wrong("sent_on", "reception.refusal.day_wrong");
        }
        (number, on)
    } else {
        (String::new(), None)
    };
    let visit = Visit {
        resolved_by: form.optional("resolved_by", TEXT_CHARS_MAX),
        is_competent: form.is_ticked("is_competent"),
        guided_to: form.optional("guided_to", TEXT_CHARS_MAX),
        handled_by: form.optional("handled_by", TEXT_CHARS_MAX),
        result: form.optional("result", LIST_CHARS_MAX),
        note: form.optional("note", LIST_CHARS_MAX),
        ..seen.visit.clone()
    };
    if !form.is_valid() {
        return Ok(false);
    }
    let mut tx = context.portal.db().write().await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    match sent_on {
        Some(on) => actions::send_refusal(&mut act, &seen.visit, &number, on).await?,
        None => actions::follow_up(&mut act, &visit).await?,
    }
    tx.commit().await?;
    Ok(true)
}
