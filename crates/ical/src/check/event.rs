//! Checks how the times of an event fit together (RFC 5545 sections 3.6.1 and 3.8.2).

use super::super::component::Component;
use super::super::property::Property;
use super::super::read::ReadEvent;
use super::super::value::{CalDuration, RawTime};
use super::values::strict_time;
use super::{Checker, rules};

pub(super) fn check(component: &Component<'_>, read: Option<&ReadEvent>, checker: &mut Checker) {
    if component.name != "VEVENT" {
        return;
    }
    let end = component.property("DTEND");
    let duration = component.property("DURATION");
    if let (Some(_), Some(duration)) = (end, duration) {
        checker.add(
            rules::END_AND_DURATION,
            duration.line,
            "DURATION together with DTEND",
        );
    }
    let Some(start) = component.property("DTSTART") else {
        return;
    };
    if let Some(duration) = duration {
        check_duration(start, duration, checker);
    }
    if let Some(end) = end {
        check_end(start, end, read, checker);
    }
}

fn check_duration(start: &Property<'_>, duration: &Property<'_>, checker: &mut Checker) {
    let Some(length) = CalDuration::parse(duration.value()) else {
        return;
    };
    if matches!(strict_time(start.value()), Some(RawTime::Date(_))) && length.seconds != 0 {
        let message = "DURATION has hours, minutes or seconds, but DTSTART is a date";
        checker.add(rules::DURATION_NOT_IN_DAYS, duration.line, message);
    }
    if length.is_negative() {
        checker.add(
            rules::END_BEFORE_START,
            duration.line,
            "DURATION is negative",
        );
    }
}

fn check_end(
    start: &Property<'_>,
    end: &Property<'_>,
    read: Option<&ReadEvent>,
    checker: &mut Checker,
) {
    let (Some(from), Some(to)) = (strict_time(start.value()), strict_time(end.value())) else {
        return;
    };
    let is_date = |time| matches!(time, RawTime::Date(_));
    if is_date(from) != is_date(to) {
        let message = "one of DTSTART and DTEND is a date, the other a date-time";
        checker.add(rules::END_TYPE_MISMATCH, end.line, message);
        return;
    }
    let floats = |time, property: &Property<'_>| {
        matches!(time, RawTime::Local(_)) && property.parameter("TZID").is_none()
    };
    if floats(from, start) != floats(to, end) {
        let message = "one of DTSTART and DTEND has a zone, the other floats";
        checker.add(rules::ZONE_MISMATCH, end.line, message);
        return;
    }
    // The reader drops an end before the start and keeps an equal one.
    let later = match (from, to, read.and_then(|event| event.start.utc())) {
        (RawTime::Date(from), RawTime::Date(to), _) => to > from,
        (_, _, Some(_)) => read.is_some_and(is_later),
        (
            RawTime::Local(from) | RawTime::Utc(from),
            RawTime::Local(to) | RawTime::Utc(to),
            None,
        ) => to > from,
        _ => true,
    };
    if !later {
        checker.add(
            rules::END_BEFORE_START,
            end.line,
            "DTEND is not later than DTSTART",
        );
    }
}

fn is_later(event: &ReadEvent) -> bool {
    use super::super::read::ReadEnd;
    match &event.end {
        ReadEnd::At(end) => end.utc() > event.start.utc(),
        ReadEnd::Missing => false,
        ReadEnd::After(_) => true,
    }
}
