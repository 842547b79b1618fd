//! A small HTTP/1.1 client over kept connections: it sends bytes that are ready and reads answers, and does nothing else, so that
//! what is measured is the server.

use crate::broken;
use app::error::Result;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// No answer here is longer.
const ANSWER_BYTES_MAX: usize = 8 * 1024 * 1024;
/// An answer that takes longer ends the run.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// A connection.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
}

/// A request without a body, ready to send.
pub fn get(path: &str, headers: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{headers}\r\n").into_bytes()
}

impl Connection {
    /// Connects.
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.map_err(broken)?;
        stream.set_nodelay(true).map_err(broken)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a request and reads the whole answer.
    pub async fn send(&mut self, request: &[u8]) -> Result<Answer> {
        tokio::time::timeout(ANSWER_TIMEOUT, self.exchange(request)).await.map_err(|_| broken("no answer in time"))?
    }

    async fn exchange(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.write_all(request).await.map_err(broken)?;
        self.buffer.clear();
        loop {
            if let Some(answer) = complete(&self.buffer)? {
                return Ok(answer);
            }
            let read = self.stream.read_buf(&mut self.buffer).await.map_err(broken)?;
            if read == 0 || self.buffer.len() > ANSWER_BYTES_MAX {
                return Err(broken("the answer broke off"));
            }
        }
    }
}

/// The answer in the buffer, once it is whole. A buffer never holds more than one: requests are not sent ahead.
fn complete(buffer: &[u8]) -> Result<Option<Answer>> {
    let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
    let head = std::str::from_utf8(&buffer[..end]).map_err(broken)?;
    let status = head.get(9..12).and_then(|code| code.parse::<u16>().ok()).ok_or_else(|| broken("no HTTP answer"))?;
    let body = &buffer[end + 4..];
    let header = |name: &str| head.lines().filter_map(|line| line.split_once(':')).find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, v)| v.trim());
    let is_whole = match header("content-length") {
        Some(length) => body.len() >= length.parse::<usize>().map_err(broken)?,
        None if header("transfer-encoding").is_some() => body.ends_with(b"0\r\n\r\n"),
        None => matches!(status, 204 | 304),
    };
    Ok(is_whole.then_some(Answer { status }))
}

/// How fast requests are answered: `connections` at once, each sending the next request when it has its answer, for `length`.
/// Gives requests per second.
pub async fn load(address: SocketAddr, requests: &[Vec<u8>], connections: usize, length: Duration) -> Result<f64> {
    let started = Instant::now();
    let mut tasks = Vec::new();
    for place in 0..connections {
        let requests = requests.to_vec();
        tasks.push(tokio::spawn(async move {
            let mut connection = Connection::open(address).await?;
            let mut count = 0_u32;
            for request in requests.iter().cycle().skip(place % requests.len().max(1)) {
                if started.elapsed() >= length {
                    break;
                }
                let answer = connection.send(request).await?;
                if answer.status != 200 {
                    return Err(broken(format!("status {} under load", answer.status)));
                }
                count += 1;
            }
            Ok(count)
        }));
    }
    let mut total = 0.0;
    for task in tasks {
        total += f64::from(task.await.map_err(broken)??);
    }
    Ok(total / started.elapsed().as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_when_its_last_byte_is_there() {
        let text = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";
        assert!(complete(&text[..text.len() - 1]).expect("readable").is_none());
        assert_eq!(complete(text).expect("readable").map(|answer| answer.status), Some(200));
        let chunked = b"HTTP/1.1 303 See Other\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n";
        assert_eq!(complete(chunked).expect("readable").map(|answer| answer.status), Some(303));
    }
}
