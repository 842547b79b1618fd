//! `/can-bo/don/{id}/giu-lai`: whether a case is held back, by whom and why; the head sets a hold and lifts it.

use super::holds::{self, Hold, REASON_CHARS_MAX};
use crate::accounts::keep_form_and_sign_in;
use crate::accounts::second::{demand_fresh, proof_field};
use crate::deadlines::pages::day;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::actions::{self, Act};
use crate::petitions::rules::Case;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, error_summary, icon, see_other, text_area, text_field};
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

/// `GET /can-bo/don/{id}/giu-lai`
pub async fn show(context: PageContext, Path(case_id): Path<String>) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let case = actions::seen(&mut tx, &context.actor, &case_id).await?;
    let all = holds::of_case(&mut tx, &case.id).await?;
    drop(tx);
    Ok(page(&context, &case, &all, &FormState::default(), StatusCode::OK))
}

/// `POST /can-bo/don/{id}/giu-lai`: `deed` is `set` or `lift`.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever is not the head of the authority.
pub async fn change(context: PageContext, Path(case_id): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let mut tx = context.portal.db().read().await?;
    check(&context.actor, Action::HoldCase(&actions::seen(&mut tx, &context.actor, &case_id).await?))?;
    drop(tx);
    let is_set = form.value("deed") == "set";
    if !is_set {
        // Before the transaction: a wrong proof is counted in one of its own.
        demand_fresh(&context, &mut form).await?;
    }
    let mut tx = context.portal.db().write().await?;
    let case = actions::seen(&mut tx, &context.actor, &case_id).await?;
    let reason = form.required(if is_set { "reason" } else { "lift_reason" }, "desk.reason.missing", REASON_CHARS_MAX);
    let until = match form.value("until") {
        "" => None,
        typed => {
            let until = day(typed);
            if until.is_none_or(|until| until <= context.today) {
                form.wrong("until", "retention.hold.until_wrong");
            }
            until
        }
    };
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    let status = match form.is_valid() {
        false => StatusCode::UNPROCESSABLE_ENTITY,
        true => {
            let done = if is_set { holds::set(&mut act, &case, &reason, until).await } else { holds::lift(&mut act, &case, &reason).await };
            match done {
                Ok(()) => {
                    tx.commit().await?;
                    return Ok(see_other(&context.href(&format!("/can-bo/don/{}/giu-lai", case.id))));
                }
                // Somebody was faster, or the button was pressed twice: the page shows what stands now.
                Err(AppError::Conflict) => {
                    form.wrong(if is_set { "reason" } else { "lift_reason" }, "retention.hold.moved");
                    StatusCode::CONFLICT
                }
                Err(error) => return Err(error),
            }
        }
    };
    let all = holds::of_case(&mut tx, &case.id).await?;
    drop(tx);
    Ok(page(&context, &case, &all, &form, status))
}

fn page(context: &PageContext, case: &Case, all: &[Hold], form: &FormState, status: StatusCode) -> Response {
    let lang = context.lang;
    let title = lang.t("retention.hold.title");
    let may = check(&context.actor, Action::HoldCase(case)).is_ok();
    let standing = all.iter().find(|hold| hold.stands_on(context.today));
    Page::new(context, Section::Desk, title).status(status).render(|| {
        let past: Vec<_> = all.iter().filter(|hold| !hold.stands_on(context.today)).map(|hold| past(context, hold)).collect();
        let now = match standing {
            Some(hold) => stands(context, hold),
            None => view! { <p>{lang.t("retention.hold.none")}</p> }.into_any(),
        };
        let editor = match (may, standing.is_some()) {
            (false, _) => view! { <p class="notice info">{icon(Icon::Help)}<span>{lang.t("retention.hold.only_head")}</span></p> }.into_any(),
            (true, false) => set_form(context, case, form),
            (true, true) => lift_form(context, case, form),
        };
        view! {
            <div class="stack-s">
                <a class="back" href=context.href(&format!("/can-bo/don/{}", case.id))>{icon(Icon::Back)}{lang.t("letters.back_to_case")}</a>
                {error_summary(lang, form)}
                <h1>{title}</h1>
                <p class="lead-text">{lang.t("retention.hold.lead")}</p>
            </div>
            {now}
            {editor}
            {(!past.is_empty()).then(|| view! { <section class="stack-s"><h2 class="title-s">{lang.t("retention.hold.past")}</h2><ul class="rule-list">{past}</ul></section> })}
        }
        .into_any()
    })
}

fn until_words(context: &PageContext, hold: &Hold) -> String {
    let lang = context.lang;
    hold.until_on.map_or_else(|| lang.t("retention.held").to_owned(), |day| lang.f("retention.held_until", &[("day", &lang.day_short(day))]))
}

fn stands(context: &PageContext, hold: &Hold) -> AnyView {
    let lang = context.lang;
    let who = lang.f("retention.hold.by", &[("who", &hold.set_by_name), ("time", &lang.time(hold.set_at))]);
    view! {
        <div class="notice warn">
            {icon(Icon::Lock)}
            <div class="stack-s"><p><b>{until_words(context, hold)}</b></p><p class="text break">{hold.reason.clone()}</p><p class="small num">{who}</p></div>
        </div>
    }
    .into_any()
}

fn past(context: &PageContext, hold: &Hold) -> AnyView {
    let lang = context.lang;
    let ended = match (hold.lifted_at, hold.until_on) {
        (Some(at), _) if !hold.lift_reason.is_empty() => lang.f("retention.hold.lifted", &[("time", &lang.time(at)), ("reason", &hold.lift_reason)]),
        (_, Some(day)) => lang.f("retention.hold.ended", &[("day", &lang.day_short(day))]),
        _ => String::new(),
    };
    let who = lang.f("retention.hold.by", &[("who", &hold.set_by_name), ("time", &lang.time(hold.set_at))]);
    view! { <li><p class="text break">{hold.reason.clone()}</p><p class="small muted num">{who}". "{ended}</p></li> }.into_any()
}

fn set_form(context: &PageContext, case: &Case, form: &FormState) -> AnyView {
    let lang = context.lang;
    let reason =
        FieldLook { label: "retention.hold.reason", hint: Some("retention.hold.reason_hint"), chars_max: Some(REASON_CHARS_MAX), ..FieldLook::default() };
    let until = FieldLook {
        label: "retention.hold.until",
        hint: Some("retention.hold.until_hint"),
        kind: "date",
        class: "field-s",
        is_optional: true,
        ..FieldLook::default()
    };
    view! {
        <form method="post" action=context.href(&format!("/can-bo/don/{}/giu-lai", case.id)) class="card stack">
            <input type="hidden" name="deed" value="set" />
            {text_area(lang, form, "reason", 3, reason)}
            {text_field(lang, form, "until", until)}
            <p><button class="btn btn-main">{icon(Icon::Lock)}{lang.t("retention.hold.set")}</button></p>
        </form>
    }
    .into_any()
}

fn lift_form(context: &PageContext, case: &Case, form: &FormState) -> AnyView {
    let lang = context.lang;
    let reason = FieldLook { label: "retention.hold.lift_reason", chars_max: Some(REASON_CHARS_MAX), ..FieldLook::default() };
    view! {
        <form method="post" action=context.href(&format!("/can-bo/don/{}/giu-lai", case.id)) class="card stack">
            <input type="hidden" name="deed" value="lift" />
            {text_area(lang, form, "lift_reason", 3, reason)}
            {proof_field(context, form, 0)}
            <p><button class="btn">{lang.t("retention.hold.lift")}</button></p>
        </form>
    }
    .into_any()
}
