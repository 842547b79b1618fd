//! `/can-bo/luu-giu`: what is kept how long, and the plans of deletion: what would go, from where, how old, what is held back.

use super::PLANS;
use super::panel::{how_long, name};
use super::plans;
use super::rules::of;
use super::store::plans::{Counted, Plan};
use super::what::{By, What};
use crate::accounts::second::proof_field;
use crate::accounts::session;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::ui::{Icon, Page, PageContext, Section, error_summary, icon, table};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use leptos::prelude::*;
use tower_sessions::Session;

/// Plans shown.
const PLANS_MAX: i64 = 10;
/// Smaller counts of denunciations are not told: in one month of one province they could point to somebody.
const SMALL: i64 = 5;

/// `GET /can-bo/luu-giu`
///
/// # Errors
/// [`AppError::NotFound`] for whoever administers nothing and does not head the province's authority.
pub async fn show(context: PageContext, session: Session) -> Result<Response> {
    let body_id = plans::keeper(&context.portal).ok_or(AppError::NotFound)?;
    check(&context.actor, Action::SeeRetention(&body_id))?;
    let flash = session::take_flash(&session).await?;
    page(&context, &body_id, &FormState::default(), flash.as_deref(), StatusCode::OK).await
}

/// The page; with the form that came back where a proof is missing.
pub(super) async fn page(context: &PageContext, body_id: &str, form: &FormState, flash: Option<&str>, status: StatusCode) -> Result<Response> {
    let newest = plans::newest(context.portal.db(), PLANS_MAX).await?;
    let lang = context.lang;
    let title = lang.t("retention.plans.title");
    let may_plan = check(&context.actor, Action::ManageRetention(body_id)).is_ok() && !newest.iter().any(|(plan, _)| plan.state == "released");
    Ok(Page::new(context, Section::Other, title).status(status).desk().main_class("wrap wide page stack-l").render(|| {
        let told = flash.and_then(told).map(|key| crate::ui::flash_line(lang.t(key).to_owned()));
        let (open, past): (Vec<_>, Vec<_>) = newest.iter().partition(|(plan, _)| matches!(plan.state.as_str(), "waiting" | "released"));
        let open: Vec<_> = open.into_iter().map(|(plan, counted)| plan_view(context, body_id, form, plan, counted)).collect();
        let past: Vec<_> = past.into_iter().map(|(plan, counted)| past_line(context, plan, counted)).collect();
        view! {
            {told}
            {error_summary(lang, form)}
            <div class="stack-s">
                <h1 class="title-s">{title}</h1>
                <p class="muted">{lang.t("retention.plans.lead")}</p>
            </div>
            {if open.is_empty() { view! { <p>{lang.t("retention.plans.none")}</p> }.into_any() } else { open.into_any() }}
            {may_plan.then(|| make_form(context))}
            {rules_table(context)}
            {(!past.is_empty()).then(|| view! { <section class="stack-s"><h2 class="title-s">{lang.t("retention.plans.past")}</h2><ul class="rule-list">{past}</ul></section> })}
        }
        .into_any()
    }))
}

fn told(flash: &str) -> Option<&'static str> {
    ["retention.flash.planned", "retention.flash.nothing", "retention.flash.released", "retention.flash.withdrawn", "retention.flash.moved"]
        .into_iter()
        .find(|key| *key == flash)
}

fn make_form(context: &PageContext) -> AnyView {
    let lang = context.lang;
    view! {
        <form method="post" action=context.href(PLANS) class="stack-s">
            <p><button class="btn btn-main" name="deed" value="plan">{icon(Icon::Search)}{lang.t("retention.plans.make")}</button></p>
            <p class="small muted">{lang.t("retention.plans.make_text")}</p>
        </form>
    }
    .into_any()
}

/// A row of what a plan counted, as it is shown.
struct Shown {
    what: What,
    agency: String,
    planned: i64,
    held: i64,
    done: i64,
    oldest_on: Option<NaiveDate>,
}

/// What a plan counted, in the order of the table. Denunciations are summed over the province: an authority's small number could point
/// to somebody.
fn shown(context: &PageContext, counted: &[Counted]) -> Vec<Shown> {
    let mut all: Vec<Shown> = Vec::new();
    for what in What::planned() {
        for count in counted.iter().filter(|count| count.code == what.code()) {
            if what.is_sealed()
                && let Some(sum) = all.iter_mut().find(|shown| shown.what == what)
            {
                (sum.planned, sum.held, sum.done) = (sum.planned + count.planned, sum.held + count.held, sum.done + count.done);
                continue;
            }
            let agency = if what.is_sealed() { context.lang.t("retention.plans.province") } else { context.directory.agency_name(&count.body_id) };
            let oldest_on = count.oldest_on.filter(|_| !what.is_sealed());
            all.push(Shown { what, agency: agency.to_owned(), planned: count.planned, held: count.held, done: count.done, oldest_on });
        }
    }
    all
}

fn plan_view(context: &PageContext, body_id: &str, form: &FormState, plan: &Plan, counted: &[Counted]) -> AnyView {
    let lang = context.lang;
    let who = plan.made_by_name.clone().unwrap_or_else(|| lang.t("retention.plans.by_command").to_owned());
    let made = lang.f("retention.plans.made", &[("who", &who), ("time", &lang.time(plan.made_at)), ("day", &lang.day_short(plan.day))]);
    let state = match (plan.state.as_str(), &plan.released_by_name, plan.released_at) {
        ("released", Some(who), Some(at)) if plan.begun_at.is_some() => lang.f("retention.plans.runs", &[("who", who), ("time", &lang.time(at))]),
        ("released", Some(who), Some(at)) => {
            let day = lang.day_short(crate::clock::day(at) + chrono::Days::new(1));
            lang.f("retention.plans.released", &[("who", who), ("time", &lang.time(at)), ("day", &day)])
        }
        _ => lang.t("retention.plans.waits").to_owned(),
    };
    let rows = shown(context, counted);
    let groups: Vec<_> = What::planned().filter_map(|what| group(context, what, &rows)).collect();
    view! {
        <section class="card stack" id="ke-hoach">
            <h2 class="title-s">{made}</h2>
            <p>{state}</p>
            {groups}
            {buttons(context, body_id, form, plan)}
        </section>
    }
    .into_any()
}

/// A number of a plan; small ones of denunciations are not told.
fn number(context: &PageContext, what: What, n: i64) -> String {
    let lang = context.lang;
    if what.is_sealed() && (1..SMALL).contains(&n) { lang.f("retention.fewer", &[("n", &lang.number(SMALL))]) } else { lang.number(n) }
}

/// What a plan counted of one rule: the sum, and unfolded by authority.
fn group(context: &PageContext, what: What, rows: &[Shown]) -> Option<AnyView> {
    let lang = context.lang;
    let of_rule: Vec<&Shown> = rows.iter().filter(|row| row.what == what).collect();
    let words = of(context.directory.retention_rules(), what, context.today).map_or_else(|| what.code().to_owned(), |rule| name(lang, rule));
    let sum = |part: fn(&Shown) -> i64| number(context, what, of_rule.iter().map(|row| part(row)).sum());
    let sums = lang.f("retention.plans.sums", &[("planned", &sum(|row| row.planned)), ("held", &sum(|row| row.held)), ("done", &sum(|row| row.done))]);
    let heads = ["retention.head.agency", "retention.head.planned", "retention.head.held", "retention.head.oldest", "retention.head.done"];
    let lines = of_rule.iter().map(|row| count_row(context, row)).collect();
    let view = view! {
        <details class="more">
            <summary>{words}": "<b class="num">{sums}</b></summary>
            {table(lang, "retention.plans.title", &heads, lines)}
        </details>
    };
    (!of_rule.is_empty()).then(|| view.into_any())
}

fn count_row(context: &PageContext, row: &Shown) -> AnyView {
    let lang = context.lang;
    let number = |n: i64| number(context, row.what, n);
    view! {
        <tr>
            <th scope="row">{row.agency.clone()}</th>
            <td class="num" data-label=lang.t("retention.head.planned")>{number(row.planned)}</td>
            <td class="num" data-label=lang.t("retention.head.held")>{number(row.held)}</td>
            <td class="num nowrap" data-label=lang.t("retention.head.oldest")>{row.oldest_on.map(|day| lang.day_short(day)).unwrap_or_default()}</td>
            <td class="num" data-label=lang.t("retention.head.done")>{number(row.done)}</td>
        </tr>
    }
    .into_any()
}

fn buttons(context: &PageContext, body_id: &str, form: &FormState, plan: &Plan) -> AnyView {
    let lang = context.lang;
    let may_release = plan.state == "waiting" && check(&context.actor, Action::ReleaseRetention(body_id, plan.made_by.as_deref())).is_ok();
    let is_own = plan.state == "waiting" && plan.made_by.is_some() && plan.made_by == context.actor.account_id();
    let may_withdraw = plan.begun_at.is_none() && check(&context.actor, Action::WithdrawRetention(body_id)).is_ok();
    view! {
        {is_own.then(|| view! { <p class="notice info">{icon(Icon::Eye)}<span>{lang.t("retention.plans.second")}</span></p> })}
        <form method="post" action=context.href(PLANS) class="stack">
            <input type="hidden" name="plan" value=plan.id.clone() />
            {may_release.then(|| proof_field(context, form, 0))}
            <p class="row">
            {may_release.then(|| view! { <button class="btn btn-danger" name="deed" value="release">{icon(Icon::Trash)}{lang.t("retention.plans.release")}</button> })}
            {may_withdraw.then(|| view! { <button class="btn" name="deed" value="withdraw">{lang.t("retention.plans.withdraw")}</button> })}
            </p>
        </form>
    }
    .into_any()
}

fn past_line(context: &PageContext, plan: &Plan, counted: &[Counted]) -> AnyView {
    let lang = context.lang;
    let who = plan.made_by_name.clone().unwrap_or_else(|| lang.t("retention.plans.by_command").to_owned());
    let made = lang.f("retention.plans.made", &[("who", &who), ("time", &lang.time(plan.made_at)), ("day", &lang.day_short(plan.day))]);
    let (planned, done): (i64, i64) = counted.iter().fold((0, 0), |(planned, done), count| (planned + count.planned, done + count.done));
    let at = plan.ended_at.map(|at| lang.time(at)).unwrap_or_default();
    let ended = match &plan.released_by_name {
        Some(who) if plan.state == "done" => {
            lang.f("retention.plans.done", &[("n", &lang.number(done)), ("all", &lang.number(planned)), ("who", who), ("time", &at)])
        }
        _ => lang.f("retention.plans.withdrawn", &[("time", &at)]),
    };
    view! { <li><p>{made}</p><p class="small muted num">{ended}</p></li> }.into_any()
}

/// The whole table, also what is coming.
fn rules_table(context: &PageContext) -> AnyView {
    let lang = context.lang;
    let row = |rule: &super::rules::Rule| {
        let by = match rule.what.by() {
            By::Plan => "retention.by.plan",
            By::Itself(..) => "retention.by.itself",
            By::Owner => "retention.by.owner",
            By::Nobody => "retention.by.nobody",
        };
        let since = rule.valid_to.map_or_else(
            || lang.f("deadlines.table.since", &[("from", &lang.day_short(rule.valid_from))]),
            |last| lang.f("deadlines.table.ended", &[("from", &lang.day_short(rule.valid_from)), ("to", &lang.day_short(last))]),
        );
        view! {
            <tr>
                <th scope="row" data-label=lang.t("retention.head.what")>{name(lang, rule)}</th>
                <td data-label=lang.t("retention.head.how_long")>{how_long(lang, rule)}</td>
                <td data-label=lang.t("retention.head.by")>{lang.t(by)}</td>
                <td data-label=lang.t("retention.head.since")>{since}</td>
                <td data-label=lang.t("retention.head.source")>{rule.source.clone()}</td>
            </tr>
        }
        .into_any()
    };
    let heads = ["retention.head.what", "retention.head.how_long", "retention.head.by", "retention.head.since", "retention.head.source"];
    view! {
        <section class="stack-s">
            <h2 class="title-s">{lang.t("retention.table")}</h2>
            <p class="small muted">{lang.t("retention.table.lead")}</p>
            {table(lang, "retention.table", &heads, context.directory.retention_rules().iter().map(row).collect())}
        </section>
    }
    .into_any()
}
