//! Booking a slot: the form, the receipt with the code, and the page where a code shows or gives back its slot.

use super::actions::bookings::{is_open, of_device};
use super::look::{heading_day, hours, path};
use super::public_pages::full;
use super::rules::{Mode, Need, State, clock_time, slot_starts};
use super::store::bookings::{self, Booking};
use super::store::sessions::{self, Reception};
use crate::error::{AppError, Result};
use crate::filing::rules::NAME_CHARS_MAX;
use crate::form::FormState;
use crate::petitions::code::CaseCode;
use crate::relations::{DEVICE, Device};
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, check_box, error_summary, icon, text_area, text_field};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::Days;
use leptos::prelude::*;

/// Where a code shows its slot.
pub(super) const FIND: &str = "/tiep-dan/lich-hen";
/// The query that says a slot was just given back.
pub(super) const CANCELLED: &str = "da-huy";
/// Longest matter in a few words, in characters.
pub(super) const MATTER_CHARS_MAX: usize = 300;
/// Coming sessions looked through for a free slot.
const NEXT_MAX: i64 = 20;

/// `GET /tiep-dan/{number}/hen`: the form, or on the device that booked the receipt.
///
/// # Errors
/// [`AppError::NotFound`] for a session that is not public.
pub async fn show(context: PageContext, device: Device, Path(number): Path<i64>) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let row = sessions::by_number(&mut tx, number).await?.ok_or(AppError::NotFound)?;
    if let Some(token) = device.token()
        && let Some((code, Some(booking))) = of_device(&mut tx, token, number).await?
    {
        let now = sessions::by_id(&mut tx, &booking.reception_id).await?.ok_or(AppError::NotFound)?;
        drop(tx);
        return Ok(booking_page(&context, &now, &booking, &code, true));
    }
    drop(tx);
    let mut form = FormState::default();
    form.set(DEVICE, context.portal.random().token());
    form_page(&context, &row, &form, StatusCode::OK).await
}

/// The form of a session; says so where no slot is free, and offers the next day.
pub(super) async fn form_page(context: &PageContext, row: &Reception, form: &FormState, status: StatusCode) -> Result<Response> {
    let lang = context.lang;
    let from = row.day.max(context.today) + Days::new(1);
    let mut tx = context.portal.db().look().await?;
    let next = sessions::coming_of(&mut tx, &row.body_id, from, NEXT_MAX).await?.into_iter().find(|next| next.free() > 0);
    drop(tx);
    let agency = context.directory.agency_name(&row.body_id).to_owned();
    let page = Page::new(context, Section::Other, lang.t("reception.book")).status(status);
    let can_book = is_open(row, context.now) && row.free() > 0;
    Ok(page.render(|| {
        let content = if can_book {
            fields(context, row, form)
        } else if is_open(row, context.now) {
            full(context, next.as_ref())
        } else {
            view! { <p class="notice warn">{icon(Icon::Warning)}<span>{lang.t("reception.book.over")}</span></p> }.into_any()
        };
        view! {
            <a class="back" href=context.href(&path(row))>{icon(Icon::Back)}{lang.t("reception.book.back")}</a>
            {error_summary(lang, form)}
            <div class="stack-s">
                <h1>{lang.t("reception.book")}</h1>
                <p class="lead-text">{row.post.clone()}", "{agency}</p>
                <p class="num"><b>{heading_day(lang, row.day)}</b>" · "{hours(row)}</p>
                <p>{row.place.clone()}</p>
            </div>
            {content}
        }
        .into_any()
    }))
}

fn fields(context: &PageContext, row: &Reception, form: &FormState) -> AnyView {
    let lang = context.lang;
    let look = |label: &'static str, hint: Option<&'static str>| FieldLook { label, hint, ..FieldLook::default() };
    let needs: Vec<_> = Need::ALL.iter().map(|need| check_box(form, need_field(*need), lang.t(need.key()), "")).collect();
    let matter = FieldLook { chars_max: Some(MATTER_CHARS_MAX), ..look("reception.book.matter", Some("reception.book.matter_hint")) };
    // Whoever is received online is recorded, and says before that this is all right.
    let online = (row.mode != Mode::Direct).then(|| {
        let title = if row.mode == Mode::Online { "reception.book.online" } else { "reception.book.online_too" };
        let error = form.error(AGREES_ONLINE, lang);
        let class = if error.is_some() { "field bad" } else { "field" };
        view! {
            <div class=class>
                {error.map(|error| view! { <span class="err" id="agrees_online-e">{error}</span> })}
                {check_box(form, AGREES_ONLINE, lang.t(title), lang.t("reception.book.online_text"))}
            </div>
        }
    });
    let free = lang.f("reception.free", &[("free", &lang.number(row.free())), ("all", &lang.number(row.slots))]);
    view! {
        <form method="post" action=context.href(&format!("{}/hen", path(row))) class="stack-l">
            <input type="hidden" name=DEVICE value=form.value(DEVICE).to_owned() />
            <p class="tag good">{free}</p>
            <section class="stack">
                {text_field(lang, form, "name", FieldLook { autocomplete: "name", ..look("reception.book.name", None) })}
                {text_field(lang, form, "phone", FieldLook { kind: "tel", autocomplete: "tel", ..look("reception.book.phone", Some("reception.book.contact_hint")) })}
                {text_field(lang, form, "email", FieldLook { kind: "email", autocomplete: "email", is_optional: true, ..look("reception.book.email", None) })}
                {text_area(lang, form, "matter", 3, matter)}
                {text_field(lang, form, "case_code", FieldLook { is_optional: true, ..look("reception.book.case_code", Some("reception.book.case_code_hint")) })}
            </section>
            <fieldset class="stack-s">
                <legend><b>{lang.t("reception.book.needs")}</b></legend>
                {needs}
            </fieldset>
            {online}
            <p class="notice info">{icon(Icon::Lock)}<span>{lang.t("reception.book.private")}</span></p>
            <button class="btn btn-main btn-block">{icon(Icon::Calendar)}{lang.t("reception.book.button")}</button>
        </form>
    }
    .into_any()
}

/// The field that agrees to being received online.
pub(super) const AGREES_ONLINE: &str = "agrees_online";

/// The field of a need.
pub(super) fn need_field(need: Need) -> &'static str {
    match need {
        Need::Interpreter => "need_interpreter",
        Need::Wheelchair => "need_wheelchair",
        Need::Hearing => "need_hearing",
        Need::Writing => "need_writing",
    }
}

/// Longest name of who books.
pub(super) const BOOKER_CHARS_MAX: usize = NAME_CHARS_MAX;

/// When a slot begins.
pub(super) fn slot_time(row: &Reception, slot: i64) -> String {
    clock_time(slot_starts(row.starts, row.ends, row.slots, slot))
}

/// A booked slot: to whoever has its code. `is_receipt` on the device that booked: there the code is shown large.
pub(super) fn booking_page(context: &PageContext, row: &Reception, booking: &Booking, code: &CaseCode, is_receipt: bool) -> Response {
    let lang = context.lang;
    let title = lang.t(if is_receipt { "reception.receipt.title" } else { "reception.booking.title" });
    let agency = context.directory.agency_name(&row.body_id).to_owned();
    let groups = code.groups().join(" ");
    let time = slot_time(row, booking.slot);
    let page = Page::new(context, Section::Other, title);
    page.render(|| {
        let shown_code = is_receipt.then(|| {
            view! { <div><p class="strong">{lang.t("reception.receipt.code")}</p><p class="code-big num" id="code">{groups.clone()}</p><p>{lang.t("reception.receipt.keep")}</p></div> }
        });
        view! {
            <h1>{title}</h1>
            <section class="receipt stack">
                <p class="num"><b>{heading_day(lang, row.day)}", "{time}</b></p>
                <p>{row.post.clone()}", "{agency}</p>
                <p>{row.place.clone()}</p>
                <p class="small muted num">{lang.f("reception.receipt.slot", &[("slot", &booking.slot.to_string()), ("all", &row.slots.to_string()), ("hours", &hours(row))])}</p>
                {shown_code}
            </section>
            {what_now(context, row, booking)}
            <p><a href=context.href(&path(row))>{lang.t("reception.receipt.day")}</a></p>
            {cancel_form(context, row, booking, code)}
            {crate::retention::code_section(lang, code)}
        }
        .into_any()
    })
}

fn what_now(context: &PageContext, row: &Reception, booking: &Booking) -> AnyView {
    let lang = context.lang;
    if booking.cancelled_at.is_some() {
        return view! { <p class="notice warn">{icon(Icon::Close)}<span>{lang.t("reception.booking.cancelled")}</span></p> }.into_any();
    }
    if booking.arrived_at.is_some() || row.day < context.today {
        return view! { <p class="notice info">{icon(Icon::Check)}<span>{lang.t("reception.booking.past")}</span></p> }.into_any();
    }
    view! {
        <ul>
            <li>{lang.t("reception.how.early")}</li>
            <li>{lang.t("reception.how.identity")}</li>
            <li>{lang.t("reception.booking.may_move")}</li>
        </ul>
    }
    .into_any()
}

fn cancel_form(context: &PageContext, row: &Reception, booking: &Booking, code: &CaseCode) -> AnyView {
    let lang = context.lang;
    let is_open = booking.cancelled_at.is_none() && booking.arrived_at.is_none() && row.state == State::Published && row.day >= context.today;
    if !is_open {
        return ().into_any();
    }
    view! {
        <details class="more no-print">
            <summary>{lang.t("reception.cancel")}</summary>
            <form method="post" action=context.href(FIND) class="stack">
                <p>{lang.t("reception.cancel.text")}</p>
                <input type="hidden" name="code" value=code.groups().join(" ") />
                <label class="check"><input type="checkbox" name="sure" value="1" required /><span>{lang.t("reception.cancel.sure")}</span></label>
                <button class="btn btn-danger" name="action" value="cancel">{icon(Icon::Close)}{lang.t("reception.cancel.button")}</button>
            </form>
        </details>
    }
    .into_any()
}

/// `GET /tiep-dan/lich-hen`
pub async fn ask(context: PageContext) -> Result<Response> {
    Ok(ask_page(&context, &FormState::default(), StatusCode::OK))
}

/// The page that asks for the code.
pub(super) fn ask_page(context: &PageContext, form: &FormState, status: StatusCode) -> Response {
    let lang = context.lang;
    let page = Page::new(context, Section::Other, lang.t("reception.booking.title")).status(status);
    let gone = (context.query == CANCELLED)
        .then(|| view! { <p class="notice info" role="status">{icon(Icon::Check)}<span>{lang.t("reception.cancel.done")}</span></p> });
    page.render(|| {
        view! {
            {gone}
            {error_summary(lang, form)}
            <div class="stack"><h1>{lang.t("reception.booking.title")}</h1><p class="lead-text">{lang.t("reception.booking.lead")}</p></div>
            <form method="post" action=context.href(FIND) class="stack">
                {text_field(lang, form, "code", FieldLook { label: "reception.booking.code", hint: Some("reception.booking.code_hint"), ..FieldLook::default() })}
                <button class="btn btn-main btn-block">{icon(Icon::Search)}{lang.t("reception.booking.show")}</button>
            </form>
        }
        .into_any()
    })
}

/// The booking of a typed code, as a page; none if it is no code of a booking.
pub async fn enter_by_code(context: &PageContext, typed: &str) -> Result<Option<Response>> {
    let mut tx = context.portal.db().read().await?;
    let booking = bookings::by_code_hash(&mut tx, &CaseCode::hash_of_typed(typed)).await?;
    let Some((booking, code)) = booking.zip(CaseCode::parse(typed)) else { return Ok(None) };
    let row = sessions::by_id(&mut tx, &booking.reception_id).await?.ok_or(AppError::NotFound)?;
    drop(tx);
    Ok(Some(booking_page(context, &row, &booking, &code, false)))
}
