//! SQL that writes a portion of invented cases, many rows to a statement.

use super::build::CaseCounts;
use super::marks::{CannedRow, TagRow};
use super::world::Account;
use crate::db::{Kind as DbKind, Rows, Tx};
use crate::error::Result;
use crate::petitions::coordination::Coordination;
use crate::petitions::rules::{Case, Kind};
use crate::petitions::store::drafts::Words as DraftWords;
use crate::petitions::store::parts::{CasePerson, CaseText, insert_text};
use crate::petitions::store::people::sealed_person;
use crate::petitions::store::register::PublicCase;
use crate::petitions::store::working::{self, Working};
use crate::record::rules::{Entry, Page, PageSum};
use crate::record::store as record;
use crate::search::Document;
use crate::search::store::{Index, insert_many};
use crate::vault::kept::{self, Purpose};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{HashMap, HashSet};

/// SQLite's page cache while a demo is written, in KiB; given back afterwards.
const WRITING_CACHE_KIB: u32 = 192 * 1_024;
/// Bytes of new words FTS5 gathers before it writes a segment, while a demo is written and otherwise (its default).
const WRITING_HASH_BYTES: i64 = 32 << 20;
const USUAL_HASH_BYTES: i64 = 1 << 20;

/// A history entry.
pub(super) struct HistoryRow {
    pub case_id: String,
    pub seq: i64,
    pub at: DateTime<Utc>,
    pub actor_kind: &'static str,
    pub actor_id: Option<String>,
    pub event: &'static str,
    pub data: String,
}

/// A message.
pub(super) struct MessageRow {
    pub id: String,
    pub case_id: String,
    pub side: &'static str,
    pub author_id: Option<String>,
    pub body: String,
    pub at: DateTime<Utc>,
}

/// An answer.
pub(super) struct AnswerRow {
    pub id: String,
    pub case_id: String,
    pub body: String,
    pub state: &'static str,
    pub drafted_by: String,
    pub drafted_at: DateTime<Utc>,
    pub decided_by: Option<String>,
    pub decided_at: Option<DateTime<Utc>>,
    pub return_reason: String,
}

/// A step that was drafted and signed.
pub(super) struct DraftRow {
    pub id: String,
    pub case_id: String,
    pub step: String,
    pub reason: String,
    pub drafted_by: String,
    pub at: DateTime<Utc>,
    pub signed_by: String,
}

/// A public text, proposed or approved.
pub(super) struct PublicTextRow {
    pub case_id: String,
    pub title: String,
    pub body: String,
    pub proposed_by: String,
    pub proposed_at: DateTime<Utc>,
    pub approved_by: Option<String>,
    pub approved_at: Option<DateTime<Utc>>,
}

/// The rows of a portion of cases.
#[derive(Default)]
pub(super) struct Batch {
    pub cases: Vec<Case>,
    pub texts: Vec<(String, CaseText)>,
    pub people: Vec<(String, CasePerson)>,
    /// Hash of the code, case.
    pub codes: Vec<(String, String)>,
    pub history: Vec<HistoryRow>,
    pub messages: Vec<MessageRow>,
    /// Id, case, author, text, when.
    pub notes: Vec<(String, String, String, String, DateTime<Utc>)>,
    pub coordinations: Vec<Coordination>,
    pub drafts: Vec<DraftRow>,
    pub answers: Vec<AnswerRow>,
    pub public_texts: Vec<PublicTextRow>,
    /// Case, clarity, attitude, result, comment, when.
    pub ratings: Vec<(String, i64, i64, i64, String, DateTime<Utc>)>,
    /// Case, authority, unit, the day they are asked.
    pub rating_asks: Vec<(String, String, String, NaiveDate)>,
    /// Agency, month, what; whether it is an authority, and how often.
    pub rating_counts: HashMap<(String, String, String), (bool, i64)>,
    pub public_cases: Vec<PublicCase>,
    pub public_search: Vec<(i64, Document)>,
    pub desk_search: Vec<(i64, Document)>,
    /// Tag and case.
    pub case_tags: Vec<(String, Case)>,
    pub case_counts: CaseCounts,
    /// Cell to number of cases and sum of days taken.
    pub public_counts: HashMap<(String, i64, Kind, &'static str), (i64, i64)>,
}

macro_rules! rows {
    ($into:literal, $row:literal) => {
        rows!($into, $row, "")
    };
    ($into:literal, $row:literal, $tail:literal) => {
        &Rows { into: concat!("INSERT INTO ", $into), row: $row, tail: $tail }
    };
}

/// Whether there is a case already.
pub(super) async fn has_cases(tx: &mut Tx) -> Result<bool> {
    let found: Option<(String,)> = tx.find("SELECT id FROM cases LIMIT 1", ()).await?;
    Ok(found.is_some())
}

/// The accounts of the demo, all with the same hash, and their roles.
pub(super) async fn insert_accounts(tx: &mut Tx, accounts: &[Account], password_hash: &str) -> Result<()> {
    let rows = accounts.iter().map(|row| (row.id.clone(), row.login.clone(), row.display_name.clone(), password_hash.to_owned(), row.is_active, row.since));
    tx.exec_many(rows!("accounts (id, login, display_name, password_hash, is_active, created_at)", "(?, ?, ?, ?, ?, ?)"), rows.collect()).await?;
    let rows = accounts.iter().map(|row| (row.holding_id.clone(), row.id.clone(), row.agency_id.clone(), row.role, row.valid_from()));
    tx.exec_many(rows!("role_holdings (id, account_id, agency_id, role, valid_from)", "(?, ?, ?, ?, ?)"), rows.collect()).await
}

/// The words of the authorities' desks: tags and ready-made answers.
pub(super) async fn insert_desk_words(tx: &mut Tx, tags: Vec<TagRow>, canned: Vec<CannedRow>) -> Result<()> {
    tx.exec_many(rows!("tags (id, body_id, name, folded, created_by, created_at)", "(?, ?, ?, ?, ?, ?)"), tags).await?;
    tx.exec_many(rows!("canned_answers (id, body_id, name, body, is_active, changed_by, changed_at)", "(?, ?, ?, ?, ?, ?, ?)"), canned).await
}

/// Cases of tags, with what filters ask for beside each.
async fn insert_case_tags(tx: &mut Tx, tagged: Vec<(String, Case)>) -> Result<()> {
    let row = |(tag_id, case): (String, Case)| {
        let Case { id, is_open, due_on, changed_at, state, body_id, kind, unit_id, handler_id, area_code, flags, .. } = case;
        (id, tag_id, is_open, due_on, changed_at, state, body_id, kind, unit_id, handler_id, area_code, flags)
    };
    tx.exec_many(
        rows!(
            "case_tags (case_id, tag_id, is_open, due_on, changed_at, state, body_id, kind, unit_id, handler_id, area_code, flags)",
            "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        ),
        tagged.into_iter().map(row).collect(),
    )
    .await
}

/// Gives SQLite more memory while much is written. PostgreSQL has its own settings.
pub(super) async fn prepare(tx: &mut Tx) -> Result<()> {
    if tx.kind() == DbKind::Sqlite {
        set_cache(tx, WRITING_CACHE_KIB).await?;
        set_hash(tx, WRITING_HASH_BYTES).await?;
    }
    Ok(())
}

/// Back to the usual settings, with the word indexes merged, so that they answer at once.
pub(super) async fn settle(tx: &mut Tx) -> Result<()> {
    if tx.kind() == DbKind::Sqlite {
        tx.exec("INSERT INTO public_search (public_search) VALUES ('optimize')", ()).await?;
        tx.exec("INSERT INTO desk_search (desk_search) VALUES ('optimize')", ()).await?;
        set_hash(tx, USUAL_HASH_BYTES).await?;
        set_cache(tx, crate::db::SQLITE_CACHE_KIB).await?;
    }
    Ok(())
}

async fn set_cache(tx: &mut Tx, kib: u32) -> Result<()> {
    // A number cannot be bound in a PRAGMA; these two are all there are.
    let sql = if kib == WRITING_CACHE_KIB { "PRAGMA cache_size = -196608" } else { "PRAGMA cache_size = -4096" };
    tx.exec(sql, ()).await?;
    Ok(())
}

async fn set_hash(tx: &mut Tx, bytes: i64) -> Result<()> {
    tx.exec("INSERT INTO public_search (public_search, rank) VALUES ('hashsize', $1)", (bytes,)).await?;
    tx.exec("INSERT INTO desk_search (desk_search, rank) VALUES ('hashsize', $1)", (bytes,)).await?;
    Ok(())
}

/// Writes a portion: its rows, its figures, its words.
pub(super) async fn write(tx: &mut Tx, mut batch: Batch) -> Result<()> {
    let sealed: HashSet<String> = batch.cases.iter().filter(|case| case.kind == Kind::Denunciation).map(|case| case.id.clone()).collect();
    let is_given = |case: &&Case| sealed.contains(&case.id) && case.handler_id.is_some();
    let given: HashMap<String, DateTime<Utc>> = batch.cases.iter().filter(is_given).map(|case| (case.id.clone(), case.changed_at)).collect();
    for (id, text) in &batch.texts {
        if let Some(at) = given.get(id) {
            // Invented words betray nobody: what handlers read is what was written.
            let text = Working { title: text.title.clone(), body: text.body.clone(), by: String::new(), at: *at };
            working::put(tx, id, &text)?;
        }
    }
    insert_cases(tx, batch.cases).await?;
    insert_words(tx, batch.texts, batch.people, &sealed).await?;
    let codes = batch.codes.into_iter().map(|(hash, case_id)| (tx.stored_code(&hash), case_id)).collect();
    tx.exec_many(rows!("case_codes (code_hash, case_id)", "(?, ?)"), codes).await?;
    insert_record(tx, batch.history).await?;
    insert_messages(tx, batch.messages, &sealed).await?;
    let (of_sealed, notes): (Vec<_>, Vec<_>) = batch.notes.into_iter().partition(|note| sealed.contains(&note.1));
    for (id, _, _, body, _) in &of_sealed {
        kept::put(tx, Purpose::Note, id, body)?;
    }
    let emptied = of_sealed.into_iter().map(|(id, case_id, author_id, _, at)| (id, case_id, author_id, String::new(), at));
    tx.exec_many(rows!("notes (id, case_id, author_id, body, at)", "(?, ?, ?, ?, ?)"), notes.into_iter().chain(emptied).collect()).await?;
    insert_coordinations(tx, batch.coordinations).await?;
    insert_drafts(tx, batch.drafts, &sealed).await?;
    insert_answers(tx, batch.answers, batch.public_texts).await?;
    for (case_id, _, _, _, comment, _) in batch.ratings.iter_mut().filter(|rating| sealed.contains(&rating.0) && !rating.4.is_empty()) {
        kept::put(tx, Purpose::Rating, case_id, &std::mem::take(comment))?;
    }
    tx.exec_many(rows!("ratings (case_id, clarity, attitude, result, comment, at)", "(?, ?, ?, ?, ?, ?)"), batch.ratings).await?;
    tx.exec_many(rows!("rating_asks (case_id, body_id, unit_id, asked_on)", "(?, ?, ?, ?)"), batch.rating_asks).await?;
    let counts = batch.rating_counts.into_iter().map(|((agency_id, month, what), (is_body, n))| (agency_id, month, what, n, is_body));
    let tail_rows = rows!(
        "rating_counts (agency_id, month, what, n, is_body)",
        "(?, ?, ?, ?, ?)",
        "ON CONFLICT (agency_id, month, what) DO UPDATE SET n = rating_counts.n + excluded.n"
    );
    tx.exec_many(tail_rows, counts.collect()).await?;
    insert_public_cases(tx, batch.public_cases).await?;
    insert_case_tags(tx, batch.case_tags).await?;
    insert_many(tx, Index::Public, batch.public_search).await?;
    insert_many(tx, Index::Desk, batch.desk_search).await?;
    let counts = batch.case_counts.into_iter().map(|((body_id, state), n)| (body_id, state, n));
    let tail_rows = rows!("case_counts (body_id, state, n)", "(?, ?, ?)", "ON CONFLICT (body_id, state) DO UPDATE SET n = case_counts.n + excluded.n");
    tx.exec_many(tail_rows, counts.collect()).await?;
    let counts = batch.public_counts.into_iter().map(|((body_id, year, kind, outcome), (n, days))| (body_id, year, kind, outcome.to_owned(), n, days));
    let tail_rows = rows!(
        "public_counts (body_id, year, kind, outcome, n, days_sum)",
        "(?, ?, ?, ?, ?, ?)",
        "ON CONFLICT (body_id, year, kind, outcome) DO UPDATE
         SET n = public_counts.n + excluded.n, days_sum = public_counts.days_sum + excluded.days_sum"
    );
    tx.exec_many(tail_rows, counts.collect()).await
}

async fn insert_coordinations(tx: &mut Tx, rows: Vec<Coordination>) -> Result<()> {
    let rows = rows.into_iter().map(|row| {
        let Coordination { id, case_id, agency_id, body_id, of_body_id, asked_by, asked_on, note_id, answer_by, opinion_id, answered_on, ended_on } = row;
        (id, case_id, agency_id, body_id, of_body_id, asked_by, asked_on, note_id, answer_by, opinion_id, answered_on, ended_on)
    });
    let into = rows!(
        "coordinations (id, case_id, agency_id, body_id, of_body_id, asked_by, asked_on, note_id, answer_by, opinion_id, answered_on, ended_on)",
        "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    );
    tx.exec_many(into, rows.collect()).await
}

/// The next public number follows the highest one given; public pages have changed.
pub(super) async fn set_counters(tx: &mut Tx) -> Result<()> {
    tx.exec("UPDATE counters SET value = (SELECT COALESCE(MAX(number), 0) FROM public_cases) WHERE name = 'public_number'", ()).await?;
    tx.exec("UPDATE counters SET value = value + 1 WHERE name = 'public_version'", ()).await?;
    Ok(())
}

async fn insert_cases(tx: &mut Tx, cases: Vec<Case>) -> Result<()> {
    let rows = cases.into_iter().map(|case| {
        let rights_until = case.rights_until();
        (
            case.id,
            case.search_key,
            case.kind,
            case.state,
            case.is_open,
            case.body_id,
            case.unit_id,
            case.handler_id,
            case.area_code,
            case.may_publish,
            case.received_on,
            case.due_on,
            case.answered_on,
            case.filed_at,
            case.changed_at,
            case.version,
            case.progress.stored().unwrap_or_default(),
            case.barred,
            case.flags,
            rights_until,
        )
    });
    let table = rows!(
        "cases (id, search_key, kind, state, is_open, body_id, unit_id, handler_id, area_code, may_publish, received_on, due_on, answered_on, filed_at, changed_at, version, progress, barred, flags, rights_until)",
        "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    );
    tx.exec_many(table, rows.collect()).await
}

async fn insert_drafts(tx: &mut Tx, mut drafts: Vec<DraftRow>, sealed: &HashSet<String>) -> Result<()> {
    for draft in drafts.iter_mut().filter(|draft| sealed.contains(&draft.case_id) && !draft.reason.is_empty()) {
        kept::put(tx, Purpose::Draft, &draft.id, &DraftWords { reason: std::mem::take(&mut draft.reason), return_reason: String::new() })?;
    }
    let rows = drafts.into_iter().map(|row| (row.id, row.case_id, row.step, row.reason, row.drafted_by, row.at, row.signed_by, row.at));
    let table = rows!(
        "step_drafts (id, case_id, step, reason, state, drafted_by, drafted_at, decided_by, decided_at, return_reason)",
        "(?, ?, ?, ?, 'signed', ?, ?, ?, ?, '')"
    );
    tx.exec_many(table, rows.collect()).await
}

async fn insert_words(tx: &mut Tx, texts: Vec<(String, CaseText)>, people: Vec<(String, CasePerson)>, sealed: &HashSet<String>) -> Result<()> {
    let (of_sealed, texts): (Vec<_>, Vec<_>) = texts.into_iter().partition(|(id, _)| sealed.contains(id));
    for (id, text) in of_sealed {
        insert_text(tx, Kind::Denunciation, &id, &text)?;
    }
    let rows = texts.into_iter().map(|(id, text)| (id, text.title, text.body, text.place, text.latitude_e6, text.longitude_e6));
    tx.exec_many(rows!("case_texts (case_id, title, body, place, latitude_e6, longitude_e6)", "(?, ?, ?, ?, ?, ?)"), rows.collect()).await?;
    let mut rows = Vec::with_capacity(people.len());
    for (id, person) in people {
        let sealed = sealed_person(tx.vault(), &id, &person)?;
        rows.push((id, sealed.key_name, sealed.wrapped, sealed.sealed));
    }
    tx.exec_many(rows!("sealed_people (owner_id, key_name, wrapped, sealed)", "(?, ?, ?, ?)"), rows).await
}

/// The entries of a portion, each hashed together with the one before, on a page of their own. They come case by case, in order.
async fn insert_record(tx: &mut Tx, history: Vec<HistoryRow>) -> Result<()> {
    let Some(at) = history.iter().map(|row| row.at).max() else { return Ok(()) };
    let last = record::last_page(tx).await?;
    let number = last.as_ref().map_or(1, |page| page.page + 1);
    let (mut before, mut rows) = (String::new(), Vec::with_capacity(history.len()));
    for row in history {
        if row.seq == 1 {
            before.clear();
        }
        let HistoryRow { case_id, seq, at, actor_kind, actor_id, event, data } = row;
        let entry = Entry { case_id: &case_id, seq, at, actor_kind, actor_id: actor_id.as_deref(), event, data: &data };
        before = tx.record_key().entry(&entry, &before);
        rows.push((case_id, seq, at, actor_kind.to_owned(), actor_id, event.to_owned(), data, before.clone(), number));
    }
    // A page is summed up in the order of cases.
    rows.sort_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)));
    let mut sum = PageSum::new();
    rows.iter().for_each(|row| sum.add(&row.7));
    record::claim_page(tx, number, at).await?;
    let page = Page::after(last.as_ref(), at, sum, tx.record_key());
    record::set_page(tx, &page).await?;
    tx.exec_many(rows!("history (case_id, seq, at, actor_kind, actor_id, event, data, hash, page)", "(?, ?, ?, ?, ?, ?, ?, ?, ?)"), rows).await
}

async fn insert_messages(tx: &mut Tx, mut messages: Vec<MessageRow>, sealed: &HashSet<String>) -> Result<()> {
    for row in messages.iter_mut().filter(|row| sealed.contains(&row.case_id)) {
        kept::put(tx, Purpose::Message, &row.id, &std::mem::take(&mut row.body))?;
    }
    let rows = messages.into_iter().map(|row| (row.id, row.case_id, row.side.to_owned(), row.author_id, row.body, row.at));
    tx.exec_many(rows!("messages (id, case_id, side, author_id, body, at)", "(?, ?, ?, ?, ?, ?)"), rows.collect()).await
}

async fn insert_answers(tx: &mut Tx, answers: Vec<AnswerRow>, texts: Vec<PublicTextRow>) -> Result<()> {
    let rows = answers
        .into_iter()
        .map(|row| (row.id, row.case_id, row.body, row.state.to_owned(), row.drafted_by, row.drafted_at, row.decided_by, row.decided_at, row.return_reason));
    let table = rows!("answers (id, case_id, body, state, drafted_by, drafted_at, decided_by, decided_at, return_reason)", "(?, ?, ?, ?, ?, ?, ?, ?, ?)");
    tx.exec_many(table, rows.collect()).await?;
    let rows = texts.into_iter().map(|row| {
        let state = if row.approved_by.is_some() { "approved" } else { "proposed" };
        (row.case_id, row.title, row.body, state.to_owned(), row.proposed_by, row.proposed_at, row.approved_by, row.approved_at)
    });
    let table = rows!("public_texts (case_id, title, body, state, proposed_by, proposed_at, approved_by, approved_at)", "(?, ?, ?, ?, ?, ?, ?, ?)");
    tx.exec_many(table, rows.collect()).await
}

async fn insert_public_cases(tx: &mut Tx, cases: Vec<PublicCase>) -> Result<()> {
    let rows = cases.into_iter().map(|row| {
        (
            row.number,
            row.case_id,
            row.kind,
            row.state,
            row.body_id,
            row.area_code,
            row.year,
            row.title,
            row.body,
            row.excerpt,
            row.filed_on,
            row.due_on,
            row.answered_on,
            row.days_taken,
            row.is_on_time,
            row.released_on,
        )
    });
    let table = rows!(
        "public_cases (number, case_id, kind, state, body_id, area_code, year, title, body, excerpt, filed_on, due_on, answered_on, days_taken, is_on_time, released_on)",
        "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    );
    tx.exec_many(table, rows.collect()).await
}

/// Newest open cases of a kind that an authority has.
pub(super) async fn open_of_kind(tx: &mut Tx, body_id: &str, kind: &str, limit: i64) -> Result<Vec<(String,)>> {
    tx.all(
        "SELECT id FROM cases WHERE body_id = $1 AND is_open = TRUE AND kind = $2 ORDER BY due_on DESC, id DESC LIMIT $3",
        (body_id.to_owned(), kind.to_owned(), limit),
    )
    .await
}

/// Newest released reports of an authority that wait for an answer.
pub(super) async fn joinable(tx: &mut Tx, body_id: &str, limit: i64) -> Result<Vec<(i64,)>> {
    tx.all(
        "SELECT number FROM public_cases WHERE body_id = $1 AND kind = 'report' AND state = 'handling' ORDER BY number DESC LIMIT $2",
        (body_id.to_owned(), limit),
    )
    .await
}
