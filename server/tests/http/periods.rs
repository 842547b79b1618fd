//! Legal periods as an administrator keeps them: what a change would do is seen before it is saved, then it moves the clocks of its days,
//! says why, tells those concerned, and takes no day back that was told.

use crate::harness::petitions_of::{SENDER, case, file, file_report, give_to_economy};
use crate::harness::{Answer, Browser, TestApp};
use app::agencies::import::Files;
use app::petitions::rules::{Case, Event, Kind, Progress, State};
use app::petitions::store;
use app::procedures::clocks::Clock;
use app::procedures::step::Finding;
use app::procedures::{Procedure, Stage, complaint};
use chrono::NaiveDate;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

async fn send(admin: &mut Browser, code: &str, fields: &[(&str, &str)]) -> Answer {
    let usual = [
        ("deed", "add"),
        ("action", "preview"),
        ("variant", ""),
        ("valid_from", "1/11/2026"),
        ("length", "12"),
        ("unit", "working"),
        ("rolls_over", "1"),
        ("source", "Luật số 99/2026/QH16, Điều 5"),
        ("start", "ngày nhận được nội dung"),
        ("start_en", "the day it was received"),
        ("name", "Trả lời người gửi kiến nghị, phản ánh"),
        ("name_en", "Answer to the sender"),
    ];
    let given = |name: &str| fields.iter().any(|(field, _)| *field == name);
    let all: Vec<(&str, &str)> = usual.into_iter().filter(|(name, _)| !given(name)).chain(fields.iter().copied()).collect();
    admin.post(&format!("/can-bo/thoi-han/{code}"), &all).await
}

/// Looks at what a change would do, then saves what was shown.
async fn change(app: &TestApp, admin: &mut Browser, code: &str, fields: &[(&str, &str)]) -> Answer {
    let shown = send(admin, code, fields).await.expect(200);
    let seen = shown.attribute("#xem-truoc input[name=seen]", "value").concat();
    let mut all = fields.to_vec();
    all.extend([("action", "save"), ("seen", seen.as_str())]);
    send(admin, code, &all).await.expect(303);
    app.run_jobs().await;
    shown
}

async fn events(app: &TestApp, case_id: &str) -> Vec<String> {
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let rows: Vec<(String,)> = tx.all("SELECT event FROM history WHERE case_id = $1 ORDER BY seq", (case_id.to_owned(),)).await.expect("a record");
    rows.into_iter().map(|(event,)| event).collect()
}

async fn follow(app: &TestApp, id: &str) -> Answer {
    app.visiting(id).await.get("/tra-cuu/don").await.expect(200)
}

/// Trap 7 for periods: a changed rule recomputes what runs, keeps the old day with the reason, and tells people.
#[tokio::test]
async fn trap_07_a_changed_period_moves_the_clocks_of_its_days_and_tells_those_concerned() {
    let app = TestApp::new().await;
    let (open, _) = file_report(&app, "Cống tắc").await;
    let (complaint, _) = file(&app, Kind::Complaint, "Thu hồi đất").await;
    give_to_economy(&app, &open).await;
    app.run_jobs().await;
    let (was, other, mails) = (case(&app, &open).await, case(&app, &complaint).await, app.mailer.sent().len());
    assert_eq!(was.due_on, day("2026-12-07"));
    let mut admin = app.official("ti").await;

    let none = send(&mut admin, "R1", &[("valid_from", "2026-11-21")]).await.expect(200);
    assert!(none.text().contains("Không có thời hạn nào đang chạy bị dời"), "the clock counts from the 20th: {}", none.text());
    let shown = send(&mut admin, "R1", &[]).await.expect(200);
    let rows = shown.select("#xem-truoc tbody tr").join(" ");
    assert!(rows.contains("Phủ Thông") && rows.contains("7/12/2026") && rows.contains("9/12/2026"), "{rows}");
    assert!(!shown.text().contains(SENDER) && !shown.text().contains("Cống tắc"), "an administrator learns how many, not who");
    app.run_jobs().await;
    assert_eq!(case(&app, &open).await, was, "looking changes nothing");

    change(&app, &mut admin, "R1", &[]).await;
    let now = case(&app, &open).await;
    assert_eq!(now.due_on, day("2026-12-09"));
    let only_that = Case { due_on: was.due_on, version: was.version, changed_at: was.changed_at, ..now.clone() };
    assert_eq!(only_that, was, "nothing else changes");
    assert_eq!(case(&app, &complaint).await, other, "another rule's clock stays");
    assert_eq!(events(&app, &open).await.last().map(String::as_str), Some("period_changed"));
    let sent = app.mailer.sent();
    assert_eq!(sent.len(), mails + 1);
    assert!(sent.last().expect("a mail").body.contains("thứ Tư, 9/12/2026"), "{}", sent.last().expect("a mail").body);
    let followed = follow(&app, &open).await.text();
    assert!(
        followed.contains("ngày cuối dời từ 7/12/2026 sang 9/12/2026 vì quy định về thời hạn thay đổi, áp dụng từ 1/11/2026 (Luật số 99/2026/QH16, Điều 5)"),
        "{followed}"
    );
    let page = admin.get("/can-bo/thoi-han").await.expect(200);
    let changes = page.select("#thay-doi li");
    assert!(changes.len() == 1 && changes[0].contains("R1: 10 ngày làm việc") && changes[0].contains("1 đơn được dời"), "{changes:?}");
    assert!(app.visitor().get("/thoi-han?quy-tac=R1&tu-ngay=2026-11-20").await.expect(200).text().contains("9/12/2026"));
    assert!(app.visitor().get("/thoi-han?quy-tac=R1&tu-ngay=2026-10-30").await.expect(200).text().contains("13/11/2026"), "the version of its day");

    // A shorter period takes no day back.
    let shorter = [("deed", "correct"), ("valid_from", "2026-11-01"), ("length", "8")];
    let shown = change(&app, &mut admin, "R1", &shorter).await;
    assert!(shown.text().contains("1 thời hạn đang chạy tính lại sẽ sớm hơn: ngày đã hẹn được giữ nguyên"), "{}", shown.text());
    assert_eq!(case(&app, &open).await, now);
    assert_eq!(app.mailer.sent().len(), mails + 1);
}

#[tokio::test]
async fn the_official_who_has_a_moved_case_is_told() {
    let app = TestApp::new().await;
    let (open, _) = file_report(&app, "Cống tắc").await;
    give_to_economy(&app, &open).await;
    let before = case(&app, &open).await;
    let intake = crate::harness::petitions_of::actor(&app, "an").await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let mut act = app::petitions::actions::Act { tx: &mut tx, portal: &app.portal, actor: &intake };
    app::petitions::actions::assign(&mut act, &before, before.unit_id.clone(), Some("account-ha".into())).await.expect("given");
    tx.commit().await.expect("kept");
    let mut admin = app.official("ti").await;
    change(&app, &mut admin, "R1", &[]).await;
    let mut ha = app.official("ha").await;
    let desk = ha.get("/can-bo?phan=nhac-den-toi").await.expect(200).text();
    assert!(desk.contains("Cống tắc") && desk.contains("nhắc đến bạn"), "{desk}");
    let page = ha.get(&format!("/can-bo/don/{open}")).await.expect(200).text();
    assert!(page.contains("7/12/2026") && page.contains("9/12/2026"), "{page}");
}

#[tokio::test]
async fn nothing_is_saved_that_was_not_shown_or_cannot_stand() {
    let app = TestApp::new().await;
    let mut admin = app.official("ti").await;
    let unseen = send(&mut admin, "R1", &[("action", "save")]).await.expect(200);
    assert_eq!(unseen.select("#xem-truoc").len(), 1, "saved blind, it is shown first");
    let seen = unseen.attribute("#xem-truoc input[name=seen]", "value").concat();
    let other = send(&mut admin, "R1", &[("action", "save"), ("seen", &seen), ("length", "30")]).await.expect(200);
    assert_eq!(other.select("#xem-truoc").len(), 1, "typed anew after the look, it is shown anew");

    let gap = send(&mut admin, "K2", &[("deed", "correct"), ("valid_from", "2012-07-01"), ("valid_to", "28/6/2026"), ("source", "Luật cũ")]).await.expect(422);
    assert!(gap.text().contains("Từ 29/6/2026 đến 30/6/2026 sẽ không có quy định nào áp dụng"), "{}", gap.text());
    assert_eq!(gap.field("source"), "Luật cũ", "what was typed stays");
    assert_eq!(gap.field("length"), "12");
    let end = send(&mut admin, "R1", &[("deed", "correct"), ("valid_from", "2014-07-01"), ("valid_to", "31/12/2026")]).await.expect(422);
    assert!(end.text().contains("Sau ngày 31/12/2026 sẽ không còn quy định nào"), "{}", end.text());
    let wrong = send(&mut admin, "R1", &[("valid_from", "31/2/2026"), ("length", "nhiều"), ("source", "")]).await.expect(422);
    assert_eq!(wrong.select("#errors li").len(), 3, "{}", wrong.text());
    assert_eq!(wrong.field("valid_from"), "31/2/2026");
    let mut tx = app.portal.db().read().await.expect("a transaction");
    assert!(app::deadlines::store::period_changes(&mut tx, 9).await.expect("readable").is_empty());
    drop(tx);

    // A version that has not begun can be taken back, one that has cannot.
    change(&app, &mut admin, "R1", &[("valid_from", "2027-01-01")]).await;
    assert!(admin.get("/can-bo/thoi-han/R1").await.expect(200).text().contains("Sắp áp dụng"));
    change(&app, &mut admin, "R1", &[("action", "remove"), ("deed", "remove"), ("valid_from", "2027-01-01")]).await;
    assert!(!admin.get("/can-bo/thoi-han/R1").await.expect(200).text().contains("Sắp áp dụng"));
    let begun = send(&mut admin, "R1", &[("action", "remove"), ("valid_from", "2014-07-01")]).await.expect(422);
    assert!(begun.text().contains("đã áp dụng nên không bỏ được"), "{}", begun.text());
}

#[tokio::test]
async fn only_the_provinces_administrator_changes_periods() {
    let app = TestApp::new().await;
    let mut commune = app.official("gi").await;
    let page = commune.get("/can-bo/thoi-han/R1").await.expect(200);
    assert!(page.select("form#sua").is_empty() && page.text().contains("Luật Tiếp công dân"));
    send(&mut commune, "R1", &[]).await.expect(403);
    app.official("em").await.get("/can-bo/thoi-han").await.expect(404);
    send(&mut app.official("em").await, "R1", &[]).await.expect(404);
    send(&mut app.official("ti").await, "R99", &[]).await.expect(404);
}

/// Files of an operator go the same way as the form.
#[tokio::test]
async fn an_import_of_changed_periods_and_days_off_moves_the_clocks_too() {
    let app = TestApp::new().await;
    let (open, _) = file_report(&app, "Cống tắc").await;
    let built_in = Files::built_in();
    let header = built_in.deadline_rules.lines().next().expect("a header").to_owned();
    let row = |from: &str, to: &str, n: u32| format!("R1,,{from},{to},after,{n},working,yes,Trả lời,Answer,ngày nhận,receipt,Luật mới");
    let rules = |rows: &[String]| Files { deadline_rules: format!("{header}\n{}\n", rows.join("\n")), ..Files::default() };
    let twice = app::periods::import(&app.portal, &rules(&[row("2026-11-01", "", 12)])).await.expect_err("two versions on a day");
    assert!(twice.to_string().contains("R1") || format!("{twice:?}").contains("R1"), "{twice:?}");
    let files = rules(&[row("2014-07-01", "2026-10-31", 10), row("2026-11-01", "", 12)]);
    app::periods::import(&app.portal, &files).await.expect("fits");
    app::periods::import(&app.portal, &files).await.expect("the same again");
    app.run_jobs().await;
    assert_eq!(case(&app, &open).await.due_on, day("2026-12-09"));
    assert_eq!(events(&app, &open).await, ["filed", "period_changed"]);
    let page = app.official("ti").await.get("/can-bo/thoi-han").await.expect(200);
    assert!(page.select("#thay-doi li").len() == 1 && page.text().contains("Nhập từ tệp trên máy chủ"));

    let days = "day,kind,name,status,source\n2026-11-27,swap_off,Nghỉ bão,confirmed,Công điện 1\n";
    app::periods::import(&app.portal, &Files { holidays: days.to_owned(), ..Files::default() }).await.expect("fits");
    app.run_jobs().await;
    assert_eq!(case(&app, &open).await.due_on, day("2026-12-10"));
}

/// A decided complaint of which the citizen got the decision on 30/11: K6 and K10 run, no office owes anything.
async fn decided(app: &TestApp) -> String {
    let (id, _) = file(app, Kind::Complaint, "Thu hồi đất").await;
    let before = case(app, &id).await;
    let clock = |code: &str| Clock {
        code: code.into(),
        from: day("2026-11-30"),
        complexity: Default::default(),
        is_remote: false,
        pauses: Vec::new(),
        paused_since: None,
        last_day: day("2026-12-30"),
        ended_on: None,
        agency_id: before.body_id.clone(),
    };
    let on = day("2026-11-30");
    let stage = Stage::Complaint(complaint::State::Decided(complaint::Decided {
        instance: complaint::Instance::First,
        finding: Finding::Wrong,
        on,
        sent_on: Some(on),
        served_on: Some(on),
        published_on: None,
        is_in_force: false,
        executed_on: None,
    }));
    let progress: Progress = Procedure { stage, clocks: vec![clock("K10"), clock("K6")] }.into();
    let after = Case { state: State::Answered, is_open: false, answered_on: Some(on), progress, version: before.version + 1, ..before.clone() };
    let mut tx = app.portal.db().write().await.expect("a transaction");
    store::update(&mut tx, &before, &after).await.expect("written");
    // The record says the same, so that the version fits it.
    store::add_history(&mut tx, &id, after.version, app.portal.now(), &app::actor::Actor::System, &Event::Received).await.expect("written");
    tx.commit().await.expect("kept");
    id
}

fn last_days(case: &Case) -> Vec<(String, NaiveDate)> {
    case.procedure().clocks.into_iter().map(|clock| (clock.code, clock.last_day)).collect()
}

async fn day_off(app: &TestApp, on: &str) {
    let fields = [("day", on), ("kind", "swap_off"), ("name", "Nghỉ bão"), ("status", "confirmed"), ("source", "Công điện số 1")];
    app.signed_in("ti").await.post("/can-bo/lich-nghi", &fields).await.expect(303);
    app.run_jobs().await;
}

/// The citizen's period to complain again and the day a decision takes effect run on after the case is answered, and move as well.
#[tokio::test]
async fn the_second_complaint_and_the_taking_effect_of_a_decision_move_as_long_as_they_run() {
    let app = TestApp::new().await;
    let id = decided(&app).await;
    app.set_time("2026-12-01T02:00:00Z");
    app.run_jobs().await;
    let mails = app.mailer.sent().len();
    day_off(&app, "2026-12-30").await;
    let moved = case(&app, &id).await;
    assert_eq!(last_days(&moved), [("K10".to_owned(), day("2026-12-31")), ("K6".to_owned(), day("2026-12-31"))], "the last day rolls over");
    assert_eq!((moved.state, moved.is_open, moved.due_on), (State::Answered, false, case(&app, &id).await.due_on));
    assert_eq!(events(&app, &id).await[2..], ["right_moved", "right_moved"]);
    let sent = app.mailer.sent();
    assert_eq!(sent.len(), mails + 2);
    assert!(sent.last().expect("a mail").body.contains("dời sang muộn hơn"), "{}", sent.last().expect("a mail").body);
    let page = follow(&app, &id).await;
    assert!(page.text().contains("chậm nhất thứ Năm, 31/12/2026"), "{}", page.text());
    let why = page.select("#right-moved").concat();
    assert!(why.contains("Thư bạn đã nhận ghi ngày 30/12/2026") && why.contains("30/12/2026: Nghỉ bão"), "{why}");

    let terms = [("length", "40"), ("unit", "calendar"), ("valid_from", "2026-11-01"), ("name", "Quyền khiếu nại lần hai")];
    let shown = send(&mut app.signed_in("ti").await, "K6", &terms).await.expect(200);
    let seen = shown.attribute("#xem-truoc input[name=seen]", "value").concat();
    let saved = [&terms[..], &[("action", "save"), ("seen", seen.as_str())]].concat();
    send(&mut app.signed_in("ti").await, "K6", &saved).await.expect(303);
    app.run_jobs().await;
    assert_eq!(last_days(&case(&app, &id).await)[1], ("K6".to_owned(), day("2027-01-11")), "forty days end on Saturday 9/1");
    assert_eq!(last_days(&case(&app, &id).await)[0].1, day("2026-12-31"), "the other period is another rule");

    // What has run out is over: a day off put in afterwards revives nothing.
    app.set_time("2027-02-01T02:00:00Z");
    let over = case(&app, &id).await;
    day_off(&app, "2027-01-11").await;
    assert_eq!(case(&app, &id).await, over);
}
