//! Where a request comes from, as limits see it; and ranges of addresses, as an operator writes them.
//!
//! Of IPv4 one address is counted, of IPv6 the /64: that is what one household or one phone gets, and whoever has it can take any of its
//! addresses at will. A provider hands out a /48 or /56 as easily, so that a coarser counter stands behind ([`Network::coarse`]).

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// Bits of an IPv6 address that tell one subscriber from another.
const V6_FINE_BITS: u8 = 64;
/// Bits of an IPv6 address that one customer of a provider may hold as a whole.
const V6_COARSE_BITS: u8 = 48;

/// Addresses that are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network(Cidr);

impl Network {
    /// The network whose requests are counted together with those of this address.
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self(Cidr::new(IpAddr::V4(address), 32)),
            IpAddr::V6(address) => Self(Cidr::new(IpAddr::V6(address), V6_FINE_BITS)),
        }
    }

    /// The wider network around an IPv6 address, which many small ones share. IPv4 has none: a carrier's neighbours are strangers.
    pub fn coarse(address: IpAddr) -> Option<Self> {
        match address.to_canonical() {
            IpAddr::V4(_) => None,
            IpAddr::V6(address) => Some(Self(Cidr::new(IpAddr::V6(address), V6_COARSE_BITS))),
        }
    }
}

/// An IPv4 address as it is; of IPv6 the prefix, `2001:db8:1:2::/64`.
impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.first {
            IpAddr::V4(address) => address.fmt(f),
            IpAddr::V6(_) => self.0.fmt(f),
        }
    }
}

/// A range of addresses: `10.0.0.0/8`, `2001:db8::/32`, or a single address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cidr {
    first: IpAddr,
    bits: u8,
}

impl Cidr {
    /// The range of all addresses that share their first `bits` with this one. More bits than an address has are all of them.
    pub const fn new(address: IpAddr, bits: u8) -> Self {
        match address {
            IpAddr::V4(address) => {
                let bits = if bits > 32 { 32 } else { bits };
                let mask = if bits == 0 { 0 } else { u32::MAX << (32 - bits) };
                Self { first: IpAddr::V4(Ipv4Addr::from_bits(address.to_bits() & mask)), bits }
            }
            IpAddr::V6(address) => {
                let bits = if bits > 128 { 128 } else { bits };
                let mask = if bits == 0 { 0 } else { u128::MAX << (128 - bits) };
                Self { first: IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & mask)), bits }
            }
        }
    }

    /// Whether an address lies in it. An IPv4 address written as IPv6 (`::ffff:10.0.0.1`) is the IPv4 address it is.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.first.is_ipv4() && Self::new(address, self.bits).first == self.first
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.bits)
    }
}

impl FromStr for Cidr {
    type Err = String;

    /// Bits behind the prefix must be zero: `10.1.2.3/8` is more likely a mistake than meant.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let wrong = || format!("{text:?} is no address and no range like 10.0.0.0/8 or 2001:db8::/32");
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u8>().map_err(|_| wrong())?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        let range = Self::new(address, bits);
        if bits > most || range.first != address { Err(wrong()) } else { Ok(range) }
    }
}

/// Where a request comes from and what it may do there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The network it is counted with. None where the server does not know the peer.
    pub network: Option<Network>,
    /// The wider network around it.
    pub coarse: Option<Network>,
    /// The operator lets this address do as much as it likes.
    pub is_unlimited: bool,
    /// It has done the step that bursts lead to, not long ago.
    pub has_pass: bool,
}

impl Origin {
    /// The origin of an address; unlimited if one of these ranges has it.
    pub fn of(address: Option<IpAddr>, unlimited: &[Cidr]) -> Self {
        Self {
            network: address.map(Network::of),
            coarse: address.and_then(Network::coarse),
            is_unlimited: address.is_some_and(|address| unlimited.iter().any(|range| range.contains(address))),
            has_pass: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn one_subscriber_is_one_network() {
        assert_eq!(Network::of(ip("203.0.113.7")).to_string(), "203.0.113.7");
        assert_ne!(Network::of(ip("203.0.113.7")), Network::of(ip("203.0.113.8")));
        assert_eq!(Network::of(ip("2001:db8:1:2::1")), Network::of(ip("2001:db8:1:2:ffff::9")));
        assert_ne!(Network::of(ip("2001:db8:1:2::1")), Network::of(ip("2001:db8:1:3::1")));
        assert_eq!(Network::coarse(ip("2001:db8:1:2::1")), Network::coarse(ip("2001:db8:1:ffff::1")));
        assert_ne!(Network::coarse(ip("2001:db8:1:2::1")), Network::coarse(ip("2001:db8:2:2::1")));
        assert_eq!(Network::coarse(ip("203.0.113.7")), None);
        assert_eq!(Network::of(ip("::ffff:203.0.113.7")), Network::of(ip("203.0.113.7")), "one address, written two ways");
    }

    #[test]
    fn ranges_are_read_as_operators_write_them() {
        let range = |text: &str| text.parse::<Cidr>();
        assert!(range("10.0.0.0/8").expect("a range").contains(ip("10.255.0.1")));
        assert!(!range("10.0.0.0/8").expect("a range").contains(ip("11.0.0.1")));
        assert!(range("127.0.0.1").expect("one address").contains(ip("127.0.0.1")));
        assert!(!range("127.0.0.1").expect("one address").contains(ip("127.0.0.2")));
        assert!(range("fd00::/8").expect("a range").contains(ip("fd12::1")));
        assert!(range("0.0.0.0/0").expect("everything").contains(ip("8.8.8.8")));
        assert!(!range("0.0.0.0/0").expect("all of IPv4").contains(ip("2001:db8::1")));
        assert!(range("10.0.0.0/8").expect("a range").contains(ip("::ffff:10.1.1.1")));
        for wrong in ["", "10.0.0.0/33", "10.1.2.3/8", "fd00::/129", "here", "10.0.0.0/", "10.0.0/8", "::1/-1"] {
            assert!(range(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_range_is_written_and_read_as_the_same(address: [u8; 16], is_v4: bool, bits in 0_u8..=128) {
            let address = if is_v4 { IpAddr::from([address[0], address[1], address[2], address[3]]) } else { IpAddr::from(address) };
            let range = Cidr::new(address, bits);
            prop_assert_eq!(range.to_string().parse::<Cidr>(), Ok(range));
            prop_assert!(range.contains(range.first));
        }
    }
}
