//! SQL of a case and its record.

pub mod coordinations;
pub mod drafts;
pub mod escalations;
pub mod guidance;
pub mod limitation;
pub mod marks;
pub mod parts;
pub mod people;
pub mod ratings;
pub mod recognition;
pub mod register;
pub mod sealing;
pub mod working;

use super::rules::{Case, Event, Filing, State};
use crate::actor::Actor;
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::record::rules as chain;
use chrono::{DateTime, NaiveDate, Utc};

/// The case of an id.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Case>> {
    tx.find("SELECT * FROM cases WHERE id = $1", (id.to_owned(),)).await
}

/// The case a code opens.
pub async fn by_code_hash(tx: &mut Tx, code_hash: &str) -> Result<Option<Case>> {
    let stored = tx.stored_code(code_hash);
    tx.find(
        "SELECT c.*
         FROM cases c
         JOIN case_codes k ON k.case_id = c.id
         WHERE k.code_hash = $1",
        (stored,),
    )
    .await
}

/// Open cases of which a clock may run over a day, by id, behind `after`. Those within a procedure have several clocks.
pub async fn running_over(tx: &mut Tx, day: NaiveDate, after: &str, limit: i64) -> Result<Vec<Case>> {
    tx.all(
        "SELECT *
         FROM cases
         WHERE is_open = TRUE AND received_on < $1 AND (due_on >= $1 OR progress <> '') AND id > $2
         ORDER BY id
         LIMIT $3",
        (day, after.to_owned(), limit),
    )
    .await
}

/// Finished cases of which a period of the citizen or of the law may still run on `today`, by id, behind `after`.
pub async fn with_rights(tx: &mut Tx, today: NaiveDate, after: &str, limit: i64) -> Result<Vec<Case>> {
    tx.all(
        "SELECT *
         FROM cases
         WHERE rights_until IS NOT NULL AND rights_until >= $1 AND id > $2
         ORDER BY id
         LIMIT $3",
        (today, after.to_owned(), limit),
    )
    .await
}

/// Open cases by id, behind `after`.
pub async fn open_after(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<Case>> {
    tx.all("SELECT * FROM cases WHERE is_open = TRUE AND id > $1 ORDER BY id LIMIT $2", (after.to_owned(), limit)).await
}

/// Open cases of an authority, the ones due first.
pub async fn open_of_body(tx: &mut Tx, body_id: &str, limit: i64) -> Result<Vec<Case>> {
    tx.all("SELECT * FROM cases WHERE body_id = $1 AND is_open = TRUE ORDER BY due_on, id LIMIT $2", (body_id.to_owned(), limit)).await
}

/// What the officials' index knows of a case.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Indexed {
    /// Its row in the index.
    pub search_key: i64,
    /// The authority.
    pub body_id: String,
    /// The citizen's words.
    #[sqlx(flatten)]
    pub text: parts::CaseText,
}

/// The texts of cases after a search key, in order. Denunciations are not among them: no index has them.
pub async fn texts_after(tx: &mut Tx, search_key: i64, limit: i64) -> Result<Vec<Indexed>> {
    tx.all(
        "SELECT c.search_key, c.body_id, t.title, t.body, t.place, t.about, t.latitude_e6, t.longitude_e6
         FROM cases c
         JOIN case_texts t ON t.case_id = c.id
         WHERE c.search_key > $1 AND c.kind <> 'denunciation'
         ORDER BY c.search_key
         LIMIT $2",
        (search_key, limit),
    )
    .await
}

/// A new case with its code and its first history entry.
pub fn insert(tx: &mut Tx, case: &Case, filing: &Filing, code_hash: &str) -> Result<()> {
    tx.later(
        "INSERT INTO cases (id, search_key, kind, state, is_open, body_id, area_code, may_publish, received_on, due_on, filed_at, changed_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12)",
        (
            case.id.clone(),
            case.search_key,
            case.kind,
            case.state,
            case.is_open,
            case.body_id.clone(),
            case.area_code.clone(),
            case.may_publish,
            case.received_on,
            case.due_on,
            case.filed_at,
            case.version,
        ),
    )?;
    let stored = tx.stored_code(code_hash);
    tx.later("INSERT INTO case_codes (code_hash, case_id) VALUES ($1, $2)", (stored, case.id.clone()))?;
    let (by, event) = (Actor::Citizen { case_id: case.id.clone() }, Event::Filed(filing.clone()));
    insert_history(tx, (&case.id, case.version, case.filed_at), &by, &event, "")?;
    count(tx, &case.body_id, case.state, 1)
}

/// Writes what an event made of a case, if nobody was faster.
///
/// # Errors
/// [`AppError::Conflict`] if the stored version is no longer `before.version`.
pub async fn update(tx: &mut Tx, before: &Case, after: &Case) -> Result<()> {
    let changed = tx
        .exec(
            "UPDATE cases
             SET kind = $3, state = $4, is_open = $5, body_id = $6, unit_id = $7, handler_id = $8, due_on = $9, answered_on = $10, changed_at = $11, version = $12,
                 progress = $13, barred = $14, flags = $15, rights_until = $16
             WHERE id = $1 AND version = $2",
            (
                before.id.clone(),
                before.version,
                after.kind,
                after.state,
                after.is_open,
                after.body_id.clone(),
                after.unit_id.clone(),
                after.handler_id.clone(),
                after.due_on,
                after.answered_on,
                after.changed_at,
                after.version,
                after.progress.stored()?,
                after.barred.clone(),
                after.flags,
                after.rights_until(),
            ),
        )
        .await?;
    if changed != 1 {
        return Err(AppError::Conflict);
    }
    marks::follow(tx, after)?;
    let today = crate::clock::day(after.changed_at);
    let was_late = before.is_open && before.due_on < today;
    if was_late && !(after.is_open && after.due_on < today) {
        escalations::settle(tx, &after.id, today)?;
    }
    if (&before.body_id, before.state) != (&after.body_id, after.state) {
        count(tx, &before.body_id, before.state, -1)?;
        count(tx, &after.body_id, after.state, 1)?;
    }
    Ok(())
}

fn count(tx: &mut Tx, body_id: &str, state: State, by: i64) -> Result<()> {
    tx.later(
        "INSERT INTO case_counts (body_id, state, n) VALUES ($1, $2, $3)
         ON CONFLICT (body_id, state) DO UPDATE SET n = case_counts.n + excluded.n",
        (body_id.to_owned(), state, by),
    )
}

/// Adds an entry to the record, hashed together with the one before.
pub async fn add_history(tx: &mut Tx, case_id: &str, seq: i64, at: DateTime<Utc>, actor: &Actor, event: &Event) -> Result<()> {
    let before = crate::record::store::hash_of(tx, case_id, seq - 1).await?.unwrap_or_default();
    insert_history(tx, (case_id, seq, at), actor, event, &before)
}

fn insert_history(tx: &mut Tx, (case_id, seq, at): (&str, i64, DateTime<Utc>), actor: &Actor, event: &Event, before: &str) -> Result<()> {
    let (actor_id, data) = (actor.account_id(), serde_json::to_string(event)?);
    let entry = chain::Entry { case_id, seq, at, actor_kind: actor.kind(), actor_id: actor_id.as_deref(), event: event.code(), data: &data };
    crate::record::store::insert_entry(tx, &entry, before)
}

/// One entry of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the case's record, from 1.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// The official, if one did it.
    pub actor_id: Option<String>,
    /// The official's name, if one did it.
    pub actor_name: Option<String>,
    /// What.
    pub event: Event,
}

/// The record of a case after entry `after_seq`, oldest first.
pub async fn history(tx: &mut Tx, case_id: &str, after_seq: i64) -> Result<Vec<Entry>> {
    type Row = (i64, DateTime<Utc>, Option<String>, Option<String>, String);
    let rows: Vec<Row> = tx
        .all(
            "SELECT h.seq, h.at, h.actor_id, a.display_name, h.data
             FROM history h
             LEFT JOIN accounts a ON a.id = h.actor_id
             WHERE h.case_id = $1 AND h.seq > $2
             ORDER BY h.seq",
            (case_id.to_owned(), after_seq),
        )
        .await?;
    rows.into_iter().map(|(seq, at, actor_id, actor_name, data)| Ok(Entry { seq, at, actor_id, actor_name, event: serde_json::from_str(&data)? })).collect()
}

/// A case with its sentence and account, for looking at many.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Told {
    /// The case.
    #[sqlx(flatten)]
    pub case: Case,
    /// One sentence.
    pub title: String,
    /// What happened.
    pub body: String,
}

/// Cases filed after a search key and before another, the newest first, without denunciations.
pub async fn told_between(tx: &mut Tx, after: i64, before: i64, limit: i64) -> Result<Vec<Told>> {
    tx.all(
        "SELECT c.*, t.title, t.body
         FROM cases c
         JOIN case_texts t ON t.case_id = c.id
         WHERE c.search_key > $1 AND c.search_key < $2 AND c.kind <> 'denunciation'
         ORDER BY c.search_key DESC
         LIMIT $3",
        (after, before, limit),
    )
    .await
}

/// The different values of [`Case::barred`] among an authority's cases. There are a few, however many cases there are: people are named
/// rarely, units often.
pub async fn barred_of_body(tx: &mut Tx, body_id: &str, limit: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> =
        tx.all("SELECT barred FROM cases WHERE body_id = $1 AND barred <> '' GROUP BY barred ORDER BY barred LIMIT $2", (body_id.to_owned(), limit)).await?;
    Ok(rows.into_iter().map(|(barred,)| barred).collect())
}

/// Cases of an authority with exactly that value of [`Case::barred`]; where a unit and a person are given, only those of either.
pub async fn with_barred(tx: &mut Tx, body_id: &str, barred: &str, (unit_id, account_id): (&str, &str), limit: i64) -> Result<Vec<Case>> {
    tx.all(
        "SELECT * FROM cases
         WHERE body_id = $1 AND barred <> '' AND barred = $2 AND ($3 = '' OR unit_id = $3 OR handler_id = $4)
         ORDER BY id
         LIMIT $5",
        (body_id.to_owned(), barred.to_owned(), unit_id.to_owned(), account_id.to_owned(), limit),
    )
    .await
}

/// Ids of cases after `after_id`, for walking over all of them in portions.
pub async fn ids_after(tx: &mut Tx, after_id: &str, limit: i64) -> Result<Vec<(String,)>> {
    tx.all("SELECT id FROM cases WHERE id > $1 ORDER BY id LIMIT $2", (after_id.to_owned(), limit)).await
}

/// Whether everybody who signs with the sender has signed. A petition of one person is signed by being sent.
pub async fn are_signatures_complete(tx: &mut Tx, case_id: &str) -> Result<bool> {
    let missing: Option<(i64,)> = tx
        .find(
            "SELECT signers
             FROM case_groups
             WHERE case_id = $1 AND signers > 0 AND (unsigned > 0 OR (has_sender_signed = FALSE AND has_sender_left = FALSE))",
            (case_id.to_owned(),),
        )
        .await?;
    Ok(missing.is_none())
}
