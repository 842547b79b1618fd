//! The parts of the law on the page of a case: the draft that waits, the steps, the clocks.

use super::{is_possible, of_officials};
use crate::actor::Official;
use crate::desk::case::CaseFile;
use crate::desk::forms::REASON_CHARS_MAX;
use crate::desk::look::Look;
use crate::desk::step_forms::Around;
use crate::desk::steps::Step;
use crate::form::FormState;
use crate::letters::office::Authority;
use crate::letters::views::{For, href};
use crate::permissions::{Action, Role, check};
use crate::petitions::procedure::action;
use crate::petitions::rules::{Case, State, can_close};
use crate::petitions::store::drafts::Draft;
use crate::procedures::clocks::Clock;
use crate::procedures::step::{StepName, Whose};
use crate::procedures::{Refusal, telling};
use crate::ui::clock::{purpose, reckoning};
use crate::ui::fields::FieldLook;
use crate::ui::{PageContext, select_field, text_area, text_field};
use leptos::prelude::*;

/// The steps open to whoever looks, and those that are not, with the reason.
pub struct Steps {
    /// Can be taken now.
    pub open: Vec<StepName>,
    /// Cannot be taken yet, and why.
    pub closed: Vec<(StepName, Refusal)>,
}

/// What the law lets this person do on a case now.
pub fn steps(context: &PageContext, file: &CaseFile) -> Steps {
    let mut steps = Steps { open: Vec::new(), closed: Vec::new() };
    for name in of_officials().filter(|name| check(&context.actor, action(&file.case, *name)).is_ok()) {
        match is_possible(context, &file.case, file.known, name) {
            Ok(()) => steps.open.push(name),
            // What does not belong here, or lies behind, is not news.
            Err(
                Refusal::NotOfThisKind
                | Refusal::OtherWayForKind
                | Refusal::NotNow
                | Refusal::Already
                | Refusal::Over
                | Refusal::DraftWaits
                | Refusal::NotGuidedBefore,
            ) => {}
            Err(refusal) => steps.closed.push((name, refusal)),
        }
    }
    steps
}

/// Where the page of a step stands.
pub fn step_href(around: Around<'_>, name: StepName) -> String {
    around.context.href(&format!("/can-bo/don/{}/thu-tuc/{}{}", around.file.case.id, name.code(), around.beside.place.query()))
}

/// The draft that waits for its signature, with both decisions.
pub fn waiting_draft(around: Around<'_>) -> AnyView {
    let (context, file) = (around.context, around.file);
    let lang = context.lang;
    let Some(draft) = file.waiting_draft() else { return returned_draft(around) };
    let may_sign = check(&context.actor, Action::SignLetter(&file.case, &draft.drafted_by)).is_ok();
    let by = lang.f("procedure.draft.by", &[("who", &draft.drafted_by_name), ("time", &lang.time(draft.drafted_at))]);
    let reason = (!draft.reason.is_empty()).then(|| view! { <p class="text">{lang.f("procedure.draft.reason", &[("reason", &draft.reason)])}</p> });
    view! {
        <section class="card stack" id="ky">
            <h2>{lang.f("procedure.draft.title", &[("step", &of_draft(context, draft))])}</h2>
            <p class="small muted num">{by}</p>
            {reason}
            {draft_letters(around, draft)}
            {may_sign.then(|| decisions(around))}
        </section>
    }
    .into_any()
}

/// "Không thụ lý – Hết thời hiệu…": the step with its facts.
fn of_draft(context: &PageContext, draft: &Draft) -> String {
    let directory = &context.directory;
    telling::with_detail(context.lang, &draft.step, |id| directory.agency_name(id).to_owned())
}

/// The letters that wait, each on its own page to be read before it is signed.
fn draft_letters(around: Around<'_>, draft: &Draft) -> AnyView {
    let context = around.context;
    let items: Vec<_> = around
        .file
        .letters
        .iter()
        .filter(|letter| draft.letters.contains(&letter.id))
        .map(|letter| view! { <li><a href=href(context, letter, For::Officials)>{letter.name.clone()}</a></li> })
        .collect();
    (!items.is_empty()).then(|| view! { <p>{context.lang.t("procedure.draft.letters")}</p><ul>{items}</ul> }).into_any()
}

fn decisions(around: Around<'_>) -> AnyView {
    let (context, file) = (around.context, around.file);
    let lang = context.lang;
    let form = around.look.law_form.clone().unwrap_or_default();
    let path = |last: &str| context.href(&format!("/can-bo/don/{}/{last}{}", file.case.id, around.beside.place.query()));
    let look = FieldLook {
        label: "procedure.draft.return_label",
        hint: Some("procedure.draft.return_hint"),
        chars_max: Some(REASON_CHARS_MAX),
        ..FieldLook::default()
    };
    let is_open = form.error("draft_return_reason", lang).is_some();
    let version = file.case.version.to_string();
    let has_letters = file.waiting_draft().is_some_and(|draft| !draft.letters.is_empty());
    view! {
        <form method="post" action=path("ky") class="stack">
            <input type="hidden" name="version" value=version.clone() />
            {has_letters.then(|| signature_fields(context, &form))}
            <p class="row"><button class="btn btn-s btn-main">{lang.t("procedure.draft.sign")}</button></p>
        </form>
        <details class="more" open=is_open>
            <summary>{lang.t("procedure.draft.return")}</summary>
            <form method="post" action=path("tra-du-thao") class="stack">
                <input type="hidden" name="version" value=version />
                {text_area(lang, &form, "draft_return_reason", 3, look)}
                <p class="row"><button class="btn btn-s">{lang.t("procedure.draft.return")}</button></p>
            </form>
        </details>
    }
    .into_any()
}

/// By what right somebody signs: the head for themselves, an approver in the head's place, unless they say otherwise.
pub fn usual_authority(official: &Official) -> Authority {
    let is_head = official.holdings.iter().any(|holding| holding.role == Role::Head);
    if is_head { Authority::Head } else { Authority::Deputy }
}

/// By what right and in which post somebody signs.
pub fn signature_fields(context: &PageContext, form: &FormState) -> AnyView {
    let lang = context.lang;
    let mut form = form.clone();
    if form.value("authority").is_empty()
        && let Some(official) = context.actor.official()
    {
        form.set("authority", usual_authority(official).code());
    }
    let options = Authority::ALL.iter().map(|authority| (authority.code().to_owned(), lang.t(authority.key()).to_owned())).collect();
    let post = FieldLook { label: "procedure.draft.post", hint: Some("procedure.draft.post_hint"), is_optional: true, ..FieldLook::default() };
    view! {
        {select_field(lang, &form, "authority", options, "desk.choose_one", FieldLook { label: "procedure.draft.authority", ..FieldLook::default() })}
        {text_field(lang, &form, "post", post)}
    }
    .into_any()
}

/// Why the last draft came back, for whoever writes the next one.
fn returned_draft(around: Around<'_>) -> AnyView {
    let last = around.file.drafts.last().filter(|draft| draft.state == "returned" && !draft.return_reason.is_empty());
    let lang = around.context.lang;
    last.map(|draft| view! { <p class="notice warn">{lang.f("procedure.draft.returned", &[("reason", &draft.return_reason)])}</p> }).into_any()
}

/// Where the procedure stands, the steps as links to their pages, the closed ones with the reason.
pub fn procedure(around: Around<'_>, steps: &Steps) -> AnyView {
    let (context, file) = (around.context, around.file);
    let lang = context.lang;
    if file.case.kind.is_opinion() && steps.open.is_empty() && around_the_answer(&file.case).is_empty() {
        return ().into_any();
    }
    let open: Vec<_> = steps
        .open
        .iter()
        .map(|name| {
            let class = if name.whose() == Whose::Signed { "btn btn-s" } else { "btn btn-s btn-quiet" };
            view! { <a class=class href=step_href(around, *name)>{lang.t(name.key())}</a> }
        })
        .collect();
    let closed = steps.closed.iter().map(|(name, refusal)| (name.key(), *refusal)).chain(around_the_answer(&file.case));
    let closed: Vec<_> = closed.map(|(key, refusal)| view! { <li><b>{lang.t(key)}</b>": "{telling::refusal(lang, refusal)}</li> }).collect();
    view! {
        <section class="stack-s" id="thu-tuc">
            <h2>{lang.t("procedure.title")}</h2>
            <p class="row"><span class="tag">{lang.t(file.case.procedure().stage.key())}</span></p>
            {(!open.is_empty()).then(|| view! { <p class="small muted">{lang.t("procedure.open_steps")}</p><p class="row">{open}</p> })}
            {(!closed.is_empty())
                .then(|| view! { <details class="more"><summary>{lang.t("procedure.closed_steps")}</summary><ul class="small">{closed}</ul></details> })}
        </section>
    }
    .into_any()
}

/// Why a case that ends with an answer cannot be answered yet, or not be closed.
fn around_the_answer(case: &Case) -> Vec<(&'static str, Refusal)> {
    let procedure = case.procedure();
    let is_waiting = case.is_open && case.kind.is_answered();
    let answer = is_waiting.then(|| procedure.stage.can_be_answered().err()).flatten().map(|refusal| (Step::Answer.key(), refusal));
    let close = (case.state == State::Answered).then(|| can_close(&procedure).err()).flatten().map(|refusal| (Step::Close.key(), refusal));
    answer.into_iter().chain(close).collect()
}

/// Every clock of the case, newest first, each with its computation.
pub fn clocks(context: &PageContext, clocks: &[Clock], with_agencies: bool) -> AnyView {
    let items: Vec<_> = clocks.iter().rev().map(|clock| one_clock(context, clock, with_agencies)).collect();
    view! { <ul class="clocks stack-s">{items}</ul> }.into_any()
}

fn one_clock(context: &PageContext, clock: &Clock, with_agencies: bool) -> AnyView {
    let lang = context.lang;
    let is_late = clock.is_of_office() && clock.is_late(context.today);
    let class = match (is_late, clock.is_running()) {
        (true, _) => "clock late",
        (false, true) => "clock ok",
        (false, false) => "clock plain",
    };
    let agency = with_agencies
        .then(|| view! { <p class="small muted">{lang.f("procedure.clock.agency", &[("agency", context.directory.agency_name(&clock.agency_id))])}</p> });
    view! {
        <li>
            <p><b>{clock.code.clone()}</b>" "{purpose(context, clock)}</p>
            <p><span class=class>{telling::clock(lang, clock, context.today)}</span></p>
            {agency}
            <details class="small"><summary>{lang.t("procedure.clock.how")}</summary>{reckoning(context, clock)}</details>
        </li>
    }
    .into_any()
}

/// A form that came back, for the page that shows the draft.
pub fn look_with(form: FormState) -> Look {
    Look { law_form: Some(form), ..Look::default() }
}

/// The steps that move a case on, the furthest first: of those that are open the first is the next.
const ONWARD: [StepName; 20] = [
    StepName::Accept,
    StepName::KeepAsInformation,
    StepName::CheckIdentity,
    StepName::Conclude,
    StepName::Decide,
    StepName::HoldDialogue,
    StepName::Invite,
    StepName::ReportVerification,
    StepName::Charge,
    StepName::Resume,
    StepName::Send,
    StepName::ActOn,
    StepName::ReportAction,
    StepName::Publish,
    StepName::Serve,
    StepName::TakeEffect,
    StepName::Execute,
    StepName::Fulfil,
    StepName::TakeUp,
    StepName::Convey,
];

/// What the law has this person do next, with where it is done; none if it is somebody else's turn.
pub fn next(around: Around<'_>, steps: &Steps) -> Option<(&'static str, String)> {
    let (context, file) = (around.context, around.file);
    let lang = context.lang;
    if let Some(draft) = file.waiting_draft() {
        let may_sign = check(&context.actor, Action::SignLetter(&file.case, &draft.drafted_by)).is_ok();
        return may_sign.then(|| (lang.t("procedure.draft.sign"), "#ky".to_owned()));
    }
    ONWARD.into_iter().find(|name| steps.open.contains(name)).map(|name| (lang.t(name.key()), step_href(around, name)))
}

/// The clock that ends first, with its computation.
pub fn due_clock(context: &PageContext, file: &CaseFile) -> AnyView {
    let procedure = file.case.procedure();
    procedure.due().map(|clock| clocks(context, std::slice::from_ref(clock), false)).into_any()
}
