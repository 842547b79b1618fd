//! The project's own command line: `cargo xtask run`, `cargo xtask test` and a few more.
//!
//! It is an ordinary program of the workspace (`.cargo/config.toml` holds the alias), so it needs nothing but a Rust
//! toolchain to start, and its tools have the versions of the workspace's own `Cargo.lock`. One file per noun:
//! what a command does stands in the file of its name; `tools` brings what is missing, `steps` shows how far it is.

mod assets;
#[cfg(test)]
mod asvs;
mod audit;
mod bench;
mod clamd;
mod dist;
mod fuzz;
mod postgres;
mod process;
mod project;
mod run;
mod site;
mod steps;
mod styles;
mod suite;
mod test;
mod tools;
mod wasm;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The commands of the project Nghe Dân.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything and start the portal, with made-up cases to look at
    Run(run::Options),
    /// Check formatting, lints and dependencies, and run all tests
    Test(test::Options),
    /// Build the browser part, the styles and the icons into `site/`
    Assets(assets::Options),
    /// Measure the portal on this machine
    Bench(bench::Options),
    /// Look for known holes in the crates in use, before each release
    Audit(audit::Options),
    /// Make the release: one executable in `dist/`
    Dist,
    /// Send bytes nobody thought of through everything that reads what strangers send
    Fuzz(fuzz::Options),
    /// Run a command beside a private PostgreSQL, e.g. `cargo xtask pg -- psql`
    Pg(postgres::Options),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Run(options) => run::run(&options),
        Command::Test(options) => test::test(&options),
        Command::Assets(options) => assets::command(&options),
        Command::Bench(options) => bench::bench(&options),
        Command::Audit(options) => audit::audit(&options),
        Command::Dist => dist::dist(),
        Command::Fuzz(options) => fuzz::fuzz(&options),
        Command::Pg(options) => postgres::command(&options),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("\nerror: {error:#}");
        ExitCode::FAILURE
    })
}
