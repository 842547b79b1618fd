//! The queue as it looks: scopes, search, items. It stands alone and beside an open case.

use super::bulk_view::{around_list, tick};
use super::export;
use super::filter_view::filter_box;
use super::filtered::WALKED_MAX;
use super::look::Beside;
use super::place::{Place, Scope};
use super::presence::{others, sentence};
use super::queue::{Count, Counts};
use super::store::queue::Row;
use crate::permissions::{Action, QueueScope, check, queue_scope};
use crate::petitions::flags::Flag;
use crate::petitions::rules::{Case, Kind};
use crate::petitions::store::marks::NudgeKind;
use crate::ui::{Icon, PageContext, clock_badge, icon};
use crate::words::Lang;
use leptos::prelude::*;

/// The address of a place in the queue.
pub fn queue_href(context: &PageContext, place: &Place) -> String {
    context.href(&format!("/can-bo{}", place.query()))
}

/// The address of a case, seen from a place in the queue.
pub fn case_href(context: &PageContext, case_id: &str, place: &Place) -> String {
    context.href(&format!("/can-bo/don/{case_id}{}", place.query()))
}

/// A count in words: "18", "99+".
pub fn count_words(lang: Lang, count: Count) -> String {
    let number = lang.number(count.n);
    if count.is_capped { format!("{number}+") } else { number }
}

/// Key of a scope's name; to a handler "all" is the unit.
fn scope_key(context: &PageContext, scope: Scope) -> &'static str {
    let is_unit = context.actor.official().is_some_and(|official| matches!(queue_scope(official), QueueScope::Unit { .. }));
    if is_unit && scope == Scope::All { "desk.scope.unit" } else { scope.key() }
}

/// The pane with the queue. `current` is the open case; without one, cases can be ticked.
pub fn queue_pane(context: &PageContext, beside: &Beside, current: Option<&str>) -> AnyView {
    let lang = context.lang;
    let place = &beside.place;
    let items: Vec<_> = beside.list.rows.iter().map(|row| item(context, beside, row, current)).collect();
    let own_data = current.is_none().then(|| crate::retention::lead_line(context, beside.around.own_data));
    let asked = current.is_none().then(|| super::coordination_pages::lead_line(context, beside.around.asked));
    let body = match (items.is_empty(), current) {
        (true, _) => empty(context, beside),
        (false, None) => around_list(context, beside, items.into_any()),
        (false, Some(_)) => items.into_any(),
    };
    view! {
        <section class="queue" aria-label=lang.t("desk.queue")>
            <div class="filters">{chips(context, place, &beside.counts)}{search(context, place)}{filter_box(context, beside)}</div>
            {own_data}
            {asked}
            {body}
            {pager(context, beside)}
            <p class="queue-foot small muted only-large">
                <kbd>"j"</kbd>" "<kbd>"k"</kbd>" "{lang.t("desk.keys.move")}" · "<kbd>"Enter"</kbd>" "{lang.t("desk.keys.open")}" · "<kbd>"/"</kbd>" "
                {lang.t("desk.keys.search")}" · "<kbd>"?"</kbd>" "{lang.t("desk.keys.all")}
            </p>
        </section>
    }
    .into_any()
}

fn chips(context: &PageContext, place: &Place, counts: &Counts) -> AnyView {
    let lang = context.lang;
    let chips: Vec<_> = counts
        .iter()
        .map(|(scope, count)| {
            let is_here = place.text.is_empty() && place.scope == *scope && place.filter.parts().is_empty();
            let class = if is_here { "chip on num" } else { "chip num" };
            let key = (*scope == Scope::Mine).then_some("g");
            view! {
                <a class=class aria-current=is_here.then_some("true") href=queue_href(context, &Place::at(*scope)) data-key=key>
                    {lang.t(scope_key(context, *scope))}" "<b>{count_words(lang, *count)}</b>
                </a>
            }
        })
        .collect();
    view! { <nav class="chips" aria-label=lang.t("desk.scopes")>{chips}</nav> }.into_any()
}

fn search(context: &PageContext, place: &Place) -> AnyView {
    let lang = context.lang;
    view! {
        <form class="search" role="search" method="post" action=context.href("/can-bo/tim")>
            <input type="hidden" name="phan" value=place.scope.code() />
            {place.filter.kind.map(|kind| view! { <input type="hidden" name="loai" value=kind.code() /> })}
            <label class="visually-hidden" for="q">{lang.t("desk.search.label")}</label>
            <input id="q" type="search" name="q" value=place.text.clone() placeholder=lang.t("desk.search.label") autocomplete="off" data-key="/" />
            <button class="btn btn-icon" aria-label=lang.t("desk.search.button")>{icon(Icon::Search)}</button>
        </form>
    }
    .into_any()
}

fn item(context: &PageContext, beside: &Beside, row: &Row, current: Option<&str>) -> AnyView {
    let lang = context.lang;
    let is_here = current == Some(row.case.id.as_str());
    let area = context.directory.area_name(&row.case.area_code).to_owned();
    let holder = row.handler_name.clone().or_else(|| row.case.unit_id.as_deref().map(|id| context.directory.agency_name(id).to_owned()));
    let flags = Flag::of(row.case.flags).map(|flag| lang.t(flag.key()).to_owned());
    let facts = [Some(lang.t(row.case.kind.key()).to_owned()), Some(area), holder].into_iter().flatten().chain(flags).collect::<Vec<_>>().join(" · ");
    let class = if row.case.state == crate::petitions::rules::State::Submitted { "item unread" } else { "item" };
    let link = view! {
        <a class=class href=case_href(context, &row.case.id, &beside.place) aria-current=is_here.then_some("true")>
            <b>{case_title(lang, &row.case, &row.title)}</b>
            <small>{facts}</small>
            {clock_badge(lang, context.directory.calendar(), context.today, &row.case)}
            {item_notes(context, beside, &row.case.id)}
        </a>
    };
    if current.is_some() {
        return link.into_any();
    }
    let is_ticked = beside.is_all_ticked || beside.bulk.as_ref().is_some_and(|(ticked, _)| ticked.contains(&row.case.id));
    view! { <div class="pick">{tick(context, row, is_ticked)}{link}</div> }.into_any()
}

/// What colleagues do with a case just now: who has it open, who put it before whoever looks.
fn item_notes(context: &PageContext, beside: &Beside, case_id: &str) -> AnyView {
    let lang = context.lang;
    let me = context.actor.account_id().unwrap_or_default();
    let nudge = beside.around.nudges.iter().find(|nudge| nudge.case_id == case_id).map(|nudge| {
        let key = match nudge.kind {
            NudgeKind::Mention => "day.nudge.mention",
            NudgeKind::Reminder => "day.nudge.reminder",
        };
        view! { <span class="item-note nudge">{icon(Icon::Flag)}{lang.f(key, &[("who", &nudge.by_name)])}</span> }
    });
    let viewers: Vec<_> = others(&beside.around.viewers, case_id, &me)
        .into_iter()
        .map(|viewer| view! { <span class="item-note">{icon(Icon::Eye)}{sentence(lang, viewer)}</span> })
        .collect();
    view! { {nudge}{viewers} }.into_any()
}

/// What a case is called: the citizen's sentence; of a denunciation that of its working text, or that it is sealed.
pub fn case_title(lang: Lang, case: &Case, words: &str) -> String {
    if case.kind == Kind::Denunciation && words.is_empty() { lang.t("sealed.title").to_owned() } else { title(lang, words) }
}

/// What a case's page is called in the browser's history: of a denunciation nothing that tells of it.
pub fn page_title(lang: Lang, case: &Case, words: &str) -> String {
    if case.kind == Kind::Denunciation { lang.t("sealed.page_title").to_owned() } else { title(lang, words) }
}

/// The citizen's sentence, or words that say it is gone.
pub fn title(lang: Lang, title: &str) -> String {
    if title.is_empty() { lang.t("desk.no_title").to_owned() } else { title.to_owned() }
}

fn empty(context: &PageContext, beside: &Beside) -> AnyView {
    let (lang, place) = (context.lang, &beside.place);
    if beside.list.is_cut {
        let n = lang.number(WALKED_MAX);
        return view! { <div class="empty">{icon(Icon::Search)}<p><b>{lang.f("day.filter.cut_none", &[("n", &n)])}</b></p></div> }.into_any();
    }
    let (head, text) = match (place.text.is_empty(), place.scope) {
        (true, Scope::Nudges) => ("day.nudge.none", "day.nudge.none_text"),
        (true, _) => ("desk.empty.title", "desk.empty.text"),
        (false, _) => ("desk.empty.search_title", "desk.empty.search_text"),
    };
    let everything = Place::at(Scope::All);
    let is_elsewhere = *place != everything;
    view! {
        <div class="empty">
            {icon(Icon::Register)}
            <p><b>{lang.t(head)}</b></p>
            <p class="muted">{lang.t(text)}</p>
            {is_elsewhere.then(|| view! { <a class="btn btn-s" href=queue_href(context, &everything)>{lang.t("desk.empty.all")}</a> })}
        </div>
    }
    .into_any()
}

fn pager(context: &PageContext, beside: &Beside) -> AnyView {
    let (lang, place, list) = (context.lang, &beside.place, &beside.list);
    let first = place.cursor.is_some().then(|| {
        view! { <a rel="prev" class="btn btn-s" href=queue_href(context, &place.first())>{icon(Icon::Back)}{lang.t("desk.pager.first")}</a> }
    });
    let next = list.next.clone().map(|cursor| {
        view! { <a rel="next" class="btn btn-s" href=queue_href(context, &place.after(cursor))>{lang.t("desk.pager.next")}{icon(Icon::Next)}</a> }
    });
    let file = (!list.rows.is_empty()).then(|| {
        let href = context.href(&format!("{}{}", export::PATH, place.first().query()));
        view! { <p class="queue-foot small"><a href=href download="">{icon(Icon::Download)}{lang.t("desk.export.link")}</a></p> }
    });
    if first.is_none() && next.is_none() {
        return file.into_any();
    }
    let cut = (list.is_cut && !list.rows.is_empty()).then(|| {
        view! { <p class="queue-foot small muted">{lang.f("day.filter.cut", &[("n", &lang.number(WALKED_MAX))])}</p> }
    });
    view! { {cut}<nav class="pager" aria-label=lang.t("desk.pager.label")>{first}{next}</nav>{file} }.into_any()
}

/// The pane beside the queue while no case is open: today's figures and the keys.
pub fn today_pane(context: &PageContext, beside: &Beside, flash: Option<String>) -> AnyView {
    let lang = context.lang;
    let figures: Vec<_> = beside
        .counts
        .iter()
        .filter(|(scope, _)| matches!(scope, Scope::Late | Scope::Submitted | Scope::Proposed | Scope::Waiting | Scope::Mine))
        .take(4)
        .map(|(scope, count)| {
            let class = (*scope == Scope::Late && count.n > 0).then_some("late");
            view! { <a href=queue_href(context, &Place::at(*scope))><b class=class>{count_words(lang, *count)}</b><span>{lang.t(scope_key(context, *scope))}</span></a> }
        })
        .collect();
    view! {
        <main id="main" class="pane stack-l" tabindex="-1">
            {flash.map(crate::ui::flash_line)}
            <h1>{lang.f("desk.today", &[("day", &lang.day_long(context.today))])}</h1>
            <div class="figures four num">{figures}</div>
            {super::letters::view::to_sign(context, &beside.around.to_sign)}
            {below_link(context)}
            <div class="empty only-large">
                {icon(Icon::Check)}
                <p><b>{lang.t("desk.choose.title")}</b></p>
                <p class="muted">{lang.t("desk.choose.text")}</p>
            </div>
            {keys_help(lang)}
        </main>
    }
    .into_any()
}

/// The way to what is late below, for those of an authority that has others below it.
fn below_link(context: &PageContext) -> AnyView {
    let body_id = context.actor.official().and_then(|official| official.body_id()).unwrap_or_default();
    let is_above =
        context.directory.bodies().any(|body| body.parent_id.as_deref() == Some(body_id)) && check(&context.actor, Action::SeeMatters(body_id)).is_ok();
    is_above
        .then(|| view! { <p><a class="btn btn-s" href=context.href("/can-bo/cap-duoi")>{icon(Icon::Flag)}{context.lang.t("escalation.below.title")}</a></p> })
        .into_any()
}

/// All keys; without scripts the same places are reached by links and the tabulator.
pub fn keys_help(lang: Lang) -> AnyView {
    let keys = [
        ("j", lang.t("desk.keys.next")),
        ("k", lang.t("desk.keys.previous")),
        ("Enter", lang.t("desk.keys.open")),
        ("/", lang.t("desk.keys.search")),
        ("a", lang.t("desk.keys.assign")),
        ("r", lang.t("desk.keys.answer")),
        ("g", lang.t("desk.keys.mine")),
        ("f", lang.t("day.keys.filter")),
        ("x", lang.t("day.keys.tick")),
        ("?", lang.t("desk.keys.help")),
    ];
    let rows = keys.map(|(key, words)| view! { <div><dt><kbd>{key}</kbd></dt><dd>{words}</dd></div> });
    view! {
        <details class="more only-large" data-key="?">
            <summary>{lang.t("desk.keys.title")}</summary>
            <dl class="kbd-help">{rows.into_iter().collect::<Vec<_>>()}</dl>
        </details>
    }
    .into_any()
}
