//! The one writing connection of SQLite. Transactions take turns on it; when others wait, several reach the disk together.
//!
//! SQLite has one writer at a time, and waiting for the disk is the longest part of a small transaction. So the first of a
//! crowd begins a transaction of SQLite's and, finished, hands the connection on instead of waiting for the disk; each that
//! follows lies in a savepoint, whole or not at all as ever. Whoever makes the group full, or a task that stands in the line
//! behind them, makes all of them last with one `COMMIT`. Only then does each of them return from [`WriteTx::commit`]: what
//! somebody was told is on the disk. If that `COMMIT` fails, all of them are told that nothing was changed. Somebody alone
//! commits at once.

use super::ACQUIRE_TIMEOUT;
use crate::error::{AppError, Result};
use sqlx::sqlite::{SqliteArguments, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

/// Transactions that reach the disk together. In a long line a group without an end would let the first wait for the last.
const GROUP_MAX: usize = 16;

/// The writing connection. Cheap to clone.
#[derive(Clone)]
pub struct Writer {
    seat: Arc<Mutex<Seat>>,
    waiting: Arc<AtomicUsize>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Writer").field("waiting", &self.waiting).finish_non_exhaustive()
    }
}

/// What whoever has the turn holds.
struct Seat {
    /// None once it was closed.
    connection: Option<SqliteConnection>,
    /// Finished transactions that wait for the disk.
    finished: Vec<oneshot::Sender<Result<()>>>,
    /// A transaction was begun and neither finished nor taken back.
    is_begun: bool,
    /// How often the disk was waited for.
    #[cfg(test)]
    saves: usize,
}

impl Seat {
    fn connection(&mut self) -> Result<&mut SqliteConnection> {
        self.connection.as_mut().ok_or_else(|| unavailable("the database is closed"))
    }

    async fn run(&mut self, sql: &'static str) -> Result<()> {
        self.run_after(String::new(), SqliteArguments::default(), sql).await
    }

    /// Runs `sql` behind other statements, in one way to the database's thread. If one of those fails, it is not run.
    async fn run_after(&mut self, mut before: String, values: SqliteArguments, sql: &'static str) -> Result<()> {
        before.push_str(sql);
        sqlx::query_with(AssertSqlSafe(before), values).execute(self.connection()?).await?;
        Ok(())
    }

    /// Takes back what a dropped transaction left behind.
    async fn take_back(&mut self) {
        if !self.is_begun {
            return;
        }
        if self.finished.is_empty() {
            // The only thing that can be wrong is that there is no transaction any more, which is what is wanted.
            self.run("ROLLBACK").await.ok();
        } else if self.run("ROLLBACK TO turn").await.is_err() || self.run("RELEASE turn").await.is_err() {
            // A full disk makes SQLite take everything back, the finished ones too.
            self.run("ROLLBACK").await.ok();
            self.tell(Err(unavailable("the transaction was lost with another one's")));
        }
        self.is_begun = false;
    }

    /// Makes everything last that is finished, after these last statements.
    async fn save(&mut self, before: String, values: SqliteArguments) -> Result<()> {
        #[cfg(test)]
        {
            self.saves += 1;
        }
        let saved = self.run_after(before, values, "COMMIT").await;
        if saved.is_err() {
            self.run("ROLLBACK").await.ok();
        }
        self.is_begun = false;
        self.tell(saved.clone());
        saved
    }

    fn tell(&mut self, result: Result<()>) {
        for waiting in self.finished.drain(..) {
            // Who no longer listens has left; the case is as safe.
            waiting.send(result.clone()).ok();
        }
    }
}

fn unavailable(cause: &str) -> AppError {
    AppError::Unavailable(cause.into())
}

/// Somebody in the line; leaves it when dropped, whether the turn came or not.
struct InLine<'a>(&'a AtomicUsize);

impl<'a> InLine<'a> {
    fn join(waiting: &'a AtomicUsize) -> Self {
        waiting.fetch_add(1, Ordering::Relaxed);
        Self(waiting)
    }
}

impl Drop for InLine<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Writer {
    /// Over a connection that nobody else uses.
    pub fn new(connection: SqliteConnection) -> Self {
        let seat = Seat {
            connection: Some(connection),
            finished: Vec::new(),
            is_begun: false,
            #[cfg(test)]
            saves: 0,
        };
        Self { seat: Arc::new(Mutex::new(seat)), waiting: Arc::default() }
    }

    /// Waits for the turn. The transaction begins with its first statement, see [`WriteTx::opening`].
    ///
    /// # Errors
    /// [`AppError::Unavailable`] if the turn does not come.
    pub async fn begin(&self) -> Result<WriteTx> {
        let line = InLine::join(&self.waiting);
        let seat = tokio::time::timeout(ACQUIRE_TIMEOUT, self.seat.clone().lock_owned()).await.map_err(|_| unavailable("too many writers"))?;
        drop(line);
        let mut tx = WriteTx { writer: self.clone(), seat: Some(seat) };
        tx.seat()?.take_back().await;
        Ok(tx)
    }

    /// Stands in the line to make last what is finished by then, and to take back what was left behind.
    async fn settle(self) {
        let mut seat = self.seat.lock().await;
        seat.take_back().await;
        if !seat.finished.is_empty() {
            // Whoever waits for it is told.
            seat.save(String::new(), SqliteArguments::default()).await.ok();
        }
    }

    /// Lets everybody in the line finish, and closes the connection.
    pub async fn close(&self) {
        self.clone().settle().await;
        let connection = self.seat.lock().await.connection.take();
        if let Some(connection) = connection {
            // Nothing is lost if it fails: what was committed is in the write-ahead log.
            connection.close().await.ok();
        }
    }
}

/// A transaction that can change things. Dropped without [`WriteTx::commit`] it is taken back.
pub struct WriteTx {
    writer: Writer,
    seat: Option<OwnedMutexGuard<Seat>>,
}

impl WriteTx {
    fn seat(&mut self) -> Result<&mut Seat> {
        self.seat.as_deref_mut().ok_or_else(|| unavailable("the transaction has ended"))
    }

    /// The statement that begins it, to be sent before or together with the first.
    pub fn opening(&self) -> &'static str {
        let is_first = self.seat.as_ref().is_none_or(|seat| seat.finished.is_empty());
        if is_first { "BEGIN IMMEDIATE" } else { "SAVEPOINT turn" }
    }

    /// The connection, for statements; the opening must be the first.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] once the database was closed.
    pub fn connection(&mut self) -> Result<&mut SqliteConnection> {
        let seat = self.seat()?;
        seat.is_begun = true;
        seat.connection()
    }

    /// Runs the last statements, and returns when the disk has the changes.
    ///
    /// # Errors
    /// Those of the statements and of the disk; nothing was changed then.
    pub async fn commit(self, last: String, values: SqliteArguments) -> Result<()> {
        // A task of its own: a visitor who leaves now must not take those along who are finished already.
        tokio::spawn(self.finish(last, values)).await.map_err(|_| unavailable("the portal is stopping"))?
    }

    async fn finish(mut self, last: String, values: SqliteArguments) -> Result<()> {
        let is_crowded = self.writer.waiting.load(Ordering::Relaxed) > 0;
        let seat = self.seat()?;
        // The opening may be among the last statements.
        seat.is_begun = true;
        let is_first = seat.finished.is_empty();
        let is_full = seat.finished.len() + 1 >= GROUP_MAX;
        if is_first && !is_crowded {
            return seat.save(last, values).await;
        }
        if !is_first {
            seat.run_after(last, values, "RELEASE turn").await?;
        } else if !last.is_empty() {
            seat.run_after(last, values, "").await?;
        }
        if is_full {
            return seat.save(String::new(), SqliteArguments::default()).await;
        }
        let (tell, told) = oneshot::channel();
        seat.finished.push(tell);
        seat.is_begun = false;
        if is_first {
            tokio::spawn(self.writer.clone().settle());
        }
        self.seat = None;
        told.await.map_err(|_| unavailable("the portal is stopping"))?
    }
}

impl Drop for WriteTx {
    fn drop(&mut self) {
        let is_left = self.seat.take().is_some_and(|seat| seat.is_begun);
        // Without a runtime the next transaction takes it back.
        if is_left && let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(self.writer.clone().settle());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use sqlx::sqlite::SqliteConnectOptions;
    use std::str::FromStr;

    async fn writer() -> Writer {
        let options = SqliteConnectOptions::from_str("sqlite::memory:").expect("an address");
        let mut connection = SqliteConnection::connect_with(&options).await.expect("a database");
        sqlx::query("CREATE TABLE t (n BIGINT PRIMARY KEY)").execute(&mut connection).await.expect("a table");
        Writer::new(connection)
    }

    impl Writer {
        async fn open(&self) -> Result<WriteTx> {
            let mut tx = self.begin().await?;
            let opening = tx.opening();
            sqlx::query(opening).execute(tx.connection()?).await?;
            Ok(tx)
        }
    }

    impl WriteTx {
        async fn keep(self) -> Result<()> {
            self.commit(String::new(), SqliteArguments::default()).await
        }
    }

    async fn put(tx: &mut WriteTx, n: i64) -> Result<()> {
        sqlx::query("INSERT INTO t (n) VALUES ($1)").bind(n).execute(tx.connection()?).await?;
        Ok(())
    }

    async fn rows(writer: &Writer) -> Vec<i64> {
        let mut tx = writer.open().await.expect("a turn");
        let rows: Vec<(i64,)> = sqlx::query_as("SELECT n FROM t ORDER BY n").fetch_all(tx.connection().expect("open")).await.expect("rows");
        rows.into_iter().map(|(n,)| n).collect()
    }

    /// Lets everybody who is about to wait for a turn get as far as that.
    async fn until_waiting(writer: &Writer, count: usize) {
        while writer.waiting.load(Ordering::Relaxed) < count {
            tokio::task::yield_now().await;
        }
    }

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    enum Fate {
        Finishes,
        IsDropped,
        /// Writes what is there already, and stops at the error.
        Fails,
    }

    async fn live(writer: Writer, n: i64, fate: Fate) -> Result<()> {
        let mut tx = writer.open().await?;
        put(&mut tx, n).await?;
        match fate {
            Fate::Finishes => tx.keep().await,
            Fate::IsDropped => Ok(()),
            Fate::Fails => {
                put(&mut tx, n).await?;
                tx.keep().await
            }
        }
    }

    /// A crowd behind somebody who has the turn. Gives the rows, and how often the disk was waited for.
    async fn crowd(fates: &[Fate]) -> (Vec<i64>, usize) {
        let writer = writer().await;
        let mut first = writer.open().await.expect("a turn");
        let tasks: Vec<_> = (1..).zip(fates).map(|(n, fate)| tokio::spawn(live(writer.clone(), n, *fate))).collect();
        until_waiting(&writer, fates.len()).await;
        put(&mut first, 0).await.expect("a row");
        first.keep().await.expect("kept");
        for (task, fate) in tasks.into_iter().zip(fates) {
            assert_eq!(task.await.expect("no panic").is_err(), *fate == Fate::Fails);
        }
        let saves = writer.seat.lock().await.saves;
        (rows(&writer).await, saves)
    }

    #[tokio::test]
    async fn a_crowd_waits_for_the_disk_once() {
        let (rows, saves) = crowd(&[Fate::Finishes; GROUP_MAX - 1]).await;
        assert_eq!((rows.len(), saves), (GROUP_MAX, 1));
    }

    #[tokio::test]
    async fn a_long_line_waits_for_the_disk_a_few_times() {
        let (rows, saves) = crowd(&[Fate::Finishes; 3 * GROUP_MAX]).await;
        assert_eq!(rows.len(), 3 * GROUP_MAX + 1);
        assert_eq!(saves, 4, "three groups are full, and the last one has nobody behind it");
    }

    #[tokio::test]
    async fn somebody_alone_is_kept_at_once() {
        let writer = writer().await;
        for n in 0..3 {
            live(writer.clone(), n, Fate::Finishes).await.expect("kept");
        }
        assert_eq!(writer.seat.lock().await.saves, 3);
        assert_eq!(rows(&writer).await, [0, 1, 2]);
    }

    /// A visitor who goes away while the turn is theirs takes nobody with them.
    #[tokio::test]
    async fn somebody_who_is_cut_off_leaves_nothing_and_holds_nobody_up() {
        let writer = writer().await;
        let mut first = writer.open().await.expect("a turn");
        put(&mut first, 1).await.expect("a row");
        let in_line = tokio::spawn(live(writer.clone(), 2, Fate::Finishes));
        until_waiting(&writer, 1).await;
        in_line.abort();
        assert!(in_line.await.is_err_and(|error| error.is_cancelled()));
        // Nobody waits any more, and the line is as long as it says.
        first.keep().await.expect("kept");
        let mut cut_off = writer.open().await.expect("a turn");
        put(&mut cut_off, 3).await.expect("a row");
        drop(cut_off);
        assert_eq!(rows(&writer).await, [1]);
    }

    /// Whoever leaves while the changes are being made to last takes nobody along, and has them made.
    #[tokio::test]
    async fn somebody_who_leaves_at_the_end_is_kept_like_the_others() {
        let writer = writer().await;
        let mut first = writer.open().await.expect("a turn");
        put(&mut first, 0).await.expect("a row");
        let tasks: Vec<_> = (1..6).map(|n| tokio::spawn(live(writer.clone(), n, Fate::Finishes))).collect();
        until_waiting(&writer, 5).await;
        let leaving = tokio::spawn(first.keep());
        tokio::task::yield_now().await;
        leaving.abort();
        for task in tasks {
            assert!(task.await.expect("no panic").is_ok());
        }
        assert_eq!(rows(&writer).await, [0, 1, 2, 3, 4, 5]);
    }

    #[tokio::test]
    async fn after_closing_nobody_gets_a_turn_and_nothing_is_lost() {
        let writer = writer().await;
        let mut first = writer.open().await.expect("a turn");
        let second = tokio::spawn(live(writer.clone(), 2, Fate::Finishes));
        until_waiting(&writer, 1).await;
        put(&mut first, 1).await.expect("a row");
        let (first, second, ()) = tokio::join!(first.keep(), second, writer.close());
        assert!(first.is_ok() && second.is_ok_and(|second| second.is_ok()), "who was in the line is served");
        assert!(matches!(writer.open().await, Err(AppError::Unavailable(_))));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn each_is_whole_or_not_at_all(fates in proptest::collection::vec(prop_oneof![Just(Fate::Finishes), Just(Fate::IsDropped), Just(Fate::Fails)], 0..24)) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
            let (rows, _) = runtime.block_on(crowd(&fates));
            let mut expected = vec![0];
            expected.extend((1..).zip(&fates).filter(|(_, fate)| **fate == Fate::Finishes).map(|(n, _)| n));
            prop_assert_eq!(rows, expected);
        }
    }
}
