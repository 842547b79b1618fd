//! The button on the sign-in page, what tells how it went, and the part of an account's page about the directory.

use super::store::Request;
use crate::accounts::manage::Managed;
use crate::accounts::second::proof_field;
use crate::form::FormState;
use crate::identity::{Proven, Trouble};
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, icon, text_field};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

/// "Sign in with the staff directory", a button of the sign-in page's form: where somebody was going, and words that wait, go along.
pub(in crate::accounts) fn sign_in_button(context: &PageContext) -> AnyView {
    let lang = context.lang;
    if context.portal.settings().identity.staff.is_none() {
        return ().into_any();
    }
    let path = lang.href("/dang-nhap/danh-ba");
    view! { <button class="btn btn-block" formaction=path formnovalidate="">{icon(Icon::Agency)}{lang.t("directory.sign_in")}</button> }.into_any()
}

/// The page between the sign-in page's form and the directory.
pub(super) fn set_out(context: &PageContext, address: &str, has_words: bool) -> Response {
    let lang = context.lang;
    let text = if has_words { lang.t("directory.set_out.text") } else { lang.t("directory.set_out.plain") };
    Page::new(context, Section::Other, lang.t("directory.set_out.title")).render(|| {
        view! {
            <div class="card sign-in stack">
                <h1 class="title-s">{lang.t("directory.set_out.title")}</h1>
                <p>{text}</p>
                <a class="btn btn-main btn-block" href=address.to_owned()>{lang.t("directory.set_out.go")}</a>
            </div>
        }
        .into_any()
    })
}

/// The way round the directory.
fn local_way(context: &PageContext) -> AnyView {
    let lang = context.lang;
    view! {
        <div class="stack">
            <a class="btn btn-main btn-block" href=lang.href("/dang-nhap")>{lang.t("directory.local")}</a>
            <form method="post" action=lang.href("/dang-nhap/danh-ba")><button class="btn btn-block">{lang.t("directory.again")}</button></form>
        </div>
    }
    .into_any()
}

/// What went wrong.
pub(super) fn trouble(context: &PageContext, trouble: Trouble) -> Response {
    let lang = context.lang;
    let (title, text) = super::forms::sentence(trouble);
    Page::new(context, Section::Other, lang.t(title)).status(trouble.status()).render(|| {
        view! {
            <div class="card sign-in stack">
                <h1 class="title-s">{lang.t(title)}</h1>
                <p>{lang.t(text)}</p>
                {local_way(context)}
            </div>
        }
        .into_any()
    })
}

/// The account is closed.
pub(super) fn closed(context: &PageContext) -> Response {
    let lang = context.lang;
    Page::new(context, Section::Other, lang.t("directory.closed")).status(StatusCode::FORBIDDEN).render(|| {
        view! { <div class="card sign-in stack"><h1 class="title-s">{lang.t("directory.closed")}</h1><p>{lang.t("directory.closed_text")}</p></div> }.into_any()
    })
}

/// The directory knows the person, the portal does not yet: the code to read to the administrator.
pub(super) fn unbound(context: &PageContext, proven: &Proven, code: &str) -> Response {
    let lang = context.lang;
    Page::new(context, Section::Other, lang.t("directory.unbound.title")).status(StatusCode::FORBIDDEN).render(|| {
        view! {
            <div class="card sign-in stack">
                <h1 class="title-s">{lang.t("directory.unbound.title")}</h1>
                <p>{lang.f("directory.unbound.text", &[("name", &proven.name)])}</p>
                <p class="code-big num">{code.to_owned()}</p>
                <p class="small muted">{lang.t("directory.unbound.how")}</p>
                <a class="btn btn-block" href=lang.href("/dang-nhap")>{lang.t("directory.local")}</a>
            </div>
        }
        .into_any()
    })
}

/// The part of an account's page.
pub(in crate::accounts) fn section(context: &PageContext, managed: &Managed, form: &FormState) -> AnyView {
    let lang = context.lang;
    if context.portal.settings().identity.staff.is_none() {
        return ().into_any();
    }
    let path = lang.href(&format!("/can-bo/tai-khoan/{}/danh-ba", managed.account.id));
    let content = match managed.bound_since {
        Some(at) => view! {
            <p>{lang.f("directory.bound", &[("day", &lang.day_short(crate::clock::day(at)))])}</p>
            {form.error("directory_code", lang).map(|error| view! { <p class="err" id="directory_code">{error}</p> })}
            <form method="post" action=format!("{path}/bo") class="stack">
                <input type="hidden" name="unbind" value="1" />
                {proof(context, form, form.is_ticked("unbind"))}
                <button class="btn btn-s btn-danger">{lang.t("directory.unbind")}</button>
            </form>
            <p class="small muted">{lang.t("directory.unbind_text")}</p>
        }
        .into_any(),
        None => {
            let look = FieldLook { label: "directory.bind.code", hint: Some("directory.bind.hint"), class: "field-s", ..FieldLook::default() };
            view! {
                <p class="small muted">{lang.t("directory.bind.text")}</p>
                <form method="post" action=path class="stack">
                    {text_field(lang, form, "directory_code", look)}
                    {proof(context, form, form.is_ticked("directory_code"))}
                    <button class="btn">{lang.t("directory.bind.look")}</button>
                </form>
            }
            .into_any()
        }
    };
    view! { <section class="card stack"><h2 class="title-s">{lang.t("directory.title")}</h2>{content}</section> }.into_any()
}

/// Tells the proof's field of this part from those of the page's other forms.
const TWIN: usize = 90;

/// The field for a fresh proof; what is wrong with it stands in the form that was sent.
fn proof(context: &PageContext, form: &FormState, is_sent: bool) -> AnyView {
    if is_sent { proof_field(context, form, 0) } else { proof_field(context, &FormState::default(), TWIN) }
}

/// Whose a code is, before it is bound.
pub(super) fn confirm(context: &PageContext, account_name: &str, account_id: &str, request: &Request, code: &str) -> Response {
    let lang = context.lang;
    let path = lang.href(&format!("/can-bo/tai-khoan/{account_id}"));
    Page::new(context, Section::Accounts, lang.t("directory.confirm.title")).main_class("wrap page stack-l").render(|| {
        let told = |text: &str| if text.is_empty() { lang.t("directory.confirm.untold").to_owned() } else { text.to_owned() };
        view! {
            <form method="post" action=format!("{path}/danh-ba") class="card stack">
                <h1 class="title-s">{lang.t("directory.confirm.title")}</h1>
                <p>{lang.t("directory.confirm.text")}</p>
                <dl class="dl">
                    <dt>{lang.t("directory.confirm.account")}</dt><dd class="break">{account_name.to_owned()}</dd>
                    <dt>{lang.t("directory.confirm.name")}</dt><dd class="break">{told(&request.name)}</dd>
                    <dt>{lang.t("directory.confirm.email")}</dt><dd class="break">{told(&request.email)}</dd>
                    <dt>{lang.t("directory.confirm.subject")}</dt><dd class="break"><code>{request.subject.clone()}</code></dd>
                </dl>
                <input type="hidden" name="directory_code" value=code.to_owned() />
                <div class="row">
                    <button class="btn btn-main" name="sure" value="1">{lang.t("directory.confirm.bind")}</button>
                    <a class="btn" href=path.clone()>{lang.t("directory.confirm.back")}</a>
                </div>
            </form>
        }
        .into_any()
    })
}
