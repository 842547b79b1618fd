//! Counting at the door. Every press has an id its phone gave it: sent again after a lost connection, it counts once.

use super::rules::{self, GROUP_MAX, REGISTRATIONS_MAX};
use super::store::halls;
use super::store::presses::{self, Press};
use crate::db::Tx;
use crate::dialogues::rules::Dialogue;
use crate::error::{AppError, Result};
use crate::permissions::{Action, check};
use crate::petitions::actions::Act;
use std::fmt::Write;

/// Presses in one sending: the phone sends the rest after it.
pub const PRESSES_MAX: usize = 200;
/// Most people without a registration in one press.
const WALK_INS_MAX: i64 = 50;
/// What stands in place of a number for people without a registration.
pub const WALK: &str = "walk";

/// Who has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Came {
    /// Numbers of registrations with how many people came.
    pub arrived: Vec<(i64, i64)>,
    /// People without a registration.
    pub walk_ins: i64,
}

impl Came {
    /// Who has come to a dialogue.
    pub async fn of(tx: &mut Tx, dialogue_id: &str) -> Result<Self> {
        let walk_ins = halls::of(tx, dialogue_id).await?.map_or(0, |hall| hall.walk_ins);
        Ok(Self { arrived: presses::arrived(tx, dialogue_id, REGISTRATIONS_MAX).await?, walk_ins })
    }

    /// People who had registered.
    pub fn registered(&self) -> i64 {
        self.arrived.iter().map(|(_, people)| people).sum()
    }

    /// All of them.
    pub fn people(&self) -> i64 {
        self.registered() + self.walk_ins
    }

    /// As the door's script reads it: a line for each, people without a registration first.
    pub fn lines(&self) -> String {
        let mut text = format!("{WALK} {}\n", self.walk_ins);
        for (number, people) in &self.arrived {
            if writeln!(text, "{number} {people}").is_err() {
                break;
            }
        }
        text
    }
}

/// A press as it is sent: its id, the number or [`WALK`], how many.
pub fn read(line: &str) -> Option<Press> {
    let mut words = line.split(' ');
    let (id, who, people) = (words.next()?, words.next()?, words.next()?);
    let people: i64 = people.parse().ok()?;
    let number = if who == WALK { None } else { Some(who.parse().ok()?) };
    let fits = match number {
        Some(_) => (0..=GROUP_MAX).contains(&people),
        None => (-WALK_INS_MAX..=WALK_INS_MAX).contains(&people),
    };
    (crate::id::is_sent_id(id) && words.next().is_none() && fits).then(|| Press { id: id.to_owned(), number, people })
}

/// Counts presses. What was counted before, and what names nobody, changes nothing.
///
/// # Errors
/// [`AppError::NotFound`] for whoever may not; [`AppError::Conflict`] on another day than the dialogue's.
pub async fn count(act: &mut Act<'_>, dialogue: &Dialogue, sent: &[Press]) -> Result<()> {
    check(act.actor, Action::KeepAttendance(&dialogue.body_id))?;
    let account_id = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let now = act.portal.now();
    if !rules::is_door_open(dialogue, crate::clock::day(now)) {
        return Err(AppError::Conflict);
    }
    let mut hall = halls::lock(act.tx, &dialogue.id).await?;
    for press in sent.iter().take(PRESSES_MAX) {
        if !presses::note(act.tx, &dialogue.id, press, &account_id, now).await? {
            continue;
        }
        match press.number {
            Some(number) => {
                presses::arrive(act.tx, &dialogue.id, number, press.people, now).await?;
            }
            // Taken back more often than pressed: nobody is nobody.
            None => hall.walk_ins = (hall.walk_ins + press.people).max(0),
        }
    }
    halls::put(act.tx, &hall).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_press_is_read_or_left_out() {
        assert_eq!(read("a-1 12 3"), Some(Press { id: "a-1".into(), number: Some(12), people: 3 }));
        assert_eq!(read("a-1 walk -1"), Some(Press { id: "a-1".into(), number: None, people: -1 }));
        // The least number there is has no positive twin: taking its absolute value ended the request.
        assert_eq!(read("a-1 walk -9223372036854775808"), None);
        for wrong in ["", "a-1", "a-1 12", "a-1 12 -1", "a-1 12 99", "a-1 walk 999", "a'1 12 1", "a-1 12 1 1", "a-1 x 1"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_came_is_told_in_lines() {
        let came = Came { arrived: vec![(3, 2), (17, 1)], walk_ins: 5 };
        assert_eq!((came.registered(), came.people(), came.lines().as_str()), (3, 8, "walk 5\n3 2\n17 1\n"));
    }
}
