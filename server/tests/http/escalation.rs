//! Late steps before those above: once each, by rule and day, seen by whom they are put before and by nobody the case is about; the
//! superior's demand, the authority's report.

use crate::harness::petitions_of::{SENDER, actor, case, file, file_report, give_to_economy};
use crate::harness::{PHU_THONG_BODY, PHU_THONG_ECONOMY, PROVINCE_BODY, TestApp};
use app::petitions::actions::Act;
use app::petitions::barred::Party;
use app::petitions::barring::bar;
use app::petitions::escalating;
use app::petitions::escalation::Level;
use app::petitions::flags::Flag;
use app::petitions::rules::{Event, Kind};
use app::petitions::store;
use app::petitions::store::escalations::{self, Escalated};

/// The worker's walk of a day, to its end.
async fn walk(app: &TestApp) {
    app.portal.reload_directory().await.expect("read anew");
    while escalating::walk(&app.portal).await.expect("walks") {}
}

async fn rows(app: &TestApp, case_id: &str) -> Vec<Escalated> {
    let mut tx = app.portal.db().read().await.expect("a transaction");
    escalations::of_case(&mut tx, case_id).await.expect("read")
}

async fn levels(app: &TestApp, case_id: &str) -> Vec<(Level, String)> {
    rows(app, case_id).await.into_iter().map(|row| (row.level, row.to_body_id)).collect()
}

async fn count(app: &TestApp, case_id: &str, code: &str) -> usize {
    let mut tx = app.portal.db().read().await.expect("a transaction");
    store::history(&mut tx, case_id, 0).await.expect("read").iter().filter(|entry| entry.event.code() == code).count()
}

/// A report of 20/11/2026 is due on 7/12; its head hears of it on 8/12, the province on 21/12: ten working days after.
#[tokio::test]
async fn a_late_report_is_put_before_the_head_then_before_the_province_once_each() {
    let app = TestApp::new().await;
    let (late, _) = file_report(&app, "Cống bị tắc").await;
    let (also_late, _) = file_report(&app, "Đèn hỏng").await;
    give_to_economy(&app, &late).await;
    assert_eq!(case(&app, &late).await.due_on.to_string(), "2026-12-07");
    for (now, expected) in [
        ("2026-12-07T02:00:00Z", vec![]),
        ("2026-12-08T02:00:00Z", vec![(Level::Head, PHU_THONG_BODY)]),
        ("2026-12-18T02:00:00Z", vec![(Level::Head, PHU_THONG_BODY)]),
        ("2026-12-21T02:00:00Z", vec![(Level::Head, PHU_THONG_BODY), (Level::Superior, PROVINCE_BODY)]),
        ("2026-12-22T02:00:00Z", vec![(Level::Head, PHU_THONG_BODY), (Level::Superior, PROVINCE_BODY)]),
    ] {
        app.set_time(now);
        walk(&app).await;
        walk(&app).await;
        let expected: Vec<(Level, String)> = expected.into_iter().map(|(level, to)| (level, to.to_owned())).collect();
        assert_eq!(levels(&app, &late).await, expected, "{now}");
        assert_eq!(count(&app, &late, "put_above").await, expected.len(), "{now}: each is in the record once");
    }
    let row = rows(&app, &late).await.pop().expect("a row");
    assert_eq!((row.clock.as_str(), row.agency_id.as_str(), row.body_id.as_str()), ("R1", PHU_THONG_ECONOMY, PHU_THONG_BODY));
    assert!(Flag::Escalated.is_in(case(&app, &late).await.flags));

    // In words and colour: the case, the queue and its filter, the leader's page.
    let mut em = app.signed_in("em").await;
    let page = em.get(&format!("/can-bo/don/{late}")).await.expect(200);
    assert!(page.select("#bao-cap-tren li").len() == 2 && page.text().contains("Quá hạn, đã báo lên trên"), "{}", page.text());
    let queue = app.signed_in("em").await.get("/can-bo?phan=tat-ca&da-bao-cap-tren=1").await.expect(200);
    assert_eq!(queue.select(".item").len(), 2, "both are late: {}", queue.text());
    assert!(queue.text().contains("Quá hạn, đã báo cấp trên"));
    let lead = app.signed_in("em").await.get("/can-bo/lanh-dao").await.expect(200);
    assert!(lead.attribute("a", "href").iter().any(|href| href.contains("da-bao-cap-tren=1")), "the leader's table leads to them");

    // Answered, it is late no more: the mark goes, and the province's list has it no longer.
    let (ha, du) = (actor(&app, "ha").await, actor(&app, "du").await);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let before = case(&app, &late).await;
    let proposed = app::petitions::actions::propose_answer(&mut Act { tx: &mut tx, portal: &app.portal, actor: &ha }, &before, "Đã thông cống", None).await;
    let answered = app::petitions::actions::approve_answer(&mut Act { tx: &mut tx, portal: &app.portal, actor: &du }, &proposed.expect("proposed")).await;
    tx.commit().await.expect("kept");
    assert!(!Flag::Escalated.is_in(answered.expect("answered").flags));
    assert!(rows(&app, &late).await.iter().all(|row| row.settled_on.is_some()));
    let below = app.signed_in("xa").await.get("/can-bo/cap-duoi").await.expect(200);
    assert!(!below.body.contains(&late) && below.body.contains(&also_late), "{}", below.text());
    app.signed_in("xa").await.get(&format!("/can-bo/cap-duoi/{late}")).await.expect(404);
}

/// The walk goes on where it was: after a restart nothing is put twice, and one that is done is not begun again on the same day.
#[tokio::test]
async fn a_walk_that_is_done_rests_until_the_next_day() {
    let app = TestApp::new().await;
    let (late, _) = file_report(&app, "Cống bị tắc").await;
    app.set_time("2026-12-08T02:00:00Z");
    app.portal.reload_directory().await.expect("read anew");
    let mut portions = 0;
    while escalating::walk(&app.portal).await.expect("walks") {
        portions += 1;
        assert!(portions < 100, "it ends");
    }
    assert!(!escalating::walk(&app.portal).await.expect("rests"));
    assert_eq!(levels(&app, &late).await.len(), 1);
    app.set_time("2026-12-09T02:00:00Z");
    assert!(escalating::walk(&app.portal).await.expect("a new day"), "a new day, a new walk");
}

/// The superior writes the reminder, signs it, and the late authority finds it before itself, reports, and the superior reads that.
#[tokio::test]
async fn the_superior_reminds_by_letter_and_the_authority_reports() {
    let app = TestApp::new().await;
    let (late, _) = file_report(&app, "Cống bị tắc").await;
    give_to_economy(&app, &late).await;
    app.set_time("2026-12-21T02:00:00Z");
    walk(&app).await;

    let list = app.signed_in("to").await.get("/can-bo/cap-duoi").await.expect(200);
    assert!(list.attribute("tbody a", "href").contains(&format!("/can-bo/cap-duoi/{late}")), "{}", list.text());
    let one = app.signed_in("to").await.get(&format!("/can-bo/cap-duoi/{late}")).await.expect(200);
    assert!(!one.body.contains(SENDER) && !one.body.contains("Cống bị tắc"), "not what the citizen wrote");
    // Nothing else of the case is the superior's.
    for path in [format!("/can-bo/don/{late}"), format!("/can-bo/don/{late}/soan/receipt"), format!("/can-bo/don/{late}/soan/interim")] {
        app.signed_in("to").await.get(&path).await.expect(404);
    }

    let path = format!("/can-bo/don/{late}/soan/reminder");
    let form = app.signed_in("to").await.get(&path).await.expect(200);
    assert_eq!(form.field("letter_to"), "Ủy ban nhân dân xã Phủ Thông");
    let (once, body) = (form.field("once"), form.field("letter_body").replace("[ngày, tháng, năm]", "25/12/2026"));
    let fields = [("once", once.as_str()), ("letter_to", "Ủy ban nhân dân xã Phủ Thông"), ("letter_body", &body), ("action", "send")];
    let sent = app.signed_in("to").await.post(&path, &fields).await.expect(303);
    assert_eq!(sent.location(), Some(format!("/can-bo/cap-duoi/{late}")));
    let draft = format!("/can-bo/don/{late}/du-thao/{once}");
    app.signed_in("em").await.get(&draft).await.expect(404);
    assert!(!app.signed_in("em").await.get(&format!("/can-bo/don/{late}")).await.expect(200).body.contains(&once), "a draft of another office");
    let seen = app.signed_in("xa").await.get(&draft).await.expect(200).field("seen");
    app.signed_in("xa").await.post(&draft, &[("seen", &seen), ("action", "sign")]).await.expect(303);

    let now = case(&app, &late).await;
    assert_eq!(now.body_id, PHU_THONG_BODY, "the case stays where it is");
    let row = rows(&app, &late).await.into_iter().find(|row| row.level == Level::Superior).expect("a row");
    assert_eq!((row.demanded_on.map(|day| day.to_string()).as_deref(), row.report_by), (Some("2026-12-21"), None), "T11 is for denunciations");
    let letter = format!("/can-bo/don/{late}/van-ban/{once}");
    let read = app.signed_in("ha").await.get(&letter).await.expect(200);
    assert!(read.text().contains("ỦY BAN NHÂN DÂN") && read.text().contains("TỈNH THÁI NGUYÊN"), "{}", read.text());
    app.signed_in("to").await.get(&format!("{letter}.pdf")).await.expect(200);
    app.signed_in("hu").await.get(&letter).await.expect(404);
    let page = app.signed_in("ha").await.get(&format!("/can-bo/don/{late}")).await.expect(200);
    assert!(page.select("#nhac").concat().contains("văn bản đôn đốc"), "put before whoever has it in hand: {}", page.text());
    app.visiting(&late).await.get(&format!("/tra-cuu/van-ban/{once}")).await.expect(404);

    let report = format!("/can-bo/don/{late}/bao-cao");
    app.signed_in("ha").await.post(&report, &[("report_above", " ")]).await.expect(422);
    app.signed_in("cu").await.post(&report, &[("report_above", "Chờ vật tư")]).await.expect(404);
    app.signed_in("ha").await.post(&report, &[("report_above", "Chờ vật tư, xong ngày 24/12")]).await.expect(303);
    let again = app.signed_in("ha").await.post(&report, &[("report_above", "Gửi lại")]).await.expect(409);
    assert_eq!(again.field("report_above").trim(), "Gửi lại", "every typed word stays");
    let one = app.signed_in("xa").await.get(&format!("/can-bo/cap-duoi/{late}")).await.expect(200);
    assert!(one.text().contains("Chờ vật tư, xong ngày 24/12") && one.text().contains("Đã báo cáo"), "{}", one.text());
}

/// Law on Denunciations, Article 38: the superior demands a report within five working days, and it is made within five more.
#[tokio::test]
async fn a_late_denunciation_runs_by_t11_and_says_nothing_of_its_sender() {
    let app = TestApp::new().await;
    let (late, _) = file(&app, Kind::Denunciation, "Cán bộ nhận tiền").await;
    let due = case(&app, &late).await.due_on;
    assert_eq!(due.to_string(), "2026-12-02");
    // The first period (T1) has the common row: five working days.
    app.set_time("2026-12-09T02:00:00Z");
    walk(&app).await;
    let row = rows(&app, &late).await.into_iter().find(|row| row.level == Level::Superior).expect("a row");
    assert_eq!((row.clock.as_str(), row.to_body_id.as_str()), ("T1", PROVINCE_BODY));
    assert_eq!(row.demand_by.map(|day| day.to_string()).as_deref(), Some("2026-12-16"), "five working days");
    let list = app.signed_in("xa").await.get("/can-bo/cap-duoi").await.expect(200);
    assert!(list.text().contains("Tố cáo") && list.text().contains("16/12/2026"), "{}", list.text());
    for secret in [SENDER, "Cán bộ nhận tiền", "Nà Món"] {
        assert!(!list.body.contains(secret), "{secret}");
    }
    let path = format!("/can-bo/don/{late}/soan/reminder");
    let form = app.signed_in("to").await.get(&path).await.expect(200);
    let (once, body) = (form.field("once"), form.field("letter_body").replace("[ngày, tháng, năm]", "16/12/2026"));
    let with_name = format!("{body}\nNgười tố cáo: {{người gửi}}");
    let fields = [("once", once.as_str()), ("letter_to", "Ủy ban nhân dân xã Phủ Thông"), ("letter_body", &with_name), ("action", "send")];
    app.signed_in("to").await.post(&path, &fields).await.expect(422);
    let fields = [("once", once.as_str()), ("letter_to", "Ủy ban nhân dân xã Phủ Thông"), ("letter_body", &body), ("action", "send")];
    app.signed_in("to").await.post(&path, &fields).await.expect(303);
    let draft = format!("/can-bo/don/{late}/du-thao/{once}");
    let seen = app.signed_in("xa").await.get(&draft).await.expect(200).field("seen");
    app.signed_in("xa").await.post(&draft, &[("seen", &seen), ("action", "sign")]).await.expect(303);
    let row = rows(&app, &late).await.into_iter().find(|row| row.level == Level::Superior).expect("a row");
    assert_eq!(row.report_by.map(|day| day.to_string()).as_deref(), Some("2026-12-16"), "from the demand");
    let page = app.signed_in("em").await.get(&format!("/can-bo/don/{late}")).await.expect(200);
    assert!(page.select("#bao-cap-tren").concat().contains("16/12/2026"), "{}", page.text());
}

/// Whoever a case is about hears nothing of it from above either.
#[tokio::test]
async fn whoever_a_case_is_about_is_passed_over() {
    let app = TestApp::new().await;
    let (late, _) = file(&app, Kind::Denunciation, "Chủ tịch xã nhận tiền").await;
    let (intake, before) = (actor(&app, "an").await, case(&app, &late).await);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &intake };
    let moved = bar(&mut act, &before, &[Party::Account("account-em".into())], "Đơn nêu tên").await.expect("recorded");
    tx.commit().await.expect("kept");
    assert_eq!(moved.body_id, PROVINCE_BODY, "about the head: handed up");
    app.set_time("2026-12-21T02:00:00Z");
    walk(&app).await;
    let known = levels(&app, &late).await;
    assert!(known.contains(&(Level::Head, PROVINCE_BODY.to_owned())) && known.iter().all(|(_, to)| to != PHU_THONG_BODY), "{known:?}");
    for login in ["em", "an", "hu"] {
        app.signed_in(login).await.get(&format!("/can-bo/cap-duoi/{late}")).await.expect(404);
    }

    // The province's own head denounced in a case that a commune has: the province is not told.
    let (other, _) = file(&app, Kind::Denunciation, "Việc của người đứng đầu tỉnh").await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    tx.exec("UPDATE cases SET barred = $2 WHERE id = $1", (other.clone(), format!(" b:{PROVINCE_BODY} "))).await.expect("changed");
    tx.commit().await.expect("kept");
    assert!(app::petitions::barred::has_body(&case(&app, &other).await.barred, PROVINCE_BODY), "{}", case(&app, &other).await.barred);
    app.set_time("2027-01-20T02:00:00Z");
    walk(&app).await;
    assert!(levels(&app, &other).await.iter().all(|(_, to)| to != PROVINCE_BODY), "{:?}", levels(&app, &other).await);
    assert!(!app.signed_in("xa").await.get("/can-bo/cap-duoi").await.expect(200).body.contains(&other));
}

/// Trap 12 for those above: whoever had the step when it was missed stands in the record, wherever the case goes later.
#[tokio::test]
async fn trap_12_the_record_names_who_was_late_then() {
    let app = TestApp::new().await;
    let (late, _) = file_report(&app, "Cống bị tắc").await;
    give_to_economy(&app, &late).await;
    app.set_time("2026-12-08T02:00:00Z");
    walk(&app).await;
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let history = store::history(&mut tx, &late, 0).await.expect("read");
    let put = history.iter().find_map(|entry| match &entry.event {
        Event::Escalation(app::petitions::escalation::Escalation::Put { agency_id, clock, .. }) => Some((agency_id.clone(), clock.clone())),
        _ => None,
    });
    assert_eq!(put, Some((PHU_THONG_ECONOMY.to_owned(), "R1".to_owned())));
    assert!(history.last().expect("an entry").actor_id.is_none(), "the portal did it");
}
