//! The stage of a dialogue: which question is being answered, and what became of the others. Pure.
//!
//! ```text
//! queued: take -> now           queued: out -> out
//! now: answered -> answered     now: later -> later       now: back -> queued     now: out -> out
//! later: take -> now            later: answered -> answered                       later: back -> queued
//! answered: take -> now         answered: back -> queued
//! out: back -> queued
//! ```
//!
//! One question at a time. Only what everybody may read comes onto the stage.

use crate::dialogues::questions::rules::Stage;
use crate::dialogues::rules::{Dialogue, State};
use chrono::{DateTime, Duration, NaiveDate, Utc};

/// Longest line to everybody, in characters.
pub const MESSAGE_CHARS_MAX: usize = 200;
/// Longest piece of an answer, in characters.
pub const ANSWER_CHARS_MAX: usize = 5_000;
/// Longest post of whoever answers, in characters.
pub const POST_CHARS_MAX: usize = 200;
/// Longest reason for taking a question out, in characters.
pub const REASON_CHARS_MAX: usize = 500;
/// Pieces of an answer to one question.
pub const ANSWERS_MAX: i64 = 50;
/// How far ahead an answer may be promised, in days: catches a mistyped year.
pub const PROMISED_DAYS_MAX: i64 = 366;
/// The stage can be made ready so long before the dialogue begins.
pub const EARLY: Duration = Duration::hours(2);

/// How far the dialogue itself has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
pub enum Phase {
    /// Nothing has begun. Never in the database.
    #[default]
    Waiting,
    /// It goes on.
    Running,
    /// A break.
    Paused,
    /// It is over.
    Ended,
}

/// What the moderator does with the whole of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Begin, or go on.
    Start,
    /// A break, with a line to everybody.
    Pause(String),
    /// A line to everybody, or none any more.
    Tell(String),
    /// It is over.
    End,
}

/// What the moderator does with one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// It is called up.
    Take,
    /// It was answered on the spot.
    Answered,
    /// It is answered by a day.
    Later(NaiveDate),
    /// It goes back among those that wait.
    Back,
    /// It is taken out, with a reason everybody reads.
    Out(String),
}

/// Why something cannot happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not from here.
    NotNow,
    /// Another question is being answered.
    Another {
        /// Its number.
        number: i64,
    },
    /// The dialogue has not begun, or its result is out.
    Closed,
    /// Not everybody may read it.
    NotPublic,
    /// A reason is needed.
    ReasonNeeded,
    /// The day is past, or too far away.
    DayWrong,
}

/// Whether there is a stage: shortly before the dialogue, while it runs, and until its result is out, for what was not finished.
pub fn has_stage(dialogue: &Dialogue, now: DateTime<Utc>) -> bool {
    match dialogue.state {
        State::Announced => now >= dialogue.facts.begins_at - EARLY,
        State::Held => true,
        State::Draft | State::Published | State::Cancelled => false,
    }
}

/// The phase after a turn.
///
/// # Errors
/// [`Refusal::NotNow`] where it does not fit.
pub fn turned(phase: Phase, turn: &Turn) -> Result<Phase, Refusal> {
    match (phase, turn) {
        (Phase::Waiting | Phase::Paused | Phase::Ended, Turn::Start) => Ok(Phase::Running),
        (Phase::Running, Turn::Pause(_)) => Ok(Phase::Paused),
        (Phase::Running | Phase::Paused, Turn::End) => Ok(Phase::Ended),
        (Phase::Running | Phase::Paused | Phase::Ended, Turn::Tell(_)) => Ok(phase),
        _ => Err(Refusal::NotNow),
    }
}

/// The stage of a question after a move. `on` is the number of the question that is being answered, if another one is.
///
/// # Errors
/// The first [`Refusal`] that stands against it.
pub fn moved(stage: Stage, wanted: &Move, on: Option<i64>, today: NaiveDate) -> Result<Stage, Refusal> {
    use Stage::{Answered, Later, Now, Out, Queued};
    let next = match (stage, wanted) {
        (Queued | Later | Answered, Move::Take) => Now,
        (Now | Later, Move::Answered) => Answered,
        (Now, Move::Later(_)) => Later,
        (Now | Later | Answered | Out, Move::Back) => Queued,
        (Queued | Now, Move::Out(_)) => Out,
        _ => return Err(Refusal::NotNow),
    };
    match wanted {
        Move::Take => on.map_or(Ok(next), |number| Err(Refusal::Another { number })),
        Move::Out(reason) if reason.trim().is_empty() => Err(Refusal::ReasonNeeded),
        Move::Later(day) if *day < today || (*day - today).num_days() > PROMISED_DAYS_MAX => Err(Refusal::DayWrong),
        _ => Ok(next),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogues::rules::tests::announced;
    use proptest::prelude::*;

    fn today() -> NaiveDate {
        "2026-11-26".parse().expect("a day")
    }

    fn moves() -> [Move; 5] {
        [Move::Take, Move::Answered, Move::Later(today()), Move::Back, Move::Out("Không thuộc nội dung".into())]
    }

    /// The diagram above is the table below.
    #[test]
    fn every_move_from_every_stage() {
        let table: Vec<String> = Stage::ALL
            .iter()
            .map(|stage| {
                let to = |wanted: &Move| moved(*stage, wanted, None, today()).map_or("-", Stage::code);
                format!("{}: {}", stage.code(), moves().iter().map(to).collect::<Vec<_>>().join(" "))
            })
            .collect();
        let expected = [
            "queued: now - - - out",
            "now: - answered later queued out",
            "answered: now - - queued -",
            "later: now answered - queued -",
            "out: - - - queued -",
        ];
        assert_eq!(table, expected);
        let docs = include_str!("rules.rs");
        for line in expected {
            let (from, to) = line.split_once(": ").expect("a line");
            for (name, to) in ["take", "answered", "later", "back", "out"].iter().zip(to.split(' ')).filter(|(_, to)| *to != "-") {
                assert!(docs.contains(&format!("{from}: {name} -> {to}")), "the diagram lacks {from}: {name} -> {to}");
            }
        }
    }

    #[test]
    fn one_question_at_a_time_a_reason_and_a_day_that_can_be_kept() {
        assert_eq!(moved(Stage::Queued, &Move::Take, Some(4), today()), Err(Refusal::Another { number: 4 }));
        assert_eq!(moved(Stage::Now, &Move::Out("  ".into()), None, today()), Err(Refusal::ReasonNeeded));
        assert_eq!(moved(Stage::Now, &Move::Later(today() - Duration::days(1)), None, today()), Err(Refusal::DayWrong));
        assert_eq!(moved(Stage::Now, &Move::Later(today() + Duration::days(PROMISED_DAYS_MAX + 1)), None, today()), Err(Refusal::DayWrong));
    }

    #[test]
    fn there_is_a_stage_from_shortly_before_until_the_result_is_out() {
        let dialogue = announced();
        let begins_at = dialogue.facts.begins_at;
        assert!(!has_stage(&dialogue, begins_at - EARLY - Duration::seconds(1)));
        assert!(has_stage(&dialogue, begins_at - EARLY));
        assert!(has_stage(&Dialogue { state: State::Held, ..dialogue.clone() }, begins_at + Duration::days(3)));
        for state in [State::Draft, State::Published, State::Cancelled] {
            assert!(!has_stage(&Dialogue { state, ..dialogue.clone() }, begins_at));
        }
    }

    proptest! {
        /// However moderators press, never are two questions being answered, and everything taken out can come back.
        #[test]
        fn never_two_at_once(presses in proptest::collection::vec((0_usize..4, 0_usize..5), 0..60)) {
            let mut stages = [Stage::Queued; 4];
            for (question, wanted) in presses {
                let on = stages.iter().enumerate().position(|(i, stage)| i != question && *stage == Stage::Now).and_then(|i| i64::try_from(i).ok());
                if let Ok(next) = moved(stages[question], &moves()[wanted], on, today()) {
                    stages[question] = next;
                }
                prop_assert!(stages.iter().filter(|stage| **stage == Stage::Now).count() <= 1);
            }
        }

        /// A dialogue that has begun never becomes one that has not.
        #[test]
        fn what_has_begun_stays_begun(turns in proptest::collection::vec(0_usize..4, 1..30)) {
            let all = [Turn::Start, Turn::Pause(String::new()), Turn::Tell(String::new()), Turn::End];
            let mut phase = Phase::Waiting;
            for turn in turns {
                let before = phase;
                if let Ok(next) = turned(phase, &all[turn]) {
                    phase = next;
                }
                prop_assert!(before == Phase::Waiting || phase != Phase::Waiting);
            }
        }
    }
}
