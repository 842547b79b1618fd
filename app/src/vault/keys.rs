//! The ring of keys, and the file it is kept in. Pure.

use sha2::{Digest, Sha256};

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;
/// Letters of a key's name.
const NAME_CHARS: usize = 8;
/// What stands before a key that a key service has sealed. No base64 has a colon, so an open key is never taken for one.
const SEALED: &str = "sealed:";
/// What stands at the beginning of the file, for whoever opens it.
const HEAD: &str = "# Nghe Dan: keys of sealed identities. The last one seals, all of them open.\n\
                    # Keep a copy where no copy of the database is. Take none out by hand: `nghedan keys retire` knows which are needed.\n";

/// A key of the ring.
#[derive(Clone, PartialEq, Eq)]
pub struct Key {
    /// Its name, which stands beside everything it sealed.
    pub name: String,
    /// The key itself.
    pub bytes: [u8; KEY_BYTES],
}

impl Key {
    /// The key of these bytes.
    pub fn new(bytes: [u8; KEY_BYTES]) -> Self {
        let hash = Sha256::new().chain_update(b"nghedan key name\0").chain_update(bytes).finalize();
        let mut name = data_encoding::HEXLOWER.encode(&hash);
        name.truncate(NAME_CHARS);
        Self { name, bytes }
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({})", self.name)
    }
}

/// Keys, the oldest first. The last one seals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ring(Vec<Key>);

impl Ring {
    /// A ring of one key.
    pub fn of(bytes: [u8; KEY_BYTES]) -> Self {
        Self(vec![Key::new(bytes)])
    }

    /// The ring with one more, which seals from now on.
    #[must_use]
    pub fn with(&self, bytes: [u8; KEY_BYTES]) -> Self {
        Self(self.0.iter().cloned().chain([Key::new(bytes)]).collect())
    }

    /// The ring without the keys that are not asked for; the one that seals stays.
    #[must_use]
    pub fn only(&self, needed: &dyn Fn(&str) -> bool) -> Self {
        let sealing = self.sealing().map(|key| key.name.clone());
        Self(self.0.iter().filter(|key| needed(&key.name) || Some(&key.name) == sealing.as_ref()).cloned().collect())
    }

    /// The key that seals.
    pub fn sealing(&self) -> Option<&Key> {
        self.0.last()
    }

    /// The key of a name.
    pub fn key(&self, name: &str) -> Option<&Key> {
        self.0.iter().find(|key| key.name == name)
    }

    /// All names, the oldest first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|key| key.name.as_str())
    }

    /// As it stands in its file.
    pub fn written(&self) -> String {
        self.file_of(self.0.iter().map(|key| data_encoding::BASE64.encode(&key.bytes)))
    }

    /// As it stands in its file when a key service holds the keys: each as the service sealed it. `sealed` has one text for each key.
    pub fn written_sealed(&self, sealed: &[String]) -> String {
        self.file_of(sealed.iter().map(|sealed| written_sealed(sealed)))
    }

    fn file_of(&self, texts: impl Iterator<Item = String>) -> String {
        self.0.iter().zip(texts).fold(HEAD.to_owned(), |file, (key, text)| format!("{file}{} {text}\n", key.name))
    }

    /// The keys, the oldest first.
    pub fn keys(&self) -> &[Key] {
        &self.0
    }

    /// The ring of a file. `opened` has the keys of what a service sealed.
    ///
    /// # Errors
    /// The number of the first line that is no key, whose name is that of another, or that `opened` does not have.
    pub fn read(text: &str, opened: &dyn Fn(&str) -> Option<Key>) -> Result<Self, usize> {
        let keys = lines(text)?.into_iter().map(|(number, line)| match line {
            Line::Open(key) => Ok(key),
            Line::Sealed { text, .. } => opened(&text).ok_or(number),
        });
        keys.collect::<Result<Vec<_>, _>>().map(Self)
    }
}

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A key as it is.
    Open(Key),
    /// A key that a key service has sealed.
    Sealed {
        /// Its name.
        name: String,
        /// What the service made of it.
        text: String,
    },
}

/// The lines of a file of keys with their numbers.
///
/// # Errors
/// The number of the first line that is no key, or whose name is that of another.
pub fn lines(text: &str) -> Result<Vec<(usize, Line)>, usize> {
    let lines = text.lines().zip(1..).map(|(line, number)| (line.trim(), number)).filter(|(line, _)| !line.is_empty() && !line.starts_with('#'));
    let read = lines.map(|(line, number)| {
        let (name, key) = line.split_once(char::is_whitespace).ok_or(number)?;
        if let Some(text) = sealed(key.trim()) {
            return Ok((number, Line::Sealed { name: name.to_owned(), text: text.to_owned() }));
        }
        let bytes = data_encoding::BASE64.decode(key.trim().as_bytes()).map_err(|_| number)?;
        let key = Key::new(bytes.try_into().map_err(|_| number)?);
        if key.name == name { Ok((number, Line::Open(key))) } else { Err(number) }
    });
    read.collect()
}

/// What a key service made of a key, where a file holds that instead of the key.
pub fn sealed(text: &str) -> Option<&str> {
    text.strip_prefix(SEALED).filter(|text| !text.is_empty() && !text.contains(char::is_whitespace))
}

/// How a file says that a key is sealed by a key service.
pub fn written_sealed(text: &str) -> String {
    format!("{SEALED}{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without a service.
    fn read(text: &str) -> Result<Ring, usize> {
        Ring::read(text, &|_| None)
    }

    #[test]
    fn a_ring_is_read_as_it_was_written() {
        let ring = Ring::of([1; 32]).with([2; 32]);
        assert_eq!(read(&ring.written()), Ok(ring.clone()));
        assert_eq!(ring.sealing(), Some(&Key::new([2; 32])));
        assert_eq!(read(""), Ok(Ring::default()));
        let whole = ring.written();
        assert_eq!(read(&whole[..whole.len() - 6]), Err(4), "half a key");
        let swapped = format!("{} {}", Key::new([1; 32]).name, data_encoding::BASE64.encode(&[2; 32]));
        assert_eq!(read(&swapped), Err(1), "a key under another's name");
        assert!(!format!("{ring:?}").contains("AQEB"));
    }

    #[test]
    fn a_sealed_key_is_read_as_one_and_is_no_key_without_its_service() {
        let ring = Ring::of([1; 32]).with([2; 32]);
        let written = ring.written_sealed(&["vault:v1:AAAA".to_owned(), "vault:v2:BBBB".to_owned()]);
        let found = lines(&written).expect("lines");
        let names: Vec<_> = ring.names().collect();
        assert_eq!(found[0], (3, Line::Sealed { name: names[0].to_owned(), text: "vault:v1:AAAA".to_owned() }));
        assert_eq!(found.len(), 2);
        assert_eq!(read(&written), Err(3), "nothing opens it without the service");
        let service = |text: &str| ring.keys().iter().zip(["vault:v1:AAAA", "vault:v2:BBBB"]).find(|(_, sealed)| *sealed == text).map(|(key, _)| key.clone());
        assert_eq!(Ring::read(&written, &service), Ok(ring.clone()));
        assert!(!written.contains("AQEB"), "no key stands in the file");
        assert_eq!(sealed("sealed:"), None);
        assert_eq!(sealed(&written_sealed("x")), Some("x"));
    }

    #[test]
    fn the_key_that_seals_is_never_taken_out() {
        let ring = Ring::of([1; 32]).with([2; 32]).with([3; 32]);
        let second = Key::new([2; 32]).name;
        assert_eq!(ring.only(&|name| name == second), Ring::of([2; 32]).with([3; 32]));
        assert_eq!(ring.only(&|_| false), Ring::of([3; 32]));
    }
}
