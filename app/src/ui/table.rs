//! A table of the officials' workspace: it scrolls sideways on its own, and on a phone each row becomes a card.

use crate::words::Lang;
use leptos::prelude::*;

/// The table; `label` and `heads` are keys of words. On a phone cells take their heads from `data-label`.
pub fn table(lang: Lang, label: &'static str, heads: &[&'static str], rows: Vec<AnyView>) -> AnyView {
    let heads: Vec<_> = heads.iter().map(|head| view! { <th scope="col">{lang.t(head)}</th> }).collect();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=lang.t(label)>
            <table class="table">
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
