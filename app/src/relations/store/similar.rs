//! SQL of candidates for similar cases.

use crate::db::Tx;
use crate::error::Result;
use crate::petitions::rules::{Case, Kind};
use crate::petitions::store::parts::CaseText;
use chrono::NaiveDate;

/// A case with its sender's words.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Candidate {
    /// The case.
    #[sqlx(flatten)]
    pub case: Case,
    /// The words.
    #[sqlx(flatten)]
    pub text: CaseText,
}

/// The case of a search key. Denunciations have none to find them by and are left out all the same.
pub async fn by_search_key(tx: &mut Tx, search_key: i64) -> Result<Option<Candidate>> {
    tx.find(
        "SELECT c.*, t.title, t.body, t.place, t.about, t.latitude_e6, t.longitude_e6
         FROM cases c
         JOIN case_texts t ON t.case_id = c.id
         WHERE c.search_key = $1 AND c.kind <> 'denunciation'",
        (search_key,),
    )
    .await
}

/// The case of an id, unless it is a denunciation.
pub async fn by_id(tx: &mut Tx, case_id: &str) -> Result<Option<Candidate>> {
    tx.find(
        "SELECT c.*, t.title, t.body, t.place, t.about, t.latitude_e6, t.longitude_e6
         FROM cases c
         JOIN case_texts t ON t.case_id = c.id
         WHERE c.id = $1 AND c.kind <> 'denunciation'",
        (case_id.to_owned(),),
    )
    .await
}

/// A released case that can be joined, as its card shows it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Released {
    /// Its public number.
    pub number: i64,
    /// The case behind it; never shown.
    pub case_id: String,
    /// What it is in law.
    pub kind: Kind,
    /// The authority.
    pub body_id: String,
    /// Where it happened.
    pub area_code: String,
    /// The edited sentence.
    pub title: String,
    /// The beginning of the edited text.
    pub excerpt: String,
    /// Day 0 of the clock.
    pub filed_on: NaiveDate,
    /// Last day for the answer.
    pub due_on: NaiveDate,
}

/// A released case that has no answer yet and can be joined.
pub async fn released(tx: &mut Tx, number: i64) -> Result<Option<Released>> {
    tx.find(
        "SELECT p.number, p.case_id, p.kind, p.body_id, p.area_code, p.title, p.excerpt, p.filed_on, p.due_on
         FROM public_cases p
         WHERE p.number = $1 AND p.kind IN ('report', 'recommendation') AND p.state = 'handling'",
        (number,),
    )
    .await
}
