//! SQL of signers and groups.

use crate::db::Tx;
use crate::error::Result;
use crate::petitions::store::people::{self, CasePerson};
use chrono::{DateTime, Utc};

/// One who signed with the sender, without who they are.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Signer {
    /// Their id.
    pub id: String,
    /// The case.
    pub case_id: String,
    /// Their place in the list.
    pub place: i64,
    /// `joined` or `paper`.
    pub origin: String,
    /// `said`, `contact` or `seen`.
    pub proof: String,
    /// Whether a signature or fingerprint was seen.
    pub has_signed: bool,
    /// Whether they speak for the group.
    pub is_representative: bool,
    /// Whether they count as a person of their own.
    pub is_counted: bool,
    /// When they came.
    pub added_at: DateTime<Utc>,
    /// When they withdrew.
    pub left_at: Option<DateTime<Utc>>,
}

/// What is known of a group at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Group {
    /// Those who count and have not left, without the sender.
    pub signers: i64,
    /// Signatures of the list on paper that are missing.
    pub unsigned: i64,
    /// Whether the sender's own signature was seen.
    pub has_sender_signed: bool,
    /// Whether the sender speaks for the group.
    pub is_sender_representative: bool,
    /// Whether the sender has withdrawn.
    pub has_sender_left: bool,
    /// Joined since the record last told.
    pub joined: i64,
    /// Left since the record last told.
    pub gone: i64,
}

/// The group of a case; all zero if the sender is alone.
pub async fn group(tx: &mut Tx, case_id: &str) -> Result<Group> {
    let group = tx
        .find(
            "SELECT signers, unsigned, has_sender_signed, is_sender_representative, has_sender_left, joined, gone FROM case_groups WHERE case_id = $1",
            (case_id.to_owned(),),
        )
        .await?;
    Ok(group.unwrap_or_default())
}

/// Takes so many places in the list of a case and gives the last of them. Locks the group until the transaction ends.
pub async fn take_places(tx: &mut Tx, case_id: &str, count: i64) -> Result<i64> {
    let (last,): (i64,) = tx
        .one(
            "INSERT INTO case_groups (case_id, places, signers, unsigned, has_sender_signed, is_sender_representative, has_sender_left, joined, gone, is_telling)
             VALUES ($1, 1 + $2, 0, 0, FALSE, FALSE, FALSE, 0, 0, FALSE)
             ON CONFLICT (case_id) DO UPDATE SET places = case_groups.places + $2
             RETURNING places",
            (case_id.to_owned(), count),
        )
        .await?;
    Ok(last)
}

/// Raises or lowers the counts of a group.
pub async fn add_counts(tx: &mut Tx, case_id: &str, signers: i64, unsigned: i64, (joined, gone): (i64, i64)) -> Result<()> {
    tx.exec(
        "UPDATE case_groups SET signers = signers + $2, unsigned = unsigned + $3, joined = joined + $4, gone = gone + $5 WHERE case_id = $1",
        (case_id.to_owned(), signers, unsigned, joined, gone),
    )
    .await?;
    Ok(())
}

/// What is known of the sender within the group.
pub async fn set_sender(tx: &mut Tx, case_id: &str, group: &Group) -> Result<()> {
    tx.exec(
        "UPDATE case_groups SET has_sender_signed = $2, is_sender_representative = $3, has_sender_left = $4 WHERE case_id = $1",
        (case_id.to_owned(), group.has_sender_signed, group.is_sender_representative, group.has_sender_left),
    )
    .await?;
    Ok(())
}

/// Notes that a job will tell the record. Gives false if one is on its way already.
pub async fn begin_telling(tx: &mut Tx, case_id: &str) -> Result<bool> {
    Ok(tx.exec("UPDATE case_groups SET is_telling = TRUE WHERE case_id = $1 AND is_telling = FALSE", (case_id.to_owned(),)).await? == 1)
}

/// The record has been told.
pub async fn end_telling(tx: &mut Tx, case_id: &str) -> Result<()> {
    tx.exec("UPDATE case_groups SET is_telling = FALSE, joined = 0, gone = 0 WHERE case_id = $1", (case_id.to_owned(),)).await?;
    Ok(())
}

/// Stores a signer with who they are and by what they are known.
pub fn insert(tx: &mut Tx, signer: &Signer, person: &CasePerson, added_by: Option<&str>, marks: &[String]) -> Result<()> {
    tx.later(
        "INSERT INTO case_signers (id, case_id, place, origin, proof, has_signed, is_representative, is_counted, added_by, added_at, has_email)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        (
            signer.id.clone(),
            signer.case_id.clone(),
            signer.place,
            signer.origin.clone(),
            signer.proof.clone(),
            signer.has_signed,
            signer.is_representative,
            signer.is_counted,
            added_by.map(str::to_owned),
            signer.added_at,
            !person.email.is_empty(),
        ),
    )?;
    people::insert_person(tx, &signer.id, person)?;
    for mark in marks {
        tx.later(
            "INSERT INTO signer_marks (case_id, mark, signer_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            (signer.case_id.clone(), mark.clone(), signer.id.clone()),
        )?;
    }
    Ok(())
}

/// Stores the secret code of a signer. Gives false if it is taken: the same device joined before.
pub async fn insert_code(tx: &mut Tx, code_hash: &str, signer_id: &str) -> Result<bool> {
    let stored = tx.stored_code(code_hash);
    let rows = tx.exec("INSERT INTO signer_codes (code_hash, signer_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", (stored, signer_id.to_owned())).await?;
    Ok(rows == 1)
}

macro_rules! signers {
    ($rest:literal) => {
        concat!(
            "SELECT s.id, s.case_id, s.place, s.origin, s.proof, s.has_signed, s.is_representative, s.is_counted, s.added_at, s.left_at FROM case_signers s ",
            $rest
        )
    };
}

/// The signer a code belongs to.
pub async fn by_code_hash(tx: &mut Tx, code_hash: &str) -> Result<Option<Signer>> {
    let stored = tx.stored_code(code_hash);
    tx.find(signers!("JOIN signer_codes k ON k.signer_id = s.id WHERE k.code_hash = $1"), (stored,)).await
}

/// The signer of an id.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Signer>> {
    tx.find(signers!("WHERE s.id = $1"), (id.to_owned(),)).await
}

/// Signers of a case behind a place, by place.
pub async fn after(tx: &mut Tx, case_id: &str, place: i64, limit: i64) -> Result<Vec<Signer>> {
    tx.all(signers!("WHERE s.case_id = $1 AND s.place > $2 ORDER BY s.place LIMIT $3"), (case_id.to_owned(), place, limit)).await
}

/// Who speaks for the group, beside the sender.
pub async fn representatives(tx: &mut Tx, case_id: &str) -> Result<Vec<Signer>> {
    tx.all(signers!("WHERE s.case_id = $1 AND s.is_representative = TRUE AND s.left_at IS NULL ORDER BY s.place LIMIT 20"), (case_id.to_owned(),)).await
}

/// Who a signer is; empty once it was deleted.
pub async fn person(tx: &mut Tx, signer_id: &str) -> Result<CasePerson> {
    people::person(tx, signer_id).await
}

/// A signer changes where notices go.
pub async fn set_email(tx: &mut Tx, signer_id: &str, email: &str) -> Result<()> {
    people::set_email(tx, signer_id, email).await?;
    tx.exec("UPDATE case_signers SET has_email = $2 WHERE id = $1", (signer_id.to_owned(), !email.is_empty())).await?;
    Ok(())
}

/// Whether a signer of a case who has not left has one of these marks.
pub async fn is_known(tx: &mut Tx, case_id: &str, marks: &[String]) -> Result<bool> {
    for mark in marks {
        let found: Option<(String,)> = tx
            .find(
                "SELECT m.signer_id FROM signer_marks m JOIN case_signers s ON s.id = m.signer_id
                 WHERE m.case_id = $1 AND m.mark = $2 AND s.left_at IS NULL
                 LIMIT 1",
                (case_id.to_owned(), mark.clone()),
            )
            .await?;
        if found.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A signature was seen. Gives false if it had been, or the signer has left.
pub async fn see_signature(tx: &mut Tx, case_id: &str, id: &str) -> Result<bool> {
    let rows = tx
        .exec(
            "UPDATE case_signers SET has_signed = TRUE, proof = 'seen' WHERE id = $1 AND case_id = $2 AND has_signed = FALSE AND left_at IS NULL",
            (id.to_owned(), case_id.to_owned()),
        )
        .await?;
    Ok(rows == 1)
}

/// A signer withdraws. Gives false if they had, or are none of the case.
pub async fn leave(tx: &mut Tx, case_id: &str, id: &str, at: DateTime<Utc>) -> Result<bool> {
    let rows = tx
        .exec(
            "UPDATE case_signers SET left_at = $3, is_representative = FALSE WHERE id = $1 AND case_id = $2 AND left_at IS NULL",
            (id.to_owned(), case_id.to_owned(), at),
        )
        .await?;
    Ok(rows == 1)
}

/// Nobody beside the sender speaks for the group any more.
pub async fn clear_representatives(tx: &mut Tx, case_id: &str) -> Result<()> {
    tx.exec("UPDATE case_signers SET is_representative = FALSE WHERE case_id = $1 AND is_representative = TRUE", (case_id.to_owned(),)).await?;
    Ok(())
}

/// A signer speaks for the group. Gives false if they have left or are none of the case.
pub async fn make_representative(tx: &mut Tx, case_id: &str, id: &str) -> Result<bool> {
    let rows = tx
        .exec("UPDATE case_signers SET is_representative = TRUE WHERE id = $1 AND case_id = $2 AND left_at IS NULL", (id.to_owned(), case_id.to_owned()))
        .await?;
    Ok(rows == 1)
}

/// Those of a case who can be told by mail, behind an id.
pub async fn with_email(tx: &mut Tx, case_id: &str, after_place: i64, limit: i64) -> Result<Vec<(String, i64)>> {
    tx.all(
        "SELECT s.id, s.place FROM case_signers s
         WHERE s.case_id = $1 AND s.place > $2 AND s.left_at IS NULL AND s.has_email = TRUE
         ORDER BY s.place
         LIMIT $3",
        (case_id.to_owned(), after_place, limit),
    )
    .await
}

/// The marks of each signer who counts and has not left: signer, mark (empty for those without). At most `limit` rows.
pub async fn marks(tx: &mut Tx, case_id: &str, limit: i64) -> Result<Vec<(String, String)>> {
    tx.all(
        "SELECT s.id, COALESCE(m.mark, '') FROM case_signers s LEFT JOIN signer_marks m ON m.signer_id = s.id
         WHERE s.case_id = $1 AND s.is_counted = TRUE AND s.left_at IS NULL
         ORDER BY s.place
         LIMIT $2",
        (case_id.to_owned(), limit),
    )
    .await
}

/// Whether anybody signed with the sender, ever.
pub async fn has_group(tx: &mut Tx, case_id: &str) -> Result<bool> {
    let found: Option<(String,)> = tx.find("SELECT case_id FROM case_groups WHERE case_id = $1", (case_id.to_owned(),)).await?;
    Ok(found.is_some())
}
