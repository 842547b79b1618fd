//! Tells those who follow a commitment that its day has passed: once for each day that was promised.

use super::store;
use crate::actor::Actor;
use crate::error::Result;
use crate::outbox::{self, Job};
use crate::permissions::{Action, check};
use crate::portal::Portal;

/// Commitments told in one transaction.
const PORTION: i64 = 50;

/// Tells a portion. False if there is nothing to tell, which costs one look at an index.
pub async fn walk(portal: &Portal) -> Result<bool> {
    let today = crate::clock::day(portal.now());
    if store::untold(&mut portal.db().look().await?, today, 1).await?.is_empty() {
        return Ok(false);
    }
    check(&Actor::System, Action::TellLateCommitments)?;
    let mut tx = portal.db().write().await?;
    for commitment in store::untold(&mut tx, today, PORTION).await? {
        store::set_late_told(&mut tx, &commitment.id).await?;
        let job = Job::CommitmentNews { commitment_id: commitment.id, is_of_body: false, after: String::new() };
        outbox::add(&mut tx, portal.new_id(), &job, portal.now())?;
    }
    tx.commit().await?;
    Ok(true)
}
