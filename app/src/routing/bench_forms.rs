//! What the test bench's forms ask for, read and checked.

use super::rules::{About, Instance, Question};
use super::subjects::{Level, RoutingRule};
use crate::agencies::Directory;
use crate::form::FormState;
use crate::petitions::rules::Kind;
use crate::ui::PageContext;
use crate::words::Lang;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Longest title to try, in characters.
const TITLE_CHARS_MAX: usize = 200;
/// Longest account to try, in characters.
const BODY_CHARS_MAX: usize = 10_000;
/// Longest reason, in characters.
const NOTE_CHARS_MAX: usize = 300;
/// Longest name of a document, in characters.
const SOURCE_CHARS_MAX: usize = 200;

/// A petition to try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// The kind.
    pub kind: Kind,
    /// Where.
    pub area_code: String,
    /// One sentence.
    pub title: String,
    /// The account.
    pub body: String,
    /// Whose decision or conduct it is.
    pub contested: Option<(String, About)>,
}

impl Trial {
    /// What is asked of competence.
    pub fn question(&self, instance: Instance, day: NaiveDate) -> Option<Question<'_>> {
        let (contested_id, about) = self.contested.as_ref()?;
        Some(Question { kind: self.kind, instance, contested_id, about: *about, day })
    }
}

/// Reads the form of a petition to try. What is wrong stands in the form afterwards.
pub fn trial(form: &mut FormState, context: &PageContext) -> Option<Trial> {
    let title = form.required("title", "routing.bench.title_missing", TITLE_CHARS_MAX);
    let body = form.optional("body", BODY_CHARS_MAX);
    let kind = Kind::from_code(form.value("kind"));
    if kind.is_none() {
        form.wrong("kind", "routing.bench.kind_missing");
    }
    let area_code = form.value("area").to_owned();
    let province = context.portal.settings().province_code.clone();
    if !context.directory.communes_of(&province).any(|area| area.code == area_code) {
        form.wrong("area", "filing.area.missing");
    }
    let contested = Some(form.value("contested").to_owned()).filter(|id| !id.is_empty());
    if contested.as_deref().is_some_and(|id| context.directory.agency(id).is_none()) {
        form.wrong("contested", "desk.forward.missing");
    }
    let about = if form.is_ticked("head") { About::Head } else { About::Staff };
    let kind = kind.filter(|_| form.is_valid())?;
    Some(Trial { kind, area_code, title, body, contested: contested.map(|id| (id, about)) })
}

/// Where a rule can lead, as values of the form with their words: units of communes, authorities of the province.
pub fn targets(directory: &Directory, province: &str, lang: Lang) -> Vec<(String, String)> {
    let suffix = |code: &str| code.rsplit('.').next().unwrap_or_default().to_owned();
    let mut all = vec![("commune.".to_owned(), lang.t("routing.bench.commune_itself").to_owned())];
    // The same unit has a longer name in a ward than in a commune; the shortest stands for all.
    let mut units: BTreeMap<String, &str> = BTreeMap::new();
    for body in directory.bodies().filter(|body| body.kind == "commune_committee") {
        for unit in directory.units_of(&body.id) {
            let name = units.entry(suffix(&unit.code)).or_insert(&unit.short_name);
            if unit.short_name.len() < name.len() {
                *name = &unit.short_name;
            }
        }
    }
    all.extend(units.iter().map(|(code, name)| (format!("commune.{code}"), lang.f("routing.bench.commune_unit", &[("unit", name)]))));
    let offices = directory.bodies().filter(|body| body.area_code == province && matches!(body.kind.as_str(), "department" | "inspectorate"));
    all.extend(offices.map(|body| (format!("department.{}", suffix(&body.code)), body.name.clone())));
    let committee = directory.body_for_area(province).map(|body| ("department.".to_owned(), body.name.clone()));
    all.extend(committee);
    all
}

/// The value of a rule in that list.
pub fn target_of(rule: &RoutingRule) -> String {
    format!("{}.{}", rule.level.code(), rule.unit)
}

/// Reads the form of a rule; `id` is its id if it is added. What is wrong stands in the form afterwards.
pub fn rule(form: &mut FormState, context: &PageContext, id: String) -> Option<RoutingRule> {
    let directory = &context.directory;
    let subject = form.value("subject").to_owned();
    if directory.routing().subject(&subject).is_none() {
        form.wrong("subject", "routing.bench.subject_missing");
    }
    let province = context.portal.settings().province_code.clone();
    let area_code = form.value("rule_area").to_owned();
    if !area_code.is_empty() && !directory.communes_of(&province).any(|area| area.code == area_code) {
        form.wrong("rule_area", "filing.area.unknown");
    }
    let target = form.value("target").to_owned();
    let is_known = targets(directory, &province, Lang::Vi).iter().any(|(value, _)| *value == target);
    let level = target.split_once('.').and_then(|(level, unit)| Some((Level::from_code(level)?, unit.to_owned()))).filter(|_| is_known);
    if level.is_none() {
        form.wrong("target", "routing.bench.target_missing");
    }
    let kind = Kind::from_code(form.value("rule_kind")).filter(|kind| *kind != Kind::Denunciation);
    let valid_from = day(form, "valid_from", context.today);
    let note = form.required("note", "routing.bench.note_missing", NOTE_CHARS_MAX);
    let source = form.required("source", "days_off.source.missing", SOURCE_CHARS_MAX);
    let (level, unit) = level.filter(|_| form.is_valid())?;
    Some(RoutingRule { id, subject, area_code, kind, level, unit, valid_from: valid_from?, valid_to: None, note_en: note.clone(), note, source })
}

/// A day that is today or later: what has been is not rewritten.
pub fn day(form: &mut FormState, field: &'static str, today: NaiveDate) -> Option<NaiveDate> {
    match crate::deadlines::pages::day(form.value(field)) {
        None => form.wrong(field, "routing.bench.day_missing"),
        Some(day) if day < today => form.wrong(field, "routing.bench.day_past"),
        Some(day) => return Some(day),
    }
    None
}
