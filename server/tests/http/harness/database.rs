//! A database for every test: a copy of one that was migrated and filled once in this process.

use super::{CHO_DON_BODY, PASSWORD, PHU_THONG_BODY, PHU_THONG_CULTURE, PHU_THONG_ECONOMY, PROVINCE_BODY};
use app::agencies::import::{self, Files};
use app::db::{Db, Keys, Kind};
use app::id::Random;
use app::permissions::Role;
use app::portal::Portal;
use app::vault::Vault;
use app::vault::keys::Ring;
use chrono::{DateTime, NaiveDate, Utc};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// A database that goes with the test.
pub struct TestDatabase {
    /// Open.
    pub db: Db,
    /// Its address, for another process over it.
    pub url: String,
    /// What goes with it; nothing where it is another's too.
    #[expect(dead_code, reason = "kept for what it does when it goes")]
    pub belongings: Option<Belongings>,
}

/// What is to be cleared away when a test is over.
pub enum Belongings {
    /// The folder of a SQLite file, which clears itself away.
    #[expect(dead_code, reason = "kept for what it does when it goes")]
    Folder(TempDir),
    /// The name of a database on the server.
    OnServer(String),
}

impl Drop for Belongings {
    fn drop(&mut self) {
        if let Self::OnServer(name) = self {
            over().push(std::mem::take(name));
        }
    }
}

/// Databases whose tests are over. Without this the hundreds of them once filled a disk.
static OVER: Mutex<Vec<String>> = Mutex::new(Vec::new());
/// So many are cleared away together: the server writes down everything it holds in memory before it lets one go.
const CLEARED_TOGETHER: usize = 16;

fn over() -> MutexGuard<'static, Vec<String>> {
    OVER.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn clear_away(server: &str) {
    let names = {
        let mut over = over();
        if over.len() < CLEARED_TOGETHER { Vec::new() } else { std::mem::take(&mut *over) }
    };
    for name in names {
        // Its portal may still hold connections for a moment.
        command(server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
    }
}

enum Template {
    /// The folder, which must stay, and the file.
    #[expect(dead_code, reason = "kept for what it does when it goes")]
    Sqlite(TempDir, PathBuf),
    /// The server's address and the database's name.
    Postgres(String, String),
}

static TEMPLATE: OnceCell<Template> = OnceCell::const_new();
static COUNT: AtomicU64 = AtomicU64::new(0);

/// A fresh copy.
pub async fn fresh() -> TestDatabase {
    let n = COUNT.fetch_add(1, Ordering::Relaxed);
    match TEMPLATE.get_or_init(template).await {
        Template::Sqlite(_, file) => {
            let folder = tempfile::tempdir().expect("a folder");
            let copy = folder.path().join("test.db");
            std::fs::copy(file, &copy).expect("a copy of the template");
            let url = format!("sqlite:{}", copy.display());
            TestDatabase { db: Db::open(&url, keys(vault())).await.expect("the copy opens"), url, belongings: Some(Belongings::Folder(folder)) }
        }
        Template::Postgres(server, template) => {
            clear_away(server).await;
            let name = format!("{template}_{n}");
            command(server, format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
            let url = with_database(server, &name);
            TestDatabase { db: Db::open(&url, keys(vault())).await.expect("the copy opens"), url, belongings: Some(Belongings::OnServer(name)) }
        }
    }
}

async fn template() -> Template {
    match std::env::var("NGHEDAN_TEST_DATABASE") {
        Ok(server) => {
            let name = format!("nghedan_{}", std::process::id());
            command(&server, format!("CREATE DATABASE {name}")).await;
            let db = Db::open(&with_database(&server, &name), keys(vault())).await.expect("the template opens");
            fill(&db).await;
            db.close().await;
            Template::Postgres(server, name)
        }
        Err(_) => {
            let folder = tempfile::tempdir().expect("a folder");
            let file = folder.path().join("template.db");
            let db = Db::open(&format!("sqlite:{}", file.display()), keys(vault())).await.expect("the template opens");
            fill(&db).await;
            db.close().await;
            Template::Sqlite(folder, file)
        }
    }
}

/// `postgres://user@host/name?…` with another name.
fn with_database(url: &str, name: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, String::new()), |(address, query)| (address, format!("?{query}")));
    let (base, _) = address.rsplit_once('/').expect("an address with a database");
    format!("{base}/{name}{query}")
}

async fn command(server: &str, sql: String) {
    use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
    let mut connection = PgConnection::connect(server).await.expect("the test server answers");
    connection.execute(AssertSqlSafe(sql.as_str())).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    connection.close().await.expect("the connection closes");
}

/// One province of the real data: enough for every page, quick to load.
fn one_province() -> Files {
    let all = Files::built_in();
    let keep = |text: &str, wanted: &dyn Fn(&str) -> bool| {
        text.lines().enumerate().filter(|(i, line)| *i == 0 || wanted(line)).map(|(_, line)| format!("{line}\n")).collect::<String>()
    };
    Files {
        areas: keep(&all.areas, &|line| line.starts_with("19,") || line.split(',').nth(3) == Some("19")),
        area_succession: keep(&all.area_succession, &|line| line.contains("Bạch Thông")),
        ..all
    }
}

async fn fill(db: &Db) {
    let now: DateTime<Utc> = "2025-07-01T00:00:00Z".parse().expect("a time");
    let random = Random::seeded(1);
    let mut tx = db.write().await.expect("a transaction");
    import::run(&mut tx, &one_province()).await.expect("the built-in files fit");
    let hash = app::accounts::password::hash(&random, PASSWORD.into()).await.expect("a hash");
    let from: NaiveDate = "2025-07-01".parse().expect("a day");
    for (login, name, role, agency) in [
        ("an", "Cán bộ An", Role::Intake, PHU_THONG_BODY),
        ("ha", "Cán bộ Hà", Role::Handler, PHU_THONG_ECONOMY),
        ("bi", "Cán bộ Bi", Role::Handler, PHU_THONG_ECONOMY),
        ("cu", "Cán bộ Cư", Role::Handler, PHU_THONG_CULTURE),
        ("du", "Cán bộ Du", Role::Approver, PHU_THONG_BODY),
        ("em", "Cán bộ Em", Role::Head, PHU_THONG_BODY),
        ("gi", "Cán bộ Gi", Role::Administrator, PHU_THONG_BODY),
        ("hu", "Cán bộ Hữu", Role::Head, CHO_DON_BODY),
        ("ti", "Cán bộ Tình", Role::Administrator, PROVINCE_BODY),
        ("to", "Cán bộ Tố", Role::Intake, PROVINCE_BODY),
        ("va", "Cán bộ Vân", Role::Handler, PROVINCE_BODY),
        ("xa", "Cán bộ Xa", Role::Head, PROVINCE_BODY),
    ] {
        let id = format!("account-{login}");
        assert!(app::accounts::store::insert(&mut tx, &id, login, name, &hash, now).await.expect("an account"));
        app::accounts::store::insert_holding(&mut tx, &format!("holding-{login}"), &id, agency, role, app::accounts::rules::Term::own(from))
            .await
            .expect("a holding");
    }
    tx.commit().await.expect("kept");
}

/// The key by which senders are recognised again.
pub fn marks_key() -> app::petitions::recognition::Key {
    app::petitions::recognition::Key::new([7; 32])
}

/// The keys of a database, those of people given.
pub fn keys(vault: Vault) -> Keys {
    server::key::of_database(vault, &marks_key())
}

/// The keys of people's rows, the same in every test.
pub fn vault() -> Vault {
    Vault::new(Ring::of([3; 32]), Random::seeded(3), None)
}

/// Everything the database holds: its file as it lies on the disk, or the server's own dump, which is what a backup is made of.
///
/// The dump needs `pg_dump` on the path; `cargo xtask` puts it there.
pub async fn everything(portal: &Portal, url: &str) -> Vec<u8> {
    match portal.db().kind() {
        Kind::Sqlite => {
            let path = url.strip_prefix("sqlite:").expect("a file");
            let log = std::fs::read(format!("{path}-wal")).unwrap_or_default();
            [std::fs::read(path).expect("the file"), log].concat()
        }
        Kind::Postgres => {
            let dump = std::process::Command::new("pg_dump").args(["--dbname", url]).output().expect("pg_dump starts");
            assert!(dump.status.success(), "pg_dump: {}", String::from_utf8_lossy(&dump.stderr));
            dump.stdout
        }
    }
}
