//! A full life of each petition, each step as a browser without scripts does it, each answer looked through.

use super::marks::{photo_telling, typed};
use super::sweep::Sweep;
use crate::harness::{Answer, PASSWORD, PHU_THONG, PHU_THONG_CULTURE, PHU_THONG_ECONOMY, TestApp, Upload};
use crate::{attendance, commitments, questions, receptions};
use app::petitions::code::CaseCode;
use app::petitions::store;
use app::procedures::step::StepName;
use axum::http::Method;

/// Files a petition; gives its id. `who` has its code in their browser afterwards.
pub async fn file(sweep: &mut Sweep<'_>, who: &'static str, whose: &str, kind: &str) -> String {
    let of = |field: &str| typed(whose, field);
    let photo = Upload { field: "papers", name: of("file_name").to_owned(), content_type: "image/jpeg", bytes: photo_telling(of("file_inside")) };
    let fields = [("kind", kind), ("title", of("title")), ("body", of("body"))];
    let answer = sweep.browser(who).post_files("/gui", &fields, &[photo]).await.expect(303);
    sweep.note(who, &Method::POST, "/gui", &answer);
    let mut person = vec![("area", PHU_THONG), ("told_as", if whose == "tip" { "tip" } else { "name" })];
    person.extend(["place", "name", "phone", "email", "address", "id_number"].map(|field| (field, of(field))));
    // A report is about nobody's decision and nobody's deed.
    person.extend((whose != "report").then(|| ("about", of("about"))));
    sweep.get(who, "/gui/o-dau").await.expect(200);
    sweep.post(who, "/gui/o-dau", &person).await.expect(303);
    sweep.get(who, "/gui/kiem-tra").await.expect(200);
    sweep.post(who, "/gui/kiem-tra", &[]).await.expect(303);
    let receipt = sweep.get(who, "/gui/da-gui").await.expect(200);
    let code = receipt.select("#code").concat();
    // Somebody who looks at their petition again, and types a wrong code first.
    sweep.post(who, "/tra-cuu", &[("code", "K7QF 9M2X 4TBC 8WDH")]).await.expect(422);
    let id = opened_by(sweep.app, &code).await;
    sweep.has_code(who, code).await;
    sweep.cases.push(id.clone());
    id
}

/// The petition a code opens.
async fn opened_by(app: &TestApp, code: &str) -> String {
    let hash = CaseCode::parse(code).expect("a code").hash();
    let mut tx = app.portal.db().read().await.expect("a transaction");
    store::by_code_hash(&mut tx, &hash).await.expect("readable").expect("filed").id
}

/// A step of an official, with the version their page shows.
pub async fn step(sweep: &mut Sweep<'_>, who: &'static str, id: &str, name: &str, fields: &[(&str, &str)]) {
    let version = sweep.get(who, &format!("/can-bo/don/{id}")).await.expect(200).field("version");
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    let answer = sweep.post(who, &format!("/can-bo/don/{id}/{name}"), &all).await;
    assert_eq!(answer.status, 303, "{who} does {name}: {}", answer.text());
}

/// A step of the law, with what it asks for.
async fn lawful(sweep: &mut Sweep<'_>, who: &'static str, id: &str, name: StepName, fields: &[(&str, &str)]) {
    step(sweep, who, id, &format!("thu-tuc/{}", name.code()), fields).await;
}

/// Drafts a step of the law with its letters, and has it signed.
async fn signed(sweep: &mut Sweep<'_>, (drafter, signer): (&'static str, &'static str), (whose, id): (&str, &str), name: StepName, fields: &[(&str, &str)]) {
    let form = sweep.get(drafter, &format!("/can-bo/don/{id}/thu-tuc/{}", name.code())).await.expect(200);
    let names = [form.attribute("textarea", "name"), form.attribute("input", "name")].concat();
    let mut all: Vec<(String, String)> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    for name in names.into_iter().filter(|name| name.starts_with("letter_") || name.starts_with("to_") || name == "accused") {
        let words = if name.starts_with("letter_") { filled(&form.field(&name)) } else { typed(whose, "told").to_owned() };
        all.push((name, words));
    }
    let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    lawful(sweep, drafter, id, name, &all).await;
    step(sweep, signer, id, "ky", &[]).await;
}

fn filled(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        out.push_str(before);
        out.push_str("nội dung đã điền");
        rest = after.split_once(']').expect("a blank ends").1;
    }
    out + rest
}

/// A form of the page of signers, with the version it shows.
async fn signers(sweep: &mut Sweep<'_>, id: &str, fields: &[(&str, &str)]) -> Answer {
    let page = format!("/can-bo/don/{id}/nguoi-ky");
    let version = sweep.get("an", &page).await.expect(200).field("version");
    sweep.post("an", &page, &[&[("version", version.as_str())], fields].concat()).await
}

/// Sends a form of the sender's own page with what the page sends along.
async fn own(sweep: &mut Sweep<'_>, who: &'static str, form: &str, fields: &[(&str, &str)]) {
    let page = sweep.get(who, "/tra-cuu/don").await.expect(200);
    let of = page.field("_of");
    let once = sweep.app.portal.new_id();
    let all = [&[("_of", of.as_str()), ("_once", once.as_str())], fields].concat();
    let answer = sweep.post(who, &format!("/tra-cuu/don/{form}"), &all).await;
    assert_eq!(answer.status, 303, "{who} sends {form}: {}", answer.text());
}

/// The complaint comes in: received, given, noted, asked, another unit asked, the sender's identity opened, a second signer, everything taken away.
pub async fn complaint_comes_in(sweep: &mut Sweep<'_>, id: &str) {
    let of = |field: &str| typed("complaint", field);
    step(sweep, "an", id, "nhan", &[]).await;
    step(sweep, "an", id, "giao", &[("unit", PHU_THONG_ECONOMY), ("handler", "account-ha")]).await;
    step(sweep, "ha", id, "ghi-chu", &[("note", of("note"))]).await;
    step(sweep, "ha", id, "hoi", &[("question", "Đo lại được ngày nào?")]).await;
    own(sweep, "complainant", "tin-nhan", &[("message", of("message"))]).await;
    // The answer shows whose it is, once.
    let version = sweep.get("ha", &format!("/can-bo/don/{id}")).await.expect(200).field("version");
    sweep.post("ha", &format!("/can-bo/don/{id}/thong-tin"), &[("version", &version), ("identity_reason", of("reason"))]).await.expect(200);
    // Another unit is asked, and answers.
    let asked = [("asked_agency", PHU_THONG_CULTURE), ("question", of("asked")), ("answer_by", "2026-11-27")];
    sweep.post("ha", &format!("/can-bo/don/{id}/phoi-hop"), &asked).await.expect(303);
    let question = sweep.get("cu", "/can-bo/phoi-hop").await.expect(200).attribute("tbody a", "href").concat();
    sweep.get("cu", &question).await.expect(200);
    sweep.post("cu", &question, &[("opinion", of("opinion"))]).await.expect(303);
    let list = format!("{}; thôn Nà Món; {}; đã ký", of("signer_name"), of("signer_phone"));
    signers(sweep, id, &[("action", "add"), ("list", &list)]).await.expect(303);
    let page = sweep.get("an", &format!("/can-bo/don/{id}/nguoi-ky")).await.expect(200);
    let sender = page.attribute(".signers input", "name").remove(0);
    signers(sweep, id, &[("action", "sign"), (&sender, "1")]).await.expect(303);
    signers(sweep, id, &[("action", "open"), ("open_reason", of("reason"))]).await.expect(200);
    let page = sweep.get("complainant", "/tra-cuu/du-lieu").await.expect(200);
    sweep.post("complainant", "/tra-cuu/du-lieu/tai", &[("_of", &page.field("_of")), ("proof", of("name"))]).await.expect(200);
    sweep.app.run_jobs().await;
}

/// The complaint's first instance: accepted, looked into, talked about, decided, told.
pub async fn complaint_is_decided(sweep: &mut Sweep<'_>, id: &str) {
    let of = |field: &str| typed("complaint", field);
    let by = ("ha", "em");
    sweep.time_is("2026-11-25T02:00:00Z").await;
    signed(sweep, by, ("complaint", id), StepName::Accept, &[]).await;
    lawful(sweep, "ha", id, StepName::Charge, &[("unit", PHU_THONG_ECONOMY), ("handler", "account-ha")]).await;
    lawful(sweep, "ha", id, StepName::ReportVerification, &[("differs", "yes"), ("law_reason", of("verified"))]).await;
    signed(sweep, by, ("complaint", id), StepName::Invite, &[("day", "30/11/2026")]).await;
    sweep.time_is("2026-11-30T08:00:00Z").await;
    signed(sweep, by, ("complaint", id), StepName::HoldDialogue, &[("day", "30/11/2026"), ("attendance", "all")]).await;
    signed(sweep, by, ("complaint", id), StepName::Decide, &[("finding", "wrong")]).await;
    lawful(sweep, "ha", id, StepName::Send, &[("day", "30/11/2026")]).await;
    lawful(sweep, "ha", id, StepName::Serve, &[("day", "30/11/2026")]).await;
    sweep.app.run_jobs().await;
}

/// The complaint's second instance, at the province.
pub async fn complaint_goes_on(sweep: &mut Sweep<'_>, id: &str) {
    let of = |field: &str| typed("complaint", field);
    let by = ("va", "xa");
    sweep.time_is("2026-12-30T02:00:00Z").await;
    own(sweep, "complainant", "khieu-nai-tiep", &[("appeal", of("appeal"))]).await;
    step(sweep, "to", id, "nhan", &[]).await;
    step(sweep, "to", id, "giao", &[("unit", ""), ("handler", "account-va")]).await;
    sweep.time_is("2027-01-05T02:00:00Z").await;
    signed(sweep, by, ("complaint", id), StepName::Accept, &[]).await;
    lawful(sweep, "va", id, StepName::Charge, &[("unit", ""), ("handler", "account-va")]).await;
    lawful(sweep, "va", id, StepName::ReportVerification, &[("differs", "no"), ("law_reason", of("verified"))]).await;
    signed(sweep, by, ("complaint", id), StepName::Invite, &[("day", "11/01/2027")]).await;
    sweep.time_is("2027-01-11T08:00:00Z").await;
    signed(sweep, by, ("complaint", id), StepName::HoldDialogue, &[("day", "11/01/2027"), ("attendance", "somebody_absent")]).await;
    signed(sweep, by, ("complaint", id), StepName::Decide, &[("finding", "partly_right")]).await;
    for name in [StepName::Send, StepName::Serve, StepName::Publish] {
        lawful(sweep, "va", id, name, &[("day", "11/01/2027")]).await;
    }
    sweep.app.run_jobs().await;
}

/// The complaint ends.
pub async fn complaint_ends(sweep: &mut Sweep<'_>, id: &str) {
    sweep.time_is("2027-03-01T02:00:00Z").await;
    lawful(sweep, "va", id, StepName::TakeEffect, &[]).await;
    lawful(sweep, "va", id, StepName::Execute, &[("day", "01/03/2027"), ("law_reason", "Đã trả thêm tiền.")]).await;
    step(sweep, "to", id, "ket-thuc", &[]).await;
    sweep.app.run_jobs().await;
}

/// The denunciation comes in: opened for a duty, a working text made, given, noted, asked, answered, accepted.
pub async fn denunciation_comes_in(sweep: &mut Sweep<'_>, id: &str) {
    let of = |field: &str| typed("denunciation", field);
    step(sweep, "an", id, "nhan", &[]).await;
    for (what, duty) in [("original", "prepare_working"), ("identity", "verify_identity")] {
        let fields = [("what", what), ("duty", duty), ("reason", of("reason")), ("proof", PASSWORD)];
        sweep.post("an", &format!("/can-bo/don/{id}/niem-phong"), &fields).await.expect(303);
        sweep.get("an", &format!("/can-bo/don/{id}/niem-phong")).await.expect(200);
    }
    step(sweep, "an", id, "ban-lam-viec", &[("working_title", "Đòi tiền khi ký giấy"), ("working_body", "Ông [đã ẩn: tên] đòi tiền.")]).await;
    sweep.post("an", &format!("/can-bo/don/{id}/niem-phong/dong"), &[]).await.expect(303);
    step(sweep, "an", id, "giao", &[("unit", ""), ("handler", "account-ha")]).await;
    step(sweep, "ha", id, "ghi-chu", &[("note", of("note"))]).await;
    step(sweep, "ha", id, "hoi", &[("question", "Việc xảy ra ngày nào?")]).await;
    own(sweep, "denouncer", "tin-nhan", &[("message", of("message"))]).await;
    lawful(sweep, "an", id, StepName::CheckIdentity, &[("verified", "yes"), ("law_reason", of("met"))]).await;
    signed(sweep, ("ha", "em"), ("denunciation", id), StepName::Accept, &[]).await;
    lawful(sweep, "ha", id, StepName::Send, &[("day", "20/11/2026")]).await;
    lawful(sweep, "ha", id, StepName::Charge, &[("unit", ""), ("handler", "account-ha")]).await;
    sweep.app.run_jobs().await;
}

/// The denunciation takes longer.
pub async fn denunciation_is_extended(sweep: &mut Sweep<'_>, id: &str) {
    sweep.time_is("2026-12-18T02:00:00Z").await;
    signed(sweep, ("ha", "em"), ("denunciation", id), StepName::Extend, &[("law_reason", typed("denunciation", "extended"))]).await;
}

/// The denunciation is concluded, acted on and ends.
pub async fn denunciation_ends(sweep: &mut Sweep<'_>, id: &str) {
    sweep.time_is("2027-01-18T02:00:00Z").await;
    lawful(sweep, "ha", id, StepName::ReportVerification, &[("law_reason", typed("denunciation", "verified"))]).await;
    signed(sweep, ("ha", "em"), ("denunciation", id), StepName::Conclude, &[("finding", "right")]).await;
    for name in [StepName::Send, StepName::ActOn, StepName::ReportAction, StepName::Publish] {
        lawful(sweep, "ha", id, name, &[("day", "18/01/2027"), ("law_reason", "Đã xử lý.")]).await;
    }
    step(sweep, "an", id, "ket-thuc", &[]).await;
    sweep.app.run_jobs().await;
}

/// The report's way: a public text with hidden words, an answer approved by a second person, somebody who joins, a rating.
pub async fn of_report(sweep: &mut Sweep<'_>, id: &str) {
    let of = |field: &str| typed("report", field);
    step(sweep, "an", id, "nhan", &[]).await;
    step(sweep, "an", id, "giao", &[("unit", PHU_THONG_ECONOMY), ("handler", "account-ha")]).await;
    let told = format!("Ngõ bị lấn. Hỏi chị {}.", of("hidden"));
    let hide = format!("name|{}", of("hidden"));
    step(sweep, "ha", id, "cong-khai", &[("public_title", "Lấn đường"), ("public_body", &told), ("hide_a", &hide), ("action", "send")]).await;
    step(sweep, "du", id, "duyet-cong-khai", &[]).await;
    let join = "/cong-khai/1/cung";
    sweep.get("joiner", join).await.expect(200);
    sweep.post("joiner", join, &[("name", of("joiner_name")), ("email", of("joiner_email"))]).await.expect(303);
    sweep.get("joiner", join).await.expect(200);
    signers(sweep, id, &[("action", "open"), ("open_reason", "Gọi những người cùng báo")]).await.expect(200);
    let answer = format!("Đã gặp **{}**.", of("hidden"));
    let veil = hide.clone();
    step(sweep, "ha", id, "tra-loi", &[("answer", &answer), ("veil_1", &veil), ("action", "send")]).await;
    step(sweep, "du", id, "duyet", &[]).await;
    own(sweep, "reporter", "danh-gia", &[("clarity", "4"), ("attitude", "5"), ("result", "3"), ("comment", of("rating"))]).await;
    sweep.app.run_jobs().await;
}

/// A page of one's own, with the report on it.
pub async fn of_page(sweep: &mut Sweep<'_>) {
    let of = |field: &str| typed("page", field);
    sweep.post("reporter", "/toi/vao", &[("email", of("email"))]).await.expect(303);
    sweep.get("reporter", "/toi/ma").await.expect(200);
    sweep.app.run_jobs().await;
    let mail = sweep.app.mailer.sent().into_iter().rfind(|mail| mail.body.contains("Mã của bạn là: ")).expect("a mail with a code");
    let code: String = mail.body.split("Mã của bạn là: ").nth(1).expect("a code").chars().take(6).collect();
    sweep.post("reporter", "/toi/ma", &[("code", &code)]).await.expect(303);
    sweep.post("reporter", "/toi/thong-tin", &[("name", of("name")), ("phone", of("phone")), ("address", of("address"))]).await.expect(303);
    let code = sweep.code_of("reporter");
    sweep.post("reporter", "/toi/nhan", &[("code", &code)]).await.expect(303);
    sweep.get("reporter", "/toi").await.expect(200);
}

/// Everybody else who leaves a name: at a reception, a dialogue, a question, a promise.
pub async fn of_others(sweep: &mut Sweep<'_>) {
    let app = sweep.app;
    let (today, _) = receptions::published(app, receptions::plan("2026-11-20")).await;
    let visit = ["name", "address", "id_number", "content"].map(|field| (field, typed("visit", field)));
    receptions::enter(sweep.browser("an"), &today, &[&visit[..], &[("papers", typed("visit", "papers"))]].concat()).await.expect(303);
    let (_, number) = receptions::published(app, receptions::plan("2026-12-07")).await;
    let booking = |field| typed("booking", field);
    let own = receptions::contact(booking("phone"), &[("name", booking("name")), ("email", booking("email")), ("matter", booking("matter"))]);
    app.visitor().post(&format!("/tiep-dan/{number}/hen"), &own).await.expect(303);
    let (_, dialogue) = attendance::open(app, "20").await;
    let registration = |field| typed("registration", field);
    let own = attendance::fields(
        registration("phone"),
        "1",
        &[("name", registration("name")), ("email", registration("email")), ("other_need", registration("need"))],
    );
    attendance::send(&mut app.visitor(), dialogue, &own).await.expect(303);
    questions::asked(app, &[("village", typed("asker", "village")), ("email", typed("asker", "email"))]).await;
    commitments::promise(app, "2026-12-20").await;
    app.visitor().post("/theo-doi-loi-hua", &[("so", "1"), ("email", typed("follower", "email"))]).await.expect(303);
    app.run_jobs().await;
}
