//! Who decides, where subjects go, and that whoever a case is about finds it nowhere.

use crate::harness::petitions_of::{actor, case, file, give_to_economy};
use crate::harness::{Answer, Browser, PHU_THONG, PHU_THONG_BODY, PHU_THONG_ECONOMY, PROVINCE_BODY, TestApp};
use app::accounts::rules::Term;
use app::accounts::store as accounts;
use app::permissions::Role;
use app::petitions::rules::{self, Case, Event, Kind};
use app::petitions::store;
use chrono::{DateTime, NaiveDate};
use std::fmt::Write;

/// A browser with the session of somebody who has signed in, without the time a password takes.
async fn official(app: &TestApp, login: &str) -> Browser {
    app.signed_in(login).await
}

/// Somebody of the province's own authority, whom the harness does not have.
async fn hire(app: &TestApp, login: &str, role: Role) {
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let (id, from): (String, NaiveDate) = (format!("account-{login}"), "2025-07-01".parse().expect("a day"));
    assert!(accounts::insert(&mut tx, &id, login, &format!("Cán bộ {login}"), "no password", app.portal.now()).await.expect("an account"));
    accounts::insert_holding(&mut tx, &format!("holding-{login}"), &id, PROVINCE_BODY, role, Term::own(from)).await.expect("a holding");
    tx.commit().await.expect("kept");
}

fn page(case_id: &str) -> String {
    format!("/can-bo/don/{case_id}")
}

/// Sends the form of a step with the version the case has.
async fn step(app: &TestApp, browser: &mut Browser, case_id: &str, step: &str, fields: &[(&str, &str)]) -> Answer {
    let version = case(app, case_id).await.version.to_string();
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    browser.post(&format!("{}/{step}", page(case_id)), &all).await
}

/// The history of a case must replay to what is stored.
async fn replays(app: &TestApp, case_id: &str) -> Case {
    let stored = case(app, case_id).await;
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let entries = store::history(&mut tx, case_id, 0).await.expect("a history");
    let Event::Filed(filing) = &entries[0].event else { panic!("filed first") };
    let filed = rules::file(stored.id.clone(), stored.search_key, filing, entries[0].at);
    let replayed = entries[1..].iter().fold(filed, |now, entry| rules::apply(&now, &entry.event, entry.at).expect("fits"));
    assert_eq!(replayed, stored);
    stored
}

/// What somebody finds of a case: in the whole queue, by its words, among their own, in a count, at its address, by writing to it.
async fn finds(app: &TestApp, login: &str, case_id: &str, title: &str) -> String {
    let mut browser = official(app, login).await;
    let word = title.split(' ').next_back().expect("a word");
    let mut found = String::new();
    for path in ["/can-bo?phan=tat-ca".to_owned(), format!("/can-bo?q={word}"), "/can-bo?phan=cua-toi".to_owned()] {
        let queue = browser.get(&path).await.expect(200);
        found.push(if queue.body.contains(title) { '+' } else { '.' });
    }
    let chips = browser.get("/can-bo?phan=tat-ca").await.expect(200).select(".chip").concat();
    found.push(if chips.contains('1') { '+' } else { '.' });
    let mine = browser.get(&page(case_id)).await;
    found.push(if mine.status == 200 { '+' } else { '.' });
    let version = case(app, case_id).await.version.to_string();
    let note = browser.post(&format!("{}/ghi-chu", page(case_id)), &[("version", &version), ("note", "Đã xem.")]).await;
    assert!(matches!((mine.status, note.status), (200, 303) | (404, 404)), "{login}: {} and {}", mine.status, note.status);
    found.push(if note.status == 303 { '+' } else { '.' });
    found
}

#[tokio::test]
async fn trap_25_whoever_a_case_is_about_finds_it_nowhere() {
    let mut table = String::new();
    for (name, fields) in [
        ("nobody", vec![]),
        ("handler", vec![("bar_account", "account-ha")]),
        ("intake", vec![("bar_account", "account-an")]),
        ("unit", vec![("bar_unit", PHU_THONG_ECONOMY)]),
        ("head", vec![("bar_account", "account-em")]),
        ("authority", vec![("bar_body", PHU_THONG_BODY)]),
    ] {
        let app = TestApp::new().await;
        let title = "Bị gây khó khi xin giấy zuzu";
        let (id, _) = file(&app, Kind::Report, title).await;
        give_to_economy(&app, &id).await;
        let given = [("unit", PHU_THONG_ECONOMY), ("handler", "account-ha")];
        step(&app, &mut official(&app, "em").await, &id, "giao", &given).await.expect(303);
        if !fields.is_empty() {
            let mut all = vec![("bar_reason", "Đơn nêu đích danh.")];
            all.extend(fields);
            step(&app, &mut official(&app, "an").await, &id, "nguoi-bi-neu", &all).await.expect(303);
        }
        write!(table, "{name:<10}").expect("a string takes all");
        for login in ["an", "ha", "bi", "du", "em"] {
            write!(table, " {}", finds(&app, login, &id, title).await).expect("a string takes all");
        }
        table.push('\n');
        replays(&app, &id).await;
    }
    // By an, ha, bi, du, em: in the queue, by search, among their own, in a count, at its address, by writing a note.
    let expected = "\
nobody     ++.+++ ++++++ ++.+++ ++.+++ ++.+++
handler    ++.+++ ...... ++.+++ ++.+++ ++.+++
intake     ...... ++++++ ++.+++ ++.+++ ++.+++
unit       ++.+++ ...... ...... ++.+++ ++.+++
head       ...... ...... ...... ...... ......
authority  ...... ...... ...... ...... ......
";
    assert_eq!(table, expected);
}

#[tokio::test]
async fn a_denunciation_of_the_head_leaves_the_authority_in_the_same_step() {
    let app = TestApp::new().await;
    let (id, _) = file(&app, Kind::Denunciation, "Chủ tịch xã lấn đất công").await;
    hire(&app, "tinh-van-thu", Role::Intake).await;
    let mut an = official(&app, "an").await;
    let form = an.get(&format!("{}?buoc=nguoi-bi-neu", page(&id))).await.expect(200);
    assert!(form.select("#bar_body option").iter().any(|option| option.starts_with("Cơ quan này:")), "{:?}", form.select("#bar_body option"));
    let version = form.field("version");
    let fields = [("version", version.as_str()), ("bar_body", PHU_THONG_BODY), ("bar_reason", "Tố cáo Chủ tịch xã.")];
    for _ in 0..2 {
        let answer = an.post(&format!("{}/nguoi-bi-neu", page(&id)), &fields).await.expect(303);
        assert_eq!(answer.location().as_deref(), Some("/can-bo?phan=tat-ca"), "the case is no longer theirs; twice sent is once done");
    }
    let moved = replays(&app, &id).await;
    assert_eq!((moved.body_id.as_str(), moved.barred.as_str(), moved.version), (PROVINCE_BODY, format!("b:{PHU_THONG_BODY}").as_str(), 3));
    for login in ["an", "em", "du", "ha"] {
        official(&app, login).await.get(&page(&id)).await.expect(404);
    }
    let mut province = official(&app, "tinh-van-thu").await;
    let seen = province.get(&page(&id)).await.expect(200);
    assert!(seen.select("#nguoi-bi-neu").concat().contains("người đứng đầu và cả Ủy ban nhân dân xã Phủ Thông"), "{}", seen.text());
    assert!(seen.text().contains("Lý do: Tố cáo Chủ tịch xã."));
    let refused = step(&app, &mut province, &id, "thu-tuc/chuyen-don", &[("to_body", PHU_THONG_BODY)]).await.expect(422);
    assert!(refused.text().contains("không chuyển cho người hoặc nơi bị tố cáo"), "{}", refused.text());
    let again = [("unbar_party", format!("b:{PHU_THONG_BODY}"), ""), ("unbar_reason", "Trùng tên.".to_owned(), "")].map(|(name, value, _)| (name, value));
    let again: Vec<(&str, &str)> = again.iter().map(|(name, value)| (*name, value.as_str())).collect();
    step(&app, &mut province, &id, "bo-nguoi-bi-neu", &again).await.expect(303);
    assert_eq!(replays(&app, &id).await.barred, "");
    let back = [("forward_to", PHU_THONG_BODY), ("forward_reason", "Việc của xã.")];
    step(&app, &mut province, &id, "chuyen", &back).await.expect(409);
    official(&app, "an").await.get(&page(&id)).await.expect(404);
}

#[tokio::test]
async fn trap_15_a_denunciation_cannot_be_given_to_the_person_denounced_or_their_unit() {
    let app = TestApp::new().await;
    let (id, _) = file(&app, Kind::Denunciation, "Cán bộ phòng kinh tế nhận tiền").await;
    let mut an = official(&app, "an").await;
    step(&app, &mut an, &id, "nhan", &[]).await.expect(303);
    step(&app, &mut an, &id, "nguoi-bi-neu", &[("bar_account", "account-ha"), ("bar_reason", "Nêu tên.")]).await.expect(303);
    assert_eq!(case(&app, &id).await.barred, format!("a:account-ha u:{PHU_THONG_ECONOMY}"), "the unit of the person denounced too");
    for (unit, handler) in [("", "account-ha"), (PHU_THONG_ECONOMY, "account-bi"), ("", "account-bi")] {
        let refused = step(&app, &mut an, &id, "giao", &[("unit", unit), ("handler", handler)]).await.expect(422);
        assert!(refused.text().contains("không tự giải quyết"), "{unit} {handler}: {}", refused.text());
    }
    let offered = an.get(&format!("{}?buoc=giao", page(&id))).await.expect(200);
    let people = offered.select("#handler option").concat();
    assert!(people.contains("Cán bộ Cư") && !people.contains("Cán bộ Hà") && !people.contains("Cán bộ Bi"), "{people}");
    step(&app, &mut an, &id, "giao", &[("unit", ""), ("handler", "account-cu")]).await.expect(303);
    official(&app, "cu").await.get(&page(&id)).await.expect(200);
    // Not by the action itself either.
    let intake = actor(&app, "an").await;
    let before = case(&app, &id).await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let mut act = app::petitions::actions::Act { tx: &mut tx, portal: &app.portal, actor: &intake };
    let given = app::petitions::actions::assign(&mut act, &before, None, Some("account-bi".into())).await;
    assert!(matches!(given, Err(app::error::AppError::Forbidden("barred"))), "{given:?}");
}

#[tokio::test]
async fn a_bar_that_a_rule_stands_against_is_refused_by_name() {
    let app = TestApp::new().await;
    let (id, _) = file(&app, Kind::Complaint, "Không đồng ý quyết định xử phạt").await;
    let mut an = official(&app, "an").await;
    let fields = [("bar_body", PHU_THONG_BODY), ("bar_reason", "Khiếu nại quyết định của xã.")];
    let refused = step(&app, &mut an, &id, "nguoi-bi-neu", &fields).await.expect(422);
    assert!(refused.text().contains("Luật Khiếu nại 02/2011/QH13, Điều 17"), "{}", refused.text());
    assert_eq!(refused.field("bar_reason").trim(), "Khiếu nại quyết định của xã.");
    step(&app, &mut an, &id, "nguoi-bi-neu", &[("bar_reason", "x")]).await.expect(422);
    step(&app, &mut an, &id, "nguoi-bi-neu", &[("bar_account", "account-hu"), ("bar_reason", "x")]).await.expect(422);
    step(&app, &mut official(&app, "du").await, &id, "nguoi-bi-neu", &fields).await.expect(403);
    official(&app, "ha").await.post(&format!("{}/nguoi-bi-neu", page(&id)), &[("version", "1"), fields[0], fields[1]]).await.expect(404);
    step(&app, &mut an, &id, "nguoi-bi-neu", &[("bar_account", "account-ha"), ("bar_reason", "x")]).await.expect(303);
    let known = step(&app, &mut an, &id, "nguoi-bi-neu", &[("bar_account", "account-ha"), ("bar_reason", "y")]).await.expect(422);
    assert!(known.text().contains("đã được ghi rồi"));
    // An answer waits: the case cannot leave now.
    let (report, _) = file(&app, Kind::Report, "Chủ tịch xã gây khó").await;
    give_to_economy(&app, &report).await;
    step(&app, &mut official(&app, "ha").await, &report, "tra-loi", &[("answer", "Đã xem xét.")]).await.expect(303);
    let waits = step(&app, &mut an, &report, "nguoi-bi-neu", &fields).await.expect(422);
    assert!(waits.text().contains("trả lại bản thảo"), "{}", waits.text());
}

#[tokio::test]
async fn trap_37_whoever_no_longer_is_the_head_takes_nobody_along() {
    let app = TestApp::new().await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    tx.exec("UPDATE role_holdings SET valid_to = $1 WHERE id = 'holding-em'", ("2026-11-19".parse::<NaiveDate>().expect("a day"),)).await.expect("ended");
    accounts::insert_holding(&mut tx, "holding-em-2", "account-em", PHU_THONG_BODY, Role::Approver, Term::own("2026-11-20".parse().expect("a day")))
        .await
        .expect("a holding");
    tx.commit().await.expect("kept");
    let (id, _) = file(&app, Kind::Report, "Chủ tịch cũ gây khó").await;
    let mut an = official(&app, "an").await;
    step(&app, &mut an, &id, "nguoi-bi-neu", &[("bar_account", "account-em"), ("bar_reason", "Nêu tên.")]).await.expect(303);
    assert_eq!((case(&app, &id).await.barred.as_str(), case(&app, &id).await.body_id.as_str()), ("a:account-em", PHU_THONG_BODY));
    official(&app, "em").await.get(&page(&id)).await.expect(404);
    an.get(&page(&id)).await.expect(200);
}

/// With a million cases an authority has hundreds that are about one of its units. They were all read at every look at a queue, which took
/// ten times as long for it, and only the first five hundred of them, which made counts wrong: now only whom they are about is read, from
/// an index alone.
#[tokio::test]
async fn whom_cases_are_about_is_read_from_an_index_of_its_own() {
    let app = TestApp::new().await;
    let mut tx = app.portal.db().read().await.expect("a transaction");
    if app.portal.db().kind() == app::db::Kind::Postgres {
        return;
    }
    let sql = "EXPLAIN QUERY PLAN SELECT barred FROM cases WHERE body_id = $1 AND barred <> '' GROUP BY barred ORDER BY barred LIMIT $2";
    let plan: Vec<(i64, i64, i64, String)> = tx.all(sql, (PHU_THONG_BODY.to_owned(), 500_i64)).await.expect("a plan");
    let words: Vec<&str> = plan.iter().map(|(.., words)| words.as_str()).collect();
    assert!(words.len() == 1 && words[0].contains("COVERING INDEX cases_barred"), "no sorting either: {words:?}");
}

#[tokio::test]
async fn intake_is_told_where_a_case_should_go_and_why() {
    let app = TestApp::new().await;
    let (id, _) = file(&app, Kind::Report, "Mặt đường đầy ổ gà").await;
    let mut an = official(&app, "an").await;
    step(&app, &mut an, &id, "nhan", &[]).await.expect(303);
    let form = an.get(&format!("{}?buoc=giao", page(&id))).await.expect(200);
    let proposed = form.select("#buoc-giao .notice").concat();
    assert!(proposed.contains("Đề xuất: Phòng Kinh tế") && proposed.contains("vì có chữ “ổ gà”"), "{proposed}");
    assert_eq!(form.attribute("#unit option[selected]", "value"), [PHU_THONG_ECONOMY], "one press away");
    let (id, _) = file(&app, Kind::Report, "Ổ gà trên quốc lộ 3").await;
    let head = an.get(&page(&id)).await.expect(200).select("#de-xuat-chuyen").concat();
    assert!(head.contains("Sở Xây dựng") && head.contains("quốc lộ"), "{head}");
    let form = an.get(&format!("{}?buoc=chuyen", page(&id))).await.expect(200);
    assert_eq!(form.attribute("#forward_to option[selected]", "value").len(), 1);
    assert!(form.field("forward_reason").contains("Sở Xây dựng"));
    let (id, _) = file(&app, Kind::Denunciation, "Ổ gà trên quốc lộ 3").await;
    assert!(an.get(&page(&id)).await.expect(200).select("#de-xuat-chuyen").is_empty(), "a denunciation is not sorted by its words");
}

const PATH: &str = "/can-bo/quy-tac";

#[tokio::test]
async fn a_petition_is_tried_against_the_rules() {
    let app = TestApp::new().await;
    for login in ["an", "em", "ha"] {
        official(&app, login).await.get(PATH).await.expect(404);
    }
    hire(&app, "xem", Role::Approver).await;
    let mut xem = official(&app, "xem").await;
    let rules = xem.get(PATH).await.expect(200);
    assert!(rules.select("#quy-tac li").len() >= 20 && rules.select("#tham-quyen li").len() >= 40);
    let wrong = xem.post(PATH, &[("action", "try"), ("title", "")]).await.expect(422);
    assert_eq!(wrong.select(".summary-errors li").len(), 3, "{}", wrong.text());
    let trial = [("action", "try"), ("title", "Đèn đường tổ 5 không sáng"), ("kind", "complaint"), ("area", PHU_THONG), ("contested", PHU_THONG_BODY)];
    let tried = xem.post(PATH, &trial).await.expect(200).select("#ket-qua").concat();
    for words in
        ["Đèn đường", "Phòng Kinh tế xã Phủ Thông", "Người giải quyết: Ủy ban nhân dân xã Phủ Thông", "Khiếu nại lần hai: Ủy ban nhân dân tỉnh", "Điều 21"]
    {
        assert!(tried.contains(words), "{words}: {tried}");
    }
    let denounced = [("action", "try"), ("title", "Đèn đường"), ("kind", "denunciation"), ("area", PHU_THONG), ("contested", PHU_THONG_BODY), ("head", "1")];
    let tried = xem.post(PATH, &denounced).await.expect(200).select("#ket-qua").concat();
    assert!(tried.contains("Người giải quyết: Ủy ban nhân dân tỉnh Thái Nguyên") && !tried.contains("Lĩnh vực"), "{tried}");
    let add = [("action", "add"), ("subject", "lighting")];
    xem.post(PATH, &add).await.expect(403);
    official(&app, "gi").await.post(PATH, &add).await.expect(403);
    official(&app, "an").await.post(PATH, &add).await.expect(404);
}

#[tokio::test]
async fn a_rule_is_dated_added_and_ended_and_never_rewritten() {
    let app = TestApp::new().await;
    let mut ti = official(&app, "ti").await;
    let rule = [
        ("subject", "lighting"),
        ("rule_area", PHU_THONG),
        ("target", "commune.VHXH"),
        ("valid_from", "2026-11-20"),
        ("note", "xã giao cho phòng này"),
        ("source", "Quyết định 45"),
    ];
    let with = |action: &'static str, day: &'static str| {
        let mut fields = vec![("action", action)];
        fields.extend(rule.iter().map(|(name, value)| (*name, if *name == "valid_from" { day } else { *value })));
        fields
    };
    let past = ti.post(PATH, &with("add", "2026-11-19")).await.expect(422);
    assert!(past.text().contains("Ngày này đã qua"), "{}", past.text());
    assert_eq!(past.field("note"), "xã giao cho phòng này", "what was typed stays");
    for _ in 0..2 {
        ti.post(PATH, &with("add", "2026-11-20")).await.expect(303);
    }
    let rules = ti.get(PATH).await.expect(200);
    assert_eq!(rules.text().matches("Cán bộ Tình thêm").count(), 1, "sent twice it is there once, with who and when");
    let (id, _) = file(&app, Kind::Report, "Đèn đường tổ 5 không sáng").await;
    let mut an = official(&app, "an").await;
    step(&app, &mut an, &id, "nhan", &[]).await.expect(303);
    let proposed = an.get(&format!("{}?buoc=giao", page(&id))).await.expect(200).select("#buoc-giao .notice").concat();
    assert!(proposed.contains("Phòng Văn hóa") && proposed.contains("xã giao cho phòng này"), "{proposed}");

    let end = rules.attribute("#quy-tac a", "href").into_iter().next_back().expect("a rule to end");
    let form = ti.get(end.split('#').next().expect("an address")).await.expect(200);
    let rule_id = form.attribute("#ket-thuc input[name=rule]", "value").concat();
    ti.post(PATH, &[("action", "end"), ("rule", &rule_id), ("last_day", "2026-11-19")]).await.expect(422);
    ti.post(PATH, &[("action", "end"), ("rule", "khong-co"), ("last_day", "2026-11-20")]).await.expect(422);
    ti.post(PATH, &[("action", "end"), ("rule", &rule_id), ("last_day", "2026-11-20")]).await.expect(303);
    assert!(ti.get(PATH).await.expect(200).text().contains("Cán bộ Tình kết thúc"));
    let proposed = an.get(&format!("{}?buoc=giao", page(&id))).await.expect(200).select("#buoc-giao .notice").concat();
    assert!(proposed.contains("Phòng Văn hóa"), "still today: {proposed}");
    app.set_time("2026-11-21T02:00:00Z");
    app.portal.reload_directory().await.expect("a new day");
    let mut an = official(&app, "an").await;
    let proposed = an.get(&format!("{}?buoc=giao", page(&id))).await.expect(200).select("#buoc-giao .notice").concat();
    assert!(proposed.contains("Phòng Kinh tế"), "tomorrow the rule for all communes again: {proposed}");
}

#[tokio::test]
async fn a_changed_rule_is_run_over_the_last_months_cases_without_showing_any() {
    let app = TestApp::new().await;
    app.set_time("2026-10-01T02:00:00Z");
    file(&app, Kind::Report, "Đèn đường cũ hỏng").await;
    app.set_time(crate::harness::NOW);
    for title in ["Đèn đường tổ 5 hỏng", "Đèn đường tổ 6 hỏng", "Mặt đường đầy ổ gà"] {
        file(&app, Kind::Report, title).await;
    }
    file(&app, Kind::Denunciation, "Đèn đường bị bớt xén").await;
    let draft = [("action", "draft"), ("subject", "lighting"), ("target", "commune.VHXH"), ("valid_from", "2026-12-01"), ("note", "x"), ("source", "y")];
    let mut ti = official(&app, "ti").await;
    let shown = ti.post(PATH, &draft).await.expect(200);
    let outcome = shown.select("#ket-qua").concat();
    assert!(outcome.contains("2 trong 3 đơn"), "neither the old one nor the denunciation: {outcome}");
    assert!(outcome.contains("Phòng Kinh tế") && outcome.contains("Phòng Văn hóa") && !outcome.contains("tổ 5"), "{outcome}");
    assert!(!ti.get(PATH).await.expect(200).text().contains("Cán bộ Tình thêm"), "a draft changes nothing");
    let end = [("action", "draft_end"), ("rule", "lighting...2025-07-01")];
    let outcome = ti.post(PATH, &end).await.expect(200).select("#ket-qua").concat();
    assert!(outcome.contains("2 trong 3 đơn") && outcome.contains("không đề xuất"), "{outcome}");
    // Somebody who may see the cases finds links to them.
    let id = format!("holding-both-{}", app.portal.new_id());
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let from: NaiveDate = "2025-07-01".parse().expect("a day");
    accounts::insert_holding(&mut tx, &id, "account-an", PROVINCE_BODY, Role::Approver, Term::own(from)).await.expect("a holding");
    tx.commit().await.expect("kept");
    let shown = official(&app, "an").await.post(PATH, &draft).await.expect(200);
    assert_eq!(shown.attribute("#ket-qua a", "href").len(), 2, "{}", shown.text());
}

#[tokio::test]
async fn a_denunciation_of_the_head_is_filed_with_the_authority_above_if_the_sender_does_not_choose_otherwise() {
    for (who, send_to, receiver, reason) in [
        ("head.commune", "", "Ủy ban nhân dân tỉnh Thái Nguyên", "người bị tố cáo không tự giải quyết"),
        ("staff.commune", "", "Ủy ban nhân dân xã Phủ Thông", "Luật Tố cáo"),
        ("", "", "Ủy ban nhân dân xã Phủ Thông", ""),
        ("head.commune", "commune", "Ủy ban nhân dân xã Phủ Thông", "tự chọn nơi nhận"),
        ("head.19-ub-20250701", "", "Ủy ban nhân dân tỉnh Thái Nguyên", "Thủ tướng Chính phủ"),
        ("nobody", "", "Ủy ban nhân dân xã Phủ Thông", ""),
    ] {
        let app = TestApp::new().await;
        let mut citizen = app.visitor();
        let what = [("kind", "denunciation"), ("title", "Chủ tịch xã lấn đất"), ("body", "Việc từ tháng trước.")];
        citizen.post_files("/gui", &what, &[]).await.expect(303);
        let screen = citizen.get("/gui/o-dau").await.expect(200);
        assert!(screen.text().contains("Bạn tố cáo ai"));
        let whom =
            [("area", PHU_THONG), ("name", "Hoàng Thị Mẫu"), ("address", "thôn Nà Món"), ("about", "Ông Lê Văn X"), ("about_who", who), ("send_to", send_to)];
        citizen.post("/gui/o-dau", &whom).await.expect(303);
        let check = citizen.get("/gui/kiem-tra").await.expect(200);
        assert!(check.text().contains(&format!("Đơn sẽ đến: {receiver}")) && check.text().contains(reason), "{who}: {}", check.text());
        citizen.post("/gui/kiem-tra", &[]).await.expect(303);
        let mut tx = app.portal.db().read().await.expect("a transaction");
        let (id, body_id): (String, String) = tx.one("SELECT id, body_id FROM cases", ()).await.expect("one case");
        let about = app::petitions::store::parts::text(&mut tx, &id).await.expect("readable").about;
        assert_eq!((app.portal.directory().agency_name(&body_id), about.as_str()), (receiver, "Ông Lê Văn X"), "{who}");
    }
    let app = TestApp::new().await;
    let mut citizen = app.visitor();
    citizen.post_files("/gui", &[("kind", "report"), ("title", "Ổ gà"), ("body", "Đường hỏng.")], &[]).await.expect(303);
    assert!(citizen.get("/gui/o-dau").await.expect(200).select("#about_who").is_empty(), "nobody else is asked");
}

#[test]
fn the_clock_of_the_replay_is_the_search_keys() {
    let at: DateTime<chrono::Utc> = crate::harness::NOW.parse().expect("a time");
    let random = app::id::Random::seeded(1);
    assert!((0..100).all(|_| random.search_key(at) > app::id::Random::search_key_floor(at)));
    assert!((0..100).all(|_| random.search_key(at - chrono::Duration::milliseconds(1)) <= app::id::Random::search_key_floor(at)));
}
