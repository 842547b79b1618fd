//! The page of a case with what is like it beside, and the question asked while somebody types: with few and with many cases.
//!
//! The cases are those of the authority with most of them ([`BUSIEST`]): elsewhere a small database has next to nothing to compare with, and
//! the two pages would not be alike.

use crate::data::{self, Folder};
use crate::lists::{BUSIEST, GOAL, WORDS, encode, search, sign_in, time};
use crate::table::{Row, median, quantile};
use crate::{Options, broken};
use app::error::Result;
use app::petitions::recognition as marks;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use std::collections::BTreeSet;
use std::time::Instant;

/// Questions while typing for each page of a case that is asked for: each takes a millisecond or two, and the worst of a hundred such is chance.
const TYPED_TIMES: usize = 5;
/// Questions of one address; the portal answers a hundred and twenty in a minute.
const OF_ONE_ADDRESS: usize = 100;
/// Cases whose pages are asked for, in each database.
const CASES: usize = 60;

/// Both.
pub async fn measure(options: &Options, small: &Folder, large: &Folder) -> Result<Vec<Row>> {
    let requests = if options.quick { 120 } else { 300 };
    let (few, many) = (small.portal().await?, large.portal().await?);
    for portal in [&few, &many] {
        marks::catch_up_wholly(portal).await?;
    }
    let (few_router, many_router) = (data::router(&few), data::router(&many));
    let (few_cookie, many_cookie) = (sign_in(&few_router, BUSIEST).await?, sign_in(&many_router, BUSIEST).await?);
    let (few_cases, many_cases) = (cases(&few_router, &few_cookie).await?, cases(&many_router, &many_cookie).await?);
    let mut rows = Vec::new();
    let (mut fast, mut slow) = (Vec::new(), Vec::new());
    for i in 0..requests {
        fast.push(time(&few_router, &few_cases[i % few_cases.len()], &few_cookie).await?);
        slow.push(time(&many_router, &many_cases[i % many_cases.len()], &many_cookie).await?);
    }
    rows.push(row("a case with similar ones beside it", small, large, fast, slow));
    let (mut fast, mut slow) = (Vec::new(), Vec::new());
    for i in 0..requests * TYPED_TIMES {
        fast.push(typing(&few_router, i).await?);
        slow.push(typing(&many_router, i).await?);
    }
    rows.push(row("similar cases while typing", small, large, fast, slow));
    few.db().close().await;
    many.db().close().await;
    Ok(rows)
}

fn row(what: &str, small: &Folder, large: &Folder, mut fast: Vec<f64>, mut slow: Vec<f64>) -> Row {
    // The first ones found nothing in memory.
    let warm = fast.len() / 10;
    let (mut fast, mut slow) = (fast.split_off(warm), slow.split_off(warm));
    let (few_p95, many_p95) = (quantile(&mut fast, 0.95), quantile(&mut slow, 0.95));
    let ratio = many_p95 / few_p95;
    Row {
        what: format!("{what}: p95 with {} cases against {}", large.cases, small.cases),
        portal: format!("{many_p95:.1} ms (median {:.1})", median(&mut slow)),
        reference: format!("{few_p95:.1} ms (median {:.1})", median(&mut fast)),
        ratio: format!("{ratio:.2}"),
        goal: "≤ 1.5",
        is_met: ratio <= GOAL,
    }
}

/// Addresses of cases in the head's queue, found by different words.
async fn cases(router: &Router, cookie: &str) -> Result<Vec<String>> {
    let mut found = BTreeSet::new();
    for word in WORDS {
        let request = Request::get(format!("/can-bo?q={}", encode(word))).header(header::COOKIE, cookie);
        let answer = data::ask(router, request, Body::empty()).await?;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        found.extend(text.split("href=\"/can-bo/don/").skip(1).filter_map(|rest| rest.split(['?', '"']).next()).map(|id| format!("/can-bo/don/{id}")));
    }
    if found.is_empty() { Err(broken("no case in the queue")) } else { Ok(found.into_iter().take(CASES).collect()) }
}

/// One question of somebody who types.
async fn typing(router: &Router, i: usize) -> Result<f64> {
    let title = format!("{} {}", WORDS[i % WORDS.len()], WORDS[(i / 3 + 5) % WORDS.len()]);
    let body = format!("kind=report&title={}&body={}&area=", encode(&title), encode(&search(i)));
    let request = Request::post("/gui/tuong-tu").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let started = Instant::now();
    let answer = data::ask_from(u16::try_from(i / OF_ONE_ADDRESS + 1).unwrap_or_default(), router, request, Body::from(body)).await?;
    let took = started.elapsed().as_secs_f64() * 1_000.0;
    if answer.status.is_success() { Ok(took) } else { Err(broken(format!("typing was answered with {}", answer.status))) }
}
