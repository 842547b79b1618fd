//! Which letters fit a case as it stands, outside the steps of the law. Pure.

use crate::desk::law::letters::step_of;
use crate::letters::own::REMINDER;
use crate::letters::store::Letter;
use crate::petitions::rules::{Case, Kind, State};
use crate::procedures::step::StepName;
use chrono::{Days, NaiveDate};

/// Giấy biên nhận.
pub const RECEIPT: &str = "receipt";
/// Yêu cầu bổ sung.
pub const SUPPLEMENT: &str = "supplement_request";
/// Thông báo tiến độ.
pub const INTERIM: &str = "interim";
/// Trả lời.
pub const REPLY: &str = "reply";
const WITHDRAWAL: &str = "withdrawal_confirmation";
const EXTENSION: &str = "extension_notice";
/// Letters that tell where else a petition goes.
const ONWARD: [&str; 3] = ["guidance", "transfer", "transfer_notice"];

/// The end is far, so that a word in between is due: the last day lies at least so many days ahead …
const FAR_DAYS: u64 = 10;
/// … and so many days passed since the citizen last heard by letter, or filed.
const QUIET_DAYS: u64 = 7;

/// Whether a letter can be drafted now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It can.
    Fits,
    /// It goes out with that step and is drafted there.
    WithStep(StepName),
    /// Not now.
    NotNow(Why),
    /// It has nothing to do with the case as it stands.
    Foreign,
}

/// Why a letter cannot be drafted now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nothing is owed any more.
    Over,
    /// The citizen has not taken it back.
    NotTakenBack,
    /// There is no answer it could carry.
    NotAnswered,
    /// The last day has not passed.
    NotLate,
    /// The clock stands still: there is no last day to tell.
    Suspended,
    /// The period was not extended.
    NotExtended,
    /// Only whoever receives or heads may remind.
    NotYours,
}

impl Why {
    /// Key of its words in the catalogues.
    pub fn key(self) -> &'static str {
        match self {
            Self::Over => "own_letters.why.over",
            Self::NotTakenBack => "own_letters.why.not_taken_back",
            Self::NotAnswered => "own_letters.why.not_answered",
            Self::NotLate => "own_letters.why.not_late",
            Self::Suspended => "own_letters.why.suspended",
            Self::NotExtended => "own_letters.why.not_extended",
            Self::NotYours => "own_letters.why.not_yours",
        }
    }
}

/// Who drafts, as far as it decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drafter {
    /// They may remind whoever has the case in hand.
    pub may_remind: bool,
    /// They are of the authority above, and a late step was put before them.
    pub is_above: bool,
}

/// Whether the letter of a template fits a case today.
pub fn fit(code: &str, case: &Case, today: NaiveDate, drafter: Drafter) -> Fit {
    if drafter.is_above {
        return if code == REMINDER { late(case, today) } else { Fit::Foreign };
    }
    if let Some(step) = step_of(code, case) {
        return Fit::WithStep(step);
    }
    let is_over = matches!(case.state, State::Closed | State::Withdrawn);
    match code {
        RECEIPT if is_over => Fit::NotNow(Why::Over),
        RECEIPT | SUPPLEMENT | INTERIM if case.is_suspended() => Fit::NotNow(Why::Suspended),
        RECEIPT => Fit::Fits,
        SUPPLEMENT | INTERIM if !case.is_open => Fit::NotNow(Why::Over),
        SUPPLEMENT | INTERIM => Fit::Fits,
        REMINDER if !drafter.may_remind => Fit::NotNow(Why::NotYours),
        REMINDER => late(case, today),
        REPLY if matches!(case.state, State::Answered | State::Closed) => Fit::Fits,
        REPLY => Fit::NotNow(Why::NotAnswered),
        WITHDRAWAL if case.state == State::Withdrawn => Fit::Fits,
        WITHDRAWAL => Fit::NotNow(Why::NotTakenBack),
        EXTENSION if case.kind != Kind::Denunciation => Fit::Foreign,
        EXTENSION if is_extended(case) => Fit::Fits,
        EXTENSION => Fit::NotNow(Why::NotExtended),
        code if ONWARD.contains(&code) && case.kind.is_opinion() && case.is_open => Fit::Fits,
        code if ONWARD.contains(&code) && case.kind.is_opinion() => Fit::NotNow(Why::Over),
        _ => Fit::Foreign,
    }
}

fn late(case: &Case, today: NaiveDate) -> Fit {
    match () {
        () if !case.is_open => Fit::NotNow(Why::Over),
        () if case.due_on >= today => Fit::NotNow(Why::NotLate),
        () => Fit::Fits,
    }
}

fn is_extended(case: &Case) -> bool {
    case.procedure().owed().any(|clock| clock.complexity != crate::deadlines::rules::Complexity::Usual)
}

/// The letters that are worth a word on the page of the case: what somebody would draft next.
pub fn suggested(case: &Case, letters: &[Letter], today: NaiveDate, drafter: Drafter) -> Vec<&'static str> {
    let fits = |code: &&str| fit(code, case, today, drafter) == Fit::Fits;
    let has = |code: &str| letters.iter().any(|letter| letter.template_code == code);
    let wanted = [
        (RECEIPT, matches!(case.state, State::Submitted | State::Received) && !has(RECEIPT)),
        (SUPPLEMENT, case.state == State::Waiting && !has(SUPPLEMENT)),
        (INTERIM, is_end_far(case, letters, today)),
        (REPLY, case.state == State::Answered && !has(REPLY)),
        (REMINDER, !has(REMINDER)),
        (WITHDRAWAL, !has(WITHDRAWAL)),
        (EXTENSION, !has(EXTENSION)),
    ];
    wanted.into_iter().filter(|(_, is_wanted)| *is_wanted).map(|(code, _)| code).filter(fits).collect()
}

/// Whether the end is so far and the silence so long that the citizen should hear how it goes.
pub fn is_end_far(case: &Case, letters: &[Letter], today: NaiveDate) -> bool {
    let heard = letters.iter().filter(|letter| letter.is_for_sender()).filter_map(|letter| letter.signed_at).map(crate::clock::day);
    let heard = heard.max().unwrap_or(case.received_on);
    let is_handled = case.is_open && case.state != State::Submitted && !case.is_suspended();
    is_handled && case.last_day().is_some_and(|day| day >= today + Days::new(FAR_DAYS)) && heard + Days::new(QUIET_DAYS) <= today
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letters::templates::built_in;
    use crate::petitions::rules::tests::case;

    const OFFICE: Drafter = Drafter { may_remind: true, is_above: false };

    fn of(kind: Kind, state: State, due_in: i64) -> (Case, NaiveDate) {
        let mut case = case(kind, "a", Some("u"), None);
        case.state = state;
        case.is_open = state.is_open();
        let today = case.received_on + Days::new(30);
        case.due_on = today + chrono::Duration::days(due_in);
        (case, today)
    }

    fn fitting(case: &Case, today: NaiveDate, drafter: Drafter) -> Vec<String> {
        let all = built_in().expect("templates").into_iter().filter(|template| template.fits(case.kind));
        all.filter(|template| fit(&template.code, case, today, drafter) == Fit::Fits).map(|template| template.code).collect()
    }

    #[test]
    fn each_stage_has_its_letters_and_the_rest_says_why_not() {
        let (open, today) = of(Kind::Report, State::Assigned, 5);
        assert_eq!(fitting(&open, today, OFFICE), ["receipt", "guidance", "supplement_request", "transfer", "transfer_notice", "interim"]);
        let (late, today) = of(Kind::Report, State::Assigned, -1);
        assert!(fitting(&late, today, OFFICE).contains(&"reminder".to_owned()));
        assert_eq!(fit("reminder", &late, today, Drafter { may_remind: false, ..OFFICE }), Fit::NotNow(Why::NotYours));
        assert_eq!(fit("reminder", &open, today, OFFICE), Fit::NotNow(Why::NotLate));
        let (answered, today) = of(Kind::Report, State::Answered, -1);
        assert_eq!(fitting(&answered, today, OFFICE), ["receipt", "reply"]);
        let (withdrawn, today) = of(Kind::Report, State::Withdrawn, 5);
        assert_eq!(fitting(&withdrawn, today, OFFICE), ["withdrawal_confirmation"]);
        assert_eq!(fit("reply", &open, today, OFFICE), Fit::NotNow(Why::NotAnswered));
    }

    #[test]
    fn what_the_law_sends_with_a_step_is_drafted_there() {
        let (complaint, today) = of(Kind::Complaint, State::Assigned, 5);
        assert_eq!(fit("complaint_acceptance", &complaint, today, OFFICE), Fit::WithStep(StepName::Accept));
        assert_eq!(fit("guidance", &complaint, today, OFFICE), Fit::WithStep(StepName::Guide), "once, by law");
        assert_eq!(fit("complaint_acceptance_second", &complaint, today, OFFICE), Fit::Foreign, "not in the first instance");
        let (denunciation, today) = of(Kind::Denunciation, State::Assigned, 5);
        assert_eq!(fit("extension_notice", &denunciation, today, OFFICE), Fit::NotNow(Why::NotExtended));
        assert_eq!(fitting(&denunciation, today, OFFICE), ["receipt", "supplement_request", "interim"]);
    }

    /// Whatever fits from above is the reminder: the superior has not taken the case over.
    #[test]
    fn from_above_there_are_only_reminders_of_what_is_late() {
        let above = Drafter { may_remind: true, is_above: true };
        for kind in Kind::ALL {
            let (late, today) = of(kind, State::Assigned, -1);
            assert_eq!(fitting(&late, today, above), ["reminder"], "{kind:?}");
            let (in_time, today) = of(kind, State::Assigned, 0);
            assert!(fitting(&in_time, today, above).is_empty(), "{kind:?}");
        }
    }

    #[test]
    fn where_the_end_is_far_an_interim_answer_is_suggested_once_in_a_while() {
        let (far, today) = of(Kind::Complaint, State::Assigned, 20);
        assert_eq!(suggested(&far, &[], today, OFFICE), [INTERIM]);
        let (near, today) = of(Kind::Complaint, State::Assigned, 9);
        assert!(suggested(&near, &[], today, OFFICE).is_empty());
        let (new, today) = of(Kind::Report, State::Submitted, 9);
        assert_eq!(suggested(&new, &[], today, OFFICE), [RECEIPT]);
    }
}
