//! Local wall-clock time and UTC, by the rules of RFC 5545 section 3.3.5.
//!
//! A calendar says «02:30» and means the clock on the wall. Twice a year that clock jumps:
//! in spring an hour never comes, in autumn one comes twice. RFC 5545 decides both cases, and
//! every place that turns a local time into an instant goes through [`to_utc`], so that a page,
//! a feed and an index never disagree about when something starts.

use chrono::{DateTime, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::{GapInfo, Tz};

/// The instant of a local time in a zone.
///
/// A time that the clock skips is read with the offset in force before the gap, so 02:30 in the
/// spring gap of Oslo is the instant that the clock then calls 03:30. A time that comes twice is
/// the first of the two. A local time at the very edge of what chrono can hold gives the first or
/// last instant that there is.
#[must_use]
pub fn to_utc(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    let offset = match zone.offset_from_local_datetime(&local) {
        chrono::LocalResult::Single(offset) => offset.fix(),
        chrono::LocalResult::Ambiguous(one, other) => {
            let (one, other) = (one.fix(), other.fix());
            // The larger offset from UTC belongs to the earlier instant.
            if one.local_minus_utc() >= other.local_minus_utc() {
                one
            } else {
                other
            }
        }
        chrono::LocalResult::None => offset_before_gap(local, zone),
    };
    match local.checked_sub_offset(offset) {
        Some(utc) => utc.and_utc(),
        None if offset.local_minus_utc() > 0 => DateTime::<Utc>::MIN_UTC,
        None => DateTime::<Utc>::MAX_UTC,
    }
}

/// The local time that the clocks of a zone show at an instant.
#[must_use]
pub fn to_local(utc: DateTime<Utc>, zone: Tz) -> NaiveDateTime {
    utc.with_timezone(&zone).naive_local()
}

fn offset_before_gap(local: NaiveDateTime, zone: Tz) -> chrono::FixedOffset {
    match GapInfo::new(&local, &zone).and_then(|gap| gap.begin) {
        Some((_, offset)) => offset.fix(),
        // A zone's table begins with an open span, so a gap without a beginning can only be an
        // edge of the table; the offset of the same number of hours in UTC is the nearest fact.
        None => zone.offset_from_utc_datetime(&local).fix(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;
    use chrono_tz::{America::New_York, Europe::Oslo, Pacific::Apia};

    fn local(y: i32, m: u32, d: u32, h: u32, min: u32) -> NaiveDateTime {
        NaiveDate::from_ymd_opt(y, m, d)
            .unwrap()
            .and_hms_opt(h, min, 0)
            .unwrap()
    }

    fn utc(local: NaiveDateTime, zone: Tz) -> String {
        to_utc(local, zone).format("%Y-%m-%dT%H:%MZ").to_string()
    }

    #[test]
    fn winter_and_summer_have_their_own_offsets() {
        assert_eq!(utc(local(2027, 1, 15, 18, 0), Oslo), "2027-01-15T17:00Z");
        assert_eq!(utc(local(2027, 7, 15, 18, 0), Oslo), "2027-07-15T16:00Z");
    }

    #[test]
    fn a_time_in_the_spring_gap_takes_the_offset_before_it() {
        assert_eq!(utc(local(2027, 3, 28, 2, 30), Oslo), "2027-03-28T01:30Z");
        assert_eq!(utc(local(2027, 3, 28, 2, 0), Oslo), "2027-03-28T01:00Z");
        // RFC 5545's own example: 02:30 on 11 March 2007 in New York is 03:30 EDT.
        assert_eq!(
            utc(local(2007, 3, 11, 2, 30), New_York),
            "2007-03-11T07:30Z"
        );
    }

    #[test]
    fn a_time_that_comes_twice_is_the_first_of_the_two() {
        assert_eq!(utc(local(2027, 10, 31, 2, 30), Oslo), "2027-10-31T00:30Z");
        // RFC 5545's own example: 01:30 on 4 November 2007 in New York is 01:30 EDT.
        assert_eq!(
            utc(local(2007, 11, 4, 1, 30), New_York),
            "2007-11-04T05:30Z"
        );
    }

    #[test]
    fn a_whole_day_that_a_country_skipped_is_still_an_instant() {
        // Samoa had no 30 December 2011; the offset before was -10 in its summer.
        assert_eq!(utc(local(2011, 12, 30, 12, 0), Apia), "2011-12-30T22:00Z");
    }

    #[test]
    fn an_instant_goes_back_to_what_the_clock_shows() {
        let at = to_utc(local(2027, 10, 31, 2, 30), Oslo);
        assert_eq!(to_local(at, Oslo), local(2027, 10, 31, 2, 30));
        let gap = to_utc(local(2027, 3, 28, 2, 30), Oslo);
        assert_eq!(to_local(gap, Oslo), local(2027, 3, 28, 3, 30));
    }

    #[test]
    fn the_edges_of_time_do_not_panic() {
        assert_eq!(to_utc(NaiveDateTime::MIN, Oslo), DateTime::<Utc>::MIN_UTC);
        assert_eq!(
            to_utc(NaiveDateTime::MAX, New_York),
            DateTime::<Utc>::MAX_UTC
        );
    }
}
