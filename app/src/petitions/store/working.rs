//! SQL of the text that handlers of a denunciation work on: prepared by those who may open the original, sealed like it.

use crate::db::Tx;
use crate::error::Result;
use crate::vault::kept::{self, Kept, Purpose};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The text as it was prepared, with marks where something is hidden.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Working {
    /// One sentence.
    pub title: String,
    /// What happened, without what betrays the denouncer.
    pub body: String,
    /// The account of whoever prepared it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// The working text of a case.
pub async fn of_case(tx: &mut Tx, case_id: &str) -> Result<Kept<Working>> {
    kept::get(tx, Purpose::Working, case_id).await
}

/// Stores it in the place of an earlier one.
///
/// # Errors
/// [`crate::error::AppError::Unavailable`] without a key.
pub fn put(tx: &mut Tx, case_id: &str, working: &Working) -> Result<()> {
    kept::put(tx, Purpose::Working, case_id, working)
}
