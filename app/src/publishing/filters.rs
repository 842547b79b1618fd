//! What a visitor narrows the register to, as it stands in the address. Pure.
//!
//! Names and values are Vietnamese without marks, as in all addresses:
//! `/cong-khai?q=đường&loai=phan-anh&dia-ban=01969&co-quan=19.SXD&tinh-trang=da-tra-loi&nam=2026&ket-qua=dung-han&sau=m1284`.

use super::figures::Count;
use crate::agencies::Directory;
use crate::petitions::register::{HANDLING, Outcome};
use crate::petitions::rules::Kind;
use crate::search::{Pass, Query, facet};

/// A longer question is cut: more than this nobody types.
const WORDS_CHARS_MAX: usize = 100;
/// Years a filter may name.
const YEARS: std::ops::RangeInclusive<i64> = 2000..=2100;
/// The register's path.
pub const REGISTER: &str = "/cong-khai";

/// Name of the question in the address.
pub const WORDS: &str = "q";
/// Name of the kind.
pub const KIND: &str = "loai";
/// Name of the area: its official code.
pub const AREA: &str = "dia-ban";
/// Name of the authority: its code.
pub const AGENCY: &str = "co-quan";
/// Name of the state.
pub const STATE: &str = "tinh-trang";
/// Name of the year of filing.
pub const YEAR: &str = "nam";
/// Name of the outcome.
pub const OUTCOME: &str = "ket-qua";
/// Name of the place in the list.
pub const AFTER: &str = "sau";

/// Whether a released case has its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not yet.
    Handling,
    /// Yes.
    Answered,
}

impl Standing {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Handling, Self::Answered];

    /// As it stands in addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Handling => "dang-giai-quyet",
            Self::Answered => "da-tra-loi",
        }
    }

    /// As it stands in `public_cases.state`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Handling => HANDLING,
            Self::Answered => "answered",
        }
    }

    /// Key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Handling => "register.state.handling",
            Self::Answered => "register.state.answered",
        }
    }
}

/// A kind as it stands in addresses.
pub fn kind_slug(kind: Kind) -> &'static str {
    match kind {
        Kind::Report => "phan-anh",
        Kind::Recommendation => "kien-nghi",
        Kind::Complaint => "khieu-nai",
        Kind::Denunciation => "to-cao",
        Kind::AdministrativeRule => "quy-dinh-hanh-chinh",
        Kind::Praise => "khen-ngoi",
    }
}

/// An outcome as it stands in addresses; unanswered cases have no outcome to ask for.
pub fn outcome_slug(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::OnTime => "dung-han",
        Outcome::Late => "muon",
        Outcome::Handling => Standing::Handling.slug(),
    }
}

/// Key of an outcome's name.
pub fn outcome_key(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::OnTime => "register.outcome.on_time",
        Outcome::Late => "register.outcome.late",
        Outcome::Handling => Standing::Handling.key(),
    }
}

/// The outcomes one can ask for.
pub const OUTCOMES: [Outcome; 2] = [Outcome::OnTime, Outcome::Late];

/// A place in the list: after which case of which pass a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The pass that goes on.
    pub pass: Pass,
    /// Numbers from here on were shown; the page begins below.
    pub below: i64,
}

impl Cursor {
    /// As it stands in addresses.
    pub fn text(self) -> String {
        let pass = match self.pass {
            Pass::Marked => 'm',
            Pass::Folded => 'f',
        };
        format!("{pass}{}", self.below)
    }

    /// The place of that text. Anything else is no place, and the list begins at its beginning.
    pub fn read(text: &str) -> Option<Self> {
        let pass = match text.chars().next()? {
            'm' => Pass::Marked,
            'f' => Pass::Folded,
            _ => return None,
        };
        let below = text.get(1..)?.parse().ok().filter(|number| *number > 0)?;
        Some(Self { pass, below })
    }
}

/// An authority chosen as a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChosenAgency {
    /// Its code, for addresses.
    pub code: String,
    /// Its id, for the index.
    pub body_id: String,
}

/// Everything chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// Typed words.
    pub words: String,
    /// Of this kind.
    pub kind: Option<Kind>,
    /// In this area.
    pub area: Option<String>,
    /// With this authority.
    pub agency: Option<ChosenAgency>,
    /// With or without an answer.
    pub standing: Option<Standing>,
    /// Filed in this year.
    pub year: Option<i64>,
    /// Answered in time or late.
    pub outcome: Option<Outcome>,
    /// Where the page begins.
    pub after: Option<Cursor>,
    /// The address named something that does not exist; it was left out and the page says so.
    pub has_unknown: bool,
}

impl Filters {
    /// What the pairs of an address choose.
    pub fn read(pairs: &[(String, String)], directory: &Directory) -> Self {
        let mut filters = Self::default();
        for (name, value) in pairs {
            let value = crate::text::clean(value);
            let value = value.trim();
            if !value.is_empty() {
                filters.has_unknown |= !filters.choose(name, value, directory);
            }
        }
        // A place in a search with marks means nothing in one without.
        if filters.query().first_pass() == Pass::Folded && filters.after.is_some_and(|cursor| cursor.pass == Pass::Marked) {
            filters.after = None;
        }
        filters
    }

    /// Takes one value. False if the filter has no such value; names of other pages' making are left alone.
    fn choose(&mut self, name: &str, value: &str, directory: &Directory) -> bool {
        match name {
            WORDS => self.words = value.chars().take(WORDS_CHARS_MAX).collect(),
            KIND => self.kind = Kind::PUBLIC.into_iter().find(|kind| kind_slug(*kind) == value || kind.code() == value),
            AREA => self.area = directory.area(value).map(|area| area.code.clone()),
            AGENCY => {
                self.agency = directory.agency_by_code(value).filter(|a| a.is_body()).map(|a| ChosenAgency { code: a.code.clone(), body_id: a.id.clone() })
            }
            STATE => self.standing = Standing::ALL.into_iter().find(|standing| standing.slug() == value),
            YEAR => self.year = value.parse().ok().filter(|year| YEARS.contains(year)),
            OUTCOME => self.outcome = OUTCOMES.into_iter().find(|outcome| outcome_slug(*outcome) == value),
            AFTER => self.after = Cursor::read(value),
            _ => {}
        }
        match name {
            KIND => self.kind.is_some(),
            AREA => self.area.is_some(),
            AGENCY => self.agency.is_some(),
            STATE => self.standing.is_some(),
            YEAR => self.year.is_some(),
            OUTCOME => self.outcome.is_some(),
            _ => true,
        }
    }

    /// The choices as pairs of an address, without the place in the list.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        if !self.words.is_empty() {
            pairs.push((WORDS, self.words.clone()));
        }
        pairs.extend(self.kind.map(|kind| (KIND, kind_slug(kind).to_owned())));
        pairs.extend(self.area.clone().map(|area| (AREA, area)));
        pairs.extend(self.agency.clone().map(|agency| (AGENCY, agency.code)));
        pairs.extend(self.standing.map(|standing| (STATE, standing.slug().to_owned())));
        pairs.extend(self.year.map(|year| (YEAR, year.to_string())));
        pairs.extend(self.outcome.map(|outcome| (OUTCOME, outcome_slug(outcome).to_owned())));
        pairs
    }

    /// The question to the index.
    pub fn query(&self) -> Query {
        let mut facets = Vec::new();
        facets.extend(self.area.as_deref().map(|area| facet('a', area)));
        facets.extend(self.standing.map(|standing| facet('s', standing.code())));
        facets.extend(self.year.map(|year| facet('y', &year.to_string())));
        facets.extend(self.outcome.map(|outcome| facet('o', outcome.code())));
        let scopes = self.agency.as_ref().map(|agency| facet('b', &agency.body_id)).into_iter().chain(self.kind.map(|kind| facet('k', kind.code())));
        Query::new(&self.words, scopes.collect(), facets)
    }

    /// Whether no case can be meant: one that has no answer and was answered late.
    pub fn is_contradiction(&self) -> bool {
        self.standing == Some(Standing::Handling) && self.outcome.is_some()
    }

    /// Whether the figures know how many cases are meant, so that nothing need be counted.
    pub fn is_countable(&self) -> bool {
        self.words.is_empty() && self.area.is_none() && !self.is_contradiction()
    }

    /// Whether a cell of the figures is meant. Only where [`Filters::is_countable`].
    pub fn takes(&self, count: &Count) -> bool {
        let is_handling = count.outcome == Outcome::Handling.code();
        self.kind.is_none_or(|kind| kind == count.kind)
            && self.agency.as_ref().is_none_or(|agency| agency.body_id == count.body_id)
            && self.year.is_none_or(|year| year == count.year)
            && self.standing.is_none_or(|standing| (standing == Standing::Handling) == is_handling)
            && self.outcome.is_none_or(|outcome| outcome.code() == count.outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::{address, encoded};
    use proptest::prelude::*;

    fn read(pairs: &[(&str, &str)]) -> Filters {
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Filters::read(&pairs, &Directory::default())
    }

    #[test]
    fn unknown_values_are_left_out_and_noticed_and_unknown_names_are_not_ours() {
        let filters = read(&[("loai", "to-cao"), ("nam", "2026"), ("utm_source", "zalo")]);
        assert_eq!((filters.kind, filters.year, filters.has_unknown), (None, Some(2026), true), "denunciations cannot even be asked for");
        assert!(!read(&[("utm_source", "zalo"), ("loai", " ")]).has_unknown);
    }

    #[test]
    fn a_bad_place_is_the_beginning() {
        for bad in ["", "x5", "m", "m-3", "f0", "f99999999999999999999", "đ1"] {
            assert_eq!(Cursor::read(bad), None, "{bad}");
        }
        assert_eq!(read(&[("q", "duong"), ("sau", "m5")]).after, None, "a search without marks has no marked pass");
        assert_eq!(read(&[("q", "đường"), ("sau", "m5")]).after, Some(Cursor { pass: Pass::Marked, below: 5 }));
    }

    #[test]
    fn an_address_says_what_was_chosen() {
        let filters = read(&[("q", "cầu & đường"), ("loai", "report"), ("ket-qua", "muon")]);
        assert_eq!(address(REGISTER, &filters.pairs()), "/cong-khai?q=c%E1%BA%A7u%20%26%20%C4%91%C6%B0%E1%BB%9Dng&loai=phan-anh&ket-qua=muon");
    }

    proptest! {
        #[test]
        fn no_typed_word_breaks_out_of_the_address(words in ".{0,60}") {
            let text = encoded(&words);
            prop_assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%".contains(&b)));
        }
    }
}
