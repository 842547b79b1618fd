//! The invented province: which authorities there are, who works there, how quick they are, where petitions come from.

use super::days::TimeTable;
use super::dice::{Dice, sums};
use super::texts::{Fits, Texts};
use super::{Options, SIGN_INS};
use crate::agencies::{Agency, Area, Directory};
use crate::error::{AppError, Result};
use crate::permissions::Role;
use crate::petitions::rules::Kind;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::HashMap;

/// The demo's province: Thái Nguyên, the one with agencies in `data/agencies.csv`.
pub(super) const PROVINCE: &str = "19";
/// Its committee.
const PROVINCE_BODY: &str = "19.UB";
/// Commune codes below this belonged to Bắc Kạn, where a hamlet is called thôn.
const FIRST_SOUTHERN_CODE: &str = "03000";
/// Accounts and roles begin with the authorities.
const STAFF_SINCE: &str = "2025-07-01T00:00:00Z";
/// Streams of chance for what is not a case, far above any case's number.
const STREAM_STAFF: u64 = 1 << 60;
const STREAM_BODIES: u64 = STREAM_STAFF + 1;
const STREAM_PLACES: u64 = STREAM_STAFF + 2;

/// Somebody's desk: the unit and who handles cases there.
#[derive(Debug)]
pub(super) struct Desk {
    suffix: String,
    pub unit_id: Option<String>,
    pub handler: String,
}

/// An authority with its people.
#[derive(Debug)]
pub(super) struct Body {
    pub id: String,
    /// Working days an answer takes on the average.
    pub pace: f64,
    /// Share of answers that come after the last day.
    pub late: f64,
    pub intake: String,
    pub approver: String,
    pub head: String,
    pub desks: Vec<Desk>,
}

impl Body {
    /// The desk for a matter of that unit (`commune_KT` …).
    pub fn desk(&self, unit: &str) -> &Desk {
        let suffix = match unit.strip_prefix("commune_") {
            Some("UB") | None => "VP",
            Some(suffix) => suffix,
        };
        self.desks.iter().find(|desk| desk.suffix == suffix).unwrap_or(&self.desks[0])
    }
}

/// An area petitions come from.
#[derive(Debug)]
pub(super) struct Place {
    pub area_code: String,
    /// Full name with a small first letter.
    pub name: String,
    pub is_ward: bool,
    pub is_north: bool,
    /// Its commune committee, as a place in [`World::bodies`].
    pub body: usize,
}

/// A row of `accounts` but for the hash, and its holding.
#[derive(Debug)]
pub(super) struct Account {
    pub id: String,
    pub login: String,
    pub display_name: String,
    pub is_active: bool,
    pub holding_id: String,
    pub agency_id: String,
    pub role: Role,
    pub since: DateTime<Utc>,
}

impl Account {
    /// First day of the role.
    pub fn valid_from(&self) -> NaiveDate {
        crate::clock::day(self.since)
    }
}

/// Matters to choose from, with summed weights.
type Choice = (Vec<usize>, Vec<f64>);

/// Everything the cases of a demo are made of. Does not change while they are made.
#[derive(Debug)]
pub(super) struct World {
    pub options: Options,
    pub texts: Texts,
    pub table: TimeTable,
    pub places: Vec<Place>,
    place_sums: Vec<f64>,
    pub bodies: Vec<Body>,
    by_code: HashMap<String, usize>,
    pub accounts: Vec<Account>,
    choices: HashMap<(Kind, bool, u32), Choice>,
}

impl World {
    /// The province of this directory.
    ///
    /// # Errors
    /// [`AppError::Config`] if the agencies of the demo province were not imported.
    pub fn new(directory: &Directory, options: Options) -> Result<Self> {
        let texts = Texts::load()?;
        let since: DateTime<Utc> = STAFF_SINCE.parse().map_err(AppError::internal)?;
        let mut staff = Staff { dice: Dice::new(options.seed, STREAM_STAFF), accounts: Vec::new(), since };
        let mut dice = Dice::new(options.seed, STREAM_BODIES);
        let (mut bodies, mut by_code, mut by_area) = (Vec::new(), HashMap::new(), HashMap::new());
        for agency in ordered(directory) {
            by_code.insert(agency.code.clone(), bodies.len());
            if agency.kind == "commune_committee" {
                by_area.insert(agency.area_code.clone(), bodies.len());
            }
            bodies.push(body(directory, agency, &mut staff, &mut dice));
        }
        let (mut places, mut weights) = (Vec::new(), Vec::new());
        let mut dice = Dice::new(options.seed, STREAM_PLACES);
        for area in directory.communes_of(PROVINCE) {
            let Some(&body) = by_area.get(&area.code) else { continue };
            let is_shown = SIGN_INS.iter().any(|(code, _, _)| by_code.get(*code) == Some(&body));
            weights.push((0.4 + 1.2 * dice.unit()) * if area.kind == "ward" { 3.0 } else { 1.0 } * if is_shown { 6.0 } else { 1.0 });
            places.push(place(area, body));
        }
        if places.is_empty() || !by_code.contains_key(PROVINCE_BODY) {
            return Err(AppError::config("the demo needs the agencies of data/agencies.csv: run nghedan import first"));
        }
        let table = TimeTable::new(directory.calendar(), options.today, options.cases);
        let choices = choices(&texts);
        Ok(Self { options, table, places, place_sums: sums(weights), bodies, by_code, accounts: staff.accounts, choices, texts })
    }

    /// An area, busy ones more often.
    pub fn place(&self, dice: &mut Dice) -> usize {
        dice.weighted(&self.place_sums)
    }

    /// A matter of a kind that fits the place and the month; none if the texts have none.
    pub fn matter(&self, kind: Kind, is_ward: bool, month: u32, dice: &mut Dice) -> Option<usize> {
        let (matters, sums) = self.choices.get(&(kind, is_ward, month))?;
        matters.get(dice.weighted(sums)).copied()
    }

    /// The authority that answers for a matter of a place.
    pub fn answering(&self, matter: usize, place: usize, dice: &mut Dice) -> usize {
        let (matter, commune) = (&self.texts.matters[matter], self.places[place].body);
        let goes_up = match matter.kind {
            Kind::Complaint => dice.chance(0.3),
            Kind::Recommendation => dice.chance(0.12),
            _ => false,
        };
        let code = if goes_up { PROVINCE_BODY.to_owned() } else { format!("{PROVINCE}.{}", matter.unit) };
        self.by_code.get(&code).copied().unwrap_or(commune)
    }
}

/// The authorities of the province that answer petitions; those with sign-ins first, so that their people have the short names.
fn ordered(directory: &Directory) -> Vec<&Agency> {
    let answers = |agency: &&Agency| {
        agency.code.starts_with("19.") && matches!(agency.kind.as_str(), "province_committee" | "department" | "inspectorate" | "commune_committee")
    };
    let rank = |agency: &&Agency| SIGN_INS.iter().position(|(code, _, _)| *code == agency.code).unwrap_or(SIGN_INS.len());
    let mut all: Vec<&Agency> = directory.bodies().filter(answers).collect();
    all.sort_by_key(|agency| (rank(agency), agency.code.clone()));
    all
}

fn place(area: &Area, body: usize) -> Place {
    let mut letters = area.full_name.chars();
    let name = letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default();
    Place { area_code: area.code.clone(), name, is_ward: area.kind == "ward", is_north: area.code.as_str() < FIRST_SOUTHERN_CODE, body }
}

/// Pace and punctuality differ: about half are good, a third middling, the rest slow.
fn body(directory: &Directory, agency: &Agency, staff: &mut Staff, dice: &mut Dice) -> Body {
    let (pace, late) = match dice.unit() {
        u if u < 0.55 => (4.5, 0.03),
        u if u < 0.85 => (6.5, 0.12),
        _ => (8.0, 0.34),
    };
    let units: Vec<&Agency> = directory.units_of(&agency.id).collect();
    let mut add = |role, at: &Agency, unit: &str| staff.add(role, agency, at, unit);
    let (intake, approver) = (add(Role::Intake, agency, ""), add(Role::Approver, agency, ""));
    let (head, _) = (add(Role::Head, agency, ""), add(Role::Administrator, agency, ""));
    // The unit most matters go to is the plain "xuly", the others carry their unit's name.
    let main = units.iter().any(|unit| unit.code.ends_with(".KT"));
    let mut desks: Vec<Desk> = Vec::new();
    for unit in units {
        let suffix = unit.code.rsplit('.').next().unwrap_or_default().to_owned();
        let handler = add(Role::Handler, unit, if main && suffix != "KT" { &suffix } else { "" });
        desks.push(Desk { suffix, unit_id: Some(unit.id.clone()), handler });
    }
    if desks.is_empty() {
        desks.push(Desk { suffix: String::new(), unit_id: None, handler: add(Role::Handler, agency, "") });
    }
    Body { id: agency.id.clone(), pace, late, intake, approver, head, desks }
}

struct Staff {
    dice: Dice,
    accounts: Vec<Account>,
    since: DateTime<Utc>,
}

impl Staff {
    fn add(&mut self, role: Role, body: &Agency, at: &Agency, unit: &str) -> String {
        let shown = SIGN_INS.iter().find(|(code, _, _)| *code == body.code);
        let office = shown.map_or_else(|| body.code.to_lowercase().replace('.', "-"), |(_, slug, _)| (*slug).to_owned());
        let unit = if unit.is_empty() { String::new() } else { format!("{}.", unit.to_lowercase()) };
        let id = self.dice.id(self.since);
        self.accounts.push(Account {
            id: id.clone(),
            login: format!("{}.{unit}{office}", login_word(role)),
            display_name: format!("Cán bộ thử {}", letters(self.accounts.len())),
            is_active: shown.is_some(),
            holding_id: self.dice.id(self.since),
            agency_id: at.id.clone(),
            role,
            since: self.since,
        });
        id
    }
}

/// What a login begins with.
pub(super) fn login_word(role: Role) -> &'static str {
    match role {
        Role::Intake => "tiepnhan",
        Role::Handler => "xuly",
        Role::Approver => "duyet",
        Role::Head => "lanhdao",
        Role::Administrator => "quantri",
    }
}

/// A, B … Z, AA, AB …
fn letters(index: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(index % 26).unwrap_or(0));
    if index < 26 { letter.to_string() } else { format!("{}{letter}", letters(index / 26 - 1)) }
}

fn choices(texts: &Texts) -> HashMap<(Kind, bool, u32), Choice> {
    let mut choices = HashMap::new();
    for kind in Kind::ALL {
        for is_ward in [false, true] {
            for month in 1..=12_u32 {
                let fits = |fits: Fits| fits == Fits::Any || (fits == Fits::Ward) == is_ward;
                let of_kind = || texts.matters.iter().enumerate().filter(move |(_, matter)| matter.kind == kind && fits(matter.fits));
                let weight = |season: &[u32]| match season {
                    [] => 1.0,
                    months if months.contains(&month) => 3.0,
                    _ => 0.2,
                };
                let choice = (of_kind().map(|(index, _)| index).collect(), sums(of_kind().map(|(_, matter)| weight(&matter.season))));
                choices.insert((kind, is_ward, month), choice);
            }
        }
    }
    choices
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_names_never_run_out() {
        assert_eq!([0, 25, 26, 51, 52, 701, 702].map(letters), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
