//! Phối hợp, for whoever has the case: who was asked for their part, what they answered, asking one more, no longer needing an answer.

use super::forms::{REASON_CHARS_MAX, Sent};
use super::step_forms::Around;
use crate::accounts::keep_form_and_sign_in;
use crate::agencies::Directory;
use crate::db::Tx;
use crate::deadlines::pages::day;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::actions::{Act, seen};
use crate::petitions::coordinating::{self, NotAsked, who_can_be_asked};
use crate::petitions::coordination::{ANSWER_DAYS_MAX, ANSWER_WORKING_DAYS, Coordinated, Coordination};
use crate::petitions::rules::Case;
use crate::petitions::store::coordinations;
use crate::petitions::store::parts::{self, Note};
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, error_summary, icon, see_other, select_field, text_area, text_field};
use crate::words::Lang;
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{Days, NaiveDate};
use leptos::prelude::*;

/// Fields of the form that asks.
const AGENCY: &str = "asked_agency";
const QUESTION: &str = "question";
const ANSWER_BY: &str = "answer_by";
/// What the button that takes a question back names: the one it takes back.
const END: &str = "end";

fn path(context: &PageContext, case: &Case) -> String {
    context.href(&format!("/can-bo/don/{}/phoi-hop", case.id))
}

/// What stands on the page of a case: who is still to answer, and the way to ask. Nothing where nobody may ask and nobody was asked.
pub fn line(around: Around<'_>) -> AnyView {
    let (context, case) = (around.context, &around.file.case);
    let lang = context.lang;
    let may_ask = case.is_open && check(&context.actor, Action::Coordinate(case)).is_ok();
    let asked: Vec<_> = around.file.coordinations.iter().filter(|row| row.ended_on.is_none()).map(|row| view! { <li>{state(context, row)}</li> }).collect();
    if asked.is_empty() && !may_ask {
        return ().into_any();
    }
    let href = path(context, case);
    let link = if asked.is_empty() { "coordination.ask.link" } else { "coordination.see.link" };
    view! {
        <section class="stack-s" id="phoi-hop">
            <h2>{lang.t("coordination.title")}</h2>
            {(!asked.is_empty()).then(|| view! { <ul class="stack-s">{asked}</ul> })}
            <p class="row"><a class="btn btn-s btn-quiet" href=href>{icon(Icon::Agency)}{lang.t(link)}</a></p>
        </section>
    }
    .into_any()
}

/// "Phòng Kinh tế · chờ ý kiến đến 27/11", in words and colour.
fn state(context: &PageContext, row: &Coordination) -> AnyView {
    let lang = context.lang;
    let (class, words) = match (row.answered_on, row.ended_on) {
        (Some(day), _) => ("clock ok", lang.f("coordination.state.answered", &[("day", &lang.day_short(day))])),
        (None, Some(day)) => ("clock plain", lang.f("coordination.state.ended", &[("day", &lang.day_short(day))])),
        (None, None) if row.is_late(context.today) => ("clock late", lang.f("coordination.state.late", &[("day", &lang.day_short(row.answer_by))])),
        (None, None) => ("clock plain", lang.f("coordination.state.waiting", &[("day", &lang.day_short(row.answer_by))])),
    };
    view! { <b>{context.directory.agency_name(&row.agency_id).to_owned()}</b>" "<span class=class>{words}</span> }.into_any()
}

/// `GET /can-bo/don/{id}/phoi-hop`.
pub async fn show(context: PageContext, Path(case_id): Path<String>) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let case = seen(&mut tx, &context.actor, &case_id).await?;
    page(&mut tx, &context, &case, &fresh(&context), StatusCode::OK).await
}

/// The form as it begins: a working week to answer.
fn fresh(context: &PageContext) -> FormState {
    let mut form = FormState::default();
    form.set(ANSWER_BY, context.directory.calendar().add_working_days(context.today, ANSWER_WORKING_DAYS).day.to_string());
    form
}

/// `POST /can-bo/don/{id}/phoi-hop`: asks an agency, or stops asking.
pub async fn change(context: PageContext, Path(case_id): Path<String>, sent: Sent) -> Result<Response> {
    let Form(pairs) = sent.map_err(|_| AppError::BadRequest("not a form"))?;
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let mut tx = context.portal.db().write().await?;
    let case = seen(&mut tx, &context.actor, &case_id).await?;
    check(&context.actor, Action::Coordinate(&case))?;
    let known = coordinations::of_case(&mut tx, &case.id).await?;
    let taken_back = known.iter().find(|row| row.id == form.value(END));
    let status = match taken_back {
        Some(row) => end(&mut tx, &context, &case, row, &mut form).await?,
        None => ask(&mut tx, &context, (&case, &known), &mut form).await?,
    };
    match status {
        None => {
            tx.commit().await?;
            Ok(see_other(&path(&context, &case)))
        }
        Some(status) => {
            // Nothing that was begun stays.
            drop(tx);
            let mut tx = context.portal.db().read().await?;
            page(&mut tx, &context, &case, &form, status).await
        }
    }
}

/// None once it is done.
async fn end(tx: &mut Tx, context: &PageContext, case: &Case, row: &Coordination, form: &mut FormState) -> Result<Option<StatusCode>> {
    match coordinating::end(&mut Act { tx, portal: &context.portal, actor: &context.actor }, case, row).await {
        Ok(_) => Ok(None),
        // Pressed twice.
        Err(AppError::Conflict) if row.ended_on.is_some() => Ok(None),
        Err(AppError::Conflict) => {
            form.wrong(AGENCY, "coordination.end.gone");
            Ok(Some(StatusCode::CONFLICT))
        }
        Err(error) => Err(error),
    }
}

/// None once it is done.
async fn ask(tx: &mut Tx, context: &PageContext, (case, known): (&Case, &[Coordination]), form: &mut FormState) -> Result<Option<StatusCode>> {
    let agency_id = form.value(AGENCY).to_owned();
    if agency_id.is_empty() {
        form.wrong(AGENCY, "coordination.ask.agency_missing");
    }
    let question = form.required(QUESTION, "coordination.ask.question_missing", REASON_CHARS_MAX);
    let answer_by = answer_day(form, context.today);
    let Some(answer_by) = answer_by.filter(|_| form.is_valid()) else { return Ok(Some(StatusCode::UNPROCESSABLE_ENTITY)) };
    if is_asked_already(tx, (case, known), &agency_id, &question).await? {
        return Ok(None);
    }
    if !case.is_open {
        form.wrong(AGENCY, "coordination.ask.closed");
        return Ok(Some(StatusCode::CONFLICT));
    }
    let refused = match coordinating::ask(&mut Act { tx, portal: &context.portal, actor: &context.actor }, case, &agency_id, &question, answer_by).await? {
        Ok(_) => return Ok(None),
        Err(refused) => refused,
    };
    form.wrong(
        AGENCY,
        match refused {
            NotAsked::Nobody => "coordination.ask.nobody",
            NotAsked::Waiting => "coordination.ask.waiting",
            NotAsked::TooMany => "coordination.ask.too_many",
        },
    );
    Ok(Some(StatusCode::UNPROCESSABLE_ENTITY))
}

/// The day an answer is asked for: from today on, and not in months.
fn answer_day(form: &mut FormState, today: NaiveDate) -> Option<NaiveDate> {
    let Some(by) = day(form.value(ANSWER_BY)) else {
        form.wrong(ANSWER_BY, "coordination.ask.day_missing");
        return None;
    };
    if by < today || by > today + Days::new(ANSWER_DAYS_MAX) {
        form.wrong_with(ANSWER_BY, "coordination.ask.day_range", vec![("days", ANSWER_DAYS_MAX.to_string())]);
    }
    Some(by)
}

/// Whether the button was pressed twice: the same question waits at the same agency.
async fn is_asked_already(tx: &mut Tx, (case, known): (&Case, &[Coordination]), agency_id: &str, question: &str) -> Result<bool> {
    let Some(row) = known.iter().find(|row| row.agency_id == agency_id && row.is_of(case) && row.is_waiting()) else { return Ok(false) };
    let notes = parts::notes(tx, &case.id).await?;
    Ok(notes.iter().any(|note| note.id == row.note_id && note.body == question))
}

async fn page(tx: &mut Tx, context: &PageContext, case: &Case, form: &FormState, status: StatusCode) -> Result<Response> {
    let known = coordinations::of_case(tx, &case.id).await?;
    let notes = parts::notes(tx, &case.id).await?;
    let lang = context.lang;
    let may_ask = case.is_open && check(&context.actor, Action::Coordinate(case)).is_ok();
    Ok(Page::new(context, Section::Desk, lang.t("coordination.title")).status(status).render(|| {
        let cards: Vec<_> = known.iter().map(|row| card(context, case, row, &notes, may_ask)).collect();
        let none = cards.is_empty();
        view! {
            <div class="stack-s">
                <a class="back" href=context.href(&format!("/can-bo/don/{}", case.id))>{icon(Icon::Back)}{lang.t("letters.back_to_case")}</a>
                {error_summary(lang, form)}
                <h1>{lang.t("coordination.title")}</h1>
                <p class="lead-text">{lang.t("coordination.lead")}</p>
            </div>
            {none.then(|| view! { <p>{lang.t("coordination.none")}</p> })}
            <div class="stack">{cards}</div>
            {may_ask.then(|| ask_form(context, case, form))}
        }
        .into_any()
    }))
}

/// The words of a note; where they were deleted in the meantime, that.
pub fn words(lang: Lang, notes: &[Note], note_id: &str) -> String {
    notes.iter().find(|note| note.id == note_id).map_or_else(|| lang.t("coordination.words_gone").to_owned(), |note| note.body.clone())
}

fn card(context: &PageContext, case: &Case, row: &Coordination, notes: &[Note], may_ask: bool) -> AnyView {
    let lang = context.lang;
    let opinion = row.opinion_id.as_deref().map(|id| {
        view! { <p class="small muted">{lang.t("coordination.opinion")}</p><div class="quote text break">{words(lang, notes, id)}</div> }
    });
    let end = (may_ask && row.is_waiting() && row.is_of(case)).then(|| {
        let label = lang.f("coordination.end.label", &[("agency", context.directory.agency_name(&row.agency_id))]);
        view! {
            <form method="post" action=path(context, case)>
                <input type="hidden" name=END value=row.id.clone() />
                <button class="btn btn-s btn-quiet" aria-label=label>{lang.t("coordination.end.button")}</button>
            </form>
        }
    });
    view! {
        <section class="card stack-s">
            <p class="row">{state(context, row)}</p>
            <p class="small muted num">{lang.f("coordination.asked_on", &[("day", &lang.day_short(row.asked_on))])}</p>
            <div class="quote text break">{words(lang, notes, &row.note_id)}</div>
            {opinion}
            {end}
        </section>
    }
    .into_any()
}

fn ask_form(context: &PageContext, case: &Case, form: &FormState) -> AnyView {
    let lang = context.lang;
    let options = who_can_be_asked(&context.directory, case, context.today).map(|agency| (agency.id.clone(), agency.name.clone())).collect();
    let question = FieldLook {
        label: "coordination.ask.question",
        hint: Some("coordination.ask.question_hint"),
        chars_max: Some(REASON_CHARS_MAX),
        ..FieldLook::default()
    };
    let by = FieldLook { label: "coordination.ask.day", hint: Some("coordination.ask.day_hint"), kind: "date", class: "field-s", ..FieldLook::default() };
    view! {
        <form method="post" action=path(context, case) class="card stack">
            <h2 class="title-s">{lang.t("coordination.ask.title")}</h2>
            {select_field(lang, form, AGENCY, options, "desk.choose_one", FieldLook { label: "coordination.ask.agency", ..FieldLook::default() })}
            {text_area(lang, form, QUESTION, 4, question)}
            {text_field(lang, form, ANSWER_BY, by)}
            <p class="notice info">{icon(Icon::Lock)}<span>{lang.t("coordination.ask.what_they_see")}</span></p>
            <p class="row"><button class="btn btn-main">{lang.t("coordination.ask.button")}</button></p>
        </form>
    }
    .into_any()
}

/// What the record says of it, for officials; `who` did it.
pub fn sentence(lang: Lang, directory: &Directory, who: &str, coordinated: &Coordinated) -> String {
    let agency = directory.agency_name(coordinated.agency_id());
    match coordinated {
        Coordinated::Asked { answer_by, .. } => lang.f("coordination.event.asked", &[("who", who), ("agency", agency), ("day", &lang.day_short(*answer_by))]),
        Coordinated::Answered { .. } => lang.f("coordination.event.answered", &[("who", who), ("agency", agency)]),
        Coordinated::Ended { .. } => lang.f("coordination.event.ended", &[("who", who), ("agency", agency)]),
    }
}
