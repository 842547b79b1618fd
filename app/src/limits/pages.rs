//! What somebody sees whose request was one too many: how long to wait, what to do, and every word they typed.

use super::actions::Asked;
use super::work::PIECES;
use super::{ANSWER, NEXT, STEP_PATH, TOKEN};
use crate::ui::{Icon, Page, PageContext, Section, icon};
use crate::words::Lang;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

/// Longer waits are told in minutes, in seconds.
const TOLD_IN_SECONDS_MAX: u64 = 90;

/// What was on its way when it was stopped.
#[derive(Clone, Copy, Debug)]
pub enum Held<'a> {
    /// A page: the address with its query.
    Page,
    /// A form, with its fields in their order.
    Form(&'a [(String, String)]),
    /// A form that no page can carry along, one with files.
    Lost,
}

/// "40 giây", "15 phút".
pub fn wait_in_words(lang: Lang, seconds: u64) -> String {
    if seconds <= TOLD_IN_SECONDS_MAX {
        lang.n("limits.second", "limits.seconds", i64::try_from(seconds).unwrap_or(i64::MAX))
    } else {
        lang.n("limits.minute", "limits.minutes", i64::try_from(seconds.div_ceil(60)).unwrap_or(i64::MAX))
    }
}

fn with_wait(mut response: Response, seconds: u64) -> Response {
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// 429 with the step: done by the page's script, or after a short wait by the button.
pub fn step(context: &PageContext, asked: &Asked, held: Held<'_>) -> Response {
    let lang = context.lang;
    let page = Page::new(context, Section::Other, lang.t("limits.step.title")).status(StatusCode::TOO_MANY_REQUESTS).step();
    let response = page.render(|| {
        let (target, fields) = match held {
            Held::Form(fields) => (address(context), fields_of(lang, fields)),
            Held::Page | Held::Lost => (lang.href(STEP_PATH), view! { <input type="hidden" name=NEXT value=address(context) /> }.into_any()),
        };
        let wait = wait_in_words(lang, asked.wait_seconds.max(1));
        let kept = matches!(held, Held::Form(_)).then(|| view! { <p>{lang.t("limits.step.kept")}</p> });
        view! {
            <div class="stack">
                <h1>{lang.t("limits.step.title")}</h1>
                <p class="lead-text">{lang.t("limits.step.lead")}</p>
            </div>
            <form
                method="post"
                action=target
                class="card stack"
                data-step=asked.seed.clone()
                data-bits=asked.bits.to_string()
                data-pieces=PIECES.to_string()
                data-wait=asked.wait_seconds.to_string()
                data-script=context.portal.assets().href("step.js")
                data-done=lang.t("limits.step.done")
            >
                <p data-still="" role="status">{lang.f("limits.step.wait", &[("wait", &wait)])}</p>
                <p data-working="" role="status" hidden="">{lang.t("limits.step.working")}</p>
                <progress data-working="" hidden="" max=PIECES.to_string() value="0" aria-label=lang.t("limits.step.working")></progress>
                {fields}
                <input type="hidden" name=TOKEN value=asked.token.clone() />
                <input type="hidden" name=ANSWER value="" />
                <button class="btn btn-main btn-block">{lang.t("limits.step.go_on")}</button>
            </form>
            {kept}
            <div class="notice">{icon(Icon::Help)}<div><b>{lang.t("limits.step.why")}</b><p>{lang.t("limits.step.why_text")}</p></div></div>
        }
        .into_any()
    });
    with_wait(response, asked.wait_seconds.max(1))
}

/// 429 without a step: how long to wait, and the form to send again afterwards.
pub fn refused(context: &PageContext, seconds: u64, held: Held<'_>) -> Response {
    let lang = context.lang;
    let page = Page::new(context, Section::Other, lang.t("error.too_many.title")).status(StatusCode::TOO_MANY_REQUESTS);
    let response = page.main_class("wrap page error-page stack").render(|| {
        let wait = wait_in_words(lang, seconds);
        let again = match held {
            Held::Form(fields) => view! {
                <form method="post" action=address(context) class="stack">
                    <p>{lang.t("limits.refused.kept")}</p>
                    {fields_of(lang, fields)}
                    <button class="btn btn-main">{lang.t("limits.refused.again")}</button>
                </form>
            }
            .into_any(),
            Held::Page => view! { <a class="btn btn-main" href=address(context)>{lang.t("limits.refused.reload")}</a> }.into_any(),
            Held::Lost => view! { <p>{lang.t("limits.refused.back")}</p> }.into_any(),
        };
        view! {
            <p class="error-code num">"429"</p>
            <h1>{lang.t("error.too_many.title")}</h1>
            <p class="lead-text">{lang.f("limits.refused.wait", &[("wait", &wait)])}</p>
            {again}
            <p><a href=lang.href("/")>{lang.t("error.home")}</a></p>
        }
        .into_any()
    });
    with_wait(response, seconds)
}

/// 429 in a few bytes, for whoever sends far too much: nothing is looked up and next to nothing rendered.
pub fn refused_shortly(lang: Lang, seconds: u64) -> Response {
    let (title, text) = (lang.t("error.too_many.title"), lang.f("limits.refused.wait", &[("wait", &wait_in_words(lang, seconds))]));
    let code = lang.code();
    let html = format!(
        "<!DOCTYPE html><html lang=\"{code}\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><h1>{title}</h1><p>{text}</p></html>"
    );
    with_wait((StatusCode::TOO_MANY_REQUESTS, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(), seconds)
}

/// This request's address as it came in. With two slashes before it, it would be another site's.
fn address(context: &PageContext) -> String {
    let path = format!("/{}", context.path.trim_start_matches(['/', '\\']));
    let path = if context.query.is_empty() { path } else { format!("{path}?{}", context.query) };
    context.href(&path)
}

/// The fields of a form, hidden. A password is never sent back: it is typed once more.
fn fields_of(lang: Lang, fields: &[(String, String)]) -> AnyView {
    let mut passwords = 0;
    let views: Vec<_> = fields
        .iter()
        .map(|(name, value)| {
            if !name.contains("password") {
                return view! { <input type="hidden" name=name.clone() value=value.clone() /> }.into_any();
            }
            passwords += 1;
            let (id, label) = (format!("typed-again-{passwords}"), password_label(name));
            view! {
                <div class="field">
                    <label for=id.clone()>{lang.t(label)}</label>
                    <input type="password" id=id name=name.clone() autocomplete="off" required="" />
                </div>
            }
            .into_any()
        })
        .collect();
    let again = (passwords > 0).then(|| view! { <p class="small">{lang.t("limits.password_again")}</p> });
    view! { {views}{again} }.into_any()
}

fn password_label(name: &str) -> &'static str {
    match name {
        "old_password" => "accounts.password.old",
        "new_password" => "accounts.password.new",
        "again_password" => "accounts.password.again",
        _ => "accounts.field.password",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_told_as_people_say_it() {
        assert_eq!(wait_in_words(Lang::Vi, 20), "20 giây");
        assert_eq!(wait_in_words(Lang::Vi, 91), "2 phút");
        assert_eq!(wait_in_words(Lang::En, 1), "1 second");
        assert_eq!(wait_in_words(Lang::En, 900), "15 minutes");
    }
}
