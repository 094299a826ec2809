//! Status and attendance of events.

use super::members::Members;
use crate::feeds::iso8601::span;
use calendar_domain::{Event, EventStatus, Venue, When};

/// Adds status, attendance mode and previous start. schema.org has no value for a tentative date.
pub(super) fn put_status(
    members: &mut Members,
    event: &Event,
    venues: &[Venue],
    (status, previous): (EventStatus, Option<When>),
) {
    members.put("eventStatus", schema_status(status));
    let online = event.online_url.is_some();
    let mode = match (status, online, venues.is_empty()) {
        (EventStatus::MovedOnline, _, _) | (_, true, true) => "Online",
        (_, true, false) => "Mixed",
        (_, false, _) => "Offline",
    };
    members.put(
        "eventAttendanceMode",
        format!("https://schema.org/{mode}EventAttendanceMode"),
    );
    if let (EventStatus::Rescheduled, Some(previous)) = (status, previous) {
        members.put("previousStartDate", span(&previous).0);
    }
}

fn schema_status(status: EventStatus) -> &'static str {
    match status {
        EventStatus::Scheduled | EventStatus::Tentative => "https://schema.org/EventScheduled",
        EventStatus::Cancelled => "https://schema.org/EventCancelled",
        EventStatus::Postponed => "https://schema.org/EventPostponed",
        EventStatus::Rescheduled => "https://schema.org/EventRescheduled",
        EventStatus::MovedOnline => "https://schema.org/EventMovedOnline",
    }
}
