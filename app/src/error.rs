//! What can go wrong, once for the whole portal: status, sentence, next step.
//!
//! Handlers return an [`AppError`]; it travels in the response's extensions to one place (`server/src/middleware.rs`) that
//! logs it with the operation id and words it in the visitor's language. The cause never reaches a page.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Everything a request can fail with. The comment names the HTTP status.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AppError {
    /// 404. There is no such thing, or this visitor may not know that there is.
    #[error("not found")]
    NotFound,
    /// 303 to the sign-in page: the page needs an official and nobody is signed in.
    #[error("sign-in needed")]
    SignInNeeded,
    /// 303 to the page that adds a second factor: whoever must have one has none, and the days of grace are over.
    #[error("second factor needed")]
    FactorNeeded,
    /// 303 to the page of one's own password: whoever came in with a first one chooses their own before anything else.
    #[error("own password needed")]
    PasswordNeeded,
    /// 303 to the page where the code is asked: the citizen's visit has ended.
    #[error("code needed")]
    CodeNeeded,
    /// 403. Signed in, allowed to see the thing, not allowed to do this to it.
    #[error("forbidden: {0}")]
    Forbidden(&'static str),
    /// 403. The request came from another site's page.
    #[error("request from another site")]
    CrossSite,
    /// 409. The thing has moved on since the page was shown.
    #[error("conflict")]
    Conflict,
    /// 409. The law, or the case as it stands, does not allow the step; the sentence names the rule.
    #[error("refused: {0:?}")]
    Refused(crate::procedures::Refusal),
    /// 400. The request is not one our pages send.
    #[error("bad request: {0}")]
    BadRequest(&'static str),
    /// 413. More bytes than any form here takes.
    #[error("request too large")]
    TooLarge,
    /// 429. Too many tries; how long to wait.
    #[error("too many tries, wait {retry_after_seconds} s")]
    TooMany {
        /// Sent as `Retry-After`.
        retry_after_seconds: u64,
    },
    /// 429. Many tries, from an address that many may share: the gate (`limits`) asks for a step and sends the same request again.
    #[error("a step is needed")]
    StepNeeded,
    /// 409. The virus scanner has not seen the file yet.
    #[error("not scanned yet")]
    NotScanned,
    /// 503. Whose name it is cannot be read: the key of the sealed row is not there. Nothing was changed.
    #[error("the key of this person is not there")]
    Locked,
    /// 503. The database is busy, full or away; nothing was changed.
    #[error("unavailable: {0}")]
    Unavailable(Arc<str>),
    /// Not a request: the portal was started with settings it cannot work with.
    #[error("{0}")]
    Config(Arc<str>),
    /// 500. A fault of ours.
    #[error("internal: {0}")]
    Internal(Arc<str>),
}

impl AppError {
    /// A fault of ours, with its cause for the log.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string().into())
    }

    /// A setting the portal cannot start with.
    pub fn config(cause: impl std::fmt::Display) -> Self {
        Self::Config(cause.to_string().into())
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignInNeeded | Self::FactorNeeded | Self::PasswordNeeded | Self::CodeNeeded => StatusCode::SEE_OTHER,
            Self::Forbidden(_) | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::Conflict | Self::Refused(_) | Self::NotScanned => StatusCode::CONFLICT,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany { .. } | Self::StepNeeded => StatusCode::TOO_MANY_REQUESTS,
            Self::Locked | Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Config(_) | Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The key of its words in the catalogues (`error.KEY.title`, `.text`).
    pub fn key(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::SignInNeeded | Self::FactorNeeded | Self::PasswordNeeded | Self::CodeNeeded | Self::Forbidden(_) => "forbidden",
            Self::CrossSite => "cross_site",
            Self::Conflict => "conflict",
            Self::Refused(_) => "refused",
            Self::BadRequest(_) => "bad_request",
            Self::TooLarge => "too_large",
            Self::TooMany { .. } | Self::StepNeeded => "too_many",
            Self::NotScanned => "not_scanned",
            Self::Locked => "locked",
            Self::Unavailable(_) => "unavailable",
            Self::Config(_) | Self::Internal(_) => "internal",
        }
    }
}

impl From<crate::procedures::Refusal> for AppError {
    fn from(refusal: crate::procedures::Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<sqlx::Error> for AppError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => Self::Unavailable(error.to_string().into()),
            // SQLite: 5 busy, 6 locked, 13 disk full; extended codes keep the low byte.
            sqlx::Error::Database(cause) => match cause.code().and_then(|code| code.parse::<i32>().ok()).map(|code| code & 0xff) {
                Some(5 | 6 | 13) if cause.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() => Self::Unavailable(error.to_string().into()),
                _ => Self::internal(error),
            },
            _ => Self::internal(error),
        }
    }
}

impl From<sqlx::migrate::MigrateError> for AppError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        Self::config(format!("the database could not be brought up to date: {error}"))
    }
}

impl From<serde_json::Error> for AppError {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(format!("stored JSON does not fit its type: {error}"))
    }
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The short form used by everything that can fail.
pub type Result<T> = std::result::Result<T, AppError>;
