//! Cookies by which a device is known again: each carries a token of [`crate::id::Random::token`], the only secret of somebody without an
//! account. The folders that use one name it and say how long it lasts.

use crate::mac;
use crate::petitions::recognition::Key;
use crate::portal::{Portal, Settings};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use data_encoding::BASE64URL_NOPAD;

/// Length of a token; whatever differs is none of ours.
const TOKEN_CHARS: usize = 43;

/// Whether a text may be a device's token.
pub fn is_token(text: &str) -> bool {
    text.len() == TOKEN_CHARS && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Before the name of a cookie that goes over https only: browsers then take it from this host alone, for all of it, and from no subdomain.
const HOST_PREFIX: &str = "__Host-";

/// The name under which a cookie is sent.
pub fn cookie_name(settings: &Settings, name: &str) -> String {
    if settings.secure_cookies { format!("{HOST_PREFIX}{name}") } else { name.to_owned() }
}

/// The token of the cookie of that name a request came with, if it looks like one. The one that only this host can have set comes first.
pub fn token(headers: &HeaderMap, name: &str) -> Option<String> {
    let pairs = || headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
    let tokens = || pairs().filter_map(|pair| pair.trim().split_once('=')).filter(|(_, value)| is_token(value));
    let found = tokens().find(|(known, _)| known.strip_prefix(HOST_PREFIX) == Some(name)).or_else(|| tokens().find(|(known, _)| *known == name));
    found.map(|(_, value)| value.to_owned())
}

/// The token of a device: the one of its cookie; else the one that follows from what its form carries, so that pressing twice is one device; else
/// a new one.
pub fn known_sent_or_new(known: Option<String>, sent: &str, portal: &Portal) -> String {
    known.unwrap_or_else(|| following(portal.marks_key(), sent).unwrap_or_else(|| portal.random().token()))
}

/// The token that follows from what a form carries, with a key: so no page ever holds what a cookie says, and reading one opens nothing. None if
/// the form carries nothing of ours.
pub fn following(key: &Key, sent: &str) -> Option<String> {
    is_token(sent).then(|| BASE64URL_NOPAD.encode(&mac::of(&key.for_purpose("tokens of devices"), &[sent.as_bytes()])))
}

/// The answer with the cookie that keeps a token for so long; an empty one for no time makes the device forget.
pub fn keep(mut response: Response, settings: &Settings, name: &str, token: &str, age_seconds: i64) -> Response {
    let secure = if settings.secure_cookies { "; Secure" } else { "" };
    let name = cookie_name(settings, name);
    let cookie = format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age_seconds}{secure}");
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
        let good = "a".repeat(TOKEN_CHARS);
        let headers = |value: &str| HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(value).expect("a header"))]);
        assert_eq!(token(&headers(&format!("x=1; nhap={good}")), "nhap"), Some(good));
        for bad in ["", "short", "'; DROP TABLE drafts; --"] {
            assert_eq!(token(&headers(&format!("nhap={bad}")), "nhap"), None);
        }
        assert!(!is_token(&"é".repeat(TOKEN_CHARS)));
        let own = "b".repeat(TOKEN_CHARS);
        assert_eq!(token(&headers(&format!("nhap={}; __Host-nhap={own}", "a".repeat(TOKEN_CHARS))), "nhap"), Some(own), "a subdomain can plant the other");
    }

    #[test]
    fn a_form_pressed_twice_brings_one_token_which_the_page_does_not_hold() {
        let (key, sent) = (Key::new([1; 32]), "b".repeat(TOKEN_CHARS));
        let token = following(&key, &sent).expect("a token");
        assert!(is_token(&token) && token != sent);
        assert_eq!(following(&key, &sent), Some(token.clone()));
        assert_ne!(following(&Key::new([2; 32]), &sent), Some(token));
        assert_eq!(following(&key, "'; DROP TABLE drafts; --"), None);
    }
}
