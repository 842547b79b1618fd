//! Legal deadlines: the page and the command agree with each other and with what was computed by hand.

use crate::harness::petitions_of::{case, file_report};
use crate::harness::{Answer, Browser, TestApp};
use app::actor::Actor;
use app::petitions::actions::{self, Act};
use app::petitions::rules::Case;
use app::petitions::store;
use std::process::{Command, Output};

/// Rule, day, circumstances, last day, reasoning.
const VECTORS: &str = include_str!("../../../app/src/deadlines/vectors.csv");

fn vectors() -> Vec<[String; 4]> {
    let cell = |row: &str, n: usize| row.split(',').nth(n).expect("a cell").to_owned();
    VECTORS.lines().skip(1).map(|row| [0, 1, 2, 3].map(|n| cell(row, n))).collect()
}

fn due(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("none");
    let output = Command::new(env!("CARGO_BIN_EXE_nghedan")).arg("due").args(arguments).arg("--data").arg(&data).output().expect("it runs");
    assert!(!data.exists(), "a question makes no data folder");
    output
}

fn lines(output: &Output) -> Vec<String> {
    String::from_utf8(output.stdout.clone()).expect("text").lines().map(str::to_owned).collect()
}

/// The flags and the page's fields of such words as `remote complex 2026-07-03..2026-07-08`.
fn ask(circumstances: &str) -> (Vec<String>, String) {
    let (mut flags, mut fields) = (Vec::new(), String::new());
    for word in circumstances.split_whitespace() {
        match word {
            "remote" => {
                flags.push("--remote".to_owned());
                fields.push_str("&vung-xa=1");
            }
            "complex" => {
                flags.push("--complex".to_owned());
                fields.push_str("&phuc-tap=1");
            }
            "most" => {
                flags.extend(["--complex".to_owned(), "--complex".to_owned()]);
                fields.push_str("&phuc-tap=2");
            }
            pause => {
                let (from, to) = pause.split_once("..").expect("a pause");
                flags.extend(["--paused".to_owned(), pause.to_owned()]);
                fields.push_str(&format!("&dung-tu={from}&dung-den={to}"));
            }
        }
    }
    (flags, fields)
}

#[tokio::test]
async fn page_and_command_agree_with_what_was_computed_by_hand() {
    let app = TestApp::new().await;
    let mut reader = app.visitor();
    let vectors = vectors();
    assert!(vectors.len() > 50);
    for [code, from, circumstances, last] in vectors {
        let (flags, fields) = ask(&circumstances);
        let arguments: Vec<&str> = [code.as_str(), "--from", &from].into_iter().chain(flags.iter().map(String::as_str)).collect();
        let printed = lines(&due(&arguments));
        assert_eq!(printed.first(), Some(&last), "{code} from {from} {circumstances}");
        // The page has room for one pause.
        if circumstances.matches("..").count() > 1 {
            continue;
        }
        let page = reader.get(&format!("/thoi-han?quy-tac={code}&tu-ngay={from}{fields}")).await.expect(200);
        let day = page.select(".next .day").concat();
        let shown = day.rsplit(", ").next().expect("a day").trim();
        let parts: Vec<u32> = shown.split('/').map(|part| part.parse().expect("a number")).collect();
        assert_eq!(format!("{:04}-{:02}-{:02}", parts[2], parts[1], parts[0]), last, "the page on {code} from {from} {circumstances}");
        for reason in page.select(".next ol li") {
            assert!(printed.iter().any(|line| line == reason.trim()), "the command leaves out: {reason}");
        }
    }
}

#[test]
fn the_command_says_what_is_wrong() {
    for (arguments, said) in [
        (&["KN", "--from", "2026-07-01"][..], "Không có quy tắc “KN”"),
        (&["K2", "--from", "2012-06-30"], "1/7/2012"),
        (&["K3", "--from", "2026-07-01", "--paused", "2026-07-08..2026-07-03"], "3/7/2026"),
        (&["K3", "--from", "2026-07-01", "--paused", "yesterday"], "YYYY-MM-DD..YYYY-MM-DD"),
        (&["K3", "--from", "1/7/2026"], "--from"),
    ] {
        let output = due(arguments);
        let error = String::from_utf8(output.stderr).expect("text");
        assert!(!output.status.success() && output.stdout.is_empty() && error.contains(said), "{arguments:?}: {error}");
    }
}

#[tokio::test]
async fn the_page_keeps_what_was_typed_and_says_what_is_wrong_with_it() {
    let app = TestApp::new().await;
    let mut reader = app.visitor();
    let page = reader.get("/thoi-han").await.expect(200);
    assert!(page.select("#errors").is_empty(), "nothing was asked yet");
    assert!(page.text().contains("Luật Khiếu nại 02/2011/QH13, Điều 28"), "the table names its sources");
    let page = reader.get("/thoi-han?quy-tac=K3&tu-ngay=31/2/2026&vung-xa=1&dung-tu=2026-07-01").await.expect(200);
    assert_eq!(page.select("#errors li").len(), 2, "{}", page.text());
    assert_eq!(page.attribute("#tu-ngay", "value"), ["31/2/2026"]);
    assert_eq!(page.attribute("#quy-tac option[selected]", "value"), ["K3"]);
    assert_eq!(page.attribute("#dung-tu", "value"), ["2026-07-01"]);
    assert!(page.select(".next").is_empty());
    let page = reader.get("/thoi-han?quy-tac=K2&tu-ngay=1/7/2026").await.expect(200);
    assert!(page.select(".next .day").concat().contains("10/7/2026"), "a day typed as people write it");
    let english = reader.get("/en/thoi-han?quy-tac=K2&tu-ngay=2026-07-01").await.expect(200);
    assert!(english.select(".next .day").concat().contains("Friday, 10 Jul 2026"), "{}", english.text());
}

async fn change_day(admin: &mut Browser, fields: &[(&str, &str)]) -> Answer {
    let usual = [("day", "2026-11-27"), ("kind", "swap_off"), ("name", "Nghỉ để bầu cử"), ("status", "confirmed"), ("source", "Thông báo số 1")];
    let given = |name: &str| fields.iter().any(|(field, _)| *field == name);
    let all: Vec<(&str, &str)> = usual.into_iter().filter(|(name, _)| !given(name)).chain(fields.iter().copied()).collect();
    admin.post("/can-bo/lich-nghi", &all).await
}

async fn events(app: &TestApp, case_id: &str) -> Vec<String> {
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let rows: Vec<(String,)> = tx.all("SELECT event FROM history WHERE case_id = $1 ORDER BY seq", (case_id.to_owned(),)).await.expect("a record");
    rows.into_iter().map(|(event,)| event).collect()
}

/// A day off announced late moves the last day of what is open, says why, tells the citizen, and changes nothing else.
#[tokio::test]
async fn trap_07_a_new_day_off_moves_open_clocks_and_tells_those_concerned() {
    let app = TestApp::new().await;
    let (open, code) = file_report(&app, "Cống tắc").await;
    let (withdrawn, _) = file_report(&app, "Rút lại").await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let citizen = Actor::Citizen { case_id: withdrawn.clone() };
    let before = store::by_id(&mut tx, &withdrawn).await.expect("a look").expect("a case");
    actions::withdraw(&mut Act { tx: &mut tx, portal: &app.portal, actor: &citizen }, &before).await.expect("withdrawn");
    tx.commit().await.expect("kept");
    app.run_jobs().await;
    let mails = app.mailer.sent().len();
    let (was, other) = (case(&app, &open).await, case(&app, &withdrawn).await);
    assert_eq!(was.due_on.to_string(), "2026-12-07");

    let mut admin = app.official("ti").await;
    change_day(&mut admin, &[]).await.expect(303);
    change_day(&mut admin, &[]).await.expect(303);
    app.run_jobs().await;

    let now = case(&app, &open).await;
    assert_eq!(now.due_on.to_string(), "2026-12-08");
    let only_that = Case { due_on: was.due_on, version: was.version, changed_at: was.changed_at, ..now.clone() };
    assert_eq!(only_that, was, "nothing else changes");
    assert_eq!(events(&app, &open).await, ["filed", "rescheduled"], "pressed twice, moved once");
    assert_eq!(case(&app, &withdrawn).await, other, "what is over has no clock");
    let sent = app.mailer.sent();
    assert_eq!(sent.len(), mails + 1);
    assert!(sent.last().expect("a mail").body.contains("thứ Ba, 8/12/2026"));

    let page = admin.get("/can-bo/lich-nghi?nam=2026").await.expect(200);
    let changes = page.select("#thay-doi li");
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert!(changes[0].contains("từ “ngày thường” thành “Nghỉ để bầu cử") && changes[0].contains("1 đơn được dời"), "{}", changes[0]);
    let mut reader = app.visitor();
    reader.post("/tra-cuu", &[("code", &code)]).await.expect(303);
    let followed = reader.get("/tra-cuu/don").await.expect(200);
    assert!(followed.text().contains("Ngày cuối dời từ 7/12/2026 sang 8/12/2026 vì lịch nghỉ thay đổi (27/11/2026: Nghỉ để bầu cử)"), "{}", followed.text());
    assert!(app.visitor().get("/thoi-han?quy-tac=R1&tu-ngay=2026-11-20").await.expect(200).text().contains("8/12/2026"));

    // Taken back, the promise stays: a date shown to a citizen never moves earlier.
    change_day(&mut admin, &[("action", "delete")]).await.expect(303);
    app.run_jobs().await;
    assert_eq!(case(&app, &open).await, now);
    assert_eq!(app.mailer.sent().len(), mails + 1);
}

#[tokio::test]
async fn what_is_only_proposed_moves_nothing_until_it_is_announced() {
    let app = TestApp::new().await;
    let (open, _) = file_report(&app, "Cống tắc").await;
    let mut admin = app.official("ti").await;
    change_day(&mut admin, &[("status", "proposal")]).await.expect(303);
    app.run_jobs().await;
    assert_eq!(case(&app, &open).await.due_on.to_string(), "2026-12-07");
    change_day(&mut admin, &[]).await.expect(303);
    app.run_jobs().await;
    assert_eq!(case(&app, &open).await.due_on.to_string(), "2026-12-08");
}

#[tokio::test]
async fn only_the_provinces_administrator_changes_the_calendar() {
    let app = TestApp::new().await;
    let mut commune = app.official("gi").await;
    let page = commune.get("/can-bo/lich-nghi?nam=2026").await.expect(200);
    assert!(page.select("form#sua").is_empty() && page.text().contains("Ngày Văn hóa Việt Nam"));
    change_day(&mut commune, &[]).await.expect(403);
    app.official("em").await.get("/can-bo/lich-nghi").await.expect(404);
    change_day(&mut app.official("em").await, &[]).await.expect(404);
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let (changes,): (i64,) = tx.one("SELECT COUNT(*) FROM calendar_changes", ()).await.expect("a count");
    assert_eq!(changes, 0);
}

#[tokio::test]
async fn a_wrong_row_comes_back_with_its_words() {
    let app = TestApp::new().await;
    let mut admin = app.official("ti").await;
    let page = change_day(&mut admin, &[("day", "2026-11-28"), ("source", "")]).await.expect(422);
    assert_eq!(page.select("#errors li").len(), 2, "{}", page.text());
    assert_eq!(page.attribute("#name", "value"), ["Nghỉ để bầu cử"]);
    assert_eq!(page.attribute("#kind option[selected]", "value"), ["swap_off"]);
    let page = admin.get("/can-bo/lich-nghi?ngay=2026-11-24").await.expect(200);
    assert_eq!(page.attribute("#name", "value"), ["Ngày Văn hóa Việt Nam"], "a row that is there is filled in");
}
