//! Filing, many at once, against a bare loop that writes the same rows into the same kind of database.
//!
//! Both write into copies of one database with the same settings (WAL, synchronous FULL). The portal does all of it: HTTP,
//! cookie, draft, rules, checks, rows, answer. The loop has everything ready and only writes, one petition to a transaction.

use crate::client::Connection;
use crate::data::{self, Folder};
use crate::table::{Row, median, quantile};
use crate::{Options, broken};
use app::demo;
use app::error::Result;
use app::filing::actions::draft_id;
use app::filing::store::{self as drafts, DraftRow};
use app::petitions::actions::desk_document;
use app::petitions::code::CaseCode;
use app::petitions::rules::{self, Filing, Kind};
use app::petitions::store as cases;
use app::petitions::store::parts::{CasePerson, CaseText, insert_person, insert_text};
use app::portal::Portal;
use app::search::store::{Index, insert};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Instant;

/// People who press the button at the same time.
const AT_ONCE: usize = 64;
/// Where the petitions of the benchmark come from: xã Phủ Thông.
const AREA: &str = "01969";
const GOAL_RATIO: f64 = 0.7;
const GOAL_P99_MS: f64 = 100.0;

/// Rate and slowest hundredth.
pub async fn measure(options: &Options, small: &Folder) -> Result<Vec<Row>> {
    let (rounds, each) = if options.quick { (3, 4) } else { (7, 12) };
    let portal = data::copy(small, &options.data.join("filing-portal")).await?;
    let reference = data::copy(small, &options.data.join("filing-bare")).await?;
    let address = data::serve(data::router(&portal)).await?;
    let (mut rates, mut bare_rates, mut ratios, mut times) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for round in 0..=rounds {
        let tokens = prepare(&portal, AT_ONCE * each).await?;
        let (rate, of_round) = send(address, &tokens).await?;
        let tokens = prepare(&reference, AT_ONCE * each).await?;
        let bare = write(&reference, &tokens).await?;
        // The first round warms up.
        if round > 0 {
            rates.push(rate);
            bare_rates.push(bare);
            ratios.push(rate / bare);
            times.extend(of_round);
        }
    }
    check(&portal, AT_ONCE * each * (rounds + 1)).await?;
    portal.db().close().await;
    reference.db().close().await;
    let (ratio, p99) = (median(&mut ratios), quantile(&mut times, 0.99));
    Ok(vec![
        Row {
            what: format!("filing, {AT_ONCE} at once"),
            portal: format!("{:.0} filings/s", median(&mut rates)),
            reference: format!("{:.0} filings/s, bare loop", median(&mut bare_rates)),
            ratio: format!("{ratio:.2}"),
            goal: "≥ 0.70",
            is_met: ratio >= GOAL_RATIO,
        },
        Row {
            what: format!("filing, {AT_ONCE} at once: p99"),
            portal: format!("{p99:.0} ms"),
            reference: format!("{:.0} ms in the middle", median(&mut times)),
            ratio: String::new(),
            goal: "< 100 ms",
            is_met: p99 < GOAL_P99_MS,
        },
    ])
}

/// What the citizens of the benchmark have typed.
fn typed() -> BTreeMap<String, String> {
    let pairs = [
        ("kind", "report"),
        ("title", "Đường liên thôn nhiều ổ gà sau mưa"),
        (
            "body",
            "Kính gửi Ủy ban nhân dân xã. Đoạn đường qua thôn sau mấy trận mưa hỏng nặng, ổ gà to bằng cái mâm, nước đọng không biết \
             nông sâu thế nào. Tuần này đã có người ngã xe. Mong xã cho đổ tạm ít đá để bà con đi lại.",
        ),
        ("area", AREA),
        ("place", "thôn Nà Lẹng, gần trạm y tế"),
        ("name", "Nông Thị Thử"),
        ("phone", "0900001234"),
    ];
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Drafts that only need the last press of the button. Gives their tokens.
async fn prepare(portal: &Portal, count: usize) -> Result<Vec<String>> {
    let data = serde_json::to_string(&typed()).map_err(broken)?;
    let (now, expires_at) = (portal.now(), "2100-01-01T00:00:00Z".parse().map_err(broken)?);
    let tokens: Vec<String> = (0..count).map(|_| portal.random().token()).collect();
    let mut tx = portal.db().write().await?;
    for token in &tokens {
        drafts::put(&mut tx, &draft_id(token), &data, now, expires_at).await?;
    }
    tx.commit().await?;
    Ok(tokens)
}

/// Presses all buttons, [`AT_ONCE`] at the same time. Gives filings per second and each one's milliseconds.
async fn send(address: SocketAddr, tokens: &[String]) -> Result<(f64, Vec<f64>)> {
    let mut connections = Vec::new();
    for _ in 0..AT_ONCE {
        connections.push(Connection::open(address).await?);
    }
    let started = Instant::now();
    let mut tasks = Vec::new();
    for (connection, tokens) in connections.into_iter().zip(tokens.chunks(tokens.len() / AT_ONCE)) {
        let (mut connection, tokens) = (connection, tokens.to_vec());
        tasks.push(tokio::spawn(async move {
            let mut times = Vec::new();
            for token in tokens {
                let request = format!(
                    "POST /gui/kiem-tra HTTP/1.1\r\nhost: 127.0.0.1\r\nsec-fetch-site: same-origin\r\ncookie: nghedan_nhap={token}\r\n\
                     content-type: application/x-www-form-urlencoded\r\naccept-encoding: br\r\ncontent-length: 0\r\n\r\n"
                );
                let pressed = Instant::now();
                let answer = connection.send(request.as_bytes()).await?;
                if answer.status != 303 {
                    return Err(broken(format!("a filing was answered with {}", answer.status)));
                }
                times.push(pressed.elapsed().as_secs_f64() * 1_000.0);
            }
            Ok(times)
        }));
    }
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.map_err(broken)??);
    }
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    let rate = times.len() as f64 / started.elapsed().as_secs_f64();
    Ok((rate, times))
}

/// A petition with everything thought about beforehand.
struct Ready {
    draft: DraftRow,
    case: rules::Case,
    filing: Filing,
    code_hash: String,
    document: app::search::Document,
}

/// Writes the rows of as many filings, one after the other. Gives filings per second.
async fn write(portal: &Portal, tokens: &[String]) -> Result<f64> {
    let typed = typed();
    let of = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let text = CaseText { title: of("title"), body: of("body"), place: of("place"), ..CaseText::default() };
    let person = CasePerson { name: of("name"), phone: of("phone"), language: "vi".to_owned(), ..CasePerson::default() };
    let mut ready = Vec::new();
    let mut tx = portal.db().read().await?;
    for token in tokens {
        let now = portal.now();
        let draft = drafts::by_id(&mut tx, &draft_id(token), now).await?.ok_or_else(|| broken("a draft is missing"))?;
        let day = app::clock::day(now);
        let body_id = portal.directory().body_for_area(AREA).map(|body| body.id.clone()).unwrap_or_default();
        let filing = Filing { kind: Kind::Report, body_id, area_code: AREA.to_owned(), may_publish: true, received_on: day, due_on: day, papers: 0 };
        let case = rules::file(portal.new_id(), portal.random().search_key(now), &filing, now);
        let document = desk_document(&case.body_id, &text);
        ready.push(Ready { draft, code_hash: CaseCode::of_token(token).hash(), document, case, filing });
    }
    drop(tx);
    let started = Instant::now();
    for Ready { draft, case, filing, code_hash, document } in &ready {
        let mut tx = portal.db().write().await?;
        drafts::mark_sent(&mut tx, draft, &case.id, case.filed_at).await?;
        cases::insert(&mut tx, case, filing, code_hash)?;
        insert_text(&mut tx, case.kind, &case.id, &text)?;
        insert_person(&mut tx, &case.id, &person)?;
        insert(&mut tx, Index::Desk, case.search_key, document)?;
        tx.commit().await?;
    }
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    let rate = ready.len() as f64 / started.elapsed().as_secs_f64();
    Ok(rate)
}

/// What was answered is there.
async fn check(portal: &Portal, filed: usize) -> Result<()> {
    let (count,): (i64,) = portal.db().read().await?.one("SELECT COUNT(*) FROM drafts WHERE case_id IS NOT NULL", ()).await?;
    let code = demo::citizen_code();
    let known = cases::by_code_hash(&mut portal.db().read().await?, &code.hash()).await?;
    if usize::try_from(count).ok() == Some(filed) && known.is_some() { Ok(()) } else { Err(broken("not every filing is in the database")) }
}
