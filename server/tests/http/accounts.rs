//! Signing in, passwords, and what an administrator does, through HTTP.

use crate::harness::petitions_of::{file_report, give_to_economy};
use crate::harness::{Answer, Browser, PASSWORD, PHU_THONG_BODY, PHU_THONG_ECONOMY, TestApp};

/// Everything a form of a page would send, with some fields changed.
async fn submit(browser: &mut Browser, page: &Answer, form: &str, changed: &[(&str, &str)]) -> Answer {
    let action = page.attribute(form, "action").remove(0);
    let names = page.attribute(&format!("{form} input[type=hidden]"), "name");
    let values = page.attribute(&format!("{form} input[type=hidden]"), "value");
    let mut fields: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(values.iter().map(String::as_str)).collect();
    fields.extend_from_slice(changed);
    browser.post(&action, &fields).await
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_look_the_same() {
    let app = TestApp::new().await;
    let wrong = "mat khau sai hoan toan";
    let name = app.visitor().post("/dang-nhap", &[("login", "khong-co"), ("password", wrong)]).await.expect(422);
    let password = app.visitor().post("/dang-nhap", &[("login", "an"), ("password", wrong)]).await.expect(422);
    assert_eq!(name.body.replace("khong-co", ""), password.body.replace("value=\"an\"", "value=\"\""));
    assert!(!name.body.contains(wrong), "a password is never shown again");
    assert_eq!(name.field("login"), "khong-co");
}

#[tokio::test]
async fn signing_in_leads_where_one_was_going_and_nowhere_else() {
    let app = TestApp::new().await;
    let mut browser = app.visitor();
    let to = browser.get("/can-bo/mat-khau").await.expect(303).location().expect("an address");
    let page = browser.get(&to).await.expect(200);
    let answer = submit(&mut browser, &page, "form.sign-in", &[("login", "An"), ("password", PASSWORD)]).await.expect(303);
    assert_eq!(answer.location().as_deref(), Some("/can-bo/mat-khau"));
    browser.get("/can-bo/mat-khau").await.expect(200);
    for foreign in ["https://evil.example/", "//evil.example", "/can-bo/../dang-xuat"] {
        let answer = app.visitor().post("/dang-nhap", &[("login", "an"), ("password", PASSWORD), ("next", foreign)]).await.expect(303);
        assert_eq!(answer.location().as_deref(), Some("/can-bo"));
    }
    browser.post("/dang-xuat", &[]).await.expect(303);
    browser.get("/can-bo/mat-khau").await.expect(303);
}

#[tokio::test]
async fn nobody_can_lock_another_out() {
    let app = TestApp::new().await;
    let mut stranger = app.visitor();
    stranger.address = "127.0.0.9:40000".parse().expect("an address");
    for _ in 0..app::accounts::rules::SIGN_IN_FAILURES_MAX {
        stranger.post("/dang-nhap", &[("login", "an"), ("password", "doan mo thoi nhe")]).await.expect(422);
    }
    let refused = stranger.post("/dang-nhap", &[("login", "an"), ("password", PASSWORD)]).await.expect(429);
    assert!(!refused.header("retry-after").is_empty());
    app.official("an").await;
}

/// Sessions once ended by the machine's clock, however far the portal's was ahead of it: every second request was signed out.
#[tokio::test]
async fn a_sign_in_lasts_by_the_portals_clock() {
    let app = TestApp::new().await;
    app.set_time("2126-03-01T01:00:00Z");
    let mut browser = app.official("gi").await;
    for hour in ["01", "05", "09"] {
        app.set_time(&format!("2126-03-01T{hour}:00:00Z"));
        browser.get("/can-bo/mat-khau").await.expect(200);
    }
    app.set_time("2126-03-01T18:00:01Z");
    browser.get("/can-bo/mat-khau").await.expect(303);
}

#[tokio::test]
async fn a_role_that_ended_yesterday_opens_nothing() {
    let app = TestApp::new().await;
    let (case_id, _) = file_report(&app, "Cống bị tắc").await;
    give_to_economy(&app, &case_id).await;
    let mut handler = app.official("ha").await;
    let address = format!("/can-bo/don/{case_id}");
    handler.get(&address).await.expect(200);
    let mut administrator = app.official("gi").await;
    let fields = [("holding", "holding-ha"), ("last_day", "2026-11-19")];
    administrator.post("/can-bo/tai-khoan/account-ha/ket-thuc", &fields).await.expect(303);
    assert_ne!(handler.get(&address).await.status, 200, "at the next request, without signing in anew");
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions() {
    let app = TestApp::new().await;
    let (mut here, mut there) = (app.official("an").await, app.official("an").await);
    let new = "ba con trâu đen gặm cỏ";
    let post = |old: &'static str, new: &'static str, again: &'static str| [("old_password", old), ("new_password", new), ("again_password", again)];
    for refused in [
        post("sai", new, new),
        post(PASSWORD, "ngắn", "ngắn"),
        post(PASSWORD, new, "khác"),
        post(PASSWORD, PASSWORD, PASSWORD),
        post(PASSWORD, "matkhau123456", "matkhau123456"),
    ] {
        let answer = here.post("/can-bo/mat-khau", &refused).await.expect(422);
        assert!(refused.iter().all(|(_, typed)| !answer.body.contains(&format!("\"{typed}\""))), "no password comes back");
    }
    here.post("/can-bo/mat-khau", &post(PASSWORD, new, new)).await.expect(303);
    assert_eq!(here.get("/can-bo/mat-khau").await.expect(200).select(".flash").len(), 1);
    there.get("/can-bo/mat-khau").await.expect(303);
    app.visitor().post("/dang-nhap", &[("login", "an"), ("password", PASSWORD)]).await.expect(422);
    app.visitor().post("/dang-nhap", &[("login", "an"), ("password", new)]).await.expect(303);
}

#[tokio::test]
async fn an_officials_words_survive_the_end_of_the_session() {
    let app = TestApp::new().await;
    let (case_id, _) = file_report(&app, "Cống bị tắc").await;
    give_to_economy(&app, &case_id).await;
    let mut browser = app.official("ha").await;
    let address = format!("/can-bo/don/{case_id}");
    app.set_time("2026-11-20T11:53:00Z");
    browser.get(&address).await.expect(303);
    let target = format!("{address}/hoi");
    let over = browser.post(&target, &[("text", "Cống ở phía nào của đường?"), ("version", "3")]).await.expect(401);
    let resumed = submit(&mut browser, &over, "form.sign-in", &[("login", "ha"), ("password", PASSWORD)]).await.expect(200);
    assert!(resumed.body.contains("Cống ở phía nào của đường?"));
    assert_eq!(resumed.attribute("main form", "action"), [target]);
}

#[tokio::test]
async fn an_administrators_words_survive_it_too_but_no_password_does() {
    let app = TestApp::new().await;
    let fields = [("name", "Nông Thị Bình"), ("login", "binh"), ("password", "khong di theo nhe")];
    let over = app.visitor().post("/en/can-bo/tai-khoan/moi", &fields).await.expect(401);
    assert_eq!((over.field("kept.name").as_str(), over.field("kept_target").as_str()), ("Nông Thị Bình", "/en/can-bo/tai-khoan/moi"));
    assert!(!over.body.contains("khong di theo nhe"));
}

#[tokio::test]
async fn an_administrator_makes_accounts_and_sees_no_case() {
    let app = TestApp::new().await;
    let (case_id, _) = file_report(&app, "Cống bị tắc").await;
    let mut admin = app.official("gi").await;
    assert!(admin.get("/can-bo/tai-khoan").await.expect(200).text().contains("Cán bộ Hà"));
    assert!(!admin.get("/can-bo/tai-khoan").await.text().contains("Cán bộ Hữu"), "another authority's account");
    admin.get(&format!("/can-bo/don/{case_id}")).await.expect(404);
    admin.get("/can-bo/tai-khoan/account-hu").await.expect(404);
    let fields = [("name", "Nông Thị Bình"), ("login", "Nông.Bình"), ("role", "handler"), ("agency", PHU_THONG_ECONOMY), ("from", "2026-11-20")];
    let bad = admin.post("/can-bo/tai-khoan/moi", &[("name", "Nông Thị Bình"), ("login", "a b"), ("agency", "19-02020-ub-20250701")]).await.expect(422);
    assert_eq!((bad.field("name").as_str(), bad.select(".summary-errors li").len()), ("Nông Thị Bình", 4));
    let shown = admin.post("/can-bo/tai-khoan/moi", &fields).await.expect(200);
    let password = shown.select("code.strong").remove(0);
    admin.post("/can-bo/tai-khoan/moi", &fields).await.expect(422);
    let mut browser = app.visitor();
    browser.post("/dang-nhap", &[("login", "nong.binh"), ("password", &password)]).await.expect(303);
    // A first password was in somebody else's hands: one of their own comes before anything else.
    for path in ["/can-bo", "/can-bo/phien", "/can-bo/bao-mat"] {
        assert_eq!(browser.get(path).await.expect(303).location().as_deref(), Some("/can-bo/mat-khau"), "{path}");
    }
    assert!(browser.get("/can-bo/mat-khau").await.expect(200).text().contains("mật khẩu ban đầu"));
    let own = "ba con trâu đen gặm cỏ";
    browser.post("/can-bo/mat-khau", &[("old_password", &password), ("new_password", own), ("again_password", own)]).await.expect(303);
    browser.get("/can-bo").await.expect(200);
    let page = admin.get("/can-bo/tai-khoan").await;
    assert!(!page.body.contains(&password), "shown once");
    let one = page.attribute("tbody tr a", "href").into_iter().zip(page.select("tbody tr a")).find(|(_, name)| name == "Nông Thị Bình").expect("listed").0;
    admin.post(&format!("{one}/vai-tro"), &[("role", "administrator"), ("agency", PHU_THONG_BODY), ("from", "2026-11-20")]).await.expect(422);
    admin.post(&format!("{one}/khoa"), &[("active", "0")]).await.expect(303);
    browser.get("/can-bo/mat-khau").await.expect(303);
    browser.post("/dang-nhap", &[("login", "nong.binh"), ("password", own)]).await.expect(422);
}

#[tokio::test]
async fn a_first_password_opens_for_three_days() {
    let app = TestApp::new().await;
    let shown = app.official("gi").await.post("/can-bo/tai-khoan/account-ha/mat-khau", &[("reset", "1")]).await.expect(200);
    let first = shown.select("code.strong").remove(0);
    app.set_time("2026-11-23T02:51:59Z");
    app.visitor().post("/dang-nhap", &[("login", "ha"), ("password", &first)]).await.expect(303);
    app.set_time("2026-11-23T02:52:00Z");
    let over = app.visitor().post("/dang-nhap", &[("login", "ha"), ("password", &first)]).await.expect(422);
    assert!(over.text().contains("đã hết hạn"), "{}", over.text());
    let wrong = app.visitor().post("/dang-nhap", &[("login", "ha"), ("password", "mot mat khau khac")]).await.expect(422);
    assert!(!wrong.text().contains("đã hết hạn"), "whoever guesses learns nothing");
}

/// The cost of hashing rises with the years: whoever signs in takes their hash along.
#[tokio::test]
async fn a_hash_of_a_lower_cost_is_made_anew_at_the_next_sign_in() {
    let app = TestApp::new().await;
    let cheap = cheap_hash();
    let mut tx = app.portal.db().write().await.expect("a transaction");
    tx.exec("UPDATE accounts SET password_hash = $1 WHERE login = 'ha'", (cheap.clone(),)).await.expect("changed");
    tx.commit().await.expect("kept");
    app.official("ha").await;
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let (hash,): (String,) = tx.one("SELECT password_hash FROM accounts WHERE login = 'ha'", ()).await.expect("one");
    drop(tx);
    assert!(hash != cheap && hash.contains("m=19456,t=2"), "{hash}");
    app.official("ha").await;
}

fn cheap_hash() -> String {
    use argon2::password_hash::{PasswordHasher, SaltString};
    let argon2 = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, argon2::Params::new(8 * 1024, 1, 1, None).expect("a cost"));
    let salt = SaltString::encode_b64(&[7; 16]).expect("a salt");
    argon2.hash_password(PASSWORD.as_bytes(), &salt).expect("a hash").to_string()
}

#[tokio::test]
async fn nobody_changes_their_own_rights() {
    let app = TestApp::new().await;
    let mut admin = app.official("gi").await;
    let own = "/can-bo/tai-khoan/account-gi";
    let page = admin.get(own).await.expect(200);
    assert!(page.text().contains("tài khoản của chính bạn") && page.attribute("main form", "action").is_empty());
    admin.post(&format!("{own}/ket-thuc"), &[("holding", "holding-gi"), ("last_day", "2026-11-19")]).await.expect(422);
    admin.post(&format!("{own}/khoa"), &[("active", "0")]).await.expect(422);
    admin.post(&format!("{own}/vai-tro"), &[("role", "head"), ("agency", PHU_THONG_BODY), ("from", "2026-11-20")]).await.expect(422);
    admin.get("/can-bo/tai-khoan").await.expect(200);
    app.official("em").await.get("/can-bo/tai-khoan").await.expect(404);
}

/// What is lent ends by itself, and may not be lent for good.
#[tokio::test]
async fn an_acting_role_needs_a_last_day_and_gives_nothing_after_it() {
    let app = TestApp::new().await;
    let mut admin = app.signed_in("gi").await;
    let path = "/can-bo/tai-khoan/account-ha/vai-tro";
    let acting = [("role", "head"), ("agency", PHU_THONG_BODY), ("capacity", "acting"), ("from", "2026-11-23")];
    let refused = admin.post(path, &acting).await.expect(422);
    assert!(refused.text().contains("Hãy chọn ngày cuối"), "{}", refused.text());
    assert_eq!(refused.field("from"), "2026-11-23", "what was typed stays");
    let long = admin.post(path, &[&acting[..], &[("to", "2027-11-24")]].concat()).await.expect(422);
    assert!(long.text().contains("tối đa một năm"));
    let backwards = admin.post(path, &[&acting[..], &[("to", "2026-11-22")]].concat()).await.expect(422);
    assert!(backwards.text().contains("trước ngày bắt đầu"));
    admin.post(path, &[&acting[..], &[("to", "2026-11-24")]].concat()).await.expect(303);
    let page = admin.get("/can-bo/tai-khoan/account-ha").await.expect(200);
    assert!(page.text().contains("người đứng đầu (giao quyền, phụ trách)"), "{}", page.text());
    assert!(page.text().contains("từ 23/11/2026 đến hết 24/11/2026"));
    for (day, status) in [("20", 404), ("23", 200), ("24", 200), ("25", 404)] {
        app.set_time(&format!("2026-11-{day}T03:00:00Z"));
        assert_eq!(app.signed_in("ha").await.get("/can-bo/lanh-dao").await.status, status, "on the {day}th");
    }
}

#[tokio::test]
async fn an_administrator_sees_what_somebody_may_do_and_that_is_written_down() {
    let app = TestApp::new().await;
    let mut admin = app.signed_in("gi").await;
    let of = |login: &str| format!("/can-bo/tai-khoan/account-{login}/quyen");
    let rows = admin.get(&of("ha")).await.expect(200).select("tbody tr");
    let line = |start: &str| rows.iter().filter(|row| row.starts_with(start)).cloned().collect::<Vec<_>>();
    // Given to them, with a colleague, with another unit; then the same of denunciations.
    assert_eq!(line("Xem đơn"), ["Xem đơnĐược: xử lýĐược: xử lýKhông", "Xem đơnĐược: xử lýKhôngKhông"]);
    assert_eq!(line("Duyệt trả lời")[0], "Duyệt trả lờiKhôngKhôngKhông");
    assert_eq!(line("Quản lý tài khoản"), ["Quản lý tài khoảnKhông"]);
    let own = admin.get(&of("gi")).await.expect(200).select("tbody tr").join("\n");
    assert!(own.contains("Xem đơnKhông") && own.contains("Quản lý tài khoảnĐược: quản trị"), "{own}");
    for login in ["an", "ha", "du", "em", "hu", "ti"] {
        app.signed_in(login).await.get(&of("ha")).await.expect(404);
    }
    let log = admin.get("/can-bo/nhat-ky").await.expect(200);
    assert!(log.text().contains("Xem quyền của Cán bộ Hà"), "{}", log.text());
    // An account that was closed may do nothing.
    admin.post("/can-bo/tai-khoan/account-ha/khoa", &[("active", "0")]).await.expect(303);
    let closed = admin.get(&of("ha")).await.expect(200);
    assert!(closed.select("tbody").is_empty() && closed.text().contains("tài khoản đã khóa"));
}
