//! Answers, public texts and letters stay as they were let out: whoever changes them in the database is found by `audit verify`.

use crate::harness::TestApp;
use crate::harness::petitions_of::{actor, case, file_report, give_to_economy};
use crate::letters;
use crate::record::{compute_anew, look, verified};
use app::actor::Actor;
use app::petitions::actions::{self, Act};
use app::petitions::rules::Case;
use app::record::verify::Finding;

/// What the citizen reads.
const ANSWER: &str = "Hố trước nhà ông Nông Văn Thử đã được lấp.";
/// What the public reads.
const PUBLIC_ANSWER: &str = "Hố trước nhà [đã ẩn: tên] đã được lấp.";

/// A case that was released and answered.
struct Public {
    case_id: String,
    answer_id: String,
}

/// A case at the desk, and the two officials who let words out.
async fn at_the_desk(app: &TestApp, title: &str) -> (Case, Actor, Actor) {
    let (case_id, _) = file_report(app, title).await;
    give_to_economy(app, &case_id).await;
    (case(app, &case_id).await, actor(app, "em").await, actor(app, "du").await)
}

/// Two officials release a case, send a first answer back and let the second one out, with a name hidden from the public.
async fn public(app: &TestApp) -> Public {
    let (known, head, du) = at_the_desk(app, "Đường có hố").await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let proposed = {
        let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &head };
        actions::propose_public_text(&mut act, &known, "Hố trên đường", "Có hố trên đường.", &[]).await.expect("proposed")
    };
    let released = actions::approve_public_text(&mut Act { tx: &mut tx, portal: &app.portal, actor: &du }, &proposed).await.expect("released");
    let first = {
        let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &head };
        actions::propose_answer(&mut act, &released, "Chưa rõ.", None).await.expect("proposed")
    };
    let back = actions::return_answer(&mut Act { tx: &mut tx, portal: &app.portal, actor: &du }, &first, "Viết rõ hơn").await.expect("sent back");
    let second = {
        let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &head };
        actions::propose_answer(&mut act, &back, ANSWER, None).await.expect("proposed")
    };
    let answer_id = actions::waiting_answer(&mut tx, &second).await.expect("readable").expect("waits").id;
    app::redaction::store::set_public_answer(&mut tx, &answer_id, Some(PUBLIC_ANSWER)).await.expect("hidden");
    actions::approve_answer(&mut Act { tx: &mut tx, portal: &app.portal, actor: &du }, &second).await.expect("let out");
    tx.commit().await.expect("kept");
    Public { case_id: known.id, answer_id }
}

/// A case that was answered and never released.
async fn answered(app: &TestApp) -> String {
    let (known, head, du) = at_the_desk(app, "Cống tắc").await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let proposed = {
        let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &head };
        actions::propose_answer(&mut act, &known, "Đã thông cống.", None).await.expect("proposed")
    };
    actions::approve_answer(&mut Act { tx: &mut tx, portal: &app.portal, actor: &du }, &proposed).await.expect("let out");
    tx.commit().await.expect("kept");
    known.id
}

/// What is found after some statements, which are thrown away.
async fn found_after(app: &TestApp, statements: &[&'static str]) -> Vec<Finding> {
    let mut tx = app.portal.db().write().await.expect("a transaction");
    for sql in statements {
        let changed = tx.exec(sql, ()).await.expect("done");
        assert!(changed > 0, "{sql} changes nothing");
    }
    verified(&mut tx, app.portal.record_key()).await.findings
}

#[tokio::test]
async fn words_that_were_let_out_cannot_be_changed_unseen() {
    let app = TestApp::new().await;
    let Public { case_id, answer_id } = public(&app).await;
    let other = answered(&app).await;
    let report = look(&app).await;
    assert_eq!((report.words, report.findings), (3, Vec::new()), "two answers and a public text");

    let changed = [Finding::AnswerChanged { case_id: case_id.clone(), answer_id: answer_id.clone() }];
    for sql in [
        "UPDATE answers SET body = body || '.' WHERE public_body IS NOT NULL",
        "UPDATE answers SET public_body = 'Không có hố.' WHERE public_body IS NOT NULL",
        "UPDATE answers SET public_body = NULL WHERE public_body IS NOT NULL",
        "UPDATE answers SET body = 'Không có hố.', public_body = 'Không có hố.' WHERE public_body IS NOT NULL",
    ] {
        assert_eq!(found_after(&app, &[sql]).await, changed, "{sql}");
    }
    let missing = [Finding::AnswerMissing { case_id: case_id.clone(), answer_id: answer_id.clone() }];
    assert_eq!(found_after(&app, &["DELETE FROM answers WHERE public_body IS NOT NULL"]).await, missing);
    let moved = "UPDATE answers SET case_id = (SELECT case_id FROM answers WHERE body = 'Đã thông cống.') WHERE public_body IS NOT NULL";
    assert_eq!(found_after(&app, &[moved]).await, [Finding::AnswerChanged { case_id: other.clone(), answer_id: answer_id.clone() }]);

    let let_out_by_hand = found_after(&app, &["UPDATE answers SET state = 'approved' WHERE state = 'returned'"]).await;
    assert!(matches!(let_out_by_hand.as_slice(), [Finding::AnswerUnknown { case_id: of, answer_id: id }] if *of == case_id && *id != answer_id));

    for sql in ["UPDATE public_cases SET title = 'Đường tốt'", "UPDATE public_cases SET body = body || ' Đã xong.'"] {
        assert_eq!(found_after(&app, &[sql]).await, [Finding::PublicTextChanged { case_id: case_id.clone() }], "{sql}");
    }
    let of_another = "UPDATE public_cases SET case_id = (SELECT case_id FROM answers WHERE body = 'Đã thông cống.')";
    assert_eq!(found_after(&app, &[of_another]).await, [Finding::PublicTextUnknown { case_id: other }]);
}

#[tokio::test]
async fn a_letter_that_is_out_cannot_be_changed_unseen_even_with_its_hash() {
    let app = TestApp::new().await;
    let (before, _, du) = at_the_desk(&app, "Cống bị tắc").await;
    let case_id = before.id;
    let letter = letters::issue(&app, "du", &letters::draft(&app, "ha", &case_id, "reply").await).await;
    let known = case(&app, &case_id).await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    app::letters::actions::record_issued(&mut Act { tx: &mut tx, portal: &app.portal, actor: &du }, &known, &letter, true).await.expect("recorded");
    tx.commit().await.expect("kept");
    let report = look(&app).await;
    assert_eq!((report.words, report.findings), (1, Vec::new()));

    let changed = "UPDATE letters SET sha256 = 'of another text'";
    assert_eq!(found_after(&app, &[changed]).await, [Finding::LetterChanged { case_id: case_id.clone(), letter_id: letter.id.clone() }]);
    assert_eq!(found_after(&app, &["DELETE FROM letter_texts", "DELETE FROM letters"]).await, [Finding::LetterMissing { case_id, letter_id: letter.id }]);
}

#[tokio::test]
async fn words_that_were_deleted_in_their_time_are_no_finding_and_one_answer_alone_is() {
    let app = TestApp::new().await;
    answered(&app).await;
    let answer = "DELETE FROM answers";
    assert!(matches!(found_after(&app, &[answer]).await.as_slice(), [Finding::AnswerMissing { .. }]));
    assert_eq!(found_after(&app, &[answer, "DELETE FROM case_texts"]).await, [], "a report's words lie there and nowhere else");
}

/// Whoever writes nonsense into the record is named by the chain; the look goes on.
#[tokio::test]
async fn an_entry_that_cannot_be_read_hides_nothing() {
    let app = TestApp::new().await;
    let Public { case_id, answer_id } = public(&app).await;
    let found = found_after(&app, &["UPDATE history SET data = 'x' WHERE event IN ('answered', 'released')", "UPDATE answers SET body = 'x'"]).await;
    assert_eq!(found.iter().filter(|finding| matches!(finding, Finding::EntryChanged { .. })).count(), 2, "{found:?}");
    assert!(found.contains(&Finding::AnswerUnknown { case_id: case_id.clone(), answer_id }), "{found:?}");
    assert!(found.contains(&Finding::PublicTextUnknown { case_id }), "{found:?}");
}

#[tokio::test]
async fn entries_from_before_there_were_marks_say_nothing_of_words() {
    let app = TestApp::new().await;
    public(&app).await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let rows = app::record::store::entries_after(&mut tx, &(String::new(), 0), 100).await.expect("entries");
    for row in rows {
        let mut data: serde_json::Value = serde_json::from_str(&row.data).expect("JSON");
        data.as_object_mut().expect("an object").remove("words");
        tx.exec("UPDATE history SET data = $3 WHERE case_id = $1 AND seq = $2", (row.case_id, row.seq, data.to_string())).await.expect("written");
    }
    compute_anew(&mut tx, app.portal.record_key()).await;
    tx.exec("UPDATE answers SET body = 'x'", ()).await.expect("changed");
    assert_eq!(verified(&mut tx, app.portal.record_key()).await.findings, []);
}
