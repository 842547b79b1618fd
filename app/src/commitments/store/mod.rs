//! SQL of commitments and their record.

pub mod evidence;
pub mod followers;
pub mod lists;
pub mod voices;

use super::rules::{Commitment, Event, Head, OriginKind};
use crate::actor::Actor;
use crate::db::Tx;
use crate::error::{AppError, Result};
use chrono::{DateTime, NaiveDate, Utc};

macro_rules! commitments {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.number, c.origin, c.origin_id, c.origin_title, c.origin_path, c.owner_id, c.body_id, c.co_owners, c.head_id, c.text, c.made_on,
             c.first_day, c.day, c.moves, c.state, c.ended_on, c.evidences, c.is_public, c.changed_at, c.version ",
            $rest
        )
    };
}
pub(super) use commitments;

/// The commitment of an id.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Commitment>> {
    tx.find(commitments!("FROM commitments c WHERE c.id = $1"), (id.to_owned(),)).await
}

/// The public commitment of a number.
pub async fn by_number(tx: &mut Tx, number: i64) -> Result<Option<Commitment>> {
    tx.find(commitments!("FROM commitments c WHERE c.number = $1 AND c.is_public = TRUE"), (number,)).await
}

/// The commitments made at one place, in the order they were made.
pub async fn of_origin(tx: &mut Tx, origin: OriginKind, origin_id: &str, limit: i64) -> Result<Vec<Commitment>> {
    tx.all(
        commitments!("FROM commitments c WHERE c.origin = $1 AND c.origin_id = $2 ORDER BY c.id LIMIT $3"),
        (origin.code().to_owned(), origin_id.to_owned(), limit),
    )
    .await
}

/// Open commitments of an authority behind a place in their list, those due first.
pub async fn open_of_body(tx: &mut Tx, body_id: &str, after: &(NaiveDate, String), limit: i64) -> Result<Vec<Commitment>> {
    tx.all(
        commitments!(
            "FROM commitments c
             WHERE c.body_id = $1 AND c.state = 'open' AND (c.day, c.id) > ($2, $3)
             ORDER BY c.day, c.id
             LIMIT $4"
        ),
        (body_id.to_owned(), after.0, after.1.clone(), limit),
    )
    .await
}

/// Commitments of an authority that have ended, by state, before a place in their list, the last promised day first.
pub async fn ended_of_body(tx: &mut Tx, body_id: &str, state: &'static str, before: &(NaiveDate, String), limit: i64) -> Result<Vec<Commitment>> {
    tx.all(
        commitments!(
            "FROM commitments c
             WHERE c.body_id = $1 AND c.state = $2 AND (c.day, c.id) < ($3, $4)
             ORDER BY c.day DESC, c.id DESC
             LIMIT $5"
        ),
        (body_id.to_owned(), state.to_owned(), before.0, before.1.clone(), limit),
    )
    .await
}

/// How many open commitments of an authority are due before a day; at most `limit` are counted.
pub async fn due_before(tx: &mut Tx, body_id: &str, day: NaiveDate, limit: i64) -> Result<i64> {
    let (n,): (i64,) = tx
        .one(
            "SELECT COUNT(*) FROM (SELECT 1 FROM commitments WHERE body_id = $1 AND state = 'open' AND day < $2 LIMIT $3) AS due",
            (body_id.to_owned(), day, limit),
        )
        .await?;
    Ok(n)
}

/// Public commitments whose day has passed without those who follow them knowing.
pub async fn untold(tx: &mut Tx, today: NaiveDate, limit: i64) -> Result<Vec<Commitment>> {
    tx.all(
        commitments!(
            "FROM commitments c
             WHERE c.state = 'open' AND c.is_public = TRUE AND c.is_late_told = FALSE AND c.day < $1
             ORDER BY c.day, c.id
             LIMIT $2"
        ),
        (today, limit),
    )
    .await
}

/// Those who follow it know that the day has passed.
pub async fn set_late_told(tx: &mut Tx, id: &str) -> Result<()> {
    tx.exec("UPDATE commitments SET is_late_told = TRUE WHERE id = $1", (id.to_owned(),)).await?;
    Ok(())
}

/// Stores a new commitment, and a row for what people will say of it.
pub async fn insert(tx: &mut Tx, new: &Commitment) -> Result<()> {
    tx.exec(
        "INSERT INTO commitments (id, origin, origin_id, origin_title, origin_path, owner_id, body_id, co_owners, head_id, text, made_on, first_day, day, moves,
                                  state, evidences, is_public, is_late_told, changed_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, FALSE, FALSE, $17, $18)",
        (
            new.id.clone(),
            new.origin.code().to_owned(),
            new.origin_id.clone(),
            new.origin_title.clone(),
            new.origin_path.clone(),
            new.owner_id.clone(),
            new.body_id.clone(),
            new.co_owners.clone(),
            new.head_id.clone(),
            new.text.clone(),
            new.made_on,
            new.first_day,
            new.day,
            new.moves,
            new.state,
            new.evidences,
            new.changed_at,
            new.version,
        ),
    )
    .await?;
    tx.later(
        "INSERT INTO commitment_sums (commitment_id, confirmed, contradicted, confirmed_contact, contradicted_contact, is_telling) VALUES ($1, 0, 0, 0, 0, FALSE)",
        (new.id.clone(),),
    )
}

/// Writes what an event made of a commitment, if nobody was faster. Once the day is another one or it is taken up again, its lateness
/// would be news once more.
///
/// # Errors
/// [`AppError::Conflict`] if the stored version is no longer `before.version`.
pub async fn update(tx: &mut Tx, before: &Commitment, after: &Commitment) -> Result<()> {
    let is_news_again = before.day != after.day || before.state != after.state;
    let changed = tx
        .exec(
            "UPDATE commitments
             SET number = $3, origin_title = $4, origin_path = $5, day = $6, moves = $7, state = $8, ended_on = $9, evidences = $10, is_public = $11,
                 changed_at = $12, version = $13, is_late_told = CASE WHEN $14 THEN FALSE ELSE is_late_told END
             WHERE id = $1 AND version = $2",
            (
                before.id.clone(),
                before.version,
                after.number,
                after.origin_title.clone(),
                after.origin_path.clone(),
                after.day,
                after.moves,
                after.state,
                after.ended_on,
                after.evidences,
                after.is_public,
                after.changed_at,
                after.version,
                is_news_again,
            ),
        )
        .await?;
    if changed == 1 { Ok(()) } else { Err(AppError::Conflict) }
}

/// Adds an event to the record.
pub fn add_event(tx: &mut Tx, id: &str, seq: i64, at: DateTime<Utc>, actor: &Actor, event: &Event) -> Result<()> {
    tx.later(
        "INSERT INTO commitment_events (commitment_id, seq, at, actor_kind, actor_id, event, data) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        (id.to_owned(), seq, at, actor.kind().to_owned(), actor.account_id(), event.code().to_owned(), serde_json::to_string(event)?),
    )
}

/// One entry of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the record, from 1.
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

/// The record of a commitment, oldest first. It has as many entries as people have worked on it, a few dozen.
pub async fn record(tx: &mut Tx, id: &str) -> Result<Vec<Entry>> {
    type Row = (i64, DateTime<Utc>, Option<String>, Option<String>, String);
    let rows: Vec<Row> = tx
        .all(
            "SELECT e.seq, e.at, e.actor_id, a.display_name, e.data
             FROM commitment_events e
             LEFT JOIN accounts a ON a.id = e.actor_id
             WHERE e.commitment_id = $1
             ORDER BY e.seq",
            (id.to_owned(),),
        )
        .await?;
    rows.into_iter().map(|(seq, at, actor_id, actor_name, data)| Ok(Entry { seq, at, actor_id, actor_name, event: serde_json::from_str(&data)? })).collect()
}

/// The next number of a public commitment. The counter's row is locked until the transaction ends, so numbers have no gaps.
pub async fn next_number(tx: &mut Tx) -> Result<i64> {
    let (number,): (i64,) = tx.one("UPDATE counters SET value = value + 1 WHERE name = 'commitment_number' RETURNING value", ()).await?;
    Ok(number)
}

/// The row of a head, made if there is none yet. `new_id` is its id then.
pub async fn head_id(tx: &mut Tx, head: &Head, new_id: String) -> Result<String> {
    if let Some(id) = find_head(tx, head).await? {
        return Ok(id);
    }
    // Locked until the transaction ends: whoever made the same row meanwhile is seen afterwards.
    let (number,): (i64,) = tx.one("UPDATE counters SET value = value + 1 WHERE name = 'commitment_head' RETURNING value", ()).await?;
    if let Some(id) = find_head(tx, head).await? {
        return Ok(id);
    }
    tx.exec(
        "INSERT INTO commitment_heads (id, number, body_id, post, name, account_id) VALUES ($1, $2, $3, $4, $5, $6)",
        (new_id.clone(), number, head.body_id.clone(), head.post.clone(), head.name.clone(), head.account_id.clone()),
    )
    .await?;
    Ok(new_id)
}

async fn find_head(tx: &mut Tx, head: &Head) -> Result<Option<String>> {
    let found: Option<(String,)> = tx
        .find(
            "SELECT id FROM commitment_heads WHERE body_id = $1 AND post = $2 AND name = $3 AND account_id = $4",
            (head.body_id.clone(), head.post.clone(), head.name.clone(), head.account_id.clone()),
        )
        .await?;
    Ok(found.map(|(id,)| id))
}

/// A head as pages name one.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct NumberedHead {
    /// The row.
    pub id: String,
    /// The number in addresses.
    pub number: i64,
    /// Who.
    #[sqlx(flatten)]
    pub head: Head,
}

impl NumberedHead {
    /// Post and name: "Chủ tịch UBND xã Chợ Đồn (Nguyễn Văn A)".
    pub fn words(&self) -> String {
        if self.head.name.is_empty() { self.head.post.clone() } else { format!("{} ({})", self.head.post, self.head.name) }
    }
}

/// The head of a row.
pub async fn head_by_id(tx: &mut Tx, id: &str) -> Result<Option<NumberedHead>> {
    tx.find("SELECT id, number, body_id, post, name, account_id FROM commitment_heads WHERE id = $1", (id.to_owned(),)).await
}

/// The head of a number.
pub async fn head_by_number(tx: &mut Tx, number: i64) -> Result<Option<NumberedHead>> {
    tx.find("SELECT id, number, body_id, post, name, account_id FROM commitment_heads WHERE number = $1", (number,)).await
}

/// The heads in whose names there are commitments, by authority and post: of one authority, or of all.
pub async fn heads(tx: &mut Tx, body_id: Option<&str>, limit: i64) -> Result<Vec<NumberedHead>> {
    match body_id {
        Some(body_id) => {
            tx.all(
                "SELECT id, number, body_id, post, name, account_id FROM commitment_heads WHERE body_id = $1 ORDER BY body_id, post, name, account_id LIMIT $2",
                (body_id.to_owned(), limit),
            )
            .await
        }
        None => {
            tx.all("SELECT id, number, body_id, post, name, account_id FROM commitment_heads ORDER BY body_id, post, name, account_id LIMIT $1", (limit,)).await
        }
    }
}
