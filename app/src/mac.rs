//! HMAC-SHA256 under a key of 32 bytes: the one place where it is made. What stands before a text, to keep uses apart, is the caller's.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;
/// A block of SHA-256.
const BLOCK_BYTES: usize = 64;

/// An HMAC that has seen nothing yet.
pub fn keyed(key: &[u8; KEY_BYTES]) -> Hmac<Sha256> {
    // HMAC fills a key that is shorter than a block with zeros; given as a whole block it cannot fail.
    let mut block = [0; BLOCK_BYTES];
    block[..KEY_BYTES].copy_from_slice(key);
    <Hmac<Sha256> as KeyInit>::new(&block.into())
}

/// The HMAC of parts that follow one another. Where they could run into one another the caller puts something between them.
pub fn of(key: &[u8; KEY_BYTES], parts: &[&[u8]]) -> [u8; KEY_BYTES] {
    let mut mac = keyed(key);
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Another key, that tells nothing of this one: the first block of HKDF-Expand (RFC 5869), which is all that a key of this length needs.
pub fn derived(key: &[u8; KEY_BYTES], purpose: &str) -> [u8; KEY_BYTES] {
    of(key, &[purpose.as_bytes(), &[1]])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first test case of RFC 5869: PRK and info give the first 32 bytes of OKM.
    #[test]
    fn a_derived_key_is_that_of_the_rfc() {
        let prk = data_encoding::HEXLOWER.decode(b"077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5").expect("hex");
        let prk: [u8; KEY_BYTES] = prk.try_into().expect("32 bytes");
        let info = [0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9];
        let expected = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf";
        assert_eq!(data_encoding::HEXLOWER.encode(&of(&prk, &[&info, &[1]])), expected);
        assert_eq!(derived(&prk, "a"), of(&prk, &[b"a", &[1]]));
    }
}
