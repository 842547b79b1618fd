//! Figures of released cases: sums over the cells of `public_counts`. Pure.

use crate::petitions::register::Outcome;
use crate::petitions::rules::Kind;
use crate::words::Lang;

/// One cell: how many released cases of an authority, year of filing, kind and outcome.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Count {
    /// The authority.
    pub body_id: String,
    /// Year of filing.
    pub year: i64,
    /// What they are in law.
    pub kind: Kind,
    /// An [`Outcome`]'s code.
    pub outcome: String,
    /// How many.
    pub n: i64,
    /// Working days they took, added up.
    pub days_sum: i64,
}

/// A sum of cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Not answered yet.
    pub handling: i64,
    /// Answered on or before the last day.
    pub on_time: i64,
    /// Answered after it.
    pub late: i64,
    /// Working days of all answers, added up.
    pub days_sum: i64,
    /// Praise, on which no period runs: neither on time nor late, nor waiting.
    pub without_period: i64,
}

impl Tally {
    /// The sum of some cells.
    pub fn of<'a>(counts: impl IntoIterator<Item = &'a Count>) -> Self {
        let mut tally = Self::default();
        for count in counts {
            let cell = match count.outcome.as_str() {
                _ if !count.kind.has_period() => &mut tally.without_period,
                outcome if outcome == Outcome::OnTime.code() => &mut tally.on_time,
                outcome if outcome == Outcome::Late.code() => &mut tally.late,
                _ => &mut tally.handling,
            };
            *cell += count.n;
            tally.days_sum += count.days_sum;
        }
        tally
    }

    /// All of them.
    pub fn released(self) -> i64 {
        self.handling + self.answered() + self.without_period
    }

    /// Those with an answer.
    pub fn answered(self) -> i64 {
        self.on_time + self.late
    }

    /// "91% (1.017/1.118)": a share never stands without its counts. None where nothing is answered.
    pub fn share_on_time(self, lang: Lang) -> Option<String> {
        let share = lang.percent(self.on_time, self.answered())?;
        Some(format!("{share} ({}/{})", lang.number(self.on_time), lang.number(self.answered())))
    }

    /// Mean working days to an answer, to one decimal: "6,4". None where nothing is answered.
    pub fn mean_days(self, lang: Lang) -> Option<String> {
        let n = self.answered();
        if n == 0 {
            return None;
        }
        let tenths = (self.days_sum * 10 + n / 2) / n;
        let mark = match lang {
            Lang::Vi => ',',
            Lang::En => '.',
        };
        Some(format!("{}{mark}{}", lang.number(tenths / 10), tenths % 10))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(outcome: &str, n: i64, days_sum: i64) -> Count {
        Count { body_id: "a".into(), year: 2026, kind: Kind::Report, outcome: outcome.into(), n, days_sum }
    }

    #[test]
    fn a_share_shows_its_counts_and_is_of_the_answered_only() {
        let tally = Tally::of(&[count("handling", 50, 0), count("on_time", 1_017, 6_000), count("late", 101, 1_155)]);
        assert_eq!((tally.released(), tally.answered()), (1_168, 1_118));
        assert_eq!(tally.share_on_time(Lang::Vi).as_deref(), Some("90% (1.017/1.118)"));
        assert_eq!(tally.mean_days(Lang::Vi).as_deref(), Some("6,4"));
        assert_eq!(tally.mean_days(Lang::En).as_deref(), Some("6.4"));
    }

    #[test]
    fn praise_is_released_and_neither_on_time_nor_late() {
        let praise = Count { kind: Kind::Praise, ..count("handling", 7, 0) };
        let tally = Tally::of(&[praise, count("on_time", 1, 4), count("late", 1, 12)]);
        assert_eq!((tally.released(), tally.answered(), tally.handling), (9, 2, 0));
        assert_eq!(tally.share_on_time(Lang::Vi).as_deref(), Some("50% (1/2)"));
    }

    #[test]
    fn nothing_has_no_share_and_no_mean() {
        assert_eq!(Tally::default().share_on_time(Lang::Vi), None);
        assert_eq!(Tally::default().mean_days(Lang::Vi), None);
    }
}
