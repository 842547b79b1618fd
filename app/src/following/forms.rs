//! What the citizen sends from the page of a case. Each form says which case it was shown for; errors show the same page again.

use super::code::{CASE_PATH, OF, keep_form_and_ask, mark_of};
use super::{load, pages};
use crate::accounts::actions::Limit;
use crate::accounts::session;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::petitions::actions::{self, Act};
use crate::petitions::procedure;
use crate::petitions::rules::{Case, State};
use crate::petitions::store;
use crate::petitions::store::parts::Rating;
use crate::procedures::Refusal;
use crate::procedures::step::Step;
use crate::ui::{PageContext, see_other};
use axum::Form;
use axum::http::StatusCode;
use axum::response::Response;
use tower_sessions::Session;

/// The longest message.
pub(super) const MESSAGE_CHARS_MAX: usize = 5_000;
/// The longest words beside a rating.
pub(super) const COMMENT_CHARS_MAX: usize = 1_000;
/// The longest e-mail address (RFC 5321).
const EMAIL_CHARS_MAX: usize = 254;
/// The field of a message's own id, made when its form was shown.
pub(super) const ONCE: &str = "_once";
/// What one code does to its case within the window of failures, before a pause. Nobody writes sixty messages in a quarter of an hour.
const DEEDS_OF_CODE_MAX: i64 = 60;
/// Officials may change the case in the same instant; so often it is tried again before the citizen is asked to.
const TRIES_MAX: u32 = 5;

type Pairs = Form<Vec<(String, String)>>;

/// Something a citizen does to a case.
enum Deed {
    Message {
        once: String,
        body: String,
    },
    Withdraw,
    Rate(Rating),
    Email(String),
    /// It is solved.
    Confirm,
    /// It is not: the words go into the thread.
    SendBack {
        once: String,
        body: String,
    },
    /// A second complaint, a further denunciation: the words go into the thread.
    Appeal {
        once: String,
        body: String,
    },
}

/// `POST /tra-cuu/don/tin-nhan`.
pub async fn message(context: PageContext, session: Session, Form(pairs): Pairs) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let Some(case_id) = case_of_form(&context, &form)? else { return Ok(keep_form_and_ask(&context, &form)) };
    let body = form.required("message", "following.message.missing", MESSAGE_CHARS_MAX);
    let once = once(&context, &form);
    let deed = form.is_valid().then_some(Deed::Message { once, body });
    finish(&context, &session, &case_id, form, deed, "following.flash.message", "message").await
}

/// `POST /tra-cuu/don/rut`.
pub async fn withdraw(context: PageContext, session: Session, Form(pairs): Pairs) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let Some(case_id) = case_of_form(&context, &form)? else { return Ok(keep_form_and_ask(&context, &form)) };
    if !form.is_ticked("sure") {
        form.wrong("sure", "following.withdraw.missing");
    }
    let deed = form.is_valid().then_some(Deed::Withdraw);
    finish(&context, &session, &case_id, form, deed, "following.flash.withdrawn", "sure").await
}

/// `POST /tra-cuu/don/danh-gia`.
pub async fn rate(context: PageContext, session: Session, Form(pairs): Pairs) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let Some(case_id) = case_of_form(&context, &form)? else { return Ok(keep_form_and_ask(&context, &form)) };
    let rating = Rating {
        clarity: mark(&mut form, "clarity"),
        attitude: mark(&mut form, "attitude"),
        result: mark(&mut form, "result"),
        comment: form.optional("comment", COMMENT_CHARS_MAX),
    };
    let deed = form.is_valid().then_some(Deed::Rate(rating));
    finish(&context, &session, &case_id, form, deed, "following.flash.rated", "clarity").await
}

/// `POST /tra-cuu/don/da-xong`.
pub async fn confirm(context: PageContext, session: Session, Form(pairs): Pairs) -> Result<Response> {
    let form = FormState::from_pairs(pairs);
    let Some(case_id) = case_of_form(&context, &form)? else { return Ok(keep_form_and_ask(&context, &form)) };
    finish(&context, &session, &case_id, form, Some(Deed::Confirm), "procedure.citizen.flash.confirmed", "done").await
}

/// `POST /tra-cuu/don/chua-xong`.
pub async fn send_back(context: PageContext, session: Session, Form(pairs): Pairs) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let Some(case_id) = case_of_form(&context, &form)? else { return Ok(keep_form_and_ask(&context, &form)) };
    let body = form.required("not_done", "procedure.citizen.done.why_missing", MESSAGE_CHARS_MAX);
    let once = once(&context, &form);
    let deed = form.is_valid().then_some(Deed::SendBack { once, body });
    finish(&context, &session, &case_id, form, deed, "procedure.citizen.flash.sent_back", "not_done").await
}

/// `POST /tra-cuu/don/khieu-nai-tiep`.
pub async fn appeal(context: PageContext, session: Session, Form(pairs): Pairs) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let Some(case_id) = case_of_form(&context, &form)? else { return Ok(keep_form_and_ask(&context, &form)) };
    let body = form.required("appeal", "procedure.citizen.appeal.why_missing", MESSAGE_CHARS_MAX);
    let once = once(&context, &form);
    let deed = form.is_valid().then_some(Deed::Appeal { once, body });
    finish(&context, &session, &case_id, form, deed, "procedure.citizen.flash.appealed", "appeal").await
}

/// `POST /tra-cuu/don/email`.
pub async fn email(context: PageContext, session: Session, Form(pairs): Pairs) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    let Some(case_id) = case_of_form(&context, &form)? else { return Ok(keep_form_and_ask(&context, &form)) };
    if form.is_ticked("remove") {
        return finish(&context, &session, &case_id, form, Some(Deed::Email(String::new())), "following.flash.email_removed", "email").await;
    }
    let address = form.required("email", "following.email.missing", EMAIL_CHARS_MAX);
    if !address.is_empty() && !is_address(&address) {
        form.wrong("email", "following.email.wrong");
    }
    let deed = form.is_valid().then_some(Deed::Email(address));
    finish(&context, &session, &case_id, form, deed, "following.flash.email", "email").await
}

/// The case a form belongs to, if its visit is still open. `None`: it is over, or another case is open in this browser now.
pub(super) fn case_of_form(context: &PageContext, form: &FormState) -> Result<Option<String>> {
    match load::visited(context) {
        Ok(case_id) if form.value(OF) == mark_of(&case_id) => Ok(Some(case_id)),
        Ok(_) | Err(AppError::CodeNeeded) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The message's id from the page, if it is one our pages make.
pub(super) fn once(context: &PageContext, form: &FormState) -> String {
    let sent = form.value(ONCE);
    let is_id = sent.len() == 36 && sent.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if is_id { sent.to_ascii_lowercase() } else { context.portal.new_id() }
}

fn mark(form: &mut FormState, field: &'static str) -> i64 {
    match form.value(field).parse() {
        Ok(mark @ 1..=5) => mark,
        _ => {
            form.wrong(field, "following.rating.missing");
            0
        }
    }
}

fn is_address(text: &str) -> bool {
    crate::filing::rules::email(text).is_some()
}

/// Does the deed and shows the page anew; or shows the same page with what is wrong.
async fn finish(
    context: &PageContext,
    session: &Session,
    case_id: &str,
    mut form: FormState,
    deed: Option<Deed>,
    flash: &'static str,
    field: &'static str,
) -> Result<Response> {
    let status = match deed {
        None => StatusCode::UNPROCESSABLE_ENTITY,
        Some(deed) => match carry_out(context, case_id, &deed).await {
            Ok(()) => {
                session::leave_flash(session, flash).await?;
                return Ok(see_other(&context.href(CASE_PATH)));
            }
            Err(AppError::Conflict) => {
                form.wrong(field, "following.error.moved");
                StatusCode::CONFLICT
            }
            // The key of who they are is not there: said at the field, and what was typed stays.
            Err(AppError::Locked) => {
                form.wrong(field, "retention.locked");
                StatusCode::SERVICE_UNAVAILABLE
            }
            Err(AppError::Refused(refusal)) => {
                let day = refusal.day().map(|day| context.lang.day_short(day)).unwrap_or_default();
                form.wrong_with(field, refusal.key(), vec![("day", day)]);
                StatusCode::CONFLICT
            }
            Err(error) => return Err(error),
        },
    };
    let view = load::load(context, case_id).await?;
    Ok(pages::page(context, &view, &form, None, status))
}

async fn carry_out(context: &PageContext, case_id: &str, deed: &Deed) -> Result<()> {
    // By the code and not only by the address: whoever holds one code from many addresses does not fill a case.
    let limit = Limit::new("code_deeds", &[case_id], DEEDS_OF_CODE_MAX);
    limit.check(&context.portal).await?;
    let mut tries = 1;
    loop {
        match try_to(context, case_id, deed).await {
            Err(AppError::Conflict) if tries < TRIES_MAX => tries += 1,
            Ok(()) => return limit.failed(&context.portal).await,
            other => return other,
        }
    }
}

async fn try_to(context: &PageContext, case_id: &str, deed: &Deed) -> Result<()> {
    let mut tx = context.portal.db().write().await?;
    let case = store::by_id(&mut tx, case_id).await?.ok_or(AppError::CodeNeeded)?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    apply(&mut act, &case, deed).await?;
    tx.commit().await
}

async fn is_known(act: &mut Act<'_>, case: &Case, once: &str, body: &str) -> Result<bool> {
    Ok(store::parts::messages(act.tx, &case.id).await?.iter().any(|message| message.id == once && message.body == *body))
}

async fn apply(act: &mut Act<'_>, case: &Case, deed: &Deed) -> Result<()> {
    match deed {
        Deed::Message { once, body } => actions::reply(act, case, once, body).await.map(|_| ()),
        // Sent twice is withdrawn once.
        Deed::Withdraw if case.state == State::Withdrawn => Ok(()),
        // If others signed with the sender, it goes on for them.
        Deed::Withdraw if case.kind.is_answered() || crate::relations::groups::has_others(act, case).await? => {
            crate::relations::groups::withdraw_sender(act, case).await.map(|_| ())
        }
        Deed::Withdraw => match procedure::take(act, case, Step::TakeBack, "").await {
            Err(AppError::Refused(Refusal::Already)) => Ok(()),
            other => other.map(|_| ()),
        },
        Deed::Confirm => match procedure::take(act, case, Step::Confirm, "").await {
            Err(AppError::Refused(Refusal::Already)) => Ok(()),
            other => other.map(|_| ()),
        },
        // Pressed twice: the words are there, so the step was taken.
        Deed::SendBack { once, body } | Deed::Appeal { once, body } if is_known(act, case, once, body).await? => Ok(()),
        Deed::SendBack { once, body } => {
            let after = procedure::take(act, case, Step::SendBack, "").await?;
            actions::reply(act, &after, once, body).await.map(|_| ())
        }
        Deed::Appeal { once, body } => {
            let to_body_id = procedure::second_instance(&act.portal.directory(), &case.body_id, crate::clock::day(act.portal.now()))?;
            let after = procedure::take(act, case, Step::Appeal { to_body_id }, "").await?;
            actions::reply(act, &after, once, body).await.map(|_| ())
        }
        // The first rating stays; the same sent twice is no error.
        Deed::Rate(rating) if store::parts::rating(act.tx, &case.id).await?.as_ref() == Some(rating) => Ok(()),
        Deed::Rate(rating) => actions::rate(act, case, rating).await.map(|_| ()),
        Deed::Email(address) => actions::change_email(act, case, address).await,
    }
}
