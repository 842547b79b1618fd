//! The façade over SQLite and PostgreSQL: the only file that knows there are two.
//!
//! One SQL text serves both (engineering rules: `$1` placeholders, `RETURNING`, `ON CONFLICT`, no `now()`, no `ILIKE`).
//! A transaction has four verbs and no others. `read()` cannot write on either database; `write()` on SQLite has one
//! connection and begins IMMEDIATE, because a read that turns into a write is refused under load.

use crate::error::AppError;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::{PgArguments, PgPoolOptions, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous};
use sqlx::{Arguments, Encode, FromRow, PgPool, Postgres, Sqlite, SqlitePool, Transaction, Type};
use std::borrow::Cow;
use std::str::FromStr;
use std::time::Duration;

/// Readers at once on SQLite; more only queue on two cores.
const SQLITE_READERS_MAX: u32 = 4;
/// Page cache of one SQLite connection, in KiB: with five connections the whole stays small on a small server.
const SQLITE_CACHE_KIB: u32 = 4_096;
/// How long a request waits for a connection before it is told to try again.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long SQLite waits for another process's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Connections to PostgreSQL.
const POSTGRES_CONNECTIONS_MAX: u32 = 12;

/// An open database.
#[derive(Clone, Debug)]
pub enum Db {
    /// A file in the data folder.
    Sqlite {
        /// Opened read-only.
        read: SqlitePool,
        /// One connection.
        write: SqlitePool,
    },
    /// A server, for more than one process.
    Postgres(PgPool),
}

/// A transaction. Dropped without [`Tx::commit`] it is rolled back.
pub enum Tx {
    /// On SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

/// A value both databases can take.
pub trait Bind: for<'q> Encode<'q, Sqlite> + Type<Sqlite> + for<'q> Encode<'q, Postgres> + Type<Postgres> + Send {}
impl<T> Bind for T where T: for<'q> Encode<'q, Sqlite> + Type<Sqlite> + for<'q> Encode<'q, Postgres> + Type<Postgres> + Send {}

/// A row both databases can give; `#[derive(sqlx::FromRow)]` and tuples qualify.
pub trait Record: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Record for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// The values of a statement: a tuple.
pub trait Args: Send {
    /// For SQLite.
    fn sqlite(self) -> Result<SqliteArguments, sqlx::Error>;
    /// For PostgreSQL.
    fn postgres(self) -> Result<PgArguments, sqlx::Error>;
}

macro_rules! args {
    ($($t:ident),*) => {
        #[allow(non_snake_case, unused_mut, reason = "one body for every number of values, none among them")]
        impl<$($t: Bind + 'static),*> Args for ($($t,)*) {
            fn sqlite(self) -> Result<SqliteArguments, sqlx::Error> {
                let ($($t,)*) = self;
                let mut arguments = SqliteArguments::default();
                $(arguments.add($t).map_err(sqlx::Error::Encode)?;)*
                Ok(arguments)
            }
            fn postgres(self) -> Result<PgArguments, sqlx::Error> {
                let ($($t,)*) = self;
                let mut arguments = PgArguments::default();
                $(arguments.add($t).map_err(sqlx::Error::Encode)?;)*
                Ok(arguments)
            }
        }
    };
}
args!();
args!(A);
args!(A, B);
args!(A, B, C);
args!(A, B, C, D);
args!(A, B, C, D, E);
args!(A, B, C, D, E, F);
args!(A, B, C, D, E, F, G);
args!(A, B, C, D, E, F, G, H);
args!(A, B, C, D, E, F, G, H, I);
args!(A, B, C, D, E, F, G, H, I, J);
args!(A, B, C, D, E, F, G, H, I, J, K);
args!(A, B, C, D, E, F, G, H, I, J, K, L);
args!(A, B, C, D, E, F, G, H, I, J, K, L, M);
args!(A, B, C, D, E, F, G, H, I, J, K, L, M, N);
args!(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O);
args!(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P);

impl Db {
    /// Opens `sqlite:PATH` or `postgres://…` and brings its tables up to date.
    ///
    /// # Errors
    /// An unknown scheme (a mistyped address must not silently create a file), an unreachable server, a failed migration.
    pub async fn open(url: &str) -> Result<Self, AppError> {
        if url.starts_with("sqlite:") {
            Self::open_sqlite(url).await
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Self::open_postgres(url).await
        } else {
            Err(AppError::config("the database address must begin with sqlite: or postgres://"))
        }
    }

    async fn open_sqlite(url: &str) -> Result<Self, AppError> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // FULL: when the citizen sees the code, the disk has the case.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("cache_size", format!("-{SQLITE_CACHE_KIB}"))
            .pragma("temp_store", "memory");
        let write = SqlitePoolOptions::new().max_connections(1).acquire_timeout(ACQUIRE_TIMEOUT).connect_with(options.clone()).await?;
        migrator(Kind::Sqlite).run(&write).await?;
        let read = SqlitePoolOptions::new()
            .max_connections(SQLITE_READERS_MAX)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(options.create_if_missing(false).read_only(true))
            .await?;
        Ok(Self::Sqlite { read, write })
    }

    async fn open_postgres(url: &str) -> Result<Self, AppError> {
        let pool = PgPoolOptions::new().max_connections(POSTGRES_CONNECTIONS_MAX).acquire_timeout(ACQUIRE_TIMEOUT).connect(url).await?;
        migrator(Kind::Postgres).run(&pool).await?;
        Ok(Self::Postgres(pool))
    }

    /// A transaction that can only look.
    pub async fn read(&self) -> Result<Tx, AppError> {
        Ok(match self {
            Self::Sqlite { read, .. } => Tx::Sqlite(read.begin().await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin_with("BEGIN READ ONLY").await?),
        })
    }

    /// A transaction that can change things. Never await mail or the network inside one: on SQLite all writers wait.
    pub async fn write(&self) -> Result<Tx, AppError> {
        Ok(match self {
            Self::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Closes all connections; SQLite folds its write-ahead log into the file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }

    /// Which of the two, for the few statements that must differ.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Sqlite { .. } => Kind::Sqlite,
            Self::Postgres(_) => Kind::Postgres,
        }
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

impl Tx {
    /// Which of the two, for the few statements that must differ.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Sqlite(_) => Kind::Sqlite,
            Self::Postgres(_) => Kind::Postgres,
        }
    }

    /// Runs a statement; gives the number of rows it changed.
    pub async fn exec(&mut self, sql: &'static str, args: impl Args) -> Result<u64, AppError> {
        Ok(match self {
            Self::Sqlite(tx) => sqlx::query_with(sql, args.sqlite()?).execute(&mut **tx).await?.rows_affected(),
            Self::Postgres(tx) => sqlx::query_with(sql, args.postgres()?).execute(&mut **tx).await?.rows_affected(),
        })
    }

    /// The one row that must be there.
    pub async fn one<T: Record>(&mut self, sql: &'static str, args: impl Args) -> Result<T, AppError> {
        Ok(match self {
            Self::Sqlite(tx) => sqlx::query_as_with(sql, args.sqlite()?).fetch_one(&mut **tx).await?,
            Self::Postgres(tx) => sqlx::query_as_with(sql, args.postgres()?).fetch_one(&mut **tx).await?,
        })
    }

    /// A row that may be missing.
    pub async fn find<T: Record>(&mut self, sql: &'static str, args: impl Args) -> Result<Option<T>, AppError> {
        Ok(match self {
            Self::Sqlite(tx) => sqlx::query_as_with(sql, args.sqlite()?).fetch_optional(&mut **tx).await?,
            Self::Postgres(tx) => sqlx::query_as_with(sql, args.postgres()?).fetch_optional(&mut **tx).await?,
        })
    }

    /// All rows. Every list statement has a LIMIT, or a table that is small by nature.
    pub async fn all<T: Record>(&mut self, sql: &'static str, args: impl Args) -> Result<Vec<T>, AppError> {
        Ok(match self {
            Self::Sqlite(tx) => sqlx::query_as_with(sql, args.sqlite()?).fetch_all(&mut **tx).await?,
            Self::Postgres(tx) => sqlx::query_as_with(sql, args.postgres()?).fetch_all(&mut **tx).await?,
        })
    }

    /// Makes the changes last.
    pub async fn commit(self) -> Result<(), AppError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

/// The numbered steps of `migrations/`: the same text for both databases, but for the word index.
const STEPS: [(i64, &str, &str, &str); 7] = [
    same(1, "accounts", include_str!("../../migrations/0001_accounts.sql")),
    same(2, "agencies", include_str!("../../migrations/0002_agencies.sql")),
    same(3, "cases", include_str!("../../migrations/0003_cases.sql")),
    same(4, "filing", include_str!("../../migrations/0004_filing.sql")),
    same(5, "publishing", include_str!("../../migrations/0005_publishing.sql")),
    same(6, "outbox", include_str!("../../migrations/0006_outbox.sql")),
    (7, "search", include_str!("../../migrations/0007_search.sqlite.sql"), include_str!("../../migrations/0007_search.postgres.sql")),
];

const fn same(number: i64, name: &'static str, sql: &'static str) -> (i64, &'static str, &'static str, &'static str) {
    (number, name, sql, sql)
}

fn migrator(kind: Kind) -> Migrator {
    let steps = STEPS.iter().map(|&(number, name, sqlite, postgres)| {
        let sql = match kind {
            Kind::Sqlite => sqlite,
            Kind::Postgres => postgres,
        };
        Migration::new(number, Cow::Borrowed(name), MigrationType::Simple, sqlx::SqlStr::from_static(sql), false)
    });
    Migrator::with_migrations(steps.collect())
}
