//! SQL of earlier petitions that may be the same content of the same sender.

use crate::db::Tx;
use crate::error::Result;
use crate::petitions::rules::Case;

/// Repeats of one case that are read.
const REPEATS_MAX: i64 = 50;

/// Cases that an official linked with this one as the same petition.
pub async fn repeats(tx: &mut Tx, case_id: &str) -> Result<Vec<Case>> {
    tx.all(
        "SELECT c.*
         FROM cases c
         WHERE c.id IN (
           SELECT other_id FROM case_links WHERE case_id = $1 AND kind = 'same_petition' AND ended_at IS NULL
           UNION
           SELECT case_id FROM case_links WHERE other_id = $1 AND kind = 'same_petition' AND ended_at IS NULL
         )
         LIMIT $2",
        (case_id.to_owned(), REPEATS_MAX),
    )
    .await
}

/// Complaints filed before `search_key` that share a phone, an e-mail or an ID number with this one, by their keyed marks.
pub async fn of_sender(tx: &mut Tx, case_id: &str, search_key: i64, limit: i64) -> Result<Vec<Case>> {
    tx.all(
        "SELECT c.*
         FROM cases c
         WHERE c.kind = 'complaint' AND c.id IN (
           SELECT other.case_id
           FROM case_marks own
           JOIN case_marks other ON other.mark = own.mark
           WHERE own.case_id = $1 AND own.mark NOT LIKE 'g%' AND other.search_key < $2
           ORDER BY other.search_key DESC
           LIMIT $3
         )",
        (case_id.to_owned(), search_key, limit),
    )
    .await
}
