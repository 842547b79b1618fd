//! The officials' queue and the public search, with few and with many cases. Answers are asked from the router without a network
//! between, small and large in turn, so that a slow moment of the machine meets both.
//!
//! The official is the head of the authority with most cases: about a thousand with ten thousand in all, a year's work of an office. Pages are
//! compared that show as many rows with few cases as with many: a page of fifty takes longer than one of three, however many cases lie behind.

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
/// A row of an officials' list.
const LIST_ROW: &str = "class=\"pick\"";
/// Pages may differ by so many rows and still be compared.
const ROWS_APART_MAX: usize = 5;
/// Slow addresses named on the error output.
const SLOWEST_TOLD: usize = 24;
const SCOPES: [&str; 8] = ["cua-toi", "tat-ca", "qua-han", "cho-tiep-nhan", "cho-duyet", "cho-dan", "da-tra-loi", "da-ket-thuc"];
const KINDS: [&str; 5] = ["", "report", "recommendation", "complaint", "denunciation"];
/// The tag ids are those of the demo.
const FILTERS: [&str; 20] = [
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
    "phan=tat-ca&nhan=demo-tag-0-19-sxd-20250701",
    "phan=da-ket-thuc&nhan=demo-tag-1-19-sxd-20250701",
    "phan=da-ket-thuc&keo-dai=1",
    "phan=da-ket-thuc&loai=complaint&nguoi=-",
    "phan=da-ket-thuc&dia-ban=99999",
    "phan=da-tra-loi&phong=-&loai=report",
    "phan=da-ket-thuc&dia-ban=05443",
    "phan=da-ket-thuc&phong=-&loai=recommendation",
    "phan=da-tra-loi&nguoi=-",
    "phan=da-ket-thuc&loai=report&phong=-",
];
const PUBLIC_FILTERS: [&str; 8] =
    ["", "&loai=phan-anh", "&tinh-trang=da-tra-loi", "&dia-ban=01969", "&nam=2026", "&loai=kien-nghi&nam=2026", "&ket-qua=muon", "&co-quan=19.SXD"];

/// Both lists.
pub async fn measure(options: &Options, small: &Folder, large: &Folder) -> Result<Vec<Row>> {
    let requests = if options.quick { 150 } else { 400 };
    let (few, many) = (small.portal().await?, large.portal().await?);
    let (few_router, many_router) = (data::router(&few), data::router(&many));
    let (few_cookie, many_cookie) = (sign_in(&few_router, BUSIEST).await?, sign_in(&many_router, BUSIEST).await?);
    let mut rows = Vec::new();
    let lists: [(&str, Address); 4] =
        [("the officials' queue", queue), ("the officials' filters", filters), ("the leader's page", leader), ("the public search", search)];
    for (name, address) in lists {
        let (mut fast, mut slow) = (Vec::new(), Vec::new());
        let mut is_alike = Vec::new();
        for i in 0..requests {
            let (few_ms, few_rows) = time_and_rows(&few_router, &address(i), &few_cookie).await?;
            let (many_ms, many_rows) = time_and_rows(&many_router, &address(i), &many_cookie).await?;
            fast.push(few_ms);
            slow.push(many_ms);
            // The first ones found nothing in memory.
            is_alike.push(i >= requests / 10 && few_rows.abs_diff(many_rows) <= ROWS_APART_MAX);
        }
        tell_slowest(&fast, &slow, &is_alike, address);
        let alike = |times: &[f64]| -> Vec<f64> { times.iter().zip(&is_alike).filter(|(_, is_alike)| **is_alike).map(|(ms, _)| *ms).collect() };
        let (mut fast, mut slow) = (alike(&fast), alike(&slow));
        eprintln!("  {name}: {} of {requests} pages show as many rows in both and are compared", fast.len());
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
fn tell_slowest(fast: &[f64], slow: &[f64], is_alike: &[bool], address: fn(usize) -> String) {
    let mut order: Vec<usize> = (0..slow.len()).filter(|i| is_alike[*i]).collect();
    order.sort_by(|a, b| slow[*b].total_cmp(&slow[*a]));
    for i in order.into_iter().take(SLOWEST_TOLD) {
        eprintln!("  {:>7.1} ms against {:>6.1} ms: {}", slow[i], fast[i], address(i));
    }
}

/// What the sign-ins of the authority with most cases end with: the Department of Construction.
pub const BUSIEST: &str = "soxaydung";

/// The session of the head whose sign-in ends so.
pub async fn sign_in(router: &Router, whose: &str) -> Result<String> {
    let is_head = |sign_in: &demo::SignIn| sign_in.role == app::permissions::Role::Head && sign_in.login.ends_with(whose);
    let head = demo::sign_ins().into_iter().find(is_head).ok_or_else(|| broken("the demo has no such head"))?;
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

/// How long an answer took, in milliseconds.
pub async fn time(router: &Router, path: &str, cookie: &str) -> Result<f64> {
    time_and_rows(router, path, cookie).await.map(|(ms, _)| ms)
}

/// The same, and how many rows of an officials' list it has.
async fn time_and_rows(router: &Router, path: &str, cookie: &str) -> Result<(f64, usize)> {
    let started = Instant::now();
    let answer = data::ask(router, Request::get(path).header(header::COOKIE, cookie), Body::empty()).await?;
    let ms = started.elapsed().as_secs_f64() * 1_000.0;
    if answer.status == 200 {
        Ok((ms, String::from_utf8_lossy(&answer.body).matches(LIST_ROW).count()))
    } else {
        Err(broken(format!("{path} was answered with {}", answer.status)))
    }
}
