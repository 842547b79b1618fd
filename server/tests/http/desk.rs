//! The officials' workspace: the way of a case, who sees what, two officials at once, the queue and its search.

use crate::harness::{Answer, Browser, PHU_THONG, PHU_THONG_BODY, PHU_THONG_CULTURE, PHU_THONG_ECONOMY, TestApp};
use app::actor::Actor;
use app::papers::kinds::PaperKind;
use app::papers::store as papers;
use app::papers::upload::NewPaper;
use app::petitions::actions::{self, Act, NewPetition};
use app::petitions::code::CaseCode;
use app::petitions::rules::{Case, Kind};
use app::petitions::store;
use app::petitions::store::parts::{CasePerson, CaseText};

const SENDER: &str = "Hoàng Thị Mẫu";
const PHONE: &str = "0912 345 678";

/// A browser in which somebody has signed in.
async fn official(app: &TestApp, login: &str) -> Browser {
    app.signed_in(login).await
}

async fn file(app: &TestApp, kind: Kind, title: &str) -> Case {
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let petition = NewPetition {
        kind,
        area_code: PHU_THONG.into(),
        body_id: PHU_THONG_BODY.into(),
        may_publish: true,
        text: CaseText { title: title.into(), body: format!("Tôi là {SENDER}, {PHONE}. {title}."), place: "thôn Nà Món".into(), ..CaseText::default() },
        person: CasePerson { name: SENDER.into(), phone: PHONE.into(), email: "mau@vi-du.vn".into(), language: "vi".into(), ..CasePerson::default() },
        papers: 0,
        limitation: None,
    };
    let code = CaseCode::of_token(&app.portal.new_id());
    let case = actions::file(&mut Act { tx: &mut tx, portal: &app.portal, actor: &Actor::Visitor }, &petition, &code).await.expect("filed");
    tx.commit().await.expect("kept");
    case
}

async fn reply(app: &TestApp, case_id: &str, body: &str) {
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let case = store::by_id(&mut tx, case_id).await.expect("a look").expect("the case");
    let actor = Actor::Citizen { case_id: case.id.clone() };
    let once = app.portal.new_id();
    actions::reply(&mut Act { tx: &mut tx, portal: &app.portal, actor: &actor }, &case, &once, body).await.expect("written");
    tx.commit().await.expect("kept");
}

async fn stored(app: &TestApp, case_id: &str) -> Case {
    let mut tx = app.portal.db().read().await.expect("a transaction");
    store::by_id(&mut tx, case_id).await.expect("a look").expect("the case")
}

fn page(case: &Case) -> String {
    format!("/can-bo/don/{}", case.id)
}

/// Opens the case, fills the form of a step and sends it.
async fn step(browser: &mut Browser, case: &Case, step: &str, fields: &[(&str, &str)]) -> Answer {
    let version = browser.get(&page(case)).await.expect(200).field("version");
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    browser.post(&format!("{}/{step}", page(case)), &all).await
}

/// Receives a case and gives it to handler `ha` of the economy unit.
async fn assigned(app: &TestApp, case: &Case) {
    let mut an = official(app, "an").await;
    step(&mut an, case, "nhan", &[]).await.expect(303);
    step(&mut an, case, "giao", &[("unit", PHU_THONG_ECONOMY), ("handler", "account-ha")]).await.expect(303);
}

#[tokio::test]
async fn a_case_goes_from_receipt_to_the_public_through_four_hands() {
    let app = TestApp::new().await;
    let case = file(&app, Kind::Report, "Mặt đường vào trường sụt lún").await;
    let (mut an, mut ha, mut du) = (official(&app, "an").await, official(&app, "ha").await, official(&app, "du").await);

    let first = an.get(&page(&case)).await.expect(200);
    assert!(first.text().contains("Bước của bạn: Tiếp nhận"), "{}", first.text());
    assert!(first.text().contains("Chậm nhất thứ Hai, 7/12/2026"));
    ha.get(&page(&case)).await.expect(404);
    step(&mut an, &case, "nhan", &[]).await.expect(303);
    let told = an.get(&page(&case)).await.expect(200);
    assert!(told.text().contains("Đã tiếp nhận. Người dân được báo."));
    assert!(!an.get(&page(&case)).await.text().contains("Đã tiếp nhận. Người dân được báo."), "told once");
    step(&mut an, &case, "giao", &[("unit", ""), ("handler", "account-ha")]).await.expect(303);
    assert_eq!(stored(&app, &case.id).await.unit_id.as_deref(), Some(PHU_THONG_ECONOMY), "the handler's unit comes along");

    step(&mut ha, &case, "hoi", &[("question", "Đoạn sụt nằm trước hay sau cầu?")]).await.expect(303);
    reply(&app, &case.id, "Ngay sau cầu.").await;
    let thread = ha.get(&page(&case)).await.expect(200);
    assert!(thread.select(".msg-citizen").concat().contains("Ngay sau cầu."));
    assert!(thread.select(".msg-official").concat().contains("Cán bộ Hà"));
    step(&mut ha, &case, "tra-loi", &[("answer", "Đã san lấp **ngày 18/11**."), ("action", "send")]).await.expect(303);
    let waiting = du.get(&page(&case)).await.expect(200);
    assert!(waiting.text().contains("Bước của bạn: Duyệt trả lời"));
    assert!(waiting.body.contains("<strong>ngày 18/11</strong>"));
    step(&mut du, &case, "duyet", &[]).await.expect(303);

    let public = [("public_title", "Đường vào trường sụt lún"), ("public_body", "Từ sau mưa, đoạn đường vào trường bị sụt.")];
    step(&mut ha, &case, "cong-khai", &public).await.expect(303);
    step(&mut du, &case, "duyet-cong-khai", &[]).await.expect(303);
    let out = du.get(&page(&case)).await.expect(200);
    assert!(out.text().contains("Công khai số 1"));
    assert!(out.text().contains("Cán bộ Du duyệt bản công khai, số 1."));
    step(&mut an, &case, "ket-thuc", &[]).await.expect(303);
    step(&mut an, &case, "mo-lai", &[("reopen_reason", "Đoạn đường lại sụt.")]).await.expect(303);
    let again = an.get(&page(&case)).await.expect(200);
    assert!(again.text().contains("Lý do: Đoạn đường lại sụt."));
}

#[tokio::test]
async fn nobody_approves_their_own_answer_and_a_draft_can_go_back() {
    let app = TestApp::new().await;
    let case = file(&app, Kind::Report, "Đèn đường tổ 5 không sáng").await;
    assigned(&app, &case).await;
    let (mut em, mut du) = (official(&app, "em").await, official(&app, "du").await);
    step(&mut em, &case, "tra-loi", &[("answer", "Đã thay bóng.")]).await.expect(303);
    let own = em.get(&page(&case)).await.expect(200);
    assert!(own.text().contains("một người khác phải duyệt"), "{}", own.text());
    assert!(own.attribute("form", "action").iter().all(|action| !action.contains("/duyet")));
    step(&mut em, &case, "duyet", &[]).await.expect(403);
    step(&mut du, &case, "tra-lai", &[("return_reason", "")]).await.expect(422);
    step(&mut du, &case, "tra-lai", &[("return_reason", "Ghi rõ ngày thay.")]).await.expect(303);
    let mut ha = official(&app, "ha").await;
    let back = ha.get(&page(&case)).await.expect(200);
    assert!(back.text().contains("Lý do: Ghi rõ ngày thay."));
    assert_eq!(back.field("answer").trim(), "Đã thay bóng.", "the next draft begins with the last");
}

#[tokio::test]
async fn the_second_official_is_told_what_changed_and_keeps_every_word() {
    let app = TestApp::new().await;
    let case = file(&app, Kind::Report, "Tiếng ồn xưởng cưa").await;
    assigned(&app, &case).await;
    let (mut ha, mut em) = (official(&app, "ha").await, official(&app, "em").await);
    let seen = ha.get(&page(&case)).await.expect(200).field("version");
    step(&mut em, &case, "ghi-chu", &[("note", "Xem cùng đơn trước.")]).await.expect(303);

    let typed = "Đã làm việc với xưởng.\n\nNghỉ sau 22 giờ.";
    let fields = [("version", seen.as_str()), ("answer", typed)];
    let answer = ha.post(&format!("{}/tra-loi", page(&case)), &fields).await.expect(409);
    assert!(answer.select("#conflict").concat().contains("Cán bộ Em ghi chú nội bộ."), "{}", answer.text());
    assert_eq!(answer.field("answer").trim(), typed);
    let version = answer.field("version");
    assert_ne!(version, seen);
    ha.post(&format!("{}/tra-loi", page(&case)), &[("version", &version), ("answer", typed)]).await.expect(303);

    // The step itself is gone: the words are still there to be copied.
    let late = ha.post(&format!("{}/tra-loi", page(&case)), &[("version", &seen), ("answer", "Bản khác.")]).await.expect(409);
    assert!(late.select("#conflict textarea").concat().contains("Bản khác."));
}

#[tokio::test]
async fn the_same_form_sent_twice_is_done_once() {
    let app = TestApp::new().await;
    let case = file(&app, Kind::Report, "Xin mở rộng chợ phiên").await;
    let mut an = official(&app, "an").await;
    let version = an.get(&page(&case)).await.expect(200).field("version");
    for _ in 0..2 {
        let answer = an.post(&format!("{}/nhan", page(&case)), &[("version", &version)]).await.expect(303);
        assert_eq!(answer.location().as_deref(), Some(format!("{}?phan=tat-ca", page(&case)).as_str()));
    }
    assert_eq!(stored(&app, &case.id).await.version, 2);
    let version = an.get(&page(&case)).await.expect(200).field("version");
    let forward = [("version", version.as_str()), ("forward_to", crate::harness::CHO_DON_BODY), ("forward_reason", "Đường của xã bạn.")];
    for _ in 0..2 {
        let answer = an.post(&format!("{}/chuyen", page(&case)), &forward).await.expect(303);
        assert_eq!(answer.location().as_deref(), Some("/can-bo?phan=tat-ca"), "the case is no longer theirs");
    }
    an.get(&page(&case)).await.expect(404);
    official(&app, "hu").await.get(&page(&case)).await.expect(200);
}

#[tokio::test]
async fn who_may_not_see_a_case_finds_nothing() {
    let app = TestApp::new().await;
    let report = file(&app, Kind::Report, "Rác ở bờ suối").await;
    let denunciation = file(&app, Kind::Denunciation, "Cán bộ thôn lấy tiền").await;
    assigned(&app, &report).await;
    assigned(&app, &denunciation).await;
    for login in ["gi", "hu", "cu"] {
        let mut browser = official(&app, login).await;
        for case in [&report, &denunciation] {
            browser.get(&page(case)).await.expect(404);
            browser.post(&format!("{}/ghi-chu", page(case)), &[("version", "3"), ("note", "x")]).await.expect(404);
        }
    }
    let (mut ha, mut bi) = (official(&app, "ha").await, official(&app, "bi").await);
    bi.get(&page(&report)).await.expect(200);
    bi.get(&page(&denunciation)).await.expect(404);
    bi.get("/can-bo/don/khong-co").await.expect(404);
    let queue = bi.get("/can-bo?phan=tat-ca").await.expect(200);
    assert!(queue.text().contains("Rác ở bờ suối") && !queue.text().contains("Cán bộ thôn"));
    assert!(!queue.select(".chip").concat().contains('2'), "not even in a count: {:?}", queue.select(".chip"));
    let queue = ha.get("/can-bo").await.expect(200);
    assert!(queue.text().contains("Nội dung niêm phong") && !queue.text().contains("Cán bộ thôn"), "whom it was given to, and nothing of what it says");
    let sealed = ha.get(&page(&denunciation)).await.expect(200);
    assert!(sealed.text().contains("giữ kín người gửi") && sealed.text().contains("không bao giờ được công khai"));
    let admin = official(&app, "gi").await.get("/can-bo").await.expect(200);
    assert!(admin.text().contains("Bạn quản lý tài khoản") && admin.select(".item").is_empty());
    assert_eq!(app.visitor().get("/can-bo").await.expect(303).location().as_deref(), Some("/dang-nhap?next=/can-bo"));
}

#[tokio::test]
async fn a_denunciation_is_given_to_a_person_not_to_a_room() {
    let app = TestApp::new().await;
    let case = file(&app, Kind::Denunciation, "Cán bộ thôn lấy tiền").await;
    let mut an = official(&app, "an").await;
    step(&mut an, &case, "nhan", &[]).await.expect(303);
    let refused = step(&mut an, &case, "giao", &[("unit", PHU_THONG_ECONOMY), ("handler", "")]).await.expect(422);
    assert!(refused.text().contains("Đơn tố cáo phải giao cho một người. Hãy chọn"));
    let elsewhere = step(&mut an, &case, "giao", &[("unit", PHU_THONG_CULTURE), ("handler", "account-ha")]).await.expect(422);
    assert!(elsewhere.text().contains("Người này làm ở phòng khác"));
    step(&mut an, &case, "giao", &[("unit", ""), ("handler", "account-hu")]).await.expect(422);
    step(&mut an, &case, "giao", &[("unit", ""), ("handler", "")]).await.expect(422);
}

#[tokio::test]
async fn texts_for_others_do_not_name_the_sender() {
    let app = TestApp::new().await;
    let case = file(&app, Kind::Report, "Nước giếng đục").await;
    assigned(&app, &case).await;
    let mut ha = official(&app, "ha").await;
    let fresh = ha.get(&page(&case)).await.expect(200);
    assert!(fresh.field("public_body").contains(SENDER), "the public text begins as the original, with a warning");
    let refused = step(&mut ha, &case, "cong-khai", &[("public_title", "Nước giếng"), ("public_body", "Bà HOANG THI MAU báo nước đục.")]).await.expect(422);
    assert!(refused.select(".field .err").concat().contains("số điện thoại"), "{}", refused.text());
    assert_eq!(refused.field("public_body").trim(), "Bà HOANG THI MAU báo nước đục.");
    let refused = step(&mut ha, &case, "tra-loi", &[("answer", "Chúng tôi đã gọi 0912.345.678.")]).await.expect(422);
    assert!(refused.select(".field .err").concat().contains("Hãy bỏ đi"));
}

#[tokio::test]
async fn a_preview_shows_clean_markdown_and_sends_nothing() {
    let app = TestApp::new().await;
    let case = file(&app, Kind::Report, "Chó thả rông").await;
    assigned(&app, &case).await;
    let before = stored(&app, &case.id).await.version;
    let mut ha = official(&app, "ha").await;
    let typed = "**Đã nhắc** chủ nuôi.<script>alert(1)</script>";
    let preview = step(&mut ha, &case, "tra-loi", &[("answer", typed), ("action", "preview")]).await.expect(200);
    assert!(preview.body.contains("<strong>Đã nhắc</strong>"));
    assert!(!preview.body.contains("<script>alert"));
    assert_eq!(preview.field("answer").trim(), typed);
    let leaving = step(&mut ha, &case, "tra-loi", &[("answer", "</textarea><h1 id=\"x\">x</h1>"), ("action", "preview")]).await.expect(200);
    assert!(leaving.select("h1#x").is_empty(), "a text cannot leave its field");
    assert_eq!(stored(&app, &case.id).await.version, before);
}

#[tokio::test]
async fn the_sender_is_shown_once_for_a_reason_and_the_opening_is_recorded() {
    let app = TestApp::new().await;
    let case = file(&app, Kind::Complaint, "Chậm cấp giấy chứng nhận").await;
    assigned(&app, &case).await;
    let (mut ha, mut du) = (official(&app, "ha").await, official(&app, "du").await);
    let masked = ha.get(&page(&case)).await.expect(200);
    assert!(masked.select("aside").concat().contains("Có: họ tên, điện thoại, thư điện tử"), "{}", masked.text());
    assert!(!masked.select("aside").concat().contains(SENDER));
    step(&mut ha, &case, "thong-tin", &[("identity_reason", " ")]).await.expect(422);
    let opened = step(&mut ha, &case, "thong-tin", &[("identity_reason", "Gọi hẹn ngày đo đất")]).await.expect(200);
    assert!(opened.select("#nguoi-gui").concat().contains(SENDER));
    assert_eq!(opened.header("cache-control"), "no-store");
    let after = ha.get(&page(&case)).await.expect(200);
    assert!(after.select("#nguoi-gui").is_empty());
    assert!(after.select(".line").concat().contains("Cán bộ Hà mở thông tin người gửi. Lý do: Gọi hẹn ngày đo đất"));
    step(&mut du, &case, "thong-tin", &[("identity_reason", "tò mò")]).await.expect(403);
    // A quarter of an hour later it takes a fresh proof; nothing typed is lost, and the proof never comes back.
    app.set_time("2026-11-20T03:07:00Z");
    let asked = step(&mut ha, &case, "thong-tin", &[("identity_reason", "Gọi lại")]).await.expect(422);
    assert!(asked.select("#nguoi-gui").is_empty() && asked.select("[name=proof]").len() == 1, "{}", asked.text());
    assert_eq!(asked.field("identity_reason"), "Gọi lại");
    let wrong = step(&mut ha, &case, "thong-tin", &[("identity_reason", "Gọi lại"), ("proof", "khong phai mat khau")]).await.expect(422);
    assert!(!wrong.body.contains("khong phai mat khau"));
    let proven = step(&mut ha, &case, "thong-tin", &[("identity_reason", "Gọi lại"), ("proof", crate::harness::PASSWORD)]).await.expect(200);
    assert!(proven.select("#nguoi-gui").concat().contains(SENDER));
}

#[tokio::test]
async fn the_queue_is_in_the_order_of_the_clock_and_has_pages() {
    let app = TestApp::new().await;
    for n in 0..60 {
        // Every case a day later than the one before; filed backwards, so that the order is not that of filing.
        app.set_time(&format!("2026-{:02}-{:02}T02:00:00Z", if n < 30 { 10 } else { 9 }, 30 - n % 30));
        file(&app, Kind::Report, &format!("Đơn thứ {n}")).await;
    }
    app.set_time(crate::harness::NOW);
    let mut an = official(&app, "an").await;
    let first = an.get("/can-bo?phan=tat-ca").await.expect(200);
    assert_eq!(first.select(".item").len(), 50);
    assert!(first.select(".item b")[0].contains("Đơn thứ 59"), "the one that is most overdue comes first");
    let next = first.attribute("a[rel=next]", "href").remove(0);
    let second = an.get(&next).await.expect(200);
    assert_eq!(second.select(".item").len(), 10);
    let mut all = [first.select(".item b"), second.select(".item b")].concat();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 60, "every case once");
    assert!(second.attribute("a[rel=next]", "href").is_empty());
    assert!(first.select(".chip").iter().any(|chip| chip == "Quá hạn 60"), "{:?}", first.select(".chip"));
    let none = an.get("/can-bo?phan=tat-ca&loai=complaint").await.expect(200);
    assert!(none.text().contains("Không có đơn nào ở đây"));
    assert_eq!(an.get("/can-bo?phan=cho-tiep-nhan&loai=report").await.expect(200).select(".item").len(), 50);
}

#[tokio::test]
async fn what_is_finished_is_listed_by_its_last_change() {
    let app = TestApp::new().await;
    let cases = [file(&app, Kind::Report, "Việc một").await, file(&app, Kind::Report, "Việc hai").await];
    for case in &cases {
        assigned(&app, case).await;
        step(&mut official(&app, "ha").await, case, "tra-loi", &[("answer", "Xong.")]).await.expect(303);
    }
    let mut du = official(&app, "du").await;
    assert_eq!(du.get("/can-bo?phan=cho-duyet").await.expect(200).select(".item").len(), 2);
    app.set_time("2026-11-23T02:00:00Z");
    du = official(&app, "du").await;
    step(&mut du, &cases[1], "duyet", &[]).await.expect(303);
    app.set_time("2026-11-23T02:30:00.5Z");
    step(&mut du, &cases[0], "duyet", &[]).await.expect(303);
    for login in ["du", "ha", "bi"] {
        let queue = official(&app, login).await.get("/can-bo?phan=da-tra-loi").await.expect(200);
        assert_eq!(queue.select(".item b"), ["Việc một", "Việc hai"], "{login}");
        assert!(queue.select(".chip").iter().any(|chip| chip == "Đã trả lời 2"), "{login}");
    }
}

#[tokio::test]
async fn search_finds_with_and_without_marks_the_very_marks_first() {
    let app = TestApp::new().await;
    file(&app, Kind::Report, "Cầu Nà Món sập lan can").await;
    app.set_time("2026-11-20T02:53:00Z");
    file(&app, Kind::Report, "Cậu bé bị chó cắn").await;
    file(&app, Kind::Denunciation, "Cầu treo xây gian dối").await;
    let mut an = official(&app, "an").await;
    let titles = |answer: Answer| answer.expect(200).select(".item b");
    assert_eq!(titles(an.get("/can-bo?q=cau").await), ["Cậu bé bị chó cắn", "Cầu Nà Món sập lan can"], "newest first, no denunciation");
    assert_eq!(titles(an.get("/can-bo?q=c%E1%BA%A7u").await), ["Cầu Nà Món sập lan can", "Cậu bé bị chó cắn"], "the very marks first");
    assert_eq!(titles(an.get("/can-bo?q=cau+lan+can").await), ["Cầu Nà Món sập lan can"]);
    assert!(an.get("/can-bo?q=%22%27%3F%21").await.expect(200).text().contains("Không tìm thấy đơn nào"));
    assert!(titles(official(&app, "hu").await.get("/can-bo?q=cau").await).is_empty(), "another authority's words are not searched");
    assert!(titles(official(&app, "ha").await.get("/can-bo?q=cau").await).is_empty(), "nor those of cases not given to the unit");
}

/// Officials look for names, phones and ID numbers: what they type is sent by a form, and sealed wherever it stands in an address.
#[tokio::test]
async fn what_an_official_looks_for_stands_in_no_address() {
    let app = TestApp::new().await;
    file(&app, Kind::Report, "Cầu Nà Món sập lan can").await;
    file(&app, Kind::Report, "Đường hỏng").await;
    let mut an = official(&app, "an").await;
    let form = an.get("/can-bo").await.expect(200);
    assert_eq!(
        (form.attribute("form[role=search]", "method"), form.attribute("form[role=search]", "action")),
        (vec!["post".to_owned()], vec!["/can-bo/tim".to_owned()])
    );
    let to = an.post("/can-bo/tim", &[("phan", "tat-ca"), ("q", "sập lan can")]).await.expect(303).location().expect("an address");
    let plain = |text: &str| ["lan", "can", "s%E1%BA%ADp", "sập"].iter().any(|word| text.split(['&', '?', '=', '+', ' ', '%']).any(|part| part == *word));
    assert!(to.starts_with("/can-bo?phan=tat-ca&q=~") && !plain(&to), "{to}");
    let found = an.get(&to).await.expect(200);
    assert_eq!(found.select(".item b"), ["Cầu Nà Món sập lan can"]);
    assert_eq!(found.attribute("#q", "value"), ["sập lan can"], "the words are in the field");
    assert!(found.links().iter().all(|link| !plain(link)), "{:?}", found.links());
    let one = found.attribute("a.item", "href").remove(0);
    assert_eq!(an.get(&one).await.expect(200).select(".item b"), ["Cầu Nà Món sập lan can"], "the case keeps the search beside it");
    // An address from before, and one that somebody changed.
    let before = an.get("/can-bo?q=lan+can").await.expect(200);
    assert!(before.attribute("a.item", "href").iter().all(|link| link.contains("q=~") && !plain(link)));
    assert_eq!(an.get(&to.replace("q=~", "q=~A")).await.expect(200).attribute("#q", "value"), [""]);
    assert_eq!(an.post("/can-bo/tim", &[("phan", "tat-ca"), ("q", " ")]).await.expect(303).location().as_deref(), Some("/can-bo?phan=tat-ca"));
}

#[tokio::test]
async fn words_typed_after_the_session_has_ended_go_along() {
    let app = TestApp::new().await;
    let case = file(&app, Kind::Report, "Biển báo đổ").await;
    let answer = app.visitor().post(&format!("{}/ghi-chu?phan=tat-ca", page(&case)), &[("version", "1"), ("note", "Đã gọi tổ dân phố.")]).await.expect(401);
    assert_eq!(answer.field("kept.note"), "Đã gọi tổ dân phố.");
    assert_eq!(answer.field("kept_target"), format!("{}/ghi-chu", page(&case)));
}

#[tokio::test]
async fn a_photo_goes_public_when_a_second_person_has_let_it_out() {
    let app = TestApp::new().await;
    let case = file(&app, Kind::Report, "Rác ở bờ suối").await;
    let other = file(&app, Kind::Report, "Việc khác").await;
    assigned(&app, &case).await;
    let photo = photo_of(&app, &case).await;
    let (mut ha, mut du) = (official(&app, "ha").await, official(&app, "du").await);
    assert!(ha.get(&page(&case)).await.expect(200).text().contains("duong.jpg"));
    for size in ["", "/nho"] {
        let picture = ha.get(&format!("{}/anh/{photo}{size}", page(&case))).await.expect(200);
        assert_eq!((picture.header("content-type"), picture.header("cache-control")), ("image/jpeg", "no-store"));
        official(&app, "cu").await.get(&format!("{}/anh/{photo}{size}", page(&case))).await.expect(404);
        du.get(&format!("{}/anh/{photo}{size}", page(&other))).await.expect(404);
    }
    let box_of_photo = format!("photo_{photo}");
    let text = [("public_title", "Rác ở bờ suối"), ("public_body", "Rác đổ ở bờ suối.")];
    let with_photo = [text[0], text[1], (box_of_photo.as_str(), "1")];
    let original = format!("/cong-khai/1/anh/{photo}");
    step(&mut ha, &case, "cong-khai", &text).await.expect(303);
    step(&mut du, &case, "duyet-cong-khai", &[]).await.expect(303);
    let photos = |page: Answer| page.expect(200).attribute(".photo-grid a", "href");
    assert!(photos(app.visitor().get("/cong-khai/1").await).is_empty());
    step(&mut ha, &case, "cong-khai", &with_photo).await.expect(303);
    assert!(photos(app.visitor().get("/cong-khai/1").await).is_empty(), "one person alone lets nothing out");
    step(&mut du, &case, "duyet-cong-khai", &[]).await.expect(303);
    let public = photos(app.visitor().get("/cong-khai/1").await);
    assert_eq!(public.len(), 1);
    app.visitor().get(&public[0]).await.expect(200);
    app.visitor().get(&original).await.expect(404);
    step(&mut ha, &case, "cong-khai", &text).await.expect(303);
    app.visitor().get(&public[0]).await.expect(200);
    step(&mut du, &case, "duyet-cong-khai", &[]).await.expect(303);
    app.visitor().get(&public[0]).await.expect(404);
}

/// Puts a photo to a case.
async fn photo_of(app: &TestApp, case: &Case) -> String {
    let id = app.portal.new_id();
    let paper = NewPaper {
        id: id.clone(),
        kind: PaperKind::Jpeg,
        bytes: 3,
        width: Some(1),
        height: Some(1),
        has_thumb: false,
        original_name: "duong.jpg".into(),
        file_key: None,
        at: app.portal.now(),
    };
    app.portal.files().put(&app::papers::key(&id), b"jpg".to_vec().into()).await.expect("kept");
    let mut tx = app.portal.db().write().await.expect("a transaction");
    papers::insert(&mut tx, papers::Owner::Case { case_id: &case.id, message_id: None }, &paper).await.expect("a row");
    tx.commit().await.expect("kept");
    id
}

#[tokio::test]
async fn the_desk_speaks_english_too() {
    let app = TestApp::new().await;
    let case = file(&app, Kind::Report, "Biển báo đổ").await;
    let mut an = official(&app, "an").await;
    let answer = an.get(&format!("/en{}", page(&case))).await.expect(200);
    assert!(answer.text().contains("Your step: Receive"), "{}", answer.text());
    assert!(answer.attribute("form", "action").iter().any(|action| action.starts_with("/en/can-bo/don/")));
    assert!(an.get("/en/can-bo").await.expect(200).text().contains("Whole authority"));
}
