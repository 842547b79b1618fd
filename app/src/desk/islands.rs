//! Keys for those who sit at the desk all day. Everything they do is a link or a field of the page: without scripts one tabs there.
//!
//! `j`/`k` go through the queue, Enter opens, `/` searches, `?` shows all keys; any other key follows the link that carries it in
//! `data-key`.

use leptos::prelude::*;

/// Listens for keys; shows nothing.
#[island]
pub fn DeskKeys() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    keys::listen();
}

#[cfg(feature = "hydrate")]
mod keys {
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;
    use web_sys::{Document, Element, HtmlElement, KeyboardEvent};

    pub fn listen() {
        let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
        let page = document.clone();
        let listener = Closure::<dyn FnMut(KeyboardEvent)>::new(move |event: KeyboardEvent| {
            if !is_typing(&page, &event) && press(&page, &event.key()).is_some() {
                event.prevent_default();
            }
        });
        if document.add_event_listener_with_callback("keydown", listener.as_ref().unchecked_ref()).is_ok() {
            // The listener lives as long as the page.
            listener.forget();
        }
    }

    fn is_typing(document: &Document, event: &KeyboardEvent) -> bool {
        let in_field = document.active_element().is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"));
        in_field || event.ctrl_key() || event.meta_key() || event.alt_key()
    }

    /// Does what a key stands for. `None` if it stands for nothing here.
    fn press(document: &Document, key: &str) -> Option<()> {
        match key {
            "j" => go(document, 1),
            "k" => go(document, -1),
            "/" => find(document, "[data-key='/']")?.focus().ok(),
            "?" => {
                let help = find(document, "[data-key='?']")?;
                help.toggle_attribute("open").ok()?;
                help.scroll_into_view();
                Some(())
            }
            "a" | "r" | "g" | "f" | "x" => {
                find(document, &format!("[data-key='{key}']"))?.click();
                Some(())
            }
            _ => None,
        }
    }

    fn find(document: &Document, selector: &str) -> Option<HtmlElement> {
        document.query_selector(selector).ok()??.dyn_into().ok()
    }

    /// Moves the focus to the next or previous item of the queue; from nowhere, to the first.
    fn go(document: &Document, by: i32) -> Option<()> {
        let items = document.query_selector_all(".queue .item").ok()?;
        let items: Vec<Element> = (0..items.length()).filter_map(|i| items.item(i)?.dyn_into().ok()).collect();
        let active = document.active_element();
        let here = items
            .iter()
            .position(|item| active.as_ref() == Some(item))
            .or_else(|| items.iter().position(|item| item.has_attribute("aria-current")))
            .and_then(|at| i32::try_from(at).ok());
        let last = i32::try_from(items.len()).ok()? - 1;
        let next = here.map_or(0, |at| (at + by).clamp(0, last));
        let item: HtmlElement = items.get(usize::try_from(next).ok()?)?.clone().dyn_into().ok()?;
        item.focus().ok()
    }
}
