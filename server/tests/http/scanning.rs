//! Scanning uploads through clamd's socket. Where `NGHEDAN_TEST_CLAMD` names a socket it is a real clamd with one signature (that is what
//! `cargo xtask test` starts); elsewhere something that speaks its protocol and knows the same signature. The tests are the same.

use crate::harness::{Browser, PHU_THONG, TestApp, Upload, outside, photo};
use app::papers::scanning::{Scanner, Socket, WhenAway, catch_up};
use app::petitions::code::CaseCode;
use app::petitions::store;
use app::portal::Outside;
use server::middleware::TrustedProxies;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixListener;

/// What the one signature looks for. `xtask/src/clamd.rs` writes it into clamd's database.
const SIGNATURE: &[u8] = b"NGHEDAN-CLAMD-TEST-SIGNATURE";

/// A scanner's socket that may not be there yet.
struct Clamd {
    folder: TempDir,
}

impl Clamd {
    fn away() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    fn here() -> Self {
        let clamd = Self::away();
        clamd.comes();
        clamd
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("clamd.ctl")
    }

    /// From now on it answers.
    fn comes(&self) {
        match std::env::var("NGHEDAN_TEST_CLAMD") {
            Ok(real) => std::os::unix::fs::symlink(real, self.socket()).expect("a link to the real one"),
            Err(_) => listen(&self.socket()),
        }
    }

    async fn app(&self, when_away: WhenAway) -> TestApp {
        let scanner = Some(Scanner { socket: Socket::Unix(self.socket()), when_away });
        TestApp::with(Outside { scanner, ..outside() }, TrustedProxies::default()).await
    }
}

/// Speaks clamd's protocol as far as the portal does.
fn listen(socket: &Path) {
    let listener = UnixListener::bind(socket).expect("a socket");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut command = [0; 10];
            stream.read_exact(&mut command).await.expect("a command");
            assert_eq!(&command, b"zINSTREAM\0");
            let mut bytes = Vec::new();
            loop {
                let length = stream.read_u32().await.expect("a length");
                if length == 0 {
                    break;
                }
                let mut piece = vec![0; length as usize];
                stream.read_exact(&mut piece).await.expect("a piece");
                bytes.extend(piece);
            }
            let is_known = bytes.windows(SIGNATURE.len()).any(|part| part == SIGNATURE);
            let answer: &[u8] = if is_known { b"stream: NgheDan.Test.UNOFFICIAL FOUND\0" } else { b"stream: OK\0" };
            stream.write_all(answer).await.expect("heard");
        }
    });
}

/// A photo with the signature in a comment.
fn infected_photo() -> Vec<u8> {
    let plain = photo();
    let length = u16::try_from(SIGNATURE.len() + 2).expect("short").to_be_bytes();
    [&plain[..2], &[0xff, 0xfe], &length, SIGNATURE, &plain[2..]].concat()
}

/// A PDF with these bytes in a comment, which cleaning leaves where they are.
fn pdf(comment: &[u8]) -> Vec<u8> {
    [b"%PDF-1.4\n%", comment, b"\n1 0 obj\n<< /Type /Catalog >>\nendobj\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"]
        .concat()
}

fn upload(name: &str, bytes: Vec<u8>) -> Upload {
    Upload { field: "papers", name: name.into(), content_type: "image/jpeg", bytes }
}

const WORDS: [(&str, &str); 3] = [("kind", "report"), ("title", "Cống bị tắc"), ("body", "Nước ngập.")];

async fn count(app: &TestApp, sql: &'static str) -> i64 {
    let (n,): (i64,) = app.portal.db().read().await.expect("a transaction").one(sql, ()).await.expect("a number");
    n
}

async fn papers(app: &TestApp) -> i64 {
    count(app, "SELECT count(*) FROM papers").await
}

async fn waiting(app: &TestApp) -> i64 {
    count(app, "SELECT count(*) FROM unscanned_papers").await
}

/// Sends the draft; gives its case and the ids of its papers.
async fn sent(app: &TestApp, citizen: &mut Browser) -> (String, Vec<String>) {
    citizen.post("/gui/o-dau", &[("area", PHU_THONG)]).await.expect(303);
    citizen.post("/gui/kiem-tra", &[]).await.expect(303);
    let code = CaseCode::of_token(citizen.cookie("nghedan_nhap").expect("a draft"));
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let case = store::by_code_hash(&mut tx, &code.hash()).await.expect("readable").expect("filed");
    let papers = app::papers::store::of_case(&mut tx, &case.id).await.expect("readable");
    // In the order of their names: one instant has all of them.
    let mut papers: Vec<_> = papers.into_iter().map(|paper| (paper.original_name, paper.id)).collect();
    papers.sort();
    (case.id, papers.into_iter().map(|(_, id)| id).collect())
}

#[tokio::test]
async fn an_infected_file_is_refused_by_name_and_stored_nowhere() {
    let clamd = Clamd::here();
    let app = clamd.app(WhenAway::Keep).await;
    let mut citizen = app.visitor();
    let page = citizen.post_files("/gui", &WORDS, &[upload("cong.jpg", photo()), upload("la.jpg", infected_photo()), upload("don.pdf", pdf(SIGNATURE))]).await;
    let page = page.expect(422);
    let text = page.text();
    assert!(text.contains("“la.jpg” có mã độc") && text.contains("“don.pdf” có mã độc") && !text.contains("“cong.jpg” "), "{text}");
    assert_eq!(page.field("title"), "Cống bị tắc", "nothing typed is lost");
    assert_eq!((papers(&app).await, waiting(&app).await), (1, 0), "only the clean one is kept, and it is scanned");
    let (case_id, ids) = sent(&app, &mut citizen).await;
    app.signed_in("an").await.get(&format!("/can-bo/don/{case_id}/anh/{}", ids[0])).await.expect(200);
}

#[tokio::test]
async fn while_the_scanner_is_away_files_are_kept_and_shown_to_their_sender_only() {
    let clamd = Clamd::away();
    let app = clamd.app(WhenAway::Keep).await;
    let mut citizen = app.visitor();
    citizen.post_files("/gui", &WORDS, &[upload("a.jpg", photo()), upload("b.pdf", pdf(b"nothing")), upload("c.pdf", pdf(SIGNATURE))]).await.expect(303);
    assert_eq!((papers(&app).await, waiting(&app).await), (3, 3));
    let (case_id, ids) = sent(&app, &mut citizen).await;
    let code = CaseCode::of_token(citizen.cookie("nghedan_nhap").expect("a draft"));
    citizen.post("/tra-cuu", &[("code", &code.groups().concat())]).await.expect(303);
    citizen.get(&format!("/tra-cuu/don/anh/{}", ids[0])).await.expect(200);
    let mut an = app.signed_in("an").await;
    let at = |id: &str| format!("/can-bo/don/{case_id}/anh/{id}");
    for path in [at(&ids[0]), format!("{}/nho", at(&ids[0]))] {
        let picture = an.get(&path).await.expect(409);
        assert_eq!(picture.header("content-type"), "image/svg+xml; charset=utf-8");
        assert!(picture.body.contains("Chờ quét vi-rút"), "{}", picture.body);
    }
    let paper = an.get(&at(&ids[1])).await.expect(409);
    assert!(paper.text().contains("Tệp này đang chờ quét vi-rút"), "{}", paper.text());
    // It is asked again after a while, not all the time.
    assert_eq!(catch_up(&app.portal).await.expect("the scanner is away"), 0);
    clamd.comes();
    assert_eq!(catch_up(&app.portal).await.expect("not its time"), 0);
    app.set_time("2026-11-20T02:54:00Z");
    assert_eq!(catch_up(&app.portal).await.expect("scanned"), 3);
    assert_eq!(an.get(&at(&ids[0])).await.expect(200).header("content-type"), "image/jpeg");
    an.get(&at(&ids[1])).await.expect(200);
    an.get(&at(&ids[2])).await.expect(404);
    assert_eq!(app.portal.files().get(&app::papers::key(&ids[2])).await.expect("readable"), None, "what was found later is deleted");
    citizen.get(&format!("/tra-cuu/don/anh/{}", ids[2])).await.expect(404);
    assert_eq!((waiting(&app).await, catch_up(&app.portal).await.expect("nothing to do")), (1, 0), "only the one that says why");
}

#[tokio::test]
async fn an_operator_can_have_files_refused_meanwhile() {
    let clamd = Clamd::away();
    let app = clamd.app(WhenAway::Refuse).await;
    let mut citizen = app.visitor();
    let page = citizen.post_files("/gui", &WORDS, &[upload("cong.jpg", photo())]).await.expect(422);
    assert!(page.text().contains("“cong.jpg” chưa được nhận vì máy quét vi-rút đang bận"), "{}", page.text());
    assert_eq!((papers(&app).await, waiting(&app).await, page.field("title").as_str()), (0, 0, "Cống bị tắc"));
    clamd.comes();
    citizen.post_files("/gui", &WORDS, &[upload("cong.jpg", photo())]).await.expect(303);
    assert_eq!(papers(&app).await, 1);
}

#[tokio::test]
async fn without_a_scanner_nothing_waits() {
    let app = TestApp::new().await;
    let mut citizen = app.visitor();
    citizen.post_files("/gui", &WORDS, &[upload("la.jpg", infected_photo())]).await.expect(303);
    assert_eq!((papers(&app).await, waiting(&app).await), (1, 0));
}
