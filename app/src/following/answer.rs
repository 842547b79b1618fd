//! The answer, the citizen's next right, and the rating: everybody answered is asked, also by a decision or a refusal.

use super::forms::COMMENT_CHARS_MAX;
use super::load::CaseView;
use super::pages::of;
use crate::form::FormState;
use crate::petitions::ratings::{asked_from, is_asked};
use crate::petitions::store::parts::Rating;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, PageContext, icon, text_area};
use crate::words::Lang;
use leptos::prelude::*;

/// The answer with everything that hangs on it; nothing while there is none.
pub(super) fn answer(context: &PageContext, view: &CaseView, form: &FormState) -> AnyView {
    let lang = context.lang;
    let rating = match &view.rating {
        Some(rating) => thanks(lang, rating),
        None if is_asked(&view.case, context.today) => rating_form(context, view, form),
        None => asked_later(context, view),
    };
    // A decision or a refusal reaches the citizen as a letter; they are asked about it all the same.
    let Some(html) = view.answer.clone() else { return rating };
    view! {
        <section class="card stack" id="answer">
            <h2>{lang.t("following.answer.title")}</h2>
            <div class="md break" inner_html=html></div>
            <div class="notice info">{icon(Icon::Help)}<div><b>{lang.t("following.answer.right")}</b><p>{lang.t("following.answer.right_plain")}</p></div></div>
        </section>
        {rating}
    }
    .into_any()
}

/// While something is promised nobody is asked how it went.
fn asked_later(context: &PageContext, view: &CaseView) -> AnyView {
    let lang = context.lang;
    let day = asked_from(&view.case).map(|day| lang.f("ratings.later", &[("day", &lang.day_long(day))]));
    day.map(|words| view! { <p class="small muted no-print">{words}</p> }).into_any()
}

fn thanks(lang: Lang, rating: &Rating) -> AnyView {
    let line = |words: &'static str, mark: i64| view! { <dt>{words}</dt><dd>{lang.f("following.rating.mark", &[("n", &lang.number(mark))])}</dd> };
    view! {
        <section class="card stack">
            <h2 class="title-s">{lang.t("following.rating.thanks")}</h2>
            <dl class="dl num">
                {line(lang.t("following.rating.clarity"), rating.clarity)}
                {line(lang.t("following.rating.attitude"), rating.attitude)}
                {line(lang.t("following.rating.result"), rating.result)}
            </dl>
            {(!rating.comment.is_empty()).then(|| view! { <div class="quote"><p class="text break">{rating.comment.clone()}</p></div> })}
        </section>
    }
    .into_any()
}

fn rating_form(context: &PageContext, view: &CaseView, form: &FormState) -> AnyView {
    let lang = context.lang;
    let look = FieldLook { label: "following.rating.comment", is_optional: true, chars_max: Some(COMMENT_CHARS_MAX), ..FieldLook::default() };
    view! {
        <section class="card stack no-print">
            <h2 class="title-s">{lang.t("following.rating.title")}</h2>
            <p class="muted small">{lang.t("following.rating.text")}</p>
            <form method="post" action=lang.href("/tra-cuu/don/danh-gia") class="stack">
                {of(view)}
                {marks(lang, form, "clarity", lang.t("following.rating.clarity"))}
                {marks(lang, form, "attitude", lang.t("following.rating.attitude"))}
                {marks(lang, form, "result", lang.t("following.rating.result"))}
                {text_area(lang, form, "comment", 3, look)}
                <button class="btn btn-main">{lang.t("following.rating.send")}</button>
            </form>
        </section>
    }
    .into_any()
}

/// Five marks to choose from, each with its words.
fn marks(lang: Lang, form: &FormState, name: &'static str, legend: &'static str) -> AnyView {
    let words = [
        ("1", lang.t("following.rating.1")),
        ("2", lang.t("following.rating.2")),
        ("3", lang.t("following.rating.3")),
        ("4", lang.t("following.rating.4")),
        ("5", lang.t("following.rating.5")),
    ];
    let options: Vec<_> = words
        .into_iter()
        .map(|(value, words)| {
            view! { <label><input type="radio" name=name value=value checked=form.value(name) == value /><span>{value}<small>{words}</small></span></label> }
        })
        .collect();
    let error = form.error(name, lang);
    let class = if error.is_some() { "group rating bad" } else { "group rating" };
    view! {
        <fieldset class=class id=name tabindex="-1">
            <legend>{legend}</legend>
            {error.map(|error| view! { <span class="err">{error}</span> })}
            <div>{options}</div>
        </fieldset>
    }
    .into_any()
}
