//! Giving codes from before there was a key (November 2026) their place. No code needs to be known for it.

use super::store;
use crate::db::Db;
use crate::error::Result;

/// Codes in one transaction: few, so that whoever files meanwhile hardly waits.
const PORTION_ROWS: i64 = 500;

/// Gives every code of before what is stored today; how many there were. Cut off in the middle it goes on the next time.
///
/// # Errors
/// A database that fails.
pub async fn recode(db: &Db) -> Result<u64> {
    let mut done = 0;
    for (select, update) in store::TABLES {
        loop {
            let mut tx = db.write().await?;
            let codes = store::of_before(&mut tx, select, PORTION_ROWS).await?;
            if codes.is_empty() {
                break;
            }
            for hash in &codes {
                let stored = tx.stored_code(hash);
                store::replace(&mut tx, update, hash, stored)?;
            }
            tx.commit().await?;
            done += u64::try_from(codes.len()).unwrap_or(0);
        }
    }
    Ok(done)
}
