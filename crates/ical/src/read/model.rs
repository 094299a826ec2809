//! What a calendar file says, before it becomes events of ours.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use chrono_tz::Tz;

use super::super::finding::{Finding, Reason};
use super::super::value::{CalDuration, Geo};
use super::super::zones::ZoneRef;
use calendar_domain::recurrence::RecurrenceRule;

/// A file as read: events, and everything that could not be taken at its word.
#[derive(Debug, Clone, Default)]
pub struct ReadCalendar {
    /// The VCALENDARs of the file, in order.
    pub calendars: Vec<CalendarInfo>,
    /// The VEVENTs that were read, in file order, superseded ones taken out.
    pub events: Vec<ReadEvent>,
    /// What was not taken at its word, by line. Capped; see `finding_counts`.
    pub findings: Vec<Finding>,
    /// All findings by reason, the unlisted ones included.
    pub finding_counts: BTreeMap<Reason, usize>,
    /// The components of the file by name.
    pub components: BTreeMap<String, ComponentCount>,
    /// Whether the file breaks off before its last END, or goes on behind what the caps allow: there may be
    /// more events than were read.
    pub is_truncated: bool,
    /// The UID of the event in which the file breaks off.
    pub truncated_uid: Option<String>,
    /// The UIDs of events that could not be read.
    pub unread_uids: Vec<String>,
}

/// How many components of one name a file holds, and what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ComponentCount {
    /// Read.
    pub read: usize,
    /// Left out; a finding says why.
    pub reported: usize,
}

/// What a VCALENDAR says about itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CalendarInfo {
    /// The line of its BEGIN; 0 for events outside any VCALENDAR.
    pub line: u32,
    /// NAME or X-WR-CALNAME.
    pub name: Option<String>,
    /// DESCRIPTION or X-WR-CALDESC.
    pub description: Option<String>,
    /// X-WR-TIMEZONE: the zone in which floating times are meant.
    pub default_zone: Option<Tz>,
    /// METHOD in upper case.
    pub method: Option<String>,
    /// PRODID: the program that wrote it.
    pub product: Option<String>,
    /// URL or SOURCE: where the calendar can be had.
    pub url: Option<String>,
    /// REFRESH-INTERVAL or X-PUBLISHED-TTL: how often to ask again.
    pub refresh: Option<CalDuration>,
}

/// A point in time as an event gives it.
#[derive(Debug, Clone, PartialEq)]
pub enum CalTime {
    /// A whole day.
    Date(NaiveDate),
    /// Wall time wherever the reader is.
    Floating(NaiveDateTime),
    /// An instant, in UTC.
    Utc(NaiveDateTime),
    /// Wall time in a zone.
    Zoned {
        /// The wall time.
        local: NaiveDateTime,
        /// The zone.
        zone: ZoneRef,
    },
}

impl CalTime {
    /// Whether it is a whole day.
    pub fn is_date(&self) -> bool {
        matches!(self, CalTime::Date(_))
    }

    /// The wall time, midnight for a date.
    pub fn local(&self) -> NaiveDateTime {
        match self {
            CalTime::Date(date) => date.and_time(NaiveTime::MIN),
            CalTime::Floating(local) | CalTime::Utc(local) | CalTime::Zoned { local, .. } => *local,
        }
    }

    /// The instant, in UTC; `None` for dates and floating times, which have none.
    pub fn utc(&self) -> Option<NaiveDateTime> {
        match self {
            CalTime::Date(_) | CalTime::Floating(_) => None,
            CalTime::Utc(utc) => Some(*utc),
            CalTime::Zoned { local, zone } => Some(zone.to_utc(*local)),
        }
    }

    /// The wall time that it is on another time's clock. Where one of them has no instant, the wall
    /// time as it stands.
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

    /// The same kind of time at another wall time.
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

/// How an event, or one of its RDATE periods, says when it ends.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum ReadEnd {
    /// Not at all: a date lasts its day, a time is an instant (RFC 5545 section 3.6.1).
    #[default]
    Missing,
    /// DTEND, exclusive.
    At(CalTime),
    /// DURATION.
    After(CalDuration),
}

/// One start of RDATE, with its own end if it is a PERIOD.
#[derive(Debug, Clone, PartialEq)]
pub struct Rdate {
    /// When it starts.
    pub start: CalTime,
    /// When it ends; `Missing` means as long as the event itself.
    pub end: ReadEnd,
}

/// RECURRENCE-ID: the start that an override stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct RecurrenceId {
    /// The start that the occurrence would have had.
    pub time: CalTime,
    /// RANGE=THISANDFUTURE: all later ones are changed likewise.
    pub this_and_future: bool,
}

/// STATUS of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReadStatus {
    /// It is on.
    Confirmed,
    /// Its date is not sure.
    Tentative,
    /// It is off.
    Cancelled,
}

impl ReadStatus {
    /// The word of RFC 5545, in capitals.
    pub fn as_str(self) -> &'static str {
        match self {
            ReadStatus::Confirmed => "CONFIRMED",
            ReadStatus::Tentative => "TENTATIVE",
            ReadStatus::Cancelled => "CANCELLED",
        }
    }
}

/// A text with its LANGUAGE, if it says one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalText {
    /// BCP 47, as written.
    pub language: Option<String>,
    /// The text, unescaped, control characters taken out.
    pub text: String,
}

/// ORGANIZER.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadOrganizer {
    /// CN.
    pub name: Option<String>,
    /// The calendar address, mostly `mailto:`. Not for the public.
    pub address: String,
}

/// RELATED-TO.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// The other event.
    pub uid: String,
    /// RELTYPE in upper case, `PARENT` unless said.
    pub kind: String,
}

/// An address with what it is: IMAGE, ATTACH, CONFERENCE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The address.
    pub url: String,
    /// FMTTYPE in lower case.
    pub media_type: Option<String>,
    /// ALTREP's or LABEL's words, where given.
    pub label: Option<String>,
}

/// One VEVENT.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadEvent {
    /// The line of its BEGIN.
    pub line: u32,
    /// Its VCALENDAR, as an index into [`ReadCalendar::calendars`].
    pub calendar: usize,
    /// UID; empty where it has none.
    pub uid: String,
    /// RECURRENCE-ID, if it is an override.
    pub recurrence_id: Option<RecurrenceId>,
    /// DTSTART.
    pub start: CalTime,
    /// DTEND or DURATION, never before the start.
    pub end: ReadEnd,
    /// RRULE; RFC 5545 wants one at most, programs write several.
    pub rules: Vec<RecurrenceRule>,
    /// EXRULE of RFC 2445: starts that fall away.
    pub exrules: Vec<RecurrenceRule>,
    /// RDATE.
    pub rdates: Vec<Rdate>,
    /// EXDATE.
    pub exdates: Vec<CalTime>,
    /// STATUS.
    pub status: Option<ReadStatus>,
    /// SEQUENCE, 0 unless said.
    pub sequence: u32,
    /// SUMMARY, once per language.
    pub summary: Vec<LocalText>,
    /// DESCRIPTION, once per language; may hold HTML.
    pub description: Vec<LocalText>,
    /// X-ALT-DESC or STYLED-DESCRIPTION: HTML, not sanitised.
    pub html: Option<String>,
    /// LOCATION, once per language.
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
    /// IMAGE, and ATTACH of an image type.
    pub images: Vec<Link>,
    /// ATTACH of other types, by address; inline data is not kept.
    pub attachments: Vec<Link>,
    /// CONFERENCE, X-GOOGLE-CONFERENCE and their like.
    pub conferences: Vec<Link>,
    /// CLASS is PRIVATE or CONFIDENTIAL.
    pub private: bool,
    /// A Microsoft or Funambol property says that the event lasts whole days although its times
    /// are midnights.
    pub marked_all_day: bool,
    /// X-COST of WordPress' event calendars, as written.
    pub cost: Option<String>,
}

impl ReadEvent {
    /// An event that has only a start.
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

    /// The first SUMMARY, whatever its language.
    pub fn title(&self) -> &str {
        self.summary.first().map_or("", |summary| &summary.text)
    }

    /// Whether it occurs more than once by its own word.
    pub fn recurs(&self) -> bool {
        !self.rules.is_empty() || !self.rdates.is_empty()
    }
}

impl ReadCalendar {
    /// The first name of the file's calendars.
    pub fn name(&self) -> Option<&str> {
        self.calendars
            .iter()
            .find_map(|calendar| calendar.name.as_deref())
    }
}
