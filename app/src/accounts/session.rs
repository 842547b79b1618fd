//! Sessions of `tower-sessions` in our own table: the id is stored hashed, the data as JSON.

use super::rules::{CODE_SESSION_MINUTES, DESK_SESSION_HOURS, DESK_SESSION_HOURS_MAX, VISIT_HOURS_MAX};
use super::second::rules::HALF_MINUTES;
use super::store::{self, SessionRow};
use crate::actor::Actor;
use crate::clock::Clock;
use crate::db::Db;
use crate::error::AppError;
use crate::id::{Random, secret_hash};
use chrono::{DateTime, Duration, Utc};
use std::collections::HashMap;
use time::OffsetDateTime;
use tower_sessions::Session;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{self, Error, SessionStore};

/// Key of the signed-in account.
pub const ACCOUNT: &str = "account_id";
/// Key of the case a citizen follows.
pub const CASE: &str = "case_id";
/// Key of the second (Unix time) until which the citizen's visit lasts if nothing more is asked for.
pub const CASE_UNTIL: &str = "case_until";
/// Key of the second (Unix time) at which the citizen's visit began.
const CASE_SINCE: &str = "case_since";
/// Key of the second (Unix time) until which a sign-in lasts if nothing more is asked for.
pub const ACCOUNT_UNTIL: &str = "account_until";
/// Key of the account whose password was right and whose second factor is still to come. It opens nothing but that step.
const HALF: &str = "half_account_id";
/// Key of the second (Unix time) until which the second factor may come.
const HALF_UNTIL: &str = "half_until";
/// Key of the second (Unix time) of the last proof: password, code or passkey.
pub const PROVEN_AT: &str = "proven_at";
/// Key of whether a second factor stands behind the sign-in.
const BY_SECOND: &str = "by_second";
/// Key of whether its owner has a passkey that can be asked for.
const HAS_PASSKEY: &str = "has_passkey";
/// Key of the second (Unix time) of the sign-in.
const SINCE: &str = "since";
/// Key of the browser, as [`super::browsers::short`] calls it.
const BROWSER: &str = "browser";
/// Key of the account that signed in with a first password, and chooses its own before anything else.
const FIRST_PASSWORD: &str = "first_password";
/// Key of the sentence the next page shows once.
pub const FLASH: &str = "flash";

/// Begins a citizen's visit to one case. The session gets a new id, so that an id somebody planted before is worth nothing.
///
/// # Errors
/// [`AppError::Internal`] if the session cannot be stored.
pub async fn begin_visit(session: &Session, case_id: &str, now: DateTime<Utc>) -> Result<(), AppError> {
    session.cycle_id().await.map_err(AppError::internal)?;
    session.insert(CASE, case_id).await.map_err(AppError::internal)?;
    session.insert(CASE_SINCE, now.timestamp()).await.map_err(AppError::internal)?;
    session.insert(CASE_UNTIL, (now + Duration::minutes(CODE_SESSION_MINUTES)).timestamp()).await.map_err(AppError::internal)
}

/// Before the id of a signer where the session of a visit otherwise holds a case: one visit at a time, whoever it is.
const SIGNER: &str = "signer:";

/// Begins the visit of somebody who joined a case.
///
/// # Errors
/// [`AppError::Internal`] if the session cannot be stored.
pub async fn begin_signer_visit(session: &Session, signer_id: &str, now: DateTime<Utc>) -> Result<(), AppError> {
    begin_visit(session, &format!("{SIGNER}{signer_id}"), now).await
}

/// Whose visit a session holds.
pub fn visitor_of(visit: String) -> Actor {
    match visit.strip_prefix(SIGNER) {
        Some(signer_id) => Actor::Signer { signer_id: signer_id.to_owned() },
        None => Actor::Citizen { case_id: visit },
    }
}

/// Begins an official's work after signing in, under a new session id.
///
/// # Errors
/// [`AppError::Internal`] if the session cannot be stored.
pub async fn begin_work(session: &Session, account_id: &str, now: DateTime<Utc>) -> Result<(), AppError> {
    session.cycle_id().await.map_err(AppError::internal)?;
    forget_account(session).await?;
    session.insert(ACCOUNT, account_id).await.map_err(AppError::internal)?;
    session.insert(SINCE, now.timestamp()).await.map_err(AppError::internal)?;
    session.insert(ACCOUNT_UNTIL, (now + Duration::hours(DESK_SESSION_HOURS)).timestamp()).await.map_err(AppError::internal)?;
    prove(session, now).await
}

/// Between the password and the second factor: a new session id, under which nothing opens but the next step. Whoever was signed in here
/// before no longer is.
///
/// # Errors
/// [`AppError::Internal`] if the session cannot be stored.
pub async fn begin_half(session: &Session, account_id: &str, now: DateTime<Utc>) -> Result<(), AppError> {
    session.cycle_id().await.map_err(AppError::internal)?;
    forget_account(session).await?;
    session.insert(HALF, account_id).await.map_err(AppError::internal)?;
    session.insert(HALF_UNTIL, (now + Duration::minutes(HALF_MINUTES)).timestamp()).await.map_err(AppError::internal)
}

/// Whose second factor is awaited.
pub async fn half_account(session: &Session, now: DateTime<Utc>) -> Result<Option<String>, AppError> {
    let until: Option<i64> = session.get(HALF_UNTIL).await.map_err(AppError::internal)?;
    if until.is_none_or(|until| until <= now.timestamp()) {
        return Ok(None);
    }
    session.get(HALF).await.map_err(AppError::internal)
}

/// What a session knows of an account goes; a citizen's visit in the same browser stays.
async fn forget_account(session: &Session) -> Result<(), AppError> {
    for key in [ACCOUNT, ACCOUNT_UNTIL, HALF, HALF_UNTIL, PROVEN_AT, BY_SECOND, HAS_PASSKEY, SINCE, BROWSER] {
        session.remove_value(key).await.map_err(AppError::internal)?;
    }
    Ok(())
}

/// Remembers that somebody has just proven who they are.
pub async fn prove(session: &Session, now: DateTime<Utc>) -> Result<(), AppError> {
    session.insert(PROVEN_AT, now.timestamp()).await.map_err(AppError::internal)
}

/// The same by a second factor.
pub async fn prove_second(session: &Session, now: DateTime<Utc>) -> Result<(), AppError> {
    session.insert(BY_SECOND, true).await.map_err(AppError::internal)?;
    prove(session, now).await
}

/// Remembers that its owner has a passkey, so that pages offer it.
pub async fn note_passkey(session: &Session) -> Result<(), AppError> {
    session.insert(HAS_PASSKEY, true).await.map_err(AppError::internal)
}

/// Whether its owner has a passkey, as far as this session knows.
pub async fn has_passkey(session: &Session) -> Result<bool, AppError> {
    Ok(session.get::<bool>(HAS_PASSKEY).await.map_err(AppError::internal)?.unwrap_or_default())
}

/// The second factor behind a session is no more.
pub async fn forget_second(session: &Session) -> Result<(), AppError> {
    for key in [BY_SECOND, HAS_PASSKEY] {
        session.remove_value(key).await.map_err(AppError::internal)?;
    }
    Ok(())
}

/// Whether a second factor stands behind the sign-in.
pub async fn is_by_second(session: &Session) -> Result<bool, AppError> {
    Ok(session.get::<bool>(BY_SECOND).await.map_err(AppError::internal)?.unwrap_or_default())
}

/// Remembers whether an account came in with a first password.
pub async fn note_first_password(session: &Session, account_id: &str, is_first: bool) -> Result<(), AppError> {
    if is_first {
        return session.insert(FIRST_PASSWORD, account_id).await.map_err(AppError::internal);
    }
    if session.get_value(FIRST_PASSWORD).await.map_err(AppError::internal)?.is_some() {
        session.remove_value(FIRST_PASSWORD).await.map_err(AppError::internal)?;
    }
    Ok(())
}

/// Whether this account came in with a first password and has not chosen its own yet.
pub async fn has_first_password(session: &Session, account_id: &str) -> Result<bool, AppError> {
    let whose: Option<String> = session.get(FIRST_PASSWORD).await.map_err(AppError::internal)?;
    Ok(whose.as_deref() == Some(account_id))
}

/// The second (Unix time) of the last proof.
pub async fn proven_at(session: &Session) -> Result<Option<i64>, AppError> {
    session.get(PROVEN_AT).await.map_err(AppError::internal)
}

/// Remembers in which browser somebody works, for their list of sessions.
pub async fn remember_browser(session: &Session, browser: &str) -> Result<(), AppError> {
    session.insert(BROWSER, browser).await.map_err(AppError::internal)
}

/// The id of a session as it is stored; empty for one that is not stored yet.
pub fn id_hash(session: &Session) -> String {
    session.id().map(|id| hash(&id)).unwrap_or_default()
}

/// One of an official's own sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnSession {
    /// Its id as it is stored: opens nothing.
    pub id_hash: String,
    /// The browser; empty where it is not known.
    pub browser: String,
    /// When it began, if it is known.
    pub since: Option<DateTime<Utc>>,
    /// When something was last asked for, to within [`SEEN_MINUTES`].
    pub seen_at: Option<DateTime<Utc>>,
}

/// A stored session as its owner sees it; none if nobody is signed in with it any more.
pub(super) fn own(id_hash: String, data: &str, now: DateTime<Utc>) -> Result<Option<OwnSession>, AppError> {
    let data: HashMap<String, serde_json::Value> = serde_json::from_str(data)?;
    let second = |key: &str| data.get(key).and_then(serde_json::Value::as_i64);
    let until = second(ACCOUNT_UNTIL);
    if !data.contains_key(ACCOUNT) || until.is_some_and(|until| until <= now.timestamp()) {
        return Ok(None);
    }
    let at = |seconds: i64| DateTime::from_timestamp(seconds, 0);
    let browser = data.get(BROWSER).and_then(|browser| browser.as_str()).unwrap_or_default().to_owned();
    let seen_at = until.and_then(|until| at(until - Duration::hours(DESK_SESSION_HOURS).num_seconds()));
    Ok(Some(OwnSession { id_hash, browser, since: second(SINCE).and_then(at), seen_at }))
}

/// Whether the citizen's visit still lasts; one that does is prolonged. Phones are lent and shared: an hour without a request ends it,
/// whatever else the session holds; and after [`VISIT_HOURS_MAX`] it ends however busy it is.
pub async fn visit_lasts(session: &Session, now: DateTime<Utc>) -> Result<bool, AppError> {
    if is_over(session, CASE_SINCE, Duration::hours(VISIT_HOURS_MAX), now).await? {
        return Ok(false);
    }
    let length = Duration::minutes(CODE_SESSION_MINUTES);
    lasts(session, CASE_UNTIL, length, length / PROLONGED_AFTER, now).await
}

/// Whether an official's sign-in still lasts; one that does is prolonged, up to its longest.
pub async fn work_lasts(session: &Session, now: DateTime<Utc>) -> Result<bool, AppError> {
    if is_over(session, SINCE, Duration::hours(DESK_SESSION_HOURS_MAX), now).await? {
        return Ok(false);
    }
    lasts(session, ACCOUNT_UNTIL, Duration::hours(DESK_SESSION_HOURS), Duration::minutes(SEEN_MINUTES), now).await
}

/// Whether what began at the second under `key` has lasted as long as it may, however busy it was. What began before that was noted is held
/// by its other end alone, and is gone within hours.
pub(crate) async fn is_over(session: &Session, key: &str, longest: Duration, now: DateTime<Utc>) -> Result<bool, AppError> {
    let since: Option<i64> = session.get(key).await.map_err(AppError::internal)?;
    Ok(since.is_some_and(|since| now.timestamp() - since >= longest.num_seconds()))
}

/// Whether what ends at the second under `key` still lasts; if so it is prolonged.
pub(crate) async fn lasts(session: &Session, key: &str, length: Duration, after: Duration, now: DateTime<Utc>) -> Result<bool, AppError> {
    let until: Option<i64> = session.get(key).await.map_err(AppError::internal)?;
    if until.is_some_and(|until| until <= now.timestamp()) {
        return Ok(false);
    }
    let fresh = (now + length).timestamp();
    // Not at every request: each prolonging is a write.
    if until.is_none_or(|until| fresh - until > after.num_seconds()) {
        session.insert(key, fresh).await.map_err(AppError::internal)?;
    }
    Ok(true)
}

/// Ends the citizen's visit; a sign-in in the same browser stays.
pub async fn end_visit(session: &Session) -> Result<(), AppError> {
    session.remove_value(CASE).await.map_err(AppError::internal)?;
    session.remove_value(CASE_UNTIL).await.map_err(AppError::internal)?;
    session.remove_value(CASE_SINCE).await.map_err(AppError::internal)?;
    if session.get_value(ACCOUNT).await.map_err(AppError::internal)?.is_none() {
        session.flush().await.map_err(AppError::internal)?;
    }
    Ok(())
}

/// Leaves a sentence for the next page: a key of the folder that will show it.
pub async fn leave_flash(session: &Session, key: &str) -> Result<(), AppError> {
    session.insert(FLASH, key).await.map_err(AppError::internal)
}

/// The key an earlier request left, once.
pub async fn take_flash(session: &Session) -> Result<Option<String>, AppError> {
    // Looked at first: removing counts as a change, and a change is a write.
    if session.get_value(FLASH).await.map_err(AppError::internal)?.is_none() {
        return Ok(None);
    }
    session.remove(FLASH).await.map_err(AppError::internal)
}

/// A visit is prolonged when this part of it has passed: one in so many.
pub(crate) const PROLONGED_AFTER: i32 = 20;
/// A sign-in is prolonged after so many minutes: so exactly its owner sees when it was last used.
pub const SEEN_MINUTES: i64 = 5;

/// The store over the façade.
#[derive(Clone, Debug)]
pub struct Sessions {
    db: Db,
    clock: Clock,
    random: Random,
}

impl Sessions {
    /// A store in this database.
    pub fn new(db: Db, clock: Clock, random: Random) -> Self {
        Self { db, clock, random }
    }

    /// What the table keeps of a session. The account stands in a column too, so that all sessions of one can be ended.
    ///
    /// It ends by the portal's clock: `tower-sessions` reckons with the machine's, and where the two differ (a demo some days ahead,
    /// a test) a session would be over at its next request, or never.
    fn row(&self, record: &Record) -> Result<SessionRow, AppError> {
        let expires_at = self.clock.now() + Duration::hours(DESK_SESSION_HOURS);
        // One that waits for the second factor ends with the others when the password changes.
        let account_id = record.data.get(ACCOUNT).or_else(|| record.data.get(HALF)).and_then(|value| value.as_str()).map(str::to_owned);
        let citizen_id = record.data.get(crate::citizens::session::CITIZEN).and_then(|value| value.as_str()).map(str::to_owned);
        Ok(SessionRow { data: serde_json::to_string(&record.data)?, account_id, citizen_id, expires_at })
    }

    async fn insert(&self, record: &Record) -> Result<(), AppError> {
        let row = self.row(record)?;
        let mut tx = self.db.write().await?;
        store::insert_session(&mut tx, &hash(&record.id), row).await?;
        tx.commit().await
    }

    /// A session that was ended in the meantime stays ended: a request that began before must not bring it back.
    async fn update(&self, record: &Record) -> Result<(), AppError> {
        let row = self.row(record)?;
        let mut tx = self.db.write().await?;
        store::update_session(&mut tx, &hash(&record.id), row).await?;
        tx.commit().await
    }

    async fn get(&self, id: &Id) -> Result<Option<Record>, AppError> {
        let mut tx = self.db.read().await?;
        let Some((data, expires_at)) = store::session_data(&mut tx, &hash(id), self.clock.now()).await? else { return Ok(None) };
        let data: HashMap<String, serde_json::Value> = serde_json::from_str(&data)?;
        let expiry_date = OffsetDateTime::from_unix_timestamp(expires_at.timestamp()).map_err(AppError::internal)?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn remove(&self, id: &Id) -> Result<(), AppError> {
        let mut tx = self.db.write().await?;
        store::delete_session(&mut tx, &hash(id)).await?;
        tx.commit().await
    }
}

fn hash(id: &Id) -> String {
    secret_hash("session", &id.to_string())
}

fn backend(error: AppError) -> Error {
    Error::Backend(error.to_string())
}

#[async_trait::async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        record.id = Id(i128::from_le_bytes(self.random.bytes::<16>()));
        self.insert(record).await.map_err(backend)
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        self.update(record).await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        self.get(id).await.map_err(backend)
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.remove(id).await.map_err(backend)
    }
}
