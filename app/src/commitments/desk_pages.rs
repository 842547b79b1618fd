//! `/can-bo/loi-hua`: the commitments of an authority, and one of them with everything an official can do about it.

use super::actions::seen;
use super::desk_steps::steps;
use super::one_page::{Whole, facts, load, proof, sentence, shown, timeline};
use super::rules::Commitment;
use super::store;
use super::store::voices::{Voice, with_words};
use super::store::{ended_of_body, open_of_body};
use super::view::{self, SOON_DAYS, badge, is_disputed, said_words};
use crate::accounts::session::take_flash;
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::papers::serve::{Size, respond_scanned};
use crate::permissions::{Action, check};
use crate::petitions::actions::Act;
use crate::ui::{Icon, Page, PageContext, Section, error_summary, flash_line, icon};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{Days, NaiveDate};
use leptos::prelude::*;
use tower_sessions::Session;

/// The page's address.
pub const PATH: &str = "/can-bo/loi-hua";
/// Commitments on a page.
const PAGE_LENGTH: i64 = 30;
/// Sentences that wait, on one page.
const WAITING_MAX: i64 = 50;
/// The most that are counted for the heads of the lists.
const COUNTED_MAX: i64 = 1_000;
/// Longest reason, longest explanation, in characters.
pub(super) const REASON_CHARS_MAX: usize = 500;
/// The field with the version the page showed.
pub(super) const VERSION: &str = "version";

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tab {
    Late,
    Soon,
    Open,
    Done,
    Dropped,
}

impl Tab {
    const ALL: [Self; 5] = [Self::Late, Self::Soon, Self::Open, Self::Done, Self::Dropped];

    fn slug(self) -> &'static str {
        match self {
            Self::Late => "qua-han",
            Self::Soon => "sap-den",
            Self::Open => "dang-lam",
            Self::Done => "da-lam",
            Self::Dropped => "khong-lam-nua",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Late => "commitments.standing.late",
            Self::Soon => "commitments.desk.soon",
            Self::Open => "commitments.desk.later",
            Self::Done => "commitments.standing.done",
            Self::Dropped => "commitments.standing.dropped",
        }
    }

    /// The days of an open list: from, and before.
    fn days(self, today: NaiveDate) -> (NaiveDate, NaiveDate) {
        let soon = today + Days::new(u64::try_from(SOON_DAYS).unwrap_or(0) + 1);
        match self {
            Self::Late => (NaiveDate::MIN, today),
            Self::Soon => (today, soon),
            _ => (soon, NaiveDate::MAX),
        }
    }
}

fn body_id(context: &PageContext) -> Result<String> {
    let official = context.actor.official().ok_or(AppError::SignInNeeded)?;
    let body_id = official.body_id().ok_or(AppError::NotFound)?;
    check(&context.actor, Action::SeeCommitments(body_id))?;
    Ok(body_id.to_owned())
}

/// The first and last day that both databases can hold.
fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or(NaiveDate::MIN)
}

fn last_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX)
}

/// Where the next page begins, in an address: a day and an id.
fn place(text: &str) -> Option<(NaiveDate, String)> {
    let (day, id) = text.split_once('.')?;
    Some((day.parse().ok()?, id.to_owned()))
}

async fn rows(tx: &mut Tx, body_id: &str, tab: Tab, after: Option<(NaiveDate, String)>, today: NaiveDate) -> Result<Vec<Commitment>> {
    match tab {
        Tab::Done => ended_of_body(tx, body_id, "done", &after.unwrap_or((last_day(), String::new())), PAGE_LENGTH).await,
        Tab::Dropped => ended_of_body(tx, body_id, "dropped", &after.unwrap_or((last_day(), String::new())), PAGE_LENGTH).await,
        _ => {
            let (from, before) = tab.days(today);
            let begin = (from.max(first_day()), String::new());
            let rows = open_of_body(tx, body_id, &after.unwrap_or(begin), PAGE_LENGTH).await?;
            Ok(rows.into_iter().filter(|row| row.day < before).collect())
        }
    }
}

/// How many open ones are late, and how many are due within a week.
pub(super) async fn late_and_soon(tx: &mut Tx, body_id: &str, today: NaiveDate) -> Result<(i64, i64)> {
    let late = store::due_before(tx, body_id, today, COUNTED_MAX).await?;
    let soon = store::due_before(tx, body_id, Tab::Soon.days(today).1, COUNTED_MAX).await? - late;
    Ok((late, soon))
}

/// Promises that are late or due soon, on the leader's page.
pub fn lead_line(context: &PageContext, (late, soon): (i64, i64)) -> AnyView {
    let lang = context.lang;
    let link = |n: i64, tab: Tab, class: &'static str| {
        let href = format!("{}?xem={}", lang.href(PATH), tab.slug());
        view! { <a class=class href=href>{lang.t(tab.key())}": "{lang.number(n)}</a> }
    };
    view! {
        <section class="stack-s">
            <h2 class="title-s">{lang.t("commitments.title")}</h2>
            <p class="row num">{link(late, Tab::Late, if late > 0 { "clock late" } else { "clock plain" })}{link(soon, Tab::Soon, if soon > 0 { "clock soon" } else { "clock plain" })}</p>
        </section>
    }
    .into_any()
}

/// `GET /can-bo/loi-hua`
///
/// # Errors
/// [`AppError::NotFound`] for whoever handles nothing.
pub async fn list(context: PageContext, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let body_id = body_id(&context)?;
    let value = |wanted: &str| pairs.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let today = context.today;
    let mut tx = context.portal.db().read().await?;
    let (late, soon) = late_and_soon(&mut tx, &body_id, today).await?;
    let asked = value("xem").and_then(|slug| Tab::ALL.into_iter().find(|tab| tab.slug() == slug));
    let tab = asked.unwrap_or(if late > 0 {
        Tab::Late
    } else if soon > 0 {
        Tab::Soon
    } else {
        Tab::Open
    });
    let found = rows(&mut tx, &body_id, tab, value("sau").and_then(place), today).await?;
    let next = (i64::try_from(found.len()).unwrap_or(0) == PAGE_LENGTH).then(|| found.last().map(|row| format!("{}.{}", row.day, row.id))).flatten();
    let listed = view::load(&mut tx, found).await?;
    drop(tx);
    let lang = context.lang;
    let title = lang.t("commitments.desk.title");
    let tabs: Vec<_> = Tab::ALL
        .into_iter()
        .map(|one| {
            let n = match one {
                Tab::Late => Some(late),
                Tab::Soon => Some(soon),
                _ => None,
            };
            let n = n.map(|n| view! { " " <span class="count">{lang.number(n)}</span> });
            let href = format!("{}?xem={}", lang.href(PATH), one.slug());
            view! { <a class="chip" class:on=one == tab href=href aria-current=(one == tab).then_some("true")>{lang.t(one.key())}{n}</a> }
        })
        .collect();
    Ok(Page::new(&context, Section::Commitments, title).main_class("wrap wide page stack-l left-numbers").render(|| {
        let rows: Vec<_> = listed.iter().map(|row| table_row(&context, row)).collect();
        let heads = ["commitments.desk.promise", "commitments.owner", "commitments.day", "commitments.desk.state", "commitments.people"];
        let body = if rows.is_empty() {
            view! { <p class="notice info">{lang.t("commitments.desk.none")}</p> }.into_any()
        } else {
            crate::ui::table(lang, "commitments.desk.title", &heads, rows)
        };
        view! {
            <div class="stack-s">
                <h1 class="title-s">{title}</h1>
                <p class="small muted">{lang.f("commitments.desk.lead", &[("agency", context.directory.agency_name(&body_id))])}</p>
                <div class="chips">{tabs}</div>
            </div>
            {body}
            {next.map(|next| view! { <nav class="pager" aria-label=lang.t("register.pages")><a class="btn btn-s push" rel="next" href=format!("{}?xem={}&sau={next}", lang.href(PATH), tab.slug())>{lang.t("register.next")}{icon(Icon::Next)}</a></nav> })}
        }
        .into_any()
    }))
}

fn table_row(context: &PageContext, listed: &view::Listed) -> AnyView {
    let (lang, commitment) = (context.lang, &listed.commitment);
    let hidden = (!commitment.is_public).then(|| view! { " " <span class="tag">{lang.t("commitments.desk.not_public")}</span> });
    let disputed = is_disputed(commitment, &listed.sums).then(|| view! { " " <span class="tag late">{lang.t("commitments.disputed")}</span> });
    view! {
        <tr>
            <th scope="row"><a href=lang.href(&format!("{PATH}/{}", commitment.id))>{commitment.text.clone()}</a>{hidden}</th>
            <td data-label=lang.t("commitments.owner")>{view::owner_name(&context.directory, &commitment.owner_id)}</td>
            <td class="moved" data-label=lang.t("commitments.day")>{view::days(lang, commitment, &listed.moves)}</td>
            <td class="nowrap" data-label=lang.t("commitments.desk.state")>{badge(lang, commitment, context.today)}</td>
            <td data-label=lang.t("commitments.people")>{said_words(lang, &listed.sums).unwrap_or_else(|| lang.t("commitments.desk.nobody").to_owned())}{disputed}</td>
        </tr>
    }
    .into_any()
}

/// What the desk's page of one needs.
pub(super) struct Desk {
    pub whole: Whole,
    waiting: Vec<Voice>,
}

/// Loads it, for whoever may see it.
pub(super) async fn load_desk(context: &PageContext, id: &str) -> Result<Desk> {
    let mut tx = context.portal.db().read().await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    let commitment = seen(&mut act, id).await?;
    let waiting = with_words(&mut tx, id, "waiting", WAITING_MAX).await?;
    Ok(Desk { whole: load(&mut tx, commitment).await?, waiting })
}

/// `GET /can-bo/loi-hua/{id}`
///
/// # Errors
/// [`AppError::NotFound`] for a commitment of another authority.
pub async fn one(context: PageContext, session: Session, Path(id): Path<String>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let desk = load_desk(&context, &id).await?;
    let flash = take_flash(&session).await?.filter(|flash| flash == super::desk_forms::SAVED);
    Ok(page(&context, &desk, &FormState::default(), flash.map(|_| "commitments.desk.saved"), StatusCode::OK))
}

/// `GET /can-bo/loi-hua/{id}/anh/{paper}`: a photo or paper of the evidence, of a commitment that is not public too.
///
/// # Errors
/// [`AppError::NotFound`] for what is not there or may not be seen.
pub async fn paper(context: PageContext, Path((id, paper_id)): Path<(String, String)>) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let commitment = seen(&mut Act { tx: &mut tx, portal: &context.portal, actor: &context.actor }, &id).await?;
    let paper = store::evidence::paper(&mut tx, &commitment.id, &paper_id).await?.ok_or(AppError::NotFound)?;
    drop(tx);
    respond_scanned(&context, &paper.paper, Size::asked(&context.query)).await
}

/// The page of one. `notice` is a sentence about what was just done, or about why not.
pub(super) fn page(context: &PageContext, desk: &Desk, form: &FormState, notice: Option<&'static str>, status: StatusCode) -> Response {
    let (lang, whole) = (context.lang, &desk.whole);
    let commitment = &whole.commitment;
    Page::new(context, Section::Commitments, commitment.text.clone()).status(status).main_class("wrap wide page stack-l").render(|| {
        let id = commitment.id.clone();
        let public = match commitment.path() {
            Some(path) => view! { <a href=lang.href(&path)>{lang.t("commitments.desk.public_page")}</a> }.into_any(),
            None => view! { <span class="tag">{lang.t("commitments.desk.not_public")}</span> }.into_any(),
        };
        view! {
            <div class="stack">
                <a class="back" href=lang.href(PATH)>{icon(Icon::Back)}{lang.t("commitments.desk.title")}</a>
                {notice.map(|key| if status == StatusCode::OK { flash_line(lang.t(key).to_owned()) } else { stale(lang.t(key)) })}
                {error_summary(lang, form)}
                <h1 class="title-s">{commitment.text.clone()}</h1>
                <p class="row">{badge(lang, commitment, context.today)}{public}</p>
                {facts(context, whole)}
            </div>
            <div class="two">
                <div class="stack-l">
                    <section class="stack-s" aria-label=lang.t("commitments.desk.steps")>{steps(context, commitment, form)}</section>
                    {shown(lang, whole, &|paper| format!("{PATH}/{id}/anh/{}", paper.id))}
                </div>
                <div class="stack-l">
                    {people(context, desk)}
                    <section class="stack"><h2 class="title-s">{lang.t("commitments.timeline")}</h2>{timeline(context, whole)}</section>
                </div>
            </div>
        }
        .into_any()
    })
}

fn stale(words: &'static str) -> AnyView {
    view! { <div class="flash bad" role="alert">{icon(Icon::Warning)}<p>{words}</p></div> }.into_any()
}

/// What the people concerned say; sentences that wait can be let out or kept in.
fn people(context: &PageContext, desk: &Desk) -> AnyView {
    let (lang, commitment) = (context.lang, &desk.whole.commitment);
    let may_release = check(&context.actor, Action::ReleaseVoice(commitment)).is_ok();
    let said = match said_words(lang, &desk.whole.sums) {
        Some(words) => view! { <p class="num"><b>{words}</b></p>{proof(lang, &desk.whole.sums)} }.into_any(),
        None => view! { <p class="muted">{lang.t("commitments.desk.nobody")}</p> }.into_any(),
    };
    let disputed = is_disputed(commitment, &desk.whole.sums)
        .then(|| view! { <p class="notice warn">{icon(Icon::Warning)}<span>{lang.t("commitments.desk.disputed")}</span></p> });
    let waiting: Vec<_> = desk
        .waiting
        .iter()
        .map(|voice| {
            let decision = may_release.then(|| decision_forms(context, commitment, voice));
            view! { {sentence(lang, voice)}{decision.map(|forms| view! { <li class="row">{forms}</li> })} }
        })
        .collect();
    let waiting = (!waiting.is_empty()).then(|| view! { <h3>{lang.t("commitments.desk.waiting")}</h3><p class="small muted">{lang.t("commitments.desk.waiting_hint")}</p><ul class="bare stack-s">{waiting}</ul> });
    let out: Vec<_> = desk.whole.words.iter().map(|voice| sentence(lang, voice)).collect();
    let out = (!out.is_empty()).then(|| view! { <h3>{lang.t("commitments.desk.released")}</h3><ul class="bare stack-s">{out}</ul> });
    view! { <section class="stack"><h2 class="title-s">{lang.t("commitments.people")}</h2>{said}{disputed}{waiting}{out}</section> }.into_any()
}

fn decision_forms(context: &PageContext, commitment: &Commitment, voice: &Voice) -> AnyView {
    let lang = context.lang;
    let button = |does: &'static str, key: &'static str| {
        view! {
            <form method="post" action=lang.href(&format!("{PATH}/{}/loi-dan", commitment.id))>
                <input type="hidden" name=VERSION value=commitment.version.to_string() />
                <input type="hidden" name="voice" value=voice.id.clone() />
                <input type="hidden" name="does" value=does />
                <button class="btn btn-s">{lang.t(key)}</button>
            </form>
        }
    };
    view! { {button("release", "commitments.desk.release")}{button("withhold", "commitments.desk.withhold")} }.into_any()
}
