//! A full life of a complaint and of a denunciation, each step as a browser without scripts does it, each answer looked through.

use crate::harness::{PHU_THONG, PHU_THONG_ECONOMY, Upload};
use crate::marks::{photo_telling, typed};
use crate::sweep::Sweep;
use axum::http::Method;

/// Files a petition; gives its id. `who` has its code in their browser afterwards.
pub async fn file(sweep: &mut Sweep<'_>, who: &'static str, kind: &str) -> String {
    let of = |field: &str| typed(kind, field);
    let fields = [("kind", kind), ("title", of("title")), ("body", of("body"))];
    let photo = Upload { field: "papers", name: of("file_name").to_owned(), content_type: "image/jpeg", bytes: photo_telling(of("file_inside")) };
    let answer = sweep.browser(who).post_files("/gui", &fields, &[photo]).await.expect(303);
    sweep.note(who, &Method::POST, "/gui", &answer);
    let person = [
        ("area", PHU_THONG),
        ("place", of("place")),
        ("about", of("about")),
        ("name", of("name")),
        ("phone", of("phone")),
        ("email", of("email")),
        ("address", of("address")),
        ("id_number", of("id_number")),
    ];
    sweep.get(who, "/gui/o-dau").await.expect(200);
    sweep.post(who, "/gui/o-dau", &person).await.expect(303);
    sweep.get(who, "/gui/kiem-tra").await.expect(200);
    sweep.post(who, "/gui/kiem-tra", &[]).await.expect(303);
    let receipt = sweep.get(who, "/gui/da-gui").await.expect(200);
    let code = receipt.select("#code").concat();
    // Somebody who looks at their petition again, and types a wrong code first.
    sweep.post(who, "/tra-cuu", &[("code", "K7QF 9M2X 4TBC 8WDH")]).await.expect(422);
    sweep.post(who, "/tra-cuu", &[("code", &code)]).await.expect(303);
    let mut tx = sweep.app.portal.db().read().await.expect("a transaction");
    let hash = app::petitions::code::CaseCode::parse(&code).expect("a code").hash();
    app::petitions::store::by_code_hash(&mut tx, &hash).await.expect("readable").expect("filed").id
}

/// A step of an official, with the version their page shows.
pub async fn step(sweep: &mut Sweep<'_>, who: &'static str, id: &str, name: &str, fields: &[(&str, &str)]) {
    let version = sweep.get(who, &format!("/can-bo/don/{id}")).await.expect(200).field("version");
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    let answer = sweep.post(who, &format!("/can-bo/don/{id}/{name}"), &all).await;
    assert_eq!(answer.status, 303, "{who} does {name}: {}", answer.text());
}

/// Drafts a step of the law with its letters, and has it signed by the head.
async fn signed(sweep: &mut Sweep<'_>, id: &str, name: &str, fields: &[(&str, &str)]) {
    let form = sweep.get("ha", &format!("/can-bo/don/{id}/thu-tuc/{name}")).await.expect(200);
    let names = [form.attribute("textarea", "name"), form.attribute("input", "name")].concat();
    let mut all: Vec<(String, String)> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    for name in names.into_iter().filter(|name| name.starts_with("letter_") || name.starts_with("to_") || name == "accused") {
        let words = if name.starts_with("letter_") { filled(&form.field(&name)) } else { "ông Nguyễn Văn B".to_owned() };
        all.push((name, words));
    }
    let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    step(sweep, "ha", id, &format!("thu-tuc/{name}"), &all).await;
    step(sweep, "em", id, "ky", &[]).await;
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

/// What the sender writes from their page.
async fn write(sweep: &mut Sweep<'_>, who: &'static str, words: &str) {
    let page = sweep.get(who, "/tra-cuu/don").await.expect(200);
    let hidden: Vec<(String, String)> =
        page.attribute("form[action$=tin-nhan] input[type=hidden]", "name").into_iter().map(|name| (name.clone(), page.field(&name))).collect();
    let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.push(("message", words));
    let answer = sweep.post(who, "/tra-cuu/don/tin-nhan", &fields).await;
    assert_eq!(answer.status, 303, "{who} writes: {}", answer.text());
}

/// The complaint's way: received, given, asked, answered, identity opened, accepted, verified, talked over, decided, served.
pub async fn of_complaint(sweep: &mut Sweep<'_>, id: &str) {
    step(sweep, "an", id, "nhan", &[]).await;
    step(sweep, "an", id, "giao", &[("unit", PHU_THONG_ECONOMY), ("handler", "account-ha")]).await;
    step(sweep, "ha", id, "ghi-chu", &[("note", typed("complaint", "note"))]).await;
    step(sweep, "ha", id, "hoi", &[("question", "Đo lại được ngày nào?")]).await;
    write(sweep, "complainant", typed("complaint", "message")).await;
    step(sweep, "ha", id, "thong-tin", &[("identity_reason", typed("complaint", "reason"))]).await;
    signed(sweep, id, "thu-ly", &[]).await;
    step(sweep, "ha", id, "thu-tuc/giao-xac-minh", &[("unit", PHU_THONG_ECONOMY), ("handler", "account-ha")]).await;
    sweep.app.run_jobs().await;
}

/// The denunciation's way: received, given, noted, asked, answered.
pub async fn of_denunciation(sweep: &mut Sweep<'_>, id: &str) {
    step(sweep, "an", id, "nhan", &[]).await;
    step(sweep, "an", id, "giao", &[("unit", ""), ("handler", "account-ha")]).await;
    step(sweep, "ha", id, "ghi-chu", &[("note", typed("denunciation", "note"))]).await;
    step(sweep, "ha", id, "hoi", &[("question", "Việc xảy ra ngày nào?")]).await;
    write(sweep, "denouncer", typed("denunciation", "message")).await;
    sweep.app.run_jobs().await;
}
