//! What officials look at: a paper to cover, the pages of a PDF, a version made for the public.

use super::actions::known;
use super::choices;
use super::covers::{self, Cover, grid};
use super::raster::{self, DRAWN_AT_ONCE, PAGES_MAX, Unreadable};
use super::rules::Known;
use super::{pixels, store};
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::papers::kinds::PaperKind;
use crate::papers::serve::{Size, bytes_answer, respond};
use crate::papers::store::{Paper, by_id};
use crate::permissions::{Action, check};
use crate::petitions::actions;
use crate::petitions::rules::{self as cases, Case, Event};
use crate::petitions::store::parts;
use crate::ui::fields::FieldLook;
use crate::ui::page::{Page, Section};
use crate::ui::{Icon, PageContext, error_summary, icon, text_field};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use bytes::Bytes;
use leptos::prelude::*;
use tokio::sync::Semaphore;

/// Longest title of a paper, in characters.
pub(super) const TITLE_CHARS_MAX: usize = 200;
/// What the names of rectangles in a form begin with.
pub(super) const COVER: &str = "cover_";
/// What the names of ticked cells begin with; their values are "column,row".
pub(super) const CELL: &str = "cell_";
/// The page that is shown, counted from zero.
pub(super) const SHOWN: &str = "shown";
/// The field of the title.
pub(super) const TITLE: &str = "paper_title";

static DRAWERS: Semaphore = Semaphore::const_new(DRAWN_AT_ONCE);

/// A paper that may be covered, and what is needed for it.
pub(super) struct Seat {
    pub case: Case,
    pub paper: Paper,
    pub known: Known,
}

impl Seat {
    /// The paper, if whoever asks handles its case and the case may become public.
    pub async fn load(tx: &mut Tx, context: &PageContext, case_id: &str, paper_id: &str) -> Result<Self> {
        check(&context.actor, Action::UseDesk)?;
        let case = actions::seen(tx, &context.actor, case_id).await?;
        check(&context.actor, Action::Handle(&case))?;
        let may_be_public = cases::apply(&case, &Event::PublicTextProposed, case.changed_at).is_ok();
        let paper = by_id(tx, paper_id).await?.filter(|paper| may_be_public && paper.case_id.as_deref() == Some(case.id.as_str()));
        let paper = paper.ok_or(AppError::NotFound)?;
        let (person, text) = (parts::person(tx, &case.id).await?, parts::text(tx, &case.id).await?);
        Ok(Self { known: known(tx, &case, &person, &text.about).await?, case, paper })
    }

    /// Its kind.
    pub fn kind(&self) -> PaperKind {
        self.paper.kind.parse().unwrap_or(PaperKind::Pdf)
    }

    /// Its bytes.
    pub async fn bytes(&self, context: &PageContext) -> Result<Bytes> {
        crate::papers::sealed::read(&context.portal, &self.paper.id, &crate::papers::key(&self.paper.id)).await?.ok_or(AppError::NotFound)
    }

    fn path(&self) -> String {
        format!("/can-bo/don/{}/che/{}", self.case.id, self.paper.id)
    }
}

/// `GET /can-bo/don/{id}/che/{paper}`
pub async fn cover(context: PageContext, Path((case_id, paper_id)): Path<(String, String)>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let mut tx = context.portal.db().read().await?;
    let seat = Seat::load(&mut tx, &context, &case_id, &paper_id).await?;
    let versions = store::versions(&mut tx, &case_id).await?;
    drop(tx);
    let mut form = FormState::default();
    if let Some(version) = super::actions::newest(&versions, &paper_id).filter(|version| version.has_own_bytes()) {
        form.set(TITLE, version.title.clone());
        for (i, cover) in covers::read(&version.covers).iter().enumerate() {
            form.set(&format!("{COVER}{i}"), cover.text());
        }
    }
    show(&context, &seat, form, StatusCode::OK).await
}

/// Does what draws pages of a PDF ([`raster::each_page`]) off the async threads, one paper at a time.
pub(super) async fn drawn<T: Send + 'static>(
    work: impl FnOnce() -> std::result::Result<T, Unreadable> + Send + 'static,
) -> Result<std::result::Result<T, Unreadable>> {
    let permit = DRAWERS.acquire().await.map_err(AppError::internal)?;
    let drawn = tokio::task::spawn_blocking(work).await.map_err(AppError::internal);
    drop(permit);
    drawn
}

/// A page of a PDF as JPEG, and how many there are.
async fn page_of(context: &PageContext, seat: &Seat, page: u16) -> Result<std::result::Result<(Vec<u8>, u16), Unreadable>> {
    let bytes = seat.bytes(context).await?;
    drawn(move || {
        let mut jpeg = Vec::new();
        let pages = raster::each_page(&bytes, Some(page), |drawn| {
            jpeg = pixels::page_jpeg(drawn.pixels, page, &[]).map_err(|_| Unreadable::Page(page + 1))?;
            Ok(())
        })?;
        Ok((jpeg, pages))
    })
    .await
}

/// `GET /can-bo/don/{id}/che/{paper}/trang/{page}`: a page of a PDF as a picture, counted from one.
pub async fn page(context: PageContext, Path((case_id, paper_id, page)): Path<(String, String, String)>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let page: u16 = page.parse().unwrap_or(0);
    let mut tx = context.portal.db().read().await?;
    let seat = Seat::load(&mut tx, &context, &case_id, &paper_id).await?;
    drop(tx);
    if seat.kind() != PaperKind::Pdf || !(1..=PAGES_MAX).contains(&page) {
        return Err(AppError::NotFound);
    }
    match page_of(&context, &seat, page - 1).await? {
        Ok((jpeg, pages)) if page <= pages => Ok(bytes_answer(PaperKind::Jpeg, jpeg.into())),
        _ => Err(AppError::NotFound),
    }
}

/// `GET /can-bo/don/{id}/ban-cong-khai/{public}`: a version made for the public, for those who may see the case; `?nho` asks for the small picture.
pub async fn version(context: PageContext, Path((case_id, public_id)): Path<(String, String)>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let mut tx = context.portal.db().read().await?;
    let case = actions::seen(&mut tx, &context.actor, &case_id).await?;
    let version = store::version(&mut tx, &case.id, &public_id).await?.ok_or(AppError::NotFound)?;
    drop(tx);
    respond(&context.portal, &version, Size::asked(&context.query)).await
}

/// The rectangles of a form.
pub(super) fn covers_of(form: &FormState) -> Vec<Cover> {
    let mut covers: Vec<Cover> = form.values().iter().filter(|(name, _)| name.starts_with(COVER)).filter_map(|(_, value)| Cover::parse(value)).collect();
    covers.sort();
    covers.dedup();
    covers
}

/// The sides of the picture that is shown, in pixels, and how many pages there are.
struct Sheet {
    width: i64,
    height: i64,
    pages: u16,
}

/// The page: the picture with what is covered, the grid, the rectangles, the title.
///
/// # Errors
/// [`AppError::Unavailable`] where the store of papers does not answer.
pub(super) async fn show(context: &PageContext, seat: &Seat, form: FormState, status: StatusCode) -> Result<Response> {
    let lang = context.lang;
    let title = lang.t(if seat.kind() == PaperKind::Pdf { "redaction.cover.title_pdf" } else { "redaction.cover.title" });
    let shown: u16 = form.value(SHOWN).parse().unwrap_or(0);
    let sheet = match seat.kind() {
        PaperKind::Pdf => match page_of(context, seat, shown).await? {
            Ok((jpeg, pages)) => size_of(&jpeg).map(|(width, height)| Sheet { width, height, pages }).ok_or(Unreadable::Page(shown + 1)),
            Err(unreadable) => Err(unreadable),
        },
        _ => Ok(Sheet { width: seat.paper.width.unwrap_or(1).max(1), height: seat.paper.height.unwrap_or(1).max(1), pages: 1 }),
    };
    let page = Page::new(context, Section::Desk, title).main_class("wrap page stack-l").status(status).covering();
    Ok(page.render(|| {
        let body = match sheet {
            Ok(sheet) => cover_form(context, seat, &form, &sheet, shown.min(sheet.pages - 1)),
            Err(unreadable) => unreadable_notice(context, unreadable),
        };
        view! {
            <div class="stack">
                <a class="back" href=context.href(&format!("/can-bo/don/{}?buoc=cong-khai#buoc-cong-khai", seat.case.id))>{icon(Icon::Back)}{lang.t("redaction.cover.back")}</a>
                {error_summary(lang, &form)}
                <h1>{title}</h1>
                <p>{lang.t("redaction.cover.lead")}</p>
            </div>
            {body}
        }
        .into_any()
    }))
}

fn size_of(jpeg: &[u8]) -> Option<(i64, i64)> {
    let size = image::ImageReader::with_format(std::io::Cursor::new(jpeg), image::ImageFormat::Jpeg).into_dimensions().ok()?;
    Some((i64::from(size.0), i64::from(size.1)))
}

/// Why a paper cannot become public, in words.
pub(super) fn unreadable_words(context: &PageContext, unreadable: Unreadable) -> String {
    let lang = context.lang;
    match unreadable {
        Unreadable::TooManyPages => lang.f("redaction.unreadable.pages", &[("n", &PAGES_MAX.to_string())]),
        Unreadable::Damaged => lang.t("redaction.unreadable.damaged").to_owned(),
        Unreadable::Page(page) => lang.f("redaction.unreadable.page", &[("n", &page.to_string())]),
    }
}

fn unreadable_notice(context: &PageContext, unreadable: Unreadable) -> AnyView {
    let head = context.lang.t("redaction.unreadable");
    view! { <div class="notice warn" role="alert">{icon(Icon::Warning)}<div><b>{head}</b><p>{unreadable_words(context, unreadable)}</p></div></div> }.into_any()
}

fn cover_form(context: &PageContext, seat: &Seat, form: &FormState, sheet: &Sheet, shown: u16) -> AnyView {
    let lang = context.lang;
    let all = covers_of(form);
    let (here, elsewhere): (Vec<Cover>, Vec<Cover>) = all.into_iter().partition(|cover| cover.page == shown);
    let others: Vec<_> = elsewhere.iter().map(|cover| view! { <input type="hidden" name=cover_name(cover) value=cover.text() /> }).collect();
    let is_pdf = seat.kind() == PaperKind::Pdf;
    let words = form.value(TITLE).to_owned();
    let label = if is_pdf { "redaction.cover.paper_title" } else { "redaction.cover.photo_title" };
    let title = FieldLook { label, hint: Some("redaction.cover.paper_title_hint"), is_optional: !is_pdf, chars_max: None, ..FieldLook::default() };
    view! {
        <form method="post" action=context.href(&seat.path()) class="stack-l" data-cover="" data-page=shown.to_string() data-word=lang.t("redaction.cover.area")>
            <input type="hidden" name="version" value=seat.case.version.to_string() />
            <input type="hidden" name=SHOWN value=shown.to_string() />
            {others}
            {pages_row(context, sheet, shown)}
            <p class="notice" hidden data-cover-hint="">{lang.t("redaction.cover.draw")}</p>
            {picture(context, seat, sheet, shown, &here)}
            {areas(context, &here)}
            <p class="row">
                <button class="btn btn-s" name="action" value="preview">{lang.t("redaction.apply")}</button>
                <button class="btn btn-s btn-quiet" type="button" hidden data-cover-grid="">{lang.t("redaction.cover.grid")}</button>
            </p>
            <div class="stack">
                {text_field(lang, form, TITLE, title)}
                {(!words.is_empty()).then(|| choices::boxes(lang, form, choices::PAPER, &[&words], &seat.known))}
            </div>
            <p class="row"><button class="btn btn-main" name="action" value="save">{lang.t("redaction.cover.save")}</button></p>
            <p class="small muted">{lang.t("redaction.cover.after")}</p>
        </form>
    }
    .into_any()
}

fn cover_name(cover: &Cover) -> String {
    format!("{COVER}{}", cover.text().replace(',', "_"))
}

/// The ways to the other pages; what is covered on this one goes along.
fn pages_row(context: &PageContext, sheet: &Sheet, shown: u16) -> AnyView {
    let lang = context.lang;
    if sheet.pages < 2 {
        return ().into_any();
    }
    let buttons: Vec<_> = (0..sheet.pages)
        .map(|page| {
            let class = if page == shown { "btn btn-s btn-main" } else { "btn btn-s" };
            let current = (page == shown).then_some("page");
            view! { <button class=class name="action" value=format!("page:{page}") aria-current=current>{(page + 1).to_string()}</button> }
        })
        .collect();
    let words = lang.f("redaction.cover.page", &[("n", &(shown + 1).to_string()), ("all", &sheet.pages.to_string())]);
    view! { <div class="stack-s"><p><b class="num">{words}</b></p><p class="row">{buttons}</p></div> }.into_any()
}

/// The picture with what is covered, under a grid of cells to tick. Places are attributes of the drawing: pages have no styles of their own.
fn picture(context: &PageContext, seat: &Seat, sheet: &Sheet, shown: u16, here: &[Cover]) -> AnyView {
    let lang = context.lang;
    let href = match seat.kind() {
        PaperKind::Pdf => context.href(&format!("{}/trang/{}", seat.path(), shown + 1)),
        _ => context.href(&format!("/can-bo/don/{}/anh/{}", seat.case.id, seat.paper.id)),
    };
    let (columns, rows) = grid(sheet.width, sheet.height);
    let cells: Vec<_> = (0..rows)
        .flat_map(|row| (0..columns).map(move |column| (column, row)))
        .map(|(column, row)| {
            let name = cell_label(column, row);
            let label = lang.f("redaction.cover.cell", &[("n", &name)]);
            view! { <label><input type="checkbox" name=format!("{CELL}{column}_{row}") value=format!("{column},{row}") aria-label=label /><i>{name}</i></label> }
        })
        .collect();
    let shade: Vec<_> = here.iter().map(rectangle).collect();
    let class = if columns > rows { "cover-cells wide" } else { "cover-cells tall" };
    let (width, height) = (sheet.width.to_string(), sheet.height.to_string());
    view! {
        <div class="cover-sheet">
            <svg viewBox=format!("0 0 {} {}", sheet.width, sheet.height) role="img" aria-label=lang.t("redaction.cover.picture")>
                <image href=href width=width.clone() height=height.clone() preserveAspectRatio="none"></image>
                <svg viewBox="0 0 1000 1000" width=width.clone() height=height.clone() preserveAspectRatio="none" data-cover-shade="">{shade}</svg>
            </svg>
            <fieldset class=class data-cover-cells=""><legend class="visually-hidden">{lang.t("redaction.cover.cells")}</legend>{cells}</fieldset>
        </div>
    }
    .into_any()
}

fn rectangle(cover: &Cover) -> AnyView {
    view! {
        <rect x=cover.x.to_string() y=cover.y.to_string() width=cover.width.to_string() height=cover.height.to_string() data-of=cover.text()></rect>
    }
    .into_any()
}

/// "C4": the column as a letter, the row as a number.
fn cell_label(column: u16, row: u16) -> String {
    let letter = char::from(b'A' + u8::try_from(column).unwrap_or(0) % 26);
    format!("{letter}{}", row + 1)
}

/// The rectangles of this page, each to be taken off again.
fn areas(context: &PageContext, here: &[Cover]) -> AnyView {
    let lang = context.lang;
    let lines: Vec<_> = here
        .iter()
        .enumerate()
        .map(|(i, cover)| {
            let words = lang.f("redaction.cover.area", &[("n", &(i + 1).to_string())]);
            view! { <label class="check"><input type="checkbox" name=cover_name(cover) value=cover.text() checked /><span>{words}</span></label> }
        })
        .collect();
    let none = lines.is_empty().then(|| view! { <p class="muted small" data-cover-none="">{lang.t("redaction.cover.none")}</p> });
    view! {
        <fieldset class="group" data-cover-list="">
            <legend>{lang.t("redaction.cover.areas")}</legend>
            <span class="hint">{lang.t("redaction.cover.areas_hint")}</span>
            {none}
            {lines}
        </fieldset>
    }
    .into_any()
}

/// Asks for the reason of taking a version back, once more.
pub(super) async fn ask_again(context: &PageContext, case: &Case, public_id: &str, form: &FormState) -> Result<Response> {
    let lang = context.lang;
    let page = Page::new(context, Section::Desk, lang.t("redaction.take_back")).main_class("wrap page stack-l").status(StatusCode::UNPROCESSABLE_ENTITY);
    Ok(page.render(|| {
        view! {
            {error_summary(lang, form)}
            <h1>{lang.t("redaction.take_back")}</h1>
            {take_back_form(context, &case.id, public_id, form, 0)}
        }
        .into_any()
    }))
}

/// The form that takes a version back; `twin` counts those of one page.
pub fn take_back_form(context: &PageContext, case_id: &str, public_id: &str, form: &FormState, twin: usize) -> AnyView {
    let lang = context.lang;
    let reason = FieldLook { label: "desk.reason", hint: Some("redaction.take_back.hint"), twin, ..FieldLook::default() };
    view! {
        <form method="post" action=context.href(&format!("/can-bo/don/{case_id}/ban-cong-khai/{public_id}")) class="stack">
            {text_field(lang, form, super::forms::REASON, reason)}
            <p class="row"><button class="btn btn-s">{lang.t("redaction.take_back")}</button></p>
        </form>
    }
    .into_any()
}
