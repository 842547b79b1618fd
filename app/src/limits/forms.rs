//! The step on the way to a page. A form that was sent carries its step itself and needs none of this.

use super::actions::{Redeemed, Sent, Visit, redeem};
use super::table::Class;
use super::work::{Challenge, PASS_MINUTES, Pass};
use super::{ANSWER, NEXT, TOKEN, cookie_name};
use crate::device;
use crate::error::Result;
use crate::form::FormState;
use crate::ui::{PageContext, see_other};
use axum::Form;
use axum::response::Response;

/// `POST /tiep-tuc`: takes the step and goes back to the page. Where it is not done the page asks again.
pub async fn go_on(context: PageContext, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let form = FormState::from_pairs(pairs);
    let next = form.value(NEXT);
    let response = see_other(if is_own_page(next) { next } else { "/" });
    let sent = Sent { token: form.value(TOKEN).to_owned(), answer: form.value(ANSWER).to_owned() };
    let Some(network) = context.origin.network else { return Ok(response) };
    let Some(challenge) = Challenge::read(context.portal.step_key(), &sent.token, network, context.now) else { return Ok(response) };
    let class = challenge.class;
    let visit = Visit { class, origin: context.origin, cookie: None, sent: None, can_step: true, now: context.now };
    let pass = match redeem(&context.portal, &visit, &sent).await? {
        Redeemed::Worked(pass) => pass,
        // Only a form can be let through once by itself; a page needs the cookie to be told from others.
        Redeemed::Waited if !is_costly(class) => Pass::new(context.portal.random().bytes(), class, context.now),
        Redeemed::Waited | Redeemed::TooEarly(..) | Redeemed::No => return Ok(response),
    };
    Ok(device::keep(response, context.portal.settings(), &cookie_name(class), &pass.token(context.portal.step_key(), network), PASS_MINUTES * 60))
}

/// Classes whose requests are only forms: no page asks for them with a link.
fn is_costly(class: Class) -> bool {
    matches!(class, Class::Filing | Class::SignIn | Class::Contact)
}

/// Whether an address is one of a page on this site.
fn is_own_page(address: &str) -> bool {
    address.starts_with('/') && !address.starts_with("//") && address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_stays_here() {
        for own in ["/", "/cong-khai?q=n%C6%B0%E1%BB%9Bc", "/en/cong-khai"] {
            assert!(is_own_page(own), "{own}");
        }
        for foreign in ["", "//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nX: y", "/đ"] {
            assert!(!is_own_page(foreign), "{foreign}");
        }
    }
}
