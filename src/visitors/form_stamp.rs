//! The time at which a form was opened, signed, so that programs can't send one faster than people.

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::login::Secret;
use crate::random::random_bytes;

/// Seconds that pass at least between opening a form and sending it.
pub const TYPING_SECONDS: i64 = 3;
/// Hours for which a form can be sent.
const VALID_HOURS: i64 = 24;

/// Signs the time at which forms are opened. The secret is new at each start.
pub(super) struct FormStamps {
    secret: Secret,
}

/// The outcome of checking the stamp of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StampCheck {
    /// It was opened some time ago. Holds the id of the form, which becomes that of its message.
    Valid(Uuid),
    /// It was opened just now. Seconds until it can be sent.
    TooSoon(i64),
    /// It is none of ours, from before the last start, or too old.
    Invalid,
}

impl FormStamps {
    /// Returns stamps with a new secret.
    ///
    /// # Errors
    /// Errors if the system has no random source.
    pub(super) fn new() -> Result<Self, getrandom::Error> {
        Ok(Self {
            secret: Secret::new()?,
        })
    }

    /// Returns the stamp of a form that is opened now.
    ///
    /// # Errors
    /// Errors if the system has no random source.
    pub(super) fn stamp(&self, now: DateTime<Utc>) -> Result<String, getrandom::Error> {
        let id = uuid::Builder::from_random_bytes(random_bytes()?).into_uuid();
        Ok(self.written(now.timestamp(), id))
    }

    fn written(&self, time: i64, id: Uuid) -> String {
        let mut hash = Sha256::new();
        hash.update(b"stamp");
        hash.update(self.secret.key());
        hash.update(time.to_be_bytes());
        hash.update(id.as_bytes());
        let proof = hex::encode(hash.finalize());
        format!("{time}.{}.{proof}", id.simple())
    }

    /// Checks the stamp that a form was sent with.
    pub(super) fn check(&self, sent: &str, now: DateTime<Utc>) -> StampCheck {
        let mut parts = sent.splitn(3, '.');
        let time = parts.next().and_then(|time| time.parse::<i64>().ok());
        let id = parts.next().and_then(|id| Uuid::try_parse(id).ok());
        let (Some(time), Some(id)) = (time, id) else {
            return StampCheck::Invalid;
        };
        // Comparing digests leaks nothing through timing.
        if Sha256::digest(sent) != Sha256::digest(self.written(time, id)) {
            return StampCheck::Invalid;
        }
        let Some(opened) = DateTime::from_timestamp(time, 0) else {
            return StampCheck::Invalid;
        };
        let age = now - opened;
        let wait = TYPING_SECONDS - age.num_seconds();
        if age > TimeDelta::hours(VALID_HOURS) || wait > TYPING_SECONDS + 300 {
            StampCheck::Invalid
        } else if wait > 0 {
            StampCheck::TooSoon(wait)
        } else {
            StampCheck::Valid(id)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_can_be_sent_after_some_seconds_and_within_a_day() {
        let stamps = FormStamps::new().unwrap();
        let opened: DateTime<Utc> = "2027-03-01T12:00:00Z".parse().unwrap();
        let stamp = stamps.stamp(opened).unwrap();
        let after = |seconds: i64| stamps.check(&stamp, opened + TimeDelta::seconds(seconds));
        assert_eq!(after(0), StampCheck::TooSoon(3));
        assert_eq!(after(2), StampCheck::TooSoon(1));
        assert!(matches!(after(3), StampCheck::Valid(_)));
        assert_eq!(after(3), after(24 * 3_600));
        assert_eq!(after(24 * 3_600 + 1), StampCheck::Invalid);
        assert_eq!(after(-3_600), StampCheck::Invalid);
        let other = stamps.stamp(opened).unwrap();
        let late = opened + TimeDelta::seconds(9);
        assert_ne!(stamps.check(&other, late), stamps.check(&stamp, late));
    }

    #[test]
    fn a_stamp_that_was_changed_or_is_from_another_start_is_none() {
        let stamps = FormStamps::new().unwrap();
        let opened: DateTime<Utc> = "2027-03-01T12:00:00Z".parse().unwrap();
        let now = opened + TimeDelta::minutes(1);
        let stamp = stamps.stamp(opened).unwrap();
        let (time, rest) = stamp.split_once('.').unwrap();
        let earlier = time.parse::<i64>().unwrap() - 60;
        let other = FormStamps::new().unwrap().stamp(opened).unwrap();
        for wrong in [
            String::new(),
            "1.aa".to_owned(),
            format!("{earlier}.{rest}"),
            format!("{stamp}0"),
            other,
            "9".repeat(40),
        ] {
            assert_eq!(stamps.check(&wrong, now), StampCheck::Invalid, "{wrong}");
        }
    }
}
