//! `cargo xtask audit`: known holes in the crates of `Cargo.lock`, by the advisories of RustSec.
//!
//! Before each release and each week, by hand and not among the tests: an advisory that is published tomorrow must not make yesterday's commit
//! fail, nor a machine that cannot reach the list. What is known and accepted stands with its reason in `.cargo/audit.toml`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::project;
use crate::steps::Steps;
use crate::tools;

/// What to look into.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// A copy of RustSec's list (a git folder), where the list itself cannot be reached. What it finds is as old as the copy.
    #[arg(long, value_name = "FOLDER")]
    list: Option<PathBuf>,
}

/// Looks, and says what it found. Fails where there is something.
pub fn audit(options: &Options) -> Result<ExitCode> {
    let mut steps = Steps::new(1);
    let program = steps.step("Bringing cargo-audit", tools::audit)?;
    let mut look = project::command(program);
    look.arg("audit").current_dir(project::root());
    if let Some(list) = &options.list {
        let list = list.canonicalize().with_context(|| format!("there is no folder {}", list.display()))?;
        look.args(["--no-fetch", "--stale", "--db"]).arg(list);
    }
    let status = look.status().context("cannot start cargo-audit")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
