//! "People near you have reported this: join it": released cases shown while somebody types, and on the last screen before sending.

use super::similar::{Typed, released};
use super::store::similar::Released;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::petitions::rules::Kind;
use crate::routing::{elsewhere, elsewhere_view};
use crate::ui::{Icon, PageContext, icon};
use axum::Form;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Cases shown at once.
const SHOWN_MAX: usize = 3;
/// Questions of one address within [`WINDOW`]: a busy typist asks once in two seconds; a whole office may share an address.
const ASKED_MAX: u32 = 120;
/// How long questions are counted together.
const WINDOW: Duration = Duration::from_secs(60);
/// Addresses remembered.
const ADDRESSES_MAX: u64 = 20_000;
/// Characters of the text that are looked at.
const TYPED_CHARS_MAX: usize = 1_000;

/// Counts questions by address, in memory: a question while typing must not be a write.
#[derive(Clone, Debug)]
pub struct TypingLimit(moka::sync::Cache<String, Arc<AtomicU32>>);

impl Default for TypingLimit {
    fn default() -> Self {
        Self(moka::sync::Cache::builder().max_capacity(ADDRESSES_MAX).time_to_live(WINDOW).build())
    }
}

impl TypingLimit {
    /// Counts a question; false if there were too many.
    fn allows(&self, address: &str) -> bool {
        let asked = self.0.get_with(address.to_owned(), || Arc::new(AtomicU32::new(0)));
        asked.fetch_add(1, Ordering::Relaxed) < ASKED_MAX
    }
}

/// Released cases like what is typed, for the kinds that can be joined.
pub async fn look(context: &PageContext, form: &FormState) -> Result<Vec<Released>> {
    let is_joinable = matches!(Kind::from_code(form.value("kind")), Some(Kind::Report | Kind::Recommendation) | None);
    if !is_joinable {
        return Ok(Vec::new());
    }
    let short = |text: &str| text.chars().take(TYPED_CHARS_MAX).collect::<String>();
    let (title, body, area) = (short(form.value("title")), short(form.value("body")), form.value("area"));
    let body_id = context.directory.body_for_area(area).map(|body| body.id.clone());
    let typed = Typed { title: &title, body: &body, area_code: area, body_id: body_id.as_deref() };
    released(&mut context.portal.db().read().await?, &typed, SHOWN_MAX).await
}

/// `POST /gui/tuong-tu`: a piece of a page for the island; empty if there is nothing alike. Words that sound
/// like an emergency or like a matter for somebody else are told first. What is typed stands in the body, never
/// in an address.
///
/// # Errors
/// [`AppError::TooMany`] for an address that asks too often.
pub async fn similar(context: PageContext, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    if !context.portal.typing().allows(&context.address.0) {
        return Err(AppError::TooMany { retry_after_seconds: WINDOW.as_secs() });
    }
    let form = FormState::from_pairs(pairs);
    let short = |text: &str| text.chars().take(TYPED_CHARS_MAX).collect::<String>();
    let sounds_like = elsewhere::recognised(elsewhere::signs(), &short(form.value("title")), &short(form.value("body")));
    let mut html = if sounds_like.is_empty() { String::new() } else { elsewhere_view::told(context.lang, &sounds_like, false).to_html() };
    // Whoever is in danger is not asked to read what others wrote.
    let cases = if sounds_like.iter().any(|what| what.call().is_some()) { Vec::new() } else { look(&context, &form).await? };
    if !cases.is_empty() {
        html.push_str(&list(&context, &cases, true).to_html());
    }
    let mut response = html.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    Ok(response)
}

/// The cases with a way to join each. `is_typing`: they open beside, so that what is typed stays.
pub fn list(context: &PageContext, cases: &[Released], is_typing: bool) -> AnyView {
    let lang = context.lang;
    let target = is_typing.then_some("_blank");
    let items: Vec<_> = cases
        .iter()
        .map(|case| {
            let facts = format!("{} · {}", context.directory.area_name(&case.area_code), lang.f("released.filed_on", &[("day", &lang.day_short(case.filed_on))]));
            view! {
                <li>
                    <b><a href=context.href(&format!("/cong-khai/{}", case.number)) target=target rel="noopener">{case.title.clone()}</a></b>
                    <small class="num">{facts}</small>
                    <a class="btn btn-s" href=context.href(&format!("/cong-khai/{}/cung", case.number)) target=target rel="noopener">{lang.t("relations.typing.join")}</a>
                </li>
            }
        })
        .collect();
    let rest = if is_typing { "relations.typing.go_on" } else { "relations.typing.mine" };
    view! {
        <section class="notice info alike">
            {icon(Icon::Help)}
            <div class="stack-s">
                <b>{lang.t("relations.typing.title")}</b>
                <ul class="related">{items}</ul>
                <p class="small">{lang.t(rest)}</p>
            </div>
        </section>
    }
    .into_any()
}
