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
    /// Chosen by whoever proposed the public text.
    pub is_proposed: bool,
    /// Out with the public text.
    pub is_public: bool,
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
        "SELECT id, draft_id, case_id, message_id, kind, bytes, width, height, has_thumb, original_name, is_proposed, is_public, at
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
        "SELECT id, draft_id, case_id, message_id, kind, bytes, width, height, has_thumb, original_name, is_proposed, is_public, at
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
        "SELECT id, draft_id, case_id, message_id, kind, bytes, width, height, has_thumb, original_name, is_proposed, is_public, at
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

/// Chooses or leaves out a photo for the public text that is proposed. Only pictures go public: a PDF may say anything.
pub async fn propose(tx: &mut Tx, case_id: &str, paper_id: &str, is_proposed: bool) -> Result<()> {
    tx.exec("UPDATE papers SET is_proposed = $3 WHERE id = $2 AND case_id = $1 AND kind <> 'pdf'", (case_id.to_owned(), paper_id.to_owned(), is_proposed))
        .await?;
    Ok(())
}

/// Lets the chosen photos out, and takes the others back.
pub async fn release(tx: &mut Tx, case_id: &str) -> Result<()> {
    tx.exec("UPDATE papers SET is_public = is_proposed WHERE case_id = $1", (case_id.to_owned(),)).await?;
    Ok(())
}

/// Papers that wait for the virus scanner.
pub(super) mod scans {
    use super::*;

    /// A paper waits.
    pub async fn wait(tx: &mut Tx, paper_id: &str, now: DateTime<Utc>) -> Result<()> {
        tx.exec("INSERT INTO unscanned_papers (paper_id, since, next_try_at, is_infected) VALUES ($1, $2, $2, $3)", (paper_id.to_owned(), now, false)).await?;
        Ok(())
    }

    /// Whether something was found in a paper; none if it does not wait.
    pub async fn is_infected(tx: &mut Tx, paper_id: &str) -> Result<Option<bool>> {
        let row: Option<(bool,)> = tx.find("SELECT is_infected FROM unscanned_papers WHERE paper_id = $1", (paper_id.to_owned(),)).await?;
        Ok(row.map(|(is_infected,)| is_infected))
    }

    /// Those whose time has come, the longest waiting first.
    pub async fn due(tx: &mut Tx, now: DateTime<Utc>, limit: i64) -> Result<Vec<(String,)>> {
        tx.all(
            "SELECT paper_id
             FROM unscanned_papers
             WHERE is_infected = $3 AND next_try_at <= $1
             ORDER BY next_try_at, paper_id
             LIMIT $2",
            (now, limit, false),
        )
        .await
    }

    /// A paper is scanned and clean.
    pub async fn forget(tx: &mut Tx, paper_id: &str) -> Result<()> {
        tx.exec("DELETE FROM unscanned_papers WHERE paper_id = $1", (paper_id.to_owned(),)).await?;
        Ok(())
    }

    /// Something was found.
    pub async fn infected(tx: &mut Tx, paper_id: &str) -> Result<()> {
        tx.exec("UPDATE unscanned_papers SET is_infected = $2 WHERE paper_id = $1", (paper_id.to_owned(), true)).await?;
        Ok(())
    }

    /// The scanner is away: all that are due wait on.
    pub async fn put_off(tx: &mut Tx, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<()> {
        tx.exec("UPDATE unscanned_papers SET next_try_at = $2 WHERE is_infected = $3 AND next_try_at <= $1", (now, until, false)).await?;
        Ok(())
    }
}
