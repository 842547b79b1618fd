//! SQL of what complainants state about when they knew.

use crate::db::Tx;
use crate::error::Result;
use crate::procedures::limitation::Limitation;

/// Stores it, with the other rows of a filing.
pub fn insert(tx: &mut Tx, case_id: &str, limitation: &Limitation) -> Result<()> {
    tx.later(
        "INSERT INTO complaint_limitations (case_id, known_on, obstacle_from, obstacle_to, obstacle) VALUES ($1, $2, $3, $4, $5)",
        (case_id.to_owned(), limitation.known_on, limitation.obstacle_from, limitation.obstacle_to, limitation.obstacle.clone()),
    )
}

/// What was stated about a case.
pub async fn of_case(tx: &mut Tx, case_id: &str) -> Result<Option<Limitation>> {
    tx.find("SELECT known_on, obstacle_from, obstacle_to, obstacle FROM complaint_limitations WHERE case_id = $1", (case_id.to_owned(),)).await
}
