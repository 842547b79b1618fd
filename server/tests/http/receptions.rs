//! Citizen reception: the schedule and its clock, booking without an account, the register, the public proof.

use crate::harness::petitions_of::{actor, case, file_report};
use crate::harness::{Answer, Browser, PHU_THONG_BODY, TestApp};
use app::petitions::rules::Kind;
use app::receptions::actions::sessions::{self as actions, Plan};
use app::receptions::rules::{Kind as Reception, Mode, Receiver, State};
use app::receptions::store;
use chrono::NaiveDate;
use std::io::Read;

/// A name that must stand on no public page.
const VISITOR: &str = "Lý Văn Sính";

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

pub fn plan(on: &str) -> Plan {
    Plan {
        day: day(on),
        starts: 480,
        ends: 690,
        kind: Reception::Periodic,
        mode: Mode::Direct,
        receiver: Receiver::Head,
        post: "Chủ tịch UBND xã Phủ Thông".into(),
        place: "Nhà văn hóa thôn Nà Món".into(),
        topics: String::new(),
        slots: 2,
    }
}

/// A session of Phủ Thông, published; gives its id and number.
pub async fn published(app: &TestApp, plan: Plan) -> (String, i64) {
    let head = actor(app, "em").await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let mut act = app::petitions::actions::Act { tx: &mut tx, portal: &app.portal, actor: &head };
    let id = actions::draft(&mut act, PHU_THONG_BODY, plan).await.expect("drafted");
    let row = actions::seen(&mut act, &id).await.expect("there");
    actions::publish(&mut act, &row, "Lịch họp thay đổi").await.expect("kept").expect("published");
    tx.commit().await.expect("kept");
    app::publishing::cache::follow_changes(&app.portal).await.expect("public pages renewed");
    (id, row.number)
}

async fn session(app: &TestApp, id: &str) -> store::sessions::Reception {
    store::sessions::by_id(&mut app.portal.db().read().await.expect("a transaction"), id).await.expect("readable").expect("there")
}

async fn step(app: &TestApp, official: &mut Browser, id: &str, fields: &[(&str, &str)]) -> Answer {
    let version = session(app, id).await.version.to_string();
    let mut all = vec![("version", version.as_str())];
    all.extend(fields);
    official.post(&format!("/can-bo/tiep-dan/ngay/{id}"), &all).await
}

pub fn contact<'a>(phone: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [("name", VISITOR), ("phone", phone), ("matter", "Bồi thường đất ở thôn Nà Món"), ("need_interpreter", "1")];
    let given = |name: &str| more.iter().any(|(field, _)| *field == name);
    usual.into_iter().filter(|(name, _)| !given(name)).chain(more.iter().copied()).collect()
}

/// Opens the form and sends it, as a person does. Gives the answer to the form.
async fn book(visitor: &mut Browser, number: i64, phone: &str) -> Answer {
    let form = visitor.get(&format!("/tiep-dan/{number}/hen")).await.expect(200);
    let device = form.field("_device");
    visitor.post(&format!("/tiep-dan/{number}/hen"), &contact(phone, &[("_device", &device)])).await
}

#[tokio::test]
async fn a_schedule_begins_with_the_days_the_rules_propose_and_is_published_in_time() {
    let app = TestApp::new().await;
    let mut an = app.signed_in("an").await;
    let form = an.get("/can-bo/tiep-dan/lap-lich?from=2026-12&to=2027-01").await.expect(200);
    let ticked = form.attribute("#days input[checked]", "name");
    assert_eq!(ticked, ["day-2026-12-07", "day-2026-12-21", "day-2027-01-05", "day-2027-01-20"], "the 5th and the 20th are a Saturday and a Sunday");
    assert!(form.text().contains("ít nhất 2 ngày trong một tháng"), "{}", form.text());
    let usual = [
        ("from", "2026-12"),
        ("to", "2027-01"),
        ("day-2026-12-07", "1"),
        ("more", "27/11/2026, 22/12/2026"),
        ("starts", "8:00"),
        ("ends", "11h30"),
        ("receiver", "head"),
        ("post", "Chủ tịch UBND xã"),
        ("place", "Trụ sở UBND xã"),
        ("mode", "direct"),
        ("slots", "10"),
    ];
    let wrong: Vec<_> = usual.into_iter().map(|(name, value)| if name == "ends" { (name, "7:00") } else { (name, value) }).collect();
    let refused = an.post("/can-bo/tiep-dan/lap-lich", &wrong).await.expect(422);
    assert_eq!((refused.field("place").as_str(), refused.field("more").as_str()), ("Trụ sở UBND xã", "27/11/2026, 22/12/2026"), "what was typed stays");
    an.post("/can-bo/tiep-dan/lap-lich", &usual).await.expect(303);
    an.post("/can-bo/tiep-dan/lap-lich", &usual).await.expect(303);
    let november = an.get("/can-bo/tiep-dan?thang=2026-11").await.expect(200);
    let december = an.get("/can-bo/tiep-dan?thang=2026-12").await.expect(200);
    assert_eq!((november.select("#thang tbody tr").len(), december.select("#thang tbody tr").len()), (1, 2), "sent twice, drafted once");
    assert!(december.text().contains("Công bố chậm nhất 30/11/2026"), "{}", december.text());
    assert!(app.visitor().get("/tiep-dan?thang=2026-12").await.text().contains("Không có buổi tiếp nào"), "a draft is nobody's business");

    // Trap 10: five working days before Friday the 27th was Thursday the 19th.
    let boxes = november.attribute("#thang input[type=checkbox]", "name");
    let late = an.post("/can-bo/tiep-dan", &[("action", "publish"), ("month", "2026-11"), (boxes[0].as_str(), "1")]).await.expect(422);
    assert!(late.text().contains("phải công bố chậm nhất ngày 19/11/2026") && late.text().contains("Điều 24 khoản 4"), "{}", late.text());
    let reason = [("action", "publish"), ("month", "2026-11"), (boxes[0].as_str(), "1"), ("late_reason", "Lãnh đạo mới nhận nhiệm vụ")];
    an.post("/can-bo/tiep-dan", &reason).await.expect(303);
    let boxes = december.attribute("#thang input[type=checkbox]", "name");
    let ticked: Vec<(&str, &str)> = boxes.iter().map(|name| (name.as_str(), "1")).chain([("action", "publish"), ("month", "2026-12")]).collect();
    an.post("/can-bo/tiep-dan", &ticked).await.expect(303);
    let coming = app.visitor().get("/tiep-dan").await.expect(200);
    assert_eq!(coming.select(".list-cases li").len(), 3);
    let first = coming.attribute(".list-cases li h3 a", "href");
    let page = app.visitor().get(&first[0]).await.expect(200);
    assert!(page.text().contains("Công bố muộn hơn luật định. Lý do: Lãnh đạo mới nhận nhiệm vụ"), "{}", page.text());
    let page = app.visitor().get(&first[1]).await.expect(200);
    assert!(!page.text().contains("Công bố muộn") && page.text().contains("30/11/2026"), "{}", page.text());
    let month = app.visitor().get("/tiep-dan?thang=2026-12").await.expect(200);
    assert_eq!(month.select(".cal thead th")[0], "T2", "weeks begin on Monday");
    assert_eq!(month.select(".cal td a").len(), 2);
}

#[tokio::test]
async fn a_missed_day_names_its_reason_and_the_new_day_and_those_who_booked_move_along() {
    let app = TestApp::new().await;
    let (id, number) = published(&app, plan("2026-12-07")).await;
    let mut phone = app.visitor();
    phone.post(&format!("/tiep-dan/{number}/hen"), &contact("0912345678", &[("email", "sinh@vi-du.example")])).await.expect(303);
    let receipt = phone.get(&format!("/tiep-dan/{number}/hen")).await.expect(200);
    let code = receipt.select(".code-big").concat();
    let mut em = app.signed_in("em").await;
    let bare = step(&app, &mut em, &id, &[("action", "miss"), ("reason", ""), ("new_day", "10/12/2026")]).await.expect(422);
    assert!(bare.text().contains("luật buộc phải nêu") && bare.field("new_day") == "10/12/2026", "{}", bare.text());
    step(&app, &mut em, &id, &[("action", "miss"), ("reason", "Đi chống bão"), ("new_day", "2026-12-07")]).await.expect(422);
    step(&app, &mut em, &id, &[("action", "miss"), ("reason", "Đi chống bão"), ("new_day", "10/12/2026")]).await.expect(303);

    let old = app.visitor().get(&format!("/tiep-dan/{number}")).await.expect(200);
    assert!(old.select("h1 + p s").concat().contains("7/12/2026"), "the old day stays, struck through: {}", old.text());
    assert!(old.text().contains("Lý do: Đi chống bão"), "{}", old.text());
    let to = old.attribute(".notice.warn a", "href").concat();
    let new = app.visitor().get(&to).await.expect(200);
    assert!(new.text().contains("Thứ Năm, 10/12/2026") && new.text().contains("Còn 1 trong 2 chỗ hẹn"), "{}", new.text());
    assert!(new.select(".notice s").concat().contains("7/12/2026"), "and the new one says where it comes from");
    let mine = app.visitor().post("/tiep-dan/lich-hen", &[("code", &code)]).await.expect(200);
    assert!(mine.text().contains("10/12/2026"), "the code shows the new day: {}", mine.text());
    assert_eq!(session(&app, &id).await.state, State::Missed);
    app.run_jobs().await;
    let mails = app.mailer.sent();
    assert!(mails.len() == 1 && mails[0].to == "sinh@vi-du.example" && mails[0].body.contains("thứ Năm, 10/12/2026, lúc 08:00"), "{}", mails[0].body);
    assert!(!mails[0].subject.contains("tiếp") && !mails[0].body.contains("Chủ tịch"), "a lock screen learns nothing");
    step(&app, &mut em, &id, &[("action", "hold"), ("held_by", "head")]).await.expect(409);
}

#[tokio::test]
async fn a_slot_is_booked_once_shown_by_its_code_and_given_back() {
    let app = TestApp::new().await;
    let (id, number) = published(&app, plan("2026-12-07")).await;
    let mut phone = app.visitor();
    let path = format!("/tiep-dan/{number}/hen");
    let form = phone.get(&path).await.expect(200);
    let device = form.field("_device");
    let empty = phone.post(&path, &[("name", VISITOR), ("_device", &device), ("need_wheelchair", "1")]).await.expect(422);
    assert_eq!(empty.select("#errors li").len(), 2, "{}", empty.text());
    assert_eq!(empty.field("name"), VISITOR);
    assert_eq!(empty.attribute("#need_wheelchair[checked]", "value"), ["1"], "what was ticked stays");
    // Pressed twice before the first answer was there: the cookie is not yet set.
    let mut twice = phone.clone();
    phone.post(&path, &contact("0912 345 678", &[("_device", &device)])).await.expect(303);
    twice.post(&path, &contact("0912 345 678", &[("_device", &device)])).await.expect(303);
    assert_eq!(session(&app, &id).await.taken, 1);
    let receipt = phone.get(&path).await.expect(200);
    let code = receipt.select(".code-big").concat();
    assert_eq!(code, twice.get(&path).await.expect(200).select(".code-big").concat(), "one booking, one code");
    assert!(receipt.text().contains("Thứ Hai, 7/12/2026, 08:00"), "{}", receipt.text());

    assert!(app.visitor().get(&path).await.expect(200).select(".code-big").is_empty(), "another device sees no code");
    let wrong = app.visitor().post("/tiep-dan/lich-hen", &[("code", "K7QF 9M2X 4TBC 8WDH")]).await.expect(422);
    assert!(wrong.text().contains("Không có lịch hẹn nào mang mã này"), "{}", wrong.text());
    let followed = app.visitor().post("/tra-cuu", &[("code", &code)]).await.expect(200);
    assert!(followed.text().contains("7/12/2026"), "the page for codes of petitions knows it too");
    let unsure = app.visitor().post("/tiep-dan/lich-hen", &[("code", &code), ("action", "cancel")]).await.expect(200);
    assert!(!unsure.text().contains("đã hủy"), "{}", unsure.text());
    app.visitor().post("/tiep-dan/lich-hen", &[("code", &code), ("action", "cancel"), ("sure", "1")]).await.expect(303);
    let again = app.visitor().post("/tiep-dan/lich-hen", &[("code", &code), ("action", "cancel"), ("sure", "1")]).await.expect(200);
    assert!(again.text().contains("Lịch hẹn này đã hủy"), "{}", again.text());
    assert_eq!(session(&app, &id).await.taken, 0, "given back once");
    book(&mut phone, number, "0912345678").await.expect(303);
    let new = phone.get(&path).await.expect(200).select(".code-big").concat();
    assert!(!new.is_empty() && new != code, "the same device may book anew, under another code");
}

/// Decree 154/2026, Chapter V: an online reception is recorded, and whoever comes to it has agreed to that.
#[tokio::test]
async fn nobody_is_received_online_without_having_agreed_to_be_recorded() {
    let app = TestApp::new().await;
    let (id, number) = published(&app, Plan { mode: Mode::Online, ..plan("2026-12-07") }).await;
    let mut visitor = app.visitor();
    let refused = book(&mut visitor, number, "0912 000 111").await.expect(422);
    assert!(refused.text().contains("Buổi này chỉ gặp qua mạng"), "{}", refused.text());
    assert_eq!(refused.field("matter"), "Bồi thường đất ở thôn Nà Món", "nothing typed is lost");
    let device = refused.field("_device");
    let agreed = contact("0912 000 111", &[("_device", &device), ("agrees_online", "1")]);
    visitor.post(&format!("/tiep-dan/{number}/hen"), &agreed).await.expect(303);
    let desk = app.signed_in("an").await.get(&format!("/can-bo/tiep-dan/ngay/{id}")).await.expect(200);
    assert!(desk.text().contains("đồng ý gặp qua mạng"));
}

#[tokio::test]
async fn a_full_day_says_so_and_offers_the_next_and_nobody_books_in_bulk() {
    let app = TestApp::new().await;
    let (id, number) = published(&app, plan("2026-12-07")).await;
    let (_, second) = published(&app, plan("2026-12-21")).await;
    let (_, third) = published(&app, Plan { slots: 10, ..plan("2026-12-22") }).await;
    let mut one = app.visitor();
    book(&mut one, number, "0912000001").await.expect(303);
    book(&mut one, second, "+84 912 000 001").await.expect(303);
    let many = book(&mut one, third, "0912.000.001").await.expect(422);
    assert!(many.text().contains("đã giữ đủ số lịch hẹn"), "one contact holds two at most: {}", many.text());
    let other_phone = book(&mut app.visitor(), third, "0912000001").await.expect(422);
    assert!(other_phone.text().contains("đã giữ đủ"), "on another device too");
    book(&mut app.visitor(), number, "0912000002").await.expect(303);
    let coming = app.visitor().get("/tiep-dan").await.expect(200);
    assert!(coming.select(".list-cases li")[0].contains("Hết chỗ hẹn"), "{:?}", coming.select(".list-cases li"));
    let mut late = app.visitor();
    let full = late.get(&format!("/tiep-dan/{number}/hen")).await.expect(200);
    assert!(full.select("form input[name=name]").is_empty());
    assert_eq!(full.attribute(".notice a", "href"), [format!("/tiep-dan/{second}")], "{}", full.text());
    let refused = late.post(&format!("/tiep-dan/{number}/hen"), &contact("0912000003", &[])).await.expect(409);
    assert!(refused.text().contains("đã hết chỗ hẹn"), "{}", refused.text());
    assert_eq!(session(&app, &id).await.taken, 2);

    // One device, ever new phones: a neighbour may help, nobody empties a calendar.
    let mut device = app.visitor();
    let mut booked = 0;
    for (i, on) in ["2027-01-04", "2027-01-05", "2027-01-06", "2027-01-07", "2027-01-08", "2027-01-11"].into_iter().enumerate() {
        let (_, number) = published(&app, plan(on)).await;
        booked += i64::from(book(&mut device, number, &format!("091300000{i}")).await.status == 303);
    }
    assert_eq!(booked, app::receptions::actions::bookings::DEVICE_BOOKINGS_MAX);
    device.forget_cookies();
    app.set_time("2026-12-07T01:00:00Z");
    let begun = app.visitor().post(&format!("/tiep-dan/{number}/hen"), &contact("0912000009", &[])).await.expect(409);
    assert!(begun.text().contains("không nhận đặt lịch nữa"), "it has begun: {}", begun.text());
}

/// Enters a visit; gives the answer.
pub async fn enter(official: &mut Browser, id: &str, more: &[(&str, &str)]) -> Answer {
    let token = official.get(&format!("/can-bo/tiep-dan/ngay/{id}/luot")).await.expect(200).field("_token");
    let mut usual = vec![
        ("name", VISITOR),
        ("address", "thôn Nà Món, xã Phủ Thông"),
        ("id_number", "001085000123"),
        ("people", "1"),
        ("same_people", "0"),
        ("kind", "recommendation"),
        ("content", "=Đề nghị sửa mương, nước không vào ruộng."),
        ("case_mode", "none"),
        ("is_competent", "1"),
        ("_token", token.as_str()),
    ];
    usual.retain(|(name, _)| !more.iter().any(|(field, _)| field == name));
    usual.extend(more);
    official.post(&format!("/can-bo/tiep-dan/ngay/{id}/luot"), &usual).await
}

#[tokio::test]
async fn the_register_counts_visits_people_matters_and_groups_and_keeps_the_thirteen_columns() {
    let app = TestApp::new().await;
    let (id, _) = published(&app, plan("2026-11-20")).await;
    let mut an = app.signed_in("an").await;
    enter(&mut an, &id, &[]).await.expect(303);
    let group = [("people", "12"), ("same_people", "40"), ("name", "Triệu Sùn Phẩu")];
    let nobody = enter(&mut an, &id, &group).await.expect(422);
    assert!(nobody.text().contains("phải cử người đại diện"), "{}", nobody.text());
    let six = [&group[..], &[("representatives", "A\nB\nC\nD\nE\nF")]].concat();
    let six = enter(&mut an, &id, &six).await.expect(422);
    assert!(six.text().contains("12 người chỉ được cử nhiều nhất 5"), "{}", six.text());
    enter(&mut an, &id, &[&group[..], &[("representatives", "Triệu Sùn Phẩu\nBàn Mùi Nái")]].concat()).await.expect(303);
    let unknown = enter(&mut an, &id, &[("earlier_no", "9")]).await.expect(422);
    assert!(unknown.text().contains("không có số này"), "{}", unknown.text());
    enter(&mut an, &id, &[("earlier_no", "1"), ("papers", "Đơn viết tay; bản chính\nSổ đỏ; bản sao, nhòe")]).await.expect(303);
    let book = an.get("/can-bo/tiep-dan/so").await.expect(200);
    assert!(book.text().contains("3 lượt, 14 người, 2 vụ việc, 1 đoàn đông người"), "{}", book.text());
    assert_eq!(book.select(".register thead tr:first-child th").len(), 13);
    assert_eq!(book.select(".register tbody tr").len(), 3);
    let visit = book.attribute(".register tbody tr:last-child th a", "href").concat();
    let receipt = an.get(&format!("{visit}/bien-nhan")).await.expect(200);
    assert!(receipt.text().contains("Sổ đỏ") && receipt.text().contains("GIẤY BIÊN NHẬN"), "{}", receipt.text());

    let page = an.get(&visit).await.expect(200);
    let version = page.field("version");
    let follow = [("version", version.as_str()), ("action", "follow"), ("is_competent", "1"), ("handled_by", "Phòng Kinh tế, PC-15"), ("result", "Đang sửa")];
    an.post(&visit, &follow).await.expect(303);
    an.post(&visit, &follow).await.expect(409);
    let file = an.get("/can-bo/tiep-dan/so.xlsx?nam=2026").await.expect(200);
    assert!(file.header("content-disposition").contains("so-tiep-cong-dan-2026.xlsx"));
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(file.bytes)).expect("a container");
    let mut strings = String::new();
    archive.by_name("xl/sharedStrings.xml").expect("texts").read_to_string(&mut strings).expect("a text");
    for told in ["001085000123", "=Đề nghị sửa mương", "Phòng Kinh tế, PC-15", "(13)", VISITOR] {
        assert!(strings.contains(told), "{told}: {strings}");
    }
    assert!(!app.visitor().get("/tiep-dan").await.text().contains(VISITOR));
}

#[tokio::test]
async fn what_somebody_who_cannot_write_says_is_read_back_and_filed_once() {
    let app = TestApp::new().await;
    let (id, number) = published(&app, Plan { starts: 600, ..plan("2026-11-20") }).await;
    let mut phone = app.visitor();
    book(&mut phone, number, "0912345678").await.expect(303);
    let mut an = app.signed_in("an").await;
    let page = an.get(&format!("/can-bo/tiep-dan/ngay/{id}")).await.expect(200);
    assert!(page.select("#hen tbody").concat().contains("phiên dịch"), "{}", page.text());
    let link = page.attribute("#hen tbody a.btn", "href").concat();
    let form = an.get(&link).await.expect(200);
    assert_eq!(form.field("name"), VISITOR, "what was booked is filled in");
    let (token, booking) = (form.field("_token"), form.field("_booking"));
    let written = [
        ("_token", token.as_str()),
        ("_booking", booking.as_str()),
        ("name", VISITOR),
        ("address", "thôn Nà Món"),
        ("people", "1"),
        ("same_people", "0"),
        ("kind", "report"),
        ("content", "Cống tắc, nước tràn vào nhà."),
        ("case_mode", "new"),
        ("title", "Cống tắc"),
        ("area", crate::harness::PHU_THONG),
    ];
    let target = format!("/can-bo/tiep-dan/ngay/{id}/luot");
    let unread = an.post(&target, &written).await.expect(422);
    assert!(unread.text().contains("Đọc lại cho người dân nghe"), "{}", unread.text());
    let read: Vec<_> = written.into_iter().chain([("is_read_back", "1")]).collect();
    let filed = an.post(&target, &read).await.expect(200);
    let code = filed.select(".code-big").concat();
    let again = an.post(&target, &read).await.expect(200);
    assert_eq!(again.select(".code-big").concat(), code, "sent twice, filed once");
    let mut citizen = app.visitor();
    citizen.post("/tra-cuu", &[("code", &code)]).await.expect(303);
    assert!(citizen.get("/tra-cuu/don").await.expect(200).text().contains("Cống tắc"));
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let visits = store::visits::of_session(&mut tx, &id, 10).await.expect("readable");
    assert_eq!(visits.len(), 1);
    assert!(visits[0].is_read_back && visits[0].booking_id.is_some());
    let filed = case(&app, visits[0].case_id.as_deref().expect("a case")).await;
    assert_eq!((filed.kind, filed.body_id.as_str(), filed.may_publish), (Kind::Report, PHU_THONG_BODY, false));
}

/// Traps 26 and 27: the register lies open and travels as a file; of a denunciation it knows that there was one.
#[tokio::test]
async fn trap_26_a_denunciation_leaves_nobody_in_the_register() {
    let app = TestApp::new().await;
    let (id, _) = published(&app, plan("2026-11-20")).await;
    let mut an = app.signed_in("an").await;
    let bare = [("kind", "denunciation"), ("content", "Ông cán bộ địa chính nhận tiền để cấp sổ.")];
    let refused = enter(&mut an, &id, &bare).await.expect(422);
    assert!(refused.text().contains("Tố cáo phải ghi thành đơn"), "{}", refused.text());
    let whole = [&bare[..], &[("case_mode", "new"), ("title", "Nhận tiền cấp sổ"), ("area", crate::harness::PHU_THONG), ("is_read_back", "1")]].concat();
    enter(&mut an, &id, &whole).await.expect(200);
    let mut pages = String::new();
    for path in ["/can-bo/tiep-dan/so".to_owned(), format!("/can-bo/tiep-dan/ngay/{id}")] {
        let page = an.get(&path).await.expect(200);
        if path.ends_with("/so") {
            let visit = page.attribute(".register tbody th a", "href").concat();
            pages.push_str(&an.get(&visit).await.expect(200).body);
            an.get(&format!("{visit}/bien-nhan")).await.expect(404);
        }
        pages.push_str(&page.body);
    }
    let file = an.get("/can-bo/tiep-dan/so.xlsx").await.expect(200);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(file.bytes)).expect("a container");
    archive.by_name("xl/sharedStrings.xml").expect("texts").read_to_string(&mut pages).expect("a text");
    assert!(pages.contains("giữ bí mật"));
    for secret in [VISITOR, "001085000123", "địa chính nhận tiền", "Nhận tiền cấp sổ"] {
        assert!(!pages.contains(secret), "{secret} stands in the register");
    }
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let (people,): (i64,) = tx.one("SELECT count(*) FROM sealed_values WHERE purpose = 'visit'", ()).await.expect("a count");
    assert_eq!(people, 0, "and in no row of it");
}

#[tokio::test]
async fn a_refusal_for_what_was_answered_owes_a_written_notice_within_three_working_days() {
    let app = TestApp::new().await;
    let (id, _) = published(&app, plan("2026-11-20")).await;
    let mut an = app.signed_in("an").await;
    enter(&mut an, &id, &[("refusal", "disorder")]).await.expect(303);
    assert!(an.get("/can-bo/tiep-dan").await.expect(200).select(".notice.warn li").is_empty(), "words are enough");
    enter(&mut an, &id, &[("refusal", "prolonged")]).await.expect(303);
    let desk = an.get("/can-bo/tiep-dan").await.expect(200);
    // Friday the 20th; the 24th is off: Monday, Wednesday, Thursday.
    assert!(desk.select(".notice.warn li").concat().contains("26/11/2026"), "{:?}", desk.select(".notice.warn li"));
    let visit = desk.attribute(".notice.warn li a", "href").concat();
    let paper = an.get(&format!("{visit}/tu-choi")).await.expect(200);
    assert!(paper.text().contains("cố tình kéo dài"), "{}", paper.text());
    app.set_time("2026-11-27T02:00:00Z");
    let mut an = app.signed_in("an").await;
    assert!(an.get(&visit).await.expect(200).text().contains("Quá hạn từ 26/11/2026"));
    let version = an.get(&visit).await.field("version");
    an.post(&visit, &[("version", &version), ("action", "sent"), ("number", ""), ("sent_on", "2026-11-19")]).await.expect(422);
    an.post(&visit, &[("version", &version), ("action", "sent"), ("number", "12/TB-UBND"), ("sent_on", "2026-11-27")]).await.expect(303);
    assert!(an.get("/can-bo/tiep-dan").await.expect(200).select(".notice.warn li").is_empty());
}

/// Trap 23, as everybody sees it.
#[tokio::test]
async fn trap_23_the_public_proof_counts_the_head_and_the_deputy_apart() {
    let app = TestApp::new().await;
    app.set_time("2026-09-28T02:00:00Z");
    let (first, number) = published(&app, plan("2026-10-05")).await;
    let (second, _) = published(&app, plan("2026-10-20")).await;
    app.set_time("2026-11-20T02:52:00Z");
    let mut em = app.signed_in("em").await;
    let proof = "/tiep-dan/co-quan/19.01969.UB?nam=2026";
    let unknown = app.visitor().get(proof).await.expect(200);
    assert!(unknown.select("#ky tbody").concat().contains("Chưa ghi kết quả"), "{}", unknown.text());
    step(&app, &mut em, &first, &[("action", "hold"), ("held_by", "head")]).await.expect(303);
    step(&app, &mut em, &second, &[("action", "hold"), ("held_by", "deputy")]).await.expect(303);
    let page = app.visitor().get(proof).await.expect(200);
    let october = page.select("#ky tbody tr").into_iter().find(|row| row.contains("Tháng 10/2026")).expect("October");
    assert!(october.contains("1 trong 2") && october.contains("không tính"), "{october}");
    assert!(page.attribute("#ky tbody a", "href").contains(&format!("/tiep-dan/{number}")), "the number leads to its days");
    let all = app.visitor().get("/tiep-dan/da-tiep").await.expect(200);
    let row = all.select("tbody tr").concat();
    assert!(row.contains("Phủ Thông"), "{row}");
    step(&app, &mut em, &second, &[("action", "hold"), ("held_by", "head")]).await.expect(303);
    let corrected = app.visitor().get(proof).await.expect(200);
    assert!(corrected.select("#ky tbody").concat().contains("2 trong 2"), "{}", corrected.text());
}

#[tokio::test]
async fn approvers_look_handlers_and_neighbours_find_nothing_and_a_page_gone_old_changes_nothing() {
    let app = TestApp::new().await;
    let (id, _) = published(&app, plan("2026-11-20")).await;
    let address = format!("/can-bo/tiep-dan/ngay/{id}");
    for (login, status) in [("an", 200), ("du", 200), ("em", 200), ("ha", 404), ("gi", 404), ("hu", 404), ("to", 404)] {
        app.signed_in(login).await.get(&address).await.expect(status);
    }
    let held = [("version", "2"), ("action", "hold"), ("held_by", "head")];
    app.signed_in("du").await.post(&address, &held).await.expect(403);
    app.signed_in("hu").await.post(&address, &held).await.expect(404);
    app.visitor().post(&address, &held).await.expect(401);
    let mut an = app.signed_in("an").await;
    an.post(&address, &[("version", "1"), ("action", "hold"), ("held_by", "head")]).await.expect(409);
    assert_eq!(session(&app, &id).await.state, State::Published);
    let tomorrow = published(&app, plan("2026-12-07")).await.0;
    step(&app, &mut an, &tomorrow, &[("action", "hold"), ("held_by", "head")]).await.expect(409);
    an.get(&format!("/can-bo/tiep-dan/ngay/{tomorrow}/luot")).await.expect(404);
}

#[tokio::test]
async fn a_case_is_tied_by_its_code_and_a_conclusion_is_issued_once() {
    let app = TestApp::new().await;
    let (report, code) = file_report(&app, "Cống tắc").await;
    let (id, number) = published(&app, Plan { starts: 600, ..plan("2026-11-20") }).await;
    let path = format!("/tiep-dan/{number}/hen");
    let wrong = app.visitor().post(&path, &contact("0912345678", &[("case_code", "K7QF 9M2X 4TBC 8WDH")])).await.expect(422);
    assert!(wrong.text().contains("Không có đơn nào mang mã này"), "{}", wrong.text());
    app.visitor().post(&path, &contact("0912345678", &[("case_code", &code)])).await.expect(303);
    let mut an = app.signed_in("an").await;
    let page = an.get(&format!("/can-bo/tiep-dan/ngay/{id}")).await.expect(200);
    assert!(page.attribute("#hen tbody a", "href").contains(&format!("/can-bo/don/{report}")), "{}", page.text());
    let conclusion = [("action", "conclude"), ("conclusion_number", "15/TB-UBND"), ("conclusion", "Giao phòng Kinh tế sửa cống trước 15/12/2026.")];
    step(&app, &mut an, &id, &conclusion).await.expect(409);
    step(&app, &mut an, &id, &[("action", "hold"), ("held_by", "head")]).await.expect(303);
    step(&app, &mut an, &id, &[("action", "conclude"), ("conclusion", "Giao việc.")]).await.expect(422);
    let task = an.get(&format!("/can-bo/tiep-dan/ngay/{id}")).await.expect(200).field("_task");
    let given = [
        ("action", "task"),
        ("_task", task.as_str()),
        ("task", "Sửa cống trước nhà văn hóa"),
        ("task_owner", crate::harness::PHU_THONG_ECONOMY),
        ("task_day", "15/12/2026"),
    ];
    let early: Vec<_> = given.into_iter().map(|(name, value)| if name == "task_day" { (name, "19/11/2026") } else { (name, value) }).collect();
    assert_eq!(step(&app, &mut an, &id, &early).await.expect(422).field("task"), "Sửa cống trước nhà văn hóa");
    step(&app, &mut an, &id, &given).await.expect(303);
    step(&app, &mut an, &id, &given).await.expect(303);
    let public = app.visitor().get(&format!("/tiep-dan/{number}")).await.expect(200);
    assert!(!public.text().contains("Sửa cống"), "nothing is public before the conclusion");
    step(&app, &mut an, &id, &conclusion).await.expect(303);
    assert!(an.get(&format!("/can-bo/tiep-dan/ngay/{id}")).await.expect(200).select("#ket-luan").concat().contains("15/TB-UBND"));
    let public = app.visitor().get(&format!("/tiep-dan/{number}")).await.expect(200);
    assert_eq!(public.select("#viec li").len(), 1, "sent twice, one promise: {}", public.text());
    let promise = public.attribute("#viec li a", "href").concat();
    let promise = app.visitor().get(&promise).await.expect(200);
    assert!(promise.text().contains("Sửa cống trước nhà văn hóa") && promise.text().contains("15/12/2026"), "{}", promise.text());
    step(&app, &mut an, &id, &conclusion).await.expect(409);
}

#[tokio::test]
async fn what_cannot_wait_is_published_at_once_and_an_online_day_is_tested_first() {
    let app = TestApp::new().await;
    let mut an = app.signed_in("an").await;
    let usual = [
        ("day", "21/11/2026"),
        ("kind", "extraordinary"),
        ("starts", "14:00"),
        ("ends", "16:00"),
        ("receiver", "head"),
        ("post", "Chủ tịch UBND xã"),
        ("place", "Điểm cầu UBND xã"),
        ("mode", "mixed"),
        ("slots", "0"),
    ];
    let bare = an.post("/can-bo/tiep-dan/ngay-moi", &usual).await.expect(422);
    assert!(bare.text().contains("phải nêu việc cần tiếp ngay"), "{}", bare.text());
    let whole: Vec<_> = usual.into_iter().chain([("topics", "Ba mươi hộ chặn đường vào mỏ đá")]).collect();
    let at = an.post("/can-bo/tiep-dan/ngay-moi", &whole).await.expect(303).location().expect("an address");
    let id = at.rsplit('/').next().expect("an id").to_owned();
    step(&app, &mut an, &id, &[("action", "publish")]).await.expect(303);
    assert_eq!(session(&app, &id).await.late_reason, "", "what cannot wait is not late");
    assert!(an.get(&at).await.expect(200).text().contains("Thử đường truyền"));
    step(&app, &mut an, &id, &[("action", "test")]).await.expect(303);
    assert_eq!(session(&app, &id).await.tested_on, Some(day("2026-11-20")));
    let proof = app.visitor().get("/tiep-dan/co-quan/19.01969.UB").await.expect(200);
    assert!(proof.text().contains("0 trong"), "an extraordinary day is no periodic one: {}", proof.text());
}
