//! The time, as a value that is passed in. Nothing else in the portal asks the machine for it (clippy.toml forbids it),
//! so that a test can stand on any day and a deadline can be computed for yesterday.

use chrono::{DateTime, Duration, FixedOffset, NaiveDate, NaiveTime, Timelike, Utc};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Viet Nam keeps UTC+7 all year.
const VIETNAM_OFFSET_SECONDS: i32 = 7 * 3600;

/// Where "now" comes from.
#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    System,
    /// So much ahead of the machine's clock: for showing, in a demo, what comes after days of waiting.
    Ahead(Duration),
    /// A time that stands still until it is moved: for tests and for making demo data.
    Fixed(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// So many days ahead of the machine's clock.
    pub fn ahead(days: u16) -> Self {
        Self(Source::Ahead(Duration::days(i64::from(days))))
    }

    /// A clock that shows `at` until [`Clock::set`] moves it.
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self(Source::Fixed(Arc::new(Mutex::new(at))))
    }

    /// Moves a fixed clock; others do not listen.
    pub fn set(&self, at: DateTime<Utc>) {
        if let Source::Fixed(cell) = &self.0 {
            *cell.lock().unwrap_or_else(PoisonError::into_inner) = at;
        }
    }

    /// Now, in whole microseconds: PostgreSQL keeps no more, and both databases must give back what they were given.
    pub fn now(&self) -> DateTime<Utc> {
        let now = match &self.0 {
            Source::System => system_now(),
            Source::Ahead(by) => system_now() + *by,
            Source::Fixed(cell) => *cell.lock().unwrap_or_else(PoisonError::into_inner),
        };
        now.with_nanosecond(now.nanosecond() / 1_000 * 1_000).unwrap_or(now)
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]
fn system_now() -> DateTime<Utc> {
    Utc::now()
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Source::System => "Clock(system)",
            Source::Ahead(_) => "Clock(ahead)",
            Source::Fixed(_) => "Clock(fixed)",
        })
    }
}

/// The same instant on a Vietnamese wall clock.
pub fn local(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    match FixedOffset::east_opt(VIETNAM_OFFSET_SECONDS) {
        Some(offset) => at.with_timezone(&offset),
        None => at.fixed_offset(),
    }
}

/// The day it is in Viet Nam at that instant. Legal days are these, never UTC days.
pub fn day(at: DateTime<Utc>) -> NaiveDate {
    local(at).date_naive()
}

/// The instant at which a Vietnamese wall clock shows that day and time. There is no summer time: each is shown once.
pub fn instant(day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    (day.and_time(time) - Duration::seconds(i64::from(VIETNAM_OFFSET_SECONDS))).and_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vietnamese_day_begins_at_17_utc() {
        let late: DateTime<Utc> = "2026-11-25T16:59:59Z".parse().expect("a time");
        let next: DateTime<Utc> = "2026-11-25T17:00:00Z".parse().expect("a time");
        assert_eq!(day(late).to_string(), "2026-11-25");
        assert_eq!(day(next).to_string(), "2026-11-26");
    }

    #[test]
    fn nanoseconds_are_cut_off_because_only_one_database_keeps_them() {
        let clock = Clock::fixed("2026-11-25T01:02:03.123456789Z".parse().expect("a time"));
        assert_eq!(clock.now().to_rfc3339(), "2026-11-25T01:02:03.123456+00:00");
    }
}
