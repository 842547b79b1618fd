//! SQL of the desk: lists of the queue, counts, search, and a few looks beside a case.

pub mod canned;
pub mod counts;
pub mod filtered;
pub mod leader;
pub mod queue;
pub mod saved;
pub mod search;
pub mod viewers;

use crate::db::Tx;
use crate::error::Result;

/// The name of an account, as colleagues see it.
pub async fn account_name(tx: &mut Tx, account_id: &str) -> Result<Option<String>> {
    let name: Option<(String,)> = tx.find("SELECT display_name FROM accounts WHERE id = $1", (account_id.to_owned(),)).await?;
    Ok(name.map(|(name,)| name))
}
