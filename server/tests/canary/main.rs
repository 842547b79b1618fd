//! Canaries. People tell this portal things that can cost them their job; here every private field of two petitions carries a mark that
//! stands nowhere else, both live a full life, and then the marks are looked for: in every answer to everybody on every page, packed or not,
//! in headers and addresses, in the database as it lies on the disk, papers and their names, mails, counts, and everything that was logged.
//!
//! They may be where `allowed.txt` says and nowhere else. A program of its own: it logs at the finest level, which no other test should pay for.

#[path = "../http/harness/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the harness is that of the HTTP tests, which use more of it")]
mod harness;
mod life;
mod marks;
mod sweep;

use harness::TestApp;
use std::collections::BTreeSet;
use std::sync::OnceLock;
use sweep::{Log, Sweep};

/// Everybody with an account.
const OFFICIALS: [&str; 12] = ["an", "ha", "bi", "cu", "du", "em", "gi", "hu", "ti", "to", "va", "xa"];

fn log() -> &'static Log {
    static LOG: OnceLock<Log> = OnceLock::new();
    LOG.get_or_init(|| {
        server::health::count();
        Log::begin()
    })
}

#[tokio::test]
async fn what_people_trust_the_portal_with_is_only_where_the_table_allows_it() {
    let log = log();
    let papers = tempfile::tempdir().expect("a folder");
    let app = TestApp::keeping_papers_in(papers.path()).await;
    let mut sweep = Sweep::new(&app);
    for who in ["visitor", "complainant", "denouncer"] {
        sweep.lets_look(who, app.visitor());
    }
    for login in OFFICIALS {
        sweep.lets_look(login, app.official(login).await);
    }
    let complaint = life::file(&mut sweep, "complainant", "complaint").await;
    let denunciation = life::file(&mut sweep, "denouncer", "denunciation").await;
    life::of_complaint(&mut sweep, &complaint).await;
    life::of_denunciation(&mut sweep, &denunciation).await;
    look_everywhere(&mut sweep, &[&complaint, &denunciation]).await;
    sweep.look_into_the_kept(papers.path(), log).await;
    let found: String = sweep.found.iter().map(|(mark, place)| format!("{mark} | {place}\n")).collect();
    let allowed = include_str!("allowed.txt");
    let known: BTreeSet<&str> = allowed.lines().filter(|line| !line.starts_with('#')).collect();
    let leaks: Vec<&str> = found.lines().filter(|line| !known.contains(line)).collect();
    assert!(leaks.is_empty(), "{} marks are where no line of allowed.txt lets them be:\n{}", leaks.len(), leaks.join("\n"));
    let stale: Vec<&&str> = known.iter().filter(|line| !line.is_empty() && !found.lines().any(|found| found == **line)).collect();
    assert!(stale.is_empty(), "allowed.txt allows what does not happen any more: {stale:?}");
}

/// Everybody follows every link there is for them, and tries the addresses of both cases.
async fn look_everywhere(sweep: &mut Sweep<'_>, cases: &[&str]) {
    let public: Vec<String> = ["/", "/en", "/sitemap.xml", "/robots.txt", "/gui", "/tra-cuu", "/dang-nhap"].map(str::to_owned).into();
    sweep.crawl("visitor", &public).await;
    for who in ["complainant", "denouncer"] {
        sweep.crawl(who, &["/tra-cuu/don".to_owned(), "/gui".to_owned()]).await;
    }
    for login in OFFICIALS {
        let mut from: Vec<String> = vec!["/can-bo".to_owned()];
        for route in app::routes::all().table.into_iter().filter(|route| route.method == axum::http::Method::GET) {
            match route.path.split_once("{id}") {
                Some((before, after)) if before == "/can-bo/don/" && !after.contains('{') => from.extend(cases.iter().map(|id| format!("{before}{id}{after}"))),
                None if route.path.starts_with("/can-bo") && !route.path.contains('{') => from.push(route.path.to_owned()),
                _ => {}
            }
        }
        sweep.crawl(login, &from).await;
    }
}

/// A test that finds nothing may be blind: three leaks put in by hand, each of another kind, are seen.
#[tokio::test]
async fn leaks_put_in_by_hand_are_found() {
    let log = log();
    let papers = tempfile::tempdir().expect("a folder");
    let app = TestApp::keeping_papers_in(papers.path()).await;
    let mut sweep = Sweep::new(&app);
    sweep.lets_look("visitor", app.visitor());
    sweep.lets_look("denouncer", app.visitor());
    sweep.lets_look("em", app.official("em").await);
    life::file(&mut sweep, "denouncer", "denunciation").await;
    app.run_jobs().await;
    let before = sweep.found.clone();
    // Into a public page: a promise whose words name the denouncer.
    leak_into_a_page(&app).await;
    sweep.crawl("visitor", &["/loi-hua".to_owned()]).await;
    // Into the log.
    tracing::trace!(phone = "0981220002", "a line somebody left in while looking for a mistake");
    // Into a mail.
    app.mailer.send(&app::notices::Mail { to: "x@vi-du.example".into(), subject: "Đơn của bà Qztcname".into(), body: String::new() }).await.expect("sent");
    sweep.look_into_the_kept(papers.path(), log).await;
    let new: Vec<_> = sweep.found.difference(&before).collect();
    let saw = |mark: &str, place: &str| new.iter().any(|(found, at)| *found == mark && at.contains(place));
    assert!(saw("denunciation.name", "visitor GET /loi-hua"), "{new:?}");
    assert!(saw("denunciation.phone", "log at trace level"), "{new:?}");
    assert!(saw("denunciation.name", "mail subject"), "{new:?}");
}

/// An agency's name is on many public pages.
async fn leak_into_a_page(app: &TestApp) {
    let mut tx = app.portal.db().write().await.expect("a transaction");
    tx.exec("UPDATE agencies SET name = name || ' (Lý Thị Qztcname)' WHERE id = $1", (harness::PHU_THONG_BODY.to_owned(),)).await.expect("written");
    tx.commit().await.expect("kept");
    app.portal.reload_directory().await.expect("read");
}
