//! To the directory and back; binding and unbinding an account.

use super::actions::{self, Arrival};
use super::{pages, store};
use crate::accounts::second::demand_fresh;
use crate::accounts::{keep_form_and_sign_in, manage_forms, manage_pages, session, sign_in};
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::identity::flow::{self, Back};
use crate::identity::{Trouble, Which};
use crate::ui::{PageContext, kept, see_other};
use axum::Form;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use tower_sessions::Session;

type Pairs = Form<Vec<(String, String)>>;

/// The longest code that is looked at; a longer one is none.
const CODE_CHARS_MAX: usize = 20;

/// `POST /dang-nhap/danh-ba`: towards the directory, perhaps with the words of a form whose session had ended. They wait in the session. A page
/// with a link stands in between, for a form may lead nowhere but to ourselves; and it is a form and no link that begins, so that no other
/// site can send somebody through the directory who is signed in there already.
pub async fn begin(context: PageContext, session: Session, Form(pairs): Pairs) -> Result<Response> {
    let form = FormState::from_pairs(pairs);
    let next = form.value("next").to_owned();
    let waiting = kept::waiting(&form).filter(|(target, _)| sign_in::is_desk_page(target));
    Ok(match flow::begin(&context, &session, Which::Staff, &next, waiting.clone()).await? {
        Ok(address) => pages::set_out(&context, &address, waiting.is_some()),
        Err(trouble) => failed(&context, trouble, waiting),
    })
}

/// What went wrong; where words wait, on the sign-in page that keeps them.
fn failed(context: &PageContext, trouble: Trouble, waiting: Option<(String, FormState)>) -> Response {
    match waiting {
        Some((target, form)) => sign_in::ask_with_words(context, &target, &form, sentence(trouble).1, trouble.status()),
        None => pages::trouble(context, trouble),
    }
}

/// `GET /dang-nhap/danh-ba/ve`: back from the directory.
pub async fn come_back(context: PageContext, session: Session, headers: HeaderMap, said: Back) -> Result<Response> {
    let context = PageContext { lang: flow::language(&session).await?, ..context };
    let (pending, proven) = match flow::finish(&context, &session, Which::Staff, &said.0).await? {
        Ok(proven) => proven,
        Err((trouble, pending)) => return Ok(failed(&context, trouble, pending.and_then(|pending| pending.waiting_form()))),
    };
    match actions::arrive(&context, &proven).await? {
        Arrival::In(account_id) => {
            let going = sign_in::Going { next: pending.what_for.clone(), waiting: pending.waiting_form() };
            sign_in::arrive(&context, &session, &account_id, going, &headers).await
        }
        Arrival::Closed => Ok(pages::closed(&context)),
        Arrival::Unbound(code) => Ok(pages::unbound(&context, &proven, &code)),
    }
}

/// `POST /can-bo/tai-khoan/{id}/danh-ba`: shows whose a code is; with `sure`, binds.
pub async fn bind(context: PageContext, session: Session, Path(id): Path<String>, Form(pairs): Pairs) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let (body_id, managed) = manage_forms::open(&context, &id).await?;
    let issuer = issuer(&context)?;
    manage_forms::refuse_own(&managed, &mut form, "directory_code");
    manage_forms::refuse_shared(&managed, &mut form, "directory_code");
    let code = form.required("directory_code", "directory.bind.missing", CODE_CHARS_MAX);
    let mut tx = context.portal.db().read().await?;
    let request = store::request(&mut tx, &issuer, &actions::hash(&code), context.now).await?;
    drop(tx);
    demand_fresh(&context, &mut form).await?;
    if request.is_none() && !code.is_empty() {
        form.wrong("directory_code", "directory.bind.wrong");
    }
    let Some(request) = request.filter(|_| form.is_valid()) else {
        return Ok(manage_pages::one_page(&context, &body_id, &managed, &form, None, StatusCode::UNPROCESSABLE_ENTITY));
    };
    if !form.is_ticked("sure") {
        return Ok(pages::confirm(&context, &managed.account.display_name, &id, &request, &code));
    }
    if !actions::bind(&context, &body_id, &id, &issuer, &request).await? {
        form.wrong("directory_code", "directory.bind.taken");
        return Ok(manage_pages::one_page(&context, &body_id, &managed, &form, None, StatusCode::CONFLICT));
    }
    done(&context, &session, &id, "directory.flash.bound").await
}

/// `POST /can-bo/tai-khoan/{id}/danh-ba/bo`.
pub async fn unbind(context: PageContext, session: Session, Path(id): Path<String>, Form(pairs): Pairs) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let (body_id, managed) = manage_forms::open(&context, &id).await?;
    let issuer = issuer(&context)?;
    manage_forms::refuse_own(&managed, &mut form, "directory_code");
    manage_forms::refuse_shared(&managed, &mut form, "directory_code");
    demand_fresh(&context, &mut form).await?;
    if !form.is_valid() {
        return Ok(manage_pages::one_page(&context, &body_id, &managed, &form, None, StatusCode::UNPROCESSABLE_ENTITY));
    }
    actions::unbind(&context, &body_id, &id, &issuer).await?;
    done(&context, &session, &id, "directory.flash.unbound").await
}

fn issuer(context: &PageContext) -> Result<String> {
    context.portal.settings().identity.staff.as_ref().map(|provider| provider.issuer().to_owned()).ok_or(AppError::NotFound)
}

async fn done(context: &PageContext, session: &Session, account_id: &str, flash: &'static str) -> Result<Response> {
    session::leave_flash(session, flash).await?;
    Ok(see_other(&context.href(&format!("/can-bo/tai-khoan/{account_id}"))))
}

/// What went wrong, for those who show it elsewhere.
pub(super) fn sentence(trouble: Trouble) -> (&'static str, &'static str) {
    match trouble {
        Trouble::NoAnswer => ("directory.trouble.no_answer", "directory.trouble.no_answer_text"),
        Trouble::NotBelieved => ("directory.trouble.not_believed", "directory.trouble.not_believed_text"),
        Trouble::BrokenOff => ("directory.trouble.broken_off", "directory.trouble.broken_off_text"),
        Trouble::Stale => ("directory.trouble.stale", "directory.trouble.stale_text"),
        Trouble::TooWeak => ("directory.trouble.too_weak", "directory.trouble.too_weak_text"),
    }
}
