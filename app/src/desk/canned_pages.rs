//! `/can-bo/cau-mau`: an authority's ready-made answers, how often each was used, and how what was made with it was rated.

use super::placeholders::{PLACES, unknown};
use super::store::canned::{self, CANNED_MAX, Canned, Figures};
use crate::accounts::keep_form_and_sign_in;
use crate::accounts::session::{leave_flash, take_flash};
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::ui::fields::FieldLook;
use crate::ui::{Page, PageContext, Section, check_box, error_summary, see_other, table, text_area, text_field};
use crate::words::Lang;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use std::collections::HashMap;
use tower_sessions::Session;

/// The page's address.
pub const PATH: &str = "/can-bo/cau-mau";
/// Longest name, in characters.
const NAME_CHARS_MAX: usize = 80;
/// Longest text, in characters: about two printed pages.
const BODY_CHARS_MAX: usize = 4_000;
/// The sentence after one was saved.
const SAVED: &str = "canned_saved";

/// One with its figures.
struct Shown {
    canned: Canned,
    figures: Figures,
    ratings: (i64, i64, i64),
}

fn body_id(context: &PageContext) -> Result<String> {
    let official = context.actor.official().ok_or(AppError::SignInNeeded)?;
    official.body_id().map(str::to_owned).ok_or(AppError::NotFound)
}

/// `GET /can-bo/cau-mau`
pub async fn show(context: PageContext, session: Session, Query(query): Query<HashMap<String, String>>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let body_id = body_id(&context)?;
    check(&context.actor, Action::SeeDeskWords(&body_id))?;
    let mut form = FormState::default();
    form.set("is_active", "1");
    if let Some(id) = query.get("mau") {
        let canned = canned::by_id(&mut context.portal.db().look().await?, &body_id, id).await?.ok_or(AppError::NotFound)?;
        form = FormState::default();
        form.set("id", canned.id);
        form.set("canned_name", canned.name);
        form.set("canned_body", canned.body);
        if canned.is_active {
            form.set("is_active", "1");
        }
    }
    let flash = take_flash(&session).await?.filter(|flash| flash == SAVED).map(|_| context.lang.t("day.canned.saved").to_owned());
    page(&context, &body_id, &form, flash, StatusCode::OK).await
}

/// `POST /can-bo/cau-mau`: a new one, or one changed.
pub async fn save(context: PageContext, session: Session, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let body_id = body_id(&context)?;
    check(&context.actor, Action::ManageDeskWords(&body_id))?;
    let name = form.required("canned_name", "day.canned.name_missing", NAME_CHARS_MAX);
    let body = form.required("canned_body", "day.canned.body_missing", BODY_CHARS_MAX);
    let strange = unknown(&body);
    if !strange.is_empty() {
        let names = strange.iter().map(|name| format!("{{{name}}}")).collect::<Vec<_>>().join(", ");
        form.wrong_with("canned_body", "day.canned.unknown_place", vec![("places", names)]);
    }
    if !form.is_valid() {
        return page(&context, &body_id, &form, None, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let by = context.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let id = form.value("id").to_owned();
    let mut tx = context.portal.db().write().await?;
    let mut canned = Canned { id, name, body, is_active: form.is_ticked("is_active"), changed_at: context.now };
    if canned.id.is_empty() {
        let all = canned::of_body(&mut tx, &body_id).await?;
        // The same form sent twice is one answer.
        let is_there = all.iter().any(|known| (&known.name, &known.body) == (&canned.name, &canned.body));
        if i64::try_from(all.len()).unwrap_or(i64::MAX) >= CANNED_MAX {
            drop(tx);
            form.wrong("canned_name", "day.canned.too_many");
            return page(&context, &body_id, &form, None, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        if !is_there {
            canned.id = context.portal.new_id();
            canned::insert(&mut tx, &canned, &body_id, &by).await?;
        }
    } else if !canned::update(&mut tx, &canned, &body_id, &by).await? {
        return Err(AppError::NotFound);
    }
    tx.commit().await?;
    leave_flash(&session, SAVED).await?;
    Ok(see_other(&context.href(PATH)))
}

async fn page(context: &PageContext, body_id: &str, form: &FormState, flash: Option<String>, status: StatusCode) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let mut shown = Vec::new();
    for canned in canned::of_body(&mut tx, body_id).await? {
        let figures = canned::figures(&mut tx, &canned.id).await?;
        let ratings = canned::ratings(&mut tx, &canned.id).await?;
        shown.push(Shown { canned, figures, ratings });
    }
    drop(tx);
    let may_change = check(&context.actor, Action::ManageDeskWords(body_id)).is_ok();
    let lang = context.lang;
    let page = Page::new(context, Section::Canned, lang.t("day.canned.title")).main_class("wrap wide page stack-l left-numbers").status(status);
    Ok(page.render(|| {
        view! {
            <div class="stack-s">
                {flash.map(crate::ui::flash_line)}
                <h1 class="title-s">{lang.t("day.canned.title")}</h1>
                <p class="small muted">{lang.t("day.canned.lead")}</p>
            </div>
            {error_summary(lang, form)}
            {list(lang, &shown, may_change)}
            {may_change.then(|| editor(lang, form))}
        }
        .into_any()
    }))
}

fn list(lang: Lang, shown: &[Shown], may_change: bool) -> AnyView {
    if shown.is_empty() {
        return view! { <p class="notice info">{lang.t("day.canned.none")}</p> }.into_any();
    }
    let rows: Vec<_> = shown.iter().map(|row| table_row(lang, row, may_change)).collect();
    table(lang, "day.canned.title", &["day.canned.name", "day.canned.body", "day.canned.uses", "day.canned.last", "day.canned.rated"], rows)
}

fn table_row(lang: Lang, row: &Shown, may_change: bool) -> AnyView {
    let canned = &row.canned;
    let name = if may_change {
        view! { <a href=format!("{}?mau={}#sua", lang.href(PATH), canned.id)>{canned.name.clone()}</a> }.into_any()
    } else {
        canned.name.clone().into_any()
    };
    let off = (!canned.is_active).then(|| view! { " " <span class="tag">{lang.t("day.canned.off")}</span> });
    let last = row.figures.last_at.map_or_else(|| lang.t("day.canned.never").to_owned(), |at| lang.day_short(crate::clock::day(at)));
    view! {
        <tr>
            <th scope="row">{name}{off}</th>
            <td data-label=lang.t("day.canned.body")>{crate::text::excerpt(&canned.body, 120)}</td>
            <td class="num" data-label=lang.t("day.canned.uses")>{lang.number(row.figures.uses)}</td>
            <td class="num" data-label=lang.t("day.canned.last")>{last}</td>
            <td class="num" data-label=lang.t("day.canned.rated")>{rated_words(lang, row.ratings)}</td>
        </tr>
    }
    .into_any()
}

/// "Tốt 3/4 đánh giá (12 trả lời)": never a share without its counts, and none of nothing.
fn rated_words(lang: Lang, (answers, rated, good): (i64, i64, i64)) -> String {
    if rated == 0 {
        return lang.f("day.canned.not_rated", &[("answers", &lang.number(answers))]);
    }
    lang.f("day.canned.rated_good", &[("good", &lang.number(good)), ("rated", &lang.number(rated)), ("answers", &lang.number(answers))])
}

fn editor(lang: Lang, form: &FormState) -> AnyView {
    let is_new = form.value("id").is_empty();
    let places: Vec<_> = PLACES.iter().map(|(name, key)| view! { <div><dt><code>{format!("{{{name}}}")}</code></dt><dd>{lang.t(key)}</dd></div> }).collect();
    let body = FieldLook { label: "day.canned.body", chars_max: Some(BODY_CHARS_MAX), ..FieldLook::default() };
    view! {
        <form method="post" action=lang.href(PATH) class="card stack" id="sua">
            <h2 class="title-s">{lang.t(if is_new { "day.canned.new" } else { "day.canned.edit" })}</h2>
            {(!is_new).then(|| view! { <input type="hidden" name="id" value=form.value("id").to_owned() /> })}
            {text_field(lang, form, "canned_name", FieldLook { label: "day.canned.name", hint: Some("day.canned.name_hint"), ..FieldLook::default() })}
            {text_area(lang, form, "canned_body", 8, body)}
            <details class="more" open=true>
                <summary>{lang.t("day.canned.places")}</summary>
                <dl class="place-list">{places}</dl>
                <p class="small muted">{lang.t("day.canned.places_hint")}</p>
            </details>
            {check_box(form, "is_active", lang.t("day.canned.active"), lang.t("day.canned.active_hint"))}
            <p class="row">
                <button class="btn btn-s btn-main">{lang.t("day.canned.save")}</button>
                {(!is_new).then(|| view! { <a class="btn btn-s" href=lang.href(PATH)>{lang.t("day.canned.cancel")}</a> })}
            </p>
        </form>
    }
    .into_any()
}
