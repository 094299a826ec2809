//! Commit times and `Last-Modified`: no two states share a date.
//!
//! A client that sends a date back (`If-Modified-Since`) gets 304 while the state has that date.
//! Every state after the one whose date was sent must therefore be later than that date, which is
//! the time of the change rounded up to whole seconds:
//!
//! - A date is sent only once its second is over (RFC 9110 8.8.2.2) and no commit is in progress,
//!   which might have taken its time in that second.
//! - The time of a commit is taken when it begins, and is later than every date sent, even if the
//!   clock was set back.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

/// Limit on how far a commit's time is moved to be later than a date sent. After a clock that was
/// further ahead, commits must not stay in the future.
const AHEAD: TimeDelta = TimeDelta::days(2);

/// Minimum time between a date sent and a later commit.
const AFTER: TimeDelta = TimeDelta::milliseconds(1);

/// State of commits and dates.
#[derive(Debug)]
pub(super) struct ChangeTimes {
    /// Number of commits that have begun and are not in the snapshot yet.
    under_way: AtomicUsize,
    /// Latest date sent, in Unix seconds.
    told: AtomicI64,
}

/// A commit in progress, until dropped.
pub(super) struct UnderWay<'a>(&'a AtomicUsize);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl ChangeTimes {
    /// Returns the initial state; the date of `modified` may have been sent by an earlier process.
    pub(super) fn new(modified: DateTime<Utc>) -> Self {
        Self {
            under_way: AtomicUsize::new(0),
            told: AtomicI64::new(date_of(modified)),
        }
    }

    /// Begins a commit. Must be called before its time is taken.
    pub(super) fn begin(&self) -> UnderWay<'_> {
        self.under_way.fetch_add(1, Ordering::SeqCst);
        UnderWay(&self.under_way)
    }

    /// Returns the time of a commit that begins at `now`, after one with the time `last`.
    pub(super) fn of_commit(
        &self,
        now: DateTime<Utc>,
        last: Option<DateTime<Utc>>,
    ) -> DateTime<Utc> {
        let earliest = last.map_or(now, |last| last.max(now));
        let told = self.told.load(Ordering::SeqCst);
        let next = DateTime::from_timestamp(told, 0).map(|told| told + AFTER);
        next.filter(|next| *next - earliest <= AHEAD)
            .map_or(earliest, |next| next.max(earliest))
    }

    /// Returns true if the date of a state may be sent at `now`. `current` returns the date of the
    /// current state, and is called last.
    pub(super) fn may_tell(
        &self,
        modified: DateTime<Utc>,
        now: DateTime<Utc>,
        current: impl FnOnce() -> DateTime<Utc>,
    ) -> bool {
        if modified.timestamp() >= now.timestamp() {
            return false;
        }
        let date = date_of(modified);
        // First, so that a commit that begins now is later; others are in progress or done.
        self.told.fetch_max(date, Ordering::SeqCst);
        if self.under_way.load(Ordering::SeqCst) > 0 {
            return false;
        }
        let current = current();
        current == modified || date_of(current) != date
    }
}

/// Returns the date of a change in Unix seconds, rounded up.
fn date_of(changed: DateTime<Utc>) -> i64 {
    let second = changed.timestamp();
    second.saturating_add(i64::from(changed.timestamp_subsec_nanos() > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_800_000_000_000 + milliseconds).unwrap()
    }

    fn times() -> ChangeTimes {
        ChangeTimes::new(DateTime::UNIX_EPOCH)
    }

    #[test]
    fn a_date_is_told_when_its_second_is_over_and_nothing_is_under_way() {
        let times = times();
        assert!(!times.may_tell(at(100), at(900), || at(100)));
        assert!(times.may_tell(at(100), at(1_000), || at(100)));
        let commit = times.begin();
        assert!(!times.may_tell(at(100), at(5_000), || at(100)));
        drop(commit);
        assert!(times.may_tell(at(100), at(5_000), || at(100)));
    }

    #[test]
    fn a_state_that_another_followed_in_the_same_second_is_not_dated() {
        let times = times();
        assert!(!times.may_tell(at(100), at(5_000), || at(200)));
        // An older feed unaffected by later commits.
        assert!(times.may_tell(at(100), at(5_000), || at(2_000)));
        // A page with data besides the calendar.
        assert!(times.may_tell(at(2_100), at(5_000), || at(100)));
    }

    #[test]
    fn a_commit_is_later_than_every_date_that_was_told_also_when_the_clock_goes_back() {
        let times = times();
        assert_eq!(times.of_commit(at(100), None), at(100));
        assert!(times.may_tell(at(100), at(1_500), || at(100)));
        assert_eq!(times.of_commit(at(300), Some(at(100))), at(1_001));
        assert_eq!(times.of_commit(at(1_600), Some(at(100))), at(1_600));
        // The date was sent while the clock was years ahead.
        let years = at(0) - TimeDelta::days(800);
        assert_eq!(times.of_commit(years, Some(years)), years);
        // The last commit's time was ahead too, so later ones follow it.
        assert_eq!(times.of_commit(years, Some(at(100))), at(1_001));
    }
}
