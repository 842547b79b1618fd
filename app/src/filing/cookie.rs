//! The cookie that leads a device to its draft. Its token is the only secret of somebody without an account.

use crate::device;
use crate::portal::Settings;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;
use std::convert::Infallible;

/// Name of the cookie.
pub const NAME: &str = "nghedan_nhap";
/// How long a device is remembered, and the draft with it, after its last change. In days.
pub const DRAFT_DAYS: i64 = 30;

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
        Ok(Self(device::token(&parts.headers, NAME)))
    }
}

/// The device remembers the draft, from now for [`DRAFT_DAYS`].
pub fn keep(response: Response, settings: &Settings, token: &str) -> Response {
    device::keep(response, settings, NAME, token, DRAFT_DAYS * 24 * 3600)
}

/// The device forgets the draft.
pub fn drop(response: Response, settings: &Settings) -> Response {
    device::keep(response, settings, NAME, "", 0)
}
