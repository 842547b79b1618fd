//! What is kept how long: the table, plans of deletion and who lets them out, legal holds, and that nothing else is lost with what goes.

use crate::harness::petitions_of::{SENDER, SENDER_PHONE, actor, case, file, file_report, give_to_economy};
use crate::harness::{PHU_THONG, TestApp, Upload, photo};
use crate::record::look;
use app::actor::Actor;
use app::agencies::import::Files;
use app::db::Kind as Database;
use app::error::AppError;
use app::petitions::actions::{self, Act};
use app::petitions::code::CaseCode;
use app::petitions::rules::{Event, Kind};
use app::retention::plans::{self, Forecast};
use app::retention::what::What;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Long after everything in these tests was filed: all that plans delete is due.
const LONG_AFTER: &str = "2060-01-05T02:00:00Z";
/// The day after.
const NEXT_DAY: &str = "2060-01-06T02:00:00Z";

/// Ends a case as of now, without the steps that lead there.
async fn end(app: &TestApp, case_id: &str) {
    let mut tx = app.portal.db().write().await.expect("a transaction");
    tx.exec("UPDATE cases SET is_open = FALSE, state = 'closed', changed_at = $2 WHERE id = $1", (case_id.to_owned(), app.portal.now())).await.expect("ended");
    tx.commit().await.expect("kept");
}

/// A case that has ended.
async fn ended(app: &TestApp, kind: Kind, title: &str) -> String {
    let (id, _) = file(app, kind, title).await;
    end(app, &id).await;
    id
}

async fn hold(app: &TestApp, case_id: &str, until: Option<&str>) {
    let head = actor(app, "em").await;
    let found = case(app, case_id).await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &head };
    app::retention::holds::set(&mut act, &found, "Tòa án đã thụ lý", until.map(|day| day.parse().expect("a day"))).await.expect("held");
    tx.commit().await.expect("kept");
}

/// Everybody's names and words that are there, by case: whether it still has a sender, and whether it has words.
async fn left(app: &TestApp) -> BTreeMap<String, (bool, bool)> {
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let rows: Vec<(String, bool, bool)> = tx
        .all(
            "SELECT c.id, EXISTS (SELECT 1 FROM sealed_people p WHERE p.owner_id = c.id),
                    EXISTS (SELECT 1 FROM case_texts t WHERE t.case_id = c.id)
                    OR EXISTS (SELECT 1 FROM sealed_values t WHERE t.purpose = 'words' AND t.owner_id = c.id)
             FROM cases c",
            (),
        )
        .await
        .expect("readable");
    rows.into_iter().map(|(id, people, words)| (id, (people, words))).collect()
}

/// Administrator makes a plan, the head of the province lets it out, the portal works through it. Gives what was counted.
async fn run_all(app: &TestApp) -> Forecast {
    let (maker, second) = (actor(app, "ti").await, actor(app, "xa").await);
    let day = app::clock::day(app.portal.now());
    let forecast = plans::forecast(&app.portal, day).await.expect("counted");
    let Some(id) = plans::make(&app.portal, &maker).await.expect("made") else { return forecast };
    plans::release(&app.portal, &second, &id).await.expect("let out");
    while let Some((_, is_done)) = plans::portion(&app.portal).await.expect("a portion") {
        if is_done {
            break;
        }
    }
    forecast
}

/// What plans have deleted, by rule.
async fn done(app: &TestApp) -> BTreeMap<String, i64> {
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let rows: Vec<(String, i64)> = tx.all("SELECT code, CAST(SUM(done) AS BIGINT) FROM retention_counts GROUP BY code", ()).await.expect("readable");
    rows.into_iter().filter(|(_, n)| *n > 0).collect()
}

fn planned(forecast: &Forecast) -> BTreeMap<String, i64> {
    let mut all = BTreeMap::new();
    for count in forecast.counts.iter().filter(|count| count.planned > 0) {
        *all.entry(count.code.clone()).or_default() += count.planned;
    }
    all
}

/// Sums that pages show, as they lie in the tables.
async fn figures(app: &TestApp) -> Vec<(String, String, i64)> {
    let mut tx = app.portal.db().read().await.expect("a transaction");
    tx.all(
        "SELECT body_id, state, n FROM case_counts
         UNION ALL SELECT body_id, kind || outcome, n FROM public_counts
         UNION ALL SELECT agency_id, what, n FROM rating_counts
         ORDER BY 1, 2, 3",
        (),
    )
    .await
    .expect("readable")
}

async fn verifies(app: &TestApp) {
    assert_eq!(look(app).await.findings, [], "the record is as it was written");
}

// ---- the table ----

#[tokio::test]
async fn every_table_of_the_database_is_named_by_what_is_kept() {
    let app = TestApp::new().await;
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let tables: Vec<(String,)> = match app.portal.db().kind() {
        Database::Sqlite => tx.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '%_search_%'", ()).await,
        Database::Postgres => {
            tx.all("SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'", ()).await
        }
    }
    .expect("names");
    let tables: BTreeSet<String> = tables.into_iter().map(|(name,)| name).filter(|name| name != "_sqlx_migrations").collect();
    let named: BTreeSet<String> = What::ALL.into_iter().flat_map(What::tables).map(|name| (*name).to_owned()).collect();
    let missing: Vec<_> = tables.difference(&named).collect();
    assert!(missing.is_empty(), "nobody says how long these are kept (app/src/retention/what.rs): {missing:?}");
    let gone: Vec<_> = named.difference(&tables).filter(|name| *name != "word_forms").collect();
    assert!(gone.is_empty(), "no such tables: {gone:?}");
}

#[tokio::test]
async fn everybody_reads_the_table_and_a_change_of_it_shows() {
    let app = TestApp::new().await;
    let mut visitor = app.visitor();
    let page = visitor.get("/rieng-tu").await.expect(200);
    for words in ["24 tháng sau khi đơn đã xong", "Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15", "phải kiểm tra", "30 ngày sau lần sửa cuối", "giữ mãi"]
    {
        assert!(page.text().contains(words), "{words}");
    }
    let changed = Files { retention_rules: Files::built_in().retention_rules.replace(",24,month,ended,", ",36,month,ended,"), ..Files::default() };
    app::periods::import(&app.portal, &changed).await.expect("imported");
    app.portal.reload_directory().await.expect("read anew");
    let page = visitor.get("/rieng-tu").await.expect(200);
    assert!(page.text().contains("36 tháng sau khi đơn đã xong") && !page.text().contains("24 tháng"));
    assert!(visitor.get("/en/rieng-tu").await.expect(200).text().contains("36 months after the case has ended"));
    let wrong = Files { retention_rules: changed.retention_rules.replace(",30,day,last_change", ",31,day,last_change"), ..Files::default() };
    assert!(app::periods::import(&app.portal, &wrong).await.is_err(), "the program clears drafts after thirty days");
}

// ---- plans ----

#[tokio::test]
async fn who_makes_a_plan_does_not_let_it_out_and_the_worker_waits_a_night() {
    let app = TestApp::new().await;
    let id = ended(&app, Kind::Report, "Đường ngập").await;
    app.set_time(LONG_AFTER);
    let (mut maker, mut head, mut commune) = (app.signed_in("ti").await, app.signed_in("xa").await, app.signed_in("gi").await);
    commune.get("/can-bo/luu-giu").await.expect(200);
    commune.post("/can-bo/luu-giu", &[("deed", "plan")]).await.expect(403);
    head.post("/can-bo/luu-giu", &[("deed", "plan")]).await.expect(403);
    app.signed_in("em").await.get("/can-bo/luu-giu").await.expect(404);
    maker.post("/can-bo/luu-giu", &[("deed", "plan")]).await.expect(303);
    let page = maker.get("/can-bo/luu-giu").await.expect(200);
    assert!(page.text().contains("Đã lập kế hoạch. Chưa xóa gì."), "{}", page.text());
    assert!(page.text().contains("người khác phải cho xóa"));
    let plan = page.attribute("input[name=plan]", "value").remove(0);
    maker.post("/can-bo/luu-giu", &[("deed", "release"), ("plan", &plan)]).await.expect(403);
    assert!(!plans::turn(&app.portal).await.expect("a turn"), "nothing runs that nobody let out");
    head.post("/can-bo/luu-giu", &[("deed", "release"), ("plan", &plan)]).await.expect(303);
    assert!(head.get("/can-bo/luu-giu").await.expect(200).text().contains("bắt đầu từ ngày 6/1/2060"));
    assert!(!plans::turn(&app.portal).await.expect("a turn"), "not on the same day");
    // Taken back in time, nothing is deleted.
    head.post("/can-bo/luu-giu", &[("deed", "withdraw"), ("plan", &plan)]).await.expect(303);
    app.set_time(NEXT_DAY);
    assert!(!plans::turn(&app.portal).await.expect("a turn"));
    assert_eq!(left(&app).await[&id], (true, true));
    // Once more, and left alone.
    let (maker, head) = (actor(&app, "ti").await, actor(&app, "xa").await);
    let plan = plans::make(&app.portal, &maker).await.expect("made").expect("something is due");
    plans::release(&app.portal, &head, &plan).await.expect("let out");
    app.set_time("2060-01-07T02:00:00Z");
    while plans::turn(&app.portal).await.expect("a turn") {}
    assert_eq!(left(&app).await[&id], (false, false));
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let deeds: Vec<(String,)> = tx.all("SELECT deed FROM deeds WHERE deed LIKE 'retention%' ORDER BY deed, id", ()).await.expect("readable");
    let deeds: Vec<&str> = deeds.iter().map(|(deed,)| deed.as_str()).collect();
    let expected = ["retention_done", "retention_planned", "retention_planned", "retention_released", "retention_released", "retention_withdrawn"];
    assert_eq!(deeds, expected);
    drop(tx);
    verifies(&app).await;
}

/// The command's plan is nobody's: anybody who may let plans out may let it out.
#[tokio::test]
async fn a_plan_of_the_command_needs_one_person_and_a_new_one_replaces_it() {
    let app = TestApp::new().await;
    ended(&app, Kind::Report, "Đường ngập").await;
    app.set_time(LONG_AFTER);
    let first = plans::make(&app.portal, &Actor::System).await.expect("made").expect("something is due");
    let second = plans::make(&app.portal, &Actor::System).await.expect("made").expect("something is due");
    let admin = actor(&app, "ti").await;
    assert!(matches!(plans::release(&app.portal, &admin, &first).await, Err(AppError::Conflict)), "replaced");
    plans::release(&app.portal, &admin, &second).await.expect("let out");
    assert!(matches!(plans::make(&app.portal, &admin).await, Err(AppError::Conflict)), "one at a time");
}

#[tokio::test]
async fn nothing_is_due_before_its_time_nor_while_anything_can_follow() {
    let app = TestApp::new().await;
    let report = ended(&app, Kind::Report, "Đường ngập").await;
    let (open, _) = file_report(&app, "Đèn hỏng").await;
    let complaint = ended(&app, Kind::Complaint, "Thu hồi đất").await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    tx.exec("UPDATE cases SET rights_until = '2029-01-01' WHERE id = $1", (report.clone(),)).await.expect("a right that runs on");
    tx.commit().await.expect("kept");
    let due = async |day: &str| planned(&plans::forecast(&app.portal, day.parse().expect("a day")).await.expect("counted"));
    assert_eq!(due("2028-11-21").await, BTreeMap::new(), "24 months and a day, but somebody may still complain");
    assert_eq!(due("2029-01-02").await, BTreeMap::from([("people_opinion".to_owned(), 1)]));
    assert_eq!(due("2031-11-20").await, BTreeMap::from([("people_opinion".to_owned(), 1)]), "five years to the day");
    assert_eq!(due("2031-11-21").await.get("words_opinion"), Some(&1));
    assert_eq!(due("2041-11-20").await.get("people_complaint"), None);
    assert_eq!(due("2041-11-21").await.get("people_complaint"), Some(&1));
    app.set_time(LONG_AFTER);
    run_all(&app).await;
    let left = left(&app).await;
    assert_eq!((left[&report], left[&open], left[&complaint]), ((false, false), (true, true), (false, false)), "what is open stays");
}

#[tokio::test]
async fn a_run_that_is_cut_off_goes_on_in_another_process() {
    let app = TestApp::new().await;
    for n in 0..120 {
        ended(&app, Kind::Recommendation, &format!("Kiến nghị {n}")).await;
    }
    app.set_time(LONG_AFTER);
    let plan = plans::make(&app.portal, &Actor::System).await.expect("made").expect("something is due");
    plans::release(&app.portal, &actor(&app, "ti").await, &plan).await.expect("let out");
    assert_eq!(plans::portion(&app.portal).await.expect("a portion"), Some((50, false)));
    // Killed in the middle of its second portion: the future is dropped where it stands.
    let killed = tokio::time::timeout(std::time::Duration::ZERO, plans::portion(&app.portal)).await;
    drop(killed);
    let other = app.another().await;
    // Somebody files meanwhile; nobody waits for the run.
    file_report(&other, "Trong lúc xóa").await;
    while let Some((_, is_done)) = plans::portion(&other.portal).await.expect("a portion") {
        if is_done {
            break;
        }
    }
    assert_eq!(done(&app).await, BTreeMap::from([("people_opinion".to_owned(), 120), ("words_opinion".to_owned(), 120)]));
    assert_eq!(left(&app).await.values().filter(|left| **left != (false, false)).count(), 1, "only what was filed meanwhile");
    assert_eq!(plans::portion(&app.portal).await.expect("nothing is out"), None);
    verifies(&app).await;
}

#[tokio::test]
async fn a_hold_that_is_lifted_holds_back_until_the_next_plan() {
    let app = TestApp::new().await;
    let (held, ends) = (ended(&app, Kind::Report, "Đường ngập").await, ended(&app, Kind::Report, "Cầu gãy").await);
    app.set_time(LONG_AFTER);
    hold(&app, &held, None).await;
    hold(&app, &ends, Some("2060-01-20")).await;
    let forecast = plans::forecast(&app.portal, "2060-01-05".parse().expect("a day")).await.expect("counted");
    assert_eq!(planned(&forecast), BTreeMap::new());
    assert_eq!(forecast.counts.iter().map(|count| count.held).sum::<i64>(), 4, "names and words of two");
    assert_eq!(plans::make(&app.portal, &Actor::System).await.expect("nothing is due"), None);
    ended(&app, Kind::Report, "Ngõ tối").await;
    app.set_time("2065-01-05T02:00:00Z");
    let plan = plans::make(&app.portal, &Actor::System).await.expect("made").expect("something is due");
    plans::release(&app.portal, &actor(&app, "ti").await, &plan).await.expect("let out");
    let (head, found) = (actor(&app, "em").await, case(&app, &held).await);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &head };
    app.portal.clock().set("2065-01-05T03:00:00Z".parse().expect("a time"));
    app::retention::holds::lift(&mut act, &found, "Tòa đã xử xong").await.expect("lifted");
    tx.commit().await.expect("kept");
    while let Some((_, false)) = plans::portion(&app.portal).await.expect("a portion") {}
    let now = left(&app).await;
    assert_eq!((now[&held], now[&ends]), ((true, true), (false, false)), "lifted after the plan; and past its last day before it");
    run_all(&app).await;
    assert_eq!(left(&app).await[&held], (false, false));
}

/// What a run makes of any world: nothing that is held or open goes, what was counted went, a second run finds nothing, the record and the
/// sums stay.
async fn a_world(cases: Vec<(u8, bool, bool)>) {
    let app = TestApp::new().await;
    let (mut held, mut open) = (BTreeSet::new(), BTreeSet::new());
    for (n, (kind, is_open, is_held)) in cases.iter().enumerate() {
        let kind = [Kind::Report, Kind::Complaint, Kind::Denunciation, Kind::Praise][usize::from(*kind) % 4];
        let (id, _) = file(&app, kind, &format!("Việc {n}")).await;
        if *is_open {
            open.insert(id.clone());
        } else {
            end(&app, &id).await;
        }
        if *is_held {
            hold(&app, &id, None).await;
            held.insert(id);
        }
    }
    app.set_time(LONG_AFTER);
    let before = figures(&app).await;
    let forecast = run_all(&app).await;
    assert_eq!(done(&app).await, planned(&forecast), "what was counted went");
    for (id, what) in left(&app).await {
        let stays = held.contains(&id) || open.contains(&id);
        assert_eq!(what, (stays, stays), "held {}, open {}", held.contains(&id), open.contains(&id));
    }
    let again = plans::forecast(&app.portal, app::clock::day(app.portal.now())).await.expect("counted");
    assert_eq!(again.planned(), 0, "a second run has nothing to do");
    assert_eq!(plans::make(&app.portal, &Actor::System).await.expect("nothing is due"), None);
    assert_eq!(figures(&app).await, before);
    verifies(&app).await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn plans_delete_what_they_count_and_nothing_that_is_held(cases in prop::collection::vec((0_u8..4, any::<bool>(), any::<bool>()), 0..9)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(a_world(cases));
    }
}

// ---- what goes and what stays ----

/// A report with a photo that is answered and released: files, asks, answers, lets out, closes.
async fn whole_life(app: &TestApp) -> (String, CaseCode, i64) {
    let mut citizen = app.visitor();
    let shot = Upload { field: "papers", name: "Hoàng Thị Mẫu.jpg".into(), content_type: "image/jpeg", bytes: photo() };
    let what = [("kind", "report"), ("title", "Cống tắc xylograph"), ("body", "Tôi là Hoàng Thị Mẫu, cống tắc zygomorph.")];
    citizen.post_files("/gui", &what, &[shot]).await.expect(303);
    let whom = [("area", PHU_THONG), ("place", "thôn Nà Món"), ("name", SENDER), ("phone", SENDER_PHONE), ("email", "mau@vi-du.example")];
    citizen.post("/gui/o-dau", &whom).await.expect(303);
    citizen.post("/gui/kiem-tra", &[]).await.expect(303);
    let receipt = citizen.get("/gui/da-gui").await.expect(200);
    let code = CaseCode::parse(&receipt.select(".code-big").concat()).expect("a code");
    let id = {
        let mut tx = app.portal.db().read().await.expect("a transaction");
        app::petitions::store::by_code_hash(&mut tx, &code.hash()).await.expect("readable").expect("filed").id
    };
    give_to_economy(app, &id).await;
    let (head, approver) = (actor(app, "em").await, actor(app, "du").await);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let found = app::petitions::store::by_id(&mut tx, &id).await.expect("readable").expect("there");
    let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &head };
    let note_id = actions::note_row(&mut act, &found, "Đã gọi, bà ấy xerophyte.").await.expect("noted");
    let found = actions::record(&mut act, &found, &Event::Noted { note_id }).await.expect("noted");
    let found = actions::ask(&mut act, &found, "Cống ở đâu quincunx?").await.expect("asked");
    let sender = Actor::Citizen { case_id: id.clone() };
    let mut said = Act { tx: &mut tx, portal: &app.portal, actor: &sender };
    let found = actions::reply(&mut said, &found, &app.portal.new_id(), "Trước nhà tôi, ytterbium.").await.expect("replied");
    let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &head };
    let found = actions::propose_public_text(&mut act, &found, "Cống bị tắc", "Cống bị tắc đã ba tuần.", &[]).await.expect("proposed");
    let found = actions::approve_public_text(&mut Act { tx: &mut tx, portal: &app.portal, actor: &approver }, &found).await.expect("released");
    let found = actions::propose_answer(&mut Act { tx: &mut tx, portal: &app.portal, actor: &head }, &found, "Đã thông cống.", None).await.expect("proposed");
    let found = actions::approve_answer(&mut Act { tx: &mut tx, portal: &app.portal, actor: &approver }, &found).await.expect("answered");
    actions::close(&mut Act { tx: &mut tx, portal: &app.portal, actor: &head }, &found).await.expect("closed");
    let row = app::petitions::store::register::by_case(&mut tx, &id).await.expect("readable").expect("public");
    tx.commit().await.expect("kept");
    (id, code, row.number)
}

/// Words that only the sender and officials wrote or read.
const PRIVATE: [&str; 5] = ["xylograph", "zygomorph", "xerophyte", "quincunx", "ytterbium"];

#[tokio::test]
async fn what_is_public_stays_without_a_name_and_the_bytes_of_the_rest_are_gone() {
    let app = TestApp::new().await;
    let (id, code, number) = whole_life(&app).await;
    let signer_of_another = ended(&app, Kind::Complaint, "Thu hồi đất").await;
    let paper = {
        let mut tx = app.portal.db().read().await.expect("a transaction");
        app::papers::store::of_case(&mut tx, &id).await.expect("readable").remove(0).id
    };
    assert!(app.portal.files().get(&app::papers::key(&paper)).await.expect("answers").is_some());
    let before = figures(&app).await;
    let mut an = app.signed_in("an").await;
    assert!(an.get("/can-bo?q=zygomorph").await.expect(200).text().contains("xylograph"), "found while it is there");
    app.set_time("2033-01-05T02:00:00Z");
    run_all(&app).await;
    app.run_jobs().await;
    assert_eq!(left(&app).await[&id], (false, false));
    assert_eq!(left(&app).await[&signer_of_another], (true, true), "a complaint is kept for longer");
    assert!(app.portal.files().get(&app::papers::key(&paper)).await.expect("answers").is_none(), "the photo's bytes");
    assert_eq!(figures(&app).await, before);
    verifies(&app).await;
    // Everybody reads on; officials and the sender are told what is gone.
    let public = app.visitor().get(&format!("/cong-khai/{number}")).await.expect(200);
    assert!(public.text().contains("Cống bị tắc đã ba tuần.") && public.text().contains("Đã thông cống."));
    let mut an = app.signed_in("an").await;
    let desk = an.get(&format!("/can-bo/don/{id}")).await.expect(200);
    assert!(desk.text().contains("Tên và liên hệ đã được xóa ngày 5/1/2033 vì hết thời hạn lưu giữ"), "{}", desk.text());
    assert!(desk.text().contains("Lời văn gốc, tin nhắn và giấy tờ đã được xóa") && !desk.text().contains("không để lại tên"));
    assert!(!an.get("/can-bo?q=zygomorph").await.expect(200).text().contains("xylograph"));
    let mut citizen = app.visitor();
    citizen.post("/tra-cuu", &[("code", &code.groups().concat())]).await.expect(303);
    let own = citizen.get("/tra-cuu/don").await.expect(200);
    assert!(own.text().contains("Đã thông cống.") && own.text().contains("đã được xóa ngày 5/1/2033"));
    for private in PRIVATE {
        assert!(!own.text().contains(private) && !desk.text().contains(private), "{private}");
    }
    // SQLite's log goes into the file when the portal stops; then nothing of it is left, in no table and no index.
    let url = app.database_url().to_owned();
    app.portal.db().close().await;
    if let Some(path) = url.strip_prefix("sqlite:") {
        let bytes = std::fs::read(path).expect("the file");
        let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(holds("Cống bị tắc"), "what one can look for is found");
        for private in PRIVATE {
            assert!(!holds(private), "{private} stands in the file");
        }
    }
}

/// The bytes went with a version that had ended, though they are the paper's and another version showed them.
#[tokio::test]
async fn a_photo_that_is_public_keeps_its_bytes_whatever_version_of_it_ended() {
    let app = TestApp::new().await;
    let (id, _, _) = whole_life(&app).await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let paper = app::papers::store::of_case(&mut tx, &id).await.expect("readable").remove(0).id;
    let now = app.portal.now();
    for (version, is_public, ended_at) in [(paper.clone(), false, Some(now)), (app.portal.new_id(), true, None)] {
        tx.exec(
            "INSERT INTO public_papers (id, case_id, paper_id, stored_id, kind, bytes, has_thumb, title, covers, is_proposed, is_public, made_at, ended_at)
             VALUES ($1, $2, $3, $3, 'jpeg', 1, FALSE, '', '', FALSE, $4, $5, $6)",
            (version, id.clone(), paper.clone(), is_public, now, ended_at),
        )
        .await
        .expect("a version");
    }
    tx.commit().await.expect("kept");
    app.set_time("2033-01-05T02:00:00Z");
    run_all(&app).await;
    app.run_jobs().await;
    assert_eq!(left(&app).await[&id], (false, false));
    assert!(app.portal.files().get(&app::papers::key(&paper)).await.expect("answers").is_some(), "everybody still sees it");
}

// ---- holds ----

#[tokio::test]
async fn the_head_holds_a_case_back_and_the_record_knows() {
    let app = TestApp::new().await;
    let (id, _) = file_report(&app, "Cầu gãy").await;
    give_to_economy(&app, &id).await;
    let path = format!("/can-bo/don/{id}/giu-lai");
    let (mut head, mut handler, mut intake) = (app.signed_in("em").await, app.signed_in("ha").await, app.signed_in("an").await);
    for other in [&mut handler, &mut intake] {
        assert!(other.get(&path).await.expect(200).text().contains("Chỉ người đứng đầu cơ quan"));
        other.post(&path, &[("deed", "set"), ("reason", "Vì thế")]).await.expect(403);
    }
    app.signed_in("hu").await.post(&path, &[("deed", "set"), ("reason", "Vì thế")]).await.expect(404);
    let wrong = head.post(&path, &[("deed", "set"), ("reason", ""), ("until", "2026-11-20")]).await.expect(422);
    assert!(wrong.text().contains("Hãy chọn một ngày sau hôm nay") && wrong.field("until") == "2026-11-20", "{}", wrong.text());
    head.post(&path, &[("deed", "set"), ("reason", "Tòa án thụ lý vụ 12"), ("until", "2026-12-31")]).await.expect(303);
    let twice = head.post(&path, &[("deed", "set"), ("reason", "Tòa án thụ lý vụ 12")]).await.expect(409);
    assert!(twice.text().contains("Đang giữ lại theo yêu cầu pháp lý đến hết ngày 31/12/2026"));
    assert!(handler.get(&format!("/can-bo/don/{id}")).await.expect(200).text().contains("Đang giữ lại theo yêu cầu pháp lý"));
    head.post(&path, &[("deed", "lift"), ("lift_reason", "Tòa đã xử")]).await.expect(303);
    assert!(head.get(&path).await.expect(200).text().contains("Hồ sơ này không bị giữ lại."));
    let deeds = head.get("/can-bo/nhat-ky").await.expect(200);
    assert!(deeds.text().contains("Giữ một hồ sơ lại, không xóa, đến hết ngày 31/12/2026") && deeds.text().contains("Thôi giữ một hồ sơ"));
    // Trap 30: an administrator manages and learns of no case.
    assert!(!app.signed_in("gi").await.get("/can-bo/nhat-ky").await.expect(200).text().contains("Giữ một hồ sơ"));
    verifies(&app).await;
}

#[tokio::test]
async fn a_hold_is_lifted_and_a_plan_let_out_with_a_fresh_proof_only() {
    let app = TestApp::new().await;
    let (held, _) = file_report(&app, "Cầu gãy").await;
    give_to_economy(&app, &held).await;
    let ends = ended(&app, Kind::Report, "Đường ngập").await;
    hold(&app, &held, None).await;
    app.set_time(LONG_AFTER);
    plans::make(&app.portal, &actor(&app, "ti").await).await.expect("made").expect("something is due");
    let (mut head, mut second) = (app.signed_in("em").await, app.signed_in("xa").await);
    let plan = second.get("/can-bo/luu-giu").await.expect(200).attribute("input[name=plan]", "value").remove(0);
    app.set_time("2060-01-05T02:20:00Z");
    let path = format!("/can-bo/don/{held}/giu-lai");
    let lift = [("deed", "lift"), ("lift_reason", "Tòa đã xử")];
    head.post(&path, &lift).await.expect(422);
    assert!(head.get(&path).await.expect(200).text().contains("Đang giữ lại theo yêu cầu pháp lý"));
    let release = [("deed", "release"), ("plan", plan.as_str())];
    second.post("/can-bo/luu-giu", &release).await.expect(422);
    app.set_time("2060-01-06T02:00:00Z");
    assert!(!plans::turn(&app.portal).await.expect("a turn"), "it was not let out");
    assert_eq!(left(&app).await[&ends], (true, true));
    app.signed_in("em").await.post(&path, &lift).await.expect(303);
    app.signed_in("xa").await.post("/can-bo/luu-giu", &release).await.expect(303);
}

#[tokio::test]
async fn counts_of_denunciations_are_told_for_the_province_and_small_ones_not_at_all() {
    let app = TestApp::new().await;
    ended(&app, Kind::Denunciation, "Nhận tiền").await;
    ended(&app, Kind::Complaint, "Thu hồi đất").await;
    app.set_time(LONG_AFTER);
    let mut maker = app.signed_in("ti").await;
    maker.post("/can-bo/luu-giu", &[("deed", "plan")]).await.expect(303);
    let rows = maker.get("/can-bo/luu-giu").await.expect(200).select("#ke-hoach details");
    let of = |words: &str| rows.iter().filter(|row| row.contains(words)).cloned().collect::<Vec<_>>();
    for row in of("tố cáo") {
        assert!(row.contains("cả tỉnh") && row.contains("dưới 5") && !row.contains("Phủ Thông") && !row.contains("2026"), "{row}");
    }
    assert_eq!((of("tố cáo").len(), of("khiếu nại").len()), (2, 2));
    assert!(of("khiếu nại")[0].contains("Phủ Thông") && of("khiếu nại")[0].contains("20/11/2026"), "{rows:?}");
}
