//! Times of events in ISO 8601.

use chrono::{NaiveDateTime, Offset, SecondsFormat, TimeZone};
use chrono_tz::Tz;

use calendar_domain::When;
use calendar_domain::zone::to_utc;

/// Returns start and end in ISO 8601; the last day of an all-day event is inclusive.
#[must_use]
pub fn span(when: &When) -> (String, Option<String>) {
    match when {
        When::AllDay { first, until } => {
            let last = until.pred_opt().unwrap_or(*first).max(*first);
            (first.to_string(), Some(last.to_string()))
        }
        When::TimeToCome { date } => (date.to_string(), None),
        When::Timed { start, end, zone } => {
            let end = end.map(|end| with_offset(end, *zone));
            (with_offset(*start, *zone), end)
        }
    }
}

/// Formats a wall time with its offset, RFC 3339.
fn with_offset(local: NaiveDateTime, zone: Tz) -> String {
    let instant = to_utc(local, zone);
    let offset = zone.offset_from_utc_datetime(&instant.naive_utc()).fix();
    instant
        .with_timezone(&offset)
        .to_rfc3339_opts(SecondsFormat::Secs, false)
}
