//! The letters that go out with a step: which ones, their words in the step's form, drafted and issued with it.

use crate::agencies::Directory;
use crate::db::Tx;
use crate::error::Result;
use crate::form::FormState;
use crate::letters::actions::{self, BODY_CHARS_MAX, Known, NewLetter, Signing};
use crate::letters::office::{Authority, date_words};
use crate::letters::places::Place;
use crate::letters::store::{self, Course, Letter, LetterState};
use crate::letters::templates::Addressee;
use crate::petitions::actions::Act;
use crate::petitions::rules::{Case, Kind};
use crate::procedures::step::StepName;
use crate::procedures::{Stage, complaint};
use crate::ui::fields::FieldLook;
use crate::ui::{PageContext, text_area, text_field};
use crate::words::Lang;
use leptos::prelude::*;

/// A letter of a step, with the fields of its words and of whom it is written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LetterOf {
    /// Its template.
    pub code: &'static str,
    /// The field of its words.
    pub field: &'static str,
    /// The field of the addressee; asked for where that is not the sender.
    pub to_field: &'static str,
}

macro_rules! letters {
    ($($code:literal),*) => {
        &[$(LetterOf { code: $code, field: concat!("letter_", $code), to_field: concat!("to_", $code) }),*]
    };
}

/// The letters that go out with a step on a case as it stands. A complaint's second instance has its own.
pub fn of_step(name: StepName, case: &Case) -> &'static [LetterOf] {
    match case.kind {
        Kind::Complaint => of_complaint(name, is_second(case)),
        Kind::Denunciation => of_denunciation(name),
        Kind::AdministrativeRule if name == StepName::PassOn => letters!["transfer", "transfer_notice"],
        Kind::Report | Kind::Recommendation | Kind::AdministrativeRule | Kind::Praise => &[],
    }
}

fn is_second(case: &Case) -> bool {
    let instance = match case.procedure().stage {
        Stage::Complaint(complaint::State::Intake(intake)) => intake.instance,
        Stage::Complaint(complaint::State::Handling(handling) | complaint::State::Suspended { handling }) => handling.instance,
        Stage::Complaint(complaint::State::Decided(decided)) => decided.instance,
        _ => complaint::Instance::First,
    };
    instance == complaint::Instance::Second
}

fn of_complaint(name: StepName, is_second: bool) -> &'static [LetterOf] {
    match name {
        StepName::Accept if is_second => letters!["complaint_acceptance_second"],
        StepName::Accept => letters!["complaint_acceptance"],
        StepName::Refuse => letters!["complaint_refusal"],
        StepName::Guide => letters!["guidance"],
        StepName::GiveBack => letters!["return"],
        StepName::Invite => letters!["dialogue_invitation", "dialogue_invitation_respondent"],
        StepName::HoldDialogue => letters!["dialogue_minutes"],
        StepName::Extend => letters!["extension_notice"],
        StepName::Suspend => letters!["complaint_suspension"],
        StepName::Resume => letters!["complaint_resumption"],
        StepName::Terminate => letters!["complaint_termination"],
        StepName::Decide if is_second => letters!["complaint_decision_second"],
        StepName::Decide => letters!["complaint_decision_first"],
        _ => &[],
    }
}

fn of_denunciation(name: StepName) -> &'static [LetterOf] {
    match name {
        StepName::Accept => letters!["denunciation_acceptance", "denunciation_acceptance_notice", "denunciation_content_notice"],
        StepName::Refuse => letters!["denunciation_refusal"],
        StepName::PassOn => letters!["transfer_denunciation", "transfer_notice_denunciation"],
        StepName::Extend => letters!["denunciation_extension"],
        StepName::Suspend => letters!["denunciation_suspension"],
        StepName::Resume => letters!["denunciation_resumption"],
        StepName::Terminate => letters!["denunciation_termination"],
        StepName::Conclude => letters!["denunciation_conclusion", "denunciation_result"],
        _ => &[],
    }
}

/// The field that names the person denounced. Letters of a denunciation say it more than once.
pub const ACCUSED: &str = "accused";

/// What the step's form and earlier letters of the case tell: who is denounced, the competent authority, number and day of the
/// acceptance, the first decision, the conclusion, the last day after an extension.
async fn known(act: &mut Act<'_>, case: &Case, name: StepName, form: &FormState) -> Result<Known> {
    let letters = store::of_case(act.tx, &case.id).await?;
    let mut known = earlier(&letters);
    let accused = form.value(ACCUSED).trim();
    if !accused.is_empty() {
        known.insert(Place::Accused, accused.to_owned());
    }
    let directory = act.portal.directory();
    if let Some(agency) = directory.agency(form.value("to_body")) {
        known.insert(Place::Competent, agency.name.clone());
    }
    if name == StepName::Extend {
        extension(&directory, crate::clock::day(act.portal.now()), case, &mut known);
    }
    Ok(known)
}

/// The new last day, and by how much the period grows.
fn extension(directory: &Directory, today: chrono::NaiveDate, case: &Case, known: &mut Known) {
    let before = case.procedure();
    let facts = crate::petitions::procedure::Known { has_identity: true, are_signatures_complete: true, was_guided: false };
    let Ok(after) = crate::petitions::procedure::outcome(directory, today, case, facts, &crate::procedures::step::Step::Extend) else { return };
    let longer = before.clocks.iter().zip(&after.clocks).find(|(before, after)| before.last_day != after.last_day);
    let Some((short, long)) = longer else { return };
    let length = |clock: &crate::procedures::clocks::Clock| {
        clock.computed(directory.deadline_rules(), directory.calendar()).map(|(rule, _)| i64::from(rule.length)).unwrap_or_default()
    };
    known.insert(Place::ExtendedTo, date_words(long.last_day));
    known.insert(Place::ExtendedBy, (length(long) - length(short)).to_string());
}

/// What the issued letters of a case tell those that follow.
pub fn earlier(letters: &[Letter]) -> Known {
    let mut known = Known::new();
    for letter in letters.iter().filter(|letter| letter.is_issued()) {
        let (Some(label), Some(at)) = (letter.label.clone(), letter.signed_at) else { continue };
        let day = date_words(crate::clock::day(at));
        match letter.template_code.as_str() {
            "complaint_acceptance" | "complaint_acceptance_second" | "denunciation_acceptance" => {
                known.insert(Place::AcceptedNumber, label);
                known.insert(Place::AcceptedOn, day);
            }
            "complaint_decision_first" => {
                known.insert(Place::FirstDecision, format!("Quyết định số {label} {day}"));
            }
            "denunciation_conclusion" => {
                known.insert(Place::Conclusion, format!("Kết luận số {label} {day}"));
            }
            _ => {}
        }
    }
    known
}

/// Whether the letters of a step name the person denounced.
fn needs_accused(name: StepName, case: &Case) -> bool {
    case.kind == Kind::Denunciation && !of_step(name, case).is_empty() && name != StepName::Refuse
}

/// Fills the words of a step's letters into its form: those of a draft that came back, else those of the templates.
pub async fn prefill(act: &mut Act<'_>, case: &Case, name: StepName, form: &mut FormState) -> Result<()> {
    let letters = store::of_case(act.tx, &case.id).await?;
    if needs_accused(name, case)
        && let Some(last) = letters.last()
        && let Some(text) = store::text(act.tx, &last.id).await?
    {
        form.set(ACCUSED, actions::known(&text)?.remove(&Place::Accused).unwrap_or_default());
    }
    let known = known(act, case, name, form).await?;
    for letter in of_step(name, case) {
        let before = letters.iter().rev().find(|known| known.template_code == letter.code && known.state == LetterState::Draft && known.course == Course::Step);
        let (to, body) = match before {
            Some(before) => store::text(act.tx, &before.id).await?.map(|text| (text.to_name, text.body)).unwrap_or_default(),
            None => (String::new(), actions::prefill(act, case, letter.code, &known).await?),
        };
        form.set(letter.field, body);
        form.set(letter.to_field, to);
    }
    Ok(())
}

/// The templates of a step's letters, in their order: what its form is labelled with.
pub async fn templates(tx: &mut Tx, case: &Case, name: StepName, context: &PageContext) -> Result<Vec<(LetterOf, String, Addressee)>> {
    let mut templates = Vec::new();
    for letter in of_step(name, case) {
        let template = actions::template(tx, letter.code, context.today).await?;
        templates.push((*letter, template.name, template.addressee));
    }
    Ok(templates)
}

/// The fields of a step's letters.
pub fn view(context: &PageContext, case: &Case, name: StepName, templates: &[(LetterOf, String, Addressee)], form: &FormState) -> AnyView {
    let lang = context.lang;
    if templates.is_empty() {
        return ().into_any();
    }
    let fields: Vec<_> = templates
        .iter()
        .map(|(letter, name, addressee)| view! { <fieldset class="group"><legend>{name.clone()}</legend>{words(lang, letter, *addressee, form)}</fieldset> })
        .collect();
    let accused = needs_accused(name, case).then(|| {
        let look = FieldLook { label: "procedure.letter.accused", hint: Some("procedure.letter.accused_hint"), ..FieldLook::default() };
        text_field(lang, form, ACCUSED, look)
    });
    view! { <section class="stack" id="van-ban-soan"><h2>{lang.t("procedure.letters")}</h2><p class="small muted">{lang.t("procedure.letters_hint")}</p>{accused}{fields}</section> }
        .into_any()
}

/// The fields of a letter: to whom, where that is not the sender, and its text.
pub fn words(lang: Lang, letter: &LetterOf, addressee: Addressee, form: &FormState) -> AnyView {
    let to = (addressee != Addressee::Sender).then(|| {
        let look = FieldLook { label: "procedure.letter.to", hint: Some("procedure.letter.to_hint"), ..FieldLook::default() };
        text_field(lang, form, letter.to_field, look)
    });
    let look = FieldLook { label: "procedure.letter.body", chars_max: Some(BODY_CHARS_MAX), ..FieldLook::default() };
    view! { {to}{text_area(lang, form, letter.field, 14, look)} }.into_any()
}

/// The step of the law that a letter goes out with on a case as it stands.
pub fn step_of(code: &str, case: &Case) -> Option<StepName> {
    StepName::ALL.into_iter().find(|name| of_step(*name, case).iter().any(|letter| letter.code == code))
}

fn new_letter(letter: &LetterOf, form: &FormState, known: &Known) -> NewLetter {
    NewLetter {
        template_code: letter.code.to_owned(),
        to: form.value(letter.to_field).trim().to_owned(),
        body: form.value(letter.field).to_owned(),
        known: known.clone(),
    }
}

/// Notes what is wrong with the letters of a step's form. Blanks are filled by whoever drafts: whoever signs reads, and does not write.
pub async fn check(act: &mut Act<'_>, case: &Case, name: StepName, form: &mut FormState) -> Result<()> {
    if needs_accused(name, case) {
        form.required(ACCUSED, "procedure.letter.accused_missing", actions::NAME_CHARS_MAX);
    }
    let known = known(act, case, name, form).await?;
    for letter in of_step(name, case) {
        if let Some(fault) = actions::fault(act, case, &new_letter(letter, form, &known), true).await? {
            let field = if fault == actions::TextFault::NoAddressee { letter.to_field } else { letter.field };
            fault.note(form, field);
        }
    }
    Ok(())
}

/// Writes the drafts of a step's letters, in place of those that came back. Gives their ids.
pub async fn draft(act: &mut Act<'_>, case: &Case, name: StepName, form: &FormState) -> Result<Vec<String>> {
    let letters = store::of_case(act.tx, &case.id).await?;
    let known = known(act, case, name, form).await?;
    for old in letters.iter().filter(|letter| letter.state == LetterState::Draft && letter.course == Course::Step) {
        actions::drop_draft(act, case, &old.id).await?;
    }
    let mut ids = Vec::new();
    for letter in of_step(name, case) {
        ids.push(actions::draft(act, case, &new_letter(letter, form, &known)).await?.id);
    }
    Ok(ids)
}

/// Issues the letters of a draft that is being signed.
///
/// `case` is as it was before the step: its authority writes. `after` is as the step made it. What a citizen is told of them, the step
/// tells.
pub async fn issue(act: &mut Act<'_>, (case, after): (&Case, &Case), ids: &[String], authority: Authority, post: &str) -> Result<()> {
    let (today, directory) = (crate::clock::day(act.portal.now()), act.portal.directory());
    let procedure = after.procedure();
    let resolution = procedure.clocks.iter().rev().find(|clock| clock.is_running() && matches!(clock.code.as_str(), "K3" | "K7" | "T5"));
    let due = resolution.map_or(case.due_on, |clock| clock.last_day);
    let known = Known::from([(Place::Due, date_words(due))]);
    let circumstances = directory.circumstances(&case.area_code, today);
    let mut recorded = after.clone();
    for id in ids {
        let signing = Signing { authority, post: post.to_owned(), circumstances: circumstances.clone(), known: known.clone() };
        let issued = actions::issue(act, case, id, &signing).await?;
        recorded = actions::record_issued(act, &recorded, &issued, false).await?;
    }
    Ok(())
}
