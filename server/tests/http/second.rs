//! Second factors through HTTP: codes, passkeys, recovery codes, who must have one, fresh proofs, sessions.

use crate::harness::authenticator::Authenticator;
use crate::harness::petitions_of::{case, file_report, give_to_economy};
use crate::harness::{Answer, Browser, PASSWORD, PHU_THONG_BODY, TestApp, database};
use app::accounts::rules::DESK_SESSION_HOURS_MAX;
use app::accounts::second::rules::{FACTOR_FAILURES_MAX, FRESH_PROOF_MINUTES, GRACE_DAYS, HALF_MINUTES, RECOVERY_CODES};
use app::vault::Vault;
use app::vault::rotation;
use chrono::{DateTime, Duration, Utc};
use data_encoding::BASE32_NOPAD;
use totp_rs::{Builder, Secret};

const PATH: &str = "/can-bo/bao-mat";

fn now(app: &TestApp) -> DateTime<Utc> {
    app.portal.now()
}

fn pass(app: &TestApp, by: Duration) {
    app.portal.clock().set(now(app) + by);
}

/// An application on a phone.
struct Application(Vec<u8>);

impl Application {
    /// Typed in from the page that shows the secret.
    fn of(page: &Answer) -> Self {
        let text = page.select(".secret").concat().replace(' ', "");
        Self(BASE32_NOPAD.decode(text.as_bytes()).expect("a secret"))
    }

    fn code_at(&self, at: DateTime<Utc>) -> String {
        let totp = Builder::new().with_secret(Secret::new(self.0.clone().into())).build().expect("a secret of the right length");
        totp.generate(u64::try_from(at.timestamp()).expect("after 1970")).to_string()
    }

    fn code(&self, app: &TestApp) -> String {
        self.code_at(now(app))
    }
}

/// Adds an application; gives it and the recovery codes. Half a minute passes, so that the next code is another.
async fn add_application(app: &TestApp, browser: &mut Browser) -> (Application, Vec<String>) {
    let to = browser.post("/can-bo/bao-mat/ung-dung", &[]).await.expect(303).location().expect("an address");
    let application = Application::of(&browser.get(&to).await.expect(200));
    let answer = browser.post("/can-bo/bao-mat/ung-dung/xong", &[("code", &application.code(app))]).await;
    let codes = if answer.status == 200 { answer.select(".recovery code") } else { Vec::new() };
    pass(app, Duration::seconds(30));
    (application, codes)
}

/// The first step, with the second still to come.
async fn half(app: &TestApp, login: &str) -> Browser {
    let mut browser = app.visitor();
    let answer = browser.post("/dang-nhap", &[("login", login), ("password", PASSWORD)]).await.expect(303);
    assert_eq!(answer.location().as_deref(), Some("/dang-nhap/buoc-hai"));
    browser
}

async fn second(browser: &mut Browser, code: &str) -> Answer {
    browser.post("/dang-nhap/buoc-hai", &[("code", code)]).await
}

async fn opens(browser: &mut Browser, path: &str) -> bool {
    browser.get(path).await.status == 200
}

/// Everything the database says of second factors and sessions.
async fn stored(app: &TestApp) -> String {
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let secrets: Vec<(String,)> = tx.all("SELECT key_name || wrapped || sealed FROM totp_secrets", ()).await.expect("rows");
    let codes: Vec<(String,)> = tx.all("SELECT code_hash FROM recovery_codes", ()).await.expect("rows");
    let sessions: Vec<(String,)> = tx.all("SELECT data FROM sessions", ()).await.expect("rows");
    secrets.into_iter().chain(codes).chain(sessions).map(|(text,)| text).collect()
}

#[tokio::test]
async fn a_code_counts_once_it_was_proven_and_opens_once() {
    let app = TestApp::new().await;
    let mut browser = app.official("an").await;
    let to = browser.post("/can-bo/bao-mat/ung-dung", &[]).await.expect(303).location().expect("an address");
    let page = browser.get(&to).await.expect(200);
    assert_eq!(page.select("svg[role=img] path").len(), 1, "a picture to scan");
    let application = Application::of(&page);
    let wrong = browser.post("/can-bo/bao-mat/ung-dung/xong", &[("code", "000000")]).await.expect(422);
    assert!(wrong.text().contains("Mã chưa đúng") && Application::of(&wrong).0 == application.0, "the same secret is still there");
    // Not proven: the password alone still signs in.
    app.official("an").await;
    let code = application.code(&app);
    browser.post("/can-bo/bao-mat/ung-dung/xong", &[("code", &code)]).await.expect(200);

    let mut next = half(&app, "an").await;
    assert!(second(&mut next, &code).await.expect(422).text().contains("đã dùng rồi"), "the code that proved it is spent");
    second(&mut next, &application.code_at(now(&app) + Duration::seconds(30))).await.expect(422);
    pass(&app, Duration::seconds(30));
    let of_now = application.code(&app);
    second(&mut next, &of_now).await.expect(303);
    assert!(opens(&mut next, "/can-bo").await);
    let mut replay = half(&app, "an").await;
    second(&mut replay, &of_now).await.expect(422);
    second(&mut replay, &code).await.expect(422);
    pass(&app, Duration::seconds(60));
    // A code is good for its thirty seconds, and was good for nobody else after.
    second(&mut replay, &application.code_at(now(&app) - Duration::seconds(30))).await.expect(422);
    second(&mut replay, &application.code(&app)).await.expect(303);
    let database = stored(&app).await;
    let secret = [BASE32_NOPAD.encode(&application.0), data_encoding::BASE64URL_NOPAD.encode(&application.0), data_encoding::HEXLOWER.encode(&application.0)];
    assert!(database.len() > 100 && secret.iter().all(|secret| !database.contains(secret.as_str())), "the secret is sealed");
}

/// Two requests with one code at the same moment: one of them is first.
#[tokio::test]
async fn one_code_sent_twice_at_once_opens_one_door() {
    let app = TestApp::new().await;
    let (application, _) = add_application(&app, &mut app.official("an").await).await;
    let code = application.code(&app);
    let (mut here, mut there) = (half(&app, "an").await, half(&app, "an").await);
    let (one, other) = tokio::join!(second(&mut here, &code), second(&mut there, &code));
    let mut both = [one.status, other.status];
    both.sort_unstable();
    assert_eq!(both, [303, 422]);
}

#[tokio::test]
async fn half_a_sign_in_opens_nothing_and_grows_old() {
    let app = TestApp::new().await;
    let (case_id, _) = file_report(&app, "Cống bị tắc").await;
    let (application, _) = add_application(&app, &mut app.official("an").await).await;
    let mut browser = half(&app, "an").await;
    for path in ["/can-bo", "/can-bo/bao-mat", "/can-bo/bao-mat/ung-dung", "/can-bo/phien", "/can-bo/mat-khau", &format!("/can-bo/don/{case_id}")] {
        let to = browser.get(path).await.expect(303).location().expect("an address");
        assert!(to.starts_with("/dang-nhap?next="), "{path} leads to {to}");
    }
    browser.post("/can-bo/bao-mat/ung-dung/bo", &[]).await.expect(303);
    browser.post(&format!("/can-bo/don/{case_id}/hoi"), &[("version", "1"), ("text", "Ở đâu?")]).await.expect(401);
    pass(&app, Duration::minutes(HALF_MINUTES));
    second(&mut browser, &application.code(&app)).await.expect(401);
    assert!(!opens(&mut browser, "/can-bo").await);
    // Nor does a second factor without a password.
    let mut nobody = app.visitor();
    assert_eq!(nobody.get("/dang-nhap/buoc-hai").await.expect(303).location().as_deref(), Some("/dang-nhap"));
    second(&mut nobody, &application.code(&app)).await.expect(401);
    // Whoever was signed in before, in the same browser, no longer is.
    let mut shared = app.official("ha").await;
    shared.post("/dang-nhap", &[("login", "an"), ("password", PASSWORD)]).await.expect(303);
    assert!(!opens(&mut shared, "/can-bo").await);
}

#[tokio::test]
async fn every_step_has_a_session_id_of_its_own() {
    let app = TestApp::new().await;
    let (application, _) = add_application(&app, &mut app.official("an").await).await;
    let mut browser = app.visitor();
    browser.post("/dang-nhap/thach-thuc", &[]).await.expect(200);
    let id = |browser: &Browser| browser.cookie("nghedan_phien").expect("a session").to_owned();
    let planted = id(&browser);
    browser.post("/dang-nhap", &[("login", "an"), ("password", PASSWORD)]).await.expect(303);
    let half = id(&browser);
    second(&mut browser, &application.code(&app)).await.expect(303);
    let whole = id(&browser);
    assert!(planted != half && half != whole && planted != whole);
    for old in [planted, half] {
        let mut thief = app.visitor();
        thief.set_cookie("nghedan_phien", &old);
        assert!(!opens(&mut thief, "/can-bo").await);
        assert_eq!(thief.get("/dang-nhap/buoc-hai").await.expect(303).location().as_deref(), Some("/dang-nhap"));
    }
    assert!(opens(&mut browser, "/can-bo").await);
    // Nor is the last one worth anything after signing out, whoever kept it.
    let last = id(&browser);
    browser.post("/dang-xuat", &[]).await.expect(303);
    let mut thief = app.visitor();
    thief.set_cookie("nghedan_phien", &last);
    assert!(!opens(&mut thief, "/can-bo").await);
}

#[tokio::test]
async fn a_busy_session_ends_too() {
    let app = TestApp::new().await;
    let mut browser = app.official("an").await;
    for _ in 1..DESK_SESSION_HOURS_MAX {
        pass(&app, Duration::hours(1));
        assert!(opens(&mut browser, "/can-bo/phien").await);
    }
    pass(&app, Duration::hours(1));
    assert!(!opens(&mut browser, "/can-bo/phien").await);
    assert!(app.official("an").await.get("/can-bo/phien").await.expect(200).text().contains("Nơi đang đăng nhập"));
}

#[tokio::test]
async fn codes_are_not_guessed_from_however_many_addresses() {
    let app = TestApp::new().await;
    let (application, codes) = add_application(&app, &mut app.official("an").await).await;
    for n in 0..FACTOR_FAILURES_MAX {
        let mut stranger = half(&app, "an").await;
        stranger.address = ([192, 0, 2, u8::try_from(n).expect("few")], 40_000).into();
        second(&mut stranger, "000000").await.expect(422);
    }
    let mut browser = half(&app, "an").await;
    let refused = second(&mut browser, &application.code(&app)).await.expect(429);
    assert!(!refused.header("retry-after").is_empty());
    second(&mut browser, &codes[0]).await.expect(429);
    pass(&app, Duration::minutes(15));
    let mut browser = half(&app, "an").await;
    second(&mut browser, &application.code(&app)).await.expect(303);
}

#[tokio::test]
async fn recovery_codes_work_once_each_and_new_ones_end_the_old() {
    let app = TestApp::new().await;
    let mut browser = app.official("an").await;
    let (_, codes) = add_application(&app, &mut browser).await;
    assert_eq!(codes.len(), RECOVERY_CODES);
    let page = browser.get(PATH).await.expect(200);
    assert!(page.text().contains("Còn 10 mã") && codes.iter().all(|code| !page.body.contains(code)), "shown once");
    let database = stored(&app).await;
    assert!(codes.iter().all(|code| !database.contains(code) && !database.contains(&code.replace('-', ""))), "hashed");

    let mut next = half(&app, "an").await;
    second(&mut next, &codes[0].to_uppercase().replace('-', " ")).await.expect(303);
    assert!(next.get(PATH).await.expect(200).text().contains("Còn 9 mã"));
    let mut again = half(&app, "an").await;
    second(&mut again, &codes[0]).await.expect(422);
    let anew = next.post("/can-bo/bao-mat/ma-du-phong", &[]).await.expect(200).select(".recovery code");
    assert!(anew.len() == RECOVERY_CODES && anew.iter().all(|code| !codes.contains(code)));
    second(&mut again, &codes[1]).await.expect(422);
    second(&mut again, &anew[1]).await.expect(303);
    let log = app.signed_in("em").await.get("/can-bo/nhat-ky").await.expect(200).text();
    for deed in ["Thêm cách đăng nhập của mình: ứng dụng tạo mã", "Tạo mã dự phòng mới", "bằng mã dự phòng"] {
        assert!(log.contains(deed), "{deed}");
    }
    // Somebody else's codes are theirs.
    add_application(&app, &mut app.official("ha").await).await;
    second(&mut half(&app, "ha").await, &anew[2]).await.expect(422);
}

#[tokio::test]
async fn what_was_typed_survives_both_steps() {
    let app = TestApp::new().await;
    let (case_id, _) = file_report(&app, "Cống bị tắc").await;
    give_to_economy(&app, &case_id).await;
    let (application, _) = add_application(&app, &mut app.official("ha").await).await;
    let target = format!("/can-bo/don/{case_id}/hoi");
    let mut browser = app.visitor();
    let over = browser.post(&target, &[("text", "Cống ở phía nào của đường?"), ("version", "3"), ("proof", "123456")]).await.expect(401);
    assert!(!over.body.contains("123456"), "a proof does not go along");
    let with = |mut kept: Vec<(String, String)>, more: &[(&str, &str)]| {
        kept.retain(|(name, _)| more.iter().all(|(typed, _)| name != typed));
        kept.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        kept
    };
    let form = "form.sign-in";
    let step = post(&mut browser, "/dang-nhap", with(fields_of(&over, form), &[("login", "ha"), ("password", PASSWORD)])).await.expect(200);
    let refused = post(&mut browser, "/dang-nhap/buoc-hai", with(fields_of(&step, form), &[("code", "000000")])).await.expect(422);
    let code = application.code(&app);
    let resumed = post(&mut browser, "/dang-nhap/buoc-hai", with(fields_of(&refused, form), &[("code", &code)])).await.expect(200);
    assert!(resumed.body.contains("Cống ở phía nào của đường?"));
    assert_eq!(resumed.attribute("main form", "action"), [target]);
}

// ---- who must have one ----

#[tokio::test]
async fn a_role_that_needs_one_has_days_of_grace_and_then_reaches_only_adding_it() {
    let app = TestApp::strict().await;
    let (case_id, _) = file_report(&app, "Cống bị tắc").await;
    let mut browser = app.official("an").await;
    let desk = browser.get("/can-bo").await.expect(200);
    assert!(desk.select("header").concat().contains("trước hết ngày 4/12/2026"), "{}", desk.text());
    pass(&app, Duration::days(GRACE_DAYS));
    let mut browser = app.official("an").await;
    assert!(opens(&mut browser, "/can-bo").await, "the last day is among them");
    pass(&app, Duration::days(1));
    let mut browser = app.official("an").await;
    for path in ["/can-bo", "/can-bo/phien", "/can-bo/mat-khau", "/can-bo/doi-thoai", &format!("/can-bo/don/{case_id}")] {
        assert_eq!(browser.get(path).await.expect(303).location().as_deref(), Some(PATH), "{path}");
    }
    assert_eq!(browser.get("/en/can-bo").await.expect(303).location().as_deref(), Some("/en/can-bo/bao-mat"));
    let before = case(&app, &case_id).await;
    let refused = browser.post(&format!("/can-bo/don/{case_id}/hoi"), &[("version", &before.version.to_string()), ("text", "Ở đâu?")]).await.expect(303);
    assert_eq!(refused.location().as_deref(), Some(PATH));
    assert_eq!(case(&app, &case_id).await.version, before.version, "nothing was done");
    let (_, codes) = add_application(&app, &mut browser).await;
    assert_eq!(codes.len(), RECOVERY_CODES);
    assert!(opens(&mut browser, "/can-bo").await && opens(&mut browser, &format!("/can-bo/don/{case_id}")).await);
    // The last one cannot go.
    let kept = browser.post("/can-bo/bao-mat/ung-dung/bo", &[]).await.expect(422);
    assert!(kept.text().contains("ít nhất một cách ngoài mật khẩu"));
    half(&app, "an").await;
}

#[tokio::test]
async fn a_handler_needs_one_like_everybody_who_holds_a_role() {
    let app = TestApp::strict().await;
    assert!(app.official("ha").await.get("/can-bo").await.expect(200).text().contains("trước hết ngày"));
    pass(&app, Duration::days(GRACE_DAYS + 1));
    let mut browser = app.official("ha").await;
    assert_eq!(browser.get("/can-bo").await.expect(303).location().as_deref(), Some(PATH));
}

/// Recovery codes lie under a key that is not in the database; those from before there was one are given their place and open as they did.
#[tokio::test]
async fn recovery_codes_are_stored_with_a_key_and_those_from_before_still_open() {
    let app = TestApp::new().await;
    let (_, codes) = add_application(&app, &mut app.official("an").await).await;
    let bare: String = codes[0].chars().filter(char::is_ascii_alphanumeric).collect();
    let hash = app::id::secret_hash("recovery code", &["account-an", &bare].join("\u{0}"));
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let stored = tx.stored_code(&hash);
    let rows = tx.exec("UPDATE recovery_codes SET code_hash = $1 WHERE code_hash = $2", (hash.clone(), stored)).await.expect("changed");
    assert_eq!(rows, 1, "stored with the key");
    tx.commit().await.expect("kept");
    assert_eq!(app::codes::recode(app.portal.db()).await.expect("recoded"), 1);
    assert_eq!(app::codes::recode(app.portal.db()).await.expect("recoded"), 0);
    second(&mut half(&app, "an").await, &codes[0]).await.expect(303);
    second(&mut half(&app, "an").await, &codes[0]).await.expect(422);
}

#[tokio::test]
async fn offered_means_that_nobody_is_asked() {
    let app = TestApp::new().await;
    app.official("an").await;
    pass(&app, Duration::days(400));
    let mut browser = app.official("an").await;
    assert!(!browser.get("/can-bo").await.expect(200).text().contains("trước hết ngày"));
    add_application(&app, &mut browser).await;
    browser.post("/can-bo/bao-mat/ung-dung/bo", &[]).await.expect(303);
    app.official("an").await;
}

#[tokio::test]
async fn an_administrator_takes_a_colleagues_factors_away_and_the_colleague_is_told() {
    let app = TestApp::strict().await;
    let mut head = app.official("em").await;
    let (application, codes) = add_application(&app, &mut head).await;
    let mut admin = app.official("gi").await;
    let page = admin.get("/can-bo/tai-khoan/account-em").await.expect(200);
    assert!(page.text().contains("1 ứng dụng tạo mã, 0 khóa truy cập, 10 mã dự phòng"), "{}", page.text());
    assert!(!admin.get("/can-bo/tai-khoan/account-ha").await.text().contains("Gỡ các bước"), "nothing to take away");
    admin.post("/can-bo/tai-khoan/account-gi/yeu-to", &[("factors", "1")]).await.expect(422);
    app.official("ha").await.post("/can-bo/tai-khoan/account-em/yeu-to", &[("factors", "1")]).await.expect(404);
    admin.post("/can-bo/tai-khoan/account-em/yeu-to", &[("factors", "1")]).await.expect(303);
    assert!(!opens(&mut head, "/can-bo").await, "sessions end");
    let mut head = app.visitor();
    let answer = head.post("/dang-nhap", &[("login", "em"), ("password", PASSWORD)]).await.expect(303);
    assert_eq!(answer.location().as_deref(), Some(PATH), "told first");
    assert!(head.get(PATH).await.expect(200).text().contains("Cán bộ Gi đã gỡ các bước bảo mật của bạn"));
    head.post("/can-bo/bao-mat/da-biet", &[]).await.expect(303);
    assert!(!head.get(PATH).await.expect(200).text().contains("đã gỡ các bước bảo mật"));
    assert_eq!(head.get("/can-bo").await.expect(303).location().as_deref(), Some(PATH), "no days of grace a second time");
    let (_, anew) = add_application(&app, &mut head).await;
    assert!(opens(&mut head, "/can-bo").await);
    let mut next = half(&app, "em").await;
    second(&mut next, &application.code(&app)).await.expect(422);
    second(&mut next, &codes[0]).await.expect(422);
    second(&mut next, &anew[0]).await.expect(303);
    assert!(next.get("/can-bo/nhat-ky").await.expect(200).text().contains("Gỡ các bước bảo mật khi đăng nhập của Cán bộ Em"));
}

// ---- fresh proofs ----

fn acting() -> [(&'static str, &'static str); 5] {
    [("role", "head"), ("agency", PHU_THONG_BODY), ("capacity", "acting"), ("from", "2026-11-23"), ("to", "2026-11-30")]
}

/// What the fields of a form hold, but for proofs.
fn fields_of(page: &Answer, form: &str) -> Vec<(String, String)> {
    let mut names = page.attribute(&format!("{form} input:not([type=checkbox])"), "name");
    names.extend(page.attribute(&format!("{form} textarea"), "name"));
    names.retain(|name| name != "proof");
    let mut fields: Vec<_> =
        names.into_iter().map(|name| (name.clone(), page.attribute(&format!("{form} input[name=\"{name}\"]"), "value").concat())).collect();
    for name in page.attribute(&format!("{form} select"), "name") {
        let chosen = page.attribute(&format!("{form} select[name=\"{name}\"] option[selected]"), "value").concat();
        fields.push((name, chosen));
    }
    fields
}

async fn post(browser: &mut Browser, path: &str, fields: Vec<(String, String)>) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(path, &fields).await
}

#[tokio::test]
async fn a_dangerous_step_asks_for_a_fresh_proof_and_loses_nothing() {
    let app = TestApp::new().await;
    let mut admin = app.official("gi").await;
    let path = "/can-bo/tai-khoan/account-ha/vai-tro";
    assert!(admin.get("/can-bo/tai-khoan/account-ha").await.expect(200).attribute("input[name=proof]", "name").is_empty(), "fresh from signing in");
    pass(&app, Duration::minutes(FRESH_PROOF_MINUTES));
    let page = admin.get("/can-bo/tai-khoan/account-ha").await.expect(200);
    assert!(page.attribute("input[name=proof]", "type").iter().all(|kind| kind == "password"));
    assert!(page.attribute("input[name=proof]", "name").len() >= 3, "one in each form");
    let asked = admin.post(path, &acting()).await.expect(422);
    assert_eq!((asked.field("from").as_str(), asked.field("to").as_str()), ("2026-11-23", "2026-11-30"));
    assert_eq!(asked.attribute("select[name=capacity] option[selected]", "value"), ["acting"]);
    assert_eq!(asked.attribute(".summary-errors a", "href"), ["#proof"]);
    assert_eq!(asked.attribute("form[action$=vai-tro] #proof", "name"), ["proof"], "in the form that was sent");
    let wrong = admin.post(path, &[&acting()[..], &[("proof", "khong phai mat khau")]].concat()).await.expect(422);
    assert!(wrong.text().contains("Mật khẩu chưa đúng") && !wrong.body.contains("khong phai mat khau"));
    admin.post(path, &[&acting()[..], &[("proof", PASSWORD)]].concat()).await.expect(303);
    assert!(admin.get("/can-bo/tai-khoan/account-ha").await.text().contains("giao quyền"));
    // Now it is fresh again, for everything.
    admin.post("/can-bo/tai-khoan/account-bi/khoa", &[("active", "0")]).await.expect(303);
    pass(&app, Duration::minutes(FRESH_PROOF_MINUTES));
    for (path, fields) in [
        ("/can-bo/tai-khoan/account-cu/khoa", vec![("active", "0")]),
        ("/can-bo/tai-khoan/account-cu/mat-khau", vec![("reset", "1")]),
        ("/can-bo/tai-khoan/account-cu/yeu-to", vec![("factors", "1")]),
        ("/can-bo/tai-khoan/account-cu/ket-thuc", vec![("holding", "holding-cu"), ("last_day", "2026-11-30")]),
        ("/can-bo/bao-mat/ung-dung", vec![]),
        ("/can-bo/bao-mat/ma-du-phong", vec![]),
        ("/can-bo/bao-mat/khoa", vec![("passkey", "{}")]),
    ] {
        let asked = admin.post(path, &fields).await.expect(422);
        assert!(asked.attribute(".summary-errors a", "href").contains(&"#proof".to_owned()), "{path}");
    }
    admin.post("/can-bo/bao-mat/khoa/thach-thuc", &[]).await.expect(403);
    app.official("cu").await;
}

#[tokio::test]
async fn the_rules_of_the_province_ask_for_a_fresh_proof_too() {
    let app = TestApp::new().await;
    let mut admin = app.official("ti").await;
    pass(&app, Duration::minutes(FRESH_PROOF_MINUTES));
    let day = [("day", "2026-12-24"), ("name", "Nghỉ bù"), ("kind", "compensation"), ("status", "confirmed"), ("source", "Công văn 1")];
    let asked = admin.post("/can-bo/lich-nghi", &day).await.expect(422);
    assert_eq!((asked.field("name").as_str(), asked.field("source").as_str()), ("Nghỉ bù", "Công văn 1"));
    assert_eq!(asked.attribute(".summary-errors a", "href"), ["#proof"]);
    let rule =
        [("action", "add"), ("subject", "lighting"), ("target", "commune.VHXH"), ("valid_from", "2026-12-01"), ("note", "Thử"), ("source", "Quyết định 1")];
    let asked = admin.post("/can-bo/quy-tac", &rule).await.expect(422);
    assert_eq!(asked.attribute(".summary-errors a", "href"), ["#proof"]);
    assert_eq!(asked.field("note"), "Thử");
    admin.post("/can-bo/quy-tac", &[&rule[..], &[("proof", PASSWORD)]].concat()).await.expect(303);
    pass(&app, Duration::minutes(FRESH_PROOF_MINUTES));
    // A legal period: what the change would do may be looked at; saving it asks.
    let mut form: Vec<(String, String)> = fields_of(&admin.get("/can-bo/thoi-han/R1").await.expect(200), "#sua");
    form.retain(|(name, _)| !matches!(name.as_str(), "valid_from" | "source" | "length"));
    form.extend([("valid_from", "2027-03-01"), ("source", "Nghị định thử"), ("length", "9")].map(|(name, value)| (name.to_owned(), value.to_owned())));
    let with = |form: &[(String, String)], more: &[(&str, &str)]| {
        form.iter().cloned().chain(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))).collect::<Vec<_>>()
    };
    let shown = post(&mut admin, "/can-bo/thoi-han/R1", with(&form, &[("action", "preview")])).await.expect(200);
    assert_eq!(shown.attribute("#xem-truoc #proof", "type"), ["password"]);
    let saving = with(&fields_of(&shown, "#xem-truoc"), &[("action", "save")]);
    let asked = post(&mut admin, "/can-bo/thoi-han/R1", saving.clone()).await.expect(422);
    assert_eq!(asked.attribute(".summary-errors a", "href"), ["#proof"]);
    post(&mut admin, "/can-bo/thoi-han/R1", with(&saving, &[("proof", PASSWORD)])).await.expect(303);
}

#[tokio::test]
async fn whoever_has_a_second_factor_proves_with_it_and_not_with_the_password() {
    let app = TestApp::new().await;
    let mut admin = app.official("gi").await;
    let (application, codes) = add_application(&app, &mut admin).await;
    pass(&app, Duration::minutes(FRESH_PROOF_MINUTES));
    let path = "/can-bo/tai-khoan/account-ha/vai-tro";
    let send = |proof: &str| [&acting()[..], &[("proof", proof)]].concat().into_iter().map(|(name, value)| (name, value.to_owned())).collect::<Vec<_>>();
    let mut send_it = async |proof: &str| {
        let fields = send(proof);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        admin.post(path, &fields).await
    };
    let refused = send_it(PASSWORD).await.expect(422);
    assert!(refused.text().contains("Mã chưa đúng"));
    assert_eq!(refused.attribute("#proof", "type"), ["text"]);
    for _ in 1..FACTOR_FAILURES_MAX {
        send_it("000000").await.expect(422);
    }
    let paused = send_it(&application.code(&app)).await.expect(422);
    assert!(paused.text().contains("Hãy chờ 15 phút") && paused.field("to") == "2026-11-30", "too many are told in the form: {}", paused.text());
    pass(&app, Duration::minutes(15));
    send_it(&codes[3]).await.expect(303);
}

// ---- sessions ----

#[tokio::test]
async fn own_sessions_are_listed_and_ended() {
    let app = TestApp::new().await;
    let windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
    let mut here = app.visitor();
    here.agent = windows;
    here.post("/dang-nhap", &[("login", "an"), ("password", PASSWORD)]).await.expect(303);
    pass(&app, Duration::minutes(20));
    let (mut one, mut other) = (app.official("an").await, app.official("an").await);
    let stranger = app.official("ha").await;
    here.get("/can-bo").await.expect(200);
    let page = here.get("/can-bo/phien").await.expect(200);
    assert_eq!(page.select("main li").len(), 3, "{}", page.text());
    let own = page.select("main li").into_iter().find(|item| item.contains("nơi bạn đang ngồi")).expect("this one is marked");
    assert!(own.contains("Chrome · Windows") && own.contains("đăng nhập 20/11/2026, 09:52") && own.contains("khoảng 20/11/2026, 10:12"), "{own}");
    let ids = page.attribute("button[name=session]", "value");
    assert_eq!(ids.len(), 2);
    let theirs = stranger.clone().get("/can-bo/phien").await.expect(200);
    assert_eq!(theirs.select("main li").len(), 1, "nobody sees another's");
    // Nobody ends another's.
    stranger.clone().post("/can-bo/phien", &[("session", &ids[0])]).await.expect(303);
    assert!(opens(&mut one, "/can-bo").await && opens(&mut other, "/can-bo").await);
    // Nor whoever sits down at an open desk: the proof is twenty minutes old.
    let asked = here.post("/can-bo/phien", &[("session", &ids[0])]).await.expect(422);
    assert!(asked.select("#errors a").len() == 1 && opens(&mut one, "/can-bo").await && opens(&mut other, "/can-bo").await, "{}", asked.text());
    let ended = here.post("/can-bo/phien", &[("session", &ids[0]), ("proof", PASSWORD)]).await.expect(303);
    assert!(here.get(&ended.location().expect("an address")).await.expect(200).text().contains("Đã kết thúc"));
    let still = [opens(&mut one, "/can-bo").await, opens(&mut other, "/can-bo").await];
    assert_eq!(still.iter().filter(|is_open| **is_open).count(), 1);
    here.post("/can-bo/phien", &[("others", "1")]).await.expect(303);
    assert!(!opens(&mut one, "/can-bo").await && !opens(&mut other, "/can-bo").await && opens(&mut here, "/can-bo").await);
}

#[tokio::test]
async fn a_first_factor_and_a_new_password_end_what_was_begun_without() {
    let app = TestApp::new().await;
    let (mut here, mut there) = (app.official("an").await, app.official("an").await);
    let (application, _) = add_application(&app, &mut here).await;
    assert!(opens(&mut here, "/can-bo").await && !opens(&mut there, "/can-bo").await);
    let mut waiting = half(&app, "an").await;
    let new = "ba con trâu đen gặm cỏ";
    here.post("/can-bo/mat-khau", &[("old_password", PASSWORD), ("new_password", new), ("again_password", new)]).await.expect(303);
    second(&mut waiting, &application.code(&app)).await.expect(401);
    assert!(opens(&mut here, "/can-bo").await);
}

// ---- passkeys ----

async fn add_passkey(browser: &mut Browser, device: &mut Authenticator, name: &str) -> Answer {
    let asked = browser.post("/can-bo/bao-mat/khoa/thach-thuc", &[]).await.expect(200).body;
    let answer = device.create(&asked);
    browser.post("/can-bo/bao-mat/khoa", &[("name", name), ("passkey", &answer)]).await
}

async fn answer_to(browser: &mut Browser, device: &mut Authenticator) -> String {
    let asked = browser.post("/dang-nhap/thach-thuc", &[]).await.expect(200).body;
    device.get(&asked)
}

#[tokio::test]
async fn a_passkey_is_a_second_factor_and_signs_in_alone() {
    let app = TestApp::new().await;
    let mut browser = app.official("an").await;
    let mut phone = Authenticator::new("phone");
    let added = add_passkey(&mut browser, &mut phone, "Điện thoại").await.expect(200);
    assert_eq!(added.select(".recovery code").len(), RECOVERY_CODES);
    assert!(browser.get(PATH).await.expect(200).text().contains("Điện thoại"));
    add_passkey(&mut browser, &mut phone, "Lần nữa").await.expect(422);

    let mut next = half(&app, "an").await;
    let answer = answer_to(&mut next, &mut phone).await;
    next.post("/dang-nhap/buoc-hai", &[("passkey", &answer)]).await.expect(303);
    assert!(opens(&mut next, "/can-bo").await);
    let mut replay = half(&app, "an").await;
    replay.post("/dang-nhap/buoc-hai", &[("passkey", &answer)]).await.expect(422);
    answer_to(&mut replay, &mut phone).await;
    replay.post("/dang-nhap/buoc-hai", &[("passkey", &answer)]).await.expect(422);

    let mut alone = app.visitor();
    let answer = answer_to(&mut alone, &mut phone).await;
    let done = alone.post("/dang-nhap/khoa", &[("passkey", &answer), ("next", "/can-bo/phien")]).await.expect(303);
    assert_eq!(done.location().as_deref(), Some("/can-bo/phien"));
    assert!(opens(&mut alone, "/can-bo/phien").await);
    app.visitor().post("/dang-nhap/khoa", &[("passkey", &answer)]).await.expect(422);

    // It proves anew, too.
    pass(&app, Duration::minutes(FRESH_PROOF_MINUTES));
    let asked = alone.post("/can-bo/bao-mat/thach-thuc", &[]).await.expect(200).body;
    alone.post(PATH, &[("proof", &phone.get(&asked))]).await.expect(303);
    assert!(alone.get(PATH).await.expect(200).text().contains("Đã xác nhận"));
    let id = alone.get(PATH).await.attribute("input[name=id]", "value").remove(0);
    alone.post("/can-bo/bao-mat/khoa/bo", &[("id", &id)]).await.expect(303);
    let mut gone = app.visitor();
    let answer = answer_to(&mut gone, &mut phone).await;
    gone.post("/dang-nhap/khoa", &[("passkey", &answer)]).await.expect(422);
}

#[tokio::test]
async fn a_passkey_answers_this_portal_its_owner_and_in_time() {
    let app = TestApp::new().await;
    let (mut mine, mut theirs) = (Authenticator::new("mine"), Authenticator::new("theirs"));
    add_passkey(&mut app.official("an").await, &mut mine, "").await.expect(200);
    add_passkey(&mut app.official("ha").await, &mut theirs, "").await.expect(200);
    // Another's passkey behind one's own password.
    let mut browser = half(&app, "an").await;
    let answer = answer_to(&mut browser, &mut theirs).await;
    browser.post("/dang-nhap/buoc-hai", &[("passkey", &answer)]).await.expect(422);
    // A page that only looks like ours.
    mine.origin = "https://nghedan.test.evil.example";
    let answer = answer_to(&mut browser, &mut mine).await;
    browser.post("/dang-nhap/buoc-hai", &[("passkey", &answer)]).await.expect(422);
    mine.origin = "https://nghedan.test";
    // A device that does not look who holds it.
    mine.verifies = false;
    let answer = answer_to(&mut browser, &mut mine).await;
    browser.post("/dang-nhap/buoc-hai", &[("passkey", &answer)]).await.expect(422);
    mine.verifies = true;
    // Too late.
    let mut late = app.visitor();
    let answer = answer_to(&mut late, &mut mine).await;
    pass(&app, Duration::minutes(5));
    late.post("/dang-nhap/khoa", &[("passkey", &answer)]).await.expect(422);
    for nonsense in ["", "{}", "{\"id\":\"x\"}", "123456"] {
        late.post("/dang-nhap/thach-thuc", &[]).await.expect(200);
        late.post("/dang-nhap/khoa", &[("passkey", nonsense)]).await.expect(422);
    }
    let answer = answer_to(&mut late, &mut mine).await;
    late.post("/dang-nhap/khoa", &[("passkey", &answer)]).await.expect(303);
    // A closed account opens to nothing.
    app.official("gi").await.post("/can-bo/tai-khoan/account-an/khoa", &[("active", "0")]).await.expect(303);
    let answer = answer_to(&mut late, &mut mine).await;
    late.post("/dang-nhap/khoa", &[("passkey", &answer)]).await.expect(422);
    assert!(!opens(&mut late, "/can-bo").await);
}

#[tokio::test]
async fn without_a_public_address_the_page_says_why_there_are_no_passkeys() {
    let app = TestApp::without_address().await;
    let mut browser = app.official("an").await;
    assert!(browser.get(PATH).await.expect(200).text().contains("chưa được đặt địa chỉ công khai"));
    browser.post("/can-bo/bao-mat/khoa/thach-thuc", &[]).await.expect(404);
    browser.post("/dang-nhap/thach-thuc", &[]).await.expect(404);
    assert!(!browser.get("/dang-nhap").await.expect(200).body.contains("data-passkey"));
}

/// The keys of the vault change; the secrets of applications are wrapped anew with the people.
#[tokio::test]
async fn codes_still_fit_after_the_keys_were_changed() {
    let app = TestApp::new().await;
    let (application, _) = add_application(&app, &mut app.official("an").await).await;
    let random = app::id::Random::seeded(99);
    let ring = database::vault().ring().with(random.bytes());
    let command = app.another_with(Vault::new(ring.clone(), random.clone(), None)).await;
    assert_eq!(rotation::rotate(command.portal.db()).await.expect("rotated").done, 1);
    let newest = ring.sealing().expect("a key").name.clone();
    assert_eq!(rotation::by_key(command.portal.db()).await.expect("counts"), [(newest.clone(), 1)]);
    let only_new = app.another_with(Vault::new(ring.only(&|name| name == newest), random, None)).await;
    only_new.portal.clock().set(now(&app));
    second(&mut half(&only_new, "an").await, &application.code(&app)).await.expect(303);
}
