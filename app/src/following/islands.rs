//! Two small comforts of the following pages. Both pages work without them.

use leptos::prelude::*;

/// Fills the code's field from the part of the address after `#`, where the receipt's QR code has it, and takes it out of the
/// address again. That part never reaches the server. Without scripts one types the code.
#[island]
pub fn CodeFromFragment(
    /// The id of the field.
    field: String,
) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| fill(&field));
    #[cfg(not(feature = "hydrate"))]
    drop(field);
    view! { <span hidden></span> }
}

#[cfg(feature = "hydrate")]
pub(crate) fn fill(field: &str) -> Option<()> {
    use wasm_bindgen::JsCast;
    let window = web_sys::window()?;
    let location = window.location();
    let fragment = location.hash().ok()?;
    let code: String = fragment.chars().filter(char::is_ascii_alphanumeric).collect();
    // Only what looks like a code: anchors of the page are words.
    if code.len() != 16 || fragment.len() > 40 {
        return None;
    }
    let input = window.document()?.get_element_by_id(field)?.dyn_into::<web_sys::HtmlInputElement>().ok()?;
    let groups: Vec<&str> = (0..4).map(|i| &code[i * 4..(i + 1) * 4]).collect();
    input.set_value(&groups.join(" "));
    window.history().ok()?.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&location.pathname().ok()?)).ok()
}

/// A button that opens the browser's print dialog. Without scripts it is not there; the browser's own menu prints as well.
#[island]
pub fn PrintButton(
    /// What the button says.
    label: String,
) -> impl IntoView {
    let (is_awake, wake) = signal(false);
    Effect::new(move |_| wake.set(true));
    let print = move |_| {
        #[cfg(feature = "hydrate")]
        if let Some(window) = web_sys::window() {
            // A browser that refuses to print says so itself.
            drop(window.print());
        }
    };
    view! { <button type="button" class="btn btn-s no-print" hidden=move || !is_awake.get() on:click=print>{label}</button> }
}
