//! Requests the portal itself makes to other servers. All of them go through here: encrypted unless to this machine itself, a limit on time,
//! a limit on bytes, no redirect followed. Whom an answer may not lead to is therefore decided in one place.

use crate::error::{AppError, Result};
use axum::http::{Request, Response};
use std::time::Duration;

/// How long a connection may take.
const CONNECT_MAX: Duration = Duration::from_secs(3);
/// How long a request may take from the first byte sent to the last received.
const WHOLE_MAX: Duration = Duration::from_secs(8);
/// The largest answer that is read, in bytes.
pub const ANSWER_BYTES_MAX: usize = 256 * 1024;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// An address nobody is asked at.
    #[error("the address {0} is not allowed")]
    Address(String),
    /// No connection, no answer in time, or a broken one.
    #[error("no answer: {0}")]
    NoAnswer(#[from] reqwest::Error),
    /// More bytes than anybody needs to say this.
    #[error("the answer is longer than {ANSWER_BYTES_MAX} bytes")]
    TooLarge,
    /// What was to be sent is no request.
    #[error("no request: {0}")]
    Request(#[from] axum::http::Error),
}

/// The client of outgoing requests.
///
/// # Errors
/// [`AppError::Config`] if the machine has no certificates to check others by.
pub fn client() -> Result<reqwest::Client> {
    patient_for(WHOLE_MAX)
}

fn patient_for(whole: Duration) -> Result<reqwest::Client> {
    // The client takes the process's cryptography and panics where there is none. The error says: there is one already.
    rustls::crypto::ring::default_provider().install_default().ok();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_MAX)
        .timeout(whole)
        .no_proxy()
        .user_agent("nghedan")
        .build()
        .map_err(|error| AppError::config(format!("outgoing requests: {error}")))
}

/// Whether an address may be asked: https, or plain to this machine itself.
pub fn is_allowed(address: &reqwest::Url) -> bool {
    let is_here = matches!(address.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let has_secret = !address.username().is_empty() || address.password().is_some();
    !has_secret && (address.scheme() == "https" || (address.scheme() == "http" && is_here))
}

/// Sends a request and reads the answer whole.
///
/// # Errors
/// [`Failed`] if there is none that can be used.
pub async fn call(client: &reqwest::Client, request: Request<Vec<u8>>) -> std::result::Result<Response<Vec<u8>>, Failed> {
    let request = reqwest::Request::try_from(request)?;
    if !is_allowed(request.url()) {
        return Err(Failed::Address(request.url().to_string()));
    }
    let mut answer = client.execute(request).await?;
    let mut response = Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        response = response.header(name, value);
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err(Failed::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(response.body(body)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_encrypted_or_on_this_machine_is_asked() {
        let is = |text: &str| is_allowed(&text.parse().expect("an address"));
        assert!(is("https://dinh-danh.example/token") && is("http://127.0.0.1:8121/jwks") && is("http://[::1]:8121/"));
        assert!(!is("http://dinh-danh.example/token") && !is("ftp://127.0.0.1/") && !is("https://user:secret@dinh-danh.example/"));
        assert!(!is("http://127.0.0.1.example/"));
    }

    /// What one connection of a server of the test's own gets: these bytes, and then nothing for as long as somebody waits.
    async fn asked(answer: String) -> std::result::Result<Response<Vec<u8>>, Failed> {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let serving = async {
            let (mut line, _) = listener.accept().await.expect("somebody");
            let mut request = [0; 1_024];
            let _bytes = line.read(&mut request).await.expect("a request");
            // Whoever has read enough hangs up.
            drop(line.write_all(answer.as_bytes()).await);
            std::future::pending::<()>().await;
        };
        let client = patient_for(Duration::from_millis(200)).expect("a client");
        let request = Request::get(format!("http://{address}/")).body(Vec::new()).expect("a request");
        tokio::select! {
            () = serving => unreachable!("it never ends"),
            outcome = call(&client, request) => outcome,
        }
    }

    #[tokio::test]
    async fn nobody_waits_for_ever_reads_without_end_or_is_led_elsewhere() {
        assert!(matches!(asked(String::new()).await, Err(Failed::NoAnswer(error)) if error.is_timeout()), "silence");
        let half = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf".to_owned();
        assert!(matches!(asked(half).await, Err(Failed::NoAnswer(error)) if error.is_timeout()), "half an answer");
        let long = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{}", ANSWER_BYTES_MAX + 1, "x".repeat(ANSWER_BYTES_MAX + 1));
        assert!(matches!(asked(long).await, Err(Failed::TooLarge)), "too much");
        let elsewhere = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n".to_owned();
        assert_eq!(asked(elsewhere).await.expect("an answer").status(), 302, "it is an answer, not a way");
        let short = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".to_owned();
        assert_eq!(asked(short).await.expect("an answer").body(), b"ok");
    }
}
