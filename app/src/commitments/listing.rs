//! One page of the list of commitments: newest trouble first, then what is due next, then what has ended.

use super::filters::{Cursor, Filters, Part, Wanted};
use super::rules::Commitment;
use super::standing::Standing;
use super::store::lists::{DONE, ENDED, down, up};
use crate::db::Tx;
use crate::error::Result;
use chrono::NaiveDate;

/// Commitments on a page.
pub const PAGE_LENGTH: usize = 20;

/// What a page shows.
#[derive(Debug, Default)]
pub struct Found {
    /// The commitments.
    pub rows: Vec<Commitment>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

/// The parts of the list that were asked for, each with its lane.
fn parts(wanted: Option<Wanted>) -> Vec<(Part, &'static str)> {
    let open = Standing::Open.lane();
    match wanted {
        None => vec![(Part::Late, open), (Part::Open, open), (Part::Ended, ENDED)],
        Some(Wanted::Done) => vec![(Part::Ended, DONE)],
        Some(Wanted::Standing(Standing::Late)) => vec![(Part::Late, open)],
        Some(Wanted::Standing(Standing::Open)) => vec![(Part::Open, open)],
        Some(Wanted::Standing(standing)) => vec![(Part::Ended, standing.lane())],
    }
}

/// Where a part begins.
fn beginning(part: Part, today: NaiveDate) -> (NaiveDate, i64) {
    match part {
        // Numbers begin at 1: nothing of today is below (today, 0).
        Part::Late => (today, 0),
        Part::Open => (today.pred_opt().unwrap_or(today), i64::MAX),
        Part::Ended => (NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(today), i64::MAX),
    }
}

/// The page of these filters. Reads at most one page and one row more of each part, however many commitments there are.
pub async fn find(tx: &mut Tx, filters: &Filters, today: NaiveDate) -> Result<Found> {
    let scope = filters.scope();
    let mut rows: Vec<(Part, Commitment)> = Vec::with_capacity(PAGE_LENGTH + 1);
    let mut is_behind = filters.after.is_some();
    for (part, lane) in parts(filters.wanted) {
        let mut from = beginning(part, today);
        if let Some(cursor) = filters.after.filter(|_| is_behind) {
            if cursor.part != part {
                continue;
            }
            is_behind = false;
            // A day has begun since the page before: what has become late is in the part that was read already.
            from = if part == Part::Open { from.max((cursor.day, cursor.number)) } else { from.min((cursor.day, cursor.number)) };
        }
        let wanted = i64::try_from((PAGE_LENGTH + 1).saturating_sub(rows.len())).unwrap_or(0);
        if wanted == 0 {
            break;
        }
        let found = if part == Part::Open { up(tx, &scope, lane, from, wanted).await? } else { down(tx, &scope, lane, from, wanted).await? };
        rows.extend(found.into_iter().map(|row| (part, row)));
    }
    let mut found = Found::default();
    if rows.len() > PAGE_LENGTH {
        rows.truncate(PAGE_LENGTH);
        found.next = rows.last().map(|(part, row)| Cursor {
            part: *part,
            day: if *part == Part::Ended { row.ended_on.unwrap_or(row.day) } else { row.day },
            number: row.number.unwrap_or(0),
        });
    }
    found.rows = rows.into_iter().map(|(_, row)| row).filter(|row| filters.is_of_agency(&row.body_id)).collect();
    Ok(found)
}
