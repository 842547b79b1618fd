//! Filing without an account, as a browser without scripts does it.

use crate::harness::petitions_of::people;
use crate::harness::{Answer, Browser, PHU_THONG, PHU_THONG_BODY, TestApp, Upload};
use app::filing::actions::{draft_id, forget_expired_drafts};
use app::id::secret_hash;
use app::papers;
use app::petitions::code::CaseCode;
use app::petitions::rules::Kind;
use std::io::Cursor;

const COOKIE: &str = "nghedan_nhap";
const TITLE: &str = "Cống trước nhà văn hóa bị tắc";
const BODY: &str = "Từ sau trận mưa ngày 12/11, nước tràn vào nhà.";

fn photo(width: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(width, width / 2, |x, y| image::Rgb([(x % 251) as u8, (y % 241) as u8, ((x * y) % 239) as u8]));
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Jpeg).expect("a photo");
    bytes.into_inner()
}

/// A photo that tells where and by whom it was taken.
fn photo_with_exif() -> Vec<u8> {
    let plain = photo(640);
    let block = b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0 GPS 22.14 105.83 Hoang Van Tu";
    let length = u16::try_from(block.len() + 2).expect("a short block").to_be_bytes();
    [&plain[..2], &[0xff, 0xe1], &length, block, &plain[2..]].concat()
}

fn file(name: &str, bytes: Vec<u8>) -> Upload {
    Upload { field: "papers", name: name.into(), content_type: "image/jpeg", bytes }
}

fn what<'a>(kind: &'a str, title: &'a str) -> [(&'a str, &'a str); 3] {
    [("kind", kind), ("title", title), ("body", BODY)]
}

async fn fill_in(browser: &mut Browser, kind: &str, person: &[(&str, &str)], uploads: &[Upload]) {
    let answer = browser.post_files("/gui", &what(kind, TITLE), uploads).await.expect(303);
    assert_eq!(answer.location().as_deref(), Some("/gui/o-dau"));
    let fields: Vec<_> = [("area", PHU_THONG), ("place", "cạnh cây cầu")].into_iter().chain(person.iter().copied()).collect();
    let answer = browser.post("/gui/o-dau", &fields).await.expect(303);
    assert_eq!(answer.location().as_deref(), Some("/gui/kiem-tra"));
}

async fn send(browser: &mut Browser) -> Answer {
    let answer = browser.post("/gui/kiem-tra", &[]).await.expect(303);
    assert_eq!(answer.location().as_deref(), Some("/gui/da-gui"));
    browser.get("/gui/da-gui").await.expect(200)
}

async fn count(app: &TestApp, sql: &'static str) -> i64 {
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let (n,): (i64,) = tx.one(sql, ()).await.expect("a number");
    n
}

async fn texts(app: &TestApp, sql: &'static str) -> Vec<String> {
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let rows: Vec<(String,)> = tx.all(sql, ()).await.expect("texts");
    rows.into_iter().map(|(text,)| text).collect()
}

#[tokio::test]
async fn the_whole_way_ends_with_a_code_that_opens_the_case_and_stands_nowhere() {
    let app = TestApp::new().await;
    let mut citizen = app.visitor();
    let form = citizen.get("/gui").await.expect(200);
    assert_eq!(citizen.cookie(COOKIE), None, "looking changes nothing");
    assert_eq!(form.attribute("input[name=kind]", "value").len(), Kind::ALL.len());
    let person = [("name", "Hoàng Văn Tú"), ("phone", "+84 912 345 678"), ("email", "tu@vi-du.vn")];
    fill_in(&mut citizen, "report", &person, &[file("duong.jpg", photo_with_exif())]).await;
    let review = citizen.get("/gui/kiem-tra").await.expect(200);
    for text in [TITLE, BODY, "Xã Phủ Thông", "cạnh cây cầu", "Hoàng Văn Tú", "0912345678", "duong.jpg"] {
        assert!(review.text().contains(text), "the review shows {text}: {}", review.text());
    }
    let token = citizen.cookie(COOKIE).expect("a draft").to_owned();
    let receipt = send(&mut citizen).await;
    let code = receipt.select("#code").concat();
    assert_eq!(code, CaseCode::of_token(&token).groups().join(" "));
    assert!(receipt.text().contains("thứ Hai, 7/12/2026"), "the last day: {}", receipt.text());
    assert!(receipt.text().contains("thứ Ba, 24/11/2026"), "the holiday that was skipped");
    assert_eq!(receipt.attribute(".qr svg", "role"), ["img"]);
    assert_eq!(receipt.header("cache-control"), "no-store");

    let mut tx = app.portal.db().read().await.expect("a transaction");
    let hash = CaseCode::parse(&code).expect("a code").hash();
    let case = app::petitions::store::by_code_hash(&mut tx, &hash).await.expect("read").expect("the code opens it");
    assert_eq!((case.body_id.as_str(), case.due_on.to_string().as_str(), case.may_publish), (PHU_THONG_BODY, "2026-12-07", true));
    let person = app::petitions::store::parts::person(&mut tx, &case.id).await.expect("read");
    assert_eq!(person.phone, "0912345678");
    assert_eq!(papers::store::of_case(&mut tx, &case.id).await.expect("read").len(), 1);
    drop(tx);
    let plain = code.replace(' ', "");
    for sql in [
        "SELECT id || data || COALESCE(case_id, '') FROM drafts",
        "SELECT code_hash || case_id FROM case_codes",
        "SELECT data FROM history",
        "SELECT title || body || place FROM case_texts",
        "SELECT data FROM outbox",
        "SELECT id || original_name FROM papers",
    ] {
        for text in texts(&app, sql).await {
            assert!(!text.contains(&plain) && !text.contains(&code) && !text.contains(&token), "{sql}: {text}");
        }
    }
    assert_eq!(texts(&app, "SELECT data FROM drafts").await, [""], "the draft is emptied");
    assert_eq!(draft_id(&token), secret_hash("draft", &token));
}

#[tokio::test]
async fn a_title_left_out_loses_nothing_else() {
    let app = TestApp::new().await;
    let mut citizen = app.visitor();
    let answer = citizen.post_files("/gui", &what("report", "  "), &[file("duong.jpg", photo(320))]).await.expect(422);
    assert_eq!(answer.attribute(".summary-errors a", "href"), ["#title"]);
    assert_eq!(answer.attribute("#title", "aria-invalid"), ["true"]);
    assert_eq!(answer.field("body").trim_start_matches('\n'), BODY);
    assert_eq!(answer.attribute("input[name=kind][checked]", "value"), ["report"]);
    assert!(answer.text().contains("duong.jpg"), "the photo is there already");
    let again = citizen.get("/gui").await.expect(200);
    assert_eq!(again.field("body").trim_start_matches('\n'), BODY);
    assert!(again.text().contains("duong.jpg"));
}

#[tokio::test]
async fn files_that_cannot_be_taken_are_named_and_the_rest_stays() {
    let app = TestApp::new().await;
    let mut citizen = app.visitor();
    let uploads = [
        file("to.jpg", vec![0xff; 13 * 1024 * 1024]),
        file("trang.jpg", b"<!DOCTYPE html><script>alert(1)</script>".to_vec()),
        file("iphone.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec()),
        file("that-lon.jpg", [photo(64), vec![0; 13 * 1024 * 1024]].concat()),
        file("duong.jpg", photo(320)),
        Upload { field: "papers", name: String::new(), content_type: "application/octet-stream", bytes: Vec::new() },
    ];
    let answer = citizen.post_files("/gui", &what("report", TITLE), &uploads).await.expect(422);
    let errors = answer.select(".summary-errors li");
    assert_eq!(errors.len(), 4, "{errors:?}");
    assert!(errors[1].contains("trang.jpg") && errors[1].contains("không phải là ảnh"), "{errors:?}");
    assert!(errors[2].contains("iphone.heic") && errors[2].contains("HEIC"), "{errors:?}");
    assert!(errors[3].contains("that-lon.jpg") && errors[3].contains("12 MB"), "{errors:?}");
    assert_eq!(answer.field("title"), TITLE);
    assert_eq!(answer.field("body").trim_start_matches('\n'), BODY);
    assert_eq!(answer.select(".files li").len(), 1, "the good one was taken");
    assert_eq!(count(&app, "SELECT count(*) FROM papers").await, 1);
    citizen.post_files("/gui", &what("report", TITLE), &[]).await.expect(303);
}

#[tokio::test]
async fn a_kept_photo_is_only_a_photo_and_only_its_owner_sees_it() {
    let app = TestApp::new().await;
    let (mut citizen, mut stranger) = (app.visitor(), app.visitor());
    let fields = [("kind", ""), ("title", ""), ("body", ""), ("action", "upload")];
    let sent = photo_with_exif();
    assert!(sent.windows(4).any(|bytes| bytes == b"Exif"));
    let answer = citizen.post_files("/gui", &fields, &[file("duong.jpg", sent)]).await.expect(303);
    assert_eq!(answer.location().as_deref(), Some("/gui#papers"), "adding a photo judges nothing");
    let page = citizen.get("/gui").await.expect(200);
    let thumb = page.attribute(".files img", "src").remove(0);
    let whole = page.attribute(".files a", "href").remove(0);
    for address in [&thumb, &whole] {
        let kept = citizen.get(address).await.expect(200);
        assert_eq!(kept.header("content-type"), "image/jpeg");
        assert_eq!(kept.header("x-content-type-options"), "nosniff");
        assert_eq!(kept.header("content-security-policy"), app::papers::serve::FILE_POLICY);
        assert_eq!(kept.header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(kept.header("cache-control"), "no-store");
        for trace in [&b"Exif"[..], b"GPS", b"Hoang Van Tu"] {
            assert!(!kept.bytes.windows(trace.len()).any(|bytes| bytes == trace));
        }
        stranger.get(address).await.expect(404);
    }
    stranger.post_files("/gui", &what("report", TITLE), &[]).await.expect(303);
    stranger.get(&whole).await.expect(404);

    let id = page.attribute(".files button[name=remove]", "value").remove(0);
    let theft = [("kind", ""), ("title", ""), ("body", ""), ("remove", id.as_str())];
    stranger.post_files("/gui", &theft, &[]).await.expect(303);
    citizen.get(&whole).await.expect(200);
    let fields = [("kind", "report"), ("title", "giữ lại"), ("body", ""), ("remove", id.as_str())];
    citizen.post_files("/gui", &fields, &[]).await.expect(303);
    let page = citizen.get("/gui").await.expect(200);
    assert!(page.select(".files li").is_empty());
    assert_eq!(page.field("title"), "giữ lại");
    citizen.get(&whole).await.expect(404);
    app.run_jobs().await;
    assert_eq!(app.portal.files().get(&papers::key(&id)).await.expect("asked"), None, "the bytes are gone too");
    assert_eq!(app.portal.files().get(&papers::thumb_key(&id)).await.expect("asked"), None);
}

/// Fuzzing took ever more memory: what was stored before a form turned out broken stayed, and no row named it.
#[tokio::test(flavor = "multi_thread")]
async fn a_photo_of_a_form_that_comes_to_no_end_does_not_stay() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = TestApp::with_papers_in(folder.path()).await;
    let kept = || std::fs::read_dir(folder.path().join("papers")).map_or(0, Iterator::count);
    let mut citizen = app.visitor();
    let good = || file("duong.jpg", photo(64));
    let endless: Vec<Upload> = std::iter::once(good()).chain((0..papers::upload::PARTS_MAX).map(|_| file("", Vec::new()))).collect();
    citizen.post_files("/gui", &[], &endless).await.expect(400);
    assert_eq!(kept(), 0, "neither the photo nor its small picture");
    citizen.post_files("/gui", &[("action", "upload")], &[good()]).await.expect(303);
    assert_eq!(kept(), 2, "that of a whole form does");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_click_on_send_files_once() {
    let app = TestApp::new().await;
    let mut citizen = app.visitor();
    fill_in(&mut citizen, "report", &[], &[]).await;
    let (mut first, mut second) = (citizen.clone(), citizen.clone());
    let (one, two) = tokio::join!(first.post("/gui/kiem-tra", &[]), second.post("/gui/kiem-tra", &[]));
    assert_eq!((one.status, one.location().as_deref()), (303, Some("/gui/da-gui")));
    assert_eq!((two.status, two.location().as_deref()), (303, Some("/gui/da-gui")));
    citizen.post("/gui/kiem-tra", &[]).await.expect(303);
    assert_eq!(count(&app, "SELECT count(*) FROM cases").await, 1);
    citizen.get("/gui/da-gui").await.expect(200);
}

#[tokio::test]
async fn a_draft_comes_back_on_its_own_device_and_on_no_other() {
    let app = TestApp::new().await;
    let mut citizen = app.visitor();
    citizen.post_files("/gui", &what("recommendation", TITLE), &[]).await.expect(303);
    let answer = citizen.post("/gui/o-dau", &[("area", ""), ("name", "Nông Thị B"), ("phone", "12"), ("email", "x"), ("no_publish", "1")]).await.expect(422);
    assert_eq!(answer.attribute(".summary-errors a", "href"), ["#area", "#phone", "#email"]);
    assert_eq!(answer.field("name"), "Nông Thị B");
    let again = citizen.get("/gui/o-dau").await.expect(200);
    assert_eq!((again.field("name").as_str(), again.field("phone").as_str()), ("Nông Thị B", "12"), "wrong words are kept too");
    assert_eq!(again.attribute("#no_publish[checked]", "value"), ["1"]);
    assert_eq!(citizen.get("/en/gui").await.field("title"), TITLE, "in the other language too");

    let mut other = app.visitor();
    assert_eq!(other.get("/gui").await.field("title"), "");
    other.set_cookie(COOKIE, &"A".repeat(43));
    assert_eq!(other.get("/gui").await.expect(200).field("title"), "");
    assert_eq!(other.get("/gui/o-dau").await.expect(303).location().as_deref(), Some("/gui"));
    other.post_files("/gui", &what("report", "khác"), &[]).await.expect(303);
    assert_ne!(other.cookie(COOKIE), Some("A".repeat(43).as_str()), "a made-up token is not used");
}

#[tokio::test]
async fn no_screen_comes_before_the_ones_it_needs() {
    let app = TestApp::new().await;
    let mut citizen = app.visitor();
    for path in ["/gui/o-dau", "/gui/kiem-tra", "/gui/da-gui"] {
        assert_eq!(citizen.get(path).await.expect(303).location().as_deref(), Some("/gui"), "{path}");
    }
    assert_eq!(citizen.post("/gui/kiem-tra", &[]).await.expect(303).location().as_deref(), Some("/gui"));
    citizen.post_files("/gui", &what("report", TITLE), &[]).await.expect(303);
    assert_eq!(citizen.post("/gui/kiem-tra", &[]).await.expect(303).location().as_deref(), Some("/gui/o-dau"));
    assert_eq!(citizen.get("/gui/kiem-tra").await.expect(303).location().as_deref(), Some("/gui/o-dau"));
    // An area of another province is none of ours.
    citizen.post("/gui/o-dau", &[("area", "00001")]).await.expect(422);
    assert_eq!(count(&app, "SELECT count(*) FROM cases").await, 0);

    // The second screen without the first: what was typed is kept for later.
    let mut late = app.visitor();
    let answer = late.post("/gui/o-dau", &[("area", PHU_THONG), ("name", "Nông Thị B")]).await.expect(303);
    assert_eq!(answer.location().as_deref(), Some("/gui"));
    late.post_files("/gui", &what("report", TITLE), &[]).await.expect(303);
    assert_eq!(late.get("/gui/o-dau").await.expect(200).field("name"), "Nông Thị B");
}

/// Communes were merged on 1 July 2025; people know the names they grew up with.
#[tokio::test]
async fn an_old_name_leads_to_the_commune_of_today_and_nothing_typed_is_lost() {
    let app = TestApp::new().await;
    let mut citizen = app.visitor();
    citizen.post_files("/gui", &what("report", TITLE), &[]).await.expect(303);
    let typed = [("area", ""), ("place", "gần chợ"), ("name", "Hoàng Văn Tú"), ("action", "find")];
    let look_for = |name: &'static str| [("old_area", name)].into_iter().chain(typed).collect::<Vec<_>>();
    let answer = citizen.post("/gui/o-dau", &look_for("vi huong")).await.expect(303);
    assert_eq!(answer.location().as_deref(), Some("/gui/o-dau#ten-cu"));
    let page = citizen.get("/gui/o-dau").await.expect(200);
    assert_eq!(page.attribute("button[name=take]", "value"), [PHU_THONG], "{}", page.text());
    assert!(page.text().contains("Xã Vi Hương, Huyện Bạch Thông, Tỉnh Bắc Kạn"));
    assert_eq!(page.attribute("#place", "value"), ["gần chợ"]);
    assert_eq!(page.attribute("#name", "value"), ["Hoàng Văn Tú"]);

    citizen.post("/gui/o-dau", &look_for("Tràng Định")).await.expect(303);
    let elsewhere = citizen.get("/gui/o-dau").await.expect(200);
    assert!(elsewhere.attribute("button[name=take]", "value").is_empty(), "other provinces' communes are not ours to take");
    assert!(elsewhere.text().contains("Không thấy tên này"));

    let answer = citizen.post("/gui/o-dau", &[("old_area", "vi huong"), ("place", "gần chợ"), ("take", PHU_THONG)]).await.expect(303);
    assert_eq!(answer.location().as_deref(), Some("/gui/o-dau#area"));
    let page = citizen.get("/gui/o-dau").await.expect(200);
    assert_eq!(page.attribute("#area option[selected]", "value"), [PHU_THONG]);
    assert_eq!(page.attribute("#old_area", "value").concat(), "");
    let answer = citizen.post("/gui/o-dau", &[("area", PHU_THONG), ("old_area", ""), ("place", "gần chợ")]).await.expect(303);
    assert_eq!(answer.location().as_deref(), Some("/gui/kiem-tra"));
}

#[tokio::test]
async fn the_law_wants_a_name_for_some_kinds_and_an_id_number_stays_only_there() {
    let app = TestApp::new().await;
    let mut citizen = app.visitor();
    citizen.post_files("/gui", &what("complaint", TITLE), &[]).await.expect(303);
    let page = citizen.get("/gui/o-dau").await.expect(200);
    assert!(page.text().contains("Luật Khiếu nại"), "the reason is given");
    let answer = citizen.post("/gui/o-dau", &[("area", PHU_THONG), ("id_number", "12")]).await.expect(422);
    assert_eq!(answer.attribute(".summary-errors a", "href"), ["#name", "#address", "#id_number"]);
    let person = [("name", "Nông Thị B"), ("address", "Tổ 3"), ("id_number", "019 087 001 234")];
    fill_in(&mut citizen, "denunciation", &person, &[]).await;
    let review = citizen.get("/gui/kiem-tra").await.expect(200);
    assert!(review.text().contains("Đơn này được giữ bí mật"));
    citizen.post_files("/gui", &what("report", TITLE), &[]).await.expect(303);
    assert!(citizen.get("/gui/o-dau").await.expect(200).attribute("#id_number", "name").is_empty(), "a report is not asked for it");
    send(&mut citizen).await;
    let people = people(&mut app.portal.db().read().await.expect("a transaction")).await;
    assert_eq!(people.iter().map(|(_, person)| person.id_number.as_str()).collect::<Vec<_>>(), [""]);
}

#[tokio::test]
async fn after_sending_the_next_one_begins_only_on_purpose() {
    let app = TestApp::new().await;
    let mut citizen = app.visitor();
    fill_in(&mut citizen, "report", &[("no_publish", "1")], &[]).await;
    send(&mut citizen).await;
    assert!(!texts(&app, "SELECT id FROM cases WHERE may_publish = FALSE").await.is_empty(), "the refusal was heard");
    let choice = citizen.get("/gui").await.expect(200);
    assert_eq!(choice.attribute("a[href='/gui/da-gui']", "href").len(), 1);
    let stale = citizen.post_files("/gui", &what("report", "một việc khác"), &[]).await.expect(303);
    assert_eq!(stale.location().as_deref(), Some("/gui"));
    citizen.get("/gui/da-gui").await.expect(200);
    citizen.post("/gui/don-moi", &[]).await.expect(303);
    assert_eq!(citizen.cookie(COOKIE), None);
    assert_eq!(citizen.get("/gui").await.expect(200).field("title"), "");
    assert_eq!(count(&app, "SELECT count(*) FROM cases").await, 1, "the case stays");
}

#[tokio::test]
async fn a_draft_can_be_deleted_and_an_old_one_is_forgotten_with_its_papers() {
    let app = TestApp::new().await;
    let (mut one, mut two, mut sent) = (app.visitor(), app.visitor(), app.visitor());
    fill_in(&mut sent, "report", &[], &[file("da-gui.jpg", photo(64))]).await;
    send(&mut sent).await;
    for citizen in [&mut one, &mut two] {
        citizen.post_files("/gui", &what("report", TITLE), &[file("duong.jpg", photo(64))]).await.expect(303);
    }
    let kept = two.cookie(COOKIE).expect("a draft").to_owned();
    one.post("/gui/xoa", &[]).await.expect(303);
    assert_eq!(one.cookie(COOKIE), None);
    assert_eq!(count(&app, "SELECT count(*) FROM papers WHERE case_id IS NULL").await, 1);

    app.set_time("2026-12-19T02:00:00Z");
    assert_eq!(forget_expired_drafts(&app.portal).await.expect("a sweep"), 0, "not yet");
    app.set_time("2026-12-21T02:00:00Z");
    two.set_cookie(COOKIE, &kept);
    assert_eq!(two.get("/gui").await.field("title"), "", "expired, swept or not");
    assert_eq!(forget_expired_drafts(&app.portal).await.expect("a sweep"), 2);
    assert_eq!(count(&app, "SELECT count(*) FROM drafts").await, 0);
    assert_eq!(count(&app, "SELECT count(*) FROM papers").await, 1, "the case keeps its own");
    app.run_jobs().await;
    assert_eq!(count(&app, "SELECT count(*) FROM outbox WHERE done_at IS NULL").await, 0);
}

#[tokio::test]
async fn a_form_that_is_none_is_answered_kindly() {
    let app = TestApp::new().await;
    let mut citizen = app.visitor();
    citizen.post("/gui", &[("title", TITLE)]).await.expect(400);
    citizen.site = "cross-site";
    citizen.post_files("/gui", &what("report", TITLE), &[]).await.expect(403);
    assert_eq!(count(&app, "SELECT count(*) FROM drafts").await, 0);
}

/// Law: whoever writes of an emergency is told at once whom to call, on every screen, and may still send.
#[tokio::test]
async fn an_emergency_is_told_whom_to_call_before_anything_else_and_may_still_be_sent() {
    let app = TestApp::new().await;
    let mut browser = app.visitor();
    let first = browser.get("/gui").await.expect(200);
    assert!(first.text().contains("Đang nguy hiểm? Đừng viết ở đây, gọi ngay: 113"), "{}", first.text());
    assert!(!first.body.contains("id=\"khan-cap\""), "nothing burns yet");
    let words = [("kind", "report"), ("title", "Chợ đang cháy lớn"), ("body", "Khói đen, còn người bên trong.")];
    let typing = browser.post("/gui/tuong-tu", &words).await.expect(200);
    assert!(typing.body.contains("tel:114"), "told while typing: {}", typing.body);
    browser.post_files("/gui", &words, &[]).await.expect(303);
    let whom = browser.get("/gui/o-dau").await.expect(200);
    assert!(whom.body.contains("tel:114"));
    browser.post("/gui/o-dau", &[("area", PHU_THONG)]).await.expect(303);
    let check = browser.get("/gui/kiem-tra").await.expect(200);
    let (alarm, heading) = (check.body.find("tel:114").expect("told"), check.body.find("<h1").expect("a heading"));
    assert!(alarm < heading, "before anything else");
    send(&mut browser).await;
}

#[tokio::test]
async fn a_matter_for_somebody_else_is_told_where_it_belongs() {
    let app = TestApp::new().await;
    let mut browser = app.visitor();
    browser.post_files("/gui", &[("kind", "complaint"), ("title", "Không đồng ý bản án"), ("body", "Tòa án xử đất của tôi.")], &[]).await.expect(303);
    let page = browser.get("/gui/o-dau").await.expect(200);
    assert!(page.text().contains("Việc này có thể thuộc nơi khác") && page.text().contains("tòa án"), "{}", page.text());
    assert!(!page.body.contains("tel:11"), "no alarm");
}

#[tokio::test]
async fn a_petition_about_administrative_rules_says_why_it_asks_for_a_name_and_that_the_result_is_published() {
    let app = TestApp::new().await;
    let mut browser = app.visitor();
    browser.post_files("/gui", &what("administrative_rule", TITLE), &[]).await.expect(303);
    let page = browser.get("/gui/o-dau").await.expect(200);
    assert!(page.text().contains("Nghị định 20/2008/NĐ-CP yêu cầu") && page.text().contains("Kết quả sẽ được công khai"), "{}", page.text());
    assert!(!page.body.contains("name=\"no_publish\"") && !page.body.contains("name=\"id_number\""));
    let missing = browser.post("/gui/o-dau", &[("area", PHU_THONG), ("name", "Hoàng Văn Tú"), ("address", "Tổ 3")]).await.expect(422);
    assert!(missing.text().contains("Hãy ghi số điện thoại"), "{}", missing.text());
    let person = [("area", PHU_THONG), ("name", "Hoàng Văn Tú"), ("address", "Tổ 3"), ("phone", "0912 345 678")];
    browser.post("/gui/o-dau", &person).await.expect(303);
    send(&mut browser).await;
    assert_eq!(count(&app, "SELECT COUNT(*) FROM cases WHERE kind = 'administrative_rule' AND may_publish = TRUE").await, 1);
}

#[tokio::test]
async fn praise_needs_no_name_and_keeps_whom_it_is_for() {
    let app = TestApp::new().await;
    let mut browser = app.visitor();
    fill_in(&mut browser, "praise", &[("about", "chị ở quầy số 3")], &[]).await;
    let receipt = send(&mut browser).await;
    assert!(receipt.text().contains("Lời khen sẽ được đọc") && !receipt.text().contains("9999"), "{}", receipt.text());
    assert_eq!(texts(&app, "SELECT about FROM case_texts").await, ["chị ở quầy số 3"]);
}

/// K1: the portal computes the last day for complaining, tells both sides, and keeps nobody from sending.
#[tokio::test]
async fn whoever_complains_late_is_told_the_last_day_and_may_still_send() {
    let app = TestApp::new().await;
    let mut browser = app.visitor();
    browser.post_files("/gui", &what("complaint", TITLE), &[]).await.expect(303);
    let person = [("area", PHU_THONG), ("name", "Hoàng Văn Tú"), ("address", "Tổ 3")];
    let with = |more: &[(&'static str, &'static str)]| [&person[..], more].concat();
    let wrong = browser.post("/gui/o-dau", &with(&[("known_on", "31/12/2026")])).await.expect(422);
    assert!(wrong.text().contains("Ngày này chưa tới"), "{}", wrong.text());
    assert_eq!(wrong.field("known_on"), "31/12/2026", "what was typed stays");
    let half = browser.post("/gui/o-dau", &with(&[("known_on", "1/8/2026"), ("obstacle", "nằm viện")])).await.expect(422);
    assert!(half.text().contains("Hãy ghi ngày bắt đầu và ngày hết trở ngại"), "{}", half.text());

    browser.post("/gui/o-dau", &with(&[("known_on", "1/8/2026")])).await.expect(303);
    let late = browser.get("/gui/kiem-tra").await.expect(200);
    assert!(late.text().contains("ngày cuối là thứ Sáu, 30/10/2026") && late.text().contains("Bạn vẫn gửi được"), "{}", late.text());
    let ill = [("known_on", "1/8/2026"), ("obstacle_from", "1/9/2026"), ("obstacle_to", "30/9/2026"), ("obstacle", "nằm viện")];
    browser.post("/gui/o-dau", &with(&ill)).await.expect(303);
    let in_time = browser.get("/gui/kiem-tra").await.expect(200);
    assert!(in_time.text().contains("Còn trong hạn khiếu nại") && in_time.text().contains("nằm viện"), "{}", in_time.text());
    send(&mut browser).await;

    let case_id = texts(&app, "SELECT id FROM cases").await.remove(0);
    crate::harness::petitions_of::give_to_economy(&app, &case_id).await;
    let refuse = app.signed_in("ha").await.get(&format!("/can-bo/don/{case_id}/thu-tuc/khong-thu-ly")).await.expect(200);
    assert!(refuse.text().contains("Còn thời hiệu theo lời khai") && refuse.text().contains("nằm viện"), "{}", refuse.text());
}
