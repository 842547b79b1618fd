//! Handing out the bytes of a paper, from an answer in which nothing can run. Who may have it, the caller has checked.

use super::described::Described;
use super::kinds::PaperKind;
use super::scanning::{self, State};
use super::store::Paper;
use crate::error::{AppError, Result};
use crate::portal::Portal;
use crate::ui::{CachePolicy, PageContext};
use crate::words::Lang;
use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use bytes::Bytes;

/// For an answer that is a file: nothing in it runs, loads or is framed.
pub const FILE_POLICY: &str = "sandbox; default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Which of a paper's two pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// As it is kept.
    Whole,
    /// The small picture; the whole one where there is none.
    Thumb,
}

impl Size {
    /// The one that an address asks for: `?nho` is the small picture.
    pub fn asked(query: &str) -> Self {
        if query == "nho" { Self::Thumb } else { Self::Whole }
    }
}

/// What of a paper's row is needed to hand its bytes out.
#[derive(Clone, Copy, Debug)]
pub struct Stored<'a> {
    /// Its id.
    pub id: &'a str,
    /// `jpeg`, `png`, `webp` or `pdf`.
    pub kind: &'a str,
    /// Whether there is a small picture.
    pub has_thumb: bool,
}

impl<'a> From<&'a Paper> for Stored<'a> {
    fn from(paper: &'a Paper) -> Self {
        Self { id: &paper.id, kind: &paper.kind, has_thumb: paper.has_thumb }
    }
}

impl<'a> From<&'a Described> for Stored<'a> {
    fn from(paper: &'a Described) -> Self {
        Self { id: &paper.id, kind: &paper.kind, has_thumb: paper.has_thumb }
    }
}

/// A paper as an answer, for whoever is not its sender: not before the virus scanner has seen it.
///
/// # Errors
/// As [`respond`]; [`AppError::NotScanned`] for a PDF that waits. A picture that waits is another picture, which says so.
pub async fn respond_scanned(context: &PageContext, paper: impl Into<Stored<'_>>, size: Size) -> Result<Response> {
    let paper = paper.into();
    match scanning::state(&context.portal, paper.id).await? {
        State::Known => respond(&context.portal, paper, size).await,
        State::Waiting if paper.kind != PaperKind::Pdf.as_str() => Ok(in_its_place(context.lang, "papers.waiting.short")),
        State::Infected if paper.kind != PaperKind::Pdf.as_str() => Ok(in_its_place(context.lang, "papers.infected.short")),
        State::Waiting => Err(AppError::NotScanned),
        State::Infected => Err(AppError::NotFound),
    }
}

/// A picture with a sentence on it. Browsers show it whatever its status; with this one nobody keeps it.
fn in_its_place(lang: Lang, key: &'static str) -> Response {
    let words = lang.t(key);
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 240 160\" width=\"240\" height=\"160\"><rect width=\"240\" height=\"160\" fill=\"#eef1ee\"/>\
         <text x=\"120\" y=\"86\" font-family=\"sans-serif\" font-size=\"17\" fill=\"#33403a\" text-anchor=\"middle\">{words}</text></svg>"
    );
    let mut response = answer(PaperKind::Jpeg, Bytes::from(svg));
    *response.status_mut() = AppError::NotScanned.status();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("image/svg+xml; charset=utf-8"));
    response
}

/// A paper as an answer, scanned or not.
///
/// # Errors
/// [`AppError::NotFound`] if the store has no such bytes, [`AppError::Unavailable`] if it does not answer.
pub async fn respond(portal: &Portal, paper: impl Into<Stored<'_>>, size: Size) -> Result<Response> {
    let paper = paper.into();
    let is_thumb = size == Size::Thumb && paper.has_thumb;
    let key = if is_thumb { super::thumb_key(paper.id) } else { super::key(paper.id) };
    let bytes = super::sealed::read(portal, paper.id, &key).await?.ok_or(AppError::NotFound)?;
    let kind = if is_thumb { PaperKind::Jpeg } else { paper.kind.parse().map_err(|_| AppError::internal("a paper of an unknown kind"))? };
    Ok(answer(kind, bytes))
}

/// The headers say what it is, that nothing may guess otherwise, and that it may do nothing. The name of the file is one of ours:
/// the original one may name a person and would stay in the list of downloads.
/// Bytes as an answer, as those of a paper.
pub fn bytes_answer(kind: PaperKind, bytes: Bytes) -> Response {
    answer(kind, bytes)
}

fn answer(kind: PaperKind, bytes: Bytes) -> Response {
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind.content_type()));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(FILE_POLICY));
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static(kind.disposition()));
    response.extensions_mut().insert(CachePolicy::Private);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_in_place_of_one_that_waits_says_what_its_letters_are() {
        let picture = in_its_place(Lang::Vi, "papers.waiting.short");
        assert_eq!(picture.headers()[CONTENT_TYPE], "image/svg+xml; charset=utf-8");
    }

    #[test]
    fn pictures_stand_in_pages_and_papers_are_saved() {
        let picture = answer(PaperKind::Jpeg, Bytes::new());
        assert_eq!(picture.headers()[CONTENT_DISPOSITION], "inline; filename=\"anh.jpg\"");
        let paper = answer(PaperKind::Pdf, Bytes::new());
        assert!(paper.headers()[CONTENT_DISPOSITION].to_str().expect("ASCII").starts_with("attachment"));
        assert_eq!(paper.headers()[X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert!(paper.headers()[CONTENT_SECURITY_POLICY].to_str().expect("ASCII").contains("sandbox"));
    }
}
