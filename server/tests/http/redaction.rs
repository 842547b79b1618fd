//! What is hidden before something becomes public: nobody finds it in any public page, list, feed or file, read byte by byte.

use crate::harness::petitions_of::{self as cases, SENDER};
use crate::harness::{Answer, Browser, PHU_THONG, PHU_THONG_BODY, TestApp};
use app::papers::clean::clean;
use app::papers::kinds::PaperKind;
use app::papers::store as papers;
use app::papers::upload::NewPaper;
use app::petitions::actions::NewPetition;
use app::petitions::rules::Kind;
use app::petitions::store::parts::{CasePerson, CaseText};
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use flate2::{Compress, Compression, FlushCompress};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use std::io::{Cursor, Read, Write};

const NEIGHBOUR: &str = "Nguyễn Thị Lan Anh";
const PHONE: &str = "0987 654 321";
const PLATE: &str = "20A-123.45";
const BODY: &str = "Bà Nguyễn Thị Lan Anh ở số nhà 12, ngõ 5 lấn đường. Gọi 0987 654 321, xe 20A-123.45. Bà Nguyễn Thị Lan Anh không nghe.";

/// A report about a neighbour, with the handlers of the economy unit; gives its id and code.
async fn filed(app: &TestApp, kind: Kind, body: &str) -> (String, String) {
    let petition = NewPetition {
        kind,
        area_code: PHU_THONG.into(),
        body_id: PHU_THONG_BODY.into(),
        may_publish: true,
        text: CaseText { title: "Lấn đường đi chung".into(), body: body.into(), place: "thôn Nà Món".into(), ..CaseText::default() },
        person: CasePerson { name: SENDER.into(), phone: "0912345678".into(), language: "vi".into(), ..CasePerson::default() },
        papers: 0,
        limitation: None,
    };
    let (id, code) = cases::file_petition(app, &petition).await;
    cases::give_to_economy(app, &id).await;
    (id, code)
}

fn page(case: &str) -> String {
    format!("/can-bo/don/{case}")
}

/// The page of a case with the form of a step unfolded.
async fn unfolded(browser: &mut Browser, case: &str, step: &str) -> Answer {
    browser.get(&format!("{}?buoc={step}", page(case))).await.expect(200)
}

/// Opens the case, fills the form of a step and sends it.
async fn step(browser: &mut Browser, case: &str, step: &str, fields: &[(&str, &str)]) -> Answer {
    let version = browser.get(&page(case)).await.expect(200).field("version");
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    browser.post(&format!("{}/{step}", page(case)), &all).await
}

/// Everything the public can ask for that could hold a word of a case.
async fn public_texts(app: &TestApp) -> String {
    let mut all = String::new();
    app.portal.cache().clear();
    for path in
        ["/", "/en", "/cong-khai", "/en/cong-khai", "/cong-khai/1", "/en/cong-khai/1", "/cong-khai.atom", "/sitemap.xml", "/co-quan", "/cong-khai?q=duong"]
    {
        all.push_str(&app.visitor().get(path).await.expect(200).body);
    }
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let rows: Vec<(String, String, String)> = tx.all("SELECT title, body, excerpt FROM public_cases", ()).await.expect("readable");
    all + &format!("{rows:?}")
}

async fn is_found(app: &TestApp, words: &str) -> bool {
    let page = app.visitor().get(&format!("/cong-khai?q={}", words.replace(' ', "+"))).await.expect(200);
    !page.attribute("a[href='/cong-khai/1']", "href").is_empty()
}

#[tokio::test]
async fn ticked_words_reach_nothing_public_and_the_second_person_is_told_what_was_left() {
    let app = TestApp::new().await;
    let (case, _) = filed(&app, Kind::Report, BODY).await;
    let (mut ha, mut du) = (app.signed_in("ha").await, app.signed_in("du").await);

    let form = unfolded(&mut ha, &case, "cong-khai").await;
    let suggested = form.attribute("#buoc-cong-khai .hiding input[type=checkbox]", "value");
    assert_eq!(suggested, ["name|Nguyễn Thị Lan Anh", "address|số nhà 12, ngõ 5", "phone|0987 654 321", "plate|20A-123.45"]);
    assert!(form.attribute("#buoc-cong-khai .hiding input[checked]", "value").is_empty(), "nobody has decided yet");
    assert!(form.select("#buoc-cong-khai .hiding mark").concat().contains(PHONE), "with the words around it");

    let texts = [("public_title", "Lấn đường đi chung"), ("public_body", BODY)];
    let ticks = [("hide_a", "name|Nguyễn Thị Lan Anh"), ("hide_b", "phone|0987 654 321"), ("hidden_words", "số nhà 12"), ("hidden_kind", "address")];
    let fields = |action: &'static str| [&texts[..], &ticks[..], &[("action", action)]].concat();
    let tried = step(&mut ha, &case, "cong-khai", &fields("preview")).await.expect(200);
    let preview = tried.select("#xem-thu-cong-khai .preview");
    assert!(preview[0].contains(NEIGHBOUR), "the original stands beside it");
    assert!(preview[1].contains("Bà [đã ẩn: tên người] ở [đã ẩn: địa chỉ], ngõ 5") && !preview[1].contains(PHONE), "{}", preview[1]);
    assert_eq!(tried.attribute("#buoc-cong-khai .hiding input[checked]", "value").len(), 3, "what was typed is a tick now");
    assert!(!ha.get(&page(&case)).await.expect(200).text().contains("Chờ người thứ hai duyệt"), "nothing was kept");

    // Whoever goes on to cover a paper finds everything as they left it.
    let paper = paper_of(&app, &case, PaperKind::Jpeg, &jpeg()).await;
    let action = format!("cover:{paper}");
    let to_cover = step(&mut ha, &case, "cong-khai", &[&texts[..], &ticks[..2], &[("action", action.as_str())]].concat()).await.expect(303);
    assert_eq!(to_cover.location(), Some(format!("{}/che/{paper}", page(&case))));
    assert_eq!(unfolded(&mut ha, &case, "cong-khai").await.attribute("#buoc-cong-khai .hiding input[checked]", "value").len(), 2);

    step(&mut ha, &case, "cong-khai", &fields("send")).await.expect(303);
    let waiting = du.get(&page(&case)).await.expect(200);
    let left = waiting.select("#buoc-duyet-cong-khai .notice.hiding li").concat();
    assert!(left.contains(PLATE) && left.contains("ngõ 5") && !left.contains(PHONE) && !left.contains(NEIGHBOUR), "{left}");
    assert!(waiting.select(".side-by-side section:first-child mark").contains(&PHONE.to_owned()), "hidden words stand out in the original");
    step(&mut ha, &case, "duyet-cong-khai", &[]).await.expect(403);
    step(&mut du, &case, "duyet-cong-khai", &[]).await.expect(303);

    let public = public_texts(&app).await;
    for word in [NEIGHBOUR, "Lan Anh", PHONE, "654 321", "số nhà 12"] {
        assert!(!public.contains(word), "{word} is public");
        assert!(!is_found(&app, word).await, "{word} is found");
    }
    assert!(public.contains("[đã ẩn: số điện thoại]") && public.contains(PLATE) && is_found(&app, "20A 123").await);
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let kept: Vec<(String, String)> = tx.all("SELECT title, body FROM public_texts", ()).await.expect("readable");
    drop(tx);
    assert!(kept.len() == 1 && !kept[0].1.contains(PHONE) && !kept[0].1.contains(NEIGHBOUR), "{kept:?}");
    assert!(!is_found(&app, "đã ẩn").await, "marks are no words to search for");
    assert_eq!(app.visitor().get("/cong-khai/1").await.expect(200).select(".hidden-words").len(), 4);

    // A mark is taken off again: by the form as it stands, without its tick.
    let again = unfolded(&mut ha, &case, "cong-khai").await;
    assert_eq!(again.field("public_body").trim(), BODY, "the author finds the text as it was");
    assert_eq!(again.attribute("#buoc-cong-khai .hiding input[checked]", "value").len(), 3);
    let fewer = [&texts[..], &ticks[..1], &[("action", "send")]].concat();
    step(&mut ha, &case, "cong-khai", &fewer).await.expect(303);
    assert!(!public_texts(&app).await.contains("Gọi 0987"), "not before the second person");
    step(&mut du, &case, "duyet-cong-khai", &[]).await.expect(303);
    let public = public_texts(&app).await;
    assert!(public.contains(PHONE) && !public.contains(NEIGHBOUR));
}

#[tokio::test]
async fn words_that_do_not_stand_there_are_refused_and_nothing_typed_is_lost() {
    let app = TestApp::new().await;
    let (case, _) = filed(&app, Kind::Report, BODY).await;
    let mut ha = app.signed_in("ha").await;
    let fields =
        [("public_title", "Lấn đường"), ("public_body", "Đường bị lấn, gọi 0987 654 321."), ("hide_x", "phone|0987 654 321"), ("hidden_words", "ông Không Có")];
    let refused = step(&mut ha, &case, "cong-khai", &fields).await.expect(422);
    assert!(refused.select("#errors").concat().contains("Không thấy những chữ này trong bài"));
    assert_eq!((refused.field("hidden_words"), refused.field("public_body").trim()), ("ông Không Có".into(), "Đường bị lấn, gọi 0987 654 321."));
    assert_eq!(refused.attribute("#buoc-cong-khai .hiding input[checked]", "value"), ["phone|0987 654 321"]);
    // The sender is looked for even where nobody ticks.
    let named = [("public_title", "Lấn đường"), ("public_body", "Bà hoang thi mau kêu.")];
    step(&mut ha, &case, "cong-khai", &named).await.expect(422);
    let hidden = [named[0], named[1], ("hide_x", "name|hoang thi mau")];
    step(&mut ha, &case, "cong-khai", &hidden).await.expect(303);
}

#[tokio::test]
async fn an_answer_is_whole_for_its_citizen_and_marked_for_everybody_else() {
    let app = TestApp::new().await;
    let (case, _) = filed(&app, Kind::Report, BODY).await;
    let (mut ha, mut du) = (app.signed_in("ha").await, app.signed_in("du").await);
    step(&mut ha, &case, "cong-khai", &[("public_title", "Lấn đường"), ("public_body", "Đường bị lấn.")]).await.expect(303);
    step(&mut du, &case, "duyet-cong-khai", &[]).await.expect(303);

    let answer = "Đã gặp **Nguyễn Thị Lan Anh**: https://vi-du.vn\n\nXe 20A-123.45 đã dời.";
    let tried = step(&mut ha, &case, "tra-loi", &[("answer", answer), ("action", "preview")]).await.expect(200);
    assert_eq!(tried.attribute("#buoc-tra-loi .hiding input[type=checkbox]", "value"), ["name|Nguyễn Thị Lan Anh", "plate|20A-123.45"]);
    let fields = [("answer", answer), ("veil_1", "name|Nguyễn Thị Lan Anh"), ("action", "send")];
    step(&mut ha, &case, "tra-loi", &fields).await.expect(303);
    let waiting = du.get(&page(&case)).await.expect(200);
    assert!(waiting.select("#buoc-duyet .preview").concat().contains("[đã ẩn: tên người]"));
    let left = waiting.select("#buoc-duyet .notice.hiding li").concat();
    assert!(left.contains(PLATE) && !left.contains(NEIGHBOUR), "{left}");
    step(&mut du, &case, "duyet", &[]).await.expect(303);

    let public = public_texts(&app).await;
    assert!(!public.contains(NEIGHBOUR) && public.contains("[đã ẩn: tên người]") && public.contains("20A-123.45 đã dời"));
    assert!(!is_found(&app, "Lan Anh").await);
    let own = app.visiting(&case).await.get("/tra-cuu/don").await.expect(200);
    assert!(own.text().contains(NEIGHBOUR), "the citizen reads it whole");
}

// ---- papers ----

/// What stands under the covered places of test pictures: rows of single pixels that nothing else has.
const PATTERN: [[u8; 3]; 4] = [[17, 201, 43], [231, 9, 87], [5, 66, 250], [190, 180, 3]];
const SECRET: &str = "NGUYEN-VAN-BI-MAT";

/// White, with the pattern in the left half.
fn drawn(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, y| if x < width / 2 { Rgb(PATTERN[((x / 8 + y / 8) % 4) as usize]) } else { Rgb([250, 250, 250]) }).into()
}

fn as_file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("a picture");
    bytes.into_inner()
}

/// A JPEG whose metadata hold the secret.
fn jpeg() -> Vec<u8> {
    let plain = as_file(&drawn(480, 320), ImageFormat::Jpeg);
    let text = format!("Exif\0\0II*\0{SECRET}");
    let size = u16::try_from(text.len() + 2).expect("short").to_be_bytes();
    [&plain[..2], &[0xFF, 0xE1], &size, text.as_bytes(), &plain[2..]].concat()
}

/// A PNG whose text chunk holds the secret.
fn png() -> Vec<u8> {
    let plain = as_file(&drawn(480, 320), ImageFormat::Png);
    let text = format!("Author\0{SECRET}");
    let mut chunk = b"tEXt".to_vec();
    chunk.extend_from_slice(text.as_bytes());
    let mut crc = flate2::Crc::new();
    crc.update(&chunk);
    let length = u32::try_from(text.len()).expect("short").to_be_bytes();
    // Behind the signature and the header.
    [&plain[..33], &length, &chunk, &crc.sum().to_be_bytes(), &plain[33..]].concat()
}

/// Puts a paper to a case as an upload would; gives its id.
async fn paper_of(app: &TestApp, case: &str, kind: PaperKind, bytes: &[u8]) -> String {
    let id = app.portal.new_id();
    let kept = clean(kind, bytes).expect("a paper");
    app.portal.files().put(&app::papers::key(&id), kept.bytes.clone().into()).await.expect("kept");
    if let Some(thumb) = &kept.thumb {
        app.portal.files().put(&app::papers::thumb_key(&id), thumb.clone().into()).await.expect("kept");
    }
    let paper = NewPaper {
        id: id.clone(),
        kind: kept.kind,
        bytes: i64::try_from(kept.bytes.len()).expect("small"),
        width: kept.width.map(i64::from),
        height: kept.height.map(i64::from),
        has_thumb: kept.thumb.is_some(),
        original_name: format!("{SECRET}.jpg"),
        file_key: None,
        at: app.portal.now(),
    };
    let mut tx = app.portal.db().write().await.expect("a transaction");
    papers::insert(&mut tx, papers::Owner::Case { case_id: case, message_id: None }, &paper).await.expect("a row");
    tx.commit().await.expect("kept");
    id
}

/// Sends the form that covers a paper.
async fn cover(browser: &mut Browser, case: &str, paper: &str, fields: &[(&str, &str)]) -> Answer {
    let path = format!("{}/che/{paper}", page(case));
    let version = browser.get(&path).await.expect(200).field("version");
    let mut all = vec![("version", version.as_str()), ("shown", "0")];
    all.extend_from_slice(fields);
    browser.post(&path, &all).await
}

/// Proposes the public text with a paper, and lets both out.
async fn released(app: &TestApp, case: &str, paper: &str) -> String {
    let (mut ha, mut du) = (app.signed_in("ha").await, app.signed_in("du").await);
    let chosen = format!("photo_{paper}");
    step(&mut ha, case, "cong-khai", &[("public_title", "Lấn đường"), ("public_body", "Đường bị lấn."), (&chosen, "1")]).await.expect(303);
    app.visitor().get("/cong-khai/1").await.expect(404);
    step(&mut du, case, "duyet-cong-khai", &[]).await.expect(303);
    let page = app.visitor().get("/cong-khai/1").await.expect(200);
    let shown = page.attribute("a[href^='/cong-khai/1/anh/']", "href");
    assert_eq!(shown.len(), 1);
    assert!(!page.body.contains(SECRET) && !page.body.contains(paper), "neither the file's name nor the original's id");
    app.visitor().get(&format!("/cong-khai/1/anh/{paper}")).await.expect(404);
    shown[0].clone()
}

/// All pixels of a part of a picture.
fn pixels(bytes: &[u8], (left, top, right, bottom): (u32, u32, u32, u32)) -> Vec<[u8; 3]> {
    let picture = image::load_from_memory(bytes).expect("a picture").to_rgb8();
    (top..bottom).flat_map(|y| (left..right).map(move |x| (x, y))).map(|(x, y)| picture.get_pixel(x, y).0).collect()
}

#[tokio::test]
async fn covered_pixels_of_a_picture_are_gone_from_every_public_byte() {
    let webp = as_file(&drawn(480, 320), ImageFormat::WebP);
    for (kind, bytes) in [(PaperKind::Jpeg, jpeg()), (PaperKind::Png, png()), (PaperKind::Webp, webp)] {
        let app = TestApp::new().await;
        let (case, _) = filed(&app, Kind::Report, BODY).await;
        let paper = paper_of(&app, &case, kind, &bytes).await;
        let mut ha = app.signed_in("ha").await;
        // Without scripts: cells of the grid. The picture is wide: sixteen columns, of which the left half is ticked.
        let cells: Vec<(String, String)> = (0..8).flat_map(|c| (0..12).map(move |r| (format!("cell_{c}_{r}"), format!("{c},{r}")))).collect();
        let mut fields: Vec<(&str, &str)> = cells.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.push(("action", "preview"));
        let tried = cover(&mut ha, &case, &paper, &fields).await.expect(200);
        assert_eq!(tried.attribute("[data-cover-list] input", "value"), ["0,0,0,501,1000"], "cells side by side are one rectangle");
        assert_eq!(tried.attribute(".cover-sheet rect", "width"), ["501"]);
        cover(&mut ha, &case, &paper, &[("cover_0", "0,0,0,501,1000"), ("action", "save")]).await.expect(303);

        let public = released(&app, &case, &paper).await;
        for size in ["", "?nho"] {
            let shown = app.visitor().get(&format!("{public}{size}")).await.expect(200).bytes;
            for marker in [SECRET.as_bytes(), b"Exif", b"tEXt", b"iTXt", b"eXIf", b"ICC_PROFILE", b"http://ns.adobe.com"] {
                assert!(!shown.windows(marker.len()).any(|part| part == marker), "{kind:?}{size} holds {}", String::from_utf8_lossy(marker));
            }
            let (width, height) = image::load_from_memory(&shown).map(|picture| (picture.width(), picture.height())).expect("a picture");
            // Whole blocks inside the rectangle are exactly black; at its edge the white beside it rings in a JPEG.
            let inside = pixels(&shown, (0, 0, width / 2 - 16, height));
            assert!(inside.iter().all(|pixel| *pixel == [0, 0, 0]), "{kind:?}{size}");
            let outside = pixels(&shown, (width / 2 + 24, 0, width, height));
            assert!(outside.iter().all(|pixel| pixel.iter().all(|part| *part > 230)), "{kind:?}{size}: the rest is as it was");
        }
        // Handlers still have the original.
        let original = ha.get(&format!("{}/anh/{paper}", page(&case))).await.expect(200).bytes;
        assert!(pixels(&original, (0, 0, 200, 300)).iter().any(|pixel| *pixel != [0, 0, 0]));
    }
}

#[tokio::test]
async fn a_paper_taken_back_is_gone_at_once_with_its_bytes() {
    let app = TestApp::new().await;
    let (case, _) = filed(&app, Kind::Report, BODY).await;
    let paper = paper_of(&app, &case, PaperKind::Jpeg, &jpeg()).await;
    let mut ha = app.signed_in("ha").await;
    cover(&mut ha, &case, &paper, &[("cover_0", "0,0,0,500,1000"), ("action", "save")]).await.expect(303);
    let public = released(&app, &case, &paper).await;
    let id = public.rsplit('/').next().expect("an id").to_owned();
    let back = format!("{}/ban-cong-khai/{id}", page(&case));

    app.visitor().post(&back, &[("take_back_reason", "Lộ mặt")]).await.expect(401);
    app.signed_in("cu").await.post(&back, &[("take_back_reason", "Lộ mặt")]).await.expect(404);
    ha.post(&back, &[("take_back_reason", " ")]).await.expect(422);
    app.visitor().get(&public).await.expect(200);
    app.signed_in("du").await.post(&back, &[("take_back_reason", "Còn lộ mặt một cháu bé")]).await.expect(303);
    app.visitor().get(&public).await.expect(404);
    app.visitor().get(&format!("{public}?nho")).await.expect(404);
    assert!(app.visitor().get("/cong-khai/1").await.expect(200).attribute(".photo-grid a", "href").is_empty(), "the page in memory is renewed");
    app.run_jobs().await;
    for key in [app::papers::key(&id), app::papers::thumb_key(&id)] {
        assert_eq!(app.portal.files().get(&key).await.expect("an answer"), None, "{key}");
    }
    assert!(app.portal.files().get(&app::papers::key(&paper)).await.expect("an answer").is_some(), "the original stays");
    let told = ha.get(&page(&case)).await.expect(200);
    assert!(told.text().contains("rút lại một giấy tờ công khai") && told.text().contains("Còn lộ mặt một cháu bé"));
    ha.post(&back, &[("take_back_reason", "Lần nữa")]).await.expect(404);
}

#[tokio::test]
async fn a_newer_covered_version_replaces_the_older_one_and_the_plain_photo() {
    let app = TestApp::new().await;
    let (case, _) = filed(&app, Kind::Report, BODY).await;
    let paper = paper_of(&app, &case, PaperKind::Jpeg, &jpeg()).await;
    let plain = released(&app, &case, &paper).await;
    let (mut ha, mut du) = (app.signed_in("ha").await, app.signed_in("du").await);
    cover(&mut ha, &case, &paper, &[("cover_0", "0,0,0,500,1000"), ("paper_title", "Đoạn đường"), ("action", "save")]).await.expect(303);
    app.visitor().get(&plain).await.expect(200);
    let chosen = format!("photo_{paper}");
    step(&mut ha, &case, "cong-khai", &[("public_title", "Lấn đường"), ("public_body", "Đường bị lấn."), (&chosen, "1")]).await.expect(303);
    let waiting = du.get(&page(&case)).await.expect(200);
    let looked_at = waiting.attribute("#buoc-duyet-cong-khai .photo-grid a", "href");
    assert_eq!(looked_at.len(), 1, "the second person sees what they let out");
    let seen = du.get(&looked_at[0]).await.expect(200).bytes;
    step(&mut du, &case, "duyet-cong-khai", &[]).await.expect(303);
    app.visitor().get(&plain).await.expect(404);
    let now = app.visitor().get("/cong-khai/1").await.expect(200);
    let shown = now.attribute(".photo-grid a", "href");
    assert_eq!(shown.len(), 1);
    assert!(now.attribute(".photo-grid img", "alt")[0].starts_with("Đoạn đường"));
    assert_eq!(app.visitor().get(&shown[0]).await.expect(200).bytes, seen, "the very bytes that were approved");
}

#[tokio::test]
async fn covering_is_for_whoever_handles_a_case_that_may_become_public() {
    let app = TestApp::new().await;
    let (case, _) = filed(&app, Kind::Report, BODY).await;
    let paper = paper_of(&app, &case, PaperKind::Jpeg, &jpeg()).await;
    let path = format!("{}/che/{paper}", page(&case));
    for login in ["cu", "hu", "gi"] {
        app.signed_in(login).await.get(&path).await.expect(404);
    }
    app.signed_in("du").await.get(&path).await.expect(403);
    let (sealed, _) = cases::file(&app, Kind::Denunciation, "Nhận tiền").await;
    let secret = paper_of(&app, &sealed, PaperKind::Jpeg, &jpeg()).await;
    app.signed_in("em").await.get(&format!("{}/che/{secret}", page(&sealed))).await.expect(404);
    let mut ha = app.signed_in("ha").await;
    ha.get(&format!("{}/che/{secret}", page(&case))).await.expect(404);
    // A title that names the sender is refused, one with a mark is kept.
    let named = [("paper_title", "Đơn của Hoàng Thị Mẫu"), ("action", "save")];
    let refused = cover(&mut ha, &case, &paper, &named).await.expect(422);
    assert_eq!(refused.field("paper_title"), "Đơn của Hoàng Thị Mẫu");
    cover(&mut ha, &case, &paper, &[named[0], named[1], ("hide_1", "name|Hoàng Thị Mẫu")]).await.expect(303);
    assert!(unfolded(&mut ha, &case, "cong-khai").await.text().contains("Đơn của [đã ẩn: tên người]"));
}

// ---- PDF ----

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

/// A PDF of these objects.
fn pdf_of(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.5\n".to_vec();
    let mut places = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend_from_slice(format!("{} 0 obj\n", i + 1).as_bytes());
        out.extend_from_slice(object);
        out.extend_from_slice(b"\nendobj\n");
    }
    let table = out.len();
    out.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for place in places {
        out.extend_from_slice(format!("{place:010} 00000 n \n").as_bytes());
    }
    out.extend_from_slice(format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1).as_bytes());
    out
}

fn stream(head: &str, bytes: &[u8]) -> Vec<u8> {
    [format!("<< {head} /Length {} >>\nstream\n", bytes.len()).as_bytes(), bytes, b"\nendstream"].concat()
}

/// Pages of A4 with a line of text and a picture, all compressed; every page the same.
fn pdf(pages: usize) -> Vec<u8> {
    let content = format!("BT /F1 24 Tf 60 700 Td ({SECRET} 0987654321) Tj ET q 200 0 0 200 60 400 cm /Im1 Do Q");
    let raw: Vec<u8> = (0..64 * 64).flat_map(|i| PATTERN[(i % 64 / 4 + i / 256) % 4]).collect();
    let kids = (0..pages).map(|i| format!("{} 0 R", i + 6)).collect::<Vec<_>>().join(" ");
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Count {pages} /Kids [{kids}] >>").into_bytes(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
        stream("/Filter /FlateDecode", &deflated(content.as_bytes())),
        stream("/Type /XObject /Subtype /Image /Width 64 /Height 64 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode", &deflated(&raw)),
    ];
    let one = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 3 0 R >> /XObject << /Im1 5 0 R >> >> >>";
    objects.extend((0..pages).map(|_| one.as_bytes().to_vec()));
    pdf_of(&objects)
}

/// A file's bytes, and what each of its compressed streams holds.
fn opened(pdf: &[u8]) -> Vec<Vec<u8>> {
    let mut all = vec![pdf.to_vec()];
    for (at, _) in pdf.windows(6).enumerate().filter(|(_, part)| *part == b"stream") {
        let begin = at + 6 + pdf[at + 6..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let mut inside = Vec::new();
        // What is no such stream ends in an error; what came before it is looked at all the same.
        if ZlibDecoder::new(&pdf[begin..]).read_to_end(&mut inside).is_ok() || !inside.is_empty() {
            all.push(inside);
        }
    }
    all
}

/// The JPEGs in a PDF.
fn jpegs(pdf: &[u8]) -> Vec<&[u8]> {
    let starts: Vec<usize> = pdf.windows(3).enumerate().filter(|(_, part)| *part == b"\xFF\xD8\xFF").map(|(at, _)| at).collect();
    starts.into_iter().map(|at| &pdf[at..]).collect()
}

fn holds(parts: &[Vec<u8>], wanted: &[u8]) -> bool {
    parts.iter().any(|part| part.windows(wanted.len()).any(|window| window == wanted))
}

#[tokio::test]
async fn a_covered_pdf_is_pictures_of_its_pages_and_holds_nothing_else() {
    let app = TestApp::new().await;
    let (case, _) = filed(&app, Kind::Report, BODY).await;
    let sent = pdf(2);
    let pattern: Vec<u8> = PATTERN[0].repeat(4);
    assert!(holds(&opened(&sent), SECRET.as_bytes()) && holds(&opened(&sent), &pattern), "the test finds what is there");
    let paper = paper_of(&app, &case, PaperKind::Pdf, &sent).await;
    let mut ha = app.signed_in("ha").await;

    let form = ha.get(&format!("{}/che/{paper}", page(&case))).await.expect(200);
    assert!(form.text().contains("Trang 1 trên 2"), "{}", form.text());
    let first = ha.get(&format!("{}/che/{paper}/trang/1", page(&case))).await.expect(200);
    assert_eq!(first.header("content-type"), "image/jpeg");
    // Where the line of text and the picture are: at 60 points from the left; the text 142 points below the top.
    let (line, photo) = ((100, 230, 900, 300), (130, 560, 500, 900));
    assert!(pixels(&first.bytes, line).iter().any(|pixel| pixel[0] < 60), "the page shows the text");
    assert!(pixels(&first.bytes, photo).iter().any(|pixel| pixel[1] > 150 && pixel[0] < 90), "and the picture");
    ha.get(&format!("{}/che/{paper}/trang/3", page(&case))).await.expect(404);
    let second = cover(&mut ha, &case, &paper, &[("cover_0", "0,0,100,1000,500"), ("action", "page:1")]).await.expect(200);
    assert!(second.text().contains("Trang 2 trên 2"));
    assert!(second.attribute("input[type=hidden]", "value").contains(&"0,0,100,1000,500".to_owned()), "what was covered goes along");
    let untitled = [("cover_0", "0,0,100,1000,500"), ("cover_1", "1,0,0,1000,600"), ("action", "save")];
    cover(&mut ha, &case, &paper, &untitled).await.expect(422);
    cover(&mut ha, &case, &paper, &[untitled[0], untitled[1], untitled[2], ("paper_title", "Biên bản họp thôn")]).await.expect(303);

    let public = released(&app, &case, &paper).await;
    let out = app.visitor().get(&public).await.expect(200);
    assert_eq!(out.header("content-type"), "application/pdf");
    assert!(app.visitor().get("/cong-khai/1").await.expect(200).text().contains("Biên bản họp thôn"));
    let parts = opened(&out.bytes);
    assert!(parts.len() >= 3, "its streams were opened");
    let spelled: String = SECRET.bytes().map(|byte| format!("{byte:02X}")).collect();
    for wanted in [
        SECRET.as_bytes(),
        b"0987654321",
        spelled.as_bytes(),
        &pattern,
        b"/Font",
        b"BT",
        b"Tj",
        b"/JavaScript",
        b"/EmbeddedFile",
        b"/Metadata",
        b"/Author",
        b"/Annots",
    ] {
        assert!(!holds(&parts, wanted), "it holds {}", String::from_utf8_lossy(wanted));
    }
    let pages = jpegs(&out.bytes);
    assert_eq!(pages.len(), 2);
    for page in pages {
        let (width, height) = image::load_from_memory(page).map(|picture| (picture.width(), picture.height())).expect("a page");
        assert!(pixels(page, (0, height / 10 + 16, width, height / 2 - 16)).iter().all(|pixel| *pixel == [0, 0, 0]), "all of it is black");
        assert!(pixels(page, (0, height - 200, width, height)).iter().all(|pixel| pixel[0] > 240), "the rest of the page is as it was");
    }
}

/// A stream of blanks that unpacks to so many MiB: one MiB packed by itself, over and over.
fn swelling(mib: usize) -> Vec<u8> {
    let blanks = vec![b' '; 1024 * 1024];
    let mut piece = Vec::with_capacity(64 * 1024);
    let mut packer = Compress::new(Compression::best(), false);
    packer.compress_vec(&blanks, &mut piece, FlushCompress::Full).expect("packed");
    assert_eq!(packer.total_in(), 1024 * 1024);
    [&[0x78, 0x01][..], &piece.repeat(mib), &[0x03, 0x00, 0, 0, 0, 0]].concat()
}

#[tokio::test]
async fn a_pdf_that_cannot_be_drawn_cannot_become_public() {
    let app = TestApp::new().await;
    let (case, _) = filed(&app, Kind::Report, BODY).await;
    let mut ha = app.signed_in("ha").await;
    let bomb = pdf_of(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>".to_vec(),
        stream("/Filter /FlateDecode", &swelling(1_600)),
    ]);
    // One page whose drawing unpacks to more memory than a paper may take, and one no wider than a hair: the new size is as long as the old one,
    // so that the table of places stays right.
    let (mut hair, size) = (pdf(1), b"595 842");
    let at = hair.windows(size.len()).position(|part| part == size).expect("the size of the page");
    hair[at..at + size.len()].copy_from_slice(b"9 99999");
    for (bytes, told) in [(pdf(21), "hơn 20 trang"), (bomb, "không vẽ lại được trang 1"), (hair, "không vẽ lại được trang 1")] {
        let paper = paper_of(&app, &case, PaperKind::Pdf, &bytes).await;
        let form = ha.get(&format!("{}/che/{paper}", page(&case))).await.expect(200);
        assert!(form.text().contains(told), "{told}: {}", form.text());
        let save = [("version", "9"), ("paper_title", "Giấy"), ("action", "save")];
        ha.post(&format!("{}/che/{paper}", page(&case)), &save).await.expect(422);
        let chosen = format!("photo_{paper}");
        step(&mut ha, &case, "cong-khai", &[("public_title", "Lấn đường"), ("public_body", "Đường bị lấn."), (&chosen, "1")]).await.expect(303);
        let waiting = app.signed_in("du").await.get(&page(&case)).await.expect(200);
        assert!(waiting.attribute("#buoc-duyet-cong-khai a[href*='ban-cong-khai']", "href").is_empty(), "choosing it by hand chooses nothing");
    }
}
