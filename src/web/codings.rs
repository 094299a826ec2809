//! Which content codings a reader takes (RFC 9110 12.5.3).

use crate::feeds::Coding;

/// The codings that a reader takes, the one to be given first in front. Never empty: a reader who
/// takes nothing at all gets the bytes as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Codings {
    known: [Coding; 4],
    count: usize,
}

impl Codings {
    /// Reads the lines of `Accept-Encoding`. Between codings that the reader likes equally, the one
    /// that gives the fewest bytes comes first.
    #[must_use]
    pub fn of<'a>(lines: impl Iterator<Item = &'a str>) -> Self {
        let mut weights: [Option<u16>; 4] = [None; 4];
        let mut others: Option<u16> = None;
        for item in lines.flat_map(|line| line.split(',')) {
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
            // As they are, unless the reader says otherwise, but not before what was asked for.
            (Coding::Identity, None, None) => 1,
            (_, None, None) => 0,
        };
        let mut order = [0, 1, 2, 3];
        order.sort_by_key(|at| std::cmp::Reverse(weight(*at)));
        let count = order.iter().filter(|at| weight(**at) > 0).count();
        if count == 0 {
            return Self {
                known: [Coding::Identity; 4],
                count: 1,
            };
        }
        Self {
            known: order.map(|at| Coding::ALL[at]),
            count,
        }
    }

    /// The codings, the one to be given first in front.
    #[must_use]
    pub fn as_slice(&self) -> &[Coding] {
        &self.known[..self.count]
    }
}

/// A coding's name with its weight in thousandths; a weight that is none counts as the highest.
fn weighted(item: &str) -> (&str, u16) {
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
        let cases: [(&[&str], &[Coding]); 12] = [
            (&[], &[Identity]),
            (&[""], &[Identity]),
            (&["gzip"], &[Gzip, Identity]),
            (
                &["gzip, deflate, br, zstd"],
                &[Brotli, Zstd, Gzip, Identity],
            ),
            (&["gzip", "br"], &[Brotli, Gzip, Identity]),
            (&["br;q=0.5, gzip;q=0.8"], &[Gzip, Brotli, Identity]),
            (&["gzip;q=0"], &[Identity]),
            (&["GZIP; Q=1.0"], &[Gzip, Identity]),
            (&["*"], &[Brotli, Zstd, Gzip, Identity]),
            (&["identity, gzip;q=0.5"], &[Identity, Gzip]),
            (&["identity;q=0, *;q=0"], &[Identity]),
            (&["gzip, identity;q=0"], &[Gzip]),
        ];
        for (lines, expected) in cases {
            let found = Codings::of(lines.iter().copied());
            assert_eq!(found.as_slice(), expected, "{lines:?}");
        }
    }
}
