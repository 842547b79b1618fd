//! Pictures and signed papers of a dialogue, through HTTP.

use crate::harness::dialogues_of::announced;
use crate::harness::{Answer, Browser, TestApp, Upload, photo};

const ALT: &str = "Bà con hỏi về nước sạch tại nhà văn hóa";
/// While the dialogue runs.
const DURING: &str = "2026-12-08T01:30:00Z";
/// The day after.
const AFTER: &str = "2026-12-09T02:00:00Z";

fn desk(id: &str) -> String {
    format!("/can-bo/doi-thoai/{id}")
}

fn upload() -> Upload {
    Upload { field: "picture", name: "hoi-truong.jpg".into(), content_type: "image/jpeg", bytes: photo() }
}

async fn add(browser: &mut Browser, id: &str, once: &str, alt: &str) -> Answer {
    browser.post_files(&format!("{}/anh", desk(id)), &[("picture_once", once), ("picture_alt", alt)], &[upload()]).await
}

/// Held, with its result out.
async fn publish(app: &TestApp, id: &str) {
    app.set_time(AFTER);
    app.portal.reload_directory().await.expect("a new day");
    let held = [("version", "2"), ("deed", "hold"), ("chair", "head"), ("post", "Chủ tịch"), ("people", "40"), ("questions", "9"), ("answered", "7")];
    app.signed_in("an").await.post(&desk(id), &held).await.expect(303);
    app.signed_in("du").await.post(&desk(id), &[("version", "3"), ("deed", "publish"), ("outcome", "Đã trả lời.")]).await.expect(303);
}

#[tokio::test]
async fn a_picture_is_added_once_with_its_words_and_public_with_the_result() {
    let app = TestApp::new().await;
    let id = announced(&app).await;
    add(&mut app.signed_in("an").await, &id, "mot", ALT).await.expect(422);
    app.set_time(DURING);
    let mut an = app.signed_in("an").await;
    let wordless = add(&mut an, &id, "mot", " ").await.expect(422);
    assert!(wordless.text().contains("Hãy viết ảnh cho thấy gì"), "{}", wordless.text());
    assert_eq!(wordless.field("title"), "Nước sạch và đường nông thôn", "the page's other forms are as they were");
    let fileless = an.post_files(&format!("{}/anh", desk(&id)), &[("picture_alt", ALT)], &[]).await.expect(422);
    assert_eq!(fileless.field("picture_alt"), ALT);
    add(&mut an, &id, "mot", ALT).await.expect(303);
    add(&mut an, &id, "mot", ALT).await.expect(303);
    let page = an.get(&desk(&id)).await.expect(200);
    assert_eq!(page.attribute(".photo-grid img", "alt"), [format!("Ảnh: {ALT}")], "sent twice, added once");
    let at_desk = page.attribute(".photo-grid img", "src").remove(0);
    assert_eq!(an.get(&at_desk).await.expect(200).header("content-type"), "image/jpeg");
    app.signed_in("hu").await.get(&at_desk).await.expect(404);
    let picture = at_desk.rsplit('/').next().expect("an id").trim_end_matches("?nho").to_owned();
    let public = format!("/doi-thoai/1/anh/{picture}");
    app.visitor().get(&public).await.expect(404);
    assert!(app.visitor().get("/doi-thoai/1").await.expect(200).select(".photo-grid").is_empty(), "not before the result");
    publish(&app, &id).await;
    app::publishing::cache::follow_changes(&app.portal).await.expect("pages follow");
    let page = app.visitor().get("/doi-thoai/1").await.expect(200);
    assert_eq!(page.attribute(".photo-grid img", "src"), [format!("{public}?nho")]);
    assert_eq!(app.visitor().get(&public).await.expect(200).header("content-type"), "image/jpeg");
}

#[tokio::test]
async fn a_picture_that_is_taken_out_is_gone_for_good_and_the_reason_stays() {
    let app = TestApp::new().await;
    let id = announced(&app).await;
    app.set_time(DURING);
    add(&mut app.signed_in("an").await, &id, "mot", ALT).await.expect(303);
    publish(&app, &id).await;
    let mut an = app.signed_in("an").await;
    let public = app.visitor().get("/doi-thoai/1").await.expect(200).attribute(".photo-grid a", "href").remove(0);
    let picture = public.rsplit('/').next().expect("an id").to_owned();
    let path = format!("{}/anh/{picture}", desk(&id));
    an.post(&path, &[("picture_reason", " ")]).await.expect(422);
    app.signed_in("hu").await.post(&path, &[("picture_reason", "Không phải của tôi.")]).await.expect(404);
    app.signed_in("ha").await.post(&path, &[("picture_reason", "Tôi chỉ xử lý đơn.")]).await.expect(404);
    app.visitor().get(&public).await.expect(200);
    for _ in 0..2 {
        an.post(&path, &[("picture_reason", "Người trong ảnh đề nghị gỡ.")]).await.expect(303);
    }
    app::publishing::cache::follow_changes(&app.portal).await.expect("pages follow");
    app.visitor().get(&public).await.expect(404);
    assert!(app.visitor().get("/doi-thoai/1").await.expect(200).select(".photo-grid").is_empty());
    let kept = async || app.portal.files().get(&app::papers::key(&picture)).await.expect("the store answers").is_some();
    assert!(kept().await, "the job has not run yet");
    app.run_jobs().await;
    assert!(!kept().await, "the bytes are gone");
    let page = an.get(&desk(&id)).await.expect(200).text();
    assert!(page.contains("Người trong ảnh đề nghị gỡ.") && page.contains("Cán bộ An"), "{page}");
}

/// Once a form that came back with a complaint took the other forms' contents away: the editor below it stood empty.
#[tokio::test]
async fn a_deed_that_is_refused_leaves_the_other_forms_filled() {
    let app = TestApp::new().await;
    let id = announced(&app).await;
    let refused = [("version", "2"), ("deed", "postpone"), ("day", "2026-12-15"), ("from", "09:00"), ("to", "11:00"), ("reason", "")];
    let page = app.signed_in("du").await.post(&desk(&id), &refused).await.expect(422);
    assert_eq!(page.field("title"), "Nước sạch và đường nông thôn");
    assert_eq!((page.field("day").as_str(), page.field("from").as_str()), ("2026-12-15", "09:00"), "what was typed stays");
}
