//! The POSTs of linking and of splitting. Read → permission → version → check → action → 303, or the same page again.

use super::beside::Related;
use super::links::{self, Unlinkable};
use super::links_page::{self, SIMILAR_MAX};
use super::split::{self, NewPart, must_part_words};
use super::{beside, split_page};
use crate::accounts::keep_form_and_sign_in;
use crate::accounts::session::leave_flash;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::actions::{Act, expect_version, seen};
use crate::petitions::relation::Tie;
use crate::petitions::rules::{Case, Kind};
use crate::petitions::store::parts;
use crate::ui::{PageContext, see_other};
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::Response;
use tower_sessions::Session;

/// Longest reason, in characters.
pub(super) const REASON_CHARS_MAX: usize = 1_000;
/// Longest sentence of a part, in characters.
pub(super) const TITLE_CHARS_MAX: usize = 200;
/// Longest words of a part, in characters.
pub(super) const BODY_CHARS_MAX: usize = 10_000;

/// A form as it arrives.
pub(super) type Sent = std::result::Result<Form<Vec<(String, String)>>, FormRejection>;

/// A form of a case's page, once it has arrived.
pub(super) enum Arrived {
    /// Nobody is signed in: the words go along through the sign-in.
    SignedOut(Response),
    /// The form, the case as it is, and the version the form was shown with.
    Here(FormState, Case, i64),
}

/// Reads the form of a case's page.
///
/// # Errors
/// Those of [`seen`]; [`AppError::BadRequest`] for what none of our pages sends.
pub(super) async fn arrive(context: &PageContext, case_id: &str, sent: Sent, action: impl FnOnce(&Case) -> Result<()>) -> Result<Arrived> {
    let Form(pairs) = sent.map_err(|_| AppError::BadRequest("not a form"))?;
    let form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(Arrived::SignedOut(keep_form_and_sign_in(context, &form)));
    }
    let mut tx = context.portal.db().read().await?;
    let case = seen(&mut tx, &context.actor, case_id).await?;
    drop(tx);
    action(&case)?;
    let version = form.value("version").parse().map_err(|_| AppError::BadRequest("no version"))?;
    Ok(Arrived::Here(form, case, version))
}

/// What an official does to links or parts.
enum Deed {
    Link { other_id: String, tie: Tie, reason: String },
    Unlink { link_id: String, reason: String },
    TakeBack(String),
    Split(NewPart),
}

async fn perform(context: &PageContext, case_id: &str, version: i64, deed: &Deed) -> Result<()> {
    let mut tx = context.portal.db().write().await?;
    let case = seen(&mut tx, &context.actor, case_id).await?;
    expect_version(&case, version)?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    match deed {
        Deed::Link { other_id, tie, reason } => links::link(&mut act, &case, other_id, *tie, reason).await.map(drop)?,
        Deed::Unlink { link_id, reason } => links::unlink(&mut act, &case, link_id, reason).await.map(drop)?,
        Deed::TakeBack(reason) => split::take_back(&mut act, &case, reason).await.map(drop)?,
        Deed::Split(part) => split::split(&mut act, &case, part).await.map(drop)?,
    }
    tx.commit().await
}

/// `POST /can-bo/don/{id}/lien-quan`: link, unlink, take a wrong split back.
pub async fn links(context: PageContext, session: Session, Path(case_id): Path<String>, sent: Sent) -> Result<Response> {
    let (mut form, case, version) = match arrive(&context, &case_id, sent, |case| check(&context.actor, Action::Relate(case))).await? {
        Arrived::SignedOut(response) => return Ok(response),
        Arrived::Here(form, case, version) => (form, case, version),
    };
    let deed = parse_links(&context, &mut form, &case).await?;
    let flash = match &deed {
        Some(Deed::Unlink { .. }) => "relations.flash.unlinked",
        Some(Deed::TakeBack(_)) => "relations.flash.taken_back",
        _ => "relations.flash.linked",
    };
    let status = match deed {
        None => StatusCode::UNPROCESSABLE_ENTITY,
        Some(deed) => match perform(&context, &case_id, version, &deed).await {
            Ok(()) => {
                leave_flash(&session, flash).await?;
                return Ok(see_other(&context.href(&format!("/can-bo/don/{case_id}/lien-quan"))));
            }
            Err(AppError::Conflict) => {
                form.wrong("version", "relations.moved");
                StatusCode::CONFLICT
            }
            Err(error) => return Err(error),
        },
    };
    let (case, related) = load(&context, &case_id).await?;
    Ok(links_page::page(&context, &case, &related, &form, None, status))
}

/// The case with all that stands beside it.
pub(super) async fn load(context: &PageContext, case_id: &str) -> Result<(Case, Related)> {
    let mut tx = context.portal.db().read().await?;
    let case = seen(&mut tx, &context.actor, case_id).await?;
    let (text, person) = (parts::for_officials(&mut tx, &case).await?, parts::person(&mut tx, case_id).await?);
    let related = beside::load(&mut tx, context, &case, (&text, &person), SIMILAR_MAX).await?;
    Ok((case, related))
}

async fn parse_links(context: &PageContext, form: &mut FormState, case: &Case) -> Result<Option<Deed>> {
    let deed = match form.value("action") {
        "unlink" => {
            let link_id = form.value("link").to_owned();
            if link_id.is_empty() {
                form.wrong("link", "relations.unlink.missing");
            }
            Deed::Unlink { link_id, reason: form.required("unlink_reason", "relations.reason.missing", REASON_CHARS_MAX) }
        }
        "take_back" => {
            check(&context.actor, Action::Split(case))?;
            Deed::TakeBack(form.required("back_reason", "relations.reason.missing", REASON_CHARS_MAX))
        }
        _ => {
            let other_id = other_case(context, form).await?;
            match other_id.as_deref().map(|id| partner(context, case, id)) {
                Some(partner) => {
                    if let Err(why) = partner.await? {
                        form.wrong("other", unlinkable(why));
                    }
                }
                None => form.wrong("other", "relations.link.missing"),
            }
            let tie = Tie::repeat_from_code(form.value("tie"));
            if tie.is_none() {
                form.wrong("tie", "relations.tie.missing");
            }
            let reason = form.required("link_reason", "relations.reason.missing", REASON_CHARS_MAX);
            Deed::Link { other_id: other_id.unwrap_or_default(), tie: tie.unwrap_or(Tie::SameMatter), reason }
        }
    };
    Ok(form.is_valid().then_some(deed))
}

async fn partner(context: &PageContext, case: &Case, other_id: &str) -> Result<std::result::Result<Case, Unlinkable>> {
    let mut tx = context.portal.db().read().await?;
    links::partner(&mut Act { tx: &mut tx, portal: &context.portal, actor: &context.actor }, case, other_id).await
}

/// The chosen case, or the one of a pasted address or public number.
async fn other_case(context: &PageContext, form: &FormState) -> Result<Option<String>> {
    let typed = form.value("other_address");
    if typed.is_empty() {
        return Ok(Some(form.value("other").to_owned()).filter(|id| !id.is_empty()));
    }
    let last = typed.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/').rsplit('/').next().unwrap_or_default().trim();
    if let Ok(number) = last.parse::<i64>() {
        let mut tx = context.portal.db().read().await?;
        return Ok(crate::petitions::store::register::by_number(&mut tx, number).await?.map(|row| row.case_id).or_else(|| Some(last.to_owned())));
    }
    Ok(Some(last.to_owned()))
}

fn unlinkable(why: Unlinkable) -> &'static str {
    match why {
        Unlinkable::Unknown => "relations.link.unknown",
        Unlinkable::Itself => "relations.link.itself",
        Unlinkable::Elsewhere => "relations.link.elsewhere",
        Unlinkable::Sealed => "relations.link.sealed",
        Unlinkable::Already => "relations.link.already",
    }
}

/// `POST /can-bo/don/{id}/tach`: takes a part out.
pub async fn split(context: PageContext, session: Session, Path(case_id): Path<String>, sent: Sent) -> Result<Response> {
    let (mut form, case, version) = match arrive(&context, &case_id, sent, |case| check(&context.actor, Action::Split(case))).await? {
        Arrived::SignedOut(response) => return Ok(response),
        Arrived::Here(form, case, version) => (form, case, version),
    };
    let mut tx = context.portal.db().read().await?;
    let text = parts::for_officials(&mut tx, &case).await?;
    let papers = crate::papers::store::of_case(&mut tx, &case_id).await?;
    drop(tx);
    let part = parse_part(&context, &mut form, &case, &text, &papers);
    let status = match part {
        None => StatusCode::UNPROCESSABLE_ENTITY,
        Some(part) => match perform(&context, &case_id, version, &Deed::Split(part)).await {
            Ok(()) => {
                leave_flash(&session, "relations.flash.split").await?;
                return Ok(see_other(&context.href(&format!("/can-bo/don/{case_id}/lien-quan"))));
            }
            Err(AppError::Conflict) => {
                form.wrong("version", "relations.moved");
                StatusCode::CONFLICT
            }
            Err(error) => return Err(error),
        },
    };
    split_page::again(&context, &case_id, form, status).await
}

fn parse_part(context: &PageContext, form: &mut FormState, case: &Case, text: &parts::CaseText, papers: &[crate::papers::store::Paper]) -> Option<NewPart> {
    let kind = Kind::from_code(form.value("part_kind"));
    if kind.is_none() {
        form.wrong("part_kind", "relations.split.kind_missing");
    }
    let body_id = form.value("part_body").to_owned();
    if !context.directory.bodies().any(|body| body.id == body_id) {
        form.wrong("part_body", "relations.split.body_missing");
    }
    let title = form.required("part_title", "relations.split.title_missing", TITLE_CHARS_MAX);
    let body = form.required("part_text", "relations.split.text_missing", BODY_CHARS_MAX);
    let needs_rest = kind == Some(Kind::Denunciation) && must_part_words(case.kind, Kind::Denunciation);
    let remains = needs_rest.then(|| {
        let rest_title = form.required("rest_title", "relations.split.rest_missing", TITLE_CHARS_MAX);
        let rest = form.required("rest_text", "relations.split.rest_missing", BODY_CHARS_MAX);
        if rest == text.body || (!body.is_empty() && rest.contains(&body)) {
            form.wrong("rest_text", "relations.split.rest_same");
        }
        (rest_title, rest)
    });
    let papers = papers.iter().filter(|paper| form.is_ticked(&split_page::paper_field(&paper.id))).map(|paper| paper.id.clone()).collect();
    let reason = form.required("split_reason", "relations.reason.missing", REASON_CHARS_MAX);
    form.is_valid().then(|| NewPart { kind: kind.unwrap_or(case.kind), body_id, title, body, remains, papers, reason })
}
