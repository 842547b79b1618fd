//! SQL of the rows of photos and papers. The bytes lie in the object store, see [`super::key`].

use super::kinds::{PAPERS_PER_CASE_MAX, PaperKind};
use super::sealed;
use super::upload::NewPaper;
use crate::db::{Args, Tx};
use crate::error::Result;
use crate::vault::Vault;
use crate::vault::kept::{self, Joined, Kept, Purpose};
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
    /// The name it came with. It may name a person: shown to sender and handler only, and sealed with the bytes.
    pub original_name: String,
    /// Whether its bytes are sealed in the store.
    pub is_sealed: bool,
    /// They are, and the key is not there.
    #[sqlx(default)]
    pub is_locked: bool,
    /// How a denunciation's paper stands to those who handle it: [`crate::sealed::rules::Handling`] as it is stored.
    pub handling: String,
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
        "INSERT INTO papers (id, draft_id, case_id, message_id, kind, bytes, width, height, has_thumb, original_name, is_sealed, is_public, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
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
            if paper.file_key.is_some() { String::new() } else { paper.original_name.clone() },
            paper.file_key.is_some(),
            false,
            paper.at,
        ),
    )
    .await?;
    match paper.file_key {
        Some(file_key) => sealed::put_key(tx, &paper.id, file_key, &paper.original_name),
        None => Ok(()),
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    paper: Paper,
    #[sqlx(flatten)]
    kept: Joined,
}

fn opened(vault: &Vault, Row { paper, kept }: Row) -> Paper {
    match sealed::name_of(kept, vault, &paper.id) {
        Kept::Open(original_name) => Paper { original_name, ..paper },
        Kept::Nothing => paper,
        Kept::Locked => Paper { is_locked: true, ..paper },
    }
}

macro_rules! papers_sql {
    ($rest:literal) => {
        concat!(
            "SELECT id, draft_id, case_id, message_id, kind, bytes, width, height, has_thumb, original_name, is_sealed, handling, at,
                    key_name, wrapped, sealed
             FROM papers
             LEFT JOIN sealed_values ON purpose = 'paper' AND owner_id = id ",
            $rest
        )
    };
}

async fn listed(tx: &mut Tx, sql: &'static str, args: impl Args) -> Result<Vec<Paper>> {
    let rows: Vec<Row> = tx.all(sql, args).await?;
    Ok(rows.into_iter().map(|row| opened(tx.vault(), row)).collect())
}

/// The papers of a draft, oldest first.
pub async fn of_draft(tx: &mut Tx, draft_id: &str) -> Result<Vec<Paper>> {
    listed(tx, papers_sql!("WHERE draft_id = $1 ORDER BY at, id LIMIT $2"), (draft_id.to_owned(), listed_max())).await
}

/// The papers of a case, oldest first.
pub async fn of_case(tx: &mut Tx, case_id: &str) -> Result<Vec<Paper>> {
    listed(tx, papers_sql!("WHERE case_id = $1 ORDER BY at, id LIMIT $2"), (case_id.to_owned(), listed_max())).await
}

/// A paper. Whoever asks must still check whom it belongs to.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Paper>> {
    Ok(listed(tx, papers_sql!("WHERE id = $1"), (id.to_owned(),)).await?.pop())
}

/// Lets a denunciation's paper through to those who handle it, or keeps it back.
pub async fn set_handling(tx: &mut Tx, case_id: &str, paper_id: &str, handling: &str) -> Result<()> {
    tx.exec("UPDATE papers SET handling = $3 WHERE id = $2 AND case_id = $1", (case_id.to_owned(), paper_id.to_owned(), handling.to_owned())).await?;
    Ok(())
}

/// Papers of denunciations that are not sealed, behind one: ids and names; of one case, or of all where none is given.
pub(super) async fn open_of_denunciations(tx: &mut Tx, case_id: &str, after: &str, limit: i64) -> Result<Vec<(String, String)>> {
    tx.all(
        "SELECT p.id, p.original_name
         FROM papers p
         JOIN cases c ON c.id = p.case_id
         WHERE c.kind = 'denunciation' AND p.is_sealed = FALSE AND p.id > $1 AND ($2 = '' OR p.case_id = $2)
         ORDER BY p.id
         LIMIT $3",
        (after.to_owned(), case_id.to_owned(), limit),
    )
    .await
}

/// A paper's bytes are sealed, and its name beside them.
pub(super) async fn set_sealed(tx: &mut Tx, id: &str) -> Result<()> {
    tx.exec("UPDATE papers SET is_sealed = TRUE, original_name = '' WHERE id = $1", (id.to_owned(),)).await?;
    Ok(())
}

/// Whether the papers of denunciations from before have been sealed.
pub(super) async fn are_old_sealed(tx: &mut Tx) -> Result<bool> {
    let (sealed,): (i64,) = tx.one("SELECT value FROM counters WHERE name = 'open_papers_sealed'", ()).await?;
    Ok(sealed > 0)
}

/// They have.
pub(super) async fn set_old_sealed(tx: &mut Tx) -> Result<()> {
    tx.exec("UPDATE counters SET value = 1 WHERE name = 'open_papers_sealed'", ()).await?;
    Ok(())
}

/// The papers of a draft that was sent become those of its case.
pub async fn move_to_case(tx: &mut Tx, draft_id: &str, case_id: &str) -> Result<u64> {
    tx.exec("UPDATE papers SET case_id = $2, draft_id = NULL WHERE draft_id = $1", (draft_id.to_owned(), case_id.to_owned())).await
}

/// A paper leaves a draft. Gives false if the draft has no such paper.
pub async fn delete_of_draft(tx: &mut Tx, draft_id: &str, id: &str) -> Result<bool> {
    let is_gone = tx.exec("DELETE FROM papers WHERE id = $1 AND draft_id = $2", (id.to_owned(), draft_id.to_owned())).await? == 1;
    if is_gone {
        kept::remove(tx, Purpose::Paper, id)?;
    }
    Ok(is_gone)
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
