//! What is printed for somebody who came: the receipt for papers (giấy biên nhận, form 02/TCD) and the notice of a refusal (form
//! 01/TCD). Vietnamese whatever the page around them is; signed by hand.

use super::DESK;
use super::rules::{REFUSAL_NOTICE, limit};
use super::visit_pages::{Seen, seen_visit};
use crate::error::{AppError, Result};
use crate::letters::office::{Office, office};
use crate::letters::sheet::{COUNTRY, MOTTO};
use crate::ui::{Icon, Page, PageContext, Section, icon};
use crate::words::Lang;
use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;

const VI: Lang = Lang::Vi;

/// `GET /can-bo/tiep-dan/luot/{id}/bien-nhan`
///
/// # Errors
/// [`AppError::NotFound`] for a denunciation: the receipt of a sealed case is a letter of that case.
pub async fn receipt(context: PageContext, Path(id): Path<String>) -> Result<Response> {
    let seen = seen_visit(&context, &id).await?;
    if seen.visit.is_sealed() {
        return Err(AppError::NotFound);
    }
    Ok(paper(&context, &seen, "reception.receipt_paper.title", receipt_body(&seen)))
}

/// `GET /can-bo/tiep-dan/luot/{id}/tu-choi`
///
/// # Errors
/// [`AppError::NotFound`] for a visit that no notice is owed for.
pub async fn refusal(context: PageContext, Path(id): Path<String>) -> Result<Response> {
    let seen = seen_visit(&context, &id).await?;
    if seen.visit.is_sealed() || seen.visit.refusal_due_on.is_none() {
        return Err(AppError::NotFound);
    }
    Ok(paper(&context, &seen, "reception.refusal_paper.title", refusal_body(&context, &seen)))
}

fn paper(context: &PageContext, seen: &Seen, title: &'static str, body: AnyView) -> Response {
    let lang = context.lang;
    let office = office(&context.directory, &seen.visit.body_id, None);
    let page = Page::new(context, Section::Receptions, lang.t(title)).main_class("wrap wide page stack");
    page.render(|| {
        view! {
            <a class="back no-print" href=context.href(&format!("{DESK}/luot/{}", seen.visit.id))>{icon(Icon::Back)}{lang.f("reception.visit.no", &[("no", &seen.visit.no.to_string())])}</a>
            <p class="notice info no-print">{icon(Icon::Print)}<span>{lang.t("reception.paper.print")}</span></p>
            <article class="letter" lang="vi">
                {head(&office, seen)}
                <div class="letter-title"><h2>{VI.t(title)}</h2></div>
                {body}
                {signs(&office)}
            </article>
        }
        .into_any()
    })
}

fn head(office: &Office, seen: &Seen) -> AnyView {
    let lines: Vec<_> = office.lines.iter().map(|line| view! { <b>{line.clone()}</b><br /> }).collect();
    view! {
        <header class="letter-head">
            <div><p class="letter-rule">{office.superior.clone().map(|name| view! { {name}<br /> })}{lines}</p></div>
            <div>
                <p class="letter-rule"><b>{COUNTRY}</b><br /><b>{MOTTO}</b></p>
                <p><i>{office.place_and_date(Some(seen.visit.day))}</i></p>
            </div>
        </header>
    }
    .into_any()
}

fn signs(office: &Office) -> AnyView {
    view! {
        <div class="letter-sign">
            <div class="center"><b>{VI.t("reception.paper.giver")}</b><br /><i class="small">{VI.t("reception.paper.sign")}</i></div>
            <div><b>{VI.t("reception.paper.taker")}</b><br /><i class="small">{VI.t("reception.paper.sign")}</i><p class="small">{office.name.clone()}</p></div>
        </div>
    }
    .into_any()
}

fn receipt_body(seen: &Seen) -> AnyView {
    let rows: Vec<_> = (1..)
        .zip(&seen.papers)
        .map(|(place, paper): (i32, _)| view! { <tr><td class="num">{place.to_string()}</td><td>{paper.name.clone()}</td><td>{paper.state.clone()}</td></tr> })
        .collect();
    let person = &seen.person;
    view! {
        <p class="letter-text">{VI.f("reception.receipt_paper.when", &[("day", &VI.day_long(seen.visit.day)), ("place", &seen.row.place)])}</p>
        <p class="letter-text">{VI.f("reception.receipt_paper.from", &[("name", &person.name), ("address", &person.address), ("id", &person.id_number)])}</p>
        <p class="letter-text">{VI.t("reception.receipt_paper.papers")}</p>
        <table class="table keep">
            <thead><tr><th scope="col">{VI.t("reception.register.no")}</th><th scope="col">{VI.t("reception.receipt_paper.name")}</th><th scope="col">{VI.t("reception.receipt_paper.state")}</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
        <p class="letter-text">{VI.t("reception.receipt_paper.copies")}</p>
    }
    .into_any()
}

fn refusal_body(context: &PageContext, seen: &Seen) -> AnyView {
    let person = &seen.person;
    let ground = seen.visit.refusal.map_or("", |ground| VI.t(ground.key()));
    let limit = limit(context.directory.deadline_rules(), context.directory.calendar(), REFUSAL_NOTICE, seen.visit.day);
    view! {
        <p class="letter-text">{VI.f("reception.refusal_paper.when", &[("day", &VI.day_long(seen.visit.day)), ("name", &person.name), ("address", &person.address)])}</p>
        <p class="letter-text">{VI.f("reception.refusal_paper.content", &[("content", &person.content)])}</p>
        <p class="letter-text">{VI.f("reception.refusal_paper.ground", &[("ground", ground)])}</p>
        <p class="letter-text">{VI.t("reception.refusal_paper.next")}</p>
        {limit.map(|limit| view! { <p class="small muted no-print">{limit.sentence(context.lang)}</p> })}
    }
    .into_any()
}
