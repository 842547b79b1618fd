//! Cases an official must stay away from, kept out of their lists and counts.
//!
//! Lists read a few rows more and drop those that are about whoever looks; counts take them off. Of all the cases that are about
//! somebody, next to none are about whoever looks: the different values of whom cases are about are read from an index alone, and only
//! a value that names whoever looks leads on to cases. So the statements of the lists stay as they are.

use super::store::queue::Row;
use crate::actor::Official;
use crate::db::Tx;
use crate::error::Result;
use crate::permissions::{QueueScope, is_about_party};
use crate::petitions::rules::{Case, Kind};
use crate::petitions::store::{barred_of_body, with_barred};

/// Cases looked through. With more of them a page may come out short; a row about whoever looks is never shown.
const BARRED_MAX: i64 = 500;
/// Different values of whom cases are about, of one authority: one for each of its units and each person ever complained of.
const VALUES_MAX: i64 = 10_000;

/// The cases of a queue that its official must not know of.
#[derive(Clone, Debug, Default)]
pub struct Hidden(Vec<Case>);

impl Hidden {
    /// Those of the part of a queue that somebody may list.
    pub async fn load(tx: &mut Tx, official: &Official, scope: &QueueScope) -> Result<Self> {
        let (body_id, seen_by) = match scope {
            QueueScope::Nothing => return Ok(Self::default()),
            QueueScope::Body(body_id) => (body_id, ("", "")),
            QueueScope::Unit { body_id, unit_id, account_id } => (body_id, (unit_id.as_str(), account_id.as_str())),
        };
        let mut cases = Vec::new();
        for barred in barred_of_body(tx, body_id, VALUES_MAX).await? {
            if is_about_party(official, &barred) {
                cases.extend(with_barred(tx, body_id, &barred, seen_by, BARRED_MAX).await?);
            }
        }
        cases.retain(|case| is_in(scope, case));
        Ok(Self(cases))
    }

    /// How many rows more a list must read.
    pub fn more(&self) -> i64 {
        i64::try_from(self.0.len()).unwrap_or(i64::MAX / 2)
    }

    /// How many of them a count has counted.
    pub fn count(&self, counted: impl Fn(&Case) -> bool) -> i64 {
        i64::try_from(self.0.iter().filter(|case| counted(case)).count()).unwrap_or(0)
    }
}

/// The rows without those that are about whoever looks.
pub fn without_own(official: &Official, mut rows: Vec<Row>) -> Vec<Row> {
    rows.retain(|row| !is_about_party(official, &row.case.barred));
    rows
}

fn is_in(scope: &QueueScope, case: &Case) -> bool {
    match scope {
        QueueScope::Nothing => false,
        QueueScope::Body(_) => true,
        QueueScope::Unit { unit_id, account_id, .. } => {
            let is_theirs = case.handler_id.as_ref() == Some(account_id);
            is_theirs || (case.unit_id.as_ref() == Some(unit_id) && case.kind != Kind::Denunciation)
        }
    }
}
