//! Everything held about somebody, as a ZIP: a page to read, the same as JSON, their papers and letters. Names of files say nothing of
//! kind or matter: they stay in the list of downloads.

use super::own_pages::Own;
use super::rules::{Field, Ground};
use super::store::requests::Request;
use crate::error::{AppError, Result};
use crate::letters::attachment;
use crate::petitions::actions::answer_text;
use crate::petitions::store::{history, parts, register};
use crate::record::actions::write_alone;
use crate::record::deeds::Deed;
use crate::ui::PageContext;
use crate::ui::page::render_part;
use crate::words::Lang;
use axum::response::Response;
use bytes::Bytes;
use leptos::prelude::*;
use serde::Serialize;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// The file's name.
pub(super) const FILE: &str = "du-lieu.zip";

/// Lines under one heading: what, and its value.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Part {
    /// The heading.
    pub title: String,
    /// What, and its value.
    pub lines: Vec<(String, String)>,
}

/// A file that goes with it.
pub(super) struct Attached {
    /// Its name in the archive.
    pub name: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// The data of whoever is visiting, as an answer. That they were taken is in the record.
///
/// # Errors
/// [`AppError::Unavailable`] if the store of papers does not answer.
pub(super) async fn answer(context: &PageContext, own: &Own) -> Result<Response> {
    let (parts, attached) = if own.subject.is_sender() { of_sender(context, own).await? } else { (of_signer(context, own).await?, Vec::new()) };
    let deed = Deed::DataTaken { case_id: own.subject.case.id.clone() };
    write_alone(&context.portal, &context.actor, &own.subject.case.body_id, &deed).await?;
    archive(context.lang, parts, attached).await
}

/// Puts parts and files into an archive.
pub(super) async fn archive(lang: Lang, parts: Vec<Part>, attached: Vec<Attached>) -> Result<Response> {
    let json = serde_json::to_vec_pretty(&parts)?;
    let html = document(lang, &parts);
    let made = tokio::task::spawn_blocking(move || pack(&html, &json, attached)).await;
    attachment(made.map_err(AppError::internal)??, "application/zip", FILE)
}

fn pack(html: &str, json: &[u8], attached: Vec<Attached>) -> Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let text = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).last_modified_time(DateTime::default());
    let stored = text.compression_method(CompressionMethod::Stored);
    zip.start_file("du-lieu.html", text).map_err(AppError::internal)?;
    zip.write_all(html.as_bytes()).map_err(AppError::internal)?;
    zip.start_file("du-lieu.json", text).map_err(AppError::internal)?;
    zip.write_all(json).map_err(AppError::internal)?;
    for file in attached {
        // Pictures and PDFs are small already.
        zip.start_file(&file.name, stored).map_err(AppError::internal)?;
        zip.write_all(&file.bytes).map_err(AppError::internal)?;
    }
    Ok(zip.finish().map_err(AppError::internal)?.into_inner())
}

fn document(lang: Lang, parts: &[Part]) -> String {
    let sections: Vec<_> = parts
        .iter()
        .map(|part| {
            let lines: Vec<_> = part.lines.iter().map(|(what, value)| view! { <dt>{what.clone()}</dt><dd>{value.clone()}</dd> }).collect();
            view! { <section><h2>{part.title.clone()}</h2><dl>{lines}</dl></section> }
        })
        .collect();
    let title = lang.t("retention.file.title");
    let html = render_part(|| {
        view! {
            <html lang=lang.code()>
                <head><meta charset="utf-8" /><title>{title}</title><style>{STYLE}</style></head>
                <body><h1>{title}</h1><p>{lang.t("retention.file.lead")}</p>{sections}</body>
            </html>
        }
        .into_any()
    });
    format!("<!DOCTYPE html>{html}")
}

const STYLE: &str = "body{font:1rem/1.5 sans-serif;max-width:45rem;margin:1rem auto;padding:0 1rem}dt{font-weight:bold;margin-top:.6rem}dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}";

async fn of_sender(context: &PageContext, own: &Own) -> Result<(Vec<Part>, Vec<Attached>)> {
    let (lang, case) = (context.lang, &own.subject.case);
    let mut tx = context.portal.db().read().await?;
    let text = parts::text(&mut tx, &case.id).await?;
    let messages = parts::messages(&mut tx, &case.id).await?;
    let rating = parts::rating(&mut tx, &case.id).await?;
    let answer = if matches!(case.state, crate::petitions::rules::State::Answered | crate::petitions::rules::State::Closed) {
        answer_text(&mut tx, case).await?
    } else {
        None
    };
    let entries = history(&mut tx, &case.id, 0).await?;
    let papers = crate::papers::store::of_case(&mut tx, &case.id).await?;
    let letters = crate::letters::store::of_case(&mut tx, &case.id).await?;
    let number = register::by_case(&mut tx, &case.id).await?.map(|row| row.number);
    let mut files = Vec::new();
    for (n, letter) in letters.iter().filter(|letter| letter.is_for_sender()).enumerate() {
        if crate::letters::store::text(&mut tx, &letter.id).await?.is_some() {
            let sheet = crate::letters::actions::sheet(&mut tx, &context.directory, case, letter).await?;
            let bytes = tokio::task::spawn_blocking(move || crate::letters::pdf::pdf(&sheet)).await.map_err(AppError::internal)??;
            files.push(Attached { name: format!("van-ban/{}.pdf", n + 1), bytes: bytes.into() });
        }
    }
    drop(tx);
    let mut listed = Vec::new();
    for (n, paper) in papers.iter().enumerate() {
        let name = format!("giay-to/{}.{}", n + 1, if paper.kind == "jpeg" { "jpg" } else { &paper.kind });
        listed.push((name.clone(), format!("{} · {}", paper.original_name, lang.time(paper.at))));
        if let Some(bytes) = crate::papers::sealed::read(&context.portal, &paper.id, &crate::papers::key(&paper.id)).await? {
            files.push(Attached { name, bytes });
        }
    }
    let line = |key: &'static str, value: &str| (lang.t(key).to_owned(), value.to_owned());
    let mut words = vec![line("retention.file.sentence", &text.title), line("retention.file.body", &text.body), line("retention.file.place", &text.place)];
    words.push(line("retention.file.about", &text.about));
    if text.is_locked {
        // Whoever takes everything away is told what is not in it.
        words.push(line("retention.file.body", lang.t("sealed.locked")));
    }
    if let (Some(north), Some(east)) = (text.latitude_e6, text.longitude_e6) {
        words.push(line("retention.file.point", &format!("{north}, {east}")));
    }
    let mut all = vec![person(lang, own), part(lang, "retention.file.case", about_case(context, own, number)), part(lang, "retention.file.words", words)];
    let by = |from_citizen: bool| lang.t(if from_citizen { "retention.file.you" } else { "retention.file.office" });
    all.push(part(
        lang,
        "retention.file.messages",
        messages
            .iter()
            .map(|message| {
                (
                    format!("{} · {}", by(message.is_from_citizen()), lang.time(message.at)),
                    if message.is_locked { lang.t("sealed.locked").to_owned() } else { message.body.clone() },
                )
            })
            .collect(),
    ));
    all.push(part(lang, "retention.file.answer", answer.map(|answer| line("retention.file.answer", &answer)).into_iter().collect()));
    all.push(part(
        lang,
        "retention.file.rating",
        rating
            .map(|rating| {
                vec![
                    line("following.rating.clarity", &rating.clarity.to_string()),
                    line("following.rating.attitude", &rating.attitude.to_string()),
                    line("following.rating.result", &rating.result.to_string()),
                    line("following.rating.comment", &rating.comment),
                ]
            })
            .unwrap_or_default(),
    ));
    all.push(part(lang, "retention.file.papers", listed));
    let told = crate::following::in_words(lang, &context.directory, &entries);
    all.push(part(lang, "retention.file.history", told.into_iter().map(|(at, words)| (lang.time(at), words)).collect()));
    all.push(part(lang, "retention.own.requests", own.requests.iter().map(|request| asked(lang, request)).collect()));
    all.retain(|part| !part.lines.is_empty());
    Ok((all, files))
}

async fn of_signer(context: &PageContext, own: &Own) -> Result<Vec<Part>> {
    let lang = context.lang;
    let mut tx = context.portal.db().read().await?;
    let signer = crate::relations::store::signers::by_id(&mut tx, &own.subject.owner_id).await?;
    let row = register::by_case(&mut tx, &own.subject.case.id).await?;
    drop(tx);
    let line = |key: &'static str, value: String| (lang.t(key).to_owned(), value);
    // Of the case a signer gets what everybody reads: the rest is the sender's.
    let mut lines: Vec<_> = row.map(|row| line("retention.file.sentence", row.title)).into_iter().collect();
    lines.extend(signer.as_ref().map(|signer| line("retention.file.joined", lang.time(signer.added_at))));
    lines.extend(signer.and_then(|signer| signer.left_at).map(|at| line("retention.file.left", lang.time(at))));
    let mut all = vec![person(lang, own), part(lang, "retention.file.case", lines)];
    all.push(part(lang, "retention.own.requests", own.requests.iter().map(|request| asked(lang, request)).collect()));
    all.retain(|part| !part.lines.is_empty());
    Ok(all)
}

pub(super) fn part(lang: Lang, key: &'static str, lines: Vec<(String, String)>) -> Part {
    let lines = lines.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    Part { title: lang.t(key).to_owned(), lines }
}

fn person(lang: Lang, own: &Own) -> Part {
    if own.person.is_locked {
        return part(lang, "retention.file.person", vec![(lang.t("retention.file.person").to_owned(), lang.t("retention.locked").to_owned())]);
    }
    let lines = Field::ALL.into_iter().map(|field| (lang.t(field.key()).to_owned(), field.of(&own.person).to_owned())).collect();
    part(lang, "retention.file.person", lines)
}

fn about_case(context: &PageContext, own: &Own, number: Option<i64>) -> Vec<(String, String)> {
    let (lang, case) = (context.lang, &own.subject.case);
    let line = |key: &'static str, value: String| (lang.t(key).to_owned(), value);
    vec![
        line("retention.file.kind", lang.t(case.kind.key()).to_owned()),
        line("retention.file.area", context.directory.area_name(&case.area_code).to_owned()),
        line("retention.file.agency", context.directory.agency_name(&case.body_id).to_owned()),
        line("retention.file.filed", lang.time(case.filed_at)),
        line("retention.file.state", lang.t(case.state.key()).to_owned()),
        line("retention.file.public", number.map(|number| format!("/cong-khai/{number}")).unwrap_or_default()),
    ]
}

fn asked(lang: Lang, request: &Request) -> (String, String) {
    let state = match request.state.as_str() {
        "granted" => lang.f("retention.own.granted", &[("day", &request.decided_at.map(|at| lang.time(at)).unwrap_or_default())]),
        "refused" => lang.f("retention.own.refused", &[("day", &request.decided_at.map(|at| lang.time(at)).unwrap_or_default())]),
        _ => lang.f("retention.own.waits", &[("day", &lang.day_short(request.answer_by))]),
    };
    let ground = Ground::from_code(&request.ground).map(|ground| lang.t(ground.key())).unwrap_or_default();
    (format!("{} · {}", lang.t(request.kind.key()), lang.time(request.asked_at)), [&state, ground, &request.words].join(" ").trim().to_owned())
}
