//! Status, headers and cache policies of answers, in one place.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// How long an answer may be kept, and by whom. A handler that names none gets `Private`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum CachePolicy {
    /// Forms, the citizen's case, the desk: nobody keeps it, not even the back button's memory.
    #[default]
    Private,
    /// The same for everybody: a minute, then asked again with the ETag.
    Public,
    /// The name holds a hash of the content: for good.
    Asset,
}

impl CachePolicy {
    /// The value of `Cache-Control`.
    pub fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Private => "no-store",
            Self::Public => "public, max-age=60, must-revalidate",
            Self::Asset => "public, max-age=31536000, immutable",
        })
    }
}

/// After somebody has left: go on, and let the browser throw away the pages it kept for going back. Cookies and what is being written stay:
/// others may be filing from the same browser.
pub fn left(address: &str) -> Response {
    let mut response = see_other(address);
    response.headers_mut().insert(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\""));
    response
}

/// After a successful POST: go and look.
pub fn see_other(address: &str) -> Response {
    match HeaderValue::from_str(address) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
