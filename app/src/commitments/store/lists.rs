//! SQL of the public lists and figures. Each list is a walk along the primary key of `commitment_lists`; writing keeps the rows.

use super::commitments;
use crate::commitments::rules::{Commitment, State};
use crate::commitments::standing::Standing;
use crate::db::Tx;
use crate::error::Result;
use chrono::{Datelike, NaiveDate};

/// Lane of all that have ended.
pub const ENDED: &str = "ended";
/// Lane of all that are done.
pub const DONE: &str = "done";
/// Scope of everything.
pub const ALL: &str = "all";

/// The scope of an authority.
pub fn of_body(body_id: &str) -> String {
    format!("b:{body_id}")
}

/// The scope of a head.
pub fn of_head(head_id: &str) -> String {
    format!("h:{head_id}")
}

/// A scope within a year.
pub fn in_year(scope: &str, year: i64) -> String {
    format!("{scope}.{year}")
}

/// The scopes a commitment is in.
fn scopes(commitment: &Commitment) -> Vec<String> {
    let wide = [ALL.to_owned(), of_body(&commitment.body_id), of_head(&commitment.head_id)];
    let narrow = wide.each_ref().map(|scope| in_year(scope, commitment.year()));
    wide.into_iter().chain(narrow).collect()
}

/// The lanes it is in, and its day in them. A state does not depend on the day it is looked at: what is late is open here.
fn lanes(commitment: &Commitment) -> (Vec<&'static str>, NaiveDate) {
    let lane = Standing::of(commitment, commitment.day).lane();
    match (commitment.state, commitment.ended_on) {
        (State::Open, _) | (_, None) => (vec![lane], commitment.day),
        (State::Done, Some(on)) => (vec![ENDED, DONE, lane], on),
        (State::Dropped, Some(on)) => (vec![ENDED, lane], on),
    }
}

/// Puts a commitment where it now stands in the lists and figures. Nothing of it is there while it is not public.
pub fn follow(tx: &mut Tx, before: Option<&Commitment>, after: &Commitment) -> Result<()> {
    if let Some(before) = before.filter(|commitment| commitment.is_public) {
        let (lanes, day) = lanes(before);
        for scope in scopes(before) {
            for lane in &lanes {
                tx.later(
                    "DELETE FROM commitment_lists WHERE scope = $1 AND lane = $2 AND day = $3 AND number = $4",
                    (scope.clone(), (*lane).to_owned(), day, before.number),
                )?;
            }
        }
        count(tx, before, -1)?;
    }
    let Some(number) = after.number.filter(|_| after.is_public) else { return Ok(()) };
    let (lanes, day) = lanes(after);
    for scope in scopes(after) {
        for lane in &lanes {
            tx.later(
                "INSERT INTO commitment_lists (scope, lane, day, number, commitment_id) VALUES ($1, $2, $3, $4, $5)",
                (scope.clone(), (*lane).to_owned(), day, number, after.id.clone()),
            )?;
        }
    }
    count(tx, after, 1)
}

fn count(tx: &mut Tx, commitment: &Commitment, by: i64) -> Result<()> {
    tx.later(
        "INSERT INTO commitment_counts (body_id, head_id, year, lane, n) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (body_id, head_id, year, lane) DO UPDATE SET n = commitment_counts.n + excluded.n",
        (commitment.body_id.clone(), commitment.head_id.clone(), commitment.year(), Standing::of(commitment, commitment.day).lane().to_owned(), by),
    )
}

macro_rules! down_sql {
    () => {
        commitments!(
            "FROM commitment_lists l JOIN commitments c ON c.id = l.commitment_id
             WHERE l.scope = $1 AND l.lane = $2 AND l.day <= $3 AND (l.day, l.number) < ($3, $4)
             ORDER BY l.day DESC, l.number DESC
             LIMIT $5"
        )
    };
}

macro_rules! up_sql {
    () => {
        commitments!(
            "FROM commitment_lists l JOIN commitments c ON c.id = l.commitment_id
             WHERE l.scope = $1 AND l.lane = $2 AND l.day >= $3 AND (l.day, l.number) > ($3, $4)
             ORDER BY l.day, l.number
             LIMIT $5"
        )
    };
}

/// A walk down a lane from before a day and number: the newest first.
pub async fn down(tx: &mut Tx, scope: &str, lane: &'static str, before: (NaiveDate, i64), limit: i64) -> Result<Vec<Commitment>> {
    tx.all(down_sql!(), (scope.to_owned(), lane.to_owned(), before.0, before.1, limit)).await
}

/// A walk up a lane from behind a day and number: the oldest first.
pub async fn up(tx: &mut Tx, scope: &str, lane: &'static str, after: (NaiveDate, i64), limit: i64) -> Result<Vec<Commitment>> {
    tx.all(up_sql!(), (scope.to_owned(), lane.to_owned(), after.0, after.1, limit)).await
}

/// One cell of the figures.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Cell {
    /// The owner's authority.
    pub body_id: String,
    /// In whose name.
    pub head_id: String,
    /// Year of the promise.
    pub year: i64,
    /// What became of it.
    pub lane: String,
    /// How many.
    pub n: i64,
}

/// The figures: there are a few cells for each authority, head and year.
pub async fn cells(tx: &mut Tx, limit: i64) -> Result<Vec<Cell>> {
    tx.all("SELECT body_id, head_id, year, lane, n FROM commitment_counts WHERE n > 0 ORDER BY body_id, head_id, year, lane LIMIT $1", (limit,)).await
}

/// How many of the open ones are late on a day, by the same. What is late at once is not much, and `limit` ends the walk.
pub async fn late_cells(tx: &mut Tx, today: NaiveDate, limit: i64) -> Result<Vec<Cell>> {
    let rows: Vec<(String, String, NaiveDate)> = tx
        .all("SELECT body_id, head_id, made_on FROM commitments WHERE state = 'open' AND is_public = TRUE AND day < $1 ORDER BY day LIMIT $2", (today, limit))
        .await?;
    Ok(rows.into_iter().map(|(body_id, head_id, made_on)| Cell { body_id, head_id, year: i64::from(made_on.year()), lane: "late".to_owned(), n: 1 }).collect())
}

#[cfg(test)]
mod tests {
    use super::commitments;
    use crate::db::Db;

    /// A plan that sorts, or walks all rows, is slow at many commitments and quick in every other test.
    #[tokio::test]
    async fn lists_read_their_order_from_the_key() {
        let file = std::env::temp_dir().join(format!("nghedan-commitment-plans-{}.db", std::process::id()));
        let db = Db::open(&format!("sqlite:{}", file.display()), crate::db::Keys::locked()).await.expect("a database");
        let mut tx = db.read().await.expect("a transaction");
        type Plan = Vec<(i64, i64, i64, String)>;
        let day: chrono::NaiveDate = "2026-11-20".parse().expect("a day");
        let args = || ("all".to_owned(), "open".to_owned(), day, 9_i64, 21_i64);
        let plans: [Plan; 4] = [
            tx.all(concat!("EXPLAIN QUERY PLAN ", down_sql!()), args()).await.expect("a plan"),
            tx.all(concat!("EXPLAIN QUERY PLAN ", up_sql!()), args()).await.expect("a plan"),
            tx.all("EXPLAIN QUERY PLAN SELECT body_id FROM commitments WHERE state = 'open' AND is_public = TRUE AND day < $1 ORDER BY day LIMIT $2", (day, 9_i64))
                .await
                .expect("a plan"),
            tx.all(
                "EXPLAIN QUERY PLAN SELECT id FROM commitments WHERE state = 'open' AND is_public = TRUE AND is_late_told = FALSE AND day < $1 ORDER BY day, id LIMIT $2",
                (day, 9_i64),
            )
            .await
            .expect("a plan"),
        ];
        drop(tx);
        db.close().await;
        for ending in ["db", "db-wal", "db-shm"] {
            std::fs::remove_file(file.with_extension(ending)).unwrap_or_default();
        }
        for plan in plans {
            let text = plan.into_iter().map(|(_, _, _, step)| step).collect::<Vec<_>>().join("; ");
            assert!(!text.contains("TEMP B-TREE") && !text.contains("SCAN"), "{text}");
        }
    }
}
