//! `cargo xtask dist`: the release, one executable with everything in it.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::assets;
use crate::project;
use crate::run;
use crate::steps::Steps;

/// Builds `dist/nghedan`.
pub fn dist() -> Result<ExitCode> {
    let mut steps = Steps::new(assets::STEPS + 2);
    assets::build(&mut steps, false)?;
    run::build_server(&mut steps, true)?;
    steps.step("Copying the executable", |progress| {
        let built = project::server_binary(run::profile(true));
        let dir = project::root().join("dist");
        fs::create_dir_all(&dir).context("cannot create the folder dist")?;
        let released = dir.join(built.file_name().context("the server has no name")?);
        let bytes = fs::copy(&built, &released).with_context(|| format!("cannot copy {} to {}", project::shown(&built), project::shown(&released)))?;
        progress.note(format!("{}: {:.1} MB", project::shown(&released), bytes as f64 / 1e6));
        Ok(())
    })?;
    Ok(ExitCode::SUCCESS)
}
