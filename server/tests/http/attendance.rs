//! Taking part in a dialogue: seats in order, the wait list that moves up by itself, the code, the door, and what nobody may do.

use crate::harness::{Answer, Browser, TestApp, dialogues_of};
use app::dialogues::attendance::TRIED_MAX;
use app::dialogues::attendance::rules::{Seats, State};
use app::dialogues::attendance::store::halls::{self, Hall};
use app::dialogues::attendance::store::registrations::{self, Listed};
use app::dialogues::store;
use std::collections::BTreeSet;

/// A name that must stand on no public page.
const VISITOR: &str = "Lý Văn Sính";

/// A dialogue of Phủ Thông on Tuesday, 8 December 2026, announced; gives its id and number.
async fn announced(app: &TestApp) -> (String, i64) {
    let id = dialogues_of::announced(app).await;
    let number = dialogue(app, &id).await.number;
    (id, number)
}

async fn dialogue(app: &TestApp, id: &str) -> app::dialogues::rules::Dialogue {
    store::by_id(&mut app.portal.db().read().await.expect("a transaction"), id).await.expect("readable").expect("there")
}

async fn act(app: &TestApp, login: &str, id: &str, deed: &str, more: &[(&str, &str)]) -> Answer {
    let version = dialogue(app, id).await.version.to_string();
    let mut all = vec![("version", version.as_str()), ("deed", deed)];
    all.extend_from_slice(more);
    app.signed_in(login).await.post(&format!("/can-bo/doi-thoai/{id}"), &all).await
}

async fn hall(app: &TestApp, id: &str) -> Hall {
    halls::of(&mut app.portal.db().read().await.expect("a transaction"), id).await.expect("readable").unwrap_or_else(|| Hall::of(id))
}

async fn listed(app: &TestApp, id: &str) -> Vec<Listed> {
    registrations::all(&mut app.portal.db().read().await.expect("a transaction"), id, 1_000).await.expect("readable")
}

/// Sets seats and opens registration.
async fn set(app: &TestApp, id: &str, more: &[(&str, &str)]) -> Answer {
    let version = hall(app, id).await.settings_version.to_string();
    let mut all = vec![("seats_version", version.as_str()), ("seats_open", "1")];
    all.extend_from_slice(more);
    app.signed_in("an").await.post(&format!("/can-bo/doi-thoai/{id}/cho-ngoi"), &all).await
}

/// An announced dialogue that takes registrations for so many seats.
pub async fn open(app: &TestApp, seats: &str) -> (String, i64) {
    let (id, number) = announced(app).await;
    set(app, &id, &[("seats_kind", "limited"), ("seats", seats)]).await.expect(303);
    (id, number)
}

pub fn fields<'a>(phone: &'a str, people: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [("name", VISITOR), ("place", "thôn Nà Món"), ("phone", phone), ("people", people), ("consent", "1")];
    let given = |name: &str| more.iter().any(|(field, _)| *field == name);
    usual.into_iter().filter(|(name, _)| !given(name)).chain(more.iter().copied()).collect()
}

/// Opens the form and sends it, as a person does.
pub async fn send(phone_browser: &mut Browser, number: i64, all: &[(&str, &str)]) -> Answer {
    let path = format!("/doi-thoai/{number}/dang-ky");
    let device = phone_browser.get(&path).await.expect(200).field("_device");
    let mut all = all.to_vec();
    all.push(("_device", &device));
    phone_browser.post(&path, &all).await
}

/// Registers a group on a device of its own; gives the device and its code.
async fn registered(app: &TestApp, number: i64, phone: &str, people: &str) -> (Browser, String) {
    let mut browser = app.visitor();
    send(&mut browser, number, &fields(phone, people, &[])).await.expect(303);
    let receipt = browser.get(&format!("/doi-thoai/{number}/dang-ky")).await.expect(200);
    (browser, receipt.select(".code-big").concat())
}

async fn cancel(app: &TestApp, code: &str) -> Answer {
    app.visitor().post("/doi-thoai/dang-ky", &[("code", code), ("action", "cancel"), ("sure", "1")]).await
}

#[tokio::test]
async fn an_official_opens_registration_and_it_closes_by_itself() {
    let app = TestApp::new().await;
    let (id, number) = announced(&app).await;
    let page = app.visitor().get(&format!("/doi-thoai/{number}")).await.expect(200);
    assert!(page.select("#dang-ky").is_empty(), "nobody has opened it");
    let closed = app.visitor().post(&format!("/doi-thoai/{number}/dang-ky"), &fields("0912000001", "1", &[])).await.expect(409);
    assert_eq!(closed.select("form input[name=name]").len(), 0, "{}", closed.text());

    let wrong = set(&app, &id, &[("seats_kind", "limited"), ("seats", "nhiều"), ("closes_day", "6/12/2026")]).await.expect(422);
    assert_eq!((wrong.field("seats").as_str(), wrong.field("closes_day").as_str()), ("nhiều", "6/12/2026"), "what was typed stays");
    assert_eq!(wrong.select("#errors li").len(), 2, "{}", wrong.text());
    set(&app, &id, &[("seats_kind", "limited"), ("seats", "60"), ("closes_day", "6/12/2026"), ("closes_hour", "17:00")]).await.expect(303);
    let stale = [("seats_version", "0"), ("seats_kind", "unlimited")];
    app.signed_in("du").await.post(&format!("/can-bo/doi-thoai/{id}/cho-ngoi"), &stale).await.expect(409);
    let page = app.visitor().get(&format!("/doi-thoai/{number}")).await.expect(200);
    assert_eq!(page.attribute("#dang-ky a.btn", "href"), [format!("/doi-thoai/{number}/dang-ky")]);
    assert!(page.text().contains("Nhận đăng ký đến 6/12/2026, 17:00"), "{}", page.text());

    app.set_time("2026-12-06T09:59:59Z");
    registered(&app, number, "0912000001", "1").await;
    app.set_time("2026-12-06T10:00:01Z");
    app.visitor().post(&format!("/doi-thoai/{number}/dang-ky"), &fields("0912000002", "1", &[])).await.expect(409);
    app.run_jobs().await;
    app::publishing::cache::follow_changes(&app.portal).await.expect("renewed");
    let page = app.visitor().get(&format!("/doi-thoai/{number}")).await.expect(200);
    assert!(page.attribute("#dang-ky a.btn", "href").is_empty(), "{}", page.text());
    assert_eq!(page.select("#dang-ky .figures b"), ["60", "1", "0"]);
}

#[tokio::test]
async fn a_registration_is_made_once_shown_by_its_code_changed_and_given_back() {
    let app = TestApp::new().await;
    let (id, number) = open(&app, "10").await;
    let path = format!("/doi-thoai/{number}/dang-ky");
    let mut phone = app.visitor();
    let device = phone.get(&path).await.expect(200).field("_device");
    let empty = phone.post(&path, &[("name", VISITOR), ("people", "11"), ("need_tay", "1"), ("_device", &device)]).await.expect(422);
    assert_eq!(empty.select("#errors li").len(), 4, "place, contact, people, consent: {}", empty.text());
    assert_eq!((empty.field("name"), empty.attribute("#need_tay[checked]", "value")), (VISITOR.to_owned(), vec!["1".to_owned()]), "what was typed stays");

    // Pressed twice before the first answer was there: the cookie is not yet set.
    let mut twice = phone.clone();
    let all = fields("0912 345 678", "3", &[("_device", device.as_str()), ("need_wheelchair", "1"), ("other_need", "Người đọc giúp")]);
    phone.post(&path, &all).await.expect(303);
    twice.post(&path, &all).await.expect(303);
    assert_eq!((hall(&app, &id).await.seated, listed(&app, &id).await.len()), (3, 1), "one registration");
    let receipt = phone.get(&path).await.expect(200);
    let code = receipt.select(".code-big").concat();
    assert!(receipt.text().contains("Bạn đã có chỗ") && receipt.text().contains("Số 1"), "{}", receipt.text());
    assert_eq!(receipt.attribute(".qr svg", "role"), ["img"]);
    assert_eq!(code, twice.get(&path).await.expect(200).select(".code-big").concat());
    assert!(app.visitor().get(&path).await.expect(200).select(".code-big").is_empty(), "another device sees no code");

    let mine = app.visitor().post("/doi-thoai/dang-ky", &[("code", &code)]).await.expect(200);
    assert_eq!(mine.attribute("#need_wheelchair[checked]", "value"), ["1"]);
    assert_eq!(mine.field("other_need"), "Người đọc giúp");
    let everywhere = app.visitor().post("/tra-cuu", &[("code", &code)]).await.expect(200);
    assert!(everywhere.text().contains("Bạn đã có chỗ"), "the page for codes of petitions knows it too");
    let needs = [("code", code.as_str()), ("action", "needs"), ("need_dao", "1"), ("need_sign", "1")];
    let saved = phone.post("/doi-thoai/dang-ky", &needs).await.expect(303);
    assert_eq!(saved.location(), Some(format!("{path}?da-luu")), "back to the receipt on the own device");
    app.visitor().post("/doi-thoai/dang-ky", &needs).await.expect(303);
    assert_eq!(listed(&app, &id).await[0].person.needs, "sign dao");

    let unsure = app.visitor().post("/doi-thoai/dang-ky", &[("code", &code), ("action", "cancel")]).await.expect(200);
    assert!(!unsure.text().contains("đã hủy"), "{}", unsure.text());
    cancel(&app, &code).await.expect(303);
    let again = cancel(&app, &code).await.expect(200);
    assert!(again.text().contains("Đăng ký này đã hủy"), "{}", again.text());
    assert_eq!(hall(&app, &id).await.seated, 0, "given back once");
    send(&mut phone, number, &fields("0912345678", "1", &[])).await.expect(303);
    let new = phone.get(&path).await.expect(200).select(".code-big").concat();
    assert!(!new.is_empty() && new != code, "the same device may register anew, under another code");
}

#[tokio::test]
async fn the_wait_list_moves_up_by_itself_and_whoever_moves_is_told() {
    let app = TestApp::new().await;
    let (id, number) = open(&app, "4").await;
    let (_, first) = registered(&app, number, "0912000001", "2").await;
    registered(&app, number, "0912000002", "2").await;
    let (mut large, _) = registered(&app, number, "0912000003", "3").await;
    let mut mailed = app.visitor();
    send(&mut mailed, number, &fields("", "2", &[("email", "sinh@vi-du.example")])).await.expect(303);
    let (mut last, _) = registered(&app, number, "0912000005", "1").await;
    let waits = |answer: Answer| answer.select(".receipt .clock").concat();
    let path = format!("/doi-thoai/{number}/dang-ky");
    assert_eq!(waits(large.get(&path).await), "Danh sách chờ, thứ 1");
    assert_eq!(waits(last.get(&path).await), "Danh sách chờ, thứ 3");

    cancel(&app, &first).await.expect(303);
    // Two seats are free: the group of three does not fit and is passed by.
    assert_eq!(waits(mailed.get(&path).await), "Bạn đã có chỗ");
    assert_eq!(waits(large.get(&path).await), "Danh sách chờ, thứ 1");
    assert_eq!(waits(last.get(&path).await), "Danh sách chờ, thứ 2");
    app.run_jobs().await;
    let mails = app.mailer.sent();
    assert!(mails.len() == 1 && mails[0].to == "sinh@vi-du.example" && mails[0].body.contains("Bạn đã có chỗ"), "{} mails", mails.len());
    assert!(!mails[0].subject.contains("thoại") && !mails[0].body.contains("Nước sạch"), "a lock screen learns nothing");

    let fewer = set(&app, &id, &[("seats_kind", "limited"), ("seats", "3")]).await.expect(422);
    assert!(fewer.text().contains("Đã có 4 người có chỗ"), "{}", fewer.text());
    set(&app, &id, &[("seats_kind", "limited"), ("seats", "8")]).await.expect(303);
    assert_eq!((waits(large.get(&path).await), waits(last.get(&path).await)), ("Bạn đã có chỗ".to_owned(), "Bạn đã có chỗ".to_owned()));
    assert_eq!((hall(&app, &id).await.seated, hall(&app, &id).await.waiting), (8, 0));
    let list = app.signed_in("an").await.get(&format!("/can-bo/doi-thoai/{id}/dang-ky")).await.expect(200);
    assert_eq!(list.select("#goi li").len(), 2, "whoever left no e-mail is called: {:?}", list.select("#goi li"));
    let call = list.attribute("#goi input[name=called]", "value");
    app.signed_in("an").await.post(&format!("/can-bo/doi-thoai/{id}/dang-ky"), &[("called", &call[0])]).await.expect(303);
    assert_eq!(app.signed_in("an").await.get(&format!("/can-bo/doi-thoai/{id}/dang-ky")).await.select("#goi li").len(), 1);
}

#[tokio::test]
async fn many_at_once_never_take_more_seats_than_there_are_and_every_count_is_exact() {
    let app = TestApp::new().await;
    let (id, number) = open(&app, "20").await;
    let mut sent = Vec::new();
    for n in 0..40_u8 {
        let mut browser = app.visitor();
        browser.address = ([10, 0, 0, n], 40_000).into();
        sent.push(tokio::spawn(async move {
            let phone = format!("09130000{n:02}");
            let people = (n % 3 + 1).to_string();
            send(&mut browser, number, &fields(&phone, &people, &[])).await.status
        }));
    }
    for answer in sent {
        assert_eq!(answer.await.expect("an answer"), 303);
    }
    let check = |hall: Hall, all: Vec<Listed>| {
        let people = |state| all.iter().filter(|listed| listed.registration.state == state).map(|listed| listed.registration.people).sum::<i64>();
        assert_eq!((hall.seated, hall.waiting), (people(State::Seated), people(State::Waiting)), "the sums are those of the rows");
        assert!(hall.seated <= 20, "{} people on 20 seats", hall.seated);
        assert!(all.iter().all(|listed| listed.registration.state != State::Waiting || !hall.seats.fits(hall.seated, listed.registration.people)));
    };
    let all = listed(&app, &id).await;
    assert_eq!(all.iter().map(|listed| listed.registration.number).collect::<BTreeSet<_>>(), (1..=40).collect());
    let mut waiting_people = 0;
    for listed in &all {
        let registration = &listed.registration;
        let seated: i64 = all
            .iter()
            .filter(|other| other.registration.number < registration.number && other.registration.state == State::Seated)
            .map(|other| other.registration.people)
            .sum();
        assert_eq!(registration.state == State::Waiting, seated + registration.people > 20, "seats go strictly in order, number {}", registration.number);
        waiting_people += if registration.state == State::Waiting { registration.people } else { 0 };
    }
    assert!(waiting_people > 0);
    check(hall(&app, &id).await, all.clone());

    // Half of those who sit give back at once, while others register.
    let mut deeds = Vec::new();
    for listed in all.iter().filter(|listed| listed.registration.state == State::Seated).step_by(2) {
        let (mut an, path, own) = (app.signed_in("an").await, format!("/can-bo/doi-thoai/{id}/dang-ky"), listed.registration.id.clone());
        deeds.push(tokio::spawn(async move { an.post(&path, &[("cancelled", &own), ("sure", "1")]).await.status }));
        let (mut browser, phone) = (app.visitor(), format!("09140000{:02}", listed.registration.number));
        browser.address = ([10, 0, 1, u8::try_from(listed.registration.number).expect("few")], 40_000).into();
        deeds.push(tokio::spawn(async move { send(&mut browser, number, &fields(&phone, "2", &[])).await.status }));
    }
    for answer in deeds {
        assert_eq!(answer.await.expect("an answer"), 303);
    }
    check(hall(&app, &id).await, listed(&app, &id).await);
}

#[tokio::test]
async fn people_are_told_when_it_is_put_off_called_off_or_tomorrow() {
    let app = TestApp::new().await;
    let (id, number) = open(&app, "10").await;
    let mut mailed = app.visitor();
    send(&mut mailed, number, &fields("", "1", &[("email", "sinh@vi-du.example")])).await.expect(303);
    registered(&app, number, "0912000002", "1").await;
    let later = [("day", "15/12/2026"), ("from", "08:00"), ("to", "11:00"), ("reason", "Mưa lũ")];
    act(&app, "du", &id, "postpone", &later).await.expect(303);
    app.run_jobs().await;
    let bodies = |app: &TestApp| app.mailer.sent().into_iter().map(|mail| mail.body).collect::<Vec<_>>();
    assert!(bodies(&app).len() == 1 && bodies(&app)[0].contains("dời sang thứ Ba, 15/12/2026, lúc 08:00"), "{:?}", bodies(&app));
    let place = mailed.get(&format!("/doi-thoai/{number}/dang-ky")).await.expect(200);
    assert!(place.text().contains("Lý do: Mưa lũ") && place.text().contains("15/12/2026"), "{}", place.text());
    let list = app.signed_in("em").await.get(&format!("/can-bo/doi-thoai/{id}/dang-ky")).await.expect(200);
    assert!(list.select("#goi li").concat().contains("đã dời ngày"), "{}", list.text());

    // The reminder of the old day finds that the day has moved.
    app.set_time("2026-12-07T01:00:01Z");
    app.run_jobs().await;
    assert_eq!(bodies(&app).len(), 1);
    app.set_time("2026-12-14T01:00:01Z");
    app.run_jobs().await;
    assert!(bodies(&app).len() == 2 && bodies(&app)[1].contains("ngày mai, thứ Ba, 15/12/2026"), "{:?}", bodies(&app));
    app.run_jobs().await;
    assert_eq!(bodies(&app).len(), 2, "once");
    act(&app, "du", &id, "cancel", &[("reason", "Bão")]).await.expect(303);
    app.run_jobs().await;
    assert!(bodies(&app).len() == 3 && bodies(&app)[2].contains("không tổ chức nữa"), "{:?}", bodies(&app));
    let place = mailed.get(&format!("/doi-thoai/{number}/dang-ky")).await.expect(200);
    assert!(place.text().contains("Cuộc đối thoại không tổ chức nữa") && place.text().contains("Bão"), "{}", place.text());
}

#[tokio::test]
async fn an_official_writes_somebody_down_and_prints_their_slip() {
    let app = TestApp::new().await;
    let (id, number) = open(&app, "10").await;
    registered(&app, number, "0912000001", "1").await;
    let path = format!("/can-bo/doi-thoai/{id}/dang-ky-ho");
    let mut an = app.signed_in("an").await;
    let token = an.get(&path).await.expect(200).field("_token");
    let all = [("name", "Bàn Mùi Nái"), ("place", "thôn Khuổi Sla"), ("people", "2"), ("need_dao", "1"), ("_token", token.as_str())];
    an.post(&path, &all[1..]).await.expect(422);
    let slip = an.post(&path, &all).await.expect(200);
    let code = slip.select(".code-big").concat();
    assert!(slip.text().contains("Bàn Mùi Nái") && slip.text().contains("Số 2"), "{}", slip.text());
    assert_eq!(an.post(&path, &all).await.expect(200).select(".code-big").concat(), code, "sent again, the same slip");
    assert_eq!((listed(&app, &id).await.len(), hall(&app, &id).await.seated), (2, 3));
    let other = an.get(&path).await.expect(200).field("_token");
    let known = an.post(&path, &[("name", "Ai Đó"), ("place", "tổ 4"), ("people", "1"), ("phone", "+84912000001"), ("_token", &other)]).await.expect(422);
    assert!(known.text().contains("đã đăng ký rồi, ở số 1"), "their own officials are told: {}", known.text());
    let mine = app.visitor().post("/doi-thoai/dang-ky", &[("code", &code)]).await.expect(200);
    assert!(mine.text().contains("Bạn đã có chỗ"), "{}", mine.text());
    let list = an.get(&format!("/can-bo/doi-thoai/{id}/dang-ky")).await.expect(200);
    assert!(list.select("#can").concat().contains("1 phiên dịch tiếng Dao"), "{}", list.text());
    assert!(list.text().contains("Cán bộ đăng ký giúp"), "{}", list.text());
}

/// Registers three and goes to the morning of the day.
async fn at_the_door(app: &TestApp) -> (String, i64, Vec<String>) {
    let (id, number) = open(app, "10").await;
    let mut codes = Vec::new();
    for (phone, people) in [("0912000001", "3"), ("0912000002", "1"), ("0912000003", "2")] {
        codes.push(registered(app, number, phone, people).await.1);
    }
    app.set_time("2026-12-08T00:30:00Z");
    (id, number, codes)
}

async fn keep(browser: &mut Browser, id: &str, lines: &str) -> Answer {
    browser.post(&format!("/can-bo/doi-thoai/{id}/vao-cua"), &[("lines", lines)]).await
}

#[tokio::test]
async fn presses_at_the_door_count_once_however_often_they_are_sent() {
    let app = TestApp::new().await;
    let (id, ..) = at_the_door(&app).await;
    let door = format!("/can-bo/doi-thoai/{id}/vao-cua");
    let mut an = app.signed_in("an").await;
    let page = an.get(&door).await.expect(200);
    assert_eq!(page.select("#ds > li").len(), 3);
    let once = page.field("once");
    an.post(&door, &[("once", &once), ("come", "1")]).await.expect(303);
    an.post(&door, &[("once", &once), ("come", "1")]).await.expect(303);
    an.post(&door, &[("once", &once), ("walk", "1")]).await.expect(303);
    an.post(&door, &[("once", &once), ("walk", "1")]).await.expect(303);
    assert_eq!(an.get(&format!("{door}?so")).await.expect(200).body, "walk 1\n1 3\n", "pressed twice on one page");

    // What a phone kept, sent again because the answer was lost, with another phone in between.
    let kept = "p1 2 1\np2 walk 1\np3 walk 1\np4 3 2\np5 3 0\nnonsense\np6 99 1";
    assert_eq!(keep(&mut an, &id, kept).await.expect(200).body, "walk 3\n1 3\n2 1\n");
    assert_eq!(keep(&mut app.signed_in("em").await, &id, "q1 walk -1").await.expect(200).body, "walk 2\n1 3\n2 1\n");
    assert_eq!(keep(&mut an, &id, kept).await.expect(200).body, "walk 2\n1 3\n2 1\n", "nothing counts twice");
    assert_eq!(keep(&mut an, &id, "q2 walk -9").await.expect(200).body.lines().next(), Some("walk 0"), "nobody is less than nobody");
    keep(&mut an, &id, "q3 walk 5").await.expect(200);

    let page = an.get(&door).await.expect(200);
    assert_eq!(page.select(".figures b"), ["9", "4", "5"]);
    assert_eq!(page.select("#ds > li.came").len(), 2);
    let once = page.field("once");
    an.post(&door, &[("once", &once), ("undo", "2")]).await.expect(303);
    assert_eq!(an.get(&format!("{door}?so")).await.body, "walk 5\n1 3\n");
    assert_eq!(an.post(&door, &[("xem", "1"), ("tim", "3")]).await.expect(200).select("#ds > li").len(), 1);
    assert_eq!(an.post(&door, &[("xem", "1"), ("tim", "van sinh")]).await.expect(200).select("#ds > li").len(), 3);
    assert_eq!(an.post(&door, &[("xem", "1"), ("tim", "%")]).await.expect(200).select("#ds > li").len(), 3, "a sign with a meaning is none");

    // The number of people is proposed when the dialogue is recorded.
    app.set_time("2026-12-08T03:00:00Z");
    let desk = an.get(&format!("/can-bo/doi-thoai/{id}")).await.expect(200);
    assert_eq!(desk.field("people"), "8");
    assert!(desk.text().contains("Ở cửa đã đếm 8 người"), "{}", desk.text());
}

#[tokio::test]
async fn a_code_opens_its_registration_at_the_door_and_a_group_may_come_in_part() {
    let app = TestApp::new().await;
    let (id, _, codes) = at_the_door(&app).await;
    let mut an = app.signed_in("an").await;
    an.get("/can-bo/doi-thoai/quet").await.expect(200);
    let found = an.post("/can-bo/doi-thoai/quet", &[("code", &codes[0])]).await.expect(303);
    let path = format!("/can-bo/doi-thoai/{id}/vao-cua/1");
    assert_eq!(found.location(), Some(path.clone()));
    let one = an.get(&path).await.expect(200);
    let once = one.field("once");
    an.post(&format!("/can-bo/doi-thoai/{id}/vao-cua"), &[("once", &once), ("come", "1"), ("arrived", "2")]).await.expect(303);
    assert_eq!(listed(&app, &id).await[0].registration.arrived, 2, "two of three");
    let late = cancel(&app, &codes[0]).await.expect(200);
    assert!(!late.text().contains("đã hủy"), "whoever has come gives nothing back: {}", late.text());
    // Whoever is not signed in is sent to their own page; browsers take the code behind # along.
    let citizen = app.visitor().get("/can-bo/doi-thoai/quet").await.expect(303);
    assert_eq!(citizen.location().as_deref(), Some("/doi-thoai/dang-ky"));
}

#[tokio::test]
async fn nobody_is_counted_on_another_day() {
    let app = TestApp::new().await;
    let (id, number) = open(&app, "10").await;
    registered(&app, number, "0912000001", "1").await;
    let mut an = app.signed_in("an").await;
    assert!(an.get(&format!("/can-bo/doi-thoai/{id}/vao-cua")).await.expect(200).select("#ds button").is_empty());
    keep(&mut an, &id, "p1 1 1").await.expect(409);
    assert_eq!(listed(&app, &id).await[0].registration.arrived, 0);
}

#[tokio::test]
async fn the_same_contact_or_device_registers_once_and_the_answer_tells_nothing_of_others() {
    let app = TestApp::new().await;
    let (id, number) = open(&app, "10").await;
    let (first, _) = registered(&app, number, "0912 345 678", "1").await;
    let same_phone = send(&mut app.visitor(), number, &fields("+84 912 345 678", "2", &[("name", "Ai Khác")])).await.expect(422);
    let words = same_phone.select("#errors li").concat();
    assert!(words.contains("có thể số điện thoại, email hoặc máy này") && !same_phone.text().contains(VISITOR), "{}", same_phone.text());
    assert_eq!(same_phone.field("name"), "Ai Khác", "what was typed stays");
    let mut mailed = app.visitor();
    send(&mut mailed, number, &fields("", "1", &[("email", "sinh@vi-du.example")])).await.expect(303);
    let same_mail = send(&mut app.visitor(), number, &fields("0912000009", "1", &[("email", "SINH@vi-du.example")])).await.expect(422);
    assert_eq!(same_mail.select("#errors li").concat(), words, "the same words for whatever was the same");

    // The device that registered: another name and phone change nothing.
    let mut first = first;
    first.post(&format!("/doi-thoai/{number}/dang-ky"), &fields("0912000010", "5", &[("name", "Ai Khác")])).await.expect(303);
    assert_eq!((hall(&app, &id).await.seated, listed(&app, &id).await.len()), (2, 2));
    // Another dialogue is another matter.
    let (_, second) = open(&app, "10").await;
    send(&mut app.visitor(), second, &fields("0912345678", "1", &[])).await.expect(303);
}

#[tokio::test]
async fn nobody_registers_in_bulk_from_one_address() {
    let app = TestApp::new().await;
    let (id, number) = open(&app, "500").await;
    let mut taken = 0;
    let mut last = None;
    for n in 0..TRIED_MAX + 5 {
        // A device of its own each time, as a script would make it.
        let phone = format!("0915{n:06}");
        let answer = app.visitor().post(&format!("/doi-thoai/{number}/dang-ky"), &fields(&phone, "1", &[])).await;
        taken += i64::from(answer.status == 303);
        last = Some(answer);
    }
    assert_eq!((taken, hall(&app, &id).await.seated), (TRIED_MAX, TRIED_MAX));
    let refused = last.expect("an answer").expect(429);
    // A village may share the address: whoever is a person goes on after the step, with every word.
    assert!(refused.text().contains("Xin chờ một chút") && refused.field("name") == VISITOR, "{}", refused.text());
    assert!(!refused.header("retry-after").is_empty());
    // From elsewhere it goes on, and so it does here after the pause.
    let mut elsewhere = app.visitor();
    elsewhere.address = ([192, 0, 2, 77], 40_000).into();
    send(&mut elsewhere, number, &fields("0916000001", "1", &[])).await.expect(303);
    app.set_time("2026-11-20T03:10:00Z");
    send(&mut app.visitor(), number, &fields("0916000002", "1", &[])).await.expect(303);
}

#[tokio::test]
async fn trying_out_who_has_registered_is_limited_too() {
    let app = TestApp::new().await;
    let (_, number) = open(&app, "500").await;
    registered(&app, number, "0912345678", "1").await;
    let mut statuses = Vec::new();
    for _ in 0..TRIED_MAX + 1 {
        statuses.push(app.visitor().post(&format!("/doi-thoai/{number}/dang-ky"), &fields("0912345678", "1", &[])).await.status);
    }
    assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
}

#[tokio::test]
async fn a_wrong_code_tells_nothing_and_guessing_ends() {
    let app = TestApp::new().await;
    let (_, number) = open(&app, "10").await;
    let (_, code) = registered(&app, number, "0912345678", "1").await;
    let mut words = BTreeSet::new();
    for wrong in ["K7QF 9M2X 4TBC 8WDH", "", "' OR 1=1", &code[1..]] {
        let answer = app.visitor().post("/doi-thoai/dang-ky", &[("code", wrong), ("action", "cancel"), ("sure", "1")]).await.expect(422);
        words.insert(answer.select("#errors li").concat());
    }
    assert_eq!(words.len(), 1, "{words:?}");
    let mut statuses = Vec::new();
    for _ in 0..20 {
        statuses.push(app.visitor().post("/doi-thoai/dang-ky", &[("code", "K7QF 9M2X 4TBC 8WDH")]).await.status);
    }
    assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
    app.visitor().post("/doi-thoai/dang-ky", &[("code", &code)]).await.expect(429);
}

#[tokio::test]
async fn another_authoritys_official_sees_and_counts_nobody() {
    let app = TestApp::new().await;
    let (elsewhere, _) = announced(&app).await;
    let (id, _, codes) = at_the_door(&app).await;
    let desk = format!("/can-bo/doi-thoai/{id}");
    for login in ["hu", "xa", "ha", "gi"] {
        let mut other = app.signed_in(login).await;
        for page in ["dang-ky", "dang-ky-ho", "vao-cua", "vao-cua/1", "vao-cua?so"] {
            other.get(&format!("{desk}/{page}")).await.expect(404);
        }
        keep(&mut other, &id, "p1 1 1").await.expect(404);
        other.post(&format!("{desk}/vao-cua"), &[("once", "a"), ("come", "1")]).await.expect(404);
        other.post(&format!("{desk}/cho-ngoi"), &[("seats_version", "1"), ("seats_kind", "unlimited")]).await.expect(404);
        let token = app.portal.random().token();
        other.post(&format!("{desk}/dang-ky-ho"), &[("name", "Ai Đó"), ("place", "tổ 4"), ("people", "1"), ("_token", &token)]).await.expect(404);
        let own = listed(&app, &id).await[0].registration.id.clone();
        other.post(&format!("{desk}/dang-ky"), &[("cancelled", &own), ("sure", "1")]).await.expect(404);
        let scanned = other.post("/can-bo/doi-thoai/quet", &[("code", &codes[0])]).await.expect(422);
        assert!(scanned.text().contains("Không có đăng ký nào mang mã này"), "{login}: as any wrong code");
    }
    keep(&mut app.visitor(), &id, "p1 1 1").await.expect(401);
    app.visitor().post(&format!("{desk}/vao-cua"), &[("once", "a"), ("come", "1")]).await.expect(401);
    assert!(listed(&app, &id).await.iter().all(|listed| listed.registration.arrived == 0 && listed.registration.state == State::Seated));
    assert_eq!(hall(&app, &id).await.seats, Seats::Limited(10));

    // A registration of another dialogue of the same authority is not this one's.
    let own = listed(&app, &id).await[0].registration.id.clone();
    app.signed_in("an").await.post(&format!("/can-bo/doi-thoai/{elsewhere}/dang-ky"), &[("cancelled", &own), ("sure", "1")]).await.expect(404);
}

#[tokio::test]
async fn the_public_reads_sums_and_names_are_forgotten_in_time() {
    let app = TestApp::new().await;
    let (id, number) = open(&app, "2").await;
    registered(&app, number, "0912000001", "2").await;
    registered(&app, number, "0912000002", "3").await;
    app.set_time("2026-11-20T02:52:21Z");
    app.run_jobs().await;
    app::publishing::cache::follow_changes(&app.portal).await.expect("renewed");
    let page = app.visitor().get(&format!("/doi-thoai/{number}")).await.expect(200);
    assert_eq!(page.select("#dang-ky .figures b"), ["2", "2", "3"], "a moment later the page follows");
    assert!(!page.body.contains(VISITOR) && !page.body.contains("0912000001"));
    let form = app.visitor().get(&format!("/doi-thoai/{number}/dang-ky")).await.expect(200);
    assert!(form.text().contains("Đã hết chỗ") && !form.body.contains(VISITOR), "{}", form.text());

    let forget = async || {
        let mut tx = app.portal.db().write().await.expect("a transaction");
        app::dialogues::attendance::forget_old(&mut tx, &app.portal).await.expect("forgotten");
        tx.commit().await.expect("kept");
    };
    app.set_time("2027-03-08T02:00:00Z");
    forget().await;
    assert_eq!(listed(&app, &id).await[0].person.name, VISITOR, "ninety days after the dialogue are not over");
    app.set_time("2027-03-09T02:00:00Z");
    forget().await;
    let all = listed(&app, &id).await;
    assert!(all.len() == 2 && all.iter().all(|listed| listed.person == Default::default() || listed.person.name.is_empty() && listed.person.phone.is_empty()));
}
