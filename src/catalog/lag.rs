//! Lag of the catalog behind the store.

use std::time::{Duration, Instant};

/// State of the lag, updated on each check.
#[derive(Debug, Default)]
pub(super) struct Lag {
    /// Last commit shown while the store had a later one, and the time since when.
    since: Option<(u64, Instant)>,
}

impl Lag {
    /// Records the last commits of the store and of the catalog. Returns how long the catalog has
    /// been stuck at its commit although there is a later one.
    pub(super) fn note(&mut self, stored: u64, shown: u64, now: Instant) -> Option<Duration> {
        if stored <= shown {
            self.since = None;
            return None;
        }
        match self.since {
            Some((then, since)) if then == shown => Some(now.saturating_duration_since(since)),
            _ => {
                self.since = Some((shown, now));
                Some(Duration::ZERO)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_catalog_that_moves_on_does_not_lag_for_long_and_one_that_stands_still_does() {
        let (mut lag, start) = (Lag::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(lag.note(5, 5, at(0)), None);
        assert_eq!(lag.note(6, 5, at(1)), Some(Duration::ZERO));
        assert_eq!(lag.note(8, 6, at(40)), Some(Duration::ZERO));
        assert_eq!(lag.note(9, 6, at(52)), Some(Duration::from_secs(12)));
        assert_eq!(lag.note(9, 9, at(53)), None);
        assert_eq!(lag.note(10, 9, at(99)), Some(Duration::ZERO));
    }
}
