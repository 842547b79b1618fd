//! Running other programs and reading what they say.

use std::ffi::OsStr;
use std::io::Read;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};

/// How many bytes are read at once.
const CHUNK_BYTES: usize = 8 * 1024;

/// The command as a person would type it.
pub fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    std::iter::once(name).chain(command.get_args()).map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

/// Runs a command with both its outputs in one pipe and hands on every piece as it comes.
pub fn run_piped(mut command: Command, mut on_output: impl FnMut(&[u8])) -> Result<ExitStatus> {
    let name = describe(&command);
    let (mut reader, writer) = std::io::pipe().context("cannot open a pipe")?;
    command.stdin(Stdio::null()).stdout(writer.try_clone().context("cannot open a pipe")?).stderr(writer);
    let mut child = command.spawn().with_context(|| format!("cannot start `{name}`"))?;
    // The command still holds the pipe's writing ends: without this the reading below would never end.
    drop(command);

    let mut chunk = [0; CHUNK_BYTES];
    loop {
        let count = reader.read(&mut chunk).with_context(|| format!("cannot read the output of `{name}`"))?;
        if count == 0 {
            break;
        }
        on_output(&chunk[..count]);
    }
    child.wait().with_context(|| format!("lost sight of `{name}`"))
}

/// Runs a command that says little and returns what it said on its standard output.
pub fn output(mut command: Command) -> Result<String> {
    let name = describe(&command);
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start `{name}`"))?;
    if !output.status.success() {
        bail!("`{name}` failed:\n{}", String::from_utf8_lossy(&output.stderr).trim_end());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Cuts a stream of bytes into lines; a carriage return ends a line too, as progress bars use it.
#[derive(Default)]
pub struct Lines {
    rest: Vec<u8>,
}

impl Lines {
    /// Takes the next piece of the stream and hands on the lines it completes, without colours.
    pub fn push(&mut self, piece: &[u8], mut on_line: impl FnMut(&str)) {
        for &byte in piece {
            if byte == b'\n' || byte == b'\r' {
                on_line(&without_colours(&String::from_utf8_lossy(&self.rest)));
                self.rest.clear();
            } else {
                self.rest.push(byte);
            }
        }
    }
}

/// `line` without the escape sequences that terminals understand.
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(char) = chars.next() {
        if char == '\u{1b}' {
            // `ESC [ numbers letter`: gone up to and with the letter.
            chars.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(char);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_at_both_kinds_of_ends_and_lose_their_colours() {
        let mut lines = Lines::default();
        let mut seen = Vec::new();
        lines.push(b"\x1b[1m\x1b[32m   Compiling\x1b[0m a", |line| seen.push(line.to_owned()));
        lines.push(b"pp\rBuilding 1/2\nrest", |line| seen.push(line.to_owned()));
        assert_eq!(seen, ["   Compiling app", "Building 1/2"]);
    }
}
