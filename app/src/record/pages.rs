//! `/dau-so`: the link of each day, for whoever wants to check later that nothing before it was written anew.

use super::store::{self, Anchor};
use crate::error::{AppError, Result};
use crate::ui::{CachePolicy, Icon, Page, PageContext, Section, empty, icon, table};
use crate::words::Lang;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use std::fmt::Write;

/// Days shown on the page.
const DAYS_SHOWN: i64 = 30;
/// Days in the file: ten years.
const DAYS_IN_FILE: i64 = 3_660;

/// `GET /dau-so`
pub async fn show(context: PageContext) -> Result<Response> {
    let anchors = store::anchors(&mut context.portal.db().read().await?, DAYS_SHOWN).await?;
    let (lang, title) = (context.lang, context.lang.t("record.title"));
    Ok(Page::new(&context, Section::Other, title).public(lang.t("record.description")).render(|| {
        let days = if anchors.is_empty() {
            empty(Icon::Register, lang.t("record.none").to_owned(), lang.t("record.none_text"), ().into_any())
        } else {
            table(lang, "record.title", &["record.day", "record.page", "record.link"], anchors.iter().map(|anchor| row(lang, anchor)).collect())
        };
        view! {
            <div class="stack"><h1>{title}</h1><p class="lead-text">{lang.t("record.lead")}</p></div>
            <section class="stack">
                <h2>{lang.t("record.why")}</h2>
                <p>{lang.t("record.why_text")}</p>
                <p>{lang.t("record.private")}</p>
            </section>
            <section class="stack">
                <h2>{lang.t("record.check")}</h2>
                <p>{lang.t("record.check_text")}</p>
                <p><a href="/dau-so.txt">{icon(Icon::Paper)}{lang.t("record.file")}</a></p>
            </section>
            {days}
        }
        .into_any()
    }))
}

fn row(lang: Lang, anchor: &Anchor) -> AnyView {
    view! {
        <tr>
            <th scope="row" class="nowrap">{lang.day_short(anchor.day)}</th>
            <td data-label=lang.t("record.page") class="num">{lang.number(anchor.page)}</td>
            <td data-label=lang.t("record.link")><code class="anchor">{anchor.link.clone()}</code></td>
        </tr>
    }
    .into_any()
}

/// `GET /dau-so.txt`: what `nghedan audit verify --anchors` reads.
pub async fn file(context: PageContext) -> Result<Response> {
    let mut anchors = store::anchors(&mut context.portal.db().read().await?, DAYS_IN_FILE).await?;
    anchors.reverse();
    let mut text = format!("# Nghe Dan, {}: YYYY-MM-DD PAGE LINK\n", context.portal.settings().public_url);
    for anchor in anchors {
        writeln!(text, "{} {} {}", anchor.day, anchor.page, anchor.link).map_err(AppError::internal)?;
    }
    let mut response = ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response();
    response.extensions_mut().insert(CachePolicy::Public);
    Ok(response)
}
