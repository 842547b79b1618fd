//! What officials send: rectangles over a paper, and the reason for taking a version back.

use super::actions::{self, Covered};
use super::choices;
use super::covers::{COVERS_MAX, Cover, grid, of_cells};
use super::pages::{CELL, COVER, SHOWN, Seat, TITLE, TITLE_CHARS_MAX, covers_of, drawn, show, unreadable_words};
use super::pixels::{CoveredPdf, cover_picture};
use super::raster::{Unreadable, each_page};
use super::{rules, store};
use crate::accounts::keep_form_and_sign_in;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::papers::clean::CleanPaper;
use crate::papers::kinds::PaperKind;
use crate::papers::{delete_bytes, key, thumb_key};
use crate::permissions::{Action, check};
use crate::petitions::actions::{self as petitions, Act, betrays, expect_version};
use crate::petitions::store::parts;
use crate::ui::{PageContext, see_other};
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::Response;
use bytes::Bytes;

/// Longest reason for taking a version back, in characters.
const REASON_CHARS_MAX: usize = 1_000;
/// The field of that reason.
pub const REASON: &str = "take_back_reason";

type Sent = std::result::Result<Form<Vec<(String, String)>>, FormRejection>;

/// `POST /can-bo/don/{id}/che/{paper}`: shows what is covered so far, another page, or makes the version.
///
/// # Errors
/// [`AppError::NotFound`] for whoever may not, [`AppError::Conflict`] where the case has moved on.
pub async fn cover(context: PageContext, Path((case_id, paper_id)): Path<(String, String)>, sent: Sent) -> Result<Response> {
    let Form(pairs) = sent.map_err(|_| AppError::BadRequest("not a form"))?;
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    check(&context.actor, Action::UseDesk)?;
    let mut tx = context.portal.db().read().await?;
    let seat = Seat::load(&mut tx, &context, &case_id, &paper_id).await?;
    let person = parts::person(&mut tx, &case_id).await?;
    drop(tx);
    let covers = read_covers(&context, &seat, &mut form).await?;
    let action = form.value("action").to_owned();
    if let Some(page) = action.strip_prefix("page:") {
        form.set(SHOWN, page.to_owned());
        return show(&context, &seat, form, StatusCode::OK).await;
    }
    let title = if seat.kind() == PaperKind::Pdf && action == "save" {
        form.required(TITLE, "redaction.cover.title_missing", TITLE_CHARS_MAX)
    } else {
        form.optional(TITLE, TITLE_CHARS_MAX)
    };
    let hidden = choices::read(&mut form, choices::PAPER, &[&title]);
    let title = rules::hide(&title, &hidden);
    if betrays(&title, &person) {
        form.wrong(TITLE, "desk.betrays");
    }
    if action != "save" || !form.is_valid() {
        let status = if form.is_valid() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        return show(&context, &seat, form, status).await;
    }
    let version: i64 = form.value("version").parse().map_err(|_| AppError::BadRequest("no version"))?;
    let clean = match made(&context, &seat, covers.clone()).await? {
        Ok(clean) => clean,
        Err(unreadable) => {
            form.wrong_with(TITLE, "redaction.cover.not_made", vec![("why", unreadable_words(&context, unreadable))]);
            return show(&context, &seat, form, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    keep(&context, &seat, version, Covered { id: context.portal.new_id(), clean, title, covers }).await?;
    Ok(see_other(&context.href(&format!("/can-bo/don/{case_id}?buoc=cong-khai#buoc-cong-khai"))))
}

/// The rectangles of a form and of the cells ticked on the page shown; cells become rectangles, so that the form can come back.
async fn read_covers(context: &PageContext, seat: &Seat, form: &mut FormState) -> Result<Vec<Cover>> {
    let shown: u16 = form.value(SHOWN).parse().unwrap_or(0);
    let cell = |value: &str| {
        let (column, row) = value.split_once(',')?;
        Some((column.parse::<u16>().ok()?, row.parse::<u16>().ok()?))
    };
    let ticked: Vec<(u16, u16)> = form.values().iter().filter(|(name, _)| name.starts_with(CELL)).filter_map(|(_, value)| cell(value)).collect();
    let mut covers = covers_of(form);
    if !ticked.is_empty() {
        let (width, height) = sides(context, seat, shown).await?;
        covers.extend(of_cells(shown, grid(width, height), &ticked));
    }
    let old: Vec<String> = form.values().keys().filter(|name| name.starts_with(CELL) || name.starts_with(COVER)).cloned().collect();
    old.iter().for_each(|name| form.forget(name));
    if covers.len() > COVERS_MAX {
        form.wrong_with(TITLE, "redaction.cover.too_many", vec![("n", COVERS_MAX.to_string())]);
        covers.truncate(COVERS_MAX);
    }
    for (i, cover) in covers.iter().enumerate() {
        form.set(&format!("{COVER}{i}"), cover.text());
    }
    Ok(covers)
}

/// The sides of what is shown, for the shape of its grid.
async fn sides(context: &PageContext, seat: &Seat, shown: u16) -> Result<(i64, i64)> {
    if seat.kind() != PaperKind::Pdf {
        return Ok((seat.paper.width.unwrap_or(1), seat.paper.height.unwrap_or(1)));
    }
    let bytes = seat.bytes(context).await?;
    let sides = drawn(move || {
        let mut sides = (1_i64, 1_i64);
        each_page(&bytes, Some(shown), |page| {
            sides = (i64::from(page.pixels.width()), i64::from(page.pixels.height()));
            Ok(())
        })?;
        Ok(sides)
    })
    .await?;
    Ok(sides.unwrap_or((1, 1)))
}

/// The version for the public: painted pixels.
async fn made(context: &PageContext, seat: &Seat, covers: Vec<Cover>) -> Result<std::result::Result<CleanPaper, Unreadable>> {
    let (kind, bytes) = (seat.kind(), seat.bytes(context).await?);
    if kind == PaperKind::Pdf {
        return drawn(move || {
            let mut pdf = CoveredPdf::new();
            each_page(&bytes, None, |page| pdf.add(page, &covers).map_err(|_| Unreadable::Damaged))?;
            pdf.finish().map_err(|_| Unreadable::Damaged)
        })
        .await;
    }
    let made = tokio::task::spawn_blocking(move || cover_picture(kind, &bytes, &covers)).await;
    Ok(made.unwrap_or(Err(crate::papers::kinds::Refused::Damaged)).map_err(|_| Unreadable::Damaged))
}

/// Puts the bytes into the store and then the row, so that no row points at nothing.
async fn keep(context: &PageContext, seat: &Seat, version: i64, covered: Covered) -> Result<()> {
    let files = context.portal.files();
    files.put(&key(&covered.id), Bytes::from(covered.clean.bytes.clone())).await?;
    if let Some(thumb) = &covered.clean.thumb {
        files.put(&thumb_key(&covered.id), Bytes::from(thumb.clone())).await?;
    }
    let kept = keep_row(context, seat, version, &covered).await;
    if kept.is_err() {
        delete_bytes(&context.portal, &covered.id).await?;
    }
    kept
}

async fn keep_row(context: &PageContext, seat: &Seat, version: i64, covered: &Covered) -> Result<()> {
    let mut tx = context.portal.db().write().await?;
    let case = petitions::seen(&mut tx, &context.actor, &seat.case.id).await?;
    expect_version(&case, version)?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    actions::add_covered(&mut act, &case, &seat.paper, covered).await?;
    tx.commit().await
}

/// `POST /can-bo/don/{id}/ban-cong-khai/{public}`: takes a version back.
///
/// # Errors
/// [`AppError::NotFound`] for whoever may not see the case, and where there is no such version.
pub async fn take_back(context: PageContext, Path((case_id, public_id)): Path<(String, String)>, sent: Sent) -> Result<Response> {
    let Form(pairs) = sent.map_err(|_| AppError::BadRequest("not a form"))?;
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    check(&context.actor, Action::UseDesk)?;
    let mut tx = context.portal.db().write().await?;
    let case = petitions::seen(&mut tx, &context.actor, &case_id).await?;
    check(&context.actor, Action::TakePaperBack(&case))?;
    store::version(&mut tx, &case.id, &public_id).await?.ok_or(AppError::NotFound)?;
    let reason = form.required(REASON, "desk.reason.missing", REASON_CHARS_MAX);
    if !form.is_valid() {
        drop(tx);
        return super::pages::ask_again(&context, &case, &public_id, &form).await;
    }
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    actions::take_back(&mut act, &case, &public_id, &reason).await?;
    tx.commit().await?;
    Ok(see_other(&context.href(&format!("/can-bo/don/{case_id}#giay-to"))))
}
