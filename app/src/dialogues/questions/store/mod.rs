//! SQL of questions: the rows, what the public may read of them, what happened to them. Supports: [`supports`].

pub mod supports;

use super::rules::{Event, Moment, Question, Stage, State};
use crate::db::{Args, Tx};
use crate::error::{AppError, Result};
use crate::vault::Vault;
use crate::vault::kept::{self, Joined, Kept, Purpose};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

macro_rules! questions_sql {
    ($rest:literal) => {
        concat!(
            "SELECT id, dialogue_id, number, asked_at, moment, channel, topic, body, public_text, name, language, code_digest,
                    asker_key, is_private, state, reason, reason_words, linked_to, case_id, topic_group, agenda_position, answer_unit,
                    answer_draft, stage, stage_order, promised_on, stage_reason, version, key_name, wrapped, sealed
             FROM questions
             LEFT JOIN sealed_values ON purpose = 'asker' AND owner_id = id ",
            $rest
        )
    };
}

/// Who asked: what is sealed of a question.
#[derive(Serialize, Deserialize)]
struct Asker {
    name: String,
    village: String,
    email: String,
}

/// A question as it is stored.
#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    question: Question,
    #[sqlx(flatten)]
    asker: Joined,
}

impl Row {
    fn opened(self, vault: &Vault) -> Question {
        let question = self.question;
        match self.asker.open(vault, Purpose::Asker, &question.id) {
            Kept::Open(Asker { name, village, email }) => Question { name, village, email, ..question },
            Kept::Nothing => question,
            Kept::Locked => Question { is_locked: true, ..question },
        }
    }
}

async fn found(tx: &mut Tx, sql: &'static str, args: impl Args) -> Result<Option<Question>> {
    let row: Option<Row> = tx.find(sql, args).await?;
    Ok(row.map(|row| row.opened(tx.vault())))
}

async fn listed(tx: &mut Tx, sql: &'static str, args: impl Args) -> Result<Vec<Question>> {
    let rows: Vec<Row> = tx.all(sql, args).await?;
    Ok(rows.into_iter().map(|row| row.opened(tx.vault())).collect())
}

/// Seals who asked. Where nobody left anything there is nothing to seal; what is locked stays as it is.
fn put_asker(tx: &mut Tx, question: &Question) -> Result<()> {
    if question.is_locked {
        return Ok(());
    }
    let asker = Asker { name: question.name.clone(), village: question.village.clone(), email: question.email.clone() };
    if [&asker.name, &asker.village, &asker.email].iter().all(|value| value.is_empty()) {
        return kept::remove(tx, Purpose::Asker, &question.id);
    }
    kept::put(tx, Purpose::Asker, &question.id, &asker)
}

/// The name as far as the public reads it; the sealed one stays the asker's.
fn public_name(question: &Question) -> String {
    let is_read = question.state == State::Open && !question.is_private;
    if is_read { question.name.clone() } else { String::new() }
}

/// A question as everybody may read it. What only officials know is not even loaded.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PublicQuestion {
    /// Its id; in no page.
    pub id: String,
    /// Its number within the dialogue.
    pub number: i64,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    /// Before the dialogue or during it.
    pub moment: Moment,
    /// The topic it was put under; empty: none.
    pub topic_group: String,
    /// As moderation lets it be read.
    pub public_text: String,
    /// How the asker wants to be called.
    pub name: String,
    /// Where it is on the stage.
    pub stage: Stage,
    /// Its place in the queue of the stage.
    pub stage_order: i64,
    /// By when it is answered.
    pub promised_on: Option<NaiveDate>,
    /// Why it was taken out.
    pub stage_reason: String,
    /// When it came to its stage; none before it was called up.
    pub stage_at: Option<DateTime<Utc>>,
    /// Its version.
    pub version: i64,
    /// How many others repeat it.
    pub repeats: i64,
    /// People who support it or a repeat of it, each once.
    pub people: i64,
    /// Of them with a confirmed contact.
    pub by_contact: i64,
}

/// What is public of a question: open, and not private. The one place that says so for lists.
macro_rules! public_sql {
    ($where:literal, $rest:literal) => {
        concat!(
            "SELECT id, number, asked_at, moment, topic_group, public_text, name, stage, stage_order, promised_on, stage_reason, stage_at, version, repeats,
                    people, by_contact
             FROM (SELECT q.id, q.number, q.asked_at, q.moment, q.topic_group, q.agenda_position, q.public_text, q.name, q.stage, q.stage_order,
                          q.promised_on, q.stage_reason, q.stage_at, q.version,
                          (SELECT COUNT(*) FROM questions r WHERE r.linked_to = q.id) AS repeats,
                          (SELECT COUNT(DISTINCT s.supporter) FROM question_supports s
                           WHERE s.question_id IN (SELECT r.id FROM questions r WHERE r.id = q.id OR r.linked_to = q.id)) AS people,
                          (SELECT COUNT(DISTINCT s.supporter) FROM question_supports s
                           WHERE s.proof = 'contact'
                             AND s.question_id IN (SELECT r.id FROM questions r WHERE r.id = q.id OR r.linked_to = q.id)) AS by_contact
                   FROM questions q
                   WHERE q.state = 'open' AND q.is_private = FALSE AND ",
            $where,
            ") p ",
            $rest
        )
    };
}

/// One by its id.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Question>> {
    found(tx, questions_sql!("WHERE id = $1"), (id.to_owned(),)).await
}

/// One by its number within a dialogue, public or not.
pub async fn by_number(tx: &mut Tx, dialogue_id: &str, number: i64) -> Result<Option<Question>> {
    found(tx, questions_sql!("WHERE dialogue_id = $1 AND number = $2"), (dialogue_id.to_owned(), number)).await
}

/// The one of a code.
pub async fn by_code_digest(tx: &mut Tx, digest: &str) -> Result<Option<Question>> {
    let stored = tx.stored_code(digest);
    found(tx, questions_sql!("WHERE code_digest = $1"), (stored,)).await
}

/// A dialogue's questions in a state, in the order they were asked, behind a number.
pub async fn of_state(tx: &mut Tx, dialogue_id: &str, state: State, after: i64, limit: i64) -> Result<Vec<Question>> {
    listed(tx, questions_sql!("WHERE dialogue_id = $1 AND state = $2 AND number > $3 ORDER BY number LIMIT $4"), (dialogue_id.to_owned(), state, after, limit))
        .await
}

/// Those that repeat a question.
pub async fn repeats_of(tx: &mut Tx, id: &str, limit: i64) -> Result<Vec<Question>> {
    listed(tx, questions_sql!("WHERE linked_to = $1 ORDER BY number LIMIT $2"), (id.to_owned(), limit)).await
}

/// What an agency is to prepare answers to, dialogue by dialogue.
pub async fn of_unit(tx: &mut Tx, unit_id: &str, limit: i64) -> Result<Vec<Question>> {
    listed(
        tx,
        questions_sql!("WHERE answer_unit = $1 AND state IN ('waiting', 'open') ORDER BY dialogue_id DESC, number LIMIT $2"),
        (unit_id.to_owned(), limit),
    )
    .await
}

/// Ids of the questions of a dialogue whose askers left an address and that came onto the stage, or repeat one that did; behind a number.
pub async fn answered_with_address(tx: &mut Tx, dialogue_id: &str, after: i64, limit: i64) -> Result<Vec<(String, i64)>> {
    tx.all(
        "SELECT q.id, q.number
         FROM questions q
         LEFT JOIN questions t ON t.id = q.linked_to
         WHERE q.dialogue_id = $1 AND q.number > $2 AND q.has_email = TRUE AND q.state IN ('open', 'linked')
           AND COALESCE(t.stage, q.stage) <> 'queued'
         ORDER BY q.number
         LIMIT $3",
        (dialogue_id.to_owned(), after, limit),
    )
    .await
}

/// How many questions of a dialogue are in which state, private and not.
pub async fn counts(tx: &mut Tx, dialogue_id: &str) -> Result<Vec<(State, bool, i64)>> {
    tx.all("SELECT state, is_private, COUNT(*) FROM questions WHERE dialogue_id = $1 GROUP BY state, is_private", (dialogue_id.to_owned(),)).await
}

/// How many a device has asked for a dialogue since a moment.
pub(super) async fn asked_since(tx: &mut Tx, dialogue_id: &str, asker_key: &str, since: DateTime<Utc>) -> Result<i64> {
    let (n,): (i64,) = tx
        .one(
            "SELECT COUNT(*) FROM questions WHERE dialogue_id = $1 AND asker_key = $2 AND asked_at > $3",
            (dialogue_id.to_owned(), asker_key.to_owned(), since),
        )
        .await?;
    Ok(n)
}

/// A public question by its number.
pub async fn public_by_number(tx: &mut Tx, dialogue_id: &str, number: i64) -> Result<Option<PublicQuestion>> {
    tx.find(public_sql!("q.dialogue_id = $1 AND q.number = $2", ""), (dialogue_id.to_owned(), number)).await
}

/// Public questions, those that most people support first, behind a place in that order (`(i64::MAX, 0)`: from the beginning).
pub async fn public_by_support(tx: &mut Tx, dialogue_id: &str, (people, number): (i64, i64), limit: i64) -> Result<Vec<PublicQuestion>> {
    tx.all(
        public_sql!("q.dialogue_id = $1", "WHERE people < $2 OR (people = $2 AND number > $3) ORDER BY people DESC, number LIMIT $4"),
        (dialogue_id.to_owned(), people, number, limit),
    )
    .await
}

/// Public questions, the newest first, before a number.
pub async fn public_newest(tx: &mut Tx, dialogue_id: &str, before: i64, limit: i64) -> Result<Vec<PublicQuestion>> {
    tx.all(public_sql!("q.dialogue_id = $1 AND q.number < $2", "ORDER BY number DESC LIMIT $3"), (dialogue_id.to_owned(), before, limit)).await
}

/// Public questions in the order of the agenda within each topic; those without a place behind those with one.
pub async fn public_by_topic(tx: &mut Tx, dialogue_id: &str, limit: i64) -> Result<Vec<PublicQuestion>> {
    tx.all(
        public_sql!("q.dialogue_id = $1", "ORDER BY topic_group, CASE WHEN agenda_position = 0 THEN 1 ELSE 0 END, agenda_position, number LIMIT $2"),
        (dialogue_id.to_owned(), limit),
    )
    .await
}

/// The public questions of a dialogue that a moderator has most lately let out first, as far as they are compared with a new one.
pub async fn public_compared(tx: &mut Tx, dialogue_id: &str, limit: i64) -> Result<Vec<(i64, String)>> {
    tx.all(
        "SELECT number, public_text FROM questions WHERE dialogue_id = $1 AND state = 'open' AND is_private = FALSE ORDER BY number DESC LIMIT $2",
        (dialogue_id.to_owned(), limit),
    )
    .await
}

/// A question that is not published: its number and why. Its words are not among this.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Unpublished {
    /// Its number.
    pub number: i64,
    /// Code of the reason.
    pub reason: String,
    /// What the moderator added.
    pub reason_words: String,
}

/// Those that were not published.
pub async fn unpublished(tx: &mut Tx, dialogue_id: &str, limit: i64) -> Result<Vec<Unpublished>> {
    tx.all(
        "SELECT number, reason, reason_words FROM questions
         WHERE dialogue_id = $1 AND state = 'refused' AND is_private = FALSE
         ORDER BY number
         LIMIT $2",
        (dialogue_id.to_owned(), limit),
    )
    .await
}

/// Numbers of a dialogue's questions that repeat public ones: `(number, number of the one it repeats)`.
pub async fn public_repeats(tx: &mut Tx, dialogue_id: &str, limit: i64) -> Result<Vec<(i64, i64)>> {
    tx.all(
        "SELECT r.number, q.number
         FROM questions r
         JOIN questions q ON q.id = r.linked_to
         WHERE r.dialogue_id = $1 AND r.state = 'linked' AND q.state = 'open' AND q.is_private = FALSE
         ORDER BY r.number
         LIMIT $2",
        (dialogue_id.to_owned(), limit),
    )
    .await
}

/// What a dialogue has beside its questions.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Board {
    /// Topics of the agenda, one a line.
    pub topics: String,
    /// When the agenda was published; none: only officials see it.
    pub agenda_published_on: Option<NaiveDate>,
    /// Its version; 0 before there is one.
    pub version: i64,
}

impl Board {
    /// The topics in their order.
    pub fn topics(&self) -> Vec<String> {
        super::rules::topics(&self.topics)
    }
}

/// The board of a dialogue; an empty one before there is any.
pub async fn board(tx: &mut Tx, dialogue_id: &str) -> Result<Board> {
    let board = tx.find("SELECT topics, agenda_published_on, version FROM question_boards WHERE dialogue_id = $1", (dialogue_id.to_owned(),)).await?;
    Ok(board.unwrap_or_default())
}

/// Writes the agenda of a dialogue.
///
/// # Errors
/// [`AppError::Conflict`] if somebody else wrote it since `seen` was read.
pub(super) async fn put_board(tx: &mut Tx, dialogue_id: &str, seen: &Board, board: &Board) -> Result<()> {
    tx.exec(
        "INSERT INTO question_boards (dialogue_id, last_number, topics, version) VALUES ($1, 0, '', 0) ON CONFLICT (dialogue_id) DO NOTHING",
        (dialogue_id.to_owned(),),
    )
    .await?;
    let written = tx
        .exec(
            "UPDATE question_boards SET topics = $2, agenda_published_on = $3, version = version + 1 WHERE dialogue_id = $1 AND version = $4",
            (dialogue_id.to_owned(), board.topics.clone(), board.agenda_published_on, seen.version),
        )
        .await?;
    if written == 1 { Ok(()) } else { Err(AppError::Conflict) }
}

/// The next number of a dialogue. Its row is locked until the transaction ends, so that numbers have no gaps.
pub(super) async fn next_number(tx: &mut Tx, dialogue_id: &str) -> Result<i64> {
    let (number,): (i64,) = tx
        .one(
            "INSERT INTO question_boards (dialogue_id, last_number, topics, version) VALUES ($1, 1, '', 0)
             ON CONFLICT (dialogue_id) DO UPDATE SET last_number = question_boards.last_number + 1
             RETURNING last_number",
            (dialogue_id.to_owned(),),
        )
        .await?;
    Ok(number)
}

/// Stores a new question. Gives false if its form was sent before.
pub(super) async fn insert(tx: &mut Tx, question: &Question) -> Result<bool> {
    let stored = tx.stored_code(&question.code_digest);
    let inserted = tx
        .exec(
            "INSERT INTO questions (id, dialogue_id, number, asked_at, moment, channel, topic, body, public_text, name, village, email, has_email, language,
                                    code_digest, asker_key, is_private, state, reason, reason_words, topic_group, agenda_position, answer_draft, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '', '', '', $9, $10, $11, $12, $13, 'waiting', '', '', $14, 0, '', 1)
             ON CONFLICT (code_digest) DO NOTHING",
            (
                question.id.clone(),
                question.dialogue_id.clone(),
                question.number,
                question.asked_at,
                question.moment,
                question.channel,
                question.topic.clone(),
                question.body.clone(),
                !question.email.is_empty(),
                question.language.clone(),
                stored,
                question.asker_key.clone(),
                question.is_private,
                question.topic_group.clone(),
            ),
        )
        .await?;
    if inserted == 1 {
        put_asker(tx, question)?;
    }
    Ok(inserted == 1)
}

/// Writes a question as moderation or its asker leave it, and what happened. The stage is the live part's and stays.
///
/// # Errors
/// [`AppError::Conflict`] if somebody else's event came in between.
pub(super) async fn record(tx: &mut Tx, after: &Question, event: &Event, account_id: Option<String>, at: DateTime<Utc>) -> Result<()> {
    let written = tx
        .exec(
            "UPDATE questions
             SET topic = $3, body = $4, public_text = $5, name = $6, has_email = $7, is_private = $8, state = $9, reason = $10,
                 reason_words = $11, linked_to = $12, case_id = $13, topic_group = $14, agenda_position = $15, version = $2
             WHERE id = $1 AND version = $2 - 1",
            (
                after.id.clone(),
                after.version,
                after.topic.clone(),
                after.body.clone(),
                after.public_text.clone(),
                public_name(after),
                after.is_locked || !after.email.is_empty(),
                after.is_private,
                after.state,
                after.reason.clone(),
                after.reason_words.clone(),
                after.linked_to.clone(),
                after.case_id.clone(),
                after.topic_group.clone(),
                after.agenda_position,
            ),
        )
        .await?;
    if written != 1 {
        return Err(AppError::Conflict);
    }
    put_asker(tx, after)?;
    if after.state == State::Sealed {
        // Nothing of the device stays with what became a denunciation.
        tx.later("UPDATE questions SET asker_key = '' WHERE id = $1", (after.id.clone(),))?;
    }
    tx.later(
        "UPDATE questions SET answer_unit = $2, answer_draft = $3 WHERE id = $1",
        (after.id.clone(), after.answer_unit.clone(), after.answer_draft.clone()),
    )?;
    add_event(tx, after, event, account_id, at)
}

/// Notes what happened. Runs with the next statement or the commit.
pub(super) fn add_event(tx: &mut Tx, after: &Question, event: &Event, account_id: Option<String>, at: DateTime<Utc>) -> Result<()> {
    tx.later(
        "INSERT INTO question_events (question_id, position, at, account_id, event) VALUES ($1, $2, $3, $4, $5)",
        (after.id.clone(), after.version, at, account_id, serde_json::to_string(event)?),
    )
}

/// Puts a question of a demo on the stage. Otherwise only the live part writes the stage.
pub(super) async fn tell_stage(tx: &mut Tx, id: &str, stage: Stage, promised_on: Option<NaiveDate>) -> Result<()> {
    tx.exec("UPDATE questions SET stage = $2, promised_on = $3 WHERE id = $1", (id.to_owned(), stage, promised_on)).await?;
    Ok(())
}

/// What happened to a question, the first first. The live part's steps raise the version too and may be among these as text it wrote itself.
pub async fn events(tx: &mut Tx, question_id: &str, limit: i64) -> Result<Vec<(DateTime<Utc>, Option<String>, String)>> {
    tx.all("SELECT at, account_id, event FROM question_events WHERE question_id = $1 ORDER BY position LIMIT $2", (question_id.to_owned(), limit)).await
}

/// Names of the officials who work at an authority today: nobody asks a question under one of them.
pub(super) async fn names_of_officials(tx: &mut Tx, unit_ids: &[String], day: NaiveDate) -> Result<Vec<(String,)>> {
    let mut names = Vec::new();
    for unit_id in unit_ids {
        let of_unit: Vec<(String,)> = tx
            .all(
                "SELECT DISTINCT a.display_name
                 FROM role_holdings h
                 JOIN accounts a ON a.id = h.account_id
                 WHERE h.agency_id = $1 AND h.valid_from <= $2 AND (h.valid_to IS NULL OR h.valid_to >= $2)
                 ORDER BY a.display_name
                 LIMIT 500",
                (unit_id.clone(), day),
            )
            .await?;
        names.extend(of_unit);
    }
    Ok(names)
}

/// Seals who asked before they were sealed, and empties where it stood; gives how many.
pub async fn seal_open(tx: &mut Tx, limit: i64) -> Result<usize> {
    // A name that the public reads stands there for good: with the sealed row beside it, it is done.
    let rows: Vec<(String, String, String, String, State, bool)> = tx
        .all(
            "SELECT q.id, q.name, q.village, q.email, q.state, q.is_private
             FROM questions q
             WHERE (q.name <> '' OR q.village <> '' OR q.email <> '')
               AND NOT EXISTS (SELECT 1 FROM sealed_values s WHERE s.purpose = 'asker' AND s.owner_id = q.id)
             ORDER BY q.id
             LIMIT $1",
            (limit,),
        )
        .await?;
    let n = rows.len();
    for (id, name, village, email, state, is_private) in rows {
        let question = Question { name, village, email, state, is_private, ..Question::new(id.clone(), String::new(), 0, DateTime::UNIX_EPOCH) };
        put_asker(tx, &question)?;
        tx.later("UPDATE questions SET name = $2, village = '', email = '' WHERE id = $1", (id, public_name(&question)))?;
    }
    Ok(n)
}
