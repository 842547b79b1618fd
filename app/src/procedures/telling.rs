//! Steps, refusals and clocks in words.

use super::clocks::Clock;
use super::refusal::Refusal;
use super::step::{Attendance, Finding, Step};
use crate::words::Lang;
use chrono::NaiveDate;

/// Why a step cannot be taken, with the rule's name.
pub fn refusal(lang: Lang, refusal: Refusal) -> String {
    match refusal.day() {
        Some(day) => lang.f(refusal.key(), &[("day", &lang.day_short(day))]),
        None => lang.t(refusal.key()).to_owned(),
    }
}

/// What an official did, in the record: the step with its facts.
pub fn recorded(lang: Lang, who: &str, step: &Step, agency_name: impl Fn(&str) -> String) -> String {
    lang.f("procedure.by", &[("who", who), ("step", &with_detail(lang, step, agency_name))])
}

/// The step with its facts: "Không thụ lý – Hết thời hiệu mà không có lý do chính đáng".
pub fn with_detail(lang: Lang, step: &Step, agency_name: impl Fn(&str) -> String) -> String {
    let name = lang.t(step.name().key());
    match detail(lang, step, agency_name) {
        Some(detail) => format!("{name} – {detail}"),
        None => name.to_owned(),
    }
}

/// The facts only this step has.
fn detail(lang: Lang, step: &Step, agency_name: impl Fn(&str) -> String) -> Option<String> {
    let day = |day: &NaiveDate| Some(lang.day_short(*day));
    match step {
        Step::CheckIdentity { is_verified: true } => Some(lang.t("procedure.field.verified_yes").to_owned()),
        Step::CheckIdentity { .. } => Some(lang.t("procedure.field.verified_no").to_owned()),
        Step::Refuse { ground } => Some(lang.t(ground.key()).to_owned()),
        Step::PassOn { to_body_id } | Step::Appeal { to_body_id } => Some(agency_name(to_body_id)),
        Step::Charge { unit_id, .. } => unit_id.as_deref().map(agency_name),
        Step::Invite { day: on } | Step::MovePromise { to: on } => day(on),
        Step::HoldDialogue { on, attendance } => Some(format!("{}, {}", lang.day_short(*on), lang.t(attendance.key()))),
        Step::Decide { finding } | Step::Conclude { finding } => Some(lang.t(finding.key()).to_owned()),
        Step::Send { on }
        | Step::Serve { on }
        | Step::Publish { on }
        | Step::ActOn { on }
        | Step::ReportAction { on }
        | Step::Execute { on }
        | Step::Fulfil { on } => day(on),
        _ => None,
    }
}

/// What happened, for the citizen and the public: the agency, never a person. Empty for steps that say nothing to them.
pub fn told(lang: Lang, agency: &str, step: &Step, agency_name: impl Fn(&str) -> String) -> String {
    let by = |key: &'static str| lang.f(key, &[("agency", agency)]);
    let dated = |key: &'static str, day: NaiveDate| lang.f(key, &[("agency", agency), ("day", &lang.day_short(day))]);
    let found = |key: &'static str, finding: Finding| lang.f(key, &[("agency", agency), ("finding", lang.t(finding.key()))]);
    let plain = |key: &'static str| lang.t(key).to_owned();
    match step {
        Step::CheckIdentity { .. } => by("procedure.told.check_identity"),
        Step::Accept => by("procedure.told.accept"),
        Step::Refuse { .. } => by("procedure.told.refuse"),
        Step::Guide => by("procedure.told.guide"),
        Step::GiveBack => by("procedure.told.give_back"),
        Step::PassOn { to_body_id } => lang.f("procedure.told.pass_on", &[("agency", agency), ("to", &agency_name(to_body_id))]),
        Step::KeepAsInformation => by("procedure.told.keep_as_information"),
        Step::Invite { day } => dated("procedure.told.invite", *day),
        Step::HoldDialogue { attendance: Attendance::Excused, .. } => plain("procedure.told.hold_dialogue_excused"),
        Step::HoldDialogue { .. } => plain("procedure.told.hold_dialogue"),
        Step::Extend => by("procedure.told.extend"),
        Step::Suspend => by("procedure.told.suspend"),
        Step::Resume => by("procedure.told.resume"),
        Step::Terminate => by("procedure.told.terminate"),
        Step::ContinueDespite => by("procedure.told.continue_despite"),
        Step::Decide { finding } => found("procedure.told.decide", *finding),
        Step::Conclude { finding } => found("procedure.told.conclude", *finding),
        Step::Publish { .. } => by("procedure.told.publish"),
        Step::ActOn { .. } => by("procedure.told.act_on"),
        Step::ReportAction { .. } => by("procedure.told.report_action"),
        Step::TakeEffect => plain("procedure.told.take_effect"),
        Step::Execute { .. } => plain("procedure.told.execute"),
        Step::GoToCourt => plain("procedure.told.go_to_court"),
        Step::Appeal { to_body_id } => lang.f("procedure.told.appeal", &[("to", &agency_name(to_body_id))]),
        Step::TakeBack => plain("procedure.told.take_back"),
        Step::MovePromise { to } => dated("procedure.told.move_promise", *to),
        Step::Fulfil { .. } => by("procedure.told.fulfil"),
        Step::Confirm => plain("procedure.told.confirm"),
        Step::SendBack => plain("procedure.told.send_back"),
        Step::TakeUp => by("procedure.told.take_up"),
        Step::Convey => by("procedure.told.convey"),
        Step::Store => by("procedure.told.store"),
        Step::RecordReferral | Step::Charge { .. } | Step::ReportVerification { .. } | Step::Send { .. } | Step::Serve { .. } => String::new(),
    }
}

/// How a clock stands: "đến 7/12/2026", "xong 3/12/2026", "trễ, hạn là …".
pub fn clock(lang: Lang, clock: &Clock, today: NaiveDate) -> String {
    let at = |key: &'static str, day: NaiveDate| lang.f(key, &[("day", &lang.day_short(day))]);
    match (clock.ended_on, clock.paused_since) {
        (Some(day), _) if clock.is_late(today) && clock.is_of_office() => at("procedure.clock.done_late", day),
        (Some(day), _) => at("procedure.clock.done", day),
        (None, Some(since)) => at("procedure.clock.paused", since),
        (None, None) if clock.is_late(today) && clock.is_of_office() => at("procedure.clock.late", clock.last_day),
        (None, None) => at("procedure.clock.running", clock.last_day),
    }
}
