//! SQL of second factors, recovery codes, notices and the days of grace.

use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::vault::envelope::{Opened, Sealed};
use chrono::{DateTime, NaiveDate, Utc};

/// What somebody has beside the password.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Factors {
    /// Applications that show codes: one or none.
    pub applications: i64,
    /// Passkeys.
    pub passkeys: i64,
    /// Recovery codes that were not used.
    pub recovery_left: i64,
}

impl Factors {
    /// Whether there is a second factor. Recovery codes alone are none: they stand in for one.
    pub fn is_any(&self) -> bool {
        self.applications > 0 || self.passkeys > 0
    }
}

/// What somebody has.
pub async fn factors(tx: &mut Tx, account_id: &str) -> Result<Factors> {
    let found: Option<Factors> = tx
        .find(
            "SELECT (SELECT COUNT(*) FROM totp_secrets t WHERE t.account_id = a.id AND t.proven_at IS NOT NULL) AS applications,
                    (SELECT COUNT(*) FROM passkeys p WHERE p.account_id = a.id) AS passkeys,
                    (SELECT COUNT(*) FROM recovery_codes r WHERE r.account_id = a.id AND r.used_at IS NULL) AS recovery_left
             FROM accounts a WHERE a.id = $1",
            (account_id.to_owned(),),
        )
        .await?;
    Ok(found.unwrap_or_default())
}

// ---- applications ----

/// What the envelope of a secret is about: nobody can put it to another account.
pub fn about_secret(id: &str) -> String {
    format!("totp secret {id}")
}

#[derive(sqlx::FromRow)]
struct SecretRow {
    id: String,
    last_step: i64,
    made_at: DateTime<Utc>,
    #[sqlx(flatten)]
    sealed: Sealed,
}

/// A secret an application shares.
pub(super) struct Secret {
    /// Its row.
    pub id: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The last step whose code was taken.
    pub last_step: i64,
    /// When it was made.
    pub made_at: DateTime<Utc>,
}

fn opened(tx: &Tx, row: SecretRow) -> Result<Secret> {
    match tx.vault().open(&about_secret(&row.id), &row.sealed) {
        Opened::Plain(bytes) => Ok(Secret { id: row.id, bytes, last_step: row.last_step, made_at: row.made_at }),
        Opened::NoKey => Err(AppError::Unavailable("the key of a second factor is missing".into())),
        Opened::Broken => Err(AppError::internal("the secret of a second factor was changed")),
    }
}

/// The secret that counts.
pub(super) async fn secret(tx: &mut Tx, account_id: &str) -> Result<Option<Secret>> {
    let row: Option<SecretRow> = tx
        .find(
            "SELECT id, last_step, made_at, key_name, wrapped, sealed FROM totp_secrets WHERE account_id = $1 AND proven_at IS NOT NULL",
            (account_id.to_owned(),),
        )
        .await?;
    row.map(|row| opened(tx, row)).transpose()
}

/// The secret that waits for its first code.
pub(super) async fn secret_to_prove(tx: &mut Tx, account_id: &str) -> Result<Option<Secret>> {
    let row: Option<SecretRow> = tx
        .find(
            "SELECT id, last_step, made_at, key_name, wrapped, sealed FROM totp_secrets WHERE account_id = $1 AND proven_at IS NULL",
            (account_id.to_owned(),),
        )
        .await?;
    row.map(|row| opened(tx, row)).transpose()
}

/// Puts a new secret in the place of one that waits.
pub(super) async fn insert_secret(tx: &mut Tx, id: &str, account_id: &str, bytes: &[u8], now: DateTime<Utc>) -> Result<()> {
    let sealed = tx.vault().seal(&about_secret(id), bytes)?;
    tx.exec("DELETE FROM totp_secrets WHERE account_id = $1 AND proven_at IS NULL", (account_id.to_owned(),)).await?;
    tx.exec(
        "INSERT INTO totp_secrets (id, account_id, key_name, wrapped, sealed, made_at, proven_at, last_step) VALUES ($1, $2, $3, $4, $5, $6, NULL, 0)",
        (id.to_owned(), account_id.to_owned(), sealed.key_name, sealed.wrapped, sealed.sealed, now),
    )
    .await?;
    Ok(())
}

/// The secret has shown its first code: it counts now, and the one before it no longer.
pub(super) async fn prove_secret(tx: &mut Tx, id: &str, account_id: &str, step: i64, now: DateTime<Utc>) -> Result<()> {
    tx.exec("DELETE FROM totp_secrets WHERE account_id = $1 AND id <> $2", (account_id.to_owned(), id.to_owned())).await?;
    tx.exec("UPDATE totp_secrets SET proven_at = $2, last_step = $3 WHERE id = $1", (id.to_owned(), now, step)).await?;
    Ok(())
}

/// Spends a step; false if it, or a later one, was spent: by whoever was quicker.
pub(super) async fn spend_step(tx: &mut Tx, id: &str, step: i64) -> Result<bool> {
    let rows = tx.exec("UPDATE totp_secrets SET last_step = $2 WHERE id = $1 AND last_step < $2", (id.to_owned(), step)).await?;
    Ok(rows == 1)
}

pub(super) async fn delete_secrets(tx: &mut Tx, account_id: &str) -> Result<u64> {
    tx.exec("DELETE FROM totp_secrets WHERE account_id = $1", (account_id.to_owned(),)).await
}

// ---- passkeys ----

/// A passkey.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct PasskeyRow {
    /// The credential's id.
    pub id: String,
    /// Whose it is.
    pub account_id: String,
    /// What its owner calls it.
    pub name: String,
    /// What webauthn-rs keeps.
    pub data: String,
    /// When it was added.
    pub made_at: DateTime<Utc>,
    /// When it was last used.
    pub used_at: Option<DateTime<Utc>>,
}

pub(super) async fn passkeys(tx: &mut Tx, account_id: &str) -> Result<Vec<PasskeyRow>> {
    tx.all("SELECT id, account_id, name, data, made_at, used_at FROM passkeys WHERE account_id = $1 ORDER BY made_at, id", (account_id.to_owned(),)).await
}

pub(super) async fn passkey(tx: &mut Tx, id: &str) -> Result<Option<PasskeyRow>> {
    tx.find("SELECT id, account_id, name, data, made_at, used_at FROM passkeys WHERE id = $1", (id.to_owned(),)).await
}

/// A new passkey; false if somebody has it already.
pub(super) async fn insert_passkey(tx: &mut Tx, row: PasskeyRow) -> Result<bool> {
    let rows = tx
        .exec(
            "INSERT INTO passkeys (id, account_id, name, data, made_at, used_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING",
            (row.id, row.account_id, row.name, row.data, row.made_at, row.used_at),
        )
        .await?;
    Ok(rows == 1)
}

/// It was used: when, and what its counter is now. False if somebody else used it since it was read.
pub(super) async fn use_passkey(tx: &mut Tx, row: &PasskeyRow, data: &str, now: DateTime<Utc>) -> Result<bool> {
    let rows =
        tx.exec("UPDATE passkeys SET data = $2, used_at = $3 WHERE id = $1 AND data = $4", (row.id.clone(), data.to_owned(), now, row.data.clone())).await?;
    Ok(rows == 1)
}

pub(super) async fn delete_passkey(tx: &mut Tx, id: &str, account_id: &str) -> Result<bool> {
    Ok(tx.exec("DELETE FROM passkeys WHERE id = $1 AND account_id = $2", (id.to_owned(), account_id.to_owned())).await? == 1)
}

// ---- recovery codes ----

/// Puts new codes in the place of all earlier ones.
pub(super) async fn replace_recovery(tx: &mut Tx, account_id: &str, hashes: Vec<String>) -> Result<()> {
    tx.exec("DELETE FROM recovery_codes WHERE account_id = $1", (account_id.to_owned(),)).await?;
    for hash in hashes {
        let hash = tx.stored_code(&hash);
        tx.exec("INSERT INTO recovery_codes (code_hash, account_id) VALUES ($1, $2)", (hash, account_id.to_owned())).await?;
    }
    Ok(())
}

/// Uses a code up; false if there is none such, or it was used.
pub(super) async fn use_recovery(tx: &mut Tx, account_id: &str, hash: &str, now: DateTime<Utc>) -> Result<bool> {
    let stored = tx.stored_code(hash);
    let rows = tx
        .exec("UPDATE recovery_codes SET used_at = $3 WHERE code_hash = $1 AND account_id = $2 AND used_at IS NULL", (stored, account_id.to_owned(), now))
        .await?;
    Ok(rows == 1)
}

/// All second factors and recovery codes of an account go.
pub(super) async fn delete_all(tx: &mut Tx, account_id: &str) -> Result<()> {
    delete_secrets(tx, account_id).await?;
    tx.exec("DELETE FROM passkeys WHERE account_id = $1", (account_id.to_owned(),)).await?;
    tx.exec("DELETE FROM recovery_codes WHERE account_id = $1", (account_id.to_owned(),)).await?;
    Ok(())
}

// ---- who needs one ----

/// The day somebody was first asked.
pub(super) async fn asked_on(tx: &mut Tx, account_id: &str) -> Result<Option<NaiveDate>> {
    let row: Option<(Option<NaiveDate>,)> = tx.find("SELECT factor_asked_on FROM accounts WHERE id = $1", (account_id.to_owned(),)).await?;
    Ok(row.and_then(|(day,)| day))
}

/// Notes that day, unless there is one.
pub(super) async fn note_asked(tx: &mut Tx, account_id: &str, today: NaiveDate) -> Result<()> {
    tx.exec("UPDATE accounts SET factor_asked_on = $2 WHERE id = $1 AND factor_asked_on IS NULL", (account_id.to_owned(), today)).await?;
    Ok(())
}

/// Ends the days of grace: whoever had a second factor and lost it adds a new one before anything else.
pub(super) async fn end_grace(tx: &mut Tx, account_id: &str) -> Result<()> {
    tx.exec("UPDATE accounts SET factor_asked_on = $2 WHERE id = $1", (account_id.to_owned(), NaiveDate::default())).await?;
    Ok(())
}

// ---- notices ----

/// That somebody else did something to one's sign-in.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Notice {
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub by_name: String,
}

pub(super) async fn insert_notice(tx: &mut Tx, id: String, account_id: &str, by_name: &str, now: DateTime<Utc>) -> Result<()> {
    tx.exec(
        "INSERT INTO account_notices (id, account_id, at, kind, by_name) VALUES ($1, $2, $3, 'factors_reset', $4)",
        (id, account_id.to_owned(), now, by_name.to_owned()),
    )
    .await?;
    Ok(())
}

/// What somebody has not yet said they know.
pub(super) async fn notices(tx: &mut Tx, account_id: &str) -> Result<Vec<Notice>> {
    tx.all("SELECT at, by_name FROM account_notices WHERE account_id = $1 AND seen_at IS NULL ORDER BY at, id", (account_id.to_owned(),)).await
}

pub(super) async fn notices_seen(tx: &mut Tx, account_id: &str, now: DateTime<Utc>) -> Result<()> {
    tx.exec("UPDATE account_notices SET seen_at = $2 WHERE account_id = $1 AND seen_at IS NULL", (account_id.to_owned(), now)).await?;
    Ok(())
}

// ---- keys that change ----

/// A sealed secret, for wrapping it anew.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SealedSecret {
    /// Its row.
    pub id: String,
    /// What is stored.
    #[sqlx(flatten)]
    pub sealed: Sealed,
}

/// Secrets that are not sealed with a key, behind one.
pub async fn sealed_otherwise(tx: &mut Tx, key_name: &str, after: &str, limit: i64) -> Result<Vec<SealedSecret>> {
    tx.all(
        "SELECT id, key_name, wrapped, sealed FROM totp_secrets WHERE key_name <> $1 AND id > $2 ORDER BY id LIMIT $3",
        (key_name.to_owned(), after.to_owned(), limit),
    )
    .await
}

/// Puts another envelope in a secret's place, unless it has gone meanwhile.
pub async fn replace_envelope(tx: &mut Tx, row: &SealedSecret, anew: &Sealed) -> Result<bool> {
    let rows = tx
        .exec(
            "UPDATE totp_secrets SET key_name = $2, wrapped = $3 WHERE id = $1 AND wrapped = $4",
            (row.id.clone(), anew.key_name.clone(), anew.wrapped.clone(), row.sealed.wrapped.clone()),
        )
        .await?;
    Ok(rows == 1)
}
