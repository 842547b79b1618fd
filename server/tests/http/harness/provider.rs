//! A small provider of OpenID Connect on a port of its own, which says what a test wants it to say, true or not.

use super::NOW;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use openidconnect::core::{CoreEdDsaPrivateSigningKey, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKeyId, PrivateSigningKey};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What the portal is called there.
pub const CLIENT: &str = "nghedan";
/// Its secret there.
pub const SECRET: &str = "mot bi mat cua cong";
/// What every DER of an Ed25519 key begins with; its 32 bytes follow.
const DER_HEAD: [u8; 16] = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// What it says.
#[derive(Default)]
pub struct Said {
    /// The ID token it gives for any code.
    pub token: String,
    /// What it tells of whoever shows the access token.
    pub info: Value,
    /// What it says of itself, where that is not the truth.
    pub discovery: Option<Response>,
    /// Bodies of the requests for a token.
    pub asked: Vec<String>,
    /// The secret they came with.
    pub secrets: Vec<String>,
    /// The key it publishes, where that is another than it signs with first.
    pub keys: Vec<u8>,
    /// How often its keys were asked for.
    pub looks: usize,
}

/// A provider.
#[derive(Clone)]
pub struct FakeProvider {
    /// Its address.
    pub issuer: String,
    said: Arc<Mutex<Said>>,
}

impl FakeProvider {
    /// Begins to listen.
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let fake = Self { issuer, said: Arc::new(Mutex::new(Said { keys: vec![1], ..Said::default() })) };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/me", get(me))
            .with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        fake
    }

    /// What it says, to be changed.
    pub fn said(&self) -> MutexGuard<'_, Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The claims of a token that is as it should be.
    pub fn claims(&self, subject: &str, nonce: &str) -> Value {
        let now = NOW.parse::<DateTime<Utc>>().expect("a time").timestamp();
        json!({ "iss": self.issuer, "aud": CLIENT, "sub": subject, "iat": now, "exp": now + 300, "auth_time": now, "nonce": nonce })
    }

    /// From now on every code gets a token of these claims, signed with its key.
    pub fn give(&self, claims: &Value) {
        self.said().token = signed(claims, 1);
    }
}

/// The key of a number.
fn key(number: u8) -> CoreEdDsaPrivateSigningKey {
    let der = [&DER_HEAD[..], &[number; 32]].concat();
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", BASE64.encode(&der));
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(JsonWebKeyId::new(format!("key-{number}")))).expect("a key")
}

/// A token of these claims, signed with the key of a number.
pub fn signed(claims: &Value, number: u8) -> String {
    let head = unsigned(&json!({ "alg": "EdDSA", "kid": format!("key-{number}") }), claims);
    let signature = key(number).sign(&CoreJwsSigningAlgorithm::EdDsa, head.as_bytes()).expect("signed");
    format!("{head}.{}", BASE64URL_NOPAD.encode(&signature))
}

/// Head and claims of a token, as they are signed.
pub fn unsigned(head: &Value, claims: &Value) -> String {
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    format!("{}.{}", part(head), part(claims))
}

async fn discovery(State(fake): State<FakeProvider>) -> Response {
    if let Some(lie) = fake.said().discovery.take() {
        return lie;
    }
    let at = |path: &str| format!("{}/{path}", fake.issuer);
    Json(json!({
        "issuer": fake.issuer,
        "authorization_endpoint": at("auth"),
        "token_endpoint": at("token"),
        "userinfo_endpoint": at("me"),
        "jwks_uri": at("keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA", "HS256", "none"],
    }))
    .into_response()
}

async fn keys(State(fake): State<FakeProvider>) -> Response {
    let mut said = fake.said();
    said.looks += 1;
    let keys: Vec<Value> = said.keys.iter().map(|number| serde_json::to_value(key(*number).as_verification_key()).expect("JSON")).collect();
    Json(json!({ "keys": keys })).into_response()
}

async fn token(State(fake): State<FakeProvider>, headers: HeaderMap, body: String) -> Response {
    let mut said = fake.said();
    said.asked.push(body);
    said.secrets.push(headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned());
    if said.token.is_empty() {
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response();
    }
    Json(json!({ "access_token": "mot the", "token_type": "Bearer", "expires_in": 300, "id_token": said.token })).into_response()
}

async fn me(State(fake): State<FakeProvider>) -> Response {
    Json(fake.said().info.clone()).into_response()
}
