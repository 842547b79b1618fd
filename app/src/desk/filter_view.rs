//! The filter of the queue as it looks: the form, what narrows now, and the places kept under a name.

use super::filter::{Due, Filter, NOBODY, Part, states_of};
use super::look::Beside;
use super::place::{Place, Scope};
use super::queue_view::{count_words, queue_href};
use super::surroundings::Surroundings;
use crate::form::FormState;
use crate::petitions::flags::Flag;
use crate::petitions::rules::{Kind, State};
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, PageContext, check_box, icon, select_field, text_field};
use leptos::prelude::*;

/// Filter, what narrows now, and saved filters.
pub fn filter_box(context: &PageContext, beside: &Beside) -> AnyView {
    let place = &beside.place;
    view! {
        {saved_chips(context, beside)}
        {(place.scope != Scope::Nudges && place.text.is_empty()).then(|| view! { {form(context, beside)} {narrowed(context, beside)} })}
    }
    .into_any()
}

fn form(context: &PageContext, beside: &Beside) -> AnyView {
    let lang = context.lang;
    let filter = &beside.place.filter;
    let state = form_of(filter);
    let look = |label: &'static str| FieldLook { label, ..FieldLook::default() };
    let choices = Choices { context, around: &beside.around, place: &beside.place };
    let select = |name: &'static str, label: &'static str, options: Vec<(String, String)>| {
        (!options.is_empty()).then(|| select_field(lang, &state, name, options, "day.filter.any", look(label)))
    };
    let flags: Vec<_> = Flag::ALL.into_iter().map(|flag| check_box(&state, flag.code(), lang.t(flag.key()), "")).collect();
    let count = filter.parts().len();
    let marked = (count > 0).then(|| view! { " " <b class="num">{count.to_string()}</b> });
    view! {
        <details class="more filter-fold">
            <summary data-key="f">{icon(Icon::Filter)}{lang.t("day.filter.title")}{marked}</summary>
            <form action=context.href("/can-bo") class="stack-s">
                <input type="hidden" name="phan" value=beside.place.scope.code() />
                <div class="filter-grid">
                    {select("loai", "desk.kind.label", choices.kinds())}
                    {select("buoc-xu-ly", "day.filter.state", choices.states())}
                    {select("phong", "day.filter.unit", choices.units())}
                    {select("nguoi", "day.filter.handler", choices.handlers())}
                    {select("dia-ban", "day.filter.area", choices.areas())}
                    {select("nhan", "day.filter.tag", choices.tags())}
                    {select("han", "day.filter.due", choices.dues())}
                </div>
                <fieldset class="filter-flags"><legend>{lang.t("day.flags")}</legend>{flags}</fieldset>
                <p class="row"><button class="btn btn-s btn-main">{lang.t("day.filter.button")}</button><a class="btn btn-s btn-quiet" href=queue_href(context, &Place::at(beside.place.scope))>{lang.t("day.filter.clear")}</a></p>
            </form>
        </details>
    }
    .into_any()
}

/// The filter as a form's values.
fn form_of(filter: &Filter) -> FormState {
    let mut form = FormState::default();
    let values = [
        ("loai", filter.kind.map(|kind| kind.code().to_owned())),
        ("buoc-xu-ly", filter.state.map(|state| state.code().to_owned())),
        ("phong", filter.unit.clone()),
        ("nguoi", filter.handler.clone()),
        ("dia-ban", filter.area.clone()),
        ("nhan", filter.tag.clone()),
        ("han", filter.due.map(|due| due.code().to_owned())),
    ];
    for (name, value) in values {
        form.set(name, value.unwrap_or_default());
    }
    for flag in Flag::of(filter.flags) {
        form.set(flag.code(), "1");
    }
    form
}

/// What can be chosen, as values with their words.
struct Choices<'a> {
    context: &'a PageContext,
    around: &'a Surroundings,
    place: &'a Place,
}

type Options = Vec<(String, String)>;

impl Choices<'_> {
    fn words(&self, key: &'static str) -> String {
        self.context.lang.t(key).to_owned()
    }

    fn kinds(&self) -> Options {
        Kind::ALL.into_iter().map(|kind| (kind.code().to_owned(), self.words(kind.key()))).collect()
    }

    fn states(&self) -> Options {
        states_of(self.place.scope).into_iter().map(|state: State| (state.code().to_owned(), self.words(state.key()))).collect()
    }

    fn units(&self) -> Options {
        let units: Options = self.context.directory.units_of(&self.around.body_id).map(|unit| (unit.id.clone(), unit.name.clone())).collect();
        if units.is_empty() { units } else { with_nobody(self.words("day.filter.no_unit"), units) }
    }

    fn handlers(&self) -> Options {
        let mut people: Options = self.around.handlers.iter().map(|person| (person.account_id.clone(), person.display_name.clone())).collect();
        people.dedup_by(|a, b| a.0 == b.0);
        if self.place.scope == Scope::Mine { Vec::new() } else { with_nobody(self.words("day.filter.no_handler"), people) }
    }

    /// A commune's petitions come from the commune; a department's from the whole province.
    fn areas(&self) -> Options {
        let directory = &self.context.directory;
        let area = directory.agency(&self.around.body_id).map_or("", |body| body.area_code.as_str());
        directory.communes_of(area).map(|commune| (commune.code.clone(), directory.area_name(&commune.code).to_owned())).collect()
    }

    fn tags(&self) -> Options {
        self.around.tags.iter().map(|tag| (tag.id.clone(), tag.name.clone())).collect()
    }

    fn dues(&self) -> Options {
        if !self.place.scope.done_states().is_empty() || self.place.scope == Scope::Late {
            return Vec::new();
        }
        Due::ALL.into_iter().map(|due| (due.code().to_owned(), self.words(due.key()))).collect()
    }
}

fn with_nobody(words: String, options: Options) -> Options {
    std::iter::once((NOBODY.to_owned(), words)).chain(options).collect()
}

/// What narrows now, each with a way to take it away; how many cases fit; the form that keeps the place under a name.
fn narrowed(context: &PageContext, beside: &Beside) -> AnyView {
    let lang = context.lang;
    let place = &beside.place;
    let parts = place.filter.parts();
    if parts.is_empty() {
        return ().into_any();
    }
    let chips: Vec<_> = parts
        .into_iter()
        .map(|part| {
            let words = part_words(context, &beside.around, &place.filter, part);
            let label = lang.f("day.filter.remove", &[("what", &words)]);
            let href = queue_href(context, &place.narrowed(place.filter.without(part)));
            view! { <a class="chip on" href=href aria-label=label>{words}{icon(Icon::Close)}</a> }
        })
        .collect();
    let count = beside
        .around
        .fitting
        .map(|count| view! { <p class="small" role="status"><b class="num">{lang.f("day.filter.fitting", &[("n", &count_words(lang, count))])}</b></p> });
    view! {
        <div class="chips" aria-label=lang.t("day.filter.now")>{chips}</div>
        {count}
        {save_form(context, place, &FormState::default())}
    }
    .into_any()
}

/// The words of one thing that narrows.
fn part_words(context: &PageContext, around: &Surroundings, filter: &Filter, part: Part) -> String {
    let (lang, directory) = (context.lang, &context.directory);
    let or_nobody = |value: &Option<String>, nobody: &'static str, name: &dyn Fn(&str) -> String| match value.as_deref() {
        Some(NOBODY) | None => lang.t(nobody).to_owned(),
        Some(value) => name(value),
    };
    let unknown = || lang.t("day.filter.unknown").to_owned();
    match part {
        Part::Kind => filter.kind.map_or_else(String::new, |kind| lang.t(kind.key()).to_owned()),
        Part::State => filter.state.map_or_else(String::new, |state| lang.t(state.key()).to_owned()),
        Part::Unit => or_nobody(&filter.unit, "day.filter.no_unit", &|id| directory.agency(id).map_or_else(unknown, |unit| unit.name.clone())),
        Part::Handler => or_nobody(&filter.handler, "day.filter.no_handler", &|id| around.handler_name(id).map_or_else(unknown, str::to_owned)),
        Part::Area => {
            filter.area.as_deref().map_or_else(String::new, |code| directory.area(code).map_or_else(unknown, |_| directory.area_name(code).to_owned()))
        }
        Part::Tag => filter.tag.as_deref().map_or_else(String::new, |id| around.tag_name(id).map_or_else(unknown, |name| format!("#{name}"))),
        Part::Due => filter.due.map_or_else(String::new, |due| lang.t(due.key()).to_owned()),
        Part::Flag(flag) => lang.t(flag.key()).to_owned(),
    }
}

/// Keeps a place under a name. Also on the page of saved filters, where something was wrong with the name.
pub fn save_form(context: &PageContext, place: &Place, form: &FormState) -> AnyView {
    let lang = context.lang;
    let look = FieldLook { label: "day.saved.name", hint: Some("day.saved.name_hint"), ..FieldLook::default() };
    view! {
        <details class="more filter-fold" open=!form.is_valid()>
            <summary>{lang.t("day.saved.save")}</summary>
            <form method="post" action=context.href("/can-bo/bo-loc") class="stack-s">
                <input type="hidden" name="place" value=place.first().query() />
                {text_field(lang, form, "filter_name", look)}
                {check_box(form, "shared", lang.t("day.saved.share"), lang.t("day.saved.share_hint"))}
                <p><button class="btn btn-s">{lang.t("day.saved.save_button")}</button></p>
            </form>
        </details>
    }
    .into_any()
}

fn saved_chips(context: &PageContext, beside: &Beside) -> AnyView {
    let lang = context.lang;
    if beside.around.saved.is_empty() {
        return ().into_any();
    }
    let here = beside.place.first().query();
    let chips: Vec<_> = beside
        .around
        .saved
        .iter()
        .map(|saved| {
            let is_here = here == saved.query && beside.place.text.is_empty();
            let shared = saved.shared_with.is_some().then(|| view! { <span class="visually-hidden">{lang.t("day.saved.is_shared")}</span> {icon(Icon::User)} });
            view! {
                <a class=if is_here { "chip on" } else { "chip" } aria-current=is_here.then_some("true") href=context.href(&format!("/can-bo{}", saved.query))>
                    {saved.name.clone()}{shared}
                </a>
            }
        })
        .collect();
    view! {
        <nav class="chips saved-filters" aria-label=lang.t("day.saved.title")>
            {chips}
            <a class="chip quiet" href=context.href("/can-bo/bo-loc")>{icon(Icon::Edit)}<span class="visually-hidden">{lang.t("day.saved.manage")}</span></a>
        </nav>
    }
    .into_any()
}
