//! What is sealed: everybody who leaves a name, and of a denunciation all that could betray who wrote it; what opens it, and who learns of that.

use crate::harness::petitions_of::{SENDER, SENDER_PHONE, actor, case, file, file_report, sealed_values};
use crate::harness::{Answer, Browser, PASSWORD, PHU_THONG, PHU_THONG_ECONOMY, TestApp, Upload, photo};
use crate::vault::{everything, holds};
use crate::{attendance, commitments, questions, receptions};
use app::id::Random;
use app::petitions::actions::{self, Act};
use app::petitions::rules::Kind;
use app::petitions::store::{parts, working};
use app::vault::Vault;
use app::vault::keys::Ring;
use app::vault::rotation::{self, Rotated};

const NAME: &str = "Phùng Thị Kín";
const EMAIL: &str = "phung.kin@vi-du.example";
const PLACE: &str = "xóm Khuổi Kín 7341";
const WORDS: &str = "Ông phó thôn đòi hai triệu 7342 mới ký giấy";
const PHONE: &str = "0977341734";

/// A person who books, is received, registers, asks and follows, each under the same name.
async fn everywhere(app: &TestApp) {
    let (session, number) = receptions::published(app, receptions::plan("2026-12-07")).await;
    let own = receptions::contact(PHONE, &[("name", NAME), ("email", EMAIL), ("matter", "Việc 7343 riêng")]);
    app.visitor().post(&format!("/tiep-dan/{number}/hen"), &own).await.expect(303);
    let (_, dialogue) = attendance::open(app, "20").await;
    let own = attendance::fields(PHONE, "1", &[("name", NAME), ("place", PLACE), ("email", EMAIL), ("other_need", "Cần 7344 ghế")]);
    attendance::send(&mut app.visitor(), dialogue, &own).await.expect(303);
    questions::asked(app, &[("name", NAME), ("village", PLACE), ("email", EMAIL)]).await;
    commitments::promise(app, "2026-12-20").await;
    app.visitor().post("/theo-doi-loi-hua", &[("so", "1"), ("email", EMAIL)]).await.expect(303);
    app.set_time("2026-12-07T02:00:00Z");
    let mut an = app.signed_in("an").await;
    receptions::enter(&mut an, &session, &[("name", NAME), ("address", PLACE), ("id_number", "001085007345")]).await.expect(303);
}

/// What must stand nowhere in the open.
const SECRETS: [&str; 8] = [NAME, "phung thi kin", EMAIL, PHONE, PLACE, "7343", "Cần 7344", "001085007345"];

async fn hides_all(app: &TestApp) {
    let all = everything(app).await;
    for secret in SECRETS {
        assert!(!holds(&all, secret), "{secret} stands in the database");
    }
}

fn purposes(values: &[(String, serde_json::Value)]) -> Vec<&str> {
    let mut purposes: Vec<&str> = values.iter().map(|(purpose, _)| purpose.as_str()).collect();
    purposes.dedup();
    purposes
}

#[tokio::test]
async fn whoever_books_comes_registers_asks_or_follows_is_sealed_and_found_again() {
    let app = TestApp::new().await;
    everywhere(&app).await;
    hides_all(&app).await;
    let values = sealed_values(&mut app.portal.db().read().await.expect("a transaction")).await;
    assert_eq!(purposes(&values), ["asker", "booking", "follower", "registration", "visit"]);
    // Who asks again under the same address is known again, by a keyed hash.
    app.visitor().post("/theo-doi-loi-hua", &[("so", "1"), ("email", "Phung.Kin@vi-du.example")]).await.expect(303);
    let (followers,): (i64,) =
        app.portal.db().read().await.expect("a transaction").one("SELECT count(*) FROM commitment_followers", ()).await.expect("a count");
    assert_eq!(followers, 1);
    app.run_jobs().await;
    assert!(app.mailer.sent().iter().any(|mail| mail.to == EMAIL), "and is written to");
    // The people of the authority read who it is, and find somebody at the door by a part of the name.
    let mut an = app.signed_in("an").await;
    let register = an.get("/can-bo/tiep-dan/so").await.expect(200);
    assert!(register.text().contains(NAME), "{}", register.text());
    let (dialogue,): (String,) = app.portal.db().read().await.expect("a transaction").one("SELECT id FROM dialogues", ()).await.expect("one");
    let door = format!("/can-bo/doi-thoai/{dialogue}/vao-cua");
    assert!(an.post(&door, &[("xem", "1"), ("tim", "thi kin")]).await.expect(200).text().contains(NAME));
    assert!(!an.post(&door, &[("xem", "1"), ("tim", "nguyen")]).await.expect(200).text().contains(NAME));
}

#[tokio::test]
async fn with_the_key_lost_every_list_stands_and_says_what_is_locked() {
    let app = TestApp::new().await;
    everywhere(&app).await;
    let other = app.another_with(Vault::new(Ring::of([4; 32]), Random::seeded(4), None)).await;
    let mut an = other.signed_in("an").await;
    let (dialogue, session): (String, String) =
        other.portal.db().read().await.expect("a transaction").one("SELECT d.id, r.id FROM dialogues d, receptions r", ()).await.expect("one");
    for path in [
        "/can-bo/tiep-dan/so".to_owned(),
        format!("/can-bo/tiep-dan/ngay/{session}"),
        format!("/can-bo/doi-thoai/{dialogue}/dang-ky"),
        format!("/can-bo/doi-thoai/{dialogue}/vao-cua"),
        format!("/can-bo/doi-thoai/{dialogue}/cau-hoi/1"),
    ] {
        let page = an.get(&path).await.expect(200);
        assert!(page.text().contains("Đang khóa: máy chủ thiếu khóa"), "{path}: {}", page.text());
    }
    let rotated = rotation::rotate(other.portal.db()).await.expect("a database that answers");
    assert_eq!(rotated, Rotated { done: 0, unreadable: 5 }, "nothing is thrown away");
    let both = app.another_with(Vault::new(Ring::of([3; 32]).with([4; 32]), Random::seeded(5), None)).await;
    assert_eq!(rotation::rotate(both.portal.db()).await.expect("rotated"), Rotated { done: 5, unreadable: 0 });
    assert!(other.signed_in("an").await.get("/can-bo/tiep-dan/so").await.expect(200).text().contains(NAME), "wrapped with the key it has");
}

/// Takes sealed values out and writes them as they stood before there were any.
async fn write_as_before(app: &TestApp) {
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let values = sealed_values(&mut tx).await;
    let owners: Vec<(String, String)> = tx.all("SELECT purpose, owner_id FROM sealed_values ORDER BY purpose, owner_id", ()).await.expect("owners");
    for ((purpose, owner), (_, value)) in owners.into_iter().zip(values) {
        let field = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        let plain = value.as_str().unwrap_or_default().to_owned();
        match purpose.as_str() {
            "booking" => tx.exec("INSERT INTO reception_booking_people (booking_id, name, phone, email, matter, needs, language) VALUES ($1, $2, $3, $4, $5, $6, 'vi')", (owner, field("name"), field("phone"), field("email"), field("matter"), field("needs"))).await,
            "visit" => tx.exec("INSERT INTO reception_visit_people (visit_id, name, address, id_number, content, representatives) VALUES ($1, $2, $3, $4, $5, '')", (owner, field("name"), field("address"), field("id_number"), field("content"))).await,
            "registration" => tx.exec("INSERT INTO dialogue_registration_people (registration_id, name, name_folded, place, phone, email, needs, other_need, language) VALUES ($1, $2, 'phung thi kin', $3, $4, $5, '', $6, 'vi')", (owner, field("name"), field("place"), field("phone"), field("email"), field("other_need"))).await,
            "asker" => tx.exec("UPDATE questions SET name = $2, village = $3, email = $4 WHERE id = $1", (owner, field("name"), field("village"), field("email"))).await,
            "follower" => tx.exec("UPDATE commitment_followers SET mark = $2 WHERE id = $1", (owner, plain)).await,
            "words" => tx.exec("INSERT INTO case_texts (case_id, title, body, place, about) VALUES ($1, $2, $3, $4, '')", (owner, field("title"), field("body"), field("place"))).await,
            "message" => tx.exec("UPDATE messages SET body = $2 WHERE id = $1", (owner, plain)).await,
            "note" => tx.exec("UPDATE notes SET body = $2 WHERE id = $1", (owner, plain)).await,
            other => panic!("{other} is new: say how it stood before"),
        }
        .expect("written as before");
    }
    tx.exec("DELETE FROM sealed_values", ()).await.expect("emptied");
    tx.exec("UPDATE counters SET value = 0 WHERE name IN ('open_values_sealed', 'open_papers_sealed')", ()).await.expect("as if new");
    tx.commit().await.expect("kept");
}

#[tokio::test]
async fn rows_from_before_are_sealed_at_the_start_and_overwritten() {
    let app = TestApp::new().await;
    everywhere(&app).await;
    let (denunciation, _) = file(&app, Kind::Denunciation, WORDS).await;
    reply(&app, &denunciation, "Nhắn 7346 thêm").await;
    note(&app, &denunciation, "Ghi chú 7347").await;
    let before = sealed_values(&mut app.portal.db().read().await.expect("a transaction")).await;
    assert_eq!(purposes(&before), ["asker", "booking", "follower", "message", "note", "registration", "visit", "words"]);
    write_as_before(&app).await;
    let all = everything(&app).await;
    assert!(holds(&all, NAME) && holds(&all, "Nhắn 7346") && holds(&all, EMAIL), "it stands in the open");
    let key = app.portal.marks_key();
    assert_eq!(rotation::seal_what_is_open(app.portal.db(), key).await.expect("sealed"), before.len() as u64);
    assert_eq!(rotation::seal_what_is_open(app.portal.db(), key).await.expect("sealed"), 0, "once");
    let after = sealed_values(&mut app.portal.db().read().await.expect("a transaction")).await;
    assert_eq!(after, before);
    // SQLite's log goes into the file when the portal stops; PostgreSQL is asked for what its tables hold.
    let url = app.database_url().to_owned();
    match url.strip_prefix("sqlite:") {
        Some(path) => {
            app.portal.db().close().await;
            let file = std::fs::read(path).expect("the file");
            for secret in SECRETS.into_iter().chain([WORDS, "Nhắn 7346", "Ghi chú 7347"]) {
                assert!(!holds(&file, secret), "{secret} was not overwritten");
            }
        }
        None => hides_all(&app).await,
    }
}

// ---- denunciations ----

async fn reply(app: &TestApp, case_id: &str, words: &str) {
    let citizen = app::actor::Actor::Citizen { case_id: case_id.to_owned() };
    let before = case(app, case_id).await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let once = app.portal.new_id();
    actions::reply(&mut Act { tx: &mut tx, portal: &app.portal, actor: &citizen }, &before, &once, words).await.expect("written");
    tx.commit().await.expect("kept");
}

async fn note(app: &TestApp, case_id: &str, words: &str) {
    let (intake, before) = (actor(app, "an").await, case(app, case_id).await);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    actions::note_row(&mut Act { tx: &mut tx, portal: &app.portal, actor: &intake }, &before, words).await.expect("written");
    tx.commit().await.expect("kept");
}

/// A denunciation with a photo and a message, given to handler `ha`; gives its id, code and the photo's id.
async fn denunciation(app: &TestApp) -> (String, String, String) {
    let (id, code) = file(app, Kind::Denunciation, WORDS).await;
    let mut sender = app.visitor();
    sender.post("/tra-cuu", &[("code", &code)]).await.expect(303);
    let page = sender.get("/tra-cuu/don").await.expect(200);
    let own: Vec<(String, String)> = ["_of", "_once"].into_iter().map(|name| (name.to_owned(), page.field(name))).collect();
    let fields: Vec<(&str, &str)> = own.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let picture = Upload { field: "papers", name: format!("giay cua {NAME}.jpg"), content_type: "image/jpeg", bytes: photo() };
    sender.post_files("/tra-cuu/don/giay-to", &fields, &[picture]).await.expect(303);
    reply(app, &id, "Xin đừng gọi về nhà 7346").await;
    let intake = actor(app, "an").await;
    let before = case(app, &id).await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &intake };
    let received = actions::receive(&mut act, &before).await.expect("received");
    actions::assign(&mut act, &received, Some(PHU_THONG_ECONOMY.into()), Some("account-ha".into())).await.expect("assigned");
    tx.commit().await.expect("kept");
    let (paper,): (String,) = app.portal.db().read().await.expect("a transaction").one("SELECT id FROM papers", ()).await.expect("one");
    (id, code, paper)
}

fn sealed_path(id: &str) -> String {
    format!("/can-bo/don/{id}/niem-phong")
}

const REASON: &str = "Cần lược bỏ tên trước khi giao 7348";

async fn open(browser: &mut Browser, id: &str, changed: &[(&str, &str)]) -> Answer {
    let usual = [("what", "original"), ("duty", "prepare_working"), ("reason", REASON), ("proof", PASSWORD)];
    let given = |name: &str| changed.iter().any(|(field, _)| *field == name);
    let fields: Vec<(&str, &str)> = usual.into_iter().filter(|(name, _)| !given(name)).chain(changed.iter().copied()).collect();
    browser.post(&sealed_path(id), &fields).await
}

async fn prepare(app: &TestApp, browser: &mut Browser, id: &str, changed: &[(&str, &str)]) -> Answer {
    let version = case(app, id).await.version.to_string();
    let mut fields = vec![("version", version.as_str()), ("working_title", "Đòi tiền khi ký giấy"), ("working_body", "Ông [đã ẩn: tên] đòi tiền.")];
    fields.retain(|(name, _)| !changed.iter().any(|(field, _)| field == name));
    fields.extend(changed);
    browser.post(&format!("/can-bo/don/{id}/ban-lam-viec"), &fields).await
}

#[tokio::test]
async fn a_denunciation_lies_sealed_in_the_database_and_in_the_store_and_its_sender_reads_it() {
    let app = TestApp::new().await;
    let (id, code, paper) = denunciation(&app).await;
    let all = everything(&app).await;
    for secret in [WORDS, "thôn Nà Món", "7346", NAME, SENDER, SENDER_PHONE] {
        assert!(!holds(&all, secret), "{secret} stands in the database");
    }
    for key in [app::papers::key(&paper), app::papers::thumb_key(&paper)] {
        let bytes = app.portal.files().get(&key).await.expect("the store answers");
        assert!(bytes.is_none_or(|bytes| bytes.starts_with(b"NGHEDAN SEALED") && !holds(&bytes, "JFIF")), "{key} lies open in the store");
    }
    let mut sender = app.visitor();
    sender.post("/tra-cuu", &[("code", &code)]).await.expect(303);
    let page = sender.get("/tra-cuu/don").await.expect(200);
    for own in [WORDS, "Xin đừng gọi về nhà 7346", "giay cua"] {
        assert!(page.text().contains(own), "the sender reads {own}: {}", page.text());
    }
    let picture = sender.get(&format!("/tra-cuu/don/anh/{paper}")).await.expect(200);
    assert!(picture.bytes.starts_with(&[0xff, 0xd8]), "a photo as it was sent");
    // With the key lost the sender's page stands, and the photo waits.
    let keyless = app.another_with(Vault::locked()).await;
    let mut sender = keyless.visiting(&id).await;
    assert!(!sender.get("/tra-cuu/don").await.expect(200).text().contains("7342"));
    let mut head = keyless.signed_in("em").await;
    let page = head.get(&format!("/can-bo/don/{id}")).await.expect(200);
    assert!(page.text().contains("bản làm việc") || page.text().contains("Bản làm việc"), "{}", page.text());
}

#[tokio::test]
async fn nobody_reads_the_original_without_opening_it_and_handlers_read_the_working_text() {
    let app = TestApp::new().await;
    let (id, _, paper) = denunciation(&app).await;
    let page = format!("/can-bo/don/{id}");
    for login in ["an", "ha", "du", "em"] {
        let mut official = app.signed_in(login).await;
        let shown = official.get(&page).await.expect(200);
        assert!(shown.text().contains("đang được chuẩn bị") && shown.text().contains("Tố cáo"), "{login}: {}", shown.text());
        for secret in ["7342", "7346", SENDER, SENDER_PHONE, "giay cua", "Nà Món"] {
            assert!(!shown.body.contains(secret), "{login} reads {secret}");
        }
        assert!(!shown.body.contains(&format!("<title>{WORDS}")) && shown.select("title").concat().starts_with("Hồ sơ"), "the browser's history says nothing");
        official.get(&format!("{page}/anh/{paper}")).await.expect(404);
        let version = case(&app, &id).await.version.to_string();
        official.post(&format!("{page}/thong-tin"), &[("version", &version), ("identity_reason", "tò mò")]).await.expect(403);
    }
    let mut an = app.signed_in("an").await;
    prepare(&app, &mut an, &id, &[]).await.expect(422);
    open(&mut an, &id, &[]).await.expect(303);
    let betrayed = prepare(&app, &mut an, &id, &[("working_body", "Bà HOANG THI MAU nói.")]).await.expect(422);
    assert_eq!(betrayed.attribute(".summary-errors a", "href"), ["#working_body"]);
    assert_eq!(betrayed.field("working_body").trim(), "Bà HOANG THI MAU nói.", "what was typed stays");
    prepare(&app, &mut an, &id, &[("version", "1")]).await.expect(409);
    prepare(&app, &mut an, &id, &[]).await.expect(303);
    let mut ha = app.signed_in("ha").await;
    let shown = ha.get(&page).await.expect(200);
    assert!(shown.text().contains("Ông [đã ẩn: tên] đòi tiền.") && !shown.body.contains("7342"));
    ha.get(&format!("{page}/anh/{paper}")).await.expect(404);
    let ticked = format!("paper_{paper}");
    prepare(&app, &mut an, &id, &[(&ticked, "1")]).await.expect(303);
    ha.get(&format!("{page}/anh/{paper}")).await.expect(200);
    assert!(!ha.get(&page).await.expect(200).body.contains("giay cua"), "its name may name a person");
    // The working text is sealed like the original.
    let all = everything(&app).await;
    assert!(!holds(&all, "đòi tiền"));
    // And withdrawn again.
    prepare(&app, &mut an, &id, &[]).await.expect(303);
    ha.get(&format!("{page}/anh/{paper}")).await.expect(404);
}

#[tokio::test]
async fn opening_needs_a_duty_a_reason_and_a_fresh_proof_and_ends_by_itself() {
    let app = TestApp::new().await;
    let (id, _, paper) = denunciation(&app).await;
    let path = sealed_path(&id);
    let mut an = app.signed_in("an").await;
    let closed = an.get(&path).await.expect(200);
    assert!(!closed.body.contains("7342") && !closed.body.contains(SENDER));
    for (changed, field) in [
        (("duty", ""), "#duty"),
        (("duty", "curiosity"), "#duty"),
        (("duty", "notify_denouncer"), "#duty"),
        (("what", ""), "#what"),
        (("reason", ""), "#reason"),
        (("reason", "ok"), "#reason"),
        (("proof", "khong phai"), "#proof"),
        (("proof", ""), "#proof"),
    ] {
        let refused = open(&mut an, &id, &[changed]).await.expect(422);
        assert!(refused.attribute(".summary-errors a", "href").contains(&field.to_owned()), "{changed:?}");
        assert!(!refused.body.contains("khong phai"), "no page gives a password back");
        if changed.0 != "reason" {
            assert_eq!(refused.field("reason").trim(), REASON, "what was typed stays");
        }
    }
    let version = case(&app, &id).await.version;
    open(&mut an, &id, &[]).await.expect(303);
    assert_eq!(case(&app, &id).await.version, version + 1, "an entry of the record, and only now");
    let opened = an.get(&path).await.expect(200);
    assert!(opened.text().contains(WORDS) && opened.text().contains("7346") && !opened.body.contains(SENDER_PHONE), "{}", opened.text());
    assert_eq!(opened.header("cache-control"), "no-store");
    an.get(&format!("/can-bo/don/{id}/anh/{paper}")).await.expect(200);
    // For this session, this person, this case.
    let mut elsewhere = app.signed_in("an").await;
    assert!(!elsewhere.get(&path).await.expect(200).body.contains("7342"));
    assert!(!app.signed_in("em").await.get(&path).await.expect(200).body.contains("7342"));
    for login in ["ha", "du"] {
        let mut other = app.signed_in(login).await;
        other.get(&path).await.expect(403);
        open(&mut other, &id, &[]).await.expect(403);
    }
    open(&mut app.signed_in("hu").await, &id, &[]).await.expect(404);
    let (report, _) = file_report(&app, "Cầu gãy").await;
    an.get(&sealed_path(&report)).await.expect(404);
    // The identity is another opening.
    open(&mut an, &id, &[("what", "identity"), ("duty", "verify_identity")]).await.expect(303);
    assert!(an.get(&path).await.expect(200).text().contains(SENDER_PHONE));
    an.post(&format!("{path}/dong"), &[]).await.expect(303);
    let closed = an.get(&path).await.expect(200);
    assert!(!closed.body.contains("7342") && !closed.body.contains(SENDER_PHONE), "closed by hand");
    open(&mut an, &id, &[]).await.expect(303);
    app.set_time("2026-11-20T03:13:00Z");
    assert!(!an.get(&path).await.expect(200).body.contains("7342"), "twenty minutes are over");
    an.get(&format!("/can-bo/don/{id}/anh/{paper}")).await.expect(404);
    let late = prepare(&app, &mut an, &id, &[]).await.expect(422);
    assert!(late.field("working_body").contains("[đã ẩn: tên]"), "what was typed stays");
}

#[tokio::test]
async fn guessing_a_proof_ends_and_a_right_one_is_asked_for_again() {
    let app = TestApp::new().await;
    let (id, _, _) = denunciation(&app).await;
    let mut an = app.signed_in("an").await;
    for _ in 0..app::accounts::rules::SIGN_IN_FAILURES_MAX {
        open(&mut an, &id, &[("proof", "doan mo")]).await.expect(422);
    }
    let stopped = open(&mut an, &id, &[]).await.expect(422);
    assert!(stopped.text().contains("Sai quá nhiều lần"), "a right one, too late: {}", stopped.text());
}

#[tokio::test]
async fn an_opening_is_told_to_the_head_and_on_the_denouncers_page_by_its_duty_alone() {
    let app = TestApp::new().await;
    let (id, code, _) = denunciation(&app).await;
    let mut an = app.signed_in("an").await;
    open(&mut an, &id, &[]).await.expect(303);
    let mut sender = app.visitor();
    sender.post("/tra-cuu", &[("code", &code)]).await.expect(303);
    let told = sender.get("/tra-cuu/don").await.expect(200);
    assert!(told.text().contains("đã mở lời kể và giấy tờ gốc của bạn, để: lược bỏ thông tin về người tố cáo"), "{}", told.text());
    let official = actor(&app, "an").await.official().expect("an official").name.clone();
    assert!(!told.body.contains("7348") && !told.body.contains(&official), "neither the reason nor the name");
    let mut em = app.signed_in("em").await;
    let list = em.get("/can-bo/mo-niem-phong").await.expect(200);
    for known in [official.as_str(), "7348", "Lược bỏ thông tin"] {
        assert!(list.text().contains(known), "{known}: {}", list.text());
    }
    for (login, status) in [("an", 404), ("ha", 404), ("du", 404), ("gi", 404)] {
        app.signed_in(login).await.get("/can-bo/mo-niem-phong").await.expect(status);
    }
    assert!(app.signed_in("hu").await.get("/can-bo/mo-niem-phong").await.expect(200).select("tbody tr").is_empty(), "another authority's head");
    for login in ["ha", "an", "em"] {
        let page = app.signed_in(login).await.get(&format!("/can-bo/don/{id}")).await.expect(200);
        assert!(page.text().contains("mở lời kể, lời nhắn và giấy tờ gốc") && !page.body.contains("7348"), "{login}: in the record, without the reason");
    }
    let deeds = em.get("/can-bo/nhat-ky").await.expect(200);
    assert!(deeds.text().contains("Mở phần niêm phong") && !deeds.body.contains("7348"), "{}", deeds.text());
    // A case about the head is not in the head's list.
    let mut tx = app.portal.db().write().await.expect("a transaction");
    tx.exec("UPDATE cases SET barred = 'a:account-em' WHERE id = $1", (id,)).await.expect("recorded");
    tx.commit().await.expect("kept");
    assert!(em.get("/can-bo/mo-niem-phong").await.expect(200).select("tbody tr").is_empty());
}

#[tokio::test]
async fn a_report_that_turns_out_a_denunciation_is_sealed_from_then_on_and_opened_where_it_was_none() {
    let app = TestApp::new().await;
    let (id, _) = file_report(&app, "Trưởng thôn 7349 thu tiền").await;
    reply(&app, &id, "Lời 7350").await;
    note(&app, &id, "Ghi 7351").await;
    assert!(holds(&everything(&app).await, "7349"));
    reclassify(&app, &id, Kind::Denunciation).await;
    let mut tx = app.portal.db().read().await.expect("a transaction");
    assert!(parts::text(&mut tx, &id).await.expect("readable").title.contains("7349"));
    drop(tx);
    for (table, sql) in [
        ("case_texts", "SELECT count(*) FROM case_texts"),
        ("messages", "SELECT count(*) FROM messages WHERE body <> ''"),
        ("notes", "SELECT count(*) FROM notes WHERE body <> ''"),
    ] {
        let (n,): (i64,) = app.portal.db().read().await.expect("a transaction").one(sql, ()).await.expect("a count");
        assert_eq!(n, 0, "{table}");
    }
    reclassify(&app, &id, Kind::Report).await;
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let texts: Vec<(String,)> =
        tx.all("SELECT title FROM case_texts UNION ALL SELECT body FROM messages UNION ALL SELECT body FROM notes", ()).await.expect("texts");
    for words in ["7349", "7350", "7351"] {
        assert!(texts.iter().any(|(text,)| text.contains(words)), "{words} is open again");
    }
    assert!(sealed_values(&mut tx).await.is_empty(), "and nothing is left sealed");
}

async fn reclassify(app: &TestApp, id: &str, to: Kind) {
    let (intake, before) = (actor(app, "an").await, case(app, id).await);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    actions::reclassify(&mut Act { tx: &mut tx, portal: &app.portal, actor: &intake }, &before, to, "Phân loại lại").await.expect("corrected");
    tx.commit().await.expect("kept");
}

#[tokio::test]
async fn papers_of_a_denunciation_from_before_are_sealed_and_cut_off_it_goes_on() {
    let app = TestApp::new().await;
    let (id, _, paper) = denunciation(&app).await;
    // As it lay before: bytes in the open, the name in the row, no key.
    let (open, key) = (photo(), app::papers::key(&paper));
    app.portal.files().put(&key, open.clone().into()).await.expect("kept");
    let mut tx = app.portal.db().write().await.expect("a transaction");
    tx.exec("DELETE FROM sealed_values WHERE purpose = 'paper'", ()).await.expect("emptied");
    tx.exec("UPDATE papers SET is_sealed = FALSE, original_name = 'to 7352.jpg'", ()).await.expect("as before");
    tx.commit().await.expect("kept");
    assert_eq!(app::papers::sealed::seal_from_before(&app.portal).await.expect("sealed"), 1);
    assert_eq!(app::papers::sealed::seal_from_before(&app.portal).await.expect("sealed"), 0, "once");
    let sealed = app.portal.files().get(&key).await.expect("the store answers").expect("there");
    assert!(sealed.starts_with(b"NGHEDAN SEALED"));
    let (name,): (String,) = app.portal.db().read().await.expect("a transaction").one("SELECT original_name FROM papers", ()).await.expect("one");
    assert_eq!(name, "", "the name went with the bytes");
    // Cut off after the bytes and before the row: the next time finds them sealed and leaves them so.
    let mut tx = app.portal.db().write().await.expect("a transaction");
    tx.exec("UPDATE papers SET is_sealed = FALSE", ()).await.expect("cut off");
    tx.commit().await.expect("kept");
    app::papers::sealed::seal_open(&app.portal, &id).await.expect("sealed");
    assert_eq!(app.portal.files().get(&key).await.expect("the store answers"), Some(sealed));
    let mut sender = app.visiting(&id).await;
    assert_eq!(sender.get(&format!("/tra-cuu/don/anh/{paper}")).await.expect(200).bytes, open);
}

#[tokio::test]
async fn a_tip_keeps_no_name_and_officials_read_what_the_law_makes_of_it() {
    let app = TestApp::new().await;
    let mut citizen = app.visitor();
    let what = [("kind", "denunciation"), ("title", "Kế toán khai khống"), ("body", "12 hóa đơn tháng 9.")];
    citizen.post_files("/gui", &what, &[]).await.expect(303);
    let form = citizen.get("/gui/o-dau").await.expect(200);
    assert!(form.text().contains("không được thụ lý như tố cáo"), "the form says what it means: {}", form.text());
    // Under a name the law asks for one; as a tip what was typed is dropped.
    citizen.post("/gui/o-dau", &[("area", PHU_THONG), ("told_as", "name"), ("name", ""), ("address", "")]).await.expect(422);
    citizen.post("/gui/o-dau", &[("area", PHU_THONG), ("told_as", "tip"), ("name", NAME), ("address", PLACE)]).await.expect(303);
    let check = citizen.get("/gui/kiem-tra").await.expect(200);
    assert!(check.text().contains("Báo tin, không để lại tên") && !check.text().contains(NAME), "{}", check.text());
    citizen.post("/gui/kiem-tra", &[]).await.expect(303);
    let (id,): (String,) = app.portal.db().read().await.expect("a transaction").one("SELECT id FROM cases", ()).await.expect("one case");
    let person = parts::person(&mut app.portal.db().read().await.expect("a transaction"), &id).await.expect("readable");
    assert!(!person.is_known());
    let page = app.signed_in("an").await.get(&format!("/can-bo/don/{id}")).await.expect(200);
    assert!(page.text().contains("Tin báo không tên") && page.text().contains("Điều 25"), "{}", page.text());
}

#[tokio::test]
async fn a_swapped_row_opens_nothing() {
    let app = TestApp::new().await;
    let (one, _) = file(&app, Kind::Denunciation, "Việc một").await;
    let (other, _) = file(&app, Kind::Denunciation, "Việc hai").await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    tx.exec("UPDATE sealed_values SET owner_id = 'x' WHERE owner_id = $1", (one.clone(),)).await.expect("moved");
    tx.exec("UPDATE sealed_values SET owner_id = $1 WHERE owner_id = $2", (one.clone(), other)).await.expect("swapped");
    let text = parts::text(&mut tx, &one).await.expect("readable");
    assert!(text.is_locked && text.title.is_empty());
    assert!(working::of_case(&mut tx, &one).await.expect("readable").open().is_none());
}
