//! `cargo xtask test`: everything that must be well before a change is taken.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::assets;
use crate::clamd::Clamd;
use crate::postgres::Postgres;
use crate::project;
use crate::run;
use crate::steps::{Progress, Steps};
use crate::suite::Suite;
use crate::tools::{self, WASM_TARGET};

/// The tests of pages, forms and rules. The same on both databases: another choice of packages would compile everything once more.
const TESTS: [&str; 7] = ["test", "--package", "app", "--features", "ssr", "--package", "server"];
/// The tests of this program itself.
const TESTS_OF_XTASK: [&str; 3] = ["test", "--package", "xtask"];

/// What `cargo xtask test` can be told.
#[derive(clap::Args)]
pub struct Options {
    /// Leave out PostgreSQL and the browser
    #[arg(long)]
    fast: bool,
    /// Keep a picture of every page of the journeys, light and dark, in end2end/shots
    #[arg(long)]
    pictures: bool,
    /// Run only tests whose name contains this, and no other check
    filter: Option<String>,
}

/// Sets up, checks and tests.
pub fn test(options: &Options) -> Result<ExitCode> {
    // Without its tools hardly anything could run, so this alone ends the whole.
    Steps::new(1).step("Setting up", |progress| set_up(options, progress))?;
    let checks = if options.filter.is_some() { 0 } else { CHECKS };
    let slow = if options.fast { 0 } else { ON_POSTGRES + SCANNING + JOURNEYS };
    let mut suite = Suite::new(checks + ON_SQLITE + slow);
    if options.filter.is_none() {
        check(&mut suite);
    }
    // Before the tests: they compile the server with it, and the journeys visit that very program.
    let browser_part = !options.fast && suite.quietly("browser part and styles", |progress| assets::build_quietly(false, progress)).is_some();
    on_sqlite(&mut suite, options);
    if !options.fast {
        on_postgres(&mut suite, options);
        scanning(&mut suite, options);
        journeys(&mut suite, browser_part, options);
    }
    Ok(suite.finish())
}

fn set_up(options: &Options, progress: &Progress) -> Result<()> {
    tools::wasm_target(progress)?;
    if options.filter.is_none() {
        tools::rust_checkers(progress)?;
    }
    if !options.fast {
        tools::system_packages(progress)?;
        tools::npm_packages(&end2end(), progress)?;
        tools::wasm_opt(progress);
    }
    assets::ensure(progress)
}

/// How many checks [`check`] has.
const CHECKS: usize = 5;

/// What needs no test run.
fn check(suite: &mut Suite) {
    suite.command("formatting", project::cargo(["fmt", "--all", "--", "--check"]));

    let mut server = project::cargo(["clippy", "--package", "app", "--features", "ssr", "--package", "server"]);
    server.args(["--package", "xtask", "--all-targets", "--", "-D", "warnings"]);
    suite.command("clippy, server", server);

    let mut browser = project::cargo(["clippy", "--package", "app", "--no-default-features", "--features", "hydrate"]);
    browser.args(["--target", WASM_TARGET, "--target-dir"]).arg(project::browser_target_dir());
    browser.args(["--", "-D", "warnings"]);
    suite.command("clippy, browser part", browser);

    match suite.quietly("cargo-machete", tools::machete) {
        Some(machete) => {
            let mut unused = project::command(machete);
            // Some crates' libraries have other names than the crates: only the metadata tell.
            unused.args(["--with-metadata", "app", "server", "xtask"]);
            suite.command("unused dependencies", unused);
        }
        None => suite.leave_out("unused dependencies", "no cargo-machete"),
    }
}

/// How many checks [`on_sqlite`] has.
const ON_SQLITE: usize = 2;

fn on_sqlite(suite: &mut Suite, options: &Options) {
    suite.command("tests on SQLite", cargo_test(&TESTS, options));
    suite.command("tests of xtask", cargo_test(&TESTS_OF_XTASK, options));
}

/// How many checks [`on_postgres`] has.
const ON_POSTGRES: usize = 2;

fn on_postgres(suite: &mut Suite, options: &Options) {
    const TITLE: &str = "tests on PostgreSQL";
    match suite.quietly("a private PostgreSQL", |_| Postgres::start()) {
        Some(postgres) => {
            let mut tests = cargo_test(&TESTS, options);
            postgres.announce(&mut tests);
            suite.command(TITLE, tests);
        }
        None => suite.leave_out(TITLE, "no PostgreSQL"),
    }
}

/// How many checks [`scanning`] has.
const SCANNING: usize = 2;

/// The tests of uploads once more, with a real virus scanner in the place of the one that only speaks its protocol.
fn scanning(suite: &mut Suite, options: &Options) {
    const TITLE: &str = "scanning with a real clamd";
    match suite.quietly("a private clamd", |_| Clamd::start()) {
        Some(clamd) => {
            let only = Options { fast: false, pictures: false, filter: options.filter.clone().or_else(|| Some("scanning::".to_owned())) };
            let mut tests = cargo_test(&TESTS, &only);
            clamd.announce(&mut tests);
            suite.command(TITLE, tests);
        }
        None => suite.leave_out(TITLE, "no clamd"),
    }
}

fn cargo_test(arguments: &[&str], options: &Options) -> Command {
    let mut tests = project::cargo(arguments.iter().copied());
    tests.arg("--no-fail-fast");
    if let Some(filter) = &options.filter {
        tests.arg("--").arg(filter);
    }
    tests
}

/// How many checks [`journeys`] has, with the browser part they need.
const JOURNEYS: usize = 3;

/// What people do, in a real browser, with scripts and without.
fn journeys(suite: &mut Suite, browser_part: bool, options: &Options) {
    let mut types = project::command("npx");
    types.current_dir(end2end()).args(["tsc", "--noEmit"]);
    suite.command("types of the journeys", types);

    const TITLE: &str = "journeys in the browser";
    if !browser_part {
        return suite.leave_out(TITLE, "nothing to visit");
    }
    match playwright(options) {
        Ok(journeys) => {
            suite.command(TITLE, journeys);
        }
        Err(error) => {
            println!("{error:#}");
            suite.leave_out(TITLE, "no Chromium");
        }
    }
}

fn playwright(options: &Options) -> Result<Command> {
    let mut journeys = project::command("npx");
    journeys.current_dir(end2end()).args(["playwright", "test"]);
    if let Some(filter) = &options.filter {
        journeys.args(["--pass-with-no-tests", "--grep"]).arg(filter);
    }
    journeys.env("CHROMIUM", tools::find_chromium().context("Chromium is missing")?);
    // Compiled by the tests: a build of its own would choose other features and compile half of the dependencies again.
    journeys.env("NGHEDAN_BIN", project::server_binary(run::profile(false)));
    if options.pictures {
        journeys.env("NGHEDAN_PICTURES", "1");
    }
    Ok(journeys)
}

fn end2end() -> std::path::PathBuf {
    project::root().join("end2end")
}
