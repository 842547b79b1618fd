//! What narrows the queue: kind, state, unit, person, area, tag, last day, marks. Read from the query string and written into every
//! link. Pure.

use super::place::{Scope, encode};
use crate::petitions::flags::Flag;
use crate::petitions::rules::{Kind, State};
use chrono::{Datelike, Days, NaiveDate};
use std::collections::HashMap;

/// The most characters of an id in an address that are looked at.
const ID_CHARS_MAX: usize = 80;
/// Instead of a unit or a person: none.
pub const NOBODY: &str = "-";

/// When the last day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Before today.
    Late,
    /// Today.
    Today,
    /// From today to Sunday.
    Week,
    /// After Sunday.
    Later,
}

impl Due {
    /// All, in the order they are shown.
    pub const ALL: [Self; 4] = [Self::Late, Self::Today, Self::Week, Self::Later];

    /// As it stands in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Late => "qua-han",
            Self::Today => "hom-nay",
            Self::Week => "tuan-nay",
            Self::Later => "sau",
        }
    }

    /// The one of that code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|due| due.code() == code)
    }

    /// Key of its name in the catalogues.
    pub fn key(self) -> &'static str {
        match self {
            Self::Late => "day.due.late",
            Self::Today => "day.due.today",
            Self::Week => "day.due.week",
            Self::Later => "day.due.later",
        }
    }

    /// First last day, and the first one behind, if there are such.
    pub fn days(self, today: NaiveDate) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let tomorrow = today + Days::new(1);
        let monday = today + Days::new(7 - u64::from(today.weekday().num_days_from_monday()));
        match self {
            Self::Late => (None, Some(today)),
            Self::Today => (Some(today), Some(tomorrow)),
            Self::Week => (Some(today), Some(monday)),
            Self::Later => (Some(monday), None),
        }
    }
}

/// What narrows a list. Everything that is set must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this kind.
    pub kind: Option<Kind>,
    /// In this state.
    pub state: Option<State>,
    /// With this unit, or [`NOBODY`].
    pub unit: Option<String>,
    /// Given to this person, or [`NOBODY`].
    pub handler: Option<String>,
    /// Of this area.
    pub area: Option<String>,
    /// With this tag.
    pub tag: Option<String>,
    /// With such a last day.
    pub due: Option<Due>,
    /// With all these marks, as bits of [`Flag`].
    pub flags: i64,
}

/// One thing that narrows, to be taken away alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The kind.
    Kind,
    /// The state.
    State,
    /// The unit.
    Unit,
    /// The person.
    Handler,
    /// The area.
    Area,
    /// The tag.
    Tag,
    /// The last day.
    Due,
    /// A mark.
    Flag(Flag),
}

impl Filter {
    /// The filter of a query string, as far as it fits the scope: what is finished has no last day to come, and a state belongs to
    /// its scope. What is not understood narrows nothing.
    pub fn of(query: &HashMap<String, String>, scope: Scope) -> Self {
        let value = |name: &str| query.get(name).map_or("", String::as_str);
        let id = |name: &str| Some(value(name)).filter(|id| !id.is_empty() && id.chars().count() <= ID_CHARS_MAX).map(crate::text::clean);
        let is_done = !scope.done_states().is_empty();
        Self {
            kind: Kind::from_code(value("loai")),
            state: State::from_code(value("buoc-xu-ly")).filter(|state| states_of(scope).contains(state)),
            unit: id("phong"),
            handler: id("nguoi"),
            area: id("dia-ban"),
            tag: id("nhan"),
            due: Due::from_code(value("han")).filter(|_| !is_done && scope != Scope::Late),
            flags: Flag::ALL.into_iter().filter(|flag| !value(flag.code()).is_empty()).map(Flag::bit).sum(),
        }
    }

    /// Everything that narrows, in the order it is shown.
    pub fn parts(&self) -> Vec<Part> {
        let set = [
            (self.kind.is_some(), Part::Kind),
            (self.state.is_some(), Part::State),
            (self.unit.is_some(), Part::Unit),
            (self.handler.is_some(), Part::Handler),
            (self.area.is_some(), Part::Area),
            (self.tag.is_some(), Part::Tag),
            (self.due.is_some(), Part::Due),
        ];
        let flags = Flag::of(self.flags).map(Part::Flag);
        set.into_iter().filter(|(is_set, _)| *is_set).map(|(_, part)| part).chain(flags).collect()
    }

    /// The same without one thing.
    #[must_use]
    pub fn without(&self, part: Part) -> Self {
        let mut filter = self.clone();
        match part {
            Part::Kind => filter.kind = None,
            Part::State => filter.state = None,
            Part::Unit => filter.unit = None,
            Part::Handler => filter.handler = None,
            Part::Area => filter.area = None,
            Part::Tag => filter.tag = None,
            Part::Due => filter.due = None,
            Part::Flag(flag) => filter.flags &= !flag.bit(),
        }
        filter
    }

    /// Whether nothing narrows but perhaps the kind: such lists have statements of their own.
    pub fn is_kind_only(&self) -> bool {
        self.without(Part::Kind) == Self::default()
    }

    /// Written behind the other parts of a query string.
    pub fn write(&self, query: &mut String) {
        let pairs = [
            ("loai", self.kind.map(Kind::code)),
            ("buoc-xu-ly", self.state.map(State::code)),
            ("phong", self.unit.as_deref()),
            ("nguoi", self.handler.as_deref()),
            ("dia-ban", self.area.as_deref()),
            ("nhan", self.tag.as_deref()),
            ("han", self.due.map(Due::code)),
        ];
        for (name, value) in pairs {
            if let Some(value) = value {
                query.push('&');
                query.push_str(name);
                query.push('=');
                encode(value, query);
            }
        }
        for flag in Flag::of(self.flags) {
            query.push('&');
            query.push_str(flag.code());
            query.push_str("=1");
        }
    }
}

/// The states a scope may be narrowed to.
pub fn states_of(scope: Scope) -> Vec<State> {
    match scope.done_states() {
        // One state alone is the scope itself.
        [_] => Vec::new(),
        [] if scope.open_state().is_some() => Vec::new(),
        [] => State::ALL.into_iter().filter(|state| state.is_open()).collect(),
        states => states.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    /// Every open case falls into exactly one of: late, this week, later; today is within the week.
    #[test]
    fn last_days_are_late_or_this_week_or_later() {
        let is_in = |due: Due, today, day| {
            let (from, before) = due.days(today);
            from.is_none_or(|from| day >= from) && before.is_none_or(|before| day < before)
        };
        for today in ["2026-11-23", "2026-11-26", "2026-11-29"] {
            let today = day(today);
            for ahead in 0..30 {
                let due = today - Days::new(15) + Days::new(ahead);
                let n = [Due::Late, Due::Week, Due::Later].into_iter().filter(|range| is_in(*range, today, due)).count();
                assert_eq!(n, 1, "{due} on {today}");
                assert!(!is_in(Due::Today, today, due) || is_in(Due::Week, today, due));
            }
        }
        assert!(is_in(Due::Week, day("2026-11-26"), day("2026-11-29")), "Sunday belongs to the week");
        assert!(is_in(Due::Later, day("2026-11-26"), day("2026-11-30")), "Monday does not");
    }

    #[test]
    fn a_filter_keeps_what_fits_its_scope() {
        let query = |pairs: &[(&str, &str)]| pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<HashMap<_, _>>();
        let asked = query(&[("buoc-xu-ly", "assigned"), ("han", "qua-han"), ("keo-dai", "1"), ("phong", "u")]);
        let open = Filter::of(&asked, Scope::All);
        assert_eq!((open.state, open.due, open.flags), (Some(State::Assigned), Some(Due::Late), Flag::Prolonged.bit()));
        let done = Filter::of(&asked, Scope::Done);
        assert_eq!((done.state, done.due, done.unit.as_deref()), (None, None, Some("u")), "nothing finished is still to come");
        assert_eq!(open.parts().len(), 4);
        let bare = open.parts().into_iter().fold(open, |filter, part| filter.without(part));
        assert_eq!(bare, Filter::default());
    }
}
