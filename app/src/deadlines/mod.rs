//! Working days and the clocks that run on them. This file and [`rules`] are pure: days off and rules are loaded by whoever asks
//! and passed in. [`store`] keeps the table of legal periods, [`periods`] says how its versions follow each other, [`month`] lays a month out, [`telling`] words a computation, [`pages`] is `/thoi-han`,
//! [`days_off`] and its pages are where an administrator changes a day off, which computes the open clocks anew.
//!
//! Civil Code 2015, Articles 145-148: the day of the event is day 0 and is not counted; a period ends at 24:00 of its last day.
//! A working day is Monday to Friday without the days off, and the Saturdays that a day swap makes work.

pub mod days_off;
mod days_off_pages;
pub mod month;
mod month_view;
pub mod pages;
pub mod periods;
pub mod rules;
pub mod store;
pub mod telling;
#[cfg(test)]
mod vectors;

use crate::routes::{Audience, Routes};
use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The routes of this folder.
pub fn routes() -> Routes {
    Routes::new().page(pages::PATH, pages::deadlines).get(days_off_pages::PATH, Audience::Administrators, days_off_pages::show).post(
        days_off_pages::PATH,
        Audience::Administrators,
        days_off_pages::save,
    )
}

/// Answer to the sender: ten working days from receipt (Law on Citizen Reception, Article 28.1).
pub const ANSWER_WORKING_DAYS: u32 = 10;
/// No rule is longer; a calendar that has no working day at all must still come to an end.
const SEARCH_DAYS_MAX: u32 = 4_000;

/// What a calendar row says of its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DayOff {
    /// Statutory holiday, its compensation, or a day swapped off.
    Off,
    /// A Saturday worked for a swapped day.
    Work,
}

/// How sure a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// Announced, or fixed by law for that year.
    Confirmed,
    /// To be expected by law, the notice has not come yet. Counts, and makes a deadline provisional.
    Expected,
    /// Somebody has proposed it. Does not count.
    Proposed,
}

/// A day that differs, or may come to differ, from the plain week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecialDay {
    /// Off or worked.
    pub off: DayOff,
    /// Its name.
    pub name: String,
    /// How sure it is.
    pub certainty: Certainty,
}

/// The days that differ from the plain week, each with its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    days: BTreeMap<NaiveDate, SpecialDay>,
    /// Years with a confirmed row: their days off were announced.
    announced: BTreeSet<i32>,
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// A last day with the reasons behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The last day.
    pub day: NaiveDate,
    /// Days off that fell on a weekday within the period, with their names: why the day is not earlier.
    pub skipped: Vec<(NaiveDate, String)>,
}

impl Calendar {
    /// A calendar of confirmed days.
    pub fn new(rows: impl IntoIterator<Item = (NaiveDate, DayOff, String)>) -> Self {
        Self::of_rows(rows.into_iter().map(|(day, off, name)| (day, SpecialDay { off, name, certainty: Certainty::Confirmed })))
    }

    /// A calendar of such rows.
    pub fn of_rows(rows: impl IntoIterator<Item = (NaiveDate, SpecialDay)>) -> Self {
        let days: BTreeMap<NaiveDate, SpecialDay> = rows.into_iter().collect();
        let announced = days.iter().filter(|(_, row)| row.certainty == Certainty::Confirmed).map(|(day, _)| day.year()).collect();
        Self { days, announced }
    }

    /// The row of a day, if it counts.
    fn row(&self, day: NaiveDate) -> Option<&SpecialDay> {
        self.days.get(&day).filter(|row| row.certainty != Certainty::Proposed)
    }

    /// All rows of these days, those that are only proposed among them.
    fn rows_between(&self, first: NaiveDate, last: NaiveDate) -> impl Iterator<Item = (NaiveDate, &SpecialDay)> {
        self.days.range(first..=last).map(|(day, row)| (*day, row))
    }

    /// Whether the days off of that year were announced.
    pub fn is_announced(&self, year: i32) -> bool {
        self.announced.contains(&year)
    }

    /// Whether offices work on that day.
    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        match self.row(day).map(|row| row.off) {
            Some(DayOff::Off) => false,
            Some(DayOff::Work) => true,
            None => !is_weekend(day),
        }
    }

    /// The last day of a period of `length` working days that starts with an event on `start`.
    pub fn add_working_days(&self, start: NaiveDate, length: u32) -> Due {
        let (mut day, mut counted, mut skipped) = (start, 0, Vec::new());
        for _ in 0..SEARCH_DAYS_MAX {
            if counted >= length {
                break;
            }
            day = day + Days::new(1);
            if self.is_working_day(day) {
                counted += 1;
            } else if let Some(row) = self.row(day)
                && !is_weekend(day)
            {
                skipped.push((day, row.name.clone()));
            }
        }
        Due { day, skipped }
    }

    /// Working days after `from` up to and with `to`; negative if `to` lies before `from`.
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        if to < from {
            return -self.working_days_between(to, from);
        }
        let mut count = 0;
        let mut day = from;
        while day < to {
            day = day + Days::new(1);
            if self.is_working_day(day) {
                count += 1;
            }
        }
        count
    }
}

/// How a clock looks to a person. Red, amber and green always come with words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockTone {
    /// Time enough.
    Ok,
    /// Three working days or fewer.
    Soon,
    /// The last day has passed.
    Late,
    /// Nothing is running.
    Still,
}

/// From this many working days left a clock is amber.
pub const SOON_WORKING_DAYS: i64 = 3;

/// The tone of an open clock on `today`.
pub fn tone(calendar: &Calendar, today: NaiveDate, due_on: NaiveDate) -> ClockTone {
    if today > due_on {
        ClockTone::Late
    } else if calendar.working_days_between(today, due_on) <= SOON_WORKING_DAYS {
        ClockTone::Soon
    } else {
        ClockTone::Ok
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    /// The days off of 2026 as announced; 23/11 is only a proposal and not among them.
    fn calendar_2026() -> Calendar {
        let off = [
            "2026-01-01",
            "2026-01-02",
            "2026-02-16",
            "2026-02-17",
            "2026-02-18",
            "2026-02-19",
            "2026-02-20",
            "2026-04-27",
            "2026-04-30",
            "2026-05-01",
            "2026-08-31",
            "2026-09-01",
            "2026-09-02",
            "2026-11-24",
        ];
        let work = ["2026-01-10", "2026-08-22"];
        Calendar::new(off.iter().map(|d| (day(d), DayOff::Off, (*d).to_owned())).chain(work.iter().map(|d| (day(d), DayOff::Work, (*d).to_owned()))))
    }

    /// The worked examples of the domain research.
    #[test]
    fn the_published_examples_come_out() {
        let calendar = calendar_2026();
        for (start, length, last) in [
            ("2026-07-01", 7, "2026-07-10"),
            ("2026-08-20", 7, "2026-08-28"), // Saturday 22/8 is worked
            ("2026-08-24", 7, "2026-09-07"), // 31/8 to 2/9 are off
            ("2026-11-18", 7, "2026-11-30"), // 24/11 is the new holiday
            ("2026-11-20", 10, "2026-12-07"),
        ] {
            assert_eq!(calendar.add_working_days(day(start), length).day, day(last), "{length} working days from {start}");
        }
    }

    #[test]
    fn the_reasons_name_the_holidays_but_not_the_weekends() {
        let due = calendar_2026().add_working_days(day("2026-11-20"), 10);
        assert_eq!(due.skipped.iter().map(|(d, _)| *d).collect::<Vec<_>>(), [day("2026-11-24")]);
    }

    #[test]
    fn the_tone_turns_at_the_end_of_the_last_day_and_not_before() {
        let calendar = calendar_2026();
        let due = day("2026-12-07");
        assert_eq!(tone(&calendar, day("2026-12-07"), due), ClockTone::Soon);
        assert_eq!(tone(&calendar, day("2026-12-08"), due), ClockTone::Late);
        assert_eq!(tone(&calendar, day("2026-12-02"), due), ClockTone::Soon, "three days left");
        assert_eq!(tone(&calendar, day("2026-12-01"), due), ClockTone::Ok, "four days left");
    }

    proptest! {
        #[test]
        fn one_more_holiday_never_makes_a_deadline_earlier(start in 0_u64..3_000, length in 1_u32..60, extra in 0_u64..200) {
            let start = day("2025-01-01") + Days::new(start);
            let plain = Calendar::default();
            let with = Calendar::new([(start + Days::new(extra), DayOff::Off, "extra".to_owned())]);
            prop_assert!(with.add_working_days(start, length).day >= plain.add_working_days(start, length).day);
        }

        #[test]
        fn a_deadline_is_a_working_day_and_counts_back_to_its_length(start in 0_u64..3_000, length in 1_u32..60) {
            let start = day("2025-01-01") + Days::new(start);
            let calendar = calendar_2026();
            let due = calendar.add_working_days(start, length);
            prop_assert!(calendar.is_working_day(due.day));
            prop_assert_eq!(calendar.working_days_between(start, due.day), i64::from(length));
        }
    }
}
