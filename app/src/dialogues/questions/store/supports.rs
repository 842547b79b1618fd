//! SQL of supports, and of the contacts that prove them.
//!
//! A supporter is a digest for one dialogue: of a device, or of the contact this device has confirmed there. So the same person counts once
//! for a question and all its repeats, and nobody can tell that two supports at different dialogues are one person's.

use super::super::rules::{Proof, Supports};
use crate::db::Tx;
use crate::error::Result;
use crate::id::secret_hash;
use crate::vault::kept::{self, Purpose};
use chrono::{DateTime, Utc};

/// What the database keeps of a device for a dialogue.
pub fn device_digest(dialogue_id: &str, device_token: &str) -> String {
    secret_hash("question device", &format!("{dialogue_id} {device_token}"))
}

/// What the database keeps of a confirmed contact for a dialogue. `mark` is the keyed hash of the address
/// ([`crate::petitions::recognition`]).
pub fn contact_digest(dialogue_id: &str, mark: &str) -> String {
    secret_hash("question contact", &format!("{dialogue_id} {mark}"))
}

/// One device supports a public question. One statement, which waits for the commit: it looks whether the question is public, finds the
/// contact the device has confirmed, leaves out the asker, and does nothing where this person supports it already.
pub fn support(tx: &mut Tx, question_id: &str, device: &str, at: DateTime<Utc>) -> Result<()> {
    tx.later(
        "INSERT INTO question_supports (question_id, dialogue_id, supporter, proof, at)
         SELECT q.id, q.dialogue_id, COALESCE(c.contact, $2), CASE WHEN c.contact IS NULL THEN 'device' ELSE 'contact' END, $3
         FROM questions q
         LEFT JOIN question_contacts c ON c.dialogue_id = q.dialogue_id AND c.device = $2 AND c.confirmed_at IS NOT NULL
         WHERE q.id = $1 AND q.state = 'open' AND q.is_private = FALSE AND q.asker_key <> $2
         ON CONFLICT (question_id, supporter) DO NOTHING",
        (question_id.to_owned(), device.to_owned(), at),
    )
}

/// A device takes its support back, or that of its contact. Also from a question that is no longer public.
pub async fn take_back(tx: &mut Tx, question_id: &str, dialogue_id: &str, device: &str) -> Result<()> {
    tx.exec(
        "DELETE FROM question_supports
         WHERE question_id = $1
           AND (supporter = $3 OR supporter = (SELECT c.contact FROM question_contacts c
                                               WHERE c.dialogue_id = $2 AND c.device = $3 AND c.confirmed_at IS NOT NULL))",
        (question_id.to_owned(), dialogue_id.to_owned(), device.to_owned()),
    )
    .await?;
    Ok(())
}

/// People who support a question and its repeats, each once.
pub async fn supports(tx: &mut Tx, question_id: &str) -> Result<Supports> {
    tx.one(
        "SELECT COUNT(DISTINCT s.supporter) AS people, COUNT(DISTINCT CASE WHEN s.proof = 'contact' THEN s.supporter END) AS by_contact
         FROM question_supports s
         WHERE s.question_id IN (SELECT r.id FROM questions r WHERE r.id = $1 OR r.linked_to = $1)",
        (question_id.to_owned(),),
    )
    .await
}

/// Which questions of a dialogue a device supports: their ids.
pub async fn of_device(tx: &mut Tx, dialogue_id: &str, device: &str, limit: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = tx
        .all(
            "SELECT s.question_id
             FROM question_supports s
             WHERE s.dialogue_id = $1
               AND (s.supporter = $2 OR s.supporter = (SELECT c.contact FROM question_contacts c
                                                       WHERE c.dialogue_id = $1 AND c.device = $2 AND c.confirmed_at IS NOT NULL))
             ORDER BY s.question_id
             LIMIT $3",
            (dialogue_id.to_owned(), device.to_owned(), limit),
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// A contact that a device confirms for a dialogue.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Contact {
    /// The dialogue.
    pub dialogue_id: String,
    /// Digest of the device.
    pub device: String,
    /// Digest of the address.
    pub contact: String,
    /// The address. Sealed in the database, see [`Contact::addressed`].
    #[sqlx(default)]
    pub email: String,
    /// Language of the mails.
    pub language: String,
    /// What the link carries.
    pub token: String,
    /// When the link was asked for.
    pub asked_at: DateTime<Utc>,
    /// When the button behind it was pressed.
    pub confirmed_at: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for Contact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Contact([redacted])")
    }
}

/// What owns the sealed address of a device for a dialogue.
fn owner(dialogue_id: &str, device: &str) -> String {
    format!("{dialogue_id} {device}")
}

impl Contact {
    /// With the address.
    ///
    /// # Errors
    /// [`crate::error::AppError::Unavailable`] where its key is not there: the mail waits.
    pub async fn addressed(self, tx: &mut Tx) -> Result<Option<Self>> {
        let email = kept::get(tx, Purpose::Contact, &owner(&self.dialogue_id, &self.device)).await?.readable()?;
        Ok(email.map(|email| Self { email, ..self }))
    }
}

macro_rules! contacts_sql {
    ($rest:literal) => {
        concat!("SELECT dialogue_id, device, contact, language, token, asked_at, confirmed_at FROM question_contacts ", $rest)
    };
}

/// The contact of a device for a dialogue.
pub async fn contact_of(tx: &mut Tx, dialogue_id: &str, device: &str) -> Result<Option<Contact>> {
    tx.find(contacts_sql!("WHERE dialogue_id = $1 AND device = $2"), (dialogue_id.to_owned(), device.to_owned())).await
}

/// The contact of a link.
pub async fn contact_by_token(tx: &mut Tx, token: &str) -> Result<Option<Contact>> {
    tx.find(contacts_sql!("WHERE token = $1"), (token.to_owned(),)).await
}

/// Those who confirmed an address and support a question of a dialogue that came onto its stage, each address once, by digest, behind one.
pub async fn told(tx: &mut Tx, dialogue_id: &str, after: &str, limit: i64) -> Result<Vec<Contact>> {
    tx.all(
        contacts_sql!(
            "c
             WHERE c.dialogue_id = $1 AND c.confirmed_at IS NOT NULL AND c.contact > $2
               AND c.device = (SELECT MIN(o.device) FROM question_contacts o
                               WHERE o.dialogue_id = c.dialogue_id AND o.contact = c.contact AND o.confirmed_at IS NOT NULL)
               AND EXISTS (SELECT 1
                           FROM question_supports s
                           JOIN questions q ON q.id = s.question_id
                           LEFT JOIN questions t ON t.id = q.linked_to
                           WHERE s.dialogue_id = $1 AND s.supporter = c.contact AND COALESCE(t.state, q.state) = 'open'
                             AND COALESCE(t.stage, q.stage) <> 'queued')
             ORDER BY c.contact
             LIMIT $3"
        ),
        (dialogue_id.to_owned(), after.to_owned(), limit),
    )
    .await
}

/// A device leaves an address; one that it left before and did not confirm is replaced. Gives false if it has confirmed one.
pub(in crate::dialogues::questions) async fn put_contact(tx: &mut Tx, contact: &Contact) -> Result<bool> {
    let written = tx
        .exec(
            "INSERT INTO question_contacts (dialogue_id, device, contact, email, language, token, asked_at) VALUES ($1, $2, $3, '', $4, $5, $6)
             ON CONFLICT (dialogue_id, device) DO UPDATE
             SET contact = excluded.contact, language = excluded.language, token = excluded.token, asked_at = excluded.asked_at
             WHERE question_contacts.confirmed_at IS NULL",
            (contact.dialogue_id.clone(), contact.device.clone(), contact.contact.clone(), contact.language.clone(), contact.token.clone(), contact.asked_at),
        )
        .await?;
    if written == 1 {
        kept::put(tx, Purpose::Contact, &owner(&contact.dialogue_id, &contact.device), &contact.email)?;
    }
    Ok(written == 1)
}

/// The contact is confirmed: what the device supported becomes the contact's, as far as it did not support that already.
pub(in crate::dialogues::questions) async fn confirm(tx: &mut Tx, contact: &Contact, at: DateTime<Utc>) -> Result<()> {
    tx.exec("UPDATE question_contacts SET confirmed_at = $2 WHERE token = $1 AND confirmed_at IS NULL", (contact.token.clone(), at)).await?;
    tx.exec(
        "INSERT INTO question_supports (question_id, dialogue_id, supporter, proof, at)
         SELECT s.question_id, s.dialogue_id, $3, $4, s.at
         FROM question_supports s
         WHERE s.dialogue_id = $1 AND s.supporter = $2
         ON CONFLICT (question_id, supporter) DO NOTHING",
        (contact.dialogue_id.clone(), contact.device.clone(), contact.contact.clone(), Proof::Contact),
    )
    .await?;
    tx.exec("DELETE FROM question_supports WHERE dialogue_id = $1 AND supporter = $2", (contact.dialogue_id.clone(), contact.device.clone())).await?;
    Ok(())
}

/// The address is deleted, and with it what it supports.
pub(in crate::dialogues::questions) async fn leave(tx: &mut Tx, contact: &Contact) -> Result<()> {
    if contact.confirmed_at.is_some() {
        tx.exec("DELETE FROM question_supports WHERE dialogue_id = $1 AND supporter = $2", (contact.dialogue_id.clone(), contact.contact.clone())).await?;
        tx.exec(
            "DELETE FROM sealed_values
             WHERE purpose = 'contact'
               AND owner_id IN (SELECT dialogue_id || ' ' || device FROM question_contacts
                                WHERE dialogue_id = $1 AND contact = $2 AND confirmed_at IS NOT NULL)",
            (contact.dialogue_id.clone(), contact.contact.clone()),
        )
        .await?;
        tx.exec(
            "DELETE FROM question_contacts WHERE dialogue_id = $1 AND contact = $2 AND confirmed_at IS NOT NULL",
            (contact.dialogue_id.clone(), contact.contact.clone()),
        )
        .await?;
    }
    kept::remove(tx, Purpose::Contact, &owner(&contact.dialogue_id, &contact.device))?;
    tx.exec("DELETE FROM question_contacts WHERE token = $1", (contact.token.clone(),)).await?;
    Ok(())
}

/// Whoever never opened the link is forgotten.
pub async fn forget_unconfirmed(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64> {
    tx.exec(
        "DELETE FROM sealed_values
         WHERE purpose = 'contact'
           AND owner_id IN (SELECT dialogue_id || ' ' || device FROM question_contacts WHERE confirmed_at IS NULL AND asked_at < $1)",
        (before,),
    )
    .await?;
    tx.exec("DELETE FROM question_contacts WHERE confirmed_at IS NULL AND asked_at < $1", (before,)).await
}

/// Seals addresses from before they were sealed, and empties where they stood; gives how many.
pub async fn seal_open(tx: &mut Tx, limit: i64) -> Result<usize> {
    let rows: Vec<(String, String, String)> =
        tx.all("SELECT dialogue_id, device, email FROM question_contacts WHERE email <> '' ORDER BY dialogue_id, device LIMIT $1", (limit,)).await?;
    let n = rows.len();
    for (dialogue_id, device, email) in rows {
        kept::put(tx, Purpose::Contact, &owner(&dialogue_id, &device), &email)?;
        tx.later("UPDATE question_contacts SET email = '' WHERE dialogue_id = $1 AND device = $2", (dialogue_id, device))?;
    }
    Ok(n)
}

/// What a device is to a question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Standing {
    /// Rows that say it asked the question: 0 or 1.
    pub asked: i64,
    /// Rows that say it, or its contact, supports the question: 0 or 1.
    pub supports: i64,
    /// Traces of it at the dialogue: 0 for a device that has done nothing there yet.
    pub known: i64,
}

/// What a device is to a question and its dialogue.
pub async fn standing(tx: &mut Tx, dialogue_id: &str, question_id: &str, device: &str) -> Result<Standing> {
    tx.one(
        "SELECT (SELECT COUNT(*) FROM questions q WHERE q.id = $2 AND q.asker_key = $3) AS asked,
                (SELECT COUNT(*) FROM question_supports s
                 WHERE s.question_id = $2
                   AND (s.supporter = $3 OR s.supporter = (SELECT c.contact FROM question_contacts c
                                                           WHERE c.dialogue_id = $1 AND c.device = $3 AND c.confirmed_at IS NOT NULL))) AS supports,
                (SELECT COUNT(*) FROM question_supports s WHERE s.dialogue_id = $1 AND s.supporter = $3)
                + (SELECT COUNT(*) FROM question_contacts c WHERE c.dialogue_id = $1 AND c.device = $3) AS known",
        (dialogue_id.to_owned(), question_id.to_owned(), device.to_owned()),
    )
    .await
}
