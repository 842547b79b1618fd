//! What an administrator may write as a new version of a template: form ⇄ value. No data access.

use super::actions::note_places;
use super::templates::{Template, Wrong, WrongWith};
use crate::form::FormState;
use chrono::NaiveDate;

/// Longest name, subject, source, in characters.
const LINE_CHARS_MAX: usize = 300;
/// Longest text of several lines, in characters.
const TEXT_CHARS_MAX: usize = 20_000;

/// The form of a version, filled.
pub fn filled(template: &Template, from: NaiveDate) -> FormState {
    let mut form = FormState::default();
    let joined = [("opens", template.opens.join("\n")), ("bases", template.bases.join("\n")), ("recipients", template.recipients.join("\n"))];
    let plain = [
        ("valid_from", from.to_string()),
        ("name", template.name.clone()),
        ("symbol", template.symbol.clone()),
        ("title", template.title.clone()),
        ("about", template.about.clone()),
        ("body", template.body.trim().to_owned()),
        ("next_right", template.next_right.trim().to_owned()),
        ("next_right_rule", template.next_right_rule.clone()),
        ("source", template.source.clone()),
    ];
    for (field, value) in plain.into_iter().chain(joined) {
        form.set(field, value);
    }
    form
}

/// The version a form describes; what is wrong with it stands in the form afterwards. Code, kinds and addressee cannot be changed:
/// whoever reads a letter decides what it may say.
pub fn read(form: &mut FormState, latest: &Template, today: NaiveDate, rules: &[&str]) -> Option<Template> {
    let day = crate::deadlines::pages::day(form.value("valid_from"));
    match day {
        None if form.value("valid_from").is_empty() => form.wrong("valid_from", "letters.template.from.missing"),
        None => form.wrong("valid_from", "deadlines.day.wrong"),
        Some(day) if day < today => form.wrong("valid_from", "letters.template.from.past"),
        Some(_) => {}
    }
    let name = form.required("name", "letters.template.missing", LINE_CHARS_MAX);
    let symbol = form.required("symbol", "letters.template.missing", LINE_CHARS_MAX);
    let title = form.optional("title", LINE_CHARS_MAX);
    let about = form.required("about", "letters.template.missing", LINE_CHARS_MAX);
    let opens = lines(form, "opens");
    let bases = lines(form, "bases");
    let body = form.required("body", "letters.template.missing", TEXT_CHARS_MAX);
    let recipients = lines(form, "recipients");
    let next_right = form.optional("next_right", TEXT_CHARS_MAX);
    let next_right_rule = form.optional("next_right_rule", LINE_CHARS_MAX);
    let source = form.required("source", "letters.template.missing", LINE_CHARS_MAX);
    let template = Template {
        valid_from: day.unwrap_or(today),
        valid_to: None,
        name,
        symbol,
        title,
        about,
        opens,
        bases,
        body,
        recipients,
        next_right,
        next_right_rule,
        source,
        ..latest.clone()
    };
    if let Some(wrong) = template.check(Some(rules)).filter(|_| form.is_valid()) {
        note(form, &wrong);
    }
    form.is_valid().then_some(template)
}

fn lines(form: &mut FormState, field: &'static str) -> Vec<String> {
    form.optional(field, TEXT_CHARS_MAX).lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn note(form: &mut FormState, wrong: &Wrong) {
    match &wrong.fault {
        WrongWith::Places(fault) => note_places(form, wrong.field, fault),
        WrongWith::Empty => form.wrong(wrong.field, "letters.template.missing"),
        WrongWith::Symbol => form.wrong(wrong.field, "letters.template.symbol.wrong"),
        WrongWith::Blank => form.wrong(wrong.field, "letters.template.blank"),
        WrongWith::RuleWithoutDay => form.wrong(wrong.field, "letters.template.rule.apart"),
        WrongWith::UnknownRule => form.wrong(wrong.field, "letters.template.rule.unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letters::templates::built_in;

    fn today() -> NaiveDate {
        "2026-11-20".parse().expect("a day")
    }

    fn latest(code: &str) -> Template {
        built_in().expect("templates").into_iter().find(|template| template.code == code).expect("the template")
    }

    fn read_with(code: &str, change: &[(&str, &str)]) -> (Option<Template>, Vec<(&'static str, &'static str)>) {
        let mut form = filled(&latest(code), today());
        for (field, value) in change {
            form.set(field, *value);
        }
        let read = read(&mut form, &latest(code), today(), &["K6", "R1"]);
        (read, form.errors().iter().map(|error| (error.field, error.key)).collect())
    }

    #[test]
    fn a_form_gives_back_the_version_it_was_filled_with() {
        let (read, errors) = read_with("complaint_decision_first", &[]);
        let expected = latest("complaint_decision_first");
        let read = read.unwrap_or_else(|| panic!("{errors:?}"));
        assert_eq!(read.text(), expected.text());
        assert_eq!((read.valid_from, read.recipients, read.addressee), (today(), expected.recipients, expected.addressee));
    }

    #[test]
    fn what_is_wrong_is_said_at_its_field() {
        for (change, expected) in [
            (("valid_from", "2026-11-19"), ("valid_from", "letters.template.from.past")),
            (("valid_from", ""), ("valid_from", "letters.template.from.missing")),
            (("body", "{ngày sinh}"), ("body", "letters.fault.unknown")),
            (("body", "{ngày ký"), ("body", "letters.fault.brace")),
            (("about", "{ngày cuối}"), ("about", "letters.fault.too_early")),
            (("symbol", "12/"), ("symbol", "letters.template.symbol.wrong")),
            (("next_right_rule", ""), ("next_right_rule", "letters.template.rule.apart")),
            (("next_right_rule", "K99"), ("next_right_rule", "letters.template.rule.unknown")),
            (("recipients", "- [ai đó];"), ("recipients", "letters.template.blank")),
            (("source", " "), ("source", "letters.template.missing")),
        ] {
            assert_eq!(read_with("complaint_decision_first", &[change]).1, [expected], "{change:?}");
        }
    }

    #[test]
    fn trap_34_an_administrator_cannot_put_the_denouncer_into_the_notice_to_the_denounced() {
        for field in ["about", "body", "opens", "recipients", "next_right"] {
            let (read, errors) = read_with("denunciation_content_notice", &[(field, "gửi {người gửi}")]);
            assert!(read.is_none() && errors == [(field, "letters.fault.betrays")], "{field}: {errors:?}");
        }
    }
}
