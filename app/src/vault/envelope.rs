//! Sealing and opening: XChaCha20-Poly1305 over the text with a key of its own, and over that key with one of the ring. Pure.

use super::keys::{KEY_BYTES, Key, Ring};
use crate::id::Random;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::BASE64URL_NOPAD;

/// Bytes of a nonce: enough to be drawn by chance as often as one likes.
const NONCE_BYTES: usize = 24;

/// How what follows is sealed: XChaCha20-Poly1305 with its nonce in front. Whatever comes after it gets another number.
const VERSION: &str = "1.";

/// What is stored.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Sealed {
    /// Name of the key of the ring.
    pub key_name: String,
    /// The data key, wrapped with it.
    pub wrapped: String,
    /// The text, sealed with the data key.
    pub sealed: String,
}

/// What came out.
#[derive(Clone, PartialEq, Eq)]
pub enum Opened {
    /// What was sealed.
    Plain(Vec<u8>),
    /// Its key is not on the ring.
    NoKey,
    /// It was changed, or belongs to something else.
    Broken,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Plain(_) => "Plain([redacted])",
            Self::NoKey => "NoKey",
            Self::Broken => "Broken",
        })
    }
}

/// Seals; none without a key.
pub(super) fn seal(ring: &Ring, random: &Random, about: &str, plain: &[u8]) -> Option<Sealed> {
    let key = ring.sealing()?;
    let data_key = random.bytes::<KEY_BYTES>();
    Some(Sealed { key_name: key.name.clone(), wrapped: wrap(key, random, about, &data_key)?, sealed: lock(&data_key, random, about, plain)? })
}

/// Opens.
pub(super) fn open(ring: &Ring, about: &str, sealed: &Sealed) -> Opened {
    let Some(key) = ring.key(&sealed.key_name) else { return Opened::NoKey };
    let data_key = unwrap(key, about, sealed);
    data_key.and_then(|data_key| unlock(&data_key, about, &sealed.sealed)).map_or(Opened::Broken, Opened::Plain)
}

/// Wraps the data key with the key that seals now; the text stays as it is.
pub(super) fn rewrap(ring: &Ring, random: &Random, about: &str, sealed: &Sealed) -> Option<Sealed> {
    let key = ring.sealing().filter(|key| key.name != sealed.key_name)?;
    let data_key = unwrap(ring.key(&sealed.key_name)?, about, sealed)?;
    Some(Sealed { key_name: key.name.clone(), wrapped: wrap(key, random, about, &data_key)?, sealed: sealed.sealed.clone() })
}

fn wrap(key: &Key, random: &Random, about: &str, data_key: &[u8; KEY_BYTES]) -> Option<String> {
    lock(&key.bytes, random, &format!("key of {about}"), data_key)
}

fn unwrap(key: &Key, about: &str, sealed: &Sealed) -> Option<[u8; KEY_BYTES]> {
    unlock(&key.bytes, &format!("key of {about}"), &sealed.wrapped)?.try_into().ok()
}

/// The nonce, then the text and its tag, as letters. None only if the text is longer than memory.
pub(super) fn lock(key: &[u8; KEY_BYTES], random: &Random, about: &str, plain: &[u8]) -> Option<String> {
    lock_bytes(key, random, about, plain).map(|bytes| format!("{VERSION}{}", BASE64URL_NOPAD.encode(&bytes)))
}

pub(super) fn unlock(key: &[u8; KEY_BYTES], about: &str, locked: &str) -> Option<Vec<u8>> {
    // What is from before rows named how they are sealed has no dot in it. Another version is decoded by nobody here.
    let letters = locked.strip_prefix(VERSION).unwrap_or(locked);
    unlock_bytes(key, about, &BASE64URL_NOPAD.decode(letters.as_bytes()).ok()?)
}

/// The nonce, then the text and its tag: for files, which have a key of their own that is sealed as a value. Whoever stores them puts a mark
/// before them that says how they are sealed.
pub fn lock_bytes(key: &[u8; KEY_BYTES], random: &Random, about: &str, plain: &[u8]) -> Option<Vec<u8>> {
    let nonce = random.bytes::<NONCE_BYTES>();
    let cipher = XChaCha20Poly1305::new(&(*key).into());
    let text = cipher.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: about.as_bytes() }).ok()?;
    Some([&nonce[..], &text].concat())
}

/// What [`lock_bytes`] made, opened; none for another key, another thing, or changed bytes.
pub fn unlock_bytes(key: &[u8; KEY_BYTES], about: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let (nonce, text) = bytes.split_first_chunk::<NONCE_BYTES>()?;
    XChaCha20Poly1305::new(&(*key).into()).decrypt(&XNonce::from(*nonce), Payload { msg: text, aad: about.as_bytes() }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NAME: &str = "Hoàng Thị Mẫu";

    fn sealed(ring: &Ring) -> Sealed {
        seal(ring, &Random::seeded(1), "person of case 1", NAME.as_bytes()).expect("sealed")
    }

    #[test]
    fn only_the_right_key_opens_and_only_for_the_right_thing() {
        let ring = Ring::of([1; 32]);
        let one = sealed(&ring);
        assert_eq!(open(&ring, "person of case 1", &one), Opened::Plain(NAME.as_bytes().to_vec()));
        assert_eq!(open(&ring, "person of case 2", &one), Opened::Broken, "moved to another case");
        assert_eq!(open(&Ring::of([2; 32]), "person of case 1", &one), Opened::NoKey);
        assert_eq!(open(&Ring::default(), "person of case 1", &one), Opened::NoKey);
        let other = seal(&ring, &Random::seeded(2), "person of case 1", b"X").expect("sealed");
        assert_eq!(open(&ring, "person of case 1", &Sealed { sealed: other.sealed, ..one.clone() }), Opened::Broken, "another's text");
        assert_eq!(open(&ring, "person of case 1", &Sealed { wrapped: String::new(), ..one }), Opened::Broken);
        assert_eq!(seal(&Ring::default(), &Random::seeded(1), "", b""), None, "nothing is written without a key");
    }

    #[test]
    fn a_row_is_wrapped_anew_and_opens_with_the_new_key_alone() {
        let old = Ring::of([1; 32]);
        let one = sealed(&old);
        let both = old.with([2; 32]);
        let anew = rewrap(&both, &Random::seeded(3), "person of case 1", &one).expect("wrapped anew");
        assert_eq!(anew.sealed, one.sealed, "the text stays as it is");
        assert_eq!(open(&Ring::of([2; 32]), "person of case 1", &anew), Opened::Plain(NAME.as_bytes().to_vec()));
        assert_eq!(rewrap(&both, &Random::seeded(3), "person of case 1", &anew), None, "once");
        assert_eq!(rewrap(&Ring::of([2; 32]), &Random::seeded(3), "person of case 1", &one), None, "the old key is gone");
    }

    #[test]
    fn what_is_sealed_says_how_and_what_is_from_before_opens() {
        let (key, random) = ([1; KEY_BYTES], Random::seeded(1));
        let text = lock(&key, &random, "a", b"text").expect("sealed");
        assert!(text.starts_with(VERSION));
        assert_eq!(unlock(&key, "a", &text).as_deref(), Some(&b"text"[..]));
        assert_eq!(unlock(&key, "a", &text[VERSION.len()..]).as_deref(), Some(&b"text"[..]), "a row from before");
        assert_eq!(unlock(&key, "a", &format!("2.{}", &text[VERSION.len()..])), None, "a way nobody here knows");
    }

    proptest! {
        #[test]
        fn any_changed_letter_is_noticed(place in 0_usize..1_000, letter in "[A-Za-z0-9_-]", in_text in any::<bool>()) {
            let ring = Ring::of([1; 32]);
            let mut changed = sealed(&ring);
            let field = if in_text { &mut changed.sealed } else { &mut changed.wrapped };
            let place = place % field.len();
            let before = field.clone();
            field.replace_range(place..=place, &letter);
            prop_assert_eq!(open(&ring, "person of case 1", &changed) == Opened::Broken, *if in_text { &changed.sealed } else { &changed.wrapped } != before);
        }
    }
}
