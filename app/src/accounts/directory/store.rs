//! SQL of accounts bound to the staff directory, and of those who wait for it.

use crate::db::Tx;
use crate::error::Result;
use chrono::{DateTime, Utc};

/// Somebody the directory knows and no account is bound to.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Request {
    /// Who it is there.
    pub subject: String,
    /// Name, as the directory tells it.
    pub name: String,
    /// Address, as the directory has verified it; may be empty.
    pub email: String,
}

/// The account bound to somebody of a directory, if it is open, and whether there is one at all.
pub(super) async fn account_of(tx: &mut Tx, issuer: &str, subject: &str) -> Result<Option<(String, bool)>> {
    tx.find(
        "SELECT a.id, a.is_active
         FROM directory_bindings b
         JOIN accounts a ON a.id = b.account_id
         WHERE b.issuer = $1 AND b.subject = $2",
        (issuer.to_owned(), subject.to_owned()),
    )
    .await
}

/// Since when an account is bound to a directory.
pub async fn bound_since(tx: &mut Tx, issuer: &str, account_id: &str) -> Result<Option<DateTime<Utc>>> {
    let row: Option<(DateTime<Utc>,)> =
        tx.find("SELECT bound_at FROM directory_bindings WHERE issuer = $1 AND account_id = $2", (issuer.to_owned(), account_id.to_owned())).await?;
    Ok(row.map(|(at,)| at))
}

/// Binds; false if the account or the other side is bound already.
pub(super) async fn bind(tx: &mut Tx, issuer: &str, subject: &str, account_id: &str, by: &str, now: DateTime<Utc>) -> Result<bool> {
    let rows = tx
        .exec(
            "INSERT INTO directory_bindings (issuer, subject, account_id, bound_at, bound_by) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            (issuer.to_owned(), subject.to_owned(), account_id.to_owned(), now, by.to_owned()),
        )
        .await?;
    Ok(rows == 1)
}

/// Takes a binding away; false if there was none.
pub(super) async fn unbind(tx: &mut Tx, issuer: &str, account_id: &str) -> Result<bool> {
    let rows = tx.exec("DELETE FROM directory_bindings WHERE issuer = $1 AND account_id = $2", (issuer.to_owned(), account_id.to_owned())).await?;
    Ok(rows > 0)
}

/// Somebody waits to be bound; an earlier code of theirs is worth nothing any more.
pub(super) async fn put_request(tx: &mut Tx, issuer: &str, request: &Request, code_hash: &str, expires_at: DateTime<Utc>) -> Result<()> {
    tx.exec(
        "INSERT INTO directory_requests (issuer, subject, code_hash, name, email, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (issuer, subject) DO UPDATE
         SET code_hash = excluded.code_hash, name = excluded.name, email = excluded.email, expires_at = excluded.expires_at",
        (issuer.to_owned(), request.subject.clone(), code_hash.to_owned(), request.name.clone(), request.email.clone(), expires_at),
    )
    .await?;
    Ok(())
}

/// Who waits under a code.
pub(super) async fn request(tx: &mut Tx, issuer: &str, code_hash: &str, now: DateTime<Utc>) -> Result<Option<Request>> {
    tx.find(
        "SELECT subject, name, email FROM directory_requests WHERE issuer = $1 AND code_hash = $2 AND expires_at > $3",
        (issuer.to_owned(), code_hash.to_owned(), now),
    )
    .await
}

/// Nobody waits under it any more.
pub(super) async fn delete_request(tx: &mut Tx, issuer: &str, subject: &str) -> Result<()> {
    tx.exec("DELETE FROM directory_requests WHERE issuer = $1 AND subject = $2", (issuer.to_owned(), subject.to_owned())).await?;
    Ok(())
}

/// Those who have waited too long go.
pub(super) async fn delete_expired(tx: &mut Tx, now: DateTime<Utc>) -> Result<()> {
    tx.exec("DELETE FROM directory_requests WHERE expires_at <= $1", (now,)).await?;
    Ok(())
}
