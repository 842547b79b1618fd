//! What changed rules would have done to the cases of the last month.
//!
//! Every case is sorted by its own words twice, by the rules of today and by the changed ones. Denunciations are not looked at:
//! their words are for nobody but those who handle them, and they are not sorted by words.

use super::Tables;
use super::bench_forms::target_of;
use super::subjects::{Matter, Proposal, propose};
use crate::actor::Actor;
use crate::agencies::Directory;
use crate::error::Result;
use crate::id::Random;
use crate::permissions::{Action, check};
use crate::petitions::store::{Told, told_between};
use crate::portal::Portal;
use chrono::Duration;

/// How far back cases are looked at, in days.
pub const DAYS_BACK: i64 = 30;
/// Cases looked at, the newest first.
pub const CASES_MAX: i64 = 5_000;
/// Cases read at once.
const PORTION: i64 = 250;
/// Cases named under each row, if whoever looks may see them.
const EXAMPLES_MAX: usize = 5;

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replay {
    /// Cases looked at.
    pub looked: i64,
    /// There were more.
    pub is_cut: bool,
    /// Cases that would have gone elsewhere, by where from and where to; the most first.
    pub rows: Vec<Moved>,
}

/// Cases that would have gone from one place to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// Kind of unit or authority by the rules of today ([`target_of`]): one row for all communes. None if they propose nothing.
    pub from: Option<String>,
    /// By the changed rules.
    pub to: Option<String>,
    /// How many.
    pub n: i64,
    /// Id and title of some that whoever looks may see.
    pub examples: Vec<(String, String)>,
}

impl Replay {
    /// How many would have gone elsewhere.
    pub fn moved(&self) -> i64 {
        self.rows.iter().map(|row| row.n).sum()
    }

    fn add(&mut self, actor: &Actor, told: &Told, from: Option<String>, to: Option<String>) {
        let row = match self.rows.iter().position(|row| row.from == from && row.to == to) {
            Some(at) => &mut self.rows[at],
            None => {
                self.rows.push(Moved { from, to, ..Moved::default() });
                let last = self.rows.len() - 1;
                &mut self.rows[last]
            }
        };
        row.n += 1;
        if row.examples.len() < EXAMPLES_MAX && check(actor, Action::See(&told.case)).is_ok() {
            row.examples.push((told.case.id.clone(), told.title.clone()));
        }
    }
}

/// Sorts the last month's cases by today's rules and by the changed ones.
pub async fn run(portal: &Portal, actor: &Actor, changed: &Tables) -> Result<Replay> {
    let directory = portal.directory();
    let floor = Random::search_key_floor(portal.now() - Duration::days(DAYS_BACK));
    let (mut before, mut replay) = (i64::MAX, Replay::default());
    loop {
        let limit = PORTION.min(CASES_MAX - replay.looked);
        if limit == 0 {
            // One look more says whether any were left out.
            replay.is_cut = !told_between(&mut portal.db().read().await?, floor, before, 1).await?.is_empty();
            break;
        }
        let portion = told_between(&mut portal.db().read().await?, floor, before, limit).await?;
        let Some(last) = portion.last() else { break };
        before = last.case.search_key;
        for told in &portion {
            compare(&mut replay, actor, told, changed, &directory);
        }
        replay.looked += i64::try_from(portion.len()).unwrap_or(0);
    }
    replay.rows.sort_by(|a, b| (b.n, &a.from, &a.to).cmp(&(a.n, &b.from, &b.to)));
    Ok(replay)
}

fn compare(replay: &mut Replay, actor: &Actor, told: &Told, changed: &Tables, directory: &Directory) {
    let matter = Matter { kind: told.case.kind, area_code: &told.case.area_code, title: &told.title, body: &told.body, day: directory.today() };
    let (before, after) = (propose(directory.routing(), &matter, directory), propose(changed, &matter, directory));
    if before.as_ref().map(Proposal::agency_id) != after.as_ref().map(Proposal::agency_id) {
        let target = |proposal: Option<Proposal>| proposal.map(|proposal| target_of(&proposal.rule));
        replay.add(actor, told, target(before), target(after));
    }
}
