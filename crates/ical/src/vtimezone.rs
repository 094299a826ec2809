//! Serializes a time zone as VTIMEZONE (RFC 5545 3.6.5).
//!
//! chrono-tz lists the clock changes of a zone up to 2099 as single dates. Calendar programs need a
//! short definition: Outlook fails on long lists of dates and on history since 1854. Changes that
//! follow a yearly rule («the last Sunday of March at 02:00») are therefore written as that rule,
//! and only observances in force in the requested years are written:
//!
//! - A rule begins with its true first onset (since 1970), so that the component stays the same
//!   bytes while the window of a feed moves.
//! - Changes without a rule, such as Morocco's around Ramadan, are written one by one, each with
//!   its DTSTART repeated as RDATE: dateutil ignores observances with neither RRULE nor RDATE.
//! - A zone whose clocks never change has one STANDARD.

mod observances;
mod offset;
#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;

use chrono_tz::Tz;
use icalendar::Property;

use super::write::line::emit;
use observances::{Observance, observances};
use offset::offset;

/// Appends the VTIMEZONE of a zone, correct for every instant of `years`.
///
/// Years are clamped to 1900–2099, since no rules are known outside that range.
pub fn vtimezone(out: &mut String, zone: Tz, years: RangeInclusive<i32>) {
    put(out, "BEGIN", "VTIMEZONE");
    put(out, "TZID", zone.name());
    let observances = observances(zone, years);
    let alone = observances.len() == 1;
    for observance in &observances {
        write_observance(out, observance, alone);
    }
    put(out, "END", "VTIMEZONE");
}

fn write_observance(out: &mut String, observance: &Observance, alone: bool) {
    let onset = &observance.first;
    let kind = if onset.daylight {
        "DAYLIGHT"
    } else {
        "STANDARD"
    };
    put(out, "BEGIN", kind);
    let first = onset.local.format("%Y%m%dT%H%M%S").to_string();
    put(out, "DTSTART", &first);
    match &observance.rule {
        Some(rule) => put(out, "RRULE", rule),
        None if alone => {}
        None => put(out, "RDATE", &first),
    }
    put(out, "TZNAME", &onset.name);
    put(out, "TZOFFSETFROM", &offset(onset.before));
    put(out, "TZOFFSETTO", &offset(onset.after));
    put(out, "END", kind);
}

fn put(out: &mut String, key: &str, value: &str) {
    emit(out, &Property::new(key, value));
}
