//! Messages between the citizen and the office.

use super::forms::{MESSAGE_CHARS_MAX, ONCE};
use super::load::CaseView;
use super::pages::of;
use super::timeline::with_places;
use crate::form::FormState;
use crate::petitions::rules::{Event, State};
use crate::petitions::store::parts::Message;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, PageContext, icon, or_locked, text_area};
use leptos::prelude::*;
use std::collections::HashMap;

/// The question that waits for the citizen, with the form that answers it.
pub(super) fn question(context: &PageContext, view: &CaseView, form: &FormState) -> AnyView {
    let lang = context.lang;
    let authors = authors(context, view);
    let last = view.messages.iter().rev().find(|message| !message.is_from_citizen());
    let quote = last.map(|message| {
        let by = authors.get(message.id.as_str()).cloned().unwrap_or_default();
        view! {
            <div class="quote">
                <p class="text break">{or_locked(lang, message.is_locked, &message.body)}</p>
                <p class="small muted num">{by} " · " {lang.time(message.at)}</p>
            </div>
        }
    });
    view! {
        <section class="card stack" id="question">
            <h2 class="title-s">{lang.t("following.question.title")}</h2>
            {quote}
            {message_form(context, view, form, "following.question.label", "following.question.send")}
        </section>
    }
    .into_any()
}

/// All messages, and the form for another where the question above does not have it.
pub(super) fn thread(context: &PageContext, view: &CaseView, form: &FormState) -> AnyView {
    let lang = context.lang;
    let may_write = !matches!(view.case.state, State::Closed | State::Withdrawn);
    let is_asked = view.case.state == State::Waiting;
    if view.messages.is_empty() && (!may_write || is_asked) {
        return ().into_any();
    }
    let authors = authors(context, view);
    let items: Vec<_> = view.messages.iter().map(|message| item(context, message, &authors)).collect();
    view! {
        <section class="stack">
            <h2>{lang.t("following.thread.title")}</h2>
            {if items.is_empty() {
                view! { <p class="muted">{lang.t("following.thread.empty")}</p> }.into_any()
            } else {
                view! { <ol class="thread">{items}</ol> }.into_any()
            }}
            {(may_write && !is_asked).then(|| message_form(context, view, form, "following.message.label", "following.message.send"))}
        </section>
    }
    .into_any()
}

/// Which agency wrote which message: its name at that moment, never the official's.
fn authors<'a>(context: &PageContext, view: &'a CaseView) -> HashMap<&'a str, String> {
    with_places(&view.history)
        .into_iter()
        .filter_map(|(entry, place)| match &entry.event {
            Event::Asked { message_id } => Some((message_id.as_str(), place.name(&context.directory))),
            _ => None,
        })
        .collect()
}

fn item(context: &PageContext, message: &Message, authors: &HashMap<&str, String>) -> AnyView {
    let lang = context.lang;
    let (class, by) = if message.is_from_citizen() {
        ("msg msg-citizen", lang.t("following.thread.you").to_owned())
    } else {
        ("msg msg-official", authors.get(message.id.as_str()).cloned().unwrap_or_else(|| lang.t("following.thread.office").to_owned()))
    };
    let time = view! { <time class="num" datetime=message.at.to_rfc3339()>{lang.time(message.at)}</time> };
    view! { <li class=class><p class="msg-by"><b>{by}</b>{time}</p><p class="break">{or_locked(lang, message.is_locked, &message.body)}</p></li> }.into_any()
}

fn message_form(context: &PageContext, view: &CaseView, form: &FormState, label: &'static str, button: &'static str) -> AnyView {
    let lang = context.lang;
    let look = FieldLook { label, hint: Some("following.message.hint"), chars_max: Some(MESSAGE_CHARS_MAX), ..FieldLook::default() };
    // A form that comes back keeps its mark, so that it still cannot be filed twice.
    let once = match form.value(ONCE) {
        "" => context.portal.new_id(),
        kept => kept.to_owned(),
    };
    view! {
        <form method="post" action=lang.href("/tra-cuu/don/tin-nhan") class="stack no-print">
            {of(view)}
            <input type="hidden" name=ONCE value=once />
            {text_area(lang, form, "message", 4, look)}
            <div class="row"><button class="btn btn-main">{icon(Icon::Send)}{lang.t(button)}</button></div>
        </form>
    }
    .into_any()
}
