//! `/can-bo/quy-tac`: the rules, a petition tried against them, what a changed rule would have done, adding and ending rules.
//!
//! Officials of the province's own authority and administrators look and try; the province's administrator changes. A rule is
//! never rewritten: it gets a last day, and another one begins.

use super::bench_forms::{self, Trial};
use super::bench_view::{Outcome, Shown, Tried, page_view};
use super::replay;
use super::rules::{Instance, competent};
use super::subjects::{Matter, propose};
use super::{Tables, keeper, store};
use crate::accounts::keep_form_and_sign_in;
use crate::accounts::second::demand_fresh;
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::rules::Kind;
use crate::record::{self, deeds::Deed};
use crate::ui::{Page, PageContext, Section, see_other};
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use std::collections::HashMap;

/// The page's address.
pub const PATH: &str = "/can-bo/quy-tac";

/// `GET /can-bo/quy-tac`
pub async fn show(context: PageContext, Query(query): Query<HashMap<String, String>>) -> Result<Response> {
    check(&context.actor, Action::SeeRouting(&keeper(&context).ok_or(AppError::NotFound)?))?;
    let mut form = FormState::default();
    if let Some(id) = query.get("ket-thuc") {
        form.set("rule", id.clone());
        form.set("last_day", context.today.to_string());
    }
    form.set("valid_from", context.today.to_string());
    page(&context, form, None, StatusCode::OK).await
}

/// `POST /can-bo/quy-tac`
pub async fn act(context: PageContext, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let keeper = keeper(&context).ok_or(AppError::NotFound)?;
    check(&context.actor, Action::SeeRouting(&keeper))?;
    let outcome = match form.value("action") {
        "draft" => draft(&context, &mut form).await?,
        "draft_end" => draft_end(&context, &mut form).await?,
        "add" => {
            check(&context.actor, Action::ManageRouting(&keeper))?;
            if add(&context, &mut form).await? {
                return Ok(see_other(&format!("{}#quy-tac", context.href(PATH))));
            }
            None
        }
        "end" => {
            check(&context.actor, Action::ManageRouting(&keeper))?;
            if end(&context, &mut form).await? {
                return Ok(see_other(&format!("{}#quy-tac", context.href(PATH))));
            }
            None
        }
        _ => bench_forms::trial(&mut form, &context).map(|trial| tried(&context, &trial)),
    };
    let status = if form.is_valid() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page(&context, form, outcome, status).await
}

async fn page(context: &PageContext, form: FormState, outcome: Option<Outcome>, status: StatusCode) -> Result<Response> {
    let authors = store::authors(&mut context.portal.db().look().await?).await?;
    let may_change = keeper(context).is_some_and(|body_id| check(&context.actor, Action::ManageRouting(&body_id)).is_ok());
    let shown = Shown { context, form, outcome, authors, may_change };
    let page = Page::new(context, Section::Routing, context.lang.t("routing.bench.title")).main_class("wrap wide page stack-l").status(status);
    Ok(page.render(|| page_view(&shown)))
}

/// What the rules say of a petition.
fn tried(context: &PageContext, trial: &Trial) -> Outcome {
    let directory = &context.directory;
    let matter = Matter { kind: trial.kind, area_code: &trial.area_code, title: &trial.title, body: &trial.body, day: context.today };
    let decided = |instance| {
        let question = trial.question(instance, context.today)?;
        Some(competent(&directory.routing().competence, &question, directory))
    };
    let second = if trial.kind == Kind::Complaint { decided(Instance::Second) } else { None };
    let proposal = propose(directory.routing(), &matter, directory);
    Outcome::Tried(Box::new(Tried { kind: trial.kind, proposal, first: decided(Instance::First), second }))
}

/// What a rule that is not there yet would have done, as if it held already.
async fn draft(context: &PageContext, form: &mut FormState) -> Result<Option<Outcome>> {
    let Some(mut rule) = bench_forms::rule(form, context, String::new()) else { return Ok(None) };
    rule.valid_from = context.today;
    let mut changed = context.directory.routing().clone();
    changed.routing.push(rule);
    run(context, &changed).await
}

/// What the end of a rule would have done, as if it had ended already.
async fn draft_end(context: &PageContext, form: &mut FormState) -> Result<Option<Outcome>> {
    let id = form.value("rule").to_owned();
    let mut changed = context.directory.routing().clone();
    let before = changed.routing.len();
    changed.routing.retain(|rule| rule.id != id);
    if changed.routing.len() == before {
        form.wrong("rule", "routing.bench.rule_missing");
        return Ok(None);
    }
    run(context, &changed).await
}

async fn run(context: &PageContext, changed: &Tables) -> Result<Option<Outcome>> {
    Ok(Some(Outcome::Replayed(replay::run(&context.portal, &context.actor, changed).await?)))
}

/// In the record of the province's own authority: its administrator keeps the rules.
async fn write_down(tx: &mut Tx, context: &PageContext, deed: &Deed) -> Result<()> {
    let body_id = keeper(context).unwrap_or_default();
    record::actions::write(tx, &context.portal, &context.actor, &body_id, deed).await
}

/// Adds the rule of a form. False if something is wrong with it. The same form sent twice is one rule.
async fn add(context: &PageContext, form: &mut FormState) -> Result<bool> {
    let rule = bench_forms::rule(form, context, context.portal.new_id());
    let is_proven = demand_fresh(context, form).await?;
    let Some(rule) = rule.filter(|_| is_proven) else { return Ok(false) };
    let account_id = context.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let is_there = context.directory.routing().routing.iter().any(|known| {
        let same = (&known.subject, &known.area_code, known.kind, known.valid_from) == (&rule.subject, &rule.area_code, rule.kind, rule.valid_from);
        same && (known.level, &known.unit) == (rule.level, &rule.unit) && known.valid_to.is_none()
    });
    if !is_there {
        let mut tx = context.portal.db().write().await?;
        write_down(&mut tx, context, &Deed::RoutingAdded { rule_id: rule.id.clone() }).await?;
        store::add_routing(&mut tx, rule, &account_id, context.now).await?;
        tx.commit().await?;
        context.portal.reload_directory().await?;
    }
    Ok(true)
}

/// Gives a rule its last day. False if something is wrong.
async fn end(context: &PageContext, form: &mut FormState) -> Result<bool> {
    let id = form.value("rule").to_owned();
    let Some(known) = context.directory.routing().routing.iter().find(|rule| rule.id == id).cloned() else {
        form.wrong("rule", "routing.bench.rule_missing");
        return Ok(false);
    };
    let Some(last_day) = bench_forms::day(form, "last_day", context.today) else { return Ok(false) };
    if known.valid_from > last_day {
        form.wrong("last_day", "routing.bench.day_before_start");
        return Ok(false);
    }
    if !demand_fresh(context, form).await? {
        return Ok(false);
    }
    let account_id = context.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let mut tx = context.portal.db().write().await?;
    if store::end_routing(&mut tx, &id, last_day, &account_id, context.now).await? {
        write_down(&mut tx, context, &Deed::RoutingEnded { rule_id: id.clone() }).await?;
        tx.commit().await?;
        context.portal.reload_directory().await?;
    }
    Ok(true)
}
