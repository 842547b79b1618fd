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
