//! What of a case the public reads or will read: the text, the answer, the papers; and what in them may still name somebody.

use super::case::CaseFile;
use super::step_forms::{Around, button, step_form};
use super::steps::Step;
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::markdown;
use crate::redaction::choices;
use crate::redaction::pages::take_back_form;
use crate::redaction::store::PublicPaper;
use crate::ui::{Icon, icon};
use leptos::prelude::*;

/// The public text, waiting or out, with what goes with it.
pub fn public_side(around: Around<'_>) -> AnyView {
    let (lang, file) = (around.context.lang, around.file);
    let body = match &file.public_text {
        Some(text) => {
            let state = if text.state == "approved" { "desk.public.approved" } else { "desk.public.proposed" };
            let by = lang.f("desk.public.by", &[("who", &text.proposed_by_name)]);
            let is_waiting = text.state == "proposed";
            let release = file.is_open(Step::Release).then(|| {
                let text = view! { <p class="small">{lang.t("desk.release.text")}</p> }.into_any();
                step_form(around, Step::Release, text, button(around, Step::Release.key(), "btn btn-s"))
            });
            view! {
                <p class="row"><span class="clock plain">{lang.t(state)}</span><span class="small muted">{by}</span></p>
                <p><b>{choices::marked(&text.title)}</b></p>
                <p class="text">{choices::marked(&text.body)}</p>
                {chosen_papers(around)}
                {is_waiting.then(|| choices::left(lang, &[&text.title, &text.body], &file.people))}
                {release}
            }
            .into_any()
        }
        None => view! { <p class="muted">{lang.t(no_public_text(file))}</p> }.into_any(),
    };
    let edit = file.is_open(Step::Publish).then(|| {
        let key = if file.public_text.is_some() { "desk.public.edit" } else { "desk.step.publish" };
        view! { <p><a class="btn btn-s" href=around.unfold_href(Step::Publish)>{lang.t(key)}</a></p> }
    });
    view! { <section class="stack" id="buoc-duyet-cong-khai"><h2 class="title-s">{lang.t("desk.public")}</h2>{body}{edit}</section> }.into_any()
}

/// The versions that go out with the public text, to be looked at before.
fn chosen_papers(around: Around<'_>) -> AnyView {
    let (context, file) = (around.context, around.file);
    let lang = context.lang;
    let chosen: Vec<&PublicPaper> = file.versions.iter().filter(|version| version.is_proposed).collect();
    if chosen.is_empty() {
        return ().into_any();
    }
    let count = lang.n("redaction.chosen_one", "redaction.chosen_many", i64::try_from(chosen.len()).unwrap_or(0));
    let items: Vec<_> = chosen
        .into_iter()
        .map(|version| {
            let href = context.href(&format!("/can-bo/don/{}/ban-cong-khai/{}", file.case.id, version.id));
            let words = if version.title.is_empty() { lang.t("redaction.photo") } else { version.title.as_str() }.to_owned();
            if version.is_picture() {
                view! { <li><a href=href.clone()><img src=format!("{href}?nho") alt=words loading="lazy" /></a></li> }.into_any()
            } else {
                view! { <li><a href=href>{icon(Icon::Paper)}{words}</a></li> }.into_any()
            }
        })
        .collect();
    view! { <p class="small muted">{count}</p><ul class="photo-grid">{items}</ul> }.into_any()
}

fn no_public_text(file: &CaseFile) -> &'static str {
    if !file.case.kind.can_be_public() {
        "desk.public.never"
    } else if !file.case.may_publish {
        "desk.public.refused"
    } else {
        "desk.public.none"
    }
}

/// What of a waiting answer the public will read, and what in it may still name somebody.
pub fn answer_for_public(around: Around<'_>, body: &str) -> AnyView {
    let (lang, file) = (around.context.lang, around.file);
    if !file.case.kind.can_be_public() || !file.case.may_publish {
        return ().into_any();
    }
    let public = file.public_answer.as_ref().map(|text| {
        view! {
            <div class="preview">
                <p class="preview-label">{lang.t("redaction.answer.public")}</p>
                <div class="md" inner_html=markdown::to_html(text)></div>
            </div>
        }
    });
    let read = markdown::to_plain(file.public_answer.as_deref().unwrap_or(body));
    view! { {public}{choices::left(lang, &[&read], &file.people)} }.into_any()
}

/// The versions that are public, each to be taken back.
pub fn public_versions(around: Around<'_>) -> AnyView {
    let (context, file) = (around.context, around.file);
    let lang = context.lang;
    let may = check(&context.actor, Action::TakePaperBack(&file.case)).is_ok();
    let items: Vec<_> = file
        .versions
        .iter()
        .filter(|version| version.is_public && may)
        .enumerate()
        .map(|(i, version)| {
            let href = context.href(&format!("/can-bo/don/{}/ban-cong-khai/{}", file.case.id, version.id));
            let words = if version.title.is_empty() { lang.t("redaction.photo") } else { version.title.as_str() }.to_owned();
            view! {
                <li class="stack-s">
                    <a href=href>{words}</a>
                    <details class="more">
                        <summary>{lang.t("redaction.take_back")}</summary>
                        {take_back_form(context, &file.case.id, &version.id, &FormState::default(), i + 1)}
                    </details>
                </li>
            }
        })
        .collect();
    if items.is_empty() {
        return ().into_any();
    }
    view! { <h3 class="title-s">{lang.t("redaction.public_papers")}</h3><ul class="bare stack-s">{items}</ul> }.into_any()
}
