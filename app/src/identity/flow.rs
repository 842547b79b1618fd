//! A sign-in on its way through a provider: what the browser's session keeps until it comes back, for one use.

use super::Which;
use super::provider::{Returned, Secrets};
use super::rules::{FLOW_LASTS, Proven, Trouble};
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::id::secret_hash;
use crate::ui::PageContext;
use crate::words::Lang;
use axum::extract::Query;
use chrono::DateTime;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use tower_sessions::Session;

/// Key of the sign-in that is on its way. One at a time: the newest.
const PENDING: &str = "identity";
/// The longest code a provider may give, in characters.
const CODE_CHARS_MAX: usize = 4_096;

/// What a provider sends back with somebody.
pub type Back = Query<HashMap<String, String>>;

/// A sign-in on its way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pending {
    which: Which,
    secrets: Secrets,
    lang: String,
    /// Second (Unix time) at which it is over.
    until: i64,
    /// What it is for, in words of whoever began it: an address to go on to, an account to add to.
    pub what_for: String,
    /// A form that was waiting for the sign-in: where to, and its fields.
    pub waiting: Option<(String, BTreeMap<String, String>)>,
}

impl Pending {
    /// The language somebody began in: what they come back to has no prefix.
    pub fn lang(&self) -> Lang {
        Lang::from_code(&self.lang)
    }

    /// The form that was waiting.
    pub fn waiting_form(&self) -> Option<(String, FormState)> {
        self.waiting.clone().map(|(target, values)| (target, FormState::from_pairs(values)))
    }
}

/// The address to send somebody to.
///
/// # Errors
/// [`AppError::NotFound`] where none is configured. Within: [`Trouble::NoAnswer`].
pub async fn begin(
    context: &PageContext,
    session: &Session,
    which: Which,
    what_for: &str,
    waiting: Option<(String, FormState)>,
) -> Result<std::result::Result<String, Trouble>> {
    let provider = which.provider(&context.portal.settings().identity).ok_or(AppError::NotFound)?;
    let random = context.portal.random();
    let pending = Pending {
        which,
        secrets: Secrets { state: random.token(), nonce: random.token(), verifier: random.token() },
        lang: context.lang.code().to_owned(),
        until: (context.now + FLOW_LASTS).timestamp(),
        what_for: what_for.to_owned(),
        waiting: waiting.map(|(target, form)| (target, form.values().clone())),
    };
    let address = match provider.begin(back(context, which), pending.secrets.clone(), context.now).await {
        Ok(address) => address,
        Err(trouble) => return Ok(Err(trouble)),
    };
    session.insert(PENDING, &pending).await.map_err(AppError::internal)?;
    Ok(Ok(address))
}

/// Why nobody was proven, and the sign-in that was on its way, if it was one of this browser: words may have waited with it.
pub type Failed = (Trouble, Option<Pending>);

/// What came back, and whom it proves. Whatever it was, it is used up.
///
/// # Errors
/// [`AppError::NotFound`] where no provider is configured. Within: [`Failed`].
pub async fn finish(
    context: &PageContext,
    session: &Session,
    which: Which,
    said: &HashMap<String, String>,
) -> Result<std::result::Result<(Pending, Proven), Failed>> {
    let provider = which.provider(&context.portal.settings().identity).ok_or(AppError::NotFound)?;
    let pending: Option<Pending> = session.remove(PENDING).await.map_err(AppError::internal)?;
    let Some(pending) = pending else { return Ok(Err((Trouble::Stale, None))) };
    // Kept before anything is asked: whoever comes back twice at once finds nothing.
    session.save().await.map_err(AppError::internal)?;
    let said = |name: &str| said.get(name).map(String::as_str).unwrap_or_default();
    if pending.which != which || pending.until <= context.now.timestamp() || !is_same(&pending.secrets.state, said("state")) {
        return Ok(Err((Trouble::Stale, Some(pending))));
    }
    // Where it says who answers (RFC 9207), it must be the one that was asked.
    if !said("iss").is_empty() && said("iss") != provider.issuer() {
        return Ok(Err((Trouble::NotBelieved, Some(pending))));
    }
    let code = said("code");
    if code.is_empty() || code.chars().count() > CODE_CHARS_MAX {
        return Ok(Err((Trouble::BrokenOff, Some(pending))));
    }
    let set_out_at = DateTime::from_timestamp(pending.until, 0).unwrap_or(context.now) - FLOW_LASTS;
    let returned = Returned { code: code.to_owned(), secrets: pending.secrets.clone(), set_out_at };
    Ok(match provider.prove(back(context, which), returned, context.now).await {
        Ok(proven) => Ok((pending, proven)),
        Err(trouble) => Err((trouble, Some(pending))),
    })
}

/// The language of the sign-in that is on its way, for a page that tells what became of it.
pub async fn language(session: &Session) -> Result<Lang> {
    let pending: Option<Pending> = session.get(PENDING).await.map_err(AppError::internal)?;
    Ok(pending.map(|pending| pending.lang()).unwrap_or_default())
}

fn back(context: &PageContext, which: Which) -> String {
    format!("{}{}", context.portal.settings().public_url, which.back())
}

/// Compared by hash: the time tells nothing of how much of it was right.
fn is_same(kept: &str, said: &str) -> bool {
    secret_hash("state", kept) == secret_hash("state", said)
}
