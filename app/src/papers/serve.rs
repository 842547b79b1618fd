//! Handing out the bytes of a paper, from an answer in which nothing can run. Who may have it, the caller has checked.

use super::described::Described;
use super::kinds::PaperKind;
use super::store::Paper;
use crate::error::{AppError, Result};
use crate::portal::Portal;
use crate::ui::CachePolicy;
use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use bytes::Bytes;

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

/// A paper as an answer.
///
/// # Errors
/// [`AppError::NotFound`] if the store has no such bytes, [`AppError::Unavailable`] if it does not answer.
pub async fn respond(portal: &Portal, paper: impl Into<Stored<'_>>, size: Size) -> Result<Response> {
    let paper = paper.into();
    let is_thumb = size == Size::Thumb && paper.has_thumb;
    let key = if is_thumb { super::thumb_key(paper.id) } else { super::key(paper.id) };
    let bytes = portal.files().get(&key).await?.ok_or(AppError::NotFound)?;
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
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    let disposition = if kind.is_picture() { "inline" } else { "attachment; filename=\"giay-to.pdf\"" };
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static(disposition));
    response.extensions_mut().insert(CachePolicy::Private);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_stand_in_pages_and_papers_are_saved() {
        let picture = answer(PaperKind::Jpeg, Bytes::new());
        assert_eq!(picture.headers()[CONTENT_DISPOSITION], "inline");
        let paper = answer(PaperKind::Pdf, Bytes::new());
        assert!(paper.headers()[CONTENT_DISPOSITION].to_str().expect("ASCII").starts_with("attachment"));
        assert_eq!(paper.headers()[X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert!(paper.headers()[CONTENT_SECURITY_POLICY].to_str().expect("ASCII").contains("sandbox"));
    }
}
