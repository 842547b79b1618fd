//! The cookie that leads a device to its draft. Its token is the only secret of somebody without an account.

use crate::portal::Settings;
use axum::extract::FromRequestParts;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use std::convert::Infallible;

/// Name of the cookie.
pub const NAME: &str = "nghedan_nhap";
/// How long a device is remembered, and the draft with it, after its last change. In days.
pub const DRAFT_DAYS: i64 = 30;
/// Length of a token as [`crate::id::Random::token`] makes them; whatever differs is none of ours.
const TOKEN_CHARS: usize = 43;

/// The token a request came with, if it looks like one.
#[derive(Clone, Default)]
pub struct DraftToken(pub Option<String>);

impl std::fmt::Debug for DraftToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DraftToken([redacted])")
    }
}

impl<S: Sync> FromRequestParts<S> for DraftToken {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(token(&parts.headers)))
    }
}

fn token(headers: &HeaderMap) -> Option<String> {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
    let value = pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(name, _)| *name == NAME)?.1;
    let is_token = value.len() == TOKEN_CHARS && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    is_token.then(|| value.to_owned())
}

/// The device remembers the draft, from now for [`DRAFT_DAYS`].
pub fn keep(mut response: Response, settings: &Settings, token: &str) -> Response {
    append(&mut response, settings, token, DRAFT_DAYS * 24 * 3600);
    response
}

/// The device forgets the draft.
pub fn drop(mut response: Response, settings: &Settings) -> Response {
    append(&mut response, settings, "", 0);
    response
}

fn append(response: &mut Response, settings: &Settings, token: &str, age_seconds: i64) {
    let secure = if settings.secure_cookies { "; Secure" } else { "" };
    let cookie = format!("{NAME}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age_seconds}{secure}");
    if let Ok(mut value) = HeaderValue::from_str(&cookie) {
        value.set_sensitive(true);
        response.headers_mut().append(SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_like_a_token_is_one() {
        let good = "a".repeat(TOKEN_CHARS);
        let headers = |value: &str| HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(value).expect("a header"))]);
        assert_eq!(token(&headers(&format!("x=1; {NAME}={good}"))), Some(good));
        for bad in ["", "short", "'; DROP TABLE drafts; --"] {
            assert_eq!(token(&headers(&format!("{NAME}={bad}"))), None);
        }
    }
}
