//! SQL of the leader's page: sums over an authority's open cases, walked along the queue's own index, which has all that is asked.

use crate::db::Tx;
use crate::error::Result;
use crate::petitions::rules::{Kind, State};
use chrono::{DateTime, NaiveDate, Utc};

/// Open cases of one sort.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OpenCell {
    /// In which state.
    pub state: State,
    /// Of which kind.
    pub kind: Kind,
    /// With which unit.
    pub unit_id: Option<String>,
    /// Given to somebody by name.
    pub has_handler: bool,
    /// 0 late, 1 due before the next week, 2 later.
    pub due: i64,
    /// How many.
    pub n: i64,
}

/// An authority's open cases by state, kind, unit and last day; the first `limit` by the clock.
pub async fn open_cells(tx: &mut Tx, body_id: &str, today: NaiveDate, next_week: NaiveDate, limit: i64) -> Result<Vec<OpenCell>> {
    tx.all(
        "SELECT state, kind, unit_id, has_handler, due, COUNT(*) AS n FROM (
           SELECT state, kind, unit_id, handler_id IS NOT NULL AS has_handler, CAST(CASE WHEN due_on < $2 THEN 0 WHEN due_on < $3 THEN 1 ELSE 2 END AS BIGINT) AS due
           FROM cases
           WHERE body_id = $1 AND is_open = TRUE
           ORDER BY due_on, id
           LIMIT $4
         ) AS walked
         GROUP BY state, kind, unit_id, has_handler, due",
        (body_id.to_owned(), today, next_week, limit),
    )
    .await
}

/// An authority's open marked cases: marks, whether late, how many.
pub async fn flagged(tx: &mut Tx, body_id: &str, today: NaiveDate, limit: i64) -> Result<Vec<(i64, bool, i64)>> {
    tx.all(
        "SELECT flags, is_late, COUNT(*) FROM (
           SELECT flags, due_on < $2 AS is_late FROM cases WHERE COALESCE(body_id, '') = $1 AND is_open = TRUE AND flags <> 0 LIMIT $3
         ) AS walked
         GROUP BY flags, is_late",
        (body_id.to_owned(), today, limit),
    )
    .await
}

/// Of the cases answered since a day, praise apart, on which no period runs: how many, how many of them on time. At most `limit` are looked at, the last change first.
pub async fn answered_since(tx: &mut Tx, body_id: &str, since: NaiveDate, since_at: DateTime<Utc>, limit: i64) -> Result<(i64, i64)> {
    let mut sum = (0, 0);
    for state in [State::Answered, State::Closed] {
        let (n, on_time): (i64, i64) = tx
            .one(
                "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN answered_on <= due_on THEN 1 ELSE 0 END), 0) AS BIGINT) FROM (
                   SELECT answered_on, due_on FROM cases
                   WHERE body_id = $1 AND state = $2 AND is_open = FALSE AND changed_at >= $3 AND kind <> 'praise'
                   ORDER BY changed_at DESC, id DESC
                   LIMIT $4
                 ) AS walked
                 WHERE answered_on >= $5",
                (body_id.to_owned(), state, since_at, limit, since),
            )
            .await?;
        sum = (sum.0 + n, sum.1 + on_time);
    }
    Ok(sum)
}
