//! The first screen: what happened.

use super::islands::ForgetKept;
use super::rules::{BODY_CHARS_MAX, Step, TITLE_CHARS_MAX};
use super::screen::{Screen, counters, head, last_button, paper_list};
use crate::papers::kinds::{ACCEPT, PAPER_BYTES_MAX, PAPERS_PER_CASE_MAX};
use crate::petitions::rules::Kind;
use crate::relations::islands::SimilarWhileTyping;
use crate::routing::elsewhere_view;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, choice, error_summary, icon, text_area, text_field};
use crate::words::Lang;
use axum::response::Response;
use leptos::prelude::*;

/// The screen.
pub fn page(screen: &Screen<'_>) -> Response {
    let lang = screen.context.lang;
    Page::new(screen.context, Section::File, screen.title("filing.what.title")).status(screen.status()).islands().render(|| {
        view! {
            <form id="what" method="post" action=screen.context.href(Step::What.path()) enctype="multipart/form-data" class="stack-l">
                {head(screen, Step::What, "filing.what.question")}
                {error_summary(lang, screen.form)}
                {kinds(screen)}
                {text_field(
                    lang,
                    screen.form,
                    "title",
                    FieldLook { label: "filing.title.label", hint: Some("filing.title.hint"), chars_max: Some(TITLE_CHARS_MAX), ..FieldLook::default() },
                )}
                {text_area(
                    lang,
                    screen.form,
                    "body",
                    8,
                    FieldLook { label: "filing.body.label", hint: Some("filing.body.hint"), chars_max: Some(BODY_CHARS_MAX), ..FieldLook::default() },
                )}
                <SimilarWhileTyping form="what".to_owned() address=screen.context.href("/gui/tuong-tu") />
                {papers(screen)}
                {last_button(lang.t("filing.go_on"))}
            </form>
            {delete_form(screen)}
            {counters(lang)}
        }
        .into_any()
    })
}

fn kinds(screen: &Screen<'_>) -> AnyView {
    let (form, lang) = (screen.form, screen.context.lang);
    let choices: Vec<_> = Kind::ALL
        .into_iter()
        .map(|kind| {
            let (title, text) = kind_words(lang, kind);
            choice(form, "kind", kind.code(), title, text)
        })
        .collect();
    let error = form.error("kind", lang);
    let class = if error.is_some() { "group bad" } else { "group" };
    view! {
        <fieldset class=class id="kind" tabindex="-1">
            <legend>{lang.t("filing.kind.legend")}</legend>
            {error.map(|error| view! { <span class="err">{error}</span> })}
            {choices}
            {guide(lang)}
        </fieldset>
    }
    .into_any()
}

/// A kind by everyday words and examples, the law's word in brackets.
pub fn kind_words(lang: Lang, kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Report => (lang.t("filing.kind.report"), lang.t("filing.kind.report_text")),
        Kind::Recommendation => (lang.t("filing.kind.recommendation"), lang.t("filing.kind.recommendation_text")),
        Kind::Complaint => (lang.t("filing.kind.complaint"), lang.t("filing.kind.complaint_text")),
        Kind::Denunciation => (lang.t("filing.kind.denunciation"), lang.t("filing.kind.denunciation_text")),
        Kind::AdministrativeRule => (lang.t("kinds.filing.administrative_rule"), lang.t("kinds.filing.administrative_rule_text")),
        Kind::Praise => (lang.t("kinds.filing.praise"), lang.t("kinds.filing.praise_text")),
    }
}

fn guide(lang: Lang) -> AnyView {
    view! {
        <details class="more">
            <summary>{lang.t("filing.guide.title")}</summary>
            <p>{lang.t("filing.guide.any")}</p>
            <ul>
                <li>{lang.t("filing.guide.report")}</li>
                <li>{lang.t("filing.guide.recommendation")}</li>
                <li>{lang.t("kinds.guide.administrative_rule")}</li>
                <li>{lang.t("filing.guide.complaint")}</li>
                <li>{lang.t("filing.guide.denunciation")}</li>
                <li>{lang.t("kinds.guide.praise")}</li>
            </ul>
            {elsewhere_view::addresses(lang)}
        </details>
    }
    .into_any()
}

fn papers(screen: &Screen<'_>) -> AnyView {
    let lang = screen.context.lang;
    let errors: Vec<_> = screen.form.errors().iter().filter(|error| error.field == "papers").map(|error| error.sentence(lang)).collect();
    let errors: Vec<_> = errors.into_iter().map(|error| view! { <p class="err">{error}</p> }).collect();
    let limits = lang.f("papers.limits", &[("n", &PAPERS_PER_CASE_MAX.to_string()), ("mb", &(PAPER_BYTES_MAX / (1024 * 1024)).to_string())]);
    let has_room = screen.papers.len() < PAPERS_PER_CASE_MAX;
    let add = has_room.then(|| {
        view! {
            <input type="file" name="papers" id="papers-file" multiple accept=ACCEPT aria-describedby="papers-h" />
            <button class="btn btn-s" name="action" value="upload">{icon(Icon::Camera)}{lang.t("papers.add")}</button>
        }
    });
    view! {
        <div class="drop" id="papers" tabindex="-1">
            <div>
                <label for="papers-file"><b>{lang.t("papers.label")}</b></label>" "<span class="optional">{lang.t("form.optional")}</span>
                <p class="hint" id="papers-h">{lang.t("papers.hint")}" "{limits}</p>
            </div>
            {errors}
            {paper_list(screen.context, screen.papers, true)}
            {add}
        </div>
    }
    .into_any()
}

fn delete_form(screen: &Screen<'_>) -> AnyView {
    let lang = screen.context.lang;
    if screen.saved_at.is_none() {
        return ().into_any();
    }
    view! {
        <details class="more no-print">
            <summary>{lang.t("filing.delete.title")}</summary>
            <form method="post" action=screen.context.href("/gui/xoa") data-forget="" class="stack-s">
                <p>{lang.t("filing.delete.text")}</p>
                <button class="btn btn-danger btn-s">{icon(Icon::Trash)}{lang.t("filing.delete.button")}</button>
            </form>
        </details>
        <ForgetKept now=false form=String::new() />
    }
    .into_any()
}

/// What `/gui` shows on a device whose last petition was sent: the receipt, or a new one.
pub fn already_sent(context: &PageContext) -> Response {
    let lang = context.lang;
    Page::new(context, Section::File, lang.t("filing.sent.title")).render(|| {
        view! {
            <div class="stack">
                <h1>{lang.t("filing.sent.title")}</h1>
                <p class="lead-text">{lang.t("filing.sent.text")}</p>
            </div>
            <div class="stack">
                <a class="btn btn-main btn-block" href=context.href("/gui/da-gui")>{lang.t("filing.sent.receipt")}</a>
                {anew_form(context)}
                <p class="small muted">{lang.t("filing.sent.warning")}</p>
            </div>
        }
        .into_any()
    })
}

/// The button that drops this device's memory of the last petition and begins the next.
pub fn anew_form(context: &PageContext) -> AnyView {
    let lang = context.lang;
    view! {
        <form method="post" action=context.href("/gui/don-moi") data-forget="">
            <button class="btn btn-block">{icon(Icon::Plus)}{lang.t("filing.sent.anew")}</button>
        </form>
    }
    .into_any()
}
