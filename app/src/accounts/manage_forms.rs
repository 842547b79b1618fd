//! What an administrator does to accounts: new ones, roles from day to day, new passwords, closing.

use super::manage::{self, LOGIN_CHARS_MAX, Managed, NAME_CHARS_MAX};
use super::rules::{Capacity, FIRST_PASSWORD_DAYS, Term};
use super::second::{self, demand_fresh};
use super::{keep_form_and_sign_in, manage_pages, password, session, store};
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::Role;
use crate::record::{self, deeds::Deed};
use crate::ui::{PageContext, see_other};
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use tower_sessions::Session;

type Pairs = Form<Vec<(String, String)>>;

/// How far from today a role may begin or end: catches a mistyped year.
const DAYS_AWAY_MAX: i64 = 3_660;

/// A role as the form gives it.
struct NewRole {
    role: Role,
    agency_id: String,
    term: Term,
}

impl NewRole {
    fn given_to(&self, account_id: &str) -> Deed {
        Deed::RoleGiven {
            account_id: account_id.to_owned(),
            role: self.role,
            agency_id: self.agency_id.clone(),
            capacity: self.term.capacity,
            from: self.term.from,
            to: self.term.to,
        }
    }
}

async fn write_down(tx: &mut Tx, context: &PageContext, body_id: &str, deed: &Deed) -> Result<()> {
    record::actions::write(tx, &context.portal, &context.actor, body_id, deed).await
}

/// `POST /can-bo/tai-khoan/moi`. The answer shows the first password, once.
pub async fn create(context: PageContext, Form(pairs): Pairs) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let body_id = manage::managed_body(&context)?;
    let name = form.required("name", "accounts.new.name_missing", NAME_CHARS_MAX);
    let typed = form.required("login", "accounts.new.login_missing", LOGIN_CHARS_MAX);
    let login = match manage::login(&typed) {
        Ok(login) => login,
        Err(key) => {
            if !typed.is_empty() {
                form.wrong("login", key);
            }
            String::new()
        }
    };
    let role = new_role(&context, &body_id, &mut form);
    demand_fresh(&context, &mut form).await?;
    let Some(role) = role.filter(|_| form.is_valid()) else {
        return Ok(manage_pages::new_page(&context, &body_id, &form, StatusCode::UNPROCESSABLE_ENTITY));
    };
    let first = password::first(context.portal.random());
    let hash = password::hash(context.portal.random(), first.clone()).await?;
    let id = context.portal.new_id();
    let mut tx = context.portal.db().write().await?;
    if !store::insert(&mut tx, &id, &login, &name, &hash, context.now).await? {
        form.wrong("login", "accounts.new.login_taken");
        return Ok(manage_pages::new_page(&context, &body_id, &form, StatusCode::UNPROCESSABLE_ENTITY));
    }
    store::set_password(&mut tx, &id, &hash, Some(first_ends_at(&context))).await?;
    store::insert_holding(&mut tx, &context.portal.new_id(), &id, &role.agency_id, role.role, role.term).await?;
    write_down(&mut tx, &context, &body_id, &Deed::AccountMade { account_id: id.clone() }).await?;
    write_down(&mut tx, &context, &body_id, &role.given_to(&id)).await?;
    tx.commit().await?;
    Ok(manage_pages::password_page(&context, &id, &name, &login, &first))
}

/// `POST /can-bo/tai-khoan/{id}/vai-tro`.
pub async fn add_role(context: PageContext, session: Session, Path(id): Path<String>, Form(pairs): Pairs) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let (body_id, managed) = open(&context, &id).await?;
    refuse_own(&managed, &mut form, "role");
    let role = new_role(&context, &body_id, &mut form);
    if let Some(role) = &role
        && let Some(key) = clash_anywhere(&context, &id, role).await?
    {
        form.wrong("role", key);
    }
    demand_fresh(&context, &mut form).await?;
    let Some(role) = role.filter(|_| form.is_valid()) else {
        return Ok(manage_pages::one_page(&context, &body_id, &managed, &form, None, StatusCode::UNPROCESSABLE_ENTITY));
    };
    let mut tx = context.portal.db().write().await?;
    let is_held = managed.roles.iter().any(|held| {
        held.role == role.role
            && held.agency_id == role.agency_id
            && held.capacity == role.term.capacity
            && held.valid_from <= role.term.from
            && !manage::is_over(held, role.term.to.unwrap_or(role.term.from))
    });
    // Sent twice, or held already: nothing to add.
    if !is_held {
        store::insert_holding(&mut tx, &context.portal.new_id(), &id, &role.agency_id, role.role, role.term).await?;
        write_down(&mut tx, &context, &body_id, &role.given_to(&id)).await?;
    }
    tx.commit().await?;
    done(&context, &session, &id, "accounts.flash.role_added").await
}

/// `POST /can-bo/tai-khoan/{id}/ket-thuc`.
pub async fn end_role(context: PageContext, session: Session, Path(id): Path<String>, Form(pairs): Pairs) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let (body_id, managed) = open(&context, &id).await?;
    let held = managed.roles.iter().find(|held| held.id == form.value("holding")).cloned().ok_or(AppError::NotFound)?;
    refuse_own(&managed, &mut form, "last_day");
    let last_day = day(&context, &mut form, "last_day");
    // The day before the first one: a role that never begins.
    if last_day.is_some_and(|day| day + Days::new(1) < held.valid_from) {
        form.wrong("last_day", "accounts.role.before_start");
    }
    demand_fresh(&context, &mut form).await?;
    let Some(last_day) = last_day.filter(|_| form.is_valid()) else {
        return Ok(manage_pages::one_page(&context, &body_id, &managed, &form, None, StatusCode::UNPROCESSABLE_ENTITY));
    };
    let mut tx = context.portal.db().write().await?;
    store::end_role(&mut tx, &held.id, last_day).await?;
    let deed = Deed::RoleEnded { account_id: id.clone(), role: held.role, agency_id: held.agency_id, last_day };
    write_down(&mut tx, &context, &body_id, &deed).await?;
    tx.commit().await?;
    done(&context, &session, &id, "accounts.flash.role_ended").await
}

/// `POST /can-bo/tai-khoan/{id}/khoa`: closes the account or opens it again. Its sessions end at once.
pub async fn set_active(context: PageContext, session: Session, Path(id): Path<String>, Form(pairs): Pairs) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let (body_id, managed) = open(&context, &id).await?;
    let is_active = form.value("active") == "1";
    refuse_own(&managed, &mut form, "active");
    refuse_shared(&managed, &mut form, "active");
    demand_fresh(&context, &mut form).await?;
    if !form.is_valid() {
        return Ok(manage_pages::one_page(&context, &body_id, &managed, &form, None, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let mut tx = context.portal.db().write().await?;
    store::set_active(&mut tx, &id, is_active).await?;
    if !is_active {
        store::delete_sessions_of(&mut tx, &id).await?;
    }
    let account_id = id.clone();
    let deed = if is_active { Deed::AccountOpened { account_id } } else { Deed::AccountClosed { account_id } };
    write_down(&mut tx, &context, &body_id, &deed).await?;
    tx.commit().await?;
    done(&context, &session, &id, if is_active { "accounts.flash.opened" } else { "accounts.flash.closed" }).await
}

/// `POST /can-bo/tai-khoan/{id}/mat-khau`: a new first password for somebody who lost theirs; shown once.
pub async fn new_password(context: PageContext, Path(id): Path<String>, Form(pairs): Pairs) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let (body_id, managed) = open(&context, &id).await?;
    refuse_own(&managed, &mut form, "reset");
    refuse_shared(&managed, &mut form, "reset");
    demand_fresh(&context, &mut form).await?;
    if !form.is_valid() {
        return Ok(manage_pages::one_page(&context, &body_id, &managed, &form, None, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let first = password::first(context.portal.random());
    let hash = password::hash(context.portal.random(), first.clone()).await?;
    let mut tx = context.portal.db().write().await?;
    store::set_password(&mut tx, &id, &hash, Some(first_ends_at(&context))).await?;
    store::delete_sessions_of(&mut tx, &id).await?;
    write_down(&mut tx, &context, &body_id, &Deed::PasswordReset { account_id: id.clone() }).await?;
    tx.commit().await?;
    Ok(manage_pages::password_page(&context, &id, &managed.account.display_name, &managed.account.login, &first))
}

/// `POST /can-bo/tai-khoan/{id}/yeu-to`: takes the second factors of a colleague away who lost their device.
pub async fn reset_factors(context: PageContext, session: Session, Path(id): Path<String>, Form(pairs): Pairs) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let (body_id, managed) = open(&context, &id).await?;
    refuse_own(&managed, &mut form, "factors");
    refuse_shared(&managed, &mut form, "factors");
    demand_fresh(&context, &mut form).await?;
    if !form.is_valid() {
        return Ok(manage_pages::one_page(&context, &body_id, &managed, &form, None, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let mut tx = context.portal.db().write().await?;
    second::actions::reset(&mut tx, &context, &body_id, &id).await?;
    tx.commit().await?;
    done(&context, &session, &id, "signin.flash.reset").await
}

/// Until when a first password made now opens anything.
fn first_ends_at(context: &PageContext) -> DateTime<Utc> {
    context.now + Duration::days(FIRST_PASSWORD_DAYS)
}

pub(super) async fn open(context: &PageContext, account_id: &str) -> Result<(String, Managed)> {
    let body_id = manage::managed_body(context)?;
    let mut tx = context.portal.db().read().await?;
    let managed = manage::one(context, &mut tx, &body_id, account_id).await?;
    Ok((body_id, managed))
}

/// Nobody changes their own rights, so that every right was given by somebody else and the last administrator stays.
pub(super) fn refuse_own(managed: &Managed, form: &mut FormState, field: &'static str) {
    if managed.is_own {
        form.wrong(field, "accounts.one.own");
    }
}

/// Whoever holds the key of an account holds its roles at other authorities too.
pub(super) fn refuse_shared(managed: &Managed, form: &mut FormState, field: &'static str) {
    if managed.is_shared {
        form.wrong(field, "accounts.one.shared");
    }
}

async fn clash_anywhere(context: &PageContext, account_id: &str, role: &NewRole) -> Result<Option<&'static str>> {
    let mut tx = context.portal.db().read().await?;
    let all = store::roles_of(&mut tx, account_id).await?;
    Ok(manage::clash(&all, role.role, role.term.from))
}

fn new_role(context: &PageContext, body_id: &str, form: &mut FormState) -> Option<NewRole> {
    let role = Role::from_code(form.value("role"));
    if role.is_none() {
        form.wrong("role", "accounts.role.missing");
    }
    let agency_id = form.value("agency").to_owned();
    let is_here = manage_pages::agencies_of(context, body_id).iter().any(|(id, _)| *id == agency_id);
    if !is_here {
        form.wrong("agency", "accounts.role.agency_missing");
    }
    let term = term(context, form);
    Some(NewRole { role: role?, agency_id: is_here.then_some(agency_id)?, term: term? })
}

/// In what capacity, from when and until when.
fn term(context: &PageContext, form: &mut FormState) -> Option<Term> {
    let capacity = Capacity::from_code(form.value("capacity")).unwrap_or_default();
    let from = day(context, form, "from");
    let to = if form.value("to").is_empty() { None } else { Some(day(context, form, "to")?) };
    let term = Term { capacity, from: from?, to };
    if let Some(objection) = term.objection() {
        form.wrong("to", objection);
    }
    Some(term)
}

/// A day from a date field (`2026-11-23`).
fn day(context: &PageContext, form: &mut FormState, field: &'static str) -> Option<NaiveDate> {
    let day = form.value(field).parse::<NaiveDate>().ok().filter(|day| (*day - context.today).num_days().abs() <= DAYS_AWAY_MAX);
    if day.is_none() {
        form.wrong(field, "accounts.role.day_missing");
    }
    day
}

async fn done(context: &PageContext, session: &Session, account_id: &str, flash: &'static str) -> Result<Response> {
    session::leave_flash(session, flash).await?;
    Ok(see_other(&context.href(&format!("/can-bo/tai-khoan/{account_id}"))))
}
