//! SQL over every table that keeps codes.

use crate::db::Tx;
use crate::error::Result;

/// The two statements of a table: codes from before there was a key, and putting another in one's place.
type Statements = (&'static str, &'static str);

/// Of every table that keeps codes.
pub(super) const TABLES: [Statements; 6] = [
    ("SELECT code_hash FROM case_codes WHERE code_hash < 'k' LIMIT $1", "UPDATE case_codes SET code_hash = $2 WHERE code_hash = $1"),
    ("SELECT code_hash FROM signer_codes WHERE code_hash < 'k' LIMIT $1", "UPDATE signer_codes SET code_hash = $2 WHERE code_hash = $1"),
    ("SELECT code_hash FROM reception_bookings WHERE code_hash < 'k' LIMIT $1", "UPDATE reception_bookings SET code_hash = $2 WHERE code_hash = $1"),
    ("SELECT code_hash FROM dialogue_registrations WHERE code_hash < 'k' LIMIT $1", "UPDATE dialogue_registrations SET code_hash = $2 WHERE code_hash = $1"),
    ("SELECT code_hash FROM recovery_codes WHERE code_hash < 'k' LIMIT $1", "UPDATE recovery_codes SET code_hash = $2 WHERE code_hash = $1"),
    ("SELECT code_digest FROM questions WHERE code_digest < 'k' LIMIT $1", "UPDATE questions SET code_digest = $2 WHERE code_digest = $1"),
];

/// Codes from before there was a key.
pub(super) async fn of_before(tx: &mut Tx, select: &'static str, limit: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = tx.all(select, (limit,)).await?;
    Ok(rows.into_iter().map(|(hash,)| hash).collect())
}

/// Puts what is made with the key in the place of a code.
pub(super) fn replace(tx: &mut Tx, update: &'static str, hash: &str, stored: String) -> Result<()> {
    tx.later(update, (hash.to_owned(), stored))
}
