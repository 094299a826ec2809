//! DATE, DATE-TIME and PERIOD (RFC 5545 sections 3.3.4, 3.3.5 and 3.3.9).

use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime};

use super::duration::CalDuration;
use super::number::parse_utc_offset;

/// A point in time as written in a value, without its TZID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RawTime {
    /// A whole day.
    Date(NaiveDate),
    /// Wall time in the zone named by TZID, or floating.
    Local(NaiveDateTime),
    /// An instant, in UTC.
    Utc(NaiveDateTime),
}

/// A period: a start with an end or a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RawPeriod {
    /// `start/end`.
    Until(RawTime, RawTime),
    /// `start/duration`.
    For(RawTime, CalDuration),
}

/// Parses a DATE or DATE-TIME, distinguished by its form.
///
/// Also accepts the extended form of ISO 8601 (`2027-06-01T18:00:00+02:00`), missing seconds, lower
/// case and surrounding blanks.
pub fn parse_time(text: &str) -> Option<RawTime> {
    let bytes = text.as_bytes();
    match bytes.len() {
        8 => parse_date(text).map(RawTime::Date),
        15 => parse_date_time(text).map(RawTime::Local),
        16 if bytes[15] == b'Z' => parse_date_time(text.get(..15)?).map(RawTime::Utc),
        _ => None,
    }
    .or_else(|| parse_tolerant(text.trim()))
}

/// Parses a date of eight digits, with a year from 1 to 9999.
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let bytes: &[u8; 8] = text.as_bytes().try_into().ok()?;
    let [y1, y2, y3, y4, m1, m2, d1, d2] = *bytes;
    let year = two(y1, y2)? * 100 + two(y3, y4)?;
    if year == 0 {
        return None;
    }
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, two(m1, m2)?, two(d1, d2)?)
}

/// Parses `YYYYMMDDTHHMMSS`. A leap second (RFC 5545 section 3.3.12) becomes the second before it.
pub fn parse_date_time(text: &str) -> Option<NaiveDateTime> {
    let bytes: &[u8; 15] = text.as_bytes().try_into().ok()?;
    if !bytes[8].eq_ignore_ascii_case(&b'T') {
        return None;
    }
    let date = parse_date(text.get(..8)?)?;
    let hour = two(bytes[9], bytes[10])?;
    let minute = two(bytes[11], bytes[12])?;
    let second = match two(bytes[13], bytes[14])? {
        60 => 59,
        second => second,
    };
    NaiveTime::from_hms_opt(hour, minute, second).map(|time| date.and_time(time))
}

fn two(tens: u8, ones: u8) -> Option<u32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| u32::from(tens) * 10 + u32::from(ones))
}

/// Parses ISO 8601 in forms other than those of the RFC.
fn parse_tolerant(text: &str) -> Option<RawTime> {
    if !(8..=40).contains(&text.len()) || !text.is_ascii() {
        return None;
    }
    let upper = text.to_ascii_uppercase();
    let (date, rest) = match upper.split_once(['T', ' ']) {
        Some((date, rest)) => (date, Some(rest.trim())),
        None => (&*upper, None),
    };
    // A date with a trailing Z is a date.
    let date = parse_date(&date.trim_end_matches('Z').replace('-', ""))?;
    let Some(rest) = rest.filter(|rest| !rest.is_empty()) else {
        return Some(RawTime::Date(date));
    };
    let offset_at = rest.find(['Z', '+', '-']).unwrap_or(rest.len());
    let (clock, offset) = rest.split_at(offset_at);
    let local = date.and_time(parse_clock(clock)?);
    match offset {
        "" => Some(RawTime::Local(local)),
        "Z" => Some(RawTime::Utc(local)),
        _ => {
            let seconds = parse_utc_offset(offset)?;
            local
                .checked_sub_signed(Duration::seconds(seconds.into()))
                .map(RawTime::Utc)
        }
    }
}

/// Parses `HHMM` or `HHMMSS`, with or without colons; fractions of a second are dropped.
fn parse_clock(text: &str) -> Option<NaiveTime> {
    let whole = text.split(['.', ',']).next()?;
    let digits = whole.replace(':', "");
    let pair = |at: usize| {
        let bytes = digits.as_bytes().get(at..at + 2)?;
        two(bytes[0], bytes[1])
    };
    let second = match digits.len() {
        4 => 0,
        6 => pair(4)?.min(59),
        _ => return None,
    };
    NaiveTime::from_hms_opt(pair(0)?, pair(2)?, second)
}

/// Parses a PERIOD.
pub fn parse_period(text: &str) -> Option<RawPeriod> {
    let (start, rest) = text.split_once('/')?;
    let start = parse_time(start)?;
    match rest.trim_start().as_bytes().first()? {
        b'P' | b'p' | b'+' | b'-' => CalDuration::parse(rest).map(|d| RawPeriod::For(start, d)),
        _ => parse_time(rest).map(|end| RawPeriod::Until(start, end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").expect("a test's own time")
    }

    #[test]
    fn the_forms_of_the_rfc_are_read() {
        assert_eq!(
            parse_time("20270601"),
            Some(RawTime::Date(at("2027-06-01 00:00:00").date()))
        );
        assert_eq!(
            parse_time("20270601T180000"),
            Some(RawTime::Local(at("2027-06-01 18:00:00")))
        );
        assert_eq!(
            parse_time("20270601T180000Z"),
            Some(RawTime::Utc(at("2027-06-01 18:00:00")))
        );
        assert_eq!(
            parse_time("20161231T235960Z"),
            Some(RawTime::Utc(at("2016-12-31 23:59:59")))
        );
    }

    #[test]
    fn other_dress_of_iso_8601_is_read() {
        let local = Some(RawTime::Local(at("2027-06-01 18:00:00")));
        assert_eq!(parse_time("2027-06-01T18:00:00"), local);
        assert_eq!(parse_time(" 20270601t1800 "), local);
        assert_eq!(parse_time("2027-06-01 18:00"), local);
        let utc = Some(RawTime::Utc(at("2027-06-01 16:00:00")));
        assert_eq!(parse_time("20270601T180000+0200"), utc);
        assert_eq!(parse_time("2027-06-01T18:00:00.000+02:00"), utc);
        assert_eq!(
            parse_time("2027-06-01"),
            Some(RawTime::Date(at("2027-06-01 00:00:00").date()))
        );
    }

    #[test]
    fn what_is_no_date_is_refused() {
        let nonsense = [
            "",
            "2027",
            "20270230",
            "00000101",
            "20270601T250000",
            "20270601T18000",
            "2O270601",
            "20270601T180000X",
            "tomorrow",
            "2027060１",
            "20270601T1800000000000000",
        ];
        for text in nonsense {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }

    #[test]
    fn periods_have_an_end_or_a_duration() {
        let start = RawTime::Utc(at("2027-06-01 16:00:00"));
        let end = RawTime::Utc(at("2027-06-01 18:00:00"));
        assert_eq!(
            parse_period("20270601T160000Z/20270601T180000Z"),
            Some(RawPeriod::Until(start, end))
        );
        let two_hours = CalDuration {
            days: 0,
            seconds: 7200,
        };
        assert_eq!(
            parse_period("20270601T160000Z/PT2H"),
            Some(RawPeriod::For(start, two_hours))
        );
        assert_eq!(parse_period("20270601T160000Z"), None);
        assert_eq!(parse_period("20270601T160000Z/"), None);
    }
}
