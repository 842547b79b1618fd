//! The forms of what can be done with a question, the likeliest first.

use super::desk_pages::View;
use super::desk_question_path;
use super::look::{by_line, reason_key, supports_words};
use super::moderation::CASE_KINDS;
use super::rules::{ANSWER_CHARS_MAX, BODY_CHARS_MAX, REASON_CHARS_MAX, Reason, State};
use crate::form::FormState;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, choice, icon, select_field, text_area, text_field};
use leptos::prelude::*;

fn look(label: &'static str, hint: Option<&'static str>) -> FieldLook {
    FieldLook { label, hint, ..FieldLook::default() }
}

/// Everything that can be done next.
pub(super) fn deeds(view: &View<'_>, form: &FormState) -> AnyView {
    let (lang, question) = (view.context.lang, &view.question);
    let is_off = question.is_off_stage();
    let mut deeds: Vec<AnyView> = Vec::new();
    let section =
        |title: &'static str, content: AnyView| view! { <section class="card stack"><h2 class="title-s">{lang.t(title)}</h2>{content}</section> }.into_any();
    let folded = |title: &'static str, content: AnyView| view! { <details class="card more"><summary>{lang.t(title)}</summary>{content}</details> }.into_any();
    match question.state {
        State::Waiting => {
            deeds.push(section(open_title(view), open(view, form)));
            if !question.is_private {
                deeds.push(folded("questions.deed.link", link(view, form)));
            }
            deeds.push(folded("questions.deed.refuse", refuse(view, form)));
        }
        State::Open => {
            if !question.is_private {
                deeds.push(folded("questions.deed.edit", open(view, form)));
            }
            if is_off && !question.is_private {
                deeds.push(folded("questions.deed.link", link(view, form)));
            }
            if is_off {
                deeds.push(folded("questions.deed.refuse", refuse(view, form)));
            }
        }
        State::Refused => deeds.push(folded(open_title(view), open(view, form))),
        State::Linked => {
            let text = view! { <p class="small">{lang.t("questions.deed.unlink.text")}</p> }.into_any();
            deeds.push(section("questions.deed.unlink", deed_form(view, "unlink", text, "questions.deed.unlink.button", "btn")));
        }
        State::Sealed | State::Withdrawn => return view! { <p class="notice info">{lang.t("questions.deed.none")}</p> }.into_any(),
    }
    if matches!(question.state, State::Waiting | State::Open | State::Linked) {
        deeds.push(folded("questions.deed.group", group(view, form)));
        deeds.push(folded("questions.deed.give", give(view, form)));
    }
    if matches!(question.state, State::Waiting | State::Open) {
        deeds.push(folded("questions.deed.draft", draft(view, form)));
    }
    if question.case_id.is_none() {
        deeds.push(folded("questions.deed.case", make_case(view, form)));
    }
    deeds.push(folded("questions.deed.tie", tie(view, form)));
    deeds.push(folded("questions.deed.seal", seal(view, form)));
    deeds.into_any()
}

fn open_title(view: &View<'_>) -> &'static str {
    if view.question.is_private { "questions.deed.take" } else { "questions.deed.open" }
}

/// The form every deed of a question is sent with.
fn deed_form(view: &View<'_>, deed: &'static str, fields: AnyView, button: &'static str, class: &'static str) -> AnyView {
    let lang = view.context.lang;
    view! {
        <form method="post" action=lang.href(&desk_question_path(&view.dialogue.id, view.question.number)) class="stack" novalidate>
            <input type="hidden" name="version" value=view.question.version.to_string() />
            <input type="hidden" name="deed" value=deed />
            {fields}
            <p><button class=class>{lang.t(button)}</button></p>
        </form>
    }
    .into_any()
}

fn open(view: &View<'_>, form: &FormState) -> AnyView {
    let lang = view.context.lang;
    if view.question.is_private {
        let text = view! { <p class="small">{lang.t("questions.deed.take.text")}</p> }.into_any();
        return deed_form(view, "open", text, "questions.deed.take.button", "btn btn-main");
    }
    let text = FieldLook { chars_max: Some(BODY_CHARS_MAX), ..look("questions.deed.text", Some("questions.deed.text.hint")) };
    // The topic is set in a form of its own and goes along as it is.
    let fields = view! { {text_area(lang, form, "public_text", 6, text)} };
    let button = if view.question.state == State::Open { "questions.deed.edit.button" } else { "questions.deed.open.button" };
    deed_form(view, "open", fields.into_any(), button, "btn btn-main")
}

fn refuse(view: &View<'_>, form: &FormState) -> AnyView {
    let lang = view.context.lang;
    let reasons = Reason::ALL.iter().map(|reason| (reason.code().to_owned(), lang.t(reason_key(reason.code())).to_owned())).collect();
    let words =
        FieldLook { is_optional: true, chars_max: Some(REASON_CHARS_MAX), ..look("questions.deed.reason_words", Some("questions.deed.reason_words.hint")) };
    let fields = view! {
        <p class="small">{lang.t("questions.deed.refuse.text")}</p>
        {select_field(lang, form, "reason", reasons, "questions.choose", look("questions.deed.reason", None))}
        {text_area(lang, form, "reason_words", 2, words)}
    };
    deed_form(view, "refuse", fields.into_any(), "questions.deed.refuse.button", "btn btn-danger")
}

fn link(view: &View<'_>, form: &FormState) -> AnyView {
    let lang = view.context.lang;
    let like: Vec<_> = view
        .like
        .iter()
        .map(|other| {
            view! { <li><p class="text">{other.public_text.clone()}</p><p class="small muted num">{by_line(lang, other)}" · "{supports_words(lang, other.supports())}</p></li> }
        })
        .collect();
    let like = (!like.is_empty()).then(|| view! { <p><b>{lang.t("questions.deed.link.like")}</b></p><ul class="rule-list">{like}</ul> });
    let number = FieldLook { kind: "number", class: "field-s", ..look("questions.deed.link.number", None) };
    let fields = view! {
        <p class="small">{lang.t("questions.deed.link.text")}</p>
        {like}
        {text_field(lang, form, "number", number)}
    };
    deed_form(view, "link", fields.into_any(), "questions.deed.link.button", "btn")
}

fn group(view: &View<'_>, form: &FormState) -> AnyView {
    let lang = view.context.lang;
    let mut topics = view.board.topics();
    if !view.question.topic_group.is_empty() && !topics.contains(&view.question.topic_group) {
        topics.push(view.question.topic_group.clone());
    }
    let options = topics.into_iter().map(|topic| (topic.clone(), topic)).collect();
    let position = FieldLook { kind: "number", class: "field-s", is_optional: true, ..look("questions.deed.position", Some("questions.deed.position.hint")) };
    let fields = view! {
        {select_field(lang, form, "group", options, "questions.topic.none", look("questions.topic", Some("questions.deed.group.hint")))}
        {text_field(lang, form, "position", position)}
    };
    deed_form(view, "group", fields.into_any(), "questions.deed.group.button", "btn")
}

fn give(view: &View<'_>, form: &FormState) -> AnyView {
    let (lang, directory) = (view.context.lang, &view.context.directory);
    let body = directory.agency(&view.dialogue.body_id).into_iter();
    let units = body.chain(directory.units_of(&view.dialogue.body_id)).map(|unit| (unit.id.clone(), unit.name.clone())).collect();
    let fields = select_field(lang, form, "unit", units, "questions.deed.give.nobody", look("questions.deed.give.unit", Some("questions.deed.give.hint")));
    deed_form(view, "give", fields, "questions.deed.give.button", "btn")
}

fn draft(view: &View<'_>, form: &FormState) -> AnyView {
    let lang = view.context.lang;
    let text = FieldLook { chars_max: Some(ANSWER_CHARS_MAX), ..look("questions.answer", Some("questions.answer.hint")) };
    deed_form(view, "draft", text_area(lang, form, "answer", 6, text), "questions.answer.save", "btn")
}

fn make_case(view: &View<'_>, form: &FormState) -> AnyView {
    let lang = view.context.lang;
    let kinds = CASE_KINDS.map(|kind| (kind.code().to_owned(), lang.t(kind.key()).to_owned())).into();
    let fields = view! {
        <p class="small">{lang.t("questions.deed.case.text")}</p>
        {select_field(lang, form, "kind", kinds, "questions.choose", look("questions.deed.case.kind", None))}
        {text_field(lang, form, "title", look("questions.deed.case.title", None))}
    };
    deed_form(view, "case", fields.into_any(), "questions.deed.case.button", "btn")
}

fn tie(view: &View<'_>, form: &FormState) -> AnyView {
    let lang = view.context.lang;
    deed_form(view, "tie", text_field(lang, form, "case", look("questions.deed.tie.case", Some("questions.deed.tie.hint"))), "questions.deed.tie.button", "btn")
}

fn seal(view: &View<'_>, form: &FormState) -> AnyView {
    let lang = view.context.lang;
    let error = form.error("about", lang).map(|error| view! { <span class="err" id="about-e">{error}</span> });
    let class = if error.is_some() { "field bad" } else { "field" };
    let sure = form.error("sure", lang).map(|error| view! { <span class="err" id="sure-e">{error}</span> });
    let fields = view! {
        <p class="notice warn">{icon(Icon::Lock)}<span>{lang.t("questions.deed.seal.text")}</span></p>
        <fieldset class=class id="about">
            <legend>{lang.t("questions.deed.seal.about")}</legend>
            {error}
            <div class="choices">
                {choice(form, "about", "staff", lang.t("questions.deed.seal.staff"), "")}
                {choice(form, "about", "head", lang.t("questions.deed.seal.head"), lang.t("questions.deed.seal.head.text"))}
            </div>
        </fieldset>
        {sure}
        <label class="check" id="sure"><input type="checkbox" name="sure" value="1" /><span>{lang.t("questions.deed.seal.sure")}</span></label>
    };
    deed_form(view, "seal", fields.into_any(), "questions.deed.seal.button", "btn btn-danger")
}
