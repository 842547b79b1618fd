//! A dialogue while it runs, through HTTP: moving questions, writing answers down, several at once, and what everybody sees.

use crate::harness::dialogues_of::announced;
use crate::harness::{Answer, Browser, TestApp};
use app::dialogues::live::store::answers;
use app::dialogues::questions::rules::{Question, Stage, State};
use app::dialogues::questions::store::{Board, by_number};
use app::dialogues::questions::telling::{Told, tell};
use app::dialogues::store as dialogues;
use std::collections::BTreeSet;

const WATER: &str = "Bao giờ ba thôn cuối nguồn có nước sạch?";
const ROAD: &str = "Đường vào thôn Nà Lẹng bao giờ sửa?";
const SCHOOL: &str = "Điểm trường Khuổi Sla thiếu giáo viên, xã tính sao?";
const SECRET: &str = "Tôi hỏi riêng việc nhà tôi, đừng đọc lên.";
/// While the dialogue runs.
const DURING: &str = "2026-12-08T01:30:00Z";

/// A dialogue of Phủ Thông on 8 December 2026, 8 to 11 o'clock, with three public questions and a private one, in the middle of it: its id.
async fn running(app: &TestApp) -> String {
    let id = announced(app).await;
    let told = |body: &str, is_private: bool| Told {
        asked_at: app.portal.now(),
        body: body.to_owned(),
        public_text: String::new(),
        name: "Bà Lan".to_owned(),
        village: "Nà Lẹng".to_owned(),
        is_private,
        is_desk: false,
        state: State::Open,
        reason: None,
        repeats: None,
        topic: (String::new(), 0),
        supporters: (0, 0),
        draft: None,
        stage: (Stage::Queued, None),
    };
    let all = [told(WATER, false), told(ROAD, false), told(SCHOOL, false), told(SECRET, true)];
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let dialogue = dialogues::by_id(&mut tx, &id).await.expect("readable").expect("there");
    tell(&mut tx, &app.portal, &dialogue, &Board::default(), None, &all).await.expect("told");
    tx.commit().await.expect("kept");
    app.set_time(DURING);
    id
}

async fn question(app: &TestApp, dialogue: &str, number: i64) -> Question {
    by_number(&mut app.portal.db().read().await.expect("a transaction"), dialogue, number).await.expect("readable").expect("there")
}

fn stage(dialogue: &str) -> String {
    format!("/can-bo/doi-thoai/{dialogue}/dieu-hanh")
}

/// A press at the question as it stands now.
async fn press(app: &TestApp, by: &mut Browser, dialogue: &str, number: i64, deed: &str, more: &[(&str, &str)]) -> Answer {
    let version = question(app, dialogue, number).await.version.to_string();
    let number = number.to_string();
    let mut fields = vec![("deed", deed), ("question", number.as_str()), ("version", version.as_str())];
    fields.extend_from_slice(more);
    by.post(&stage(dialogue), &fields).await
}

async fn write(by: &mut Browser, dialogue: &str, number: i64, post: &str, body: &str) -> Answer {
    let number = number.to_string();
    by.post(&format!("{}/ghi", stage(dialogue)), &[("question", number.as_str()), ("post", post), ("body", body)]).await
}

#[tokio::test]
async fn a_question_is_called_up_answered_and_stays_readable() {
    let app = TestApp::new().await;
    let id = running(&app).await;
    let mut an = app.signed_in("an").await;
    press(&app, &mut an, &id, 1, "take", &[]).await.expect(303);
    write(&mut an, &id, 1, "Chủ tịch UBND xã", "Quý I năm sau sẽ có nước.").await.expect(303);
    let live = app.visitor().get("/doi-thoai/1/truc-tiep").await.expect(200);
    assert_eq!(live.select("[data-part=on] .question"), [WATER]);
    assert!(live.text().contains("Quý I năm sau sẽ có nước."));
    assert!(live.text().contains("Đang diễn ra"), "calling the first question up begins the dialogue");
    let wall = app.visitor().get("/doi-thoai/1/man-hinh").await.expect(200);
    assert_eq!(wall.select(".wall-question"), [WATER]);
    // The next one comes up with one press.
    press(&app, &mut an, &id, 1, "next", &[]).await.expect(303);
    assert_eq!((question(&app, &id, 1).await.stage, question(&app, &id, 2).await.stage), (Stage::Answered, Stage::Now));
    press(&app, &mut an, &id, 2, "later", &[("day", "2026-12-31")]).await.expect(303);
    press(&app, &mut an, &id, 3, "out", &[("reason", "Thuộc thẩm quyền của tỉnh")]).await.expect(303);
    let page = app.visitor().get("/doi-thoai/1").await.expect(200);
    for said in [WATER, "Quý I năm sau sẽ có nước.", ROAD, "31/12/2026", SCHOOL, "Thuộc thẩm quyền của tỉnh"] {
        assert!(page.text().contains(said), "the dialogue's page lacks {said}: {}", page.text());
    }
}

/// Whoever is private stays private, on every surface and in every stream.
#[tokio::test]
async fn a_private_question_comes_onto_no_surface() {
    let app = TestApp::new().await;
    let id = running(&app).await;
    let mut an = app.signed_in("an").await;
    let answer = press(&app, &mut an, &id, 4, "take", &[]).await.expect(422);
    assert!(answer.text().contains("không công khai"), "{}", answer.text());
    write(&mut an, &id, 4, "Chủ tịch", "Trả lời riêng.").await.expect(422);
    for path in ["/doi-thoai/1/truc-tiep", "/doi-thoai/1/truc-tiep/dong", "/doi-thoai/1/man-hinh", "/doi-thoai/1/man-hinh/dong", "/doi-thoai/1"] {
        let answer = app.visitor().get(path).await.expect(200);
        assert!(answer.body.contains("Câu 2") || path == "/doi-thoai/1" || path.contains("man-hinh"), "{path} shows the others: {}", answer.body);
        assert!(!answer.body.contains("việc nhà tôi"), "{path}");
    }
}

#[tokio::test]
async fn only_officials_of_the_authority_run_its_dialogue() {
    let app = TestApp::new().await;
    let id = running(&app).await;
    for path in [stage(&id), format!("{}/dong", stage(&id))] {
        let to = app.visitor().get(&path).await.location().unwrap_or_default();
        assert!(to.starts_with("/dang-nhap"), "{path} leads a visitor to {to}");
        app.signed_in("hu").await.get(&path).await.expect(404);
        app.signed_in("an").await.get(&path).await.expect(200);
    }
    press(&app, &mut app.signed_in("hu").await, &id, 1, "take", &[]).await.expect(404);
    // Whoever handles cases writes answers down, but does not run the stage.
    press(&app, &mut app.signed_in("ha").await, &id, 1, "take", &[]).await.expect(404);
    write(&mut app.signed_in("hu").await, &id, 1, "Chủ tịch", "Không phải của xã này.").await.expect(404);
    write(&mut app.signed_in("ha").await, &id, 1, "Trưởng phòng", "Đã ghi.").await.expect(303);
    assert_eq!(question(&app, &id, 1).await.stage, Stage::Queued);
}

#[tokio::test]
async fn one_question_at_a_time_and_pressing_twice_is_pressing_once() {
    let app = TestApp::new().await;
    let id = running(&app).await;
    let (mut an, mut du) = (app.signed_in("an").await, app.signed_in("du").await);
    let version = question(&app, &id, 1).await.version.to_string();
    let fields = [("deed", "take"), ("question", "1"), ("version", version.as_str())];
    an.post(&stage(&id), &fields).await.expect(303);
    an.post(&stage(&id), &fields).await.expect(303);
    assert_eq!(question(&app, &id, 1).await.version.to_string(), (version.parse::<i64>().expect("a number") + 1).to_string());
    let refused = press(&app, &mut du, &id, 2, "take", &[]).await.expect(422);
    assert!(refused.text().contains("Câu 1 đang được trả lời"), "{}", refused.text());
    // A press on what somebody else has moved meanwhile says so, and shows how things stand.
    let stale = du.post(&stage(&id), &[("deed", "out"), ("question", "1"), ("version", version.as_str()), ("reason", "x")]).await.expect(409);
    assert!(stale.text().contains("Vừa có người khác thay đổi"));
    for (deed, more, sentence) in
        [("out", ("reason", " "), "Hãy ghi lý do"), ("later", ("day", "2020-01-01"), "Hãy chọn một ngày"), ("later", ("day", "mai"), "Hãy chọn một ngày")]
    {
        let answer = press(&app, &mut an, &id, 1, deed, &[more]).await.expect(422);
        assert!(answer.text().contains(sentence), "{deed}: {}", answer.text());
    }
}

/// Two moderators who call two questions up at the same moment: one is told that the other was quicker.
#[tokio::test]
async fn two_moderators_at_once_call_up_one_question() {
    let app = TestApp::new().await;
    let id = running(&app).await;
    let presses = (1..=3).map(|number| {
        let (app, id) = (&app, id.clone());
        async move { press(app, &mut app.signed_in("an").await, &id, number, "take", &[]).await.status }
    });
    let mut results: Vec<u16> = futures_of(presses).await;
    results.sort_unstable();
    assert_eq!(results.iter().filter(|status| **status == 303).count(), 1, "{results:?}");
    let mut on = 0;
    for number in 1..=3 {
        on += i32::from(question(&app, &id, number).await.stage == Stage::Now);
    }
    assert_eq!(on, 1);
}

/// Many secretaries write to one question at once, and correct the same piece: no word is lost without somebody being told.
#[tokio::test]
async fn secretaries_at_once_overwrite_nothing() {
    let app = TestApp::new().await;
    let id = running(&app).await;
    press(&app, &mut app.signed_in("an").await, &id, 1, "take", &[]).await.expect(303);
    let writing = (0..12).map(|n| {
        let (app, id) = (&app, id.clone());
        let login = if n % 2 == 0 { "an" } else { "du" };
        async move { write(&mut app.signed_in(login).await, &id, 1, "Chủ tịch", &format!("Đoạn số {n}.")).await.status }
    });
    assert!(futures_of(writing).await.iter().all(|status| *status == 303));
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let written = answers(&mut tx, &id, 100).await.expect("readable");
    drop(tx);
    let bodies: BTreeSet<&str> = written.iter().map(|answer| answer.body.as_str()).collect();
    let places: BTreeSet<i64> = written.iter().map(|answer| answer.position).collect();
    assert_eq!((bodies.len(), places), (12, (1..=12).collect()), "each piece once, each in a place of its own");
    // Pressed twice, a piece is written once.
    write(&mut app.signed_in("an").await, &id, 1, "Chủ tịch", "Đoạn số 0.").await.expect(303);
    assert_eq!(answers(&mut app.portal.db().read().await.expect("a transaction"), &id, 100).await.expect("readable").len(), 12);

    // Both saw version 1; the second is shown what the first wrote, and keeps what they typed.
    let piece = written.first().expect("a piece").id.clone();
    let fix = |body: &'static str| [("answer", piece.clone()), ("answer_version", "1".to_owned()), ("post", "Chủ tịch".to_owned()), ("body", body.to_owned())];
    let send = async |login: &str, body: &'static str| {
        let fields = fix(body);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        app.signed_in(login).await.post(&format!("{}/ghi", stage(&id)), &fields).await
    };
    send("an", "An đã sửa.").await.expect(303);
    let overtaken = send("du", "Du cũng sửa.").await.expect(409);
    assert!(overtaken.text().contains("An đã sửa.") && overtaken.field("body") == "Du cũng sửa.", "{}", overtaken.text());
    assert_eq!(overtaken.field("answer_version"), "2", "sent again, it is a decision");
}

#[tokio::test]
async fn breaks_and_lines_to_everybody_reach_every_surface() {
    let app = TestApp::new().await;
    let id = running(&app).await;
    let mut an = app.signed_in("an").await;
    let turn = async |an: &mut Browser, deed: &str, version: &str, message: &str| {
        an.post(&stage(&id), &[("deed", deed), ("live_version", version), ("message", message)]).await
    };
    turn(&mut an, "end", "0", "").await.expect(422);
    turn(&mut an, "start", "0", "").await.expect(303);
    turn(&mut an, "start", "0", "").await.expect(303);
    turn(&mut an, "pause", "1", "Nghỉ đến 9 giờ").await.expect(303);
    for path in ["/doi-thoai/1/truc-tiep", "/doi-thoai/1/truc-tiep/dong", "/doi-thoai/1/man-hinh", "/doi-thoai/1/man-hinh/dong"] {
        assert!(app.visitor().get(path).await.expect(200).body.contains("Nghỉ đến 9 giờ"), "{path}");
    }
    turn(&mut an, "tell", "1", "muộn").await.expect(409);
    turn(&mut an, "end", "2", "").await.expect(303);
    assert!(app.visitor().get("/doi-thoai/1/man-hinh").await.body.contains("Xin cảm ơn bà con"));
}

#[tokio::test]
async fn there_is_no_stage_before_its_time_nor_once_the_result_is_out() {
    let app = TestApp::new().await;
    let id = running(&app).await;
    app.set_time("2026-12-07T22:59:00Z");
    let early = press(&app, &mut app.signed_in("an").await, &id, 1, "take", &[]).await.expect(422);
    assert!(early.text().contains("2 giờ trước khi bắt đầu"));
    app.set_time(DURING);
    press(&app, &mut app.signed_in("an").await, &id, 1, "take", &[]).await.expect(303);
    let page = format!("/can-bo/doi-thoai/{id}");
    let desk = app.signed_in("an").await.get(&page).await.expect(200);
    assert_eq!((desk.field("questions").as_str(), desk.field("answered").as_str()), ("1", "0"), "the stage proposes the numbers");
    let hold = [("version", "2"), ("deed", "hold"), ("chair", "head"), ("post", "Chủ tịch"), ("people", "40"), ("questions", "1"), ("answered", "0")];
    app.signed_in("an").await.post(&page, &hold).await.expect(303);
    // What was not finished can be finished until the result is out.
    press(&app, &mut app.signed_in("an").await, &id, 1, "answered", &[]).await.expect(303);
    app.signed_in("du").await.post(&page, &[("version", "3"), ("deed", "publish"), ("outcome", "Đã trả lời.")]).await.expect(303);
    press(&app, &mut app.signed_in("an").await, &id, 1, "back", &[]).await.expect(422);
    let to = app.visitor().get("/doi-thoai/1/truc-tiep").await.expect(303).location();
    assert_eq!(to.as_deref(), Some("/doi-thoai/1"), "the result says more than the stage did");
}

/// Two processes over one database: what is done at one is seen at the other by those who look already, and when one is gone the other goes on
/// with everything.
#[tokio::test]
async fn two_processes_show_the_same_and_one_goes_on_alone() {
    let app = TestApp::new().await;
    let id = running(&app).await;
    let other = app.another().await;
    let mut phone = other.visitor().look("/doi-thoai/1/truc-tiep/dong").await;
    let mut wall = other.visitor().look("/doi-thoai/1/man-hinh/dong").await;
    let mut stage_there = other.signed_in("du").await.look(&format!("{}/dong", stage(&id))).await;
    wall.until("Buổi đối thoại sắp bắt đầu").await;
    press(&app, &mut app.signed_in("an").await, &id, 1, "take", &[]).await.expect(303);
    for news in [&mut phone, &mut stage_there] {
        news.until(&format!("<p class=\"question\">{WATER}<")).await;
    }
    wall.until(WATER).await;
    write(&mut app.signed_in("an").await, &id, 1, "Chủ tịch", "Ghi ở máy thứ nhất.").await.expect(303);
    write(&mut other.signed_in("du").await, &id, 1, "Phó Chủ tịch", "Ghi ở máy thứ hai.").await.expect(303);
    let mut supporter = app.visitor();
    supporter.post("/doi-thoai/1/cau-hoi/2", &[("deed", "support"), ("back", "live")]).await.expect(303);
    let seen = phone.until("Ghi ở máy thứ nhất.").await;
    let seen = if seen.contains("Ghi ở máy thứ hai.") { seen } else { phone.until("Ghi ở máy thứ hai.").await };
    if !seen.contains("1 người") {
        phone.until("1 người").await;
    }
    // The first process is gone; whoever looked at it is let go and comes back to the other.
    let lost = app.visitor().look("/doi-thoai/1/truc-tiep/dong").await;
    app.portal.rooms().close();
    assert!(lost.ends().await);
    app.portal.db().close().await;
    press(&other, &mut other.signed_in("du").await, &id, 1, "next", &[]).await.expect(303);
    wall.until(ROAD).await;
    let whole = phone.until(&format!("<p class=\"question\">{ROAD}<")).await;
    for kept in ["Ghi ở máy thứ nhất.", "Ghi ở máy thứ hai.", "Đã trả lời tại chỗ"] {
        assert!(whole.contains(kept), "{kept} is lost: {whole}");
    }
    assert!(other.visitor().get("/doi-thoai/1/truc-tiep").await.expect(200).text().contains("1 người"), "the support is there");
}

/// Minutes and notice of conclusion hold what was recorded, as a page, as DOCX and as PDF, and only for the authority.
#[tokio::test]
async fn papers_are_drafted_from_what_was_recorded() {
    let app = TestApp::new().await;
    let id = running(&app).await;
    let mut an = app.signed_in("an").await;
    let papers = format!("/can-bo/doi-thoai/{id}/van-ban");
    an.get(&format!("{papers}/bien-ban")).await.expect(404);
    // A link that leads nowhere stood on the desk's page while the dialogue ran and nothing had been recorded.
    let page = format!("/can-bo/doi-thoai/{id}");
    let leads = |answer: &Answer| answer.attribute("a", "href").contains(&format!("{papers}/bien-ban"));
    assert!(!leads(&an.get(&page).await.expect(200)));
    press(&app, &mut an, &id, 1, "take", &[]).await.expect(303);
    write(&mut an, &id, 1, "Chủ tịch UBND xã", "Quý I năm sau sẽ có nước.").await.expect(303);
    press(&app, &mut an, &id, 1, "later", &[("day", "2027-03-31")]).await.expect(303);
    assert!(leads(&an.get(&page).await.expect(200)));
    let promise = [("promise", "Đưa nước về ba thôn"), ("owner", "19-01969-kt-20250701"), ("promise_day", "2027-03-31"), ("promise_once", "hua-mot")];
    an.post(&format!("/can-bo/doi-thoai/{id}/loi-hua"), &promise).await.expect(303);
    let minutes = an.get(&format!("{papers}/bien-ban")).await.expect(200);
    for words in ["BIÊN BẢN", WATER, "Chủ tịch UBND xã: Quý I năm sau sẽ có nước.", "Đưa nước về ba thôn", "Còn 2 câu hỏi chưa được nêu"]
    {
        assert!(minutes.text().contains(words), "the minutes lack {words}: {}", minutes.text());
    }
    assert!(!minutes.text().contains("việc nhà tôi"));
    let conclusion = an.get(&format!("{papers}/thong-bao-ket-luan")).await.expect(200);
    for words in ["THÔNG BÁO", "Trả lời câu 1", "31/3/2027", "Đưa nước về ba thôn", "KẾT LUẬN", "DỰ THẢO"] {
        assert!(conclusion.text().to_uppercase().contains(&words.to_uppercase()), "the notice lacks {words}: {}", conclusion.text());
    }
    let docx = an.get(&format!("{papers}/bien-ban.docx")).await.expect(200);
    assert!(docx.bytes.starts_with(b"PK") && docx.header("content-disposition").contains("bien-ban-1.docx"));
    let pdf = an.get(&format!("{papers}/thong-bao-ket-luan.pdf")).await.expect(200);
    assert!(crate::harness::pdf_text::without_blanks(&crate::harness::pdf_text::text_of(&pdf.bytes)).contains("Trảlờicâu1"));
    app.signed_in("hu").await.get(&format!("{papers}/bien-ban")).await.expect(404);
    an.get(&format!("{papers}/khac")).await.expect(404);
}

/// All at once, as far as one database lets them.
async fn futures_of<T>(all: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    futures::future::join_all(all).await
}
