//! Whom a case is about: shown beside it, recorded and taken back.

use super::case::CaseFile;
use super::commands::Command;
use super::forms::REASON_CHARS_MAX;
use super::step_forms::{Around, button, step_form};
use super::steps::Step;
use crate::agencies::Directory;
use crate::form::FormState;
use crate::petitions::barred::{self, Party};
use crate::routing::conflict;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, icon, select_field, text_area};
use crate::words::Lang;
use leptos::prelude::*;

/// A party in words: a name, a unit, "the head and all of …".
pub fn party_words(lang: Lang, directory: &Directory, file: &CaseFile, party: &Party) -> String {
    match party {
        Party::Account(id) => file.name(Some(id)).unwrap_or(lang.t("desk.somebody")).to_owned(),
        Party::Unit(id) => lang.f("routing.party.unit", &[("unit", directory.agency_name(id))]),
        Party::Body(id) => lang.f("routing.party.body", &[("body", directory.agency_name(id))]),
    }
}

/// The tokens of an event in words.
pub fn parties_words(lang: Lang, directory: &Directory, file: &CaseFile, tokens: &[String]) -> String {
    let words = tokens.iter().filter_map(|token| Party::from_token(token)).map(|party| party_words(lang, directory, file, &party));
    words.collect::<Vec<_>>().join("; ")
}

/// The part of the pane of facts: who stays away, and whom the citizen named.
pub fn about(around: Around<'_>) -> AnyView {
    let (context, file) = (around.context, around.file);
    let lang = context.lang;
    let parties = barred::parties(&file.case.barred);
    let named = (!file.text.about.is_empty()).then(|| view! { <p class="small text">{lang.f("routing.about.named", &[("words", &file.text.about)])}</p> });
    if parties.is_empty() && named.is_none() {
        return ().into_any();
    }
    let items: Vec<_> = parties.iter().map(|party| view! { <li>{party_words(lang, &context.directory, file, party)}</li> }).collect();
    let list = (!items.is_empty()).then(|| {
        view! { <div class="notice sealed">{icon(Icon::Lock)}<div><p>{lang.t("routing.about.away")}</p><ul class="small">{items}</ul></div></div> }
    });
    let link = (file.is_open(Step::Bar) && parties.is_empty()).then(|| {
        view! { <p><a class="btn btn-s" href=around.unfold_href(Step::Bar)>{lang.t(Step::Bar.key())}</a></p> }
    });
    view! { <section class="stack" id="nguoi-bi-neu"><h2 class="title-s">{lang.t("routing.about.title")}</h2>{named}{list}{link}</section> }.into_any()
}

/// The form that records whom the case is about.
pub fn bar(around: Around<'_>) -> AnyView {
    let (lang, directory, file) = (around.context.lang, &around.context.directory, around.file);
    let form = around.look.form(Step::Bar, FormState::default);
    let look = |label: &'static str, hint: Option<&'static str>| FieldLook { label, hint, is_optional: true, ..FieldLook::default() };
    let mut people: Vec<(String, String)> = Vec::new();
    for member in &file.roles {
        if !people.iter().any(|(id, _)| *id == member.account_id) {
            let words = format!("{} · {} · {}", member.display_name, lang.t(member.role.key()), directory.agency_name(&member.agency_id));
            people.push((member.account_id.clone(), words));
        }
    }
    let units = directory.units_of(&file.case.body_id).map(|unit| (unit.id.clone(), unit.name.clone())).collect();
    let own = directory.agency_name(&file.case.body_id);
    let own = (file.case.body_id.clone(), lang.f("routing.bar.own_body", &[("body", own)]));
    let others = directory.bodies().filter(|body| body.id != file.case.body_id).map(|body| (body.id.clone(), body.name.clone()));
    let reason = FieldLook { label: "desk.reason", hint: Some("routing.bar.reason_hint"), chars_max: Some(REASON_CHARS_MAX), ..FieldLook::default() };
    let fields = view! {
        <p class="small">{lang.t("routing.bar.text")}</p>
        {select_field(lang, &form, "bar_account", people, "routing.bar.no_account", look("routing.bar.account", Some("routing.bar.account_hint")))}
        {select_field(lang, &form, "bar_unit", units, "routing.bar.no_unit", look("routing.bar.unit", None))}
        {select_field(lang, &form, "bar_body", std::iter::once(own).chain(others).collect(), "routing.bar.no_body", look("routing.bar.body", Some("routing.bar.body_hint")))}
        {text_area(lang, &form, "bar_reason", 3, reason)}
    }
    .into_any();
    step_form(around, Step::Bar, fields, button(around, "routing.bar.save", "btn btn-s"))
}

/// The form that takes one of them back.
pub fn unbar(around: Around<'_>) -> AnyView {
    let (lang, directory, file) = (around.context.lang, &around.context.directory, around.file);
    let form = around.look.form(Step::Unbar, FormState::default);
    let parties = barred::parties(&file.case.barred);
    let options = parties.iter().map(|party| (party.token(), party_words(lang, directory, file, party))).collect();
    let reason = FieldLook { label: "desk.reason", hint: Some("routing.unbar.reason_hint"), chars_max: Some(REASON_CHARS_MAX), ..FieldLook::default() };
    let fields = view! {
        {select_field(lang, &form, "unbar_party", options, "desk.choose_one", FieldLook { label: "routing.unbar.who", ..FieldLook::default() })}
        {text_area(lang, &form, "unbar_reason", 3, reason)}
    }
    .into_any();
    step_form(around, Step::Unbar, fields, button(around, Step::Unbar.key(), "btn btn-s"))
}

/// Reads the form of [`bar`]; a rule that stands against it is named at its field.
pub fn parse_bar(form: &mut FormState, file: &CaseFile, directory: &Directory) -> Command {
    let chosen = |form: &FormState, field: &str| Some(form.value(field).to_owned()).filter(|value| !value.is_empty());
    let mut parties = Vec::new();
    if let Some(id) = chosen(form, "bar_account") {
        if file.roles.iter().any(|member| member.account_id == id) {
            parties.push(Party::Account(id));
        } else {
            form.wrong("bar_account", "routing.bar.account_unknown");
        }
    }
    if let Some(id) = chosen(form, "bar_unit") {
        if directory.units_of(&file.case.body_id).any(|unit| unit.id == id) {
            parties.push(Party::Unit(id));
        } else {
            form.wrong("bar_unit", "desk.assign.unit_unknown");
        }
    }
    if let Some(id) = chosen(form, "bar_body") {
        if directory.bodies().any(|body| body.id == id) {
            parties.push(Party::Body(id));
        } else {
            form.wrong("bar_body", "desk.forward.missing");
        }
    }
    if parties.is_empty() && form.is_valid() {
        form.wrong("bar_account", "routing.bar.missing");
    }
    let reason = form.required("bar_reason", "desk.reason.missing", REASON_CHARS_MAX);
    let all = conflict::completed(&file.case, &parties, &file.roles);
    if let Err((key, args)) = conflict::check(directory, &file.case, &all, directory.today(), file.lang) {
        form.wrong_with(if form.value("bar_body").is_empty() { "bar_account" } else { "bar_body" }, key, args);
    }
    let tokens: Vec<String> = all.iter().map(Party::token).collect();
    if form.is_valid() && barred::with(&file.case.barred, &tokens) == file.case.barred {
        form.wrong("bar_account", "routing.bar.known");
    }
    Command::Bar { parties, reason }
}

/// Reads the form of [`unbar`].
pub fn parse_unbar(form: &mut FormState, file: &CaseFile) -> Command {
    let party = Party::from_token(form.value("unbar_party")).filter(|party| barred::parties(&file.case.barred).contains(party));
    if party.is_none() {
        form.wrong("unbar_party", "routing.unbar.missing");
    }
    let reason = form.required("unbar_reason", "desk.reason.missing", REASON_CHARS_MAX);
    Command::Unbar { parties: party.into_iter().collect(), reason }
}
