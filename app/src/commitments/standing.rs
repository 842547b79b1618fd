//! What has become of a commitment by a day, and how many have become what. Pure.
//!
//! Kept on time is judged by the day promised last; what had been moved before counts apart. A share never stands without its counts.

use super::rules::{Commitment, State};
use crate::words::Lang;
use chrono::NaiveDate;

/// What has become of a commitment by a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// The day is not over.
    Open,
    /// The day is over and it is not done.
    Late,
    /// Done by the day first promised, which was never moved.
    Kept,
    /// Done by the day promised last; it had been moved.
    KeptMoved,
    /// Done after the day promised last.
    DoneLate,
    /// Given up.
    Dropped,
}

impl Standing {
    /// All, the ones the public asks about first.
    pub const ALL: [Self; 6] = [Self::Late, Self::Open, Self::Kept, Self::KeptMoved, Self::DoneLate, Self::Dropped];

    /// What a commitment is on a day.
    pub fn of(commitment: &Commitment, today: NaiveDate) -> Self {
        match (commitment.state, commitment.ended_on) {
            (State::Dropped, _) => Self::Dropped,
            (State::Done, Some(on)) if on > commitment.day => Self::DoneLate,
            (State::Done, _) if commitment.moves > 0 => Self::KeptMoved,
            (State::Done, _) => Self::Kept,
            (State::Open, _) if commitment.day < today => Self::Late,
            (State::Open, _) => Self::Open,
        }
    }

    /// As it stands in the lists and figures of the database, where what is late is still open.
    pub fn lane(self) -> &'static str {
        match self {
            Self::Open | Self::Late => "open",
            Self::Kept => "kept",
            Self::KeptMoved => "kept_moved",
            Self::DoneLate => "done_late",
            Self::Dropped => "dropped",
        }
    }

    /// As it stands in addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Open => "dang-lam",
            Self::Late => "qua-han",
            Self::Kept => "dung-hen",
            Self::KeptMoved => "dung-hen-sau-khi-doi",
            Self::DoneLate => "lam-tre",
            Self::Dropped => "khong-lam-nua",
        }
    }

    /// Whether the people concerned may say whether it is done: not before the day, and not of what was given up.
    pub fn takes_voices(self) -> bool {
        !matches!(self, Self::Open | Self::Dropped)
    }

    /// Key of its words.
    pub fn key(self) -> &'static str {
        match self {
            Self::Open => "commitments.standing.open",
            Self::Late => "commitments.standing.late",
            Self::Kept => "commitments.standing.kept",
            Self::KeptMoved => "commitments.standing.kept_moved",
            Self::DoneLate => "commitments.standing.done_late",
            Self::Dropped => "commitments.standing.dropped",
        }
    }

    /// Whether it is over, one way or the other.
    pub fn is_ended(self) -> bool {
        !matches!(self, Self::Open | Self::Late)
    }
}

/// How many public commitments there are of each standing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The day is not over.
    pub open: i64,
    /// The day is over.
    pub late: i64,
    /// Done by the first day.
    pub kept: i64,
    /// Done by a later day that was promised instead.
    pub kept_moved: i64,
    /// Done after the day.
    pub done_late: i64,
    /// Given up.
    pub dropped: i64,
}

impl Tally {
    /// Adds so many of a standing.
    pub fn add(&mut self, standing: Standing, n: i64) {
        *self.cell(standing) += n;
    }

    fn cell(&mut self, standing: Standing) -> &mut i64 {
        match standing {
            Standing::Open => &mut self.open,
            Standing::Late => &mut self.late,
            Standing::Kept => &mut self.kept,
            Standing::KeptMoved => &mut self.kept_moved,
            Standing::DoneLate => &mut self.done_late,
            Standing::Dropped => &mut self.dropped,
        }
    }

    /// How many of a standing.
    pub fn n(mut self, standing: Standing) -> i64 {
        *self.cell(standing)
    }

    /// All of them.
    pub fn made(self) -> i64 {
        self.open + self.judged()
    }

    /// Those of which it is known whether they were kept: all but those whose day is not over.
    pub fn judged(self) -> i64 {
        self.late + self.kept + self.kept_moved + self.done_late + self.dropped
    }

    /// Not kept: late still, done late, given up.
    pub fn broken(self) -> i64 {
        self.late + self.done_late + self.dropped
    }

    /// "55% (5/9)": kept by the very day first promised, of those whose day is over. Rounded down, never without its counts, and
    /// none of nothing.
    pub fn share_kept(self, lang: Lang) -> Option<String> {
        let share = lang.percent(self.kept, self.judged())?;
        Some(format!("{share} ({}/{})", lang.number(self.kept), lang.number(self.judged())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Trap 47: percentages without denominators, 100 % of zero, 79.6 % sold as 80 %.
    #[test]
    fn trap_47_shares_have_counts_none_of_nothing_and_never_rounded_up() {
        assert_eq!(Tally::default().share_kept(Lang::Vi), None);
        assert_eq!(Tally { open: 9, ..Tally::default() }.share_kept(Lang::Vi), None, "nothing is judged before its day is over");
        let tally = Tally { kept: 796, late: 100, kept_moved: 50, done_late: 50, dropped: 4, open: 31 };
        assert_eq!(tally.share_kept(Lang::Vi).as_deref(), Some("79% (796/1.000)"), "moved ones are not kept on time");
        assert_eq!((tally.made(), tally.broken()), (1_031, 154));
    }

    proptest! {
        /// Every commitment is in one cell of the figures, whatever the day.
        #[test]
        fn figures_add_up(cells in prop::collection::vec((0..6_usize, 0..1_000_i64), 0..20)) {
            let mut tally = Tally::default();
            let mut sum = 0;
            for (standing, n) in cells {
                tally.add(Standing::ALL[standing], n);
                sum += n;
            }
            prop_assert_eq!(tally.made(), sum);
            prop_assert_eq!(tally.judged(), tally.kept + tally.kept_moved + tally.broken());
        }
    }
}
