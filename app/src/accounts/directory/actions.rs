//! Who of the directory may come in, and how the others come to be bound.

use super::store::{self, Request};
use crate::db::Tx;
use crate::error::Result;
use crate::id::{Random, secret_hash};
use crate::identity::Proven;
use crate::permissions::{Action, check};
use crate::petitions::code::CaseCode;
use crate::record::{self, deeds::Deed};
use crate::ui::PageContext;
use chrono::{DateTime, Duration, Utc};

/// How long the code of somebody who waits to be bound is good.
const REQUEST_LASTS: Duration = Duration::days(7);
/// Groups of a code that are read to the administrator: eight letters and digits, 39 bits, told only to somebody the directory knows.
const CODE_GROUPS: usize = 2;

/// What a sign-in through the directory comes to.
pub(super) enum Arrival {
    /// The account.
    In(String),
    /// Its account is closed.
    Closed,
    /// No account is bound: the code to read to the administrator.
    Unbound(String),
}

/// Who arrives. Somebody nobody is bound to gets a new code.
pub(super) async fn arrive(context: &PageContext, proven: &Proven) -> Result<Arrival> {
    let mut tx = context.portal.db().write().await?;
    match store::account_of(&mut tx, &proven.issuer, &proven.subject).await? {
        Some((account_id, true)) => return Ok(Arrival::In(account_id)),
        Some((_, false)) => return Ok(Arrival::Closed),
        None => {}
    }
    let code = new_code(context.portal.random());
    let request = Request { subject: proven.subject.clone(), name: proven.name.clone(), email: proven.email.clone() };
    store::put_request(&mut tx, &proven.issuer, &request, &hash(&code), context.now + REQUEST_LASTS).await?;
    tx.commit().await?;
    Ok(Arrival::Unbound(code))
}

/// A code for reading aloud, of the signs case codes have.
fn new_code(random: &Random) -> String {
    CaseCode::of_token(&random.token()).groups()[..CODE_GROUPS].join(" ")
}

/// What the database keeps of a code, however it was typed.
pub(super) fn hash(typed: &str) -> String {
    let signs: String = crate::text::fold(typed).chars().filter(|sign| sign.is_alphanumeric()).map(|sign| sign.to_ascii_uppercase()).collect();
    secret_hash("directory request", &signs)
}

/// Binds whoever waits under a code to an account. False if somebody was faster, or the account is bound to another.
///
/// # Errors
/// [`crate::error::AppError::NotFound`] for whoever is no administrator of the authority.
pub(super) async fn bind(context: &PageContext, body_id: &str, account_id: &str, issuer: &str, request: &Request) -> Result<bool> {
    check(&context.actor, Action::ManageAccounts(body_id))?;
    let by = context.actor.account_id().unwrap_or_default();
    let mut tx = context.portal.db().write().await?;
    if !store::bind(&mut tx, issuer, &request.subject, account_id, &by, context.now).await? {
        return Ok(false);
    }
    store::delete_request(&mut tx, issuer, &request.subject).await?;
    record::actions::write(&mut tx, &context.portal, &context.actor, body_id, &Deed::DirectoryBound { account_id: account_id.to_owned() }).await?;
    tx.commit().await?;
    Ok(true)
}

/// Takes an account's way through the directory away; whoever is signed in by it is out.
///
/// # Errors
/// [`crate::error::AppError::NotFound`] for whoever is no administrator of the authority.
pub(super) async fn unbind(context: &PageContext, body_id: &str, account_id: &str, issuer: &str) -> Result<()> {
    check(&context.actor, Action::ManageAccounts(body_id))?;
    let mut tx = context.portal.db().write().await?;
    if store::unbind(&mut tx, issuer, account_id).await? {
        crate::accounts::store::delete_sessions_of(&mut tx, account_id).await?;
        record::actions::write(&mut tx, &context.portal, &context.actor, body_id, &Deed::DirectoryUnbound { account_id: account_id.to_owned() }).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Codes nobody read to anybody go. Called by the worker.
pub async fn forget_old(tx: &mut Tx, now: DateTime<Utc>) -> Result<()> {
    store::delete_expired(tx, now).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_understood_however_it_is_read() {
        let code = new_code(&Random::seeded(3));
        assert_eq!(code.len(), 9, "{code}");
        assert_eq!(hash(&code), hash(&code.to_lowercase().replace(' ', "-")));
        assert_ne!(hash(&code), hash(&new_code(&Random::seeded(4))));
    }
}
