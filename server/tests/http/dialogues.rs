//! Dialogue conferences through HTTP: what was told stays, what is late says so, and only a head in person counts for the head.

use crate::harness::dialogues_of::{draft, fields};
use crate::harness::{Answer, Browser, PHU_THONG_ECONOMY, TestApp};
use app::dialogues::rules::{Dialogue, State, replay};
use app::dialogues::store;

async fn dialogue(app: &TestApp, id: &str) -> Dialogue {
    let mut tx = app.portal.db().read().await.expect("a transaction");
    store::by_id(&mut tx, id).await.expect("readable").expect("there")
}

async fn act(app: &TestApp, browser: &mut Browser, id: &str, deed: &str, more: &[(&str, &str)]) -> Answer {
    let version = dialogue(app, id).await.version.to_string();
    let mut all = vec![("version", version.as_str()), ("deed", deed)];
    all.extend_from_slice(more);
    browser.post(&format!("/can-bo/doi-thoai/{id}"), &all).await
}

async fn announced(app: &TestApp) -> (String, i64) {
    let id = draft(app, &[]).await;
    act(app, &mut app.signed_in("du").await, &id, "announce", &[]).await.expect(303);
    let number = dialogue(app, &id).await.number;
    (id, number)
}

async fn public(app: &TestApp, path: &str) -> Answer {
    app.visitor().get(path).await
}

/// The lines of a calendar, unfolded.
fn calendar_lines(answer: &Answer) -> Vec<String> {
    answer.body.replace("\r\n ", "").lines().map(|line| line.trim_end().to_owned()).collect()
}

#[tokio::test]
async fn a_draft_is_the_authoritys_own_until_its_notice_is_out() {
    let app = TestApp::new().await;
    let id = draft(&app, &[]).await;
    assert!(!public(&app, "/doi-thoai").await.expect(200).text().contains("Nước sạch"));
    public(&app, "/doi-thoai/1").await.expect(404);
    act(&app, &mut app.signed_in("an").await, &id, "announce", &[]).await.expect(403);
    for (login, status) in [("ha", 404), ("cu", 404), ("gi", 404), ("hu", 404), ("du", 200), ("em", 200)] {
        app.signed_in(login).await.get(&format!("/can-bo/doi-thoai/{id}")).await.expect(status);
    }
    act(&app, &mut app.signed_in("hu").await, &id, "announce", &[]).await.expect(404);
    act(&app, &mut app.signed_in("du").await, &id, "announce", &[]).await.expect(303);
    let list = public(&app, "/doi-thoai").await.expect(200).text();
    assert!(list.contains("Nước sạch và đường nông thôn") && list.contains("Còn 18 ngày"), "{list}");
    let page = public(&app, "/doi-thoai/1").await.expect(200).text();
    assert!(page.contains("Chủ tịch UBND xã Phủ Thông chủ trì") && page.contains("Thông báo trước 18 ngày"), "{page}");
    public(&app, "/en/doi-thoai/1").await.expect(200);
}

/// Trap 10: "at least seven days before" leaves the day itself out. On 2 December a dialogue of the 8th is late.
#[tokio::test]
async fn trap_10_a_late_notice_needs_a_reason_that_everybody_reads() {
    let app = TestApp::new().await;
    let id = draft(&app, &[]).await;
    app.set_time("2026-12-02T02:00:00Z");
    let mut du = app.signed_in("du").await;
    let refused = act(&app, &mut du, &id, "announce", &[("late_reason", "  ")]).await.expect(422);
    assert!(refused.text().contains("1/12/2026"), "the latest day is named: {}", refused.text());
    act(&app, &mut du, &id, "announce", &[("late_reason", "Lũ quét, phải gặp dân ngay")]).await.expect(303);
    let page = public(&app, "/doi-thoai/1").await.expect(200).text();
    assert!(page.contains("Thông báo muộn, trước 6 ngày") && page.contains("Lũ quét, phải gặp dân ngay"), "{page}");
}

#[tokio::test]
async fn a_day_that_was_told_moves_with_a_reason_and_calendars_follow() {
    let app = TestApp::new().await;
    let (id, _) = announced(&app).await;
    let mut du = app.signed_in("du").await;
    let before = calendar_lines(&public(&app, "/doi-thoai/1/lich.ics").await.expect(200));
    assert!(before.contains(&"DTSTART:20261208T010000Z".to_owned()), "{before:?}");
    let sequence = |lines: &[String]| lines.iter().find_map(|line| line.strip_prefix("SEQUENCE:")?.parse::<i64>().ok()).expect("a sequence");
    let uid = |lines: &[String]| lines.iter().find(|line| line.starts_with("UID:")).cloned().expect("a UID");

    let quiet = fields(&[("day", "2026-12-15")]);
    act(&app, &mut du, &id, "change", &quiet).await.expect(303);
    assert_eq!(dialogue(&app, &id).await.facts.day().to_string(), "2026-12-08", "a day that was told does not move in silence");

    let day = [("day", "15/12/2026"), ("from", "08:00"), ("to", "11:00")];
    let without = act(&app, &mut du, &id, "postpone", &day).await.expect(422);
    assert_eq!(without.field("day"), "15/12/2026", "what was typed stays");
    act(&app, &mut du, &id, "postpone", &[day[0], day[1], day[2], ("reason", "Mưa lũ")]).await.expect(303);
    let page = public(&app, "/doi-thoai/1").await.expect(200);
    assert!(page.select(".moved s").concat().contains("8/12/2026") && page.text().contains("Mưa lũ"), "{}", page.text());
    let moved = calendar_lines(&public(&app, "/doi-thoai/lich.ics").await.expect(200));
    assert!(moved.contains(&"DTSTART:20261215T010000Z".to_owned()) && sequence(&moved) > sequence(&before), "{moved:?}");
    assert_eq!(uid(&moved), uid(&before), "the same entry");

    act(&app, &mut du, &id, "cancel", &[("reason", "")]).await.expect(422);
    act(&app, &mut du, &id, "cancel", &[("reason", "Dịch bệnh")]).await.expect(303);
    let cancelled = calendar_lines(&public(&app, "/co-quan/19.01969.UB/doi-thoai.ics").await.expect(200));
    assert!(cancelled.contains(&"STATUS:CANCELLED".to_owned()) && sequence(&cancelled) > sequence(&moved), "{cancelled:?}");
    assert!(public(&app, "/doi-thoai/1").await.expect(200).text().contains("Dịch bệnh"));
}

#[tokio::test]
async fn sending_twice_drafts_once_and_an_old_page_changes_nothing() {
    let app = TestApp::new().await;
    let id = draft(&app, &[]).await;
    assert_eq!(draft(&app, &[]).await, id, "the same form again");
    let old = [("version", "1"), ("deed", "change")];
    let mut an = app.signed_in("an").await;
    let with = |title| [old.to_vec(), fields(&[("title", title)])].concat();
    an.post(&format!("/can-bo/doi-thoai/{id}"), &with("Nước sạch")).await.expect(303);
    let stale = an.post(&format!("/can-bo/doi-thoai/{id}"), &with("Đường nông thôn")).await.expect(409);
    assert_eq!(stale.field("title"), "Đường nông thôn", "what was typed stays");
    assert_eq!(dialogue(&app, &id).await.facts.title, "Nước sạch");
}

#[tokio::test]
async fn everything_wrong_is_said_at_its_field_and_nothing_is_lost() {
    let app = TestApp::new().await;
    let mut an = app.signed_in("an").await;
    let wrong = fields(&[("title", ""), ("place", ""), ("day", "31/2/2026"), ("to", "25:00"), ("spot", "ở gần chợ"), ("kind", "x"), ("head_post", " ")]);
    let answer = an.post("/can-bo/doi-thoai/moi", &wrong).await.expect(422);
    for field in ["title", "place", "day", "to", "spot", "kind", "head_post"] {
        assert!(!answer.select(&format!("#{field}-e")).is_empty(), "{field}: {}", answer.text());
    }
    assert_eq!((answer.field("spot"), answer.field("joining")), ("ở gần chợ".to_owned(), "Đến trước 15 phút.".to_owned()));
    let online = fields(&[("mode", "online"), ("online", "http://khong-an-toan.example"), ("place", "")]);
    let answer = an.post("/can-bo/doi-thoai/moi", &online).await.expect(422);
    assert!(answer.select("#place-e").is_empty() && !answer.select("#online-e").is_empty(), "{}", answer.text());
    let reversed = fields(&[("from", "11:00"), ("to", "08:00")]);
    assert!(!an.post("/can-bo/doi-thoai/moi", &reversed).await.expect(422).select("#to-e").is_empty());
}

#[tokio::test]
async fn a_notice_goes_out_at_its_hour_and_not_before() {
    let app = TestApp::new().await;
    let id = draft(&app, &[]).await;
    let mut du = app.signed_in("du").await;
    act(&app, &mut du, &id, "time", &[("timed_day", "2026-12-03"), ("timed_hour", "08:00")]).await.expect(422);
    act(&app, &mut du, &id, "time", &[("timed_day", "2026-11-25"), ("timed_hour", "08:00")]).await.expect(303);
    app.set_time("2026-11-25T00:59:00Z");
    app.run_jobs().await;
    assert_eq!(dialogue(&app, &id).await.state, State::Draft);
    app.set_time("2026-11-25T01:00:00Z");
    app.run_jobs().await;
    let out = dialogue(&app, &id).await;
    assert_eq!((out.state, out.late_reason.as_str()), (State::Announced, ""));
    public(&app, "/doi-thoai/1").await.expect(200);
}

#[tokio::test]
async fn an_hour_that_was_taken_back_sends_nothing_out() {
    let app = TestApp::new().await;
    let id = draft(&app, &[]).await;
    let mut du = app.signed_in("du").await;
    act(&app, &mut du, &id, "time", &[("timed_day", "2026-11-25"), ("timed_hour", "08:00")]).await.expect(303);
    act(&app, &mut du, &id, "untime", &[]).await.expect(303);
    app.set_time("2026-11-26T01:00:00Z");
    app.run_jobs().await;
    assert_eq!(dialogue(&app, &id).await.state, State::Draft);
}

/// The row of the authority in the table that counts.
async fn row(app: &TestApp) -> String {
    let page = public(app, "/doi-thoai/theo-co-quan").await.expect(200);
    page.select("tbody tr").into_iter().find(|row| row.contains("UBND xã Phủ Thông")).expect("the authority's row")
}

/// Trap 23: a deputy's session is not the head's.
#[tokio::test]
async fn trap_23_only_a_head_in_person_counts_for_the_head() {
    let app = TestApp::new().await;
    let (id, _) = announced(&app).await;
    let second = draft(&app, &[("once", "lan-hai"), ("day", "2026-12-10"), ("title", "Đường liên thôn")]).await;
    act(&app, &mut app.signed_in("du").await, &second, "announce", &[]).await.expect(303);
    let mut an = app.signed_in("an").await;
    let held = |chair| [("chair", chair), ("post", "Phó Chủ tịch"), ("people", "40"), ("questions", "9"), ("answered", "7")];
    act(&app, &mut an, &id, "hold", &held("deputy")).await.expect(422);
    app.set_time("2026-12-10T04:00:00Z");
    let mut an = app.signed_in("an").await;
    act(&app, &mut an, &id, "hold", &[("chair", "deputy"), ("post", "Phó Chủ tịch"), ("people", "40"), ("questions", "9"), ("answered", "10")])
        .await
        .expect(422);
    act(&app, &mut an, &id, "hold", &held("deputy")).await.expect(303);
    assert!(row(&app).await.contains("0 / 1"), "{}", row(&app).await);
    act(&app, &mut an, &second, "hold", &held("head")).await.expect(303);
    let row = row(&app).await;
    assert!(row.contains("1 / 1") && row.contains("Đã đủ"), "{row}");
}

#[tokio::test]
async fn the_result_is_out_in_time_or_late_for_everybody_to_see() {
    let app = TestApp::new().await;
    let (id, _) = announced(&app).await;
    app.set_time("2026-12-09T02:00:00Z");
    let held = [("chair", "head"), ("post", "Chủ tịch UBND xã"), ("people", "40"), ("questions", "9"), ("answered", "7")];
    act(&app, &mut app.signed_in("an").await, &id, "hold", &held).await.expect(303);
    assert!(public(&app, "/doi-thoai").await.expect(200).text().contains("Kết quả sẽ công bố chậm nhất"), "held on the 8th, due on the 18th");
    app.set_time("2026-12-21T02:00:00Z");
    app.portal.reload_directory().await.expect("a new day");
    assert!(public(&app, "/doi-thoai").await.expect(200).text().contains("Chậm công bố kết quả 3 ngày"));
    let mut du = app.signed_in("du").await;
    act(&app, &mut app.signed_in("an").await, &id, "publish", &[("outcome", "Đã trả lời.")]).await.expect(403);
    act(&app, &mut du, &id, "publish", &[("outcome", " ")]).await.expect(422);
    act(&app, &mut du, &id, "publish", &[("outcome", "**Nước sạch.** Đã trả lời <script>alert(1)</script>.")]).await.expect(303);
    let page = public(&app, "/doi-thoai/1").await.expect(200);
    assert_eq!(page.select(".md strong").concat(), "Nước sạch.");
    assert!(page.select(".md script").is_empty() && page.text().contains("Công bố kết quả sau 13 ngày"), "{}", page.text());
}

#[tokio::test]
async fn a_plan_line_becomes_a_dialogue_once_or_is_dropped_with_a_reason() {
    let app = TestApp::new().await;
    let mut an = app.signed_in("an").await;
    let line = [("year", "2026"), ("quarter", "4"), ("topic", "Rừng và đất rừng"), ("plan_place", "Nhà văn hóa thôn Nà Hin")];
    an.post("/can-bo/doi-thoai/ke-hoach", &[("year", "2026"), ("topic", "Rừng")]).await.expect(422);
    an.post("/can-bo/doi-thoai/ke-hoach", &line).await.expect(303);
    an.post("/can-bo/doi-thoai/ke-hoach", &line).await.expect(303);
    let page = an.get("/can-bo/doi-thoai").await.expect(200);
    assert_eq!(page.select("#ke-hoach .rule-list > li").len(), 1, "twice the same is one line");
    let href = page.attribute("#ke-hoach a.btn", "href").pop().expect("a way to draft it");
    let form = an.get(&href).await.expect(200);
    assert_eq!((form.field("title"), form.field("place")), ("Rừng và đất rừng".to_owned(), "Nhà văn hóa thôn Nà Hin".to_owned()));
    let planned = form.field("planned");
    let mut all = fields(&[("title", "Rừng và đất rừng")]);
    all.push(("planned", planned.as_str()));
    an.post("/can-bo/doi-thoai/moi", &all).await.expect(303);
    let drop = [("year", "2026"), ("deed", "drop"), ("line", planned.as_str()), ("drop_reason", "nhầm")];
    an.post("/can-bo/doi-thoai/ke-hoach", &drop).await.expect(409);
    an.post("/can-bo/doi-thoai/ke-hoach", &[drop[0], drop[1], drop[2]]).await.expect(422);
    app.signed_in("cu").await.post("/can-bo/doi-thoai/ke-hoach", &drop).await.expect(404);
}

#[tokio::test]
async fn the_list_is_narrowed_by_topic_authority_area_and_year() {
    let app = TestApp::new().await;
    announced(&app).await;
    let shows = async |query: &str| public(&app, &format!("/doi-thoai?{query}")).await.expect(200).text().contains("Bản Tàn");
    for query in ["chu-de=nuoc+sach", "chu-de=N%C6%B0%E1%BB%9Bc", "co-quan=19.01969.UB", "dia-ban=01969", "nam=2026", "truoc=abc", "nam=xx"] {
        assert!(shows(query).await, "{query}");
    }
    for query in ["chu-de=mo+da", "co-quan=19.02020.UB", "dia-ban=02020", "nam=2025", "chu-de=%25rung"] {
        assert!(!shows(query).await, "{query}");
    }
}

/// Current state is a cache: the events alone give the same.
#[tokio::test]
async fn replaying_the_events_gives_the_row() {
    let app = TestApp::new().await;
    let (id, _) = announced(&app).await;
    let mut du = app.signed_in("du").await;
    let to = [("day", "2026-12-15"), ("from", "13:30"), ("to", "16:00"), ("reason", "Bão")];
    act(&app, &mut du, &id, "postpone", &to).await.expect(303);
    app.set_time("2026-12-15T07:00:00Z");
    let held = [("chair", "head"), ("post", "Chủ tịch"), ("people", "40"), ("questions", "9"), ("answered", "7")];
    act(&app, &mut app.signed_in("an").await, &id, "hold", &held).await.expect(303);
    act(&app, &mut app.signed_in("du").await, &id, "publish", &[("outcome", "Xong.")]).await.expect(303);
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let events = store::events(&mut tx, &id).await.expect("readable");
    drop(tx);
    assert_eq!(events.len(), 5);
    assert_eq!(replay(&id, events.iter().map(|(_, _, event)| event)), Some(dialogue(&app, &id).await));
}

async fn promise(app: &TestApp, login: &str, id: &str, fields: &[(&str, &str)]) -> Answer {
    let usual = [("promise", "Kéo đường ống nước đến 34 hộ"), ("owner", PHU_THONG_ECONOMY), ("promise_day", "30/1/2027"), ("promise_once", "hua-mot")];
    let given = |name: &str| fields.iter().any(|(field, _)| *field == name);
    let all: Vec<(&str, &str)> = usual.into_iter().filter(|(name, _)| !given(name)).chain(fields.iter().copied()).collect();
    app.signed_in(login).await.post(&format!("/can-bo/doi-thoai/{id}/loi-hua"), &all).await
}

#[tokio::test]
async fn what_was_promised_is_written_down_there_and_public_with_the_result() {
    let app = TestApp::new().await;
    let (id, _) = announced(&app).await;
    promise(&app, "an", &id, &[]).await.expect(422);
    app.set_time("2026-12-09T02:00:00Z");
    let wrong = promise(&app, "an", &id, &[("promise", " "), ("owner", "19-ub-20250701"), ("promise_day", "7/12/2026")]).await.expect(422);
    for field in ["promise", "owner", "promise_day"] {
        assert!(!wrong.select(&format!("#{field}-e")).is_empty(), "{field}: {}", wrong.text());
    }
    assert_eq!(wrong.field("promise_day"), "7/12/2026", "what was typed stays");
    promise(&app, "hu", &id, &[]).await.expect(404);
    for _ in 0..2 {
        promise(&app, "an", &id, &[]).await.expect(303);
    }
    let desk = app.signed_in("an").await.get(&format!("/can-bo/doi-thoai/{id}")).await.expect(200);
    assert_eq!(desk.select("#loi-hua .rule-list > li").len(), 1, "pressed twice it is one promise");
    assert!(public(&app, "/doi-thoai/1").await.expect(200).select(".promise").is_empty(), "the result is not out");
    let held = [("chair", "head"), ("post", "Chủ tịch UBND xã"), ("people", "40"), ("questions", "9"), ("answered", "7")];
    act(&app, &mut app.signed_in("an").await, &id, "hold", &held).await.expect(303);
    act(&app, &mut app.signed_in("du").await, &id, "publish", &[("outcome", "Đã trả lời.")]).await.expect(303);
    assert!(public(&app, "/doi-thoai/1").await.expect(200).select(".promise").concat().contains("34 hộ"));
    promise(&app, "an", &id, &[("promise", "Lắp biển báo"), ("promise_once", "hua-hai")]).await.expect(303);
    let page = public(&app, "/doi-thoai/1").await.expect(200);
    assert_eq!(page.select(".promise").len(), 2, "what is written down afterwards is public at once");
    let href = page.attribute(".promise h3 a", "href").swap_remove(0);
    assert!(public(&app, &href).await.expect(200).body.contains("/doi-thoai/1\""), "and leads back to the dialogue");
}

/// Whoever looks for a matter in the register finds that leaders talk with people about it, under any marks.
#[tokio::test]
async fn the_search_of_the_register_finds_a_dialogue_by_its_topic() {
    let app = TestApp::new().await;
    announced(&app).await;
    for (query, finds) in [("nuoc+sach", true), ("n%C6%B0%E1%BB%9Bc+s%E1%BA%A1ch", true), ("hoc+phi", false), ("%25", false), ("", false)] {
        let page = app.visitor().get(&format!("/cong-khai?q={query}")).await.expect(200);
        let links = page.attribute("main a", "href");
        assert_eq!(links.iter().any(|link| link == "/doi-thoai/1"), finds, "{query}");
    }
}
