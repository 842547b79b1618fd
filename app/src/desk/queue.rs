//! Loads what the queue shows: a page of cases and the counts beside the scopes.

use super::filtered;
use super::hidden::{Hidden, without_own};
use super::place::{Cursor, Place, Scope};
use super::store::queue::{Done, Open, Row};
use super::store::{counts, queue, search};
use crate::actor::{Actor, Official};
use crate::db::Tx;
use crate::error::Result;
use crate::permissions::{Action, QueueScope, Role, check, queue_scope};
use crate::petitions::rules::{Kind, State};
use crate::search::{Pass, Query, facet};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::HashSet;

/// Cases on one page.
pub const PAGE_ROWS: usize = 50;
/// Counts made at every look stop here: "99+".
pub(super) const COUNT_MAX: i64 = 100;
/// Open cases of a unit that are looked through for its counts.
const UNIT_SCAN_MAX: i64 = 1_000;

/// A page of the queue.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// The cases, in order.
    pub rows: Vec<Row>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
    /// The page is not full, and yet there may be more: not all was looked through.
    pub is_cut: bool,
    /// How many fit a filter, where the first page knows it already.
    pub fitting: Option<Count>,
}

/// A number, or "at least that many".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// The number.
    pub n: i64,
    /// There may be more.
    pub is_capped: bool,
}

impl Count {
    fn exact(n: i64) -> Self {
        Self { n, is_capped: false }
    }

    pub(super) fn capped(n: i64) -> Self {
        if n >= COUNT_MAX { Self { n: COUNT_MAX - 1, is_capped: true } } else { Self::exact(n) }
    }
}

/// The counts beside the scopes, in their order.
pub type Counts = Vec<(Scope, Count)>;

/// The scope somebody begins with: handlers with their own cases, all others with everything.
pub fn home_scope(official: &Official) -> Scope {
    let is_wide = official.holdings.iter().any(|holding| matches!(holding.role, Role::Intake | Role::Approver | Role::Head));
    if is_wide { Scope::All } else { Scope::Mine }
}

fn kind_code(kind: Option<Kind>) -> &'static str {
    kind.map_or("", Kind::code)
}

pub(super) fn one_more() -> i64 {
    i64::try_from(PAGE_ROWS).unwrap_or(i64::MAX - 1) + 1
}

/// The page of the queue at `place`, as far as `official` may see it.
pub async fn list(tx: &mut Tx, official: &Official, place: &Place, today: NaiveDate) -> Result<List> {
    let scope = queue_scope(official);
    if place.text.is_empty() && place.scope == Scope::Nudges {
        return nudged(tx, official, place).await;
    }
    if place.text.is_empty() && !place.filter.is_kind_only() {
        return filtered::list(tx, &scope, official, place, today).await;
    }
    let hidden = Hidden::load(tx, official, &scope).await?;
    let limit = one_more() + hidden.more();
    if place.text.is_empty() {
        let rows = match place.scope.done_states() {
            [] => open_rows(tx, official, &scope, place, (today, limit)).await?,
            states => done_rows(tx, &scope, place, states, limit).await?,
        };
        let rows = without_own(official, rows);
        return Ok(page(rows, |row| match place.scope.done_states() {
            [] => Cursor::Due(row.case.due_on, row.case.id.clone()),
            _ => Cursor::Changed(row.case.changed_at, row.case.id.clone()),
        }));
    }
    found(tx, official, &scope, place, hidden.more()).await
}

/// The cases that colleagues have put before somebody, the last one first; the filter does not count. There are never many: what
/// was read is gone from here.
async fn nudged(tx: &mut Tx, official: &Official, place: &Place) -> Result<List> {
    let mut rows: Vec<Row> = Vec::new();
    for row in queue::nudged(tx, &official.account_id).await? {
        let may_see = check(&Actor::Official(official.clone()), Action::See(&row.case)).is_ok();
        if may_see && !rows.iter().any(|known| known.case.id == row.case.id) {
            rows.push(row);
        }
    }
    let after = match &place.cursor {
        Some(Cursor::Changed(_, id)) => rows.iter().position(|row| row.case.id == *id).map_or(0, |at| at + 1),
        _ => 0,
    };
    let rest = rows.split_off(after);
    Ok(page(rest, |row| Cursor::Changed(row.case.changed_at, row.case.id.clone())))
}

/// Cuts the row beyond the page off and remembers where it began.
fn page(mut rows: Vec<Row>, cursor: impl Fn(&Row) -> Cursor) -> List {
    let has_more = rows.len() > PAGE_ROWS;
    rows.truncate(PAGE_ROWS);
    let next = rows.last().filter(|_| has_more).map(cursor);
    List { rows, next, is_cut: false, fitting: None }
}

async fn open_rows(tx: &mut Tx, official: &Official, scope: &QueueScope, place: &Place, (today, limit): (NaiveDate, i64)) -> Result<Vec<Row>> {
    let after = match &place.cursor {
        Some(Cursor::Due(day, id)) => (*day, id.clone()),
        _ => (first_day(), String::new()),
    };
    let before = if place.scope == Scope::Late { today } else { last_day() };
    let state = place.scope.open_state().map_or("", State::code);
    let open = Open { before, after, state, kind: kind_code(place.filter.kind), limit };
    match scope {
        QueueScope::Nothing => Ok(Vec::new()),
        QueueScope::Body(body_id) | QueueScope::Unit { body_id, .. } if place.scope == Scope::Mine => {
            queue::open_of_person(tx, body_id, &official.account_id, &open).await
        }
        QueueScope::Body(body_id) if state.is_empty() => queue::open_of_body(tx, body_id, &open).await,
        QueueScope::Body(body_id) => queue::state_of_body(tx, body_id, &open).await,
        QueueScope::Unit { body_id, unit_id, account_id } => {
            let mut rows = queue::open_of_unit(tx, body_id, unit_id, &open).await?;
            rows.extend(queue::open_of_person(tx, body_id, account_id, &open).await?);
            Ok(in_order(rows, limit, |row| (row.case.due_on, row.case.id.clone())))
        }
    }
}

async fn done_rows(tx: &mut Tx, scope: &QueueScope, place: &Place, states: &[State], limit: i64) -> Result<Vec<Row>> {
    let before = match &place.cursor {
        Some(Cursor::Changed(at, id)) => (*at, id.clone()),
        _ => (last_instant(), String::new()),
    };
    let mut rows = Vec::new();
    for state in states {
        let done = Done { state: *state, before: before.clone(), kind: kind_code(place.filter.kind), limit };
        match scope {
            QueueScope::Nothing => {}
            QueueScope::Body(body_id) => rows.extend(queue::done_of_body(tx, body_id, &done).await?),
            QueueScope::Unit { body_id, unit_id, account_id } => {
                rows.extend(queue::done_of_unit(tx, body_id, unit_id, &done).await?);
                rows.extend(queue::done_of_person(tx, body_id, account_id, &done).await?);
            }
        }
    }
    Ok(in_order(rows, limit, |row| std::cmp::Reverse((row.case.changed_at, row.case.id.clone()))))
}

/// Several ordered lists as one, each case once.
fn in_order<K: Ord>(mut rows: Vec<Row>, limit: i64, key: impl Fn(&Row) -> K) -> Vec<Row> {
    let mut seen = HashSet::new();
    rows.retain(|row| seen.insert(row.case.id.clone()));
    rows.sort_by_key(key);
    rows.truncate(usize::try_from(limit).unwrap_or(PAGE_ROWS + 1));
    rows
}

async fn found(tx: &mut Tx, official: &Official, scope: &QueueScope, place: &Place, hidden: i64) -> Result<List> {
    let (body_id, unit) = match scope {
        QueueScope::Nothing => return Ok(List::default()),
        QueueScope::Body(body_id) => (body_id, None),
        QueueScope::Unit { body_id, unit_id, account_id } => (body_id, Some((unit_id.as_str(), account_id.as_str()))),
    };
    if Query::new(&place.text, Vec::new(), Vec::new()).is_empty() {
        return Ok(List::default());
    }
    let query = Query::new(&place.text, vec![facet('b', body_id)], Vec::new());
    let (mut pass, mut before) = match place.cursor {
        Some(Cursor::Found { is_marked, key }) => (if is_marked { Pass::Marked } else { Pass::Folded }, key),
        _ => (query.first_pass(), i64::MAX),
    };
    let mut hits: Vec<(Pass, Row)> = Vec::new();
    loop {
        let limit = one_more() + hidden - i64::try_from(hits.len()).unwrap_or(0);
        let wanted = search::Wanted { query: &query, pass, before, kind: kind_code(place.filter.kind), body_id, unit, limit };
        hits.extend(without_own(official, search::found(tx, &wanted).await?).into_iter().map(|row| (pass, row)));
        if pass == Pass::Folded || hits.len() > PAGE_ROWS {
            break;
        }
        (pass, before) = (Pass::Folded, i64::MAX);
    }
    let has_more = hits.len() > PAGE_ROWS;
    hits.truncate(PAGE_ROWS);
    let next = hits.last().filter(|_| has_more).map(|(pass, row)| Cursor::Found { is_marked: *pass == Pass::Marked, key: row.case.search_key });
    Ok(List { rows: hits.into_iter().map(|(_, row)| row).collect(), next, is_cut: false, fitting: None })
}

/// The counts beside the scopes.
pub async fn counts(tx: &mut Tx, official: &Official, today: NaiveDate) -> Result<Counts> {
    let scope = queue_scope(official);
    let hidden = Hidden::load(tx, official, &scope).await?;
    match scope {
        QueueScope::Nothing => Ok(Vec::new()),
        QueueScope::Body(body_id) => counts_of_body(tx, &body_id, official, (today, &hidden)).await,
        QueueScope::Unit { body_id, unit_id, account_id } => counts_of_unit(tx, official, (&body_id, &unit_id, &account_id), (today, &hidden)).await,
    }
}

/// Open cases given to the person, without those they must stay away from.
async fn count_mine(tx: &mut Tx, body_id: &str, account_id: &str, hidden: &Hidden) -> Result<Count> {
    let own = hidden.count(|case| case.is_open && case.handler_id.as_deref() == Some(account_id));
    Ok(Count::capped(counts::open_of_person(tx, body_id, account_id, COUNT_MAX + own).await? - own))
}

async fn counts_of_body(tx: &mut Tx, body_id: &str, official: &Official, (today, hidden): (NaiveDate, &Hidden)) -> Result<Counts> {
    let by_state = counts::by_state(tx, body_id).await?;
    let of = |wanted: &dyn Fn(State) -> bool| {
        let all: i64 = by_state.iter().filter(|(state, _)| wanted(*state)).map(|(_, n)| n).sum();
        Count::exact(all - hidden.count(|case| wanted(case.state)))
    };
    let hidden_late = hidden.count(|case| case.is_open && case.due_on < today);
    let late = Count::capped(counts::late_of_body(tx, body_id, today, COUNT_MAX + hidden_late).await? - hidden_late);
    let mine = count_mine(tx, body_id, &official.account_id, hidden).await?;
    let nudges = nudges(tx, official).await?;
    Ok(Scope::ALL
        .map(|scope| match (scope, scope.open_state()) {
            (Scope::Mine, _) => (scope, mine),
            (Scope::Nudges, _) => (scope, nudges),
            (Scope::Late, _) => (scope, late),
            (_, Some(open)) => (scope, of(&|state| state == open)),
            (Scope::Answered | Scope::Done, _) => (scope, of(&|state| scope.done_states().contains(&state))),
            _ => (scope, of(&State::is_open)),
        })
        .to_vec())
}

/// How many cases were put before somebody and are not read.
async fn nudges(tx: &mut Tx, official: &Official) -> Result<Count> {
    let place = Place::at(Scope::Nudges);
    let list = nudged(tx, official, &place).await?;
    Ok(Count { n: i64::try_from(list.rows.len()).unwrap_or(i64::MAX), is_capped: list.next.is_some() })
}

async fn counts_of_unit(
    tx: &mut Tx,
    official: &Official,
    (body_id, unit_id, account_id): (&str, &str, &str),
    (today, hidden): (NaiveDate, &Hidden),
) -> Result<Counts> {
    let open = counts::open_of_unit(tx, body_id, unit_id, account_id, UNIT_SCAN_MAX).await?;
    let is_cut = open.iter().map(|(_, _, n)| n).sum::<i64>() >= UNIT_SCAN_MAX;
    let of = |wanted: &dyn Fn(State, NaiveDate) -> bool| {
        let all: i64 = open.iter().filter(|(state, due_on, _)| wanted(*state, *due_on)).map(|(_, _, n)| n).sum();
        let count = Count::capped((all - hidden.count(|case| case.is_open && wanted(case.state, case.due_on))).max(0));
        Count { is_capped: count.is_capped || is_cut, ..count }
    };
    let mine = count_mine(tx, body_id, account_id, hidden).await?;
    let nudges = nudges(tx, official).await?;
    let mut all = Vec::new();
    // What nobody has taken up lies with no unit.
    for scope in Scope::ALL.into_iter().filter(|scope| *scope != Scope::Submitted) {
        let count = match (scope, scope.open_state()) {
            (Scope::Mine, _) => mine,
            (Scope::Nudges, _) => nudges,
            // By the clock, the late ones come first: they are all within what was looked through, or there are many.
            (Scope::Late, _) => of(&|_, due_on| due_on < today),
            (_, Some(wanted)) => of(&|state, _| state == wanted),
            (Scope::Answered | Scope::Done, _) => {
                let mut n = 0;
                for state in scope.done_states() {
                    let own = hidden.count(|case| case.state == *state);
                    n += counts::done_of_unit(tx, body_id, unit_id, account_id, *state, COUNT_MAX + own).await? - own;
                }
                Count::capped(n)
            }
            _ => of(&|_, _| true),
        };
        all.push((scope, count));
    }
    Ok(all)
}

/// Before every last day there is.
pub(super) fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default()
}

/// After every last day there is.
pub(super) fn last_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or_default()
}

/// After every change there is: the last instant both databases write the same way.
pub(super) fn last_instant() -> DateTime<Utc> {
    last_day().and_hms_opt(0, 0, 0).unwrap_or_default().and_utc()
}
