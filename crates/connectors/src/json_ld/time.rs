//! Times in schema.org data: ISO 8601 and common malformed variants.

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use chrono_tz::Tz;

use crate::parse::{self, ParsedTime};
use calendar_domain::When;

/// Parses a time. The flag tells whether it is malformed.
///
/// EventON, a WordPress calendar, writes `2019-9-18T10-10-00-00` for ten o'clock: the hour twice, minutes and
/// seconds.
#[must_use]
pub fn read(text: &str) -> Option<(ParsedTime, bool)> {
    let text = text.trim();
    if let Some(told) = parse::time(text) {
        return Some((whole_seconds(told), false));
    }
    odd(text).map(|told| (told, true))
}

fn odd(text: &str) -> Option<ParsedTime> {
    let (day, time) = text.split_once(['T', ' '])?;
    let day = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?;
    let mut parts = time.split('-').map(str::parse::<u32>);
    let mut next = || parts.next()?.ok();
    let (hour, again, minute, second) = (next()?, next()?, next()?, next()?);
    // Some versions write the second hour on a 12-hour clock.
    if hour % 12 != again % 12 || next().is_some() {
        return None;
    }
    let time = NaiveTime::from_hms_opt(hour, minute, second)?;
    let told = day.and_time(time);
    parse::is_in_reach(told).then_some(ParsedTime::Local(told))
}

/// Removes fractions of a second.
#[must_use]
pub fn whole_seconds(told: ParsedTime) -> ParsedTime {
    use chrono::Timelike;
    match told {
        ParsedTime::Instant(instant) => {
            ParsedTime::Instant(instant.with_nanosecond(0).unwrap_or(instant))
        }
        ParsedTime::Local(local) => ParsedTime::Local(local.with_nanosecond(0).unwrap_or(local)),
        ParsedTime::Day(day) => ParsedTime::Day(day),
    }
}

/// Returns the time of an event. A date alone means that the time is not yet known, as search engines
/// prescribe. A date with an end means whole days, as does a span from midnight to midnight or to the last
/// minute of a day.
#[must_use]
pub fn when(start: ParsedTime, end: Option<ParsedTime>, zone: Tz) -> When {
    if let (ParsedTime::Day(date), None) = (start, end) {
        return When::TimeToCome { date };
    }
    let told = parse::span(start, end, zone);
    let When::Timed {
        start,
        end: Some(end),
        ..
    } = told
    else {
        return told;
    };
    let day = TimeDelta::days(1);
    if start.time() != NaiveTime::MIN || end - start < day - TimeDelta::minutes(1) {
        return told;
    }
    let last = NaiveTime::from_hms_opt(23, 59, 0).unwrap_or(NaiveTime::MIN);
    if end.time() == NaiveTime::MIN {
        When::days(start.date(), (end - day).date())
    } else if end.time() >= last {
        When::days(start.date(), end.date())
    } else {
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str) -> Option<(ParsedTime, bool)> {
        Some((ParsedTime::Local(text.parse().unwrap()), true))
    }

    #[test]
    fn the_hour_told_twice_is_one_hour() {
        assert_eq!(read("2019-9-18T10-10-00-00"), local("2019-09-18T10:00:00"));
        assert_eq!(read("2019-9-20T08-08-30-00"), local("2019-09-20T08:30:00"));
        assert_eq!(read("2019-12-6T23-11-50-00"), local("2019-12-06T23:50:00"));
        for text in [
            "2019-9-18T10-11-00-00",
            "2019-9-18T10-10-00",
            "2019-9-18T25-25-00-00",
            "TBA",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn whole_days_are_told_in_three_ways() {
        let zone: Tz = "Europe/Oslo".parse().unwrap();
        let told = |text: &str| read(text).unwrap().0;
        let days = When::days("2027-06-01".parse().unwrap(), "2027-06-02".parse().unwrap());
        for (start, end) in [
            ("2027-06-01", "2027-06-02"),
            ("2027-06-01T00:00:00+02:00", "2027-06-02T23:59:59+02:00"),
            ("2027-06-01T00:00:00", "2027-06-03T00:00:00"),
        ] {
            assert_eq!(when(told(start), Some(told(end)), zone), days, "{start}");
        }
        let date = "2027-06-01".parse().unwrap();
        assert_eq!(
            when(ParsedTime::Day(date), None, zone),
            When::TimeToCome { date }
        );
    }
}
