//! What the head of a session gave somebody to do, and by when: commitments ([`crate::commitments`]) of origin "reception". They are
//! drafted with the conclusion and public from its issue on.

use super::DESK;
use super::look::{day_field, path};
use super::rules::{Receiver, State};
use super::store::sessions::Reception;
use super::store::{conclusions, offices};
use crate::commitments::actions::{NewCommitment, make, publish, publish_all};
use crate::commitments::rules::{Commitment, Head, OriginKind};
use crate::commitments::{self, view};
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::petitions::actions::Act;
use crate::ui::fields::FieldLook;
use crate::ui::{PageContext, select_field, text_area, text_field};
use crate::words::Lang;
use leptos::prelude::*;

/// The field with the id of the next task: sent twice, it is one.
const ID: &str = "_task";
/// Longest task, in characters.
const TASK_CHARS_MAX: usize = 1_000;

/// The tasks of a session; those that are not public too.
pub async fn of_session(tx: &mut Tx, row: &Reception) -> Result<Vec<Commitment>> {
    commitments::of_origin(tx, OriginKind::Reception, &row.id).await
}

/// In whose name: whoever received in fact.
async fn head(act: &mut Act<'_>, row: &Reception) -> Result<Head> {
    let office = offices::of_body(act.tx, &row.body_id).await?;
    let post = match row.held_by {
        Some(by) if by == row.receiver => row.post.clone(),
        Some(Receiver::Deputy) if !office.deputy_post.is_empty() => office.deputy_post,
        Some(Receiver::Head) if !office.head_post.is_empty() => office.head_post,
        _ => row.post.clone(),
    };
    Ok(Head { body_id: row.body_id.clone(), post, name: String::new(), account_id: String::new() })
}

fn title(row: &Reception) -> String {
    Lang::Vi.f("reception.task.origin", &[("day", &Lang::Vi.day_short(row.day))])
}

/// Takes the form of a task: drafts it, or where the conclusion is issued lets it out at once. False where something is wrong.
///
/// # Errors
/// [`AppError::Conflict`] for a session that was not held.
pub(super) async fn add(context: &PageContext, act: &mut Act<'_>, row: &Reception, form: &mut FormState) -> Result<bool> {
    if row.state != State::Held {
        return Err(AppError::Conflict);
    }
    let text = form.required("task", "reception.task.missing", TASK_CHARS_MAX);
    let owner_id = form.value("task_owner").to_owned();
    if !owners(context, row).iter().any(|(id, _)| *id == owner_id) {
        form.wrong("task_owner", "reception.choose.missing");
    }
    let day = day_field(form, "task_day");
    if day.is_some_and(|day| day < row.day) {
        form.wrong("task_day", "reception.task.day_wrong");
    }
    let id = form.value(ID).to_owned();
    if !crate::id::is_sent_id(&id) {
        return Err(AppError::BadRequest("the form has no id"));
    }
    let Some(day) = day.filter(|_| form.is_valid()) else { return Ok(false) };
    let head = head(act, row).await?;
    let (origin, origin_id) = (OriginKind::Reception, row.id.clone());
    let made = make(act, &NewCommitment { id, origin, origin_id, text, owner_id, co_owner_ids: Vec::new(), head, made_on: row.day, day }).await?;
    if conclusions::of_session(act.tx, &row.id).await?.is_some() {
        publish(act, &made, &title(row), &path(row)).await?;
    }
    Ok(true)
}

/// With the conclusion everybody reads what was promised.
pub(super) async fn let_out(act: &mut Act<'_>, row: &Reception) -> Result<()> {
    publish_all(act, OriginKind::Reception, &row.id, &title(row), &path(row)).await
}

/// Who may be given something: the authority and its units, then the other authorities of the province.
fn owners(context: &PageContext, row: &Reception) -> Vec<(String, String)> {
    let directory = &context.directory;
    let name = |id: &str| view::owner_name(directory, id);
    let own = directory.agency(&row.body_id).into_iter().chain(directory.units_of(&row.body_id)).map(|agency| (agency.id.clone(), name(&agency.id)));
    let province = context.portal.settings().province_code.as_str();
    let others = directory.bodies().filter(|body| body.id != row.body_id && body.area_code == province).map(|body| (body.id.clone(), body.short_name.clone()));
    own.chain(others).collect()
}

fn list(context: &PageContext, tasks: &[Commitment], at_desk: bool) -> AnyView {
    let lang = context.lang;
    let items: Vec<_> = tasks
        .iter()
        .map(|task| {
            let href = if at_desk { Some(format!("/can-bo/loi-hua/{}", task.id)) } else { task.path() };
            let text = match href {
                Some(href) => view! { <a href=context.href(&href)>{task.text.clone()}</a> }.into_any(),
                None => task.text.clone().into_any(),
            };
            let who = view::owner_name(&context.directory, &task.owner_id);
            view! { <li><p>{text}</p><p class="row small">{view::badge(lang, task, context.today)}<span class="muted">{who}", "<span class="num">{lang.day_short(task.day)}</span></span></p></li> }
        })
        .collect();
    view! { <ul class="rule-list">{items}</ul> }.into_any()
}

/// What was promised, for everybody; nothing where nothing public was.
pub(super) fn public_view(context: &PageContext, tasks: &[Commitment]) -> AnyView {
    let shown: Vec<Commitment> = tasks.iter().filter(|task| task.is_public).cloned().collect();
    if shown.is_empty() {
        return ().into_any();
    }
    view! { <section class="stack-s" id="viec"><h2 class="title-s">{context.lang.t("reception.task.public")}</h2>{list(context, &shown, false)}</section> }
        .into_any()
}

/// The tasks at the desk, and the form of another one.
pub(super) fn desk_view(context: &PageContext, row: &Reception, tasks: &[Commitment], form: &FormState, may_keep: bool) -> AnyView {
    let lang = context.lang;
    let look = |label: &'static str, hint: Option<&'static str>| FieldLook { label, hint, ..FieldLook::default() };
    let id = Some(form.value(ID).to_owned()).filter(|id| !id.is_empty()).unwrap_or_else(|| context.portal.new_id());
    let is_wrong = ["task", "task_owner", "task_day"].into_iter().any(|field| form.error(field, lang).is_some());
    let another = may_keep.then(|| {
        view! {
            <details class="more" open=is_wrong>
                <summary>{lang.t("reception.task.add")}</summary>
                <form method="post" action=context.href(&format!("{DESK}/ngay/{}", row.id)) class="stack">
                    <input type="hidden" name="version" value=row.version.to_string() />
                    <input type="hidden" name=ID value=id />
                    {text_area(lang, form, "task", 2, FieldLook { chars_max: Some(TASK_CHARS_MAX), ..look("reception.task.text", Some("reception.task.hint")) })}
                    {select_field(lang, form, "task_owner", owners(context, row), "reception.choose", look("reception.task.owner", None))}
                    {text_field(lang, form, "task_day", FieldLook { kind: "date", class: "field-s", ..look("reception.task.day", None) })}
                    <p><button class="btn" name="action" value="task">{lang.t("reception.task.button")}</button></p>
                </form>
            </details>
        }
    });
    view! {
        <section class="stack-s" id="viec">
            <h2 class="title-s">{lang.t("reception.task.title")}</h2>
            {if tasks.is_empty() { view! { <p class="muted">{lang.t("reception.task.none")}</p> }.into_any() } else { list(context, tasks, true) }}
            {another}
        </section>
    }
    .into_any()
}
