//! SQL of the counts beside the scopes. An authority's states are counted as they change (`case_counts`); what is counted at
//! every look stops at a limit.

use crate::db::Tx;
use crate::error::Result;
use crate::petitions::rules::State;
use chrono::NaiveDate;

/// How many cases an authority has in each state.
pub async fn by_state(tx: &mut Tx, body_id: &str) -> Result<Vec<(State, i64)>> {
    tx.all("SELECT state, n FROM case_counts WHERE body_id = $1", (body_id.to_owned(),)).await
}

/// Open cases of an authority that were due before `today`, counted up to `limit`.
pub async fn late_of_body(tx: &mut Tx, body_id: &str, today: NaiveDate, limit: i64) -> Result<i64> {
    let (n,): (i64,) = tx
        .one(
            "SELECT COUNT(*) FROM (
               SELECT 1 AS one FROM cases WHERE body_id = $1 AND is_open = TRUE AND due_on < $2 LIMIT $3
             ) AS counted",
            (body_id.to_owned(), today, limit),
        )
        .await?;
    Ok(n)
}

/// Open cases given to a person, counted up to `limit`.
pub async fn open_of_person(tx: &mut Tx, body_id: &str, account_id: &str, limit: i64) -> Result<i64> {
    let (n,): (i64,) = tx
        .one(
            "SELECT COUNT(*) FROM (
               SELECT 1 AS one FROM cases WHERE handler_id = $1 AND is_open = TRUE AND COALESCE(body_id, '') = $2 LIMIT $3
             ) AS counted",
            (account_id.to_owned(), body_id.to_owned(), limit),
        )
        .await?;
    Ok(n)
}

/// State, last day and number of the open cases a handler may see, the first `limit` of the unit and of the person by the clock.
pub async fn open_of_unit(tx: &mut Tx, body_id: &str, unit_id: &str, account_id: &str, limit: i64) -> Result<Vec<(State, NaiveDate, i64)>> {
    tx.all(
        "SELECT state, due_on, COUNT(*) FROM (
           SELECT id, state, due_on FROM (
             SELECT id, state, due_on FROM cases
             WHERE unit_id = $1 AND is_open = TRUE AND COALESCE(body_id, '') = $2 AND kind <> 'denunciation'
             ORDER BY due_on, id LIMIT $4
           ) AS of_unit
           UNION
           SELECT id, state, due_on FROM (
             SELECT id, state, due_on FROM cases
             WHERE handler_id = $3 AND is_open = TRUE AND COALESCE(body_id, '') = $2
             ORDER BY due_on, id LIMIT $4
           ) AS of_person
         ) AS seen
         GROUP BY state, due_on",
        (unit_id.to_owned(), body_id.to_owned(), account_id.to_owned(), limit),
    )
    .await
}

/// Finished cases a handler may see in one state, counted up to `limit`.
pub async fn done_of_unit(tx: &mut Tx, body_id: &str, unit_id: &str, account_id: &str, state: State, limit: i64) -> Result<i64> {
    let (n,): (i64,) = tx
        .one(
            "SELECT COUNT(*) FROM (
               SELECT id FROM (
                 SELECT id FROM cases WHERE unit_id = $1 AND state = $2 AND is_open = FALSE AND COALESCE(body_id, '') = $3 AND kind <> 'denunciation' LIMIT $5
               ) AS of_unit
               UNION
               SELECT id FROM (
                 SELECT id FROM cases WHERE handler_id = $4 AND state = $2 AND is_open = FALSE AND COALESCE(body_id, '') = $3 LIMIT $5
               ) AS of_person
             ) AS seen",
            (unit_id.to_owned(), state, body_id.to_owned(), account_id.to_owned(), limit),
        )
        .await?;
    Ok(n)
}
