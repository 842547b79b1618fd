//! Keeps the public register in step with a case: its row, its figures, its words in the public index.
//!
//! Called with every change of a case, in the same transaction. A case that is not released costs one look.

use super::rules::{Case, State};
use super::store::parts::PublicText;
use super::store::register as store;
use crate::db::Tx;
use crate::deadlines::Calendar;
use crate::error::Result;
use crate::redaction::rules::without_marks;
use crate::search::store::Index;
use crate::search::{Document, facet};
use crate::text::excerpt;
use chrono::{Datelike, NaiveDate};

pub use store::PublicCase;

/// How a released case stands, as in `public_cases.state`, while it has no answer.
pub const HANDLING: &str = "handling";

/// Characters of the public text that a list shows.
const EXCERPT_CHARS_MAX: usize = 180;

/// What a released case counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// No answer yet.
    Handling,
    /// Answered on or before the last day.
    OnTime,
    /// Answered after it.
    Late,
}

impl Outcome {
    /// As it stands in the database and in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Handling => "handling",
            Self::OnTime => "on_time",
            Self::Late => "late",
        }
    }

    /// The outcome of a row.
    pub fn of(row: &PublicCase) -> Self {
        match row.is_on_time {
            None => Self::Handling,
            Some(true) => Self::OnTime,
            Some(false) => Self::Late,
        }
    }
}

/// Releases a case under its public text and gives its number; a text released again keeps the number.
pub async fn release(tx: &mut Tx, case: &Case, text: &PublicText, calendar: &Calendar, today: NaiveDate) -> Result<i64> {
    let known = store::by_case(tx, &case.id).await?;
    let number = match &known {
        Some(row) => row.number,
        None => store::next_number(tx).await?,
    };
    let released_on = known.as_ref().map_or(today, |row| row.released_on);
    let row = released(case, &text.title, &text.body, number, released_on, calendar);
    replace(tx, known.as_ref(), Some(&row)).await?;
    Ok(number)
}

/// The row of a released case as it stands.
pub fn released(case: &Case, title: &str, body: &str, number: i64, released_on: NaiveDate, calendar: &Calendar) -> PublicCase {
    PublicCase {
        number,
        case_id: case.id.clone(),
        title: title.to_owned(),
        body: body.to_owned(),
        excerpt: excerpt(body, EXCERPT_CHARS_MAX),
        released_on,
        ..derived(case, calendar)
    }
}

/// Carries a change of a case over to its row in the register, if it has one.
pub async fn follow(tx: &mut Tx, case: &Case, calendar: &Calendar) -> Result<()> {
    let Some(known) = store::by_case(tx, &case.id).await? else { return Ok(()) };
    if case.state == State::Withdrawn || !case.kind.can_be_public() {
        return replace(tx, Some(&known), None).await;
    }
    let row = PublicCase {
        number: known.number,
        case_id: known.case_id.clone(),
        title: known.title.clone(),
        body: known.body.clone(),
        excerpt: known.excerpt.clone(),
        released_on: known.released_on,
        ..derived(case, calendar)
    };
    // Its page shows every public step, so the page changes even where the row does not.
    if row == known { store::raise_version(tx).await } else { replace(tx, Some(&known), Some(&row)).await }
}

/// What the register takes from the case itself.
fn derived(case: &Case, calendar: &Calendar) -> PublicCase {
    PublicCase {
        kind: case.kind,
        state: if case.answered_on.is_some() { "answered" } else { HANDLING }.to_owned(),
        body_id: case.body_id.clone(),
        area_code: case.area_code.clone(),
        year: i64::from(case.received_on.year()),
        filed_on: case.received_on,
        due_on: case.answer_due_on(),
        answered_on: case.answered_on,
        // What has no period takes no days and is never late.
        days_taken: case.answered_on.filter(|_| case.kind.has_period()).map(|day| calendar.working_days_between(case.received_on, day)),
        is_on_time: case.answered_on.filter(|_| case.kind.has_period()).map(|day| day <= case.answer_due_on()),
        number: 0,
        case_id: String::new(),
        title: String::new(),
        body: String::new(),
        excerpt: String::new(),
        released_on: case.received_on,
    }
}

/// Puts `after` in the place of `before`: row, figures, index, and the mark that tells caches.
async fn replace(tx: &mut Tx, before: Option<&PublicCase>, after: Option<&PublicCase>) -> Result<()> {
    if let Some(row) = before {
        store::count(tx, row, -1).await?;
        crate::search::store::remove(tx, Index::Public, row.number).await?;
    }
    match after {
        Some(row) => {
            store::put(tx, row).await?;
            store::count(tx, row, 1).await?;
            crate::search::store::insert(tx, Index::Public, row.number, &document(row))?;
        }
        None => {
            if let Some(row) = before {
                store::delete(tx, row.number).await?;
            }
        }
    }
    store::raise_version(tx).await
}

/// The index row of a released case.
pub fn document(row: &PublicCase) -> Document {
    // Marks say what was taken out, in the same few words everywhere: nobody searches for those.
    Document::new(&[&without_marks(&row.title), &without_marks(&row.body)], scopes(row), facets(row))
}

/// The filters of the register that are scopes of its index. What waits for its answer is one more: few rows at any time, and the only ones
/// that somebody who types is shown.
pub(crate) fn scopes(row: &PublicCase) -> Vec<String> {
    let mut scopes = vec![facet('b', &row.body_id), facet('k', row.kind.code())];
    if is_handling(row) {
        scopes.push(facet('s', &row.state));
    }
    scopes
}

fn is_handling(row: &PublicCase) -> bool {
    row.state == HANDLING
}

/// The other filters of the register as words of the index.
pub(crate) fn facets(row: &PublicCase) -> Vec<String> {
    let mut facets = vec![facet('a', &row.area_code), facet('y', &row.year.to_string())];
    if !is_handling(row) {
        facets.push(facet('s', &row.state));
    }
    if row.is_on_time.is_some() {
        facets.push(facet('o', Outcome::of(row).code()));
    }
    facets
}
