//! Reads agencies, areas, successions, days off, legal periods and rules of routing from CSV files and templates of letters from TOML files, all or nothing. Importing the same files again changes nothing.
//!
//! The id of an agency is made from its code and first day, so that rows of other tables keep pointing at it.

use super::store::{self, AgencyRow, AreaRow};
use crate::db::Tx;
use crate::deadlines::Calendar;
use crate::deadlines::rules::{Direction, Rule, Unit, Variant};
use crate::deadlines::store::{DayOffRow, special_day};
use crate::dialogues::plan::Minimum;
use crate::error::{AppError, Result};
use crate::letters::templates::Template;
use crate::petitions::escalation::{self, EscalationRule};
use crate::petitions::rules::Kind;
use crate::receptions::rules as reception;
use crate::routing::rules::{About, CompetenceRule, Instance};
use crate::routing::store as routing;
use crate::routing::subjects::{Level, RoutingRule, Subject};
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// The texts of the CSV files.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// `areas.csv`
    pub areas: String,
    /// `area_succession.csv`
    pub area_succession: String,
    /// `agencies.csv`
    pub agencies: String,
    /// `agency_succession.csv`
    pub agency_succession: String,
    /// `holidays.csv`
    pub holidays: String,
    /// `deadline_rules.csv`
    pub deadline_rules: String,
    /// `remote_areas.csv`
    pub remote_areas: String,
    /// `letter_templates/*.toml`: name and text of each file, in the order of lists.
    pub letter_templates: Vec<(String, String)>,
    /// `competence_rules.csv`
    pub competence_rules: String,
    /// `subjects.csv`
    pub subjects: String,
    /// `routing_rules.csv`
    pub routing_rules: String,
    /// `escalation_rules.csv`
    pub escalation_rules: String,
    /// `dialogue_minimums.csv`
    pub dialogue_minimums: String,
    /// `reception_rules.csv`
    pub reception_rules: String,
    /// `retention_rules.csv`
    pub retention_rules: String,
}

impl Files {
    /// The files the portal ships with.
    pub fn built_in() -> Self {
        Self {
            areas: include_str!("../../../data/areas.csv").to_owned(),
            area_succession: include_str!("../../../data/area_succession.csv").to_owned(),
            agencies: include_str!("../../../data/agencies.csv").to_owned(),
            agency_succession: include_str!("../../../data/agency_succession.csv").to_owned(),
            holidays: include_str!("../../../data/holidays.csv").to_owned(),
            deadline_rules: include_str!("../../../data/deadline_rules.csv").to_owned(),
            remote_areas: include_str!("../../../data/remote_areas.csv").to_owned(),
            letter_templates: crate::letters::templates::FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
            competence_rules: include_str!("../../../data/competence_rules.csv").to_owned(),
            subjects: include_str!("../../../data/subjects.csv").to_owned(),
            routing_rules: include_str!("../../../data/routing_rules.csv").to_owned(),
            escalation_rules: include_str!("../../../data/escalation_rules.csv").to_owned(),
            dialogue_minimums: include_str!("../../../data/dialogue_minimums.csv").to_owned(),
            reception_rules: include_str!("../../../data/reception_rules.csv").to_owned(),
            retention_rules: include_str!("../../../data/retention_rules.csv").to_owned(),
        }
    }

    /// The files of a folder; a missing one is empty and changes nothing.
    ///
    /// # Errors
    /// A file that is there and cannot be read as text.
    pub fn from_folder(folder: &Path) -> Result<Self> {
        let read = |name: &str| match std::fs::read_to_string(folder.join(name)) {
            Ok(text) => Ok(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
            Err(error) => Err(AppError::config(format!("{name}: {error}"))),
        };
        Ok(Self {
            areas: read("areas.csv")?,
            area_succession: read("area_succession.csv")?,
            agencies: read("agencies.csv")?,
            agency_succession: read("agency_succession.csv")?,
            holidays: read("holidays.csv")?,
            deadline_rules: read("deadline_rules.csv")?,
            remote_areas: read("remote_areas.csv")?,
            letter_templates: toml_files(&folder.join("letter_templates"))?,
            competence_rules: read("competence_rules.csv")?,
            subjects: read("subjects.csv")?,
            routing_rules: read("routing_rules.csv")?,
            escalation_rules: read("escalation_rules.csv")?,
            dialogue_minimums: read("dialogue_minimums.csv")?,
            reception_rules: read("reception_rules.csv")?,
            retention_rules: read("retention_rules.csv")?,
        })
    }
}

/// The TOML files of a folder by name; none if there is no such folder.
fn toml_files(folder: &Path) -> Result<Vec<(String, String)>> {
    let wrong = |error: std::io::Error| AppError::config(format!("{}: {error}", folder.display()));
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(wrong)?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(wrong)?.path();
        if path.extension().is_some_and(|end| end == "toml") {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            files.push((name, std::fs::read_to_string(&path).map_err(wrong)?));
        }
    }
    files.sort();
    Ok(files)
}

/// Lengths a rule may have.
const LENGTHS: std::ops::RangeInclusive<u32> = 1..=1000;

/// How many rows were read of each file.
pub type Counts = BTreeMap<&'static str, usize>;

/// Brings the rows of all files into the database.
///
/// # Errors
/// [`AppError::Config`] with file, line and what is wrong; nothing is changed then, as the caller does not commit.
pub async fn run(tx: &mut Tx, files: &Files) -> Result<Counts> {
    let mut counts = Counts::new();
    for row in rows("areas.csv", &files.areas)? {
        let area = AreaRow {
            code: row.text("code")?,
            valid_from: row.day("valid_from")?,
            valid_to: row.optional_day("valid_to")?,
            parent_code: row.optional("parent_code"),
            kind: row.text("kind")?,
            name: row.text("name")?,
            full_name: row.text("full_name")?,
            doc: row.optional("doc").unwrap_or_default(),
        };
        store::put_area(tx, area).await?;
        *counts.entry("areas.csv").or_default() += 1;
    }
    for row in rows("area_succession.csv", &files.area_succession)? {
        let pair = (
            row.text("old_code")?,
            row.text("old_full_name")?,
            row.text("old_kind")?,
            row.optional("old_parent_full_name").unwrap_or_default(),
            row.text("new_code")?,
            row.day("on_date")?,
        );
        store::put_area_succession(tx, pair).await?;
        *counts.entry("area_succession.csv").or_default() += 1;
    }
    let ids = agencies(tx, &files.agencies, &mut counts).await?;
    for row in rows("agency_succession.csv", &files.agency_succession)? {
        let known = |column: &'static str| {
            let code = row.text(column)?;
            ids.get(&code).cloned().ok_or_else(|| row.wrong(column, "names no agency of agencies.csv"))
        };
        let (from, to) = (known("from_code")?, known("to_code")?);
        store::put_agency_succession(tx, &from, &to, row.day("on_date")?, row.optional("what").unwrap_or_default(), row.optional("doc").unwrap_or_default())
            .await?;
        *counts.entry("agency_succession.csv").or_default() += 1;
    }
    for row in rows("holidays.csv", &files.holidays)? {
        let (kind, name, status) = (row.text("kind")?, row.text("name")?, row.text("status")?);
        let day_off = DayOffRow { day: row.day("day")?, kind, name, status, source: row.optional("source").unwrap_or_default() };
        crate::deadlines::store::put_day_off(tx, day_off).await?;
        *counts.entry("holidays.csv").or_default() += 1;
    }
    for (place, rule) in (0..).zip(deadline_rules(&files.deadline_rules)?) {
        crate::deadlines::store::put(tx, rule, place).await?;
        *counts.entry("deadline_rules.csv").or_default() += 1;
    }
    for row in rows("remote_areas.csv", &files.remote_areas)? {
        let (area_code, source) = (row.text("area_code")?, row.text("source")?);
        store::put_remote_area(tx, area_code, row.day("valid_from")?, row.optional_day("valid_to")?, source).await?;
        *counts.entry("remote_areas.csv").or_default() += 1;
    }
    letter_templates(tx, &files.letter_templates, &mut counts).await?;
    put_routing(tx, files, &mut counts).await?;
    for rule in escalation_rules(&files.escalation_rules)? {
        crate::petitions::store::escalations::put_rule(tx, rule).await?;
        *counts.entry("escalation_rules.csv").or_default() += 1;
    }
    for row in dialogue_minimums(&files.dialogue_minimums)? {
        crate::dialogues::store::put_minimum(tx, row).await?;
        *counts.entry("dialogue_minimums.csv").or_default() += 1;
    }
    let receptions = reception_rules(&files.reception_rules)?;
    *counts.entry("reception_rules.csv").or_default() += receptions.days.len() + receptions.groups.len();
    crate::receptions::put_rules(tx, receptions).await?;
    for (place, rule) in (0..).zip(crate::retention::import::rules(&files.retention_rules)?) {
        crate::retention::put_rule(tx, rule, place).await?;
        *counts.entry("retention_rules.csv").or_default() += 1;
    }
    Ok(counts)
}

/// Templates of letters; the legal periods they name must be in the table.
async fn letter_templates(tx: &mut Tx, files: &[(String, String)], counts: &mut Counts) -> Result<()> {
    let rules = crate::deadlines::store::all(tx).await?;
    let codes: Vec<&str> = rules.iter().map(|rule| rule.code.as_str()).collect();
    for (place, (name, text)) in (0..).zip(files) {
        let template = Template::read(name, text)?;
        if let Some(wrong) = template.check(Some(&codes)) {
            return Err(AppError::config(format!("{name}: {wrong}")));
        }
        crate::letters::store::import(tx, &template, place).await?;
        *counts.entry("letter_templates").or_default() += 1;
    }
    Ok(())
}

async fn put_routing(tx: &mut Tx, files: &Files, counts: &mut Counts) -> Result<()> {
    for (place, rule) in (0..).zip(competence_rules(&files.competence_rules)?) {
        routing::put_competence(tx, rule, place).await?;
        *counts.entry("competence_rules.csv").or_default() += 1;
    }
    for (place, subject) in (0..).zip(subjects(&files.subjects)?) {
        routing::put_subject(tx, &subject, place).await?;
        *counts.entry("subjects.csv").or_default() += 1;
    }
    for (place, rule) in (0..).zip(routing_rules(&files.routing_rules)?) {
        routing::put_routing(tx, rule, place).await?;
        *counts.entry("routing_rules.csv").or_default() += 1;
    }
    Ok(())
}

/// When late steps are put before those above, of a CSV text.
///
/// # Errors
/// [`AppError::Config`] with line and what is wrong.
pub fn escalation_rules(text: &str) -> Result<Vec<EscalationRule>> {
    let rule = |row: Row<'_>| {
        Ok(EscalationRule {
            clock: row.text("clock")?,
            level: escalation::Level::from_code(&row.text("level")?).ok_or_else(|| row.wrong("level", "is neither head nor superior"))?,
            days: row.text("days")?.parse().ok().filter(|n| LENGTHS.contains(n)).ok_or_else(|| row.wrong("days", "is no number from 1 to 1000"))?,
            valid_from: row.day("valid_from")?,
            valid_to: row.optional_day("valid_to")?,
            source: row.text("source")?,
        })
    };
    rows("escalation_rules.csv", text)?.into_iter().map(rule).collect()
}

/// How often each kind of agency must hold a dialogue in a year, of a CSV text.
///
/// # Errors
/// [`AppError::Config`] with line and what is wrong.
pub fn dialogue_minimums(text: &str) -> Result<Vec<Minimum>> {
    let minimum = |row: Row<'_>| {
        Ok(Minimum {
            agency_kind: row.text("agency_kind")?,
            per_year: row
                .text("per_year")?
                .parse()
                .ok()
                .filter(|n| (0..=366).contains(n))
                .ok_or_else(|| row.wrong("per_year", "is no number from 0 to 366"))?,
            valid_from: row.day("valid_from")?,
            valid_to: row.optional_day("valid_to")?,
            source: row.text("source")?,
        })
    };
    rows("dialogue_minimums.csv", text)?.into_iter().map(minimum).collect()
}

/// What the law asks of citizen reception, of a CSV text.
///
/// # Errors
/// [`AppError::Config`] with line and what is wrong.
pub fn reception_rules(text: &str) -> Result<reception::Rules> {
    let mut rules = reception::Rules::default();
    for row in rows("reception_rules.csv", text)? {
        let number = |column: &'static str| -> Result<i64> { row.text(column)?.parse().map_err(|_| row.wrong(column, "is no whole number")) };
        let (valid_from, valid_to, source) = (row.day("valid_from")?, row.optional_day("valid_to")?, row.text("source")?);
        match row.text("rule")?.as_str() {
            "days" => rules.days.push(reception::DaysRule {
                agency_kind: row.text("agency_kind")?,
                area_kind: row.optional("area_kind").unwrap_or_default(),
                per: reception::Per::from_code(&row.text("per")?).ok_or_else(|| row.wrong("per", "is neither week nor month"))?,
                n: number("n")?,
                days: row.text("days")?,
                valid_from,
                valid_to,
                source,
            }),
            "representatives" => rules.groups.push(reception::GroupRule {
                people_from: number("people_from")?,
                people_to: row.optional("people_to").map(|text| text.parse().map_err(|_| row.wrong("people_to", "is no whole number"))).transpose()?,
                n: number("n")?,
                valid_from,
                valid_to,
                source,
            }),
            _ => return Err(row.wrong("rule", "is neither days nor representatives")),
        }
    }
    Ok(rules)
}

/// Who decides on what, of a CSV text.
///
/// # Errors
/// [`AppError::Config`] with line and what is wrong.
pub fn competence_rules(text: &str) -> Result<Vec<CompetenceRule>> {
    let rule = |row: Row<'_>| {
        let about = row.optional("about");
        let relation = routing::relation(&row.text("relation")?, &row.optional("decider").unwrap_or_default(), &row.optional("decider_en").unwrap_or_default());
        Ok(CompetenceRule {
            kind: Kind::from_code(&row.text("kind")?).ok_or_else(|| row.wrong("kind", "is not known"))?,
            instance: row.text("instance")?.parse().ok().and_then(Instance::of).ok_or_else(|| row.wrong("instance", "is neither 1 nor 2"))?,
            contested: row.optional("contested").unwrap_or_default(),
            about: match about {
                Some(code) => Some(About::from_code(&code).ok_or_else(|| row.wrong("about", "is neither head nor staff"))?),
                None => None,
            },
            relation: relation.ok_or_else(|| row.wrong("relation", "is none of itself, above, code, outside"))?,
            valid_from: row.day("valid_from")?,
            valid_to: row.optional_day("valid_to")?,
            note: row.text("note")?,
            note_en: row.text("note_en")?,
            source: row.text("source")?,
        })
    };
    rows("competence_rules.csv", text)?.into_iter().map(rule).collect()
}

/// Everyday subjects of a CSV text.
///
/// # Errors
/// [`AppError::Config`] with line and what is wrong.
pub fn subjects(text: &str) -> Result<Vec<Subject>> {
    let subject = |row: Row<'_>| {
        let beats = row.optional("beats").unwrap_or_default();
        Ok(routing::subject(row.text("code")?, row.text("name")?, row.text("name_en")?, &beats, &row.text("words")?))
    };
    rows("subjects.csv", text)?.into_iter().map(subject).collect()
}

/// Where subjects go, of a CSV text. The id of a rule is what it is about and its first day.
///
/// # Errors
/// [`AppError::Config`] with line and what is wrong.
pub fn routing_rules(text: &str) -> Result<Vec<RoutingRule>> {
    let rule = |row: Row<'_>| {
        let (subject, valid_from) = (row.text("subject")?, row.day("valid_from")?);
        let (area_code, kind) = (row.optional("area_code").unwrap_or_default(), row.optional("kind"));
        Ok(RoutingRule {
            id: [&subject, &area_code, kind.as_deref().unwrap_or_default(), &valid_from.to_string()].join("."),
            kind: match kind {
                Some(code) => Some(Kind::from_code(&code).ok_or_else(|| row.wrong("kind", "is not known"))?),
                None => None,
            },
            level: Level::from_code(&row.text("level")?).ok_or_else(|| row.wrong("level", "is neither commune nor department"))?,
            unit: row.optional("unit").unwrap_or_default(),
            valid_to: row.optional_day("valid_to")?,
            note: row.text("note")?,
            note_en: row.text("note_en")?,
            source: row.text("source")?,
            subject,
            area_code,
            valid_from,
        })
    };
    rows("routing_rules.csv", text)?.into_iter().map(rule).collect()
}

/// The days off of a CSV text.
///
/// # Errors
/// [`AppError::Config`] with line and what is wrong.
pub fn calendar(text: &str) -> Result<Calendar> {
    let row = |row: Row<'_>| Ok((row.day("day")?, special_day(&row.text("kind")?, row.text("name")?, &row.text("status")?)));
    Ok(Calendar::of_rows(rows("holidays.csv", text)?.into_iter().map(row).collect::<Result<Vec<_>>>()?))
}

/// The legal periods of a CSV text.
///
/// # Errors
/// [`AppError::Config`] with line and what is wrong.
pub fn deadline_rules(text: &str) -> Result<Vec<Rule>> {
    let rule = |row: Row<'_>| {
        Ok(Rule {
            code: row.text("code")?,
            variant: Variant::from_code(&row.optional("variant").unwrap_or_default()).ok_or_else(|| row.wrong("variant", "is not known"))?,
            valid_from: row.day("valid_from")?,
            valid_to: row.optional_day("valid_to")?,
            direction: Direction::from_code(&row.text("direction")?).ok_or_else(|| row.wrong("direction", "is neither after nor before"))?,
            length: row.text("length")?.parse().ok().filter(|n| LENGTHS.contains(n)).ok_or_else(|| row.wrong("length", "is no number from 1 to 1000"))?,
            unit: Unit::from_code(&row.text("unit")?).ok_or_else(|| row.wrong("unit", "is none of working, calendar, year"))?,
            rolls_over: match row.text("rolls_over")?.as_str() {
                "yes" => true,
                "no" => false,
                _ => return Err(row.wrong("rolls_over", "is neither yes nor no")),
            },
            name: row.text("name")?,
            name_en: row.text("name_en")?,
            start: row.text("start")?,
            start_en: row.text("start_en")?,
            source: row.text("source")?,
        })
    };
    rows("deadline_rules.csv", text)?.into_iter().map(rule).collect()
}

/// Agencies, parents first in the file. Gives the id of each code.
async fn agencies(tx: &mut Tx, text: &str, counts: &mut Counts) -> Result<HashMap<String, String>> {
    let (mut ids, mut bodies) = (HashMap::<String, String>::new(), HashMap::<String, String>::new());
    for row in rows("agencies.csv", text)? {
        let (code, valid_from, kind) = (row.text("code")?, row.day("valid_from")?, row.text("kind")?);
        let id = agency_id(&code, valid_from);
        let parent_id = match row.optional("parent_code") {
            Some(parent) => Some(ids.get(&parent).cloned().ok_or_else(|| row.wrong("parent_code", "names no agency above this line"))?),
            None => None,
        };
        let body_id = match (&parent_id, kind.as_str()) {
            (Some(parent), "unit" | "public_service_center") => bodies.get(parent).cloned().unwrap_or_else(|| parent.clone()),
            _ => id.clone(),
        };
        bodies.insert(id.clone(), body_id.clone());
        ids.insert(code.clone(), id.clone());
        let agency = AgencyRow {
            id,
            code,
            name: row.text("name")?,
            short_name: row.text("short_name")?,
            kind,
            parent_id,
            body_id,
            area_code: row.optional("area_code").unwrap_or_default(),
            valid_from,
            valid_to: row.optional_day("valid_to")?,
            doc: row.optional("doc").unwrap_or_default(),
        };
        store::put_agency(tx, agency).await?;
        *counts.entry("agencies.csv").or_default() += 1;
    }
    Ok(ids)
}

/// The id of an agency: its code and first day in letters an address may carry.
pub fn agency_id(code: &str, valid_from: NaiveDate) -> String {
    format!("{}-{}", code.to_lowercase().replace('.', "-"), valid_from.format("%Y%m%d"))
}

/// A row of a file, with where it stands.
pub(crate) struct Row<'a> {
    file: &'static str,
    line: u64,
    values: HashMap<&'a str, String>,
}

/// The rows of a CSV text by the names of its head.
pub(crate) fn rows<'a>(file: &'static str, text: &'a str) -> Result<Vec<Row<'a>>> {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
    let names: Vec<&str> = header.split(',').map(str::trim).collect();
    let mut all = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| AppError::config(format!("{file}: {error}")))?;
        let line = record.position().map_or(0, csv::Position::line);
        let values = names.iter().copied().zip(record.iter().map(|value| crate::text::clean(value.trim()))).collect();
        all.push(Row { file, line, values });
    }
    Ok(all)
}

impl Row<'_> {
    pub(crate) fn optional(&self, column: &str) -> Option<String> {
        self.values.get(column).filter(|value| !value.is_empty()).cloned()
    }

    pub(crate) fn text(&self, column: &'static str) -> Result<String> {
        self.optional(column).ok_or_else(|| self.wrong(column, "is empty"))
    }

    pub(crate) fn optional_day(&self, column: &'static str) -> Result<Option<NaiveDate>> {
        self.optional(column).map(|text| text.parse().map_err(|_| self.wrong(column, "is no day of the form YYYY-MM-DD"))).transpose()
    }

    pub(crate) fn day(&self, column: &'static str) -> Result<NaiveDate> {
        self.optional_day(column)?.ok_or_else(|| self.wrong(column, "is empty"))
    }

    pub(crate) fn wrong(&self, column: &'static str, what: &str) -> AppError {
        AppError::config(format!("{}, line {}: {column} {what}", self.file, self.line))
    }
}
