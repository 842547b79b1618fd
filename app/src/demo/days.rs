//! When things happen: days of filing with their weekday, season of the year and growth; office hours; last days.

use super::dice::{Dice, sums};
use crate::deadlines::{ANSWER_WORKING_DAYS, Calendar};
use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, TimeZone, Utc, Weekday};

/// The authorities of today exist since 1 July 2025; the first petition comes the day after.
const FIRST_DAY: (i32, u32, u32) = (2025, 7, 2);
/// No demo looks back further, in days.
const LOOK_BACK_DAYS_MAX: u64 = 3 * 365;
/// Days after today that office work planned for later can fall on.
const AHEAD_DAYS: u64 = 200;
/// These last days are busier, so that a small demo still has a queue to show.
const BUSY_DAYS: usize = 24;
/// Up to about this many cases the last days are as busy as they get.
const BUSY_CASES: f64 = 3_000.0;
/// Viet Nam keeps UTC+7 all year.
const VIETNAM_OFFSET_SECONDS: i64 = 7 * 3_600;

/// How likely a petition is sent in each hour of the day: before work, at the office, after supper.
const HOURS: [f64; 24] = [0.2, 0.1, 0.1, 0.1, 0.2, 0.6, 1.5, 3.5, 6.5, 7.5, 6.0, 3.5, 2.5, 3.5, 6.0, 6.0, 5.0, 3.5, 3.5, 6.0, 7.0, 5.0, 2.5, 0.8];

/// Days and hours of a demo.
#[derive(Debug)]
pub(super) struct TimeTable {
    first: NaiveDate,
    /// Nothing of the demo happens at or after this instant: the beginning of today.
    pub horizon: DateTime<Utc>,
    /// How many petitions have come by the end of each day, as weights.
    filing: Vec<f64>,
    hours: Vec<f64>,
    working: Vec<NaiveDate>,
    /// For each day the place of the first working day from it on.
    next_working: Vec<usize>,
    due: Vec<NaiveDate>,
}

/// An instant of a Vietnamese day.
fn instant(day: NaiveDate, millis: i64) -> DateTime<Utc> {
    let midnight = Utc.from_utc_datetime(&day.and_time(chrono::NaiveTime::MIN));
    midnight + Duration::milliseconds(millis - VIETNAM_OFFSET_SECONDS * 1_000)
}

impl TimeTable {
    /// The table of a demo of so many cases that ends before `today`.
    pub fn new(calendar: &Calendar, today: NaiveDate, cases: u64) -> Self {
        let earliest = NaiveDate::from_ymd_opt(FIRST_DAY.0, FIRST_DAY.1, FIRST_DAY.2).unwrap_or(today);
        let first = earliest.max(today - Days::new(LOOK_BACK_DAYS_MAX)).min(today - Days::new(1));
        let past: Vec<NaiveDate> = first.iter_days().take_while(|day| *day < today).collect();
        let ahead: Vec<NaiveDate> = first.iter_days().take_while(|day| *day < today + Days::new(AHEAD_DAYS)).collect();
        let working: Vec<NaiveDate> = ahead.iter().copied().filter(|day| calendar.is_working_day(*day)).collect();
        Self {
            first,
            horizon: instant(today, 0),
            filing: sums(past.iter().enumerate().map(|(i, day)| weight(calendar, *day, i, past.len(), cases))),
            hours: sums(HOURS),
            next_working: ahead.iter().map(|day| working.partition_point(|work| work < day).min(working.len().saturating_sub(1))).collect(),
            due: ahead.iter().map(|day| calendar.add_working_days(*day, ANSWER_WORKING_DAYS).day).collect(),
            working,
        }
    }

    fn offset(&self, day: NaiveDate) -> usize {
        usize::try_from((day - self.first).num_days()).unwrap_or(0).min(self.due.len().saturating_sub(1))
    }

    /// Last day of the answer to what began on `day`.
    pub fn due(&self, day: NaiveDate) -> NaiveDate {
        self.due[self.offset(day)]
    }

    /// When case `index` of `cases` is sent. Later cases are never sent earlier.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "shares of a whole")]
    pub fn filed_at(&self, index: u64, cases: u64, dice: &mut Dice) -> DateTime<Utc> {
        let total = self.filing.last().copied().unwrap_or(1.0);
        let at = (index as f64 + dice.unit()) / cases as f64 * total;
        let day = self.filing.partition_point(|sum| *sum <= at).min(self.filing.len().saturating_sub(1));
        let before = if day == 0 { 0.0 } else { self.filing[day - 1] };
        let share = ((at - before) / (self.filing[day] - before)).clamp(0.0, 1.0);
        let hour_at = share * self.hours[23];
        let hour = self.hours.partition_point(|sum| *sum <= hour_at).min(23);
        let hour_before = if hour == 0 { 0.0 } else { self.hours[hour - 1] };
        let millis = (hour as f64 + (hour_at - hour_before) / (self.hours[hour] - hour_before)) * 3_600_000.0;
        instant(self.first + Days::new(day as u64), (millis as i64).min(86_399_999))
    }

    /// A moment at the office, `working_days` after `from`; 0 is later the same day if there is time, else the next morning.
    pub fn office(&self, from: DateTime<Utc>, working_days: i64, dice: &mut Dice) -> DateTime<Utc> {
        const OPENS: i64 = 7 * 60 + 30;
        const CLOSES: i64 = 17 * 60;
        let day = crate::clock::day(from);
        let next = self.next_working[self.offset(day)];
        let minute_of_day = (from - instant(day, 0)).num_minutes();
        let is_working = self.working.get(next) == Some(&day);
        let seconds = dice.between(0, 59_999);
        if working_days <= 0 && is_working && minute_of_day < CLOSES - 40 {
            let earliest = minute_of_day.max(OPENS) + 5;
            return instant(day, dice.between(earliest, (earliest + 150).min(CLOSES)) * 60_000 + seconds);
        }
        // An event after hours or on a day off is first looked at on the next working day.
        let ahead = if is_working { working_days.max(1) } else { working_days.max(0) };
        let place = next.saturating_add(usize::try_from(ahead).unwrap_or(0)).min(self.working.len().saturating_sub(1));
        let (opens, closes) = if dice.chance(0.55) { (OPENS, 11 * 60 + 30) } else { (13 * 60 + 30, CLOSES) };
        instant(self.working[place], dice.between(opens, closes - 1) * 60_000 + seconds)
    }

    /// A moment at home, `days` later at the earliest.
    pub fn home(&self, from: DateTime<Utc>, days: f64, dice: &mut Dice) -> DateTime<Utc> {
        #[expect(clippy::cast_possible_truncation, reason = "a few days of minutes")]
        let later = from + Duration::minutes((days * 1_440.0) as i64) + Duration::milliseconds(dice.between(0, 59_999));
        let day = crate::clock::day(later);
        // Nobody answers an office at four in the morning.
        if later < instant(day, 6 * 3_600_000) { instant(day, dice.between(6 * 60, 9 * 60) * 60_000) } else { later }
    }
}

/// How many petitions a day brings, relative to others.
#[expect(clippy::cast_precision_loss, reason = "shares of a whole")]
fn weight(calendar: &Calendar, day: NaiveDate, index: usize, days: usize, cases: u64) -> f64 {
    let of_week = match day.weekday() {
        Weekday::Mon => 1.3,
        Weekday::Tue => 1.15,
        Weekday::Wed | Weekday::Thu => 1.05,
        Weekday::Fri => 1.0,
        Weekday::Sat => 0.6,
        Weekday::Sun => 0.45,
    };
    let is_day_off = !calendar.is_working_day(day) && !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let holiday = if is_day_off { 0.3 } else { 1.0 };
    // The rainy months bring roads, landslides and floods.
    let of_year = if (6..=9).contains(&day.month()) { 1.25 } else { 1.0 };
    let growth = 0.5 + index as f64 / days as f64;
    let busy = if index + BUSY_DAYS >= days { 1.0 + 5.0 * (BUSY_CASES / (cases as f64 + 1.0)).min(1.0) } else { 1.0 };
    of_week * holiday * of_year * growth * busy
}
