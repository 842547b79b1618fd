//! Numbered steps that show what is being done, how far it is and how long it took.

use std::collections::VecDeque;
use std::io::{IsTerminal, Write, stdout};
use std::process::Command;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::process::{self, Lines};

/// How often the line of the running step is drawn anew on a terminal.
const REDRAW_EVERY: Duration = Duration::from_millis(250);
/// How often a running step says that it still lives where lines cannot be redrawn (a log, CI).
const HEARTBEAT_EVERY: Duration = Duration::from_secs(20);
/// How much of a failed command's output is shown.
const SHOWN_LINES_AT_MOST: usize = 200;
/// How much of a status fits behind a step's title.
const STATUS_CHARS_AT_MOST: usize = 48;

/// A row of steps: `[2/5] Building the browser part … 41 s`.
pub struct Steps {
    total: usize,
    current: usize,
}

impl Steps {
    /// A row of this many steps.
    pub fn new(total: usize) -> Self {
        Self { total, current: 0 }
    }

    /// The beginning of the next step's line; the step counts as begun.
    pub fn next_label(&mut self, title: &str) -> String {
        self.current += 1;
        format!("[{}/{}] {title} …", self.current, self.total)
    }

    /// Does the next step, showing its progress while it runs.
    pub fn step<T>(&mut self, title: &str, work: impl FnOnce(&Progress) -> Result<T>) -> Result<T> {
        let label = self.next_label(title);
        let progress = Progress::default();
        let start = Instant::now();
        let (finished, wait) = channel::<()>();

        let result = thread::scope(|scope| {
            let (label, progress) = (&label, &progress);
            scope.spawn(move || {
                let live = stdout().is_terminal();
                let period = if live { REDRAW_EVERY } else { HEARTBEAT_EVERY };
                while wait.recv_timeout(period) == Err(RecvTimeoutError::Timeout) {
                    let status = progress.status();
                    let line = format!("{label} {} {}", seconds(start.elapsed()), *status);
                    print_now(&if live { format!("\r\x1b[K{line}") } else { format!("{line}\n") });
                }
            });
            let result = work(progress);
            drop(finished);
            result
        });

        let clear = if stdout().is_terminal() { "\r\x1b[K" } else { "" };
        let failed = if result.is_err() { "failed after " } else { "" };
        print_now(&format!("{clear}{label} {failed}{}\n", seconds(start.elapsed())));
        for note in progress.notes().iter() {
            print_now(&format!("      {note}\n"));
        }
        result
    }
}

/// What a running step tells about itself.
#[derive(Default)]
pub struct Progress {
    status: Mutex<String>,
    notes: Mutex<Vec<String>>,
}

impl Progress {
    /// Says what is being done right now.
    pub fn say(&self, status: &str) {
        *self.status() = status.chars().take(STATUS_CHARS_AT_MOST).collect();
    }

    /// Remembers something to be told when the step is over.
    pub fn note(&self, note: impl Into<String>) {
        self.notes().push(note.into());
    }

    /// Runs a command quietly: its last line is the step's status, and its output is shown only if it fails.
    pub fn run(&self, mut command: Command) -> Result<()> {
        let name = process::describe(&command);
        // Cargo draws its `12/345` only for terminals unless told otherwise.
        command.env("CARGO_TERM_PROGRESS_WHEN", "always").env("CARGO_TERM_PROGRESS_WIDTH", "80");
        let mut lines = Lines::default();
        let mut last = VecDeque::new();
        let status = process::run_piped(command, |piece| {
            lines.push(piece, |line| {
                if let Some(status) = cargo_status(line) {
                    self.say(status);
                } else if !line.trim().is_empty() {
                    self.say(line.trim());
                    last.push_back(line.to_owned());
                    if last.len() > SHOWN_LINES_AT_MOST {
                        last.pop_front();
                    }
                }
            });
        })?;
        if !status.success() {
            bail!("`{name}` failed ({status}):\n{}", last.make_contiguous().join("\n"));
        }
        Ok(())
    }

    fn status(&self) -> MutexGuard<'_, String> {
        self.status.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn notes(&self) -> MutexGuard<'_, Vec<String>> {
        self.notes.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// `12/345: serde` out of cargo's progress bars `Building [===>   ] 12/345: serde` and `Fetch [===>   ] …`.
fn cargo_status(line: &str) -> Option<&str> {
    let (_, bar) = ["Building [", "Fetch ["].iter().find_map(|start| line.trim_start().split_once(start))?;
    bar.split_once(']').map(|(_, status)| status.trim())
}

/// `8 s` or `2 min 05 s`.
pub fn seconds(time: Duration) -> String {
    let seconds = time.as_secs_f64().round() as u64;
    if seconds < 60 { format!("{seconds} s") } else { format!("{} min {:02} s", seconds / 60, seconds % 60) }
}

/// Prints without waiting for the end of the line. A closed output is no reason to stop building.
fn print_now(text: &str) {
    let mut out = stdout().lock();
    if out.write_all(text.as_bytes()).is_ok() {
        out.flush().ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_bar_becomes_a_count() {
        assert_eq!(cargo_status("   Building [==>   ] 12/345: serde, app"), Some("12/345: serde, app"));
        assert_eq!(cargo_status("       Fetch [====>   ] 53 complete; 15 pending   "), Some("53 complete; 15 pending"));
        assert_eq!(cargo_status("   Compiling serde v1.0.0"), None);
    }

    #[test]
    fn times_read_naturally() {
        assert_eq!(seconds(Duration::from_millis(7_600)), "8 s");
        assert_eq!(seconds(Duration::from_secs(125)), "2 min 05 s");
    }
}
