//! The key service that speaks the transit interface of OpenBao and HashiCorp Vault.
//!
//! The service needs a key of the transit engine, and the portal a token that may only `encrypt` and `decrypt` with it:
//! `POST URL/encrypt/KEY {"plaintext": BASE64}` and `POST URL/decrypt/KEY {"ciphertext": "vault:v1:…"}`. Turning the service's own key is
//! the service's affair; what it sealed before it opens still.

use super::service::{Answer, KeyService, ServiceError};
use app::limits::network::Cidr;
use app::outgoing::Outgoing;
use axum::http::{Request, header};
use data_encoding::BASE64;
use serde_json::{Value, json};
use std::path::PathBuf;

/// The header that carries the token.
const TOKEN: &str = "X-Vault-Token";

/// Where it is, and how to ask it.
pub struct Transit {
    /// Where the engine is mounted: `https://bao.example:8200/v1/transit`.
    pub url: String,
    /// Name of the engine's key.
    pub key: String,
    /// File of the token, read anew for each request: whoever keeps it fresh writes it there.
    pub token_file: PathBuf,
    /// Private addresses that may be asked.
    pub allowed: Vec<Cidr>,
}

impl Transit {
    /// A client of its own for each request: there are a few in the life of a process, and each may be asked in another runtime.
    async fn ask(&self, what: &str, body: Value, answer: &str) -> Result<String, ServiceError> {
        let token = std::fs::read_to_string(&self.token_file).map_err(|error| ServiceError::Token(format!("{}: {error}", self.token_file.display())))?;
        let url = format!("{}/{what}/{}", self.url.trim_end_matches('/'), self.key);
        let request = Request::post(url).header(TOKEN, token.trim()).header(header::CONTENT_TYPE, "application/json").body(body.to_string().into_bytes());
        let request = request.map_err(|error| ServiceError::Token(error.to_string()))?;
        let answered = Outgoing::new(self.allowed.clone()).send(request).await.map_err(|error| ServiceError::Away(error.to_string()))?;
        let status = answered.status();
        let told: Value = serde_json::from_slice(answered.body()).unwrap_or_default();
        if !status.is_success() {
            let errors = told["errors"].as_array().map(|errors| errors.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("; "));
            let why = format!("{status} {}", errors.unwrap_or_default());
            return Err(if status.is_client_error() { ServiceError::Refused(why) } else { ServiceError::Away(why) });
        }
        told["data"][answer].as_str().map(str::to_owned).ok_or_else(|| ServiceError::Away(format!("its answer has no {answer}")))
    }
}

impl KeyService for Transit {
    fn seal<'a>(&'a self, key: &'a [u8]) -> Answer<'a, String> {
        Box::pin(async move {
            let sealed = self.ask("encrypt", json!({ "plaintext": BASE64.encode(key) }), "ciphertext").await?;
            if sealed.is_empty() || sealed.contains(char::is_whitespace) {
                Err(ServiceError::Away("its answer is no sealed key".to_owned()))
            } else {
                Ok(sealed)
            }
        })
    }

    fn open<'a>(&'a self, sealed: &'a str) -> Answer<'a, Vec<u8>> {
        Box::pin(async move {
            let plain = self.ask("decrypt", json!({ "ciphertext": sealed }), "plaintext").await?;
            BASE64.decode(plain.as_bytes()).map_err(|_| ServiceError::Away("its answer is no base64".to_owned()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::extract::Path;
    use axum::http::{HeaderMap, StatusCode};
    use axum::routing::post;
    use axum::{Json, Router};

    /// Answers as the documents of the transit engine say; the sealed key is the plain one behind a mark.
    async fn answer(Path((what, key)): Path<(String, String)>, headers: HeaderMap, Json(asked): Json<Value>) -> (StatusCode, Json<Value>) {
        if headers.get(TOKEN).is_none_or(|token| token != "s.portal") {
            return (StatusCode::FORBIDDEN, Json(json!({ "errors": ["permission denied"] })));
        }
        let told = |field: &str| asked[field].as_str().unwrap_or_default().to_owned();
        match (what.as_str(), key.as_str()) {
            ("encrypt", "nghedan") => (StatusCode::OK, Json(json!({ "data": { "ciphertext": format!("vault:v1:{}", told("plaintext")), "key_version": 1 } }))),
            ("decrypt", "nghedan") => match told("ciphertext").strip_prefix("vault:v1:") {
                Some(plain) => (StatusCode::OK, Json(json!({ "data": { "plaintext": plain } }))),
                None => (StatusCode::BAD_REQUEST, Json(json!({ "errors": ["invalid ciphertext: no prefix"] }))),
            },
            _ => (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({ "errors": ["sealed"] }))),
        }
    }

    struct Service {
        transit: Transit,
        folder: tempfile::TempDir,
    }

    async fn service() -> Service {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/v1/transit/", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/v1/transit/{what}/{key}", post(answer))).await });
        let folder = tempfile::tempdir().expect("a folder");
        let token_file = folder.path().join("token");
        std::fs::write(&token_file, "s.portal\n").expect("written");
        Service { transit: Transit { url, key: "nghedan".to_owned(), token_file, allowed: vec!["127.0.0.1".parse().expect("an address")] }, folder }
    }

    #[tokio::test]
    async fn what_the_service_seals_it_opens() {
        let Service { transit, folder: _folder } = service().await;
        let sealed = transit.seal(&[7; 32]).await.expect("sealed");
        assert!(sealed.starts_with("vault:v1:"));
        assert_eq!(transit.open(&sealed).await.expect("opened"), [7; 32]);
    }

    #[tokio::test]
    async fn a_no_is_told_as_the_service_says_it() {
        let Service { mut transit, folder } = service().await;
        assert!(matches!(transit.open("other").await, Err(ServiceError::Refused(why)) if why.contains("no prefix")));
        transit.key = "another".to_owned();
        assert!(matches!(transit.seal(&[7; 32]).await, Err(ServiceError::Away(why)) if why.contains("sealed")));
        std::fs::write(&transit.token_file, "s.other").expect("written");
        assert!(matches!(transit.seal(&[7; 32]).await, Err(ServiceError::Refused(why)) if why.contains("permission denied")));
        transit.token_file = folder.path().join("none");
        assert!(matches!(transit.seal(&[7; 32]).await, Err(ServiceError::Token(why)) if why.contains("none")));
    }

    #[tokio::test]
    async fn a_private_address_that_nobody_allowed_is_not_asked() {
        let Service { mut transit, folder: _folder } = service().await;
        transit.allowed = Vec::new();
        assert!(matches!(transit.seal(&[7; 32]).await, Err(ServiceError::Away(why)) if why.contains("--allow-outgoing")));
    }
}
