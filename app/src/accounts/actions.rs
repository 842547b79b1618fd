//! Signing in, and counting those who guess.

use super::rules::{FAILURE_WINDOW, SIGN_IN_ACCOUNT_FAILURES_MAX, SIGN_IN_ADDRESS_FAILURES_MAX, SIGN_IN_FAILURES_MAX};
use super::{password, store};
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::id::secret_hash;
use crate::limits::network::Origin;
use crate::portal::Portal;
use crate::ui::PageContext;
use chrono::{DateTime, Duration, Utc};

/// A counter of failed tries: what is guessed, by whom, how often before a pause.
#[derive(Clone, Debug)]
pub struct Limit {
    scope: &'static str,
    subject: String,
    failures_max: i64,
    /// Where many may share what is counted: from here on the step is asked for instead of a pause.
    step_from: Option<i64>,
    window: Duration,
}

/// Where many may share an address, so many times the figure is the end even with the step.
const SHARED_FACTOR: i64 = 8;

impl Limit {
    /// A limit for `scope`; `parts` say whose tries are counted together. Only a hash of them is stored.
    pub fn new(scope: &'static str, parts: &[&str], failures_max: i64) -> Self {
        Self { scope, subject: secret_hash("attempts", &parts.join("\u{0}")), failures_max, step_from: None, window: FAILURE_WINDOW }
    }

    /// A limit by the address of a request, which thousands of phones may share: beyond `failures_max` a request is asked for the step
    /// (see [`crate::limits`]) and goes on with it; only far beyond is there a pause.
    pub fn shared(scope: &'static str, context: &PageContext, failures_max: i64) -> Self {
        Self::new(scope, &[&context.address.0], failures_max * SHARED_FACTOR).step_from(&context.origin, failures_max)
    }

    /// From so many on a request without a pass is asked for the step.
    fn step_from(mut self, origin: &Origin, failures: i64) -> Self {
        // Where the peer is unknown no step can be checked: what would lead to it is refused.
        let first = if origin.network.is_none() { None } else { Some(failures) };
        self.failures_max = if first.is_none() { failures } else { self.failures_max };
        self.step_from = first.filter(|_| !origin.has_pass);
        self
    }

    /// Counted together for so long instead of [`FAILURE_WINDOW`].
    #[must_use]
    pub fn within(mut self, window: Duration) -> Self {
        self.window = window;
        self
    }

    /// Refuses to go on while the limit is reached.
    ///
    /// # Errors
    /// [`AppError::TooMany`] with the seconds to wait; [`AppError::StepNeeded`] where the step is asked for.
    pub async fn check(&self, portal: &Portal) -> Result<()> {
        let now = portal.now();
        let mut tx = portal.db().read().await?;
        match store::failures(&mut tx, self.scope, &self.subject, now).await? {
            Some((failures, until)) if failures >= self.failures_max => Err(AppError::TooMany { retry_after_seconds: seconds_until(now, until) }),
            Some((failures, _)) if self.step_from.is_some_and(|first| failures >= first) => Err(AppError::StepNeeded),
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
        store::add_failure(tx, self.scope, &self.subject, now, now + self.window).await
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

/// What a name and a password come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// The account, and whether it came with a first password.
    In {
        /// Its id.
        account_id: String,
        /// To be changed before anything else.
        is_first: bool,
    },
    /// They fit, but a first password opens for some days only.
    FirstIsOver,
    /// They do not fit, whichever of the two is wrong; both take the same time.
    Wrong,
}

/// Whose name and password these are. A password that was hashed at a lower cost than today's is hashed anew.
///
/// # Errors
/// [`AppError::TooMany`] while this address has failed too often, with this name or with any; [`AppError::StepNeeded`] where an address that
/// many may share, or this name from anywhere, has failed often. A name is never shut out by what others do elsewhere.
pub async fn sign_in(context: &PageContext, login: &str, password: String) -> Result<Entry> {
    let (portal, address) = (&context.portal, context.address.0.as_str());
    let login = crate::text::fold(login.trim());
    let limits = [
        Limit::new("sign_in", &[&login, address], SIGN_IN_FAILURES_MAX),
        Limit::shared("sign_in_address", context, SIGN_IN_ADDRESS_FAILURES_MAX),
        Limit::new("sign_in_account", &[&login], i64::MAX).step_from(&context.origin, SIGN_IN_ACCOUNT_FAILURES_MAX),
    ];
    for limit in &limits {
        limit.check(portal).await?;
    }
    let mut tx = portal.db().read().await?;
    let credentials = store::credentials(&mut tx, &login).await?;
    drop(tx);
    let stored = credentials.as_ref().map(|known| known.password_hash.clone());
    if password::fits(password.clone(), stored).await?
        && let Some(known) = credentials
    {
        limits[0].succeeded(portal).await?;
        if known.password_until.is_some_and(|until| until <= context.now) {
            return Ok(Entry::FirstIsOver);
        }
        if password::is_outdated(&known.password_hash) {
            let anew = password::hash(portal.random(), password).await?;
            let mut tx = portal.db().write().await?;
            store::replace_password_hash(&mut tx, &known.id, &known.password_hash, &anew).await?;
            tx.commit().await?;
        }
        return Ok(Entry::In { account_id: known.id, is_first: known.password_until.is_some() });
    }
    for limit in &limits {
        limit.failed(portal).await?;
    }
    Ok(Entry::Wrong)
}
