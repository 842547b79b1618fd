//! SQL of what officials put to a case to sort and hurry their work: tags and nudges (mentions, reminders).

use crate::db::Tx;
use crate::error::Result;
use crate::petitions::rules::Case;
use chrono::{DateTime, Utc};

/// An authority's word for a group of cases.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Tag {
    /// Its id.
    pub id: String,
    /// As it is shown.
    pub name: String,
}

/// The most tags of an authority that are listed.
pub const TAGS_MAX: i64 = 300;

/// The tags of an authority, by name.
pub async fn tags_of(tx: &mut Tx, body_id: &str) -> Result<Vec<Tag>> {
    tx.all("SELECT id, name FROM tags WHERE body_id = $1 ORDER BY folded LIMIT $2", (body_id.to_owned(), TAGS_MAX)).await
}

/// The tag with that word, in lower case.
pub async fn tag_named(tx: &mut Tx, body_id: &str, folded: &str) -> Result<Option<Tag>> {
    tx.find("SELECT id, name FROM tags WHERE body_id = $1 AND folded = $2", (body_id.to_owned(), folded.to_owned())).await
}

/// Tags by their ids, whatever authority they are of: for a history, which outlives a move.
pub async fn tag(tx: &mut Tx, tag_id: &str) -> Result<Option<Tag>> {
    tx.find("SELECT id, name FROM tags WHERE id = $1", (tag_id.to_owned(),)).await
}

/// Makes a tag. False where the word is taken.
pub async fn insert_tag(tx: &mut Tx, tag: &Tag, body_id: &str, folded: &str, by: &str, at: DateTime<Utc>) -> Result<bool> {
    let rows = tx
        .exec(
            "INSERT INTO tags (id, body_id, name, folded, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
            (tag.id.clone(), body_id.to_owned(), tag.name.clone(), folded.to_owned(), by.to_owned(), at),
        )
        .await?;
    Ok(rows == 1)
}

/// Gives a tag another word. False where there is no such tag; a word that is taken is a unique violation.
pub async fn rename_tag(tx: &mut Tx, tag_id: &str, body_id: &str, name: &str, folded: &str) -> Result<bool> {
    let rows = tx
        .exec(
            "UPDATE tags SET name = $3, folded = $4 WHERE id = $1 AND body_id = $2",
            (tag_id.to_owned(), body_id.to_owned(), name.to_owned(), folded.to_owned()),
        )
        .await?;
    Ok(rows == 1)
}

/// The tags of a case that are words of the authority that has it, by name.
pub async fn tags_of_case(tx: &mut Tx, case: &Case) -> Result<Vec<Tag>> {
    tx.all(
        "SELECT t.id, t.name
         FROM case_tags g
         JOIN tags t ON t.id = g.tag_id
         WHERE g.case_id = $1 AND t.body_id = $2
         ORDER BY t.folded",
        (case.id.clone(), case.body_id.clone()),
    )
    .await
}

/// Puts a case among those of a tag. False where it is there.
pub async fn put_tag(tx: &mut Tx, case: &Case, tag_id: &str) -> Result<bool> {
    let rows = tx
        .exec(
            "INSERT INTO case_tags (case_id, tag_id, is_open, due_on, changed_at, state, body_id, kind, unit_id, handler_id, area_code, flags)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
             ON CONFLICT (case_id, tag_id) DO NOTHING",
            (
                case.id.clone(),
                tag_id.to_owned(),
                case.is_open,
                case.due_on,
                case.changed_at,
                case.state,
                case.body_id.clone(),
                case.kind,
                case.unit_id.clone(),
                case.handler_id.clone(),
                case.area_code.clone(),
                case.flags,
            ),
        )
        .await?;
    Ok(rows == 1)
}

/// Takes a case out of a tag. False where it is not in it.
pub async fn take_tag(tx: &mut Tx, case: &Case, tag_id: &str) -> Result<bool> {
    Ok(tx.exec("DELETE FROM case_tags WHERE case_id = $1 AND tag_id = $2", (case.id.clone(), tag_id.to_owned())).await? == 1)
}

/// Keeps what stands beside a case's tags up with the case. Its area never changes.
pub(super) fn follow(tx: &mut Tx, after: &Case) -> Result<()> {
    tx.later(
        "UPDATE case_tags SET is_open = $2, due_on = $3, changed_at = $4, state = $5, body_id = $6, kind = $7, unit_id = $8, handler_id = $9, flags = $10
         WHERE case_id = $1",
        (
            after.id.clone(),
            after.is_open,
            after.due_on,
            after.changed_at,
            after.state,
            after.body_id.clone(),
            after.kind,
            after.unit_id.clone(),
            after.handler_id.clone(),
            after.flags,
        ),
    )
}

/// Why a case was put before somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
pub enum NudgeKind {
    /// Named in a note.
    Mention,
    /// Reminded (đôn đốc).
    Reminder,
}

/// A case put before somebody.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Nudge {
    /// The note with the words.
    pub note_id: String,
    /// The case.
    pub case_id: String,
    /// Why.
    pub kind: NudgeKind,
    /// Who did it, as colleagues see them.
    pub by_name: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The words.
    pub body: String,
}

/// The most unread nudges that are looked at.
pub const NUDGES_MAX: i64 = 200;

/// Puts a case before somebody.
pub async fn insert_nudge(tx: &mut Tx, note_id: &str, account_id: &str, case_id: &str, kind: NudgeKind, by: &str, at: DateTime<Utc>) -> Result<()> {
    tx.exec(
        "INSERT INTO nudges (note_id, account_id, case_id, kind, by_id, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (note_id, account_id) DO NOTHING",
        (note_id.to_owned(), account_id.to_owned(), case_id.to_owned(), kind, by.to_owned(), at),
    )
    .await?;
    Ok(())
}

/// What somebody has not read yet, the newest first.
pub async fn unread(tx: &mut Tx, account_id: &str) -> Result<Vec<Nudge>> {
    tx.all(
        "SELECT n.note_id, n.case_id, n.kind, a.display_name AS by_name, n.at, w.body
         FROM nudges n
         JOIN notes w ON w.id = n.note_id
         JOIN accounts a ON a.id = n.by_id
         WHERE n.account_id = $1 AND n.read_at IS NULL
         ORDER BY n.at DESC, n.note_id DESC
         LIMIT $2",
        (account_id.to_owned(), NUDGES_MAX),
    )
    .await
}

/// Somebody has read what was put before them about a case. Gives how many there were.
pub async fn mark_read(tx: &mut Tx, account_id: &str, case_id: &str, at: DateTime<Utc>) -> Result<u64> {
    tx.exec("UPDATE nudges SET read_at = $3 WHERE account_id = $1 AND case_id = $2 AND read_at IS NULL", (account_id.to_owned(), case_id.to_owned(), at)).await
}

/// The names of those a note was put before.
pub async fn named_in(tx: &mut Tx, case_id: &str) -> Result<Vec<(String, String)>> {
    tx.all(
        "SELECT n.note_id, a.display_name
         FROM nudges n
         JOIN accounts a ON a.id = n.account_id
         WHERE n.case_id = $1
         ORDER BY n.note_id, a.display_name",
        (case_id.to_owned(),),
    )
    .await
}
