//! Comforts of a case's page: telling that it is still open, names while typing a note, ready-made answers where the cursor is.
//! Without scripts a mark ends by itself, a colleague is chosen from a list, and a button brings the form back with the answer in it.

use leptos::prelude::*;

/// Tells every so often that the page of a case is still open, and once that it was left. Shows nothing.
#[island]
pub fn StillOpen(
    /// The page's address; `/dang-mo` and `/roi-trang` lie below it.
    address: String,
    /// The query string that says which page it is.
    page: String,
    /// Seconds between two tellings.
    every_seconds: i64,
) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| browser::keep_open(&address, &page, every_seconds));
    #[cfg(not(feature = "hydrate"))]
    drop((address, page, every_seconds));
    view! { <span hidden></span> }
}

/// Names that fit what is typed behind an `@`, to be pressed. Choosing one writes it into the field.
#[island]
pub fn MentionHelp(
    /// The id of the text field.
    field: String,
    /// Names of those who may be named.
    names: Vec<String>,
    /// What the list is called.
    label: String,
) -> impl IntoView {
    let (fitting, set_fitting) = signal(Vec::<String>::new());
    #[cfg(feature = "hydrate")]
    {
        let field = field.clone();
        Effect::new(move |_| browser::watch_mentions(&field, names.clone(), set_fitting));
    }
    #[cfg(not(feature = "hydrate"))]
    drop(names);
    let buttons = move || {
        let field = field.clone();
        fitting
            .get()
            .into_iter()
            .map(|name| {
                let (field, chosen) = (field.clone(), name.clone());
                let choose = move |_| {
                    put(&field, &chosen);
                    set_fitting.set(Vec::new());
                };
                view! { <li><button type="button" class="chip" on:click=choose>{format!("@{name}")}</button></li> }
            })
            .collect::<Vec<_>>()
    };
    view! { <ul class="chips mention-names" aria-label=label aria-live="polite" hidden=move || fitting.get().is_empty()>{buttons}</ul> }
}

#[cfg(feature = "hydrate")]
fn put(field: &str, name: &str) {
    // A field that is gone needs no name.
    browser::put_mention(field, name);
}

#[cfg(not(feature = "hydrate"))]
fn put(_field: &str, _name: &str) {}

/// Puts a ready-made answer where the cursor is, without a way to the server and back for the page. Shows nothing.
#[island]
pub fn CannedInsert(
    /// The id of the text field.
    field: String,
    /// The id of the list; its button is `…-button`, the field that remembers the choice `…-used`.
    select: String,
    /// The address below which a filled text lies.
    address: String,
) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| browser::insert_canned(&field, &select, &address));
    #[cfg(not(feature = "hydrate"))]
    drop((field, select, address));
    view! { <span hidden></span> }
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::prelude::{Set, WriteSignal};
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;
    use web_sys::{Document, Event, EventTarget, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement, XmlHttpRequest};

    fn document() -> Option<Document> {
        web_sys::window()?.document()
    }

    fn listen(target: &EventTarget, event: &str, listener: impl FnMut(Event) + 'static) -> Option<()> {
        let listener = Closure::<dyn FnMut(Event)>::new(listener).into_js_value();
        target.add_event_listener_with_callback(event, listener.unchecked_ref()).ok()
    }

    fn tell((address, page): &(String, String), what: &str) {
        if let Some(window) = web_sys::window() {
            // A telling that does not arrive is made again, or the mark ends by itself.
            drop(window.navigator().send_beacon(&format!("{address}/{what}{page}")));
        }
    }

    pub fn keep_open(address: &str, page: &str, every_seconds: i64) -> Option<()> {
        let window = web_sys::window()?;
        let this = (address.to_owned(), page.to_owned());
        // The page before this one, if it was the same case, has just said that it was left.
        tell(&this, "dang-mo");
        let (still, left, back) = (this.clone(), this.clone(), this);
        let page = document()?;
        let again = Closure::<dyn FnMut()>::new(move || {
            if !page.hidden() {
                tell(&still, "dang-mo");
            }
        });
        let pause = i32::try_from(every_seconds * 1_000).ok()?;
        window.set_interval_with_callback_and_timeout_and_arguments_0(again.into_js_value().unchecked_ref(), pause).ok()?;
        listen(&window, "pagehide", move |_| tell(&left, "roi-trang"))?;
        listen(&window, "pageshow", move |event| {
            let is_kept = js_sys::Reflect::get(&event, &"persisted".into()).is_ok_and(|value| value.is_truthy());
            if is_kept {
                tell(&back, "dang-mo");
            }
        })
    }

    fn area(id: &str) -> Option<HtmlTextAreaElement> {
        document()?.get_element_by_id(id)?.dyn_into().ok()
    }

    /// What stands before the cursor. Positions are UTF-16 units, as the browser counts.
    fn before_cursor(area: &HtmlTextAreaElement) -> Option<(String, String)> {
        let at = area.selection_start().ok()??;
        let units: Vec<u16> = area.value().encode_utf16().collect();
        let at = usize::try_from(at).ok()?.min(units.len());
        Some((String::from_utf16_lossy(&units[..at]), String::from_utf16_lossy(&units[at..])))
    }

    /// The beginning of a name behind the last `@` before the cursor.
    fn begun(before: &str) -> Option<&str> {
        let begun = before.rsplit_once('@')?.1;
        (!begun.contains('\n') && begun.chars().count() <= 40 && !begun.starts_with(' ')).then_some(begun)
    }

    pub fn watch_mentions(field: &str, names: Vec<String>, fitting: WriteSignal<Vec<String>>) -> Option<()> {
        let watched = area(field)?;
        let target: EventTarget = watched.clone().into();
        listen(&target, "input", move |_| {
            let wanted = before_cursor(&watched).and_then(|(before, _)| begun(&before).map(str::to_lowercase));
            let found = wanted.map_or_else(Vec::new, |wanted| names.iter().filter(|name| fits(name, &wanted)).take(8).cloned().collect());
            fitting.set(found);
        })
    }

    /// Whether a name, or one of its words, begins with what was typed; a name typed in full needs no help any more.
    fn fits(name: &str, wanted: &str) -> bool {
        let name = name.to_lowercase();
        !wanted.starts_with(name.as_str()) && (name.starts_with(wanted) || name.split(' ').any(|word| word.starts_with(wanted)))
    }

    pub fn put_mention(field: &str, name: &str) -> Option<()> {
        let area = area(field)?;
        let (before, after) = before_cursor(&area)?;
        let head = before.rsplit_once('@')?.0;
        write(&area, &format!("{head}@{name} "), &after)
    }

    /// Text before and behind the cursor; the field is told, so that counters and drafts follow.
    fn write(area: &HtmlTextAreaElement, before: &str, after: &str) -> Option<()> {
        area.set_value(&format!("{before}{after}"));
        let at = u32::try_from(before.encode_utf16().count()).ok()?;
        area.focus().ok()?;
        area.set_selection_range(at, at).ok()?;
        area.dispatch_event(&Event::new("input").ok()?).ok().map(|_| ())
    }

    pub fn insert_canned(field: &str, select: &str, address: &str) -> Option<()> {
        let page = document()?;
        let button = page.get_element_by_id(&format!("{select}-button"))?;
        let (field, select, address) = (field.to_owned(), select.to_owned(), address.to_owned());
        listen(&button, "click", move |event| {
            let chosen = document().and_then(|page| page.get_element_by_id(&select)?.dyn_into::<HtmlSelectElement>().ok()).map(|list| list.value());
            // Nothing chosen: the server says so.
            let Some(chosen) = chosen.filter(|value| !value.is_empty()) else { return };
            event.prevent_default();
            fetch(&field, &format!("{select}-used"), &format!("{address}{chosen}"), chosen);
        })
    }

    fn fetch(field: &str, used: &str, address: &str, chosen: String) -> Option<()> {
        let request = XmlHttpRequest::new().ok()?;
        request.open("GET", address).ok()?;
        let (field, used, answer) = (field.to_owned(), used.to_owned(), request.clone());
        let target: EventTarget = request.clone().into();
        listen(&target, "load", move |_| {
            if answer.status() == Ok(200)
                && let Some(text) = answer.response_text().ok().flatten()
            {
                put_text(&field, &text);
                remember(&used, &chosen);
            }
        })?;
        request.send().ok()
    }

    fn remember(used: &str, chosen: &str) -> Option<()> {
        let field: HtmlInputElement = document()?.get_element_by_id(used)?.dyn_into().ok()?;
        field.set_value(chosen);
        Some(())
    }

    fn put_text(field: &str, text: &str) -> Option<()> {
        let area = area(field)?;
        let (before, after) = before_cursor(&area)?;
        let gap = if before.is_empty() || before.ends_with('\n') { "" } else { "\n\n" };
        write(&area, &format!("{before}{gap}{text}"), &after)
    }
}
