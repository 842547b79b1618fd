//! Official letters: draft, sign, number, freeze, open. Who may open which, and what a letter to the denounced does not say.

use crate::harness::pdf_text::{text_of, without_blanks};
use crate::harness::petitions_of::{SENDER, actor, case, file, file_report, give_to_economy};
use crate::harness::{Browser, TestApp};
use app::db::Tx;
use app::deadlines::rules::Circumstances;
use app::error::{AppError, Result};
use app::letters::actions::{self, Known, NewLetter, Signing, TextFault};
use app::letters::office::{Authority, date_words};
use app::letters::places::Place;
use app::letters::store::{self, Letter};
use app::petitions::actions::{Act, reclassify};
use app::petitions::rules::Kind;
use app::vault::Vault;
use app::vault::kept::{self, Purpose};

fn signing() -> Signing {
    Signing { authority: Authority::Deputy, post: String::new(), circumstances: Circumstances::default(), known: Known::new() }
}

/// A text without blanks: what somebody would have written into them.
fn filled(text: &str) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        filled.push_str(before);
        filled.push_str("điều đã xác minh");
        rest = after.split_once(']').map_or("", |(_, behind)| behind);
    }
    filled + rest
}

fn known() -> Known {
    let words = |place, words: &str| (place, words.to_owned());
    Known::from([
        words(Place::Competent, "Sở Xây dựng tỉnh Thái Nguyên"),
        words(Place::Accused, "ông Nguyễn Văn B"),
        words(Place::Respondent, "Chủ tịch Ủy ban nhân dân xã Phủ Thông"),
        words(Place::Contested, "Quyết định số 40/QĐ-UBND"),
        words(Place::AcceptedNumber, "15/QĐ-UBND"),
        words(Place::AcceptedOn, "ngày 20 tháng 11 năm 2026"),
        words(Place::DialogueAt, "08 giờ 30 phút, ngày 30 tháng 11 năm 2026"),
        words(Place::DialoguePlace, "trụ sở Ủy ban nhân dân xã"),
        words(Place::ExtendedTo, "ngày 19 tháng 01 năm 2027"),
        words(Place::ExtendedBy, "30"),
        words(Place::Reason, "phải xác minh tại nhiều nơi"),
        words(Place::FirstDecision, "Quyết định số 52/QĐ-UBND"),
        words(Place::Conclusion, "Kết luận số 03/KL-UBND"),
    ])
}

/// Hà or An drafts a letter with every blank filled.
pub async fn draft(app: &TestApp, login: &str, case_id: &str, code: &str) -> Letter {
    let author = actor(app, login).await;
    let case = case(app, case_id).await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &author };
    let body = filled(&actions::prefill(&mut act, &case, code, &known()).await.expect("a text"));
    let new = NewLetter { template_code: code.into(), to: "ông Nguyễn Văn B".into(), body, known: known() };
    assert_eq!(actions::fault(&mut act, &case, &new, true).await.expect("asked"), None, "{code}");
    let letter = actions::draft(&mut act, &case, &new).await.expect("a draft");
    tx.commit().await.expect("kept");
    letter
}

async fn try_to_issue(app: &TestApp, login: &str, letter: &Letter, tx: &mut Tx) -> Result<Letter> {
    let signer = actor(app, login).await;
    let case = case(app, &letter.case_id).await;
    actions::issue(&mut Act { tx, portal: &app.portal, actor: &signer }, &case, &letter.id, &signing()).await
}

pub async fn issue(app: &TestApp, login: &str, letter: &Letter) -> Letter {
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let issued = try_to_issue(app, login, letter, &mut tx).await.expect("issued");
    tx.commit().await.expect("kept");
    issued
}

async fn citizen(app: &TestApp, code: &str) -> Browser {
    let mut browser = app.visitor();
    browser.post("/tra-cuu", &[("code", code)]).await.expect(303);
    browser
}

#[tokio::test]
async fn a_letter_is_drafted_by_one_signed_by_another_and_frozen() {
    let app = TestApp::new().await;
    let (case_id, code) = file_report(&app, "Cống bị tắc").await;
    give_to_economy(&app, &case_id).await;
    let letter = draft(&app, "ha", &case_id, "reply").await;

    let mut du = app.official("du").await;
    let page = du.get(&format!("/can-bo/don/{case_id}/van-ban/{}", letter.id)).await.expect(200);
    assert_eq!(page.select(".letter-draft"), ["DỰ THẢO"]);
    assert!(page.text().contains("Số: ……/UBND-KT") && !page.body.contains(SENDER));
    let mut sender = citizen(&app, &code).await;
    sender.get(&format!("/tra-cuu/van-ban/{}", letter.id)).await.expect(404);

    let issued = issue(&app, "du", &letter).await;
    assert_eq!((issued.number, issued.year, issued.label.as_deref()), (Some(1), Some(2026), Some("01/UBND-KT")));
    assert_eq!(issued.next_right_last_day.map(|day| day.to_string()).as_deref(), Some("2026-12-07"), "ten working days from 20/11/2026");

    let page = sender.get(&format!("/tra-cuu/van-ban/{}", letter.id)).await.expect(200);
    for words in [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Số: 01/UBND-KT",
        "Phủ Thông, ngày 20 tháng 11 năm 2026",
        SENDER,
        "Cán bộ Du",
        "KT. CHỦ TỊCH",
        "ngày 07 tháng 12 năm 2026",
    ] {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }

    // Frozen: neither words nor state can be changed any more.
    let author = actor(&app, "ha").await;
    let case = case(&app, &case_id).await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &author };
    assert!(matches!(actions::redraft(&mut act, &case, &letter.id, "", "Khác").await, Err(AppError::Conflict)));
    drop(tx);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &author };
    assert!(matches!(actions::drop_draft(&mut act, &case, &letter.id).await, Err(AppError::Conflict)));
    drop(tx);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    assert!(matches!(try_to_issue(&app, "em", &letter, &mut tx).await, Err(AppError::Conflict)), "not a second time");
    drop(tx);
    let mut tx = app.portal.db().read().await.expect("a transaction");
    assert_eq!(store::by_id(&mut tx, &letter.id).await.expect("read"), Some(issued));
}

/// Letters name who wrote; they lay in the database in the open.
#[tokio::test]
async fn letters_lie_sealed_those_from_before_are_moved_and_without_the_key_the_portal_says_so() {
    let app = TestApp::new().await;
    let (case_id, _) = file_report(&app, "Cống bị tắc").await;
    give_to_economy(&app, &case_id).await;
    let letter = issue(&app, "du", &draft(&app, "ha", &case_id, "reply").await).await;
    let address = format!("/can-bo/don/{case_id}/van-ban/{}", letter.id);
    let names_them = async || {
        let mut tx = app.portal.db().read().await.expect("a transaction");
        let open: Vec<(String,)> =
            tx.all("SELECT to_name || known || body || COALESCE(sheet, '') || return_reason FROM letter_texts", ()).await.expect("readable");
        open.iter().any(|(words,)| words.contains(SENDER))
    };
    assert!(!names_them().await);
    let before = app.official("du").await.get(&address).await.expect(200);

    let mut tx = app.portal.db().write().await.expect("a transaction");
    let text = store::text(&mut tx, &letter.id).await.expect("readable").expect("words");
    tx.exec(
        "UPDATE letter_texts SET to_name = $2, known = $3, body = $4, sheet = $5 WHERE letter_id = $1",
        (letter.id.clone(), text.to_name, text.known, text.body, text.sheet),
    )
    .await
    .expect("as it was");
    tx.exec("DELETE FROM sealed_values WHERE purpose = 'letter'", ()).await.expect("as it was");
    tx.exec("UPDATE counters SET value = 0 WHERE name = 'open_values_sealed'", ()).await.expect("as it was");
    tx.commit().await.expect("kept");
    assert!(names_them().await);
    let key = crate::harness::database::marks_key();
    app::vault::rotation::seal_what_is_open(app.portal.db(), &key).await.expect("sealed");
    assert!(!names_them().await);
    let after = app.official("du").await.get(&address).await.expect(200);
    assert_eq!(after.select(".letter"), before.select(".letter"));
    assert!(!after.select(".letter").is_empty());

    let without_key = app.another_with(Vault::locked()).await;
    without_key.official("du").await.get(&format!("/can-bo/don/{case_id}")).await.expect(200);
    without_key.official("du").await.get(&address).await.expect(503);
}

#[tokio::test]
async fn words_that_were_changed_behind_the_portals_back_are_noticed() {
    let app = TestApp::new().await;
    let (case_id, _) = file_report(&app, "Cống bị tắc").await;
    give_to_economy(&app, &case_id).await;
    let letter = issue(&app, "du", &draft(&app, "ha", &case_id, "reply").await).await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    // By somebody who has the keys, too.
    let text = store::text(&mut tx, &letter.id).await.expect("readable").expect("words");
    let sheet = text.sheet.as_ref().map(|sheet| sheet.replace("Phủ Thông", "Chợ Đồn"));
    kept::put(&mut tx, Purpose::Letter, &letter.id, &store::LetterText { sheet, ..text }).expect("sealed");
    tx.commit().await.expect("kept");
    let mut du = app.official("du").await;
    du.get(&format!("/can-bo/don/{case_id}/van-ban/{}", letter.id)).await.expect(500);
}

#[tokio::test]
async fn nobody_signs_what_they_wrote_and_only_who_may_sign_signs() {
    let app = TestApp::new().await;
    let (case_id, _) = file_report(&app, "Cống bị tắc").await;
    give_to_economy(&app, &case_id).await;
    let letter = draft(&app, "em", &case_id, "interim").await;
    for (login, expected) in [("em", "second_person"), ("ha", "role"), ("an", "role")] {
        let mut tx = app.portal.db().write().await.expect("a transaction");
        let refused = try_to_issue(&app, login, &letter, &mut tx).await;
        assert!(matches!(refused, Err(AppError::Forbidden(why)) if why == expected), "{login}: {refused:?}");
    }
    for login in ["cu", "gi", "hu"] {
        let mut tx = app.portal.db().write().await.expect("a transaction");
        assert!(matches!(try_to_issue(&app, login, &letter, &mut tx).await, Err(AppError::NotFound)), "{login} does not even see it");
    }
}

/// Every template, filled, signed and opened as page, PDF and DOCX.
#[tokio::test]
async fn every_template_becomes_a_letter_that_opens_in_every_form() {
    let app = TestApp::new().await;
    let mut du = app.official("du").await;
    let mut seen = 0;
    for kind in Kind::ALL {
        let (case_id, _) = file(&app, kind, "Việc cần giải quyết").await;
        let mut tx = app.portal.db().read().await.expect("a transaction");
        let templates = actions::templates_for(&mut tx, kind, app::clock::day(app.portal.now())).await.expect("templates");
        drop(tx);
        for template in templates.into_iter().filter(|template| !template.kinds.is_empty() || kind == Kind::Report) {
            let letter = issue(&app, "du", &draft(&app, "an", &case_id, &template.code).await).await;
            let path = format!("/can-bo/don/{case_id}/van-ban/{}", letter.id);
            let page = du.get(&path).await.expect(200);
            assert!(page.select(".letter").len() == 1 && !page.body.contains(SENDER), "{}", template.code);
            let pdf = du.get(&format!("{path}.pdf")).await.expect(200);
            assert!(pdf.bytes.starts_with(b"%PDF-") && pdf.header("content-type") == "application/pdf", "{}", template.code);
            let text = without_blanks(&text_of(&pdf.bytes));
            for words in [format!("Số: {}", letter.label.as_deref().expect("a number")), "ngày 20 tháng 11 năm 2026".to_owned()] {
                assert!(text.contains(&without_blanks(&words)), "{}: {words} is not in {text}", template.code);
            }
            if let Some(last_day) = letter.next_right_last_day {
                assert!(text.contains(&without_blanks(&date_words(last_day))), "{}: the last day is not in {text}", template.code);
            }
            assert_eq!(pdf.header("content-disposition"), format!("attachment; filename=\"van-ban-{}-2026.pdf\"", letter.number.expect("a number")));
            assert_eq!((pdf.header("cache-control"), pdf.header("x-content-type-options")), ("no-store", "nosniff"));
            let docx = du.get(&format!("{path}.docx")).await.expect(200);
            assert!(docx.bytes.starts_with(b"PK"), "{}", template.code);
            seen += 1;
        }
    }
    assert!(seen >= 34, "all templates: {seen}");
}

/// Numbers are given in the transaction that issues: one that is rolled back leaves no gap.
#[tokio::test]
async fn numbers_have_no_gaps_whatever_is_rolled_back() {
    let app = TestApp::new().await;
    let (case_id, _) = file_report(&app, "Cống bị tắc").await;
    give_to_economy(&app, &case_id).await;
    let mut numbers = Vec::new();
    for n in 0..6 {
        let letter = draft(&app, "ha", &case_id, "interim").await;
        let mut tx = app.portal.db().write().await.expect("a transaction");
        let issued = try_to_issue(&app, "du", &letter, &mut tx).await.expect("issued");
        if n % 2 == 0 {
            drop(tx);
        } else {
            tx.commit().await.expect("kept");
            numbers.push(issued.number.expect("a number"));
        }
    }
    assert_eq!(numbers, [1, 2, 3]);
    let confirmed = issue(&app, "du", &draft(&app, "ha", &case_id, "withdrawal_confirmation").await).await;
    assert_eq!(confirmed.label.as_deref(), Some("01/TB-UBND"), "another kind counts for itself");
    app.set_time("2027-01-04T02:00:00Z");
    let next_year = issue(&app, "du", &draft(&app, "ha", &case_id, "interim").await).await;
    assert_eq!((next_year.number, next_year.year), (Some(1), Some(2027)));
}

#[tokio::test]
async fn letters_signed_at_once_get_one_number_each() {
    const LETTERS: i64 = 8;
    let app = TestApp::new().await;
    let (case_id, _) = file_report(&app, "Cống bị tắc").await;
    give_to_economy(&app, &case_id).await;
    let mut drafts = Vec::new();
    for _ in 0..LETTERS {
        drafts.push(draft(&app, "ha", &case_id, "interim").await);
    }
    let (signer, case) = (actor(&app, "du").await, case(&app, &case_id).await);
    let tasks: Vec<_> = drafts
        .into_iter()
        .map(|letter| {
            let (portal, signer, case) = (app.portal.clone(), signer.clone(), case.clone());
            tokio::spawn(async move {
                let mut tx = portal.db().write().await.expect("a transaction");
                let issued = actions::issue(&mut Act { tx: &mut tx, portal: &portal, actor: &signer }, &case, &letter.id, &signing()).await.expect("issued");
                tx.commit().await.expect("kept");
                issued.number.expect("a number")
            })
        })
        .collect();
    let mut numbers = Vec::new();
    for task in tasks {
        numbers.push(task.await.expect("no task fails"));
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=LETTERS).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_text_with_blanks_or_the_senders_name_is_refused_with_its_reason() {
    let app = TestApp::new().await;
    let (case_id, _) = file_report(&app, "Cống bị tắc").await;
    give_to_economy(&app, &case_id).await;
    let (author, case) = (actor(&app, "ha").await, case(&app, &case_id).await);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &author };
    let new = |code: &str, to: &str, body: &str| NewLetter { template_code: code.into(), to: to.into(), body: body.into(), known: Known::new() };
    for (letter, expected) in [
        (new("reply", "", " \n"), TextFault::Empty),
        (new("reply", "", "Kết quả: [kết quả kiểm tra]"), TextFault::Blanks(vec!["kết quả kiểm tra".into()])),
        (new("reply", "", "Bà hoàng thị mẫu đã nói đúng"), TextFault::NamesSender),
        (new("reminder", "", "Đề nghị giải quyết"), TextFault::NoAddressee),
    ] {
        assert_eq!(actions::fault(&mut act, &case, &letter, true).await.expect("asked"), Some(expected));
    }
    assert!(matches!(actions::draft(&mut act, &case, &new("reply", "", "Bà Hoàng Thị Mẫu")).await, Err(AppError::BadRequest(_))));
    // A blank may wait in a draft, but not in an issued letter.
    let letter = actions::draft(&mut act, &case, &new("reply", "", "Kết quả: [kết quả kiểm tra]")).await.expect("a draft");
    assert!(matches!(actions::draft(&mut act, &case, &new("complaint_acceptance", "", "Thụ lý")).await, Err(AppError::BadRequest(_))), "not of this kind");
    tx.commit().await.expect("kept");
    let mut tx = app.portal.db().write().await.expect("a transaction");
    assert!(matches!(try_to_issue(&app, "du", &letter, &mut tx).await, Err(AppError::BadRequest(_))));
}

#[tokio::test]
async fn trap_34_the_denounced_never_reads_who_denounced_and_the_denouncer_never_sees_that_letter() {
    let app = TestApp::new().await;
    let (case_id, code) = file(&app, Kind::Denunciation, "Cán bộ nhận tiền").await;
    let notice = issue(&app, "du", &draft(&app, "an", &case_id, "denunciation_content_notice").await).await;
    let own = issue(&app, "du", &draft(&app, "an", &case_id, "denunciation_acceptance_notice").await).await;

    let mut tx = app.portal.db().read().await.expect("a transaction");
    let frozen = store::text(&mut tx, &notice.id).await.expect("read").expect("there").sheet.expect("frozen");
    drop(tx);
    for secret in [SENDER, "Nà Món", "Cán bộ nhận tiền"] {
        assert!(!frozen.contains(secret), "{secret}: {frozen}");
    }
    // By hand it cannot be put in either.
    let (author, case) = (actor(&app, "an").await, case(&app, &case_id).await);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &author };
    for body in ["Người tố cáo: {người gửi}", "Người tố cáo là bà Hoàng Thị Mẫu"] {
        let new = NewLetter { template_code: "denunciation_content_notice".into(), to: "ông B".into(), body: body.into(), known: known() };
        assert!(matches!(actions::draft(&mut act, &case, &new).await, Err(AppError::BadRequest(_))), "{body}");
    }
    drop(tx);

    let mut sender = citizen(&app, &code).await;
    for end in ["", ".pdf", ".docx"] {
        sender.get(&format!("/tra-cuu/van-ban/{}{end}", notice.id)).await.expect(404);
    }
    sender.get(&format!("/tra-cuu/van-ban/{}", own.id)).await.expect(200);
    let pdf = sender.get(&format!("/tra-cuu/van-ban/{}.pdf", own.id)).await.expect(200);
    assert!(pdf.bytes.starts_with(b"%PDF-"));
    sender.get(&format!("/tra-cuu/van-ban/{}.docx", own.id)).await.expect(404);
}

#[tokio::test]
async fn who_may_open_what() {
    let app = TestApp::new().await;
    let (case_id, code) = file(&app, Kind::Denunciation, "Cán bộ nhận tiền").await;
    let (other_id, other_code) = file_report(&app, "Đèn đường hỏng").await;
    let letter = issue(&app, "du", &draft(&app, "an", &case_id, "denunciation_acceptance_notice").await).await;
    let path = format!("/can-bo/don/{case_id}/van-ban/{}", letter.id);
    for (login, expected) in [("an", 200), ("du", 200), ("em", 200), ("ha", 404), ("cu", 404), ("gi", 404), ("hu", 404)] {
        let mut browser = app.official(login).await;
        for end in ["", ".pdf", ".docx"] {
            let answer = browser.get(&format!("{path}{end}")).await;
            assert_eq!(answer.status, expected, "{login} {end}");
            assert!(!answer.body.contains(SENDER), "{login} {end}");
        }
        // The letter under another case's address does not exist.
        assert_eq!(browser.get(&format!("/can-bo/don/{other_id}/van-ban/{}", letter.id)).await.status, 404, "{login}");
    }
    let own = format!("/tra-cuu/van-ban/{}", letter.id);
    assert_eq!(app.visitor().get(&own).await.location().as_deref(), Some("/tra-cuu"));
    citizen(&app, &other_code).await.get(&own).await.expect(404);
    citizen(&app, &code).await.get(&own).await.expect(200);
    assert_eq!(app.official("du").await.get(&own).await.location().as_deref(), Some("/tra-cuu"));
}

/// The sender's name comes out for a reason, to those who may know it, and the record says so.
#[tokio::test]
async fn the_whole_letter_comes_out_for_a_reason_that_is_recorded() {
    let app = TestApp::new().await;
    let (case_id, _) = file_report(&app, "Cống bị tắc").await;
    give_to_economy(&app, &case_id).await;
    let letter = issue(&app, "du", &draft(&app, "ha", &case_id, "reply").await).await;
    let path = format!("/can-bo/don/{case_id}/van-ban/{}", letter.id);
    let version = case(&app, &case_id).await.version.to_string();

    let mut du = app.official("du").await;
    du.post(&path, &[("version", &version), ("reason", "In để gửi"), ("format", "docx")]).await.expect(403);
    let mut an = app.official("an").await;
    let masked = an.get(&format!("{path}.docx")).await.expect(200).bytes;
    an.post(&path, &[("version", &version), ("reason", " ")]).await.expect(422);
    let stale = an.post(&path, &[("version", "1"), ("reason", "In để gửi bưu điện")]).await.expect(409);
    assert_eq!(stale.field("reason").trim(), "In để gửi bưu điện");
    assert_eq!(case(&app, &case_id).await.version.to_string(), version, "nothing was opened yet");
    let whole = an.post(&path, &[("version", &version), ("reason", "In để gửi bưu điện"), ("format", "docx")]).await.expect(200);
    assert!(whole.bytes.starts_with(b"PK") && whole.bytes != masked);
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let last = app::petitions::store::history(&mut tx, &case_id, 0).await.expect("read").pop().expect("an entry");
    assert_eq!((last.event.code(), last.actor_id.as_deref()), ("identity_opened", Some("account-an")));
}

#[tokio::test]
async fn a_draft_goes_when_it_is_dropped_and_changes_its_author_when_it_is_rewritten() {
    let app = TestApp::new().await;
    let (case_id, _) = file_report(&app, "Cống bị tắc").await;
    give_to_economy(&app, &case_id).await;
    let letter = draft(&app, "ha", &case_id, "interim").await;
    let (second, case) = (actor(&app, "em").await, case(&app, &case_id).await);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &second };
    let changed = actions::redraft(&mut act, &case, &letter.id, "", "Đang làm. Sẽ báo lại").await.expect("changed");
    assert_eq!(changed.drafted_by, "account-em");
    assert!(matches!(actions::issue(&mut act, &case, &letter.id, &signing()).await, Err(AppError::Forbidden("second_person"))));
    actions::drop_draft(&mut act, &case, &letter.id).await.expect("dropped");
    assert_eq!(store::of_case(act.tx, &case_id).await.expect("read"), []);
}

#[tokio::test]
async fn an_administrator_adds_a_version_and_old_letters_keep_their_words() {
    let app = TestApp::new().await;
    let (case_id, code) = file_report(&app, "Cống bị tắc").await;
    give_to_economy(&app, &case_id).await;
    let old = issue(&app, "du", &draft(&app, "ha", &case_id, "interim").await).await;

    let mut ti = app.official("ti").await;
    let list = ti.get("/can-bo/mau-van-ban").await.expect(200);
    assert!(list.select("tbody tr").len() >= 34);
    let page = ti.get("/can-bo/mau-van-ban/interim").await.expect(200);
    assert_eq!(page.select(".letter").len(), 1);
    ti.get("/can-bo/mau-van-ban/interim?dang=pdf").await.expect(200);
    ti.get("/can-bo/mau-van-ban/khong-co").await.expect(404);
    let fields: Vec<(String, String)> = ["valid_from", "name", "symbol", "title", "about", "opens", "bases", "body", "recipients", "next_right", "source"]
        .into_iter()
        .map(|name| (name.to_owned(), page.field(name)))
        .collect();
    let send = |change: Vec<(&str, &str)>| {
        let mut all: Vec<(String, String)> = fields.clone();
        for (name, value) in change {
            all.retain(|(known, _)| known != name);
            all.push((name.to_owned(), value.to_owned()));
        }
        all
    };
    let post = async |browser: &mut Browser, change: Vec<(&str, &str)>| {
        let all = send(change);
        let pairs: Vec<(&str, &str)> = all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.post("/can-bo/mau-van-ban/interim", &pairs).await
    };

    let refused = post(&mut ti, vec![("body", "Kính báo {ngày sinh}"), ("action", "save")]).await.expect(422);
    assert!(refused.field("body").contains("Kính báo {ngày sinh}") && refused.text().contains("ngày sinh"), "every word stays");
    let tried = post(&mut ti, vec![("body", "Lời mới của mẫu"), ("action", "preview")]).await.expect(200);
    assert!(tried.select(".letter").concat().contains("Lời mới của mẫu"));
    let pdf = post(&mut ti, vec![("body", "Lời mới của mẫu"), ("action", "pdf")]).await.expect(200);
    assert!(pdf.bytes.starts_with(b"%PDF-"));
    assert!(!ti.get("/can-bo/mau-van-ban/interim").await.expect(200).select(".letter").concat().contains("Lời mới"), "nothing was kept yet");
    post(&mut ti, vec![("valid_from", "2026-11-19"), ("action", "save")]).await.expect(422);
    post(&mut ti, vec![("body", "Lời mới của mẫu"), ("action", "save")]).await.expect(303);
    assert!(ti.get("/can-bo/mau-van-ban/interim").await.expect(200).select(".letter").concat().contains("Lời mới của mẫu"));

    // A commune's administrator looks and does not change.
    let mut gi = app.official("gi").await;
    gi.get("/can-bo/mau-van-ban/interim").await.expect(200);
    post(&mut gi, vec![("body", "Lời khác"), ("action", "save")]).await.expect(403);

    let new = issue(&app, "du", &draft(&app, "ha", &case_id, "interim").await).await;
    assert_eq!((old.template_from.to_string(), new.template_from.to_string()), ("2026-07-01".to_owned(), "2026-11-20".to_owned()));
    let mut sender = citizen(&app, &code).await;
    assert!(!sender.get(&format!("/tra-cuu/van-ban/{}", old.id)).await.expect(200).body.contains("Lời mới của mẫu"));
    assert!(sender.get(&format!("/tra-cuu/van-ban/{}", new.id)).await.expect(200).body.contains("Lời mới của mẫu"));
    // Letters were made from this version: it can no longer be overwritten, a later day can.
    post(&mut ti, vec![("body", "Sửa đè"), ("action", "save")]).await.expect(422);
    post(&mut ti, vec![("body", "Từ mai"), ("valid_from", "2026-11-21"), ("action", "save")]).await.expect(303);
}

#[tokio::test]
async fn a_report_that_turns_out_a_denunciation_gets_only_letters_that_keep_the_secret() {
    let app = TestApp::new().await;
    let (case_id, _) = file_report(&app, "Cán bộ nhận tiền").await;
    let (intake, before) = (actor(&app, "an").await, case(&app, &case_id).await);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &intake };
    let after = reclassify(&mut act, &before, Kind::Denunciation, "có nội dung tố cáo").await.expect("reclassified");
    let new =
        NewLetter { template_code: "transfer".into(), to: "Sở Nội vụ".into(), body: "Chuyển đơn của {người gửi}".into(), known: known() };
    assert!(matches!(actions::draft(&mut act, &after, &new).await, Err(AppError::BadRequest(_))), "the slip that names the sender no longer fits");
    assert!(actions::prefill(&mut act, &after, "transfer_denunciation", &known()).await.is_ok());
}
