//! Letters written outside a step of the law: which fit, kept and gone on with, put before another person, signed or sent back, opened by
//! the citizen.

use crate::harness::petitions_of::{SENDER, SENDER_PHONE, case, file, file_report, give_to_economy};
use crate::harness::{Answer, Browser, TestApp};
use app::letters::store;
use app::petitions::rules::Kind;

/// A text without blanks: what somebody would have written into them.
fn filled(text: &str) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        filled.push_str(before);
        filled.push_str("điều đã làm");
        rest = after.split_once(']').map_or("", |(_, behind)| behind);
    }
    filled + rest
}

/// Begins a letter, fills its blanks and presses a button; gives the answer and the id its form was shown with.
async fn write(browser: &mut Browser, case_id: &str, code: &str, button: &str) -> (Answer, String) {
    let path = format!("/can-bo/don/{case_id}/soan/{code}");
    let form = browser.get(&path).await.expect(200);
    let (once, body) = (form.field("once"), filled(&form.field("letter_body")));
    let to = if form.attribute("input", "name").contains(&"letter_to".to_owned()) { form.field("letter_to") } else { String::new() };
    let answer = browser.post(&path, &[("once", &once), ("letter_body", &body), ("letter_to", &to), ("action", button)]).await;
    (answer, once)
}

/// Presses a button on a draft as its page is now.
async fn press(browser: &mut Browser, case_id: &str, letter_id: &str, fields: &[(&str, &str)]) -> Answer {
    let path = format!("/can-bo/don/{case_id}/du-thao/{letter_id}");
    let seen = browser.get(&path).await.expect(200).field("seen");
    let mut all = vec![("seen", seen.as_str())];
    all.extend_from_slice(fields);
    browser.post(&path, &all).await
}

async fn letter(app: &TestApp, id: &str) -> store::Letter {
    let mut tx = app.portal.db().read().await.expect("a transaction");
    store::by_id(&mut tx, id).await.expect("read").expect("there")
}

async fn events(app: &TestApp, case_id: &str) -> Vec<&'static str> {
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let history = app::petitions::store::history(&mut tx, case_id, 0).await.expect("read");
    history.iter().map(|entry| entry.event.code()).collect()
}

#[tokio::test]
async fn the_receipt_is_offered_drafted_signed_and_opened_by_the_citizen() {
    let app = TestApp::new().await;
    let (case_id, _) = file_report(&app, "Cống bị tắc").await;
    let mut an = app.official("an").await;
    let page = an.get(&format!("/can-bo/don/{case_id}")).await.expect(200);
    assert!(page.attribute("#soan a", "href").contains(&format!("/can-bo/don/{case_id}/soan/receipt")), "{:?}", page.attribute("#soan a", "href"));

    // Kept first, gone on with later, then put before the signer.
    let (answer, id) = write(&mut an, &case_id, "receipt", "save").await;
    assert_eq!(answer.expect(303).location(), Some(format!("/can-bo/don/{case_id}/du-thao/{id}")));
    assert_eq!(events(&app, &case_id).await, ["filed"], "a kept draft is nothing that happened to the case");
    let draft = an.get(&format!("/can-bo/don/{case_id}/du-thao/{id}")).await.expect(200);
    assert!(draft.select(".letter").len() == 1 && !draft.body.contains(SENDER), "as it will look, without who the sender is");
    let body = format!("{}\nGhi thêm một dòng.", draft.field("letter_body"));
    press(&mut an, &case_id, &id, &[("letter_body", &body), ("action", "send")]).await.expect(303);
    assert_eq!(events(&app, &case_id).await, ["filed", "letter_waiting"]);

    let mut du = app.official("du").await;
    let desk = du.get("/can-bo").await.expect(200);
    assert_eq!(desk.attribute("#cho-ky a", "href"), [format!("/can-bo/don/{case_id}/du-thao/{id}")], "whoever signs finds it without looking for it");
    assert!(an.get("/can-bo").await.expect(200).select("#cho-ky").is_empty(), "not whoever wrote it");
    let page = du.get(&format!("/can-bo/don/{case_id}")).await.expect(200);
    assert_eq!(page.attribute("#cho-ky a", "href"), [format!("/can-bo/don/{case_id}/du-thao/{id}")]);
    let signed = press(&mut du, &case_id, &id, &[("action", "sign"), ("authority", "deputy")]).await.expect(303);
    assert_eq!(signed.location(), Some(format!("/can-bo/don/{case_id}")));
    let issued = letter(&app, &id).await;
    assert_eq!((issued.label.as_deref(), issued.is_issued()), (Some("01/GBN-UBND"), true));
    assert_eq!(events(&app, &case_id).await, ["filed", "letter_waiting", "letter_issued"]);

    // The citizen: the mail says that there is news and nothing else, the page has the letter with its next right.
    app.run_jobs().await;
    let mails = app.mailer.sent();
    let mail = mails.last().expect("a mail");
    for secret in ["biên nhận", "Cống", "Phủ Thông", SENDER, "01/GBN"] {
        assert!(!mail.subject.contains(secret) && !mail.body.contains(secret), "{secret}");
    }
    let own = app.visiting(&case_id).await.get("/tra-cuu/don").await.expect(200);
    assert!(own.text().contains("Giấy biên nhận") && own.text().contains("gửi bạn một văn bản"));
    let opened = app.visiting(&case_id).await.get(&format!("/tra-cuu/van-ban/{id}")).await.expect(200);
    for words in [SENDER, "Số: 01/GBN-UBND", "Ghi thêm một dòng", "có quyền hỏi"] {
        assert!(opened.text().contains(words), "{words}");
    }
    // What is out cannot be pressed again: it leads to the letter.
    let again = du.post(&format!("/can-bo/don/{case_id}/du-thao/{id}"), &[("seen", "x"), ("action", "sign")]).await.expect(303);
    assert_eq!(again.location(), Some(format!("/can-bo/don/{case_id}/van-ban/{id}")));
    assert_eq!(letter(&app, &id).await, issued);
}

#[tokio::test]
async fn it_comes_back_with_a_reason_and_goes_out_the_second_time() {
    let app = TestApp::new().await;
    let (case_id, _) = file_report(&app, "Cống bị tắc").await;
    give_to_economy(&app, &case_id).await;
    let (mut ha, mut du) = (app.official("ha").await, app.official("du").await);
    let (answer, id) = write(&mut ha, &case_id, "interim", "send").await;
    answer.expect(303);
    // While it waits nobody changes it, and who wrote it does not sign it.
    let page = ha.get(&format!("/can-bo/don/{case_id}/du-thao/{id}")).await.expect(200);
    assert!(page.select("textarea").is_empty() && page.select("#ky").is_empty(), "{}", page.text());
    let path = format!("/can-bo/don/{case_id}/du-thao/{id}");
    ha.post(&path, &[("seen", "x"), ("action", "sign")]).await.expect(403);
    du.post(&path, &[("seen", "x"), ("action", "save")]).await.expect(403);
    du.post(&path, &[("seen", "x"), ("action", "khac")]).await.expect(400);

    let refused = press(&mut du, &case_id, &id, &[("action", "return"), ("return_reason", " ")]).await.expect(422);
    assert_eq!(refused.select("#errors li").len(), 1);
    press(&mut du, &case_id, &id, &[("action", "return"), ("return_reason", "Nêu rõ ngày xong")]).await.expect(303);
    let page = ha.get(&path).await.expect(200);
    assert!(page.text().contains("Nêu rõ ngày xong") && !page.select("textarea").is_empty());
    assert!(ha.get(&format!("/can-bo/don/{case_id}")).await.expect(200).text().contains("Nêu rõ ngày xong"), "the record has the reason");
    let body = page.field("letter_body");
    press(&mut ha, &case_id, &id, &[("letter_body", &format!("{body}\nXong trước Tết.")), ("action", "send")]).await.expect(303);
    press(&mut du, &case_id, &id, &[("action", "sign")]).await.expect(303);
    assert_eq!(letter(&app, &id).await.label.as_deref(), Some("01/UBND-KT"));
    assert_eq!(events(&app, &case_id).await, ["filed", "received", "assigned", "letter_waiting", "letter_returned", "letter_waiting", "letter_issued"]);
}

/// Every typed word stays where something is wrong, and where a colleague was faster.
#[tokio::test]
async fn nothing_typed_is_lost_and_a_form_sent_twice_is_kept_once() {
    let app = TestApp::new().await;
    let (case_id, _) = file_report(&app, "Cống bị tắc").await;
    give_to_economy(&app, &case_id).await;
    let mut ha = app.official("ha").await;
    let path = format!("/can-bo/don/{case_id}/soan/interim");
    let once = ha.get(&path).await.expect(200).field("once");
    let with_blank = [("once", once.as_str()), ("letter_body", "Đang làm [việc gì]"), ("action", "send")];
    let refused = ha.post(&path, &with_blank).await.expect(422);
    assert_eq!(refused.field("letter_body").trim(), "Đang làm [việc gì]");
    assert_eq!(refused.field("once"), once);
    // A blank may wait in a draft.
    let kept = [("once", once.as_str()), ("letter_body", "Đang làm [việc gì]"), ("action", "save")];
    ha.post(&path, &kept).await.expect(303);
    ha.post(&path, &kept).await.expect(303);
    let mut tx = app.portal.db().read().await.expect("a transaction");
    assert_eq!(store::of_case(&mut tx, &case_id).await.expect("read").len(), 1);
    drop(tx);
    ha.post(&path, &[("once", &once), ("letter_body", &format!("Bà {SENDER} đã báo")), ("action", "save")]).await.expect(422);

    // Em has rewritten it in the meantime: Hà's words come back with the newest state.
    let draft = format!("/can-bo/don/{case_id}/du-thao/{once}");
    let seen = ha.get(&draft).await.expect(200).field("seen");
    let mut em = app.official("em").await;
    press(&mut em, &case_id, &once, &[("letter_body", "Lời của Em"), ("action", "save")]).await.expect(303);
    let late = ha.post(&draft, &[("seen", &seen), ("letter_body", "Lời của Hà"), ("action", "send")]).await.expect(409);
    assert_eq!(late.field("letter_body").trim(), "Lời của Hà");
    let mut tx = app.portal.db().read().await.expect("a transaction");
    assert_eq!(store::text(&mut tx, &once).await.expect("read").expect("there").body, "Lời của Em");
    drop(tx);
    // Without a sign-in the words are kept for after it.
    let kept = app.visitor().post(&draft, &[("seen", &seen), ("letter_body", "Lời chưa gửi"), ("action", "save")]).await.expect(401);
    assert!(kept.body.contains("Lời chưa gửi"));
    press(&mut em, &case_id, &once, &[("action", "discard")]).await.expect(303);
    em.get(&draft).await.expect(404);
}

#[tokio::test]
async fn only_what_fits_can_be_begun_and_only_by_whoever_may_draft() {
    let app = TestApp::new().await;
    let (case_id, _) = file_report(&app, "Cống bị tắc").await;
    give_to_economy(&app, &case_id).await;
    let (mut ha, mut an) = (app.official("ha").await, app.official("an").await);
    let choice = ha.get(&format!("/can-bo/don/{case_id}/soan")).await.expect(200);
    let offered = choice.attribute(".letter-choice a", "href").join(" ");
    assert!(offered.contains("/soan/interim") && offered.contains("/soan/supplement_request") && !offered.contains("/soan/reply"), "{offered}");
    assert!(choice.text().contains("chỉ khi trả lời đã được duyệt") && choice.text().contains("chỉ người tiếp nhận"), "{}", choice.text());
    ha.get(&format!("/can-bo/don/{case_id}/soan/reply")).await.expect(409);
    ha.get(&format!("/can-bo/don/{case_id}/soan/complaint_acceptance")).await.expect(404);
    ha.get(&format!("/can-bo/don/{case_id}/soan/khong-co")).await.expect(404);
    ha.get(&format!("/can-bo/don/{case_id}/soan/reminder")).await.expect(403);
    an.get(&format!("/can-bo/don/{case_id}/soan/reminder")).await.expect(409);
    app.official("du").await.get(&format!("/can-bo/don/{case_id}/soan")).await.expect(403);
    for login in ["cu", "gi", "hu", "xa"] {
        let mut other = app.official(login).await;
        other.get(&format!("/can-bo/don/{case_id}/soan")).await.expect(404);
        other.get(&format!("/can-bo/don/{case_id}/soan/interim")).await.expect(404);
        other.post(&format!("/can-bo/don/{case_id}/soan/interim"), &[("once", "x1"), ("letter_body", "x")]).await.expect(404);
    }
    // What the law sends with a step is drafted there.
    let (complaint, _) = file(&app, Kind::Complaint, "Quyết định thu hồi đất").await;
    let choice = an.get(&format!("/can-bo/don/{complaint}/soan")).await.expect(200);
    assert!(choice.body.contains(&format!("/can-bo/don/{complaint}/thu-tuc/")), "leads to the step");
    an.get(&format!("/can-bo/don/{complaint}/soan/complaint_acceptance")).await.expect(409);
}

/// A step of the law drafts its own letters anew; what somebody else was writing stays.
#[tokio::test]
async fn a_question_goes_on_to_its_letter_and_own_drafts_survive_a_step() {
    let app = TestApp::new().await;
    let (case_id, _) = file(&app, Kind::Complaint, "Quyết định thu hồi đất").await;
    give_to_economy(&app, &case_id).await;
    let mut ha = app.official("ha").await;
    let version = case(&app, &case_id).await.version.to_string();
    let asked = ha
        .post(&format!("/can-bo/don/{case_id}/hoi"), &[("version", &version), ("question", "Xin bản sao quyết định số 40"), ("with_letter", "1")])
        .await
        .expect(303);
    assert_eq!(asked.location(), Some(format!("/can-bo/don/{case_id}/soan/supplement_request")));
    let form = ha.get(&format!("/can-bo/don/{case_id}/soan/supplement_request")).await.expect(200);
    assert!(form.text().contains("Xin bản sao quyết định số 40"), "what was asked stands beside");
    let (answer, id) = write(&mut ha, &case_id, "supplement_request", "save").await;
    answer.expect(303);

    let path = format!("/can-bo/don/{case_id}/thu-tuc/{}", app::procedures::step::StepName::Accept.code());
    let form = ha.get(&path).await.expect(200);
    let name = form.attribute("textarea", "name").into_iter().find(|name| name.starts_with("letter_")).expect("a letter");
    let body = filled(&form.field(&name));
    ha.post(&path, &[("version", &form.field("version")), (&name, &body)]).await.expect(303);
    assert!(letter(&app, &id).await.is_own_draft(), "still being written");
    let mut tx = app.portal.db().read().await.expect("a transaction");
    assert_eq!(store::of_case(&mut tx, &case_id).await.expect("read").len(), 2);
}

/// A denunciation's letters name nobody before they are out, and others do not see that there are any.
#[tokio::test]
async fn trap_26_a_draft_of_a_denunciation_says_nothing_of_its_sender() {
    let app = TestApp::new().await;
    let (case_id, _) = file(&app, Kind::Denunciation, "Cán bộ nhận tiền").await;
    let mut an = app.official("an").await;
    let (answer, id) = write(&mut an, &case_id, "receipt", "send").await;
    answer.expect(303);
    for login in ["an", "du", "em"] {
        let page = app.official(login).await.get(&format!("/can-bo/don/{case_id}/du-thao/{id}")).await.expect(200);
        assert!(!page.body.contains(SENDER) && !page.body.contains(SENDER_PHONE) && !page.body.contains("Nà Món"), "{login}");
    }
    app.official("ha").await.get(&format!("/can-bo/don/{case_id}/du-thao/{id}")).await.expect(404);
    app.visiting(&case_id).await.get(&format!("/tra-cuu/van-ban/{id}")).await.expect(404);
}
