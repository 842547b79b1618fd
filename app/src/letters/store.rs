//! SQL of letters, their words, their numbers, and templates.

use super::office::Authority;
use super::templates::{Addressee, Template};
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::vault::kept::{self, Purpose};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Letters of one case that are listed. More would mean that something writes them in a loop.
const OF_CASE_MAX: i64 = 200;

/// Whether a letter is out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
pub enum LetterState {
    /// Can be changed, has no number.
    Draft,
    /// Signed, numbered, frozen.
    Issued,
}

/// Where a draft stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
pub enum Course {
    /// It goes out with a step of the law, and is signed and sent back with it.
    Step,
    /// Outside a step: somebody writes it.
    Writing,
    /// It waits for its signature.
    Waiting,
    /// It was sent back with a reason.
    Returned,
}

impl Course {
    /// Key of its words in the catalogues.
    pub fn key(self) -> &'static str {
        match self {
            Self::Step => "letters.state.draft",
            Self::Writing => "own_letters.state.writing",
            Self::Waiting => "own_letters.state.waiting",
            Self::Returned => "own_letters.state.returned",
        }
    }
}

/// A letter without its words.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Letter {
    /// Its id.
    pub id: String,
    /// The case.
    pub case_id: String,
    /// The template …
    pub template_code: String,
    /// … and which version of it.
    pub template_from: NaiveDate,
    /// What officials call it.
    pub name: String,
    /// To whom.
    pub addressee: Addressee,
    /// The authority that writes.
    pub body_id: String,
    /// The unit that had the case.
    pub unit_id: Option<String>,
    /// The mark of its kind.
    pub symbol: String,
    /// Draft or out.
    pub state: LetterState,
    /// Where it stands while it is a draft.
    pub course: Course,
    /// Who wrote it.
    pub drafted_by: String,
    /// Their name.
    pub drafted_by_name: String,
    /// When.
    pub drafted_at: DateTime<Utc>,
    /// The year its number counts in.
    pub year: Option<i64>,
    /// Its number.
    pub number: Option<i64>,
    /// "12/TB-UBND".
    pub label: Option<String>,
    /// By what right it was signed.
    pub authority: Option<Authority>,
    /// Who signed.
    pub signed_by: Option<String>,
    /// Their name.
    pub signed_by_name: Option<String>,
    /// When.
    pub signed_at: Option<DateTime<Utc>>,
    /// SHA-256 of the frozen words.
    pub sha256: Option<String>,
    /// Last day of the reader's next right, counted from the issue.
    pub next_right_last_day: Option<NaiveDate>,
}

impl Letter {
    /// Whether it is out.
    pub fn is_issued(&self) -> bool {
        self.state == LetterState::Issued
    }

    /// Whether it is a draft written outside a step of the law.
    pub fn is_own_draft(&self) -> bool {
        !self.is_issued() && self.course != Course::Step
    }

    /// Whether the sender of the petition may open it: out, and written to them.
    pub fn is_for_sender(&self) -> bool {
        self.is_issued() && self.addressee == Addressee::Sender
    }
}

/// The words of a letter. They name the sender, so they lie sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct LetterText {
    /// To whom, where that is not the sender.
    pub to_name: String,
    /// What the step knew, JSON by the names of places.
    pub known: String,
    /// The text as it was edited.
    pub body: String,
    /// The frozen letter, JSON.
    pub sheet: Option<String>,
    /// Why the draft came back; empty if it did not.
    pub return_reason: String,
}

impl std::fmt::Debug for LetterText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LetterText([redacted])")
    }
}

/// A new draft.
///
/// # Errors
/// [`AppError::Unavailable`] without a key, as of everything that changes the words of a letter.
pub(super) fn insert(tx: &mut Tx, letter: &Letter, text: &LetterText) -> Result<()> {
    tx.later(
        "INSERT INTO letters (id, case_id, template_code, template_from, name, addressee, body_id, unit_id, symbol, state, drafted_by, drafted_at, course)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'draft', $10, $11, $12)",
        (
            letter.id.clone(),
            letter.case_id.clone(),
            letter.template_code.clone(),
            letter.template_from,
            letter.name.clone(),
            letter.addressee,
            letter.body_id.clone(),
            letter.unit_id.clone(),
            letter.symbol.clone(),
            letter.drafted_by.clone(),
            letter.drafted_at,
            letter.course,
        ),
    )?;
    // The row says that there are words, and whether they are frozen.
    tx.later("INSERT INTO letter_texts (letter_id, to_name, known, body) VALUES ($1, '', '', '')", (letter.id.clone(),))?;
    kept::put(tx, Purpose::Letter, &letter.id, text)
}

/// Changes the words of a letter.
async fn reword(tx: &mut Tx, id: &str, change: impl FnOnce(LetterText) -> LetterText) -> Result<()> {
    let words = text(tx, id).await?.ok_or(AppError::Conflict)?;
    kept::put(tx, Purpose::Letter, id, &change(words))
}

/// Changes the words of a draft.
///
/// # Errors
/// [`AppError::Conflict`] if it is out, or gone.
pub(super) async fn update_draft(tx: &mut Tx, id: &str, to_name: &str, body: &str, by: &str, at: DateTime<Utc>) -> Result<()> {
    let changed = tx.exec("UPDATE letters SET drafted_by = $2, drafted_at = $3 WHERE id = $1 AND state = 'draft'", (id.to_owned(), by.to_owned(), at)).await?;
    if changed != 1 {
        return Err(AppError::Conflict);
    }
    reword(tx, id, |words| LetterText { to_name: to_name.to_owned(), body: body.to_owned(), ..words }).await
}

/// Moves a draft written outside a step on: put before whoever signs, or sent back with a reason.
///
/// # Errors
/// [`AppError::Conflict`] if it does not stand where it is moved from any more, or is out.
pub(super) async fn move_on(tx: &mut Tx, id: &str, (from, to): (Course, Course), return_reason: &str) -> Result<()> {
    let sql = "UPDATE letters SET course = $3 WHERE id = $1 AND course = $2 AND state = 'draft'";
    exactly_one(tx.exec(sql, (id.to_owned(), from, to)).await?)?;
    reword(tx, id, |words| LetterText { return_reason: return_reason.to_owned(), ..words }).await
}

/// Throws a draft away.
///
/// # Errors
/// [`AppError::Conflict`] if it is out, or gone.
pub(super) async fn delete_draft(tx: &mut Tx, id: &str) -> Result<()> {
    tx.exec("DELETE FROM letter_texts WHERE letter_id = $1 AND sheet IS NULL", (id.to_owned(),)).await?;
    kept::remove(tx, Purpose::Letter, id)?;
    exactly_one(tx.exec("DELETE FROM letters WHERE id = $1 AND state = 'draft'", (id.to_owned(),)).await?)
}

/// The next number of an authority, year and kind. Others who ask wait until this transaction ends; if it ends without a commit,
/// the number was never given.
pub(super) async fn next_number(tx: &mut Tx, body_id: &str, year: i64, symbol: &str) -> Result<i64> {
    let (number,): (i64,) = tx
        .one(
            "INSERT INTO letter_counters (body_id, year, symbol, last_number) VALUES ($1, $2, $3, 1)
             ON CONFLICT (body_id, year, symbol) DO UPDATE SET last_number = letter_counters.last_number + 1
             RETURNING last_number",
            (body_id.to_owned(), year, symbol.to_owned()),
        )
        .await?;
    Ok(number)
}

/// What the issue adds to a draft.
pub(super) struct Issued {
    pub year: i64,
    pub number: i64,
    pub label: String,
    pub authority: Authority,
    pub signed_by: String,
    pub signed_at: DateTime<Utc>,
    pub sha256: String,
    pub next_right_last_day: Option<NaiveDate>,
    pub sheet: String,
}

/// Freezes a draft.
///
/// # Errors
/// [`AppError::Conflict`] if it is out already, or gone.
pub(super) async fn freeze(tx: &mut Tx, id: &str, issued: Issued) -> Result<()> {
    let changed = tx
        .exec(
            "UPDATE letters
             SET state = 'issued', year = $2, number = $3, label = $4, authority = $5, signed_by = $6, signed_at = $7, sha256 = $8, next_right_last_day = $9
             WHERE id = $1 AND state = 'draft'",
            (
                id.to_owned(),
                issued.year,
                issued.number,
                issued.label,
                issued.authority,
                issued.signed_by,
                issued.signed_at,
                issued.sha256,
                issued.next_right_last_day,
            ),
        )
        .await?;
    exactly_one(changed)?;
    exactly_one(tx.exec("UPDATE letter_texts SET sheet = '' WHERE letter_id = $1 AND sheet IS NULL", (id.to_owned(),)).await?)?;
    reword(tx, id, |words| LetterText { sheet: Some(issued.sheet), ..words }).await
}

fn exactly_one(changed: u64) -> Result<()> {
    if changed == 1 { Ok(()) } else { Err(AppError::Conflict) }
}

/// The rows of letters with the names of who drafted and who signed, as [`Letter`] has them.
macro_rules! letters {
    ($rest:literal) => {
        concat!(
            "SELECT l.id, l.case_id, l.template_code, l.template_from, l.name, l.addressee, l.body_id, l.unit_id, l.symbol, l.state, l.course, l.drafted_by,
                    d.display_name AS drafted_by_name, l.drafted_at, l.year, l.number, l.label, l.authority, l.signed_by, s.display_name AS signed_by_name,
                    l.signed_at, l.sha256, l.next_right_last_day
             FROM letters l
             JOIN accounts d ON d.id = l.drafted_by
             LEFT JOIN accounts s ON s.id = l.signed_by ",
            $rest
        )
    };
}

/// The letters of a case, drafts among them, in the order they were written.
pub async fn of_case(tx: &mut Tx, case_id: &str) -> Result<Vec<Letter>> {
    tx.all(letters!("WHERE l.case_id = $1 ORDER BY l.drafted_at, l.id LIMIT $2"), (case_id.to_owned(), OF_CASE_MAX)).await
}

/// Letters of an authority that wait for a signature outside a step of the law, the longest waiting first.
pub async fn waiting_of_body(tx: &mut Tx, body_id: &str, limit: i64) -> Result<Vec<Letter>> {
    tx.all(letters!("WHERE l.body_id = $1 AND l.state = 'draft' AND l.course = 'waiting' ORDER BY l.drafted_at, l.id LIMIT $2"), (body_id.to_owned(), limit))
        .await
}

/// A letter.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Letter>> {
    tx.find(letters!("WHERE l.id = $1"), (id.to_owned(),)).await
}

/// The words of a letter; none if they were deleted.
///
/// # Errors
/// [`AppError::Unavailable`] where their key is not there.
pub async fn text(tx: &mut Tx, id: &str) -> Result<Option<LetterText>> {
    kept::get(tx, Purpose::Letter, id).await?.readable()
}

/// Seals the words of letters from before they were sealed; gives how many.
pub async fn seal_open(tx: &mut Tx, limit: i64) -> Result<usize> {
    let open: Vec<(String,)> = tx.all("SELECT letter_id FROM letter_texts WHERE known <> '' ORDER BY letter_id LIMIT $1", (limit,)).await?;
    for (id,) in &open {
        let text: LetterText = tx.one("SELECT to_name, known, body, sheet, return_reason FROM letter_texts WHERE letter_id = $1", (id.clone(),)).await?;
        kept::put(tx, Purpose::Letter, id, &text)?;
        let sql = "UPDATE letter_texts
                   SET to_name = '', known = '', body = '', return_reason = '', sheet = CASE WHEN sheet IS NULL THEN NULL ELSE '' END
                   WHERE letter_id = $1";
        tx.later(sql, (id.clone(),))?;
    }
    Ok(open.len())
}

// ---- templates ----

/// A version of a template with who changed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The template.
    pub template: Template,
    /// The administrator who wrote it; none for one that came with the portal.
    pub changed_by_name: Option<String>,
    /// When.
    pub changed_at: Option<DateTime<Utc>>,
}

type VersionRow = (String, Option<String>, Option<DateTime<Utc>>);

fn version((content, changed_by_name, changed_at): VersionRow) -> Result<Version> {
    Ok(Version { template: serde_json::from_str(&content)?, changed_by_name, changed_at })
}

/// All versions of all templates, in the order of lists, the newest version first.
pub async fn versions(tx: &mut Tx) -> Result<Vec<Version>> {
    let rows: Vec<VersionRow> = tx
        .all(
            "SELECT t.content, a.display_name, t.changed_at
             FROM letter_templates t
             LEFT JOIN accounts a ON a.id = t.changed_by
             ORDER BY t.place, t.code, t.valid_from DESC",
            (),
        )
        .await?;
    rows.into_iter().map(version).collect()
}

/// Whether there is any template.
pub async fn has_templates(tx: &mut Tx) -> Result<bool> {
    let found: Option<(String,)> = tx.find("SELECT code FROM letter_templates LIMIT 1", ()).await?;
    Ok(found.is_some())
}

/// The versions of one template, the newest first.
pub async fn versions_of(tx: &mut Tx, code: &str) -> Result<Vec<Version>> {
    let rows: Vec<VersionRow> = tx
        .all(
            "SELECT t.content, a.display_name, t.changed_at
             FROM letter_templates t
             LEFT JOIN accounts a ON a.id = t.changed_by
             WHERE t.code = $1
             ORDER BY t.valid_from DESC",
            (code.to_owned(),),
        )
        .await?;
    rows.into_iter().map(version).collect()
}

/// Writes a template that came with an import. One an administrator has written on the same day stays.
pub async fn import(tx: &mut Tx, template: &Template, place: i64) -> Result<()> {
    tx.exec(
        "INSERT INTO letter_templates (code, valid_from, place, content) VALUES ($1, $2, $3, $4)
         ON CONFLICT (code, valid_from) DO UPDATE SET place = excluded.place, content = excluded.content WHERE letter_templates.changed_by IS NULL",
        (template.code.clone(), template.valid_from, place, serde_json::to_string(template)?),
    )
    .await?;
    Ok(())
}

/// Writes an administrator's version, in place of an earlier one of the same first day.
pub(super) async fn put_version(tx: &mut Tx, template: &Template, by: &str, at: DateTime<Utc>) -> Result<()> {
    tx.exec(
        "INSERT INTO letter_templates (code, valid_from, place, content, changed_by, changed_at)
         SELECT $1, $2, (SELECT max(place) FROM letter_templates WHERE code = $1), $3, $4, $5
         ON CONFLICT (code, valid_from) DO UPDATE SET content = excluded.content, changed_by = excluded.changed_by, changed_at = excluded.changed_at",
        (template.code.clone(), template.valid_from, serde_json::to_string(template)?, by.to_owned(), at),
    )
    .await?;
    Ok(())
}

/// Whether a letter was made from this version.
pub(super) async fn is_used(tx: &mut Tx, code: &str, valid_from: NaiveDate) -> Result<bool> {
    let found: Option<(String,)> =
        tx.find("SELECT id FROM letters WHERE template_code = $1 AND template_from = $2 LIMIT 1", (code.to_owned(), valid_from)).await?;
    Ok(found.is_some())
}
