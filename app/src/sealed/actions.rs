//! Opening what is sealed, closing it, preparing what handlers work on.

use super::rules::{Duty, Handling, OPEN_MINUTES, What};
use super::store::{self, Opening};
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::id::{Random, secret_hash};
use crate::papers::store as papers;
use crate::permissions::{Action, check};
use crate::petitions::actions::{Act, note_row, record};
use crate::petitions::rules::{Case, Event};
use crate::petitions::store::working::{self, Working};
use crate::record::{self, deeds::Deed};
use chrono::{DateTime, Duration, Utc};
use tower_sessions::Session;

/// Key of the session under which its secret for openings lies.
const SECRET: &str = "sealed_openings";

/// What of a case is open to somebody in this session, and until when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Open {
    /// The identity.
    pub identity: Option<DateTime<Utc>>,
    /// The original.
    pub original: Option<DateTime<Utc>>,
}

impl Open {
    /// Until when something is open; none if it is not.
    pub fn until(&self, what: What) -> Option<DateTime<Utc>> {
        match what {
            What::Identity => self.identity,
            What::Original => self.original,
        }
    }

    /// Whether anything is open.
    pub fn is_any(&self) -> bool {
        self.identity.is_some() || self.original.is_some()
    }
}

/// The session's hash for openings; empty for one that never opened anything.
///
/// # Errors
/// [`AppError::Internal`] if the session cannot be read.
pub async fn session_hash(session: &Session) -> Result<String> {
    let secret: Option<String> = session.get(SECRET).await.map_err(AppError::internal)?;
    Ok(secret.map(|secret| secret_hash("sealed opening", &secret)).unwrap_or_default())
}

/// The same, with a secret made if there is none.
///
/// # Errors
/// [`AppError::Internal`] if the session cannot be stored.
pub async fn session_hash_or_new(session: &Session, random: &Random) -> Result<String> {
    let known = session_hash(session).await?;
    if !known.is_empty() {
        return Ok(known);
    }
    let secret = random.token();
    session.insert(SECRET, &secret).await.map_err(AppError::internal)?;
    Ok(secret_hash("sealed opening", &secret))
}

/// What is open of a case.
///
/// # Errors
/// A database that fails.
pub async fn open_now(tx: &mut Tx, case_id: &str, account_id: &str, session: &str, now: DateTime<Utc>) -> Result<Open> {
    let mut open = Open::default();
    if session.is_empty() {
        return Ok(open);
    }
    for opening in store::open_now(tx, case_id, account_id, session, now).await? {
        match opening.what {
            What::Identity => open.identity = Some(opening.until_at),
            What::Original => open.original = Some(opening.until_at),
        }
    }
    Ok(open)
}

/// Opens. The caller has seen a fresh proof of who opens ([`crate::accounts::second::proof::demand_now`]).
///
/// # Errors
/// [`AppError::BadRequest`] for a duty that does not need what is opened; those of [`check`].
pub async fn open(act: &mut Act<'_>, case: &Case, (what, duty): (What, Duty), reason: &str, session: &str) -> Result<Case> {
    check(act.actor, Action::OpenSealed(case))?;
    if !duty.allows(what) {
        return Err(AppError::BadRequest("the duty does not need this"));
    }
    let account_id = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let note_id = note_row(act, case, reason).await?;
    let after = record(act, case, &Event::SealOpened { what, duty, minutes: OPEN_MINUTES, note_id: note_id.clone() }).await?;
    let now = act.portal.now();
    let opening = Opening {
        id: act.portal.new_id(),
        case_id: case.id.clone(),
        body_id: case.body_id.clone(),
        account_id,
        what,
        duty,
        note_id,
        at: now,
        until_at: now + Duration::minutes(OPEN_MINUTES),
    };
    store::insert(act.tx, &opening, session)?;
    record::actions::write(act.tx, act.portal, act.actor, &case.body_id, &Deed::SealOpened { case_id: case.id.clone(), what, duty }).await?;
    Ok(after)
}

/// Ends what this person has open of a case in this session.
///
/// # Errors
/// Those of [`check`].
pub async fn close(act: &mut Act<'_>, case: &Case, session: &str) -> Result<()> {
    check(act.actor, Action::OpenSealed(case))?;
    let account_id = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    store::close(act.tx, &case.id, &account_id, session, act.portal.now()).await
}

/// Lets a whole letter out that names the denouncer: the identity must be open in this session, and the record says that it was used.
///
/// # Errors
/// [`AppError::Forbidden`] where it is not open.
pub async fn use_identity(act: &mut Act<'_>, case: &Case, reason: &str, session: &str) -> Result<Case> {
    check(act.actor, Action::OpenSealed(case))?;
    let account_id = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    if open_now(act.tx, &case.id, &account_id, session, act.portal.now()).await?.identity.is_none() {
        return Err(AppError::Forbidden("sealed"));
    }
    let note_id = note_row(act, case, reason).await?;
    record(act, case, &Event::IdentityOpened { note_id }).await
}

/// What handlers get to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// One sentence.
    pub title: String,
    /// What happened, with marks where something is hidden.
    pub body: String,
    /// Each paper by its id, and how it stands to them.
    pub papers: Vec<(String, Handling)>,
}

/// Stores the text that handlers work on and the papers that are let through. The original must be open in this session: nobody shortens
/// what they have not read.
///
/// # Errors
/// [`AppError::Forbidden`] where it is not.
pub async fn prepare(act: &mut Act<'_>, case: &Case, prepared: &Prepared, session: &str) -> Result<Case> {
    check(act.actor, Action::OpenSealed(case))?;
    let by = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let now = act.portal.now();
    if open_now(act.tx, &case.id, &by, session, now).await?.original.is_none() {
        return Err(AppError::Forbidden("sealed"));
    }
    let text = Working { title: prepared.title.clone(), body: prepared.body.clone(), by, at: now };
    working::put(act.tx, &case.id, &text)?;
    for (paper_id, handling) in &prepared.papers {
        papers::set_handling(act.tx, &case.id, paper_id, handling.stored()).await?;
    }
    record(act, case, &Event::WorkingPrepared).await
}
