//! What a provider publishes, kept for a time and asked for anew.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use rocket::tokio::sync::Mutex;

use super::error::OidcError;

/// Time for which it is used if the provider does not respond.
const KEPT_WITHOUT_RESPONSE: TimeDelta = TimeDelta::hours(48);
/// Minimum time between two requests, also after one that failed: who sends forged tokens must not make the calendar ask
/// without end.
const NEXT_ATTEMPT: TimeDelta = TimeDelta::minutes(1);

/// A response of a provider, with the time of asking.
#[derive(Debug)]
struct Kept<T> {
    at: DateTime<Utc>,
    value: Arc<T>,
}

/// Something that a provider publishes. Who reads what is known never waits for a request that is under way.
#[derive(Debug)]
pub(super) struct Published<T> {
    kept: RwLock<Option<Kept<T>>>,
    /// Time of the last request. Held while asking, so that those who come at once ask once.
    asked: Mutex<Option<DateTime<Utc>>>,
}

impl<T> Default for Published<T> {
    fn default() -> Self {
        Self {
            kept: RwLock::new(None),
            asked: Mutex::default(),
        }
    }
}

/// Returns true if a time is less than `time` ago. Those who waited may have looked at the clock a moment before it.
fn is_within(at: DateTime<Utc>, time: TimeDelta, now: DateTime<Utc>) -> bool {
    (now - at).abs() < time
}

impl<T> Published<T> {
    /// Returns what is known, if it is younger than `age`.
    pub(super) fn known(&self, age: TimeDelta, now: DateTime<Utc>) -> Option<Arc<T>> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let young = kept.as_ref().filter(|kept| is_within(kept.at, age, now));
        young.map(|kept| Arc::clone(&kept.value))
    }

    /// Returns what is known, however old it may be while the provider does not respond.
    pub(super) fn usable(&self, now: DateTime<Utc>) -> Option<Arc<T>> {
        self.known(KEPT_WITHOUT_RESPONSE, now)
    }

    /// Returns true if a request is under way.
    pub(super) fn is_asking(&self) -> bool {
        self.asked.try_lock().is_err()
    }

    /// Asks for it with `fetch`. Returns what was known before if `is_enough` accepts that after waiting for another's
    /// request, if there was a request within the last minute, or if this one fails.
    ///
    /// # Errors
    /// Returns the error of `fetch`, or that of asking too soon, if nothing usable is known.
    pub(super) async fn ask(
        &self,
        now: DateTime<Utc>,
        issuer: &str,
        is_enough: impl Fn(DateTime<Utc>) -> bool,
        fetch: impl Future<Output = Result<T, OidcError>>,
    ) -> Result<Arc<T>, OidcError> {
        let mut asked = self.asked.lock().await;
        {
            let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(kept) = kept.as_ref().filter(|kept| is_enough(kept.at)) {
                return Ok(Arc::clone(&kept.value));
            }
        }
        if asked.is_some_and(|at| is_within(at, NEXT_ATTEMPT, now)) {
            return self.usable(now).ok_or_else(|| OidcError::Unusable {
                url: issuer.to_owned(),
                why: "it was asked less than a minute ago, in vain".to_owned(),
            });
        }
        let fetched = fetch.await;
        *asked = Some(now);
        match fetched {
            Ok(value) => {
                let value = Arc::new(value);
                let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
                *kept = Some(Kept {
                    at: now,
                    value: Arc::clone(&value),
                });
                Ok(value)
            }
            Err(error) => match self.usable(now) {
                Some(known) => {
                    tracing::warn!(%error, "an OpenID provider cannot be asked anew; using what it said before");
                    Ok(known)
                }
                None => Err(error),
            },
        }
    }
}
