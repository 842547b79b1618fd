//! The proof: on how many days a head received in person, against the least the law asks, period by period; and the days a schedule
//! is begun with. Pure.
//!
//! Three things are kept apart. A deputy's session is counted beside the head's and never for it (trap 23). An extraordinary session
//! is no periodic one. A day whose outcome nobody recorded is neither held nor missed. What the law asks is counted by ISO week or by
//! month, as its row says (trap 11); a week or month in which the row did not hold throughout, or which had no working day at all,
//! asks for nothing.

use super::rules::{DaysRule, Kind, Per, Receiver, State};
use crate::deadlines::Calendar;
use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

/// What the counting needs of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// The day.
    pub day: NaiveDate,
    /// The kind.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// Who received in fact; none while it was not held.
    pub held_by: Option<Receiver>,
}

/// What came of the sessions of some time. Days, not sessions: two sessions of a head on one day are one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Days on which the head received in person.
    pub by_head: i64,
    /// Days on which only a deputy did.
    pub by_deputy: i64,
    /// Days that were missed, and on which nobody of both received.
    pub missed: i64,
    /// Days gone by without an outcome.
    pub unknown: i64,
    /// Days to come.
    pub coming: i64,
}

impl Tally {
    /// The tally of periodic sessions as it is on `today`.
    pub fn of(sessions: impl IntoIterator<Item = Session>, today: NaiveDate) -> Self {
        let mut all: Vec<Session> = sessions.into_iter().filter(|one| one.kind == Kind::Periodic && one.state != State::Draft).collect();
        all.sort_by_key(|one| one.day);
        let mut tally = Self::default();
        for of_day in all.chunk_by(|a, b| a.day == b.day) {
            let held = |by| of_day.iter().any(|one| one.state == State::Held && one.held_by == Some(by));
            if held(Receiver::Head) {
                tally.by_head += 1;
            } else if held(Receiver::Deputy) {
                tally.by_deputy += 1;
            } else if of_day.iter().any(|one| one.state == State::Missed) {
                tally.missed += 1;
            } else if of_day[0].day >= today {
                tally.coming += 1;
            } else if of_day.iter().any(|one| one.state == State::Published) {
                tally.unknown += 1;
            }
        }
        tally
    }
}

/// A week or month of an authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period<'a> {
    /// First day.
    pub first: NaiveDate,
    /// Last day.
    pub last: NaiveDate,
    /// The row that asks; none where none did.
    pub rule: &'a DaysRule,
    /// Days the head must receive in it.
    pub asked: i64,
    /// What came of it.
    pub tally: Tally,
    /// Whether it has ended.
    pub is_over: bool,
}

impl Period<'_> {
    /// Whether the head received on as many days as are asked.
    pub fn is_met(&self) -> bool {
        self.tally.by_head >= self.asked
    }
}

/// Begin and end of the week or month a day lies in.
pub fn bounds(per: Per, day: NaiveDate) -> (NaiveDate, NaiveDate) {
    match per {
        Per::Week => {
            let monday = day - Days::new(u64::from(day.weekday().num_days_from_monday()));
            (monday, monday + Days::new(6))
        }
        Per::Month => {
            let first = day.with_day(1).unwrap_or(day);
            (first, first + Months::new(1) - Days::new(1))
        }
    }
}

/// The weeks and months from `first` to `last` in which something was or is asked, in order. `since` is the authority's first day.
pub fn periods<'a>(
    rules: &[&'a DaysRule],
    sessions: &[Session],
    calendar: &Calendar,
    (first, last): (NaiveDate, NaiveDate),
    today: NaiveDate,
) -> Vec<Period<'a>> {
    let mut all = Vec::new();
    for rule in rules {
        let mut begins = bounds(rule.per, first.max(rule.valid_from)).0;
        while begins <= last {
            let (_, ends) = bounds(rule.per, begins);
            let works = begins.iter_days().take_while(|day| *day <= ends).any(|day| calendar.is_working_day(day));
            if rule.holds_throughout(begins, ends) && begins >= first && works {
                let within = sessions.iter().copied().filter(|one| (begins..=ends).contains(&one.day));
                all.push(Period { first: begins, last: ends, rule, asked: rule.n, tally: Tally::of(within, today), is_over: ends < today });
            }
            begins = ends + Days::new(1);
            if rule.valid_to.is_some_and(|end| begins > end) {
                break;
            }
        }
    }
    all.sort_by_key(|period| period.first);
    all
}

/// What the periods together say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Periods that have ended and asked for something.
    pub over: i64,
    /// Of them such in which the head received on enough days.
    pub met: i64,
    /// Days asked for in them.
    pub asked: i64,
    /// Of the days asked, those the head gave: more in one month do not make up for another.
    pub given: i64,
}

impl Proof {
    /// The sum of those that have ended.
    pub fn of(periods: &[Period<'_>]) -> Self {
        let over = periods.iter().filter(|period| period.is_over);
        over.fold(Self::default(), |sum, period| Self {
            over: sum.over + 1,
            met: sum.met + i64::from(period.is_met()),
            asked: sum.asked + period.asked,
            given: sum.given + period.tally.by_head.min(period.asked),
        })
    }
}

const WEEKDAYS: [(&str, Weekday); 5] = [("mon", Weekday::Mon), ("tue", Weekday::Tue), ("wed", Weekday::Wed), ("thu", Weekday::Thu), ("fri", Weekday::Fri)];

/// The days a schedule from `first` to `last` is begun with: those the rows propose, moved to the next working day of the same week or
/// month where they are days off, else to the one before. No day stands twice.
pub fn proposed(rules: &[&DaysRule], calendar: &Calendar, first: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
    let mut days = Vec::new();
    for rule in rules {
        let mut begins = bounds(rule.per, first.max(rule.valid_from)).0;
        while begins <= last && rule.valid_to.is_none_or(|end| begins <= end) {
            let (_, ends) = bounds(rule.per, begins);
            for word in rule.days.split_whitespace() {
                let wanted = match rule.per {
                    Per::Week => {
                        WEEKDAYS.iter().find(|(code, _)| *code == word).map(|(_, weekday)| begins + Days::new(u64::from(weekday.num_days_from_monday())))
                    }
                    Per::Month => word.parse().ok().map(|n: u32| begins.with_day(n).unwrap_or(ends)),
                };
                let found = wanted.and_then(|wanted| nearest(calendar, wanted, (begins, ends), &days));
                days.extend(found.filter(|day| (first..=last).contains(day) && rule.holds_throughout(*day, *day)));
            }
            begins = ends + Days::new(1);
        }
    }
    days.sort_unstable();
    days
}

/// The nearest free working day of the period: from the wanted one forwards, then backwards.
fn nearest(calendar: &Calendar, wanted: NaiveDate, (begins, ends): (NaiveDate, NaiveDate), taken: &[NaiveDate]) -> Option<NaiveDate> {
    let fits = |day: &NaiveDate| calendar.is_working_day(*day) && !taken.contains(day);
    let after = wanted.iter_days().take_while(|day| *day <= ends).find(fits);
    after.or_else(|| begins.iter_days().take_while(|day| *day < wanted).filter(fits).last())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agencies::import::{self, Files};
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn calendar() -> Calendar {
        import::calendar(&Files::built_in().holidays).expect("days off")
    }

    fn rows(kind: &str) -> Vec<DaysRule> {
        let rules = import::reception_rules(&Files::built_in().reception_rules).expect("rules");
        rules.days.into_iter().filter(|rule| rule.agency_kind == kind).collect()
    }

    fn held(on: &str, by: Receiver) -> Session {
        Session { day: day(on), kind: Kind::Periodic, state: State::Held, held_by: Some(by) }
    }

    fn count(kind: &str, sessions: &[Session], first: &str, last: &str, today: &str) -> (Proof, Vec<(String, i64, i64)>) {
        let rows = rows(kind);
        let rows: Vec<&DaysRule> = rows.iter().collect();
        let periods = periods(&rows, sessions, &calendar(), (day(first), day(last)), day(today));
        (Proof::of(&periods), periods.iter().map(|period| (period.first.to_string(), period.asked, period.tally.by_head)).collect())
    }

    #[test]
    fn trap_23_a_deputys_session_is_not_the_heads() {
        let sessions = [held("2026-10-15", Receiver::Deputy), held("2026-09-15", Receiver::Head)];
        let (proof, _) = count("province_committee", &sessions, "2026-09-01", "2026-10-31", "2026-11-20");
        assert_eq!(proof, Proof { over: 2, met: 1, asked: 2, given: 1 });
        let tally = Tally::of(sessions, day("2026-11-20"));
        assert_eq!((tally.by_head, tally.by_deputy), (1, 1));
        let same_day = [held("2026-09-15", Receiver::Deputy), held("2026-09-15", Receiver::Head)];
        assert_eq!(Tally::of(same_day, day("2026-11-20")), Tally { by_head: 1, ..Tally::default() }, "one day, and the head was there");
    }

    #[test]
    fn trap_11_a_commune_is_counted_by_week_before_and_by_month_after_the_change_of_law() {
        let sessions =
            [held("2026-06-18", Receiver::Head), held("2026-06-19", Receiver::Head), held("2026-07-06", Receiver::Head), held("2026-07-20", Receiver::Head)];
        let (proof, periods) = count("commune_committee", &sessions, "2026-06-15", "2026-07-31", "2026-11-20");
        let expected = [("2026-06-15", 1, 2), ("2026-06-22", 1, 0), ("2026-07-01", 2, 2)].map(|(first, asked, given)| (first.to_owned(), asked, given));
        assert_eq!(periods, expected, "the week of 29/6 lies across the change and asks for nothing");
        assert_eq!(proof, Proof { over: 3, met: 2, asked: 4, given: 3 }, "two days in one week are not one in the next");
    }

    #[test]
    fn a_week_without_a_working_day_asks_for_nothing() {
        let (_, periods) = count("commune_committee", &[], "2026-02-09", "2026-03-01", "2026-11-20");
        assert_eq!(periods.iter().map(|(first, ..)| first.as_str()).collect::<Vec<_>>(), ["2026-02-09", "2026-02-23"], "16 to 20/2 is Tết");
    }

    #[test]
    fn what_is_extraordinary_missed_or_unknown_is_not_held() {
        let extraordinary = Session { kind: Kind::Extraordinary, ..held("2026-10-01", Receiver::Head) };
        let missed = Session { day: day("2026-10-15"), kind: Kind::Periodic, state: State::Missed, held_by: None };
        let unknown = Session { state: State::Published, day: day("2026-10-16"), ..missed };
        let coming = Session { day: day("2026-12-15"), ..unknown };
        let tally = Tally::of([extraordinary, missed, unknown, coming], day("2026-11-20"));
        assert_eq!(tally, Tally { missed: 1, unknown: 1, coming: 1, ..Tally::default() });
    }

    #[test]
    fn proposed_days_are_worked_and_stay_in_their_month() {
        let rows = rows("province_committee");
        let rows: Vec<&DaysRule> = rows.iter().collect();
        let days = proposed(&rows, &calendar(), day("2026-01-01"), day("2026-12-31"));
        assert_eq!(days.len(), 12);
        assert_eq!(days[1], day("2026-02-23"), "15/2 is a Sunday, then Tết until the 20th, then a weekend");
        assert_eq!(days[7], day("2026-08-17"), "15/8 is a Saturday");
        assert_eq!(days[10], day("2026-11-16"), "15/11 is a Sunday");
    }

    proptest! {
        #[test]
        fn a_proposed_schedule_meets_the_law(kind in proptest::sample::select(vec!["province_committee", "commune_committee", "department"]), from in 0_u64..400) {
            let rows = rows(kind);
            let rows: Vec<&DaysRule> = rows.iter().collect();
            let first = bounds(Per::Month, day("2025-01-01") + Days::new(from)).0;
            let last = first + Months::new(3) - Days::new(1);
            let days = proposed(&rows, &calendar(), first, last);
            let sessions: Vec<Session> =
                days.iter().map(|day| Session { day: *day, kind: Kind::Periodic, state: State::Held, held_by: Some(Receiver::Head) }).collect();
            prop_assert!(days.iter().all(|day| calendar().is_working_day(*day)));
            prop_assert!(days.windows(2).all(|pair| pair[0] < pair[1]));
            let proof = Proof::of(&periods(&rows, &sessions, &calendar(), (first, last - Days::new(6)), last + Days::new(30)));
            prop_assert_eq!((proof.met, proof.given), (proof.over, proof.asked));
        }

        #[test]
        fn one_more_session_never_proves_less(days in proptest::collection::vec(0_u64..180, 0..20), more in 0_u64..180) {
            let rows = rows("commune_committee");
            let rows: Vec<&DaysRule> = rows.iter().collect();
            let at = |n: &u64| held(&(day("2026-03-01") + Days::new(*n)).to_string(), Receiver::Head);
            let few: Vec<Session> = days.iter().map(at).collect();
            let many: Vec<Session> = days.iter().chain([&more]).map(at).collect();
            let proof = |sessions: &[Session]| Proof::of(&periods(&rows, sessions, &calendar(), (day("2026-03-01"), day("2026-08-31")), day("2026-11-20")));
            prop_assert!(proof(&many).given >= proof(&few).given && proof(&many).met >= proof(&few).met);
        }
    }
}
