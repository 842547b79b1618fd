//! SQL of the rows of photos and papers. The bytes lie in the object store, see [`super::key`].

use super::kinds::{PAPERS_PER_CASE_MAX, PaperKind};
use super::upload::NewPaper;
use crate::db::Tx;
use crate::error::Result;
use chrono::{DateTime, Utc};

/// A photo or paper.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Paper {
    /// Its id.
    pub id: String,
    /// The draft it belongs to, until that is sent.
    pub draft_id: Option<String>,
    /// The case it belongs to.
    pub case_id: Option<String>,
    /// The message it came with, if it came later than the petition.
    pub message_id: Option<String>,
    /// `jpeg`, `png`, `webp` or `pdf`.
    pub kind: String,
    /// Size of what is kept, in bytes.
    pub bytes: i64,
    /// Width of a picture, in pixels.
    pub width: Option<i64>,
    /// Height of a picture, in pixels.
    pub height: Option<i64>,
    /// Whether there is a small picture.
    pub has_thumb: bool,
    /// The name it came with. It may name a person: shown to sender and handler only.
    pub original_name: String,
    /// When it came.
    pub at: DateTime<Utc>,
}

impl Paper {
    /// Whether it can stand in a page as a picture.
    pub fn is_picture(&self) -> bool {
        self.kind != PaperKind::Pdf.as_str()
    }
}

/// Whom a new paper belongs to.
#[derive(Clone, Copy, Debug)]
pub enum Owner<'a> {
    /// A draft, by its id in the database.
    Draft(&'a str),
    /// A case, and the message it came with if there is one.
    Case {
        /// The case.
        case_id: &'a str,
        /// The message.
        message_id: Option<&'a str>,
    },
}

/// What somebody already has: for the limits of the next upload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Papers.
    pub papers: usize,
    /// Their bytes, all together.
    pub bytes: u64,
}

impl Held {
    /// No room for anything: a form of somebody who may not send one is read to its end, or the browser shows no answer, and nothing is stored.
    pub const FULL: Self = Self { papers: PAPERS_PER_CASE_MAX, bytes: 0 };

    /// What these papers make.
    pub fn of(papers: &[Paper]) -> Self {
        Self { papers: papers.len(), bytes: papers.iter().map(|paper| u64::try_from(paper.bytes).unwrap_or(0)).sum() }
    }
}

/// No case has more papers than this; the ones added later count too, but lists must end.
const LISTED_MAX: usize = PAPERS_PER_CASE_MAX * 4;

fn listed_max() -> i64 {
    i64::try_from(LISTED_MAX).unwrap_or(i64::MAX)
}

/// Writes the row of a paper whose bytes are in the store.
pub async fn insert(tx: &mut Tx, owner: Owner<'_>, paper: &NewPaper) -> Result<()> {
    let (draft_id, case_id, message_id) = match owner {
        Owner::Draft(id) => (Some(id.to_owned()), None, None),
        Owner::Case { case_id, message_id } => (None, Some(case_id.to_owned()), message_id.map(str::to_owned)),
    };
    tx.exec(
        "INSERT INTO papers (id, draft_id, case_id, message_id, kind, bytes, width, height, has_thumb, original_name, is_public, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        (
            paper.id.clone(),
            draft_id,
            case_id,
            message_id,
            paper.kind.as_str().to_owned(),
            paper.bytes,
            paper.width,
            paper.height,
            paper.has_thumb,
            paper.original_name.clone(),
            false,
            paper.at,
        ),
    )
    .await?;
    Ok(())
}

/// The papers of a draft, oldest first.
pub async fn of_draft(tx: &mut Tx, draft_id: &str) -> Result<Vec<Paper>> {
    tx.all(
        "SELECT id, draft_id, case_id, message_id, kind, bytes, width, height, has_thumb, original_name, at
         FROM papers
         WHERE draft_id = $1
         ORDER BY at, id
         LIMIT $2",
        (draft_id.to_owned(), listed_max()),
    )
    .await
}

/// The papers of a case, oldest first.
pub async fn of_case(tx: &mut Tx, case_id: &str) -> Result<Vec<Paper>> {
    tx.all(
        "SELECT id, draft_id, case_id, message_id, kind, bytes, width, height, has_thumb, original_name, at
         FROM papers
         WHERE case_id = $1
         ORDER BY at, id
         LIMIT $2",
        (case_id.to_owned(), listed_max()),
    )
    .await
}

/// A paper. Whoever asks must still check whom it belongs to.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Paper>> {
    tx.find(
        "SELECT id, draft_id, case_id, message_id, kind, bytes, width, height, has_thumb, original_name, at
         FROM papers
         WHERE id = $1",
        (id.to_owned(),),
    )
    .await
}

/// The papers of a draft that was sent become those of its case.
pub async fn move_to_case(tx: &mut Tx, draft_id: &str, case_id: &str) -> Result<u64> {
    tx.exec("UPDATE papers SET case_id = $2, draft_id = NULL WHERE draft_id = $1", (draft_id.to_owned(), case_id.to_owned())).await
}

/// A paper leaves a draft. Gives false if the draft has no such paper.
pub async fn delete_of_draft(tx: &mut Tx, draft_id: &str, id: &str) -> Result<bool> {
    Ok(tx.exec("DELETE FROM papers WHERE id = $1 AND draft_id = $2", (id.to_owned(), draft_id.to_owned())).await? == 1)
}
