//! Canaries. People tell this portal things that can cost them their job; here every private field of four petitions, and of whoever books,
//! registers, asks, follows, signs or joins, carries a mark that stands nowhere else. All live a full life, and then the marks are looked for: in
//! every answer to everybody on every page, packed or not, in headers and addresses, in the database as it lies on the disk, papers and their
//! names, mails, counts, and everything that was logged at the finest level.
//!
//! They may be where `allowed.txt` says and nowhere else (`table`). What the browser keeps is looked through in
//! `end2end/citizen/canary.spec.ts`.

mod forms;
mod life;
mod marks;
mod sweep;
mod table;

use crate::harness::{PHU_THONG_BODY, TestApp};
use std::collections::BTreeSet;
use sweep::{Log, Sweep};

/// Everybody with an account.
const OFFICIALS: [&str; 12] = ["an", "ha", "bi", "cu", "du", "em", "gi", "hu", "ti", "to", "va", "xa"];
/// Everybody without.
const CITIZENS: [&str; 6] = ["visitor", "complainant", "denouncer", "reporter", "tipster", "joiner"];

#[tokio::test]
async fn what_people_trust_the_portal_with_is_only_where_the_table_allows_it() {
    Log::begin();
    let papers = tempfile::tempdir().expect("a folder");
    let app = TestApp::keeping_papers_in(papers.path()).await;
    let mut sweep = Sweep::new(&app);
    for who in CITIZENS {
        sweep.lets_look(who, app.visitor());
    }
    for login in OFFICIALS {
        sweep.works(login).await;
    }
    let complaint = life::file(&mut sweep, "complainant", "complaint", "complaint").await;
    let denunciation = life::file(&mut sweep, "denouncer", "denunciation", "denunciation").await;
    let report = life::file(&mut sweep, "reporter", "report", "report").await;
    life::file(&mut sweep, "tipster", "tip", "denunciation").await;
    life::of_report(&mut sweep, &report).await;
    life::of_page(&mut sweep).await;
    life::of_others(&mut sweep).await;
    life::complaint_comes_in(&mut sweep, &complaint).await;
    life::denunciation_comes_in(&mut sweep, &denunciation).await;
    look_everywhere(&mut sweep).await;
    send_empty_forms(&mut sweep, &denunciation).await;
    life::complaint_is_decided(&mut sweep, &complaint).await;
    life::denunciation_is_extended(&mut sweep, &denunciation).await;
    life::complaint_goes_on(&mut sweep, &complaint).await;
    life::denunciation_ends(&mut sweep, &denunciation).await;
    life::complaint_ends(&mut sweep, &complaint).await;
    look_everywhere(&mut sweep).await;
    sweep.look_into_the_kept(papers.path()).await;
    // What was looked for was there: a field that nobody ever saw may never have been typed.
    let seen: BTreeSet<&str> = sweep.found.iter().map(|hit| hit.field).collect();
    let unseen: Vec<&str> = marks::MARKS.iter().map(|mark| mark.field).filter(|field| !seen.contains(field) && *field != marks::LEFT_IN).collect();
    assert_eq!(BTreeSet::from_iter(unseen), BTreeSet::from(marks::LET_GO));
    // Read when the test runs: whoever changes a row builds nothing anew.
    let allowed = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/http/canary/allowed.txt")).expect("the table");
    let faults = table::faults(&allowed, &sweep.found);
    assert!(faults.is_empty(), "{} things differ from server/tests/http/canary/allowed.txt:\n{}", faults.len(), faults.join("\n"));
}

/// Everybody follows every link there is for them, tries the addresses of all petitions and of whatever showed somebody else a mark.
async fn look_everywhere(sweep: &mut Sweep<'_>) {
    let public = ["/", "/en", "/sitemap.xml", "/robots.txt", "/gui", "/tra-cuu", "/dang-nhap", "/cong-khai?q=qzpa"].map(str::to_owned);
    sweep.crawl("visitor", &public).await;
    for who in CITIZENS.into_iter().skip(1) {
        sweep.crawl(who, &["/tra-cuu/don", "/en/tra-cuu/don", "/tra-cuu/du-lieu", "/tra-cuu/cung", "/toi", "/gui"].map(str::to_owned)).await;
    }
    for login in OFFICIALS {
        let from = addresses(&sweep.cases);
        sweep.crawl(login, &from).await;
    }
    for who in OFFICIALS.into_iter().chain(CITIZENS) {
        sweep.try_what_others_saw(who).await;
    }
}

/// Everybody sends every form about a petition without a word in it.
async fn send_empty_forms(sweep: &mut Sweep<'_>, case_id: &str) {
    for who in OFFICIALS.into_iter().chain(CITIZENS) {
        sweep.send_empty_forms(who, case_id).await;
    }
}

/// Every address at the desk that can be told without looking: those of all petitions, and those without parts.
fn addresses(cases: &[String]) -> Vec<String> {
    let mut from = vec!["/can-bo?q=qz".to_owned(), "/en/can-bo".to_owned()];
    for route in app::routes::all().table.into_iter().filter(|route| route.method == axum::http::Method::GET) {
        match route.path.split_once("{id}") {
            Some((before, after)) if before == "/can-bo/don/" && !after.contains('{') => from.extend(cases.iter().map(|id| format!("{before}{id}{after}"))),
            None if route.path.starts_with("/can-bo") && !route.path.contains('{') => from.push(route.path.to_owned()),
            _ => {}
        }
    }
    from
}

/// A test that finds nothing may be blind: leaks put in by hand, each of another kind, are seen.
#[tokio::test]
async fn leaks_put_in_by_hand_are_found() {
    Log::begin();
    let papers = tempfile::tempdir().expect("a folder");
    let app = TestApp::keeping_papers_in(papers.path()).await;
    let mut sweep = Sweep::new(&app);
    sweep.lets_look("visitor", app.visitor());
    // Into a public page: an agency's name is on many.
    let mut tx = app.portal.db().write().await.expect("a transaction");
    tx.exec("UPDATE agencies SET short_name = short_name || ' (Lý Thị Qztcname)' WHERE id = $1", (PHU_THONG_BODY.to_owned(),)).await.expect("written");
    tx.commit().await.expect("kept");
    app.portal.reload_directory().await.expect("read");
    sweep.crawl("visitor", &["/co-quan".to_owned()]).await;
    // Into a mail, a paper's name and a paper in the open.
    let mail = app::notices::Mail { to: "x@vi-du.example".into(), subject: "Đơn của bà Qztcname".into(), body: String::new() };
    app.mailer.send(&mail).await.expect("sent");
    std::fs::write(papers.path().join("qztcfile.jpg"), marks::photo_telling("qztcinside")).expect("written");
    sweep.look_into_the_kept(papers.path()).await;
    let faults = table::faults("", &sweep.found).join("\n");
    for (field, place) in [
        ("denunciation.name", "GET /co-quan | visitor"),
        ("denunciation.name", "database"),
        ("denunciation.name", "mail subject"),
        ("denunciation.file_name", "names of papers"),
        ("denunciation.file_inside", "papers"),
    ] {
        assert!(faults.contains(&format!("leak: {field} | {place}")), "{field} in {place}: {faults}");
    }
    // Into the log: a line somebody left in while looking for a mistake.
    tracing::trace!(target: "app::filing", place = marks::typed("log", "left_in"), "a line left in");
    assert!(Log::found().contains(marks::LEFT_IN));
}
