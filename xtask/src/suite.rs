//! A row of checks of which every one is run, even after a failure, with a table at the end.

use std::io::{IsTerminal, Write, stdout};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::process::{self, Lines};
use crate::steps::{Progress, Steps, seconds};

/// How a check ended.
enum Verdict {
    Passed,
    Failed,
    /// It could not run, for this reason.
    NotRun(&'static str),
}

/// A check that is over.
struct Outcome {
    title: &'static str,
    verdict: Verdict,
    time: Duration,
    /// What its test runners said last.
    closing: Vec<String>,
}

/// The checks so far.
pub struct Suite {
    steps: Steps,
    outcomes: Vec<Outcome>,
    start: Instant,
}

impl Suite {
    /// A row of this many checks.
    pub fn new(total: usize) -> Self {
        Self { steps: Steps::new(total), outcomes: Vec::new(), start: Instant::now() }
    }

    /// Runs a command whose output the reader wants to see, and tells whether it succeeded.
    pub fn command(&mut self, title: &'static str, command: Command) -> bool {
        println!("\n{}\n      {}", self.steps.next_label(title), process::describe(&command));
        let start = Instant::now();
        let mut closing = Vec::new();
        let passed = match show(command, &mut closing) {
            Ok(passed) => passed,
            Err(error) => {
                println!("{error:#}");
                false
            }
        };
        let verdict = if passed { Verdict::Passed } else { Verdict::Failed };
        self.outcomes.push(Outcome { title, verdict, time: start.elapsed(), closing });
        passed
    }

    /// Does something whose output matters only if it fails, and returns its result if it succeeds.
    pub fn quietly<T>(&mut self, title: &'static str, work: impl FnOnce(&Progress) -> Result<T>) -> Option<T> {
        println!();
        let start = Instant::now();
        let result = self.steps.step(title, work);
        let verdict = if result.is_ok() { Verdict::Passed } else { Verdict::Failed };
        self.outcomes.push(Outcome { title, verdict, time: start.elapsed(), closing: Vec::new() });
        result.inspect_err(|error| println!("{error:#}")).ok()
    }

    /// Leaves a check out because an earlier one failed.
    pub fn leave_out(&mut self, title: &'static str, reason: &'static str) {
        println!("\n{} not run: {reason}", self.steps.next_label(title));
        let verdict = Verdict::NotRun(reason);
        self.outcomes.push(Outcome { title, verdict, time: Duration::ZERO, closing: Vec::new() });
    }

    /// Prints what the test runners said last and the table of all checks; the code is a failure if any check is.
    pub fn finish(self) -> ExitCode {
        println!("\nThe test runners' closing lines:\n");
        for outcome in self.outcomes.iter().filter(|outcome| !outcome.closing.is_empty()) {
            println!("{}:", outcome.title);
            outcome.closing.iter().for_each(|line| println!("{line}"));
            println!();
        }
        let width = self.outcomes.iter().map(|outcome| outcome.title.chars().count()).max().unwrap_or(0);
        for Outcome { title, verdict, time, .. } in &self.outcomes {
            let (word, detail) = match verdict {
                Verdict::Passed => ("ok", seconds(*time)),
                Verdict::Failed => ("FAILED", seconds(*time)),
                Verdict::NotRun(reason) => ("NOT RUN", (*reason).to_owned()),
            };
            println!("  {title:width$}  {word:7}  {detail}");
        }
        let failed: Vec<_> = self.outcomes.iter().filter(|outcome| !matches!(outcome.verdict, Verdict::Passed)).collect();
        let took = seconds(self.start.elapsed());
        if failed.is_empty() {
            println!("\nAll of it is well, in {took}.");
            return ExitCode::SUCCESS;
        }
        let titles: Vec<_> = failed.iter().map(|outcome| outcome.title).collect();
        println!("\nNot well, in {took}: {}.", titles.join("; "));
        ExitCode::FAILURE
    }
}

/// Runs a command, shows its output as it comes and keeps the lines with which test runners close.
fn show(mut command: Command, closing: &mut Vec<String>) -> Result<bool> {
    if stdout().is_terminal() {
        // They see a pipe and would turn plain, although a person is watching.
        command.env("CARGO_TERM_COLOR", "always").env("FORCE_COLOR", "1");
        command.env("CARGO_TERM_PROGRESS_WHEN", "always").env("CARGO_TERM_PROGRESS_WIDTH", "100");
    }
    let mut lines = Lines::default();
    let mut shown = Ok(());
    let status = process::run_piped(command, |piece| {
        let mut out = stdout().lock();
        // The first trouble is told once the command is over: to stop in its midst would leave half a test run.
        if shown.is_ok() {
            shown = out.write_all(piece).and_then(|()| out.flush());
        }
        lines.push(piece, |line| closing.extend(is_closing(line).then(|| line.to_owned())));
    })?;
    shown.context("cannot show the output")?;
    Ok(status.success())
}

/// Whether a test runner closes with this line: cargo's `test result: ok. 3 passed; …`, Playwright's `3 passed (2.1s)`.
fn is_closing(line: &str) -> bool {
    if let Some(counts) = line.strip_prefix("test result: ") {
        // Of the many runs without a test (the executables, the doc tests) nothing is worth repeating.
        return !counts.starts_with("ok. 0 passed; 0 failed; 0 ignored");
    }
    let mut words = line.split_whitespace();
    let counted = words.next().is_some_and(|word| word.parse::<u32>().is_ok());
    // Playwright indents them; a test's own text hardly looks so.
    counted && line.starts_with("  ") && matches!(words.next(), Some("passed" | "failed" | "flaky" | "skipped" | "interrupted" | "did"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_known() {
        assert!(is_closing("test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s"));
        assert!(is_closing("test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured"));
        assert!(is_closing("  12 passed (3.4s)"));
        assert!(is_closing("  2 did not run"));
        assert!(!is_closing("test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured"));
        assert!(!is_closing("running 12 tests"));
    }
}
