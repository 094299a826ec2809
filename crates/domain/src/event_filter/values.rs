//! Values of filters: times of day, durations and weekdays.

use std::str::FromStr;

use chrono::{NaiveTime, TimeDelta, Weekday};

/// Why a filter's value is refused: what it has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FilterValueError(pub &'static str);

/// A part of the day, such as the evening. Both ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimeOfDayRange {
    /// The first minute.
    pub from: NaiveTime,
    /// The last minute; before `from` if the range goes on after midnight.
    pub to: NaiveTime,
}

impl TimeOfDayRange {
    /// Returns true if a time is in the range.
    #[must_use]
    pub fn contains(self, time: NaiveTime) -> bool {
        if self.from <= self.to {
            (self.from..=self.to).contains(&time)
        } else {
            time >= self.from || time <= self.to
        }
    }
}

impl FromStr for TimeOfDayRange {
    type Err = FilterValueError;

    /// Parses `17:00-23:00`.
    fn from_str(text: &str) -> Result<Self, FilterValueError> {
        let ends = text.split_once('-').and_then(|(from, to)| {
            let read = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
            Some((read(from)?, read(to)?))
        });
        let (from, to) = ends.ok_or(FilterValueError(
            "must be two times of day, such as 17:00-23:00",
        ))?;
        Ok(Self { from, to })
    }
}

/// Parses a duration in minutes, hours or days: `90m`, `3h`, `2d`.
///
/// # Errors
/// Errors if the text has another form, or if the number has more than six digits.
pub fn read_duration(text: &str) -> Result<TimeDelta, FilterValueError> {
    const MOST_DIGITS: usize = 6;
    let expected = FilterValueError(
        "must be a whole number of at most six digits with its unit, m, h or d, such as 90m, 3h or 2d",
    );
    let text = text.trim();
    let unit = text.chars().next_back().ok_or(expected)?;
    let number: i64 = text
        .strip_suffix(unit)
        .filter(|number| number.len() <= MOST_DIGITS)
        .and_then(|number| number.parse().ok())
        .ok_or(expected)?;
    let duration = match unit {
        'm' => TimeDelta::try_minutes(number),
        'h' => TimeDelta::try_hours(number),
        'd' => TimeDelta::try_days(number),
        _ => None,
    };
    let duration = duration.filter(|duration| *duration >= TimeDelta::zero());
    duration.ok_or(expected)
}

/// Names of the weekdays in the order of ISO 8601.
pub const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Returns the weekday of one of the [`WEEKDAYS`].
#[must_use]
pub fn read_weekday(text: &str) -> Option<Weekday> {
    let text = text.trim();
    let known = WEEKDAYS.iter().find(|name| name.eq_ignore_ascii_case(text));
    known.and_then(|name| name.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> NaiveTime {
        NaiveTime::parse_from_str(text, "%H:%M").unwrap()
    }

    #[test]
    fn a_range_may_go_on_after_midnight() {
        let evening: TimeOfDayRange = "17:00-23:00".parse().unwrap();
        assert!(evening.contains(time("17:00")) && evening.contains(time("23:00")));
        assert!(!evening.contains(time("16:59")) && !evening.contains(time("01:00")));
        let night: TimeOfDayRange = "22:00-02:00".parse().unwrap();
        assert!(night.contains(time("23:30")) && night.contains(time("01:00")));
        assert!(!night.contains(time("12:00")));
        for text in ["", "17:00", "17-23", "17:00-24:00", "25:00-26:00", "a-b"] {
            assert!(text.parse::<TimeOfDayRange>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_duration_has_a_unit() {
        assert_eq!(read_duration("90m"), Ok(TimeDelta::minutes(90)));
        assert_eq!(read_duration("3h"), Ok(TimeDelta::hours(3)));
        assert_eq!(read_duration("0d"), Ok(TimeDelta::zero()));
        for text in [
            "",
            "90",
            "m",
            "-1h",
            "1.5h",
            "1000000d",
            "9223372036854775807h",
            "5å",
        ] {
            assert!(read_duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn weekdays_have_three_letters() {
        let read: Vec<_> = WEEKDAYS
            .iter()
            .map(|weekday| read_weekday(weekday))
            .collect();
        assert_eq!((read[0], read[6]), (Some(Weekday::Mon), Some(Weekday::Sun)));
        assert_eq!(read_weekday("SAT"), Some(Weekday::Sat));
        assert_eq!(read_weekday("saturday"), None);
    }
}
