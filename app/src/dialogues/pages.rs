//! `/doi-thoai`: dialogues that are coming, going on and past, and each of them with its result.

use super::desk_views::{kind_key, mode_key, when};
use super::live::record;
use super::rules::{Chair, Dialogue, Law, State};
use super::store::{self, Narrowed};
use super::{PATH, degrees, pictures, promises, public_path};
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::petitions::markdown;
use crate::ui::context::PageContext;
use crate::ui::fields::FieldLook;
use crate::ui::icons::{Icon, icon};
use crate::ui::page::{Page, Section};
use crate::ui::{address, breadcrumbs, empty, select_field, text_field};
use crate::words::Lang;
use axum::extract::{Path, Query};
use axum::response::Response;
use chrono::{DateTime, Datelike, Utc};
use leptos::prelude::*;

/// Dialogues in one list of the page.
const SHOWN_MAX: usize = 20;
/// Years the filter offers before this one and after it.
const YEARS_BACK: i32 = 5;
/// Name of the place in the list of past ones.
const BEFORE: &str = "truoc";

/// What a visitor asked for.
struct Asked {
    form: FormState,
    narrowed: Narrowed,
    before: Option<DateTime<Utc>>,
}

impl Asked {
    fn read(context: &PageContext, pairs: Vec<(String, String)>) -> Self {
        let form = FormState::from_pairs(pairs);
        let agency = context.directory.body_by_code(form.value("co-quan")).map(|agency| agency.id.clone());
        let years = context.today.year() - YEARS_BACK..=context.today.year() + 1;
        let narrowed = Narrowed {
            body_id: agency.unwrap_or_default(),
            area_code: context.directory.area(form.value("dia-ban")).map(|area| area.code.clone()).unwrap_or_default(),
            topic: store::topic(form.value("chu-de")),
            year: form.value("nam").parse().ok().filter(|year| years.contains(year)).map(i64::from).unwrap_or_default(),
        };
        let before = form.value(BEFORE).parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        Self { form, narrowed, before }
    }

    fn is_narrowed(&self) -> bool {
        self.narrowed != Narrowed::default()
    }

    /// The address of the list further back.
    fn further(&self, lang: Lang, last: &Dialogue) -> String {
        let mut pairs: Vec<(&'static str, String)> = ["co-quan", "dia-ban", "chu-de", "nam"]
            .into_iter()
            .map(|name| (name, self.form.value(name).to_owned()))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        pairs.push((BEFORE, last.facts.begins_at.timestamp().to_string()));
        lang.href(&address(PATH, &pairs))
    }
}

/// `/doi-thoai`
pub(super) async fn all(context: PageContext, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    let asked = Asked::read(&context, pairs);
    let limit = i64::try_from(SHOWN_MAX + 1).unwrap_or(i64::MAX);
    let mut tx = context.portal.db().look().await?;
    let is_further = asked.before.is_some();
    let until = asked.before.unwrap_or(context.now).min(context.now);
    let coming = if is_further { Vec::new() } else { store::from(&mut tx, context.now, &asked.narrowed, limit).await? };
    let mut past = store::before(&mut tx, until, &asked.narrowed, limit).await?;
    drop(tx);
    let is_on = |dialogue: &Dialogue| dialogue.is_on(context.now);
    let on: Vec<Dialogue> = past.iter().filter(|dialogue| !is_further && is_on(dialogue)).cloned().collect();
    let next = (past.len() > SHOWN_MAX).then(|| past[SHOWN_MAX - 1].clone());
    past.truncate(SHOWN_MAX);
    past.retain(|dialogue| is_further || !is_on(dialogue));
    let lang = context.lang;
    let page = Page::new(&context, Section::Dialogues, lang.t("dialogues.title")).public(lang.t("dialogues.description")).main_class("wrap wide page stack-l");
    Ok(page.render(|| {
        let nothing = coming.is_empty() && past.is_empty() && on.is_empty();
        view! {
            <div class="stack">
                <h1>{lang.t("dialogues.title")}</h1>
                <p class="lead-text">{lang.t("dialogues.lead")}</p>
            </div>
            {filters(&context, &asked)}
            {(!on.is_empty()).then(|| part(&context, "dialogues.on", &on))}
            {(!coming.is_empty()).then(|| part(&context, "dialogues.coming", &coming[..coming.len().min(SHOWN_MAX)]))}
            {(coming.is_empty() && !is_further && !nothing).then(|| view! { <p class="muted">{lang.t("dialogues.none_coming")}</p> })}
            {(!past.is_empty()).then(|| part(&context, "dialogues.past", &past))}
            {next.map(|last| view! { <p><a class="btn" href=asked.further(lang, &last)>{lang.t("dialogues.further")}</a></p> })}
            {nothing.then(|| none(lang, &asked))}
            <p class="row no-print">
                <a class="btn btn-s" href=lang.href("/doi-thoai/theo-co-quan")>{lang.t("dialogues.proof.link")}</a>
                <a class="btn btn-s" href=lang.href("/doi-thoai/lich.ics")>{icon(Icon::Download)}{lang.t("dialogues.calendar.all")}</a>
            </p>
        }
        .into_any()
    }))
}

fn none(lang: Lang, asked: &Asked) -> AnyView {
    let (title, text) =
        if asked.is_narrowed() { ("dialogues.none.narrowed", "dialogues.none.narrowed.text") } else { ("dialogues.none.title", "dialogues.none.text") };
    let action = asked.is_narrowed().then(|| view! { <a class="btn" href=lang.href(PATH)>{lang.t("dialogues.none.all")}</a> }).into_any();
    empty(Icon::Dialogue, lang.t(title).to_owned(), lang.t(text), action)
}

fn filters(context: &PageContext, asked: &Asked) -> AnyView {
    let (lang, directory) = (context.lang, &context.directory);
    let province = context.portal.settings().province_code.clone();
    let agencies = directory.authorities_of(&province).map(|agency| (agency.code.clone(), agency.short_name.clone())).collect();
    let areas = directory.communes_of(&province).map(|area| (area.code.clone(), area.full_name.clone())).collect();
    let this_year = context.today.year();
    let years = (this_year - YEARS_BACK..=this_year + 1).rev().map(|year| (year.to_string(), year.to_string())).collect();
    let look = |label: &'static str| FieldLook { label, ..FieldLook::default() };
    view! {
        <details class="more no-print" open=asked.is_narrowed()>
            <summary>{lang.t("dialogues.filter")}</summary>
            <form method="get" action=lang.href(PATH) class="card stack">
                {text_field(lang, &asked.form, "chu-de", look("dialogues.topic"))}
                {select_field(lang, &asked.form, "co-quan", agencies, "dialogues.filter.any", look("dialogues.filter.agency"))}
                {select_field(lang, &asked.form, "dia-ban", areas, "dialogues.filter.any", look("dialogues.area"))}
                {select_field(lang, &asked.form, "nam", years, "dialogues.filter.any", FieldLook { class: "field-s", ..look("dialogues.filter.year") })}
                <p><button class="btn btn-main">{lang.t("dialogues.filter.show")}</button></p>
            </form>
        </details>
    }
    .into_any()
}

/// Dialogues about what somebody looks for; nothing where there are none.
pub fn found_section(context: &PageContext, dialogues: &[Dialogue]) -> AnyView {
    if dialogues.is_empty() { ().into_any() } else { part(context, "dialogues.found", dialogues) }
}

/// Dialogues as a part of another page; nothing where there are none.
pub fn coming_section(context: &PageContext, dialogues: &[Dialogue]) -> AnyView {
    if dialogues.is_empty() {
        return ().into_any();
    }
    let lang = context.lang;
    let items: Vec<_> = dialogues.iter().map(|dialogue| item(context, dialogue)).collect();
    view! {
        <section class="stack">
            <h2>{lang.t("dialogues.coming.elsewhere")}</h2>
            <ul class="list-cases">{items}</ul>
            <p><a href=lang.href(PATH)>{lang.t("dialogues.all")}</a></p>
        </section>
    }
    .into_any()
}

fn part(context: &PageContext, title: &'static str, dialogues: &[Dialogue]) -> AnyView {
    let items: Vec<_> = dialogues.iter().map(|dialogue| item(context, dialogue)).collect();
    view! { <section class="stack-s"><h2>{context.lang.t(title)}</h2><ul class="list-cases">{items}</ul></section> }.into_any()
}

fn item(context: &PageContext, dialogue: &Dialogue) -> AnyView {
    let (lang, facts) = (context.lang, &dialogue.facts);
    let day = facts.day();
    let place = if facts.place.is_empty() { lang.t(mode_key(facts.mode)).to_owned() } else { facts.place.clone() };
    view! {
        <li class="dated">
            <span class="date-tile" aria-hidden="true"><small>{lang.f("dialogues.tile.month", &[("n", &day.month().to_string())])}</small><b>{day.day()}</b><small>{day.year()}</small></span>
            <div class="stack-s">
                <h3><a href=lang.href(&public_path(dialogue.number))>{facts.title.clone()}</a></h3>
                <p class="small muted num">{when(lang, facts.begins_at, facts.ends_at)}</p>
                <p class="small">{format!("{} · {}", facts.head_post, place)}</p>
                <p class="row small">{badge(context, dialogue)}</p>
            </div>
        </li>
    }
    .into_any()
}

/// How a dialogue stands, and its clock.
fn badge(context: &PageContext, dialogue: &Dialogue) -> AnyView {
    let (lang, today) = (context.lang, context.today);
    let law = Law { rules: context.directory.deadline_rules(), calendar: context.directory.calendar() };
    let due = law.result_due(dialogue.facts.day());
    let days = |n: i64| lang.number(n);
    let (class, words) = match dialogue.state {
        State::Cancelled => ("plain", lang.t("dialogues.badge.cancelled").to_owned()),
        State::Published => {
            let on = dialogue.published_on.unwrap_or(today);
            let n = (on - dialogue.facts.day()).num_days();
            let class = if due.is_some_and(|due| on > due) { "late" } else { "ok" };
            (class, lang.f("dialogues.badge.published", &[("n", &days(n))]))
        }
        State::Announced | State::Draft if dialogue.is_on(context.now) => ("soon", lang.t("dialogues.badge.on").to_owned()),
        State::Announced | State::Draft if dialogue.facts.begins_at > context.now => {
            let n = (dialogue.facts.day() - today).num_days();
            ("plain", if n == 0 { lang.t("dialogues.badge.today").to_owned() } else { lang.f("dialogues.badge.in_days", &[("n", &days(n))]) })
        }
        _ => match due {
            Some(due) if due < today => ("late", lang.f("dialogues.badge.result_late", &[("n", &days((today - due).num_days()))])),
            Some(due) => ("soon", lang.f("dialogues.badge.result_due", &[("day", &lang.day_short(due))])),
            None => ("plain", lang.t("dialogues.badge.over").to_owned()),
        },
    };
    view! { <span class=format!("clock {class}")>{words}</span> }.into_any()
}

/// `/doi-thoai/{number}`
pub(super) async fn one(context: PageContext, Path(number): Path<i64>) -> Result<Response> {
    let mut tx = context.portal.db().look().await?;
    let dialogue = store::public_by_number(&mut tx, number).await?.ok_or(AppError::NotFound)?;
    let promises = promises::of(&mut tx, &dialogue).await?;
    let record = record::load(&mut tx, &dialogue).await?;
    let pictures = pictures::load_public(&mut tx, &dialogue).await?;
    let attendance = super::attendance::public::Part::load(&mut tx, &dialogue).await?;
    drop(tx);
    let (lang, facts) = (context.lang, &dialogue.facts);
    let description = format!("{}. {}. {}", facts.head_post, when(lang, facts.begins_at, facts.ends_at), facts.place);
    let page = Page::new(&context, Section::Dialogues, facts.title.clone()).public(description);
    Ok(page.render(|| {
        view! {
            <div class="stack">
                {breadcrumbs(lang, PATH, lang.t("dialogues.title"), lang.t(if dialogue.published_on.is_some() { "dialogues.outcome" } else { "dialogues.notice" }))}
                <h1>{facts.title.clone()}</h1>
                {who_and_when(&context, &dialogue)}
                <p class="row">{badge(&context, &dialogue)}{notice_clock(&context, &dialogue)}</p>
                {cancelled(lang, &dialogue)}
                {record::live_link(&context, &dialogue)}
            </div>
            {outcome(lang, &dialogue)}
            {pictures::section(lang, &dialogue, &pictures)}
            {promises::told(&context, &promises)}
            {record::section(&context, record.as_ref())}
            {about(&context, &dialogue)}
            {super::questions::invitation(&context, &dialogue)}
            {joining(&context, &dialogue)}
            {attendance.view(&context, &dialogue)}
            {(dialogue.state == State::Announced).then(|| view! {
                <p class="row no-print"><a class="btn" href=lang.href(&format!("{}/lich.ics", public_path(number)))>{icon(Icon::Download)}{lang.t("dialogues.calendar.one")}</a></p>
            })}
        }
        .into_any()
    }))
}

fn who_and_when(context: &PageContext, dialogue: &Dialogue) -> AnyView {
    let (lang, facts) = (context.lang, &dialogue.facts);
    let moved: Vec<_> = dialogue
        .moves
        .iter()
        .map(|old| view! { <p class="small moved"><s class="num">{lang.time(old.from)}</s> " " <span class="muted">{lang.f("dialogues.moved", &[("reason", &old.reason)])}</span></p> })
        .collect();
    let chaired = match &dialogue.holding {
        None => lang.f("dialogues.will_chair", &[("post", &facts.head_post)]),
        Some(holding) if holding.chair == Chair::Head => lang.f("dialogues.chaired_by_head", &[("post", &holding.post)]),
        Some(holding) => lang.f("dialogues.chaired_by_deputy", &[("post", &holding.post)]),
    };
    view! {
        <p><b>{chaired}</b><br /><span class="muted">{context.directory.agency_name(&dialogue.body_id).to_owned()}</span></p>
        <p class="num">{icon(Icon::Clock)} " " {when(lang, facts.begins_at, facts.ends_at)}</p>
        {moved}
    }
    .into_any()
}

/// Whether the notice was out in time.
fn notice_clock(context: &PageContext, dialogue: &Dialogue) -> AnyView {
    let lang = context.lang;
    let Some(on) = dialogue.announced_on else { return ().into_any() };
    let first_day = dialogue.moves.first().map_or_else(|| dialogue.facts.day(), |old| crate::clock::day(old.from));
    let n = lang.number((first_day - on).num_days());
    if dialogue.late_reason.is_empty() {
        return view! { <span class="clock ok">{lang.f("dialogues.told_before", &[("n", &n)])}</span> }.into_any();
    }
    view! { <span class="clock late">{lang.f("dialogues.told_late", &[("n", &n)])}</span><span class="small">{lang.f("dialogues.told_late.reason", &[("reason", &dialogue.late_reason)])}</span> }
        .into_any()
}

fn cancelled(lang: Lang, dialogue: &Dialogue) -> AnyView {
    (dialogue.state == State::Cancelled)
        .then(|| view! { <div class="notice warn">{icon(Icon::Warning)}<p>{lang.f("dialogues.cancelled", &[("reason", &dialogue.cancel_reason)])}</p></div> })
        .into_any()
}

fn outcome(lang: Lang, dialogue: &Dialogue) -> AnyView {
    let Some(holding) = &dialogue.holding else { return ().into_any() };
    let cell = |n: i64, key: &'static str| view! { <div><b>{lang.number(n)}</b><span>{lang.t(key)}</span></div> };
    let text = dialogue.published_on.map(|_| view! { <section class="stack"><h2>{lang.t("dialogues.outcome")}</h2><div class="card md" inner_html=markdown::to_html(&dialogue.outcome)></div></section> });
    view! {
        <div class="figures num">{cell(holding.people, "dialogues.people")}{cell(holding.questions, "dialogues.questions")}{cell(holding.answered, "dialogues.answered")}</div>
        {text}
    }
    .into_any()
}

fn about(context: &PageContext, dialogue: &Dialogue) -> AnyView {
    let (lang, facts) = (context.lang, &dialogue.facts);
    let row = |label: &'static str, value: String| (!value.is_empty()).then(|| view! { <div><dt>{lang.t(label)}</dt><dd class="text">{value}</dd></div> });
    view! {
        <section class="stack">
            <h2>{lang.t("dialogues.about")}</h2>
            <p class="text">{facts.about.clone()}</p>
            <dl class="case-facts">
                {row("dialogues.kind", lang.t(kind_key(facts.kind)).to_owned())}
                {row("dialogues.others", facts.others.clone())}
            </dl>
        </section>
    }
    .into_any()
}

fn joining(context: &PageContext, dialogue: &Dialogue) -> AnyView {
    if matches!(dialogue.state, State::Cancelled) || dialogue.holding.is_some() {
        return ().into_any();
    }
    let (lang, facts) = (context.lang, &dialogue.facts);
    let area = context.directory.area_name(&facts.area_code).to_owned();
    let map = facts.spot.map(|(latitude, longitude)| {
        let spot = degrees(latitude, longitude).replace(' ', "");
        let (lat, lon) = spot.split_once(',').unwrap_or_default();
        let href = format!("https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=17/{lat}/{lon}");
        view! { <p><a href=href rel="noopener noreferrer">{icon(Icon::Pin)} " " {lang.t("dialogues.map")}</a></p> }
    });
    let place = (!facts.place.is_empty()).then(|| view! { <p><b>{facts.place.clone()}</b><br /><span class="muted">{area}</span></p> });
    let villages = (!facts.villages.is_empty()).then(|| view! { <p>{lang.f("dialogues.for_villages", &[("villages", &facts.villages)])}</p> });
    let online = (!facts.online_address.is_empty())
        .then(|| view! { <p><a href=facts.online_address.clone() rel="noopener noreferrer nofollow">{lang.t("dialogues.online.open")}</a></p> });
    view! {
        <section class="stack-s">
            <h2>{lang.t("dialogues.joining")}</h2>
            {place}{villages}{map}{online}
            <p class="text">{facts.joining.clone()}</p>
        </section>
    }
    .into_any()
}
