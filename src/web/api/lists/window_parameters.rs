//! `from` and `to`: dates, or times.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};
use chrono_tz::Tz;

use calendar_domain::zone::to_local;
use calendar_domain::{EventFilter, Window};

use crate::web::api::query_params::Values;

use super::cursor::ListCursor;
use super::resource::Resource;

/// How far a list of occurrences reaches without `to`.
const USUAL_OCCURRENCES: Months = Months::new(24);
/// How far a list of events reaches without `to`, beyond `from` or today, whichever is later.
const USUAL_EVENTS: Months = Months::new(120);

/// An end of a window.
#[derive(Debug, Clone, Copy)]
enum Moment {
    Day(NaiveDate),
    Time(DateTime<Utc>),
}

impl Moment {
    fn day(self, zone: Tz) -> NaiveDate {
        match self {
            Self::Day(day) => day,
            Self::Time(time) => to_local(time, zone).date(),
        }
    }

    fn time(self) -> Option<DateTime<Utc>> {
        match self {
            Self::Day(_) => None,
            Self::Time(time) => Some(time),
        }
    }
}

/// Reads the window of a list, and the filters of an end that is a time.
pub(super) fn read_window(
    values: &mut Values<'_>,
    filter: &mut EventFilter,
    cursor: Option<&ListCursor>,
    (resource, today, zone): (Resource, NaiveDate, Tz),
) -> Window {
    let from = values.read("from", read_moment);
    let to = values.read("to", read_moment);
    filter.ends_after = from.and_then(Moment::time);
    filter.begins_before = to.and_then(Moment::time);
    if let Some(cursor) = cursor {
        return Window {
            from: cursor.from,
            until: cursor.until.max(cursor.from),
            zone,
        };
    }
    let first = from.map_or(today, |from| from.day(zone));
    let (base, usual) = match resource {
        Resource::Occurrences => (first, USUAL_OCCURRENCES),
        Resource::Events => (first.max(today), USUAL_EVENTS),
    };
    let until = match to {
        None => base.checked_add_months(usual).unwrap_or(base),
        Some(to) => {
            let last = to.day(zone);
            last.checked_add_days(Days::new(1)).unwrap_or(last)
        }
    };
    let times = from.and_then(Moment::time).zip(to.and_then(Moment::time));
    let is_backwards = until <= first || times.is_some_and(|(from, to)| to < from);
    Window {
        from: first,
        // Nothing matches in a window without days.
        until: if is_backwards { first } else { until },
        zone,
    }
}

fn read_moment(text: &str) -> Result<Moment, &'static str> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").map(Moment::Day);
    let time = || DateTime::parse_from_rfc3339(text).map(|time| Moment::Time(time.to_utc()));
    let moment = day.or_else(|_| time()).ok();
    let year = |moment: &Moment| match moment {
        Moment::Day(day) => day.year(),
        Moment::Time(time) => time.year(),
    };
    let moment = moment.filter(|moment| (0..=9999).contains(&year(moment)));
    moment.ok_or(
        "has to be a date, such as 2027-06-01, or a time with its offset, such as 2027-06-01T18:00:00Z",
    )
}
