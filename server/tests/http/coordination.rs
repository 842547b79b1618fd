//! Phối hợp: an agency that was asked reads the question and the words, gives its opinion, and sees nothing else; whoever asked goes on having the
//! case, and nobody is asked of a denunciation.

use crate::harness::browser::Answer;
use crate::harness::petitions_of::{SENDER, SENDER_PHONE, actor, case, file, file_report, give_to_economy};
use crate::harness::{CHO_DON_BODY, PHU_THONG_CULTURE, PHU_THONG_ECONOMY, PROVINCE_BODY, TestApp};
use app::petitions::actions::{self, Act};
use app::petitions::rules::Kind;
use app::petitions::store;
use app::petitions::store::coordinations;

/// What is asked in these tests.
const QUESTION: &str = "Cống này do ai xây, còn bảo hành không?";
/// What is answered.
const OPINION: &str = "Do công ty Mẫu xây năm 2024, bảo hành đến 2027.";

async fn ask(app: &TestApp, login: &str, case_id: &str, agency_id: &str) -> Answer {
    let fields = [("asked_agency", agency_id), ("question", QUESTION), ("answer_by", "2026-11-27")];
    app.signed_in(login).await.post(&format!("/can-bo/don/{case_id}/phoi-hop"), &fields).await
}

/// The addresses of the questions in somebody's list.
async fn asked_of(app: &TestApp, login: &str) -> Vec<String> {
    app.signed_in(login).await.get("/can-bo/phoi-hop").await.expect(200).attribute("tbody a", "href")
}

async fn count(app: &TestApp, case_id: &str, code: &str) -> usize {
    let mut tx = app.portal.db().read().await.expect("a transaction");
    store::history(&mut tx, case_id, 0).await.expect("read").iter().filter(|entry| entry.event.code() == code).count()
}

/// A report that lies with `ha` of the economy unit.
async fn with_economy(app: &TestApp) -> String {
    let (case_id, _) = file_report(app, "Cống bị tắc").await;
    give_to_economy(app, &case_id).await;
    case_id
}

#[tokio::test]
async fn a_unit_that_is_asked_reads_the_words_answers_once_and_sees_nothing_else() {
    let app = TestApp::new().await;
    let case_id = with_economy(&app).await;
    let mut ha = app.signed_in("ha").await;
    let page = ha.get(&format!("/can-bo/don/{case_id}")).await.expect(200);
    assert!(page.links().contains(&format!("/can-bo/don/{case_id}/phoi-hop")), "{:?}", page.links());
    ask(&app, "ha", &case_id, PHU_THONG_CULTURE).await.expect(303);
    ask(&app, "ha", &case_id, PHU_THONG_CULTURE).await.expect(303);
    assert_eq!(count(&app, &case_id, "coordination_asked").await, 1, "pressed twice, it is asked once");

    // The unit finds it at its desk; neither the case nor its sender.
    let desk = app.signed_in("cu").await.get("/can-bo").await.expect(200);
    assert!(desk.text().contains("1 đơn của nơi khác chờ ý kiến của bạn"), "{}", desk.text());
    let list = asked_of(&app, "cu").await;
    let [address] = list.as_slice() else { panic!("one question: {list:?}") };
    let one = app.signed_in("cu").await.get(address).await.expect(200);
    for words in [QUESTION, "Cống bị tắc"] {
        assert!(one.text().contains(words), "{words}: {}", one.text());
    }
    for hidden in [SENDER, SENDER_PHONE, &case_id] {
        assert!(!one.body.contains(hidden), "{hidden} is not for whoever is asked");
    }
    app.signed_in("cu").await.get(&format!("/can-bo/don/{case_id}")).await.expect(404);
    for login in ["bi", "an", "em", "gi", "hu", "to"] {
        app.signed_in(login).await.get(address).await.expect(404);
        app.signed_in(login).await.post(address, &[("opinion", OPINION)]).await.expect(404);
    }

    // An empty opinion is asked for once more; a given one is put before whoever asked, and is given once.
    app.signed_in("cu").await.post(address, &[("opinion", " ")]).await.expect(422);
    assert_eq!(app.signed_in("cu").await.post(address, &[("opinion", OPINION)]).await.expect(303).location().as_deref(), Some("/can-bo/phoi-hop"));
    let again = app.signed_in("cu").await.post(address, &[("opinion", "Ý kiến khác")]).await.expect(409);
    assert!(again.field("opinion") == "Ý kiến khác" && again.text().contains(OPINION), "what was typed stays, what was said is shown: {}", again.text());
    assert_eq!(asked_of(&app, "cu").await, Vec::<String>::new());
    let page = app.signed_in("ha").await.get(&format!("/can-bo/don/{case_id}")).await.expect(200);
    assert!(page.text().contains(OPINION) && page.text().contains("đã cho ý kiến ngày"), "{}", page.text());
    let nudges = app.signed_in("ha").await.get("/can-bo?phan=nhac-den-toi").await.expect(200);
    assert!(nudges.text().contains("Cống bị tắc"), "{}", nudges.text());

    // The sender reads that somebody was asked, and not what.
    let mine = app.visiting(&case_id).await.get("/tra-cuu/don").await.expect(200);
    assert!(mine.text().contains("cho ý kiến"), "{}", mine.text());
    assert!(!mine.body.contains(QUESTION) && !mine.body.contains(OPINION), "what offices say among themselves is theirs");
}

#[tokio::test]
async fn another_authority_takes_part_as_long_as_the_case_is_open_and_with_whoever_asked() {
    let app = TestApp::new().await;
    for gone in ["handed on", "withdrawn", "a denunciation", "about them", "no longer asked"] {
        let case_id = with_economy(&app).await;
        ask(&app, "an", &case_id, CHO_DON_BODY).await.expect(303);
        let list = asked_of(&app, "hu").await;
        let [address] = list.as_slice() else { panic!("{gone}: one question: {list:?}") };
        app.signed_in("hu").await.get(address).await.expect(200);
        let (an, before) = (actor(&app, "an").await, case(&app, &case_id).await);
        let mut tx = app.portal.db().write().await.expect("a transaction");
        let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &an };
        match gone {
            "handed on" => drop(actions::forward(&mut act, &before, PROVINCE_BODY, "Thuộc tỉnh").await.expect("forwarded")),
            "withdrawn" => {
                let citizen = app::actor::Actor::Citizen { case_id: case_id.clone() };
                act.actor = &citizen;
                drop(actions::withdraw(&mut act, &before).await.expect("withdrawn"));
            }
            "a denunciation" => drop(actions::reclassify(&mut act, &before, Kind::Denunciation, "Tố cáo hành vi").await.expect("a denunciation")),
            "about them" => {
                let row = (case_id.clone(), "a:account-hu".to_owned());
                assert_eq!(act.tx.exec("UPDATE cases SET barred = $2 WHERE id = $1", row).await.expect("barred"), 1);
            }
            _ => {
                let asked = coordinations::of_case(act.tx, &case_id).await.expect("read").pop().expect("asked");
                drop(app::petitions::coordinating::end(&mut act, &before, &asked).await.expect("ended"));
            }
        }
        tx.commit().await.expect("kept");
        app.signed_in("hu").await.get(address).await.expect(404);
        app.signed_in("hu").await.post(address, &[("opinion", OPINION)]).await.expect(404);
        assert_eq!(asked_of(&app, "hu").await, Vec::<String>::new(), "{gone}");
        let desk = app.signed_in("hu").await.get("/can-bo").await.expect(200);
        assert!(!desk.text().contains("chờ ý kiến"), "{gone}: {}", desk.text());
    }
}

#[tokio::test]
async fn nobody_is_asked_of_a_denunciation_nor_by_those_who_have_no_part_in_a_case() {
    let app = TestApp::new().await;
    let (sealed, _) = file(&app, Kind::Denunciation, "Nhận tiền của dân").await;
    give_to_economy(&app, &sealed).await;
    let page = app.signed_in("an").await.get(&format!("/can-bo/don/{sealed}")).await.expect(200);
    assert!(!page.links().contains(&format!("/can-bo/don/{sealed}/phoi-hop")), "no way to what may not be done");
    ask(&app, "an", &sealed, PHU_THONG_CULTURE).await.expect(403);
    ask(&app, "ha", &sealed, PHU_THONG_CULTURE).await.expect(404);
    let report = with_economy(&app).await;
    ask(&app, "du", &report, PHU_THONG_CULTURE).await.expect(403);
    for login in ["cu", "gi", "hu"] {
        ask(&app, login, &report, PHU_THONG_CULTURE).await.expect(404);
    }
    for case_id in [&sealed, &report] {
        assert_eq!(count(&app, case_id, "coordination_asked").await, 0);
    }
}

#[tokio::test]
async fn what_cannot_be_asked_is_told_and_nothing_typed_is_lost() {
    let app = TestApp::new().await;
    let case_id = with_economy(&app).await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    tx.exec("UPDATE cases SET barred = $2 WHERE id = $1", (case_id.clone(), format!("b:{CHO_DON_BODY}"))).await.expect("barred");
    tx.commit().await.expect("kept");
    let path = format!("/can-bo/don/{case_id}/phoi-hop");
    let mut ha = app.signed_in("ha").await;
    let offered = ha.get(&path).await.expect(200).attribute("select[name=asked_agency] option", "value");
    assert!(offered.iter().any(|id| id == PHU_THONG_CULTURE) && offered.iter().any(|id| id == PROVINCE_BODY), "{offered:?}");
    assert!(!offered.iter().any(|id| id == PHU_THONG_ECONOMY), "not whoever has it");
    assert!(!offered.iter().any(|id| id == CHO_DON_BODY), "nor whom it is about");
    for (agency, question, by, told) in [
        ("", QUESTION, "2026-11-27", "Hãy chọn nơi được nhờ."),
        (PHU_THONG_CULTURE, "", "2026-11-27", "Hãy ghi điều cần hỏi."),
        (PHU_THONG_CULTURE, QUESTION, "", "Hãy chọn ngày cần trả lời."),
        (PHU_THONG_CULTURE, QUESTION, "2026-11-19", "Hãy chọn ngày từ hôm nay"),
        (PHU_THONG_CULTURE, QUESTION, "2027-02-01", "Hãy chọn ngày từ hôm nay"),
        (PHU_THONG_ECONOMY, QUESTION, "2026-11-27", "Không thể nhờ nơi này"),
        (CHO_DON_BODY, QUESTION, "2026-11-27", "Không thể nhờ nơi này"),
        ("nobody", QUESTION, "2026-11-27", "Không thể nhờ nơi này"),
    ] {
        let answer = ha.post(&path, &[("asked_agency", agency), ("question", question), ("answer_by", by)]).await.expect(422);
        assert!(answer.text().contains(told), "{told}: {}", answer.text());
        assert_eq!((answer.field("question").as_str(), answer.field("answer_by").as_str()), (question, by));
    }
    ask(&app, "ha", &case_id, PHU_THONG_CULTURE).await.expect(303);
    let other = [("asked_agency", PHU_THONG_CULTURE), ("question", "Việc khác"), ("answer_by", "2026-11-27")];
    assert!(ha.post(&path, &other).await.expect(422).text().contains("chưa trả lời"), "one question at a time");

    // Taken back, by the button beside it; pressed twice, once.
    let id = ha.get(&path).await.expect(200).attribute("input[name=end]", "value").pop().expect("a button");
    ha.post(&path, &[("end", &id)]).await.expect(303);
    ha.post(&path, &[("end", &id)]).await.expect(303);
    assert_eq!(count(&app, &case_id, "coordination_ended").await, 1);
    ha.post(&path, &other).await.expect(303);
}

/// Who asked was recorded as somebody the case is about before the opinion came.
#[tokio::test]
async fn an_opinion_is_put_before_nobody_the_case_is_about() {
    let app = TestApp::new().await;
    for (barred, told) in [("", vec!["account-an".to_owned()]), ("a:account-an", vec![])] {
        let case_id = with_economy(&app).await;
        ask(&app, "an", &case_id, PHU_THONG_CULTURE).await.expect(303);
        let mut tx = app.portal.db().write().await.expect("a transaction");
        tx.exec("UPDATE cases SET barred = $2 WHERE id = $1", (case_id.clone(), barred.to_owned())).await.expect("barred");
        tx.commit().await.expect("kept");
        let address = asked_of(&app, "cu").await.pop().expect("a question");
        app.signed_in("cu").await.post(&address, &[("opinion", OPINION)]).await.expect(303);
        let mut tx = app.portal.db().read().await.expect("a transaction");
        let rows: Vec<(String,)> = tx.all("SELECT account_id FROM nudges WHERE case_id = $1", (case_id,)).await.expect("read");
        assert_eq!(rows.into_iter().map(|(account,)| account).collect::<Vec<_>>(), told, "barred: {barred}");
    }
}
