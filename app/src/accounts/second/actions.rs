//! Checking what somebody has beside the password, adding it, taking it away.

use super::rules::{self, FACTOR_FAILURES_MAX, Policy, Typed};
use super::store::{self, PasskeyRow};
use super::{passkeys, totp};
use crate::accounts::actions::Limit;
use crate::accounts::{session, store as accounts};
use crate::actor::{Actor, Official};
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::portal::Portal;
use crate::record::{self, deeds::Deed};
use crate::ui::PageContext;
use chrono::NaiveDate;
use tower_sessions::Session;

/// What came of checking a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It fits.
    Good,
    /// It was a recovery code; so many are left.
    Recovered(i64),
    /// It does not fit, or was used before.
    Wrong,
}

/// Checks what somebody typed, or what their passkey answered. A code is spent by it.
///
/// # Errors
/// [`AppError::TooMany`] after too many wrong codes of this account. A passkey cannot be guessed and is not counted.
pub(super) async fn verify(portal: &Portal, session: &Session, account_id: &str, text: &str) -> Result<Verdict> {
    let typed = rules::typed(text);
    if let Typed::Passkey(answer) = &typed {
        let Some(web) = passkeys::party(portal.settings()) else { return Ok(Verdict::Wrong) };
        let mut tx = portal.db().write().await?;
        let owner = passkeys::end_answer(&web, session, &mut tx, answer, portal.now()).await?;
        tx.commit().await?;
        return Ok(if owner.as_deref() == Some(account_id) { Verdict::Good } else { Verdict::Wrong });
    }
    let limit = Limit::new("second_factor", &[account_id], FACTOR_FAILURES_MAX);
    limit.check(portal).await?;
    let verdict = match typed {
        Typed::Code(code) => spend_code(portal, account_id, &code).await?,
        Typed::Recovery(code) => spend_recovery(portal, account_id, &code).await?,
        Typed::Passkey(_) | Typed::Nonsense => Verdict::Wrong,
    };
    if verdict == Verdict::Wrong {
        limit.failed(portal).await?
    } else {
        limit.succeeded(portal).await?
    }
    Ok(verdict)
}

async fn spend_code(portal: &Portal, account_id: &str, code: &str) -> Result<Verdict> {
    let mut tx = portal.db().write().await?;
    let Some(secret) = store::secret(&mut tx, account_id).await? else { return Ok(Verdict::Wrong) };
    let Some(step) = totp::step_of(&secret.bytes, code, portal.now())?.filter(|step| *step > secret.last_step) else { return Ok(Verdict::Wrong) };
    // Two requests with the same code: one of them is first.
    let is_first = store::spend_step(&mut tx, &secret.id, step).await?;
    tx.commit().await?;
    Ok(if is_first { Verdict::Good } else { Verdict::Wrong })
}

async fn spend_recovery(portal: &Portal, account_id: &str, code: &str) -> Result<Verdict> {
    let mut tx = portal.db().write().await?;
    if !store::use_recovery(&mut tx, account_id, &rules::recovery_hash(account_id, code), portal.now()).await? {
        return Ok(Verdict::Wrong);
    }
    write_of(&mut tx, portal, account_id, &Deed::RecoveryUsed).await?;
    let left = store::factors(&mut tx, account_id).await?.recovery_left;
    tx.commit().await?;
    Ok(Verdict::Recovered(left))
}

/// Writes a deed of somebody who is not signed in yet, in the record of the authority they work at.
async fn write_of(tx: &mut Tx, portal: &Portal, account_id: &str, deed: &Deed) -> Result<()> {
    let Some(official) = accounts::official(tx, account_id, crate::clock::day(portal.now())).await? else { return Ok(()) };
    let body_id = official.body_id().unwrap_or_default().to_owned();
    record::actions::write(tx, portal, &Actor::Official(official), &body_id, deed).await
}

/// Whether somebody must have a second factor today.
pub(super) fn must_have(policy: Policy, official: &Official) -> bool {
    policy == Policy::Required && rules::role_needs(official)
}

/// A change to one's own factors, in one transaction with its deed.
pub(super) struct Own<'a> {
    pub context: &'a PageContext,
    pub account_id: String,
}

impl Own<'_> {
    async fn write(&self, tx: &mut Tx, deed: &Deed) -> Result<()> {
        let body_id = self.context.actor.official().and_then(|official| official.body_id()).unwrap_or_default();
        record::actions::write(tx, &self.context.portal, &self.context.actor, body_id, deed).await
    }

    /// A new secret that waits for its first code.
    pub async fn begin_application(&self) -> Result<()> {
        let portal = &self.context.portal;
        let mut tx = portal.db().write().await?;
        store::insert_secret(&mut tx, &portal.new_id(), &self.account_id, &portal.random().bytes::<{ totp::SECRET_BYTES }>(), self.context.now).await?;
        tx.commit().await
    }

    /// The application has shown a code: it counts from now on. None where the code does not fit; else the recovery codes, if they are new.
    ///
    /// # Errors
    /// [`AppError::TooMany`] after too many wrong codes.
    pub async fn end_application(&self, session: &Session, typed: &str) -> Result<Option<Vec<String>>> {
        let portal = &self.context.portal;
        let limit = Limit::new("second_factor", &[&self.account_id], FACTOR_FAILURES_MAX);
        limit.check(portal).await?;
        let mut tx = portal.db().write().await?;
        let step = match (store::secret_to_prove(&mut tx, &self.account_id).await?, rules::typed(typed)) {
            (Some(secret), Typed::Code(code)) => totp::step_of(&secret.bytes, &code, self.context.now)?.map(|step| (secret.id, step)),
            _ => None,
        };
        let Some((id, step)) = step else {
            drop(tx);
            limit.failed(portal).await?;
            return Ok(None);
        };
        let had = store::factors(&mut tx, &self.account_id).await?;
        store::prove_secret(&mut tx, &id, &self.account_id, step, self.context.now).await?;
        self.write(&mut tx, &Deed::FactorAdded { factor: "application".to_owned() }).await?;
        let codes = self.first_codes(&mut tx, session, &had).await?;
        tx.commit().await?;
        limit.succeeded(portal).await?;
        self.rise(session, &codes).await?;
        Ok(Some(codes))
    }

    /// Adds a passkey. None where somebody has it already; else the recovery codes, if they are new.
    pub async fn add_passkey(&self, session: &Session, row: PasskeyRow) -> Result<Option<Vec<String>>> {
        let mut tx = self.context.portal.db().write().await?;
        let had = store::factors(&mut tx, &self.account_id).await?;
        if !store::insert_passkey(&mut tx, row).await? {
            return Ok(None);
        }
        self.write(&mut tx, &Deed::FactorAdded { factor: "passkey".to_owned() }).await?;
        let codes = self.first_codes(&mut tx, session, &had).await?;
        tx.commit().await?;
        self.rise(session, &codes).await?;
        session::note_passkey(session).await?;
        Ok(Some(codes))
    }

    /// A second factor stands behind this session from now on; with the first one it goes on under a new id.
    async fn rise(&self, session: &Session, codes: &[String]) -> Result<()> {
        if !codes.is_empty() {
            session.cycle_id().await.map_err(AppError::internal)?;
        }
        session::prove_second(session, self.context.now).await
    }

    /// With the first factor come recovery codes, and sessions that were begun without one end.
    async fn first_codes(&self, tx: &mut Tx, session: &Session, had: &store::Factors) -> Result<Vec<String>> {
        if had.is_any() {
            return Ok(Vec::new());
        }
        accounts::delete_other_sessions(tx, &self.account_id, &session::id_hash(session)).await?;
        self.new_codes_in(tx).await
    }

    async fn new_codes_in(&self, tx: &mut Tx) -> Result<Vec<String>> {
        let codes = rules::recovery_codes(self.context.portal.random());
        let hashes = codes.iter().map(|code| rules::recovery_hash(&self.account_id, code)).collect();
        store::replace_recovery(tx, &self.account_id, hashes).await?;
        self.write(tx, &Deed::RecoveryMade).await?;
        Ok(codes)
    }

    /// New recovery codes; the old ones are worth nothing any more. None where there is no second factor they could stand in for.
    pub async fn new_codes(&self) -> Result<Option<Vec<String>>> {
        let mut tx = self.context.portal.db().write().await?;
        if !store::factors(&mut tx, &self.account_id).await?.is_any() {
            return Ok(None);
        }
        let codes = self.new_codes_in(&mut tx).await?;
        tx.commit().await?;
        Ok(Some(codes))
    }

    /// Takes the application, or one passkey, away. False where that would leave somebody without who must have one.
    pub async fn remove(&self, session: &Session, passkey: Option<&str>) -> Result<bool> {
        let portal = &self.context.portal;
        let mut tx = portal.db().write().await?;
        let is_gone = match passkey {
            Some(id) => store::delete_passkey(&mut tx, id, &self.account_id).await?,
            None => store::delete_secrets(&mut tx, &self.account_id).await? > 0,
        };
        let left = store::factors(&mut tx, &self.account_id).await?;
        if !left.is_any() {
            let Some(official) = self.context.actor.official() else { return Ok(false) };
            if must_have(portal.settings().second_factor, official) {
                return Ok(false);
            }
            store::replace_recovery(&mut tx, &self.account_id, Vec::new()).await?;
        }
        if is_gone {
            let factor = if passkey.is_some() { "passkey" } else { "application" };
            self.write(&mut tx, &Deed::FactorRemoved { factor: factor.to_owned() }).await?;
        }
        tx.commit().await?;
        if !left.is_any() {
            session::forget_second(session).await?;
        }
        Ok(true)
    }
}

/// Takes all second factors of a colleague away: they lost their device. Their sessions end, they are told at their next sign-in, and where
/// they must have a second factor they add one before anything else. In the caller's transaction; the caller has asked for permission.
pub(crate) async fn reset(tx: &mut Tx, context: &PageContext, body_id: &str, account_id: &str) -> Result<()> {
    let by_name = context.actor.official().map(|official| official.name.clone()).unwrap_or_default();
    store::delete_all(tx, account_id).await?;
    store::end_grace(tx, account_id).await?;
    accounts::delete_sessions_of(tx, account_id).await?;
    store::insert_notice(tx, context.portal.new_id(), account_id, &by_name, context.now).await?;
    record::actions::write(tx, &context.portal, &context.actor, body_id, &Deed::FactorsReset { account_id: account_id.to_owned() }).await
}

/// How long somebody who must have a second factor and has none may still work without; none: as they like.
pub(super) async fn grace(portal: &Portal, official: &Official, today: NaiveDate) -> Result<Option<rules::Grace>> {
    if !must_have(portal.settings().second_factor, official) {
        return Ok(None);
    }
    let mut tx = portal.db().read().await?;
    let asked_on = store::asked_on(&mut tx, &official.account_id).await?;
    drop(tx);
    if asked_on.is_none() {
        let mut tx = portal.db().write().await?;
        store::note_asked(&mut tx, &official.account_id, today).await?;
        tx.commit().await?;
    }
    Ok(Some(rules::grace(asked_on.unwrap_or(today), today)))
}
