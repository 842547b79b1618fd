//! A dialogue while it runs: how soon a change is at everybody who looks, and how many supports of one question are kept in a second.

use crate::client::Connection;
use crate::data::{self, Folder};
use crate::lists::sign_in;
use crate::table::{Row, median, quantile};
use crate::{Options, broken};
use app::dialogues::actions::tell as tell_dialogue;
use app::dialogues::questions::rules::{Stage, State};
use app::dialogues::questions::store::supports::supports;
use app::dialogues::questions::store::{Board, by_number};
use app::dialogues::questions::telling::{self, Told};
use app::dialogues::rules::{Dialogue, Event, Facts, Kind, Mode};
use app::dialogues::store as dialogues;
use app::error::Result;
use app::portal::Portal;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State as Shared;
use axum::http::{Request, header};
use axum::routing::get;

use server::middleware::TrustedProxies;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};

/// The dialogue of the benchmark.
const DIALOGUE: &str = "bench-live";
/// Questions that wait on its stage.
const QUESTIONS: i64 = 40;
/// The authority that holds it: xã Phủ Thông.
const BODY: &str = "19-01969-ub-20250701";
/// Connections that are opened at once: a queue of the system's holds no more.
const OPENED_AT_ONCE: usize = 100;
/// A change that is not everywhere by then is lost.
const CHANGE_TIMEOUT: Duration = Duration::from_secs(20);
/// Between two changes.
const REST: Duration = Duration::from_millis(1_500);
/// People who press at the same time.
const AT_ONCE: usize = 64;
const GOAL_MS: f64 = 1_000.0;
const GOAL_PER_SECOND: f64 = 1_000.0;

/// Both.
pub async fn measure(options: &Options, small: &Folder) -> Result<Vec<Row>> {
    let portal = data::copy(small, &options.data.join("live")).await?;
    let dialogue = prepare(&portal).await?;
    // People who press come from addresses of their own; those who look all come from this machine, which may do as much as it likes.
    let proxies = TrustedProxies(Arc::from(data::this_machine()));
    let router = server::router::build(&portal, proxies);
    let address = data::serve(router.clone()).await?;
    let mut rows = vec![viewers(options, &portal, &router, address, &dialogue).await?];
    rows.push(clicks(options, &portal, address, &dialogue).await?);
    portal.db().close().await;
    Ok(rows)
}

/// A dialogue that began an hour ago, with questions that wait.
async fn prepare(portal: &Portal) -> Result<Dialogue> {
    let now = portal.now();
    let facts = Facts {
        kind: Kind::Periodic,
        mode: Mode::Mixed,
        title: "Nước sạch và đường nông thôn".to_owned(),
        about: "Cấp nước cho ba thôn cuối nguồn, sửa đường liên thôn.".to_owned(),
        area_code: "01969".to_owned(),
        place: "Hội trường Ủy ban nhân dân xã".to_owned(),
        villages: String::new(),
        spot: None,
        online_address: "https://vi-du.vn/doi-thoai".to_owned(),
        joining: "Đến trước 15 phút.".to_owned(),
        head_post: "Chủ tịch UBND xã Phủ Thông".to_owned(),
        others: "Trưởng phòng Kinh tế\nTrưởng công an xã".to_owned(),
        begins_at: now - Duration::from_secs(3_600),
        ends_at: now + Duration::from_secs(3 * 3_600),
    };
    let day = app::clock::day(now);
    let mut tx = portal.db().write().await?;
    tell_dialogue(&mut tx, DIALOGUE, None, |number| {
        let drafted = Event::Drafted { number, body_id: BODY.to_owned(), facts };
        Ok(vec![(now, drafted), (now, Event::Announced { on: day, late_reason: String::new() })])
    })
    .await?;
    let dialogue = dialogues::by_id(&mut tx, DIALOGUE).await?.ok_or_else(|| broken("the dialogue is missing"))?;
    let all: Vec<Told> = (1..=QUESTIONS)
        .map(|n| Told {
            asked_at: now - Duration::from_secs(7_200),
            body: format!("Thôn chúng tôi cuối nguồn, cả tuần chỉ có nước hai đêm. Bao giờ đường ống mới tới nơi, ai chịu trách nhiệm? Câu {n}."),
            public_text: String::new(),
            name: "Bà Lý Thị Thử".to_owned(),
            village: "Nà Lẹng".to_owned(),
            is_private: false,
            is_desk: false,
            state: State::Open,
            reason: None,
            repeats: None,
            topic: ("Nước sạch".to_owned(), n),
            supporters: (7, 1),
            draft: None,
            stage: (Stage::Queued, None),
        })
        .collect();
    telling::tell(&mut tx, portal, &dialogue, &Board::default(), None, &all).await?;
    tx.commit().await?;
    Ok(dialogue)
}

/// Looks at a stream until it ends, and says when each change arrived.
async fn look(mut stream: TcpStream, path: String, seen: mpsc::UnboundedSender<(u32, Instant)>) -> Result<()> {
    // Without "close" the line would stay open for a next request after the stream has ended, and nobody would notice the end.
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n").as_bytes()).await.map_err(broken)?;
    let mut buffer = Vec::with_capacity(32 * 1_024);
    loop {
        if stream.read_buf(&mut buffer).await.map_err(broken)? == 0 {
            return Ok(());
        }
        // A chunk's end within a frame does not matter: only whole frames are looked at.
        while let Some(end) = buffer.windows(2).position(|two| two == b"\n\n") {
            if let Some(change) = change_in(&buffer[..end]) {
                seen.send((change, Instant::now())).map_err(broken)?;
            }
            buffer.drain(..end + 2);
        }
    }
}

/// The number of the change a frame tells of: the line to everybody stands near its beginning.
fn change_in(frame: &[u8]) -> Option<u32> {
    const SIGN: &[u8] = b"lan-so-";
    let at = frame.windows(SIGN.len()).position(|part| part == SIGN)? + SIGN.len();
    let digits: Vec<u8> = frame[at..].iter().copied().take_while(u8::is_ascii_digit).collect();
    String::from_utf8(digits).ok()?.parse().ok()
}

/// Opens so many viewers of an address; each says when it saw which change.
async fn open(address: SocketAddr, path: &str, viewers: usize) -> Result<mpsc::UnboundedReceiver<(u32, Instant)>> {
    let (sender, receiver) = mpsc::unbounded_channel();
    for _ in 0..viewers.div_ceil(OPENED_AT_ONCE) {
        let mut streams = Vec::new();
        for _ in 0..OPENED_AT_ONCE {
            let stream = TcpStream::connect(address).await;
            streams.push(stream.map_err(|error| broken(format!("{error}: {viewers} viewers need twice as many open files (ulimit -n)")))?);
        }
        for stream in streams {
            let (path, sender) = (path.to_owned(), sender.clone());
            tokio::spawn(async move {
                if let Err(error) = look(stream, path, sender).await {
                    eprintln!("a viewer: {error}");
                }
            });
        }
    }
    Ok(receiver)
}

/// Waits until everybody has seen a change. Gives the milliseconds each of them waited.
async fn everywhere(seen: &mut mpsc::UnboundedReceiver<(u32, Instant)>, change: u32, viewers: usize, since: Instant) -> Result<Vec<f64>> {
    let mut times = Vec::with_capacity(viewers);
    while times.len() < viewers {
        let news = tokio::time::timeout(CHANGE_TIMEOUT, seen.recv()).await;
        let Ok(Some((number, at))) = news else { return Err(broken(format!("change {change} reached {} of {viewers}", times.len()))) };
        if number == change {
            times.push(at.duration_since(since).as_secs_f64() * 1_000.0);
        }
    }
    Ok(times)
}

async fn viewers(options: &Options, portal: &Portal, router: &Router, address: SocketAddr, dialogue: &Dialogue) -> Result<Row> {
    let (viewers, changes) = if options.quick { (500, 4) } else { (5_000, 12) };
    let cookie = sign_in(router, "phuthong").await?;
    let mut seen = open(address, &format!("/doi-thoai/{}/truc-tiep/dong", dialogue.number), viewers).await?;
    let mut times = Vec::new();
    for change in 0..=changes {
        tokio::time::sleep(REST).await;
        let since = Instant::now();
        let deed = if change == 0 { "start" } else { "tell" };
        let form = format!("deed={deed}&message=lan-so-{change}&live_version={change}");
        let request = Request::post(format!("/can-bo/doi-thoai/{DIALOGUE}/dieu-hanh"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, &cookie);
        let answer = data::ask(router, request, Body::from(form)).await?;
        if answer.status != 303 {
            return Err(broken(format!("a change was answered with {}", answer.status)));
        }
        // Beginning the dialogue says nothing to everybody; it warms up.
        if change > 0 {
            times.extend(everywhere(&mut seen, change, viewers, since).await?);
        }
    }
    // They go before the others come: open files are counted.
    portal.rooms().close();
    while seen.recv().await.is_some() {}
    let mut bare = bare(viewers, changes).await?;
    let (p99, bare_p99) = (quantile(&mut times, 0.99), quantile(&mut bare, 0.99));
    Ok(Row {
        what: format!("a change at {viewers} live viewers, p99"),
        portal: format!("{p99:.0} ms (median {:.0})", median(&mut times)),
        reference: format!("{bare_p99:.0} ms (median {:.0}), bare axum told in memory", median(&mut bare)),
        ratio: format!("{:.2}", p99 / bare_p99),
        goal: "≤ 1000 ms",
        is_met: p99 <= GOAL_MS,
    })
}

/// The same with nothing behind it: no database, no rendering, as many bytes.
async fn bare(viewers: usize, changes: u32) -> Result<Vec<f64>> {
    let (tell, told) = watch::channel(Bytes::new());
    let router = Router::new().route("/", get(|Shared(told): Shared<watch::Receiver<Bytes>>| async move { app::broadcast::stream(told) })).with_state(told);
    let address = data::serve(router).await?;
    let mut seen = open(address, "/", viewers).await?;
    let mut times = Vec::new();
    for change in 1..=changes {
        tokio::time::sleep(REST).await;
        let since = Instant::now();
        tell.send_replace(Bytes::from(format!("data: lan-so-{change} {}\n\n", "x".repeat(9_000))));
        times.extend(everywhere(&mut seen, change, viewers, since).await?);
    }
    Ok(times)
}

/// Every press is another person's: another device at another address.
async fn clicks(options: &Options, portal: &Portal, address: SocketAddr, dialogue: &Dialogue) -> Result<Row> {
    let (rounds, each) = if options.quick { (3, 4) } else { (7, 40) };
    let question = by_number(&mut portal.db().read().await?, DIALOGUE, 1).await?.ok_or_else(|| broken("the question is missing"))?;
    let before = supports(&mut portal.db().read().await?, &question.id).await?.people;
    let path = format!("/doi-thoai/{}/cau-hoi/1", dialogue.number);
    let (mut rates, mut pressed) = (Vec::new(), 0_usize);
    for round in 0..=rounds {
        let started = Instant::now();
        let mut tasks = Vec::new();
        for place in 0..AT_ONCE {
            let mut connection = Connection::open(address).await?;
            let requests: Vec<String> = (0..each).map(|n| click(portal, &path, (round * AT_ONCE + place) * each + n)).collect();
            tasks.push(tokio::spawn(async move {
                for request in requests {
                    let answer = connection.send(request.as_bytes()).await?;
                    if answer.status != 303 {
                        return Err(broken(format!("a support was answered with {}", answer.status)));
                    }
                }
                Ok(())
            }));
        }
        for task in tasks {
            task.await.map_err(broken)??;
        }
        pressed += AT_ONCE * each;
        // The first round warms up.
        if round > 0 {
            #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
            rates.push((AT_ONCE * each) as f64 / started.elapsed().as_secs_f64());
        }
    }
    let after = supports(&mut portal.db().read().await?, &question.id).await?.people;
    if usize::try_from(after - before).ok() != Some(pressed) {
        return Err(broken(format!("{pressed} people pressed and {} were counted", after - before)));
    }
    let rate = median(&mut rates);
    Ok(Row {
        what: format!("supports of one question, {AT_ONCE} at once"),
        portal: format!("{rate:.0} durable supports/s"),
        reference: format!("{pressed} pressed, {} counted", after - before),
        ratio: String::new(),
        goal: "≥ 1000 /s",
        is_met: rate >= GOAL_PER_SECOND,
    })
}

fn click(portal: &Portal, path: &str, person: usize) -> String {
    let body = "deed=support&back=live";
    let address = Ipv4Addr::from(u32::from(Ipv4Addr::new(10, 0, 0, 0)) + u32::try_from(person).unwrap_or_default());
    format!(
        "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nsec-fetch-site: same-origin\r\nx-forwarded-for: {address}\r\ncookie: nghedan_cauhoi={}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        portal.random().token(),
        body.len(),
    )
}

#[cfg(test)]
mod tests {
    use super::change_in;

    #[test]
    fn a_frame_tells_which_change_it_brings() {
        assert_eq!(change_in("data: <p>lan-so-12</p>".as_bytes()), Some(12));
        assert_eq!(change_in(b"retry: 1500"), None);
    }
}
