//! `/can-bo/thoi-han`: every rule with its versions; one rule with the form and what a change would do; the changes that were made.

use super::PATH;
use super::actions::may_change;
use super::foresight::{Foresight, Group};
use super::forms::{fill, versions};
use crate::accounts::second::proof_field;
use crate::deadlines::periods::Change;
use crate::deadlines::rules::{Direction, Rule, Unit, Variant};
use crate::deadlines::store::{self, PeriodChange};
use crate::deadlines::telling::{codes, length, name, start, variant};
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::ui::fields::{FieldLook, check_box};
use crate::ui::{Icon, Page, PageContext, Section, error_summary, icon, select_field, table, text_field};
use crate::words::Lang;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use leptos::prelude::*;

/// Changes shown.
const CHANGES_MAX: i64 = 20;
/// With more groups the list of a forecast begins closed.
const GROUPS_OPEN_MAX: usize = 8;
/// Groups of a forecast shown.
const GROUPS_MAX: usize = 30;

/// A change that was read and can stand, with what it would do.
pub(super) struct Preview {
    pub change: Change,
    pub foresight: Foresight,
    /// The mark of what is shown.
    pub seen: String,
    /// A version is taken back.
    pub is_remove: bool,
}

/// `GET /can-bo/thoi-han`
pub(super) async fn all(context: PageContext) -> Result<Response> {
    check(&context.actor, Action::SeeCalendar)?;
    let changes = store::period_changes(&mut context.portal.db().look().await?, CHANGES_MAX).await?;
    let lang = context.lang;
    let entries = changes.iter().map(|change| entry(lang, change)).collect::<Result<Vec<_>>>()?;
    let rules = context.directory.deadline_rules();
    let cards: Vec<_> = codes(rules).into_iter().map(|code| card(&context, code)).collect();
    let title = lang.t("periods.title");
    let page = Page::new(&context, Section::Periods, title).main_class("wrap wide page stack-l");
    Ok(page.render(|| {
        view! {
            <div class="stack-s">
                <h1 class="title-s">{title}</h1>
                <p class="small muted">{lang.t("periods.lead")}</p>
                <p><a href=lang.href(crate::deadlines::pages::PATH)>{lang.t("periods.public_page")}</a></p>
            </div>
            {may_change(&context).is_err().then(|| view! { <p class="notice info">{lang.t("periods.only_look")}</p> })}
            <ul class="rule-list">{cards}</ul>
            <section class="stack-s" id="thay-doi">
                <h2 class="title-s">{lang.t("days_off.changes")}</h2>
                {if entries.is_empty() { view! { <p class="muted">{lang.t("days_off.no_changes")}</p> }.into_any() } else { view! { <ul class="rule-list">{entries}</ul> }.into_any() }}
            </section>
        }
        .into_any()
    }))
}

/// One rule in the list: its name, and the periods that hold today.
fn card(context: &PageContext, code: &str) -> AnyView {
    let lang = context.lang;
    let versions = versions(context, code);
    let Some(latest) = versions.last() else { return ().into_any() };
    let holding: Vec<_> = versions.iter().filter(|rule| rule.holds_on(context.today)).map(|rule| terms(lang, rule)).collect();
    let holding = holding.join("; ");
    let to_come = versions.iter().filter(|rule| rule.valid_from > context.today).map(|rule| rule.valid_from).min();
    let soon = to_come.map(|day| view! { <span class="tag">{lang.f("periods.to_come", &[("day", &lang.day_short(day))])}</span> });
    let none = holding.is_empty().then(|| lang.t("periods.none_today"));
    view! {
        <li>
            <p><a href=lang.href(&format!("{PATH}/{code}"))><b>{code.to_owned()}</b>" – "{name(lang, latest).to_owned()}</a>" "{soon}</p>
            <p class="small muted">{holding}{none}" · "{latest.source.clone()}</p>
        </li>
    }
    .into_any()
}

/// "30 ngày", "45 ngày (vùng sâu, vùng xa)".
fn terms(lang: Lang, rule: &Rule) -> String {
    let n = i64::from(rule.length);
    let days = match rule.unit {
        Unit::Working => lang.n("deadlines.working_one", "deadlines.working_many", n),
        Unit::Calendar => lang.n("deadlines.days_one", "deadlines.days_many", n),
        Unit::Year => lang.t("deadlines.by_year_end").to_owned(),
    };
    variant(lang, rule.variant).map_or_else(|| days.clone(), |special| format!("{days} ({special})"))
}

/// `GET /can-bo/thoi-han/{code}`
pub(super) async fn one(context: PageContext, Path(code): Path<String>, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    check(&context.actor, Action::SeeCalendar)?;
    let versions = versions(&context, &code);
    let latest = versions.iter().rfind(|rule| rule.variant == Variant::Usual).or(versions.last()).ok_or(AppError::NotFound)?;
    let wanted = pairs.iter().find(|(name, _)| name == "sua").map(|(_, value)| value.as_str()).unwrap_or_default();
    let mut form = FormState::default();
    match versions.iter().find(|rule| version_id(rule) == wanted) {
        Some(rule) => {
            fill(&mut form, rule);
            form.set("deed", "correct");
        }
        None => {
            fill(&mut form, latest);
            // What a new version is about stays; its day and its law are what somebody must know.
            ["valid_from", "valid_to", "source"].into_iter().for_each(|field| form.forget(field));
            form.set("deed", "add");
        }
    }
    rule(&context, &code, &form, None, StatusCode::OK).await
}

fn version_id(rule: &Rule) -> String {
    format!("{}.{}", rule.variant.code(), rule.valid_from)
}

/// The page of one rule.
pub(super) async fn rule(context: &PageContext, code: &str, form: &FormState, preview: Option<&Preview>, status: StatusCode) -> Result<Response> {
    let (lang, versions) = (context.lang, versions(context, code));
    let latest = versions.last().ok_or(AppError::NotFound)?;
    let title = format!("{code} – {}", name(lang, latest));
    let may = may_change(context).is_ok();
    let page = Page::new(context, Section::Periods, title.clone()).main_class("wrap wide page stack-l").status(status);
    Ok(page.render(|| {
        view! {
            <div class="stack-s">
                <p class="small"><a href=lang.href(PATH)>{lang.t("periods.back")}</a></p>
                <h1 class="title-s">{title.clone()}</h1>
                <p class="small muted">{length(lang, latest)}</p>
            </div>
            {error_summary(lang, form)}
            {preview.map(|preview| forecast(context, code, form, preview))}
            {version_table(lang, code, &versions, context.today, may)}
            {if may { editor(lang, code, form, latest) } else { view! { <p class="notice info">{lang.t("periods.only_look")}</p> }.into_any() }}
        }
        .into_any()
    }))
}

fn force(lang: Lang, rule: &Rule) -> String {
    match rule.valid_to {
        Some(last) => lang.f("deadlines.table.ended", &[("from", &lang.day_short(rule.valid_from)), ("to", &lang.day_short(last))]),
        None => lang.f("deadlines.table.since", &[("from", &lang.day_short(rule.valid_from))]),
    }
}

fn version_table(lang: Lang, code: &str, versions: &[Rule], today: NaiveDate, may_change: bool) -> AnyView {
    let row = |rule: &Rule| {
        let days = terms(lang, rule);
        let href = format!("{}?sua={}#sua", lang.href(&format!("{PATH}/{code}")), version_id(rule));
        let days = if may_change { view! { <a href=href>{days}</a> }.into_any() } else { days.into_any() };
        let state = match (rule.holds_on(today), rule.valid_from > today) {
            (true, _) => lang.t("periods.state.now"),
            (_, true) => lang.t("periods.state.later"),
            _ => lang.t("periods.state.past"),
        };
        let rolls = if rule.rolls_over { lang.t("periods.rolls.yes") } else { lang.t("periods.rolls.no") };
        view! {
            <tr>
                <th scope="row">{days}</th>
                <td data-label=lang.t("periods.force")>{force(lang, rule)}</td>
                <td data-label=lang.t("periods.state")>{state}</td>
                <td data-label=lang.t("periods.start.label")>{start(lang, rule).to_owned()}</td>
                <td data-label=lang.t("periods.rolls")>{rolls}</td>
                <td data-label=lang.t("days_off.source.label")>{rule.source.clone()}</td>
            </tr>
        }
        .into_any()
    };
    let heads = ["periods.length.label", "periods.force", "periods.state", "periods.start.label", "periods.rolls", "days_off.source.label"];
    let hint = may_change.then(|| view! { <p class="small muted">{lang.t("periods.versions_hint")}</p> });
    view! {
        <section class="stack-s">
            <h2 class="title-s">{lang.t("periods.versions")}</h2>
            {hint}
            {table(lang, "periods.versions", &heads, versions.iter().map(row).collect())}
        </section>
    }
    .into_any()
}

fn editor(lang: Lang, code: &str, form: &FormState, latest: &Rule) -> AnyView {
    let look = |label: &'static str, hint: Option<&'static str>| FieldLook { label, hint, ..FieldLook::default() };
    let day = |label: &'static str, hint: Option<&'static str>| FieldLook { kind: "date", class: "field-s", ..look(label, hint) };
    let is_correction = form.value("deed") == "correct";
    let units = [Unit::Working, Unit::Calendar, Unit::Year].map(|unit| (unit.code().to_owned(), lang.t(unit_key(unit)).to_owned())).to_vec();
    let roll = (latest.direction == Direction::After).then(|| check_box(form, "rolls_over", lang.t("periods.rolls.label"), lang.t("periods.rolls.hint")));
    let has_word_errors = ["start", "start_en", "name", "name_en"].into_iter().any(|field| form.error(field, lang).is_some());
    let kept = is_correction.then(|| kept_identity(lang, form));
    let first = (!is_correction).then(|| {
        view! {
            {variants(lang, form)}
            {text_field(lang, form, "valid_from", day("periods.from.label", Some("periods.from.hint")))}
        }
    });
    let remove = is_correction.then(|| view! { <button class="btn btn-danger" name="action" value="remove">{lang.t("periods.remove")}</button> });
    view! {
        <form method="post" action=lang.href(&format!("{PATH}/{code}")) class="card stack" id="sua">
            <h2 class="title-s">{lang.t(if is_correction { "periods.correct" } else { "periods.add" })}</h2>
            <p class="small">{lang.t("periods.effect")}</p>
            <input type="hidden" name="deed" value=if is_correction { "correct" } else { "add" } />
            {kept}
            {first}
            {text_field(lang, form, "length", FieldLook { kind: "number", class: "field-s", ..look("periods.length.label", None) })}
            {select_field(lang, form, "unit", units, "days_off.choose", look("periods.unit.label", None))}
            {roll}
            {text_field(lang, form, "source", look("days_off.source.label", Some("periods.source.hint")))}
            {text_field(lang, form, "valid_to", FieldLook { is_optional: true, ..day("periods.to.label", Some("periods.to.hint")) })}
            <details class="more" open=has_word_errors>
                <summary>{lang.t("periods.words")}</summary>
                {text_field(lang, form, "start", look("periods.start.vi", None))}
                {text_field(lang, form, "start_en", look("periods.start.en", None))}
                {text_field(lang, form, "name", look("periods.name.vi", None))}
                {text_field(lang, form, "name_en", look("periods.name.en", None))}
            </details>
            <div class="row">
                <button class="btn btn-main" name="action" value="preview">{icon(Icon::Search)}{lang.t("periods.preview")}</button>
                {remove}
            </div>
            {is_correction.then(|| view! { <p class="small"><a href=format!("{}#sua", lang.href(&format!("{PATH}/{code}")))>{lang.t("periods.add_instead")}</a></p> })}
        </form>
    }
    .into_any()
}

/// Of a version that is put right, which it is cannot be changed.
fn kept_identity(lang: Lang, form: &FormState) -> AnyView {
    let special = Variant::from_code(form.value("variant")).and_then(|known| variant(lang, known)).unwrap_or(lang.t("periods.variant.usual"));
    let first = crate::deadlines::pages::day(form.value("valid_from")).map(|day| lang.day_short(day)).unwrap_or_default();
    view! {
        <input type="hidden" name="variant" value=form.value("variant").to_owned() />
        <input type="hidden" name="valid_from" value=form.value("valid_from").to_owned() />
        <p id="valid_from"><b>{lang.f("periods.version_of", &[("variant", special), ("day", &first)])}</b></p>
    }
    .into_any()
}

fn variants(lang: Lang, form: &FormState) -> AnyView {
    let options: Vec<_> = Variant::ALL
        .into_iter()
        .map(|known| {
            let words = variant(lang, known).unwrap_or(lang.t("periods.variant.usual"));
            view! { <option value=known.code() selected=form.value("variant") == known.code()>{words}</option> }
        })
        .collect();
    let error = form.error("variant", lang).map(|error| view! { <span class="err">{error}</span> });
    view! {
        <div class="field">
            <label for="variant">{lang.t("periods.variant.label")}</label>
            {error}
            <select id="variant" name="variant">{options}</select>
        </div>
    }
    .into_any()
}

fn unit_key(unit: Unit) -> &'static str {
    match unit {
        Unit::Working => "periods.unit.working",
        Unit::Calendar => "periods.unit.calendar",
        Unit::Year => "periods.unit.year",
    }
}

/// What the change would do, with the button that saves it.
fn forecast(context: &PageContext, code: &str, form: &FormState, preview: &Preview) -> AnyView {
    let lang = context.lang;
    let foresight = &preview.foresight;
    let later: i64 = foresight.later.iter().map(|group| group.n).sum();
    let stay: i64 = foresight.stay.iter().map(|group| group.n).sum();
    let written: Vec<_> = preview.change.written().map(|rule| line(lang, "periods.forecast.version", rule)).collect();
    let removed: Vec<_> = preview.change.removed().map(|rule| line(lang, "periods.forecast.removed", rule)).collect();
    let hidden: Vec<_> = form
        .values()
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "action" | "seen" | "deed"))
        .map(|(name, value)| view! { <input type="hidden" name=name.clone() value=value.clone() /> })
        .collect();
    let deed = if preview.is_remove { "remove" } else { form.value("deed") };
    let sentence =
        if later == 0 { lang.t("periods.forecast.none").to_owned() } else { lang.n("periods.forecast.later_one", "periods.forecast.later_many", later) };
    view! {
        <section class="next stack-s" role="status" id="xem-truoc">
            <h2 class="title-s">{lang.t("periods.forecast")}</h2>
            <ul>{written}{removed}</ul>
            <p><b>{sentence}</b></p>
            {foresight.is_cut.then(|| view! { <p class="small">{lang.t("periods.forecast.cut")}</p> })}
            {group_table(context, "periods.forecast.later", &foresight.later)}
            {(stay > 0).then(|| view! { <p>{lang.n("periods.forecast.stay_one", "periods.forecast.stay_many", stay)}</p> })}
            {group_table(context, "periods.forecast.stay", &foresight.stay)}
            {(foresight.same > 0).then(|| view! { <p class="small muted">{lang.n("periods.forecast.same_one", "periods.forecast.same_many", foresight.same)}</p> })}
            <form method="post" action=lang.href(&format!("{PATH}/{code}"))>
                {hidden}
                <input type="hidden" name="deed" value=deed.to_owned() />
                <input type="hidden" name="seen" value=preview.seen.clone() />
                {proof_field(context, form, 0)}
                <button class="btn btn-main" name="action" value="save">{lang.t("periods.save")}</button>
            </form>
            <p class="small muted">{lang.t("periods.forecast.edit_below")}</p>
        </section>
    }
    .into_any()
}

fn line(lang: Lang, key: &'static str, rule: &Rule) -> AnyView {
    view! { <li>{lang.f(key, &[("terms", &terms(lang, rule)), ("force", &force(lang, rule)), ("source", &rule.source)])}</li> }.into_any()
}

fn group_table(context: &PageContext, label: &'static str, groups: &[Group]) -> AnyView {
    let lang = context.lang;
    if groups.is_empty() {
        return ().into_any();
    }
    let rows = groups
        .iter()
        .take(GROUPS_MAX)
        .map(|group| {
            let whose = group.body_id.as_deref().map_or(lang.t("periods.forecast.sealed"), |id| context.directory.agency_name(id)).to_owned();
            view! {
                <tr>
                    <th scope="row">{whose}</th>
                    <td class="num" data-label=lang.t("periods.forecast.from")>{lang.day_short(group.from)}</td>
                    <td class="num" data-label=lang.t("periods.forecast.to")>{lang.day_short(group.to)}</td>
                    <td class="num" data-label=lang.t("periods.forecast.n")>{lang.number(group.n)}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    let heads = ["periods.forecast.whose", "periods.forecast.from", "periods.forecast.to", "periods.forecast.n"];
    let left: i64 = groups.iter().skip(GROUPS_MAX).map(|group| group.n).sum();
    // A long list would push the button out of sight on a phone.
    view! {
        <details class="more" open=groups.len() <= GROUPS_OPEN_MAX>
            <summary>{lang.t(label)}</summary>
            {table(lang, label, &heads, rows)}
            {(left > 0).then(|| view! { <p class="small muted">{lang.f("periods.forecast.left", &[("n", &lang.number(left))])}</p> })}
        </details>
    }
    .into_any()
}

/// One change: who, when, which rule, what it is now, what came of it.
fn entry(lang: Lang, row: &PeriodChange) -> Result<AnyView> {
    let change = row.change()?;
    let of = |rules: Vec<&Rule>| rules.into_iter().map(|rule| format!("{} – {}", terms(lang, rule), force(lang, rule))).collect::<Vec<_>>().join("; ");
    let now = of(change.written().collect());
    let gone = of(change.removed().collect());
    let sentence = if now.is_empty() {
        lang.f("periods.change.removed", &[("code", &row.code), ("was", &gone)])
    } else {
        lang.f("periods.change.written", &[("code", &row.code), ("now", &now)])
    };
    let source = change.written().last().map(|rule| rule.source.clone()).unwrap_or_default();
    let outcome = match row.moved {
        None => lang.t("days_off.moving").to_owned(),
        Some(moved) => lang.n("days_off.moved_one", "days_off.moved_many", moved),
    };
    let who = row.account_name.clone().unwrap_or_else(|| lang.t("periods.by_import").to_owned());
    Ok(view! { <li><p>{sentence}</p><p class="small muted">{source}</p><p class="small muted num">{lang.time(row.at)}" · "{who}" · "{outcome}</p></li> }
        .into_any())
}
