//! `cargo xtask fuzz`: bytes nobody thought of, through everything that reads what strangers send (`fuzz/README.md`).
//!
//! Without cargo-fuzz and on the toolchain the portal is built with: what the compiler must put into the code for libFuzzer are four flags.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::process::{self, Lines};
use crate::project;
use crate::steps::Steps;

/// What can be fuzzed, as `fuzz/src/drive.rs` says.
const TARGETS: [&str; 7] = ["form", "multipart", "image", "pdf", "code", "deadline", "pages"];
/// The one whose work the portal leaves to a process of its own: what ends that process is written down, and fuzzing goes on.
const DRAWN_APART: &str = "pages";
/// Counters at every branch, their places, and what is compared with what.
const INSTRUMENTS: [&str; 5] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];
/// As `.cargo/config.toml` has it: the variable with the instruments replaces what stands there.
const OTHER_FLAGS: [&str; 2] = ["--cfg=erase_components", "--cfg=fuzzing"];
/// Longest input, in bytes: enough for every structure, small enough for many tries a second.
const INPUT_BYTES_MAX: usize = 64 * 1024;
/// Longest time for one input, in seconds: what takes longer ends the run.
const INPUT_SECONDS_MAX: u32 = 10;
/// What takes longer than this is kept and told, in seconds.
const SLOW_SECONDS: u32 = 1;
/// Most memory at once and for one piece, in MiB: a picture of the largest size allowed takes 360.
const MEMORY_MIB_MAX: u32 = 512;
/// The stack of the threads on which the server cleans what comes in, in KiB.
const STACK_KIB: u32 = 2 * 1024;
/// Most bytes kept of one corpus: it is replayed in every run of the tests, and lies in the repository.
const CORPUS_BYTES_MAX: u64 = 300 * 1024;

/// What `cargo xtask fuzz` can be told.
#[derive(clap::Args)]
pub struct Options {
    /// One target: form, multipart, image, pdf, code, deadline or pages. Without it, all, one after the other
    #[arg(value_parser = TARGETS)]
    target: Option<String>,
    /// How long each of them, in minutes
    #[arg(long, default_value_t = 10)]
    minutes: u32,
    /// Build the fuzzers and leave it at that
    #[arg(long)]
    build: bool,
}

/// Builds the fuzzers and runs them one at a time.
pub fn fuzz(options: &Options) -> Result<ExitCode> {
    let host = host()?;
    let targets: Vec<&str> = TARGETS.into_iter().filter(|target| options.target.as_deref().is_none_or(|wanted| wanted == *target)).collect();
    let mut steps = Steps::new(1 + if options.build { 0 } else { targets.len() });
    steps.step("Building the fuzzers", |progress| progress.run(build(&host)))?;
    if options.build {
        return Ok(ExitCode::SUCCESS);
    }
    let mut failed = Vec::new();
    let mut rows = Vec::new();
    for target in targets {
        println!("{}", steps.next_label(target));
        let run = run(&host, target, options.minutes)?;
        if run.is_ended && target != DRAWN_APART {
            failed.push(target);
        }
        keep(&host, target)?;
        rows.push(run.row(target)?);
    }
    println!("\n| target | inputs | a second | edges | slowest | peak memory | corpus | found |\n|---|---|---|---|---|---|---|---|");
    rows.iter().for_each(|row| println!("{row}"));
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    println!("\nToo much for: {}. The inputs lie in {}.", failed.join(", "), project::shown(&found_dir("")));
    Ok(ExitCode::FAILURE)
}

fn fuzz_dir() -> PathBuf {
    project::root().join("fuzz")
}

fn target_dir() -> PathBuf {
    project::target_dir().join("fuzz")
}

/// Where inputs lie that were too much or too slow.
fn found_dir(target: &str) -> PathBuf {
    target_dir().join("found").join(target)
}

/// Where the corpus grows before the best of it is kept.
fn grown_dir(target: &str) -> PathBuf {
    target_dir().join("grown").join(target)
}

/// The platform rustc builds for by itself. Named, so that build scripts and macros get no instruments.
fn host() -> Result<String> {
    let mut rustc = project::command("rustc");
    rustc.arg("-vV");
    let version = process::output(rustc)?;
    version.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned).context("rustc does not say what it runs on")
}

fn build(host: &str) -> Command {
    let mut build = project::cargo(["build", "--release", "--bins", "--target", host, "--manifest-path"]);
    build.arg(fuzz_dir().join("Cargo.toml")).arg("--target-dir").arg(target_dir());
    build.env("CARGO_ENCODED_RUSTFLAGS", [&INSTRUMENTS[..], &OTHER_FLAGS].concat().join("\u{1f}"));
    build
}

fn program(host: &str, target: &str) -> PathBuf {
    target_dir().join(host).join("release").join(target)
}

/// A fuzzer with the stack that the server's threads have.
fn fuzzer(host: &str, target: &str) -> Command {
    let mut command = project::command("sh");
    command.args(["-c", &format!("ulimit -s {STACK_KIB}; exec \"$@\""), "sh"]).arg(program(host, target));
    command
}

/// What libFuzzer says of its runs.
#[derive(Default)]
struct Run {
    inputs: u64,
    seconds: u64,
    /// Branches reached, by whatever lies in the corpus.
    edges: u64,
    slowest_seconds: u64,
    peak_mib: u64,
    /// Whether an input ended it before its time.
    is_ended: bool,
}

impl Run {
    fn take(&mut self, stats: &BTreeMap<String, u64>) {
        let stat = |name: &str| stats.get(name).copied().unwrap_or(0);
        self.inputs += stat("number_of_executed_units");
        self.slowest_seconds = self.slowest_seconds.max(stat("slowest_unit_time_sec"));
        self.peak_mib = self.peak_mib.max(stat("peak_rss_mb"));
    }

    fn row(&self, target: &str) -> Result<String> {
        let (files, bytes) = size(&fuzz_dir().join("corpus").join(target))?;
        let (found, _) = size(&found_dir(target))?;
        let Self { inputs, seconds, edges, slowest_seconds, peak_mib, .. } = self;
        Ok(format!(
            "| {target} | {inputs} in {seconds} s | {} | {edges} | {slowest_seconds} s | {peak_mib} MiB | {files} files, {} KiB | {found} |",
            inputs / seconds.max(&1),
            bytes / 1024
        ))
    }
}

/// Files and bytes in a folder.
fn size(dir: &Path) -> Result<(usize, u64)> {
    let files = files(dir)?;
    Ok((files.len(), files.iter().map(|(bytes, _)| bytes).sum()))
}

/// The files of a folder with their sizes, the smallest first; none if there is no folder.
fn files(dir: &Path) -> Result<Vec<(u64, PathBuf)>> {
    if !dir.is_dir() {
        return Ok(Vec::new());
    }
    let read = |entry: std::io::Result<fs::DirEntry>| -> std::io::Result<(u64, PathBuf)> {
        let entry = entry?;
        Ok((entry.metadata()?.len(), entry.path()))
    };
    let files = fs::read_dir(dir).and_then(|entries| entries.map(read).collect::<std::io::Result<Vec<_>>>());
    let mut files = files.with_context(|| format!("cannot read {}", project::shown(dir)))?;
    files.sort();
    Ok(files)
}

/// Runs a fuzzer for so many minutes; one whose inputs may end it is started again.
fn run(host: &str, target: &str, minutes: u32) -> Result<Run> {
    for dir in [grown_dir(target), found_dir(target), fuzz_dir().join("corpus").join(target)] {
        fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", project::shown(&dir)))?;
    }
    let (start, total) = (Instant::now(), u64::from(minutes) * 60);
    let mut run = Run::default();
    loop {
        run.seconds = start.elapsed().as_secs();
        if run.seconds >= total || (run.is_ended && target != DRAWN_APART) {
            return Ok(run);
        }
        let mut stats = BTreeMap::new();
        let mut lines = Lines::default();
        let status = process::run_piped(once(host, target, total - run.seconds), |piece| {
            lines.push(piece, |line| {
                run.edges = run.edges.max(edges(line).unwrap_or(0));
                if let Some((name, value)) = stat(line) {
                    stats.insert(name, value);
                } else if is_worth_telling(line) {
                    println!("      {line}");
                }
            });
        })?;
        if stats.is_empty() {
            bail!("the fuzzer of {target} ended without a word ({status})");
        }
        run.take(&stats);
        run.is_ended |= !status.success();
    }
}

fn once(host: &str, target: &str, seconds: u64) -> Command {
    let mut command = fuzzer(host, target);
    command.arg(grown_dir(target)).arg(fuzz_dir().join("corpus").join(target)).arg(fuzz_dir().join("seeds").join(target));
    let dictionary = fuzz_dir().join("dictionaries").join(format!("{target}.dict"));
    if dictionary.is_file() {
        command.arg(format!("-dict={}", dictionary.display()));
    }
    command.args(limits()).arg(format!("-max_total_time={seconds}"));
    command.arg(format!("-report_slow_units={SLOW_SECONDS}")).arg("-print_final_stats=1").arg("-reload=0");
    command.arg(format!("-artifact_prefix={}/", found_dir(target).display()));
    command
}

fn limits() -> [String; 4] {
    [
        format!("-max_len={INPUT_BYTES_MAX}"),
        format!("-timeout={INPUT_SECONDS_MAX}"),
        format!("-rss_limit_mb={MEMORY_MIB_MAX}"),
        format!("-malloc_limit_mb={MEMORY_MIB_MAX}"),
    ]
}

/// `stat::peak_rss_mb: 104` as a name and a number.
fn stat(line: &str) -> Option<(String, u64)> {
    let (name, value) = line.strip_prefix("stat::")?.split_once(':')?;
    Some((name.to_owned(), value.trim().parse().ok()?))
}

/// How many branches were reached when `#1024 pulse  cov: 12 ft: 13 …` was said.
fn edges(line: &str) -> Option<u64> {
    line.strip_prefix('#')?.split_once(" cov: ")?.1.split(' ').next()?.parse().ok()
}

/// What a person wants to see while it runs: not each new path.
fn is_worth_telling(line: &str) -> bool {
    ["panicked at", "ERROR:", "SUMMARY:", "Slowest unit", "artifact_prefix", "pulse", "in the drawing process"].iter().any(|sign| line.contains(sign))
}

/// Keeps the smallest inputs that reach everything reached so far, within [`CORPUS_BYTES_MAX`].
fn keep(host: &str, target: &str) -> Result<()> {
    let (corpus, fresh) = (fuzz_dir().join("corpus").join(target), target_dir().join("merged").join(target));
    if fresh.is_dir() {
        fs::remove_dir_all(&fresh).with_context(|| format!("cannot clear away {}", project::shown(&fresh)))?;
    }
    fs::create_dir_all(&fresh).with_context(|| format!("cannot make {}", project::shown(&fresh)))?;
    let mut merge = fuzzer(host, target);
    merge.arg("-merge=1").args(limits()).arg(&fresh).arg(&corpus).arg(grown_dir(target));
    merge.current_dir(target_dir());
    let status = process::run_piped(merge, |_| {})?;
    if !status.success() {
        bail!("the corpus of {target} could not be put together ({status})");
    }
    for (_, old) in files(&corpus)? {
        fs::remove_file(&old).with_context(|| format!("cannot clear away {}", project::shown(&old)))?;
    }
    let mut left = CORPUS_BYTES_MAX;
    for (bytes, file) in files(&fresh)? {
        let (Some(rest), Some(name)) = (left.checked_sub(bytes), file.file_name()) else { break };
        left = rest;
        fs::copy(&file, corpus.join(name)).with_context(|| format!("cannot keep {}", project::shown(&file)))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_and_the_rest_is_not() {
        assert_eq!(stat("stat::peak_rss_mb:              104"), Some(("peak_rss_mb".to_owned(), 104)));
        let pulse = "#1024\tpulse  cov: 12 ft: 13 corp: 2/3b exec/s: 512 rss: 40Mb";
        assert_eq!((stat(pulse), edges(pulse)), (None, Some(12)));
        assert_eq!(edges("==7== ERROR: libFuzzer: timeout after 11 seconds"), None);
    }

    /// A target without seeds begins with nothing, and one that is not in the list is never run.
    #[test]
    fn every_target_has_a_program_and_seeds() {
        let names = |dir: &str| {
            let files = files(&fuzz_dir().join(dir)).expect("a folder");
            files.into_iter().filter_map(|(_, path)| Some(path.file_stem()?.to_str()?.to_owned())).collect::<std::collections::BTreeSet<_>>()
        };
        let listed = TARGETS.map(str::to_owned).into();
        assert_eq!(names("fuzz_targets"), listed);
        assert_eq!(names("seeds"), listed);
    }

    /// The flags of `.cargo/config.toml` go with the instruments, or pages would be compiled another way than the portal's.
    #[test]
    fn other_flags_are_those_of_the_project() {
        let config = fs::read_to_string(project::root().join(".cargo/config.toml")).expect("the project's settings");
        assert!(config.contains("rustflags = [\"--cfg\", \"erase_components\"]"), "{config}");
    }
}
