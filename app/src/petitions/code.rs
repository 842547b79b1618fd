//! The secret case code: all a citizen needs, and all a stranger would need.
//!
//! Fifteen letters and digits of chance and one to check them, in four groups: `K7QF 9M2X 4TBC 8WDH`. The alphabet has 31 signs
//! and none that sound or look alike (no I, L, O, 0, 1), so fifteen carry 74 bits. The check sign catches every single wrong
//! sign and every swap of neighbours. The server stores only a hash; the code itself follows from the draft's token, which only
//! the phone has, so that a receipt can be shown again after a lost connection without the code ever being written down here.

use crate::id::secret_hash;
use sha2::{Digest, Sha256};

const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const RANDOM_SIGNS: usize = 15;
const SIGNS: usize = RANDOM_SIGNS + 1;
const GROUP: usize = 4;

/// A well-formed code.
#[derive(Clone, PartialEq, Eq)]
pub struct CaseCode(String);

impl CaseCode {
    /// The code that belongs to a draft's token.
    pub fn of_token(token: &str) -> Self {
        let mut signs = String::with_capacity(SIGNS);
        let mut round = 0_u8;
        // Bytes of 248 and above are left out, so that every sign is equally likely.
        while signs.len() < RANDOM_SIGNS {
            let mut hash = Sha256::new();
            hash.update(b"nghedan case code\0");
            hash.update(token.as_bytes());
            hash.update([round]);
            for byte in hash.finalize() {
                if byte < 248 && signs.len() < RANDOM_SIGNS {
                    signs.push(char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]));
                }
            }
            round = round.wrapping_add(1);
        }
        let check = check_sign(&signs);
        signs.push(check);
        Self(signs)
    }

    /// A code as a person types it: blanks, hyphens and small letters are fine. `None` if it cannot be one.
    pub fn parse(typed: &str) -> Option<Self> {
        let signs: String = crate::text::fold(typed).chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_uppercase()).collect();
        let well_formed = signs.len() == SIGNS && signs.bytes().all(|sign| ALPHABET.contains(&sign));
        (well_formed && check_sign(&signs[..RANDOM_SIGNS]) == char::from(signs.as_bytes()[RANDOM_SIGNS])).then_some(Self(signs))
    }

    /// What to look for in the database for whatever was typed. A text that cannot be a code is looked for all the same, as what nobody has:
    /// the answer to it takes neither more nor less than that to a code that opens nothing.
    pub fn hash_of_typed(typed: &str) -> String {
        Self::parse(typed).map_or_else(|| secret_hash("no case code", typed), |code| code.hash())
    }

    /// What the database keeps.
    pub fn hash(&self) -> String {
        secret_hash("case code", &self.0)
    }

    /// In groups, for reading over the phone.
    pub fn groups(&self) -> Vec<&str> {
        (0..SIGNS / GROUP).map(|i| &self.0[i * GROUP..(i + 1) * GROUP]).collect()
    }
}

impl std::fmt::Debug for CaseCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CaseCode([redacted])")
    }
}

/// A weighted sum modulo 31: the modulus is prime and the weights differ, so no single change and no swap can hide.
fn check_sign(signs: &str) -> char {
    let sum: usize = signs.bytes().enumerate().map(|(i, sign)| (i + 2) * ALPHABET.iter().position(|known| *known == sign).unwrap_or(0)).sum();
    char::from(ALPHABET[sum % ALPHABET.len()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn people_may_type_it_their_way() {
        let code = CaseCode::of_token("a token");
        let typed = format!("  {} ", code.groups().join("-").to_lowercase());
        assert_eq!(CaseCode::parse(&typed), Some(code));
        assert_eq!(CaseCode::parse(""), None);
        assert_eq!(CaseCode::parse("ê".repeat(400).as_str()), None);
    }

    #[test]
    fn it_does_not_show_up_in_logs() {
        assert_eq!(format!("{:?}", CaseCode::of_token("a token")), "CaseCode([redacted])");
    }

    proptest! {
        #[test]
        fn one_wrong_sign_is_always_noticed(token in "[a-z]{8}", at in 0_usize..SIGNS, other in 0_usize..31) {
            let code = CaseCode::of_token(&token).0;
            let mut wrong = code.clone().into_bytes();
            wrong[at] = ALPHABET[other];
            let wrong = String::from_utf8(wrong).expect("ASCII");
            prop_assume!(wrong != code);
            prop_assert_eq!(CaseCode::parse(&wrong), None);
        }

        #[test]
        fn two_swapped_neighbours_are_always_noticed(token in "[a-z]{8}", at in 0_usize..SIGNS - 1) {
            let code = CaseCode::of_token(&token).0;
            let mut wrong = code.clone().into_bytes();
            wrong.swap(at, at + 1);
            let wrong = String::from_utf8(wrong).expect("ASCII");
            prop_assume!(wrong != code);
            prop_assert_eq!(CaseCode::parse(&wrong), None);
        }
    }
}
