//! The page of those who sign with the sender: the list by places, the paper list to take over, what was seen and who speaks.

use super::beside::{self, Related};
use super::beside_view::{figures_line, notices};
use super::desk_forms::REASON_CHARS_MAX;
use super::groups::{Chosen, people};
use super::links_page::{head, version};
use super::rules::is_many_people;
use super::signing::{LINES_MAX, LIST_CHARS_MAX, representatives_max};
use super::store::signers as store;
use super::store::signers::Signer;
use crate::accounts::session::take_flash;
use crate::error::Result;
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::actions::seen;
use crate::petitions::rules::Case;
use crate::petitions::store::parts::{self, CasePerson};
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, check_box, icon, text_area};
use crate::words::Lang;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use std::collections::HashMap;
use tower_sessions::Session;

/// Signers on a page.
const PAGE_LENGTH: i64 = 50;
/// The field that says behind which place the page begins.
pub(super) const AFTER: &str = "sau";
/// The box of the sender.
pub(super) const SENDER: &str = "s_0";

/// The box of a signer.
pub(super) fn box_of(signer_id: &str) -> String {
    format!("s_{signer_id}")
}

/// Who was ticked.
pub(super) fn chosen(form: &FormState) -> Chosen {
    let signers = form.values().keys().filter(|name| name.as_str() != SENDER).filter_map(|name| name.strip_prefix("s_")).map(str::to_owned).collect();
    Chosen { has_sender: form.is_ticked(SENDER), signers }
}

/// What the page shows.
pub(super) struct Shown {
    case: Case,
    related: Related,
    signers: Vec<Signer>,
    /// Who they are, in the same order; only right after an opening.
    names: Option<(CasePerson, Vec<CasePerson>)>,
    /// Where the next page begins.
    next: Option<i64>,
    after: i64,
}

/// `GET /can-bo/don/{id}/nguoi-ky`.
pub async fn show(context: PageContext, session: Session, Path(case_id): Path<String>, Query(query): Query<HashMap<String, String>>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let after = query.get(AFTER).and_then(|place| place.parse().ok()).unwrap_or(0);
    let shown = load(&context, &case_id, after, false).await?;
    let flash = take_flash(&session).await?;
    Ok(page(&context, &shown, &FormState::default(), flash, StatusCode::OK))
}

/// Loads the page behind a place; with names only where an opening has just been recorded.
pub(super) async fn load(context: &PageContext, case_id: &str, after: i64, with_names: bool) -> Result<Shown> {
    let mut tx = context.portal.db().read().await?;
    let case = seen(&mut tx, &context.actor, case_id).await?;
    let group = store::group(&mut tx, case_id).await?;
    let figures = beside::figures(&mut tx, context, &case).await?;
    let mut signers = store::after(&mut tx, case_id, after, PAGE_LENGTH + 1).await?;
    let has_more = i64::try_from(signers.len()).is_ok_and(|n| n > PAGE_LENGTH);
    if has_more {
        signers.pop();
    }
    let next = signers.last().filter(|_| has_more).map(|signer| signer.place);
    let names = if with_names {
        let mut people = Vec::with_capacity(signers.len());
        for signer in &signers {
            people.push(store::person(&mut tx, &signer.id).await?);
        }
        Some((parts::person(&mut tx, case_id).await?, people))
    } else {
        None
    };
    Ok(Shown { case, related: Related { group, figures, ..Related::default() }, signers, names, next, after })
}

/// The page, with a form that was refused or a sentence about one that was taken.
pub(super) fn page(context: &PageContext, shown: &Shown, form: &FormState, flash: Option<String>, status: StatusCode) -> Response {
    let (lang, case) = (context.lang, &shown.case);
    let people = people(&shown.related.group);
    Page::new(context, Section::Desk, lang.t("relations.signers.title")).status(status).render(|| {
        let many = is_many_people(people).then(|| view! { <p class="small muted">{lang.t("relations.signers.many")}</p> });
        let opened = shown
            .names
            .is_some()
            .then(|| view! { <div class="notice sealed">{icon(Icon::Eye)}<div><p>{lang.t("relations.signers.open_once")}</p></div></div> });
        view! {
            {head(context, case, flash, form, "relations.signers.title")}
            <p class="num"><b>{figures_line(lang, shown.related.figures)}</b></p>
            {many}
            {notices(lang, case, &shown.related)}
            {opened}
            {table(context, shown, form)}
            {open_names(context, shown, form)}
            {add_list(context, case, form)}
        }
        .into_any()
    })
}

fn action(context: &PageContext, shown: &Shown) -> String {
    let after = if shown.after > 0 { format!("?{AFTER}={}", shown.after) } else { String::new() };
    context.href(&format!("/can-bo/don/{}/nguoi-ky{after}", shown.case.id))
}

fn table(context: &PageContext, shown: &Shown, form: &FormState) -> AnyView {
    let lang = context.lang;
    let may_act = check(&context.actor, Action::Relate(&shown.case)).is_ok();
    let mut rows: Vec<AnyView> = Vec::new();
    if shown.after == 0 {
        rows.push(sender_row(lang, shown, form, may_act));
    }
    for (i, signer) in shown.signers.iter().enumerate() {
        let person = shown.names.as_ref().and_then(|(_, people)| people.get(i));
        rows.push(signer_row(lang, signer, person, form, may_act));
    }
    let next = shown.next.map(|place| {
        let href = context.href(&format!("/can-bo/don/{}/nguoi-ky?{AFTER}={place}", shown.case.id));
        view! { <p><a class="btn btn-s" href=href>{lang.t("relations.signers.next")}</a></p> }
    });
    let buttons = may_act.then(|| acts(lang, shown, form));
    view! {
        <form method="post" action=action(context, shown) class="stack">
            {version(&shown.case)}
            <ol class="signers" id="signers" tabindex="-1">{rows}</ol>
            {next}
            {buttons}
        </form>
    }
    .into_any()
}

fn row(name: Option<String>, form: &FormState, has_box: bool, label: String, facts: Vec<String>, is_left: bool) -> AnyView {
    let facts = facts.join(" · ");
    let class = if is_left { "signer muted" } else { "signer" };
    let words = view! { <span><b>{label}</b><small>{facts}</small></span> };
    match name.filter(|_| has_box && !is_left) {
        Some(name) => {
            let checked = form.is_ticked(&name);
            view! { <li class=class><label class="check"><input type="checkbox" name=name value="1" checked=checked />{words}</label></li> }.into_any()
        }
        None => view! { <li class=class>{words}</li> }.into_any(),
    }
}

fn sender_row(lang: Lang, shown: &Shown, form: &FormState, may_act: bool) -> AnyView {
    let group = &shown.related.group;
    let mut facts = vec![lang.t("relations.signers.sender").to_owned()];
    if shown.related.group.signers > 0 {
        facts.push(lang.t(if group.has_sender_signed { "relations.signers.signed" } else { "relations.signers.unsigned" }).to_owned());
    }
    if group.is_sender_representative {
        facts.push(lang.t("relations.signers.speaks").to_owned());
    }
    if group.has_sender_left {
        facts.push(lang.t("relations.signers.gone").to_owned());
    }
    let label = lang.f("relations.signers.place", &[("n", "1")]);
    let label = shown.names.as_ref().map_or(label.clone(), |(sender, _)| format!("{label}: {}", who(lang, sender)));
    row(Some(SENDER.to_owned()), form, may_act, label, facts, group.has_sender_left)
}

fn signer_row(lang: Lang, signer: &Signer, person: Option<&CasePerson>, form: &FormState, may_act: bool) -> AnyView {
    let mut facts = vec![lang.t(if signer.origin == "joined" { "relations.signers.joined" } else { "relations.signers.paper" }).to_owned()];
    facts.push(lang.t(proof_key(signer)).to_owned());
    if signer.origin == "paper" && !signer.has_signed {
        facts.push(lang.t("relations.signers.unsigned").to_owned());
    }
    if signer.is_representative {
        facts.push(lang.t("relations.signers.speaks").to_owned());
    }
    if !signer.is_counted {
        facts.push(lang.t("relations.signers.same").to_owned());
    }
    facts.push(lang.day_short(crate::clock::day(signer.added_at)));
    if let Some(at) = signer.left_at {
        facts.push(lang.f("relations.signers.left_on", &[("day", &lang.day_short(crate::clock::day(at)))]));
    }
    let label = lang.f("relations.signers.place", &[("n", &lang.number(signer.place))]);
    let label = person.map_or(label.clone(), |person| format!("{label}: {}", who(lang, person)));
    row(Some(box_of(&signer.id)), form, may_act, label, facts, signer.left_at.is_some())
}

/// How sure it is that there is such a person.
fn proof_key(signer: &Signer) -> &'static str {
    match signer.proof.as_str() {
        "seen" => "relations.proof.seen",
        "contact" => "relations.proof.contact",
        _ => "relations.proof.said",
    }
}

fn who(lang: Lang, person: &CasePerson) -> String {
    let fields = [&person.name, &person.address, &person.phone, &person.email, &person.id_number];
    let known: Vec<&str> = fields.into_iter().filter(|value| !value.is_empty()).map(String::as_str).collect();
    if known.is_empty() { lang.t("relations.signers.nameless").to_owned() } else { known.join(", ") }
}

/// What can be done with those who are ticked.
fn acts(lang: Lang, shown: &Shown, form: &FormState) -> AnyView {
    let people = people(&shown.related.group);
    let speak = lang.f("relations.speak.text", &[("n", &lang.number(representatives_max(people)))]);
    let reason = FieldLook { label: "relations.leave.reason", hint: Some("relations.leave.hint"), chars_max: Some(REASON_CHARS_MAX), ..FieldLook::default() };
    view! {
        <p class="small muted">{lang.t("relations.signers.acts")}" "{speak}</p>
        <p class="row">
            <button class="btn btn-s" name="action" value="sign">{lang.t("relations.sign.button")}</button>
            <button class="btn btn-s" name="action" value="speak">{lang.t("relations.speak.button")}</button>
        </p>
        <details class="more" open=form.value("action") == "leave">
            <summary>{lang.t("relations.leave.title")}</summary>
            <p>{lang.t("relations.leave.text")}</p>
            {text_area(lang, form, "leave_reason", 3, reason)}
            <button class="btn btn-s btn-danger" name="action" value="leave">{lang.t("relations.leave.button")}</button>
        </details>
    }
    .into_any()
}

fn open_names(context: &PageContext, shown: &Shown, form: &FormState) -> AnyView {
    let lang = context.lang;
    if shown.names.is_some() || check(&context.actor, Action::SeeIdentity(&shown.case)).is_err() {
        return ().into_any();
    }
    let reason =
        FieldLook { label: "relations.reason.label", hint: Some("relations.open_names.hint"), chars_max: Some(REASON_CHARS_MAX), ..FieldLook::default() };
    view! {
        <details class="more" open=form.value("action") == "open">
            <summary>{lang.t("relations.open_names.title")}</summary>
            <form method="post" action=action(context, shown) class="stack">
                {version(&shown.case)}
                {text_area(lang, form, "open_reason", 3, reason)}
                <button class="btn btn-s" name="action" value="open">{lang.t("relations.open_names.button")}</button>
            </form>
        </details>
    }
    .into_any()
}

fn add_list(context: &PageContext, case: &Case, form: &FormState) -> AnyView {
    let lang = context.lang;
    if check(&context.actor, Action::Relate(case)).is_err() || case.state == crate::petitions::rules::State::Withdrawn {
        return ().into_any();
    }
    let look = FieldLook { label: "relations.list.label", hint: Some("relations.list.hint"), chars_max: Some(LIST_CHARS_MAX), ..FieldLook::default() };
    view! {
        <section class="stack">
            <h2>{lang.t("relations.list.title")}</h2>
            <p class="muted">{lang.f("relations.list.text", &[("n", &LINES_MAX.to_string())])}</p>
            <form method="post" action=context.href(&format!("/can-bo/don/{}/nguoi-ky", case.id)) class="stack">
                {version(case)}
                {text_area(lang, form, "list", 8, look)}
                {check_box(form, "all_signed", lang.t("relations.list.all_signed"), lang.t("relations.list.all_signed_hint"))}
                <button class="btn btn-main" name="action" value="add">{lang.t("relations.list.button")}</button>
            </form>
        </section>
    }
    .into_any()
}
