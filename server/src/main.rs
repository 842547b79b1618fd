//! `nghedan`: reads the command line, sets up logging, does what was asked.

use clap::Parser;
use server::config::{Cli, Command};
use std::io::IsTerminal;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let (filter, is_json) = match &cli.command {
        // Lines of their own for people at a terminal only: what a mail server answers could pretend to be a line of the log.
        Command::Serve(args) => (args.log.clone(), args.log_json || !std::io::stderr().is_terminal()),
        _ => ("warn".to_owned(), false),
    };
    let filter = match EnvFilter::try_new(&filter) {
        Ok(filter) => filter,
        Err(error) => {
            eprintln!("nghedan: --log {filter:?}: {error}");
            return ExitCode::FAILURE;
        }
    };
    if let Err(error) = server::logging::begin(filter, is_json, std::io::stderr) {
        eprintln!("nghedan: the log: {error}");
        return ExitCode::FAILURE;
    }
    match server::cli::run(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("nghedan: {error}");
            ExitCode::FAILURE
        }
    }
}
