//! SQL of the papers of a case as the desk shows them, and of the choice which photos go public.

use crate::db::Tx;
use crate::error::Result;
use crate::papers::kinds::PAPERS_PER_CASE_MAX;

/// A photo or paper of a case.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Paper {
    /// Its id.
    pub id: String,
    /// `jpeg`, `png`, `webp` or `pdf`.
    pub kind: String,
    /// Size in bytes.
    pub bytes: i64,
    /// Whether there is a small picture.
    pub has_thumb: bool,
    /// The name it came with.
    pub original_name: String,
    /// Chosen by whoever proposed the public text.
    pub is_proposed: bool,
    /// Out with the public text.
    pub is_public: bool,
}

impl Paper {
    /// Whether it can be shown as a picture.
    pub fn is_picture(&self) -> bool {
        self.kind != "pdf"
    }
}

/// The papers of a case, oldest first.
pub async fn of_case(tx: &mut Tx, case_id: &str) -> Result<Vec<Paper>> {
    // Later papers come on top of the first ones; the double is far above what a case can have.
    let limit = i64::try_from(PAPERS_PER_CASE_MAX * 2).unwrap_or(i64::MAX);
    tx.all(
        "SELECT id, kind, bytes, has_thumb, original_name, is_proposed, is_public
         FROM papers
         WHERE case_id = $1
         ORDER BY at, id
         LIMIT $2",
        (case_id.to_owned(), limit),
    )
    .await
}

/// Chooses or leaves out a photo for the public text that is proposed.
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
