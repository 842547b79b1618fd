//! Legal deadlines: the page and the command agree with each other and with what was computed by hand.

mod app;

use app::TestApp;
use std::process::{Command, Output};

/// Rule, day, circumstances, last day, reasoning.
const VECTORS: &str = include_str!("../../app/src/deadlines/vectors.csv");

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
