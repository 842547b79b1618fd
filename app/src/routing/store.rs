//! SQL of competence, subjects and where subjects go.

use super::Tables;
use super::rules::{About, CompetenceRule, Instance, Relation};
use super::subjects::{Level, RoutingRule, Subject, Word};
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::petitions::rules::Kind;
use chrono::{DateTime, NaiveDate, Utc};

/// All rows of the three tables.
///
/// # Errors
/// A row with a word the portal does not know.
pub async fn all(tx: &mut Tx) -> Result<Tables> {
    Ok(Tables { competence: competence(tx).await?, subjects: subjects(tx).await?, routing: routing(tx).await? })
}

#[derive(sqlx::FromRow)]
struct CompetenceRow {
    kind: Kind,
    instance: i64,
    contested: String,
    about: String,
    relation: String,
    decider: String,
    decider_en: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    note: String,
    note_en: String,
    source: String,
}

/// What a relation and its decider say; none for a word the portal does not know.
pub(crate) fn relation(code: &str, decider: &str, decider_en: &str) -> Option<Relation> {
    match code {
        "itself" => Some(Relation::Itself),
        "above" => Some(Relation::Above(decider.to_owned())),
        "code" => Some(Relation::Code(decider.to_owned())),
        "outside" => Some(Relation::Outside(decider.to_owned(), decider_en.to_owned())),
        _ => None,
    }
}

fn relation_columns(relation: Relation) -> (&'static str, String, String) {
    match relation {
        Relation::Itself => ("itself", String::new(), String::new()),
        Relation::Above(kind) => ("above", kind, String::new()),
        Relation::Code(code) => ("code", code, String::new()),
        Relation::Outside(name, name_en) => ("outside", name, name_en),
    }
}

async fn competence(tx: &mut Tx) -> Result<Vec<CompetenceRule>> {
    let rows: Vec<CompetenceRow> = tx
        .all(
            "SELECT kind, instance, contested, about, relation, decider, decider_en, valid_from, valid_to, note, note_en, source
             FROM competence_rules
             ORDER BY place, kind, instance, contested, about, valid_from",
            (),
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let unknown = || AppError::internal(format!("competence rule {} {}: a word is not known", row.kind.code(), row.contested));
            Ok(CompetenceRule {
                kind: row.kind,
                instance: Instance::of(row.instance).ok_or_else(unknown)?,
                about: About::from_code(&row.about),
                relation: relation(&row.relation, &row.decider, &row.decider_en).ok_or_else(unknown)?,
                contested: row.contested,
                valid_from: row.valid_from,
                valid_to: row.valid_to,
                note: row.note,
                note_en: row.note_en,
                source: row.source,
            })
        })
        .collect()
}

/// Writes a row of competence, in place of the one with the same question and first day.
pub async fn put_competence(tx: &mut Tx, rule: CompetenceRule, place: i64) -> Result<()> {
    let (relation, decider, decider_en) = relation_columns(rule.relation);
    tx.exec(
        "INSERT INTO competence_rules
           (kind, instance, contested, about, relation, decider, decider_en, valid_from, valid_to, note, note_en, source, place)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         ON CONFLICT (kind, instance, contested, about, valid_from) DO UPDATE SET
           relation = excluded.relation, decider = excluded.decider, decider_en = excluded.decider_en, valid_to = excluded.valid_to,
           note = excluded.note, note_en = excluded.note_en, source = excluded.source, place = excluded.place",
        (
            rule.kind,
            rule.instance.number(),
            rule.contested,
            rule.about.map_or("", About::code).to_owned(),
            relation.to_owned(),
            decider,
            decider_en,
            rule.valid_from,
            rule.valid_to,
            rule.note,
            rule.note_en,
            rule.source,
            place,
        ),
    )
    .await?;
    Ok(())
}

async fn subjects(tx: &mut Tx) -> Result<Vec<Subject>> {
    type Row = (String, String, String, String, String);
    let rows: Vec<Row> = tx.all("SELECT code, name, name_en, beats, words FROM subjects ORDER BY place, code", ()).await?;
    Ok(rows.into_iter().map(|(code, name, name_en, beats, words)| subject(code, name, name_en, &beats, &words)).collect())
}

/// A subject of its columns: `beats` separated by blanks, `words` by semicolons.
pub(crate) fn subject(code: String, name: String, name_en: String, beats: &str, words: &str) -> Subject {
    let words = words.split(';').map(str::trim).filter(|word| !word.is_empty()).map(Word::new).collect();
    Subject { code, name, name_en, beats: beats.split_whitespace().map(str::to_owned).collect(), words }
}

/// Writes a subject, in place of the one with the same code.
pub async fn put_subject(tx: &mut Tx, subject: &Subject, place: i64) -> Result<()> {
    let words: Vec<&str> = subject.words.iter().map(|word| word.written.as_str()).collect();
    tx.exec(
        "INSERT INTO subjects (code, name, name_en, beats, words, place) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (code) DO UPDATE
         SET name = excluded.name, name_en = excluded.name_en, beats = excluded.beats, words = excluded.words, place = excluded.place",
        (subject.code.clone(), subject.name.clone(), subject.name_en.clone(), subject.beats.join(" "), words.join(";"), place),
    )
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct RoutingRow {
    id: String,
    subject: String,
    area_code: String,
    kind: String,
    level: String,
    unit: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    note: String,
    note_en: String,
    source: String,
}

async fn routing(tx: &mut Tx) -> Result<Vec<RoutingRule>> {
    let rows: Vec<RoutingRow> = tx
        .all(
            "SELECT id, subject, area_code, kind, level, unit, valid_from, valid_to, note, note_en, source
             FROM routing_rules
             ORDER BY place, subject, valid_from, id",
            (),
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let unknown = || AppError::internal(format!("routing rule {}: a word is not known", row.id));
            Ok(RoutingRule {
                level: Level::from_code(&row.level).ok_or_else(unknown)?,
                kind: Kind::from_code(&row.kind),
                id: row.id,
                subject: row.subject,
                area_code: row.area_code,
                unit: row.unit,
                valid_from: row.valid_from,
                valid_to: row.valid_to,
                note: row.note,
                note_en: row.note_en,
                source: row.source,
            })
        })
        .collect()
}

/// Writes a row of the data files, in place of the one with the same id. The end an administrator has given it stays.
pub async fn put_routing(tx: &mut Tx, rule: RoutingRule, place: i64) -> Result<()> {
    tx.exec(
        "INSERT INTO routing_rules (id, subject, area_code, kind, level, unit, valid_from, valid_to, note, note_en, source, place)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (id) DO UPDATE SET
           level = excluded.level, unit = excluded.unit,
           valid_to = CASE WHEN routing_rules.ended_by IS NULL THEN excluded.valid_to ELSE routing_rules.valid_to END,
           note = excluded.note, note_en = excluded.note_en, source = excluded.source, place = excluded.place",
        (
            rule.id,
            rule.subject,
            rule.area_code,
            rule.kind.map_or("", Kind::code).to_owned(),
            rule.level.code().to_owned(),
            rule.unit,
            rule.valid_from,
            rule.valid_to,
            rule.note,
            rule.note_en,
            rule.source,
            place,
        ),
    )
    .await?;
    Ok(())
}

/// Adds an administrator's rule behind all others.
pub async fn add_routing(tx: &mut Tx, rule: RoutingRule, by: &str, at: DateTime<Utc>) -> Result<()> {
    let id = rule.id.clone();
    put_routing(tx, rule, PLACE_OF_ADDED).await?;
    tx.exec("UPDATE routing_rules SET added_by = $2, added_at = $3 WHERE id = $1", (id, by.to_owned(), at)).await?;
    Ok(())
}

/// Rules that administrators add stand behind those of the data files.
const PLACE_OF_ADDED: i64 = 1_000_000;

/// Gives a rule its last day. False if it has one that is not later already, or is not there.
pub async fn end_routing(tx: &mut Tx, id: &str, last_day: NaiveDate, by: &str, at: DateTime<Utc>) -> Result<bool> {
    let changed = tx
        .exec(
            "UPDATE routing_rules SET valid_to = $2, ended_by = $3, ended_at = $4 WHERE id = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2)",
            (id.to_owned(), last_day, by.to_owned(), at),
        )
        .await?;
    Ok(changed == 1)
}

/// Who added or ended a rule, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Author {
    /// The rule.
    pub id: String,
    /// Who added it; a row of the data files has nobody.
    pub added_by: Option<String>,
    /// When.
    pub added_at: Option<DateTime<Utc>>,
    /// Who ended it.
    pub ended_by: Option<String>,
    /// When.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Who added or ended rules.
pub async fn authors(tx: &mut Tx) -> Result<Vec<Author>> {
    tx.all(
        "SELECT r.id, a.display_name AS added_by, r.added_at, e.display_name AS ended_by, r.ended_at
         FROM routing_rules r
         LEFT JOIN accounts a ON a.id = r.added_by
         LEFT JOIN accounts e ON e.id = r.ended_by
         WHERE r.added_by IS NOT NULL OR r.ended_by IS NOT NULL",
        (),
    )
    .await
}
