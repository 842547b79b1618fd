//! The step that bursts lead to (pure): a small piece of work for the visitor's machine, or a short wait.
//!
//! No puzzle for people, and nobody else's service. Two ways lead on, and both cost somebody who pretends to be thousands of people more than
//! one who is one:
//! - *Work:* the page's script looks for [`PIECES`] numbers whose SHA-256 begins with enough zero bits. Several small pieces instead of one
//!   large: the time varies by a third instead of by a factor of four. Harder, bit by bit, the more steps a network has done lately.
//! - *Waiting,* for whoever has no scripts: after [`WAIT_SECONDS`] the button works. It asks for nothing but time, so few of them come
//!   through from one network (`WAITED` in `memory`), and it lets through one request and not a device for an hour. We say so honestly: without
//!   scripts, behind an address from which somebody floods at the same moment, one may have to press again.
//!
//! What goes to the visitor and comes back is signed with a key that follows from the data folder's, and says for which class and network it
//! holds and since when. That it is used once is remembered in the database (`store`), for all processes.

use super::memory::PASS_ID_BYTES;
use super::network::Network;
use super::table::Class;
use crate::mac::{self, KEY_BYTES};
use crate::petitions::recognition::Key;
use chrono::{DateTime, Duration, Utc};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

/// Numbers to be found for one step.
pub const PIECES: usize = 8;
/// Zero bits a piece begins with, at the least: 65,536 tries in all on average. Measured in Chromium slowed down six times (an old phone):
/// see the README.
pub const BITS_BASE: u8 = 13;
/// Zero bits at the most: sixty-four times the work. Whoever needs longer for it than [`WAIT_SECONDS`] goes on by waiting.
pub const BITS_MAX: u8 = 19;
/// Steps done lately from one network for each bit more: 64 make it one bit harder, 128 two, 256 three.
const DONE_FOR_MORE: i64 = 64;
/// After so many seconds the step is done without work.
pub const WAIT_SECONDS: i64 = 20;
/// A step can be done for so long after the page was shown, in minutes: somebody may look something up meanwhile.
pub const CHALLENGE_MINUTES: i64 = 30;
/// A device that has done the step goes on for so long, in minutes.
pub const PASS_MINUTES: i64 = 60;

const ID_BYTES: usize = 16;
const MAC_BYTES: usize = 32;
/// Longest number of an answer, in digits.
const NUMBER_CHARS_MAX: usize = 10;

/// The key that steps are signed with.
#[derive(Clone)]
pub struct StepKey([u8; KEY_BYTES]);

impl std::fmt::Debug for StepKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StepKey([redacted])")
    }
}

impl StepKey {
    /// The one that follows from the data folder's key of marks: the same in every process over one database.
    pub fn of(marks_key: &Key) -> Self {
        Self(marks_key.for_purpose("steps of visitors"))
    }

    fn mac(&self, purpose: &[u8], body: &[u8], network: Network) -> Hmac<Sha256> {
        let mut mac = mac::keyed(&self.0);
        mac.update(purpose);
        mac.update(&[0]);
        mac.update(body);
        // Not in what the visitor gets: no cookie says from where somebody came.
        mac.update(network.to_string().as_bytes());
        mac
    }

    fn sign(&self, purpose: &[u8], body: &[u8], network: Network) -> String {
        let mut bytes = body.to_vec();
        bytes.extend_from_slice(&self.mac(purpose, body, network).finalize().into_bytes());
        data_encoding::BASE64URL_NOPAD.encode(&bytes)
    }

    fn read<const N: usize>(&self, purpose: &[u8], token: &str, network: Network) -> Option<[u8; N]> {
        let bytes = data_encoding::BASE64URL_NOPAD.decode(token.as_bytes()).ok().filter(|bytes| bytes.len() == N + MAC_BYTES)?;
        let (body, mac) = bytes.split_at(N);
        self.mac(purpose, body, network).verify_slice(mac).ok()?;
        body.try_into().ok()
    }
}

/// A step somebody was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    id: [u8; ID_BYTES],
    /// For which requests it is.
    pub class: Class,
    bits: u8,
    issued_at: i64,
}

const CHALLENGE_BYTES: usize = ID_BYTES + 1 + 1 + 8;

impl Challenge {
    /// A new one. `done` are the steps done lately from the same network.
    pub fn new(id: [u8; ID_BYTES], class: Class, done: i64, now: DateTime<Utc>) -> Self {
        let harder = u8::try_from((done / DONE_FOR_MORE + 1).ilog2()).unwrap_or(BITS_MAX);
        Self { id, class, bits: BITS_BASE.saturating_add(harder).min(BITS_MAX), issued_at: now.timestamp() }
    }

    /// What the visitor gets.
    pub fn token(&self, key: &StepKey, network: Network) -> String {
        let mut body = [0; CHALLENGE_BYTES];
        body[..ID_BYTES].copy_from_slice(&self.id);
        body[ID_BYTES] = self.class.number();
        body[ID_BYTES + 1] = self.bits;
        body[ID_BYTES + 2..].copy_from_slice(&self.issued_at.to_be_bytes());
        key.sign(b"step", &body, network)
    }

    /// What came back, if it is ours, of this network and not too old.
    pub fn read(key: &StepKey, token: &str, network: Network, now: DateTime<Utc>) -> Option<Self> {
        let body: [u8; CHALLENGE_BYTES] = key.read(b"step", token, network)?;
        let challenge = Self {
            id: body[..ID_BYTES].try_into().ok()?,
            class: Class::from_number(body[ID_BYTES])?,
            bits: body[ID_BYTES + 1],
            issued_at: i64::from_be_bytes(body[ID_BYTES + 2..].try_into().ok()?),
        };
        (now <= challenge.ends_at()?).then_some(challenge)
    }

    /// Until when it can be done.
    pub fn ends_at(&self) -> Option<DateTime<Utc>> {
        Some(DateTime::from_timestamp(self.issued_at, 0)? + Duration::minutes(CHALLENGE_MINUTES))
    }

    /// Its name where it is remembered as used; the seed of the work.
    pub fn seed(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.id)
    }

    /// Zero bits of each piece.
    pub fn bits(&self) -> u8 {
        self.bits
    }

    /// Seconds until waiting is enough.
    pub fn seconds_left(&self, now: DateTime<Utc>) -> u64 {
        u64::try_from(self.issued_at + WAIT_SECONDS - now.timestamp()).unwrap_or(0).min(WAIT_SECONDS.unsigned_abs())
    }

    /// Whether these numbers, apart by dots, are the work. Costs [`PIECES`] hashes at most.
    pub fn is_solved_by(&self, answer: &str) -> bool {
        let numbers: Vec<&str> = answer.split('.').collect();
        let seed = self.seed();
        numbers.len() == PIECES && numbers.iter().enumerate().all(|(piece, number)| is_number(number) && fits(&seed, piece, number, self.bits))
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= NUMBER_CHARS_MAX && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a number is the answer to a piece: `SHA-256("SEED:PIECE:NUMBER")` begins with enough zero bits.
fn fits(seed: &str, piece: usize, number: &str, bits: u8) -> bool {
    let hash = Sha256::digest(format!("{seed}:{piece}:{number}"));
    let first = u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]);
    first.leading_zeros() >= u32::from(bits)
}

/// The work, done: for tests. The page's script does the same in the browser.
pub fn solve(seed: &str, bits: u8) -> String {
    let find = |piece| (0_u32..).map(|number| number.to_string()).find(|number| fits(seed, piece, number, bits)).unwrap_or_default();
    (0..PIECES).map(find).collect::<Vec<_>>().join(".")
}

/// A device that has done the step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// Its bucket's name; says nothing about anybody.
    pub id: [u8; PASS_ID_BYTES],
    /// For which requests it holds.
    pub class: Class,
    ends_at: i64,
}

const PASS_BYTES: usize = PASS_ID_BYTES + 1 + 8;

impl Pass {
    /// A new one.
    pub fn new(id: [u8; PASS_ID_BYTES], class: Class, now: DateTime<Utc>) -> Self {
        Self { id, class, ends_at: (now + Duration::minutes(PASS_MINUTES)).timestamp() }
    }

    /// What stands in the cookie.
    pub fn token(&self, key: &StepKey, network: Network) -> String {
        let mut body = [0; PASS_BYTES];
        body[..PASS_ID_BYTES].copy_from_slice(&self.id);
        body[PASS_ID_BYTES] = self.class.number();
        body[PASS_ID_BYTES + 1..].copy_from_slice(&self.ends_at.to_be_bytes());
        key.sign(b"pass", &body, network)
    }

    /// The pass of a cookie, if it is ours, for this class and network, and has not ended.
    pub fn read(key: &StepKey, token: &str, class: Class, network: Network, now: DateTime<Utc>) -> Option<Self> {
        let body: [u8; PASS_BYTES] = key.read(b"pass", token, network)?;
        let ends_at = i64::from_be_bytes(body[PASS_ID_BYTES + 1..].try_into().ok()?);
        let pass = Self { id: body[..PASS_ID_BYTES].try_into().ok()?, class: Class::from_number(body[PASS_ID_BYTES])?, ends_at };
        (pass.class == class && now.timestamp() < ends_at).then_some(pass)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key() -> StepKey {
        StepKey::of(&Key::new([7; 32]))
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    fn home() -> Network {
        Network::of(std::net::IpAddr::from([203, 0, 113, 7]))
    }

    const NOON: &str = "2026-11-27T05:00:00Z";

    #[test]
    fn work_is_checked_piece_by_piece() {
        let challenge = Challenge::new([5; 16], Class::Filing, 0, at(NOON));
        let answer = solve(&challenge.seed(), challenge.bits());
        assert!(challenge.is_solved_by(&answer));
        let mut numbers: Vec<&str> = answer.split('.').collect();
        numbers[3] = "0";
        assert!(!challenge.is_solved_by(&numbers.join(".")), "one piece is missing");
        numbers.swap(0, 1);
        for wrong in [numbers.join("."), String::new(), ".......".to_owned(), format!("{answer}.0"), format!("+{answer}"), "9".repeat(100_000)] {
            assert!(!challenge.is_solved_by(&wrong));
        }
        let other = Challenge::new([6; 16], Class::Filing, 0, at(NOON));
        assert!(!other.is_solved_by(&answer), "another one's work");
    }

    #[test]
    fn a_burst_makes_it_harder_up_to_an_end() {
        let bits = |done| Challenge::new([0; 16], Class::Code, done, at(NOON)).bits();
        assert_eq!([bits(0), bits(63), bits(64), bits(191), bits(192), bits(i64::MAX / 2)], [13, 13, 14, 14, 15, BITS_MAX]);
    }

    #[test]
    fn a_step_holds_for_its_class_network_and_time() {
        let (key, noon) = (key(), at(NOON));
        let challenge = Challenge::new([5; 16], Class::Filing, 0, noon);
        let token = challenge.token(&key, home());
        assert_eq!(Challenge::read(&key, &token, home(), noon), Some(challenge.clone()));
        let elsewhere = Network::of(std::net::IpAddr::from([203, 0, 113, 8]));
        assert_eq!(Challenge::read(&key, &token, elsewhere, noon), None);
        assert_eq!(Challenge::read(&StepKey::of(&Key::new([8; 32])), &token, home(), noon), None);
        assert!(Challenge::read(&key, &token, home(), noon + Duration::minutes(CHALLENGE_MINUTES)).is_some());
        assert_eq!(Challenge::read(&key, &token, home(), noon + Duration::minutes(CHALLENGE_MINUTES) + Duration::seconds(1)), None);
        assert_eq!((challenge.seconds_left(noon), challenge.seconds_left(noon + Duration::seconds(25))), (20, 0));

        let pass = Pass::new([9; 12], Class::Filing, noon);
        let cookie = pass.token(&key, home());
        assert_eq!(Pass::read(&key, &cookie, Class::Filing, home(), noon), Some(pass));
        assert_eq!(Pass::read(&key, &cookie, Class::Code, home(), noon), None);
        assert_eq!(Pass::read(&key, &cookie, Class::Filing, elsewhere, noon), None);
        assert_eq!(Pass::read(&key, &cookie, Class::Filing, home(), noon + Duration::minutes(PASS_MINUTES)), None);
        assert_eq!(Pass::read(&key, &token, Class::Filing, home(), noon), None, "a step is no pass");
        assert_eq!(Challenge::read(&key, &cookie, home(), noon), None, "and a pass no step");
        assert!(!format!("{key:?}").contains('7'));
    }

    proptest! {
        #[test]
        fn nothing_made_up_is_ours(token in "[A-Za-z0-9_-]{0,120}", answer in "[0-9.]{0,120}") {
            prop_assert_eq!(Challenge::read(&key(), &token, home(), at(NOON)), None);
            prop_assert_eq!(Pass::read(&key(), &token, Class::Read, home(), at(NOON)), None);
            Challenge::new([1; 16], Class::Read, 0, at(NOON)).is_solved_by(&answer);
        }

        #[test]
        fn no_changed_byte_goes_through(place in 0_usize..78, sign in "[A-Za-z0-9_-]") {
            let challenge = Challenge::new([5; 16], Class::Filing, 0, at(NOON));
            let token = challenge.token(&key(), home());
            let mut changed = token.clone();
            changed.replace_range(place..=place, &sign);
            prop_assert_eq!(Challenge::read(&key(), &changed, home(), at(NOON)).is_some(), changed == token);
        }
    }
}
