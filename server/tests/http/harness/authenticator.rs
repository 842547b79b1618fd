//! A passkey in software: what a phone does when a browser asks it (WebAuthn, ES256, attestation "none").

use data_encoding::BASE64URL_NOPAD;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

/// The device has the person before it (a press).
const PRESENT: u8 = 0x01;
/// The device knows that it is its owner (finger, face, PIN).
const VERIFIED: u8 = 0x04;
/// A new public key follows.
const NEW: u8 = 0x40;

/// One passkey of one person.
pub struct Authenticator {
    keys: EcdsaKeyPair,
    id: Vec<u8>,
    owner: Value,
    uses: u32,
    /// The page that asks, as the browser tells the device.
    pub origin: &'static str,
    /// Whether the device makes sure that it is its owner.
    pub verifies: bool,
}

impl Authenticator {
    /// A device with a passkey that nobody knows yet. `name` tells several apart.
    pub fn new(name: &str) -> Self {
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).expect("a pair of keys");
        let keys = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pair.as_ref(), &random).expect("a pair of keys");
        let id = digest(&SHA256, name.as_bytes()).as_ref().to_vec();
        Self { keys, id, owner: Value::Null, uses: 0, origin: "https://nghedan.test", verifies: true }
    }

    fn client_data(&self, kind: &str, challenge: &str) -> Vec<u8> {
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false }).to_string().into_bytes()
    }

    fn head(&mut self, host: &str, more: u8) -> Vec<u8> {
        self.uses += 1;
        let flags = PRESENT | if self.verifies { VERIFIED } else { 0 } | more;
        [digest(&SHA256, host.as_bytes()).as_ref(), &[flags], &self.uses.to_be_bytes()].concat()
    }

    /// What the browser sends for `navigator.credentials.create` with what the portal asked.
    pub fn create(&mut self, asked: &str) -> String {
        let asked: Value = serde_json::from_str(asked).expect("a challenge");
        let key = &asked["publicKey"];
        self.owner = key["user"]["id"].clone();
        let client = self.client_data("webauthn.create", key["challenge"].as_str().expect("a challenge"));
        let mut data = self.head(key["rp"]["id"].as_str().expect("a host"), NEW);
        let point = self.keys.public_key().as_ref();
        data.extend_from_slice(&[0; 16]);
        data.extend_from_slice(&u16::try_from(self.id.len()).expect("short").to_be_bytes());
        data.extend_from_slice(&self.id);
        // A COSE key: kind EC2, ES256, curve P-256, x, y.
        data.extend_from_slice(&[0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend_from_slice(&point[1..33]);
        data.extend_from_slice(&[0x22, 0x58, 0x20]);
        data.extend_from_slice(&point[33..65]);
        let mut attestation = vec![0xa3, 0x63];
        attestation.extend_from_slice(b"fmt\x64none\x67attStmt\xa0\x68authData\x58");
        attestation.push(u8::try_from(data.len()).expect("short"));
        attestation.extend_from_slice(&data);
        self.answer(
            json!({ "clientDataJSON": BASE64URL_NOPAD.encode(&client), "attestationObject": BASE64URL_NOPAD.encode(&attestation), "transports": ["internal"] }),
        )
    }

    /// What the browser sends for `navigator.credentials.get`.
    pub fn get(&mut self, asked: &str) -> String {
        let asked: Value = serde_json::from_str(asked).expect("a challenge");
        let key = &asked["publicKey"];
        let client = self.client_data("webauthn.get", key["challenge"].as_str().expect("a challenge"));
        let data = self.head(key["rpId"].as_str().expect("a host"), 0);
        let signed = [data.as_slice(), digest(&SHA256, &client).as_ref()].concat();
        let signature = self.keys.sign(&SystemRandom::new(), &signed).expect("a signature");
        self.answer(json!({
            "clientDataJSON": BASE64URL_NOPAD.encode(&client),
            "authenticatorData": BASE64URL_NOPAD.encode(&data),
            "signature": BASE64URL_NOPAD.encode(signature.as_ref()),
            "userHandle": self.owner,
        }))
    }

    fn answer(&self, response: Value) -> String {
        let id = BASE64URL_NOPAD.encode(&self.id);
        json!({ "id": id, "rawId": id, "type": "public-key", "response": response, "extensions": {} }).to_string()
    }
}
