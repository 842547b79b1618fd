//! Promises in public: every day that was promised stays, nobody speaks twice, nobody decides without the role, and mails say nothing.

use crate::harness::petitions_of::{actor, file, file_report, give_to_economy};
use crate::harness::{Browser, CHO_DON_BODY, PHU_THONG_BODY, PHU_THONG_CULTURE, PHU_THONG_ECONOMY, TestApp, Upload, photo};
use app::commitments::actions::{self, NewCommitment};
use app::commitments::rules::{Commitment, Head, OriginKind, apply};
use app::commitments::{by_id, of_origin, record, sums};
use app::petitions::actions as petitions;
use app::petitions::actions::Act;
use app::petitions::procedure;
use app::petitions::rules::Kind;
use app::petitions::store;
use app::procedures::step::Step;
use chrono::NaiveDate;

const TEXT: &str = "Kéo đường ống nước đến 34 hộ";
const DIALOGUE: &str = "dialogue-1";
const TITLE: &str = "Đối thoại về nước sạch";

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn new(app: &TestApp, text: &str, owner: &str, by: &str) -> NewCommitment {
    NewCommitment {
        id: app.portal.new_id(),
        origin: OriginKind::Dialogue,
        origin_id: DIALOGUE.into(),
        text: text.into(),
        owner_id: owner.into(),
        co_owner_ids: vec![PHU_THONG_CULTURE.into()],
        head: Head { body_id: PHU_THONG_BODY.into(), post: "Chủ tịch UBND xã Phủ Thông".into(), name: String::new(), account_id: "account-em".into() },
        made_on: day("2026-11-20"),
        day: day(by),
    }
}

/// Made by the head, not public yet.
async fn made(app: &TestApp, new: &NewCommitment) -> Commitment {
    let em = actor(app, "em").await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let commitment = actions::make(&mut Act { tx: &mut tx, portal: &app.portal, actor: &em }, new).await.expect("made");
    tx.commit().await.expect("kept");
    commitment
}

async fn publish(app: &TestApp) {
    let em = actor(app, "em").await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &em };
    actions::publish_all(&mut act, OriginKind::Dialogue, DIALOGUE, TITLE, "/doi-thoai/1").await.expect("published");
    tx.commit().await.expect("kept");
    app::publishing::cache::follow_changes(&app.portal).await.expect("pages follow");
}

/// A public promise of the economy unit.
pub async fn promise(app: &TestApp, by: &str) -> Commitment {
    let commitment = made(app, &new(app, TEXT, PHU_THONG_ECONOMY, by)).await;
    publish(app).await;
    stored(app, &commitment.id).await
}

async fn stored(app: &TestApp, id: &str) -> Commitment {
    let mut tx = app.portal.db().read().await.expect("a transaction");
    by_id(&mut tx, id).await.expect("readable").expect("there")
}

/// The record replays to the row.
async fn replays(app: &TestApp, id: &str) {
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let replayed = record(&mut tx, id)
        .await
        .expect("readable")
        .iter()
        .fold(None, |before: Option<Commitment>, entry| Some(apply(id, before.as_ref(), &entry.event, entry.at).expect("every event fits")));
    assert_eq!(replayed, by_id(&mut tx, id).await.expect("readable"));
}

fn desk(id: &str, end: &str) -> String {
    if end.is_empty() { format!("/can-bo/loi-hua/{id}") } else { format!("/can-bo/loi-hua/{id}/{end}") }
}

async fn version(browser: &mut Browser, id: &str) -> String {
    browser.get(&desk(id, "")).await.expect(200).field("version")
}

#[tokio::test]
async fn a_promise_is_public_once_published_and_every_day_stays_visible() {
    let app = TestApp::new().await;
    let mut reader = app.visitor();
    let commitment = made(&app, &new(&app, TEXT, PHU_THONG_ECONOMY, "2026-12-01")).await;
    assert!(reader.get("/loi-hua").await.expect(200).text().contains("Chưa có lời hứa nào"));
    reader.get("/loi-hua/1").await.expect(404);
    assert!(app.signed_in("ha").await.get("/can-bo/loi-hua").await.expect(200).text().contains("Chưa công khai"));
    publish(&app).await;
    let page = reader.get("/loi-hua/1").await.expect(200);
    assert!(page.text().contains(TEXT) && page.text().contains("Chủ tịch UBND xã Phủ Thông") && page.text().contains("Còn 11 ngày"), "{}", page.text());
    assert_eq!(page.attribute("a[href=\"/doi-thoai/1\"]", "href").len(), 1, "the way back to the dialogue");
    assert!(page.attribute("meta[property=\"og:title\"]", "content")[0].contains(TEXT));
    assert!(page.attribute("meta[property=\"og:description\"]", "content")[0].contains("1/12/2026"));

    let mut em = app.signed_in("em").await;
    for (to, reason) in [("2026-12-10", "chờ vật tư"), ("2026-12-20", "mưa lũ")] {
        let version = version(&mut em, &commitment.id).await;
        em.post(&desk(&commitment.id, "doi-ngay"), &[("version", &version), ("move_to", to), ("move_reason", reason)]).await.expect(303);
    }
    let page = reader.get("/loi-hua/1").await.expect(200);
    assert_eq!(page.select("dd s"), ["1/12/2026", "10/12/2026"], "every old day is struck through: {}", page.body);
    assert!(page.text().contains("chờ vật tư") && page.text().contains("mưa lũ"), "with its reason: {}", page.text());
    let list = reader.get("/loi-hua").await.expect(200);
    assert_eq!(list.select("article.promise s"), ["1/12/2026", "10/12/2026"]);
    assert!(list.text().contains("dời 2 lần, lần cuối: mưa lũ"), "{}", list.text());
    for path in ["/", "/co-quan/19.01969.UB", "/en/loi-hua", "/en/loi-hua/1"] {
        assert!(!reader.get(path).await.expect(200).attribute("a[href*=\"loi-hua\"]", "href").is_empty(), "{path} leads to promises");
    }
    let feed = reader.get("/loi-hua.atom").await.expect(200);
    assert!(feed.body.contains("https://nghedan.test/loi-hua/1") && feed.body.contains(TEXT));
    reader.get("/loi-hua.atom?co-quan=x").await.expect(404);
    replays(&app, &commitment.id).await;
}

#[tokio::test]
async fn the_same_form_twice_is_one_promise_and_only_the_authority_makes_one() {
    let app = TestApp::new().await;
    let wanted = new(&app, TEXT, PHU_THONG_ECONOMY, "2026-12-01");
    let first = made(&app, &wanted).await;
    assert_eq!(made(&app, &wanted).await, first);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    assert_eq!(of_origin(&mut tx, OriginKind::Dialogue, DIALOGUE).await.expect("readable").len(), 1);
    for login in ["hu", "gi", "xa"] {
        let other = NewCommitment { id: app.portal.new_id(), ..wanted.clone() };
        let who = actor(&app, login).await;
        assert!(actions::make(&mut Act { tx: &mut tx, portal: &app.portal, actor: &who }, &other).await.is_err(), "{login} promises in another head's name");
    }
    let em = actor(&app, "em").await;
    for bad in [
        NewCommitment { id: app.portal.new_id(), text: " ".into(), ..wanted.clone() },
        NewCommitment { id: app.portal.new_id(), day: day("2026-11-19"), ..wanted.clone() },
        NewCommitment { id: app.portal.new_id(), owner_id: "nobody".into(), ..wanted.clone() },
    ] {
        assert!(actions::make(&mut Act { tx: &mut tx, portal: &app.portal, actor: &em }, &bad).await.is_err(), "{bad:?}");
    }
}

#[tokio::test]
async fn lists_begin_with_the_newest_trouble_and_figures_lead_to_what_they_count() {
    let app = TestApp::new().await;
    let mut ids = Vec::new();
    for (text, by) in [
        ("Việc trễ lâu", "2026-11-25"),
        ("Việc mới trễ", "2026-11-29"),
        ("Việc sắp đến", "2026-12-05"),
        ("Việc còn xa", "2027-01-30"),
        ("Việc xong", "2026-12-05"),
    ] {
        ids.push(made(&app, &new(&app, text, PHU_THONG_ECONOMY, by)).await.id);
    }
    for n in 0..22 {
        made(&app, &new(&app, &format!("Việc khác {n}"), PHU_THONG_CULTURE, "2026-12-31")).await;
    }
    publish(&app).await;
    app.set_time("2026-12-01T02:00:00Z");
    app.portal.reload_directory().await.expect("a new day");
    let mut em = app.signed_in("em").await;
    let seen = version(&mut em, &ids[4]).await;
    em.post(&desk(&ids[4], "da-lam"), &[("version", &seen), ("done_on", "2026-11-30"), ("explanation", "Đã xong, có biên bản.")]).await.expect(303);

    let mut reader = app.visitor();
    let first = reader.get("/loi-hua").await.expect(200);
    let titles = first.select("article.promise h3");
    assert_eq!(titles[..3], ["Việc mới trễ", "Việc trễ lâu", "Việc sắp đến"], "the newest trouble first, then what is due next");
    assert_eq!(titles.len(), 20);
    let next = first.attribute("a[rel=next]", "href");
    let second = reader.get(&next[0]).await.expect(200);
    let rest = second.select("article.promise h3");
    assert_eq!((rest.len(), rest[5].as_str(), rest[6].as_str()), (7, "Việc còn xa", "Việc xong"), "{rest:?}");
    assert!(titles.iter().all(|title| !rest.contains(title)), "no page repeats another");

    let numbers = first.select(".figures b");
    assert_eq!(numbers, ["2", "24", "1", "0", "0", "0"], "late, open, kept, kept after moving, done late, given up");
    assert!(first.text().contains("33% (1/3)"), "what is not due is not counted: {}", first.text());
    for (href, n) in first.attribute(".figures a", "href").into_iter().zip([2, 20, 1]) {
        assert_eq!(reader.get(&href).await.expect(200).select("article.promise").len(), n, "{href}");
    }
    for (query, n) in [
        ("co-quan=19.01969.UB&tinh-trang=qua-han", 2),
        ("co-quan=19.02020.UB", 0),
        ("nguoi-hua=1&tinh-trang=da-lam", 1),
        ("nam=2026&tinh-trang=qua-han", 2),
        ("nam=2025", 0),
        ("tinh-trang=lam-tre", 0),
    ] {
        assert_eq!(reader.get(&format!("/loi-hua?{query}")).await.expect(200).select("article.promise").len(), n, "{query}");
    }
    assert!(reader.get("/loi-hua?co-quan=x&sau=y").await.expect(200).text().contains("không dùng được"), "what names nothing is told");
    let keeping = reader.get("/loi-hua/giu-loi").await.expect(200);
    assert_eq!(keeping.select("tbody tr").len(), 2, "one authority, one head: {}", keeping.text());
    assert!(keeping.text().contains("33% (1/3)"));
    for href in keeping.attribute("tbody td a", "href") {
        assert!(!reader.get(&href).await.expect(200).select("article.promise").is_empty(), "{href} leads to what it counts");
    }
    let lead = app.signed_in("em").await.get("/can-bo/lanh-dao").await.expect(200).text();
    assert!(lead.contains("Quá hạn, chưa làm xong: 2") && lead.contains("Sắp đến hạn: 1"), "{lead}");
    for id in &ids {
        replays(&app, id).await;
    }
}

#[tokio::test]
async fn nobody_decides_without_the_role() {
    let app = TestApp::new().await;
    let id = promise(&app, "2026-12-01").await.id;
    for (login, page, decides, shows) in
        [("an", 200, 403, 422), ("ha", 200, 403, 422), ("cu", 200, 403, 403), ("du", 200, 422, 422), ("gi", 404, 404, 404), ("hu", 404, 404, 404)]
    {
        let mut browser = app.signed_in(login).await;
        browser.get(&desk(&id, "")).await.expect(page);
        for end in ["doi-ngay", "da-lam", "khong-lam-nua", "lam-tiep"] {
            let answer = browser.post(&desk(&id, end), &[("version", "2")]).await;
            assert_eq!(answer.status, decides, "{login} at {end}: {}", answer.text());
        }
        let answer = browser.post_files(&desk(&id, "bang-chung"), &[], &[]).await;
        assert_eq!(answer.status, shows, "{login} adds evidence: {}", answer.text());
    }
    let mut stranger = app.visitor();
    assert!(stranger.get(&desk(&id, "")).await.expect(303).location().expect("a way").starts_with("/dang-nhap"));
    let answer = stranger.post(&desk(&id, "khong-lam-nua"), &[("drop_reason", "Tôi không muốn mất câu này")]).await.expect(401);
    assert!(answer.body.contains("Tôi không muốn mất câu này"), "nothing typed is lost");
    assert_eq!(stored(&app, &id).await.version, 2, "nothing has happened to it");
}

#[tokio::test]
async fn a_stale_page_is_refused_with_every_word_and_a_double_click_counts_once() {
    let app = TestApp::new().await;
    let id = promise(&app, "2026-12-01").await.id;
    let (mut em, mut du) = (app.signed_in("em").await, app.signed_in("du").await);
    let seen = version(&mut em, &id).await;
    let fields = [("version", seen.as_str()), ("move_to", "2026-12-15"), ("move_reason", "chờ vật tư")];
    em.post(&desk(&id, "doi-ngay"), &fields).await.expect(303);
    em.post(&desk(&id, "doi-ngay"), &fields).await.expect(303);
    assert_eq!(stored(&app, &id).await.moves, 1, "pressed twice, moved once");
    let stale = du.post(&desk(&id, "khong-lam-nua"), &[("version", &seen), ("drop_reason", "Không còn cần nữa")]).await.expect(409);
    assert_eq!(stale.field("drop_reason").trim(), "Không còn cần nữa");
    assert!(stale.text().contains("vừa thay đổi"));

    for (end, fields, field) in [
        ("doi-ngay", vec![("move_to", "2026-11-20"), ("move_reason", "lý do")], "move_to"),
        ("doi-ngay", vec![("move_to", "2026-12-15"), ("move_reason", "lý do")], "move_to"),
        ("doi-ngay", vec![("move_to", "2026-12-30"), ("move_reason", " ")], "move_reason"),
        ("doi-ngay", vec![("move_to", "30/2/2026"), ("move_reason", "lý do")], "move_to"),
        ("da-lam", vec![("done_on", "2026-11-20"), ("explanation", "")], "explanation"),
        ("da-lam", vec![("done_on", "2026-11-21"), ("explanation", "xong")], "done_on"),
        ("khong-lam-nua", vec![("drop_reason", "")], "drop_reason"),
    ] {
        let seen = version(&mut em, &id).await;
        let mut all = vec![("version", seen.as_str())];
        all.extend(fields.iter().copied());
        let answer = em.post(&desk(&id, end), &all).await.expect(422);
        assert_eq!(answer.attribute(".summary-errors a", "href"), [format!("#{field}")], "{end} {fields:?}");
    }
    replays(&app, &id).await;
}

#[tokio::test]
async fn evidence_is_public_with_what_it_shows_and_ends_a_promise() {
    let app = TestApp::new().await;
    let id = promise(&app, "2026-12-01").await.id;
    let mut ha = app.signed_in("ha").await;
    let upload = || Upload { field: "papers", name: "duong-ong.jpg".into(), content_type: "image/jpeg", bytes: photo() };
    let without_alt = ha.post_files(&desk(&id, "bang-chung"), &[("evidence_words", "Đã lắp 21 đồng hồ.")], &[upload()]).await.expect(422);
    assert_eq!(without_alt.field("evidence_words").trim(), "Đã lắp 21 đồng hồ.");
    let once = ha.get(&desk(&id, "")).await.expect(200).field("_once");
    let fields = [("_once", once.as_str()), ("evidence_words", "Đã lắp 21 đồng hồ."), ("evidence_alt", "Đồng hồ nước mới ở cổng nhà")];
    ha.post_files(&desk(&id, "bang-chung"), &fields, &[upload()]).await.expect(303);
    ha.post_files(&desk(&id, "bang-chung"), &fields, &[upload()]).await.expect(303);
    assert_eq!(stored(&app, &id).await.evidences, 1, "sent twice, added once");
    let mut reader = app.visitor();
    let page = reader.get("/loi-hua/1").await.expect(200);
    assert_eq!(page.attribute(".photo-grid img", "alt"), ["Ảnh: Đồng hồ nước mới ở cổng nhà"]);
    let picture = page.attribute(".photo-grid img", "src").remove(0);
    assert_eq!(reader.get(&picture).await.expect(200).header("content-type"), "image/jpeg");
    reader.get("/loi-hua/1/anh/khong-co").await.expect(404);
    let mut du = app.signed_in("du").await;
    let seen = version(&mut du, &id).await;
    du.post(&desk(&id, "da-lam"), &[("version", &seen), ("done_on", "20/11/2026"), ("explanation", "")]).await.expect(303);
    assert!(reader.get("/loi-hua/1").await.expect(200).text().contains("Đã làm, đúng hẹn"));

    // Where the dialogue is no longer public, its promises and their photos are not.
    let em = actor(&app, "em").await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    actions::hide_all(&mut Act { tx: &mut tx, portal: &app.portal, actor: &em }, OriginKind::Dialogue, DIALOGUE).await.expect("hidden");
    tx.commit().await.expect("kept");
    app::publishing::cache::follow_changes(&app.portal).await.expect("pages follow");
    reader.get("/loi-hua/1").await.expect(404);
    reader.get(&picture).await.expect(404);
    assert!(reader.get("/loi-hua").await.expect(200).text().contains("Chưa có lời hứa nào"));
    app.signed_in("ha").await.get(&desk(&id, "")).await.expect(200);
    publish(&app).await;
    reader.get("/loi-hua/1").await.expect(200);
    replays(&app, &id).await;
}

async fn say(browser: &mut Browser, fields: &[(&str, &str)]) -> u16 {
    let token = browser.get("/loi-hua/1/y-kien").await.expect(200).field("_device");
    let mut all = vec![("_device", token.as_str())];
    all.extend_from_slice(fields);
    browser.post("/loi-hua/1/y-kien", &all).await.status
}

#[tokio::test]
async fn nobody_speaks_twice_and_a_sentence_waits_for_an_official() {
    let app = TestApp::new().await;
    let id = promise(&app, "2026-12-01").await.id;
    app.visitor().get("/loi-hua/1/y-kien").await.expect(404);
    app.set_time("2026-12-03T02:00:00Z");
    app.portal.reload_directory().await.expect("a new day");
    let counts = async || {
        let mut tx = app.portal.db().read().await.expect("a transaction");
        let sums = sums(&mut tx, &id).await.expect("readable");
        (sums.confirmed, sums.contradicted, sums.confirmed_contact + sums.contradicted_contact)
    };
    let mut one = app.visitor();
    let form = one.get("/loi-hua/1/y-kien?y=chua").await.expect(200);
    assert_eq!(form.attribute("input[name=y][checked]", "value"), ["chua"]);
    let token = form.field("_device");
    let wrong = one.post("/loi-hua/1/y-kien", &[("_device", &token), ("words", "Chưa có nước."), ("phone", "12")]).await.expect(422);
    assert!(wrong.field("words").contains("Chưa có nước.") && wrong.attribute(".summary-errors a", "href") == ["#y", "#phone"], "{}", wrong.text());
    // The same form from a browser without a cookie yet, twice: the token in the form is the device.
    for _ in 0..2 {
        let mut again = app.visitor();
        again.post("/loi-hua/1/y-kien", &[("_device", &token), ("y", "chua"), ("words", "13 hộ cuối thôn chưa có nước.")]).await.expect(303);
    }
    assert_eq!(counts().await, (0, 1, 0), "pressed twice, counted once");
    // A phone number counts once, from whatever device; the answer does not tell.
    for _ in 0..3 {
        assert_eq!(say(&mut app.visitor(), &[("y", "xong"), ("phone", "0912 345 678")]).await, 303);
    }
    assert_eq!(counts().await, (1, 1, 1));
    // Somebody changes their mind.
    let mut other = app.visitor();
    for (says, then) in [("xong", (2, 1, 1)), ("chua", (1, 2, 1)), ("chua", (1, 2, 1)), ("xong", (2, 1, 1))] {
        assert_eq!(say(&mut other, &[("y", says)]).await, 303);
        assert_eq!(counts().await, then, "{says}");
    }
    assert!(other.get("/loi-hua/1/y-kien").await.expect(200).text().contains("Bạn đã cho biết: đã xong"));

    let mut reader = app.visitor();
    app.set_time("2026-12-03T02:01:00Z");
    app.run_jobs().await;
    app::publishing::cache::follow_changes(&app.portal).await.expect("pages follow");
    let page = reader.get("/loi-hua/1").await.expect(200).text();
    assert!(page.contains("2 người nói đã xong, 1 người nói chưa xong") && page.contains("1 người có để lại"), "{page}");
    assert!(!page.contains("13 hộ cuối thôn"), "what somebody wrote waits: {page}");
    let mut an = app.signed_in("an").await;
    let desk_page = an.get(&desk(&id, "")).await.expect(200);
    let voice = desk_page.attribute("input[name=voice]", "value")[0].clone();
    app.signed_in("ha").await.post(&desk(&id, "loi-dan"), &[("voice", &voice), ("does", "release")]).await.expect(403);
    app.signed_in("hu").await.post(&desk(&id, "loi-dan"), &[("voice", &voice), ("does", "release")]).await.expect(404);
    an.post(&desk(&id, "loi-dan"), &[("voice", &voice), ("does", "release")]).await.expect(303);
    an.post(&desk(&id, "loi-dan"), &[("voice", &voice), ("does", "release")]).await.expect(409);
    assert!(reader.get("/loi-hua/1").await.expect(200).text().contains("13 hộ cuối thôn chưa có nước."));
    // Written anew, it waits anew; what was read is not what would be let out.
    let mut writer = app.visitor();
    writer.set_cookie("nghedan_loihua", &token);
    assert_eq!(say(&mut writer, &[("y", "chua"), ("words", "Ông Hoàng Văn Tú nói dối.")]).await, 303);
    app.set_time("2026-12-03T02:02:00Z");
    app.run_jobs().await;
    app::publishing::cache::follow_changes(&app.portal).await.expect("pages follow");
    assert!(!reader.get("/loi-hua/1").await.expect(200).text().contains("nói dối"));
    replays(&app, &id).await;
}

#[tokio::test]
async fn many_speak_at_once_and_every_voice_counts() {
    const PEOPLE: u8 = 40;
    let app = TestApp::new().await;
    let id = promise(&app, "2026-11-21").await.id;
    app.set_time("2026-11-23T02:00:00Z");
    app.portal.reload_directory().await.expect("a new day");
    let speaking = (0..PEOPLE).map(|n| {
        let mut browser = app.visitor();
        browser.address = ([192, 0, 2, n], 40_000).into();
        tokio::spawn(async move { say(&mut browser, &[("y", if n % 4 == 0 { "chua" } else { "xong" })]).await })
    });
    for spoken in speaking.collect::<Vec<_>>() {
        assert_eq!(spoken.await.expect("no panic"), 303);
    }
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let sums = sums(&mut tx, &id).await.expect("readable");
    assert_eq!((sums.confirmed, sums.contradicted), (30, 10));
}

#[tokio::test]
async fn a_disputed_promise_is_shown_as_such_and_taken_up_again_with_a_reason() {
    let app = TestApp::new().await;
    let id = promise(&app, "2026-12-01").await.id;
    let mut em = app.signed_in("em").await;
    let seen = version(&mut em, &id).await;
    em.post(&desk(&id, "da-lam"), &[("version", &seen), ("done_on", "2026-11-20"), ("explanation", "Đã bàn giao.")]).await.expect(303);
    assert_eq!(say(&mut app.visitor(), &[("y", "chua")]).await, 303);
    assert!(em.get("/can-bo/loi-hua?xem=da-lam").await.expect(200).text().contains("Có người nói chưa xong"));
    let seen = version(&mut em, &id).await;
    em.post(&desk(&id, "lam-tiep"), &[("version", &seen), ("reopen_reason", "")]).await.expect(422);
    em.post(&desk(&id, "lam-tiep"), &[("version", &seen), ("reopen_reason", "13 hộ chưa có nước")]).await.expect(303);
    let page = app.visitor().get("/loi-hua/1").await.expect(200).text();
    assert!(page.contains("Còn 11 ngày") && page.contains("13 hộ chưa có nước"), "{page}");
    let seen = version(&mut em, &id).await;
    em.post(&desk(&id, "khong-lam-nua"), &[("version", &seen), ("drop_reason", "Đã có nước của nhà máy")]).await.expect(303);
    assert!(app.visitor().get("/loi-hua/1").await.expect(200).text().contains("Đã có nước của nhà máy"));
    app.visitor().get("/loi-hua/1/y-kien").await.expect(404);
    replays(&app, &id).await;
}

/// The last address in a mail.
fn link(body: &str) -> String {
    let at = body.rfind("https://nghedan.test").expect("a link");
    body[at + "https://nghedan.test".len()..].split_whitespace().next().expect("an address").to_owned()
}

#[tokio::test]
async fn whoever_follows_confirms_first_hears_that_there_is_news_and_leaves_with_one_press() {
    let app = TestApp::new().await;
    let id = promise(&app, "2026-12-01").await.id;
    app.run_jobs().await;
    let mut browser = app.visitor();
    browser.get("/theo-doi-loi-hua?so=99").await.expect(404);
    browser.post("/theo-doi-loi-hua", &[("so", "1"), ("email", "khong phai")]).await.expect(422);
    for (field, value, email) in
        [("so", "1", "mau@vi-du.example"), ("co-quan", "19.01969.UB", "mau@vi-du.example"), ("co-quan", "19.01969.UB", "tu@vi-du.example")]
    {
        browser.post("/theo-doi-loi-hua", &[(field, value), ("email", email)]).await.expect(303);
    }
    app.run_jobs().await;
    let asked = app.mailer.sent();
    assert_eq!(asked.len(), 3);
    assert!(asked.iter().all(|mail| !mail.body.contains(TEXT)), "not even the first mail names the promise");
    // Nothing before the button was pressed, and opening the link presses nothing.
    browser.get(&link(&asked[0].body)).await.expect(200);
    let mut em = app.signed_in("em").await;
    let shift = async |em: &mut Browser, to: &str| {
        let seen = version(em, &id).await;
        em.post(&desk(&id, "doi-ngay"), &[("version", &seen), ("move_to", to), ("move_reason", "chờ vật tư")]).await.expect(303);
        app.run_jobs().await;
    };
    shift(&mut em, "2026-12-05").await;
    assert_eq!(app.mailer.sent().len(), 3);
    for mail in &asked {
        browser.post(&link(&mail.body), &[("lam", "theo-doi")]).await.expect(303);
    }
    shift(&mut em, "2026-12-06").await;
    let news: Vec<_> = app.mailer.sent().split_off(3);
    let to: std::collections::BTreeSet<_> = news.iter().map(|mail| mail.to.clone()).collect();
    assert_eq!((news.len(), to.len()), (2, 2), "who follows both gets one");
    for mail in &news {
        assert!(!mail.body.contains(TEXT) && !mail.subject.contains(TEXT) && mail.body.contains("https://nghedan.test/loi-hua/1"), "{}", mail.body);
    }
    // Late is told once for a day.
    app.set_time("2026-12-07T02:00:00Z");
    assert!(app::commitments::late::walk(&app.portal).await.expect("walked"));
    assert!(!app::commitments::late::walk(&app.portal).await.expect("walked"));
    app.run_jobs().await;
    assert_eq!(app.mailer.sent().len(), 7);
    let leaving = link(&news.iter().find(|mail| mail.to == "tu@vi-du.example").expect("theirs").body);
    browser.post(&leaving, &[("lam", "thoi")]).await.expect(200);
    browser.post(&leaving, &[("lam", "thoi")]).await.expect(200);
    browser.get(&leaving).await.expect(404);
    browser.post(&leaving, &[("lam", "theo-doi")]).await.expect(404);
    shift(&mut app.signed_in("em").await, "2026-12-20").await;
    assert_eq!(app.mailer.sent().len(), 8, "only who stayed");
    // A letter box is not filled by somebody else.
    for status in [303, 303, 303, 429] {
        assert_eq!(browser.post("/theo-doi-loi-hua", &[("so", "1"), ("email", "Nan.Nhan@vi-du.example")]).await.status, status);
    }
}

async fn answer(app: &TestApp, id: &str, promised: Option<NaiveDate>) {
    let (ha, du) = (actor(app, "ha").await, actor(app, "du").await);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let before = store::by_id(&mut tx, id).await.expect("readable").expect("there");
    let proposed = petitions::propose_answer(&mut Act { tx: &mut tx, portal: &app.portal, actor: &ha }, &before, "Sẽ sửa.", promised).await.expect("drafted");
    petitions::approve_answer(&mut Act { tx: &mut tx, portal: &app.portal, actor: &du }, &proposed).await.expect("let out");
    tx.commit().await.expect("kept");
}

async fn release(app: &TestApp, id: &str) {
    let (ha, du) = (actor(app, "ha").await, actor(app, "du").await);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let before = store::by_id(&mut tx, id).await.expect("readable").expect("there");
    let proposed =
        petitions::propose_public_text(&mut Act { tx: &mut tx, portal: &app.portal, actor: &ha }, &before, "Cống bị tắc", "Lời công khai.", &[]).await;
    petitions::approve_public_text(&mut Act { tx: &mut tx, portal: &app.portal, actor: &du }, &proposed.expect("proposed")).await.expect("released");
    tx.commit().await.expect("kept");
}

async fn step(app: &TestApp, id: &str, login: &str, step: Step) {
    let who = if login.is_empty() { app::actor::Actor::Citizen { case_id: id.to_owned() } } else { actor(app, login).await };
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let before = store::by_id(&mut tx, id).await.expect("readable").expect("there");
    procedure::take(&mut Act { tx: &mut tx, portal: &app.portal, actor: &who }, &before, step, "lý do").await.expect("taken");
    tx.commit().await.expect("kept");
}

async fn of_case(app: &TestApp, id: &str) -> Vec<Commitment> {
    let mut tx = app.portal.db().read().await.expect("a transaction");
    of_origin(&mut tx, OriginKind::Case, id).await.expect("readable")
}

#[tokio::test]
async fn a_promise_in_an_answer_follows_its_case_and_no_sealed_or_unreleased_case_has_one() {
    let app = TestApp::new().await;
    let (id, _) = file_report(&app, "Cống trước nhà bà Hoàng Thị Mẫu bị tắc").await;
    give_to_economy(&app, &id).await;
    answer(&app, &id, Some(day("2026-12-01"))).await;
    step(&app, &id, "ha", Step::MovePromise { to: day("2026-12-10") }).await;
    assert!(of_case(&app, &id).await.is_empty(), "not before the case is public");
    release(&app, &id).await;
    let [commitment] = of_case(&app, &id).await.try_into().expect("one");
    assert_eq!((commitment.first_day, commitment.day, commitment.moves, commitment.is_public), (day("2026-12-01"), day("2026-12-10"), 1, true));
    let mut reader = app.visitor();
    let page = reader.get("/loi-hua/1").await.expect(200);
    assert!(page.text().contains("Cống bị tắc") && !page.body.contains("Hoàng Thị Mẫu"), "the public title, not the sender's: {}", page.text());
    assert_eq!(page.attribute("dd a[href=\"/cong-khai/1\"]", "href").len(), 1);
    assert_eq!(page.select("dd s"), ["1/12/2026"]);
    // Its case leads: here nothing is decided.
    app.signed_in("em").await.post(&desk(&commitment.id, "khong-lam-nua"), &[("version", "3"), ("drop_reason", "x")]).await.expect(403);
    step(&app, &id, "ha", Step::MovePromise { to: day("2026-12-12") }).await;
    app.set_time("2026-12-11T02:00:00Z");
    app.portal.reload_directory().await.expect("a new day");
    step(&app, &id, "ha", Step::Fulfil { on: day("2026-12-11") }).await;
    let commitment = stored(&app, &commitment.id).await;
    assert_eq!((commitment.day, commitment.ended_on), (day("2026-12-12"), Some(day("2026-12-11"))));
    step(&app, &id, "", Step::SendBack).await;
    let mut tx = app.portal.db().read().await.expect("a transaction");
    assert_eq!(sums(&mut tx, &commitment.id).await.expect("readable").contradicted_contact, 1, "the sender's voice, with the code");
    drop(tx);
    assert_eq!(stored(&app, &commitment.id).await.ended_on, None, "taken up again");
    answer(&app, &id, Some(day("2026-12-30"))).await;
    let commitment = stored(&app, &commitment.id).await;
    assert_eq!((commitment.first_day, commitment.day, commitment.moves), (day("2026-12-01"), day("2026-12-30"), 3), "the same promise, another day");
    replays(&app, &commitment.id).await;

    // It turns out to be a denunciation: nothing of it is public any more.
    let an = actor(&app, "an").await;
    let (other, _) = file_report(&app, "Đường hỏng").await;
    give_to_economy(&app, &other).await;
    release(&app, &other).await;
    answer(&app, &other, Some(day("2026-12-20"))).await;
    reader.get("/loi-hua/2").await.expect(200);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let case = store::by_id(&mut tx, &other).await.expect("readable").expect("there");
    let reopened = petitions::reopen(&mut Act { tx: &mut tx, portal: &app.portal, actor: &an }, &case, "xem lại").await.expect("reopened");
    petitions::reclassify(&mut Act { tx: &mut tx, portal: &app.portal, actor: &an }, &reopened, Kind::Denunciation, "là tố cáo").await.expect("reclassified");
    tx.commit().await.expect("kept");
    app::publishing::cache::follow_changes(&app.portal).await.expect("pages follow");
    reader.get("/loi-hua/2").await.expect(404);
    for kind in [Kind::Complaint, Kind::Denunciation] {
        let (sealed, _) = file(&app, kind, "Nhận tiền").await;
        give_to_economy(&app, &sealed).await;
        assert!(of_case(&app, &sealed).await.is_empty());
    }
}

#[tokio::test]
async fn another_authoritys_promise_is_not_mine() {
    let app = TestApp::new().await;
    let commitment = made(&app, &NewCommitment { co_owner_ids: Vec::new(), ..new(&app, TEXT, CHO_DON_BODY, "2026-12-01") }).await;
    publish(&app).await;
    app.signed_in("hu").await.get(&desk(&commitment.id, "")).await.expect(200);
    app.signed_in("em").await.get(&desk(&commitment.id, "")).await.expect(404);
    let mut reader = app.visitor();
    assert_eq!(reader.get("/loi-hua?co-quan=19.02020.UB").await.expect(200).select("article.promise").len(), 1, "who must do it");
    assert_eq!(reader.get("/loi-hua?nguoi-hua=1").await.expect(200).select("article.promise").len(), 1, "who promised it");
    assert_eq!(reader.get("/loi-hua?nguoi-hua=1&co-quan=19.01969.UB").await.expect(200).select("article.promise").len(), 0);
}
