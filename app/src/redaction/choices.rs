//! The boxes with which an official hides words, below every field whose text becomes public; and how marked texts look.
//!
//! Everything that may be personal is listed with the words around it. Nothing is hidden before somebody ticks it and sends the form; words that
//! were not found are typed into a field. Without scripts the button "apply" shows the page again with the marks in their places.

use super::rules::{self, Found, HIDDEN_CHARS_MAX, HIDDEN_MAX, Hidden, Kind, Known};
use crate::form::FormState;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, icon, select_field, text_field};
use crate::words::Lang;
use leptos::prelude::*;
use std::ops::Range;

/// Places of the same words that are shown; how many more there are is said.
const PLACES_SHOWN: usize = 3;

/// The names of the fields: a page may have several such forms.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    /// What the names of ticks begin with; their values are "kind|words".
    tick: &'static str,
    /// The field for words that were not found.
    words: &'static str,
    /// The field for their kind.
    kind: &'static str,
}

/// In the form of the public text.
pub const PUBLIC: Names = Names { tick: "hide_", words: "hidden_words", kind: "hidden_kind" };
/// In the form of an answer.
pub const ANSWER: Names = Names { tick: "veil_", words: "veiled_words", kind: "veiled_kind" };
/// In the form of a paper's title.
pub const PAPER: Names = PUBLIC;

/// Puts hidden words into a form that begins filled in.
pub fn set(form: &mut FormState, names: Names, hidden: &[Hidden]) {
    for (i, hidden) in hidden.iter().enumerate() {
        form.set(&format!("{}{i}", names.tick), value(hidden));
    }
}

fn value(hidden: &Hidden) -> String {
    format!("{}|{}", hidden.kind.code(), hidden.words)
}

/// What is ticked in a form.
pub fn ticked(form: &FormState, names: Names) -> Vec<Hidden> {
    let mut hidden: Vec<Hidden> = Vec::new();
    for (_, value) in form.values().iter().filter(|(name, _)| name.starts_with(names.tick)) {
        let Some((kind, words)) = value.split_once('|').and_then(|(code, words)| Some((Kind::from_code(code)?, words.trim()))) else { continue };
        if !words.is_empty() && hidden.len() < HIDDEN_MAX && !hidden.iter().any(|known| known.words == words) {
            hidden.push(Hidden { kind, words: words.to_owned() });
        }
    }
    hidden
}

/// Reads what is to be hidden in some texts: what is ticked and still stands there, and the words that were typed. These become a tick, so that the
/// form can come back.
pub fn read(form: &mut FormState, names: Names, texts: &[&str]) -> Vec<Hidden> {
    let stands = |words: &str| texts.iter().any(|text| rules::contains(text, words));
    let mut hidden: Vec<Hidden> = ticked(form, names).into_iter().filter(|hidden| stands(&hidden.words)).collect();
    let typed = form.optional(names.words, HIDDEN_CHARS_MAX);
    if !typed.is_empty() {
        if stands(&typed) {
            let kind = Kind::from_code(form.value(names.kind)).unwrap_or(Kind::Other);
            if !hidden.iter().any(|known| known.words == typed) && hidden.len() < HIDDEN_MAX {
                hidden.push(Hidden { kind, words: typed });
            }
            form.forget(names.words);
            form.forget(names.kind);
        } else {
            form.wrong(names.words, "redaction.words_missing");
        }
    }
    let old: Vec<String> = form.values().keys().filter(|name| name.starts_with(names.tick)).cloned().collect();
    old.iter().for_each(|name| form.forget(name));
    set(form, names, &hidden);
    hidden
}

/// The boxes below the texts of a form.
pub fn boxes(lang: Lang, form: &FormState, names: Names, texts: &[&str], known: &Known) -> AnyView {
    let ticked = ticked(form, names);
    let found: Vec<(usize, Found)> =
        texts.iter().enumerate().flat_map(|(i, text)| rules::found(text, known).into_iter().map(move |found| (i, found))).collect();
    let mut lines: Vec<AnyView> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    let box_of = |hidden: &Hidden, is_known: bool, around: AnyView| {
        let is_ticked = ticked.iter().any(|ticked| ticked.words == hidden.words);
        let known = is_known.then(|| view! { " " <span class="tag">{lang.t("redaction.is_known")}</span> });
        view! {
            <label class="check">
                <input type="checkbox" name=format!("{}{}", names.tick, seen_id(hidden)) value=value(hidden) checked=is_ticked />
                <span><b>{hidden.words.clone()}</b>" "<span class="tag">{lang.t(hidden.kind.key())}</span>{known}{around}</span>
            </label>
        }
        .into_any()
    };
    for (text, found) in &found {
        if seen.contains(&found.hidden.words.as_str()) {
            continue;
        }
        seen.push(&found.hidden.words);
        lines.push(box_of(&found.hidden, found.is_known, around(lang, texts[*text], &found.places)));
    }
    for hidden in ticked.iter().filter(|hidden| !seen.contains(&hidden.words.as_str())) {
        let places = texts.iter().map(|text| (text, rules::places(text, std::slice::from_ref(hidden)))).find(|(_, places)| !places.is_empty());
        lines.push(box_of(hidden, false, places.map(|(text, places)| around(lang, text, &places)).into_any()));
    }
    let none = lines.is_empty().then(|| view! { <p class="muted small">{lang.t("redaction.none_found")}</p> });
    let kinds = Kind::ALL.into_iter().map(|kind| (kind.code().to_owned(), lang.t(kind.key()).to_owned())).collect();
    let words = FieldLook { label: "redaction.words", hint: Some("redaction.words_hint"), is_optional: true, ..FieldLook::default() };
    view! {
        <fieldset class="group hiding">
            <legend>{lang.t("redaction.legend")}</legend>
            <span class="hint">{lang.t("redaction.hint")}</span>
            {none}
            {lines}
            {text_field(lang, form, names.words, words)}
            {select_field(lang, form, names.kind, kinds, "redaction.kind_any", FieldLook { label: "redaction.kind_label", ..FieldLook::default() })}
        </fieldset>
    }
    .into_any()
}

/// The end of a tick's name: its place in the list says nothing once the text has changed, its words do.
fn seen_id(hidden: &Hidden) -> String {
    use sha2::{Digest, Sha256};
    data_encoding::HEXLOWER.encode(&Sha256::digest(hidden.words.as_bytes())[..6])
}

/// The words around the places of something found.
fn around(lang: Lang, text: &str, places: &[Range<usize>]) -> AnyView {
    let lines: Vec<_> = places
        .iter()
        .take(PLACES_SHOWN)
        .map(|place| {
            let (before, after) = rules::around(text, place);
            view! { <small>"… "{before.to_owned()}<mark>{text[place.clone()].to_owned()}</mark>{after.to_owned()}" …"</small> }
        })
        .collect();
    let more = places.len().saturating_sub(PLACES_SHOWN);
    let more =
        (more > 0).then(|| view! { <small class="muted">{lang.n("redaction.more_one", "redaction.more_many", i64::try_from(more).unwrap_or(0))}</small> });
    view! { {lines}{more} }.into_any()
}

/// For the second person: everything in texts that may be personal and was not hidden.
pub fn left(lang: Lang, texts: &[&str], known: &Known) -> AnyView {
    let lines: Vec<_> = texts
        .iter()
        .flat_map(|text| rules::found(text, known).into_iter().map(move |found| (*text, found)))
        .map(|(text, found)| {
            let known = found.is_known.then(|| view! { " " <span class="tag">{lang.t("redaction.is_known")}</span> });
            view! { <li><b>{found.hidden.words.clone()}</b>" "<span class="tag">{lang.t(found.hidden.kind.key())}</span>{known}{around(lang, text, &found.places)}</li> }
        })
        .collect();
    if lines.is_empty() {
        return ().into_any();
    }
    view! {
        <div class="notice warn hiding" role="note">
            {icon(Icon::Warning)}
            <div class="stack-s"><b>{lang.t("redaction.left")}</b><p>{lang.t("redaction.left_text")}</p><ul class="bare">{lines}</ul></div>
        </div>
    }
    .into_any()
}

/// A text with its marks set apart from its words.
pub fn marked(text: &str) -> AnyView {
    pieces(text, &rules::mark_places(text), |mark| view! { <span class="hidden-words">{mark}</span> }.into_any())
}

/// A text in which words that are hidden from the public stand out: for those who may read it.
pub fn highlighted(text: &str, hidden: &[Hidden]) -> AnyView {
    pieces(text, &rules::places(text, hidden), |words| view! { <mark>{words}</mark> }.into_any())
}

fn pieces(text: &str, places: &[Range<usize>], special: impl Fn(String) -> AnyView) -> AnyView {
    let mut rest = 0;
    let mut views: Vec<AnyView> = Vec::new();
    for place in places {
        views.push(text[rest..place.start].to_owned().into_any());
        views.push(special(text[place.clone()].to_owned()));
        rest = place.end;
    }
    views.push(text[rest..].to_owned().into_any());
    views.into_any()
}
