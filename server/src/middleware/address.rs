//! From where a request comes: the peer, or what a proxy the operator trusts says of it.
//!
//! `X-Forwarded-For` grows from left to right: each proxy appends whom it heard. Only what our own proxies appended is true, so it is read
//! from the right, over all lines of the header as if they were one, and the first address that is no proxy of ours is the visitor's. What
//! stands further left the visitor may have written. Whatever cannot be read ends the walk at the last proxy that is known: a made-up
//! header gives nobody a fresh counter.

use app::limits::network::{Cidr, Network, Origin};
use app::portal::Portal;
use app::ui::context::ClientAddress;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Entries of the header that are looked at; no chain of proxies is longer.
const FORWARDED_MAX: usize = 32;

/// Proxies whose word about the visitor's address counts.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(pub Arc<[Cidr]>);

/// Said once for each start: a proxy that is not among the trusted makes all its visitors one.
static HAS_WARNED: AtomicBool = AtomicBool::new(false);

/// Puts the visitor's network into the request.
pub async fn client_address(State((portal, proxies)): State<(Portal, TrustedProxies)>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
    let address = peer.map(|peer| visitor(peer, request.headers(), &proxies));
    if let Some(peer) = peer.filter(|peer| !app::outgoing::is_public(*peer))
        && address == Some(peer)
        && request.headers().contains_key("x-forwarded-for")
        && !proxies.0.iter().any(|proxy| proxy.contains(peer))
        && !HAS_WARNED.swap(true, Ordering::Relaxed)
    {
        tracing::warn!(%peer, "a proxy sends X-Forwarded-For but is not among --trusted-proxies: all its visitors share one limit");
    }
    let network = address.map(|address| Network::of(address).to_string()).unwrap_or_default();
    request.extensions_mut().insert(ClientAddress(network));
    request.extensions_mut().insert(Origin::of(address, portal.unlimited()));
    next.run(request).await
}

/// The visitor's address, as told by proxies from the peer on.
fn visitor(peer: IpAddr, headers: &HeaderMap, proxies: &TrustedProxies) -> IpAddr {
    let is_proxy = |address: IpAddr| proxies.0.iter().any(|proxy| proxy.contains(address));
    if !is_proxy(peer) {
        return peer;
    }
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    let mut known = peer;
    // A line that is no text is an entry that cannot be read.
    for entry in lines.flat_map(|line| line.to_str().unwrap_or("?").rsplit(',')).take(FORWARDED_MAX) {
        match read(entry) {
            Some(address) if is_proxy(address) => known = address,
            Some(address) => return address,
            None => break,
        }
    }
    known
}

/// An address as proxies write it: alone, with a port, in quotation marks, IPv6 in brackets.
fn read(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim().trim_matches('"');
    let address = entry.parse::<IpAddr>().ok().or_else(|| entry.parse::<SocketAddr>().ok().map(|socket| socket.ip()));
    let address = address.or_else(|| entry.strip_prefix('[')?.strip_suffix(']')?.parse().ok());
    address.map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn of(peer: &str, lines: &[&str]) -> String {
        let proxies = TrustedProxies(["10.0.0.0/8", "127.0.0.1", "fd00::/8"].map(|range| range.parse().expect("a range")).into());
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", HeaderValue::from_bytes(line.as_bytes()).expect("a header"));
        }
        visitor(ip(peer), &headers, &proxies).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        assert_eq!(of("203.0.113.9", &["198.51.100.1"]), "203.0.113.9", "a stranger's word");
        assert_eq!(of("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(of("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(of("::ffff:10.0.0.1", &["198.51.100.1"]), "198.51.100.1", "the same proxy on a socket of both kinds");
    }

    #[test]
    fn the_rightmost_that_is_no_proxy_is_the_visitor() {
        assert_eq!(of("10.0.0.1", &["1.1.1.1, 198.51.100.1"]), "198.51.100.1", "what stands left of it the visitor wrote");
        assert_eq!(of("10.0.0.1", &["1.1.1.1, 198.51.100.1, 10.0.0.2"]), "198.51.100.1", "through two proxies");
        assert_eq!(of("10.0.0.1", &["1.1.1.1", "198.51.100.1", "10.0.0.2"]), "198.51.100.1", "several lines are one");
        assert_eq!(of("10.0.0.1", &["198.51.100.1", "2.2.2.2"]), "2.2.2.2", "the last line was appended last");
        assert_eq!(of("10.0.0.1", &["10.0.0.3, 10.0.0.2"]), "10.0.0.3", "nobody but proxies");
    }

    #[test]
    fn every_way_of_writing_is_read() {
        for (written, read) in [
            ("198.51.100.1:50123", "198.51.100.1"),
            (" 198.51.100.1 ", "198.51.100.1"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("\"[2001:db8::1]:443\"", "2001:db8::1"),
            ("::ffff:198.51.100.1", "198.51.100.1"),
        ] {
            assert_eq!(of("fd00::1", &[written]), read, "{written}");
        }
    }

    #[test]
    fn what_cannot_be_read_gives_nobody_a_new_address() {
        for garbage in ["", " , ", "unknown", "198.51.100", "198.51.100.1.", "'; DROP TABLE attempts; --", "_hidden", "1e9", "-1", "198.51.100.1/8", "[::1"] {
            assert_eq!(of("10.0.0.1", &[&format!("1.1.1.1, {garbage}")]), "10.0.0.1", "{garbage}");
            assert_eq!(of("10.0.0.1", &[&format!("1.1.1.1, {garbage}, 10.0.0.2")]), "10.0.0.2", "{garbage}");
        }
        assert_eq!(of("10.0.0.1", &["198.51.100.1", "\u{e9}, 10.0.0.2"]), "10.0.0.1", "a line that is no text");
        let long = format!("198.51.100.1{}", ", 10.0.0.2".repeat(10_000));
        assert_eq!(of("10.0.0.1", &[&long]), "10.0.0.2", "a chain without end is not walked to its end");
    }
}
