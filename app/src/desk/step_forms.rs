//! The forms of the steps, each folded away under its name. Every one carries the version of the case it was shown with.

use super::case::CaseFile;
use super::forms::{ANSWER_CHARS_MAX, COVER, PUBLIC_BODY_CHARS_MAX, QUESTION_CHARS_MAX, REASON_CHARS_MAX};
use super::look::{Beside, Look, Preview};
use super::marks_view::{canned_choice, mark_form, note_form, remind_form, tag_form};
use super::proposal;
use super::steps::Step;
use crate::accounts::second::proof_field;
use crate::accounts::store::Colleague;
use crate::form::FormState;
use crate::papers::store::Paper;
use crate::petitions::barred;
use crate::petitions::rules::Kind;
use crate::redaction::actions::newest;
use crate::redaction::choices;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, PageContext, check_box, icon, select_field, text_area, text_field};
use leptos::prelude::*;

/// The tick that leads from a question on to the letter that asks for supplements.
pub const WITH_LETTER: &str = "with_letter";

/// What a form of a step needs around it.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// The request.
    pub context: &'a PageContext,
    /// The case.
    pub file: &'a CaseFile,
    /// The page this time.
    pub look: &'a Look,
    /// The queue beside it.
    pub beside: &'a Beside,
}

impl Around<'_> {
    /// Where a step's form goes.
    pub fn action(&self, step: Step) -> String {
        self.context.href(&format!("/can-bo/don/{}/{}{}", self.file.case.id, step.code(), self.beside.place.query()))
    }

    /// The page with a step's form unfolded.
    pub fn unfold_href(&self, step: Step) -> String {
        let place = self.beside.place.query();
        self.context.href(&format!("/can-bo/don/{}{place}&buoc={}#buoc-{}", self.file.case.id, step.code(), step.code()))
    }
}

/// A form around its fields, with one button; `quiet` where it is not the page's main action.
pub fn step_form(around: Around<'_>, step: Step, fields: AnyView, buttons: AnyView) -> AnyView {
    view! {
        <form method="post" action=around.action(step) class="stack">
            <input type="hidden" name="version" value=around.file.case.version.to_string() />
            {fields}
            <p class="row">{buttons}</p>
        </form>
    }
    .into_any()
}

/// One button that says what will happen.
pub fn button(around: Around<'_>, key: &'static str, class: &'static str) -> AnyView {
    view! { <button class=class>{around.context.lang.t(key)}</button> }.into_any()
}

/// The steps that are open, apart from those that have a place of their own on the page.
pub fn step_list(around: Around<'_>) -> AnyView {
    let folded: Vec<_> = around.file.open.iter().filter_map(|step| fields_of(around, *step).map(|form| fold(around, *step, form))).collect();
    if folded.is_empty() {
        return ().into_any();
    }
    view! { <section class="stack-s" aria-label=around.context.lang.t("desk.steps")><h2>{around.context.lang.t("desk.steps")}</h2>{folded}</section> }
        .into_any()
}

fn fold(around: Around<'_>, step: Step, form: AnyView) -> AnyView {
    let lang = around.context.lang;
    view! {
        <details class="more" id=format!("buoc-{}", step.code()) open=around.look.is_unfolded(step)>
            <summary>{lang.t(step.key())}</summary>
            {form}
        </details>
    }
    .into_any()
}

fn fields_of(around: Around<'_>, step: Step) -> Option<AnyView> {
    Some(match step {
        Step::Assign => assign(around),
        Step::Answer => answer(around),
        Step::Ask => ask(around),
        Step::Note => note_form(around),
        Step::Mark => mark_form(around),
        Step::Tag => tag_form(around),
        Step::Remind => remind_form(around),
        Step::Publish => publish(around),
        Step::Reclassify => reclassify(around),
        Step::Forward => forward(around),
        Step::Reopen => one_text(around, step, "reopen_reason", "desk.reopen.label", "desk.reopen.hint", REASON_CHARS_MAX),
        Step::Bar => super::bar_forms::bar(around),
        Step::Unbar => super::bar_forms::unbar(around),
        Step::Close => {
            let text = view! { <p>{around.context.lang.t("desk.close.text")}</p> }.into_any();
            step_form(around, step, text, button(around, step.key(), "btn btn-s"))
        }
        Step::Receive | Step::Approve | Step::Return | Step::Release | Step::Identity => return None,
    })
}

/// A form of one text.
pub fn one_text(around: Around<'_>, step: Step, name: &'static str, label: &'static str, hint: &'static str, chars_max: usize) -> AnyView {
    let form = around.look.form(step, FormState::default);
    let look = FieldLook { label, hint: Some(hint), chars_max: Some(chars_max), ..FieldLook::default() };
    let fields = text_area(around.context.lang, &form, name, 4, look);
    step_form(around, step, fields, button(around, step.key(), "btn btn-s"))
}

/// Opening who wrote: the reason, and a fresh proof of who asks.
pub fn identity(around: Around<'_>) -> AnyView {
    let form = around.look.form(Step::Identity, FormState::default);
    let look = FieldLook { label: "desk.reason", hint: Some("desk.person.reason_hint"), chars_max: Some(REASON_CHARS_MAX), ..FieldLook::default() };
    let fields = view! {
        {text_area(around.context.lang, &form, "identity_reason", 4, look)}
        {proof_field(around.context, &form, 0)}
    };
    step_form(around, Step::Identity, fields.into_any(), button(around, Step::Identity.key(), "btn btn-s"))
}

fn ask(around: Around<'_>) -> AnyView {
    let form = around.look.form(Step::Ask, FormState::default);
    let look = FieldLook { label: "desk.ask.label", hint: Some("desk.ask.hint"), chars_max: Some(QUESTION_CHARS_MAX), ..FieldLook::default() };
    let lang = around.context.lang;
    let letter = check_box(&form, WITH_LETTER, lang.t("own_letters.with_letter"), lang.t("own_letters.with_letter_hint"));
    let fields = view! { {canned_choice(around, Step::Ask, &form, "question")}{text_area(lang, &form, "question", 4, look)}{letter} }.into_any();
    step_form(around, Step::Ask, fields, button(around, Step::Ask.key(), "btn btn-s"))
}

fn assign(around: Around<'_>) -> AnyView {
    let (lang, directory, case) = (around.context.lang, &around.context.directory, &around.file.case);
    let proposed = proposal::unit(case, around.file.proposal.as_ref()).filter(|_| case.handler_id.is_none());
    let form = around.look.form(Step::Assign, || {
        let mut form = FormState::default();
        form.set("unit", case.unit_id.as_deref().or(proposed).unwrap_or_default());
        form.set("handler", case.handler_id.clone().unwrap_or_default());
        form
    });
    let units = directory.units_of(&case.body_id).filter(|unit| !barred::has_unit(&case.barred, &unit.id));
    let units = units.map(|unit| (unit.id.clone(), unit.name.clone())).collect();
    let is_free = |person: &&Colleague| !barred::has_account(&case.barred, &person.account_id) && !barred::has_unit(&case.barred, &person.agency_id);
    let handlers = around.file.handlers.iter().filter(is_free).map(|person| {
        let words = format!("{} · {}", person.display_name, directory.agency_name(&person.agency_id));
        (person.account_id.clone(), words)
    });
    let hint = if case.kind == Kind::Denunciation { "desk.assign.hint_sealed" } else { "desk.assign.hint" };
    let fields = view! {
        {around.file.proposal.as_ref().filter(|_| proposed.is_some()).map(|proposal| proposal::line(around, proposal))}
        {select_field(lang, &form, "unit", units, "desk.assign.no_unit", FieldLook { label: "desk.assign.unit", ..FieldLook::default() })}
        {select_field(lang, &form, "handler", handlers.collect(), "desk.assign.no_handler", FieldLook { label: "desk.assign.handler", hint: Some(hint), ..FieldLook::default() })}
    }
    .into_any();
    step_form(around, Step::Assign, fields, button(around, Step::Assign.key(), "btn btn-s"))
}

fn answer(around: Around<'_>) -> AnyView {
    let lang = around.context.lang;
    let form = around.look.form(Step::Answer, || {
        // A draft that was sent back is where the next one begins.
        let mut form = FormState::default();
        if let Some(returned) = around.file.answers.last().filter(|answer| answer.state == "returned") {
            form.set("answer", returned.body.clone());
            form.set("promised_on", returned.promised_on.map(|day| lang.day_short(day)).unwrap_or_default());
        }
        // Or with the answer of a case that is linked as a repeat.
        if let Some(taken) = &around.file.related.answer_taken {
            form.set("answer", taken.clone());
        }
        form
    });
    let look = FieldLook { label: "desk.answer.label", hint: Some("desk.answer.hint"), chars_max: Some(ANSWER_CHARS_MAX), ..FieldLook::default() };
    let preview = around.look.preview.clone().map(|preview| answer_preview(around, preview));
    let may_be_public = around.file.case.kind.can_be_public() && around.file.case.may_publish;
    let text = form.value("answer").to_owned();
    let hiding = may_be_public.then(|| {
        let has_ticks = !choices::ticked(&form, choices::ANSWER).is_empty();
        view! {
            <details class="more" open=!text.is_empty() || has_ticks>
                <summary>{lang.t("redaction.answer.summary")}</summary>
                <p class="small">{lang.t("redaction.answer.text")}</p>
                {choices::boxes(lang, &form, choices::ANSWER, &[&text], &around.file.people)}
            </details>
        }
    });
    let promise = FieldLook { label: "procedure.promise.label", hint: Some("procedure.promise.hint"), is_optional: true, ..FieldLook::default() };
    let fields = view! { {canned_choice(around, Step::Answer, &form, "answer")}{text_area(lang, &form, "answer", 10, look)}{text_field(lang, &form, "promised_on", promise)}{hiding}{preview} }.into_any();
    let buttons = view! {
        <button class="btn btn-s" name="action" value="send">{lang.t("desk.answer.send")}</button>
        <button class="btn btn-s btn-quiet" name="action" value="preview" formaction=format!("{}#buoc-tra-loi", around.action(Step::Answer))>{lang.t("desk.answer.preview")}</button>
    }
    .into_any();
    step_form(around, Step::Answer, fields, buttons)
}

fn answer_preview(around: Around<'_>, preview: Preview) -> AnyView {
    let lang = around.context.lang;
    let Preview::Answer { html, public } = preview else { return ().into_any() };
    let public = public.map(|html| {
        view! {
            <div class="preview">
                <p class="preview-label">{lang.t("redaction.answer.public")}</p>
                <div class="md" inner_html=html></div>
            </div>
        }
    });
    view! {
        <div class="preview" role="status">
            <p class="preview-label">{lang.t("desk.answer.preview_label")}</p>
            <div class="md" inner_html=html></div>
        </div>
        {public}
    }
    .into_any()
}

fn publish(around: Around<'_>) -> AnyView {
    let (lang, file) = (around.context.lang, around.file);
    let form = around.look.form(Step::Publish, || {
        let mut form = FormState::default();
        let (title, body) = match (&file.hidden, &file.public_text) {
            (Some(draft), _) => (draft.title.clone(), draft.body.clone()),
            (_, Some(text)) => (text.title.clone(), text.body.clone()),
            (_, None) => (file.text.title.clone(), file.text.body.clone()),
        };
        form.set("public_title", title);
        form.set("public_body", body);
        if let Some(draft) = &file.hidden {
            choices::set(&mut form, choices::PUBLIC, &draft.hidden);
        }
        for version in file.versions.iter().filter(|version| version.is_proposed || version.is_public) {
            form.set(&photo_field(&version.paper_id), "1");
        }
        form
    });
    let title = FieldLook { label: "desk.publish.title", ..FieldLook::default() };
    let body = FieldLook { label: "desk.publish.body", chars_max: Some(PUBLIC_BODY_CHARS_MAX), ..FieldLook::default() };
    let texts = [form.value("public_title").to_owned(), form.value("public_body").to_owned()];
    let fields = view! {
        <div class="notice warn">{icon(Icon::Warning)}<div><b>{lang.t("desk.publish.warning_title")}</b><p>{lang.t("desk.publish.warning")}</p></div></div>
        {text_field(lang, &form, "public_title", title)}
        {text_area(lang, &form, "public_body", 8, body)}
        {choices::boxes(lang, &form, choices::PUBLIC, &[&texts[0], &texts[1]], &file.people)}
        {public_preview(around)}
        {papers_for_public(around, &form)}
    }
    .into_any();
    let buttons = view! {
        <button class="btn btn-s" name="action" value="send">{lang.t("desk.publish.send")}</button>
        <button class="btn btn-s btn-quiet" name="action" value="preview" formaction=format!("{}#xem-thu-cong-khai", around.action(Step::Publish))>{lang.t("redaction.apply")}</button>
    }
    .into_any();
    step_form(around, Step::Publish, fields, buttons)
}

/// What the citizen wrote beside what the public would read.
fn public_preview(around: Around<'_>) -> AnyView {
    let (lang, file) = (around.context.lang, around.file);
    let Some(Preview::PublicText { title, body }) = around.look.preview.clone() else { return ().into_any() };
    let hidden = around.look.returned.as_ref().map(|(_, form)| choices::ticked(form, choices::PUBLIC)).unwrap_or_default();
    view! {
        <div class="side-by-side" id="xem-thu-cong-khai" role="status">
            <div class="preview">
                <p class="preview-label">{lang.t("desk.original")}</p>
                <p><b>{choices::highlighted(&file.text.title, &hidden)}</b></p>
                <p class="text">{choices::highlighted(&file.text.body, &hidden)}</p>
            </div>
            <div class="preview">
                <p class="preview-label">{lang.t("redaction.preview")}</p>
                <p><b>{choices::marked(&title)}</b></p>
                <p class="text">{choices::marked(&body)}</p>
            </div>
        </div>
        {choices::left(lang, &[&title, &body], &file.people)}
    }
    .into_any()
}

/// The field that chooses a photo for the public.
pub fn photo_field(paper_id: &str) -> String {
    format!("photo_{paper_id}")
}

/// The papers that may go with the public text: photos as they are or covered, PDFs only as pictures of their pages.
fn papers_for_public(around: Around<'_>, form: &FormState) -> AnyView {
    let (lang, file) = (around.context.lang, around.file);
    if file.papers.is_empty() {
        return ().into_any();
    }
    let boxes: Vec<_> = file.papers.iter().enumerate().map(|(i, paper)| paper_for_public(around, form, i + 1, paper)).collect();
    view! { <fieldset class="group"><legend>{lang.t("redaction.papers")}</legend><span class="hint">{lang.t("redaction.papers_hint")}</span>{boxes}</fieldset> }
        .into_any()
}

fn paper_for_public(around: Around<'_>, form: &FormState, number: usize, paper: &Paper) -> AnyView {
    let (lang, file) = (around.context.lang, around.file);
    let case = format!("/can-bo/don/{}", file.case.id);
    let version = newest(&file.versions, &paper.id).filter(|version| version.has_own_bytes());
    let words = match version {
        Some(version) if !version.title.is_empty() => version.title.clone(),
        _ if paper.is_picture() => lang.f("desk.publish.photo", &[("n", &number.to_string())]),
        _ => lang.f("redaction.papers.pdf", &[("n", &number.to_string())]),
    };
    let source = match version {
        Some(version) => around.context.href(&format!("{case}/ban-cong-khai/{}?nho", version.id)),
        None => around.context.href(&format!("{case}/anh/{}/nho", paper.id)),
    };
    let picture = if paper.is_picture() {
        view! { <span class="thumbs"><img src=source alt="" width="72" height="72" loading="lazy" /></span> }.into_any()
    } else {
        icon(Icon::Paper).into_any()
    };
    let state = match version {
        Some(_) => "redaction.papers.covered",
        None if paper.is_picture() => "redaction.papers.plain",
        None => "redaction.papers.pdf_first",
    };
    let name = photo_field(&paper.id);
    let row = view! { <span class="row">{picture}<span>{words}<small>{lang.t(state)}</small></span></span> };
    let line = if paper.is_picture() || version.is_some() {
        view! { <label class="check"><input type="checkbox" name=name.clone() value="1" checked=form.is_ticked(&name) />{row}</label> }.into_any()
    } else {
        view! { <div class="check"><span></span>{row}</div> }.into_any()
    };
    let cover = format!("{COVER}{}", paper.id);
    let key = if paper.is_picture() { "redaction.papers.cover" } else { "redaction.papers.cover_pdf" };
    view! { {line}<p><button class="btn btn-s btn-quiet" name="action" value=cover>{lang.t(key)}</button></p> }.into_any()
}

fn reclassify(around: Around<'_>) -> AnyView {
    let lang = around.context.lang;
    let form = around.look.form(Step::Reclassify, FormState::default);
    let kinds = Kind::ALL.into_iter().filter(|kind| *kind != around.file.case.kind).map(|kind| (kind.code().to_owned(), lang.t(kind.key()).to_owned()));
    let reason = FieldLook { label: "desk.reason", hint: Some("desk.reclassify.hint"), chars_max: Some(REASON_CHARS_MAX), ..FieldLook::default() };
    let fields = view! {
        {select_field(lang, &form, "kind", kinds.collect(), "desk.choose_one", FieldLook { label: "desk.reclassify.kind", ..FieldLook::default() })}
        {text_area(lang, &form, "kind_reason", 3, reason)}
    }
    .into_any();
    step_form(around, Step::Reclassify, fields, button(around, Step::Reclassify.key(), "btn btn-s"))
}

fn forward(around: Around<'_>) -> AnyView {
    let (lang, case) = (around.context.lang, &around.file.case);
    let proposed = proposal::elsewhere(case, around.file.proposal.as_ref());
    let form = around.look.form(Step::Forward, || {
        let mut form = FormState::default();
        if let Some(proposal) = proposed {
            form.set("forward_to", proposal.body_id.clone());
            form.set("forward_reason", proposal.rule.reason(lang));
        }
        form
    });
    let bodies = around.context.directory.bodies().filter(|body| body.id != case.body_id).map(|body| (body.id.clone(), body.name.clone()));
    let reason = FieldLook { label: "desk.reason", hint: Some("desk.forward.hint"), chars_max: Some(REASON_CHARS_MAX), ..FieldLook::default() };
    let fields = view! {
        {proposed.map(|proposal| proposal::line(around, proposal))}
        {select_field(lang, &form, "forward_to", bodies.collect(), "desk.choose_one", FieldLook { label: "desk.forward.to", ..FieldLook::default() })}
        {text_area(lang, &form, "forward_reason", 3, reason)}
    }
    .into_any();
    step_form(around, Step::Forward, fields, button(around, Step::Forward.key(), "btn btn-s"))
}
