//! What stands in the database for a code.

use crate::mac;
use crate::petitions::recognition::Key;

/// By what a stored code is told from one of before there was a key: those are hexadecimal digits, which all come before this letter.
pub const MADE_WITH_KEY: char = 'k';

/// The key of stored codes. Lost with the data folder's `marks.key`, and then no code opens anything any more.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeKey([u8; 32]);

impl std::fmt::Debug for CodeKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CodeKey([redacted])")
    }
}

impl CodeKey {
    /// A key of these bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The one that follows from the data folder's key of marks.
    pub fn of(marks_key: &Key) -> Self {
        Self(marks_key.for_purpose("stored codes"))
    }

    /// What is stored for the hash of a code. What was stored already stays as it is.
    pub fn stored(&self, hash: &str) -> String {
        if hash.starts_with(MADE_WITH_KEY) {
            return hash.to_owned();
        }
        format!("{MADE_WITH_KEY}{}", data_encoding::BASE64URL_NOPAD.encode(&mac::of(&self.0, &[b"nghedan code 1\0", hash.as_bytes()])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::petitions::code::CaseCode;

    #[test]
    fn only_the_key_leads_from_a_code_to_what_is_stored() {
        let (key, other) = (CodeKey::new([1; 32]), CodeKey::new([2; 32]));
        let hash = CaseCode::of_token("a token").hash();
        let stored = key.stored(&hash);
        assert!(stored.starts_with(MADE_WITH_KEY) && !stored.contains(&hash));
        assert_eq!(key.stored(&stored), stored, "never twice");
        assert_ne!(other.stored(&hash), stored);
        assert!(hash.chars().all(|digit| digit < MADE_WITH_KEY), "told apart by their order");
        assert_eq!(format!("{key:?}"), "CodeKey([redacted])");
    }
}
