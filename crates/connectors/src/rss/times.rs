//! Times of items: the event module of RSS (`ev:`), iCalendar in XML (xCal, RFC 6321), and similar elements.

use chrono::{Days, NaiveTime, TimeDelta};
use chrono_tz::Tz;

use crate::json_ld::whole_seconds;
use crate::parse::{self, ParsedTime};
use crate::xml::Element;
use calendar_domain::When;

/// Element names of a start.
pub const STARTS: [&str; 7] = [
    "startdate",
    "dtstart",
    "start_date",
    "start-date",
    "starttime",
    "eventstart",
    "start",
];
/// Element names of an end.
pub const ENDS: [&str; 7] = [
    "enddate", "dtend", "end_date", "end-date", "endtime", "eventend", "end",
];

/// The result of reading an item's time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RssTimes {
    /// There is no start.
    Nothing,
    /// The start is unreadable.
    Unreadable(String),
    /// The time, and the text of an unreadable end.
    When(When, Option<String>),
}

/// Reads the time of an item.
#[must_use]
pub fn when(item: &Element, zone: Tz) -> RssTimes {
    let Some(start) = point(item, &STARTS, "starttime", "ev") else {
        return RssTimes::Nothing;
    };
    let Some(told) = start.told else {
        return RssTimes::Unreadable(start.text);
    };
    let zone = start.zone.unwrap_or(zone);
    let (end, wrong) = match point(item, &ENDS, "endtime", &start.prefix) {
        None => (None, None),
        Some(end) => match end.told {
            // The end of an iCalendar date range is exclusive.
            Some(ParsedTime::Day(day)) if end.exclusive => {
                let last = day.checked_sub_days(Days::new(1)).unwrap_or(day);
                (Some(ParsedTime::Day(last)), None)
            }
            Some(told) => (Some(told), None),
            None => (None, Some(end.text)),
        },
    };
    RssTimes::When(whole_days(told, end, zone), wrong)
}

/// Returns the time. A span from midnight to a later midnight, or to the last minute of a day, is whole days
/// including the last one, since such times come from date fields.
fn whole_days(start: ParsedTime, end: Option<ParsedTime>, zone: Tz) -> When {
    let when = parse::span(start, end, zone);
    if let When::Timed { start, end, .. } = &when
        && start.time() == NaiveTime::MIN
    {
        match end {
            Some(end) if end.time() == NaiveTime::MIN => {
                return When::days(start.date(), end.date());
            }
            Some(end) if end.time() + TimeDelta::minutes(1) < end.time() => {
                return When::days(start.date(), end.date());
            }
            None => return When::day(start.date()),
            Some(_) => {}
        }
    }
    when
}

/// A point in time with its context.
struct Point {
    text: String,
    told: Option<ParsedTime>,
    zone: Option<Tz>,
    exclusive: bool,
    prefix: String,
}

/// Returns the first element with one of the names and a value. An element with `prefix` is preferred, so
/// that start and end are from the same namespace.
fn point(item: &Element, names: &[&str], time_of_day: &str, prefix: &str) -> Option<Point> {
    let elements = names.iter().flat_map(|name| item.all(name));
    let mut elements: Vec<&Element> = elements
        .filter(|element| !value(element).is_empty())
        .collect();
    elements.sort_by_key(|element| element.prefix != prefix);
    let element = *elements.first()?;
    let text = value(element);
    let mut told = read(&text);
    // A date whose time of day is in another element.
    if let Some(ParsedTime::Day(day)) = told
        && element.name != time_of_day
        && let Some(time) = item.text_of(&[time_of_day])
        && let Some(time) = clock(&time)
    {
        told = Some(ParsedTime::Local(day.and_time(time)));
    }
    let zone = element.attribute("tzid").map(str::to_owned);
    let zone = zone.or_else(|| element.within("tzid").map(Element::whole_text));
    Some(Point {
        told,
        zone: zone.and_then(|zone| parse::zone(&zone)),
        exclusive: element.name == "dtend",
        prefix: element.prefix.clone(),
        text,
    })
}

/// Returns the time in an element: its text, or that of a nested `date-time` or `date`.
fn value(element: &Element) -> String {
    let inner = ["date-time", "date"]
        .iter()
        .find_map(|name| element.within(name));
    inner.unwrap_or(element).whole_text()
}

/// Parses a time in ISO 8601, iCalendar's format or RFC 2822.
fn read(text: &str) -> Option<ParsedTime> {
    let text = text.trim();
    let compact = text.len() >= 8 && text.bytes().take(8).all(|byte| byte.is_ascii_digit());
    let long = if compact { expanded(text) } else { None };
    let told = parse::time(long.as_deref().unwrap_or(text));
    let told = told.or_else(|| {
        let mail = chrono::DateTime::parse_from_rfc2822(text).ok()?;
        parse::is_in_reach(mail.naive_utc()).then(|| ParsedTime::Instant(mail.to_utc()))
    });
    told.map(whole_seconds)
}

/// Converts `20270601T180000Z` to `2027-06-01T18:00:00Z`.
fn expanded(text: &str) -> Option<String> {
    let day = format!("{}-{}-{}", text.get(..4)?, text.get(4..6)?, text.get(6..8)?);
    let rest = text.get(8..)?;
    if rest.is_empty() {
        return Some(day);
    }
    let time = rest.strip_prefix(['T', ' '])?;
    let (hour, minute) = (time.get(..2)?, time.get(2..4)?);
    let second = time
        .get(4..6)
        .filter(|time| time.bytes().all(|b| b.is_ascii_digit()));
    let after = time.get(if second.is_some() { 6 } else { 4 }..)?;
    Some(format!(
        "{day}T{hour}:{minute}:{}{after}",
        second.unwrap_or("00")
    ))
}

fn clock(text: &str) -> Option<NaiveTime> {
    let text = text.trim();
    ["%H:%M:%S", "%H:%M", "%H.%M"]
        .iter()
        .find_map(|form| NaiveTime::parse_from_str(text, form).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml;

    fn told(inner: &str) -> RssTimes {
        let text = format!("<item xmlns:ev='urn:ev' xmlns:x='urn:x'>{inner}</item>");
        when(&xml::read(&text).unwrap(), chrono_tz::Europe::Oslo)
    }

    fn timed(start: &str, end: Option<&str>) -> RssTimes {
        let when = When::Timed {
            start: start.parse().unwrap(),
            end: end.map(|end| end.parse().unwrap()),
            zone: chrono_tz::Europe::Oslo,
        };
        RssTimes::When(when, None)
    }

    fn days(first: &str, last: &str) -> RssTimes {
        RssTimes::When(
            When::days(first.parse().unwrap(), last.parse().unwrap()),
            None,
        )
    }

    #[test]
    fn starts_are_known_in_every_namespace_and_form() {
        let evening = timed("2027-06-01T18:00:00", None);
        for start in [
            "<ev:startdate>2027-06-01T18:00:00+02:00</ev:startdate>",
            "<x:dtstart>20270601T160000Z</x:dtstart>",
            "<x:dtstart>20270601T1800</x:dtstart>",
            "<startDate>2027-06-01T16:00:00.0000001Z</startDate>",
            "<x:dtstart><x:date-time>2027-06-01T18:00:00</x:date-time></x:dtstart>",
            "<ev:startdate>Tue, 01 Jun 2027 18:00:00 +0200</ev:startdate>",
            "<start_date>2027-06-01</start_date><starttime>18.00</starttime>",
        ] {
            assert_eq!(told(start), evening, "{start}");
        }
    }

    #[test]
    fn a_zone_of_its_own_counts() {
        let helsinki = told("<x:dtstart tzid='Europe/Helsinki'>20270601T180000</x:dtstart>");
        assert!(matches!(
            helsinki,
            RssTimes::When(
                When::Timed {
                    zone: chrono_tz::Europe::Helsinki,
                    ..
                },
                None
            )
        ));
    }

    #[test]
    fn ends_are_read_as_they_are_meant() {
        let span = |start: &str, end: &str| {
            told(&format!(
                "<ev:startdate>{start}</ev:startdate><ev:enddate>{end}</ev:enddate>"
            ))
        };
        assert_eq!(
            span("2027-08-29T18:00:00+02:00", "2027-08-29T00:00:00+02:00"),
            timed("2027-08-29T18:00:00", Some("2027-08-30T00:00:00"))
        );
        assert_eq!(
            span("2027-08-06T00:00:00+02:00", "2027-08-15T00:00:00+02:00"),
            days("2027-08-06", "2027-08-15")
        );
        assert_eq!(
            span("2027-08-06T00:00:00", "2027-08-06T23:59:00"),
            days("2027-08-06", "2027-08-06")
        );
        assert_eq!(
            span("2027-08-06", "2027-08-07"),
            days("2027-08-06", "2027-08-07")
        );
        let exclusive = told("<x:dtstart>20270806</x:dtstart><x:dtend>20270808</x:dtend>");
        assert_eq!(exclusive, days("2027-08-06", "2027-08-07"));
    }

    #[test]
    fn an_end_is_of_the_namespace_of_its_start() {
        let two = "<x:enddate>2028-06-01</x:enddate><ev:startdate>2027-06-01</ev:startdate>\
                   <ev:enddate>2027-06-02</ev:enddate>";
        assert_eq!(told(two), days("2027-06-01", "2027-06-02"));
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        assert_eq!(
            told("<pubDate>Tue, 01 Jun 2027 18:00:00 +0200</pubDate>"),
            RssTimes::Nothing
        );
        assert_eq!(
            told("<ev:startdate>snart</ev:startdate>"),
            RssTimes::Unreadable("snart".into())
        );
        let odd = told("<ev:startdate>2027-08-06</ev:startdate><ev:enddate>sent</ev:enddate>");
        assert!(matches!(odd, RssTimes::When(_, Some(_))));
        assert_eq!(
            told("<ev:startdate>2027060é</ev:startdate>"),
            RssTimes::Unreadable("2027060é".into())
        );
    }
}
