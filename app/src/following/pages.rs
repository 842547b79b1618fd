//! The page of a case, for whoever has its code.

use super::code::{OF, mark_of};
use super::islands::PrintButton;
use super::load::{CaseView, load, visited};
use super::{answer, onward, papers, promise, talk, timeline};
use crate::accounts::session;
use crate::error::Result;
use crate::form::FormState;
use crate::petitions::rules::{Kind, State};
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, check_box, error_summary, icon, text_field};
use crate::words::Lang;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use tower_sessions::Session;

/// `GET /tra-cuu/don`.
///
/// # Errors
/// [`crate::error::AppError::CodeNeeded`] if no visit is open.
pub async fn show(context: PageContext, session: Session) -> Result<Response> {
    let case_id = visited(&context)?;
    let view = load(&context, &case_id).await?;
    let flash = session::take_flash(&session).await?;
    Ok(page(&context, &view, &FormState::default(), flash, StatusCode::OK))
}

/// The page, with a form that was refused or a sentence about one that was taken.
pub(super) fn page(context: &PageContext, view: &CaseView, form: &FormState, flash: Option<String>, status: StatusCode) -> Response {
    let lang = context.lang;
    let page = Page::new(context, Section::Follow, lang.t("following.case.title")).status(status).islands();
    page.render(|| {
        let is_asked = view.case.state == State::Waiting;
        view! {
            {flash_line(lang, flash.as_deref())}
            {error_summary(lang, form)}
            {head(context, view)}
            {crate::relations::sender_section(lang, &view.relations, of(view))}
            {promise::promise(context, view)}
            {is_asked.then(|| talk::question(context, view, form))}
            {answer::answer(context, view, form)}
            {crate::letters::views::list(context, &view.letters, crate::letters::views::For::Sender)}
            {onward::onward(context, view, form)}
            {talk::thread(context, view, form)}
            {papers::section(context, view, form)}
            {timeline::timeline(context, view)}
            {own_words(lang, view)}
            {crate::retention::citizen_lines(lang, &view.kept.erased)}
            {foot(context, view, form)}
        }
        .into_any()
    })
}

/// The hidden field every form of the page has.
pub(super) fn of(view: &CaseView) -> AnyView {
    view! { <input type="hidden" name=OF value=mark_of(&view.case.id) /> }.into_any()
}

fn flash_line(lang: Lang, key: Option<&str>) -> AnyView {
    let words = match key {
        Some("following.flash.message") => lang.t("following.flash.message"),
        Some("following.flash.papers") => lang.t("following.flash.papers"),
        Some("following.flash.withdrawn") => lang.t("following.flash.withdrawn"),
        Some("following.flash.rated") => lang.t("following.flash.rated"),
        Some("following.flash.email") => lang.t("following.flash.email"),
        Some("procedure.citizen.flash.confirmed") => lang.t("procedure.citizen.flash.confirmed"),
        Some("procedure.citizen.flash.sent_back") => lang.t("procedure.citizen.flash.sent_back"),
        Some("procedure.citizen.flash.appealed") => lang.t("procedure.citizen.flash.appealed"),
        Some("following.flash.email_removed") => lang.t("following.flash.email_removed"),
        _ => return ().into_any(),
    };
    crate::ui::flash_line(words.to_owned())
}

fn head(context: &PageContext, view: &CaseView) -> AnyView {
    let (lang, case) = (context.lang, &view.case);
    let title = if view.text.title.is_empty() { lang.t("following.case.title").to_owned() } else { view.text.title.clone() };
    view! {
        <div class="stack">
            <p class="small muted">{lang.t("following.case.only_you")}</p>
            <h1 class="break">{title}</h1>
            <p class="row">
                <span class="tag">{lang.t(case.kind.key())}</span>
                <span class="tag">{context.directory.area_name(&case.area_code).to_owned()}</span>
                <span class="tag">{lang.t(if case.kind.is_answered() { case.state.key() } else { case.procedure().stage.key() })}</span>
            </p>
        </div>
    }
    .into_any()
}

/// The citizen's own words, as they were sent.
fn own_words(lang: Lang, view: &CaseView) -> AnyView {
    let text = &view.text;
    if text.body.is_empty() && text.title.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="stack">
            <h2>{lang.t("following.own.title")}</h2>
            <div class="quote">
                <p class="text break">{text.body.clone()}</p>
                {(!text.place.is_empty()).then(|| view! { <p class="small muted">{icon(Icon::Pin)} " " {text.place.clone()}</p> })}
            </div>
        </section>
    }
    .into_any()
}

/// E-mail for notices, withdrawal, print, the end of the visit.
fn foot(context: &PageContext, view: &CaseView, form: &FormState) -> AnyView {
    let lang = context.lang;
    view! {
        <section class="stack no-print">
            <h2 class="title-s">{lang.t("following.foot.title")}</h2>
            {email(context, view, form)}
            {withdraw(context, view, form)}
            <div class="row">
                <PrintButton label=lang.t("following.foot.print").to_owned() />
                <form method="post" action=lang.href("/tra-cuu/thoat")>
                    <button class="btn btn-s">{lang.t("following.foot.leave")}</button>
                </form>
            </div>
            <p class="small muted">{lang.t("following.foot.leave_text")}</p>
            {(view.case.kind != Kind::Denunciation).then(|| view! { <p class="small"><a href=lang.href("/toi")>{lang.t("citizens.title")}</a>" · "{lang.t("citizens.link.one_place")}</p> })}
        </section>
    }
    .into_any()
}

/// "a•••@gmail.com": enough to know one's own address, too little for whoever holds the phone next.
fn masked(address: &str) -> String {
    let (name, domain) = address.split_once('@').unwrap_or((address, ""));
    format!("{}•••@{domain}", name.chars().take(1).collect::<String>())
}

fn email(context: &PageContext, view: &CaseView, form: &FormState) -> AnyView {
    let lang = context.lang;
    let has_one = !view.email.is_empty();
    let now = if has_one { lang.f("following.email.now", &[("address", &masked(&view.email))]) } else { lang.t("following.email.none").to_owned() };
    let look = FieldLook { label: "following.email.label", hint: Some("following.email.hint"), kind: "email", autocomplete: "email", ..FieldLook::default() };
    view! {
        <details class="more" open=form.error("email", lang).is_some()>
            <summary>{lang.t("following.email.title")}</summary>
            <p>{now}</p>
            <form method="post" action=lang.href("/tra-cuu/don/email") class="stack" novalidate>
                {of(view)}
                {text_field(lang, form, "email", look)}
                <div class="row">
                    <button class="btn">{lang.t("following.email.save")}</button>
                    {has_one.then(|| view! { <button class="btn btn-quiet" name="remove" value="1">{lang.t("following.email.remove")}</button> })}
                </div>
            </form>
        </details>
    }
    .into_any()
}

fn withdraw(context: &PageContext, view: &CaseView, form: &FormState) -> AnyView {
    let lang = context.lang;
    let step = crate::procedures::step::Step::TakeBack;
    let may_take_back = view.case.kind.is_answered() || onward::may(context, &view.case, &step).is_ok();
    if !view.case.state.is_open() || !may_take_back || view.relations.has_left {
        return ().into_any();
    }
    let error = form.error("sure", lang);
    let is_bad = error.is_some();
    view! {
        <details class="more" open=is_bad>
            <summary>{lang.t("following.withdraw.title")}</summary>
            <p>{lang.t("following.withdraw.text")}</p>
            <form method="post" action=lang.href("/tra-cuu/don/rut") class="stack">
                {of(view)}
                <div class=if is_bad { "field bad" } else { "field" }>
                    {error.map(|error| view! { <span class="err" id="sure-e">{error}</span> })}
                    {check_box(form, "sure", lang.t("following.withdraw.sure"), "")}
                </div>
                <button class="btn btn-danger">{lang.t("following.withdraw.send")}</button>
            </form>
        </details>
    }
    .into_any()
}
