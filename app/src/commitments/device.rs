//! The cookie by which a device finds again what it said of commitments. The database has a hash of its token for each commitment, so that
//! nobody can tell that two of them are one device's.

use crate::device;
use crate::portal::Settings;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;
use std::convert::Infallible;

/// Name of the cookie.
const NAME: &str = "nghedan_loihua";
/// How long a device is remembered after it last said something: promises are for months.
const DEVICE_DAYS: i64 = 365;

/// The device's token, if it has one.
#[derive(Clone, Default)]
pub struct Device(pub Option<String>);

impl<S: Sync> FromRequestParts<S> for Device {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(device::token(&parts.headers, NAME)))
    }
}

/// The device keeps its token.
pub fn keep(response: Response, settings: &Settings, token: &str) -> Response {
    device::keep(response, settings, NAME, token, DEVICE_DAYS * 24 * 3_600)
}
