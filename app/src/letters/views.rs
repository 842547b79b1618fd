//! Lists of letters for other pages. No data access.

use super::store::Letter;
use crate::ui::{Icon, PageContext, icon};
use leptos::prelude::*;

/// For whom a list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// Officials who see the case: drafts and all letters.
    Officials,
    /// The sender of the petition: what was issued to them, whatever else is in the list.
    Sender,
}

/// The letters of a case as a section with a heading; nothing if there is none to show.
pub fn list(context: &PageContext, letters: &[Letter], to: For) -> AnyView {
    let lang = context.lang;
    let items: Vec<_> = letters.iter().filter(|letter| to == For::Officials || letter.is_for_sender()).map(|letter| item(context, letter, to)).collect();
    if items.is_empty() {
        return ().into_any();
    }
    view! { <section class="stack" id="van-ban"><h2>{lang.t("letters.list")}</h2><ul class="files letter-list">{items}</ul></section> }.into_any()
}

/// The address of a letter's page.
pub fn href(context: &PageContext, letter: &Letter, to: For) -> String {
    context.href(&match to {
        For::Officials if letter.is_own_draft() => format!("/can-bo/don/{}/du-thao/{}", letter.case_id, letter.id),
        For::Officials => format!("/can-bo/don/{}/van-ban/{}", letter.case_id, letter.id),
        For::Sender => format!("/tra-cuu/van-ban/{}", letter.id),
    })
}

fn item(context: &PageContext, letter: &Letter, to: For) -> AnyView {
    let lang = context.lang;
    let href = href(context, letter, to);
    let number = letter.label.clone().map(|label| view! { <span class="num">{lang.f("letters.number", &[("number", &label)])}" · "</span> });
    let small = match letter.signed_at {
        Some(at) => lang.f("letters.issued_at", &[("time", &lang.time(at))]),
        None => lang.f("letters.draft_by", &[("who", &letter.drafted_by_name), ("time", &lang.time(letter.drafted_at))]),
    };
    let right = letter
        .next_right_last_day
        .filter(|_| to == For::Sender)
        .map(|day| view! { <small class="num">{lang.f("letters.right_until", &[("day", &lang.day_long(day))])}</small> });
    let course = letter.is_own_draft().then(|| view! { " · "{lang.t(letter.course.key())} });
    let addressee = (to == For::Officials).then(|| view! { " · "{lang.t(letter.addressee.key())} });
    view! {
        <li>
            <span class="thumb">{icon(Icon::Paper)}</span>
            <span class="grow">
                <a class="break" href=href.clone()>{letter.name.clone()}</a>
                <small class="num">{number}{small}{addressee}{course}</small>
                {right}
            </span>
            {letter.is_issued().then(|| view! { <a class="btn btn-s" href=format!("{href}.pdf") aria-label=lang.f("letters.pdf_of", &[("name", &letter.name)])>{icon(Icon::Download)}"PDF"</a> })}
        </li>
    }
    .into_any()
}
