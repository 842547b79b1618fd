//! What an administrator types about a version of a legal period, and what comes of it: the page again with what the change would do, or
//! the change saved. A change is saved only as it was shown: typed anew after the forecast, it is shown anew.

use super::actions::{change, may_change};
use super::pages::{self, Preview};
use super::{PATH, foresight};
use crate::accounts::keep_form_and_sign_in;
use crate::accounts::second::demand_fresh;
use crate::deadlines::periods::{Change, Edit, Wrong, edit};
use crate::deadlines::rules::{Rule, Unit, Variant};
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::ui::{PageContext, see_other};
use crate::words::Lang;
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{Days, NaiveDate};
use sha2::{Digest, Sha256};

/// Lengths a period may have, in its unit.
const LENGTHS: std::ops::RangeInclusive<u32> = 1..=1000;
/// Longest texts, in characters.
const TEXT_CHARS_MAX: usize = 200;
/// How far from today a new version may begin or end, in days: catches a mistyped year.
const DAYS_AWAY_MAX: u64 = 7_320;

/// The versions of a rule as they stand.
pub(super) fn versions(context: &PageContext, code: &str) -> Vec<Rule> {
    context.directory.deadline_rules().iter().filter(|rule| rule.code == code).cloned().collect()
}

/// Fills the form with a version.
pub(super) fn fill(form: &mut FormState, rule: &Rule) {
    let texts = [("source", &rule.source), ("start", &rule.start), ("start_en", &rule.start_en), ("name", &rule.name), ("name_en", &rule.name_en)];
    texts.into_iter().for_each(|(field, text)| form.set(field, text.clone()));
    form.set("variant", rule.variant.code());
    form.set("length", rule.length.to_string());
    form.set("unit", rule.unit.code());
    form.set("valid_from", rule.valid_from.to_string());
    form.set("valid_to", rule.valid_to.map(|day| day.to_string()).unwrap_or_default());
    if rule.rolls_over {
        form.set("rolls_over", "1");
    }
}

fn day_in(form: &mut FormState, field: &'static str, today: NaiveDate, is_old: bool) -> Option<NaiveDate> {
    let typed = form.value(field).to_owned();
    let reach = (today - Days::new(DAYS_AWAY_MAX))..=(today + Days::new(DAYS_AWAY_MAX));
    match crate::deadlines::pages::day(&typed) {
        None if typed.is_empty() => None,
        None => {
            form.wrong(field, "deadlines.day.wrong");
            None
        }
        Some(day) if !is_old && !reach.contains(&day) => {
            form.wrong(field, "days_off.day.far");
            None
        }
        day => day,
    }
}

/// The version a form describes; what is wrong with it stands in the form afterwards.
fn version(form: &mut FormState, like: &Rule, today: NaiveDate, is_correction: bool) -> Option<Rule> {
    let variant = Variant::from_code(form.value("variant"));
    if variant.is_none() {
        form.wrong("variant", "periods.variant.wrong");
    }
    let valid_from = day_in(form, "valid_from", today, is_correction);
    if form.value("valid_from").is_empty() {
        form.wrong("valid_from", "periods.from.missing");
    }
    let valid_to = day_in(form, "valid_to", today, is_correction);
    let length = form.value("length").parse().ok().filter(|n| LENGTHS.contains(n));
    if length.is_none() {
        form.wrong("length", "periods.length.wrong");
    }
    let unit = Unit::from_code(form.value("unit"));
    if unit.is_none() {
        form.wrong("unit", "periods.unit.missing");
    }
    let mut text = |field: &'static str, missing: &'static str| form.required(field, missing, TEXT_CHARS_MAX);
    let source = text("source", "days_off.source.missing");
    let (start, start_en) = (text("start", "periods.start.missing"), text("start_en", "periods.start.missing"));
    let (name, name_en) = (text("name", "periods.name.missing"), text("name_en", "periods.name.missing"));
    let rolls_over = form.is_ticked("rolls_over");
    let (variant, valid_from, length, unit) = (variant?, valid_from?, length?, unit?);
    let (code, direction) = (like.code.clone(), like.direction);
    form.is_valid().then_some(Rule { code, variant, valid_from, valid_to, direction, length, unit, rolls_over, name, name_en, start, start_en, source })
}

/// The edit a form describes.
fn read(form: &mut FormState, versions: &[Rule], today: NaiveDate) -> Option<Edit> {
    let like = versions.last()?;
    if form.value("deed") == "remove" || form.value("action") == "remove" {
        let (variant, first) = (Variant::from_code(form.value("variant")), day_in(form, "valid_from", today, true));
        return Some(Edit::Remove(variant?, first?));
    }
    let is_correction = form.value("deed") == "correct";
    let rule = version(form, like, today, is_correction)?;
    Some(if is_correction { Edit::Correct(rule) } else { Edit::Add(rule) })
}

/// Says in the form what is wrong with the versions as they would stand.
fn tell(lang: Lang, form: &mut FormState, wrong: Wrong) {
    let day = |day: NaiveDate| lang.day_short(day);
    let (field, key, args) = match wrong {
        Wrong::SameDay(on) => ("valid_from", "periods.wrong.same_day", vec![("day", day(on))]),
        Wrong::Unknown => ("valid_from", "periods.wrong.unknown", Vec::new()),
        Wrong::Reversed => ("valid_to", "periods.wrong.reversed", Vec::new()),
        Wrong::Overlap(first, last) => ("valid_from", "periods.wrong.overlap", vec![("first", day(first)), ("last", day(last))]),
        Wrong::Gap(first, last) => ("valid_from", "periods.wrong.gap", vec![("first", day(first)), ("last", day(last))]),
        Wrong::Ends(last) => ("valid_to", "periods.wrong.ends", vec![("day", day(last))]),
        Wrong::Shorter(variant, length, other) => {
            let name = crate::deadlines::telling::variant(lang, variant).unwrap_or_default().to_owned();
            ("length", "periods.wrong.shorter", vec![("variant", name), ("n", length.to_string()), ("other", other.to_string())])
        }
        Wrong::Direction => ("unit", "periods.wrong.direction", Vec::new()),
        Wrong::Years(most) => ("length", "periods.wrong.years", vec![("n", most.to_string())]),
        Wrong::Begun => ("valid_from", "periods.wrong.begun", Vec::new()),
    };
    form.wrong_with(field, key, args);
}

/// A mark of a change: whoever saves it saves what they were shown.
fn mark(change: &Change) -> Result<String> {
    let text = serde_json::to_string(&(&change.was, &change.is_now))?;
    Ok(data_encoding::HEXLOWER.encode(&Sha256::digest(text.as_bytes())[..16]))
}

/// `POST /can-bo/thoi-han/{code}`
pub(super) async fn save(context: PageContext, Path(code): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    check(&context.actor, Action::SeeCalendar)?;
    let was = versions(&context, &code);
    if was.is_empty() {
        return Err(AppError::NotFound);
    }
    may_change(&context)?;
    let Some(edited) = read(&mut form, &was, context.today) else {
        return pages::rule(&context, &code, &form, None, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let is_now = match edit(&was, &edited, context.today) {
        Ok(is_now) => is_now,
        Err(wrong) => {
            tell(context.lang, &mut form, wrong);
            return pages::rule(&context, &code, &form, None, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let next = Change { code: code.clone(), was, is_now };
    if next.written().next().is_none() && next.removed().next().is_none() {
        form.wrong("length", "periods.wrong.nothing");
        return pages::rule(&context, &code, &form, None, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let seen = mark(&next)?;
    if form.value("action") == "save" && form.value("seen") == seen && demand_fresh(&context, &mut form).await? {
        change(&context, &next).await?;
        return Ok(see_other(&format!("{}#thay-doi", context.href(PATH))));
    }
    let is_remove = matches!(edited, Edit::Remove(..));
    let foresight = foresight::foresee(&mut context.portal.db().read().await?, &context.directory, &next, context.today).await?;
    let preview = Preview { change: next, foresight, seen, is_remove };
    let status = if form.is_valid() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    pages::rule(&context, &code, &form, Some(&preview), status).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deadlines::rules::Direction;

    fn today() -> NaiveDate {
        "2026-11-26".parse().expect("a day")
    }

    fn known() -> Rule {
        Rule {
            code: "K3".into(),
            variant: Variant::Usual,
            valid_from: "2012-07-01".parse().expect("a day"),
            valid_to: None,
            direction: Direction::After,
            length: 30,
            unit: Unit::Calendar,
            rolls_over: true,
            name: "Giải quyết".into(),
            name_en: "Resolution".into(),
            start: "ngày thụ lý".into(),
            start_en: "acceptance".into(),
            source: "Luật Khiếu nại, Điều 28".into(),
        }
    }

    fn reading(pairs: &[(&str, &str)]) -> (Option<Edit>, Vec<&'static str>) {
        let mut form = FormState::default();
        fill(&mut form, &known());
        form.set("valid_from", "1/1/2027");
        pairs.iter().for_each(|(field, value)| form.set(field, *value));
        let edit = read(&mut form, &[known()], today());
        (edit, form.errors().iter().map(|error| error.field).collect())
    }

    #[test]
    fn a_form_is_a_version_a_correction_or_a_taking_back() {
        let (edit, errors) = reading(&[("length", "20")]);
        assert_eq!(errors, Vec::<&str>::new());
        assert!(matches!(edit, Some(Edit::Add(rule)) if rule.length == 20 && rule.valid_from.to_string() == "2027-01-01" && rule.source == known().source));
        assert!(matches!(reading(&[("deed", "correct"), ("valid_from", "2012-07-01")]).0, Some(Edit::Correct(_))), "an old version may be put right");
        assert!(matches!(reading(&[("action", "remove")]).0, Some(Edit::Remove(Variant::Usual, _))));
    }

    #[test]
    fn everything_wrong_is_said_at_its_field() {
        let (edit, errors) = reading(&[("valid_from", "31/2/2027"), ("length", "0"), ("unit", "weeks"), ("source", ""), ("valid_to", "x"), ("variant", "odd")]);
        assert!(edit.is_none());
        assert_eq!(errors, ["variant", "valid_from", "valid_to", "length", "unit", "source"]);
        assert_eq!(reading(&[("valid_from", "2207-01-01")]).1, ["valid_from"], "a mistyped year");
        assert_eq!(reading(&[("length", "1001")]).1, ["length"]);
        assert_eq!(reading(&[("start", " "), ("name_en", "")]).1, ["start", "name_en"]);
    }
}
