//! A row of checks of which every one is run, even after a failure, with a table at the end.

use std::io::{IsTerminal, Write, stdout};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::process::{self, Lines};
use crate::steps::{Progress, Steps, seconds};

/// How many lines of what its failed tests said are told once more at the end, for each check.
const FAILURE_LINES: usize = 120;

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
    /// What its test runners said.
    said: Said,
}

/// What is worth reading again of the output of test runners.
#[derive(Default)]
struct Said {
    /// Their last lines.
    closing: Vec<String>,
    /// How their failed tests explain themselves.
    failures: Vec<String>,
    /// The lines are about failed tests now.
    is_about_failures: bool,
}

impl Said {
    fn hear(&mut self, line: &str) {
        if is_closing(line) {
            self.closing.push(line.to_owned());
        }
        self.is_about_failures = !ends_failures(line) && (self.is_about_failures || begins_failures(line));
        if self.is_about_failures && self.failures.len() < FAILURE_LINES {
            self.failures.push(line.to_owned());
        }
    }
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
        let mut said = Said::default();
        let passed = match show(command, &mut said) {
            Ok(passed) => passed,
            Err(error) => {
                println!("{error:#}");
                false
            }
        };
        let verdict = if passed { Verdict::Passed } else { Verdict::Failed };
        self.outcomes.push(Outcome { title, verdict, time: start.elapsed(), said });
        passed
    }

    /// Does something whose output matters only if it fails, and returns its result if it succeeds.
    pub fn quietly<T>(&mut self, title: &'static str, work: impl FnOnce(&Progress) -> Result<T>) -> Option<T> {
        println!();
        let start = Instant::now();
        let result = self.steps.step(title, work);
        let verdict = if result.is_ok() { Verdict::Passed } else { Verdict::Failed };
        self.outcomes.push(Outcome { title, verdict, time: start.elapsed(), said: Said::default() });
        result.inspect_err(|error| println!("{error:#}")).ok()
    }

    /// Leaves a check out because an earlier one failed.
    pub fn leave_out(&mut self, title: &'static str, reason: &'static str) {
        println!("\n{} not run: {reason}", self.steps.next_label(title));
        let verdict = Verdict::NotRun(reason);
        self.outcomes.push(Outcome { title, verdict, time: Duration::ZERO, said: Said::default() });
    }

    /// Prints what failed tests said, what the test runners said last and the table of all checks; the code is a failure if any
    /// check is.
    pub fn finish(self) -> ExitCode {
        // Said once already, but a run prints thousands of lines, and of a long output often only the end is kept.
        self.repeat("What failed says", |said| &said.failures);
        self.repeat("The test runners' closing lines", |said| &said.closing);
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

    /// Prints some of what was said, by check; nothing where no check said such.
    fn repeat(&self, heading: &str, lines: impl Fn(&Said) -> &Vec<String>) {
        let said: Vec<_> = self.outcomes.iter().map(|outcome| (outcome.title, lines(&outcome.said))).filter(|(_, lines)| !lines.is_empty()).collect();
        if said.is_empty() {
            return;
        }
        println!("\n{heading}:\n");
        for (title, lines) in said {
            println!("{title}:");
            lines.iter().for_each(|line| println!("{line}"));
            println!();
        }
    }
}

/// Runs a command, shows its output as it comes and keeps what test runners say that is worth reading again.
fn show(mut command: Command, said: &mut Said) -> Result<bool> {
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
        lines.push(piece, |line| said.hear(line));
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

/// Whether failed tests explain themselves from this line on: cargo's `failures:`, Playwright's `  1) [js-on-desktop] › …`.
fn begins_failures(line: &str) -> bool {
    let number = line.trim_start().split_once(") [").map(|(number, _)| number);
    line == "failures:" || line.starts_with("  ") && number.is_some_and(|number| number.parse::<u32>().is_ok())
}

/// Whether the explanations are over: with the counts.
fn ends_failures(line: &str) -> bool {
    line.starts_with("test result: ") || is_closing(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_test_is_heard_in_its_own_words() {
        let mut said = Said::default();
        for line in [
            "test b ... ok",
            "",
            "failures:",
            "---- a stdout ----",
            "minimal failing input: picks = [(1, 0)]",
            "test result: FAILED. 1 passed; 1 failed; 0 ignored",
            "test c ... ok",
            "  1) [js-on-desktop] › official/day.spec.ts:10:1 › many cases",
            "    Error: expect(locator).toBeVisible()",
            "  1 failed",
            "    [js-on-desktop] › official/day.spec.ts:10:1 › many cases",
        ] {
            said.hear(line);
        }
        let words = [
            "failures:",
            "---- a stdout ----",
            "minimal failing input: picks = [(1, 0)]",
            "  1) [js-on-desktop] › official/day.spec.ts:10:1 › many cases",
            "    Error: expect(locator).toBeVisible()",
        ];
        assert_eq!(said.failures, words);
        assert_eq!(said.closing, ["test result: FAILED. 1 passed; 1 failed; 0 ignored", "  1 failed"]);
    }

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
