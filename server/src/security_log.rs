//! What somebody needs who looks into an attack later: one line each, under the target `security`.
//!
//! Who tried a gate (signing in and out, entering a code, changing a password) and how it went, and what was refused to whom. Neither a name
//! that was typed nor a code nor an address is written: the address is a mark that changes each day, so that one source can be followed
//! through a day and nobody can be looked up by it.

use app::actor::Actor;
use app::error::AppError;
use app::portal::Portal;
use axum::http::{Method, StatusCode};

/// Where people prove who they are, or leave.
const GATES: [&str; 16] = [
    "/dang-nhap",
    "/dang-nhap/buoc-hai",
    "/dang-nhap/danh-ba",
    "/dang-nhap/danh-ba/ve",
    "/dang-nhap/khoa",
    "/dang-xuat",
    "/tra-cuu",
    "/tra-cuu/thoat",
    "/toi/vao",
    "/toi/ma",
    "/toi/thoat",
    "/toi/dinh-danh",
    "/toi/dinh-danh/ve",
    "/can-bo/mat-khau",
    "/can-bo/bao-mat",
    "/can-bo/phien",
];
/// Gates one comes back to from a provider, by following its link.
const RETURNS: [&str; 2] = ["/dang-nhap/danh-ba/ve", "/toi/dinh-danh/ve"];

/// A request that was answered.
pub struct Answered<'a> {
    /// Its operation id.
    pub operation_id: &'a str,
    /// How.
    pub method: &'a Method,
    /// The route, never the address with its ids.
    pub route: &'a str,
    /// Where it came from.
    pub address: &'a str,
    /// Who asked, as far as is known.
    pub actor: &'a Actor,
    /// The answer.
    pub status: StatusCode,
    /// Why not, if it was refused.
    pub error: Option<&'a AppError>,
}

/// Writes the line of a request, if it has one.
pub fn note(portal: &Portal, answered: &Answered<'_>) {
    let Some(event) = event(answered) else { return };
    let Answered { operation_id, method, route, address, actor, status, error } = answered;
    let account = actor.account_id().unwrap_or_default();
    let why = error.map(|error| error.key()).unwrap_or_default();
    let source = app::limits::source_mark(portal, address);
    tracing::info!(target: "security", event, operation_id, %method, route, status = status.as_u16(), why, actor = actor.kind(), account, source, "security");
}

/// What a request is to whoever watches over the portal; nothing for most.
fn event(answered: &Answered<'_>) -> Option<&'static str> {
    let is_return = *answered.method == Method::GET && RETURNS.contains(&answered.route);
    if is_return || (*answered.method == Method::POST && GATES.contains(&answered.route)) {
        // A page that leads on, or asks for one step more, is an answer to somebody who was let go on.
        let is_passed = answered.status.is_redirection() || answered.status.is_success();
        return Some(if is_passed { "passed" } else { "turned away" });
    }
    let is_official = matches!(answered.actor, Actor::Official(_));
    match answered.error? {
        AppError::Forbidden(_) | AppError::CrossSite | AppError::TooMany { .. } | AppError::BadRequest(_) | AppError::TooLarge => Some("refused"),
        AppError::SignInNeeded | AppError::CodeNeeded if *answered.method == Method::POST => Some("refused"),
        // Whoever tries numbers at the desk finds nothing and is seen.
        AppError::NotFound if is_official => Some("not there"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(method: &Method, route: &str, status: u16, error: Option<&AppError>) -> Option<&'static str> {
        let status = StatusCode::from_u16(status).expect("a status");
        event(&Answered { operation_id: "1", method, route, address: "192.0.2.1", actor: &Actor::Visitor, status, error })
    }

    #[test]
    fn gates_and_refusals_are_noted_and_reading_is_not() {
        assert_eq!(of(&Method::POST, "/dang-nhap", 303, None), Some("passed"));
        assert_eq!(of(&Method::POST, "/dang-nhap", 422, None), Some("turned away"));
        assert_eq!(of(&Method::POST, "/tra-cuu", 429, Some(&AppError::TooMany { retry_after_seconds: 1 })), Some("turned away"));
        assert_eq!(of(&Method::POST, "/gui", 413, Some(&AppError::TooLarge)), Some("refused"));
        assert_eq!(of(&Method::GET, "/can-bo", 401, Some(&AppError::SignInNeeded)), None, "somebody on the way to signing in");
        assert_eq!(of(&Method::GET, "/cong-khai/{number}", 404, Some(&AppError::NotFound)), None);
        assert_eq!(of(&Method::GET, "/", 200, None), None);
        assert_eq!(of(&Method::POST, "/dang-nhap/buoc-hai", 422, None), Some("turned away"), "a wrong second factor");
        assert_eq!(of(&Method::POST, "/dang-nhap/khoa", 303, None), Some("passed"), "a passkey");
        assert_eq!(of(&Method::POST, "/toi/ma", 422, None), Some("turned away"), "a citizen's code");
        assert_eq!(of(&Method::GET, "/dang-nhap/danh-ba/ve", 502, None), Some("turned away"), "a token that is not believed");
        assert_eq!(of(&Method::GET, "/toi/dinh-danh/ve", 303, None), Some("passed"));
        assert_eq!(of(&Method::GET, "/toi/ma", 200, None), None, "looking at a gate");
    }
}
