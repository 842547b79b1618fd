//! SQL of ready-made answers and of how often they were used.

use crate::db::Tx;
use crate::error::Result;
use chrono::{DateTime, Utc};

/// A ready-made answer.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Canned {
    /// Its id.
    pub id: String,
    /// What it is found by.
    pub name: String,
    /// The words, with places to be filled.
    pub body: String,
    /// Whether it is offered.
    pub is_active: bool,
    /// When it was last changed.
    pub changed_at: DateTime<Utc>,
}

/// The most ready-made answers of an authority.
pub const CANNED_MAX: i64 = 200;
/// The latest uses of one that its rating is worked out of.
const RATED_USES_MAX: i64 = 2_000;

/// The ready-made answers of an authority, by name; those no longer offered come last.
pub async fn of_body(tx: &mut Tx, body_id: &str) -> Result<Vec<Canned>> {
    tx.all(
        "SELECT id, name, body, is_active, changed_at FROM canned_answers WHERE body_id = $1 ORDER BY is_active DESC, name, id LIMIT $2",
        (body_id.to_owned(), CANNED_MAX),
    )
    .await
}

/// One of an authority.
pub async fn by_id(tx: &mut Tx, body_id: &str, id: &str) -> Result<Option<Canned>> {
    tx.find("SELECT id, name, body, is_active, changed_at FROM canned_answers WHERE body_id = $1 AND id = $2", (body_id.to_owned(), id.to_owned())).await
}

/// A new one.
pub async fn insert(tx: &mut Tx, canned: &Canned, body_id: &str, by: &str) -> Result<()> {
    tx.exec(
        "INSERT INTO canned_answers (id, body_id, name, body, is_active, changed_by, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        (canned.id.clone(), body_id.to_owned(), canned.name.clone(), canned.body.clone(), canned.is_active, by.to_owned(), canned.changed_at),
    )
    .await?;
    Ok(())
}

/// One changed. False where the authority has no such one.
pub async fn update(tx: &mut Tx, canned: &Canned, body_id: &str, by: &str) -> Result<bool> {
    let rows = tx
        .exec(
            "UPDATE canned_answers SET name = $3, body = $4, is_active = $5, changed_by = $6, changed_at = $7 WHERE id = $1 AND body_id = $2",
            (canned.id.clone(), body_id.to_owned(), canned.name.clone(), canned.body.clone(), canned.is_active, by.to_owned(), canned.changed_at),
        )
        .await?;
    Ok(rows == 1)
}

/// One went into a text that was sent on.
#[derive(Clone, Debug)]
pub struct Use<'a> {
    /// The ready-made answer.
    pub canned_id: &'a str,
    /// The case.
    pub case_id: &'a str,
    /// `answer` or `question`.
    pub used_for: &'static str,
    /// The answer or message.
    pub text_id: &'a str,
    /// Who used it.
    pub account_id: &'a str,
}

/// Remembers a use.
pub async fn insert_use(tx: &mut Tx, used: &Use<'_>, at: DateTime<Utc>) -> Result<()> {
    tx.exec(
        "INSERT INTO canned_uses (canned_id, case_id, used_for, text_id, account_id, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        (used.canned_id.to_owned(), used.case_id.to_owned(), used.used_for.to_owned(), used.text_id.to_owned(), used.account_id.to_owned(), at),
    )
    .await?;
    Ok(())
}

/// How often one was used, and how citizens rated the cases whose answer went out with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Figures {
    /// Uses, answers and questions.
    pub uses: i64,
    /// The last one.
    pub last_at: Option<DateTime<Utc>>,
}

/// Uses of one.
pub async fn figures(tx: &mut Tx, canned_id: &str) -> Result<Figures> {
    tx.one("SELECT COUNT(*) AS uses, MAX(at) AS last_at FROM canned_uses WHERE canned_id = $1", (canned_id.to_owned(),)).await
}

/// Of the answers made with one that went out: how many, how many were rated, and how many of those good (clarity and result both
/// 4 or 5). The latest uses only.
pub async fn ratings(tx: &mut Tx, canned_id: &str) -> Result<(i64, i64, i64)> {
    tx.one(
        "SELECT COUNT(*), COUNT(r.case_id), CAST(COALESCE(SUM(CASE WHEN r.clarity >= 4 AND r.result >= 4 THEN 1 ELSE 0 END), 0) AS BIGINT)
         FROM (SELECT case_id, text_id FROM canned_uses WHERE canned_id = $1 AND used_for = 'answer' ORDER BY at DESC LIMIT $2) AS u
         JOIN answers w ON w.id = u.text_id AND w.state = 'approved'
         LEFT JOIN ratings r ON r.case_id = u.case_id",
        (canned_id.to_owned(), RATED_USES_MAX),
    )
    .await
}
