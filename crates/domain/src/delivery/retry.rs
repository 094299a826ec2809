//! Times of retries.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

/// Waits between attempts in seconds, as in the Standard Webhooks specification: 5 s, 5 min, 30
/// min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h.
const WAITS: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// Maximum wait that a receiver may ask for, in seconds.
const LONGEST: u64 = 2 * 86_400;

/// Returns the time of the next attempt after `attempts` attempts, or `None` if the message is
/// abandoned.
///
/// Each wait is lengthened by up to a fifth, depending on the message and the attempt, so that
/// retries spread out. It is never shorter than `asked`, up to two days.
#[must_use]
pub fn next(
    message: &str,
    attempts: u32,
    now: DateTime<Utc>,
    asked: Option<Duration>,
) -> Option<DateTime<Utc>> {
    let last = usize::try_from(attempts).ok()?.checked_sub(1)?;
    let seconds = *WAITS.get(last)?;
    let digest = Sha256::digest(format!("{message}/{attempts}"));
    let part = i64::from(digest[0]);
    let milliseconds = seconds * 1_000 + seconds * 1_000 * part / (5 * 255);
    let asked = asked.map_or(0, |asked| asked.as_secs().min(LONGEST));
    let asked = i64::try_from(asked)
        .unwrap_or(i64::MAX)
        .saturating_mul(1_000);
    now.checked_add_signed(TimeDelta::milliseconds(milliseconds.max(asked)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(message: &str) -> Vec<f64> {
        let now = DateTime::UNIX_EPOCH;
        let all = (1..).map_while(|attempts| next(message, attempts, now, None));
        all.map(|at| (at - now).as_seconds_f64()).collect()
    }

    #[test]
    fn a_message_is_tried_for_days_and_then_given_up() {
        let waits = waits("m");
        assert_eq!(waits.len(), WAITS.len());
        for (wait, least) in waits.iter().zip(WAITS) {
            assert!(
                (1.0..=1.2).contains(&(wait / least as f64)),
                "{wait} {least}"
            );
        }
        assert!(waits.iter().sum::<f64>() > 3.0 * 86_400.0);
        assert_eq!(next("m", 10, DateTime::UNIX_EPOCH, None), None);
    }

    #[test]
    fn messages_that_failed_together_do_not_come_again_together() {
        assert_ne!(waits("a"), waits("b"));
        assert_eq!(waits("a"), waits("a"));
    }

    #[test]
    fn what_the_receiver_asks_for_counts() {
        let now = DateTime::UNIX_EPOCH;
        let after = |seconds| next("m", 1, now, Some(Duration::from_secs(seconds))).unwrap() - now;
        assert_eq!(after(60), TimeDelta::seconds(60));
        assert!(after(1) >= TimeDelta::seconds(5));
        assert_eq!(after(u64::MAX), TimeDelta::days(2));
        let given_up = next("m", 10, now, Some(Duration::from_secs(60)));
        assert_eq!(given_up, None);
    }
}
