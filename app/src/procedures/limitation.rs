//! Thời hiệu khiếu nại: how long somebody may complain (K1: 90 days from receiving or learning of the decision or act; time in which
//! illness, disaster, a mission or another obstacle kept them from it is not counted; Law on Complaints, Article 9). Pure.
//!
//! The portal computes the last day from what the complainant states, and tells both sides. It decides nothing: whether a reason
//! counts is for the authority, and whoever is late may still send.

use crate::deadlines::Calendar;
use crate::deadlines::rules::{self, Circumstances, Computed, Refusal, Rule};
use chrono::NaiveDate;

/// What the complainant states.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Limitation {
    /// The day the decision was received, or the act became known: day 0.
    pub known_on: NaiveDate,
    /// First day of what kept them from complaining.
    pub obstacle_from: Option<NaiveDate>,
    /// Its last day.
    pub obstacle_to: Option<NaiveDate>,
    /// What it was, in their words.
    pub obstacle: String,
}

impl Limitation {
    /// The last day for complaining, with how it was found: the obstacle is a pause.
    ///
    /// # Errors
    /// Those of [`rules::pick`] and [`rules::compute`].
    pub fn computed<'a>(&self, table: &'a [Rule], calendar: &Calendar) -> Result<(&'a Rule, Computed), Refusal> {
        let pauses = self.obstacle_from.zip(self.obstacle_to).into_iter().collect();
        let circumstances = Circumstances { pauses, ..Circumstances::default() };
        let rule = rules::pick(table, "K1", self.known_on, &circumstances)?;
        Ok((rule, rules::compute(rule, self.known_on, &circumstances, calendar)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agencies::import::{self, Files};
    use chrono::Days;
    use proptest::prelude::*;

    fn last_day(limitation: &Limitation) -> NaiveDate {
        let files = Files::built_in();
        let table = import::deadline_rules(&files.deadline_rules).expect("rules");
        let calendar = import::calendar(&files.holidays).expect("days off");
        limitation.computed(&table, &calendar).expect("K1 holds").1.last_day
    }

    fn known(on: &str) -> Limitation {
        Limitation { known_on: on.parse().expect("a day"), obstacle_from: None, obstacle_to: None, obstacle: String::new() }
    }

    #[test]
    fn ninety_days_from_the_day_it_was_known_and_the_obstacle_does_not_count() {
        assert_eq!(last_day(&known("2026-08-20")).to_string(), "2026-11-18");
        let ill =
            Limitation {
                obstacle_from: "2026-09-01".parse().ok(), obstacle_to: "2026-09-10".parse().ok(), obstacle: "nằm viện".into(), ..known("2026-08-20")
            };
        assert_eq!(last_day(&ill).to_string(), "2026-11-30", "ten days later is Saturday 28/11, worked or not the table says");
    }

    proptest! {
        #[test]
        fn an_obstacle_never_makes_it_shorter(start in 0_u64..300, begins in 0_u64..120, lasts in 0_u64..60) {
            let known_on = NaiveDate::from_ymd_opt(2026, 1, 5).expect("a day") + Days::new(start);
            let plain = Limitation { known_on, ..known("2026-01-01") };
            let from = known_on + Days::new(begins);
            let ill = Limitation { obstacle_from: Some(from), obstacle_to: Some(from + Days::new(lasts)), ..plain.clone() };
            prop_assert!(last_day(&ill) >= last_day(&plain));
        }
    }
}
