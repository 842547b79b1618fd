//! `/loi-hua/{number}`: one commitment: what, who, by when, every day before, what shows it, what the people concerned say.

use super::rules::{Commitment, Event, State};
use super::standing::Standing;
use super::store::evidence::{self, Evidence, Shown};
use super::store::voices::{Sums, Voice, sums, with_words};
use super::store::{self, Entry, NumberedHead};
use super::view::{badge, days, is_disputed, moves, owner_name, said_words};
use super::{PATH, following, voice_pages};
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::papers::described::{Described, gallery};
use crate::papers::serve::{Size, respond_scanned};
use crate::publishing::pages::agency_path;
use crate::ui::breadcrumbs;
use crate::ui::response::CachePolicy;
use crate::ui::{Icon, Page, PageContext, Section, icon};
use crate::words::Lang;
use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;

/// Pieces of evidence, photos and sentences on the page.
const SHOWN_MAX: i64 = 100;

/// Everything that belongs to a commitment.
pub(super) struct Whole {
    pub commitment: Commitment,
    pub head: Option<NumberedHead>,
    pub record: Vec<Entry>,
    pub evidence: Vec<Evidence>,
    pub papers: Vec<Shown>,
    pub sums: Sums,
    /// Sentences that may be read.
    pub words: Vec<Voice>,
}

/// Loads it.
pub(super) async fn load(tx: &mut Tx, commitment: Commitment) -> Result<Whole> {
    let id = commitment.id.as_str();
    Ok(Whole {
        head: store::head_by_id(tx, &commitment.head_id).await?,
        record: store::record(tx, id).await?,
        evidence: evidence::of(tx, id, SHOWN_MAX).await?,
        papers: evidence::papers_of(tx, id, SHOWN_MAX).await?,
        sums: sums(tx, id).await?,
        words: with_words(tx, id, "released", SHOWN_MAX).await?,
        commitment,
    })
}

/// `GET /loi-hua/{number}`
///
/// # Errors
/// [`AppError::NotFound`] for a commitment that is not public.
pub async fn one(context: PageContext, Path(number): Path<String>) -> Result<Response> {
    let number: i64 = number.parse().map_err(|_| AppError::NotFound)?;
    let mut tx = context.portal.db().read().await?;
    let commitment = store::by_number(&mut tx, number).await?.ok_or(AppError::NotFound)?;
    let whole = load(&mut tx, commitment).await?;
    drop(tx);
    let lang = context.lang;
    let commitment = &whole.commitment;
    let owner = owner_name(&context.directory, &commitment.owner_id);
    let (_, badge_words) = super::view::badge_words(lang, commitment, context.today);
    let description = lang.f("commitments.one.description", &[("owner", &owner), ("day", &lang.day_short(commitment.day)), ("state", &badge_words)]);
    let page = Page::new(&context, Section::Other, commitment.text.clone()).public(description).main_class("wrap wide page stack-l");
    Ok(page.render(|| {
        let disputed = is_disputed(commitment, &whole.sums).then(|| view! { <span class="tag late">{lang.t("commitments.disputed")}</span> });
        view! {
            <div class="stack">
                {breadcrumbs(lang, PATH, lang.t("commitments.title"), &lang.f("commitments.number", &[("n", &number.to_string())]))}
                <h1>{commitment.text.clone()}</h1>
                <p class="row">{badge(lang, commitment, context.today)}{disputed}</p>
                {facts(&context, &whole)}
            </div>
            <div class="with-side">
                <div class="stack-l">
                    {shown(lang, &whole, &|paper| format!("{PATH}/{number}/anh/{}", paper.id))}
                    {people(&context, &whole, number)}
                </div>
                <aside class="stack-l">
                    {follow(lang, number)}
                    <section class="stack"><h2>{lang.t("commitments.timeline")}</h2>{timeline(&context, &whole)}</section>
                </aside>
            </div>
            <p class="small muted">{lang.t("commitments.note")}</p>
        }
        .into_any()
    }))
}

/// `GET /loi-hua/{number}/anh/{paper}`: a photo or paper of the evidence; `?nho` asks for the small picture.
///
/// # Errors
/// [`AppError::NotFound`] for what does not belong to a public commitment.
pub async fn paper(context: PageContext, Path((number, id)): Path<(i64, String)>) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let commitment = store::by_number(&mut tx, number).await?.ok_or(AppError::NotFound)?;
    let paper = evidence::paper(&mut tx, &commitment.id, &id).await?.ok_or(AppError::NotFound)?;
    drop(tx);
    let mut response = respond_scanned(&context, &paper.paper, Size::asked(&context.query)).await?;
    response.extensions_mut().insert(CachePolicy::Public);
    Ok(response)
}

/// Who, in whose name, by which day, where from.
pub(super) fn facts(context: &PageContext, whole: &Whole) -> AnyView {
    let (lang, directory, commitment) = (context.lang, &context.directory, &whole.commitment);
    let agency_link = |id: &str| match directory.agency(id).and_then(|agency| directory.agency(&agency.body_id)) {
        Some(body) => view! { <a href=lang.href(&agency_path(body))>{owner_name(directory, id)}</a> }.into_any(),
        None => owner_name(directory, id).into_any(),
    };
    let co_owners: Vec<_> = commitment.co_owner_ids().map(|id| view! { <li>{agency_link(id)}</li> }).collect();
    let co_owners = (!co_owners.is_empty()).then(|| view! { <div><dt>{lang.t("commitments.co_owners")}</dt><dd><ul class="bare">{co_owners}</ul></dd></div> });
    let head = whole.head.as_ref().map(|head| view! { <div><dt>{lang.t("commitments.head")}</dt><dd>{head.words()}</dd></div> });
    let origin = match (commitment.origin_title.as_str(), commitment.origin_path.as_str()) {
        ("", _) => lang.t(commitment.origin.key()).into_any(),
        (title, "") => format!("{}: {title}", lang.t(commitment.origin.key())).into_any(),
        (title, path) => view! { {lang.t(commitment.origin.key())}": "<a href=lang.href(path)>{title.to_owned()}</a> }.into_any(),
    };
    let ended = commitment.ended_on.map(|day| {
        let key = if commitment.state == State::Done { "commitments.done_on" } else { "commitments.dropped_on" };
        view! { <div><dt>{lang.t(key)}</dt><dd class="num">{lang.day_short(day)}</dd></div> }
    });
    view! {
        <dl class="case-facts">
            <div><dt>{lang.t("commitments.owner")}</dt><dd>{agency_link(&commitment.owner_id)}</dd></div>
            {co_owners}
            {head}
            <div><dt>{lang.t("commitments.made_on")}</dt><dd class="num">{lang.day_short(commitment.made_on)}</dd></div>
            <div><dt>{lang.t("commitments.day")}</dt><dd class="moved">{days(lang, commitment, &moves(&whole.record))}</dd></div>
            {ended}
            <div><dt>{lang.t("commitments.origin")}</dt><dd>{origin}</dd></div>
        </dl>
    }
    .into_any()
}

/// The evidence with its photos and papers; `address` says where one is.
pub(super) fn shown(lang: Lang, whole: &Whole, address: &dyn Fn(&Described) -> String) -> AnyView {
    let pieces: Vec<_> = whole
        .evidence
        .iter()
        .map(|piece| {
            let of_piece: Vec<&Described> = whole.papers.iter().filter(|shown| shown.evidence_id == piece.id).map(|shown| &shown.paper).collect();
            view! {
                <li class="stack-s">
                    <p class="small muted num">{lang.day_short(crate::clock::day(piece.at))}</p>
                    {(!piece.text.is_empty()).then(|| view! { <p class="text">{piece.text.clone()}</p> })}
                    {gallery(lang, &of_piece, address)}
                </li>
            }
        })
        .collect();
    let body = if pieces.is_empty() {
        view! { <p class="muted">{lang.t("commitments.no_evidence")}</p> }.into_any()
    } else {
        view! { <ul class="bare stack">{pieces}</ul> }.into_any()
    };
    view! { <section class="stack"><h2>{lang.t("commitments.evidence")}</h2>{body}</section> }.into_any()
}

/// What the people concerned say, and the way to say something.
fn people(context: &PageContext, whole: &Whole, number: i64) -> AnyView {
    let (lang, commitment) = (context.lang, &whole.commitment);
    let takes = Standing::of(commitment, context.today).takes_voices();
    let words: Vec<_> = whole.words.iter().map(|voice| sentence(lang, voice)).collect();
    let said = match said_words(lang, &whole.sums) {
        Some(words) => view! { <p class="num"><b>{words}</b></p>{proof(lang, &whole.sums)} }.into_any(),
        None => view! { <p class="muted">{lang.t(if takes { "commitments.nobody_said" } else { "commitments.not_yet_asked" })}</p> }.into_any(),
    };
    let ways = takes.then(|| {
        let href = |value: &str| format!("{}?{}={value}", lang.href(&format!("{PATH}/{number}/{}", voice_pages::END)), voice_pages::SAYS);
        view! {
            <p class="row no-print">
                <a class="btn btn-s" rel="nofollow" href=href(voice_pages::IS_DONE)>{icon(Icon::Check)}{lang.t("commitments.say.done")}</a>
                <a class="btn btn-s" rel="nofollow" href=href(voice_pages::IS_NOT)>{icon(Icon::Close)}{lang.t("commitments.say.not")}</a>
            </p>
        }
    });
    view! {
        <section class="stack">
            <h2>{lang.t("commitments.people")}</h2>
            {said}
            {ways}
            {(!words.is_empty()).then(|| view! { <ul class="bare stack">{words}</ul> })}
        </section>
    }
    .into_any()
}

/// How well the sums are proven.
pub(super) fn proof(lang: Lang, sums: &Sums) -> AnyView {
    let all = sums.confirmed + sums.contradicted;
    let contact = sums.confirmed_contact + sums.contradicted_contact;
    view! { <p class="small muted num">{lang.f("commitments.proof", &[("contact", &lang.number(contact)), ("device", &lang.number(all - contact))])}</p> }
        .into_any()
}

/// What somebody wrote.
pub(super) fn sentence(lang: Lang, voice: &Voice) -> AnyView {
    let is_done = voice.says == super::voices::CONFIRMED;
    let key = match (is_done, voice.proof.as_str()) {
        (true, "device") => "commitments.voice.done_device",
        (true, _) => "commitments.voice.done_contact",
        (false, "device") => "commitments.voice.not_device",
        (false, _) => "commitments.voice.not_contact",
    };
    let day = lang.day_short(crate::clock::day(voice.at));
    view! { <li class="quote"><p>{voice.words.clone()}</p><p class="small muted num">{lang.f(key, &[("day", &day)])}</p></li> }.into_any()
}

fn follow(lang: Lang, number: i64) -> AnyView {
    let href = format!("{}?{}={number}", lang.href(following::PATH), super::follow_pages::NUMBER);
    view! {
        <section class="stack-s no-print">
            <a class="btn btn-block" rel="nofollow" href=href>{icon(Icon::Mail)}{lang.t("commitments.follow.one")}</a>
            <p class="small muted">{lang.t("commitments.follow.hint")}</p>
        </section>
    }
    .into_any()
}

/// What happened, in days; people stay out of it.
pub(super) fn timeline(context: &PageContext, whole: &Whole) -> AnyView {
    let lang = context.lang;
    let items: Vec<_> = whole
        .record
        .iter()
        .filter_map(|entry| {
            let (words, reason) = told(lang, &entry.event)?;
            let day = match &entry.event {
                Event::Made(making) => making.made_on,
                _ => crate::clock::day(entry.at),
            };
            Some(view! {
                <li>
                    <time class="num" datetime=day.to_string()>{lang.day_short(day)}</time>{words}
                    {reason.map(|reason| view! { <span class="small muted">" "{reason}</span> })}
                </li>
            })
        })
        .collect();
    view! { <ol class="line">{items}</ol> }.into_any()
}

/// An event in words, with its reason; none for events that say nothing to the public.
fn told(lang: Lang, event: &Event) -> Option<(String, Option<String>)> {
    let said = |text: &str| (!text.is_empty()).then(|| lang.f("commitments.reason", &[("reason", text)]));
    Some(match event {
        Event::Made(making) => (lang.f("commitments.told.made", &[("day", &lang.day_short(making.day))]), None),
        Event::Evidence { .. } => (lang.t("commitments.told.evidence").to_owned(), None),
        Event::Moved { from, to, reason } => {
            (lang.f("commitments.told.moved", &[("from", &lang.day_short(*from)), ("to", &lang.day_short(*to))]), said(reason))
        }
        Event::Done { on, explanation } => {
            (lang.f("commitments.told.done", &[("day", &lang.day_short(*on))]), Some(explanation.clone()).filter(|text| !text.is_empty()))
        }
        Event::Dropped { reason, .. } => (lang.t("commitments.told.dropped").to_owned(), said(reason)),
        Event::Reopened { reason } => (lang.t("commitments.told.reopened").to_owned(), said(reason)),
        Event::Published { .. } | Event::Hidden | Event::WordsReleased { .. } | Event::WordsWithheld { .. } => return None,
    })
}
