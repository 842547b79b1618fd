//! Is it alive, can it work, what does it count.

use app::portal::Portal;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::net::{IpAddr, SocketAddr};
use std::sync::OnceLock;

static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

/// Begins counting. Called once, by the serving process.
pub fn count() {
    match PrometheusBuilder::new().install_recorder() {
        Ok(handle) => {
            if METRICS.set(handle).is_err() {
                tracing::warn!("counting was begun twice");
            }
        }
        Err(error) => tracing::warn!(%error, "nothing is counted"),
    }
}

/// `/healthz`, `/readyz`, `/metrics`.
pub fn routes() -> Router<Portal> {
    Router::new().route("/healthz", get(|| async { plain(StatusCode::OK, "ok\n".to_owned()) })).route("/readyz", get(ready)).route("/metrics", get(metrics))
}

/// Ready when the database answers.
async fn ready(State(portal): State<Portal>) -> Response {
    let answer = async {
        let mut tx = portal.db().read().await?;
        app::petitions::store::register::version(&mut tx).await
    };
    match answer.await {
        Ok(_) => plain(StatusCode::OK, "ready\n".to_owned()),
        Err(error) => {
            tracing::error!(%error, "not ready");
            plain(StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n".to_owned())
        }
    }
}

/// Headers by which a request says that somebody passed it on: with a proxy on the same machine, every visitor comes from the loopback.
const PASSED_ON: [&str; 4] = ["x-forwarded-for", "forwarded", "x-real-ip", "via"];

/// The counts, for this machine only: they tell how much is going on.
async fn metrics(peer: Option<Extension<ConnectInfo<SocketAddr>>>, headers: HeaderMap) -> Response {
    let peer = peer.map(|Extension(ConnectInfo(peer))| peer.ip());
    match METRICS.get().filter(|_| is_asked_here(peer, &headers)) {
        Some(handle) => plain(StatusCode::OK, handle.render()),
        None => plain(StatusCode::NOT_FOUND, String::new()),
    }
}

/// Whether a request comes from this machine, and not through a proxy on it.
fn is_asked_here(peer: Option<IpAddr>, headers: &HeaderMap) -> bool {
    peer.is_some_and(|peer| peer.is_loopback()) && !PASSED_ON.iter().any(|name| headers.contains_key(*name))
}

fn plain(status: StatusCode, text: String) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Until November 2026 the counts were on the public address of every portal behind a proxy of its own machine.
    #[test]
    fn a_proxy_on_this_machine_shows_nobody_the_counts() {
        let (here, elsewhere) = (Some(IpAddr::from([127, 0, 0, 1])), Some(IpAddr::from([192, 0, 2, 7])));
        assert!(is_asked_here(here, &HeaderMap::new()));
        assert!(!is_asked_here(elsewhere, &HeaderMap::new()) && !is_asked_here(None, &HeaderMap::new()));
        for name in PASSED_ON {
            let headers = HeaderMap::from_iter([(header::HeaderName::from_static(name), header::HeaderValue::from_static("192.0.2.7"))]);
            assert!(!is_asked_here(here, &headers), "{name}");
        }
    }
}
