//! The cases of an account: state and next day of each, the form that adds one by its code, what is said of denunciations.

use super::store::Kept;
use crate::following::next_step;
use crate::form::FormState;
use crate::petitions::rules::Case;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, check_box, clock_badge, icon, text_field};
use crate::words::Lang;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use leptos::prelude::*;

/// All cases, the newest first.
pub(super) fn list(context: &PageContext, cases: &[Kept]) -> AnyView {
    let lang = context.lang;
    if cases.is_empty() {
        let (title, text) = (lang.t("citizens.cases.none").to_owned(), lang.t("citizens.cases.none_text"));
        return crate::ui::empty(Icon::Register, title, text, ().into_any());
    }
    let items: Vec<_> = cases.iter().map(|kept| item(context, kept)).collect();
    view! { <section class="stack"><h2>{lang.t("citizens.cases.title")}</h2><ul class="stack plain-list">{items}</ul></section> }.into_any()
}

fn item(context: &PageContext, kept: &Kept) -> AnyView {
    let (lang, case) = (context.lang, &kept.case);
    let title = if kept.title.is_empty() { lang.t("following.case.title").to_owned() } else { kept.title.clone() };
    let state = lang.t(if case.kind.is_answered() { case.state.key() } else { case.procedure().stage.key() });
    view! {
        <li class="card stack-s">
            <p class="break"><b>{title.clone()}</b></p>
            <p class="row small">
                <span class="tag">{lang.t(case.kind.key())}</span>
                <span class="tag">{state}</span>
                {clock_badge(lang, context.directory.calendar(), context.today, case)}
            </p>
            <p class="small">{context.directory.agency_name(&case.body_id).to_owned()}" · "{lang.f("citizens.cases.filed", &[("day", &lang.day_short(crate::clock::day(case.filed_at)))])}</p>
            {case.is_open.then(|| view! { <p class="small">{lang.t("following.next.step")}" "<b>{next_step(context, case)}</b>{day(lang, case)}</p> })}
            <div class="row">
                <form method="post" action=lang.href("/toi/don")>
                    <input type="hidden" name="case" value=case.id.clone() />
                    <button class="btn btn-main btn-s" aria-label=lang.f("citizens.cases.open_label", &[("title", &title)])>{lang.t("citizens.cases.open")}</button>
                </form>
                <form method="post" action=lang.href("/toi/bo")>
                    <input type="hidden" name="case" value=case.id.clone() />
                    <button class="btn btn-quiet btn-s" aria-label=lang.f("citizens.cases.take_out_label", &[("title", &title)])>{lang.t("citizens.cases.take_out")}</button>
                </form>
            </div>
        </li>
    }
    .into_any()
}

fn day(lang: Lang, case: &Case) -> Option<String> {
    case.last_day().map(|day| format!(" · {}", lang.f("citizens.cases.by", &[("day", &lang.day_long(day))])))
}

/// Denunciations somebody asked to be reminded of: that there is one, and nothing else.
pub(super) fn sealed(context: &PageContext, marks: &[(String, DateTime<Utc>)]) -> AnyView {
    let lang = context.lang;
    if marks.is_empty() {
        return ().into_any();
    }
    let items: Vec<_> = marks
        .iter()
        .map(|(mark, at)| {
            view! {
                <li class="card stack-s">
                    <p>{icon(Icon::Lock)}" "<b>{lang.t("citizens.sealed.one")}</b></p>
                    <p class="small muted">{lang.f("citizens.sealed.since", &[("day", &lang.day_short(crate::clock::day(*at)))])}</p>
                    <div class="row">
                        <a class="btn btn-s" href=lang.href("/tra-cuu")>{lang.t("citizens.sealed.open")}</a>
                        <form method="post" action=lang.href("/toi/bo")>
                            <input type="hidden" name="mark" value=mark.clone() />
                            <button class="btn btn-quiet btn-s">{lang.t("citizens.cases.take_out")}</button>
                        </form>
                    </div>
                </li>
            }
        })
        .collect();
    view! { <section class="stack"><h2>{lang.t("citizens.sealed.title")}</h2><ul class="stack plain-list">{items}</ul></section> }.into_any()
}

/// The form that adds a case by its code.
pub(super) fn adopt_form(context: &PageContext, form: &FormState) -> AnyView {
    let lang = context.lang;
    let look = FieldLook { label: "following.code.label", hint: Some("citizens.adopt.hint"), class: "field-code", ..FieldLook::default() };
    view! {
        <section class="card stack">
            <h2>{lang.t("citizens.adopt.title")}</h2>
            <form method="post" action=lang.href("/toi/nhan") class="stack" autocomplete="off">
                {text_field(lang, form, "code", look)}
                <button class="btn">{lang.t("citizens.adopt.send")}</button>
            </form>
        </section>
    }
    .into_any()
}

/// Before a denunciation is remembered: what that means, and that it need not be.
pub(super) fn warn(context: &PageContext, form: &FormState, status: StatusCode) -> Response {
    let lang = context.lang;
    Page::new(context, Section::Follow, lang.t("citizens.warn.title")).status(status).render(|| {
        let error = form.error("sealed_ok", lang);
        let is_bad = error.is_some();
        view! {
            <div class="stack"><h1>{lang.t("citizens.warn.title")}</h1></div>
            <div class="notice sealed">{icon(Icon::Lock)}<div class="stack-s"><p>{lang.t("citizens.warn.text")}</p><p>{lang.t("citizens.warn.kept")}</p></div></div>
            <a class="btn btn-main btn-block" href=lang.href(super::PATH)>{lang.t("citizens.warn.not")}</a>
            <form method="post" action=lang.href("/toi/nhan") class="stack">
                <input type="hidden" name="code" value=form.value("code").to_owned() />
                <input type="hidden" name="asked" value="1" />
                <div class=if is_bad { "field bad" } else { "field" }>
                    {error.map(|error| view! { <span class="err" id="sealed_ok-e">{error}</span> })}
                    {check_box(form, "sealed_ok", lang.t("citizens.warn.sure"), "")}
                </div>
                <button class="btn btn-block">{lang.t("citizens.warn.remember")}</button>
            </form>
        }
        .into_any()
    })
}
