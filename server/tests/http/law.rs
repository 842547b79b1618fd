//! The procedures over HTTP: whole ways through two instances, and every step that is refused — by the law, to the wrong person, on a
//! stale page — with a message that names the rule.

use crate::harness::pdf_text::{text_of, without_blanks};
use crate::harness::petitions_of::{SENDER_PHONE, actor, case, file, give_to_economy};
use crate::harness::{Answer, PHU_THONG_ECONOMY, PROVINCE_BODY, TestApp};
use crate::record::look;
use app::letters::office::date_words;
use app::letters::store as letters;
use app::letters::templates::{Addressee, built_in};
use app::petitions::procedure::{Known, outcome};
use app::petitions::rules::{Case, Event, Kind, Progress, State, can_step};
use app::petitions::store;
use app::procedures::step::{Attendance, Finding, Ground, Step, StepName, Whose};
use app::procedures::{Procedure, Refusal, Stage, administrative_rule, complaint, denunciation, opinion, praise, telling};
use app::words::Lang;
use chrono::{Days, NaiveDate};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn page(case: &Case) -> String {
    format!("/can-bo/don/{}", case.id)
}

/// Somebody at their desk; days pass, so each time they sign in anew.
#[derive(Clone, Copy)]
struct Desk<'a>(&'a TestApp, &'static str);

impl Desk<'_> {
    async fn get(self, path: &str) -> Answer {
        self.0.signed_in(self.1).await.get(path).await
    }
}

/// Sends the form of a step with the version the page shows now.
async fn step(desk: Desk<'_>, case: &Case, name: StepName, fields: &[(&str, &str)]) -> Answer {
    post(desk, case, &format!("thu-tuc/{}", name.code()), fields).await
}

async fn post(desk: Desk<'_>, case: &Case, last: &str, fields: &[(&str, &str)]) -> Answer {
    let version = desk.get(&page(case)).await.expect(200).field("version");
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    desk.0.signed_in(desk.1).await.post(&format!("{}/{last}", page(case)), &all).await
}

/// The letters of a step as its page begins them, every blank filled.
async fn letters(desk: Desk<'_>, case: &Case, name: StepName) -> Vec<(String, String)> {
    let form = desk.get(&format!("{}/thu-tuc/{}", page(case), name.code())).await.expect(200);
    let names = [form.attribute("textarea", "name"), form.attribute("input", "name")].concat();
    let of_letters = names.into_iter().filter(|name| name.starts_with("letter_") || name.starts_with("to_") || name == "accused");
    of_letters
        .map(|name| {
            let words = if !name.starts_with("letter_") { "ông Nguyễn Văn B".to_owned() } else { filled(&form.field(&name)) };
            (name, words)
        })
        .collect()
}

/// A text with its "[…]" filled.
fn filled(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        let (_, after) = after.split_once(']').expect("a blank ends");
        out.push_str(before);
        out.push_str("nội dung đã điền");
        rest = after;
    }
    out + rest
}

/// Drafts a step and has it signed by somebody else.
async fn signed(drafter: Desk<'_>, signer: Desk<'_>, case: &Case, name: StepName, fields: &[(&str, &str)]) {
    let letters = letters(drafter, case, name).await;
    let mut all = fields.to_vec();
    all.extend(letters.iter().map(|(name, words)| (name.as_str(), words.as_str())));
    let answer = step(drafter, case, name, &all).await;
    assert_eq!(answer.status, 303, "{name:?} is drafted: {}", answer.text());
    let answer = post(signer, case, "ky", &[]).await;
    assert_eq!(answer.status, 303, "{name:?} is signed: {}", answer.text());
}

/// Drafts a step that has no facts of its own.
async fn draft(desk: Desk<'_>, case: &Case, name: StepName) {
    let letters = letters(desk, case, name).await;
    let fields: Vec<(&str, &str)> = letters.iter().map(|(name, words)| (name.as_str(), words.as_str())).collect();
    step(desk, case, name, &fields).await.expect(303);
}

/// The citizen's page.
async fn follow(app: &TestApp, id: &str) -> Answer {
    app.visiting(id).await.get("/tra-cuu/don").await.expect(200)
}

/// Sends a form of the citizen's page.
async fn cite(app: &TestApp, id: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let of = follow(app, id).await.field("_of");
    let mut all = vec![("_of", of.as_str())];
    all.extend_from_slice(fields);
    app.visiting(id).await.post(path, &all).await
}

#[tokio::test]
async fn a_complaint_goes_through_both_instances() {
    let app = TestApp::new().await;
    let (id, _) = file(&app, Kind::Complaint, "Quyết định thu hồi đất sai diện tích").await;
    let now = case(&app, &id).await;
    assert_eq!(now.due_on, day("2026-12-02"), "seven working days: 24/11 is off");
    give_to_economy(&app, &id).await;
    let (ha, em) = (Desk(&app, "ha"), Desk(&app, "em"));

    app.set_time("2026-11-25T02:00:00Z");
    let first = ha.get(&page(&now)).await.expect(200);
    assert!(first.text().contains("Bước của bạn: Thụ lý"), "{}", first.text());
    signed(ha, em, &now, StepName::Accept, &[]).await;
    assert_eq!(case(&app, &id).await.due_on, day("2026-12-25"), "thirty days from the acceptance");
    step(ha, &now, StepName::Charge, &[("unit", PHU_THONG_ECONOMY), ("handler", "account-ha")]).await.expect(303);
    let report = [("differs", "yes"), ("law_reason", "Diện tích đo lại là 92 m², quyết định ghi 80 m².")];
    step(ha, &now, StepName::ReportVerification, &report).await.expect(303);

    let early = step(ha, &now, StepName::Decide, &[("finding", "right")]).await.expect(409);
    assert!(early.text().contains("phải đối thoại trước khi quyết định (Điều 30 Luật Khiếu nại)"), "{}", early.text());
    let letters = letters(ha, &now, StepName::Invite).await;
    let mut too_soon = vec![("day", "28/11/2026")];
    too_soon.extend(letters.iter().map(|(name, words)| (name.as_str(), words.as_str())));
    let soon = step(ha, &now, StepName::Invite, &too_soon).await.expect(409);
    assert!(soon.text().contains("sớm nhất là ngày 30/11/2026"), "{}", soon.text());
    assert_eq!(soon.field("day"), "28/11/2026", "what was typed stays");
    assert!(soon.field("letter_dialogue_invitation").contains("nội dung đã điền"), "and so do the letters");
    signed(ha, em, &now, StepName::Invite, &[("day", "30/11/2026")]).await;
    app.set_time("2026-11-30T08:00:00Z");
    signed(ha, em, &now, StepName::HoldDialogue, &[("day", "30/11/2026"), ("attendance", "all")]).await;
    signed(ha, em, &now, StepName::Decide, &[("finding", "wrong")]).await;
    let decided = case(&app, &id).await;
    assert_eq!((decided.state, decided.is_open, decided.due_on), (State::Assigned, true, day("2026-12-03")), "what is decided must still be sent");
    step(ha, &now, StepName::Send, &[("day", "30/11/2026")]).await.expect(303);
    step(ha, &now, StepName::Serve, &[("day", "30/11/2026")]).await.expect(303);
    assert_eq!(case(&app, &id).await.state, State::Answered);

    let told = follow(&app, &id).await.text();
    assert!(told.contains("ra quyết định giải quyết: sai"), "{told}");
    assert!(told.contains("chậm nhất thứ Tư, 30/12/2026"), "{told}");
    cite(&app, &id, "/tra-cuu/don/khieu-nai-tiep", &[("appeal", "")]).await.expect(422);
    app.set_time("2026-12-30T02:00:00Z");
    let words = [("appeal", "Tôi không đồng ý với số đo."), ("_once", "01234567-89ab-4def-8123-456789abcdef")];
    cite(&app, &id, "/tra-cuu/don/khieu-nai-tiep", &words).await.expect(303);
    cite(&app, &id, "/tra-cuu/don/khieu-nai-tiep", &words).await.expect(303);
    let second = case(&app, &id).await;
    assert_eq!((second.body_id.as_str(), second.state), (PROVINCE_BODY, State::Submitted), "with the competent superior");
    assert_eq!(second.answered_on, None);
    ha.get(&page(&now)).await.expect(404);
    second_instance(&app, &now).await;
}

/// Every letter of a case that is out, as PDF: its text layer has number and day, for the sender the next right and its last day.
async fn letters_say_what_they_must(desk: Desk<'_>, case_id: &str, least: usize) {
    let app = desk.0;
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let letters = letters::of_case(&mut tx, case_id).await.expect("read");
    drop(tx);
    let mut seen = 0;
    for letter in letters.into_iter().filter(letters::Letter::is_issued) {
        let code = &letter.template_code;
        let pdf = desk.get(&format!("/can-bo/don/{case_id}/van-ban/{}.pdf", letter.id)).await.expect(200).bytes;
        let text = without_blanks(&text_of(&pdf));
        let says = |words: &str| assert!(text.contains(&without_blanks(words)), "{code}: {words} is not in {text}");
        says(&format!("Số: {}", letter.label.as_deref().expect("a number")));
        says(&date_words(app::clock::day(letter.signed_at.expect("signed"))));
        says(letter.signed_by_name.as_deref().expect("signed"));
        if letter.addressee == Addressee::Sender {
            let template = built_in().expect("templates").into_iter().find(|template| template.code == *code).expect("the template");
            let right = template.next_right.split('{').next().expect("words").replace('*', "");
            assert!(right.trim().len() > 10, "{code}: {right}");
            says(right.trim());
        }
        if let Some(last_day) = letter.next_right_last_day {
            says(&date_words(last_day));
        }
        seen += 1;
    }
    assert!(seen >= least, "only {seen} letters");
    let record = look(app).await;
    assert_eq!(record.findings, []);
    assert!(record.words >= i64::try_from(seen).expect("few"), "the record has a mark of each letter: {record:?}");
}

async fn second_instance(app: &TestApp, now: &Case) {
    let (to, va, xa) = (Desk(app, "to"), Desk(app, "va"), Desk(app, "xa"));
    post(to, now, "nhan", &[]).await.expect(303);
    post(to, now, "giao", &[("unit", ""), ("handler", "account-va")]).await.expect(303);
    app.set_time("2027-01-05T02:00:00Z");
    signed(va, xa, now, StepName::Accept, &[]).await;
    step(va, now, StepName::Charge, &[("unit", ""), ("handler", "account-va")]).await.expect(303);
    step(va, now, StepName::ReportVerification, &[("differs", "no"), ("law_reason", "Đã đo lại lần nữa.")]).await.expect(303);
    let early = step(va, now, StepName::Decide, &[("finding", "wrong")]).await.expect(409);
    assert!(early.text().contains("Lần hai phải đối thoại"), "{}", early.text());
    signed(va, xa, now, StepName::Invite, &[("day", "11/01/2027")]).await;
    app.set_time("2027-01-11T08:00:00Z");
    signed(va, xa, now, StepName::HoldDialogue, &[("day", "11/01/2027"), ("attendance", "somebody_absent")]).await;
    signed(va, xa, now, StepName::Decide, &[("finding", "partly_right")]).await;
    for name in [StepName::Send, StepName::Serve, StepName::Publish] {
        step(va, now, name, &[("day", "11/01/2027")]).await.expect(303);
    }
    assert_eq!(case(app, &now.id).await.state, State::Answered);
    let page = follow(app, &now.id).await.text();
    assert!(page.contains("Không có lần khiếu nại, tố cáo tiếp nữa"), "{page}");
    post(to, now, "ket-thuc", &[]).await.expect(409);
    app.set_time("2027-03-01T02:00:00Z");
    step(va, now, StepName::TakeEffect, &[]).await.expect(303);
    step(va, now, StepName::Execute, &[("day", "01/03/2027"), ("law_reason", "Đã trả thêm tiền.")]).await.expect(303);
    post(to, now, "ket-thuc", &[]).await.expect(303);
    assert_eq!(case(app, &now.id).await.state, State::Closed);
    letters_say_what_they_must(va, &now.id, 8).await;
}

#[tokio::test]
async fn a_denunciation_is_extended_twice_and_concluded() {
    let app = TestApp::new().await;
    let (id, _) = file(&app, Kind::Denunciation, "Cán bộ nhận tiền").await;
    let now = case(&app, &id).await;
    let (an, ha, em) = (Desk(&app, "an"), Desk(&app, "ha"), Desk(&app, "em"));
    post(an, &now, "nhan", &[]).await.expect(303);
    post(an, &now, "giao", &[("unit", ""), ("handler", "account-ha")]).await.expect(303);
    let unseen = step(ha, &now, StepName::Accept, &[]).await.expect(409);
    assert!(unseen.text().contains("Chưa xác minh người tố cáo (Điều 24, Điều 29 Luật Tố cáo)"), "{}", unseen.text());
    step(an, &now, StepName::CheckIdentity, &[("verified", "yes"), ("law_reason", "Đã gặp tại nơi tiếp công dân.")]).await.expect(303);
    signed(ha, em, &now, StepName::Accept, &[]).await;
    assert_eq!(case(&app, &id).await.due_on, day("2026-11-30"), "first of all both sides are told, within five working days");
    step(ha, &now, StepName::Send, &[("day", "20/11/2026")]).await.expect(303);
    assert_eq!(case(&app, &id).await.due_on, day("2026-12-21"), "thirty days: 20/12 is a Sunday");
    step(ha, &now, StepName::Charge, &[("unit", ""), ("handler", "account-ha")]).await.expect(303);
    for (at, last) in [("2026-12-18T02:00:00Z", "2027-01-19"), ("2027-01-18T02:00:00Z", "2027-02-18")] {
        app.set_time(at);
        let without = step(ha, &now, StepName::Extend, &[]).await.expect(422);
        assert!(without.text().contains("không có lý do bằng văn bản thì bước này không có giá trị"));
        signed(ha, em, &now, StepName::Extend, &[("law_reason", "Phải xác minh ở hai nơi.")]).await;
        assert_eq!(case(&app, &id).await.due_on, day(last));
    }
    let third = step(ha, &now, StepName::Extend, &[("law_reason", "Lần nữa.")]).await.expect(409);
    assert!(third.text().contains("Điều 30 Luật Tố cáo"), "{}", third.text());
    step(ha, &now, StepName::ReportVerification, &[("law_reason", "Xác minh xong.")]).await.expect(303);
    signed(ha, em, &now, StepName::Conclude, &[("finding", "right")]).await;
    for name in [StepName::Send, StepName::ActOn, StepName::ReportAction, StepName::Publish] {
        step(ha, &now, name, &[("day", "18/01/2027"), ("law_reason", "Đã xử lý.")]).await.expect(303);
    }
    post(an, &now, "ket-thuc", &[]).await.expect(303);
    assert_eq!(case(&app, &id).await.state, State::Closed);
    letters_say_what_they_must(ha, &id, 7).await;
}

#[tokio::test]
async fn an_answer_with_a_promise_is_kept_confirmed_or_sent_back() {
    let app = TestApp::new().await;
    let (id, _) = file(&app, Kind::Report, "Đèn đường hỏng").await;
    give_to_economy(&app, &id).await;
    let now = case(&app, &id).await;
    let (an, ha, em) = (Desk(&app, "an"), Desk(&app, "ha"), Desk(&app, "em"));
    let answer = |promised: &'static str| [("answer", "Sẽ thay bóng."), ("promised_on", promised), ("action", "send")];
    let past = post(ha, &now, "tra-loi", &answer("20/11/2026")).await.expect(422);
    assert!(past.text().contains("Hãy ghi một ngày sau hôm nay"), "{}", past.text());
    post(ha, &now, "tra-loi", &answer("27/11/2026")).await.expect(303);
    post(em, &now, "duyet", &[]).await.expect(303);
    assert!(follow(&app, &id).await.text().contains("hứa làm xong ngày thứ Sáu, 27/11/2026"));
    post(an, &now, "ket-thuc", &[]).await.expect(409);
    let early = cite(&app, &id, "/tra-cuu/don/da-xong", &[]).await.expect(409);
    assert!(early.text().contains("Còn việc đã hứa"), "{}", early.text());
    step(ha, &now, StepName::MovePromise, &[("day", "4/12/2026"), ("law_reason", "Chờ bóng mới.")]).await.expect(303);
    assert!(follow(&app, &id).await.text().contains("lần đầu hứa 27/11/2026"), "the first day stays visible");
    step(ha, &now, StepName::Fulfil, &[("day", "20/11/2026"), ("law_reason", "Đã thay.")]).await.expect(303);
    cite(&app, &id, "/tra-cuu/don/chua-xong", &[("not_done", "Vẫn tối.")]).await.expect(303);
    let again = case(&app, &id).await;
    assert_eq!((again.state, again.due_on, again.answered_on), (State::Assigned, day("2026-12-07"), None), "ten working days anew");
    post(ha, &now, "tra-loi", &answer("")).await.expect(303);
    post(em, &now, "duyet", &[]).await.expect(303);
    cite(&app, &id, "/tra-cuu/don/da-xong", &[]).await.expect(303);
    cite(&app, &id, "/tra-cuu/don/da-xong", &[]).await.expect(303);
    assert!(follow(&app, &id).await.text().contains("Bạn đã xác nhận việc đã xong."));
}

#[tokio::test]
async fn a_draft_is_signed_by_a_second_person_or_sent_back_with_a_reason() {
    let app = TestApp::new().await;
    let (id, _) = file(&app, Kind::Complaint, "Quyết định phạt sai").await;
    give_to_economy(&app, &id).await;
    let now = case(&app, &id).await;
    let (ha, em) = (Desk(&app, "ha"), Desk(&app, "em"));
    draft(em, &now, StepName::Accept).await;
    post(em, &now, "ky", &[]).await.expect(403);
    let du = Desk(&app, "du");
    post(du, &now, "tra-du-thao", &[("draft_return_reason", "")]).await.expect(422);
    post(du, &now, "tra-du-thao", &[("draft_return_reason", "Thiếu địa chỉ thửa đất.")]).await.expect(303);
    let back = em.get(&page(&now)).await.expect(200);
    assert!(back.text().contains("Dự thảo trước bị trả lại: Thiếu địa chỉ thửa đất."), "{}", back.text());
    draft(ha, &now, StepName::Accept).await;
    let version = du.get(&page(&now)).await.field("version");
    for _ in 0..2 {
        // Pressed twice: signed once.
        app.signed_in("du").await.post(&format!("{}/ky", page(&now)), &[("version", &version)]).await.expect(303);
    }
    let accepted = case(&app, &id).await.procedure();
    assert_eq!(accepted.stage.word(), "handling");
    assert_eq!(accepted.clocks.len(), 2, "one period ended, one begun");
}

#[tokio::test]
async fn trap_16_a_corrected_kind_gives_its_reason_and_counts_from_the_original_receipt() {
    let app = TestApp::new().await;
    let (id, _) = file(&app, Kind::Complaint, "Xin sửa đường").await;
    let now = case(&app, &id).await;
    let an = Desk(&app, "an");
    post(an, &now, "nhan", &[]).await.expect(303);
    app.set_time("2026-11-26T02:00:00Z");
    post(an, &now, "phan-loai", &[("kind", "recommendation"), ("kind_reason", "")]).await.expect(422);
    post(an, &now, "phan-loai", &[("kind", "recommendation"), ("kind_reason", "Không có quyết định nào bị khiếu nại.")]).await.expect(303);
    let after = case(&app, &id).await;
    assert_eq!(after.received_on, day("2026-11-20"), "the receipt is the original one");
    assert_eq!(after.due_on, day("2026-12-07"), "ten working days from it, not from the correction; 24/11 is off");
    let page = an.get(&page(&now)).await.expect(200);
    assert!(page.text().contains("Không có quyết định nào bị khiếu nại."), "{}", page.text());
}

// ---- the table ----

/// Where a case of each kind can stand, as a procedure received on 2/11 and at work on 20/11/2026.
fn stages(kind: Kind) -> Vec<(&'static str, Stage)> {
    let accepted_on = day("2026-11-05");
    match kind {
        Kind::Complaint => {
            let handling = complaint::Handling {
                instance: complaint::Instance::First,
                accepted_on,
                is_complex: false,
                verification: complaint::Verification::Open,
                dialogue: complaint::Dialogue::None,
                taken_back_on: None,
            };
            let differs = complaint::Handling { verification: complaint::Verification::Reported { differs: true }, ..handling.clone() };
            let second = complaint::Handling { instance: complaint::Instance::Second, ..differs.clone() };
            let decided = complaint::Decided {
                instance: complaint::Instance::First,
                finding: Finding::Wrong,
                on: day("2026-11-18"),
                sent_on: None,
                served_on: None,
                published_on: None,
                is_in_force: false,
                executed_on: None,
            };
            [
                ("received", complaint::State::begin()),
                ("accepted", complaint::State::Handling(handling.clone())),
                ("verified, it differs", complaint::State::Handling(differs)),
                ("second instance, verified", complaint::State::Handling(second)),
                ("suspended", complaint::State::Suspended { handling }),
                ("decided", complaint::State::Decided(decided)),
                ("refused", complaint::State::Over { how: complaint::Over::Refused(Ground::OutOfTime) }),
            ]
            .map(|(name, state)| (name, Stage::Complaint(state)))
            .to_vec()
        }
        Kind::Denunciation => {
            let handling = denunciation::Handling {
                accepted_on,
                extensions: 2,
                is_charged: false,
                is_reported: false,
                taken_back_on: Some(day("2026-11-19")),
                is_further: false,
            };
            let concluded = denunciation::Concluded {
                finding: Finding::Right,
                on: day("2026-11-18"),
                sent_on: None,
                acted_on: None,
                reported_on: None,
                published_on: None,
                is_further: false,
            };
            [
                ("received", denunciation::State::begin()),
                ("extended twice, taken back", denunciation::State::Handling(handling.clone())),
                ("suspended", denunciation::State::Suspended { handling }),
                ("concluded", denunciation::State::Concluded(concluded)),
                ("information", denunciation::State::Over { how: denunciation::Over::Information }),
            ]
            .map(|(name, state)| (name, Stage::Denunciation(state)))
            .to_vec()
        }
        Kind::Report | Kind::Recommendation => {
            let on = day("2026-11-18");
            [
                ("open", opinion::State::begin()),
                ("answered", opinion::answer(&opinion::State::begin(), on, None)),
                ("promised", opinion::answer(&opinion::State::begin(), on, Some(day("2026-12-01")))),
                ("done", opinion::State::Done { on, promised: day("2026-12-01"), sent_back: 0 }),
            ]
            .map(|(name, state)| (name, Stage::Opinion(state)))
            .to_vec()
        }
        Kind::AdministrativeRule => {
            let on = day("2026-11-18");
            let handled = administrative_rule::State::Handled { was_passed_on: false, sent_back: 0 };
            let passed_on = administrative_rule::State::Handled { was_passed_on: true, sent_back: 0 };
            let answered = administrative_rule::answer(&handled, on);
            [
                ("received", administrative_rule::State::Received),
                ("taken up", handled),
                ("passed on", passed_on),
                ("published", administrative_rule::release(&answered, on)),
                ("answered", answered),
            ]
            .map(|(name, state)| (name, Stage::AdministrativeRule(state)))
            .to_vec()
        }
        Kind::Praise => {
            let on = day("2026-11-18");
            [("received", praise::State::Received), ("passed on", praise::State::Conveyed { on }), ("thanked", praise::State::Thanked { on })]
                .map(|(name, state)| (name, Stage::Praise(state)))
                .to_vec()
        }
    }
}

/// A case of that kind in that stage, with handler `ha`, and the clocks its stage has running.
async fn standing(app: &TestApp, kind: Kind, stage: &Stage) -> Case {
    let (id, _) = file(app, kind, "Việc thử").await;
    let before = case(app, &id).await;
    let mut procedure = Procedure::begin(stage.clone(), before.received_on, before.due_on, PHU_THONG_ECONOMY);
    let code = match stage {
        Stage::Complaint(complaint::State::Handling(handling) | complaint::State::Suspended { handling }) => handling.instance.resolution(),
        Stage::Complaint(complaint::State::Decided(_)) => "K5",
        Stage::Denunciation(denunciation::State::Handling(_) | denunciation::State::Suspended { .. }) => "T5",
        Stage::Denunciation(denunciation::State::Concluded(_)) => "T7",
        Stage::AdministrativeRule(state) if *state != administrative_rule::State::Received => "R1",
        _ => stage.first_rule().unwrap_or_default(),
    };
    if let Some(clock) = procedure.clocks.first_mut() {
        code.clone_into(&mut clock.code);
    }
    let state = match stage.phase() {
        app::procedures::Phase::Over | app::procedures::Phase::TakenBack => State::Closed,
        app::procedures::Phase::Decided if stage.ends_with_answer() => State::Answered,
        _ => State::Assigned,
    };
    let after = Case {
        state,
        is_open: state.is_open(),
        answered_on: (state == State::Answered).then(|| day("2026-11-18")),
        unit_id: Some(PHU_THONG_ECONOMY.into()),
        handler_id: Some("account-ha".into()),
        progress: Progress::from(procedure),
        version: before.version + 1,
        ..before.clone()
    };
    let mut tx = app.portal.db().write().await.expect("a transaction");
    store::update(&mut tx, &before, &after).await.expect("placed");
    let note = Event::Noted { note_id: "none".into() };
    store::add_history(&mut tx, &after.id, after.version, app.portal.now(), &actor(app, "an").await, &note).await.expect("recorded");
    tx.commit().await.expect("kept");
    after
}

/// A step with facts that are right on 20/11/2026, and how its form says them.
fn with_form(name: StepName, kind: Kind) -> Option<(Step, Vec<(&'static str, &'static str)>)> {
    let today = day("2026-11-20");
    let far = today + Days::new(20);
    let dated = vec![("day", "20/11/2026")];
    let ground = if kind == Kind::Complaint { Ground::OutOfTime } else { Ground::NoBasis };
    let ground_code = if kind == Kind::Complaint { "out_of_time" } else { "no_basis" };
    let (step, mut fields) = match name {
        StepName::RecordReferral => (Step::RecordReferral, vec![]),
        StepName::CheckIdentity => (Step::CheckIdentity { is_verified: true }, vec![("verified", "yes")]),
        StepName::Accept => (Step::Accept, vec![]),
        StepName::Refuse => (Step::Refuse { ground }, vec![("ground", ground_code)]),
        StepName::Guide => (Step::Guide, vec![]),
        StepName::GiveBack => (Step::GiveBack, vec![]),
        StepName::PassOn => (Step::PassOn { to_body_id: PROVINCE_BODY.into() }, vec![("to_body", PROVINCE_BODY)]),
        StepName::KeepAsInformation => (Step::KeepAsInformation, vec![]),
        StepName::Charge => {
            let step = Step::Charge { unit_id: Some(PHU_THONG_ECONOMY.into()), account_id: Some("account-ha".into()) };
            (step, vec![("unit", PHU_THONG_ECONOMY), ("handler", "account-ha")])
        }
        StepName::ReportVerification => (Step::ReportVerification { differs: false }, vec![("differs", "no")]),
        StepName::Invite => (Step::Invite { day: far }, vec![("day", "10/12/2026")]),
        StepName::HoldDialogue => (Step::HoldDialogue { on: today, attendance: Attendance::All }, vec![("day", "20/11/2026"), ("attendance", "all")]),
        StepName::Extend => (Step::Extend, vec![]),
        StepName::Suspend => (Step::Suspend, vec![]),
        StepName::Resume => (Step::Resume, vec![]),
        StepName::Terminate => (Step::Terminate, vec![]),
        StepName::ContinueDespite => (Step::ContinueDespite, vec![]),
        StepName::Decide => (Step::Decide { finding: Finding::Wrong }, vec![("finding", "wrong")]),
        StepName::Conclude => (Step::Conclude { finding: Finding::Wrong }, vec![("finding", "wrong")]),
        StepName::Send => (Step::Send { on: today }, dated),
        StepName::Serve => (Step::Serve { on: today }, dated),
        StepName::Publish => (Step::Publish { on: today }, dated),
        StepName::ActOn => (Step::ActOn { on: today }, dated),
        StepName::ReportAction => (Step::ReportAction { on: today }, dated),
        StepName::Execute => (Step::Execute { on: today }, dated),
        StepName::Fulfil => (Step::Fulfil { on: today }, dated),
        StepName::TakeEffect => (Step::TakeEffect, vec![]),
        StepName::GoToCourt => (Step::GoToCourt, vec![]),
        StepName::MovePromise => (Step::MovePromise { to: far }, vec![("day", "10/12/2026")]),
        StepName::TakeUp => (Step::TakeUp, vec![]),
        StepName::Store => (Step::Store, vec![]),
        StepName::Convey => (Step::Convey, vec![]),
        StepName::Appeal | StepName::TakeBack | StepName::Confirm | StepName::SendBack => return None,
    };
    if name.needs_reason() {
        fields.push(("law_reason", "Lý do ghi trong hồ sơ."));
    }
    Some((step, fields))
}

/// Who takes a step, and who sees the case but may not take it.
fn hands(name: StepName) -> (&'static str, &'static str) {
    match name.whose() {
        Whose::Intake => ("an", "ha"),
        Whose::Handler | Whose::Signed => ("ha", "du"),
        Whose::Citizen => unreachable!("the citizen has pages of their own"),
    }
}

async fn the_table_of(kind: Kind) {
    let app = TestApp::new().await;
    let known = Known { has_identity: true, are_signatures_complete: true, was_guided: false };
    let mut browsers = std::collections::HashMap::new();
    for login in ["an", "ha", "du"] {
        browsers.insert(login, app.signed_in(login).await);
    }
    let (mut allowed, mut refused) = (0, 0);
    for (place, stage) in stages(kind) {
        for (name, step, fields) in StepName::ALL.into_iter().filter_map(|name| with_form(name, kind).map(|(step, fields)| (name, step, fields))) {
            let now = standing(&app, kind, &stage).await;
            let what = format!("{kind:?}, {place}: {name:?}");
            let path = format!("{}/thu-tuc/{}", page(&now), name.code());
            let (right, wrong) = hands(name);
            let version = now.version.to_string();
            let form = |version: &'static str| fields.iter().copied().chain([("version", version)]).collect::<Vec<_>>();
            let mut current: Vec<(&str, &str)> = fields.clone();
            current.push(("version", &version));

            let answer = browsers.get_mut(wrong).expect("signed in").post(&path, &current).await;
            assert_eq!(answer.status, 403, "{what} by the wrong person");
            assert!(answer.text().contains("Vai trò của bạn không được làm bước này"), "{what}: {}", answer.text());
            let answer = browsers.get_mut(right).expect("signed in").post(&path, &form("1")).await;
            assert_eq!(answer.status, 409, "{what} on a stale page");
            assert!(answer.text().contains("Có người vừa làm một bước khác"), "{what}: {}", answer.text());

            let directory = app.portal.directory();
            let by_law = outcome(&directory, day("2026-11-20"), &now, known, &step).map(|_| ());
            let law = match by_law {
                // What the kind does not have is said before what the moment does not allow.
                Err(Refusal::NotOfThisKind | Refusal::OtherWayForKind) => by_law,
                _ => can_step(&now, name).and(by_law),
            };
            let letters = if law.is_ok() { letters(Desk(&app, right), &now, name).await } else { Vec::new() };
            let mut current = current.clone();
            current.extend(letters.iter().map(|(name, words)| (name.as_str(), words.as_str())));
            let answer = browsers.get_mut(right).expect("signed in").post(&path, &current).await;
            match law {
                Ok(()) => {
                    assert_eq!(answer.status, 303, "{what} is allowed: {}", answer.text());
                    allowed += 1;
                }
                Err(refusal) => {
                    assert_eq!(answer.status, 409, "{what} is refused: {refusal:?}");
                    let sentence = telling::refusal(Lang::Vi, refusal);
                    assert!(answer.text().contains(&sentence), "{what} says why: {sentence}\n{}", answer.text());
                    assert_eq!(case(&app, &now.id).await, now, "{what}: nothing changed");
                    refused += 1;
                }
            }
        }
    }
    assert!(allowed > 0 && refused > allowed, "the table has both: {allowed} allowed, {refused} refused");
}

#[tokio::test]
async fn every_step_of_a_complaint_is_refused_where_the_law_says_so() {
    the_table_of(Kind::Complaint).await;
}

#[tokio::test]
async fn every_step_of_a_denunciation_is_refused_where_the_law_says_so() {
    the_table_of(Kind::Denunciation).await;
}

#[tokio::test]
async fn every_step_of_a_report_is_refused_where_the_law_says_so() {
    the_table_of(Kind::Report).await;
}

#[tokio::test]
async fn every_step_of_a_recommendation_is_refused_where_the_law_says_so() {
    the_table_of(Kind::Recommendation).await;
}

#[tokio::test]
async fn every_step_of_a_petition_about_administrative_rules_is_refused_where_the_law_says_so() {
    the_table_of(Kind::AdministrativeRule).await;
}

#[tokio::test]
async fn every_step_of_praise_is_refused_where_it_makes_no_sense() {
    the_table_of(Kind::Praise).await;
}

// ---- the citizen's own steps ----

/// A step of the citizen: its address, its form, and what of the law it is; none where it is the portal's own.
struct OwnStep {
    name: &'static str,
    path: &'static str,
    fields: &'static [(&'static str, &'static str)],
    /// As it is for a kind and stage: what the law or the lists say.
    says: fn(&TestApp, &Case) -> Result<(), Said>,
}

/// Why a step of the citizen is refused.
enum Said {
    /// By a rule with a sentence.
    Rule(Refusal),
    /// The case has moved on: the page says so.
    Moved,
}

fn by_law(app: &TestApp, case: &Case, step: &Step) -> Result<(), Said> {
    let known = Known { has_identity: true, are_signatures_complete: true, was_guided: false };
    can_step(case, step.name()).map_err(Said::Rule)?;
    outcome(&app.portal.directory(), day("2026-11-20"), case, known, step).map(|_| ()).map_err(Said::Rule)
}

fn if_fits(fits: bool) -> Result<(), Said> {
    if fits { Ok(()) } else { Err(Said::Moved) }
}

/// Said twice is said once: no error, and nothing happens.
fn or_already(said: Result<(), Said>) -> Result<(), Said> {
    if matches!(said, Err(Said::Rule(Refusal::Already))) { Ok(()) } else { said }
}

const OWN_STEPS: [OwnStep; 6] = [
    OwnStep {
        name: "withdraw",
        path: "/tra-cuu/don/rut",
        fields: &[("sure", "1")],
        says: |app, case| if case.kind.is_answered() { if_fits(case.is_open) } else { or_already(by_law(app, case, &Step::TakeBack)) },
    },
    OwnStep {
        name: "write or reply",
        path: "/tra-cuu/don/tin-nhan",
        fields: &[("message", "Tôi gửi thêm ảnh.")],
        says: |_, case| if_fits(!matches!(case.state, State::Closed | State::Withdrawn)),
    },
    OwnStep {
        name: "rate",
        path: "/tra-cuu/don/danh-gia",
        fields: &[("clarity", "4"), ("attitude", "5"), ("result", "3")],
        says: |_, case| if_fits(app::petitions::ratings::is_asked(case, day("2026-11-20"))),
    },
    OwnStep { name: "confirm", path: "/tra-cuu/don/da-xong", fields: &[], says: |app, case| or_already(by_law(app, case, &Step::Confirm)) },
    OwnStep {
        name: "not solved",
        path: "/tra-cuu/don/chua-xong",
        fields: &[("not_done", "Vẫn chưa xong.")],
        says: |app, case| by_law(app, case, &Step::SendBack),
    },
    OwnStep {
        name: "go on",
        path: "/tra-cuu/don/khieu-nai-tiep",
        fields: &[("appeal", "Tôi không đồng ý.")],
        says: |app, case| {
            let today = day("2026-11-20");
            let to = app::petitions::procedure::second_instance(&app.portal.directory(), &case.body_id, today).map_err(Said::Rule)?;
            by_law(app, case, &Step::Appeal { to_body_id: to })
        },
    },
];

/// Every step a citizen can take, in every stage of a kind: with the right code, with somebody else's and without one. What is refused
/// says why, and changes nothing.
async fn the_citizens_table_of(kind: Kind) {
    let app = TestApp::new().await;
    let (other, _) = file(&app, Kind::Report, "Việc của người khác").await;
    let (mut allowed, mut refused) = (0, 0);
    for (place, stage) in stages(kind) {
        for own in &OWN_STEPS {
            let what = format!("{kind:?}, {place}: {}", own.name);
            let (now, stale) = standing_with_page(&app, kind, &stage).await;
            let form: Vec<(&str, &str)> = own.fields.iter().copied().chain([("_of", stale.as_str())]).collect();

            for mut stranger in [app.visiting(&other).await, app.visitor()] {
                let answer = stranger.post(own.path, &form).await;
                assert_eq!(answer.status, 401, "{what} without the code of this very case");
                assert!(answer.text().contains(Lang::Vi.t("following.code.title")), "{what}: the page asks for the code: {}", answer.text());
                assert_eq!(case(&app, &now.id).await, now, "{what}: a stranger changes nothing");
            }

            let answer = app.visiting(&now.id).await.post(own.path, &form).await;
            match (own.says)(&app, &now) {
                Ok(()) => {
                    assert_eq!(answer.status, 303, "{what} is allowed: {}", answer.text());
                    allowed += 1;
                }
                Err(said) => {
                    assert_eq!(answer.status, 409, "{what} is refused: {}", answer.text());
                    let sentence = match said {
                        Said::Rule(refusal) => telling::refusal(Lang::Vi, refusal),
                        Said::Moved => Lang::Vi.t("following.error.moved").to_owned(),
                    };
                    assert!(answer.text().contains(&sentence), "{what} says why: {sentence}\n{}", answer.text());
                    assert_eq!(case(&app, &now.id).await, now, "{what}: nothing changed");
                    refused += 1;
                }
            }
        }
    }
    assert!(allowed > 0 && refused > 0, "the table has both: {allowed} allowed, {refused} refused");
}

/// A case in a stage, and what a form of the page shown before it came there carries.
async fn standing_with_page(app: &TestApp, kind: Kind, stage: &Stage) -> (Case, String) {
    let now = standing(app, kind, stage).await;
    let of = follow(app, &now.id).await.field("_of");
    (now, of)
}

#[tokio::test]
async fn every_own_step_of_whoever_complains_is_refused_where_the_law_says_so() {
    the_citizens_table_of(Kind::Complaint).await;
}

#[tokio::test]
async fn every_own_step_of_whoever_denounces_is_refused_where_the_law_says_so() {
    the_citizens_table_of(Kind::Denunciation).await;
}

#[tokio::test]
async fn every_own_step_of_whoever_reports_is_refused_where_the_law_says_so() {
    the_citizens_table_of(Kind::Report).await;
}

#[tokio::test]
async fn every_own_step_of_whoever_recommends_is_refused_where_the_law_says_so() {
    the_citizens_table_of(Kind::Recommendation).await;
}

#[tokio::test]
async fn every_own_step_on_administrative_rules_is_refused_where_the_law_says_so() {
    the_citizens_table_of(Kind::AdministrativeRule).await;
}

#[tokio::test]
async fn every_own_step_of_whoever_praises_is_refused_where_it_makes_no_sense() {
    the_citizens_table_of(Kind::Praise).await;
}

/// Joining and leaving: only a released case that still waits, only with one's own code, and never the sender's page.
#[tokio::test]
async fn joining_and_leaving_are_refused_to_whoever_may_not() {
    let app = TestApp::new().await;
    for kind in Kind::ALL {
        let (id, _) = file(&app, kind, "Việc chưa công khai").await;
        let before = case(&app, &id).await;
        app.visitor().post("/cong-khai/1/cung", &[("phone", "0911222333")]).await.expect(404);
        for mut browser in [app.visitor(), app.visiting(&id).await] {
            let answer = browser.post("/tra-cuu/cung/roi", &[("sure", "1")]).await;
            assert!(matches!(answer.status, 303 | 401), "{kind:?}: leaving wants a signer's own code, not {}", answer.status);
            assert_ne!(answer.location().as_deref(), Some("/tra-cuu/cung"), "{kind:?}: nobody has left");
        }
        assert_eq!(case(&app, &id).await, before, "{kind:?}: nothing changed");
    }
}

// ---- the kinds of their own, over HTTP ----

#[tokio::test]
async fn a_petition_about_administrative_rules_is_taken_up_answered_and_published_before_it_is_closed() {
    let app = TestApp::new().await;
    let (id, _) = file(&app, Kind::AdministrativeRule, "Hồ sơ đòi bản sao thừa").await;
    let now = case(&app, &id).await;
    assert_eq!(now.due_on, day("2026-11-30"), "P1: five working days, 24/11 is off");
    give_to_economy(&app, &id).await;
    let (an, ha, em) = (Desk(&app, "an"), Desk(&app, "ha"), Desk(&app, "em"));
    let answer = [("answer", "Đã bỏ yêu cầu này."), ("promised_on", ""), ("action", "send")];
    let early = post(ha, &now, "tra-loi", &answer).await.expect(409);
    assert!(early.text().contains(&telling::refusal(Lang::Vi, Refusal::NotTakenUp)), "{}", early.text());
    step(an, &now, StepName::TakeUp, &[]).await.expect(303);
    assert_eq!(case(&app, &id).await.due_on, day("2026-12-07"), "R1: ten working days from the receipt");
    post(ha, &now, "tra-loi", &answer).await.expect(303);
    post(em, &now, "duyet", &[]).await.expect(303);
    assert!(follow(&app, &id).await.text().contains("còn phải được công khai"));
    let unpublished = post(an, &now, "ket-thuc", &[]).await.expect(409);
    assert!(unpublished.text().contains(&telling::refusal(Lang::Vi, Refusal::NotPublished)), "{}", unpublished.text());
    assert_eq!(case(&app, &id).await.state, State::Answered, "not closed before the result is public");
    step(ha, &now, StepName::Publish, &[("day", "20/11/2026")]).await.expect(303);
    post(an, &now, "ket-thuc", &[]).await.expect(303);
    assert_eq!(case(&app, &id).await.state, State::Closed);
}

#[tokio::test]
async fn a_petition_about_administrative_rules_is_passed_on_once_with_its_letters() {
    let app = TestApp::new().await;
    let (id, _) = file(&app, Kind::AdministrativeRule, "Quy định của tỉnh chưa hợp lý").await;
    give_to_economy(&app, &id).await;
    let now = case(&app, &id).await;
    let (ha, em) = (Desk(&app, "ha"), Desk(&app, "em"));
    signed(ha, em, &now, StepName::PassOn, &[("to_body", PROVINCE_BODY)]).await;
    let there = case(&app, &id).await;
    assert_eq!((there.body_id.as_str(), there.state, there.due_on), (PROVINCE_BODY, State::Submitted, day("2026-12-07")));
    ha.get(&page(&now)).await.expect(404);
    let (to, va) = (Desk(&app, "to"), Desk(&app, "va"));
    post(to, &now, "nhan", &[]).await.expect(303);
    post(to, &now, "giao", &[("unit", ""), ("handler", "account-va")]).await.expect(303);
    let again = step(va, &now, StepName::PassOn, &[("to_body", crate::harness::PHU_THONG_BODY)]).await.expect(409);
    assert!(again.text().contains("Đơn chỉ chuyển một lần"), "{}", again.text());
}

#[tokio::test]
async fn praise_is_passed_on_and_thanked_for_and_is_never_late() {
    let app = TestApp::new().await;
    let (id, _) = file(&app, Kind::Praise, "Cảm ơn chị ở quầy số 3").await;
    give_to_economy(&app, &id).await;
    let now = case(&app, &id).await;
    assert_eq!(now.last_day(), None, "no legal period");
    let (an, ha, em) = (Desk(&app, "an"), Desk(&app, "ha"), Desk(&app, "em"));
    app.set_time("2027-03-01T02:00:00Z");
    let page_then = ha.get(&page(&now)).await.expect(200);
    assert!(page_then.text().contains("Không có hạn theo luật") && !page_then.text().contains("9999"), "{}", page_then.text());
    assert!(!follow(&app, &id).await.text().contains("9999"));
    let thanks = [("answer", "Cảm ơn bạn đã viết."), ("promised_on", ""), ("action", "send")];
    let early = post(ha, &now, "tra-loi", &thanks).await.expect(409);
    assert!(early.text().contains("trước khi cảm ơn người gửi"), "{}", early.text());
    step(ha, &now, StepName::Convey, &[("law_reason", "Đã chuyển chị Hoa, bộ phận một cửa.")]).await.expect(303);
    post(ha, &now, "tra-loi", &thanks).await.expect(303);
    post(em, &now, "duyet", &[]).await.expect(303);
    assert!(follow(&app, &id).await.text().contains("Đã cảm ơn"));
    post(an, &now, "ket-thuc", &[]).await.expect(303);
}

/// Traps 15 and 20, domain 2.11: guided once; what repeats it is kept and counted, and not guided again.
#[tokio::test]
async fn whoever_was_guided_once_about_the_same_content_is_not_guided_again() {
    let app = TestApp::new().await;
    let (first, _) = file(&app, Kind::Complaint, "Quyết định của cơ quan khác").await;
    give_to_economy(&app, &first).await;
    let now = case(&app, &first).await;
    let (an, ha, em) = (Desk(&app, "an"), Desk(&app, "ha"), Desk(&app, "em"));
    signed(ha, em, &now, StepName::Guide, &[]).await;

    app.set_time("2026-11-20T03:30:00Z");
    let (again, _) = file(&app, Kind::Complaint, "quyết  định của cơ quan khác").await;
    let (elsewhere, _) = file(&app, Kind::Complaint, "Một quyết định khác hẳn").await;
    app.set_time("2026-11-20T03:31:00Z");
    app::petitions::recognition::catch_up_wholly(&app.portal).await.expect("marked");
    for id in [&again, &elsewhere] {
        give_to_economy(&app, id).await;
    }
    let (again, elsewhere) = (case(&app, &again).await, case(&app, &elsewhere).await);
    let refused = step(ha, &again, StepName::Guide, &[]).await.expect(409);
    assert!(refused.text().contains(&telling::refusal(Lang::Vi, Refusal::GuidedOnce)), "{}", refused.text());
    assert!(!refused.body.contains(SENDER_PHONE), "recognised by a keyed mark, not by showing the sender");
    step(an, &again, StepName::Store, &[("law_reason", "Đã hướng dẫn ngày 20/11/2026, cùng nội dung.")]).await.expect(303);
    let kept = case(&app, &again.id).await;
    assert_eq!((kept.state, kept.procedure().stage.key()), (State::Closed, "procedure.stage.complaint.stored"), "kept: trap 20, nothing is merged");
    let own = step(an, &elsewhere, StepName::Store, &[("law_reason", "x")]).await.expect(409);
    assert!(own.text().contains(&telling::refusal(Lang::Vi, Refusal::NotGuidedBefore)), "{}", own.text());
    let guidance = ha.get(&format!("{}/thu-tuc/huong-dan", page(&elsewhere))).await.expect(200);
    assert!(guidance.text().contains("Địa chỉ đúng cho việc thuộc nơi khác"), "the right addresses stand beside the letter");
    signed(ha, em, &elsewhere, StepName::Guide, &[]).await;
}
