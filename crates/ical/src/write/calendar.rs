//! The calendar object (RFC 5545 3.6, RFC 7986 4): name, hints for clients, time zones, and the
//! given fragments.

use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use icalendar::{Parameter, Property, ValueType};
use url::Url;

use super::color::{self, Colour};
use super::line::emit;
use super::times::instant;
use super::{CalendarComponent, Zones};
use crate::vtimezone::vtimezone;
use crate::zones::canonical;
use calendar_domain::Lang;

/// Suggested polling interval. Google ignores it.
const REFRESH: &str = "PT1H";

/// PRODID without the language at its end. Files written by earlier versions are recognized by it, so it stays.
const PRODUCT: &str = "-//elverum-calendar//NONSGML elverum-calendar//";

/// Returns true if PRODID names this program.
pub(crate) fn is_ours(product: &str) -> bool {
    product.starts_with(PRODUCT)
}

/// Properties of a calendar.
#[derive(Debug, Clone, Copy)]
pub struct CalendarHeader<'a> {
    /// Name in a client's list of calendars.
    pub name: &'a str,
    /// One sentence on its content; may be empty.
    pub description: &'a str,
    /// Language of name and description.
    pub lang: Lang,
    /// Zone of the region.
    pub zone: Tz,
    /// A CSS3 color name or `#rrggbb`.
    pub color: Option<&'a str>,
    /// URL of the feed itself.
    pub source: Option<&'a Url>,
    /// Web page with the same events.
    pub url: Option<&'a Url>,
    /// Time of the last change to anything in the feed; `None` for an empty feed, so that it stays
    /// the same bytes.
    pub last_modified: Option<DateTime<Utc>>,
}

/// METHOD of a calendar (RFC 5545 3.7.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `PUBLISH`, which requires an ORGANIZER in every event (RFC 5546 3.2.1).
    Publish,
    /// No METHOD: the calendar object is not a scheduling message.
    Absent,
}

impl Method {
    /// Returns the method of a calendar. `organized` says whether each event has an ORGANIZER.
    #[must_use]
    pub fn new(organized: bool) -> Self {
        if organized {
            Self::Publish
        } else {
            Self::Absent
        }
    }
}

/// Serializes a calendar. `years` is the window of the feed, which bounds the time zones of events
/// without an end.
///
/// ```
/// use calendar_domain::{Event, Lang, Schedule, Text, When};
/// use calendar_ical::write::{CalendarHeader, EventView, WriteOptions, calendar, event_piece};
///
/// let zone = chrono_tz::Europe::Oslo;
/// let event = Event::new(
///     "varkonsert".parse().unwrap(),
///     "1@example.org".parse().unwrap(),
///     Text::nb("Vårkonsert"),
///     Schedule::once(When::day(chrono::NaiveDate::from_ymd_opt(2027, 4, 10).unwrap())),
///     "2026-11-02T09:00:00Z".parse().unwrap(),
/// );
/// let page = "https://kalender.example.org/events/varkonsert".parse().unwrap();
/// let piece = event_piece(&EventView::new(&event, &page, zone), WriteOptions::new(Lang::Nb));
///
/// let header = CalendarHeader {
///     name: "Konserter",
///     description: "",
///     lang: Lang::Nb,
///     zone,
///     color: None,
///     source: None,
///     url: None,
///     last_modified: None,
/// };
/// let file = String::from_utf8(calendar(&header, 2026..=2028, [&piece])).unwrap();
/// assert!(file.contains("\r\nDTSTART;VALUE=DATE:20270410\r\n"));
/// assert!(calendar_ical::check::check(file.as_bytes()).is_empty());
/// ```
#[must_use]
pub fn calendar<'p>(
    head: &CalendarHeader<'_>,
    years: RangeInclusive<i32>,
    pieces: impl IntoIterator<Item = &'p CalendarComponent>,
) -> Vec<u8> {
    let mut zones = Zones::default();
    let mut events = Vec::new();
    let mut organized = true;
    for piece in pieces {
        zones.join(&piece.zones);
        events.extend_from_slice(&piece.bytes);
        organized &= piece.bytes.is_empty() || !piece.lacks_organizer;
    }
    let method = Method::new(organized && !events.is_empty());
    let (mut out, tail) = around(head, years, &zones, method);
    out.append(&mut events);
    out.extend(tail);
    out
}

/// Returns the bytes before and after the events of a calendar that uses these zones.
///
/// A calendar without events still has a VTIMEZONE: RFC 5545 3.6 requires at least one component.
/// One with a rule in UTC has no X-WR-TIMEZONE: some programs would expand the rule in that zone. Its
/// VTIMEZONE components are those that its events name.
#[must_use]
pub fn around(
    head: &CalendarHeader<'_>,
    years: RangeInclusive<i32>,
    named: &Zones,
    method: Method,
) -> (Vec<u8>, Vec<u8>) {
    let names_zone = !named.has_utc_rule();
    let mut zones = Zones::default();
    if names_zone {
        zones.note(head.zone, years.clone());
    }
    zones.join(named);
    let mut out = String::with_capacity(4096);
    begin(&mut out, head, method, names_zone);
    for (zone, own) in zones.iter() {
        let first = *own.start().min(years.start());
        let last = *own.end().max(years.end());
        vtimezone(&mut out, zone, first..=last);
    }
    (out.into_bytes(), b"END:VCALENDAR\r\n".to_vec())
}

fn begin(out: &mut String, head: &CalendarHeader<'_>, method: Method, zoned: bool) {
    let put = |out: &mut String, key: &str, value: &str| emit(out, &Property::new(key, value));
    put(out, "BEGIN", "VCALENDAR");
    put(out, "VERSION", "2.0");
    // Without the program version: an update must not invalidate every subscriber's copy.
    let product = format!("{PRODUCT}{}", head.lang.tag().to_uppercase());
    put(out, "PRODID", &product);
    put(out, "CALSCALE", "GREGORIAN");
    if method == Method::Publish {
        put(out, "METHOD", "PUBLISH");
    }
    in_language(out, "NAME", head.name, head.lang);
    put(out, "X-WR-CALNAME", head.name);
    if !head.description.is_empty() {
        in_language(out, "DESCRIPTION", head.description, head.lang);
        put(out, "X-WR-CALDESC", head.description);
    }
    if zoned {
        put(out, "X-WR-TIMEZONE", canonical(head.zone).name());
    }
    typed(out, "REFRESH-INTERVAL", REFRESH, ValueType::Duration);
    put(out, "X-PUBLISHED-TTL", REFRESH);
    if let Some(Colour { name, hex }) = head.color.and_then(color::named) {
        put(out, "COLOR", name);
        put(out, "X-APPLE-CALENDAR-COLOR", &hex);
    }
    if let Some(source) = head.source {
        typed(out, "SOURCE", source.as_str(), ValueType::Uri);
    }
    if let Some(url) = head.url {
        put(out, "URL", url.as_str());
    }
    if let Some(at) = head.last_modified {
        emit(out, &instant("LAST-MODIFIED", at));
    }
}

fn in_language(out: &mut String, key: &str, text: &str, lang: Lang) {
    let mut property = Property::new(key, text);
    property.add_parameter("LANGUAGE", lang.tag());
    emit(out, &property);
}

fn typed(out: &mut String, key: &str, value: &str, kind: ValueType) {
    let mut property = Property::new(key, value);
    property.append_parameter(Parameter::from(kind));
    emit(out, &property);
}
