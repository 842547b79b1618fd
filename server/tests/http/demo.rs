//! The demo's data: the same for the same seed, true to the rules, and free of people where the public reads.

use crate::harness::TestApp;
use crate::harness::database::{TestDatabase, fresh};
use crate::harness::petitions_of::people;
use crate::record::{look, verified};
use app::agencies::{self, Directory};
use app::db::{Db, Tx};
use app::demo::{self, Options, Report};
use app::petitions::actions::{betrays, desk_document};
use app::petitions::register::{Outcome, PublicCase, document};
use app::petitions::reindex;
use app::petitions::rules::{self, Case, Event, Kind, State};
use app::petitions::store::{self, parts};
use app::search::Query;
use app::search::store::Index;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

const CASES: u64 = 400;

fn today() -> NaiveDate {
    "2026-11-25".parse().expect("a day")
}

async fn directory(db: &Db) -> Directory {
    agencies::load(&mut db.read().await.expect("a transaction"), today()).await.expect("a directory")
}

async fn filled(seed: u64, cases: u64) -> (TestDatabase, Report) {
    let database = fresh().await;
    let directory = directory(&database.db).await;
    let report = demo::fill(&database.db, &directory, Options { seed, cases, today: today() }).await.expect("a demo");
    (database, report)
}

async fn cases(tx: &mut Tx) -> Vec<Case> {
    tx.all("SELECT * FROM cases ORDER BY id", ()).await.expect("cases")
}

async fn public_cases(tx: &mut Tx) -> Vec<PublicCase> {
    tx.all("SELECT * FROM public_cases ORDER BY number", ()).await.expect("public cases")
}

/// A number for everything a demo wrote.
async fn fingerprint(db: &Db) -> u64 {
    type Words = (String, String, String, String);
    type History = (String, i64, DateTime<Utc>, String, Option<String>, String, String);
    type Message = (String, String, String, Option<String>, String, DateTime<Utc>);
    type Answer = (String, String, String, String, DateTime<Utc>, Option<String>, Option<DateTime<Utc>>, String);
    let mut tx = db.read().await.expect("a transaction");
    let mut hasher = DefaultHasher::new();
    format!("{:?}{:?}", cases(&mut tx).await, public_cases(&mut tx).await).hash(&mut hasher);
    let rows: Vec<History> = tx.all("SELECT case_id, seq, at, actor_kind, actor_id, event, data FROM history ORDER BY case_id, seq", ()).await.expect("rows");
    rows.hash(&mut hasher);
    let rows: Vec<Message> = tx.all("SELECT id, case_id, side, author_id, body, at FROM messages ORDER BY id", ()).await.expect("rows");
    rows.hash(&mut hasher);
    let rows: Vec<Answer> =
        tx.all("SELECT id, body, state, drafted_by, drafted_at, decided_by, decided_at, return_reason FROM answers ORDER BY id", ()).await.expect("rows");
    rows.hash(&mut hasher);
    let rows: Vec<Words> = tx.all("SELECT case_id, title, body, place FROM case_texts ORDER BY case_id", ()).await.expect("rows");
    rows.hash(&mut hasher);
    for (owner, person) in people(&mut tx).await {
        (owner, person.name, person.phone, person.email, person.address).hash(&mut hasher);
    }
    let rows: Vec<(String, String, String, String)> =
        tx.all("SELECT id, login, display_name, password_hash FROM accounts WHERE id NOT LIKE 'account-%' ORDER BY id", ()).await.expect("rows");
    rows.hash(&mut hasher);
    let rows: Vec<(String, String)> = tx.all("SELECT code_hash, case_id FROM case_codes ORDER BY case_id", ()).await.expect("rows");
    rows.hash(&mut hasher);
    hasher.finish()
}

#[tokio::test]
async fn replaying_the_history_of_every_case_gives_the_stored_state() {
    let (database, report) = filled(1, CASES).await;
    let mut tx = database.db.read().await.expect("a transaction");
    let stored = cases(&mut tx).await;
    assert_eq!((stored.len() as u64, report.cases), (CASES, CASES));
    let mut seen = HashSet::new();
    for case in &stored {
        let entries = store::history(&mut tx, &case.id, 0).await.expect("a history");
        assert_eq!(entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), (1..=case.version).collect::<Vec<_>>());
        assert!(entries.windows(2).all(|pair| pair[0].at <= pair[1].at), "in the order of time");
        let Event::Filed(filing) = &entries[0].event else { panic!("a history begins with the filing") };
        assert_eq!(app::clock::day(entries[0].at), filing.received_on);
        let mut replayed = rules::file(case.id.clone(), case.search_key, filing, entries[0].at);
        for entry in &entries[1..] {
            assert!(entry.at < "2026-11-24T17:00:00Z".parse::<DateTime<Utc>>().expect("a time"), "nothing happens today or later");
            assert_eq!(entry.actor_id.is_some(), entry.actor_name.is_some(), "who acted has an account");
            replayed = rules::apply(&replayed, &entry.event, entry.at).expect("the rules allow what happened");
        }
        assert_eq!(replayed, *case);
        seen.insert(case.state);
    }
    assert_eq!(seen.len(), State::ALL.len(), "a demo shows every state: {seen:?}");
    assert_eq!(report.open, stored.iter().filter(|case| case.is_open).count() as u64);
    assert!(stored.iter().all(|case| case.received_on >= "2025-07-02".parse().expect("a day")), "the authorities exist since July 2025");
    let late = stored.iter().filter(|case| case.is_open && case.due_on < today()).count();
    assert!(late > 0 && late < usize::try_from(report.open).expect("few") / 2, "some open cases are late: {late} of {}", report.open);
}

#[tokio::test]
async fn figures_equal_recounts_and_the_indexes_know_every_case() {
    let (database, report) = filled(1, CASES).await;
    let mut tx = database.db.read().await.expect("a transaction");
    let (stored, released) = (cases(&mut tx).await, public_cases(&mut tx).await);

    let mut counted = BTreeMap::<(String, String), i64>::new();
    for case in &stored {
        *counted.entry((case.body_id.clone(), case.state.code().to_owned())).or_default() += 1;
    }
    let kept: Vec<(String, String, i64)> = tx.all("SELECT body_id, state, n FROM case_counts WHERE n <> 0", ()).await.expect("counts");
    assert_eq!(kept.into_iter().map(|(body, state, n)| ((body, state), n)).collect::<BTreeMap<_, _>>(), counted);

    let mut counted = BTreeMap::<(String, i64, String, String), (i64, i64)>::new();
    for row in &released {
        let cell = counted.entry((row.body_id.clone(), row.year, row.kind.code().to_owned(), Outcome::of(row).code().to_owned())).or_default();
        *cell = (cell.0 + 1, cell.1 + row.days_taken.unwrap_or(0));
    }
    let kept: Vec<(String, i64, String, String, i64, i64)> =
        tx.all("SELECT body_id, year, kind, outcome, n, days_sum FROM public_counts WHERE n <> 0", ()).await.expect("counts");
    assert_eq!(kept.into_iter().map(|(body, year, kind, outcome, n, days)| ((body, year, kind, outcome), (n, days))).collect::<BTreeMap<_, _>>(), counted);

    assert_eq!(released.len() as u64, report.released);
    let (number,): (i64,) = tx.one("SELECT value FROM counters WHERE name = 'public_number'", ()).await.expect("a counter");
    assert_eq!(released.iter().map(|row| row.number).collect::<Vec<_>>(), (1..=number).collect::<Vec<_>>(), "numbers have no gaps");
    assert!(released.windows(2).all(|pair| pair[0].released_on <= pair[1].released_on), "numbers follow the release");

    // Each released case is found by the words and filters of its own row.
    for row in released.iter().step_by(7) {
        let document = document(row);
        let query = Query::new(&row.title, document.scopes.clone(), document.facets.clone());
        assert!(found(&mut tx, &query, "public_search", row.number).await, "{}", row.title);
    }
    for case in stored.iter().filter(|case| case.kind != Kind::Denunciation).step_by(7) {
        let text = parts::text(&mut tx, &case.id).await.expect("a text");
        let query = Query::new(&text.title, desk_document(&case.body_id, &text).scopes, Vec::new());
        assert!(found(&mut tx, &query, "desk_search", case.search_key).await, "{}", text.title);
    }
    let (rows,): (i64,) = tx.one("SELECT COUNT(*) FROM desk_search", ()).await.expect("a count");
    assert_eq!(usize::try_from(rows).expect("few"), stored.iter().filter(|case| case.kind != Kind::Denunciation).count());
}

/// Whether a row is among those a query finds.
async fn found(tx: &mut Tx, query: &Query, index: &str, key: i64) -> bool {
    let pass = query.first_pass();
    let rows: Option<(i64,)> = match (tx.kind(), index) {
        (app::db::Kind::Sqlite, "public_search") => {
            tx.find("SELECT rowid FROM public_search WHERE public_search MATCH $1 AND rowid = $2", (query.fts5(pass, None), key)).await
        }
        (app::db::Kind::Sqlite, _) => tx.find("SELECT rowid FROM desk_search WHERE desk_search MATCH $1 AND rowid = $2", (query.fts5(pass, None), key)).await,
        (app::db::Kind::Postgres, "public_search") => {
            let (words, marked) = query.tsquery(pass);
            tx.find(
                "SELECT row_key FROM public_search WHERE words @@ CAST($1 AS tsquery) AND marked @@ CAST($2 AS tsquery) AND row_key = $3",
                (words, marked, key),
            )
            .await
        }
        (app::db::Kind::Postgres, _) => {
            let (words, marked) = query.tsquery(pass);
            tx.find(
                "SELECT row_key FROM desk_search WHERE words @@ CAST($1 AS tsquery) AND marked @@ CAST($2 AS tsquery) AND row_key = $3",
                (words, marked, key),
            )
            .await
        }
    }
    .expect("a search");
    rows.is_some()
}

#[tokio::test]
async fn nothing_public_is_of_a_denunciation_or_names_its_sender() {
    let (database, report) = filled(1, CASES).await;
    let mut tx = database.db.read().await.expect("a transaction");
    let of_case: BTreeMap<String, Case> = cases(&mut tx).await.into_iter().map(|case| (case.id.clone(), case)).collect();
    assert!(of_case.values().any(|case| case.kind == Kind::Denunciation), "a demo has denunciations");
    let texts: Vec<(String, String, String, String, Option<String>)> =
        tx.all("SELECT case_id, title, body, proposed_by, approved_by FROM public_texts", ()).await.expect("texts");
    assert!(!texts.is_empty());
    for (case_id, title, body, proposed_by, approved_by) in texts {
        let case = &of_case[&case_id];
        assert!(case.kind != Kind::Denunciation && case.may_publish);
        assert_ne!(approved_by.as_ref(), Some(&proposed_by), "the second person is another one");
        let person = parts::person(&mut tx, &case_id).await.expect("a person");
        let answers: Vec<String> = parts::answers(&mut tx, &case_id).await.expect("answers").into_iter().map(|answer| answer.body).collect();
        for text in [title, body].iter().chain(&answers) {
            assert!(!betrays(text, &person), "{text}");
            assert!(!text.contains(['{', '}']), "{text}");
        }
    }
    let finished = of_case.values().filter(|case| case.kind != Kind::Denunciation && matches!(case.state, State::Answered | State::Closed)).count() as u64;
    let share = report.released * 100 / finished;
    assert!((50..=80).contains(&share), "about two thirds of the finished cases are public: {share} %");
}

/// The demo writes its rows itself: what holds for the portal's own record holds for its, too.
#[tokio::test]
async fn the_record_of_a_demo_is_as_it_was_written_and_says_which_words_went_out() {
    let app = TestApp::new().await;
    demo::fill(app.portal.db(), &app.portal.directory(), Options { seed: 4, cases: 200, today: today() }).await.expect("a demo");
    let report = look(&app).await;
    assert_eq!(report.findings, []);
    assert!(report.words > 50, "answers and public texts are read: {}", report.words);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let changed = tx.exec("UPDATE answers SET body = body || '.' WHERE state = 'approved'", ()).await.expect("changed");
    let rewritten = tx.exec("UPDATE public_cases SET title = title || '.'", ()).await.expect("changed");
    let report = verified(&mut tx, app.portal.record_key()).await;
    assert_eq!(report.findings.len() as u64 + report.more, changed + rewritten, "each is found");
}

#[tokio::test]
async fn a_seed_always_gives_the_same_rows_and_another_seed_others() {
    let prints = [filled(1, 60).await.0, filled(1, 60).await.0, filled(2, 60).await.0];
    let [first, again, other] = [fingerprint(&prints[0].db).await, fingerprint(&prints[1].db).await, fingerprint(&prints[2].db).await];
    assert_eq!(first, again);
    assert_ne!(first, other);
}

#[tokio::test]
async fn a_database_with_cases_is_left_alone_and_the_printed_keys_fit() {
    let (database, _) = filled(1, 120).await;
    let before = fingerprint(&database.db).await;
    let directory = directory(&database.db).await;
    demo::fill(&database.db, &directory, Options { seed: 2, cases: 10, today: today() }).await.expect_err("not empty");
    assert_eq!(fingerprint(&database.db).await, before);

    let mut tx = database.db.read().await.expect("a transaction");
    let case = store::by_code_hash(&mut tx, &demo::citizen_code().hash()).await.expect("a look").expect("the printed code opens a case");
    assert_eq!((case.state, case.kind == Kind::Denunciation), (State::Answered, false));
    for sign_in in demo::sign_ins() {
        let stored: Option<(String, String)> =
            tx.find("SELECT id, password_hash FROM accounts WHERE login = $1 AND is_active", (sign_in.login.clone(),)).await.expect("a look");
        let (id, hash) = stored.unwrap_or_else(|| panic!("{} exists", sign_in.login));
        if sign_in.login.ends_with("phuthong") {
            assert!(app::accounts::password::fits(sign_in.password.to_owned(), Some(hash)).await.expect("checked"));
        }
        let official = app::accounts::store::official(&mut tx, &id, today()).await.expect("a look").expect("an official");
        assert_eq!(official.holdings[0].role, sign_in.role);
        let body = directory.agency(&official.holdings[0].body_id).expect("an authority");
        assert!(body.name.contains(sign_in.agency.trim_start_matches("UBND ")), "{} is of {}", sign_in.login, body.name);
    }
}

/// After an upgrade that changes the shape of the word indexes they are empty, and filled from the texts before anybody asks.
#[tokio::test]
async fn an_index_that_is_not_whole_is_filled_from_the_texts() {
    let (database, report) = filled(1, 60).await;
    assert_eq!(reindex::fill(&database.db).await.expect("looked"), 0, "a database that grew with its indexes has nothing to fill");
    let before = (rows(&database.db, "public_search").await, rows(&database.db, "desk_search").await);
    let mut tx = database.db.write().await.expect("a transaction");
    tx.exec("UPDATE search_state SET is_built = FALSE", ()).await.expect("a change");
    // What an interrupted filling has left.
    app::search::store::remove(&mut tx, Index::Public, 1).await.expect("removed");
    tx.commit().await.expect("kept");

    let filled = reindex::fill(&database.db).await.expect("filled");
    assert_eq!(filled, u64::try_from(before.0 + before.1).expect("few"));
    assert_eq!((rows(&database.db, "public_search").await, rows(&database.db, "desk_search").await), before);
    let mut tx = database.db.read().await.expect("a transaction");
    let first = public_cases(&mut tx).await.into_iter().next().expect("a released case");
    assert!(report.released > 0 && found(&mut tx, &Query::new(&first.title, document(&first).scopes, Vec::new()), "public_search", first.number).await);
    drop(tx);
    assert_eq!(reindex::fill(&database.db).await.expect("looked"), 0);
}

async fn rows(db: &Db, index: &str) -> i64 {
    let sql = if index == "public_search" { "SELECT COUNT(*) FROM public_search" } else { "SELECT COUNT(*) FROM desk_search" };
    let (n,): (i64,) = db.read().await.expect("a transaction").one(sql, ()).await.expect("a count");
    n
}
