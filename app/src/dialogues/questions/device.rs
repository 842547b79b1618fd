//! The cookie by which a device finds again what it asked and supported. The database has a hash of its token for each dialogue.

use crate::device;
use crate::form::FormState;
use crate::portal::{Portal, Settings};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;
use std::convert::Infallible;

/// Name of the cookie of the device.
const NAME: &str = "nghedan_cauhoi";
/// Name of the cookie that leads to the receipt of what was asked last.
const RECEIPT: &str = "nghedan_vuahoi";
/// How long a device is remembered after it last asked or supported: from a notice to the answers that were promised.
const DEVICE_DAYS: i64 = 180;
/// How long the receipt can be shown again.
const RECEIPT_HOURS: i64 = 24;
/// The field with the token of a device that has none yet: pressing twice is one device.
pub const DEVICE: &str = "_device";

/// The device's token, if it has one, and that of the form it sent last.
#[derive(Clone, Default)]
pub struct Device {
    /// Of the device.
    pub token: Option<String>,
    /// Of the form.
    pub receipt: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for Device {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self { token: device::token(&parts.headers, NAME), receipt: device::token(&parts.headers, RECEIPT) })
    }
}

impl Device {
    /// The token of the cookie, or the one that follows from the form's, or a new one.
    pub(super) fn known_or(&self, form: &FormState, portal: &Portal) -> String {
        device::known_sent_or_new(self.token.clone(), form.value(DEVICE), portal)
    }
}

/// The device keeps its token.
pub(super) fn keep(response: Response, settings: &Settings, token: &str) -> Response {
    device::keep(response, settings, NAME, token, DEVICE_DAYS * 24 * 3_600)
}

/// The device keeps the way to its receipt.
pub(super) fn keep_receipt(response: Response, settings: &Settings, token: &str) -> Response {
    device::keep(response, settings, RECEIPT, token, RECEIPT_HOURS * 3_600)
}
