//! The officials' queue and the public search, with few and with many cases. Answers are asked from the router without a network
//! between, small and large in turn, so that a slow moment of the machine meets both.

use crate::data::{self, Folder};
use crate::table::{Row, median, quantile};
use crate::{Options, broken};
use app::demo;
use app::error::Result;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use std::time::Instant;

/// The large database may be this much slower.
pub const GOAL: f64 = 1.5;
/// Words people look for, with and without marks, common and rare.
pub const WORDS: [&str; 16] = [
    "đường",
    "rác",
    "nước",
    "đèn đường",
    "duong hong",
    "truong hoc",
    "bồi thường",
    "giấy chứng nhận",
    "cầu tràn",
    "mương thủy lợi",
    "tieng on",
    "chợ",
    "khiếu nại",
    "thôn Nà Lẹng",
    "xe tải",
    "mạng di động",
];
/// What is asked for at each turn.
type Address = fn(usize) -> String;
/// Slow addresses named on the error output.
const SLOWEST_TOLD: usize = 24;
const SCOPES: [&str; 8] = ["cua-toi", "tat-ca", "qua-han", "cho-tiep-nhan", "cho-duyet", "cho-dan", "da-tra-loi", "da-ket-thuc"];
const KINDS: [&str; 5] = ["", "report", "recommendation", "complaint", "denunciation"];
/// The tag ids are those of the demo.
const FILTERS: [&str; 16] = [
    "phan=tat-ca&han=qua-han",
    "phan=tat-ca&han=tuan-nay&loai=report",
    "phan=tat-ca&han=sau&loai=denunciation",
    "phan=tat-ca&phuc-tap=1",
    "phan=tat-ca&keo-dai=1&dong-nguoi=1",
    "phan=tat-ca&nguoi=-",
    "phan=tat-ca&phong=-&loai=complaint",
    "phan=tat-ca&dia-ban=99999",
    "phan=tat-ca&buoc-xu-ly=assigned&han=tuan-nay",
    "phan=cho-duyet&du-luan=1",
    "phan=tat-ca&nhan=demo-tag-0-19-01969-ub-20250701",
    "phan=da-ket-thuc&nhan=demo-tag-1-19-01969-ub-20250701",
    "phan=da-ket-thuc&keo-dai=1",
    "phan=da-ket-thuc&loai=complaint&nguoi=-",
    "phan=da-ket-thuc&dia-ban=99999",
    "phan=da-tra-loi&phong=19-01969-kt-20250701",
];
const PUBLIC_FILTERS: [&str; 8] =
    ["", "&loai=phan-anh", "&tinh-trang=da-tra-loi", "&dia-ban=01969", "&nam=2026", "&loai=kien-nghi&nam=2026", "&ket-qua=muon", "&co-quan=19.SXD"];

/// Both lists.
pub async fn measure(options: &Options, small: &Folder, large: &Folder) -> Result<Vec<Row>> {
    let requests = if options.quick { 150 } else { 400 };
    let (few, many) = (small.portal().await?, large.portal().await?);
    let (few_router, many_router) = (data::router(&few), data::router(&many));
    let (few_cookie, many_cookie) = (sign_in(&few_router).await?, sign_in(&many_router).await?);
    let mut rows = Vec::new();
    let lists: [(&str, Address); 4] =
        [("the officials' queue", queue), ("the officials' filters", filters), ("the leader's page", leader), ("the public search", search)];
    for (name, address) in lists {
        let (mut fast, mut slow) = (Vec::new(), Vec::new());
        for i in 0..requests {
            fast.push(time(&few_router, &address(i), &few_cookie).await?);
            slow.push(time(&many_router, &address(i), &many_cookie).await?);
        }
        tell_slowest(&fast, &slow, address);
        // The first ones found nothing in memory.
        let warm = requests / 10;
        let (mut fast, mut slow) = (fast.split_off(warm), slow.split_off(warm));
        let (few_p95, many_p95) = (quantile(&mut fast, 0.95), quantile(&mut slow, 0.95));
        let ratio = many_p95 / few_p95;
        rows.push(Row {
            what: format!("{name}: p95 with {} cases against {}", large.cases, small.cases),
            portal: format!("{many_p95:.1} ms (median {:.1})", median(&mut slow)),
            reference: format!("{few_p95:.1} ms (median {:.1})", median(&mut fast)),
            ratio: format!("{ratio:.2}"),
            goal: "≤ 1.5",
            is_met: ratio <= GOAL,
        });
    }
    few.db().close().await;
    many.db().close().await;
    Ok(rows)
}

/// Says on the error output where the large database lost most: where to look next.
fn tell_slowest(fast: &[f64], slow: &[f64], address: fn(usize) -> String) {
    let mut order: Vec<usize> = (0..slow.len()).collect();
    order.sort_by(|a, b| slow[*b].total_cmp(&slow[*a]));
    for i in order.into_iter().take(SLOWEST_TOLD) {
        eprintln!("  {:>7.1} ms against {:>6.1} ms: {}", slow[i], fast[i], address(i));
    }
}

/// A head's session.
pub async fn sign_in(router: &Router) -> Result<String> {
    let head = demo::sign_ins().into_iter().find(|sign_in| sign_in.role == app::permissions::Role::Head).ok_or_else(|| broken("the demo has no head"))?;
    let form = format!("login={}&password={}", head.login, head.password.replace(' ', "+"));
    let request = Request::post("/dang-nhap").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = data::ask(router, request, Body::from(form)).await?;
    let cookie = answer.headers.get(header::SET_COOKIE).and_then(|value| value.to_str().ok()).and_then(|value| value.split(';').next());
    match cookie {
        Some(cookie) if answer.status == 303 => Ok(cookie.to_owned()),
        _ => Err(broken(format!("signing in as {} was answered with {}", head.login, answer.status))),
    }
}

fn queue(i: usize) -> String {
    if i % 4 == 3 {
        return format!("/can-bo?q={}&n={i}", encode(WORDS[i / 4 % WORDS.len()]));
    }
    format!("/can-bo?phan={}&loai={}&n={i}", SCOPES[i % SCOPES.len()], KINDS[i / SCOPES.len() % KINDS.len()])
}

/// Filters alone and combined; what fits nothing has to look through most.
fn filters(i: usize) -> String {
    format!("/can-bo?{}&n={i}", FILTERS[i % FILTERS.len()])
}

fn leader(i: usize) -> String {
    format!("/can-bo/lanh-dao?n={i}")
}

/// No address comes twice, so that nothing is answered from memory.
pub fn search(i: usize) -> String {
    let words = if i % 5 == 4 { String::new() } else { encode(WORDS[i % WORDS.len()]) };
    format!("/cong-khai?q={words}{}&n={i}", PUBLIC_FILTERS[i / 3 % PUBLIC_FILTERS.len()])
}

pub fn encode(text: &str) -> String {
    text.bytes().map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

pub async fn time(router: &Router, path: &str, cookie: &str) -> Result<f64> {
    let started = Instant::now();
    let answer = data::ask(router, Request::get(path).header(header::COOKIE, cookie), Body::empty()).await?;
    if answer.status == 200 { Ok(started.elapsed().as_secs_f64() * 1_000.0) } else { Err(broken(format!("{path} was answered with {}", answer.status))) }
}
