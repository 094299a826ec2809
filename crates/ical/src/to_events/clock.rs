//! Choice of the clock of an event: wall time in an IANA zone, or dates.

use chrono::{Duration, NaiveDateTime};
use chrono_tz::Tz;

use super::super::read::{CalTime, ReadEvent};
use super::super::windows_zones::principal_zones;
use super::super::zones::{CustomZone, ZoneRef};
use super::Converter;
use calendar_domain::Start;
use calendar_domain::zone::{to_local, to_utc};

/// EventClock of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EventClock {
    /// Whole days.
    Days,
    /// Wall time in a zone, the same as in the file.
    Wall(Tz),
    /// UTC, because no IANA zone matches the zone defined in the file.
    Instants,
}

/// Number of weeks for which a zone defined in the file must match an IANA zone to be replaced by
/// it.
const WEEKS: i64 = 5 * 52;

impl Converter<'_> {
    /// Returns the clock of a master event or an event without recurrence.
    pub(super) fn clock(&self, event: &ReadEvent) -> EventClock {
        match &event.start {
            CalTime::Date(_) => EventClock::Days,
            CalTime::Floating(_) => EventClock::Wall(self.floating_zone(event)),
            CalTime::Utc(_) => EventClock::Wall(Tz::UTC),
            CalTime::Zoned {
                zone: ZoneRef::Iana(zone),
                ..
            } => EventClock::Wall(*zone),
            CalTime::Zoned {
                local,
                zone: ZoneRef::Custom(custom),
            } => {
                let weeks = if event.recurs() { WEEKS } else { 1 };
                self.agreeing_zone(event, custom, *local, weeks)
                    .map_or(EventClock::Instants, EventClock::Wall)
            }
        }
    }

    fn floating_zone(&self, event: &ReadEvent) -> Tz {
        let calendar = self.calendar.calendars.get(event.calendar);
        calendar
            .and_then(|calendar| calendar.default_zone)
            .unwrap_or(self.options.default_zone)
    }

    /// Returns an IANA zone with the same wall time as the custom zone in every week checked. The
    /// default zones are tried first.
    fn agreeing_zone(
        &self,
        event: &ReadEvent,
        custom: &CustomZone,
        from: NaiveDateTime,
        weeks: i64,
    ) -> Option<Tz> {
        let likely = [self.options.default_zone, self.floating_zone(event)];
        likely.into_iter().chain(principal_zones()).find(|zone| {
            (0..=weeks).all(|week| {
                let local = from
                    .checked_add_signed(Duration::weeks(week))
                    .unwrap_or(from);
                to_utc(local, *zone).naive_utc() == custom.to_utc(local)
            })
        })
    }
}

impl EventClock {
    /// Converts a time of the file to this clock. A bare date on a clock with hours takes the time
    /// of day of `hour_of`.
    pub fn start(self, time: &CalTime, hour_of: &CalTime) -> Start {
        match (self, time) {
            (EventClock::Days, _) => Start::Date(time.local().date()),
            (_, CalTime::Date(date)) => {
                let local = date.and_time(hour_of.local().time());
                self.wall(&hour_of.at(local))
            }
            (_, _) => self.wall(time),
        }
    }

    fn wall(self, time: &CalTime) -> Start {
        Start::Local(match (self, time) {
            (
                EventClock::Wall(zone),
                CalTime::Zoned {
                    local,
                    zone: ZoneRef::Iana(theirs),
                },
            ) if zone == *theirs => *local,
            (EventClock::Wall(zone), _) => time
                .utc()
                .map_or_else(|| time.local(), |utc| to_local(utc.and_utc(), zone)),
            (_, _) => time.utc().unwrap_or_else(|| time.local()),
        })
    }

    /// Returns the zone of its wall times.
    pub fn zone(self) -> Tz {
        match self {
            EventClock::Wall(zone) => zone,
            EventClock::Days | EventClock::Instants => Tz::UTC,
        }
    }
}
