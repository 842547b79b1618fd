//! Virus scanning through clamd's socket, where the operator has set one.
//!
//! A file is scanned as it came, before anything opens it. What is infected is refused with a clear message and stored nowhere. While clamd is
//! away the default is to keep the file and to hand it to nobody but its sender until it was scanned: a petition with its evidence must
//! not be lost because a scanner stands still, and an official must not be the one who finds out. The worker scans later ([`catch_up`]). An
//! operator who prefers it has files refused meanwhile ([`WhenAway::Refuse`]).
//!
//! The protocol (`INSTREAM`) is small: written here and not taken from a crate, because each step needs its time limit.

use super::store;
use crate::error::Result;
use crate::portal::Portal;
use chrono::Duration as Period;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};

/// clamd must take a connection within this time.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// A file must be scanned within this time: somebody waits for the page.
const SCAN_TIMEOUT: Duration = Duration::from_secs(20);
/// Bytes of a piece of the stream.
const PIECE_BYTES: usize = 64 * 1024;
/// An answer is one line; what is longer is none.
const ANSWER_BYTES_MAX: u64 = 1_024;
/// Papers scanned later in one turn of the worker.
const LATER_MAX: i64 = 20;
/// While clamd is away a paper is tried again after this long, in minutes.
const AGAIN_MINUTES: i64 = 1;

/// Where clamd listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Socket {
    /// `unix:/run/clamav/clamd.ctl`
    Unix(PathBuf),
    /// `tcp:HOST:PORT`. Not encrypted: settings take it for the same machine only.
    Tcp(String),
}

impl FromStr for Socket {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        match text.split_once(':') {
            Some(("unix", path)) if path.starts_with('/') => Ok(Self::Unix(PathBuf::from(path))),
            Some(("tcp", place)) if place.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok()) => {
                Ok(Self::Tcp(place.to_owned()))
            }
            _ => Err(format!("{text:?} is neither unix:/PATH nor tcp:HOST:PORT")),
        }
    }
}

/// What becomes of a file while clamd is away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhenAway {
    /// It is kept and handed to nobody but its sender until it was scanned.
    #[default]
    Keep,
    /// It is refused with the message to try again.
    Refuse,
}

impl FromStr for WhenAway {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        match text {
            "keep" => Ok(Self::Keep),
            "refuse" => Ok(Self::Refuse),
            _ => Err(format!("{text:?} is neither keep nor refuse")),
        }
    }
}

/// A virus scanner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scanner {
    /// Where it listens.
    pub socket: Socket,
    /// What becomes of files while it is away.
    pub when_away: WhenAway,
}

/// What the scanner says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing known.
    Clean,
    /// Something known, by its name.
    Infected(String),
}

/// Why there is no verdict.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// clamd does not listen, or the connection broke.
    #[error("clamd: {0}")]
    Connection(#[from] std::io::Error),
    /// It took too long.
    #[error("clamd took too long")]
    Timeout,
    /// It said something else.
    #[error("clamd says {0:?}")]
    Answer(String),
}

impl Scanner {
    /// Scans bytes.
    ///
    /// # Errors
    /// [`ScanError`] where clamd gives no verdict.
    pub async fn scan(&self, bytes: &[u8]) -> std::result::Result<Verdict, ScanError> {
        let late = |_| ScanError::Timeout;
        match &self.socket {
            Socket::Unix(path) => {
                let stream = tokio::time::timeout(CONNECT_TIMEOUT, UnixStream::connect(path)).await.map_err(late)??;
                tokio::time::timeout(SCAN_TIMEOUT, instream(stream, bytes)).await.map_err(late)?
            }
            Socket::Tcp(place) => {
                let stream = tokio::time::timeout(CONNECT_TIMEOUT, TcpStream::connect(place)).await.map_err(late)??;
                tokio::time::timeout(SCAN_TIMEOUT, instream(stream, bytes)).await.map_err(late)?
            }
        }
    }
}

/// The bytes in pieces, each with its length before it; a piece of no length ends them.
async fn instream(mut stream: impl AsyncRead + AsyncWrite + Unpin, bytes: &[u8]) -> std::result::Result<Verdict, ScanError> {
    stream.write_all(b"zINSTREAM\0").await?;
    for piece in bytes.chunks(PIECE_BYTES) {
        let length = u32::try_from(piece.len()).unwrap_or(u32::MAX);
        stream.write_all(&length.to_be_bytes()).await?;
        stream.write_all(piece).await?;
    }
    stream.write_all(&[0; 4]).await?;
    stream.flush().await?;
    let mut answer = Vec::new();
    stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer).await?;
    verdict(&answer)
}

/// `stream: OK`, `stream: NAME FOUND`, or an error.
fn verdict(answer: &[u8]) -> std::result::Result<Verdict, ScanError> {
    let text = String::from_utf8_lossy(answer);
    let text = text.trim_end_matches(['\0', '\n']);
    match text.strip_prefix("stream: ") {
        Some("OK") => Ok(Verdict::Clean),
        Some(found) if found.ends_with(" FOUND") => Ok(Verdict::Infected(found.trim_end_matches(" FOUND").to_owned())),
        _ => Err(ScanError::Answer(text.to_owned())),
    }
}

/// What becomes of a file that has just come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    /// It is taken.
    Clean,
    /// It is taken, and scanned later.
    Later,
    /// It is infected.
    Infected,
    /// It cannot be scanned now, and is not taken.
    NotNow,
}

/// Scans a file that has just come. Neither its name nor who sent it is logged.
pub(super) async fn arriving(portal: &Portal, bytes: &[u8]) -> Arrival {
    let Some(scanner) = portal.scanner() else { return Arrival::Clean };
    match scanner.scan(bytes).await {
        Ok(Verdict::Clean) => Arrival::Clean,
        Ok(Verdict::Infected(signature)) => {
            tracing::warn!(signature, bytes = bytes.len(), "an infected file was refused");
            Arrival::Infected
        }
        Err(error) => {
            tracing::error!(%error, "a file could not be scanned");
            match scanner.when_away {
                WhenAway::Keep => Arrival::Later,
                WhenAway::Refuse => Arrival::NotNow,
            }
        }
    }
}

/// Notes that a paper is to be scanned. Written before the paper's own row, so that there is no moment in which it could be handed out.
///
/// # Errors
/// A database that fails.
pub(super) async fn note_waiting(portal: &Portal, paper_id: &str) -> Result<()> {
    let mut tx = portal.db().write().await?;
    store::scans::wait(&mut tx, paper_id, portal.now()).await?;
    tx.commit().await
}

/// What is known of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It may be handed out.
    Known,
    /// It waits for the scanner.
    Waiting,
    /// Something was found later; its bytes are gone.
    Infected,
}

/// Whether a paper may be handed out. Without a scanner every one may: nothing would ever scan those that wait.
///
/// # Errors
/// A database that fails.
pub async fn state(portal: &Portal, paper_id: &str) -> Result<State> {
    if portal.scanner().is_none() {
        return Ok(State::Known);
    }
    Ok(match store::scans::is_infected(&mut portal.db().look().await?, paper_id).await? {
        None => State::Known,
        Some(false) => State::Waiting,
        Some(true) => State::Infected,
    })
}

/// Scans papers that wait. Gives how many it got through. Called by the worker; may be repeated.
///
/// # Errors
/// A database or a store of papers that fails. A scanner that is away is no error: the papers wait on.
pub async fn catch_up(portal: &Portal) -> Result<u64> {
    let Some(scanner) = portal.scanner() else { return Ok(0) };
    let now = portal.now();
    let waiting = store::scans::due(&mut portal.db().look().await?, now, LATER_MAX).await?;
    let mut done = 0;
    for (paper_id,) in waiting {
        // Bytes that are gone belong to a form that came to nothing. A sealed paper is opened for the scanner; without its key it waits on.
        let verdict = match super::sealed::read(portal, &paper_id, &super::key(&paper_id)).await {
            Ok(Some(bytes)) => scanner.scan(&bytes).await,
            Ok(None) => Ok(Verdict::Clean),
            Err(error) => Err(ScanError::Connection(std::io::Error::other(error))),
        };
        let mut tx = portal.db().write().await?;
        match verdict {
            Ok(Verdict::Clean) => store::scans::forget(&mut tx, &paper_id).await?,
            Ok(Verdict::Infected(signature)) => {
                tracing::warn!(%paper_id, signature, "a paper that waited is infected; its bytes are deleted");
                store::scans::infected(&mut tx, &paper_id).await?;
            }
            Err(error) => {
                tracing::warn!(%error, "papers wait for the scanner");
                store::scans::put_off(&mut tx, now, now + Period::minutes(AGAIN_MINUTES)).await?;
                tx.commit().await?;
                return Ok(done);
            }
        }
        tx.commit().await?;
        if state(portal, &paper_id).await? == State::Infected {
            super::delete_bytes(portal, &paper_id).await?;
        }
        done += 1;
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_as_operators_write_them() {
        assert_eq!("unix:/run/clamav/clamd.ctl".parse(), Ok(Socket::Unix("/run/clamav/clamd.ctl".into())));
        assert_eq!("tcp:127.0.0.1:3310".parse(), Ok(Socket::Tcp("127.0.0.1:3310".into())));
        assert_eq!("tcp:[::1]:3310".parse(), Ok(Socket::Tcp("[::1]:3310".into())));
        for wrong in ["", "unix:", "unix:clamd.ctl", "tcp:", "tcp:host", "tcp::3310", "tcp:host:99999", "http://host:1", "/run/clamd.ctl"] {
            assert!(wrong.parse::<Socket>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_a_whole_answer_is_a_verdict() {
        assert_eq!(verdict(b"stream: OK\0").expect("clean"), Verdict::Clean);
        assert_eq!(verdict(b"stream: Win.Test.EICAR_HDB-1 FOUND\0").expect("found"), Verdict::Infected("Win.Test.EICAR_HDB-1".to_owned()));
        for other in [&b""[..], b"stream: ", b"INSTREAM size limit exceeded. ERROR\0", b"stream: OK but", b"stream: X FOUN", b"\xff\xff"] {
            assert!(matches!(verdict(other), Err(ScanError::Answer(_))), "{}", String::from_utf8_lossy(other));
        }
    }

    /// A scanner at the other end of a pipe that answers so.
    async fn asked(bytes: &[u8], answer: &'static [u8]) -> (std::result::Result<Verdict, ScanError>, Vec<u8>) {
        let (ours, mut theirs) = tokio::io::duplex(256 * 1024);
        let listening = tokio::spawn(async move {
            let mut heard = Vec::new();
            while !heard.ends_with(&[0; 4]) {
                if theirs.read_buf(&mut heard).await.expect("readable") == 0 {
                    break;
                }
            }
            theirs.write_all(answer).await.expect("writable");
            heard
        });
        let verdict = instream(ours, bytes).await;
        (verdict, listening.await.expect("heard"))
    }

    #[tokio::test]
    async fn a_file_goes_in_pieces_with_their_lengths() {
        let file = vec![7; PIECE_BYTES + 10];
        let (found, heard) = asked(&file, b"stream: OK\0").await;
        assert_eq!(found.expect("a verdict"), Verdict::Clean);
        assert_eq!(&heard[..10], b"zINSTREAM\0");
        assert_eq!(&heard[10..14], (PIECE_BYTES as u32).to_be_bytes());
        assert_eq!(&heard[14 + PIECE_BYTES..18 + PIECE_BYTES], 10_u32.to_be_bytes());
        assert_eq!(heard.len(), 10 + 4 + PIECE_BYTES + 4 + 10 + 4);
        let (silent, _) = asked(b"x", b"").await;
        assert!(silent.is_err(), "a connection that ends says nothing");
    }
}
