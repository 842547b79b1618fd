//! What a change of a legal period would do to the clocks that run today.

use crate::agencies::Directory;
use crate::db::Tx;
use crate::deadlines::periods::Change;
use crate::error::Result;
use crate::petitions::moving::{Outcome, by_period};
use crate::petitions::rules::{Case, Kind};
use crate::petitions::store;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// The most cases that are looked at for a forecast. A province with more is told so; the worker looks at all.
const LOOKED_MAX: usize = 20_000;
/// Finished cases read at a time.
const PORTION: i64 = 500;

/// Clocks of an authority that go from one day to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The authority; none for denunciations, of which nobody must learn where they lie.
    pub body_id: Option<String>,
    /// The day that was told.
    pub from: NaiveDate,
    /// The day of the new count.
    pub to: NaiveDate,
    /// How many.
    pub n: i64,
}

/// A forecast.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Foresight {
    /// Clocks that end later, by authority and days.
    pub later: Vec<Group>,
    /// Clocks that would end earlier and keep their day.
    pub stay: Vec<Group>,
    /// Clocks that end on the same day.
    pub same: i64,
    /// There were more than [`LOOKED_MAX`] cases: all numbers are "at least".
    pub is_cut: bool,
}

type Key = (Option<String>, NaiveDate, NaiveDate);

/// Sums over cases, before they are sorted.
#[derive(Default)]
struct Sums {
    later: BTreeMap<Key, i64>,
    stay: BTreeMap<Key, i64>,
    same: i64,
}

impl Sums {
    fn add(&mut self, case: &Case, change: &Change, directory: &Directory, today: NaiveDate) {
        let body_id = (case.kind != Kind::Denunciation).then(|| case.body_id.clone());
        for outcome in by_period(case, change, directory, today) {
            match outcome {
                Outcome::Later(moved, _) => *self.later.entry((body_id.clone(), moved.from, moved.to)).or_default() += 1,
                Outcome::Stays(moved) => *self.stay.entry((body_id.clone(), moved.from, moved.to)).or_default() += 1,
                Outcome::Same => self.same += 1,
            }
        }
    }
}

/// The groups, the largest first.
fn groups(sums: BTreeMap<Key, i64>) -> Vec<Group> {
    let mut groups: Vec<Group> = sums.into_iter().map(|((body_id, from, to), n)| Group { body_id, from, to, n }).collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.n));
    groups
}

/// The forecast of a change.
pub async fn foresee(tx: &mut Tx, directory: &Directory, change: &Change, today: NaiveDate) -> Result<Foresight> {
    let (mut sums, mut looked) = (Sums::default(), 0);
    for body in directory.bodies() {
        let cases = store::open_of_body(tx, &body.id, i64::try_from(LOOKED_MAX - looked).unwrap_or(0)).await?;
        looked += cases.len();
        cases.iter().for_each(|case| sums.add(case, change, directory, today));
        if looked >= LOOKED_MAX {
            break;
        }
    }
    let mut after = String::new();
    while looked < LOOKED_MAX {
        let cases = store::with_rights(tx, today, &after, PORTION).await?;
        let Some(last) = cases.last() else { break };
        after.clone_from(&last.id);
        looked += cases.len();
        cases.iter().for_each(|case| sums.add(case, change, directory, today));
    }
    Ok(Foresight { later: groups(sums.later), stay: groups(sums.stay), same: sums.same, is_cut: looked >= LOOKED_MAX })
}
