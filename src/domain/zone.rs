//! Between local wall time and instants (RFC 5545 3.3.5).

use chrono::{DateTime, MappedLocalTime, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// The instant of a local time. One that a change of the clocks skips is read with the offset in
/// force before the gap; one that happens twice is the first of the two (RFC 5545 3.3.5).
#[must_use]
pub fn to_utc(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(time) => time.to_utc(),
        MappedLocalTime::Ambiguous(first, _) => first.to_utc(),
        MappedLocalTime::None => {
            let day = TimeDelta::days(1);
            let before = local.checked_sub_signed(day).unwrap_or(local);
            match zone.from_local_datetime(&before).earliest() {
                Some(earlier) => earlier.to_utc() + (local - before),
                None => local.and_utc(),
            }
        }
    }
}

/// The wall time of an instant.
#[must_use]
pub fn to_local(instant: DateTime<Utc>, zone: Tz) -> NaiveDateTime {
    instant.with_timezone(&zone).naive_local()
}
