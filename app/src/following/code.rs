//! The page that asks for the code.

use super::islands::CodeFromFragment;
use crate::accounts::actions::Limit;
use crate::accounts::rules::CODE_FAILURES_MAX;
use crate::accounts::session;
use crate::error::Result;
use crate::form::FormState;
use crate::id::secret_hash;
use crate::petitions::code::CaseCode;
use crate::petitions::rules::Case;
use crate::petitions::store;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, error_summary, icon, kept, left, see_other, text_field};
use axum::Form;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use tower_sessions::Session;

/// The page of one case.
pub(super) const CASE_PATH: &str = "/tra-cuu/don";
/// The query that says a visit has just been ended.
const LEFT: &str = "da-ket-thuc";
/// The longest text that is looked at as a code; the rest is cut off, not refused: every failure looks the same.
const TYPED_CHARS_MAX: usize = 100;

/// Why the page is shown.
enum Reason {
    /// Somebody came to follow a case.
    Asked,
    /// A visit was ended on purpose.
    Left,
    /// A form arrived after the visit had ended; its words are kept.
    VisitOver,
    /// A form arrived that was written for another case than the one now open.
    OtherCase,
}

/// `GET /tra-cuu`.
pub async fn show(context: PageContext) -> Result<Response> {
    let reason = if context.query == LEFT { Reason::Left } else { Reason::Asked };
    Ok(page(&context, &FormState::default(), reason, StatusCode::OK))
}

/// `POST /tra-cuu`.
///
/// # Errors
/// [`crate::error::AppError::TooMany`] after too many wrong codes from this address.
pub async fn enter(context: PageContext, session: Session, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let limit = Limit::shared("case_code", &context, CODE_FAILURES_MAX);
    limit.check(&context.portal).await?;
    let Some(case) = look_up(&context, form.value("code")).await? else {
        if let Some(response) = crate::relations::enter_by_code(&context, &session, form.value("code")).await? {
            return Ok(response);
        }
        if let Some(response) = crate::receptions::enter_by_code(&context, form.value("code")).await? {
            return Ok(response);
        }
        if let Some(response) = crate::dialogues::attendance::enter_by_code(&context, form.value("code")).await? {
            return Ok(response);
        }
        if let Some(response) = crate::dialogues::questions::enter_by_code(&context, form.value("code")).await? {
            return Ok(response);
        }
        limit.failed(&context.portal).await?;
        form.wrong("code", "following.code.wrong");
        return Ok(page(&context, &form, Reason::Asked, StatusCode::UNPROCESSABLE_ENTITY));
    };
    let waiting = kept::waiting(&form).filter(|(target, _)| is_own_form(&context, target));
    if let Some((_, kept)) = &waiting
        && !is_for(&case, kept)
    {
        return Ok(page(&context, &form, Reason::OtherCase, StatusCode::UNPROCESSABLE_ENTITY));
    }
    session::begin_visit(&session, &case.id, context.now).await?;
    match waiting {
        Some((target, kept)) => resume(&context, &case, &target, &kept).await,
        None => Ok(see_other(&context.href(CASE_PATH))),
    }
}

/// `POST /tra-cuu/thoat`.
pub async fn leave(context: PageContext, session: Session) -> Result<Response> {
    session::end_visit(&session).await?;
    Ok(left(&format!("{}?{LEFT}", context.href("/tra-cuu"))))
}

/// One look into the database for whatever was typed: a text that cannot be a code is looked for all the same.
pub(crate) async fn look_up(context: &PageContext, typed: &str) -> Result<Option<Case>> {
    let typed: String = typed.chars().take(TYPED_CHARS_MAX).collect();
    let hash = CaseCode::hash_of_typed(&typed);
    let mut tx = context.portal.db().read().await?;
    store::by_code_hash(&mut tx, &hash).await
}

/// The name of the hidden field that says which case a form was shown for.
pub(crate) const OF: &str = "_of";

/// What a form carries to say which case it belongs to: two visits in one browser must not mix. Tells nothing about the case.
pub(crate) fn mark_of(case_id: &str) -> String {
    let mut mark = secret_hash("case form", case_id);
    mark.truncate(16);
    mark
}

/// Whether a form was shown for this case.
pub(super) fn is_for(case: &Case, form: &FormState) -> bool {
    form.value(OF) == mark_of(&case.id)
}

fn is_own_form(context: &PageContext, target: &str) -> bool {
    [CASE_PATH, crate::retention::OWN].iter().any(|path| target.starts_with(&format!("{}/", context.href(path))))
}

/// 401: the visit has ended (or another case is open); the words go along, hidden, through the page that asks for the code.
pub(crate) fn keep_form_and_ask(context: &PageContext, form: &FormState) -> Response {
    let mut outer = FormState::default();
    for (name, value) in form.values() {
        outer.set(&format!("{}{name}", kept::PREFIX), value.clone());
    }
    outer.set(kept::TARGET, context.href(&context.path));
    page(context, &outer, Reason::VisitOver, StatusCode::UNAUTHORIZED)
}

/// 401 for photos that arrived after the visit had ended: a page cannot carry them along, they must be chosen again.
pub(super) fn ask_again(context: &PageContext) -> Response {
    page(context, &FormState::default(), Reason::VisitOver, StatusCode::UNAUTHORIZED)
}

async fn resume(context: &PageContext, case: &Case, target: &str, kept: &FormState) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let title = store::parts::text(&mut tx, &case.id).await?.title;
    drop(tx);
    let lang = context.lang;
    let page = Page::new(context, Section::Follow, lang.t("following.resume.title"));
    Ok(page.render(|| {
        view! {
            <div class="stack">
                <h1>{lang.t("following.resume.title")}</h1>
                <p class="lead-text">{lang.f("following.resume.text", &[("title", &title)])}</p>
            </div>
            {kept::resume_form(lang, target, kept)}
            <p><a href=lang.href(CASE_PATH)>{lang.t("following.resume.look")}</a></p>
        }
        .into_any()
    }))
}

fn page(context: &PageContext, form: &FormState, reason: Reason, status: StatusCode) -> Response {
    let lang = context.lang;
    let page = Page::new(context, Section::Follow, lang.t("following.code.title")).status(status).islands();
    page.render(|| {
        view! {
            {notice(context, &reason)}
            {error_summary(lang, form)}
            <div class="stack">
                <h1>{lang.t("following.code.title")}</h1>
                <p class="lead-text">{lang.t("following.code.lead")}</p>
            </div>
            {code_form(context, form)}
            {help(context)}
        }
        .into_any()
    })
}

fn notice(context: &PageContext, reason: &Reason) -> AnyView {
    let lang = context.lang;
    let warn = |title: &'static str, text: &'static str| {
        view! { <div class="notice warn" role="alert">{icon(Icon::Clock)}<div><b>{title}</b><p>{text}</p></div></div> }.into_any()
    };
    match reason {
        Reason::Asked => ().into_any(),
        Reason::Left => crate::ui::flash_line(lang.t("following.code.left").to_owned()),
        Reason::VisitOver => warn(lang.t("following.code.over"), lang.t("following.code.over_text")),
        Reason::OtherCase => warn(lang.t("following.code.other_case"), lang.t("following.code.other_case_text")),
    }
}

fn code_form(context: &PageContext, form: &FormState) -> AnyView {
    let lang = context.lang;
    let look = FieldLook { label: "following.code.label", hint: Some("following.code.hint"), class: "field-code", ..FieldLook::default() };
    let kept = kept::waiting(form).map(|(target, kept)| kept::hidden_fields(&target, &kept));
    view! {
        <form method="post" action=lang.href("/tra-cuu") class="stack" autocomplete="off">
            {kept}
            {text_field(lang, form, "code", look)}
            <CodeFromFragment field="code".to_owned() />
            <button class="btn btn-main btn-block">{lang.t("following.code.open")}</button>
        </form>
    }
    .into_any()
}

fn help(context: &PageContext) -> AnyView {
    let lang = context.lang;
    view! {
        <div class="stack">
            <details class="more">
                <summary>{lang.t("following.code.where")}</summary>
                <p>{lang.t("following.code.where_text")}</p>
            </details>
            <details class="more">
                <summary>{lang.t("following.code.lost")}</summary>
                <p>{lang.t("following.code.lost_text")}</p>
            </details>
            <p>{lang.t("following.code.none")} " " <a href=lang.href("/gui")>{lang.t("following.code.file")}</a></p>
            <p>{lang.t("citizens.link.many")} " " <a href=lang.href("/toi")>{lang.t("citizens.title")}</a></p>
        </div>
    }
    .into_any()
}
