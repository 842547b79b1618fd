//! What only one device can open: sealed with a key that follows from the secret it carries in a cookie. The server keeps neither.

use super::envelope::{lock, unlock};
use super::keys::KEY_BYTES;
use crate::id::Random;
use sha2::{Digest, Sha256};

/// What keys of devices are made under: a token is drawn by chance and as long as a key, so nothing has to be made slow.
const PURPOSE: [u8; KEY_BYTES] = *b"nghedan key of a device, way 2\0\0";

fn key(token: &str) -> [u8; KEY_BYTES] {
    crate::mac::of(&PURPOSE, &[token.as_bytes()])
}

/// The key of what a device wrote before keys were made with HMAC; drafts last thirty days.
fn key_of_before(token: &str) -> [u8; KEY_BYTES] {
    Sha256::new().chain_update(b"nghedan key of a device\0").chain_update(token.as_bytes()).finalize().into()
}

/// Seals a text for whoever has the token; `about` says what it is. None only if it is longer than memory.
pub fn seal(random: &Random, token: &str, about: &str, plain: &str) -> Option<String> {
    lock(&key(token), random, about, plain.as_bytes())
}

/// Opens it; none for another token, another thing, or a changed text.
pub fn open(token: &str, about: &str, sealed: &str) -> Option<String> {
    let plain = unlock(&key(token), about, sealed).or_else(|| unlock(&key_of_before(token), about, sealed));
    String::from_utf8(plain?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_device_that_wrote_reads_it() {
        let sealed = seal(&Random::seeded(1), "token", "draft", "Họ tên").expect("sealed");
        assert_eq!(open("token", "draft", &sealed).as_deref(), Some("Họ tên"));
        assert_eq!(open("another", "draft", &sealed), None);
        assert_eq!(open("token", "question", &sealed), None);
        assert_eq!(open("token", "draft", &sealed[1..]), None);
    }
}
