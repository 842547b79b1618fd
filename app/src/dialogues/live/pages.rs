//! `/doi-thoai/{number}/truc-tiep` on everybody's phone, `/doi-thoai/{number}/man-hinh` on the wall of the hall, and their streams.

use super::board::Board;
use super::parts::{LiveScene, Surface, phone, wall};
use crate::broadcast;
use crate::dialogues::questions::ask_path;
use crate::dialogues::rules::{Dialogue, State};
use crate::dialogues::{PATH, public_path, store};
use crate::error::{AppError, Result};
use crate::filing::qr;
use crate::ui::context::PageContext;
use crate::ui::icons::{Icon, icon};
use crate::ui::page::{Page, Section};
use crate::ui::{breadcrumbs, see_other};
use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;

/// Without scripts a phone loads the page anew this often, in seconds.
const PHONE_RELOADS_SECONDS: u32 = 15;
/// And the screen on the wall.
const WALL_RELOADS_SECONDS: u32 = 8;

/// A dialogue that can be looked at live.
async fn announced(context: &PageContext, number: i64) -> Result<Dialogue> {
    store::public_by_number(&mut context.portal.db().look().await?, number).await?.ok_or(AppError::NotFound)
}

async fn board(context: &PageContext, dialogue: Dialogue) -> Result<Board> {
    Board::load(&mut context.portal.db().read().await?, dialogue).await
}

fn stream(context: &PageContext, dialogue: &Dialogue, surface: Surface) -> Response {
    let lang = context.lang;
    let room = LiveScene::room(&dialogue.id, surface, lang);
    broadcast::stream(context.portal.rooms().join(&room, || LiveScene::new(context.portal.clone(), dialogue.id.clone(), surface, lang)))
}

/// `GET /doi-thoai/{number}/truc-tiep`
pub(super) async fn live(context: PageContext, Path(number): Path<i64>) -> Result<Response> {
    let dialogue = announced(&context, number).await?;
    // Once the result is out, it says more than the stage did.
    if matches!(dialogue.state, State::Published | State::Cancelled) {
        return Ok(see_other(&context.href(&public_path(number))));
    }
    let board = board(&context, dialogue).await?;
    let (lang, facts) = (context.lang, &board.dialogue.facts);
    let path = super::path(number);
    let device = context.portal.random().token();
    let video = (!facts.online_address.is_empty()).then(|| {
        view! { <a class="btn btn-s" href=facts.online_address.clone() rel="noopener">{icon(Icon::Next)}{lang.t("live.video")}</a> }
    });
    let page = Page::new(&context, Section::Dialogues, lang.f("live.title", &[("title", &facts.title)])).public(lang.t("live.description")).fresh();
    Ok(page.live().reloaded_every(PHONE_RELOADS_SECONDS).render(|| {
        view! {
            <div class="stack live" data-live=lang.href(&format!("{path}/dong"))>
                {breadcrumbs(lang, PATH, lang.t("dialogues.title"), lang.t("live.here"))}
                <h1><a href=lang.href(&public_path(number))>{facts.title.clone()}</a></h1>
                <p class="notice warn" role="status" data-lost="" hidden>{icon(Icon::Warning)}<span>{lang.t("live.lost")}</span></p>
                <p class="row no-print">
                    <a class="btn btn-main" href=lang.href(&ask_path(number))>{icon(Icon::Plus)}{lang.t("live.ask")}</a>
                    {video}
                </p>
                {phone(lang, &board, Some(&device))}
                <p class="small muted">{lang.t("live.how")}</p>
            </div>
        }
        .into_any()
    }))
}

/// `GET /doi-thoai/{number}/truc-tiep/dong`
pub(super) async fn live_stream(context: PageContext, Path(number): Path<i64>) -> Result<Response> {
    let dialogue = announced(&context, number).await?;
    Ok(stream(&context, &dialogue, Surface::Phone))
}

/// `GET /doi-thoai/{number}/man-hinh`
pub(super) async fn hall(context: PageContext, Path(number): Path<i64>) -> Result<Response> {
    let dialogue = announced(&context, number).await?;
    let board = board(&context, dialogue).await?;
    let (lang, facts) = (context.lang, &board.dialogue.facts);
    let public_url = &context.portal.settings().public_url;
    let address = format!("{public_url}{}", lang.href(&super::path(number)));
    let shown = address.trim_start_matches("https://").trim_start_matches("http://").to_owned();
    let page = Page::new(&context, Section::Other, facts.title.clone()).main_class("wall").screen().live().reloaded_every(WALL_RELOADS_SECONDS);
    Ok(page.render(|| {
        view! {
            <div class="wall-page" data-live=lang.href(&format!("{}/man-hinh/dong", public_path(number)))>
                <header class="wall-head">
                    <h1>{facts.title.clone()}</h1>
                    <p>{facts.head_post.clone()}</p>
                </header>
                {wall(lang, &board)}
                <aside class="wall-ask">
                    {qr(&address, lang.t("live.wall.qr"))}
                    <p><b>{lang.t("live.wall.ask")}</b><br />{shown}</p>
                    <p class="wall-lost" role="status" data-lost="" hidden>{lang.t("live.lost")}</p>
                </aside>
            </div>
        }
        .into_any()
    }))
}

/// `GET /doi-thoai/{number}/man-hinh/dong`
pub(super) async fn hall_stream(context: PageContext, Path(number): Path<i64>) -> Result<Response> {
    let dialogue = announced(&context, number).await?;
    Ok(stream(&context, &dialogue, Surface::Wall))
}
