//! Who decides: competence (thẩm quyền) as dated rows. Pure.
//!
//! A row says for a kind of petition, an instance and a kind of agency whose decision, act or conduct it is, who decides: that
//! agency itself, an agency of a named kind above it, the agency of a code, or somebody outside this portal. Nothing here knows how
//! many levels there are: they are kinds of agencies, and kinds are rows. Which row holds is decided by the day, so that a
//! complaint about a commune went to the district until 30/6/2025 and goes to the province since.
//!
//! "Above" is looked for by area and kind on that day, not by the tree of today's agencies: an agency's parent may be an office
//! it shares a building with, and the one above it then may have been merged since. What has ended leads on to its successor.

use crate::agencies::{Agency, Directory};
use crate::petitions::rules::Kind;
use crate::words::Lang;
use chrono::NaiveDate;

/// Steps up recorded parents and along successions; more means the rows go in a circle.
const HOPS_MAX: usize = 8;

/// First or second time (lần đầu, lần hai).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instance {
    /// Lần đầu.
    First,
    /// Lần hai: after a first decision the complainant does not accept.
    Second,
}

impl Instance {
    /// As it stands in the data.
    pub fn number(self) -> i64 {
        match self {
            Self::First => 1,
            Self::Second => 2,
        }
    }

    /// The instance of that number.
    pub fn of(number: i64) -> Option<Self> {
        [Self::First, Self::Second].into_iter().find(|instance| instance.number() == number)
    }
}

/// Whose conduct it is within the agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The head, a deputy, or the agency as a whole.
    Head,
    /// Somebody the head manages.
    Staff,
}

impl About {
    /// As it stands in the data and in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Staff => "staff",
        }
    }

    /// That of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Head, Self::Staff].into_iter().find(|about| about.code() == code)
    }
}

/// How the one who decides is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The authority contested itself.
    Itself,
    /// The agency of this kind that it is under.
    Above(String),
    /// The agency of this code; `{province}` stands for the province's.
    Code(String),
    /// Somebody this portal does not serve, by name in both languages.
    Outside(String, String),
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompetenceRule {
    /// The kind of petition.
    pub kind: Kind,
    /// First or second.
    pub instance: Instance,
    /// Kind of the agency contested; any if empty.
    pub contested: String,
    /// Whose conduct; both if none.
    pub about: Option<About>,
    /// Who decides.
    pub relation: Relation,
    /// First day on which it holds.
    pub valid_from: NaiveDate,
    /// Last day, if it has ended.
    pub valid_to: Option<NaiveDate>,
    /// Why, in plain words that follow "because".
    pub note: String,
    /// The same in English.
    pub note_en: String,
    /// Law and article.
    pub source: String,
}

impl CompetenceRule {
    /// Why, in plain words.
    pub fn reason(&self, lang: Lang) -> &str {
        if lang == Lang::En { &self.note_en } else { &self.note }
    }

    fn holds(&self, question: &Question<'_>, contested_kind: &str) -> bool {
        self.kind == question.kind
            && self.instance == question.instance
            && (self.contested.is_empty() || self.contested == contested_kind)
            && self.about.is_none_or(|about| about == question.about)
            && self.valid_from <= question.day
            && self.valid_to.is_none_or(|last| question.day <= last)
    }
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The kind of petition.
    pub kind: Kind,
    /// First or second time.
    pub instance: Instance,
    /// The agency or unit whose decision, act or conduct it is.
    pub contested_id: &'a str,
    /// Whose conduct within it.
    pub about: About,
    /// The day of the petition.
    pub day: NaiveDate,
}

/// Who decides, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Competent {
    /// The authority.
    pub agency_id: String,
    /// The row that says so: its reason and source.
    pub rule: CompetenceRule,
}

/// Why nobody in this portal can be named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such agency.
    UnknownAgency,
    /// No row of the table holds.
    NoRule,
    /// Somebody outside decides; the row says who and why. The sender is guided there.
    Outside(Box<CompetenceRule>),
    /// The agency has ended and its tasks went to several: somebody must choose by the place where the matter arose.
    SplitAmong(Vec<String>),
    /// The agency has ended and nobody took over.
    Ended,
    /// The rows would let somebody decide on themselves.
    OwnCase,
}

/// Who decides on a petition on the day it is made.
///
/// # Errors
/// A [`Refusal`] where the rows name nobody this portal serves.
pub fn competent(rules: &[CompetenceRule], question: &Question<'_>, directory: &Directory) -> Result<Competent, Refusal> {
    let contested = directory.agency(question.contested_id).ok_or(Refusal::UnknownAgency)?;
    let rule = rules
        .iter()
        .filter(|rule| rule.holds(question, &contested.kind))
        .max_by_key(|rule| (rule.about.is_some(), !rule.contested.is_empty(), rule.valid_from))
        .ok_or(Refusal::NoRule)?;
    let found = match &rule.relation {
        Relation::Itself => contested.body_id.clone(),
        Relation::Above(kind) => above(contested, kind, question.day, directory).ok_or(Refusal::NoRule)?,
        Relation::Code(code) => of_code(contested, code, question.day, directory).ok_or(Refusal::NoRule)?,
        Relation::Outside(..) => return Err(Refusal::Outside(Box::new(rule.clone()))),
    };
    let agency_id = on_day(&found, question.day, directory)?;
    let is_about_itself = question.kind == Kind::Denunciation && question.about == About::Head && contested.id == contested.body_id;
    if is_about_itself && (agency_id == contested.id || Ok(&agency_id) == on_day(&contested.id, question.day, directory).as_ref()) {
        return Err(Refusal::OwnCase);
    }
    Ok(Competent { agency_id, rule: rule.clone() })
}

/// Who decides on a second complaint about an agency's first decision, made on `day`.
///
/// # Errors
/// A [`Refusal`]: for a province's own decision [`Refusal::Outside`], the minister.
pub fn second_instance(rules: &[CompetenceRule], contested_id: &str, day: NaiveDate, directory: &Directory) -> Result<Competent, Refusal> {
    let question = Question { kind: Kind::Complaint, instance: Instance::Second, contested_id, about: About::Head, day };
    competent(rules, &question, directory)
}

/// The agency of a kind that another is under on a day: by its area or province, else by the parents recorded for it.
fn above(agency: &Agency, kind: &str, day: NaiveDate, directory: &Directory) -> Option<String> {
    let province = directory.area(&agency.area_code).and_then(|area| area.parent_code.clone());
    let areas = [Some(agency.area_code.clone()), province];
    let by_area = areas.into_iter().flatten().filter(|code| !code.is_empty()).find_map(|code| {
        let there = directory.agencies().filter(|other| other.area_code == code && other.kind == kind && other.exists_on(day));
        there.map(|other| other.id.clone()).filter(|id| *id != agency.id).min()
    });
    by_area.or_else(|| {
        let mut above = agency.parent_id.as_deref().and_then(|id| directory.agency(id));
        for _ in 0..HOPS_MAX {
            match above {
                Some(found) if found.kind == kind => return Some(found.id.clone()),
                Some(other) => above = other.parent_id.as_deref().and_then(|id| directory.agency(id)),
                None => return None,
            }
        }
        None
    })
}

/// The agency of a code with its province filled in, as it is on a day.
fn of_code(agency: &Agency, code: &str, day: NaiveDate, directory: &Directory) -> Option<String> {
    let area = directory.area(&agency.area_code)?;
    let code = code.replace("{province}", area.parent_code.as_deref().unwrap_or(&area.code));
    directory.agencies().filter(|other| other.code == code && other.exists_on(day)).map(|other| other.id.clone()).min()
}

/// The agency, or whoever has taken its tasks over by that day.
fn on_day(id: &str, day: NaiveDate, directory: &Directory) -> Result<String, Refusal> {
    let mut now = directory.agency(id).ok_or(Refusal::UnknownAgency)?;
    for _ in 0..HOPS_MAX {
        if now.valid_to.is_none_or(|last| day <= last) {
            return Ok(now.id.clone());
        }
        let mut next: Vec<&Agency> = directory.successors_on(&now.id, day).collect();
        next.sort_by(|a, b| a.id.cmp(&b.id));
        next.dedup_by(|a, b| a.id == b.id);
        match next.as_slice() {
            [] => return Err(Refusal::Ended),
            [one] => now = one,
            several => return Err(Refusal::SplitAmong(several.iter().map(|agency| agency.id.clone()).collect())),
        }
    }
    Err(Refusal::Ended)
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::agencies::directory::{AgencySuccession, Area};
    use crate::agencies::import::{Files, competence_rules};
    use proptest::prelude::*;

    pub fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn shipped() -> Vec<CompetenceRule> {
        competence_rules(&Files::built_in().competence_rules).expect("the shipped rows are right")
    }

    pub fn area(code: &str, parent: Option<&str>) -> Area {
        let kind = if parent.is_some() { "commune" } else { "province" };
        Area {
            code: code.into(),
            parent_code: parent.map(Into::into),
            kind: kind.into(),
            full_name: code.into(),
            valid_from: day("2025-07-01"),
            valid_to: None,
            sort_key: code.into(),
            search_text: code.into(),
        }
    }

    /// `id kind parent area from to`, "-" for none. A unit belongs to its parent, all others are authorities.
    pub fn agency(words: &str) -> Agency {
        let word: Vec<&str> = words.split_whitespace().collect();
        let optional = |n: usize| Some(word[n].to_owned()).filter(|text| text != "-");
        let is_unit = matches!(word[1], "unit" | "public_service_center");
        Agency {
            id: word[0].into(),
            code: word[0].to_uppercase(),
            name: word[0].into(),
            short_name: word[0].into(),
            kind: word[1].into(),
            parent_id: optional(2),
            body_id: if is_unit { word[2].into() } else { word[0].into() },
            area_code: optional(3).unwrap_or_default(),
            valid_from: day(word[4]),
            valid_to: optional(5).map(|text| day(&text)),
            sort_key: word[0].into(),
        }
    }

    /// A province that was two until July 2025, with a district, communes, a department and a unit.
    pub fn directory() -> Directory {
        let agencies = [
            "province province_committee - 19 2025-07-01 -",
            "department department province 19 2025-07-01 -",
            "board citizen_reception department 19 2025-07-01 -",
            "19.vp department province 19 2025-07-01 -",
            // Its parent in the tree is a department: an office it shares, not the one above it.
            "commune commune_committee department 01969 2025-07-01 -",
            "economy unit commune 01969 2025-07-01 -",
            "other-commune commune_committee province 02020 2025-07-01 -",
            "party party - 19 2025-07-01 -",
            "old-province province_committee - - 1997-01-01 2025-06-30",
            "old-district district_committee old-province - 1997-01-01 2025-06-30",
            "old-commune commune_committee old-district - 1997-01-01 2025-06-30",
        ];
        let succession = |from: &str, to: &str| AgencySuccession { from_id: from.into(), to_id: to.into(), on_date: day("2025-07-01") };
        let successions = vec![
            succession("old-province", "province"),
            succession("old-district", "commune"),
            succession("old-district", "other-commune"),
            succession("old-commune", "commune"),
        ];
        let areas = vec![area("19", None), area("01969", Some("19")), area("02020", Some("19"))];
        Directory::new(day("2026-11-20"), agencies.map(agency).to_vec(), areas, successions, Vec::new())
    }

    fn ask(kind: Kind, instance: Instance, contested_id: &str, about: About, on: &str) -> Result<String, Refusal> {
        let question = Question { kind, instance, contested_id, about, day: day(on) };
        competent(&shipped(), &question, &directory()).map(|found| found.agency_id)
    }

    fn second(contested_id: &str, on: &str) -> Result<String, Refusal> {
        second_instance(&shipped(), contested_id, day(on), &directory()).map(|found| found.agency_id)
    }

    #[test]
    fn trap_24_second_instance_by_rule_and_date_not_by_todays_tree() {
        assert_eq!(directory().agency("commune").and_then(|commune| commune.parent_id.clone()).as_deref(), Some("department"), "in the tree");
        assert_eq!(second("commune", "2026-11-20").as_deref(), Ok("province"), "by rule");
        assert_eq!(second("economy", "2026-11-20").as_deref(), Ok("province"), "a unit's act is the commune's");
        assert_eq!(second("old-commune", "2025-06-20").as_deref(), Ok("old-district"), "while there were districts");
        assert_eq!(second("old-commune", "2025-07-10").as_deref(), Ok("province"), "the same decision, complained about after the reform");
        assert_eq!(second("old-district", "2025-06-30").as_deref(), Ok("old-province"));
        assert_eq!(second("old-district", "2025-07-01").as_deref(), Ok("province"), "what was above it has a successor");
        assert_eq!(second("department", "2026-11-20").as_deref(), Ok("province"));
        let Err(Refusal::Outside(rule)) = second("province", "2026-11-20") else { panic!("a minister is not in this portal") };
        assert!(matches!(&rule.relation, Relation::Outside(name, _) if name.contains("Bộ trưởng")));
    }

    #[test]
    fn the_first_instance_is_whoever_decided() {
        for (contested, decides) in [("commune", "commune"), ("economy", "commune"), ("department", "department"), ("province", "province"), ("board", "19.vp")]
        {
            assert_eq!(ask(Kind::Complaint, Instance::First, contested, About::Head, "2026-11-20").as_deref(), Ok(decides), "{contested}");
        }
        assert_eq!(ask(Kind::Complaint, Instance::First, "old-commune", About::Staff, "2026-11-20").as_deref(), Ok("commune"), "the successor has the file");
        let split = ask(Kind::Complaint, Instance::First, "old-district", About::Staff, "2025-06-30");
        assert_eq!(split.as_deref(), Ok("old-district"));
        assert_eq!(ask(Kind::Complaint, Instance::First, "old-district", About::Staff, "2025-07-01"), Err(Refusal::NoRule), "no district decides any more");
        assert_eq!(ask(Kind::Complaint, Instance::First, "nobody", About::Staff, "2026-11-20"), Err(Refusal::UnknownAgency));
    }

    #[test]
    fn nobody_decides_on_themselves_nor_does_anybody_below() {
        for (contested, about, decides) in [
            ("commune", About::Head, "province"),
            ("commune", About::Staff, "commune"),
            ("economy", About::Head, "commune"),
            ("department", About::Head, "province"),
            ("department", About::Staff, "department"),
            ("board", About::Head, "19.vp"),
        ] {
            assert_eq!(ask(Kind::Denunciation, Instance::First, contested, about, "2026-11-20").as_deref(), Ok(decides), "{contested} {about:?}");
        }
        assert_eq!(ask(Kind::Denunciation, Instance::First, "old-commune", About::Head, "2025-06-20").as_deref(), Ok("old-district"));
        assert!(matches!(ask(Kind::Denunciation, Instance::First, "province", About::Head, "2026-11-20"), Err(Refusal::Outside(_))));
        assert!(matches!(ask(Kind::Denunciation, Instance::First, "party", About::Head, "2026-11-20"), Err(Refusal::Outside(_))));
        let mut wrong = shipped();
        for rule in wrong.iter_mut().filter(|rule| rule.about == Some(About::Head)) {
            rule.relation = Relation::Itself;
        }
        let question = Question { kind: Kind::Denunciation, instance: Instance::First, contested_id: "commune", about: About::Head, day: day("2026-11-20") };
        assert_eq!(competent(&wrong, &question, &directory()), Err(Refusal::OwnCase), "not even where a row says so");
    }

    #[test]
    fn trap_35_no_fixed_levels() {
        // A country with one level more and other names: rows alone make it work.
        let agencies =
            ["crown region_council - 19 2025-07-01 -", "valley valley_council crown 01969 2025-07-01 -", "hamlet hamlet_council valley 01969 2025-07-01 -"];
        let areas = vec![area("19", None), area("01969", Some("19"))];
        let directory = Directory::new(day("2026-11-20"), agencies.map(agency).to_vec(), areas, Vec::new(), Vec::new());
        let row = |contested: &str, decider: &str| CompetenceRule {
            kind: Kind::Complaint,
            instance: Instance::Second,
            contested: contested.into(),
            about: None,
            relation: Relation::Above(decider.into()),
            valid_from: day("2025-07-01"),
            valid_to: None,
            note: String::new(),
            note_en: String::new(),
            source: String::new(),
        };
        let rules = [row("hamlet_council", "valley_council"), row("valley_council", "region_council")];
        let second = |id: &str| second_instance(&rules, id, day("2026-11-20"), &directory).map(|found| found.agency_id);
        assert_eq!(second("hamlet").as_deref(), Ok("valley"));
        assert_eq!(second("valley").as_deref(), Ok("crown"));
        assert_eq!(second("crown"), Err(Refusal::NoRule));
    }

    #[test]
    fn trap_36_two_an_giang_are_two_authorities() {
        let mut agencies = [
            "an-giang-1997 province_committee - - 1997-01-01 2025-06-30",
            "kien-giang-1997 province_committee - - 1997-01-01 2025-06-30",
            "an-giang-2025 province_committee - 91 2025-07-01 -",
            "rach-gia department kien-giang-1997 - 1997-01-01 2025-06-30",
            "chau-doc department an-giang-1997 - 1997-01-01 2025-06-30",
        ]
        .map(agency)
        .to_vec();
        for agency in &mut agencies {
            if agency.id.starts_with("an-giang") {
                agency.name = "Ủy ban nhân dân tỉnh An Giang".into();
            }
        }
        let succession = |from: &str, to: &str| AgencySuccession { from_id: from.into(), to_id: to.into(), on_date: day("2025-07-01") };
        let successions = vec![succession("an-giang-1997", "an-giang-2025"), succession("kien-giang-1997", "an-giang-2025")];
        let directory = Directory::new(day("2026-11-20"), agencies, vec![area("91", None)], successions, Vec::new());
        let second = |id: &str, on: &str| second_instance(&shipped(), id, day(on), &directory).map(|found| found.agency_id);
        assert_eq!(second("chau-doc", "2025-06-30").as_deref(), Ok("an-giang-1997"));
        assert_eq!(second("chau-doc", "2025-07-01").as_deref(), Ok("an-giang-2025"), "the same name, another authority");
        assert_eq!(second("rach-gia", "2025-06-30").as_deref(), Ok("kien-giang-1997"));
        assert_eq!(second("rach-gia", "2025-07-01").as_deref(), Ok("an-giang-2025"), "An Giang now decides on what never was An Giang");
    }

    #[test]
    fn every_shipped_row_says_why_and_by_which_law() {
        let rules = shipped();
        assert!(rules.len() > 40);
        for rule in &rules {
            assert!(!rule.note.is_empty() && !rule.note_en.is_empty() && rule.source.contains("Luật"), "{rule:?}");
            assert!(rule.valid_to.is_none_or(|last| rule.valid_from <= last), "{rule:?}");
        }
        let overlap = |a: &CompetenceRule, b: &CompetenceRule| {
            (a.kind, a.instance, &a.contested, a.about) == (b.kind, b.instance, &b.contested, b.about)
                && a.valid_to.is_none_or(|last| b.valid_from <= last)
                && b.valid_to.is_none_or(|last| a.valid_from <= last)
        };
        for (n, a) in rules.iter().enumerate() {
            assert!(rules[n + 1..].iter().all(|b| !overlap(a, b)), "two rows hold at once: {a:?}");
        }
    }

    proptest! {
        #[test]
        fn who_decides_exists_on_that_day_and_never_decides_on_themselves(days in 0_u64..6_000, contested in 0_usize..11, kind in 0_usize..4, second in any::<bool>(), head in any::<bool>()) {
            let directory = directory();
            let on = day("2012-01-01") + chrono::Days::new(days);
            let mut all: Vec<&Agency> = directory.agencies().collect();
            all.sort_by(|a, b| a.id.cmp(&b.id));
            let agency = all[contested];
            let question = Question {
                kind: Kind::ALL[kind],
                instance: if second { Instance::Second } else { Instance::First },
                contested_id: &agency.id,
                about: if head { About::Head } else { About::Staff },
                day: on,
            };
            if let Ok(found) = competent(&shipped(), &question, &directory) {
                let decider = directory.agency(&found.agency_id).expect("a known agency");
                prop_assert!(decider.is_body(), "a unit decides nothing");
                prop_assert!(decider.valid_to.is_none_or(|last| on <= last), "{} has ended", decider.id);
                if question.kind == Kind::Denunciation && head && agency.is_body() {
                    prop_assert_ne!(&found.agency_id, &agency.id);
                    prop_assert!(decider.parent_id.as_deref() != Some(agency.id.as_str()), "nobody below decides");
                }
                if second {
                    prop_assert_ne!(&found.agency_id, &agency.body_id, "a second complaint goes elsewhere");
                }
            }
        }
    }
}
