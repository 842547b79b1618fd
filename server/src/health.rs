//! Is it alive, can it work, what does it count.

use app::portal::Portal;
use axum::extract::{ConnectInfo, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::net::SocketAddr;
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

/// The counts, for this machine only: they tell how much is going on.
async fn metrics(peer: Option<Extension<ConnectInfo<SocketAddr>>>) -> Response {
    let is_local = peer.is_some_and(|Extension(ConnectInfo(peer))| peer.ip().is_loopback());
    match METRICS.get().filter(|_| is_local) {
        Some(handle) => plain(StatusCode::OK, handle.render()),
        None => plain(StatusCode::NOT_FOUND, String::new()),
    }
}

fn plain(status: StatusCode, text: String) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], text).into_response()
}
