//! The queue narrowed by a filter: which index is walked, how far, and where the next page begins.

use super::filter::{Filter, NOBODY};
use super::hidden::{Hidden, without_own};
use super::place::{Cursor, Place, Scope};
use super::queue::{COUNT_MAX, Count, List, PAGE_ROWS, first_day, last_day, last_instant, one_more};
use super::store::filtered::{self, Along, Fits, Walked, Wanted};
use crate::actor::Official;
use crate::db::Tx;
use crate::error::Result;
use crate::permissions::QueueScope;
use crate::petitions::rules::{Kind, State};
use chrono::{DateTime, NaiveDate, Utc};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// The most rows of an index that are looked at for one page.
pub const WALKED_MAX: i64 = 1_000;

/// What is asked: a place, by somebody who may see so much.
struct Asked<'a> {
    body_id: &'a str,
    fits: Fits,
    along: Vec<Along>,
}

/// The statements' view of a filter. A handler may see the unit's cases and their own: two walks, unless one index has all.
fn asked<'a>(scope: &'a QueueScope, official: &Official, place: &Place) -> Option<Asked<'a>> {
    let filter = &place.filter;
    let mine = (place.scope == Scope::Mine).then(|| official.account_id.clone());
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let mut fits = Fits {
        kind: filter.kind.map_or("", Kind::code).to_owned(),
        state: place.scope.open_state().or(filter.state).map_or("", State::code).to_owned(),
        unit: text(&filter.unit),
        handler: text(&filter.handler),
        area: text(&filter.area),
        flags: filter.flags,
        seen_by: None,
    };
    let (body_id, own) = match scope {
        QueueScope::Nothing => return None,
        QueueScope::Body(body_id) => (body_id, None),
        QueueScope::Unit { body_id, unit_id, account_id } => (body_id, Some((unit_id.clone(), account_id.clone()))),
    };
    fits.seen_by.clone_from(&own);
    let along = match (mine, narrowest(filter), own) {
        (Some(me), ..) => vec![Along::Handler(me)],
        (None, Some(along), _) => vec![along],
        (None, None, Some((unit, me))) => vec![Along::Unit(unit), Along::Handler(me)],
        (None, None, None) if place.scope.done_states().is_empty() && !fits.state.is_empty() => vec![Along::State(fits.state.clone())],
        (None, None, None) => vec![Along::Body],
    };
    // Along one's own cases a tag would be lost: it stands in no column of the case.
    let along = match (&filter.tag, place.scope) {
        (Some(tag), Scope::Mine) => {
            fits.handler.clone_from(&official.account_id);
            vec![Along::Tag(tag.clone())]
        }
        _ => along,
    };
    Some(Asked { body_id, fits, along })
}

/// The index with the fewest rows to pass over, if the filter names one.
fn narrowest(filter: &Filter) -> Option<Along> {
    let named = |value: &Option<String>| value.clone().filter(|value| value != NOBODY);
    if let Some(tag) = &filter.tag {
        return Some(Along::Tag(tag.clone()));
    }
    if filter.flags != 0 {
        return Some(Along::Flagged);
    }
    named(&filter.handler).map(Along::Handler).or_else(|| named(&filter.unit).map(Along::Unit))
}

impl Asked<'_> {
    fn wanted(&self, along: &Along, limit: i64) -> Wanted<'_> {
        Wanted { body_id: self.body_id, along: along.clone(), fits: &self.fits, walked_max: WALKED_MAX, limit }
    }
}

/// Where the open cases of a place begin and end.
fn open_ends(place: &Place, today: NaiveDate) -> ((NaiveDate, String), NaiveDate) {
    let (from, before) = place.filter.due.map_or((None, None), |due| due.days(today));
    let before = if place.scope == Scope::Late { today } else { before.unwrap_or_else(last_day) };
    // No id is empty, so a day with an empty id stands before all of that day.
    let begin = (from.unwrap_or_else(first_day), String::new());
    let after = match &place.cursor {
        Some(Cursor::Due(day, id)) => (*day, id.clone()).max(begin),
        _ => begin,
    };
    (after, before)
}

/// A page of the queue at a place with a filter.
pub async fn list(tx: &mut Tx, scope: &QueueScope, official: &Official, place: &Place, today: NaiveDate) -> Result<List> {
    let Some(asked) = asked(scope, official, place) else { return Ok(List::default()) };
    // The first page says how many there are: as many keys as are counted cost less than the rows of a page. Not where some are hidden from
    // whoever looks: those must not be counted.
    let counts = place.cursor.is_none() && Hidden::load(tx, official, scope).await?.more() == 0;
    let limit = if counts { COUNT_MAX.max(one_more()) } else { one_more() };
    let keys = walk(tx, asked, place, today, limit).await?;
    let fitting = counts.then_some(keys.fitting());
    let list = match keys {
        Keys::Open(page) => read(tx, official, page, |(day, id)| Cursor::Due(day, id), |(_, id)| id).await?,
        Keys::Done(page) => read(tx, official, page, |(at, id)| Cursor::Changed(at.0, id.0), |(_, id)| id.0).await?,
    };
    Ok(List { fitting, ..list })
}

/// The keys of a page, by which order they come.
enum Keys {
    Open(Joined<(NaiveDate, String)>),
    Done(Joined<Newest>),
}

impl Keys {
    fn fitting(&self) -> Count {
        match self {
            Self::Open(page) => page.fitting,
            Self::Done(page) => page.fitting,
        }
    }
}

/// Walks every index that is asked, each up to so many keys.
async fn walk(tx: &mut Tx, mut asked: Asked<'_>, place: &Place, today: NaiveDate, limit: i64) -> Result<Keys> {
    let along = std::mem::take(&mut asked.along);
    if place.scope.done_states().is_empty() {
        let (after, before) = open_ends(place, today);
        let mut walks = Vec::new();
        for along in &along {
            walks.push(filtered::open(tx, &asked.wanted(along, limit), before, &after).await?);
        }
        return Ok(Keys::Open(joined(walks)));
    }
    let before = match &place.cursor {
        Some(Cursor::Changed(at, id)) => (*at, id.clone()),
        _ => (last_instant(), String::new()),
    };
    let mut walks = Vec::new();
    for state in done_states(place) {
        state.code().clone_into(&mut asked.fits.state);
        for along in &along {
            walks.push(newest_first(filtered::done(tx, &asked.wanted(along, limit), &before).await?));
        }
    }
    Ok(Keys::Done(joined(walks)))
}

/// The rows of a page, and where the next one begins.
async fn read<K: Clone>(tx: &mut Tx, official: &Official, page: Joined<K>, cursor: impl Fn(K) -> Cursor, id: impl Fn(K) -> String) -> Result<List> {
    let ids: Vec<String> = page.keys.into_iter().map(id).collect();
    let rows = filtered::rows(tx, &ids).await?;
    Ok(seen(official, List { rows, next: page.next.map(cursor), is_cut: page.is_cut, fitting: None }))
}

/// The page without the cases that are about whoever looks.
fn seen(official: &Official, list: List) -> List {
    List { rows: without_own(official, list.rows), ..list }
}

fn done_states(place: &Place) -> Vec<State> {
    place.scope.done_states().iter().copied().filter(|state| place.filter.state.is_none_or(|wanted| wanted == *state)).collect()
}

/// The key of finished cases in the order of their list: the last change first.
type Newest = (Reverse<DateTime<Utc>>, Reverse<String>);

fn newest_first(walked: Walked<(DateTime<Utc>, String)>) -> Walked<Newest> {
    let newest = |(at, id)| (Reverse(at), Reverse(id));
    Walked { keys: walked.keys.into_iter().map(newest).collect(), cut: walked.cut.map(newest) }
}

/// The keys of a page, and the last one before the next.
struct Joined<K> {
    keys: Vec<K>,
    next: Option<K>,
    is_cut: bool,
    /// How many keys there are on all walks.
    fitting: Count,
}

/// Several walks as one page, each case once. Behind the place where any of them was cut nothing is shown yet: another one could still have a
/// row before it.
fn joined<K: Ord + Clone>(walks: Vec<Walked<K>>) -> Joined<K> {
    let (keys, cuts): (Vec<_>, Vec<_>) = walks.into_iter().map(|walk| (walk.keys, walk.cut)).unzip();
    let cut = cuts.into_iter().flatten().min();
    let in_order: BTreeSet<K> = keys.into_iter().flatten().collect();
    let counted = Count::capped(i64::try_from(in_order.len()).unwrap_or(i64::MAX));
    let fitting = Count { is_capped: counted.is_capped || cut.is_some(), ..counted };
    let mut keys: Vec<K> = in_order.into_iter().take(PAGE_ROWS + 1).filter(|key| cut.as_ref().is_none_or(|cut| key <= cut)).collect();
    let has_more = keys.len() > PAGE_ROWS;
    keys.truncate(PAGE_ROWS);
    if has_more {
        return Joined { next: keys.last().cloned(), keys, is_cut: false, fitting };
    }
    Joined { keys, is_cut: cut.is_some(), next: cut, fitting }
}

/// How many cases fit, from the first page on: exact where that is cheap, else "at least".
pub async fn count(tx: &mut Tx, scope: &QueueScope, official: &Official, place: &Place, today: NaiveDate) -> Result<Count> {
    let first = place.first();
    if Hidden::load(tx, official, scope).await?.more() > 0 {
        // Whoever a case is about must not count it either: what can be listed is counted, and no more.
        let page = list(tx, scope, official, &first, today).await?;
        let n = i64::try_from(page.rows.len()).unwrap_or(i64::MAX);
        return Ok(Count { n, is_capped: page.next.is_some() || page.is_cut });
    }
    let Some(asked) = asked(scope, official, &first) else { return Ok(Count::capped(0)) };
    Ok(walk(tx, asked, &first, today, COUNT_MAX).await?.fitting())
}
