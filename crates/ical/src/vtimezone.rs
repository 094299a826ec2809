//! VTIMEZONE (RFC 5545 3.6.5), generated from the zone's rules.
//!
//! chrono-tz knows when the clocks of a zone change up to 2099, one date after another. Programs
//! want it short: a list of dates, or history since 1854, upsets Outlook. So the changes that follow
//! a yearly rule («the last Sunday of March at 02:00») are written as that rule, and of everything
//! only what is in force in the years asked for:
//!
//! - a rule begins with its true first onset (since 1970), so that the component stays the same
//!   bytes while a feed's window moves on;
//! - changes that follow no rule, such as Morocco's around Ramadan, stand one by one, each with
//!   its DTSTART once more as RDATE: dateutil passes over what has neither RRULE nor RDATE;
//! - a zone whose clocks never change has one STANDARD.

mod observances;
#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;

use chrono_tz::Tz;
use icalendar::Property;

use super::write::line::emit;
use observances::{Observance, observances};

/// Appends the VTIMEZONE of a zone, right for every instant of the years.
///
/// Years before 1900 and after 2099 are taken as those: nobody knows their rules.
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

/// UTC-OFFSET (RFC 5545 3.3.14): seconds only where there are any.
fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let seconds = seconds.unsigned_abs();
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    match seconds % 60 {
        0 => format!("{sign}{hours:02}{minutes:02}"),
        rest => format!("{sign}{hours:02}{minutes:02}{rest:02}"),
    }
}
