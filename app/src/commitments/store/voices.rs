//! SQL of what the people concerned say of a commitment.

use crate::db::Tx;
use crate::error::Result;
use chrono::{DateTime, Utc};

/// What one device said.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Voice {
    /// Its id.
    pub id: String,
    /// `confirmed` or `contradicted`.
    pub says: String,
    /// `device` or `contact`.
    pub proof: String,
    /// Whether it counts as a person of its own.
    pub is_counted: bool,
    /// A sentence; empty if none.
    pub words: String,
    /// `none`, `waiting`, `released` or `withheld`.
    pub words_state: String,
    /// When it was said.
    pub at: DateTime<Utc>,
}

/// The sums of a commitment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Sums {
    /// Say it is done.
    pub confirmed: i64,
    /// Say it is not.
    pub contradicted: i64,
    /// Of those who confirm, with a contact.
    pub confirmed_contact: i64,
    /// Of those who contradict, with a contact.
    pub contradicted_contact: i64,
}

macro_rules! voices {
    ($rest:literal) => {
        concat!("SELECT id, says, proof, is_counted, words, words_state, at FROM commitment_voices ", $rest)
    };
}

/// The sums of a commitment.
pub async fn sums(tx: &mut Tx, commitment_id: &str) -> Result<Sums> {
    let sums = tx
        .find(
            "SELECT confirmed, contradicted, confirmed_contact, contradicted_contact FROM commitment_sums WHERE commitment_id = $1",
            (commitment_id.to_owned(),),
        )
        .await?;
    Ok(sums.unwrap_or_default())
}

/// What a device has said of a commitment.
pub async fn by_key(tx: &mut Tx, commitment_id: &str, key_hash: &str) -> Result<Option<Voice>> {
    tx.find(voices!("WHERE commitment_id = $1 AND key_hash = $2"), (commitment_id.to_owned(), key_hash.to_owned())).await
}

/// The voice of an id, if it is of that commitment.
pub async fn by_id(tx: &mut Tx, commitment_id: &str, id: &str) -> Result<Option<Voice>> {
    tx.find(voices!("WHERE id = $2 AND commitment_id = $1"), (commitment_id.to_owned(), id.to_owned())).await
}

/// Stores what a device says. Gives false if it said something before.
pub async fn insert(tx: &mut Tx, commitment_id: &str, key_hash: &str, voice: &Voice) -> Result<bool> {
    let rows = tx
        .exec(
            "INSERT INTO commitment_voices (id, commitment_id, key_hash, says, proof, is_counted, words, words_state, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (commitment_id, key_hash) DO NOTHING",
            (
                voice.id.clone(),
                commitment_id.to_owned(),
                key_hash.to_owned(),
                voice.says.clone(),
                voice.proof.clone(),
                voice.is_counted,
                voice.words.clone(),
                voice.words_state.clone(),
                voice.at,
            ),
        )
        .await?;
    Ok(rows == 1)
}

/// The device says something else now. Gives false if somebody was faster.
pub async fn change(tx: &mut Tx, before: &Voice, after: &Voice) -> Result<bool> {
    let rows = tx
        .exec(
            "UPDATE commitment_voices
             SET says = $5, proof = $6, is_counted = $7, words = $8, words_state = $9, at = $10
             WHERE id = $1 AND says = $2 AND proof = $3 AND at = $4",
            (
                before.id.clone(),
                before.says.clone(),
                before.proof.clone(),
                before.at,
                after.says.clone(),
                after.proof.clone(),
                after.is_counted,
                after.words.clone(),
                after.words_state.clone(),
                after.at,
            ),
        )
        .await?;
    Ok(rows == 1)
}

/// Whose a contact is: that of the voice, or of another one of the commitment. Taken for the voice if it was nobody's.
pub async fn claim_mark(tx: &mut Tx, commitment_id: &str, mark: &str, voice_id: &str) -> Result<bool> {
    tx.exec(
        "INSERT INTO commitment_voice_marks (commitment_id, mark, voice_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        (commitment_id.to_owned(), mark.to_owned(), voice_id.to_owned()),
    )
    .await?;
    let (holder,): (String,) =
        tx.one("SELECT voice_id FROM commitment_voice_marks WHERE commitment_id = $1 AND mark = $2", (commitment_id.to_owned(), mark.to_owned())).await?;
    Ok(holder == voice_id)
}

/// Adds to the sums. Runs with the commit, so that the row is held as shortly as can be.
pub fn add(tx: &mut Tx, commitment_id: &str, by: &Sums) -> Result<()> {
    tx.later(
        "UPDATE commitment_sums
         SET confirmed = confirmed + $2, contradicted = contradicted + $3, confirmed_contact = confirmed_contact + $4,
             contradicted_contact = contradicted_contact + $5
         WHERE commitment_id = $1",
        (commitment_id.to_owned(), by.confirmed, by.contradicted, by.confirmed_contact, by.contradicted_contact),
    )
}

/// Whether a job that renews the public pages is on its way.
pub async fn is_telling(tx: &mut Tx, commitment_id: &str) -> Result<bool> {
    let found: Option<(bool,)> = tx.find("SELECT is_telling FROM commitment_sums WHERE commitment_id = $1", (commitment_id.to_owned(),)).await?;
    Ok(found.is_some_and(|(is_telling,)| is_telling))
}

/// Notes that one is. Gives false if it was noted already.
pub async fn begin_telling(tx: &mut Tx, commitment_id: &str) -> Result<bool> {
    Ok(tx.exec("UPDATE commitment_sums SET is_telling = TRUE WHERE commitment_id = $1 AND is_telling = FALSE", (commitment_id.to_owned(),)).await? == 1)
}

/// It has come.
pub async fn end_telling(tx: &mut Tx, commitment_id: &str) -> Result<()> {
    tx.exec("UPDATE commitment_sums SET is_telling = FALSE WHERE commitment_id = $1", (commitment_id.to_owned(),)).await?;
    Ok(())
}

/// Sentences in a state, the newest first.
pub async fn with_words(tx: &mut Tx, commitment_id: &str, words_state: &'static str, limit: i64) -> Result<Vec<Voice>> {
    tx.all(
        voices!("WHERE commitment_id = $1 AND words_state = $2 AND words_state <> 'none' ORDER BY at DESC, id DESC LIMIT $3"),
        (commitment_id.to_owned(), words_state.to_owned(), limit),
    )
    .await
}

/// Lets a sentence out or keeps it in. Gives false if it has changed since it was read.
pub async fn decide_words(tx: &mut Tx, voice: &Voice, words_state: &'static str) -> Result<bool> {
    let rows = tx
        .exec(
            "UPDATE commitment_voices SET words_state = $3 WHERE id = $1 AND words_state = $2 AND words = $4",
            (voice.id.clone(), voice.words_state.clone(), words_state.to_owned(), voice.words.clone()),
        )
        .await?;
    Ok(rows == 1)
}
