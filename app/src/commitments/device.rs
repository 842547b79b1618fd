//! The cookie by which a device finds again what it said of commitments. Its token is the only secret of somebody without an account;
//! the database has a hash of it for each commitment, so that nobody can tell that two of them are one device's.

use crate::portal::Settings;
use axum::extract::FromRequestParts;
use axum::http::HeaderValue;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::request::Parts;
use axum::response::Response;
use std::convert::Infallible;

/// Name of the cookie.
const NAME: &str = "nghedan_loihua";
/// How long a device is remembered after it last said something: promises are for months.
const DEVICE_DAYS: i64 = 365;
/// Length of a token as [`crate::id::Random::token`] makes them.
const TOKEN_CHARS: usize = 43;

/// The device's token, if it has one.
#[derive(Clone, Default)]
pub struct Device(pub Option<String>);

/// Whether a text is a token of ours.
pub fn is_token(text: &str) -> bool {
    text.len() == TOKEN_CHARS && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

impl<S: Sync> FromRequestParts<S> for Device {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let pairs = parts.headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
        let token = pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(name, value)| *name == NAME && is_token(value));
        Ok(Self(token.map(|(_, value)| value.to_owned())))
    }
}

/// The device keeps its token.
pub fn keep(mut response: Response, settings: &Settings, token: &str) -> Response {
    let secure = if settings.secure_cookies { "; Secure" } else { "" };
    let cookie = format!("{NAME}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{secure}", DEVICE_DAYS * 24 * 3_600);
    if let Ok(mut value) = HeaderValue::from_str(&cookie) {
        value.set_sensitive(true);
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_like_a_token_is_one() {
        assert!(is_token(&"a".repeat(TOKEN_CHARS)));
        for bad in ["", "short", "'; DROP TABLE commitments; --", &"é".repeat(TOKEN_CHARS)] {
            assert!(!is_token(bad), "{bad}");
        }
    }
}
