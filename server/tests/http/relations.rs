//! What ties cases and people together: similar cases, repeats, parts, signers, joining. Who sees what of it, and what never.

use crate::harness::petitions_of::{SENDER, SENDER_EMAIL, actor, case, file_petition, give_to_economy};
use crate::harness::{Answer, Browser, CHO_DON_BODY, PHU_THONG, PHU_THONG_BODY, TestApp};
use app::petitions::actions::{self, Act, NewPetition};
use app::petitions::recognition as marks;
use app::petitions::rules::{Case, Kind, State};
use app::petitions::store;
use app::petitions::store::parts::{CasePerson, CaseText};
use app::relations::groups;

/// Half a minute after [`crate::harness::NOW`]: by then cases filed at that time have their marks.
const A_LITTLE_LATER: &str = "2026-11-20T02:52:30Z";

/// Somebody who files.
struct Sender {
    phone: &'static str,
    email: &'static str,
}

const PAO: Sender = Sender { phone: "0912 345 678", email: SENDER_EMAIL };
const SEN: Sender = Sender { phone: "0987 111 222", email: "" };
const NOBODY: Sender = Sender { phone: "", email: "" };

/// Files a petition; gives its id and code.
async fn file(app: &TestApp, kind: Kind, sender: &Sender, title: &str, body: &str) -> (String, String) {
    file_at(app, PHU_THONG_BODY, kind, sender, title, body).await
}

async fn file_at(app: &TestApp, body_id: &str, kind: Kind, sender: &Sender, title: &str, body: &str) -> (String, String) {
    let petition = NewPetition {
        kind,
        area_code: PHU_THONG.into(),
        body_id: body_id.into(),
        may_publish: true,
        text: CaseText { title: title.into(), body: body.into(), ..CaseText::default() },
        person: CasePerson {
            name: SENDER.into(),
            phone: sender.phone.into(),
            email: sender.email.into(),
            address: "thôn Nà Món".into(),
            language: "vi".into(),
            ..CasePerson::default()
        },
        papers: 0,
        limitation: None,
    };
    file_petition(app, &petition).await
}

/// The marks of all cases are written, as the worker does a moment later.
async fn marked(app: &TestApp) {
    app.set_time(A_LITTLE_LATER);
    marks::catch_up_wholly(&app.portal).await.expect("marked");
}

/// Sends a form of a page that carries the case's version.
async fn send(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let version = browser.get(path).await.expect(200).field("version");
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    browser.post(path, &all).await
}

fn related(case_id: &str) -> String {
    format!("/can-bo/don/{case_id}/lien-quan")
}

fn signers(case_id: &str) -> String {
    format!("/can-bo/don/{case_id}/nguoi-ky")
}

fn desk(case_id: &str) -> String {
    format!("/can-bo/don/{case_id}")
}

/// Lets a case out to the public and gives its number.
async fn release(app: &TestApp, case_id: &str, title: &str) -> i64 {
    give_to_economy(app, case_id).await;
    let (first, second) = (actor(app, "ha").await, actor(app, "du").await);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let before = store::by_id(&mut tx, case_id).await.expect("readable").expect("there");
    let proposed = actions::propose_public_text(&mut Act { tx: &mut tx, portal: &app.portal, actor: &first }, &before, title, "Lời công khai.", &[]).await;
    let proposed = proposed.expect("proposed");
    actions::approve_public_text(&mut Act { tx: &mut tx, portal: &app.portal, actor: &second }, &proposed).await.expect("released");
    tx.commit().await.expect("kept");
    let mut tx = app.portal.db().read().await.expect("a transaction");
    store::register::by_case(&mut tx, case_id).await.expect("readable").expect("released").number
}

const CULVERT: (&str, &str) = ("Cống trước nhà văn hóa bị tắc", "Nước ngập đường mỗi khi mưa, cống tắc ba tuần nay.");
const CULVERT_AGAIN: (&str, &str) = ("Tắc cống gần nhà văn hoá thôn", "Mưa là ngập, nước tràn ra đường vì cống tắc.");
const LAMP: (&str, &str) = ("Đèn đường không sáng", "Bóng đèn trước trường học hỏng từ tháng trước.");

#[tokio::test]
async fn beside_a_case_stand_those_with_its_words_or_its_sender_and_why() {
    let app = TestApp::new().await;
    let (by_words, _) = file(&app, Kind::Report, &SEN, CULVERT.0, CULVERT.1).await;
    let (by_sender, _) = file(&app, Kind::Recommendation, &PAO, LAMP.0, LAMP.1).await;
    let (neither, _) = file(&app, Kind::Report, &SEN, "Chợ phiên họp sai ngày", "Lịch chợ dán ở cổng không đúng.").await;
    let (this, _) = file(&app, Kind::Report, &PAO, CULVERT_AGAIN.0, CULVERT_AGAIN.1).await;
    marked(&app).await;
    let page = app.official("an").await.get(&desk(&this)).await.expect(200);
    let links = page.attribute("#lien-quan .related a", "href");
    assert!(links.contains(&desk(&by_words)) && links.contains(&desk(&by_sender)), "{links:?}");
    assert!(!links.contains(&desk(&neither)) && !links.contains(&desk(&this)), "{links:?}");
    let reasons = page.select("#lien-quan .reasons li").join("; ");
    // The rarest words come first; "cống" is not among them, for "cổng" of the third case is the same word without marks.
    assert!(reasons.contains("cùng số điện thoại") && reasons.contains("tắc") && reasons.contains("ngập"), "{reasons}");
}

#[tokio::test]
async fn an_official_sees_nothing_like_it_that_they_may_not_see_not_even_a_count() {
    let app = TestApp::new().await;
    file_at(&app, CHO_DON_BODY, Kind::Report, &PAO, CULVERT.0, CULVERT.1).await;
    let (other_unit, _) = file(&app, Kind::Report, &PAO, CULVERT.0, CULVERT.1).await;
    let (this, _) = file(&app, Kind::Report, &PAO, CULVERT_AGAIN.0, CULVERT_AGAIN.1).await;
    give_to_economy(&app, &this).await;
    marked(&app).await;
    let handler = app.official("ha").await.get(&desk(&this)).await.expect(200);
    assert_eq!(handler.attribute("#lien-quan .related a", "href"), Vec::<String>::new(), "intake's case and the neighbour's are none of the handler's");
    let intake = app.official("an").await.get(&desk(&this)).await.expect(200);
    assert_eq!(intake.attribute("#lien-quan .related a", "href"), [desk(&other_unit)], "the neighbour's case does not show");
}

/// Trap 26: a denouncer leaks through comparisons, whichever way they run.
#[tokio::test]
async fn trap_26_a_denunciation_is_like_nothing_and_nothing_is_like_it() {
    let app = TestApp::new().await;
    let (open, _) = file(&app, Kind::Report, &PAO, CULVERT.0, CULVERT.1).await;
    let (sealed, _) = file(&app, Kind::Denunciation, &PAO, CULVERT_AGAIN.0, CULVERT_AGAIN.1).await;
    let (later, _) = file(&app, Kind::Complaint, &PAO, CULVERT.0, CULVERT.1).await;
    marked(&app).await;
    let mut head = app.official("em").await;
    assert_eq!(head.get(&desk(&sealed)).await.expect(200).attribute("#lien-quan .related a", "href"), Vec::<String>::new());
    assert_eq!(head.get(&desk(&open)).await.expect(200).attribute("#lien-quan .related a", "href"), [desk(&later)]);
    // What becomes a denunciation leaves at once, even from the table of marks.
    let version = case(&app, &later).await.version.to_string();
    let fields = [("version", version.as_str()), ("kind", "denunciation"), ("kind_reason", "Tố cáo cán bộ")];
    head.post(&format!("{}/phan-loai", desk(&later)), &fields).await.expect(303);
    assert_eq!(head.get(&desk(&open)).await.expect(200).attribute("#lien-quan .related a", "href"), Vec::<String>::new());
    let mut tx = app.portal.db().read().await.expect("a transaction");
    assert_eq!(store::recognition::of_case(&mut tx, &later).await.expect("readable"), []);
    assert_eq!(store::recognition::of_case(&mut tx, &sealed).await.expect("readable"), []);
}

/// Trap 20: merging duplicates destroys the count of petitions; linking is right.
#[tokio::test]
async fn trap_20_a_repeat_is_linked_and_unlinked_and_no_petition_is_lost() {
    let app = TestApp::new().await;
    let (first, _) = file(&app, Kind::Report, &PAO, CULVERT.0, CULVERT.1).await;
    let (again, again_code) = file(&app, Kind::Report, &PAO, CULVERT_AGAIN.0, CULVERT_AGAIN.1).await;
    let (other, _) = file(&app, Kind::Report, &SEN, CULVERT.0, CULVERT.1).await;
    let due = case(&app, &again).await.due_on;
    let mut an = app.official("an").await;
    let wrong = send(&mut an, &related(&again), &[("action", "link"), ("other", &first), ("link_reason", "Gõ rồi không mất")]).await.expect(422);
    assert_eq!(wrong.field("link_reason"), "Gõ rồi không mất");
    let fields = [("action", "link"), ("other", first.as_str()), ("tie", "same_petition"), ("link_reason", "Cùng người, cùng cống")];
    send(&mut an, &related(&again), &fields).await.expect(303);
    let page = an.get(&related(&again)).await.expect(200);
    assert!(page.text().contains("2 đơn · 1 vụ việc · 1 người"), "{}", page.text());
    let fields = [("action", "link"), ("other_address", other.as_str()), ("tie", "same_matter"), ("link_reason", "Cùng cống")];
    send(&mut an, &related(&again), &fields).await.expect(303);
    assert!(an.get(&desk(&first)).await.text().contains("3 đơn · 1 vụ việc · 2 người"), "seen from every one of them");
    // A circle would count a matter twice.
    let fields = [("action", "link"), ("other_address", first.as_str()), ("tie", "same_matter"), ("link_reason", "Lần nữa")];
    let refused = send(&mut an, &related(&other), &fields).await.expect(422);
    assert!(refused.text().contains("đã cùng một vụ việc"));
    let figures = an.get("/can-bo/vu-viec").await.expect(200);
    assert_eq!(figures.select(".three-numbers dd b"), ["3", "1", "2"]);
    for id in [&first, &again, &other] {
        let timeline = an.get(&desk(id)).await.text();
        assert!(timeline.contains("liên kết với một đơn khác"), "both records say so");
    }
    // Undone, with a reason, as if it had never been; and code, clock and state were never touched.
    let link = an.get(&related(&first)).await.attribute("input[name=link]", "value").concat();
    send(&mut an, &related(&first), &[("action", "unlink"), ("link", &link), ("unlink_reason", "Khác người")]).await.expect(303);
    assert!(an.get(&desk(&first)).await.text().contains("1 đơn · 1 vụ việc · 1 người"));
    let now = case(&app, &again).await;
    assert_eq!((now.due_on, now.state), (due, State::Submitted));
    assert_eq!(app.visitor().post("/tra-cuu", &[("code", &again_code)]).await.location().as_deref(), Some("/tra-cuu/don"));
}

#[tokio::test]
async fn the_answer_of_the_first_begins_the_draft_of_its_repeat() {
    let app = TestApp::new().await;
    let (first, _) = file(&app, Kind::Report, &PAO, CULVERT.0, CULVERT.1).await;
    let (again, _) = file(&app, Kind::Report, &PAO, CULVERT_AGAIN.0, CULVERT_AGAIN.1).await;
    give_to_economy(&app, &first).await;
    give_to_economy(&app, &again).await;
    let (ha, du) = (actor(&app, "ha").await, actor(&app, "du").await);
    let before = case(&app, &first).await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let proposed = actions::propose_answer(&mut Act { tx: &mut tx, portal: &app.portal, actor: &ha }, &before, "Đã thông cống **ngày 18/11**.", None).await;
    let proposed = proposed.expect("proposed");
    actions::approve_answer(&mut Act { tx: &mut tx, portal: &app.portal, actor: &du }, &proposed).await.expect("answered");
    tx.commit().await.expect("kept");
    let mut ha = app.official("ha").await;
    let address = format!("{}?buoc=tra-loi&tu={first}", desk(&again));
    assert_eq!(ha.get(&address).await.expect(200).field("answer").trim(), "", "only of a linked case");
    let fields = [("action", "link"), ("other", first.as_str()), ("tie", "same_petition"), ("link_reason", "Trùng")];
    send(&mut ha, &related(&again), &fields).await.expect(303);
    let links = ha.get(&related(&again)).await.expect(200).attribute(".related-more a", "href");
    assert_eq!(links.len(), 1, "{links:?}");
    let draft = ha.get(links[0].split('#').next().expect("an address")).await.expect(200);
    assert_eq!(draft.field("answer").trim(), "Đã thông cống **ngày 18/11**.");
}

/// A complaint with a denunciation in it.
const MIXED: (&str, &str) = ("Khiếu nại mức bồi thường và việc làm của cán bộ", "Mức bồi thường sai. CÁN BỘ ĐỊA CHÍNH NHẬN TIỀN của hộ bên cạnh.");

#[tokio::test]
async fn a_mixed_petition_is_split_and_the_denunciation_does_not_show_through_the_rest() {
    let app = TestApp::new().await;
    let (whole, code) = file(&app, Kind::Complaint, &PAO, MIXED.0, MIXED.1).await;
    give_to_economy(&app, &whole).await;
    app.set_time("2026-11-24T02:00:00Z");
    let mut an = app.official("an").await;
    let page = format!("{}/tach", desk(&whole));
    let part = [
        ("part_kind", "denunciation"),
        ("part_body", PHU_THONG_BODY),
        ("part_title", "Tố cáo cán bộ địa chính"),
        ("part_text", "CÁN BỘ ĐỊA CHÍNH NHẬN TIỀN của hộ bên cạnh."),
        ("split_reason", "Hai thủ tục khác nhau, có tố cáo"),
    ];
    let same = [part.as_slice(), &[("rest_title", MIXED.0), ("rest_text", MIXED.1)]].concat();
    let refused = send(&mut an, &page, &same).await.expect(422);
    assert!(refused.text().contains("vẫn còn nguyên đoạn tố cáo"));
    assert_eq!(refused.field("part_title"), "Tố cáo cán bộ địa chính");
    let parted = [part.as_slice(), &[("rest_title", "Khiếu nại mức bồi thường"), ("rest_text", "Mức bồi thường sai.")]].concat();
    send(&mut an, &page, &parted).await.expect(303);

    let sealed = an.get(&related(&whole)).await.expect(200).attribute(".related a", "href").concat();
    let sealed = sealed.strip_prefix("/can-bo/don/").expect("intake sees both").to_owned();
    let (new, old) = (case(&app, &sealed).await, case(&app, &whole).await);
    assert_eq!((new.kind, new.received_on, new.due_on), (Kind::Denunciation, old.received_on, old.due_on), "the clock runs from the first receipt");

    // The handler of the complaint: not a word, not a count, not a line in the record.
    let mut ha = app.official("ha").await;
    for path in [desk(&whole), related(&whole), signers(&whole), format!("/can-bo?q={}", "NHẬN TIỀN".replace(' ', "+"))] {
        let text = ha.get(&path).await.expect(200).body;
        for secret in ["NHẬN TIỀN", "tố cáo cán bộ", "Tố cáo cán bộ", "thành đơn riêng", "có tố cáo", sealed.as_str()] {
            let typed = path.contains("?q=") && secret == "NHẬN TIỀN";
            assert!(typed || !text.contains(secret), "{path} tells the handler {secret:?}");
        }
    }
    ha.get(&desk(&sealed)).await.expect(404);
    let intake = an.get(&desk(&whole)).await.text();
    assert!(intake.contains("tách một phần thành đơn riêng") && !intake.contains("Hai thủ tục khác nhau"), "the reason lies with the part");
    assert!(an.get(&desk(&sealed)).await.text().contains("Hai thủ tục khác nhau"));

    // The sender gets to both with the code they have, and nobody else's code opens them.
    let mut sender = app.visitor();
    sender.post("/tra-cuu", &[("code", &code)]).await.expect(303);
    let own = sender.get("/tra-cuu/don").await.expect(200);
    assert!(!own.body.contains("Tố cáo cán bộ"), "the page of one part does not name the other");
    let (of, mark) = (own.field("_of"), own.attribute("button[name=part]", "value").concat());
    sender.post("/tra-cuu/don/phan", &[("_of", &of), ("part", &mark)]).await.expect(303);
    assert!(sender.get("/tra-cuu/don").await.expect(200).text().contains("Tố cáo cán bộ địa chính"));
    sender.post("/tra-cuu/don/phan", &[("part", "0123456789abcdef")]).await.expect(404);
    app.run_jobs().await;
    assert!(!app.mailer.sent().is_empty(), "the sender is told");
    for mail in app.mailer.sent() {
        assert!(!format!("{}{}", mail.subject, mail.body).to_lowercase().contains("tố cáo"), "and a lock screen learns nothing: {}", mail.body);
    }
}

#[tokio::test]
async fn a_wrong_split_is_taken_back_with_its_words_and_the_part_ends() {
    let app = TestApp::new().await;
    let (whole, _) = file(&app, Kind::Complaint, &PAO, MIXED.0, MIXED.1).await;
    let mut an = app.official("an").await;
    let fields = [
        ("part_kind", "denunciation"),
        ("part_body", PHU_THONG_BODY),
        ("part_title", "Tố cáo"),
        ("part_text", "CÁN BỘ ĐỊA CHÍNH NHẬN TIỀN"),
        ("rest_title", "Khiếu nại"),
        ("rest_text", "Mức bồi thường sai."),
        ("split_reason", "Tách"),
    ];
    send(&mut an, &format!("{}/tach", desk(&whole)), &fields).await.expect(303);
    let part = an.get(&related(&whole)).await.attribute(".related a", "href").concat().replace("/can-bo/don/", "");
    send(&mut an, &related(&part), &[("action", "take_back"), ("back_reason", "Chỉ là khiếu nại")]).await.expect(303);
    assert_eq!(case(&app, &part).await.state, State::Withdrawn);
    let page = an.get(&desk(&whole)).await.expect(200);
    assert!(page.text().contains("NHẬN TIỀN"), "the words are back");
    assert!(page.text().contains("1 đơn · 1 vụ việc · 1 người"));
}

#[tokio::test]
async fn a_part_for_another_authority_is_theirs_and_counts_as_one_petition_with_two_matters() {
    let app = TestApp::new().await;
    let (whole, _) = file(&app, Kind::Report, &PAO, "Rác và đường", "Rác đầy chợ. Đường tỉnh hỏng.").await;
    let mut an = app.official("an").await;
    let fields = |body: &'static str| {
        [
            ("part_kind", "recommendation"),
            ("part_body", body),
            ("part_title", "Đường tỉnh hỏng"),
            ("part_text", "Đường tỉnh hỏng."),
            ("split_reason", "Của xã khác"),
        ]
    };
    send(&mut an, &format!("{}/tach", desk(&whole)), &fields(CHO_DON_BODY)).await.expect(303);
    let here = an.get(&desk(&whole)).await.text();
    assert!(here.contains("1 đơn · 1 vụ việc · 1 người"), "what lies elsewhere is not counted here: {here}");
    let there = app.official("hu").await.get("/can-bo?phan=tat-ca").await.text();
    assert!(there.contains("Đường tỉnh hỏng"));
    send(&mut an, &format!("{}/tach", desk(&whole)), &fields(PHU_THONG_BODY)).await.expect(303);
    assert!(an.get(&desk(&whole)).await.text().contains("1 đơn · 2 vụ việc · 1 người"), "both here: one petition, two matters, one person");
}

const LIST: &str = "1. Nông Văn Páo; thôn Nà Món; 0911 000 001; đã ký\n2. Đàm Thị Sen; thôn Nà Món; 001085000123; chưa ký\n3. Triệu Văn Lềnh; thôn Khuổi Sla; ; đã ký; lenh@vi-du.example\n4. Hà Thị Ghến; thôn Khuổi Sla; 0911 000 004; đã ký";

/// Trap 18: signatures, representatives (1-2 / ≤ 5), partial withdrawal, notices to all. Trap 19: withdrawal is an event.
#[tokio::test]
async fn trap_18_19_a_group_signs_is_represented_shrinks_and_is_told() {
    let app = TestApp::new().await;
    let (id, code) = file(&app, Kind::Complaint, &PAO, "Khiếu nại mức bồi thường", "Cả xóm không đồng ý.").await;
    let mut an = app.official("an").await;
    let wrong = send(&mut an, &signers(&id), &[("action", "add"), ("list", "Nông Văn Páo; 0911\n; thôn Nà Món")]).await.expect(422);
    assert!(wrong.text().contains("Dòng 2: thiếu họ tên."));
    assert!(wrong.field("list").contains("Nông Văn Páo; 0911"), "nothing typed is lost");
    send(&mut an, &signers(&id), &[("action", "add"), ("list", LIST)]).await.expect(303);
    let page = an.get(&signers(&id)).await.expect(200);
    assert!(page.text().contains("1 đơn · 1 vụ việc · 5 người") && page.text().contains("Từ 5 người trở lên"), "{}", page.text());
    assert!(page.text().contains("Còn thiếu 2 chữ ký"), "the second signer's and the sender's own");
    for name in ["Páo", "Đàm", "0911000001", "001085000123"] {
        assert!(!page.body.contains(name) && !an.get(&desk(&id)).await.body.contains(name), "{name} is not shown unasked");
    }
    let boxes = page.attribute(".signers input", "name");
    assert_eq!(boxes.len(), 5);

    let three: Vec<(&str, &str)> = boxes[..3].iter().map(|name| (name.as_str(), "1")).collect();
    let refused = send(&mut an, &signers(&id), &[three.as_slice(), &[("action", "speak")]].concat()).await.expect(422);
    assert!(refused.text().contains("được cử 1 hoặc 2"), "the rule is named");
    send(&mut an, &signers(&id), &[&three[..2], &[("action", "speak")]].concat()).await.expect(303);
    assert_eq!(an.get(&signers(&id)).await.select(".signer small").iter().filter(|text| text.contains("đại diện")).count(), 2);

    let complete = |app: &TestApp| {
        let (portal, id) = (app.portal.clone(), id.clone());
        async move { groups::signatures(&mut portal.db().read().await.expect("a look"), &id).await.expect("readable").are_complete() }
    };
    assert!(!complete(&app).await);
    send(&mut an, &signers(&id), &[("action", "sign"), (boxes[0].as_str(), "1"), (boxes[2].as_str(), "1")]).await.expect(303);
    assert!(complete(&app).await, "all signatures are there");

    // Opening names is recorded; the next look shows none again.
    let opened = send(&mut an, &signers(&id), &[("action", "open"), ("open_reason", "Đối chiếu chữ ký")]).await.expect(200);
    assert!(opened.text().contains("Triệu Văn Lềnh") && opened.text().contains("lenh@vi-du.example"));
    assert!(!an.get(&signers(&id)).await.body.contains("Lềnh"));
    assert!(an.get(&desk(&id)).await.text().contains("mở tên những người ký"));

    // Two withdraw; it goes on for the rest; all with an address are told.
    app.run_jobs().await;
    let before = app.mailer.sent().len();
    let leave = [("action", "leave"), (boxes[1].as_str(), "1"), (boxes[2].as_str(), "1"), ("leave_reason", "Đơn rút ngày 20/11")];
    send(&mut an, &signers(&id), &leave).await.expect(303);
    app.run_jobs().await;
    let told: Vec<String> = app.mailer.sent().into_iter().skip(before).map(|mail| mail.to).collect();
    assert_eq!(told, [SENDER_EMAIL, "lenh@vi-du.example"]);
    assert!(an.get(&signers(&id)).await.text().contains("1 đơn · 1 vụ việc · 3 người"));
    assert!(case(&app, &id).await.is_open);

    // The sender withdraws by code: the case still goes on. When the last ones go, ending is offered; nothing is deleted.
    let mut sender = app.visitor();
    sender.post("/tra-cuu", &[("code", &code)]).await.expect(303);
    let of = sender.get("/tra-cuu/don").await.field("_of");
    sender.post("/tra-cuu/don/rut", &[("_of", &of), ("sure", "1")]).await.expect(303);
    assert!(sender.get("/tra-cuu/don").await.text().contains("Đơn tiếp tục cho những người cùng ký"));
    assert!(case(&app, &id).await.is_open, "withdrawal of one is not the end of all");
    let rest = [("action", "leave"), (boxes[3].as_str(), "1"), (boxes[4].as_str(), "1"), ("leave_reason", "Rút hết")];
    send(&mut an, &signers(&id), &rest).await.expect(303);
    assert!(an.get(&desk(&id)).await.text().contains("Tất cả đã rút đơn"));
    let now = case(&app, &id).await;
    assert!(now.is_open && groups::have_all_left(&mut app.portal.db().read().await.expect("a look"), &id).await.expect("readable"));
    assert_eq!(an.get(&signers(&id)).await.select(".signer").len(), 5, "every row is still there");
    replays(&app, &now).await;
}

/// The stored case is what its record makes of it, and the record names nobody.
async fn replays(app: &TestApp, case: &Case) {
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let entries = store::history(&mut tx, &case.id, 0).await.expect("readable");
    assert_eq!(i64::try_from(entries.len()).expect("a number"), case.version);
    let rows: Vec<(String,)> = tx.all("SELECT data FROM history", ()).await.expect("readable");
    for (data,) in rows {
        for secret in ["Páo", "Sen", "Lềnh", "0911000", "vi-du"] {
            assert!(!data.contains(secret), "the record says {data}");
        }
    }
}

/// Trap 29: no comments, no likes; joining is a number. Trap 28: a long code of one's own, one answer for all wrong ones.
#[tokio::test]
async fn trap_28_29_a_citizen_joins_follows_and_leaves_and_the_public_sees_a_number() {
    let app = TestApp::new().await;
    let (id, _) = file(&app, Kind::Report, &PAO, CULVERT.0, CULVERT.1).await;
    let number = release(&app, &id, "Cống tắc trước nhà văn hóa").await;
    let version = case(&app, &id).await.version;
    let (public, join) = (format!("/cong-khai/{number}"), format!("/cong-khai/{number}/cung"));
    let mut citizen = app.visitor();
    assert!(citizen.get(&public).await.expect(200).attribute("a", "href").contains(&join));
    let form = citizen.get(&join).await.expect(200);
    assert!(form.text().contains("1 người phản ánh"));
    let device = form.field("_device");
    let wrong = citizen.post(&join, &[("_device", &device), ("name", "Bế Thị Nhói"), ("phone", "12")]).await.expect(422);
    assert_eq!((wrong.field("name"), wrong.field("_device")), ("Bế Thị Nhói".to_owned(), device.clone()), "nothing typed is lost");
    let fields = [("_device", device.as_str()), ("name", "Bế Thị Nhói"), ("phone", "0911 222 333"), ("email", "nhoi@vi-du.example")];
    // Pressed twice before the first answer came: one person.
    citizen.clone().post(&join, &fields).await.expect(303);
    citizen.post(&join, &fields).await.expect(303);
    let receipt = citizen.get(&join).await.expect(200);
    assert!(receipt.text().contains("2 người cùng phản ánh"), "{}", receipt.text());
    let code = receipt.select("#code").concat();
    // The same contact on another device, and the sender's own: an answer like any other, and no one more.
    for phone in ["+84 911 222 333", "0912345678"] {
        let mut other = app.visitor();
        other.post(&join, &[("phone", phone)]).await.expect(303);
        assert!(other.get(&join).await.expect(200).text().contains("2 người cùng phản ánh"), "{phone}");
    }
    let mut nameless = app.visitor();
    nameless.post(&join, &[]).await.expect(303);
    let count = app.visitor().get(&public).await.expect(200);
    assert!(!count.body.contains("Nhói") && !count.body.contains(&code));
    assert_eq!(case(&app, &id).await.version, version, "joining holds up nobody who works on the case");

    // The record is told a little later, once, in numbers.
    app.set_time("2026-11-20T03:10:00Z");
    app.run_jobs().await;
    assert_eq!(case(&app, &id).await.version, version + 1);
    let page = app.official("ha").await.get(&desk(&id)).await.expect(200);
    assert!(page.text().contains("2 người cùng phản ánh tham gia; nay có 3 người"), "{}", page.text());
    let list = app.official("ha").await.get(&signers(&id)).await.expect(200);
    assert!(list.text().contains("có để lại liên hệ, chưa xác minh") && list.text().contains("tự khai"), "how sure it is stands there");
    assert!(!list.body.contains("Nhói"));

    // The own code opens the own page and nothing of the sender; a wrong one tells nothing.
    let mut signer = app.visitor();
    assert_eq!(signer.post("/tra-cuu", &[("code", &code)]).await.location().as_deref(), Some("/tra-cuu/cung"));
    let own = signer.get("/tra-cuu/cung").await.expect(200);
    assert!(own.text().contains("Cống tắc trước nhà văn hóa") && own.text().contains("3 người"));
    assert!(!own.body.contains(CULVERT.1) && !own.body.contains(SENDER), "what was sent is the sender's");
    assert_eq!(signer.get("/tra-cuu/don").await.location().as_deref(), Some("/tra-cuu"));
    signer.post("/tra-cuu/don/tin-nhan", &[("message", "x")]).await.expect(401);
    signer.post("/tra-cuu/cung/roi", &[]).await.expect(422);
    signer.post("/tra-cuu/cung/roi", &[("sure", "1")]).await.expect(303);
    assert!(signer.get("/tra-cuu/cung").await.text().contains("Bạn đã rút khỏi việc này"));
    app.set_time("2026-11-20T03:30:00Z");
    app.run_jobs().await;
    assert!(app.visitor().get(&public).await.expect(200).text().contains("2 người cùng phản ánh"));
}

#[tokio::test]
async fn those_who_joined_hear_of_the_answer_and_those_who_left_do_not() {
    let app = TestApp::new().await;
    let (id, _) = file(&app, Kind::Report, &NOBODY, CULVERT.0, CULVERT.1).await;
    let number = release(&app, &id, "Cống tắc").await;
    app.run_jobs().await;
    let join = format!("/cong-khai/{number}/cung");
    let (mut stays, mut leaves) = (app.visitor(), app.visitor());
    stays.post(&join, &[("email", "o-lai@vi-du.example")]).await.expect(303);
    leaves.post(&join, &[("email", "di@vi-du.example")]).await.expect(303);
    let code = leaves.get(&join).await.select("#code").concat();
    leaves.post("/tra-cuu", &[("code", &code)]).await.expect(303);
    leaves.post("/tra-cuu/cung/roi", &[("sure", "1")]).await.expect(303);
    let (ha, du) = (actor(&app, "ha").await, actor(&app, "du").await);
    let before = case(&app, &id).await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let proposed = actions::propose_answer(&mut Act { tx: &mut tx, portal: &app.portal, actor: &ha }, &before, "Đã thông cống.", None).await.expect("proposed");
    actions::approve_answer(&mut Act { tx: &mut tx, portal: &app.portal, actor: &du }, &proposed).await.expect("answered");
    tx.commit().await.expect("kept");
    app.run_jobs().await;
    let told: Vec<_> = app.mailer.sent().into_iter().map(|mail| (mail.to, mail.body.contains("Đã có trả lời cho bạn"))).collect();
    assert_eq!(told, [("o-lai@vi-du.example".to_owned(), true)]);
    app.visitor().get(&join).await.expect(404);
}

#[tokio::test]
async fn nobody_joins_what_is_not_released_or_cannot_be_joined_and_too_many_are_stopped() {
    let app = TestApp::new().await;
    let (complaint, _) = file(&app, Kind::Complaint, &PAO, "Khiếu nại", "Mức bồi thường.").await;
    let number = release(&app, &complaint, "Khiếu nại mức bồi thường").await;
    let join = format!("/cong-khai/{number}/cung");
    app.visitor().get(&join).await.expect(404);
    app.visitor().post(&join, &[]).await.expect(404);
    app.visitor().post("/cong-khai/77/cung", &[]).await.expect(404);
    assert!(!app.visitor().get(&format!("/cong-khai/{number}")).await.body.contains("/cung"));
    let (report, _) = file(&app, Kind::Report, &NOBODY, CULVERT.0, CULVERT.1).await;
    let join = format!("/cong-khai/{}/cung", release(&app, &report, "Cống tắc").await);
    let mut statuses = Vec::new();
    for _ in 0..42 {
        statuses.push(app.visitor().post(&join, &[]).await.status);
    }
    assert_eq!((statuses[39], statuses[40]), (303, 429), "a limit for each address, high enough for a village that shares one");
}

#[tokio::test]
async fn before_sending_and_while_typing_the_citizen_sees_what_is_reported_already() {
    let app = TestApp::new().await;
    let (open, _) = file(&app, Kind::Report, &PAO, CULVERT.0, CULVERT.1).await;
    let number = release(&app, &open, "Cống tắc trước nhà văn hóa, nước ngập đường").await;
    let (unreleased, _) = file(&app, Kind::Report, &PAO, CULVERT.0, CULVERT.1).await;
    let mut citizen = app.visitor();
    let typed = [("kind", "report"), ("title", "Cống tắc ở nhà văn hóa"), ("body", "Nước ngập cả đường")];
    let piece = citizen.post("/gui/tuong-tu", &typed).await.expect(200);
    assert_eq!(piece.attribute("a.btn", "href"), [format!("/cong-khai/{number}/cung")]);
    assert!(!piece.body.contains(&unreleased) && !piece.body.contains("ba tuần nay"), "released words only");
    let other = citizen.post("/gui/tuong-tu", &[("kind", "report"), ("title", LAMP.0), ("body", LAMP.1)]).await.expect(200);
    assert_eq!(other.body, "");
    let sealed = citizen.post("/gui/tuong-tu", &[("kind", "denunciation"), ("title", "Cống tắc ở nhà văn hóa"), ("body", "")]).await.expect(200);
    assert_eq!(sealed.body, "", "a denunciation is compared with nothing");

    citizen.post_files("/gui", &typed, &[]).await.expect(303);
    citizen.post("/gui/o-dau", &[("area", PHU_THONG)]).await.expect(303);
    let check = citizen.get("/gui/kiem-tra").await.expect(200);
    assert!(check.text().contains("Có thể việc này đã được phản ánh"));
    assert!(check.attribute(".alike a", "href").contains(&format!("/cong-khai/{number}/cung")));
    citizen.post("/gui/kiem-tra", &[]).await.expect(303);
    assert_eq!(citizen.get("/gui/da-gui").await.status, 200, "it never keeps anybody from sending");
    let mut last = 200;
    for _ in 0..130 {
        last = citizen.post("/gui/tuong-tu", &typed).await.status;
    }
    assert_eq!(last, 429);
}

#[tokio::test]
async fn two_officials_at_once_lose_nothing_and_those_without_a_role_change_nothing() {
    let app = TestApp::new().await;
    let (first, _) = file(&app, Kind::Report, &PAO, CULVERT.0, CULVERT.1).await;
    let (again, _) = file(&app, Kind::Report, &PAO, CULVERT_AGAIN.0, CULVERT_AGAIN.1).await;
    let mut an = app.official("an").await;
    let version = an.get(&related(&again)).await.field("version");
    give_to_economy(&app, &again).await;
    let fields = [("version", version.as_str()), ("action", "link"), ("other", &first), ("tie", "same_petition"), ("link_reason", "Gõ lâu")];
    let stale = an.post(&related(&again), &fields).await.expect(409);
    assert_eq!(stale.field("link_reason"), "Gõ lâu");
    assert!(stale.text().contains("Đơn vừa thay đổi"));
    let now = case(&app, &again).await.version.to_string();
    let fields = [("version", now.as_str()), ("action", "link"), ("other", &first), ("tie", "same_petition"), ("link_reason", "x")];
    app.official("du").await.post(&related(&again), &fields).await.expect(403);
    app.official("hu").await.post(&related(&again), &fields).await.expect(404);
    app.official("ha").await.post(&format!("{}/tach", desk(&again)), &fields).await.expect(403);
    let unknown = app.official("ha").await.post(&related(&again), &fields).await.expect(422);
    assert!(unknown.text().contains("Không có đơn nào như vậy"), "the handler may not see the first one");
}

/// What a page carries for a device without a cookie is not what the cookie will say.
#[tokio::test]
async fn no_page_holds_what_a_cookie_says() {
    let app = TestApp::new().await;
    let (case_id, _) = file(&app, Kind::Report, &SEN, CULVERT.0, CULVERT.1).await;
    let join = format!("/cong-khai/{}/cung", release(&app, &case_id, CULVERT.0).await);
    let mut phone = app.visitor();
    let page = phone.get(&join).await.expect(200);
    let sent = page.field("_device");
    let fields = [("_device", sent.as_str()), ("name", "Hoàng Thị Mẫu")];
    phone.clone().post(&join, &fields).await.expect(303);
    phone.post(&join, &fields).await.expect(303);
    let kept = phone.cookie("nghedan_cung").expect("a cookie").to_owned();
    assert_ne!(kept, sent);
    let receipt = phone.get(&join).await.expect(200);
    assert!(!receipt.body.contains(&kept) && receipt.text().contains("2"), "pressed twice is one device: {}", receipt.text());
}
