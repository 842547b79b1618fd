//! What citizens say about answers: everybody answered is asked, the figures have their counts, and no sealed case is among them.

use crate::harness::petitions_of::{actor, case, file, file_report, give_to_economy};
use crate::harness::{Answer, PHU_THONG_BODY, PHU_THONG_ECONOMY, TestApp};
use app::petitions::actions::{self, Act};
use app::petitions::procedure;
use app::petitions::ratings::{Sums, of_agency};
use app::petitions::rules::Kind;
use app::petitions::store;
use app::procedures::step::Step;
use chrono::NaiveDate;

/// Drafted by one, let out by another.
async fn answer(app: &TestApp, id: &str, promised: Option<NaiveDate>) {
    let (ha, du) = (actor(app, "ha").await, actor(app, "du").await);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let before = store::by_id(&mut tx, id).await.expect("readable").expect("there");
    let proposed = actions::propose_answer(&mut Act { tx: &mut tx, portal: &app.portal, actor: &ha }, &before, "Đã xem xét.", promised).await.expect("drafted");
    actions::approve_answer(&mut Act { tx: &mut tx, portal: &app.portal, actor: &du }, &proposed).await.expect("let out");
    tx.commit().await.expect("kept");
}

/// A step with a signature, without its letters.
async fn signed(app: &TestApp, id: &str, step: Step) {
    let (ha, em) = (actor(app, "ha").await, actor(app, "em").await);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let before = store::by_id(&mut tx, id).await.expect("readable").expect("there");
    let (drafted, _) = procedure::draft(&mut Act { tx: &mut tx, portal: &app.portal, actor: &ha }, &before, &step, "lý do").await.expect("drafted");
    procedure::sign(&mut Act { tx: &mut tx, portal: &app.portal, actor: &em }, &drafted).await.expect("signed");
    tx.commit().await.expect("kept");
}

/// A step of the intake.
async fn taken(app: &TestApp, id: &str, step: Step) {
    let an = actor(app, "an").await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let before = store::by_id(&mut tx, id).await.expect("readable").expect("there");
    procedure::take(&mut Act { tx: &mut tx, portal: &app.portal, actor: &an }, &before, step, "lý do").await.expect("taken");
    tx.commit().await.expect("kept");
}

async fn cite(app: &TestApp, id: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let of = app.visiting(id).await.get("/tra-cuu/don").await.expect(200).field("_of");
    let mut all = vec![("_of", of.as_str())];
    all.extend_from_slice(fields);
    app.visiting(id).await.post(path, &all).await
}

async fn rate(app: &TestApp, id: &str, mark: &str) -> Answer {
    cite(app, id, "/tra-cuu/don/danh-gia", &[("clarity", mark), ("attitude", "5"), ("result", "1"), ("comment", "")]).await
}

async fn sums(app: &TestApp, agency_id: &str) -> Sums {
    let mut tx = app.portal.db().read().await.expect("a transaction");
    Sums::of(&of_agency(&mut tx, agency_id, "2026-01", "2027-12").await.expect("readable"))
}

/// Trap 50: satisfaction asked only of those with a positive answer, or before the action is done; mixed with other indices.
#[tokio::test]
async fn trap_50_everybody_answered_is_asked_once_and_nobody_before_the_action() {
    let app = TestApp::new().await;
    let mut ids = Vec::new();
    for n in 0..5 {
        let (id, _) = file_report(&app, &format!("Cống tắc {n}")).await;
        give_to_economy(&app, &id).await;
        answer(&app, &id, None).await;
        ids.push(id);
    }
    // A complaint that is not taken on is an answer, too, and not the one they hoped for.
    let (refused, _) = file(&app, Kind::Complaint, "Thu hồi đất").await;
    give_to_economy(&app, &refused).await;
    signed(&app, &refused, Step::Guide).await;
    let page = app.visiting(&refused).await.get("/tra-cuu/don").await.expect(200);
    assert_eq!(page.select("input[name=clarity]").len(), 5, "{}", page.text());
    // A sealed case is asked about and counted nowhere.
    let (sealed, _) = file(&app, Kind::Denunciation, "Nhận tiền").await;
    give_to_economy(&app, &sealed).await;
    taken(&app, &sealed, Step::CheckIdentity { is_verified: false }).await;
    taken(&app, &sealed, Step::KeepAsInformation).await;
    assert_eq!(sums(&app, PHU_THONG_BODY).await.asked, 6, "whatever the answer was");
    assert_eq!(sums(&app, PHU_THONG_ECONOMY).await.asked, 6, "and for the unit");

    // Who was promised something is asked when it should be done.
    let (promised, _) = file_report(&app, "Đường hỏng").await;
    give_to_economy(&app, &promised).await;
    answer(&app, &promised, Some("2026-12-10".parse().expect("a day"))).await;
    let page = app.visiting(&promised).await.get("/tra-cuu/don").await.expect(200);
    assert!(page.select("input[name=clarity]").is_empty() && page.text().contains("từ thứ Sáu, 11/12/2026"), "{}", page.text());
    rate(&app, &promised, "5").await.expect(409);

    for (id, mark) in ids.iter().zip(["5", "4", "4", "2", "5"]) {
        rate(&app, id, mark).await.expect(303);
        rate(&app, id, mark).await.expect(303);
    }
    rate(&app, &refused, "1").await.expect(303);
    let now = sums(&app, PHU_THONG_BODY).await;
    assert_eq!((now.rated, now.good(0), now.good(1), now.good(2)), (6, 4, 6, 0), "the refused one counts like the others");

    app.set_time("2026-12-11T02:00:00Z");
    rate(&app, &promised, "3").await.expect(303);
    assert_eq!(sums(&app, PHU_THONG_BODY).await.rated, 7);
}

#[tokio::test]
async fn not_solved_is_a_figure_with_what_came_of_it() {
    let app = TestApp::new().await;
    let mut ids = Vec::new();
    for n in 0..6 {
        let (id, _) = file_report(&app, &format!("Cống tắc {n}")).await;
        give_to_economy(&app, &id).await;
        answer(&app, &id, None).await;
        ids.push(id);
    }
    for (n, once) in ["01234567-89ab-4def-8123-456789abcde1", "01234567-89ab-4def-8123-456789abcde2"].into_iter().enumerate() {
        cite(&app, &ids[0], "/tra-cuu/don/chua-xong", &[("not_done", "Vẫn tắc."), ("_once", once)]).await.expect(303);
        answer(&app, &ids[0], None).await;
        let now = sums(&app, PHU_THONG_BODY).await;
        assert_eq!((now.asked, now.not_solved, now.answered_again), (6, 1, 1), "a case that comes back again counts once ({n})");
    }
    cite(&app, &ids[1], "/tra-cuu/don/da-xong", &[]).await.expect(303);
    assert_eq!(sums(&app, PHU_THONG_BODY).await.solved, 1);

    // Nothing is told of a few, and every number has its whole.
    let mut reader = app.visitor();
    let page = reader.get("/danh-gia?nam=2026").await.expect(200).text();
    assert!(page.contains("0 trong 6 người được hỏi đã đánh giá") && page.contains("Chưa đủ 5 người đánh giá"), "{page}");
    assert!(page.contains("1 trong 6 người được hỏi nói việc chưa xong"), "{page}");
    for id in &ids[..5] {
        rate(&app, id, "4").await.expect(303);
    }
    let page = reader.get("/danh-gia?nam=2026").await.expect(200);
    assert!(page.text().contains("5 trong 5"), "the page follows at once: {}", page.text());
    assert_eq!(page.select("tbody tr").len(), 1, "one authority has enough");
    let none = reader.get("/danh-gia?nam=2025").await.expect(200).text();
    assert!(none.contains("Chưa có cơ quan nào đủ 5 người"), "{none}");

    let desk = app.official("em").await.get("/can-bo/danh-gia").await.expect(200);
    assert!(desk.text().contains("83,3% (5/6)") && desk.text().contains("11/2026"), "{}", desk.text());
    app.official("ha").await.get("/can-bo/danh-gia").await.expect(404);
}

/// A case that turns out to be a denunciation leaves every figure.
#[tokio::test]
async fn a_case_that_becomes_sealed_leaves_the_figures() {
    let app = TestApp::new().await;
    let (id, _) = file_report(&app, "Cống tắc").await;
    give_to_economy(&app, &id).await;
    answer(&app, &id, None).await;
    rate(&app, &id, "4").await.expect(303);
    assert_eq!(sums(&app, PHU_THONG_BODY).await.rated, 1);
    cite(&app, &id, "/tra-cuu/don/chua-xong", &[("not_done", "Có người nhận tiền."), ("_once", "01234567-89ab-4def-8123-456789abcde1")]).await.expect(303);
    let (before, intake) = (case(&app, &id).await, actor(&app, "an").await);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    actions::reclassify(&mut Act { tx: &mut tx, portal: &app.portal, actor: &intake }, &before, Kind::Denunciation, "Là tố cáo").await.expect("corrected");
    tx.commit().await.expect("kept");
    let now = sums(&app, PHU_THONG_BODY).await;
    assert_eq!(now, Sums::default());
}
