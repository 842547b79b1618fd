//! Cases an official must stay away from, kept out of their lists and counts.
//!
//! Lists read a few rows more and drop those that are about whoever looks; counts take them off. There are next to none, and one
//! look into a small index says which, so the statements of the lists stay as they are.

use super::store::queue::Row;
use crate::actor::Official;
use crate::db::Tx;
use crate::error::Result;
use crate::permissions::{QueueScope, is_about};
use crate::petitions::rules::{Case, Kind};
use crate::petitions::store::barred_of_body;

/// Cases looked through. With more of them a page may come out short; a row about whoever looks is never shown.
const BARRED_MAX: i64 = 500;

/// The cases of a queue that its official must not know of.
#[derive(Clone, Debug, Default)]
pub struct Hidden(Vec<Case>);

impl Hidden {
    /// Those of the part of a queue that somebody may list.
    pub async fn load(tx: &mut Tx, official: &Official, scope: &QueueScope) -> Result<Self> {
        let (QueueScope::Body(body_id) | QueueScope::Unit { body_id, .. }) = scope else { return Ok(Self::default()) };
        let mut cases = barred_of_body(tx, body_id, BARRED_MAX).await?;
        cases.retain(|case| is_about(official, case) && is_in(scope, case));
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
    rows.retain(|row| !is_about(official, &row.case));
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
