//! Conversion between local time and UTC, by the rules of RFC 5545 section 3.3.5.
//!
//! A local time may not exist (in the spring gap) or be ambiguous (in autumn). RFC 5545 decides
//! both cases. Every conversion to an instant uses [`to_utc`], so that pages, feeds and indexes
//! agree on the start of an event.
//!
//! Both directions saturate at the ends of the years 1 to 9999 ([`EARLIEST`], [`LATEST`]), so that
//! no conversion fails.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc};
use chrono_tz::{GapInfo, Tz};

/// The first moment of the year 1, the earliest that RFC 5545 can represent.
pub const EARLIEST: NaiveDateTime = match NaiveDate::from_ymd_opt(1, 1, 1) {
    Some(day) => NaiveDateTime::new(day, NaiveTime::MIN),
    None => NaiveDateTime::MIN,
};

/// The last second of the year 9999, the latest that RFC 5545 can represent.
pub const LATEST: NaiveDateTime = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => match day.and_hms_opt(23, 59, 59) {
        Some(time) => time,
        None => NaiveDateTime::MAX,
    },
    None => NaiveDateTime::MAX,
};

/// Returns the instant of a local time in a zone.
///
/// A time in a gap takes the offset before the gap: 02:30 in the spring gap of Oslo is the instant
/// 03:30. An ambiguous time is the earlier of the two. Saturates at [`EARLIEST`] and [`LATEST`].
#[must_use]
pub fn to_utc(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    let utc = utc_of(local.clamp(EARLIEST, LATEST), zone);
    utc.clamp(EARLIEST, LATEST).and_utc()
}

/// Returns the instant of a local time in a zone like [`to_utc`], or `None` if the local time or
/// the instant is outside the years 1 to 9999.
#[must_use]
pub fn checked_to_utc(local: NaiveDateTime, zone: Tz) -> Option<DateTime<Utc>> {
    let years = EARLIEST.date()..=LATEST.date();
    let utc = years
        .contains(&local.date())
        .then(|| utc_of(local, zone))
        .filter(|utc| years.contains(&utc.date()))?;
    Some(utc.and_utc())
}

/// Returns the local time of an instant in a zone. Saturates at [`EARLIEST`] and [`LATEST`].
#[must_use]
pub fn to_local(utc: DateTime<Utc>, zone: Tz) -> NaiveDateTime {
    let utc = utc.naive_utc().clamp(EARLIEST, LATEST);
    let offset = zone.offset_from_utc_datetime(&utc).fix();
    let local = utc.checked_add_offset(offset).unwrap_or(utc);
    local.clamp(EARLIEST, LATEST)
}

/// Returns the UTC time of `local`, which must be within the years 1 to 9999 so that no offset
/// exceeds chrono's range.
fn utc_of(local: NaiveDateTime, zone: Tz) -> NaiveDateTime {
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
    local.checked_sub_offset(offset).unwrap_or(local)
}

fn offset_before_gap(local: NaiveDateTime, zone: Tz) -> chrono::FixedOffset {
    match GapInfo::new(&local, &zone).and_then(|gap| gap.begin) {
        Some((_, offset)) => offset.fix(),
        // The first span of a zone's table has no beginning, so this gap can only be an edge of the
        // table. The offset at the same time in UTC is the best estimate.
        None => zone.offset_from_utc_datetime(&local).fix(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn conversions_saturate_at_the_years_1_and_9999_in_every_zone() {
        for zone in chrono_tz::TZ_VARIANTS {
            for far in [NaiveDateTime::MAX, LATEST, local(10_000, 1, 1, 0, 0)] {
                let instant = to_utc(far, zone).naive_utc();
                assert!(
                    instant <= LATEST && instant.date() >= local(9999, 12, 30, 0, 0).date(),
                    "{zone}"
                );
                let shown = to_local(DateTime::<Utc>::MAX_UTC, zone);
                assert!(shown <= LATEST && shown.date() == LATEST.date(), "{zone}");
            }
            for far in [NaiveDateTime::MIN, EARLIEST, local(0, 12, 31, 23, 59)] {
                let instant = to_utc(far, zone).naive_utc();
                assert!(instant >= EARLIEST && instant.date() <= local(1, 1, 2, 0, 0).date());
                let shown = to_local(DateTime::<Utc>::MIN_UTC, zone);
                assert!(
                    shown >= EARLIEST && shown.date() == EARLIEST.date(),
                    "{zone}"
                );
            }
        }
    }

    #[test]
    fn only_times_within_the_years_on_the_clock_and_in_utc_are_exact() {
        assert!(checked_to_utc(local(2027, 1, 1, 0, 0), Oslo).is_some());
        assert!(checked_to_utc(LATEST, Oslo).is_some());
        assert!(checked_to_utc(EARLIEST, New_York).is_some());
        assert!(checked_to_utc(LATEST, New_York).is_none());
        assert!(checked_to_utc(EARLIEST, Oslo).is_none());
        assert!(checked_to_utc(NaiveDateTime::MAX, Oslo).is_none());
        assert!(checked_to_utc(NaiveDateTime::MIN, New_York).is_none());
    }
}
