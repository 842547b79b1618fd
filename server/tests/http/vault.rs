//! Who wrote, sealed with keys that are not in the database: what the database tells without them, keys that change, keys that are lost.

use crate::harness::petitions_of::{SENDER, SENDER_EMAIL, SENDER_PHONE, file, file_report, give_to_economy, people, sealed_values};
use crate::harness::{TestApp, database};
use app::db::Tx;
use app::id::Random;
use app::petitions::code::CaseCode;
use app::petitions::rules::Kind;
use app::petitions::store::people::{CasePerson, person};
use app::vault::Vault;
use app::vault::keys::Ring;
use app::vault::rotation::{self, Rotated};
use std::sync::{Arc, Mutex, PoisonError};

/// Cases filed while keys change.
const FILED_MEANWHILE: usize = 40;

/// Everything the database holds, as it lies on the disk or as a dump would have it.
pub async fn everything(app: &TestApp) -> Vec<u8> {
    database::everything(&app.portal, app.database_url()).await
}

pub fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn the_database_alone_names_nobody() {
    let app = TestApp::new().await;
    for kind in [Kind::Report, Kind::Denunciation, Kind::Complaint] {
        let (id, _) = file(&app, kind, "Đường ngập nước").await;
        give_to_economy(&app, &id).await;
    }
    let all = everything(&app).await;
    assert!(holds(&all, "Đường ngập nước"), "what one can look for is found");
    for secret in [SENDER, SENDER_PHONE, SENDER_EMAIL] {
        assert!(!holds(&all, secret), "{secret} stands in the database");
    }
    let known = people(&mut app.portal.db().read().await.expect("a transaction")).await;
    assert_eq!(known.len(), 3);
    assert!(known.iter().all(|(_, person)| person.name == SENDER && person.phone == SENDER_PHONE && person.email == SENDER_EMAIL));
}

#[tokio::test]
async fn with_the_key_lost_the_portal_runs_and_says_what_it_cannot_open() {
    let app = TestApp::new().await;
    let (id, code) = file_report(&app, "Cầu gãy").await;
    give_to_economy(&app, &id).await;
    let other_key = app.another_with(Vault::new(Ring::of([4; 32]), Random::seeded(4), None)).await;
    let mut an = other_key.signed_in("an").await;
    let page = an.get(&format!("/can-bo/don/{id}")).await.expect(200);
    assert!(page.text().contains("đang khóa: máy chủ thiếu khóa"), "{}", page.text());
    assert!(!page.text().contains("không để lại tên"), "locked is not unknown");
    // The sender opens the case and reads on; only what needs the name waits.
    let mut sender = other_key.visitor();
    sender.post("/tra-cuu", &[("code", &code)]).await.expect(303);
    sender.get("/tra-cuu/don").await.expect(200);
    let rotated = rotation::rotate(other_key.portal.db()).await.expect("a database that answers");
    assert_eq!(rotated, Rotated { done: 0, unreadable: 1 }, "nothing is thrown away");
    // What is filed now is sealed with the new key, and the old one, once back, opens the old.
    file_report(&other_key, "Đèn hỏng").await;
    let both = app.another_with(Vault::new(Ring::of([4; 32]).with([3; 32]), Random::seeded(5), None)).await;
    let known = people(&mut both.portal.db().read().await.expect("a transaction")).await;
    assert_eq!(known.iter().map(|(_, person)| person.name.as_str()).collect::<Vec<_>>(), [SENDER, SENDER]);
    // Without any key nothing is written in the open.
    let keyless = app.another_with(Vault::locked()).await;
    let mut tx = keyless.portal.db().write().await.expect("a transaction");
    let refused = app::petitions::store::people::insert_person(&mut tx, "somebody", &CasePerson { name: SENDER.into(), ..CasePerson::default() });
    assert!(refused.is_err());
}

/// The file both processes read.
fn vault_of(ring: &Arc<Mutex<Ring>>, seed: u64) -> Vault {
    let ring = Arc::clone(ring);
    let read = move || Some(ring.lock().unwrap_or_else(PoisonError::into_inner).clone());
    let first = read().unwrap_or_default();
    Vault::new(first, Random::seeded(seed), Some(Box::new(read)))
}

#[tokio::test]
async fn keys_change_in_the_middle_of_traffic_and_after_being_cut_off() {
    let app = TestApp::new().await;
    for n in 0..250 {
        file(&app, if n % 2 == 0 { Kind::Report } else { Kind::Denunciation }, &format!("Trước {n}")).await;
    }
    let ring = Arc::new(Mutex::new(database::vault().ring().as_ref().clone()));
    let (running, command) = (app.another_with(vault_of(&ring, 20)).await, app.another_with(vault_of(&ring, 21)).await);
    // The command adds a key; the running portal has not looked into the file yet.
    let with_new = ring.lock().unwrap_or_else(PoisonError::into_inner).with([5; 32]);
    *ring.lock().unwrap_or_else(PoisonError::into_inner) = with_new;
    command.portal.db().vault().reload();
    let filing = async {
        for n in 0..FILED_MEANWHILE {
            // Every other one is a denunciation, whose words are sealed too.
            let kind = if n % 2 == 0 { Kind::Report } else { Kind::Denunciation };
            file(&running, kind, &format!("Trong lúc {n}")).await;
            // Whoever is read meanwhile is readable, whichever key their row has just now.
            assert_eq!(read_all(&mut running.portal.db().read().await.expect("a transaction")).await, 250 + n + 1);
        }
    };
    // Killed after its first portion: the future is dropped where it stands, in a transaction or between two.
    let killed = async {
        let all = rotation::rotate(command.portal.db());
        tokio::pin!(all);
        for _ in 0..60 {
            if futures_poll(all.as_mut()).await {
                break;
            }
        }
    };
    tokio::join!(filing, killed);
    running.portal.db().vault().reload();
    file_report(&running, "Sau cùng").await;
    let continued = rotation::rotate(command.portal.db()).await.expect("goes on");
    assert_eq!(continued.unreadable, 0);
    assert_eq!(rotation::rotate(command.portal.db()).await.expect("nothing left"), Rotated::default());
    // The new key alone opens everything.
    let only_new = app.another_with(Vault::new(Ring::of([5; 32]), Random::seeded(22), None)).await;
    assert_eq!(read_all(&mut only_new.portal.db().read().await.expect("a transaction")).await, 250 + FILED_MEANWHILE + 1);
    let by_key = rotation::by_key(only_new.portal.db()).await.expect("counts");
    assert_eq!(by_key.len(), 1);
}

/// Lets a future go on once and gives way; true if it has ended.
async fn futures_poll(mut work: std::pin::Pin<&mut impl Future<Output = app::error::Result<Rotated>>>) -> bool {
    let ended = std::future::poll_fn(|context| std::task::Poll::Ready(work.as_mut().poll(context).is_ready())).await;
    tokio::task::yield_now().await;
    ended
}

async fn read_all(tx: &mut Tx) -> usize {
    let words = sealed_values(tx).await;
    assert!(words.iter().all(|(purpose, text)| purpose == "words" && text["title"].is_string()));
    let people = people(tx).await;
    assert!(people.iter().all(|(_, person)| person.name == SENDER));
    people.len()
}

#[tokio::test]
async fn who_was_written_before_there_were_keys_is_sealed_and_overwritten() {
    let app = TestApp::new().await;
    let (id, _) = file_report(&app, "Ngõ tối").await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    tx.exec("DELETE FROM sealed_people", ()).await.expect("emptied");
    tx.exec(
        "INSERT INTO case_people (case_id, name, phone, email, address, id_number, language) VALUES ($1, $2, $3, $4, 'thôn Nà Món', '', 'vi')",
        (id.clone(), SENDER.to_owned(), SENDER_PHONE.to_owned(), SENDER_EMAIL.to_owned()),
    )
    .await
    .expect("written as before");
    tx.commit().await.expect("kept");
    assert!(holds(&everything(&app).await, SENDER_PHONE));
    assert_eq!(rotation::seal_what_is_open(app.portal.db(), app.portal.marks_key()).await.expect("sealed"), 1);
    assert_eq!(rotation::seal_what_is_open(app.portal.db(), app.portal.marks_key()).await.expect("sealed"), 0);
    let who = person(&mut app.portal.db().read().await.expect("a transaction"), &id).await.expect("readable");
    assert_eq!((who.name.as_str(), who.email.as_str()), (SENDER, SENDER_EMAIL));
    // SQLite's log goes into the file when the portal stops; then nothing of it is left.
    let url = app.database_url().to_owned();
    app.portal.db().close().await;
    if let Some(path) = url.strip_prefix("sqlite:") {
        let file = std::fs::read(path).expect("the file");
        assert!(holds(&file, "Ngõ tối") && !holds(&file, SENDER_PHONE), "the old row was overwritten");
    }
}

/// What was typed and never sent concerns nobody but the device: its key is in the device's cookie and nowhere else.
#[tokio::test]
async fn a_draft_is_read_by_the_device_that_wrote_it_and_by_no_copy_of_the_database() {
    let app = TestApp::new().await;
    let mut citizen = app.visitor();
    let typed = [("kind", "denunciation"), ("title", "Chuyen chua gui 4711"), ("body", "Toi con so, chua dam gui.")];
    citizen.post_files("/gui", &typed, &[]).await;
    let all = everything(&app).await;
    for secret in ["Chuyen chua gui 4711", "chua dam gui"] {
        assert!(!holds(&all, secret), "{secret} stands in the database");
    }
    let again = citizen.get("/gui").await.expect(200);
    assert_eq!(again.field("title"), "Chuyen chua gui 4711");
    assert_eq!(again.field("body").trim(), "Toi con so, chua dam gui.");
    // A draft from before they were sealed is read as it is.
    let mut tx = app.portal.db().write().await.expect("a transaction");
    tx.exec("UPDATE drafts SET data = '{\"title\":\"Tu truoc\"}'", ()).await.expect("written");
    tx.commit().await.expect("kept");
    assert_eq!(citizen.get("/gui").await.expect(200).field("title"), "Tu truoc");
}

/// Until November 2026 codes were hashed without a key: whoever had a copy of the database could try codes at home.
#[tokio::test]
async fn codes_are_stored_with_a_key_and_those_of_before_open_their_cases_on() {
    let app = TestApp::new().await;
    let (_, code) = file_report(&app, "Cầu gãy").await;
    let hash = CaseCode::parse(&code).expect("a code").hash();
    let stored = stored_codes(&app).await;
    assert!(stored.len() == 1 && stored[0].starts_with('k') && !stored[0].contains(&hash), "{stored:?}");
    let mut tx = app.portal.db().write().await.expect("a transaction");
    tx.exec("UPDATE case_codes SET code_hash = $1", (hash,)).await.expect("as it was before");
    tx.commit().await.expect("kept");
    assert_eq!(app::codes::recode(app.portal.db()).await.expect("recoded"), 1);
    assert_eq!(app::codes::recode(app.portal.db()).await.expect("nothing left"), 0);
    assert_eq!(stored_codes(&app).await, stored);
    app.visitor().post("/tra-cuu", &[("code", &code)]).await.expect(303);
}

async fn stored_codes(app: &TestApp) -> Vec<String> {
    let rows: Vec<(String,)> = app.portal.db().read().await.expect("a transaction").all("SELECT code_hash FROM case_codes", ()).await.expect("rows");
    rows.into_iter().map(|(hash,)| hash).collect()
}
