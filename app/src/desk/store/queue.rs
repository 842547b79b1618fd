//! SQL of the queue's lists. Every statement walks one index in its own order and stops at LIMIT, so a page costs the same
//! whether an authority has a hundred cases or a hundred thousand. A kind is a filter on the rows walked. `COALESCE(c.body_id, '')`:
//! see [`super::filtered`].

use crate::db::Tx;
use crate::error::Result;
use crate::petitions::rules::{Case, State};
use chrono::{DateTime, NaiveDate, Utc};

/// A case as the queue shows it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// The case.
    #[sqlx(flatten)]
    pub case: Case,
    /// The citizen's own sentence.
    pub title: String,
    /// Who has it.
    pub handler_name: Option<String>,
}

macro_rules! rows {
    ($rest:literal) => {
        concat!(
            "SELECT c.*, COALESCE(t.title, '') AS title, a.display_name AS handler_name
             FROM cases c
             LEFT JOIN case_texts t ON t.case_id = c.id
             LEFT JOIN accounts a ON a.id = c.handler_id ",
            $rest
        )
    };
}
pub(super) use rows;

/// Which of the rows with a running clock.
#[derive(Clone, Debug)]
pub struct Open {
    /// Due before this day.
    pub before: NaiveDate,
    /// Behind this row.
    pub after: (NaiveDate, String),
    /// In this state only; any if empty.
    pub state: &'static str,
    /// Of this kind only; any if empty.
    pub kind: &'static str,
    /// At most so many.
    pub limit: i64,
}

/// Which of the rows whose clock has stopped.
#[derive(Clone, Debug)]
pub struct Done {
    /// In this state.
    pub state: State,
    /// Changed before this row.
    pub before: (DateTime<Utc>, String),
    /// Of this kind only; any if empty.
    pub kind: &'static str,
    /// At most so many.
    pub limit: i64,
}

/// The open cases of an authority by their clock.
pub async fn open_of_body(tx: &mut Tx, body_id: &str, open: &Open) -> Result<Vec<Row>> {
    tx.all(
        rows!(
            "WHERE c.body_id = $1 AND c.is_open = TRUE AND c.due_on < $2 AND (c.due_on, c.id) > ($3, $4) AND ($5 = '' OR c.kind = $5)
             ORDER BY c.due_on, c.id
             LIMIT $6"
        ),
        (body_id.to_owned(), open.before, open.after.0, open.after.1.clone(), open.kind.to_owned(), open.limit),
    )
    .await
}

/// The cases of an authority in one open state by their clock.
pub async fn state_of_body(tx: &mut Tx, body_id: &str, open: &Open) -> Result<Vec<Row>> {
    tx.all(
        rows!(
            "WHERE c.body_id = $1 AND c.state = $2 AND (c.due_on, c.id) > ($3, $4) AND ($5 = '' OR c.kind = $5)
             ORDER BY c.due_on, c.id
             LIMIT $6"
        ),
        (body_id.to_owned(), open.state.to_owned(), open.after.0, open.after.1.clone(), open.kind.to_owned(), open.limit),
    )
    .await
}

/// The finished cases of an authority, the last change first. With a kind another index is walked: of a rare one there may be
/// none among thousands.
pub async fn done_of_body(tx: &mut Tx, body_id: &str, done: &Done) -> Result<Vec<Row>> {
    let (at, id) = done.before.clone();
    if done.kind.is_empty() {
        let sql = rows!(
            "WHERE c.body_id = $1 AND c.state = $2 AND c.is_open = FALSE AND (c.changed_at, c.id) < ($3, $4)
             ORDER BY c.changed_at DESC, c.id DESC
             LIMIT $5"
        );
        return tx.all(sql, (body_id.to_owned(), done.state, at, id, done.limit)).await;
    }
    let sql = rows!(
        "WHERE c.body_id = $1 AND c.state = $2 AND c.kind = $6 AND c.is_open = FALSE AND (c.changed_at, c.id) < ($3, $4)
         ORDER BY c.changed_at DESC, c.id DESC
         LIMIT $5"
    );
    tx.all(sql, (body_id.to_owned(), done.state, at, id, done.limit, done.kind.to_owned())).await
}

/// The open cases of a unit by their clock, without denunciations.
pub async fn open_of_unit(tx: &mut Tx, body_id: &str, unit_id: &str, open: &Open) -> Result<Vec<Row>> {
    tx.all(
        rows!(
            "WHERE c.unit_id = $1 AND c.is_open = TRUE AND c.due_on < $2 AND (c.due_on, c.id) > ($3, $4)
               AND COALESCE(c.body_id, '') = $5 AND c.kind <> 'denunciation' AND ($6 = '' OR c.state = $6) AND ($7 = '' OR c.kind = $7)
             ORDER BY c.due_on, c.id
             LIMIT $8"
        ),
        open_args(unit_id, body_id, open),
    )
    .await
}

/// The open cases given to a person by their clock.
pub async fn open_of_person(tx: &mut Tx, body_id: &str, account_id: &str, open: &Open) -> Result<Vec<Row>> {
    tx.all(
        rows!(
            "WHERE c.handler_id = $1 AND c.is_open = TRUE AND c.due_on < $2 AND (c.due_on, c.id) > ($3, $4)
               AND COALESCE(c.body_id, '') = $5 AND ($6 = '' OR c.state = $6) AND ($7 = '' OR c.kind = $7)
             ORDER BY c.due_on, c.id
             LIMIT $8"
        ),
        open_args(account_id, body_id, open),
    )
    .await
}

/// The cases of somebody's unread nudges, the last nudge first; a case comes once for each.
pub async fn nudged(tx: &mut Tx, account_id: &str) -> Result<Vec<Row>> {
    // CROSS JOIN keeps the order: the nudges are walked and each case looked up.
    let sql = "SELECT c.*, COALESCE(t.title, '') AS title, a.display_name AS handler_name
         FROM (SELECT case_id, at, note_id FROM nudges WHERE account_id = $1 AND read_at IS NULL ORDER BY at DESC, note_id DESC LIMIT $2) AS n
         CROSS JOIN cases c
         LEFT JOIN case_texts t ON t.case_id = c.id
         LEFT JOIN accounts a ON a.id = c.handler_id
         WHERE c.id = n.case_id
         ORDER BY n.at DESC, n.note_id DESC";
    tx.all(sql, (account_id.to_owned(), crate::petitions::store::marks::NUDGES_MAX)).await
}

type OpenArgs = (String, NaiveDate, NaiveDate, String, String, String, String, i64);

fn open_args(owner_id: &str, body_id: &str, open: &Open) -> OpenArgs {
    (owner_id.to_owned(), open.before, open.after.0, open.after.1.clone(), body_id.to_owned(), open.state.to_owned(), open.kind.to_owned(), open.limit)
}

/// The finished cases of a unit, the last change first, without denunciations.
pub async fn done_of_unit(tx: &mut Tx, body_id: &str, unit_id: &str, done: &Done) -> Result<Vec<Row>> {
    tx.all(
        rows!(
            "WHERE c.unit_id = $1 AND c.state = $2 AND c.is_open = FALSE AND (c.changed_at, c.id) < ($3, $4)
               AND COALESCE(c.body_id, '') = $5 AND c.kind <> 'denunciation' AND ($6 = '' OR c.kind = $6)
             ORDER BY c.changed_at DESC, c.id DESC
             LIMIT $7"
        ),
        done_args(unit_id, body_id, done),
    )
    .await
}

/// The finished cases given to a person, the last change first.
pub async fn done_of_person(tx: &mut Tx, body_id: &str, account_id: &str, done: &Done) -> Result<Vec<Row>> {
    tx.all(
        rows!(
            "WHERE c.handler_id = $1 AND c.state = $2 AND c.is_open = FALSE AND (c.changed_at, c.id) < ($3, $4)
               AND COALESCE(c.body_id, '') = $5 AND ($6 = '' OR c.kind = $6)
             ORDER BY c.changed_at DESC, c.id DESC
             LIMIT $7"
        ),
        done_args(account_id, body_id, done),
    )
    .await
}

type DoneArgs = (String, State, DateTime<Utc>, String, String, String, i64);

fn done_args(owner_id: &str, body_id: &str, done: &Done) -> DoneArgs {
    (owner_id.to_owned(), done.state, done.before.0, done.before.1.clone(), body_id.to_owned(), done.kind.to_owned(), done.limit)
}
