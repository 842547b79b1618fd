//! The sentence after something was done.

use super::icons::{Icon, icon};
use leptos::prelude::*;

/// The sentence after a step was done.
pub fn flash_line(words: String) -> AnyView {
    view! { <div class="flash" role="status">{icon(Icon::Check)}<p>{words}</p></div> }.into_any()
}
