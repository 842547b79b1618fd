//! OpenID Connect against a provider of the test's own, which tells the truth or lies as the test wants. A real one: `end2end`.

use crate::harness::provider::{CLIENT, FakeProvider, SECRET, signed, unsigned};
use crate::harness::{Answer, Browser, PASSWORD, TestApp};
use app::identity::{Provider, ProviderSettings, Providers};
use app::outgoing::Outgoing;
use app::petitions::store::people;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use openidconnect::PrivateSigningKey;
use openidconnect::core::{CoreHmacKey, CoreJwsSigningAlgorithm};
use serde_json::{Value, json};

const STAFF: &str = "/dang-nhap/danh-ba";
const CITIZENS: &str = "/toi/dinh-danh";

fn settings(issuer: &str) -> ProviderSettings {
    ProviderSettings {
        issuer: issuer.to_owned(),
        client_id: CLIENT.to_owned(),
        client_secret: Some(SECRET.to_owned()),
        scopes: vec!["profile".to_owned()],
        id_claim: "so_dinh_danh".to_owned(),
        ..ProviderSettings::default()
    }
}

/// A portal for which one provider is both.
async fn portal(issuer: &str, levels: &[&str]) -> TestApp {
    let levels = levels.iter().map(|level| (*level).to_owned()).collect();
    let citizens = ProviderSettings { levels, asks_anew: true, ..settings(issuer) };
    // The provider runs on this machine.
    let outgoing = Outgoing::new(vec!["127.0.0.1".parse().expect("a range")]);
    let provider = |settings| Some(Provider::new(settings, outgoing.clone()).expect("a provider"));
    let identity = Providers { staff: provider(settings(issuer)), citizens: provider(citizens) };
    TestApp::with_identity(identity).await
}

/// What a lying provider does to what it says.
type Lie = Box<dyn Fn(&mut Value)>;

/// A value of an address's query.
fn query(address: &str, name: &str) -> String {
    let uri: axum::http::Uri = address.parse().expect("an address");
    let axum::extract::Query(pairs) = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri).expect("a query");
    pairs.into_iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("no {name} in {address}")).1
}

/// Sets out; gives where to.
async fn set_out(browser: &mut Browser, path: &str) -> String {
    set_out_to(browser, path, "").await
}

/// The same on the way to a page.
async fn set_out_to(browser: &mut Browser, path: &str, next: &str) -> String {
    browser.post(path, &[("next", next)]).await.expect(200).attribute("main a.btn-main", "href").remove(0)
}

/// Comes back with a code.
async fn come_back(browser: &mut Browser, path: &str, state: &str) -> Answer {
    browser.get(&format!("{path}/ve?code=mot-ma&state={state}")).await
}

/// Out and back, with a token of the claims `change` makes of good ones.
async fn through(fake: &FakeProvider, browser: &mut Browser, path: &str, subject: &str, change: impl FnOnce(&mut Value)) -> Answer {
    let to = set_out(browser, path).await;
    let mut claims = fake.claims(subject, &query(&to, "nonce"));
    change(&mut claims);
    fake.give(&claims);
    fake.said().info = json!({ "sub": subject, "name": "Cán bộ Hà", "email": "ha@phuthong.example", "email_verified": true });
    come_back(browser, path, &query(&to, "state")).await
}

/// Binds `ha` to a subject, as people do it.
async fn bind_ha(app: &TestApp, fake: &FakeProvider, subject: &str) {
    let unbound = through(fake, &mut app.visitor(), STAFF, subject, |_| {}).await.expect(403);
    let code = unbound.select(".code-big").concat();
    let mut admin = app.signed_in("gi").await;
    let shown = admin.post("/can-bo/tai-khoan/account-ha/danh-ba", &[("directory_code", &code.to_lowercase())]).await.expect(200);
    assert!(shown.text().contains("ha@phuthong.example") && shown.text().contains(subject), "{}", shown.text());
    admin.post("/can-bo/tai-khoan/account-ha/danh-ba", &[("directory_code", &code), ("sure", "1")]).await.expect(303);
}

#[tokio::test]
async fn an_official_is_bound_by_the_administrator_and_signs_in_with_the_portals_own_roles() {
    let fake = FakeProvider::start().await;
    let app = portal(&fake.issuer, &[]).await;
    let page = app.visitor().get("/dang-nhap?next=%2Fcan-bo%2Fmat-khau").await.expect(200);
    assert_eq!(page.attribute("form.sign-in button[formaction]", "formaction"), ["/dang-nhap/danh-ba"]);
    assert_eq!(page.field("next"), "/can-bo/mat-khau");
    // No link leads there: another site can begin nothing here.
    app.visitor().get(STAFF).await.expect(404);
    app.visitor().get(CITIZENS).await.expect(404);
    bind_ha(&app, &fake, "can-bo-17").await;

    let mut ha = app.visitor();
    let to = set_out_to(&mut ha, STAFF, "/can-bo/mat-khau").await;
    for (name, value) in [("response_type", "code"), ("client_id", CLIENT), ("scope", "openid profile"), ("code_challenge_method", "S256")] {
        assert_eq!(query(&to, name), value);
    }
    assert_eq!(query(&to, "redirect_uri"), "https://nghedan.test/dang-nhap/danh-ba/ve");
    fake.give(&fake.claims("can-bo-17", &query(&to, "nonce")));
    let arrived = come_back(&mut ha, STAFF, &query(&to, "state")).await.expect(303);
    assert_eq!(arrived.location().as_deref(), Some("/can-bo/mat-khau"));
    ha.get("/can-bo/lanh-dao").await.expect(404);
    assert!(ha.get("/can-bo").await.expect(200).text().contains("xử lý"), "a handler, as the portal says");
    let asked = fake.said().asked.pop().expect("asked for a token");
    assert!(asked.contains("code=mot-ma") && asked.contains("code_verifier="), "{asked}");
    assert!(!asked.contains("client_secret") && fake.said().secrets.pop().expect("a secret").starts_with("Basic "));

    let mut admin = app.signed_in("gi").await;
    let log = admin.get("/can-bo/nhat-ky").await.expect(200).text();
    assert!(log.contains("Gắn tài khoản của Cán bộ Hà với danh bạ cán bộ"), "{log}");
    let one = admin.get("/can-bo/tai-khoan/account-ha").await.expect(200);
    assert!(one.text().contains("Đã gắn với danh bạ cán bộ từ 20/11/2026"));
    admin.post("/can-bo/tai-khoan/account-ha/danh-ba/bo", &[]).await.expect(303);
    ha.get("/can-bo/mat-khau").await.expect(303);
    through(&fake, &mut app.visitor(), STAFF, "can-bo-17", |_| {}).await.expect(403);
    // The local sign-in was there all the time.
    app.visitor().post("/dang-nhap", &[("login", "ha"), ("password", PASSWORD)]).await.expect(303);
}

#[tokio::test]
async fn nobody_is_bound_by_name_or_address_and_only_by_the_right_administrator() {
    let fake = FakeProvider::start().await;
    let app = portal(&fake.issuer, &[]).await;
    let mut stranger = app.visitor();
    // The directory tells an address, a name, even the login of an account: none of them opens it.
    let told = |claims: &mut Value| {
        claims["email"] = json!("ha@phuthong.example");
        claims["email_verified"] = json!(true);
        claims["preferred_username"] = json!("ha");
    };
    let first = through(&fake, &mut stranger, STAFF, "la-ai-do", told).await.expect(403).select(".code-big").concat();
    stranger.get("/can-bo").await.expect(303);
    let second = through(&fake, &mut stranger, STAFF, "la-ai-do", |_| {}).await.expect(403).select(".code-big").concat();
    let path = "/can-bo/tai-khoan/account-ha/danh-ba";
    let mut admin = app.signed_in("gi").await;
    for wrong in ["", "K7QF 9M2X", &first] {
        admin.post(path, &[("directory_code", wrong), ("sure", "1")]).await.expect(422);
    }
    for login in ["an", "em", "hu", "ti"] {
        app.signed_in(login).await.post(path, &[("directory_code", &second), ("sure", "1")]).await.expect(404);
    }
    admin.post("/can-bo/tai-khoan/account-gi/danh-ba", &[("directory_code", &second), ("sure", "1")]).await.expect(422);
    app.set_time("2026-11-27T02:53:00Z");
    admin = app.signed_in("gi").await;
    admin.post(path, &[("directory_code", &second), ("sure", "1")]).await.expect(422);
}

#[tokio::test]
async fn a_closed_account_stays_closed_and_a_binding_belongs_to_one() {
    let fake = FakeProvider::start().await;
    let app = portal(&fake.issuer, &[]).await;
    bind_ha(&app, &fake, "can-bo-17").await;
    let code = through(&fake, &mut app.visitor(), STAFF, "can-bo-18", |_| {}).await.expect(403).select(".code-big").concat();
    let mut admin = app.signed_in("gi").await;
    let taken = admin.post("/can-bo/tai-khoan/account-ha/danh-ba", &[("directory_code", &code), ("sure", "1")]).await.expect(409);
    assert!(taken.text().contains("đã được gắn rồi"));
    admin.post("/can-bo/tai-khoan/account-ha/khoa", &[("active", "0")]).await.expect(303);
    let mut ha = app.visitor();
    let closed = through(&fake, &mut ha, STAFF, "can-bo-17", |_| {}).await.expect(403);
    assert!(closed.text().contains("Tài khoản đã khóa"));
    ha.get("/can-bo").await.expect(303);
}

/// Each lie by itself: whoever sees through all but one is let in by that one.
#[tokio::test]
async fn a_token_that_is_not_as_it_must_be_lets_nobody_in() {
    let fake = FakeProvider::start().await;
    let app = portal(&fake.issuer, &[]).await;
    bind_ha(&app, &fake, "can-bo-17").await;
    through(&fake, &mut app.visitor(), STAFF, "can-bo-17", |_| {}).await.expect(303);
    let at = |claims: &Value, name: &str, seconds: i64| json!(claims[name].as_i64().expect("a second") + seconds);
    let lies: [(&str, Lie); 11] = [
        ("another audience", Box::new(|claims| claims["aud"] = json!("cong-khac"))),
        ("one audience more", Box::new(|claims| claims["aud"] = json!([CLIENT, "cong-khac"]))),
        ("another party", Box::new(|claims| claims["azp"] = json!("cong-khac"))),
        ("another issuer", Box::new(|claims| claims["iss"] = json!("https://danh-ba-khac.example"))),
        ("another nonce", Box::new(|claims| claims["nonce"] = json!("khac"))),
        ("no nonce", Box::new(|claims| claims["nonce"] = Value::Null)),
        ("expired", Box::new(move |claims| claims["exp"] = at(claims, "exp", -361))),
        ("issued in the future", Box::new(move |claims| claims["iat"] = at(claims, "iat", 61))),
        ("issued long ago", Box::new(move |claims| claims["iat"] = at(claims, "iat", -3_600))),
        ("another access token", Box::new(|claims| claims["at_hash"] = json!("AAAAAAAAAAAAAAAAAAAAAA"))),
        ("nobody", Box::new(|claims| claims["sub"] = json!(""))),
    ];
    for (lie, change) in lies {
        let mut browser = app.visitor();
        let answer = through(&fake, &mut browser, STAFF, "can-bo-17", change).await;
        assert!(answer.status == 502, "{lie}: {} {}", answer.status, answer.text());
        assert!(answer.text().contains("Đăng nhập bằng mật khẩu"), "the local way stands beside it");
        browser.get("/can-bo").await.expect(303);
    }
    // Signed by a key that is not its own; by nobody; with our own secret.
    let forged: [fn(&Value) -> String; 3] = [
        |claims| signed(claims, 9),
        |claims| format!("{}.", unsigned(&json!({ "alg": "none" }), claims)),
        |claims| {
            let head = unsigned(&json!({ "alg": "HS256" }), claims);
            let signature = CoreHmacKey::new(SECRET).sign(&CoreJwsSigningAlgorithm::HmacSha256, head.as_bytes()).expect("signed");
            format!("{head}.{}", data_encoding::BASE64URL_NOPAD.encode(&signature))
        },
    ];
    for forge in forged {
        let mut browser = app.visitor();
        let to = set_out(&mut browser, STAFF).await;
        fake.said().token = forge(&fake.claims("can-bo-17", &query(&to, "nonce")));
        come_back(&mut browser, STAFF, &query(&to, "state")).await.expect(502);
        browser.get("/can-bo").await.expect(303);
    }
    // What it tells of somebody else.
    let mut browser = app.visitor();
    let to = set_out(&mut browser, STAFF).await;
    fake.give(&fake.claims("can-bo-17", &query(&to, "nonce")));
    fake.said().info = json!({ "sub": "nguoi-khac", "name": "Người khác" });
    assert!(come_back(&mut browser, STAFF, &query(&to, "state")).await.status >= 500);
    browser.get("/can-bo").await.expect(303);
}

#[tokio::test]
async fn what_comes_back_is_used_once_in_time_and_by_whoever_set_out() {
    let fake = FakeProvider::start().await;
    let app = portal(&fake.issuer, &[]).await;
    bind_ha(&app, &fake, "can-bo-17").await;
    let mut ha = app.visitor();
    let to = set_out(&mut ha, STAFF).await;
    fake.give(&fake.claims("can-bo-17", &query(&to, "nonce")));
    let state = query(&to, "state");
    // In another browser: whoever is lured there is not signed in as somebody else.
    let mut other = app.visitor();
    come_back(&mut other, STAFF, &state).await.expect(422);
    set_out(&mut other, STAFF).await;
    come_back(&mut other, STAFF, &state).await.expect(422);
    other.get("/can-bo").await.expect(303);
    come_back(&mut ha, STAFF, &state).await.expect(303);
    come_back(&mut ha, STAFF, &state).await.expect(422);
    // Too late; broken off; answered by somebody else; sent back to the other door.
    let to = set_out(&mut ha, STAFF).await;
    app.set_time("2026-11-20T03:02:00Z");
    let late = come_back(&mut ha, STAFF, &query(&to, "state")).await.expect(422);
    assert!(late.text().contains("đã quá lâu"));
    app.set_time(crate::harness::NOW);
    let to = set_out(&mut ha, "/en/dang-nhap/danh-ba").await;
    let broken = ha.get(&format!("{STAFF}/ve?error=access_denied&state={}", query(&to, "state"))).await.expect(422);
    assert!(broken.text().contains("The sign-in was stopped"), "in the language it was begun in: {}", broken.text());
    let to = set_out(&mut ha, STAFF).await;
    ha.get(&format!("{STAFF}/ve?code=mot-ma&state={}&iss=https%3A%2F%2Fkhac.example", query(&to, "state"))).await.expect(502);
    let to = set_out(&mut ha, STAFF).await;
    come_back(&mut ha, CITIZENS, &query(&to, "state")).await.expect(422);
}

#[tokio::test]
async fn a_provider_that_is_away_or_answers_nonsense_leaves_the_local_way() {
    // A port nobody listens on.
    let app = portal("http://127.0.0.1:9", &[]).await;
    let away = app.visitor().post(STAFF, &[]).await.expect(503);
    assert!(away.text().contains("Danh bạ cán bộ chưa trả lời"));
    assert_eq!(away.attribute("main a.btn-main", "href"), ["/dang-nhap"]);
    let away = app.visitor().post(CITIZENS, &[]).await.expect(503);
    assert!(away.text().contains("Định danh quốc gia chưa trả lời") && away.attribute("main a", "href").contains(&"/gui".to_owned()));
    app.official("an").await;

    let json = |value: Value| axum::Json(value).into_response();
    let long = "x".repeat(app::outgoing::ANSWER_BYTES_MAX + 1);
    let lies = [
        (StatusCode::FOUND, [(header::LOCATION, "http://127.0.0.1:9/")]).into_response(),
        ([(header::CONTENT_TYPE, "application/json")], long).into_response(),
        json(json!({})),
        json(json!({ "issuer": "https://khac.example" })),
        StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    ];
    for lie in lies {
        let fake = FakeProvider::start().await;
        let app = portal(&fake.issuer, &[]).await;
        fake.said().discovery = Some(lie);
        app.visitor().post(STAFF, &[]).await.expect(503);
        // It is not asked again at once; a little later it is, and all is well.
        app.visitor().post(STAFF, &[]).await.expect(503);
        app.set_time("2026-11-20T02:52:16Z");
        app.visitor().post(STAFF, &[]).await.expect(200);
    }
    // A code it does not know.
    let fake = FakeProvider::start().await;
    let app = portal(&fake.issuer, &[]).await;
    let mut browser = app.visitor();
    let to = set_out(&mut browser, STAFF).await;
    come_back(&mut browser, STAFF, &query(&to, "state")).await.expect(502);
}

#[tokio::test]
async fn new_keys_of_a_provider_are_found_at_once_and_asked_for_once() {
    let fake = FakeProvider::start().await;
    let app = portal(&fake.issuer, &[]).await;
    bind_ha(&app, &fake, "can-bo-17").await;
    assert_eq!(fake.said().looks, 1, "its keys are remembered");
    fake.said().keys = vec![2];
    let mut ha = app.visitor();
    let to = set_out(&mut ha, STAFF).await;
    let claims = fake.claims("can-bo-17", &query(&to, "nonce"));
    fake.said().token = signed(&claims, 2);
    come_back(&mut ha, STAFF, &query(&to, "state")).await.expect(303);
    assert_eq!(fake.said().looks, 2);
}

#[tokio::test]
async fn an_officials_words_survive_the_way_through_the_directory() {
    let fake = FakeProvider::start().await;
    let app = portal(&fake.issuer, &[]).await;
    bind_ha(&app, &fake, "can-bo-17").await;
    let mut ha = app.visitor();
    let over = ha.post("/can-bo/tai-khoan/moi", &[("name", "Nông Thị Bình, tổ 3")]).await.expect(401);
    let names = over.attribute("form.sign-in input[type=hidden]", "name");
    let values = over.attribute("form.sign-in input[type=hidden]", "value");
    let fields: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(values.iter().map(String::as_str)).collect();
    let between = ha.post(&over.attribute("form.sign-in button[formaction]", "formaction").remove(0), &fields).await.expect(200);
    let to = between.attribute("main a.btn-main", "href").remove(0);
    // It fails first: the words stay, on the page of the local sign-in.
    fake.said().token = signed(&fake.claims("can-bo-17", "khac"), 1);
    let failed = come_back(&mut ha, STAFF, &query(&to, "state")).await.expect(502);
    assert_eq!(failed.field("kept.name"), "Nông Thị Bình, tổ 3");
    let between = ha.post("/dang-nhap/danh-ba", &fields).await.expect(200);
    let to = between.attribute("main a.btn-main", "href").remove(0);
    fake.give(&fake.claims("can-bo-17", &query(&to, "nonce")));
    let resumed = come_back(&mut ha, STAFF, &query(&to, "state")).await.expect(200);
    assert!(resumed.body.contains("Nông Thị Bình, tổ 3"));
    assert_eq!(resumed.attribute("main form", "action"), ["/can-bo/tai-khoan/moi"]);
    ha.get("/can-bo").await.expect(200);
}

fn citizen(fake: &FakeProvider, subject: &str) {
    fake.said().info = json!({ "sub": subject, "name": "Hoàng Thị Mẫu", "so_dinh_danh": "019087001234" });
}

/// Out to the national identity and back.
async fn prove(fake: &FakeProvider, browser: &mut Browser, subject: &str, level: Option<&str>) -> Answer {
    let to = set_out(browser, CITIZENS).await;
    assert_eq!(query(&to, "prompt"), "login", "on a phone that is lent nobody comes in as the one before");
    let mut claims = fake.claims(subject, &query(&to, "nonce"));
    if let Some(level) = level {
        claims["acr"] = json!(level);
    }
    fake.give(&claims);
    citizen(fake, subject);
    come_back(browser, CITIZENS, &query(&to, "state")).await
}

#[tokio::test]
async fn a_national_identity_opens_a_citizens_page_and_fills_in_what_it_proved() {
    let fake = FakeProvider::start().await;
    let app = portal(&fake.issuer, &[]).await;
    let mut browser = app.visitor();
    assert_eq!(prove(&fake, &mut browser, "cong-dan-5", Some("muc-2")).await.expect(303).location().as_deref(), Some("/toi"));
    let page = browser.get("/toi").await.expect(200);
    assert!(page.text().contains("Chào Hoàng Thị Mẫu") && page.text().contains("mức muc-2") && page.text().contains("0xxxxxxxx234"), "{}", page.text());
    assert!(page.select("main input[name=name]").is_empty(), "a proven name is not typed over");
    browser.post("/toi/thong-tin", &[("name", "Người khác"), ("phone", "0912 345 678")]).await.expect(303);
    assert!(browser.get("/toi").await.text().contains("Chào Hoàng Thị Mẫu"));
    // The filing form, and only where the law has a use for it the number.
    browser.post("/gui/tu-trang-cua-toi", &[]).await.expect(303);
    browser.post_files("/gui", &[("kind", "complaint"), ("title", "Đất của tôi"), ("body", "Từ tháng ba")], &[]).await.expect(303);
    let whom = browser.get("/gui/o-dau").await.expect(200);
    assert_eq!([whom.field("name"), whom.field("phone"), whom.field("id_number")], ["Hoàng Thị Mẫu", "0912345678", "019087001234"]);
    // The same person again, elsewhere: the same page.
    let mut elsewhere = app.visitor();
    prove(&fake, &mut elsewhere, "cong-dan-5", Some("muc-2")).await.expect(303);
    assert!(elsewhere.get("/toi").await.expect(200).field("phone").contains("0912345678"));
    // Nothing of it lies open in the database.
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let rows: Vec<(String, String, Option<String>)> = tx.all("SELECT id, identity_level, identity_mark FROM citizens", ()).await.expect("readable");
    assert_eq!(rows.len(), 1);
    assert!(rows[0].1 == "muc-2" && !rows[0].2.as_deref().expect("a mark").contains("cong-dan-5"));
    assert_eq!(people::person(&mut tx, &rows[0].0).await.expect("readable").id_number, "019087001234");
}

#[tokio::test]
async fn an_identity_belongs_to_one_page_and_must_be_sure_enough() {
    let fake = FakeProvider::start().await;
    let app = portal(&fake.issuer, &["muc-2"]).await;
    let mut first = app.visitor();
    for weak in [None, Some("muc-1")] {
        let answer = prove(&fake, &mut first, "cong-dan-5", weak).await.expect(403);
        assert!(answer.text().contains("Mức xác nhận chưa đủ"));
    }
    first.get("/toi").await.expect(303);
    prove(&fake, &mut first, "cong-dan-5", Some("muc-2")).await.expect(303);
    let mut second = app.visitor();
    prove(&fake, &mut second, "cong-dan-6", Some("muc-2")).await.expect(303);
    let taken = prove(&fake, &mut second, "cong-dan-5", Some("muc-2")).await.expect(409);
    assert!(taken.text().contains("đã gắn với một trang khác"));
    // Begun for a page that was closed meanwhile: nobody else gets the identity.
    let to = set_out(&mut second, CITIZENS).await;
    fake.give(&{
        let mut claims = fake.claims("cong-dan-7", &query(&to, "nonce"));
        claims["acr"] = json!("muc-2");
        claims
    });
    citizen(&fake, "cong-dan-7");
    second.post("/toi/thong-tin", &[("name", "x")]).await.expect(303);
    let mut elsewhere = second.clone();
    elsewhere.post("/toi/dong", &[("sure", "1")]).await.expect(303);
    assert_ne!(come_back(&mut second, CITIZENS, &query(&to, "state")).await.status, 303);
}

/// Where it is asked anew who somebody is, the provider says when that was; a sign-in from before this way proves nothing.
#[tokio::test]
async fn a_citizen_proves_it_on_this_way_and_not_before() {
    let fake = FakeProvider::start().await;
    let app = portal(&fake.issuer, &[]).await;
    let lies: [Lie; 2] = [
        Box::new(|claims| claims["auth_time"] = json!(claims["iat"].as_i64().expect("a time") - 61)),
        Box::new(|claims| {
            claims.as_object_mut().expect("claims").remove("auth_time");
        }),
    ];
    for lie in lies {
        let mut browser = app.visitor();
        through(&fake, &mut browser, CITIZENS, "cong-dan-5", lie).await.expect(403);
        browser.get("/toi").await.expect(303);
    }
    let mut browser = app.visitor();
    let to = set_out(&mut browser, CITIZENS).await;
    assert_eq!(query(&to, "max_age"), "600", "with it the provider must say when");
    through(&fake, &mut browser, CITIZENS, "cong-dan-5", |_| {}).await.expect(303);
    // Adding an identity to a page opens it to whoever has that: who sits before it comes in anew first.
    app.set_time("2026-11-20T03:07:00Z");
    let refused = browser.post(CITIZENS, &[]).await.expect(422);
    assert!(refused.text().contains("vào lại bằng mã mới"), "{}", refused.text());
}

/// Who is bound to the directory may sign in by it: a form that binds or unbinds asks the administrator for a fresh proof.
#[tokio::test]
async fn binding_and_unbinding_ask_for_a_fresh_proof() {
    let fake = FakeProvider::start().await;
    let app = portal(&fake.issuer, &[]).await;
    let code = through(&fake, &mut app.visitor(), STAFF, "can-bo-17", |_| {}).await.expect(403).select(".code-big").concat();
    let mut admin = app.signed_in("gi").await;
    app.set_time("2026-11-20T03:07:00Z");
    let path = "/can-bo/tai-khoan/account-ha/danh-ba";
    let asked = admin.post(path, &[("directory_code", &code), ("sure", "1")]).await.expect(422);
    assert_eq!((asked.field("directory_code"), asked.select("#errors a").len()), (code.clone(), 1), "{}", asked.text());
    admin.post(path, &[("directory_code", &code), ("sure", "1"), ("proof", PASSWORD)]).await.expect(303);
    app.set_time("2026-11-20T03:22:00Z");
    admin.post(&format!("{path}/bo"), &[]).await.expect(422);
    admin.post(&format!("{path}/bo"), &[("proof", PASSWORD)]).await.expect(303);
}
