//! Following a case by its code, through HTTP.

use crate::harness::petitions_of::{SENDER, SENDER_PHONE, actor, case, file_report, give_to_economy};
use crate::harness::{Answer, Browser, TestApp, Upload, photo};
use app::petitions::actions::{self, Act};
use app::petitions::rules::State;
use app::petitions::store;
use app::petitions::store::parts;

/// A browser in which the code was given, and the page of the case.
async fn visit(app: &TestApp, code: &str) -> (Browser, Answer) {
    let mut browser = app.visitor();
    let answer = browser.post("/tra-cuu", &[("code", code)]).await.expect(303);
    assert_eq!(answer.location().as_deref(), Some("/tra-cuu/don"), "the code is in no address");
    let page = browser.get("/tra-cuu/don").await.expect(200);
    (browser, page)
}

/// The economy unit asks the citizen.
async fn ask(app: &TestApp, case_id: &str, question: &str) {
    let handler = actor(app, "ha").await;
    let before = case(app, case_id).await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    actions::ask(&mut Act { tx: &mut tx, portal: &app.portal, actor: &handler }, &before, question).await.expect("asked");
    tx.commit().await.expect("kept");
}

/// Draft by one, approval by another.
async fn answer(app: &TestApp, case_id: &str, text: &str) {
    let (handler, approver) = (actor(app, "ha").await, actor(app, "du").await);
    let before = case(app, case_id).await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let proposed = actions::propose_answer(&mut Act { tx: &mut tx, portal: &app.portal, actor: &handler }, &before, text, None).await.expect("proposed");
    actions::approve_answer(&mut Act { tx: &mut tx, portal: &app.portal, actor: &approver }, &proposed).await.expect("approved");
    tx.commit().await.expect("kept");
}

async fn events(app: &TestApp, case_id: &str) -> Vec<&'static str> {
    let mut tx = app.portal.db().read().await.expect("a transaction");
    store::history(&mut tx, case_id, 0).await.expect("readable").iter().map(|entry| entry.event.code()).collect()
}

async fn messages(app: &TestApp, case_id: &str) -> Vec<String> {
    let mut tx = app.portal.db().read().await.expect("a transaction");
    parts::messages(&mut tx, case_id).await.expect("readable").into_iter().map(|message| message.body).collect()
}

/// A code whose check sign fits and that opens nothing.
fn unknown_code() -> String {
    app::petitions::code::CaseCode::of_token("a token nobody has").groups().concat()
}

#[tokio::test]
async fn a_case_opens_by_its_code_however_it_is_typed() {
    let app = TestApp::new().await;
    let (_, code) = file_report(&app, "Cống bị tắc").await;
    let typed = format!(" {}-{} ", code[..4].to_lowercase(), &code[4..]);
    let (_, page) = visit(&app, &typed).await;
    let text = page.text();
    assert!(text.contains("Cống bị tắc") && text.contains("thứ Hai, 7/12/2026") && text.contains("Còn 10 ngày làm việc"), "{text}");
    assert!(text.contains("24/11/2026"), "the day off within the ten days is named: {text}");
    assert!(!page.body.contains(SENDER) && !page.body.contains(SENDER_PHONE), "who holds the phone next learns no name from it");
    assert!(!page.body.contains(&code), "the code is not on the page");
}

#[tokio::test]
async fn wrong_codes_all_look_the_same() {
    let app = TestApp::new().await;
    let (_, code) = file_report(&app, "Cống bị tắc").await;
    let mut one_off = code.into_bytes();
    one_off[3] = if one_off[3] == b'A' { b'B' } else { b'A' };
    let wrong = [String::from_utf8(one_off).expect("ASCII"), unknown_code(), "xin chào".to_owned(), String::new(), "Ê".repeat(60)];
    let mut pages = Vec::new();
    for typed in &wrong {
        let answer = app.visitor().post("/tra-cuu", &[("code", typed)]).await.expect(422);
        assert_eq!(answer.field("code"), *typed, "what was typed stays");
        assert!(answer.headers.get("set-cookie").is_none(), "no session is begun");
        pages.push(answer.body.replace(&format!("value=\"{typed}\""), "value=\"\""));
    }
    assert!(pages.windows(2).all(|pair| pair[0] == pair[1]), "one and the same page");
}

#[tokio::test]
async fn guessing_is_limited_for_one_address_only() {
    let app = TestApp::new().await;
    let (_, code) = file_report(&app, "Cống bị tắc").await;
    let mut guesser = app.visitor();
    for _ in 0..app::accounts::rules::CODE_FAILURES_MAX {
        guesser.post("/tra-cuu", &[("code", "sai")]).await.expect(422);
    }
    let refused = guesser.post("/tra-cuu", &[("code", &code)]).await.expect(429);
    assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|seconds| (1..=900).contains(&seconds)));
    let mut other = app.visitor();
    other.address = "127.0.0.2:40000".parse().expect("an address");
    other.post("/tra-cuu", &[("code", &code)]).await.expect(303);
    app.set_time("2026-11-20T03:08:00Z");
    guesser.post("/tra-cuu", &[("code", &code)]).await.expect(303);
}

#[tokio::test]
async fn a_question_is_answered_once_even_by_a_double_click() {
    let app = TestApp::new().await;
    let (case_id, code) = file_report(&app, "Cống bị tắc").await;
    give_to_economy(&app, &case_id).await;
    ask(&app, &case_id, "Cống ở phía nào?").await;
    app.set_time("2026-11-20T03:10:00Z");
    let (mut browser, page) = visit(&app, &code).await;
    assert!(page.select("#question").join(" ").contains("Cống ở phía nào?"));
    assert!(!page.text().contains("Cán bộ Hà"), "the unit asks, not a named person");
    let (of, once) = (page.field("_of"), page.field("_once"));
    let sent = [("_of", of.as_str()), ("_once", once.as_str()), ("message", "Phía bên trái.")];
    browser.post("/tra-cuu/don/tin-nhan", &sent).await.expect(303);
    browser.post("/tra-cuu/don/tin-nhan", &sent).await.expect(303);
    assert_eq!(messages(&app, &case_id).await, ["Cống ở phía nào?", "Phía bên trái."]);
    assert_eq!(case(&app, &case_id).await.state, State::Assigned);
    // Back, other words, sent from the same page: nothing is swallowed.
    browser.post("/tra-cuu/don/tin-nhan", &[("_of", &of), ("_once", &once), ("message", "Xin nói thêm.")]).await.expect(303);
    assert_eq!(messages(&app, &case_id).await.len(), 3);
    let page = browser.get("/tra-cuu/don").await;
    assert_eq!(page.select(".flash").len(), 1);
    assert!(browser.get("/tra-cuu/don").await.select(".flash").is_empty(), "said once");
}

#[tokio::test]
async fn an_empty_or_endless_message_comes_back_with_its_words() {
    let app = TestApp::new().await;
    let (case_id, code) = file_report(&app, "Cống bị tắc").await;
    let (mut browser, page) = visit(&app, &code).await;
    let of = page.field("_of");
    browser.post("/tra-cuu/don/tin-nhan", &[("_of", &of), ("message", "  ")]).await.expect(422);
    let long = "rất dài ".repeat(700);
    let answer = browser.post("/tra-cuu/don/tin-nhan", &[("_of", &of), ("message", &long)]).await.expect(422);
    assert_eq!(answer.field("message").trim(), long.trim());
    assert!(messages(&app, &case_id).await.is_empty());
}

#[tokio::test]
async fn words_survive_the_end_of_the_visit() {
    let app = TestApp::new().await;
    let (case_id, code) = file_report(&app, "Cống bị tắc").await;
    let (_, other_code) = file_report(&app, "Đèn đường hỏng").await;
    let (mut browser, page) = visit(&app, &code).await;
    app.set_time("2026-11-20T03:53:00Z");
    assert_eq!(browser.get("/tra-cuu/don").await.expect(303).location().as_deref(), Some("/tra-cuu"), "an hour and a minute later");
    let (of, once) = (page.field("_of"), page.field("_once"));
    let over = browser.post("/tra-cuu/don/tin-nhan", &[("_of", &of), ("_once", &once), ("message", "Nước đã tràn vào nhà tôi")]).await.expect(401);
    assert_eq!(over.field("kept.message"), "Nước đã tràn vào nhà tôi");
    let kept: Vec<(String, String)> =
        ["kept_target", "kept._of", "kept._once", "kept.message"].map(|name| (name.to_owned(), over.field(name))).into_iter().collect();
    let with = |code: &str| kept.iter().cloned().chain([("code".to_owned(), code.to_owned())]).collect::<Vec<_>>();
    async fn send(browser: &mut Browser, pairs: Vec<(String, String)>) -> Answer {
        let fields: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.post("/tra-cuu", &fields).await
    }
    let wrong = send(&mut browser, with("sai")).await.expect(422);
    assert_eq!(wrong.field("kept.message"), "Nước đã tràn vào nhà tôi", "a wrong code loses nothing");
    let other = send(&mut browser, with(&other_code)).await.expect(422);
    assert_eq!(other.field("kept.message"), "Nước đã tràn vào nhà tôi", "the words do not go into another case");
    let resumed = send(&mut browser, with(&code)).await.expect(200);
    assert!(resumed.text().contains("Cống bị tắc"));
    let again = [("_of", resumed.field("_of")), ("_once", resumed.field("_once")), ("message", resumed.field("message"))];
    let fields: Vec<(&str, &str)> = again.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let target = resumed.attribute("main form", "action").remove(0);
    browser.post(&target, &fields).await.expect(303);
    assert_eq!(messages(&app, &case_id).await, ["Nước đã tràn vào nhà tôi"]);
}

#[tokio::test]
async fn two_cases_in_one_browser_do_not_mix() {
    let app = TestApp::new().await;
    let (first_id, first) = file_report(&app, "Cống bị tắc").await;
    let (second_id, second) = file_report(&app, "Đèn đường hỏng").await;
    let (mut browser, page) = visit(&app, &first).await;
    browser.post("/tra-cuu", &[("code", &second)]).await.expect(303);
    browser.post("/tra-cuu/don/tin-nhan", &[("_of", &page.field("_of")), ("message", "cho đơn đầu")]).await.expect(401);
    assert!(messages(&app, &first_id).await.is_empty() && messages(&app, &second_id).await.is_empty());
}

#[tokio::test]
async fn the_answer_is_rated_once() {
    let app = TestApp::new().await;
    let (case_id, code) = file_report(&app, "Cống bị tắc").await;
    give_to_economy(&app, &case_id).await;
    answer(&app, &case_id, "Đã **thông cống**.").await;
    let (mut browser, page) = visit(&app, &code).await;
    assert_eq!(page.select("#answer strong"), ["thông cống"]);
    let of = page.field("_of");
    let missing = browser.post("/tra-cuu/don/danh-gia", &[("_of", &of), ("clarity", "4"), ("attitude", "9"), ("comment", "tạm được")]).await.expect(422);
    assert_eq!(missing.field("comment").trim(), "tạm được");
    assert_eq!(missing.select(".summary-errors li").len(), 2);
    let marks = [("_of", of.as_str()), ("clarity", "4"), ("attitude", "5"), ("result", "3"), ("comment", "tạm được")];
    browser.post("/tra-cuu/don/danh-gia", &marks).await.expect(303);
    browser.post("/tra-cuu/don/danh-gia", &marks).await.expect(303);
    let worse = [("_of", of.as_str()), ("clarity", "1"), ("attitude", "1"), ("result", "1")];
    browser.post("/tra-cuu/don/danh-gia", &worse).await.expect(409);
    assert_eq!(events(&app, &case_id).await.iter().filter(|event| **event == "rated").count(), 1);
    assert!(browser.get("/tra-cuu/don").await.text().contains("4 trên 5"));
}

#[tokio::test]
async fn withdrawing_is_an_event_and_needs_a_tick() {
    let app = TestApp::new().await;
    let (case_id, code) = file_report(&app, "Cống bị tắc").await;
    let (mut browser, page) = visit(&app, &code).await;
    let of = page.field("_of");
    browser.post("/tra-cuu/don/rut", &[("_of", &of)]).await.expect(422);
    assert!(case(&app, &case_id).await.is_open);
    for _ in 0..2 {
        browser.post("/tra-cuu/don/rut", &[("_of", &of), ("sure", "1")]).await.expect(303);
    }
    assert_eq!(events(&app, &case_id).await, ["filed", "withdrawn"]);
    let page = browser.get("/tra-cuu/don").await.expect(200);
    assert!(page.text().contains("Cống bị tắc") && page.attribute("form[action$=\"/rut\"]", "action").is_empty());
    let late = browser.post("/tra-cuu/don/tin-nhan", &[("_of", &of), ("message", "khoan đã")]).await.expect(409);
    assert!(late.text().contains("Việc này vừa thay đổi"));
}

#[tokio::test]
async fn the_address_for_notices_changes_and_is_shown_masked() {
    let app = TestApp::new().await;
    let (case_id, code) = file_report(&app, "Cống bị tắc").await;
    let (mut browser, page) = visit(&app, &code).await;
    let of = page.field("_of");
    let wrong = browser.post("/tra-cuu/don/email", &[("_of", &of), ("email", "khong phai")]).await.expect(422);
    assert_eq!(wrong.field("email"), "khong phai");
    browser.post("/tra-cuu/don/email", &[("_of", &of), ("email", "moi@vi-du.example")]).await.expect(303);
    let page = browser.get("/tra-cuu/don").await;
    assert!(page.text().contains("m•••@vi-du.example") && !page.body.contains("moi@vi-du.example"));
    browser.post("/tra-cuu/don/email", &[("_of", &of), ("remove", "1")]).await.expect(303);
    let mut tx = app.portal.db().read().await.expect("a transaction");
    assert_eq!(parts::person(&mut tx, &case_id).await.expect("readable").email, "");
}

#[tokio::test]
async fn papers_are_added_once_and_seen_by_code_only() {
    let app = TestApp::new().await;
    let (case_id, code) = file_report(&app, "Cống bị tắc").await;
    let (_, other_code) = file_report(&app, "Đèn đường hỏng").await;
    let (mut browser, page) = visit(&app, &code).await;
    let upload = |name: &str, bytes: Vec<u8>| Upload { field: "papers", name: name.into(), content_type: "image/jpeg", bytes };
    let of = page.field("_of");
    let once = page.attribute("form[action$=\"/giay-to\"] input[name=_once]", "value").remove(0);
    let fields = [("_of", of.as_str()), ("_once", once.as_str())];
    for _ in 0..2 {
        browser.post_files("/tra-cuu/don/giay-to", &fields, &[upload("cong.jpg", photo())]).await.expect(303);
    }
    let page = browser.get("/tra-cuu/don").await;
    assert_eq!(page.select("main .files li").len(), 1, "a double click adds it once");
    assert_eq!(events(&app, &case_id).await, ["filed", "papers_added"]);
    let lying = browser.post_files("/tra-cuu/don/giay-to", &[("_of", &of)], &[upload("gia.jpg", b"MZ not a picture".to_vec())]).await.expect(422);
    assert!(lying.text().contains("gia.jpg"));
    browser.post_files("/tra-cuu/don/giay-to", &[("_of", &of)], &[]).await.expect(422);
    let picture = page.attribute("main .files a", "href").remove(0);
    assert_eq!(browser.get(&picture).await.expect(200).header("content-type"), "image/jpeg");
    browser.get(&format!("{picture}/nho")).await.expect(200);
    let (mut other, _) = visit(&app, &other_code).await;
    other.get(&picture).await.expect(404);
    app.visitor().get(&picture).await.expect(303);
    app.visitor().post_files("/tra-cuu/don/giay-to", &fields, &[upload("cong.jpg", photo())]).await.expect(401);
}

#[tokio::test]
async fn the_visit_ends_when_it_is_ended() {
    let app = TestApp::new().await;
    let (_, code) = file_report(&app, "Cống bị tắc").await;
    let (mut browser, _) = visit(&app, &code).await;
    browser.post("/tra-cuu/thoat", &[]).await.expect(303);
    assert_eq!(browser.get("/tra-cuu/don").await.expect(303).location().as_deref(), Some("/tra-cuu"));
}

#[tokio::test]
async fn the_english_pages_are_whole() {
    let app = TestApp::new().await;
    let (_, code) = file_report(&app, "Cống bị tắc").await;
    let mut browser = app.visitor();
    assert_eq!(browser.post("/en/tra-cuu", &[("code", &code)]).await.expect(303).location().as_deref(), Some("/en/tra-cuu/don"));
    let page = browser.get("/en/tra-cuu/don").await.expect(200);
    assert!(page.text().contains("Monday, 7 Dec 2026"));
    let over = app.visitor().post("/en/tra-cuu/don/tin-nhan", &[("message", "hello")]).await.expect(401);
    assert_eq!(over.field("kept_target"), "/en/tra-cuu/don/tin-nhan");
}
