//! Who has a case in hand as it stands: whom a reminder goes to, and whose lateness it is (domain.md trap 12). Pure.

use super::rules::{Case, State};

/// Who must do the next thing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Responsible {
    /// Intake: nobody has taken it up, or nobody was given it.
    Intake,
    /// This unit; perhaps a person of it.
    Unit(String),
    /// A person without a unit.
    Person(String),
    /// Whoever approves: an answer waits for the second person.
    Approver,
    /// Nobody: no answer is owed.
    Nobody,
}

impl Responsible {
    /// Of a case.
    pub fn of(case: &Case) -> Self {
        Self::in_state(case.state, case.unit_id.as_deref(), case.handler_id.as_deref())
    }

    /// Of a case in a state, with its unit and person.
    pub fn in_state(state: State, unit_id: Option<&str>, handler_id: Option<&str>) -> Self {
        match state {
            state if !state.is_open() => Self::Nobody,
            State::Submitted => Self::Intake,
            State::Proposed => Self::Approver,
            _ => match (unit_id, handler_id) {
                (Some(unit), _) => Self::Unit(unit.to_owned()),
                (None, Some(person)) => Self::Person(person.to_owned()),
                (None, None) => Self::Intake,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::petitions::rules::Kind;
    use crate::petitions::rules::tests::case;

    /// Trap 12: lateness belongs to whoever had the step, not to whoever the case was given to first.
    #[test]
    fn trap_12_who_is_late_follows_the_step() {
        let mut case = case(Kind::Report, "a", Some("roads"), Some("ha"));
        assert_eq!(Responsible::of(&case), Responsible::Unit("roads".into()));
        case.state = State::Proposed;
        assert_eq!(Responsible::of(&case), Responsible::Approver, "the unit has done its part");
        case.state = State::Submitted;
        assert_eq!(Responsible::of(&case), Responsible::Intake);
        case.state = State::Answered;
        assert_eq!(Responsible::of(&case), Responsible::Nobody);
    }
}
