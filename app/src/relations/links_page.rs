//! The page of a case's relations: what it is linked with, what is like it, and the forms that link and unlink.

use super::beside::{Linked, Related};
use super::beside_view::{figures_line, linked_item, notices, similar_facts, title};
use super::desk_forms::{REASON_CHARS_MAX, load};
use crate::accounts::session::take_flash;
use crate::error::Result;
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::relation::Tie;
use crate::petitions::rules::{Case, Kind, State};
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, error_summary, icon, text_area, text_field};
use crate::words::Lang;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use tower_sessions::Session;

/// Similar cases on the page.
pub(super) const SIMILAR_MAX: usize = 10;

/// `GET /can-bo/don/{id}/lien-quan`.
pub async fn show(context: PageContext, session: Session, Path(case_id): Path<String>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let (case, related) = load(&context, &case_id).await?;
    let flash = take_flash(&session).await?;
    Ok(page(&context, &case, &related, &FormState::default(), flash, StatusCode::OK))
}

/// The page, with a form that was refused or a sentence about one that was taken.
pub(super) fn page(context: &PageContext, case: &Case, related: &Related, form: &FormState, flash: Option<String>, status: StatusCode) -> Response {
    let lang = context.lang;
    Page::new(context, Section::Desk, lang.t("relations.page.title")).status(status).render(|| {
        view! {
            {head(context, case, flash, form, "relations.page.title")}
            <p class="num"><b>{figures_line(lang, related.figures)}</b></p>
            <p class="small muted">{lang.t("relations.figures.hint")}</p>
            {notices(lang, case, related)}
            {linked(context, case, related, form)}
            {take_back(context, case, related, form)}
            {similar(context, case, related, form)}
        }
        .into_any()
    })
}

/// Way back, what was done, what is wrong, the heading.
pub(super) fn head(context: &PageContext, case: &Case, flash: Option<String>, form: &FormState, heading: &'static str) -> AnyView {
    let lang = context.lang;
    let words = match flash.as_deref() {
        Some("relations.flash.linked") => Some(lang.t("relations.flash.linked")),
        Some("relations.flash.unlinked") => Some(lang.t("relations.flash.unlinked")),
        Some("relations.flash.taken_back") => Some(lang.t("relations.flash.taken_back")),
        Some("relations.flash.split") => Some(lang.t("relations.flash.split")),
        Some("relations.flash.added") => Some(lang.t("relations.flash.added")),
        Some("relations.flash.signed") => Some(lang.t("relations.flash.signed")),
        Some("relations.flash.represented") => Some(lang.t("relations.flash.represented")),
        Some("relations.flash.left") => Some(lang.t("relations.flash.left")),
        _ => None,
    };
    view! {
        <div class="stack">
            <a class="back" href=context.href(&format!("/can-bo/don/{}", case.id))>{icon(Icon::Back)}{lang.t("relations.back")}</a>
            {words.map(|words| crate::ui::flash_line(words.to_owned()))}
            {error_summary(lang, form)}
            <h1>{lang.t(heading)}</h1>
        </div>
    }
    .into_any()
}

/// The hidden version every form of these pages carries.
pub(super) fn version(case: &Case) -> AnyView {
    view! { <input type="hidden" name="version" value=case.version.to_string() /> }.into_any()
}

fn action(context: &PageContext, case: &Case) -> String {
    context.href(&format!("/can-bo/don/{}/lien-quan", case.id))
}

fn linked(context: &PageContext, case: &Case, related: &Related, form: &FormState) -> AnyView {
    let lang = context.lang;
    let items: Vec<_> = related.linked.iter().map(|linked| view! { {linked_item(context, linked)}{answer_link(context, case, linked)} }).collect();
    if items.is_empty() {
        return ().into_any();
    }
    let repeats: Vec<&Linked> = related.linked.iter().filter(|linked| linked.tie != Tie::Part).collect();
    let may_unlink = !repeats.is_empty() && check(&context.actor, Action::Relate(case)).is_ok();
    let unlink = may_unlink.then(|| {
        let only = (repeats.len() == 1).then(|| repeats[0].link_id.clone());
        let choices: Vec<_> = repeats
            .iter()
            .map(|linked| {
                let is_chosen = form.value("link") == linked.link_id || only.as_deref() == Some(linked.link_id.as_str());
                view! { <label class="check"><input type="radio" name="link" value=linked.link_id.clone() checked=is_chosen /><span>{title(lang, &linked.title)}</span></label> }
            })
            .collect();
        let reason = FieldLook { label: "relations.reason.label", hint: Some("relations.unlink.hint"), chars_max: Some(REASON_CHARS_MAX), ..FieldLook::default() };
        let is_open = form.value("action") == "unlink";
        view! {
            <details class="more" open=is_open>
                <summary>{lang.t("relations.unlink.title")}</summary>
                <form method="post" action=action(context, case) class="stack">
                    {version(case)}
                    {group(lang, form, "link", "relations.unlink.which", choices)}
                    {text_area(lang, form, "unlink_reason", 3, reason)}
                    <button class="btn btn-s" name="action" value="unlink">{lang.t("relations.unlink.button")}</button>
                </form>
            </details>
        }
    });
    view! { <section class="stack"><h2>{lang.t("relations.linked.title")}</h2><ul class="related">{items}</ul>{unlink}</section> }.into_any()
}

/// The answer of a linked case can begin the draft of this one.
fn answer_link(context: &PageContext, case: &Case, linked: &Linked) -> AnyView {
    let has_answer = linked.tie != Tie::Part && matches!(linked.case.state, State::Answered | State::Closed);
    let may_draft = check(&context.actor, Action::Handle(case)).is_ok() && matches!(case.state, State::Received | State::Assigned | State::Waiting);
    if !(has_answer && may_draft) {
        return ().into_any();
    }
    let href = context.href(&format!("/can-bo/don/{}?buoc=tra-loi&tu={}#buoc-tra-loi", case.id, linked.case.id));
    view! { <li class="related-more"><a href=href>{context.lang.t("relations.take_answer")}</a></li> }.into_any()
}

/// A set of choices with its error.
fn group(lang: Lang, form: &FormState, name: &'static str, legend: &'static str, choices: Vec<impl IntoView + 'static>) -> AnyView {
    let error = form.error(name, lang);
    let class = if error.is_some() { "group bad" } else { "group" };
    view! {
        <fieldset class=class id=name tabindex="-1">
            <legend>{lang.t(legend)}</legend>
            {error.map(|error| view! { <span class="err">{error}</span> })}
            {choices}
        </fieldset>
    }
    .into_any()
}

fn take_back(context: &PageContext, case: &Case, related: &Related, form: &FormState) -> AnyView {
    let lang = context.lang;
    let is_part = related.linked.iter().any(|linked| linked.tie == Tie::Part && linked.is_first);
    if !is_part || !case.is_open || check(&context.actor, Action::Split(case)).is_err() {
        return ().into_any();
    }
    let reason = FieldLook { label: "relations.reason.label", hint: Some("relations.back.hint"), chars_max: Some(REASON_CHARS_MAX), ..FieldLook::default() };
    view! {
        <details class="more" open=form.value("action") == "take_back">
            <summary>{lang.t("relations.back.title")}</summary>
            <p>{lang.t("relations.back.text")}</p>
            <form method="post" action=action(context, case) class="stack">
                {version(case)}
                {text_area(lang, form, "back_reason", 3, reason)}
                <button class="btn btn-s btn-danger" name="action" value="take_back">{lang.t("relations.back.button")}</button>
            </form>
        </details>
    }
    .into_any()
}

fn similar(context: &PageContext, case: &Case, related: &Related, form: &FormState) -> AnyView {
    let lang = context.lang;
    if case.kind == Kind::Denunciation {
        return view! { <p class="muted">{lang.t("relations.sealed")}</p> }.into_any();
    }
    if check(&context.actor, Action::Relate(case)).is_err() {
        return ().into_any();
    }
    let choices: Vec<_> = related
        .similar
        .iter()
        .map(|similar| {
            let id = similar.case.id.clone();
            let href = context.href(&format!("/can-bo/don/{id}"));
            view! {
                <div class="similar">
                    <label class="check"><input type="radio" name="other" value=id.clone() checked=form.value("other") == id /><span>{title(lang, &similar.title)}</span></label>
                    {similar_facts(context, similar)}
                    <a class="small" href=href>{lang.t("relations.similar.open")}</a>
                </div>
            }
        })
        .collect();
    let none = choices.is_empty().then(|| view! { <p class="muted">{lang.t("relations.similar.none")}</p> });
    let ties: Vec<_> = Tie::REPEATS
        .into_iter()
        .map(|tie| {
            let hint = if tie == Tie::SamePetition { "relations.tie.same_petition_hint" } else { "relations.tie.same_matter_hint" };
            view! {
                <label class="check"><input type="radio" name="tie" value=tie.code() checked=form.value("tie") == tie.code() /><span>{lang.t(tie.key())}<small>{lang.t(hint)}</small></span></label>
            }
        })
        .collect();
    let address = FieldLook { label: "relations.link.address", hint: Some("relations.link.address_hint"), is_optional: true, ..FieldLook::default() };
    let reason = FieldLook { label: "relations.reason.label", hint: Some("relations.link.hint"), chars_max: Some(REASON_CHARS_MAX), ..FieldLook::default() };
    view! {
        <section class="stack">
            <h2>{lang.t("relations.link.title")}</h2>
            <p class="muted">{lang.t("relations.link.text")}</p>
            <form method="post" action=action(context, case) class="stack">
                {version(case)}
                {group(lang, form, "other", "relations.similar.title", choices)}
                {none}
                {text_field(lang, form, "other_address", address)}
                {group(lang, form, "tie", "relations.tie.title", ties)}
                {text_area(lang, form, "link_reason", 3, reason)}
                <button class="btn btn-main" name="action" value="link">{lang.t("relations.link.button")}</button>
            </form>
        </section>
    }
    .into_any()
}
