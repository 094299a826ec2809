//! Values as others write them, read once for all connectors: times, texts, places, prices.
//!
//! Nothing here guesses: what cannot be read is none, and the connector says so in a remark.

pub mod dates;
pub mod fields;
pub mod json;
pub mod letters;
pub mod links;
pub mod money;
pub mod norwegian_dates;
pub mod places;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use url::Url;

use calendar_domain::zone::to_local;
use calendar_domain::{Coordinates, When};
use calendar_ical::to_events::{cut, one_line, plain_text};

/// The most letters of a title.
pub const TITLE: usize = 300;
/// The most letters of a summary.
pub const SUMMARY: usize = 1_000;
/// The most letters of a description.
pub const DESCRIPTION: usize = 20_000;

/// A title: HTML entities and tags resolved, one line, at most [`TITLE`] letters.
#[must_use]
pub fn title(html: &str) -> String {
    cut(&one_line(&plain_text(html)), TITLE).0
}

/// A short text on one line, at most [`SUMMARY`] letters.
#[must_use]
pub fn summary(html: &str) -> String {
    cut(&one_line(&plain_text(html)), SUMMARY).0
}

/// A long text: HTML as plain paragraphs, at most [`DESCRIPTION`] letters.
#[must_use]
pub fn description(html: &str) -> String {
    cut(&plain_text(html), DESCRIPTION).0
}

/// A point in time as told: an instant, a local time, or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// With an offset or `Z`.
    Instant(DateTime<Utc>),
    /// Without one.
    Local(NaiveDateTime),
    /// A day alone.
    Day(NaiveDate),
}

impl Told {
    /// The local time in a zone; midnight of a day.
    #[must_use]
    pub fn local(self, zone: Tz) -> NaiveDateTime {
        match self {
            Self::Instant(instant) => to_local(instant, zone),
            Self::Local(local) => local,
            Self::Day(day) => day.and_time(NaiveTime::MIN),
        }
    }
}

/// A time by ISO 8601 as it is found: `2027-06-01T18:00:00+02:00`, with `Z`, without an offset, with a
/// blank for the `T`, with any number of decimals, without seconds, or the day alone.
#[must_use]
pub fn time(text: &str) -> Option<Told> {
    told(text.trim()).filter(|told| match told {
        Told::Instant(instant) => is_in_reach(instant.naive_utc()),
        told => is_in_reach(told.local(Tz::UTC)),
    })
}

/// Whether a time has four digits for its year. Others are mistakes, and leave no room to reckon.
#[must_use]
pub fn is_in_reach(time: NaiveDateTime) -> bool {
    (1..=9_999).contains(&time.year())
}

fn told(text: &str) -> Option<Told> {
    if text.len() > 64 {
        return None;
    }
    if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Some(Told::Day(day));
    }
    let text = text.replacen(' ', "T", 1);
    for form in ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z"] {
        if let Ok(instant) = DateTime::parse_from_str(&text.replace('Z', "+0000"), form) {
            return Some(Told::Instant(instant.to_utc()));
        }
    }
    let forms = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y%m%dT%H%M%S"];
    let local = forms
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(&text, form).ok());
    local.map(Told::Local)
}

/// A start and an end as told, in a zone. An end before the start by less than a day is past midnight;
/// any other such end is none. Days stay days, the last one included.
#[must_use]
pub fn span(start: Told, end: Option<Told>, zone: Tz) -> When {
    if let Told::Day(first) = start {
        let last = match end {
            Some(end) => end.local(zone).date().max(first),
            None => first,
        };
        return When::days(first, last);
    }
    let start = start.local(zone);
    let end = end.map(|end| match end {
        Told::Day(day) => day.and_time(start.time()).max(start),
        end => end.local(zone),
    });
    let end = end.and_then(|end| match end - start {
        late if late >= TimeDelta::zero() => Some(end),
        early if early > -TimeDelta::days(1) => end.checked_add_signed(TimeDelta::days(1)),
        _ => None,
    });
    When::Timed { start, end, zone }
}

/// The zone of a name that others use: IANA's or Windows'. `UTC+0`, which says nothing of a place, is
/// none.
#[must_use]
pub fn zone(name: &str) -> Option<Tz> {
    let name = name.trim();
    calendar_ical::zones::named_zone(name)
}

/// An address of the web, absolute or relative to `base`; only http and https.
#[must_use]
pub fn web(text: &str, base: &Url) -> Option<Url> {
    let text = text.trim();
    if text.is_empty() || text.len() > 2_000 {
        return None;
    }
    let url = base.join(text).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// A position of two numbers that may be text; (0, 0), which stands for «nobody knows», is none.
#[must_use]
pub fn position(latitude: &str, longitude: &str) -> Option<Coordinates> {
    let number = |text: &str| text.trim().replace(',', ".").parse::<f64>().ok();
    let (latitude, longitude) = (number(latitude)?, number(longitude)?);
    if latitude == 0.0 && longitude == 0.0 {
        return None;
    }
    Coordinates::new(latitude, longitude).ok()
}

/// A price as a decimal number with a point, of what people write: `250`, `kr 250,-`, `1 250,50`. What
/// has another number in it, such as a range, is none.
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
        let instant = |text: &str| Told::Instant(text.parse().unwrap());
        let cases = [
            ("2027-06-01", Told::Day("2027-06-01".parse().unwrap())),
            ("2027-06-01T18:00:00+02:00", instant("2027-06-01T16:00:00Z")),
            ("2027-06-01T18:00:00+0200", instant("2027-06-01T16:00:00Z")),
            ("2027-06-01T16:00Z", instant("2027-06-01T16:00:00Z")),
            (
                "2027-06-01T16:00:00.1234567Z",
                instant("2027-06-01T16:00:00.123456700Z"),
            ),
            (
                "2027-06-01 18:00:00",
                Told::Local(local("2027-06-01T18:00:00")),
            ),
            (
                "2027-06-01T18:00",
                Told::Local(local("2027-06-01T18:00:00")),
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
        let start = Told::Local(local("2027-06-01T22:00:00"));
        let end = Told::Local(local("2027-06-01T02:00:00"));
        let When::Timed { end, .. } = span(start, Some(end), oslo()) else {
            panic!()
        };
        assert_eq!(end, Some(local("2027-06-02T02:00:00")));
    }

    #[test]
    fn an_end_days_before_the_start_is_none() {
        let start = Told::Local(local("2027-06-05T22:00:00"));
        let end = Told::Local(local("2027-06-01T02:00:00"));
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
