//! To the national identity and back: it proves name and ID number of an account, or lets somebody in.

use super::actions::{self, Identified, holder};
use super::{PATH, pages, session};
use crate::accounts::session as sessions;
use crate::error::Result;
use crate::form::FormState;
use crate::identity::flow::{self, Back};
use crate::identity::{Trouble, Which};
use crate::ui::{Page, PageContext, Section, see_other};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use leptos::prelude::*;
use tower_sessions::Session;

/// `POST /toi/dinh-danh`: towards the national identity. A page with a link stands in between, for a form may lead nowhere but to ourselves; and it
/// is a form and no link that begins, so that no other site can send somebody through it.
///
/// # Errors
/// [`crate::error::AppError::NotFound`] where no national identity is configured.
pub async fn begin(context: PageContext, session: Session) -> Result<Response> {
    let own = holder(&context).unwrap_or_default();
    if !own.is_empty() && !session::is_fresh(&session, context.now).await? {
        let mut form = FormState::default();
        form.wrong("identity", "citizens.prove_first");
        return pages::again(&context, &own, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    Ok(match flow::begin(&context, &session, Which::Citizens, &own, None).await? {
        Ok(address) => set_out(&context, &address),
        Err(trouble) => trouble_page(&context, trouble),
    })
}

/// `GET /toi/dinh-danh/ve`.
///
/// # Errors
/// [`crate::error::AppError::NotFound`] where no national identity is configured.
pub async fn come_back(context: PageContext, session: Session, headers: HeaderMap, said: Back) -> Result<Response> {
    let context = PageContext { lang: flow::language(&session).await?, ..context };
    let (pending, proven) = match flow::finish(&context, &session, Which::Citizens, &said.0).await? {
        Ok(proven) => proven,
        Err((trouble, _)) => return Ok(trouble_page(&context, trouble)),
    };
    let own = holder(&context);
    // It was begun for an account that is not open here any more: nobody else gets the identity.
    if !pending.what_for.is_empty() && own.as_deref() != Some(pending.what_for.as_str()) {
        return Ok(trouble_page(&context, Trouble::Stale));
    }
    match actions::identify(&context, own.as_deref(), &proven).await? {
        Identified::As(citizen_id, round) => {
            session::begin(&session, &citizen_id, round, context.now).await?;
            session::remember_browser(&session, &headers).await?;
            sessions::leave_flash(&session, "citizens.flash.identity").await?;
            Ok(see_other(&context.href(PATH)))
        }
        Identified::Taken => Ok(notice(&context, ("citizens.identity.taken", "citizens.identity.taken_text"), StatusCode::CONFLICT)),
    }
}

/// The page between our form and the national identity.
fn set_out(context: &PageContext, address: &str) -> Response {
    let lang = context.lang;
    Page::new(context, Section::Follow, lang.t("citizens.identity.set_out")).render(|| {
        view! {
            <div class="stack">
                <h1>{lang.t("citizens.identity.set_out")}</h1>
                <p class="lead-text">{lang.t("citizens.identity.set_out_text")}</p>
                <a class="btn btn-main btn-block" href=address.to_owned()>{lang.t("citizens.identity.go")}</a>
            </div>
        }
        .into_any()
    })
}

fn trouble_page(context: &PageContext, trouble: Trouble) -> Response {
    let words = match trouble {
        Trouble::NoAnswer => ("citizens.trouble.no_answer", "citizens.trouble.no_answer_text"),
        Trouble::NotBelieved => ("citizens.trouble.not_believed", "citizens.trouble.not_believed_text"),
        Trouble::BrokenOff => ("citizens.trouble.broken_off", "citizens.trouble.broken_off_text"),
        Trouble::Stale => ("citizens.trouble.stale", "citizens.trouble.stale_text"),
        Trouble::TooWeak => ("citizens.trouble.too_weak", "citizens.trouble.too_weak_text"),
    };
    notice(context, words, trouble.status())
}

/// What went wrong, and the ways that are always open.
fn notice(context: &PageContext, (title, text): (&'static str, &'static str), status: StatusCode) -> Response {
    let lang = context.lang;
    Page::new(context, Section::Follow, lang.t(title)).status(status).render(|| {
        view! {
            <div class="stack"><h1>{lang.t(title)}</h1><p class="lead-text">{lang.t(text)}</p></div>
            <div class="stack">
                <a class="btn btn-main btn-block" href=lang.href(PATH)>{lang.t("citizens.trouble.by_code")}</a>
                <a class="btn btn-block" href=lang.href("/gui")>{lang.t("citizens.trouble.file")}</a>
                <a class="btn btn-block" href=lang.href("/tra-cuu")>{lang.t("citizens.trouble.follow")}</a>
            </div>
        }
        .into_any()
    })
}
