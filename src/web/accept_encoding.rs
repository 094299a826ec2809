//! Content codings that a client accepts (RFC 9110 12.5.3).

use std::cmp::Reverse;

use crate::feeds::Coding;

/// Accepted codings, best first. Never empty: if the client accepts none, the list is the identity coding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Codings {
    known: [Coding; 4],
    count: usize,
}

impl Codings {
    /// The identity coding only.
    const NONE: Self = Self {
        known: [Coding::Identity; 4],
        count: 1,
    };

    /// Parses `Accept-Encoding`. Of codings with equal weight, the one with the smallest output comes first.
    #[must_use]
    pub fn new(accepted: Option<&str>) -> Self {
        let Some(accepted) = accepted else {
            return Self::NONE;
        };
        let mut weights: [Option<u16>; 4] = [None; 4];
        let mut others: Option<u16> = None;
        for item in accepted.split(',') {
            let (name, weight) = weighted(item);
            let same = |coding: &Coding| coding.name().eq_ignore_ascii_case(name);
            if name == "*" {
                others = Some(weight);
            } else if name.eq_ignore_ascii_case("x-gzip") {
                weights[2] = Some(weight);
            } else if let Some(at) = Coding::ALL.iter().position(same) {
                weights[at] = Some(weight);
            }
        }
        let weight = |at: usize| match (Coding::ALL[at], weights[at], others) {
            (_, Some(own), _) => own,
            (_, None, Some(others)) => others,
            // RFC 9110 12.5.3: identity is acceptable unless excluded, but ranks behind the codings named.
            (Coding::Identity, None, None) => 1,
            (_, None, None) => 0,
        };
        let mut known = [(0, Coding::Identity); 4];
        let mut count = 0;
        for (at, coding) in Coding::ALL.into_iter().enumerate() {
            if weight(at) > 0 {
                known[count] = (weight(at), coding);
                count += 1;
            }
        }
        if count == 0 {
            return Self::NONE;
        }
        known[..count].sort_by_key(|(weight, _)| Reverse(*weight));
        Self {
            known: known.map(|(_, coding)| coding),
            count,
        }
    }

    /// Returns the codings, best first.
    #[must_use]
    pub fn as_slice(&self) -> &[Coding] {
        &self.known[..self.count]
    }
}

/// Minimum size in bytes of a body that is compressed. A smaller one fits into one packet anyway.
const SMALLEST: usize = 1_024;

/// The codings of a body that a client accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Negotiated(Codings);

impl Negotiated {
    /// Returns the codings that a client accepts for a body of `length` bytes.
    pub(super) fn new(accepted: Option<&str>, length: usize) -> Self {
        Self(Codings::new(accepted.filter(|_| length >= SMALLEST)))
    }

    /// Returns the identity coding only.
    pub(super) fn without_compression() -> Self {
        Self(Codings::NONE)
    }

    /// Returns the most preferred coding.
    pub(super) fn best(&self) -> Coding {
        self.0
            .as_slice()
            .first()
            .copied()
            .unwrap_or(Coding::Identity)
    }

    /// Returns true if `tag` is the entity tag of the body in an accepted coding. `identity` is its tag without coding.
    pub(super) fn names(&self, tag: &str, identity: &str) -> bool {
        let mut accepted = self.0.as_slice().iter();
        accepted.any(|coding| tag_in(identity, *coding) == tag)
    }
}

/// Returns the entity tag of a body in a coding. `identity` is its tag without coding, with quotes.
pub(super) fn tag_in(identity: &str, coding: Coding) -> String {
    match coding {
        Coding::Identity => identity.to_owned(),
        _ => format!("{}-{}\"", identity.trim_end_matches('"'), coding.name()),
    }
}

/// Splits an item of an `Accept` header into its name and its weight in thousandths. An invalid weight counts as 1000.
pub(super) fn weighted(item: &str) -> (&str, u16) {
    let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
    let weight = parameters
        .trim()
        .strip_prefix(['q', 'Q'])
        .and_then(|rest| rest.trim_start().strip_prefix('='))
        .and_then(|value| value.trim().parse::<f32>().ok())
        .filter(|value| (0.0..=1.0).contains(value));
    let thousandths = weight.map_or(1000, |value| {
        // Between 0 and 1000 by the filter above.
        (value * 1000.0).round() as u16
    });
    (name.trim(), thousandths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Coding::{Brotli, Gzip, Identity, Zstd};

    #[test]
    fn the_readers_order_counts_and_then_ours() {
        assert_eq!(Codings::new(None).as_slice(), [Identity]);
        let cases: [(&str, &[Coding]); 11] = [
            ("", &[Identity]),
            ("gzip", &[Gzip, Identity]),
            ("gzip, deflate, br, zstd", &[Brotli, Zstd, Gzip, Identity]),
            ("gzip,br", &[Brotli, Gzip, Identity]),
            ("br;q=0.5, gzip;q=0.8", &[Gzip, Brotli, Identity]),
            ("gzip;q=0", &[Identity]),
            ("GZIP; Q=1.0", &[Gzip, Identity]),
            ("*", &[Brotli, Zstd, Gzip, Identity]),
            ("identity, gzip;q=0.5", &[Identity, Gzip]),
            ("identity;q=0, *;q=0", &[Identity]),
            ("gzip, identity;q=0", &[Gzip]),
        ];
        for (accepted, expected) in cases {
            let found = Codings::new(Some(accepted));
            assert_eq!(found.as_slice(), expected, "{accepted:?}");
        }
    }
}
