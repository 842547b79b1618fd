//! Sealed values beside the people of cases: who booked, registered, asked or follows, and all that could betray a denouncer.
//!
//! A value belongs to one thing of one purpose; the envelope says so, and opens for nothing else: rows that are swapped stay shut.

use super::Vault;
use super::envelope::{Opened, Sealed};
use crate::db::Tx;
use crate::error::{AppError, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What a sealed value is, and so what its owner's id means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Who booked a slot of a reception; owned by the booking.
    Booking,
    /// Who came to a reception and what they said; owned by the visit.
    Visit,
    /// Who registered for a dialogue; owned by the registration.
    Registration,
    /// Who asked a question to a dialogue; owned by the question.
    Asker,
    /// The address a device confirms for a dialogue; owned by both, see `dialogues::questions`.
    Contact,
    /// The address of one who follows commitments; owned by the follower.
    Follower,
    /// The words of a denunciation; owned by the case.
    Words,
    /// A petition's words before a denunciation was taken out of it; owned by the part.
    Part,
    /// A message of a denunciation; owned by the message.
    Message,
    /// An internal note to a denunciation; owned by the note.
    Note,
    /// Key and name of a paper whose bytes are sealed in the object store; owned by the paper.
    Paper,
    /// The text that handlers of a denunciation work on; owned by the case.
    Working,
    /// What a denouncer wrote about how they were answered; owned by the case.
    Rating,
    /// The words of an official letter, which names who wrote; owned by the letter.
    Letter,
    /// Why a step of a denunciation is drafted and sent back; owned by the draft.
    Draft,
    /// What was handed in at a reception; owned by the visit.
    VisitPapers,
}

impl Purpose {
    /// As it stands in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Booking => "booking",
            Self::Visit => "visit",
            Self::Registration => "registration",
            Self::Asker => "asker",
            Self::Contact => "contact",
            Self::Follower => "follower",
            Self::Words => "words",
            Self::Part => "part",
            Self::Message => "message",
            Self::Note => "note",
            Self::Paper => "paper",
            Self::Working => "working",
            Self::Rating => "rating",
            Self::Letter => "letter",
            Self::Draft => "draft",
            Self::VisitPapers => "visit_papers",
        }
    }

    fn about(self, owner_id: &str) -> String {
        about(self.code(), owner_id)
    }
}

/// What the envelope of a value is about.
pub(super) fn about(purpose: &str, owner_id: &str) -> String {
    format!("{purpose} of {owner_id}")
}

/// What was found of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept<T> {
    /// There is none.
    Nothing,
    /// It is there, and its key is not; or it was changed.
    Locked,
    /// The value.
    Open(T),
}

impl<T> Kept<T> {
    /// The value if it could be read.
    pub fn open(self) -> Option<T> {
        match self {
            Self::Open(value) => Some(value),
            Self::Nothing | Self::Locked => None,
        }
    }

    /// Whether something is there that cannot be read.
    pub fn is_locked(&self) -> bool {
        matches!(self, Self::Locked)
    }

    /// The value, if there is one.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] where its key is not there: for what must not be lost meanwhile.
    pub fn readable(self) -> Result<Option<T>> {
        match self {
            Self::Open(value) => Ok(Some(value)),
            Self::Nothing => Ok(None),
            Self::Locked => Err(AppError::Unavailable("the key of a sealed value is not there".into())),
        }
    }
}

/// The columns of a value in a row that has one or has none: of a LEFT JOIN.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Joined {
    key_name: Option<String>,
    wrapped: Option<String>,
    sealed: Option<String>,
}

impl Joined {
    /// What was found.
    pub fn open<T: DeserializeOwned>(self, vault: &Vault, purpose: Purpose, owner_id: &str) -> Kept<T> {
        match (self.key_name, self.wrapped, self.sealed) {
            (Some(key_name), Some(wrapped), Some(sealed)) => open(vault, purpose, owner_id, &Sealed { key_name, wrapped, sealed }),
            _ => Kept::Nothing,
        }
    }
}

/// A value as it is stored.
///
/// # Errors
/// [`AppError::Unavailable`] without a key.
pub fn seal<T: Serialize>(vault: &Vault, purpose: Purpose, owner_id: &str, value: &T) -> Result<Sealed> {
    vault.seal(&purpose.about(owner_id), &serde_json::to_vec(value)?)
}

/// A value of what is stored.
pub fn open<T: DeserializeOwned>(vault: &Vault, purpose: Purpose, owner_id: &str, sealed: &Sealed) -> Kept<T> {
    match vault.open(&purpose.about(owner_id), sealed) {
        Opened::Plain(plain) => serde_json::from_slice(&plain).map_or(Kept::Locked, Kept::Open),
        Opened::NoKey | Opened::Broken => Kept::Locked,
    }
}

/// Stores a value in the place of whatever was there. Runs with the next statement.
///
/// # Errors
/// [`AppError::Unavailable`] without a key.
pub fn put<T: Serialize>(tx: &mut Tx, purpose: Purpose, owner_id: &str, value: &T) -> Result<()> {
    let sealed = seal(tx.vault(), purpose, owner_id, value)?;
    tx.later(
        "INSERT INTO sealed_values (purpose, owner_id, key_name, wrapped, sealed) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (purpose, owner_id) DO UPDATE SET key_name = excluded.key_name, wrapped = excluded.wrapped, sealed = excluded.sealed",
        (purpose.code().to_owned(), owner_id.to_owned(), sealed.key_name, sealed.wrapped, sealed.sealed),
    )
}

/// A value.
pub async fn get<T: DeserializeOwned>(tx: &mut Tx, purpose: Purpose, owner_id: &str) -> Result<Kept<T>> {
    let sealed: Option<Sealed> = tx
        .find("SELECT key_name, wrapped, sealed FROM sealed_values WHERE purpose = $1 AND owner_id = $2", (purpose.code().to_owned(), owner_id.to_owned()))
        .await?;
    Ok(sealed.map_or(Kept::Nothing, |sealed| open(tx.vault(), purpose, owner_id, &sealed)))
}

/// Whether there is a value, readable or not.
pub async fn exists(tx: &mut Tx, purpose: Purpose, owner_id: &str) -> Result<bool> {
    let found: Option<(String,)> =
        tx.find("SELECT owner_id FROM sealed_values WHERE purpose = $1 AND owner_id = $2", (purpose.code().to_owned(), owner_id.to_owned())).await?;
    Ok(found.is_some())
}

/// Takes a value away. Runs with the next statement.
pub fn remove(tx: &mut Tx, purpose: Purpose, owner_id: &str) -> Result<()> {
    tx.later("DELETE FROM sealed_values WHERE purpose = $1 AND owner_id = $2", (purpose.code().to_owned(), owner_id.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Random;
    use crate::vault::keys::Ring;

    #[test]
    fn a_value_opens_for_its_owner_and_purpose_alone() {
        let vault = Vault::new(Ring::of([1; 32]), Random::seeded(1), None);
        let sealed = seal(&vault, Purpose::Booking, "7", &"Hoàng Thị Mẫu".to_owned()).expect("sealed");
        assert_eq!(open::<String>(&vault, Purpose::Booking, "7", &sealed), Kept::Open("Hoàng Thị Mẫu".to_owned()));
        assert_eq!(open::<String>(&vault, Purpose::Booking, "8", &sealed), Kept::Locked, "of another booking");
        assert_eq!(open::<String>(&vault, Purpose::Visit, "7", &sealed), Kept::Locked, "of a visit of that id");
        assert_eq!(open::<i64>(&vault, Purpose::Booking, "7", &sealed), Kept::Locked, "of another shape");
        assert_eq!(open::<String>(&Vault::locked(), Purpose::Booking, "7", &sealed), Kept::Locked);
        assert!(Kept::<String>::Locked.readable().is_err() && Kept::<String>::Nothing.readable().is_ok());
    }
}
