//! SQL of who wrote a petition and who stands behind it: sealed rows, each owned by a case or a signer.

use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::vault::Vault;
use crate::vault::envelope::{Opened, Sealed};
use serde::{Deserialize, Serialize};

/// Who the citizen is. All may be empty.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CasePerson {
    /// Full name as written.
    pub name: String,
    /// Phone number.
    pub phone: String,
    /// Address for notices.
    pub email: String,
    /// Postal address in words.
    pub address: String,
    /// Citizen ID.
    pub id_number: String,
    /// Language of the notices.
    pub language: String,
    /// It is stored, and its key is not there: nothing is known until it is.
    pub is_locked: bool,
}

impl std::fmt::Debug for CasePerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CasePerson([redacted])")
    }
}

impl CasePerson {
    /// Whether the citizen left anything about themselves, as far as one can tell.
    pub fn is_known(&self) -> bool {
        self.is_locked || [&self.name, &self.phone, &self.email, &self.address, &self.id_number].iter().any(|value| !value.is_empty())
    }
}

/// What is sealed of a person.
#[derive(Serialize, Deserialize)]
struct Stored {
    name: String,
    phone: String,
    email: String,
    address: String,
    id_number: String,
    language: String,
}

/// What the envelope of a person is about: nobody can put it to another case.
pub fn about_person(owner_id: &str) -> String {
    format!("person of {owner_id}")
}

/// A person as it is stored.
///
/// # Errors
/// [`AppError::Unavailable`] without a key.
pub fn sealed_person(vault: &Vault, owner_id: &str, person: &CasePerson) -> Result<Sealed> {
    let CasePerson { name, phone, email, address, id_number, language, is_locked: _ } = person.clone();
    vault.seal(&about_person(owner_id), &serde_json::to_vec(&Stored { name, phone, email, address, id_number, language })?)
}

/// A person of what is stored.
pub fn opened_person(vault: &Vault, owner_id: &str, sealed: &Sealed) -> CasePerson {
    let locked = CasePerson { is_locked: true, ..CasePerson::default() };
    let Opened::Plain(plain) = vault.open(&about_person(owner_id), sealed) else { return locked };
    let Ok(Stored { name, phone, email, address, id_number, language }) = serde_json::from_slice(&plain) else { return locked };
    CasePerson { name, phone, email, address, id_number, language, is_locked: false }
}

/// Stores who the citizen is, sealed.
///
/// # Errors
/// [`AppError::Unavailable`] without a key.
pub fn insert_person(tx: &mut Tx, owner_id: &str, person: &CasePerson) -> Result<()> {
    let sealed = sealed_person(tx.vault(), owner_id, person)?;
    tx.later(
        "INSERT INTO sealed_people (owner_id, key_name, wrapped, sealed) VALUES ($1, $2, $3, $4)",
        (owner_id.to_owned(), sealed.key_name, sealed.wrapped, sealed.sealed),
    )
}

/// Who the citizen is; empty once it was deleted, locked where the key is not there.
pub async fn person(tx: &mut Tx, owner_id: &str) -> Result<CasePerson> {
    let sealed: Option<Sealed> = tx.find("SELECT key_name, wrapped, sealed FROM sealed_people WHERE owner_id = $1", (owner_id.to_owned(),)).await?;
    Ok(sealed.map(|sealed| opened_person(tx.vault(), owner_id, &sealed)).unwrap_or_default())
}

/// The citizen changes where notices go.
///
/// # Errors
/// [`AppError::Locked`] where the key is not there: the rest could not be kept.
pub async fn set_email(tx: &mut Tx, owner_id: &str, email: &str) -> Result<()> {
    let person = person(tx, owner_id).await?;
    replace(tx, owner_id, &CasePerson { email: email.to_owned(), ..person }).await
}

/// Writes a person anew.
///
/// # Errors
/// [`AppError::Locked`] where it is not known who it was: what is there could not be kept.
pub async fn replace(tx: &mut Tx, owner_id: &str, person: &CasePerson) -> Result<()> {
    if person.is_locked {
        return Err(AppError::Locked);
    }
    let sealed = sealed_person(tx.vault(), owner_id, person)?;
    tx.exec(
        "INSERT INTO sealed_people (owner_id, key_name, wrapped, sealed) VALUES ($1, $2, $3, $4)
         ON CONFLICT (owner_id) DO UPDATE SET key_name = excluded.key_name, wrapped = excluded.wrapped, sealed = excluded.sealed",
        (owner_id.to_owned(), sealed.key_name, sealed.wrapped, sealed.sealed),
    )
    .await?;
    Ok(())
}

/// People from before they were sealed: senders and signers, by owner.
pub async fn open_people(tx: &mut Tx, limit: i64) -> Result<Vec<(String, CasePerson)>> {
    type Row = (String, String, String, String, String, String, String);
    let mut rows: Vec<Row> =
        tx.all("SELECT case_id, name, phone, email, address, id_number, language FROM case_people ORDER BY case_id LIMIT $1", (limit,)).await?;
    if rows.is_empty() {
        rows = tx.all("SELECT signer_id, name, phone, email, address, id_number, language FROM signer_people ORDER BY signer_id LIMIT $1", (limit,)).await?;
    }
    let person = |(owner_id, name, phone, email, address, id_number, language): Row| {
        (owner_id, CasePerson { name, phone, email, address, id_number, language, is_locked: false })
    };
    Ok(rows.into_iter().map(person).collect())
}

/// Deletes a person from where they stood before they were sealed.
pub fn delete_open_person(tx: &mut Tx, owner_id: &str) -> Result<()> {
    tx.later("DELETE FROM case_people WHERE case_id = $1", (owner_id.to_owned(),))?;
    tx.later("DELETE FROM signer_people WHERE signer_id = $1", (owner_id.to_owned(),))
}
