//! `/can-bo/bao-mat`: what somebody signs in with beside the password, and adding more.

use super::proof::{fresh_proof, passkey_button, proof_field};
use super::rules::PASSKEYS_MAX;
use super::store::{self, Factors, Notice, PasskeyRow};
use super::{passkeys, totp};
use crate::accounts::{session, sessions_pages, store as accounts};
use crate::error::{AppError, Result};
use crate::filing::qr;
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, error_summary, icon, text_field};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use tower_sessions::Session;

/// The page.
pub(super) const PATH: &str = "/can-bo/bao-mat";
/// Adding an application.
pub(super) const APPLICATION: &str = "/can-bo/bao-mat/ung-dung";

/// What the page shows.
struct Shown {
    factors: Factors,
    application_since: Option<DateTime<Utc>>,
    passkeys: Vec<PasskeyRow>,
    notices: Vec<Notice>,
    can_have_passkeys: bool,
}

/// `GET /can-bo/bao-mat`.
pub async fn show(context: PageContext, session: Session) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let flash = session::take_flash(&session).await?;
    page(&context, &FormState::default(), flash.as_deref(), StatusCode::OK).await
}

/// The page with what a form brought.
pub(super) async fn page(context: &PageContext, form: &FormState, flash: Option<&str>, status: StatusCode) -> Result<Response> {
    let account_id = context.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let mut tx = context.portal.db().read().await?;
    let shown = Shown {
        factors: store::factors(&mut tx, &account_id).await?,
        application_since: store::secret(&mut tx, &account_id).await?.map(|secret| secret.made_at),
        passkeys: store::passkeys(&mut tx, &account_id).await?,
        notices: store::notices(&mut tx, &account_id).await?,
        can_have_passkeys: passkeys::party(context.portal.settings()).is_some(),
    };
    drop(tx);
    let lang = context.lang;
    let must = context.proof.add_until;
    Ok(Page::new(context, Section::Desk, lang.t("signin.title")).passkeys().main_class("wrap page stack-l").status(status).render(|| {
        let flash = flash.and_then(flash_words).map(|key| crate::ui::flash_line(lang.t(key).to_owned()));
        let notices: Vec<_> = shown.notices.iter().map(|notice| notice_view(context, notice)).collect();
        let lead = match must {
            Some(day) => lang.f("signin.must_until", &[("day", &lang.day_long(day))]),
            None if shown.factors.is_any() => lang.t("signin.lead_on").to_owned(),
            None => lang.t("signin.lead_off").to_owned(),
        };
        view! {
            {flash}
            {error_summary(lang, form)}
            {(!notices.is_empty()).then(|| view! { <div class="stack">{notices}{know_form(context)}</div> })}
            <div class="stack-s">
                <h1 class="title-s">{lang.t("signin.title")}</h1>
                <p class="muted">{lead}</p>
            </div>
            {prove_section(context, form)}
            {application_section(context, &shown)}
            {passkey_section(context, &shown, form)}
            {recovery_section(context, &shown)}
            <p class="row">
                <a href=lang.href(sessions_pages::PATH)>{lang.t("signin.sessions.title")}</a>
                <a href=lang.href("/can-bo/mat-khau")>{lang.t("nav.password")}</a>
            </p>
        }
        .into_any()
    }))
}

fn flash_words(key: &str) -> Option<&'static str> {
    ["signin.flash.proven", "signin.flash.removed", "signin.flash.added"].into_iter().find(|known| *known == key)
}

fn notice_view(context: &PageContext, notice: &Notice) -> AnyView {
    let lang = context.lang;
    let words = lang.f("signin.notice.reset", &[("who", &notice.by_name), ("at", &lang.time(notice.at))]);
    view! { <div class="notice warn" role="status">{icon(Icon::Warning)}<div><b>{words}</b><p>{lang.t("signin.notice.reset_text")}</p></div></div> }.into_any()
}

fn know_form(context: &PageContext) -> AnyView {
    let lang = context.lang;
    view! { <form method="post" action=lang.href("/can-bo/bao-mat/da-biet")><button class="btn btn-s">{lang.t("signin.notice.know")}</button></form> }
        .into_any()
}

/// Before anything on this page is changed somebody proves who they are; then the buttons are there.
fn prove_section(context: &PageContext, form: &FormState) -> AnyView {
    if fresh_proof(context) {
        return ().into_any();
    }
    let lang = context.lang;
    view! {
        <form method="post" action=lang.href(PATH) class="card stack">
            <h2 class="title-s">{lang.t("signin.prove.title")}</h2>
            <p class="small muted">{lang.t("signin.prove.text")}</p>
            {proof_field(context, form, 0)}
            <button class="btn btn-main">{lang.t("signin.prove.send")}</button>
        </form>
    }
    .into_any()
}

fn application_section(context: &PageContext, shown: &Shown) -> AnyView {
    let lang = context.lang;
    let state = match shown.application_since {
        Some(at) => lang.f("signin.app.on", &[("day", &lang.day_short(crate::clock::day(at)))]),
        None => lang.t("signin.app.off").to_owned(),
    };
    let is_on = shown.application_since.is_some();
    let buttons = fresh_proof(context).then(|| {
        view! {
            <div class="row">
                <form method="post" action=lang.href(APPLICATION)>
                    <button class=if is_on { "btn btn-s" } else { "btn btn-main" }>{if is_on { lang.t("signin.app.change") } else { lang.t("signin.app.add") }}</button>
                </form>
                {is_on.then(|| view! {
                    <form method="post" action=lang.href("/can-bo/bao-mat/ung-dung/bo")><button class="btn btn-s btn-danger">{lang.t("signin.app.remove")}</button></form>
                })}
            </div>
        }
    });
    view! {
        <section class="card stack">
            <h2 class="title-s">{lang.t("signin.app.title")}</h2>
            <p class="small muted">{lang.t("signin.app.text")}</p>
            <p>{state}</p>
            {buttons}
        </section>
    }
    .into_any()
}

fn passkey_section(context: &PageContext, shown: &Shown, form: &FormState) -> AnyView {
    let lang = context.lang;
    let items: Vec<_> = shown.passkeys.iter().map(|row| passkey_item(context, row)).collect();
    let may_add = fresh_proof(context) && shown.passkeys.len() < PASSKEYS_MAX;
    let add = if !shown.can_have_passkeys {
        view! { <div class="notice info">{icon(Icon::Warning)}<p>{lang.t("signin.passkey.no_address")}</p></div> }.into_any()
    } else if may_add {
        let look = FieldLook { label: "signin.passkey.name", hint: Some("signin.passkey.name_hint"), class: "field-s", ..FieldLook::default() };
        view! {
            <form method="post" action=lang.href("/can-bo/bao-mat/khoa") class="stack" id="passkey">
                {form.error("passkey", lang).map(|error| view! { <p class="err">{error}</p> })}
                {text_field(lang, form, "name", look)}
                <input type="hidden" name="passkey" value="" />
                {passkey_button(context, "/can-bo/bao-mat/khoa/thach-thuc", "create", "passkey")}
            </form>
            <noscript><p class="small muted">{lang.t("signin.passkey.no_script")}</p></noscript>
        }
        .into_any()
    } else {
        ().into_any()
    };
    view! {
        <section class="card stack">
            <h2 class="title-s">{lang.t("signin.passkey.title")}</h2>
            <p class="small muted">{lang.t("signin.passkey.text")}</p>
            {if items.is_empty() { view! { <p>{lang.t("signin.passkey.none")}</p> }.into_any() } else { view! { <ul class="rule-list">{items}</ul> }.into_any() }}
            {add}
        </section>
    }
    .into_any()
}

fn passkey_item(context: &PageContext, row: &PasskeyRow) -> AnyView {
    let lang = context.lang;
    let made = lang.f("signin.passkey.made", &[("day", &lang.day_short(crate::clock::day(row.made_at)))]);
    let used = row.used_at.map(|at| format!(" · {}", lang.f("signin.passkey.used", &[("at", &lang.time(at))])));
    let remove = fresh_proof(context).then(|| {
        view! {
            <form method="post" action=lang.href("/can-bo/bao-mat/khoa/bo")>
                <input type="hidden" name="id" value=row.id.clone() />
                <button class="btn btn-s btn-danger">{lang.t("signin.app.remove")}</button>
            </form>
        }
    });
    view! { <li class="row between"><div><p><b>{row.name.clone()}</b></p><p class="small muted num">{made}{used}</p></div>{remove}</li> }.into_any()
}

fn recovery_section(context: &PageContext, shown: &Shown) -> AnyView {
    let lang = context.lang;
    if !shown.factors.is_any() {
        return ().into_any();
    }
    let left = lang.n("signin.recovery.left_one", "signin.recovery.left_many", shown.factors.recovery_left);
    let button = fresh_proof(context).then(|| {
        view! {
            <p class="small muted">{lang.t("signin.recovery.new_text")}</p>
            <form method="post" action=lang.href("/can-bo/bao-mat/ma-du-phong")><button class="btn btn-s">{lang.t("signin.recovery.new")}</button></form>
        }
    });
    view! {
        <section class="card stack">
            <h2 class="title-s">{lang.t("signin.recovery.title")}</h2>
            <p class="small muted">{lang.t("signin.recovery.text")}</p>
            <p>{left}</p>
            {button}
        </section>
    }
    .into_any()
}

/// `GET /can-bo/bao-mat/ung-dung`: the secret that waits for its first code, as a picture and for typing.
pub async fn application(context: PageContext) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    application_page(&context, &FormState::default(), StatusCode::OK).await
}

/// The same with what a form brought. Without a secret that waits, or without a fresh proof, the page where one begins.
pub(super) async fn application_page(context: &PageContext, form: &FormState, status: StatusCode) -> Result<Response> {
    let account_id = context.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let mut tx = context.portal.db().read().await?;
    let waiting = store::secret_to_prove(&mut tx, &account_id).await?;
    let account = accounts::account(&mut tx, &account_id).await?;
    drop(tx);
    let (Some(secret), Some(account), true) = (waiting, account, fresh_proof(context)) else { return page(context, form, None, status).await };
    let lang = context.lang;
    Ok(Page::new(context, Section::Desk, lang.t("signin.app.title")).main_class("wrap page stack-l").status(status).render(|| {
        let look =
            FieldLook { label: "signin.app.code", hint: Some("signin.app.code_hint"), autocomplete: "one-time-code", class: "field-s", ..FieldLook::default() };
        view! {
            <a class="back" href=lang.href(PATH)>{icon(Icon::Back)}{lang.t("signin.title")}</a>
            {error_summary(lang, form)}
            <section class="card stack">
                <h1 class="title-s">{lang.t("signin.app.add")}</h1>
                <ol class="stack-s">
                    <li>{lang.t("signin.app.step_install")}</li>
                    <li>{lang.t("signin.app.step_scan")}</li>
                    <li>{lang.t("signin.app.step_code")}</li>
                </ol>
                {qr(&totp::address(&secret.bytes, &account.login), lang.t("signin.app.picture"))}
                <p class="small">{lang.t("signin.app.typing")}<br /><code class="strong secret">{totp::shown(&secret.bytes)}</code></p>
                <form method="post" action=lang.href("/can-bo/bao-mat/ung-dung/xong") class="stack">
                    {text_field(lang, form, "code", look)}
                    <button class="btn btn-main">{lang.t("signin.app.send")}</button>
                </form>
            </section>
        }
        .into_any()
    }))
}

/// New recovery codes, once: nothing can show them again. Made for paper.
pub(super) fn codes_page(context: &PageContext, codes: &[String]) -> Response {
    let lang = context.lang;
    // With the factor these codes came with, nothing is asked for any more.
    let mut context = context.clone();
    context.proof.add_until = None;
    let context = &context;
    Page::new(context, Section::Desk, lang.t("signin.recovery.title")).main_class("wrap page stack-l").render(|| {
        let items: Vec<_> = codes.iter().map(|code| view! { <li><code class="strong">{code.clone()}</code></li> }).collect();
        view! {
            <section class="card stack">
                <h1 class="title-s">{lang.t("signin.recovery.title")}</h1>
                <p>{lang.t("signin.recovery.once")}</p>
                <ol class="recovery num">{items}</ol>
                <p class="small muted">{lang.f("signin.recovery.made", &[("at", &lang.time(context.now))])}</p>
                <div class="row no-print"><a class="btn" href=lang.href(PATH)>{lang.t("signin.recovery.go_on")}</a></div>
            </section>
        }
        .into_any()
    })
}
