//! The field in which files are chosen.

use super::kinds::{ACCEPT, PAPER_BYTES_MAX, PAPERS_PER_CASE_MAX};
use crate::form::FormState;
use crate::words::Lang;
use leptos::prelude::*;

/// The field with its limits and with what was wrong; `name` is its id too. `is_many`: several files at once.
pub fn file_field(lang: Lang, form: &FormState, name: &'static str, is_many: bool, label: &'static str) -> AnyView {
    let mb = (PAPER_BYTES_MAX / 1024 / 1024).to_string();
    let limits = lang.f("papers.limits", &[("n", &PAPERS_PER_CASE_MAX.to_string()), ("mb", &mb)]);
    let wrong: Vec<_> =
        form.errors().iter().filter(|error| error.field == name).map(|error| view! { <span class="err">{error.sentence(lang)}</span> }).collect();
    let class = if wrong.is_empty() { "field" } else { "field bad" };
    let hint = format!("{name}-h");
    view! {
        <div class=class>
            <label for=name>{lang.t(label)}</label>
            <span class="hint" id=hint.clone()>{limits}</span>
            {wrong}
            <input type="file" id=name name=name multiple=is_many accept=ACCEPT aria-describedby=hint />
        </div>
    }
    .into_any()
}
