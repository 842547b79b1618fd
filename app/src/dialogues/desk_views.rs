//! How the officials' pages of dialogues look.

use super::desk_pages::{OneView, YearView, years};
use super::forms::{TEXT_CHARS_MAX, TITLE_CHARS_MAX};
use super::plan::Standing;
use super::rules::{Chair, Dialogue, Event, Kind, Mode, State};
use super::store::Planned;
use super::{desk_path, public_path};
use crate::form::FormState;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, PageContext, choice, icon, select_field, table, text_area, text_field};
use crate::words::Lang;
use chrono::{DateTime, Utc};
use leptos::prelude::*;

/// Links to the years around one.
pub(super) fn year_links(context: &PageContext, year: i32, path: &'static str) -> AnyView {
    let known = years(context.today);
    let link =
        |year: i32| known.contains(&year).then(|| view! { <a class="btn btn-s" href=format!("{}?nam={year}", context.href(path))>{year.to_string()}</a> });
    view! { <p class="row">{link(year - 1)}{link(year + 1)}</p> }.into_any()
}

/// Name of a state.
pub(super) fn state_key(dialogue: &Dialogue, now: DateTime<Utc>) -> &'static str {
    match dialogue.state {
        State::Draft if dialogue.publish_at.is_some() => "dialogues.state.timed",
        State::Draft => "dialogues.state.draft",
        State::Announced if dialogue.is_on(now) => "dialogues.state.on",
        State::Announced if dialogue.facts.ends_at <= now => "dialogues.state.over",
        State::Announced => "dialogues.state.announced",
        State::Held => "dialogues.state.held",
        State::Published => "dialogues.state.published",
        State::Cancelled => "dialogues.state.cancelled",
    }
}

/// Name of a kind.
pub(super) fn kind_key(kind: Kind) -> &'static str {
    match kind {
        Kind::Periodic => "dialogues.kind.periodic",
        Kind::Extraordinary => "dialogues.kind.extraordinary",
        Kind::Voters => "dialogues.kind.voters",
    }
}

/// Name of a mode.
pub(super) fn mode_key(mode: Mode) -> &'static str {
    match mode {
        Mode::InPerson => "dialogues.mode.in_person",
        Mode::Online => "dialogues.mode.online",
        Mode::Mixed => "dialogues.mode.mixed",
    }
}

/// "08:00–11:00, thứ Ba, 8/12/2026".
pub(super) fn when(lang: Lang, begins_at: DateTime<Utc>, ends_at: DateTime<Utc>) -> String {
    let hour = |at: DateTime<Utc>| crate::clock::local(at).format("%H:%M").to_string();
    format!("{}–{}, {}", hour(begins_at), hour(ends_at), lang.day_long(crate::clock::day(begins_at)))
}

/// Words and class of how a year stands against the minimum.
pub(super) fn standing_words(standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Met => ("dialogues.standing.met", "ok"),
        Standing::Arranged => ("dialogues.standing.arranged", "ok"),
        Standing::Open => ("dialogues.standing.open", "plain"),
        Standing::Warned => ("dialogues.standing.warned", "soon"),
        Standing::Missed => ("dialogues.standing.missed", "late"),
    }
}

/// The year against its minimum.
pub(super) fn standing(view: &YearView<'_>) -> AnyView {
    let (lang, figures) = (view.context.lang, &view.figures);
    let cell = |n: i64, key: &'static str| view! { <div><b>{lang.number(n)}</b><span>{lang.t(key)}</span></div> };
    let against = match &view.minimum {
        Some(minimum) => {
            let (key, class) = standing_words(figures.standing(minimum.per_year, view.year, view.context.today));
            let words = lang.f("dialogues.minimum", &[("n", &lang.number(minimum.per_year)), ("source", &minimum.source)]);
            view! { <p class="row"><span class=format!("clock {class}")>{lang.t(key)}</span></p><p class="small muted">{words}</p> }.into_any()
        }
        None => view! { <p class="small muted">{lang.t("dialogues.no_minimum")}</p> }.into_any(),
    };
    view! {
        <section class="stack-s">
            <h2 class="title-s">{lang.t("dialogues.year.title")}</h2>
            {against}
            <div class="figures four num">
                {cell(figures.by_head, "dialogues.year.by_head")}
                {cell(figures.by_deputy, "dialogues.year.by_deputy")}
                {cell(figures.coming, "dialogues.year.coming")}
                {cell(figures.late_notices, "dialogues.year.late_notices")}
            </div>
        </section>
    }
    .into_any()
}

/// The dialogues of the year.
pub(super) fn list(view: &YearView<'_>) -> AnyView {
    let (context, lang) = (view.context, view.context.lang);
    let rows: Vec<_> = view
        .dialogues
        .iter()
        .map(|dialogue| {
            let facts = &dialogue.facts;
            view! {
                <tr>
                    <th scope="row"><a href=lang.href(&desk_path(&dialogue.id))>{facts.title.clone()}</a></th>
                    <td data-label=lang.t("dialogues.when")>{when(lang, facts.begins_at, facts.ends_at)}</td>
                    <td data-label=lang.t("dialogues.place")>{if facts.place.is_empty() { lang.t(mode_key(facts.mode)).to_owned() } else { facts.place.clone() }}</td>
                    <td data-label=lang.t("dialogues.state")>{lang.t(state_key(dialogue, context.now))}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    let content = if rows.is_empty() {
        view! { <p class="notice info">{lang.t("dialogues.none")}</p> }.into_any()
    } else {
        table(lang, "dialogues.list", &["dialogues.topic", "dialogues.when", "dialogues.place", "dialogues.state"], rows)
    };
    view! {
        <section class="stack-s">
            <h2 class="title-s">{lang.t("dialogues.list")}</h2>
            {content}
            {view.may_prepare.then(|| view! { <p><a class="btn btn-main" href=lang.href("/can-bo/doi-thoai/moi")>{icon(Icon::Plus)}{lang.t("dialogues.new.title")}</a></p> })}
        </section>
    }
    .into_any()
}

/// The plan of the year, and a form for one line more.
pub(super) fn plan(view: &YearView<'_>) -> AnyView {
    let lang = view.context.lang;
    let lines: Vec<_> = view.plan.iter().map(|line| plan_line(view, line)).collect();
    let content = if lines.is_empty() {
        view! { <p class="muted">{lang.t("dialogues.plan.none")}</p> }.into_any()
    } else {
        view! { <ul class="rule-list">{lines}</ul> }.into_any()
    };
    let quarters = (1..=4).map(|quarter: i32| (quarter.to_string(), lang.f("dialogues.quarter.of", &[("n", &quarter.to_string())]))).collect();
    let form = view.may_prepare.then(|| {
        view! {
            <form method="post" action=lang.href("/can-bo/doi-thoai/ke-hoach") class="card stack" novalidate>
                <h3 class="title-s">{lang.t("dialogues.plan.add")}</h3>
                <input type="hidden" name="year" value=view.year.to_string() />
                {select_field(lang, view.form, "quarter", quarters, "dialogues.choose", FieldLook { label: "dialogues.quarter", class: "field-s", ..FieldLook::default() })}
                {text_field(lang, view.form, "topic", FieldLook { label: "dialogues.topic", hint: Some("dialogues.topic.hint"), ..FieldLook::default() })}
                {text_field(lang, view.form, "plan_place", FieldLook { label: "dialogues.place", is_optional: true, ..FieldLook::default() })}
                <p><button class="btn">{lang.t("dialogues.plan.save")}</button></p>
            </form>
        }
    });
    view! { <section class="stack-s" id="ke-hoach"><h2 class="title-s">{lang.f("dialogues.plan.title", &[("year", &view.year.to_string())])}</h2>{content}{form}</section> }
        .into_any()
}

fn plan_line(view: &YearView<'_>, line: &Planned) -> AnyView {
    let lang = view.context.lang;
    let quarter = lang.f("dialogues.quarter.of", &[("n", &line.quarter.to_string())]);
    let place = if line.place.is_empty() { String::new() } else { format!(" · {}", line.place) };
    let rest = match (&line.dialogue_id, line.dropped_reason.as_str()) {
        (Some(id), _) => view! { <p class="small"><a href=lang.href(&desk_path(id))>{lang.t("dialogues.plan.made")}</a></p> }.into_any(),
        (None, "") if view.may_prepare => view! {
            <p class="row"><a class="btn btn-s" href=format!("{}?ke-hoach={}", lang.href("/can-bo/doi-thoai/moi"), line.id)>{lang.t("dialogues.plan.draft")}</a></p>
            <details class="more">
                <summary>{lang.t("dialogues.plan.drop")}</summary>
                <form method="post" action=lang.href("/can-bo/doi-thoai/ke-hoach") class="stack" novalidate>
                    <input type="hidden" name="year" value=view.year.to_string() />
                    <input type="hidden" name="deed" value="drop" />
                    <input type="hidden" name="line" value=line.id.clone() />
                    <div class="field">
                        <label for=format!("drop-{}", line.id)>{lang.t("dialogues.reason")}</label>
                        <input id=format!("drop-{}", line.id) name="drop_reason" type="text" autocomplete="off" />
                    </div>
                    <p><button class="btn btn-s btn-danger">{lang.t("dialogues.plan.drop")}</button></p>
                </form>
            </details>
        }
        .into_any(),
        (None, "") => ().into_any(),
        (None, reason) => view! { <p class="small">{lang.f("dialogues.plan.dropped", &[("reason", reason)])}</p> }.into_any(),
    };
    let topic =
        if line.dropped_reason.is_empty() { view! { <b>{line.topic.clone()}</b> }.into_any() } else { view! { <s>{line.topic.clone()}</s> }.into_any() };
    view! { <li><p>{topic}</p><p class="small muted">{quarter}{place}</p>{rest}</li> }.into_any()
}

/// A field of that label and hint.
pub(super) fn look(label: &'static str, hint: Option<&'static str>) -> FieldLook {
    FieldLook { label, hint, ..FieldLook::default() }
}

/// Day and hours.
pub(super) fn span_fields(lang: Lang, form: &FormState) -> AnyView {
    view! {
        <div class="row">
            {text_field(lang, form, "day", FieldLook { kind: "date", class: "field-s", ..look("dialogues.day", None) })}
            {text_field(lang, form, "from", FieldLook { kind: "time", class: "field-s", ..look("dialogues.from", None) })}
            {text_field(lang, form, "to", FieldLook { kind: "time", class: "field-s", ..look("dialogues.to", None) })}
        </div>
    }
    .into_any()
}

/// The fields of a dialogue's facts.
pub(super) fn editor(context: &PageContext, form: &FormState, with_day: bool) -> AnyView {
    let lang = context.lang;
    let province = context.portal.settings().province_code.clone();
    let mut areas = vec![(province.clone(), context.directory.area_name(&province).to_owned())];
    areas.extend(context.directory.communes_of(&province).map(|area| (area.code.clone(), area.full_name.clone())));
    let kinds: Vec<_> = Kind::ALL.into_iter().map(|kind| choice(form, "kind", kind.code(), lang.t(kind_key(kind)), lang.t(kind_text(kind)))).collect();
    let modes: Vec<_> = Mode::ALL.into_iter().map(|mode| choice(form, "mode", mode.code(), lang.t(mode_key(mode)), "")).collect();
    let group = |name: &'static str, legend: &'static str, choices: Vec<AnyView>| {
        let error = form.error(name, lang);
        let class = if error.is_some() { "field bad" } else { "field" };
        view! {
            <fieldset class=class id=name>
                <legend>{lang.t(legend)}</legend>
                {error.map(|error| view! { <span class="err" id=format!("{name}-e")>{error}</span> })}
                <div class="choices">{choices}</div>
            </fieldset>
        }
    };
    view! {
        {text_field(lang, form, "title", FieldLook { chars_max: Some(TITLE_CHARS_MAX), ..look("dialogues.topic", Some("dialogues.topic.hint")) })}
        {text_area(lang, form, "about", 4, FieldLook { chars_max: Some(TEXT_CHARS_MAX), ..look("dialogues.about", Some("dialogues.about.hint")) })}
        {with_day.then(|| span_fields(lang, form))}
        {group("kind", "dialogues.kind", kinds)}
        {group("mode", "dialogues.mode", modes)}
        {select_field(lang, form, "area", areas, "dialogues.choose", look("dialogues.area", None))}
        {text_field(lang, form, "place", look("dialogues.place", Some("dialogues.place.hint")))}
        {text_field(lang, form, "villages", FieldLook { is_optional: true, ..look("dialogues.villages", Some("dialogues.villages.hint")) })}
        {text_field(lang, form, "spot", FieldLook { is_optional: true, ..look("dialogues.spot", Some("dialogues.spot.hint")) })}
        {text_field(lang, form, "online", FieldLook { is_optional: true, ..look("dialogues.online", Some("dialogues.online.hint")) })}
        {text_field(lang, form, "head_post", look("dialogues.head_post", Some("dialogues.head_post.hint")))}
        {text_area(lang, form, "others", 3, FieldLook { is_optional: true, ..look("dialogues.others", Some("dialogues.others.hint")) })}
        {text_area(lang, form, "joining", 3, FieldLook { chars_max: Some(TEXT_CHARS_MAX), ..look("dialogues.joining", Some("dialogues.joining.hint")) })}
    }
    .into_any()
}

fn kind_text(kind: Kind) -> &'static str {
    match kind {
        Kind::Periodic => "dialogues.kind.periodic.text",
        Kind::Extraordinary => "dialogues.kind.extraordinary.text",
        Kind::Voters => "dialogues.kind.voters.text",
    }
}

/// What is next, and by which day.
pub(super) fn next_step(view: &OneView<'_>) -> AnyView {
    let (lang, dialogue, today) = (view.context.lang, view.dialogue, view.context.today);
    let (step, day) = match dialogue.state {
        State::Draft => ("dialogues.next.announce", view.latest_notice),
        State::Announced if dialogue.facts.begins_at > view.context.now => ("dialogues.next.hold", Some(dialogue.facts.day())),
        State::Announced => ("dialogues.next.record", Some(dialogue.facts.day())),
        State::Held => ("dialogues.next.publish", view.result_due),
        State::Published => ("dialogues.next.none", None),
        State::Cancelled => ("dialogues.next.cancelled", None),
    };
    let class = if day.is_some_and(|day| day < today) && dialogue.state != State::Announced { "next late" } else { "next" };
    let stage = super::live::rules::has_stage(dialogue, view.context.now).then(|| {
        view! { <p><a class="btn btn-main" href=lang.href(&super::live::stage_path(&dialogue.id))>{icon(Icon::Dialogue)}{lang.t("live.stage.link")}</a></p> }
    });
    let timed = dialogue.publish_at.map(|at| view! { <p>{lang.f("dialogues.next.timed", &[("at", &lang.time(at))])}</p> });
    view! {
        <section class=class>
            <p class="small muted">{lang.t("following.next.step")} " " <b>{lang.t(step)}</b></p>
            {day.map(|day| view! { <p class="day num">{lang.t("following.next.by")} " " <span class="nowrap">{lang.day_long(day)}</span></p> })}
            <p class="row"><span class="tag">{lang.t(state_key(dialogue, view.context.now))}</span>
                {dialogue.is_public().then(|| view! { <a href=lang.href(&public_path(dialogue.number))>{lang.t("dialogues.public_page")}</a> })}
            </p>
            {stage}
            {timed}
        </section>
    }
    .into_any()
}

/// What the notice tells.
pub(super) fn facts(view: &OneView<'_>) -> AnyView {
    let (lang, dialogue) = (view.context.lang, view.dialogue);
    let facts = &dialogue.facts;
    let row = |label: &'static str, value: String| (!value.is_empty()).then(|| view! { <div><dt>{lang.t(label)}</dt><dd class="text">{value}</dd></div> });
    let holding = dialogue.holding.as_ref().map(|holding| {
        let chair = lang.t(if holding.chair == Chair::Head { "dialogues.chair.head" } else { "dialogues.chair.deputy" });
        view! {
            {row("dialogues.chair", format!("{} ({})", chair, holding.post))}
            {row("dialogues.people", lang.number(holding.people))}
            {row("dialogues.questions", lang.number(holding.questions))}
            {row("dialogues.answered", lang.number(holding.answered))}
        }
    });
    view! {
        <section class="card stack">
            <h2 class="title-s">{lang.t("dialogues.facts")}</h2>
            <dl class="case-facts">
                {row("dialogues.when", when(lang, facts.begins_at, facts.ends_at))}
                {row("dialogues.kind", lang.t(kind_key(facts.kind)).to_owned())}
                {row("dialogues.mode", lang.t(mode_key(facts.mode)).to_owned())}
                {row("dialogues.area", view.context.directory.area_name(&facts.area_code).to_owned())}
                {row("dialogues.place", facts.place.clone())}
                {row("dialogues.villages", facts.villages.clone())}
                {row("dialogues.online", facts.online_address.clone())}
                {row("dialogues.head_post", facts.head_post.clone())}
                {row("dialogues.others", facts.others.clone())}
                {row("dialogues.about", facts.about.clone())}
                {row("dialogues.joining", facts.joining.clone())}
                {row("dialogues.late.reason", dialogue.late_reason.clone())}
                {row("dialogues.cancel_reason", dialogue.cancel_reason.clone())}
                {holding}
            </dl>
        </section>
    }
    .into_any()
}

/// What happened, the last first.
pub(super) fn history(view: &OneView<'_>) -> AnyView {
    let lang = view.context.lang;
    let entries: Vec<_> = view
        .events
        .iter()
        .rev()
        .map(|(at, _, event)| view! { <li><p>{event_words(lang, event)}</p><p class="small muted num">{lang.time(*at)}</p></li> })
        .collect();
    view! { <section class="card stack"><h2 class="title-s">{lang.t("dialogues.history")}</h2><ul class="rule-list">{entries}</ul></section> }.into_any()
}

fn event_words(lang: Lang, event: &Event) -> String {
    match event {
        Event::Drafted { .. } => lang.t("dialogues.event.drafted").to_owned(),
        Event::Changed { .. } => lang.t("dialogues.event.changed").to_owned(),
        Event::Timed { at: Some(at) } => lang.f("dialogues.event.timed", &[("at", &lang.time(*at))]),
        Event::Timed { at: None } => lang.t("dialogues.event.untimed").to_owned(),
        Event::Announced { late_reason, .. } if late_reason.is_empty() => lang.t("dialogues.event.announced").to_owned(),
        Event::Announced { late_reason, .. } => lang.f("dialogues.event.announced_late", &[("reason", late_reason)]),
        Event::Postponed { begins_at, ends_at, reason } => {
            lang.f("dialogues.event.postponed", &[("when", &when(lang, *begins_at, *ends_at)), ("reason", reason)])
        }
        Event::Cancelled { reason } if reason.is_empty() => lang.t("dialogues.event.dropped").to_owned(),
        Event::Cancelled { reason } => lang.f("dialogues.event.cancelled", &[("reason", reason)]),
        Event::Held { .. } => lang.t("dialogues.event.held").to_owned(),
        Event::Published { .. } => lang.t("dialogues.event.published").to_owned(),
    }
}
