//! `/can-bo/lich-nghi`: days off with their sources, who changed them, and how many clocks that moved.

use super::days_off::{KINDS, STATUSES, change, day, keeper, kind_key, row, status_key};
use super::store::{self, CalendarChange, DayOffRow};
use crate::accounts::keep_form_and_sign_in;
use crate::accounts::second::{demand_fresh, proof_field};
use crate::error::Result;
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, error_summary, icon, see_other, select_field, table, text_field};
use crate::words::Lang;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{Datelike, NaiveDate};
use leptos::prelude::*;

/// The page's address.
pub const PATH: &str = "/can-bo/lich-nghi";
/// Changes shown.
const CHANGES_MAX: i64 = 20;

/// What the page shows beside its form.
struct Shown {
    year: i32,
    rows: Vec<DayOffRow>,
    changes: Vec<CalendarChange>,
    may_change: bool,
}

/// `GET /can-bo/lich-nghi`
pub async fn show(context: PageContext, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    check(&context.actor, Action::SeeCalendar)?;
    let asked = FormState::from_pairs(pairs);
    let mut form = FormState::default();
    let wanted = super::pages::day(asked.value("ngay"));
    if let Some(day) = wanted {
        form.set("day", day.to_string());
        if let Some(row) = store::day_off(&mut context.portal.db().look().await?, day).await? {
            for (field, value) in [("kind", row.kind), ("name", row.name), ("status", row.status), ("source", row.source)] {
                form.set(field, value);
            }
        }
    }
    let year = asked.value("nam").parse().ok().or(wanted.map(|day| day.year())).unwrap_or(context.today.year());
    page(&context, year, &form, StatusCode::OK).await
}

/// `POST /can-bo/lich-nghi`
pub async fn save(context: PageContext, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    check(&context.actor, Action::SeeCalendar)?;
    let (day, is_now) = if form.value("action") == "delete" {
        (day(&mut form, context.today), None)
    } else {
        let row = row(&mut form, context.today);
        (row.as_ref().map(|row| row.day), row)
    };
    demand_fresh(&context, &mut form).await?;
    let Some(day) = day.filter(|_| form.is_valid()) else {
        let year = super::pages::day(form.value("day")).map_or(context.today.year(), |day| day.year());
        return page(&context, year, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    change(&context, day, is_now).await?;
    Ok(see_other(&format!("{}?nam={}#thay-doi", context.href(PATH), day.year())))
}

async fn page(context: &PageContext, year: i32, form: &FormState, status: StatusCode) -> Result<Response> {
    let year = year.clamp(2000, 2100);
    let ends = (NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default(), NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or_default());
    let mut tx = context.portal.db().read().await?;
    let rows = store::days_off(&mut tx, ends.0, ends.1).await?;
    let changes = store::changes(&mut tx, CHANGES_MAX).await?;
    drop(tx);
    let may_change = keeper(context).is_some_and(|body_id| check(&context.actor, Action::ManageCalendar(&body_id)).is_ok());
    let shown = Shown { year, rows, changes, may_change };
    let lang = context.lang;
    let title = lang.f("days_off.title", &[("year", &year.to_string())]);
    let page = Page::new(context, Section::DaysOff, title.clone()).main_class("wrap wide page stack-l").status(status);
    let entries = shown.changes.iter().map(|change| entry(lang, change)).collect::<Result<Vec<_>>>()?;
    Ok(page.render(|| {
        view! {
            <div class="stack-s">
                <h1 class="title-s">{title.clone()}</h1>
                <p class="small muted">{lang.t("days_off.lead")}</p>
                {years(lang, year)}
            </div>
            {error_summary(lang, form)}
            {days(lang, &shown)}
            {if shown.may_change { editor(context, form) } else { view! { <p class="notice info">{lang.t("days_off.only_look")}</p> }.into_any() }}
            <section class="stack-s" id="thay-doi">
                <h2 class="title-s">{lang.t("days_off.changes")}</h2>
                {if entries.is_empty() { view! { <p class="muted">{lang.t("days_off.no_changes")}</p> }.into_any() } else { view! { <ul class="rule-list">{entries}</ul> }.into_any() }}
            </section>
        }
        .into_any()
    }))
}

fn years(lang: Lang, year: i32) -> AnyView {
    let link = |year: i32| view! { <a class="btn btn-s" href=format!("{}?nam={year}", lang.href(PATH))>{year.to_string()}</a> };
    view! { <p class="row">{link(year - 1)}{link(year + 1)}</p> }.into_any()
}

fn days(lang: Lang, shown: &Shown) -> AnyView {
    if shown.rows.is_empty() {
        return view! { <p class="notice warn">{icon(Icon::Warning)}<span>{lang.f("days_off.none", &[("year", &shown.year.to_string())])}</span></p> }
            .into_any();
    }
    let rows: Vec<_> = shown.rows.iter().map(|row| table_row(lang, row, shown.may_change)).collect();
    table(lang, "days_off.table", &["days_off.day.label", "days_off.name.label", "days_off.kind.label", "days_off.status.label", "days_off.source.label"], rows)
}

fn table_row(lang: Lang, row: &DayOffRow, may_change: bool) -> AnyView {
    let day = lang.day_long(row.day);
    let day = if may_change { view! { <a href=format!("{}?ngay={}#sua", lang.href(PATH), row.day)>{day}</a> }.into_any() } else { day.into_any() };
    view! {
        <tr>
            <th scope="row">{day}</th>
            <td data-label=lang.t("days_off.name.label")>{row.name.clone()}</td>
            <td data-label=lang.t("days_off.kind.label")>{lang.t(kind_key(&row.kind))}</td>
            <td data-label=lang.t("days_off.status.label")>{lang.t(status_key(&row.status))}</td>
            <td data-label=lang.t("days_off.source.label")>{row.source.clone()}</td>
        </tr>
    }
    .into_any()
}

fn editor(context: &PageContext, form: &FormState) -> AnyView {
    let lang = context.lang;
    let look = |label: &'static str, hint: Option<&'static str>| FieldLook { label, hint, ..FieldLook::default() };
    let kinds = KINDS.iter().map(|kind| ((*kind).to_owned(), lang.t(kind_key(kind)).to_owned())).collect();
    let statuses = STATUSES.iter().map(|status| ((*status).to_owned(), lang.t(status_key(status)).to_owned())).collect();
    view! {
        <form method="post" action=lang.href(PATH) class="card stack" id="sua">
            <h2 class="title-s">{lang.t("days_off.edit")}</h2>
            <p class="small">{lang.t("days_off.effect")}</p>
            {text_field(lang, form, "day", FieldLook { kind: "date", class: "field-s", ..look("days_off.day.label", None) })}
            {text_field(lang, form, "name", look("days_off.name.label", Some("days_off.name.hint")))}
            {select_field(lang, form, "kind", kinds, "days_off.choose", look("days_off.kind.label", None))}
            {select_field(lang, form, "status", statuses, "days_off.choose", look("days_off.status.label", Some("days_off.status.hint")))}
            {text_field(lang, form, "source", look("days_off.source.label", Some("days_off.source.hint")))}
            {proof_field(context, form, 0)}
            <div class="row">
                <button class="btn btn-main">{lang.t("days_off.save")}</button>
                <button class="btn btn-danger" name="action" value="delete">{lang.t("days_off.delete")}</button>
            </div>
        </form>
    }
    .into_any()
}

/// One change: who, when, from what to what, and what came of it.
fn entry(lang: Lang, change: &CalendarChange) -> Result<AnyView> {
    let (was, is_now) = change.rows()?;
    let words = |row: Option<DayOffRow>| match row {
        Some(row) => format!("{} ({}, {})", row.name, lang.t(kind_key(&row.kind)), lang.t(status_key(&row.status))),
        None => lang.t("days_off.plain").to_owned(),
    };
    let sentence = lang.f("days_off.change", &[("day", &lang.day_long(change.day)), ("was", &words(was)), ("now", &words(is_now))]);
    let outcome = match change.moved {
        None => lang.t("days_off.moving").to_owned(),
        Some(moved) => lang.n("days_off.moved_one", "days_off.moved_many", moved),
    };
    let who = change.account_name.clone().unwrap_or_else(|| lang.t("periods.by_import").to_owned());
    Ok(view! { <li><p>{sentence}</p><p class="small muted num">{lang.time(change.at)}" · "{who}" · "{outcome}</p></li> }.into_any())
}
