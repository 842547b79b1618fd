//! The façade over SQLite and PostgreSQL: the only file that knows there are two.
//!
//! One SQL text serves both (engineering rules: `$1` placeholders, `RETURNING`, `ON CONFLICT`, no `now()`, no `ILIKE`).
//! A transaction has four verbs and no others. `read()` cannot write on either database; `write()` on SQLite has one
//! connection, see [`writer`], and begins IMMEDIATE, because a read that turns into a write is refused under load.

mod steps;
mod values;
mod writer;

pub use values::{Args, Bind, Record};

use crate::codes::rules::CodeKey;
use crate::error::AppError;
use crate::record::rules::RecordKey;
use crate::vault::Vault;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgPoolOptions};
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, PgConnection, PgPool, Postgres, SqlSafeStr, Sqlite, SqliteConnection, SqlitePool, Transaction};
use std::str::FromStr;
use std::time::Duration;
use steps::migrator;
use writer::{WriteTx, Writer};

/// Readers at once on SQLite; more only queue on two cores.
const SQLITE_READERS_MAX: u32 = 4;
/// Page cache of one SQLite connection, in KiB. With a million cases the upper levels of the indexes that lists walk take some twenty megabytes;
/// five connections of this size stay within the memory a small server has to spare.
pub(crate) const SQLITE_CACHE_KIB: u32 = 24 * 1_024;
/// Pages in SQLite's write-ahead log before they are folded into the file: 16 MB. Folding holds writers up, and more often with less.
const SQLITE_LOG_PAGES: u32 = 4_000;
/// How long a request waits for a connection before it is told to try again.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long SQLite waits for another process's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Connections to PostgreSQL.
const POSTGRES_CONNECTIONS_MAX: u32 = 12;

/// Values in one statement of [`Tx::exec_many`]; the databases would take 32,766 (SQLite) and 65,535 (PostgreSQL).
const MANY_VALUES_MAX: usize = 1_024;

/// An open database, with the keys of what is sealed in it.
#[derive(Clone, Debug)]
pub struct Db {
    pools: Pools,
    keys: Keys,
}

/// The keys that lie outside of a database and without which nothing is written into it.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Those of people's names and addresses.
    pub vault: Vault,
    /// That of the record.
    pub record: RecordKey,
    /// That of stored codes.
    pub codes: CodeKey,
}

impl Keys {
    /// Keys that open nothing: for a look that needs none, and for tests that seal nothing.
    pub fn locked() -> Self {
        Self { vault: Vault::locked(), record: RecordKey::new([0; 32]), codes: CodeKey::new([0; 32]) }
    }
}

#[derive(Clone, Debug)]
enum Pools {
    /// A file in the data folder.
    Sqlite {
        /// Opened read-only.
        read: SqlitePool,
        /// One connection.
        write: Writer,
    },
    /// A server, for more than one process.
    Postgres(PgPool),
}

/// A transaction. Dropped without [`Tx::commit`] it is rolled back.
pub struct Tx {
    begun: Begun,
    later: Later,
    keys: Keys,
}

/// Statements that wait for the next one, see [`Tx::later`].
#[derive(Default)]
struct Later {
    /// SQLite: all of them as one text, the values numbered through.
    sql: String,
    sqlite: SqliteArguments,
    values: usize,
    /// PostgreSQL takes one at a time.
    postgres: Vec<(&'static str, PgArguments)>,
}

impl Later {
    /// Adds a statement whose `$1` is the first value after those that are there.
    fn add_sql(&mut self, sql: &str) {
        let mut pieces = sql.split('$');
        self.sql.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            let digits = piece.len() - piece.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let (number, rest) = piece.split_at(digits);
            self.sql.push_str(&format!("${}{rest}", number.parse::<usize>().unwrap_or_default() + self.values));
        }
        self.sql.push(';');
    }
}

enum Begun {
    SqliteLook(PoolConnection<Sqlite>),
    SqliteRead(Transaction<'static, Sqlite>),
    SqliteWrite(WriteTx),
    Postgres(Transaction<'static, Postgres>),
}

/// A statement that gives rows, where it runs, and its values.
enum Asked<'a> {
    Sqlite(&'a mut SqliteConnection, sqlx::SqlStr, SqliteArguments),
    Postgres(&'a mut PgConnection, &'static str, PgArguments),
}

/// Where statements run.
enum On<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

impl Db {
    /// Opens `sqlite:PATH` or `postgres://…` and brings its tables up to date.
    ///
    /// # Errors
    /// An unknown scheme (a mistyped address must not silently create a file), an unreachable server, a failed migration.
    pub async fn open(url: &str, keys: Keys) -> Result<Self, AppError> {
        let pools = if url.starts_with("sqlite:") {
            Pools::open_sqlite(url).await?
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Pools::open_postgres(url).await?
        } else {
            return Err(AppError::config("the database address must begin with sqlite: or postgres://"));
        };
        Ok(Self { pools, keys })
    }

    /// The keys of what is sealed in it.
    pub fn vault(&self) -> &Vault {
        &self.keys.vault
    }

    /// The key of the record.
    pub fn record_key(&self) -> &RecordKey {
        &self.keys.record
    }

    fn tx(&self, begun: Begun, later: Later) -> Tx {
        Tx { begun, later, keys: self.keys.clone() }
    }

    /// A transaction that can only look.
    pub async fn read(&self) -> Result<Tx, AppError> {
        let begun = match &self.pools {
            Pools::Sqlite { read, .. } => Begun::SqliteRead(read.begin().await?),
            Pools::Postgres(pool) => Begun::Postgres(pool.begin_with("BEGIN READ ONLY").await?),
        };
        Ok(self.tx(begun, Later::default()))
    }

    /// For a single statement that looks: SQLite needs no transaction around one, and is spared two ways to its thread.
    /// Two statements may see two states; where that matters, take [`Db::read`].
    pub async fn look(&self) -> Result<Tx, AppError> {
        let begun = match &self.pools {
            Pools::Sqlite { read, .. } => Begun::SqliteLook(read.acquire().await?),
            Pools::Postgres(_) => return self.read().await,
        };
        Ok(self.tx(begun, Later::default()))
    }

    /// A transaction that can change things. Never await mail or the network inside one: on SQLite all writers wait.
    pub async fn write(&self) -> Result<Tx, AppError> {
        let mut later = Later::default();
        let begun = match &self.pools {
            Pools::Sqlite { write, .. } => {
                let tx = write.begin().await?;
                later.add_sql(tx.opening());
                Begun::SqliteWrite(tx)
            }
            Pools::Postgres(pool) => Begun::Postgres(pool.begin().await?),
        };
        Ok(self.tx(begun, later))
    }

    /// Closes all connections; SQLite folds its write-ahead log into the file.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    /// Which of the two, for the few statements that must differ.
    pub fn kind(&self) -> Kind {
        match &self.pools {
            Pools::Sqlite { .. } => Kind::Sqlite,
            Pools::Postgres(_) => Kind::Postgres,
        }
    }
}

impl Pools {
    async fn open_sqlite(url: &str) -> Result<Self, AppError> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // FULL: when the citizen sees the code, the disk has the case.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("cache_size", format!("-{SQLITE_CACHE_KIB}"))
            .pragma("temp_store", "memory")
            // What is deleted (drafts, people) is overwritten where its page is written anyway.
            .pragma("secure_delete", "fast")
            .pragma("wal_autocheckpoint", SQLITE_LOG_PAGES.to_string())
            .disable_statement_logging();
        // A new index sorts as many rows as the database has: on the disk, or a million cases take a gigabyte of memory.
        let mut migrating = SqliteConnection::connect_with(&options.clone().pragma("temp_store", "file")).await?;
        migrator(Kind::Sqlite).run(&mut migrating).await?;
        migrating.close().await?;
        let write = SqliteConnection::connect_with(&options).await?;
        let read = SqlitePoolOptions::new()
            .max_connections(SQLITE_READERS_MAX)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(options.create_if_missing(false).read_only(true))
            .await?;
        Ok(Self::Sqlite { read, write: Writer::new(write) })
    }

    async fn open_postgres(url: &str) -> Result<Self, AppError> {
        let pool = PgPoolOptions::new().max_connections(POSTGRES_CONNECTIONS_MAX).acquire_timeout(ACQUIRE_TIMEOUT).connect(url).await?;
        migrator(Kind::Postgres).run(&pool).await?;
        Ok(Self::Postgres(pool))
    }
}

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// A statement that adds rows, in three pieces that the code knows; see [`Tx::exec_many`].
#[derive(Clone, Copy, Debug)]
pub struct Rows {
    /// `INSERT INTO table (columns)`
    pub into: &'static str,
    /// One row with `?` for each value: `(?, ?, CAST(? AS tsvector))`
    pub row: &'static str,
    /// What follows the rows: `ON CONFLICT …` or nothing.
    pub tail: &'static str,
}

impl Rows {
    /// The text for so many rows. SQLite takes the question marks as they are, which saves it looking up names.
    fn sql(&self, kind: Kind, rows: usize) -> String {
        let mut sql = format!("{} VALUES ", self.into);
        let mut number = 0;
        for row in 0..rows {
            if row > 0 {
                sql.push_str(", ");
            }
            match kind {
                Kind::Sqlite => sql.push_str(self.row),
                Kind::Postgres => {
                    for (place, piece) in self.row.split('?').enumerate() {
                        if place > 0 {
                            number += 1;
                            sql.push_str(&format!("${number}"));
                        }
                        sql.push_str(piece);
                    }
                }
            }
        }
        sql.push(' ');
        sql.push_str(self.tail);
        sql
    }
}

impl Tx {
    /// The keys of what is sealed in the database.
    pub fn vault(&self) -> &Vault {
        &self.keys.vault
    }

    /// The key of the record.
    pub fn record_key(&self) -> &RecordKey {
        &self.keys.record
    }

    /// What is stored for the hash of a secret code.
    pub fn stored_code(&self, hash: &str) -> String {
        self.keys.codes.stored(hash)
    }

    /// Which of the two, for the few statements that must differ.
    pub fn kind(&self) -> Kind {
        match &self.begun {
            Begun::SqliteLook(_) | Begun::SqliteRead(_) | Begun::SqliteWrite(_) => Kind::Sqlite,
            Begun::Postgres(_) => Kind::Postgres,
        }
    }

    fn place(&mut self) -> Result<On<'_>, AppError> {
        Ok(match &mut self.begun {
            Begun::SqliteLook(connection) => On::Sqlite(connection),
            Begun::SqliteRead(tx) => On::Sqlite(tx),
            Begun::SqliteWrite(tx) => On::Sqlite(tx.connection()?),
            Begun::Postgres(tx) => On::Postgres(tx),
        })
    }

    /// Where the next statement runs; those that waited have run.
    async fn on(&mut self) -> Result<On<'_>, AppError> {
        let later = std::mem::take(&mut self.later);
        let mut on = self.place()?;
        match &mut on {
            On::Sqlite(connection) if !later.sql.is_empty() => {
                sqlx::query_with(sqlx::AssertSqlSafe(later.sql), later.sqlite).execute(&mut **connection).await?;
            }
            On::Sqlite(_) => {}
            On::Postgres(connection) => {
                for (sql, arguments) in later.postgres {
                    sqlx::query_with(sql, arguments).execute(&mut **connection).await?;
                }
            }
        }
        Ok(on)
    }

    /// A statement that gives rows, with its place. On SQLite those that waited stand before it in the same text.
    async fn rows_of<A: Args>(&mut self, sql: &'static str, args: A) -> Result<Asked<'_>, AppError> {
        crate::effort::statement();
        match self.kind() {
            Kind::Sqlite => {
                let mut later = std::mem::take(&mut self.later);
                let sql = if later.sql.is_empty() {
                    sqlx::SqlStr::from_static(sql)
                } else {
                    later.add_sql(sql);
                    sqlx::AssertSqlSafe(later.sql).into_sql_str()
                };
                args.add_sqlite(&mut later.sqlite)?;
                match self.place()? {
                    On::Sqlite(connection) => Ok(Asked::Sqlite(connection, sql, later.sqlite)),
                    On::Postgres(_) => Err(AppError::internal("two databases in one transaction")),
                }
            }
            Kind::Postgres => match self.on().await? {
                On::Postgres(connection) => Ok(Asked::Postgres(connection, sql, args.postgres()?)),
                On::Sqlite(_) => Err(AppError::internal("two databases in one transaction")),
            },
        }
    }

    /// Runs a statement together with the next one, or with the commit: for a row whose writing decides nothing. What is wrong
    /// with it comes out there. On SQLite every statement is a way to another thread and back while all other writers wait;
    /// so a petition's rows go in one.
    pub fn later<A: Args>(&mut self, sql: &'static str, args: A) -> Result<(), AppError> {
        crate::effort::statement();
        match self.kind() {
            Kind::Sqlite => {
                self.later.add_sql(sql);
                self.later.values += A::COUNT;
                args.add_sqlite(&mut self.later.sqlite)?;
            }
            Kind::Postgres => self.later.postgres.push((sql, args.postgres()?)),
        }
        Ok(())
    }

    /// Runs a statement; gives the number of rows it changed.
    pub async fn exec(&mut self, sql: &'static str, args: impl Args) -> Result<u64, AppError> {
        crate::effort::statement();
        Ok(match self.on().await? {
            On::Sqlite(connection) => sqlx::query_with(sql, args.sqlite()?).execute(connection).await?.rows_affected(),
            On::Postgres(connection) => sqlx::query_with(sql, args.postgres()?).execute(connection).await?.rows_affected(),
        })
    }

    /// Adds many rows with few statements: for demo data and imports, not for requests.
    ///
    /// Each row is a tuple of as many values as `table.row` has question marks. Rows are cut into portions of powers of two, so
    /// that a table needs no more than a handful of prepared statements.
    pub async fn exec_many<R: Args>(&mut self, table: &Rows, rows: Vec<R>) -> Result<(), AppError> {
        let columns = table.row.matches('?').count().max(1);
        let (mut left, mut rows) = (rows.len(), rows.into_iter());
        while left > 0 {
            let most = (MANY_VALUES_MAX / columns).max(1).min(left);
            let portion = 1_usize << most.ilog2();
            let sql = sqlx::AssertSqlSafe(table.sql(self.kind(), portion));
            match self.on().await? {
                On::Sqlite(connection) => {
                    let mut arguments = SqliteArguments::default();
                    rows.by_ref().take(portion).try_for_each(|row| row.add_sqlite(&mut arguments))?;
                    sqlx::query_with(sql, arguments).execute(connection).await?;
                }
                On::Postgres(connection) => {
                    let mut arguments = PgArguments::default();
                    rows.by_ref().take(portion).try_for_each(|row| row.add_postgres(&mut arguments))?;
                    sqlx::query_with(sql, arguments).execute(connection).await?;
                }
            }
            left -= portion;
        }
        Ok(())
    }

    /// The one row that must be there.
    pub async fn one<T: Record>(&mut self, sql: &'static str, args: impl Args) -> Result<T, AppError> {
        Ok(match self.rows_of(sql, args).await? {
            Asked::Sqlite(connection, sql, args) => sqlx::query_as_with(sql, args).fetch_one(connection).await?,
            Asked::Postgres(connection, sql, args) => sqlx::query_as_with(sql, args).fetch_one(connection).await?,
        })
    }

    /// A row that may be missing.
    pub async fn find<T: Record>(&mut self, sql: &'static str, args: impl Args) -> Result<Option<T>, AppError> {
        Ok(match self.rows_of(sql, args).await? {
            Asked::Sqlite(connection, sql, args) => sqlx::query_as_with(sql, args).fetch_optional(connection).await?,
            Asked::Postgres(connection, sql, args) => sqlx::query_as_with(sql, args).fetch_optional(connection).await?,
        })
    }

    /// All rows. Every list statement has a LIMIT, or a table that is small by nature.
    pub async fn all<T: Record>(&mut self, sql: &'static str, args: impl Args) -> Result<Vec<T>, AppError> {
        Ok(match self.rows_of(sql, args).await? {
            Asked::Sqlite(connection, sql, args) => sqlx::query_as_with(sql, args).fetch_all(connection).await?,
            Asked::Postgres(connection, sql, args) => sqlx::query_as_with(sql, args).fetch_all(connection).await?,
        })
    }

    /// Makes the changes last: when this returns, the disk has them.
    pub async fn commit(mut self) -> Result<(), AppError> {
        if let Begun::SqliteWrite(tx) = self.begun {
            return tx.commit(self.later.sql, self.later.sqlite).await;
        }
        self.on().await?;
        match self.begun {
            Begun::SqliteRead(tx) => tx.commit().await?,
            Begun::Postgres(tx) => tx.commit().await?,
            Begun::SqliteLook(_) | Begun::SqliteWrite(_) => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_that_wait_are_one_text_with_their_values_numbered_through() {
        let mut later = Later::default();
        later.add_sql("INSERT INTO t (a, b) VALUES ($1, $2)");
        later.values += 2;
        later.add_sql("INSERT INTO u (a, b, c) VALUES ($2, $1, $2)");
        assert_eq!(later.sql, "INSERT INTO t (a, b) VALUES ($1, $2);INSERT INTO u (a, b, c) VALUES ($4, $3, $4);");
    }

    #[tokio::test]
    async fn what_waits_is_there_for_the_next_statement_and_gone_with_the_transaction() {
        let folder = std::env::temp_dir().join(format!("nghe-dan-later-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let db = Db::open(&format!("sqlite:{}", folder.join("later.db").display()), Keys::locked()).await.expect("a database");
        let put = |tx: &mut Tx, name: &str| tx.later("INSERT INTO counters (name, value) VALUES ($1, $2)", (name.to_owned(), 1_i64));
        let count = "SELECT COUNT(*) FROM counters WHERE name IN ('one', 'two', 'three')";
        let mut tx = db.write().await.expect("a transaction");
        put(&mut tx, "one").and(put(&mut tx, "two")).expect("they wait");
        assert_eq!(tx.one::<(i64,)>(count, ()).await.expect("a count"), (2,));
        put(&mut tx, "three").expect("it waits");
        tx.commit().await.expect("kept");
        let mut tx = db.write().await.expect("a transaction");
        put(&mut tx, "three").expect("what is wrong comes out later");
        assert!(tx.commit().await.is_err(), "the name is taken");
        assert_eq!(db.read().await.expect("a transaction").one::<(i64,)>(count, ()).await.expect("a count"), (3,));
        db.close().await;
        std::fs::remove_dir_all(folder).expect("gone");
    }

    #[test]
    fn the_values_of_many_rows_are_numbered_through() {
        let rows = Rows { into: "INSERT INTO t (a, b)", row: "(?, CAST(? AS tsvector))", tail: "ON CONFLICT DO NOTHING" };
        let postgres = "INSERT INTO t (a, b) VALUES ($1, CAST($2 AS tsvector)), ($3, CAST($4 AS tsvector)) ON CONFLICT DO NOTHING";
        assert_eq!(rows.sql(Kind::Postgres, 2), postgres);
        let rows = Rows { into: "INSERT INTO t (a, b)", row: "(?, ?)", tail: "" };
        assert_eq!(rows.sql(Kind::Sqlite, 2), "INSERT INTO t (a, b) VALUES (?, ?), (?, ?) ");
    }
}
