//! `/can-bo/mau-van-ban`: templates of letters with their versions; a new version, tried out before it is kept.

use super::office::office;
use super::pages::attachment;
use super::places::Place;
use super::sheet::{Sheet, compose};
use super::store::{self, Version};
use super::template_forms::{filled, read};
use super::templates::{Template, pick};
use super::values::sample;
use super::{html, pdf};
use crate::accounts::keep_form_and_sign_in;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::record::{self, deeds::Deed};
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, error_summary, icon, see_other, select_field, table, text_area, text_field};
use crate::words::Lang;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

/// The list's address.
pub const PATH: &str = "/can-bo/mau-van-ban";

/// The authority whose administrator may change templates: the province's own.
fn keeper(context: &PageContext) -> Option<String> {
    context.directory.body_for_area(&context.portal.settings().province_code).map(|body| body.id.clone())
}

fn may_change(context: &PageContext) -> bool {
    keeper(context).is_some_and(|body_id| check(&context.actor, Action::ManageLetterTemplates(&body_id)).is_ok())
}

/// `GET /can-bo/mau-van-ban`
pub async fn list(context: PageContext) -> Result<Response> {
    check(&context.actor, Action::SeeLetterTemplates)?;
    let versions = store::versions(&mut context.portal.db().look().await?).await?;
    let all: Vec<Template> = versions.iter().map(|version| version.template.clone()).collect();
    let lang = context.lang;
    let mut codes: Vec<&str> = Vec::new();
    for template in &all {
        if !codes.contains(&template.code.as_str()) {
            codes.push(&template.code);
        }
    }
    let rows = codes.iter().filter_map(|code| {
        let newest = versions.iter().find(|version| version.template.code == *code)?;
        let shown = pick(&all, code, context.today).unwrap_or(&newest.template);
        let coming = all.iter().filter(|template| template.code == *code && template.valid_from > context.today).map(|template| template.valid_from).min();
        Some(row(&context, shown, coming))
    });
    let rows: Vec<_> = rows.collect();
    let page = Page::new(&context, Section::LetterTemplates, lang.t("letters.templates.title")).main_class("wrap wide page stack-l");
    Ok(page.render(|| {
        view! {
            <div class="stack-s">
                <h1 class="title-s">{lang.t("letters.templates.title")}</h1>
                <p class="small muted">{lang.t("letters.templates.lead")}</p>
            </div>
            {if rows.is_empty() {
                view! { <p class="notice warn">{icon(Icon::Warning)}<span>{lang.t("letters.templates.none")}</span></p> }.into_any()
            } else {
                table(lang, "letters.templates.title", &["letters.template.name", "letters.template.symbol.label", "letters.to", "letters.template.since", "letters.template.source.label"], rows)
            }}
        }
        .into_any()
    }))
}

fn row(context: &PageContext, template: &Template, coming: Option<chrono::NaiveDate>) -> AnyView {
    let lang = context.lang;
    let coming = coming.map(|day| view! { <br /><span class="small muted">{lang.f("letters.template.coming", &[("day", &lang.day_short(day))])}</span> });
    view! {
        <tr>
            <th scope="row"><a href=context.href(&format!("{PATH}/{}", template.code))>{template.name.clone()}</a></th>
            <td data-label=lang.t("letters.template.symbol.label")>{template.symbol.clone()}</td>
            <td data-label=lang.t("letters.to")>{lang.t(template.addressee.key())}</td>
            <td data-label=lang.t("letters.template.since")>{lang.day_short(template.valid_from)}{coming}</td>
            <td data-label=lang.t("letters.template.source.label")>{template.source.clone()}</td>
        </tr>
    }
    .into_any()
}

/// `GET /can-bo/mau-van-ban/{code}`; `?tu=` shows the version that begins on a day, `?dang=pdf` gives it as a file.
pub async fn show(context: PageContext, Path(code): Path<String>, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    check(&context.actor, Action::SeeLetterTemplates)?;
    let asked = FormState::from_pairs(pairs);
    let versions = versions(&context, &code).await?;
    let shown = of_versions(&context, &versions, asked.value("tu"))?;
    if asked.value("dang") == "pdf" {
        return sample_pdf(&context, &shown).await;
    }
    let form = filled(&shown, context.today);
    Ok(page(&context, &versions, &shown, &form, None, StatusCode::OK))
}

async fn versions(context: &PageContext, code: &str) -> Result<Vec<Version>> {
    let versions = store::versions_of(&mut context.portal.db().look().await?, code).await?;
    if versions.is_empty() { Err(AppError::NotFound) } else { Ok(versions) }
}

/// The version of a first day; without one, today's.
fn of_versions(context: &PageContext, versions: &[Version], from: &str) -> Result<Template> {
    let all: Vec<Template> = versions.iter().map(|version| version.template.clone()).collect();
    let newest = all.first().ok_or(AppError::NotFound)?;
    if from.is_empty() {
        return Ok(pick(&all, &newest.code, context.today).unwrap_or(newest).clone());
    }
    let day = crate::deadlines::pages::day(from).ok_or(AppError::NotFound)?;
    all.iter().find(|template| template.valid_from == day).cloned().ok_or(AppError::NotFound)
}

/// `POST /can-bo/mau-van-ban/{code}`: tries a version out as a page (`action=preview`) or a file (`action=pdf`), or keeps it.
pub async fn save(context: PageContext, Path(code): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    check(&context.actor, Action::SeeLetterTemplates)?;
    let versions = versions(&context, &code).await?;
    let latest = of_versions(&context, &versions, "")?;
    check(&context.actor, Action::ManageLetterTemplates(&keeper(&context).ok_or(AppError::NotFound)?))?;
    let rules = crate::deadlines::telling::codes(context.directory.deadline_rules());
    let Some(template) = read(&mut form, &latest, context.today, &rules) else {
        return Ok(page(&context, &versions, &latest, &form, None, StatusCode::UNPROCESSABLE_ENTITY));
    };
    match form.value("action") {
        "pdf" => sample_pdf(&context, &template).await,
        "preview" => {
            let preview = sample_sheet(&context, &template)?;
            Ok(page(&context, &versions, &latest, &form, Some(preview), StatusCode::OK))
        }
        _ => {
            if !keep(&context, &template).await? {
                form.wrong("valid_from", "letters.template.from.used");
                return Ok(page(&context, &versions, &latest, &form, None, StatusCode::UNPROCESSABLE_ENTITY));
            }
            Ok(see_other(&format!("{}?tu={}#ban", context.href(&format!("{PATH}/{code}")), template.valid_from)))
        }
    }
}

/// Writes a version. Gives false where letters were made from the one it would replace: those must find theirs again.
async fn keep(context: &PageContext, template: &Template) -> Result<bool> {
    let by = context.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let mut tx = context.portal.db().write().await?;
    if store::is_used(&mut tx, &template.code, template.valid_from).await? {
        return Ok(false);
    }
    store::put_version(&mut tx, template, &by, context.now).await?;
    let deed = Deed::TemplateChanged { letter: template.code.clone() };
    record::actions::write(&mut tx, &context.portal, &context.actor, &keeper(context).unwrap_or_default(), &deed).await?;
    tx.commit().await?;
    Ok(true)
}

fn sample_sheet(context: &PageContext, template: &Template) -> Result<Sheet> {
    // A commune: most letters are written there.
    let commune = context.directory.bodies().find(|body| body.kind == "commune_committee").map(|body| body.id.clone());
    let office = office(&context.directory, &commune.or_else(|| keeper(context)).unwrap_or_default(), None);
    let mut values = sample(template.reader(), &office, context.today);
    if !template.next_right_rule.is_empty() {
        values = values.with_next_right(context.today + chrono::Days::new(30), "30 ngày");
    }
    let text = values.prefill(&template.text()).map_err(AppError::internal)?;
    compose(template, &office, &text, &values, None, context.today).map_err(AppError::internal)
}

async fn sample_pdf(context: &PageContext, template: &Template) -> Result<Response> {
    let sheet = sample_sheet(context, template)?;
    let bytes = tokio::task::spawn_blocking(move || pdf::pdf(&sheet)).await.map_err(AppError::internal)??;
    attachment(bytes, "application/pdf", "mau-van-ban.pdf")
}

fn page(context: &PageContext, versions: &[Version], shown: &Template, form: &FormState, preview: Option<Sheet>, status: StatusCode) -> Response {
    let lang = context.lang;
    let page = Page::new(context, Section::LetterTemplates, shown.name.clone()).main_class("wrap wide page stack-l").status(status);
    let is_preview = preview.is_some();
    let sheet = preview.or_else(|| sample_sheet(context, shown).ok());
    let pdf = format!("{}?tu={}&dang=pdf", context.href(&format!("{PATH}/{}", shown.code)), shown.valid_from);
    let edits = may_change(context);
    page.render(|| {
        let head = if is_preview { "letters.template.preview" } else { "letters.template.sample" };
        view! {
            <div class="stack-s">
                <a class="back" href=context.href(PATH)>{icon(Icon::Back)}{lang.t("letters.templates.title")}</a>
                <h1 class="title-s">{shown.name.clone()}</h1>
                <p class="small muted">{lang.f("letters.template.facts", &[("to", lang.t(shown.addressee.key())), ("source", &shown.source)])}</p>
            </div>
            {error_summary(lang, form)}
            <section class="stack" id="ban">
                <h2 class="title-s">{lang.t(head)}</h2>
                {(!is_preview).then(|| view! { <p class="small muted">{lang.f("letters.template.from_day", &[("day", &lang.day_long(shown.valid_from))])}</p> })}
                {sheet.map(|sheet| html::letter(&sheet))}
                {(!is_preview).then(|| view! { <p><a class="btn btn-s" href=pdf>{icon(Icon::Download)}{lang.t("letters.pdf")}</a></p> })}
            </section>
            {if edits { editor(context, shown, form) } else { view! { <p class="notice info">{lang.t("letters.template.only_look")}</p> }.into_any() }}
            {history(context, versions)}
        }
        .into_any()
    })
}

fn editor(context: &PageContext, shown: &Template, form: &FormState) -> AnyView {
    let lang = context.lang;
    let look = |label: &'static str, hint: Option<&'static str>| FieldLook { label, hint, ..FieldLook::default() };
    let rules = crate::deadlines::telling::codes(context.directory.deadline_rules());
    let rules = rules.into_iter().map(|code| (code.to_owned(), rule_words(context, code))).collect();
    view! {
        <form method="post" action=context.href(&format!("{PATH}/{}", shown.code)) class="card stack" id="sua">
            <h2 class="title-s">{lang.t("letters.template.edit")}</h2>
            <p class="small">{lang.t("letters.template.effect")}</p>
            {text_field(lang, form, "valid_from", FieldLook { kind: "date", class: "field-s", ..look("letters.template.from.label", Some("letters.template.from.hint")) })}
            {text_field(lang, form, "name", look("letters.template.name", None))}
            {text_field(lang, form, "symbol", FieldLook { class: "field-s", ..look("letters.template.symbol.label", Some("letters.template.symbol.hint")) })}
            {text_field(lang, form, "title", look("letters.template.title.label", Some("letters.template.title.hint")))}
            {text_field(lang, form, "about", look("letters.template.about", None))}
            {text_area(lang, form, "opens", 3, look("letters.template.opens", Some("letters.template.lines")))}
            {text_area(lang, form, "bases", 4, look("letters.template.bases", Some("letters.template.lines")))}
            {text_area(lang, form, "body", 16, look("letters.template.body.label", Some("letters.template.body.hint")))}
            {text_area(lang, form, "recipients", 3, look("letters.template.recipients", Some("letters.template.lines")))}
            {text_area(lang, form, "next_right", 4, look("letters.template.right.label", Some("letters.template.right.hint")))}
            {select_field(lang, form, "next_right_rule", rules, "letters.template.rule.none", look("letters.template.rule.label", Some("letters.template.rule.hint")))}
            {text_field(lang, form, "source", look("letters.template.source.label", None))}
            {places(lang, shown)}
            <div class="row">
                <button class="btn" name="action" value="preview">{lang.t("letters.template.try")}</button>
                <button class="btn" name="action" value="pdf">{lang.t("letters.template.try_pdf")}</button>
                <button class="btn btn-main" name="action" value="save">{lang.t("letters.template.save")}</button>
            </div>
        </form>
    }
    .into_any()
}

fn rule_words(context: &PageContext, code: &str) -> String {
    let rule = context.directory.deadline_rules().iter().find(|rule| rule.code == code);
    rule.map_or_else(|| code.to_owned(), |rule| format!("{code}: {}", crate::deadlines::telling::name(context.lang, rule)))
}

/// The places this template may use, and those its reader must not be told.
fn places(lang: Lang, template: &Template) -> AnyView {
    let reader = template.reader();
    let names = |may: bool| Place::ALL.into_iter().filter(|place| place.may_reach(reader) == may).map(|place| place.to_string()).collect::<Vec<_>>().join(" ");
    let forbidden = names(false);
    let forbidden =
        (!forbidden.is_empty()).then(|| view! { <p class="small">{lang.t("letters.template.places.forbidden")}" "<span class="break">{forbidden}</span></p> });
    view! {
        <details class="more">
            <summary>{lang.t("letters.template.places")}</summary>
            <p class="small break">{names(true)}</p>
            {forbidden}
            <p class="small muted">{lang.t("letters.template.markup")}</p>
        </details>
    }
    .into_any()
}

fn history(context: &PageContext, versions: &[Version]) -> AnyView {
    let lang = context.lang;
    let items: Vec<_> = versions
        .iter()
        .map(|version| {
            let day = version.template.valid_from;
            let href = format!("{}?tu={day}#ban", context.href(&format!("{PATH}/{}", version.template.code)));
            let who = match (&version.changed_by_name, version.changed_at) {
                (Some(who), Some(at)) => lang.f("letters.template.changed", &[("who", who), ("time", &lang.time(at))]),
                _ => lang.t("letters.template.shipped").to_owned(),
            };
            view! { <li><a href=href>{lang.f("letters.template.from_day", &[("day", &lang.day_long(day))])}</a><p class="small muted">{who}</p></li> }
        })
        .collect();
    view! { <section class="stack-s"><h2 class="title-s">{lang.t("letters.template.versions")}</h2><ul class="rule-list">{items}</ul></section> }.into_any()
}
