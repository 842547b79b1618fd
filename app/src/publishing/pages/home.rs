//! The home page: what one can do here, what was answered last, how many were answered in time.

use super::{case_list, empty};
use crate::error::Result;
use crate::petitions::register::Outcome;
use crate::publishing::cache;
use crate::publishing::figures::Tally;
use crate::publishing::filters::{OUTCOME, REGISTER, STATE, Standing, address, outcome_slug};
use crate::publishing::store::{self, Listed};
use crate::ui::context::PageContext;
use crate::ui::icons::{Icon, icon};
use crate::ui::page::{Page, Section};
use crate::words::Lang;
use axum::response::Response;
use leptos::prelude::*;

/// Answers shown.
const LATEST_MAX: i64 = 4;

/// `/`
pub async fn home(context: PageContext) -> Result<Response> {
    let tally = Tally::of(cache::figures(&context.portal).await?.iter());
    let mut tx = context.portal.db().read().await?;
    let latest = store::latest_answers(&mut tx, LATEST_MAX).await?;
    let promises = crate::commitments::pages::Figures::load(&mut tx, context.today).await?;
    drop(tx);
    let lang = context.lang;
    Ok(Page::new(&context, Section::Other, lang.t("home.title")).public(lang.t("home.description")).render(|| {
        view! {
            <section class="hero"><h1>{lang.t("home.question")}</h1><p>{lang.t("home.lead")}</p></section>
            <div class="stack">
                <a class="btn btn-main btn-block" href=lang.href("/gui")>{icon(Icon::Send)}{lang.t("home.file")}</a>
                <a class="btn btn-block" href=lang.href("/tra-cuu")>{icon(Icon::Search)}{lang.t("home.follow")}</a>
                <a class="btn btn-quiet btn-block" href=lang.href("/tiep-dan")>{icon(Icon::Calendar)}{lang.t("reception.home")}</a>
            </div>
            {tiles(lang)}
            {answers(&context, &latest)}
            {figures(&context, tally)}
            {crate::commitments::pages::home_line(lang, &promises)}
            {how(lang)}
            <div class="notice info">{icon(Icon::Lock)}<div><b>{lang.t("home.open.title")}</b><p>{lang.t("home.open.text")}</p></div></div>
        }
        .into_any()
    }))
}

fn tiles(lang: Lang) -> AnyView {
    let tiles = [
        (Icon::Flag, "kind.report", "home.tile.report"),
        (Icon::Dialogue, "kind.recommendation", "home.tile.recommendation"),
        (Icon::Register, "kind.administrative_rule", "kinds.tile.administrative_rule"),
        (Icon::Paper, "kind.complaint", "home.tile.complaint"),
        (Icon::Lock, "kind.denunciation", "home.tile.denunciation"),
        (Icon::Check, "kind.praise", "kinds.tile.praise"),
    ]
    .map(|(picture, name, text)| view! { <li><a class="tile" href=lang.href("/gui")>{icon(picture)}<b>{lang.t(name)}</b><span>{lang.t(text)}</span></a></li> });
    view! {
        <section class="stack">
            <h2>{lang.t("home.tiles")}</h2>
            <ul class="tiles">{tiles.into_iter().collect::<Vec<_>>()}</ul>
            <p><a href=lang.href("/huong-dan")>{lang.t("home.which")}</a></p>
        </section>
    }
    .into_any()
}

fn answers(context: &PageContext, latest: &[Listed]) -> AnyView {
    let lang = context.lang;
    let content = if latest.is_empty() {
        let action = view! { <a class="btn" href=lang.href("/gui")>{lang.t("home.file")}</a> }.into_any();
        empty(Icon::Register, lang.t("home.none.title").to_owned(), lang.t("home.none.text"), action)
    } else {
        let all = address(REGISTER, &[(STATE, Standing::Answered.slug().to_owned())]);
        view! { {case_list(context, latest)} <p><a href=lang.href(&all)>{lang.t("home.all_answers")}</a></p> }.into_any()
    };
    view! { <section class="stack"><h2>{lang.t("home.latest")}</h2>{content}</section> }.into_any()
}

fn figures(context: &PageContext, tally: Tally) -> AnyView {
    if tally.released() == 0 {
        return ().into_any();
    }
    let lang = context.lang;
    let link = |name: &str, value: &str| lang.href(&address(REGISTER, &[(name, value.to_owned())]));
    let answered = lang.f("home.on_time", &[("part", &lang.number(tally.on_time)), ("whole", &lang.number(tally.answered()))]);
    let share = lang.percent(tally.on_time, tally.answered()).map(|share| {
        view! { <a href=link(OUTCOME, outcome_slug(Outcome::OnTime))><b>{share}</b><span>{answered}</span></a> }
    });
    let place = context.directory.area_name(&context.portal.settings().province_code).to_owned();
    view! {
        <section class="stack">
            <h2>{lang.f("home.figures", &[("place", &place)])}</h2>
            <div class="figures num">
                <a href=lang.href(REGISTER)><b>{lang.number(tally.released())}</b><span>{lang.t("home.released")}</span></a>
                <a href=link(STATE, Standing::Answered.slug())><b>{lang.number(tally.answered())}</b><span>{lang.t("home.answered")}</span></a>
                {share}
            </div>
            <p class="small muted">{lang.t("figures.note")}" "<a href=lang.href("/co-quan")>{lang.t("home.by_agency")}</a></p>
        </section>
    }
    .into_any()
}

fn how(lang: Lang) -> AnyView {
    let steps = [
        ("home.how.send", "home.how.send.text"),
        ("home.how.handled", "home.how.handled.text"),
        ("home.how.answer", "home.how.answer.text"),
        ("home.how.rate", "home.how.rate.text"),
    ]
    .map(|(title, text)| view! { <li><b>{lang.t(title)}</b><span>{lang.t(text)}</span></li> });
    view! { <section class="stack"><h2>{lang.t("home.how")}</h2><ol class="how">{steps.into_iter().collect::<Vec<_>>()}</ol></section> }.into_any()
}
