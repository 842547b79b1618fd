//! SQL of the register.

use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::petitions::rules::Kind;
use crate::receptions::rules::Refusal;
use crate::vault::kept::{self, Joined, Kept, Purpose};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A visit: one row of the register.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Visit {
    /// Its id.
    pub id: String,
    /// The session.
    pub reception_id: String,
    /// The authority.
    pub body_id: String,
    /// The day.
    pub day: NaiveDate,
    /// Its year.
    pub year: i64,
    /// Running number of the authority's year.
    pub no: i64,
    /// The booked slot the person came with.
    pub booking_id: Option<String>,
    /// What it is about; none: something else.
    pub kind: Option<Kind>,
    /// Who came.
    pub people: i64,
    /// People with the same content.
    pub same_people: i64,
    /// An earlier visit in the same matter.
    pub first_id: Option<String>,
    /// Which body has resolved it already, in words.
    pub resolved_by: String,
    /// Whether the authority is competent.
    pub is_competent: bool,
    /// Where the person was guided to.
    pub guided_to: String,
    /// Who handles it, with the number of the transfer.
    pub handled_by: String,
    /// What came of it.
    pub result: String,
    /// A note.
    pub note: String,
    /// Whether it was written down for the person, read back and confirmed.
    pub is_read_back: bool,
    /// The case that was filed, or that it is about.
    pub case_id: Option<String>,
    /// Why the person was not received.
    pub refusal: Option<Refusal>,
    /// Last day of the written notice.
    pub refusal_due_on: Option<NaiveDate>,
    /// When it was sent.
    pub refusal_sent_on: Option<NaiveDate>,
    /// Its number.
    pub refusal_number: String,
    /// Who entered it.
    pub entered_by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Raised with every change.
    pub version: i64,
}

/// Key of a kind's name, "something else" among them.
pub fn kind_key(kind: Option<Kind>) -> &'static str {
    kind.map_or("reception.kind_other", Kind::key)
}

impl Visit {
    /// Whether nothing of who came and what they said stands in the register.
    pub fn is_sealed(&self) -> bool {
        self.kind == Some(Kind::Denunciation)
    }
}

/// Who came and what they said. Of a denunciation there is none.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitPerson {
    /// Name.
    pub name: String,
    /// Address.
    pub address: String,
    /// Citizen ID or passport.
    pub id_number: String,
    /// What it is about.
    pub content: String,
    /// Who speaks for a group, one a line.
    pub representatives: String,
    /// They are stored, and the key is not there: nothing is known until it is.
    #[serde(skip)]
    pub is_locked: bool,
}

impl std::fmt::Debug for VisitPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("VisitPerson([redacted])")
    }
}

/// A paper handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct Paper {
    /// What it is.
    pub name: String,
    /// Original or copy, condition.
    pub state: String,
}

macro_rules! visit_sql {
    ($rest:literal) => {
        concat!(
            "SELECT v.id, v.reception_id, v.body_id, v.day, v.year, v.no, v.booking_id, v.kind, v.people, v.same_people, v.first_id, v.resolved_by,
               v.is_competent, v.guided_to, v.handled_by, v.result, v.note, v.is_read_back, v.case_id, v.refusal, v.refusal_due_on, v.refusal_sent_on,
               v.refusal_number, v.entered_by, v.at, v.version
             FROM reception_visits v ",
            $rest
        )
    };
}

/// A visit.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Visit>> {
    tx.find(visit_sql!("WHERE v.id = $1"), (id.to_owned(),)).await
}

/// The visit that came of a form.
pub async fn by_token_hash(tx: &mut Tx, hash: &str) -> Result<Option<Visit>> {
    tx.find(visit_sql!("WHERE v.token_hash = $1"), (hash.to_owned(),)).await
}

/// A visit by its number in the register.
pub async fn by_no(tx: &mut Tx, body_id: &str, year: i64, no: i64) -> Result<Option<Visit>> {
    tx.find(visit_sql!("WHERE v.body_id = $1 AND v.year = $2 AND v.no = $3"), (body_id.to_owned(), year, no)).await
}

/// The visits of a session, in order.
pub async fn of_session(tx: &mut Tx, reception_id: &str, limit: i64) -> Result<Vec<Visit>> {
    tx.all(visit_sql!("WHERE v.reception_id = $1 ORDER BY v.no LIMIT $2"), (reception_id.to_owned(), limit)).await
}

/// The register of a year behind number `after`, in order.
pub async fn of_year(tx: &mut Tx, body_id: &str, year: i64, after: i64, limit: i64) -> Result<Vec<Visit>> {
    tx.all(visit_sql!("WHERE v.body_id = $1 AND v.year = $2 AND v.no > $3 ORDER BY v.no LIMIT $4"), (body_id.to_owned(), year, after, limit)).await
}

/// Refusals of an authority whose written notice is owed, the most urgent first.
pub async fn owed(tx: &mut Tx, body_id: &str, limit: i64) -> Result<Vec<Visit>> {
    tx.all(
        visit_sql!("WHERE v.body_id = $1 AND v.refusal_due_on IS NOT NULL AND v.refusal_sent_on IS NULL ORDER BY v.refusal_due_on, v.id LIMIT $2"),
        (body_id.to_owned(), limit),
    )
    .await
}

/// Who came; empty for a denunciation.
pub async fn person(tx: &mut Tx, visit_id: &str) -> Result<VisitPerson> {
    Ok(known(kept::get(tx, Purpose::Visit, visit_id).await?))
}

fn known(kept: Kept<VisitPerson>) -> VisitPerson {
    match kept {
        Kept::Open(person) => person,
        Kept::Nothing => VisitPerson::default(),
        Kept::Locked => VisitPerson { is_locked: true, ..VisitPerson::default() },
    }
}

/// A visit's id and who came.
#[derive(sqlx::FromRow)]
struct Sealed {
    id: String,
    #[sqlx(flatten)]
    person: Joined,
}

/// Who came in the visits of a year behind number `after`: number and person.
pub async fn people_of_year(tx: &mut Tx, body_id: &str, year: i64, after: i64, limit: i64) -> Result<Vec<(String, VisitPerson)>> {
    let rows: Vec<Sealed> = tx
        .all(
            "SELECT v.id, p.key_name, p.wrapped, p.sealed
             FROM reception_visits v
             JOIN sealed_values p ON p.purpose = 'visit' AND p.owner_id = v.id
             WHERE v.body_id = $1 AND v.year = $2 AND v.no > $3
             ORDER BY v.no
             LIMIT $4",
            (body_id.to_owned(), year, after, limit),
        )
        .await?;
    let vault = tx.vault();
    Ok(rows
        .into_iter()
        .map(|row| {
            let person = known(row.person.open(vault, Purpose::Visit, &row.id));
            (row.id, person)
        })
        .collect())
}

/// The next running number of an authority's year. The session's row is locked by the caller, so two at once come after one another
/// or one of them meets the unique number.
pub async fn next_no(tx: &mut Tx, body_id: &str, year: i64) -> Result<i64> {
    let last: Option<(i64,)> =
        tx.find("SELECT no FROM reception_visits WHERE body_id = $1 AND year = $2 ORDER BY no DESC LIMIT 1", (body_id.to_owned(), year)).await?;
    Ok(last.map_or(0, |(no,)| no) + 1)
}

/// Adds a visit. False if one of this form is there already, or its number was taken in the same instant.
pub async fn insert(tx: &mut Tx, visit: &Visit, token_hash: &str) -> Result<bool> {
    let row = visit.clone();
    let rows = tx
        .exec(
            "INSERT INTO reception_visits (id, reception_id, body_id, day, year, no, token_hash, booking_id, kind, people, same_people, first_id,
               is_competent, is_read_back, case_id, refusal, refusal_due_on, entered_by, at,
               resolved_by, guided_to, handled_by, result, note, refusal_number, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, '', '', '', '', '', '', 1)
             ON CONFLICT DO NOTHING",
            (
                row.id,
                row.reception_id,
                row.body_id,
                row.day,
                row.year,
                row.no,
                token_hash.to_owned(),
                row.booking_id,
                row.kind,
                row.people,
                row.same_people,
                row.first_id,
                row.is_competent,
                row.is_read_back,
                row.case_id,
                row.refusal,
                row.refusal_due_on,
                row.entered_by,
                row.at,
            ),
        )
        .await?;
    Ok(rows == 1)
}

/// Writes the columns that are filled in later; the version rises by one. `visit.version` is the one that was seen.
///
/// # Errors
/// [`AppError::Conflict`] if somebody was faster.
pub async fn update(tx: &mut Tx, visit: &Visit) -> Result<()> {
    let row = visit.clone();
    let rows = tx
        .exec(
            "UPDATE reception_visits
             SET resolved_by = $3, is_competent = $4, guided_to = $5, handled_by = $6, result = $7, note = $8, refusal_sent_on = $9, refusal_number = $10,
                 version = version + 1
             WHERE id = $1 AND version = $2",
            (
                row.id,
                row.version,
                row.resolved_by,
                row.is_competent,
                row.guided_to,
                row.handled_by,
                row.result,
                row.note,
                row.refusal_sent_on,
                row.refusal_number,
            ),
        )
        .await?;
    if rows == 1 { Ok(()) } else { Err(AppError::Conflict) }
}

/// Stores who came.
pub fn insert_person(tx: &mut Tx, visit_id: &str, person: &VisitPerson) -> Result<()> {
    kept::put(tx, Purpose::Visit, visit_id, person)
}

/// Seals who came before they were sealed, and deletes where they stood; gives how many.
pub async fn seal_open(tx: &mut Tx, limit: i64) -> Result<usize> {
    let rows: Vec<(String, String, String, String, String, String)> =
        tx.all("SELECT visit_id, name, address, id_number, content, representatives FROM reception_visit_people ORDER BY visit_id LIMIT $1", (limit,)).await?;
    let n = rows.len();
    for (id, name, address, id_number, content, representatives) in rows {
        insert_person(tx, &id, &VisitPerson { name, address, id_number, content, representatives, is_locked: false })?;
        tx.later("DELETE FROM reception_visit_people WHERE visit_id = $1", (id,))?;
    }
    Ok(n)
}

/// Stores what was handed in, sealed: the name of a paper may tell what it is about.
///
/// # Errors
/// [`AppError::Unavailable`] without a key.
pub fn insert_papers(tx: &mut Tx, visit_id: &str, papers: &[Paper]) -> Result<()> {
    if papers.is_empty() {
        return Ok(());
    }
    kept::put(tx, Purpose::VisitPapers, visit_id, &papers)
}

/// What was handed in; nothing where its key is not there, as of the person.
pub async fn papers(tx: &mut Tx, visit_id: &str) -> Result<Vec<Paper>> {
    Ok(kept::get(tx, Purpose::VisitPapers, visit_id).await?.open().unwrap_or_default())
}

/// Seals the names of papers from before they were sealed; gives of how many visits.
pub async fn seal_open_papers(tx: &mut Tx, limit: i64) -> Result<usize> {
    let visits: Vec<(String,)> = tx.all("SELECT DISTINCT visit_id FROM reception_papers ORDER BY visit_id LIMIT $1", (limit,)).await?;
    for (visit_id,) in &visits {
        let papers: Vec<Paper> = tx.all("SELECT name, state FROM reception_papers WHERE visit_id = $1 ORDER BY place", (visit_id.clone(),)).await?;
        insert_papers(tx, visit_id, &papers)?;
        tx.later("DELETE FROM reception_papers WHERE visit_id = $1", (visit_id.clone(),))?;
    }
    Ok(visits.len())
}

/// Units of counting of an authority from `first` to `last`: visits (lượt), people (người), matters (vụ việc), groups (đoàn) of at least
/// `group_from` people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Units {
    /// Lượt.
    pub visits: i64,
    /// Người.
    pub people: i64,
    /// Vụ việc.
    pub matters: i64,
    /// Đoàn đông người.
    pub delegations: i64,
}

/// Counts them.
pub async fn units(tx: &mut Tx, body_id: &str, first: NaiveDate, last: NaiveDate, group_from: i64) -> Result<Units> {
    tx.one(
        "SELECT count(*) AS visits,
           CAST(COALESCE(sum(people), 0) AS BIGINT) AS people,
           count(DISTINCT COALESCE(first_id, id)) AS matters,
           CAST(COALESCE(sum(CASE WHEN people >= $4 THEN 1 ELSE 0 END), 0) AS BIGINT) AS delegations
         FROM reception_visits
         WHERE body_id = $1 AND day BETWEEN $2 AND $3",
        (body_id.to_owned(), first, last, group_from),
    )
    .await
}
