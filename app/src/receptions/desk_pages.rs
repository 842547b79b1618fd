//! `/can-bo/tiep-dan`: an authority's schedule of a month, what it owes, its own proof; `/lap-lich`: a schedule begun from the rules.

use super::counting::{Proof, Session, periods, proposed};
use super::look::{body_of, heading_day, hours, keeps, month, options, outcome_badge};
use super::rules::{Limit, Mode, Per, Receiver, State, publish_by};
use super::store::offices::{self, Office};
use super::store::sessions::{self, Reception};
use super::store::visits::{self, Visit};
use super::{DESK, counting};
use crate::deadlines::{ClockTone, tone};
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::ui::clock::tone_class;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, error_summary, icon, select_field, table, text_area, text_field};
use crate::words::Lang;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{Datelike, Days, Months, NaiveDate};
use leptos::prelude::*;

/// The month in the address.
const MONTH: &str = "thang";
/// Sessions of a month shown.
const SESSIONS_MAX: i64 = 200;
/// Notices owed shown.
const OWED_MAX: i64 = 50;
/// Months one can plan ahead.
pub(super) const PLAN_MONTHS_MAX: u32 = 14;
/// The field of a day that is ticked for publishing, before the session's id.
pub(super) const PUBLISH: &str = "publish-";
/// The field of a proposed day, before the day.
pub(super) const PROPOSED: &str = "day-";

/// What the schedule shows.
struct Shown {
    month: NaiveDate,
    rows: Vec<Reception>,
    owed: Vec<Visit>,
    year: Vec<Session>,
    may_keep: bool,
}

/// `GET /can-bo/tiep-dan`
pub async fn schedule(context: PageContext, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    let body_id = body_of(&context)?;
    let asked = pairs.iter().find(|(name, _)| name == MONTH).and_then(|(_, value)| month(value));
    let mut form = FormState::default();
    office_values(&mut form, &offices::of_body(&mut context.portal.db().look().await?, &body_id).await?);
    schedule_page(&context, &body_id, asked.unwrap_or(context.today), &form, StatusCode::OK).await
}

/// Fills the fields of the office.
pub(super) fn office_values(form: &mut FormState, office: &Office) {
    let Office { place, hours, phone, head_post, deputy_post } = office;
    for (field, value) in [("office_place", place), ("office_hours", hours), ("office_phone", phone), ("head_post", head_post), ("deputy_post", deputy_post)] {
        form.set(field, value.clone());
    }
}

/// The page, after a form too.
pub(super) async fn schedule_page(context: &PageContext, body_id: &str, asked: NaiveDate, form: &FormState, status: StatusCode) -> Result<Response> {
    let (first, last) = counting::bounds(Per::Month, asked);
    let january = NaiveDate::from_ymd_opt(context.today.year(), 1, 1).unwrap_or(context.today);
    let mut tx = context.portal.db().read().await?;
    let rows = sessions::of_body(&mut tx, body_id, first, last, SESSIONS_MAX).await?;
    let owed = visits::owed(&mut tx, body_id, OWED_MAX).await?;
    let year = sessions::of_body(&mut tx, body_id, january, context.today, i64::from(u16::MAX)).await?.iter().map(Reception::session).collect();
    drop(tx);
    let shown = Shown { month: first, rows, owed, year, may_keep: keeps(context, body_id) };
    let lang = context.lang;
    let page = Page::new(context, Section::Receptions, lang.t("reception.desk.title")).main_class("wrap wide page stack-l").status(status);
    Ok(page.render(|| {
        view! {
            <div class="stack-s">
                <h1 class="title-s">{lang.t("reception.desk.title")}</h1>
                <p class="small muted">{context.directory.agency_name(body_id).to_owned()}</p>
                <p class="row">
                    {shown.may_keep.then(|| view! {
                        <a class="btn btn-main btn-s" href=lang.href("/can-bo/tiep-dan/lap-lich")>{icon(Icon::Calendar)}{lang.t("reception.plan.link")}</a>
                        <a class="btn btn-s" href=lang.href("/can-bo/tiep-dan/ngay-moi")>{icon(Icon::Plus)}{lang.t("reception.new.link")}</a>
                    })}
                    <a class="btn btn-s" href=lang.href("/can-bo/tiep-dan/so")>{icon(Icon::Register)}{lang.t("reception.register.link")}</a>
                </p>
            </div>
            {error_summary(lang, form)}
            {owed_view(context, &shown.owed)}
            {month_view(context, &shown, form)}
            {proof_view(context, body_id, &shown.year)}
            {shown.may_keep.then(|| office_form(lang, form))}
        }
        .into_any()
    }))
}

fn owed_view(context: &PageContext, owed: &[Visit]) -> AnyView {
    let lang = context.lang;
    let items: Vec<_> = owed
        .iter()
        .filter_map(|visit| {
            let due = visit.refusal_due_on?;
            let tone = tone(context.directory.calendar(), context.today, due);
            let key = if tone == ClockTone::Late { "reception.owed.late" } else { "reception.owed.by" };
            let words = lang.f("reception.owed.visit", &[("no", &visit.no.to_string()), ("day", &lang.day_short(visit.day))]);
            Some(view! {
                <li>
                    <a href=context.href(&format!("{DESK}/luot/{}", visit.id))>{words}</a>" "
                    <span class=format!("clock {}", tone_class(tone))>{lang.f(key, &[("day", &lang.day_short(due))])}</span>
                </li>
            })
        })
        .collect();
    if items.is_empty() {
        return ().into_any();
    }
    view! { <section class="notice warn"><div><h2 class="title-s">{lang.t("reception.owed")}</h2><ul class="plain-list">{items}</ul></div></section> }
        .into_any()
}

fn month_view(context: &PageContext, shown: &Shown, form: &FormState) -> AnyView {
    let lang = context.lang;
    let title = lang.f("periods.month.title", &[("month", &shown.month.month().to_string()), ("year", &shown.month.year().to_string())]);
    let link = |month: NaiveDate, key: &'static str| view! { <a class="btn btn-s" href=format!("{}?{MONTH}={}", lang.href(DESK), month.format("%Y-%m"))>{lang.t(key)}</a> };
    let drafts = shown.rows.iter().filter(|row| row.state == State::Draft).count();
    let rows: Vec<AnyView> = shown.rows.iter().map(|row| schedule_row(context, row, form, shown.may_keep)).collect();
    let heads =
        ["reception.day.label", "reception.hours.label", "reception.receiver.label", "reception.place.label", "reception.slots.label", "reception.state.label"];
    let content = if rows.is_empty() {
        view! { <p class="muted">{lang.t("reception.desk.empty")}</p> }.into_any()
    } else {
        table(lang, "reception.desk.title", &heads, rows)
    };
    let publish = (drafts > 0 && shown.may_keep).then(|| {
        let look = FieldLook { label: "reception.late_reason.label", hint: Some("reception.late_reason.hint"), is_optional: true, ..FieldLook::default() };
        view! {
            {text_field(lang, form, "late_reason", look)}
            <p><button class="btn btn-main" name="action" value="publish">{icon(Icon::Send)}{lang.t("reception.publish.ticked")}</button></p>
        }
    });
    view! {
        <section class="stack" id="thang">
            <h2 class="title-s">{title}</h2>
            <p class="row">{link(shown.month - Months::new(1), "periods.month.before")}{link(shown.month + Months::new(1), "periods.month.after")}</p>
            <form method="post" action=lang.href(DESK) class="stack">
                <input type="hidden" name="month" value=shown.month.format("%Y-%m").to_string() />
                {content}
                {publish}
            </form>
        </section>
    }
    .into_any()
}

/// Whether publishing today is later than the law allows.
pub(super) fn late(context: &PageContext, row: &Reception) -> Option<Limit> {
    publish_by(context.directory.deadline_rules(), context.directory.calendar(), row.kind, row.mode, row.day).filter(|limit| limit.day < context.today)
}

fn schedule_row(context: &PageContext, row: &Reception, form: &FormState, may_keep: bool) -> AnyView {
    let lang = context.lang;
    let day = heading_day(lang, row.day);
    let day = if row.state == State::Missed { view! { <s>{day}</s> }.into_any() } else { day.into_any() };
    let name = format!("{PUBLISH}{}", row.id);
    let limit = publish_by(context.directory.deadline_rules(), context.directory.calendar(), row.kind, row.mode, row.day);
    let state = if row.state == State::Draft {
        let by = limit.map(|limit| {
            let (class, key) = if limit.day < context.today { ("late-text", "reception.publish.was_by") } else { ("muted", "reception.publish.by") };
            view! { <br /><span class=format!("small {class}")>{lang.f(key, &[("day", &lang.day_short(limit.day))])}</span> }
        });
        let tick = (may_keep && row.day >= context.today).then(|| {
            let checked = form.values().is_empty() || form.is_ticked(&name) || form.value("action").is_empty();
            view! { <label class="check"><input type="checkbox" name=name.clone() value="1" checked=checked /><span>{lang.t("reception.publish.tick")}</span></label> }
        });
        view! { {lang.t(State::Draft.key())}{by}{tick} }.into_any()
    } else {
        view! { {outcome_badge(lang, row, context.today)} }.into_any()
    };
    view! {
        <tr>
            <th scope="row"><a href=context.href(&format!("{DESK}/ngay/{}", row.id))>{day}</a></th>
            <td class="num" data-label=lang.t("reception.hours.label")>{hours(row)}</td>
            <td data-label=lang.t("reception.receiver.label")>{row.post.clone()}<br /><span class="small muted">{lang.t(row.kind.key())}", "{lang.t(row.mode.key())}</span></td>
            <td data-label=lang.t("reception.place.label")>{row.place.clone()}</td>
            <td class="num" data-label=lang.t("reception.slots.label")>{format!("{}/{}", row.taken, row.slots)}</td>
            <td data-label=lang.t("reception.state.label")>{state}</td>
        </tr>
    }
    .into_any()
}

fn proof_view(context: &PageContext, body_id: &str, year: &[Session]) -> AnyView {
    let lang = context.lang;
    let Some(agency) = context.directory.agency(body_id) else { return ().into_any() };
    let rules = context.directory.reception_rules().of_agency(agency, &context.directory);
    let january = NaiveDate::from_ymd_opt(context.today.year(), 1, 1).unwrap_or(context.today).max(agency.valid_from);
    let periods = periods(&rules, year, context.directory.calendar(), (january, context.today), context.today);
    let proof = Proof::of(&periods);
    let words = lang.f(
        "reception.desk.proof",
        &[("given", &lang.number(proof.given)), ("asked", &lang.number(proof.asked)), ("met", &lang.number(proof.met)), ("over", &lang.number(proof.over))],
    );
    let running: Vec<_> = periods
        .iter()
        .filter(|period| !period.is_over)
        .map(|period| {
            let missing = (period.asked - period.tally.by_head).max(0);
            let key = if missing == 0 { "reception.desk.enough" } else { "reception.desk.missing" };
            view! { <li>{lang.f(key, &[("to", &lang.day_short(period.last)), ("n", &lang.number(missing))])}</li> }
        })
        .collect();
    let href = context.href(&format!("/tiep-dan/co-quan/{}", crate::ui::encoded(&agency.code)));
    view! {
        <section class="card stack-s">
            <h2 class="title-s">{lang.f("reception.proof.title", &[("year", &context.today.year().to_string())])}</h2>
            <p>{words}</p>
            <ul>{running}</ul>
            <p><a href=href>{lang.t("reception.desk.public_proof")}</a></p>
        </section>
    }
    .into_any()
}

fn office_form(lang: Lang, form: &FormState) -> AnyView {
    let look = |label: &'static str, hint: Option<&'static str>| FieldLook { label, hint, ..FieldLook::default() };
    view! {
        <details class="more" id="noi-tiep" open=form.value("office_place").is_empty() || form.value("action") == "office">
            <summary>{lang.t("reception.office.title")}</summary>
            <form method="post" action=lang.href(DESK) class="stack">
                {text_field(lang, form, "office_place", look("reception.place.label", Some("reception.place.hint")))}
                {text_field(lang, form, "office_hours", look("reception.office.hours", Some("reception.office.hours_hint")))}
                {text_field(lang, form, "office_phone", look("reception.office.phone", None))}
                {text_field(lang, form, "head_post", look("reception.office.head", Some("reception.office.head_hint")))}
                {text_field(lang, form, "deputy_post", look("reception.office.deputy", None))}
                <p><button class="btn" name="action" value="office">{lang.t("reception.save")}</button></p>
            </form>
        </details>
    }
    .into_any()
}

/// `GET /can-bo/tiep-dan/lap-lich`: the days the rules propose from one month to another, and what holds for all of them.
pub async fn plan(context: PageContext, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    let body_id = body_of(&context)?;
    crate::permissions::check(&context.actor, crate::permissions::Action::KeepReceptions(&body_id))?;
    let office = offices::of_body(&mut context.portal.db().look().await?, &body_id).await?;
    let mut form = FormState::from_pairs(pairs);
    let next = counting::bounds(Per::Month, context.today).1 + Days::new(1);
    for (field, value) in [("from", next.format("%Y-%m").to_string()), ("to", format!("{}-12", next.year()))] {
        if month(form.value(field)).is_none() {
            form.set(field, value);
        }
    }
    for (field, value) in session_defaults(&context, &body_id, &office) {
        form.set(field, value);
    }
    for day in proposed_days(&context, &body_id, &form) {
        form.set(&format!("{PROPOSED}{day}"), "1");
    }
    plan_page(&context, &body_id, &form, StatusCode::OK).await
}

/// What a new session begins with.
pub(super) fn session_defaults(context: &PageContext, body_id: &str, office: &Office) -> Vec<(&'static str, String)> {
    let own_words = crate::letters::office::office(&context.directory, body_id, None);
    let post = if office.head_post.is_empty() { own_words.head_in_words() } else { office.head_post.clone() };
    let fixed = [("starts", "08:00"), ("ends", "11:30"), ("slots", "12"), ("mode", "direct"), ("receiver", "head"), ("kind", "periodic")];
    let own = [("place", office.place.clone()), ("post", post)];
    fixed.into_iter().map(|(field, value)| (field, value.to_owned())).chain(own).collect()
}

/// The days proposed between the months of a form.
pub(super) fn proposed_days(context: &PageContext, body_id: &str, form: &FormState) -> Vec<NaiveDate> {
    let (Some(from), Some(to)) = (month(form.value("from")), month(form.value("to"))) else { return Vec::new() };
    let Some(agency) = context.directory.agency(body_id) else { return Vec::new() };
    let first = from.max(context.today);
    let last = counting::bounds(Per::Month, to.min(from + Months::new(PLAN_MONTHS_MAX))).1;
    let rules = context.directory.reception_rules().of_agency(agency, &context.directory);
    proposed(&rules, context.directory.calendar(), first, last)
}

/// The page, after a form too.
pub(super) async fn plan_page(context: &PageContext, body_id: &str, form: &FormState, status: StatusCode) -> Result<Response> {
    let days = proposed_days(context, body_id, form);
    let mut tx = context.portal.db().look().await?;
    let known = match (days.first(), days.last()) {
        (Some(first), Some(last)) => sessions::of_body(&mut tx, body_id, *first, *last, i64::from(u16::MAX)).await?,
        _ => Vec::new(),
    };
    drop(tx);
    let lang = context.lang;
    let agency = context.directory.agency(body_id).ok_or(AppError::NotFound)?;
    let rules = context.directory.reception_rules().of_agency(agency, &context.directory);
    let asked: Vec<_> = rules
        .iter()
        .filter(|rule| rule.valid_to.is_none_or(|last| last >= context.today))
        .map(|rule| {
            let key = if rule.per == Per::Week { "reception.rule.week" } else { "reception.rule.month" };
            view! { <li>{lang.f(key, &[("n", &lang.number(rule.n))])}" "<span class="small muted">{rule.source.clone()}</span></li> }
        })
        .collect();
    let page = Page::new(context, Section::Receptions, lang.t("reception.plan.title")).main_class("wrap page stack-l").status(status);
    Ok(page.render(|| {
        view! {
            <a class="back" href=context.href(DESK)>{icon(Icon::Back)}{lang.t("reception.desk.title")}</a>
            {error_summary(lang, form)}
            <div class="stack-s"><h1 class="title-s">{lang.t("reception.plan.title")}</h1><ul>{asked}</ul></div>
            {span_form(context, form)}
            <form method="post" action=lang.href("/can-bo/tiep-dan/lap-lich") class="stack-l">
                <input type="hidden" name="from" value=form.value("from").to_owned() />
                <input type="hidden" name="to" value=form.value("to").to_owned() />
                {day_boxes(context, form, &days, &known)}
                <section class="card stack">
                    <h2 class="title-s">{lang.t("reception.plan.all")}</h2>
                    {session_fields(lang, form, true)}
                </section>
                <p><button class="btn btn-main" name="action" value="save">{lang.t("reception.plan.save")}</button></p>
                <p class="small muted">{lang.t("reception.plan.after")}</p>
            </form>
        }
        .into_any()
    }))
}

/// From which month to which: a form of its own, as the days follow from it.
fn span_form(context: &PageContext, form: &FormState) -> AnyView {
    let lang = context.lang;
    let this = counting::bounds(Per::Month, context.today).0;
    let months: Vec<(String, String)> = (0..=PLAN_MONTHS_MAX)
        .map(|n| this + Months::new(n))
        .map(|month| {
            (month.format("%Y-%m").to_string(), lang.f("periods.month.title", &[("month", &month.month().to_string()), ("year", &month.year().to_string())]))
        })
        .collect();
    let look = |label: &'static str| FieldLook { label, ..FieldLook::default() };
    view! {
        <form method="get" action=lang.href("/can-bo/tiep-dan/lap-lich") class="card stack">
            <div class="two">
                {select_field(lang, form, "from", months.clone(), "reception.plan.choose", look("reception.plan.from"))}
                {select_field(lang, form, "to", months, "reception.plan.choose", look("reception.plan.to"))}
            </div>
            <p><button class="btn">{lang.t("reception.plan.propose")}</button></p>
        </form>
    }
    .into_any()
}

fn day_boxes(context: &PageContext, form: &FormState, days: &[NaiveDate], known: &[Reception]) -> AnyView {
    let lang = context.lang;
    let boxes: Vec<_> = days
        .iter()
        .map(|day| {
            let name = format!("{PROPOSED}{day}");
            let checked = form.is_ticked(&name);
            let there = known.iter().any(|row| row.day == *day).then(|| view! { <small>{lang.t("reception.plan.known")}</small> });
            view! { <label class="check"><input type="checkbox" name=name.clone() value="1" checked=checked /><span class="num">{heading_day(lang, *day)}{there}</span></label> }
        })
        .collect();
    let look = FieldLook { label: "reception.plan.more", hint: Some("reception.plan.more_hint"), is_optional: true, ..FieldLook::default() };
    view! {
        <fieldset class="stack-s" id="days">
            <legend><b>{lang.t("reception.plan.days")}</b></legend>
            <p class="small muted">{lang.t("reception.plan.days_text")}</p>
            {boxes}
            {text_field(lang, form, "more", look)}
        </fieldset>
    }
    .into_any()
}

/// The fields of a session. A plan of many days is periodic and has no day of its own.
pub(super) fn session_fields(lang: Lang, form: &FormState, is_plan: bool) -> AnyView {
    let look = |label: &'static str, hint: Option<&'static str>| FieldLook { label, hint, ..FieldLook::default() };
    let short = |label: &'static str| FieldLook { label, class: "field-s", ..FieldLook::default() };
    let own = (!is_plan).then(|| {
        view! {
            {text_field(lang, form, "day", FieldLook { kind: "date", ..short("reception.day.label") })}
            {select_field(lang, form, "kind", options!(lang, super::rules::Kind), "reception.choose", look("reception.kind.label", Some("reception.kind.hint")))}
        }
    });
    view! {
        {own}
        <div class="two">
            {text_field(lang, form, "starts", short("reception.starts.label"))}
            {text_field(lang, form, "ends", short("reception.ends.label"))}
        </div>
        {select_field(lang, form, "receiver", options!(lang, Receiver), "reception.choose", look("reception.receiver.label", Some("reception.receiver.hint")))}
        {text_field(lang, form, "post", look("reception.post.label", Some("reception.post.hint")))}
        {text_field(lang, form, "place", look("reception.place.label", Some("reception.place.hint")))}
        {select_field(lang, form, "mode", options!(lang, Mode), "reception.choose", look("reception.mode.label", Some("reception.mode.hint")))}
        {text_field(lang, form, "slots", FieldLook { hint: Some("reception.slots.hint"), ..short("reception.slots.label") })}
        {text_area(lang, form, "topics", 2, FieldLook { is_optional: true, ..look("reception.topics.label", Some("reception.topics.hint")) })}
    }
    .into_any()
}
