//! What a phone has to fetch before it can use the filing form, and what comes after.

use crate::data::{self, Folder};
use crate::table::Row;
use app::error::Result;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};

/// Everything before scripts, in bytes.
const GOAL_FORM: usize = 30_000;
/// wasm and its glue in brotli, in bytes.
const GOAL_WASM: usize = 120_000;

/// The form and the browser part, in bytes as sent.
pub async fn measure(small: &Folder) -> Result<Vec<Row>> {
    let portal = small.portal().await?;
    let router = data::router(&portal);
    let html = sent(&router, "/gui").await?;
    let asset = async |name: &str| if portal.assets().has(name) { sent(&router, &portal.assets().href(name)).await } else { Ok((0, 0)) };
    let (css, icon) = (asset("app.css").await?, asset("favicon.svg").await?);
    let (glue, starter, wasm) = (asset("app.js").await?, asset("islands.js").await?, asset("app_bg.wasm").await?);
    portal.db().close().await;
    let (form, form_plain) = (html.0 + css.0 + icon.0, html.1 + css.1 + icon.1);
    let (browser, browser_plain) = (glue.0 + starter.0 + wasm.0, glue.1 + starter.1 + wasm.1);
    Ok(vec![
        Row {
            what: format!("filing form before scripts: html {}, css {}, icon {}", html.0, css.0, icon.0),
            portal: format!("{form} bytes in brotli"),
            reference: format!("{form_plain} bytes plain"),
            ratio: ratio(form, form_plain),
            goal: "≤ 30 kB",
            is_met: form <= GOAL_FORM && css.0 > 0,
        },
        Row {
            what: format!("browser part: wasm {}, glue {}", wasm.0, glue.0 + starter.0),
            portal: format!("{browser} bytes in brotli"),
            reference: format!("{browser_plain} bytes plain"),
            ratio: ratio(browser, browser_plain),
            goal: "≤ 120 kB",
            is_met: browser <= GOAL_WASM && wasm.0 > 0,
        },
    ])
}

#[expect(clippy::cast_precision_loss, reason = "bytes of a page")]
fn ratio(part: usize, whole: usize) -> String {
    format!("{:.2}", part as f64 / whole.max(1) as f64)
}

/// Bytes of a body in brotli and plain.
async fn sent(router: &Router, path: &str) -> Result<(usize, usize)> {
    let brotli = data::ask(router, Request::get(path).header(header::ACCEPT_ENCODING, "br"), Body::empty()).await?;
    let plain = data::ask(router, Request::get(path), Body::empty()).await?;
    Ok((brotli.body.len(), plain.body.len()))
}
