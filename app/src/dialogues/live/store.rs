//! SQL of the stage: how far the dialogue has come, where its questions are, what was answered.

use super::rules::Phase;
use crate::db::Tx;
use crate::dialogues::questions::rules::{Question, Stage};
use crate::error::{AppError, Result};
use chrono::{DateTime, NaiveDate, Utc};

/// How far a dialogue has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Live {
    /// Its phase.
    pub phase: Phase,
    /// The line to everybody.
    pub message: String,
    /// Changes so far.
    pub version: i64,
}

impl Live {
    /// Whether anything has happened on the stage: whoever calls the first question up begins.
    pub fn has_begun(&self) -> bool {
        self.phase != Phase::Waiting
    }
}

/// A piece of an answer.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Answer {
    /// Its id.
    pub id: String,
    /// The dialogue.
    pub dialogue_id: String,
    /// The question.
    pub question_id: String,
    /// Its place.
    pub position: i64,
    /// The post of whoever said it.
    pub post: String,
    /// What was said.
    pub body: String,
    /// Who wrote it down.
    pub account_id: String,
    /// When.
    pub at: DateTime<Utc>,
    /// When it was last corrected.
    pub corrected_at: Option<DateTime<Utc>>,
    /// Changes so far.
    pub version: i64,
}

/// Whatever changes when anything that people look at changes: versions and counts, cheap to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Sign {
    dialogue: i64,
    live: i64,
    questions: i64,
    question_versions: i64,
    answers: i64,
    answer_versions: i64,
    supports: i64,
}

/// The sign of a dialogue.
pub async fn sign(tx: &mut Tx, dialogue_id: &str) -> Result<Option<Sign>> {
    tx.find(
        "SELECT d.version AS dialogue, COALESCE(l.version, 0) AS live,
                (SELECT COUNT(*) FROM questions q WHERE q.dialogue_id = $1) AS questions,
                (SELECT CAST(COALESCE(SUM(q.version), 0) AS BIGINT) FROM questions q WHERE q.dialogue_id = $1) AS question_versions,
                (SELECT COUNT(*) FROM question_answers a WHERE a.dialogue_id = $1) AS answers,
                (SELECT CAST(COALESCE(SUM(a.version), 0) AS BIGINT) FROM question_answers a WHERE a.dialogue_id = $1) AS answer_versions,
                (SELECT COUNT(*) FROM question_supports s WHERE s.dialogue_id = $1) AS supports
         FROM dialogues d
         LEFT JOIN dialogue_live l ON l.dialogue_id = d.id
         WHERE d.id = $1",
        (dialogue_id.to_owned(),),
    )
    .await
}

/// How far a dialogue has come.
pub async fn live(tx: &mut Tx, dialogue_id: &str) -> Result<Live> {
    let row = tx.find("SELECT phase, message, version FROM dialogue_live WHERE dialogue_id = $1", (dialogue_id.to_owned(),)).await?;
    Ok(row.unwrap_or_default())
}

/// Writes how far it has come.
///
/// # Errors
/// [`AppError::Conflict`] if somebody else did since `seen` was read.
pub(super) async fn put_live(tx: &mut Tx, dialogue_id: &str, seen: &Live, live: &Live) -> Result<()> {
    let written = if seen.version == 0 {
        tx.exec(
            "INSERT INTO dialogue_live (dialogue_id, phase, message, version) VALUES ($1, $2, $3, 1) ON CONFLICT (dialogue_id) DO NOTHING",
            (dialogue_id.to_owned(), live.phase, live.message.clone()),
        )
        .await?
    } else {
        tx.exec(
            "UPDATE dialogue_live SET phase = $2, message = $3, version = version + 1 WHERE dialogue_id = $1 AND version = $4",
            (dialogue_id.to_owned(), live.phase, live.message.clone(), seen.version),
        )
        .await?
    };
    if written == 1 { Ok(()) } else { Err(AppError::Conflict) }
}

/// The question that is being answered: its id and number.
pub(super) async fn on(tx: &mut Tx, dialogue_id: &str) -> Result<Option<(String, i64)>> {
    tx.find("SELECT id, number FROM questions WHERE dialogue_id = $1 AND stage = 'now' AND state = 'open' ORDER BY number LIMIT 1", (dialogue_id.to_owned(),))
        .await
}

/// Where a question stands now.
pub(super) struct Staged<'a> {
    pub stage: Stage,
    pub promised_on: Option<NaiveDate>,
    pub reason: &'a str,
    pub at: DateTime<Utc>,
}

/// Writes where a question stands.
///
/// # Errors
/// [`AppError::Conflict`] if somebody else changed the question since `seen` was read.
pub(super) async fn put_stage(tx: &mut Tx, seen: &Question, staged: &Staged<'_>) -> Result<()> {
    let written = tx
        .exec(
            "UPDATE questions SET stage = $3, promised_on = $4, stage_reason = $5, stage_at = $6, version = version + 1 WHERE id = $1 AND version = $2",
            (seen.id.clone(), seen.version, staged.stage, staged.promised_on, staged.reason.to_owned(), staged.at),
        )
        .await?;
    if written == 1 { Ok(()) } else { Err(AppError::Conflict) }
}

/// The first and the last place of those that wait.
pub(super) async fn places(tx: &mut Tx, dialogue_id: &str) -> Result<(i64, i64)> {
    tx.one(
        "SELECT COALESCE(MIN(stage_order), 0), COALESCE(MAX(stage_order), 0) FROM questions WHERE dialogue_id = $1 AND stage = 'queued'",
        (dialogue_id.to_owned(),),
    )
    .await
}

/// Gives a question another place among those that wait.
pub(super) async fn put_order(tx: &mut Tx, seen: &Question, order: i64) -> Result<()> {
    let written =
        tx.exec("UPDATE questions SET stage_order = $3, version = version + 1 WHERE id = $1 AND version = $2", (seen.id.clone(), seen.version, order)).await?;
    if written == 1 { Ok(()) } else { Err(AppError::Conflict) }
}

/// Notes who put a question where.
pub(super) fn note(tx: &mut Tx, seen: &Question, stage: Stage, account_id: Option<String>, at: DateTime<Utc>) -> Result<()> {
    let event = serde_json::json!({ "event": "staged", "stage": stage.code() }).to_string();
    tx.later(
        "INSERT INTO question_events (question_id, position, at, account_id, event) VALUES ($1, $2, $3, $4, $5)",
        (seen.id.clone(), seen.version + 1, at, account_id, event),
    )
}

macro_rules! answers_sql {
    ($rest:literal) => {
        concat!("SELECT id, dialogue_id, question_id, position, post, body, account_id, at, corrected_at, version FROM question_answers ", $rest)
    };
}

/// What was answered at a dialogue, question by question.
pub async fn answers(tx: &mut Tx, dialogue_id: &str, limit: i64) -> Result<Vec<Answer>> {
    tx.all(answers_sql!("WHERE dialogue_id = $1 ORDER BY question_id, position LIMIT $2"), (dialogue_id.to_owned(), limit)).await
}

/// What was answered to one question.
pub async fn answers_to(tx: &mut Tx, question_id: &str) -> Result<Vec<Answer>> {
    tx.all(answers_sql!("WHERE question_id = $1 ORDER BY position LIMIT $2"), (question_id.to_owned(), super::rules::ANSWERS_MAX)).await
}

/// One piece.
pub async fn answer(tx: &mut Tx, id: &str) -> Result<Option<Answer>> {
    tx.find(answers_sql!("WHERE id = $1"), (id.to_owned(),)).await
}

/// Writes a piece down behind those that are there. False if its form was sent before.
pub(super) async fn add_answer(tx: &mut Tx, answer: &Answer) -> Result<bool> {
    // The question's row is locked first, so that two secretaries' pieces get two places.
    tx.exec("UPDATE questions SET version = version WHERE id = $1", (answer.question_id.clone(),)).await?;
    let written = tx
        .exec(
            "INSERT INTO question_answers (id, dialogue_id, question_id, position, post, body, account_id, at, version)
             SELECT $1, $2, $3, COALESCE(MAX(a.position), 0) + 1, $4, $5, $6, $7, 1
             FROM question_answers a
             WHERE a.question_id = $3
             ON CONFLICT (id) DO NOTHING",
            (
                answer.id.clone(),
                answer.dialogue_id.clone(),
                answer.question_id.clone(),
                answer.post.clone(),
                answer.body.clone(),
                answer.account_id.clone(),
                answer.at,
            ),
        )
        .await?;
    Ok(written == 1)
}

/// Corrects a piece. False if somebody else did since it was read.
pub(super) async fn correct(tx: &mut Tx, seen: &Answer, post: &str, body: &str, at: DateTime<Utc>) -> Result<bool> {
    let written = tx
        .exec(
            "UPDATE question_answers SET post = $3, body = $4, corrected_at = $5, version = version + 1 WHERE id = $1 AND version = $2",
            (seen.id.clone(), seen.version, post.to_owned(), body.to_owned(), at),
        )
        .await?;
    Ok(written == 1)
}
