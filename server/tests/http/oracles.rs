//! No answer tells by text, status or time what it must not tell. Time is not measured but counted: statements and password hashes are what
//! a request's time is made of, and both are the same where nothing may be told.

use crate::harness::petitions_of::{SENDER_PHONE, actor, case, file, file_report, give_to_economy};
use crate::harness::{Answer, Browser, PASSWORD, TestApp};
use app::effort::{Effort, measured};
use app::petitions::actions::{self, Act};
use app::petitions::code::CaseCode;
use app::petitions::rules::Kind;
use app::petitions::store;
use axum::http::Method;

/// An answer without what must differ: the request's own number, what was typed.
fn told(answer: &Answer, typed: &[&str]) -> (u16, String) {
    let mut body = answer.body.clone();
    let id = answer.header("x-request-id");
    if !id.is_empty() {
        body = body.replace(id, "ID");
    }
    for typed in typed.iter().filter(|typed| !typed.is_empty()) {
        body = body.replace(typed, "TYPED");
    }
    (answer.status, body.replace(" value=\"\"", " value=\"TYPED\""))
}

async fn post(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> (Answer, Effort) {
    measured(browser.post(path, fields)).await
}

#[tokio::test]
async fn a_wrong_name_a_wrong_password_and_a_closed_account_are_one() {
    let app = TestApp::new().await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    tx.exec("UPDATE accounts SET is_active = $1 WHERE login = 'bi'", (false,)).await.expect("closed");
    tx.commit().await.expect("kept");
    let mut seen = Vec::new();
    for (login, password) in [("an", "mat khau sai roi"), ("khongco", "mat khau sai roi"), ("bi", PASSWORD), ("bi", "mat khau sai roi")] {
        let (answer, effort) = post(&mut app.visitor(), "/dang-nhap", &[("login", login), ("password", password)]).await;
        assert_eq!(effort.password_hashes, 1, "{login}");
        seen.push((told(&answer, &[&format!("value=\"{login}\"")]), effort, answer.headers.contains_key("set-cookie")));
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{:?}", seen.iter().map(|(_, effort, _)| effort).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_cannot_be_a_code_and_what_opens_nothing_are_one_wherever_codes_are_typed() {
    let app = TestApp::new().await;
    file_report(&app, "Cống bị tắc").await;
    let unknown = CaseCode::of_token("a token nobody has").groups().concat();
    for path in ["/tra-cuu", "/tiep-dan/lich-hen", "/doi-thoai/dang-ky", "/doi-thoai/cau-hoi"] {
        let mut seen = Vec::new();
        for typed in [unknown.as_str(), "K7QF9M2X4TBC8WDA", "xin chao", ""] {
            let (answer, effort) = post(&mut app.visitor(), path, &[("code", typed)]).await;
            seen.push((told(&answer, &[&format!("value=\"{typed}\"")]).0, effort));
            assert!(!answer.headers.contains_key("set-cookie"), "{path}: no session is begun");
        }
        let efforts: Vec<_> = seen.iter().map(|(_, effort)| effort).collect();
        assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{path}: {efforts:?}");
    }
    let seen = measured(app.visitor().get("/theo-doi-loi-hua/khong-co")).await;
    let other = measured(app.visitor().get(&format!("/theo-doi-loi-hua/{}", app.portal.random().token()))).await;
    assert_eq!((seen.0.status, seen.1), (other.0.status, other.1));
}

/// For officials who may not see it, a sealed case is no more there than one that never was: on every route about a case.
#[tokio::test]
async fn a_sealed_case_is_not_there_by_any_route() {
    let app = TestApp::new().await;
    let (sealed, _) = file(&app, Kind::Denunciation, "Trưởng thôn nhận tiền").await;
    let (elsewhere, _) = file_report(&app, "Cống bị tắc").await;
    give_to_economy(&app, &elsewhere).await;
    let nowhere = app.portal.new_id();
    let version = case(&app, &sealed).await.version.to_string();
    // A handler of another unit, the administrator, the head of the next commune.
    for login in ["cu", "gi", "hu"] {
        let mut official = app.signed_in(login).await;
        // A session's first request writes down that it was heard of.
        official.post(&format!("/can-bo/don/{nowhere}/nhan"), &[]).await.expect(404);
        for route in app::routes::all().table.into_iter().filter(|route| route.path.starts_with("/can-bo/don/{id}")) {
            let mut seen = Vec::new();
            for id in [&sealed, &elsewhere, &nowhere] {
                let path = ["{paper}", "{letter}", "{code}", "{mau}"].into_iter().fold(route.path.replace("{id}", id), |path, part| path.replace(part, "999"));
                let path = path.replace("{step}", "thu-ly");
                let (answer, effort) =
                    if route.method == Method::GET { measured(official.get(&path)).await } else { post(&mut official, &path, &[("version", &version)]).await };
                seen.push((told(&answer, &[id]), effort));
            }
            assert_eq!(seen[0].0.0, 404, "{} {} as {login}", route.method, route.path);
            let efforts: Vec<_> = seen.iter().map(|(_, effort)| effort).collect();
            assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{} {} as {login}: {efforts:?}", route.method, route.path);
        }
    }
}

#[tokio::test]
async fn the_public_register_has_no_place_for_what_is_not_released() {
    let app = TestApp::new().await;
    file(&app, Kind::Denunciation, "Trưởng thôn nhận tiền").await;
    file_report(&app, "Cống bị tắc").await;
    let mut seen = Vec::new();
    for number in [1, 2, 9_999] {
        for path in [format!("/cong-khai/{number}"), format!("/cong-khai/{number}/cung"), format!("/cong-khai/{number}/anh/1")] {
            let (answer, effort) = measured(app.visitor().get(&path)).await;
            seen.push((path.replace(&number.to_string(), "N"), told(&answer, &[&path]), effort));
        }
    }
    for path in ["/cong-khai/N", "/cong-khai/N/cung", "/cong-khai/N/anh/N"] {
        let same: Vec<_> = seen.iter().filter(|(known, ..)| known == path || (path.ends_with("anh/N") && known.contains("/anh/"))).collect();
        assert!(!same.is_empty() && same.windows(2).all(|pair| pair[0].1.0 == pair[1].1.0 && pair[0].2 == pair[1].2), "{path}");
    }
}

/// Whoever joins with a phone learns nothing of whose it is.
#[tokio::test]
async fn joining_tells_nobody_who_stands_behind_a_case() {
    let app = TestApp::new().await;
    let (case_id, _) = file_report(&app, "Cống bị tắc").await;
    give_to_economy(&app, &case_id).await;
    let (first, second) = (actor(&app, "ha").await, actor(&app, "du").await);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let before = store::by_id(&mut tx, &case_id).await.expect("readable").expect("there");
    let proposed = actions::propose_public_text(&mut Act { tx: &mut tx, portal: &app.portal, actor: &first }, &before, "Cống tắc", "Lời.", &[]).await;
    let act = &mut Act { tx: &mut tx, portal: &app.portal, actor: &second };
    actions::approve_public_text(act, &proposed.expect("proposed")).await.expect("released");
    tx.commit().await.expect("kept");
    let number = store::register::by_case(&mut app.portal.db().read().await.expect("a transaction"), &case_id).await.expect("readable").expect("out").number;
    let join = format!("/cong-khai/{number}/cung");
    // Somebody before both, so that neither is the first of anything.
    app.visitor().post(&join, &[("phone", "0987654321")]).await.expect(303);
    let mut seen = Vec::new();
    for phone in [SENDER_PHONE, "0987654321", "0977777777"] {
        let (answer, effort) = post(&mut app.visitor(), &join, &[("phone", phone)]).await;
        seen.push((answer.status, answer.location(), effort));
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:?}");
}

/// What somebody follows is nobody's business.
#[tokio::test]
async fn following_tells_nobody_who_follows() {
    let app = TestApp::new().await;
    let follow = app::commitments::following::of_body(crate::harness::PHU_THONG_BODY);
    let ask = async |email: &str| {
        let mut tx = app.portal.db().write().await.expect("a transaction");
        let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &app::actor::Actor::Visitor };
        let asked = app::commitments::following::ask(&mut act, &follow, email, app::words::Lang::Vi).await;
        tx.commit().await.expect("kept");
        asked.expect("asked")
    };
    ask("theo@vi-du.example").await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    tx.exec("UPDATE commitment_followers SET confirmed_at = $1", (Some(app.portal.now()),)).await.expect("confirmed");
    tx.commit().await.expect("kept");
    let ((), confirmed) = measured(ask("theo@vi-du.example")).await;
    let ((), new) = measured(ask("moi@vi-du.example")).await;
    assert_eq!(confirmed, new);
    app.run_jobs().await;
    let to: Vec<String> = app.mailer.sent().into_iter().map(|mail| mail.to).collect();
    assert!(to.contains(&"moi@vi-du.example".to_owned()) && !to.contains(&"theo@vi-du.example".to_owned()), "{to:?}");
}
