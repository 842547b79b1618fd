//! How much is too much (pure): the generic cell rate algorithm, a leaky bucket that needs one number for each counter.
//!
//! The number is the *theoretical arrival time*: the instant at which everything taken so far would have been taken at the steady rate. A
//! bucket that nobody used for a while has one in the past and is full again. Instants are microseconds, given by the caller.

/// Microseconds of a second.
pub const SECOND: i64 = 1_000_000;

/// So many at once, and one more after each pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Microseconds after which there is room for one more.
    pub every: i64,
    /// How many fit at once.
    pub burst: i64,
}

impl Rate {
    /// `count` in each `seconds`, and up to `burst` at once.
    pub const fn new(count: i64, seconds: i64, burst: i64) -> Self {
        let every = seconds * SECOND / count;
        Self { every: if every < 1 { 1 } else { every }, burst: if burst < 1 { 1 } else { burst } }
    }

    /// The same for so many times as many people.
    pub const fn times(self, factor: i64) -> Self {
        let every = self.every / factor;
        Self { every: if every < 1 { 1 } else { every }, burst: self.burst * factor }
    }

    /// Takes `cost` out of a bucket whose number is `arrival`. What costs more than the whole bucket takes the whole bucket.
    ///
    /// # Errors
    /// The microseconds after which there is room for it; nothing is taken.
    pub fn take(self, arrival: i64, now: i64, cost: i64) -> Result<i64, i64> {
        let cost = cost.clamp(0, self.burst);
        let next = arrival.max(now).saturating_add(cost.saturating_mul(self.every));
        let earliest = next.saturating_sub(self.burst.saturating_mul(self.every));
        if now < earliest { Err(earliest - now) } else { Ok(next) }
    }

    /// How many were taken that the steady rate has not made up for yet.
    pub fn backlog(self, arrival: i64, now: i64) -> i64 {
        (arrival - now).max(0) / self.every
    }

    /// Notes one more, without an end.
    pub fn note(self, arrival: i64, now: i64) -> i64 {
        arrival.max(now).saturating_add(self.every)
    }
}

/// Microseconds as seconds to wait, rounded up and never nothing: who comes back then finds room.
pub fn seconds(micros: i64) -> u64 {
    u64::try_from(micros.max(1)).unwrap_or(1).div_ceil(SECOND.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_full_bucket_and_then_one_after_each_pause() {
        let rate = Rate::new(1, 10, 3);
        let mut arrival = 0;
        let now = 1_000 * SECOND;
        for _ in 0..3 {
            arrival = rate.take(arrival, now, 1).expect("three at once");
        }
        assert_eq!(rate.take(arrival, now, 1), Err(10 * SECOND));
        assert_eq!(rate.take(arrival, now + 9 * SECOND, 1), Err(SECOND));
        arrival = rate.take(arrival, now + 10 * SECOND, 1).expect("one after ten seconds");
        assert_eq!(rate.take(arrival, now + 10 * SECOND, 1), Err(10 * SECOND));
        assert_eq!(rate.backlog(arrival, now + 10 * SECOND), 3);
        assert_eq!(rate.backlog(arrival, now + 100 * SECOND), 0);
    }

    #[test]
    fn waiting_is_told_in_whole_seconds() {
        assert_eq!((seconds(1), seconds(SECOND), seconds(SECOND + 1), seconds(0)), (1, 1, 2, 1));
    }

    fn rates() -> impl Strategy<Value = Rate> {
        (1_i64..2_000, 1_i64..4_000, 1_i64..5_000).prop_map(|(count, seconds, burst)| Rate::new(count, seconds, burst))
    }

    proptest! {
        /// Whatever somebody does, and whenever: never more than the burst and what the time since has made room for.
        #[test]
        fn no_pattern_gets_more_than_the_rate(rate in rates(), pauses in prop::collection::vec((0_i64..20_000_000, 1_i64..5), 1..200)) {
            let (mut arrival, mut now, mut taken) = (0, 0, 0);
            for (pause, cost) in pauses {
                now += pause;
                if let Ok(next) = rate.take(arrival, now, cost) {
                    arrival = next;
                    taken += cost.min(rate.burst);
                }
                prop_assert!(taken <= rate.burst + now / rate.every, "{taken} within {now}");
            }
        }

        /// Whoever waits as long as told gets through, and a moment earlier not.
        #[test]
        fn the_wait_that_is_told_is_the_right_one(rate in rates(), now in 0_i64..1_000_000_000_000, ahead in 0_i64..1_000_000_000, cost in 1_i64..50) {
            if let Err(wait) = rate.take(now + ahead, now, cost) {
                prop_assert!(wait > 0);
                prop_assert!(rate.take(now + ahead, now + wait, cost).is_ok());
                prop_assert_eq!(rate.take(now + ahead, now + wait - 1, cost), Err(1));
            }
        }

        /// A clock that is set back locks nobody out for longer than the bucket takes to drain, and nothing overflows.
        #[test]
        fn any_numbers_are_fine(rate in rates(), arrival: i64, now in 0_i64..4_000_000_000_000_000, cost: i64) {
            if let Ok(next) = rate.take(arrival, now, cost) {
                prop_assert!(next >= now.max(arrival.min(next)));
            }
        }

        /// After a rest everybody has the whole burst again, and not more.
        #[test]
        fn a_rest_fills_the_bucket(rate in rates(), used in 1_i64..5_000) {
            let mut arrival = 0;
            for _ in 0..used {
                arrival = rate.take(arrival, 0, 1).unwrap_or(arrival);
            }
            let later = rate.burst * rate.every + 1;
            let arrival = rate.take(arrival, later, rate.burst).expect("the whole burst");
            prop_assert!(rate.take(arrival, later, 1).is_err());
        }
    }
}
