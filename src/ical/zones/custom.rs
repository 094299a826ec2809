//! A zone that only the file itself defines: offsets with the instants from which they hold.

use chrono::{Duration, NaiveDateTime};

/// A zone out of a VTIMEZONE, or a fixed offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomZone {
    /// Its TZID as the file writes it.
    pub tzid: String,
    /// Seconds east of UTC before the first transition.
    first_offset: i32,
    transitions: Vec<Transition>,
}

/// From an instant on, another offset holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Transition {
    /// The instant, in UTC.
    pub at: NaiveDateTime,
    /// Seconds east of UTC from then on.
    pub offset: i32,
}

impl CustomZone {
    /// A zone of one offset, in seconds east of UTC.
    pub fn fixed(tzid: &str, offset: i32) -> Self {
        CustomZone { tzid: tzid.to_owned(), first_offset: offset, transitions: Vec::new() }
    }

    /// A zone of `first_offset` until the first of the transitions, which may stand in any order.
    pub fn new(tzid: &str, first_offset: i32, mut transitions: Vec<Transition>) -> Self {
        transitions.sort();
        let mut offset = first_offset;
        transitions.retain(|transition| std::mem::replace(&mut offset, transition.offset) != transition.offset);
        CustomZone { tzid: tzid.to_owned(), first_offset, transitions }
    }

    /// The instants at which the offset changes, in order.
    pub fn transitions(&self) -> &[Transition] {
        &self.transitions
    }

    /// The offset after the first `count` transitions.
    fn offset_after(&self, count: usize) -> i32 {
        match count.checked_sub(1).and_then(|last| self.transitions.get(last)) {
            Some(transition) => transition.offset,
            None => self.first_offset,
        }
    }

    /// The instant, in UTC, of a wall time. In a gap the offset before it holds, in an overlap the
    /// first of both (RFC 5545 section 3.3.5).
    pub fn to_utc(&self, local: NaiveDateTime) -> NaiveDateTime {
        let mut index = 0;
        let count = self.transitions.partition_point(|transition| {
            let before = self.offset_at_or_before(transition, &mut index);
            shift(transition.at, before) <= local
        });
        let in_gap = count
            .checked_sub(1)
            .and_then(|last| self.transitions.get(last))
            .is_some_and(|transition| local < shift(transition.at, transition.offset));
        let offset = self.offset_after(if in_gap { count - 1 } else { count });
        shift(local, -offset)
    }

    /// The wall time at an instant in UTC.
    pub fn to_local(&self, utc: NaiveDateTime) -> NaiveDateTime {
        let count = self.transitions.partition_point(|transition| transition.at <= utc);
        shift(utc, self.offset_after(count))
    }
}

/// Adds seconds; at the ends of chrono's calendar, 262,000 years away, it stays there.
fn shift(time: NaiveDateTime, seconds: i32) -> NaiveDateTime {
    time.checked_add_signed(Duration::seconds(seconds.into())).unwrap_or(time)
}
