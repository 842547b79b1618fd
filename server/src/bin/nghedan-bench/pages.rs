//! Public pages from memory, against a bare axum handler that answers the same bytes with the same headers.

use crate::client::{get, load};
use crate::data::{self, Folder};
use crate::table::{Row, median};
use crate::{Options, broken};
use app::error::Result;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, header};
use axum::response::IntoResponse;
use std::time::Duration;

/// Phones at once.
const CONNECTIONS: usize = 32;
/// What a browser says it can read.
const HEADERS: &str = "accept-encoding: gzip, deflate, br\r\naccept: text/html\r\nuser-agent: Mozilla/5.0 (Linux; Android 11) nghedan-bench\r\n";
/// Below this the portal is slower than asked.
const GOAL: f64 = 0.8;

/// Three pages, each against its own reference.
pub async fn measure(options: &Options, small: &Folder) -> Result<Vec<Row>> {
    let (rounds, length) = if options.quick { (3, Duration::from_millis(700)) } else { (7, Duration::from_secs(2)) };
    let portal = small.portal().await?;
    let router = data::router(&portal);
    let address = data::serve(router.clone()).await?;
    let (number,): (i64,) = portal.db().read().await?.one("SELECT MAX(number) FROM public_cases", ()).await?;
    let mut rows = Vec::new();
    for (name, path) in [("a public case", format!("/cong-khai/{number}")), ("the public register", "/cong-khai".to_owned()), ("the home page", "/".to_owned())]
    {
        let request = || Request::get(&path).header(header::ACCEPT_ENCODING, "gzip, deflate, br").header(header::ACCEPT, "text/html");
        let first = data::ask(&router, request(), Body::empty()).await?;
        // The second answer comes from memory.
        let cached = data::ask(&router, request(), Body::empty()).await?;
        if cached.status != 200 || first.body != cached.body {
            return Err(broken(format!("{path} is not served from memory: {}", cached.status)));
        }
        let bare = data::serve(bare(cached.headers.clone(), cached.body.clone())).await?;
        let requests = [get(&path, HEADERS)];
        let (mut ours, mut theirs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for address in [address, bare] {
            load(address, &requests, CONNECTIONS, length / 4).await?;
        }
        for _ in 0..rounds {
            let portal = load(address, &requests, CONNECTIONS, length).await?;
            let reference = load(bare, &requests, CONNECTIONS, length).await?;
            ours.push(portal);
            theirs.push(reference);
            ratios.push(portal / reference);
        }
        let ratio = median(&mut ratios);
        rows.push(Row {
            what: format!("{name} from memory ({} bytes in brotli, {CONNECTIONS} connections)", cached.body.len()),
            portal: format!("{:.0} requests/s", median(&mut ours)),
            reference: format!("{:.0} requests/s, bare axum", median(&mut theirs)),
            ratio: format!("{ratio:.2}"),
            goal: "≥ 0.80",
            is_met: ratio >= GOAL,
        });
    }
    portal.db().close().await;
    Ok(rows)
}

/// Answers everything with the same.
fn bare(mut headers: HeaderMap, body: Bytes) -> Router {
    headers.remove(header::DATE);
    Router::new().fallback(move || {
        let answer = (headers.clone(), body.clone());
        async move { answer.into_response() }
    })
}
