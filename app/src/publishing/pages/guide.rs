//! Which of the four is mine, what happens after sending, what is public.

use crate::deadlines::ANSWER_WORKING_DAYS;
use crate::error::Result;
use crate::ui::context::PageContext;
use crate::ui::icons::{Icon, icon};
use crate::ui::page::{Page, Section};
use crate::words::Lang;
use axum::response::Response;
use leptos::prelude::*;

/// `/huong-dan`
pub async fn guide(context: PageContext) -> Result<Response> {
    let lang = context.lang;
    Ok(Page::new(&context, Section::Other, lang.t("guide.title")).public(lang.t("guide.description")).render(|| {
        view! {
            <div class="stack"><h1>{lang.t("guide.title")}</h1><p class="lead-text">{lang.t("guide.lead")}</p></div>
            <div class="notice danger">{icon(Icon::Phone)}<div><b>{lang.t("guide.emergency.title")}</b><p>{lang.t("frame.emergency")}</p></div></div>
            {which(lang)}
            {after(lang)}
            {public(lang)}
            {rights(lang)}
            <a class="btn btn-main btn-block" href=lang.href("/gui")>{lang.t("home.file")}</a>
        }
        .into_any()
    }))
}

fn which(lang: Lang) -> AnyView {
    let kinds = [
        ("kind.report", "guide.which.report"),
        ("kind.recommendation", "guide.which.recommendation"),
        ("kind.administrative_rule", "kinds.which.administrative_rule"),
        ("kind.complaint", "guide.which.complaint"),
        ("kind.denunciation", "guide.which.denunciation"),
        ("kind.praise", "kinds.which.praise"),
    ]
    .map(|(name, text)| view! { <article class="card stack-s"><h3>{lang.t(name)}</h3><p>{lang.t(text)}</p></article> });
    view! { <section class="stack"><h2>{lang.t("guide.which")}</h2>{kinds.into_iter().collect::<Vec<_>>()}<p class="muted">{lang.t("guide.which.unsure")}</p></section> }
        .into_any()
}

fn after(lang: Lang) -> AnyView {
    let n = ANSWER_WORKING_DAYS.to_string();
    view! {
        <section class="stack">
            <h2>{lang.t("guide.after")}</h2>
            <ol class="how">
                <li><b>{lang.t("guide.after.code")}</b><span>{lang.t("guide.after.code.text")}</span></li>
                <li><b>{lang.t("guide.after.received")}</b><span>{lang.t("guide.after.received.text")}</span></li>
                <li><b>{lang.t("guide.after.answer")}</b><span>{lang.f("guide.after.answer.text", &[("n", &n)])}</span></li>
                <li><b>{lang.t("guide.after.rate")}</b><span>{lang.t("guide.after.rate.text")}</span></li>
            </ol>
            <details class="more"><summary>{lang.t("guide.days")}</summary><p>{lang.t("guide.days.text")}</p></details>
        </section>
    }
    .into_any()
}

fn public(lang: Lang) -> AnyView {
    view! {
        <section class="stack">
            <h2>{lang.t("guide.public")}</h2>
            <ul>
                <li>{lang.t("guide.public.released")}</li>
                <li>{lang.t("guide.public.edited")}</li>
                <li>{lang.t("guide.public.refused")}</li>
                <li>{lang.t("guide.public.denunciation")}</li>
            </ul>
            <p><a href=lang.href("/rieng-tu")>{lang.t("guide.public.more")}</a></p>
        </section>
    }
    .into_any()
}

fn rights(lang: Lang) -> AnyView {
    view! {
        <section class="stack">
            <h2>{lang.t("guide.rights")}</h2>
            <ul>
                <li>{lang.t("guide.rights.ask")}</li>
                <li>{lang.t("guide.rights.papers")}</li>
                <li>{lang.t("guide.rights.withdraw")}</li>
                <li>{lang.t("guide.rights.rate")}</li>
                <li>{lang.t("guide.rights.complain")}</li>
            </ul>
        </section>
    }
    .into_any()
}
