//! What the public sees: only what was released, the same for everybody, found with and without marks, counted right.

use crate::harness::{CHO_DON_BODY, PHU_THONG, PHU_THONG_BODY, TestApp};
use app::accounts::store::official;
use app::actor::Actor;
use app::db::Tx;
use app::papers::kinds::PaperKind;
use app::papers::store as papers;
use app::papers::upload::NewPaper;
use app::petitions::actions::{self, Act, NewPetition};
use app::petitions::code::CaseCode;
use app::petitions::procedure;
use app::petitions::rules::{Case, Kind};
use app::petitions::store::parts::{CasePerson, CaseText};
use app::procedures::step::{Ground, Step};
use app::redaction::store::{self as redacted, PublicPaper};
use axum::http::header;
use std::collections::{BTreeMap, BTreeSet};

/// A name no released page may show.
const SENDER: &str = "Triệu Thị Bí Mật";
const PHU_THONG_CODE: &str = "19.01969.UB";

async fn actor(app: &TestApp, tx: &mut Tx, login: &str) -> Actor {
    let today = app::clock::day(app.portal.now());
    Actor::Official(official(tx, &format!("account-{login}"), today).await.expect("an answer").expect("an account"))
}

/// Files and acknowledges a petition.
async fn received(app: &TestApp, kind: Kind, title: &str) -> Case {
    let petition = NewPetition {
        kind,
        area_code: PHU_THONG.into(),
        body_id: PHU_THONG_BODY.into(),
        may_publish: true,
        text: CaseText { title: format!("{title} (nguyên văn)"), body: "nguyên văn của người gửi".into(), ..CaseText::default() },
        person: CasePerson { name: SENDER.into(), phone: "0912345678".into(), ..CasePerson::default() },
        papers: 0,
        limitation: None,
    };
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let code = CaseCode::of_token(&app.portal.random().token());
    let case = actions::file(&mut Act { tx: &mut tx, portal: &app.portal, actor: &Actor::Visitor }, &petition, &code).await.expect("filed");
    let head = actor(app, &mut tx, "em").await;
    let case = actions::receive(&mut Act { tx: &mut tx, portal: &app.portal, actor: &head }, &case).await.expect("received");
    tx.commit().await.expect("kept");
    case
}

/// Two officials release a case under an edited text.
async fn release(app: &TestApp, case: &Case, title: &str, body: &str) -> Case {
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let (head, approver) = (actor(app, &mut tx, "em").await, actor(app, &mut tx, "du").await);
    let case = actions::propose_public_text(&mut Act { tx: &mut tx, portal: &app.portal, actor: &head }, case, title, body, &[]).await.expect("proposed");
    let case = actions::approve_public_text(&mut Act { tx: &mut tx, portal: &app.portal, actor: &approver }, &case).await.expect("released");
    tx.commit().await.expect("kept");
    app.portal.cache().clear();
    case
}

/// Two officials answer a case. The pages in memory are left alone.
async fn answer(app: &TestApp, case: &Case, body: &str) -> Case {
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let (head, approver) = (actor(app, &mut tx, "em").await, actor(app, &mut tx, "du").await);
    if case.kind == Kind::Complaint {
        // A complaint is not answered by a letter: not accepting it is an answer, too.
        let step = Step::Refuse { ground: Ground::OutOfTime };
        let (case, _) = procedure::draft(&mut Act { tx: &mut tx, portal: &app.portal, actor: &head }, case, &step, "").await.expect("drafted");
        let (case, _) = procedure::sign(&mut Act { tx: &mut tx, portal: &app.portal, actor: &approver }, &case).await.expect("signed");
        tx.commit().await.expect("kept");
        return case;
    }
    let case = actions::propose_answer(&mut Act { tx: &mut tx, portal: &app.portal, actor: &head }, case, body, None).await.expect("proposed");
    let case = actions::approve_answer(&mut Act { tx: &mut tx, portal: &app.portal, actor: &approver }, &case).await.expect("answered");
    tx.commit().await.expect("kept");
    case
}

async fn released(app: &TestApp, kind: Kind, title: &str, body: &str) -> Case {
    let case = received(app, kind, title).await;
    release(app, &case, title, body).await
}

/// Titles of the list, in order.
async fn titles(app: &TestApp, address: &str) -> Vec<String> {
    app.visitor().get(address).await.expect(200).select(".list-cases h3")
}

const ALL_PAGES: [&str; 9] =
    ["/", "/cong-khai", "/cong-khai/1", "/co-quan", "/co-quan/19.01969.UB", "/huong-dan", "/rieng-tu", "/sitemap.xml", "/cong-khai.atom"];

#[tokio::test]
async fn an_empty_portal_says_so_and_makes_up_no_figures() {
    let app = TestApp::new().await;
    let mut visitor = app.visitor();
    let home = visitor.get("/").await.expect(200);
    assert!(home.text().contains("Chưa có câu trả lời nào được công khai"), "{}", home.text());
    assert!(home.select(".figures").is_empty());
    assert_eq!(home.attribute("a.btn-main", "href"), ["/gui"], "one main action");
    assert!(visitor.get("/cong-khai").await.expect(200).text().contains("Chưa có đơn nào được công khai"));
    let agencies = visitor.get("/co-quan").await.expect(200);
    assert!(agencies.text().contains("UBND xã Phủ Thông"), "an authority without cases stays in the list");
    assert!(agencies.select("td a").is_empty(), "nothing to follow down to");
    let missing = visitor.get("/cong-khai/1").await.expect(404);
    assert_eq!(missing.attribute(".error-page a", "href"), ["/cong-khai", "/tra-cuu"]);
    visitor.get("/cong-khai/abc").await.expect(404);
    visitor.get("/co-quan/khong-co").await.expect(404);
    for path in ["/", "/cong-khai", "/co-quan", "/huong-dan", "/rieng-tu"] {
        let page = visitor.get(&format!("/en{}", path.trim_end_matches('/'))).await.expect(200);
        assert_eq!(page.attribute("html", "lang"), ["en"], "{path}");
    }
}

#[tokio::test]
async fn a_released_case_shows_its_public_text_and_nothing_of_the_sender() {
    let app = TestApp::new().await;
    let case = released(&app, Kind::Report, "Đường vào trường sụt lún", "Đoạn đường sụt năm mét.").await;
    let mut visitor = app.visitor();
    let page = visitor.get("/cong-khai/1").await.expect(200);
    assert_eq!(page.select("h1"), ["Đường vào trường sụt lún"]);
    assert!(page.text().contains("Còn 10 ngày làm việc") && page.text().contains("thứ Hai, 7/12/2026"), "{}", page.text());
    assert_eq!(page.attribute("meta[property='og:title']", "content"), ["Đường vào trường sụt lún"]);
    assert!(page.attribute("meta[name='robots']", "content").is_empty(), "search engines may find it");

    app.set_time("2026-12-02T03:00:00Z");
    let case = answer(&app, &case, "Đã sửa **xong**.").await;
    app::publishing::cache::follow_changes(&app.portal).await.expect("looked");
    let page = visitor.get("/cong-khai/1").await.expect(200);
    assert!(page.body.contains("<strong>xong</strong>"));
    assert!(page.text().contains("trả lời sau 7 ngày làm việc") && page.text().contains("Trả lời đúng hạn"), "{}", page.text());
    let steps = page.select("ol.line li");
    assert_eq!(steps.len(), 3, "sent, acknowledged, answered: {steps:?}");
    for path in ALL_PAGES {
        let page = visitor.get(path).await.expect(200);
        for secret in [SENDER, "0912345678", "nguyên văn của", "(nguyên văn)", "Cán bộ Em", "Cán bộ Du", case.id.as_str()] {
            assert!(!page.body.contains(secret), "{path} shows {secret}");
        }
    }
}

#[tokio::test]
async fn a_new_answer_is_there_at_once_and_old_pages_are_not_sent_again() {
    let app = TestApp::new().await;
    let case = released(&app, Kind::Report, "Rác ở chợ", "Rác chất đống.").await;
    let mut visitor = app.visitor();
    let first = visitor.get("/cong-khai/1").await.expect(200);
    let etag = first.header("etag").to_owned();
    assert_eq!(first.header("cache-control"), "public, max-age=60, must-revalidate");
    visitor.get_with("/cong-khai/1", &[("if-none-match", &etag)]).await.expect(304);
    answer(&app, &case, "Đã dọn sạch.").await;
    app::publishing::cache::follow_changes(&app.portal).await.expect("looked");
    let second = visitor.get_with("/cong-khai/1", &[("if-none-match", &etag)]).await.expect(200);
    assert!(second.text().contains("Đã dọn sạch."));
    assert!(visitor.get("/").await.text().contains("Rác ở chợ"), "the home page has it too");
}

#[tokio::test]
async fn every_page_is_the_same_for_visitors_and_officials_and_is_compressed() {
    let app = TestApp::new().await;
    let case = released(&app, Kind::Report, "Đèn đường tổ 5", "Đèn không sáng.").await;
    answer(&app, &case, "Đã thay bóng.").await;
    app.portal.cache().clear();
    let mut official = app.visitor();
    let signed_in = official.post("/dang-nhap", &[("login", "em"), ("password", crate::harness::PASSWORD)]).await;
    if signed_in.status != 303 {
        // The sign-in page belongs to another folder; any cookie must make no difference.
        official.set_cookie("nghedan_phien", "AAAAAAAAAAAAAAAAAAAAAA");
    }
    for path in ALL_PAGES {
        let theirs = official.get(path).await.expect(200);
        app.portal.cache().clear();
        let ours = app.visitor().get(path).await.expect(200);
        assert_eq!(theirs.bytes, ours.bytes, "{path}");
        assert_eq!(ours.header("set-cookie"), "", "{path} sets no cookie");
        let compressed = app.visitor().get_with(path, &[("accept-encoding", "gzip, br")]).await.expect(200);
        assert_eq!(compressed.header("content-encoding"), "br", "{path}");
        assert!(compressed.bytes.len() < ours.bytes.len(), "{path}");
    }
}

#[tokio::test]
async fn denunciations_are_nowhere_not_even_in_the_figures() {
    let app = TestApp::new().await;
    let denunciation = received(&app, Kind::Denunciation, "Cán bộ nhận tiền").await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let head = actor(&app, &mut tx, "em").await;
    let proposed = actions::propose_public_text(&mut Act { tx: &mut tx, portal: &app.portal, actor: &head }, &denunciation, "x", "y", &[]).await;
    assert!(proposed.is_err(), "it cannot even be proposed");
    drop(tx);
    // A released report that turns out to be a denunciation leaves register, search and figures at once.
    let report = released(&app, Kind::Report, "Xây nhà trái phép", "Nhà xây trên đất ruộng.").await;
    assert_eq!(titles(&app, "/cong-khai?q=trai+phep").await.len(), 1);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let head = actor(&app, &mut tx, "em").await;
    actions::reclassify(&mut Act { tx: &mut tx, portal: &app.portal, actor: &head }, &report, Kind::Denunciation, "là tố cáo").await.expect("corrected");
    tx.commit().await.expect("kept");
    app::publishing::cache::follow_changes(&app.portal).await.expect("looked");
    let mut visitor = app.visitor();
    visitor.get("/cong-khai/1").await.expect(404);
    assert!(titles(&app, "/cong-khai").await.is_empty());
    assert!(titles(&app, "/cong-khai?q=trai+phep").await.is_empty());
    assert!(visitor.get("/").await.select(".figures").is_empty());
    assert!(visitor.get("/co-quan").await.select("td a").is_empty());
    let asked = visitor.get("/cong-khai?loai=to-cao").await.expect(200);
    assert!(asked.text().contains("đã bỏ qua"), "there is no such filter");
    assert!(!asked.attribute("select[name='loai'] option", "value").contains(&"to-cao".to_owned()));
}

#[tokio::test]
async fn search_finds_with_and_without_marks_and_puts_exact_marks_first() {
    let app = TestApp::new().await;
    released(&app, Kind::Report, "Con đường hỏng", "Ổ gà.").await;
    released(&app, Kind::Report, "Đại lý đường kính", "Giá tăng.").await;
    released(&app, Kind::Report, "Dương tính giả", "Xét nghiệm sai.").await;
    released(&app, Kind::Report, "Nhà văn hoá xuống cấp", "Mái dột.").await;
    released(&app, Kind::Recommendation, "Xã Hoà Bình xin thêm đèn", "Đường tối.").await;
    assert_eq!(titles(&app, "/cong-khai?q=duong").await.len(), 4, "without marks all are meant");
    let page = app.visitor().get("/cong-khai?q=D%C6%AF%C6%A0NG").await.expect(200);
    assert_eq!(page.select(".list-cases h3")[0], "Dương tính giả", "exact marks first, though newer ones match without");
    assert_eq!(page.select("main h2"), ["Đúng chữ, đúng dấu", "Gần đúng (khác dấu)"]);
    assert_eq!(page.select(".list-cases h3").len(), 4);
    let none_exact = app.visitor().get("/cong-khai?q=d%C6%B0%E1%BB%9Dng").await.expect(200);
    assert!(none_exact.text().contains("Không có đơn nào viết đúng dấu như “dường”"), "{}", none_exact.text());
    let (old, new) = (titles(&app, "/cong-khai?q=v%C4%83n%20ho%C3%A1").await, titles(&app, "/cong-khai?q=v%C4%83n%20h%C3%B3a").await);
    assert_eq!((old.clone(), old), (new, vec!["Nhà văn hoá xuống cấp".to_owned()]), "hoá and hóa are one word");
    assert!(titles(&app, "/cong-khai?q=%22%20OR%20%2A%20NOT%20%28").await.is_empty(), "typed signs are no operators");
    assert_eq!(titles(&app, "/cong-khai?q=%3F%21").await.len(), 5, "signs alone ask for nothing");
    assert!(app.visitor().get("/cong-khai?q=xyz").await.expect(200).text().contains("Không tìm thấy “xyz”"));
}

#[tokio::test]
async fn filters_combine_and_say_what_they_leave_out() {
    let app = TestApp::new().await;
    let report = released(&app, Kind::Report, "Cầu hỏng", "Cầu treo gãy.").await;
    released(&app, Kind::Recommendation, "Xin thêm cầu", "Dân đi xa.").await;
    answer(&app, &report, "Đã sửa cầu.").await;
    app.portal.cache().clear();
    for (query, expected) in [
        ("loai=phan-anh", vec!["Cầu hỏng"]),
        ("loai=report", vec!["Cầu hỏng"]),
        ("loai=kien-nghi&q=cau", vec!["Xin thêm cầu"]),
        ("loai=khieu-nai", vec![]),
        ("dia-ban=01969", vec!["Xin thêm cầu", "Cầu hỏng"]),
        ("dia-ban=02020", vec![]),
        ("co-quan=19.01969.UB&tinh-trang=da-tra-loi&nam=2026&ket-qua=dung-han&dia-ban=01969&loai=phan-anh&q=c%E1%BA%A7u", vec!["Cầu hỏng"]),
        ("tinh-trang=dang-giai-quyet", vec!["Xin thêm cầu"]),
        ("tinh-trang=dang-giai-quyet&ket-qua=muon", vec![]),
        ("ket-qua=muon", vec![]),
        ("nam=2025", vec![]),
    ] {
        assert_eq!(titles(&app, &format!("/cong-khai?{query}")).await, expected, "{query}");
    }
    let page = app.visitor().get("/cong-khai?loai=phan-anh&nam=abc&sau=zzz").await.expect(200);
    assert!(page.text().contains("đã bỏ qua"));
    assert_eq!(page.attribute(".chips a", "href"), ["/cong-khai"], "the one filter can be taken away");
    assert_eq!(page.select("main p[role='status']"), ["1 đơn"], "the figures know the number");
    assert!(app.visitor().get("/cong-khai?q=cau").await.select("main p[role='status']").is_empty(), "nobody counts what words match");
}

#[tokio::test]
async fn paging_never_repeats_and_never_skips() {
    let app = TestApp::new().await;
    for i in 0..47 {
        let word = if i % 3 == 0 { "đường" } else { "dương" };
        released(&app, Kind::Report, &format!("Việc {word} số {i}"), "Nội dung.").await;
    }
    for query in ["", "q=duong", "q=%C4%91%C6%B0%E1%BB%9Dng", "q=d%C6%B0%C6%A1ng", "loai=phan-anh"] {
        let (mut seen, mut address, mut pages) = (Vec::new(), format!("/cong-khai?{query}"), 0);
        loop {
            let page = app.visitor().get(&address).await.expect(200);
            seen.extend(page.select(".list-cases h3"));
            pages += 1;
            match page.attribute("a[rel='next']", "href").into_iter().next() {
                Some(next) => address = next,
                None => break,
            }
        }
        assert_eq!(pages, 3, "{query}: 47 cases, 20 a page");
        assert_eq!((seen.len(), seen.iter().collect::<BTreeSet<_>>().len()), (47, 47), "{query}");
    }
    let exact: Vec<_> = titles(&app, "/cong-khai?q=%C4%91%C6%B0%E1%BB%9Dng").await;
    assert!(exact[..16].iter().all(|title| title.contains("đường")) && exact[16..].iter().all(|title| title.contains("dương")), "{exact:?}");
    let end = app.visitor().get("/cong-khai?sau=f1").await.expect(200);
    assert!(end.text().contains("Hết danh sách"), "a place after the last case");
}

/// A cell of the figures: authority, year, kind, outcome.
type Cell = (String, i64, String, String);

/// The figures against a count of the rows, after cases were released, answered on time and late, forwarded, reopened.
#[tokio::test]
async fn the_figures_are_what_a_recount_gives() {
    let app = TestApp::new().await;
    let kinds = [Kind::Report, Kind::Recommendation, Kind::Complaint];
    for i in 0..24_usize {
        app.set_time("2026-11-20T02:52:00Z");
        let case = released(&app, kinds[i % 3], &format!("Việc số {i}"), "Nội dung.").await;
        let mut tx = app.portal.db().write().await.expect("a transaction");
        let head = actor(&app, &mut tx, "em").await;
        let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &head };
        let case = match i % 4 {
            0 if case.kind != Kind::Complaint => actions::forward(&mut act, &case, CHO_DON_BODY, "không thuộc xã").await.expect("forwarded"),
            1 => actions::reclassify(&mut act, &case, kinds[(i + 1) % 3], "sai loại").await.expect("corrected"),
            _ => case,
        };
        tx.commit().await.expect("kept");
        if i % 4 >= 1 {
            app.set_time(if i % 2 == 0 { "2026-11-27T02:52:00Z" } else { "2026-12-11T02:52:00Z" });
            let case = answer(&app, &case, "Xong.").await;
            if i % 8 == 3 && case.kind != Kind::Complaint {
                let mut tx = app.portal.db().write().await.expect("a transaction");
                actions::reopen(&mut Act { tx: &mut tx, portal: &app.portal, actor: &head }, &case, "chưa xong").await.expect("reopened");
                tx.commit().await.expect("kept");
            }
        }
    }
    type Row = (String, i64, String, Option<bool>, Option<i64>);
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let rows: Vec<Row> = tx.all("SELECT body_id, year, kind, is_on_time, days_taken FROM public_cases", ()).await.expect("rows");
    let mut recount: BTreeMap<Cell, (i64, i64)> = BTreeMap::new();
    for (body, year, kind, on_time, days) in rows {
        let outcome = on_time.map_or("handling", |on_time| if on_time { "on_time" } else { "late" });
        let cell = recount.entry((body, year, kind, outcome.to_owned())).or_default();
        *cell = (cell.0 + 1, cell.1 + days.unwrap_or(0));
    }
    type Stored = (String, i64, String, String, i64, i64);
    let counts: Vec<Stored> =
        tx.all("SELECT body_id, year, kind, outcome, n, days_sum FROM public_counts WHERE n <> 0 OR days_sum <> 0", ()).await.expect("rows");
    let counts: BTreeMap<Cell, (i64, i64)> = counts.into_iter().map(|(b, y, k, o, n, d)| ((b, y, k, o), (n, d))).collect();
    assert_eq!(counts, recount);
    assert!(recount.len() >= 5, "the test has made many cells: {recount:?}");
    drop(tx);

    // Every figure on the agency's page leads to exactly that many cases.
    app.portal.cache().clear();
    for path in ["/co-quan", "/co-quan/19.01969.UB"] {
        let page = app.visitor().get(path).await.expect(200);
        let (numbers, links) = (page.select("td a"), page.attribute("td a", "href"));
        assert!(!links.is_empty());
        for (number, link) in numbers.iter().zip(&links) {
            assert_eq!(titles(&app, link).await.len().to_string(), *number, "{link}");
        }
    }
}

#[tokio::test]
async fn only_released_photos_of_the_very_case_are_shown() {
    let app = TestApp::new().await;
    let case = released(&app, Kind::Report, "Cầu treo đứt cáp", "Cáp đứt.").await;
    released(&app, Kind::Report, "Việc khác", "Không có ảnh.").await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    for (id, is_public) in [("anh-mot", true), ("anh-hai", false)] {
        let paper = NewPaper {
            id: id.to_owned(),
            kind: PaperKind::Jpeg,
            bytes: 4,
            width: Some(300),
            height: Some(200),
            has_thumb: false,
            original_name: "nha ong Bi Mat.jpg".to_owned(),
            file_key: None,
            at: app.portal.now(),
        };
        papers::insert(&mut tx, papers::Owner::Case { case_id: &case.id, message_id: None }, &paper).await.expect("a row");
        let paper = papers::by_id(&mut tx, id).await.expect("readable").expect("there");
        let version = PublicPaper { is_public, ..PublicPaper::plain(format!("{id}-cong-khai"), &case.id, &paper, "account-ha", app.portal.now()) };
        redacted::insert_version(&mut tx, &version).await.expect("a row");
        app.portal.files().put(&app::papers::key(id), vec![1, 2, 3, 4].into()).await.expect("bytes");
    }
    tx.commit().await.expect("kept");
    app.portal.cache().clear();
    let mut visitor = app.visitor();
    let page = visitor.get("/cong-khai/1").await.expect(200);
    assert_eq!(page.attribute(".photo-grid a", "href"), ["/cong-khai/1/anh/anh-mot-cong-khai"]);
    assert!(!page.body.contains("Bi Mat"), "a file's name may name a person");
    let photo = visitor.get(&page.attribute(".photo-grid img", "src")[0]).await.expect(200);
    assert_eq!((photo.bytes.as_slice(), photo.header("content-type")), (&[1, 2, 3, 4][..], "image/jpeg"));
    assert!(photo.header("content-security-policy").contains("sandbox"));
    visitor.get("/cong-khai/1/anh/anh-mot").await.expect(404);
    visitor.get("/cong-khai/1/anh/anh-hai-cong-khai").await.expect(404);
    visitor.get("/cong-khai/2/anh/anh-mot-cong-khai").await.expect(404);
    visitor.get("/cong-khai/9/anh/anh-mot-cong-khai").await.expect(404);
}

#[tokio::test]
async fn agencies_are_found_by_name_without_marks_and_know_their_past() {
    let app = TestApp::new().await;
    let found = app.visitor().get("/co-quan?q=phu+thong").await.expect(200);
    assert_eq!(found.select("tbody th"), ["UBND xã Phủ Thông"]);
    assert!(app.visitor().get("/co-quan?q=qqq").await.expect(200).text().contains("Không có cơ quan nào tên “qqq”"));
    let page = app.visitor().get(&format!("/co-quan/{PHU_THONG_CODE}")).await.expect(200);
    assert!(page.text().contains("Phòng Kinh tế"), "its units");
    let province = app.visitor().get("/co-quan/19.UB").await.expect(200);
    assert!(province.text().contains("Ủy ban nhân dân tỉnh Bắc Kạn"), "what it came from");
    let past = app.visitor().get("/co-quan/CU06.UB").await.expect(200);
    assert!(past.text().contains("hoạt động đến hết ngày 30/6/2025") && past.attribute("main a", "href").contains(&"/co-quan/19.UB".to_owned()));
}

#[tokio::test]
async fn search_engines_get_a_map_and_readers_a_feed() {
    let app = TestApp::new().await;
    let case = released(&app, Kind::Report, "Cống <tắc> & ngập", "Nước ngập.").await;
    answer(&app, &case, "Đã thông cống.").await;
    app.portal.cache().clear();
    let mut visitor = app.visitor();
    let robots = visitor.get("/robots.txt").await.expect(200);
    assert!(robots.body.contains("Sitemap: https://nghedan.test/sitemap.xml") && robots.body.contains("Disallow: /can-bo"));
    assert!(visitor.get("/sitemap.xml").await.expect(200).body.contains("https://nghedan.test/sitemap-1.xml"));
    assert!(visitor.get("/sitemap-0.xml").await.expect(200).body.contains("<loc>https://nghedan.test/co-quan/19.UB</loc>"));
    let map = visitor.get("/sitemap-1.xml").await.expect(200);
    assert_eq!(map.header(header::CONTENT_TYPE.as_str()), "application/xml; charset=utf-8");
    assert!(map.body.contains("<loc>https://nghedan.test/cong-khai/1</loc><lastmod>2026-11-20</lastmod>"));
    visitor.get("/sitemap-2.xml").await.expect(404);
    let feed = visitor.get("/cong-khai.atom").await.expect(200);
    assert!(feed.body.contains("<title>Cống &lt;tắc&gt; &amp; ngập</title>") && feed.body.contains("Ủy ban nhân dân xã Phủ Thông"));
}
