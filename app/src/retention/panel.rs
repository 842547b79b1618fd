//! Lines of other pages: what is kept how long in plain words, what of a case was deleted or is held back, requests that wait.

use super::holds::Hold;
use super::rules::{Asked, Rule, of};
use super::store;
use super::store::Erasure;
use super::store::requests::{Request, of_case, waiting_of_body};
use super::what::{Start, Unit, What};
use super::{OWN, REQUESTS};
use crate::db::Tx;
use crate::error::Result;
use crate::permissions::{Action, check};
use crate::petitions::rules::Case;
use crate::petitions::store::by_id;
use crate::ui::{Icon, PageContext, icon};
use crate::words::Lang;
use leptos::prelude::*;

/// Requests about one case that are looked at.
const OF_CASE_MAX: i64 = 50;
/// Requests that wait at an authority and are counted.
pub(super) const WAITING_MAX: i64 = 200;

/// "24 months after the last entry of a case that has ended".
pub fn how_long(lang: Lang, rule: &Rule) -> String {
    if rule.what.counted_from() == Start::Closed {
        return lang.t("retention.from.closed").to_owned();
    }
    let Some(n) = rule.n else { return lang.t("retention.ever").to_owned() };
    let n = i64::from(n);
    let length = match rule.unit {
        Unit::Minute => lang.n("retention.minute_one", "retention.minutes", n),
        Unit::Hour => lang.n("retention.hour_one", "retention.hours", n),
        Unit::Day => lang.n("retention.day_one", "retention.days", n),
        Unit::Month => lang.n("retention.month_one", "retention.months", n),
        Unit::Year | Unit::Ever => lang.n("retention.year_one", "retention.years", n),
    };
    format!("{length} {}", lang.t(start_key(rule.what.counted_from())))
}

fn start_key(start: Start) -> &'static str {
    match start {
        Start::Ended => "retention.from.ended",
        Start::Held => "retention.from.held",
        Start::Kept => "retention.from.kept",
        Start::Asked => "retention.from.asked",
        Start::Decided => "retention.from.decided",
        Start::LastChange => "retention.from.last_change",
        Start::LastRequest => "retention.from.last_request",
        Start::FirstFailure => "retention.from.first_failure",
        Start::Sent => "retention.from.sent",
        Start::Closed => "retention.from.closed",
        Start::None => "retention.ever",
    }
}

/// What it is, in the language of the page.
pub(super) fn name(lang: Lang, rule: &Rule) -> String {
    if lang == Lang::Vi { rule.words.clone() } else { rule.words_en.clone() }
}

/// What is kept how long and why, from the table: for everybody.
pub fn kept_list(context: &PageContext) -> AnyView {
    let lang = context.lang;
    let rules = context.directory.retention_rules();
    let items: Vec<_> = What::ALL
        .into_iter()
        .filter_map(|what| of(rules, what, context.today))
        .map(|rule| {
            view! {
                <li>
                    <p>{name(lang, rule)}": "<b>{how_long(lang, rule)}</b></p>
                    <p class="small muted">{rule.source.clone()}</p>
                </li>
            }
        })
        .collect();
    view! {
        <ul class="rule-list">{items}</ul>
        <p>{lang.t("retention.public.hold")}</p>
        <p>{lang.t("retention.public.own")}" "<a href=lang.href("/tra-cuu")>{lang.t("retention.public.own_link")}</a></p>
    }
    .into_any()
}

/// What stands about keeping a case.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// The hold that stands.
    pub hold: Option<Hold>,
    /// What was deleted of it.
    pub erased: Vec<Erasure>,
    /// What was asked about own data.
    pub(super) requests: Vec<Request>,
}

/// Loads it.
///
/// # Errors
/// A database that fails.
pub async fn standing(tx: &mut Tx, context: &PageContext, case: &Case) -> Result<Standing> {
    Ok(Standing {
        hold: store::holds(tx, &case.id).await?.into_iter().find(|hold| hold.stands_on(context.today)),
        erased: store::erasures(tx, &case.id).await?,
        requests: of_case(tx, &case.id, OF_CASE_MAX).await?,
    })
}

/// What was deleted, in words, each with its day.
fn erased_lines(lang: Lang, erased: &[Erasure]) -> Vec<String> {
    let key = |erasure: &Erasure| match (erasure.what.as_str(), erasure.cause.as_str()) {
        ("people", "asked") => "retention.erased.people_asked",
        ("people", _) => "retention.erased.people",
        (_, "asked") => "retention.erased.words_asked",
        _ => "retention.erased.words",
    };
    erased.iter().map(|erasure| lang.f(key(erasure), &[("day", &lang.day_short(crate::clock::day(erasure.at)))])).collect()
}

/// The part of the desk's pane of facts.
pub fn case_panel(context: &PageContext, case: &Case, standing: &Standing) -> AnyView {
    let lang = context.lang;
    let href = context.href(&format!("/can-bo/don/{}/giu-lai", case.id));
    let hold = standing.hold.as_ref().map(|hold| {
        let words = hold.until_on.map_or_else(|| lang.t("retention.held").to_owned(), |day| lang.f("retention.held_until", &[("day", &lang.day_short(day))]));
        view! { <div class="notice warn">{icon(Icon::Lock)}<p>{words}</p></div> }
    });
    let may_decide = check(&context.actor, Action::DecideOwnData(case)).is_ok();
    let lines: Vec<_> = standing.requests.iter().map(|request| request_line(context, request, may_decide)).collect();
    let erased: Vec<_> = erased_lines(lang, &standing.erased).into_iter().map(|line| view! { <p class="small">{line}</p> }).collect();
    let link_key = if check(&context.actor, Action::HoldCase(case)).is_ok() { "retention.hold.link" } else { "retention.hold.look" };
    view! {
        <section class="stack" id="luu-giu">
            <h2 class="title-s">{lang.t("retention.panel")}</h2>
            {hold}
            {erased}
            {(!lines.is_empty()).then(|| view! { <ul class="small">{lines}</ul> })}
            <p class="small"><a href=href>{lang.t(link_key)}</a></p>
        </section>
    }
    .into_any()
}

fn request_line(context: &PageContext, request: &Request, may_decide: bool) -> AnyView {
    let lang = context.lang;
    let day = lang.day_short(crate::clock::day(request.decided_at.unwrap_or(request.asked_at)));
    let words = match (request.is_waiting(), request.state.as_str(), request.kind) {
        (true, ..) => lang.f("retention.line.waits", &[("what", lang.t(request.kind.key())), ("day", &lang.day_short(request.answer_by))]),
        (_, "granted", Asked::Correct) => lang.f("retention.line.corrected", &[("day", &day)]),
        (_, "granted", _) => lang.f("retention.line.granted", &[("what", lang.t(request.kind.key())), ("day", &day)]),
        _ => lang.f("retention.line.refused", &[("what", lang.t(request.kind.key())), ("day", &day)]),
    };
    let href = context.href(&format!("{REQUESTS}/{}", request.id));
    let words = if request.is_waiting() && may_decide { view! { <a href=href>{words}</a> }.into_any() } else { words.into_any() };
    view! { <li>{words}</li> }.into_any()
}

/// The lines of the sender's own page: what was deleted, and where one's data are.
pub fn citizen_lines(lang: Lang, erased: &[Erasure]) -> AnyView {
    let erased: Vec<_> =
        erased_lines(lang, erased).into_iter().map(|line| view! { <p class="notice info">{icon(Icon::Trash)}<span>{line}</span></p> }).collect();
    view! { {erased}<p class="no-print"><a href=lang.href(OWN)>{lang.t("retention.own.link")}</a></p> }.into_any()
}

/// How many requests wait at an authority for whoever looks, and how many of them are late.
///
/// # Errors
/// A database that fails.
pub async fn waiting(tx: &mut Tx, context: &PageContext, body_id: &str) -> Result<(i64, i64)> {
    if check(&context.actor, Action::SeeOwnDataRequests(body_id)).is_err() {
        return Ok((0, 0));
    }
    let (mut all, mut late) = (0, 0);
    for request in waiting_of_body(tx, body_id, WAITING_MAX).await? {
        let is_mine = by_id(tx, &request.case_id).await?.is_some_and(|case| check(&context.actor, Action::DecideOwnData(&case)).is_ok());
        all += i64::from(is_mine);
        late += i64::from(is_mine && request.answer_by < context.today);
    }
    Ok((all, late))
}

/// The line that leads to them; nothing where none waits.
pub fn lead_line(context: &PageContext, (all, late): (i64, i64)) -> AnyView {
    let lang = context.lang;
    if all == 0 {
        return ().into_any();
    }
    let class = if late > 0 { "notice warn" } else { "notice info" };
    let words = lang.n("retention.waits_one", "retention.waits_many", all);
    let late = (late > 0).then(|| format!(" {}", lang.n("retention.late_one", "retention.late_many", late)));
    view! { <p class=class>{icon(Icon::User)}<span><a href=lang.href(REQUESTS)>{words}</a>{late}</span></p> }.into_any()
}
