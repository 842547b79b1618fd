//! SQL of what belongs to a case but stands apart from it: words, messages, notes, answers, public text, rating; who wrote is in [`super::people`].

use crate::db::Tx;
use crate::error::{AppError, Result};
use chrono::{DateTime, NaiveDate, Utc};

pub use super::people::{CasePerson, insert_person, person, set_email};

/// What the citizen wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct CaseText {
    /// One sentence.
    pub title: String,
    /// What happened.
    pub body: String,
    /// The place in words.
    pub place: String,
    /// The person or office it is about, in words; empty if nobody was named.
    pub about: String,
    /// North, in millionths of a degree.
    pub latitude_e6: Option<i64>,
    /// East, in millionths of a degree.
    pub longitude_e6: Option<i64>,
}

/// Stores the citizen's words.
pub fn insert_text(tx: &mut Tx, case_id: &str, text: &CaseText) -> Result<()> {
    tx.later(
        "INSERT INTO case_texts (case_id, title, body, place, about, latitude_e6, longitude_e6) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        (case_id.to_owned(), text.title.clone(), text.body.clone(), text.place.clone(), text.about.clone(), text.latitude_e6, text.longitude_e6),
    )
}

/// The citizen's words; empty once they were deleted.
pub async fn text(tx: &mut Tx, case_id: &str) -> Result<CaseText> {
    let text = tx.find("SELECT title, body, place, about, latitude_e6, longitude_e6 FROM case_texts WHERE case_id = $1", (case_id.to_owned(),)).await?;
    Ok(text.unwrap_or_default())
}

/// A message between the citizen and the office.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// `citizen` or `official`.
    pub side: String,
    /// The official, if it was one.
    pub author_id: Option<String>,
    /// What was written.
    pub body: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Message {
    /// Whether the citizen wrote it.
    pub fn is_from_citizen(&self) -> bool {
        self.side == "citizen"
    }
}

/// Stores a message.
pub async fn insert_message(tx: &mut Tx, case_id: &str, message: &Message) -> Result<()> {
    tx.exec(
        "INSERT INTO messages (id, case_id, side, author_id, body, at) VALUES ($1, $2, $3, $4, $5, $6)",
        (message.id.clone(), case_id.to_owned(), message.side.clone(), message.author_id.clone(), message.body.clone(), message.at),
    )
    .await?;
    Ok(())
}

/// Stores a message unless its id is taken. Gives whether it did.
pub async fn insert_message_once(tx: &mut Tx, case_id: &str, message: &Message) -> Result<bool> {
    let rows = tx
        .exec(
            "INSERT INTO messages (id, case_id, side, author_id, body, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING",
            (message.id.clone(), case_id.to_owned(), message.side.clone(), message.author_id.clone(), message.body.clone(), message.at),
        )
        .await?;
    Ok(rows == 1)
}

/// All messages of a case, oldest first.
pub async fn messages(tx: &mut Tx, case_id: &str) -> Result<Vec<Message>> {
    tx.all("SELECT id, side, author_id, body, at FROM messages WHERE case_id = $1 ORDER BY at, id", (case_id.to_owned(),)).await
}

/// An internal note.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Note {
    /// Its id.
    pub id: String,
    /// Who wrote it.
    pub author_id: String,
    /// Their name.
    pub author_name: String,
    /// What was written.
    pub body: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Stores a note.
pub async fn insert_note(tx: &mut Tx, id: &str, case_id: &str, author_id: &str, body: &str, at: DateTime<Utc>) -> Result<()> {
    tx.exec(
        "INSERT INTO notes (id, case_id, author_id, body, at) VALUES ($1, $2, $3, $4, $5)",
        (id.to_owned(), case_id.to_owned(), author_id.to_owned(), body.to_owned(), at),
    )
    .await?;
    Ok(())
}

/// All notes of a case, oldest first.
pub async fn notes(tx: &mut Tx, case_id: &str) -> Result<Vec<Note>> {
    tx.all(
        "SELECT n.id, n.author_id, a.display_name AS author_name, n.body, n.at
         FROM notes n
         JOIN accounts a ON a.id = n.author_id
         WHERE n.case_id = $1
         ORDER BY n.at, n.id",
        (case_id.to_owned(),),
    )
    .await
}

/// An answer, from draft to release.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Answer {
    /// Its id.
    pub id: String,
    /// Light Markdown as written.
    pub body: String,
    /// `proposed`, `returned` or `approved`.
    pub state: String,
    /// Who drafted it.
    pub drafted_by: String,
    /// Their name.
    pub drafted_by_name: String,
    /// When.
    pub drafted_at: DateTime<Utc>,
    /// Why it was sent back; empty if it was not.
    pub return_reason: String,
    /// The day by which something is promised, if something is.
    pub promised_on: Option<NaiveDate>,
}

/// Stores a draft that waits for the second person.
pub async fn insert_answer(
    tx: &mut Tx,
    id: &str,
    case_id: &str,
    author_id: &str,
    (body, promised_on): (&str, Option<NaiveDate>),
    at: DateTime<Utc>,
) -> Result<()> {
    tx.exec(
        "INSERT INTO answers (id, case_id, body, state, drafted_by, drafted_at, return_reason, promised_on) VALUES ($1, $2, $3, 'proposed', $4, $5, '', $6)",
        (id.to_owned(), case_id.to_owned(), body.to_owned(), author_id.to_owned(), at, promised_on),
    )
    .await?;
    Ok(())
}

/// The second person decides on a draft. `state` is `approved` or `returned`.
///
/// # Errors
/// [`AppError::Conflict`] if the draft is no longer waiting.
pub async fn decide_answer(tx: &mut Tx, id: &str, state: &str, by: &str, at: DateTime<Utc>, reason: &str) -> Result<()> {
    let changed = tx
        .exec(
            "UPDATE answers SET state = $2, decided_by = $3, decided_at = $4, return_reason = $5 WHERE id = $1 AND state = 'proposed'",
            (id.to_owned(), state.to_owned(), by.to_owned(), at, reason.to_owned()),
        )
        .await?;
    if changed == 1 { Ok(()) } else { Err(AppError::Conflict) }
}

/// All answers of a case, oldest first.
pub async fn answers(tx: &mut Tx, case_id: &str) -> Result<Vec<Answer>> {
    tx.all(
        "SELECT w.id, w.body, w.state, w.drafted_by, a.display_name AS drafted_by_name, w.drafted_at, w.return_reason, w.promised_on
         FROM answers w
         JOIN accounts a ON a.id = w.drafted_by
         WHERE w.case_id = $1
         ORDER BY w.drafted_at, w.id",
        (case_id.to_owned(),),
    )
    .await
}

/// The edited public text.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PublicText {
    /// One sentence without anything personal.
    pub title: String,
    /// What happened, without anything personal.
    pub body: String,
    /// `proposed` or `approved`.
    pub state: String,
    /// Who proposed it.
    pub proposed_by: String,
    /// Their name.
    pub proposed_by_name: String,
}

/// Proposes a public text, in place of an earlier one.
pub async fn propose_public_text(tx: &mut Tx, case_id: &str, title: &str, body: &str, by: &str, at: DateTime<Utc>) -> Result<()> {
    tx.exec(
        "INSERT INTO public_texts (case_id, title, body, state, proposed_by, proposed_at)
         VALUES ($1, $2, $3, 'proposed', $4, $5)
         ON CONFLICT (case_id) DO UPDATE
         SET title = excluded.title, body = excluded.body, state = 'proposed', proposed_by = excluded.proposed_by,
             proposed_at = excluded.proposed_at, approved_by = NULL, approved_at = NULL",
        (case_id.to_owned(), title.to_owned(), body.to_owned(), by.to_owned(), at),
    )
    .await?;
    Ok(())
}

/// A second person lets the public text out.
///
/// # Errors
/// [`AppError::Conflict`] if no text is waiting.
pub async fn approve_public_text(tx: &mut Tx, case_id: &str, by: &str, at: DateTime<Utc>) -> Result<()> {
    let changed = tx
        .exec(
            "UPDATE public_texts SET state = 'approved', approved_by = $2, approved_at = $3 WHERE case_id = $1 AND state = 'proposed'",
            (case_id.to_owned(), by.to_owned(), at),
        )
        .await?;
    if changed == 1 { Ok(()) } else { Err(AppError::Conflict) }
}

/// The public text of a case, proposed or approved.
pub async fn public_text(tx: &mut Tx, case_id: &str) -> Result<Option<PublicText>> {
    tx.find(
        "SELECT p.title, p.body, p.state, p.proposed_by, a.display_name AS proposed_by_name
         FROM public_texts p
         JOIN accounts a ON a.id = p.proposed_by
         WHERE p.case_id = $1",
        (case_id.to_owned(),),
    )
    .await
}

/// The citizen's rating, each from 1 to 5.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Rating {
    /// Is the answer easy to understand?
    pub clarity: i64,
    /// Was one treated with respect?
    pub attitude: i64,
    /// Is the matter solved?
    pub result: i64,
    /// In the citizen's words. Not public.
    pub comment: String,
}

/// Stores a rating. Gives false if there is one already.
pub async fn insert_rating(tx: &mut Tx, case_id: &str, rating: &Rating, at: DateTime<Utc>) -> Result<bool> {
    let changed = tx
        .exec(
            "INSERT INTO ratings (case_id, clarity, attitude, result, comment, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (case_id) DO NOTHING",
            (case_id.to_owned(), rating.clarity, rating.attitude, rating.result, rating.comment.clone(), at),
        )
        .await?;
    Ok(changed == 1)
}

/// The rating of a case.
pub async fn rating(tx: &mut Tx, case_id: &str) -> Result<Option<Rating>> {
    tx.find("SELECT clarity, attitude, result, comment FROM ratings WHERE case_id = $1", (case_id.to_owned(),)).await
}
