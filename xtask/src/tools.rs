//! The tools that the commands need: found where they are, fetched where that is possible, named where it is not.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};

use crate::process;
use crate::project;
use crate::steps::Progress;

/// The target of the browser part.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";
/// Written into `node_modules` once `npm ci` has succeeded: the lock file it was made from.
const NPM_STAMP: &str = ".made-from-lock";
/// The one version of cargo-machete whose findings we follow.
const MACHETE_VERSION: &str = "0.9.2";
/// The one version of cargo-audit.
const AUDIT_VERSION: &str = "0.22.2";

/// Brings Rust's standard library for the browser, if it is not there yet.
pub fn wasm_target(progress: &Progress) -> Result<()> {
    progress.say("looking for the wasm target");
    let mut ask = project::command("rustc");
    ask.args(["--print", "target-libdir", "--target", WASM_TARGET]);
    if Path::new(process::output(ask)?.trim()).is_dir() {
        return Ok(());
    }
    rustup(progress, &["target", "add", WASM_TARGET])
}

/// Brings `cargo fmt` and `cargo clippy`, which minimal Rust installations lack.
pub fn rust_checkers(progress: &Progress) -> Result<()> {
    for (subcommand, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        progress.say(component);
        if process::output(project::cargo([subcommand, "--version"])).is_err() {
            rustup(progress, &["component", "add", component])?;
        }
    }
    Ok(())
}

fn rustup(progress: &Progress, arguments: &[&str]) -> Result<()> {
    let by_hand = format!("rustup {}", arguments.join(" "));
    if project::find_program("rustup").is_none() {
        bail!("this Rust was not installed by rustup, so please bring what `{by_hand}` would bring");
    }
    let mut command = project::command("rustup");
    command.args(arguments);
    progress.run(command).with_context(|| format!("please run `{by_hand}` where it can work"))
}

/// The folder of npm packages of the build itself.
fn npm_dir() -> PathBuf {
    project::root().join("xtask/npm")
}

/// Brings `wasm-opt`. Without npm or its registry the build goes on, with a larger browser part.
pub fn wasm_opt(progress: &Progress) {
    if let Err(error) = npm_packages(&npm_dir(), progress) {
        let error = format!("{error:#}");
        let reason = error.lines().next().unwrap_or_default();
        progress.note(format!("without wasm-opt the browser part stays three times as large: {reason}"));
    }
}

/// `wasm-opt` of the npm package `binaryen` (a script for node), or `None` where it could not be brought.
pub fn find_wasm_opt() -> Option<PathBuf> {
    project::find_program("node")?;
    Some(npm_dir().join("node_modules/binaryen/bin/wasm-opt")).filter(|script| script.is_file())
}

/// Installs the packages of `dir/package-lock.json` into `dir/node_modules`, unless they are there.
pub fn npm_packages(dir: &Path, progress: &Progress) -> Result<()> {
    progress.say("packages from npm");
    let lock = dir.join("package-lock.json");
    let wanted = fs::read(&lock).with_context(|| format!("cannot read {}", project::shown(&lock)))?;
    let stamp = dir.join("node_modules").join(NPM_STAMP);
    if fs::read(&stamp).is_ok_and(|present| present == wanted) {
        return Ok(());
    }
    if project::find_program("npm").is_none() {
        bail!("npm is missing; please install Node.js 20 or later");
    }
    let mut install = project::command("npm");
    install.current_dir(dir).args(["ci", "--no-audit", "--no-fund"]);
    progress.run(install).with_context(|| format!("cannot install the packages of {}", project::shown(&lock)))?;
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", project::shown(&stamp)))
}

/// cargo-machete, which finds dependencies that nothing uses. Built once and kept in cargo's target folder.
pub fn machete(progress: &Progress) -> Result<PathBuf> {
    installed(progress, "cargo-machete", MACHETE_VERSION)
}

/// cargo-audit, which knows of known holes in crates. Likewise.
pub fn audit(progress: &Progress) -> Result<PathBuf> {
    installed(progress, "cargo-audit", AUDIT_VERSION)
}

/// A program of crates.io in one version.
fn installed(progress: &Progress, name: &str, version: &str) -> Result<PathBuf> {
    let home = project::target_dir().join("tools").join(format!("{name}-{version}"));
    let binary = home.join("bin").join(name);
    if binary.is_file() {
        return Ok(binary);
    }
    progress.say(&format!("building {name}, once"));
    // The unoptimised build takes a third of the time and still does its work in a blink.
    let mut install = project::cargo(["install", "--debug", "--locked", name, "--version", version]);
    install.arg("--root").arg(&home);
    install.env("CARGO_TARGET_DIR", home.join("build")).env("CARGO_PROFILE_DEV_DEBUG", "0");
    progress.run(install).with_context(|| format!("cannot install {name}"))?;
    fs::remove_dir_all(home.join("build")).with_context(|| format!("cannot clear away the build of {name}"))?;
    Ok(binary)
}

/// Debian's Chromium without windows: the same engine, and the journeys take less time in it.
const HEADLESS_CHROMIUM: &str = "chromium-headless-shell";

/// The browser of the journeys: `CHROMIUM` if set, else a Chromium on `PATH`.
pub fn find_chromium() -> Option<PathBuf> {
    let names = [HEADLESS_CHROMIUM, "chromium", "chromium-browser", "google-chrome"];
    env::var_os("CHROMIUM").map(PathBuf::from).or_else(|| names.into_iter().find_map(project::find_program))
}

/// The virus scanner: on `PATH`, or where Debian puts it.
pub fn find_clamd() -> Option<PathBuf> {
    project::find_program("clamd").or_else(|| Some(PathBuf::from("/usr/sbin/clamd")).filter(|program| program.is_file()))
}

/// The folder with `initdb` and `pg_ctl`: that of `PATH`, else the newest of Debian's.
pub fn find_postgres() -> Option<PathBuf> {
    let on_path = project::find_program("initdb").filter(|initdb| initdb.with_file_name("pg_ctl").is_file());
    if let Some(initdb) = on_path {
        return initdb.parent().map(Path::to_path_buf);
    }
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    versions.filter_map(|entry| Some(entry.ok()?.path().join("bin"))).filter(|bin| bin.join("initdb").is_file()).max_by_key(|bin| version_in(bin))
}

/// `15` of `/usr/lib/postgresql/15/bin`.
fn version_in(bin: &Path) -> u32 {
    bin.parent().and_then(Path::file_name).and_then(|name| name.to_str()?.parse().ok()).unwrap_or(0)
}

/// Brings Chromium, PostgreSQL, clamd and npm through the system's packages, as far as they are missing.
pub fn system_packages(progress: &Progress) -> Result<()> {
    progress.say("looking for Chromium, PostgreSQL, clamd and npm");
    let wanted = [
        (find_chromium().is_some(), &["chromium", "fonts-liberation"][..]),
        (find_postgres().is_some(), &["postgresql"]),
        (find_clamd().is_some(), &["clamav-daemon"]),
        (project::find_program("npm").is_some(), &["nodejs", "npm"]),
    ];
    let mut missing: Vec<&str> = wanted.iter().filter(|(present, _)| !present).flat_map(|(_, packages)| *packages).copied().collect();
    if missing.is_empty() {
        return Ok(());
    }
    let by_hand = format!("sudo apt-get update && sudo apt-get install -y {}", missing.join(" "));
    let prefix = privilege().ok_or_else(|| anyhow!("the tests need {}; on Debian or Ubuntu please run\n\n    {by_hand}\n", missing.join(", ")))?;
    let apt_get = |arguments: &[&str]| {
        let (program, rest) = prefix.split_first().map_or(("apt-get", &[][..]), |(sudo, rest)| (*sudo, rest));
        let mut command = project::command(program);
        command.args(rest).args((!prefix.is_empty()).then_some("apt-get")).args(arguments);
        command.env("DEBIAN_FRONTEND", "noninteractive");
        progress.run(command).with_context(|| format!("please run `{by_hand}` by hand"))
    };
    apt_get(&["update"])?;
    if is_packaged(HEADLESS_CHROMIUM) {
        missing.iter_mut().filter(|package| **package == "chromium").for_each(|package| *package = HEADLESS_CHROMIUM);
    }
    apt_get(&[&["install", "-y", "--no-install-recommends"], &missing[..]].concat())
}

/// Whether the system has a package of this name; older Debians and Ubuntu lack some.
fn is_packaged(package: &str) -> bool {
    let mut show = project::command("apt-cache");
    show.args(["show", package]);
    process::output(show).is_ok()
}

/// What to put before `apt-get`: nothing for root, `sudo -n` where it asks for no password, `None` where neither works.
fn privilege() -> Option<&'static [&'static str]> {
    project::find_program("apt-get")?;
    if is_root() {
        return Some(&[]);
    }
    let mut sudo = project::command("sudo");
    sudo.args(["-n", "true"]);
    process::output(sudo).is_ok().then_some(&["sudo", "-n"])
}

/// Whether we run as root.
pub fn is_root() -> bool {
    user_number("-u", None) == Some(0)
}

/// The number that `id` prints for a user: `-u` for the user's own, `-g` for the group's.
pub fn user_number(flag: &str, user: Option<&str>) -> Option<u32> {
    let mut id = std::process::Command::new("id");
    id.arg(flag).args(user);
    process::output(id).ok()?.trim().parse().ok()
}
