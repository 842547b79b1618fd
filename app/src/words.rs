//! All texts shown to people, by key and language: the files in `words/vi` and `words/en`.
//!
//! Keys are `area.thing.part`; values may have places written `{name}`. A key missing in one language, a key nobody uses and
//! a place that only one language has fail the tests at the end of this file.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use std::collections::HashMap;
use std::sync::OnceLock;

/// The language of a page or a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// Vietnamese, the language of the addresses without a prefix.
    #[default]
    Vi,
    /// English, under `/en`.
    En,
}

type Catalogue = HashMap<&'static str, &'static str>;

macro_rules! catalogue {
    ($lang:literal: $($file:literal),*) => {
        &[$(($file, include_str!(concat!("words/", $lang, "/", $file, ".toml")))),*]
    };
}

const VI: &[(&str, &str)] = catalogue!("vi": "common", "filing", "following", "desk", "public", "accounts", "notices", "deadlines", "procedure", "letters", "routing", "day", "relations", "own_letters", "escalation", "periods", "ratings", "kinds", "limitation", "dialogues", "live", "commitments", "receptions", "attendance", "questions", "record", "redaction", "sealed", "directory", "citizens", "limits", "signin", "retention", "coordination");
const EN: &[(&str, &str)] = catalogue!("en": "common", "filing", "following", "desk", "public", "accounts", "notices", "deadlines", "procedure", "letters", "routing", "day", "relations", "own_letters", "escalation", "periods", "ratings", "kinds", "limitation", "dialogues", "live", "commitments", "receptions", "attendance", "questions", "record", "redaction", "sealed", "directory", "citizens", "limits", "signin", "retention", "coordination");

impl Lang {
    /// The two letters of `lang="…"`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }

    /// The language of those two letters; Vietnamese for any others.
    pub fn from_code(code: &str) -> Self {
        if code == "en" { Self::En } else { Self::Vi }
    }

    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Vi => Self::En,
            Self::En => Self::Vi,
        }
    }

    /// An address of the portal in this language.
    pub fn href(self, path: &str) -> String {
        match self {
            Self::Vi => path.to_owned(),
            Self::En if path == "/" => "/en".to_owned(),
            Self::En => format!("/en{path}"),
        }
    }

    /// The words of a key. A key that is missing is shown as it is; the tests do not let that happen.
    pub fn t(self, key: &'static str) -> &'static str {
        self.catalogue().get(key).copied().unwrap_or(key)
    }

    /// The words of a key with its places filled.
    pub fn f(self, key: &'static str, args: &[(&str, &str)]) -> String {
        let mut text = self.t(key).to_owned();
        for (name, value) in args {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    /// The words of a key with the number `{n}`. English says "1 day" and "2 days": where `one` differs, it has a key of its own.
    pub fn n(self, one: &'static str, many: &'static str, n: i64) -> String {
        self.f(if n == 1 { one } else { many }, &[("n", &self.number(n))])
    }

    /// A number with thousands apart: 1.284 in Vietnamese, 1,284 in English.
    pub fn number(self, n: i64) -> String {
        let digits = n.unsigned_abs().to_string();
        let mark = match self {
            Self::Vi => '.',
            Self::En => ',',
        };
        let mut text = String::new();
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                text.push(mark);
            }
            text.push(digit);
        }
        if n < 0 { format!("-{text}") } else { text }
    }

    /// A share in whole percent, rounded down so that 79.6 % is not sold as 80 %.
    pub fn percent(self, part: i64, whole: i64) -> Option<String> {
        (whole > 0).then(|| format!("{}%", part * 100 / whole))
    }

    /// "thứ Hai, 23/11/2026": a day in full, once per page.
    pub fn day_long(self, day: NaiveDate) -> String {
        format!("{}, {}", self.weekday(day), self.day_short(day))
    }

    /// "23/11/2026".
    pub fn day_short(self, day: NaiveDate) -> String {
        match self {
            Self::Vi => format!("{}/{}/{}", day.day(), day.month(), day.year()),
            Self::En => format!("{} {} {}", day.day(), ENGLISH_MONTHS[day.month0() as usize % 12], day.year()),
        }
    }

    /// "23/11/2026, 09:52" on a Vietnamese clock.
    pub fn time(self, at: DateTime<Utc>) -> String {
        let local = crate::clock::local(at);
        format!("{}, {:02}:{:02}", self.day_short(local.date_naive()), local.hour(), local.minute())
    }

    /// The name of the day of the week, as it stands within a sentence.
    pub fn weekday(self, day: NaiveDate) -> &'static str {
        let names = match self {
            Self::Vi => ["thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"],
            Self::En => ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
        };
        names[day.weekday().num_days_from_monday() as usize % 7]
    }

    fn catalogue(self) -> &'static Catalogue {
        static CATALOGUES: OnceLock<[Catalogue; 2]> = OnceLock::new();
        let both = CATALOGUES.get_or_init(|| [read(VI), read(EN)]);
        match self {
            Self::Vi => &both[0],
            Self::En => &both[1],
        }
    }
}

const ENGLISH_MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Reads catalogue files: flat TOML tables of strings. A file that cannot be read leaves its keys missing, which the tests see.
fn read(files: &'static [(&'static str, &'static str)]) -> Catalogue {
    let mut catalogue = Catalogue::new();
    for (_, text) in files {
        let table: HashMap<String, String> = toml::from_str(text).unwrap_or_default();
        for (key, value) in table {
            catalogue.insert(key.leak(), value.leak());
        }
    }
    catalogue
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    fn keys(files: &[(&str, &str)]) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        for (name, text) in files {
            let table: BTreeMap<String, String> = toml::from_str(text).unwrap_or_else(|error| panic!("words/…/{name}.toml: {error}"));
            for (key, value) in table {
                assert!(all.insert(key.clone(), value).is_none(), "{key} stands twice");
            }
        }
        all
    }

    fn places(text: &str) -> BTreeSet<String> {
        text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect()
    }

    fn sources(folder: &Path, text: &mut String) {
        for entry in std::fs::read_dir(folder).expect("a folder of the project") {
            let path = entry.expect("a folder entry").path();
            if path.is_dir() {
                sources(&path, text);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("words.rs") {
                text.push_str(&std::fs::read_to_string(&path).expect("a source file"));
            }
        }
    }

    fn all_sources() -> String {
        let mut text = String::new();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        sources(&root.join("src"), &mut text);
        sources(&root.join("../server/src"), &mut text);
        text
    }

    #[test]
    fn both_languages_have_the_same_keys_with_the_same_places() {
        let (vi, en) = (keys(VI), keys(EN));
        let missing: Vec<_> = vi.keys().filter(|key| !en.contains_key(*key)).chain(en.keys().filter(|key| !vi.contains_key(*key))).collect();
        assert!(missing.is_empty(), "in one language only: {missing:?}");
        for (key, text) in &vi {
            assert_eq!(places(text), places(&en[key]), "places of {key}");
            assert!(!text.trim().is_empty() && !en[key].trim().is_empty(), "{key} says nothing");
        }
    }

    #[test]
    fn every_key_in_the_code_has_words_and_every_word_is_used() {
        let source = all_sources();
        let vi = keys(VI);
        let used: BTreeSet<&str> = source.split('"').filter(|text| vi.contains_key(*text)).collect();
        let unused: Vec<_> = vi.keys().filter(|key| !used.contains(key.as_str())).collect();
        assert!(unused.is_empty(), "words nobody shows: {unused:?}");
        for call in [".t(\"", ".f(\"", ".n(\"", ".wrong("] {
            for rest in source.split(call).skip(1) {
                // Of `.wrong(field, key)` the second; only of the call itself, not of what stands behind it.
                let literal = if call == ".wrong(" { rest.split(')').next().and_then(|call| call.split('"').nth(3)) } else { rest.split('"').next() };
                let Some(key) = literal.filter(|key| key.contains('.') && !key.contains(' ')) else { continue };
                assert!(vi.contains_key(key), "{key} has no words");
            }
        }
    }

    #[test]
    fn numbers_and_days_are_written_the_vietnamese_way() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
        assert_eq!(Lang::Vi.day_long(day), "thứ Hai, 23/11/2026");
        assert_eq!(Lang::Vi.number(1_284_567), "1.284.567");
        assert_eq!(Lang::En.number(-1_284), "-1,284");
        assert_eq!(Lang::Vi.percent(796, 1000).as_deref(), Some("79%"));
        assert_eq!(Lang::Vi.percent(0, 0), None, "no share of nothing");
    }
}
