//! SQL of accounts, holdings, sessions and failed tries.

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
}

pub(super) async fn credentials(tx: &mut Tx, login: &str) -> Result<Option<Credentials>> {
    tx.find("SELECT id, password_hash FROM accounts WHERE login = $1 AND is_active", (login.to_owned(),)).await
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
pub async fn insert_holding(
    tx: &mut Tx,
    id: &str,
    account_id: &str,
    agency_id: &str,
    role: Role,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
) -> Result<()> {
    tx.exec(
        "INSERT INTO role_holdings (id, account_id, agency_id, role, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5, $6)",
        (id.to_owned(), account_id.to_owned(), agency_id.to_owned(), role, valid_from, valid_to),
    )
    .await?;
    Ok(())
}

// ---- sessions ----

pub(super) async fn session_data(tx: &mut Tx, id_hash: &str, now: DateTime<Utc>) -> Result<Option<(String, DateTime<Utc>)>> {
    tx.find("SELECT data, expires_at FROM sessions WHERE id_hash = $1 AND expires_at > $2", (id_hash.to_owned(), now)).await
}

pub(super) async fn put_session(tx: &mut Tx, id_hash: &str, data: &str, expires_at: DateTime<Utc>) -> Result<()> {
    tx.exec(
        "INSERT INTO sessions (id_hash, data, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT (id_hash) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at",
        (id_hash.to_owned(), data.to_owned(), expires_at),
    )
    .await?;
    Ok(())
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
