//! What holds for every answer: headers, origin check, error pages, languages, health.

use crate::harness::TestApp;

#[tokio::test]
async fn an_unknown_address_is_a_page_with_a_way_on() {
    let app = TestApp::new().await;
    let mut visitor = app.visitor();
    let answer = visitor.get("/khong-co").await.expect(404);
    assert!(answer.text().contains("Không có trang này"));
    assert_eq!(answer.attribute("html", "lang"), ["vi"]);
    assert!(answer.header("content-security-policy").contains("default-src 'none'"));
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    let english = visitor.get("/en/nothing-here").await.expect(404);
    assert_eq!(english.attribute("html", "lang"), ["en"]);
    assert!(english.text().contains("There is no such page"));
}

#[tokio::test]
async fn a_form_sent_from_another_site_changes_nothing_and_says_so() {
    let app = TestApp::new().await;
    let mut visitor = app.visitor();
    visitor.site = "cross-site";
    let answer = visitor.post("/dang-nhap", &[("login", "an"), ("password", crate::harness::PASSWORD)]).await.expect(403);
    assert!(answer.text().contains("Yêu cầu đến từ trang khác"));
    assert_eq!(visitor.cookie("nghedan_phien"), None);
}

#[tokio::test]
async fn health_is_told_to_everybody_and_counts_only_to_this_machine() {
    let app = TestApp::new().await;
    let mut visitor = app.visitor();
    assert_eq!(visitor.get("/healthz").await.body, "ok\n");
    assert_eq!(visitor.get("/readyz").await.body, "ready\n");
    visitor.address = "192.0.2.7:1".parse().expect("an address");
    visitor.get("/metrics").await.expect(404);
}

/// One address of each family: a page in memory, a private page, a form's answer, an error, health, an icon, a feed, a redirect.
#[tokio::test]
async fn every_answer_tells_the_browser_what_it_may_not_do() {
    let app = TestApp::over_https().await;
    let mut visitor = app.visitor();
    for address in
        ["/", "/", "/gui", "/tra-cuu", "/khong-co", "/healthz", "/readyz", "/icons/icon.svg", "/cong-khai.atom", "/can-bo", "/dau-so.txt", "/dang-nhap"]
    {
        let answer = visitor.get(address).await;
        let policy = answer.header("content-security-policy");
        for directive in ["default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(directive), "{address}: {policy:?}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{address}: {policy:?}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{address}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{address}");
        assert_eq!(answer.header("strict-transport-security"), "max-age=31536000; includeSubDomains", "{address}");
        assert!(!answer.header("cache-control").is_empty(), "{address}");
    }
}

/// Also where the gate answers before anybody looks what was asked: a form longer than it said.
#[tokio::test]
async fn a_form_cut_off_at_the_gate_gets_the_same_headers() {
    let app = TestApp::over_https().await;
    let long = "a".repeat(600 * 1024);
    let answer = app.visitor().post("/dang-nhap", &[("login", &long)]).await.expect(413);
    assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"));
    for (name, value) in [("x-content-type-options", "nosniff"), ("strict-transport-security", "max-age=31536000; includeSubDomains")] {
        assert_eq!(answer.header(name), value, "{name}");
    }
    assert_eq!(answer.header("cache-control"), "no-store");
}

/// Behind https a cookie is this host's alone: no subdomain can plant one, no script read it, no http carry it.
#[tokio::test]
async fn behind_https_cookies_are_the_hosts_alone() {
    let app = TestApp::over_https().await;
    let (case_id, code) = crate::harness::petitions_of::file_report(&app, "Cống bị tắc").await;
    let mut visitor = app.visitor();
    let draft = visitor.post_files("/gui", &[("kind", "report"), ("title", "Cống bị tắc"), ("body", "Đã ba tuần nay nước không thoát.")], &[]).await;
    let visit = visitor.post("/tra-cuu", &[("code", &code)]).await;
    for cookie in [draft.header("set-cookie"), visit.header("set-cookie")] {
        assert!(cookie.starts_with("__Host-nghedan_"), "{cookie:?}");
        for attribute in ["; Secure", "; HttpOnly", "; Path=/", "; SameSite=Lax"] {
            assert!(cookie.contains(attribute), "{cookie:?} without {attribute}");
        }
        assert!(!cookie.contains("Domain"), "{cookie:?}");
    }
    let page = visitor.get("/tra-cuu/don").await.expect(200);
    assert!(page.text().contains("Cống bị tắc"), "{case_id}: the cookies work under their names");
}

/// A session is the server's to end: whoever copied its cookie before has nothing.
#[tokio::test]
async fn an_ended_session_opens_nothing_and_a_planted_one_is_not_taken() {
    let app = TestApp::new().await;
    let mut an = app.visitor();
    an.set_cookie("nghedan_phien", "AAAAAAAAAAAAAAAAAAAAAA");
    an.post("/dang-nhap", &[("login", "an"), ("password", crate::harness::PASSWORD)]).await.expect(303);
    let cookie = an.cookie("nghedan_phien").expect("a session").to_owned();
    assert_ne!(cookie, "AAAAAAAAAAAAAAAAAAAAAA", "somebody may have planted it to share it");
    an.get("/can-bo").await.expect(200);
    let left = an.post("/dang-xuat", &[]).await.expect(303);
    assert_eq!(left.header("clear-site-data"), "\"cache\"", "nobody goes back to what was on the screen");
    let mut thief = app.visitor();
    thief.set_cookie("nghedan_phien", &cookie);
    assert_eq!(thief.get("/can-bo").await.expect(303).location().as_deref(), Some("/dang-nhap?next=/can-bo"));
}

/// Everybody knows the password of the demo's accounts: `serve` without `--demo` does not begin over them.
#[tokio::test]
async fn the_demos_accounts_open_no_portal_that_is_served_for_real() {
    let app = TestApp::new().await;
    assert_eq!(app::demo::open_sign_in(&app.portal).await.expect("looked"), None);
    let options = app::demo::Options { seed: 1, cases: 10, today: app::clock::day(app.portal.now()) };
    app::demo::fill(app.portal.db(), &app.portal.directory(), options).await.expect("an empty database takes a demo");
    assert!(app::demo::open_sign_in(&app.portal).await.expect("looked").is_some());
}
