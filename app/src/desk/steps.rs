//! The steps an official can take on a case, and which of them are open to whom right now. Pure.
//!
//! A step is offered where both say yes: the permission (`permissions::check`) and the rule (`rules::apply`). The action checks
//! both again; what is offered here is only never a dead end.

use crate::actor::Actor;
use crate::error::Result;
use crate::permissions::{Action, check};
use crate::petitions::barred::{self, Party};
use crate::petitions::rules::{self, Case, Event, Kind, State};
use chrono::NaiveDate;

/// A step on a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Tiếp nhận.
    Receive,
    /// Giao.
    Assign,
    /// Trả lời: draft an answer for the second person.
    Answer,
    /// Duyệt trả lời.
    Approve,
    /// Trả lại bản thảo.
    Return,
    /// Hỏi người dân.
    Ask,
    /// Soạn bản công khai.
    Publish,
    /// Duyệt bản công khai.
    Release,
    /// Ghi chú nội bộ.
    Note,
    /// Phân loại lại.
    Reclassify,
    /// Chuyển cơ quan khác.
    Forward,
    /// Kết thúc.
    Close,
    /// Mở lại.
    Reopen,
    /// Mở thông tin người gửi.
    Identity,
    /// Ghi người bị phản ánh, khiếu nại, tố cáo.
    Bar,
    /// Bỏ ghi.
    Unbar,
    /// Đánh dấu: complex, many people, prolonged, publicly noted.
    Mark,
    /// Gắn nhãn.
    Tag,
    /// Đôn đốc.
    Remind,
}

impl Step {
    /// All steps, in the order they are shown.
    pub const ALL: [Self; 19] = [
        Self::Receive,
        Self::Assign,
        Self::Approve,
        Self::Return,
        Self::Release,
        Self::Answer,
        Self::Ask,
        Self::Publish,
        Self::Note,
        Self::Reclassify,
        Self::Forward,
        Self::Close,
        Self::Reopen,
        Self::Identity,
        Self::Bar,
        Self::Unbar,
        Self::Mark,
        Self::Tag,
        Self::Remind,
    ];

    /// The last part of its address.
    pub fn code(self) -> &'static str {
        match self {
            Self::Receive => "nhan",
            Self::Assign => "giao",
            Self::Answer => "tra-loi",
            Self::Approve => "duyet",
            Self::Return => "tra-lai",
            Self::Ask => "hoi",
            Self::Publish => "cong-khai",
            Self::Release => "duyet-cong-khai",
            Self::Note => "ghi-chu",
            Self::Reclassify => "phan-loai",
            Self::Forward => "chuyen",
            Self::Close => "ket-thuc",
            Self::Reopen => "mo-lai",
            Self::Identity => "thong-tin",
            Self::Bar => "nguoi-bi-neu",
            Self::Unbar => "bo-nguoi-bi-neu",
            Self::Mark => "danh-dau",
            Self::Tag => "gan-nhan",
            Self::Remind => "don-doc",
        }
    }

    /// The step of that code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.code() == code)
    }

    /// Key of its name, as a button says it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Receive => "desk.step.receive",
            Self::Assign => "desk.step.assign",
            Self::Answer => "desk.step.answer",
            Self::Approve => "desk.step.approve",
            Self::Return => "desk.step.return",
            Self::Ask => "desk.step.ask",
            Self::Publish => "desk.step.publish",
            Self::Release => "desk.step.release",
            Self::Note => "desk.step.note",
            Self::Reclassify => "desk.step.reclassify",
            Self::Forward => "desk.step.forward",
            Self::Close => "desk.step.close",
            Self::Reopen => "desk.step.reopen",
            Self::Identity => "desk.step.identity",
            Self::Bar => "routing.step.bar",
            Self::Unbar => "routing.step.unbar",
            Self::Mark => "day.step.mark",
            Self::Tag => "day.step.tag",
            Self::Remind => "day.step.remind",
        }
    }

    /// Key of the sentence after it was done.
    pub fn done_key(self) -> &'static str {
        match self {
            Self::Receive => "desk.done.receive",
            Self::Assign => "desk.done.assign",
            Self::Answer => "desk.done.answer",
            Self::Approve => "desk.done.approve",
            Self::Return => "desk.done.return",
            Self::Ask => "desk.done.ask",
            Self::Publish => "desk.done.publish",
            Self::Release => "desk.done.release",
            Self::Note => "desk.done.note",
            Self::Reclassify => "desk.done.reclassify",
            Self::Forward => "desk.done.forward",
            Self::Close => "desk.done.close",
            Self::Reopen => "desk.done.reopen",
            Self::Identity => "desk.done.identity",
            Self::Bar => "routing.done.bar",
            Self::Unbar => "routing.done.unbar",
            Self::Mark => "day.done.mark",
            Self::Tag => "day.done.tag",
            Self::Remind => "day.done.remind",
        }
    }

    /// The key of the keyboard that leads to it.
    pub fn shortcut(self) -> Option<&'static str> {
        match self {
            Self::Assign => Some("a"),
            Self::Answer => Some("r"),
            _ => None,
        }
    }
}

/// What of a case, beside its row, decides which steps are open.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Who drafted the answer that waits.
    pub waiting_answer_by: Option<String>,
    /// Who proposed the public text that waits.
    pub waiting_public_text_by: Option<String>,
    /// Whether there is a public text, waiting or out.
    pub has_public_text: bool,
    /// Whether the sender left anything about themselves.
    pub has_person: bool,
}

/// Whether somebody's role allows a step on a case, whatever state it is in.
///
/// # Errors
/// Those of [`check`].
pub fn permit(step: Step, actor: &Actor, case: &Case, facts: &Facts) -> Result<()> {
    let author = |known: &Option<String>| known.clone().unwrap_or_default();
    match step {
        Step::Receive | Step::Assign | Step::Reclassify | Step::Forward | Step::Bar | Step::Unbar => check(actor, Action::Triage(case)),
        Step::Answer | Step::Ask | Step::Publish => check(actor, Action::Handle(case)),
        Step::Approve | Step::Return => check(actor, Action::ApproveAnswer(case, &author(&facts.waiting_answer_by))),
        Step::Release => check(actor, Action::ApprovePublicText(case, &author(&facts.waiting_public_text_by))),
        Step::Note => check(actor, Action::Note(case)),
        Step::Close | Step::Reopen => check(actor, Action::Close(case)),
        Step::Identity => check(actor, Action::SeeIdentity(case)),
        Step::Mark => check(actor, Action::Mark(case)),
        Step::Tag => check(actor, Action::Tag(case)),
        Step::Remind => check(actor, Action::Remind(case)),
    }
}

/// Whether the case stands so that the step can be taken.
pub fn fits(step: Step, case: &Case, facts: &Facts) -> bool {
    let id = String::new;
    let (event, has_matter) = match step {
        Step::Receive => (Event::Received, true),
        Step::Assign => (Event::Assigned { unit_id: None, handler_id: None }, true),
        Step::Answer => (Event::AnswerProposed { answer_id: id() }, true),
        Step::Approve | Step::Return => (Event::AnswerReturned { answer_id: id() }, facts.waiting_answer_by.is_some()),
        Step::Ask => (Event::Asked { message_id: id() }, true),
        Step::Publish => (Event::PublicTextProposed, true),
        Step::Release => (Event::Released { number: 1, words: None }, facts.waiting_public_text_by.is_some()),
        Step::Note => (Event::Noted { note_id: id() }, true),
        Step::Reclassify => (Event::Reclassified { from: case.kind, to: another(case.kind), note_id: id(), due_on: None }, true),
        Step::Forward => (Event::Forwarded { from_body_id: case.body_id.clone(), to_body_id: format!("not {}", case.body_id), note_id: id() }, true),
        Step::Close => (Event::Closed, true),
        Step::Reopen => (Event::Reopened { due_on: NaiveDate::default(), note_id: id() }, true),
        Step::Identity => (Event::IdentityOpened { note_id: id() }, facts.has_person && case.kind != Kind::Denunciation),
        Step::Bar => (Event::Barred { parties: vec!["a:-".to_owned()], note_id: id() }, true),
        Step::Unbar => (Event::Unbarred { parties: barred::parties(&case.barred).iter().map(Party::token).collect(), note_id: id() }, true),
        // Of four marks one can always be put or taken away.
        Step::Mark | Step::Tag => (Event::Tagged { tag_id: id() }, true),
        Step::Remind => (Event::Reminded { unit_id: None, handler_id: None, note_id: id() }, true),
    };
    has_matter && rules::apply(case, &event, case.changed_at).is_ok()
}

/// Whether a step is open to somebody: both say yes.
pub fn is_open(step: Step, actor: &Actor, case: &Case, facts: &Facts) -> bool {
    fits(step, case, facts) && permit(step, actor, case, facts).is_ok()
}

fn another(kind: Kind) -> Kind {
    if kind == Kind::Report { Kind::Recommendation } else { Kind::Report }
}

/// All steps open to somebody, in the order they are shown.
pub fn open_steps(actor: &Actor, case: &Case, facts: &Facts) -> Vec<Step> {
    Step::ALL.into_iter().filter(|step| is_open(*step, actor, case, facts)).collect()
}

/// The step that moves the case on, among those open to this person; none if it is somebody else's turn.
pub fn next_step(case: &Case, open: &[Step], facts: &Facts) -> Option<Step> {
    let wanted: &[Step] = match case.state {
        State::Submitted => &[Step::Receive],
        State::Received => &[Step::Assign, Step::Answer],
        State::Assigned | State::Waiting => &[Step::Answer],
        State::Proposed => &[Step::Approve],
        State::Answered if facts.waiting_public_text_by.is_some() => &[Step::Release, Step::Close],
        State::Answered if !facts.has_public_text => &[Step::Publish, Step::Close],
        State::Answered => &[Step::Close],
        State::Closed | State::Withdrawn => &[],
    };
    let release = Some(Step::Release).filter(|step| open.contains(step));
    wanted.iter().copied().find(|step| open.contains(step)).or(release)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::{Holding, Official};
    use crate::permissions::Role;
    use crate::petitions::rules::tests::case;

    fn holder(account: &str, role: Role, agency: &str) -> Actor {
        let holding = Holding { role, agency_id: agency.into(), agency_name: agency.into(), body_id: "b".into() };
        Actor::Official(Official { account_id: account.into(), name: account.into(), holdings: vec![holding] })
    }

    fn names(actor: &Actor, case: &Case, facts: &Facts) -> String {
        open_steps(actor, case, facts).into_iter().map(Step::code).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_handler_answers_and_the_intake_sorts() {
        let case = case(Kind::Report, "b", Some("u"), Some("ha"));
        let facts = Facts { has_person: true, ..Facts::default() };
        assert_eq!(names(&holder("ha", Role::Handler, "u"), &case, &facts), "tra-loi hoi cong-khai ghi-chu thong-tin danh-dau gan-nhan");
        assert_eq!(names(&holder("an", Role::Intake, "b"), &case, &facts), "giao ghi-chu phan-loai chuyen thong-tin nguoi-bi-neu danh-dau gan-nhan don-doc");
        assert_eq!(names(&holder("du", Role::Approver, "b"), &case, &facts), "ghi-chu danh-dau gan-nhan don-doc");
    }

    #[test]
    fn the_second_person_is_offered_the_approval_and_the_first_is_not() {
        let mut case = case(Kind::Report, "b", Some("u"), Some("em"));
        case.state = State::Proposed;
        let facts = Facts { waiting_answer_by: Some("em".into()), ..Facts::default() };
        let (head, approver) = (holder("em", Role::Head, "b"), holder("du", Role::Approver, "b"));
        assert!(!open_steps(&head, &case, &facts).contains(&Step::Approve), "the head drafted it");
        let open = open_steps(&approver, &case, &facts);
        assert_eq!(next_step(&case, &open, &facts), Some(Step::Approve));
    }

    #[test]
    fn a_denunciation_is_never_offered_for_the_public() {
        let case = case(Kind::Denunciation, "b", Some("u"), Some("ha"));
        assert!(!open_steps(&holder("ha", Role::Handler, "u"), &case, &Facts::default()).contains(&Step::Publish));
    }
}
