//! What a contact is, what a code is, how often either may be tried. Pure.

use crate::petitions::recognition::Key;
use crate::petitions::rules::Kind;
use chrono::Duration;

/// How long a code is good.
pub const CODE_LASTS: Duration = Duration::minutes(10);
/// Digits of a code.
pub const CODE_DIGITS: usize = 6;
/// Wrong tries of one code before it is worth nothing.
pub const CODE_TRIES_MAX: i64 = 5;
/// Wrong codes for one contact from one address before a pause.
pub const CONTACT_ADDRESS_TRIES_MAX: i64 = 5;
/// Wrong codes for one contact from anywhere before a pause: who guesses from many addresses gets no further.
pub const CONTACT_TRIES_MAX: i64 = 30;
/// Wrong codes from one address before a pause.
pub const ADDRESS_TRIES_MAX: i64 = 40;
/// Codes sent to one contact at the wish of one address before a pause.
pub const CONTACT_ADDRESS_CODES_MAX: i64 = 4;
/// Codes sent to one contact before a pause: nobody's mailbox is flooded.
pub const CONTACT_CODES_MAX: i64 = 10;
/// Codes sent at the wish of one address before a pause.
pub const ADDRESS_CODES_MAX: i64 = 20;
/// Minutes without a request after which somebody is signed out: phones are lent and shared.
pub const SESSION_MINUTES: i64 = 60;
/// The most cases of one account, and of the denunciations it is reminded of.
pub const CASES_MAX: i64 = 200;

/// Codes there are.
const CODES: u64 = 1_000_000;

/// A keyed hash by which something is found again and from which nothing can be told. Each purpose has a key of its own, so that hashes of
/// one table say nothing about those of another, and none about the marks of cases.
pub fn mark(key: &Key, purpose: &str, parts: &[&str]) -> String {
    let parts: Vec<&[u8]> = parts.iter().flat_map(|part| [part.as_bytes(), &[0]]).collect();
    data_encoding::HEXLOWER.encode(&crate::mac::of(&key.for_purpose(purpose), &parts))
}

/// A contact as it is compared: addresses are the same whatever the case of their letters.
pub fn normal_contact(email: &str) -> String {
    email.trim().to_lowercase()
}

/// A code of chance. So many numbers become a million codes that none of them is likelier than another by anything that counts.
pub fn code(bytes: [u8; 8]) -> String {
    format!("{:0width$}", u64::from_le_bytes(bytes) % CODES, width = CODE_DIGITS)
}

/// The digits of a code as somebody types it: blanks and hyphens are fine.
pub fn typed_code(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_digit).take(CODE_DIGITS + 1).collect()
}

/// Whether a case of this kind shows in an account and is opened from it.
pub fn is_listed(kind: Kind) -> bool {
    kind != Kind::Denunciation
}

/// "a•••@gmail.com": enough to know one's own, too little for whoever looks over a shoulder.
pub fn masked(address: &str) -> String {
    let (name, domain) = address.split_once('@').unwrap_or((address, ""));
    format!("{}•••@{domain}", name.chars().take(1).collect::<String>())
}

/// An ID number as it is shown: `0xx xxx xxx 123`.
pub fn masked_number(number: &str) -> String {
    let shown: Vec<char> = number.chars().collect();
    let last = shown.len().saturating_sub(3);
    shown.iter().enumerate().map(|(at, digit)| if at == 0 || at >= last { *digit } else { 'x' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_address_is_the_same_however_its_letters_stand() {
        assert_eq!(normal_contact(" Mau@Vi-Du.example "), "mau@vi-du.example");
    }

    #[test]
    fn a_mark_is_of_one_purpose_and_one_key() {
        let (key, other) = (Key::new([1; 32]), Key::new([2; 32]));
        let one = mark(&key, "contact", &["a", "b"]);
        assert_eq!(one, mark(&key, "contact", &["a", "b"]));
        for another in [mark(&other, "contact", &["a", "b"]), mark(&key, "case", &["a", "b"]), mark(&key, "contact", &["ab", ""])] {
            assert_ne!(one, another);
        }
    }

    #[test]
    fn only_a_denunciation_does_not_show() {
        let hidden: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| !is_listed(*kind)).collect();
        assert_eq!(hidden, [Kind::Denunciation]);
    }

    #[test]
    fn what_is_shown_of_a_contact_and_a_number_is_little() {
        assert_eq!(masked("mau@vi-du.example"), "m•••@vi-du.example");
        assert_eq!(masked_number("019087001234"), "0xxxxxxxx234");
        assert_eq!(masked_number(""), "");
    }

    proptest! {
        #[test]
        fn a_code_has_six_digits_and_is_read_as_it_was_written(bytes in any::<[u8; 8]>()) {
            let code = code(bytes);
            prop_assert_eq!(code.len(), CODE_DIGITS);
            let spaced = format!(" {} {} ", &code[..3], &code[3..]);
            prop_assert_eq!(typed_code(&spaced), code);
        }
    }
}
