//! The officials' list of who registered, the form for somebody without a phone, and the slip that is printed for them.

use super::MINE;
use super::door::Came;
use super::pages::{need_fields, people_field};
use super::place::{Place, code_and_picture, standing, who};
use super::public::figures;
use super::rules::{Need, REGISTRATIONS_MAX, State, is_coming, summed};
use super::store::halls::{self, Hall};
use super::store::registrations::{self as store, Listed};
use crate::accounts::session::take_flash;
use crate::db::Tx;
use crate::dialogues::desk_views::when;
use crate::dialogues::rules::Dialogue;
use crate::dialogues::{desk_pages, desk_path};
use crate::error::Result;
use crate::following::islands::PrintButton;
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, empty, error_summary, flash_line, icon, or_locked, table, text_field};
use crate::words::Lang;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use tower_sessions::Session;

/// The field with the token of the form: sent twice, it is one registration.
pub(super) const TOKEN: &str = "_token";

/// A dialogue as far as whoever asks may keep its attendance.
///
/// # Errors
/// [`crate::error::AppError::NotFound`] both where there is none and where they may not.
pub(super) async fn kept(tx: &mut Tx, context: &PageContext, id: &str) -> Result<Dialogue> {
    check(&context.actor, Action::UseDesk)?;
    let dialogue = desk_pages::seen(tx, context, id).await?;
    check(&context.actor, Action::KeepAttendance(&dialogue.body_id))?;
    Ok(dialogue)
}

/// `GET /can-bo/doi-thoai/{dialogue}/dang-ky`
pub async fn list(context: PageContext, session: Session, Path(id): Path<String>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let mut tx = context.portal.db().read().await?;
    let dialogue = kept(&mut tx, &context, &id).await?;
    let hall = halls::of(&mut tx, &id).await?.unwrap_or_else(|| Hall::of(&id));
    let all = store::all(&mut tx, &id, REGISTRATIONS_MAX).await?;
    let came = Came::of(&mut tx, &id).await?;
    drop(tx);
    let lang = context.lang;
    let flash = match take_flash(&session).await?.as_deref() {
        Some("attendance_called") => Some("attendance.flash.called"),
        Some("attendance_cancelled") => Some("attendance.flash.cancelled"),
        _ => None,
    };
    let page = Page::new(&context, Section::DeskDialogues, lang.t("attendance.desk.list")).main_class("wrap wide page stack-l").islands();
    Ok(page.render(|| {
        let standing: Vec<&Listed> = all.iter().filter(|listed| listed.registration.state != State::Cancelled).collect();
        view! {
            <div class="stack-s">
                {flash.map(|key| flash_line(lang.t(key).to_owned()))}
                <a class="back" href=lang.href(&desk_path(&dialogue.id))>{icon(Icon::Back)}{lang.t("attendance.desk.back")}</a>
                <h1 class="title-s">{lang.t("attendance.desk.list")}</h1>
                <p><b>{dialogue.facts.title.clone()}</b></p>
                <p class="num">{when(lang, dialogue.facts.begins_at, dialogue.facts.ends_at)}</p>
            </div>
            {figures(&context, &hall)}
            {(came.people() > 0).then(|| view! { <p class="num">{lang.f("attendance.desk.came", &[("n", &lang.number(came.people()))])}</p> })}
            {need_sums(lang, &standing)}
            {calls(&context, &dialogue, &standing)}
            {registered(&context, &dialogue, &standing)}
            <p class="row no-print">
                {is_coming(&dialogue, context.now).then(|| view! { <a class="btn" href=lang.href(&format!("{}/dang-ky-ho", desk_path(&dialogue.id)))>{icon(Icon::Plus)}{lang.t("attendance.desk.for")}</a> })}
                <PrintButton label=lang.t("attendance.desk.print").to_owned() />
            </p>
        }
        .into_any()
    }))
}

/// "2 xe lăn, 1 phiên dịch tiếng Tày", and each need in words.
fn need_sums(lang: Lang, standing: &[&Listed]) -> AnyView {
    let sums: Vec<String> = summed(standing.iter().map(|listed| listed.person.needs.as_str()))
        .into_iter()
        .map(|(need, n)| format!("{} {}", lang.number(n), lang.t(need.short_key())))
        .collect();
    let others: Vec<_> = standing
        .iter()
        .filter(|listed| !listed.person.other_need.is_empty())
        .map(|listed| {
            let number = listed.registration.number.to_string();
            view! { <li><span class="num">{lang.f("attendance.number", &[("n", &number)])}</span>": "{listed.person.other_need.clone()}</li> }
        })
        .collect();
    let sentence = if sums.is_empty() && others.is_empty() { lang.t("attendance.needs.none").to_owned() } else { sums.join(", ") };
    view! {
        <section class="card stack-s" id="can">
            <h2 class="title-s">{lang.t("attendance.needs.sum")}</h2>
            <p class="strong">{sentence}</p>
            <ul class="plain-list">{others}</ul>
        </section>
    }
    .into_any()
}

/// Whom to call: people without e-mail who have to be told something.
fn calls(context: &PageContext, dialogue: &Dialogue, standing: &[&Listed]) -> AnyView {
    let lang = context.lang;
    let items: Vec<_> = standing
        .iter()
        .filter(|listed| !listed.registration.call_for.is_empty() && listed.registration.called_at.is_none())
        .map(|listed| {
            let what = lang.t(match listed.registration.call_for.as_str() {
                "moved_up" => "attendance.call.moved_up",
                "put_off" => "attendance.call.put_off",
                _ => "attendance.call.cancelled",
            });
            let phone = if listed.person.phone.is_empty() {
                view! { <span class="muted">{lang.t("attendance.call.no_phone")}</span> }.into_any()
            } else {
                view! { <a class="num" href=format!("tel:{}", listed.person.phone)>{icon(Icon::Phone)}{listed.person.phone.clone()}</a> }.into_any()
            };
            view! {
                <li class="row call">
                    <span class="grow"><b>{or_locked(lang, listed.person.is_locked, &listed.person.name)}</b>", "{listed.person.place.clone()}<br /><span class="small muted">{what}</span></span>
                    {phone}
                    <form method="post" action=lang.href(&format!("{}/dang-ky", desk_path(&dialogue.id))) class="inline no-print">
                        <input type="hidden" name="called" value=listed.registration.id.clone() />
                        <button class="btn btn-s">{lang.t("attendance.call.done")}</button>
                    </form>
                </li>
            }
        })
        .collect();
    if items.is_empty() {
        return ().into_any();
    }
    view! { <section class="card stack-s" id="goi"><h2 class="title-s">{lang.t("attendance.call.title")}</h2><ul class="rule-list">{items}</ul></section> }
        .into_any()
}

fn registered(context: &PageContext, dialogue: &Dialogue, standing: &[&Listed]) -> AnyView {
    let lang = context.lang;
    if standing.is_empty() {
        return empty(Icon::User, lang.t("attendance.desk.none").to_owned(), lang.t("attendance.desk.none.text"), ().into_any());
    }
    let heads = [
        "attendance.no",
        "attendance.name",
        "attendance.contact",
        "attendance.people.short",
        "attendance.needs.short",
        "attendance.state",
        "attendance.desk.undo",
    ];
    let rows: Vec<_> = standing.iter().map(|listed| row(context, dialogue, listed)).collect();
    view! {
        <section class="stack-s" id="danh-sach">
            <h2 class="title-s">{lang.t("attendance.desk.list")}</h2>
            {table(lang, "attendance.desk.list", &heads, rows)}
        </section>
    }
    .into_any()
}

fn row(context: &PageContext, dialogue: &Dialogue, listed: &Listed) -> AnyView {
    let (lang, registration, person) = (context.lang, &listed.registration, &listed.person);
    let mut state = lang.t(if registration.state == State::Waiting { "attendance.desk.waits" } else { "attendance.desk.sits" }).to_owned();
    if registration.arrived > 0 {
        state = lang.f("attendance.desk.arrived", &[("n", &registration.arrived.to_string())]);
    }
    let by = registration.account_id.is_some().then(|| view! { <br /><span class="small muted normal">{lang.t("attendance.desk.by_official")}</span> });
    let contact = [person.phone.as_str(), person.email.as_str()].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ");
    let needs = needs_in_words(lang, &person.needs, &person.other_need);
    let cancel = (registration.arrived == 0 && is_coming(dialogue, context.now)).then(|| {
        view! {
            <details class="more no-print">
                <summary class="small">{lang.t("attendance.cancel.button")}</summary>
                <form method="post" action=lang.href(&format!("{}/dang-ky", desk_path(&dialogue.id))) class="stack-s">
                    <input type="hidden" name="cancelled" value=registration.id.clone() />
                    <label class="check"><input type="checkbox" name="sure" value="1" /><span>{lang.t("attendance.desk.cancel.sure")}</span></label>
                    <button class="btn btn-s btn-danger">{lang.t("attendance.cancel.button")}</button>
                </form>
            </details>
        }
    });
    view! {
        <tr>
            <td class="num" data-label=lang.t("attendance.no")>{registration.number.to_string()}</td>
            <th scope="row">{or_locked(lang, person.is_locked, &person.name)}<br /><span class="small muted normal">{person.place.clone()}</span>{by}</th>
            <td class="break" data-label=lang.t("attendance.contact")>{(!contact.is_empty()).then(|| contact.clone())}</td>
            <td class="num" data-label=lang.t("attendance.people.short")>{registration.people.to_string()}</td>
            <td data-label=lang.t("attendance.needs.short")>{(!needs.is_empty()).then(|| needs.clone())}</td>
            <td data-label=lang.t("attendance.state")>{state}</td>
            <td>{cancel}</td>
        </tr>
    }
    .into_any()
}

/// Needs as a line: "xe lăn, phiên dịch tiếng Tày, đi cùng chó dẫn đường".
pub(super) fn needs_in_words(lang: Lang, codes: &str, other: &str) -> String {
    let mut words: Vec<String> = Need::of(codes).into_iter().map(|need| lang.t(need.short_key()).to_owned()).collect();
    words.extend(Some(other.to_owned()).filter(|other| !other.is_empty()));
    words.join(", ")
}

/// `GET /can-bo/doi-thoai/{dialogue}/dang-ky-ho`
pub async fn new(context: PageContext, Path(id): Path<String>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let dialogue = kept(&mut context.portal.db().look().await?, &context, &id).await?;
    let mut form = FormState::default();
    form.set(TOKEN, context.portal.random().token());
    form.set("people", "1");
    Ok(new_page(&context, &dialogue, &form, StatusCode::OK))
}

/// The form for somebody without a phone.
pub(super) fn new_page(context: &PageContext, dialogue: &Dialogue, form: &FormState, status: StatusCode) -> Response {
    let lang = context.lang;
    let look = |label: &'static str, hint: Option<&'static str>| FieldLook { label, hint, ..FieldLook::default() };
    let can = is_coming(dialogue, context.now);
    Page::new(context, Section::DeskDialogues, lang.t("attendance.desk.for")).main_class("wrap page stack-l").status(status).render(|| {
        let fields = if can {
            view! {
                <form method="post" action=lang.href(&format!("{}/dang-ky-ho", desk_path(&dialogue.id))) class="card stack" novalidate>
                    <input type="hidden" name=TOKEN value=form.value(TOKEN).to_owned() />
                    {text_field(lang, form, "name", look("attendance.name", None))}
                    {text_field(lang, form, "place", look("attendance.place", Some("attendance.place.hint")))}
                    {text_field(lang, form, "phone", FieldLook { kind: "tel", is_optional: true, ..look("attendance.phone", Some("attendance.for.phone.hint")) })}
                    {text_field(lang, form, "email", FieldLook { kind: "email", is_optional: true, ..look("attendance.email", None) })}
                    {people_field(lang, form)}
                    {need_fields(lang, form)}
                    <p class="small muted">{lang.t("attendance.for.consent")}</p>
                    <p><button class="btn btn-main">{lang.t("attendance.for.button")}</button></p>
                </form>
            }
            .into_any()
        } else {
            view! { <p class="notice warn">{icon(Icon::Warning)}<span>{lang.t("attendance.closed")}</span></p> }.into_any()
        };
        view! {
            <div class="stack-s">
                <a class="back" href=lang.href(&desk_path(&dialogue.id))>{icon(Icon::Back)}{lang.t("attendance.desk.back")}</a>
                <h1 class="title-s">{lang.t("attendance.desk.for")}</h1>
                <p class="muted">{dialogue.facts.title.clone()}</p>
            </div>
            {error_summary(lang, form)}
            {fields}
        }
        .into_any()
    })
}

/// The slip for somebody who was written down: the code stands on it and nowhere else. Reloading shows the same.
pub(super) fn slip(context: &PageContext, place: &Place) -> Response {
    let lang = context.lang;
    let facts = &place.dialogue.facts;
    let path = |rest: &str| lang.href(&format!("{}/{rest}", desk_path(&place.dialogue.id)));
    let address = format!("{}{}", context.portal.settings().public_url, lang.href(MINE));
    Page::new(context, Section::DeskDialogues, lang.t("attendance.slip.title")).main_class("wrap page stack-l").islands().render(|| {
        view! {
            <div class="stack-s no-print">
                <a class="back" href=path("dang-ky")>{icon(Icon::Back)}{lang.t("attendance.desk.list")}</a>
                <p class="notice info">{icon(Icon::Print)}<span>{lang.t("attendance.slip.print")}</span></p>
            </div>
            <section class="receipt stack">
                <h1 class="title-s">{lang.t("attendance.slip.title")}</h1>
                {standing(lang, place)}
                <p><b>{facts.title.clone()}</b></p>
                <p class="num">{when(lang, facts.begins_at, facts.ends_at)}</p>
                {(!facts.place.is_empty()).then(|| view! { <p>{facts.place.clone()}</p> })}
                <p>{who(lang, &place.listed)}</p>
                {code_and_picture(context, &place.code)}
                <p class="small">{lang.f("attendance.slip.look", &[("address", &address)])}</p>
            </section>
            <p class="row no-print">
                <PrintButton label=lang.t("attendance.slip.button").to_owned() />
                <a class="btn" href=path("dang-ky-ho")>{icon(Icon::Plus)}{lang.t("attendance.slip.next")}</a>
            </p>
        }
        .into_any()
    })
}
