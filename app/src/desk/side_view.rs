//! The pane of facts beside a case: clocks, who has it, the sender, who worked on it.

use super::queue_view::keys_help;
use super::step_forms::{Around, identity};
use super::steps::Step;
use crate::permissions::{Action, check};
use crate::petitions::rules::Event;
use crate::ui::{Icon, clock_badge, icon};
use leptos::prelude::*;

/// The pane.
pub fn side(around: Around<'_>) -> AnyView {
    view! {
        <aside class="side stack-l" aria-label=around.context.lang.t("desk.facts")>
            {clocks(around)}
            {facts(around)}
            {super::bar_forms::about(around)}
            {sender(around)}
            {crate::retention::case_panel(around.context, &around.file.case, &around.file.kept)}
            {crate::relations::panel(around.context, &around.file.case, &around.file.related)}
            {colleagues(around)}
            {keys_help(around.context.lang)}
        </aside>
    }
    .into_any()
}

fn clocks(around: Around<'_>) -> AnyView {
    let (context, case) = (around.context, &around.file.case);
    let lang = context.lang;
    let received = around
        .file
        .history
        .iter()
        .find(|entry| matches!(entry.event, Event::Received))
        .map_or_else(|| lang.t("desk.clock.not_received").to_owned(), |entry| lang.day_short(crate::clock::day(entry.at)));
    let answered = case.answered_on.map(|day| view! { <dt>{lang.t("desk.clock.answered")}</dt><dd>{lang.day_short(day)}</dd> });
    view! {
        <section class="stack">
            <h2 class="title-s">{lang.t("desk.clocks")}</h2>
            <dl class="dl num">
                <dt>{lang.t("desk.clock.filed")}</dt><dd>{lang.day_short(case.received_on)}</dd>
                <dt>{lang.t("desk.clock.received")}</dt><dd>{received}</dd>
                {case.last_day().map(|day| view! { <dt>{lang.t("desk.clock.due")}</dt><dd><b>{lang.day_short(day)}</b></dd> })}
                {answered}
            </dl>
            <p>{clock_badge(lang, context.directory.calendar(), context.today, case)}</p>
            <details class="more">
                <summary>{lang.t("procedure.clocks")}</summary>
                {super::law::view::clocks(context, &case.procedure().clocks, true)}
            </details>
        </section>
    }
    .into_any()
}

fn facts(around: Around<'_>) -> AnyView {
    let (context, file) = (around.context, around.file);
    let (lang, case) = (context.lang, &file.case);
    let unit = case.unit_id.as_deref().map_or(lang.t("desk.nobody_yet"), |id| context.directory.agency_name(id)).to_owned();
    let handler = file.name(case.handler_id.as_deref()).unwrap_or(lang.t("desk.nobody_yet")).to_owned();
    let publish = if case.may_publish { "desk.fact.may_publish" } else { "desk.fact.may_not_publish" };
    view! {
        <section class="stack">
            <h2 class="title-s">{lang.t("desk.facts")}</h2>
            <dl class="dl">
                <dt>{lang.t("desk.fact.body")}</dt><dd>{context.directory.agency_name(&case.body_id).to_owned()}</dd>
                <dt>{lang.t("desk.fact.unit")}</dt><dd>{unit}</dd>
                <dt>{lang.t("desk.fact.handler")}</dt><dd>{handler}</dd>
                <dt>{lang.t("desk.fact.publish")}</dt><dd>{lang.t(publish)}</dd>
            </dl>
        </section>
    }
    .into_any()
}

/// What the sender left, without showing it; the form that opens it; what it is, right after an opening.
fn sender(around: Around<'_>) -> AnyView {
    let (lang, file) = (around.context.lang, around.file);
    let person = &file.person;
    let fields = [
        ("desk.person.name", &person.name),
        ("desk.person.phone", &person.phone),
        ("desk.person.email", &person.email),
        ("desk.person.address", &person.address),
        ("desk.person.id_number", &person.id_number),
    ];
    let body = if person.is_locked {
        view! { <div class="notice warn">{icon(Icon::Lock)}<p>{lang.t("desk.person.locked")}</p></div> }.into_any()
    } else if around.look.is_identity_open {
        let rows: Vec<_> = fields
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(key, value)| view! { <dt>{lang.t(key)}</dt><dd class="break">{(*value).clone()}</dd> })
            .collect();
        view! { <div class="notice sealed">{icon(Icon::Eye)}<div><p>{lang.t("desk.person.open_once")}</p></div></div><dl class="dl" id="nguoi-gui">{rows}</dl> }
            .into_any()
    } else if person.is_known() {
        let known: Vec<&str> = fields.iter().filter(|(_, value)| !value.is_empty()).map(|(key, _)| lang.t(key)).collect();
        view! { <p class="small muted">{lang.f("desk.person.known", &[("fields", &known.join(", ").to_lowercase())])}</p> }.into_any()
    } else {
        // What was deleted is said by the panel below: nobody is told that the sender had left nothing.
        let is_erased = file.kept.erased.iter().any(|erasure| erasure.what == "people");
        let key = if is_erased { "retention.erased.short" } else { "desk.person.unknown" };
        view! { <p class="small muted">{lang.t(key)}</p> }.into_any()
    };
    let sealed = check(&around.context.actor, Action::OpenSealed(&file.case))
        .is_ok()
        .then(|| view! { <p><a href=around.context.href(&crate::sealed::path(&file.case.id))>{lang.t("sealed.link")}</a></p> });
    let open = (file.is_open(Step::Identity) && !around.look.is_identity_open).then(|| {
        view! {
            <details class="more" id="buoc-thong-tin" open=around.look.is_unfolded(Step::Identity)>
                <summary>{lang.t(Step::Identity.key())}</summary>
                {identity(around)}
            </details>
        }
    });
    view! { <section class="stack"><h2 class="title-s">{lang.t("desk.sender")}</h2>{body}{open}{sealed}</section> }.into_any()
}

/// Everybody of the office who did something with the case, in the order they first did.
fn colleagues(around: Around<'_>) -> AnyView {
    let (lang, file) = (around.context.lang, around.file);
    let mut names: Vec<&str> = Vec::new();
    for name in file.history.iter().filter_map(|entry| entry.actor_name.as_deref()).chain(file.name(file.case.handler_id.as_deref())) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        return ().into_any();
    }
    let items: Vec<_> = names.into_iter().map(|name| view! { <li>{name.to_owned()}</li> }).collect();
    view! { <section class="stack"><h2 class="title-s">{lang.t("desk.colleagues")}</h2><ul class="small">{items}</ul></section> }.into_any()
}
