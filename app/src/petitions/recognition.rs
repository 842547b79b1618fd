//! By what a case is recognised again: the sender's phone, e-mail and ID number, and the square of the map it happened in.
//!
//! What identifies a person is hashed with a key that lies outside the database: a copy of the database names nobody, and nobody
//! can try all phone numbers on it. A denunciation has no mark. Marks are written a moment after filing, in portions, so that
//! filing does not wait for them; the same walk fills them for cases from before there were any.

use super::rules::{Case, Kind};
use super::store::parts::{self, CasePerson, CaseText};
use super::store::recognition as store;
use crate::db::Tx;
use crate::error::Result;
use crate::mac::{self, KEY_BYTES};
use crate::portal::Portal;
use chrono::{DateTime, Duration, Utc};
use sha2::{Digest, Sha256};

/// Cases marked in one transaction: few, so that whoever files meanwhile hardly waits.
const BATCH_CASES: i64 = 64;
/// The same where nobody files.
const LARGE_BATCH_CASES: i64 = 2_000;
/// Only cases at least so old are marked: one whose transaction still runs must not be passed by.
const LAG: Duration = Duration::seconds(5);
/// Letters of a hash that are kept: 128 bits.
const HASH_LETTERS: usize = 32;
/// Side of a square of the map, in millionths of a degree: about 550 m north to south.
const SQUARE_E6: i64 = 5_000;

/// Stands before a key whose hashes are made with HMAC.
const BY_HMAC: u8 = 2;

/// The key of the hashes.
#[derive(Clone, PartialEq, Eq)]
pub struct Key {
    bytes: [u8; KEY_BYTES],
    way: Way,
}

/// How hashes are made and keys derived. A folder keeps the way it began with: what it has stored must be recognised for good.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// HMAC-SHA256, and HKDF-Expand for keys.
    Hmac,
    /// SHA-256 over the key and the value, twice: of folders from before (November 2026).
    Nested,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key([redacted])")
    }
}

impl Key {
    /// A key of these bytes.
    pub fn new(bytes: [u8; KEY_BYTES]) -> Self {
        Self { bytes, way: Way::Hmac }
    }

    /// The key of a folder from before hashes were made with HMAC.
    pub fn from_before(bytes: [u8; KEY_BYTES]) -> Self {
        Self { bytes, way: Way::Nested }
    }

    /// As it stands in the file it is kept in: the way, if it is not that of before, and the key.
    pub fn written(&self) -> Vec<u8> {
        match self.way {
            Way::Hmac => [&[BY_HMAC][..], &self.bytes].concat(),
            Way::Nested => self.bytes.to_vec(),
        }
    }

    /// What [`Key::written`] wrote; none if it is no key.
    pub fn read(written: &[u8]) -> Option<Self> {
        match written {
            [BY_HMAC, key @ ..] if key.len() == KEY_BYTES => key.try_into().ok().map(Self::new),
            key => key.try_into().ok().map(Self::from_before),
        }
    }

    /// Another key, that tells nothing of this one.
    pub fn for_purpose(&self, purpose: &str) -> [u8; 32] {
        match self.way {
            Way::Hmac => mac::derived(&self.bytes, purpose),
            Way::Nested => Sha256::new().chain_update(self.bytes).chain_update([1]).chain_update(purpose.as_bytes()).finalize().into(),
        }
    }

    /// A hash of a value by which it is found again, and not the same as that of any other purpose.
    pub fn hash(&self, purpose: &str, value: &str) -> String {
        Self { bytes: self.for_purpose(purpose), way: self.way }.mark('h', value)
    }

    fn mark(&self, sign: char, value: &str) -> String {
        let whole: [u8; KEY_BYTES] = match self.way {
            Way::Hmac => mac::of(&self.bytes, &[value.as_bytes()]),
            Way::Nested => {
                // The key first each time, so that nothing can be appended to a value.
                let inner = Sha256::new().chain_update(self.bytes).chain_update(value.as_bytes()).finalize();
                Sha256::new().chain_update(self.bytes).chain_update([0]).chain_update(inner).finalize().into()
            }
        };
        let mut hash = data_encoding::HEXLOWER.encode(&whole);
        hash.truncate(HASH_LETTERS);
        format!("{sign}{hash}")
    }
}

/// What kind of thing two cases share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// The sender's phone.
    Phone,
    /// The sender's e-mail.
    Email,
    /// The sender's ID number.
    IdNumber,
}

impl Sign {
    /// The sign of a mark; none for a place.
    pub fn of(mark: &str) -> Option<Self> {
        match mark.chars().next() {
            Some('p') => Some(Self::Phone),
            Some('e') => Some(Self::Email),
            Some('i') => Some(Self::IdNumber),
            _ => None,
        }
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The marks of a person; none of somebody who left nothing to be known by. A name alone is none: many share one.
pub fn of_person(key: &Key, person: &CasePerson) -> Vec<String> {
    let phone = digits(&person.phone);
    let phone = match phone.strip_prefix("84") {
        Some(rest) if rest.len() == 9 => format!("0{rest}"),
        _ => phone,
    };
    let email = crate::text::fold(person.email.trim());
    let id_number = digits(&person.id_number);
    [('p', phone, 9), ('e', email, 5), ('i', id_number, 9)]
        .into_iter()
        .filter(|(_, value, length_min)| value.len() >= *length_min)
        .map(|(sign, value, _)| key.mark(sign, &value))
        .collect()
}

/// The square of a place, and the eight around it.
pub fn squares_around(latitude_e6: i64, longitude_e6: i64) -> Vec<String> {
    let (row, column) = (latitude_e6.div_euclid(SQUARE_E6), longitude_e6.div_euclid(SQUARE_E6));
    (-1..=1).flat_map(|down| (-1..=1).map(move |along| format!("g{}:{}", row + down, column + along))).collect()
}

fn square_of(text: &CaseText) -> Option<String> {
    let (latitude, longitude) = text.latitude_e6.zip(text.longitude_e6)?;
    Some(format!("g{}:{}", latitude.div_euclid(SQUARE_E6), longitude.div_euclid(SQUARE_E6)))
}

fn of_case(key: &Key, text: &CaseText, person: &CasePerson) -> Vec<String> {
    of_person(key, person).into_iter().chain(square_of(text)).collect()
}

/// The lowest search key a case filed at `at` can have.
fn first_key(at: DateTime<Utc>) -> i64 {
    (at.timestamp_millis() & 0x7ff_ffff_ffff) << 20
}

/// Marks the next portion of cases that have none yet. Gives how many; 0: all are marked.
pub async fn catch_up(portal: &Portal) -> Result<usize> {
    mark_next(portal, BATCH_CASES).await
}

async fn mark_next(portal: &Portal, batch: i64) -> Result<usize> {
    let below = first_key(portal.now() - LAG);
    let is_behind = store::is_behind(&mut portal.db().look().await?, below).await?;
    if !is_behind {
        return Ok(0);
    }
    let mut tx = portal.db().write().await?;
    let cases = store::unmarked(&mut tx, below, batch).await?;
    let rows = cases
        .iter()
        .filter(|case| case.kind != Kind::Denunciation)
        .flat_map(|case| {
            of_case(portal.marks_key(), &case.text, &case.person(portal.db().vault())).into_iter().map(|mark| (mark, case.search_key, case.id.clone()))
        })
        .collect();
    store::insert_many(&mut tx, rows).await?;
    if let Some(last) = cases.last() {
        store::set_marked(&mut tx, last.search_key).await?;
    }
    tx.commit().await?;
    Ok(cases.len())
}

/// Marks all cases that have none yet. For tests and the benchmark; the worker goes in portions.
pub async fn catch_up_wholly(portal: &Portal) -> Result<()> {
    while mark_next(portal, LARGE_BATCH_CASES).await? > 0 {}
    Ok(())
}

/// After a case changed its kind: a denunciation loses its marks, what is none any more gets them.
pub async fn follow(tx: &mut Tx, portal: &Portal, case: &Case) -> Result<()> {
    store::delete(tx, &case.id).await?;
    if case.kind == Kind::Denunciation {
        return Ok(());
    }
    let (text, person) = (parts::text(tx, &case.id).await?, parts::person(tx, &case.id).await?);
    let marks = of_case(portal.marks_key(), &text, &person);
    store::insert_many(tx, marks.into_iter().map(|mark| (mark, case.search_key, case.id.clone())).collect()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(phone: &str, email: &str, id_number: &str) -> CasePerson {
        CasePerson { name: "Hoàng Thị Mẫu".into(), phone: phone.into(), email: email.into(), id_number: id_number.into(), ..CasePerson::default() }
    }

    #[test]
    fn one_phone_however_written_is_one_mark_and_another_key_makes_another() {
        let (key, other) = (Key::new([1; 32]), Key::new([2; 32]));
        let marks = of_person(&key, &person("0912 345 678", "Mau@Vi-Du.vn", ""));
        assert_eq!(marks, of_person(&key, &person("+84 912.345.678", "mau@vi-du.vn", "")));
        assert_ne!(marks, of_person(&other, &person("0912345678", "mau@vi-du.vn", "")));
        assert!(marks.iter().all(|mark| !mark.contains("912345678") && mark.len() == 33), "{marks:?}");
    }

    /// Computed with another program (Python's hashlib and hmac): what a folder has stored is recognised for good.
    #[test]
    fn marks_and_derived_keys_stay_what_they_are() {
        let hex = |bytes: [u8; KEY_BYTES]| data_encoding::HEXLOWER.encode(&bytes);
        let (new, before) = (Key::new([1; 32]), Key::from_before([1; 32]));
        assert_eq!(new.mark('p', "0912345678"), "p18693ade0eaa56183caa4950b57b2dbb");
        assert_eq!(before.mark('p', "0912345678"), "p4109018dd6b51df1e2f644f5fd3f18d4");
        assert_eq!(hex(new.for_purpose("stored codes")), "3e699dd8e46634fe0f79b02091891713424379dc2f3e1007e51ea560eb687565");
        assert_eq!(hex(before.for_purpose("stored codes")), "20872e7d20763f4940b5871dbb2431f2950023cafd53bbccc52eeff4573bdaf0");
    }

    #[test]
    fn a_name_alone_is_no_mark() {
        assert!(of_person(&Key::new([1; 32]), &person("", "", "")).is_empty());
        assert_eq!(format!("{:?}", Key::new([1; 32])), "Key([redacted])");
    }

    #[test]
    fn places_a_street_apart_share_a_square_or_touch() {
        let (north, east) = (22_155_000, 105_834_999);
        let around = squares_around(north, east);
        let text = |north, east| CaseText { latitude_e6: Some(north), longitude_e6: Some(east), ..CaseText::default() };
        assert!(around.contains(&square_of(&text(north + 2_000, east + 2_000)).expect("a square")));
        assert!(!around.contains(&square_of(&text(north + 20_000, east)).expect("a square")), "two kilometres away");
        assert_eq!(around.len(), 9);
    }
}
