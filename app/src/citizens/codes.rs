//! Codes that prove a contact: made, sent through the outbox, entered.
//!
//! Everything here is the same for a contact that has an account and one that has none. What is limited is counted by the browser's address
//! and by the contact, never by the account.

use super::rules::{
    self, ADDRESS_CODES_MAX, ADDRESS_TRIES_MAX, CODE_LASTS, CODE_TRIES_MAX, CONTACT_ADDRESS_CODES_MAX, CONTACT_ADDRESS_TRIES_MAX, CONTACT_CODES_MAX,
    CONTACT_TRIES_MAX,
};
use super::session;
use super::store::{self, CodeRow};
use crate::accounts::actions::Limit;
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::id::secret_hash;
use crate::notices::Mail;
use crate::outbox::{self, Job};
use crate::portal::Portal;
use crate::ui::PageContext;
use crate::vault::envelope::{Opened, Sealed};
use crate::words::Lang;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

/// What the envelope of a code holds.
#[derive(Serialize, Deserialize)]
struct Sent {
    contact: String,
    code: String,
    language: String,
}

/// A code that was sent and may still be entered.
pub(super) struct Pending {
    id: String,
    /// Where it was sent.
    pub contact: String,
    /// Whose contact is being changed; none: somebody signs in.
    pub citizen_id: Option<String>,
    code: String,
}

fn about(id: &str) -> String {
    format!("code {id}")
}

/// By what a contact is found again.
pub(super) fn mark(portal: &Portal, contact: &str) -> String {
    rules::mark(portal.marks_key(), "contacts of citizens' accounts", &["email", &rules::normal_contact(contact)])
}

/// Sends a code to a contact; this browser may enter it from now on, and no earlier one. `citizen_id`: whose contact it is to become.
///
/// # Errors
/// [`AppError::TooMany`] where too many were asked for, by this address or for this contact.
pub(super) async fn send(context: &PageContext, session: &Session, contact: &str, citizen_id: Option<&str>) -> Result<()> {
    let (portal, mark) = (&context.portal, mark(&context.portal, contact));
    let limits = [
        Limit::new("citizen_codes_address", &[&context.address.0], ADDRESS_CODES_MAX),
        Limit::new("citizen_codes_of", &[&mark, &context.address.0], CONTACT_ADDRESS_CODES_MAX),
        Limit::new("citizen_codes", &[&mark], CONTACT_CODES_MAX),
    ];
    for limit in &limits {
        limit.check(portal).await?;
    }
    let token = portal.random().token();
    let id = secret_hash("citizen code", &token);
    let sent = Sent { contact: contact.to_owned(), code: rules::code(portal.random().bytes()), language: context.lang.code().to_owned() };
    let mut tx = portal.db().write().await?;
    let sealed = tx.vault().seal(&about(&id), &serde_json::to_vec(&sent)?)?;
    store::insert_code(&mut tx, &id, CodeRow { citizen_id: citizen_id.map(str::to_owned), sealed }, context.now + CODE_LASTS).await?;
    for limit in &limits {
        limit.count(&mut tx, context.now).await?;
    }
    outbox::add(&mut tx, portal.new_id(), &Job::CitizenCode { code_id: id }, context.now)?;
    tx.commit().await?;
    session::keep_code(session, &token).await
}

fn opened(tx: &Tx, id: &str, sealed: &Sealed) -> Result<Sent> {
    match tx.vault().open(&about(id), sealed) {
        Opened::Plain(plain) => Ok(serde_json::from_slice(&plain)?),
        Opened::NoKey | Opened::Broken => Err(AppError::Unavailable("the code that was sent cannot be opened".into())),
    }
}

/// The code this browser may enter; none if it asked for none, or that was too long ago.
pub(super) async fn pending(context: &PageContext, session: &Session) -> Result<Option<Pending>> {
    let Some(token) = session::code(session).await? else { return Ok(None) };
    let id = secret_hash("citizen code", &token);
    let mut tx = context.portal.db().look().await?;
    let Some(row) = store::code(&mut tx, &id, context.now).await? else { return Ok(None) };
    let Sent { contact, code, .. } = opened(&tx, &id, &row.sealed)?;
    Ok(Some(Pending { id, contact, citizen_id: row.citizen_id, code }))
}

/// Whether what was typed is the code. A wrong one is counted; one that was tried too often is never right.
///
/// # Errors
/// [`AppError::TooMany`] where too many wrong ones came from this address or for this contact.
pub(super) async fn fits(context: &PageContext, pending: &Pending, typed: &str) -> Result<bool> {
    let (portal, mark) = (&context.portal, mark(&context.portal, &pending.contact));
    let limits = [
        Limit::new("citizen_tries_address", &[&context.address.0], ADDRESS_TRIES_MAX),
        Limit::new("citizen_tries_of", &[&mark, &context.address.0], CONTACT_ADDRESS_TRIES_MAX),
        Limit::new("citizen_tries", &[&mark], CONTACT_TRIES_MAX),
    ];
    for limit in &limits {
        limit.check(portal).await?;
    }
    let tries = Limit::new("citizen_code", &[&pending.id], CODE_TRIES_MAX);
    let is_worn = matches!(tries.check(portal).await, Err(AppError::TooMany { .. }));
    // Compared by hash: the time tells nothing of how much of it was right.
    let is_right = secret_hash("code", &rules::typed_code(typed)) == secret_hash("code", &pending.code);
    if is_right && !is_worn {
        limits[1].succeeded(portal).await?;
        return Ok(true);
    }
    let mut tx = portal.db().write().await?;
    for limit in limits.iter().chain([&tries]) {
        limit.count(&mut tx, context.now).await?;
    }
    tx.commit().await?;
    Ok(false)
}

/// Uses a code up, in the transaction of what it is for. False if it was used meanwhile.
pub(super) async fn use_up(tx: &mut Tx, pending: &Pending) -> Result<bool> {
    store::delete_code(tx, &pending.id).await
}

/// The mail with a code. None once it is too old. Its subject says nothing; nor does it say whether there is an account.
pub async fn mail(tx: &mut Tx, portal: &Portal, code_id: &str) -> Result<Option<Mail>> {
    let Some(row) = store::code(tx, code_id, portal.now()).await? else { return Ok(None) };
    let Sent { contact, code, language } = opened(tx, code_id, &row.sealed)?;
    let lang = Lang::from_code(&language);
    let minutes = CODE_LASTS.num_minutes().to_string();
    let lines = [
        lang.t("notices.greeting").to_owned(),
        String::new(),
        lang.f("citizens.mail.code", &[("code", &code)]),
        lang.f("citizens.mail.lasts", &[("n", &minutes)]),
        String::new(),
        lang.t("citizens.mail.not_you").to_owned(),
    ];
    Ok(Some(Mail { to: contact, subject: lang.t("citizens.mail.subject").to_owned(), body: lines.join("\n") }))
}

/// Codes that are too old go. Called by the worker.
pub async fn forget_old(tx: &mut Tx, now: DateTime<Utc>) -> Result<()> {
    store::delete_expired_codes(tx, now).await
}
