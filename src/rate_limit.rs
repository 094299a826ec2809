//! Rate limits: a token bucket for each key.
//!
//! **May import:** nothing of ours.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};

/// Maximum number of buckets. Beyond it, full buckets are dropped, or all if none is full.
const MAX_KEYS: usize = 10_000;

/// Permits each key `burst` operations at once, refilled by `per_second`.
#[derive(Debug)]
pub struct RateLimiter<K> {
    burst: f64,
    per_second: f64,
    buckets: Mutex<HashMap<K, Bucket>>,
}

/// What is left in a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Number of tokens.
    pub left: u64,
    /// Seconds until the bucket is full.
    pub full_in: i64,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: DateTime<Utc>,
}

impl<K: Eq + Hash> RateLimiter<K> {
    /// Returns a limiter with full buckets. `per_second` is at least one a day.
    pub fn new(burst: f64, per_second: f64) -> Self {
        Self {
            burst,
            // Bounds the waiting time.
            per_second: per_second.max(1.0 / 86_400.0),
            buckets: Mutex::default(),
        }
    }

    /// Takes a token from the bucket of `key`.
    ///
    /// # Errors
    /// Returns the seconds until the next token if the bucket is empty.
    pub fn take(&self, key: K, now: DateTime<Utc>) -> Result<(), i64> {
        self.take_counted(key, now).0
    }

    /// Does the same, and returns what is left in the bucket.
    pub fn take_counted(&self, key: K, now: DateTime<Utc>) -> (Result<(), i64>, Allowance) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MAX_KEYS && !buckets.contains_key(&key) {
            buckets.retain(|_, bucket| self.refilled(*bucket, now).left < self.burst);
            if buckets.len() >= MAX_KEYS {
                buckets.clear();
            }
        }
        let full = Bucket {
            left: self.burst,
            at: now,
        };
        let bucket = buckets.entry(key).or_insert(full);
        *bucket = self.refilled(*bucket, now);
        let taken = if bucket.left >= 1.0 {
            bucket.left -= 1.0;
            Ok(())
        } else {
            Err(((1.0 - bucket.left) / self.per_second).ceil().max(1.0) as i64)
        };
        let allowance = Allowance {
            left: bucket.left as u64,
            full_in: ((self.burst - bucket.left) / self.per_second).ceil() as i64,
        };
        (taken, allowance)
    }

    /// Puts a token back into the bucket of `key`.
    pub fn give_back(&self, key: &K) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get_mut(key) {
            bucket.left = (bucket.left + 1.0).min(self.burst);
        }
    }

    /// Returns the bucket refilled to `now`. A clock that goes back changes nothing.
    fn refilled(&self, bucket: Bucket, now: DateTime<Utc>) -> Bucket {
        let passed = (now - bucket.at).as_seconds_f64().max(0.0);
        Bucket {
            left: (bucket.left + passed * self.per_second).min(self.burst),
            at: bucket.at.max(now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn a_key_waits_for_as_long_as_it_is_told_and_others_do_not() {
        let limiter = RateLimiter::new(3.0, 0.1);
        let now = DateTime::UNIX_EPOCH;
        for _ in 0..3 {
            assert_eq!(limiter.take("a", now), Ok(()));
        }
        assert_eq!(limiter.take("a", now), Err(10));
        assert_eq!(limiter.take("b", now), Ok(()));
        let later = now + TimeDelta::seconds(4);
        assert_eq!(limiter.take("a", later), Err(6));
        assert_eq!(limiter.take("a", later + TimeDelta::seconds(6)), Ok(()));
        assert_eq!(limiter.take("a", now), Err(10));
    }

    #[test]
    fn what_is_given_back_can_be_taken_again_and_no_more() {
        let limiter = RateLimiter::new(2.0, 0.1);
        let now = DateTime::UNIX_EPOCH;
        limiter.give_back(&"a");
        assert_eq!(limiter.take("a", now), Ok(()));
        limiter.give_back(&"a");
        limiter.give_back(&"a");
        assert_eq!(limiter.take("a", now), Ok(()));
        assert_eq!(limiter.take("a", now), Ok(()));
        assert_eq!(limiter.take("a", now), Err(10));
    }

    #[test]
    fn what_is_left_is_counted_down_and_fills_up_again() {
        let limiter = RateLimiter::new(3.0, 0.5);
        let now = DateTime::UNIX_EPOCH;
        let counted = |now| {
            let (taken, allowance) = limiter.take_counted("a", now);
            (taken, allowance.left, allowance.full_in)
        };
        assert_eq!(counted(now), (Ok(()), 2, 2));
        assert_eq!(counted(now), (Ok(()), 1, 4));
        assert_eq!(counted(now), (Ok(()), 0, 6));
        assert_eq!(counted(now), (Err(2), 0, 6));
        assert_eq!(counted(now + TimeDelta::seconds(6)), (Ok(()), 2, 2));
    }

    #[test]
    fn memory_is_bounded_and_keys_that_wait_are_forgotten_last() {
        let limiter = RateLimiter::new(1.0, 0.001);
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(limiter.take(usize::MAX, now), Ok(()));
        let later = now + TimeDelta::seconds(10);
        for key in 0..MAX_KEYS - 1 {
            assert_eq!(limiter.take(key, now - TimeDelta::hours(1)), Ok(()));
        }
        assert_eq!(limiter.take(0, later), Ok(()));
        for key in MAX_KEYS..MAX_KEYS + 10 {
            assert_eq!(limiter.take(key, later), Ok(()));
        }
        assert!(limiter.take(usize::MAX, later).is_err());
        assert!(limiter.buckets.lock().unwrap().len() <= MAX_KEYS);
    }
}
