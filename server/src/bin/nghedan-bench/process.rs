//! The real executable as a process: how long until it answers, how much memory it takes. Compared with a process that only
//! answers "ok" with the same framework (this program with `--bare`).

use crate::client::{Connection, get, load};
use crate::data::Folder;
use crate::lists;
use crate::table::{Row, median};
use crate::{Options, broken};
use app::error::Result;
use axum::Router;
use axum::routing::get as route;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A process that has not answered by then never will.
const START_TIMEOUT: Duration = Duration::from_secs(20);
const GOAL_START_MS: f64 = 150.0;
const GOAL_IDLE_MB: f64 = 80.0;
const GOAL_LOAD_MB: f64 = 250.0;
/// Phones at once while memory is watched.
const CONNECTIONS: usize = 32;
/// Different searches in the load, so that pages are rendered and not only remembered.
const SEARCHES: usize = 400;

/// A started process; stopped when dropped.
struct Running {
    child: Child,
    address: SocketAddr,
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait()) {
            eprintln!("stopping process {}: {error}", self.child.id());
        }
    }
}

/// Serves "ok" until it is killed.
pub async fn serve_bare(address: SocketAddr) -> Result<()> {
    let listener = tokio::net::TcpListener::bind(address).await.map_err(broken)?;
    axum::serve(listener, Router::new().route("/", route(async || "ok"))).await.map_err(broken)
}

fn free_address() -> Result<SocketAddr> {
    TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr()).map_err(broken)
}

/// This program's folder has the server too.
fn server() -> Result<PathBuf> {
    let server = std::env::current_exe().map_err(broken)?.with_file_name("nghedan");
    if server.is_file() { Ok(server) } else { Err(broken(format!("{} is missing: build it first", server.display()))) }
}

fn portal_command(folder: &Folder, address: SocketAddr) -> Result<Command> {
    let mut command = Command::new(server()?);
    command.args(["serve", "--demo", "--log", "warn", "--unlimited-from", "127.0.0.1", "--listen", &address.to_string(), "--data"]).arg(&folder.path);
    Ok(command)
}

fn bare_command(address: SocketAddr) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe().map_err(broken)?);
    command.args(["--bare", &address.to_string()]);
    Ok(command)
}

/// Starts a process and waits for its first page. Gives it and the milliseconds.
async fn first_answer(mut command: Command, address: SocketAddr) -> Result<(Running, f64)> {
    let started = Instant::now();
    let child = command.stdout(Stdio::null()).spawn().map_err(broken)?;
    let running = Running { child, address };
    let request = get("/", "");
    while started.elapsed() < START_TIMEOUT {
        if let Ok(mut connection) = Connection::open(address).await
            && connection.send(&request).await?.status == 200
        {
            return Ok((running, started.elapsed().as_secs_f64() * 1_000.0));
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    Err(broken("the started process does not answer"))
}

/// From start to first answer.
pub async fn start(options: &Options, folder: &Folder) -> Result<Vec<Row>> {
    let rounds = if options.quick { 3 } else { 9 };
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let address = free_address()?;
        ours.push(first_answer(portal_command(folder, address)?, address).await?.1);
        let address = free_address()?;
        theirs.push(first_answer(bare_command(address)?, address).await?.1);
    }
    let (portal, bare) = (median(&mut ours), median(&mut theirs));
    Ok(vec![Row {
        what: format!("from start to the first home page, {} cases", folder.cases),
        portal: format!("{portal:.0} ms"),
        reference: format!("{bare:.0} ms, bare axum"),
        ratio: format!("{:.1}", portal / bare),
        goal: "≤ 150 ms",
        is_met: portal <= GOAL_START_MS,
    }])
}

/// Memory of the process in MB: now and at most so far.
fn resident(running: &Running) -> Result<(f64, f64)> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", running.child.id())).map_err(broken)?;
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse::<f64>().ok()).map(|kib| kib * 1_024.0 / 1e6)
    };
    of("VmRSS:").zip(of("VmHWM:")).ok_or_else(|| broken("the system does not tell a process's memory"))
}

/// Memory, idle and under load.
pub async fn memory(options: &Options, folder: &Folder) -> Result<Vec<Row>> {
    let length = if options.quick { Duration::from_secs(3) } else { Duration::from_secs(20) };
    let address = free_address()?;
    let (bare, _) = first_answer(bare_command(address)?, address).await?;
    let address = free_address()?;
    let (portal, _) = first_answer(portal_command(folder, address)?, address).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (idle, bare_idle) = (resident(&portal)?.0, resident(&bare)?.0);
    let mut requests: Vec<Vec<u8>> = (0..SEARCHES).map(|i| get(&lists::search(i), "accept-encoding: br\r\n")).collect();
    requests.extend((0..SEARCHES).map(|_| get("/", "accept-encoding: br\r\n")));
    load(portal.address, &requests, CONNECTIONS, length).await?;
    load(bare.address, &[get("/", "")], CONNECTIONS, length / 4).await?;
    let (most, bare_most) = (resident(&portal)?.1, resident(&bare)?.1);
    let row = |what: &str, portal: f64, reference: f64, goal: &'static str, limit: f64| Row {
        what: format!("memory with {} cases, {what}", folder.cases),
        portal: format!("{portal:.0} MB"),
        reference: format!("{reference:.0} MB, bare axum"),
        ratio: format!("{:.1}", portal / reference),
        goal,
        is_met: portal <= limit,
    };
    Ok(vec![row("idle", idle, bare_idle, "≤ 80 MB", GOAL_IDLE_MB), row("at most under load", most, bare_most, "≤ 250 MB", GOAL_LOAD_MB)])
}
