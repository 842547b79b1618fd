//! Where in the queue somebody stands: scope, filter, words, page. Read from the query string and written into every link.

use super::filter::Filter;
use crate::petitions::rules::State;
use crate::portal::Portal;
use crate::vault::token;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::HashMap;

/// The most characters of a search that are looked at.
const TEXT_CHARS_MAX: usize = 200;

/// Before sealed words: nobody begins a search with it.
const SEALED_WORDS: &str = "~";
/// What the envelope of sealed words is about.
const WORDS: &str = "words of a search";

/// A part of the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Given to the person by name, answer owed.
    Mine,
    /// What colleagues put before the person, unread.
    Nudges,
    /// All that the person may see, answer owed.
    All,
    /// The last day has passed.
    Late,
    /// Nobody has taken it up.
    Submitted,
    /// An answer waits for the second person.
    Proposed,
    /// The citizen was asked.
    Waiting,
    /// The citizen has the answer.
    Answered,
    /// Closed or withdrawn.
    Done,
}

impl Scope {
    /// All scopes, in the order they are shown.
    pub const ALL: [Self; 9] = [Self::Mine, Self::Nudges, Self::All, Self::Late, Self::Submitted, Self::Proposed, Self::Waiting, Self::Answered, Self::Done];

    /// As it stands in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Mine => "cua-toi",
            Self::Nudges => "nhac-den-toi",
            Self::All => "tat-ca",
            Self::Late => "qua-han",
            Self::Submitted => "cho-tiep-nhan",
            Self::Proposed => "cho-duyet",
            Self::Waiting => "cho-dan",
            Self::Answered => "da-tra-loi",
            Self::Done => "da-ket-thuc",
        }
    }

    /// The scope of that code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.code() == code)
    }

    /// Key of its name in the catalogues.
    pub fn key(self) -> &'static str {
        match self {
            Self::Mine => "desk.scope.mine",
            Self::Nudges => "day.scope.nudges",
            Self::All => "desk.scope.all",
            Self::Late => "desk.scope.late",
            Self::Submitted => "desk.scope.submitted",
            Self::Proposed => "desk.scope.proposed",
            Self::Waiting => "desk.scope.waiting",
            Self::Answered => "desk.scope.answered",
            Self::Done => "desk.scope.done",
        }
    }

    /// The one open state it stands for, if it stands for one.
    pub fn open_state(self) -> Option<State> {
        match self {
            Self::Submitted => Some(State::Submitted),
            Self::Proposed => Some(State::Proposed),
            Self::Waiting => Some(State::Waiting),
            _ => None,
        }
    }

    /// The states without a running clock it stands for; such a scope shows the last change first.
    pub fn done_states(self) -> &'static [State] {
        match self {
            Self::Answered => &[State::Answered],
            Self::Done => &[State::Closed, State::Withdrawn],
            _ => &[],
        }
    }
}

/// The last row of the page before: the next page begins behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cursor {
    /// In the order of the clock.
    Due(NaiveDate, String),
    /// In the order of the last change, backwards.
    Changed(DateTime<Utc>, String),
    /// Among what a search found, backwards by search key; hits with the very marks come first.
    Found {
        /// Still among the hits with the very marks.
        is_marked: bool,
        /// The search key.
        key: i64,
    },
}

impl Cursor {
    fn code(&self) -> String {
        match self {
            Self::Due(day, id) => format!("d{day}~{id}"),
            Self::Changed(at, id) => format!("c{}~{id}", at.timestamp_micros()),
            Self::Found { is_marked: true, key } => format!("m{key}"),
            Self::Found { is_marked: false, key } => format!("f{key}"),
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        let kind = code.chars().next()?;
        let rest = code.get(kind.len_utf8()..)?;
        match kind {
            'd' => rest.split_once('~').and_then(|(day, id)| Some(Self::Due(day.parse().ok()?, id.to_owned()))),
            'c' => rest.split_once('~').and_then(|(at, id)| Some(Self::Changed(DateTime::from_timestamp_micros(at.parse().ok()?)?, id.to_owned()))),
            'm' => rest.parse().ok().map(|key| Self::Found { is_marked: true, key }),
            'f' => rest.parse().ok().map(|key| Self::Found { is_marked: false, key }),
            _ => None,
        }
    }
}

/// A place in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which part.
    pub scope: Scope,
    /// What narrows it.
    pub filter: Filter,
    /// Only what has these words; then scope and filter do not count, but for the kind.
    pub text: String,
    /// The same as it stands in addresses: sealed, for officials look for names, phones and ID numbers.
    pub words: String,
    /// Behind this row.
    pub cursor: Option<Cursor>,
}

impl Place {
    /// The place a query string names, with the words it looks for; what it does not name or names wrongly is `scope`, everything, the first page.
    pub fn of(query: &HashMap<String, String>, scope: Scope, portal: &Portal) -> Self {
        Self::as_written(query, scope).opened(portal)
    }

    /// The same as an address is kept: its words stay sealed.
    pub fn as_written(query: &HashMap<String, String>, scope: Scope) -> Self {
        let value = |name: &str| query.get(name).map_or("", String::as_str);
        let scope = Scope::from_code(value("phan")).unwrap_or(scope);
        let filter = Filter::of(query, scope);
        Self { scope, filter, text: String::new(), words: value("q").to_owned(), cursor: Cursor::from_code(value("sau")) }
    }

    /// The same with the words. What somebody typed becomes sealed words; an address from before they were sealed goes on working.
    fn opened(self, portal: &Portal) -> Self {
        let key = portal.marks_key().hash("words of the desk's search", "");
        let clean = |words: &str| crate::text::clean(words).trim().chars().take(TEXT_CHARS_MAX).collect::<String>();
        let text = match self.words.strip_prefix(SEALED_WORDS) {
            Some(sealed) => token::open(&key, WORDS, sealed).unwrap_or_default(),
            None => clean(&self.words),
        };
        let words = if text.is_empty() {
            String::new()
        } else if self.words.starts_with(SEALED_WORDS) {
            self.words
        } else {
            token::seal(portal.random(), &key, WORDS, &text).map(|sealed| format!("{SEALED_WORDS}{sealed}")).unwrap_or_default()
        };
        Self { text, words, ..self }
    }

    /// The first page of a scope, narrowed by nothing: the counts beside the scopes count all.
    pub fn at(scope: Scope) -> Self {
        Self { scope, filter: Filter::default(), text: String::new(), words: String::new(), cursor: None }
    }

    /// The first page with another filter.
    pub fn narrowed(&self, filter: Filter) -> Self {
        Self { filter, cursor: None, ..self.clone() }
    }

    /// The page behind a row.
    pub fn after(&self, cursor: Cursor) -> Self {
        Self { cursor: Some(cursor), ..self.clone() }
    }

    /// The first page of the same.
    pub fn first(&self) -> Self {
        Self { cursor: None, ..self.clone() }
    }

    /// As a query string with its question mark.
    pub fn query(&self) -> String {
        let mut query = format!("?phan={}", self.scope.code());
        self.filter.write(&mut query);
        if !self.words.is_empty() {
            query.push_str("&q=");
            encode(&self.words, &mut query);
        }
        if let Some(cursor) = &self.cursor {
            query.push_str("&sau=");
            encode(&cursor.code(), &mut query);
        }
        query
    }
}

/// Percent-encodes all but what needs none.
pub(super) fn encode(text: &str, into: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            into.push(char::from(byte));
        } else {
            into.push_str(&format!("%{byte:02X}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::filter::Due;
    use crate::petitions::rules::Kind;
    use proptest::prelude::*;

    fn read(query: &str) -> Place {
        let uri = format!("/can-bo{query}").parse().expect("an address");
        let axum::extract::Query(values) = axum::extract::Query::<HashMap<String, String>>::try_from_uri(&uri).expect("a query");
        Place::as_written(&values, Scope::All)
    }

    #[test]
    fn a_place_survives_its_address() {
        let day = NaiveDate::from_ymd_opt(2026, 12, 7).expect("a day");
        for cursor in [
            None,
            Some(Cursor::Due(day, "018f-a".into())),
            Some(Cursor::Changed(DateTime::UNIX_EPOCH, "x".into())),
            Some(Cursor::Found { is_marked: true, key: 42 }),
            Some(Cursor::Found { is_marked: false, key: 7 }),
        ] {
            let filter = Filter {
                kind: Some(Kind::Report),
                state: Some(State::Assigned),
                unit: Some("19-01969-kt".into()),
                handler: Some("-".into()),
                area: Some("01969".into()),
                tag: Some("t&=1".into()),
                due: Some(Due::Week),
                flags: 5,
            };
            let place = Place { scope: Scope::All, filter, text: String::new(), words: "~1.cau-Na_Mon & \"đường\"".into(), cursor };
            assert_eq!(read(&place.query()), place);
        }
    }

    proptest! {
        #[test]
        fn whatever_stands_in_the_address_is_read(phan in ".{0,20}", sau in ".{0,30}") {
            let values = HashMap::from([("phan".to_owned(), phan), ("sau".to_owned(), sau)]);
            let place = Place::as_written(&values, Scope::Mine);
            prop_assert_eq!(Place::as_written(&values, Scope::Mine), place);
        }
    }
}
