//! `/can-bo/tiep-dan/ngay/{id}`: one session at the desk – drafted, published, on the day, afterwards; `/ngay-moi`: another one.

use super::actions::sessions::{Plan, seen};
use super::desk_pages::{late, session_defaults, session_fields};
use super::look::{body_of, heading_day, hours, keeps, options, outcome_badge, path, tags};
use super::rules::{Mode, ONLINE_TEST, Receiver, State, clock_time, limit, publish_by};
use super::session_lists::{booked_list, visit_list};
use super::store::bookings::{self, Booking, BookingPerson};
use super::store::conclusions::{self, Conclusion};
use super::store::sessions::{self, Done, Reception};
use super::store::visits::{self, Visit, VisitPerson};
use super::{DESK, store, tasks};
use crate::commitments::rules::Commitment;
use crate::error::Result;
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::actions::Act;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, error_summary, icon, select_field, text_area, text_field};
use crate::words::Lang;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

/// Rows of a session shown: bookings, visits, acts.
const ROWS_MAX: i64 = 500;

/// All that stands around a session.
pub(super) struct Shown {
    pub row: Reception,
    pub bookings: Vec<(Booking, BookingPerson)>,
    pub visits: Vec<(Visit, VisitPerson)>,
    acts: Vec<Done>,
    conclusion: Option<Conclusion>,
    tasks: Vec<Commitment>,
    moved_to: Option<Reception>,
    pub may_keep: bool,
}

/// `GET /can-bo/tiep-dan/ngay/{id}`
pub async fn show(context: PageContext, Path(id): Path<String>) -> Result<Response> {
    session_page(&context, &id, None, StatusCode::OK).await
}

/// The page, after a form too.
pub(super) async fn session_page(context: &PageContext, id: &str, form: Option<FormState>, status: StatusCode) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    let row = seen(&mut act, id).await?;
    let mut booked = Vec::new();
    for booking in bookings::of_session(&mut tx, id, ROWS_MAX).await? {
        let person = bookings::person(&mut tx, &booking.id).await?;
        booked.push((booking, person));
    }
    let mut entered = Vec::new();
    for visit in visits::of_session(&mut tx, id, ROWS_MAX).await? {
        let person = visits::person(&mut tx, &visit.id).await?;
        entered.push((visit, person));
    }
    let acts = sessions::acts(&mut tx, id, ROWS_MAX).await?;
    let conclusion = conclusions::of_session(&mut tx, id).await?;
    let given = tasks::of_session(&mut tx, &row).await?;
    let moved_to = match &row.moved_to {
        Some(to) => sessions::by_id(&mut tx, to).await?,
        None => None,
    };
    drop(tx);
    let may_keep = keeps(context, &row.body_id);
    let form = form.unwrap_or_else(|| filled(&row));
    let shown = Shown { row, bookings: booked, visits: entered, acts, conclusion, tasks: given, moved_to, may_keep };
    let lang = context.lang;
    let title = format!("{} – {}", shown.row.post, lang.day_short(shown.row.day));
    let page = Page::new(context, Section::Receptions, title).main_class("wrap wide page stack-l").status(status);
    Ok(page.render(|| {
        view! {
            {head(context, &shown)}
            {error_summary(lang, &form)}
            {match shown.row.state {
                State::Draft => draft(context, &shown, &form),
                State::Published => view! { {booked_list(context, &shown)} {visit_list(context, &shown)} {published(context, &shown, &form)} }.into_any(),
                State::Held => view! { {booked_list(context, &shown)} {visit_list(context, &shown)} {tasks_view(context, &shown, &form)} {conclusion_view(context, &shown, &form)} {held(context, &shown, &form)} }.into_any(),
                State::Missed => missed(context, &shown),
            }}
            {acts_view(lang, &shown.acts)}
        }
        .into_any()
    }))
}

/// The form of a session as it is.
fn filled(row: &Reception) -> FormState {
    let plan = Plan::of(row);
    let mut form = FormState::default();
    for (field, value) in [
        ("day", plan.day.to_string()),
        ("starts", clock_time(plan.starts)),
        ("ends", clock_time(plan.ends)),
        ("kind", plan.kind.code().to_owned()),
        ("mode", plan.mode.code().to_owned()),
        ("receiver", plan.receiver.code().to_owned()),
        ("post", plan.post),
        ("place", plan.place),
        ("topics", plan.topics),
        ("slots", plan.slots.to_string()),
        ("held_by", row.held_by.unwrap_or(plan.receiver).code().to_owned()),
    ] {
        form.set(field, value);
    }
    form
}

fn head(context: &PageContext, shown: &Shown) -> AnyView {
    let (lang, row) = (context.lang, &shown.row);
    let day = heading_day(lang, row.day);
    let day = if row.state == State::Missed { view! { <s>{day}</s> }.into_any() } else { day.into_any() };
    let public = (row.state != State::Draft).then(|| view! { <a class="tag" href=context.href(&path(row))>{lang.t("reception.public_page")}</a> });
    view! {
        <a class="back" href=context.href(&format!("{DESK}?thang={}", row.day.format("%Y-%m")))>{icon(Icon::Back)}{lang.t("reception.desk.title")}</a>
        <div class="stack-s">
            <p class="row small">{outcome_badge(lang, row, context.today)}{tags(lang, row, context.today)}{public}</p>
            <h1 class="title-s num">{day}", "{hours(row)}</h1>
            <p>{row.post.clone()}" ("{lang.t(row.receiver.key())}") · "{row.place.clone()}</p>
            {(!row.topics.is_empty()).then(|| view! { <p class="small muted">{row.topics.clone()}</p> })}
        </div>
    }
    .into_any()
}

/// Where the forms of a session go.
pub(super) fn action(context: &PageContext, row: &Reception) -> String {
    context.href(&format!("{DESK}/ngay/{}", row.id))
}

fn version(row: &Reception) -> AnyView {
    view! { <input type="hidden" name="version" value=row.version.to_string() /> }.into_any()
}

fn draft(context: &PageContext, shown: &Shown, form: &FormState) -> AnyView {
    let (lang, row) = (context.lang, &shown.row);
    if !shown.may_keep {
        return view! { <p class="notice info">{lang.t("reception.only_look")}</p> }.into_any();
    }
    let by = publish_by(context.directory.deadline_rules(), context.directory.calendar(), row.kind, row.mode, row.day);
    let by =
        by.map(|limit| view! { <p class="small muted">{lang.f("reception.publish.by", &[("day", &lang.day_short(limit.day))])}". "{limit.sentence(lang)}</p> });
    let reason = late(context, row).map(|_| {
        let look = FieldLook { label: "reception.late_reason.label", hint: Some("reception.late_reason.hint"), ..FieldLook::default() };
        view! { <p class="notice warn">{icon(Icon::Warning)}<span>{lang.t("reception.publish.is_late")}</span></p> {text_field(lang, form, "late_reason", look)} }
    });
    view! {
        <form method="post" action=action(context, row) class="card stack">
            {version(row)}
            <h2 class="title-s">{lang.t("reception.publish.title")}</h2>
            {by}
            {reason}
            <p><button class="btn btn-main" name="action" value="publish">{icon(Icon::Send)}{lang.t("reception.publish.button")}</button></p>
        </form>
        <form method="post" action=action(context, row) class="card stack">
            {version(row)}
            <h2 class="title-s">{lang.t("reception.change.title")}</h2>
            {session_fields(lang, form, false)}
            <div class="row">
                <button class="btn btn-main" name="action" value="change">{lang.t("reception.save")}</button>
                <button class="btn btn-danger" name="action" value="drop">{icon(Icon::Trash)}{lang.t("reception.drop")}</button>
            </div>
        </form>
    }
    .into_any()
}

fn published(context: &PageContext, shown: &Shown, form: &FormState) -> AnyView {
    let (lang, row) = (context.lang, &shown.row);
    if !shown.may_keep {
        return ().into_any();
    }
    let look = |label: &'static str, hint: Option<&'static str>| FieldLook { label, hint, ..FieldLook::default() };
    let has_come = row.day <= context.today;
    let hold = has_come.then(|| {
        view! {
            <form method="post" action=action(context, row) class="card stack" id="da-tiep">
                {version(row)}
                <h2 class="title-s">{lang.t("reception.hold.title")}</h2>
                <p class="small">{lang.t("reception.hold.text")}</p>
                {select_field(lang, form, "held_by", options!(lang, Receiver), "reception.choose", look("reception.hold.by", None))}
                <p><button class="btn btn-main" name="action" value="hold">{icon(Icon::Check)}{lang.t("reception.hold.button")}</button></p>
            </form>
        }
    });
    view! {
        {online_test(context, row)}
        {hold}
        <details class="more" open=form.error("reason", lang).is_some() || form.error("new_day", lang).is_some()>
            <summary>{lang.t("reception.miss.title")}</summary>
            <form method="post" action=action(context, row) class="stack">
                {version(row)}
                <p class="small">{lang.t("reception.miss.text")}</p>
                {text_field(lang, form, "reason", look("reception.miss.reason", Some("reception.miss.reason_hint")))}
                {text_field(lang, form, "new_day", FieldLook { kind: "date", class: "field-s", ..look("reception.miss.new_day", None) })}
                <p><button class="btn btn-danger" name="action" value="miss">{lang.t("reception.miss.button")}</button></p>
            </form>
        </details>
        <details class="more" open=form.error("slots", lang).is_some()>
            <summary>{lang.t("reception.change.published")}</summary>
            <form method="post" action=action(context, row) class="stack">
                {version(row)}
                {text_field(lang, form, "slots", FieldLook { class: "field-s", ..look("reception.slots.label", Some("reception.slots.hint")) })}
                {text_area(lang, form, "topics", 2, FieldLook { is_optional: true, ..look("reception.topics.label", Some("reception.topics.hint")) })}
                <p><button class="btn" name="action" value="change">{lang.t("reception.save")}</button></p>
            </form>
        </details>
    }
    .into_any()
}

fn online_test(context: &PageContext, row: &Reception) -> AnyView {
    let lang = context.lang;
    if row.mode == Mode::Direct {
        return ().into_any();
    }
    let by = limit(context.directory.deadline_rules(), context.directory.calendar(), ONLINE_TEST, row.day);
    let by =
        by.map(|limit| view! { <p class="small muted">{limit.sentence(lang)}</p><p>{lang.f("reception.test.by", &[("day", &lang.day_short(limit.day))])}</p> });
    let content = match row.tested_on {
        Some(day) => view! { <p>{icon(Icon::Check)}" "{lang.f("reception.test.done", &[("day", &lang.day_short(day))])}</p> }.into_any(),
        None => view! {
            <form method="post" action=action(context, row)>
                {version(row)}
                <button class="btn" name="action" value="test">{lang.t("reception.test.button")}</button>
            </form>
        }
        .into_any(),
    };
    view! { <section class="card stack-s"><h2 class="title-s">{lang.t("reception.test.title")}</h2>{by}{content}</section> }.into_any()
}

fn held(context: &PageContext, shown: &Shown, form: &FormState) -> AnyView {
    let (lang, row) = (context.lang, &shown.row);
    if !shown.may_keep {
        return ().into_any();
    }
    let look = FieldLook { label: "reception.hold.by", ..FieldLook::default() };
    view! {
        <details class="more">
            <summary>{lang.t("reception.hold.correct")}</summary>
            <form method="post" action=action(context, row) class="stack">
                {version(row)}
                {select_field(lang, form, "held_by", options!(lang, Receiver), "reception.choose", look)}
                <p><button class="btn" name="action" value="hold">{lang.t("reception.save")}</button></p>
            </form>
        </details>
    }
    .into_any()
}

fn missed(context: &PageContext, shown: &Shown) -> AnyView {
    let lang = context.lang;
    let link = shown.moved_to.as_ref().map(|to| view! { <a class="num" href=context.href(&format!("{DESK}/ngay/{}", to.id))>{heading_day(lang, to.day)}</a> });
    view! { <div class="notice warn">{icon(Icon::Warning)}<div><p>{lang.f("reception.day.missed", &[("reason", &shown.row.missed_reason)])}</p><p>{lang.t("reception.day.moved_to")}" "{link}</p></div></div> }
        .into_any()
}

/// What somebody was given to do; the staff give nobody anything.
fn tasks_view(context: &PageContext, shown: &Shown, form: &FormState) -> AnyView {
    if shown.row.held_by == Some(Receiver::Staff) {
        return ().into_any();
    }
    tasks::desk_view(context, &shown.row, &shown.tasks, form, shown.may_keep)
}

/// The head's conclusion: as it was issued, or the form for it.
fn conclusion_view(context: &PageContext, shown: &Shown, form: &FormState) -> AnyView {
    let (lang, row) = (context.lang, &shown.row);
    if row.held_by == Some(Receiver::Staff) {
        return ().into_any();
    }
    if let Some(known) = &shown.conclusion {
        let words = lang.f("reception.conclusion.issued", &[("number", &known.number), ("day", &lang.day_short(known.issued_on))]);
        return view! {
            <section class="card stack-s" id="ket-luan">
                <h2 class="title-s">{lang.t("reception.conclusion.title")}</h2>
                <p class="small muted">{words}</p>
                <p class="text">{known.body.clone()}</p>
            </section>
        }
        .into_any();
    }
    if !shown.may_keep {
        return ().into_any();
    }
    let look = |label: &'static str, hint: Option<&'static str>| FieldLook { label, hint, ..FieldLook::default() };
    view! {
        <details class="more" id="ket-luan" open=form.error("conclusion", lang).is_some() || form.error("conclusion_number", lang).is_some()>
            <summary>{lang.t("reception.conclusion.title")}</summary>
            <form method="post" action=action(context, row) class="stack">
                {version(row)}
                <p class="small">{lang.t("reception.conclusion.text")}</p>
                {text_field(lang, form, "conclusion_number", look("reception.conclusion.number", Some("reception.conclusion.number_hint")))}
                {text_area(lang, form, "conclusion", 6, look("reception.conclusion.body", Some("reception.conclusion.body_hint")))}
                <p><button class="btn btn-main" name="action" value="conclude">{lang.t("reception.conclusion.button")}</button></p>
            </form>
        </details>
    }
    .into_any()
}

fn acts_view(lang: Lang, acts: &[Done]) -> AnyView {
    let items: Vec<_> = acts
        .iter()
        .map(|done| view! { <li><span class="num">{lang.time(done.at)}</span>" · "{done.name.clone()}" · "{lang.t(act_key(&done.act))}</li> })
        .collect();
    view! { <section class="stack-s"><h2 class="title-s">{lang.t("reception.acts")}</h2><ul class="small muted">{items}</ul></section> }.into_any()
}

fn act_key(act: &str) -> &'static str {
    match act {
        "drafted" => "reception.act.drafted",
        "published" => "reception.act.published",
        "tested" => "reception.act.tested",
        "held" => "reception.act.held",
        "corrected" => "reception.act.corrected",
        "missed" => "reception.act.missed",
        "concluded" => "reception.act.concluded",
        _ => "reception.act.changed",
    }
}

/// `GET /can-bo/tiep-dan/ngay-moi`
pub async fn new(context: PageContext) -> Result<Response> {
    let body_id = body_of(&context)?;
    check(&context.actor, Action::KeepReceptions(&body_id))?;
    let office = store::offices::of_body(&mut context.portal.db().look().await?, &body_id).await?;
    let mut form = FormState::default();
    for (field, value) in session_defaults(&context, &body_id, &office) {
        form.set(field, value);
    }
    Ok(new_page(&context, &form, StatusCode::OK))
}

/// The page of another session, after a form too.
pub(super) fn new_page(context: &PageContext, form: &FormState, status: StatusCode) -> Response {
    let lang = context.lang;
    let page = Page::new(context, Section::Receptions, lang.t("reception.new.link")).main_class("wrap page stack-l").status(status);
    page.render(|| {
        view! {
            <a class="back" href=context.href(DESK)>{icon(Icon::Back)}{lang.t("reception.desk.title")}</a>
            {error_summary(lang, form)}
            <h1 class="title-s">{lang.t("reception.new.link")}</h1>
            <form method="post" action=lang.href("/can-bo/tiep-dan/ngay-moi") class="card stack">
                {session_fields(lang, form, false)}
                <p><button class="btn btn-main">{lang.t("reception.new.button")}</button></p>
            </form>
        }
        .into_any()
    })
}
