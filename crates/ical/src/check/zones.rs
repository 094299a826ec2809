//! Checks VTIMEZONE components and the TZIDs that refer to them (RFC 5545 sections 3.2.19 and
//! 3.6.5).

use std::collections::{BTreeMap, BTreeSet};

use super::super::component::Component;
use super::super::value::{RawTime, unescape_text};
use super::super::zones::defined_name;
use super::values::strict_time;
use super::{Checker, each_component, rules};

pub(super) fn check(calendar: &Component<'_>, checker: &mut Checker) {
    let mut defined: BTreeMap<String, u32> = BTreeMap::new();
    let mut used: BTreeSet<String> = BTreeSet::new();
    let mut undefined: Vec<(u32, String)> = Vec::new();
    let zones = calendar
        .children
        .iter()
        .filter(|child| child.name == "VTIMEZONE");
    for zone in zones {
        definition(zone, &mut defined, checker);
    }
    each_component(calendar, &mut |component| {
        for property in &component.properties {
            let Some(tzid) = property.tzid() else {
                continue;
            };
            let plain = unescape_text(&tzid).into_owned();
            let tzid = if defined.contains_key(&plain) {
                plain.into()
            } else {
                tzid
            };
            let known = defined.contains_key(&*tzid);
            // A TZID that begins with a slash is defined in a registry, not in the calendar.
            if !known && !tzid.starts_with('/') && !used.contains(&*tzid) {
                undefined.push((property.line, tzid.clone().into_owned()));
            }
            used.insert(tzid.into_owned());
        }
    });
    for (line, tzid) in undefined {
        let message = format!("no VTIMEZONE defines «{}»", super::excerpt(&tzid));
        checker.add(rules::UNDEFINED_ZONE, line, message);
    }
    // The calendar's default zone counts as used: it applies to future events.
    if let Some(own) = calendar.property("X-WR-TIMEZONE") {
        used.insert(defined_name(own));
    }
    for (tzid, line) in defined.iter().filter(|(tzid, _)| !used.contains(*tzid)) {
        let message = format!("no time is in the zone «{}»", super::excerpt(tzid));
        checker.add(rules::UNUSED_ZONE, *line, message);
    }
}

fn definition(zone: &Component<'_>, defined: &mut BTreeMap<String, u32>, checker: &mut Checker) {
    match zone.property("TZID") {
        None => checker.add(rules::MISSING_TZID, zone.line, "this VTIMEZONE has no TZID"),
        Some(tzid) => match defined.get(&defined_name(tzid)) {
            None => _ = defined.insert(defined_name(tzid), zone.line),
            Some(first) => {
                let message = format!("line {first} already defines this zone");
                checker.add(rules::DUPLICATE_ZONE, zone.line, message);
            }
        },
    }
    let has = |name| zone.children.iter().any(|child| child.name == name);
    match (has("STANDARD"), has("DAYLIGHT")) {
        (true, _) => {}
        (false, true) => {
            let message = "this VTIMEZONE has no STANDARD";
            checker.add(rules::ZONE_WITHOUT_STANDARD, zone.line, message);
        }
        (false, false) => {
            let message = "this VTIMEZONE has neither STANDARD nor DAYLIGHT";
            checker.add(rules::ZONE_WITHOUT_OBSERVANCE, zone.line, message);
        }
    }
    let observances = zone
        .children
        .iter()
        .filter(|child| ["STANDARD", "DAYLIGHT"].contains(&&*child.name));
    for observance in observances {
        self::observance(observance, checker);
    }
}

fn observance(observance: &Component<'_>, checker: &mut Checker) {
    for name in ["DTSTART", "TZOFFSETFROM", "TZOFFSETTO"] {
        if observance.property(name).is_none() {
            let message = format!("this {} has no {name}", observance.name);
            checker.add(rules::INCOMPLETE_OBSERVANCE, observance.line, message);
        }
    }
    let Some(start) = observance.property("DTSTART") else {
        return;
    };
    let local = matches!(strict_time(start.value()), Some(RawTime::Local(_)) | None);
    if !local || start.parameter("TZID").is_some() {
        let message = format!("DTSTART of {} is not a local time", observance.name);
        checker.add(rules::OBSERVANCE_NOT_LOCAL, start.line, message);
    }
}
