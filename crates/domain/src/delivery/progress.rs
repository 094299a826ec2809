//! Progress of a receiver, updated with each outcome of a delivery.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{Delivery, EventId, Progress};

use super::{Outcome, retry};

/// Maximum number of messages that wait for a retry. At this number no further change is read; the
/// store keeps the changes.
pub const WAITING: usize = 500;
/// Number of abandoned messages after which the receiver is disabled until an operator replays
/// them.
const GIVEN_UP: usize = 200;
/// Maximum pause before the next new message after a failure of the receiver, in seconds.
const REST: i64 = 60;

/// Consequence of an outcome for the current round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Then {
    /// Send the next message.
    GoOn,
    /// Send no new message until this time.
    RestUntil(DateTime<Utc>),
    /// Send nothing more.
    End,
}

impl Progress {
    /// Returns the progress of a receiver that has everything up to a commit.
    #[must_use]
    pub fn after(commit: u64) -> Self {
        Self {
            commit,
            waiting: Vec::new(),
            disabled: None,
        }
    }

    /// Returns the messages that are due.
    #[must_use]
    pub fn due(&self, now: DateTime<Utc>) -> Vec<Delivery> {
        let is_due = |delivery: &&Delivery| delivery.next.is_some_and(|next| next <= now);
        self.waiting.iter().filter(is_due).cloned().collect()
    }

    /// Returns the time at which the next message is due.
    #[must_use]
    pub fn next(&self) -> Option<DateTime<Utc>> {
        self.waiting.iter().filter_map(|waiting| waiting.next).min()
    }

    /// Returns true if no further message may wait.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.waiting.len() >= WAITING
    }

    /// Returns the waiting or abandoned message about an event.
    #[must_use]
    pub fn of(&self, event: &EventId) -> Option<&Delivery> {
        self.waiting.iter().find(|waiting| waiting.event == *event)
    }

    /// Makes the waiting message about an event refer to a newer commit, and returns true; returns
    /// false if none waits. The message keeps its place in the queue, so that a newer change is
    /// never followed by an older one.
    pub fn overtake(&mut self, event: &EventId, commit: u64) -> bool {
        let mut waiting = self.waiting.iter_mut();
        let found = waiting.find(|waiting| waiting.event == *event && waiting.next.is_some());
        found.is_some_and(|waiting| {
            waiting.commit = commit;
            true
        })
    }

    /// Records the outcome of a message. `tried` holds the event, the commit and the previous
    /// attempts.
    pub fn note(
        &mut self,
        receiver: &str,
        tried: &Delivery,
        came: Outcome,
        now: DateTime<Utc>,
    ) -> Then {
        let at = self
            .waiting
            .iter()
            .position(|waiting| waiting.event == tried.event);
        let (error, wait, everything) = match came {
            Outcome::Done => {
                if let Some(at) = at {
                    self.waiting.remove(at);
                }
                return Then::GoOn;
            }
            Outcome::Stop(why) => {
                self.disabled = Some(why.clone());
                (why, None, true)
            }
            Outcome::Failed {
                error,
                wait,
                everything,
            } => (error, wait, everything),
        };
        let attempts = tried.attempts.saturating_add(1);
        let message = format!("{receiver}/{}/{}", tried.event, tried.commit);
        let next = retry::next(&message, attempts, now, wait);
        let delivery = Delivery {
            attempts,
            next,
            error: error.chars().take(300).collect(),
            ..tried.clone()
        };
        match at {
            Some(at) => self.waiting[at] = delivery,
            None => self.waiting.push(delivery),
        }
        let given_up = self
            .waiting
            .iter()
            .filter(|waiting| waiting.next.is_none())
            .count();
        if given_up >= GIVEN_UP {
            self.disabled = Some(format!("{given_up} messages were given up"));
        }
        match next {
            _ if self.disabled.is_some() => Then::End,
            Some(next) if everything => {
                let longest = now + TimeDelta::seconds(REST);
                Then::RestUntil(if wait.is_some() {
                    next
                } else {
                    next.min(longest)
                })
            }
            _ => Then::GoOn,
        }
    }

    /// Makes all waiting and abandoned messages due now and enables the receiver again.
    pub fn replay(&mut self, now: DateTime<Utc>) {
        self.disabled = None;
        for delivery in &mut self.waiting {
            delivery.attempts = 0;
            delivery.next = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn delivery(event: &str) -> Delivery {
        Delivery {
            event: event.parse().unwrap(),
            commit: 7,
            since: 6,
            attempts: 0,
            next: None,
            error: String::new(),
        }
    }

    fn failed(everything: bool) -> Outcome {
        Outcome::Failed {
            error: "500".into(),
            wait: None,
            everything,
        }
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    #[test]
    fn what_was_taken_waits_no_longer() {
        let mut progress = Progress::after(6);
        assert_eq!(
            progress.note("r", &delivery("a"), failed(false), at(0)),
            Then::GoOn
        );
        assert_eq!(progress.due(at(1)), []);
        let due = progress.due(at(10));
        assert_eq!(due[0].attempts, 1);
        assert_eq!(
            progress.note("r", &due[0], Outcome::Done, at(10)),
            Then::GoOn
        );
        assert!(progress.waiting.is_empty());
    }

    #[test]
    fn a_receiver_in_trouble_is_left_alone_for_a_while() {
        let mut progress = Progress::after(6);
        let then = progress.note("r", &delivery("a"), failed(true), at(0));
        assert!(matches!(then, Then::RestUntil(until) if until <= at(6)));
        let due = progress.due(at(6));
        let then = progress.note("r", &due[0], failed(true), at(6));
        assert_eq!(then, Then::RestUntil(at(66)));
        let asked = Outcome::Failed {
            error: "429".into(),
            wait: Some(Duration::from_secs(900)),
            everything: true,
        };
        let then = progress.note("r", &delivery("b"), asked, at(0));
        assert_eq!(then, Then::RestUntil(at(900)));
    }

    #[test]
    fn a_newer_change_takes_the_place_of_the_older_one() {
        let mut progress = Progress::after(6);
        progress.note("r", &delivery("a"), failed(false), at(0));
        assert!(progress.overtake(&"a".parse().unwrap(), 9));
        assert!(!progress.overtake(&"b".parse().unwrap(), 9));
        let [waiting] = &progress.waiting[..] else {
            panic!("one waits");
        };
        assert_eq!((waiting.commit, waiting.since), (9, 6));
    }

    #[test]
    fn a_message_that_is_never_taken_is_given_up_and_kept_until_it_is_replayed() {
        let mut progress = Progress::after(6);
        let mut now = at(0);
        progress.note("r", &delivery("a"), failed(false), now);
        let mut attempts = 1;
        while let Some(next) = progress.next() {
            now = next;
            let due = progress.due(now);
            progress.note("r", &due[0], failed(false), now);
            attempts += 1;
        }
        assert_eq!(attempts, 10);
        assert_eq!(progress.of(&"a".parse().unwrap()).unwrap().attempts, 10);
        assert!(progress.due(at(i64::from(u32::MAX))).is_empty());
        progress.replay(now);
        assert_eq!(progress.due(now).len(), 1);
    }

    #[test]
    fn a_receiver_that_takes_nothing_for_days_is_disabled() {
        let mut progress = Progress::after(6);
        let last = |event: String| Delivery {
            attempts: 9,
            ..delivery(&event)
        };
        let mut then = Then::GoOn;
        for number in 0..GIVEN_UP {
            assert_eq!(then, Then::GoOn);
            then = progress.note("r", &last(format!("e{number}")), failed(false), at(0));
        }
        assert_eq!(then, Then::End);
        assert!(progress.disabled.is_some());
    }

    #[test]
    fn a_receiver_that_wants_nothing_more_gets_nothing_more() {
        let mut progress = Progress::after(6);
        let then = progress.note("r", &delivery("a"), Outcome::Stop("410".into()), at(0));
        assert_eq!(then, Then::End);
        assert_eq!(progress.disabled.as_deref(), Some("410"));
        assert_eq!(progress.waiting.len(), 1);
    }
}
