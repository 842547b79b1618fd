//! SQL of what shows that a commitment was done.

use crate::db::Tx;
use crate::error::Result;
use crate::papers::described::Described;
use crate::papers::store::Held;
use crate::papers::upload::NewPaper;
use chrono::{DateTime, Utc};

/// A piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Evidence {
    /// Its id.
    pub id: String,
    /// What it says; may be empty where a picture says it.
    pub text: String,
    /// When it was added.
    pub at: DateTime<Utc>,
}

/// A photo or paper of a piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Shown {
    /// The piece of evidence.
    pub evidence_id: String,
    /// What it is and shows.
    #[sqlx(flatten)]
    pub paper: Described,
}

/// Stores a piece of evidence. Gives false if one of that id is there already: the same form sent twice.
pub async fn insert(tx: &mut Tx, commitment_id: &str, evidence: &Evidence, by_id: Option<String>) -> Result<bool> {
    let rows = tx
        .exec(
            "INSERT INTO commitment_evidence (id, commitment_id, text, by_id, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING",
            (evidence.id.clone(), commitment_id.to_owned(), evidence.text.clone(), by_id, evidence.at),
        )
        .await?;
    Ok(rows == 1)
}

/// Stores one of its photos or papers, whose bytes are in the store.
pub fn insert_paper(tx: &mut Tx, commitment_id: &str, evidence_id: &str, paper: &NewPaper, alt: &str) -> Result<()> {
    tx.later(
        "INSERT INTO commitment_papers (id, commitment_id, evidence_id, kind, bytes, width, height, has_thumb, alt, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        (
            paper.id.clone(),
            commitment_id.to_owned(),
            evidence_id.to_owned(),
            paper.kind.as_str().to_owned(),
            paper.bytes,
            paper.width,
            paper.height,
            paper.has_thumb,
            alt.to_owned(),
            paper.at,
        ),
    )
}

/// The evidence of a commitment, oldest first.
pub async fn of(tx: &mut Tx, commitment_id: &str, limit: i64) -> Result<Vec<Evidence>> {
    tx.all("SELECT id, text, at FROM commitment_evidence WHERE commitment_id = $1 ORDER BY at, id LIMIT $2", (commitment_id.to_owned(), limit)).await
}

/// Its photos and papers, oldest first.
pub async fn papers_of(tx: &mut Tx, commitment_id: &str, limit: i64) -> Result<Vec<Shown>> {
    tx.all(
        "SELECT id, evidence_id, kind, bytes, width, height, has_thumb, alt, at
         FROM commitment_papers
         WHERE commitment_id = $1
         ORDER BY at, id
         LIMIT $2",
        (commitment_id.to_owned(), limit),
    )
    .await
}

/// One photo or paper of a commitment.
pub async fn paper(tx: &mut Tx, commitment_id: &str, id: &str) -> Result<Option<Shown>> {
    tx.find(
        "SELECT id, evidence_id, kind, bytes, width, height, has_thumb, alt, at FROM commitment_papers WHERE id = $1 AND commitment_id = $2",
        (id.to_owned(), commitment_id.to_owned()),
    )
    .await
}

/// What a commitment has of photos and papers, for the limits of the next upload.
pub async fn held(tx: &mut Tx, commitment_id: &str) -> Result<Held> {
    let (papers, bytes): (i64, i64) =
        tx.one("SELECT COUNT(*), CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM commitment_papers WHERE commitment_id = $1", (commitment_id.to_owned(),)).await?;
    Ok(Held { papers: usize::try_from(papers).unwrap_or(usize::MAX), bytes: u64::try_from(bytes).unwrap_or(u64::MAX) })
}
