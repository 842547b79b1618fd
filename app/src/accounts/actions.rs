//! Signing in, and counting those who guess.

use super::rules::{FAILURE_WINDOW, SIGN_IN_ADDRESS_FAILURES_MAX, SIGN_IN_FAILURES_MAX};
use super::{password, store};
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::id::secret_hash;
use crate::portal::Portal;
use chrono::{DateTime, Utc};

/// A counter of failed tries: what is guessed, by whom, how often before a pause.
#[derive(Clone, Debug)]
pub struct Limit {
    scope: &'static str,
    subject: String,
    failures_max: i64,
}

impl Limit {
    /// A limit for `scope`; `parts` say whose tries are counted together. Only a hash of them is stored.
    pub fn new(scope: &'static str, parts: &[&str], failures_max: i64) -> Self {
        Self { scope, subject: secret_hash("attempts", &parts.join("\u{0}")), failures_max }
    }

    /// Refuses to go on while the limit is reached.
    ///
    /// # Errors
    /// [`AppError::TooMany`] with the seconds to wait.
    pub async fn check(&self, portal: &Portal) -> Result<()> {
        let now = portal.now();
        let mut tx = portal.db().read().await?;
        match store::failures(&mut tx, self.scope, &self.subject, now).await? {
            Some((failures, until)) if failures >= self.failures_max => Err(AppError::TooMany { retry_after_seconds: seconds_until(now, until) }),
            _ => Ok(()),
        }
    }

    /// Counts a failed try.
    pub async fn failed(&self, portal: &Portal) -> Result<()> {
        let mut tx = portal.db().write().await?;
        self.count(&mut tx, portal.now()).await?;
        tx.commit().await
    }

    /// Counts a try together with what it does: both last or neither.
    pub async fn count(&self, tx: &mut Tx, now: DateTime<Utc>) -> Result<()> {
        store::add_failure(tx, self.scope, &self.subject, now, now + FAILURE_WINDOW).await
    }

    /// Forgets earlier tries after a success.
    pub async fn succeeded(&self, portal: &Portal) -> Result<()> {
        let mut tx = portal.db().write().await?;
        store::forget_failures(&mut tx, self.scope, &self.subject).await?;
        tx.commit().await
    }
}

fn seconds_until(now: DateTime<Utc>, until: DateTime<Utc>) -> u64 {
    u64::try_from((until - now).num_seconds()).unwrap_or(0).max(1)
}

/// The account of a name and password. `None` if they do not fit, whichever of the two is wrong; both take the same time.
///
/// # Errors
/// [`AppError::TooMany`] while this address has failed too often, with this name or with any.
pub async fn sign_in(portal: &Portal, login: &str, password: String, address: &str) -> Result<Option<String>> {
    let login = crate::text::fold(login.trim());
    let limits = [Limit::new("sign_in", &[&login, address], SIGN_IN_FAILURES_MAX), Limit::new("sign_in_address", &[address], SIGN_IN_ADDRESS_FAILURES_MAX)];
    for limit in &limits {
        limit.check(portal).await?;
    }
    let mut tx = portal.db().read().await?;
    let credentials = store::credentials(&mut tx, &login).await?;
    drop(tx);
    let stored = credentials.as_ref().map(|known| known.password_hash.clone());
    if password::fits(password, stored).await? {
        limits[0].succeeded(portal).await?;
        return Ok(credentials.map(|known| known.id));
    }
    for limit in &limits {
        limit.failed(portal).await?;
    }
    Ok(None)
}
