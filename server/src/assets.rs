//! The built files: style, browser part, icons. Embedded in a release, read from disk in development.

use app::portal::Assets;
use app::ui::CachePolicy;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use std::collections::HashMap;

#[derive(RustEmbed)]
#[folder = "../site"]
struct Site;

#[derive(RustEmbed)]
#[folder = "../style/static"]
struct Icons;

/// Reads the list of built files. None yet: pages go without style, and `/readyz` says so.
pub fn load() -> Assets {
    let names = Site::get("assets.json").and_then(|file| serde_json::from_slice::<HashMap<String, String>>(&file.data).ok());
    Assets(names.unwrap_or_default())
}

/// `/assets/{name}`: a built file under its hashed name, compressed as the browser can read it.
pub async fn built(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let twin = [("br", ".br"), ("gzip", ".gz")]
        .into_iter()
        .filter(|(encoding, _)| accepted.contains(encoding))
        .find_map(|(encoding, ending)| Site::get(&format!("{name}{ending}")).map(|file| (encoding, file)));
    let (encoding, file) = match twin {
        Some((encoding, file)) => (Some(encoding), file),
        None => match Site::get(&name).filter(|_| !name.starts_with('.')) {
            Some(file) => (None, file),
            None => return StatusCode::NOT_FOUND.into_response(),
        },
    };
    let mut response = file.data.into_owned().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, content_type(&name));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response.extensions_mut().insert(CachePolicy::Asset);
    response
}

/// `/icons/{name}`: icons under names that others keep (home screens, previews).
pub async fn icon(Path(name): Path<String>) -> Response {
    let Some(file) = Icons::get(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let mut response = file.data.into_owned().into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, content_type(&name));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400"));
    response
}

fn content_type(name: &str) -> HeaderValue {
    HeaderValue::from_static(match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml; charset=utf-8",
        "png" => "image/png",
        "webmanifest" => "application/manifest+json; charset=utf-8",
        _ => "application/octet-stream",
    })
}
