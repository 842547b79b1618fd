//! What must hold for every procedure, the diagrams of the module docs, and the traps of the law by their names.

use super::clocks::{Clock, Times};
use super::step::{Attendance, Finding, Ground, Step, StepName};
use super::{Facts, Procedure, Refusal, Stage, administrative_rule, complaint, denunciation, opinion, praise};
use crate::agencies::import::{self, Files};
use crate::deadlines::Calendar;
use crate::deadlines::rules::Rule;
use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use std::collections::{BTreeSet, HashSet, VecDeque};

/// Periods and days off as the portal ships them.
pub struct Law {
    table: Vec<Rule>,
    calendar: Calendar,
}

impl Law {
    /// The shipped tables.
    pub fn shipped() -> Self {
        let files = Files::built_in();
        Self { table: import::deadline_rules(&files.deadline_rules).expect("rules"), calendar: import::calendar(&files.holidays).expect("days off") }
    }

    fn times(&self, today: NaiveDate) -> Times<'_> {
        Times { today, table: &self.table, calendar: &self.calendar, is_remote: false, agency_id: "a" }
    }

    fn facts<'a>(&'a self, today: NaiveDate, procedure: &'a Procedure) -> Facts<'a> {
        Facts { times: self.times(today), clocks: &procedure.clocks, has_identity: true, are_signatures_complete: true, was_guided: false }
    }

    /// The procedure of a case received on a day.
    fn received(&self, stage: Stage, on: NaiveDate) -> Procedure {
        let last_day = stage.first_rule().map_or(super::NO_PERIOD, |code| self.times(on).start(code, on).expect("a first period").last_day);
        Procedure::begin(stage, on, last_day, "a")
    }

    fn take(&self, procedure: &Procedure, today: &str, step: &Step) -> Result<Procedure, Refusal> {
        procedure.take(step, &self.facts(day(today), procedure))
    }

    /// Takes the steps in order, each on its day.
    fn walk(&self, procedure: Procedure, steps: &[(&str, Step)]) -> Procedure {
        steps.iter().fold(procedure, |now, (today, step)| self.take(&now, today, step).unwrap_or_else(|refusal| panic!("{today} {step:?}: {refusal:?}")))
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn complaint(law: &Law, on: &str) -> Procedure {
    law.received(Stage::Complaint(complaint::State::begin()), day(on))
}

fn denunciation(law: &Law, on: &str) -> Procedure {
    law.received(Stage::Denunciation(denunciation::State::begin()), day(on))
}

fn administrative_rule(law: &Law, on: &str) -> Procedure {
    law.received(Stage::AdministrativeRule(administrative_rule::State::Received), day(on))
}

/// One that was taken up and answered.
fn answered_rule(law: &Law) -> Procedure {
    law.walk(administrative_rule(law, "2026-07-01"), &[("2026-07-02", Step::TakeUp)]).answered(day("2026-07-06"), None)
}

fn running<'a>(procedure: &'a Procedure, code: &str) -> &'a Clock {
    procedure.clocks.iter().find(|clock| clock.code == code && clock.is_running()).unwrap_or_else(|| panic!("{code} does not run"))
}

fn charge() -> Step {
    Step::Charge { unit_id: None, account_id: None }
}

/// Every step with facts that could be right on `today`.
fn every_step(today: NaiveDate) -> Vec<Step> {
    let mut steps = vec![
        Step::RecordReferral,
        Step::CheckIdentity { is_verified: true },
        Step::CheckIdentity { is_verified: false },
        Step::Accept,
        Step::Refuse { ground: Ground::OutOfTime },
        Step::Refuse { ground: Ground::NoBasis },
        Step::Guide,
        Step::GiveBack,
        Step::PassOn { to_body_id: "b".into() },
        Step::KeepAsInformation,
        charge(),
        Step::ReportVerification { differs: false },
        Step::ReportVerification { differs: true },
        Step::Invite { day: today + Days::new(6) },
        Step::HoldDialogue { on: today, attendance: Attendance::All },
        Step::HoldDialogue { on: today, attendance: Attendance::Excused },
        Step::Extend,
        Step::Suspend,
        Step::Resume,
        Step::Terminate,
        Step::ContinueDespite,
        Step::Decide { finding: Finding::Wrong },
        Step::Conclude { finding: Finding::Right },
        Step::TakeEffect,
        Step::GoToCourt,
        Step::Appeal { to_body_id: "b".into() },
        Step::TakeBack,
        Step::MovePromise { to: today + Days::new(9) },
        Step::Confirm,
        Step::SendBack,
        Step::TakeUp,
        Step::Store,
        Step::Convey,
    ];
    let on = today;
    steps.extend([
        Step::Send { on },
        Step::Serve { on },
        Step::Publish { on },
        Step::ActOn { on },
        Step::ReportAction { on },
        Step::Execute { on },
        Step::Fulfil { on },
    ]);
    steps
}

/// A stage and its clocks without the days, so that the same place on different days is one place.
fn place(procedure: &Procedure) -> String {
    let clocks: Vec<_> = procedure.clocks.iter().filter(|clock| clock.is_running()).map(|clock| clock.code.as_str()).collect();
    let text = format!("{:?} {clocks:?}", procedure.stage);
    let mut plain = String::new();
    let mut rest = text.as_str();
    while let Some(found) = rest.find("20") {
        let (before, after) = rest.split_at(found);
        let is_date = after.len() >= 10 && after.as_bytes()[4] == b'-' && after.as_bytes()[7] == b'-';
        let length = if is_date { 10 } else { 2 };
        plain.push_str(before);
        plain.push_str(if is_date { "DAY" } else { &after[..2] });
        rest = &after[length..];
    }
    plain + rest
}

/// Every transition that can be reached from receipt, as "from: step -> to".
fn reachable(law: &Law, begin: Vec<Procedure>) -> BTreeSet<String> {
    let mut seen = HashSet::new();
    let mut transitions = BTreeSet::new();
    let mut open: VecDeque<(Procedure, NaiveDate)> = begin.into_iter().map(|procedure| (procedure, day("2026-07-01"))).collect();
    while let Some((now, today)) = open.pop_front() {
        for later in [0, 1, 6, 70] {
            let today = today + Days::new(later);
            for step in every_step(today) {
                // What depends on an earlier guidance is tried with and without one.
                let facts = law.facts(today, &now);
                let taken = now.take(&step, &facts).or_else(|_| now.take(&step, &Facts { was_guided: true, ..facts }));
                let Ok(next) = taken else { continue };
                transitions.insert(format!("{}: {} -> {}", now.stage.word(), step.name().word(), next.stage.word()));
                // The place, and whether the time that matters there has passed.
                let is_past = next.clocks.iter().any(|clock| clock.is_running() && today > clock.last_day);
                if seen.insert(format!("{} {is_past}", place(&next))) {
                    open.push_back((next, today));
                }
            }
        }
    }
    transitions
}

/// The lines between "```transitions" and "```" of a module's doc.
fn diagram(source: &str) -> BTreeSet<String> {
    let lines = source.lines().map(|line| line.trim_start_matches("//!").trim());
    lines.skip_while(|line| *line != "```transitions").skip(1).take_while(|line| *line != "```").map(str::to_owned).collect()
}

#[test]
fn the_diagrams_of_the_docs_are_what_the_code_allows() {
    let law = Law::shipped();
    let promised =
        Procedure { stage: Stage::Opinion(opinion::answer(&opinion::State::begin(), day("2026-07-01"), Some(day("2026-07-20")))), clocks: Vec::new() };
    let answered = Procedure { stage: Stage::Opinion(opinion::answer(&opinion::State::begin(), day("2026-07-01"), None)), clocks: Vec::new() };
    let all = [
        (include_str!("complaint.rs"), vec![complaint(&law, "2026-07-01")]),
        (include_str!("denunciation.rs"), vec![denunciation(&law, "2026-07-01")]),
        (include_str!("opinion.rs"), vec![answered, promised]),
        (include_str!("administrative_rule.rs"), vec![administrative_rule(&law, "2026-07-01"), answered_rule(&law)]),
        (include_str!("praise.rs"), vec![law.received(Stage::Praise(praise::State::Received), day("2026-07-01"))]),
    ];
    for (source, begin) in all {
        assert_eq!(diagram(source), reachable(&law, begin));
    }
}

#[test]
fn no_step_leads_anywhere_from_a_kind_that_does_not_have_it() {
    let law = Law::shipped();
    let kinds = [
        complaint(&law, "2026-07-01"),
        denunciation(&law, "2026-07-01"),
        law.received(Stage::Opinion(opinion::State::begin()), day("2026-07-01")),
        administrative_rule(&law, "2026-07-01"),
        law.received(Stage::Praise(praise::State::Received), day("2026-07-01")),
    ];
    for procedure in kinds {
        for step in every_step(day("2026-07-02")) {
            // Nothing panics, and what is refused has a sentence.
            if let Err(refusal) = procedure.take(&step, &law.facts(day("2026-07-02"), &procedure)) {
                assert!(refusal.key().starts_with("procedure.refused."));
            }
        }
    }
    let steps: HashSet<StepName> = every_step(day("2026-07-02")).iter().map(Step::name).collect();
    assert_eq!(steps.len(), StepName::ALL.len(), "every step is tried");
}

/// A complaint that differs from what was verified, up to just before its decision.
fn ready_to_decide(law: &Law) -> Procedure {
    law.walk(
        complaint(law, "2026-07-01"),
        &[
            ("2026-07-06", Step::Accept),
            ("2026-07-07", charge()),
            ("2026-07-15", Step::ReportVerification { differs: true }),
            ("2026-07-15", Step::Invite { day: day("2026-07-21") }),
            ("2026-07-21", Step::HoldDialogue { on: day("2026-07-21"), attendance: Attendance::All }),
        ],
    )
}

fn decided(law: &Law) -> Procedure {
    law.walk(ready_to_decide(law), &[("2026-07-30", Step::Decide { finding: Finding::Wrong }), ("2026-07-31", Step::Send { on: day("2026-07-31") })])
}

#[test]
fn trap_01_a_complaint_mixes_working_and_calendar_days() {
    let law = Law::shipped();
    let received = complaint(&law, "2026-07-01");
    assert_eq!(running(&received, "K2").last_day, day("2026-07-10"), "seven working days");
    let accepted = law.walk(received, &[("2026-07-06", Step::Accept)]);
    assert_eq!(running(&accepted, "K3").last_day, day("2026-08-05"), "thirty days, weekends among them");
    let decided = law.walk(ready_to_decide(&law), &[("2026-07-30", Step::Decide { finding: Finding::Right })]);
    assert_eq!(running(&decided, "K5").last_day, day("2026-08-04"), "three working days over a weekend");
}

#[test]
fn trap_02_resolution_counts_from_acceptance_and_the_two_days_after_a_decision_are_two() {
    let law = Law::shipped();
    let served = law.walk(decided(&law), &[("2026-08-10", Step::Serve { on: day("2026-08-10") })]);
    assert_eq!(running(&served, "K10").from, day("2026-07-30"), "in force: from the issue");
    assert_eq!(running(&served, "K6").from, day("2026-08-10"), "the citizen's right: from the receipt");
    assert_eq!(running(&served, "K10").last_day, day("2026-08-31") + Days::new(3), "29/8 is a Saturday, then days off until 2/9");
    assert_eq!(running(&served, "K6").last_day, day("2026-09-09"));
}

#[test]
fn trap_03_a_remote_place_makes_a_complaint_longer_and_a_denunciation_not() {
    let law = Law::shipped();
    let accept = |procedure: &Procedure, is_remote: bool| {
        let facts = law.facts(day("2026-07-06"), procedure);
        procedure.take(&Step::Accept, &Facts { times: Times { is_remote, ..facts.times }, ..facts }).expect("accepted")
    };
    let complaint = complaint(&law, "2026-07-01");
    assert_eq!(running(&accept(&complaint, true), "K3").last_day, day("2026-08-20"), "forty-five days");
    assert_eq!(running(&accept(&complaint, false), "K3").last_day, day("2026-08-05"));
    let verified = law.walk(denunciation(&law, "2026-07-01"), &[("2026-07-02", Step::CheckIdentity { is_verified: true })]);
    assert_eq!(running(&accept(&verified, true), "T5").last_day, running(&accept(&verified, false), "T5").last_day);
}

#[test]
fn trap_04_every_extension_is_a_decision_of_its_own_with_a_reason() {
    let law = Law::shipped();
    assert!(StepName::Extend.needs_reason(), "without a written reason it is void");
    let accepted = law.walk(denunciation(&law, "2026-07-01"), &[("2026-07-02", Step::CheckIdentity { is_verified: true }), ("2026-07-06", Step::Accept)]);
    assert_eq!(running(&accepted, "T5").last_day, day("2026-08-05"));
    let once = law.walk(accepted, &[("2026-08-03", Step::Extend)]);
    assert_eq!(running(&once, "T5").last_day, day("2026-09-04"), "sixty days in all");
    let twice = law.walk(once, &[("2026-09-01", Step::Extend)]);
    assert_eq!(running(&twice, "T5").last_day, day("2026-10-05"), "ninety in all: 4/10 is a Sunday");
    assert_eq!(law.take(&twice, "2026-10-01", &Step::Extend), Err(Refusal::ExtendedFully));
    let accepted = law.walk(complaint(&law, "2026-07-01"), &[("2026-07-06", Step::Accept)]);
    assert_eq!(law.take(&accepted, "2026-08-06", &Step::Extend), Err(Refusal::ExtendedAfterEnd(day("2026-08-05"))), "what has ended is not extended");
}

#[test]
fn trap_05_a_suspension_stops_the_clock_until_the_resumption() {
    let law = Law::shipped();
    let suspended = law.walk(complaint(&law, "2026-07-01"), &[("2026-07-06", Step::Accept), ("2026-07-10", Step::Suspend)]);
    assert!(suspended.due().is_some_and(|clock| clock.code == "K13"), "only the decision to suspend is owed, within three working days");
    assert_eq!(running(&suspended, "K13").last_day, day("2026-07-15"));
    let resumed = law.walk(suspended, &[("2026-07-20", Step::Resume)]);
    // 6/7 + 30 days were 5/8; the eleven days from 10/7 to 20/7 do not count: 16/8 is a Sunday.
    assert_eq!(running(&resumed, "K3").last_day, day("2026-08-17"));
}

#[test]
fn trap_06_make_up_saturdays_work_and_days_off_do_not() {
    let law = Law::shipped();
    assert_eq!(running(&complaint(&law, "2026-08-20"), "K2").last_day, day("2026-08-28"), "Saturday 22/8 is worked");
    assert_eq!(running(&complaint(&law, "2026-08-24"), "K2").last_day, day("2026-09-07"), "31/8 to 2/9 are off");
    assert_eq!(running(&complaint(&law, "2026-11-18"), "K2").last_day, day("2026-11-30"), "24/11 is new");
}

#[test]
fn trap_08_the_rule_is_that_of_the_day_of_the_event() {
    let law = Law::shipped();
    let old = complaint(&law, "2026-06-30");
    assert_eq!(running(&old, "K2").last_day, day("2026-07-10"), "ten days under the old rule");
    assert_eq!(running(&complaint(&law, "2026-07-01"), "K2").last_day, day("2026-07-10"), "seven working days under the new one");
    // The dialogue of an old complaint follows the new decree (Decree 155/2026, Article 22): its rule is picked by its own day.
    let reported = law.walk(old, &[("2026-07-02", Step::Accept), ("2026-07-03", charge()), ("2026-07-10", Step::ReportVerification { differs: true })]);
    assert_eq!(law.take(&reported, "2026-07-10", &Step::Invite { day: day("2026-07-14") }), Err(Refusal::InvitedTooLate(day("2026-07-15"))));
}

#[test]
fn trap_10_an_invitation_goes_out_five_days_before_the_dialogue() {
    let law = Law::shipped();
    let reported = law.walk(
        complaint(&law, "2026-07-01"),
        &[("2026-07-06", Step::Accept), ("2026-07-07", charge()), ("2026-07-15", Step::ReportVerification { differs: true })],
    );
    assert_eq!(law.take(&reported, "2026-07-15", &Step::Invite { day: day("2026-07-19") }), Err(Refusal::InvitedTooLate(day("2026-07-20"))));
    assert!(law.take(&reported, "2026-07-15", &Step::Invite { day: day("2026-07-20") }).is_ok());
}

#[test]
fn trap_12_each_step_has_its_own_lateness() {
    let law = Law::shipped();
    // Accepted a working day late, decided in time, sent late.
    let late = law.walk(
        complaint(&law, "2026-07-01"),
        &[
            ("2026-07-13", Step::Accept),
            ("2026-07-14", charge()),
            ("2026-07-20", Step::ReportVerification { differs: false }),
            ("2026-07-30", Step::Decide { finding: Finding::Right }),
            ("2026-08-06", Step::Send { on: day("2026-08-06") }),
        ],
    );
    let lateness: Vec<(&str, bool)> = late.clocks.iter().map(|clock| (clock.code.as_str(), clock.is_late(day("2026-08-06")))).collect();
    assert_eq!(lateness, [("K2", true), ("K3", false), ("K5", true), ("K10", false)]);
    assert!(late.clocks.iter().all(|clock| clock.agency_id == "a"), "each with whoever had it then");
}

#[test]
fn trap_13_each_kind_has_its_own_steps() {
    let law = Law::shipped();
    let (complaint, denunciation) = (complaint(&law, "2026-07-01"), denunciation(&law, "2026-07-01"));
    assert_eq!(law.take(&complaint, "2026-07-02", &Step::Conclude { finding: Finding::Right }), Err(Refusal::NotOfThisKind));
    assert_eq!(law.take(&denunciation, "2026-07-02", &Step::Invite { day: day("2026-07-20") }), Err(Refusal::NotOfThisKind));
}

#[test]
fn trap_14_not_competent_means_something_else_for_each_kind() {
    let law = Law::shipped();
    let (complaint, denunciation) = (complaint(&law, "2026-07-01"), denunciation(&law, "2026-07-01"));
    let opinion = law.received(Stage::Opinion(opinion::State::begin()), day("2026-07-01"));
    assert!(law.take(&complaint, "2026-07-02", &Step::Guide).is_ok());
    assert_eq!(law.take(&complaint, "2026-07-02", &Step::PassOn { to_body_id: "b".into() }), Err(Refusal::OtherWayForKind));
    let referred = law.walk(complaint, &[("2026-07-02", Step::RecordReferral)]);
    assert_eq!(law.take(&referred, "2026-07-02", &Step::Guide), Err(Refusal::WasReferred), "what a newspaper passed on goes back to it");
    assert!(law.take(&referred, "2026-07-02", &Step::GiveBack).is_ok());
    assert!(law.take(&denunciation, "2026-07-02", &Step::PassOn { to_body_id: "b".into() }).is_ok());
    assert_eq!(law.take(&denunciation, "2026-07-02", &Step::Guide), Err(Refusal::OtherWayForKind));
    assert_eq!(law.take(&opinion, "2026-07-02", &Step::Guide), Err(Refusal::OtherWayForKind));
}

#[test]
fn trap_15_a_denunciation_is_passed_on_once_and_guidance_is_given_once() {
    let law = Law::shipped();
    let passed = law.walk(denunciation(&law, "2026-07-01"), &[("2026-07-02", Step::PassOn { to_body_id: "b".into() })]);
    assert_eq!(running(&passed, "T1").from, day("2026-07-02"), "the new authority's period begins with its receipt");
    assert_eq!(law.take(&passed, "2026-07-03", &Step::PassOn { to_body_id: "c".into() }), Err(Refusal::PassedOnOnce));
    let received = complaint(&law, "2026-07-01");
    let again = Facts { was_guided: true, ..law.facts(day("2026-07-02"), &received) };
    assert_eq!(received.take(&Step::Guide, &again), Err(Refusal::GuidedOnce));
}

#[test]
fn trap_17_a_denunciation_from_the_web_is_neither_accepted_unseen_nor_thrown_away() {
    let law = Law::shipped();
    let received = denunciation(&law, "2026-07-01");
    assert_eq!(law.take(&received, "2026-07-02", &Step::Accept), Err(Refusal::NotVerified));
    let anonymous = law.walk(received, &[("2026-07-02", Step::CheckIdentity { is_verified: false })]);
    assert_eq!(law.take(&anonymous, "2026-07-02", &Step::Accept), Err(Refusal::Anonymous));
    let kept = law.walk(anonymous, &[("2026-07-03", Step::KeepAsInformation)]);
    assert_eq!(kept.owed().count(), 0, "information has no denouncer and none of these clocks");
    let nameless = denunciation(&law, "2026-07-01");
    let facts = Facts { has_identity: false, ..law.facts(day("2026-07-02"), &nameless) };
    assert_eq!(nameless.take(&Step::CheckIdentity { is_verified: true }, &facts), Err(Refusal::NoIdentity));
}

#[test]
fn trap_18_a_group_is_accepted_when_all_have_signed() {
    let law = Law::shipped();
    let received = complaint(&law, "2026-07-01");
    let facts = Facts { are_signatures_complete: false, ..law.facts(day("2026-07-02"), &received) };
    assert_eq!(received.take(&Step::Accept, &facts), Err(Refusal::SignaturesMissing));
}

#[test]
fn trap_19_taking_back_is_an_event_and_a_denunciation_may_go_on() {
    let law = Law::shipped();
    let handled = law.walk(
        denunciation(&law, "2026-07-01"),
        &[
            ("2026-07-02", Step::CheckIdentity { is_verified: true }),
            ("2026-07-06", Step::Accept),
            ("2026-07-07", charge()),
            ("2026-07-20", Step::ReportVerification { differs: false }),
            ("2026-07-21", Step::TakeBack),
        ],
    );
    assert!(running(&handled, "T5").is_running(), "nothing is deleted and nothing stops");
    let conclude = Step::Conclude { finding: Finding::Right };
    assert_eq!(law.take(&handled, "2026-07-22", &conclude), Err(Refusal::WithdrawnFirst));
    assert!(law.take(&handled, "2026-07-22", &Step::Terminate).is_ok());
    let goes_on = law.walk(handled, &[("2026-07-22", Step::ContinueDespite), ("2026-07-23", conclude)]);
    assert_eq!(goes_on.stage.word(), "concluded");
}

#[test]
fn trap_21_an_answer_is_not_the_end() {
    let law = Law::shipped();
    let promised =
        Procedure { stage: Stage::Opinion(opinion::answer(&opinion::State::begin(), day("2026-07-01"), Some(day("2026-07-20")))), clocks: Vec::new() };
    assert_eq!(law.take(&promised, "2026-07-10", &Step::Confirm), Err(Refusal::PromiseOpen(day("2026-07-20"))));
    let moved = law.walk(promised, &[("2026-07-10", Step::MovePromise { to: day("2026-08-20") })]);
    let Stage::Opinion(opinion::State::Promised { first_day, day: now, .. }) = &moved.stage else { panic!("still promised") };
    assert_eq!((*first_day, *now), (day("2026-07-20"), day("2026-08-20")), "the first day stays visible");
    let done = law.walk(moved, &[("2026-08-18", Step::Fulfil { on: day("2026-08-17") })]);
    assert_eq!(law.walk(done, &[("2026-08-19", Step::Confirm)]).stage.word(), "confirmed");
    let executed = law.walk(decided(&law), &[("2026-09-04", Step::TakeEffect), ("2026-09-10", Step::Execute { on: day("2026-09-09") })]);
    assert_eq!(executed.stage.key(), "procedure.stage.complaint.executed");
    assert_eq!(law.take(&decided(&law), "2026-09-03", &Step::TakeEffect), Err(Refusal::NotYetInForce(day("2026-09-03"))));
    assert_eq!(law.take(&decided(&law), "2026-09-03", &Step::Execute { on: day("2026-09-03") }), Err(Refusal::NotInForce));
}

#[test]
fn trap_22_the_dialogue_of_a_complaint_is_a_step_of_it() {
    let law = Law::shipped();
    let reported = |differs| {
        law.walk(complaint(&law, "2026-07-01"), &[("2026-07-06", Step::Accept), ("2026-07-07", charge()), ("2026-07-15", Step::ReportVerification { differs })])
    };
    let decide = Step::Decide { finding: Finding::Right };
    assert!(law.take(&reported(false), "2026-07-16", &decide).is_ok(), "first instance, no difference: no dialogue needed");
    assert_eq!(law.take(&reported(true), "2026-07-16", &decide), Err(Refusal::DialogueFirst));
    let excused = law.walk(
        reported(true),
        &[
            ("2026-07-16", Step::Invite { day: day("2026-07-22") }),
            ("2026-07-22", Step::HoldDialogue { on: day("2026-07-22"), attendance: Attendance::Excused }),
        ],
    );
    assert_eq!(law.take(&excused, "2026-07-23", &decide), Err(Refusal::DialogueFirst), "whoever had a good reason is invited again");
}

#[test]
fn a_second_instance_always_holds_a_dialogue_publishes_and_has_no_third() {
    let law = Law::shipped();
    let served = law.walk(decided(&law), &[("2026-08-10", Step::Serve { on: day("2026-08-10") })]);
    let appeal = Step::Appeal { to_body_id: "b".into() };
    assert_eq!(law.take(&served, "2026-09-10", &appeal), Err(Refusal::AppealTooLate(day("2026-09-09"))));
    let second = law.walk(
        served,
        &[("2026-09-09", appeal.clone()), ("2026-09-14", Step::Accept), ("2026-09-15", charge()), ("2026-09-25", Step::ReportVerification { differs: false })],
    );
    assert_eq!(running(&second, "K7").last_day, day("2026-10-29"), "forty-five days from the second acceptance");
    let decide = Step::Decide { finding: Finding::PartlyRight };
    assert_eq!(law.take(&second, "2026-09-28", &decide), Err(Refusal::DialogueAlways));
    let decided = law.walk(
        second,
        &[
            ("2026-09-28", Step::Invite { day: day("2026-10-05") }),
            ("2026-10-05", Step::HoldDialogue { on: day("2026-10-05"), attendance: Attendance::SomebodyAbsent }),
            ("2026-10-12", decide),
        ],
    );
    assert_eq!(running(&decided, "K8").last_day, day("2026-10-19"), "seven days, not working days");
    assert_eq!(running(&decided, "K9").last_day, day("2026-10-27"));
    assert_eq!(law.take(&decided, "2026-10-20", &appeal), Err(Refusal::NoThirdInstance));
    let published = law.walk(decided, &[("2026-10-13", Step::Send { on: day("2026-10-13") }), ("2026-10-20", Step::Publish { on: day("2026-10-20") })]);
    assert_eq!(published.owed().count(), 0);
}

#[test]
fn who_waits_too_long_may_go_on_to_the_superior() {
    let law = Law::shipped();
    let accepted = law.walk(complaint(&law, "2026-07-01"), &[("2026-07-06", Step::Accept)]);
    let appeal = Step::Appeal { to_body_id: "b".into() };
    assert_eq!(law.take(&accepted, "2026-08-05", &appeal), Err(Refusal::AppealTooEarly(day("2026-08-05"))));
    let second = law.walk(accepted.clone(), &[("2026-08-06", appeal.clone())]);
    assert_eq!(second.stage.key(), "procedure.stage.complaint.intake_second");
    assert_eq!(law.take(&accepted, "2026-09-08", &appeal), Err(Refusal::AppealTooLate(day("2026-09-04"))), "thirty days from the day that passed");
}

/// Found by `clocks_stay_sound`: the notice of acceptance went out while the case stood still, and the resumption weeks later gave
/// the clock that had long ended another last day.
#[test]
fn what_ended_while_the_case_stood_still_is_not_counted_again_when_it_goes_on() {
    let law = Law::shipped();
    let suspended = law.walk(
        denunciation(&law, "2026-07-01"),
        &[("2026-07-02", Step::CheckIdentity { is_verified: true }), ("2026-07-06", Step::Accept), ("2026-07-08", Step::Suspend)],
    );
    let told = law.walk(suspended, &[("2026-07-15", Step::Send { on: day("2026-07-15") })]);
    let notice = |procedure: &Procedure| procedure.clocks.iter().find(|clock| clock.code == "T4").cloned().expect("T4");
    let ended = notice(&told);
    assert_eq!(ended.pauses, [(day("2026-07-08"), day("2026-07-15"))]);
    assert!(!ended.is_late(day("2026-07-15")), "days on which the case stood still do not make the notice late");
    let resumed = law.walk(told, &[("2026-08-03", Step::Resume)]);
    assert_eq!(notice(&resumed), ended, "history is not rewritten");
    assert_eq!(running(&resumed, "T5").pauses, [(day("2026-07-08"), day("2026-08-03"))]);
}

#[test]
fn what_was_late_before_the_case_stood_still_stays_late() {
    let law = Law::shipped();
    let told = law.walk(
        denunciation(&law, "2026-07-01"),
        &[
            ("2026-07-02", Step::CheckIdentity { is_verified: true }),
            ("2026-07-06", Step::Accept),
            ("2026-07-30", Step::Suspend),
            ("2026-07-31", Step::Send { on: day("2026-07-31") }),
        ],
    );
    let notice = told.clocks.iter().find(|clock| clock.code == "T4").expect("T4");
    assert!(notice.is_late(day("2026-07-31")), "its last day was {}", notice.last_day);
}

#[test]
fn a_day_that_was_told_stays_when_a_case_goes_on_after_a_day_off_was_taken_back() {
    let law = Law::shipped();
    let mut accepted = law.walk(complaint(&law, "2026-07-01"), &[("2026-07-06", Step::Accept)]);
    let told = day("2026-12-31");
    accepted.clocks.iter_mut().filter(|clock| clock.code == "K3").for_each(|clock| clock.last_day = told);
    let resumed = law.walk(accepted, &[("2026-07-08", Step::Suspend), ("2026-07-09", Step::Resume)]);
    assert_eq!(running(&resumed, "K3").last_day, told);
}

proptest! {
    /// Whatever is done in whatever order: a clock never ends before it began, one that has ended stays so, and what is over owes
    /// nothing but the sending of the decision that ended it.
    #[test]
    fn clocks_stay_sound(picks in proptest::collection::vec((0_usize..37, 0_u64..12), 0..30), is_complaint in any::<bool>()) {
        let law = Law::shipped();
        let mut now = if is_complaint { complaint(&law, "2026-07-01") } else { denunciation(&law, "2026-07-01") };
        let mut today = day("2026-07-01");
        for (pick, later) in picks {
            today = today + Days::new(later);
            let steps = every_step(today);
            let Ok(next) = now.take(&steps[pick % steps.len()], &law.facts(today, &now)) else { continue };
            for (before, after) in now.clocks.iter().zip(&next.clocks) {
                prop_assert!(before.ended_on.is_none() || before == after, "history is not rewritten");
                prop_assert!(after.last_day >= before.last_day, "no last day moves earlier");
            }
            prop_assert!(next.clocks.len() >= now.clocks.len());
            prop_assert!(next.clocks.iter().all(|clock| clock.last_day >= clock.from && clock.ended_on.is_none_or(|end| end >= clock.from)));
            if next.stage.word() == "over" {
                prop_assert!(next.owed().all(|clock| matches!(clock.code.as_str(), "K13" | "T6")));
            }
            now = next;
        }
    }
}

#[test]
fn a_petition_about_administrative_rules_is_passed_on_within_five_working_days_and_answered_within_ten_of_its_receipt() {
    let law = Law::shipped();
    let received = administrative_rule(&law, "2026-07-01");
    assert_eq!(running(&received, "P1").last_day, day("2026-07-08"), "five working days");
    assert_eq!(received.stage.can_be_answered(), Err(Refusal::NotTakenUp));
    let pass_on = Step::PassOn { to_body_id: "b".into() };
    let passed = law.walk(received.clone(), &[("2026-07-07", pass_on.clone())]);
    assert_eq!(running(&passed, "R1").last_day, day("2026-07-15"), "ten working days from the receipt, not from the forwarding");
    assert!(passed.clocks.iter().all(|clock| clock.code != "P1" || !clock.is_running()));
    assert_eq!(law.take(&passed, "2026-07-08", &pass_on), Err(Refusal::PassedOnOnce), "trap 15: not twice");
    assert_eq!(law.take(&passed, "2026-07-08", &Step::TakeUp), Err(Refusal::Already));
    let taken = law.walk(received, &[("2026-07-02", Step::TakeUp)]);
    assert!(law.take(&taken, "2026-07-03", &pass_on).is_ok(), "taken up by mistake");
}

#[test]
fn the_result_of_a_petition_about_administrative_rules_is_published() {
    let law = Law::shipped();
    let answered = answered_rule(&law);
    assert_eq!(crate::petitions::rules::can_close(&answered), Err(Refusal::NotPublished));
    assert_eq!(law.take(&answered, "2026-07-07", &Step::Publish { on: day("2026-07-05") }), Err(Refusal::BeforeItsCause(day("2026-07-06"))));
    let published = law.walk(answered.clone(), &[("2026-07-07", Step::Publish { on: day("2026-07-07") })]);
    assert_eq!(crate::petitions::rules::can_close(&published), Ok(()));
    assert_eq!(crate::petitions::rules::can_close(&answered.released(day("2026-07-07"))), Ok(()), "so does the public register");
    let back = law.walk(published, &[("2026-07-08", Step::SendBack)]);
    assert_eq!(running(&back, "R1").from, day("2026-07-08"), "sent back, it is answered anew");
}

#[test]
fn trap_13_praise_has_states_of_its_own_and_no_clock() {
    let law = Law::shipped();
    let received = law.received(Stage::Praise(praise::State::Received), day("2026-07-01"));
    assert!(received.clocks.is_empty());
    assert_eq!(received.stage.can_be_answered(), Err(Refusal::NotConveyed));
    let thanked = law.walk(received, &[("2026-09-01", Step::Convey)]).answered(day("2026-09-02"), None);
    assert_eq!(thanked.stage.word(), "thanked");
    assert!(thanked.clocks.is_empty() && thanked.due().is_none());
}

#[test]
fn trap_20_who_was_guided_once_is_not_guided_again_and_the_petition_is_kept() {
    let law = Law::shipped();
    let received = complaint(&law, "2026-07-01");
    let facts = Facts { was_guided: true, ..law.facts(day("2026-07-02"), &received) };
    assert_eq!(received.take(&Step::Guide, &facts), Err(Refusal::GuidedOnce));
    assert_eq!(received.take(&Step::Store, &facts).expect("kept").stage.word(), "over");
    assert_eq!(law.take(&received, "2026-07-02", &Step::Store), Err(Refusal::NotGuidedBefore), "nobody is kept waiting without having been guided");
}
