//! Letters outside a step, on the page of a case: what waits for a signature, what somebody would draft next, the way to all others.

use super::pages::drafter;
use super::rules::suggested;
use crate::desk::step_forms::Around;
use crate::letters::store::{Course, Letter};
use crate::letters::views::{For, href};
use crate::permissions::{Action, check};
use crate::ui::{Icon, PageContext, icon};
use leptos::prelude::*;

/// On the page of a case: its letters that wait for whoever looks to sign.
pub fn waiting(around: Around<'_>) -> AnyView {
    let (context, file) = (around.context, around.file);
    let waits = |letter: &&Letter| !letter.is_issued() && letter.course == Course::Waiting;
    let may_sign = |letter: &&Letter| check(&context.actor, Action::SignLetter(&file.case, &letter.drafted_by)).is_ok();
    to_sign(context, &file.letters.iter().filter(waits).filter(may_sign).cloned().collect::<Vec<_>>())
}

/// Letters that wait for whoever looks to sign, each leading to its draft; nothing if there is none.
pub fn to_sign(context: &PageContext, letters: &[Letter]) -> AnyView {
    let lang = context.lang;
    let items: Vec<_> = letters
        .iter()
        .map(|letter| {
            let by = lang.f("letters.draft_by", &[("who", &letter.drafted_by_name), ("time", &lang.time(letter.drafted_at))]);
            view! { <li><a href=href(context, letter, For::Officials)>{letter.name.clone()}</a>" "<span class="small muted num">{by}</span></li> }
        })
        .collect();
    (!items.is_empty())
        .then(|| {
            view! {
                <div class="notice info" id="cho-ky">
                    {icon(Icon::Paper)}
                    <div class="stack-s"><b>{lang.t("own_letters.to_sign")}</b><ul>{items}</ul></div>
                </div>
            }
        })
        .into_any()
}

/// What can be drafted: the likely ones as buttons, the rest one step away. Nothing for whoever may not draft.
pub fn offers(around: Around<'_>) -> AnyView {
    let (context, file) = (around.context, around.file);
    let lang = context.lang;
    if check(&context.actor, Action::DraftLetter(&file.case)).is_err() {
        return ().into_any();
    }
    let drafter = drafter(context, &file.case, false);
    let path = |last: &str| context.href(&format!("/can-bo/don/{}/soan{last}", file.case.id));
    let likely: Vec<_> = suggested(&file.case, &file.letters, context.today, drafter)
        .into_iter()
        .map(|code| view! { <a class="btn btn-s" href=path(&format!("/{code}"))>{lang.t(suggestion_key(code))}</a> })
        .collect();
    view! {
        <section class="stack-s" id="soan">
            <h2>{lang.t("own_letters.title")}</h2>
            <p class="row">{likely}<a class="btn btn-s btn-quiet" href=path("")>{icon(Icon::Paper)}{lang.t("own_letters.choose")}</a></p>
        </section>
    }
    .into_any()
}

/// Key of the button that begins a letter: the act, not the letter's full name.
fn suggestion_key(code: &str) -> &'static str {
    match code {
        super::rules::RECEIPT => "own_letters.do.receipt",
        super::rules::SUPPLEMENT => "own_letters.do.supplement",
        super::rules::INTERIM => "own_letters.do.interim",
        super::rules::REPLY => "own_letters.do.reply",
        crate::letters::own::REMINDER => "own_letters.do.reminder",
        "withdrawal_confirmation" => "own_letters.do.withdrawal",
        _ => "own_letters.do.extension",
    }
}
