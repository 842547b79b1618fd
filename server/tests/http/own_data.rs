//! One's own data: taken away, corrected, deleted, by whoever has the code and knows more than the code; the official who decides.

use crate::harness::petitions_of::{SENDER, SENDER_EMAIL, SENDER_PHONE, actor, case, file, file_report, people};
use crate::harness::{Answer, Browser, TestApp};
use crate::record::look;
use app::id::Random;
use app::petitions::actions::Act;
use app::petitions::rules::Kind;
use app::petitions::store::parts;
use app::petitions::store::people::{CasePerson, person};
use app::vault::Vault;
use app::vault::keys::Ring;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

const OWN: &str = "/tra-cuu/du-lieu";

/// The hidden fields of the page, and what is typed.
async fn send(browser: &mut Browser, path: &str, typed: &[(&str, &str)]) -> Answer {
    let page = browser.get(OWN).await.expect(200);
    let of = page.attribute("input[name=_of]", "value").remove(0);
    let mut fields = vec![("_of", of.as_str())];
    fields.extend(typed);
    browser.post(path, &fields).await
}

/// The files of an archive, by name.
fn files(answer: &Answer) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(answer.bytes.clone())).expect("an archive");
    (0..archive.len())
        .map(|n| {
            let mut file = archive.by_index(n).expect("a file");
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).expect("readable");
            (file.name().expect("a name").into_owned(), bytes)
        })
        .collect()
}

async fn sender(app: &TestApp, owner_id: &str) -> CasePerson {
    person(&mut app.portal.db().read().await.expect("a transaction"), owner_id).await.expect("readable")
}

async fn deeds(app: &TestApp) -> Vec<String> {
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let rows: Vec<(String,)> = tx.all("SELECT deed FROM deeds WHERE deed LIKE 'data%' ORDER BY deed, id", ()).await.expect("readable");
    rows.into_iter().map(|(deed,)| deed).collect()
}

/// Where the one request that waits is.
async fn waiting(official: &mut Browser) -> String {
    let page = official.get("/can-bo/du-lieu").await.expect(200);
    page.attribute("tbody a", "href").remove(0)
}

async fn end(app: &TestApp, case_id: &str) {
    let mut tx = app.portal.db().write().await.expect("a transaction");
    tx.exec("UPDATE cases SET is_open = FALSE, state = 'closed' WHERE id = $1", (case_id.to_owned(),)).await.expect("ended");
    tx.commit().await.expect("kept");
}

async fn verifies(app: &TestApp) {
    assert_eq!(look(app).await.findings, []);
}

// ---- taking away ----

#[tokio::test]
async fn everything_is_taken_away_by_whoever_knows_more_than_the_code() {
    let app = TestApp::new().await;
    for kind in [Kind::Report, Kind::Denunciation] {
        let (id, _) = file(&app, kind, "Cầu gãy ở Nà Món").await;
        let mut citizen = app.visiting(&id).await;
        let page = citizen.get(OWN).await.expect(200);
        for secret in [SENDER, SENDER_PHONE, SENDER_EMAIL, "tố cáo"] {
            assert!(!page.text().contains(secret), "a phone is lent: {secret}");
        }
        for wrong in ["", "Ai đó", SENDER_EMAIL] {
            let answer = send(&mut citizen, "/tra-cuu/du-lieu/tai", &[("proof", wrong)]).await.expect(422);
            assert!(answer.text().contains("Chưa đúng với thông tin đã ghi trong đơn") && !answer.text().contains(SENDER));
        }
        let answer = send(&mut citizen, "/tra-cuu/du-lieu/tai", &[("proof", " hoang thi mau ")]).await.expect(200);
        assert_eq!(answer.header("content-disposition"), "attachment; filename=\"du-lieu.zip\"", "a list of downloads tells nothing");
        assert_eq!(answer.header("cache-control"), "no-store");
        let files = files(&answer);
        let (html, json) = (String::from_utf8_lossy(&files["du-lieu.html"]).into_owned(), String::from_utf8_lossy(&files["du-lieu.json"]).into_owned());
        for held in [SENDER, SENDER_PHONE, SENDER_EMAIL, "Cầu gãy ở Nà Món. Đã ba tuần nay.", "thôn Nà Món"] {
            assert!(html.contains(held) && json.contains(held), "{held}");
        }
        serde_json::from_str::<serde_json::Value>(&json).expect("JSON");
    }
    assert_eq!(deeds(&app).await, ["data_taken", "data_taken"]);
    // Without a visit, nothing; with the form of another visit, the code is asked for and nothing is lost.
    app.visitor().post("/tra-cuu/du-lieu/tai", &[("proof", SENDER)]).await.expect(401);
    let (other, _) = file_report(&app, "Đèn hỏng").await;
    let kept = app.visiting(&other).await.post("/tra-cuu/du-lieu/sua", &[("_of", "x"), ("address", "thôn Bản Chang")]).await.expect(401);
    assert!(kept.body.contains("thôn Bản Chang"), "what was typed goes along");
    verifies(&app).await;
}

#[tokio::test]
async fn nobody_tries_names_with_a_code_they_found() {
    let app = TestApp::new().await;
    let (id, _) = file(&app, Kind::Denunciation, "Nhận tiền").await;
    let mut finder = app.visiting(&id).await;
    for n in 0..10 {
        send(&mut finder, "/tra-cuu/du-lieu/tai", &[("proof", &format!("Nguyễn Văn {n}"))]).await.expect(422);
    }
    let answer = send(&mut finder, "/tra-cuu/du-lieu/tai", &[("proof", SENDER)]).await.expect(429);
    assert!(!answer.header("retry-after").is_empty());
    // Changing the e-mail with the code alone is no way around: an e-mail proves only where nothing else was left.
    app.set_time("2026-11-20T04:00:00Z");
    let mut tx = app.portal.db().write().await.expect("a transaction");
    app::petitions::store::people::set_email(&mut tx, &id, "ke-la@vi-du.example").await.expect("changed");
    tx.commit().await.expect("kept");
    let mut finder = app.visiting(&id).await;
    send(&mut finder, "/tra-cuu/du-lieu/tai", &[("proof", "ke-la@vi-du.example")]).await.expect(422);
}

// ---- correcting ----

#[tokio::test]
async fn contacts_are_corrected_at_once_and_the_old_ones_are_gone() {
    let app = TestApp::new().await;
    let (id, _) = file_report(&app, "Cầu gãy").await;
    let mut citizen = app.visiting(&id).await;
    let wrong = send(&mut citizen, "/tra-cuu/du-lieu/sua", &[("phone", "12"), ("address", "thôn Bản Chang"), ("proof", SENDER)]).await.expect(422);
    assert!(wrong.text().contains("Số điện thoại chưa đúng") && wrong.field("address") == "thôn Bản Chang" && wrong.field("phone") == "12");
    let typed = [("name", "Hoàng Thị Mẫn"), ("phone", "0987 654 321"), ("address", "thôn Bản Chang"), ("proof", SENDER), ("remove_email", "1")];
    send(&mut citizen, "/tra-cuu/du-lieu/sua", &typed).await.expect(303);
    let now = sender(&app, &id).await;
    assert_eq!((now.name.as_str(), now.phone.as_str(), now.email.as_str(), now.address.as_str()), ("Hoàng Thị Mẫn", "0987654321", "", "thôn Bản Chang"));
    let page = citizen.get(OWN).await.expect(200);
    assert!(page.text().contains("Xin sửa dữ liệu: họ tên, điện thoại") || page.select("#yeu-cau li").len() == 1, "{}", page.text());
    assert!(!page.text().contains("Mẫn"), "that it was corrected, not what");
    assert_eq!(deeds(&app).await, ["data_corrected"]);
    let desk = app.signed_in("an").await.get(&format!("/can-bo/don/{id}")).await.expect(200);
    assert!(desk.text().contains("được sửa ngày 20/11/2026"));
    // The new name proves from now on.
    send(&mut citizen, "/tra-cuu/du-lieu/tai", &[("proof", "Hoàng Thị Mẫn")]).await.expect(200);
    send(&mut citizen, "/tra-cuu/du-lieu/sua", &[("proof", "Hoàng Thị Mẫn")]).await.expect(303);
    assert!(citizen.get(OWN).await.expect(200).text().contains("Không có gì thay đổi."));
    verifies(&app).await;
}

#[tokio::test]
async fn the_name_of_a_complainant_waits_for_an_official_within_the_legal_days() {
    let app = TestApp::new().await;
    let (id, _) = file(&app, Kind::Complaint, "Thu hồi đất").await;
    let mut citizen = app.visiting(&id).await;
    send(&mut citizen, "/tra-cuu/du-lieu/sua", &[("name", "Hoàng Thị Mẫn"), ("phone", "0987654321"), ("proof", SENDER)]).await.expect(303);
    let page = citizen.get(OWN).await.expect(200);
    assert!(page.text().contains("Cán bộ trả lời chậm nhất thứ Hai, 30/11/2026"), "ten days, to a Monday: {}", page.text());
    let now = sender(&app, &id).await;
    assert_eq!((now.name.as_str(), now.phone.as_str()), (SENDER, "0987654321"), "the phone at once, the name not yet");
    let again = send(&mut citizen, "/tra-cuu/du-lieu/sua", &[("name", "Khác"), ("proof", SENDER)]).await.expect(409);
    assert!(again.text().contains("còn đang chờ") && again.field("name") == "Khác");
    // Who decides sees it in the list and on the head's page; nobody else.
    let mut an = app.signed_in("an").await;
    assert!(an.get("/can-bo").await.expect(200).text().contains("1 yêu cầu về dữ liệu cá nhân đang chờ"));
    assert!(app.signed_in("em").await.get("/can-bo/lanh-dao").await.expect(200).text().contains("1 yêu cầu về dữ liệu cá nhân đang chờ"));
    for (login, status) in [("ha", 404), ("du", 404), ("gi", 404)] {
        app.signed_in(login).await.get("/can-bo/du-lieu").await.expect(status);
    }
    let path = waiting(&mut an).await;
    for (login, status) in [("ha", 404), ("du", 403), ("gi", 404), ("hu", 404)] {
        app.signed_in(login).await.get(&path).await.expect(status);
        app.signed_in(login).await.post(&path, &[("deed", "decide"), ("decision", "grant")]).await.expect(status);
    }
    let page = an.get(&path).await.expect(200);
    assert!(!page.text().contains("Mẫn") && !page.text().contains(SENDER), "values only when opened");
    let opened = an.post(&path, &[("deed", "open")]).await.expect(200);
    assert!(opened.text().contains("Hoàng Thị Mẫn") && opened.text().contains(SENDER));
    assert!(citizen.get("/tra-cuu/don").await.expect(200).text().contains("đã mở"), "the sender sees that it was opened");
    an.post(&path, &[("deed", "decide")]).await.expect(422);
    an.post(&path, &[("deed", "decide"), ("decision", "refuse")]).await.expect(422);
    an.post(&path, &[("deed", "decide"), ("decision", "grant"), ("words", "Đã sửa theo căn cước.")]).await.expect(303);
    an.post(&path, &[("deed", "decide"), ("decision", "grant")]).await.expect(409);
    assert_eq!(sender(&app, &id).await.name, "Hoàng Thị Mẫn");
    assert!(citizen.get(OWN).await.expect(200).text().contains("Đã sửa theo căn cước."));
    // Nothing waits any more: neither the new values nor, once told, the address.
    app.run_jobs().await;
    let owners: Vec<String> = people(&mut app.portal.db().read().await.expect("a transaction")).await.into_iter().map(|(owner, _)| owner).collect();
    assert_eq!(owners, std::slice::from_ref(&id));
    assert_eq!(deeds(&app).await, ["data_asked", "data_corrected", "data_decided"]);
    verifies(&app).await;
}

// ---- deleting ----

#[tokio::test]
async fn a_deletion_is_asked_for_refused_with_a_reason_and_granted_later() {
    let app = TestApp::new().await;
    let (id, _) = file(&app, Kind::Denunciation, "Nhận tiền của dân").await;
    let mut citizen = app.visiting(&id).await;
    send(&mut citizen, "/tra-cuu/du-lieu/xoa", &[("proof", SENDER)]).await.expect(422);
    let ask = [("what", "person"), ("sure", "1"), ("proof", SENDER)];
    send(&mut citizen, "/tra-cuu/du-lieu/xoa", &ask).await.expect(303);
    send(&mut citizen, "/tra-cuu/du-lieu/xoa", &ask).await.expect(303);
    let page = citizen.get(OWN).await.expect(200);
    assert_eq!(page.select("#yeu-cau li").len(), 1, "pressed twice it is one");
    assert!(page.text().contains("chậm nhất thứ Năm, 10/12/2026"), "twenty days: {}", page.text());
    let mut an = app.signed_in("an").await;
    let path = waiting(&mut an).await;
    app.run_jobs().await;
    let mails = app.mailer.sent().len();
    an.post(&path, &[("deed", "decide"), ("decision", "refuse"), ("ground", "hold")]).await.expect(422);
    an.post(&path, &[("deed", "decide"), ("decision", "refuse"), ("ground", "open"), ("words", "Xin gửi lại khi có kết luận.")]).await.expect(303);
    let page = citizen.get(OWN).await.expect(200);
    assert!(
        page.text().contains("Đơn còn đang được giải quyết") && page.text().contains("Xin gửi lại khi có kết luận.") && page.text().contains("quyền khiếu nại")
    );
    app.run_jobs().await;
    let told = app.mailer.sent().split_off(mails);
    assert_eq!((told.len(), told[0].to.as_str()), (1, SENDER_EMAIL));
    for betrays in ["tố cáo", "xóa", "Nhận tiền", "Phủ Thông"] {
        assert!(!told[0].body.to_lowercase().contains(&betrays.to_lowercase()) && !told[0].subject.contains(betrays), "{}", told[0].body);
    }
    end(&app, &id).await;
    send(&mut citizen, "/tra-cuu/du-lieu/xoa", &ask).await.expect(303);
    let path = waiting(&mut an).await;
    an.post(&path, &[("deed", "decide"), ("decision", "grant")]).await.expect(303);
    assert_eq!(sender(&app, &id).await, CasePerson::default());
    // The answer still reaches them, and then nothing knows where.
    app.run_jobs().await;
    assert_eq!(app.mailer.sent().len(), mails + 2);
    assert!(people(&mut app.portal.db().read().await.expect("a transaction")).await.is_empty());
    let page = citizen.get(OWN).await.expect(200);
    assert!(page.text().contains("Tên và liên hệ đã được xóa") && page.text().contains("Không có tên hay liên hệ nào của bạn."));
    let desk = an.get(&format!("/can-bo/don/{id}")).await.expect(200);
    assert!(desk.text().contains("theo yêu cầu của người gửi"), "{}", desk.text());
    let words = parts::text(&mut app.portal.db().read().await.expect("a transaction"), &id).await.expect("readable");
    assert_eq!(words.title, "Nhận tiền của dân", "the words were not asked for");
    verifies(&app).await;
}

/// A request to delete that was sent with `deed=open` was decided without a proof.
#[tokio::test]
async fn a_deletion_is_decided_with_a_fresh_proof_whatever_the_deed_is_called() {
    let app = TestApp::new().await;
    let (id, _) = file_report(&app, "Cầu gãy").await;
    end(&app, &id).await;
    let mut citizen = app.visiting(&id).await;
    send(&mut citizen, "/tra-cuu/du-lieu/xoa", &[("what", "person"), ("sure", "1"), ("proof", SENDER)]).await.expect(303);
    let mut an = app.signed_in("an").await;
    let path = waiting(&mut an).await;
    app.set_time("2026-11-20T03:20:00Z");
    for deed in ["decide", "open", ""] {
        an.post(&path, &[("deed", deed), ("decision", "grant")]).await.expect(422);
        assert_eq!(sender(&app, &id).await.name, SENDER, "{deed}");
    }
    app.signed_in("an").await.post(&path, &[("deed", "decide"), ("decision", "grant")]).await.expect(303);
    assert_eq!(sender(&app, &id).await, CasePerson::default());
}

#[tokio::test]
async fn an_address_nobody_could_be_told_at_goes_after_a_week() {
    let app = TestApp::new().await;
    let (id, _) = file_report(&app, "Cầu gãy").await;
    end(&app, &id).await;
    send(&mut app.visiting(&id).await, "/tra-cuu/du-lieu/xoa", &[("what", "all"), ("sure", "1"), ("proof", SENDER)]).await.expect(303);
    let mut an = app.signed_in("an").await;
    let path = waiting(&mut an).await;
    an.post(&path, &[("deed", "decide"), ("decision", "grant")]).await.expect(303);
    let count = async || people(&mut app.portal.db().read().await.expect("a transaction")).await.len();
    assert_eq!(count().await, 1, "only where the answer goes");
    for (at, left) in [("2026-11-27T01:00:00Z", 1), ("2026-11-27T03:00:00Z", 0)] {
        app.set_time(at);
        let mut tx = app.portal.db().write().await.expect("a transaction");
        app::retention::requests::forget_old(&mut tx, &app.portal).await.expect("cleared");
        tx.commit().await.expect("kept");
        assert_eq!(count().await, left, "{at}");
    }
    let desk = app.signed_in("an").await.get(&format!("/can-bo/don/{id}")).await.expect(200);
    assert!(!desk.text().contains("Cầu gãy"), "the words were asked for, too");
}

#[tokio::test]
async fn what_is_on_hold_is_answered_with_on_hold_and_nothing_else() {
    let app = TestApp::new().await;
    let (id, _) = file(&app, Kind::Complaint, "Thu hồi đất").await;
    let mut citizen = app.visiting(&id).await;
    // Asked before the hold: the official can answer nothing else either.
    send(&mut citizen, "/tra-cuu/du-lieu/xoa", &[("what", "all"), ("sure", "1"), ("proof", SENDER)]).await.expect(303);
    let (head, found) = (actor(&app, "em").await, case(&app, &id).await);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &head };
    app::retention::holds::set(&mut act, &found, "Công an đang điều tra ông Kim", None).await.expect("held");
    tx.commit().await.expect("kept");
    let mut an = app.signed_in("an").await;
    let path = waiting(&mut an).await;
    an.post(&path, &[("deed", "decide"), ("decision", "grant")]).await.expect(409);
    an.post(&path, &[("deed", "decide"), ("decision", "refuse")]).await.expect(303);
    // Asked while it is held: answered at once.
    send(&mut citizen, "/tra-cuu/du-lieu/xoa", &[("what", "person"), ("sure", "1"), ("proof", SENDER)]).await.expect(303);
    let page = citizen.get(OWN).await.expect(200);
    assert_eq!(page.select("#yeu-cau li").iter().filter(|item| item.contains("đang được giữ lại theo yêu cầu pháp lý")).count(), 2);
    assert!(!page.text().contains("điều tra") && !page.text().contains("Kim"));
    assert_eq!(sender(&app, &id).await.name, SENDER);
    // A correction under a hold keeps what was there, sealed, until the hold ends.
    send(&mut citizen, "/tra-cuu/du-lieu/sua", &[("name", "Hoàng Thị Mẫn"), ("proof", SENDER)]).await.expect(303);
    let path = waiting(&mut an).await;
    an.post(&path, &[("deed", "decide"), ("decision", "grant")]).await.expect(303);
    app.run_jobs().await;
    let names = async || people(&mut app.portal.db().read().await.expect("a transaction")).await.into_iter().map(|(_, person)| person.name).collect::<Vec<_>>();
    let now = names().await;
    assert!(now.len() == 2 && now.contains(&SENDER.to_owned()) && now.contains(&"Hoàng Thị Mẫn".to_owned()), "{now:?}");
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &head };
    app::retention::holds::lift(&mut act, &found, "Xong").await.expect("lifted");
    app::retention::requests::forget_old(&mut tx, &app.portal).await.expect("cleared");
    tx.commit().await.expect("kept");
    assert_eq!(names().await, ["Hoàng Thị Mẫn"]);
    verifies(&app).await;
}

// ---- a lost key ----

/// Changing the e-mail with a lost key answered 503 without a word.
#[tokio::test]
async fn with_the_key_lost_a_change_is_refused_with_words_and_what_was_typed_stays() {
    let app = TestApp::new().await;
    let (id, _) = file_report(&app, "Cầu gãy").await;
    let other_key = app.another_with(Vault::new(Ring::of([4; 32]), Random::seeded(4), None)).await;
    let mut citizen = other_key.visiting(&id).await;
    let of = citizen.get("/tra-cuu/don").await.expect(200).attribute("input[name=_of]", "value").remove(0);
    let answer = citizen.post("/tra-cuu/don/email", &[("_of", &of), ("email", "moi@vi-du.example")]).await.expect(503);
    assert!(answer.text().contains("thiếu khóa mở tên và liên hệ của bạn"), "{}", answer.text());
    assert_eq!(answer.field("email"), "moi@vi-du.example");
    let page = citizen.get(OWN).await.expect(200);
    assert!(page.text().contains("thiếu khóa mở tên và liên hệ của bạn"));
    let answer = send(&mut citizen, "/tra-cuu/du-lieu/sua", &[("name", "Mẫn")]).await.expect(503);
    assert!(answer.text().contains("Dữ liệu vẫn còn nguyên"));
    // A deletion needs no key.
    send(&mut citizen, "/tra-cuu/du-lieu/xoa", &[("what", "person"), ("sure", "1")]).await.expect(303);
    assert_eq!(sender(&app, &id).await.name, SENDER, "nothing was changed");
}

// ---- signers and codes without a visit ----

#[tokio::test]
async fn a_signer_takes_corrects_and_deletes_what_is_theirs_alone() {
    let app = TestApp::new().await;
    let (id, _) = file_report(&app, "Cầu gãy").await;
    let signer_id = app.portal.new_id();
    let mut tx = app.portal.db().write().await.expect("a transaction");
    tx.exec(
        "INSERT INTO case_signers (id, case_id, place, origin, proof, has_signed, is_representative, is_counted, added_at, has_email)
         VALUES ($1, $2, 2, 'joined', 'contact', TRUE, FALSE, TRUE, $3, TRUE)",
        (signer_id.clone(), id.clone(), app.portal.now()),
    )
    .await
    .expect("a signer");
    let joined = CasePerson { name: "Lý Thị Cùng".into(), email: "cung@vi-du.example".into(), language: "vi".into(), ..CasePerson::default() };
    app::petitions::store::people::insert_person(&mut tx, &signer_id, &joined).expect("sealed");
    tx.commit().await.expect("kept");
    let mut signer = app.visiting(&format!("signer:{signer_id}")).await;
    assert!(signer.get("/tra-cuu/cung").await.expect(200).attribute("a", "href").contains(&OWN.to_owned()));
    let taken = send(&mut signer, "/tra-cuu/du-lieu/tai", &[("proof", "Lý Thị Cùng")]).await.expect(200);
    let html = String::from_utf8_lossy(&files(&taken)["du-lieu.html"]).into_owned();
    assert!(html.contains("cung@vi-du.example") && !html.contains(SENDER) && !html.contains("Đã ba tuần nay"), "of the sender nothing");
    send(&mut signer, "/tra-cuu/du-lieu/sua", &[("phone", "0987654321"), ("remove_email", "1"), ("proof", "Lý Thị Cùng")]).await.expect(303);
    assert_eq!(sender(&app, &signer_id).await.phone, "0987654321");
    send(&mut signer, "/tra-cuu/du-lieu/xoa", &[("what", "all"), ("sure", "1"), ("proof", "Lý Thị Cùng")]).await.expect(422);
    send(&mut signer, "/tra-cuu/du-lieu/xoa", &[("what", "person"), ("sure", "1"), ("proof", "Lý Thị Cùng")]).await.expect(303);
    let mut an = app.signed_in("an").await;
    let path = waiting(&mut an).await;
    assert!(an.get(&path).await.expect(200).text().contains("người cùng ký"));
    an.post(&path, &[("deed", "decide"), ("decision", "grant")]).await.expect(303);
    assert_eq!((sender(&app, &signer_id).await, sender(&app, &id).await.name), (CasePerson::default(), SENDER.to_owned()));
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let left: Vec<(bool,)> = tx.all("SELECT has_email FROM case_signers", ()).await.expect("readable");
    assert_eq!(left, [(false,)], "the signature stays, nobody behind it can be told");
}

#[tokio::test]
async fn a_booking_is_taken_away_by_its_code_and_deleted_once_it_is_over() {
    let app = TestApp::new().await;
    let code = app::petitions::code::CaseCode::of_token("a booked slot");
    let mut tx = app.portal.db().write().await.expect("a transaction");
    tx.exec(
        "INSERT INTO receptions (id, number, body_id, day, starts, ends, kind, mode, receiver, post, place, topics, slots, taken, state, published_on, late_reason,
                                 missed_reason, version)
         VALUES ('r', 1, $1, '2026-12-01', 480, 690, 'periodic', 'direct', 'head', 'Chủ tịch', 'Nhà văn hóa', '', 2, 1, 'published', '2026-11-20', '', '', 1)",
        (crate::harness::PHU_THONG_BODY.to_owned(),),
    )
    .await
    .expect("a session");
    let booking = app::receptions::store::bookings::Booking {
        id: "b".into(),
        reception_id: "r".into(),
        slot: 1,
        case_id: None,
        at: app.portal.now(),
        cancelled_at: None,
        arrived_at: None,
    };
    let who = app::receptions::store::bookings::BookingPerson { name: "Lý Văn Sính".into(), phone: SENDER_PHONE.into(), ..Default::default() };
    app::receptions::store::bookings::insert(&mut tx, &booking, &code.hash(), &who, &["p1".to_owned()]).await.expect("booked");
    tx.commit().await.expect("kept");
    let (mut visitor, typed) = (app.visitor(), code.groups().join(" "));
    let page = visitor.post("/tiep-dan/lich-hen", &[("code", &typed)]).await.expect(200);
    assert!(page.attribute("#du-lieu form", "action").contains(&"/tra-cuu/du-lieu/ma".to_owned()));
    let path = "/tra-cuu/du-lieu/ma";
    visitor.post(path, &[("code", "AAAA"), ("deed", "take")]).await.expect(404);
    let taken = visitor.post(path, &[("code", &typed), ("deed", "take")]).await.expect(200);
    assert!(String::from_utf8_lossy(&files(&taken)["du-lieu.json"]).contains("Lý Văn Sính"));
    visitor.post(path, &[("code", &typed), ("deed", "erase")]).await.expect(422);
    let early = visitor.post(path, &[("code", &typed), ("deed", "erase"), ("sure_erase", "1")]).await.expect(409);
    assert!(early.text().contains("Hãy hủy hẹn"));
    app.set_time("2026-12-02T02:00:00Z");
    visitor.post(path, &[("code", &typed), ("deed", "erase"), ("sure_erase", "1")]).await.expect(200);
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let who = app::receptions::store::bookings::person(&mut tx, "b").await.expect("readable");
    assert_eq!(who, Default::default());
    let marks: Vec<(String,)> = tx.all("SELECT mark FROM reception_booking_marks", ()).await.expect("readable");
    assert_eq!((marks.len(), app::receptions::store::bookings::by_id(&mut tx, "b").await.expect("readable").is_some()), (0, true), "the slot stays, counted");
}
