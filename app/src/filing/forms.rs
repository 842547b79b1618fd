//! The forms of filing as they are sent (POST). Each saves first and judges after: a wrong form is kept too.

use super::actions::{self, Saved, Sent, Typed};
use super::cookie::{self, DraftToken};
use super::rules::{self, Step, WHAT_FIELDS, WHOM_FIELDS};
use super::screen::Screen;
use super::{pages, what as what_screen, whom as whom_screen};
use crate::citizens;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::papers::forget;
use crate::papers::store::Held;
use crate::papers::upload::{self, Upload};
use crate::ui::{PageContext, see_other};
use axum::Form;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartRejection;
use axum::extract::rejection::FormRejection;
use axum::response::Response;
use tower_sessions::Session;

/// A form without files.
type Pairs = std::result::Result<Form<Vec<(String, String)>>, FormRejection>;

fn pairs(sent: Pairs) -> Result<FormState> {
    match sent {
        Ok(Form(pairs)) => Ok(FormState::from_pairs(pairs)),
        Err(FormRejection::BytesRejection(error)) if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE => Err(AppError::TooLarge),
        Err(_) => Err(AppError::BadRequest("broken form")),
    }
}

/// `POST /gui`.
pub async fn what(context: PageContext, token: DraftToken, sent: std::result::Result<Multipart, MultipartRejection>) -> Result<Response> {
    let multipart = sent.map_err(|_| AppError::BadRequest("not a multipart form"))?;
    let draft = actions::load(&context.portal, token.0.as_deref()).await?;
    if draft.case_id.is_some() {
        return Ok(see_other(&context.href(Step::What.path())));
    }
    let Upload { form: sent, papers, refused } = upload::receive(&context, multipart, Held::of(&draft.papers)).await?;
    let remove = Some(sent.value("remove")).filter(|id| !id.is_empty());
    let typed = Typed { form: &sent, fields: &WHAT_FIELDS, papers: &papers, remove };
    let (token, mut form, papers) = match actions::save(&context.portal, token.0.as_deref(), typed).await? {
        Saved::Draft { token, form, papers } => (token, form, papers),
        Saved::Sent => {
            forget(&context.portal, &papers).await?;
            return Ok(see_other(&context.href(Step::What.path())));
        }
    };
    let is_going_on = remove.is_none() && sent.value("action") != "upload";
    if is_going_on {
        rules::check_what(&mut form);
    }
    upload::note_refused(&mut form, "papers", &refused);
    let response = if !form.is_valid() {
        what_screen::page(&Screen { context: &context, form: &form, papers: &papers, saved_at: Some(context.now) })
    } else if is_going_on {
        see_other(&context.href(Step::Whom.path()))
    } else {
        see_other(&format!("{}#papers", context.href(Step::What.path())))
    };
    Ok(cookie::keep(response, context.portal.settings(), &token))
}

/// `POST /gui/o-dau`.
pub async fn whom(context: PageContext, token: DraftToken, sent: Pairs) -> Result<Response> {
    let mut sent = pairs(sent)?;
    let back_to = looking_back_to(&mut sent);
    let typed = Typed { form: &sent, fields: &WHOM_FIELDS, papers: &[], remove: None };
    let (token, mut form, papers) = match actions::save(&context.portal, token.0.as_deref(), typed).await? {
        Saved::Draft { token, form, papers } => (token, form, papers),
        Saved::Sent => return Ok(see_other(&context.href(Step::What.path()))),
    };
    if let Some(place) = back_to {
        let response = see_other(&format!("{}{place}", context.href(Step::Whom.path())));
        return Ok(cookie::keep(response, context.portal.settings(), &token));
    }
    let is_future = rules::kind(&form).and_then(|kind| rules::limitation(&form, kind)).is_some_and(|stated| stated.known_on > context.today);
    let response = match (pages::first_incomplete(&context, &form), rules::kind(&form)) {
        (Step::What, _) | (_, None) => see_other(&context.href(Step::What.path())),
        (Step::Check, _) if !is_future => see_other(&context.href(Step::Check.path())),
        (Step::Whom | Step::Check, Some(kind)) => {
            rules::check_whom(&mut form, kind, |code| rules::is_area(&context.directory, &context.portal.settings().province_code, code));
            if is_future {
                form.wrong("known_on", "limitation.future");
            }
            let old_areas = pages::old_areas(&context, &form).await?;
            whom_screen::page(&Screen { context: &context, form: &form, papers: &papers, saved_at: Some(context.now) }, &old_areas)
        }
    };
    Ok(cookie::keep(response, context.portal.settings(), &token))
}

/// Where on the screen somebody goes on who looked for an old name or took what was found; none if the screen is done.
fn looking_back_to(sent: &mut FormState) -> Option<&'static str> {
    let taken = sent.value("take").to_owned();
    if !taken.is_empty() {
        sent.set("area", taken);
        sent.forget("old_area");
        return Some("#area");
    }
    (sent.value("action") == "find").then_some("#ten-cu")
}

/// `POST /gui/kiem-tra`: sends.
pub async fn send(context: PageContext, session: Session, token: DraftToken) -> Result<Response> {
    let Some(secret) = &token.0 else { return Ok(see_other(&context.href(Step::What.path()))) };
    let account = citizens::person(&context.portal, &session).await?.map(|(citizen_id, _)| citizen_id);
    match actions::send(&context.portal, secret, context.lang, account.as_deref()).await? {
        // From here on the device must remember the code for as long as it may need the receipt.
        Sent::Filed => Ok(cookie::keep(see_other(&context.href("/gui/da-gui")), context.portal.settings(), secret)),
        Sent::Incomplete(step) => Ok(see_other(&context.href(step.path()))),
        Sent::Changed => pages::look_over(&context, &token, true).await,
    }
}

/// `POST /gui/tu-trang-cua-toi`: begins a petition from somebody's own page, with what is known of them filled in.
pub async fn from_own_page(context: PageContext, session: Session, token: DraftToken) -> Result<Response> {
    let Some((citizen_id, person)) = citizens::person(&context.portal, &session).await? else { return Ok(see_other(&context.href(citizens::PATH))) };
    let token = actions::begin_from_own_page(&context.portal, token.0.as_deref(), &citizen_id, &person).await?;
    Ok(cookie::keep(see_other(&context.href(Step::What.path())), context.portal.settings(), &token))
}

/// `POST /gui/don-moi`: this device begins another petition. A draft that was not sent is not lost by it.
pub async fn start_anew(context: PageContext, token: DraftToken) -> Result<Response> {
    let draft = actions::load(&context.portal, token.0.as_deref()).await?;
    let response = see_other(&context.href(Step::What.path()));
    Ok(if draft.case_id.is_some() { cookie::drop(response, context.portal.settings()) } else { response })
}

/// `POST /gui/xoa`: this device forgets. A draft that was not sent goes for good; a case stays a case.
pub async fn delete(context: PageContext, token: DraftToken) -> Result<Response> {
    if let Some(token) = &token.0 {
        actions::delete(&context.portal, token).await?;
    }
    Ok(cookie::drop(see_other(&context.href("/")), context.portal.settings()))
}
