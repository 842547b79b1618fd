//! Small pieces of many pages: the way back, the page with nothing on it, addresses with a query.

use super::icons::{Icon, icon};
use crate::words::Lang;
use leptos::prelude::*;
use std::fmt::Write;

/// What a page shows where there is nothing.
pub fn empty(picture: Icon, title: String, text: &str, action: AnyView) -> AnyView {
    view! { <div class="empty">{icon(picture)}<p><b>{title}</b></p><p class="muted">{text.to_owned()}</p>{action}</div> }.into_any()
}

/// The way back along the pages above.
pub fn breadcrumbs(lang: Lang, above: &str, words: &str, here: &str) -> AnyView {
    view! {
        <nav class="breadcrumbs" aria-label=lang.t("released.path")>
            <ol><li><a href=lang.href(above)>{words.to_owned()}</a></li><li aria-current="page">{here.to_owned()}</li></ol>
        </nav>
    }
    .into_any()
}

/// A path with a query of these pairs.
pub fn address(path: &str, pairs: &[(&str, String)]) -> String {
    let mut text = path.to_owned();
    for (i, (name, value)) in pairs.iter().enumerate() {
        text.push(if i == 0 { '?' } else { '&' });
        text.push_str(name);
        text.push('=');
        text.push_str(&encoded(value));
    }
    text
}

/// A value as it may stand in a query: letters, digits and `-._~` stay, all other bytes become `%XX`.
pub fn encoded(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else if write!(text, "%{byte:02X}").is_err() {
            return text;
        }
    }
    text
}

/// A value of a person, or that the server lacks the key to open it.
pub fn or_locked(lang: Lang, is_locked: bool, value: &str) -> String {
    if is_locked { lang.t("sealed.locked").to_owned() } else { value.to_owned() }
}
