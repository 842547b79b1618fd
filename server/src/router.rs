//! The whole portal as one router: the same for the server and for tests.

use crate::middleware::{self, RequestedAddress, TrustedProxies};
use crate::{assets, health};
use app::accounts::rules::DESK_SESSION_HOURS;
use app::accounts::session::Sessions;
use app::error::AppError;
use app::portal::Portal;
use app::words::Lang;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{Method, Uri};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::any::Any;
use std::convert::Infallible;
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::Duration;
use tower_sessions::{Expiry, SessionManagerLayer};

/// Bytes of a form without files. Routes that take files count for themselves.
const FORM_BYTES_MAX: usize = 512 * 1024;
/// Name of the session cookie.
const SESSION_COOKIE: &str = "nghedan_phien";

/// The portal's router.
pub fn build(portal: &Portal, proxies: TrustedProxies) -> Router {
    let routes = app::routes::all();
    let sessions = Sessions::new(portal.db().clone(), portal.clock().clone(), portal.random().clone());
    // The longest a session is kept; how long a visit or a sign-in lasts stands in it.
    let session_layer = SessionManagerLayer::new(sessions)
        .with_name(app::device::cookie_name(portal.settings(), SESSION_COOKIE))
        .with_secure(portal.settings().secure_cookies)
        .with_same_site(SameSite::Lax)
        .with_http_only(true)
        .with_expiry(Expiry::OnInactivity(Duration::hours(DESK_SESSION_HOURS)));
    let public = routes
        .public
        .layer(CatchPanicLayer::custom(after_panic))
        .layer(from_fn_with_state(portal.clone(), middleware::present_errors))
        .layer(from_fn_with_state(portal.clone(), middleware::finish))
        .layer(from_fn_with_state(portal.clone(), middleware::remember));
    let private = routes
        .private
        .layer(CatchPanicLayer::custom(after_panic))
        .layer(from_fn_with_state(portal.clone(), middleware::identify))
        .layer(session_layer)
        .layer(from_fn_with_state(portal.clone(), middleware::renew_public_pages))
        .layer(from_fn_with_state(portal.clone(), middleware::same_origin))
        .layer(from_fn_with_state(portal.clone(), middleware::present_errors))
        .layer(from_fn_with_state(portal.clone(), middleware::finish))
        .layer(CompressionLayer::new());
    let files = Router::new()
        .route("/assets/{name}", get(assets::built))
        .route("/icons/{name}", get(assets::icon))
        .layer(from_fn_with_state(portal.clone(), middleware::finish));
    let missing = Router::new()
        .fallback(|| async { AppError::NotFound.into_response() })
        .layer(from_fn_with_state(portal.clone(), middleware::present_errors))
        .layer(from_fn_with_state(portal.clone(), middleware::finish))
        .layer(from_fn_with_state(portal.clone(), middleware::gate))
        .layer(from_fn_with_state((portal.clone(), proxies.clone()), middleware::client_address));
    let inner = public
        .merge(private)
        .merge(files)
        .merge(health::routes().layer(from_fn_with_state(portal.clone(), middleware::finish)))
        .layer(from_fn_with_state(portal.clone(), middleware::gate))
        .layer(from_fn_with_state((portal.clone(), proxies), middleware::client_address))
        .layer(from_fn_with_state(portal.clone(), middleware::operation))
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .fallback_service(missing.with_state(portal.clone()))
        .with_state(portal.clone());
    let portal = portal.clone();
    Router::new().fallback_service(tower::service_fn(move |request| enter(portal.clone(), inner.clone(), request)))
}

/// What a mistake of ours becomes: a page with a number to tell, not a connection that ends. Innermost, so that the page is worded like any other.
fn after_panic(_: Box<dyn Any + Send>) -> Response {
    AppError::internal("a panic; the log says where").into_response()
}

/// The way in: a page in memory is answered at once; the language prefix becomes a language.
async fn enter(portal: Portal, inner: Router, mut request: Request) -> Result<Response, Infallible> {
    let address = request.uri().path_and_query().map_or("/", |address| address.as_str());
    if request.method() == Method::GET
        && let Some(page) = portal.cache().get(address)
    {
        metrics::counter!("nghedan_cached_pages_total").increment(1);
        return Ok(page.respond(request.headers()));
    }
    // Copied only for a page that must be rendered.
    let address = address.to_owned();
    if let Some(uri) = without_language(request.uri()) {
        *request.uri_mut() = uri;
        request.extensions_mut().insert(Lang::En);
    }
    request.extensions_mut().insert(RequestedAddress(address));
    inner.oneshot(request).await
}

/// `/en/tra-cuu` as `/tra-cuu`, `/en` as `/`; `None` for a Vietnamese address.
fn without_language(uri: &Uri) -> Option<Uri> {
    let rest = uri.path().strip_prefix("/en")?;
    let path = match rest {
        "" => "/",
        rest if rest.starts_with('/') => rest,
        _ => return None,
    };
    let address = uri.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    address.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_ends_one_request_with_an_answer() {
        async fn wrong() -> Response {
            panic!("a mistake of ours")
        }
        let router: Router = Router::new().route("/", get(wrong)).layer(CatchPanicLayer::custom(after_panic));
        let response = router.oneshot(Request::new(axum::body::Body::empty())).await.expect("an answer");
        assert_eq!(response.status(), 500);
        assert!(response.extensions().get::<AppError>().is_some(), "so that it gets a page");
    }

    #[test]
    fn only_a_whole_prefix_is_a_language() {
        let stripped = |address: &str| without_language(&address.parse().expect("an address")).map(|uri| uri.to_string());
        assert_eq!(stripped("/en").as_deref(), Some("/"));
        assert_eq!(stripped("/en/gui?a=1").as_deref(), Some("/gui?a=1"));
        assert_eq!(stripped("/english"), None);
        assert_eq!(stripped("/gui"), None);
    }
}
