//! What an official can do about a commitment: the forms of its page at the desk.

use super::desk_pages::{PATH, REASON_CHARS_MAX, VERSION};
use super::evidence_form;
use super::rules::{Commitment, OriginKind, State};
use crate::actor::Actor;
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::ui::fields::FieldLook;
use crate::ui::{PageContext, text_area, text_field};
use leptos::prelude::*;

/// What can be done, for whom.
pub(super) fn steps(context: &PageContext, commitment: &Commitment, form: &FormState) -> AnyView {
    let lang = context.lang;
    let may_show = check(&context.actor, Action::ShowEvidence(commitment)).is_ok();
    let may_decide = check(&context.actor, Action::DecideCommitment(commitment)).is_ok();
    let is_open = commitment.state == State::Open;
    let is_of_case = commitment.origin == OriginKind::Case;
    let of_case = is_of_case.then(|| {
        let see = case_href(&context.actor, commitment).map(|path| view! { " " <a href=lang.href(&path)>{lang.t("commitments.desk.to_case")}</a> });
        view! { <p class="notice info">{lang.t("commitments.desk.of_case")}{see}</p> }
    });
    view! {
        {of_case}
        {may_show.then(|| evidence_form::form(context, commitment, form))}
        {(may_decide && is_open).then(|| view! { {done_form(context, commitment, form)}{move_form(context, commitment, form)}{drop_form(context, commitment, form)} })}
        {(may_decide && !is_open).then(|| reopen_form(context, commitment, form))}
        {(!may_decide && !is_of_case).then(|| view! { <p class="small muted">{lang.t("commitments.desk.who_decides")}</p> })}
    }
    .into_any()
}

/// The case at the desk, for an official; whether they may see it, its page says.
fn case_href(actor: &Actor, commitment: &Commitment) -> Option<String> {
    actor.official().map(|_| format!("/can-bo/don/{}", commitment.origin_id))
}

/// A form in a box that is open if something in it is wrong.
fn boxed(
    context: &PageContext,
    commitment: &Commitment,
    (end, title, button): (&'static str, &'static str, &'static str),
    is_open: bool,
    fields: AnyView,
) -> AnyView {
    let lang = context.lang;
    view! {
        <details class="more card" open=is_open>
            <summary>{lang.t(title)}</summary>
            <form method="post" action=lang.href(&format!("{PATH}/{}/{end}", commitment.id)) class="stack" novalidate>
                <input type="hidden" name=VERSION value=commitment.version.to_string() />
                {fields}
                <p><button class="btn btn-s btn-main">{lang.t(button)}</button></p>
            </form>
        </details>
    }
    .into_any()
}

fn has_error(form: &FormState, fields: &[&str]) -> bool {
    form.errors().iter().any(|error| fields.contains(&error.field)) || fields.iter().any(|field| !form.value(field).is_empty())
}

fn reason(label: &'static str) -> FieldLook {
    FieldLook { label, hint: Some("commitments.desk.public_hint"), chars_max: Some(REASON_CHARS_MAX), ..FieldLook::default() }
}

fn date(label: &'static str) -> FieldLook {
    FieldLook { label, kind: "date", class: "field-s", ..FieldLook::default() }
}

fn done_form(context: &PageContext, commitment: &Commitment, form: &FormState) -> AnyView {
    let lang = context.lang;
    let mut form = form.clone();
    if form.value("done_on").is_empty() {
        form.set("done_on", context.today.to_string());
    }
    let label = if commitment.evidences > 0 { "commitments.desk.explanation" } else { "commitments.desk.explanation_needed" };
    let is_open = form.errors().iter().any(|error| matches!(error.field, "done_on" | "explanation")) || !form.value("explanation").is_empty();
    let fields = view! {
        {text_field(lang, &form, "done_on", date("commitments.done_on"))}
        {text_area(lang, &form, "explanation", 3, FieldLook { is_optional: commitment.evidences > 0, ..reason(label) })}
    };
    boxed(context, commitment, ("da-lam", "commitments.desk.done", "commitments.desk.done_button"), is_open, fields.into_any())
}

fn move_form(context: &PageContext, commitment: &Commitment, form: &FormState) -> AnyView {
    let lang = context.lang;
    let fields = view! {
        <p class="small muted">{lang.f("commitments.desk.move_hint", &[("day", &lang.day_short(commitment.day))])}</p>
        {text_field(lang, form, "move_to", date("commitments.desk.move_to"))}
        {text_area(lang, form, "move_reason", 3, reason("commitments.desk.reason"))}
    };
    let is_open = has_error(form, &["move_to", "move_reason"]);
    boxed(context, commitment, ("doi-ngay", "commitments.desk.move", "commitments.desk.move_button"), is_open, fields.into_any())
}

fn drop_form(context: &PageContext, commitment: &Commitment, form: &FormState) -> AnyView {
    let fields = text_area(context.lang, form, "drop_reason", 3, reason("commitments.desk.reason"));
    boxed(context, commitment, ("khong-lam-nua", "commitments.desk.drop", "commitments.desk.drop_button"), has_error(form, &["drop_reason"]), fields)
}

fn reopen_form(context: &PageContext, commitment: &Commitment, form: &FormState) -> AnyView {
    let fields = text_area(context.lang, form, "reopen_reason", 3, reason("commitments.desk.reason"));
    boxed(context, commitment, ("lam-tiep", "commitments.desk.reopen", "commitments.desk.reopen_button"), has_error(form, &["reopen_reason"]), fields)
}
