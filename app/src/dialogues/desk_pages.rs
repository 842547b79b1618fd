//! `/can-bo/doi-thoai`: an authority's year of dialogues, its plan, and one dialogue with everything that can be done next.

use super::desk_deeds::deeds;
use super::desk_views as views;
use super::plan::{Minimum, Year, minimum};
use super::rules::{Dialogue, Event, Law};
use super::store::{self, Planned};
use super::{DESK, desk_path, forms, papers, promises};
use crate::accounts::session::take_flash;
use crate::commitments::view::Listed;
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::ui::{Page, PageContext, Section, error_summary};
use crate::words::Lang;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use leptos::prelude::*;
use std::collections::HashMap;
use std::ops::RangeInclusive;
use tower_sessions::Session;

/// Dialogues of one authority in a year on a page; an authority has a few.
const DIALOGUES_MAX: i64 = 200;
/// Lines of a plan.
pub(super) const PLAN_LINES_MAX: usize = 40;
/// How many years back and ahead the pages go.
const YEARS_AROUND: i32 = 2;

/// Everything the officials' page of one dialogue shows.
pub(super) struct OneView<'a> {
    pub context: &'a PageContext,
    pub dialogue: &'a Dialogue,
    pub form: &'a FormState,
    pub events: Vec<(DateTime<Utc>, Option<String>, Event)>,
    pub heads: Vec<(String, String, NaiveDate)>,
    pub may_prepare: bool,
    pub may_announce: bool,
    /// What was promised there.
    pub promises: Vec<Listed>,
    /// The id of the promise the page's form would make.
    pub once: String,
    pub latest_notice: Option<NaiveDate>,
    pub result_due: Option<NaiveDate>,
}

/// Everything the officials' page of a year shows.
pub(super) struct YearView<'a> {
    pub context: &'a PageContext,
    pub form: &'a FormState,
    pub year: i32,
    pub dialogues: Vec<Dialogue>,
    pub figures: Year,
    pub minimum: Option<Minimum>,
    pub plan: Vec<Planned>,
    pub may_prepare: bool,
}

/// The years the pages know.
pub(super) fn years(today: NaiveDate) -> RangeInclusive<i32> {
    today.year() - YEARS_AROUND..=today.year() + YEARS_AROUND
}

/// The authority whose dialogues an official sees.
pub(super) fn body_id(context: &PageContext) -> Result<String> {
    let official = context.actor.official().ok_or(AppError::SignInNeeded)?;
    let body_id = official.body_id().ok_or(AppError::NotFound)?.to_owned();
    check(&context.actor, Action::SeeDialogues(&body_id))?;
    Ok(body_id)
}

/// A dialogue as far as whoever asks may see it at the desk.
///
/// # Errors
/// [`AppError::NotFound`] both where there is none and where it may not be seen.
pub(super) async fn seen(tx: &mut Tx, context: &PageContext, id: &str) -> Result<Dialogue> {
    let dialogue = store::by_id(tx, id).await?.ok_or(AppError::NotFound)?;
    check(&context.actor, Action::SeeDialogues(&dialogue.body_id))?;
    Ok(dialogue)
}

/// The sentence an earlier request left.
fn flash_words(lang: Lang, flash: &str) -> Option<&'static str> {
    Some(lang.t(match flash {
        "dialogue_drafted" => "dialogues.flash.drafted",
        "dialogue_changed" => "dialogues.flash.changed",
        "dialogue_timed" => "dialogues.flash.timed",
        "dialogue_announced" => "dialogues.flash.announced",
        "dialogue_postponed" => "dialogues.flash.postponed",
        "dialogue_cancelled" => "dialogues.flash.cancelled",
        "dialogue_held" => "dialogues.flash.held",
        "dialogue_published" => "dialogues.flash.published",
        "dialogue_promise" => "dialogues.flash.promise",
        "dialogue_plan" => "dialogues.flash.plan",
        "dialogue_seats" => "attendance.flash.set",
        "dialogue_picture" => "dialogues.flash.picture",
        "dialogue_picture_out" => "dialogues.flash.picture_out",
        _ => return None,
    }))
}

async fn flash(context: &PageContext, session: &Session) -> Result<Option<&'static str>> {
    Ok(take_flash(session).await?.and_then(|flash| flash_words(context.lang, &flash)))
}

/// `GET /can-bo/doi-thoai`
pub(super) async fn show(context: PageContext, session: Session, Query(query): Query<HashMap<String, String>>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let body_id = body_id(&context)?;
    let asked = query.get("nam").and_then(|year| year.parse().ok());
    let year = asked.filter(|year| years(context.today).contains(year)).unwrap_or(context.today.year());
    let flash = flash(&context, &session).await?;
    all(&context, &body_id, year, &FormState::default(), flash, StatusCode::OK).await
}

/// The page of a year.
pub(super) async fn all(
    context: &PageContext,
    body_id: &str,
    year: i32,
    form: &FormState,
    flash: Option<&'static str>,
    status: StatusCode,
) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let dialogues = store::of_body(&mut tx, body_id, i64::from(year), DIALOGUES_MAX).await?;
    let plan = store::plan(&mut tx, body_id, i64::from(year)).await?;
    let minimums = store::minimums(&mut tx).await?;
    drop(tx);
    let kind = context.directory.agency(body_id).map(|agency| agency.kind.as_str()).unwrap_or_default();
    let view = YearView {
        context,
        form,
        year,
        figures: Year::of(&dialogues),
        minimum: minimum(&minimums, kind, year).cloned(),
        dialogues,
        plan,
        may_prepare: check(&context.actor, Action::PrepareDialogue(body_id)).is_ok(),
    };
    let lang = context.lang;
    let title = lang.f("dialogues.desk.title", &[("year", &year.to_string())]);
    let page = Page::new(context, Section::DeskDialogues, title.clone()).main_class("wrap wide page stack-l").status(status);
    Ok(page.render(|| {
        view! {
            <div class="stack-s">
                {flash.map(|words| crate::ui::flash_line(words.to_owned()))}
                <h1 class="title-s">{title.clone()}</h1>
                <p class="small muted">{context.directory.agency_name(body_id).to_owned()}</p>
                {views::year_links(context, year, DESK)}
            </div>
            {error_summary(lang, form)}
            {views::standing(&view)}
            {views::list(&view)}
            {views::plan(&view)}
        }
        .into_any()
    }))
}

/// `GET /can-bo/doi-thoai/moi`
pub(super) async fn new(context: PageContext, Query(query): Query<HashMap<String, String>>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let body_id = body_id(&context)?;
    check(&context.actor, Action::PrepareDialogue(&body_id))?;
    let mut form = FormState::default();
    form.set("once", context.portal.new_id());
    let body = context.directory.agency(&body_id);
    form.set("area", body.map(|body| body.area_code.clone()).unwrap_or_default());
    if let Some(body) = body {
        form.set("head_post", context.lang.f("dialogues.head_post.of", &[("agency", &body.short_name)]));
    }
    let (from, to) = ("08:00", "11:00");
    form.set("from", from);
    form.set("to", to);
    if let Some(id) = query.get("ke-hoach") {
        let planned = store::planned(&mut context.portal.db().look().await?, &body_id, id).await?.ok_or(AppError::NotFound)?;
        form.set("planned", planned.id);
        form.set("title", planned.topic);
        form.set("place", planned.place);
    }
    Ok(editor_page(&context, &body_id, &form, StatusCode::OK))
}

/// The page on which a dialogue is drafted.
pub(super) fn editor_page(context: &PageContext, body_id: &str, form: &FormState, status: StatusCode) -> Response {
    let lang = context.lang;
    Page::new(context, Section::DeskDialogues, lang.t("dialogues.new.title")).main_class("wrap page stack-l").status(status).render(|| {
        view! {
            <div class="stack-s">
                <p><a href=lang.href(DESK)>{lang.t("dialogues.desk.back")}</a></p>
                <h1 class="title-s">{lang.t("dialogues.new.title")}</h1>
                <p class="small muted">{context.directory.agency_name(body_id).to_owned()}</p>
            </div>
            {error_summary(lang, form)}
            <form method="post" action=lang.href("/can-bo/doi-thoai/moi") class="card stack" novalidate>
                <input type="hidden" name="once" value=form.value("once").to_owned() />
                <input type="hidden" name="planned" value=form.value("planned").to_owned() />
                {views::editor(context, form, true)}
                <button class="btn btn-main">{lang.t("dialogues.new.save")}</button>
            </form>
        }
        .into_any()
    })
}

/// `GET /can-bo/doi-thoai/{dialogue}`
pub(super) async fn show_one(context: PageContext, session: Session, Path(id): Path<String>, Query(query): Query<HashMap<String, String>>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let dialogue = seen(&mut context.portal.db().look().await?, &context, &id).await?;
    let mut form = FormState::default();
    let mut tx = context.portal.db().read().await?;
    super::attendance::propose(&mut tx, &mut form, &dialogue).await?;
    super::live::record::propose(&mut tx, &mut form, &dialogue, query.get("loi-hua").and_then(|number| number.parse().ok())).await?;
    drop(tx);
    let flash = flash(&context, &session).await?;
    one(&context, &dialogue, &form, flash, StatusCode::OK).await
}

/// The officials' page of one dialogue.
pub(super) async fn one(context: &PageContext, dialogue: &Dialogue, form: &FormState, flash: Option<&'static str>, status: StatusCode) -> Result<Response> {
    // What was sent has the fields of one form; the page's others begin as they are.
    let mut filled = form.clone();
    forms::fill(&mut filled, &dialogue.facts);
    let form = &filled;
    let mut tx = context.portal.db().read().await?;
    let events = store::events(&mut tx, &dialogue.id).await?;
    let day = dialogue.facts.day();
    let heads = store::heads_on(&mut tx, &dialogue.body_id, day).await?;
    let promises = promises::of(&mut tx, dialogue).await?;
    let attendance = super::attendance::settings::Part::load(&mut tx, dialogue).await?;
    let pictures = super::pictures::Part::load(&mut tx, dialogue, context.now).await?;
    let has_papers = papers::is_open(dialogue, &super::live::store::live(&mut tx, &dialogue.id).await?);
    drop(tx);
    let once = form.value("promise_once").to_owned();
    let law = Law { rules: context.directory.deadline_rules(), calendar: context.directory.calendar() };
    let view = OneView {
        context,
        dialogue,
        form,
        events,
        heads,
        promises,
        once: if once.is_empty() { context.portal.new_id() } else { once },
        may_prepare: check(&context.actor, Action::PrepareDialogue(&dialogue.body_id)).is_ok(),
        may_announce: check(&context.actor, Action::AnnounceDialogue(&dialogue.body_id)).is_ok(),
        latest_notice: law.latest_notice(day),
        result_due: law.result_due(day),
    };
    let lang = context.lang;
    let page = Page::new(context, Section::DeskDialogues, dialogue.facts.title.clone()).main_class("wrap wide page stack-l").status(status);
    Ok(page.render(|| {
        view! {
            <div class="stack-s">
                {flash.map(|words| crate::ui::flash_line(words.to_owned()))}
                <p><a href=format!("{}?nam={}", lang.href(DESK), day.year())>{lang.t("dialogues.desk.back")}</a></p>
                <h1 class="title-s">{dialogue.facts.title.clone()}</h1>
            </div>
            {error_summary(lang, form)}
            {views::next_step(&view)}
            {super::questions::desk_link(context, dialogue)}
            <div class="two">
                <div class="stack">{promises::desk(&view)}{deeds(&view)}{attendance.view(context, dialogue, form)}{has_papers.then(|| papers::links(context, dialogue))}{pictures.view(context, dialogue, form)}</div>
                <div class="stack">{views::facts(&view)}{views::history(&view)}</div>
            </div>
        }
        .into_any()
    }))
}

/// The form every deed of a dialogue is sent with.
pub(super) fn deed_form(view: &OneView<'_>, deed: &'static str, fields: AnyView, button: &'static str, class: &'static str) -> AnyView {
    let lang = view.context.lang;
    view! {
        <form method="post" action=lang.href(&desk_path(&view.dialogue.id)) class="stack" novalidate>
            <input type="hidden" name="version" value=view.dialogue.version.to_string() />
            <input type="hidden" name="deed" value=deed />
            {fields}
            <p><button class=class>{lang.t(button)}</button></p>
        </form>
    }
    .into_any()
}
