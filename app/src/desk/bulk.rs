//! `POST /can-bo/hang-loat`: one thing done to all ticked cases. Each case has its own transaction, its own permission and version
//! check and its own entry in the record, so that one refusal stops nothing else; the page says what became of each.
//!
//! Sent twice, it is done once: a case that has moved on by this very act of this very person counts as done.

use super::forms::{REASON_CHARS_MAX, Sent};
use super::pages::{beside, show_queue};
use super::place::Place;
use super::queue::home_scope;
use super::queue_view::{case_href, queue_href, title};
use crate::accounts::keep_form_and_sign_in;
use crate::accounts::store::{Colleague, handlers_of};
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::actions::{self, Act, expect_version};
use crate::petitions::marks::{self, TAG_CHARS_MAX, fold_tag};
use crate::petitions::rules::{Case, Event, Kind};
use crate::petitions::store::marks::tag;
use crate::petitions::store::{history, parts};
use crate::ui::flash_line;
use crate::ui::{Icon, Page, PageContext, Section, icon};
use axum::extract::{Form, Query};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use std::collections::HashMap;

/// The most cases at once: a page of the queue.
pub const BULK_CASES_MAX: usize = 50;
/// The field of a ticked case; its value is `id~version`.
pub const TICKED: &str = "don";

/// What is done to each.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Bulk {
    Assign { unit_id: Option<String>, handler_id: Option<String> },
    Tag(String),
    Remind(String),
}

/// What became of one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Done,
    DoneBefore,
    /// Key of the reason.
    Refused(&'static str),
}

/// One case with its title, if whoever asks may read it.
struct Line {
    case_id: String,
    title: Option<String>,
    outcome: Outcome,
}

/// The ticked cases of a form, each once: id and the version the queue was shown with. One field may hold several, see [`take`].
pub fn ticked(pairs: &[(String, String)]) -> Vec<(String, i64)> {
    let mut ticked: Vec<(String, i64)> = Vec::new();
    let values = pairs.iter().filter(|(name, _)| name == TICKED).flat_map(|(_, value)| value.split_whitespace());
    for value in values {
        if let Some((id, version)) = value.split_once('~')
            && let Ok(version) = version.parse()
            && !ticked.iter().any(|(known, _)| known == id)
        {
            ticked.push((id.to_owned(), version));
        }
    }
    ticked
}

/// The act on all ticked cases.
pub async fn take(context: PageContext, Query(query): Query<HashMap<String, String>>, sent: Sent) -> Result<Response> {
    let Form(pairs) = sent.map_err(|_| AppError::BadRequest("not a form"))?;
    let ticked = ticked(&pairs);
    let mut form = FormState::from_pairs(pairs);
    let Some(official) = context.actor.official() else {
        // A form that waits for a new sign-in keeps one value of each name.
        let all = ticked.iter().map(|(id, version)| format!("{id}~{version}")).collect::<Vec<_>>().join(" ");
        form.set(TICKED, all);
        return Ok(keep_form_and_sign_in(&context, &form));
    };
    check(&context.actor, Action::UseDesk)?;
    let body_id = official.body_id().ok_or(AppError::NotFound)?.to_owned();
    check(&context.actor, Action::SeeDeskWords(&body_id))?;
    let place = Place::of(&query, home_scope(official), &context.portal);
    let handlers = handlers_of(&mut context.portal.db().look().await?, &body_id, context.today).await?;
    if ticked.is_empty() {
        form.wrong(TICKED, "day.bulk.none_ticked");
    } else if ticked.len() > BULK_CASES_MAX {
        form.wrong_with(TICKED, "day.bulk.too_many", vec![("max", BULK_CASES_MAX.to_string())]);
    }
    let bulk = parse(&mut form, &context, &body_id, &handlers);
    let Some(bulk) = bulk.filter(|_| form.is_valid()) else {
        let mut tx = context.portal.db().read().await?;
        let mut beside = beside(&mut tx, &context, &place).await?;
        drop(tx);
        beside.bulk = Some((ticked.into_iter().map(|(id, _)| id).collect(), form));
        return Ok(show_queue(&context, &beside, None, StatusCode::UNPROCESSABLE_ENTITY));
    };
    let mut lines = Vec::new();
    for (case_id, version) in ticked {
        lines.push(one(&context, &bulk, &handlers, case_id, version).await?);
    }
    Ok(result_page(&context, &place, &lines))
}

fn parse(form: &mut FormState, context: &PageContext, body_id: &str, handlers: &[Colleague]) -> Option<Bulk> {
    match form.value("bulk") {
        "assign" => {
            let chosen = |field: &str| Some(form.value(field).to_owned()).filter(|value| !value.is_empty());
            let (mut unit_id, handler_id) = (chosen("bulk_unit"), chosen("bulk_handler"));
            if unit_id.as_deref().is_some_and(|id| !context.directory.units_of(body_id).any(|unit| unit.id == id)) {
                form.wrong("bulk_unit", "desk.assign.unit_unknown");
            }
            let of_person: Vec<&Colleague> = handlers.iter().filter(|person| Some(&person.account_id) == handler_id.as_ref()).collect();
            match (of_person.first(), &handler_id) {
                (None, Some(_)) => form.wrong("bulk_handler", "desk.assign.handler_unknown"),
                (None, None) if unit_id.is_none() => form.wrong("bulk_unit", "desk.assign.missing"),
                (Some(first), _) => match &unit_id {
                    None => unit_id = Some(first.agency_id.clone()).filter(|id| id != body_id),
                    Some(unit) if first.agency_id != body_id && !of_person.iter().any(|person| person.agency_id == *unit) => {
                        form.wrong("bulk_handler", "desk.assign.handler_elsewhere");
                    }
                    Some(_) => {}
                },
                _ => {}
            }
            Some(Bulk::Assign { unit_id, handler_id })
        }
        "tag" => Some(Bulk::Tag(form.required("bulk_tag", "day.tag.missing", TAG_CHARS_MAX))),
        "remind" => Some(Bulk::Remind(form.required("bulk_reminder", "day.remind.missing", REASON_CHARS_MAX))),
        _ => {
            form.wrong("bulk", "day.bulk.what_missing");
            None
        }
    }
}

/// Does it to one case. Only what is wrong with the portal itself stops the others.
async fn one(context: &PageContext, bulk: &Bulk, handlers: &[Colleague], case_id: String, version: i64) -> Result<Line> {
    let mut tx = context.portal.db().write().await?;
    let case = match actions::seen(&mut tx, &context.actor, &case_id).await {
        Ok(case) => case,
        Err(AppError::NotFound) => return Ok(Line { case_id, title: None, outcome: Outcome::Refused("day.bulk.not_there") }),
        Err(error) => return Err(error),
    };
    let title = parts::for_officials(&mut tx, &case).await?.title;
    if is_done_before(&mut tx, context, bulk, &case, version).await? {
        return Ok(Line { case_id, title: Some(title), outcome: Outcome::DoneBefore });
    }
    let done = match expect_version(&case, version) {
        Ok(()) => act(&mut Act { tx: &mut tx, portal: &context.portal, actor: &context.actor }, bulk, handlers, &case).await,
        Err(_) => Ok(Some("day.bulk.moved_on")),
    };
    let outcome = match done {
        Ok(None) => {
            tx.commit().await?;
            Outcome::Done
        }
        Ok(Some(reason)) => Outcome::Refused(reason),
        Err(AppError::Forbidden(_)) => Outcome::Refused("day.bulk.not_yours"),
        Err(AppError::Conflict) => Outcome::Refused("day.bulk.does_not_fit"),
        Err(error) => return Err(error),
    };
    Ok(Line { case_id, title: Some(title), outcome })
}

/// The act itself; a reason if it is refused before it begins.
async fn act(act: &mut Act<'_>, bulk: &Bulk, handlers: &[Colleague], case: &Case) -> Result<Option<&'static str>> {
    match bulk {
        Bulk::Assign { unit_id, handler_id } => {
            check(act.actor, Action::Triage(case))?;
            if case.kind == Kind::Denunciation && handler_id.is_none() {
                return Ok(Some("desk.assign.person_needed"));
            }
            if handler_id.as_ref().is_some_and(|id| !handlers.iter().any(|person| person.account_id == *id)) {
                return Ok(Some("desk.assign.handler_unknown"));
            }
            actions::assign(act, case, unit_id.clone(), handler_id.clone()).await?;
        }
        Bulk::Tag(name) => {
            marks::tag(act, case, name).await?;
        }
        Bulk::Remind(words) => {
            marks::remind(act, case, words).await?;
        }
    }
    Ok(None)
}

/// Whether this person has done this very thing to the case as the first change after the version seen.
async fn is_done_before(tx: &mut crate::db::Tx, context: &PageContext, bulk: &Bulk, case: &Case, version: i64) -> Result<bool> {
    if case.version == version {
        return Ok(false);
    }
    let Some(entry) = history(tx, &case.id, version).await?.into_iter().next() else { return Ok(false) };
    if entry.actor_id != context.actor.account_id() {
        return Ok(false);
    }
    Ok(match (bulk, entry.event) {
        (Bulk::Assign { unit_id, handler_id }, Event::Assigned { unit_id: unit, handler_id: handler }) => (unit_id, handler_id) == (&unit, &handler),
        (Bulk::Tag(name), Event::Tagged { tag_id }) => tag(tx, &tag_id).await?.is_some_and(|tag| fold_tag(&tag.name) == fold_tag(name)),
        (Bulk::Remind(words), Event::Reminded { note_id, .. }) => {
            parts::notes(tx, &case.id).await?.iter().any(|note| note.id == note_id && note.body == *words)
        }
        _ => false,
    })
}

fn result_page(context: &PageContext, place: &Place, lines: &[Line]) -> Response {
    let lang = context.lang;
    let done = i64::try_from(lines.iter().filter(|line| !matches!(line.outcome, Outcome::Refused(_))).count()).unwrap_or(i64::MAX);
    let refused = i64::try_from(lines.len()).unwrap_or(i64::MAX) - done;
    let rows: Vec<_> = lines
        .iter()
        .map(|line| {
            let name = match &line.title {
                Some(words) => view! { <a href=case_href(context, &line.case_id, place)>{title(lang, words)}</a> }.into_any(),
                None => lang.t("day.bulk.unknown_case").into_any(),
            };
            let (class, words) = match line.outcome {
                Outcome::Done => ("clock ok", lang.t("day.bulk.done")),
                Outcome::DoneBefore => ("clock ok", lang.t("day.bulk.done_before")),
                Outcome::Refused(_) => ("clock late", lang.t("day.bulk.refused")),
            };
            let reason = match line.outcome {
                Outcome::Refused(reason) => Some(view! { <p class="small">{lang.t(reason)}</p> }),
                _ => None,
            };
            view! { <li class="bulk-line"><b>{name}</b><span class=class>{words}</span>{reason}</li> }
        })
        .collect();
    let told = lang.f("day.bulk.result", &[("done", &lang.number(done)), ("refused", &lang.number(refused))]);
    Page::new(context, Section::Desk, lang.t("day.bulk.result_title")).main_class("wrap page stack-l").render(|| {
        view! {
            <div class="stack-s">
                {flash_line(told)}
                <h1 class="title-s">{lang.t("day.bulk.result_title")}</h1>
            </div>
            <ul class="rule-list">{rows}</ul>
            <p><a class="btn btn-main" href=queue_href(context, place)>{icon(Icon::Back)}{lang.t("day.bulk.back")}</a></p>
        }
        .into_any()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_read_each_once_from_one_field_or_many() {
        let pair = |value: &str| ("don".to_owned(), value.to_owned());
        let many = ticked(&[pair("a~1"), pair("b~2"), pair("a~1"), pair("c"), pair("d~x"), ("bulk".to_owned(), "e~1".to_owned())]);
        assert_eq!(many, [("a".to_owned(), 1), ("b".to_owned(), 2)]);
        assert_eq!(ticked(&[pair("a~1 b~2")]), many, "as it comes back after a new sign-in");
    }
}
