//! What is stored, who sees it, for how long.

use crate::error::Result;
use crate::ui::context::PageContext;
use crate::ui::icons::{Icon, icon};
use crate::ui::page::{Page, Section};
use crate::words::Lang;
use axum::response::Response;
use leptos::prelude::*;

/// `/rieng-tu`
pub async fn privacy(context: PageContext) -> Result<Response> {
    let lang = context.lang;
    Ok(Page::new(&context, Section::Other, lang.t("privacy.title")).public(lang.t("privacy.description")).render(|| {
        view! {
            <div class="stack"><h1>{lang.t("privacy.title")}</h1><p class="lead-text">{lang.t("privacy.lead")}</p></div>
            {stored(lang)}
            {seen(lang)}
            {kept(&context)}
            {cookies(lang)}
        }
        .into_any()
    }))
}

fn stored(lang: Lang) -> AnyView {
    view! {
        <section class="stack">
            <h2>{lang.t("privacy.stored")}</h2>
            <ul>
                <li>{lang.t("privacy.stored.words")}</li>
                <li>{lang.t("privacy.stored.person")}</li>
                <li>{lang.t("privacy.stored.photos")}</li>
                <li>{lang.t("privacy.stored.code")}</li>
                <li>{lang.t("privacy.stored.history")}</li>
                <li>{lang.t("citizens.privacy.stored")}</li>
            </ul>
            <p>{lang.t("privacy.stored.not")}</p>
        </section>
    }
    .into_any()
}

fn seen(lang: Lang) -> AnyView {
    view! {
        <section class="stack">
            <h2>{lang.t("privacy.seen")}</h2>
            <ul>
                <li>{lang.t("privacy.seen.agency")}</li>
                <li>{lang.t("privacy.seen.identity")}</li>
                <li>{lang.t("privacy.seen.administrator")}</li>
                <li>{lang.t("privacy.seen.public")}</li>
            </ul>
            <div class="notice sealed">{icon(Icon::Lock)}<div><b>{lang.t("privacy.sealed.title")}</b><p>{lang.t("privacy.sealed.text")}</p></div></div>
        </section>
    }
    .into_any()
}

/// How long, from the table and not from prose.
fn kept(context: &PageContext) -> AnyView {
    let lang = context.lang;
    view! {
        <section class="stack" id="luu-giu">
            <h2>{lang.t("privacy.kept")}</h2>
            <p>{lang.t("privacy.kept.case")}</p>
            {crate::retention::kept_list(context)}
        </section>
    }
    .into_any()
}

fn cookies(lang: Lang) -> AnyView {
    view! {
        <section class="stack">
            <h2>{lang.t("privacy.cookies")}</h2>
            <p>{lang.t("privacy.cookies.text")}</p>
            <ul>
                <li>{lang.t("privacy.cookies.draft")}</li>
                <li>{lang.t("privacy.cookies.session")}</li>
                <li>{lang.t("privacy.cookies.device")}</li>
                <li>{lang.t("privacy.cookies.step")}</li>
                <li>{lang.t("relations.privacy.cookie")}</li>
            </ul>
            <p>{lang.t("privacy.cookies.none")}</p>
            <p>{lang.t("privacy.cookies.memory")}</p>
        </section>
    }
    .into_any()
}
