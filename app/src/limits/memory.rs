//! Counters in memory, with an end: whoever comes from more addresses than we remember makes us forget the ones longest unseen.

use super::network::{Network, Origin};
use super::rules::{Rate, seconds};
use super::table::{COARSE_FACTOR, Class, STREAMS_MAX, STREAMS_OF_NETWORK_MAX, UPLOAD};
use axum::body::Body;
use axum::response::Response;
use futures::StreamExt;
use moka::policy::EvictionPolicy;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Counters kept. One takes some 200 bytes: 12 MB at most, and only under attack.
const COUNTERS_MAX: u64 = 60_000;
/// Bytes of an id of a pass.
pub const PASS_ID_BYTES: usize = 12;
/// Steps without work, by waiting, that come through from one network: one in four seconds, thirty at once. See [`super::work`].
const WAITED: Rate = Rate::new(1, 4, 30);
/// Steps that were done from one network: so many in an hour make the next ones no harder.
const DONE: Rate = Rate::new(360, 3_600, 1);

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Counter {
    Free(Class, Network),
    Coarse(Class, Network),
    Hard(Class, Network),
    Pass([u8; PASS_ID_BYTES], Class),
    Waited(Class, Network),
    Done(Class, Network),
    Upload(Network),
}

/// The counters of a process. Cheap to clone.
#[derive(Clone)]
pub struct Limits {
    counters: moka::sync::Cache<Counter, Arc<Mutex<i64>>>,
    streams: Arc<Mutex<Open>>,
}

/// Live pages that are open.
#[derive(Debug, Default)]
struct Open {
    all: u32,
    of: HashMap<Network, u32>,
}

impl Default for Limits {
    fn default() -> Self {
        let counters = moka::sync::Cache::builder().max_capacity(COUNTERS_MAX).eviction_policy(EvictionPolicy::lru()).build();
        Self { counters, streams: Arc::default() }
    }
}

impl std::fmt::Debug for Limits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Limits")
    }
}

impl Limits {
    /// Takes `cost` from a counter, or gives the microseconds to wait.
    fn take(&self, counter: Counter, rate: Rate, now: i64, cost: i64) -> Result<(), i64> {
        let number = self.counters.get_with(counter, Arc::default);
        let mut arrival = number.lock().unwrap_or_else(PoisonError::into_inner);
        *arrival = rate.take(*arrival, now, cost)?;
        Ok(())
    }

    /// Whether a network's requests of a class are still few enough for any answer but the shortest.
    ///
    /// # Errors
    /// The seconds to wait.
    pub fn take_hard(&self, class: Class, origin: &Origin, now: i64) -> Result<(), u64> {
        let Some(network) = origin.network else { return Ok(()) };
        self.take(Counter::Hard(class, network), class.terms().hard, now, 1).map_err(seconds)
    }

    /// A request without any question.
    ///
    /// # Errors
    /// The seconds to wait until the next one.
    pub fn take_free(&self, class: Class, origin: &Origin, now: i64) -> Result<(), u64> {
        let rate = class.terms().free;
        if let Some(coarse) = origin.coarse {
            self.take(Counter::Coarse(class, coarse), rate.times(COARSE_FACTOR), now, 1).map_err(seconds)?;
        }
        let Some(network) = origin.network else { return Ok(()) };
        self.take(Counter::Free(class, network), rate, now, 1).map_err(seconds)
    }

    /// A request of a device with a pass.
    ///
    /// # Errors
    /// The seconds to wait.
    pub fn take_pass(&self, class: Class, pass: [u8; PASS_ID_BYTES], now: i64) -> Result<(), u64> {
        self.take(Counter::Pass(pass, class), class.terms().pass, now, 1).map_err(seconds)
    }

    /// A step that is done by waiting instead of work.
    ///
    /// # Errors
    /// The seconds to wait on: others of the network waited too.
    pub fn take_waited(&self, class: Class, network: Network, now: i64) -> Result<(), u64> {
        self.take(Counter::Waited(class, network), WAITED, now, 1).map_err(seconds)
    }

    /// Notes that a step was done.
    pub fn note_done(&self, class: Class, network: Network, now: i64) {
        let number = self.counters.get_with(Counter::Done(class, network), Arc::default);
        let mut arrival = number.lock().unwrap_or_else(PoisonError::into_inner);
        *arrival = DONE.note(*arrival, now);
    }

    /// How many steps were done from a network that time has not made up for.
    pub fn done_lately(&self, class: Class, network: Network, now: i64) -> i64 {
        let number = self.counters.get(&Counter::Done(class, network));
        number.map_or(0, |number| DONE.backlog(*number.lock().unwrap_or_else(PoisonError::into_inner), now))
    }

    /// Room for a file from a network.
    ///
    /// # Errors
    /// The seconds to wait.
    pub fn take_upload(&self, origin: &Origin, bytes: u64, now: i64) -> Result<(), u64> {
        let Some(network) = origin.network.filter(|_| !origin.is_unlimited) else { return Ok(()) };
        let kibibytes = i64::try_from(bytes.div_ceil(1024)).unwrap_or(i64::MAX);
        self.take(Counter::Upload(network), UPLOAD, now, kibibytes).map_err(seconds)
    }

    /// A place for a live page; none if the network, or everybody together, has too many open.
    pub fn open_stream(&self, origin: &Origin) -> Option<StreamPlace> {
        let Some(network) = origin.network.filter(|_| !origin.is_unlimited) else { return Some(StreamPlace(None)) };
        let mut open = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        let of = open.of.get(&network).copied().unwrap_or(0);
        if open.all >= STREAMS_MAX || of >= STREAMS_OF_NETWORK_MAX {
            return None;
        }
        open.all += 1;
        open.of.insert(network, of + 1);
        Some(StreamPlace(Some((self.streams.clone(), network))))
    }

    /// Counters held now, as an estimate.
    #[cfg(test)]
    fn held(&self) -> u64 {
        self.counters.run_pending_tasks();
        self.counters.entry_count()
    }
}

/// The place of one live page; given back when it is dropped.
#[derive(Debug)]
pub struct StreamPlace(Option<(Arc<Mutex<Open>>, Network)>);

impl Drop for StreamPlace {
    fn drop(&mut self) {
        let Some((streams, network)) = self.0.take() else { return };
        let mut open = streams.lock().unwrap_or_else(PoisonError::into_inner);
        open.all = open.all.saturating_sub(1);
        match open.of.get_mut(&network) {
            Some(of) if *of > 1 => *of -= 1,
            _ => {
                open.of.remove(&network);
            }
        }
    }
}

/// An answer that keeps its place until its last byte is sent or the visitor is gone.
pub fn holding(response: Response, place: StreamPlace) -> Response {
    response.map(|body| {
        Body::from_stream(body.into_data_stream().map(move |piece| {
            // The place lives as long as this closure.
            let _held = &place;
            piece
        }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::IpAddr;

    fn origin(address: &str) -> Origin {
        Origin::of(Some(address.parse::<IpAddr>().expect("an address")), &[])
    }

    #[test]
    fn memory_has_an_end_whatever_comes() {
        let limits = Limits::default();
        for n in 0..(COUNTERS_MAX * 2) as u32 {
            let address = Origin::of(Some(IpAddr::from(n.to_be_bytes())), &[]);
            limits.take_free(Class::Filing, &address, 0).expect("each is new");
        }
        assert!(limits.held() <= COUNTERS_MAX, "{}", limits.held());
    }

    #[test]
    fn a_wide_network_is_counted_as_a_whole() {
        let limits = Limits::default();
        let mut taken = 0;
        // Each /64 stays far below its own limit.
        while limits.take_free(Class::Filing, &origin(&format!("2001:db8:7:{taken:x}::1")), 0).is_ok() {
            taken += 1;
        }
        assert_eq!(taken, Class::Filing.terms().free.burst * COARSE_FACTOR);
        assert!(limits.take_free(Class::Filing, &origin("2001:db8:8::1"), 0).is_ok(), "another one is free");
    }

    #[test]
    fn live_pages_give_their_place_back() {
        let limits = Limits::default();
        let (hall, home) = (origin("203.0.113.1"), origin("203.0.113.2"));
        let mut places: Vec<_> = (0..STREAMS_OF_NETWORK_MAX).map(|_| limits.open_stream(&hall).expect("a place")).collect();
        assert!(limits.open_stream(&hall).is_none());
        let _home = limits.open_stream(&home).expect("another address has its own");
        places.pop();
        let again = limits.open_stream(&hall);
        assert!(again.is_some());
        drop((again, places));
        assert_eq!(limits.streams.lock().expect("open").of.len(), 1);
        let unlimited = Origin { is_unlimited: true, ..hall };
        let free: Vec<_> = (0..STREAMS_OF_NETWORK_MAX * 2).filter_map(|_| limits.open_stream(&unlimited)).collect();
        assert_eq!(free.len(), STREAMS_OF_NETWORK_MAX as usize * 2);
    }

    #[test]
    fn bytes_are_counted_not_files() {
        let (limits, from) = (Limits::default(), origin("203.0.113.1"));
        let mut megabytes = 0;
        while limits.take_upload(&from, 1024 * 1024, 0).is_ok() {
            megabytes += 1;
        }
        assert_eq!(megabytes, 2 * 1024);
        assert!(limits.take_upload(&from, 10, 0).is_err_and(|wait| wait < 10), "a small file soon fits");
        assert!(limits.take_upload(&Origin { is_unlimited: true, ..from }, 1 << 40, 0).is_ok());
    }
}
