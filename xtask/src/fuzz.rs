//! `cargo xtask fuzz`: bytes nobody thought of, through everything that reads what strangers send (`fuzz/README.md`).
//!
//! Without cargo-fuzz and on the toolchain the portal is built with: what the compiler must put into the code for libFuzzer are four flags.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashSet};
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
/// Most inputs kept of one corpus: a build without optimisation draws thirty pages a second.
const CORPUS_FILES_MAX: usize = 200;
/// What an input costs besides its bytes.
const FILE_COSTS_BYTES: u64 = 200;

/// What `cargo xtask fuzz` can be told.
#[derive(clap::Args)]
pub struct Options {
    /// One target: form, multipart, image, pdf, code, deadline or pages. Without it, all, one after the other
    #[arg(value_parser = TARGETS)]
    target: Option<String>,
    /// How long each of them, in minutes; 0 only puts the corpus together anew
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
        let kept = keep(&host, target)?;
        rows.push(run.row(target, kept)?);
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

    fn row(&self, target: &str, kept: u64) -> Result<String> {
        let (files, bytes) = size(&fuzz_dir().join("corpus").join(target))?;
        let (found, _) = size(&found_dir(target))?;
        let Self { inputs, seconds, edges, slowest_seconds, peak_mib, .. } = self;
        Ok(format!(
            "| {target} | {inputs} in {seconds} s | {} | {edges} | {slowest_seconds} s | {peak_mib} MiB | {files} files, {} KiB, {kept} edges | {found} |",
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

/// Puts the corpus together anew from all that was found, and gives how many branches it reaches together with the seeds.
fn keep(host: &str, target: &str) -> Result<u64> {
    let (corpus, seeds, fresh) = (fuzz_dir().join("corpus").join(target), fuzz_dir().join("seeds").join(target), target_dir().join("fresh").join(target));
    let list = target_dir().join(format!("{target}.merge"));
    for old in [&fresh, &list].into_iter().filter(|old| old.exists()) {
        let cleared = if old.is_dir() { fs::remove_dir_all(old) } else { fs::remove_file(old) };
        cleared.with_context(|| format!("cannot clear away {}", project::shown(old)))?;
    }
    fs::create_dir_all(&fresh).with_context(|| format!("cannot make {}", project::shown(&fresh)))?;
    let mut merge = fuzzer(host, target);
    // Branches alone, not how often each was taken: of that there is no end.
    merge.args(["-set_cover_merge=1", "-use_counters=0"]).arg(format!("-merge_control_file={}", list.display())).args(limits());
    merge.arg(&fresh).arg(&corpus).arg(grown_dir(target)).arg(&seeds);
    merge.current_dir(target_dir());
    let status = process::run_piped(merge, |_| {})?;
    if !status.success() {
        bail!("the corpus of {target} could not be put together ({status})");
    }
    let list = fs::read_to_string(&list).with_context(|| format!("cannot read {}", project::shown(&list)))?;
    let (known, inputs): (Vec<_>, Vec<_>) = merged(&list).into_iter().partition(|input| input.path.starts_with(&seeds));
    let mut reached = known.into_iter().flat_map(|input| input.branches).collect();
    let best = best(&inputs, &mut reached, CORPUS_BYTES_MAX, CORPUS_FILES_MAX);
    // Read before anything is cleared away: most of them lie in the old corpus.
    let best = best.into_iter().map(|input| Ok((input.path.file_name().map(Into::into), fs::read(&input.path)?)));
    let best = best.collect::<std::io::Result<Vec<(Option<PathBuf>, Vec<u8>)>>>().with_context(|| format!("cannot read the inputs of {target}"))?;
    for (_, old) in files(&corpus)? {
        fs::remove_file(&old).with_context(|| format!("cannot clear away {}", project::shown(&old)))?;
    }
    for (name, bytes) in best {
        let file = corpus.join(name.unwrap_or_default());
        fs::write(&file, bytes).with_context(|| format!("cannot keep {}", project::shown(&file)))?;
    }
    fs::remove_dir_all(&fresh).and_then(|()| fs::create_dir(&fresh)).with_context(|| format!("cannot clear away {}", project::shown(&fresh)))?;
    let mut all = fuzzer(host, target);
    all.args(["-runs=0"]).args(limits()).arg(&fresh).arg(&corpus).arg(&seeds);
    let (mut kept, mut lines) = (0, Lines::default());
    process::run_piped(all, |piece| lines.push(piece, |line| kept = kept.max(edges(line).unwrap_or(0))))?;
    Ok(kept)
}

/// An input and the branches it reaches.
struct Input {
    path: PathBuf,
    bytes: u64,
    branches: Vec<u64>,
}

/// What libFuzzer wrote down while it put inputs together: how many there are, how many of them it had (none), the name of each, then for each that it
/// ran `STARTED n bytes` and `FT n branch branch …`.
fn merged(list: &str) -> Vec<Input> {
    let mut lines = list.lines();
    let count = lines.next().and_then(|line| line.parse().ok()).unwrap_or(0);
    let paths: Vec<&str> = lines.by_ref().skip(1).take(count).collect();
    let mut bytes = BTreeMap::new();
    let mut inputs = Vec::new();
    for line in lines {
        let mut words = line.split(' ');
        let kind = words.next();
        let Some((n, path)) = words.next().and_then(|n| n.parse::<usize>().ok()).and_then(|n| Some((n, paths.get(n)?))) else { continue };
        let mut numbers = words.filter_map(|word| word.parse::<u64>().ok());
        match kind {
            Some("STARTED") => drop(bytes.insert(n, numbers.next().unwrap_or(0))),
            Some("FT") => inputs.push(Input { path: path.into(), bytes: bytes.get(&n).copied().unwrap_or(0), branches: numbers.collect() }),
            _ => {}
        }
    }
    inputs
}

/// The inputs that reach most for their size, one after the other, until nothing is left to reach or no room. Smallest first would keep none of those
/// that go deep.
fn best<'a>(inputs: &'a [Input], reached: &mut HashSet<u64>, mut bytes_left: u64, files_max: usize) -> Vec<&'a Input> {
    let worth = |input: &Input, reached: &HashSet<u64>| {
        let new = input.branches.iter().filter(|branch| !reached.contains(branch)).count() as u64;
        new * 1_000_000 / (input.bytes + FILE_COSTS_BYTES)
    };
    let mut waiting: BinaryHeap<_> = inputs.iter().enumerate().map(|(n, input)| (worth(input, reached), Reverse(n))).collect();
    let mut best = Vec::new();
    while let Some((_, Reverse(n))) = waiting.pop().filter(|_| best.len() < files_max) {
        let input = &inputs[n];
        // Others may have reached the same meanwhile: then it waits for its new turn.
        let now = worth(input, reached);
        if now == 0 || input.bytes > bytes_left {
            continue;
        }
        if waiting.peek().is_some_and(|(next, _)| *next > now) {
            waiting.push((now, Reverse(n)));
            continue;
        }
        bytes_left -= input.bytes;
        reached.extend(&input.branches);
        best.push(input);
    }
    best
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

    #[test]
    fn what_reaches_most_for_its_size_is_kept() {
        let list = "4\n0\n/a\n/b\n/c\n/d\nSTARTED 0 10\nFT 0 1 2 3\nCOV 0 7\nSTARTED 1 5000\nFT 1 1 2 3 4\nSTARTED 2 10\nFT 2 1 2\nSTARTED 3 900\n";
        let inputs = merged(list);
        assert_eq!(inputs.iter().map(|input| (input.path.to_str(), input.bytes)).collect::<Vec<_>>(), [(Some("/a"), 10), (Some("/b"), 5000), (Some("/c"), 10)]);
        let names = |bytes, files, known: &[u64]| {
            let mut reached = known.iter().copied().collect();
            best(&inputs, &mut reached, bytes, files).iter().filter_map(|input| input.path.to_str()).collect::<Vec<_>>()
        };
        assert_eq!(names(9000, 9, &[]), ["/a", "/b"], "what another reaches, too, is not kept");
        assert_eq!((names(9000, 1, &[]), names(100, 9, &[]), names(9000, 9, &[4])), (vec!["/a"], vec!["/a"], vec!["/a"]));
        assert!(names(9000, 9, &[1, 2, 3, 4]).is_empty(), "the seeds do that");
    }

    /// A target without seeds begins with nothing, and one that is not in the list is never run.
    #[test]
    fn every_target_has_a_program_and_seeds() {
        let names = |dir: &str| {
            let files = files(&fuzz_dir().join(dir)).expect("a folder");
            files.into_iter().filter_map(|(_, path)| Some(path.file_stem()?.to_str()?.to_owned())).collect::<std::collections::BTreeSet<_>>()
        };
        let listed = std::collections::BTreeSet::from(TARGETS.map(str::to_owned));
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
