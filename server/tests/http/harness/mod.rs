//! The harness: a whole portal in the test's process, a database of its own, a clock that stands still, browsers with cookies.
//!
//! On SQLite by default; on PostgreSQL where `NGHEDAN_TEST_DATABASE` names a server. Either way every test gets a copy of a
//! database that was migrated and filled with agencies once.

pub mod authenticator;
pub mod browser;
pub mod database;
pub mod dialogues_of;
pub mod pdf_text;
pub mod petitions_of;
pub mod provider;

pub use browser::{Answer, Browser, Upload, photo};

use app::accounts::second::rules::Policy;
use app::accounts::session::{ACCOUNT, CASE, PROVEN_AT, Sessions};
use app::clock::Clock;
use app::id::Random;
use app::identity::Providers;
use app::papers::files::Files;
use app::portal::{Assets, Outside, Parts, Portal, Settings};
use app::record::mark::Mark;
use app::vault::Vault;
use axum::Router;
use chrono::{DateTime, Utc};
use server::mail::Mailer;
use server::middleware::TrustedProxies;
use std::collections::HashMap;
use std::path::Path;
use tower_sessions::SessionStore;
use tower_sessions::cookie::time::OffsetDateTime;
use tower_sessions::session::{Id, Record};

/// The commune most tests happen in: xã Phủ Thông.
pub const PHU_THONG: &str = "01969";
/// Its committee.
pub const PHU_THONG_BODY: &str = "19-01969-ub-20250701";
/// Its economy unit.
pub const PHU_THONG_ECONOMY: &str = "19-01969-kt-20250701";
/// Its culture unit.
pub const PHU_THONG_CULTURE: &str = "19-01969-vhxh-20250701";
/// The neighbour: xã Chợ Đồn.
pub const CHO_DON_BODY: &str = "19-02020-ub-20250701";
/// UBND tỉnh Thái Nguyên.
pub const PROVINCE_BODY: &str = "19-ub-20250701";
/// The password of everybody in tests.
pub const PASSWORD: &str = "mot mat khau dai";

/// Friday, 20 November 2026, 09:52 in Viet Nam: ten working days later is Monday, 7 December.
pub const NOW: &str = "2026-11-20T02:52:00Z";

/// A portal of its own.
pub struct TestApp {
    /// The portal.
    pub portal: Portal,
    /// Its router, as the server has it.
    pub router: Router,
    /// Where mails went.
    pub mailer: Mailer,
    /// Keeps the database's folder alive.
    database: database::TestDatabase,
}

/// What a portal is made of, where a test wants something else than usual.
struct Making {
    database: database::TestDatabase,
    now: DateTime<Utc>,
    seed: u64,
    settings: Settings,
    files: Files,
    outside: Outside,
    proxies: TrustedProxies,
}

impl Making {
    fn new(database: database::TestDatabase) -> Self {
        Self {
            database,
            now: NOW.parse().expect("a time"),
            seed: 7,
            settings: settings(),
            files: Files::in_memory(),
            outside: outside(),
            proxies: TrustedProxies::default(),
        }
    }
}

impl TestApp {
    /// A portal on a fresh database, at [`NOW`].
    pub async fn new() -> Self {
        Self::made(Making::new(database::fresh().await)).await
    }

    /// The same with its papers in a folder, where a test can look at them.
    pub async fn keeping_papers_in(folder: &std::path::Path) -> Self {
        let files = Files::open("", folder).expect("a folder for papers");
        Self::made(Making { files, ..Making::new(database::fresh().await) }).await
    }

    /// The same as it is served for real: cookies go over https only.
    pub async fn over_https() -> Self {
        let settings = Settings { secure_cookies: true, ..settings() };
        Self::made(Making { settings, ..Making::new(database::fresh().await) }).await
    }

    /// The same with somebody else who says who people are.
    pub async fn with_identity(identity: Providers) -> Self {
        let settings = Settings { identity, ..settings() };
        Self::made(Making { settings, ..Making::new(database::fresh().await) }).await
    }

    /// One that asks officials for a second factor.
    pub async fn strict() -> Self {
        let settings = Settings { second_factor: Policy::Required, ..settings() };
        Self::made(Making { settings, ..Making::new(database::fresh().await) }).await
    }

    /// One without a public address that passkeys could belong to.
    pub async fn without_address() -> Self {
        let settings = Settings { public_url: "http://127.0.0.1:8080".into(), ..settings() };
        Self::made(Making { settings, ..Making::new(database::fresh().await) }).await
    }

    /// What a second process over the same database would be, at the same time of day.
    pub async fn another(&self) -> Self {
        self.another_with(database::vault()).await
    }

    /// The same with other keys.
    pub async fn another_with(&self, vault: Vault) -> Self {
        let url = self.database.url.clone();
        let db = app::db::Db::open(&url, database::keys(vault)).await.expect("the database opens once more");
        let database = database::TestDatabase { db, url, belongings: None };
        Self::made(Making { now: self.portal.now(), seed: 8, ..Making::new(database) }).await
    }

    /// A portal on a fresh database with a scanner, proxies or limits of its own.
    pub async fn with(outside: Outside, proxies: TrustedProxies) -> Self {
        Self::made(Making { outside, proxies, ..Making::new(database::fresh().await) }).await
    }

    /// A portal on a fresh database that keeps papers in this folder.
    pub async fn with_papers_in(folder: &Path) -> Self {
        let files = Files::open("", folder).expect("a folder");
        Self::made(Making { files, ..Making::new(database::fresh().await) }).await
    }

    async fn made(making: Making) -> Self {
        // The program of these tests draws no PDFs.
        app::redaction::raster::use_program(env!("CARGO_BIN_EXE_nghedan").into());
        let Making { database, now, seed, settings, files, outside, proxies } = making;
        let parts = Parts {
            db: database.db.clone(),
            clock: Clock::fixed(now),
            random: Random::seeded(seed),
            files,
            settings,
            assets: Assets::default(),
            marks_key: database::marks_key(),
            record_mark: Mark::default(),
        };
        let portal = Portal::open_with(parts, outside).await.expect("a portal");
        app::record::sealing::begin(&portal).await.expect("the record opens");
        Self { router: server::router::build(&portal, proxies), portal, mailer: Mailer::memory(), database }
    }

    /// A browser nobody has used yet.
    pub fn visitor(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// A browser in which somebody has signed in: `an` intake, `ha` and `bi` handlers (economy), `cu` handler (culture),
    /// `du` approver, `em` head, `gi` administrator of Phủ Thông; `hu` head of Chợ Đồn; `to` intake, `va` handler, `xa` head, `ti`
    /// administrator of the province.
    pub async fn official(&self, login: &str) -> Browser {
        let mut browser = self.visitor();
        let answer = browser.post("/dang-nhap", &[("login", login), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, 303, "{login} signs in: {}", answer.body);
        browser
    }

    /// The same without the time a password takes.
    pub async fn signed_in(&self, login: &str) -> Browser {
        let (account, proven_at) = (serde_json::json!(format!("account-{login}")), serde_json::json!(self.portal.now().timestamp()));
        self.with_session(HashMap::from([(ACCOUNT.to_owned(), account), (PROVEN_AT.to_owned(), proven_at)])).await
    }

    /// A browser in which a case was opened by its code. As [`TestApp::signed_in`].
    pub async fn visiting(&self, case_id: &str) -> Browser {
        self.with_session(HashMap::from([(CASE.to_owned(), serde_json::json!(case_id))])).await
    }

    async fn with_session(&self, data: HashMap<String, serde_json::Value>) -> Browser {
        let sessions = Sessions::new(self.portal.db().clone(), self.portal.clock().clone(), self.portal.random().clone());
        // The store goes by the portal's clock and does not read this day.
        let mut record = Record { id: Id(0), data, expiry_date: OffsetDateTime::UNIX_EPOCH };
        sessions.create(&mut record).await.expect("a session");
        let mut browser = self.visitor();
        browser.set_cookie("nghedan_phien", &record.id.to_string());
        browser
    }

    /// Where the database is.
    pub fn database_url(&self) -> &str {
        &self.database.url
    }

    /// Moves the clock.
    pub fn set_time(&self, at: &str) {
        self.portal.clock().set(at.parse::<DateTime<Utc>>().expect("a time"));
    }

    /// Does all jobs that are due.
    pub async fn run_jobs(&self) {
        while server::worker::run_one(&self.portal, &self.mailer).await.expect("the worker works") {}
    }
}

/// Tests that say nothing about addresses come from 127.0.0.1 and are not what limits are for; tests of limits set an address.
pub fn outside() -> Outside {
    Outside { unlimited: vec!["127.0.0.0/8".parse().expect("a range")].into(), ..Outside::default() }
}

fn settings() -> Settings {
    Settings {
        public_url: "https://nghedan.test".into(),
        province_code: "19".into(),
        secure_cookies: false,
        is_demo: false,
        identity: Providers::default(),
        second_factor: Policy::Offered,
    }
}
