//! What is told to whoever writes of an emergency, or of a matter for somebody else.

use super::elsewhere::Elsewhere;
use crate::ui::{Icon, icon};
use crate::words::Lang;
use leptos::prelude::*;

/// What was recognised, before anything else on the page. `always`: one line about emergencies also where nothing was.
pub fn told(lang: Lang, found: &[Elsewhere], always: bool) -> AnyView {
    let urgent: Vec<_> = found.iter().filter_map(|what| what.call()).collect();
    let line = (always && urgent.is_empty()).then(|| view! { <p class="urgent-line">{icon(Icon::Phone)}<span>{lang.t("kinds.urgent.line")}</span></p> });
    view! { {line}{alarm(lang, &urgent)}{others(lang, found)} }.into_any()
}

/// The numbers to call, big. All three are shown, what was recognised first: whoever is in need should not have to choose a word.
fn alarm(lang: Lang, urgent: &[(&'static str, &'static str)]) -> AnyView {
    if urgent.is_empty() {
        return ().into_any();
    }
    let rest = Elsewhere::ALL.into_iter().filter_map(Elsewhere::call).filter(|call| !urgent.contains(call));
    let numbers: Vec<_> = urgent
        .iter()
        .copied()
        .chain(rest)
        .enumerate()
        .map(|(i, (number, whose))| {
            let class = if i < urgent.len() { "btn btn-danger btn-call" } else { "btn btn-call" };
            view! { <li><a class=class href=format!("tel:{number}")>{icon(Icon::Phone)}<b class="num">{number}</b><span>{lang.t(whose)}</span></a></li> }
        })
        .collect();
    view! {
        <section class="alarm stack-s" role="alert" id="khan-cap">
            <p class="title-s"><b>{lang.t("kinds.urgent.title")}</b></p>
            <ul class="calls">{numbers}</ul>
            <p>{lang.t("kinds.urgent.text")}</p>
        </section>
    }
    .into_any()
}

fn others(lang: Lang, found: &[Elsewhere]) -> AnyView {
    let items: Vec<_> =
        found.iter().filter_map(|what| what.address()).map(|(what, place)| view! { <li><b>{lang.t(what)}</b>" "{lang.t(place)}</li> }).collect();
    if items.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="notice warn" id="noi-khac">
            {icon(Icon::Help)}
            <div class="stack-s"><b>{lang.t("kinds.elsewhere.title")}</b><ul>{items}</ul><p class="small">{lang.t("kinds.elsewhere.still")}</p></div>
        </section>
    }
    .into_any()
}

/// All addresses, for the guide on the first screen.
pub fn addresses(lang: Lang) -> AnyView {
    let items: Vec<_> =
        Elsewhere::ALL.into_iter().filter_map(Elsewhere::address).map(|(what, place)| view! { <li><b>{lang.t(what)}</b>" "{lang.t(place)}</li> }).collect();
    view! {
        <p><b>{lang.t("filing.guide.urgent_title")}</b>" "{lang.t("filing.guide.urgent")}</p>
        <p><b>{lang.t("filing.guide.elsewhere_title")}</b></p>
        <ul>{items}</ul>
    }
    .into_any()
}

/// For an official who guides: every right address, what the petition sounds like first.
pub fn right_addresses(lang: Lang, found: &[Elsewhere]) -> AnyView {
    let others = Elsewhere::ALL.into_iter().filter(|what| !found.contains(what));
    let items: Vec<_> = found
        .iter()
        .copied()
        .chain(others)
        .filter_map(Elsewhere::address)
        .map(|(what, place)| view! { <li><b>{lang.t(what)}</b>" "{lang.t(place)}</li> })
        .collect();
    let is_open = found.iter().any(|what| what.address().is_some());
    view! { <details class="more" open=is_open id="dia-chi-dung"><summary>{lang.t("kinds.elsewhere.official")}</summary><ul class="small">{items}</ul></details> }
        .into_any()
}
