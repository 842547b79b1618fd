//! SQL of an authority's figures and of its petitions of many people.

use crate::db::Tx;
use crate::error::Result;
use crate::petitions::rules::Case;

/// What an authority's figures are made of: cases, links by kind between cases it has now, signers of its cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Sums {
    /// Cases.
    pub cases: i64,
    /// Repeats by the same sender.
    pub same_petition: i64,
    /// Repeats by another sender.
    pub same_matter: i64,
    /// Parts taken out of other cases.
    pub parts: i64,
    /// Signers beside the senders.
    pub signers: i64,
}

/// The sums of an authority. Links and groups are few beside cases; both are walked along their own index.
pub async fn sums(tx: &mut Tx, body_id: &str) -> Result<Sums> {
    tx.one(
        "SELECT
           (SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM case_counts WHERE body_id = $1) AS cases,
           (SELECT COUNT(*) FROM case_links l JOIN cases a ON a.id = l.case_id JOIN cases b ON b.id = l.other_id
            WHERE l.body_id = $1 AND l.kind = 'same_petition' AND l.ended_at IS NULL AND a.body_id = $1 AND b.body_id = $1) AS same_petition,
           (SELECT COUNT(*) FROM case_links l JOIN cases a ON a.id = l.case_id JOIN cases b ON b.id = l.other_id
            WHERE l.body_id = $1 AND l.kind = 'same_matter' AND l.ended_at IS NULL AND a.body_id = $1 AND b.body_id = $1) AS same_matter,
           (SELECT COUNT(*) FROM case_links l JOIN cases a ON a.id = l.case_id JOIN cases b ON b.id = l.other_id
            WHERE l.body_id = $1 AND l.kind = 'part' AND l.ended_at IS NULL AND a.body_id = $1 AND b.body_id = $1) AS parts,
           (SELECT CAST(COALESCE(SUM(g.signers), 0) AS BIGINT) FROM case_groups g JOIN cases c ON c.id = g.case_id WHERE c.body_id = $1) AS signers",
        (body_id.to_owned(),),
    )
    .await
}

/// A petition of many people as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Many {
    /// The case.
    #[sqlx(flatten)]
    pub case: Case,
    /// The sender's sentence.
    pub title: String,
    /// Signers beside the sender.
    pub signers: i64,
    /// Whether the sender has withdrawn.
    pub has_sender_left: bool,
}

/// Open petitions of many people of an authority, the most people first. `least` signers or more, at least 4.
pub async fn many_people(tx: &mut Tx, body_id: &str, least: i64, limit: i64) -> Result<Vec<Many>> {
    tx.all(
        "SELECT c.*, COALESCE(t.title, '') AS title, g.signers, g.has_sender_left
         FROM case_groups g
         JOIN cases c ON c.id = g.case_id
         LEFT JOIN case_texts t ON t.case_id = c.id
         WHERE g.signers >= 4 AND g.signers >= $2 AND c.body_id = $1 AND c.is_open = TRUE
         ORDER BY g.signers DESC, c.id
         LIMIT $3",
        (body_id.to_owned(), least, limit),
    )
    .await
}
