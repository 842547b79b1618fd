//! What the form of a step asks for, how it looks, and how it is read.

use crate::agencies::Directory;
use crate::deadlines::pages::day;
use crate::desk::case::CaseFile;
use crate::desk::forms::REASON_CHARS_MAX;
use crate::form::FormState;
use crate::petitions::barred;
use crate::petitions::rules::Kind;
use crate::procedures::step::{Attendance, Finding, Ground, Step, StepName};
use crate::ui::fields::FieldLook;
use crate::ui::{PageContext, select_field, text_area, text_field};
use chrono::NaiveDate;
use leptos::prelude::*;

/// A part of a step's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Verified,
    Ground,
    Body,
    Handler,
    Differs,
    Day,
    Attendance,
    Finding,
}

/// What a step asks for, besides the reason.
fn parts(name: StepName, kind: Kind) -> &'static [Part] {
    match name {
        StepName::CheckIdentity => &[Part::Verified],
        StepName::Refuse => &[Part::Ground],
        StepName::PassOn => &[Part::Body],
        StepName::Charge => &[Part::Handler],
        StepName::ReportVerification if kind == Kind::Complaint => &[Part::Differs],
        StepName::HoldDialogue => &[Part::Day, Part::Attendance],
        StepName::Decide | StepName::Conclude => &[Part::Finding],
        StepName::Invite
        | StepName::Send
        | StepName::Serve
        | StepName::Publish
        | StepName::ActOn
        | StepName::ReportAction
        | StepName::Execute
        | StepName::MovePromise
        | StepName::Fulfil => &[Part::Day],
        _ => &[],
    }
}

/// The fields of a step's form.
pub fn view(context: &PageContext, file: &CaseFile, name: StepName, form: &FormState) -> AnyView {
    let lang = context.lang;
    let fields: Vec<_> = parts(name, file.case.kind).iter().map(|part| one(context, file, *part, form)).collect();
    let reason = name.needs_reason().then(|| {
        let look =
            FieldLook { label: "procedure.field.reason", hint: Some("procedure.field.reason_hint"), chars_max: Some(REASON_CHARS_MAX), ..FieldLook::default() };
        text_area(lang, form, "law_reason", 4, look)
    });
    view! { {fields}{reason} }.into_any()
}

fn one(context: &PageContext, file: &CaseFile, part: Part, form: &FormState) -> AnyView {
    let (lang, case) = (context.lang, &file.case);
    let pair = |code: &str, key: &'static str| (code.to_owned(), lang.t(key).to_owned());
    let list = |name: &'static str, label: &'static str, options: Vec<(String, String)>| {
        select_field(lang, form, name, options, "desk.choose_one", FieldLook { label, ..FieldLook::default() })
    };
    match part {
        Part::Verified => {
            let options = vec![pair("yes", "procedure.field.verified_yes"), pair("no", "procedure.field.verified_no")];
            list("verified", "procedure.field.verified", options)
        }
        Part::Ground => list("ground", "procedure.field.ground", grounds(case.kind).iter().map(|ground| pair(ground.code(), ground.key())).collect()),
        Part::Body => {
            let bodies = context.directory.bodies().filter(|body| body.id != case.body_id).map(|body| (body.id.clone(), body.name.clone()));
            list("to_body", "procedure.field.body", bodies.collect())
        }
        Part::Handler => {
            let units = context.directory.units_of(&case.body_id).map(|unit| (unit.id.clone(), unit.name.clone())).collect();
            let people = file.handlers.iter().map(|person| {
                let words = format!("{} · {}", person.display_name, context.directory.agency_name(&person.agency_id));
                (person.account_id.clone(), words)
            });
            view! {
                {select_field(lang, form, "unit", units, "desk.assign.no_unit", FieldLook { label: "procedure.field.unit", ..FieldLook::default() })}
                {select_field(lang, form, "handler", people.collect(), "desk.assign.no_handler", FieldLook { label: "procedure.field.handler", ..FieldLook::default() })}
            }
            .into_any()
        }
        Part::Differs => list("differs", "procedure.field.differs", vec![pair("no", "procedure.field.differs_no"), pair("yes", "procedure.field.differs_yes")]),
        Part::Day => {
            let look = FieldLook { label: "procedure.field.day", hint: Some("procedure.field.day_hint"), ..FieldLook::default() };
            text_field(lang, form, "day", look)
        }
        Part::Attendance => list("attendance", "procedure.field.attendance", Attendance::ALL.iter().map(|one| pair(one.code(), one.key())).collect()),
        Part::Finding => list("finding", "procedure.field.finding", Finding::ALL.iter().map(|one| pair(one.code(), one.key())).collect()),
    }
}

fn grounds(kind: Kind) -> &'static [Ground] {
    if kind == Kind::Complaint { &Ground::OF_COMPLAINTS } else { &Ground::OF_DENUNCIATIONS }
}

/// What a form says to begin with: today's date where a day is asked for that has usually come, who has the case where it is given.
pub fn fresh(context: &PageContext, file: &CaseFile, name: StepName) -> FormState {
    let mut form = FormState::default();
    if parts(name, file.case.kind).contains(&Part::Day) && !matches!(name, StepName::Invite | StepName::MovePromise) {
        form.set("day", context.lang.day_short(context.today));
    }
    if name == StepName::Charge {
        form.set("unit", file.case.unit_id.clone().unwrap_or_default());
        form.set("handler", file.case.handler_id.clone().unwrap_or_default());
    }
    form
}

/// A step as its form says it, with the reason. `None` if something is wrong with it; the form says what.
pub fn parse(name: StepName, form: &mut FormState, file: &CaseFile, directory: &Directory) -> Option<(Step, String)> {
    let kind = file.case.kind;
    let step = match name {
        StepName::CheckIdentity => Step::CheckIdentity { is_verified: yes_or_no(form, "verified", "procedure.field.verified_missing") },
        StepName::Refuse => Step::Refuse { ground: ground(form, kind) },
        StepName::PassOn => {
            let to_body_id = form.value("to_body").to_owned();
            if !directory.bodies().any(|body| body.id == to_body_id && body.id != file.case.body_id) {
                form.wrong("to_body", "procedure.field.body_missing");
            } else if barred::has_body(&file.case.barred, &to_body_id) {
                form.wrong("to_body", "routing.forward.barred");
            }
            Step::PassOn { to_body_id }
        }
        StepName::Charge => charge(form, file, directory),
        StepName::ReportVerification if kind == Kind::Complaint => {
            Step::ReportVerification { differs: yes_or_no(form, "differs", "procedure.field.differs_missing") }
        }
        StepName::ReportVerification => Step::ReportVerification { differs: false },
        StepName::Invite => Step::Invite { day: a_day(form) },
        StepName::HoldDialogue => {
            let on = a_day(form);
            let came = Attendance::ALL.into_iter().find(|one| one.code() == form.value("attendance"));
            if came.is_none() {
                form.wrong("attendance", "procedure.field.attendance_missing");
            }
            Step::HoldDialogue { on, attendance: came.unwrap_or(Attendance::All) }
        }
        StepName::Decide => Step::Decide { finding: finding(form) },
        StepName::Conclude => Step::Conclude { finding: finding(form) },
        StepName::Send => Step::Send { on: a_day(form) },
        StepName::Serve => Step::Serve { on: a_day(form) },
        StepName::Publish => Step::Publish { on: a_day(form) },
        StepName::ActOn => Step::ActOn { on: a_day(form) },
        StepName::ReportAction => Step::ReportAction { on: a_day(form) },
        StepName::Execute => Step::Execute { on: a_day(form) },
        StepName::MovePromise => Step::MovePromise { to: a_day(form) },
        StepName::Fulfil => Step::Fulfil { on: a_day(form) },
        // The rest has no facts of its own: the example is the step.
        name => super::example(name, &file.case, directory.today()),
    };
    let reason = if name.needs_reason() { form.required("law_reason", "procedure.field.reason_missing", REASON_CHARS_MAX) } else { String::new() };
    form.is_valid().then_some((step, reason))
}

fn yes_or_no(form: &mut FormState, field: &'static str, missing: &'static str) -> bool {
    if !matches!(form.value(field), "yes" | "no") {
        form.wrong(field, missing);
    }
    form.value(field) == "yes"
}

fn ground(form: &mut FormState, kind: Kind) -> Ground {
    let all = grounds(kind);
    let chosen = all.iter().copied().find(|ground| ground.code() == form.value("ground"));
    if chosen.is_none() {
        form.wrong("ground", "procedure.field.ground_missing");
    }
    chosen.unwrap_or(all[0])
}

fn finding(form: &mut FormState) -> Finding {
    let chosen = Finding::ALL.into_iter().find(|finding| finding.code() == form.value("finding"));
    if chosen.is_none() {
        form.wrong("finding", "procedure.field.finding_missing");
    }
    chosen.unwrap_or(Finding::Wrong)
}

fn a_day(form: &mut FormState) -> NaiveDate {
    let typed = day(form.value("day").trim());
    if typed.is_none() {
        form.wrong("day", "procedure.field.day_missing");
    }
    typed.unwrap_or_default()
}

fn charge(form: &mut FormState, file: &CaseFile, directory: &Directory) -> Step {
    let chosen = |field: &str| Some(form.value(field).to_owned()).filter(|value| !value.is_empty());
    let (unit_id, account_id) = (chosen("unit"), chosen("handler"));
    let is_unit = unit_id.as_deref().is_none_or(|id| directory.units_of(&file.case.body_id).any(|unit| unit.id == id));
    let person = account_id.as_deref().and_then(|id| file.handlers.iter().find(|person| person.account_id == id));
    if !is_unit {
        form.wrong("unit", "desk.assign.unit_unknown");
    }
    let barred = file.case.barred.as_str();
    if unit_id.as_deref().is_some_and(|id| barred::has_unit(barred, id)) {
        form.wrong("unit", "routing.assign.barred");
    }
    if person.is_some_and(|person| barred::has_account(barred, &person.account_id) || barred::has_unit(barred, &person.agency_id)) {
        form.wrong("handler", "routing.assign.barred");
    }
    if account_id.is_some() && person.is_none() {
        form.wrong("handler", "desk.assign.handler_unknown");
    }
    // A denunciation is seen by name only: a unit alone would be nobody.
    let needs_person = file.case.kind == Kind::Denunciation;
    if account_id.is_none() && (unit_id.is_none() || needs_person) {
        form.wrong("handler", "procedure.field.handler_missing");
    }
    let of_person = person.map(|person| person.agency_id.clone()).filter(|id| *id != file.case.body_id);
    Step::Charge { unit_id: unit_id.or(of_person), account_id }
}
