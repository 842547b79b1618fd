//! A month as a calendar on the wall: weeks from Monday to Sunday. Pure.

use super::{Calendar, Certainty, DayOff};
use chrono::{Datelike, Days, Months, NaiveDate};

/// What a day is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Worked.
    Plain,
    /// Saturday or Sunday.
    Weekend,
    /// A day off, with its name.
    Off(String),
    /// A weekend day that is worked, with why.
    Work(String),
    /// Somebody has proposed it; it does not count.
    Proposed(String),
}

/// A day of the month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthDay {
    /// The day.
    pub day: NaiveDate,
    /// What it is.
    pub mark: Mark,
}

/// A week, Monday first; none where the day is another month's.
pub type Week = [Option<MonthDay>; 7];

/// The weeks of the month that `day` lies in.
pub fn weeks(calendar: &Calendar, day: NaiveDate) -> Vec<Week> {
    let first = day.with_day(1).unwrap_or(day);
    let mut monday = first - Days::new(u64::from(first.weekday().num_days_from_monday()));
    let mut weeks = Vec::new();
    while monday < first || monday.month() == first.month() {
        let of = |n: u64| {
            let day = monday + Days::new(n);
            (day.month() == first.month()).then(|| MonthDay { day, mark: mark(calendar, day) })
        };
        weeks.push([0, 1, 2, 3, 4, 5, 6].map(of));
        monday = monday + Days::new(7);
    }
    weeks
}

fn mark(calendar: &Calendar, day: NaiveDate) -> Mark {
    match calendar.days.get(&day) {
        Some(row) if row.certainty == Certainty::Proposed => Mark::Proposed(row.name.clone()),
        Some(row) if row.off == DayOff::Work => Mark::Work(row.name.clone()),
        Some(row) => Mark::Off(row.name.clone()),
        None if super::is_weekend(day) => Mark::Weekend,
        None => Mark::Plain,
    }
}

/// The months one can turn to from the one shown, if they lie within a year before or after this one: days off are known for no other,
/// and a calendar without an end would keep machines that follow links busy for ever.
pub fn neighbours(shown: NaiveDate, today: NaiveDate) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let near = |month: &NaiveDate| (month.year() - today.year()).abs() <= 1;
    let (before, after) = (shown.checked_sub_months(Months::new(1)), shown.checked_add_months(Months::new(1)));
    (before.filter(near), after.filter(near))
}

/// The latest day of "before `day`", and the working day at the latest before it.
///
/// "Trước ngày 25/5" is until the end of the 24th; where that is a Saturday, offices act on the Friday.
pub fn before(calendar: &Calendar, day: NaiveDate) -> (NaiveDate, NaiveDate) {
    let latest = day - Days::new(1);
    let mut working = latest;
    // No row of days off is longer than this.
    for _ in 0..60 {
        if calendar.is_working_day(working) {
            break;
        }
        working = working - Days::new(1);
    }
    (latest, working)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    /// The calendar once led on from month to month without an end.
    #[test]
    fn one_can_turn_to_last_year_and_next_year_and_no_further() {
        let today = day("2026-11-26");
        assert_eq!(neighbours(today, today), (Some(day("2026-10-26")), Some(day("2026-12-26"))));
        assert_eq!(neighbours(day("2025-01-01"), today), (None, Some(day("2025-02-01"))));
        assert_eq!(neighbours(day("2027-12-01"), today), (Some(day("2027-11-01")), None));
        assert_eq!(neighbours(day("2950-03-01"), today), (None, None));
    }

    /// Trap 9: "trước ngày 25/5" is the 24th at the latest, and that can be a weekend.
    #[test]
    fn trap_09_before_a_day_is_the_day_before_at_the_latest_and_that_can_be_a_weekend() {
        let plain = Calendar::default();
        assert_eq!(before(&plain, day("2026-05-25")), (day("2026-05-24"), day("2026-05-22")), "24/5/2026 is a Sunday: done on Friday");
        assert_eq!(before(&plain, day("2027-05-25")), (day("2027-05-24"), day("2027-05-24")), "24/5/2027 is a Monday");
        let off = Calendar::new([(day("2026-11-24"), DayOff::Off, "Ngày Văn hóa Việt Nam".to_owned())]);
        assert_eq!(before(&off, day("2026-11-25")), (day("2026-11-24"), day("2026-11-23")), "the new holiday before the yearly report");
    }

    /// Trap 41: the source's own widget began the week on the wrong day: 1/1/2022 was a Saturday.
    #[test]
    fn trap_41_the_week_begins_on_monday_and_every_day_stands_under_its_name() {
        let calendar = Calendar::new([(day("2022-01-03"), DayOff::Off, "Nghỉ bù".to_owned()), (day("2022-01-08"), DayOff::Work, "Làm bù".to_owned())]);
        let weeks = weeks(&calendar, day("2022-01-17"));
        let first: Vec<Option<u32>> = weeks[0].iter().map(|cell| cell.as_ref().map(|cell| cell.day.day())).collect();
        assert_eq!(first, [None, None, None, None, None, Some(1), Some(2)], "1/1/2022 stands under Saturday");
        let of = |wanted: &str| weeks.iter().flatten().flatten().find(|cell| cell.day == day(wanted)).expect("in the month").mark.clone();
        assert_eq!(of("2022-01-01"), Mark::Weekend);
        assert_eq!(of("2022-01-03"), Mark::Off("Nghỉ bù".to_owned()));
        assert_eq!(of("2022-01-08"), Mark::Work("Làm bù".to_owned()));
        assert_eq!(of("2022-01-04"), Mark::Plain);
    }

    proptest! {
        #[test]
        fn every_day_of_every_month_stands_once_in_its_column(n in 0_u64..60_000) {
            let day = day("1950-01-01") + Days::new(n);
            let weeks = weeks(&Calendar::default(), day);
            let mut next = day.with_day(1).expect("a day");
            for week in &weeks {
                for (column, cell) in week.iter().enumerate() {
                    if let Some(cell) = cell {
                        prop_assert_eq!(cell.day, next);
                        prop_assert_eq!(cell.day.weekday().num_days_from_monday(), u32::try_from(column).expect("small"));
                        next = next + Days::new(1);
                    }
                }
            }
            prop_assert_eq!(next.day(), 1, "all of them");
        }
    }
}
