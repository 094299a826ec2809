//! Times of commits and the dates that readers are told of them (`Last-Modified`): a date never stands for
//! two states.
//!
//! A reader who was told a date and names it later (`If-Modified-Since`) is answered 304 while the state has
//! that date. So every state after the one that was told has a later date, in whole seconds:
//!
//! - A date is told once its second is over (RFC 9110 8.8.2.2) and no commit is under way, which may have taken
//!   its time in that second.
//! - A commit's time is taken when it begins, and is later than every date that was told, also where the
//!   clock was set back.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

/// How far a commit's time may be put off, so that it is later than a date that was told. A clock that was
/// further ahead must not date everything from then on.
const AHEAD: TimeDelta = TimeDelta::days(2);

/// What is known of the times of commits.
#[derive(Debug)]
pub(super) struct ChangeTimes {
    /// Commits that have begun and are not in the snapshot yet.
    under_way: AtomicUsize,
    /// The latest date that was told, in seconds.
    told: AtomicI64,
}

/// A commit under way, until dropped.
pub(super) struct UnderWay<'a>(&'a AtomicUsize);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl ChangeTimes {
    /// Begins with a state whose date may have been told by an earlier process.
    pub(super) fn new(modified: DateTime<Utc>) -> Self {
        Self {
            under_way: AtomicUsize::new(0),
            told: AtomicI64::new(modified.timestamp()),
        }
    }

    /// Begins a commit: call it before its time is taken.
    pub(super) fn begin(&self) -> UnderWay<'_> {
        self.under_way.fetch_add(1, Ordering::SeqCst);
        UnderWay(&self.under_way)
    }

    /// Returns the time of a commit that begins when the clock shows `now`, after one of the time `last`.
    pub(super) fn of_commit(
        &self,
        now: DateTime<Utc>,
        last: Option<DateTime<Utc>>,
    ) -> DateTime<Utc> {
        let earliest = last.map_or(now, |last| last.max(now));
        let told = self.told.load(Ordering::SeqCst);
        let next = DateTime::from_timestamp(told.saturating_add(1), 0);
        next.filter(|next| *next - earliest <= AHEAD)
            .map_or(earliest, |next| next.max(earliest))
    }

    /// Returns whether the date of a state may be told when the clock shows `now`. `current` gives the date of
    /// the present state, and is called last.
    pub(super) fn may_tell(
        &self,
        modified: DateTime<Utc>,
        now: DateTime<Utc>,
        current: impl FnOnce() -> DateTime<Utc>,
    ) -> bool {
        let second = modified.timestamp();
        if second >= now.timestamp() {
            return false;
        }
        // First, so that a commit that begins meanwhile heeds it; the others are waited for or done.
        self.told.fetch_max(second, Ordering::SeqCst);
        if self.under_way.load(Ordering::SeqCst) > 0 {
            return false;
        }
        let current = current();
        current == modified || current.timestamp() != second
    }
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
        // An older feed that no later commit touched.
        assert!(times.may_tell(at(100), at(5_000), || at(2_000)));
        // A page that shows more than the calendar.
        assert!(times.may_tell(at(2_100), at(5_000), || at(100)));
    }

    #[test]
    fn a_commit_is_later_than_every_date_that_was_told_also_when_the_clock_goes_back() {
        let times = times();
        assert_eq!(times.of_commit(at(100), None), at(100));
        assert!(times.may_tell(at(100), at(1_500), || at(100)));
        assert_eq!(times.of_commit(at(300), Some(at(100))), at(1_000));
        assert_eq!(times.of_commit(at(1_600), Some(at(100))), at(1_600));
        // The date was told by a clock that was years ahead.
        let years = at(0) - TimeDelta::days(800);
        assert_eq!(times.of_commit(years, Some(years)), years);
        // So was the last commit's time: then all are that late.
        assert_eq!(times.of_commit(years, Some(at(100))), at(1_000));
    }
}
