//! `nghedan-bench`: measures the portal on the machine it runs on and prints one table (`cargo xtask bench`).
//!
//! Every figure stands beside a reference measured in the same run, because a number alone says more about the machine than
//! about the portal. Everything happens over loopback, with a bounded number of requests. Data folders are made once and used
//! again: a million invented cases take minutes to write.

mod client;
mod data;
mod filing;
mod lists;
mod live;
mod pages;
mod process;
mod relations;
mod table;
mod weights;

use app::error::{AppError, Result};
use clap::Parser;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use table::Row;

/// The command line.
#[derive(Debug, Parser)]
#[command(name = "nghedan-bench", about = "Measures the portal and prints one table")]
pub struct Options {
    /// A shorter run: fewer and shorter rounds, 10,000 against 100,000 cases.
    #[arg(long)]
    quick: bool,
    /// Cases of the small database.
    #[arg(long, default_value_t = 10_000)]
    small: u64,
    /// Cases of the large database. Without it 1,000,000, or 100,000 with --quick.
    #[arg(long)]
    large: Option<u64>,
    /// Where the databases are kept from one run to the next.
    #[arg(long, default_value = "target/bench")]
    data: PathBuf,
    /// Only these parts: pages, filing, live, lists, relations, bytes, start, memory.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Serves an empty answer at this address: what start and memory are compared with.
    #[arg(long, hide = true)]
    bare: Option<SocketAddr>,
}

impl Options {
    fn large(&self) -> u64 {
        self.large.unwrap_or(if self.quick { 100_000 } else { 1_000_000 })
    }

    fn wants(&self, part: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|wanted| wanted == part)
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let done = match options.bare {
        Some(address) => process::serve_bare(address).await,
        None => run(&options).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("nghedan-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> Result<()> {
    if cfg!(debug_assertions) {
        eprintln!("note: this is not a release build; its figures say nothing");
    }
    let mut rows: Vec<Row> = Vec::new();
    let small = data::database(options, options.small).await?;
    if options.wants("bytes") {
        rows.extend(weights::measure(&small).await?);
    }
    if options.wants("pages") {
        rows.extend(pages::measure(options, &small).await?);
    }
    if options.wants("filing") {
        rows.extend(filing::measure(options, &small).await?);
    }
    if options.wants("live") {
        rows.extend(live::measure(options, &small).await?);
    }
    if options.wants("start") {
        rows.extend(process::start(options, &small).await?);
    }
    if options.wants("lists") || options.wants("relations") || options.wants("memory") {
        let large = data::database(options, options.large()).await?;
        if options.wants("lists") {
            rows.extend(lists::measure(options, &small, &large).await?);
        }
        if options.wants("relations") {
            rows.extend(relations::measure(options, &small, &large).await?);
        }
        if options.wants("memory") {
            rows.extend(process::memory(options, &large).await?);
        }
    }
    print!("{}", table::markdown(&rows));
    Ok(())
}

/// A fault of the machine or of the benchmark.
fn broken(what: impl std::fmt::Display) -> AppError {
    AppError::internal(what)
}
