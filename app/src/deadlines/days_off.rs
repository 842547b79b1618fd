//! What an administrator may write about a day off, and how it is changed: row, record, and the open clocks it moves.

use super::is_weekend;
use super::store::{self, DayOffRow};
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::outbox::{self, Job};
use crate::permissions::{Action, check};
use crate::record::{self, deeds::Deed};
use crate::ui::PageContext;
use chrono::{Days, NaiveDate};

/// The kinds of rows; the last one is a Saturday that is worked.
pub const KINDS: [&str; 4] = ["statutory", "compensation", "swap_off", WORK];
const WORK: &str = "make_up_work";
/// How sure a row can be.
pub const STATUSES: [&str; 3] = ["confirmed", "expected", "proposal"];
/// Longest name of a day, in characters.
const NAME_CHARS_MAX: usize = 100;
/// Longest name of a document, in characters.
const SOURCE_CHARS_MAX: usize = 200;
/// How far from today a row may lie, in days: catches a mistyped year.
const DAYS_AWAY_MAX: u64 = 3_660;

/// Key of a kind's name.
pub fn kind_key(kind: &str) -> &'static str {
    match kind {
        "statutory" => "days_off.kind.statutory",
        "compensation" => "days_off.kind.compensation",
        "swap_off" => "days_off.kind.swap_off",
        _ => "days_off.kind.make_up_work",
    }
}

/// Key of a status's name.
pub fn status_key(status: &str) -> &'static str {
    match status {
        "confirmed" => "days_off.status.confirmed",
        "expected" => "days_off.status.expected",
        _ => "days_off.status.proposal",
    }
}

/// The day a form is about; what is wrong with it stands in the form afterwards.
pub fn day(form: &mut FormState, today: NaiveDate) -> Option<NaiveDate> {
    let typed = form.value("day").to_owned();
    let day = super::pages::day(&typed);
    let (first, last) = (today - Days::new(DAYS_AWAY_MAX), today + Days::new(DAYS_AWAY_MAX));
    match day {
        None if typed.is_empty() => form.wrong("day", "days_off.day.missing"),
        None => form.wrong("day", "deadlines.day.wrong"),
        Some(day) if !(first..=last).contains(&day) => form.wrong("day", "days_off.day.far"),
        Some(day) => return Some(day),
    }
    None
}

/// The row a form describes; what is wrong with it stands in the form afterwards.
pub fn row(form: &mut FormState, today: NaiveDate) -> Option<DayOffRow> {
    let day = day(form, today);
    let one_of = |form: &mut FormState, field: &'static str, known: &[&'static str], missing: &'static str| {
        let found = known.iter().find(|code| **code == form.value(field)).map(|code| (*code).to_owned());
        if found.is_none() {
            form.wrong(field, missing);
        }
        found.unwrap_or_default()
    };
    let kind = one_of(form, "kind", &KINDS, "days_off.kind.missing");
    match day.map(is_weekend) {
        Some(false) if kind == WORK => form.wrong("kind", "days_off.kind.not_weekend"),
        Some(true) if !kind.is_empty() && kind != WORK => form.wrong("kind", "days_off.kind.weekend"),
        _ => {}
    }
    let name = form.required("name", "days_off.name.missing", NAME_CHARS_MAX);
    let status = one_of(form, "status", &STATUSES, "days_off.status.missing");
    let source = form.required("source", "days_off.source.missing", SOURCE_CHARS_MAX);
    let day = day.filter(|_| form.is_valid())?;
    Some(DayOffRow { day, kind, name, status, source })
}

/// The authority whose administrator may change days off: the province's own.
pub fn keeper(context: &PageContext) -> Option<String> {
    context.directory.body_for_area(&context.portal.settings().province_code).map(|body| body.id.clone())
}

/// Writes a row, or takes the day's row away. Gives false where that changes nothing: a form sent twice is one change.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever may only look.
pub async fn change(context: &PageContext, day: NaiveDate, is_now: Option<DayOffRow>) -> Result<bool> {
    check(&context.actor, Action::ManageCalendar(&keeper(context).ok_or(AppError::NotFound)?))?;
    let account_id = context.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let portal = &context.portal;
    let mut tx = portal.db().write().await?;
    let was = store::day_off(&mut tx, day).await?;
    if was == is_now {
        return Ok(false);
    }
    let deed = Deed::DayOffChanged { day };
    record::actions::write(&mut tx, portal, &context.actor, &keeper(context).unwrap_or_default(), &deed).await?;
    let change_id = portal.new_id();
    store::add_change(&mut tx, &change_id, context.now, &account_id, day, was.as_ref(), is_now.as_ref())?;
    outbox::add(&mut tx, portal.new_id(), &Job::MoveDeadlines { change_id }, context.now)?;
    match is_now {
        Some(row) => store::put_day_off(&mut tx, row).await?,
        None => store::delete_day_off(&mut tx, day).await?,
    }
    tx.commit().await?;
    portal.reload_directory().await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> (Option<DayOffRow>, Vec<&'static str>) {
        let usual = [("day", "2026-11-23"), ("kind", "swap_off"), ("name", "Nghỉ hoán đổi"), ("status", "confirmed"), ("source", "Thông báo 1")];
        let mut form = FormState::from_pairs(usual.iter().chain(pairs).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let row = row(&mut form, "2026-11-25".parse().expect("a day"));
        (row, form.errors().iter().map(|error| error.field).collect())
    }

    #[test]
    fn a_row_is_a_day_that_differs_from_the_plain_week() {
        assert!(read(&[]).0.is_some());
        assert_eq!(read(&[("day", "28/11/2026"), ("kind", "make_up_work")]).0.map(|row| row.day.to_string()).as_deref(), Some("2026-11-28"));
        assert_eq!(read(&[("kind", "make_up_work")]).1, ["kind"], "a Monday is worked anyway");
        assert_eq!(read(&[("day", "2026-11-28")]).1, ["kind"], "a Saturday is off anyway");
        assert_eq!(read(&[("day", "31/2/2026")]).1, ["day"]);
        assert_eq!(read(&[("day", "2206-11-23")]).1, ["day"], "a mistyped year");
        assert_eq!(read(&[("kind", ""), ("name", " "), ("status", "sure"), ("source", "")]).1, ["kind", "name", "status", "source"]);
    }
}
