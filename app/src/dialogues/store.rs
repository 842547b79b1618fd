//! SQL of dialogues. The row is a cache of the events; both are written together.

use super::plan::Minimum;
use super::rules::{Dialogue, Event, State};
use crate::db::Tx;
use crate::error::{AppError, Result};
use chrono::{DateTime, Datelike, NaiveDate, Utc};

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    number: i64,
    body_id: String,
    state: State,
    facts: String,
    publish_at: Option<DateTime<Utc>>,
    announced_on: Option<NaiveDate>,
    late_reason: String,
    moves: String,
    cancel_reason: String,
    holding: String,
    outcome: String,
    published_on: Option<NaiveDate>,
    version: i64,
}

macro_rules! dialogues_sql {
    ($rest:literal) => {
        concat!(
            "SELECT id, number, body_id, state, facts, publish_at, announced_on, late_reason, moves, cancel_reason, holding, outcome, published_on, version
             FROM dialogues ",
            $rest
        )
    };
}

impl Row {
    fn dialogue(self) -> Result<Dialogue> {
        Ok(Dialogue {
            id: self.id,
            number: self.number,
            body_id: self.body_id,
            state: self.state,
            facts: serde_json::from_str(&self.facts)?,
            publish_at: self.publish_at,
            announced_on: self.announced_on,
            late_reason: self.late_reason,
            moves: serde_json::from_str(&self.moves)?,
            cancel_reason: self.cancel_reason,
            holding: if self.holding.is_empty() { None } else { Some(serde_json::from_str(&self.holding)?) },
            outcome: self.outcome,
            published_on: self.published_on,
            version: self.version,
        })
    }
}

fn dialogues(rows: Vec<Row>) -> Result<Vec<Dialogue>> {
    rows.into_iter().map(Row::dialogue).collect()
}

/// How often each kind of agency must hold a dialogue.
pub async fn minimums(tx: &mut Tx) -> Result<Vec<Minimum>> {
    type MinimumRow = (String, i64, NaiveDate, Option<NaiveDate>, String);
    let rows: Vec<MinimumRow> =
        tx.all("SELECT agency_kind, per_year, valid_from, valid_to, source FROM dialogue_minimums ORDER BY agency_kind, valid_from", ()).await?;
    let minimum = |(agency_kind, per_year, valid_from, valid_to, source): MinimumRow| Minimum { agency_kind, per_year, valid_from, valid_to, source };
    Ok(rows.into_iter().map(minimum).collect())
}

/// Writes a minimum, in place of the one of the same kind and first day.
pub async fn put_minimum(tx: &mut Tx, row: Minimum) -> Result<()> {
    tx.exec(
        "INSERT INTO dialogue_minimums (agency_kind, per_year, valid_from, valid_to, source) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (agency_kind, valid_from) DO UPDATE SET per_year = excluded.per_year, valid_to = excluded.valid_to, source = excluded.source",
        (row.agency_kind, row.per_year, row.valid_from, row.valid_to, row.source),
    )
    .await?;
    Ok(())
}

/// The next public number.
pub(super) async fn next_number(tx: &mut Tx) -> Result<i64> {
    let (number,): (i64,) = tx.one("UPDATE counters SET value = value + 1 WHERE name = 'dialogues' RETURNING value", ()).await?;
    Ok(number)
}

/// Adds an event, and writes the dialogue as it now stands.
///
/// # Errors
/// [`AppError::Conflict`] if somebody else's event came in between.
pub(super) async fn record(tx: &mut Tx, dialogue: &Dialogue, event: &Event, account_id: Option<String>, at: DateTime<Utc>) -> Result<()> {
    if dialogue.version == 1 {
        insert(tx, dialogue).await?
    } else {
        update(tx, dialogue).await?
    }
    tx.exec(
        "INSERT INTO dialogue_events (dialogue_id, position, at, account_id, event) VALUES ($1, $2, $3, $4, $5)",
        (dialogue.id.clone(), dialogue.version, at, account_id, serde_json::to_string(event)?),
    )
    .await?;
    Ok(())
}

async fn insert(tx: &mut Tx, dialogue: &Dialogue) -> Result<()> {
    let facts = &dialogue.facts;
    tx.exec(
        "INSERT INTO dialogues (id, number, body_id, state, facts, title_folded, area_code, begins_at, held_on, year,
                                late_reason, moves, cancel_reason, holding, outcome, is_public, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', '[]', '', '', '', FALSE, 1)",
        (
            dialogue.id.clone(),
            dialogue.number,
            dialogue.body_id.clone(),
            dialogue.state,
            serde_json::to_string(facts)?,
            crate::text::fold(&facts.title),
            facts.area_code.clone(),
            facts.begins_at,
            facts.day(),
            i64::from(facts.day().year()),
        ),
    )
    .await?;
    Ok(())
}

async fn update(tx: &mut Tx, dialogue: &Dialogue) -> Result<()> {
    let facts = &dialogue.facts;
    let holding = dialogue.holding.as_ref().map(serde_json::to_string).transpose()?.unwrap_or_default();
    let written = tx
        .exec(
            "UPDATE dialogues
             SET state = $2, facts = $3, title_folded = $4, area_code = $5, begins_at = $6, held_on = $7, year = $8, publish_at = $9,
                 announced_on = $10, late_reason = $11, moves = $12, cancel_reason = $13, holding = $14, outcome = $15, published_on = $16,
                 is_public = $17, version = $18
             WHERE id = $1 AND version = $18 - 1",
            (
                dialogue.id.clone(),
                dialogue.state,
                serde_json::to_string(facts)?,
                crate::text::fold(&facts.title),
                facts.area_code.clone(),
                facts.begins_at,
                facts.day(),
                i64::from(facts.day().year()),
                dialogue.publish_at,
                dialogue.announced_on,
                dialogue.late_reason.clone(),
                serde_json::to_string(&dialogue.moves)?,
                dialogue.cancel_reason.clone(),
                holding,
                dialogue.outcome.clone(),
                dialogue.published_on,
                dialogue.is_public(),
                dialogue.version,
            ),
        )
        .await?;
    if written == 1 { Ok(()) } else { Err(AppError::Conflict) }
}

/// What happened to a dialogue, the first first: when, by which account, what.
pub async fn events(tx: &mut Tx, id: &str) -> Result<Vec<(DateTime<Utc>, Option<String>, Event)>> {
    let rows: Vec<(DateTime<Utc>, Option<String>, String)> =
        tx.all("SELECT at, account_id, event FROM dialogue_events WHERE dialogue_id = $1 ORDER BY position", (id.to_owned(),)).await?;
    rows.into_iter().map(|(at, account_id, event)| Ok((at, account_id, serde_json::from_str(&event)?))).collect()
}

/// One by its id.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Dialogue>> {
    let row: Option<Row> = tx.find(dialogues_sql!("WHERE id = $1"), (id.to_owned(),)).await?;
    row.map(Row::dialogue).transpose()
}

/// One by its public number, once its notice was out.
pub(super) async fn public_by_number(tx: &mut Tx, number: i64) -> Result<Option<Dialogue>> {
    let row: Option<Row> = tx.find(dialogues_sql!("WHERE number = $1 AND is_public = TRUE"), (number,)).await?;
    row.map(Row::dialogue).transpose()
}

/// All of an authority's in a year, drafts among them, the first first. An authority has a few.
pub async fn of_body(tx: &mut Tx, body_id: &str, year: i64, limit: i64) -> Result<Vec<Dialogue>> {
    let rows: Vec<Row> = tx
        .all(
            dialogues_sql!(
                "WHERE body_id = $1 AND year = $2
                 ORDER BY held_on, id
                 LIMIT $3"
            ),
            (body_id.to_owned(), year, limit),
        )
        .await?;
    dialogues(rows)
}

/// Everybody's in a year, once their notice was out.
pub(super) async fn of_year(tx: &mut Tx, year: i64, limit: i64) -> Result<Vec<Dialogue>> {
    let rows: Vec<Row> = tx
        .all(
            dialogues_sql!(
                "WHERE year = $1 AND is_public = TRUE
                 ORDER BY begins_at, number
                 LIMIT $2"
            ),
            (year, limit),
        )
        .await?;
    dialogues(rows)
}

/// Longest part of a topic that is looked for, in characters.
const TOPIC_CHARS_MAX: usize = 60;

/// What somebody typed as it is looked for among topics; empty: everything. Signs with a meaning in a pattern find nothing and are left out.
pub fn topic(typed: &str) -> String {
    let typed: String = typed.chars().take(TOPIC_CHARS_MAX).collect();
    crate::text::fold(typed.trim()).replace(['%', '_'], "")
}

/// What a visitor narrows the list to; an empty text narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrowed {
    /// An authority.
    pub body_id: String,
    /// A commune.
    pub area_code: String,
    /// A part of the topic, folded.
    pub topic: String,
    /// A year; 0 is all.
    pub year: i64,
}

/// Those that begin at or after a moment, the next first.
pub(super) async fn from(tx: &mut Tx, since: DateTime<Utc>, narrowed: &Narrowed, limit: i64) -> Result<Vec<Dialogue>> {
    let rows: Vec<Row> = tx
        .all(
            dialogues_sql!(
                "WHERE is_public = TRUE AND begins_at >= $1
                   AND ($2 = '' OR body_id = $2)
                   AND ($3 = '' OR area_code = $3)
                   AND ($4 = '' OR title_folded LIKE '%' || $4 || '%')
                   AND ($5 = 0 OR year = $5)
                 ORDER BY begins_at, number
                 LIMIT $6"
            ),
            (since, narrowed.body_id.clone(), narrowed.area_code.clone(), narrowed.topic.clone(), narrowed.year, limit),
        )
        .await?;
    dialogues(rows)
}

/// Those that began before a moment, the latest first.
pub(super) async fn before(tx: &mut Tx, until: DateTime<Utc>, narrowed: &Narrowed, limit: i64) -> Result<Vec<Dialogue>> {
    let rows: Vec<Row> = tx
        .all(
            dialogues_sql!(
                "WHERE is_public = TRUE AND begins_at < $1
                   AND ($2 = '' OR body_id = $2)
                   AND ($3 = '' OR area_code = $3)
                   AND ($4 = '' OR title_folded LIKE '%' || $4 || '%')
                   AND ($5 = 0 OR year = $5)
                 ORDER BY begins_at DESC, number DESC
                 LIMIT $6"
            ),
            (until, narrowed.body_id.clone(), narrowed.area_code.clone(), narrowed.topic.clone(), narrowed.year, limit),
        )
        .await?;
    dialogues(rows)
}

/// The numbers of all that were announced, the latest first.
pub(super) async fn public_numbers(tx: &mut Tx, limit: i64) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = tx.all("SELECT number FROM dialogues WHERE is_public = TRUE ORDER BY begins_at DESC, number DESC LIMIT $1", (limit,)).await?;
    Ok(rows.into_iter().map(|(number,)| number).collect())
}

/// The accounts that head an authority on a day, with the day they began.
pub(super) async fn heads_on(tx: &mut Tx, body_id: &str, day: NaiveDate) -> Result<Vec<(String, String, NaiveDate)>> {
    tx.all(
        "SELECT a.id, a.display_name, h.valid_from
         FROM role_holdings h
         JOIN accounts a ON a.id = h.account_id
         WHERE h.agency_id = $1 AND h.role = 'head' AND h.valid_from <= $2 AND (h.valid_to IS NULL OR h.valid_to >= $2)
         ORDER BY h.valid_from, a.id",
        (body_id.to_owned(), day),
    )
    .await
}

/// A line of an authority's plan for a year.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Planned {
    /// Its id.
    pub id: String,
    /// The authority.
    pub body_id: String,
    /// The year.
    pub year: i64,
    /// In which quarter, 1 to 4.
    pub quarter: i64,
    /// About what.
    pub topic: String,
    /// Where, in words.
    pub place: String,
    /// The dialogue that came of it.
    pub dialogue_id: Option<String>,
    /// Why it was dropped; empty: it stands.
    pub dropped_reason: String,
}

/// An authority's plan for a year.
pub(super) async fn plan(tx: &mut Tx, body_id: &str, year: i64) -> Result<Vec<Planned>> {
    tx.all(
        "SELECT id, body_id, year, quarter, topic, place, dialogue_id, dropped_reason
         FROM dialogue_plans
         WHERE body_id = $1 AND year = $2
         ORDER BY quarter, id",
        (body_id.to_owned(), year),
    )
    .await
}

/// A line of an authority's plan.
pub(super) async fn planned(tx: &mut Tx, body_id: &str, id: &str) -> Result<Option<Planned>> {
    tx.find(
        "SELECT id, body_id, year, quarter, topic, place, dialogue_id, dropped_reason FROM dialogue_plans WHERE id = $1 AND body_id = $2",
        (id.to_owned(), body_id.to_owned()),
    )
    .await
}

/// Adds a line.
pub async fn insert_planned(tx: &mut Tx, planned: &Planned, account_id: &str, at: DateTime<Utc>) -> Result<()> {
    tx.exec(
        "INSERT INTO dialogue_plans (id, body_id, year, quarter, topic, place, dialogue_id, account_id, at, dropped_reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '')",
        (
            planned.id.clone(),
            planned.body_id.clone(),
            planned.year,
            planned.quarter,
            planned.topic.clone(),
            planned.place.clone(),
            planned.dialogue_id.clone(),
            account_id.to_owned(),
            at,
        ),
    )
    .await?;
    Ok(())
}

/// Ties a line to the dialogue that came of it.
pub(super) async fn tie_planned(tx: &mut Tx, id: &str, dialogue_id: &str) -> Result<()> {
    tx.exec("UPDATE dialogue_plans SET dialogue_id = $2 WHERE id = $1", (id.to_owned(), dialogue_id.to_owned())).await?;
    Ok(())
}

/// Drops a line, for a reason. Gives false if it was dropped or used already.
pub(super) async fn drop_planned(tx: &mut Tx, id: &str, reason: &str) -> Result<bool> {
    let dropped = tx
        .exec("UPDATE dialogue_plans SET dropped_reason = $2 WHERE id = $1 AND dropped_reason = '' AND dialogue_id IS NULL", (id.to_owned(), reason.to_owned()))
        .await?;
    Ok(dropped == 1)
}
