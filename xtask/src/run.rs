//! `cargo xtask run`: from a fresh clone to a portal that answers.

use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::assets;
use crate::project;
use crate::steps::{Progress, Steps};

/// What `cargo xtask run` can be told.
#[derive(clap::Args)]
pub struct Options {
    /// Start without the made-up cases, as for a real authority
    #[arg(long)]
    empty: bool,
    /// Build the server as for real use: slow to build, fast to answer
    #[arg(long)]
    release: bool,
    /// Build the browser part quickly instead of small
    #[arg(long, conflicts_with = "release")]
    dev: bool,
    /// Where to answer
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where the portal keeps its data
    #[arg(long, value_name = "DIR", default_value = "data-dir")]
    data: PathBuf,
}

/// Builds everything, then turns into the server.
pub fn run(options: &Options) -> Result<ExitCode> {
    let mut steps = Steps::new(assets::STEPS + 2);
    assets::build(&mut steps, options.dev)?;
    build_server(&mut steps, options.release)?;
    steps.step("Starting the portal", |progress| {
        progress.note(format!("at http://{} — stop it with Ctrl-C", options.listen));
        Ok(())
    })?;

    let mut server = project::command(project::server_binary(profile(options.release)));
    server.arg("serve").args((!options.empty).then_some("--demo"));
    server.arg("--listen").arg(options.listen.to_string()).arg("--data").arg(&options.data);
    // The server takes this process's place, so that every signal reaches it and its exit code is ours.
    Err(server.exec()).context("cannot start the portal")
}

/// The step that builds the server.
pub fn build_server(steps: &mut Steps, release: bool) -> Result<()> {
    steps.step("Building the server", |progress| compile_server(release, progress))
}

/// Builds the server's executables.
pub fn compile_server(release: bool, progress: &Progress) -> Result<()> {
    let mut build = project::cargo(["build", "--package", "server"]);
    build.args(release.then_some("--release"));
    progress.run(build).context("the server does not compile")
}

/// Cargo's name for the folder of a build.
pub fn profile(release: bool) -> &'static str {
    if release { "release" } else { "debug" }
}
