//! Form controls: label, hint, error above the control, value kept.

use crate::form::FormState;
use crate::words::Lang;
use leptos::prelude::*;

/// The box at the top of a refused form: what is wrong, each a link to its field.
pub fn error_summary(lang: Lang, form: &FormState) -> AnyView {
    if form.is_valid() {
        return ().into_any();
    }
    let items: Vec<_> = form.errors().iter().map(|error| view! { <li><a href=format!("#{}", error.field)>{error.sentence(lang)}</a></li> }).collect();
    let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
    view! {
        <div class="summary-errors" role="alert" tabindex="-1" id="errors">
            <h2>{lang.n("form.fix_one", "form.fix_many", count)}</h2>
            <ul>{items}</ul>
        </div>
    }
    .into_any()
}

/// How a field presents itself. Words are catalogue keys.
#[derive(Clone, Copy, Debug, Default)]
pub struct FieldLook {
    /// Key of the label.
    pub label: &'static str,
    /// Key of the hint, if there is one.
    pub hint: Option<&'static str>,
    /// Says "(optional)" behind the label.
    pub is_optional: bool,
    /// The `type` of an input; `text` if empty.
    pub kind: &'static str,
    /// The `autocomplete` of an input; `off` if empty.
    pub autocomplete: &'static str,
    /// The most characters, for a counter; the server checks again.
    pub chars_max: Option<usize>,
    /// More classes of the field.
    pub class: &'static str,
    /// Id of the `datalist` with what may be meant; none if empty.
    pub list: &'static str,
    /// Which of several fields of one name on the page this is: from 1 on its ids end with the number, for an id names
    /// one thing. The one that was filled in wrong is 0, so that the list of errors leads to it.
    pub twin: usize,
}

struct Ids {
    field: String,
    hint: String,
    error: String,
    described_by: Option<String>,
    class: String,
}

fn ids(name: &str, look: FieldLook, is_bad: bool) -> Ids {
    let field = if look.twin == 0 { name.to_owned() } else { format!("{name}-{}", look.twin) };
    let (hint, error) = (format!("{field}-h"), format!("{field}-e"));
    let described: Vec<&str> = look.hint.iter().map(|_| hint.as_str()).chain(is_bad.then_some(error.as_str())).collect();
    let described_by = (!described.is_empty()).then(|| described.join(" "));
    let class = ["field", look.class, if is_bad { "bad" } else { "" }].into_iter().filter(|c| !c.is_empty()).collect::<Vec<_>>().join(" ");
    Ids { field, hint, error, described_by, class }
}

fn label(lang: Lang, look: FieldLook, ids: &Ids, error: Option<String>) -> AnyView {
    view! {
        <label for=ids.field.clone()>
            {lang.t(look.label)}
            {look.is_optional.then(|| view! { " " <span class="optional">{lang.t("form.optional")}</span> })}
        </label>
        {look.hint.map(|hint| view! { <span class="hint" id=ids.hint.clone()>{lang.t(hint)}</span> })}
        {error.map(|error| view! { <span class="err" id=ids.error.clone()>{error}</span> })}
    }
    .into_any()
}

/// One line of text.
pub fn text_field(lang: Lang, form: &FormState, name: &'static str, look: FieldLook) -> AnyView {
    let error = form.error(name, lang);
    let is_bad = error.is_some();
    let ids = ids(name, look, is_bad);
    view! {
        <div class=ids.class.clone()>
            {label(lang, look, &ids, error)}
            <input
                id=ids.field.clone()
                name=name
                type=if look.kind.is_empty() { "text" } else { look.kind }
                value=form.value(name).to_owned()
                autocomplete=if look.autocomplete.is_empty() { "off" } else { look.autocomplete }
                list=(!look.list.is_empty()).then_some(look.list)
                aria-describedby=ids.described_by.clone()
                aria-invalid=is_bad.then_some("true")
            />
        </div>
    }
    .into_any()
}

/// What stands between `<textarea>` and its end. Leptos writes this text as it is, so it is escaped here: a text with
/// `</textarea>` in it would otherwise end the field and become part of the page.
///
/// The line end after `<textarea>` is swallowed by browsers; without it a text that begins with one would lose it.
pub fn area_text(text: &str) -> String {
    format!("\n{}", text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))
}

/// Several lines of text.
pub fn text_area(lang: Lang, form: &FormState, name: &'static str, rows: u8, look: FieldLook) -> AnyView {
    let error = form.error(name, lang);
    let is_bad = error.is_some();
    let ids = ids(name, look, is_bad);
    let counter = look.chars_max.map(|max| {
        let used = i64::try_from(form.value(name).chars().count()).unwrap_or(0);
        let max = i64::try_from(max).unwrap_or(0);
        let text = lang.f("form.counter", &[("n", &lang.number(used)), ("max", &lang.number(max))]);
        view! { <span class="counter num" data-counter=ids.field.clone() data-max=max.to_string()>{text}</span> }
    });
    view! {
        <div class=ids.class.clone()>
            {label(lang, look, &ids, error)}
            <textarea id=ids.field.clone() name=name rows=rows.to_string() aria-describedby=ids.described_by.clone() aria-invalid=is_bad.then_some("true")>
                {area_text(form.value(name))}
            </textarea>
            {counter}
        </div>
    }
    .into_any()
}

/// One of several choices that explain themselves. `title` and `text` are words already.
pub fn choice(form: &FormState, name: &'static str, value: &'static str, title: &str, text: &str) -> AnyView {
    view! {
        <label class="choice">
            <input type="radio" name=name value=value checked=form.value(name) == value />
            <div><b>{title.to_owned()}</b><span>{text.to_owned()}</span></div>
        </label>
    }
    .into_any()
}

/// A box to tick.
pub fn check_box(form: &FormState, name: &'static str, title: &str, small: &str) -> AnyView {
    view! {
        <label class="check">
            <input type="checkbox" id=name name=name value="1" checked=form.is_ticked(name) />
            <span>{title.to_owned()}{(!small.is_empty()).then(|| view! { <small>{small.to_owned()}</small> })}</span>
        </label>
    }
    .into_any()
}

/// A list to choose one of: values with their words, and the words of "none yet".
pub fn select_field(lang: Lang, form: &FormState, name: &'static str, options: Vec<(String, String)>, none: &'static str, look: FieldLook) -> AnyView {
    let error = form.error(name, lang);
    let is_bad = error.is_some();
    let ids = ids(name, look, is_bad);
    let chosen = form.value(name).to_owned();
    let options: Vec<_> = options
        .into_iter()
        .map(|(value, text)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{text}</option> }
        })
        .collect();
    view! {
        <div class=ids.class.clone()>
            {label(lang, look, &ids, error)}
            <select id=ids.field.clone() name=name aria-describedby=ids.described_by.clone() aria-invalid=is_bad.then_some("true")>
                <option value="">{lang.t(none)}</option>
                {options}
            </select>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Leptos does not escape what stands in a `<textarea>`: before [`area_text`], a petition with `</textarea>` in it could put
    /// elements of its own into the page of the official who opened it.
    #[test]
    fn a_text_cannot_leave_its_field() {
        let attack = "</textarea><form action=\"https://example.org\"><b>&amp;";
        let form = FormState::from_pairs([("body".to_owned(), attack.to_owned())]);
        let html = text_area(Lang::Vi, &form, "body", 3, FieldLook { label: "form.optional", ..FieldLook::default() }).to_html();
        assert_eq!(html.matches("</textarea>").count(), 1, "{html}");
        assert!(!html.contains("<form") && html.contains("&lt;form") && html.contains("&amp;amp;"), "{html}");
    }
}
