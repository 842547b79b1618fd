//! SQL of words that were let out: what the entries say of them, and what is read now.

use crate::db::Tx;
use crate::error::Result;
use crate::record::words::{ANSWERED, ISSUED, RELEASED};

/// An entry with which words went out.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct LetOutRow {
    /// The case.
    pub case_id: String,
    /// Code of the event.
    pub event: String,
    /// The event as JSON.
    pub data: String,
}

/// Entries with which words went out, of cases behind `after`, in the order of cases and places.
pub async fn let_out_after(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<LetOutRow>> {
    tx.all(
        "SELECT case_id, event, data
         FROM history
         WHERE case_id > $1 AND event IN ($2, $3, $4)
         ORDER BY case_id, seq
         LIMIT $5",
        (after.to_owned(), ANSWERED.to_owned(), RELEASED.to_owned(), ISSUED.to_owned(), limit),
    )
    .await
}

/// An answer that went out, as it is read now.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PublicAnswerRow {
    /// Its id.
    pub id: String,
    /// The case.
    pub case_id: String,
    /// What the citizen reads.
    pub body: String,
    /// What the public reads, where that is something else.
    pub public_body: Option<String>,
}

/// Answers that went out, of cases behind `after` and up to `up_to`, or to the end.
pub async fn answers_between(tx: &mut Tx, after: &str, up_to: Option<&str>) -> Result<Vec<PublicAnswerRow>> {
    tx.all(
        "SELECT id, case_id, body, public_body
         FROM answers
         WHERE state = 'approved' AND case_id > $1 AND (CAST($2 AS TEXT) IS NULL OR case_id <= $2)",
        (after.to_owned(), up_to.map(str::to_owned)),
    )
    .await
}

/// A case of the public register, as it is read now.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PublicTextRow {
    /// The case.
    pub case_id: String,
    /// Its title.
    pub title: String,
    /// What happened.
    pub body: String,
}

/// The public register, of cases behind `after` and up to `up_to`, or to the end.
pub async fn public_texts_between(tx: &mut Tx, after: &str, up_to: Option<&str>) -> Result<Vec<PublicTextRow>> {
    tx.all(
        "SELECT case_id, title, body FROM public_cases WHERE case_id > $1 AND (CAST($2 AS TEXT) IS NULL OR case_id <= $2)",
        (after.to_owned(), up_to.map(str::to_owned)),
    )
    .await
}

/// A letter that is out, as it lies there now.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct LetterRow {
    /// Its id.
    pub id: String,
    /// The case.
    pub case_id: String,
    /// SHA-256 of its frozen words.
    pub sha256: Option<String>,
}

/// Letters that are out, of cases behind `after` and up to `up_to`, or to the end.
pub async fn letters_between(tx: &mut Tx, after: &str, up_to: Option<&str>) -> Result<Vec<LetterRow>> {
    tx.all(
        "SELECT id, case_id, sha256 FROM letters WHERE state = 'issued' AND case_id > $1 AND (CAST($2 AS TEXT) IS NULL OR case_id <= $2)",
        (after.to_owned(), up_to.map(str::to_owned)),
    )
    .await
}

/// Whether a case still has words: its own, or those the public reads. They are deleted together with those of its answers.
pub async fn has_words(tx: &mut Tx, case_id: &str) -> Result<bool> {
    let found: Option<(i64,)> = tx
        .find(
            "SELECT CAST(1 AS BIGINT)
             WHERE EXISTS (SELECT 1 FROM case_texts WHERE case_id = $1)
                OR EXISTS (SELECT 1 FROM sealed_values WHERE purpose = 'words' AND owner_id = $1)
                OR EXISTS (SELECT 1 FROM public_cases WHERE case_id = $1)",
            (case_id.to_owned(),),
        )
        .await?;
    Ok(found.is_some())
}
