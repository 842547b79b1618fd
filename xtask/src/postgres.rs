//! A private PostgreSQL for tests: a fresh cluster in a temporary folder, reachable through its socket only.

use std::fs::Permissions;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};

use anyhow::{Context, Result, anyhow, bail};
use tempfile::TempDir;

use crate::process;
use crate::tools;

/// The variable that turns the server's tests to another database than SQLite.
pub const TEST_DATABASE: &str = "NGHEDAN_TEST_DATABASE";
/// Short, as a socket's path must fit into about a hundred bytes, and open to the user `postgres`.
const TEMPORARY_DIR: &str = "/tmp";
/// The user of Debian's package. PostgreSQL refuses to run as root.
const SYSTEM_USER: &str = "postgres";
/// Where PostgreSQL's programs send what nobody reads; where another user may not write into it, `initdb` fails.
const NULL_DEVICE: &str = "/dev/null";
/// The rights it has on every healthy machine: everybody reads and writes.
const NULL_DEVICE_MODE: u32 = 0o666;
/// Fast and careless: the cluster lives as long as the tests. Every test has a database of its own, hence the connections.
const SETTINGS: &str = "-c listen_addresses='' -c max_connections=300 -c shared_buffers=256MB -c max_wal_size=256MB \
                        -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off";
/// Starts the cluster, says so, and stops it when its own input ends: that is, whenever and however we end.
const KEEPER: &str = r#"
"$1/pg_ctl" --pgdata="$2/data" --log="$2/log" --options="$3 -k '$2'" --wait --timeout=60 start >/dev/null || exit 1
echo ready
read -r _
"$1/pg_ctl" --pgdata="$2/data" --mode=immediate --wait stop >/dev/null
rm -rf "$2"
"#;

/// What `cargo xtask pg` can be told.
#[derive(clap::Args)]
pub struct Options {
    /// The command and its arguments, after `--`
    #[arg(last = true, required = true)]
    command: Vec<String>,
}

/// Runs a command beside a private PostgreSQL and returns its exit code.
pub fn command(options: &Options) -> Result<ExitCode> {
    let (program, arguments) = options.command.split_first().context("which command shall run?")?;
    let postgres = Postgres::start()?;
    let mut command = Command::new(program);
    command.args(arguments);
    postgres.announce(&mut command);
    let status = command.status().with_context(|| format!("cannot start `{program}`"))?;
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}

/// A running cluster; dropping it stops it and removes its files.
pub struct Postgres {
    keeper: Child,
    dir: TempDir,
    /// Where its programs are.
    bin: PathBuf,
}

impl Postgres {
    /// Makes and starts a cluster, in about two seconds.
    pub fn start() -> Result<Self> {
        let bin = tools::find_postgres().ok_or_else(|| anyhow!("PostgreSQL is missing; on Debian or Ubuntu: sudo apt-get install -y postgresql"))?;
        let dir = tempfile::Builder::new().prefix("nghedan-pg-").tempdir_in(TEMPORARY_DIR).context("cannot create a temporary folder for PostgreSQL")?;
        let user = SystemUser::for_postgres()?;
        user.give(dir.path())?;
        if user.is_another() && open_to_everybody(Path::new(NULL_DEVICE), NULL_DEVICE_MODE)? {
            println!("{NULL_DEVICE} was closed to other users, so PostgreSQL could not start; opened it again");
        }
        init(&bin, dir.path(), &user)?;

        let mut keeper = Command::new("sh");
        keeper.args(["-c", KEEPER, "keeper"]).arg(&bin).arg(dir.path()).arg(SETTINGS);
        // Its own group, so that Ctrl-C reaches the tests first and the database only after them.
        keeper.current_dir(dir.path()).process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped());
        user.become_by(&mut keeper);
        let mut postgres = Self { keeper: keeper.spawn().context("cannot start `sh`")?, dir, bin };
        postgres.wait_until_ready()?;
        Ok(postgres)
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let output = self.keeper.stdout.take().context("the keeper of PostgreSQL has no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).context("cannot hear from PostgreSQL")?;
        if line.trim() != "ready" {
            let mut log = String::new();
            let read = std::fs::File::open(self.dir.path().join("log")).and_then(|mut file| file.read_to_string(&mut log));
            bail!("PostgreSQL does not start: {}", read.map_or_else(|error| error.to_string(), |_| log));
        }
        Ok(())
    }

    /// The address of its first database.
    pub fn url(&self) -> String {
        // The folder's name has only letters and digits, so nothing in it needs escaping.
        format!("postgres://{SYSTEM_USER}@localhost/postgres?host={}", self.dir.path().display())
    }

    /// Tells a command of the cluster: our tests by one variable, PostgreSQL's own programs by theirs; and where those programs are.
    pub fn announce(&self, command: &mut Command) {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(self.bin.clone()).chain(std::env::split_paths(&path));
        // A folder whose name has the separator in it is on nobody's path.
        command.env("PATH", std::env::join_paths(folders).unwrap_or(path));
        command.env(TEST_DATABASE, self.url());
        command.env("PGHOST", self.dir.path()).env("PGUSER", SYSTEM_USER).env("PGDATABASE", "postgres");
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // The end of its input tells the keeper to stop the cluster.
        drop(self.keeper.stdin.take());
        if let Err(error) = self.keeper.wait() {
            eprintln!("warning: PostgreSQL may still run in {}: {error}", self.dir.path().display());
        }
    }
}

/// Makes the cluster's files.
fn init(bin: &Path, dir: &Path, user: &SystemUser) -> Result<()> {
    let initdb = bin.join("initdb");
    let mut help = Command::new(&initdb);
    help.arg("--help");
    let help = process::output(help)?;

    let mut init = Command::new(&initdb);
    init.current_dir(dir).arg("--pgdata").arg(dir.join("data"));
    init.args(["--username", SYSTEM_USER, "--auth=trust", "--encoding=UTF8", "--no-sync", "--locale=C"]);
    if help.contains("--icu-locale") {
        // Sorts as a real installation does. With C it would sort as SQLite, and hide what differs between the two.
        init.args(["--locale-provider=icu", "--icu-locale=vi"]);
    }
    user.become_by(&mut init);
    process::output(init).map(drop).context("cannot set up PostgreSQL")
}

/// Gives a file the rights everybody needs, unless it has them; true if it was changed.
fn open_to_everybody(path: &Path, mode: u32) -> Result<bool> {
    let rights = std::fs::metadata(path).with_context(|| format!("cannot look at {}", path.display()))?.permissions();
    if rights.mode() & mode == mode {
        return Ok(false);
    }
    std::fs::set_permissions(path, Permissions::from_mode(rights.mode() | mode))
        .with_context(|| format!("PostgreSQL runs as another user, who may not use {}, and it cannot be opened", path.display()))?;
    Ok(true)
}

/// The user that PostgreSQL runs as: `postgres` where we are root, else ourselves.
struct SystemUser(Option<(u32, u32)>);

impl SystemUser {
    fn for_postgres() -> Result<Self> {
        if !tools::is_root() {
            return Ok(Self(None));
        }
        let number = |flag| {
            tools::user_number(flag, Some(SYSTEM_USER)).ok_or_else(|| anyhow!("PostgreSQL refuses to run as root, and there is no user `{SYSTEM_USER}`"))
        };
        Ok(Self(Some((number("-u")?, number("-g")?))))
    }

    fn give(&self, dir: &Path) -> Result<()> {
        match self.0 {
            Some((user, group)) => chown(dir, Some(user), Some(group)).context("cannot hand a folder to PostgreSQL"),
            None => Ok(()),
        }
    }

    fn is_another(&self) -> bool {
        self.0.is_some()
    }

    fn become_by(&self, command: &mut Command) {
        if let Some((user, group)) = self.0 {
            command.uid(user).gid(group);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// On one machine of the checks the null device had lost its rights, and every test on PostgreSQL with them.
    #[test]
    fn a_closed_null_device_is_opened_again() -> Result<()> {
        let device = tempfile::NamedTempFile::new()?;
        std::fs::set_permissions(device.path(), Permissions::from_mode(0o444))?;
        assert!(open_to_everybody(device.path(), NULL_DEVICE_MODE)?);
        assert_eq!(device.path().metadata()?.permissions().mode() & 0o777, 0o666);
        assert!(!open_to_everybody(device.path(), NULL_DEVICE_MODE)?, "nothing to do the second time");
        Ok(())
    }

    #[test]
    fn starts_answers_and_leaves_nothing() -> Result<()> {
        if tools::find_postgres().is_none() {
            eprintln!("skipped: no PostgreSQL here");
            return Ok(());
        }
        let postgres = Postgres::start()?;
        let dir = postgres.dir.path().to_owned();
        let mut psql = Command::new("psql");
        psql.args(["--no-align", "--tuples-only", "--command", "SELECT 'đ' < 'e'"]);
        postgres.announce(&mut psql);
        assert_eq!(process::output(psql)?.trim(), "t");
        drop(postgres);
        assert!(!dir.exists());
        Ok(())
    }
}
