//! SQL of the queue narrowed by a filter. Every statement walks one index in its own order over at most so many rows, passes over
//! those that do not fit, and stops at LIMIT. What was not walked is told to the caller, who goes on from there: a page costs the
//! same however many cases an authority has and however few of them fit.
//!
//! `COALESCE(c.body_id, '')` is the authority where its index must not be walked: SQLite, which knows nothing of how the rows are
//! spread, would take the authority's wide index for a person's few cases.

use super::queue::Row;
use crate::db::Tx;
use crate::error::Result;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::HashMap;

/// The index that is walked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Along {
    /// The authority's cases.
    Body,
    /// Those in one state; only for open ones.
    State(String),
    /// Those of a unit.
    Unit(String),
    /// Those given to a person.
    Handler(String),
    /// Those with any mark.
    Flagged,
    /// Those of a tag.
    Tag(String),
}

impl Along {
    fn value(&self) -> String {
        match self {
            Self::Body | Self::Flagged => String::new(),
            Self::State(value) | Self::Unit(value) | Self::Handler(value) | Self::Tag(value) => value.clone(),
        }
    }
}

/// What must hold for a row. Empty texts and no bits ask for nothing; "-" as unit or person: none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fits {
    /// Kind.
    pub kind: String,
    /// State.
    pub state: String,
    /// Unit.
    pub unit: String,
    /// Person.
    pub handler: String,
    /// Area.
    pub area: String,
    /// All these marks.
    pub flags: i64,
    /// Whoever looks may see only this unit (without denunciations) and what was given to the person.
    pub seen_by: Option<(String, String)>,
}

/// Which rows.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// The authority.
    pub body_id: &'a str,
    /// The index.
    pub along: Along,
    /// What must hold.
    pub fits: &'a Fits,
    /// The most rows that are walked.
    pub walked_max: i64,
    /// The most rows that are given.
    pub limit: i64,
}

macro_rules! fits {
    () => {
        "($7 = '' OR w.kind = $7) AND ($8 = '' OR w.state = $8)
         AND ($9 = '' OR w.unit_id = $9 OR ($9 = '-' AND w.unit_id IS NULL))
         AND ($10 = '' OR w.handler_id = $10 OR ($10 = '-' AND w.handler_id IS NULL))
         AND ($11 = '' OR w.area_code = $11) AND (w.flags & $12) = $12
         AND ($13 = '' OR w.handler_id = $14 OR (w.unit_id = $13 AND w.kind <> 'denunciation'))"
    };
}

/// The rows walked of the open ones: due before $3, behind ($4, $5), at most $6.
macro_rules! open_walk {
    ($from:literal, $day:literal, $id:literal, $driver:literal) => {
        concat!(
            "SELECT ",
            $id,
            " AS id, ",
            $day,
            " AS due_on, c.kind, c.state, c.unit_id, c.handler_id, c.area_code, c.flags FROM ",
            $from,
            " WHERE ",
            $driver,
            " AND ",
            $day,
            " < $3 AND (",
            $day,
            ", ",
            $id,
            ") > ($4, $5) ORDER BY ",
            $day,
            ", ",
            $id,
            " LIMIT $6"
        )
    };
}

/// The rows walked of the finished ones in state $8: changed before ($4, $5), at most $6.
macro_rules! done_walk {
    ($from:literal, $at:literal, $id:literal, $driver:literal) => {
        concat!(
            "SELECT ",
            $id,
            " AS id, ",
            $at,
            " AS changed_at, c.kind, c.state, c.unit_id, c.handler_id, c.area_code, c.flags FROM ",
            $from,
            " WHERE ",
            $driver,
            " AND $3 = $3 AND (",
            $at,
            ", ",
            $id,
            ") < ($4, $5) ORDER BY ",
            $at,
            " DESC, ",
            $id,
            " DESC LIMIT $6"
        )
    };
}

/// Keys and ids of the rows that fit, in order. Not the rows themselves: of several walks most are thrown away again.
///
/// The walk's order is the order here: both databases pass its rows on one by one and stop at the LIMIT. Asked for the order once more,
/// SQLite walks to the end and sorts what it has.
macro_rules! keys_of {
    ($walk:expr, $key:literal) => {
        concat!("SELECT w.", $key, ", w.id FROM (", $walk, ") AS w WHERE ", fits!(), " LIMIT $15")
    };
}

/// The last row walked, if as many were walked as may be; the other values are asked for so that all statements have the same.
macro_rules! end_of {
    ($walk:expr, $key:literal, $order:literal) => {
        concat!(
            "SELECT w.",
            $key,
            ", w.id FROM (",
            $walk,
            ") AS w WHERE ($7 = $7 AND $8 = $8 AND $9 = $9 AND $10 = $10 AND $11 = $11
             AND $12 = $12 AND $13 = $13 AND $14 = $14 AND $15 = $15) ORDER BY ",
            $order,
            " LIMIT 1 OFFSET ($6 - 1)"
        )
    };
}

/// Two texts for one index.
struct Texts {
    keys: &'static str,
    end: &'static str,
}

macro_rules! open_texts {
    ($from:literal, $day:literal, $id:literal, $driver:literal) => {
        Texts {
            keys: keys_of!(open_walk!($from, $day, $id, $driver), "due_on"),
            end: end_of!(open_walk!($from, $day, $id, $driver), "due_on", "w.due_on, w.id"),
        }
    };
}

macro_rules! done_texts {
    ($from:literal, $at:literal, $id:literal, $driver:literal) => {
        Texts {
            keys: keys_of!(done_walk!($from, $at, $id, $driver), "changed_at"),
            end: end_of!(done_walk!($from, $at, $id, $driver), "changed_at", "w.changed_at DESC, w.id DESC"),
        }
    };
}

fn open_texts(along: &Along) -> Texts {
    match along {
        Along::Body => open_texts!("cases c", "c.due_on", "c.id", "c.body_id = $1 AND c.is_open = TRUE AND $2 = ''"),
        Along::State(_) => open_texts!("cases c", "c.due_on", "c.id", "c.body_id = $1 AND c.state = $2"),
        Along::Unit(_) => open_texts!("cases c", "c.due_on", "c.id", "c.unit_id = $2 AND c.is_open = TRUE AND COALESCE(c.body_id, '') = $1"),
        Along::Handler(_) => open_texts!("cases c", "c.due_on", "c.id", "c.handler_id = $2 AND c.is_open = TRUE AND COALESCE(c.body_id, '') = $1"),
        Along::Flagged => open_texts!("cases c", "c.due_on", "c.id", "COALESCE(c.body_id, '') = $1 AND c.is_open = TRUE AND c.flags <> 0 AND $2 = ''"),
        Along::Tag(_) => open_texts!("case_tags c", "c.due_on", "c.case_id", "c.tag_id = $2 AND c.is_open = TRUE AND c.body_id = $1"),
    }
}

fn done_texts(along: &Along) -> Texts {
    match along {
        Along::Body | Along::State(_) => {
            done_texts!("cases c", "c.changed_at", "c.id", "c.body_id = $1 AND c.state = $8 AND c.is_open = FALSE AND $2 = $2")
        }
        Along::Unit(_) => {
            done_texts!("cases c", "c.changed_at", "c.id", "c.unit_id = $2 AND c.state = $8 AND c.is_open = FALSE AND COALESCE(c.body_id, '') = $1")
        }
        Along::Handler(_) => {
            done_texts!("cases c", "c.changed_at", "c.id", "c.handler_id = $2 AND c.state = $8 AND c.is_open = FALSE AND COALESCE(c.body_id, '') = $1")
        }
        Along::Flagged => {
            done_texts!("cases c", "c.changed_at", "c.id", "COALESCE(c.body_id, '') = $1 AND c.state = $8 AND c.is_open = FALSE AND c.flags <> 0 AND $2 = ''")
        }
        Along::Tag(_) => {
            done_texts!("case_tags c", "c.changed_at", "c.case_id", "c.tag_id = $2 AND c.state = $8 AND c.is_open = FALSE AND c.body_id = $1")
        }
    }
}

type OpenArgs = (String, String, NaiveDate, NaiveDate, String, i64, String, String, String, String, String, i64, String, String, i64);
type DoneArgs = (String, String, i64, DateTime<Utc>, String, i64, String, String, String, String, String, i64, String, String, i64);

fn open_args(wanted: &Wanted<'_>, before: NaiveDate, (day, id): &(NaiveDate, String)) -> OpenArgs {
    let fits = wanted.fits.clone();
    let (unit, account) = fits.seen_by.unwrap_or_default();
    let (along, body_id) = (wanted.along.value(), wanted.body_id.to_owned());
    (
        body_id,
        along,
        before,
        *day,
        id.clone(),
        wanted.walked_max,
        fits.kind,
        fits.state,
        fits.unit,
        fits.handler,
        fits.area,
        fits.flags,
        unit,
        account,
        wanted.limit,
    )
}

fn done_args(wanted: &Wanted<'_>, (at, id): &(DateTime<Utc>, String)) -> DoneArgs {
    let fits = wanted.fits.clone();
    let (unit, account) = fits.seen_by.unwrap_or_default();
    let (along, body_id) = (wanted.along.value(), wanted.body_id.to_owned());
    (body_id, along, 0, *at, id.clone(), wanted.walked_max, fits.kind, fits.state, fits.unit, fits.handler, fits.area, fits.flags, unit, account, wanted.limit)
}

/// Keys of the rows that fit, in order, and the last row walked where the walk was cut before `limit` rows were found.
pub struct Walked<K> {
    /// What the rows are ordered by, with their ids.
    pub keys: Vec<K>,
    /// Where the walk was cut.
    pub cut: Option<K>,
}

/// Open cases by their clock: due before a day, behind a row.
pub async fn open(tx: &mut Tx, wanted: &Wanted<'_>, before: NaiveDate, after: &(NaiveDate, String)) -> Result<Walked<(NaiveDate, String)>> {
    let texts = open_texts(&wanted.along);
    let keys: Vec<(NaiveDate, String)> = tx.all(texts.keys, open_args(wanted, before, after)).await?;
    let is_full = i64::try_from(keys.len()).unwrap_or(i64::MAX) >= wanted.limit;
    let cut = if is_full { None } else { tx.find(texts.end, open_args(wanted, before, after)).await? };
    Ok(Walked { keys, cut })
}

/// Ids looked up in one statement.
const IDS_MAX: usize = 16;

/// The rows of these cases, in the order of their ids here.
pub async fn rows(tx: &mut Tx, ids: &[String]) -> Result<Vec<Row>> {
    let mut rows: HashMap<String, Row> = HashMap::with_capacity(ids.len());
    for some in ids.chunks(IDS_MAX) {
        // No id is empty.
        let id = |at: usize| some.get(at).cloned().unwrap_or_default();
        let found: Vec<Row> = tx
            .all(
                "SELECT c.*, COALESCE(t.title, '') AS title, a.display_name AS handler_name
                 FROM cases c LEFT JOIN case_texts t ON t.case_id = c.id LEFT JOIN accounts a ON a.id = c.handler_id
                 WHERE c.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
                (id(0), id(1), id(2), id(3), id(4), id(5), id(6), id(7), id(8), id(9), id(10), id(11), id(12), id(13), id(14), id(15)),
            )
            .await?;
        rows.extend(found.into_iter().map(|row| (row.case.id.clone(), row)));
    }
    Ok(ids.iter().filter_map(|id| rows.remove(id)).collect())
}

/// Finished cases in the state of `wanted.fits`, the last change first, before a row.
pub async fn done(tx: &mut Tx, wanted: &Wanted<'_>, before: &(DateTime<Utc>, String)) -> Result<Walked<(DateTime<Utc>, String)>> {
    let texts = done_texts(&wanted.along);
    let keys: Vec<(DateTime<Utc>, String)> = tx.all(texts.keys, done_args(wanted, before)).await?;
    let is_full = i64::try_from(keys.len()).unwrap_or(i64::MAX) >= wanted.limit;
    let cut = if is_full { None } else { tx.find(texts.end, done_args(wanted, before)).await? };
    Ok(Walked { keys, cut })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Db;

    /// With a million cases, finished ones that fit nothing took sixty milliseconds: the indexes had all columns of the filters, but not the
    /// one in their own condition, and so every row that was walked was looked up in the table.
    #[tokio::test]
    async fn walks_are_answered_from_their_index_alone() {
        let file = std::env::temp_dir().join(format!("nghedan-walks-{}.db", std::process::id()));
        let db = Db::open(&format!("sqlite:{}", file.display()), crate::db::Keys::locked()).await.expect("a database");
        let fits = Fits { state: "closed".to_owned(), ..Fits::default() };
        let wanted = |along: &Along| Wanted { body_id: "body", along: along.clone(), fits: &fits, walked_max: 9, limit: 5 };
        let never = DateTime::<Utc>::MIN_UTC;
        let mut plans = Vec::new();
        let mut tx = db.read().await.expect("a transaction");
        for (along, index) in [
            (Along::Body, "cases_done"),
            (Along::Unit("unit".to_owned()), "cases_done_unit"),
            (Along::Handler("person".to_owned()), "cases_done_handler"),
            (Along::Flagged, "cases_flagged_done"),
            (Along::Tag("tag".to_owned()), "case_tags_done"),
        ] {
            let explained = |sql: &str| -> &'static str { Box::leak(format!("EXPLAIN QUERY PLAN {sql}").into_boxed_str()) };
            let texts = done_texts(&along);
            for sql in [texts.keys, texts.end] {
                let plan: Vec<(i64, i64, i64, String)> = tx.all(explained(sql), done_args(&wanted(&along), &(never, String::new()))).await.expect("a plan");
                plans.push((plan, index));
            }
        }
        for (along, index) in [(Along::Body, "cases_queue"), (Along::Flagged, "cases_flagged"), (Along::Tag("tag".to_owned()), "case_tags_queue")] {
            let sql = Box::leak(format!("EXPLAIN QUERY PLAN {}", open_texts(&along).keys).into_boxed_str());
            let from = (NaiveDate::default(), String::new());
            plans.push((tx.all(sql, open_args(&wanted(&along), NaiveDate::default(), &from)).await.expect("a plan"), index));
        }
        drop(tx);
        db.close().await;
        for ending in ["db", "db-wal", "db-shm"] {
            std::fs::remove_file(file.with_extension(ending)).unwrap_or_default();
        }
        for (plan, index) in plans {
            let text = plan.into_iter().map(|(.., step)| step).collect::<Vec<_>>().join("; ");
            assert!(text.contains(&format!("USING COVERING INDEX {index} ")), "{text}");
        }
    }
}
