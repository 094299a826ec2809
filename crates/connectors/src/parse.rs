//! Parsing of loosely formatted values, shared by all connectors: times, texts, places and prices.
//!
//! Nothing is guessed. An unreadable value is `None`, and the connector adds a remark.

pub mod charset;
pub mod dates;
pub mod fields;
pub mod json;
pub mod norwegian_dates;
pub mod pagination;
pub mod places;
pub mod price;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use url::Url;

use calendar_domain::zone::{to_local, to_utc};
use calendar_domain::{Coordinates, When};
use calendar_ical::to_events::{cut, one_line, plain_text};

/// Maximum length of a title in characters.
pub const TITLE: usize = 300;
/// Maximum length of a summary in characters.
pub const SUMMARY: usize = 1_000;
/// Maximum length of a description in characters.
pub const DESCRIPTION: usize = 20_000;

/// Returns a title as plain text on one line, of at most [`TITLE`] characters. HTML entities and tags are
/// resolved.
#[must_use]
pub fn title(html: &str) -> String {
    cut(&one_line(&plain_text(html)), TITLE).0
}

/// Returns a summary as plain text on one line, of at most [`SUMMARY`] characters.
#[must_use]
pub fn summary(html: &str) -> String {
    cut(&one_line(&plain_text(html)), SUMMARY).0
}

/// Returns a description as plain text with paragraphs, of at most [`DESCRIPTION`] characters.
#[must_use]
pub fn description(html: &str) -> String {
    cut(&plain_text(html), DESCRIPTION).0
}

/// A parsed time: an instant, a local time or a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParsedTime {
    /// A time with an offset or `Z`.
    Instant(DateTime<Utc>),
    /// A time without an offset.
    Local(NaiveDateTime),
    /// A date without a time.
    Day(NaiveDate),
}

impl ParsedTime {
    /// Returns the local time in `zone`. A date becomes midnight.
    #[must_use]
    pub fn local(self, zone: Tz) -> NaiveDateTime {
        match self {
            Self::Instant(instant) => to_local(instant, zone),
            Self::Local(local) => local,
            Self::Day(day) => day.and_time(NaiveTime::MIN),
        }
    }
}

/// Parses an ISO 8601 time such as `2027-06-01T18:00:00+02:00`. The offset may be `Z` or missing, the `T` may
/// be a space, seconds may be missing or have decimals, and the time may be missing. Years are 1 to 9999.
#[must_use]
pub fn time(text: &str) -> Option<ParsedTime> {
    let whole = |told| match told {
        ParsedTime::Instant(instant) => {
            ParsedTime::Instant(instant.with_nanosecond(0).unwrap_or(instant))
        }
        ParsedTime::Local(local) => ParsedTime::Local(local.with_nanosecond(0).unwrap_or(local)),
        day @ ParsedTime::Day(_) => day,
    };
    told(text.trim()).map(whole).filter(|told| match told {
        ParsedTime::Instant(instant) => is_in_reach(instant.naive_utc()),
        told => is_in_reach(told.local(Tz::UTC)),
    })
}

/// Returns true if the year is from 1 to 9999. Other years are errors, and would overflow in date arithmetic.
#[must_use]
pub fn is_in_reach(time: NaiveDateTime) -> bool {
    (1..=9_999).contains(&time.year())
}

fn told(text: &str) -> Option<ParsedTime> {
    if text.len() > 64 {
        return None;
    }
    if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Some(ParsedTime::Day(day));
    }
    let text = text.replacen(' ', "T", 1);
    for form in ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z"] {
        if let Ok(instant) = DateTime::parse_from_str(&text.replace('Z', "+0000"), form) {
            return Some(ParsedTime::Instant(instant.to_utc()));
        }
    }
    let forms = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y%m%dT%H%M%S"];
    let local = forms
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(&text, form).ok());
    local.map(ParsedTime::Local)
}

/// Combines a start and an end in `zone`. If one is in the second of the two hours that a change of the clock repeats,
/// which only its offset can say, the result is in UTC. An end less than a day before the start is moved to the next day;
/// an earlier one is ignored. Dates remain dates, and the last day is included.
#[must_use]
pub fn span(start: ParsedTime, end: Option<ParsedTime>, zone: Tz) -> When {
    if let ParsedTime::Day(first) = start {
        let last = match end {
            Some(end) => end.local(zone).date().max(first),
            None => first,
        };
        return When::days(first, last);
    }
    let is_repeated = |told: &ParsedTime| match told {
        ParsedTime::Instant(instant) => to_utc(told.local(zone), zone) != *instant,
        ParsedTime::Local(_) | ParsedTime::Day(_) => false,
    };
    let told_in = zone;
    let zone = match is_repeated(&start) || end.as_ref().is_some_and(is_repeated) {
        true => Tz::UTC,
        false => zone,
    };
    let in_zone = |told: ParsedTime| match told {
        ParsedTime::Local(local) if zone != told_in => to_local(to_utc(local, told_in), zone),
        told => told.local(zone),
    };
    let start = in_zone(start);
    let end = end.map(|end| match end {
        ParsedTime::Day(day) => day.and_time(start.time()).max(start),
        end => in_zone(end),
    });
    let end = end.and_then(|end| match end - start {
        late if late >= TimeDelta::zero() => Some(end),
        early if early > -TimeDelta::days(1) => end.checked_add_signed(TimeDelta::days(1)),
        _ => None,
    });
    When::Timed { start, end, zone }
}

/// Returns the zone of an IANA or Windows name. `UTC+0` is `None`, since it names no place.
#[must_use]
pub fn zone(name: &str) -> Option<Tz> {
    let name = name.trim();
    calendar_ical::zones::named_zone(name)
}

/// Parses an http or https address, absolute or relative to `base`, of at most 2000 bytes.
#[must_use]
pub fn web(text: &str, base: &Url) -> Option<Url> {
    let text = text.trim();
    if text.is_empty() || text.len() > 2_000 {
        return None;
    }
    let url = base.join(text).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// Parses coordinates. (0, 0) is `None`, since it is a common placeholder. The decimal separator may be a
/// comma.
#[must_use]
pub fn position(latitude: &str, longitude: &str) -> Option<Coordinates> {
    let number = |text: &str| text.trim().replace(',', ".").parse::<f64>().ok();
    let (latitude, longitude) = (number(latitude)?, number(longitude)?);
    if latitude == 0.0 && longitude == 0.0 {
        return None;
    }
    Coordinates::new(latitude, longitude).ok()
}

/// Parses a price such as `250`, `kr 250,-` or `1 250,50` into a decimal number with a point. Returns `None`
/// for text with several numbers, such as a range.
#[must_use]
pub fn price(text: &str) -> Option<String> {
    let shape: String = text
        .chars()
        .filter(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | '-' | '–'))
        .collect();
    let shape = shape.trim_end_matches([',', '-', '–', '.']);
    let (whole, part) = match shape.rfind([',', '.']) {
        Some(at) if shape.len() - at <= 3 => (&shape[..at], &shape[at + 1..]),
        _ => (shape, ""),
    };
    let whole: String = whole.chars().filter(|c| !matches!(c, ',' | '.')).collect();
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || !digits(&whole) || !digits(part) {
        return None;
    }
    Some(format!("{whole}.{part:0<2}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn oslo() -> Tz {
        "Europe/Oslo".parse().unwrap()
    }

    fn local(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn times_are_read_in_every_form_that_partners_send() {
        let instant = |text: &str| ParsedTime::Instant(text.parse().unwrap());
        let cases = [
            ("2027-06-01", ParsedTime::Day("2027-06-01".parse().unwrap())),
            ("2027-06-01T18:00:00+02:00", instant("2027-06-01T16:00:00Z")),
            ("2027-06-01T18:00:00+0200", instant("2027-06-01T16:00:00Z")),
            ("2027-06-01T16:00Z", instant("2027-06-01T16:00:00Z")),
            (
                "2027-06-01T16:00:00.1234567Z",
                instant("2027-06-01T16:00:00Z"),
            ),
            (
                "2027-06-01 18:00:00",
                ParsedTime::Local(local("2027-06-01T18:00:00")),
            ),
            (
                "2027-06-01T18:00",
                ParsedTime::Local(local("2027-06-01T18:00:00")),
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(time(text), Some(expected), "{text}");
        }
        for text in [
            "",
            "2019-9-18T10-10-00-00",
            "soon",
            "2027-13-01",
            "18:00",
            "+262142-12-31",
        ] {
            assert_eq!(time(text), None, "{text}");
        }
    }

    #[test]
    fn an_end_before_the_start_is_past_midnight() {
        let start = ParsedTime::Local(local("2027-06-01T22:00:00"));
        let end = ParsedTime::Local(local("2027-06-01T02:00:00"));
        let When::Timed { end, .. } = span(start, Some(end), oslo()) else {
            panic!()
        };
        assert_eq!(end, Some(local("2027-06-02T02:00:00")));
    }

    #[test]
    fn the_offset_decides_which_of_two_repeated_hours_is_meant() {
        let timed = |start: &str, end: &str| {
            let told = span(time(start).unwrap(), time(end), oslo());
            let When::Timed { start, end, zone } = told else {
                panic!("{told:?}")
            };
            let utc = |local| to_utc(local, zone).format("%dT%H:%M").to_string();
            (utc(start), end.map(utc).unwrap(), zone)
        };
        for (start, end, expected, zone) in [
            (
                "31T02:30:00+01:00",
                "31T04:00:00+01:00",
                ["31T01:30", "31T03:00"],
                Tz::UTC,
            ),
            (
                "31T02:30:00+02:00",
                "31T04:00:00+01:00",
                ["31T00:30", "31T03:00"],
                oslo(),
            ),
            (
                "31T01:30:00+02:00",
                "31T02:30:00+01:00",
                ["30T23:30", "31T01:30"],
                Tz::UTC,
            ),
            (
                "31T01:30:00",
                "31T02:30:00+01:00",
                ["30T23:30", "31T01:30"],
                Tz::UTC,
            ),
            (
                "31T02:30:00",
                "31T04:00:00",
                ["31T00:30", "31T03:00"],
                oslo(),
            ),
        ] {
            let month = |text: &str| format!("2027-10-{text}");
            let (from, to, found) = timed(&month(start), &month(end));
            assert_eq!(([&*from, &*to], found), (expected, zone), "{start} {end}");
        }
    }

    #[test]
    fn an_end_days_before_the_start_is_none() {
        let start = ParsedTime::Local(local("2027-06-05T22:00:00"));
        let end = ParsedTime::Local(local("2027-06-01T02:00:00"));
        assert!(matches!(
            span(start, Some(end), oslo()),
            When::Timed { end: None, .. }
        ));
    }

    #[test]
    fn prices_are_what_people_write() {
        for (text, expected) in [
            ("250", "250.00"),
            ("kr 250,-", "250.00"),
            ("1 250,50", "1250.50"),
            ("NOK 1.250,00", "1250.00"),
            ("0", "0.00"),
        ] {
            assert_eq!(price(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "gratis", "100–200", "100-200", "12345678901"] {
            assert_eq!(price(text), None, "{text}");
        }
    }
}
