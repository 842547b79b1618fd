//! Who must hold how many dialogues in a year, who has, and who still has none. Pure.
//!
//! A dialogue counts for a head only if that head chaired in person; one chaired by a deputy is counted apart (trap 23). The figure is
//! the authority's and the year's; where the head changed in the middle of a year, each head's own share stands beside it (trap 37).

use super::rules::{Chair, Dialogue, State};
use chrono::{DateTime, Datelike, NaiveDate, Utc};

/// From this month on an authority without a dialogue is warned: the third quarter begins.
const WARNED_FROM_MONTH: u32 = 7;

/// How often a kind of agency must hold a dialogue, from when to when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Minimum {
    /// Kind of agency.
    pub agency_kind: String,
    /// Dialogues a year.
    pub per_year: i64,
    /// First day it is the rule.
    pub valid_from: NaiveDate,
    /// Last day; none while it is in force.
    pub valid_to: Option<NaiveDate>,
    /// Law or decision.
    pub source: String,
}

/// The row that holds for a kind of agency in a year: the one in force on the year's last day.
pub fn minimum<'a>(rows: &'a [Minimum], agency_kind: &str, year: i32) -> Option<&'a Minimum> {
    let last = NaiveDate::from_ymd_opt(year, 12, 31)?;
    rows.iter().find(|row| row.agency_kind == agency_kind && row.valid_from <= last && row.valid_to.is_none_or(|to| to >= last))
}

/// An authority's year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Year {
    /// Chaired by the head in person.
    pub by_head: i64,
    /// Chaired by somebody else.
    pub by_deputy: i64,
    /// Announced and not over.
    pub coming: i64,
    /// The first coming one.
    pub next: Option<DateTime<Utc>>,
    /// Cancelled after the notice was out.
    pub cancelled: i64,
    /// Notices that went out late.
    pub late_notices: i64,
    /// How many each head chaired: account, count.
    pub heads: Vec<(String, i64)>,
}

impl Year {
    /// The year of an authority from its dialogues of that year.
    pub fn of<'a>(dialogues: impl IntoIterator<Item = &'a Dialogue>) -> Self {
        let mut year = Self::default();
        for dialogue in dialogues.into_iter().filter(|dialogue| dialogue.is_public()) {
            year.late_notices += i64::from(!dialogue.late_reason.is_empty());
            match (dialogue.state, &dialogue.holding) {
                (State::Cancelled, _) => year.cancelled += 1,
                (State::Held | State::Published, Some(holding)) if holding.chair == Chair::Head => {
                    year.by_head += 1;
                    if let Some(head_id) = &holding.head_id {
                        match year.heads.iter_mut().find(|(known, _)| known == head_id) {
                            Some((_, n)) => *n += 1,
                            None => year.heads.push((head_id.clone(), 1)),
                        }
                    }
                }
                (State::Held | State::Published, _) => year.by_deputy += 1,
                _ => {
                    year.coming += 1;
                    let begins_at = dialogue.facts.begins_at;
                    year.next = Some(year.next.map_or(begins_at, |next| next.min(begins_at)));
                }
            }
        }
        year
    }

    /// How the year stands against the minimum.
    pub fn standing(&self, per_year: i64, year: i32, today: NaiveDate) -> Standing {
        let missing = per_year - self.by_head;
        if missing <= 0 {
            return Standing::Met;
        }
        if today.year() > year {
            return Standing::Missed;
        }
        if missing <= self.coming {
            return Standing::Arranged;
        }
        if today.year() == year && today.month() >= WARNED_FROM_MONTH { Standing::Warned } else { Standing::Open }
    }
}

/// How an authority's year stands against the minimum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The head chaired as often as must be.
    Met,
    /// Not yet, but the notice of what is missing is out.
    Arranged,
    /// Not yet, and the year is young.
    Open,
    /// Not yet, nothing announced, and half of the year is over.
    Warned,
    /// The year is over.
    Missed,
}

#[cfg(test)]
mod tests {
    use super::super::rules::tests::facts;
    use super::super::rules::{Event, Facts, Holding, apply};
    use super::*;
    use chrono::Duration;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn dialogue(chair: Option<(Chair, &str)>) -> Dialogue {
        let drafted = Event::Drafted { number: 1, body_id: "b".to_owned(), facts: facts() };
        let announced = Event::Announced { on: day("2026-11-20"), late_reason: String::new() };
        let held = chair.map(|(chair, head)| Event::Held {
            holding: Holding { chair, post: String::new(), head_id: Some(head.to_owned()), people: 10, questions: 3, answered: 2 },
        });
        [Some(drafted), Some(announced), held].iter().flatten().fold(None, |before, event| apply("d", before, event)).expect("a dialogue")
    }

    /// Trap 23: a deputy's session is not the head's.
    #[test]
    fn a_dialogue_counts_for_the_head_only_if_the_head_chaired() {
        let year = Year::of(&[dialogue(Some((Chair::Deputy, "h")))]);
        assert_eq!((year.by_head, year.by_deputy), (0, 1));
        assert_eq!(year.standing(1, 2026, day("2026-12-31")), Standing::Warned);
        assert_eq!(year.standing(1, 2026, day("2027-01-01")), Standing::Missed);
        assert_eq!(Year::of(&[dialogue(Some((Chair::Head, "h")))]).standing(1, 2026, day("2026-12-31")), Standing::Met);
    }

    /// Trap 37: a head who changes in the middle of a year: the authority's figure is whole, each head's is their own.
    #[test]
    fn heads_of_one_year_are_counted_apart_and_together() {
        let year = Year::of(&[dialogue(Some((Chair::Head, "old"))), dialogue(Some((Chair::Head, "new"))), dialogue(Some((Chair::Head, "new")))]);
        assert_eq!(year.by_head, 3);
        assert_eq!(year.heads, [("old".to_owned(), 1), ("new".to_owned(), 2)]);
    }

    #[test]
    fn who_has_none_is_warned_from_the_third_quarter_on() {
        let none = Year::default();
        assert_eq!(none.standing(1, 2026, day("2026-06-30")), Standing::Open);
        assert_eq!(none.standing(1, 2026, day("2026-07-01")), Standing::Warned);
        assert_eq!(none.standing(1, 2027, day("2026-07-01")), Standing::Open, "next year's plan");
        assert_eq!(none.standing(0, 2026, day("2026-07-01")), Standing::Met, "nothing is asked");
        let later = Dialogue { facts: Facts { begins_at: facts().begins_at + Duration::days(3), ..facts() }, ..dialogue(None) };
        let coming = Year::of(&[later, dialogue(None)]);
        assert_eq!((coming.standing(2, 2026, day("2026-11-30")), coming.next), (Standing::Arranged, Some(facts().begins_at)));
        assert_eq!(coming.standing(3, 2026, day("2026-11-30")), Standing::Warned);
    }

    #[test]
    fn a_minimum_is_of_its_year() {
        let row = |per_year, from: &str, to: Option<&str>| Minimum {
            agency_kind: "commune_committee".to_owned(),
            per_year,
            valid_from: day(from),
            valid_to: to.map(day),
            source: String::new(),
        };
        let rows = [row(1, "2023-07-01", Some("2026-12-30")), row(2, "2026-12-31", None)];
        assert_eq!(minimum(&rows, "commune_committee", 2025).map(|row| row.per_year), Some(1));
        assert_eq!(minimum(&rows, "commune_committee", 2026).map(|row| row.per_year), Some(2), "in force on its last day");
        assert_eq!(minimum(&rows, "department", 2026), None);
        assert_eq!(minimum(&rows, "commune_committee", 2022), None);
    }
}
