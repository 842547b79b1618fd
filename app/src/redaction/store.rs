//! SQL of what is hidden and of the public versions of papers. The bytes lie in the object store, see [`crate::papers::key`].

use super::rules::{Hidden, Kind};
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::papers::serve::Stored;
use crate::papers::store::Paper;
use chrono::{DateTime, Utc};

/// The public text, as a target of redaction; an answer is one by its id.
pub const PUBLIC_TEXT: &str = "public";
/// Versions of the papers of one case that are read at once: two of each paper, and more than anybody makes.
const VERSIONS_MAX: i64 = 200;

/// A text as its author wrote it, and what of it is hidden from the public.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// One sentence; empty for an answer.
    pub title: String,
    /// The text; empty for an answer, whose words are its own.
    pub body: String,
    /// Hidden words.
    pub hidden: Vec<Hidden>,
}

/// Keeps a text with its hidden words, in place of an earlier one.
pub async fn put_draft(tx: &mut Tx, case_id: &str, target: &str, draft: &Draft) -> Result<()> {
    let hidden: Vec<(&str, &str)> = draft.hidden.iter().map(|hidden| (hidden.kind.code(), hidden.words.as_str())).collect();
    tx.exec(
        "INSERT INTO redactions (case_id, target, title, body, hidden) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (case_id, target) DO UPDATE SET title = excluded.title, body = excluded.body, hidden = excluded.hidden",
        (case_id.to_owned(), target.to_owned(), draft.title.clone(), draft.body.clone(), serde_json::to_string(&hidden)?),
    )
    .await?;
    Ok(())
}

/// The text behind a public one, with its hidden words; none where nothing was ever hidden this way.
pub async fn draft(tx: &mut Tx, case_id: &str, target: &str) -> Result<Option<Draft>> {
    let row: Option<(String, String, String)> =
        tx.find("SELECT title, body, hidden FROM redactions WHERE case_id = $1 AND target = $2", (case_id.to_owned(), target.to_owned())).await?;
    let Some((title, body, hidden)) = row else { return Ok(None) };
    let pairs: Vec<(String, String)> = serde_json::from_str(&hidden)?;
    let hidden = pairs.into_iter().map(|(code, words)| Hidden { kind: Kind::from_code(&code).unwrap_or(Kind::Other), words }).collect();
    Ok(Some(Draft { title, body, hidden }))
}

/// Sets what the public reads of an answer that waits for its second person; none: what the citizen reads.
pub async fn set_public_answer(tx: &mut Tx, answer_id: &str, body: Option<&str>) -> Result<()> {
    tx.exec("UPDATE answers SET public_body = $2 WHERE id = $1 AND state = 'proposed'", (answer_id.to_owned(), body.map(str::to_owned))).await?;
    Ok(())
}

/// What the public reads of an answer, if that is something else than the citizen does.
pub async fn public_answer(tx: &mut Tx, answer_id: &str) -> Result<Option<String>> {
    let row: Option<(Option<String>,)> = tx.find("SELECT public_body FROM answers WHERE id = $1", (answer_id.to_owned(),)).await?;
    Ok(row.and_then(|(body,)| body))
}

/// A version of a paper for the public.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PublicPaper {
    /// Its id, in its address.
    pub id: String,
    /// The case.
    pub case_id: String,
    /// The paper it was made of; never shown.
    pub paper_id: String,
    /// Under whose id its bytes lie.
    pub stored_id: String,
    /// `jpeg`, `png`, `webp` or `pdf`.
    pub kind: String,
    /// Size in bytes.
    pub bytes: i64,
    /// Width of a picture, in pixels.
    pub width: Option<i64>,
    /// Height of a picture, in pixels.
    pub height: Option<i64>,
    /// Whether there is a small picture.
    pub has_thumb: bool,
    /// What it is; may be empty for a photo.
    pub title: String,
    /// The rectangles, one a line.
    pub covers: String,
    /// Chosen by whoever proposed the public text.
    pub is_proposed: bool,
    /// Out with the public text.
    pub is_public: bool,
    /// Who made it; none: from before versions were kept.
    pub made_by: Option<String>,
    /// When.
    pub made_at: DateTime<Utc>,
    /// When it was replaced or taken back.
    pub ended_at: Option<DateTime<Utc>>,
}

impl PublicPaper {
    /// Whether it can stand in a page as a picture.
    pub fn is_picture(&self) -> bool {
        self.kind != "pdf"
    }

    /// Whether it has bytes of its own, that go with it.
    pub fn has_own_bytes(&self) -> bool {
        self.stored_id == self.id
    }

    /// The paper as it was sent, for the public: nothing of it is covered.
    pub fn plain(id: String, case_id: &str, paper: &Paper, made_by: &str, at: DateTime<Utc>) -> Self {
        Self {
            id,
            case_id: case_id.to_owned(),
            paper_id: paper.id.clone(),
            stored_id: paper.id.clone(),
            kind: paper.kind.clone(),
            bytes: paper.bytes,
            width: paper.width,
            height: paper.height,
            has_thumb: paper.has_thumb,
            title: String::new(),
            covers: String::new(),
            is_proposed: false,
            is_public: false,
            made_by: Some(made_by.to_owned()),
            made_at: at,
            ended_at: None,
        }
    }
}

impl<'a> From<&'a PublicPaper> for Stored<'a> {
    fn from(paper: &'a PublicPaper) -> Self {
        Self { id: &paper.stored_id, kind: &paper.kind, has_thumb: paper.has_thumb }
    }
}

macro_rules! versions {
    ($rest:literal) => {
        concat!(
            "SELECT id, case_id, paper_id, stored_id, kind, bytes, width, height, has_thumb, title, covers, is_proposed, is_public, made_by, made_at, ended_at
             FROM public_papers ",
            $rest
        )
    };
}

/// The versions of a case's papers that have not ended, oldest first.
pub async fn versions(tx: &mut Tx, case_id: &str) -> Result<Vec<PublicPaper>> {
    tx.all(versions!("WHERE case_id = $1 AND ended_at IS NULL ORDER BY made_at, is_public DESC, id LIMIT $2"), (case_id.to_owned(), VERSIONS_MAX)).await
}

/// The versions of a case's papers that are public, oldest first.
pub async fn public_versions(tx: &mut Tx, case_id: &str) -> Result<Vec<PublicPaper>> {
    tx.all(
        versions!("WHERE case_id = $1 AND is_public = TRUE AND ended_at IS NULL ORDER BY made_at, is_public DESC, id LIMIT $2"),
        (case_id.to_owned(), VERSIONS_MAX),
    )
    .await
}

/// A version of a case's papers that has not ended.
pub async fn version(tx: &mut Tx, case_id: &str, id: &str) -> Result<Option<PublicPaper>> {
    tx.find(versions!("WHERE case_id = $1 AND id = $2 AND ended_at IS NULL"), (case_id.to_owned(), id.to_owned())).await
}

/// Writes a version whose bytes are in the store.
pub async fn insert_version(tx: &mut Tx, paper: &PublicPaper) -> Result<()> {
    tx.exec(
        "INSERT INTO public_papers (id, case_id, paper_id, stored_id, kind, bytes, width, height, has_thumb, title, covers, is_proposed, is_public, made_by, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        (
            paper.id.clone(),
            paper.case_id.clone(),
            paper.paper_id.clone(),
            paper.stored_id.clone(),
            paper.kind.clone(),
            paper.bytes,
            paper.width,
            paper.height,
            paper.has_thumb,
            paper.title.clone(),
            paper.covers.clone(),
            paper.is_proposed,
            paper.is_public,
            paper.made_by.clone(),
            paper.made_at,
        ),
    )
    .await?;
    Ok(())
}

/// Chooses a version for the public text that is proposed, or leaves it out.
pub async fn set_proposed(tx: &mut Tx, id: &str, is_proposed: bool) -> Result<()> {
    tx.exec("UPDATE public_papers SET is_proposed = $2 WHERE id = $1", (id.to_owned(), is_proposed)).await?;
    Ok(())
}

/// Lets a version out.
pub async fn set_public(tx: &mut Tx, id: &str) -> Result<()> {
    tx.exec("UPDATE public_papers SET is_public = TRUE WHERE id = $1 AND ended_at IS NULL", (id.to_owned(),)).await?;
    Ok(())
}

/// A version ends: it is neither chosen nor public any more.
///
/// # Errors
/// [`AppError::Conflict`] where it has ended already.
pub async fn end_version(tx: &mut Tx, id: &str, at: DateTime<Utc>) -> Result<()> {
    let ended = tx
        .exec("UPDATE public_papers SET is_proposed = FALSE, is_public = FALSE, ended_at = $2 WHERE id = $1 AND ended_at IS NULL", (id.to_owned(), at))
        .await?;
    if ended == 1 { Ok(()) } else { Err(AppError::Conflict) }
}
