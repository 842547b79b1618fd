//! SQL of citizens' accounts.

use crate::db::Tx;
use crate::error::Result;
use crate::petitions::rules::Case;
use crate::vault::envelope::Sealed;
use chrono::{DateTime, Utc};

/// An account; who it is lies sealed elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Citizen {
    /// Its id, under which the person is sealed.
    pub id: String,
    /// Whether a contact is proven.
    pub has_contact: bool,
    /// Whether a national identity is known.
    pub has_identity: bool,
    /// The level of assurance it told; empty without one.
    pub identity_level: String,
    /// When it was proven last.
    pub identified_at: Option<DateTime<Utc>>,
    /// Sign-ins of an earlier round are over.
    pub round: i64,
}

/// By what an account is found.
#[derive(Clone, Copy, Debug)]
pub(super) enum By<'a> {
    Contact(&'a str),
    Identity(&'a str),
}

/// The account of an id.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Citizen>> {
    tx.find(
        "SELECT id, contact_mark IS NOT NULL AS has_contact, identity_mark IS NOT NULL AS has_identity, identity_level, identified_at, round
         FROM citizens WHERE id = $1",
        (id.to_owned(),),
    )
    .await
}

/// The id and round of the account with a mark.
pub(super) async fn find(tx: &mut Tx, by: By<'_>) -> Result<Option<(String, i64)>> {
    match by {
        By::Contact(mark) => tx.find("SELECT id, round FROM citizens WHERE contact_mark = $1", (mark.to_owned(),)).await,
        By::Identity(mark) => tx.find("SELECT id, round FROM citizens WHERE identity_mark = $1", (mark.to_owned(),)).await,
    }
}

/// A new account. False if somebody with the same mark was faster.
pub(super) async fn insert(tx: &mut Tx, id: &str, by: By<'_>, now: DateTime<Utc>) -> Result<bool> {
    let (contact, identity) = match by {
        By::Contact(mark) => (Some(mark.to_owned()), None),
        By::Identity(mark) => (None, Some(mark.to_owned())),
    };
    let rows = tx
        .exec(
            "INSERT INTO citizens (id, contact_mark, identity_mark, identity_level, round, created_at) VALUES ($1, $2, $3, '', 0, $4) ON CONFLICT DO NOTHING",
            (id.to_owned(), contact, identity, now),
        )
        .await?;
    Ok(rows == 1)
}

/// Another contact. Sign-ins made with the old one end.
pub(super) async fn set_contact(tx: &mut Tx, id: &str, mark: &str) -> Result<()> {
    tx.exec("UPDATE citizens SET contact_mark = $2, round = round + 1 WHERE id = $1", (id.to_owned(), mark.to_owned())).await?;
    Ok(())
}

/// A national identity, proven now.
pub(super) async fn set_identity(tx: &mut Tx, id: &str, mark: &str, level: &str, now: DateTime<Utc>) -> Result<()> {
    tx.exec(
        "UPDATE citizens SET identity_mark = $2, identity_level = $3, identified_at = $4 WHERE id = $1",
        (id.to_owned(), mark.to_owned(), level.to_owned(), now),
    )
    .await?;
    Ok(())
}

/// All sign-ins end.
pub(super) async fn next_round(tx: &mut Tx, id: &str) -> Result<()> {
    tx.exec("UPDATE citizens SET round = round + 1 WHERE id = $1", (id.to_owned(),)).await?;
    Ok(())
}

/// The account goes, with what it kept. Cases stay what they are.
pub(super) async fn delete(tx: &mut Tx, id: &str) -> Result<()> {
    for statement in [
        "DELETE FROM citizen_cases WHERE citizen_id = $1",
        "DELETE FROM citizen_sealed_cases WHERE citizen_id = $1",
        "DELETE FROM citizen_codes WHERE citizen_id = $1",
        "DELETE FROM sealed_people WHERE owner_id = $1",
        "DELETE FROM citizens WHERE id = $1",
    ] {
        tx.exec(statement, (id.to_owned(),)).await?;
    }
    Ok(())
}

// ---- cases ----

/// Puts a case into an account. An account that was closed meanwhile takes none, and nothing fails.
pub(super) async fn add_case(tx: &mut Tx, citizen_id: &str, case_id: &str, now: DateTime<Utc>) -> Result<()> {
    tx.exec(
        "INSERT INTO citizen_cases (citizen_id, case_id, added_at) SELECT id, $2, $3 FROM citizens WHERE id = $1 ON CONFLICT DO NOTHING",
        (citizen_id.to_owned(), case_id.to_owned(), now),
    )
    .await?;
    Ok(())
}

/// Takes a case out.
pub(super) async fn remove_case(tx: &mut Tx, citizen_id: &str, case_id: &str) -> Result<()> {
    tx.exec("DELETE FROM citizen_cases WHERE citizen_id = $1 AND case_id = $2", (citizen_id.to_owned(), case_id.to_owned())).await?;
    Ok(())
}

/// A case of an account with its title.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Kept {
    /// The case.
    #[sqlx(flatten)]
    pub case: Case,
    /// What the sender called it.
    pub title: String,
}

/// Cases of an account, the newest first.
pub(super) async fn cases(tx: &mut Tx, citizen_id: &str, limit: i64) -> Result<Vec<Kept>> {
    tx.all(
        "SELECT c.*, COALESCE(t.title, '') AS title
         FROM citizen_cases k
         JOIN cases c ON c.id = k.case_id
         LEFT JOIN case_texts t ON t.case_id = c.id
         WHERE k.citizen_id = $1
         ORDER BY c.filed_at DESC, c.id
         LIMIT $2",
        (citizen_id.to_owned(), limit),
    )
    .await
}

/// A case, if the account has it.
pub(super) async fn case_of(tx: &mut Tx, citizen_id: &str, case_id: &str) -> Result<Option<Case>> {
    tx.find(
        "SELECT c.* FROM citizen_cases k JOIN cases c ON c.id = k.case_id WHERE k.citizen_id = $1 AND k.case_id = $2",
        (citizen_id.to_owned(), case_id.to_owned()),
    )
    .await
}

/// How many cases and denunciations an account has.
pub(super) async fn count(tx: &mut Tx, citizen_id: &str) -> Result<i64> {
    let row: Option<(i64,)> = tx
        .find(
            "SELECT (SELECT COUNT(*) FROM citizen_cases WHERE citizen_id = $1) + (SELECT COUNT(*) FROM citizen_sealed_cases WHERE citizen_id = $1)",
            (citizen_id.to_owned(),),
        )
        .await?;
    Ok(row.map_or(0, |(count,)| count))
}

/// Remembers that there is a denunciation.
pub(super) async fn add_sealed(tx: &mut Tx, citizen_id: &str, mark: &str, now: DateTime<Utc>) -> Result<()> {
    tx.exec(
        "INSERT INTO citizen_sealed_cases (citizen_id, mark, added_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        (citizen_id.to_owned(), mark.to_owned(), now),
    )
    .await?;
    Ok(())
}

/// Forgets it.
pub(super) async fn remove_sealed(tx: &mut Tx, citizen_id: &str, mark: &str) -> Result<()> {
    tx.exec("DELETE FROM citizen_sealed_cases WHERE citizen_id = $1 AND mark = $2", (citizen_id.to_owned(), mark.to_owned())).await?;
    Ok(())
}

/// Denunciations an account is reminded of: their marks and since when.
pub(super) async fn sealed(tx: &mut Tx, citizen_id: &str, limit: i64) -> Result<Vec<(String, DateTime<Utc>)>> {
    tx.all("SELECT mark, added_at FROM citizen_sealed_cases WHERE citizen_id = $1 ORDER BY added_at, mark LIMIT $2", (citizen_id.to_owned(), limit)).await
}

// ---- codes ----

/// A code that was sent.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct CodeRow {
    /// Whose contact is being changed; none: somebody signs in.
    pub citizen_id: Option<String>,
    /// Contact and code.
    #[sqlx(flatten)]
    pub sealed: Sealed,
}

pub(super) async fn insert_code(tx: &mut Tx, id: &str, row: CodeRow, expires_at: DateTime<Utc>) -> Result<()> {
    let CodeRow { citizen_id, sealed } = row;
    tx.exec(
        "INSERT INTO citizen_codes (id, citizen_id, key_name, wrapped, sealed, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
        (id.to_owned(), citizen_id, sealed.key_name, sealed.wrapped, sealed.sealed, expires_at),
    )
    .await?;
    Ok(())
}

pub(super) async fn code(tx: &mut Tx, id: &str, now: DateTime<Utc>) -> Result<Option<CodeRow>> {
    tx.find("SELECT citizen_id, key_name, wrapped, sealed FROM citizen_codes WHERE id = $1 AND expires_at > $2", (id.to_owned(), now)).await
}

/// Uses a code up; false if somebody was faster.
pub(super) async fn delete_code(tx: &mut Tx, id: &str) -> Result<bool> {
    Ok(tx.exec("DELETE FROM citizen_codes WHERE id = $1", (id.to_owned(),)).await? == 1)
}

pub(super) async fn delete_expired_codes(tx: &mut Tx, now: DateTime<Utc>) -> Result<()> {
    tx.exec("DELETE FROM citizen_codes WHERE expires_at <= $1", (now,)).await?;
    Ok(())
}

/// The most sessions of one account that are listed.
const SESSIONS_MAX: i64 = 100;

/// The sessions of an account: how each is stored, and what is in it. Those last used come first.
pub(super) async fn sessions_of(tx: &mut Tx, citizen_id: &str, now: DateTime<Utc>) -> Result<Vec<(String, String)>> {
    tx.all(
        "SELECT id_hash, data FROM sessions WHERE citizen_id = $1 AND expires_at > $2 ORDER BY expires_at DESC, id_hash LIMIT $3",
        (citizen_id.to_owned(), now, SESSIONS_MAX),
    )
    .await
}

/// Ends one session of an account; false if it has none such.
pub(super) async fn delete_session_of(tx: &mut Tx, citizen_id: &str, id_hash: &str) -> Result<bool> {
    Ok(tx.exec("DELETE FROM sessions WHERE citizen_id = $1 AND id_hash = $2", (citizen_id.to_owned(), id_hash.to_owned())).await? == 1)
}
