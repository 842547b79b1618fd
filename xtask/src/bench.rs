//! `cargo xtask bench`: builds the release and lets the server's own benchmark measure it.

use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::assets;
use crate::project;
use crate::run;
use crate::steps::Steps;

/// The server's executable that measures.
const BENCHMARK: &str = "nghedan-bench";

/// What `cargo xtask bench` can be told.
#[derive(clap::Args)]
pub struct Options {
    /// Handed on to the benchmark, after `--`
    #[arg(last = true)]
    arguments: Vec<String>,
}

/// Builds the release with its browser part, then measures.
pub fn bench(options: &Options) -> Result<ExitCode> {
    let mut steps = Steps::new(assets::STEPS + 1);
    assets::build(&mut steps, false)?;
    run::build_server(&mut steps, true)?;

    let benchmark = project::server_binary(run::profile(true)).with_file_name(BENCHMARK);
    if !benchmark.is_file() {
        bail!("the server has no {BENCHMARK} yet");
    }
    let mut command = project::command(&benchmark);
    command.args(&options.arguments);
    let status = command.status().with_context(|| format!("cannot start {}", project::shown(&benchmark)))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
