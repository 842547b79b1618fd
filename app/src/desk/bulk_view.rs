//! What is done to all ticked cases of the queue, as it looks: one act, chosen by name, and its fields below.

use super::bulk::TICKED;
use super::look::Beside;
use super::queue_view::queue_href;
use super::store::queue::Row;
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::store::marks::Tag;
use crate::ui::fields::FieldLook;
use crate::ui::{PageContext, error_summary, select_field, text_area, text_field};
use crate::words::Lang;
use leptos::prelude::*;

/// Tags named beside the field.
const TAGS_NAMED_MAX: usize = 20;
/// Word of the address that ticks the whole page.
pub const TICK_ALL: &str = "chon";

/// The acts somebody may do to at least one of the rows.
fn acts(context: &PageContext, rows: &[Row]) -> Vec<(&'static str, &'static str)> {
    let may = |action: &dyn Fn(&Row) -> bool| rows.iter().any(action);
    let all = [
        ("assign", "day.bulk.assign", may(&|row| check(&context.actor, Action::Triage(&row.case)).is_ok())),
        ("tag", "day.bulk.tag", may(&|row| check(&context.actor, Action::Tag(&row.case)).is_ok())),
        ("remind", "day.bulk.remind", may(&|row| check(&context.actor, Action::Remind(&row.case)).is_ok())),
    ];
    all.into_iter().filter(|(.., may)| *may).map(|(code, key, _)| (code, key)).collect()
}

/// The box beside a case.
pub fn tick(context: &PageContext, row: &Row, is_ticked: bool) -> AnyView {
    let label = context.lang.f("day.bulk.tick", &[("title", &super::queue_view::case_title(context.lang, &row.case, &row.title))]);
    view! { <input type="checkbox" name=TICKED value=format!("{}~{}", row.case.id, row.case.version) checked=is_ticked aria-label=label /> }.into_any()
}

/// The form around the list, with the acts below it.
pub fn around_list(context: &PageContext, beside: &Beside, items: AnyView) -> AnyView {
    let acts = acts(context, &beside.list.rows);
    let lang = context.lang;
    let fresh = FormState::default();
    let form = beside.bulk.as_ref().map_or(&fresh, |(_, form)| form);
    let has = |code: &str| acts.iter().any(|(known, _)| *known == code);
    let options = acts.iter().map(|(code, key)| ((*code).to_owned(), lang.t(key).to_owned())).collect();
    let look = |label: &'static str| FieldLook { label, ..FieldLook::default() };
    let assign = has("assign").then(|| view! { <div class="for-assign stack-s">{assign_fields(context, beside, form)}</div> });
    let tag = has("tag").then(|| {
        view! { <div class="for-tag stack-s">{text_field(lang, form, "bulk_tag", FieldLook { hint: Some("day.tag.hint"), ..look("day.tag.label") })}{known_tags(lang, &beside.around.tags)}</div> }
    });
    let remind = has("remind").then(|| view! { <div class="for-remind">{text_area(lang, form, "bulk_reminder", 3, FieldLook { hint: Some("day.remind.hint"), ..look("day.remind.label") })}</div> });
    let tick_all = format!("{}&{TICK_ALL}=het", queue_href(context, &beside.place));
    view! {
        <form method="post" action=format!("{}{}", context.href("/can-bo/hang-loat"), beside.place.query()) id="bulk-form">
            {error_summary(lang, form)}
            {items}
            <details class="more bulk" open=!form.is_valid() || beside.is_all_ticked>
                <summary data-key="x">{lang.t("day.bulk.title")}</summary>
                <div class="stack-s" id="don">
                    <p><a class="btn btn-s btn-quiet" href=tick_all>{lang.t("day.bulk.tick_all")}</a></p>
                    {select_field(lang, form, "bulk", options, "desk.choose_one", look("day.bulk.what"))}
                    {assign}
                    {tag}
                    {remind}
                    <p><button class="btn btn-s btn-main">{lang.t("day.bulk.button")}</button></p>
                </div>
            </details>
        </form>
    }
    .into_any()
}

/// The words there are, so that nobody invents a second one for the same thing.
pub fn known_tags(lang: Lang, tags: &[Tag]) -> AnyView {
    if tags.is_empty() {
        return ().into_any();
    }
    let words = tags.iter().take(TAGS_NAMED_MAX).map(|tag| tag.name.as_str()).collect::<Vec<_>>().join(", ");
    view! { <p class="small muted">{lang.f("day.tag.known", &[("tags", &words)])}</p> }.into_any()
}

fn assign_fields(context: &PageContext, beside: &Beside, form: &FormState) -> AnyView {
    let (lang, directory) = (context.lang, &context.directory);
    let units = directory.units_of(&beside.around.body_id).map(|unit| (unit.id.clone(), unit.name.clone())).collect();
    let handlers = beside
        .around
        .handlers
        .iter()
        .map(|person| (person.account_id.clone(), format!("{} · {}", person.display_name, directory.agency_name(&person.agency_id))));
    view! {
        {select_field(lang, form, "bulk_unit", units, "desk.assign.no_unit", FieldLook { label: "desk.assign.unit", ..FieldLook::default() })}
        {select_field(lang, form, "bulk_handler", handlers.collect(), "desk.assign.no_handler", FieldLook { label: "desk.assign.handler", ..FieldLook::default() })}
    }
    .into_any()
}
