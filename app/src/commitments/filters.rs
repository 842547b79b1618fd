//! What a visitor narrows the list of commitments to, as it stands in the address. Pure, but for the head, whose number is looked up.
//!
//! `/loi-hua?co-quan=19.SXD&tinh-trang=qua-han&nguoi-hua=3&nam=2026&sau=q2026-11-15.12`

use super::standing::Standing;
use super::store::lists::{ALL, in_year, of_body, of_head};
use super::store::{NumberedHead, head_by_number};
use crate::agencies::Directory;
use crate::db::Tx;
use crate::error::Result;
use chrono::NaiveDate;

/// Name of the authority: its code.
pub const AGENCY: &str = "co-quan";
/// Name of what became of it.
pub const STATE: &str = "tinh-trang";
/// Name of the head: a number.
pub const HEAD: &str = "nguoi-hua";
/// Name of the year of the promise.
pub const YEAR: &str = "nam";
/// Name of the place in the list.
pub const AFTER: &str = "sau";
/// All that are done, in addresses.
const DONE_SLUG: &str = "da-lam";
/// Years a filter may name.
const YEARS: std::ops::RangeInclusive<i64> = 2000..=2100;

/// What became of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Exactly this.
    Standing(Standing),
    /// Done, in time or late.
    Done,
}

impl Wanted {
    /// All that can be chosen.
    pub const ALL: [Self; 7] = [
        Self::Standing(Standing::Late),
        Self::Standing(Standing::Open),
        Self::Done,
        Self::Standing(Standing::Kept),
        Self::Standing(Standing::KeptMoved),
        Self::Standing(Standing::DoneLate),
        Self::Standing(Standing::Dropped),
    ];

    /// As it stands in addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Standing(standing) => standing.slug(),
            Self::Done => DONE_SLUG,
        }
    }

    /// Key of its words.
    pub fn key(self) -> &'static str {
        match self {
            Self::Standing(standing) => standing.key(),
            Self::Done => "commitments.standing.done",
        }
    }
}

/// Where the next page begins: a part of the list, and the last row's day and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The part.
    pub part: Part,
    /// The day of the last row.
    pub day: NaiveDate,
    /// Its number.
    pub number: i64,
}

/// A list is read in parts: what is late, what is being done, what has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Late, the latest trouble first.
    Late,
    /// Being done, the nearest day first.
    Open,
    /// Ended, the last first.
    Ended,
}

impl Part {
    fn letter(self) -> char {
        match self {
            Self::Late => 'q',
            Self::Open => 'd',
            Self::Ended => 'x',
        }
    }
}

impl Cursor {
    /// As it stands in the address.
    pub fn text(self) -> String {
        format!("{}{}.{}", self.part.letter(), self.day, self.number)
    }

    fn read(text: &str) -> Option<Self> {
        let part = [Part::Late, Part::Open, Part::Ended].into_iter().find(|part| text.starts_with(part.letter()))?;
        let (day, number) = text.get(1..)?.split_once('.')?;
        Some(Self { part, day: day.parse().ok()?, number: number.parse().ok()? })
    }
}

/// The choices of an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// Code and id of the authority.
    pub agency: Option<(String, String)>,
    /// What became of it.
    pub wanted: Option<Wanted>,
    /// In whose name.
    pub head: Option<NumberedHead>,
    /// Year of the promise.
    pub year: Option<i64>,
    /// Where the page begins.
    pub after: Option<Cursor>,
    /// Something in the address names nothing.
    pub has_unknown: bool,
}

impl Filters {
    /// Reads the pairs of a query. What names nothing is left out and told.
    pub async fn read(tx: &mut Tx, pairs: &[(String, String)], directory: &Directory) -> Result<Self> {
        let mut filters = Self::default();
        for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
            let is_known = match name.as_str() {
                AGENCY => {
                    let found = directory.agency_by_code(value).filter(|agency| agency.is_body());
                    filters.agency = found.map(|agency| (agency.code.clone(), agency.id.clone()));
                    filters.agency.is_some()
                }
                STATE => {
                    filters.wanted = Wanted::ALL.into_iter().find(|wanted| wanted.slug() == value);
                    filters.wanted.is_some()
                }
                HEAD => {
                    filters.head = match value.parse() {
                        Ok(number) => head_by_number(tx, number).await?,
                        Err(_) => None,
                    };
                    filters.head.is_some()
                }
                YEAR => {
                    filters.year = value.parse().ok().filter(|year| YEARS.contains(year));
                    filters.year.is_some()
                }
                AFTER => {
                    filters.after = Cursor::read(value);
                    filters.after.is_some()
                }
                _ => true,
            };
            filters.has_unknown |= !is_known;
        }
        Ok(filters)
    }

    /// The choices as they stand in an address, without the place in the list.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let agency = self.agency.as_ref().map(|(code, _)| (AGENCY, code.clone()));
        let wanted = self.wanted.map(|wanted| (STATE, wanted.slug().to_owned()));
        let head = self.head.as_ref().map(|head| (HEAD, head.number.to_string()));
        let year = self.year.map(|year| (YEAR, year.to_string()));
        [agency, wanted, head, year].into_iter().flatten().collect()
    }

    /// The list in the database. A head's commitments are usually those of the head's own authority; where another one was to do it, the
    /// two together name a list of their own, which `is_of_agency` sifts out of the head's.
    pub fn scope(&self) -> String {
        let wide = match (&self.head, &self.agency) {
            (Some(head), _) => of_head(&head.id),
            (None, Some((_, id))) => of_body(id),
            (None, None) => ALL.to_owned(),
        };
        self.year.map_or_else(|| wide.clone(), |year| in_year(&wide, year))
    }

    /// Whether a commitment of the scope is of the chosen authority too.
    pub fn is_of_agency(&self, body_id: &str) -> bool {
        self.agency.as_ref().is_none_or(|(_, id)| id == body_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_list_is_read_as_it_was_written() {
        for part in [Part::Late, Part::Open, Part::Ended] {
            let cursor = Cursor { part, day: "2026-11-15".parse().expect("a day"), number: 12 };
            assert_eq!(Cursor::read(&cursor.text()), Some(cursor));
        }
        for bad in ["", "q", "z2026-11-15.1", "q2026-13-15.1", "q2026-11-15", "đ", "q2026-11-15.x"] {
            assert_eq!(Cursor::read(bad), None, "{bad}");
        }
    }

    #[test]
    fn every_choice_has_an_address_of_its_own() {
        let slugs: std::collections::BTreeSet<_> = Wanted::ALL.map(Wanted::slug).into_iter().collect();
        assert_eq!(slugs.len(), Wanted::ALL.len());
    }
}
