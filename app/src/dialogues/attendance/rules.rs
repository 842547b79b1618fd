//! Seats and the wait list of a dialogue. Pure.
//!
//! ```text
//! fits        -> seated
//! does not    -> waiting
//! waiting: others give back, or seats are added -> seated
//! seated, waiting: give back -> cancelled
//! ```
//!
//! Seats are given in the order of registration. Whoever waits moves up as soon as their whole group fits: a large group that does not fit
//! is passed by, one that would have fitted never is.

use crate::dialogues::rules::{Dialogue, State as DialogueState};
use chrono::{DateTime, NaiveDate, Utc};

/// Most people of one registration.
pub const GROUP_MAX: i64 = 10;
/// Most seats of a hall: catches a mistyped number.
pub const SEATS_MAX: i64 = 10_000;
/// Registrations of one dialogue, those that were given back among them.
pub const REGISTRATIONS_MAX: i64 = 3_000;

/// How many can sit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seats {
    /// So many.
    Limited(i64),
    /// As many as come.
    Unlimited,
    /// Nobody: it is held over the network only.
    Online,
}

impl Seats {
    /// Whether a group fits where so many sit already.
    pub fn fits(self, seated: i64, people: i64) -> bool {
        match self {
            Self::Limited(seats) => seated + people <= seats,
            Self::Unlimited | Self::Online => true,
        }
    }

    /// As it stands in the database and in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Limited(_) => "limited",
            Self::Unlimited => "unlimited",
            Self::Online => "online",
        }
    }

    /// The seats of a code and a number.
    pub fn from_code(code: &str, seats: i64) -> Option<Self> {
        match code {
            "limited" => Some(Self::Limited(seats)),
            "unlimited" => Some(Self::Unlimited),
            "online" => Some(Self::Online),
            _ => None,
        }
    }

    /// The number in the database.
    pub fn number(self) -> i64 {
        match self {
            Self::Limited(seats) => seats,
            Self::Unlimited | Self::Online => 0,
        }
    }
}

/// How a registration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
pub enum State {
    /// It has its seats.
    Seated,
    /// It waits for them.
    Waiting,
    /// It was given back.
    Cancelled,
}

/// A group on the wait list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Group {
    /// The number of its registration.
    pub number: i64,
    /// How many they are.
    pub people: i64,
}

/// Whom of the wait list, given in its order, the free seats take: everybody who fits into what those before have left.
pub fn moving_up(seats: Seats, seated: i64, waiting: &[Group]) -> Vec<Group> {
    let mut seated = seated;
    let mut up = Vec::new();
    for group in waiting {
        if seats.fits(seated, group.people) {
            seated += group.people;
            up.push(*group);
        }
    }
    up
}

/// Whether people may register by themselves.
pub fn is_open(dialogue: &Dialogue, is_open: bool, closes_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    let begins_at = dialogue.facts.begins_at;
    is_open && dialogue.state == DialogueState::Announced && now < closes_at.map_or(begins_at, |closes_at| closes_at.min(begins_at))
}

/// Whether a seat can be given back or needs told, and an official may write somebody down: until it is over.
pub fn is_coming(dialogue: &Dialogue, now: DateTime<Utc>) -> bool {
    dialogue.state == DialogueState::Announced && now < dialogue.facts.ends_at
}

/// Whether people are counted at the door: from the morning of the day until the result is out.
pub fn is_door_open(dialogue: &Dialogue, today: NaiveDate) -> bool {
    matches!(dialogue.state, DialogueState::Announced | DialogueState::Held) && today >= dialogue.facts.day()
}

/// What somebody needs to take part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// A way in and a place for a wheelchair.
    Wheelchair,
    /// A seat in front, an amplifier.
    Hearing,
    /// Sign language.
    Sign,
    /// An interpreter from Tày.
    Tay,
    /// From Nùng.
    Nung,
    /// From Dao.
    Dao,
    /// From Mông.
    Mong,
}

impl Need {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 7] = [Self::Wheelchair, Self::Hearing, Self::Sign, Self::Tay, Self::Nung, Self::Dao, Self::Mong];

    /// As it stands in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Wheelchair => "wheelchair",
            Self::Hearing => "hearing",
            Self::Sign => "sign",
            Self::Tay => "tay",
            Self::Nung => "nung",
            Self::Dao => "dao",
            Self::Mong => "mong",
        }
    }

    /// Its field in forms.
    pub fn field(self) -> &'static str {
        match self {
            Self::Wheelchair => "need_wheelchair",
            Self::Hearing => "need_hearing",
            Self::Sign => "need_sign",
            Self::Tay => "need_tay",
            Self::Nung => "need_nung",
            Self::Dao => "need_dao",
            Self::Mong => "need_mong",
        }
    }

    /// Key of what the form says.
    pub fn key(self) -> &'static str {
        match self {
            Self::Wheelchair => "attendance.need.wheelchair",
            Self::Hearing => "attendance.need.hearing",
            Self::Sign => "attendance.need.sign",
            Self::Tay => "attendance.need.tay",
            Self::Nung => "attendance.need.nung",
            Self::Dao => "attendance.need.dao",
            Self::Mong => "attendance.need.mong",
        }
    }

    /// Key of what stands behind a number: "2 xe lăn".
    pub fn short_key(self) -> &'static str {
        match self {
            Self::Wheelchair => "attendance.needs.wheelchair",
            Self::Hearing => "attendance.needs.hearing",
            Self::Sign => "attendance.needs.sign",
            Self::Tay => "attendance.needs.tay",
            Self::Nung => "attendance.needs.nung",
            Self::Dao => "attendance.needs.dao",
            Self::Mong => "attendance.needs.mong",
        }
    }

    /// The needs of codes with blanks between them.
    pub fn of(codes: &str) -> Vec<Self> {
        Self::ALL.into_iter().filter(|need| codes.split(' ').any(|code| code == need.code())).collect()
    }
}

/// How many registrations have each need.
pub fn summed<'a>(all: impl Iterator<Item = &'a str>) -> Vec<(Need, i64)> {
    let mut sums = Need::ALL.map(|need| (need, 0));
    for codes in all {
        for need in Need::of(codes) {
            for sum in sums.iter_mut().filter(|sum| sum.0 == need) {
                sum.1 += 1;
            }
        }
    }
    sums.into_iter().filter(|(_, n)| *n > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A hall as the actions keep it, in memory.
    struct Line {
        seats: Seats,
        seated: i64,
        groups: Vec<(Group, State)>,
    }

    #[derive(Clone, Debug)]
    enum Step {
        Register(i64),
        Cancel(usize),
        SetSeats(i64),
        SetUnlimited,
    }

    impl Line {
        fn waiting(&self) -> Vec<Group> {
            self.groups.iter().filter(|(_, state)| *state == State::Waiting).map(|(group, _)| *group).collect()
        }

        /// Gives whoever got a seat by this step.
        fn step(&mut self, step: &Step) -> Vec<Group> {
            match step {
                Step::Register(people) => {
                    let group = Group { number: self.groups.len() as i64 + 1, people: *people };
                    let fits = self.seats.fits(self.seated, *people);
                    self.groups.push((group, if fits { State::Seated } else { State::Waiting }));
                    if fits {
                        self.seated += people;
                        return vec![group];
                    }
                    return Vec::new();
                }
                Step::Cancel(which) => {
                    let count = self.groups.len().max(1);
                    if let Some((group, state)) = self.groups.get_mut(which % count) {
                        if *state == State::Seated {
                            self.seated -= group.people;
                        }
                        *state = State::Cancelled;
                    }
                }
                // Fewer than sit there is refused.
                Step::SetSeats(seats) => self.seats = Seats::Limited((*seats).max(self.seated)),
                Step::SetUnlimited => self.seats = Seats::Unlimited,
            }
            let up = moving_up(self.seats, self.seated, &self.waiting());
            for group in &up {
                self.seated += group.people;
                self.groups[usize::try_from(group.number - 1).expect("a place")].1 = State::Seated;
            }
            up
        }
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            6 => (1..=GROUP_MAX).prop_map(Step::Register),
            3 => (0_usize..60).prop_map(Step::Cancel),
            1 => (0_i64..40).prop_map(Step::SetSeats),
            1 => Just(Step::SetUnlimited),
        ];
        prop::collection::vec(step, 1..80)
    }

    proptest! {
        #[test]
        fn never_more_people_sit_than_there_are_seats_and_nobody_who_fits_waits(seats in 0_i64..30, steps in steps()) {
            let mut line = Line { seats: Seats::Limited(seats), seated: 0, groups: Vec::new() };
            for step in &steps {
                line.step(step);
                let counted: i64 = line.groups.iter().filter(|(_, state)| *state == State::Seated).map(|(group, _)| group.people).sum();
                prop_assert_eq!(counted, line.seated);
                if let Seats::Limited(seats) = line.seats {
                    prop_assert!(line.seated <= seats, "{} people on {} seats", line.seated, seats);
                }
                prop_assert!(line.waiting().iter().all(|group| !line.seats.fits(line.seated, group.people)));
            }
        }

        #[test]
        fn nobody_overtakes_a_group_that_would_have_fitted(seats in 0_i64..30, steps in steps()) {
            let mut line = Line { seats: Seats::Limited(seats), seated: 0, groups: Vec::new() };
            for step in &steps {
                let before = line.waiting();
                let gone = match step {
                    Step::Cancel(which) if !line.groups.is_empty() => Some(line.groups[which % line.groups.len()].0.number),
                    _ => None,
                };
                let up = line.step(step);
                // Without the seats that were given to later ones, would somebody who still waits have fitted?
                for still in line.waiting().iter().filter(|group| before.contains(group) && Some(group.number) != gone) {
                    let later: i64 = up.iter().filter(|group| group.number > still.number).map(|group| group.people).sum();
                    prop_assert!(later == 0 || !line.seats.fits(line.seated - later, still.people), "{still:?} was overtaken");
                }
            }
        }
    }

    #[test]
    fn needs_are_summed_over_registrations() {
        let sums = summed(["wheelchair tay", "wheelchair", "", "unknown"].into_iter());
        assert_eq!(sums, [(Need::Wheelchair, 2), (Need::Tay, 1)]);
    }

    #[test]
    fn a_group_that_does_not_fit_lets_a_smaller_one_by() {
        let waiting = [Group { number: 4, people: 3 }, Group { number: 5, people: 1 }, Group { number: 6, people: 1 }];
        let numbers = |seats, seated| moving_up(seats, seated, &waiting).iter().map(|group| group.number).collect::<Vec<_>>();
        assert_eq!(numbers(Seats::Limited(10), 8), [5, 6]);
        assert_eq!(numbers(Seats::Limited(10), 7), [4]);
        assert_eq!(numbers(Seats::Unlimited, 10), [4, 5, 6]);
    }
}
