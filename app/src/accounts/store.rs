//! SQL of accounts, holdings, sessions and failed tries.

use super::rules::{Capacity, Term};
use crate::actor::{Holding, Official};
use crate::db::Tx;
use crate::error::Result;
use crate::permissions::Role;
use chrono::{DateTime, NaiveDate, Utc};

/// What signing in needs of an account.
#[derive(Clone, sqlx::FromRow)]
pub struct Credentials {
    /// The account.
    pub id: String,
    /// The stored hash.
    pub password_hash: String,
    /// Until when it opens anything, where it is a first password.
    pub password_until: Option<DateTime<Utc>>,
}

pub(crate) async fn credentials(tx: &mut Tx, login: &str) -> Result<Option<Credentials>> {
    tx.find("SELECT id, password_hash, password_until FROM accounts WHERE login = $1 AND is_active", (login.to_owned(),)).await
}

/// The official of an account with the roles held on `today`; none if the account is closed.
pub async fn official(tx: &mut Tx, account_id: &str, today: NaiveDate) -> Result<Option<Official>> {
    let Some((name,)): Option<(String,)> = tx.find("SELECT display_name FROM accounts WHERE id = $1 AND is_active", (account_id.to_owned(),)).await? else {
        return Ok(None);
    };
    let rows: Vec<(Role, String, String, String)> = tx
        .all(
            "SELECT h.role, h.agency_id, g.name, g.body_id
             FROM role_holdings h
             JOIN agencies g ON g.id = h.agency_id
             WHERE h.account_id = $1 AND h.valid_from <= $2 AND (h.valid_to IS NULL OR h.valid_to >= $2)
             ORDER BY h.valid_from, h.id",
            (account_id.to_owned(), today),
        )
        .await?;
    let holdings = rows.into_iter().map(|(role, agency_id, agency_name, body_id)| Holding { role, agency_id, agency_name, body_id }).collect();
    Ok(Some(Official { account_id: account_id.to_owned(), name, holdings }))
}

/// Somebody a case can be given to.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Colleague {
    /// The account.
    pub account_id: String,
    /// Their name.
    pub display_name: String,
    /// The unit the role is held at.
    pub agency_id: String,
}

/// Who handles cases at an authority on `today`.
pub async fn handlers_of(tx: &mut Tx, body_id: &str, today: NaiveDate) -> Result<Vec<Colleague>> {
    tx.all(
        "SELECT a.id AS account_id, a.display_name, h.agency_id
         FROM role_holdings h
         JOIN accounts a ON a.id = h.account_id
         JOIN agencies g ON g.id = h.agency_id
         WHERE g.body_id = $1 AND h.role = 'handler' AND a.is_active AND h.valid_from <= $2 AND (h.valid_to IS NULL OR h.valid_to >= $2)
         ORDER BY a.display_name, a.id",
        (body_id.to_owned(), today),
    )
    .await
}

/// Somebody with a role at an authority.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct RoleOf {
    /// The account.
    pub account_id: String,
    /// Their name.
    pub display_name: String,
    /// What they do.
    pub role: Role,
    /// The agency or unit the role is held at.
    pub agency_id: String,
}

/// Everybody with a role at an authority on `today`, one row for each role, by name.
pub async fn holders_at(tx: &mut Tx, body_id: &str, today: NaiveDate) -> Result<Vec<RoleOf>> {
    tx.all(
        "SELECT a.id AS account_id, a.display_name, h.role, h.agency_id
         FROM role_holdings h
         JOIN accounts a ON a.id = h.account_id
         JOIN agencies g ON g.id = h.agency_id
         WHERE g.body_id = $1 AND a.is_active AND h.valid_from <= $2 AND (h.valid_to IS NULL OR h.valid_to >= $2)
         ORDER BY a.display_name, a.id, h.id",
        (body_id.to_owned(), today),
    )
    .await
}

/// The most people of one authority that are looked at.
const STAFF_MAX: i64 = 1_000;

/// Everybody with a role at an authority on `today`, each with all their roles there, by name.
pub async fn staff_of(tx: &mut Tx, body_id: &str, today: NaiveDate) -> Result<Vec<Official>> {
    let rows: Vec<(String, String, Role, String, String, String)> = tx
        .all(
            "SELECT a.id, a.display_name, h.role, h.agency_id, g.name, g.body_id
             FROM role_holdings h
             JOIN accounts a ON a.id = h.account_id
             JOIN agencies g ON g.id = h.agency_id
             WHERE g.body_id = $1 AND a.is_active AND h.valid_from <= $2 AND (h.valid_to IS NULL OR h.valid_to >= $2)
             ORDER BY a.display_name, a.id, h.valid_from, h.id
             LIMIT $3",
            (body_id.to_owned(), today, STAFF_MAX),
        )
        .await?;
    let mut staff: Vec<Official> = Vec::new();
    for (account_id, name, role, agency_id, agency_name, body_id) in rows {
        let holding = Holding { role, agency_id, agency_name, body_id };
        match staff.last_mut().filter(|last| last.account_id == account_id) {
            Some(last) => last.holdings.push(holding),
            None => staff.push(Official { account_id, name, holdings: vec![holding] }),
        }
    }
    Ok(staff)
}

/// A new account.
pub async fn insert(tx: &mut Tx, id: &str, login: &str, display_name: &str, password_hash: &str, now: DateTime<Utc>) -> Result<bool> {
    let rows = tx
        .exec(
            "INSERT INTO accounts (id, login, display_name, password_hash, is_active, created_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (login) DO NOTHING",
            (id.to_owned(), login.to_owned(), display_name.to_owned(), password_hash.to_owned(), true, now),
        )
        .await?;
    Ok(rows == 1)
}

/// A new role holding.
pub async fn insert_holding(tx: &mut Tx, id: &str, account_id: &str, agency_id: &str, role: Role, term: Term) -> Result<()> {
    tx.exec(
        "INSERT INTO role_holdings (id, account_id, agency_id, role, capacity, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        (id.to_owned(), account_id.to_owned(), agency_id.to_owned(), role, term.capacity, term.from, term.to),
    )
    .await?;
    Ok(())
}

// ---- managing ----

/// An account as its administrator sees it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Account {
    /// Its id.
    pub id: String,
    /// The sign-in name.
    pub login: String,
    /// The person's name.
    pub display_name: String,
    /// Whether it may sign in.
    pub is_active: bool,
}

/// A dated role of an account.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct HeldRole {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub account_id: String,
    /// Where it is held.
    pub agency_id: String,
    /// The authority of that agency.
    pub body_id: String,
    /// What it is.
    pub role: Role,
    /// In what capacity.
    pub capacity: Capacity,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day, if it ends.
    pub valid_to: Option<NaiveDate>,
}

/// Accounts that hold or held a role at an authority, by name.
pub(super) async fn accounts_of(tx: &mut Tx, body_id: &str, limit: i64) -> Result<Vec<Account>> {
    tx.all(
        "SELECT a.id, a.login, a.display_name, a.is_active
         FROM accounts a
         WHERE a.id IN (SELECT h.account_id FROM role_holdings h JOIN agencies g ON g.id = h.agency_id WHERE g.body_id = $1)
         ORDER BY a.display_name, a.id
         LIMIT $2",
        (body_id.to_owned(), limit),
    )
    .await
}

/// Roles held at an authority, now, before or later.
pub(super) async fn roles_at(tx: &mut Tx, body_id: &str, limit: i64) -> Result<Vec<HeldRole>> {
    tx.all(
        "SELECT h.id, h.account_id, h.agency_id, g.body_id, h.role, h.capacity, h.valid_from, h.valid_to
         FROM role_holdings h
         JOIN agencies g ON g.id = h.agency_id
         WHERE g.body_id = $1
         ORDER BY h.valid_from, h.id
         LIMIT $2",
        (body_id.to_owned(), limit),
    )
    .await
}

/// All roles of an account, at whatever authority.
pub(super) async fn roles_of(tx: &mut Tx, account_id: &str) -> Result<Vec<HeldRole>> {
    tx.all(
        "SELECT h.id, h.account_id, h.agency_id, g.body_id, h.role, h.capacity, h.valid_from, h.valid_to
         FROM role_holdings h
         JOIN agencies g ON g.id = h.agency_id
         WHERE h.account_id = $1
         ORDER BY h.valid_from, h.id",
        (account_id.to_owned(),),
    )
    .await
}

pub(super) async fn account(tx: &mut Tx, id: &str) -> Result<Option<Account>> {
    tx.find("SELECT id, login, display_name, is_active FROM accounts WHERE id = $1", (id.to_owned(),)).await
}

pub(super) async fn end_role(tx: &mut Tx, holding_id: &str, last_day: NaiveDate) -> Result<()> {
    tx.exec("UPDATE role_holdings SET valid_to = $2 WHERE id = $1", (holding_id.to_owned(), last_day)).await?;
    Ok(())
}

pub(super) async fn set_active(tx: &mut Tx, account_id: &str, is_active: bool) -> Result<()> {
    tx.exec("UPDATE accounts SET is_active = $2 WHERE id = $1", (account_id.to_owned(), is_active)).await?;
    Ok(())
}

pub(super) async fn password_hash(tx: &mut Tx, account_id: &str) -> Result<Option<String>> {
    let row: Option<(String,)> = tx.find("SELECT password_hash FROM accounts WHERE id = $1 AND is_active", (account_id.to_owned(),)).await?;
    Ok(row.map(|(hash,)| hash))
}

/// Another password: one's own, or a first one that opens until then.
pub(super) async fn set_password(tx: &mut Tx, account_id: &str, hash: &str, until: Option<DateTime<Utc>>) -> Result<()> {
    tx.exec("UPDATE accounts SET password_hash = $2, password_until = $3 WHERE id = $1", (account_id.to_owned(), hash.to_owned(), until)).await?;
    Ok(())
}

/// The same password, hashed anew; not where it was changed meanwhile.
pub(super) async fn replace_password_hash(tx: &mut Tx, account_id: &str, before: &str, hash: &str) -> Result<()> {
    let values = (account_id.to_owned(), before.to_owned(), hash.to_owned());
    tx.exec("UPDATE accounts SET password_hash = $3 WHERE id = $1 AND password_hash = $2", values).await?;
    Ok(())
}

// ---- sessions ----

pub(super) async fn session_data(tx: &mut Tx, id_hash: &str, now: DateTime<Utc>) -> Result<Option<(String, DateTime<Utc>)>> {
    tx.find("SELECT data, expires_at FROM sessions WHERE id_hash = $1 AND expires_at > $2", (id_hash.to_owned(), now)).await
}

pub(super) struct SessionRow {
    pub data: String,
    pub account_id: Option<String>,
    pub citizen_id: Option<String>,
    pub expires_at: DateTime<Utc>,
}

pub(super) async fn insert_session(tx: &mut Tx, id_hash: &str, row: SessionRow) -> Result<()> {
    tx.exec(
        "INSERT INTO sessions (id_hash, data, account_id, citizen_id, expires_at) VALUES ($1, $2, $3, $4, $5)",
        (id_hash.to_owned(), row.data, row.account_id, row.citizen_id, row.expires_at),
    )
    .await?;
    Ok(())
}

pub(super) async fn update_session(tx: &mut Tx, id_hash: &str, row: SessionRow) -> Result<()> {
    tx.exec(
        "UPDATE sessions SET data = $2, account_id = $3, citizen_id = $4, expires_at = $5 WHERE id_hash = $1",
        (id_hash.to_owned(), row.data, row.account_id, row.citizen_id, row.expires_at),
    )
    .await?;
    Ok(())
}

/// Ends every session of an account.
pub(super) async fn delete_sessions_of(tx: &mut Tx, account_id: &str) -> Result<()> {
    tx.exec("DELETE FROM sessions WHERE account_id = $1", (account_id.to_owned(),)).await?;
    Ok(())
}

/// Ends every session of an account but one.
pub(super) async fn delete_other_sessions(tx: &mut Tx, account_id: &str, id_hash: &str) -> Result<u64> {
    tx.exec("DELETE FROM sessions WHERE account_id = $1 AND id_hash <> $2", (account_id.to_owned(), id_hash.to_owned())).await
}

/// Ends one session of an account; false if it has none such.
pub(super) async fn delete_session_of(tx: &mut Tx, account_id: &str, id_hash: &str) -> Result<bool> {
    Ok(tx.exec("DELETE FROM sessions WHERE account_id = $1 AND id_hash = $2", (account_id.to_owned(), id_hash.to_owned())).await? == 1)
}

/// The most sessions of one account that are listed.
const SESSIONS_MAX: i64 = 100;

/// The sessions of an account: how each is stored, and what is in it. Those last used come first.
pub(super) async fn sessions_of(tx: &mut Tx, account_id: &str, now: DateTime<Utc>) -> Result<Vec<(String, String)>> {
    tx.all(
        "SELECT id_hash, data FROM sessions WHERE account_id = $1 AND expires_at > $2 ORDER BY expires_at DESC, id_hash LIMIT $3",
        (account_id.to_owned(), now, SESSIONS_MAX),
    )
    .await
}

pub(super) async fn delete_session(tx: &mut Tx, id_hash: &str) -> Result<()> {
    tx.exec("DELETE FROM sessions WHERE id_hash = $1", (id_hash.to_owned(),)).await?;
    Ok(())
}

/// Sessions and counted tries whose time has passed go.
pub async fn forget_expired(tx: &mut Tx, now: DateTime<Utc>) -> Result<()> {
    tx.exec("DELETE FROM sessions WHERE expires_at <= $1", (now,)).await?;
    tx.exec("DELETE FROM attempts WHERE window_ends_at <= $1", (now,)).await?;
    Ok(())
}

// ---- failed tries ----

pub(super) async fn failures(tx: &mut Tx, scope: &str, subject: &str, now: DateTime<Utc>) -> Result<Option<(i64, DateTime<Utc>)>> {
    tx.find(
        "SELECT failures, window_ends_at FROM attempts WHERE scope = $1 AND subject = $2 AND window_ends_at > $3",
        (scope.to_owned(), subject.to_owned(), now),
    )
    .await
}

pub(super) async fn add_failure(tx: &mut Tx, scope: &str, subject: &str, now: DateTime<Utc>, window_ends_at: DateTime<Utc>) -> Result<()> {
    tx.exec(
        "INSERT INTO attempts (scope, subject, failures, window_ends_at) VALUES ($1, $2, 1, $3)
         ON CONFLICT (scope, subject) DO UPDATE
         SET failures = CASE WHEN attempts.window_ends_at > $4 THEN attempts.failures + 1 ELSE 1 END,
             window_ends_at = CASE WHEN attempts.window_ends_at > $4 THEN attempts.window_ends_at ELSE excluded.window_ends_at END",
        (scope.to_owned(), subject.to_owned(), window_ends_at, now),
    )
    .await?;
    Ok(())
}

pub(super) async fn forget_failures(tx: &mut Tx, scope: &str, subject: &str) -> Result<()> {
    tx.exec("DELETE FROM attempts WHERE scope = $1 AND subject = $2", (scope.to_owned(), subject.to_owned())).await?;
    Ok(())
}
