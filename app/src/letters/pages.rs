//! A letter on its own page, and as a file.
//!
//! Officials see letters without who the sender is, as they see the case; the whole letter comes out for a reason that enters
//! the history, like every opening of an identity. The citizen opens, by the case's code, what was issued to them and nothing else.

use super::actions::{of_this_case, sheet};
use super::sheet::Sheet;
use super::store::Letter;
use super::views::{For, href};
use super::{docx, html, pdf};
use crate::accounts::keep_form_and_sign_in;
use crate::accounts::second::{demand_fresh, proof_field};
use crate::actor::Actor;
use crate::error::{AppError, Result};
use crate::following::islands::PrintButton;
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::actions::{self as case_actions, Act, expect_version};
use crate::petitions::escalating::seat;
use crate::petitions::rules::{Case, Kind};
use crate::petitions::store::by_id;
use crate::sealed::actions as sealed;
use crate::ui::fields::FieldLook;
use crate::ui::{CachePolicy, Icon, Page, PageContext, Section, error_summary, icon, text_area};
use axum::Form;
use axum::body::Body;
use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use leptos::prelude::*;
use tower_sessions::Session;

/// Longest reason for opening the whole letter, in characters.
const REASON_CHARS_MAX: usize = 1_000;
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// How a letter is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A page.
    Page,
    /// A PDF.
    Pdf,
    /// A DOCX.
    Docx,
}

impl Format {
    /// The id and the format of the last part of an address: `….pdf`.
    pub fn of(file: &str) -> (&str, Self) {
        match file.rsplit_once('.') {
            Some((id, "pdf")) => (id, Self::Pdf),
            Some((id, "docx")) => (id, Self::Docx),
            _ => (file, Self::Page),
        }
    }
}

/// `GET /can-bo/don/{id}/van-ban/{letter}`, also with `.pdf` and `.docx`: without who the sender is.
pub async fn for_officials(context: PageContext, Path((case_id, file)): Path<(String, String)>) -> Result<Response> {
    let (letter_id, format) = Format::of(&file);
    let (case, letter, sheet) = load(&context, &case_id, letter_id).await?;
    match format {
        Format::Page => Ok(desk_page(&context, &case, &letter, sheet, &FormState::default(), StatusCode::OK)),
        other => as_file(&letter, sheet.masked(), other).await,
    }
}

async fn load(context: &PageContext, case_id: &str, letter_id: &str) -> Result<(Case, Letter, Sheet)> {
    let mut tx = context.portal.db().read().await?;
    let seat = seat(&mut tx, &context.actor, case_id).await?;
    let letter = of_this_case(&mut tx, &seat.case, letter_id).await?;
    // From above only what was written above is seen, and nobody sees another office's drafts.
    let is_own = letter.body_id == seat.desk.body_id;
    if !is_own && (seat.is_above() || !letter.is_issued()) {
        return Err(AppError::NotFound);
    }
    let sheet = sheet(&mut tx, &context.directory, &seat.desk, &letter).await?;
    Ok((seat.desk, letter, sheet))
}

/// `POST /can-bo/don/{id}/van-ban/{letter}`: the whole letter as a file, for a reason that enters the history.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever may not know who the sender is; [`AppError::NotFound`] for a draft, which names nobody.
pub async fn whole(
    context: PageContext,
    session: Session,
    Path((case_id, letter_id)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let (case, letter, sheet) = load(&context, &case_id, &letter_id).await?;
    if !sheet.has_identity() {
        return Err(AppError::NotFound);
    }
    check(&context.actor, identity_of(&case))?;
    let reason = form.required("reason", "letters.whole.reason.missing", REASON_CHARS_MAX);
    demand_fresh(&context, &mut form).await?;
    if !form.is_valid() {
        return Ok(desk_page(&context, &case, &letter, sheet, &form, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let mut tx = context.portal.db().write().await?;
    let case = case_actions::seen(&mut tx, &context.actor, &case_id).await?;
    if expect_version(&case, form.value("version").parse().unwrap_or_default()).is_err() {
        drop(tx);
        form.wrong("reason", "letters.whole.moved");
        return Ok(desk_page(&context, &case, &letter, sheet, &form, StatusCode::CONFLICT));
    }
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    if case.kind == Kind::Denunciation {
        let hash = sealed::session_hash(&session).await?;
        if let Err(error) = sealed::use_identity(&mut act, &case, &reason, &hash).await {
            let AppError::Forbidden(_) = error else { return Err(error) };
            drop(tx);
            form.wrong("reason", "sealed.letter.closed");
            return Ok(desk_page(&context, &case, &letter, sheet, &form, StatusCode::UNPROCESSABLE_ENTITY));
        }
    } else {
        case_actions::open_identity(&mut act, &case, &reason).await?;
    }
    tx.commit().await?;
    as_file(&letter, sheet, if form.value("format") == "docx" { Format::Docx } else { Format::Pdf }).await
}

/// What seeing who the sender is takes: of a denunciation it must be opened for a duty first.
fn identity_of(case: &Case) -> Action<'_> {
    if case.kind == Kind::Denunciation { Action::OpenSealed(case) } else { Action::SeeIdentity(case) }
}

/// `GET /tra-cuu/van-ban/{letter}`, also with `.pdf`: for whoever has shown the case's code.
///
/// # Errors
/// [`AppError::CodeNeeded`] without a visit; [`AppError::NotFound`] for anything but a letter issued to the sender.
pub async fn for_sender(context: PageContext, Path(file): Path<String>) -> Result<Response> {
    let Actor::Citizen { case_id } = &context.actor else { return Err(AppError::CodeNeeded) };
    let (letter_id, format) = Format::of(&file);
    let mut tx = context.portal.db().read().await?;
    let case = by_id(&mut tx, case_id).await?.ok_or(AppError::CodeNeeded)?;
    check(&context.actor, Action::Follow(&case))?;
    let letter = of_this_case(&mut tx, &case, letter_id).await?;
    if !letter.is_for_sender() || format == Format::Docx {
        return Err(AppError::NotFound);
    }
    let sheet = sheet(&mut tx, &context.directory, &case, &letter).await?;
    drop(tx);
    if format == Format::Pdf { as_file(&letter, sheet, format).await } else { Ok(sender_page(&context, &letter, &sheet)) }
}

/// The letter as a file. Its name says nothing of kind, matter or person: it stays in the list of downloads.
async fn as_file(letter: &Letter, sheet: Sheet, format: Format) -> Result<Response> {
    let name = letter.number.zip(letter.year).map_or_else(|| "du-thao".to_owned(), |(number, year)| format!("{number}-{year}"));
    file(sheet, format, &format!("van-ban-{name}")).await
}

/// A sheet as a file of that name, without its end.
pub(crate) async fn file(sheet: Sheet, format: Format, name: &str) -> Result<Response> {
    let made = tokio::task::spawn_blocking(move || if format == Format::Docx { docx::docx(&sheet) } else { pdf::pdf(&sheet) }).await;
    let bytes = made.map_err(AppError::internal)??;
    let (end, content_type) = match format {
        Format::Docx => ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        _ => ("pdf", "application/pdf"),
    };
    attachment(bytes, content_type, &format!("{name}.{end}"))
}

/// Bytes to save, in an answer in which nothing can run and that nobody keeps.
pub(crate) fn attachment(bytes: Vec<u8>, content_type: &'static str, name: &str) -> Result<Response> {
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(crate::papers::serve::FILE_POLICY));
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).map_err(AppError::internal)?);
    response.extensions_mut().insert(CachePolicy::Private);
    Ok(response)
}

fn desk_page(context: &PageContext, case: &Case, letter: &Letter, sheet: Sheet, form: &FormState, status: StatusCode) -> Response {
    let lang = context.lang;
    let has_identity = sheet.has_identity();
    let shown = sheet.masked();
    let may_open = has_identity && check(&context.actor, identity_of(case)).is_ok();
    let page = Page::new(context, Section::Desk, letter.name.clone()).main_class("wrap wide page stack-l").status(status).islands();
    page.render(|| {
        view! {
            <div class="stack no-print">
                <a class="back" href=context.href(&format!("/can-bo/don/{}", case.id))>{icon(Icon::Back)}{lang.t("letters.back_to_case")}</a>
                <h1 class="title-s">{letter.name.clone()}</h1>
                {error_summary(lang, form)}
                {facts(context, letter)}
                {files(context, letter, For::Officials)}
                {has_identity.then(|| view! { <p class="notice info">{icon(Icon::Lock)}<span>{lang.t("letters.masked")}</span></p> })}
                {may_open.then(|| whole_form(context, case, letter, form))}
            </div>
            {html::letter(&shown)}
        }
        .into_any()
    })
}

/// State, number, people, hash.
fn facts(context: &PageContext, letter: &Letter) -> AnyView {
    let lang = context.lang;
    let row = |key: &'static str, words: String| view! { <dt>{lang.t(key)}</dt><dd class="break">{words}</dd> };
    let state = if letter.is_issued() { "letters.state.issued" } else { "letters.state.draft" };
    let signed = letter.signed_by_name.clone().zip(letter.signed_at).map(|(who, at)| {
        let right = letter.authority.map(|authority| lang.t(authority.key())).unwrap_or_default();
        row("letters.signed", format!("{who} ({right}), {}", lang.time(at)))
    });
    view! {
        <dl class="dl num">
            {row("letters.state", lang.t(state).to_owned())}
            {letter.label.clone().map(|label| row("letters.number_label", label))}
            {row("letters.to", lang.t(letter.addressee.key()).to_owned())}
            {row("letters.drafted", format!("{}, {}", letter.drafted_by_name, lang.time(letter.drafted_at)))}
            {signed}
            {letter.next_right_last_day.map(|day| row("letters.right", lang.day_long(day)))}
            {letter.sha256.clone().map(|hash| row("letters.hash", hash))}
        </dl>
    }
    .into_any()
}

fn files(context: &PageContext, letter: &Letter, to: For) -> AnyView {
    let lang = context.lang;
    let href = href(context, letter, to);
    let docx = (to == For::Officials).then(|| view! { <a class="btn btn-s" href=format!("{href}.docx")>{icon(Icon::Download)}{lang.t("letters.docx")}</a> });
    view! {
        <div class="row">
            <a class="btn btn-s" href=format!("{href}.pdf")>{icon(Icon::Download)}{lang.t("letters.pdf")}</a>
            {docx}
            <PrintButton label=lang.t("letters.print").to_owned() />
        </div>
    }
    .into_any()
}

fn whole_form(context: &PageContext, case: &Case, letter: &Letter, form: &FormState) -> AnyView {
    let lang = context.lang;
    let look = FieldLook { label: "letters.whole.reason.label", hint: Some("letters.whole.reason.hint"), ..FieldLook::default() };
    view! {
        <details class="more" open=!form.is_valid()>
            <summary>{lang.t("letters.whole.title")}</summary>
            <form method="post" action=href(context, letter, For::Officials) class="stack">
                <input type="hidden" name="version" value=case.version.to_string() />
                {text_area(lang, form, "reason", 2, look)}
                {proof_field(context, form, 0)}
                <div class="row">
                    <button class="btn btn-s btn-main" name="format" value="pdf">{lang.t("letters.whole.pdf")}</button>
                    <button class="btn btn-s" name="format" value="docx">{lang.t("letters.whole.docx")}</button>
                </div>
            </form>
        </details>
    }
    .into_any()
}

fn sender_page(context: &PageContext, letter: &Letter, sheet: &Sheet) -> Response {
    let lang = context.lang;
    let page = Page::new(context, Section::Follow, lang.t("letters.page.title")).islands();
    page.render(|| {
        let right = letter.next_right_last_day.map(|day| {
            view! { <p class="notice info">{icon(Icon::Calendar)}<span>{lang.f("letters.right_until", &[("day", &lang.day_long(day))])}</span></p> }
        });
        view! {
            <div class="stack no-print">
                <a class="back" href=context.href("/tra-cuu/don")>{icon(Icon::Back)}{lang.t("letters.back_to_own")}</a>
                <h1>{letter.name.clone()}</h1>
                {right}
                {files(context, letter, For::Sender)}
            </div>
            {html::letter(sheet)}
        }
        .into_any()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_part_of_an_address_names_letter_and_format() {
        assert_eq!(Format::of("019a.pdf"), ("019a", Format::Pdf));
        assert_eq!(Format::of("019a.docx"), ("019a", Format::Docx));
        assert_eq!(Format::of("019a"), ("019a", Format::Page));
        assert_eq!(Format::of("019a.exe"), ("019a.exe", Format::Page), "which no letter is called");
    }

    #[test]
    fn trap_26_a_file_says_nothing_of_its_letter_by_its_headers() {
        let response = attachment(Vec::new(), "application/pdf", "van-ban-12-2026.pdf").expect("an answer");
        assert_eq!(response.headers()[CONTENT_DISPOSITION], "attachment; filename=\"van-ban-12-2026.pdf\"");
        assert_eq!(response.headers()[X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(response.extensions().get::<CachePolicy>(), Some(&CachePolicy::Private));
    }
}
