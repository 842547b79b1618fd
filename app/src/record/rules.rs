//! How entries hang together: pure hashing, the same on every machine.
//!
//! Three layers. An **entry** of a case carries a hash over what it says and over the hash of the entry before it. A **page** gathers the
//! entries of all cases since the page before, and its link is a hash over them and over that page's link, so that a case cannot vanish with
//! all its entries. An **anchor** is the link of the last page of a day, published: whoever kept one can tell later that nothing before it
//! was written anew.
//!
//! Sums alone could be computed anew by whoever may write to the database. So the hash of an entry is its sum under a key that lies outside
//! of the database, and each page is **sealed** with the same key.
//!
//! What is hashed are ids and codes, never a person's words: those may be deleted when their time has come, and the chain still holds.

use crate::petitions::recognition::Key;
use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

/// Letters of the name of a key: enough to tell one from another, too few to learn anything.
const KEY_NAME_CHARS: usize = 8;
/// What tells a seal from whatever else is made with the key.
const SEAL: &str = "nghedan seal 1";
/// The same of a mark of words.
const WORDS: &str = "nghedan words 1";

/// An entry of a case's record, as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The case.
    pub case_id: &'a str,
    /// Its place in the case's record, from 1.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who: `citizen`, `official`, `system`.
    pub actor_kind: &'a str,
    /// The official's account.
    pub actor_id: Option<&'a str>,
    /// Code of the event.
    pub event: &'a str,
    /// The event as JSON.
    pub data: &'a str,
}

impl Entry<'_> {
    /// What its hash is over behind the entry with hash `before`; empty for the first. From before there were keys it is the hash itself.
    pub fn sum(&self, before: &str) -> String {
        let mut sum = Sum::new("entry 1");
        sum.text(before).text(self.case_id).number(self.seq).time(self.at);
        sum.text(self.actor_kind).option(self.actor_id).text(self.event).text(self.data);
        sum.end()
    }
}

/// A deed beside the cases, as it is stored: who signed in, took a list away, changed a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done<'a> {
    /// Its id.
    pub id: &'a str,
    /// When.
    pub at: DateTime<Utc>,
    /// Who: `official`, `system`.
    pub actor_kind: &'a str,
    /// The official's account.
    pub actor_id: Option<&'a str>,
    /// The authority it concerns.
    pub body_id: &'a str,
    /// Code of the deed.
    pub deed: &'a str,
    /// The deed as JSON.
    pub data: &'a str,
}

impl Done<'_> {
    /// What its hash is over. From before there were keys it is the hash itself.
    pub fn sum(&self) -> String {
        let mut sum = Sum::new("deed 1");
        sum.text(self.id).time(self.at).text(self.actor_kind).option(self.actor_id).text(self.body_id).text(self.deed).text(self.data);
        sum.end()
    }
}

/// The sum over the hashes of a page: those of cases in the order of case and place, then those of deeds by their id.
#[derive(Clone, Debug)]
pub struct PageSum {
    sum: Sum,
    entries: i64,
}

impl PageSum {
    /// Of nothing.
    pub fn new() -> Self {
        Self { sum: Sum::new("page root 1"), entries: 0 }
    }

    /// Adds the next hash.
    pub fn add(&mut self, hash: &str) {
        self.sum.text(hash);
        self.entries += 1;
    }

    /// The sum, and how many hashes are in it.
    pub fn end(self) -> (String, i64) {
        (self.sum.end(), self.entries)
    }
}

impl Default for PageSum {
    fn default() -> Self {
        Self::new()
    }
}

/// A page of the record.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Page {
    /// Its number, from 1.
    pub page: i64,
    /// When it was closed.
    pub at: DateTime<Utc>,
    /// How many entries it has.
    pub entries: i64,
    /// Sum over their hashes.
    pub root: String,
    /// Hash over all of this and the link of the page before.
    pub link: String,
    /// [`seal`] of the link.
    pub seal: String,
}

impl Page {
    /// The page behind `before` with these entries.
    pub fn after(before: Option<&Page>, at: DateTime<Utc>, sum: PageSum, key: &RecordKey) -> Self {
        let (root, entries) = sum.end();
        let (page, link_before) = before.map_or((1, ""), |before| (before.page + 1, before.link.as_str()));
        let link = link(link_before, page, at, entries, &root);
        let seal = key.seal(&link);
        Self { page, at, entries, root, link, seal }
    }

    /// The link it must have behind a page with link `before`.
    pub fn expected_link(&self, before: &str) -> String {
        link(before, self.page, self.at, self.entries, &self.root)
    }
}

fn link(before: &str, page: i64, at: DateTime<Utc>, entries: i64, root: &str) -> String {
    let mut sum = Sum::new("page 1");
    sum.text(before).number(page).time(at).number(entries).text(root);
    sum.end()
}

/// The key of hashes and seals. It lies outside the database.
#[derive(Clone, PartialEq, Eq)]
pub struct RecordKey([u8; 32]);

impl std::fmt::Debug for RecordKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecordKey([redacted])")
    }
}

/// What a seal says of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealed {
    /// Made with this key over this link.
    Well,
    /// Made with this key over something else, or no seal at all.
    Wrong,
    /// Made with another key: nothing can be told.
    OtherKey,
}

impl RecordKey {
    /// A key of these bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The one that follows from the data folder's key of marks.
    pub fn of(marks_key: &Key) -> Self {
        Self(marks_key.for_purpose("seal of the record"))
    }

    /// By what seals of this key are told from those of another.
    pub fn name(&self) -> String {
        let mut sum = Sum::new("seal key 1");
        sum.bytes(&self.0);
        let mut name = sum.end();
        name.truncate(KEY_NAME_CHARS);
        name
    }

    fn mac(&self, purpose: &str, text: &str) -> Hmac<Sha256> {
        let mut mac = crate::mac::keyed(&self.0);
        mac.update(purpose.as_bytes());
        mac.update(b"\0");
        mac.update(text.as_bytes());
        mac
    }

    fn hash(&self, sum: &str) -> String {
        data_encoding::BASE64URL_NOPAD.encode(&self.mac("nghedan entry 2", sum).finalize().into_bytes())
    }

    /// The hash of an entry behind the one with hash `before`; empty for the first.
    pub fn entry(&self, entry: &Entry<'_>, before: &str) -> String {
        self.hash(&entry.sum(before))
    }

    /// The hash of a deed.
    pub fn deed(&self, done: &Done<'_>) -> String {
        self.hash(&done.sum())
    }

    /// The seal of a link: name of the key, a dot, HMAC-SHA256.
    pub fn seal(&self, link: &str) -> String {
        self.named(SEAL, link)
    }

    /// What a seal says of a link.
    pub fn check(&self, link: &str, seal: &str) -> Sealed {
        self.check_named(SEAL, link, seal)
    }

    /// A mark of words and of what they belong to, of the same form as a seal. The words cannot be told from it.
    pub fn mark(&self, parts: &[&str]) -> String {
        self.named(WORDS, &sum_of_words(parts))
    }

    /// What a mark says of words.
    pub fn check_mark(&self, parts: &[&str], mark: &str) -> Sealed {
        self.check_named(WORDS, &sum_of_words(parts), mark)
    }

    fn named(&self, purpose: &str, text: &str) -> String {
        format!("{}.{}", self.name(), data_encoding::BASE64URL_NOPAD.encode(&self.mac(purpose, text).finalize().into_bytes()))
    }

    fn check_named(&self, purpose: &str, text: &str, named: &str) -> Sealed {
        let Some((name, mac)) = named.split_once('.') else { return Sealed::Wrong };
        if name != self.name() {
            return Sealed::OtherKey;
        }
        let is_ours = data_encoding::BASE64URL_NOPAD.decode(mac.as_bytes()).is_ok_and(|mac| self.mac(purpose, text).verify_slice(&mac).is_ok());
        if is_ours { Sealed::Well } else { Sealed::Wrong }
    }
}

fn sum_of_words(parts: &[&str]) -> String {
    let mut sum = Sum::new("words 1");
    for part in parts {
        sum.text(part);
    }
    sum.end()
}

/// A hash over parts that cannot run into one another: each is led by its length.
#[derive(Clone, Debug)]
struct Sum(Sha256);

impl Sum {
    fn new(purpose: &str) -> Self {
        let mut sum = Self(Sha256::new());
        sum.text("nghedan record").text(purpose);
        sum
    }

    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    fn text(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes())
    }

    fn option(&mut self, text: Option<&str>) -> &mut Self {
        self.bytes(&[u8::from(text.is_some())]).text(text.unwrap_or_default())
    }

    fn number(&mut self, number: i64) -> &mut Self {
        self.bytes(&number.to_le_bytes())
    }

    /// To the microsecond: PostgreSQL keeps no more.
    fn time(&mut self, at: DateTime<Utc>) -> &mut Self {
        self.number(at.timestamp_micros())
    }

    /// 43 letters.
    fn end(self) -> String {
        data_encoding::BASE64URL_NOPAD.encode(&self.0.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(micros: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(micros).expect("a time")
    }

    fn entry() -> Entry<'static> {
        Entry { case_id: "c", seq: 2, at: at(5), actor_kind: "official", actor_id: Some("a"), event: "received", data: "{}" }
    }

    #[test]
    fn an_entry_is_hashed_the_same_for_good() {
        // Computed once with another program (Python's hashlib and hmac); a changed form would make every record of the world wrong.
        assert_eq!(entry().sum("b"), "8VYomjtMNh_QoqIqH1ljVqj0OV5hnK_o-cWCX5i0uK0");
        assert_eq!(RecordKey::new([1; 32]).entry(&entry(), "b"), "eb_xToH7L2qeO4_aFC3uNhmjvZPnqlRrYNlNFfmZCms");
    }

    #[test]
    fn every_part_of_an_entry_counts() {
        let (whole, one) = (entry(), entry().sum("b"));
        let others = [
            whole.sum(""),
            Entry { case_id: "d", ..whole }.sum("b"),
            Entry { seq: 3, ..whole }.sum("b"),
            Entry { at: at(6), ..whole }.sum("b"),
            Entry { actor_kind: "system", ..whole }.sum("b"),
            Entry { actor_id: Some(""), ..whole }.sum("b"),
            Entry { actor_id: None, ..whole }.sum("b"),
            Entry { event: "closed", ..whole }.sum("b"),
            Entry { data: "{ }", ..whole }.sum("b"),
            // The same letters, cut elsewhere.
            Entry { event: "receive", data: "d{}", ..whole }.sum("b"),
        ];
        let different: std::collections::BTreeSet<_> = others.iter().chain([&one]).collect();
        assert_eq!(different.len(), others.len() + 1);
        assert_eq!(Entry { at: whole.at + chrono::Duration::nanoseconds(999), ..whole }.sum("b"), one, "no finer than PostgreSQL keeps");
    }

    #[test]
    fn a_page_hangs_on_the_one_before_and_only_the_key_can_seal_it() {
        let (key, other) = (RecordKey::new([1; 32]), RecordKey::new([2; 32]));
        let sum = |hashes: &[&str]| {
            let mut sum = PageSum::new();
            hashes.iter().for_each(|hash| sum.add(hash));
            sum
        };
        let first = Page::after(None, at(1), sum(&["x", "y"]), &key);
        let second = Page::after(Some(&first), at(2), sum(&["z"]), &key);
        assert_eq!((first.page, first.entries, second.page, second.entries), (1, 2, 2, 1));
        assert_eq!(second.expected_link(&first.link), second.link);
        assert_ne!(second.expected_link(""), second.link);
        assert_ne!(sum(&["x", "y"]).end(), sum(&["y", "x"]).end());
        assert_ne!(sum(&["xy"]).end().0, sum(&["x", "y"]).end().0);
        assert_eq!(key.check(&first.link, &first.seal), Sealed::Well);
        assert_eq!(key.check(&second.link, &first.seal), Sealed::Wrong);
        assert_eq!(key.check(&first.link, ""), Sealed::Wrong);
        assert_eq!(other.check(&first.link, &first.seal), Sealed::OtherKey);
        // Somebody who knows the name of the key but not the key.
        let forged = format!("{}.{}", key.name(), other.seal(&first.link).split_once('.').expect("two parts").1);
        assert_eq!(key.check(&first.link, &forged), Sealed::Wrong);
        assert_eq!(format!("{key:?}"), "RecordKey([redacted])");
    }

    proptest! {
        #[test]
        fn two_entries_with_one_hash_are_the_same(a in ".{0,6}", b in ".{0,6}", c in ".{0,6}", d in ".{0,6}") {
            let of = |event: &str, data: &str| Entry { event, data, ..entry() }.sum("");
            prop_assert_eq!(of(&a, &b) == of(&c, &d), (a, b) == (c, d));
        }
    }
}
