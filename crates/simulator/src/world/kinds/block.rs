//! Blocks: the ranges of IPv4 addresses that VPCs and subnets have.

use std::net::Ipv4Addr;

use crate::outcome::ServiceError;

/// How long the prefix of a VPC's or a subnet's block can be.
const LENGTHS: std::ops::RangeInclusive<u32> = 16..=28;
/// The blocks that are private.
const PRIVATE: [&str; 3] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/// All addresses of a block such as `10.0.0.0/24`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) first: u32,
    pub(super) last: u32,
    length: u32,
}

impl Block {
    pub(super) fn of(text: &str) -> Option<Self> {
        let (address, length) = text.split_once('/')?;
        let address = u32::from(address.parse::<Ipv4Addr>().ok()?);
        // As a number it may have a sign or zeros before it, which would be kept and shown.
        let length: u32 = length
            .parse()
            .ok()
            .filter(|read: &u32| read.to_string() == length)?;
        let host = u32::MAX.checked_shr(length).unwrap_or(0);
        (length <= u32::BITS).then_some(Self {
            first: address & !host,
            last: address | host,
            length,
        })
    }

    /// The block that a parameter gives a VPC or a subnet: a private one, neither too large nor too small.
    pub(super) fn given(parameter: &str, text: &str) -> Result<Self, ServiceError> {
        let is_private = |block: &Self| {
            let mut private = PRIVATE.iter().filter_map(|text| Self::of(text));
            private.any(|private| private.holds(*block))
        };
        let block = Self::of(text).filter(|block| LENGTHS.contains(&block.length) && is_private(block));
        block.ok_or_else(|| {
            let problem = format!("must be a block from /16 to /28 within {}", PRIVATE.join(", "));
            ServiceError::parameter(parameter, &problem)
        })
    }

    /// Whether another block lies within this one.
    pub(super) fn holds(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// Whether two blocks have addresses in common.
    pub(super) fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_have_a_first_and_a_last_address() {
        let parsed = |text: &str| {
            let block = Block::of(text)?;
            let address = |address| Ipv4Addr::from(address).to_string();
            Some((address(block.first), address(block.last)))
        };
        let pair = |first: &str, last: &str| Some((first.to_owned(), last.to_owned()));
        assert_eq!(parsed("10.0.1.7/24"), pair("10.0.1.0", "10.0.1.255"));
        assert_eq!(parsed("0.0.0.0/0"), pair("0.0.0.0", "255.255.255.255"));
        assert_eq!(parsed("10.0.0.1/32"), pair("10.0.0.1", "10.0.0.1"));
        for text in [
            "10.0.0.0",
            "10.0.0.0/33",
            "10.0.0/8",
            "a/8",
            "10.0.0.0/-1",
            "10.0.0.0/+24",
            "10.0.0.0/024",
        ] {
            assert_eq!(parsed(text), None, "{text}");
        }
    }

    #[test]
    fn only_private_blocks_of_some_sizes_can_be_given() {
        for (text, accepted) in [
            ("10.0.0.0/16", true),
            ("172.31.255.240/28", true),
            ("192.168.0.0/16", true),
            ("10.0.0.0/15", false),
            ("10.0.0.0/29", false),
            ("172.32.0.0/16", false),
            ("8.8.0.0/16", false),
            ("10.0.0.0", false),
        ] {
            assert_eq!(Block::given("subnet", text).is_ok(), accepted, "{text}");
        }
    }

    #[test]
    fn blocks_overlap_if_they_have_an_address_in_common() {
        let block = |text| Block::of(text).unwrap();
        let network = block("10.0.0.0/16");
        assert!(network.holds(block("10.0.255.0/24")) && !network.holds(block("10.1.0.0/24")));
        assert!(!block("10.0.0.0/24").holds(network) && block("10.0.0.0/24").overlaps(network));
        assert!(!block("10.0.0.0/24").overlaps(block("10.0.1.0/24")));
    }
}
