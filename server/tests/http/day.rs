//! The officials' day: filters and what is kept of them, marks and tags, one act on many cases, who has a case open, mentions and
//! reminders, ready-made answers, the leader's page.

use crate::harness::petitions_of::{SENDER, SENDER_PHONE, case, file, file_report, give_to_economy};
use crate::harness::{Answer, Browser, PHU_THONG, PHU_THONG_BODY, PHU_THONG_CULTURE, PHU_THONG_ECONOMY, TestApp};
use app::petitions::actions::{self, Act, NewPetition};
use app::petitions::code::CaseCode;
use app::petitions::rules::{Case, Kind};
use app::petitions::store::history;
use app::petitions::store::parts::{CasePerson, CaseText, Rating};

fn page(case_id: &str) -> String {
    format!("/can-bo/don/{case_id}")
}

/// Opens the case, fills the form of a step and sends it.
async fn step(browser: &mut Browser, case_id: &str, step: &str, fields: &[(&str, &str)]) -> Answer {
    let version = browser.get(&page(case_id)).await.expect(200).field("version");
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    browser.post(&format!("{}/{step}", page(case_id)), &all).await
}

async fn titles(browser: &mut Browser, query: &str) -> Vec<String> {
    browser.get(&format!("/can-bo?{query}")).await.expect(200).select(".item b")
}

/// The words of every entry of a case's record, as its codes.
async fn events(app: &TestApp, case_id: &str) -> Vec<&'static str> {
    let mut tx = app.portal.db().read().await.expect("a look");
    history(&mut tx, case_id, 0).await.expect("a record").iter().map(|entry| entry.event.code()).collect()
}

async fn ticks(app: &TestApp, ids: &[&str]) -> Vec<String> {
    let mut ticks = Vec::new();
    for id in ids {
        ticks.push(format!("{id}~{}", case(app, id).await.version));
    }
    ticks
}

/// Sends the form about all ticked cases.
async fn bulk(browser: &mut Browser, ticks: &[String], fields: &[(&str, &str)]) -> Answer {
    let mut all: Vec<(&str, &str)> = ticks.iter().map(|tick| ("don", tick.as_str())).collect();
    all.extend_from_slice(fields);
    browser.post("/can-bo/hang-loat?phan=tat-ca", &all).await
}

#[tokio::test]
async fn filters_combine_and_the_address_carries_them() {
    let app = TestApp::new().await;
    let (road, _) = file_report(&app, "Đường hỏng").await;
    file_report(&app, "Đèn hỏng").await;
    let (land, _) = file(&app, Kind::Complaint, "Chậm cấp giấy").await;
    give_to_economy(&app, &road).await;
    give_to_economy(&app, &land).await;
    let (mut an, mut ha) = (app.signed_in("an").await, app.signed_in("ha").await);
    step(&mut an, &land, "giao", &[("unit", PHU_THONG_ECONOMY), ("handler", "account-ha")]).await.expect(303);
    step(&mut an, &land, "danh-dau", &[("mark", "+keo-dai"), ("mark_reason", "Đã ba năm.")]).await.expect(303);
    step(&mut an, &road, "gan-nhan", &[("tag", "Giao thông")]).await.expect(303);
    let tag = an.get("/can-bo/bo-loc").await.expect(200).attribute("#nhan a", "href").remove(0);
    let tag = tag.split("nhan=").nth(1).expect("a tag's address").to_owned();

    let economy = format!("phong={PHU_THONG_ECONOMY}");
    for (query, expected) in [
        ("phan=tat-ca&loai=complaint".to_owned(), vec!["Chậm cấp giấy"]),
        (format!("phan=tat-ca&{economy}"), vec!["Đường hỏng", "Chậm cấp giấy"]),
        (format!("phan=tat-ca&{economy}&loai=report"), vec!["Đường hỏng"]),
        ("phan=tat-ca&phong=-".to_owned(), vec!["Đèn hỏng"]),
        ("phan=tat-ca&nguoi=account-ha".to_owned(), vec!["Chậm cấp giấy"]),
        (format!("phan=tat-ca&nguoi=-&{economy}"), vec!["Đường hỏng"]),
        ("phan=tat-ca&keo-dai=1".to_owned(), vec!["Chậm cấp giấy"]),
        ("phan=tat-ca&keo-dai=1&phuc-tap=1".to_owned(), vec![]),
        (format!("phan=tat-ca&nhan={tag}"), vec!["Đường hỏng"]),
        (format!("phan=tat-ca&nhan={tag}&keo-dai=1"), vec![]),
        ("phan=tat-ca&buoc-xu-ly=assigned".to_owned(), vec!["Đường hỏng", "Chậm cấp giấy"]),
        ("phan=tat-ca&buoc-xu-ly=submitted".to_owned(), vec!["Đèn hỏng"]),
        (format!("phan=tat-ca&dia-ban={PHU_THONG}&loai=complaint"), vec!["Chậm cấp giấy"]),
        ("phan=tat-ca&dia-ban=02020".to_owned(), vec![]),
        ("phan=tat-ca&han=qua-han".to_owned(), vec![]),
        ("phan=tat-ca&han=sau&phong=-".to_owned(), vec!["Đèn hỏng"]),
        ("phan=tat-ca&han=tuan-nay&loai=report".to_owned(), vec![]),
    ] {
        let mut found = titles(&mut an, &query).await;
        found.sort();
        let mut expected = expected;
        expected.sort_unstable();
        assert_eq!(found, expected, "{query}");
    }
    // The address stands in every link and in the form, so that back, reload and bookmark work.
    let narrowed = an.get(&format!("/can-bo?phan=tat-ca&{economy}&loai=report")).await.expect(200);
    assert!(narrowed.attribute(".item", "href")[0].contains(&format!("loai=report&{economy}")), "{:?}", narrowed.attribute(".item", "href"));
    assert_eq!(narrowed.attribute("select[name=loai] option[selected]", "value"), ["report"]);
    assert!(narrowed.text().contains("1 đơn phù hợp"));
    let without_kind = narrowed.attribute(".chip.on", "href").into_iter().find(|href| !href.contains("loai=")).expect("a way to drop the kind");
    assert_eq!(an.get(&without_kind).await.expect(200).select(".item b").len(), 2);

    // A handler's filters see no more than the handler: not what lies with nobody, whatever the address says.
    assert_eq!(titles(&mut ha, "phan=tat-ca&keo-dai=1").await, ["Chậm cấp giấy"]);
    assert!(titles(&mut ha, "phan=tat-ca&phong=-").await.is_empty());
    assert!(titles(&mut ha, "phan=tat-ca&buoc-xu-ly=submitted").await.is_empty());
}

#[tokio::test]
async fn last_days_are_late_today_this_week_or_later() {
    let app = TestApp::new().await;
    for (day, title) in [("05", "Hôm qua"), ("06", "Hôm nay"), ("09", "Thứ Hai tới")] {
        app.set_time(&format!("2026-11-{day}T02:00:00Z"));
        file_report(&app, title).await;
    }
    app.set_time(crate::harness::NOW);
    let mut an = app.signed_in("an").await;
    for (due, expected) in [("qua-han", vec!["Hôm qua"]), ("hom-nay", vec!["Hôm nay"]), ("tuan-nay", vec!["Hôm nay"]), ("sau", vec!["Thứ Hai tới"])] {
        assert_eq!(titles(&mut an, &format!("phan=tat-ca&han={due}")).await, expected, "{due}");
    }
    assert_eq!(titles(&mut an, "phan=qua-han&phong=-").await, ["Hôm qua"]);
    // In colour and in words.
    let queue = an.get("/can-bo?phan=tat-ca").await.expect(200);
    assert_eq!(queue.select(".item .clock.late"), ["Quá hạn 1 ngày làm việc"]);
    assert_eq!(queue.select(".item .clock.soon"), ["Hạn là hôm nay", "Còn 1 ngày làm việc"]);
}

#[tokio::test]
async fn a_filter_shows_no_denunciation_to_a_colleague_and_nothing_of_another_authority() {
    let app = TestApp::new().await;
    let (sealed, _) = file(&app, Kind::Denunciation, "Cán bộ thôn lấy tiền").await;
    let mut an = app.signed_in("an").await;
    step(&mut an, &sealed, "nhan", &[]).await.expect(303);
    step(&mut an, &sealed, "giao", &[("unit", PHU_THONG_ECONOMY), ("handler", "account-ha")]).await.expect(303);
    step(&mut an, &sealed, "danh-dau", &[("mark", "+phuc-tap"), ("mark_reason", "Nhiều người liên quan.")]).await.expect(303);
    step(&mut an, &sealed, "gan-nhan", &[("tag", "mật")]).await.expect(303);
    let tag = an.get("/can-bo/bo-loc").await.expect(200).attribute("#nhan a", "href").remove(0);
    let tag = tag.split("nhan=").nth(1).expect("a tag's address").to_owned();
    for query in [
        "phuc-tap=1".to_owned(),
        format!("nhan={tag}"),
        "loai=denunciation&han=sau".to_owned(),
        "nguoi=account-ha".to_owned(),
        format!("phong={PHU_THONG_ECONOMY}"),
    ] {
        assert_eq!(titles(&mut app.signed_in("ha").await, &format!("phan=tat-ca&{query}")).await.len(), 1, "{query}: whom it was given to");
        for login in ["bi", "cu", "hu"] {
            assert!(titles(&mut app.signed_in(login).await, &format!("phan=tat-ca&{query}")).await.is_empty(), "{query} as {login}");
        }
    }
}

#[tokio::test]
async fn a_filter_goes_on_where_it_stopped_looking() {
    let app = TestApp::new().await;
    // More cases than one page looks through; those looked for come last by the clock.
    let mut tx = app.portal.db().write().await.expect("a transaction");
    for n in 0..1_030 {
        if n == 1_000 {
            tx.commit().await.expect("kept");
            tx = app.portal.db().write().await.expect("a transaction");
        }
        // A millisecond apart: keys are made of the time.
        app.set_time(&format!("2026-11-{}T02:00:{:02}.{:03}Z", if n < 1_000 { 18 } else { 19 }, n / 1_000, n % 1_000));
        let area_code = if n < 1_000 { PHU_THONG } else { "02020" };
        let petition = NewPetition {
            kind: Kind::Report,
            area_code: area_code.into(),
            body_id: PHU_THONG_BODY.into(),
            may_publish: true,
            text: CaseText { title: format!("Đơn {n}"), body: "Nội dung.".into(), ..CaseText::default() },
            person: CasePerson::default(),
            papers: 0,
            limitation: None,
        };
        let code = CaseCode::of_token(&app.portal.random().token());
        actions::file(&mut Act { tx: &mut tx, portal: &app.portal, actor: &app::actor::Actor::Visitor }, &petition, &code).await.expect("filed");
    }
    tx.commit().await.expect("kept");
    app.set_time(crate::harness::NOW);
    let mut an = app.signed_in("an").await;
    let first = an.get("/can-bo?phan=tat-ca&dia-ban=02020").await.expect(200);
    assert!(first.select(".item").is_empty() && first.text().contains("Trong 1.000 đơn đầu tiên chưa có đơn nào phù hợp"), "{}", first.text());
    let next = first.attribute("a[rel=next]", "href").remove(0);
    let second = an.get(&next).await.expect(200);
    assert_eq!(second.select(".item").len(), 30);
    assert!(second.attribute("a[rel=next]", "href").is_empty());
    let all = an.get(&format!("/can-bo?phan=tat-ca&dia-ban={PHU_THONG}")).await.expect(200);
    assert_eq!(all.select(".item").len(), 50);
    assert!(all.text().contains("99+ đơn phù hợp"), "the count stops early: {}", all.text());
}

#[tokio::test]
async fn a_list_goes_out_as_a_file_without_senders_and_without_what_is_sealed() {
    let app = TestApp::new().await;
    let (road, _) = file_report(&app, "=Đường hỏng").await;
    file_report(&app, "Đèn hỏng").await;
    file(&app, Kind::Denunciation, "Cán bộ nhận tiền").await;
    give_to_economy(&app, &road).await;
    let mut an = app.signed_in("an").await;
    let page = an.get("/can-bo?phan=tat-ca").await.expect(200);
    let link = page.attribute("a[download]", "href").remove(0);
    let file = an.get(&link).await.expect(200);
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    assert!(file.headers["content-disposition"].to_str().expect("text").contains("danh-sach-don-2026-11-20.csv"));
    assert_eq!(file.body.lines().count(), 4, "a heading and three cases: {}", file.body);
    assert!(file.body.contains("\"'=Đường hỏng\"") && file.body.contains("Đèn hỏng"), "{}", file.body);
    assert!(!file.body.contains("Cán bộ nhận tiền") && !file.body.contains(SENDER) && !file.body.contains(SENDER_PHONE), "{}", file.body);
    let own = app.signed_in("ha").await.get("/can-bo/danh-sach.csv?phan=tat-ca").await.expect(200);
    assert_eq!(own.body.lines().count(), 2, "a handler takes out what a handler sees: {}", own.body);
    assert!(own.body.contains("Đường hỏng"), "{}", own.body);
    assert_eq!(app.signed_in("gi").await.get("/can-bo/danh-sach.csv").await.expect(200).body.lines().count(), 1, "an administrator sees no case");
    app.visitor().get("/can-bo/danh-sach.csv").await.expect(303);
}

/// The file goes through every page of the list, each case once.
#[tokio::test]
async fn a_file_holds_all_pages_of_the_list() {
    let app = TestApp::new().await;
    for n in 0..103 {
        file_report(&app, &format!("Việc số {n}")).await;
    }
    let file = app.signed_in("an").await.get("/can-bo/danh-sach.csv?phan=tat-ca&sau=khong-co").await.expect(200);
    for n in 0..103 {
        assert_eq!(file.body.matches(&format!("\"Việc số {n}\"")).count(), 1, "case {n}");
    }
}

#[tokio::test]
async fn a_filter_is_kept_under_a_name_shared_renamed_and_forgotten() {
    let app = TestApp::new().await;
    let (mut ha, mut bi, mut cu) = (app.signed_in("ha").await, app.signed_in("bi").await, app.signed_in("cu").await);
    let place = [("place", "?phan=tat-ca&loai=report&han=qua-han"), ("filter_name", "Phản ánh quá hạn"), ("shared", "1")];
    ha.post("/can-bo/bo-loc", &[("place", place[0].1), ("filter_name", " ")]).await.expect(422);
    for _ in 0..2 {
        let to = ha.post("/can-bo/bo-loc", &place).await.expect(303).location().expect("the place itself");
        assert_eq!(to, "/can-bo?phan=tat-ca&loai=report&han=qua-han");
    }
    let chips = |answer: Answer| answer.expect(200).select(".saved-filters .chip:not(.quiet)");
    let own = ha.get("/can-bo?phan=tat-ca&loai=report&han=qua-han").await;
    assert_eq!(own.attribute(".saved-filters .chip[aria-current]", "href").len(), 1, "pressed twice, kept once; and it says where one is");
    assert_eq!(chips(own).len(), 1);
    assert_eq!(chips(bi.get("/can-bo").await).len(), 1, "the unit has it too");
    assert!(chips(cu.get("/can-bo").await).is_empty(), "another unit has not");
    let action = ha.get("/can-bo/bo-loc").await.expect(200).attribute("form.inline-form", "action").remove(0);
    assert!(bi.get("/can-bo/bo-loc").await.expect(200).attribute("form.inline-form", "action").is_empty(), "a colleague's is not theirs to change");
    bi.post(&action, &[("action", "delete")]).await.expect(404);
    ha.post(&action, &[("new_name", "")]).await.expect(422);
    ha.post(&action, &[("new_name", "Quá hạn")]).await.expect(303);
    assert!(chips(bi.get("/can-bo").await).is_empty(), "no longer shared");
    assert_eq!(chips(ha.get("/can-bo").await), ["Quá hạn"]);
    ha.post(&action, &[("action", "delete")]).await.expect(303);
    assert!(chips(ha.get("/can-bo").await).is_empty());
    app.signed_in("gi").await.get("/can-bo/bo-loc").await.expect(404);
}

/// Trap 4: "complex" without a written, filed reason is void.
#[tokio::test]
async fn trap_4_a_mark_has_a_reason_on_file_and_can_be_taken_away() {
    let app = TestApp::new().await;
    let (id, code) = file_report(&app, "Đường hỏng").await;
    give_to_economy(&app, &id).await;
    let (mut an, mut bi) = (app.signed_in("an").await, app.signed_in("bi").await);
    let refused = step(&mut an, &id, "danh-dau", &[("mark", "+phuc-tap"), ("mark_reason", " ")]).await.expect(422);
    assert_eq!(refused.attribute("select[name=mark] option[selected]", "value"), ["+phuc-tap"], "what was chosen stays");
    assert_eq!(case(&app, &id).await.flags, 0);
    step(&mut an, &id, "danh-dau", &[("mark", "x"), ("mark_reason", "Vì thế.")]).await.expect(422);
    for mark in ["+phuc-tap", "+dong-nguoi"] {
        step(&mut an, &id, "danh-dau", &[("mark", mark), ("mark_reason", "Liên quan ba dự án.")]).await.expect(303);
    }
    let shown = an.get(&page(&id)).await.expect(200);
    assert!(shown.select(".flag-lines").concat().contains("Phức tạp 20/11/2026, Cán bộ An: Liên quan ba dự án."), "{:?}", shown.select(".flag-lines"));
    assert!(an.get("/can-bo?phan=tat-ca").await.select(".item small")[0].contains("Phức tạp · Đông người"));
    step(&mut an, &id, "danh-dau", &[("mark", "-phuc-tap"), ("mark_reason", "Đã tách việc.")]).await.expect(303);
    assert_eq!(case(&app, &id).await.flags, 2);
    let after = an.get(&page(&id)).await.expect(200);
    assert!(after.select(".line").concat().contains("Cán bộ An bỏ dấu phức tạp. Lý do: Đã tách việc."), "{}", after.text());
    assert_eq!(events(&app, &id).await[3..], ["flagged", "flagged", "unflagged"]);
    // A handler of the unit to which the case lies may, the second colleague as well; the citizen sees nothing of it.
    step(&mut bi, &id, "danh-dau", &[("mark", "+keo-dai"), ("mark_reason", "Đã hai năm.")]).await.expect(303);
    let mut citizen = app.visitor();
    citizen.post("/tra-cuu", &[("code", &code)]).await.expect(303);
    let timeline = citizen.get("/tra-cuu/don").await.expect(200).text();
    assert!(!timeline.contains("dấu") && !timeline.contains("Đã hai năm"), "{timeline}");
}

#[tokio::test]
async fn a_tag_is_made_by_using_it_follows_its_cases_and_can_be_renamed() {
    let app = TestApp::new().await;
    let (id, _) = file_report(&app, "Đường hỏng").await;
    give_to_economy(&app, &id).await;
    let (mut an, mut ha, mut du) = (app.signed_in("an").await, app.signed_in("ha").await, app.signed_in("du").await);
    step(&mut an, &id, "gan-nhan", &[("tag", "  Giao   thông ")]).await.expect(303);
    let there = step(&mut ha, &id, "gan-nhan", &[("tag", "GIAO THÔNG")]).await.expect(422);
    assert!(there.text().contains("Đơn này đã có nhãn đó."));
    let tags = an.get("/can-bo/bo-loc").await.expect(200);
    assert_eq!(tags.select("#nhan b"), ["#Giao thông"]);
    let tag_id = tags.attribute("#nhan form", "action").remove(0).rsplit('/').next().expect("an id").to_owned();
    ha.post(&format!("/can-bo/nhan/{tag_id}"), &[("tag_name", "Đường sá")]).await.expect(403);
    app.signed_in("hu").await.post(&format!("/can-bo/nhan/{tag_id}"), &[("tag_name", "Đường sá")]).await.expect(404);
    an.post(&format!("/can-bo/nhan/{tag_id}"), &[("tag_name", "Đường sá")]).await.expect(303);
    assert!(an.get(&page(&id)).await.expect(200).select(".line").concat().contains("gắn nhãn “Đường sá”"));
    // Answered: the tag's list has it among the finished ones, in the order of the last change.
    step(&mut ha, &id, "tra-loi", &[("answer", "Đã sửa.")]).await.expect(303);
    step(&mut du, &id, "duyet", &[]).await.expect(303);
    assert!(titles(&mut an, &format!("phan=tat-ca&nhan={tag_id}")).await.is_empty());
    for browser in [&mut an, &mut ha] {
        assert_eq!(titles(browser, &format!("phan=da-tra-loi&nhan={tag_id}")).await, ["Đường hỏng"]);
        assert_eq!(titles(browser, &format!("phan=da-tra-loi&phong={PHU_THONG_ECONOMY}")).await, ["Đường hỏng"]);
        assert!(titles(browser, "phan=da-ket-thuc&loai=report&phong=-").await.is_empty());
    }
    step(&mut an, &id, "gan-nhan", &[("untag", &tag_id)]).await.expect(303);
    assert!(titles(&mut an, &format!("phan=da-tra-loi&nhan={tag_id}")).await.is_empty());
    assert_eq!(events(&app, &id).await.last(), Some(&"untagged"));
}

#[tokio::test]
async fn many_cases_are_given_at_once_each_on_its_own() {
    let app = TestApp::new().await;
    let (one, _) = file_report(&app, "Việc một").await;
    let (two, _) = file_report(&app, "Việc hai").await;
    let (sealed, _) = file(&app, Kind::Denunciation, "Việc kín").await;
    let (new, _) = file_report(&app, "Việc mới").await;
    for id in [&one, &two, &sealed] {
        step(&mut app.signed_in("an").await, id, "nhan", &[]).await.expect(303);
    }
    let mut an = app.signed_in("an").await;
    let mut ticked = ticks(&app, &[&one, &two, &sealed, &new]).await;
    // Somebody is faster on the second; the last one does not exist.
    step(&mut app.signed_in("em").await, &two, "ghi-chu", &[("note", "Xem giúp.")]).await.expect(303);
    ticked.push("khong-co~1".to_owned());
    let nothing = bulk(&mut an, &[], &[("bulk", "assign"), ("bulk_unit", PHU_THONG_CULTURE)]).await.expect(422);
    assert!(nothing.text().contains("Chưa chọn đơn nào"));
    let refused = bulk(&mut an, &ticked, &[("bulk", "tag"), ("bulk_tag", " ")]).await.expect(422);
    assert_eq!(refused.attribute("input[name=don][checked]", "value").len(), 4, "the ticks stay");
    let fields = [("bulk", "assign"), ("bulk_unit", PHU_THONG_CULTURE), ("bulk_handler", "")];
    let told = bulk(&mut an, &ticked, &fields).await.expect(200);
    let lines = told.select(".bulk-line");
    assert!(lines[0].contains("Việc một") && lines[0].contains("Đã làm"), "{lines:?}");
    assert!(lines[1].contains("Việc hai") && lines[1].contains("Có người vừa làm một bước khác"));
    assert!(lines[2].contains("Đơn tố cáo phải giao cho một người"));
    assert!(lines[3].contains("Việc mới") && lines[3].contains("Đơn đang ở bước không làm được việc này"));
    assert!(lines[4].contains("Không có đơn này"));
    assert!(told.text().contains("1 đơn đã làm, 4 đơn không làm được."));
    let again = bulk(&mut an, &ticked, &fields).await.expect(200);
    assert!(again.select(".bulk-line")[0].contains("Đã làm từ trước"), "{:?}", again.select(".bulk-line"));
    assert_eq!(case(&app, &one).await.unit_id.as_deref(), Some(PHU_THONG_CULTURE));
    assert_eq!(events(&app, &one).await, ["filed", "received", "assigned"], "pressed twice, done once");
    assert_eq!(case(&app, &two).await.unit_id, None);
}

#[tokio::test]
async fn whoever_may_not_do_it_to_one_case_may_not_do_it_to_many() {
    let app = TestApp::new().await;
    let (one, _) = file_report(&app, "Việc một").await;
    give_to_economy(&app, &one).await;
    let ticked = ticks(&app, &[&one]).await;
    let fields = [("bulk", "assign"), ("bulk_unit", PHU_THONG_CULTURE)];
    for (login, words) in [("du", "Vai trò của bạn"), ("ha", "Vai trò của bạn"), ("cu", "Không có đơn này"), ("hu", "Phòng này không có")] {
        let told = bulk(&mut app.signed_in(login).await, &ticked, &fields).await;
        if login == "hu" {
            assert_eq!(told.status, 422, "the unit is another authority's: {words}");
            continue;
        }
        assert!(told.expect(200).select(".bulk-line").concat().contains(words), "{login}");
    }
    let told = bulk(&mut app.signed_in("hu").await, &ticked, &[("bulk", "tag"), ("bulk_tag", "x")]).await.expect(200);
    assert!(told.select(".bulk-line").concat().contains("Không có đơn này") && !told.text().contains("Việc một"), "not even its title");
    app.signed_in("gi").await.post("/can-bo/hang-loat", &[("bulk", "tag")]).await.expect(404);
    let many: Vec<String> = (0..51).map(|n| format!("x{n}~1")).collect();
    let told = bulk(&mut app.signed_in("an").await, &many, &[("bulk", "tag"), ("bulk_tag", "x")]).await.expect(422);
    assert!(told.text().contains("Mỗi lần nhiều nhất 50 đơn."));
    assert_eq!(events(&app, &one).await.len(), 3, "nothing happened");
}

#[tokio::test]
async fn a_reminder_is_on_record_and_in_the_queue_of_whoever_has_the_case() {
    let app = TestApp::new().await;
    let (one, _) = file_report(&app, "Việc một").await;
    let (two, _) = file_report(&app, "Việc hai").await;
    give_to_economy(&app, &one).await;
    let (mut em, mut an) = (app.signed_in("em").await, app.signed_in("an").await);
    let told = bulk(&mut em, &ticks(&app, &[&one, &two]).await, &[("bulk", "remind"), ("bulk_reminder", "Còn ba ngày.")]).await.expect(200);
    assert!(told.text().contains("2 đơn đã làm, 0 đơn không làm được."));
    for (login, title) in [("ha", "Việc một"), ("bi", "Việc một"), ("an", "Việc hai")] {
        let mut browser = app.signed_in(login).await;
        assert_eq!(titles(&mut browser, "phan=nhac-den-toi").await, [title], "{login}");
        let queue = browser.get("/can-bo?phan=tat-ca").await.expect(200);
        assert!(queue.select(".item .nudge").concat().contains("Cán bộ Em đôn đốc"), "{login}");
    }
    assert!(titles(&mut app.signed_in("cu").await, "phan=nhac-den-toi").await.is_empty());
    assert!(an.get(&page(&one)).await.expect(200).select(".line").concat().contains("Cán bộ Em đôn đốc Phòng"), "on record for all");
    let mut ha = app.signed_in("ha").await;
    assert!(ha.get(&page(&one)).await.expect(200).select("#nhac").concat().contains("Còn ba ngày."));
    ha.post(&format!("{}/da-doc", page(&one)), &[]).await.expect(303);
    assert!(titles(&mut ha, "phan=nhac-den-toi").await.is_empty(), "read");
    assert_eq!(titles(&mut app.signed_in("bi").await, "phan=nhac-den-toi").await.len(), 1, "by one, not by the other");
    step(&mut ha, &one, "don-doc", &[("reminder", "Nhanh lên.")]).await.expect(403);
    let refused = step(&mut em, &one, "don-doc", &[("reminder", "")]).await.expect(422);
    assert!(refused.text().contains("Gửi tới: Cán bộ Bi, Cán bộ Hà"), "{}", refused.text());
    // Finished: nobody has it in hand.
    step(&mut ha, &one, "tra-loi", &[("answer", "Xong.")]).await.expect(303);
    step(&mut em, &one, "duyet", &[]).await.expect(303);
    assert!(!em.get(&page(&one)).await.expect(200).body.contains("id=\"buoc-don-doc\""));
}

#[tokio::test]
async fn colleagues_see_who_has_a_case_open_and_are_not_kept_out() {
    let app = TestApp::new().await;
    let (id, _) = file_report(&app, "Đường hỏng").await;
    give_to_economy(&app, &id).await;
    let (mut ha, mut em) = (app.signed_in("ha").await, app.signed_in("em").await);
    ha.get(&page(&id)).await.expect(200);
    let seen = em.get(&page(&id)).await.expect(200);
    assert_eq!(seen.select(".viewing"), ["Cán bộ Hà đang mở việc này từ 09:52"]);
    assert!(em.get("/can-bo?phan=tat-ca").await.select(".item-note").concat().contains("Cán bộ Hà đang mở việc này"));
    assert!(!ha.get("/can-bo?phan=tat-ca").await.select(".item-note").concat().contains("Cán bộ Hà"), "not to herself");
    step(&mut em, &id, "ghi-chu", &[("note", "Vẫn làm được.")]).await.expect(303);
    // Renewed by the page, the beginning stays; left, it is gone.
    app.set_time("2026-11-20T02:56:00Z");
    ha.post(&format!("{}/dang-mo", page(&id)), &[]).await.expect(204);
    app.set_time("2026-11-20T03:00:00Z");
    assert_eq!(em.get(&page(&id)).await.expect(200).select(".viewing"), ["Cán bộ Hà đang mở việc này từ 09:52"]);
    ha.post(&format!("{}/roi-trang", page(&id)), &[]).await.expect(204);
    assert!(em.get(&page(&id)).await.expect(200).select(".viewing").is_empty());
    // Without scripts the mark ends by itself.
    ha.get(&page(&id)).await.expect(200);
    app.set_time("2026-11-20T03:05:01Z");
    assert!(em.get(&page(&id)).await.expect(200).select(".viewing").is_empty());
    for login in ["cu", "hu"] {
        app.signed_in(login).await.post(&format!("{}/dang-mo", page(&id)), &[]).await.expect(404);
    }
}

/// After every step the page of a case follows itself, and the old one's "I was left" could arrive last: the mark was gone while the
/// page stood open.
#[tokio::test]
async fn leaving_an_older_page_does_not_close_the_case() {
    let app = TestApp::new().await;
    let (id, _) = file_report(&app, "Đường hỏng").await;
    give_to_economy(&app, &id).await;
    let (mut ha, mut em) = (app.signed_in("ha").await, app.signed_in("em").await);
    let telling = |answer: &Answer, what: &str| {
        let micros = answer.body.split("?trang=").nth(1).expect("the page says which it is").chars().take_while(char::is_ascii_digit).collect::<String>();
        format!("{}/{what}?trang={micros}", page(&id))
    };
    let old = ha.get(&page(&id)).await.expect(200);
    app.set_time("2026-11-20T02:52:05Z");
    let new = ha.get(&page(&id)).await.expect(200);
    ha.post(&telling(&new, "dang-mo"), &[]).await.expect(204);
    ha.post(&telling(&old, "roi-trang"), &[]).await.expect(204);
    assert_eq!(em.get(&page(&id)).await.expect(200).select(".viewing"), ["Cán bộ Hà đang mở việc này từ 09:52"]);
    ha.post(&telling(&new, "roi-trang"), &[]).await.expect(204);
    assert!(em.get(&page(&id)).await.expect(200).select(".viewing").is_empty());
}

#[tokio::test]
async fn a_colleague_named_in_a_note_finds_the_case_and_only_one_who_may_see_it() {
    let app = TestApp::new().await;
    let (id, _) = file_report(&app, "Đường hỏng").await;
    give_to_economy(&app, &id).await;
    let mut an = app.signed_in("an").await;
    let form = an.get(&page(&id)).await.expect(200);
    let offered = form.attribute("select[name=mention] option", "value");
    assert_eq!(offered, ["", "account-bi", "account-du", "account-em", "account-ha"], "not herself, not another unit, no administrator");
    let refused = step(&mut an, &id, "ghi-chu", &[("note", "Xem giúp."), ("mention", "account-cu")]).await.expect(422);
    assert_eq!(refused.field("note").trim(), "Xem giúp.");
    step(&mut an, &id, "ghi-chu", &[("note", "@Cán bộ Hà xem giúp, @can bo cu cũng vậy."), ("mention", "account-du")]).await.expect(303);
    for (login, n) in [("ha", 1), ("du", 1), ("cu", 0), ("bi", 0), ("an", 0)] {
        let mut browser = app.signed_in(login).await;
        assert_eq!(titles(&mut browser, "phan=nhac-den-toi").await.len(), n, "{login}");
    }
    let mut ha = app.signed_in("ha").await;
    assert!(ha.get("/can-bo").await.select(".chip").iter().any(|chip| chip == "Nhắc đến tôi 1"));
    let shown = ha.get(&page(&id)).await.expect(200);
    assert!(shown.select("#nhac").concat().contains("Cán bộ An nhắc đến bạn"));
    assert!(shown.select(".msg-note").concat().contains("Ghi chú nội bộ của Cán bộ An, nhắc Cán bộ Du, Cán bộ Hà"), "{:?}", shown.select(".msg-note"));
    // An answer in kind is proof of having read.
    step(&mut ha, &id, "ghi-chu", &[("note", "Đã xem. @Cán bộ An")]).await.expect(303);
    assert!(titles(&mut ha, "phan=nhac-den-toi").await.is_empty());
    assert_eq!(titles(&mut an, "phan=nhac-den-toi").await.len(), 1);
    // A denunciation: only who may know of it can be named.
    let (sealed, _) = file(&app, Kind::Denunciation, "Việc kín").await;
    let offered = an.get(&page(&sealed)).await.expect(200).attribute("select[name=mention] option", "value");
    assert_eq!(offered, ["", "account-du", "account-em"]);
    step(&mut an, &sealed, "ghi-chu", &[("note", "@Cán bộ Hà xem giúp.")]).await.expect(303);
    assert!(titles(&mut ha, "phan=nhac-den-toi").await.is_empty(), "not even that there is one");
    // Whoever may no longer see a case no longer has it in the list.
    step(&mut an, &id, "giao", &[("unit", PHU_THONG_CULTURE), ("handler", "")]).await.expect(303);
    step(&mut an, &id, "ghi-chu", &[("note", "@Cán bộ Cư nhận nhé.")]).await.expect(303);
    assert_eq!(titles(&mut app.signed_in("cu").await, "phan=nhac-den-toi").await, ["Đường hỏng"]);
    step(&mut an, &id, "giao", &[("unit", PHU_THONG_ECONOMY), ("handler", "")]).await.expect(303);
    let cu = app.signed_in("cu").await.get("/can-bo").await.expect(200);
    assert!(cu.select(".chip").iter().any(|chip| chip == "Nhắc đến tôi 0"), "{:?}", cu.select(".chip"));
}

#[tokio::test]
async fn a_ready_made_answer_is_filled_from_the_case_and_its_use_is_counted() {
    let app = TestApp::new().await;
    let (mut an, mut ha, mut du) = (app.signed_in("an").await, app.signed_in("ha").await, app.signed_in("du").await);
    let body = "Kính gửi ông/bà,\n{co_quan} đã nhận đơn “{tieu_de}” ngày {ngay_nhan}, trả lời chậm nhất {han}.";
    let refused = an.post("/can-bo/cau-mau", &[("canned_name", "Hẹn"), ("canned_body", "Mã {ma_viec}, {ten} {han}"), ("is_active", "1")]).await.expect(422);
    assert!(refused.text().contains("Không có chỗ điền nào tên là {ma_viec}, {ten}."), "{}", refused.text());
    assert_eq!(refused.field("canned_body").trim(), "Mã {ma_viec}, {ten} {han}");
    ha.post("/can-bo/cau-mau", &[("canned_name", "Hẹn"), ("canned_body", body), ("is_active", "1")]).await.expect(403);
    for _ in 0..2 {
        an.post("/can-bo/cau-mau", &[("canned_name", "Hẹn"), ("canned_body", body), ("is_active", "1")]).await.expect(303);
    }
    assert_eq!(ha.get("/can-bo/cau-mau").await.expect(200).select("tbody tr").len(), 1, "sent twice, there once; and handlers may look");
    app.signed_in("gi").await.get("/can-bo/cau-mau").await.expect(404);
    assert!(app.signed_in("hu").await.get("/can-bo/cau-mau").await.expect(200).select("tbody tr").is_empty());

    let (id, _) = file_report(&app, "Đường {han} hỏng").await;
    give_to_economy(&app, &id).await;
    let canned = ha.get(&page(&id)).await.expect(200).attribute("select[name=canned] option", "value").remove(1);
    let filled = ha.get(&format!("{}/cau-mau/{canned}", page(&id))).await.expect(200);
    assert!(filled.body.contains("đã nhận đơn “Đường {han} hỏng” ngày 20/11/2026, trả lời chậm nhất 7/12/2026."), "{}", filled.body);
    app.signed_in("cu").await.get(&format!("{}/cau-mau/{canned}", page(&id))).await.expect(404);

    // Without scripts: the form comes back with the text behind what was typed. Nothing is sent.
    let none = step(&mut ha, &id, "tra-loi", &[("answer", "Chào bạn."), ("canned", ""), ("action", "insert")]).await.expect(422);
    assert_eq!(none.field("answer").trim(), "Chào bạn.");
    let put = step(&mut ha, &id, "tra-loi", &[("answer", "Chào bạn."), ("canned", &canned), ("action", "insert")]).await.expect(200);
    assert!(put.field("answer").trim().starts_with("Chào bạn.\n\nKính gửi ông/bà,"), "{}", put.field("answer"));
    let used = put.attribute("#canned-answer-used", "value").remove(0);
    assert_eq!(used, canned);
    // A place of a known name that was not filled does not go out.
    let left = step(&mut ha, &id, "tra-loi", &[("answer", "Phòng {phong} trả lời."), ("canned_used", &used)]).await.expect(422);
    assert!(left.text().contains("Chỗ {phong} chưa được điền"));
    step(&mut ha, &id, "tra-loi", &[("answer", "Đã sửa xong."), ("canned_used", &used)]).await.expect(303);
    let row = |answer: Answer| answer.expect(200).select("tbody tr").remove(0);
    assert!(row(an.get("/can-bo/cau-mau").await).contains("Chưa có đánh giá, trong 0 trả lời"), "a draft is no answer yet");
    step(&mut du, &id, "duyet", &[]).await.expect(303);
    let citizen = app::actor::Actor::Citizen { case_id: id.clone() };
    let before = case(&app, &id).await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let rating = Rating { clarity: 5, attitude: 3, result: 4, comment: String::new() };
    actions::rate(&mut Act { tx: &mut tx, portal: &app.portal, actor: &citizen }, &before, &rating).await.expect("rated");
    tx.commit().await.expect("kept");
    let shown = row(an.get("/can-bo/cau-mau").await);
    assert!(shown.contains("Tốt 1/1 đánh giá, trong 1 trả lời") && shown.contains("20/11/2026"), "{shown}");
    // No longer offered; the figures stay.
    an.post("/can-bo/cau-mau", &[("id", &canned), ("canned_name", "Hẹn"), ("canned_body", body)]).await.expect(303);
    assert!(row(an.get("/can-bo/cau-mau").await).contains("Ngừng dùng"));
}

#[tokio::test]
async fn the_leader_sees_what_is_late_with_whom_and_every_number_leads_to_its_cases() {
    let app = TestApp::new().await;
    // Due on the day before: all of them are late.
    app.set_time("2026-11-05T02:00:00Z");
    let mut ids = Vec::new();
    for (kind, title) in [(Kind::Report, "Việc 0"), (Kind::Report, "Việc 1"), (Kind::Report, "Việc 2"), (Kind::Denunciation, "Việc kín")] {
        ids.push(file(&app, kind, title).await.0);
    }
    app.set_time(crate::harness::NOW);
    give_to_economy(&app, &ids[0]).await;
    give_to_economy(&app, &ids[1]).await;
    step(&mut app.signed_in("em").await, &ids[0], "danh-dau", &[("mark", "+phuc-tap"), ("mark_reason", "Nhiều bên.")]).await.expect(303);
    step(&mut app.signed_in("ha").await, &ids[1], "tra-loi", &[("answer", "Xong.")]).await.expect(303);
    for login in ["an", "ha", "gi"] {
        app.signed_in(login).await.get("/can-bo/lanh-dao").await.expect(404);
    }
    let mut em = app.signed_in("em").await;
    assert!(em.get("/can-bo/lanh-dao").await.expect(200).text().contains("Trả lời đúng hạn trong 30 ngày qua: chưa có trả lời nào."), "no share of nothing");
    step(&mut em, &ids[1], "duyet", &[]).await.expect(303);
    let shown = em.get("/can-bo/lanh-dao").await.expect(200);
    assert!(shown.text().contains("Trả lời đúng hạn trong 30 ngày qua: 0,0% (0/1)."), "{}", shown.text());
    assert!(shown.text().contains("Quá hạn trên tổng đang giải quyết: 100,0% (3/3)."));
    let rows = shown.select("tbody tr");
    assert!(rows.iter().any(|row| row.starts_with("Chờ tiếp nhậnBộ phận tiếp nhận2")), "{rows:?}");
    assert!(rows.iter().any(|row| row.starts_with("Chưa giao phòng nào2100,0% (2/2)")), "{rows:?}");
    assert!(rows.iter().any(|row| row == "Phức tạp11"), "{rows:?}");
    // Every number is the number of rows of the list it leads to.
    let links = shown.attribute("main a[href*='/can-bo?']", "href");
    let number = |words: &String| words.chars().take_while(char::is_ascii_digit).collect::<String>().parse::<usize>().expect("a number");
    let numbers: Vec<usize> = shown.select("main a[href*='/can-bo?']").iter().map(number).collect();
    assert!(links.len() >= 10, "{links:?}");
    for (href, number) in links.iter().zip(numbers) {
        assert_eq!(em.get(href).await.expect(200).select(".item").len(), number, "{href}");
    }
    app.signed_in("du").await.get("/can-bo/lanh-dao").await.expect(200);
}

/// What stands in the row is the sum of the events, marks included.
#[tokio::test]
async fn the_record_replays_to_the_row_with_marks() {
    let app = TestApp::new().await;
    let (id, _) = file_report(&app, "Đường hỏng").await;
    give_to_economy(&app, &id).await;
    let mut an = app.signed_in("an").await;
    for mark in ["+phuc-tap", "+du-luan", "-phuc-tap"] {
        step(&mut an, &id, "danh-dau", &[("mark", mark), ("mark_reason", "Vì thế.")]).await.expect(303);
    }
    step(&mut an, &id, "gan-nhan", &[("tag", "đường")]).await.expect(303);
    step(&mut an, &id, "don-doc", &[("reminder", "Nhanh.")]).await.expect(303);
    let stored = case(&app, &id).await;
    let mut tx = app.portal.db().read().await.expect("a look");
    let mut replayed: Option<Case> = None;
    for entry in history(&mut tx, &id, 0).await.expect("a record") {
        replayed = Some(match (replayed, entry.event) {
            (None, app::petitions::rules::Event::Filed(filing)) => app::petitions::rules::file(stored.id.clone(), stored.search_key, &filing, entry.at),
            (Some(before), event) => app::petitions::rules::apply(&before, &event, entry.at).expect("it fitted"),
            (None, event) => panic!("the first entry is {event:?}"),
        });
    }
    assert_eq!(replayed.expect("a record"), stored);
    assert_eq!(stored.flags, 8);
}
