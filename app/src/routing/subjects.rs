//! What a petition is about, by its own words, and where that goes. Pure.
//!
//! A subject is recognised by example words. Where the text has marks the marks must fit ("đất" is not "dắt"); a text typed
//! without marks is compared without them. Nothing is demanded of the citizen and nothing is decided here: an official sees the
//! proposal with the word that led to it.

use super::Tables;
use crate::agencies::{Agency, Directory};
use crate::petitions::rules::Kind;
use crate::text::{fold, fold_keeping_marks, has_marks, words_of};
use crate::words::Lang;
use chrono::NaiveDate;

/// A word of the title says more than one of the account.
const TITLE_WEIGHT: usize = 3;
/// What the title begins with is what it is about; what follows is often a place ("the drain before the culture house").
const FIRST_WEIGHT: usize = 4;
/// A phrase says more than a word; a long one is no more than a phrase.
const PHRASE_WORDS_MAX: usize = 2;

/// An everyday subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Stable code.
    pub code: String,
    /// As people say it.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// Codes of subjects that give way where both are recognised.
    pub beats: Vec<String>,
    /// Words it is recognised by.
    pub words: Vec<Word>,
}

/// A word or phrase, as written and as compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// As written.
    pub written: String,
    marked: String,
    folded: String,
    length: usize,
}

impl Word {
    /// A phrase made ready for comparing.
    pub fn new(written: &str) -> Self {
        let folded = spaced(&fold(written));
        Self {
            written: written.to_owned(),
            marked: spaced(&fold_keeping_marks(written)),
            length: folded.split_whitespace().count().min(PHRASE_WORDS_MAX),
            folded,
        }
    }
}

/// A text made ready for looking words up in: with its marks if it has any.
pub struct Ready {
    text: String,
    is_marked: bool,
}

impl Ready {
    /// Some texts as one.
    pub fn new(texts: &[&str]) -> Self {
        let is_marked = texts.iter().any(|text| has_marks(text));
        let ready = |text: &&str| spaced(&if is_marked { fold_keeping_marks(text) } else { fold(text) });
        Self { text: texts.iter().map(ready).collect(), is_marked }
    }

    /// Whether it has that word or phrase as a whole.
    pub fn has(&self, word: &Word) -> bool {
        self.text.contains(if self.is_marked { &word.marked } else { &word.folded })
    }
}

/// Words with one blank before, between and behind, so that a phrase is found as a whole.
fn spaced(text: &str) -> String {
    let words: Vec<String> = words_of(text).collect();
    format!(" {} ", words.join(" "))
}

impl Subject {
    /// Its name.
    pub fn name(&self, lang: Lang) -> &str {
        if lang == Lang::En { &self.name_en } else { &self.name }
    }
}

/// What kind of authority a rule leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The committee of the commune where it happened, and a unit of it.
    Commune,
    /// An authority of the province by the end of its code.
    Department,
}

impl Level {
    /// As it stands in the data and in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Commune => "commune",
            Self::Department => "department",
        }
    }

    /// That of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Commune, Self::Department].into_iter().find(|level| level.code() == code)
    }
}

/// Where a subject goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoutingRule {
    /// Its id.
    pub id: String,
    /// The subject.
    pub subject: String,
    /// Only this area; any if empty.
    pub area_code: String,
    /// Only this kind; any but denunciations if none.
    pub kind: Option<Kind>,
    /// What kind of authority.
    pub level: Level,
    /// End of the code of the unit, or of the department.
    pub unit: String,
    /// First day on which it holds.
    pub valid_from: NaiveDate,
    /// Last day, if it has ended.
    pub valid_to: Option<NaiveDate>,
    /// Why, in plain words that follow "because".
    pub note: String,
    /// The same in English.
    pub note_en: String,
    /// Document.
    pub source: String,
}

impl RoutingRule {
    /// Why, in plain words.
    pub fn reason(&self, lang: Lang) -> &str {
        if lang == Lang::En { &self.note_en } else { &self.note }
    }

    /// Whether it holds on a day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}

/// A petition as the rules see it.
#[derive(Clone, Copy, Debug)]
pub struct Matter<'a> {
    /// What it is in law.
    pub kind: Kind,
    /// Where it happened.
    pub area_code: &'a str,
    /// One sentence.
    pub title: &'a str,
    /// The account.
    pub body: &'a str,
    /// The day it came.
    pub day: NaiveDate,
}

/// Where a petition should go, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The authority.
    pub body_id: String,
    /// The unit within.
    pub unit_id: Option<String>,
    /// The subject's code.
    pub subject: String,
    /// The words of the text that led to it, as the data have them.
    pub words: Vec<String>,
    /// The row that says so.
    pub rule: RoutingRule,
}

impl Proposal {
    /// The unit, else the authority.
    pub fn agency_id(&self) -> &str {
        self.unit_id.as_deref().unwrap_or(&self.body_id)
    }
}

/// A subject with how strongly it is recognised.
struct Recognised<'a> {
    subject: &'a Subject,
    score: usize,
    words: Vec<String>,
    /// Where in the title it is first seen.
    first_at: Option<usize>,
}

fn recognised<'a>(subjects: &'a [Subject], title: &str, body: &str) -> Vec<Recognised<'a>> {
    let is_marked = has_marks(title) || has_marks(body);
    let ready = |text: &str| spaced(&if is_marked { fold_keeping_marks(text) } else { fold(text) });
    let (title, body) = (ready(title), ready(body));
    let mut found: Vec<Recognised<'a>> = Vec::new();
    for subject in subjects {
        let (mut score, mut words, mut first_at) = (0, Vec::new(), None::<usize>);
        for word in &subject.words {
            let wanted = if is_marked { &word.marked } else { &word.folded };
            let in_title = title.find(wanted.as_str());
            let here = usize::from(in_title.is_some()) * TITLE_WEIGHT + usize::from(body.contains(wanted.as_str()));
            first_at = first_at.into_iter().chain(in_title).min();
            if here > 0 {
                score += here * word.length;
                words.push(word.written.clone());
            }
        }
        if score > 0 {
            found.push(Recognised { subject, score, words, first_at });
        }
    }
    let beaten: Vec<String> = found.iter().flat_map(|one| one.subject.beats.clone()).collect();
    found.retain(|one| !beaten.contains(&one.subject.code));
    let first_at = found.iter().filter_map(|one| one.first_at).min();
    for one in found.iter_mut().filter(|one| one.first_at.is_some() && one.first_at == first_at) {
        one.score += FIRST_WEIGHT;
    }
    // The first of equals, in the order of the data.
    found.sort_by_key(|one| std::cmp::Reverse(one.score));
    found
}

/// Where a petition should go. None where no subject is recognised or no rule leads anywhere. A denunciation is never sorted by
/// its words: who may read it is decided by whom it is about.
pub fn propose(tables: &Tables, matter: &Matter<'_>, directory: &Directory) -> Option<Proposal> {
    if matter.kind == Kind::Denunciation {
        return None;
    }
    recognised(&tables.subjects, matter.title, matter.body).into_iter().find_map(|found| {
        let rule = rule_for(&tables.routing, &found.subject.code, matter)?;
        let (body_id, unit_id) = target(rule, matter, directory)?;
        Some(Proposal { body_id, unit_id, subject: found.subject.code.clone(), words: found.words, rule: rule.clone() })
    })
}

/// The rule for a subject: one for the area before one for all, one for the kind before one for all, the newest of equals.
fn rule_for<'a>(rules: &'a [RoutingRule], subject: &str, matter: &Matter<'_>) -> Option<&'a RoutingRule> {
    rules
        .iter()
        .filter(|rule| rule.subject == subject && rule.holds_on(matter.day))
        .filter(|rule| rule.area_code.is_empty() || rule.area_code == matter.area_code)
        .filter(|rule| rule.kind.is_none_or(|kind| kind == matter.kind))
        .max_by_key(|rule| (!rule.area_code.is_empty(), rule.kind.is_some(), rule.valid_from))
}

fn target(rule: &RoutingRule, matter: &Matter<'_>, directory: &Directory) -> Option<(String, Option<String>)> {
    let ends = |agency: &&Agency| agency.code.ends_with(&format!(".{}", rule.unit));
    match rule.level {
        Level::Commune => {
            let body = directory.body_for_area(matter.area_code)?;
            let unit = directory.units_of(&body.id).find(ends).map(|unit| unit.id.clone());
            (unit.is_some() || rule.unit.is_empty()).then(|| (body.id.clone(), unit))
        }
        Level::Department => {
            let area = directory.area(matter.area_code)?;
            let province = area.parent_code.as_deref().unwrap_or(&area.code);
            let code = if rule.unit.is_empty() { format!("{province}.UB") } else { format!("{province}.{}", rule.unit) };
            directory.body_by_code(&code).map(|body| (body.id.clone(), None))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agencies::import::{Files, routing_rules, subjects};
    use crate::routing::rules::tests::day;

    fn tables() -> Tables {
        let files = Files::built_in();
        Tables {
            competence: Vec::new(),
            subjects: subjects(&files.subjects).expect("the shipped subjects are right"),
            routing: routing_rules(&files.routing_rules).expect("the shipped rules are right"),
        }
    }

    fn best(title: &str, body: &str) -> Option<(String, Vec<String>)> {
        recognised(&tables().subjects, title, body).into_iter().next().map(|found| (found.subject.code.clone(), found.words))
    }

    #[test]
    fn a_subject_is_recognised_by_everyday_words() {
        for (title, subject) in [
            ("Đường vào thôn đầy ổ gà", "roads"),
            ("Duong vao thon day o ga", "roads"),
            ("Đèn đường tổ 5 không sáng", "lighting"),
            ("Cống trước nhà văn hóa bị tắc", "water"),
            ("Bãi rác tự phát ở bờ suối", "waste"),
            ("Chưa được cấp sổ đỏ", "land"),
            ("Cán bộ một cửa có thái độ hách dịch", "behaviour"),
            ("Chờ kết quả thủ tục chứng thực quá lâu", "procedures"),
            ("Ổ gà trên quốc lộ 3", "highway"),
            ("Lạm thu đầu năm ở trường học", "school"),
            ("Hộ nghèo chưa nhận tiền hỗ trợ", "social"),
        ] {
            assert_eq!(best(title, "").map(|(code, _)| code).as_deref(), Some(subject), "{title}");
        }
        assert_eq!(best("Xin cảm ơn", "Chúc các anh chị khỏe"), None);
    }

    #[test]
    fn marks_count_where_they_were_typed() {
        assert_eq!(best("Người dắt trâu qua cầu", ""), None, "dắt is not đất");
        assert_eq!(best("dat bi lan chiem", "").map(|(code, _)| code).as_deref(), Some("land"));
        assert_eq!(best("Việc gắn chốt cửa", ""), None, "not a part of a word");
    }

    #[test]
    fn the_reason_names_the_words_that_were_found() {
        let (_, words) = best("Đường đầy ổ gà", "Mặt đường nứt").expect("recognised");
        assert_eq!(words, ["ổ gà", "mặt đường"]);
    }

    #[test]
    fn every_subject_has_a_rule_and_every_rule_a_subject() {
        let tables = tables();
        let today = day("2026-11-20");
        for subject in &tables.subjects {
            assert!(tables.routing.iter().any(|rule| rule.subject == subject.code && rule.holds_on(today)), "{}", subject.code);
            assert!(subject.words.len() >= 3 && !subject.name_en.is_empty(), "{}", subject.code);
            assert!(subject.beats.iter().all(|code| tables.subjects.iter().any(|other| other.code == *code)), "{}", subject.code);
        }
        assert!(tables.routing.iter().all(|rule| tables.subjects.iter().any(|subject| subject.code == rule.subject)));
    }

    #[test]
    fn the_narrower_rule_wins_and_dates_decide() {
        let base = tables().routing.into_iter().find(|rule| rule.subject == "roads").expect("there");
        let here = RoutingRule { id: "here".into(), area_code: "01969".into(), unit: "VP".into(), valid_from: day("2026-12-01"), ..base.clone() };
        let rules = [base.clone(), here];
        let matter = |area_code, on| Matter { kind: Kind::Report, area_code, title: "", body: "", day: day(on) };
        let unit = |area: &'static str, on| rule_for(&rules, "roads", &matter(area, on)).map(|rule| rule.unit.clone());
        assert_eq!(unit("01969", "2026-11-30").as_deref(), Some("KT"));
        assert_eq!(unit("01969", "2026-12-01").as_deref(), Some("VP"));
        assert_eq!(unit("02020", "2026-12-01").as_deref(), Some("KT"));
        assert_eq!(unit("01969", "2025-06-30"), None, "before there were such units");
    }
}
