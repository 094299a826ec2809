//! Zones defined only in a file: offsets with the instants from which they apply.

use chrono::{Duration, NaiveDateTime};

/// A zone from a VTIMEZONE, or a fixed offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomZone {
    tzid: String,
    /// Seconds east of UTC before the first change.
    first_offset: i32,
    changes: Vec<Change>,
}

/// Start of an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct OffsetChange {
    /// Instant, in UTC.
    pub at: NaiveDateTime,
    /// Seconds east of UTC from then on.
    pub offset: i32,
}

/// Change of the offset at an instant in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Change {
    at: NaiveDateTime,
    before: i32,
    after: i32,
}

impl CustomZone {
    /// Returns a zone with one offset, in seconds east of UTC.
    pub fn fixed(tzid: &str, offset: i32) -> Self {
        CustomZone {
            tzid: tzid.to_owned(),
            first_offset: offset,
            changes: Vec::new(),
        }
    }

    /// Returns a zone with `first_offset` until the first onset. The onsets may be in any order.
    pub fn new(tzid: &str, first_offset: i32, mut onsets: Vec<OffsetChange>) -> Self {
        onsets.sort_unstable();
        let mut before = first_offset;
        let changes = onsets
            .into_iter()
            .filter_map(|OffsetChange { at, offset: after }| {
                let change = Change { at, before, after };
                before = after;
                (change.before != change.after).then_some(change)
            });
        CustomZone {
            tzid: tzid.to_owned(),
            first_offset,
            changes: changes.collect(),
        }
    }

    /// Returns its TZID as written in the file.
    pub fn tzid(&self) -> &str {
        &self.tzid
    }

    /// Converts a wall time to an instant in UTC. In a gap the offset before it applies, in an
    /// overlap the first of the two (RFC 5545 section 3.3.5).
    pub fn to_utc(&self, local: NaiveDateTime) -> NaiveDateTime {
        let past = self
            .changes
            .partition_point(|change| shift(change.at, change.before) <= local);
        let offset = match past.checked_sub(1).map(|last| self.changes[last]) {
            None => self.first_offset,
            Some(change) if local < shift(change.at, change.after) => change.before,
            Some(change) => change.after,
        };
        shift(local, -offset)
    }

    /// Converts an instant in UTC to wall time.
    pub fn to_local(&self, utc: NaiveDateTime) -> NaiveDateTime {
        let past = self.changes.partition_point(|change| change.at <= utc);
        let offset = past
            .checked_sub(1)
            .map_or(self.first_offset, |last| self.changes[last].after);
        shift(utc, offset)
    }
}

/// Adds seconds. At the limits of chrono's calendar the time is returned unchanged.
fn shift(time: NaiveDateTime, seconds: i32) -> NaiveDateTime {
    time.checked_add_signed(Duration::seconds(seconds.into()))
        .unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a test's own time")
    }

    fn oslo_2027() -> CustomZone {
        let onsets = vec![
            OffsetChange {
                at: at("2027-10-31 01:00"),
                offset: 3600,
            },
            OffsetChange {
                at: at("2027-03-28 01:00"),
                offset: 7200,
            },
        ];
        CustomZone::new("Oslo", 3600, onsets)
    }

    #[test]
    fn wall_times_become_instants_on_both_sides_of_a_change() {
        let zone = oslo_2027();
        let pairs = [
            ("2027-03-28 01:59", "2027-03-28 00:59"),
            ("2027-03-28 03:00", "2027-03-28 01:00"),
            ("2027-06-01 18:00", "2027-06-01 16:00"),
            ("2027-10-31 03:00", "2027-10-31 02:00"),
            ("2027-12-24 17:00", "2027-12-24 16:00"),
        ];
        for (local, utc) in pairs {
            assert_eq!(zone.to_utc(at(local)), at(utc), "{local}");
            assert_eq!(zone.to_local(at(utc)), at(local), "{utc}");
        }
    }

    #[test]
    fn a_gap_takes_the_offset_before_it_and_an_overlap_the_first() {
        let zone = oslo_2027();
        assert_eq!(zone.to_utc(at("2027-03-28 02:30")), at("2027-03-28 01:30"));
        assert_eq!(zone.to_utc(at("2027-10-31 02:30")), at("2027-10-31 00:30"));
    }

    #[test]
    fn onsets_that_change_nothing_are_let_go() {
        let onsets = vec![OffsetChange {
            at: at("2027-01-01 00:00"),
            offset: 3600,
        }];
        assert_eq!(CustomZone::new("x", 3600, onsets).changes, []);
    }
}
