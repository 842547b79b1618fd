//! The working text of a denunciation: the form that prepares it, and what stands in the place of the original on the case's page.

use super::pages::Sealed;
use super::rules::Handling;
use crate::filing::rules::{BODY_CHARS_MAX, TITLE_CHARS_MAX};
use crate::form::FormState;
use crate::papers::store::Paper;
use crate::redaction::rules::{Hidden, Known, found, hide};
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, PageContext, icon, text_area, text_field};
use crate::vault::kept::Kept;
use leptos::prelude::*;

/// The field that lets a paper through.
pub(super) fn paper_field(paper_id: &str) -> String {
    format!("paper_{paper_id}")
}

/// "Giấy tờ 2": the name a paper came with may name a person.
fn paper_name(context: &PageContext, place: usize) -> String {
    context.lang.f("sealed.paper", &[("n", &(place + 1).to_string())])
}

/// The papers, while the original is open.
pub(super) fn paper_list(context: &PageContext, sealed: &Sealed) -> AnyView {
    let lang = context.lang;
    let items: Vec<_> = sealed.papers.iter().enumerate().map(|(place, paper)| paper_item(context, sealed, place, paper)).collect();
    (!items.is_empty()).then(|| view! { <h3 class="title-s">{lang.t("desk.papers")}</h3><ul class="files">{items}</ul> }).into_any()
}

fn paper_item(context: &PageContext, sealed: &Sealed, place: usize, paper: &Paper) -> AnyView {
    let href = context.href(&format!("/can-bo/don/{}/anh/{}", sealed.case.id, paper.id));
    let picture = if paper.has_thumb {
        view! { <img src=format!("{href}/nho") alt="" width="56" height="56" loading="lazy" /> }.into_any()
    } else {
        view! { <span class="thumb">{icon(Icon::Paper)}</span> }.into_any()
    };
    view! { <li>{picture}<span class="grow"><a class="break" href=href.clone()>{paper_name(context, place)}</a></span></li> }.into_any()
}

/// What handlers see now, and the form that prepares it while the original is open.
pub(super) fn section(context: &PageContext, sealed: &Sealed, form: &FormState) -> AnyView {
    let lang = context.lang;
    let now = match &sealed.working {
        Kept::Open(text) => view! {
            <div class="quote">
                <p><b>{text.title.clone()}</b></p>
                <p class="text break">{text.body.clone()}</p>
            </div>
        }
        .into_any(),
        Kept::Nothing => view! { <p class="notice info">{icon(Icon::Clock)}<span>{lang.t("sealed.working.none")}</span></p> }.into_any(),
        Kept::Locked => view! { <p class="notice warn">{icon(Icon::Lock)}<span>{lang.t("sealed.locked")}</span></p> }.into_any(),
    };
    let has_come_back = !form.values().is_empty();
    let prepare = (sealed.open.original.is_some() && !sealed.text.is_locked || has_come_back).then(|| prepare_form(context, sealed, form));
    let how = prepare.is_none().then(|| view! { <p class="small muted">{lang.t("sealed.working.open_first")}</p> });
    view! {
        <section class="stack" id="ban-lam-viec">
            <h2>{lang.t("sealed.working.title")}</h2>
            <p class="small muted">{lang.t("sealed.working.lead")}</p>
            {now}
            {how}
            {prepare}
        </section>
    }
    .into_any()
}

/// A text with a mark in the place of everything that may be personal. Only proposed: whoever prepares reads it beside the original.
fn proposed(sealed: &Sealed, text: &str) -> String {
    let person = &sealed.person;
    let some = |value: &String| if value.is_empty() { Vec::new() } else { vec![value.clone()] };
    let known = Known {
        names: some(&person.name),
        phones: some(&person.phone),
        id_numbers: some(&person.id_number),
        emails: some(&person.email),
        addresses: person
            .address
            .split([',', ';'])
            .chain(sealed.text.place.split([',', ';']))
            .map(|part| part.trim().to_owned())
            .filter(|part| !part.is_empty())
            .collect(),
    };
    // Whom it is about is what handlers need to know.
    let about = crate::text::fold(&sealed.text.about);
    let is_kept = |words: &str| about.contains(&crate::text::fold(words));
    let hidden: Vec<Hidden> =
        found(text, &known).into_iter().filter(|found| found.is_known || !is_kept(&found.hidden.words)).map(|found| found.hidden).collect();
    hide(text, &hidden)
}

/// What the form begins with: the earlier working text, or the original with marks in the place of what may be personal.
fn begun(sealed: &Sealed) -> FormState {
    let mut form = FormState::default();
    let (title, body) = match &sealed.working {
        Kept::Open(text) => (text.title.clone(), text.body.clone()),
        _ => (proposed(sealed, &sealed.text.title), proposed(sealed, &sealed.text.body)),
    };
    form.set("working_title", title);
    form.set("working_body", body);
    for paper in sealed.papers.iter().filter(|paper| Handling::of(&paper.handling) == Handling::Whole) {
        form.set(&paper_field(&paper.id), "1");
    }
    form
}

fn prepare_form(context: &PageContext, sealed: &Sealed, form: &FormState) -> AnyView {
    let lang = context.lang;
    let fresh = begun(sealed);
    let form = if form.values().is_empty() { &fresh } else { form };
    let title = FieldLook { label: "sealed.working.field_title", chars_max: Some(TITLE_CHARS_MAX), ..FieldLook::default() };
    let body =
        FieldLook { label: "sealed.working.field_body", hint: Some("sealed.working.body_hint"), chars_max: Some(BODY_CHARS_MAX), ..FieldLook::default() };
    let boxes: Vec<_> = sealed
        .papers
        .iter()
        .enumerate()
        .map(|(place, paper)| {
            let name = paper_field(&paper.id);
            view! {
                <label class="check">
                    <input type="checkbox" name=name.clone() value="1" checked=form.is_ticked(&name) />
                    <span>{lang.f("sealed.working.let_through", &[("paper", &paper_name(context, place))])}</span>
                </label>
            }
        })
        .collect();
    let papers = (!boxes.is_empty()).then(|| {
        view! { <fieldset class="group"><legend>{lang.t("desk.papers")}</legend><span class="hint">{lang.t("sealed.working.papers_hint")}</span>{boxes}</fieldset> }
    });
    view! {
        <form method="post" action=context.href(&format!("/can-bo/don/{}/ban-lam-viec", sealed.case.id)) class="stack">
            <input type="hidden" name="version" value=sealed.case.version.to_string() />
            {text_field(lang, form, "working_title", title)}
            {text_area(lang, form, "working_body", 12, body)}
            {papers}
            <p><button class="btn btn-main">{lang.t("sealed.working.save")}</button></p>
        </form>
    }
    .into_any()
}
