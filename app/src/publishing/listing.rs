//! One page of the register: exact marks first, then the same words under any marks, each newest first.

use super::filters::{Cursor, Filters};
use super::store::{self, Listed};
use crate::db::Tx;
use crate::error::Result;
use crate::search::Pass;

/// Cases on a page.
pub const PAGE_LENGTH: usize = 20;

/// What a page shows.
#[derive(Debug, Default)]
pub struct Found {
    /// Cases with the very marks that were typed; all of them, if none were typed.
    pub exact: Vec<Listed>,
    /// Cases with the same words under other marks.
    pub near: Vec<Listed>,
    /// Whether typed marks split the search into the two.
    pub has_passes: bool,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

/// The page of these filters. Reads at most one page and one case more, however many cases there are.
pub async fn find(tx: &mut Tx, filters: &Filters) -> Result<Found> {
    let query = filters.query();
    let has_passes = query.first_pass() == Pass::Marked;
    let mut found = Found { has_passes, ..Found::default() };
    if filters.is_contradiction() {
        return Ok(found);
    }
    let begin = filters.after.unwrap_or(Cursor { pass: query.first_pass(), below: i64::MAX });
    let mut rows: Vec<(Pass, Listed)> = Vec::with_capacity(PAGE_LENGTH + 1);
    if begin.pass == Pass::Marked {
        let hits = store::matching(tx, &query, Pass::Marked, begin.below, wanted(&rows)).await?;
        rows.extend(hits.into_iter().map(|row| (Pass::Marked, row)));
    }
    if rows.len() <= PAGE_LENGTH {
        let below = if begin.pass == Pass::Folded { begin.below } else { i64::MAX };
        let hits = if query.is_empty() {
            store::newest(tx, below, wanted(&rows)).await?
        } else {
            store::matching(tx, &query, Pass::Folded, below, wanted(&rows)).await?
        };
        rows.extend(hits.into_iter().map(|row| (Pass::Folded, row)));
    }
    if rows.len() > PAGE_LENGTH {
        rows.truncate(PAGE_LENGTH);
        found.next = rows.last().map(|(pass, row)| Cursor { pass: *pass, below: row.number });
    }
    for (pass, row) in rows {
        if has_passes && pass == Pass::Folded { found.near.push(row) } else { found.exact.push(row) }
    }
    Ok(found)
}

/// How many more rows fill the page and show whether there is another.
fn wanted(rows: &[(Pass, Listed)]) -> i64 {
    i64::try_from(PAGE_LENGTH + 1 - rows.len().min(PAGE_LENGTH + 1)).unwrap_or(0)
}
