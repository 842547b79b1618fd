//! Words that were typed into a form whose session had ended: they go along, hidden, through the sign-in and come back.

use super::fields::area_text;
use crate::form::FormState;
use crate::words::Lang;
use leptos::prelude::*;

/// Prefix of the hidden fields, so that they cannot be taken for the sign-in's own.
pub const PREFIX: &str = "kept.";
/// The field that says where the form was on its way to.
pub const TARGET: &str = "kept_target";

/// The hidden fields of a form that is waiting, for the page in between.
pub fn hidden_fields(target: &str, form: &FormState) -> AnyView {
    let fields: Vec<_> =
        form.values().iter().map(|(name, value)| view! { <input type="hidden" name=format!("{PREFIX}{name}") value=value.clone() /> }).collect();
    view! { <input type="hidden" name=TARGET value=target.to_owned() />{fields} }.into_any()
}

/// The waiting form inside one that has come back, and where it wants to go. Only addresses of our own pages count.
pub fn waiting(form: &FormState) -> Option<(String, FormState)> {
    let target = form.value(TARGET);
    if !target.starts_with('/') || target.starts_with("//") || target.contains('\\') {
        return None;
    }
    let pairs = form.values().iter().filter_map(|(name, value)| name.strip_prefix(PREFIX).map(|name| (name.to_owned(), value.clone())));
    Some((target.to_owned(), FormState::from_pairs(pairs)))
}

/// The page after the sign-in: what was typed, and one button to send it now.
pub fn resume_form(lang: Lang, target: &str, form: &FormState) -> AnyView {
    let fields: Vec<_> = form
        .values()
        .iter()
        .map(|(name, value)| {
            // What somebody wrote is shown; version numbers, buttons and marks of our own (`_…`) are not.
            if !name.starts_with('_') && (value.chars().count() > 12 || value.contains('\n')) {
                view! { <div class="field"><textarea name=name.clone() aria-label=lang.t("kept.text") rows="6">{area_text(value)}</textarea></div> }.into_any()
            } else {
                view! { <input type="hidden" name=name.clone() value=value.clone() /> }.into_any()
            }
        })
        .collect();
    view! {
        <form method="post" action=target.to_owned() class="stack">
            {fields}
            <button class="btn btn-main">{lang.t("kept.send")}</button>
        </form>
    }
    .into_any()
}
