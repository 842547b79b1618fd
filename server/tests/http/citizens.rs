//! Accounts of citizens: codes, cases put in by their codes, what a denunciation shows (nothing), closing.

use crate::harness::petitions_of::{actor, case, file, file_report, people};
use crate::harness::{Answer, Browser, TestApp};
use app::citizens::rules::{ADDRESS_CODES_MAX, CODE_TRIES_MAX, CONTACT_ADDRESS_CODES_MAX, CONTACT_CODES_MAX, CONTACT_TRIES_MAX};
use app::petitions::actions::{self, Act};
use app::petitions::rules::Kind;

const MAIL: &str = "mau@vi-du.example";

/// The code in the last mail.
async fn mailed(app: &TestApp) -> (String, String) {
    app.run_jobs().await;
    // Among news of cases, which may come behind it.
    let mail = app.mailer.sent().into_iter().rfind(|mail| mail.body.contains("Mã của bạn là: ")).expect("a mail with a code");
    let code = mail.body.split("Mã của bạn là: ").nth(1).expect("a code").chars().take(6).collect();
    (mail.to, code)
}

async fn ask(browser: &mut Browser, contact: &str) -> Answer {
    browser.post("/toi/vao", &[("email", contact)]).await
}

/// Signs in, the way everybody does.
async fn signed_in(app: &TestApp, contact: &str) -> Browser {
    let mut browser = app.visitor();
    ask(&mut browser, contact).await.expect(303);
    let (_, code) = mailed(app).await;
    assert_eq!(browser.post("/toi/ma", &[("code", &code)]).await.expect(303).location().as_deref(), Some("/toi"));
    browser
}

async fn adopt(browser: &mut Browser, code: &str) -> Answer {
    browser.post("/toi/nhan", &[("code", code)]).await
}

#[tokio::test]
async fn a_code_opens_the_page_of_its_contact_and_needs_no_password() {
    let app = TestApp::new().await;
    let mut browser = app.visitor();
    browser.get("/toi").await.expect(303);
    assert_eq!(ask(&mut browser, " Mau@Vi-Du.example ").await.expect(303).location().as_deref(), Some("/toi/ma"));
    assert!(browser.get("/toi/ma").await.expect(200).text().contains("Mau@Vi-Du.example"));
    let (to, code) = mailed(&app).await;
    assert_eq!(to, "Mau@Vi-Du.example");
    let mail = app.mailer.sent().pop().expect("a mail");
    assert!(!mail.subject.contains(&code), "a lock screen shows no code");
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    browser.post("/toi/ma", &[("code", &spaced)]).await.expect(303);
    let page = browser.get("/toi").await.expect(200);
    assert!(page.text().contains("Chưa có đơn nào ở đây"), "{}", page.text());
    // The same mailbox elsewhere is the same page.
    browser.post("/toi/thong-tin", &[("name", "Hoàng Thị Mẫu"), ("phone", "0912 345 678")]).await.expect(303);
    let mut elsewhere = signed_in(&app, MAIL).await;
    assert!(elsewhere.get("/toi").await.expect(200).text().contains("Chào Hoàng Thị Mẫu"));
    // Used once.
    let mut thief = app.visitor();
    ask(&mut thief, MAIL).await.expect(303);
    thief.post("/toi/ma", &[("code", &code)]).await.expect(422);
    browser.post("/toi/thoat", &[]).await.expect(303);
    browser.get("/toi").await.expect(303);
    elsewhere.get("/toi").await.expect(200);
}

/// Nothing tells whether a contact has a page: not the answer, not the mail, not what is done for it.
#[tokio::test]
async fn a_contact_that_is_known_and_one_that_is_not_look_the_same() {
    let app = TestApp::new().await;
    signed_in(&app, MAIL).await;
    let mut seen = Vec::new();
    for contact in [MAIL, "ai-do@vi-du.example"] {
        let mut browser = app.visitor();
        browser.address = "127.0.0.7:40000".parse().expect("an address");
        let sent = ask(&mut browser, contact).await.expect(303);
        let page = browser.get("/toi/ma").await.expect(200);
        let (to, code) = mailed(&app).await;
        assert_eq!(to, contact);
        let wrong = browser.post("/toi/ma", &[("code", if code == "111111" { "222222" } else { "111111" })]).await.expect(422);
        let mail = app.mailer.sent().pop().expect("a mail");
        let plain = |text: &str| text.replace(contact, "").replace(&code, "");
        seen.push((sent.location(), plain(&page.body), plain(&wrong.body), mail.subject.clone(), plain(&mail.body)));
    }
    assert_eq!(seen[0], seen[1]);
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let accounts: Vec<(i64,)> = tx.all("SELECT COUNT(*) FROM citizens", ()).await.expect("readable");
    assert_eq!(accounts, [(1,)], "asking for a code makes no account");
}

#[tokio::test]
async fn a_code_lasts_ten_minutes_five_tries_and_one_browser() {
    let app = TestApp::new().await;
    let mut browser = app.visitor();
    ask(&mut browser, MAIL).await.expect(303);
    let (_, code) = mailed(&app).await;
    // Another browser asked for none.
    app.visitor().post("/toi/ma", &[("code", &code)]).await.expect(422);
    app.set_time("2026-11-20T03:02:00Z");
    let over = browser.post("/toi/ma", &[("code", &code)]).await.expect(422);
    assert!(over.text().contains("Mã trước không còn dùng được"));
    ask(&mut browser, MAIL).await.expect(303);
    let (_, code) = mailed(&app).await;
    let wrong = if code == "111111" { "222222" } else { "111111" };
    for _ in 0..CODE_TRIES_MAX {
        browser.post("/toi/ma", &[("code", wrong)]).await.expect(422);
    }
    let refused = browser.post("/toi/ma", &[("code", &code)]).await.expect(429);
    assert!(!refused.header("retry-after").is_empty());
    // From another address the same browser gets no further: the code itself is worn out.
    browser.address = "127.0.0.8:40000".parse().expect("an address");
    browser.post("/toi/ma", &[("code", &code)]).await.expect(422);
    // Whoever has the mailbox comes in from elsewhere all the while.
    let mut owner = app.visitor();
    owner.address = "127.0.0.9:40000".parse().expect("an address");
    ask(&mut owner, MAIL).await.expect(303);
    let (_, code) = mailed(&app).await;
    owner.post("/toi/ma", &[("code", &code)]).await.expect(303);
}

#[tokio::test]
async fn nobody_floods_a_mailbox_or_guesses_from_many_addresses() {
    let app = TestApp::new().await;
    let from = |n: i64| format!("10.0.0.{n}:40000").parse().expect("an address");
    let mut browser = app.visitor();
    for _ in 0..CONTACT_ADDRESS_CODES_MAX {
        ask(&mut browser, MAIL).await.expect(303);
    }
    ask(&mut browser, MAIL).await.expect(429);
    for n in CONTACT_ADDRESS_CODES_MAX..CONTACT_CODES_MAX {
        browser.address = from(n);
        ask(&mut browser, MAIL).await.expect(303);
    }
    browser.address = from(200);
    ask(&mut browser, MAIL).await.expect(429);
    ask(&mut browser, "ban@vi-du.example").await.expect(303);
    for n in 1..ADDRESS_CODES_MAX {
        ask(&mut browser, &format!("ai-{n}@vi-du.example")).await.expect(303);
    }
    ask(&mut browser, "nua@vi-du.example").await.expect(429);

    app.set_time("2026-11-20T03:30:00Z");
    let mut tries = 0;
    'guessing: for n in 0..60 {
        let mut guesser = app.visitor();
        guesser.address = from(n);
        if ask(&mut guesser, MAIL).await.status == 429 {
            break;
        }
        let (_, code) = mailed(&app).await;
        let wrong = if code == "111111" { "222222" } else { "111111" };
        for _ in 0..CODE_TRIES_MAX {
            if guesser.post("/toi/ma", &[("code", wrong)]).await.status == 429 {
                break 'guessing;
            }
            tries += 1;
        }
    }
    assert_eq!(tries, CONTACT_TRIES_MAX, "from however many addresses");
}

#[tokio::test]
async fn cases_are_put_in_by_their_codes_and_opened_as_by_them() {
    let app = TestApp::new().await;
    let (case_id, code) = file_report(&app, "Cống bị tắc").await;
    let (other_id, _) = file_report(&app, "Đèn đường không sáng").await;
    let mut browser = signed_in(&app, MAIL).await;
    for wrong in ["", "không phải mã", "K7QF 9M2X 4TBC 8WDH"] {
        let page = adopt(&mut browser, wrong).await.expect(422);
        assert!(page.text().contains("Không có đơn nào với mã này"));
        assert_eq!(page.field("code"), wrong, "what was typed stays");
    }
    adopt(&mut browser, &code.to_lowercase()).await.expect(303);
    adopt(&mut browser, &code).await.expect(303);
    let page = browser.get("/toi").await.expect(200);
    assert_eq!(page.select("main li.card b").iter().filter(|title| *title == "Cống bị tắc").count(), 1, "twice put in is there once");
    assert!(page.text().contains("chậm nhất thứ Hai, 7/12/2026"), "the next day: {}", page.text());
    // Opened as by its code, with the same rights; one that is not in the account is not.
    browser.get("/tra-cuu/don").await.expect(303);
    browser.post("/toi/don", &[("case", &other_id)]).await.expect(404);
    browser.get("/tra-cuu/don").await.expect(303);
    assert_eq!(browser.post("/toi/don", &[("case", &case_id)]).await.expect(303).location().as_deref(), Some("/tra-cuu/don"));
    let own = browser.get("/tra-cuu/don").await.expect(200);
    assert!(own.text().contains("Cống bị tắc"));
    browser.get("/can-bo").await.expect(303);
    browser.post("/toi/bo", &[("case", &case_id)]).await.expect(303);
    assert!(!browser.get("/toi").await.text().contains("Cống bị tắc"));
    browser.post("/toi/don", &[("case", &case_id)]).await.expect(404);
    // Leaving the case ends all of it: phones are lent.
    browser.post("/tra-cuu/thoat", &[]).await.expect(303);
    browser.get("/toi").await.expect(303);
}

#[tokio::test]
async fn guessing_codes_here_and_on_the_page_that_follows_is_counted_together() {
    let app = TestApp::new().await;
    let mut browser = signed_in(&app, MAIL).await;
    for n in 0..app::accounts::rules::CODE_FAILURES_MAX {
        if n % 2 == 0 {
            adopt(&mut browser, "x").await.expect(422)
        } else {
            app.visitor().post("/tra-cuu", &[("code", "x")]).await.expect(422)
        };
    }
    adopt(&mut browser, "x").await.expect(429);
    app.visitor().post("/tra-cuu", &[("code", "x")]).await.expect(429);
}

/// A stolen mailbox must not show that there is a denunciation.
#[tokio::test]
async fn a_denunciation_does_not_show_and_asks_for_its_code_each_time() {
    let app = TestApp::new().await;
    let (case_id, code) = file(&app, Kind::Denunciation, "Cán bộ nhận tiền").await;
    let mut browser = signed_in(&app, MAIL).await;
    let warned = adopt(&mut browser, &code).await.expect(200);
    assert!(warned.text().contains("Đơn này là tố cáo") && warned.text().contains("Ai vào được hộp thư của bạn thì vào được trang này"));
    assert!(!warned.text().contains("Cán bộ nhận tiền"));
    assert!(browser.get("/toi").await.expect(200).text().contains("Chưa có đơn nào ở đây"), "by default it is not there");
    browser.post("/toi/nhan", &[("code", &code), ("asked", "1")]).await.expect(422);
    browser.post("/toi/nhan", &[("code", &code), ("asked", "1"), ("sealed_ok", "1")]).await.expect(303);
    let page = browser.get("/toi").await.expect(200);
    assert!(page.text().contains("Một đơn giữ kín"));
    for word in ["Cán bộ nhận tiền", "tố cáo", "Phủ Thông", &case_id] {
        let without_help = page.text().replace("riêng tố cáo thì không", "");
        assert!(!without_help.contains(word), "{word} shows: {without_help}");
    }
    // From the account it cannot be opened, even by whoever knows its id.
    browser.post("/toi/don", &[("case", &case_id)]).await.expect(404);
    browser.get("/tra-cuu/don").await.expect(303);
    browser.post("/tra-cuu", &[("code", &code)]).await.expect(303);
    browser.get("/tra-cuu/don").await.expect(200);
    // The database ties no account to it.
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let cases: Vec<(String,)> = tx.all("SELECT case_id FROM citizen_cases", ()).await.expect("readable");
    let marks: Vec<(String,)> = tx.all("SELECT mark FROM citizen_sealed_cases", ()).await.expect("readable");
    assert!(cases.is_empty() && marks.len() == 1 && !marks[0].0.contains(&case_id));
    drop(tx);
    browser.post("/toi/bo", &[("mark", &marks[0].0)]).await.expect(303);
    let mut again = signed_in(&app, MAIL).await;
    assert!(!again.get("/toi").await.expect(200).text().contains("Một đơn giữ kín"));
}

/// What intake finds to be a denunciation leaves the page, and the way into it from there.
#[tokio::test]
async fn a_case_that_becomes_a_denunciation_leaves_the_page() {
    let app = TestApp::new().await;
    let (case_id, code) = file_report(&app, "Cán bộ nhận tiền").await;
    let mut browser = signed_in(&app, MAIL).await;
    adopt(&mut browser, &code).await.expect(303);
    let intake = actor(&app, "an").await;
    let before = case(&app, &case_id).await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &intake };
    let received = actions::receive(&mut act, &before).await.expect("received");
    actions::reclassify(&mut act, &received, Kind::Denunciation, "").await.expect("another kind");
    tx.commit().await.expect("kept");
    let page = browser.get("/toi").await.expect(200);
    assert!(!page.body.contains("Cán bộ nhận tiền") && !page.body.contains(&case_id), "{}", page.text());
    assert_eq!(browser.post("/toi/don", &[("case", &case_id)]).await.expect(303).location().as_deref(), Some("/tra-cuu"));
    browser.get("/tra-cuu/don").await.expect(303);
}

#[tokio::test]
async fn filing_from_the_page_fills_in_who_one_is_and_keeps_the_case_there() {
    let app = TestApp::new().await;
    let mut browser = signed_in(&app, MAIL).await;
    browser.post("/toi/thong-tin", &[("name", "Hoàng Thị Mẫu"), ("phone", "0912 345 678"), ("address", "thôn Nà Món")]).await.expect(303);
    for (kind, title, is_kept) in [("report", "Cống bị tắc", true), ("denunciation", "Cán bộ nhận tiền", false)] {
        assert_eq!(browser.post("/gui/tu-trang-cua-toi", &[]).await.expect(303).location().as_deref(), Some("/gui"));
        browser.post_files("/gui", &[("kind", kind), ("title", title), ("body", "Đã ba tuần nay")], &[]).await.expect(303);
        let whom = browser.get("/gui/o-dau").await.expect(200);
        let filled = ["name", "phone", "email", "address"].map(|field| whom.field(field));
        assert_eq!(filled, ["Hoàng Thị Mẫu", "0912345678", MAIL, "thôn Nà Món"]);
        let typed = [("area", "01969"), ("name", "Hoàng Thị Mẫu"), ("address", "thôn Nà Món"), ("email", "")];
        browser.post("/gui/o-dau", &typed).await.expect(303);
        browser.post("/gui/kiem-tra", &[]).await.expect(303);
        assert!(browser.get("/gui/da-gui").await.expect(200).text().contains(title));
        assert_eq!(browser.get("/toi").await.expect(200).text().contains(title), is_kept, "{title}");
    }
    // Begun there, sent after signing out: it belongs to whoever has its code.
    browser.post("/gui/tu-trang-cua-toi", &[]).await.expect(303);
    browser.post_files("/gui", &[("kind", "report"), ("title", "Đèn không sáng"), ("body", "Từ hôm qua")], &[]).await.expect(303);
    browser.post("/toi/thoat", &[]).await.expect(303);
    browser.post("/gui/o-dau", &[("area", "01969")]).await.expect(303);
    browser.post("/gui/kiem-tra", &[]).await.expect(303);
    let mut again = signed_in(&app, MAIL).await;
    assert!(!again.get("/toi").await.expect(200).text().contains("Đèn không sáng"));
    // Without an account nothing of it is there.
    app.visitor().post("/gui/tu-trang-cua-toi", &[]).await.expect(303);
    assert_eq!(app.visitor().get("/gui").await.expect(200).field("name"), "");
}

#[tokio::test]
async fn what_was_typed_before_stays_when_the_page_fills_in_the_rest() {
    let app = TestApp::new().await;
    let mut browser = signed_in(&app, MAIL).await;
    browser.post("/toi/thong-tin", &[("name", "Hoàng Thị Mẫu"), ("phone", "0912 345 678")]).await.expect(303);
    browser.post_files("/gui", &[("kind", "report"), ("title", "Cống bị tắc"), ("body", "Đã ba tuần nay")], &[]).await.expect(303);
    browser.post("/gui/o-dau", &[("name", "Mẹ tôi")]).await.expect(422);
    browser.post("/gui/tu-trang-cua-toi", &[]).await.expect(303);
    let whom = browser.get("/gui/o-dau").await.expect(200);
    assert_eq!([whom.field("name"), whom.field("phone")], ["Mẹ tôi", "0912345678"]);
    assert_eq!(browser.get("/gui").await.expect(200).field("title"), "Cống bị tắc");
}

#[tokio::test]
async fn a_new_contact_is_proven_first_and_ends_all_other_sign_ins() {
    let app = TestApp::new().await;
    let mut browser = signed_in(&app, MAIL).await;
    let mut thief = signed_in(&app, MAIL).await;
    for wrong in ["", "khong-phai-email"] {
        let page = browser.post("/toi/lien-he", &[("email", wrong)]).await.expect(422);
        assert_eq!(page.field("email"), wrong);
    }
    browser.post("/toi/lien-he", &[("email", "moi@vi-du.example")]).await.expect(303);
    let (to, code) = mailed(&app).await;
    assert_eq!(to, "moi@vi-du.example");
    thief.get("/toi").await.expect(200);
    browser.post("/toi/ma", &[("code", if code == "111111" { "222222" } else { "111111" })]).await.expect(422);
    browser.post("/toi/ma", &[("code", &code)]).await.expect(303);
    assert!(browser.get("/toi").await.expect(200).text().contains("moi@vi-du.example"));
    thief.get("/toi").await.expect(303);
    // Whoever finds a page open has not proven the old contact: a quarter of an hour after coming in it is asked for again.
    app.set_time("2026-11-20T03:07:00Z");
    for (path, fields) in [("/toi/lien-he", vec![("email", "ke-gian@vi-du.example")]), ("/toi/thoat", vec![("all", "1")])] {
        let refused = browser.post(path, &fields).await.expect(422);
        assert!(refused.text().contains("vào lại bằng mã mới"), "{path}: {}", refused.text());
    }
    let mut browser = signed_in(&app, "moi@vi-du.example").await;
    // The old mailbox opens nothing any more: its page is an empty one.
    assert!(!signed_in(&app, MAIL).await.get("/toi").await.expect(200).text().contains("moi@vi-du.example"));
    // A contact that has a page of its own cannot be taken.
    browser.post("/toi/lien-he", &[("email", MAIL)]).await.expect(303);
    let (_, code) = mailed(&app).await;
    let taken = browser.post("/toi/ma", &[("code", &code)]).await.expect(409);
    assert!(taken.text().contains("đã có một trang riêng"));
    browser.post("/toi/thoat", &[("all", "1")]).await.expect(303);
    browser.get("/toi").await.expect(303);
}

#[tokio::test]
async fn a_citizen_sees_where_the_page_is_open_and_ends_it_there() {
    let app = TestApp::new().await;
    let mut here = signed_in(&app, MAIL).await;
    let (mut there, mut stranger) = (signed_in(&app, MAIL).await, signed_in(&app, "ai-do@vi-du.example").await);
    let page = here.get("/toi/phien").await.expect(200);
    let ids = page.attribute("input[name=session]", "value");
    assert_eq!((page.select("main li").len(), ids.len()), (2, 1), "{}", page.text());
    assert_eq!(stranger.get("/toi/phien").await.expect(200).select("main li").len(), 1);
    stranger.post("/toi/phien", &[("session", &ids[0])]).await.expect(303);
    there.get("/toi").await.expect(200);
    here.post("/toi/phien", &[("session", &ids[0])]).await.expect(303);
    assert!(here.get("/toi/phien").await.expect(200).text().contains("Đã kết thúc"));
    there.get("/toi").await.expect(303);
    // A page that has been open for longer proves nothing of who sits before it.
    app.set_time("2026-11-20T03:07:00Z");
    let mut later = signed_in(&app, MAIL).await;
    let id = later.get("/toi/phien").await.expect(200).attribute("input[name=session]", "value").remove(0);
    let theirs = here.get("/toi/phien").await.expect(200).attribute("input[name=session]", "value").remove(0);
    here.post("/toi/phien", &[("session", &theirs)]).await.expect(422);
    later.get("/toi").await.expect(200);
    later.post("/toi/phien", &[("session", &id)]).await.expect(303);
    here.get("/toi").await.expect(303);
    app.visitor().get("/toi/phien").await.expect(303);
    app.visitor().post("/toi/phien", &[("session", &id)]).await.expect(401);
}

#[tokio::test]
async fn a_page_and_a_visit_end_after_twelve_hours_however_busy_they_are() {
    let app = TestApp::new().await;
    let (_, code) = file_report(&app, "Cống bị tắc").await;
    let (mut page, mut visit) = (signed_in(&app, MAIL).await, app.visitor());
    visit.post("/tra-cuu", &[("code", &code)]).await.expect(303);
    for half_hour in 1..24 {
        let minutes = 52 + 30 * half_hour;
        app.set_time(&format!("2026-11-20T{:02}:{:02}:00Z", 2 + minutes / 60, minutes % 60));
        page.get("/toi").await.expect(200);
        visit.get("/tra-cuu/don").await.expect(200);
    }
    app.set_time("2026-11-20T14:52:00Z");
    page.get("/toi").await.expect(303);
    visit.get("/tra-cuu/don").await.expect(303);
}

#[tokio::test]
async fn leaving_and_closing_clear_what_the_browser_kept() {
    let app = TestApp::new().await;
    for (path, fields) in [("/toi/thoat", vec![]), ("/toi/thoat", vec![("all", "1")]), ("/toi/dong", vec![("sure", "1")])] {
        let answer = signed_in(&app, MAIL).await.post(path, &fields).await.expect(303);
        assert_eq!(answer.header("clear-site-data"), "\"cache\"", "{path}");
    }
}

#[tokio::test]
async fn closing_deletes_what_the_page_knew_and_leaves_the_cases() {
    let app = TestApp::new().await;
    let (case_id, code) = file_report(&app, "Cống bị tắc").await;
    let mut browser = signed_in(&app, MAIL).await;
    let mut other = signed_in(&app, MAIL).await;
    adopt(&mut browser, &code).await.expect(303);
    browser.post("/toi/thong-tin", &[("name", "Tên Trên Trang")]).await.expect(303);
    browser.post("/toi/dong", &[]).await.expect(422);
    browser.post("/toi/dong", &[("sure", "1")]).await.expect(303);
    for browser in [&mut browser, &mut other] {
        browser.get("/toi").await.expect(303);
    }
    let mut tx = app.portal.db().read().await.expect("a transaction");
    assert!(people(&mut tx).await.iter().all(|(owner, person)| *owner == case_id && person.name != "Tên Trên Trang"));
    for statement in ["SELECT COUNT(*) FROM citizens", "SELECT COUNT(*) FROM citizen_cases"] {
        let rows: Vec<(i64,)> = tx.all(statement, ()).await.expect("readable");
        assert_eq!(rows, [(0,)], "{statement}");
    }
    drop(tx);
    app.visitor().post("/tra-cuu", &[("code", &code)]).await.expect(303);
    assert!(signed_in(&app, MAIL).await.get("/toi").await.expect(200).text().contains("Chưa có đơn nào ở đây"));
}

#[tokio::test]
async fn a_sign_in_lasts_an_hour_without_use_and_words_survive_its_end() {
    let app = TestApp::new().await;
    let mut browser = signed_in(&app, MAIL).await;
    app.set_time("2026-11-20T03:50:00Z");
    browser.get("/toi").await.expect(200);
    app.set_time("2026-11-20T04:49:00Z");
    browser.get("/toi").await.expect(200);
    app.set_time("2026-11-20T05:49:01Z");
    browser.get("/toi").await.expect(303);
    let over = browser.post("/toi/thong-tin", &[("name", "Hoàng Thị Mẫu ở Nà Món")]).await.expect(401);
    let kept = [("kept_target", "/toi/thong-tin"), ("kept.name", "Hoàng Thị Mẫu ở Nà Món")];
    assert_eq!(over.field("kept.name"), kept[1].1);
    let ask = browser.post("/toi/vao", &[&kept[..], &[("email", MAIL)]].concat()).await.expect(200);
    assert_eq!(ask.field("kept.name"), kept[1].1);
    let (_, code) = mailed(&app).await;
    let resumed = browser.post("/toi/ma", &[&kept[..], &[("code", code.as_str())]].concat()).await.expect(200);
    assert!(resumed.body.contains(kept[1].1));
    assert_eq!(resumed.attribute("main form", "action"), ["/toi/thong-tin"]);
    for foreign in ["https://khac.example/", "//khac.example", "/can-bo/tai-khoan/moi"] {
        ask_with(&app, foreign).await;
    }
}

/// A form that waits for a page that is none of an account's leads nowhere but to the account.
async fn ask_with(app: &TestApp, target: &str) {
    let mut browser = app.visitor();
    browser.post("/toi/vao", &[("email", "khac@vi-du.example")]).await.expect(303);
    let (_, code) = mailed(app).await;
    let answer = browser.post("/toi/ma", &[("code", &code), ("kept_target", target), ("kept.name", "x")]).await.expect(303);
    assert_eq!(answer.location().as_deref(), Some("/toi"));
    browser.post("/toi/dong", &[("sure", "1")]).await.expect(303);
}

#[tokio::test]
async fn without_the_key_the_page_says_so_and_shows_the_cases() {
    let app = TestApp::new().await;
    let (_, code) = file_report(&app, "Cống bị tắc").await;
    let mut browser = signed_in(&app, MAIL).await;
    adopt(&mut browser, &code).await.expect(303);
    let without = app.another_with(app::vault::Vault::locked()).await;
    let mut there = without.visitor();
    there.set_cookie("nghedan_phien", browser.cookie("nghedan_phien").expect("a session"));
    let page = there.get("/toi").await.expect(200);
    assert!(page.text().contains("Lúc này chưa đọc được tên") && page.text().contains("Cống bị tắc"), "{}", page.text());
    there.post("/toi/thong-tin", &[("name", "x")]).await.expect(503);
    ask(&mut without.visitor(), MAIL).await.expect(503);
}
