//! SQL of what belongs to a case but stands apart from it: words, messages, notes, answers, public text, rating; who wrote is in [`super::people`].

use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::petitions::rules::{Case, Kind};
use crate::vault::kept::{self, Joined, Kept, Purpose};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use super::people::{CasePerson, insert_person, person, set_email};

/// What the citizen wrote. Of a denunciation it is sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow, Serialize, Deserialize)]
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
    /// It is stored, and its key is not there.
    #[sqlx(default)]
    #[serde(skip)]
    pub is_locked: bool,
}

/// Stores the citizen's words; those of a denunciation sealed.
///
/// # Errors
/// [`AppError::Unavailable`] for a denunciation without a key.
pub fn insert_text(tx: &mut Tx, kind: Kind, case_id: &str, text: &CaseText) -> Result<()> {
    if kind == Kind::Denunciation {
        return kept::put(tx, Purpose::Words, case_id, text);
    }
    tx.later(
        "INSERT INTO case_texts (case_id, title, body, place, about, latitude_e6, longitude_e6) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        (case_id.to_owned(), text.title.clone(), text.body.clone(), text.place.clone(), text.about.clone(), text.latitude_e6, text.longitude_e6),
    )
}

/// The citizen's own words; empty once they were deleted. For the citizen, and for what the portal itself works out: officials read
/// [`for_officials`].
pub async fn text(tx: &mut Tx, case_id: &str) -> Result<CaseText> {
    let text = tx.find("SELECT title, body, place, about, latitude_e6, longitude_e6 FROM case_texts WHERE case_id = $1", (case_id.to_owned(),)).await?;
    if let Some(text) = text {
        return Ok(text);
    }
    Ok(match kept::get(tx, Purpose::Words, case_id).await? {
        Kept::Open(text) => text,
        Kept::Nothing => CaseText::default(),
        Kept::Locked => CaseText { is_locked: true, ..CaseText::default() },
    })
}

/// What officials read of a case without opening anything: the citizen's words; of a denunciation the text that was prepared for those who
/// handle it, and nothing before there is one.
pub async fn for_officials(tx: &mut Tx, case: &Case) -> Result<CaseText> {
    if case.kind != Kind::Denunciation {
        return text(tx, &case.id).await;
    }
    let working = super::working::of_case(tx, &case.id).await?;
    let is_locked = working.is_locked();
    Ok(working.open().map_or(CaseText { is_locked, ..CaseText::default() }, |text| CaseText { title: text.title, body: text.body, ..CaseText::default() }))
}

/// Changes sentence and words of a case.
///
/// # Errors
/// [`AppError::Unavailable`] for a denunciation whose key is not there.
pub async fn set_words(tx: &mut Tx, case: &Case, title: &str, body: &str) -> Result<()> {
    if case.kind == Kind::Denunciation {
        let text: CaseText = kept::get(tx, Purpose::Words, &case.id).await?.readable()?.unwrap_or_default();
        return kept::put(tx, Purpose::Words, &case.id, &CaseText { title: title.to_owned(), body: body.to_owned(), ..text });
    }
    tx.exec("UPDATE case_texts SET title = $2, body = $3 WHERE case_id = $1", (case.id.clone(), title.to_owned(), body.to_owned())).await?;
    Ok(())
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
    /// What was written. Of a denunciation it is sealed.
    pub body: String,
    /// When.
    pub at: DateTime<Utc>,
    /// It is stored, and its key is not there.
    #[sqlx(default)]
    pub is_locked: bool,
}

impl Message {
    /// Whether the citizen wrote it.
    pub fn is_from_citizen(&self) -> bool {
        self.side == "citizen"
    }
}

/// What stands in the open of words that belong to a case: nothing, where it is a denunciation.
fn open_part(kind: Kind, body: &str) -> String {
    if kind == Kind::Denunciation { String::new() } else { body.to_owned() }
}

/// Stores a message. Gives false where its id is taken.
///
/// # Errors
/// [`AppError::Unavailable`] for a denunciation without a key.
pub async fn insert_message_once(tx: &mut Tx, case: &Case, message: &Message) -> Result<bool> {
    let rows = tx
        .exec(
            "INSERT INTO messages (id, case_id, side, author_id, body, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING",
            (message.id.clone(), case.id.clone(), message.side.clone(), message.author_id.clone(), open_part(case.kind, &message.body), message.at),
        )
        .await?;
    if rows == 1 && case.kind == Kind::Denunciation {
        kept::put(tx, Purpose::Message, &message.id, &message.body)?;
    }
    Ok(rows == 1)
}

/// The same where the id is new.
///
/// # Errors
/// [`AppError::Conflict`] where it is not.
pub async fn insert_message(tx: &mut Tx, case: &Case, message: &Message) -> Result<()> {
    if insert_message_once(tx, case, message).await? { Ok(()) } else { Err(AppError::Conflict) }
}

#[derive(sqlx::FromRow)]
struct MessageRow {
    #[sqlx(flatten)]
    message: Message,
    #[sqlx(flatten)]
    kept: Joined,
}

/// All messages of a case, oldest first.
pub async fn messages(tx: &mut Tx, case_id: &str) -> Result<Vec<Message>> {
    let rows: Vec<MessageRow> = tx
        .all(
            "SELECT m.id, m.side, m.author_id, m.body, m.at, s.key_name, s.wrapped, s.sealed
             FROM messages m
             LEFT JOIN sealed_values s ON s.purpose = 'message' AND s.owner_id = m.id
             WHERE m.case_id = $1
             ORDER BY m.at, m.id",
            (case_id.to_owned(),),
        )
        .await?;
    let vault = tx.vault();
    let opened = |MessageRow { message, kept }: MessageRow| match kept.open(vault, Purpose::Message, &message.id) {
        Kept::Open(body) => Message { body, ..message },
        Kept::Nothing => message,
        Kept::Locked => Message { is_locked: true, ..message },
    };
    Ok(rows.into_iter().map(opened).collect())
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
    /// What was written. Of a denunciation it is sealed.
    pub body: String,
    /// When.
    pub at: DateTime<Utc>,
    /// It is stored, and its key is not there.
    #[sqlx(default)]
    pub is_locked: bool,
}

/// Stores a note.
///
/// # Errors
/// [`AppError::Unavailable`] for a denunciation without a key.
pub async fn insert_note(tx: &mut Tx, id: &str, case: &Case, author_id: &str, body: &str, at: DateTime<Utc>) -> Result<()> {
    tx.exec(
        "INSERT INTO notes (id, case_id, author_id, body, at) VALUES ($1, $2, $3, $4, $5)",
        (id.to_owned(), case.id.clone(), author_id.to_owned(), open_part(case.kind, body), at),
    )
    .await?;
    if case.kind == Kind::Denunciation {
        kept::put(tx, Purpose::Note, id, &body.to_owned())?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct NoteRow {
    #[sqlx(flatten)]
    note: Note,
    #[sqlx(flatten)]
    kept: Joined,
}

/// All notes of a case, oldest first.
pub async fn notes(tx: &mut Tx, case_id: &str) -> Result<Vec<Note>> {
    let rows: Vec<NoteRow> = tx
        .all(
            "SELECT n.id, n.author_id, a.display_name AS author_name, n.body, n.at, s.key_name, s.wrapped, s.sealed
             FROM notes n
             JOIN accounts a ON a.id = n.author_id
             LEFT JOIN sealed_values s ON s.purpose = 'note' AND s.owner_id = n.id
             WHERE n.case_id = $1
             ORDER BY n.at, n.id",
            (case_id.to_owned(),),
        )
        .await?;
    let vault = tx.vault();
    let opened = |NoteRow { note, kept }: NoteRow| match kept.open(vault, Purpose::Note, &note.id) {
        Kept::Open(body) => Note { body, ..note },
        Kept::Nothing => note,
        Kept::Locked => Note { is_locked: true, ..note },
    };
    Ok(rows.into_iter().map(opened).collect())
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
///
/// # Errors
/// [`AppError::Unavailable`] for words about a denunciation without a key: they are sealed.
pub async fn insert_rating(tx: &mut Tx, case: &Case, rating: &Rating, at: DateTime<Utc>) -> Result<bool> {
    let changed = tx
        .exec(
            "INSERT INTO ratings (case_id, clarity, attitude, result, comment, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (case_id) DO NOTHING",
            (case.id.clone(), rating.clarity, rating.attitude, rating.result, open_part(case.kind, &rating.comment), at),
        )
        .await?;
    if changed == 1 && case.kind == Kind::Denunciation && !rating.comment.is_empty() {
        kept::put(tx, Purpose::Rating, &case.id, &rating.comment)?;
    }
    Ok(changed == 1)
}

/// The rating of a case.
pub async fn rating(tx: &mut Tx, case_id: &str) -> Result<Option<Rating>> {
    let rating: Option<Rating> = tx.find("SELECT clarity, attitude, result, comment FROM ratings WHERE case_id = $1", (case_id.to_owned(),)).await?;
    let Some(rating) = rating else { return Ok(None) };
    if !rating.comment.is_empty() {
        return Ok(Some(rating));
    }
    let comment = kept::get(tx, Purpose::Rating, case_id).await?.open().unwrap_or_default();
    Ok(Some(Rating { comment, ..rating }))
}
