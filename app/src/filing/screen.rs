//! What the three screens have in common: their head, the list of papers, the button at the end.

use super::islands::{CharCounter, DraftKeeper};
use super::rules::Step;
use crate::form::FormState;
use crate::papers::store::Paper;
use crate::routing::elsewhere::{self, Elsewhere};
use crate::routing::elsewhere_view;
use crate::ui::{Icon, PageContext, icon};
use crate::words::Lang;
use axum::http::StatusCode;
use chrono::{DateTime, Timelike, Utc};
use leptos::prelude::*;

/// A screen with what it shows.
pub struct Screen<'a> {
    /// The request.
    pub context: &'a PageContext,
    /// All that was typed, and what of it is wrong.
    pub form: &'a FormState,
    /// Photos and papers of the draft.
    pub papers: &'a [Paper],
    /// When the draft was last saved.
    pub saved_at: Option<DateTime<Utc>>,
}

impl Screen<'_> {
    /// 422 if something is wrong with the form, else 200.
    pub fn status(&self) -> StatusCode {
        if self.form.is_valid() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    /// What the typed words sound like, beside what this portal is for.
    pub fn told(&self) -> Vec<Elsewhere> {
        elsewhere::recognised(elsewhere::signs(), self.form.value("title"), self.form.value("body"))
    }

    /// The title of the document: whoever hears it must know at once that something is wrong.
    pub fn title(&self, words: &'static str) -> String {
        let lang = self.context.lang;
        if self.form.is_valid() { lang.t(words).to_owned() } else { lang.f("filing.wrong_title", &[("title", lang.t(words))]) }
    }
}

/// The head of a screen: way back, "saved", step, question.
pub fn head(screen: &Screen<'_>, step: Step, question: &'static str) -> AnyView {
    let (context, lang) = (screen.context, screen.context.lang);
    let (number, back) = match step {
        Step::What => (1, None),
        Step::Whom => (2, Some(Step::What)),
        Step::Check => (3, Some(Step::Whom)),
    };
    let words = lang.f("filing.step", &[("n", &number.to_string())]);
    let bars: Vec<_> = (1..=3).map(|bar| view! { <i class=(bar <= number).then_some("on")></i> }).collect();
    // The last screen has one button of its own.
    let first = (step != Step::Check).then(|| first_button(lang));
    let back = back.map(|step: Step| view! { <a class="back" href=context.href(step.path())>{icon(Icon::Back)}{lang.t("filing.back")}</a> });
    view! {
        {elsewhere_view::told(lang, &screen.told(), step == Step::What)}
        <div class="stack">
            <div class="row between"><span>{first}{back}</span>{saved(screen, step)}</div>
            <p class="step" role="img" aria-label=words.clone()>{bars}<span aria-hidden="true">{words.clone()}</span></p>
            <h1>{lang.t(question)}</h1>
        </div>
    }
    .into_any()
}

/// Fields that say who somebody is: no browser keeps them.
const WHO_FIELDS: [&str; 5] = ["name", "phone", "email", "address", "id_number"];

fn saved(screen: &Screen<'_>, step: Step) -> AnyView {
    let lang = screen.context.lang;
    let saved = screen.saved_at.map(|at| lang.f("filing.saved", &[("time", &clock(at))])).unwrap_or_default();
    let form = match step {
        Step::What => "what",
        Step::Whom => "whom",
        Step::Check => return (!saved.is_empty()).then(|| view! { <span class="saved">{saved}</span> }).into_any(),
    };
    view! {
        <DraftKeeper
            form=form.to_owned()
            except=WHO_FIELDS.join(",")
            saved=saved
            kept=lang.t("filing.kept").to_owned()
            restored=lang.t("filing.restored").to_owned()
        />
    }
    .into_any()
}

fn clock(at: DateTime<Utc>) -> String {
    let local = crate::clock::local(at);
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// The island that keeps counters running.
pub fn counters(lang: Lang) -> AnyView {
    let mark = if lang == Lang::Vi { "." } else { "," };
    view! { <CharCounter words=lang.t("form.counter").to_owned() mark=mark.to_owned() /> }.into_any()
}

/// The Enter key in a field presses the first button of a form. It must be "go on", not "take this photo away" or "find".
fn first_button(lang: Lang) -> AnyView {
    view! { <button class="visually-hidden" tabindex="-1" aria-hidden="true">{lang.t("filing.go_on")}</button> }.into_any()
}

/// The button at the end of a screen.
pub fn last_button(words: &str) -> AnyView {
    view! { <div class="sticky-action"><button class="btn btn-main btn-block">{words.to_owned()}</button></div> }.into_any()
}

/// The papers of the draft, each with a button to take it away if the list is within a form.
pub fn paper_list(context: &PageContext, papers: &[Paper], is_editable: bool) -> AnyView {
    if papers.is_empty() {
        return ().into_any();
    }
    let items: Vec<_> = papers.iter().map(|paper| paper_item(context, paper, is_editable)).collect();
    view! { <ul class="files">{items}</ul> }.into_any()
}

fn paper_item(context: &PageContext, paper: &Paper, is_editable: bool) -> AnyView {
    let lang = context.lang;
    let name = if paper.original_name.is_empty() { lang.t("papers.unnamed").to_owned() } else { paper.original_name.clone() };
    let picture = if paper.has_thumb {
        let address = context.href(&format!("/gui/giay-to/{}/nho", paper.id));
        view! { <img src=address alt="" width="56" height="56" /> }.into_any()
    } else {
        view! { <span class="thumb">{icon(Icon::Paper)}</span> }.into_any()
    };
    let size = size(lang, paper.bytes);
    let note = if paper.is_picture() { lang.f("papers.picture_note", &[("size", &size)]) } else { size };
    let remove = is_editable.then(|| {
        let label = lang.f("papers.remove", &[("name", &name)]);
        view! { <button class="btn btn-quiet btn-icon" name="remove" value=paper.id.clone() aria-label=label>{icon(Icon::Trash)}</button> }
    });
    view! {
        <li>
            {picture}
            <span class="grow"><b class="break"><a href=context.href(&format!("/gui/giay-to/{}", paper.id))>{name.clone()}</a></b><small>{note}</small></span>
            {remove}
        </li>
    }
    .into_any()
}

/// "420 kB", "1,2 MB".
fn size(lang: Lang, bytes: i64) -> String {
    if bytes < 1_000_000 {
        return format!("{} kB", (bytes / 1_000).max(1));
    }
    let mark = if lang == Lang::Vi { ',' } else { '.' };
    format!("{}{mark}{} MB", bytes / 1_000_000, bytes / 100_000 % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        assert_eq!(size(Lang::Vi, 12), "1 kB");
        assert_eq!(size(Lang::Vi, 420_400), "420 kB");
        assert_eq!(size(Lang::Vi, 1_290_000), "1,2 MB");
        assert_eq!(size(Lang::En, 12_000_000), "12.0 MB");
    }
}
