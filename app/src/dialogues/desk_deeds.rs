//! The forms of what can be done with a dialogue next.

use super::desk_pages::{OneView, deed_form};
use super::desk_views::{editor, look, span_fields};
use super::forms::{OUTCOME_CHARS_MAX, REASON_CHARS_MAX};
use super::rules::State;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, choice, icon, text_area, text_field};
use crate::words::Lang;
use leptos::prelude::*;

/// Everything that can be done next, the likeliest first.
pub(super) fn deeds(view: &OneView<'_>) -> AnyView {
    let lang = view.context.lang;
    let begun = view.dialogue.facts.begins_at <= view.context.now;
    let mut deeds: Vec<AnyView> = Vec::new();
    match view.dialogue.state {
        State::Draft => {
            if view.may_announce {
                deeds.push(section(lang, "dialogues.deed.announce", announce(view)));
                deeds.push(folded(lang, "dialogues.deed.time", time(view)));
            } else {
                deeds.push(view! { <p class="notice info">{lang.t("dialogues.deed.wait")}</p> }.into_any());
            }
        }
        State::Announced if begun && view.may_prepare => deeds.push(section(lang, "dialogues.deed.hold", hold(view))),
        State::Held if view.may_announce => deeds.push(section(lang, "dialogues.deed.publish", publish(view))),
        _ => {}
    }
    if matches!(view.dialogue.state, State::Draft | State::Announced) {
        if view.may_prepare {
            let fields = editor(view.context, view.form, view.dialogue.state == State::Draft);
            deeds.push(folded(lang, "dialogues.deed.change", deed_form(view, "change", fields, "dialogues.deed.change.button", "btn")));
        }
        if view.dialogue.state == State::Announced && view.may_announce {
            deeds.push(folded(lang, "dialogues.deed.postpone", postpone(view)));
        }
        let may_cancel = if view.dialogue.state == State::Draft { view.may_prepare } else { view.may_announce };
        if may_cancel {
            deeds.push(folded(lang, "dialogues.deed.cancel", cancel(view)));
        }
    }
    deeds.into_any()
}

fn section(lang: Lang, title: &'static str, content: AnyView) -> AnyView {
    view! { <section class="card stack"><h2 class="title-s">{lang.t(title)}</h2>{content}</section> }.into_any()
}

fn folded(lang: Lang, title: &'static str, content: AnyView) -> AnyView {
    view! { <details class="card more"><summary>{lang.t(title)}</summary>{content}</details> }.into_any()
}

fn reason_field(view: &OneView<'_>, name: &'static str, label: &'static str, hint: Option<&'static str>) -> AnyView {
    text_area(view.context.lang, view.form, name, 2, FieldLook { chars_max: Some(REASON_CHARS_MAX), ..look(label, hint) })
}

fn announce(view: &OneView<'_>) -> AnyView {
    let (lang, today) = (view.context.lang, view.context.today);
    let is_late = view.latest_notice.is_some_and(|latest| today > latest);
    let late = is_late.then(|| {
        let latest = view.latest_notice.map(|day| lang.day_long(day)).unwrap_or_default();
        view! {
            <div class="notice warn">{icon(Icon::Warning)}<p>{lang.f("dialogues.late.told", &[("day", &latest)])}</p></div>
            {reason_field(view, "late_reason", "dialogues.late.reason", Some("dialogues.late.reason.hint"))}
        }
    });
    let fields = view! { <p class="small">{lang.t("dialogues.deed.announce.text")}</p>{late} }.into_any();
    deed_form(view, "announce", fields, "dialogues.deed.announce.button", "btn btn-main")
}

fn time(view: &OneView<'_>) -> AnyView {
    let lang = view.context.lang;
    let fields = view! {
        <p class="small">{lang.t("dialogues.deed.time.text")}</p>
        <div class="row">
            {text_field(lang, view.form, "timed_day", FieldLook { kind: "date", class: "field-s", ..look("dialogues.day", None) })}
            {text_field(lang, view.form, "timed_hour", FieldLook { kind: "time", class: "field-s", ..look("dialogues.hour", None) })}
        </div>
    }
    .into_any();
    let untime = view.dialogue.publish_at.map(|_| deed_form(view, "untime", ().into_any(), "dialogues.deed.untime", "btn btn-quiet"));
    view! { {deed_form(view, "time", fields, "dialogues.deed.time.button", "btn")}{untime} }.into_any()
}

fn postpone(view: &OneView<'_>) -> AnyView {
    let lang = view.context.lang;
    let fields = view! {
        <p class="small">{lang.t("dialogues.deed.postpone.text")}</p>
        {span_fields(lang, view.form)}
        {reason_field(view, "reason", "dialogues.reason", Some("dialogues.reason.public"))}
    };
    deed_form(view, "postpone", fields.into_any(), "dialogues.deed.postpone.button", "btn")
}

fn cancel(view: &OneView<'_>) -> AnyView {
    let lang = view.context.lang;
    let fields = if view.dialogue.state == State::Draft {
        view! { <p class="small">{lang.t("dialogues.deed.cancel.draft")}</p> }.into_any()
    } else {
        // The same field as of putting off; only one of the two forms is sent.
        let name = "reason";
        view! {
            <div class="field">
                <label for="cancel-reason">{lang.t("dialogues.reason")}</label>
                <span class="hint">{lang.t("dialogues.reason.public")}</span>
                <textarea id="cancel-reason" name=name rows="2">{crate::ui::fields::area_text(view.form.value(name))}</textarea>
            </div>
        }
        .into_any()
    };
    deed_form(view, "cancel", fields, "dialogues.deed.cancel.button", "btn btn-danger")
}

fn hold(view: &OneView<'_>) -> AnyView {
    let (lang, form) = (view.context.lang, view.form);
    let head = view.heads.last().map(|(_, name, _)| lang.f("dialogues.chair.head_is", &[("name", name)])).unwrap_or_default();
    let error = form.error("chair", lang);
    let class = if error.is_some() { "field bad" } else { "field" };
    let number = |name: &'static str, label: &'static str| text_field(lang, form, name, FieldLook { kind: "number", class: "field-s", ..look(label, None) });
    let fields = view! {
        <fieldset class=class id="chair">
            <legend>{lang.t("dialogues.chair")}</legend>
            {error.map(|error| view! { <span class="err" id="chair-e">{error}</span> })}
            <div class="choices">
                {choice(form, "chair", "head", lang.t("dialogues.chair.head"), &head)}
                {choice(form, "chair", "deputy", lang.t("dialogues.chair.deputy"), lang.t("dialogues.chair.deputy.text"))}
            </div>
        </fieldset>
        {text_field(lang, form, "post", look("dialogues.post", None))}
        <div class="row">
            {number("people", "dialogues.people")}
            {number("questions", "dialogues.questions")}
            {number("answered", "dialogues.answered")}
        </div>
        {super::attendance::proposed(lang, form)}
    };
    deed_form(view, "hold", fields.into_any(), "dialogues.deed.hold.button", "btn btn-main")
}

fn publish(view: &OneView<'_>) -> AnyView {
    let lang = view.context.lang;
    let due = view.result_due.map(|day| view! { <p class="small">{lang.f("dialogues.deed.publish.text", &[("day", &lang.day_long(day))])}</p> });
    let outcome = FieldLook { chars_max: Some(OUTCOME_CHARS_MAX), ..look("dialogues.outcome", Some("dialogues.outcome.hint")) };
    let fields = view! { {due}{text_area(lang, view.form, "outcome", 14, outcome)} };
    deed_form(view, "publish", fields.into_any(), "dialogues.deed.publish.button", "btn btn-main")
}
