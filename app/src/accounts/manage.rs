//! What an administrator may do with the sign-ins of one authority, and what nobody may: rules and the loads they need.

use super::directory;
use super::second::store::{Factors, factors};
use super::store::{self, Account, HeldRole};
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::permissions::{Action, Role, check};
use crate::ui::PageContext;
use chrono::{DateTime, NaiveDate, Utc};

/// Most accounts of one authority on a page; a department has a few dozen.
const ACCOUNTS_MAX: i64 = 1_000;
/// Most roles of one authority, past ones included.
const ROLES_MAX: i64 = 10_000;
/// The longest name of a person, in characters.
pub(super) const NAME_CHARS_MAX: usize = 80;
/// The longest sign-in name.
pub(super) const LOGIN_CHARS_MAX: usize = 40;
/// The shortest sign-in name.
const LOGIN_CHARS_MIN: usize = 3;

/// The authority whose accounts the visitor manages.
///
/// # Errors
/// [`AppError::SignInNeeded`], or [`AppError::NotFound`] for whoever is no administrator.
pub(super) fn managed_body(context: &PageContext) -> Result<String> {
    let official = context.actor.official().ok_or(AppError::SignInNeeded)?;
    let body_id = official.holdings.iter().find(|holding| holding.role == Role::Administrator).map(|holding| holding.body_id.clone());
    let body_id = body_id.ok_or(AppError::NotFound)?;
    check(&context.actor, Action::ManageAccounts(&body_id))?;
    Ok(body_id)
}

/// An account with its roles at the managed authority.
#[derive(Clone, Debug)]
pub(super) struct Managed {
    pub account: Account,
    /// Its roles at this authority.
    pub roles: Vec<HeldRole>,
    /// Whether it also holds a role elsewhere, now or later: then its key is not this administrator's alone.
    pub is_shared: bool,
    /// Whether it is the administrator's own.
    pub is_own: bool,
    /// Since when it is bound to the staff directory, if it is.
    pub bound_since: Option<DateTime<Utc>>,
    /// What it signs in with beside the password.
    pub factors: Factors,
}

/// All accounts of the authority, by name.
pub(super) async fn list(tx: &mut Tx, body_id: &str) -> Result<Vec<(Account, Vec<HeldRole>)>> {
    let accounts = store::accounts_of(tx, body_id, ACCOUNTS_MAX).await?;
    let roles = store::roles_at(tx, body_id, ROLES_MAX).await?;
    let mut list: Vec<_> = accounts
        .into_iter()
        .map(|account| {
            let own = roles.iter().filter(|role| role.account_id == account.id).cloned().collect();
            (account, own)
        })
        .collect();
    // The database does not know the Vietnamese order.
    list.sort_by_cached_key(|(account, _): &(Account, Vec<HeldRole>)| crate::text::sort_key(&account.display_name));
    Ok(list)
}

/// One account of the authority.
///
/// # Errors
/// [`AppError::NotFound`] for an account that never held a role here.
pub(super) async fn one(context: &PageContext, tx: &mut Tx, body_id: &str, account_id: &str) -> Result<Managed> {
    let account = store::account(tx, account_id).await?.ok_or(AppError::NotFound)?;
    let all = store::roles_of(tx, account_id).await?;
    let is_shared = all.iter().any(|role| role.body_id != body_id && !is_over(role, context.today));
    let roles: Vec<_> = all.into_iter().filter(|role| role.body_id == body_id).collect();
    if roles.is_empty() {
        return Err(AppError::NotFound);
    }
    let is_own = context.actor.account_id().as_deref() == Some(account_id);
    let bound_since = match &context.portal.settings().identity.staff {
        Some(provider) => directory::store::bound_since(tx, provider.issuer(), account_id).await?,
        None => None,
    };
    let factors = factors(tx, account_id).await?;
    Ok(Managed { account, roles, is_shared, is_own, bound_since, factors })
}

/// Whether a role has ended before `today`.
pub(super) fn is_over(role: &HeldRole, today: NaiveDate) -> bool {
    role.valid_to.is_some_and(|last| last < today)
}

/// Why a role cannot be given beside those an account has: an administrator must never see cases. As a key of the catalogues.
pub(super) fn clash(roles: &[HeldRole], new: Role, from: NaiveDate) -> Option<&'static str> {
    let lasting = || roles.iter().filter(|role| !is_over(role, from));
    let clashes = lasting().any(|role| (role.role == Role::Administrator) != (new == Role::Administrator));
    clashes.then_some("accounts.role.clash")
}

/// A sign-in name as it is stored, or why not.
pub(super) fn login(typed: &str) -> std::result::Result<String, &'static str> {
    let login = crate::text::fold(typed.trim());
    let fits = (LOGIN_CHARS_MIN..=LOGIN_CHARS_MAX).contains(&login.len()) && login.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    if fits { Ok(login) } else { Err("accounts.new.login_wrong") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::rules::Capacity;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).expect("a day")
    }

    fn held(role: Role, valid_to: Option<NaiveDate>) -> HeldRole {
        HeldRole {
            id: "h".into(),
            account_id: "a".into(),
            agency_id: "u".into(),
            body_id: "b".into(),
            role,
            capacity: Capacity::Own,
            valid_from: day(1),
            valid_to,
        }
    }

    #[test]
    fn nobody_administers_and_sees_cases_at_once() {
        assert!(clash(&[held(Role::Handler, None)], Role::Administrator, day(10)).is_some());
        assert!(clash(&[held(Role::Administrator, None)], Role::Head, day(10)).is_some());
        assert!(clash(&[held(Role::Administrator, Some(day(9)))], Role::Head, day(10)).is_none(), "one after the other is fine");
        assert!(clash(&[held(Role::Handler, None)], Role::Approver, day(10)).is_none());
    }

    #[test]
    fn a_sign_in_name_is_plain() {
        assert_eq!(login(" Nông.Thị-Bình "), Ok("nong.thi-binh".to_owned()));
        assert!(login("an").is_err() && login("nông bình").is_err() && login(&"a".repeat(41)).is_err());
    }
}
