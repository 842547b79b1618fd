//! The administrator's pages: all accounts of the authority, one account, a new one.

use super::manage::{self, Managed, is_over};
use super::rules::Capacity;
use super::second::proof_field;
use super::session;
use super::store::{Account, HeldRole};
use crate::error::Result;
use crate::form::FormState;
use crate::permissions::Role;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, error_summary, icon, select_field, table, text_field};
use crate::words::Lang;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use tower_sessions::Session;

const PATH: &str = "/can-bo/tai-khoan";

/// `GET /can-bo/tai-khoan`.
pub async fn list(context: PageContext) -> Result<Response> {
    let body_id = manage::managed_body(&context)?;
    let mut tx = context.portal.db().read().await?;
    let accounts = manage::list(&mut tx, &body_id).await?;
    drop(tx);
    let lang = context.lang;
    let page = Page::new(&context, Section::Accounts, lang.t("accounts.list.title")).main_class("wrap wide page stack-l");
    Ok(page.render(|| {
        let count = i64::try_from(accounts.len()).unwrap_or(i64::MAX);
        let rows: Vec<_> = accounts.iter().map(|(account, roles)| row(&context, account, roles)).collect();
        view! {
            <div class="row between">
                <div>
                    <h1 class="title-s">{lang.t("accounts.list.title")}</h1>
                    <p class="small muted">{context.directory.agency_name(&body_id).to_owned()} " · " {lang.n("accounts.list.count_one", "accounts.list.count_many", count)}</p>
                </div>
                <a class="btn btn-main" href=lang.href("/can-bo/tai-khoan/moi")>{icon(Icon::Plus)}{lang.t("accounts.new.title")}</a>
            </div>
            {table(lang, "accounts.list.title", &["accounts.field.name", "accounts.field.login", "accounts.list.roles", "accounts.list.state"], rows)}
        }
        .into_any()
    }))
}

fn row(context: &PageContext, account: &Account, roles: &[HeldRole]) -> AnyView {
    let lang = context.lang;
    let roles: Vec<_> = roles.iter().filter(|role| !is_over(role, context.today)).map(|role| view! { <div>{role_words(context, role)}</div> }).collect();
    let roles = if roles.is_empty() { view! { <span class="muted">{lang.t("accounts.list.no_role")}</span> }.into_any() } else { roles.into_any() };
    view! {
        <tr>
            <th scope="row"><a href=lang.href(&format!("{PATH}/{}", account.id))>{account.display_name.clone()}</a></th>
            <td data-label=lang.t("accounts.field.login")>{account.login.clone()}</td>
            <td data-label=lang.t("accounts.list.roles")><div>{roles}</div></td>
            <td data-label=lang.t("accounts.list.state")>{state_words(lang, account)}</td>
        </tr>
    }
    .into_any()
}

fn state_words(lang: Lang, account: &Account) -> AnyView {
    if account.is_active {
        lang.t("accounts.list.active").into_any()
    } else {
        view! { <span class="tag late">{lang.t("accounts.list.closed")}</span> }.into_any()
    }
}

/// "intake · UBND xã Phủ Thông · from 1/7/2026 to 30/11/2026".
fn role_words(context: &PageContext, role: &HeldRole) -> String {
    let lang = context.lang;
    let days = match role.valid_to {
        Some(last) => lang.f("accounts.role.from_to", &[("from", &lang.day_short(role.valid_from)), ("to", &lang.day_short(last))]),
        None => lang.f("accounts.role.from", &[("from", &lang.day_short(role.valid_from))]),
    };
    let capacity = if role.capacity == Capacity::Own { String::new() } else { format!(" ({})", lang.t(role.capacity.key())) };
    format!("{}{capacity} · {} · {days}", lang.t(role.role.key()), context.directory.agency_name(&role.agency_id))
}

/// The authority itself and its present units: id and name.
pub(super) fn agencies_of(context: &PageContext, body_id: &str) -> Vec<(String, String)> {
    let directory = &context.directory;
    let body = directory.agency(body_id).into_iter();
    body.chain(directory.units_of(body_id)).map(|agency| (agency.id.clone(), agency.name.clone())).collect()
}

/// `GET /can-bo/tai-khoan/moi`.
pub async fn new(context: PageContext) -> Result<Response> {
    let body_id = manage::managed_body(&context)?;
    let mut form = FormState::default();
    form.set("from", context.today.to_string());
    Ok(new_page(&context, &body_id, &form, StatusCode::OK))
}

/// The form for a new account.
pub(super) fn new_page(context: &PageContext, body_id: &str, form: &FormState, status: StatusCode) -> Response {
    let lang = context.lang;
    Page::new(context, Section::Accounts, lang.t("accounts.new.title")).main_class("wrap page stack-l").status(status).render(|| {
        let name = FieldLook { label: "accounts.field.name", ..FieldLook::default() };
        let login = FieldLook { label: "accounts.field.login", hint: Some("accounts.new.login_hint"), class: "field-s", ..FieldLook::default() };
        view! {
            {back(lang)}
            {error_summary(lang, form)}
            <form method="post" action=lang.href("/can-bo/tai-khoan/moi") class="card stack">
                <h1 class="title-s">{lang.t("accounts.new.title")}</h1>
                {text_field(lang, form, "name", name)}
                {text_field(lang, form, "login", login)}
                {role_fields(context, body_id, form)}
                <p class="small muted">{lang.t("accounts.new.password")}</p>
                {proof_field(context, form, 0)}
                <button class="btn btn-main">{lang.t("accounts.new.save")}</button>
            </form>
        }
        .into_any()
    })
}

fn back(lang: Lang) -> AnyView {
    view! { <a class="back" href=lang.href(PATH)>{icon(Icon::Back)}{lang.t("accounts.list.title")}</a> }.into_any()
}

fn role_fields(context: &PageContext, body_id: &str, form: &FormState) -> AnyView {
    let lang = context.lang;
    let roles = Role::ALL.iter().map(|role| (role.code().to_owned(), lang.t(role.key()).to_owned())).collect();
    let look = |label: &'static str, hint: Option<&'static str>| FieldLook { label, hint, ..FieldLook::default() };
    let from = FieldLook { kind: "date", class: "field-s", ..look("accounts.role.first_day", None) };
    let to = FieldLook { kind: "date", class: "field-s", is_optional: true, ..look("accounts.role.last_day", Some("accounts.role.last_day_hint")) };
    let lent = [Capacity::Acting, Capacity::Delegated];
    let capacities = lent.iter().map(|capacity| (capacity.code().to_owned(), lang.t(capacity.key()).to_owned())).collect();
    view! {
        {select_field(lang, form, "role", roles, "accounts.choose", look("accounts.role.label", Some("accounts.role.hint")))}
        {select_field(lang, form, "agency", agencies_of(context, body_id), "accounts.choose", look("accounts.role.agency", None))}
        {select_field(lang, form, "capacity", capacities, "accounts.capacity.own", look("accounts.capacity.label", Some("accounts.capacity.hint")))}
        {text_field(lang, form, "from", from)}
        {text_field(lang, form, "to", to)}
    }
    .into_any()
}

/// `GET /can-bo/tai-khoan/{id}`.
pub async fn one(context: PageContext, session: Session, Path(id): Path<String>) -> Result<Response> {
    let body_id = manage::managed_body(&context)?;
    let mut tx = context.portal.db().read().await?;
    let managed = manage::one(&context, &mut tx, &body_id, &id).await?;
    drop(tx);
    let mut form = FormState::default();
    form.set("from", context.today.to_string());
    let flash = session::take_flash(&session).await?;
    Ok(one_page(&context, &body_id, &managed, &form, flash, StatusCode::OK))
}

/// The page of one account.
pub(super) fn one_page(context: &PageContext, body_id: &str, managed: &Managed, form: &FormState, flash: Option<String>, status: StatusCode) -> Response {
    let lang = context.lang;
    let account = &managed.account;
    Page::new(context, Section::Accounts, account.display_name.clone()).main_class("wrap page stack-l").status(status).render(|| {
        view! {
            {back(lang)}
            {flash_line(lang, flash.as_deref())}
            {error_summary(lang, form)}
            <div>
                <h1 class="title-s">{account.display_name.clone()}</h1>
                <p class="small muted">{lang.t("accounts.field.login")} ": " {account.login.clone()} " · " {state_words(lang, account)}</p>
            </div>
            <p><a href=lang.href(&format!("{PATH}/{}/quyen", account.id))>{icon(Icon::Lock)}{lang.t("rights.link")}</a></p>
            {managed.is_own.then(|| view! { <div class="notice info">{icon(Icon::Lock)}<p>{lang.t("accounts.one.own")}</p></div> })}
            {roles_section(context, managed, form)}
            {(!managed.is_own).then(|| view! { {add_section(context, body_id, managed, form)} {super::directory::section(context, managed, form)} {key_section(context, managed, form)} })}
        }
        .into_any()
    })
}

fn flash_line(lang: Lang, key: Option<&str>) -> AnyView {
    let words = match key {
        Some("accounts.flash.role_added") => lang.t("accounts.flash.role_added"),
        Some("accounts.flash.role_ended") => lang.t("accounts.flash.role_ended"),
        Some("accounts.flash.opened") => lang.t("accounts.flash.opened"),
        Some("signin.flash.reset") => lang.t("signin.flash.reset"),
        Some("accounts.flash.closed") => lang.t("accounts.flash.closed"),
        Some("directory.flash.bound") => lang.t("directory.flash.bound"),
        Some("directory.flash.unbound") => lang.t("directory.flash.unbound"),
        _ => return ().into_any(),
    };
    crate::ui::flash_line(words.to_owned())
}

fn roles_section(context: &PageContext, managed: &Managed, form: &FormState) -> AnyView {
    let lang = context.lang;
    let items: Vec<_> = managed.roles.iter().enumerate().map(|(n, role)| role_item(context, managed, role, form, n)).collect();
    view! {
        <section class="card stack">
            <h2 class="title-s">{lang.t("accounts.list.roles")}</h2>
            {items}
        </section>
    }
    .into_any()
}

fn role_item(context: &PageContext, managed: &Managed, role: &HeldRole, form: &FormState, n: usize) -> AnyView {
    let lang = context.lang;
    let words = role_words(context, role);
    if managed.is_own || is_over(role, context.today) {
        let class = if is_over(role, context.today) { "muted" } else { "" };
        return view! { <p class=class>{words}</p> }.into_any();
    }
    let is_this = form.value("holding") == role.id;
    let error = is_this.then(|| form.error("last_day", lang)).flatten();
    let day = if is_this { form.value("last_day").to_owned() } else { context.today.to_string() };
    let field = format!("last_day-{}", role.id);
    // The summary's link leads to the form that was refused.
    let anchor = is_this.then_some("last_day");
    view! {
        <div class="stack-s" id=anchor>
            <p>{words}</p>
            {error.map(|error| view! { <p class="err">{error}</p> })}
            <form method="post" action=lang.href(&format!("{PATH}/{}/ket-thuc", managed.account.id)) class="inline-form">
                <input type="hidden" name="holding" value=role.id.clone() />
                <label for=field.clone()>{lang.t("accounts.role.last_day")}</label>
                <input type="date" id=field name="last_day" value=day />
                {proof(context, form, is_this, PROOFS + n)}
                <button class="btn btn-s">{lang.t("accounts.role.end")}</button>
            </form>
        </div>
    }
    .into_any()
}

/// Forms of the page that ask for a fresh proof, beside those that end a role.
const PROOFS: usize = 5;

/// The field for a fresh proof in one of the page's forms; what is wrong with it stands in the form that was sent.
fn proof(context: &PageContext, form: &FormState, is_sent: bool, twin: usize) -> AnyView {
    if is_sent { proof_field(context, form, 0) } else { proof_field(context, &FormState::default(), twin) }
}

fn add_section(context: &PageContext, body_id: &str, managed: &Managed, form: &FormState) -> AnyView {
    let lang = context.lang;
    view! {
        <form method="post" action=lang.href(&format!("{PATH}/{}/vai-tro", managed.account.id)) class="card stack">
            <h2 class="title-s">{lang.t("accounts.role.add")}</h2>
            {role_fields(context, body_id, form)}
            {proof(context, form, form.is_ticked("role"), 1)}
            <button class="btn">{lang.t("accounts.role.add")}</button>
        </form>
    }
    .into_any()
}

/// A new password; closing and opening the account.
fn key_section(context: &PageContext, managed: &Managed, form: &FormState) -> AnyView {
    let lang = context.lang;
    let path = |last: &str| lang.href(&format!("{PATH}/{}/{last}", managed.account.id));
    let is_active = managed.account.is_active;
    let refused = form.error("active", lang).or_else(|| form.error("reset", lang));
    let factors = factors_part(context, managed, form);
    view! {
        <section class="card stack" id="active">
            <h2 class="title-s">{lang.t("accounts.one.key")}</h2>
            {refused.map(|error| view! { <p class="err" id="reset">{error}</p> })}
            <p class="small muted">{lang.t("accounts.one.reset_text")}</p>
            <form method="post" action=path("mat-khau") class="stack-s">
                <input type="hidden" name="reset" value="1" />
                {proof(context, form, form.is_ticked("reset"), 2)}
                <button class="btn btn-s">{lang.t("accounts.one.reset")}</button>
            </form>
            {factors}
            <p class="small muted">{if is_active { lang.t("accounts.one.close_text") } else { lang.t("accounts.one.open_text") }}</p>
            <form method="post" action=path("khoa") class="stack-s">
                <input type="hidden" name="active" value=if is_active { "0" } else { "1" } />
                {proof(context, form, form.is_ticked("active"), 3)}
                {if is_active {
                    view! { <button class="btn btn-s btn-danger">{lang.t("accounts.one.close")}</button> }
                } else {
                    view! { <button class="btn btn-s">{lang.t("accounts.one.open")}</button> }
                }}
            </form>
        </section>
    }
    .into_any()
}

/// What somebody signs in with beside the password, and taking it away when they lost it.
fn factors_part(context: &PageContext, managed: &Managed, form: &FormState) -> AnyView {
    let (lang, factors) = (context.lang, &managed.factors);
    if !factors.is_any() {
        return view! { <p class="small muted">{lang.t("signin.manage.none")}</p> }.into_any();
    }
    let [apps, keys, codes] = [factors.applications, factors.passkeys, factors.recovery_left].map(|n| lang.number(n));
    let args = [("apps", apps.as_str()), ("keys", keys.as_str()), ("codes", codes.as_str())];
    view! {
        <p class="small muted">{lang.f("signin.manage.has", &args)}" "{lang.t("signin.manage.text")}</p>
        {form.error("factors", lang).map(|error| view! { <p class="err" id="factors">{error}</p> })}
        <form method="post" action=lang.href(&format!("{PATH}/{}/yeu-to", managed.account.id)) class="stack-s">
            <input type="hidden" name="factors" value="1" />
            {proof(context, form, form.is_ticked("factors"), 4)}
            <button class="btn btn-s">{lang.t("signin.manage.reset")}</button>
        </form>
    }
    .into_any()
}

/// The first password, once: nothing can show it again.
pub(super) fn password_page(context: &PageContext, account_id: &str, name: &str, login: &str, first: &str) -> Response {
    let lang = context.lang;
    Page::new(context, Section::Accounts, lang.t("accounts.first.title")).main_class("wrap page stack-l").render(|| {
        view! {
            {back(lang)}
            <section class="card stack">
                <h1 class="title-s">{lang.t("accounts.first.title")}</h1>
                <p>{lang.t("accounts.first.text")}</p>
                <dl class="dl">
                    <dt>{lang.t("accounts.field.name")}</dt><dd>{name.to_owned()}</dd>
                    <dt>{lang.t("accounts.field.login")}</dt><dd><code>{login.to_owned()}</code></dd>
                    <dt>{lang.t("accounts.field.password")}</dt><dd><code class="strong">{first.to_owned()}</code></dd>
                </dl>
                <div class="row"><a class="btn" href=lang.href(&format!("{PATH}/{account_id}"))>{lang.t("accounts.first.go_on")}</a></div>
            </section>
        }
        .into_any()
    })
}
