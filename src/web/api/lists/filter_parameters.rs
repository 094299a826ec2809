//! Filters that only the API has.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use calendar_domain::event_filter::{
    Area, BoundingBox, DayOfWeek, FilterValueError, WEEKDAYS, read_duration, read_position,
    read_radius, read_weekday,
};
use calendar_domain::{EventFilter, EventStatus};

use crate::feeds::{Cancelled, Tentative};
use crate::web::api::query_params::Values;
use crate::web::filters::Filters;

/// Radius in metres around a point without one.
const USUAL_RADIUS: f64 = 10_000.0;

/// Names of the parameters.
pub(super) const NAMES: &[&str] = &[
    "weekday",
    "time_of_day",
    "min_duration",
    "max_duration",
    "near",
    "radius",
    "bbox",
    "updated_since",
    "status",
    "parts",
];

/// Reads the filters. `filters` are those of pages and feeds, of which cancelled and tentative events are a matter of status.
pub(super) fn read_filter(values: &mut Values<'_>, filters: &Filters) -> EventFilter {
    let weekdays = values.each_of("weekday", &WEEKDAYS, read_weekday);
    EventFilter {
        weekdays: weekdays.into_iter().map(DayOfWeek).collect(),
        time_of_day: values.read("time_of_day", str::parse),
        min_duration: values.read("min_duration", read_duration),
        max_duration: values.read("max_duration", read_duration),
        areas: read_areas(values),
        statuses: read_statuses(values, filters),
        updated_since: values.read("updated_since", read_time),
        without_parts: values.one_of("parts", &["include", "omit"]) == Some(1),
        ..EventFilter::default()
    }
}

/// Reads the circle and the box. A radius without a point has no effect.
fn read_areas(values: &mut Values<'_>) -> Vec<Area> {
    let center = values.read("near", read_position);
    let radius = values.read("radius", read_radius);
    let bounds: Option<BoundingBox> = values.read("bbox", str::parse);
    let circle = center.map(|center| Area::Circle {
        center,
        radius: radius.unwrap_or(USUAL_RADIUS),
    });
    circle.into_iter().chain(bounds.map(Area::Box)).collect()
}

/// Returns the allowed statuses; `None` if all are.
fn read_statuses(values: &mut Values<'_>, filters: &Filters) -> Option<BTreeSet<EventStatus>> {
    let names = EventStatus::ALL.map(EventStatus::as_str);
    let read = |text: &str| {
        EventStatus::ALL
            .into_iter()
            .find(|status| status.as_str() == text)
    };
    let chosen = values.each_of("status", &names, read);
    let is_restricted = !chosen.is_empty()
        || filters.cancelled == Cancelled::Omit
        || filters.tentative == Tentative::Omit;
    let mut statuses: BTreeSet<EventStatus> = if chosen.is_empty() {
        EventStatus::ALL.into()
    } else {
        chosen.into_iter().collect()
    };
    if filters.cancelled == Cancelled::Omit {
        statuses.remove(&EventStatus::Cancelled);
    }
    if filters.tentative == Tentative::Omit {
        statuses.remove(&EventStatus::Tentative);
    }
    is_restricted.then_some(statuses)
}

fn read_time(text: &str) -> Result<DateTime<Utc>, FilterValueError> {
    let time = DateTime::parse_from_rfc3339(text).map(|time| time.to_utc());
    time.map_err(|_| {
        FilterValueError("has to be a time with its offset, such as 2027-06-01T18:00:00Z")
    })
}
