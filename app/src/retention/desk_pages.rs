//! `/can-bo/du-lieu`: what people ask about their own data, by the day the answer is due; one of them with the form that decides.

use super::REQUESTS;
use super::holds::is_held;
use super::panel::WAITING_MAX;
use super::requests::WORDS_CHARS_MAX;
use super::rules::{Asked, Field, Ground};
use super::store::requests::{self as store, Request};
use crate::accounts::second::proof_field;
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::rules::Case;
use crate::petitions::store::by_id;
use crate::petitions::store::people::CasePerson;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, choice, empty, error_summary, icon, select_field, table, text_area};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

/// The reason in the case's history when the values of a correction were looked at.
pub(super) const OPENED: &str = "retention.desk.opened";

/// A request with its case and what decides how it may be answered.
pub(super) struct File {
    pub request: Request,
    pub case: Case,
    /// Whether the case is held back.
    pub is_held: bool,
}

impl File {
    /// The request of an id.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where there is none, or for whoever may not see its case; [`AppError::Forbidden`] for whoever sees it and does
    /// not decide.
    pub async fn load(tx: &mut Tx, context: &PageContext, id: &str) -> Result<Self> {
        check(&context.actor, Action::UseDesk)?;
        let request = store::by_id(tx, id).await?.ok_or(AppError::NotFound)?;
        let case = by_id(tx, &request.case_id).await?.ok_or(AppError::NotFound)?;
        check(&context.actor, Action::DecideOwnData(&case))?;
        let is_held = is_held(tx, &case.id, context.today).await?;
        Ok(Self { request, case, is_held })
    }
}

/// `GET /can-bo/du-lieu`
///
/// # Errors
/// [`AppError::NotFound`] for whoever decides nothing at the authority.
pub async fn list(context: PageContext) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let body_id = context.actor.official().and_then(|official| official.body_id()).ok_or(AppError::NotFound)?.to_owned();
    check(&context.actor, Action::SeeOwnDataRequests(&body_id))?;
    let mut tx = context.portal.db().read().await?;
    let mut rows = Vec::new();
    for request in store::waiting_of_body(&mut tx, &body_id, WAITING_MAX).await? {
        let case = by_id(&mut tx, &request.case_id).await?.filter(|case| check(&context.actor, Action::DecideOwnData(case)).is_ok());
        rows.extend(case.map(|case| (request, case)));
    }
    drop(tx);
    let (lang, title) = (context.lang, context.lang.t("retention.desk.title"));
    Ok(Page::new(&context, Section::Desk, title).main_class("wrap wide page stack-l").render(|| {
        let body = if rows.is_empty() {
            empty(Icon::User, lang.t("retention.desk.none").to_owned(), lang.t("retention.desk.none_text"), ().into_any())
        } else {
            let heads = ["retention.desk.what", "retention.desk.case", "retention.desk.asked_at", "retention.desk.by"];
            table(lang, "retention.desk.title", &heads, rows.iter().map(|(request, case)| row(&context, request, case)).collect())
        };
        view! { <div class="stack-s"><h1>{title}</h1><p class="muted">{lang.t("retention.desk.lead")}</p></div>{body} }.into_any()
    }))
}

fn row(context: &PageContext, request: &Request, case: &Case) -> AnyView {
    let lang = context.lang;
    let what = lang.t(request.kind.key());
    let about = format!("{}, {}", lang.t(case.kind.key()), context.directory.area_name(&case.area_code));
    view! {
        <tr>
            <th scope="row"><a href=context.href(&format!("{REQUESTS}/{}", request.id))>{what}</a></th>
            <td data-label=lang.t("retention.desk.case")>{about}</td>
            <td class="num nowrap" data-label=lang.t("retention.desk.asked_at")>{lang.time(request.asked_at)}</td>
            <td class="num" data-label=lang.t("retention.desk.by")>{due(context, request)}</td>
        </tr>
    }
    .into_any()
}

/// The last day of the answer, and how near it is.
fn due(context: &PageContext, request: &Request) -> AnyView {
    let lang = context.lang;
    let left = (request.answer_by - context.today).num_days();
    let class = match left {
        i64::MIN..=-1 => "clock late",
        0..=3 => "clock soon",
        _ => "clock ok",
    };
    let words = if left < 0 {
        lang.f("retention.desk.late", &[("day", &lang.day_short(request.answer_by))])
    } else {
        lang.f("retention.desk.until", &[("day", &lang.day_short(request.answer_by))])
    };
    view! { <span class=class>{words}</span> }.into_any()
}

/// `GET /can-bo/du-lieu/{id}`
pub async fn one(context: PageContext, Path(id): Path<String>) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let file = File::load(&mut tx, &context, &id).await?;
    drop(tx);
    Ok(page(&context, &file, &FormState::default(), None, StatusCode::OK))
}

/// The page of one request; `values` are what is there and what is to be written, right after they were opened.
pub(super) fn page(context: &PageContext, file: &File, form: &FormState, values: Option<&(CasePerson, CasePerson)>, status: StatusCode) -> Response {
    let lang = context.lang;
    let title = lang.t(file.request.kind.key());
    Page::new(context, Section::Desk, title).status(status).render(|| {
        view! {
            <div class="stack-s">
                <a class="back" href=context.href(REQUESTS)>{icon(Icon::Back)}{lang.t("retention.desk.back")}</a>
                {error_summary(lang, form)}
                <h1>{title}</h1>
                <p><a href=context.href(&format!("/can-bo/don/{}", file.case.id))>{lang.t("letters.back_to_case")}</a></p>
            </div>
            {facts(context, file)}
            {values.map(|(old, new)| values_table(context, &file.request, old, new))}
            {if file.request.is_waiting() { deciding(context, file, form, values.is_some()) } else { decided(context, &file.request) }}
        }
        .into_any()
    })
}

fn facts(context: &PageContext, file: &File) -> AnyView {
    let lang = context.lang;
    let request = &file.request;
    let who = if request.is_of_sender() { "retention.desk.sender" } else { "retention.desk.signer" };
    let fields: Vec<&str> = Field::list(&request.fields).into_iter().map(|field| lang.t(field.key())).collect();
    let fields = (!fields.is_empty()).then(|| view! { <dt>{lang.t("retention.desk.fields")}</dt><dd>{fields.join(", ")}</dd> });
    let state = if file.case.is_open { "retention.desk.case_open" } else { "retention.desk.case_ended" };
    view! {
        <section class="card stack">
            <dl class="dl num">
                <dt>{lang.t("retention.desk.who")}</dt><dd>{lang.t(who)}</dd>
                {fields}
                <dt>{lang.t("retention.desk.asked_at")}</dt><dd>{lang.time(request.asked_at)}</dd>
                <dt>{lang.t("retention.desk.by")}</dt><dd>{due(context, request)}</dd>
                <dt>{lang.t("retention.desk.case")}</dt><dd>{lang.t(file.case.kind.key())}", "{lang.t(state)}</dd>
            </dl>
            <p class="small muted">{lang.t("retention.desk.first")}</p>
        </section>
    }
    .into_any()
}

fn values_table(context: &PageContext, request: &Request, old: &CasePerson, new: &CasePerson) -> AnyView {
    let lang = context.lang;
    let none = lang.t("retention.own.nothing");
    let words = |value: &str| if value.is_empty() { none.to_owned() } else { value.to_owned() };
    let rows = Field::list(&request.fields)
        .into_iter()
        .map(|field| {
            view! {
                <tr>
                    <th scope="row">{lang.t(field.key())}</th>
                    <td class="break" data-label=lang.t("retention.desk.old")>{words(field.of(old))}</td>
                    <td class="break" data-label=lang.t("retention.desk.new")>{words(field.of(new))}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    view! {
        <section class="stack-s" id="gia-tri">
            <p class="notice sealed">{icon(Icon::Eye)}<span>{lang.t("desk.person.open_once")}</span></p>
            {table(lang, "retention.desk.values", &["retention.desk.field", "retention.desk.old", "retention.desk.new"], rows)}
        </section>
    }
    .into_any()
}

fn deciding(context: &PageContext, file: &File, form: &FormState, is_open: bool) -> AnyView {
    let lang = context.lang;
    let kind = file.request.kind;
    let target = context.href(&format!("{REQUESTS}/{}", file.request.id));
    let grounds: &[Ground] = if kind == Asked::Correct { &Ground::FOR_CORRECTION } else { &Ground::FOR_ERASURE };
    let options = grounds.iter().map(|ground| (ground.code().to_owned(), lang.t(ground.key()).to_owned())).collect();
    let can_grant = !(file.is_held && kind.is_erasure());
    let open = (kind == Asked::Correct && !is_open).then(|| {
        view! {
            <form method="post" action=target.clone()>
                <p><button class="btn" name="deed" value="open">{icon(Icon::Eye)}{lang.t("retention.desk.open")}</button></p>
                <p class="small muted">{lang.t("retention.desk.open_text")}</p>
            </form>
        }
    });
    let held = file.is_held.then(|| view! { <p class="notice warn">{icon(Icon::Lock)}<span>{lang.t(if kind.is_erasure() { "retention.desk.is_held" } else { "retention.desk.is_held_correct" })}</span></p> });
    let grants = can_grant.then(|| {
        view! {
            {choice(form, "decision", "grant", lang.t(if kind == Asked::Correct { "retention.desk.grant_correct" } else { "retention.desk.grant" }), lang.t(grant_text(kind)))}
            {(kind == Asked::EraseAll).then(|| choice(form, "decision", "grant_person", lang.t("retention.desk.grant_person"), lang.t("retention.desk.grant_person_text")))}
        }
    });
    // A held case is answered with "on hold" and nothing else.
    let ground =
        can_grant.then(|| select_field(lang, form, "ground", options, "desk.choose_one", FieldLook { label: "retention.desk.ground", ..FieldLook::default() }));
    let error = form.error("decision", lang);
    let class = if error.is_some() { "group bad" } else { "group" };
    let words = FieldLook {
        label: "retention.desk.words",
        hint: Some("retention.desk.words_hint"),
        chars_max: Some(WORDS_CHARS_MAX),
        is_optional: true,
        ..FieldLook::default()
    };
    view! {
        {held}
        {open}
        <form method="post" action=target class="card stack">
            <fieldset class=class id="decision" tabindex="-1">
                <legend>{lang.t("retention.desk.decision")}</legend>
                {error.map(|error| view! { <span class="err">{error}</span> })}
                {grants}
                {choice(form, "decision", "refuse", lang.t("retention.desk.refuse"), lang.t(if can_grant { "retention.desk.refuse_text" } else { "retention.ground.hold" }))}
            </fieldset>
            {ground}
            {can_grant.then(|| text_area(lang, form, "words", 3, words))}
            {kind.is_erasure().then(|| proof_field(context, form, 0))}
            <p><button class="btn btn-main" name="deed" value="decide">{lang.t("retention.desk.send")}</button></p>
        </form>
    }
    .into_any()
}

fn grant_text(kind: Asked) -> &'static str {
    match kind {
        Asked::Correct => "retention.desk.grant_correct_text",
        Asked::ErasePerson => "retention.desk.grant_person_text",
        Asked::EraseAll => "retention.desk.grant_all_text",
    }
}

fn decided(context: &PageContext, request: &Request) -> AnyView {
    let lang = context.lang;
    let day = request.decided_at.map(|at| lang.time(at)).unwrap_or_default();
    let ground = Ground::from_code(&request.ground).map(|ground| view! { <p>{lang.t(ground.key())}</p> });
    let key = if request.state == "granted" { "retention.own.granted" } else { "retention.own.refused" };
    view! {
        <section class="card stack-s">
            <p><b>{lang.f(key, &[("day", &day)])}</b></p>
            {ground}
            {(!request.words.is_empty()).then(|| view! { <p class="text break">{request.words.clone()}</p> })}
        </section>
    }
    .into_any()
}
