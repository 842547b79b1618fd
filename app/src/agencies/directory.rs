//! Agencies, areas and days off in memory. Pure: built from rows, asked by pages and rules.

use crate::deadlines::rules::{Circumstances, Rule};
use crate::deadlines::{Calendar, SpecialDay};
use chrono::NaiveDate;
use std::collections::HashMap;

/// An agency as it is or was between two days.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Agency {
    /// The row's id.
    pub id: String,
    /// Stable code, used in addresses.
    pub code: String,
    /// Full name.
    pub name: String,
    /// Short name for lists.
    pub short_name: String,
    /// What it is: `department`, `commune_committee`, `unit` …
    pub kind: String,
    /// The agency above it.
    pub parent_id: Option<String>,
    /// The authority it belongs to; its own id if it is one.
    pub body_id: String,
    /// Its area.
    pub area_code: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day, if it has ended.
    pub valid_to: Option<NaiveDate>,
    /// Position in a Vietnamese list.
    pub sort_key: String,
}

impl Agency {
    /// Whether it is an authority that answers for cases, not a unit within one.
    pub fn is_body(&self) -> bool {
        self.id == self.body_id
    }

    /// Whether it exists on a day.
    pub fn exists_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}

/// A province or a commune-level unit between two days.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Area {
    /// Official code; text, zeros lead.
    pub code: String,
    /// The province; none for a province.
    pub parent_code: Option<String>,
    /// `province`, `commune`, `ward`, `special_zone`.
    pub kind: String,
    /// Name with the type word.
    pub full_name: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day, if it has ended.
    pub valid_to: Option<NaiveDate>,
    /// Position in a Vietnamese list.
    pub sort_key: String,
    /// Folded name.
    pub search_text: String,
}

/// An old unit and one of the units that took it over.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OldArea {
    /// Name before the reform, with type word.
    pub old_full_name: String,
    /// "district, province" before the reform.
    pub old_parent_full_name: String,
    /// Code of today's unit.
    pub new_code: String,
}

/// What became of an agency.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct AgencySuccession {
    /// The one that ended or gave up a task.
    pub from_id: String,
    /// The one that took over.
    pub to_id: String,
    /// From which day.
    pub on_date: NaiveDate,
}

/// A day off or a worked Saturday.
pub type HolidayRow = (NaiveDate, SpecialDay);

/// All agencies and areas, the present ones in order.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    today: NaiveDate,
    agencies: HashMap<String, Agency>,
    /// Ids of present authorities, in Vietnamese order.
    bodies: Vec<String>,
    /// Ids of present units by authority, in Vietnamese order.
    units: HashMap<String, Vec<String>>,
    areas: HashMap<String, Area>,
    /// Codes of present communes by province, in Vietnamese order.
    communes: HashMap<String, Vec<String>>,
    provinces: Vec<String>,
    successions: Vec<AgencySuccession>,
    calendar: Calendar,
    deadline_rules: Vec<Rule>,
    /// By area: first and last day of being far and hard to reach.
    remote: HashMap<String, Vec<(NaiveDate, Option<NaiveDate>)>>,
    routing: crate::routing::Tables,
    escalation_rules: Vec<crate::petitions::escalation::EscalationRule>,
    reception_rules: crate::receptions::rules::Rules,
    retention_rules: Vec<crate::retention::rules::Rule>,
}

impl Directory {
    /// The directory of these rows as it is on `today`.
    pub fn new(today: NaiveDate, mut agencies: Vec<Agency>, mut areas: Vec<Area>, successions: Vec<AgencySuccession>, holidays: Vec<HolidayRow>) -> Self {
        let mut directory = Self { today, successions, calendar: Calendar::of_rows(holidays), ..Self::default() };
        agencies.sort_by(|a, b| a.sort_key.cmp(&b.sort_key));
        for agency in agencies {
            if agency.exists_on(today) {
                if agency.is_body() {
                    directory.bodies.push(agency.id.clone());
                } else {
                    directory.units.entry(agency.body_id.clone()).or_default().push(agency.id.clone());
                }
            }
            directory.agencies.insert(agency.id.clone(), agency);
        }
        areas.sort_by(|a, b| a.sort_key.cmp(&b.sort_key));
        for area in areas {
            let is_present = area.valid_from <= today && area.valid_to.is_none_or(|last| today <= last);
            if !is_present {
                continue;
            }
            match &area.parent_code {
                Some(parent) => directory.communes.entry(parent.clone()).or_default().push(area.code.clone()),
                None => directory.provinces.push(area.code.clone()),
            }
            directory.areas.insert(area.code.clone(), area);
        }
        directory
    }

    /// The day this picture was taken on.
    pub fn today(&self) -> NaiveDate {
        self.today
    }

    /// The working days.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// An agency, present or past.
    pub fn agency(&self, id: &str) -> Option<&Agency> {
        self.agencies.get(id)
    }

    /// Its name; the id if it is unknown.
    pub fn agency_name<'a>(&'a self, id: &'a str) -> &'a str {
        self.agency(id).map_or(id, |agency| agency.name.as_str())
    }

    /// The present authority of a code.
    pub fn body_by_code(&self, code: &str) -> Option<&Agency> {
        self.bodies().find(|agency| agency.code == code)
    }

    /// The agency of a code, present or past; of several rows the newest.
    pub fn agency_by_code(&self, code: &str) -> Option<&Agency> {
        self.agencies.values().filter(|agency| agency.code == code).max_by_key(|agency| agency.valid_from)
    }

    /// The present authorities, in Vietnamese order.
    pub fn bodies(&self) -> impl Iterator<Item = &Agency> {
        self.bodies.iter().filter_map(|id| self.agencies.get(id))
    }

    /// The present authorities of a province: its own and those of its communes, in Vietnamese order.
    pub fn authorities_of<'a>(&'a self, province: &'a str) -> impl Iterator<Item = &'a Agency> {
        let lies_in = move |code: &str| code == province || self.area(code).and_then(|area| area.parent_code.as_deref()) == Some(province);
        self.bodies().filter(move |agency| lies_in(&agency.area_code))
    }

    /// The present units of an authority, in Vietnamese order.
    pub fn units_of(&self, body_id: &str) -> impl Iterator<Item = &Agency> {
        self.units.get(body_id).into_iter().flatten().filter_map(|id| self.agencies.get(id))
    }

    /// The authority a petition from an area goes to first: its commune committee, else that of the province.
    pub fn body_for_area(&self, area_code: &str) -> Option<&Agency> {
        let of = |code: &str, kind: &str| self.bodies().find(|agency| agency.area_code == code && agency.kind == kind);
        of(area_code, "commune_committee").or_else(|| {
            let province = self.area(area_code).and_then(|area| area.parent_code.as_deref()).unwrap_or(area_code);
            of(province, "province_committee")
        })
    }

    /// A present area.
    pub fn area(&self, code: &str) -> Option<&Area> {
        self.areas.get(code)
    }

    /// Its full name; the code if it is unknown.
    pub fn area_name<'a>(&'a self, code: &'a str) -> &'a str {
        self.area(code).map_or(code, |area| area.full_name.as_str())
    }

    /// The present communes of a province, in Vietnamese order.
    pub fn communes_of(&self, province_code: &str) -> impl Iterator<Item = &Area> {
        self.communes.get(province_code).into_iter().flatten().filter_map(|code| self.areas.get(code))
    }

    /// The present provinces, in Vietnamese order.
    pub fn provinces(&self) -> impl Iterator<Item = &Area> {
        self.provinces.iter().filter_map(|code| self.areas.get(code))
    }

    /// The same with the table of legal periods.
    #[must_use]
    pub fn with_deadline_rules(mut self, rules: Vec<Rule>) -> Self {
        self.deadline_rules = rules;
        self
    }

    /// The legal periods, past and coming ones among them.
    pub fn deadline_rules(&self) -> &[Rule] {
        &self.deadline_rules
    }

    /// The same with the places that are far and hard to reach: area, first day, last day if it has ended.
    #[must_use]
    pub fn with_remote_areas(mut self, rows: Vec<(String, NaiveDate, Option<NaiveDate>)>) -> Self {
        for (area_code, first, last) in rows {
            self.remote.entry(area_code).or_default().push((first, last));
        }
        self
    }

    /// Whether a place is far and hard to reach on a day, by document: nobody can tick it.
    pub fn is_remote(&self, area_code: &str, day: NaiveDate) -> bool {
        self.remote.get(area_code).is_some_and(|spans| spans.iter().any(|(first, last)| *first <= day && last.is_none_or(|last| day <= last)))
    }

    /// What a place makes of a period that begins on a day; complexity and pauses are the case's own.
    pub fn circumstances(&self, area_code: &str, day: NaiveDate) -> Circumstances {
        Circumstances { is_remote: self.is_remote(area_code, day), ..Circumstances::default() }
    }

    /// The same with competence, subjects and where they go.
    #[must_use]
    pub fn with_routing(mut self, routing: crate::routing::Tables) -> Self {
        self.routing = routing;
        self
    }

    /// Competence, subjects and where they go, past and coming rows among them.
    pub fn routing(&self) -> &crate::routing::Tables {
        &self.routing
    }

    /// The same with the rules by which late steps are put before those above.
    #[must_use]
    pub fn with_escalation_rules(mut self, rules: Vec<crate::petitions::escalation::EscalationRule>) -> Self {
        self.escalation_rules = rules;
        self
    }

    /// When late steps are put before those above, past and coming rows among them.
    pub fn escalation_rules(&self) -> &[crate::petitions::escalation::EscalationRule] {
        &self.escalation_rules
    }

    /// The same with what the law asks of citizen reception.
    #[must_use]
    pub fn with_reception_rules(mut self, rules: crate::receptions::rules::Rules) -> Self {
        self.reception_rules = rules;
        self
    }

    /// What the law asks of citizen reception, past and coming rows among them.
    pub fn reception_rules(&self) -> &crate::receptions::rules::Rules {
        &self.reception_rules
    }

    /// The same with what is kept how long.
    #[must_use]
    pub fn with_retention_rules(mut self, rules: Vec<crate::retention::rules::Rule>) -> Self {
        self.retention_rules = rules;
        self
    }

    /// What is kept how long, past and coming rows among them.
    pub fn retention_rules(&self) -> &[crate::retention::rules::Rule] {
        &self.retention_rules
    }

    /// All agencies, present and past, in no order.
    pub fn agencies(&self) -> impl Iterator<Item = &Agency> {
        self.agencies.values()
    }

    /// The agencies that had taken over from one by a day.
    pub fn successors_on<'a>(&'a self, id: &'a str, day: NaiveDate) -> impl Iterator<Item = &'a Agency> {
        self.successions.iter().filter(move |row| row.from_id == id && row.on_date <= day).filter_map(|row| self.agencies.get(&row.to_id))
    }

    /// The agencies that one took over from.
    pub fn predecessors_of<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Agency> {
        self.successions.iter().filter(move |row| row.to_id == id && row.on_date <= self.today).filter_map(|row| self.agencies.get(&row.from_id))
    }

    /// The present agencies that took over from one that ended.
    pub fn successors_of<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Agency> {
        self.successions.iter().filter(move |row| row.from_id == id && row.on_date <= self.today).filter_map(|row| self.agencies.get(&row.to_id))
    }
}
