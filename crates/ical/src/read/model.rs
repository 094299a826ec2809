//! Contents of a calendar file, before conversion to domain events.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use chrono_tz::Tz;

use super::super::finding::{Finding, Reason};
use super::super::value::{CalDuration, Geo};
use super::super::zones::ZoneRef;
use calendar_domain::recurrence::RecurrenceRule;

/// A file as read: its events and findings.
#[derive(Debug, Clone, Default)]
pub struct ReadCalendar {
    /// VCALENDAR components, in file order.
    pub calendars: Vec<CalendarInfo>,
    /// Events in file order, without superseded ones.
    pub events: Vec<ReadEvent>,
    /// Findings sorted by line. Their number is limited; see `finding_counts`.
    pub findings: Vec<Finding>,
    /// Number of findings by reason, unlisted ones included.
    pub finding_counts: BTreeMap<Reason, usize>,
    /// Number of components by name.
    pub components: BTreeMap<String, ComponentCount>,
    /// Whether the file ends before its last END or exceeds a limit, so that events may be missing.
    pub is_truncated: bool,
    /// UID of the event in which the file ends.
    pub truncated_uid: Option<String>,
    /// UIDs of events that could not be read.
    pub unread_uids: Vec<String>,
}

/// Number of components of one name, by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ComponentCount {
    /// Components read.
    pub read: usize,
    /// Components dropped and reported as findings.
    pub reported: usize,
}

/// Properties of a VCALENDAR.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CalendarInfo {
    /// Line of its BEGIN; 0 for events outside any VCALENDAR.
    pub line: u32,
    /// NAME or X-WR-CALNAME.
    pub name: Option<String>,
    /// DESCRIPTION or X-WR-CALDESC.
    pub description: Option<String>,
    /// X-WR-TIMEZONE: zone of floating times.
    pub default_zone: Option<Tz>,
    /// METHOD in upper case.
    pub method: Option<String>,
    /// PRODID: the program that wrote the file.
    pub product: Option<String>,
    /// SOURCE or URL: address of the calendar.
    pub url: Option<String>,
    /// REFRESH-INTERVAL or X-PUBLISHED-TTL: suggested polling interval.
    pub refresh: Option<CalDuration>,
}

/// A point in time of an event.
#[derive(Debug, Clone, PartialEq)]
pub enum CalTime {
    /// A whole day.
    Date(NaiveDate),
    /// Wall time in the zone of the viewer.
    Floating(NaiveDateTime),
    /// An instant, in UTC.
    Utc(NaiveDateTime),
    /// Wall time in a zone.
    Zoned {
        /// Wall time.
        local: NaiveDateTime,
        /// Zone.
        zone: ZoneRef,
    },
}

impl CalTime {
    /// Returns true for a whole day.
    pub fn is_date(&self) -> bool {
        matches!(self, CalTime::Date(_))
    }

    /// Returns the wall time; midnight for a date.
    pub fn local(&self) -> NaiveDateTime {
        match self {
            CalTime::Date(date) => date.and_time(NaiveTime::MIN),
            CalTime::Floating(local) | CalTime::Utc(local) | CalTime::Zoned { local, .. } => *local,
        }
    }

    /// Returns the instant in UTC; `None` for dates and floating times.
    pub fn utc(&self) -> Option<NaiveDateTime> {
        match self {
            CalTime::Date(_) | CalTime::Floating(_) => None,
            CalTime::Utc(utc) => Some(*utc),
            CalTime::Zoned { local, zone } => Some(zone.to_utc(*local)),
        }
    }

    /// Returns this time as wall time on the clock of `other`. If either has no instant, the wall
    /// time is returned unchanged.
    pub fn on_clock_of(&self, other: &CalTime) -> NaiveDateTime {
        match (self, other) {
            (CalTime::Zoned { local, zone }, CalTime::Zoned { zone: theirs, .. })
                if zone == theirs =>
            {
                *local
            }
            (_, CalTime::Zoned { zone, .. }) => self
                .utc()
                .map_or_else(|| self.local(), |utc| zone.to_local(utc)),
            (_, CalTime::Utc(_)) => self.utc().unwrap_or_else(|| self.local()),
            (_, CalTime::Floating(_) | CalTime::Date(_)) => self.local(),
        }
    }

    /// Returns a time of the same kind at another wall time.
    #[must_use]
    pub fn at(&self, local: NaiveDateTime) -> CalTime {
        match self {
            CalTime::Date(_) => CalTime::Date(local.date()),
            CalTime::Floating(_) => CalTime::Floating(local),
            CalTime::Utc(_) => CalTime::Utc(local),
            CalTime::Zoned { zone, .. } => CalTime::Zoned {
                local,
                zone: zone.clone(),
            },
        }
    }
}

/// End of an event or of an RDATE period.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum ReadEnd {
    /// No end: a date lasts one day, a time is an instant (RFC 5545 section 3.6.1).
    #[default]
    Missing,
    /// DTEND, exclusive.
    At(CalTime),
    /// DURATION.
    After(CalDuration),
}

/// One start of an RDATE, with its own end if it is a PERIOD.
#[derive(Debug, Clone, PartialEq)]
pub struct Rdate {
    /// Start.
    pub start: CalTime,
    /// End; `Missing` for the length of the event itself.
    pub end: ReadEnd,
}

/// RECURRENCE-ID: the start that an override replaces.
#[derive(Debug, Clone, PartialEq)]
pub struct RecurrenceId {
    /// Original start of the occurrence.
    pub time: CalTime,
    /// RANGE=THISANDFUTURE: the override applies to all later occurrences too.
    pub this_and_future: bool,
}

/// STATUS of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReadStatus {
    /// CONFIRMED.
    Confirmed,
    /// TENTATIVE: the date is not certain.
    Tentative,
    /// CANCELLED.
    Cancelled,
}

impl ReadStatus {
    /// Returns the value as in RFC 5545, in upper case.
    pub fn as_str(self) -> &'static str {
        match self {
            ReadStatus::Confirmed => "CONFIRMED",
            ReadStatus::Tentative => "TENTATIVE",
            ReadStatus::Cancelled => "CANCELLED",
        }
    }
}

/// A text with its LANGUAGE, if any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalText {
    /// BCP 47 tag, as written.
    pub language: Option<String>,
    /// Text, unescaped, without control characters.
    pub text: String,
}

/// ORGANIZER.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadOrganizer {
    /// CN.
    pub name: Option<String>,
    /// Calendar address, usually `mailto:`. Not public.
    pub address: String,
}

/// RELATED-TO.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// UID of the related event.
    pub uid: String,
    /// RELTYPE in upper case; `PARENT` by default.
    pub kind: String,
}

/// A URL with its type: IMAGE, ATTACH or CONFERENCE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachedLink {
    /// URL.
    pub url: String,
    /// FMTTYPE in lower case.
    pub media_type: Option<String>,
    /// LABEL, if any.
    pub label: Option<String>,
    /// What an image shows, if it is said.
    pub alt: Option<String>,
    /// Creator of an image, if it is named.
    pub credit: Option<String>,
    /// Licence of an image, by name or address, if it is named.
    pub licence: Option<String>,
}

/// A VEVENT.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadEvent {
    /// Line of its BEGIN.
    pub line: u32,
    /// Its VCALENDAR, as an index into [`ReadCalendar::calendars`].
    pub calendar: usize,
    /// UID; empty if missing.
    pub uid: String,
    /// RECURRENCE-ID, if it is an override.
    pub recurrence_id: Option<RecurrenceId>,
    /// DTSTART.
    pub start: CalTime,
    /// DTEND or DURATION, never before the start.
    pub end: ReadEnd,
    /// RRULE. RFC 5545 advises at most one; some programs write several.
    pub rules: Vec<RecurrenceRule>,
    /// EXRULE of RFC 2445: excluded starts.
    pub exrules: Vec<RecurrenceRule>,
    /// RDATE.
    pub rdates: Vec<Rdate>,
    /// EXDATE.
    pub exdates: Vec<CalTime>,
    /// STATUS.
    pub status: Option<ReadStatus>,
    /// SEQUENCE; 0 by default.
    pub sequence: u32,
    /// SUMMARY, one per language.
    pub summary: Vec<LocalText>,
    /// DESCRIPTION, one per language; may contain HTML.
    pub description: Vec<LocalText>,
    /// X-ALT-DESC or STYLED-DESCRIPTION: HTML, not sanitized.
    pub html: Option<String>,
    /// LOCATION, one per language.
    pub location: Vec<LocalText>,
    /// GEO, or the position in Apple's structured location.
    pub geo: Option<Geo>,
    /// URL.
    pub url: Option<String>,
    /// CATEGORIES of all lines.
    pub categories: Vec<String>,
    /// ORGANIZER.
    pub organizer: Option<ReadOrganizer>,
    /// RELATED-TO.
    pub related: Vec<Relation>,
    /// CREATED, UTC.
    pub created: Option<NaiveDateTime>,
    /// LAST-MODIFIED, UTC.
    pub last_modified: Option<NaiveDateTime>,
    /// DTSTAMP, UTC.
    pub stamp: Option<NaiveDateTime>,
    /// IMAGE, and ATTACH with an image type.
    pub images: Vec<AttachedLink>,
    /// URLs of ATTACH with other types. Inline data is dropped.
    pub attachments: Vec<AttachedLink>,
    /// CONFERENCE, X-GOOGLE-CONFERENCE and similar.
    pub conferences: Vec<AttachedLink>,
    /// Whether CLASS is PRIVATE or CONFIDENTIAL.
    pub private: bool,
    /// Whether a Microsoft or Funambol property marks the event as all-day although its times are
    /// midnights.
    pub marked_all_day: bool,
    /// X-COST of WordPress event calendars, as written.
    pub cost: Option<String>,
}

impl ReadEvent {
    /// Returns an event with only a start.
    pub fn new(line: u32, calendar: usize, start: CalTime) -> Self {
        ReadEvent {
            line,
            calendar,
            uid: String::new(),
            recurrence_id: None,
            start,
            end: ReadEnd::Missing,
            rules: Vec::new(),
            exrules: Vec::new(),
            rdates: Vec::new(),
            exdates: Vec::new(),
            status: None,
            sequence: 0,
            summary: Vec::new(),
            description: Vec::new(),
            html: None,
            location: Vec::new(),
            geo: None,
            url: None,
            categories: Vec::new(),
            organizer: None,
            related: Vec::new(),
            created: None,
            last_modified: None,
            stamp: None,
            images: Vec::new(),
            attachments: Vec::new(),
            conferences: Vec::new(),
            private: false,
            marked_all_day: false,
            cost: None,
        }
    }

    /// Returns the first SUMMARY, in any language.
    pub fn title(&self) -> &str {
        self.summary.first().map_or("", |summary| &summary.text)
    }

    /// Returns true if the event has a rule or RDATE.
    pub fn recurs(&self) -> bool {
        !self.rules.is_empty() || !self.rdates.is_empty()
    }
}

impl ReadCalendar {
    /// Returns the first calendar name in the file.
    pub fn name(&self) -> Option<&str> {
        self.calendars
            .iter()
            .find_map(|calendar| calendar.name.as_deref())
    }
}
