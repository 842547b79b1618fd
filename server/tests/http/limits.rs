//! Limits as people meet them, from several addresses: bursts lead to a step, the step leads on, nothing typed is lost, nobody else notices.

use crate::harness::dialogues_of::announced;
use crate::harness::petitions_of::file_report;
use crate::harness::{Answer, Browser, PASSWORD, TestApp, Upload, outside, photo};
use app::accounts::actions::Limit;
use app::accounts::rules::{CODE_FAILURES_MAX, SIGN_IN_ACCOUNT_FAILURES_MAX, SIGN_IN_FAILURES_MAX};
use app::limits::network::Origin;
use app::limits::table::{COARSE_FACTOR, Class, MAIL_WINDOW_HOURS, MAILS_MAX, STREAMS_OF_NETWORK_MAX};
use app::limits::work::solve;
use server::middleware::TrustedProxies;
use std::net::IpAddr;

const STORM: &str = "203.0.113.7";
const NEIGHBOUR: &str = "203.0.113.8";
/// Sending a draft that is not there: the cheapest request of the class that files.
const FILE: &str = "/gui/kiem-tra";
/// A table for officials; whoever has not signed in is sent to do so.
const TABLE: &str = "/can-bo/danh-sach.csv";

fn from(app: &TestApp, address: &str) -> Browser {
    let mut browser = app.visitor();
    browser.address = (address.parse::<IpAddr>().expect("an address"), 40_000).into();
    browser
}

fn burst(class: Class) -> i64 {
    class.terms().free.burst
}

/// Sends drafts from an address until its burst is used up.
async fn use_up(app: &TestApp, address: &str) {
    let mut browser = from(app, address);
    for _ in 0..burst(Class::Filing) {
        browser.post(FILE, &[]).await.expect(303);
    }
}

/// What the page's script does: seed and bits from the form, the numbers into it.
fn worked(page: &Answer) -> (String, String) {
    let of = |name: &str| page.attribute("form[data-step]", name).concat();
    (page.field("stepkey"), solve(&of("data-step"), of("data-bits").parse().expect("a number")))
}

#[tokio::test]
async fn a_burst_leads_to_the_step_for_its_own_address_only() {
    let app = TestApp::new().await;
    use_up(&app, STORM).await;
    let mut citizen = from(&app, STORM);
    let step = citizen.post(FILE, &[]).await.expect(429);
    assert_eq!(step.header("retry-after"), "20");
    assert!(step.text().contains("Hãy đợi 20 giây") && step.text().contains("Bạn không làm gì sai"), "{}", step.text());
    assert_eq!(step.header("cache-control"), "no-store");
    assert!(step.header("content-security-policy").contains("script-src 'self'"));
    from(&app, NEIGHBOUR).post(FILE, &[]).await.expect(303);
    from(&app, STORM).get("/tra-cuu").await.expect(200);
    let english = from(&app, STORM).post("/en/gui/kiem-tra", &[]).await.expect(429);
    assert!(english.text().contains("Please wait 20 seconds") && english.attribute("form[data-step]", "action") == ["/en/gui/kiem-tra"]);
    // The time that was promised is enough.
    app.set_time("2026-11-20T02:52:20Z");
    citizen.post(FILE, &[]).await.expect(303);
}

#[tokio::test]
async fn the_work_lets_one_device_go_on_and_counts_once() {
    let app = TestApp::new().await;
    use_up(&app, STORM).await;
    let mut citizen = from(&app, STORM);
    let (token, answer) = worked(&citizen.post(FILE, &[]).await.expect(429));
    let wrong = citizen.post(FILE, &[("stepkey", &token), ("stepwork", "1.2.3.4.5.6.7.8")]).await.expect(429);
    assert_eq!(wrong.field("stepkey"), token, "the same step, not a new one");
    citizen.post(FILE, &[("stepkey", &token), ("stepwork", &answer)]).await.expect(303);
    assert!(citizen.cookie("nghedan_luot_gui").is_some());
    for _ in 1..Class::Filing.terms().pass.burst {
        citizen.post(FILE, &[]).await.expect(303);
    }
    citizen.post(FILE, &[]).await.expect(429);
    // Used is used, for another device and for another process over the same database.
    from(&app, STORM).post(FILE, &[("stepkey", &token), ("stepwork", &answer)]).await.expect(429);
    let other = app.another().await;
    use_up(&other, STORM).await;
    from(&other, STORM).post(FILE, &[("stepkey", &token), ("stepwork", &answer)]).await.expect(429);
    // Neither the step nor the pass goes along to another address.
    use_up(&app, NEIGHBOUR).await;
    let (token, answer) = worked(&from(&app, STORM).post(FILE, &[]).await.expect(429));
    from(&app, NEIGHBOUR).post(FILE, &[("stepkey", &token), ("stepwork", &answer)]).await.expect(429);
    let mut moved = from(&app, NEIGHBOUR);
    moved.set_cookie("nghedan_luot_gui", citizen.cookie("nghedan_luot_gui").expect("a pass"));
    moved.post(FILE, &[]).await.expect(429);
}

#[tokio::test]
async fn whoever_has_no_scripts_waits_and_goes_on_once() {
    let app = TestApp::new().await;
    use_up(&app, STORM).await;
    let mut citizen = from(&app, STORM);
    let token = citizen.post(FILE, &[]).await.expect(429).field("stepkey");
    app.set_time("2026-11-20T02:52:15Z");
    let early = citizen.post(FILE, &[("stepkey", &token), ("stepwork", "")]).await.expect(429);
    assert_eq!((early.field("stepkey"), early.header("retry-after")), (token.clone(), "5"), "nobody waits from the beginning");
    app.set_time("2026-11-20T02:52:20Z");
    // Meanwhile others took what time had made room for.
    from(&app, STORM).post(FILE, &[]).await.expect(303);
    citizen.post(FILE, &[("stepkey", &token), ("stepwork", "")]).await.expect(303);
    assert_eq!(citizen.cookie("nghedan_luot_gui"), None, "waiting lets one request through, not a device");
    citizen.post(FILE, &[("stepkey", &token), ("stepwork", "")]).await.expect(429);
    citizen.post(FILE, &[]).await.expect(429);
}

#[tokio::test]
async fn waiting_is_no_way_around_for_a_thousand_at_once() {
    let app = TestApp::new().await;
    use_up(&app, STORM).await;
    let mut tokens = Vec::new();
    for _ in 0..60 {
        tokens.push(from(&app, STORM).post(FILE, &[]).await.expect(429).field("stepkey"));
    }
    app.set_time("2026-11-20T02:52:20Z");
    from(&app, STORM).post(FILE, &[]).await.expect(303);
    let mut through = 0;
    for token in &tokens {
        through += i32::from(from(&app, STORM).post(FILE, &[("stepkey", token), ("stepwork", "")]).await.status == 303);
    }
    assert_eq!(through, 30, "those without work stand in a line");
}

#[tokio::test]
async fn one_code_does_not_fill_its_case_from_many_addresses() {
    let app = TestApp::new().await;
    let (case_id, _) = file_report(&app, "Cống bị tắc").await;
    let mut statuses = Vec::new();
    for n in 0..61 {
        let mut browser = app.visiting(&case_id).await;
        browser.address = (IpAddr::from([198, 51, 100, n]), 40_000).into();
        let of = browser.get("/tra-cuu/don").await.field("_of");
        let words = format!("Xin nói thêm lần {n}.");
        let answer = browser.post("/tra-cuu/don/tin-nhan", &[("_of", &of), ("message", &words)]).await;
        statuses.push(answer.status);
        if answer.status == 429 {
            assert_eq!(answer.field("message"), words, "what was typed stays");
        }
    }
    assert_eq!((statuses[59], statuses[60]), (303, 429));
}

/// A page with the foreign form in it would be sent by our own script, as our own.
#[tokio::test]
async fn another_sites_form_does_not_become_a_page_of_ours() {
    let app = TestApp::new().await;
    use_up(&app, STORM).await;
    let mut victim = from(&app, STORM);
    victim.site = "cross-site";
    let refused = victim.post(FILE, &[("x", "y")]).await.expect(403);
    assert!(refused.attribute("form[data-step]", "action").is_empty() && refused.attribute("input[name=x]", "value").is_empty());
    victim.site = "same-origin";
    victim.post(FILE, &[("x", "y")]).await.expect(429);
    // Nor does an address that is another site's.
    for _ in 0..burst(Class::Message) {
        from(&app, NEIGHBOUR).post("//evil.example/x", &[]).await.expect(404);
    }
    let step = from(&app, NEIGHBOUR).post("//evil.example/x", &[]).await.expect(429);
    assert_eq!(step.attribute("form[data-step]", "action"), ["/evil.example/x"]);
}

#[tokio::test]
async fn a_page_on_the_way_is_asked_for_by_a_form_and_found_again() {
    let app = TestApp::new().await;
    let mut browser = from(&app, STORM);
    for _ in 0..burst(Class::Export) {
        browser.get(TABLE).await.expect(303);
    }
    let step = browser.get(&format!("{TABLE}?q=n%C6%B0%E1%BB%9Bc")).await.expect(429);
    assert_eq!(step.attribute("form[data-step]", "action"), ["/tiep-tuc"]);
    let (token, answer) = worked(&step);
    let next = step.field("next");
    let back = browser.post("/tiep-tuc", &[("next", &next), ("stepkey", &token), ("stepwork", &answer)]).await.expect(303);
    assert_eq!(back.location().as_deref(), Some("/can-bo/danh-sach.csv?q=n%C6%B0%E1%BB%9Bc"));
    browser.get(TABLE).await.expect(303);
    // Without the work the way leads back to the step, and never out of the portal.
    let mut other = from(&app, STORM);
    for foreign in ["https://evil.example/", "//evil.example", ""] {
        assert_eq!(other.post("/tiep-tuc", &[("next", foreign), ("stepkey", "x")]).await.expect(303).location().as_deref(), Some("/"));
    }
    other.get(TABLE).await.expect(429);
}

#[tokio::test]
async fn a_form_that_is_stopped_comes_back_with_every_word_but_no_password() {
    let app = TestApp::new().await;
    for n in 0..SIGN_IN_ACCOUNT_FAILURES_MAX {
        from(&app, &format!("198.51.100.{n}")).post("/dang-nhap", &[("login", "an"), ("password", "doan mo thoi nhe")]).await.expect(422);
    }
    // The account is guessed at from everywhere: its owner is asked for the step, not shut out.
    let mut owner = from(&app, NEIGHBOUR);
    let fields = [("login", "an"), ("password", PASSWORD), ("next", "/can-bo/lanh-dao")];
    let step = owner.post("/dang-nhap", &fields).await.expect(429);
    assert_eq!((step.field("login").as_str(), step.field("next").as_str()), ("an", "/can-bo/lanh-dao"));
    assert!(!step.body.contains(PASSWORD) && step.attribute("input[type=password]", "name") == ["password"]);
    let (token, answer) = worked(&step);
    let mut again = fields.to_vec();
    again.extend([("stepkey", token.as_str()), ("stepwork", answer.as_str())]);
    assert_eq!(owner.post("/dang-nhap", &again).await.expect(303).location().as_deref(), Some("/can-bo/lanh-dao"));
    // A name nobody has is treated the same.
    for n in 0..SIGN_IN_ACCOUNT_FAILURES_MAX {
        from(&app, &format!("198.51.100.{n}")).post("/dang-nhap", &[("login", "khongai"), ("password", "doan mo thoi nhe")]).await.expect(422);
    }
    from(&app, "198.51.100.99").post("/dang-nhap", &[("login", "khongai"), ("password", PASSWORD)]).await.expect(429);
    from(&app, "198.51.100.99").post("/dang-nhap", &[("login", "du"), ("password", PASSWORD)]).await.expect(303);
}

#[tokio::test]
async fn wrong_codes_behind_a_shared_address_do_not_shut_the_others_out() {
    let app = TestApp::new().await;
    let (_, code) = file_report(&app, "Cống bị tắc").await;
    for _ in 0..CODE_FAILURES_MAX {
        from(&app, STORM).post("/tra-cuu", &[("code", "sai")]).await.expect(422);
    }
    let mut holder = from(&app, STORM);
    let step = holder.post("/tra-cuu", &[("code", &code)]).await.expect(429);
    assert_eq!(step.field("code"), code, "what was typed is not typed again");
    let (token, answer) = worked(&step);
    holder.post("/tra-cuu", &[("code", &code), ("stepkey", &token), ("stepwork", &answer)]).await.expect(303);
    holder.post("/tra-cuu", &[("code", &code)]).await.expect(303);
    from(&app, NEIGHBOUR).post("/tra-cuu", &[("code", &code)]).await.expect(303);
    // The counter is the database's: another process knows of the guesses.
    from(&app.another().await, STORM).post("/tra-cuu", &[("code", "sai")]).await.expect(429);
}

#[tokio::test]
async fn a_pause_says_how_long_and_keeps_the_form() {
    let app = TestApp::new().await;
    let mut stranger = from(&app, STORM);
    for _ in 0..SIGN_IN_FAILURES_MAX {
        stranger.post("/dang-nhap", &[("login", "an"), ("password", "doan mo thoi nhe")]).await.expect(422);
    }
    app.set_time("2026-11-20T02:59:00Z");
    let pause = stranger.post("/dang-nhap", &[("login", "an"), ("password", PASSWORD)]).await.expect(429);
    assert_eq!(pause.header("retry-after"), "480");
    assert!(pause.text().contains("Hãy đợi 8 phút rồi thử lại"), "{}", pause.text());
    assert_eq!(pause.field("login"), "an");
    assert!(!pause.body.contains(PASSWORD));
    app.set_time("2026-11-20T03:07:00Z");
    stranger.post("/dang-nhap", &[("login", "an"), ("password", PASSWORD)]).await.expect(303);
}

#[tokio::test]
async fn one_subscriber_is_one_address_and_a_wide_network_is_counted_too() {
    let app = TestApp::new().await;
    for n in 0..burst(Class::Filing) {
        from(&app, &format!("2001:db8:1:1::{n:x}")).post(FILE, &[]).await.expect(303);
    }
    from(&app, "2001:db8:1:1:ffff::1").post(FILE, &[]).await.expect(429);
    let mut taken = burst(Class::Filing);
    for n in 2.. {
        if from(&app, &format!("2001:db8:1:{n:x}::1")).post(FILE, &[]).await.status == 429 {
            break;
        }
        taken += 1;
    }
    assert!((burst(Class::Filing) * COARSE_FACTOR - 1..=burst(Class::Filing) * COARSE_FACTOR).contains(&taken), "{taken}");
    from(&app, "2001:db8:2:1::1").post(FILE, &[]).await.expect(303);
}

#[tokio::test]
async fn a_flood_gets_a_short_answer() {
    let app = TestApp::new().await;
    let mut last = None;
    for _ in 0..=Class::Filing.terms().hard.burst {
        last = Some(from(&app, STORM).post(FILE, &[]).await);
    }
    let short = last.expect("an answer").expect(429);
    assert!(short.body.len() < 600, "{} bytes", short.body.len());
    assert!(short.body.contains("Hãy đợi 2 giây") && short.header("retry-after") == "2", "{}", short.body);
    assert!(short.header("content-security-policy").contains("default-src 'none'"));
    from(&app, NEIGHBOUR).post(FILE, &[]).await.expect(303);
}

#[tokio::test]
async fn files_are_never_lost_to_the_step_but_their_bytes_have_an_end() {
    let app = TestApp::new().await;
    let mut citizen = from(&app, STORM);
    for _ in 0..=burst(Class::Message) {
        citizen.post_files("/tra-cuu/don/giay-to", &[], &[]).await.expect(401);
    }
    let origin = Origin::of(Some(STORM.parse().expect("an address")), &[]);
    app.portal.limits().take_upload(&origin, 2 << 30, app.portal.now().timestamp_micros()).expect("the whole burst");
    let upload = || Upload { field: "papers", name: "cong.jpg".into(), content_type: "image/jpeg", bytes: photo() };
    let words = [("kind", "report"), ("title", "Cống bị tắc"), ("body", "Nước ngập.")];
    let page = citizen.post_files("/gui", &words, &[upload()]).await.expect(422);
    assert!(page.text().contains("“cong.jpg” chưa được nhận vì mạng bạn đang dùng"), "{}", page.text());
    assert_eq!((page.field("title").as_str(), citizen.get("/gui").await.field("title").as_str()), ("Cống bị tắc", "Cống bị tắc"), "the words are safe");
    from(&app, NEIGHBOUR).post_files("/gui", &words, &[upload()]).await.expect(303);
    app.set_time("2026-11-20T02:53:00Z");
    citizen.post_files("/gui", &words, &[upload()]).await.expect(303);
}

#[tokio::test]
async fn live_pages_of_one_address_have_an_end_and_give_their_place_back() {
    let app = TestApp::new().await;
    announced(&app).await;
    app.set_time("2026-12-08T01:30:00Z");
    let live = "/doi-thoai/1/truc-tiep/dong";
    let origin = Origin::of(Some(STORM.parse().expect("an address")), &[]);
    let _others: Vec<_> = (1..STREAMS_OF_NETWORK_MAX).map(|_| app.portal.limits().open_stream(&origin).expect("a place")).collect();
    let mut viewer = from(&app, STORM);
    let mut news = viewer.look(live).await;
    news.until("Đang trả lời").await;
    let full = viewer.get(live).await.expect(429);
    assert_eq!(full.header("retry-after"), "30");
    from(&app, NEIGHBOUR).get(live).await.expect(200);
    drop(news);
    viewer.get(live).await.expect(200);
}

#[tokio::test]
async fn only_what_trusted_proxies_say_counts() {
    let proxies = TrustedProxies(vec!["10.0.0.0/8".parse().expect("a range")].into());
    let app = TestApp::with(outside(), proxies).await;
    let ask = async |peer: &str, forwarded: &str| from(&app, peer).get_with(TABLE, &[("x-forwarded-for", forwarded)]).await.status;
    for n in 0..burst(Class::Export) {
        // The visitor writes what they like to the left of what our proxy appends.
        assert_eq!(ask("10.0.0.1", &format!("1.1.1.{n}, {STORM}")).await, 303);
    }
    assert_eq!(ask("10.0.0.1", &format!("9.9.9.9, {STORM}")).await, 429);
    assert_eq!(ask("10.0.0.1", &format!("9.9.9.9, {STORM}, 10.0.0.2")).await, 429, "through a second proxy of ours");
    assert_eq!(ask("10.0.0.2", NEIGHBOUR).await, 303);
    assert_eq!(ask(STORM, "9.9.9.9").await, 429, "a stranger's header is nothing, the peer is who it is");
    assert_eq!(ask("198.51.100.9", STORM).await, 303, "and nobody is charged for what a stranger writes");
}

#[tokio::test]
async fn the_operator_can_let_an_address_do_as_much_as_it_likes_but_not_guess() {
    let app = TestApp::new().await;
    let mut load = from(&app, "127.0.0.1");
    for _ in 0..burst(Class::Filing) * 2 {
        load.post(FILE, &[]).await.expect(303);
    }
    for _ in 0..CODE_FAILURES_MAX {
        load.post("/tra-cuu", &[("code", "sai")]).await.expect(422);
    }
    let (token, answer) = worked(&load.post("/tra-cuu", &[("code", "sai")]).await.expect(429));
    load.post("/tra-cuu", &[("code", "sai"), ("stepkey", &token), ("stepwork", &answer)]).await.expect(422);
}

#[tokio::test]
async fn nobody_fills_a_strangers_letter_box() {
    let app = TestApp::new().await;
    let victim = "nan.nhan@vi-du.example";
    let limit = Limit::new("mail", &[victim], MAILS_MAX).within(chrono::Duration::hours(MAIL_WINDOW_HOURS));
    for _ in 0..MAILS_MAX {
        limit.failed(&app.portal).await.expect("counted");
    }
    let (case_id, _) = file_report(&app, "Cống bị tắc").await;
    let follower = app::commitments::following::of_body(crate::harness::PHU_THONG_BODY);
    for email in ["Nan.Nhan@vi-du.example", "tu@vi-du.example"] {
        let mut tx = app.portal.db().write().await.expect("a transaction");
        let mut act = app::petitions::actions::Act { tx: &mut tx, portal: &app.portal, actor: &app::actor::Actor::Visitor };
        app::commitments::following::ask(&mut act, &follower, email, app::words::Lang::Vi).await.expect("asked");
        tx.commit().await.expect("kept");
    }
    app.run_jobs().await;
    let to: Vec<String> = app.mailer.sent().into_iter().map(|mail| mail.to).collect();
    assert!(to.contains(&"tu@vi-du.example".to_owned()) && !to.contains(&victim.to_owned()), "{to:?}");
    // It is not lost and was no failure: it comes when the day is over.
    app.set_time("2026-11-21T02:53:00Z");
    app.run_jobs().await;
    assert_eq!(app.mailer.sent().iter().filter(|mail| mail.to == victim).count(), 1, "{case_id}");
}
