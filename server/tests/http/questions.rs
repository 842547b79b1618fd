//! Questions to a dialogue through HTTP: who may ask, read, support, moderate, and what nobody can do.

use crate::harness::dialogues_of::announced;
use crate::harness::petitions_of::file_report;
use crate::harness::{Answer, Browser, PHU_THONG_CULTURE, PHU_THONG_ECONOMY, TestApp};
use app::dialogues::questions::rules::{Question, State};
use app::dialogues::questions::store::{self, supports};
use app::dialogues::store as dialogues;
use app::petitions::code::CaseCode;
use app::vault::kept::{self, Purpose};

const WATER: &str = "Bao giờ ba thôn cuối nguồn có nước sạch để dùng?";
const SECRET_EMAIL: &str = "chi-lan@vi-du.example";
const SECRET_VILLAGE: &str = "thôn Khuổi Sla Thượng";

/// Sends the form of a question as a person would: from the page, with everything it brings along, past what is like it.
async fn ask(browser: &mut Browser, changed: &[(&str, &str)]) -> Answer {
    let page = browser.get("/doi-thoai/1/hoi").await.expect(200);
    let own: Vec<(String, String)> = ["_device", "once"].into_iter().map(|name| (name.to_owned(), page.field(name))).collect();
    let usual = [("body", WATER), ("who", "all"), ("seen", "1")];
    let given = |name: &str| changed.iter().any(|(field, _)| *field == name);
    let mut fields: Vec<(&str, &str)> = own.iter().map(|(name, value)| (name.as_str(), value.as_str())).filter(|(name, _)| !given(name)).collect();
    fields.extend(usual.into_iter().filter(|(name, _)| !given(name)));
    fields.extend(changed.iter().copied().filter(|(_, value)| *value != "-"));
    browser.post("/doi-thoai/1/hoi", &fields).await
}

/// Asks in a browser nobody has used; gives the code.
pub async fn asked(app: &TestApp, changed: &[(&str, &str)]) -> (Browser, String) {
    let mut browser = app.visitor();
    ask(&mut browser, changed).await.expect(303);
    let receipt = browser.get("/doi-thoai/1/hoi/da-gui").await.expect(200);
    let code = receipt.select("#code").concat();
    assert_eq!(code.len(), 19, "{}", receipt.text());
    (browser, code)
}

async fn question(app: &TestApp, dialogue: &str, number: i64) -> Question {
    let mut tx = app.portal.db().read().await.expect("a transaction");
    store::by_number(&mut tx, dialogue, number).await.expect("readable").expect("there")
}

/// A deed at the desk.
async fn deed(app: &TestApp, login: &str, dialogue: &str, number: i64, deed: &str, more: &[(&str, &str)]) -> Answer {
    let version = question(app, dialogue, number).await.version.to_string();
    let mut all = vec![("version", version.as_str()), ("deed", deed)];
    all.extend_from_slice(more);
    app.signed_in(login).await.post(&format!("/can-bo/doi-thoai/{dialogue}/cau-hoi/{number}"), &all).await
}

pub async fn open(app: &TestApp, dialogue: &str, number: i64, text: &str) {
    deed(app, "an", dialogue, number, "open", &[("public_text", text)]).await.expect(303);
}

async fn seal(app: &TestApp, dialogue: &str, number: i64, about: &str) -> Answer {
    deed(app, "an", dialogue, number, "seal", &[("about", about), ("sure", "1")]).await
}

async fn support(browser: &mut Browser, number: i64, deed: &str) -> Answer {
    let page = browser.get(&format!("/doi-thoai/1/cau-hoi/{number}")).await.expect(200);
    let device = page.field("_device");
    browser.post(&format!("/doi-thoai/1/cau-hoi/{number}"), &[("_device", device.as_str()), ("deed", deed)]).await
}

/// How many support a question and its repeats: all, and by contact.
async fn people(app: &TestApp, dialogue: &str, number: i64) -> (i64, i64) {
    let id = question(app, dialogue, number).await.id;
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let sums = supports::supports(&mut tx, &id).await.expect("counted");
    (sums.people, sums.by_contact)
}

/// The link of the last mail that was sent.
fn last_link(app: &TestApp) -> String {
    link_in(&app.mailer.sent().pop().expect("a mail").body)
}

fn link_in(mail: &str) -> String {
    let (_, link) = mail.split_once("https://nghedan.test").expect("a link");
    link.split_whitespace().next().expect("an address").to_owned()
}

/// Everything that anybody can read without a sign-in and without a code and that may have to do with questions.
async fn everything_public(app: &TestApp) -> String {
    let mut all = String::new();
    for path in [
        "/",
        "/doi-thoai",
        "/doi-thoai/1",
        "/en/doi-thoai/1",
        "/doi-thoai/1/hoi",
        "/doi-thoai/1/cau-hoi",
        "/doi-thoai/1/cau-hoi?xem=moi",
        "/doi-thoai/1/cau-hoi?xem=chu-de",
        "/en/doi-thoai/1/cau-hoi",
        "/doi-thoai/1/cau-hoi/1",
        "/doi-thoai/1/cau-hoi/2",
        "/doi-thoai/1/cau-hoi/3",
        "/doi-thoai/1/cau-hoi/4",
        "/doi-thoai/1/chuong-trinh",
        "/doi-thoai/cau-hoi",
        "/cong-khai",
        "/cong-khai?q=n%C6%B0%E1%BB%9Bc",
        "/cong-khai.atom",
        "/sitemap.xml",
        "/sitemap-1.xml",
    ] {
        let answer = app.visitor().get(path).await;
        assert!(answer.status < 500, "{path}: {}", answer.status);
        all.push_str(&answer.body);
    }
    all
}

#[tokio::test]
async fn anybody_asks_and_finds_the_question_again_by_its_code() {
    let app = TestApp::new().await;
    let id = announced(&app).await;
    assert!(app.visitor().get("/doi-thoai/1").await.expect(200).attribute("a", "href").contains(&"/doi-thoai/1/hoi".to_owned()));
    let (_, code) = asked(&app, &[("name", "Chị Lan"), ("village", SECRET_VILLAGE), ("email", SECRET_EMAIL)]).await;
    let kept = question(&app, &id, 1).await;
    assert_eq!((kept.state, kept.body.as_str(), kept.name.as_str()), (State::Waiting, WATER, "Chị Lan"));
    let page = app.visitor().post("/doi-thoai/cau-hoi", &[("code", &code.to_lowercase())]).await.expect(200);
    assert!(page.text().contains("Cán bộ chưa đọc xong") && page.field("body").contains(WATER), "{}", page.text());
    let follow = app.visitor().post("/tra-cuu", &[("code", &code)]).await.expect(200);
    assert!(follow.text().contains("Câu số 1"), "the page for codes of cases knows it too");
    app.visitor().post("/en/doi-thoai/cau-hoi", &[("code", &code)]).await.expect(200);
    assert!(!everything_public(&app).await.contains(WATER), "nobody reads it before an official has");
    open(&app, &id, 1, WATER).await;
    let list = app.visitor().get("/doi-thoai/1/cau-hoi").await.expect(200);
    assert!(list.text().contains(WATER) && list.text().contains("Chị Lan"), "{}", list.text());
    assert_eq!(list.header("cache-control"), "no-store", "nobody keeps a copy that would outlive a sealing");
    let public = everything_public(&app).await;
    assert!(!public.contains(SECRET_VILLAGE) && !public.contains(SECRET_EMAIL));
}

#[tokio::test]
async fn pressing_twice_asks_once_with_the_same_code() {
    let app = TestApp::new().await;
    let id = announced(&app).await;
    let mut browser = app.visitor();
    let page = browser.get("/doi-thoai/1/hoi").await.expect(200);
    let (device, once) = (page.field("_device"), page.field("once"));
    let fields = [("_device", device.as_str()), ("once", once.as_str()), ("body", WATER), ("who", "all")];
    let (mut first, mut second) = (browser.clone(), browser.clone());
    let (one, two) = tokio::join!(first.post("/doi-thoai/1/hoi", &fields), second.post("/doi-thoai/1/hoi", &fields));
    one.expect(303);
    two.expect(303);
    browser.post("/doi-thoai/1/hoi", &fields).await.expect(303);
    let mut tx = app.portal.db().read().await.expect("a transaction");
    assert_eq!(store::of_state(&mut tx, &id, State::Waiting, 0, 10).await.expect("readable").len(), 1);
    drop(tx);
    let code = |page: Answer| page.select("#code").concat();
    assert_eq!(code(first.get("/doi-thoai/1/hoi/da-gui").await), code(browser.get("/doi-thoai/1/hoi/da-gui").await));
}

#[tokio::test]
async fn everything_wrong_is_said_at_its_field_and_nothing_is_lost() {
    let app = TestApp::new().await;
    announced(&app).await;
    let mut browser = app.visitor();
    let answer = ask(&mut browser, &[("body", "Nước?"), ("who", "nobody"), ("email", "khong phai"), ("name", "Chị Lan")]).await.expect(422);
    assert!(!answer.select("#body-e").is_empty() && !answer.select("#who .err").is_empty() && !answer.select("#email-e").is_empty(), "{}", answer.text());
    assert_eq!((answer.field("email"), answer.field("name")), ("khong phai".to_owned(), "Chị Lan".to_owned()));
    let long = "a".repeat(2_001);
    let answer = ask(&mut browser, &[("body", &long)]).await.expect(422);
    assert!(answer.field("body").contains(&long), "every word is still there");
}

#[tokio::test]
async fn questions_are_taken_from_the_notice_to_the_end_and_not_after() {
    let app = TestApp::new().await;
    app.visitor().get("/doi-thoai/1/hoi").await.expect(404);
    let id = announced(&app).await;
    let mut late = app.visitor();
    let page = late.get("/doi-thoai/1/hoi").await.expect(200);
    app.set_time("2026-12-08T02:00:00Z");
    asked(&app, &[]).await;
    assert_eq!(question(&app, &id, 1).await.moment.code(), "during");
    open(&app, &id, 1, WATER).await;
    let mut supporter = app.visitor();
    support(&mut supporter, 1, "support").await.expect(303);
    app.set_time("2026-12-08T04:00:00Z");
    let (device, once) = (page.field("_device"), page.field("once"));
    let fields = [("_device", device.as_str()), ("once", once.as_str()), ("body", WATER), ("who", "all")];
    let answer = late.post("/doi-thoai/1/hoi", &fields).await.expect(409);
    assert!(answer.text().contains(WATER), "what was typed can be copied: {}", answer.text());
    assert!(app.visitor().post("/doi-thoai/1/cau-hoi/1", &[("deed", "support")]).await.status == 409);
    assert_eq!(people(&app, &id, 1).await, (1, 0));
}

#[tokio::test]
async fn the_asker_changes_it_while_it_waits_and_takes_it_back_later() {
    let app = TestApp::new().await;
    let id = announced(&app).await;
    let (_, code) = asked(&app, &[]).await;
    let change = async |version: &str, body: &str| {
        app.visitor().post("/doi-thoai/cau-hoi", &[("code", &code), ("deed", "change"), ("version", version), ("body", body)]).await
    };
    change("1", " ").await.expect(422);
    change("1", "Đường vào thôn Bản Tàn bao giờ sửa xong?").await.expect(200);
    assert_eq!(question(&app, &id, 1).await.body, "Đường vào thôn Bản Tàn bao giờ sửa xong?");
    change("1", "Gửi lại lần nữa thì sao, có mất không?").await.expect(409);
    open(&app, &id, 1, "Đường vào thôn Bản Tàn bao giờ sửa xong?").await;
    let late = change("3", "Đường nào cũng được, miễn là sửa sớm").await.expect(409);
    assert!(late.text().contains("không sửa được nữa"), "{}", late.text());
    let withdraw = async |sure: &str| app.visitor().post("/doi-thoai/cau-hoi", &[("code", &code), ("deed", "withdraw"), ("version", "3"), (sure, "1")]).await;
    withdraw("unsure").await.expect(422);
    withdraw("sure").await.expect(200);
    assert_eq!(question(&app, &id, 1).await.state, State::Withdrawn);
    assert!(!everything_public(&app).await.contains("Đường vào thôn Bản Tàn"));
    app.visitor().get("/doi-thoai/1/cau-hoi/1").await.expect(404);
}

#[tokio::test]
async fn what_others_have_asked_is_shown_before_it_is_sent_without_scripts() {
    let app = TestApp::new().await;
    let id = announced(&app).await;
    asked(&app, &[]).await;
    open(&app, &id, 1, WATER).await;
    let mut browser = app.visitor();
    let like = [("body", "Cho tôi hỏi bao giờ thôn cuối nguồn có nước sạch dùng?"), ("seen", "-"), ("name", "Anh Páo")];
    let answer = ask(&mut browser, &like).await.expect(200);
    assert!(answer.select("#giong").concat().contains(WATER), "{}", answer.text());
    assert_eq!((answer.field("name"), answer.field("seen")), ("Anh Páo".to_owned(), "1".to_owned()), "nothing typed is lost");
    ask(&mut browser, &[("body", like[0].1), ("seen", "1")]).await.expect(303);
    ask(&mut app.visitor(), &[("body", "Trường học ở điểm lẻ có bếp ăn hay chưa?"), ("seen", "-")]).await.expect(303);
    let private = [("body", like[0].1), ("who", "organiser"), ("seen", "-")];
    ask(&mut app.visitor(), &private).await.expect(303);
}

#[tokio::test]
async fn a_moderator_publishes_another_wording_and_the_original_stays_for_officials() {
    let app = TestApp::new().await;
    let id = announced(&app).await;
    let original = "Ông Nông Văn Bẩu trưởng thôn ăn chặn nước của cả xóm, bao giờ có nước?";
    let (_, code) = asked(&app, &[("body", original), ("email", SECRET_EMAIL)]).await;
    deed(&app, "an", &id, 1, "open", &[("public_text", " ")]).await.expect(422);
    open(&app, &id, 1, "Bao giờ xóm có nước?").await;
    let public = everything_public(&app).await;
    assert!(public.contains("Bao giờ xóm có nước?") && !public.contains("Nông Văn Bẩu"));
    assert!(app.signed_in("an").await.get(&format!("/can-bo/doi-thoai/{id}/cau-hoi/1")).await.expect(200).text().contains(original));
    app.run_jobs().await;
    let mail = app.mailer.sent().pop().expect("the asker is told");
    assert!(mail.to == SECRET_EMAIL && mail.body.contains("đã được đăng") && !mail.body.contains("nước"), "{}", mail.body);
    let mine = app.visitor().post("/doi-thoai/cau-hoi", &[("code", &code)]).await.expect(200);
    assert!(mine.text().contains("sau khi biên tập"), "{}", mine.text());
}

#[tokio::test]
async fn a_refusal_is_public_with_its_reason_and_without_its_words() {
    let app = TestApp::new().await;
    let id = announced(&app).await;
    asked(&app, &[("email", SECRET_EMAIL)]).await;
    deed(&app, "an", &id, 1, "refuse", &[]).await.expect(422);
    let without = deed(&app, "an", &id, 1, "refuse", &[("reason", "other")]).await.expect(422);
    assert!(!without.select("#reason_words-e").is_empty(), "{}", without.text());
    deed(&app, "an", &id, 1, "refuse", &[("reason", "off_topic"), ("reason_words", "Hỏi ở cuộc tháng sau")]).await.expect(303);
    let list = app.visitor().get("/doi-thoai/1/cau-hoi").await.expect(200);
    let refused = list.select("#khong-dang").concat();
    assert!(refused.contains("Câu số 1") && refused.contains("Không thuộc chủ đề") && refused.contains("Hỏi ở cuộc tháng sau"), "{refused}");
    assert!(!everything_public(&app).await.contains(WATER));
    app.visitor().get("/doi-thoai/1/cau-hoi/1").await.expect(404);
    app.run_jobs().await;
    assert!(app.mailer.sent().pop().expect("told").body.contains("không được đăng"));
    open(&app, &id, 1, WATER).await;
    assert!(app.visitor().get("/doi-thoai/1/cau-hoi").await.expect(200).select("#khong-dang").is_empty(), "a decision can be taken back");
}

#[tokio::test]
async fn repeats_are_linked_and_each_supporter_counts_once() {
    let app = TestApp::new().await;
    let id = announced(&app).await;
    for _ in 0..3 {
        asked(&app, &[]).await;
    }
    open(&app, &id, 1, WATER).await;
    open(&app, &id, 2, WATER).await;
    let (mut both, mut only_two) = (app.visitor(), app.visitor());
    support(&mut both, 1, "support").await.expect(303);
    support(&mut both, 2, "support").await.expect(303);
    support(&mut only_two, 2, "support").await.expect(303);
    for wrong in ["3", "2", "99", "x"] {
        deed(&app, "an", &id, 2, "link", &[("number", wrong)]).await.expect(422);
    }
    deed(&app, "an", &id, 2, "link", &[("number", "1")]).await.expect(303);
    assert_eq!(people(&app, &id, 1).await, (2, 0), "who supports both is one person");
    let list = app.visitor().get("/doi-thoai/1/cau-hoi").await.expect(200);
    assert!(list.text().contains("2 người ủng hộ") && list.select("#trung").concat().contains("Câu số 2"), "{}", list.text());
    app.visitor().get("/doi-thoai/1/cau-hoi/2").await.expect(404);
    deed(&app, "an", &id, 3, "link", &[("number", "2")]).await.expect(422);
    deed(&app, "an", &id, 2, "unlink", &[]).await.expect(303);
    assert_eq!((people(&app, &id, 1).await, people(&app, &id, 2).await), ((1, 0), (2, 0)), "and all is as it was");
    let back = question(&app, &id, 2).await;
    assert_eq!((back.state, back.public_text.as_str()), (State::Open, WATER));
    deed(&app, "an", &id, 3, "link", &[("number", "2")]).await.expect(303);
    deed(&app, "an", &id, 2, "link", &[("number", "1")]).await.expect(303);
    let first = question(&app, &id, 1).await.id;
    assert_eq!(question(&app, &id, 3).await.linked_to, Some(first), "what repeats a repeat repeats the first");
}

/// Abuse: one device, one contact, one voice.
#[tokio::test]
async fn nobody_supports_twice_from_one_device_or_one_contact() {
    let app = TestApp::new().await;
    let id = announced(&app).await;
    let (mut asker, _) = asked(&app, &[]).await;
    open(&app, &id, 1, WATER).await;
    asker.post("/doi-thoai/1/cau-hoi/1", &[("deed", "support")]).await.expect(303);
    assert_eq!(people(&app, &id, 1).await, (0, 0), "nobody supports their own question");
    let mut device = app.visitor();
    for _ in 0..3 {
        device.post("/doi-thoai/1/cau-hoi/1", &[("deed", "support")]).await.expect(303);
    }
    assert_eq!(people(&app, &id, 1).await, (1, 0));

    let confirm = async |browser: &mut Browser, email: &str| {
        browser.post("/doi-thoai/1/cau-hoi/1", &[("deed", "contact"), ("email", email)]).await.expect(303);
        app.run_jobs().await;
        let link = last_link(&app);
        app.visitor().get(&link).await.expect(200);
        app.visitor().post(&link, &[("lam", "xac-nhan")]).await.expect(303);
        link
    };
    confirm(&mut device, SECRET_EMAIL).await;
    assert_eq!(people(&app, &id, 1).await, (1, 1), "the same person, better proven");
    assert!(app.visitor().get("/doi-thoai/1/cau-hoi").await.expect(200).text().contains("1 người ủng hộ, đã xác nhận qua e-mail"));
    device.post("/doi-thoai/1/cau-hoi/1", &[("deed", "support")]).await.expect(303);
    assert_eq!(people(&app, &id, 1).await, (1, 1), "the device stands for its contact now");

    let mut other_device = app.visitor();
    support(&mut other_device, 1, "support").await.expect(303);
    assert_eq!(people(&app, &id, 1).await, (2, 1));
    let link = confirm(&mut other_device, &SECRET_EMAIL.to_uppercase()).await;
    assert_eq!(people(&app, &id, 1).await, (1, 1), "another device of the same contact is the same person");
    other_device.post("/doi-thoai/1/cau-hoi/1", &[("deed", "contact"), ("email", "khac@vi-du.example")]).await.expect(422);

    app.visitor().post(&link, &[("lam", "thoi")]).await.expect(200);
    assert_eq!(people(&app, &id, 1).await, (0, 0), "leaving deletes address and support");
    app.visitor().get(&link).await.expect(404);
    support(&mut device, 1, "support").await.expect(303);
    support(&mut device, 1, "take_back").await.expect(303);
    assert_eq!(people(&app, &id, 1).await, (0, 0));
    assert!(!everything_public(&app).await.contains(SECRET_EMAIL));
}

#[tokio::test]
async fn the_count_is_exact_when_many_press_at_once() {
    let app = TestApp::new().await;
    let id = announced(&app).await;
    asked(&app, &[]).await;
    open(&app, &id, 1, WATER).await;
    let row = question(&app, &id, 1).await;
    let press = |n: usize| {
        let (portal, row) = (app.portal.clone(), row.clone());
        tokio::spawn(async move {
            let mut tx = portal.db().write().await.expect("a transaction");
            // Every device presses twice.
            let device = supports::device_digest(&row.dialogue_id, &format!("device {}", n / 2));
            supports::support(&mut tx, &row.id, &device, portal.now()).expect("it waits");
            tx.commit().await.expect("kept");
        })
    };
    let presses: Vec<_> = (0..400).map(press).collect();
    for press in presses {
        press.await.expect("done");
    }
    assert_eq!(people(&app, &id, 1).await, (200, 0));
}

/// Abuse: asking in the name of an official, or with somebody else's code.
#[tokio::test]
async fn nobody_asks_in_the_name_of_an_official_or_with_a_foreign_code() {
    let app = TestApp::new().await;
    let id = announced(&app).await;
    for name in ["Chủ tịch UBND xã", "can bo du", "CÁN BỘ HÀ", "Chu tich"] {
        let answer = ask(&mut app.visitor(), &[("name", name)]).await.expect(422);
        assert!(!answer.select("#name-e").is_empty(), "{name}: {}", answer.text());
    }
    let (_, code) = asked(&app, &[("name", "Chị Lan")]).await;
    let rename = [("code", code.as_str()), ("deed", "change"), ("version", "1"), ("body", WATER), ("name", "Bí thư Đảng ủy")];
    app.visitor().post("/doi-thoai/cau-hoi", &rename).await.expect(422);

    // The code of a case is none of a question, and no code leads to another one's question.
    let (_, foreign) = file_report(&app, "Cống bị tắc").await;
    let other = CaseCode::of_token("somebody else's").groups().join(" ");
    let (_, second) = asked(&app, &[("body", "Đường vào thôn Bản Tàn bao giờ sửa xong?")]).await;
    for wrong in [foreign.as_str(), other.as_str(), "", "1", &id] {
        for deed in ["show", "change", "withdraw"] {
            let fields = [("code", wrong), ("deed", deed), ("version", "1"), ("body", "Sửa câu của người khác đi"), ("sure", "1")];
            let mut browser = app.visitor();
            browser.address = ([192, 0, 2, 7], 1).into();
            let answer = browser.post("/doi-thoai/cau-hoi", &fields).await.expect(422);
            assert!(answer.text().contains("Không có câu hỏi nào với mã này"), "{wrong}: the same answer for every wrong code");
        }
    }
    let fields = [("code", second.as_str()), ("deed", "withdraw"), ("version", "1"), ("sure", "1")];
    app.visitor().post("/doi-thoai/cau-hoi", &fields).await.expect(200);
    assert_eq!((question(&app, &id, 1).await.state, question(&app, &id, 2).await.state), (State::Waiting, State::Withdrawn));
    let mut guesser = app.visitor();
    guesser.address = ([192, 0, 2, 8], 1).into();
    let mut refused = 0;
    for n in 0..25 {
        let code = CaseCode::of_token(&format!("guess {n}")).groups().join(" ");
        refused += i32::from(guesser.post("/doi-thoai/cau-hoi", &[("code", &code)]).await.status == 429);
    }
    assert_eq!(refused, 5, "guessing ends after twenty");
}

/// Abuse: a question that is not public is at no public address, whatever it is not public for.
#[tokio::test]
async fn nobody_reads_a_waiting_private_refused_or_sealed_question() {
    let app = TestApp::new().await;
    let id = announced(&app).await;
    let words = [
        "Câu đang chờ: bao giờ có nước sạch cho bà con?",
        "Câu gửi riêng: nhà tôi bị nợ tiền đền bù đất.",
        "Câu không đăng: mua bán xe máy cũ giá rẻ nhất.",
        "Câu tố cáo: trưởng phòng nhận tiền của nước sạch.",
    ];
    for (n, body) in words.iter().enumerate() {
        let who = if n == 1 { "organiser" } else { "all" };
        asked(&app, &[("body", body), ("who", who), ("village", SECRET_VILLAGE), ("email", SECRET_EMAIL), ("name", "Tên Riêng Kín")]).await;
    }
    deed(&app, "an", &id, 2, "open", &[("public_text", words[1])]).await.expect(303);
    assert_eq!(question(&app, &id, 2).await.public_text, "", "a private question has no public wording");
    deed(&app, "an", &id, 3, "refuse", &[("reason", "advertising")]).await.expect(303);
    open(&app, &id, 4, words[3]).await;
    assert!(everything_public(&app).await.contains(words[3]), "and everything public is really looked through");
    seal(&app, &id, 4, "staff").await.expect(303);
    app.signed_in("an")
        .await
        .post(&format!("/can-bo/doi-thoai/{id}/chuong-trinh"), &[("version", "0"), ("topics", "Nước"), ("is_published", "1")])
        .await
        .expect(303);
    let public = everything_public(&app).await;
    for secret in words.iter().chain([&SECRET_VILLAGE, &SECRET_EMAIL, &"Tên Riêng Kín"]) {
        assert!(!public.contains(secret), "{secret}");
    }
    assert!(public.contains("1 câu hỏi gửi riêng") && public.contains("1 câu hỏi đang chờ"), "only how many");
    let mut visitor = app.visitor();
    for number in 1..=5 {
        visitor.get(&format!("/doi-thoai/1/cau-hoi/{number}")).await.expect(404);
        visitor.get(&format!("/en/doi-thoai/1/cau-hoi/{number}")).await.expect(404);
        for deed in ["support", "contact", "take_back"] {
            visitor.post(&format!("/doi-thoai/1/cau-hoi/{number}"), &[("deed", deed), ("email", "a@vi-du.example")]).await.expect(404);
        }
        // Not even by the statement itself.
        if number < 5 {
            let row = question(&app, &id, number).await;
            let mut tx = app.portal.db().write().await.expect("a transaction");
            supports::support(&mut tx, &row.id, "a device", app.portal.now()).expect("it waits");
            tx.commit().await.expect("kept");
            assert_eq!(people(&app, &id, number).await, (0, 0));
        }
    }
}

/// Abuse: a question that contains a denunciation is gone at once, from every memory, and nothing of its words stays.
#[tokio::test]
async fn a_denunciation_leaves_at_once_and_only_its_sealed_case_has_its_words() {
    let app = TestApp::new().await;
    let id = announced(&app).await;
    let words = "Trưởng phòng Kinh tế xã nhận tiền của nhà thầu nước sạch";
    let (_, code) = asked(&app, &[("body", words), ("name", "Bà Tố Cáo"), ("village", SECRET_VILLAGE), ("email", SECRET_EMAIL)]).await;
    asked(&app, &[("body", words)]).await;
    open(&app, &id, 1, words).await;
    deed(&app, "an", &id, 2, "link", &[("number", "1")]).await.expect(303);
    deed(&app, "an", &id, 1, "give", &[("unit", PHU_THONG_ECONOMY)]).await.expect(303);
    deed(&app, "an", &id, 1, "draft", &[("answer", "Dự thảo nhắc lại: nhận tiền của nhà thầu")]).await.expect(303);
    let mut reader = app.visitor();
    let before = reader.get("/doi-thoai/1/cau-hoi/1").await.expect(200);
    assert!(before.text().contains(words) && before.header("cache-control") == "no-store");
    deed(&app, "an", &id, 1, "seal", &[("about", "staff")]).await.expect(422);
    deed(&app, "an", &id, 1, "seal", &[("sure", "1")]).await.expect(422);
    let (old, version) = (before.header("etag").to_owned(), question(&app, &id, 1).await.version);
    seal(&app, &id, 1, "staff").await.expect(303);
    reader.get_with("/doi-thoai/1/cau-hoi/1", &[("if-none-match", &old)]).await.expect(404);
    assert!(!everything_public(&app).await.contains("nhà thầu"));

    let row = question(&app, &id, 1).await;
    assert_eq!((row.state, row.version), (State::Sealed, version + 1));
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let left: Vec<(String, String, String, String, String, String, String)> =
        tx.all("SELECT topic, body, public_text, name, village, email, answer_draft FROM questions WHERE id = $1", (row.id.clone(),)).await.expect("readable");
    assert_eq!(left, [Default::default()], "nothing of it is left in the row");
    assert!(!kept::exists(&mut tx, Purpose::Asker, &row.id).await.expect("readable"), "nor beside it");
    let events = store::events(&mut tx, &row.id, 100).await.expect("readable");
    assert!(events.len() >= 5 && events.iter().all(|(.., event)| !event.contains("thầu") && !event.contains("Bà Tố")), "nor in its record");
    drop(tx);
    let repeat = question(&app, &id, 2).await;
    assert_eq!((repeat.state, repeat.public_text.as_str(), repeat.linked_to), (State::Waiting, "", None), "what says the same is read anew");

    // The case: intake sees it, a handler does not; the asker follows it with the code of the question.
    let case = row.case_id.expect("a case");
    app.signed_in("an").await.get(&format!("/can-bo/don/{case}")).await.expect(200);
    app.signed_in("ha").await.get(&format!("/can-bo/don/{case}")).await.expect(404);
    assert_eq!(app.visitor().post("/tra-cuu", &[("code", &code)]).await.location().as_deref(), Some("/tra-cuu/don"));
    let mine = app.visitor().post("/doi-thoai/cau-hoi", &[("code", &code)]).await.expect(200);
    assert!(mine.text().contains("giữ kín") && !mine.text().contains("nhà thầu"), "{}", mine.text());
    let desk = app.signed_in("an").await.get(&format!("/can-bo/doi-thoai/{id}/cau-hoi/1")).await.expect(200);
    assert!(!desk.text().contains("nhà thầu") && desk.attribute("a", "href").contains(&format!("/can-bo/don/{case}")));
    for login in ["ha", "bi"] {
        assert!(!app.signed_in(login).await.get("/can-bo/cau-hoi").await.expect(200).text().contains("nhà thầu"));
        app.signed_in(login).await.get(&format!("/can-bo/cau-hoi/{}", row.id)).await.expect(404);
    }
    deed(&app, "an", &id, 1, "open", &[("public_text", "trở lại")]).await.expect(422);
}

#[tokio::test]
async fn a_denunciation_of_the_head_goes_above_the_head() {
    let app = TestApp::new().await;
    let id = announced(&app).await;
    asked(&app, &[("body", "Chủ tịch xã nhận tiền của nhà thầu nước sạch")]).await;
    seal(&app, &id, 1, "head").await.expect(303);
    let case = question(&app, &id, 1).await.case_id.expect("a case");
    for login in ["an", "du", "em"] {
        app.signed_in(login).await.get(&format!("/can-bo/don/{case}")).await.expect(404);
        let page = app.signed_in(login).await.get(&format!("/can-bo/doi-thoai/{id}/cau-hoi/1")).await.expect(200);
        assert!(!page.body.contains(&case), "not even its address");
    }
    app.signed_in("to").await.get(&format!("/can-bo/don/{case}")).await.expect(200);
}

/// Abuse: acting as a moderator without the role, or from another authority.
#[tokio::test]
async fn nobody_moderates_without_the_role_or_from_elsewhere() {
    let app = TestApp::new().await;
    let id = announced(&app).await;
    asked(&app, &[("body", WATER), ("email", SECRET_EMAIL)]).await;
    let desk = format!("/can-bo/doi-thoai/{id}");
    let pages = ["/cau-hoi", "/cau-hoi/1", "/cau-hoi/moi", "/chuong-trinh"];
    let deeds = ["open", "refuse", "link", "unlink", "group", "give", "draft", "case", "tie", "seal"];
    for login in ["ha", "cu", "gi", "hu", "to", "xa"] {
        let mut browser = app.signed_in(login).await;
        for page in pages {
            browser.get(&format!("{desk}{page}")).await.expect(404);
        }
        for deed in deeds {
            let fields = [
                ("version", "1"),
                ("deed", deed),
                ("public_text", "của tôi"),
                ("reason", "unclear"),
                ("number", "1"),
                ("answer", "x"),
                ("kind", "report"),
                ("title", "x"),
                ("about", "staff"),
                ("sure", "1"),
            ];
            browser.post(&format!("{desk}/cau-hoi/1"), &fields).await.expect(404);
        }
        browser.post(&format!("{desk}/chuong-trinh"), &[("version", "0"), ("topics", "Nước")]).await.expect(404);
        browser.post(&format!("{desk}/cau-hoi/moi"), &[("body", WATER)]).await.expect(404);
    }
    for page in pages {
        assert!(app.visitor().get(&format!("{desk}{page}")).await.location().is_some_and(|to| to.starts_with("/dang-nhap")));
    }
    let answer = app.visitor().post(&format!("{desk}/cau-hoi/1"), &[("version", "1"), ("deed", "open"), ("public_text", "x")]).await;
    assert_eq!(answer.status, 401);
    let untouched = question(&app, &id, 1).await;
    assert_eq!((untouched.state, untouched.version), (State::Waiting, 1));
    // A moderator of one dialogue does not reach into another one's by its number.
    for login in ["an", "du", "em"] {
        app.signed_in(login).await.get(&format!("{desk}/cau-hoi/1")).await.expect(200);
        app.signed_in(login).await.get(&format!("{desk}/cau-hoi/2")).await.expect(404);
    }
}

/// Abuse: flooding from one device, one address, with invented devices.
#[tokio::test]
async fn a_flood_is_stopped_with_a_clear_answer_and_nothing_typed_is_lost() {
    let app = TestApp::new().await;
    let id = announced(&app).await;
    let mut device = app.visitor();
    for _ in 0..5 {
        ask(&mut device, &[]).await.expect(303);
    }
    let sixth = ask(&mut device, &[]).await.expect(429);
    assert!(sixth.text().contains("Mỗi máy gửi được 5 câu hỏi") && sixth.field("body").contains(WATER), "{}", sixth.text());
    let mut statuses = Vec::new();
    for _ in 0..26 {
        statuses.push(ask(&mut app.visitor(), &[]).await);
    }
    let last = statuses.pop().expect("an answer").expect(429);
    assert!(last.text().contains("Xin chờ một chút") && last.field("body").contains(WATER), "{}", last.text());
    assert!(!last.header("retry-after").is_empty());
    assert!(statuses.iter().all(|answer| answer.status == 303), "thirty of a village are fine");
    app.set_time("2026-11-21T02:53:00Z");
    ask(&mut device, &[]).await.expect(303);

    open(&app, &id, 1, WATER).await;
    let mut accepted = 0;
    for n in 0..155_u32 {
        let mut invented = app.visitor();
        invented.address = ([192, 0, 2, 9], 1).into();
        invented.set_cookie("nghedan_cauhoi", &format!("{n:0>43}"));
        accepted += i32::from(invented.post("/doi-thoai/1/cau-hoi/1", &[("deed", "support")]).await.status == 303);
    }
    assert_eq!((accepted, people(&app, &id, 1).await), (150, (150, 0)), "invented devices run dry");
    let mut known = app.visitor();
    known.address = ([192, 0, 2, 9], 1).into();
    known.set_cookie("nghedan_cauhoi", &format!("{:0>43}", 3));
    known.post("/doi-thoai/1/cau-hoi/1", &[("deed", "take_back")]).await.expect(303);
    let mut mailed = 0;
    for _ in 0..5 {
        let mut browser = app.visitor();
        mailed += i32::from(browser.post("/doi-thoai/1/cau-hoi/1", &[("deed", "contact"), ("email", "ai-do@vi-du.example")]).await.status == 303);
    }
    assert_eq!(mailed, 3, "nobody fills somebody else's letter box");
}

#[tokio::test]
async fn a_unit_drafts_the_answer_and_does_not_see_who_asked() {
    let app = TestApp::new().await;
    let id = announced(&app).await;
    asked(&app, &[("name", "Chị Lan Tên Kín"), ("village", SECRET_VILLAGE), ("email", SECRET_EMAIL)]).await;
    let row = question(&app, &id, 1).await.id;
    let path = format!("/can-bo/cau-hoi/{row}");
    app.signed_in("ha").await.get(&path).await.expect(404);
    deed(&app, "an", &id, 1, "give", &[("unit", "19-ub-20250701")]).await.expect(422);
    deed(&app, "an", &id, 1, "give", &[("unit", PHU_THONG_ECONOMY)]).await.expect(303);
    let mut ha = app.signed_in("ha").await;
    assert!(ha.get("/can-bo/cau-hoi").await.expect(200).text().contains(WATER));
    let page = ha.get(&path).await.expect(200);
    for secret in ["Chị Lan Tên Kín", SECRET_VILLAGE, SECRET_EMAIL] {
        assert!(!page.body.contains(secret), "{secret}");
    }
    ha.post(&path, &[("version", &page.field("version")), ("answer", " ")]).await.expect(422);
    ha.post(&path, &[("version", &page.field("version")), ("answer", "Quý II năm sau.")]).await.expect(303);
    let stale = ha.post(&path, &[("version", &page.field("version")), ("answer", "Quý III.")]).await.expect(409);
    assert!(stale.field("answer").contains("Quý III."), "what was typed stays");
    app.signed_in("cu").await.get(&path).await.expect(404);
    app.signed_in("cu").await.post(&path, &[("version", "3"), ("answer", "x")]).await.expect(404);
    app.signed_in("hu").await.get(&path).await.expect(404);
    open(&app, &id, 1, WATER).await;
    assert!(!everything_public(&app).await.contains("Quý II"), "internal until it is spoken");
    deed(&app, "an", &id, 1, "give", &[("unit", PHU_THONG_CULTURE)]).await.expect(303);
    app.signed_in("ha").await.get(&path).await.expect(404);
}

#[tokio::test]
async fn a_question_becomes_a_case_or_comes_from_one() {
    let app = TestApp::new().await;
    let id = announced(&app).await;
    let (_, code) = asked(&app, &[("email", SECRET_EMAIL)]).await;
    deed(&app, "an", &id, 1, "case", &[("kind", "denunciation"), ("title", "x")]).await.expect(422);
    deed(&app, "an", &id, 1, "case", &[("kind", "recommendation"), ("title", "Xin cấp nước sạch")]).await.expect(303);
    let case = question(&app, &id, 1).await.case_id.expect("a case");
    app.signed_in("an").await.get(&format!("/can-bo/don/{case}")).await.expect(200);
    assert_eq!(app.visitor().post("/tra-cuu", &[("code", &code)]).await.location().as_deref(), Some("/tra-cuu/don"), "the same code");
    deed(&app, "an", &id, 1, "case", &[("kind", "report"), ("title", "Lần nữa")]).await.expect(409);
    asked(&app, &[("body", "Cống trước nhà văn hóa bao giờ được thông?")]).await;
    let (report, _) = file_report(&app, "Cống bị tắc").await;
    deed(&app, "an", &id, 2, "tie", &[("case", "khong-co")]).await.expect(422);
    deed(&app, "an", &id, 2, "tie", &[("case", &format!("https://nghedan.test/can-bo/don/{report}"))]).await.expect(303);
    assert_eq!(question(&app, &id, 2).await.case_id, Some(report));
    assert!(!everything_public(&app).await.contains(&case), "which case it is stays internal");
}

#[tokio::test]
async fn the_agenda_is_by_topic_and_public_when_it_is_published() {
    let app = TestApp::new().await;
    let id = announced(&app).await;
    let desk = format!("/can-bo/doi-thoai/{id}/chuong-trinh");
    let mut an = app.signed_in("an").await;
    an.post(&desk, &[("version", "0"), ("topics", ""), ("is_published", "1")]).await.expect(422);
    an.post(&desk, &[("version", "0"), ("topics", "Đường\nNước\nĐường")]).await.expect(303);
    let stale = an.post(&desk, &[("version", "0"), ("topics", "Rừng")]).await.expect(409);
    assert!(stale.field("topics").contains("Rừng"));
    ask(&mut app.visitor(), &[("topic", "Rừng")]).await.expect(422);
    for body in ["Câu về nước thứ nhất ạ?", "Câu về nước thứ hai ạ?", "Câu về đường vào thôn ạ?"] {
        let topic = if body.contains("nước") { "Nước" } else { "Đường" };
        asked(&app, &[("body", body), ("topic", topic)]).await;
    }
    for number in 1..=3 {
        let body = question(&app, &id, number).await.body;
        open(&app, &id, number, &body).await;
    }
    app.visitor().get("/doi-thoai/1/chuong-trinh").await.expect(404);
    let page = an.get(&desk).await.expect(200);
    let version = page.field("version");
    let fields = [
        ("version", version.as_str()),
        ("topics", "Đường\nNước"),
        ("is_published", "1"),
        ("topic-1", "Nước"),
        ("place-1", "2"),
        ("topic-2", "Nước"),
        ("place-2", "1"),
        ("topic-3", "Đường"),
        ("place-3", ""),
    ];
    an.post(&desk, &fields).await.expect(303);
    let text = app.visitor().get("/doi-thoai/1/chuong-trinh").await.expect(200).text();
    let at = |piece: &str| text.find(piece).unwrap_or_else(|| panic!("{piece} in {text}"));
    assert!(at("1. Đường") < at("Câu về đường") && at("Câu về đường") < at("2. Nước"));
    assert!(at("2. Nước") < at("Câu về nước thứ hai") && at("Câu về nước thứ hai") < at("Câu về nước thứ nhất"), "in the places given: {text}");
    deed(&app, "an", &id, 1, "group", &[("group", "Nước"), ("position", "0")]).await.expect(303);
    deed(&app, "an", &id, 1, "group", &[("group", "Không có"), ("position", "-1")]).await.expect(422);
    let list = app.visitor().get("/doi-thoai/1/cau-hoi?xem=chu-de").await.expect(200);
    assert_eq!(list.select("main section > h2.title-s").len(), 2, "{}", list.text());
}

#[tokio::test]
async fn a_question_is_taken_down_for_somebody_without_a_phone() {
    let app = TestApp::new().await;
    let id = announced(&app).await;
    let path = format!("/can-bo/doi-thoai/{id}/cau-hoi/moi");
    let mut an = app.signed_in("an").await;
    let once = an.get(&path).await.expect(200).field("once");
    let fields = [("once", once.as_str()), ("body", WATER), ("who", "all"), ("name", "Bà Páo, thôn Nà Món"), ("village", SECRET_VILLAGE)];
    an.post(&path, &[("once", &once), ("body", "")]).await.expect(422);
    let first = an.post(&path, &fields).await.expect(200).select("#code").concat();
    let again = an.post(&path, &fields).await.expect(200).select("#code").concat();
    assert_eq!(first, again, "sent twice it is one question");
    assert_eq!(question(&app, &id, 1).await.channel.code(), "desk");
    let mut tx = app.portal.db().read().await.expect("a transaction");
    assert!(store::by_number(&mut tx, &id, 2).await.expect("readable").is_none());
    drop(tx);
    app.visitor().post("/doi-thoai/cau-hoi", &[("code", &first)]).await.expect(200);
}

#[tokio::test]
async fn the_list_is_in_order_and_goes_on_page_by_page() {
    let app = TestApp::new().await;
    let id = announced(&app).await;
    for n in 0..33 {
        let mut browser = app.visitor();
        browser.address = ([192, 0, 2, u8::try_from(n % 3).expect("small")], 1).into();
        ask(&mut browser, &[("body", &format!("Câu hỏi thứ {n} của bà con ạ?"))]).await.expect(303);
    }
    for number in 1..=33 {
        open(&app, &id, number, &format!("Câu đã đăng thứ {number}.")).await;
    }
    for number in [33, 33, 7] {
        support(&mut app.visitor(), number, "support").await.expect(303);
    }
    let list = app.visitor().get("/doi-thoai/1/cau-hoi").await.expect(200);
    let order = list.attribute("li[id]", "id");
    assert_eq!((order.len(), &order[..3]), (30, &["cau-33".to_owned(), "cau-7".to_owned(), "cau-1".to_owned()][..]));
    let next = list.attribute("a[rel=next]", "href").pop().expect("a next page");
    assert_eq!(app.visitor().get(&next).await.expect(200).attribute("li[id]", "id"), ["cau-30", "cau-31", "cau-32"]);
    let newest = app.visitor().get("/doi-thoai/1/cau-hoi?xem=moi").await.expect(200);
    let next = newest.attribute("a[rel=next]", "href").pop().expect("a next page");
    assert_eq!(app.visitor().get(&next).await.expect(200).attribute("li[id]", "id"), ["cau-3", "cau-2", "cau-1"]);
    for odd in ["?tu=x.y", "?xem=moi&tu=abc", "?xem=khac", "?tu=-1.-1"] {
        app.visitor().get(&format!("/doi-thoai/1/cau-hoi{odd}")).await.expect(200);
    }
}

#[tokio::test]
async fn an_old_page_at_the_desk_changes_nothing_and_keeps_what_was_typed() {
    let app = TestApp::new().await;
    let id = announced(&app).await;
    asked(&app, &[]).await;
    open(&app, &id, 1, WATER).await;
    let path = format!("/can-bo/doi-thoai/{id}/cau-hoi/1");
    let fields = [("version", "1"), ("deed", "open"), ("public_text", "Chữ của người đến sau")];
    let stale = app.signed_in("du").await.post(&path, &fields).await.expect(409);
    assert!(stale.field("public_text").contains("Chữ của người đến sau"));
    assert_eq!(question(&app, &id, 1).await.public_text, WATER);
    app.visitor().post(&path, &fields).await.expect(401);
    let mut tx = app.portal.db().read().await.expect("a transaction");
    assert!(dialogues::by_id(&mut tx, &id).await.expect("readable").is_some());
}

/// The result is out: whoever asked a question that was raised and whoever supports one with a confirmed address is told, once each, and neither
/// mail says what about. A question that was not raised tells nobody anything.
#[tokio::test]
async fn askers_and_supporters_are_told_when_the_result_is_out() {
    const SUPPORTER: &str = "anh-pao@vi-du.example";
    let app = TestApp::new().await;
    let id = announced(&app).await;
    asked(&app, &[("email", SECRET_EMAIL)]).await;
    asked(&app, &[("body", "Đường vào thôn Nà Hin bao giờ sửa, ai làm?"), ("email", "khong-duoc-neu@vi-du.example")]).await;
    open(&app, &id, 1, WATER).await;
    open(&app, &id, 2, "Đường vào thôn Nà Hin bao giờ sửa?").await;
    let mut device = app.visitor();
    support(&mut device, 1, "support").await.expect(303);
    device.post("/doi-thoai/1/cau-hoi/1", &[("deed", "contact"), ("email", SUPPORTER)]).await.expect(303);
    app.run_jobs().await;
    let link = link_in(&app.mailer.sent().into_iter().rfind(|mail| mail.to == SUPPORTER).expect("a mail").body);
    app.visitor().post(&link, &[("lam", "xac-nhan")]).await.expect(303);
    app.set_time("2026-12-08T01:30:00Z");
    let page = format!("/can-bo/doi-thoai/{id}");
    for press in ["take", "answered"] {
        let version = question(&app, &id, 1).await.version.to_string();
        let fields = [("deed", press), ("question", "1"), ("version", version.as_str())];
        app.signed_in("an").await.post(&format!("{page}/dieu-hanh"), &fields).await.expect(303);
    }
    let hold = [("version", "2"), ("deed", "hold"), ("chair", "head"), ("post", "Chủ tịch"), ("people", "40"), ("questions", "1"), ("answered", "1")];
    app.signed_in("an").await.post(&page, &hold).await.expect(303);
    app.run_jobs().await;
    let before = app.mailer.sent().len();
    app.signed_in("du").await.post(&page, &[("version", "3"), ("deed", "publish"), ("outcome", "Đã trả lời.")]).await.expect(303);
    app.run_jobs().await;
    let sent = app.mailer.sent().split_off(before);
    let mut told: Vec<&str> = sent.iter().map(|mail| mail.to.as_str()).collect();
    told.sort_unstable();
    assert_eq!(told, [SUPPORTER, SECRET_EMAIL]);
    for mail in &sent {
        assert!(mail.body.contains("đã được nêu tại buổi đối thoại"), "{}", mail.body);
        assert!(!mail.body.contains("nước") && !mail.subject.contains("nước"), "a lock screen learns nothing: {}", mail.body);
    }
}
