//! The schedule of partner runs.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rocket::tokio;
use sha2::{Digest, Sha256};

use calendar_domain::{Connection, PartnerId};

use crate::ingest::import::Rehearsal;
use crate::ingest::run::{PartnerHealth, Runner};

/// Polling interval of the schedule.
const LOOK: Duration = Duration::from_secs(5);
/// Maximum number of concurrent runs.
const TOGETHER: usize = 4;
/// Longest delay after failures, in minutes: one day.
const LONGEST_WAIT: u32 = 24 * 60;

/// Runs each partner when it is due. Never returns.
pub async fn keep(runner: Arc<Runner>) {
    let turns = Arc::new(tokio::sync::Semaphore::new(TOGETHER));
    loop {
        let now = runner.calendar().clock().now();
        for partner in due(&runner, now) {
            let Ok(turn) = Arc::clone(&turns).try_acquire_owned() else {
                break;
            };
            let runner = Arc::clone(&runner);
            tokio::spawn(async move {
                // The outcome is in the log and in the partner's health.
                let _ = runner.run(&partner, Rehearsal::No).await;
                drop(turn);
            });
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Returns the partners that are due, longest overdue first.
fn due(runner: &Runner, now: DateTime<Utc>) -> Vec<PartnerId> {
    let snapshot = runner.calendar().snapshot();
    let mut due = Vec::new();
    for partner in snapshot.partners() {
        let connection = partner
            .connection
            .as_ref()
            .filter(|connection| connection.is_scheduled());
        let Some(connection) = connection else {
            continue;
        };
        let health = runner.health().of(&partner.id);
        let at = next(&partner.id, connection, &health).filter(|_| !is_ahead(&health, now));
        if at.is_none_or(|at| at <= now) && !runner.is_busy(&partner.id) {
            due.push((at, partner.id.clone()));
        }
    }
    due.sort();
    due.into_iter().map(|(_, partner)| partner).collect()
}

/// Returns true if the last run is in the future. The clock was then set back, and the schedule is void.
fn is_ahead(health: &PartnerHealth, now: DateTime<Utc>) -> bool {
    health.asked_at.is_some_and(|asked| asked > now)
}

/// Returns the time of a partner's next run, or `None` if it was never run and is due at once.
///
/// The delay doubles with each failure, up to one day. A later time requested by the partner takes precedence.
#[must_use]
pub fn next(
    partner: &PartnerId,
    connection: &Connection,
    health: &PartnerHealth,
) -> Option<DateTime<Utc>> {
    let asked = health.asked_at?;
    let doubled = connection
        .every_minutes
        .saturating_mul(1 << health.failures.min(10));
    let every = if health.failures == 0 {
        connection.every_minutes
    } else {
        doubled.min(LONGEST_WAIT.max(connection.every_minutes))
    };
    let seconds = i64::from(every.max(1)) * 60;
    let at = asked + TimeDelta::seconds(seconds * jitter(partner, asked) / 100);
    // A record from an earlier version may hold a time years ahead.
    let latest = asked + TimeDelta::minutes(LONGEST_WAIT.into()) + TimeDelta::hours(1);
    Some(
        health
            .not_before
            .map_or(at, |wanted| at.max(wanted.min(latest))),
    )
}

/// Returns 90 to 110 per cent of the interval, so that runs of different partners spread out. Deterministic for
/// a partner and a last run.
fn jitter(partner: &PartnerId, asked: DateTime<Utc>) -> i64 {
    let text = format!("{partner}{}", asked.timestamp_millis());
    let digest = Sha256::digest(text.as_bytes());
    90 + i64::from(digest[0]) % 21
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partner(id: &str) -> PartnerId {
        id.parse().unwrap()
    }

    fn hourly() -> Connection {
        let url = "https://example.no/".parse().ok();
        Connection::new("ics".parse().unwrap(), url)
    }

    fn asked(failures: u32) -> PartnerHealth {
        PartnerHealth {
            asked_at: Some("2027-01-01T12:00:00Z".parse().unwrap()),
            failures,
            ..PartnerHealth::default()
        }
    }

    fn wait(failures: u32) -> i64 {
        let health = asked(failures);
        let at = next(&partner("venue"), &hourly(), &health).unwrap();
        (at - health.asked_at.unwrap()).num_minutes()
    }

    #[test]
    fn who_was_never_asked_is_asked_at_once() {
        let never = PartnerHealth::default();
        assert_eq!(next(&partner("venue"), &hourly(), &never), None);
    }

    #[test]
    fn runs_are_an_hour_apart_give_or_take_a_tenth_and_not_all_at_once() {
        assert!((54..=66).contains(&wait(0)));
        let health = asked(0);
        let times = ["a", "b", "c", "d", "e", "f"].map(|id| next(&partner(id), &hourly(), &health));
        let apart: std::collections::BTreeSet<_> = times.into_iter().collect();
        assert!(apart.len() > 2);
    }

    #[test]
    fn after_failures_the_wait_doubles_up_to_a_day() {
        assert!((108..=132).contains(&wait(1)));
        assert!((432..=528).contains(&wait(3)));
        assert!((1296..=1584).contains(&wait(30)));
    }

    #[test]
    fn a_partner_that_asks_to_be_left_alone_is() {
        let at = |wanted: &str| {
            let health = PartnerHealth {
                not_before: Some(wanted.parse().unwrap()),
                ..asked(1)
            };
            next(&partner("venue"), &hourly(), &health).unwrap()
        };
        let later = "2027-01-02T06:00:00Z";
        assert_eq!(at(later), later.parse::<DateTime<Utc>>().unwrap());
        // Capped at about one day.
        assert!(
            at("2028-01-01T00:00:00Z") < "2027-01-03T00:00:00Z".parse::<DateTime<Utc>>().unwrap()
        );
    }

    #[test]
    fn a_partner_that_was_asked_in_the_future_is_asked_at_once() {
        let health = asked(0);
        let asked = health.asked_at.unwrap();
        assert!(is_ahead(&health, asked - TimeDelta::days(300)));
        assert!(!is_ahead(&health, asked));
    }
}
