//! One's own data where a code shows a page without a visit: a booked slot, a registration, a question. Their pages carry the forms; both
//! send the code along.
//!
//! Nothing legal hangs on these once the day is over: whoever has the code deletes at once. Before that the slot or seat is given back
//! first, and a question taken back; a held case keeps what belongs to it.

use super::export::{Part, archive, part};
use super::holds::is_held;
use super::store::erasing;
use crate::accounts::actions::Limit;
use crate::accounts::rules::CODE_FAILURES_MAX;
use crate::db::Tx;
use crate::dialogues::attendance::rules::State as SeatState;
use crate::dialogues::attendance::store::registrations;
use crate::dialogues::questions::rules::State as QuestionState;
use crate::dialogues::questions::store as questions;
use crate::dialogues::store as dialogues;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::petitions::code::CaseCode;
use crate::petitions::store::register::raise_version;
use crate::receptions::store::{bookings, sessions};
use crate::ui::{Icon, Page, PageContext, Section, icon};
use crate::words::Lang;
use axum::Form;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use leptos::prelude::*;

/// Where the forms go.
pub const PATH: &str = "/tra-cuu/du-lieu/ma";
/// Longest typed code.
const CODE_CHARS_MAX: usize = 100;

/// What a code belongs to.
enum Thing {
    Booking(bookings::Booking),
    Registration(registrations::Registration),
    Question(Box<crate::dialogues::questions::rules::Question>),
}

/// The section of a page that a code alone shows.
pub fn section(lang: Lang, code: &CaseCode) -> AnyView {
    let code = code.groups().join(" ");
    view! {
        <details class="more no-print" id="du-lieu">
            <summary>{lang.t("retention.own.link")}</summary>
            <form method="post" action=lang.href(PATH) class="stack">
                <input type="hidden" name="code" value=code />
                <p>{lang.t("retention.code.text")}</p>
                <p><button class="btn" name="deed" value="take">{icon(Icon::Download)}{lang.t("retention.take.button")}</button></p>
                <label class="check"><input type="checkbox" name="sure_erase" value="1" /><span>{lang.t("retention.code.sure")}</span></label>
                <p><button class="btn btn-danger" name="deed" value="erase">{icon(Icon::Trash)}{lang.t("retention.code.erase")}</button></p>
            </form>
        </details>
    }
    .into_any()
}

/// `POST /tra-cuu/du-lieu/ma`: `deed` is `take` or `erase`.
///
/// # Errors
/// [`AppError::TooMany`] after too many wrong codes from this address; [`AppError::NotFound`] for a wrong one.
pub async fn act(context: PageContext, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let form = FormState::from_pairs(pairs);
    let limit = Limit::new("case_code", &[&context.address.0], CODE_FAILURES_MAX);
    limit.check(&context.portal).await?;
    let typed: String = form.value("code").chars().take(CODE_CHARS_MAX).collect();
    let mut tx = context.portal.db().read().await?;
    let Some(thing) = find(&mut tx, &typed).await? else {
        drop(tx);
        limit.failed(&context.portal).await?;
        return Err(AppError::NotFound);
    };
    match form.value("deed") {
        "take" => {
            let parts = parts(&mut tx, context.lang, &thing).await?;
            drop(tx);
            archive(context.lang, parts, Vec::new()).await
        }
        "erase" if !form.is_ticked("sure_erase") => {
            drop(tx);
            Ok(page(&context, "retention.code.sure_missing", false, StatusCode::UNPROCESSABLE_ENTITY))
        }
        "erase" => {
            drop(tx);
            erase(&context, &typed).await
        }
        _ => Err(AppError::BadRequest("no such deed")),
    }
}

async fn find(tx: &mut Tx, typed: &str) -> Result<Option<Thing>> {
    let Some(code) = CaseCode::parse(typed) else { return Ok(None) };
    let hash = code.hash();
    if let Some(booking) = bookings::by_code_hash(tx, &hash).await? {
        return Ok(Some(Thing::Booking(booking)));
    }
    if let Some(registration) = registrations::by_code_hash(tx, &hash).await? {
        return Ok(Some(Thing::Registration(registration)));
    }
    Ok(questions::by_code_digest(tx, &hash).await?.map(|question| Thing::Question(Box::new(question))))
}

async fn erase(context: &PageContext, typed: &str) -> Result<Response> {
    let mut tx = context.portal.db().write().await?;
    let thing = find(&mut tx, typed).await?.ok_or(AppError::NotFound)?;
    let case_id = match &thing {
        Thing::Booking(booking) => booking.case_id.clone(),
        Thing::Question(question) => question.case_id.clone(),
        Thing::Registration(_) => None,
    };
    if let Some(case_id) = case_id
        && is_held(&mut tx, &case_id, context.today).await?
    {
        return Ok(page(context, "retention.ground.hold", false, StatusCode::CONFLICT));
    }
    if !is_over(&mut tx, &thing, context.today).await? {
        return Ok(page(context, "retention.code.not_over", false, StatusCode::CONFLICT));
    }
    erasing::begin(&mut tx).await?;
    match &thing {
        Thing::Booking(booking) => erasing::booking(&mut tx, &booking.id).await?,
        Thing::Registration(registration) => erasing::registration(&mut tx, &registration.id).await?,
        Thing::Question(question) => {
            erasing::asker(&mut tx, &question.id).await?;
            erasing::asker_name(&mut tx, &question.id).await?;
            raise_version(&mut tx).await?;
        }
    }
    erasing::end(&mut tx).await?;
    tx.commit().await?;
    // The answer is a page, not a way on, so the pages in memory are renewed here.
    crate::publishing::cache::follow_changes(&context.portal).await?;
    Ok(page(context, "retention.code.erased", true, StatusCode::OK))
}

/// Whether nothing has to be done with it any more.
async fn is_over(tx: &mut Tx, thing: &Thing, today: NaiveDate) -> Result<bool> {
    Ok(match thing {
        Thing::Booking(booking) => {
            let day = sessions::by_id(tx, &booking.reception_id).await?.map(|row| row.day);
            booking.cancelled_at.is_some() || day.is_none_or(|day| day < today)
        }
        Thing::Registration(registration) => {
            let dialogue = dialogues::by_id(tx, &registration.dialogue_id).await?;
            registration.state == SeatState::Cancelled || dialogue.is_none_or(|dialogue| dialogue.facts.day() < today)
        }
        Thing::Question(question) => {
            let dialogue = dialogues::by_id(tx, &question.dialogue_id).await?;
            let is_out = matches!(question.state, QuestionState::Withdrawn | QuestionState::Refused);
            is_out || dialogue.is_none_or(|dialogue| dialogue.facts.day() < today)
        }
    })
}

async fn parts(tx: &mut Tx, lang: Lang, thing: &Thing) -> Result<Vec<Part>> {
    let line = |key: &'static str, value: &str| (lang.t(key).to_owned(), value.to_owned());
    let lines = match thing {
        Thing::Booking(booking) => {
            let person = bookings::person(tx, &booking.id).await?;
            let day = sessions::by_id(tx, &booking.reception_id).await?.map(|row| lang.day_short(row.day)).unwrap_or_default();
            vec![
                line("desk.person.name", &person.name),
                line("desk.person.phone", &person.phone),
                line("desk.person.email", &person.email),
                line("retention.file.body", &person.matter),
                line("retention.file.needs", &person.needs),
                line("retention.file.day", &day),
                line("retention.file.filed", &lang.time(booking.at)),
            ]
        }
        Thing::Registration(registration) => {
            let person = registrations::by_id(tx, &registration.id).await?.map(|listed| listed.person).unwrap_or_default();
            let day = dialogues::by_id(tx, &registration.dialogue_id).await?.map(|dialogue| lang.day_short(dialogue.facts.day())).unwrap_or_default();
            vec![
                line("desk.person.name", &person.name),
                line("desk.person.phone", &person.phone),
                line("desk.person.email", &person.email),
                line("desk.person.address", &person.place),
                line("retention.file.needs", &format!("{} {}", person.needs, person.other_need)),
                line("retention.file.people", &registration.people.to_string()),
                line("retention.file.day", &day),
                line("retention.file.filed", &lang.time(registration.at)),
            ]
        }
        Thing::Question(question) => vec![
            line("desk.person.name", &question.name),
            line("desk.person.address", &question.village),
            line("desk.person.email", &question.email),
            line("retention.file.body", &question.body),
            line("retention.file.public", &question.public_text),
            line("retention.file.filed", &lang.time(question.asked_at)),
        ],
    };
    Ok(vec![part(lang, "retention.file.person", lines)])
}

fn page(context: &PageContext, key: &'static str, is_done: bool, status: StatusCode) -> Response {
    let lang = context.lang;
    let title = lang.t("retention.own.title");
    Page::new(context, Section::Follow, title).status(status).render(|| {
        let (class, picture) = if is_done { ("notice info", Icon::Check) } else { ("notice warn", Icon::Warning) };
        view! {
            <h1>{title}</h1>
            <p class=class role="status">{icon(picture)}<span>{lang.t(key)}</span></p>
            <p><a href=lang.href("/tra-cuu")>{lang.t("retention.code.back")}</a></p>
        }
        .into_any()
    })
}
