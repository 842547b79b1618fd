//! SQL of the steps that were used.

use crate::db::Tx;
use crate::error::Result;
use chrono::{DateTime, Utc};

/// Notes that a step is used. False if it was used before.
pub(super) async fn spend(tx: &mut Tx, id: &str, ends_at: DateTime<Utc>) -> Result<bool> {
    Ok(tx.exec("INSERT INTO spent_steps (id, ends_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING", (id.to_owned(), ends_at)).await? == 1)
}

/// Steps that can no longer be done are forgotten.
pub(super) async fn forget_ended(tx: &mut Tx, now: DateTime<Utc>) -> Result<()> {
    tx.exec("DELETE FROM spent_steps WHERE ends_at < $1", (now,)).await?;
    Ok(())
}
