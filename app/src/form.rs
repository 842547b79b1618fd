//! A form on its way back to the person who filled it in: every typed word, and what is wrong where.
//!
//! A refused POST renders the same page again with status 422 and this state. Errors are keys of the catalogues, so that
//! nothing a visitor sends can become text on a page; what was typed is kept except passwords.

use crate::words::Lang;
use std::collections::BTreeMap;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field, the anchor of its message.
    pub field: &'static str,
    /// Key of the sentence in the catalogues.
    pub key: &'static str,
    /// Values for the places in the sentence.
    pub args: Vec<(&'static str, String)>,
}

/// Values and errors of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormState {
    values: BTreeMap<String, String>,
    errors: Vec<FieldError>,
}

impl FormState {
    /// A form as it came in. Line ends become `\n`, text becomes NFC, control characters go.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let values = pairs.into_iter().map(|(name, value)| (name, crate::text::clean(&value))).collect();
        Self { values, errors: Vec::new() }
    }

    /// What was typed into a field, without blanks around it; empty if nothing was.
    pub fn value(&self, field: &str) -> &str {
        self.values.get(field).map_or("", |value| value.trim())
    }

    /// Puts a value into a field, for forms that begin filled in.
    pub fn set(&mut self, field: &str, value: impl Into<String>) {
        self.values.insert(field.to_owned(), value.into());
    }

    /// A field leaves the form: passwords do before the form is shown again.
    pub fn forget(&mut self, field: &str) {
        self.values.remove(field);
    }

    /// Whether a box was ticked.
    pub fn is_ticked(&self, field: &str) -> bool {
        self.values.contains_key(field)
    }

    /// All fields and values.
    pub fn values(&self) -> &BTreeMap<String, String> {
        &self.values
    }

    /// Notes that something is wrong.
    pub fn wrong(&mut self, field: &'static str, key: &'static str) {
        self.errors.push(FieldError { field, key, args: Vec::new() });
    }

    /// Notes that something is wrong, with values for its sentence.
    pub fn wrong_with(&mut self, field: &'static str, key: &'static str, args: Vec<(&'static str, String)>) {
        self.errors.push(FieldError { field, key, args });
    }

    /// The field must have text, at most `chars_max` characters of it. Gives the text.
    pub fn required(&mut self, field: &'static str, missing: &'static str, chars_max: usize) -> String {
        let text = self.optional(field, chars_max);
        if text.is_empty() {
            self.wrong(field, missing);
        }
        text
    }

    /// The field may be empty; at most `chars_max` characters. Gives the text.
    pub fn optional(&mut self, field: &'static str, chars_max: usize) -> String {
        let text = self.value(field).to_owned();
        let chars = text.chars().count();
        if chars > chars_max {
            self.wrong_with(field, "form.too_long", vec![("max", chars_max.to_string()), ("over", (chars - chars_max).to_string())]);
        }
        text
    }

    /// Whether nothing is wrong.
    pub fn is_valid(&self) -> bool {
        self.errors.is_empty()
    }

    /// All that is wrong, in the order it was found.
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// The first thing wrong with a field, in words.
    pub fn error(&self, field: &str, lang: Lang) -> Option<String> {
        self.errors.iter().find(|error| error.field == field).map(|error| error.sentence(lang))
    }
}

impl FieldError {
    /// The sentence shown above the field.
    pub fn sentence(&self, lang: Lang) -> String {
        let args: Vec<(&str, &str)> = self.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        lang.f(self.key, &args)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> FormState {
        FormState::from_pairs(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn a_limit_counts_characters_not_bytes() {
        let mut state = form(&[("title", "đường")]);
        state.required("title", "form.required", 5);
        assert!(state.is_valid(), "five letters of two bytes each fit a limit of five");
        state.required("title", "form.required", 4);
        assert_eq!(state.errors()[0].args[1], ("over", "1".to_owned()));
    }

    #[test]
    fn blanks_alone_are_nothing() {
        let mut state = form(&[("title", " \u{a0}\n ")]);
        state.required("title", "form.required", 100);
        assert!(!state.is_valid());
    }

    #[test]
    fn what_was_typed_stays_except_what_is_forgotten() {
        let mut state = form(&[("login", "ha"), ("password", "secret")]);
        state.forget("password");
        assert_eq!((state.value("login"), state.value("password")), ("ha", ""));
    }
}
