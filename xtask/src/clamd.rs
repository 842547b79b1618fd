//! A private clamd for tests: one signature made by hand, a socket in a temporary folder, no network.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use tempfile::TempDir;

use crate::tools;

/// The variable that gives the server's tests a real scanner.
const TEST_CLAMD: &str = "NGHEDAN_TEST_CLAMD";
/// The one signature: any file with these bytes (`server/tests/http/scanning.rs` puts them into a photo and a PDF).
const SIGNATURE: &[u8] = b"NGHEDAN-CLAMD-TEST-SIGNATURE";
/// Short, as a socket's path must fit into about a hundred bytes.
const TEMPORARY_DIR: &str = "/tmp";
/// Loading one signature takes a second; a busy machine gets more.
const START_WITHIN: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// A running clamd; dropping it stops it and removes its files.
pub struct Clamd {
    child: Child,
    dir: TempDir,
}

impl Clamd {
    /// Starts one and waits until it listens.
    pub fn start() -> Result<Self> {
        let program = tools::find_clamd().ok_or_else(|| anyhow!("clamd is missing; on Debian or Ubuntu: sudo apt-get install -y clamav-daemon"))?;
        let dir = tempfile::Builder::new().prefix("nghedan-clamd-").tempdir_in(TEMPORARY_DIR).context("cannot create a temporary folder for clamd")?;
        let place = dir.path();
        fs::create_dir(place.join("signatures"))?;
        let hex: String = SIGNATURE.iter().map(|byte| format!("{byte:02x}")).collect();
        fs::write(place.join("signatures/test.ndb"), format!("NgheDan.Test:0:*:{hex}\n"))?;
        let settings = format!(
            "DatabaseDirectory {0}/signatures\nLocalSocket {0}/clamd.ctl\nLocalSocketMode 666\nTemporaryDirectory {0}\nForeground yes\nSelfCheck 3600\n",
            place.display()
        );
        fs::write(place.join("clamd.conf"), settings)?;
        // Run by root it may drop to another user, who must find its way in.
        fs::set_permissions(place, fs::Permissions::from_mode(0o755))?;
        let log = fs::File::create(place.join("log"))?;
        let mut command = Command::new(program);
        command.arg("--config-file").arg(place.join("clamd.conf"));
        // Its own group, so that Ctrl-C reaches the tests first.
        command.process_group(0).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let child = command.spawn().context("cannot start clamd")?;
        let mut clamd = Self { child, dir };
        clamd.wait_until_it_listens()?;
        Ok(clamd)
    }

    fn socket(&self) -> PathBuf {
        self.dir.path().join("clamd.ctl")
    }

    fn wait_until_it_listens(&mut self) -> Result<()> {
        let begun = Instant::now();
        while UnixStream::connect(self.socket()).is_err() {
            let ended = self.child.try_wait().context("cannot look after clamd")?;
            if ended.is_some() || begun.elapsed() > START_WITHIN {
                let log = fs::read_to_string(self.dir.path().join("log")).unwrap_or_default();
                bail!("clamd does not start: {}", log.trim());
            }
            std::thread::sleep(LOOK_EVERY);
        }
        Ok(())
    }

    /// Tells a command of it.
    pub fn announce(&self, command: &mut Command) {
        command.env(TEST_CLAMD, self.socket());
    }
}

impl Drop for Clamd {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait()) {
            eprintln!("warning: clamd may still run with {}: {error}", self.dir.path().display());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};

    #[test]
    fn starts_finds_its_one_signature_and_leaves_nothing() -> Result<()> {
        if tools::find_clamd().is_none() {
            eprintln!("skipped: no clamd here");
            return Ok(());
        }
        let clamd = Clamd::start()?;
        let dir = clamd.dir.path().to_owned();
        let ask = |bytes: &[u8]| -> Result<String> {
            let mut stream = UnixStream::connect(clamd.socket())?;
            stream.write_all(b"zINSTREAM\0")?;
            stream.write_all(&u32::try_from(bytes.len())?.to_be_bytes())?;
            stream.write_all(bytes)?;
            stream.write_all(&[0; 4])?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            Ok(answer)
        };
        assert_eq!(ask(b"nothing to be found")?, "stream: OK\0");
        assert_eq!(ask(&[b"before ", SIGNATURE, b" after"].concat())?, "stream: NgheDan.Test.UNOFFICIAL FOUND\0");
        drop(clamd);
        assert!(!dir.exists());
        Ok(())
    }
}
