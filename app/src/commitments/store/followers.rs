//! SQL of those who are told by mail.

use crate::db::Tx;
use crate::error::Result;
use crate::vault::kept::{self, Purpose};
use chrono::{DateTime, Utc};

/// Who follows a commitment, or all of an authority's.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Follower {
    /// Its id.
    pub id: String,
    /// `c:` and a commitment, or `b:` and an authority.
    pub subject: String,
    /// By what the address is known again: a hash with a key that lies outside the database.
    pub mark: String,
    /// Where mails go. Sealed in the database.
    #[sqlx(default)]
    pub email: String,
    /// In which language.
    pub language: String,
    /// What the links in mails carry.
    pub token: String,
    /// When the link was asked for last.
    pub asked_at: DateTime<Utc>,
    /// When it was opened.
    pub confirmed_at: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for Follower {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Follower([redacted])")
    }
}

impl Follower {
    /// With the address.
    ///
    /// # Errors
    /// [`crate::error::AppError::Unavailable`] where its key is not there: the mail waits.
    pub async fn addressed(self, tx: &mut Tx) -> Result<Option<Self>> {
        let email = kept::get(tx, Purpose::Follower, &self.id).await?.readable()?;
        Ok(email.map(|email| Self { email, ..self }))
    }
}

macro_rules! followers {
    ($rest:literal) => {
        concat!("SELECT id, subject, mark, language, token, asked_at, confirmed_at FROM commitment_followers ", $rest)
    };
}

/// Stores one who wants to follow; one who asked before keeps their row. Gives the row that is there, without the address.
///
/// # Errors
/// [`crate::error::AppError::Unavailable`] without a key.
pub async fn ask(tx: &mut Tx, new: &Follower) -> Result<Follower> {
    tx.exec(
        "INSERT INTO commitment_followers (id, subject, mark, language, token, asked_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (subject, mark) DO UPDATE SET asked_at = excluded.asked_at, language = excluded.language",
        (new.id.clone(), new.subject.clone(), new.mark.clone(), new.language.clone(), new.token.clone(), new.asked_at),
    )
    .await?;
    let known: Follower = tx.one(followers!("WHERE subject = $1 AND mark = $2"), (new.subject.clone(), new.mark.clone())).await?;
    kept::put(tx, Purpose::Follower, &known.id, &new.email)?;
    Ok(known)
}

/// The one of an id, without the address.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Follower>> {
    tx.find(followers!("WHERE id = $1"), (id.to_owned(),)).await
}

/// The one of a link, without the address.
pub async fn by_token(tx: &mut Tx, token: &str) -> Result<Option<Follower>> {
    tx.find(followers!("WHERE token = $1"), (token.to_owned(),)).await
}

/// Addresses from before they were sealed: ids and addresses.
pub async fn open_addresses(tx: &mut Tx, limit: i64) -> Result<Vec<(String, String)>> {
    tx.all("SELECT id, mark FROM commitment_followers WHERE mark LIKE '%@%' ORDER BY id LIMIT $1", (limit,)).await
}

/// Seals an address and puts its mark where it stood.
pub async fn seal_address(tx: &mut Tx, id: &str, email: &str, mark: &str) -> Result<()> {
    kept::put(tx, Purpose::Follower, id, &email.to_owned())?;
    tx.exec("UPDATE commitment_followers SET mark = $2 WHERE id = $1", (id.to_owned(), mark.to_owned())).await?;
    Ok(())
}

/// The link was opened and the button pressed.
pub async fn confirm(tx: &mut Tx, id: &str, at: DateTime<Utc>) -> Result<()> {
    tx.exec("UPDATE commitment_followers SET confirmed_at = $2 WHERE id = $1 AND confirmed_at IS NULL", (id.to_owned(), at)).await?;
    Ok(())
}

/// Nobody is told any more. The address goes with the row.
pub async fn leave(tx: &mut Tx, id: &str) -> Result<()> {
    kept::remove(tx, Purpose::Follower, id)?;
    tx.exec("DELETE FROM commitment_followers WHERE id = $1", (id.to_owned(),)).await?;
    Ok(())
}

/// Whoever never opened the link is forgotten.
pub async fn forget_unconfirmed(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64> {
    tx.exec(
        "DELETE FROM sealed_values
         WHERE purpose = 'follower' AND owner_id IN (SELECT id FROM commitment_followers WHERE confirmed_at IS NULL AND asked_at < $1)",
        (before,),
    )
    .await?;
    tx.exec("DELETE FROM commitment_followers WHERE confirmed_at IS NULL AND asked_at < $1", (before,)).await
}

/// Those who follow a subject, by id, behind one; without those who follow `other` under the same address.
pub async fn told(tx: &mut Tx, subject: &str, other: &str, after: &str, limit: i64) -> Result<Vec<(String,)>> {
    tx.all(
        "SELECT f.id
         FROM commitment_followers f
         WHERE f.subject = $1 AND f.confirmed_at IS NOT NULL AND f.id > $3
           AND NOT EXISTS (
               SELECT 1 FROM commitment_followers o WHERE o.subject = $2 AND o.mark = f.mark AND o.confirmed_at IS NOT NULL
           )
         ORDER BY f.id
         LIMIT $4",
        (subject.to_owned(), other.to_owned(), after.to_owned(), limit),
    )
    .await
}
