//! The record nobody can quietly change: chains, pages, anchors, and what officials do beside the cases.

use crate::harness::petitions_of::{actor, case, file, file_report, give_to_economy};
use crate::harness::{PHU_THONG_BODY, TestApp};
use app::actor::Actor;
use app::db::{Db, Tx};
use app::id::Random;
use app::petitions::actions::{self, Act};
use app::petitions::rules::Kind;
use app::record::rules::{PageSum, RecordKey};
use app::record::sealing::{self, Begun, Turn};
use app::record::store;
use app::record::verify::{self, Finding, Kept, Outside, Report};

/// Tries of somebody who may write to the database.
const ATTEMPTS: usize = 1_000;

/// What a check of the whole record finds.
pub async fn look(app: &TestApp) -> Report {
    verified(&mut app.portal.db().read().await.expect("a transaction"), app.portal.record_key()).await
}

/// The same within a transaction that may have changed something.
pub async fn verified(tx: &mut Tx, key: &RecordKey) -> Report {
    verify::verify(tx, key, &Outside::default()).await.expect("readable")
}

async fn close_page(app: &TestApp) {
    sealing::close_page(app.portal.db(), app.portal.record_key(), app.portal.now()).await.expect("a page");
}

/// A dozen cases with a life of a few steps, three sign-ins, on several pages; the last entries are loose.
async fn a_record(app: &TestApp) {
    for n in 0..6 {
        let (id, _) = file_report(app, &format!("Đường hỏng {n}")).await;
        if n % 2 == 0 {
            give_to_economy(app, &id).await;
        }
        if n % 3 == 2 {
            app.official("an").await;
            close_page(app).await;
        }
    }
    app.official("du").await;
    let (id, _) = file(app, Kind::Denunciation, "Nhận tiền").await;
    give_to_economy(app, &id).await;
}

#[tokio::test]
async fn what_the_portal_writes_verifies() {
    let app = TestApp::new().await;
    assert_eq!(look(&app).await, Report::default());
    a_record(&app).await;
    let report = look(&app).await;
    assert_eq!(report.findings, []);
    assert_eq!((report.entries, report.deeds, report.pages), (7 + 4 * 2, 3, 2));
    assert_eq!(report.loose, 4, "the last case's three entries and the last sign-in");
    close_page(&app).await;
    let report = look(&app).await;
    assert_eq!((report.pages, report.loose, report.findings), (3, 0, Vec::new()));
    close_page(&app).await;
    assert_eq!(look(&app).await.pages, 3, "nothing is loose: no page");
}

/// What somebody who may write to the database tries, by number; each is done in a transaction that is thrown away.
async fn attack(tx: &mut Tx, random: &Random) -> &'static str {
    let entries = store::entries_after(tx, &(String::new(), 0), 1_000).await.expect("entries");
    let deeds = store::deeds_after(tx, "", 1_000).await.expect("deeds");
    let pick = |n: usize| usize::from(u16::from_le_bytes(random.bytes::<2>())) % n;
    let one = entries[pick(entries.len())].clone();
    let other = loop {
        let other = entries[pick(entries.len())].clone();
        if (&other.case_id, other.seq) != (&one.case_id, one.seq) && other.data != one.data {
            break other;
        }
    };
    let deed = deeds[pick(deeds.len())].clone();
    let key = || (one.case_id.clone(), one.seq);
    let (what, rows) = match pick(15) {
        0 => ("data of an entry", tx.exec("UPDATE history SET data = data || ' ' WHERE case_id = $1 AND seq = $2", key()).await),
        1 => ("event of an entry", tx.exec("UPDATE history SET event = 'closed' WHERE case_id = $1 AND seq = $2", key()).await),
        2 => ("who did it", tx.exec("UPDATE history SET actor_id = 'account-em' WHERE case_id = $1 AND seq = $2", key()).await),
        3 => {
            let at = one.at - chrono::Duration::days(1);
            ("when it was", tx.exec("UPDATE history SET at = $3 WHERE case_id = $1 AND seq = $2", (one.case_id.clone(), one.seq, at)).await)
        }
        4 => ("the hash", tx.exec("UPDATE history SET hash = 'x' WHERE case_id = $1 AND seq = $2", key()).await),
        5 => ("an entry deleted", tx.exec("DELETE FROM history WHERE case_id = $1 AND seq = $2", key()).await),
        6 => {
            let swap = "UPDATE history SET event = $3, data = $4, at = $5, actor_kind = $6, actor_id = $7 WHERE case_id = $1 AND seq = $2";
            let of = |at: &store::EntryRow, from: &store::EntryRow| {
                (at.case_id.clone(), at.seq, from.event.clone(), from.data.clone(), from.at, from.actor_kind.clone(), from.actor_id.clone())
            };
            tx.exec(swap, of(&one, &other)).await.expect("one half");
            ("two entries swapped", tx.exec(swap, of(&other, &one)).await)
        }
        7 => {
            // Whole, with their hashes: each would be right in the other's place but for the chain.
            let swap = "UPDATE history SET event = $3, data = $4, at = $5, actor_kind = $6, actor_id = $7, hash = $8 WHERE case_id = $1 AND seq = $2";
            let of = |at: &store::EntryRow, from: &store::EntryRow| {
                (at.case_id.clone(), at.seq, from.event.clone(), from.data.clone(), from.at, from.actor_kind.clone(), from.actor_id.clone(), from.hash.clone())
            };
            tx.exec(swap, of(&one, &other)).await.expect("one half");
            ("two entries swapped with their hashes", tx.exec(swap, of(&other, &one)).await)
        }
        8 => ("an entry slipped in", {
            let sql = "INSERT INTO history (case_id, seq, at, actor_kind, actor_id, event, data, hash, page)
                       SELECT case_id, seq + 100, at, actor_kind, actor_id, event, data, hash, page FROM history WHERE case_id = $1 AND seq = $2";
            tx.exec(sql, key()).await
        }),
        9 => ("the end of a case cut off", {
            tx.exec("DELETE FROM history WHERE case_id = $1 AND seq = (SELECT MAX(seq) FROM history WHERE case_id = $1)", (one.case_id.clone(),))
                .await
                .expect("one half");
            let sql = "UPDATE cases SET version = version - 1 WHERE id = $1 AND EXISTS (SELECT 1 FROM history WHERE case_id = $1 AND page > 0)";
            // The last seconds hang on their case alone: cut off where nothing of the case is on a page yet, the number of entries tells.
            tx.exec(sql, (one.case_id.clone(),)).await.map(|_| 1)
        }),
        10 => ("a deed changed", tx.exec("UPDATE deeds SET actor_id = 'account-em' WHERE id = $1", (deed.id,)).await),
        11 => ("a deed on a page deleted", tx.exec("DELETE FROM deeds WHERE id = (SELECT MIN(id) FROM deeds WHERE page > 0)", ()).await),
        12 => ("a page deleted", tx.exec("DELETE FROM record_pages WHERE page = 1", ()).await),
        13 => ("a page changed", tx.exec("UPDATE record_pages SET entries = entries + 1 WHERE page = $1", (1 + i64::from(pick(2) == 0),)).await),
        _ => ("an entry taken off its page", tx.exec("UPDATE history SET page = 1 - page WHERE case_id = $1 AND seq = $2", key()).await),
    };
    assert!(rows.expect("done") > 0, "{what}");
    what
}

#[tokio::test]
async fn a_thousand_random_changes_are_found() {
    let app = TestApp::new().await;
    a_record(&app).await;
    // All on pages but the last case: whatever is loose hangs on its case.
    let random = Random::seeded(77);
    let mut tried = std::collections::BTreeMap::new();
    for attempt in 0..ATTEMPTS {
        let mut tx = app.portal.db().write().await.expect("a transaction");
        let what = attack(&mut tx, &random).await;
        let report = verified(&mut tx, app.portal.record_key()).await;
        assert!(!report.findings.is_empty(), "attempt {attempt} was not found: {what}");
        *tried.entry(what).or_insert(0) += 1;
    }
    assert_eq!(tried.len(), 15, "every kind was tried: {tried:?}");
    assert_eq!(look(&app).await.findings, [], "nothing of it stayed");
}

/// Somebody who may write to the database and knows how hashes are made, but has not the key: everything is computed anew from the change on.
#[tokio::test]
async fn a_record_computed_anew_is_found_by_the_seal_and_by_a_kept_anchor() {
    let app = TestApp::new().await;
    a_record(&app).await;
    close_page(&app).await;
    app.set_time("2026-11-21T02:52:00Z");
    assert_eq!(sealing::turn(&app.portal).await.expect("a turn"), Turn::Rests, "nothing more to do");
    let file = app.visitor().get("/dau-so.txt").await.expect(200);
    let kept = Kept::read(&file.body).expect("the published file is what verify reads");
    assert_eq!(kept.iter().map(|kept| (kept.day.as_str(), kept.page)).collect::<Vec<_>>(), [("2026-11-20", 3)]);
    let page = app.visitor().get("/dau-so").await.expect(200);
    assert!(page.text().contains(&kept[0].link) && page.text().contains("20/11/2026"), "{}", page.text());

    let outside = Outside { kept, ..Outside::default() };
    let forger = RecordKey::new([9; 32]);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    assert_eq!(verify::verify(&mut tx, app.portal.record_key(), &outside).await.expect("readable").findings, []);
    tx.exec("UPDATE history SET actor_id = 'account-em' WHERE actor_id = 'account-an'", ()).await.expect("changed");
    compute_anew(&mut tx, &forger).await;
    let own_view = verify::verify(&mut tx, &forger, &Outside::default()).await.expect("readable");
    let only_anchor = |finding: &Finding| matches!(finding, Finding::AnchorChanged { .. } | Finding::KeyChanged);
    assert!(own_view.findings.iter().all(only_anchor), "the forger's chain holds in itself: {:?}", own_view.findings);
    let report = verified(&mut tx, app.portal.record_key()).await;
    assert_eq!(report.other_key, 3, "no page is sealed with the portal's key any more");
    // With the anchor forged as well, whoever kept the published one knows.
    tx.exec("UPDATE record_anchors SET link = (SELECT link FROM record_pages WHERE page = 3), seal = 'x.y'", ()).await.expect("changed");
    let report = verify::verify(&mut tx, app.portal.record_key(), &outside).await.expect("readable");
    assert!(report.findings.contains(&Finding::AnchorDiffers { day: "2026-11-20".into() }), "{:?}", report.findings);
}

/// Makes all hashes and pages anew, as whoever has the key could.
pub async fn compute_anew(tx: &mut Tx, key: &RecordKey) {
    let mut sums = std::collections::BTreeMap::<i64, PageSum>::new();
    let mut before: Option<store::EntryRow> = None;
    for mut row in store::entries_after(tx, &(String::new(), 0), 1_000).await.expect("entries") {
        let hash = before.filter(|last| last.case_id == row.case_id).map(|last| last.hash).unwrap_or_default();
        row.hash = row.expected_hash(&hash, key);
        store::set_hash(tx, &row).expect("set");
        sums.entry(row.page).or_default().add(&row.hash);
        before = Some(row);
    }
    for mut row in store::deeds_after(tx, "", 1_000).await.expect("deeds") {
        row.hash = row.expected_hash(key);
        tx.exec("UPDATE deeds SET hash = $2 WHERE id = $1", (row.id.clone(), row.hash.clone())).await.expect("set");
        sums.entry(row.page).or_default().add(&row.hash);
    }
    let mut last = None;
    for page in store::pages_after(tx, 0, 1_000).await.expect("pages") {
        let anew = app::record::rules::Page::after(last.as_ref(), page.at, sums.remove(&page.page).unwrap_or_default(), key);
        store::set_page(tx, &anew).await.expect("set");
        last = Some(anew);
    }
}

/// A database from before there were hashes (migration 32): this is the first time with a key.
#[tokio::test]
async fn what_is_from_before_there_were_hashes_gets_them_once() {
    let app = TestApp::new().await;
    a_record(&app).await;
    let before: Vec<(String, i64, String)> = hashes(app.portal.db()).await;
    take_hashes_away(&app).await;
    assert!(!look(&app).await.findings.is_empty());
    assert_eq!(sealing::begin(&app.portal).await.expect("begun"), Begun::First(before.len() as u64));
    assert_eq!(sealing::begin(&app.portal).await.expect("begun"), Begun::GoesOn);
    assert_eq!(look(&app).await.findings, []);
    let after = hashes(app.portal.db()).await;
    assert!(before.iter().all(|entry| after.contains(entry)), "the same entries have the same hashes");
}

/// As a database would be from before there were hashes.
async fn take_hashes_away(app: &TestApp) {
    let mut tx = app.portal.db().write().await.expect("a transaction");
    for sql in ["UPDATE history SET hash = '', page = 0", "DELETE FROM record_pages", "UPDATE deeds SET page = 0", "DELETE FROM record_keys"] {
        tx.exec(sql, ()).await.expect("emptied");
    }
    tx.commit().await.expect("kept");
}

/// Until November 2026 entries were hashed without a key, and only pages sealed with it: whoever could write to the database could change what
/// was on no page yet. Records from then still verify, and nothing can be passed off for one of them.
#[tokio::test]
async fn a_record_from_before_there_was_a_key_verifies_and_nothing_new_passes_for_old() {
    let app = TestApp::new().await;
    a_record(&app).await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    without_key(&mut tx).await;
    let deeds = store::deeds_after(&mut tx, "", 1_000).await.expect("deeds");
    for deed in deeds {
        tx.exec("UPDATE deeds SET hash = $2 WHERE id = $1", (deed.id.clone(), deed.hash_without_key())).await.expect("set");
    }
    for sql in ["UPDATE history SET page = 0", "UPDATE deeds SET page = 0", "DELETE FROM record_pages", "DELETE FROM record_keys"] {
        tx.exec(sql, ()).await.expect("emptied");
    }
    tx.commit().await.expect("kept");
    assert_eq!(sealing::begin(&app.portal).await.expect("begun"), Begun::First(0), "all have a hash");
    let (new, _) = file_report(&app, "Mất nước").await;
    close_page(&app).await;
    let report = look(&app).await;
    assert_eq!((report.findings, report.loose), (Vec::new(), 0));

    // An entry of today, rewritten and hashed as in those days: the page it is on comes after the key.
    let mut tx = app.portal.db().write().await.expect("a transaction");
    tx.exec("UPDATE history SET actor_kind = 'system' WHERE case_id = $1", (new.clone(),)).await.expect("changed");
    without_key(&mut tx).await;
    let found = verified(&mut tx, app.portal.record_key()).await.findings;
    assert!(found.contains(&Finding::EntryChanged { case_id: new, seq: 1 }), "{found:?}");
    // Said to be older than the key: only the key could seal that.
    tx.exec("UPDATE record_keys SET after_page = 99", ()).await.expect("changed");
    assert!(verified(&mut tx, app.portal.record_key()).await.findings.contains(&Finding::KeyChanged));
}

/// Every entry with the hash it would have without a key.
async fn without_key(tx: &mut Tx) {
    let mut before: Option<store::EntryRow> = None;
    for mut row in store::entries_after(tx, &(String::new(), 0), 1_000).await.expect("entries") {
        let hash = before.filter(|last| last.case_id == row.case_id).map(|last| last.hash).unwrap_or_default();
        row.hash = row.hash_without_key(&hash);
        store::set_hash(tx, &row).expect("set");
        before = Some(row);
    }
}

/// Until November 2026 somebody could blank an entry's hash: the next entry of the case, or the next start, made it anew over the changed words.
#[tokio::test]
async fn a_hash_that_was_taken_away_is_found_and_never_made_anew() {
    let app = TestApp::new().await;
    let (id, _) = file_report(&app, "Mất nước").await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    tx.exec("UPDATE history SET hash = '', actor_kind = 'system' WHERE case_id = $1", (id.clone(),)).await.expect("emptied");
    tx.commit().await.expect("kept");
    give_to_economy(&app, &id).await;
    assert_eq!(sealing::begin(&app.portal).await.expect("begun"), Begun::GoesOn);
    sealing::turn(&app.portal).await.expect("a turn");
    assert!(look(&app).await.findings.contains(&Finding::EntryChanged { case_id: id, seq: 1 }));
}

/// Somebody who may write to the database takes all hashes away, so that the next start would take it for an old one.
#[tokio::test]
async fn a_record_made_to_look_old_is_not_sealed_anew() {
    let app = TestApp::new().await;
    a_record(&app).await;
    sealing::turn(&app.portal).await.expect("a turn");
    assert!(app.portal.record_mark().seen().is_some(), "the data folder has seen a page");
    take_hashes_away(&app).await;
    assert_eq!(sealing::begin(&app.portal).await.expect("begun"), Begun::Differs);
    assert_eq!(sealing::turn(&app.portal).await.expect("a turn"), Turn::Differs);
    assert_eq!(look(&app).await.pages, 0, "nothing was closed");
}

/// The key alone cannot tell pages from pages made again: the mark outside of the database does.
#[tokio::test]
async fn pages_taken_out_are_found_by_the_mark_until_somebody_says_it_was_a_copy() {
    let app = TestApp::new().await;
    a_record(&app).await;
    close_page(&app).await;
    app.set_time("2026-11-20T02:53:00Z");
    file_report(&app, "Cầu gãy").await;
    sealing::turn(&app.portal).await.expect("a turn");
    let seen = app.portal.record_mark().seen().expect("a mark");
    let mut tx = app.portal.db().write().await.expect("a transaction");
    tx.exec("DELETE FROM record_pages WHERE page = $1", (seen.page,)).await.expect("taken out");
    tx.exec("UPDATE history SET page = 0 WHERE page = $1", (seen.page,)).await.expect("loose again");
    tx.commit().await.expect("kept");
    assert_eq!(sealing::turn(&app.portal).await.expect("a turn"), Turn::Differs);
    // A process that has seen nothing yet closes a page over it: that one is sealed well, and still the mark tells.
    let other = app.another().await;
    other.set_time("2026-11-20T02:54:00Z");
    sealing::turn(&other.portal).await.expect("a turn");
    let outside = Outside { seen: Some(seen.clone()), kept: Vec::new() };
    let findings =
        verify::verify(&mut app.portal.db().read().await.expect("a transaction"), app.portal.record_key(), &outside).await.expect("readable").findings;
    assert_eq!(findings, [Finding::MarkDiffers { page: seen.page }]);
    assert_eq!(sealing::accept(&app.portal).await.expect("accepted"), (Some(seen.page), Some(seen.page)));
    assert_eq!(sealing::turn(&app.portal).await.expect("a turn"), Turn::Rests);
    assert_ne!(app.portal.record_mark().seen(), Some(seen));
}

async fn hashes(db: &Db) -> Vec<(String, i64, String)> {
    db.read().await.expect("a transaction").all("SELECT case_id, seq, hash FROM history", ()).await.expect("entries")
}

#[tokio::test]
async fn two_processes_close_pages_at_once_and_none_is_lost() {
    let app = TestApp::new().await;
    let another = app.another().await;
    for n in 0..8 {
        file_report(&app, &format!("Rác {n}")).await;
        let (one, other) = tokio::join!(close(&app), close(&another));
        assert_eq!(one + other, 1, "the entry is on one page");
    }
    let report = look(&app).await;
    assert_eq!((report.pages, report.entries, report.loose, report.findings), (8, 8, 0, Vec::new()));
}

async fn close(app: &TestApp) -> i64 {
    sealing::close_page(app.portal.db(), app.portal.record_key(), app.portal.now()).await.expect("a page or none")
}

#[tokio::test]
async fn the_worker_closes_a_page_after_a_while_and_not_before() {
    let app = TestApp::new().await;
    let pages = async || look(&app).await.pages;
    sealing::turn(&app.portal).await.expect("a turn");
    assert_eq!(pages().await, 0, "nothing to put on a page");
    file_report(&app, "Đèn hỏng").await;
    sealing::turn(&app.portal).await.expect("a turn");
    assert_eq!(pages().await, 1);
    file_report(&app, "Cầu hỏng").await;
    app.set_time("2026-11-20T02:52:09Z");
    sealing::turn(&app.portal).await.expect("a turn");
    assert_eq!(pages().await, 1, "nine seconds after the last one");
    app.set_time("2026-11-20T02:52:10Z");
    sealing::turn(&app.portal).await.expect("a turn");
    assert_eq!(pages().await, 2);
}

#[tokio::test]
async fn heads_and_administrators_read_what_was_done_and_nobody_else_does() {
    let app = TestApp::new().await;
    let (sealed, _) = file(&app, Kind::Denunciation, "Nhận tiền của dân").await;
    give_to_economy(&app, &sealed).await;
    let mut an = app.official("an").await;
    for _ in 0..2 {
        an.get(&format!("/can-bo/don/{sealed}")).await.expect(200);
    }
    an.get("/can-bo/danh-sach.csv").await.expect(200);
    let mut admin = app.official("gi").await;
    let made = [("name", "Lý Văn Mới"), ("login", "ly.moi"), ("role", "handler"), ("agency", PHU_THONG_BODY), ("from", "2026-11-20")];
    admin.post("/can-bo/tai-khoan/moi", &made).await.expect(200);

    let mut head = app.signed_in("em").await;
    let seen = head.get("/can-bo/nhat-ky").await.expect(200).select("tbody tr");
    let lines: Vec<&str> = seen.iter().map(String::as_str).collect();
    assert_eq!(lines.iter().filter(|line| line.contains("Mở một đơn tố cáo")).count(), 1, "once a day: {lines:?}");
    assert!(lines.iter().any(|line| line.contains("Cán bộ An") && line.contains("Tải danh sách 1 đơn")), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("Giao vai trò") && line.contains("Lý Văn Mới")), "{lines:?}");
    assert_eq!(lines.iter().filter(|line| line.contains("Đăng nhập")).count(), 2);
    assert!(!lines.join(" ").contains("Nhận tiền"));

    let administrator = admin.get("/can-bo/nhat-ky").await.expect(200);
    assert!(administrator.text().contains("Tạo tài khoản cho Lý Văn Mới"));
    assert!(!administrator.text().contains("tố cáo") || !administrator.select("tbody").concat().contains("tố cáo"), "no word of denunciations");
    for login in ["an", "ha", "du", "hu"] {
        let answer = app.signed_in(login).await.get("/can-bo/nhat-ky").await;
        let theirs = answer.select("tbody").concat();
        assert!(answer.status == 404 || (login == "hu" && !theirs.contains("Lý Văn Mới")), "{login}: {}", answer.status);
    }
    app.visitor().get("/can-bo/nhat-ky").await.expect(303);
}

/// Whoever a denunciation is about learns of it from no list, this one among them.
#[tokio::test]
async fn a_head_does_not_read_that_a_denunciation_of_them_was_opened() {
    let app = TestApp::new().await;
    let (sealed, _) = file(&app, Kind::Denunciation, "Chủ tịch nhận tiền").await;
    app.signed_in("an").await.get(&format!("/can-bo/don/{sealed}")).await.expect(200);
    let mut head = app.signed_in("em").await;
    assert!(head.get("/can-bo/nhat-ky").await.expect(200).select("tbody").concat().contains("Mở một đơn tố cáo"));
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let before = case(&app, &sealed).await;
    let intake: Actor = actor(&app, "an").await;
    let barred = "a:account-em";
    actions::note_row(&mut Act { tx: &mut tx, portal: &app.portal, actor: &intake }, &before, "Đơn về Chủ tịch").await.expect("a note");
    tx.exec("UPDATE cases SET barred = $2 WHERE id = $1", (sealed.clone(), barred.to_owned())).await.expect("barred");
    tx.commit().await.expect("kept");
    let answer = head.get("/can-bo/nhat-ky").await.expect(200);
    assert!(!answer.select("tbody").concat().contains("tố cáo"), "{}", answer.text());
}
